# Tracebacks: the lines and carets of every kind of failing expression. (Not comprehensions: they have no
# frame of their own here, as in Python 3.12 and later.)
import sys
import traceback

SOURCES = r'''
f(1, 2)(3)
x = a.b.c.d + 1
x = 1 + 2 + None
x = (1 +\n     None)
foo(a.b,\n    c.nope)
(a\n .b\n .nope\n .c)
a.f(1)\\n.g(2)
a[1][2]
a[1:2:0] + a[None]
none[0] = 1
none.x = 5
none.x += 1
del none.x
del none[1]
del undefined
-none
not bad
~none
none < 1
1 < none < 3
1 in none
x = none if bad else 2
assert 0, 'message'
assert bad
raise ValueError('x')
raise 5
raise ValueError from 5
import nothing_here
from sys import nothing_here
from nothing_here import x as y
for i in 5: pass
for i, j in [1]:\n    pass
a, b = 1
a, b = 1, 2, 3
[a, *b] = 5
with none as x:\n    pass
with cm(bad):\n    1 / 0
lambda: 1 / 0
(lambda: 1 / 0)()
list(1 / 0 for i in 'a')
f'{1 / 0}'
f'{none:d}'
f'{"a":{none.x}}'
'%s %d' % (1, 'x')
x: none.y = 5
x: int = none.y
def g(a=none.x): pass
def g(a: none.x): pass
@none.deco\ndef g(): pass
@none\ndef g(): pass
class C(none.x): pass
class C(5): pass
class C:\n    x = none.y
print(*5)
print(**5)
print(*[1], none.x)
f(none.x, k=none)
f(k=none.x)
f(\n  1,\n  2,\n  k=none\n)
while bad: pass
if bad: pass
if 1 and bad: pass
x = bad or 1
try:\n    1 / 0\nexcept none.x:\n    pass
try:\n    1 / 0\nexcept 5:\n    pass
try:\n    1 / 0\nfinally:\n    none.x
try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise KeyError('y') from e
match none.x:\n    case 1: pass
match 1:\n    case sys.nope: pass
match a:\n    case int(1, 2): pass
x = yield_ = none()
{[]: 1}
{1, []}
{**none}
[*none]
(*none, 1)
a = b = none.c
a.b = none.c = 5
x[none.y] = 1
x = [\n  1,\n  none.y,\n]
int('x')
(1).real = 5
none @ none
none ** 2
a.b(\n)(\n none.x)
None.x
x = lst[5]
d['nope']
global_name_missing
é = 'ü'; é.nope
"ü" + none.ü
return_ = none.x if a else 1
'''
bad = type('Bad', (), {'__bool__': lambda self: 1 / 0})()
none = None


class A:
    b = c = None

    def f(self, x): return self


class CM:
    def __init__(self, b): pass
    def __enter__(self): return self
    def __exit__(self, *a): return bad


def f(a, b): return 5


for number, line in enumerate(SOURCES.strip().split('\n')):
    source = line.replace('\\n', '\n').replace('\\\n', '\\\n')
    name = f'<source {number}>'
    import linecache
    linecache.cache[name] = (len(source), None, [l + '\n' for l in source.split('\n')], name)
    names = {'a': A(), 'bad': bad, 'none': None, 'f': f, 'cm': CM, 'lst': [1], 'd': {}, 'x': {}, 'sys': sys, '__name__': 'm'}
    for body in (source, None):
        if body is None:
            inside = 'def func(a, bad, none, f, cm, lst, d, x):\n' + ''.join('    ' + l + '\n' for l in source.split('\n')) + 'func(a, bad, none, f, cm, lst, d, x)\n'
            name = f'<function {number}>'
            linecache.cache[name] = (len(inside), None, inside.splitlines(True), name)
            body = inside
        try:
            code = compile(body, name, 'exec')
        except SyntaxError as e:
            print(number, 'SyntaxError', e)
            continue
        try:
            exec(code, dict(names))
        except BaseException as e:
            t, tb = e, e.__traceback__.tb_next
            lines = traceback.format_exception(type(e), e, tb)
            print(''.join(l for l in lines if 'test_positions' not in l), end='')
        else:
            print(number, 'no error', repr(source))
