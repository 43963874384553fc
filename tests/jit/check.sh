# check.sh: for the tests that run scripts in several ways. Read by them with `.`; they end with check_end.
KRAIT_CACHE_DIR=$PWD/cache PYTHONPATH=$SOURCE/tests/jit
export KRAIT_CACHE_DIR PYTHONPATH
n=0 failed=0
check() { # NAME SCRIPT OPTIONS...: the script prints what the .out file beside it says
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
check_end() {
    echo "1..$n"
    exit $failed
}
