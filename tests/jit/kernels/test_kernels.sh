# Every other script here prints the same, byte for byte, interpreted, in the evaluator, compiled by each code generator,
# from the cache of each, and by both at once (which compares every call by itself).
# timeout: 400
KRAIT_CACHE_DIR=$PWD/cache
export KRAIT_CACHE_DIR
engines=
test ! -e "$BUILD/lib/krait/krait-llvm.so" || engines=llvm
test ! -e "$BUILD/lib/krait/krait-gccjit.so" || engines="${engines:+$engines }gcc"
n=0 failed=0
check() { # NAME SCRIPT OPTIONS...
    n=$((n + 1)) label=$1 script=$2
    shift 2
    if "$KRAIT" "$@" "$script" >out.txt 2>err.txt && cmp -s "${script%.py}.out" out.txt; then
        echo "ok $n - $label"
    else
        echo "not ok $n - $label"
        diff -u "${script%.py}.out" out.txt | sed -n '3,30s/^/#   /p'
        tail -n 20 err.txt | sed 's/^/#   /'
        failed=1
    fi
}
for script in "$SOURCE"/tests/jit/kernels/*.py; do
    name=$(basename "$script" .py)
    case $name in test_*) continue ;; esac
    if grep -q "^import numpy" "$script" && ! "$KRAIT" -c 'import numpy' 2>numpy.txt; then
        n=$((n + 1))
        echo "ok $n - $name # SKIP $(tail -n 1 numpy.txt)"
        continue
    fi
    check "$name interpreted" "$script" -X jit=off
    check "$name evaluated" "$script" -X jit=eval
    for engine in $engines; do
        check "$name by $engine" "$script" -X jit="$engine" -X cache=off
        check "$name by $engine, kept" "$script" -X jit="$engine"
        check "$name by $engine, from the cache" "$script" -X jit="$engine"
    done
    case $engines in *" "*) check "$name by both, compared" "$script" -X jit=both ;; esac
    test -n "$engines" || continue
    KRAIT_NUM_THREADS=1 check "$name on one thread" "$script"
    KRAIT_NUM_THREADS=7 check "$name on seven threads" "$script"
done
echo "1..$n"
exit $failed
