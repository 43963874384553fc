"""What the command line accepts: zip files, folders and compiled files as scripts, and the options that CPython has."""
import os
import py_compile
import subprocess
import sys
import tempfile
import zipfile


def run(*arguments, status=0, **environment):
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON") or k == "PYTHONPATH"}
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, env={**kept, **environment})
    assert done.returncode == status, (arguments, done)
    return done.stdout if status == 0 else done.stderr


folder = tempfile.mkdtemp()
script = os.path.join(folder, "__main__.py")
with open(script, "w") as f:
    f.write("import sys\nprint(__name__, sys.argv[1:], type(__loader__).__name__)\n")

# A zip file, a folder, a module inside a zip file
archive = os.path.join(folder, "program.zip")
with zipfile.ZipFile(archive, "w") as z:
    z.write(script, "__main__.py")
    z.writestr("tool.py", "print('tool', __spec__.name)\n")
assert run(archive, "a", "b") == "__main__ ['a', 'b'] zipimporter\n"
assert run(folder, "a") == "__main__ ['a'] SourceFileLoader\n"
assert run("-m", "tool", PYTHONPATH=archive) == "tool tool\n"
assert run("-c", "import sys, zipimport; print(sys.path_hooks.count(zipimport.zipimporter))", PYTHONPATH=archive) == "1\n"
empty = tempfile.mkdtemp()
assert "can't find '__main__' module in" in run(empty, status=1)

# A compiled file
compiled = py_compile.compile(script, cfile=os.path.join(folder, "other.pyc"))
assert run(compiled, "c") == "__main__ ['c'] SourcelessFileLoader\n"
with open(compiled, "wb") as f:
    f.write(b"no code")
run(compiled, status=1)

# Options and their variables
flags = "import sys; print(sys.flags.debug, sys.flags.verbose, sys.flags.hash_randomization, sys.pycache_prefix)"
assert run("-c", flags, PYTHONHASHSEED="0") == "0 0 0 None\n"
prefix = os.path.join(folder, "compiled")
assert run("-dR", "-X", "pycache_prefix=" + prefix, "-c", flags, PYTHONHASHSEED="0", PYTHONDEBUG="2") == f"2 0 1 {prefix}\n"
assert run("-c", flags, PYTHONPYCACHEPREFIX=prefix, PYTHONHASHSEED="7").endswith(f" {prefix}\n")
same = "print(hash('a'))"
assert run("-c", same, PYTHONHASHSEED="1") == run("-c", same, PYTHONHASHSEED="1") != run("-c", same, PYTHONHASHSEED="2")
assert "PYTHONHASHSEED must be" in run("-c", same, status=1, PYTHONHASHSEED="x")
assert "invalid limit" in run("-X", "int_max_str_digits=5", "-c", "", status=1)
limit = "import sys; print(sys.get_int_max_str_digits())"
assert run("-X", "int_max_str_digits=700", "-c", limit) == "700\n"
assert run("-c", limit, PYTHONINTMAXSTRDIGITS="0") == "0\n"
assert run("--check-hash-based-pycs", "always", "-c", "import _imp; print(_imp.check_hash_based_pycs)") == "always\n"
run("--check-hash-based-pycs", "perhaps", status=2)
filters = "import warnings; print(*(f'{f[0]}::{f[2].__name__}' for f in warnings.filters[:3]))"
assert run("-bb", "-W", "always::UserWarning", "-c", filters, PYTHONWARNINGS="once::UserWarning") == (
    "error::BytesWarning always::UserWarning once::UserWarning\n")
assert run("-X", "dev", "-c", filters).startswith("default::Warning default::DeprecationWarning")

# __spec__ and __loader__ exist before importlib is loaded, for imported, native and built-in modules
lazy = os.path.join(folder, "lazy.py")
with open(lazy, "w") as f:
    f.write("print(__spec__.name, type(__loader__).__name__)\n")
source = "import os, math, sys; sys.path.insert(0, %r); print(os.__spec__.name, math.__spec__.origin); import lazy"
assert run("-I", "-S", "-c", source % folder) == "os built-in\nlazy SourceFileLoader\n"

# The C locale: bytes beyond ASCII survive; sys.tracebacklimit; one sys.flags
errors = "import sys; print(sys.stdin.errors, sys.stdout.errors, sys.stderr.errors)"
assert run("-c", errors, LC_ALL="C") == "surrogateescape surrogateescape backslashreplace\n"
assert run("-c", errors, LC_ALL="C", PYTHONIOENCODING=":ignore") == "ignore ignore backslashreplace\n"
assert run("-c", errors, LC_ALL="C.UTF-8") == "surrogateescape surrogateescape backslashreplace\n"
assert run("-c", errors, LC_ALL="C.UTF-8", PYTHONIOENCODING="utf-8") == "strict strict backslashreplace\n"
failing = "import sys; sys.tracebacklimit = %s; 1 / 0"
assert run("-c", failing % "0", status=1) == "ZeroDivisionError: division by zero\n"
assert run("-c", failing % "-1 << 100", status=1) == "ZeroDivisionError: division by zero\n"
assert run("-c", failing % "1 << 100", status=1).startswith("Traceback")
for kind in type(sys.flags), type(sys.version_info):
    for make in kind, lambda: kind.__new__(kind):
        try:
            make()
        except TypeError as e:
            assert "cannot create" in str(e) or "is not safe" in str(e)
        else:
            assert False, kind
assert {"os", "sys", "_io", "zipimport", "this"} <= sys.stdlib_module_names

# A debugger within a trace function: call_tracing() lets it set its own
seen = []


def tracer(frame, event, arg):
    if event == "call" and frame.f_code.co_name == "first":
        sys.call_tracing(debug, ())
    return tracer


def inner_tracer(frame, event, arg):
    seen.append((event, frame.f_code.co_name))


def debug():
    sys.settrace(inner_tracer)
    second()
    sys.settrace(tracer)


def first():
    pass


def second():
    pass


sys.settrace(tracer)
first()
sys.settrace(None)
assert seen == [("call", "second")], seen
