"""What Numba's test files use of Numba beside its public names, as far as it can be had from krait's own numba.

install() prepares `import numba.tests.test_lists`: the file is that of the installed Numba, and so is numba.tests.support with its
exact comparisons. compile_isolated, compile_extra and Flags are @njit with a signature. Everything else that is no public
name of Numba (its IR, its passes, its typing contexts) becomes a stand-in that skips the test which uses it. A public name
that krait's numba lacks is no stand-in: such a test fails. """
import importlib.abc
import importlib.machinery
import os
import sys
import types as pytypes
import unittest

from numba.typed import Dict

TESTS = '/usr/lib/python3/dist-packages/numba/tests'

# Numba's modules whose names its manuals do not name, or only as what extensions at their own risk may use.
INTERNAL = ('numba.core', 'numba.parfors', 'numba.np', 'numba.testing', 'numba._helperlib', 'numba.pycc', 'numba.cpython',
            'numba.misc', 'numba.runtime', 'numba.typed.dictobject', 'numba.typed.listobject', 'numba.typed.typedobjectutils',
            'numba.typed.typeddict', 'numba.typed.typedlist')
# numba.extending's names for those who write types and LLVM themselves.
LOW_LEVEL = ('models register_model typeof_impl unbox box NativeValue make_attribute_wrapper lower_builtin lower_cast '
             'type_callable intrinsic overload_classmethod as_numba_type reflect')


class Internal(unittest.SkipTest):
    """A test asked for the inside of Numba."""


class AbsentBase:
    """What a test derives from when it derives from the inside."""

    def __init__(self, *args, **kwargs):
        raise Internal('internal: ' + type(self).__name__)


class Absent:
    """Something of the inside of Numba: may be named, not used."""

    def __init__(self, name):
        self._name = name

    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        return Absent(self._name + '.' + name)

    def __iter__(self):
        raise Internal('internal: ' + self._name)

    def __getitem__(self, item):
        raise Internal('internal: ' + self._name)

    def __call__(self, *args, **kwargs):
        if len(args) == 1 and not kwargs and isinstance(args[0], (type, pytypes.FunctionType)):
            return args[0]      # a decorator
        raise Internal('internal: ' + self._name)

    def __mro_entries__(self, bases):
        return (AbsentBase,)


class StandIn(pytypes.ModuleType):
    """A module of the inside."""

    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        return Absent(self.__name__ + '.' + name)


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds Numba's test files in the installed Numba, its inside nowhere."""

    def find_spec(self, name, path, target=None):
        file = '%s/%s.py' % (TESTS, name.removeprefix('numba.tests.'))
        if name.startswith('numba.tests.') and os.path.exists(file):
            return importlib.machinery.ModuleSpec(name, importlib.machinery.SourceFileLoader(name, file), origin=file)
        if name == 'numba.tests' or name.startswith(INTERNAL):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return None if spec.name == 'numba.tests' else StandIn(spec.name)

    def exec_module(self, module):
        module.__path__ = []


class Flags:
    """Options of the inside's compiler, of which those that mean something here are kept."""

    def __init__(self):
        self.enable_pyobject = self.force_pyobject = self.auto_parallel = self.fastmath = self.boundscheck = False
        self.error_model = 'python'

    def set(self, name, value=True):
        setattr(self, name, value)

    def options(self):
        if self.enable_pyobject or self.force_pyobject:
            raise Internal('internal: object mode')
        return {k: True for k, on in (('parallel', self.auto_parallel), ('fastmath', self.fastmath)) if on}


class Library:
    """What a test may ask of the compiled code: that a loop runs in parallel, which is asserted of Numba's code alone."""

    def get_llvm_str(self):
        return '@do_scheduling @do_scheduling_signed @do_scheduling_unsigned'

    def __getattr__(self, name):
        return Absent('Library.' + name)


class Compiled:
    """The result of compile_isolated."""

    def __init__(self, kernel, args):
        self.entry_point, self.library = kernel, Library()
        self.signature = Absent('CompileResult.signature')
        self.argtypes = args

    def __getattr__(self, name):
        return Absent('CompileResult.' + name)


def compile_isolated(function, args, return_type=None, flags=None, locals={}, **others):
    import numba
    options = flags.options() if isinstance(flags, Flags) else {}
    text = '%s(%s)' % (return_type or '', ', '.join(map(str, args)))
    return Compiled(numba.njit(text, **options)(function), args)


def compile_extra(typing, target, function, args, return_type, flags, locals={}, **others):
    return compile_isolated(function, args, return_type, flags)


class CompilationCache:
    """numba.tests.support's, without its contexts."""

    def __init__(self):
        self.made = {}

    def compile(self, function, args, return_type=None, flags=None):
        key = function, args, return_type, flags
        if key not in self.made:
            self.made[key] = compile_isolated(function, args, return_type, flags)
        return self.made[key]


class DataModelTests(unittest.TestCase):
    """The tests of Numba's data models, which are of the inside."""

    def test_as_arg(self):
        raise Internal('internal: data models')

    test_as_data = test_as_return = test_as_arg


def new_dict(key, value, n_keys=0):
    """numba.typed.dictobject's, which is Dict.empty under another name."""
    return Dict.empty(key, value)


def make_tag_decorator(known):
    return lambda *tags: lambda item: item


def numpy_support(module):
    """The few functions of numba.np.numpy_support that name a dtype's type and back."""
    import numba
    import numpy as np
    module.numpy_version = tuple(map(int, np.__version__.split('.')[:2]))
    module.from_dtype = numba.from_dtype
    module.as_dtype = numba.core.types.as_dtype


def fill(module, **names):
    vars(__import__(module, fromlist=['x'])).update(names)


def install():
    import numba
    sys.meta_path.append(Finder())
    flags = Flags()
    fill('numba.testing', make_tag_decorator=make_tag_decorator)
    fill('numba.core.compiler', compile_isolated=compile_isolated, compile_extra=compile_extra, Flags=Flags, DEFAULT_FLAGS=flags)
    fill('numba.core.utils', PYVERSION=sys.version_info[:2], cached_property=__import__('functools').cached_property)
    fill('numba.core.cpu', ParallelOptions=bool, FastMathOptions=bool)
    fill('numba.core.config', IS_WIN32=False, IS_32BITS=False, reload_config=Absent('config.reload_config'),
         NUMBA_NUM_THREADS=numba.config.NUMBA_NUM_THREADS)
    fill('numba.typed.dictobject', new_dict=new_dict)
    fill('numba.pycc.platform', _external_compiler_ok=False)
    fill('numba.core.datamodel.testing', test_factory=lambda *args, **options: DataModelTests)
    if not hasattr(numba.core.types, 'Generator'):
        fill('numba.core.types', Generator=lambda **parts: None)    # asked for by a test of Numba's data models alone
    extending = __import__('numba.extending', fromlist=['x'])
    fill('numba.extending', **{n: Absent(n) for n in LOW_LEVEL.split() if not hasattr(extending, n)})
    numpy_support(__import__('numba.np.numpy_support', fromlist=['x']))
    statistics = pytypes.SimpleNamespace(alloc=0, free=0, mi_alloc=0, mi_free=0)
    fill('numba.core.runtime', rtsys=pytypes.SimpleNamespace(get_allocation_stats=lambda: statistics))
    for name in ('scipy', 'scipy.linalg', 'scipy.linalg.cython_lapack', 'scipy.linalg.cython_blas'):
        sys.modules[name] = StandIn(name)       # only asked whether BLAS is there, which is krait's own
    support = __import__('numba.tests.support', fromlist=['x'])
    support.CompilationCache, support.MemoryLeak.assert_no_memory_leak = CompilationCache, lambda self: None
    for name in [n for n in sys.modules if n.startswith('scipy')]:
        del sys.modules[name]
    os.environ['SUBPROC_TEST'] = '1'            # each file has a process of its own
    support.needs_subprocess = lambda item: item
