"""int, bool, float and complex: operators over grids of edge values, conversions, parsing, messages."""
import cases

INTS = ['0', '1', '-1', '7', '-7', '2**49-1', '-2**49', '2**49', '-2**49-1', '2**50', '2**62', '2**63', '-2**63',
        '2**64', '2**100', '-2**100', '10**30', '3**200', '-3**200', 'True', 'False', 'I(5)', 'I(2**70)', '2**63-1',
        '2**64-1', '-2**64', '255', '256']
INT_UNARY = r"""-({0})
+({0})
~({0})
abs({0})
bool({0})
hash({0})
({0}).bit_length()
({0}).bit_count()
str({0})
hex({0})
oct({0})
bin({0})
float({0})
complex({0})
({0}).as_integer_ratio()
({0}).real,({0}).imag,({0}).numerator,({0}).denominator
round({0},-2)
round({0},-30)
round({0},3)
({0}).__trunc__(),({0}).__floor__(),({0}).__ceil__()
type(int({0}))
int(str({0}))
int(float({0}))
({0}).to_bytes(32,'little',signed=True)
int.from_bytes(({0}).to_bytes(40,'big',signed=True),'big',signed=True)
({0})**3
({0})**-1
({0})<<5
({0})>>5
({0})<<70
({0})>>70
pow({0},5,13)
pow({0},5,-13)
pow({0},-1,7)
pow(3,abs({0}),10**9+7)
({0})==float({0}),float({0})<({0}),({0})<float({0})""".split('\n')
INT_BINARY = ['({})+({})', '({})-({})', '({})*({})', '({})//({})', '({})%({})', 'divmod({},{})', '({})/({})',
              '({})&({})', '({})|({})', '({})^({})', '({})<({})', '({})==({})', '({})>=({})']
INT_TEXTS = ['0', '-0', '+5', ' 12 ', '\\t12\\n', '1 2', '0x1F', '0X1f', '1f', '0b1', '0o17', '017', '0', '00', '0_1',
             '1_', '9' * 30, '-' + '9' * 30, 'z', 'Zz', '1e5', '1.0', '', '-', '٣٤', '1٣', '\\x1c5', '\\u20095', 'é',
             '0x', '0b', '0b_1', '0b__1', '_0b1', '0_b1', '-0x1', '- 1', '--1', '+-1', '0xg', '1\\x00']
BASES = ['', ',0', ',2', ',8', ',16', ',36', ',10', ',37', ',-1', ',1']
FLOATS = ['0.0', '-0.0', '1.0', '-1.5', '0.1', '1e16', '1e15', '123456789012345678.0', '1e22', '1e23', '5e-324',
          '1.7976931348623157e308', 'inf', '-inf', 'nan', '2.5', '-2.5', '0.5', '1e-5', '0.0001', '2.0**53', '1e300',
          '-1e300', '3.0', 'F(2.5)', '1/3', '1e-300', '2.0**64']
FLOAT_UNARY = r"""repr({0})
-({0}),+({0}),abs({0})
bool({0})
hash({0}) if ({0})==({0}) else 0
int({0})
round({0})
round({0},1)
round({0},-1)
round({0},5)
({0}).hex()
float.fromhex(({0}).hex())
({0}).as_integer_ratio()
({0}).is_integer()
({0}).real,({0}).imag,({0}).conjugate()
({0}).__trunc__()
({0}).__floor__()
({0}).__ceil__()
({0})**2
({0})**0.5
({0})**-1
2**({0})
(-2.0)**({0})
complex({0})
float(repr({0}))""".split('\n')
OTHERS = FLOATS + ['0', '1', '-3', '2**60', '10**30', 'True', '10**400']
FLOAT_BINARY = ['({0})+({1})', '({1})-({0})', '({0})*({1})', '({0})//({1})', '({0})%({1})', 'divmod({0},{1})',
                '({0})/({1})', '({0})**({1})', '({1})**({0})', '({0})<({1})', '({0})==({1})', '({1})>=({0})']
COMPLEXES = ['0j', '1j', '-1j', '1+2j', '-1.5-2.5j', 'complex(0.0,-0.0)', 'complex(-0.0,1)', 'complex(inf,1)',
             'complex(1,nan)', '1e200+1e200j', 'complex(nan,inf)']
COMPLEX_UNARY = ['repr({0})', '-({0})', 'abs({0})', 'bool({0})', '({0}).conjugate()', '({0})**2', '({0})**-2',
                 '({0})**0', 'complex(str({0}))', 'hash({0}) if ({0})==({0}) else 0']
COMPLEX_BINARY = ['({})+({})', '({})-({})', '({})*({})', '({})/({})', '({})==({})']
COMPLEX_TEXTS = ['1', '1j', '1+j', '1-j', '-j', '+j', 'j', '1e5+2.5e-3j', 'nan', 'infj', '-inf-infj', '(1+2j)',
                 '((1+2j))', '( 1 )', '1 + 2j', '1+2', '1j+2', '1+2jj', '', '()', '1_0j', '1__0j', '.5j', '5.', '1e',
                 '1+2i', '١+٢j', '1\\x00', '  1  ']
FLOAT_TEXTS = ['1', '1_0', '1__0', '_1', '1_', '1e_5', '1_.5', ' 1 ', 'inf', '-Infinity', '+nan', 'infi', '1e', '.5',
               '5.', '.', '', '-', '1e400', '-1e-400', '0x10', '１', '\\x00', '1\\x00', '\\x1c5', '1e5', '1E+05']
HEX_TEXTS = ['1', '0x1', '-0x1.8p3', '0x.8', '.8p1', '0x1p', '0x1p+', '1p-1075', '0x1p-1074', '0x0.8p-1073',
             '0x1.fffffffffffffp1023', '0x1.fffffffffffff8p1023', '0x1.fffffffffffff7p1023', 'inf', '-Infinity', 'nan',
             'infi', '0x1.00000000000008p0', '0x1.000000000000080000001p0', '0x1.00000000000018p0', ' 0x1 ', '0x 1',
             '1 1', '0x1.1.1', '0x' + '0' * 100 + '1', '0x1p99999999999999999999', '0x1p-99999999999999999999', 'x1',
             '0x.p1', '-', 'é', '']
MESSAGES = r"""1//0
1%0
divmod(1,0)
1/0
1.0/0
1.0//0
1.0%0
divmod(1.0,0)
0.0**-1
0**-1
10.0**400
(-8.0)**(1/3)
pow(2,3,0)
pow(2,-1,4)
pow(2,3.0,4)
pow(1.0,2,3)
pow(1j,2,3)
pow(2,'a')
1<<-1
1>>-1
1<<(10**20)
5>>10**30
0>>-1
(10**5000).__str__()
int('1'*5000)
int('1'*5000,16)>0
len(str(10**4299))
len(str(10**4300))
int(1,2)
int(base=3)
int([])
int(nan)
int(inf)
int(1j)
int('5',Idx(8))
int('5','5')
int(b'12')
int(b'1x')
int(bytearray(b'7'))
int(memoryview(b'12'))
int(HasFloat())
int(HasInt())
int(Idx(2))
int(1,2,3)
int(x=1)
(10**400)/1
1/(10**400)
(10**400)/(10**399)
(2**1024-2**970)/1
(2**1024-2**969)/1
float(2**1024-2**970)
float(2**1024-2**969)
float(2**60+1),float(2**60+128),float(2**60+129),float(2**60+384)
float(10**400)
10**400*1.0
(10**400)==1.0
10**400>inf,10**400<inf,-10**400<-inf
2**53+1==2.0**53,2**53+1<2.0**53+2,2**53+1>2.0**53
(1).to_bytes(0,'big')
(-1).to_bytes(2,'big')
(1).to_bytes(-1,'big')
(1).to_bytes(1,'x')
(300).to_bytes()
int.from_bytes([256],'big')
int.from_bytes(1,'big')
int.from_bytes(b'ab',5)
type(I.from_bytes(b'a','big'))
int.from_bytes(HasBytes(),'big')
1 .__round__('a')
1+'a'
1@2
~1.5
1.5<'a'
1j<1
1j//1
1j/0
0j**-1
(1e200+1j)**3
abs(complex(1e308,1.7e308))
complex('1',2)
complex(1,'2')
complex([])
complex(1,[])
complex(None)
complex(HasFloat())
complex(HasComplex())
complex(1j,2j)
complex(F(1),I(2))
complex(1,2,3)
float([])
float(None)
float(b'1x')
float(1j)
float(HasFloat())
float(1,2)
float(x=1)
inf.as_integer_ratio()
nan.as_integer_ratio()
round(nan)
round(1.7e308,-308)
round(1.5,'a')
round(0.15,1),round(0.25,1),round(2.675,2),round(1e22,-22)
round(12345,-2),round(12350,-2),round(12450,-2),round(-12350,-2)
(2**3000).bit_length()
-(7**50)//(3**20),-(7**50)%(3**20),(7**50)%-(3**20)
(2**2000)/(3**1200)
True+1,True*2.5,True&1,True|False,True^True,~True,-True
type(True&True),type(True&1)
bool(1,2)
bool(x=1)
f'{True}',f'{True:d}',f'{True:5}|'
int.__new__(bool)
bool.__new__(int)
5%-3,-5%3,5.0%-3,-5.0%3
inf//1,1//inf,-1//inf,-1%inf
1_000""".split('\n')

names = vars(cases)
cases.group('int', [f.format(a) for a in INTS for f in INT_UNARY], names)
cases.group('int with int', [f.format(a, b) for a in INTS for b in INTS for f in INT_BINARY], names)
cases.group('int to bytes', [f"({v}).to_bytes({k},'little',signed={s})" for n in (1, 7, 8, 9, 15, 16, 63, 64, 65, 128)
                             for v in (0, 1, -1, 2**(n-1)-1, -2**(n-1), 2**(n-1), 2**n-1, -2**(n-1)-1)
                             for k in (1, 2, 8, 9, 16) for s in (True, False)], names)
cases.group('int from bytes', [f"int.from_bytes(b'\\xff\\x80'*{k},{o!r},signed={s})" for k in (0, 1, 2, 4, 5, 8)
                               for o in ('little', 'big') for s in (0, 1)], names)
cases.group('int from text', [f"int('{t}'{b})" for t in INT_TEXTS for b in BASES], names)
cases.group('float', [f.format(a) for a in FLOATS for f in FLOAT_UNARY], names)
cases.group('float with number', [f.format(a, b) for a in FLOATS for b in OTHERS for f in FLOAT_BINARY], names)
cases.group('float from text', [f"float('{t}')" for t in FLOAT_TEXTS], names)
cases.group('float from hex', [f'float.fromhex({t!r})' for t in HEX_TEXTS], names)
cases.group('complex', [f.format(a) for a in COMPLEXES for f in COMPLEX_UNARY], names)
cases.group('complex with number', [f.format(a, b) for a in COMPLEXES for b in COMPLEXES + OTHERS[-7:] + ['2.5']
                                    for f in COMPLEX_BINARY], names)
cases.group('complex from text', [f"complex('{t}')" for t in COMPLEX_TEXTS], names)
cases.group('messages', MESSAGES, names)

# Arithmetic on random operands of many sizes, checked by identities and by the digest of the results.
state = 12345


def bits():
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
    return state >> 11


def operand():
    kind = bits() % 6
    if kind == 0:
        value = bits() % 20
    elif kind == 1:
        value = bits() % (1 << 52)
    elif kind == 2:
        value = (1 << bits() % 200) + bits() % 3 - 1
    else:
        value = 0
        for _ in range(bits() % 12 + 1):
            value = value << 53 | bits()
        value >>= bits() % 60
    return -value if bits() % 2 else value


digest = 0
for _ in range(2000):
    a, b = operand(), operand()
    assert (a + b) - b == a and (a ^ b) ^ b == a and (a & b) + (a | b) == a + b
    assert int(str(a)) == int(hex(a), 16) == int(bin(a), 0) == a
    if b:
        q, r = divmod(a, b)
        assert q * b + r == a and (0 <= r < b if b > 0 else b < r <= 0) and (q, r) == (a // b, a % b)
        try:
            digest = (digest * 31 + hash(a / b)) % (1 << 61)
        except OverflowError:
            pass
    size = a.bit_length() // 8 + 1
    assert int.from_bytes(a.to_bytes(size, 'little', signed=True), 'little', signed=True) == a
    for x in (a * b, a << bits() % 150, a >> bits() % 150, pow(a, abs(b) % 1000, abs(b) + 1), round(a, -(bits() % 25))):
        digest = (digest * 31 + hash(x)) % (1 << 61)
print(f'random: {digest:016x}')
