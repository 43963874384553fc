"""tqdm around loops and inside kernels: results are those without it, lines are drawn on standard error."""
# timeout: 400
import io
import re
import subprocess
import sys

import numpy as np
from numba import get_num_threads, get_thread_id, njit, prange
from tqdm import tenumerate, tqdm, trange
from tqdm.std import format_interval, format_meter, format_num, format_sizeof

if len(sys.argv) > 1:
    @njit(parallel=True)
    def total(n):
        s = 0.0
        for i in tqdm(prange(n)):
            s += i * 0.5
        return s

    @njit(parallel=True)
    def fails(n):
        for i in tqdm(prange(n)):
            if i == n // 2:
                raise ValueError("half")

    print(total(1000), total(0))
    try:
        fails(1000)
    except ValueError as error:
        print(error)
    sys.exit()

for options in [], ["-X", "jit=eval"]:  # the evaluator draws them as the pool does
    done = subprocess.run([sys.executable, *options, __file__, "kernel"], capture_output=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode().split("\n")[:2] == [f"{sum(i * 0.5 for i in range(1000))} 0.0", "half"], done.stdout
    lines = [line.split("\r")[-1] for line in done.stderr.decode().strip("\n").split("\n")]
    assert len(lines) == 2, done.stderr  # a loop without iterations has no bar
    assert re.fullmatch(r"100%\|█{10}\| 1000/1000 \[00:00<00:00, [\d.]+it/s\]", lines[0]), lines
    assert re.match(r" ?[\d]+%\|", lines[1]) and "100%" not in lines[1], lines


@njit(parallel=True)
def threads(n):
    low = 1000
    high = -1
    for i in prange(n):
        low = min(low, get_thread_id())
        high = max(high, get_thread_id())
    return low, high, get_num_threads()


low, high, count = threads(100_000)
assert 0 <= low <= high < count == get_num_threads()
assert get_thread_id() == 0

out = io.StringIO()
assert list(tqdm(range(5), file=out)) == [0, 1, 2, 3, 4]
text = out.getvalue()
assert text.startswith("\r  0%|          | 0/5 [00:00<?, ?it/s]"), text
assert re.search(r"\r100%\|██████████\| 5/5 \[00:00<00:00, +[\d.]+it/s\]", text), text
assert text.endswith("\n")
out = io.StringIO()
with tqdm(total=10, desc="copy", unit="B", file=out, ascii=True) as bar:
    bar.update(4)
    bar.set_postfix(loss=0.25)
    assert bar.n == 4 and "copy:  40%|####      | 4/10" in str(bar) and "loss=0.25" in str(bar), str(bar)
assert list(trange(3, disable=True)) == [0, 1, 2]
assert list(tenumerate("ab", disable=True)) == [(0, "a"), (1, "b")]
assert len(tqdm(range(7), disable=True)) == 7 and not tqdm([], disable=True) and 3 in tqdm([3], disable=True)
assert list(reversed(tqdm([1, 2], disable=True))) == [2, 1]
for item in tqdm(range(3), file=out):
    if item == 1:
        break
# what tqdm's documentation and tests say of these functions
assert format_interval(60) == "01:00" and format_interval(6160) == "1:42:40" and format_interval(238113) == "66:08:33"
assert [format_sizeof(x) for x in (9, 99, 999, 9994, 9999, 99499, 999499, 99949e3)] == [
    "9.00", "99.0", "999", "9.99k", "10.0k", "99.5k", "999k", "99.9M"]
assert format_num(1337) == "1337" and format_num(int(1e6)) == "1e+6" and format_num(1239876) == "1239876"
assert format_meter(0, 1000, 13, ncols=68, ascii=True) == "  0%|" + 38 * " " + "| 0/1000 [00:13<?, ?it/s]"
assert format_meter(231, 1000, 392, ncols=56, ascii=True) == " 23%|###6" + 12 * " " + "| 231/1000 [06:32<21:44,  1.70s/it]"
assert format_meter(10000, 1000, 13) == "10000it [00:13, 769.23it/s]"
print("ok")
