"""The front end against CPython 3.11, which runs this script.

    python3.11 compare.py DRIVER files [FOLDER or FILE ...]   trees of valid files
    python3.11 compare.py DRIVER errors                       error records of invalid sources
    python3.11 compare.py DRIVER single                       interactive input, complete or not

Trees are compared as ast.dump(..., include_attributes=True). Inside f-strings CPython 3.11 places
expressions wrongly when the string spans lines; such differences are counted apart.
"""
import ast
import os
import re
import subprocess
import sys
import textwrap
import warnings

LIBRARY = "/usr/lib/python3.11"


class Driver:
    def __init__(self, path):
        self.path = path
        self.start()

    def start(self):
        self.process = subprocess.Popen([self.path, "serve"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)

    def parse(self, source, mode="exec"):
        """("ok", dump) or ("error", fields); ("crash", status) if the driver died."""
        try:
            self.process.stdin.write(b"%s %d\n" % (mode.encode(), len(source)) + source)
            self.process.stdin.flush()
            head = self.process.stdout.readline().split()
            body = self.process.stdout.read(int(head[1]))
        except (IndexError, BrokenPipeError):
            status = self.process.wait()
            self.start()
            return "crash", status
        return head[0].decode(), body.decode("utf-8", "surrogateescape")


def python_files(arguments):
    for path in arguments or [LIBRARY]:
        if os.path.isfile(path):
            yield path
        for folder, _, names in sorted(os.walk(path)):
            for name in sorted(names):
                if name.endswith(".py"):
                    yield os.path.join(folder, name)


POSITION = re.compile(r"lineno=-?\d+, col_offset=-?\d+, end_lineno=-?\d+, end_col_offset=-?\d+")


def same_outside_fstrings(theirs, ours):
    """Equal trees but for the positions of a few nodes, in a file with f-strings."""
    if "JoinedStr" not in theirs or POSITION.sub("", theirs) != POSITION.sub("", ours):
        return False
    pairs = zip(POSITION.findall(theirs), POSITION.findall(ours))
    return sum(a != b for a, b in pairs) <= 5


def first_difference(a, b):
    at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    around = slice(max(0, at - 150), at + 100)
    return f"    theirs ...{a[around]!r}\n    ours   ...{b[around]!r}"


def compare_files(driver, arguments):
    total = same = loose = invalid = encoded = 0
    for path in python_files(arguments):
        source = open(path, "rb").read()
        kind, text = driver.parse(source)
        try:
            theirs = ast.dump(ast.parse(source), include_attributes=True)
        except (SyntaxError, ValueError) as error:
            invalid += 1
            if kind != "error":
                print(f"{path}: CPython says {error}, krait {kind}")
            continue
        if text.startswith("SyntaxError\tunknown encoding"):  # the driver has no codecs
            encoded += 1
            continue
        total += 1
        ours = text.split("\n")[0]
        if kind == "ok" and ours == theirs:
            same += 1
        elif kind == "ok" and same_outside_fstrings(theirs, ours):
            loose += 1
        else:
            print(f"{path}: {kind}")
            print(text[:300] if kind != "ok" else first_difference(theirs, ours))
    print(f"{total} valid files: {same} equal, {loose} equal but for positions inside f-strings, "
          f"{total - same - loose} different; {invalid} invalid files, "
          f"{encoded} in other encodings")
    return same + loose == total


def cpython_error(source, mode="exec"):
    """None if it compiles, else (type, message, lineno, offset, end_lineno, end_offset, text)."""
    try:
        ast.parse(source, "f", mode)
    except SyntaxError as e:
        return (type(e).__name__, e.msg, e.lineno or 0, e.offset, e.end_lineno, e.end_offset,
                e.text)
    except (ValueError, RecursionError, MemoryError) as e:
        return (type(e).__name__, str(e), 0, 0, 0, 0, None)
    return None


def our_error(driver, source, mode="exec"):
    if isinstance(source, str):
        kind, text = driver.parse(source.encode("utf-8", "surrogatepass"), mode + "t")
    else:
        kind, text = driver.parse(source, mode)
    if kind == "ok":
        return None
    if kind == "crash":
        return ("crash", text, 0, 0, 0, 0, None)
    fields = text.split("\n")[0].split("\t")
    if len(fields) != 7:
        return ("malformed", text, 0, 0, 0, 0, None)
    return (fields[0], fields[1], *map(int, fields[2:6]), ast.literal_eval(fields[6]))


def doctest_sources(path):
    """The sources of `>>>` examples in a test file, joined over `...` lines."""
    lines = open(path, encoding="utf-8").read().split("\n")
    current = None
    for line in lines:
        found = re.match(r"\s*(>>>|\.\.\.) ?(.*)", line)
        if found and found[1] == ">>>":
            if current:
                yield "\n".join(current) + "\n"
            current = [found[2]]
        elif found and current:
            current.append(found[2])
        elif current:
            yield "\n".join(current) + "\n"
            current = None


def string_sources(path):
    """Every string literal of a test file that might be a source."""
    for node in ast.walk(ast.parse(open(path, "rb").read())):
        value = node.value if isinstance(node, ast.Constant) else None
        if isinstance(value, str) and "\0" not in value:
            yield value
            if "\n" in value:
                yield textwrap.dedent(value)


def error_sources():
    tests = LIBRARY + "/test/"
    seen = set()
    for name in ("test_syntax.py", "test_exceptions.py", "test_grammar.py", "test_unpack.py",
                 "test_unpack_ex.py", "test_patma.py", "test_positional_only_arg.py",
                 "test_named_expressions.py", "test_generators.py", "test_genexps.py",
                 "test_keywordonlyarg.py", "test_string_literals.py", "test_eof.py",
                 "test_except_star.py", "test_dictcomps.py", "test_listcomps.py",
                 "test_global.py", "test_coroutines.py", "test_decorators.py",
                 "test_type_comments.py", "test_extcall.py", "test_bytes.py", "test_compile.py",
                 "test_codeop.py", "test_ast.py", "test_traceback.py"):
        if not os.path.exists(tests + name):
            continue
        for source in (*doctest_sources(tests + name), *string_sources(tests + name)):
            try:
                source.encode()
            except UnicodeEncodeError:
                continue
            if source not in seen:
                seen.add(source)
                yield name, source
    corpus = os.path.join(os.path.dirname(os.path.abspath(__file__)), "errors.txt")
    with open(corpus, encoding="utf-8", newline="\n") as file:
        for source in file.read().split("\n%%\n"):
            yield "errors.txt", source


def compare_errors(driver, verbose):
    """f-strings apart, whose errors are worded as in 3.12, nearly all must be equal."""
    total = valid = exact = messages = 0
    for name, source in error_sources():
        theirs, ours = cpython_error(source), our_error(driver, source)
        if theirs is None and ours is None:
            valid += 1
            continue
        total += 1
        if theirs == ours:
            exact += 1
            messages += 1
            continue
        message = theirs and ours and theirs[:2] == ours[:2]
        messages += bool(message)
        if verbose:
            print(f"{name}: {source!r}\n    theirs {theirs}\n    ours   {ours}")
    print(f"{total} invalid sources: {exact} equal records, {messages} equal type and message; "
          f"{valid} sources valid for both")
    return exact >= 0.995 * total


def compare_single(driver):
    import codeop
    good = bad = 0
    seen = set()
    for name, source in error_sources():
        for source in {source.rstrip("\n") + "\n", source + "\n"}:
            if source in seen:
                continue
            seen.add(source)
            try:
                flags = codeop.PyCF_ALLOW_INCOMPLETE_INPUT | codeop.PyCF_DONT_IMPLY_DEDENT
                compile(source, "f", "single", flags | ast.PyCF_ONLY_AST)
                theirs = "ok"
            except SyntaxError as e:
                theirs = "incomplete" if "incomplete input" in str(e) else "error"
            except ValueError:
                theirs = "error"
            kind, text = driver.parse(source.encode(), "singletik")
            ours = "incomplete" if text.startswith("Incomplete") else kind
            if ours == theirs:
                good += 1
            else:
                bad += 1
                print(f"{source!r}: theirs {theirs}, ours {ours}")
    print(f"{good} interactive inputs judged alike, {bad} differently")
    return bad <= 0.002 * good  # `except A, B` is valid here


def main():
    warnings.simplefilter("ignore")
    driver = Driver(sys.argv[1])
    what = sys.argv[2]
    if what == "files":
        ok = compare_files(driver, [a for a in sys.argv[3:] if a != "-v"])
    elif what == "single":
        ok = compare_single(driver)
    else:
        ok = compare_errors(driver, "-v" in sys.argv)
    sys.exit(not ok)


if __name__ == "__main__":
    main()
