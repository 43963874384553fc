# OrderedDict: order, moves to both ends, views, errors; the expected output is CPython 3.11's.
from collections import OrderedDict
import copy

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

class S(OrderedDict):
    pass
class Loud(OrderedDict):
    def __setitem__(self, key, value): super().__setitem__(key, value * 2)
o = OrderedDict(a=1, b=2)
show("""
OrderedDict([],[])
OrderedDict(5)
OrderedDict([1])
OrderedDict([(1,)])
OrderedDict([(1,2,3)])
OrderedDict([()])
OrderedDict(['ab'])
o.update([],[])
o.update(5)
o.update([(1,2,3)])
o.update()
o.update(c=3)
OrderedDict.update()
o.popitem(5),o
OrderedDict().popitem()
o.pop('zz')
o.pop()
o.pop('zz',1,2)
o.pop('zz',default=5)
o.setdefault('q')
o.setdefault(key='w',default=3)
o.setdefault()
o.move_to_end('zz')
o.move_to_end('q',last=False),o
o.move_to_end(key='q'),o
o.move_to_end([])
o.keys(),o.values(),o.items()
type(iter(o)),type(reversed(o)),type(iter(o.keys())),type(o.keys()),type(reversed(o.items()))
type(o.keys()).__mro__
iter(o).__reduce__()[1]
o.__reduce__()[:4]
S(a=1).__reduce__()[:4]
o|{'z':1},{'z':1}|o,type({'z':1}|o)
o|[(1,2)]
o.__ior__([('n',1)])
o.__or__(5)
OrderedDict.fromkeys('ab',3),S.fromkeys('ab')
OrderedDict.fromkeys(5)
o.copy()==o,type(S(a=1).copy())
S(a=1),repr(S())
[x for x in dir(OrderedDict) if x not in dir(dict)]
OrderedDict.__mro__,OrderedDict.__module__,OrderedDict.__doc__
o.__dict__
o.__sizeof__() > 10
hash(o)
o=={'a':1},o!=OrderedDict(o),OrderedDict(a=1,b=2)==OrderedDict(b=2,a=1),o==5
o<o
o.x=5
del o['zz']
o.clear(),o
o.__eq__(5)
Loud(a=1), Loud([(1, 2)]).copy(), copy.copy(OrderedDict(a=1)), copy.deepcopy(OrderedDict(a=[1]))
""")

def t(f):
    o=OrderedDict.fromkeys('abc')
    try:
        for k in o: f(o,k)
        print(o)
    except Exception as e: print(repr(e))
t(lambda o,k:o.move_to_end('a'))
t(lambda o,k:o.update(z=1))
t(lambda o,k:o.__setitem__(k,5))
t(lambda o,k:o.pop('b',None))
t(lambda o,k:(o.pop('b',None),o.setdefault('b')))

# Moves to either end against a list.
model, table, state = [], OrderedDict(), 7
for step in range(20000):
    state = (state * 1103515245 + 12345) % (1 << 31)
    key, what = (state >> 8) % 60, (state >> 20) % 7
    if what < 2:
        if key not in table:
            model.append(key)
        table[key] = step
    elif key in table:
        model.remove(key)
        if what == 2:
            del table[key]
        elif what == 3:
            table.move_to_end(key)
            model.append(key)
        else:
            table.move_to_end(key, last=False)
            model.insert(0, key)
    elif table and what == 6:
        assert table.popitem(last=False)[0] == model.pop(0)
    assert len(table) == len(model)
    if step % 100 == 0:
        assert list(table) == model and list(reversed(table)) == model[::-1]
print(list(table) == model)
