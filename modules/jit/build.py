"""krait -m jit.build script.py -o libname.so

Makes a shared object and a C header (libname.h) of the kernels of a script that have explicit signatures: @njit("f8(f8[:])") and
numba.pycc's @cc.export. A C program that links it needs no krait; krait imports it as the module libname.

The script is run as the module of its name, not as __main__. Functions take and give numbers, arrays of numbers and, as results,
tuples of these. Names of further signatures of one function end in _2, _3, ... Needs a C compiler (CC, or cc) and objcopy.
"""
import argparse
import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import tempfile

import _jit
from numba.core import types

from jit import _library_c as c

_HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_NEEDS = {"jit_rt_native": "a function that the interpreter runs", "jit_rt_random": "random numbers",
          "jit_rt_random_int": "random numbers", "jit_rt_cpow": "powers of complex numbers"}


class BuildError(Exception):
    """What keeps a function out of a library, in words."""


class Kernel:
    """One exported function: its C name, the dispatcher, the signature, what the compiler gave."""

    def __init__(self, name, dispatcher, arguments, number, cpu):
        self.name, self.dispatcher, self.number = name, dispatcher, number
        self.arguments = tuple(arguments)
        self.text = "(" + "".join(f"{a}, " for a in self.arguments) + ")"
        made = dispatcher._object(self.text, cpu)
        self.object, self.symbol, self.functions, self.raises, result = made
        self.result = types.from_text(result)
        code = dispatcher.py_func.__code__
        self.parameters = code.co_varnames[:code.co_argcount]

    @property
    def results(self):
        """The types of the results: none, one, or a tuple's."""
        if self.result is types.none:
            return ()
        return tuple(self.result) if isinstance(self.result, (types.Tuple, types.UniTuple)) else (self.result,)


def _find(namespace):
    """(name, dispatcher) of the kernels with explicit signatures that a module defines, and of numba.pycc's exports."""
    from numba import pycc
    for name, value in namespace.items():
        if isinstance(value, _jit.Dispatcher) and value._sealed() and value.py_func.__module__ == namespace["__name__"]:
            yield value.__name__, value
        elif isinstance(value, pycc.CC):
            yield from value._exported()


def kernels(namespace, cpu=None):
    """The Kernels of a module's namespace, in order; each C name once."""
    found, seen = [], set()
    for name, dispatcher in _find(namespace):
        if id(dispatcher) in seen:
            continue
        seen.add(id(dispatcher))
        for number, arguments in enumerate(dispatcher.signatures, 1):
            label = name if number == 1 else f"{name}_{number}"
            if any(kernel.name == label for kernel in found):
                raise BuildError(f"two functions would be called {label}")
            kernel = Kernel(label, dispatcher, arguments, len(found), cpu)
            c.check(kernel, BuildError)
            found.append(kernel)
    return found


# ---- Linking ----

def _run(command, folder):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        missing = set(re.findall(r"undefined reference to `([\w.]+)'", done.stderr))
        words = {_NEEDS.get(name, name) for name in missing}
        raise BuildError("a kernel needs what is only in krait: " + ", ".join(sorted(words)) if missing else done.stderr.strip())


def _undefined(path, folder):
    done = subprocess.run(["nm", "-u", path], cwd=folder, capture_output=True, text=True, check=True)
    return {line.split()[-1] for line in done.stdout.splitlines() if line.strip()}


def _description(found):
    rows = []
    for kernel in found:
        functions = [{"name": f.__name__, "file": f.__code__.co_filename, "line": f.__code__.co_firstlineno, "text": c.lines_of(f),
                      "library": f.__globals__.get("__package__") == "numba._library"} for f in kernel.functions]
        rows.append({"name": kernel.dispatcher.__name__ if kernel.name.startswith(kernel.dispatcher.__name__) else kernel.name,
                     "symbol": c.entry(kernel), "arguments": kernel.text, "result": f"({kernel.result},)",
                     "parameters": list(kernel.parameters), "defaults": _defaults(kernel.dispatcher.py_func),
                     "doc": kernel.dispatcher.py_func.__doc__, "functions": functions, "raises": kernel.raises})
    return json.dumps(rows)


def _defaults(function):
    values = list(function.__defaults__ or ())
    return values if all(v is None or type(v) in (int, float, bool) for v in values) else []


def link(found, output):
    """Write the shared object and its header beside it."""
    if not found:
        raise BuildError("the script has no kernel with an explicit signature, and exports none by numba.pycc")
    stem = os.path.splitext(os.path.basename(output))[0]
    compiler = os.environ.get("CC", "cc").split()
    if not shutil.which(compiler[0]) or not shutil.which("objcopy"):
        raise BuildError(f"making a shared object takes a C compiler ({compiler[0]}) and objcopy")
    with tempfile.TemporaryDirectory() as folder:
        def write(name, text):
            with open(os.path.join(folder, name), "wb" if isinstance(text, bytes) else "w") as file:
                file.write(text)
        objects, math = [], set()
        for kernel in found:
            name = f"kernel{kernel.number}.o"
            write(name, kernel.object)
            _run(["objcopy", f"--keep-global-symbol={c.entry(kernel)}", f"--keep-global-symbol={kernel.symbol}", f"--redefine-sym={kernel.symbol}={c.entry(kernel)}", name], folder)
            math |= {symbol for symbol in _undefined(name, folder) if re.match(r"jit[._](?!rt_)", symbol)}
            objects.append(name)
        header = c.header(found, stem)
        write("library.h", header)
        write("library.c", c.source(found, sorted(math), _description(found)))
        write("library.map", "{ global: " + "".join(f"{k.name}; {c.entry(k)}; " for k in found) + " ".join(c.PUBLIC) + " local: *; };\n")
        _run([*compiler, "-O2", "-fPIC", "-c", "library.c", "-o", "library.o"], folder)
        vectors = any(".v" in symbol for symbol in math)
        _run([*compiler, "-shared", "-o", "library.so", "library.o", *objects, os.path.join(_HOME, "libkernel.a"),
              "-Wl,--gc-sections", "-Wl,-z,defs", "-Wl,-z,noexecstack", "-Wl,--version-script=library.map",
              f"-Wl,-soname,{os.path.basename(output)}", *(["-Wl,--no-as-needed", "-l:libsleef.so.3"] if vectors else []),
              "-lm", "-lpthread", "-ldl"], folder)
        shutil.copy(os.path.join(folder, "library.so"), output)
        with open(os.path.splitext(output)[0] + ".h", "w") as file:
            file.write(header)


def build(script, output, cpu=None):
    """Make a library of a script's kernels; returns the C names."""
    name = os.path.splitext(os.path.basename(script))[0]
    sys.path.insert(0, os.path.dirname(os.path.abspath(script)))
    found = kernels(runpy.run_path(script, run_name=name), cpu)
    link(found, output)
    return [kernel.name for kernel in found]


def main(argv=None):
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="krait -m jit.build", description=__doc__.split("\n\n")[1])
    parser.add_argument("script")
    parser.add_argument("-o", metavar="libname.so", help="beside it comes libname.h; the default is lib + the script's name")
    parser.add_argument("--cpu", metavar="NAME", help="a processor of LLVM's names (x86-64-v2) instead of this machine's")
    options = parser.parse_args(argv)
    output = options.o or f"lib{os.path.splitext(os.path.basename(options.script))[0]}.so"
    try:
        names = build(options.script, output, options.cpu)
    except BuildError as error:
        print(f"jit.build: {error}", file=sys.stderr)
        return 1
    print(f"{output}: {', '.join(names)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
