"""gc: what gc.collect() finds, and what must not stay alive by accident. Asserts; CPython passes it too."""
# skip-if: address thread
# (their larger C frames keep words of ended calls, in which the collector finds what this test says is dead)
import gc
import subprocess
import sys
import threading
import weakref


def check(got, wanted):
    assert got == wanted, (got, wanted)


def make_cycle():
    one = []
    one.append(one)
    gc.collect()


def count_cycles():
    gc.collect()
    maker = threading.Thread(target=make_cycle) # its stack is gone when it is
    maker.start()
    maker.join()
    assert gc.collect() >= 1
    gc.collect()
    check(gc.collect(), 0)


def dead_after_call():
    """A temporary that was an argument, a method's function in an inline cache, an exception that was handled."""
    class Node:
        def method(self):
            return 1

    node = Node()
    seen = weakref.ref(node)
    len([node]), node.method(), str(node)
    del node
    gc.collect()
    check(seen(), None)

    node = Node()
    method = weakref.WeakMethod(node.method)
    del Node.method
    gc.collect()
    check(method(), None)

    node = Node()
    seen = weakref.ref(node)
    try:
        raise KeyError(node)
    except KeyError:
        pass
    node = None
    gc.collect()
    check(seen(), None)


def class_dies_with_its_instances():
    def use(thing):
        return thing.value

    def make():
        class Thing:
            def __init__(self):
                self.value = 3
        return Thing

    for _ in range(3):
        Thing = make()
        for _ in range(100):
            use(Thing())
        seen = weakref.ref(Thing)
        Thing = None
        gc.collect()
        check(seen(), None)


def live_temporaries_stay():
    """Values that instructions under way will still read."""
    class Node:
        def __init__(self, n):
            self.n = n

        def __del__(self):
            deaths.append(self.n)

    deaths = []

    def collecting(value):
        gc.collect()
        return value

    got = [Node(1), collecting(2), (Node(3), collecting(4)), {'a': Node(5), 'b': collecting(6)}]
    check(deaths, [])
    first, *rest = (collecting(Node(i)) for i in range(7, 10))
    check((first.n, [node.n for node in rest], deaths), (7, [8, 9], []))
    ordered = sorted([Node(12), Node(11)], key=lambda node: collecting(node).n)
    check([node.n for node in ordered], [11, 12])
    total = Node(20).n + collecting(1) + max(Node(21), Node(22), key=lambda node: collecting(node.n)).n
    check(total, 43)
    with_default = dict(key=Node(30), other=collecting(1))
    check(with_default['key'].n, 30)
    check(got[0].n + got[2][0].n + got[3]['a'].n, 9)


def variables_beyond_generators_stay():
    """A generator's registers are its own: what it calls begins within the window of the frame that resumed it."""
    def inner():
        keep, other = [99], [98]
        gc.collect()
        return keep, other

    def generator():
        yield inner()

    async def coroutine():
        return inner()

    def drive(awaitable):
        try:
            awaitable.send(None)
        except StopIteration as stop:
            return stop.value

    def outer():
        first = next(generator())
        second = max([1], key=lambda n: next(generator()))
        third = drive(coroutine())
        return [first, second, third, *[[1], [2], [3], [4], [5], [6], [7], [8], [9]], {1: [1], 2: [2], 3: [3], 4: [4], 5: [5]}]

    check(outer()[:3], [([99], [98]), 1, ([99], [98])])


def finalizers():
    class Lazarus:
        def __del__(self):
            back.append(self)

    back = []
    Lazarus()
    gc.collect()
    check(len(back), 1)
    assert gc.is_finalized(back[0])
    assert not gc.is_finalized(Lazarus)
    back.clear()
    gc.collect()
    check(back, [])


def questions():
    check(sorted(gc.get_referents([1, 3], {5: 7})), [1, 3, 5, 7])
    check(gc.get_referents(1, 'a', 4j), [])
    inner = []
    outer = [inner]
    assert any(r is outer for r in gc.get_referrers(inner))
    assert any(o is outer for o in gc.get_objects())
    check([gc.is_tracked(x) for x in (1, 'a', 1.5, b'a', object(), [], outer)], [False] * 5 + [True] * 2)
    for wrong, error in ((1000, ValueError), (-1000, ValueError), ('1', TypeError)):
        try:
            gc.get_objects(wrong)
        except error:
            pass
        else:
            raise AssertionError(wrong)


def callbacks_and_saving():
    calls = []

    def note(phase, info):
        calls.append((phase, info['generation']))

    gc.collect()
    gc.callbacks.append(note)
    gc.collect(2)
    gc.callbacks.remove(note)
    check(calls, [('start', 2), ('stop', 2)])
    cycle = []
    cycle.append(cycle)
    mark = id(cycle)
    gc.collect()
    gc.set_debug(gc.DEBUG_SAVEALL)
    del cycle
    gc.collect()
    gc.set_debug(0)
    assert any(id(o) == mark for o in gc.garbage)
    gc.garbage.clear()


def at_exit():
    """What __del__ prints at the end appears, in a pipe too."""
    code = """if 1:
        import threading
        class Last:
            def __del__(self):
                print('bye', local.x)
        local = threading.local()
        local.x = 5
        one = [Last()]
        one.append(one)
    """
    check(subprocess.run([sys.executable, '-c', code], capture_output=True, text=True).stdout, 'bye 5\n')


def collected_before_the_first_instruction():
    """A trace function's 'call' event, and finalizers that run where a function is entered, come before it."""
    def callee(a):
        return [a, (a, [a])][1][0] + sum([a, a])

    def generator(inner):
        got = [[1], (yield from inner), [(yield 2)]]
        return got

    def trace(frame, event, arg):
        events.add(event)
        gc.collect()
        return trace

    events = set()
    sys.settrace(trace)
    try:
        got = callee(2), list(generator(generator(iter([7, 8]))))
    finally:
        sys.settrace(None)
    check(got, (6, [7, 8, 2, 2]))
    assert events >= {'call', 'line', 'return'}, events

    class Late:
        def __del__(self):
            deaths.append(gc.collect())

    # Memory is taken by instructions alone, which do not poll: the finalizers run where the callee is entered.
    deaths = []
    for i in range(20000):
        if i % 1000 == 0:
            Late()
        check_sum = callee_of_lists([[[], [], [], []], [[], [], [], []], [[], [], [], []], i])
        if check_sum != i + 1:
            raise AssertionError((check_sum, i))
    assert deaths


def collected_while_a_global_is_stored():
    """A key of the globals that is no str is compared with the name by Python code, amid an assignment to two names."""
    class Key:
        def __hash__(self):
            return hash('first')

        def __eq__(self, other):
            compared.append(other)
            gc.collect()
            return False

    compared = []
    names = {Key(): 1, 'second': 0}
    exec("""if 1:
        def store(a):
            global first, second
            first = second = [a, [a]]
    """, names)
    names['store'](3)
    assert 'first' in compared
    check(names['second'], [3, [3]])
    check(names['first'], [3, [3]])


def callee_of_lists(lists):
    return [(lists[3], [lists]), 1][0][0] + [[1], lists][0][0]


for test in (count_cycles, dead_after_call, class_dies_with_its_instances, live_temporaries_stay, variables_beyond_generators_stay, finalizers, questions,
             callbacks_and_saving, collected_before_the_first_instruction,
             collected_while_a_global_is_stored, at_exit):
    test()
