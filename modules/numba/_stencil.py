"""stencil: a kernel whose indices are relative to the point that is being computed.

The function's source is rewritten: an index of an array argument gets the point's coordinates added (`a[-1, 0]` becomes
`a[i0 - 1, i1]`), which makes a function of one point; a loop nest, made as text, calls it for every point whose neighbourhood
lies in the array and leaves `cval` at the border. How many indices the source has is the arrays' rank, so that one `_apply`
serves calls from Python and, as `_kernel_function_`, from kernels."""
import ast
import inspect
import textwrap

import numpy as np

from numba._library import returns
from numba._ufunc import _off


class _Relative(ast.NodeTransformer):
    """Adds the point's coordinates to the indices of the arrays, and notes how many there are and how far they reach."""

    def __init__(self, arrays):
        self.arrays, self.rank, self.low, self.high, self.constant = arrays, 0, {}, {}, True

    def visit_Subscript(self, node):
        self.generic_visit(node)
        if not isinstance(node.value, ast.Name) or node.value.id not in self.arrays:
            return node
        if isinstance(node.ctx, ast.Store):
            raise ValueError("Assignments to arrays passed to stencil kernels is not allowed.")
        items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        self.rank = self.rank or len(items)
        if len(items) != self.rank:
            raise ValueError("%d dimensional index found in a stencil of %d dimensional arrays" % (len(items), self.rank))
        moved = [self._moved(k, item) for k, item in enumerate(items)]
        node.slice = ast.Tuple(moved, ast.Load()) if self.rank > 1 else moved[0]
        return node

    def _moved(self, k, item):
        if isinstance(item, ast.Slice):
            if item.lower is None or item.upper is None or item.step is not None:
                raise ValueError("a slice in a stencil needs both ends and no step")
            return ast.Slice(self._moved(k, item.lower), self._moved(k, item.upper), None)
        self._note(k, item)
        return ast.BinOp(ast.Name("_i%d" % k, ast.Load()), ast.Add(), item)

    def _note(self, k, item):
        try:
            n = ast.literal_eval(item)
        except ValueError:
            self.constant = False
            return
        if not isinstance(n, int):
            raise TypeError("stencil indices are ints")
        self.low[k] = min(self.low.get(k, 0), n)
        self.high[k] = max(self.high.get(k, 0), n)


def _function_node(function):
    source = textwrap.dedent(inspect.getsource(function))
    try:
        tree = ast.parse(source)
    except SyntaxError: # a lambda in the middle of a call
        start = source.index("lambda")
        tree = None
        for end in range(len(source), start, -1):
            try:
                tree = ast.parse("(" + source[start:end] + ")")
                break
            except SyntaxError:
                continue
    for node in ast.walk(tree):
        if isinstance(node, ast.Lambda):
            return ast.FunctionDef(function.__name__ if function.__name__ != "<lambda>" else "point", node.args,
                                   [ast.Return(node.body)], [], None)
        if isinstance(node, ast.FunctionDef):
            node.decorator_list, node.returns = [], None
            return node
    raise ValueError("the source of the stencil is not to be had")


class StencilFunc:
    """What @stencil makes: called with arrays, it gives the stencil's value at every point."""

    def __init__(self, function, mode, options):
        if mode != "constant":
            raise ValueError("Unsupported mode style " + str(mode))
        self.py_func, self.mode = function, mode
        self.__name__, self.__doc__, self.__module__ = function.__name__, function.__doc__, function.__module__
        self.neighborhood = options.pop("neighborhood", None)
        self._border_too = "cval" in options  # an array given as out keeps its border otherwise
        self._cval = options.pop("cval", 0)
        self._standard = options.pop("standard_indexing", None) or ()
        if isinstance(self._standard, str):
            self._standard = (self._standard,)
        if options:
            raise ValueError("Unknown stencil option " + str(min(options)))
        self._parameters = list(function.__code__.co_varnames[:function.__code__.co_argcount])
        for name in self._standard:
            if name not in self._parameters:
                raise ValueError("Standard indexing requested for an array name not present in the stencil kernel definition.")
        if self._parameters and self._parameters[0] in self._standard:
            raise ValueError("The first argument to a stencil kernel must use relative indexing, not standard indexing.")
        self._made = None

    def _borders(self, relative):
        """How many points at the beginning and the end of each axis have no whole neighbourhood."""
        if self.neighborhood is not None:
            if len(self.neighborhood) != relative.rank:
                raise ValueError("%d dimensional neighborhood specified for %d dimensional input array"
                                 % (len(self.neighborhood), relative.rank))
            bounds = [(int(a), int(b)) for a, b in self.neighborhood]
        elif not relative.constant:
            raise ValueError("stencil indices that are not constant need the option neighborhood")
        else:
            bounds = [(relative.low[k], relative.high[k]) for k in range(relative.rank)]
        return [(max(-low, 0), max(high, 0)) for low, high in bounds]

    def _point(self):
        """The function of one point, and what is known of its indices."""
        node = _function_node(self.py_func)
        relative = _Relative([n for n in self._parameters if n not in self._standard])
        node = relative.visit(node)
        if not relative.rank:
            raise ValueError("Stencil kernel with no accesses to relatively indexed arrays.")
        node.name, node.args.defaults = "_point", []
        node.args.args += [ast.arg("_i%d" % k, None) for k in range(relative.rank)]
        module = ast.Module([node], [])
        ast.fix_missing_locations(module)
        scope = dict(self.py_func.__globals__)
        for name, cell in zip(self.py_func.__code__.co_freevars, self.py_func.__closure__ or ()):
            scope[name] = cell.cell_contents
        exec(compile(module, "<stencil %s>" % self.__name__, "exec"), scope)
        return scope["_point"], relative

    def _make(self):
        """(fill, apply, borders): what fills the inner points of an array, and what makes one."""
        if self._made:
            return self._made
        from numba import jit
        point, relative = self._point()
        borders, rank = self._borders(relative), relative.rank
        parameters, first = ", ".join(self._parameters), self._parameters[0]
        points = ", ".join("_i%d" % k for k in range(rank))
        lines = []
        for k, (low, high) in enumerate(borders):
            lines.append("    " * (k + 1) + "for _i%d in range(%d, %s.shape[%d] - %d):" % (k, low, first, k, high))
        lines.append("    " * (rank + 1) + "_out[%s] = _point(%s, %s)" % (points, parameters, points))
        border = "        out[...] = _cval\n" if self._border_too else ""
        text = f"""
def _fill(_out, {parameters}):
{chr(10).join(lines)}

def _apply({parameters}, out=None):
    if out is not None:
{border}        _fill(out, {parameters})
        return out
    _type = np.result_type(returns(_point, {parameters}, {", ".join("0" * rank)}))
    _out = np.full({first}.shape, _type(_cval), _type)
    _fill(_out, {parameters})
    return _out
"""
        own = {"_point": jit(point), "np": np, "returns": returns, "_cval": self._cval}
        exec(text, own)
        self._made = jit(own["_fill"]), own["_apply"], borders, jit(own["_apply"])
        return self._made

    @property
    def _kernel_function_(self):
        return self._make()[1]

    def _interpreted(self, args, fill, borders):
        """Without compiler: the type of the first value is the result's."""
        values = np.full(args[0].shape, self._cval, object)
        fill(values, *args)
        inner = values[tuple(slice(low, n - high) for (low, high), n in zip(borders, values.shape))]
        return values.astype(np.asarray(inner.flat[0]).dtype if inner.size else args[0].dtype)

    def __call__(self, *args, out=None, **ignored):
        if not args or not isinstance(args[0], np.ndarray):
            raise ValueError("The first argument to a stencil kernel must be an array")
        shape = args[0].shape
        for name, a in zip(self._parameters[1:], args[1:]):
            if isinstance(a, np.ndarray) and name not in self._standard and (a.ndim != len(shape) or
                                                                              any(m < n for m, n in zip(a.shape, shape))):
                raise ValueError("Secondary stencil array does not have same number of dimensions as the first stencil input."
                                 if a.ndim != len(shape) else
                                 "Secondary stencil array has some dimension smaller the same dimension in the first stencil input.")
        fill, _, borders, apply = self._make()
        if len(borders) != len(shape):
            raise ValueError("%d dimensional indices in a stencil called with a %d dimensional array" % (len(borders), len(shape)))
        if not _off():
            made = apply(*args) if out is None else apply(*args, out)
            return made if out is None else out
        if out is None:
            return self._interpreted(args, fill, borders)
        if self._border_too:
            out[...] = self._cval
        fill(out, *args)
        return out


def stencil(func_or_mode="constant", **options):
    """Make a function of relative indices a stencil: @stencil, or with cval, neighborhood, standard_indexing."""
    if callable(func_or_mode):
        return StencilFunc(func_or_mode, "constant", options)
    return lambda function: StencilFunc(function, func_or_mode, options)
