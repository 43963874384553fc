# match: every pattern, captures, guards, order of evaluation, failing partially.
log = []


class Seq:
    def __init__(self, *items):
        self.items = items

    def __len__(self):
        log.append('len')
        return len(self.items)

    def __getitem__(self, i):
        log.append(f'item {i}')
        return self.items[i]


import collections.abc
collections.abc.Sequence.register(Seq)


class Point:
    __match_args__ = ('x', 'y')

    def __init__(self, x, y):
        self.x, self.y = x, y

    def __eq__(self, other):
        log.append('eq')
        return NotImplemented


class K:
    A = 1
    B = 'b'


def classify(v):
    match v:
        case 0: return 'zero'
        case -1 | 1: return 'unit'
        case 1.5: return 'float'
        case -2.5: return 'negfloat'
        case 1 + 2j: return 'complex'
        case -3 - 4j: return 'negcomplex'
        case 'a' 'b': return 'str'
        case b'x': return 'bytes'
        case None: return 'none'
        case True: return 'true'
        case False: return 'false'
        case K.B: return 'K.B'
        case []: return 'empty'
        case [x]: return ('one', x)
        case [0, *rest]: return ('zero+', rest)
        case [a, (b, c), *_]: return ('nested', a, b, c)
        case [*init, 'end']: return ('end', init)
        case [1, _, *mid, 9]: return ('1..9', mid)
        case (a, b): return ('pair', a, b)
        case [_, _, _]: return 'three'
        case [*all]: return ('all', all)
        case {'k': 1}: return 'k=1'
        case {'k': val, 'm': {'n': n}}: return ('kmn', val, n)
        case {'k': str() | int() as val, **rest}: return ('k', val, rest)
        case {K.B: z}: return ('attrkey', z)
        case {1: _, 2: _}: return '1,2'
        case {}: return 'dict'
        case Point(0, 0): return 'origin'
        case Point(x=0, y=yy): return ('y axis', yy)
        case Point(x, y) if x == y: return ('diag', x)
        case Point(x, y=y): return ('point', x, y)
        case int(n) | float(n) if n > 100: return ('big', n)
        case str(s) as whole: return ('string', s, whole)
        case int() as i: return ('int', i)
        case other: return ('other', other)


for v in (0, 1, -1, 1.5, -2.5, 1 + 2j, -3 - 4j, 'ab', b'x', None, True, False, 'b', [], [5], [0, 1, 2], [1, (2, 3), 4],
          [7, 8, 'end'], [1, 2, 3, 9], (3, 4), [1, 2, 3], [1, 2, 3, 4], {'k': 1}, {'k': 2, 'm': {'n': 3}}, {'k': 's', 'z': 1},
          {'k': [], 'b': 5}, {1: 0, 2: 0}, {}, {'q': 1}, Point(0, 0), Point(0, 5), Point(3, 3), Point(1, 2), 500, 200.5,
          'word', 7, object, 3.25, bytearray(b'q'), range(2), range(0)):
    print(classify(v))
log.clear()


def steps(v):
    match v:
        case [1, 2, 3]: r = 'a'
        case [1, *_, 9]: r = 'b'
        case [_, *_, 5]: r = 'c'
        case [x, y, *z] if log.append('guard'): r = 'd'
        case [x, y, *z]: r = ('e', x, y, z)
        case _: r = 'f'
    print(r, log)
    log.clear()


for s in (Seq(1, 2, 3), Seq(1, 5, 9), Seq(2, 5), Seq(7, 8), Seq(7, 8, 9), Seq(4), Seq()):
    steps(s)


def partial(v):
    x = y = 'unset'
    match v:
        case [x, 1]: pass
        case [2, y] if y > 5: pass
        case {'a': x, 'b': 2}: pass
        case Point(x, 1): pass
    return x, y


print(partial([5, 1]), partial([5, 2]), partial([2, 9]), partial([2, 3]), partial({'a': 3, 'b': 2}), partial({'a': 3, 'b': 3}),
      partial(Point(1, 1)), partial(Point(1, 2)))


def rebind(x):
    match x:
        case x if False: return 'never'
        case [x, 0]: return ('zero', x)
        case x: return ('last', x)


print(rebind([1, 0]), rebind([1, 2]))


def alternatives(v):
    match v:
        case [('a' | 'b') as c, (1 | 2 | 3) as n]: return c, n
        case [1, x] | [x, 1]: return x
        case {'p': p, 'q': q} | {'q': q, 'r': p}: return p, q
        case (Point(x=a, y=b) | [b, a, _]) if a: return a, b


for v in (['a', 2], ['c', 2], [1, 'x'], ['x', 1], {'p': 1, 'q': 2}, {'q': 1, 'r': 2}, Point(4, 5), [6, 7, 8], Point(0, 1)):
    print(alternatives(v))


def closure_capture(v):
    match v:
        case {'f': f, **rest}:
            return lambda: (f, rest)
        case [*items]:
            return lambda: items


print(closure_capture({'f': 1, 'g': 2})(), closure_capture((1, 2))())
match [1, [2, 3]]:
    case [a, [b, *c]]:
        print(a, b, c)
match 5:
    case 4:
        print('no')
match, case, _ = 1, 2, 3
print(match, case, _)


class Bad:
    __match_args__ = 'x'


class Few:
    __match_args__ = ('x',)
    x = 1


for subject, source in ((Bad(), 'Bad(1)'), (Few(), 'Few(1, 2)'), (Few(), 'Few(1, x=1)'), (5, 'int(1, 2)'), (5, 'int(5)'), (5, 'K.A()'),
                        (Few(), 'Few(x=1)'), (Few(), 'Few(z=1)'), (5, 'int(real=r)')):
    code = f'match subject:\n    case {source}:\n        print("matched")\n    case _:\n        print("not matched")'
    try:
        exec(code)
    except Exception as e:
        print(source, '->', type(e).__name__, e)


def loop(v):
    out = []
    for item in v:
        match item:
            case 'stop': break
            case 'skip': continue
            case str(s): out.append(s)
            case _: out.append(None)
    else:
        out.append('end')
    return out


print(loop(['a', 'skip', 1, 'b']), loop(['a', 'stop', 'b']))
