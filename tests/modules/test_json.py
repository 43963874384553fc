"""_json and _csv.  Expected values: CPython 3.11."""
import csv
import enum
import io
import json

value = {"a": [1, -2.5, 1e300, None, True, False, {}, []], "é\U0001f600": "\"\\\n\x01", "": {"n": 10**30}}
assert json.loads(json.dumps(value)) == value == json.loads(json.dumps(value, ensure_ascii=False, indent=2))
assert json.dumps("\"\\/\b\f\n\r\t\x1f\x7fé\u2028\U0001f600") == r'"\"\\/\b\f\n\r\t\u001f\u007f\u00e9\u2028\ud83d\ude00"'
assert json.dumps({2: 1, None: 2, True: 3, 1.5: 4}) == '{"2": 1, "null": 2, "true": 3, "1.5": 4}'
assert json.dumps({"b": 1, "a": (2,)}, sort_keys=True, separators=(",", ":")) == '{"a":[2],"b":1}'
assert json.dumps([float("inf"), float("nan")]) == "[Infinity, NaN]" and json.dumps({(): 1}, skipkeys=True) == "{}"
assert json.dumps([object()], default=lambda o: "D") == '["D"]'


class Number(enum.IntEnum):
    ONE = 1


assert json.dumps([Number.ONE, {Number.ONE: 0}]) == '[1, {"1": 0}]'
assert json.loads(' [ 1 , 2.0,-0, 1E2 ,123456789012345678901234567890] ') == [1, 2.0, 0, 100.0, 123456789012345678901234567890]
assert json.loads(r'"\ud83d\ude00\u0041\ud800"') == "\U0001f600A\ud800"
assert json.loads('{"a": 1, "a": 2}', object_pairs_hook=list) == [("a", 1), ("a", 2)]
assert json.loads("[1.5, 2]", parse_float=str, parse_int=lambda s: s + "i") == ["1.5", "2i"]
assert [type(x) for x in json.loads("[1, 1.0, NaN]")] == [int, float, float]
for text, message in (("", "Expecting value: line 1 column 1 (char 0)"), ("[1,]", "Expecting value: line 1 column 4 (char 3)"),
                      ("[1 2]", "Expecting ',' delimiter: line 1 column 4 (char 3)"),
                      ('{"a" 1}', "Expecting ':' delimiter: line 1 column 6 (char 5)"),
                      ("{1: 2}", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
                      ('"\\x"', "Invalid \\escape: line 1 column 2 (char 1)"),
                      ('"a\nb"', "Invalid control character at: line 1 column 3 (char 2)"),
                      ('\n"abc', "Unterminated string starting at: line 2 column 1 (char 1)"),
                      ("01", "Extra data: line 1 column 2 (char 1)")):
    try:
        json.loads(text)
    except json.JSONDecodeError as e:
        assert str(e) == message, (text, str(e))
    else:
        raise AssertionError(text)
circle = []
circle.append(circle)
for bad, kind in ((circle, ValueError), ({(1,): 2}, TypeError), (object(), TypeError)):
    try:
        json.dumps(bad)
    except kind:
        pass
    else:
        raise AssertionError(kind)
try:
    json.loads("[" * 100000)
except RecursionError:
    pass
else:
    raise AssertionError("depth")

rows = [["plain", "with,comma", 'with "quotes"', "two\nlines", ""], ["1", "2.5", "é", " space", "x"]]
out = io.StringIO()
csv.writer(out).writerows(rows)
assert out.getvalue() == 'plain,"with,comma","with ""quotes""","two\nlines",\r\n1,2.5,é, space,x\r\n'
reader = csv.reader(io.StringIO(out.getvalue(), newline=""))
assert list(reader) == rows and reader.line_num == 3
assert list(csv.reader(["a;'b;c';d"], delimiter=";", quotechar="'")) == [["a", "b;c", "d"]]
assert list(csv.reader(["1,\"x\",2.5"], quoting=csv.QUOTE_NONNUMERIC)) == [[1.0, "x", 2.5]]
assert list(csv.reader(["a\\,b,c"], escapechar="\\")) == [["a,b", "c"]]
assert list(csv.reader(["a, b"], skipinitialspace=True)) == [["a", "b"]]
out = io.StringIO()
csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n").writerow([1, "a", None, 2.5])
assert out.getvalue() == '1,"a","",2.5\n'
assert csv.get_dialect("excel").delimiter == "," and "unix" in csv.list_dialects()
assert list(csv.DictReader(["a,b", "1,2"])) == [{"a": "1", "b": "2"}]
for bad, kind in ((lambda: csv.writer(io.StringIO(), quoting=csv.QUOTE_NONE).writerow([","]), csv.Error),
                  (lambda: list(csv.reader(['"a"b'], strict=True)), csv.Error), (lambda: csv.reader([], delimiter=""), TypeError)):
    try:
        bad()
    except kind:
        pass
    else:
        raise AssertionError(kind)
