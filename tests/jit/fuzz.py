"""Random scalar functions in machine-level IR, run four ways that must agree to the last bit: evaluator and
compiled code, before and after the passes.

    python3 fuzz.py "IRTEST [--OPTION ...]" [ROUNDS [SEED]]
"""
import random
import subprocess
import sys
import tempfile

INTS = ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"]
FLOATS = ["f32", "f64"]
EDGE = {"i64": [0, 1, -1, 2, 7, -7, 63, 64, 2**31, -2**31, 2**53 + 1, 2**62, 2**63 - 1, -2**63],
        "f64": [0.0, -0.0, 1.0, -1.0, 0.5, 2.5, -3.7, 1e300, -1e-300, 5e-324, 2**53 + 2.0, 1e19, "inf",
                "-inf", "nan"]}


class Gen:
    def __init__(self, rng, name):
        self.r, self.name = rng, name
        self.lines, self.values, self.n = [], [], 0

    def new(self, t, text):
        v = f"v{self.n}"
        self.n += 1
        self.lines.append(f"  {v}: {t} = {text}")
        self.values.append((v, t))
        return v

    def pick(self, t):
        have = [v for v, u in self.values if u == t]
        if have and self.r.random() < 0.8:
            return self.r.choice(have[-12:])
        if t == "i1":
            a = self.pick("i64")
            return self.new("i1", f"{self.r.choice(['lt', 'le', 'eq', 'ne', 'gt', 'ge'])} {a}, {self.pick('i64')}")
        if t in FLOATS:
            c = self.r.choice([0.0, 1.0, -1.5, 0.1, 3.0, 1e10, 1e-5, float(self.r.randint(-99, 99))])
            return self.new(t, f"const {c!r}")
        lo, hi = (0, 255) if t[0] == "u" else (-128, 127)
        return self.new(t, f"const {self.r.choice([0, 1, 2, 3, 5, hi, lo, self.r.randint(lo, hi)])}")

    def step(self):
        r = self.r
        kind = r.random()
        if kind < 0.25:
            t = r.choice(INTS)
            op = r.choice(["add", "sub", "mul", "floordiv", "mod", "and", "or", "xor", "shl", "shr", "ipow"])
            self.new(t, f"{op} {self.pick(t)}, {self.pick(t)}")
        elif kind < 0.4:
            t = r.choice(FLOATS)
            op = r.choice(["add", "sub", "mul", "div", "ffloordiv", "fmod", "copysign"])
            self.new(t, f"{op} {self.pick(t)}, {self.pick(t)}")
        elif kind < 0.5:
            t = r.choice(INTS + FLOATS)
            op = r.choice(["neg", "abs"] + (["sqrt", "floor", "ceil", "trunc", "rint"] if t in FLOATS else ["not"]))
            self.new(t, f"{op} {self.pick(t)}")
        elif kind < 0.6:
            t = r.choice(INTS + FLOATS)
            op = r.choice(["eq", "ne", "lt", "le", "gt", "ge"])
            self.new("i1", f"{op} {self.pick(t)}, {self.pick(t)}")
        elif kind < 0.75:
            a, b = r.choice(INTS + FLOATS + ["i1"]), r.choice(INTS + FLOATS + ["i1"])
            self.new(b, f"conv {self.pick(a)}")
        elif kind < 0.83:
            t = r.choice(INTS + FLOATS + ["i1"])
            self.new(t, f"select {self.pick('i1')}, {self.pick(t)}, {self.pick(t)}")
        elif kind < 0.86:
            op = r.choice(["and", "or", "xor"])
            self.new("i1", f"{op} {self.pick('i1')}, {self.pick('i1')}")
        elif kind < 0.94:
            op = r.choice(["add.chk", "sub.chk", "mul.chk", "add.chk", "neg.chk", "abs.chk"])
            args = self.pick("i64") + ("" if op[:3] in ("neg", "abs") else f", {self.pick('i64')}")
            self.new("i64", f"{op} {args} @{self.n}:0-{self.n}:1")
        elif kind < 0.97:
            fn = r.choice(["sin", "exp", "log", "atan", "tanh", "cbrt", "erf"])
            t = r.choice(FLOATS)
            self.new(t, f"math[{fn}] {self.pick(t)}")
        else:
            self.new("i64", f"toint.chk {self.pick('f64')} @{self.n}:0-{self.n}:1")

    def func(self):
        params = ["i64", "i64", "f64", "f64"]
        head = []
        for t in params:
            head.append(f"v{self.n}: {t}")
            self.values.append((f"v{self.n}", t))
            self.n += 1
        out = []
        self.lines.append("b0:")
        for _ in range(self.r.randint(3, 14)):
            self.step()
        # a loop that counts to a small number and carries two values
        zero, one = self.new("i64", "const 0"), self.new("i64", "const 1")
        limit = self.new("i64", f"const {self.r.randint(0, 6)}")
        x, y = self.pick("i64"), self.pick("f64")
        before = list(self.values)
        self.lines.append(f"  jump b1({zero}, {x}, {y})")
        i, a, b = f"v{self.n}", f"v{self.n + 1}", f"v{self.n + 2}"
        self.n += 3
        self.lines.append(f"b1({i}: i64, {a}: i64, {b}: f64):")
        self.values += [(i, "i64"), (a, "i64"), (b, "f64")]
        c = self.new("i1", f"lt {i}, {limit}")
        kept = list(self.values)
        self.lines.append(f"  br {c}, b2, b3")
        self.lines.append("b2:")
        for _ in range(self.r.randint(1, 8)):
            self.step()
        if self.r.random() < 0.5:
            bound = self.new("i64", f"const {self.r.randint(1, 9)}")
            self.new("i64", f"index[0] {self.pick('i64')}, {bound} @{self.n}:0-{self.n}:1")
        nexti = self.new("i64", f"add.chk {i}, {one}")
        self.lines.append(f"  jump b1({nexti}, {self.pick('i64')}, {self.pick('f64')})")
        self.values = kept
        self.lines.append("b3:")
        for _ in range(self.r.randint(0, 5)):
            self.step()
        rets = self.r.sample(self.values, min(6, len(self.values)))
        self.lines.append("  ret " + ", ".join(v for v, _ in rets))
        out.append(f"func @{self.name}({', '.join(head)}) -> ({', '.join(t for _, t in rets)}) {{")
        return "\n".join(out + self.lines + ["}"])


def run(irtest, text):
    with tempfile.NamedTemporaryFile("w", suffix=".ir") as f:
        f.write(text)
        f.flush()
        r = subprocess.run(irtest.split() + [f.name], capture_output=True, text=True, timeout=300)
    return r.returncode, r.stdout


def main():
    irtest = sys.argv[1]
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    bad = 0
    for k in range(rounds):
        rng = random.Random(seed + k)
        funcs, calls = [], []
        for i in range(20):
            funcs.append(Gen(rng, f"f{i}").func())
            for _ in range(6):
                args = [rng.choice(EDGE["i64"]) for _ in range(2)] + [rng.choice(EDGE["f64"]) for _ in range(2)]
                calls.append(f";; call f{i} " + " ".join(map(str, args)))
        body = "\n".join(calls + funcs) + "\n"
        a, b = run(irtest, ";; verify\n" + body), run(irtest, ";; pipeline\n" + body)
        results = [[l for l in t.splitlines() if " = " in l and not l.startswith(" ")] for t in (a[1], b[1])]
        if a[0] or b[0] or results[0] != results[1] or len(results[0]) != len(calls):
            bad += 1
            name = f"/tmp/fuzz-{seed + k}.ir"
            open(name, "w").write(body)
            print(f"seed {seed + k}: exit codes {a[0]} {b[0]}, kept in {name}")
            for x, y in zip(*results):
                if x != y:
                    print("  plain ", x, "\n  passes", y)
                    break
            for t in (a[1], b[1]):
                for l in t.splitlines():
                    if l.startswith("FAILED") or "error" in l:
                        print("  ", l)
                        break
    print(f"{rounds} rounds, {bad} bad")
    sys.exit(bad != 0)


main()
