"""Raising, handling, chaining, tracebacks, groups, with."""
import sys


def lines(e):
    out = []
    tb = e.__traceback__
    while tb:
        out.append((tb.tb_frame.f_code.co_name, tb.tb_lineno - tb.tb_frame.f_code.co_firstlineno))
        tb = tb.tb_next
    return out


def a():
    b()


def b():
    x = 1

    raise ValueError("b")


try:
    a()
except ValueError as e:
    assert lines(e)[1:] == [("a", 1), ("b", 3)], lines(e)
    assert e.__context__ is None and e.__cause__ is None
try:
    e
except NameError as n:
    assert n.name == "e"
else:
    assert False


def context():
    try:
        1 / 0
    except ZeroDivisionError:
        [][1]


try:
    context()
except IndexError as e:
    assert type(e.__context__) is ZeroDivisionError and e.__cause__ is None and not e.__suppress_context__
    assert lines(e)[1:] == [("context", 4)] and lines(e.__context__) == [("context", 2)]

try:
    try:
        raise KeyError(1)
    except KeyError as k:
        raise TypeError("t") from k
except TypeError as e:
    assert type(e.__cause__) is KeyError and e.__suppress_context__ and e.__context__ is e.__cause__

try:
    raise OSError from None
except OSError as e:
    assert e.__cause__ is None and e.__suppress_context__

for bad, text in ((1, "exceptions must derive from BaseException"),):
    try:
        raise bad
    except TypeError as e:
        assert str(e) == text
try:
    raise ValueError from 1
except TypeError as e:
    assert str(e) == "exception causes must derive from BaseException"
try:
    raise
except RuntimeError as e:
    assert str(e) == "No active exception to reraise"


def reraise():
    try:
        1 / 0
    except ZeroDivisionError:
        raise


try:
    reraise()
except ZeroDivisionError as e:
    assert lines(e)[1:] == [("reraise", 2)], lines(e)


def raise_again():
    try:
        1 / 0
    except ZeroDivisionError as e:
        raise e


try:
    raise_again()
except ZeroDivisionError as e:
    assert lines(e)[1:] == [("raise_again", 4), ("raise_again", 2)], lines(e)


def order():
    log = []
    for i in range(4):
        try:
            try:
                log.append(("try", i))
                if i == 0:
                    continue
                if i == 1:
                    raise ValueError
                if i == 2:
                    break
            except ValueError:
                log.append("except")
            else:
                log.append("else")
            finally:
                log.append("finally")
        finally:
            log.append("outer")
    return log


assert order() == [("try", 0), "finally", "outer", ("try", 1), "except", "finally", "outer", ("try", 2), "finally",
                   "outer"]


def override():
    try:
        return 1
    finally:
        return 2


def swallow():
    for i in range(3):
        try:
            raise ValueError
        finally:
            continue
    return i


assert override() == 2 and swallow() == 2


def nested_info():
    seen = []
    try:
        raise KeyError
    except KeyError:
        seen.append(sys.exc_info()[0])
        try:
            raise ValueError
        except ValueError:
            seen.append(sys.exc_info()[0])
        seen.append(sys.exc_info()[0])
    seen.append(sys.exc_info()[0])
    return seen


assert nested_info() == [KeyError, ValueError, KeyError, None]


def returns_in_handler():
    try:
        raise KeyError
    except KeyError:
        return 1


returns_in_handler()
assert sys.exc_info() == (None, None, None)

try:
    try:
        raise ValueError
    except 5:
        pass
except TypeError as e:
    assert str(e) == "catching classes that do not inherit from BaseException is not allowed"
try:
    raise KeyError
except (ValueError, (KeyError, OSError)[0]) as e:
    pass


class Custom(Exception):
    def __init__(self, a, b):
        super().__init__(a)
        self.b = b


try:
    raise Custom(1, 2)
except Custom as e:
    assert e.args == (1,) and e.b == 2


# with
class Manager:
    def __init__(self, log, swallow=False):
        self.log, self.swallow = log, swallow

    def __enter__(self):
        self.log.append("enter")
        return self

    def __exit__(self, kind, value, tb):
        self.log.append(("exit", kind, value is not None and tb is not None))
        return self.swallow


log = []
with Manager(log) as m:
    assert m.log is log
with Manager(log, True):
    raise ValueError
try:
    with Manager(log), Manager(log):
        raise KeyError
except KeyError:
    pass
assert log == ["enter", ("exit", None, False), "enter", ("exit", ValueError, True), "enter", "enter",
               ("exit", KeyError, True), ("exit", KeyError, True)]
for o, text in ((1, "'int' object does not support the context manager protocol"),):
    try:
        with o:
            pass
    except TypeError as e:
        assert str(e) == text


class NoExit:
    def __enter__(self): pass


try:
    with NoExit():
        pass
except TypeError as e:
    assert str(e) == "'NoExit' object does not support the context manager protocol (missed __exit__ method)"


def leave():
    log = []
    for i in range(3):
        with Manager(log):
            if i == 1:
                return log


assert leave() == ["enter", ("exit", None, False)] * 2


# groups
def groups():
    seen = []
    try:
        raise ExceptionGroup("g", [ValueError(1), TypeError(2), ExceptionGroup("n", [OSError(3), ValueError(4)])])
    except* ValueError as e:
        seen.append([type(x).__name__ for x in e.exceptions])
    except* OSError as e:
        seen.append(e.exceptions[0].exceptions[0].args)
    except* TypeError:
        seen.append("type")
    return seen


assert groups() == [["ValueError", "ExceptionGroup"], (3,), "type"], groups()
try:
    try:
        raise ExceptionGroup("g", [ValueError(1), KeyError(2)])
    except* ValueError:
        pass
except ExceptionGroup as e:
    assert e.message == "g" and [type(x) for x in e.exceptions] == [KeyError]
try:
    try:
        raise ValueError("plain")
    except* ValueError as e:
        assert type(e) is ExceptionGroup and e.message == ""
        raise KeyError("new")
except KeyError as e:
    assert e.args == ("new",)
try:
    try:
        raise ExceptionGroup("g", [ValueError(1), TypeError(2), OSError(3)])
    except* ValueError as e:
        raise KeyError("new")
    except* OSError as e:
        raise
except ExceptionGroup as e:
    assert [type(x) for x in e.exceptions] == [KeyError, ExceptionGroup], e.exceptions
    assert [type(x) for x in e.exceptions[1].exceptions] == [TypeError, OSError]
try:
    try:
        raise ValueError
    except* ExceptionGroup:
        pass
except TypeError as e:
    assert str(e) == "catching ExceptionGroup with except* is not allowed. Use except instead."

# unbound names
def unbound():
    if False:
        x = 1
    return x


def free():
    def inner():
        return later
    inner()
    later = 1


try:
    unbound()
except UnboundLocalError as e:
    assert str(e) == "cannot access local variable 'x' where it is not associated with a value"
try:
    free()
except NameError as e:
    assert str(e) == "cannot access free variable 'later' where it is not associated with a value in enclosing scope"
try:
    nowhere
except NameError as e:
    assert str(e) == "name 'nowhere' is not defined" and e.name == "nowhere"
try:
    del nowhere
except NameError as e:
    assert str(e) == "name 'nowhere' is not defined"
try:
    a, b2 = 1
except TypeError as e:
    assert str(e) == "cannot unpack non-iterable int object"
for value, text in (((1,), "not enough values to unpack (expected 2, got 1)"),
                    ((1, 2, 3), "too many values to unpack (expected 2)"),
                    (iter("a"), "not enough values to unpack (expected 2, got 1)"),
                    (iter("abc"), "too many values to unpack (expected 2)")):
    try:
        p, q = value
    except ValueError as e:
        assert str(e) == text, str(e)
try:
    p, *q, r = (1,)
except ValueError as e:
    assert str(e) == "not enough values to unpack (expected at least 2, got 1)"
p, *q, r = range(5)
assert (p, q, r) == (0, [1, 2, 3], 4)


# many raises in one frame share it
def loop(n):
    caught = 0
    for i in range(n):
        try:
            if i % 2:
                raise ValueError(i)
            {}[i]
        except ValueError:
            caught += 1
        except KeyError as e:
            caught += e.args[0] == i
    return caught


assert loop(1000) == 1000
import contextlib, io, sys


def printed(function):
    """What the interpreter would print."""
    err = io.StringIO()
    with contextlib.redirect_stderr(err):
        try:
            function()
        except Exception:
            sys.__excepthook__(*sys.exc_info())
    return err.getvalue()


def unbound():
    something = 3
    print(somethong)
    somethong = 3


assert "something" not in printed(unbound).splitlines()[-1]


def far():
    raise SyntaxError("bad", ("bad.py", 1, 2, "abcdefg", 1, 100))


assert printed(far).endswith('  File "bad.py", line 1\n    abcdefg\n     ^^^^^^\nSyntaxError: bad\n')
print("ok")
