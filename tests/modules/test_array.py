# array.array; the expected output is CPython 3.11's.
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

import array
import copy
import io
A = array.array
class Sub(A): pass
a = A("i", [1, 2, 3])
show("""
[(c, A(c).itemsize, A(c, [1, 2]) if c != 'u' else A(c, 'ab')) for c in array.typecodes]
A()
A('x')
A('ii')
A(1)
A('i', [1], 2)
A('i', x=1)
A('i', 'abc')
A('i', ['a'])
A('i', [1.5])
A('i', [1 << 40])
A('i', [-1 << 40])
A('I', [-1])
A('I', [1 << 40])
A('L', [-1])
A('L', [1 << 70])
A('l', [1 << 70])
A('q', [1 << 70])
A('Q', [-1])
A('Q', [1 << 70])
A('b', [200])
A('b', [-200])
A('B', [300])
A('B', [-3])
A('h', [1 << 20])
A('H', [1 << 20])
A('H', [-1])
A('u', ['ab'])
A('u', [1])
A('u', 'héé'), A('i', b'1234'), A('i', bytearray(b'1234')), A('b', b'ab'), A('d', range(3)), A('f', [1e300]), A('d', A('i', [1])), A('i', (x for x in [5]))
A('i', b'12345')
A('f', ['a'])
A('i', A('u', 'a'))
A('u', A('i', [1]))
A('i', A('d', [1.0]))
A('i', None)
a[0], a[-1], a[1:], a[::-1], len(a), 2 in a, 9 in a, list(a), a.typecode, a.itemsize
a[5]
a['a']
a[1.5]
a + a, a * 2, 2 * a, a * 0, a + A('i')
a + [1]
a + A('d', [1])
a * 'x'
b = A('i', a); b += A('i', [4]); b *= 2; b
b
b += [1]
b.extend(A('d', [1]))
b.extend(5)
b.append(7), b.insert(0, 9), b.insert(-100, 8), b.insert(100, 6), b.pop(), b.pop(0), b.pop(-1), b
b.append('x')
b.pop(100)
A('i').pop()
b.remove(9), b.index(3), b.index(3, 3), b.index(3, -2), b.count(3), b
b.remove(99)
b.index(99)
b.index(3, 0, 1)
b.reverse(), b, b.tolist(), A('h', [1, 2]).tobytes(), A('d', [1.5]).tobytes()
b[0] = 50; b[-1] = 60; b
b
b[100] = 1
b['x'] = 1
b[0] = 'a'
b[1:3] = A('i', [7, 7, 7, 7]); b
b
b[::2] = A('i', [0] * len(b[::2])); b
b
b[::2] = A('i', [1])
b[0:1] = [5]
b[0:1] = A('d', [5])
del b[0]; del b[1:3]; del b[::2]; b
b
del b[100]
b[:] = b; b[1:1] = b; b
b
a == A('i', [1, 2, 3]), a == [1, 2, 3], A('i', [1]) == A('d', [1]), a < A('i', [1, 3]), a < A('d', [1, 1]), A('i') == A('d'), a != A('i', [1, 2, 4]), a >= a
a < [1]
hash(a)
c = A('H', [1, 2]); c.byteswap(), c, c.frombytes(b'ab'), c, c.fromlist([5, 6]), c
c.frombytes(b'abc')
c.frombytes('ab')
c.fromlist([1, 'x'])
c, c.fromlist([])
c.fromlist((1,))
c.fromunicode('a')
c.tounicode()
u = A('u', 'ab'); u.fromunicode('cd'), u.tounicode(), u.tolist(), u, u[0], u.append('é'), u
c.buffer_info()[1], memoryview(a).format, memoryview(a).tolist(), bytes(A('b', [1, 2])), bytearray(A('H', [1]))
f = io.BytesIO(); a.tofile(f), f.getvalue(), f.seek(0), A('i').fromfile(f, 2)
d = A('i'); f.seek(0), d.fromfile(f, 3), d
d.fromfile(f, 1)
a.tofile(5)
copy.copy(a), copy.deepcopy(a), copy.copy(a) is a, type(copy.copy(Sub('i', [1]))).__name__
a.__reduce_ex__(2), a.__reduce_ex__(4)[1][1:], A('u', 'a').__reduce_ex__(3)[1][1:]
[array._array_reconstructor(A, 'i', 5, b'\\0\\0\\0\\1'), array._array_reconstructor(A, 'i', 9, b'\\0\\0\\0\\1'), array._array_reconstructor(A, 'f', 15, b'?\\x80\\0\\0'), array._array_reconstructor(A, 'u', 18, b'a\\0b\\0'), array._array_reconstructor(A, 'i', 8, b'abcd')]
array._array_reconstructor(A, 'i', 4, b'1')
array._array_reconstructor(A, 'i', 99, b'1')
array._array_reconstructor(int, 'i', 4, b'1')
array._array_reconstructor(A, 'i', 4, 'x')
it = iter(a); next(it), it.__reduce__()[2], it.__setstate__(0), list(it), list(it), type(it)
s = Sub('i', [1]); s.x = 5; s.x, s, s + s
s.x, s, type(s + s).__name__
A[int], A.__doc__.splitlines()[0]
m = memoryview(a)
a.append(1)
a.pop()
a.extend(A('i', [1]))
a *= 2
a[0] = 77; m[0], m.release()
a.append(1), a
""")
