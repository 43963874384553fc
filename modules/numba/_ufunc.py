"""vectorize, guvectorize: scalar functions and small kernels made to apply to arrays, with NumPy's broadcasting.

A DUFunc holds the kernel `apply` that allocates the result and `run` that fills an array, both over any rank: run() calls itself
for the rows, so that the innermost loop is one over numbers, which the compiler vectorises. The same `apply` is what a kernel
calls when it meets the DUFunc (`_kernel_function_`)."""
import sys

import numpy as np

from numba._library import kind, returns
from numba._library.shapes import as_array, common, shapes_of


def _off():
    return sys._xoptions.get("jit") == "off"


def _make1(f):
    def run(out, a):
        if out.ndim == 0:
            out[()] = f(a[()])
        elif out.ndim == 1:
            for i in range(out.shape[0]):
                out[i] = f(a[i])
        else:
            for i in range(out.shape[0]):
                run(out[i], a[i])

    def fill(out, a):
        run(out, np.broadcast_to(a, out.shape))

    def apply(a):
        if kind(a) == "number":
            return f(a)
        x = as_array(a)
        out = np.empty(x.shape, np.result_type(returns(f, x.dtype(0))))
        run(out, x)
        return out
    return run, fill, apply


def _make2(f):
    def run(out, a, b):
        if out.ndim == 0:
            out[()] = f(a[()], b[()])
        elif out.ndim == 1:
            for i in range(out.shape[0]):
                out[i] = f(a[i], b[i])
        else:
            for i in range(out.shape[0]):
                run(out[i], a[i], b[i])

    def fill(out, a, b):
        run(out, np.broadcast_to(a, out.shape), np.broadcast_to(b, out.shape))

    def apply(a, b):
        if kind(a) == "number" and kind(b) == "number":
            return f(a, b)
        x, y = as_array(a), as_array(b)
        shape = common(shapes_of((x, y)))
        out = np.empty(shape, np.result_type(returns(f, x.dtype(0), y.dtype(0))))
        run(out, np.broadcast_to(x, shape), np.broadcast_to(y, shape))
        return out
    return run, fill, apply


def _make3(f):
    def run(out, a, b, c):
        if out.ndim == 0:
            out[()] = f(a[()], b[()], c[()])
        elif out.ndim == 1:
            for i in range(out.shape[0]):
                out[i] = f(a[i], b[i], c[i])
        else:
            for i in range(out.shape[0]):
                run(out[i], a[i], b[i], c[i])

    def fill(out, a, b, c):
        run(out, np.broadcast_to(a, out.shape), np.broadcast_to(b, out.shape), np.broadcast_to(c, out.shape))

    def apply(a, b, c):
        if kind(a) == "number" and kind(b) == "number" and kind(c) == "number":
            return f(a, b, c)
        x, y, z = as_array(a), as_array(b), as_array(c)
        shape = common(shapes_of((x, y, z)))
        out = np.empty(shape, np.result_type(returns(f, x.dtype(0), y.dtype(0), z.dtype(0))))
        run(out, np.broadcast_to(x, shape), np.broadcast_to(y, shape), np.broadcast_to(z, shape))
        return out
    return run, fill, apply


def _make_many(f, n):
    """For four arguments and more, the same from text."""
    names = ["a%d" % i for i in range(n)]
    a = ", ".join(names)
    at = lambda form: ", ".join(form % x for x in names)
    text = f"""
def run(out, {a}):
    if out.ndim == 0:
        out[()] = f({at("%s[()]")})
    elif out.ndim == 1:
        for i in range(out.shape[0]):
            out[i] = f({at("%s[i]")})
    else:
        for i in range(out.shape[0]):
            run(out[i], {at("%s[i]")})

def fill(out, {a}):
    run(out, {", ".join("np.broadcast_to(%s, out.shape)" % x for x in names)})

def apply({a}):
    if {" and ".join("kind(%s) == 'number'" % x for x in names)}:
        return f({a})
    {a} = {at("as_array(%s)")}
    shape = common(shapes_of(({a})))
    out = np.empty(shape, np.result_type(returns(f, {at("%s.dtype(0)")})))
    run(out, {", ".join("np.broadcast_to(%s, shape)" % x for x in names)})
    return out
"""
    names = {"f": f, "np": np, "kind": kind, "returns": returns, "as_array": as_array, "common": common, "shapes_of": shapes_of}
    exec(text, names)
    return names["run"], names["fill"], names["apply"]


def _dtypes(signature):
    """The argument dtypes and the result's of a signature, its text or a call of a type."""
    text = str(signature).replace(" ", "")
    result, _, rest = text.partition("(")
    names = [n for n in rest.rstrip(")").split(",") if n]
    return [np.dtype(_name(n)) for n in names], np.dtype(_name(result)) if result else None


def _name(text):
    return {"boolean": "bool", "b1": "bool", "bool_": "bool", "intp": "int64", "uintp": "uint64", "double": "float64",
            "float_": "float32", "int_": "int64", "uint": "uint64", "long_": "int64"}.get(text, text)


class DUFunc:
    """A universal function made by @vectorize: broadcasts, casts, and compiles for new types unless signatures were given."""

    def __init__(self, function, signatures=(), identity=None, options=()):
        from numba import jit
        self.py_func = function
        self.__name__ = function.__name__
        self.__qualname__ = getattr(function, "__qualname__", function.__name__)
        self.__doc__ = function.__doc__
        self.__module__ = function.__module__
        self.nin, self.nout = function.__code__.co_argcount, 1
        self.nargs = self.nin + 1
        self.signature = None
        self.targetoptions = dict(options)
        self._reorderable = identity is not None
        self._identity = None if identity == "reorderable" else identity
        self._scalar = jit(function)
        make = {1: _make1, 2: _make2, 3: _make3}.get(self.nin)
        run, fill, apply = make(self._scalar) if make else _make_many(self._scalar, self.nin)
        self._kernel_function_ = apply
        self._fill, self._apply = jit(fill), jit(apply)
        self._loops = [_dtypes(s) for s in signatures]
        self._seen = []
        for arguments, _ in self._loops:
            if len(arguments) != self.nin:
                raise TypeError("the signature has %d arguments, the function takes %d" % (len(arguments), self.nin))

    identity = property(lambda self: self._identity)
    ufunc = property(lambda self: self)

    @property
    def types(self):
        loops = self._loops or self._seen
        return ["".join(d.char for d in a) + "->" + (r.char if r is not None else "?") for a, r in loops]

    ntypes = property(lambda self: len(self.types))

    def __repr__(self):
        return "<numba._DUFunc '%s'>" % self.__name__

    def disable_compile(self):
        """With signatures this is so from the beginning."""

    def build_ufunc(self):
        return self

    def __reduce__(self):
        return self.__qualname__

    # -- calls --

    def _cast(self, args):
        """The arguments as the first loop that takes them wants them, and the type of its result."""
        if not self._loops:
            return args, None
        weak = [type(a) in (int, float, complex, bool) for a in args]
        for arguments, result in self._loops:
            if all(self._takes(a, w, d) for a, w, d in zip(args, weak, arguments)):
                return [np.asarray(a, d) for a, d in zip(args, arguments)], result
        raise TypeError("ufunc %r not supported for the input types, and the inputs could not be safely coerced to any supported "
                        "types according to the casting rule ''safe''" % self.__name__)

    @staticmethod
    def _takes(a, weak, dtype):
        if weak:
            return dtype.kind in {int: "iufc", float: "fc", complex: "c", bool: "biufc"}[type(a)]
        return np.can_cast(np.asarray(a).dtype, dtype, "safe")

    def __call__(self, *args, out=None, where=True, dtype=None, casting="same_kind", **ignored):
        if len(args) == self.nargs:
            args, out = args[:-1], args[-1]
        if len(args) != self.nin:
            raise TypeError("%s() takes %d positional arguments but %d were given" % (self.__name__, self.nin, len(args)))
        for a in args:
            override = getattr(type(a), "__array_ufunc__", None)
            if override is not None and not isinstance(a, (np.ndarray, np.generic)):
                kwargs = {} if out is None else {"out": out}
                return a.__array_ufunc__(self, "__call__", *args, **kwargs)
        if isinstance(out, tuple):
            out = out[0]
        args, result = self._cast([a if isinstance(a, (int, float, complex, np.generic)) else np.asarray(a) for a in args])
        r = self._values(args, result)
        if dtype is not None:
            r = r.astype(dtype)
        if out is None and where is True:
            return r
        r = np.asarray(r)
        if out is None:
            out = np.empty(r.shape, r.dtype)
        if not np.can_cast(r.dtype, out.dtype, casting):
            raise TypeError("Cannot cast ufunc '%s' output from %r to %r with casting rule '%s'"
                            % (self.__name__, r.dtype, out.dtype, casting))
        if where is True:
            out[...] = r
        else:
            np.copyto(out, r, where=where, casting="unsafe")
        return out

    def _values(self, args, result):
        if _off():
            r = self._interpreted(args)
        elif result is not None:
            r = np.empty(np.broadcast_shapes(*[np.shape(a) for a in args]), result)
            self._fill(r, *args)
        else:
            r = self._apply(*[np.asarray(a) for a in args])
        if result is not None:
            r = np.asarray(r).astype(result, copy=False)
        r = np.asarray(r)
        if not self._loops:
            seen = ([np.asarray(a).dtype for a in args], r.dtype)
            if seen not in self._seen:
                self._seen.append(seen)
        return r[()] if r.ndim == 0 else r

    def _interpreted(self, args):
        arrays = np.broadcast_arrays(*[np.asarray(a) for a in args])
        if arrays[0].size == 0:
            return np.empty(arrays[0].shape, np.result_type(*arrays))
        items = [self.py_func(*xs) for xs in zip(*[a.ravel() for a in arrays])]
        return np.array(items).reshape(arrays[0].shape)

    # -- methods of binary functions --

    def _binary(self, method):
        if self.nin != 2:
            raise ValueError("%s only supported for binary functions" % method)

    def reduce(self, array, axis=0, dtype=None, out=None, keepdims=False, initial=None, where=True):
        """Join the elements along an axis (an int, a tuple or None) by the function, from the first one on."""
        self._binary("reduce")
        a = np.asarray(array) if dtype is None else np.asarray(array, dtype)
        rank = a.ndim
        axes = tuple(range(rank)) if axis is None else (axis,) if isinstance(axis, int) else tuple(axis)
        axes = tuple(k % rank for k in axes)
        if len(axes) > 1 and not self._reorderable:
            raise ValueError("reduction operation '%s' is not reorderable, so at most one axis may be specified" % self.__name__)
        kept = [k for k in range(rank) if k not in axes]
        lines = a.transpose(axes + tuple(kept)).reshape((-1,) + tuple(a.shape[k] for k in kept))
        mask = None
        if where is not True:
            mask = np.broadcast_to(where, a.shape).transpose(axes + tuple(kept)).reshape(lines.shape)
        start = self._identity if initial is None else initial
        if lines.shape[0] == 0 or mask is not None:
            if start is None:
                raise ValueError("zero-size array to reduction operation %s which has no identity" % self.__name__)
        r = None if initial is None and mask is None else np.full(lines.shape[1:], start, a.dtype)
        if lines.shape[0] == 0:
            r = np.full(lines.shape[1:], start, a.dtype)
        for i in range(lines.shape[0]):
            if r is None:
                r = lines[i].copy() if lines.ndim > 1 else lines[i]
            elif mask is None:
                r = self(r, lines[i])
            else:
                r = np.where(mask[i], self(r, lines[i]), r)
        r = np.asarray(r)
        if keepdims:
            r = r.reshape([1 if k in axes else a.shape[k] for k in range(rank)])
        if out is not None:
            out = out[0] if isinstance(out, tuple) else out
            out[...] = r
            return out
        return r[()] if r.ndim == 0 else r

    def accumulate(self, array, axis=0, dtype=None, out=None):
        """The results of all beginnings along an axis."""
        self._binary("accumulate")
        a = np.moveaxis(np.asarray(array) if dtype is None else np.asarray(array, dtype), axis, 0)
        parts = [a[0]] if len(a) else []
        for i in range(1, len(a)):
            parts.append(np.asarray(self(parts[-1], a[i])))
        r = np.moveaxis(np.array(parts), 0, axis) if parts else a.copy()
        if out is not None:
            out[...] = r
            return out
        return r

    def reduceat(self, array, indices, axis=0, dtype=None, out=None):
        """reduce() of the pieces that begin at the indices."""
        self._binary("reduceat")
        a = np.moveaxis(np.asarray(array), axis, 0)
        ends = list(indices[1:]) + [len(a)]
        parts = [self.reduce(a[i:e]) if i < e else a[i] for i, e in zip(indices, ends)]
        r = np.moveaxis(np.array(parts), 0, axis)
        if out is not None:
            out[...] = r
            return out
        return r

    def outer(self, a, b, **options):
        """The function of every pair."""
        self._binary("outer")
        a, b = np.asarray(a), np.asarray(b)
        return self(a.reshape(a.shape + (1,) * b.ndim), b, **options)

    def at(self, a, indices, b=None):
        """In place at the indices, repeated ones again and again."""
        where = np.arange(a.size).reshape(a.shape)[indices]
        flat = a.reshape(-1)
        values = None if b is None else np.broadcast_to(b, where.shape).ravel()
        for k, i in enumerate(np.ravel(where)):
            flat[i] = self(flat[i]) if b is None else self(flat[i], values[k])
        if not np.shares_memory(flat, a):
            a[...] = flat.reshape(a.shape)


def vectorize(signatures_or_function=None, *, identity=None, **options):
    """Make a scalar function apply to arrays, element by element, with broadcasting: @vectorize, or with a list of
    signatures ("float64(float64, float64)"), which then are the only types."""
    if options.get("target") == "cuda":
        from numba import UnsupportedError
        raise UnsupportedError("krait has no GPU target")
    if callable(signatures_or_function) and not hasattr(signatures_or_function, "name"):
        return DUFunc(signatures_or_function, (), identity, options)
    signatures = signatures_or_function or ()
    if isinstance(signatures, str) or not isinstance(signatures, (list, tuple)):
        signatures = (signatures,)
    return lambda function: DUFunc(function, signatures, identity, options)


# -- generalised --

def _core(text):
    """The core dimensions of each argument of one side of a layout, "(m,n),(n)"."""
    sides, depth, item = [], 0, ""
    for c in text.replace(" ", ""):
        depth += (c == "(") - (c == ")")
        if c == "," and depth == 0:
            sides.append(item)
            item = ""
        else:
            item += c
    return [[d for d in s.strip("()").split(",") if d] for s in sides + [item] if s]


class GUFunc:
    """A generalised universal function made by @guvectorize: the kernel works on the core dimensions and writes its outputs."""

    def __init__(self, function, layout, signatures=(), options=(), writable=()):
        from numba import jit
        self.py_func, self.signature = function, layout
        self.__name__, self.__doc__, self.__module__ = function.__name__, function.__doc__, function.__module__
        left, _, right = layout.partition("->")
        self._inputs, self._outputs = _core(left), _core(right)
        self.nin, self.nout = len(self._inputs), len(self._outputs)
        self.nargs = self.nin + self.nout
        self._writable = set(writable)
        self._kernel = jit(function)
        self._loops = [[_argument(t) for t in _parts(s)] for s in signatures]
        self._compiled = {}

    types = property(lambda self: ["".join(np.dtype(d).char for d, _ in loop[:self.nin]) + "->" +
                                   "".join(np.dtype(d).char for d, _ in loop[self.nin:]) for loop in self._loops])
    identity = None

    def __repr__(self):
        return "<numba._GUFunc '%s'>" % self.__name__

    def _loop_for(self, args, outs):
        """The declared loop that takes the inputs, or one of their own types with outputs like the given ones."""
        for loop in self._loops:
            if all(np.can_cast(a.dtype, d, "safe") for a, (d, _) in zip(args, loop)):
                return loop
        if self._loops:
            raise TypeError("ufunc %r did not contain a loop with signature matching types %s"
                            % (self.__name__, [a.dtype for a in args]))
        if self.nout and any(o is None for o in outs):
            raise TypeError("a guvectorize function without signatures needs its outputs: pass them")
        loop = [(a.dtype, len(c)) for a, c in zip(args, self._inputs)]
        return loop + [(o.dtype, max(len(c), 1)) for o, c in zip(outs, self._outputs)]

    def _run(self, ranks):
        """A kernel over the flattened outer dimensions; ranks: of each argument as the function wants it."""
        if ranks not in self._compiled:
            names = ["x%d" % i for i in range(len(ranks))]
            cores = self._inputs + self._outputs
            items = ["%s[i]" % n if len(core) == rank else "%s[i:i + 1]" % n for n, core, rank in zip(names, cores, ranks)]
            text = "def run(n, %s):\n    for i in range(n):\n        f(%s)\n" % (", ".join(names), ", ".join(items))
            scope = {"f": self._kernel}
            exec(text, scope)
            from numba import jit
            self._compiled[ranks] = jit(scope["run"])
        return self._compiled[ranks]

    def _sizes(self, args):
        """The length of each core dimension."""
        sizes = {}
        for i, (a, core) in enumerate(zip(args, self._inputs)):
            if a.ndim < len(core):
                raise ValueError("%s: Input operand %d does not have enough dimensions (has %d, gufunc core with signature %s "
                                 "requires %d)" % (self.__name__, i, a.ndim, self.signature, len(core)))
            for name, n in zip(core, a.shape[a.ndim - len(core):]):
                fixed = int(name) if name.isdigit() else sizes.setdefault(name, n)
                if fixed != n:
                    raise ValueError("%s: Input operand %d has a mismatch in its core dimension %d, with gufunc signature %s (size %d "
                                     "is different from %d)" % (self.__name__, i, core.index(name), self.signature, n, fixed))
        return sizes

    def __call__(self, *args, out=None, **ignored):
        outs = list(args[self.nin:]) + [None] * (self.nargs - len(args))
        if out is not None:
            outs = list(out) if isinstance(out, tuple) else [out]
        if len(args) < self.nin:
            raise TypeError("%s() takes %d inputs" % (self.__name__, self.nin))
        given = [np.asarray(a) for a in args[:self.nin]]
        loop = self._loop_for(given, outs)
        arrays = [a if i in self._writable else a.astype(d, copy=False) for i, (a, (d, _)) in enumerate(zip(given, loop))]
        sizes = self._sizes(arrays)
        outer = np.broadcast_shapes(*[a.shape[:a.ndim - len(c)] for a, c in zip(arrays, self._inputs)]) if arrays else ()
        for o, core in zip(outs, self._outputs):
            if o is not None:
                for name, n in zip(core, o.shape[o.ndim - len(core):]):
                    sizes.setdefault(name, n)
                if not arrays:
                    outer = o.shape[:o.ndim - len(core)]
        count = int(np.prod(outer, dtype=np.int64))
        flat, back = [], []
        for i, (a, core) in enumerate(zip(arrays, self._inputs)):
            shape = outer + a.shape[a.ndim - len(core):]
            x = np.ascontiguousarray(np.broadcast_to(a, shape)).reshape((count,) + shape[len(outer):])
            if i in self._writable or not x.flags.writeable:
                x = x.copy()
            flat.append(x)
            if i in self._writable:
                back.append((given[i], x, shape))
        results = []
        for o, core, (dtype, _) in zip(outs, self._outputs, loop[self.nin:]):
            shape = tuple(int(n) if n.isdigit() else sizes[n] for n in core)
            x = np.empty((count,) + shape, dtype)
            if o is not None:
                x[...] = np.broadcast_to(o, outer + shape).reshape(x.shape)
            results.append((o, x, outer + shape))
        ranks = tuple(rank for _, rank in loop)
        self._run(ranks)(count, *flat, *[x for _, x, _ in results])
        for target, x, shape in back:
            target[...] = x.reshape(shape)
        finals = []
        for o, x, shape in results:
            x = x.reshape(shape)
            if o is not None:
                o[...] = x
                x = o
            finals.append(x[()] if x.ndim == 0 else x)
        return finals[0] if len(finals) == 1 else tuple(finals) if finals else None


def _parts(signature):
    """The argument types of a signature as text; "void(" in front does not count."""
    text = str(signature).replace(" ", "")
    inner = text[text.index("(") + 1:text.rindex(")")]
    parts, depth, item = [], 0, ""
    for c in inner:
        depth += (c in "([") - (c in ")]")
        if c == "," and depth == 0:
            parts.append(item)
            item = ""
        else:
            item += c
    return parts + [item] if item else parts


def _argument(text):
    """A type as (dtype, rank): "float64[:,:]" and "array(float64, 2d, A)" alike."""
    if text.startswith("array("):
        name, rank = text[6:].split(",")[:2]
        return np.dtype(_name(name)), int(rank.strip().rstrip("d"))
    name, _, rest = text.partition("[")
    return np.dtype(_name(name)), rest.count(":") - rest.count("::") if rest else 0


def guvectorize(*args, writable_args=(), **options):
    """Make a kernel over core dimensions apply to stacks of them: @guvectorize([signatures], "(m,n),(n)->(m)"). The kernel
    gets its inputs and writes its outputs, all as arrays; a scalar output is an array of one."""
    if len(args) == 1:
        signatures, layout = (), args[0]
    else:
        signatures, layout = args
        if isinstance(signatures, str) or not isinstance(signatures, (list, tuple)):
            signatures = (signatures,)
    return lambda function: GUFunc(function, layout, signatures, options, writable_args)
