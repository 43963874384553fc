"""jit.explain says the true reason for each of a fixed set of loops, in text and on a page that needs no other file."""
# skip-if: nollvm
# timeout: 300
import contextlib
import html.parser
import io
import os
import tempfile

from jit import explain

SCRIPT = '''
import numpy as np
from numba import njit, prange
@njit
def scale(x, k):
    return x * k
@njit
def add(a, b, c):
    for i in range(len(c)):
        c[i] = scale(a[i], 2.0) + b[i]
@njit
def pick(a, idx):
    s = 0.0
    for i in range(len(idx)):
        s += a[idx[i]]
    return s
@njit
def running(a):
    for i in range(1, len(a)):
        a[i] = a[i - 1] * 0.5 + a[i]
@njit
def find(a, x):
    for i in range(len(a)):
        if a[i] == x:
            return i
    return -1
@njit
def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps
@njit
def expression(a, b, m):
    d = (a - b) ** 2
    e = d * d
    return (a * 2.0) + m + np.sum(e)
@njit(parallel=True)
def spread(a, h):
    t = 0.0
    for i in prange(len(a)):
        h[int(a[i]) % len(h)] += 1
        t += a[i]
        for j in prange(3):
            t += j
    return t
@njit
def refused(x):
    return x + "a"
a = np.arange(1, 101.0)
add(a, a, a.copy()), pick(a, np.arange(9)), running(a.copy()), find(a, 3.0), collatz(27), spread(a, np.zeros(4))
expression(a, a, np.ones((3, 100)))
add(a.astype(np.float32), a.astype(np.float32), a.astype(np.float32))
try:
    refused(1)
except Exception:
    pass
'''

folder = tempfile.mkdtemp()
path = os.path.join(folder, "loops.py")
with open(path, "w") as file:
    file.write(SCRIPT)

reports = explain.collect(path)
by_name = {}
for report in reports:
    by_name.setdefault(report.name, []).append(report)
assert [r.signature is None for r in by_name["refused"]] == [True]
assert "'+' is not supported between int and str" in by_name["refused"][0].refusal
assert len(by_name["add"]) == 2, "a report for each specialisation"


def line_of(name, part, which=0):
    found = [line for _, lines in by_name[name][which].functions for line in lines if part in line.text]
    assert len(found) == 1, (name, part, found)
    return found[0]


def says(name, part, kind, words, which=0):
    notes = line_of(name, part, which).notes
    assert any(k == kind and words in w for k, w in notes), (name, part, kind, words, notes)


def silent(name, part, kinds):
    notes = line_of(name, part).notes
    assert not any(k in kinds for k, _ in notes), (name, part, kinds, notes)


says("add", "for i", "v", " lanes")
assert int(dict(line_of("add", "for i", 1).notes)["v"].split()[0]) == 2 * int(dict(line_of("add", "for i").notes)["v"].split()[0]), "twice as many float32"
says("add", "c[i]", "h", "bounds check asked once, before the loop")
says("add", "c[i]", "i", "scale")
silent("add", "c[i]", "kn")
says("pick", "s +=", "k", "bounds, in every iteration")
says("pick", "s +=", "n", "waits for each addition")
says("pick", "s +=", "c", "bounds: the index is proved")
silent("pick", "for i", "v")
says("running", "a[i - 1]", "n", "an iteration reads an element that an earlier one writes")
silent("running", "a[i - 1]", "kh")
says("find", "for i", "n", "left from its middle")
says("collatz", "3 * n", "k", "overflow, in every iteration")
silent("collatz", "while", "v")
says("expression", "d =", "f", "without an array")
says("expression", "d =", "m", "used in more than one place")
says("expression", "(a * 2.0)", "m", "it broadcasts")
says("expression", "e =", "f", "without an array")
says("spread", "for i", "l", "runs in parallel")
says("spread", "for i", "r", "'t' is a reduction (sum)")
says("spread", "for i", "r", "array 'h' is a reduction (sum)")
says("spread", "for j", "s", "serially inside of the parallel loop")
assert line_of("pick", "s +=").types == {"s": "NumPy float64", "a": "float64 array (1-D)", "idx": "int64 array (1-D)", "i": "int"}
assert line_of("add", "c[i]", 1).types["a"] == "float32 array (1-D)"
assert dict(by_name["add"][0].stages).keys() >= {"types", "passes", "optimisation", "machine code"}
assert all(time > 0 for name, time in by_name["add"][0].stages), by_name["add"][0].stages

# The command: one function as text, all as a page.
out = io.StringIO()
with contextlib.redirect_stdout(out):
    assert explain.main([path + ":pick"]) == 0
text = out.getvalue()
assert "s += a[idx[i]]" in text and "compiled in" in text and "def add" not in text, text
with contextlib.redirect_stderr(io.StringIO()):
    assert explain.main([path + ":nothing"]) == 1
target = os.path.join(folder, "page.html")
assert explain.main(["-o", target, path]) == 0


class Page(html.parser.HTMLParser):
    """Collects the text; asserts that tags are balanced and nothing is loaded."""

    def __init__(self):
        super().__init__()
        self.open, self.words = [], []

    def handle_starttag(self, tag, attrs):
        assert tag not in ("script", "link", "img", "iframe"), tag
        assert not any(name in ("src", "href") for name, _ in attrs), attrs
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        self.words.append(data)


page = Page()
with open(target) as file:
    page.feed(file.read())
assert not page.open
words = " ".join(page.words)
for wanted in ("s += a[idx[i]]", "bounds, in every iteration", "'+' is not supported", "Compile time", "ms"):
    assert wanted in words, wanted
