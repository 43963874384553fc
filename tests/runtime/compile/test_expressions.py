# Expressions: order of evaluation, conditions, folding, operators, displays, walrus, f-strings.
log = []


def t(x, name=None):
    log.append(name if name is not None else x)
    return x


def show(*args):
    print(*args, log)
    log.clear()


class V:
    def __init__(self, name):
        self.name = name

    def __getattr__(self, attr):
        log.append(f'get {self.name}.{attr}')
        return V(f'{self.name}.{attr}')

    def __setattr__(self, attr, value):
        if attr == 'name':
            self.__dict__[attr] = value
        else:
            log.append(f'set {self.name}.{attr}')

    def __delattr__(self, attr):
        log.append(f'del {self.name}.{attr}')

    def __getitem__(self, key):
        log.append(f'item {self.name}[{key}]')
        return V(f'{self.name}[]')

    def __setitem__(self, key, value):
        log.append(f'setitem {self.name}[{key}]')

    def __delitem__(self, key):
        log.append(f'delitem {self.name}[{key}]')

    def __call__(self, *args, **kwargs):
        log.append(f'call {self.name} {[str(a) for a in args]} {sorted(kwargs)}')
        return V(f'{self.name}()')

    def __str__(self):
        return self.name

    def __bool__(self):
        log.append(f'bool {self.name}')
        return bool(self.name)

    def __eq__(self, other):
        log.append(f'{self.name} == {other}')
        return V('')

    def __lt__(self, other):
        log.append(f'{self.name} < {other}')
        return V('')

    def __add__(self, other):
        log.append(f'{self.name} + {other}')
        return V('+')

    def __radd__(self, other):
        log.append(f'{other} r+ {self.name}')
        return V('+')

    def __iadd__(self, other):
        log.append(f'{self.name} += {other}')
        return self

    def __contains__(self, x):
        log.append(f'{x} in {self.name}')
        return False

    __hash__ = None


def order():
    a, b, c = V('a'), V('b'), V('c')
    a + b + c
    show('binary')
    a.x[t(1)](t(2), *[t(3)], k=t(4), **{'z': t(5)}).y
    show('chain')
    t(a, 'a')[t(b, 'b')] = t(c, 'c')
    show('store item')
    t(a, 'a').x = t(1)
    show('store attr')
    a.x, b[t(0)], *c.z = t(1), t(2), t(3), t(4)
    show('unpack')
    a.x += t(1)
    show('aug attr')
    a[t(1)] += t(2)
    show('aug item')
    del a.x, b[t(1)], (c.y, c[2])
    show('del')
    {t(1): t(2), **{t(3): t(4)}, t(5): t(6)}
    show('dict')
    [t(1), *[t(2), t(3)], t(4)]
    show('list')
    x = y = a.z = t(7)
    show('multiple', x, y)
    a < t(b, 'b') < c
    show('chained')
    t(1) < t(2) < t(0) < t(9)
    show('chained stops')
    t(1) in a
    show('in')
    (lambda p=t(1), *, q=t(2): 0)
    show('defaults')
    f'{t(1)}{t(2)!r:>{t(5)}}{t(3):{t(4)}}'
    show('fstring')
    a[t(1):t(2):t(3), ...]
    show('slice')


order()


def conditions(a, b, c):
    r = []
    r.append(a and b or c)
    r.append(a or b and c)
    r.append(not a and b)
    r.append(not (a or b))
    r.append((a or b) and (b or c))
    r.append(a if b else c)
    r.append((a and b) if not c else (b or c))
    r.append(1 if a and (b or c) else 2)
    r.append(1 if not (a and b) or c else 2)
    r.append(0 < a < b < 5)
    r.append(1 if 0 < a < b < 5 else 2)
    r.append(1 if not 0 < a < b else 2)
    r.append(a is None or b is not None)
    r.append(1 if a is None else 2)
    r.append(1 if not (a is None) else 2)
    r.append(1 if a == b != c else 2)
    x = a and b
    x = x or c
    r.append(x)
    y = 1
    y = (y and a) or y
    r.append(y)
    if a and b or c:
        r.append('A')
    elif not a or b:
        r.append('B')
    else:
        r.append('C')
    while a and b:
        a -= 1
        r.append(a)
    assert a or True, 'never'
    return r


for a in (0, 1, 2):
    for b in (0, 1, 3):
        for c in (0, 1):
            print(a, b, c, conditions(a, b, c))


def bools():
    a, b = V('a'), V('')
    if a and b or not a:
        pass
    show('if')
    x = a and b
    show('and')
    x = b or a
    show('or')
    x = a or b and a
    show('mixed')
    x = 1 if not (b or a) else 2
    show('ifexp', x)
    while b:
        pass
    show('while')


bools()


def folding():
    print(1 + 2 * 3, -5 // 2, -5 % 3, 2 ** 10, 2 ** -1, 1 << 70, 'a' 'b' + 'c', 'ab' * 3, (1, 2) + (3,), (1, 2) * 2)
    print(-0.0, 0.0, -0, 1e400, -1e400, 1j * 1j, ~5, not 0, +True, - -3)
    print('abc'[1], (1, 2, 3)[-1], b'xy'[0], 'abc'[::-1])
    print(1 in (1, 2), 3 not in [1, 2], 'a' in {'a', 'b'}, not 1 in [1], not (1 is None))
    print((0, False, 0.0, -0.0, '', b'', None), (1, True, 1.0), {1: 'a', True: 'b', 1.0: 'c'})
    print(type((1, True)[1]), type((0.0, 0)[1]), str((0.0, -0.0)))
    try:
        1 / 0
    except ZeroDivisionError as e:
        print(e)
    try:
        (1, 2)[5]
    except IndexError as e:
        print(e)
    try:
        'a' + 1
    except TypeError as e:
        print(e)
    print('%s-%r-%a' % (1, 'x', 'é'), '%5s|%-5s|%.2s' % ('a', 'b', 'cde'), '%d%%' % 5, '%s' % 'x', '%%%s' % (1,))
    print('%s %s' % ((1, 2), [3]), '%x %s' % (255, 1))
    print(10 ** 30, 0xffff_ffff_ffff_ffff, 0b101, 0o17, 1_000.5e-2, 12345678901234567890123)
    print(__debug__, ...)


folding()


def walrus():
    if (n := 10) > 5:
        print(n)
    x = 1
    print(x + (x := 5), x)
    x = 1
    print((x := 2) + x + (x := 3), x)
    x = 1
    print([x, (x := 2), x], (x, x := 3, x))
    x = 3
    print(x < (x := 5) < x + 1, x)
    x = [1, 2, 3]
    print(x[(x := 1)], x)
    d, k = {}, 'z'
    d[(k := 'a')] = k
    print(d, k)
    x = 1
    x += (x := 10)
    print(x)
    print([y := 1, y ** 2], y)
    print([last := i for i in range(5)], last)
    print({(z := i) for i in range(3)}, z)
    while (x := x - 3) > 0:
        print(x)
    print((lambda: (q := 7) + q)())
    print(f'{(w := 3)}{w}', w)
    a, b = (p := 4), p
    print(a, b)

    def f(v=(dv := 2)):
        return v
    print(f(), dv)


walrus()


def strings():
    name, width, value = 'x', 6, 3.14159
    print(f'{name}', f'{name!r}', f'{name!a:>5}', f'{value:.2f}', f'{value:{width}.{2}}', f'{{}}', f'', f'a' 'b' f'{1}')
    print(f'{name=}', f'{ value = :.1f}', f'{name!s:^{width}}|', f'{"nested"}', f'{[i for i in range(3)]}', f'{ {1: 2}[1]}')
    print(f'{(lambda x: x * 2)(4)}', f'{value:{"." + str(1) + "f"}}', rf'\n{name}', f'\x41{name}\u0042')
    print(f'{1}{2}{3}{4}{5}' * 2)
    print('é' + f'{"ü"}', f'{"ü"!a}')


strings()


def displays():
    a = [1, 2]
    print([*a, *a], (*a, 3), {*a, 4}, {**{1: 2}, 3: 4, **{1: 5}}, [*a], (*a,), {*a})
    print([], (), {}, set(), [1], (1,), {1}, {1: 1}, [None] * 3, [1, 2, 3], [a, 1, 2], {1, 2, 3})
    big = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29,
           30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56,
           57, 58, 59, 60, 61, 62, 63, a, 65]
    print(len(big), big[-2], sum(big[:64]))
    d = {'a': 1, 'b': 2, 'c': 3, 'd': 4, 'e': 5, 'f': 6, 'g': 7, 'h': 8, 'i': 9, 'j': 10, 'k': 11, 'l': 12, 'm': 13,
         'n': 14, 'o': 15, 'p': 16, 'q': 17, 'r': 18, **{'s': 19}, 't': a}
    print(len(d), list(d), d['t'])
    try:
        [*5]
    except TypeError as e:
        print(e)
    try:
        {**5}
    except TypeError as e:
        print(e)
    try:
        {[]: 1}
    except TypeError as e:
        print(e)
    x = [x for x in [1, 2, 3]]
    x = [x, x]
    x = (x, 1)
    print(x)
    x = {1: x}
    x = [x[1] for _ in range(1)] + [x]
    print(len(x))


displays()


def swaps():
    a, b = 1, 2
    a, b = b, a
    print(a, b)
    a, b, c = 1, 2, 3
    a, b, c = c, a, b
    print(a, b, c)
    a, b, c, d = b, a, d if False else c, 9
    print(a, b, c, d)
    a, b = b, a + b
    print(a, b)
    a, a = 1, 2
    print(a)
    [a, (b, *c)] = 1, 'xyz'
    print(a, b, c)
    (a, b), c = [1, 2], 3
    print(a, b, c)
    a = b = c = []
    a.append(1)
    print(b, c, a is b)
    x = [1, 2, 3]
    i = 0
    i, x[i] = 2, 'z'
    print(i, x)
    a, b = (b, a) = 1, 2
    print(a, b)
    a = (b, a) = [5, 6]
    print(a, b)
    for v in (1, 2), [3, 4]:
        p, q = v
        print(p, q)
    try:
        a, b = 1,
    except TypeError as e:
        print(e)
    except ValueError as e:
        print(e, a, b)
    try:
        a, b = 1, 2, 3
    except ValueError as e:
        print(e)
    try:
        a, *b, c = [1]
    except ValueError as e:
        print(e)
    () = []
    *a, = 'xy'
    print(a)


swaps()


def operators():
    a, b = 7, 2
    print(a + b, a - b, a * b, a / b, a // b, a % b, a ** b, a << b, a >> b, a & b, a | b, a ^ b, -a, +a, ~a)
    print(a + 1, a - 1, a * 3, a // 2, a % 4, a ** 2, a << 3, a >> 1, a & 3, a - 40000, a + 40000, a * -3)
    print(1 + a, 10 - a, 2 ** a, a == 7, a != 7, a < 8, a <= 7, a > 6, a >= 8, 7 == a)
    a += 1; print(a)
    a -= 2; print(a)
    a *= 3; print(a)
    a //= 2; print(a)
    a %= 5; print(a)
    a **= 3; print(a)
    a <<= 2; print(a)
    a >>= 1; print(a)
    a |= 1; print(a)
    a &= 0xff; print(a)
    a ^= 3; print(a)
    a /= 2; print(a)
    l = m = [1]
    l += [2]
    print(m)
    l = l + [3]
    print(m, l)
    s = 'a'
    s += 'b'
    s *= 2
    print(s)
    x = 1.5
    x += 1
    x -= 1
    print(x, x + 1, x * 2, x // 1, x % 1, x ** 2, x > 1)


operators()
