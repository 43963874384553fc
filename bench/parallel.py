"""Parallel kernels: krait with one and two threads against the same in C with OpenMP; and the scaling model.

    python3 bench/parallel.py --krait build/krait [--threads 2] [--rounds 5] [KERNEL ...]
    python3 bench/parallel.py --krait build/krait --model

Rounds are interleaved: each runs every kernel once by every contestant, in a process of its own, best of three calls. Shown
are medians over the rounds, with the spread (largest minus smallest, in percent of the median)."""
import argparse
import heapq
import math
import os
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
KERNELS = ["mandelbrot", "integrate", "monte_carlo", "n_body", "matrix_product", "collatz", "primes", "options",
           "convolve", "heat", "histogram", "spectral"]


def build(folder):
    """The C contestant, or None without a compiler that has OpenMP."""
    program = os.path.join(folder, "kernels")
    command = ["gcc", "-O3", "-march=native", "-ffp-contract=off", "-fopenmp",
               os.path.join(HERE, "kernels_parallel", "kernels.c"), "-lm", "-o", program]
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except OSError:
        return None
    return program if done.returncode == 0 else None


def run(command, kernel, threads):
    """Checksum and best time of one process."""
    env = dict(os.environ, KRAIT_NUM_THREADS=str(threads), OMP_NUM_THREADS=str(threads))
    done = subprocess.run([*command, kernel, str(threads), "3"], capture_output=True, text=True, env=env, timeout=300)
    if done.returncode:
        raise SystemExit(f"{command[0]} {kernel}: {done.stderr.strip()[-400:]}")
    lines = done.stdout.split()
    return float(lines[0]), min(map(float, lines[1:]))


def compare(options):
    krait = [options.krait, os.path.join(HERE, "kernels_parallel", "kernels.py")]
    names = options.kernels or KERNELS
    with tempfile.TemporaryDirectory() as folder:
        c = build(folder)
        contestants = [("krait", krait, 1), ("krait", krait, options.threads)]
        if c:
            contestants += [("C", [c], 1), ("C", [c], options.threads)]
        times = {}
        for _ in range(options.rounds):
            for name in names:
                sums = []
                for label, command, threads in contestants:
                    total, best = run(command, name, threads)
                    sums.append(total)
                    times.setdefault((name, label, threads), []).append(best)
                if max(abs(s - sums[0]) for s in sums) > 1e-9 * abs(sums[0]):
                    raise SystemExit(f"{name}: different results {sums}")
    report(times, names, options.threads, bool(c))


def middle(values):
    m = statistics.median(values)
    return m, 100 * (max(values) - min(values)) / m


def mean(values):
    return math.exp(sum(map(math.log, values)) / len(values)) if values else float("nan")


def report(times, names, threads, with_c):
    print(f"{'kernel':<16}{'krait 1':>16}{f'krait {threads}':>16}{'gain':>7}" +
          (f"{'C 1':>16}{f'C {threads}':>16}{'gain':>7}{'C/krait':>9}" if with_c else ""))
    gains, c_gains, ratios = [], [], []
    for name in names:
        (k1, s1), (k2, s2) = middle(times[name, "krait", 1]), middle(times[name, "krait", threads])
        gains.append(k1 / k2)
        line = f"{name:<16}{1e3 * k1:>9.1f} ±{s1:>3.0f}%{1e3 * k2:>10.1f} ±{s2:>3.0f}%{k1 / k2:>7.2f}"
        if with_c:
            (c1, t1), (c2, t2) = middle(times[name, "C", 1]), middle(times[name, "C", threads])
            c_gains.append(c1 / c2)
            ratios.append(c2 / k2)
            line += f"{1e3 * c1:>9.1f} ±{t1:>3.0f}%{1e3 * c2:>10.1f} ±{t2:>3.0f}%{c1 / c2:>7.2f}{c2 / k2:>9.2f}"
        print(line)
    print(f"geometric mean: {threads} threads gain {mean(gains):.2f}" +
          (f" (C: {mean(c_gains):.2f}); C's time over krait's, {threads} threads: {mean(ratios):.2f}" if with_c else "") +
          "; times in ms")


# ---- The scaling model (bench/README.md says what it assumes)

MEASURE = """
import time
from numba import njit, prange, set_num_threads, get_num_threads
@njit(parallel=True)
def nothing(n):
    for i in prange(n):
        pass
@njit(parallel=True)
def sums(n):
    s = 0.0
    for i in prange(n):
        s += 1.0
    return s
@njit
def call(n):
    pass
def each(f, k=3000):
    f(256)
    best = 1e9
    for _ in range(15):
        start = time.process_time()
        for _ in range(k):
            f(256)
        best = min(best, (time.process_time() - start) / k)
    return best
set_num_threads(1)
print(each(call), each(nothing), each(sums))
"""


WAKE, JOIN = 5e-6, 0.3e-6  # seconds: a futex wake-up; a worker's passage through the pool's mutex


def simulate(costs, cores, per_block, wake):
    """Work stealing as list scheduling: a free core takes the next block. Core k > 0 joins after WAKE + k * JOIN."""
    free = [wake + k * JOIN if k else 0.0 for k in range(cores)]
    heapq.heapify(free)
    end = 0.0
    for cost in costs:
        at = heapq.heappop(free) + cost + per_block
        end = max(end, at)
        heapq.heappush(free, at)
    return end


def model(options):
    done = subprocess.run([options.krait, "-c", MEASURE], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    call, nothing, sums = map(float, done.stdout.split())
    block = max((sums - call) / 256, 1e-9)
    print(f"a call {1e9 * call:.0f} ns, an empty region {1e9 * (nothing - call):.0f} ns, a block with a result "
          f"{1e9 * block:.1f} ns (processor time)")
    combine = 256 * 1e-9
    print(f"{'work of a loop':<18}" + "".join(f"{f'{p} cores':>24}" for p in (2, 8, 64, 256)))
    print(f"{'':<18}" + f"{'even':>12}{'rising':>12}" * 4)
    for work in (10e-6, 100e-6, 1e-3, 10e-3, 100e-3, 1.0):
        line = f"{1e3 * work:>12.2f} ms   "
        for cores in (2, 8, 64, 256):
            for rising in (False, True):
                costs = [work * 2 * (k + 0.5) / 256 / 256 if rising else work / 256 for k in range(256)]
                time = simulate(costs, cores, 3 * block, WAKE) + combine
                line += f"{100 * work / (cores * time):>11.0f}%"
        print(line)


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--krait", default=os.path.join(HERE, "..", "build", "krait"))
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--model", action="store_true")
parser.add_argument("kernels", nargs="*")
options = parser.parse_args()
options.krait = os.path.abspath(options.krait)
model(options) if options.model else compare(options)
