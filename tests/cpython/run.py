"""CPython's own test files under krait: what `make check-cpython` runs. TAP, one line a file.

    run.py --krait COMMAND [--jobs N] [--table FILE] [--list] [NAME...]

NAME is a test file (test_dict) or a group of files.txt (core, lib); without any, core. A file's tests must all pass but
those that known.txt lists with a reason: the floor is everything else. A test that fails and is not listed fails the
file; one that is listed and passes is named, so that the list can shrink. --table writes the table of tests/README.md,
--list prints the failures that known.txt lacks in its format, for somebody to find their reasons.

A file runs in a process of its own in a fresh directory (one.py). A test that crashes or hangs the process is charged
with that, and the file goes on without it. """
import argparse
import concurrent.futures
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SECONDS = 600        # for one process
RESTARTS = 10        # after crashes


def read_groups():
    """files.txt: 'GROUP:' and names, over several lines."""
    groups, current = {}, None
    with open(os.path.join(HERE, 'files.txt')) as file:
        for word in (w for line in file for w in line.split('#')[0].split()):
            if word.endswith(':'):
                current = groups.setdefault(word[:-1], [])
            else:
                current.append(word)
    return groups


def read_known():
    """known.txt: reasons as headings ('== words'), below each the tests, one a line. -> {id: reason}"""
    known, reason = {}, ''
    with open(os.path.join(HERE, 'known.txt')) as file:
        for line in map(str.strip, file):
            if line.startswith('== '):
                reason = line[3:]
            elif line and not line.startswith('#'):
                known[line] = reason
    return known


def run_process(command, name, report, done):
    """One process of the file. -> how it ended, or '' after its last test."""
    folder = tempfile.mkdtemp(prefix='krait-cpython-')
    environment = {k: v for k, v in os.environ.items() if not k.startswith('PYTHON')}
    environment.update(LC_ALL='C.UTF-8', PYTHONDONTWRITEBYTECODE='1')
    try:
        process = subprocess.run(command + [os.path.join(HERE, 'one.py'), name, report, *done], cwd=folder, env=environment,
                                 stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                 timeout=SECONDS, start_new_session=True)
    except subprocess.TimeoutExpired:
        return 'hangs'
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if process.returncode < 0:
        return 'crash: signal %d' % -process.returncode
    last = process.stderr.decode('utf-8', 'replace').strip().rpartition('\n')[2]
    return '' if process.returncode == 0 else last or 'exit %d' % process.returncode


def run_file(command, name):
    """-> {id: (outcome, reason)}"""
    results = {}
    with tempfile.TemporaryDirectory(prefix='krait-report-') as folder:
        report = os.path.join(folder, 'report')
        for _ in range(RESTARTS):
            how = run_process(command, name, report, sorted(results))
            lines = open(report, errors='replace').read().splitlines() if os.path.exists(report) else []
            running = None
            for line in lines:
                word, _, rest = line.partition(' ')
                test, _, reason = rest.partition(' ')
                if word == 'begin':
                    running = test
                elif word != 'end':
                    results[test], running = (word, reason), None
            if lines and lines[-1] == 'end':
                break
            if running is None:         # the file could not be loaded, or died between two tests
                results[name] = ('fail', how)
                break
            results[running] = ('fail', how)
    return results


def judge(name, results, known):
    """-> (counts, failures that are not known, known failures that pass)"""
    counts = dict.fromkeys(('pass', 'fail', 'skip'), 0)
    for outcome, _ in results.values():
        counts[outcome] += 1
    new = [(test, reason) for test, (outcome, reason) in sorted(results.items()) if outcome == 'fail' and test not in known]
    healed = [test for test, (outcome, _) in sorted(results.items()) if outcome == 'pass' and test in known]
    return counts, new, healed


def write_table(path, rows):
    with open(path, 'w') as file:
        file.write('| file | passed | failed | skipped |\n|---|---|---|---|\n')
        for name, counts in rows:
            file.write('| %s | %d | %d | %d |\n' % (name, counts['pass'], counts['fail'], counts['skip']))
        total = [sum(counts[k] for _, counts in rows) for k in ('pass', 'fail', 'skip')]
        file.write('| **all %d** | %d | %d | %d |\n' % (len(rows), *total))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--krait', required=True)
    parser.add_argument('--jobs', type=int, default=2)
    parser.add_argument('--table')
    parser.add_argument('--list', action='store_true')
    parser.add_argument('names', nargs='*')
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)    # a job in the background has it ignored, and passes that on
    command = shlex.split(options.krait)
    command[0] = os.path.abspath(command[0])
    if subprocess.run(command + ['-c', 'import test.test_grammar'], capture_output=True).returncode:
        print("1..0 # SKIP CPython's tests are not installed (Debian: libpython3-testsuite)")
        return 0
    groups, known = read_groups(), read_known()
    names = [name for word in options.names or ['core'] for name in groups.get(word, [word])]
    print('1..%d' % len(names))
    rows, failed = [], 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for number, (name, results) in enumerate(zip(names, pool.map(lambda n: run_file(command, n), names)), 1):
            counts, new, healed = judge(name, results, known)
            rows.append((name, counts))
            failed += bool(new)
            print('%s %d - %s: %d passed, %d failed, %d skipped' %
                  ('not ok' if new else 'ok', number, name, counts['pass'], counts['fail'], counts['skip']), flush=True)
            for test, reason in new:
                print(test if options.list else '#   %s  %s' % (test, reason))
            for test in healed:
                print('#   passes now, strike it from known.txt: ' + test)
    if options.table:
        write_table(options.table, rows)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
