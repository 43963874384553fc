"""Strings in kernels, and the edges of containers. Prints results and arguments as they are left."""
from cases import show


def strings(s):
    return (s + " world", len(s), s[1], s[-1], s == "hello", s[1:3], s[::-1], s.upper(), s.find("l"), s * 2, "ell" in s,
            s < "help", s != "x", s.replace("l", "LL"), s.startswith("he"), s.endswith(("lo", "x")), s.count("l"))


def text_methods(s):
    return (s.split(","), s.split(",", 1), s.rsplit(",", 1), s.strip(), s.title(), s.partition(","), s.rpartition(","),
            s.center(20, "*"), s.zfill(12), s.ljust(12) + "|", s.rjust(12), s.isalpha(), s.casefold(), s.swapcase(),
            s.splitlines(), s.lstrip(), s.rstrip("x"), s.index("b"), s.rfind("a"), s.capitalize())


def numbers_as_text(a, b, c):
    return str(a), str(b), str(c), int("-12") + a, float("1.5e3") + b, f"{a}:{b}:{c}", f"{a:5d}|{b:.2f}|{a:x}", repr("it's")


def characters(s):
    t = 0
    for c in s:
        t = t * 31 + ord(c)
    return t % 1000003, chr(8364), "".join([chr(ord(c) + 1) for c in s])


def chosen(mode, x):
    if mode == "double":
        return x * 2
    elif mode == "half":
        return x / 2
    return x + 0.0


def bad_index(a, i):
    return a[i]


def resized(d):
    for k in d:
        d[k + 1] = 0
    return d


def popped_empty(a):
    a.clear()
    return a.pop()


def empty(a):
    a.append(2.5)
    return a


def never_filled(n):
    a = []
    for x in a:
        n += 1
    return a, n, len(a)


show(strings, "hello")
show(text_methods, " ab,bc,ca ")
show(numbers_as_text, 3, 4.5, True)
show(characters, "héllo €")
show(chosen, "double", 3.0)
show(chosen, "half", 3.0)
show(chosen, "?", 3.0)
show(bad_index, [1, 2], 2)
show(bad_index, [1, 2], -3)
show(resized, {1: 1})
show(popped_empty, [1])
show(empty, [])
show(never_filled, 3)
