"""Runs one of CPython's test files under the interpreter that runs this script, and writes what became of each test.

    one.py NAME REPORT [SKIPPED...]     NAME: test_dict; REPORT: a file; SKIPPED: ids that were run before

REPORT gets a line when a test begins ("begin ID") and one when it ends ("pass ID", "skip ID", "fail ID REASON"), flushed
each, so that a crash is charged to the test that was running; "end" is the last line. Ids are those of unittest without
the leading "test.". """
import sys
import unittest


def short(test):
    return test.id().removeprefix('test.')


class Report(unittest.TestResult):
    def __init__(self, path):
        super().__init__()
        self.file = open(path, 'a', encoding='utf-8', errors='backslashreplace')
        self.outcome = None

    def line(self, *words):
        self.file.write(' '.join(words).replace('\n', ' ')[:500] + '\n')
        self.file.flush()

    def startTest(self, test):
        super().startTest(test)
        self.outcome = ('pass', '')
        self.line('begin', short(test))

    def stopTest(self, test):
        super().stopTest(test)
        self.line(self.outcome[0], short(test), self.outcome[1])

    def bad(self, test, error):
        reason = '%s: %s' % (error[0].__name__, error[1])
        if self.outcome is None:        # a setUpClass, a setUpModule: no test was begun
            self.line('fail', short(test).replace(' ', '_'), reason)
        else:
            self.outcome = ('fail', reason)

    def addError(self, test, error):
        self.bad(test, error)

    def addFailure(self, test, error):
        self.bad(test, error)

    def addSubTest(self, test, subtest, error):
        if error is not None:
            self.bad(test, error)

    def addUnexpectedSuccess(self, test):
        self.outcome = ('fail', 'unexpected success')

    def addSkip(self, test, reason):
        if self.outcome is None:
            self.line('skip', short(test).replace(' ', '_'), reason)
        elif self.outcome[0] == 'pass':
            self.outcome = ('skip', reason)


def keep(suite, skipped):
    """The suite without the tests that were run before, in the same nesting (fixtures go by class and module)."""
    kept = unittest.TestSuite()
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            kept.addTest(keep(test, skipped))
        elif short(test) not in skipped:
            kept.addTest(test)
    return kept


def main():
    name, path, skipped = sys.argv[1], sys.argv[2], set(sys.argv[3:])
    sys.argv[1:] = []
    report = Report(path)
    suite = unittest.defaultTestLoader.loadTestsFromName('test.' + name)
    keep(suite, skipped).run(report)
    report.line('end')


if __name__ == '__main__':
    main()
