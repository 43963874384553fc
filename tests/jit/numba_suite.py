"""Runs Numba's own test files under krait and counts.

    python3.11 tests/jit/numba_suite.py [--python build/krait] [-v] [test_lists ...]

Not part of make check: it needs Numba's tests, which Debian's python3-numba installs. Each file runs in a process of its own
with a small stand-in for the parts of Numba that only its tests use (numba.tests.support, compile_isolated, Flags); names
that krait's numba has not become stand-ins that fail when they are used.
"""
import argparse
import json
import os
import subprocess
import sys

NUMBA = "/usr/lib/python3/dist-packages/numba"
FILES = ("test_usecases test_flow_control test_lists test_sets test_dictobject test_typedlist test_tuples test_optional "
         "test_generators test_iteration test_exceptions test_try_except test_unpack_sequence test_complex "
         "test_mathlib").split()

# Differences that are meant, by the test's name and the reason.
DELIBERATE = {
    "test_unpack_sequence.TestUnpack.test_invalid_unpack": "a refusal in krait's own words",
}


# ---- Inside: one file ----

class _Absent:
    """What krait's numba has not: fails when it is used."""

    def __init__(self, name):
        self._name = name

    def __getattr__(self, name):
        return _Absent(self._name + "." + name)

    def __call__(self, *args, **kwargs):
        if len(args) == 1 and not kwargs and callable(args[0]) and not isinstance(args[0], _Absent):
            return args[0]
        raise NotImplementedError(f"krait's numba has no {self._name}")

    def __mro_entries__(self, bases):
        return (object,)

    def __iter__(self):
        return iter(())


def _install():
    """The stand-ins, before a test file is imported."""
    import importlib.abc
    import importlib.machinery
    import types as pytypes
    import unittest
    import numba

    class StandIn(pytypes.ModuleType):
        def __getattr__(self, name):
            if name.startswith("__"):
                raise AttributeError(name)
            return _Absent(self.__name__ + "." + name)

    class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
        def find_spec(self, name, path, target=None):
            if not name.startswith("numba."):
                return None
            file = f"{NUMBA}/tests/{name[12:]}.py"
            if name.startswith("numba.tests.") and os.path.exists(file) and name != "numba.tests.support":
                return importlib.machinery.ModuleSpec(
                    name, importlib.machinery.SourceFileLoader(name, file), origin=file)
            return importlib.machinery.ModuleSpec(name, self, is_package=True)

        def create_module(self, spec):
            return StandIn(spec.name)

        def exec_module(self, module):
            module.__path__ = []

    sys.meta_path.append(Finder())
    for name in ("numba", "numba.core", "numba.core.types", "numba.core.errors", "numba.typed", "numba.extending"):
        module = __import__(name, fromlist=["x"])
        module.__class__ = StandIn

    class Flags:
        def __init__(self):
            self.__dict__["set"] = lambda *args: None

        def __setattr__(self, name, value):
            self.__dict__[name] = value

    class Compiled:
        def __init__(self, entry):
            self.entry_point = entry

    def compile_isolated(function, args, return_type=None, flags=None, locals={}):
        if getattr(flags, "enable_pyobject", False) or getattr(flags, "force_pyobject", False):
            raise unittest.SkipTest("object mode")
        kernel = numba.njit(function)
        kernel.compile("(" + ", ".join(str(a) for a in args) + ")")
        return Compiled(kernel)

    compiler = __import__("numba.core.compiler", fromlist=["x"])
    compiler.compile_isolated, compiler.Flags = compile_isolated, Flags
    support = __import__("numba.tests.support", fromlist=["x"])
    support.compile_isolated = compile_isolated
    _fill_support(support, unittest)
    utils = __import__("numba.core.utils", fromlist=["x"])
    utils.PYVERSION = sys.version_info[:2]
    config = __import__("numba.core.config", fromlist=["x"])
    config.IS_WIN32 = config.IS_32BITS = False


def _fill_support(support, unittest):
    """numba.tests.support: the assertions that the files use."""
    import math

    class TestCase(unittest.TestCase):
        longMessage = True

        def assertPreciseEqual(self, first, second, prec="exact", ulps=1, msg=None, ignore_sign_on_zero=False,
                               abs_tol=None):
            if isinstance(first, (tuple, list)) and isinstance(second, (tuple, list)):
                self.assertEqual(len(first), len(second), msg)
                for a, b in zip(first, second):
                    self.assertPreciseEqual(a, b, prec, ulps, msg, ignore_sign_on_zero, abs_tol)
            elif hasattr(first, "shape") and getattr(first, "shape", ()) != ():
                self.assertEqual(first.shape, second.shape)
                self.assertPreciseEqual(first.tolist(), second.tolist(), prec, ulps, msg, ignore_sign_on_zero, abs_tol)
            elif isinstance(first, complex) or isinstance(second, complex):
                self._number(complex(first).real, complex(second).real, prec, abs_tol)
                self._number(complex(first).imag, complex(second).imag, prec, abs_tol)
            elif isinstance(first, float) or isinstance(second, float):
                self._number(first, second, prec, abs_tol)
            else:
                self.assertEqual(first, second, msg)

        def _number(self, a, b, prec, abs_tol):
            if math.isnan(a) and math.isnan(b):
                return
            if prec == "exact" and not abs_tol:
                self.assertEqual(a, b)
                return
            if a != b:
                scale = max(abs(a), abs(b), 1e-300)
                self.assertLessEqual(abs(a - b), (1e-5 if prec == "single" else 1e-12) * scale + (abs_tol or 0) * 1e-15)

        def assertRefCount(self, *objects):
            import contextlib
            return contextlib.nullcontext()

        def assertRefCountEqual(self, *objects):
            pass

        def disable_leak_check(self):
            pass

        def run_nullary_func(self, pyfunc, flags):
            made = support.compile_isolated(pyfunc, (), flags=flags).entry_point()
            self.assertPreciseEqual(made, pyfunc())
            return made

        def random_array(self, *args, **kwargs):
            self.skipTest("random_array")

    def plain(*args, **kwargs):
        return lambda function: function

    support.TestCase, support.unittest, support.tag = TestCase, unittest, plain
    support.MemoryLeakMixin = type("MemoryLeakMixin", (), {"memory_leak_setup": lambda self: None,
                                                           "memory_leak_teardown": lambda self: None})
    support.skip_tryexcept_unsupported = support.skip_parfors_unsupported = lambda f: f
    support.skip_unless_py10 = support.skip_unless_py10_or_later = lambda f: f
    support.enable_pyobj_flags = type("F", (), {"enable_pyobject": True})()
    support.no_pyobj_flags = type("F", (), {})()


def inside(name):
    import unittest
    _install()
    results = {}

    class Result(unittest.TestResult):
        def note(self, test, what, why=""):
            results[f"{name}.{type(test).__name__}.{getattr(test, '_testMethodName', '?')}"] = (what, why)

        def addSuccess(self, test):
            self.note(test, "passed")

        def addSkip(self, test, reason):
            self.note(test, "skipped", reason)

        def addExpectedFailure(self, test, error):
            self.note(test, "passed")

        def addError(self, test, error):
            self.note(test, "failed", f"{error[0].__name__}: {error[1]}")

        addFailure = addError

        def addSubTest(self, test, subtest, error):
            if error:
                self.addError(test, error)

    module = __import__("numba.tests." + name, fromlist=["x"])
    suite = unittest.defaultTestLoader.loadTestsFromModule(module)
    only = os.environ.get("NUMBA_SUITE_ONLY", "")

    def each(tests):
        for t in tests:
            if isinstance(t, unittest.TestSuite):
                yield from each(t)
            elif only in str(t):
                yield t

    for test in each(suite):
        test(Result())
        print("@@" + json.dumps(results), flush=True)
        results.clear()


# ---- Outside ----

def run(python, name, seconds):
    """All results of one file: {test: (what, why)}, and the file's own error."""
    results, error = {}, ""
    try:
        done = subprocess.run([*python.split(), __file__, "--inside", name], capture_output=True, text=True, timeout=seconds)
        out, error = done.stdout, done.stderr.strip().splitlines()[-1:] if done.returncode else ""
    except subprocess.TimeoutExpired as e:
        out, error = (e.stdout or b"").decode(errors="replace"), "timeout"
    for line in out.splitlines():
        at = line.find("@@{")
        if at >= 0:
            results.update(json.loads(line[at + 2:]))
    return results, error


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--python", default="build/krait")
    parser.add_argument("--inside")
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("-v", action="store_true")
    parser.add_argument("files", nargs="*", default=FILES)
    options = parser.parse_args()
    if options.inside:
        inside(options.inside)
        return
    if not os.path.isdir(NUMBA + "/tests"):
        print("Numba's tests are not installed (Debian: python3-numba)")
        return
    total = {"passed": 0, "failed": 0, "skipped": 0}
    for name in options.files:
        results, error = run(options.python, name, options.seconds)
        count = {"passed": 0, "failed": 0, "skipped": 0}
        for test, (what, why) in sorted(results.items()):
            count[what] += 1
            if options.v and what == "failed":
                print("   ", test, "(meant)" if test in DELIBERATE else "", why.split("\n")[0][:160])
        for what in count:
            total[what] += count[what]
        print(f"{name:24} passed {count['passed']:4} failed {count['failed']:4} skipped {count['skipped']:4} {error or ''}")
    print(f"{'all':24} passed {total['passed']:4} failed {total['failed']:4} skipped {total['skipped']:4}")


main()
