# Functions, closures, classes, decorators, annotations, super, generators, qualified names.
import sys


def params(a, b=2, /, c=3, *args, d, e=5, **kw):
    return a, b, c, args, d, e, sorted(kw.items())


print(params(1, d=4), params(1, 2, 3, 4, 5, d=6, f=7), params(*[1, 2], **{'d': 3}, c=9))
for call in ('params()', 'params(1)', 'params(1, a=1, d=2)', 'params(1, c=2, d=3, c=4)', 'params(1, 2, 3, c=4, d=5)',
             'params(*1)', 'params(**1)', 'params(1, **{"d": 1}, **{"d": 2})'):
    try:
        print(eval(call))
    except (TypeError, SyntaxError) as e:
        print(call, '->', type(e).__name__, e)


def closures():
    x = 1
    fs = []
    for i in range(3):
        def f(j=i):
            return i, j, x
        fs.append(f)
    x = 2
    print([f() for f in fs])

    def counter():
        n = 0

        def up(by=1):
            nonlocal n
            n += by
            return n

        def get():
            return n
        return up, get
    up, get = counter()
    up(), up(5)
    print(get(), up.__closure__[0].cell_contents, up.__code__.co_freevars, counter.__code__.co_cellvars)

    def param_cell(a, b, *c, d=1, **e):
        def inner():
            nonlocal a, c
            a += 1
            c = c + (a,)
            return a, b, c, d, e
        inner()
        return inner(), a, c
    print(param_cell(1, 2, 3, d=4, z=5), param_cell.__code__.co_cellvars, param_cell.__code__.co_varnames)

    def late():
        def use():
            return later
        try:
            use()
        except NameError as e:
            print(e)
        later = 5
        print(use())
        del later
        try:
            use()
        except NameError as e:
            print(e)
        try:
            print(later)
        except UnboundLocalError as e:
            print(e)

    late()

    def shared():
        v = 0

        def a():
            nonlocal v
            v += 1

        def b():
            def c():
                nonlocal v
                v += 10
            c()
        a(), b()
        return v
    print(shared())
    print((lambda x: lambda y: lambda z: (x, y, z))(1)(2)(3))


closures()


class Base:
    def __init_subclass__(cls, **kw):
        print('subclass', cls.__name__, sorted(kw))

    def hello(self):
        return ['base']

    @classmethod
    def make(cls):
        return cls()


class Meta(type):
    def __new__(m, name, bases, ns, **kw):
        print('new', name, sorted(kw), [k for k in ns if not k.startswith('__')])
        return super().__new__(m, name, bases, ns)

    def __init__(cls, name, bases, ns, **kw):
        super().__init__(name, bases, ns)

    @classmethod
    def __prepare__(m, name, bases, **kw):
        print('prepare', name, sorted(kw))
        return {}


class Derived(Base, flag=1):
    """doc"""
    x: int = 1
    y: 'str'
    attr = [i * x for i in [1]] if False else 0
    z = [x for x in range(3)]

    def hello(self):
        return super().hello() + ['derived'] + [__class__.__name__]

    def nested(self):
        return (lambda: super(Derived, self).hello())(), [__class__ for _ in 'a'][0].__name__

    def cellself(self):
        def inner():
            return self
        return super().hello(), inner() is self

    @property
    def p(self):
        return self.__private

    @p.setter
    def p(self, v):
        self.__private = v

    @staticmethod
    def s(__a, *, __b=2):
        return __a, __b, Derived.s.__code__.co_varnames

    class Inner:
        def m(self):
            return self.__class__.__qualname__
        __slots__ = ('__mangled',)


d = Derived()
d.p = 5
print(d.hello(), d.nested(), d.cellself(), d.p, vars(d), d.s(1), Derived.Inner().m(), Derived.Inner.__slots__)
print(Derived.__doc__, Derived.__annotations__, Derived.z, Derived.__qualname__, Derived.__module__)


class M(Base, metaclass=Meta, k=1):
    a = 1

    def f(self):
        return __class__


print(M().f() is M, Base.make().hello())


def class_scopes():
    x = 'outer'

    class A:
        try:
            print(x)
        except NameError as e:
            print(e)
        x = 'class'
        print(x)
        del x

        def f(self):
            return x
        y = [x for _ in 'a']
        z = (lambda: x)()

    class B:
        nonlocal x
        x = 'changed'

    class C:
        global gx
        gx = 1

        def f(self):
            return gx
    print(A().f(), A.y, A.z, x, gx, C().f(), hasattr(C, 'gx'))

    class D:
        locals()['dyn'] = 3
        print(dyn)
        try:
            print(missing)
        except NameError as e:
            print(e)
    return A, D


A, D = class_scopes()
print(A.__qualname__, A.f.__qualname__, (lambda: 0).__qualname__, [(lambda: 0) for _ in 'a'][0].__qualname__)


def qualnames():
    global G

    def G():
        def h():
            pass
        return h
    gen = (x for x in ())
    ls = [lambda: 0 for _ in 'a']
    ds = {0: [lambda: 0 for _ in 'a'] for _ in 'a'}
    return G.__qualname__, G().__qualname__, gen.__qualname__, ls[0].__qualname__, ds[0][0].__qualname__


print(qualnames())


def deco(tag):
    print('deco', tag)

    def wrap(f):
        print('apply', tag, f.__name__ if hasattr(f, '__name__') else f)
        return f
    return wrap


@deco(1)
@deco(2)
def decorated(a: deco('ann'), b: int = deco('default')) -> deco('ret'):
    pass


@deco(3)
class DecoratedClass:
    @deco(4)
    def m(self): pass


@(lambda f: 5)
def five(): pass


print(five, list(decorated.__annotations__), decorated.__name__)


def annotations():
    x: undefined_thing
    y: undefined_thing = 5
    (z): int = 3
    a = type('o', (), {})()
    a.b: undefined_thing = 4
    d = {}
    d['k']: undefined_thing = 1
    return y, z, a.b, d


print(annotations())
mod_x: int
mod_y: 'list' = []
(mod_z): str = 'a'
print(__annotations__)


def f(a: 1, /, b: 2, *c: 3, d: 4, **e: 5) -> 6: pass


print(f.__annotations__, f.__defaults__, f.__kwdefaults__)


def doc():
    """The doc."""
    return 1


def nodoc():
    f"""no"""


def strexpr():
    'a' 'b'
    'c'


print(doc.__doc__, nodoc.__doc__, strexpr.__doc__, (lambda: 'x').__doc__, doc.__code__.co_consts[:1])


def gen(n):
    """gen"""
    try:
        for i in range(n):
            got = yield i
            if got:
                print('got', got)
    except KeyError as e:
        print('caught', e)
        yield 'after'
    finally:
        print('closing')
    return 'result'


g = gen(3)
print(next(g), g.send('hello'), g.throw(KeyError('k')))
try:
    next(g)
except StopIteration as e:
    print(e.value)


def delegating():
    r = yield from gen(2)
    print('r', r)
    x = yield
    y = (yield 1), (yield 2)
    z = [(yield 3), (yield)]
    f'{(yield 4)}'
    return x, y, z


g = delegating()
out = []
v = None
try:
    while True:
        out.append(g.send(v))
        v = None if len(out) < 2 else len(out)
except StopIteration as e:
    print(out, e.value)

g = gen(5)
next(g)
g.close()
print(list(x + y for x in range(3) if x for y in range(x)), sum(i * i for i in range(5)))
print([f() for f in [lambda i=i: i for i in range(3)]], [f() for f in [lambda: i for i in range(3)]])


def gen_expr_scope():
    items = [1, 2, 3]
    g = (x * k for x in items)
    k = 10
    items = None
    return list(g)


print(gen_expr_scope())


def star_args(*args, **kwargs):
    return args, kwargs


args, kw = (1, 2), {'a': 3}
print(star_args(*args), star_args(0, *args, 9, *'xy'), star_args(**kw), star_args(*args, **kw, b=4), star_args(b=1, *args))
print(star_args(*(i for i in range(2)), k=1, **{}), star_args(*[], **{}), print.__name__, 'a-b'.split(sep='-'))
print(star_args(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28,
                29, 30, 31, 32, 33, 34, 35, a=1, b=2))
big = eval('star_args(' + ', '.join(map(str, range(300))) + ', z=1)')
print(len(big[0]), big[1])


def code_facts(a, b=1, *c, d, **e):
    f = g = 1
    return lambda: a


c = code_facts.__code__
print(c.co_argcount, c.co_kwonlyargcount, c.co_posonlyargcount, c.co_nlocals, c.co_varnames, c.co_cellvars, c.co_flags & 0xff,
      c.co_name, c.co_qualname, c.co_firstlineno)
print(gen.__code__.co_flags & 0x2a0, (lambda: (yield)).__code__.co_flags & 0x20)


def locals_views():
    a = 1
    b = [x for x in 'xy']
    d = {k: v for k, v in [(1, 2)]}
    c = lambda: a
    return sorted(locals())


print(locals_views())


def inner_locals():
    a = 1
    return [sorted(n for n in locals() if n != '.0') for y in [1]]


print(inner_locals())


def many(): a0 = 0; b0 = 1; return a0, b0


print(many())


class WithCell:
    def a(self):
        return super().__init__()

    def __init_subclass__(cls):
        super().__init_subclass__()


class Sub(WithCell):
    def get(self):
        return __class__


print(Sub().get().__name__, Sub.get.__code__.co_freevars)


def shadow_super():
    class X:
        def f(self):
            super = lambda: 'shadow'
            return super()
    return X().f()


print(shadow_super())


class Private:
    __x = 1

    def m(self, __p=2):
        import sys as __s
        global __glob
        __glob = 3
        __local = 4
        try:
            raise ValueError
        except ValueError as __e:
            pass
        for __i in range(1):
            pass

        def __inner(): pass
        return sorted(locals()), self.__x, dict(__k=1), __inner.__qualname__


print(Private().m(), '_Private__glob' in globals())
exec('x = 1\ndef f(): return x\nprint(f(), [x for _ in "a"])', {'__name__': 'm'})
ns = {}
exec('y = 5\nprint(y)\nclass C: z = 1\nprint(C.z)', {}, ns)
print(sorted(ns), eval('[i for i in range(3)]'), eval('(lambda a: a + 1)(2)'))
