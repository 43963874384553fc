# What the compiler refuses: message and place of each error. (The parser's errors are tested in syntax/.)
CASES = r'''
return
yield 1
x = yield
await x
def f():\n  await x
async def f():\n  yield from x
async def f():\n  yield 1\n  return 2
break
continue
if 1:\n  break
for x in y:\n  def f():\n    continue
while 1:\n  class A:\n    break
def f(a, a): pass
lambda a, *a: 0
def f(a):\n  global a
def f():\n  a = 1\n  global a
def f():\n  print(a)\n  global a
def f():\n  a: int\n  global a
def f():\n  nonlocal a
nonlocal a
class A:\n  nonlocal a
def f():\n  def g():\n    nonlocal zz
def f(a):\n  nonlocal a
def f():\n  a = 1\n  def g():\n    a = 2\n    nonlocal a
def f():\n  a = 1\n  def g():\n    global a\n    nonlocal a
def f():\n  global a\n  a: int = 1
def f():\n  from x import *
class A:\n  from x import *
def f():\n  import x as __debug__
__debug__ = 1
def f(__debug__): pass
lambda __debug__: 0
del __debug__
a.__debug__ = 1
del a.__debug__
f(__debug__=1)
class __debug__: pass
def __debug__(): pass
for __debug__ in x: pass
with x as __debug__: pass
(__debug__ := 1)
import __debug__
[__debug__ for __debug__ in x]
match x:\n  case __debug__: pass
f(a=1, a=2)
f(**a, b=1, b=2)
class A(x=1, x=2): pass
[(yield) for x in y]
{(yield) for x in y}
{(yield): 1 for x in y}
((yield) for x in y)
[(x := 1) for x in y]
[[(x := 1) for z in y] for x in y]
[x for x in (y := z)]
[x for x in y for z in (w := 1)]
[(lambda: (q := 1)) for x in y if (x := 2)]
class A:\n  [(y := 1) for x in z]
[(j := 0) for i in x for j in y]
[i for i in x if (j := 0) for j in y]
async def f():\n  def g():\n    [x async for x in y]
[x async for x in y]
def f():\n  [await x for x in y]
def f():\n  async for x in y: pass
async for x in y: pass
async with x: pass
def f():\n  async with x: pass
*a = b
*a
x = *a
a, *b, *c = d
[*a, *b] = c
del *a
for *a in b: pass
return *a
def f():\n  return *a, b
try:\n  pass\nexcept:\n  pass\nexcept A:\n  pass
try:\n  pass\nexcept* A:\n  break
for i in x:\n  try:\n    pass\n  except* A:\n    continue
def f():\n  try:\n    pass\n  except* A:\n    return
match x:\n  case _: pass\n  case 1: pass
match x:\n  case a: pass\n  case 1: pass
match x:\n  case a | 1: pass
match x:\n  case _ | 1: pass
match x:\n  case [a, a]: pass
match x:\n  case a | [b]: pass
match x:\n  case {1: a, 1: b}: pass
match x:\n  case {'a': _, 'a': _}: pass
match x:\n  case {a.b: _, a.b: _}: pass
match x:\n  case A(x=1, x=2): pass
match x:\n  case [*a, *b]: pass
match x:\n  case {**rest, 'a': 1}: pass
match x:\n  case f'{x}': pass
from __future__ import braces
from __future__ import nothing
x = 1\nfrom __future__ import division
from __future__ import division, zzz
def f():\n  from __future__ import division
def f(x: (yield)): pass
async def f(x: (await y)): pass
def f() -> (x := 1): pass
def f():\n  x: (yield) = 1
x: (yield) = 1
f() = 1
f() += 1
(a, b) += 1
[a] += 1
None = 1
x = 1 = 2
(a): int = *b
with (yield): pass
class A(*b, c for c in d): pass
lambda: (yield)
def f(): lambda: (yield)
global x, y\nx = 1
x = 1\nglobal x
print(x)\nglobal x
x: int\nglobal x
for i in range(3):\n  return
class A:\n  return 1
class A:\n  yield 1
class A:\n  await x
def f(a, b, *, a): pass
def f(*a, **a): pass
'''
import sys
def show(src):
    try:
        compile(src, '<test>', 'exec')
    except SyntaxError as e:
        print(repr(src), '->', type(e).__name__, e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset, len(e.args))
    else:
        print(repr(src), '-> ok')
for line in CASES.strip().split('\n'):
    show(line.replace('\\n', '\n'))
nest = ''
for i in range(22):
    nest += ' ' * i + 'while 1:\n'
show(nest + ' ' * 22 + 'pass\n')
nest = ''
for i in range(22):
    nest += ' ' * i + 'try:\n'
show(nest + ' ' * 22 + 'pass\n' + ''.join(' ' * i + 'finally: pass\n' for i in range(21, -1, -1)))
show(','.join('a%d' % i for i in range(300)) + ', *b = c')
show('*b, ' + ','.join('a%d' % i for i in range(300)) + ' = c')
