# The commands of every .ir file here: passes in text, out text; calls in the evaluator and compiled.
# timeout: 120
irtest="$BUILD/tests/jit/irtest --plugins=$BUILD/lib/krait"
n=0 failed=0
for t in "$SOURCE"/tests/jit/ir/*.ir; do
    n=$((n + 1)) name=$(basename "$t")
    if $irtest "$t" 2>&1 | diff -u "${t%.ir}.out" - >diff.txt; then
        echo "ok $n - $name"
    else
        echo "not ok $n - $name"
        sed -n '3,40s/^/#   /p' diff.txt
        failed=1
    fi
done
echo "1..$n"
exit $failed
