# The six bases against their definitions and against each other. Expected output: NumPy 1.24.2 on CPython 3.11.
import numpy as np
from numpy.polynomial import (Chebyshev, Hermite, HermiteE, Laguerre, Legendre, Polynomial, chebyshev, hermite, hermite_e,
                              laguerre, legendre, polynomial)


def show(*values):
    print(*[np.array2string(np.round(np.asarray(v), 9) + 0.0, separator=',') if not isinstance(v, str) else v for v in values])


x = np.linspace(-0.9, 1.1, 4)
for m, p in ((polynomial, 'poly'), (chebyshev, 'cheb'), (legendre, 'leg'), (hermite, 'herm'), (hermite_e, 'herme'), (laguerre, 'lag')):
    def f(name):
        return getattr(m, p + name)
    a, b = [1., 2., -3., 0.5], [2., 0., 1.]
    show(p, f('add')(a, b), f('sub')(a, b), f('mul')(a, b), *f('div')(a, b), f('pow')(b, 3), f('mulx')(a))
    show('val', f('val')(x, a), f('val2d')(x, x, np.arange(6.).reshape(2, 3)), f('grid2d')(x[:2], x, np.arange(6.).reshape(2, 3)))
    show('der', f('der')(a), f('der')(a, 2, scl=3), 'int', f('int')(a), f('int')(a, 2, k=[1, 2], lbnd=-1, scl=2))
    show('vander', f('vander')(x, 4), f('vander2d')(x[:2], x[:2], [1, 2]))
    show('roots', f('roots')([1., -2., -0.5, 0.3]), f('fromroots')([-1, 0.5, 2]), f('companion')([1., 2., 3., 4.]), f('line')(1, 2))
    y = f('val')(x, a)
    show('fit', f('fit')(x, y, 3), f('fit')(x, y, [0, 2]), f('trim')([1, 2, 1e-9, 0], 1e-6))
    if p != 'poly':
        show('convert', getattr(m, p + '2poly')(a), getattr(m, 'poly2' + p)(a))
        t, w = f('gauss')(6)
        show('gauss', t, w, f('weight')(np.array([0.25])))
t, w = hermite.hermgauss(100)
show('hermgauss', t[:3], np.log(w[:3]), np.sum(w * t ** 2) - np.pi ** 0.5 / 2)
for c in (Polynomial, Chebyshev, Legendre, Hermite, HermiteE, Laguerre):
    s = c([1, -2.5, 3e-7, 4])
    print(s, '|', format(s, 'ascii'), '|', s.degree(), s(0.5).round(8))
    print(c([1, 2], domain=[0, 4])(3.0), s == c([1, -2.5, 3e-7, 4]), (s * s - s ** 2).trim(1e-9))
    show(s.convert(kind=Polynomial).coef, s.integ().coef, s.deriv().coef, (s // c([1, 1])).coef, (s % c([1, 1])).coef)
for f in (lambda: Polynomial([1]) + Chebyshev([1]), lambda: Polynomial([1, 2]) / Polynomial([1]), lambda: Polynomial([]),
          lambda: Polynomial([1, 2]) ** -1, lambda: Polynomial([1, 2], domain=[1]), lambda: Polynomial([1], symbol='a b'),
          lambda: polynomial.polyder([1], -1), lambda: polynomial.polyfit([1, 2], [1], 1)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
