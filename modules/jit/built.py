"""Modules out of the libraries that jit.build makes: the importer calls load() for a shared object that describes itself so."""
import json
import sys
import types

import _jit


def _code_at(code, name, line):
    """The code object of a function among the constants of `code`, or None."""
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            if constant.co_name == name and constant.co_firstlineno == line:
                return constant
            inner = _code_at(constant, name, line)
            if inner:
                return inner
    return None


def _function(row, module, parameters=(), defaults=(), doc=None):
    """The Python function behind a kernel: it binds arguments and names the places of errors, and is never run."""
    text, line = row["text"] or "", row["line"]
    if text[:1] in (" ", "\t"):
        text, line = "if True:\n" + text, line - 1
    code = _code_at(compile("\n" * (line - 1) + text, row["file"], "exec"), row["name"], row["line"]) if text else None
    if code is None:
        text = "\n" * (row["line"] - 1) + f"def f({', '.join(parameters)}): raise SystemError"
        code = _code_at(compile(text, row["file"], "exec"), "f", row["line"])
    names = {"__name__": module, "__package__": "numba._library" if row["library"] else None}
    cells = tuple(types.CellType() for _ in code.co_freevars)
    function = types.FunctionType(code, names, row["name"], tuple(defaults) or None, cells or None)
    function.__doc__ = doc
    return function


def load(name, path, description):
    """The module of a library's kernels."""
    module = types.ModuleType(name, f"Kernels that jit.build compiled into {path}.")
    module.__file__ = path
    for row in json.loads(description):
        first = _function(row["functions"][0], name, row["parameters"], row["defaults"], row["doc"])
        functions = (first, *[_function(function, name) for function in row["functions"][1:]])
        known = module.__dict__.get(row["name"])
        dispatcher = known or _jit.Dispatcher(first, {})
        raises = tuple((cls, tuple(kinds)) for cls, kinds in row["raises"])
        dispatcher._adopt(path, row["symbol"], row["arguments"], row["result"], functions, raises)
        setattr(module, row["name"], dispatcher)
    sys.modules[name] = module
    return module
