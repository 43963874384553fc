# The programs of bench/field print what they print under CPython with NumPy and Numba. timeout: 120
list=$SOURCE/tests/bench/field.list
echo "1..$(grep -vc '^#' "$list")"
failed=0 n=0
while read -r name arguments; do
    case $name in '#'*) continue ;; esac
    n=$((n + 1))
    # shellcheck disable=SC2086 -- arguments are words
    if "$KRAIT" ${KRAIT_OPTIONS-} "$SOURCE/bench/field/$name.py" $arguments >out 2>err </dev/null &&
        cmp -s out "$SOURCE/tests/bench/field/$name.out"; then
        echo "ok $n - $name"
    else
        failed=1
        echo "not ok $n - $name"
        diff "$SOURCE/tests/bench/field/$name.out" out | sed -n '1,20s/^/# /p'
        tail -n 5 err | sed 's/^/# /'
    fi
done <"$list"
exit $failed
