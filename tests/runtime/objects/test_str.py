"""str: every method over texts of all widths, search and split grids, and the messages."""
import cases

TEXTS = ["''", "'a'", "'abcabc'", "'  a b\\tc \\n'", "'aé€😀'", "'ÀÉß'", "'ǆ'", "'ΑΣ'", "'ΑΣΑ'", "'ΑΣ.'", "'İ'", "'ﬀ'",
         "'A1 b2'", "'x\\r\\ny\\x85z\\u2028w'", "'\\ud800'", "S('abc')", "'123'", "'²³'", "'½'", "'٣'", "'_a1'",
         "'\\x00\\x7f\\xa0\\xad'", "'\\'\"'", "'it\\'s'", "'\\\\\\t'", "'ŉx'", "'ᾳ'", "'ΐ'", "'\\u0345a'",
         "'\\U0010ffff'", "'Ǆabc ßa'"]
PLAIN = ('capitalize casefold isalnum isalpha isascii isdecimal isdigit isidentifier islower isnumeric isprintable '
         'isspace istitle isupper lower upper swapcase title split rsplit splitlines strip lstrip rstrip expandtabs '
         '__repr__ __str__ __len__ encode __getnewargs__').split()
AROUND = ["ascii({})", "{}*3", "{}[::-1]", "{}[1:]", "{}[:-1]", "{}[::2]", "{}+'é'", "'z'+{}", "list({})",
          "{}.splitlines(True)", "{}.encode('utf-16','surrogatepass')", "{}.encode('ascii','backslashreplace')",
          "{}.encode('latin-1','namereplace')", "{}.encode('ascii','xmlcharrefreplace')", "type({}.strip())",
          "bool({})", "{} in 'abcabc'", "'a' in {}", "{}.encode('utf-7','surrogatepass')",
          "{}.encode('unicode_escape')", "{}.encode('utf-32-be','replace')"]
HAYS = ["''", "'a'", "'abcabc'", "'  a b\\tc \\n'", "'aé€😀'", "'aaaa'", "'€a€b€'", "'😀a😀b'", "'é'*40+'ab'"]
PIECES = ["''", "'a'", "'b'", "'bc'", "'é'", "'€'", "'😀'", "'zz'", "'abcabc'", "' '", "'aa'", "'éa'"]
BOUNDS = ['1', '-3', '1,3', '5,2', 'None,-1', '-100,100', '100', '3,3', '0,0', '-2,None', 'Idx(1)']
NEW = ["''", "'x'", "'éé'", "'😀'", "'€€€'"]
SEARCH = 'find rfind index rindex count startswith endswith'.split()
CUT = 'partition rpartition split rsplit removeprefix removesuffix strip lstrip rstrip'.split()

MESSAGES = r"""
'abc'.center(10)
'abc'.center(9,'*')
'abc'.center(8,'é')
'abc'.center(2)
'ab'.center(5,'-')
'abc'.ljust(6,'😀')
'abc'.rjust(6)
'abc'.ljust(5,'xx')
'abc'.ljust(5,1)
'-42'.zfill(6)
'+1'.zfill(5)
'é'.zfill(3)
''.zfill(2)
'a\tb'.expandtabs(4)
'a\tb'.expandtabs(0)
'a\nbc\td'.expandtabs(3)
'ab'.translate({97:'x',98:None})
'ab'.translate({97:0x1f600})
'ab'.translate({97:-1})
'ab'.translate({97:1.5})
'ab'.translate([])
'abc'.translate(str.maketrans('ab','xy','c'))
str.maketrans('a','bb')
str.maketrans({'a':1,'bb':2})
str.maketrans({1.5:2})
str.maketrans({'a':'é',98:None})
str.maketrans('a','b',1)
'é'.join(['a','b'])
','.join([])
','.join(['a',1])
','.join(1)
','.join(x for x in 'abc')
','.join({'k':1})
'a'*-1
'a'*'b'
2*'ab'
'a'+1
1+'a'
'abc'[5]
'abc'[-4]
'abc'['a']
'abc'[1.0]
'abc'[None]
'abc'[Idx(1)]
'abc'[10**30]
'abc'[::0]
'abc'[10**30:]
1 in 'abc'
str(b'abc')
str(b'abc','ascii')
str(b'ab\xff','utf-8')
str(b'ab\xff','utf-8','replace')
str('a','ascii')
str(1,'ascii')
str(encoding='ascii')
str(object=5)
str(b'a',errors='strict')
str(b'a',5)
str(bytearray(b'a'),'latin-1')
str(memoryview(b'ab'),'ascii')
'é'.encode('ascii')
'éé'.encode('ascii')
'\ud800'.encode()
'a\ud800\udc00b'.encode('utf-16')
'a\ud800\udc00b'.encode('utf-8','surrogatepass')
'a\udcffb'.encode('utf-8','surrogateescape')
b'a\xffb'.decode('utf-8','surrogateescape')
b'a\xe2\x82'.decode()
b'a\xe2\x28b'.decode()
b'\xed\xa0\x80'.decode()
b'\xed\xa0\x80'.decode('utf-8','surrogatepass')
b'\xff\xfe\x00'.decode('utf-16')
b'a\xffb'.decode('ascii','backslashreplace')
b'\\x4'.decode('unicode_escape')
b'\\N{DIGIT ONE}\\u00e9'.decode('unicode_escape')
b'+2D3cqQ-'.decode('utf-7')
next(iter('é'))
'abc'.__iter__().__length_hint__()
'abc'.__iter__().__reduce__()[1:]
'%s'.__mod__('a')
'abc'.__rmod__('%s')
'a'.__add__(1)
'a'.__contains__(1)
'a'.__eq__(1)
'a'<1
hash('')
type(S('abc')+'')
type(S('abc')[:])
type(S('a').upper())
S('a')==S('a')
{S('a'):1}['a']
'abc'.x
str.__new__(int)
S(5)
type(str(S('a')))
'\x1f \x85'.split()
'a\x1cb\x1dc'.splitlines()
'abcdefgh'[1:7:3]
('é'*1000+'a')[-1:].isascii()
'ß'.upper()
'ﬃ'.capitalize()
'ΑΣ\u0345'.lower()
'Σ'.lower()
'abc'.count('',1)
'abc'.count('',5)
'abc'.replace('','-',2)
''.replace('','x')
''.replace('','x',0)
'abc'.startswith(('x','a'))
'abc'.startswith(())
'abc'.endswith(('c',1))
'abc'.startswith((1,'a'))
'abc'.startswith(1)
'abc'.split(1)
'abc'.split('')
'abc'.strip(1)
'abc'.partition(1)
'abc'.removeprefix(None)
'abc'.replace('a',1)
'abc'.splitlines('a')
'abc'.encode(None)
'  a b '.split(None,1)
'  a b '.rsplit(None,1)
""".strip('\n').split('\n')

names = vars(cases)
cases.group('methods', [f'{t}.{m}()' for t in TEXTS for m in PLAIN], names)
cases.group('around', [f.format(t) for t in TEXTS for f in AROUND], names)
cases.group('order', [f'({a}<{b},{a}=={b},{a}>={b},{a}!={b})' for a in TEXTS for b in TEXTS], names)
cases.group('search', [f'{h}.{m}({p},{b})' for h in HAYS for m in SEARCH for p in PIECES for b in [''] + BOUNDS], names)
cases.group('cut', [f'{h}.{m}({p})' for h in HAYS for m in CUT for p in PIECES], names)
cases.group('maxsplit', [f'{h}.{m}({p},{n})' for h in HAYS for m in ('split', 'rsplit') for p in PIECES + ['None']
                         for n in (0, 1, 2, 'maxsplit=1', -1)], names)
cases.group('replace', [f'{h}.replace({p},{n},{c})' for h in HAYS for p in PIECES for n in NEW for c in (-1, 0, 1, 2)],
            names)
cases.group('slices', [f'{h}[{a}:{b}:{c}]' for h in HAYS for a in ('', 1, -2) for b in ('', 3, -1)
                       for c in ('', 2, -1, -2)], names)
cases.group('messages', MESSAGES, names)
# What Unicode 14 and 15 agree on.
cases.group('classes', [f'chr({c}).{m}()' for c in range(0xC00) for m in PLAIN[2:14]], names)
cases.group('case', [f'chr({c}).{m}()' for c in list(range(0x600)) + list(range(0x1E00, 0x2000)) + [0x10400, 0xFB00]
                     for m in ('upper', 'lower', 'title', 'casefold', 'swapcase')], names)
