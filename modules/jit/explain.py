"""krait -m jit.explain [-o page.html] script.py[:function] [arguments]

Runs the script and says of every kernel that it compiles, line by line: the types of the names, what runs in vectors and in
parallel, what was fused, hoisted, versioned and inlined, and why what was not was not; then the time of each stage.
With -o the same as a page that needs no other file.
"""
import argparse
import html
import io
import linecache
import os
import runpy
import sys
import tokenize

import _jit

# What stands before the words, by kind of note (jit/ir/ir.h); those of one place are shown in this order.
_TITLES = {"l": "parallel", "a": "parallel", "s": "serial", "r": "parallel", "p": "proved", "u": "not proved",
           "v": "in vectors", "n": "not in vectors", "f": "fused", "m": "not fused", "h": "hoisted", "c": "no check", "k": "check",
           "i": "inlined", "I": "not inlined", "o": "unrolled"}
_GOOD = "lavrfhcipo"


class Line:
    """A source line: its text, the types of the names on it, and notes as (kind, words)."""

    def __init__(self, number, text):
        self.number, self.text, self.types, self.notes = number, text, {}, []

    def add(self, kind, words):
        if (kind, words) not in self.notes:
            self.notes.append((kind, words))


class Report:
    """One compilation: function, signature, the lines of every function in it, the time of each stage."""

    def __init__(self, row):
        self.function, self.signature, notes, self.stages = row
        self.refusal = notes if self.signature is None else None
        self.functions = [(function, _lines(function, notes)) for function in self._order(notes)]

    def _order(self, notes):
        if self.refusal is not None:
            return [self.function]
        found = {self.function: None}
        found.update(dict.fromkeys(note[0] for note in notes))
        return list(found)

    @property
    def name(self):
        return self.function.__qualname__


def _last_line(code):
    return max([code.co_firstlineno] + [line for _, _, line in code.co_lines() if line])


def _names(text):
    """The identifiers of a line, in order, those behind a dot left out."""
    names, before = [], ""
    try:
        for token in tokenize.generate_tokens(io.StringIO(text.strip() + "\n").readline):
            if token.type == tokenize.NAME and before != ".":
                names.append(token.string)
            before = token.string
    except (tokenize.TokenError, SyntaxError):
        pass # a line of a longer statement; what was read is right
    return dict.fromkeys(names)


def _settle(notes):
    """One word about each place: a check that is left in some copy of a loop is left; vectors in one copy are vectors."""
    vectors = {note[3] for note in notes if note[2] == "v"}
    left = {note[3:5] for note in notes if note[2] == "k"}
    hoisted = {note[3:5] for note in notes if note[2] == "h"}
    for note in notes:
        kind, place = note[2], note[3:5]
        if kind == "n" and note[3] in vectors or kind in "hc" and place in left:
            continue
        if kind == "c" and place in hoisted:
            continue
        yield note


def _lines(function, notes):
    code = function.__code__
    lines = {}
    for number in range(code.co_firstlineno, _last_line(code) + 1):
        lines[number] = Line(number, linecache.getline(code.co_filename, number).rstrip("\n"))
    if isinstance(notes, str):
        return list(lines.values())
    own = [note for note in notes if note[0] is function and note[3] in lines]
    anywhere = {}
    for _, _, kind, number, _, words in own:
        if kind != "t":
            continue
        name, type = words.split(": ", 1)
        lines[number].types.setdefault(name, {})[type] = None
        anywhere.setdefault(name, {})[type] = None
    for line in lines.values():
        types = {}
        for name in _names(line.text):
            if name in anywhere:
                types[name] = " | ".join(line.types.get(name) or anywhere[name])
        line.types = types
    for _, loop, kind, number, _, words in _settle(own):
        if kind != "t":
            lines[number].add(kind, f"loop #{loop}: {words}" if loop and kind in "lsu" else words)
    order = list(_TITLES)
    for line in lines.values():
        if len([note for note in line.notes if note[0] == "n"]) > 1:
            line.notes = [note for note in line.notes if note != ("n", "")]
        line.notes.sort(key=lambda note: order.index(note[0]))
    return list(lines.values())


def collect(path, arguments=(), wanted=None):
    """Run a script and return a Report for each compilation; `wanted` is a function's name."""
    rows = []
    before = sys.argv
    sys.argv = [path, *arguments]
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    _jit._explain(rows)
    try:
        runpy.run_path(path, run_name="__main__")
    except SystemExit:
        pass
    except BaseException as error:
        print(f"the script ended with {type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}", file=sys.stderr)
    finally:
        _jit._explain(None)
        sys.argv = before
    reports = [Report(row) for row in rows]
    return [report for report in reports if wanted in (None, report.function.__name__, report.name)]


# ---- The terminal ----

def _milliseconds(stages):
    whole = sum(time for _, time in stages)
    parts = ", ".join(f"{name} {time / 1e6:.2f}" for name, time in stages if time)
    silent = "" if dict(stages)["optimisation"] else "\nonly LLVM says what runs in vectors, what is inlined and unrolled"
    return f"compiled in {whole / 1e6:.2f} ms: {parts}{silent}"


def show(report, out=None):
    """Print a report."""
    write = (out or sys.stdout).write
    write("=" * 100 + "\n")
    write(f"{report.name}{report.signature or ''}\n")
    if report.refusal is not None:
        write(f"refused: {report.refusal}\n")
        return
    for function, lines in report.functions:
        code = function.__code__
        write(f"\n{function.__qualname__}, {code.co_filename}\n")
        for line in lines:
            write(f"{line.number:5} | {line.text}\n")
            if line.types:
                write("      |     types: " + ", ".join(f"{name}: {type}" for name, type in line.types.items()) + "\n")
            for kind, words in line.notes:
                write(f"      |     {_TITLES[kind]}{': ' if words else ''}{words}\n")
    write("\n" + _milliseconds(report.stages) + "\n")


# ---- The page ----

_STYLE = """
body { font: 14px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 75em; padding: 0 1em; }
h2 { margin: 2em 0 0; font-size: 1.2em; } h2 code { font-weight: normal; } h3 { font-size: 1em; margin: 1em 0 .3em; }
table { border-collapse: collapse; width: 100%; } td { vertical-align: top; padding: 0 .6em; }
.source td { border-top: 1px solid #8883; } .number { text-align: right; opacity: .5; width: 3em; }
pre, code, .types { font: 13px/1.5 ui-monospace, monospace; margin: 0; white-space: pre-wrap; }
.types { opacity: .65; padding-left: 3em; } .note { padding-left: 3em; }
.note b { display: inline-block; min-width: 6em; font-weight: 600; } .good b { color: #187a3c; } .bad b { color: #b0431e; }
.stages td { padding: 0 .6em; } .bar { background: #4a78c8; height: .8em; display: inline-block; }
@media (prefers-color-scheme: dark) { body { background: #16181c; color: #dde; } .good b { color: #6c8; } .bad b { color: #f95; } }
"""


def _page_lines(lines):
    for line in lines:
        parts = [f"<pre>{html.escape(line.text) or ' '}</pre>"]
        if line.types:
            parts.append('<div class="types">' + html.escape(", ".join(f"{n}: {t}" for n, t in line.types.items())) + "</div>")
        for kind, words in line.notes:
            parts.append(f'<div class="note {"good" if kind in _GOOD else "bad"}"><b>{_TITLES[kind]}</b> {html.escape(words)}</div>')
        yield f'<tr><td class="number">{line.number}</td><td>{"".join(parts)}</td></tr>'


def _page_stages(stages):
    most = max([time for _, time in stages] + [1])
    rows = "".join(f'<tr><td>{html.escape(name)}</td><td>{time / 1e6:.2f} ms</td>'
                   f'<td><span class="bar" style="width:{30 * time / most:.2f}em"></span></td></tr>' for name, time in stages)
    return f'<h3>Compile time</h3><table class="stages" style="width:auto">{rows}</table>'


def page(reports, title):
    """The reports as one HTML page that refers to no other file."""
    out = [f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title>'
           f"<style>{_STYLE}</style><h1>{html.escape(title)}</h1>"]
    for report in reports:
        out.append(f"<h2>{html.escape(report.name)} <code>{html.escape(report.signature or '')}</code></h2>")
        if report.refusal is not None:
            out.append(f"<pre>{html.escape(report.refusal)}</pre>")
            continue
        for function, lines in report.functions:
            out.append(f"<h3>{html.escape(function.__qualname__)}, {html.escape(function.__code__.co_filename)}</h3>")
            out.append('<table class="source">' + "\n".join(_page_lines(lines)) + "</table>")
        out.append(_page_stages(report.stages))
    return "\n".join(out) + "</html>\n"


# ---- The command ----

def main(argv=None):
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="krait -m jit.explain", description=__doc__.split("\n\n")[1])
    parser.add_argument("-o", metavar="page.html", help="write a page instead of text")
    parser.add_argument("script", help="script.py or script.py:function")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    options = parser.parse_args(argv)
    path, _, wanted = options.script.partition(":") if not os.path.exists(options.script) else (options.script, "", "")
    if not os.path.exists(path):
        parser.error(f"there is no file {path}")
    reports = collect(path, options.arguments, wanted or None)
    if not reports:
        print(f"nothing was compiled{f' under the name {wanted}' if wanted else ''}", file=sys.stderr)
        return 1
    if options.o:
        with open(options.o, "w", encoding="utf-8") as out:
            out.write(page(reports, os.path.basename(path)))
    else:
        for report in reports:
            show(report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
