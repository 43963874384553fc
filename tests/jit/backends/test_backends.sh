# Python functions in CPython with NumPy, in the evaluator and compiled; then random functions four ways.
# timeout: 400
irtest="$BUILD/tests/jit/irtest --plugins=$BUILD/lib/krait"
python=${ORACLE:-/usr/bin/python3.11}
"$python" -c 'import numpy' 2>/dev/null || { echo "1..0 # SKIP no numpy"; exit 0; }
n=0 failed=0
check() { # NAME COMMAND...
    n=$((n + 1)) name=$1
    shift
    if "$@" >out.txt 2>&1; then
        echo "ok $n - $name"
    else
        echo "not ok $n - $name"
        head -30 out.txt | sed 's/^/#   /'
        failed=1
    fi
}
for t in "$SOURCE"/tests/jit/backends/*.py; do
    check "$(basename "$t")" "$python" "$SOURCE/tests/jit/differ.py" $irtest "$t"
done
check "random functions" "$python" "$SOURCE/tests/jit/fuzz.py" "$irtest" 3
echo "1..$n"
exit $failed
