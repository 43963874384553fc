"""Times programs under several interpreters, interleaved, and prints a table.

    python3.11 bench/run.py [--krait build/krait] [--rounds 7] [--json FILE] [PROGRAM...]

PROGRAM selects from bench/programs by the start of its name. Every round runs each program once under each
interpreter, in an order that rotates, so that a slow minute of the machine hits all of them alike. Reported are the
median of the wall-clock times (the whole process, start-up included), half the distance between the quartiles as the
spread, and the ratio to krait's median. A program whose output differs between interpreters is an error: what
does not compute the same is not compared.

Programs in bench/programs that import numpy or numba run only under interpreters that have them.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))


class Interpreter:
    """A command that runs a script, and what it can import."""

    def __init__(self, name, command):
        self.name = name
        self.command = command
        self.modules = {"numpy": None, "numba": None}

    def can(self, module):
        if self.modules[module] is None:
            status = subprocess.run(self.command + ["-c", f"import {module}"], capture_output=True).returncode
            self.modules[module] = status == 0
        return self.modules[module]


def find_interpreters(krait, wanted):
    found = []
    for name, command in (
        ("krait", [os.path.abspath(krait)]),
        ("cpython", ["/usr/bin/python3.11"]),
        ("pypy", ["pypy3"]),
    ):
        if wanted and name not in wanted:
            continue
        path = shutil.which(command[0])
        if path:
            found.append(Interpreter(name, [path] + command[1:]))
        else:
            print(f"bench: no {name} ({command[0]})", file=sys.stderr)
    return found


def find_programs(selectors):
    folder = os.path.join(HERE, "programs")
    names = sorted(n for n in os.listdir(folder) if n.endswith(".py"))
    if selectors:
        names = [n for n in names if any(n.startswith(s) for s in selectors)]
    return [os.path.join(folder, n) for n in names]


def needs(program):
    """The modules that decide where a program can run."""
    with open(program) as f:
        text = f.read()
    return [m for m in ("numpy", "numba") if f"import {m}" in text or f"from {m} " in text]


def run_once(interpreter, program, limit, folder):
    """(seconds, output) or (None, the reason)."""
    begin = time.perf_counter()
    try:
        done = subprocess.run(
            interpreter.command + [program], capture_output=True, text=True, timeout=limit, cwd=folder
        )
    except subprocess.TimeoutExpired:
        return None, f"longer than {limit} s"
    seconds = time.perf_counter() - begin
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines()
        return None, lines[-1] if lines else f"exit status {done.returncode}"
    return seconds, done.stdout


def measure(interpreters, programs, rounds, limit):
    """{program: {interpreter: [seconds]}}, and the failures as lines of text."""
    times, failures, outputs = {}, {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(rounds + 1):  # the first warms caches and is not counted
            for program in programs:
                able = [i for i in interpreters if all(i.can(m) for m in needs(program))]
                shift = turn % max(len(able), 1)
                for interpreter in able[shift:] + able[:shift]:
                    key = (program, interpreter.name)
                    if key in failures:
                        continue
                    seconds, output = run_once(interpreter, program, limit, folder)
                    if seconds is None:
                        failures[key] = output
                        continue
                    outputs.setdefault(program, (interpreter.name, output))
                    if outputs[program][1] != output:
                        failures[key] = f"prints something else than under {outputs[program][0]}"
                        times.get(program, {}).pop(interpreter.name, None)
                        continue
                    if turn:
                        times.setdefault(program, {}).setdefault(interpreter.name, []).append(seconds)
            print(f"\rround {turn} of {rounds}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return times, failures


def spread(values):
    if len(values) < 4:
        return (max(values) - min(values)) / 2
    quartiles = statistics.quantiles(values, n=4)
    return (quartiles[2] - quartiles[0]) / 2


def geometric_mean(values):
    return statistics.geometric_mean(values) if values else float("nan")


def table(times, failures, interpreters):
    """The table as Markdown."""
    names = [i.name for i in interpreters]
    lines = [
        "| program | " + " | ".join(names) + " | " + " | ".join(f"{n} / {names[0]}" for n in names[1:]) + " |",
        "|---" * (2 * len(names)) + "|",
    ]
    ratios = {n: [] for n in names[1:]}
    programs = sorted(set(times) | {program for program, _ in failures})
    for program in programs:
        row = [os.path.basename(program)[:-3]]
        medians = {}
        for name in names:
            values = times.get(program, {}).get(name)
            if values and (program, name) not in failures:
                medians[name] = statistics.median(values)
                row.append(f"{medians[name]:.3f} ± {spread(values):.3f} s")
            else:
                row.append("failed" if (program, name) in failures else "-")
        for name in names[1:]:
            if name in medians and names[0] in medians:
                ratios[name].append(medians[name] / medians[names[0]])
                row.append(f"{ratios[name][-1]:.2f}")
            else:
                row.append("-")
        lines.append("| " + " | ".join(row) + " |")
    means = [f"**{geometric_mean(ratios[n]):.2f}**" if ratios[n] else "-" for n in names[1:]]
    lines.append("| geometric mean | " + " | ".join([""] * len(names) + means) + " |")
    return "\n".join(lines)


def machine():
    try:
        with open("/proc/cpuinfo") as f:
            model = next(line.split(":", 1)[1].strip() for line in f if line.startswith("model name"))
    except (OSError, StopIteration):
        model = platform.processor() or platform.machine()
    return f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.release()}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("programs", nargs="*", help="names of programs, or how they begin")
    parser.add_argument("--krait", default="build/krait")
    parser.add_argument("--only", action="append", help="an interpreter: krait, cpython, pypy; may be repeated")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--limit", type=float, default=60, help="seconds after which a run counts as failed")
    parser.add_argument("--json", help="also write all times to this file")
    options = parser.parse_args()
    interpreters = find_interpreters(options.krait, options.only)
    programs = find_programs(options.programs)
    if not interpreters or not programs:
        parser.error("nothing to run")
    times, failures = measure(interpreters, programs, options.rounds, options.limit)
    print(f"{machine()}; medians of {options.rounds} runs\n")
    print(table(times, failures, interpreters))
    for (program, name), reason in sorted(failures.items()):
        print(f"\n{os.path.basename(program)} under {name}: {reason}")
    if options.json:
        with open(options.json, "w") as f:
            json.dump({"machine": machine(), "times": times, "failures": [[*k, v] for k, v in failures.items()]}, f)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
