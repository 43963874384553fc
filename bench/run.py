"""Times programs under several interpreters, interleaved, and prints a table.

    python3.11 bench/run.py [--krait build/krait] [--rounds 7] [--json FILE] [PROGRAM...]

PROGRAM selects from bench/programs by the start of its name. Every round runs each program once under each
interpreter, in an order that rotates, so that a slow minute of the machine hits all of them alike. Reported are the
median of the times of the whole process, start-up included (processor time, which other processes disturb least, or
--time wall), half the distance between the quartiles as the spread, the ratio to krait's median, and the largest peak
memory. A program whose output differs between interpreters is an error: what does not compute the same is not compared.

Programs in bench/programs that import numpy or numba run only under interpreters that have them.
"""

import argparse
import json
import os
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
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


class Run:
    """One finished run: wall-clock and processor seconds, peak resident bytes, output; or why it failed."""

    def __init__(self, wall, usage, peak, output, failure):
        self.wall = wall
        self.cpu = usage.ru_utime + usage.ru_stime
        self.peak = peak
        self.output = output
        self.failure = failure


def peak_of(usage, folder):
    """Peak resident bytes. The kernel counts what the child had before exec, that is this process; GNU time, which
    is small, stands between where it is installed."""
    try:
        with open(os.path.join(folder, "peak")) as f:
            return int(f.read().split()[-1]) * 1024
    except FileNotFoundError:
        return usage.ru_maxrss * 1024


def run_once(command, limit, folder):
    if shutil.which("time"):
        command = [shutil.which("time"), "-q", "-f", "%M", "-o", os.path.join(folder, "peak")] + command
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begin = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=folder, start_new_session=True)
        late = threading.Timer(limit, os.killpg, (process.pid, signal.SIGKILL))
        late.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
        late.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        failure = None
        if process.returncode:
            lines = err.read().decode(errors="replace").strip().splitlines()
            failure = f"longer than {limit} s" if wall >= limit else lines[-1] if lines else f"exit status {process.returncode}"
        return Run(wall, usage, peak_of(usage, folder), out.read().decode(errors="replace"), failure)


def measure(interpreters, programs, rounds, limit):
    """{program: {interpreter: [Run]}}, and the failures as lines of text."""
    runs, failures, outputs = {}, {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(rounds + 1):  # the first warms caches and is not counted
            for program in programs:
                able = [i for i in interpreters if all(i.can(m) for m in needs(program))]
                shift = turn % max(len(able), 1)
                for interpreter in able[shift:] + able[:shift]:
                    key = (program, interpreter.name)
                    if key in failures:
                        continue
                    run = run_once(interpreter.command + [program], limit, folder)
                    outputs.setdefault(program, (interpreter.name, run.output))
                    if run.failure:
                        failures[key] = run.failure
                    elif outputs[program][1] != run.output:
                        failures[key] = f"prints something else than under {outputs[program][0]}"
                    elif turn:
                        runs.setdefault(program, {}).setdefault(interpreter.name, []).append(run)
            print(f"\rround {turn} of {rounds}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return runs, failures


def spread(values):
    if len(values) < 4:
        return (max(values) - min(values)) / 2
    quartiles = statistics.quantiles(values, n=4)
    return (quartiles[2] - quartiles[0]) / 2


def geometric_mean(values):
    return statistics.geometric_mean(values) if values else float("nan")


def table(runs, failures, interpreters, measured):
    """The table as Markdown. `measured` is the attribute of Run that is compared: wall or cpu."""
    names = [i.name for i in interpreters]
    others = names[1:]
    heads = names + [f"{n} / {names[0]}" for n in others] + [f"memory {n}" for n in names]
    lines = ["| program | " + " | ".join(heads) + " |", "|---" * (len(heads) + 1) + "|"]
    ratios = {n: [] for n in others}
    for program in sorted(set(runs) | {program for program, _ in failures}):
        medians, seconds, memory = {}, [], []
        for name in names:
            mine = runs.get(program, {}).get(name)
            if not mine or (program, name) in failures:
                seconds.append("failed" if (program, name) in failures else "-")
                memory.append("-")
                continue
            values = [getattr(run, measured) for run in mine]
            medians[name] = statistics.median(values)
            seconds.append(f"{medians[name]:.3f} ± {spread(values):.3f} s")
            memory.append(f"{max(run.peak for run in mine) / 2**20:.1f} MB")
        quotients = []
        for name in others:
            if name in medians and names[0] in medians:
                ratios[name].append(medians[name] / medians[names[0]])
                quotients.append(f"{ratios[name][-1]:.2f}")
            else:
                quotients.append("-")
        lines.append("| " + " | ".join([os.path.basename(program)[:-3]] + seconds + quotients + memory) + " |")
    means = [f"**{geometric_mean(ratios[n]):.2f}**" if ratios[n] else "-" for n in others]
    lines.append("| geometric mean | " + " | ".join([""] * len(names) + means + [""] * len(names)) + " |")
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
    parser.add_argument("--time", choices=("wall", "cpu"), default="cpu", help="what is compared")
    parser.add_argument("--json", help="also write all times to this file")
    options = parser.parse_args()
    interpreters = find_interpreters(options.krait, options.only)
    programs = find_programs(options.programs)
    if not interpreters or not programs:
        parser.error("nothing to run")
    runs, failures = measure(interpreters, programs, options.rounds, options.limit)
    what = "processor seconds, user and system" if options.time == "cpu" else "wall-clock seconds"
    print(f"{machine()}; medians of {options.rounds} runs, {what}; the largest peak memory\n")
    print(table(runs, failures, interpreters, options.time))
    for (program, name), reason in sorted(failures.items()):
        print(f"\n{os.path.basename(program)} under {name}: {reason}")
    if options.json:
        with open(options.json, "w") as f:
            every = {p: {n: [[r.wall, r.cpu, r.peak] for r in mine] for n, mine in by.items()} for p, by in runs.items()}
            json.dump({"machine": machine(), "runs": every, "failures": [[*k, v] for k, v in failures.items()]}, f)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
