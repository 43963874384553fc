"""What recurses through C frames raises RecursionError (or another exception), it does not end the process.
CPython 3.11 itself dies of those marked krait."""
import copy
import functools
import itertools
import json
import marshal
import pickle
import sys

N = 100000
krait = sys.implementation.name == "krait"


def nested(make, x, n=N):
    for _ in range(n):
        x = make(x)
    return x


def raises(function, error=RecursionError):
    try:
        function()
    except error:
        return
    raise AssertionError(f"no {error}")


lists, others = nested(lambda x: [x], 1), nested(lambda x: [x], 1)
tuples, pairs = nested(lambda x: (x,), 1), nested(lambda x: (x,), 1)
dicts = nested(lambda x: {"a": x}, 1)
raises(lambda: repr(lists))
raises(lambda: repr(dicts))
raises(lambda: f"{tuples}")
raises(lambda: lists == others)
raises(lambda: tuples < pairs)
raises(lambda: tuples in [pairs])
raises(lambda: json.dumps(lists))
raises(lambda: json.dumps(dicts, indent=1))
raises(lambda: json.loads("[" * N + "]" * N))
raises(lambda: pickle.dumps(lists))
raises(lambda: copy.deepcopy(dicts))
raises(lambda: marshal.dumps(lists), ValueError)
raises(lambda: marshal.loads(b"[\x01\0\0\0" * N + b"N"), ValueError)
raises(lambda: marshal.loads(b")\x01" * N + b"N"), ValueError)
raises(lambda: isinstance(1.0, nested(lambda x: (x,), int)))
for source in "-" * N + "1", "not " * N + "1", "lambda: " * N + "1", "1 if 1 else " * N + "1":
    raises(lambda: compile(source, "file", "eval"), (RecursionError, MemoryError))

if krait:
    far = 5 * N
    tuples = nested(lambda x: (x,), 1, far)
    raises(lambda: hash(tuples))
    raises(lambda: {tuples: 1})
    raises(lambda: hash(nested(lambda x: list[x], int, far)))
    one = [lambda i: map(int, i), lambda i: zip(i), lambda i: enumerate(i), lambda i: filter(None, i),
           lambda i: itertools.chain(i), lambda i: itertools.islice(i, 1)]
    for make in one:
        raises(lambda: next(nested(make, iter([1]), far)))
    raises(lambda: repr(nested(lambda x: functools.partial(int, x), int)))


class Attribute:
    def __getattr__(self, name):
        return getattr(self, name + "x")


class Loop:
    def __repr__(self):
        return repr(self)

    def __eq__(self, other):
        return self == other

    def __hash__(self):
        return hash(self)

    def __call__(self):
        return self()

    def __add__(self, other):
        return self + other

    def __bool__(self):
        return bool(self)

    def __len__(self):
        return len(self)

    def __getitem__(self, i):
        return self[i]

    def __contains__(self, x):
        return x in self

    def __format__(self, text):
        return format(self, text)

    def __iter__(self):
        return iter(self)


loop = Loop()
raises(lambda: Attribute().a)
for f in (repr, hash, bool, len, format, iter, lambda x: x == x, lambda x: x(), lambda x: x + 1, lambda x: x[0],
          lambda x: 1 in x):
    raises(lambda: f(loop))
assert repr([[1]]) == "[[1]]" and hash((1, (2,))) == hash((1, (2,)))  # and all is well afterwards
