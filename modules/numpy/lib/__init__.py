"""numpy.lib: utilities."""
from numpy.lib import _array_utils as array_utils, format, scimath, stride_tricks  # noqa: F401
from numpy.lib import mixins  # noqa: F401
from numpy.lib._arrayterator import Arrayterator  # noqa: F401
from numpy.lib._utils import (add_newdoc, add_newdoc_ufunc, as_pairs, deprecate, deprecate_with_doc,  # noqa: F401
                              nan_mask, replace_nan, safe_eval)


def _modules():
    """The names under which NumPy's functions stood in numpy.lib: views of the functions that are here."""
    import sys
    import types
    import numpy
    from numpy import _functions, _numeric, _statistics
    names = {}
    for m in (_functions, _numeric, _statistics):
        names.update({k: v for k, v in vars(m).items() if not k.startswith('__')})
    names.update({k: v for k, v in vars(numpy).items() if not k.startswith('__')})
    names.update(_as_pairs=as_pairs, _nan_mask=nan_mask, _replace_nan=replace_nan, normalize_axis_index=array_utils.normalize_axis_index,
                 normalize_axis_tuple=array_utils.normalize_axis_tuple)
    for name in ('arraypad arraysetops function_base histograms index_tricks nanfunctions polynomial shape_base twodim_base '
                 'type_check ufunclike').split():
        for full in (name, '_%s_impl' % name):
            m = types.ModuleType('numpy.lib.' + full)
            m.__dict__.update({k: v for k, v in names.items() if k not in m.__dict__})
            sys.modules['numpy.lib.' + full] = globals()[full] = m


_modules()


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


def __getattr__(name):
    # Files are opened late: not every script that needs numpy.lib needs them.
    if name in ('npyio', '_datasource', '_iotools', 'recfunctions', 'utils', 'introspect'):
        import importlib
        return importlib.import_module('numpy.lib.' + name)
    # Until NumPy 2, numpy.lib held most of numpy's functions.
    import numpy
    if not name.startswith('_') and hasattr(numpy, name):
        return getattr(numpy, name)
    raise AttributeError('module %r has no attribute %r' % (__name__, name))
