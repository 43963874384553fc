"""Loops over enumerate, zip and items() whose pairs are taken apart at once."""


def raises(exception, text, function):
    try:
        function()
    except exception as e:
        assert str(e) == text, str(e)
    else:
        raise AssertionError(text)


def loop(pairs):
    seen = []
    for a, b in pairs:
        seen.append((a, b))
    return seen


# one loop meets all kinds, so that it changes its mind
for run in range(3):
    assert loop(enumerate("abc", 5)) == [(5, "a"), (6, "b"), (7, "c")]
    assert loop(zip("ab", [1, 2, 3])) == [("a", 1), ("b", 2)]
    assert loop({1: 2, 3: 4}.items()) == [(1, 2), (3, 4)]
    assert loop(reversed({1: 2, 3: 4}.items())) == [(3, 4), (1, 2)]
    assert loop([(1, 2), "xy", [3, 4]]) == [(1, 2), ("x", "y"), (3, 4)]
    assert loop((i, i) for i in range(2)) == [(0, 0), (1, 1)]
    assert loop(map(divmod, [7, 8], [2, 3])) == [(3, 1), (2, 2)]
    assert loop(enumerate([])) == loop(zip([], [1])) == loop({}.items()) == []
    raises(ValueError, "too many values to unpack (expected 2)", lambda: loop(zip([1], [2], [3])))
    raises(ValueError, "not enough values to unpack (expected 2, got 1)", lambda: loop(zip([1])))
    raises(ValueError, "zip() argument 2 is shorter than argument 1", lambda: loop(zip("abc", "ab", strict=True)))
    raises(ValueError, "zip() argument 2 is longer than argument 1", lambda: loop(zip("ab", "abc", strict=True)))

# the pair itself is wanted too
assert [(t, a) for t in zip("ab", "cd") for a, b in [t]] == [(("a", "c"), "a"), (("b", "d"), "b")]
kept = []
for t in enumerate("xy"):
    a, b = t
    kept.append((t, a, b))
assert kept == [((0, "x"), 0, "x"), ((1, "y"), 1, "y")]
assert {k: v for k, v in {1: 2}.items()} == {1: 2} and [a + b for a, b in zip([1, 2], [3, 4])] == [4, 6]
assert [(i, a, b) for i, (a, b) in enumerate(zip("ab", "cd"))] == [(0, "a", "c"), (1, "b", "d")]
assert sorted((a, b) for a, b in zip(range(3), range(3))) == [(0, 0), (1, 1), (2, 2)]


# targets keep their values when the next pair does not come
def broken():
    yield 1
    raise KeyError("broken")


def leaves(pairs):
    a = b = None
    try:
        for a, b in pairs:
            pass
    except KeyError as e:
        return a, b, str(e)
    return a, b


for run in range(3):
    assert leaves(enumerate(broken())) == (0, 1, "'broken'")
    assert leaves(zip("abc", broken())) == ("a", 1, "'broken'")
    assert leaves(zip(broken(), "abc")) == (1, "a", "'broken'")
    assert leaves(zip("abc", "de")) == ("b", "e")


def grows():
    d = {i: i for i in range(5)}
    for k, v in d.items():
        d[k + 100] = v


for run in range(3):
    raises(RuntimeError, "dictionary changed size during iteration", grows)


def stored():
    class Place:
        pass

    place, items = Place(), [0, 0]
    for place.key, items[1] in enumerate("ab"):
        pass
    return place.key, items


assert stored() == stored() == (1, [0, "b"])


def suspended():
    for a, b in zip("ab", "cd"):
        yield a
        yield b


assert list(suspended()) == list(suspended()) == ["a", "c", "b", "d"]
big = enumerate("ab", 2**49 - 1)
assert loop(big) == [(2**49 - 1, "a"), (2**49, "b")]
