# -X perf: the map that perf reads has the kernel's entry, compiled or from the cache; without the option there is none.
# skip-if: nojit
KRAIT_CACHE_DIR=$PWD/cache
export KRAIT_CACHE_DIR
cat >kernel.py <<'END'
import os
import sys
from numba import njit


@njit
def triangle(n):
    s = 0
    for i in range(n):
        s += i
    return s


assert triangle(1001) == 500500
path = f"/tmp/perf-{os.getpid()}.map"
if sys.argv[1] == "none":
    assert not os.path.exists(path)
else:
    with open(path) as file:
        lines = file.read().splitlines()
    os.unlink(path)
    (address, size, name), = [line.split() for line in lines]
    assert name == "krait::triangle" and int(size, 16) > 0, lines
    with open("/proc/self/maps") as maps:
        code = [line.split("-")[0] for line in maps if "r-xp" in line]
    assert address in [a.lstrip("0") for a in code], (address, code)
END
"$KRAIT" kernel.py none && "$KRAIT" -X perf kernel.py cached && "$KRAIT" -X perf -X cache=off kernel.py compiled
