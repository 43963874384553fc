"""objmode: blocks of a kernel that the interpreter runs, and parallel_chunksize blocks, which change no result.

    with objmode(y="float64[:]"):            _objmode_run(3, a, n)
        y = anything(a, n)            ->     y = _objmode_array(0, (0,), float64)

The function's source is rewritten when it is decorated: the block becomes a Python function of the local variables that it reads,
which are real numbers and arrays; what it assigns and the header declares comes back as numbers, str and arrays. Arrays go in as
copies, since the block may keep them, and what it changed in them is put back. Both functions above are run by kernels and by
the interpreter alike (numba._library.interpreted does the work)."""
import ast
import inspect
import textwrap

import numpy as np

from numba._library import interpreted, native
from numba.core import types
from numba.core.errors import UnsupportedError


# -- what the rewritten function calls --

def _run(block, *args):
    native("py:objmode_run", block, *args)


def _number(k, dtype):
    out = np.empty(1, dtype)
    native("py:objmode_take", k, out)
    return out[0]


def _int(k):
    return int(_number(k, np.int64))


def _float(k):
    return float(_number(k, np.float64))


def _bool(k):
    return bool(_number(k, np.bool_))


def _complex(k):
    out = np.empty(1, np.complex128)
    native("py:objmode_take", k, out)
    return complex(out[0])


def _lengths(like, shape):
    if not like:
        return ()
    return _lengths(like[:-1], shape) + (int(shape[len(like) - 1]),)


def _array(k, like, dtype):
    shape = np.empty(max(len(like), 1), np.int64)
    native("py:objmode_shape", k, shape)
    out = np.empty(_lengths(like, shape), dtype)
    native("py:objmode_take", k, out)
    return out


def _text(k):
    out = ""
    for c in _array(k, (0,), np.int64):
        out += chr(c)
    return out


_HELPERS = {"_objmode_" + f.__name__[1:]: f for f in (_run, _number, _int, _float, _bool, _complex, _array, _text)}
_PLAIN = {"int64": "_objmode_int", "float64": "_objmode_float", "bool": "_objmode_bool", "complex128": "_objmode_complex",
          "unicode_type": "_objmode_text"}


# -- rewriting --

def _names(nodes, context):
    return {n.id for node in nodes for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, context)}


def _call(name, *args):
    return ast.Call(ast.Name(name, ast.Load()), list(args), [])


class _Blocks(ast.NodeTransformer):
    """Replaces the blocks of one function."""

    def __init__(self, node, scope, function):
        self.scope, self.function, self.found = scope, function, False
        self.arguments = {a.arg for a in ast.walk(node.args) if isinstance(a, ast.arg)}
        self.node = node

    def evaluate(self, node):
        try:
            return eval(compile(ast.fix_missing_locations(ast.Expression(node)), "<objmode>", "eval"), self.scope)
        except Exception:
            return None

    def visit_With(self, node):
        import numba
        self.generic_visit(node)
        call = node.items[0].context_expr
        if len(node.items) != 1 or not isinstance(call, ast.Call):
            return node
        manager = self.evaluate(call.func)
        if manager is numba.parallel_chunksize:
            self.found = True
            return [ast.copy_location(ast.Expr(a), node) for a in call.args] + node.body
        if manager is not numba.objmode:
            return node
        self.found = True
        return [ast.copy_location(n, node) for n in self.block(node, call)]

    def block(self, node, call):
        if call.args:
            raise UnsupportedError("objmode takes the types of its results by name: objmode(y='float64[:]')")
        outside = self.arguments | _names((n for n in self.node.body if n is not node), ast.Store)
        stored, results = _names(node.body, ast.Store), [k.arg for k in call.keywords]
        before = self.arguments | self.stored_before(node)
        inputs = sorted((_names(node.body, ast.Load) | stored) & before & outside)
        arguments = ast.arguments([], [ast.arg(n) for n in inputs], None, [], [], None, [])
        values = ast.Tuple([ast.Name(r, ast.Load()) for r in results], ast.Load())
        body = ast.FunctionDef("objmode_block", arguments, node.body + [ast.copy_location(ast.Return(values), node.body[-1])], [], None)
        number = interpreted.objmode_enter(_made(body, self.scope, self.function.__code__.co_filename, node))
        yield ast.Expr(_call("_objmode_run", ast.Constant(number), *(ast.Name(n, ast.Load()) for n in inputs)))
        for k, keyword in enumerate(call.keywords):
            yield ast.Assign([ast.Name(keyword.arg, ast.Store())], self.taken(k, keyword))

    def stored_before(self, node):
        """The variables that the function assigns above the block, or anywhere in a loop around it."""
        names = set()
        for other in ast.walk(self.node):
            inside = other is node or (isinstance(other, ast.Name) and node.lineno <= other.lineno <= node.end_lineno)
            if isinstance(other, ast.Name) and isinstance(other.ctx, ast.Store) and not inside and other.lineno <= node.lineno:
                names.add(other.id)
        return names

    def taken(self, k, keyword):
        kind = self.evaluate(keyword.value)
        try:
            kind = eval(kind, dict(vars(types))) if isinstance(kind, str) else kind
        except (NameError, SyntaxError, TypeError):
            pass
        place, name = ast.Constant(k), str(kind)
        if name in _PLAIN:
            return _call(_PLAIN[name], place)
        array = isinstance(kind, types.Array)
        number = kind.dtype if array else kind
        if not isinstance(number, (types.Number, types.Boolean)):
            raise UnsupportedError(f"objmode gives numbers, str and arrays of numbers; '{keyword.arg}' is declared as {name}")
        dtype = ast.Constant(number.name)
        if not array:
            return _call("_objmode_number", place, dtype)
        return _call("_objmode_array", place, ast.Constant((0,) * kind.ndim), dtype)


def _made(node, scope, filename, like):
    """The function that the node defines, its free names bound to the scope's values."""
    tree = ast.Module([node], [])
    ast.copy_location(node, like)
    for n in ast.walk(tree):
        if isinstance(n, (ast.stmt, ast.expr, ast.arg)) and not hasattr(n, "lineno"):
            ast.copy_location(n, like)
    exec(compile(ast.fix_missing_locations(tree), filename, "exec"), scope)
    return scope.pop(node.name)


def _scope(function):
    scope = dict(function.__globals__)
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or ()):
        try:
            scope[name] = cell.cell_contents
        except ValueError:
            pass
    return scope


def rewritten(function):
    """The function with its blocks taken out; itself, if it has none or no source."""
    try:
        source = textwrap.dedent(inspect.getsource(function))
        node = ast.parse(source).body[0]
    except (OSError, TypeError, SyntaxError):
        return function
    if not isinstance(node, ast.FunctionDef):
        return function
    ast.increment_lineno(node, function.__code__.co_firstlineno - 1)
    node.decorator_list, node.returns = [], None
    scope = _scope(function)
    blocks = _Blocks(node, scope, function)
    blocks.visit(node)
    if not blocks.found:
        return function
    scope.update(_HELPERS)
    made = _made(node, scope, function.__code__.co_filename, node)
    made.__defaults__, made.__kwdefaults__ = function.__defaults__, function.__kwdefaults__
    made.__name__, made.__qualname__, made.__doc__ = function.__name__, function.__qualname__, function.__doc__
    made.__module__ = function.__module__
    return made
