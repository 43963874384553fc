"""Tasks: coroutines passing messages through queues, gathered and awaited, on asyncio."""
import asyncio


async def worker(source, sink):
    while (item := await source.get()) is not None:
        await asyncio.sleep(0)
        await sink.put(item * 2)
    await sink.put(None)


async def nested(depth):
    if depth == 0:
        return 1
    return await nested(depth - 1) + 1


async def main(n):
    first, second, third = (asyncio.Queue(64) for _ in range(3))
    tasks = [asyncio.create_task(worker(first, second)), asyncio.create_task(worker(second, third))]

    async def feed():
        for i in range(n):
            await first.put(i)
        await first.put(None)

    tasks.append(asyncio.create_task(feed()))
    total = 0
    while (item := await third.get()) is not None:
        total += item
    await asyncio.gather(*tasks)
    results = await asyncio.gather(*(nested(i % 50) for i in range(n)))
    return total, sum(results)


print(*asyncio.run(main(12_000)))
