# timeout: 240
# Trees, error records and the judgement of interactive input against CPython 3.11, where there is
# one with its test suite.
python=/usr/bin/python3.11
if ! test -x $python || ! test -f /usr/lib/python3.11/test/test_syntax.py; then
    echo "1..0 # SKIP no CPython 3.11 with its tests"
    exit 0
fi
driver=$BUILD/tests/runtime/syntax/driver
here=$SOURCE/tests/runtime/syntax
echo 1..3
for what in files errors single; do
    if $python "$here/compare.py" "$driver" $what >$what.out 2>&1; then
        echo "ok - $what: $(tail -n 1 $what.out)"
    else
        echo "not ok - $what"
        tail -n 30 $what.out | cut -c1-300 | sed 's/^/# /'
    fi
done
