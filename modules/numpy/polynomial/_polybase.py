"""The base of the series classes: operators, calling, calculus, conversion, printing."""
import abc
import numbers

import numpy as np
from numpy.polynomial import polyutils as pu

__all__ = ['ABCPolyBase']


class ABCPolyBase(abc.ABC):
    """An abstract base class for immutable series classes.

    coef: the coefficients, lowest degree first. domain is mapped linearly onto window before a series is evaluated.
    symbol: the name of the variable in print."""
    __hash__ = None
    __array_ufunc__ = None
    maxpower = 100
    _superscript_mapping = str.maketrans({str(i): c for i, c in enumerate('⁰¹²³⁴⁵⁶⁷⁸⁹')})
    _subscript_mapping = str.maketrans({str(i): c for i, c in enumerate('₀₁₂₃₄₅₆₇₈₉')})
    _use_unicode = True

    def __init__(self, coef, domain=None, window=None, symbol='x'):
        [coef] = pu.as_series([coef], trim=False)
        self.coef = coef
        for name, value in (('domain', domain), ('window', window)):
            if value is not None:
                [value] = pu.as_series([value], trim=False)
                if len(value) != 2:
                    raise ValueError('%s has wrong number of elements.' % name.capitalize())
                setattr(self, name, value)
        try:
            if not symbol.isidentifier():
                raise ValueError('Symbol string must be a valid Python identifier')
        except AttributeError:
            raise TypeError('Symbol must be a non-empty string') from None
        self._symbol = symbol

    @property
    def symbol(self):
        """The name of the variable."""
        return self._symbol

    # ---- Comparison and compatibility

    def has_samecoef(self, other):
        """Check if coefficients match."""
        return len(self.coef) == len(other.coef) and bool(np.all(self.coef == other.coef))

    def has_samedomain(self, other):
        """Check if domains match."""
        return bool(np.all(self.domain == other.domain))

    def has_samewindow(self, other):
        """Check if windows match."""
        return bool(np.all(self.window == other.window))

    def has_sametype(self, other):
        """Check if types match."""
        return isinstance(other, self.__class__)

    def _get_coefficients(self, other):
        """The coefficients of an operand that fits; others as they are."""
        if not isinstance(other, ABCPolyBase):
            return other
        if not isinstance(other, self.__class__):
            raise TypeError('Polynomial types differ')
        if not np.all(self.domain == other.domain):
            raise TypeError('Domains differ')
        if not np.all(self.window == other.window):
            raise TypeError('Windows differ')
        if self.symbol != other.symbol:
            raise ValueError('Polynomial symbols differ')
        return other.coef

    def _new(self, coef):
        return self.__class__(coef, self.domain, self.window, self.symbol)

    def __eq__(self, other):
        return (isinstance(other, self.__class__) and np.all(self.domain == other.domain)
                and np.all(self.window == other.window) and self.coef.shape == other.coef.shape
                and np.all(self.coef == other.coef) and self.symbol == other.symbol)

    def __ne__(self, other):
        return not self.__eq__(other)

    def __getstate__(self):
        state = self.__dict__.copy()
        state['coef'], state['domain'], state['window'] = self.coef.copy(), self.domain.copy(), self.window.copy()
        return state

    def __setstate__(self, state):
        self.__dict__ = state

    def __call__(self, arg):
        return self._val(pu.mapdomain(arg, self.domain, self.window), self.coef)

    def __iter__(self):
        return iter(self.coef)

    def __len__(self):
        return len(self.coef)

    # ---- Arithmetic

    def __neg__(self):
        return self._new(-self.coef)

    def __pos__(self):
        return self

    def _operate(self, f, other, reflected=False):
        c = self._get_coefficients(other)
        try:
            coef = f(c, self.coef) if reflected else f(self.coef, c)
        except Exception:
            return NotImplemented
        return self._new(coef)

    def __add__(self, other):
        return self._operate(self._add, other)

    def __sub__(self, other):
        return self._operate(self._sub, other)

    def __mul__(self, other):
        return self._operate(self._mul, other)

    def __truediv__(self, other):
        # There is no true division of series; by a number it is the same as floor division.
        if not isinstance(other, numbers.Number) or isinstance(other, bool):
            raise TypeError("unsupported types for true division: '%s', '%s'" % (type(self), type(other)))
        return self.__floordiv__(other)

    def __floordiv__(self, other):
        r = self.__divmod__(other)
        return r if r is NotImplemented else r[0]

    def __mod__(self, other):
        r = self.__divmod__(other)
        return r if r is NotImplemented else r[1]

    def __divmod__(self, other):
        c = self._get_coefficients(other)
        try:
            quotient, rest = self._div(self.coef, c)
        except ZeroDivisionError:
            raise
        except Exception:
            return NotImplemented
        return self._new(quotient), self._new(rest)

    def __pow__(self, other):
        return self._new(self._pow(self.coef, other, maxpower=self.maxpower))

    def __radd__(self, other):
        return self._operate(self._add, other, True)

    def __rsub__(self, other):
        return self._operate(self._sub, other, True)

    def __rmul__(self, other):
        return self._operate(self._mul, other, True)

    def __rtruediv__(self, other):
        return NotImplemented

    def __rfloordiv__(self, other):
        r = self.__rdivmod__(other)
        return r if r is NotImplemented else r[0]

    def __rmod__(self, other):
        r = self.__rdivmod__(other)
        return r if r is NotImplemented else r[1]

    def __rdivmod__(self, other):
        try:
            quotient, rest = self._div(other, self.coef)
        except ZeroDivisionError:
            raise
        except Exception:
            return NotImplemented
        return self._new(quotient), self._new(rest)

    # ---- Shape

    def copy(self):
        """Return a copy."""
        return self._new(self.coef)

    def degree(self):
        """The degree of the series: one less than the number of coefficients."""
        return len(self) - 1

    def cutdeg(self, deg):
        """Truncate series to the given degree."""
        return self.truncate(deg + 1)

    def trim(self, tol=0):
        """Remove trailing coefficients that are not larger than tol."""
        return self._new(pu.trimcoef(self.coef, tol))

    def truncate(self, size):
        """Truncate series to length `size`."""
        n = int(size)
        if n != size or n < 1:
            raise ValueError('size must be a positive integer')
        return self._new(self.coef if n >= len(self.coef) else self.coef[:n])

    def convert(self, domain=None, kind=None, window=None):
        """Convert series to a different kind and/or domain and/or window."""
        kind = self.__class__ if kind is None else kind
        domain = kind.domain if domain is None else domain
        window = kind.window if window is None else window
        return self(kind.identity(domain, window=window, symbol=self.symbol))

    def mapparms(self):
        """Return the mapping parameters: the offset and scale of the map from domain to window."""
        return pu.mapparms(self.domain, self.window)

    # ---- Calculus

    def integ(self, m=1, k=[], lbnd=None):
        """Integrate m times, from lbnd (default 0 of the window), with constants k."""
        off, scale = self.mapparms()
        lbnd = 0 if lbnd is None else off + scale * lbnd
        return self._new(self._int(self.coef, m, k, lbnd, 1. / scale))

    def deriv(self, m=1):
        """Differentiate m times."""
        return self._new(self._der(self.coef, m, self.mapparms()[1]))

    def roots(self):
        """Return the roots of the series, in its domain."""
        return pu.mapdomain(self._roots(self.coef), self.window, self.domain)

    def linspace(self, n=100, domain=None):
        """Return n points x equally spaced over the domain and the values there."""
        domain = self.domain if domain is None else domain
        x = np.linspace(domain[0], domain[1], n)
        return x, self(x)

    @classmethod
    def fit(cls, x, y, deg, domain=None, rcond=None, full=False, w=None, window=None, symbol='x'):
        """Least squares fit to data; the domain is by default that of the points, [] is the class's own."""
        if domain is None:
            domain = pu.getdomain(x)
            if domain[0] == domain[1]:
                domain[0] -= 1
                domain[1] += 1
        elif isinstance(domain, list) and len(domain) == 0:
            domain = cls.domain
        window = cls.window if window is None else window
        r = cls._fit(pu.mapdomain(x, domain, window), y, deg, w=w, rcond=rcond, full=full)
        if full:
            return cls(r[0], domain=domain, window=window, symbol=symbol), r[1]
        return cls(r, domain=domain, window=window, symbol=symbol)

    @classmethod
    def fromroots(cls, roots, domain=[], window=None, symbol='x'):
        """Return series instance that has the specified roots."""
        [roots] = pu.as_series([roots], trim=False)
        if domain is None:
            domain = pu.getdomain(roots)
        elif isinstance(domain, list) and len(domain) == 0:
            domain = cls.domain
        window = cls.window if window is None else window
        degree = len(roots)
        off, scale = pu.mapparms(domain, window)
        return cls(cls._fromroots(off + scale * roots) / scale ** degree, domain=domain, window=window, symbol=symbol)

    @classmethod
    def identity(cls, domain=None, window=None, symbol='x'):
        """Identity function: the series p with p(x) = x."""
        domain = cls.domain if domain is None else domain
        window = cls.window if window is None else window
        off, scale = pu.mapparms(window, domain)
        return cls(cls._line(off, scale), domain, window, symbol)

    @classmethod
    def basis(cls, deg, domain=None, window=None, symbol='x'):
        """Series basis polynomial of degree `deg`."""
        n = int(deg)
        if n != deg or n < 0:
            raise ValueError('deg must be non-negative integer')
        return cls([0] * n + [1], cls.domain if domain is None else domain, cls.window if window is None else window, symbol)

    @classmethod
    def cast(cls, series, domain=None, window=None):
        """Convert series to series of this class."""
        return series.convert(cls.domain if domain is None else domain, cls, cls.window if window is None else window)

    # ---- Printing

    def __repr__(self):
        coef, domain, window = (repr(x)[6:-1] for x in (self.coef, self.domain, self.window))
        return "%s(%s, domain=%s, window=%s, symbol='%s')" % (self.__class__.__name__, coef, domain, window, self.symbol)

    def __format__(self, fmt_str):
        if fmt_str == '':
            return self.__str__()
        if fmt_str not in ('ascii', 'unicode'):
            raise ValueError("Unsupported format string '%s' passed to %s.__format__. Valid options are 'ascii' and 'unicode'"
                             % (fmt_str, self.__class__))
        return self._generate_string(self._str_term_ascii if fmt_str == 'ascii' else self._str_term_unicode)

    def __str__(self):
        return self._generate_string(self._str_term_unicode if self._use_unicode else self._str_term_ascii)

    def _shown_argument(self):
        """The variable as it stands in a term: with the map from domain to window where that is not the identity."""
        off, scale = self.mapparms()
        scaled, off_text = pu.format_float(scale), pu.format_float(off)
        if off == 0 and scale == 1:
            return self.symbol
        if off == 0:
            return '(%s%s)' % (scaled, self.symbol)
        if scale == 1:
            return '(%s + %s)' % (off_text, self.symbol)
        return '(%s + %s%s)' % (off_text, scaled, self.symbol)

    def _generate_string(self, term_method):
        """The terms with their signs, broken into lines of the print options' width."""
        width = np.get_printoptions().get('linewidth', 75)
        width = 1 if width < 1 else width
        out = pu.format_float(self.coef[0])
        argument = self._shown_argument()
        for i, coef in enumerate(self.coef[1:]):
            out += ' '
            power = str(i + 1)
            # Comparison of complex numbers, arrays and others with 0 may fail: those get a plus.
            try:
                if coef >= 0:
                    term = '+ ' + pu.format_float(coef, parens=True)
                else:
                    term = '- ' + pu.format_float(-coef, parens=True)
            except TypeError:
                term = '+ %s' % (coef,)
            term += term_method(power, argument)
            line = len(out.split('\n')[-1]) + len(term)
            if i < len(self.coef[1:]) - 1:
                line += 2
            if line >= width:
                term = term.replace(' ', '\n', 1)
            out += term
        return out

    @classmethod
    def _str_term_unicode(cls, i, arg_str):
        if cls.basis_name is None:
            raise NotImplementedError('Subclasses must define either a basis_name, or override _str_term_unicode(cls, i, arg_str)')
        return '·%s%s(%s)' % (cls.basis_name, i.translate(cls._subscript_mapping), _bare(arg_str))

    @classmethod
    def _str_term_ascii(cls, i, arg_str):
        if cls.basis_name is None:
            raise NotImplementedError('Subclasses must define either a basis_name, or override _str_term_ascii(cls, i, arg_str)')
        return ' %s_%s(%s)' % (cls.basis_name, i, _bare(arg_str))

    @classmethod
    def _repr_latex_term(cls, i, arg_str, needs_parens):
        if cls.basis_name is None:
            raise NotImplementedError('Subclasses must define either a basis name, or override _repr_latex_term(i, arg_str, '
                                      'needs_parens)')
        return '{%s}_{%s}(%s)' % (cls.basis_name, i, arg_str)

    @staticmethod
    def _repr_latex_scalar(x, parens=False):
        return r'\text{%s}' % pu.format_float(x, parens=parens)

    def _format_term(self, scalar_format, off, scale):
        if off == 0 and scale == 1:
            return self.symbol, False
        if scale == 1:
            return '%s + %s' % (scalar_format(off), self.symbol), True
        if off == 0:
            return '%s%s' % (scalar_format(scale), self.symbol), True
        return '%s + %s%s' % (scalar_format(off), scalar_format(scale), self.symbol), True

    def _repr_latex_(self):
        off, scale = self.mapparms()
        term, needs_parens = self._format_term(self._repr_latex_scalar, off, scale)
        mute = r'\color{LightGray}{%s}'
        parts = []
        for i, c in enumerate(self.coef):
            if i == 0:
                coef = self._repr_latex_scalar(c)
            elif not isinstance(c, numbers.Real):
                coef = ' + (%s)' % self._repr_latex_scalar(c)
            elif c >= 0:
                coef = ' + ' + self._repr_latex_scalar(c, parens=True)
            else:
                coef = ' - ' + self._repr_latex_scalar(-c, parens=True)
            basis = self._repr_latex_term(i, term, needs_parens)
            part = coef + r'\,' + basis if basis != '1' else coef
            parts.append(mute % part if c == 0 else part)
        body = ''.join(parts) if parts else '0'
        return r'$%s \mapsto %s$' % (self.symbol, body)


def _bare(text):
    return text[1:-1] if text.startswith('(') and text.endswith(')') else text
