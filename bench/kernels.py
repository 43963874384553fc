"""Times the kernels of bench/kernels: krait's compiled code against C by clang and gcc, and against Numba.

    python3.11 bench/kernels.py [--krait build/krait] [--rounds 5] [--jit llvm,gcc] [KERNEL...]

A kernel is a pair of files: NAME.py (`kernel`, and `arguments` that make its input) and NAME.c, the same in C: an
array is passed as its pointer and its shape, an int as int64_t, a float as double. C is compiled with -O3 -march=native
-ffp-contract=off -fno-math-errno. Every round runs each contender once, in its own process, in an order that rotates;
a process makes one call (its time includes compiling, and its result must be the same everywhere) and then repeats it for
--seconds; its figure is the fastest call. Reported are medians over the rounds. All of krait's checks are on.
"""

import argparse
import json
import math
import os
import runpy
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, "kernels")
C_FLAGS = "-O3 -march=native -ffp-contract=off -fno-math-errno -shared -fPIC".split()

# ---- One process


def c_kernel(library, source, args):
    """A callable of no arguments that runs the C function on `args`."""
    import ctypes  # only here: krait need not have it

    function = ctypes.CDLL(library).kernel
    with open(source) as f:
        function.restype = ctypes.c_double if "\ndouble kernel(" in f.read() else ctypes.c_int64
    passed = []
    for a in args:
        if hasattr(a, "shape"):
            assert a.flags.c_contiguous
            passed += [ctypes.c_void_p(a.ctypes.data)] + [ctypes.c_int64(n) for n in a.shape]
        else:
            passed.append(ctypes.c_double(a) if isinstance(a, float) else ctypes.c_int64(a))
    return lambda: function(*passed)


def work(name, seconds, library):
    """Prints [first call's seconds, fastest call's seconds, result] of one kernel."""
    module = runpy.run_path(os.path.join(FOLDER, name + ".py"))
    args = module["arguments"]()
    if library:
        call = c_kernel(library, os.path.join(FOLDER, name + ".c"), args)
    else:
        kernel = module["kernel"]
        call = lambda: kernel(*args)
    begin = time.perf_counter()
    result = call()
    first = time.perf_counter() - begin
    fastest, until = math.inf, time.perf_counter() + seconds
    while time.perf_counter() < until:
        begin = time.perf_counter()
        call()
        fastest = min(fastest, time.perf_counter() - begin)
    print(json.dumps([first, fastest, float(result)]))


# ---- All of them


def contenders(options, folder):
    """(name, command for a kernel, environment), and the C compilers found."""
    me = os.path.abspath(__file__)
    found = []
    for backend in options.jit.split(","):
        command = [os.path.abspath(options.krait), "-X", f"jit={backend}", "-X", "cache=off", me]
        found.append(("krait" if backend == "llvm" else f"krait-{backend}", lambda name, c=command: c + ["--work", name]))
    python = "/usr/bin/python3.11"
    for compiler in ("clang", "clang-22", "clang-19", "gcc"):
        if shutil.which(compiler) and not (compiler.startswith("clang") and any(n.startswith("clang") for n, _ in found)):
            library = os.path.join(folder, compiler + "-{}.so")
            found.append((compiler, lambda name, c=compiler, l=library: [python, me, "--work", name, "--library", build(c, name, l)]))
    if not options.no_numba and subprocess.run([python, "-c", "import numba"], capture_output=True).returncode == 0:
        found.append(("numba", lambda name: [python, me, "--work", name]))
    return found


def build(compiler, name, pattern):
    library = pattern.format(name)
    if not os.path.exists(library):
        subprocess.run([compiler, *C_FLAGS, os.path.join(FOLDER, name + ".c"), "-o", library, "-lm"], check=True)
    return library


def measure(names, found, options):
    """{kernel: {contender: [(first, fastest)]}}; a contender that fails or differs is reported and left out."""
    times, wrong = {}, set()
    for turn in range(options.rounds):
        for name in names:
            results = {}
            shift = turn % len(found)
            for contender, command in found[shift:] + found[:shift]:
                if (name, contender) in wrong:
                    continue
                done = subprocess.run(command(name) + ["--seconds", str(options.seconds)], capture_output=True, text=True)
                if done.returncode:
                    wrong.add((name, contender))
                    print(f"{name} by {contender}: {(done.stderr.strip().splitlines() or ['failed'])[-1]}", file=sys.stderr)
                    continue
                first, fastest, results[contender] = json.loads(done.stdout)
                times.setdefault(name, {}).setdefault(contender, []).append((first, fastest))
            if not all(math.isclose(r, next(iter(results.values())), rel_tol=1e-12) for r in results.values()):
                print(f"{name}: results differ: {results}", file=sys.stderr)
    return times


def table(times, found):
    names = [n for n, _ in found]
    c_names = [n for n in names if n.startswith(("clang", "gcc"))]
    mine = [n for n in names if n.startswith("krait")]
    heads = names + [f"{m} / best C" for m in mine] + (["numba / krait", "compile: numba / krait"] if "numba" in names else [])
    lines = ["| kernel | " + " | ".join(heads) + " |", "|---" * (len(heads) + 1) + "|"]
    columns = {h: [] for h in heads[len(names) :]}
    for name, by in sorted(times.items()):
        middle = {n: statistics.median(f for _, f in by[n]) for n in names if n in by}
        first = {n: statistics.median(f for f, _ in by[n]) for n in names if n in by}
        row = [f"{middle[n] * 1e6:.0f} us" if n in middle else "-" for n in names]
        best = min((middle[n] for n in c_names if n in middle), default=None)
        for m in mine:
            columns[f"{m} / best C"].append(middle[m] / best if m in middle and best else None)
        if "numba" in names:
            both = "numba" in middle and "krait" in middle
            columns["numba / krait"].append(middle["numba"] / middle["krait"] if both else None)
            columns["compile: numba / krait"].append(first["numba"] / first["krait"] if both else None)
        row += [f"{columns[h][-1]:.2f}" if columns[h][-1] else "-" for h in columns]
        lines.append(f"| {name} | " + " | ".join(row) + " |")
    means = [statistics.geometric_mean([v for v in columns[h] if v]) if any(columns[h]) else None for h in columns]
    lines.append("| geometric mean | " + " | ".join([""] * len(names) + [f"**{m:.2f}**" if m else "-" for m in means]) + " |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("kernels", nargs="*", help="names of kernels, or how they begin")
    parser.add_argument("--krait", default="build/krait")
    parser.add_argument("--jit", default="llvm", help="krait's back ends: llvm, gcc")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.2, help="how long a process repeats its kernel")
    parser.add_argument("--no-numba", action="store_true")
    parser.add_argument("--json", help="also write all times to this file")
    parser.add_argument("--work", help=argparse.SUPPRESS)
    parser.add_argument("--library", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        return work(options.work, options.seconds, options.library)
    names = sorted(n[:-3] for n in os.listdir(FOLDER) if n.endswith(".py"))
    if options.kernels:
        names = [n for n in names if any(n.startswith(k) for k in options.kernels)]
    with tempfile.TemporaryDirectory() as folder:
        found = contenders(options, folder)
        times = measure(names, found, options)
    print(table(times, found))
    if options.json:
        with open(options.json, "w") as f:
            json.dump(times, f)


if __name__ == "__main__":
    sys.exit(main())
