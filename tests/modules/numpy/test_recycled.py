"""Results that somebody still holds are never made anew in place (modules/numpy/recycle.c, runtime/vm/temporaries.c).

Each function makes arrays with one instruction several times and keeps some of them in a way of its own; what was kept
must be what arithmetic says. Passes under CPython with NumPy, too."""
import gc
import sys
import threading
import traceback

import numpy as np

N = 1000
BASE = np.arange(N, dtype=float)


def check(kept, first=0):
    for i, x in enumerate(kept, first):
        assert (np.asarray(x) == BASE[:len(x)] + i).all(), (i, x[:3])


def by_list(n):
    kept = []
    for i in range(n):
        x = BASE + i
        kept.append(x)
    return kept


def by_view(n):
    return [(BASE + i)[:] for i in range(n)]


def by_view_of_variable(n):
    kept = []
    for i in range(n):
        x = BASE + i
        y = x[:500]
        kept.append(y)
    return kept


def by_transposition(n):
    kept = []
    for i in range(n):
        x = BASE + i
        y = x.T
        kept.append(y)
    return kept


def by_other_variable(n):
    a = b = c = d = None
    for i in range(n):
        d = c
        c = b
        b = a
        a = BASE + i
    check([d, c, b, a], n - 4)


def by_dictionary(n):
    kept = {}
    for i in range(n):
        x = BASE + i
        kept[i] = x
    return list(kept.values())


def by_attribute(n):
    class Box:
        pass

    boxes = []
    for i in range(n):
        box = Box()
        x = BASE + i
        box.x = x
        boxes.append(box)
    return [box.x for box in boxes]


def by_cell(n):
    made = []

    def holder():
        def get():
            return x
        x = BASE + len(made)
        return get

    for _ in range(n):
        made.append(holder())
    return [get() for get in made]


def by_default(n):
    made = []
    for i in range(n):
        x = BASE + i
        made.append(lambda y=x: y)
    return [f() for f in made]


def by_generator(n):
    for i in range(n):
        x = BASE + i
        yield x


def by_comprehension(n):
    return [BASE + i for i in range(n)]


def by_tuple(n):
    kept = ()
    for i in range(n):
        x = BASE + i
        kept += (x,)
    return kept


def by_return(i):
    x = BASE + i
    return x


def by_locals(n):
    kept = []
    for i in range(n):
        x = BASE + i
        kept.append(locals().copy())
    return [d["x"] for d in kept]


def by_frame(n):
    frame, kept = sys._getframe(), []
    for i in range(n):
        x = BASE + i
        kept.append(dict(frame.f_locals)["x"])
    return kept


def failing(i):
    x = BASE + i
    raise ValueError(x.sum())


def by_traceback(n):
    kept = []
    for i in range(n):
        try:
            failing(i)
        except ValueError as e:
            kept.append(e.__traceback__)
    return [t.tb_next.tb_frame.f_locals["x"] for t in kept]


class Keeper:
    """An operand whose Python operators keep the other one."""
    __array_ufunc__ = None

    def __init__(self):
        self.kept = []

    def __radd__(self, other):
        self.kept.append(other)
        return 0

    __rmul__ = __add__ = __gt__ = __lt__ = __radd__

    def __getitem__(self, key):
        self.kept.append(key)


def by_operator(n):
    keeper = Keeper()
    for i in range(n):
        x = BASE + i
        x + keeper
    return keeper.kept


def by_left_operator(n):
    keeper = Keeper()
    for i in range(n):
        x = BASE + i
        keeper + x
    return keeper.kept


def by_comparison(n):
    keeper = Keeper()
    for i in range(n):
        x = BASE + i
        x < keeper
    return keeper.kept


def by_key(n):
    keeper = Keeper()
    for i in range(n):
        x = BASE + i
        keeper[x]
    return keeper.kept


def by_alias(n):
    kept = []
    for i in range(n):
        x = BASE + i
        kept.append(list[x])
    return [alias.__args__[0] for alias in kept]


def by_value_of_item(n):
    kept = [None] * n
    for i in range(n):
        x = BASE + i
        kept[i] = x
    return kept


def by_inplace(n):
    kept = []
    for i in range(n):
        x = BASE + i
        y = x
        y += 0
        kept.append(y)
    return kept


def by_iteration(n):
    kept = []
    for i in range(n):
        x = (BASE + i).reshape(1, N)
        for row in x:
            kept.append(row)
    return kept


def by_recursion(depth, i=0):
    x = BASE + i
    if i + 1 < depth:
        rest = by_recursion(depth, i + 1)
        assert (x == BASE + i).all()
        return [x] + rest
    return [x]


def in_handler(n):
    x = np.full(N, 7.0)
    one, zero = np.ones(N), np.zeros(N)
    with np.errstate(divide="raise"):
        for i in range(n):
            try:
                x = one / (zero if i % 2 else one)
            except FloatingPointError:
                assert (x == 1).all()


def natives(n):
    kept = []
    for i in range(n):
        for make in (np.zeros, np.ones, np.empty):
            x = make(N)
            x[:] = BASE
            x += i
            kept.append(x)
        x = np.concatenate((BASE[:10] + i, BASE[10:] + i))
        kept.append(x)
        x = np.where(BASE > -1, BASE + i, BASE)
        kept.append(x)
        x = (BASE + i).copy()
        kept.append(x)
        x = (BASE + i).astype(float)
        kept.append(x)
        index = np.arange(N)
        x = (BASE + i)[index]
        kept.append(x)
        x = (BASE + i)[BASE > -1]
        kept.append(x)
    for i, x in enumerate(kept):
        assert (x == BASE + i // 9).all(), i


def zeros_are_zeros(n):
    for i in range(n):
        x = np.zeros(N)
        assert not x.any()
        x += 5


def fresh_keys(n):
    total = 0
    for i in range(n):
        mask = BASE < i
        total += BASE[mask].size + BASE[BASE < i].size
    assert total == n * (n - 1)


def by_exec(n):
    kept = []
    for i in range(n):
        space = {"BASE": BASE, "i": i, "kept": kept}
        exec("def f():\n    x = BASE + i\n    return x\nkept.append(f())", space)
        if i % 5 == 0:
            gc.collect()
    return kept


def in_threads(n):
    results = [None] * 4

    def run(k):
        kept = []
        for i in range(n):
            x = BASE + i
            y = BASE + i * 2
            if i % 3 == 0:
                kept.append((i, x))
            assert (y == BASE + 2 * i).all()
        results[k] = kept

    threads = [threading.Thread(target=run, args=(k,)) for k in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    for kept in results:
        for i, x in kept:
            assert (x == BASE + i).all()


def deep(n):
    """Both branches of a loop hand the value on by other ways."""
    kept = []
    for i in range(n):
        x = BASE + i
        if i % 2:
            y = x
        else:
            y = None
        x = None
        if y is not None:
            kept.append((i, y))
    for i, y in kept:
        assert (y == BASE + i).all()


for function in (by_list, by_view, by_transposition, by_dictionary, by_attribute, by_cell, by_default, by_comprehension,
                 by_tuple, by_locals, by_frame, by_traceback, by_operator, by_left_operator, by_comparison, by_key, by_alias,
                 by_value_of_item, by_inplace, by_iteration, by_exec, by_view_of_variable, by_recursion):
    for _ in range(3):
        check(function(12))
check([by_return(i) for i in range(12)])
check(list(by_generator(12)))
for function in (by_other_variable, in_handler, natives, zeros_are_zeros, fresh_keys, in_threads, deep):
    function(12)
    function(40)
