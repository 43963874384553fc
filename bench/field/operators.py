"""Every operator with its precedence, on negative and mixed operands; chaining and short circuit."""
import itertools
import operator

values = [7, -7, 2, -2, 3.5, -3.5, 2.0, True, 0, 10**20, -(10**20), 1.5 + 2j]
binary = "add sub mul truediv floordiv mod pow lshift rshift and_ or_ xor lt le gt ge eq ne".split()
for name in binary:
    f = getattr(operator, name)
    row = []
    for a, b in itertools.product(values, repeat=2):
        if name == "lshift" and isinstance(b, int) and b > 1000 or name == "pow" and abs(b) > 1000:
            continue
        try:
            r = f(a, b)
            row.append(f"{r!r:.40}")
        except Exception as e:
            row.append(f"{type(e).__name__}: {e}")
    print(name, " | ".join(row))
for name in ("neg", "pos", "abs", "invert", "not_", "truth", "index"):
    row = []
    for a in values:
        try:
            row.append(repr(getattr(operator, name)(a)))
        except Exception as e:
            row.append(f"{type(e).__name__}: {e}")
    print(name, " | ".join(row))
print(-2**2, (-2) ** 2, 2**-1, 2**3**2, -7 // 2, -7 % 3, 7 // -2, 7 % -3, -7.5 // 2, -7.5 % 2, divmod(-7, 2), divmod(7.5, -2))
print(1 + 2 * 3 - 4 / 5, 7 & 3 | 8 ^ 1, 1 << 2 + 1, ~5 & 0xF, not 1 == 2, 1 < 2 < 3 > 2 != 5, 3 > 2 == 2, 5 - -3)
print(1 if 0 else 2 if 0 else 3, [] or 0 or "last", 1 and [] and 2, (lambda: 1)() or 2, not [] is not None)


def show(x):
    print("evaluated", x, end="; ")
    return x


print(show(1) < show(3) < show(2) < show(9))
print(show(0) and show(1) or show(2))
print(show(1) in [show(1), show(2)] is not show(None))
x = 5
x += 3
x *= 2
x -= 1
x //= 2
x **= 2
x %= 10
x <<= 3
x |= 1
x ^= 3
x &= 0xFF
x >>= 1
x /= 3
print(x, round(2.5), round(3.5), round(-2.5), round(1234.567, -2), round(1234, -2), int(-3.9), 0.1 + 0.2)
print("ab" * 3, [1] * 2 + [2], "b" in "abc", (1, 2) < (1, 3), "a" < "b" <= "b", [1, [2]] == [1, [2]], {1} <= {1, 2})
print("%s %d %05.2f %x %r" % ("s", 5, 3.14159, 255, "q"), "%%" % (), "{:>5}|{:<5}|{:^5}|{:+d}".format(1, 2, 3, 4))


class Vector:
    def __init__(self, *c):
        self.c = c

    def __add__(self, o):
        return Vector(*map(operator.add, self.c, o.c)) if isinstance(o, Vector) else NotImplemented

    def __mul__(self, k):
        return sum(map(operator.mul, self.c, k.c)) if isinstance(k, Vector) else Vector(*(x * k for x in self.c))

    __rmul__ = __mul__

    def __matmul__(self, o):
        return "matmul"

    def __neg__(self):
        return self * -1

    def __getitem__(self, i):
        return self.c[i]

    def __eq__(self, o):
        return isinstance(o, Vector) and self.c == o.c

    def __bool__(self):
        return any(self.c)

    def __repr__(self):
        return f"Vector{self.c}"


v, w = Vector(1, 2), Vector(3, -4)
print(v + w, v * w, 3 * v, -v, v @ w, v == Vector(1, 2), v != w, bool(Vector(0, 0)), v[1], [*v])
try:
    v + 1
except TypeError as e:
    print(e)
