"""Runs one of Numba's test files under the interpreter that runs this script; arguments and report as tests/cpython/one.py.

Under CPython the file runs with Numba itself: that is how passed.txt was recorded. """
import importlib.util
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))


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
    report = one.Report(path)
    suite = unittest.defaultTestLoader.loadTestsFromName('numba.tests.' + name)
    one.keep(suite, skipped).run(report)
    report.line('end')


if __name__ == '__main__':
    main()
