# struct: every code in every byte order; the expected output is CPython 3.11's.
def show(lines, names=globals()):
    for line in lines.strip().splitlines():
        try:
            try:
                code = compile(line, "<line>", "eval")
            except SyntaxError:
                exec(line, names)
                continue
            result = repr(eval(code, names))
        except Exception as e:
            result = type(e).__name__ + ": " + str(e)
        print(line, "->", result)

import struct
import math

def codes():
    out = []
    for order in ("", "@", "=", "<", ">", "!"):
        for code in "xcbB?hHiIlLqQnNefdspP":
            try:
                out.append((order + code, struct.calcsize(order + code), struct.calcsize(order + "c" + code)))
            except struct.error as e:
                out.append((order + code, str(e)))
    return out
for row in codes():
    print(row)

buf = bytearray(8)
show("""
[struct.pack(o + 'bhiq', -1, -2, -3, -4) for o in ('@', '=', '<', '>', '!')]
[struct.pack(o + 'BHIQ', 1, 2, 3, 4) for o in ('@', '=', '<', '>', '!')]
[struct.pack(o + 'efd', 1.5, -2.5, 1e100) for o in ('<', '>')]
struct.unpack('<bhiq', struct.pack('<bhiq', -1, -2, -3, -4)), struct.unpack('>BHIQ', struct.pack('>BHIQ', 255, 65535, 1 << 31, (1 << 64) - 1))
struct.pack('3s', b'abcdef'), struct.pack('5s', b'ab'), struct.pack('5p', b'abcdefg'), struct.pack('3c', b'a', b'b', b'c'), struct.pack('0s', b'x'), struct.pack('s', bytearray(b'x'))
struct.unpack('3s', b'abc'), struct.unpack('5p', b'\\x03abcd'), struct.unpack('3c', b'abc'), struct.unpack('2x?', b'ab\\1')
struct.pack('?', []), struct.pack('?', 5), struct.pack('2?', True, ''), struct.pack('xx'), struct.pack(''), struct.pack(' i i ', 1, 2)
struct.pack('@bi', 1, 2), struct.pack('=bi', 1, 2), struct.pack('@bq', 1, 2), struct.calcsize('@b0q'), struct.calcsize('@qb'), struct.calcsize('i' * 10), struct.calcsize('100i')
struct.pack('i', 1.5)
struct.pack('i', 'a')
struct.pack('i', 1 << 31)
struct.pack('i', 1 << 80)
struct.pack('b', 200)
struct.pack('B', -1)
struct.pack('h', 40000)
struct.pack('>h', 40000)
struct.pack('H', -1)
struct.pack('>H', -1)
struct.pack('I', -1)
struct.pack('q', 1 << 63)
struct.pack('>q', 1 << 63)
struct.pack('Q', -1)
struct.pack('>Q', -1)
struct.pack('<l', 1 << 31)
struct.pack('<L', 1 << 32)
struct.pack('P', 1 << 65)
struct.pack('f', 1e300)
struct.pack('<f', 1e300)
struct.pack('e', 1e10)
struct.pack('f', 'a')
struct.pack('d', 1 << 2000)
struct.pack('c', 'a')
struct.pack('c', b'ab')
struct.pack('s', 'a')
struct.pack('y', 1)
struct.pack('3')
struct.pack('i')
struct.pack('2i', 1)
struct.pack()
struct.pack(5)
struct.pack('99999999999999999999i')
struct.pack('i\\0', 1)
struct.pack(b'i', 1), struct.calcsize(b'<i')
struct.pack('é')
struct.unpack('i', b'123')
struct.unpack('i', 'abcd')
struct.unpack('i')
struct.unpack_from('<H', b'abcdef', 2), struct.unpack_from('<H', b'abcdef', -2), struct.unpack_from('<H', b'abcdef', offset=1)
struct.unpack_from('i', b'abc')
struct.unpack_from('i', b'abcd', 2)
struct.unpack_from('i', b'abcd', -2)
struct.unpack_from('i', b'abcd', -9)
struct.pack_into('<hh', buf, 2, 1, -1), buf
struct.pack_into('i', buf, 6, 1)
struct.pack_into('i', buf, -2, 1)
struct.pack_into('i', buf, -20, 1)
struct.pack_into('i', buf)
struct.pack_into('i')
struct.pack_into('i', b'12345678', 0, 1)
list(struct.iter_unpack('<h', b'abcdef')), struct.iter_unpack('h', b'abcd').__length_hint__()
struct.iter_unpack('i', b'abcde')
struct.iter_unpack('', b'')
s = struct.Struct('<ih'); s.format, s.size, s.pack(1, 2), s.unpack(b'abcdef'), s.unpack_from(b'xabcdef', 1), list(s.iter_unpack(b'abcdef'))
s.pack(1)
s.unpack(b'1')
struct.Struct()
struct.Struct('y')
struct.error, struct.error.__mro__[1], struct.Struct
struct._clearcache()
""")
halves = []
for bits in list(range(0, 0x10000, 97)) + [0, 1, 0x3ff, 0x400, 0x7bff, 0x7c00, 0x8000, 0xfbff, 0xfc00]:
    value, = struct.unpack("<e", struct.pack("<H", bits))
    if value == value:
        halves.append(struct.unpack("<H", struct.pack("<e", value))[0] == bits)
    else:
        halves.append(math.isnan(value))
print(all(halves), len(halves))
print([struct.pack(">e", x).hex() for x in (65504, 65519.99, 6e-8, 2.9e-8, 3e-8, 1e-9, 1 + 2**-11, 1 + 3 * 2**-11, 1 + 2**-11 + 2**-20, 0.1, -0.0, 6.1e-5, 6.0975e-5, float("inf"), 2047.5, 2048.5, 2049.5)])
try:
    struct.pack("e", 65520)
except struct.error as e:
    print(e)
