# cmath; the expected output is CPython 3.11's.
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

import cmath
from cmath import *
inf, nan = float("inf"), float("nan")
class C:
    def __complex__(self): return 1 + 2j
def number(x):
    # Ten digits; the sign of a NaN or of a zero part that the standard leaves open is not shown.
    if x != x: return "nan"
    return "%.10g" % (x if x else abs(x)) if abs(x) != inf else repr(x)
def value(v):
    if isinstance(v, complex): return "(" + number(v.real) + "," + number(v.imag) + ")"
    if isinstance(v, float): return number(v)
    if isinstance(v, tuple): return [value(x) for x in v]
    return v
for f in (acos, acosh, asin, asinh, atan, atanh, cos, cosh, exp, log, log10, phase, polar, sin, sinh, sqrt, tan, tanh, isfinite, isinf, isnan):
    row = []
    for z in (0, 1, -1, 1j, -1j, 0.5, 2, -2.5, 3 + 4j, -3 - 4j, 0.1 - 0.2j, 1e-5 + 1e-5j, 700 + 1j):
        try:
            row.append(value(f(z)))
        except (ValueError, OverflowError) as e:
            row.append(type(e).__name__[0] + ":" + str(e))
    print(f.__name__, row)
for f in (cos, cosh, exp, sin, sinh, tan, tanh, sqrt, acos, asin, atanh):
    for re in (inf, -inf, nan, 0, 1):
        row = []
        for im in (inf, -inf, nan, 0, 1):
            try:
                row.append(value(f(complex(re, im))) if f in (exp, cosh) else isinstance(f(complex(re, im)), complex))
            except (ValueError, OverflowError) as e:
                row.append(type(e).__name__[0] + ":" + str(e))
        print(f.__name__, re, row)
for r in (0, -0.0, 1, -2, inf, -inf, nan):
    row = []
    for phi in (0, -0.0, 1, 3, inf, nan):
        try:
            row.append(value(rect(r, phi)))
        except ValueError as e:
            row.append(str(e))
    print("rect", r, row)
show("""
sin('x')
sin()
sin(1, 2)
exp(1000)
cosh(1000)
log(0)
log(2, 0)
log(2, 1)
log10(0)
atanh(1)
atanh(-1)
value(log(8, 2)), value(log(-1)), value(log(1j, 2)), value(exp(C())), value(sqrt(-4)), value(log(10**400)) if False else 0
polar(3 + 4j), phase(-1), rect(1, 0), value(rect(2, cmath.pi))
rect('x', 1)
rect(1, inf)
polar(1.5e308 + 1.5e308j)
isclose(1, 1 + 1e-10j), isclose(1j, 2j), isclose(inf, inf), isclose(1, 2, rel_tol=0.6), isclose(0, 1e-10j, abs_tol=1e-9), isclose(nan, nan), isclose(complex(1, inf), complex(1, inf))
isclose(1, 2, rel_tol=-1)
pi, e, tau, inf, nan, infj, cmath.nanj
""")
