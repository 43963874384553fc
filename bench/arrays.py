"""Array operations under krait and under CPython with NumPy, interleaved.

    python3 bench/arrays.py [--krait build/krait] [--python /usr/bin/python3.11] [--rounds 5] [--clock cpu] [OPERATION...]
    python3 bench/arrays.py --memory            peak memory of expressions on ten million elements

Each interpreter runs this file as a worker that times one case on request, so that the two take turns case by case and a
slow minute of the machine hits both. The time of a case is the least of the rounds; each round repeats the case for
about 20 ms. Printed are microseconds and NumPy's time over krait's, then the geometric means (of all, by size, by operation)
and what is under 0.8. OPERATION selects cases of that name. `--clock cpu` counts processor time of all threads instead of
wall time: for a machine that others load; what the pool gains is then not seen."""
import argparse
import math
import subprocess
import sys
import time

SIZES = (10, 1_000, 100_000, 10_000_000)
TYPES = ("float64", "float32", "int64", "complex128")
CASES = {  # name: (expression, element types it is for)
    "add": ("a + b", "fic"), "mul": ("a * b", "fic"), "div": ("a / b", "fc"), "scalar": ("a * 2", "fic"),
    "strided": ("s + s", "fic"), "mulstr": ("s * s", "fc"), "sqrtstr": ("np.sqrt(s)", "f"), "broadcast": ("m + row", "fi"),
    "sqrt": ("np.sqrt(a)", "f"), "exp": ("np.exp(a)", "f"), "sin": ("np.sin(a)", "f"), "less": ("a < b", "fi"), "where": ("np.where(mask, a, b)", "fic"), "sum": ("a.sum()", "fic"),
    "max": ("a.max()", "fi"), "argmax": ("a.argmax()", "fi"), "sum0": ("m.sum(axis=0)", "fi"), "sum1": ("m.sum(axis=1)", "fi"),
    "max0": ("m.max(axis=0)", "fi"), "max1": ("m.max(axis=1)", "fi"), "argmax1": ("m.argmax(axis=1)", "fi"),
    "cumsum": ("a.cumsum()", "fic"), "cumsum0": ("m.cumsum(axis=0)", "fi"), "setmask": ("out[mask] = 0", "fi"),
    "setindex": ("out[index] = a", "fi"), "setslice": ("out[1:] = a[:-1]", "fic"), "boolean": ("a[mask]", "fi"),
    "integer": ("a[index]", "fi"), "sort": ("np.sort(a)", "fi"), "argsort": ("np.argsort(a)", "fi"),
    "unique": ("np.unique(small)", "i"), "concat": ("np.concatenate((a, b))", "fi"), "dot": ("a.dot(b)", "f"),
    "matmul": ("q @ q", "f"), "getitem": ("a[3]", "fi"), "slice": ("a[2:5]", "f"), "reshape": ("a.reshape(-1, 1)", "f"),
    "zeros": ("np.zeros(n)", "f"), "mean": ("a.mean()", "f"), "astype": ("a.astype('float32')", "fi"),
    "svd": ("np.linalg.svd(q)", "d"), "fft": ("np.fft.fft(c)", "dc"), "rfft": ("np.fft.rfft(c)", "d"),
    "normal": ("rng.normal(size=n)", "d"), "random": ("rng.random(n)", "d"), "integers": ("rng.integers(0, 1000, n)", "d"),
    "fused": ("a*b + b*np.sin(a)", "f"), "poly": ("(a - b)**2 / (1 + a*a)", "f"), "inplace": ("out += a", "fic"),
}


def setup(n, kind):
    import numpy as np
    i = np.arange(n)
    a = ((i * 7919) % max(n, 2)).astype(kind)
    if kind.startswith("float"):
        a = a / max(n, 1) + 0.5
        a = a.astype(kind)
    b = a[::-1] + 1
    rows = max(1, int(n ** 0.5))
    side = min(rows, 100)
    return {"np": np, "n": n, "a": a, "c": a[:min(n, 1 << 20)], "out": a.copy(), "rng": np.random.default_rng(1), "b": b.copy(), "s": np.repeat(a, 2)[::2], "m": a[:rows * (n // rows)].reshape(rows, -1),
            "row": a[:n // rows], "mask": i % 3 == 0, "index": (i * 31) % n, "small": (i * 7919) % 1000,
            "q": a[:side * side].reshape(side, side) if n >= side * side else a[:4].reshape(2, 2)}


def work(clock):
    """Reads `case size type`, answers with seconds a run."""
    made = {}
    now = time.process_time if clock == "cpu" else time.perf_counter
    for line in sys.stdin:
        name, n, kind = line.split()
        n = int(n)
        if (n, kind) not in made:
            made.clear()
            made[n, kind] = setup(n, kind)
        exec(f"def run(count):\n    global out\n    for _ in range(count): {CASES[name][0]}", made[n, kind])
        run = made[n, kind]["run"]
        run(1)
        count, spent = 1, 0
        while spent < 0.02:
            count *= 2 if spent < 0.002 else max(2, int(0.03 / spent))
            start = now()
            run(count)
            spent = now() - start
        print(spent / count, flush=True)


def measure(workers, rounds, name, n, kind):
    best = [math.inf] * len(workers)
    for _ in range(rounds):
        for k, w in enumerate(workers):
            w.stdin.write(f"{name} {n} {kind}\n")
            w.stdin.flush()
            best[k] = min(best[k], float(w.stdout.readline()))
    return best


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--krait", default="build/krait")
    parser.add_argument("--python", default="/usr/bin/python3.11")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--types", default=",".join(TYPES))
    parser.add_argument("--clock", choices=("wall", "cpu"), default="wall")
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("operations", nargs="*")
    options = parser.parse_args()
    if options.memory:
        return memory((options.krait, options.python))
    workers = [subprocess.Popen([program, __file__, "--worker", options.clock], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
               for program in (options.krait, options.python)]
    ratios = {}
    for n in map(int, options.sizes.split(",")):
        for kind in options.types.split(","):
            for name, (_, kinds) in CASES.items():
                if not takes(kinds, kind) or (options.operations and name not in options.operations):
                    continue
                ours, theirs = measure(workers, options.rounds if n < 1_000_000 else 2, name, n, kind)
                ratios[name, n, kind] = theirs / ours
                print(f"{name:10} {n:9} {kind:10} {ours * 1e6:12.2f} us {theirs * 1e6:12.2f} us  {theirs / ours:6.2f}", flush=True)
    summarise(ratios)
    for w in workers:
        w.stdin.close()


def takes(kinds, kind):
    """Is a case for `kinds` (f floats, i integers, c complex, d float64 only) one of `kind`?"""
    return kind[0] in kinds or ("d" in kinds and kind == "float64")


def mean(ratios):
    ratios = list(ratios)
    return math.exp(sum(map(math.log, ratios)) / len(ratios))


def summarise(ratios):
    for n in sorted({key[1] for key in ratios}):
        print(f"geometric mean of {n:9}: {mean(r for key, r in ratios.items() if key[1] == n):.2f}")
    for name in {key[0]: 0 for key in ratios}:
        print(f"geometric mean of {name:9}: {mean(r for key, r in ratios.items() if key[0] == name):.2f}")
    print(f"geometric mean of all: {mean(ratios.values()):.2f}")
    for key, r in sorted(ratios.items(), key=lambda item: item[1]):
        if r < 0.8:
            print(f"under 0.8: {r:.2f}", *key)


PEAK = """
import resource, numpy as np
a, b, c, d = (np.arange(10_000_000) / 1e7 for _ in range(4))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
r = {}
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10)
"""


def memory(programs):
    """Prints the megabytes that an expression on ten million doubles (76 MB each) adds to the peak."""
    for expression in ("a*b + c*np.sin(d)", "(a - b)**2 / (1 + a*a)", "np.sqrt(a*a + b*b + c*c + d*d)"):
        peaks = [subprocess.run([p, "-c", PEAK.format(expression)], stdout=subprocess.PIPE, text=True).stdout.strip() for p in programs]
        print(f"{expression:35} krait {peaks[0]:>5} MB   NumPy {peaks[1]:>5} MB")


if __name__ == "__main__":
    work(sys.argv[2]) if sys.argv[1:2] == ["--worker"] else main()
