"""Lists, dicts, sets and strings in kernels: made, changed, passed in and out. Prints results and arguments as they are left."""
from cases import show


def appended(n):
    a = []
    for i in range(n):
        a.append(i * i)
    return a


def comprehension(n):
    a = [i * 2.5 for i in range(n) if i % 2]
    return a, len(a), a[0], a[-1]


def argument(a):
    a.append(10)
    a[0] = 7
    s = 0
    for x in a:
        s += x
    return s


def nested(n):
    a = [[i * j for j in range(i)] for i in range(n)]
    a[1].append(5)
    return a, a[3][2]


def nested_argument(a):
    a[0].append(1.5)
    a.append([2.5])
    return len(a), a[0]


def same_object(a, b):
    a.append(1)
    return b


def slices(a):
    b = a[1:4]
    c = a[::-1]
    d = a[-2:]
    a[1:3] = [7, 8, 9]
    del a[0]
    del a[1:2]
    return a, b, c, d


def methods(a):
    a.insert(1, 99)
    a.insert(-100, 98)
    a.extend([4, 5])
    a += [6]
    a.remove(99)
    a.reverse()
    x = a.pop()
    y = a.pop(1)
    return a, x, y, a.index(4), a.count(5), 5 in a, 77 in a, a + [1], a * 2, a == a.copy(), a < [100], a != [1]


def sorting(a):
    b = sorted(a, reverse=True)
    a.sort()
    return a, b, sorted(a), max(a), min(a), sum(a)


def of_tuples(n):
    a = [(i, i * 0.5) for i in range(n)]
    total = 0.0
    for i, x in a:
        total += i * x
    return a, total, a[1][1]


def of_strings(a):
    a.append("end")
    n = 0
    for s in a:
        n += len(s)
    return ", ".join(a), n, "b" in a, sorted(a)


def iteration(a):
    r = 0.0
    for i, x in enumerate(a):
        r += i * x
    for x, y in zip(a, a[1:]):
        r += x * y
    return r, any([x > 1 for x in a]), all([x > 1 for x in a]), [x for x in reversed(a)]


def grows_while_iterated(a):
    for x in a:
        if x < 5:
            a.append(x + 1)
    return a


def unpacking(a):
    x, y, z = a
    return x + y * z


def dicts(n):
    d = {}
    for i in range(n):
        d[i] = i * 1.5
    t = 0.0
    for k, v in d.items():
        t += k * v
    d[1] += 10
    del d[0]
    return d, t, d[1], 5 in d, d.get(7, -1.0), d.get(77), len(d), d.pop(2), d.setdefault(50, 2.5), list(d.keys()), list(d.values())


def words(text):
    count = {}
    for w in text.split():
        if w in count:
            count[w] += 1
        else:
            count[w] = 1
    return count


def dict_argument(d):
    d["new"] = 1
    d["a"] += 5
    d.pop("b")
    return sum(d.values())


def dict_of_lists(n):
    d = {}
    for i in range(n):
        k = i % 3
        if k not in d:
            d[k] = [0]
        d[k].append(i)
    return d


def tuple_keys(n):
    d = {(i, i % 2): i for i in range(n)}
    return d[(3, 1)], (4, 0) in d, (4, 1) in d, d == d.copy()


def popitem(d):
    r = []
    while d:
        r.append(d.popitem())
    return r


def sets(n):
    s = set()
    for i in range(n):
        s.add(i * 7 % 10)
    s.discard(100)
    s.remove(3)
    return s, 3 in s, len(s), s | {100}, s - {1, 2}, s & {4, 5}, s ^ {4, 11}, s == {1}, s <= s, {1, 2} < {1, 2, 3}


def set_argument(s):
    s.add(50)
    s.discard(1)
    s |= {7, 8}
    return len(s)


def set_pop(s):
    r = [s.pop()]
    s.add(77)
    r.append(s.pop())
    s.add(1)
    while s:
        r.append(s.pop())
    return r


def set_order(n):
    s = {i * i * 7919 % 1000 for i in range(n)}
    return [x for x in s]


show(appended, 5)
show(comprehension, 6)
show(argument, [1, 2, 3])
show(nested, 4)
show(nested_argument, [[1.0], [2.0]])
shared = [5, 6]
show(same_object, shared, shared)
show(slices, [1, 2, 3, 4, 5, 6])
show(methods, [1, 2, 3])
show(sorting, [5, 2, 9, 1, 7, 7, 3, 0, 8, 11, -4, 6, 2])
show(of_tuples, 4)
show(of_strings, ["a", "b", "ab"])
show(iteration, [1.0, 2.5, 4.0])
show(grows_while_iterated, [1, 3])
show(unpacking, [2, 3, 4])
show(unpacking, [2, 3])
show(dicts, 6)
show(words, "the cat and the dog and the bird")
show(dict_argument, {"a": 1, "b": 2})
show(dict_of_lists, 8)
show(tuple_keys, 6)
show(popitem, {1: 2.5, 3: 4.5})
show(sets, 20)
show(set_argument, {1, 2, 3})
show(set_pop, {5, 1, 9, 33, 40})
show(set_order, 30)
