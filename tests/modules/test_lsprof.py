"""_lsprof: counts of calls, recursion, callers; times that add up.  Expected counts: CPython 3.11."""
import cProfile
import io
import pstats
import time


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def outer():
    total = 0
    for i in range(3):
        total += len([i]) + fib(5)
    time.sleep(0.02)
    return total


p = cProfile.Profile()
assert p.runcall(outer) == 18
stats = {}
for entry in p.getstats():
    name = entry.code if isinstance(entry.code, str) else entry.code.co_name
    stats[name] = entry
assert stats["outer"].callcount == 1 and stats["outer"].reccallcount == 0
assert stats["fib"].callcount == 45 and stats["fib"].reccallcount == 42
assert stats["<built-in method builtins.len>"].callcount == 3
calls = {c.code if isinstance(c.code, str) else c.code.co_name: c for c in stats["outer"].calls}
assert calls["fib"].callcount == 3 and calls["<built-in method time.sleep>"].callcount == 1
assert stats["outer"].totaltime >= 0.02 > stats["outer"].inlinetime >= 0 and stats["fib"].totaltime <= stats["outer"].totaltime
out = io.StringIO()
pstats.Stats(p, stream=out).sort_stats("cumulative").print_stats()
assert "45/3" in out.getvalue() and "(fib)" in out.getvalue()

# A timer of ours, ticking once a look.
ticks = iter(range(1000))
q = cProfile.Profile(lambda: next(ticks), 0.5, builtins=False)
q.enable()
fib(1)
q.disable()
[entry] = [e for e in q.getstats() if not isinstance(e.code, str) and e.code.co_name == "fib"]
assert entry.totaltime == 0.5 and entry.callcount == 1
q.clear()
assert q.getstats() == []
try:
    p.runcall(lambda: 1 / 0)
except ZeroDivisionError:
    pass


# locals() before a call that is profiled or traced: later assignments stay.
import sys


def stale(a):
    kept = "before"
    locals()
    kept = "name_" + str(a)
    later = [a]
    return getattr(later, kept, (kept, len(later), later))


for install in (sys.setprofile, sys.settrace):
    install(lambda frame, event, arg: None)
    try:
        got = stale(7)
    finally:
        install(None)
    assert got == ("name_7", 1, [7]), got
print("ok")
