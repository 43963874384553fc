# The operators as functions; the expected output is CPython 3.11's.
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

import operator
from operator import *
import copy

class Attr: pass
o = Attr(); o.a = Attr(); o.a.b = 5; o.c = 7
class Meth:
    def m(self, *a, **k): return a, k
def call_it(*a, **k): return a, k

show("""
add(1, 2), sub(5, 3), mul(2, 3), truediv(1, 2), floordiv(7, 2), mod(7, 3), pow(2, 5), lshift(1, 3), rshift(8, 2), and_(6, 3), or_(6, 3), xor(6, 3)
neg(5), pos(-5), abs(-5), inv(5), invert(5), not_(0), truth([]), is_(None, None), is_not(1, 2), index(True)
lt(1, 2), le(1, 1), eq(1, 1.0), ne(1, 2), ge(1, 2), gt(2, 1), contains([1], 1), concat('a', 'b'), getitem([1, 2], 0), countOf([1, 1, 2], 1), indexOf('abc', 'c')
x = [1, 2]; iadd(x, [3]), iconcat(x, [4]), imul(x, 1), setitem(x, 0, 9), delitem(x, 1), x
isub(5, 2), itruediv(1, 2), ifloordiv(5, 2), imod(5, 3), ipow(2, 3), ilshift(1, 2), irshift(8, 1), iand(6, 3), ior(6, 3), ixor(6, 3)
add(1)
add(1, 'a')
matmul(1, 2)
concat(1, 2)
concat({}, {})
iconcat(1, 2)
countOf(5, 1)
indexOf([1], 2)
indexOf(5, 2)
index(1.5)
length_hint([1, 2]), length_hint(iter([1])), length_hint(5, 7)
length_hint([], 'a')
call(call_it, 1, x=2), call(str)
call()
itemgetter(1)('abc'), itemgetter(0, 2)('abc'), itemgetter('a')({'a': 1}), itemgetter(slice(1, 3))('abcd'), itemgetter(-1)([1, 2])
itemgetter()
itemgetter(5)([1])
itemgetter(0)()
itemgetter(0)([1], [2])
itemgetter(x=1)
itemgetter(1), itemgetter(1, 'a'), itemgetter(1).__reduce__()[1]
attrgetter('c')(o), attrgetter('a.b')(o), attrgetter('a.b', 'c')(o)
attrgetter(1)
attrgetter('zz')(o)
attrgetter('a.zz')(o)
attrgetter()
attrgetter('c')()
attrgetter('a'), attrgetter('a.b', 'c'), attrgetter('a.b').__reduce__()[1]
methodcaller('m')(Meth()), methodcaller('m', 1, x=2)(Meth()), methodcaller('upper')('abc'), methodcaller('split', 'b')('abc')
methodcaller()
methodcaller(1)
methodcaller('zz')(5)
methodcaller('m')()
methodcaller('m'), methodcaller('m', 1, x=2), methodcaller('m', 1).__reduce__()[1]
copy.copy(methodcaller('m', 1, x=2))(Meth()), copy.copy(itemgetter(1))('ab'), copy.deepcopy(attrgetter('c'))(o)
operator._compare_digest('abc', 'abc'), operator._compare_digest(b'abc', b'abd'), operator._compare_digest(b'a', bytearray(b'a')), operator._compare_digest('', 'a')
operator._compare_digest('a', b'a')
operator._compare_digest('é', 'é')
operator._compare_digest(1, 2)
sorted([(1, 'b'), (0, 'c')], key=itemgetter(1)), list(map(attrgetter('real'), [1, 2]))
""")
