"""Random damage to real sources.

    python3.11 fuzz.py DRIVER errors SECONDS [SEED]   snippets with tokens damaged: error records
                                                      against CPython 3.11
    python3.11 fuzz.py DRIVER crash SECONDS [SEED]    whole files with bytes and tokens damaged, in
                                                      all modes: no crash, no hang (for a driver
                                                      built with sanitizers)
"""
import ast
import collections
import io
import random
import sys
import time
import tokenize
import warnings

import compare

PIECES = ("( ) [ ] { } : , ; . = == := -> + - * ** / // % @ ~ ! != < <= | & ^ ... \\ $ ? ` "
          "if else elif for in while with as try except finally def class return yield await "
          "async lambda not and or is None True False import from pass break del global nonlocal "
          "raise assert match case type print _ x y f(x) 1 0x 1.5e 'a' b'a' \"\"\" ' \" f' f\" # "
          "\n \n    \n\t \t *x **x x=1 x:=1 x,y {x:y} {**x} lambda:0").split(" ")


def snippets(rng):
    paths = [p for p in compare.python_files([]) if "lib2to3/tests/data" not in p]
    while True:
        path = rng.choice(paths)
        try:
            source = open(path, encoding="utf-8").read()
            body = ast.parse(source).body
        except (SyntaxError, UnicodeDecodeError, ValueError):
            continue
        lines = source.split("\n")
        for node in rng.sample(body, min(len(body), 5)):
            inner = [n for n in ast.walk(node) if isinstance(n, ast.stmt)]
            node = rng.choice(inner)
            if node.end_lineno - node.lineno < 25:
                text = lines[node.lineno - 1:node.end_lineno]
                cut = node.col_offset
                if all(not line[:cut].strip() for line in text):
                    yield "\n".join(line[cut:] for line in text) + "\n"


def damage(rng, source):
    try:
        tokens = [t for t in tokenize.generate_tokens(io.StringIO(source).readline)
                  if t.type != tokenize.ENDMARKER]
    except (tokenize.TokenError, SyntaxError):
        return None
    lines = source.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    spans = [(starts[t.start[0] - 1] + t.start[1], starts[t.end[0] - 1] + t.end[1]) for t in tokens]
    for _ in range(rng.choice((1, 1, 1, 2))):
        if not spans:
            return None
        a, b = rng.choice(spans)
        choice = rng.randrange(6)
        if choice == 0:
            source = source[:a] + source[b:]
        elif choice == 1:
            source = source[:a] + rng.choice(PIECES) + " " + source[a:]
        elif choice == 2:
            source = source[:a] + rng.choice(PIECES) + source[b:]
        elif choice == 3:
            c, d = rng.choice(spans)
            source = source[:a] + source[c:d] + source[b:]
        elif choice == 4:
            source = source[:b] + " " + source[a:b] + source[b:]
        else:
            source = source[:a] + source[a + 1:]
        spans = [s for s in spans if s[1] < a]
    return source


def fuzz_errors(driver, seconds, rng):
    end = time.time() + seconds
    total = same = messages = 0
    kinds = collections.Counter()
    for snippet in snippets(rng):
        if time.time() > end:
            break
        for _ in range(10):
            source = damage(rng, snippet)
            if source is None or "\0" in source:
                continue
            theirs, ours = compare.cpython_error(source), compare.our_error(driver, source)
            if theirs is None and ours is None:
                continue
            total += 1
            if theirs == ours:
                same += 1
                messages += 1
                continue
            alike = theirs and ours and theirs[:2] == ours[:2]
            messages += bool(alike)
            kinds[(theirs and theirs[1], ours and ours[1])] += 1
            print(f"{source!r}\n    theirs {theirs}\n    ours   {ours}")
    for (theirs, ours), count in kinds.most_common(40):
        print(f"{count:6} theirs {theirs!r}, ours {ours!r}")
    print(f"{total} invalid sources: {same} equal records ({100 * same / max(total, 1):.2f} %), "
          f"{messages} equal messages ({100 * messages / max(total, 1):.2f} %)")


def damage_bytes(rng, source):
    source = bytearray(source)
    for _ in range(rng.choice((1, 1, 2, 5, 20))):
        at = rng.randrange(len(source) + 1)
        choice = rng.randrange(5)
        if choice == 0:
            del source[at:at + rng.randrange(1, 10)]
        elif choice == 1:
            source[at:at] = rng.choice(PIECES).encode()
        elif choice == 2:
            source[at:at] = bytes([rng.randrange(1, 256)])
        elif choice == 3:
            there = rng.randrange(len(source) + 1)
            source[at:at] = source[there:there + rng.randrange(200)]
        else:
            del source[at:at + rng.randrange(1, 3000)]
    return bytes(source)


def fuzz_crash(driver, seconds, rng):
    end = time.time() + seconds
    paths = list(compare.python_files([]))
    count = 0
    while time.time() < end:
        source = open(rng.choice(paths), "rb").read()[:rng.choice((300, 3000, 30000))]
        for _ in range(5):
            damaged = damage_bytes(rng, source)
            mode = rng.choice(("exec", "exec", "exec", "eval", "single", "singletik", "func"))
            begin = time.time()
            kind, status = driver.parse(damaged, mode)
            count += 1
            if kind == "crash" or time.time() - begin > 3:
                name = f"crash-{count}.py"
                open(name, "wb").write(damaged)
                print(f"{name}: mode {mode}, {kind} {status}, {time.time() - begin:.1f} s")
    print(f"{count} damaged sources")


def main():
    warnings.simplefilter("ignore")
    driver = compare.Driver(sys.argv[1])
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else time.time_ns()
    rng = random.Random(seed)
    print("seed", seed)
    {"errors": fuzz_errors, "crash": fuzz_crash}[sys.argv[2]](driver, float(sys.argv[3]), rng)


if __name__ == "__main__":
    main()
