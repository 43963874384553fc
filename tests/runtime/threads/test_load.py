"""Many tasks, threads and processes at once: all of them end, with the right results. How long they take: runtime/threads/README.md."""
# skip-if: stress address undefined thread
# timeout: 400
import asyncio
import multiprocessing
import queue
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor


def job(x):
    return x * x


def fail(x):
    if x % 7 == 3:
        raise ValueError(x)
    return x


def tasks(n):
    async def one(i, gate):
        await asyncio.sleep(0)
        async with gate:
            await asyncio.sleep(0.001 * (i % 3))
        if i % 1000 == 999:
            raise KeyError(i)
        return i

    async def main():
        gate = asyncio.Semaphore(500)
        return await asyncio.gather(*[one(i, gate) for i in range(n)], return_exceptions=True)

    results = asyncio.run(main())
    for i, result in enumerate(results):
        assert repr(result) == f"KeyError({i})" if i % 1000 == 999 else result == i, (i, result)


def threads(n):
    totals, lock, ready, failed = [0], threading.Lock(), threading.Barrier(n + 1), []
    local, done = threading.local(), queue.SimpleQueue()

    def one(i):
        local.mine = i
        ready.wait()
        for _ in range(50):
            with lock:
                totals[0] += i
        if local.mine != i:
            failed.append(i)
        done.put(i)

    started = [threading.Thread(target=one, args=(i,)) for i in range(n)]
    for thread in started:
        thread.start()
    ready.wait()
    for thread in started:
        thread.join()
    assert totals[0] == 50 * n * (n - 1) // 2 and not failed
    assert sorted(done.get() for _ in range(n)) == list(range(n))
    assert threading.active_count() == 1


def pool(n):
    with multiprocessing.Pool(8) as workers:
        assert workers.map(job, range(n)) == [i * i for i in range(n)]
        assert sum(workers.imap_unordered(job, range(n // 10), chunksize=10)) == sum(i * i for i in range(n // 10))
        for call in (lambda: workers.map(fail, range(100)), lambda: workers.apply(fail, (3,))):
            try:
                call()
            except ValueError as error:
                assert error.args[0] % 7 == 3
            else:
                raise AssertionError("no ValueError from a worker")


def executors(n):
    with ProcessPoolExecutor(8) as workers:
        assert list(workers.map(job, range(n), chunksize=100)) == [i * i for i in range(n)]
    with ThreadPoolExecutor(8) as workers:
        assert list(workers.map(job, range(n // 10))) == [i * i for i in range(n // 10)]


if __name__ == "__main__":
    tasks(10_000)
    threads(1_000)
    pool(100_000)
    executors(100_000)
