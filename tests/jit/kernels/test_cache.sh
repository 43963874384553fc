# The cache: a second run loads no code generator; a damaged, cut or foreign file is compiled anew; an open folder is not read.
# skip-if: nojit
# timeout: 120
KRAIT_CACHE_DIR=$PWD/cache
export KRAIT_CACHE_DIR
cat >kernel.py <<'END'
import sys
from numba import njit

@njit
def triangle(n):
    s = 0
    for i in range(n):
        s += i
    return s

assert triangle(1001) == 500500
with open("/proc/self/maps") as maps:
    text = maps.read()
loaded = "krait-llvm.so" in text or "krait-gccjit.so" in text
assert loaded == (sys.argv[1] == "compiles"), loaded
END
n=0 failed=0
check() { # NAME compiles|loads OPTIONS...
    n=$((n + 1)) label=$1 wanted=$2
    shift 2
    if "$KRAIT" "$@" kernel.py "$wanted" >out.txt 2>&1; then echo "ok $n - $label"; else
        echo "not ok $n - $label"
        sed 's/^/#   /' out.txt
        failed=1
    fi
}
check "the first run compiles" compiles
check "the second one loads" loads
file=$(echo cache/kernels/*.krk)
size=$(wc -c <"$file")
for at in 3 12 20 40 $((size / 2)) $((size - 5)); do
    printf '\377\376' | dd of="$file" bs=1 seek="$at" conv=notrunc 2>dd.txt
    check "damaged at $at" compiles
    check "written anew" loads
done
head -c $((size / 2)) "$file" >cut && mv cut "$file"
check "cut" compiles
: >"$file"
check "empty" compiles
check "written anew" loads
chmod 666 "$file"
check "writable by others" compiles
check "written anew" loads
chmod 777 cache/kernels
check "an open folder" compiles
chmod 700 cache/kernels
sed -i 's/s += i$/s += i + 0 * n/' kernel.py
check "another kernel" compiles
n=$((n + 1))
if "$KRAIT" -X cache=off kernel.py compiles; then echo "ok $n - switched off"; else echo "not ok $n - switched off"; failed=1; fi
for engine in llvm gcc; do # each keeps objects of its own
    plugin=$engine
    test $engine = llvm || plugin=gccjit
    test -e "$BUILD/lib/krait/krait-$plugin.so" || continue
    rm -rf cache
    check "$engine compiles" compiles -X jit=$engine
    check "$engine loads" loads -X jit=$engine
done
echo "1..$n"
exit $failed
