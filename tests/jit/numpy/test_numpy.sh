# NumPy's functions in kernels: every script here prints what NumPy prints (recorded from NumPy 1.24 with NumPy 2's promotion),
# interpreted, in the evaluator, compiled and from the cache. Other code generators are compared in ../kernels.
# timeout: 900
KRAIT_CACHE_DIR=$PWD/cache
export KRAIT_CACHE_DIR
n=0 failed=0
check() { # NAME SCRIPT OPTIONS...
    n=$((n + 1)) label=$1 script=$2
    shift 2
    if "$KRAIT" "$@" "$script" >out.txt 2>err.txt && cmp -s "${script%.py}.out" out.txt; then
        echo "ok $n - $label"
    else
        echo "not ok $n - $label"
        diff -u "${script%.py}.out" out.txt | sed -n '3,30s/^/#   /p' | cut -c1-300
        tail -n 20 err.txt | sed 's/^/#   /'
        failed=1
    fi
}
for script in "$SOURCE"/tests/jit/numpy/*.py; do
    name=$(basename "$script" .py)
    case $name in test_*) continue ;; esac
    check "$name interpreted" "$script" -X jit=off
    check "$name evaluated" "$script" -X jit=eval
    test -e "$BUILD/lib/krait/krait-llvm.so" || continue
    check "$name compiled" "$script" -X jit=llvm
    check "$name from the cache" "$script" -X jit=llvm
done
echo "1..$n"
exit $failed
