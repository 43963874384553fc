"""Random kernels, run by the interpreter and by every engine, cold and from the cache: the transcripts must be equal.

    krait fuzz_kernels.py [--seconds N] [--rounds N] [--seed N]

A kernel has typed variables, loops, branches, array elements read and written (also out of range), slices, calls of
another kernel, divisions and exceptions. A transcript holds each call's result, or its exception and line, and what
the arrays then hold. Where an int leaves 64 bits a kernel raises and the interpreter does not: those calls are
compared among the engines only. The seed that fails is printed, and the script is kept.
"""
import os
import random
import subprocess
import sys
import tempfile
import time

HEAD = """import math
import numpy as np
from numba import njit

"""

TAIL = """
def show(x):
    if isinstance(x, tuple):
        return "(" + ", ".join(show(y) for y in x) + ")"
    if isinstance(x, np.ndarray):
        return str([show(y) for y in x.tolist()])
    if isinstance(x, (bool, np.bool_)):
        return str(bool(x))
    return repr(float(x)) if isinstance(x, (float, np.floating)) else str(int(x))


def line_of(error):
    entry, line = error.__traceback__, 0
    while entry:
        if entry.tb_frame.f_code.co_name in KERNELS:
            line = entry.tb_lineno
        entry = entry.tb_next
    return line


def run(f, *args):
    arrays = [a for a in args if isinstance(a, np.ndarray)]
    try:
        with np.errstate(all="ignore"):
            text = show(f(*args))
    except Exception as e:
        text = f"{type(e).__name__} @{line_of(e)}"
    print(f.__name__, text, *(show(a) for a in arrays), sep="; ", flush=True)


def arrays():
    return np.arange(7) * 0.5 - 1.0, np.arange(7) - 3
"""

INTS = [0, 1, -1, 2, 3, 5, 7, -4, 10, 63, 2 ** 31, -2 ** 62, 2 ** 62, 2 ** 63 - 1]
FLOATS = [0.0, 1.0, -0.5, 2.5, 1e10, -1e-3, 1e300, 0.1]


class Kernel:
    """Source of one random function f(i, j, x, y, a, b): ints, floats, a float64 and an int64 array."""

    def __init__(self, rng, name, callee):
        self.r, self.name, self.callee = rng, name, callee
        self.lines, self.depth, self.loops = [], 1, 0
        self.ints, self.floats = ["i", "j", "s"], ["x", "y", "t"]

    def emit(self, text):
        self.lines.append("    " * self.depth + text)

    def index(self):
        return self.r.choice(["0", "1", "-1", "j % 7", "i % 7", "k0 % 9" if self.loops else "3", "i", "len(a) - 1"])

    def int(self, d=0):
        r = self.r.random()
        if d > 2 or r < 0.3:
            return self.r.choice(self.ints)
        if r < 0.4:
            return str(self.r.choice(INTS[:10]))
        if r < 0.5:
            return f"int(b[{self.index()}])"
        if r < 0.75:
            return f"({self.int(d + 1)} {self.r.choice(['+', '-', '*', '+', '-'])} {self.int(d + 1)})"
        if r < 0.85:
            return f"({self.int(d + 1)} {self.r.choice(['//', '%'])} {self.int(d + 1)})"
        if r < 0.9:
            return f"({self.int(d + 1)} {self.r.choice(['&', '|', '^'])} {self.int(d + 1)})"
        if r < 0.95:
            return f"{self.r.choice(['min', 'max'])}({self.int(d + 1)}, {self.int(d + 1)})"
        return f"abs({self.int(d + 1)})"

    def float(self, d=0):
        r = self.r.random()
        if d > 2 or r < 0.3:
            return self.r.choice(self.floats)
        if r < 0.4:
            return repr(self.r.choice(FLOATS))
        if r < 0.5:
            return f"float(a[{self.index()}])"
        if r < 0.75:
            return f"({self.float(d + 1)} {self.r.choice('+-*')} {self.float(d + 1)})"
        if r < 0.83:
            return f"({self.float(d + 1)} {self.r.choice(['/', '//', '%'])} {self.float(d + 1)})"
        if r < 0.88:
            return f"({self.float(d + 1)} {self.r.choice('+-*')} {self.int(d + 1)})"
        if r < 0.92:
            return f"math.{self.r.choice(['floor', 'ceil', 'trunc'])}({self.float(d + 1)}) * 1.0"
        if r < 0.96:
            return f"math.sqrt(abs({self.float(d + 1)}))"
        return f"float({self.int(d + 1)})"

    def condition(self):
        op = self.r.choice(["<", "<=", ">", ">=", "==", "!="])
        f = self.int if self.r.random() < 0.5 else self.float
        text = f"{f(1)} {op} {f(1)}"
        return text if self.r.random() < 0.8 else f"{text} {self.r.choice(['and', 'or'])} not {self.int(2)} > 2"

    def block(self, statements):
        self.depth += 1
        for _ in range(statements):
            self.statement()
        self.depth -= 1

    def loop(self):
        name = f"k{self.loops}"
        head = self.r.choice([f"for {name} in range({self.r.randint(1, 9)}):", f"for {name} in range(len(a)):",
                              f"for {name} in range(i % 5, 12, {self.r.randint(1, 4)}):",
                              f"for {name} in range(9, j % 4, -{self.r.randint(1, 3)}):"])
        self.emit(head)
        self.loops += 1
        self.ints.append(name)
        self.block(self.r.randint(1, 3))
        if self.r.random() < 0.2:
            self.emit(f"    if {self.condition()}:")
            self.emit(f"        {self.r.choice(['break', 'continue'])}")
        self.loops -= 1
        self.ints.remove(name)

    def statement(self):
        r = self.r.random()
        if r < 0.22:
            self.emit(f"s {self.r.choice(['=', '+=', '-=', '^='])} {self.int()}")
        elif r < 0.45:
            self.emit(f"t {self.r.choice(['=', '+=', '*=', '-='])} {self.float()}")
        elif r < 0.57:
            self.emit(f"a[{self.index()}] = {self.float()}")
        elif r < 0.65:
            self.emit(f"b[{self.index()}] = {self.int(2)} % 1000")
        elif r < 0.72:
            low, high = self.r.randint(-8, 8), self.r.randint(-8, 8)
            self.emit(self.r.choice([f"t += a[{low}:{high}].sum()", f"a[{low}:{high}] = {self.float(1)}",
                                     f"a[{low}:{high}] *= 0.5", f"s += len(b[{low}:{high}:2])"]))
        elif r < 0.85 and self.depth < 4:
            self.loop()
        elif r < 0.95 and self.depth < 4:
            self.emit(f"if {self.condition()}:")
            self.block(self.r.randint(1, 2))
            if self.r.random() < 0.5:
                self.emit("else:")
                self.block(1)
        elif self.callee and self.depth < 3:
            self.emit(f"s, t = {self.callee}({self.int(2)}, {self.int(2)}, {self.float(2)}, y, a, b)")
        elif self.r.random() < 0.3:
            self.emit(f"if {self.condition()}:")
            self.emit(f"    raise ValueError({self.name!r})")
        else:
            self.emit(f"s = {self.int()}")

    def source(self):
        self.emit("s = 1")
        self.emit("t = 0.5")
        for _ in range(self.r.randint(3, 8)):
            self.statement()
        return "\n".join(["@njit", f"def {self.name}(i, j, x, y, a, b):"] + self.lines + ["    return s, t", "", ""])


def script(seed):
    rng = random.Random(seed)
    names = [f"f{n}" for n in range(6)]
    text = HEAD
    for n, name in enumerate(names):
        text += Kernel(rng, name, names[n - 1] if n % 2 else None).source()
    text += f"KERNELS = {names!r}\n" + TAIL
    for name in names:
        for _ in range(5):
            ints, floats = rng.choices(INTS, k=2), rng.choices(FLOATS, k=2)
            text += f"run({name}, {ints[0]}, {ints[1]}, {floats[0]!r}, {floats[1]!r}, *arrays())\n"
    return text


def transcript(path, options, cache):
    environment = dict(os.environ, KRAIT_CACHE_DIR=cache)
    done = subprocess.run([sys.executable, *options, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          env=environment, timeout=600)
    tail = done.stderr.strip().splitlines()[-1:]
    return done.stdout.splitlines() + ([f"exit status {done.returncode}: {tail}"] if done.returncode else [])


def engines():
    folder = os.path.join(os.path.dirname(os.path.realpath(sys.executable)), "lib", "krait")
    found = [name for name, plugin in (("llvm", "llvm"), ("gcc", "gccjit"))
             if os.path.exists(f"{folder}/krait-{plugin}.so")]
    return found + (["both"] if len(found) == 2 else [])


def differences(wanted, got):
    return [(i, a, b) for i, (a, b) in enumerate(zip(wanted + [""] * len(got), got + [""] * len(wanted))) if a != b]


def check(seed, folder):
    path, cache = os.path.join(folder, "kernels.py"), os.path.join(folder, "cache")
    with open(path, "w") as file:
        file.write(script(seed))
    wanted = transcript(path, ["-X", "jit=eval"], cache)
    bad = []
    for line, interpreted in zip(wanted, transcript(path, ["-X", "jit=off"], cache)):
        if line != interpreted and "OverflowError" not in line:
            bad.append(("interpreted", interpreted, line))
    for engine in engines():
        for run in ("compiled", "cached"):
            got = transcript(path, ["-X", f"jit={engine}"], cache)
            bad += [(f"{engine}, {run}", b, a) for _, a, b in differences(wanted, got)]
    for where, got, line in bad[:5]:
        print(f"seed {seed}: {where}\n    {got}\n  evaluator\n    {line}")
    if bad:
        kept = os.path.join(tempfile.gettempdir(), f"krait-fuzz-{seed}.py")
        os.replace(path, kept)
        print(f"the script is kept in {kept}")
    return not bad


def main():
    options = dict(zip(sys.argv[1::2], map(int, sys.argv[2::2])))
    seed = options.get("--seed", 1 if "--rounds" in options else int(time.time()))
    end = time.monotonic() + options.get("--seconds", 10 ** 6)
    rounds = options.get("--rounds", 10 ** 9 if "--seconds" in options else 3)
    with tempfile.TemporaryDirectory() as folder:
        while rounds > 0 and time.monotonic() < end:
            if not check(seed, folder):
                sys.exit(1)
            seed, rounds = seed + 1, rounds - 1


main()
