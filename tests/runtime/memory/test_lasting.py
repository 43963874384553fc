# What starting up left may come to refer to new objects: these live as long as they are referred to.
import abc, gc, os, posixpath, stat, sys, weakref


def churn():
    for _ in range(3):
        gc.collect()
        junk = [[str(i), (i, str(i))] for i in range(20000)]
        del junk


class Probe:
    pass


def fresh(n):
    return ("value " + str(n),)


# Modules, functions, classes, and the lists and dicts that they hold.
os.probe = fresh(1)
posixpath.join.probe = fresh(2)
old_defaults = posixpath.relpath.__defaults__
posixpath.relpath.__defaults__ = fresh(3)
abc.ABC.probe = fresh(4)
sys.path.append("/no/" + str(5))
os.environ["KRAIT_PROBE"] = "six" * 2
sys.modules["probe" + str(7)] = fresh(7)

# What is made late for a code object.
codes = [f.__code__ for f in vars(posixpath).values() if hasattr(f, "__code__")]
bytecodes = [bytes(c.co_code) for c in codes]
kept = [c.co_code for c in codes]
churn()
assert os.probe == fresh(1)
assert posixpath.join.probe == fresh(2)
assert posixpath.relpath.__defaults__ == fresh(3)
assert abc.ABC.probe == fresh(4)
assert sys.path[-1] == "/no/5"
assert os.environ["KRAIT_PROBE"] == "sixsix"
assert sys.modules["probe7"] == fresh(7)
assert [bytes(c.co_code) for c in codes] == bytecodes
assert posixpath.join("a", "b") == "a/b"
posixpath.relpath.__defaults__ = old_defaults
assert posixpath.relpath("/a/b", "/a") == "b"

# What they referred to may die.
probe = Probe()
dead = weakref.ref(probe)
stat.probe = [probe]
del probe
churn()
assert dead() is not None
del stat.probe


def forget(n):
    return n and forget(n - 1)


forget(50)
churn()
assert dead() is None

# A function of the start that met a class keeps it not alive, and takes the next one for what it is.
def join_with(name):
    class Path(str):
        def __fspath__(self):
            return "of " + name

    posixpath.join(Path("a"), "b")
    return weakref.ref(Path)


refs = [join_with(str(i)) for i in range(5)]
forget(50)
churn()
assert posixpath.join("a", "b") == "a/b"
assert sum(r() is not None for r in refs) <= 1

# Texts get their UTF-8 when a C function first asks for it.
name = os.path.join.__qualname__
for text in (name, "\u00e9t\u00e9", "\u732b" * 3):
    for _ in range(2):
        try:
            os.stat("/no/" + text)
        except OSError as e:
            assert e.filename.endswith(text)
        churn()
