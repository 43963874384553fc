"""Generators: sending, throwing, closing, delegation, attributes."""
import sys


def count(n):
    for i in range(n):
        yield i


assert list(count(4)) == [0, 1, 2, 3]
assert sum(count(1000)) == 499500
g = count(2)
assert next(g) == 0 and next(g) == 1
for _ in range(2):
    try:
        next(g)
    except StopIteration as e:
        assert e.value is None
    else:
        assert False
assert next(g, "end") == "end"


def echo():
    received = []
    x = yield "ready"
    while x is not None:
        received.append(x)
        x = yield x * 2
    return received


g = echo()
try:
    g.send(1)
except TypeError as e:
    assert str(e) == "can't send non-None value to a just-started generator"
else:
    assert False
assert next(g) == "ready" and g.send(3) == 6 and g.send(4) == 8
try:
    g.send(None)
except StopIteration as e:
    assert e.value == [3, 4]
else:
    assert False


def outer(log):
    r = yield from echo()
    log.append(r)
    yield "after"
    return "result"


log = []
g = outer(log)
assert next(g) == "ready" and g.send(5) == 10
assert g.gi_yieldfrom.__name__ == "echo" and g.gi_suspended and not g.gi_running
assert g.send(None) == "after" and log == [[5]] and g.gi_yieldfrom is None
try:
    next(g)
except StopIteration as e:
    assert e.value == "result"
assert g.gi_frame is None


# throw, close
def guarded(log):
    try:
        try:
            yield 1
        except ValueError as e:
            log.append(str(e))
            yield 2
        yield 3
    finally:
        log.append("finally")


log = []
g = guarded(log)
assert next(g) == 1 and g.throw(ValueError("v")) == 2 and next(g) == 3
g.close()
assert log == ["v", "finally"]
g.close()

log = []
g = guarded(log)
next(g)
try:
    g.throw(KeyError, "k")
except KeyError as e:
    assert e.args == ("k",)
else:
    assert False
assert log == ["finally"]
g = guarded(log)
try:
    g.throw(KeyError)
except KeyError:
    pass
assert list(g) == []


def delegate(log):
    try:
        yield from guarded(log)
    except KeyError:
        log.append("outer caught")
        yield "recovered"


log = []
g = delegate(log)
next(g)
assert g.throw(ValueError("in")) == 2
assert g.throw(KeyError("out")) == "recovered"
assert log == ["in", "finally", "outer caught"]
log = []
g = delegate(log)
next(g)
g.close()
assert log == ["finally"]


def stubborn():
    for _ in range(2):
        try:
            yield
        except GeneratorExit:
            pass


g = stubborn()
next(g)
try:
    g.close()
except RuntimeError as e:
    assert str(e) == "generator ignored GeneratorExit"
else:
    assert False


def stop():
    yield 1
    raise StopIteration("x")


g = stop()
next(g)
try:
    next(g)
except RuntimeError as e:
    assert str(e) == "generator raised StopIteration" and isinstance(e.__cause__, StopIteration)
else:
    assert False


def selfish():
    yield next(me)


me = selfish()
try:
    next(me)
except ValueError as e:
    assert str(e) == "generator already executing"
else:
    assert False


# the exception handled is each generator's own
def handling():
    try:
        raise ValueError("inner")
    except ValueError:
        yield sys.exc_info()[0]
        yield sys.exc_info()[0]
    yield sys.exc_info()[0]


g = handling()
try:
    raise KeyError
except KeyError:
    assert next(g) is ValueError
    assert sys.exc_info()[0] is KeyError
assert sys.exc_info()[0] is None
assert next(g) is ValueError
assert sys.exc_info()[0] is None
assert next(g) is None
try:
    raise OSError
except OSError:
    h = handling()
    next(h), next(h)
    assert next(h) is OSError


# yield from other iterables
def flat(x):
    for i in x:
        if isinstance(i, list):
            yield from flat(i)
        else:
            yield i


assert list(flat([1, [2, [3, [4, []]], 5]])) == [1, 2, 3, 4, 5]


class Iter:
    def __init__(self): self.sent = []
    def __iter__(self): return self
    def __next__(self): return self.send(None)
    def send(self, x):
        self.sent.append(x)
        if len(self.sent) == 3:
            raise StopIteration("done")
        return len(self.sent)


def over(it):
    return (yield from it)


it = Iter()
g = over(it)
assert next(g) == 1 and g.send("a") == 2
try:
    g.send("b")
except StopIteration as e:
    assert e.value == "done"
assert it.sent == [None, "a", "b"]


def chain(n):
    if n:
        yield from chain(n - 1)
    yield n


assert list(chain(200)) == list(range(201))

# attributes
g = count(1)
assert g.__name__ == "count" and g.__qualname__ == "count" and repr(g).startswith("<generator object count at 0x")
assert g.gi_code is count.__code__ and g.gi_frame.f_locals == {"n": 1} and not g.gi_suspended
g.__name__ = "renamed"
assert g.__name__ == "renamed"
assert type(x for x in ()).__name__ == "generator"
assert [x for x in (y * y for y in range(5) if y % 2)] == [1, 9]


def with_args(a, *args, k=1, **kw):
    yield a, args, k, kw


assert next(with_args(1, 2, k=3, z=4)) == (1, (2,), 3, {"z": 4})


def closure():
    total = 0

    def add(x):
        nonlocal total
        total += x
        yield total
    return add


a = closure()
assert [next(a(i)) for i in range(4)] == [0, 1, 3, 6]


# calls from a generator's frame use the thread's stack
def calls():
    def f(a, b, c): return a + b + c
    for i in range(3):
        x = f(i, f(1, i, 2), max(i, 1))
        y = yield x
        assert y is None
    class K:
        def __init__(self, v): self.v = v
        def get(self): return self.v
    yield K(9).get()


assert list(calls()) == [4, 6, 9, 9]

# early exit from a for loop leaves it suspended
g = count(5)
for x in g:
    if x == 2:
        break
assert next(g) == 3

# traceback through generators
def raiser():
    yield 1
    1 / 0


def through():
    yield from raiser()


try:
    list(through())
except ZeroDivisionError as e:
    names = []
    tb = e.__traceback__
    while tb:
        names.append(tb.tb_frame.f_code.co_name)
        tb = tb.tb_next
    assert names == ["<module>", "through", "raiser"], names

# a generator in a reference cycle with its frame's variables
import gc
log = []


def finalized():
    try:
        yield
    finally:
        log.append("closed")


def drop():
    g = finalized()
    next(g)


drop()
for i in range(3):
    gc.collect()
assert log == ["closed"], log
print("ok")
