"""Coroutines and asynchronous generators, driven by hand."""
import warnings


class Pause:
    def __init__(self, v): self.v = v
    def __await__(self):
        return (yield self.v)


def run(coro, feed=None):
    """Runs to the end; the list of what was awaited outside, and the result."""
    seen = []
    value = None
    while True:
        try:
            seen.append(coro.send(value))
        except StopIteration as e:
            return seen, e.value
        value = feed


async def leaf(x):
    return x + (await Pause("p"))


async def root():
    total = 0
    for i in range(3):
        total += await leaf(i)
    return total


assert run(root(), 10) == (["p"] * 3, 33)


async def context():
    log = []

    class M:
        async def __aenter__(self):
            log.append("enter")
            await Pause("e")
            return self

        async def __aexit__(self, *a):
            log.append(a[0])
            await Pause("x")
            return True

    async with M() as m:
        log.append("body")
        raise ValueError
    return log


assert run(context()) == (["e", "x"], ["enter", "body", ValueError])


async def agen(n):
    for i in range(n):
        await Pause(i)
        got = yield i * 10
        if got:
            yield ("got", got)


async def consume():
    out = []
    async for x in agen(3):
        out.append(x)
    out.append([y async for y in agen(2)])
    out.append({y: 1 async for y in agen(2) if y})
    return out


assert run(consume()) == ([0, 1, 2, 0, 1, 0, 1], [0, 10, 20, [0, 10], {10: 1}])


async def asend():
    g = agen(3)
    a = await g.asend(None)
    b = await g.asend("hello")
    c = await g.__anext__()
    await g.aclose()
    try:
        await g.__anext__()
    except StopAsyncIteration:
        return a, b, c


assert run(asend())[1] == (0, ("got", "hello"), 10)


async def closing(log):
    try:
        yield 1
        yield 2
    except ValueError:
        yield "caught"
    finally:
        await Pause("f")
        log.append("closed")


async def athrow():
    log = []
    g = closing(log)
    await g.__anext__()
    r = await g.athrow(ValueError)
    try:
        await g.__anext__()
    except StopAsyncIteration:
        pass
    return r, log


assert run(athrow()) == (["f"], ("caught", ["closed"]))


async def ends():
    async def bad():
        raise StopIteration
        yield
    try:
        async for _ in bad():
            pass
    except RuntimeError as e:
        return str(e)


assert run(ends())[1] == "async generator raised StopIteration"


async def not_awaitable():
    try:
        await 1
    except TypeError as e:
        return str(e)


assert run(not_awaitable())[1] == "object int can't be used in 'await' expression"


async def anexts():
    g = agen(1)
    a = await anext(g)
    b = await anext(g, "default")
    try:
        await anext(g)
    except StopAsyncIteration:
        return a, b


assert run(anexts())[1] == (0, "default")
try:
    anext(1)
except TypeError as e:
    assert str(e) == "'int' object is not an async iterator"

c = root()
assert repr(c).startswith("<coroutine object root at 0x") and c.cr_frame is not None and c.cr_await is None
assert c.send(None) == "p" and c.cr_await.__name__ == "leaf" and c.cr_suspended
try:
    c.throw(KeyError("k"))
except KeyError as e:
    assert e.args == ("k",)
try:
    c.send(None)
except RuntimeError as e:
    assert str(e) == "cannot reuse already awaited coroutine"
c.close()

c = leaf(1)
w = c.__await__()
assert iter(w) is w and next(w) == "p"
try:
    w.send(4)
except StopIteration as e:
    assert e.value == 5

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    import gc
    def forget():
        leaf(1)
    forget()
    def clobber(a, b, c, d): return [a, b, c, d]
    clobber(1, 2, 3, 4)
    for _ in range(3):
        gc.collect()
    assert any("coroutine 'leaf' was never awaited" in str(x.message) for x in caught), caught
print("ok")
