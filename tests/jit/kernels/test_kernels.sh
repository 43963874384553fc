# Every other script here prints the same, byte for byte, interpreted, in the evaluator, compiled by each code generator,
# from the cache of each, and by both at once (which compares every call by itself).
# timeout: 400
. "$SOURCE/tests/jit/check.sh"
engines=
test ! -e "$BUILD/lib/krait/krait-llvm.so" || engines=llvm
test ! -e "$BUILD/lib/krait/krait-gccjit.so" || engines="${engines:+$engines }gcc"
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
check_end
