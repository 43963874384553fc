"""Array operations under krait and under CPython with NumPy, interleaved.

    python3.11 bench/arrays.py [--krait build/krait] [--python /usr/bin/python3.11] [--rounds 5] [OPERATION...]

Each interpreter runs this file as a worker that times one case on request, so that the two take turns case by case and a
slow minute of the machine hits both. The time of a case is the least of the rounds; each round repeats the case for
about 20 ms. Printed are microseconds and NumPy's time over krait's, then the geometric means and what is under 0.8.
OPERATION selects cases whose name contains it."""
import argparse
import math
import subprocess
import sys
import time

SIZES = (10, 1_000, 100_000, 10_000_000)
TYPES = ("float64", "float32", "int64", "complex128")
CASES = {  # name: (expression, element types it is for)
    "add": ("a + b", "fic"), "mul": ("a * b", "fic"), "div": ("a / b", "fc"), "scalar": ("a * 2", "fic"),
    "strided": ("s + s", "fic"), "broadcast": ("m + row", "fi"), "sqrt": ("np.sqrt(a)", "f"), "exp": ("np.exp(a)", "f"),
    "sin": ("np.sin(a)", "f"), "less": ("a < b", "fi"), "where": ("np.where(mask, a, b)", "fic"), "sum": ("a.sum()", "fic"),
    "max": ("a.max()", "fi"), "argmax": ("a.argmax()", "fi"), "sum0": ("m.sum(axis=0)", "fi"), "sum1": ("m.sum(axis=1)", "fi"),
    "max0": ("m.max(axis=0)", "fi"), "cumsum": ("a.cumsum()", "fi"), "boolean": ("a[mask]", "fi"),
    "integer": ("a[index]", "fi"), "sort": ("np.sort(a)", "fi"), "argsort": ("np.argsort(a)", "fi"),
    "unique": ("np.unique(small)", "i"), "concat": ("np.concatenate((a, b))", "fi"), "dot": ("a.dot(b)", "f"),
    "matmul": ("q @ q", "f"), "getitem": ("a[3]", "fi"), "slice": ("a[2:5]", "f"), "reshape": ("a.reshape(-1, 1)", "f"),
    "zeros": ("np.zeros(n)", "f"), "mean": ("a.mean()", "f"), "astype": ("a.astype('float32')", "fi"),
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
    side = min(rows, 300)
    return {"np": np, "n": n, "a": a, "b": b.copy(), "s": np.repeat(a, 2)[::2], "m": a[:rows * (n // rows)].reshape(rows, -1),
            "row": a[:n // rows], "mask": i % 3 == 0, "index": (i * 31) % n, "small": (i * 7919) % 1000,
            "q": a[:side * side].reshape(side, side) if n >= side * side else a[:4].reshape(2, 2)}


def work():
    """Reads `case size type`, answers with seconds a run."""
    made = {}
    for line in sys.stdin:
        name, n, kind = line.split()
        n = int(n)
        if (n, kind) not in made:
            made.clear()
            made[n, kind] = setup(n, kind)
        run = eval(f"lambda: {CASES[name][0]}", made[n, kind])
        run()
        start, count = time.perf_counter(), 0
        while True:
            run()
            count += 1
            spent = time.perf_counter() - start
            if spent > 0.02 and count >= 2:
                break
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
    parser.add_argument("operations", nargs="*")
    options = parser.parse_args()
    workers = [subprocess.Popen([program, __file__, "--worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
               for program in (options.krait, options.python)]
    ratios = {}
    for n in map(int, options.sizes.split(",")):
        for kind in options.types.split(","):
            for name, (_, kinds) in CASES.items():
                if kind[0] not in kinds or (options.operations and not any(o in name for o in options.operations)):
                    continue
                ours, theirs = measure(workers, options.rounds if n < 1_000_000 else 2, name, n, kind)
                ratios[name, n, kind] = theirs / ours
                print(f"{name:10} {n:9} {kind:10} {ours * 1e6:12.2f} us {theirs * 1e6:12.2f} us  {theirs / ours:6.2f}", flush=True)
    for n in sorted({key[1] for key in ratios}):
        of_size = [math.log(r) for key, r in ratios.items() if key[1] == n]
        print(f"geometric mean of {n:9}: {math.exp(sum(of_size) / len(of_size)):.2f}")
    print(f"geometric mean of all: {math.exp(sum(map(math.log, ratios.values())) / len(ratios)):.2f}")
    for key, r in sorted(ratios.items(), key=lambda item: item[1]):
        if r < 0.8:
            print(f"under 0.8: {r:.2f}", *key)
    for w in workers:
        w.stdin.close()


if __name__ == "__main__":
    work() if sys.argv[1:] == ["--worker"] else main()
