#!/bin/sh
# tests/bench/record.sh: writes the expected outputs of bench/field, by CPython 3.11 with NumPy and Numba.
here=$(cd "$(dirname "$0")" && pwd)
cd "$(mktemp -d)" || exit 1
grep -v '^#' "$here/field.list" | while read -r name arguments; do
    # shellcheck disable=SC2086 -- arguments are words
    NUMBA_CACHE_DIR=. /usr/bin/python3.11 "$here/../../bench/field/$name.py" $arguments >"$here/field/$name.out" </dev/null
done
