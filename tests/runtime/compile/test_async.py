# Coroutines, async generators, async with and for: driven by hand.
import sys

log = []


class Wait:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        got = yield ('wait', self.value)
        log.append(('got', got))
        return self.value


def drive(coro, answers=()):
    answers = iter(answers)
    out, send = [], None
    try:
        while True:
            out.append(coro.send(send))
            send = next(answers, None)
    except StopIteration as e:
        return out, e.value
    except Exception as e:
        return out, repr(e)


async def simple(x):
    y = await Wait(x)
    z = (await Wait(y + 1)) + await Wait(10)
    return [y, z, await Wait('end')]


print(drive(simple(1), 'abc'), log)
log.clear()


class ACM:
    def __init__(self, name, suppress=False):
        self.name, self.suppress = name, suppress

    async def __aenter__(self):
        log.append('aenter ' + self.name)
        await Wait('enter')
        return self.name

    async def __aexit__(self, t, v, tb):
        log.append(f'aexit {self.name} {t and t.__name__} {type(sys.exc_info()[1]).__name__}')
        await Wait('exit')
        return self.suppress


class AIter:
    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.n == 0:
            raise StopAsyncIteration
        self.n -= 1
        await Wait(self.n)
        return self.n


async def withs(kind):
    for _ in range(2):
        async with ACM('a', suppress=kind == 'suppress') as a, ACM('b') as b:
            if kind == 'return':
                return a, b
            if kind == 'break':
                break
            if kind in ('raise', 'suppress'):
                raise ValueError(kind)
    return 'end'


for kind in ('return', 'break', 'raise', 'suppress', 'none'):
    print(kind, drive(withs(kind)), [x for x in log if isinstance(x, str)])
    log.clear()


async def fors(stop):
    r = []
    async for i in AIter(4):
        if i == stop:
            break
        if i == 2:
            continue
        try:
            r.append(i)
        finally:
            r.append('f')
    else:
        r.append('else')
    async for r[0] in AIter(1):
        pass
    return r


print(drive(fors(1)), drive(fors(None)))


async def agen(n):
    try:
        for i in range(n):
            got = yield i
            if got:
                log.append(('sent', got))
            await Wait(i)
    except ValueError as e:
        yield repr(e)
    finally:
        log.append('agen closed')


async def use_agen():
    r = []
    async for x in agen(3):
        r.append(x)
    g = agen(3)
    r.append(await g.__anext__())
    r.append(await g.asend('hi'))
    r.append(await g.athrow(ValueError('v')))
    await g.aclose()
    return r


log.clear()
print(drive(use_agen()), [x for x in log if x[0] != 'got'])


async def errors():
    for make in (lambda: 5, lambda: [], lambda: agen(1)):
        try:
            await make()
        except TypeError as e:
            log.append(str(e))
    try:
        async for x in [1]:
            pass
    except TypeError as e:
        log.append(str(e))
    try:
        async with 5:
            pass
    except (TypeError, AttributeError) as e:
        log.append(type(e).__name__)
    try:
        async for x in AIter(2):
            raise StopAsyncIteration('inner')
    except StopAsyncIteration as e:
        log.append(repr(e))
    try:
        raise StopIteration
    except StopIteration:
        log.append('stop')


log.clear()
drive(errors())
print([x for x in log if isinstance(x, str)])


async def raises_stop():
    raise StopIteration(1)


print(drive(raises_stop()))


async def finally_await():
    try:
        return await Wait(1)
    finally:
        await Wait('cleanup')


print(drive(finally_await()))
print(simple.__code__.co_flags & 0x80, agen.__code__.co_flags & 0x200, (lambda: (yield)).__code__.co_flags & 0x20)


async def nested():
    async def inner(x):
        return x * 2
    return [await inner(i) for i in range(3)], {await inner(i): i async for i in agen(2)}, await inner(await inner(1))


print(drive(nested()))
