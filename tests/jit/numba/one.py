"""Runs one of Numba's test files under the interpreter that runs this script; arguments and report as tests/cpython/one.py.

Under CPython the file runs with Numba itself: that is how passed.txt was recorded. """
import importlib.util
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
# Words of failures that say that a test needs the inside of Numba or of CPython: a kernel names one of standins' absent names, a
# child process runs Numba's own test runner, CPython's bytecode is patched.
INSIDE = ("is of type 'Absent'", 'No module named numba.runtests', "No module named 'numba.tests'", '_varname_from_oparg')
# A list that grows while it is iterated over is walked to its end, as Python does: this loop has none.
ENDLESS = {'test_typedlist.TestTypedList.test_iter_mutates_self'}


def load(path, name):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main():
    name, path, skipped = sys.argv[1], sys.argv[2], set(sys.argv[3:])
    sys.argv[1:] = []
    one = load(os.path.join(HERE, '..', '..', 'cpython', 'one.py'), 'one')
    one.short = lambda test: test.id().removeprefix('numba.tests.')
    os.environ['SUBPROC_TEST'] = '1'
    if sys.implementation.name != 'cpython':
        load(os.path.join(HERE, 'standins.py'), 'standins').install()
    class Report(one.Report):
        def bad(self, test, error):
            if self.outcome and any(words in str(error[1]) for words in INSIDE):
                self.outcome = ('skip', 'internal: ' + str(error[1]))
            else:
                super().bad(test, error)

    report = Report(path)
    if sys.implementation.name != 'cpython':
        skipped |= ENDLESS
    suite = unittest.defaultTestLoader.loadTestsFromName('numba.tests.' + name)
    one.keep(suite, skipped).run(report)
    report.line('end')


if __name__ == '__main__':
    main()
