# Two scripts of random kernels by every engine (fuzz_kernels.py; more of them: make fuzz TESTS=jit). The first seed is the
# one that found gcc making trunc(x) of (double)(long)x.
# timeout: 300
"$KRAIT" "$SOURCE/tests/jit/fuzz_kernels.py" --rounds 2 --seed 1 >out.txt 2>&1
status=$?
sed 's/^/# /' out.txt
echo "1..1"
test $status = 0 || printf 'not '
echo "ok 1 - random kernels"
exit $status
