# NumPy's functions in kernels: every script here prints what NumPy prints (recorded from NumPy 1.24 with NumPy 2's promotion),
# interpreted, in the evaluator, compiled and from the cache. Other code generators are compared in ../kernels.
# timeout: 900
. "$SOURCE/tests/jit/check.sh"
for script in "$SOURCE"/tests/jit/numpy/*.py; do
    name=$(basename "$script" .py)
    case $name in test_*) continue ;; esac
    check "$name interpreted" "$script" -X jit=off
    check "$name evaluated" "$script" -X jit=eval
    test -e "$BUILD/lib/krait/krait-llvm.so" || continue
    check "$name compiled" "$script" -X jit=llvm
    check "$name from the cache" "$script" -X jit=llvm
done
check_end
