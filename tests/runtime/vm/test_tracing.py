"""Trace functions: one that reads f_locals and raises; the exception reaches the frame that is traced."""
import sys


class Quit(Exception):
    pass


def inner(a):
    found = a * 3
    return found


def outer():
    for i in range(3):
        inner(i)


def quit_at_two(frame, event, arg):
    if event == "line" and frame.f_code is inner.__code__ and frame.f_locals["a"] == 2:
        raise Quit(dict(frame.f_locals))
    return quit_at_two


sys.settrace(quit_at_two)
try:
    outer()
except Quit as e:
    assert e.args == ({"a": 2},), e.args
else:
    assert False, "the trace function's exception was lost"
assert sys.gettrace() is None
