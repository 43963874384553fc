"""numpy._core: the modules that other libraries reach into, as views of numpy itself."""
import sys as _sys
import types as _types
import numpy as _np
from numpy import *  # noqa: F401,F403
from numpy import _errors as _exceptions, _glue as _internal


def _alias(name):
    m = _types.ModuleType('numpy._core.' + name)
    m.__dict__.update({k: v for k, v in vars(_np).items() if not k.startswith('__')})
    for prefix in ('numpy._core.', 'numpy.core.'):
        _sys.modules[prefix + name] = m
    return m


multiarray, numeric, umath, fromnumeric = _alias('multiarray'), _alias('numeric'), _alias('umath'), _alias('fromnumeric')
multiarray._reconstruct = _np._glue._rebuild
multiarray.scalar = _np._glue._rebuild_scalar
arrayprint, numerictypes, shape_base, function_base = _alias('arrayprint'), _alias('numerictypes'), _alias('shape_base'), _alias('function_base')
_sys.modules['numpy._core._exceptions'] = _sys.modules['numpy.core._exceptions'] = _exceptions
_sys.modules['numpy._core._internal'] = _sys.modules['numpy.core._internal'] = _internal
