# A signal stops any loop of a kernel, at a line of the loop; a handler that returns lets it go on, with the same result.
# timeout: 200
cat >kernels.py <<'END'
import os
import signal
import numpy as np
from numba import njit


@njit
def counted(n):
    s = 0
    for i in range(n):
        s ^= i
    return s


@njit
def down(n):
    i, s = n, 0
    while i > 0:
        s ^= i
        i -= 1
    return s


@njit
def endless(x):
    while x != 0.0:
        x = x * 1.0000001
        if x > 10.0:
            x = 1.0
    return x


@njit
def nested(a, n):
    b = a * 2.0
    for k in range(n):
        for i in range(a.size):
            b[i] += a[i]
    return b


@njit
def carried(a, n):
    for i in range(n):
        a = a + 1.0
    return a


@njit
def zipped(a, n):
    s = 0.0
    for k in range(n):
        for x, y in zip(a, a):
            s += x * y
    return s


@njit
def recursive(n):
    if n == 0:
        return 1
    return recursive(n - 1) ^ recursive(n - 1)


class Stop(Exception):
    pass


def stop(number, frame):
    raise Stop


def interrupted(function, *arguments, seconds=0.05):
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        function(*arguments)
    except Stop as error:
        entry = error.__traceback__
        while entry.tb_frame.f_code.co_name != function.__name__:
            entry = entry.tb_next
        first = function.__code__.co_firstlineno
        last = max(line for *_, line in function.__code__.co_lines() if line)
        assert first < entry.tb_lineno <= last, (function.__name__, entry.tb_lineno)
        return
    raise AssertionError(f"{function.__name__} ended")


def reference(n):
    s = 0
    for i in range(n):
        s ^= i
    return s


a = np.ones(1000)
for call in ((counted, 10), (down, 10), (endless, 0.0), (nested, a, 1), (carried, a, 1), (zipped, a, 1),
             (recursive, 3)):
    call[0](*call[1:])  # compiled
signal.signal(signal.SIGALRM, stop)
for call in ((counted, 10 ** 15), (down, 10 ** 15), (endless, 1.0), (nested, a, 10 ** 12), (carried, a, 10 ** 12),
             (zipped, a, 10 ** 12), (recursive, 60)):
    interrupted(*call)

calls = 0
def count(number, frame):
    global calls
    calls += 1


signal.signal(signal.SIGALRM, count)
signal.setitimer(signal.ITIMER_REAL, 0.002, 0.002)
n = 3000017
rounds = 0
while calls < 5 or rounds < 3:
    assert counted(n) == (n - 1, 1, n, 0)[(n - 1) % 4]  # 0 ^ 1 ^ ... ^ (n - 1)
    assert down(n) == (n, 1, n + 1, 0)[n % 4]
    assert nested(a, 50)[0] == 52.0
    rounds += 1
signal.setitimer(signal.ITIMER_REAL, 0)

signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGINT))
signal.setitimer(signal.ITIMER_REAL, 0.05)
try:
    counted(10 ** 15)
except KeyboardInterrupt:
    print("interrupted")
END
engines=eval
test ! -e "$BUILD/lib/krait/krait-llvm.so" || engines="$engines llvm"
test ! -e "$BUILD/lib/krait/krait-gccjit.so" || engines="$engines gcc"
n=0 failed=0
for engine in $engines; do
    n=$((n + 1))
    if test "$("$KRAIT" -X jit=$engine -X cache=off kernels.py 2>err.txt)" = interrupted; then
        echo "ok $n - by $engine"
    else
        echo "not ok $n - by $engine"
        sed 's/^/#   /' err.txt
        failed=1
    fi
done
echo "1..$n"
exit $failed
