"""zip, enumerate, unzip with *, slices, every method of sets; lists, dicts and strings in everyday use."""
names, ages, towns = ["Ada", "Bob", "Cy"], (36, 25, 41), ["Rome", "Oslo"]
print(list(zip(names, ages)), list(zip(names, towns)), dict(zip(names, ages)))
pairs = [(1, "a"), (2, "b"), (3, "c")]
numbers, letters = zip(*pairs)
print(numbers, letters, [*zip(*[(1, 2), (3, 4)])], list(enumerate("xy", start=5)))
try:
    list(zip([1, 2], [1], strict=True))
except ValueError as e:
    print(e)
first, *middle, last = range(6)
(a, b), c = (1, 2), 3
print(first, middle, last, a, b, c, [*"ab", *range(2)], {**{"k": 1}, "l": 2})
for i, (name, age) in enumerate(sorted(zip(names, ages), key=lambda p: -p[1]), 1):
    print(f"{i}. {name:<5}|{age:>4}", end=" ")
print()
s, t = {1, 2, 3, 4}, {3, 4, 5}
print(s | t, s & t, s - t, s ^ t, s.union(t, [9]), s.intersection(t, [4]), s.difference(t, [1]), s.symmetric_difference(t))
print(s.issubset(range(9)), s.issuperset([1]), s.isdisjoint({8}), s <= {1, 2, 3, 4}, s < s, 3 in s)
u = s.copy()
u.add(10)
u.discard(99)
u.remove(1)
u.update([20], (30,))
u.intersection_update(range(25))
u.difference_update([2])
u.symmetric_difference_update({3, 100})
print(sorted(u), len(u), u.pop() in {4, 10, 20, 100}, len(u))
u.clear()
print(u, frozenset([1, 2]) | {3}, {frozenset([1]): "key"}[frozenset([1])], {x % 3 for x in range(10)})
try:
    s.remove(77)
except KeyError as e:
    print("KeyError", e)
s |= {7}
s -= {1}
s &= {2, 3, 7}
s ^= {2}
print(sorted(s))
items = [5, 3, 8, 1]
items.sort(reverse=True)
items.insert(1, 9)
items.extend([2, 2])
print(items, items.index(8), items.count(2), items.pop(), items.pop(0), items[::-1], items[1:-1:2], sorted(items), sum(items))
items[1:3] = [7, 7, 7]
del items[0]
print(items, list(reversed(items)), [x * y for x in range(3) for y in range(3) if x != y], min(items), max(items), any([]), all([]))
d = {"b": 2, "a": 1}
d.setdefault("c", []).append(3)
d |= {"z": 26}
print(d, d.get("q", 0), d.pop("b"), d.popitem(), list(d.items()), {v: k for k, v in {"x": 1}.items()}, "a" in d)
print(dict.fromkeys("ab", 0), sorted(d, key=str), d.keys() & {"a"}, [*map(pow, [2, 3], [3, 2])], list(filter(None, [0, 1, "", "x"])))
text = "  The quick, brown fox  "
print(text.strip().split(", "), text.title().strip(), text.replace(" ", "_"), "fox" in text, text.find("q"), text.count("o"))
print("a-b-c".split("-", 1), "-".join("abc"), "abc".center(9, "*"), "42".zfill(5), "abc".isalpha(), "x=1".partition("="), "AbC".swapcase())
print("tabs\tand\nlines".expandtabs(4).splitlines(), "caf\u00e9".encode(), b"caf\xc3\xa9".decode(), "%.3e" % 12345.678, ascii("\u00e9"))
