"""numpy.polynomial: series in six bases, as functions and as classes.

_basis.py makes all functions from a basis's recurrence; _polybase.py is the base of the classes."""
from numpy.polynomial import polyutils  # noqa: F401
from numpy.polynomial.polynomial import Polynomial
from numpy.polynomial.chebyshev import Chebyshev
from numpy.polynomial.legendre import Legendre
from numpy.polynomial.hermite import Hermite
from numpy.polynomial.hermite_e import HermiteE
from numpy.polynomial.laguerre import Laguerre

__all__ = ['set_default_printstyle', 'polynomial', 'Polynomial', 'chebyshev', 'Chebyshev', 'legendre', 'Legendre', 'hermite',
           'Hermite', 'hermite_e', 'HermiteE', 'laguerre', 'Laguerre']


def set_default_printstyle(style):
    """Set the default format for the string representation of polynomials: 'ascii' or 'unicode'."""
    if style not in ('unicode', 'ascii'):
        raise ValueError("Unsupported format string '%s'. Valid options are 'ascii' and 'unicode'" % style)
    from numpy.polynomial._polybase import ABCPolyBase
    ABCPolyBase._use_unicode = style == 'unicode'
