"""Numba's own test files under krait: what `make check-numba` runs. TAP, one line a file.

    run.py --krait COMMAND [--jobs N] [--table FILE] [--list] [NAME...]
    run.py --record [NAME...]       under CPython with Numba: which tests pass there, into passed.txt

NAME is a test file (test_lists); without any, those of FILES that passed.txt has. The files are those of the installed Numba (Debian:
python3-numba); standins.py says what stands in for the inside of Numba that they use beside its public names. Counted are
the tests that Numba passes itself (passed.txt, recorded with 0.56) and that use public names only. Those must pass but for
the ones that known.txt lists with a reason; under "deliberate" stand those whose answer krait gives otherwise on purpose.

Processes, crashes and floor are those of tests/cpython/run.py. """
import argparse
import importlib.util
import os
import shlex
import sys
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
FILES = ('usecases array_manipulation fancy_indexing storeslice indexing array_reductions array_methods array_exprs complex '
         'mathlib lists sets dictobject typedlist tuples optional generators iteration flow_control exceptions try_except linalg '
         'record_dtype random unpack_sequence parfors stencils')
PASSED = os.path.join(HERE, 'passed.txt')


def load_runner():
    """tests/cpython/run.py, with our one.py and known.txt."""
    spec = importlib.util.spec_from_file_location('cpython_run', os.path.join(HERE, '..', '..', 'cpython', 'run.py'))
    runner = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(runner)
    runner.HERE = HERE
    return runner


def read_passed():
    """passed.txt: a file's name and a colon, then its tests, one a line. -> {file: set of ids}"""
    passed = {}
    with open(PASSED) as file:
        for line in map(str.strip, file):
            if line.endswith(':'):
                current = passed.setdefault(line[:-1], set())
            elif line and not line.startswith('#'):
                current.add(line)
    return passed


def record(runner, names):
    passed = read_passed() if os.path.exists(PASSED) else {}
    for name in names:
        results = runner.run_file([sys.executable], name)
        passed[name] = {test for test, (outcome, _) in results.items() if outcome == 'pass'}
        print(name, len(passed[name]), 'of', len(results), flush=True)
        with open(PASSED, 'w') as file:
            file.write("# The tests that pass under Numba 0.56 and NumPy 1.24 (Debian 12): run.py --record\n")
            for key in sorted(passed):
                file.write('%s:\n' % key + ''.join('    %s\n' % test for test in sorted(passed[key])))


def count(results, passed, known):
    """-> numbers by outcome, of the tests that Numba passes; new failures; known ones that pass."""
    numbers = dict.fromkeys(('pass', 'fail', 'deliberate', 'internal'), 0)
    new, healed = [], []
    for test, (outcome, reason) in sorted(results.items()):
        if test not in passed:
            continue
        listed = known.get(test)
        if outcome == 'skip':
            numbers['internal'] += 1
        elif outcome == 'pass':
            numbers['pass'] += 1
            healed += [test] * (listed is not None)
        else:
            numbers['deliberate' if listed and listed.startswith('deliberate') else 'fail'] += 1
            new += [(test, reason)] * (listed is None)
    lost = sorted(passed - set(results))
    numbers['fail'] += len(lost)
    return numbers, new + [(test, 'did not run') for test in lost if test not in known], healed


def write_table(path, rows):
    with open(path, 'w') as file:
        file.write('| file | passed | failed | deliberate | of the inside |\n|---|---|---|---|---|\n')
        for name, numbers in rows:
            file.write('| %s | %d | %d | %d | %d |\n' % (name, *numbers.values()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--krait')
    parser.add_argument('--record', action='store_true')
    parser.add_argument('--jobs', type=int, default=2)
    parser.add_argument('--table')
    parser.add_argument('--list', action='store_true')
    parser.add_argument('names', nargs='*')
    options = parser.parse_args()
    runner, names = load_runner(), options.names or ['test_' + name for name in FILES.split()]
    if not os.path.isdir('/usr/lib/python3/dist-packages/numba/tests'):
        print("1..0 # SKIP Numba's tests are not installed (Debian: python3-numba)")
        return 0
    if options.record:
        return record(runner, names)
    command = shlex.split(options.krait)
    command[0] = os.path.abspath(command[0])
    known, passed, rows, failed = runner.read_known(), read_passed(), [], 0
    if not options.names:
        names = [name for name in names if name in passed]
    print('1..%d' % len(names))
    with ThreadPoolExecutor(options.jobs) as pool:
        for i, (name, results) in enumerate(zip(names, pool.map(lambda n: runner.run_file(command, n), names)), 1):
            numbers, new, healed = count(results, passed.get(name, set(results)), known)
            rows.append((name, numbers))
            failed += bool(new)
            print('%s %d - %s: %s' % ('not ok' if new else 'ok', i, name, ', '.join('%d %s' % (n, w) for w, n in numbers.items())),
                  flush=True)
            for test, reason in new:
                print(test if options.list else '#   %s  %s' % (test, reason))
            for test in healed:
                print('#   passes now, strike it from known.txt: ' + test)
    total = {word: sum(numbers[word] for _, numbers in rows) for word in rows[0][1]}
    rows.append(('**all**', total))
    print('# %d of %d: %.1f %%' % (total['pass'], total['pass'] + total['fail'],
                                   100 * total['pass'] / max(1, total['pass'] + total['fail'])))
    if options.table:
        write_table(options.table, rows)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
