import math

import numpy as np
import numpy.polynomial.polynomial

from cases import case

v = np.arange(-6, 7)
f = v * 0.75
q = np.array([1.0, -2.0, 0.5, 0.0])

case("divmod", lambda a: (np.divmod(a, 4), np.divmod(a, -4)), v)
case("modf", lambda a: np.modf(a), np.array([1.5, -2.25, 3.0, np.inf, -np.inf]))
case("float_power", lambda a: np.float_power(a, 2), v)
case("heaviside", lambda a: np.heaviside(a, 0.5), f)
case("spacing", lambda a: np.spacing(a), f)
case("gcd lcm", lambda a: (np.gcd(a, 4), np.lcm(a, 4), np.gcd(12, 18), np.lcm(4, 6)), v)
case("round", lambda a: (np.round(a), np.around(a, 1), a.round(2), np.round(2.675, 2), np.round(a * 10, -1)), f)
case("rounding", lambda a: (np.floor(a), np.ceil(a), np.trunc(a), np.rint(a), np.fix(a)), f)
case("signs", lambda a: (np.sign(a), np.signbit(a), np.copysign(a, -1.0), np.positive(a), np.negative(a), np.fabs(a)), f)
case("compare", lambda a: (np.maximum(a, 0), np.minimum(a, 1.5), np.fmax(a, np.nan), np.fmin(np.nan, a), np.clip(a, -1, 2)), f)
case("logic", lambda a: (np.logical_and(a > 0, a < 3), np.logical_or(a < 0, a > 3), np.logical_xor(a > 0, a > 2), np.logical_not(a)), v)
case("bits", lambda a: (a & 3, a | 4, a ^ 5, ~a, a << 2, a >> 1, np.bitwise_and(a, 6), np.invert(a)), v)
case("square", lambda a: (np.square(a), np.reciprocal(a + 0.1), np.sqrt(np.abs(a)), np.hypot(a, 3 * a)), f)
case("integers", lambda a: (a // 4, a % 4, a ** 2, a / 4, np.power(a, 3), np.fmod(a, 4)), v)
case("interp", lambda x, a, b: (np.interp(x, a, b), np.interp(0.3, a, b), np.interp(x, a, b, left=-1.0, right=9.0)),
     np.arange(-2.0, 3.0, 0.4), np.array([-1.0, 0.0, 1.5]), np.array([3.0, 4.0, -2.0]))
case("convolve", lambda a, b: (np.convolve(a, b), np.convolve(a, b, "same"), np.convolve(a, b, mode="valid"), np.correlate(a, b),
                               np.correlate(a, b, "full")), f, q)
case("gradient", lambda a: (np.gradient(a), np.gradient(a, 0.5)), f * f)
case("bartlett", lambda: (np.bartlett(7), np.bartlett(1)))
case("polyval", lambda p, x: (np.polyval(p, x), np.polyval(p, 2.0)), q, f)
case("polynomial", lambda a, b: (np.polynomial.polynomial.polyadd(a, b), np.polynomial.polynomial.polysub(a, b), np.polynomial.polynomial.polymul(a, b),
                                 np.polynomial.polynomial.polyval(2.0, a), np.polynomial.polynomial.polyint(a)), q, f[:3])
case("polydiv", lambda a, b: np.polynomial.polynomial.polydiv(a, b), np.array([1.0, -3.0, 0.5, 2.0]), np.array([2.0, 4.0]))
case("math", lambda x: (math.floor(x), math.ceil(x), math.trunc(x), math.fabs(x), math.copysign(x, 1.0), math.fmod(x, 2.0), math.modf(x), math.frexp(x),
                        math.ldexp(x, 3), math.isnan(x), math.isinf(x), math.isfinite(x), math.gcd(12, 18), math.degrees(0.0), math.remainder(x, 2.0)), -7.25)
case("kaiser", lambda: np.kaiser(1, 2.0))
