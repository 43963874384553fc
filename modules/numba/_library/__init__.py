"""NumPy's functions as kernels know them, written in Python.

One function here is one function that kernels can call: `@function("numpy.diff")` enters it under its full names, and
the compiler, when it meets a name that its own table (jit/types/functions.def) has not, asks find() and compiles what
comes like any other kernel: specialised by the types of the arguments, by the value of constant bools and of a constant
parameter called `axis`. So `if keepdims:` and `if axis is None:` cost nothing and may return different types.

Results are NumPy's bit for bit: where the order of operations matters (sums), it is NumPy's.
"""
_functions = {}
_files = ("shapes", "lists", "dicts", "sets", "strings", "iteration", "joining", "creation", "linalg", "sorting",
          "statistics", "indexing", "maths", "general", "operators",
          "elements", "heaps")


def function(*names):
    """Enter a function under the names by which kernels call it: "numpy.diff", "ndarray.repeat"."""
    def enter(f):
        for name in names:
            _functions[name] = f
        return f
    return enter


def find(name):
    """The function that is called `name` in kernels, or None."""
    for file in _files if not _functions else ():
        __import__("numba._library." + file)
    if name.startswith("numpy.random."):
        __import__("numba._library.random")
    if name.startswith("random."):
        __import__("numba._library.pyrandom")
    return _functions.get(name)


def strided(a, offset, shape, strides):
    """A view of a's buffer, `offset` bytes behind its first element. Known to the compiler; so are the following."""
    raise NotImplementedError


def recast(a, dtype):
    """The bytes of a as elements of the dtype, its shape and strides as they are."""
    raise NotImplementedError


def kind(x, element=False):
    """What x is ("array", "number", "tuple", "str", "none"), what the items of a list are ("item"), or of what kind the elements
    of x ("b", "i", "u", "f", "c")."""
    raise NotImplementedError


def cfmod(x1, x2):
    """np.fmod of floats."""
    raise NotImplementedError


def returns(f, *args):
    """The dtype of what the kernel f gives for arguments like these; f is not called."""
    raise NotImplementedError


def drawn(row):
    """A float of a row without parameters of numpy.random's table, from the thread's stream."""
    raise NotImplementedError


def drawn_int(lowest, span):
    """An int of lowest .. lowest + span."""
    raise NotImplementedError


def native(name, *args):
    """Call a function that a native module entered under the name, or "py:name" of numba._library.interpreted, with
    arrays and real numbers. Its int status; -1 raises what it left."""
    if not name.startswith("py:"):
        raise NotImplementedError
    from numba._library import interpreted
    return getattr(interpreted, name[3:])(*args) or 0
