"""asyncio on the native Future and Task, and on Python's: the same course of events, the same words."""
import asyncio
import gc
from asyncio import futures, tasks


def message(call, *arguments):
    try:
        call(*arguments)
    except BaseException as error:
        return type(error).__name__ + ': ' + str(error)


async def double(n):
    await asyncio.sleep(0)
    return n * 2


async def story(Future, Task, loop):
    told = []
    future = Future(loop=loop)
    assert message(future.result).startswith('InvalidStateError: Result is not ')
    future.add_done_callback(lambda f: told.append(('done', f.result())))
    other = told.append
    future.add_done_callback(other)
    assert future.remove_done_callback(other) == 1
    future.set_result(5)
    told.append(message(future.set_result, 6).partition(':')[0])
    told.append(await future)
    await asyncio.sleep(0)

    task = Task(double(4), loop=loop, name='four')
    told.append((task.get_name(), task.done(), await task, task.done(), message(task.set_result, 1)))
    told.append(await asyncio.gather(*[Task(double(n), loop=loop) for n in range(4)]))

    async def endless():
        try:
            await Future(loop=loop)
        finally:
            told.append('cleaned')

    task = Task(endless(), loop=loop)
    await asyncio.sleep(0)
    told.append((task.cancel('why'), task.cancelling()))
    try:
        await task
    except asyncio.CancelledError as error:
        told.append(error.args)
    told.append((task.cancelled(), task.uncancel(), message(task.exception)))

    async def odd(result):
        class Yield:
            def __await__(self):
                yield result
        await Yield()

    own = Future(loop=loop)
    for result in (17, own):
        try:
            await Task(odd(result), loop=loop)
        except RuntimeError as error:
            told.append(str(error).partition(' in task ')[0])

    async def fails():
        raise KeyError('x')

    try:
        await Task(fails(), loop=loop)
    except KeyError as error:
        told.append(error.args)
    told.append(message(Task, 5).partition(':')[0])
    return told


def lost_exception(Future, loop):
    contexts = []
    loop.set_exception_handler(lambda loop, context: contexts.append(context['message']))
    future = Future(loop=loop)
    future.set_exception(ValueError('lost'))
    del future
    gc.collect()
    loop.set_exception_handler(None)
    return contexts


expected = [
    'InvalidStateError', 5, ('done', 5), ('four', False, 8, True, 'RuntimeError: Task does not support set_result operation'),
    [0, 2, 4, 6], (True, 1), 'cleaned', ('why',), (True, 0, 'CancelledError: '), 'Task got bad yield: 17',
    'yield was used instead of yield from', ('x',), 'TypeError']

loop = asyncio.new_event_loop()
for Future, Task in ((futures._PyFuture, tasks._PyTask), (futures._CFuture, tasks._CTask)):
    told = loop.run_until_complete(story(Future, Task, loop))
    assert told == expected, told
    assert lost_exception(Future, loop) == [Future.__name__ + ' exception was never retrieved']
    assert message(asyncio.get_running_loop) == 'RuntimeError: no running event loop'
    assert not tasks._current_tasks
loop.close()
