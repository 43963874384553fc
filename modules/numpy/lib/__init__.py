"""numpy.lib: utilities."""
from numpy.lib import _array_utils as array_utils, format, scimath, stride_tricks  # noqa: F401
from numpy.lib import npyio, mixins  # noqa: F401
from numpy import _functions as function_base, _functions as arraysetops, _numeric as nanfunctions  # noqa: F401
from numpy import _functions as index_tricks, _functions as shape_base, _functions as twodim_base  # noqa: F401
from numpy import _numeric as polynomial, _numeric as type_check, _numeric as ufunclike  # noqa: F401


def add_docstring(obj, docstring):
    """Add a docstring to a built-in obj if possible."""


class NumpyVersion:
    """Parse and compare numpy version strings."""

    def __init__(self, vstring):
        import re
        self.vstring = vstring
        self._key = tuple(int(x) for x in re.findall(r'\d+', vstring)[:3])
        self.version = '.'.join(map(str, self._key))
        self.major, self.minor, self.bugfix = (self._key + (0, 0, 0))[:3]

    def _other(self, v):
        return v._key if isinstance(v, NumpyVersion) else NumpyVersion(v)._key

    def __lt__(self, v):
        return self._key < self._other(v)

    def __le__(self, v):
        return self._key <= self._other(v)

    def __eq__(self, v):
        return self._key == self._other(v)

    def __gt__(self, v):
        return self._key > self._other(v)

    def __ge__(self, v):
        return self._key >= self._other(v)
