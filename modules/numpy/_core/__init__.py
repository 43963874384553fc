"""numpy._core: the modules that other libraries reach into, as views of numpy itself. Each is made once and stands under
its new name (numpy._core.umath) and its old one (numpy.core.umath)."""
import sys as _sys
import types as _types

import numpy as _np
import _numpy as _native
from numpy import *  # noqa: F401,F403
from numpy import _block, _errors, _glue, _numeric


from numpy import _numerictypes as _late  # noqa: E402


def _module(name, **private):
    m = _types.ModuleType('numpy._core.' + name)
    m.__dict__.update({k: v for k, v in vars(_np).items() if not k.startswith('__')})
    m.__dict__.update(private)
    m.__getattr__ = lambda attribute: getattr(_late, attribute)
    return _register(name, m)


def _register(name, m):
    for prefix in ('numpy._core.', 'numpy.core.'):
        _sys.modules[prefix + name] = m
    return m


def _vec_string(a, kind, method, args=()):
    """Calls a str or bytes method for each element."""
    a = _np.asarray(a)
    if a.dtype.kind not in 'SU':
        raise TypeError('string operation on non-string array')
    others = [_np.asarray(x) for x in args]
    shape = _np.broadcast_shapes(a.shape, *[o.shape for o in others])
    columns = [_np.broadcast_to(x, shape).ravel().tolist() for x in [a] + others]
    call = getattr(bytes if a.dtype.kind == 'S' else str, method)
    values = [call(*row) for row in zip(*columns)]
    return _np.array(values, dtype=kind).reshape(shape)


multiarray = _module('multiarray', _reconstruct=_glue._reconstruct, scalar=_glue._scalar, _vec_string=_vec_string)
def _normalizers():
    from numpy.lib import _array_utils as utils
    return {'normalize_axis_index': utils.normalize_axis_index, 'normalize_axis_tuple': utils.normalize_axis_tuple}


numeric, fromnumeric = _module('numeric', **_normalizers()), _module('fromnumeric')
umath = _module('umath', _ones_like=_np.ones_like, UFUNC_BUFSIZE_DEFAULT=8192, ERR_DEFAULT=521, FLOATING_POINT_SUPPORT=1,
                _arg=_numeric.angle)
arrayprint, numerictypes = _module('arrayprint'), _module('numerictypes')
shape_base, function_base = _module('shape_base', **{k: v for k, v in vars(_block).items() if k.startswith('_block')}), _module('function_base')
einsumfunc, memmap_module = _module('einsumfunc'), _module('memmap')
getlimits = _module('getlimits')
_multiarray_umath = _module('_multiarray_umath', __cpu_features__={}, __cpu_baseline__=[], __cpu_dispatch__=[])
_methods = _module('_methods', _mean=_glue.mean, _var=_glue._var, _std=_glue._std)
_exceptions, _internal = _register('_exceptions', _errors), _register('_internal', _glue)
overrides = _register('overrides', _np._overrides)


def __getattr__(name):
    if name in ('records', 'defchararray'):
        import importlib
        m = importlib.import_module('numpy.rec' if name == 'records' else 'numpy.char')
        return _register(name, m)
    raise AttributeError('module %r has no attribute %r' % (__name__, name))
