"""Functions as objects: code, globals, defaults, closures, attributes, higher order, decorators; name mangling."""
import functools
import inspect


def outer(start, *, step=1):
    """Counts."""
    count = start

    def inner(by: int = 2) -> int:
        nonlocal count
        count += by * step
        return count

    return inner


counter = outer(10, step=3)
print(counter(), counter(5), counter.__name__, counter.__qualname__, counter.__defaults__, counter.__annotations__)
print(outer.__kwdefaults__, outer.__doc__, outer.__module__, outer.__globals__ is globals())
code = outer.__code__
print(code.co_name, code.co_argcount, code.co_kwonlyargcount, code.co_varnames, code.co_cellvars, code.co_firstlineno)
print(counter.__code__.co_freevars, [c.cell_contents for c in counter.__closure__], type(counter.__code__).__name__)
outer.label = "an attribute"
print(outer.__dict__, outer.label, hasattr(outer, "other"), callable(outer))
outer.__defaults__ = (1,)
print(outer()(), inspect.signature(outer))


def trace(label):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            wrapper.calls += 1
            result = function(*args, **kwargs)
            print(f"{label}: {function.__name__}{args}{kwargs or ''} -> {result}")
            return result

        wrapper.calls = 0
        return wrapper

    return decorate


@trace("outermost")
@trace("innermost")
def power(base, exponent=2, *rest, scale=1, **extra):
    return base**exponent * scale + sum(rest) + len(extra)


power(3)
power(2, 3, 4, 5, scale=2, a=1, b=2)
print(power.calls, power.__wrapped__.__wrapped__.__name__, inspect.signature(power))
compose = lambda *fs: functools.reduce(lambda f, g: lambda x: f(g(x)), fs)
print(compose(str, abs, lambda x: x - 10)(3), list(map(compose(len, str), [1, 22, 333])))
print(sorted("banana apple cherry".split(), key=lambda w: (w[-1], len(w))), max([3, -7, 5], key=abs))
print([f() for f in [lambda: i for i in range(3)]], [f() for f in [lambda i=i: i for i in range(3)]])
print(functools.partial(power.__wrapped__.__wrapped__, 2, scale=10)(5), (lambda: (yield))().__class__.__name__)


class Account:
    rate = 2

    def __init__(self):
        self.__balance = 0
        self._hint = "one underscore"

    def add(self, amount):
        self.__balance += amount
        return self

    def __secret(self):
        return self.__balance * self.rate

    def reveal(self):
        return self.__secret()


class Savings(Account):
    def __secret(self):
        return -1


s = Savings().add(5).add(6)
print(s.reveal(), vars(s), [n for n in dir(s) if "secret" in n], s._Account__balance)
try:
    s.__balance
except AttributeError as e:
    print(e)
bound = s.add
print(bound.__self__ is s, bound.__func__ is Account.add, bound(1) is s, Account.add(s, 2).reveal())
for call in ("outer(1, 2)", "outer(stop=1)", "power()", "counter(1, 2)", "Account(3)", "outer(1, step=2, step2=3)"):
    try:
        eval(call)
    except TypeError as e:
        print(e)


def varied(a, /, b, *c, d, **e):
    return a, b, c, d, e


print(varied(1, 2, 3, 4, d=5, f=6, a=7), varied(*"xy", **{"d": 0}))
match varied(1, 2, d=3):
    case (1, b, (), d, {**rest}):
        print("matched", b, d, rest)


def changing(value):
    value = str(value) if isinstance(value, int) else [value]
    return type(value).__name__, value * 2


print(changing(12), changing("a"), changing(None))
