"""standins.py: what NumPy's test files import and a bare machine has not: pytest's names, hypothesis, and NumPy's
C helpers for its own tests. install() puts them into sys.modules; collect() turns a test file into its tests.

The same stand-ins serve CPython with NumPy (the oracle) and krait, so both run the same tests: what needs a helper that
is absent skips under both."""
import contextlib
import importlib.util
import inspect
import io
import itertools
import pathlib
import re
import shutil
import sys
import tempfile
import types
import unittest
import warnings


class Skip(Exception):
    pass


class XFail(Exception):
    pass


class Failed(AssertionError):
    pass


# ---- pytest

class Raises:
    """The context of pytest.raises."""
    def __init__(self, expected, match):
        self.expected, self.match_text, self.value, self.type, self.tb = expected, match, None, None, None

    def __enter__(self):
        return self

    def __exit__(self, kind, value, tb):
        if kind is None:
            raise Failed(f"DID NOT RAISE {self.expected}")
        if not issubclass(kind, self.expected):
            return False
        self.value, self.type, self.tb = value, kind, tb
        if self.match_text is not None:
            self.match(self.match_text)
        return True

    def match(self, pattern):
        assert re.search(pattern, str(self.value)), f"{pattern!r} does not match {str(self.value)!r}"
        return True

    def __str__(self):
        return repr(self.value)


def raises(expected, *args, match=None, **kwargs):
    context = Raises(expected, match)
    if not args:
        return context
    with context:
        args[0](*args[1:], **kwargs)
    return context


class Warns:
    """The context of pytest.warns."""
    def __init__(self, expected, match):
        self.expected, self.match, self.catcher = expected, match, warnings.catch_warnings(record=True)

    def __enter__(self):
        self.list = self.catcher.__enter__()
        warnings.simplefilter("always")
        return self.list

    def __exit__(self, kind, value, tb):
        self.catcher.__exit__(kind, value, tb)
        if kind is not None:
            return False
        fitting = [w for w in self.list if issubclass(w.category, self.expected)]
        assert fitting, f"DID NOT WARN {self.expected}: {[str(w.message) for w in self.list]}"
        if self.match is not None:
            assert any(re.search(self.match, str(w.message)) for w in fitting), [str(w.message) for w in fitting]
        return False


def warns(expected=Warning, *args, match=None, **kwargs):
    context = Warns(expected, match)
    if not args:
        return context
    with context:
        return args[0](*args[1:], **kwargs)


class Mark:
    def __init__(self, name, args=(), kwargs=None):
        self.name, self.args, self.kwargs = name, args, kwargs or {}

    def __call__(self, *args, **kwargs):
        if len(args) == 1 and not kwargs and not self.args and (inspect.isfunction(args[0]) or inspect.isclass(args[0])) \
                and self.name not in ("parametrize", "skipif"):
            return self.attach(args[0])
        return Mark(self.name, args, kwargs)

    def attach(self, f):
        f.marks = [*f.__dict__.get("marks", []), self]
        return f

    def __getattr__(self, name):
        raise AttributeError(name)


class BoundMark(Mark):
    pass


class Marks:
    def __getattr__(self, name):
        def make(*args, **kwargs):
            mark = Mark(name, args, kwargs)
            if len(args) == 1 and not kwargs and (inspect.isfunction(args[0]) or inspect.isclass(args[0])) and name != "parametrize":
                return Mark(name).attach(args[0])
            return mark_decorator(mark)
        make.mark = Mark(name)
        return make


def mark_decorator(mark):
    def decorate(f):
        return mark.attach(f)
    decorate.mark = mark
    return decorate


class Param:
    def __init__(self, values, marks):
        self.values = values
        self.marks = [getattr(m, "mark", m) for m in (marks if isinstance(marks, (list, tuple)) else [marks])]


def param(*values, marks=(), id=None):
    return Param(values, marks)


class Fixture:
    def __init__(self, f, params, autouse):
        self.f, self.params, self.autouse = f, params, autouse

    def __get__(self, instance, owner=None):
        return self


def fixture(f=None, *, params=None, autouse=False, scope=None, name=None, ids=None):
    if f is None:
        return lambda g: Fixture(g, params, autouse)
    return Fixture(f, None, False)


class approx:
    def __init__(self, expected, rel=1e-6, abs=1e-12, nan_ok=False):
        self.expected, self.rel, self.abs = expected, rel, abs

    def __eq__(self, other):
        return abs(other - self.expected) <= max(self.rel * abs(self.expected), self.abs)


def skip(reason="", allow_module_level=False):
    raise Skip(reason)


def xfail(reason=""):
    raise XFail(reason)


def fail(reason=""):
    raise Failed(reason)


class MonkeyPatch:
    missing = object()

    def __init__(self):
        self.undo_list = []

    def setattr(self, target, name, value, raising=True):
        self.undo_list.append((setattr, target, name, getattr(target, name, self.missing)))
        setattr(target, name, value)

    def delattr(self, target, name, raising=True):
        self.undo_list.append((setattr, target, name, getattr(target, name)))
        delattr(target, name)

    def setitem(self, mapping, name, value):
        self.undo_list.append((type(mapping).__setitem__, mapping, name, mapping.get(name, self.missing)))
        mapping[name] = value

    def delitem(self, mapping, name, raising=True):
        self.undo_list.append((type(mapping).__setitem__, mapping, name, mapping.get(name, self.missing)))
        mapping.pop(name, None)

    def setenv(self, name, value):
        import os
        self.setitem(os.environ, name, value)

    def delenv(self, name, raising=True):
        import os
        self.delitem(os.environ, name)

    def undo(self):
        for put, target, name, old in reversed(self.undo_list):
            if old is not self.missing:
                put(target, name, old)
            elif put is setattr:
                delattr(target, name)
            else:
                target.pop(name, None)


class Capture:
    """capsys: what was printed since the last readouterr."""
    def __init__(self):
        self.saved = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = io.StringIO(), io.StringIO()

    def readouterr(self):
        texts = sys.stdout.getvalue(), sys.stderr.getvalue()
        sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
        return types.SimpleNamespace(out=texts[0], err=texts[1])

    def close(self):
        sys.stdout, sys.stderr = self.saved


def make_pytest():
    m = types.ModuleType("pytest")
    for f in (raises, warns, param, fixture, approx, skip, xfail, fail):
        setattr(m, f.__name__, f)
    m.mark = Marks()
    m.deprecated_call = lambda *args, **kw: warns((DeprecationWarning, PendingDeprecationWarning), *args, **kw)
    m.importorskip = importorskip
    m.PytestUnraisableExceptionWarning = type("PytestUnraisableExceptionWarning", (Warning,), {})
    m.Module = m.Item = m.Function = object
    m.MonkeyPatch = MonkeyPatch
    return m


def importorskip(name, *args, **kwargs):
    try:
        return importlib.import_module(name)
    except ImportError:
        raise Skip(f"no {name}") from None


# ---- Absent modules

loading = False


class Absent:
    """A thing of a module that is not there: harmless while a file loads, a skip when a test uses it."""
    def __init__(self, name):
        self.__name__ = name

    def __call__(self, *args, **kwargs):
        if not loading:
            raise Skip(f"needs {self.__name__}")
        if len(args) == 1 and not kwargs and inspect.isfunction(args[0]):
            return Mark("skip").attach(args[0])
        return Absent(self.__name__)

    def __getattr__(self, name):
        if name == "dtype" and loading:
            import numpy
            return numpy.dtype(object)
        if name.startswith("__") or name == "dtype":
            raise AttributeError(name)
        return Absent(f"{self.__name__}.{name}")

    def __iter__(self):
        return iter(())

    def __or__(self, other):
        return self


class AbsentModule(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent(f"{self.__name__}.{name}")


PRIVATE = ["numpy.core._machar", "numpy.linalg._umath_linalg", "numpy.lib.recfunctions", "numpy.compat._pep440"]
ALIASES = ["numpy.core.shape_base", "numpy.core._multiarray_umath", "numpy.core.getlimits", "numpy.core.overrides",
           "numpy.core.umath", "numpy.core.multiarray", "numpy.core._internal"]
ABSENT = ["numpy.core._multiarray_tests", "numpy.core._rational_tests", "numpy.core._umath_tests",
          "numpy.core._operand_flag_tests", "numpy.core._struct_ufunc_tests", "numpy.core._simd",
          "hypothesis", "hypothesis.extra", "hypothesis.extra.numpy", "hypothesis.strategies"]


def install(tests_root):
    sys.modules["pytest"] = make_pytest()
    try:
        import ctypes  # noqa: F401
    except ImportError:
        sys.modules["ctypes"] = AbsentModule("ctypes")
    import numpy
    for name in ABSENT:
        module = AbsentModule(name)
        module.__path__ = []
        sys.modules[name] = module
        parent, _, last = name.rpartition(".")
        if parent:
            setattr(importlib.import_module(parent), last, module)
    for package in ("core", "lib", "linalg", "fft", "ma", "polynomial", "random", "matrixlib", "testing", "typing", ""):
        name = f"numpy.{package}.tests" if package else "numpy.tests"
        module = types.ModuleType(name)
        module.__path__ = [str(pathlib.Path(tests_root, package, "tests"))]
        sys.modules[name] = module
    if not hasattr(numpy, "_set_promotion_state"):
        numpy._set_promotion_state = lambda state: None
        numpy._get_promotion_state = lambda: "weak"
        numpy._no_nep50_warning = Nothing
    for name in PRIVATE:
        try:
            importlib.import_module(name)
        except ImportError:
            sys.modules[name] = AbsentModule(name)
    for name in ALIASES:
        module = importlib.import_module(name)
        older = getattr(module, "__getattr__", None)
        module.__getattr__ = lambda attribute, older=older, name=name: lenient(older, name, attribute)


class Nothing(contextlib.ContextDecorator):
    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False


def lenient(older, name, attribute):
    """A private name that only NumPy has: the file loads, the tests that use it skip."""
    try:
        if older:
            return older(attribute)
    except AttributeError:
        pass
    if not attribute.startswith("__") and loading:
        return Absent(f"{name}.{attribute}")
    raise AttributeError(f"module {name!r} has no attribute {attribute!r}")


# ---- Collecting

def load(path, name):
    """The module and its tests."""
    global loading
    loading = True
    try:
        spec = importlib.util.spec_from_file_location(name, path)
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        return module, collect(module)
    finally:
        loading = False


def marks_of(f):
    return [getattr(m, "mark", m) for m in getattr(f, "marks", [])]


def expansions(marks):
    """The products of all parametrize marks: (arguments, further marks)."""
    axes = []
    for mark in marks:
        if mark.name != "parametrize":
            continue
        names = mark.args[0] if mark.args else mark.kwargs["argnames"]
        if isinstance(names, str):
            names = [n.strip() for n in names.split(",") if n.strip()]
        axis = []
        for values in (mark.args[1] if len(mark.args) > 1 else mark.kwargs["argvalues"]):
            further = []
            if isinstance(values, Param):
                values, further = values.values, values.marks
            elif len(names) == 1:
                values = (values,)
            axis.append((dict(zip(names, values)), further))
        axes.append(axis)
    for combination in itertools.product(*axes):
        arguments, further = {}, []
        for a, m in combination:
            arguments.update(a)
            further += m
        yield arguments, further


class Test:
    def __init__(self, name, module, owner, attribute, arguments, marks):
        self.name, self.module, self.owner, self.attribute = name, module, owner, attribute
        self.arguments, self.marks = arguments, marks


def collect(module):
    tests = []
    for key, value in list(vars(module).items()):
        if inspect.isclass(value) and (key.startswith("Test") or issubclass(value, unittest.TestCase)):
            if value.__module__ == module.__name__:
                for attribute in dir(value):
                    f = inspect.getattr_static(value, attribute)
                    f = getattr(f, "__func__", f)
                    if attribute.startswith("test") and callable(f):
                        class_marks = [m for c in value.__mro__ for m in c.__dict__.get("marks", [])]
                        add(tests, module, value, attribute, f, [getattr(m, "mark", m) for m in class_marks])
        elif key.startswith("test") and inspect.isfunction(value):
            add(tests, module, None, key, value, [])
    return tests


def add(tests, module, owner, attribute, f, class_marks):
    marks = class_marks + marks_of(f)
    marks += [getattr(m, "mark", m) for m in ([module.pytestmark] if hasattr(module, "pytestmark") and not isinstance(
        module.pytestmark, list) else getattr(module, "pytestmark", []))]
    base = f"{owner.__name__}.{attribute}" if owner else attribute
    cases = list(expansions(marks))
    several = any(m.name == "parametrize" for m in marks)
    for number, (arguments, further) in enumerate(cases):
        for fixed, values in fixture_params(module, owner, f):
            name = base + (f"[{number}]" if several else "") + (f"{{{fixed}}}" if values else "")
            tests.append(Test(name, module, owner, attribute, {**arguments, **values}, marks + further))


def fixture_params(module, owner, f):
    """The products over fixtures that have params of their own."""
    axes = []
    for name in needed(module, owner, f):
        fix = find_fixture(module, owner, name)
        if fix and fix.params:
            axes.append([(name, p) for p in fix.params])
    for number, combination in enumerate(itertools.product(*axes)):
        yield number, {"@" + name: value for name, value in combination}


def needed(module, owner, f):
    """Fixture names that f asks for, directly or through others, and the autouse ones."""
    pending = [n for n in inspect.signature(f).parameters if n != "self"]
    for space in [vars(module)] + [vars(c) for c in (owner.__mro__ if owner else ())]:
        pending += [k for k, v in space.items() if isinstance(v, Fixture) and v.autouse]
    found = []
    while pending:
        name = pending.pop()
        fix = find_fixture(module, owner, name)
        if fix and name not in found:
            found.append(name)
            pending += [n for n in inspect.signature(fix.f).parameters if n not in ("self", "request")]
    return found


def find_fixture(module, owner, name):
    if owner:
        fix = inspect.getattr_static(owner, name, None)
        if isinstance(fix, Fixture):
            return fix
    fix = vars(module).get(name)
    return fix if isinstance(fix, Fixture) else None


# ---- Running

def is_skipped(marks):
    for m in marks:
        if m.name in ("skip", "slow", "slow_pypy"):
            return True
        if m.name == "skipif" and (m.args[0] if m.args else m.kwargs.get("condition", True)):
            return True
    return False


def expected_failure(marks):
    for m in marks:
        if m.name == "xfail" and (m.args[0] if m.args else m.kwargs.get("condition", True)):
            return True
    return False


class Request:
    def __init__(self, run):
        self.run, self.node, self.config = run, None, None

    def getfixturevalue(self, name):
        return self.run.value(name)

    def addfinalizer(self, f):
        self.run.closers.append(f)


class Run:
    """One test's fixtures: made on demand, closed in reverse."""
    def __init__(self, test, instance):
        self.test, self.instance, self.closers, self.made = test, instance, [], {}

    def value(self, name):
        if name in self.made:
            return self.made[name]
        v = self.made[name] = self.make(name)
        return v

    def make(self, name):
        if name in self.test.arguments:
            return self.test.arguments[name]
        if name in ("tmp_path", "tmpdir"):
            path = tempfile.mkdtemp()
            self.closers.append(lambda: shutil.rmtree(path, ignore_errors=True))
            return pathlib.Path(path)
        if name == "monkeypatch":
            patch = MonkeyPatch()
            self.closers.append(patch.undo)
            return patch
        if name in ("capsys", "capfd"):
            capture = Capture()
            self.closers.append(capture.close)
            return capture
        if name == "recwarn":
            catcher = warnings.catch_warnings(record=True)
            caught = catcher.__enter__()
            self.closers.append(lambda: catcher.__exit__(None, None, None))
            return caught
        if name == "request":
            return Request(self)
        if name == "weak_promotion":
            import numpy
            self.closers.append(lambda state=numpy._get_promotion_state(): numpy._set_promotion_state(state))
            return numpy._set_promotion_state("weak")
        fix = find_fixture(self.test.module, self.test.owner, name)
        if not fix:
            raise Skip(f"no fixture {name}")
        arguments = {}
        for n in inspect.signature(fix.f).parameters:
            if n == "self":
                arguments[n] = self.instance
            elif n == "request":
                arguments[n] = request = Request(self)
                request.param = self.test.arguments.get("@" + name)
            else:
                arguments[n] = self.value(n)
        made = fix.f(**arguments)
        if inspect.isgenerator(made):
            value = next(made)
            self.closers.append(lambda: next(made, None))
            return value
        return made


class_state = {}


def enter_class(owner):
    if class_state.get("owner") is owner:
        return
    class_state["owner"] = owner
    setup = getattr(owner, "setup_class", None) or getattr(owner, "setUpClass", None)
    if setup:
        setup()


def call(test):
    instance = None
    if test.owner:
        if issubclass(test.owner, unittest.TestCase):
            instance = test.owner(test.attribute)
        else:
            instance = test.owner()
            enter_class(test.owner)
    run = Run(test, instance)
    try:
        for name in needed(test.module, test.owner, getattr(test.owner or test.module, test.attribute)):
            fix = find_fixture(test.module, test.owner, name)
            if fix.autouse:
                run.value(name)
        for setup in ("setup_method", "setUp", "setup"):
            f = getattr(instance, setup, None)
            if f:
                f(*([None] if len(inspect.signature(f).parameters) else []))
                break
        f = getattr(instance if test.owner else test.module, test.attribute)
        arguments = {n: run.value(n) for n, p in inspect.signature(f).parameters.items()
                     if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL) and (p.default is p.empty or n in test.arguments)}
        f(**arguments)
    finally:
        for teardown in ("teardown_method", "tearDown", "teardown"):
            f = getattr(instance, teardown, None)
            if f:
                f(*([None] if len(inspect.signature(f).parameters) else []))
                break
        for close in reversed(run.closers):
            close()


def run(test):
    """"pass", "skip" or "fail", and why."""
    if is_skipped(test.marks):
        return "skip", ""
    state = warnings.catch_warnings()
    state.__enter__()
    try:
        warnings.simplefilter("error")
        for kind in (ImportWarning, ResourceWarning, PendingDeprecationWarning, EncodingWarning):
            warnings.simplefilter("ignore", kind)
        for m in test.marks:
            if m.name == "filterwarnings":
                for spec in m.args:
                    apply_filter(spec)
        call(test)
    except (Skip, unittest.SkipTest) as e:
        return "skip", str(e)
    except XFail:
        return "skip", "xfail"
    except KeyboardInterrupt:
        raise
    except BaseException as e:
        if expected_failure(test.marks):
            return "skip", "xfail"
        return "fail", describe(e)
    finally:
        state.__exit__(None, None, None)
    return "pass", ""


def apply_filter(spec):
    action, _, rest = spec.partition(":")
    message, _, category = rest.partition(":")
    kind = Warning
    if category:
        package, _, name = category.rpartition(".")
        kind = getattr(importlib.import_module(package or "builtins"), name)
    warnings.filterwarnings(action, re.escape(message) if message else "", kind)


def describe(e):
    text = f"{type(e).__name__}: {str(e).strip()}".replace("\n", " | ")[:300]
    tb, lines = e.__traceback__, []
    while tb:
        code = tb.tb_frame.f_code
        if "standins" not in code.co_filename:
            lines.append(f"{code.co_filename.rpartition('/')[2]}:{tb.tb_lineno}")
        tb = tb.tb_next
    return f"{text} @ {' '.join(lines[:1] + lines[-2:] if len(lines) > 2 else lines)}"
