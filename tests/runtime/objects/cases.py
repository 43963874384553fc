"""Many small expressions, one digest a group: what the test_*.py scripts of numbers and text share.

A group's line is its name, the number of its expressions and a digest of their results (the repr, or
the exception's type and text). The expected lines beside a test were printed by CPython 3.11. To see
every result, for comparing two interpreters line by line, run the script with the argument -v.
"""
import sys
import warnings

warnings.simplefilter('ignore')
verbose = '-v' in sys.argv[1:]


def result(expression, namespace):
    try:
        return repr(eval(expression, namespace))
    except Exception as error:
        return f'{type(error).__name__}: {error}'


def group(name, expressions, namespace):
    digest = count = 0
    for expression in expressions:
        text = result(expression, namespace)
        if verbose:
            print(ascii(f'{expression} => {text}'))
        count += 1
        data = text.encode('utf-8', 'surrogatepass')
        digest = (digest * 1000003 + int.from_bytes(data, 'big') + count) % (2 ** 61 - 1)
    print(f'{name}: {count} expressions, digest {digest:016x}')


class S(str): pass
class I(int): pass
class F(float): pass
class B(bytes): pass


class Idx:
    def __init__(self, value): self.value = value
    def __index__(self): return self.value


class Point:
    x = [1, 2]
    y = {'k': 3}


class HasFloat:
    def __float__(self): return 2.5


class HasInt:
    def __int__(self): return 7


class HasBytes:
    def __bytes__(self): return b'zz'


class HasComplex:
    def __complex__(self): return 1 + 2j


inf = float('inf')
nan = float('nan')


def put(o, key, value):
    o[key] = value
    return o


def cut(o, key):
    del o[key]
    return o


def method(o, name, *args):
    return getattr(o, name)(*args), o


def add_to(a, b):
    a += b
    return a


def times(a, b):
    a *= b
    return a


def released(view):
    view.release()
    return view
