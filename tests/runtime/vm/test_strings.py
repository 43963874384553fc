"""`s += t` in loops may grow strings in place; nobody must see that."""


def plain(n):
    s = ""
    for i in range(n):
        s += "ab"
    return s


assert plain(1000) == "ab" * 1000


def shared_after(n):
    s = "x"
    for i in range(n):
        s += "y"
    t = s
    for i in range(n):
        s += "z"
    return t, s


assert shared_after(50) == ("x" + "y" * 50, "x" + "y" * 50 + "z" * 50)


def shared_inside(n):
    s = ""
    seen = []
    for i in range(n):
        s += "q"
        seen.append(s)
    return seen


assert shared_inside(40) == ["q" * i for i in range(1, 41)]


def nested(n):
    out = []
    for i in range(n):
        s = str(i)
        for j in range(n):
            s += "-"
        out.append(s)
    return out


assert nested(20) == [str(i) + "-" * 20 for i in range(20)]


def keep(n):
    s = "a"
    out = []
    it = iter(range(n))
    while True:
        for i in it:
            s += "b"
            if i % 3 == 0:
                break
        else:
            break
        out.append(s)
    return out


assert keep(10) == ["ab", "abbbb", "abbbbbbb", "abbbbbbbbbb"]


def pass_on(s, n):
    for i in range(n):
        s += "!"
    return s


def caller():
    s = ""
    for i in range(30):
        s += "k"
    t = s
    u = pass_on(s, 30)
    v = pass_on(t, 5)
    return s, t, u, v


assert caller() == ("k" * 30, "k" * 30, "k" * 30 + "!" * 30, "k" * 30 + "!" * 5)


def with_locals(n):
    s = "s"
    seen = []
    for i in range(n):
        s += "t"
        seen.append(locals()["s"])
    return seen


assert with_locals(30) == ["s" + "t" * i for i in range(1, 31)]


def widths(n):
    s = ""
    for i in range(n):
        s += "a"
        s += "\u00e9"
        s += "\u0416"
        s += "\U0001f600"
    return s


assert widths(30) == "a\u00e9\u0416\U0001f600" * 30
assert hash(widths(30)) == hash("a\u00e9\u0416\U0001f600" * 30) and widths(3).encode() == ("a\u00e9\u0416\U0001f600" * 3).encode()


def recursive(s, d):
    for i in range(3):
        s += str(d)
    if d:
        return s, recursive(s, d - 1)
    return s, None


assert recursive("", 2) == ("222", ("222111", ("222111000", None)))


def key(n):
    s = "k"
    d = {}
    for i in range(n):
        s += "k"
        d[i] = s
    return d


assert key(30) == {i: "k" * (i + 2) for i in range(30)}



def rebuilt(n):
    out = []
    for i in range(n):
        s = ""
        for j in range(n):
            s += "r"
        out.append(s)
        t = s
    return out, t


assert rebuilt(30) == (["r" * 30] * 30, "r" * 30)


def tricky(n):
    out = []
    s = t = "c"
    for i in range(n):
        if i % 2:
            s = "d"
        for j in range(3):
            s += "e"
        out.append(s)
    return out


assert tricky(6) == ["ceee", "deee", "deeeeee", "deee", "deeeeee", "deee"]


def handed_back(n):
    out = []
    t = "x"
    for i in range(n):
        s = ""
        for j in range(4):
            s += "f"
            if j == 2 and i:
                s = t
        out.append(s)
        t = s
    return out


assert handed_back(4) == ["ffff", "fffff", "ffffff", "fffffff"]


def with_handler(n):
    out = []
    for i in range(n):
        s = ""
        try:
            for j in range(5):
                s += "g"
                if j == i:
                    raise ValueError
        except ValueError:
            out.append(s)
            continue
        out.append((s,))
    return out


assert with_handler(7) == ["g", "gg", "ggg", "gggg", "ggggg", ("ggggg",), ("ggggg",)]

x = 3.14159
assert f"{x:.2f}|{x!r:>10}|{1}{'a'}{'é'}" == "3.14|   3.14159|1aé"
assert f"{'a':{5}}|" == "a    |"
import warnings

# source in an encoding that the library decodes; escapes that no byte holds
names = {}
exec(compile(b"# coding: iso8859-15\nc = '\xa4'\n", "<s>", "exec"), names)
assert names["c"] == "\u20ac"
try:
    compile(b"# coding: no-such\nc = 1\n", "<s>", "exec")
except SyntaxError as e:
    assert "unknown encoding: no-such" in str(e)
else:
    raise AssertionError("compiled")
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    assert eval("'\\407'") == "\u0107" and eval("b'\\407'") == b"\x07" and eval("'\\377'") == "\xff"
assert [str(w.message) for w in caught] == ["invalid octal escape sequence '\\407'"] * 2
# one interactive statement ends with its text
for text in "def f():\n   pass", "if x:\n   f(x)\nelse:\n   g(x)", "1; 2":
    compile(text, "<s>", "single")
for text in "def f(): pass", "1\n2":
    try:
        compile(text, "<s>", "single")
    except SyntaxError:
        pass
    else:
        raise AssertionError(text)
print("ok")
