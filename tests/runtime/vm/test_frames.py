"""Frames, tracebacks, locals(), tracing, profiling."""
import sys
import types


def here():
    a = 1
    f = sys._getframe()
    b = 2
    return f


f = here()
assert f.f_code is here.__code__ and f.f_locals["a"] == 1 and f.f_locals["b"] == 2 and f.f_globals is globals()
assert f.f_back is sys._getframe() and f.f_back.f_back is None and f.f_lineno == here.__code__.co_firstlineno + 4
assert f.f_builtins["len"] is len and repr(f).startswith("<frame at 0x")
f.clear()
assert f.f_locals == {} or True


def locals_of(x, y=2):
    z = 3
    def inner(): return z, x
    before = dict(locals())
    del y
    return before, locals(), inner()


before, after, _ = locals_of(1)
assert before["x"] == 1 and before["y"] == 2 and before["z"] == 3 and "before" not in before
assert "y" not in after and after["z"] == 3 and after["before"] is before


class K:
    q = 5
    assert locals()["q"] == 5 and "__qualname__" in locals()


assert locals() is globals()


def caller_name():
    return sys._getframe(1).f_code.co_name


def outer(): return caller_name()


assert outer() == "outer" and caller_name() == "<module>"
try:
    sys._getframe(100)
except ValueError as e:
    assert str(e) == "call stack is not deep enough"

exec("x1 = 1\ny1 = x1 + 1", ns := {})
assert ns["y1"] == 2
assert eval("a + b", {"a": 1}, {"b": 2}) == 3


def eval_in_function(v):
    return eval("v * 2")


assert eval_in_function(4) == 8


class Mapping(dict):
    def __missing__(self, key): return key.upper()


assert eval("abc", {}, Mapping()) == "ABC"


# tracebacks
def fails():
    raise ValueError


try:
    fails()
except ValueError as e:
    tb = e.__traceback__
assert isinstance(tb, types.TracebackType) and tb.tb_next.tb_frame.f_code is fails.__code__ and tb.tb_next.tb_next is None
assert tb.tb_next.tb_frame.f_back is tb.tb_frame
made = types.TracebackType(None, tb.tb_frame, tb.tb_lasti, 77)
assert made.tb_lineno == 77 and made.tb_next is None
made.tb_next = tb
assert made.tb_next is tb
try:
    tb.tb_next.tb_next = made
except ValueError as e:
    assert str(e) == "traceback loop detected"


# positions
def positions():
    x = [1, 2]
    return x[0] + x["a"]


try:
    positions()
except TypeError as e:
    t = e.__traceback__.tb_next
    p = list(t.tb_frame.f_code.co_positions())[t.tb_lasti // 2]
    assert p == (positions.__code__.co_firstlineno + 2,) * 2 + (18, 24), p


# tracing
def traced(n):
    t = 0
    for i in range(n):
        t += i
    return t


def tracer_for(events):
    def tracer(frame, event, arg):
        if frame.f_code is traced.__code__ or frame.f_code.co_name == "boom":
            events.append((event, frame.f_lineno - frame.f_code.co_firstlineno))
        return tracer
    return tracer


events = []
sys.settrace(tracer_for(events))
traced(2)
sys.settrace(None)
traced(2)
assert events == [("call", 0), ("line", 1), ("line", 2), ("line", 3), ("line", 2), ("line", 3), ("line", 2),
                  ("line", 4), ("return", 4)], events


def boom():
    try:
        1 / 0
    except ZeroDivisionError:
        pass


events = []
sys.settrace(tracer_for(events))
boom()
sys.settrace(None)
assert events == [("call", 0), ("line", 1), ("line", 2), ("exception", 2), ("line", 3), ("line", 4), ("return", 4)], events

events = []


def profiler(frame, event, arg):
    if event.startswith("c_"):
        events.append((event, arg.__name__))
    else:
        events.append((event, frame.f_code.co_name))


def profiled():
    return len(here2())


def here2(): return [1]


sys.setprofile(profiler)
profiled()
sys.setprofile(None)
assert events[:6] == [("call", "profiled"), ("call", "here2"), ("return", "here2"), ("c_call", "len"), ("c_return", "len"),
                      ("return", "profiled")], events


# a trace function that raises ends tracing
def bad(frame, event, arg):
    raise OSError("tracer")


sys.settrace(bad)
try:
    traced(1)
except OSError as e:
    assert str(e) == "tracer"
else:
    assert False
assert sys.gettrace() is None
print("ok")
