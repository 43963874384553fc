"""Runs the calls of a test file ("#: name arguments") in CPython with NumPy and through irtest, and
compares: the same value to the last bit, or the same exception class at the same line.

    python3 differ.py IRTEST [--OPTION ...] FILE.py ...

A line "#: call  -> anything" is compared with the text behind the arrow instead: where the kernel's answer is
defined differently from the interpreter's (an overflow raises).
"""
import io
import os
import re
import subprocess
import sys
import tempfile
import traceback

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))


def number(x, single=False):
    if isinstance(x, (bool, np.bool_)):
        return "True" if x else "False"
    if isinstance(x, (int, np.integer)):
        return str(int(x))
    if np.isnan(x):
        return "nan"
    for digits in range(6 if single else 15, 18):
        text = "%.*g" % (digits, x)
        if (np.float32(text) == np.float32(x)) if single else float(text) == float(x):
            break
    return text if any(c in text for c in ".einf") else text + ".0"


def show(v):
    if v is None:
        return "None"
    if isinstance(v, tuple):
        return "(" + ", ".join(show(x) for x in v) + ")"
    if isinstance(v, np.ndarray):
        if v.ndim == 0:
            return show(v[()])
        items = [show_element(v[i]) for i in range(len(v))]
        if len(v) > 14:
            items = items[:12] + ["..."] + items[-2:]
        return "[" + " ".join(items) + "]"
    if isinstance(v, str):
        return f'str("{v}")'
    if isinstance(v, (complex, np.complexfloating)):
        single = isinstance(v, np.complex64)
        return f"({number(v.real, single)} {number(v.imag, single)}j)"
    return number(v, isinstance(v, np.float32))


def show_element(v):
    if isinstance(v, np.complexfloating):
        single = isinstance(v, np.complex64)
        return f"{number(v.real, single)}+{number(v.imag, single)}j"
    return show(v)


def split(text):
    parts, depth, cur = [], 0, ""
    for ch in text:
        if ch == "," and depth == 0:
            parts.append(cur)
            cur = ""
            continue
        depth += (ch in "([") - (ch in ")]")
        cur += ch
    return [p.strip() for p in parts + [cur] if p.strip()]


class Arguments:
    def __init__(self, text):
        self.text = text

    def word(self):
        m = re.match(r"[\s,()]*([^\s,()\[\]]+)", self.text)
        self.text = self.text[m.end():]
        return m.group(1)

    def array(self, m):
        dtype, rank, layout = m.group(1), int(m.group(2)), m.group(3)
        self.text = self.text.lstrip()
        if self.text[0] == "*":
            shape = tuple(int(k) for k in self.word()[1:].split("x"))
            n = int(np.prod(shape))
            k = np.arange(n)
            kind = np.dtype(dtype).kind
            if kind in "fc":
                a = (((k * 7919 + 13) % 1009) / 16.0).astype(dtype)
            else:
                a = (k * 31 % 97).astype(dtype)
            a = a.reshape(shape)
        else:
            depth, end = 0, 0
            for end, ch in enumerate(self.text):
                depth += (ch == "[") - (ch == "]")
                if depth == 0:
                    break
            text = self.text[:end + 1]
            self.text = self.text[end + 1:]
            text = re.sub(r"\s+", " ", text.replace(",", " "))
            text = re.sub(r"\[ ", "[", re.sub(r" \]", "]", text))
            value = eval(text.replace(" ", ", "), {"nan": np.nan, "inf": np.inf})
            if np.dtype(dtype).kind == "c":
                flat = np.array(value, dtype=float).reshape(-1)
                a = (flat[0::2] + 1j * flat[1::2]).astype(dtype)
            else:
                a = np.array(value, dtype=dtype)
            if a.size == 0:
                a = np.zeros((0,) * rank, dtype)
        return np.array(a, order="F" if layout == "F" else "C")

    def value(self, t):
        m = re.match(r"array\((\w+), (\d+)d, (\w)", t)
        if m:
            return self.array(m)
        if t.startswith("tuple("):
            return tuple(self.value(e) for e in split(t[6:-1]))
        if t.startswith("optional("):
            if self.text.lstrip().startswith("None"):
                self.word()
                return None
            return self.value(t[9:-1])
        if t.startswith("str("):
            self.word()
            return t[5:-2]
        if t == "none":
            self.word()
            return None
        if t == "complex":
            re_part = float(self.word())
            return complex(re_part, float(self.word()))
        w = self.word()
        if t == "bool":
            return w == "True"
        if t == "int":
            return int(w)
        if t == "float":
            return float(w)
        if t.startswith("complex"):
            return getattr(np, t)(complex(float(w), float(self.word())))
        return getattr(np, t)(float(w) if "float" in t else w == "True" if t == "bool_" else int(w))


def expected(path):
    source = open(path).read()
    env = {"np": np, "math": __import__("math"), "prange": range}
    exec(compile(source, path, "exec"), env)
    out = []
    for line in source.splitlines():
        if not line.startswith("#: "):
            continue
        call, _, given = line[3:].partition("->")
        call = call.strip()
        name, _, rest = call.partition(" ")
        f = env[name]
        doc = f.__doc__ or ""
        types = split(doc[4:].split(";")[0])
        args = Arguments(rest)
        old, sys.stdout = sys.stdout, io.StringIO()
        try:
            with np.errstate(all="ignore"):
                text = show(f(*[args.value(t) for t in types]))
        except Exception as e:
            tb = [t for t in traceback.extract_tb(e.__traceback__) if t.filename == path]
            text = f"{type(e).__name__}: @{tb[-1].lineno if tb else 0}"
        finally:
            sys.stdout = old
        out.append((call, given.strip() or text))
    return out


def main():
    irtest, failures = [a for a in sys.argv[1:] if not a.endswith(".py")], 0
    for path in [a for a in sys.argv[1:] if a.endswith(".py")]:
        ir = subprocess.run([sys.executable, os.path.join(HERE, "py2ir.py"), path], capture_output=True,
                            text=True, check=True).stdout
        with tempfile.NamedTemporaryFile("w", suffix=".ir") as f:
            f.write(ir)
            f.flush()
            run = subprocess.run(irtest + [f.name], capture_output=True, text=True)
        got, bad = {}, []
        for line in run.stdout.splitlines():
            if " = " in line and not line.startswith(("K", "FAILED", " ")) and line[0].isalpha():
                call, _, value = line.partition(" = ")
                got[call] = value
            if line.startswith("FAILED"):
                bad.append(line)
        if run.returncode < 0:
            bad.append(f"irtest died of signal {-run.returncode}")
        wanted = expected(path)
        if not got:
            failures += 1
            print(run.stdout, run.stderr)
            continue
        for call, want in wanted:
            have = got.get(call, "no result")
            m = re.match(r"(\w+): @(\d+)$", want)
            if m:
                ok = re.match(rf"{m.group(1)}: .*\({m.group(2)}:\d+\)$", have) is not None
            else:
                ok = have == want
            if not ok:
                failures += 1
                print(f"{path}: {call}\n  wanted {want}\n  got    {have}")
        for b in bad:
            failures += 1
            print(f"{path}: {b}")
        print(f"{path}: {len(wanted)} calls")
    sys.exit(failures != 0)


main()
