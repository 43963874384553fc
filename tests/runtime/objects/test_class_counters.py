"""Class attributes that are exchanged all the time are read right wherever a cache may hold them."""


class Base:
    n = 0
    __hash__ = None


class Derived(Base):
    pass


def read():
    d = Derived()
    seen = []
    for i in range(60):
        Base.n += 1
        if i == 30:
            Derived.n = 500
        if i > 40:
            Derived.n += 1
        if i == 50:
            del Derived.n
            Base.n = property(lambda self: "property")
            seen.append(("class", d.n))
            Base.n = 3
            Derived.n = 7
        seen.append((Base.n, Derived.n, d.n, getattr(d, "n"), getattr(Base, "n")))
    return seen


seen = read()
assert seen[0] == (1, 1, 1, 1, 1) and seen[29] == (30,) * 5
assert seen[30] == (31, 500, 500, 500, 31) and seen[41] == (42, 501, 501, 501, 42)
assert seen[50] == ("class", "property") and seen[51] == (3, 7, 7, 7, 3)
assert seen[-1] == (12, 16, 16, 16, 12)


class Meta(type):
    count = 0


class Made(metaclass=Meta):
    pass


values = []
for i in range(30):
    Meta.count += 1
    if i == 20:
        Made.count = 4
    if i > 22:
        Made.count += 2
    values.append((Made.count, Meta.count))
assert values[19] == (20, 20) and values[20] == (4, 21) and values[29] == (18, 30)

for i in range(20):
    Base.n = i
Base.__hash__ = lambda self: 4
assert hash(Base()) == hash(Derived()) == 4
Base.__hash__ = None
try:
    hash(Derived())
except TypeError:
    pass
else:
    raise AssertionError


class Switch:
    flag = False

    def on(self):
        return self.flag


s, found = Switch(), []
for i in range(40):
    Switch.flag = not Switch.flag
    if i == 35:
        s.flag = "own"
    found.append(s.on())
assert found[:4] == [True, False, True, False] and found[33:36] == [False, True, "own"]
