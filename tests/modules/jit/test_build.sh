# jit.build: a library and a header that a C program uses without krait, exceptions as codes and text; krait imports it.
# skip-if: nojit address undefined thread
# timeout: 400
command -v cc >/dev/null && command -v objcopy >/dev/null || { echo "1..0 # SKIP no C compiler"; exit 0; }
KRAIT_CACHE_DIR=$PWD/cache
export KRAIT_CACHE_DIR
cat >shapes.py <<'END'
import numpy as np
from math import sqrt
from numba import njit, prange
from numba.pycc import CC

assert __name__ == "shapes"
cc = CC("shapes")


@njit("f8(f8[::1])")
def norm(a):
    """Euclidean length."""
    s = 0.0
    for i in range(len(a)):
        s += a[i] * a[i]
    return sqrt(s)


@njit(["f8[:,:](f8[:,:], i8)", "f4[:,:](f4[:,:], i8)"])
def scaled(m, k=2):
    return m * k


@njit("f8[:](f8[::1])")
def tail(a):
    return a[1:]


@njit("Tuple((i8, f8))(i8, i8)")
def divide(a, b):
    return a // b, a / b


@njit("f8(f8[::1], i8)")
def at(a, i):
    return a[i]


@njit("i8(i8)")
def power(n):
    return 2 ** n * 3


@njit("f8(f8[::1], f8[::1])", parallel=True)
def waves(a, out):
    s = 0.0
    for i in prange(len(a)):
        if a[i] < 0:
            raise ValueError("negative")
        out[i] = np.sin(a[i])
        s += a[i]
    return s


class Refused(LookupError):
    pass


@njit("i8(i8)")
def picky(n):
    if n < 0:
        raise ValueError(f"n is {n}")
    if n == 0:
        raise Refused(n + 7)
    return n


@njit("c16(c16, boolean, u1)")
def turn(z, register, k):
    return z * 1j + k if register else z


@njit("void(i8[::1])")
def count(a):
    for i in range(len(a)):
        a[i] = i


@cc.export("doubled", "i4(i4)")
def twice(n):
    return n * 2


@njit
def lazy(a):
    return a
END
"$KRAIT" -m jit.build shapes.py -o libshapes.so >names || exit 1
test "$(cat names)" = "libshapes.so: doubled, norm, scaled, scaled_2, tail, divide, at, power, waves, picky, turn, count" || { cat names; exit 1; }

line=$(sed -n '/return a .. b/=' shapes.py)
cat >use.c <<'END'
#include "libshapes.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(what) do { if (!(what)) { printf("line %d: %s\n", __LINE__, #what); exit(1); } } while (0)

static double big[100000], out[100000];

int main(void)
{
    krait_error error;
    double values[] = {3, 4, 12}, x;
    krait_float64_1d a = {values, {3}, {8}, NULL};
    CHECK(norm(&a, &x, &error) == KRAIT_OK && x == 13);

    double grid[] = {1, 2, 3, 4, 5, 6};
    krait_float64_2d m = {grid, {2, 2}, {24, 16}, NULL}, scaled_m; /* each second column */
    CHECK(scaled(&m, 10, &scaled_m, NULL) == 0);
    CHECK(scaled_m.shape[0] == 2 && scaled_m.shape[1] == 2 && scaled_m.strides[0] == 16 && scaled_m.strides[1] == 8);
    CHECK(scaled_m.data[0] == 10 && scaled_m.data[1] == 30 && scaled_m.data[2] == 40 && scaled_m.data[3] == 60);
    CHECK(scaled_m.owner != NULL);
    krait_release(scaled_m.owner);
    float halves[] = {0.5f};
    krait_float32_2d f = {halves, {1, 1}, {4, 4}, NULL}, scaled_f;
    CHECK(scaled_2(&f, 3, &scaled_f, &error) == 0 && scaled_f.data[0] == 1.5f);
    krait_release(scaled_f.owner);
    krait_float64_1d rest;
    CHECK(tail(&a, &rest, &error) == 0 && rest.owner == NULL && rest.data == values + 1 && rest.shape[0] == 2);

    int64_t n;
    CHECK(divide(-7, 2, &n, &x, &error) == 0 && n == -4 && x == -3.5);
    CHECK(divide(1, 0, &n, &x, &error) == KRAIT_ZERO_DIVISION_ERROR && error.code == KRAIT_ZERO_DIVISION_ERROR);
    CHECK(!strcmp(error.kind, "ZeroDivisionError") && !strcmp(error.message, "integer division or modulo by zero"));
    CHECK(!strcmp(error.function, "divide") && error.line == LINE && strstr(error.file, "shapes.py"));
    CHECK(at(&a, -1, &x, &error) == 0 && x == 12);
    CHECK(at(&a, 3, &x, &error) == KRAIT_INDEX_ERROR);
    CHECK(!strcmp(error.message, "index 3 is out of bounds for axis 0 with size 3"));
    CHECK(at(&a, 3, &x, NULL) == KRAIT_INDEX_ERROR);
    CHECK(power(5, &n, &error) == 0 && n == 96);
    CHECK(power(62, &n, &error) == KRAIT_OVERFLOW_ERROR && strstr(error.message, "2 ** n * 3"));
    CHECK(picky(3, &n, &error) == 0 && n == 3);
    CHECK(picky(-5, &n, &error) == KRAIT_VALUE_ERROR && !strcmp(error.message, "n is -5") && !strcmp(error.kind, "ValueError"));
    CHECK(picky(0, &n, &error) == KRAIT_ERROR && !strcmp(error.kind, "LookupError") && !strcmp(error.message, "7"));
    krait_complex128 z = {2, 3}, w;
    CHECK(turn(z, true, 255, &w, &error) == 0 && w.real == 252 && w.imag == 2);
    CHECK(turn(z, false, 0, &w, &error) == 0 && w.real == 2 && w.imag == 3);
    int64_t numbers[4] = {9, 9, 9, 9};
    krait_int64_1d c = {numbers, {4}, {8}, NULL};
    CHECK(count(&c, &error) == 0 && numbers[3] == 3);
    int32_t d;
    CHECK(doubled(21, &d, &error) == 0 && d == 42);

    double sum = 0, plain = 0;
    krait_float64_1d b = {big, {100000}, {8}, NULL}, o = {out, {100000}, {8}, NULL};
    for (int i = 0; i < 100000; i++) big[i] = i;
    for (int i = 0; i < 100000; i++) plain += i;
    CHECK(waves(&b, &o, &sum, &error) == 0 && sum == plain);
    for (int i = 0; i < 100000; i++) CHECK(fabs(out[i] - sin(i)) < 1e-15);
    big[777] = big[99999] = -1;
    for (int k = 0; k < 50; k++) CHECK(waves(&b, &o, &sum, &error) == KRAIT_VALUE_ERROR && !strcmp(error.message, "negative"));
    puts("fine");
    return 0;
}
END
cc -std=c11 -DLINE=$line -Wall -Wextra -Werror -o use use.c -L. -lshapes -Wl,-rpath,"$PWD" -lm || exit 1
for threads in 1 2 7; do test "$(KRAIT_NUM_THREADS=$threads ./use)" = fine || { KRAIT_NUM_THREADS=$threads ./use; exit 1; }; done
printf '#include "libshapes.h"\nint main() { double x; krait_float64_1d a = {}; return norm(&a, &x, nullptr); }\n' >use.cpp
! command -v c++ >/dev/null || { c++ -Wall -Wextra -Werror -o usepp use.cpp -L. -lshapes -Wl,-rpath,"$PWD" && ./usepp; } || exit 1
! nm -D libshapes.so | grep -E ' [TDB] (kr_|jit_)|krait_library_report' || exit 1 # nothing of krait's is seen

# krait imports it: no code generator is opened, the answers and the errors are those of the script.
cat >import.py <<'END'
import sys
import traceback
import numpy as np
import libshapes as shapes

line = int(sys.argv[1])
a = np.array([3.0, 4.0, 12.0])
assert shapes.norm(a) == 13.0 and shapes.norm.__doc__ == "Euclidean length."
assert shapes.scaled(np.ones((2, 3)), 5).tolist() == [[5.0] * 3] * 2
assert shapes.scaled(np.ones((2, 3))).tolist() == [[2.0] * 3] * 2
assert shapes.scaled(np.ones((2, 3), np.float32), 5).dtype == np.float32
assert shapes.tail(a).base is a or np.shares_memory(shapes.tail(a), a)
assert shapes.divide(-7, 2) == (-4, -3.5) and shapes.doubled(21) == 42
assert shapes.turn(2 + 3j, True, 255) == 252 + 2j
out = np.zeros(1000)
assert shapes.waves(np.arange(1000.0), out) == 499500.0 and out[1] == np.sin(1.0)
for call, cls, text in ((lambda: shapes.divide(1, 0), ZeroDivisionError, "integer division or modulo by zero"),
                        (lambda: shapes.at(a, 9), IndexError, "index 9 is out of bounds for axis 0 with size 3"),
                        (lambda: shapes.power(62), OverflowError, "the result of 2 ** n * 3 does not fit in a 64-bit int"),
                        (lambda: shapes.picky(-5), ValueError, "n is -5"),
                        (lambda: shapes.picky(0), LookupError, "7"),
                        (lambda: shapes.norm("x"), TypeError, "No matching definition")):
    try:
        call()
    except cls as error:
        assert text in str(error), error
    else:
        raise AssertionError(text)
try:
    shapes.divide(1, 0)
except ZeroDivisionError as error:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    assert (frame.name, frame.lineno, frame.line) == ("divide", line, "return a // b, a / b"), frame
with open("/proc/self/maps") as maps:
    text = maps.read()
assert "krait-llvm" not in text and "krait-gccjit" not in text
END
"$KRAIT" import.py "$line" || exit 1

# What has no form in C, or needs the interpreter, is refused by name.
printf 'from numba import njit\n@njit("f8(List(f8))")\ndef first(a):\n    return a[0]\n' >lists.py
printf 'import numpy as np\nfrom numba import njit\n@njit("f8()")\ndef dice():\n    return np.random.random()\n' >dice.py
printf 'from numba import njit\n@njit\ndef first(a):\n    return a[0]\n' >nothing.py
"$KRAIT" -m jit.build lists.py 2>err && exit 1
grep -q "argument 'a' of 'first' is .*list.*, for which C has no form" err || { cat err; exit 1; }
"$KRAIT" -m jit.build dice.py 2>err && exit 1
grep -q "a kernel needs what is only in krait: random numbers" err || { cat err; exit 1; }
"$KRAIT" -m jit.build nothing.py 2>err && exit 1
grep -q "no kernel with an explicit signature" err || { cat err; exit 1; }

# numba.pycc as its users call it
printf 'from numba.pycc import CC\ncc = CC("mod")\n@cc.export("f", "i8(i8)")\ndef f(n):\n    return n + 1\nif __name__ == "__main__":\n    cc.compile()\n' >pycc.py
"$KRAIT" pycc.py && "$KRAIT" -c 'import mod; assert mod.f(1) == 2'
