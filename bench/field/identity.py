"""Identity and equality: small ints, interned strings, singletons, mutable and immutable objects, default arguments."""

a, b = 256, 256
print(a is b, int("256") is int("256"), int("-5") is int("-5"))
x = 7
y = x
y += 1
print(x, y, id(x) == id(7), id(x) == id(y))
print("".join(["a", "b"]) == "ab", tuple() is tuple([]), None is type(None)(), True is (1 == 1), ... is Ellipsis)
print(1 == 1.0 == True, hash(1) == hash(1.0) == hash(True), {1: "int", 1.0: "float", True: "bool"})
first = [1, 2, 3]
second = first
third = first[:]
second.append(4)
print(first, third, first is second, first is third, first == third + [4])


def collect(item, into=[]):
    into.append(item)
    return into


print(collect(1), collect(2), collect(3, []), collect.__defaults__)
nested = [[0] * 3] * 2
nested[0][1] = 5
print(nested, [[0] * 3 for _ in range(2)])
t = ([1], 2)
try:
    t[0] += [3]
except TypeError as e:
    print(e, t)
nan = float("nan")
print(nan == nan, nan is nan, nan in [nan], [nan] == [nan])
s = "text"
print(id(s) == id(s[:]), s[:] is s, s + "" == s)
big = 10**20
print(big == 10**20, big is big, big.__class__, (big + 1) - 1 == big)
