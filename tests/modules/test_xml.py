"""pyexpat and what stands on it.  Skipped where libexpat was missing.  Expected values: CPython 3.11."""
import io
import os
import sys

assert os.path.normpath("a//b/./../c\0d/\ud800") == "a/c\0d/\ud800" and os.path.normpath(b"//x/../..") == b"//"
assert [os.path.normpath(p) for p in ("", "/", "//", "///a", "../..", "../a/../..", "/..", "a/..")] == [
    ".", "/", "//", "/a", "../..", "../..", "/", "."]
try:
    from xml.parsers import expat
except ImportError:
    print("ok")
    sys.exit()
import xml.etree.ElementTree as ET

DOC = b"""<?xml version="1.0" encoding="iso-8859-1" standalone="no"?>
<!DOCTYPE root SYSTEM "sys" [
<!ELEMENT root (a|(b,c)*)+>
<!ATTLIST root k CDATA #REQUIRED d CDATA "dflt">
<!NOTATION n PUBLIC "pub">
<!ENTITY e "value">
<!ENTITY ext SYSTEM "other">
<!ENTITY un SYSTEM "pic" NDATA n>
]>
<?target some data?>
<root xmlns:p="urn:x" k="v"><!--note-->t\xe9xt &e; <![CDATA[<raw>]]><p:a/>&ext;</root>"""
log = []
p = expat.ParserCreate(namespace_separator=" ")
for name in ("StartElement", "EndElement", "ProcessingInstruction", "UnparsedEntityDecl", "NotationDecl", "StartNamespaceDecl",
             "EndNamespaceDecl", "Comment", "StartCdataSection", "EndCdataSection", "StartDoctypeDecl", "EndDoctypeDecl",
             "EntityDecl", "XmlDecl", "ElementDecl", "AttlistDecl", "CharacterData"):
    setattr(p, name + "Handler", lambda *args, name=name: log.append((name, args)))


def external(context, base, system, public):
    sub = p.ExternalEntityParserCreate(context)
    assert sub.Parse(b"<inner>x</inner>", True) == 1
    return 1


p.ExternalEntityRefHandler = external
p.buffer_text = True
assert p.Parse(DOC, True) == 1 and p.ErrorCode == 0
assert log == [
    ("XmlDecl", ("1.0", "iso-8859-1", 0)), ("StartDoctypeDecl", ("root", "sys", None, 1)),
    ("ElementDecl", ("root", (5, 3, None, ((4, 0, "a", ()), (6, 2, None, ((4, 0, "b", ()), (4, 0, "c", ()))))))),
    ("AttlistDecl", ("root", "k", "CDATA", None, 1)), ("AttlistDecl", ("root", "d", "CDATA", "dflt", 0)),
    ("NotationDecl", ("n", None, None, "pub")), ("EntityDecl", ("e", 0, "value", None, None, None, None)),
    ("EntityDecl", ("ext", 0, None, None, "other", None, None)), ("UnparsedEntityDecl", ("un", None, "pic", None, "n")),
    ("EndDoctypeDecl", ()), ("ProcessingInstruction", ("target", "some data")), ("StartNamespaceDecl", ("p", "urn:x")),
    ("StartElement", ("root", {"k": "v", "d": "dflt"})), ("Comment", ("note",)), ("CharacterData", ("t\xe9xt value ",)),
    ("StartCdataSection", ()), ("CharacterData", ("<raw>",)), ("EndCdataSection", ()), ("StartElement", ("urn:x a", {})),
    ("EndElement", ("urn:x a",)), ("StartElement", ("inner", {})), ("CharacterData", ("x",)), ("EndElement", ("inner",)),
    ("EndElement", ("root",)), ("EndNamespaceDecl", ("p",))], log

# Errors: position and code; an exception in a handler comes out and ends the parse.
p = expat.ParserCreate()
try:
    p.Parse("<a>\n <b></a>", True)
except expat.ExpatError as e:
    assert str(e) == "mismatched tag: line 2, column 6" and (e.code, e.lineno, e.offset) == (7, 2, 6)
    assert expat.errors.messages[e.code] == expat.errors.XML_ERROR_TAG_MISMATCH == expat.ErrorString(7)
else:
    raise AssertionError
seen = []


def stop(name, attributes):
    seen.append(name)
    raise KeyError(name)


p = expat.ParserCreate()
p.StartElementHandler = stop
try:
    p.Parse(b"<a><b/></a>", True)
except KeyError as e:
    assert e.args == ("a",) and seen == ["a"]
else:
    raise AssertionError
p = expat.ParserCreate("koi8-r")
text = []
p.CharacterDataHandler = text.append
p.ordered_attributes = p.specified_attributes = True
p.StartElementHandler = lambda *args: text.append(args)
p.ParseFile(io.BytesIO('<a x="1" y="2">\u041f\u0440\u0438</a>'.encode("koi8-r")))
assert text == [("a", ["x", "1", "y", "2"]), "\u041f\u0440\u0438"], text
for bad, kind in [(lambda: expat.ParserCreate(namespace_separator="too long"), ValueError), (lambda: expat.ParserCreate(5), TypeError),
                  (lambda: setattr(p, "buffer_size", 0), ValueError), (lambda: p.ParseFile(5), TypeError), (lambda: p.Parse(5), TypeError),
                  (lambda: expat.ParserCreate().Parse(b"<?xml version='1.0' encoding='shift_nonsense'?><a/>", True), (LookupError, expat.ExpatError))]:
    try:
        bad()
    except kind:
        pass
    else:
        raise AssertionError
for cut in range(0, len(DOC), 3):  # any prefix: an error, never a crash
    try:
        expat.ParserCreate().Parse(DOC[:cut], True)
    except expat.ExpatError:
        pass

tree = ET.fromstring("<a x='1'>t<b>u</b>v<!--c--><c/></a>")
assert ET.tostring(tree) == b'<a x="1">t<b>u</b>v<c /></a>' and [e.tag for e in tree.iter()] == ["a", "b", "c"]
assert [(e, x.tag) for e, x in ET.iterparse(io.BytesIO(b"<r><s/></r>"), ("start", "end"))] == [
    ("start", "r"), ("start", "s"), ("end", "s"), ("end", "r")]
print("ok")
