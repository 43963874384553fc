"""prange loops whose iterations change one container run serially: the order is that of range(), and nothing is torn."""
import numpy as np
from numba import njit, prange


@njit(parallel=True)
def comprehension(x):
    return [len(x[i]) for i in prange(len(x))]


@njit(parallel=True)
def appended(n):
    items = [0]
    for i in prange(n):
        items.append(i * i)
    return items


@njit
def put(items, x):
    items.append(x)
    items.extend([x + 1])


@njit(parallel=True)
def through_a_call(n):
    items = [0]
    for i in prange(n):
        put(items, i)
    return items


@njit(parallel=True)
def counted(n):
    counts = {0: 0}
    seen = {0}
    for i in prange(n):
        counts[i % 7] = i
        seen.add(i % 5)
    return counts, sorted([s for s in seen])


@njit(parallel=True)
def own_lists(n):
    out = np.zeros(n)
    for i in prange(n):
        items = [0.0]
        for j in range(i % 5):
            items.append(j * 0.5)
        out[i] = sum(items)
    return out


@njit(parallel=True)
def inner(n):
    groups = [[0], [0], [0]]
    for i in prange(n):
        groups[i % 3].append(i)
    return groups


N = 20000
for _ in range(3):
    assert comprehension([np.zeros(i % 13) for i in range(2000)]) == [i % 13 for i in range(2000)]
    assert appended(N) == [0] + [i * i for i in range(N)]
    assert through_a_call(500) == [0] + [x for i in range(500) for x in (i, i + 1)]
    assert counted(N) == ({k: max(range(k, N, 7)) for k in range(7)}, [0, 1, 2, 3, 4])
    assert (own_lists(N) == own_lists.py_func(N)).all()
    assert inner(3000) == [[0] + list(range(k, 3000, 3)) for k in range(3)]
