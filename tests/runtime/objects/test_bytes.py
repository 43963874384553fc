"""bytes, bytearray and memoryview: every method, assignment, views, and the messages."""
import cases

DATA = ["b''", "b'a'", "b'abcabc'", "b'  a b\\tc \\n'", "b'\\xff\\x00z'", "b'A1 b2'", "b'x\\r\\ny\\x85z'",
        "bytearray(b'abc')", "B(b'aBc')", "b'123'", "b'it\\'s'", "b'\"\\''", "bytearray()", "b'\\\\'",
        "bytearray(b'it\\'s')"]
PLAIN = ('capitalize isalnum isalpha isascii isdigit islower isspace istitle isupper lower upper swapcase title split '
         'rsplit splitlines strip lstrip rstrip expandtabs __repr__ __len__ hex __getnewargs__ decode copy reverse clear '
         'pop __bytes__').split()
AROUND = ["{}*3", "{}[::-1]", "{}[1:]", "{}[::2]", "{}+b'z'", "b'z'+{}", "{}+bytearray(b'q')", "list({})", "str({})",
          "{}.splitlines(True)", "bytes({})", "bytearray({})", "97 in {}", "b'a' in {}", "{}.decode('latin-1')",
          "{}.decode('ascii','replace')", "memoryview({}).tolist()", "{}.hex('-')", "{}.hex(':',2)", "{}.hex(b':',-2)",
          "{}.translate(bytes(range(256))[::-1])", "{}.translate(None,b'a')", "bool({})", "{}==b'a'", "{}=='a'",
          "{}<b'abd'", "{}[0]", "{}[-1]", "{}%()"]
HAYS = DATA[:6] + ["b'aaaa'", "bytearray(b'abcab')"]
PIECES = ["b''", "b'a'", "b'b'", "b'bc'", "97", "bytearray(b'c')", "memoryview(b'ab')[:1]", "b'\\xff'", "b' '"]
SEARCH = 'find rfind index rindex count startswith endswith'.split()
CUT = 'split rsplit removeprefix removesuffix strip lstrip rstrip'.split()
BOUNDS = ['', '1', '-3', '1,3', '5,2', 'None,-1', '-100,100', '100']
WRONG = ['1', 'None', "'a'", '1.5', '[]', '256', '-1', "'a',1", "b'a',b'b'"]
TAKES = ('index rindex partition rpartition split rsplit removeprefix removesuffix strip lstrip rstrip join translate '
         'center ljust rjust zfill expandtabs decode splitlines fromhex hex append extend insert pop remove').split()
CHANGES = r"""
method(bytearray(b'abc'),'append',100)
method(bytearray(b'abc'),'append',256)
method(bytearray(b'abc'),'extend',b'de')
method(bytearray(b'abc'),'extend',[1,2])
method(bytearray(b'abc'),'extend','de')
method(bytearray(b'abc'),'extend',5)
method(bytearray(b'abc'),'insert',1,100)
method(bytearray(b'abc'),'insert',-1,100)
method(bytearray(b'abc'),'insert',100,100)
method(bytearray(b'abc'),'pop',0)
method(bytearray(b'abc'),'pop',5)
method(bytearray(),'pop')
method(bytearray(b'abca'),'remove',97)
method(bytearray(b'abc'),'remove',100)
add_to(bytearray(b'abc'),b'd')
add_to(bytearray(b'abc'),'d')
times(bytearray(b'abc'),2)
times(bytearray(b'abc'),0)
put(bytearray(b'abcdef'),slice(1,3),b'')
put(bytearray(b'abcdef'),slice(1,3),b'XXXX')
put(bytearray(b'abcdef'),slice(None,None,2),b'XYZ')
put(bytearray(b'abcdef'),slice(None,None,2),b'XY')
put(bytearray(b'abcdef'),slice(None,None,-2),b'XYZ')
put(bytearray(b'abcdef'),slice(0,2),[1,2,3])
put(bytearray(b'abcdef'),slice(0,2),'ab')
put(bytearray(b'abcdef'),1,'a')
put(bytearray(b'abcdef'),1,256)
put(bytearray(b'abcdef'),10,1)
put(bytearray(b'abcdef'),'a',1)
put(bytearray(b'abc'),slice(3,1),b'x')
cut(bytearray(b'abcdef'),slice(1,3))
cut(bytearray(b'abcdef'),slice(None,None,2))
cut(bytearray(b'abcdef'),slice(None,None,-2))
cut(bytearray(b'abcdef'),slice(0,3))
cut(bytearray(b'abcdef'),10)
bytearray(b'abc').__reduce__()
bytearray(b'abc').__reduce_ex__(4)
hash(bytearray())
bytes(3)
bytes(-1)
bytes('a')
bytes('é','utf-8')
bytes('é','ascii')
bytes(b'a','ascii')
bytes(encoding='a')
bytes(errors='a')
bytes([256])
bytes(['a'])
bytes(x for x in range(3))
bytes(1.5)
bytes(None)
bytes(Idx(3))
bytes(10**30)
bytes(HasBytes())
bytes(source=b'x')
bytes(1,2)
bytes(memoryview(b'abc')[::2])
bytearray([256])
bytearray(1.5)
bytearray(HasBytes())
type(B(b'x')+b'')
B(3)
B.fromhex('6162')
bytes.fromhex('61 62 6')
bytes.fromhex('6g')
bytes.fromhex(' 61  FF ')
bytes.maketrans(b'a',b'bc')
b'-12'.zfill(6)
b''.join([b'1',bytearray(b'2')])
b''.join([1])
b''.join(5)
b''.join([memoryview(b'abc')[::2]])
b'abc'[5]
b'abc'['a']
b'abc'+'a'
b'abc'*'a'
'a' in b'abc'
300 in b'abc'
bytearray(b'a')==memoryview(b'a')
""".strip('\n').split('\n')
VIEW = 'memoryview(bytearray(range(12)))'
VIEWS = r"""
tolist()
[3]
[-1]
[12]
['a']
[1:4].tolist()
[::-1].tolist()
[::2].tobytes()
nbytes
shape
strides
format
itemsize
ndim
readonly
c_contiguous
f_contiguous
contiguous
suboffsets
obj
cast('i').tolist()
cast('h')[2]
cast('d')
cast('x')
cast('i').cast('h')
cast('B',[3,4]).tolist()
cast('B',(3,4))[1,2]
cast('B',(3,4))[1]
cast('B',(3,4))[5,2]
cast('B',(3,4))[1,2,3]
cast('B',(3,4)).strides
cast('B',(3,5))
cast('B',3)
cast('B',['a'])
cast('B',[-3,4])
cast('B',[2,2,3]).tolist()
cast('i',[3]).tolist()
cast('f').tolist()
cast('c').tolist()[:2]
cast('?').tolist()
cast('H').tolist()
cast('@I').tolist()
cast('<I')
hex('-',3)
tobytes('F')
tobytes('X')
toreadonly().readonly
__len__()
release()
__enter__()[0]
""".strip('\n').split('\n')
VIEW_CHANGES = r"""
put({},0,255).tolist()
put({},0,256)
put({},0,'a')
put({},slice(0,2),b'ab').tolist()
put({},slice(0,2),b'abc')
put({},slice(0,2),5)
put({}.cast('f'),0,1.5)[0]
put({}.cast('h'),0,-5)[0]
put({}.cast('h'),0,40000)
put({}.cast('?'),0,[1])[0]
put({}.cast('c'),0,b'x')[0]
put({}.cast('c'),0,5)
put({}.cast('B',(3,4)),(1,1),99).tolist()
put(memoryview(b'ab'),0,1)
cut({},0)
released({})[0]
released({}).nbytes
hash({})
hash({}.toreadonly())
list({}.cast('B',(3,4)))
{}=={}[:]
{}=={}[::-1]
{}.cast('i')=={}.cast('I')
{}==5
{}<5
memoryview(b'a').cast('B',())[()]
memoryview(b'a').cast('B',())[0]
memoryview(5)
hash(memoryview(b'abc'))==hash(b'abc')
""".strip('\n').split('\n')

names = vars(cases)
cases.group('methods', [f'{d}.{m}()' for d in DATA for m in PLAIN], names)
cases.group('around', [f.format(d) for d in DATA for f in AROUND], names)
cases.group('search', [f'{h}.{m}({p},{b})' for h in HAYS for m in SEARCH for p in PIECES for b in BOUNDS], names)
cases.group('cut', [f'{h}.{m}({p})' for h in HAYS for m in CUT for p in PIECES], names)
cases.group('maxsplit', [f'{h}.{m}({p},{n})' for h in HAYS for m in ('split', 'rsplit') for p in PIECES + ['None']
                         for n in (0, 1, 2)], names)
cases.group('replace', [f'{h}.replace({p},{n},{c})' for h in HAYS for p in PIECES for n in ("b''", "b'x'", "b'yy'")
                        for c in (-1, 0, 1, 2)], names)
cases.group('wrong arguments', [f'{t}.{m}({w})' for t in ("b'abc'", "bytearray(b'abc')") for m in TAKES for w in WRONG],
            names)
cases.group('changes', CHANGES, names)
cases.group('views', [VIEW + (v if v.startswith('[') else '.' + v) for v in VIEWS], names)
cases.group('changes through views', [v.replace('{}', VIEW) for v in VIEW_CHANGES], names)

# A buffer that is still held forbids resizing; releasing it allows it again.
array = bytearray(b'abc')
view = memoryview(array)
for change in (lambda: array.append(1), lambda: array.clear(), lambda: array.extend(b'xy')):
    try:
        change()
    except BufferError as error:
        print(error)
array[0] = 65
view.release()
array.append(66)
print(array)

# what a length hint raises is not swallowed
class BadHint:
    def __iter__(self): return iter(b"ab")
    def __length_hint__(self): raise RuntimeError
for target in bytearray(b"x"), [1]:
    try:
        target.extend(BadHint())
    except RuntimeError:
        assert len(target) == 1
    else:
        raise AssertionError(target)
