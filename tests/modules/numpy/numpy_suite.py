"""numpy_suite.py: runs NumPy's own test files under krait and counts against what CPython with NumPy 1.24 passes.

    krait numpy_suite.py [-v] [core/test_numeric ...]     counts; -v names what fails; exit 1 when a count is under its bar
    python3.11 numpy_suite.py --record [FILES]            writes floor/PACKAGE.txt: the names that the oracle passes
    ... --only NAME                                       tests whose name begins so, in full

Each file runs in a process of its own (standins.py says how). A test that crashes it or exceeds its time fails, and the
rest of the file goes on in a new one. floor/ lists, a line a test function, what counts; "name[0-3,7]" are cases of
a parametrized one. Not counted are the tests that fail when NumPy 1.24 promotes as NumPy 2 does
(NPY_PROMOTION_STATE=weak), which --record finds out by running them twice, and those in numpy2.txt, whose answer NumPy 2
changed in another way, each with its reason."""
import os
import re
import select
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.environ.get("NUMPY_TESTS", "/usr/lib/python3/dist-packages/numpy")
LIMIT = 30


# ---- The worker: one file

def work(selector, skip, only):
    sys.path.insert(0, HERE)
    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    import standins
    standins.install(ROOT)
    package, _, name = selector.rpartition("/")
    dotted = f"numpy.{package.replace('/', '.')}.tests.{name}"
    _, tests = standins.load(os.path.join(ROOT, package, "tests", name + ".py"), dotted)
    print(f"total {len(tests)}", file=out)
    for number, test in enumerate(tests):
        if number < skip or (only and not test.name.startswith(only)):
            continue
        print(f"start {number} {test.name}", file=out)
        status, why = standins.run(test)
        print(f"{status} {why}", file=out)
    out.flush()
    os._exit(0)


# ---- The parent

def run_file(selector, only="", env=None):
    """{test name: (status, why)}, and why the file could not be loaded or None."""
    results, skip = {}, 0
    while True:
        started, total, tail = None, None, b""
        command = [sys.executable, os.path.abspath(__file__), "--worker", selector, str(skip), only]
        with open("/dev/null") as null, open(os.path.join(os.environ.get("TMPDIR", "/tmp"), f"suite-{os.getpid()}.err"), "w+") as err:
            process = subprocess.Popen(command, stdin=null, stdout=subprocess.PIPE, stderr=err, env={**os.environ, **(env or {})})
            for line in lines_of(process):
                word, _, rest = line.partition(" ")
                if word == "total":
                    total = int(rest)
                elif word == "start":
                    number, _, name = rest.partition(" ")
                    started = int(number), name
                elif started and word in ("pass", "fail", "skip"):
                    results[started[1]] = word, rest
                    started = None
            process.wait()
            err.seek(0)
            last = err.read().strip().splitlines()[-1:]
        if total is None:
            return results, f"does not load: {' '.join(last)}"
        if started is None:
            return results, None if process.returncode == 0 else f"ends with {process.returncode}: {' '.join(last)}"
        results[started[1]] = "fail", f"CRASH {process.returncode}" if process.returncode != -9 else "TIMEOUT"
        skip = started[0] + 1


def lines_of(process):
    """The process's lines; killed when it says nothing for LIMIT seconds."""
    pending, fd = b"", process.stdout.fileno()
    while True:
        ready, _, _ = select.select([fd], [], [], LIMIT)
        if not ready:
            process.kill()
            return
        data = os.read(fd, 65536)
        if not data:
            return
        *lines, pending = (pending + data).split(b"\n")
        for line in lines:
            yield line.decode("utf-8", "replace")


# ---- Lists of names

def compact(names):
    groups = {}
    for name in names:
        base, bracket, rest = name.partition("[")
        case, _, fixed = rest.partition("]")
        groups.setdefault((base, fixed), []).append(int(case) if bracket else None)
    for (base, fixed), cases in groups.items():
        if cases == [None]:
            yield base + fixed
        else:
            yield f"{base}[{ranges(sorted(cases))}]{fixed}"


def ranges(numbers):
    parts, first, last = [], None, None
    for n in [*numbers, None]:
        if first is not None and n == last + 1:
            last = n
            continue
        if first is not None:
            parts.append(str(first) if first == last else f"{first}-{last}")
        first = last = n
    return ",".join(parts)


def expand(line):
    base, bracket, rest = line.partition("[")
    if not bracket:
        return [line]
    cases, _, fixed = rest.partition("]")
    names = []
    for part in cases.split(","):
        first, _, last = part.partition("-")
        names += [f"{base}[{n}]{fixed}" for n in range(int(first), int(last or first) + 1)]
    return names


def read_floor():
    """{selector: names}, without those in numpy2.txt."""
    changed = {}
    for line in open(os.path.join(HERE, "numpy2.txt")):
        if line.strip() and not line.startswith("#"):
            selector, name, _ = line.split(None, 2)
            changed.setdefault(selector, []).append(name)
    floor = {}
    for file in sorted(os.listdir(os.path.join(HERE, "floor"))):
        for line in open(os.path.join(HERE, "floor", file)).read().splitlines():
            if line.startswith("= "):
                names = floor[line[2:]] = set()
                gone = changed.get(line[2:], [])
            else:
                names.update(n for n in expand(line) if not any(g in (n, n.partition(".")[0], re.split(r"[\[{]", n)[0]) for g in gone))
    return floor


def record(selectors):
    """Replaces the entries of these files in floor/."""
    packages = {}
    for selector in selectors:
        legacy, problem = run_file(selector)
        weak, _ = run_file(selector, env={"NPY_PROMOTION_STATE": "weak"})
        both = [n for n, (status, _) in legacy.items() if status == "pass" and weak.get(n, ("",))[0] == "pass"]
        print(selector, len(both), "of", len(legacy), problem or "", flush=True)
        packages.setdefault(selector.rpartition("/")[0], {})[selector] = list(compact(both))
    for package, files in packages.items():
        path = os.path.join(HERE, "floor", package + ".txt")
        text = open(path).read() if os.path.exists(path) else ""
        kept = {part.split("\n")[0]: part.split("\n")[1:-1] for part in text.split("= ")[1:]}
        with open(path, "w") as f:
            for selector, lines in sorted({**kept, **files}.items()):
                print(f"= {selector}", *lines, sep="\n", file=f)


def bars():
    path = os.path.join(HERE, "bars.txt")
    return dict(line.split() for line in open(path)) if os.path.exists(path) else {}


def count(selectors, only, verbose):
    floor, bar, sums, under = read_floor(), bars(), [0, 0], 0
    for selector in selectors or floor:
        start = time.monotonic()
        results, problem = run_file(selector, only)
        wanted = floor.get(selector, set())
        if only:
            wanted = {n for n in wanted if n.startswith(only)}
        good = {n for n in wanted if results.get(n, ("",))[0] == "pass"}
        sums[0] += len(good)
        sums[1] += len(wanted)
        under += len(good) < int(bar.get(selector, 0)) and not only
        print(f"{selector:34} {len(good):5} of {len(wanted):5}  {100 * len(good) / max(1, len(wanted)):5.1f} %"
              f"  {time.monotonic() - start:5.1f} s  {problem or ''}", flush=True)
        if verbose:
            for name in sorted(wanted - good):
                print(f"    {name}: {' '.join(results.get(name, ('not', 'run')))}")
    print(f"{'all':34} {sums[0]:5} of {sums[1]:5}  {100 * sums[0] / max(1, sums[1]):5.1f} %")
    return under


def all_files():
    for package in ("core", "lib", "linalg", "fft", "ma", "polynomial", "random", "matrixlib", "testing"):
        for file in sorted(os.listdir(os.path.join(ROOT, package, "tests"))):
            if file.startswith("test_") and file.endswith(".py"):
                yield f"{package}/{file[:-3]}"


def main(args):
    if args[:1] == ["--worker"]:
        return work(args[1], int(args[2]), args[3])
    only = args[args.index("--only") + 1] if "--only" in args else ""
    selectors = [a for a in args if not a.startswith("-") and a != only]
    if "--record" in args:
        return record(selectors or all_files())
    sys.exit(1 if count(selectors, only, "-v" in args) else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
