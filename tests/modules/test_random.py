# The generator behind random; the expected output is CPython 3.11's.
def show(lines, names=globals()):
    for line in lines.strip().splitlines():
        try:
            try:
                code = compile(line, "<line>", "eval")
            except SyntaxError:
                exec(line, names)
                continue
            result = repr(eval(code, names))
        except Exception as e:
            result = type(e).__name__ + ": " + str(e)
        print(line, "->", result)

import _random
R = _random.Random
class Sub(R):
    def __new__(cls, *a, **k): return super().__new__(cls)
show("""
R(1).random(), R(0).random(), R(-5).random() == R(5).random(), R(12345678901234567890).random(), R(2**100).getrandbits(100), R(1.5).random()
r = R(42); [r.random() for i in range(5)], [r.getrandbits(k) for k in (1, 5, 31, 32, 33, 64, 100, 200)]
r.getrandbits(0), r.getrandbits(True)
r.getrandbits(-1)
r.getrandbits(1.5)
s = r.getstate(); len(s), s[-1], s[0], x := r.random(), r.setstate(s), r.random() == x
s = r.getstate(); x = r.random(); r.setstate(s), r.random() == x, len(s), s[:3], s[-1]
r.setstate((1, 2))
r.setstate([1])
r.setstate((1,) * 624 + (625,))
r.setstate((1,) * 624 + (-1,))
r.setstate((-1,) * 624 + (1,))
r.setstate((1,) * 624 + (624,)), r.random()
r.seed(7), r.random(), r.seed(b'x' and 7), r.random(), R(True).random() == R(1).random()
r.seed(1, 2)
r.seed([])
R(1, 2)
R(x=1)
R([])
0 <= R().random() < 1, R().random() != R().random(), Sub(1, x=2) is not None
""")
r = R(2024)
print(sum(r.random() for i in range(10000)), r.getrandbits(1000) % 1000003)
