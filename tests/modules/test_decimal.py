"""_decimal: operations on generated operands in several contexts, their results, conditions and text.

The output is that of CPython 3.11 with its _decimal. Of each operation a digest of many results is
printed: run with an argument, the operation's name, to see them all. """
import decimal
import hashlib
import pickle
import random
import sys
from decimal import Context, Decimal

assert decimal.Decimal.__module__ == 'decimal' and '_decimal' in sys.modules

ROUNDINGS = [decimal.ROUND_UP, decimal.ROUND_DOWN, decimal.ROUND_CEILING, decimal.ROUND_FLOOR,
             decimal.ROUND_HALF_UP, decimal.ROUND_HALF_DOWN, decimal.ROUND_HALF_EVEN, decimal.ROUND_05UP]
SPECIAL = ['0', '-0', '0E+3', '-0E-7', '1', '-1', '1.000', '10', '0.1', 'Infinity', '-Infinity', 'NaN',
           '-NaN123', 'sNaN', 'sNaN45', '9.999999999', '-99999', '5E-7', '0.5', '2', '3', '-7', '1E+20', '1E-20',
           '101', '1101', '11111111']
chance = random.Random(20231)


def operand():
    if chance.random() < 0.3:
        return Decimal(chance.choice(SPECIAL))
    digits = ''.join(chance.choice('0123456789') for _ in range(chance.choice([1, 2, 3, 7, 9, 10, 20, 40])))
    return Decimal('%s%sE%d' % (chance.choice(['', '-']), digits, chance.choice([0, 0, -1, -3, -9, -20, 3, 12, -50, 60])))


def context():
    return Context(prec=chance.choice([1, 3, 9, 16, 28]), rounding=chance.choice(ROUNDINGS),
                   Emin=chance.choice([-999999, -20, -9]), Emax=chance.choice([999999, 30, 9]), capitals=chance.choice([0, 1]),
                   clamp=chance.choice([0, 0, 1]), traps=[])


def show(result):
    return tuple(map(str, result)) if isinstance(result, tuple) else str(result)


def digest(name, operation, operands, count=400):
    total = hashlib.sha256()
    for _ in range(count):
        c = context()
        args = operands()
        try:
            result = show(operation(c, *args))
        except Exception as error:
            result = type(error).__name__
        line = '%s %s -> %s %s' % (c.prec, args, result, sorted(s.__name__ for s in c.flags if c.flags[s]))
        total.update(line.encode() + b'\n')
        if sys.argv[1:] == [name]:
            print(c, line)
    print(name, total.hexdigest()[:16])


unary = ['abs', 'minus', 'plus', 'sqrt', 'exp', 'ln', 'log10', 'logb', 'logical_invert', 'next_minus', 'next_plus',
         'normalize', 'to_integral_value', 'to_integral_exact', 'to_eng_string', 'to_sci_string', 'number_class',
         'is_normal', 'is_subnormal', 'is_signed', 'copy_abs', 'copy_negate', 'create_decimal']
binary = ['add', 'subtract', 'multiply', 'divide', 'divide_int', 'remainder', 'remainder_near', 'divmod', 'compare',
          'compare_signal', 'compare_total', 'compare_total_mag', 'copy_sign', 'logical_and', 'logical_or',
          'logical_xor', 'max', 'max_mag', 'min', 'min_mag', 'next_toward', 'quantize', 'rotate', 'same_quantum',
          'scaleb', 'shift']
for name in unary:
    chance.seed(name)
    digest(name, lambda c, x: getattr(c, name)(x), lambda: (operand(),))
for name in binary:
    chance.seed(name)
    digest(name, lambda c, x, y: getattr(c, name)(x, y), lambda: (operand(), operand()))


def small():
    return Decimal(chance.randrange(-30, 31))


chance.seed('shifts')
for name in ('rotate', 'shift', 'scaleb'):
    digest(name + ' by ints', lambda c, x, y: getattr(c, name)(x, y), lambda: (operand(), small()))
chance.seed('fma')
digest('fma', lambda c, x, y, z: c.fma(x, y, z), lambda: (operand(), operand(), operand()))
digest('power modulo', lambda c, x, y, z: c.power(x, y, z), lambda: (abs(small()), abs(small()), small()))


def power(c, x, y):
    """To the nearest: in other roundings CPython's last digit is not always right, ours is."""
    c.rounding, c.Emin, c.Emax = decimal.ROUND_HALF_EVEN, -999999, 999999
    return c.power(x, y)


digest('power of ints', power, lambda: (operand(), Decimal(chance.randrange(0, 12))))
digest('half', power, lambda: (operand().copy_abs(), Decimal('0.5')))
digest('power', power, lambda: (operand().copy_abs(), operand()))

chance.seed('text')
SPECS = ['', 'e', '.3e', 'E', 'f', '.2f', '.0f', 'F', 'g', '.4g', 'G', '%', '.1%', ',', '20,.2f', '020,.3f', '<20', '^21.3',
         '*>18', '+', ' ', 'z.1f', '=+15', '012', '0=12', 'x', '.', ',e', 'é^10']
digest('format', lambda c, x, spec: decimal.setcontext(c) or format(x, spec), lambda: (operand(), chance.choice(SPECS)))
TEXTS = [' 12 ', '1_000.5', '1e5', '1E+05', '.5', '5.', '.', '', '+-1', 'nan', 'sNaN007', 'NaN1x', 'inf', '-Infinity', 'infinit', '１２', '1e',
         '0x1', '1e99999999999999999999', '1\0', '1 2', '__1', 'e5', '-.e1', '0e-99999999999999999999']
digest('from text', lambda c, text: (decimal.setcontext(c), Decimal(text), c.create_decimal(text))[1:], lambda: (chance.choice(TEXTS),))
digest('other numbers', lambda c, x: (Decimal(x), hash(Decimal(x)) == hash(x), Decimal(x) == x, Decimal(x) < x),
       lambda: (chance.choice([chance.random() * 10.0 ** chance.randrange(-300, 300), chance.getrandbits(chance.randrange(1, 300)),
                               -chance.getrandbits(90), 0.1, -0.0, 1e308, 5e-324, float('inf')]),))
decimal.setcontext(Context(traps=[]))
digest('back', lambda c, x: (float(x), round(x, 3), hash(x) if not x.is_snan() and not x.is_nan() else 0, x.as_tuple(),
                             pickle.loads(pickle.dumps(x)), x.adjusted(), bool(x)), lambda: (operand(),))
digest('ints', lambda c, x: (int(x), round(x), x.__floor__(), x.__ceil__(), x.as_integer_ratio()), lambda: (operand(),))

# Traps, contexts, signals.
decimal.setcontext(Context())
for expression in ['Decimal(1) / 0', 'Decimal(0) / 0', 'Decimal("x")', 'Decimal("sNaN") + 1', 'Decimal(1) < Decimal("NaN")', 'Decimal(1) + 1.5',
                   'Decimal(10) // Decimal("1e-50")', 'Decimal(7).quantize(Decimal("1e-30"))', 'Decimal("1e999999") * 10', 'hash(Decimal("sNaN"))',
                   'int(Decimal("inf"))', 'Decimal((1, (1, 2), "F"))', 'Decimal((2, (), 1))', 'Decimal([0, [1, 2], -1])', 'Decimal(None)',
                   'decimal.getcontext()', 'decimal.localcontext(prec=0)', 'decimal.localcontext(foo=1)', 'Context(prec=0)', 'Context(traps=[1])',
                   'decimal.getcontext().flags', 'Context().copy().traps == Context().traps', 'setattr(Context(), "rounding", 3)',
                   'Decimal("1").exp(context=1)', 'pow(Decimal(3), 100, 7)', 'Decimal(3) ** 2.5', 'sum([Decimal("0.1")] * 10)', 'round(Decimal("2.5"))']:
    try:
        print(expression, '->', repr(eval(expression)))
    except Exception as error:
        print(expression, '->', type(error).__name__, error)
with decimal.localcontext(prec=5) as c:
    print(Decimal(1) / 3, c.flags[decimal.Inexact], decimal.getcontext() is c)
print(Decimal(1) / 3, decimal.getcontext().flags[decimal.FloatOperation])

# Large precisions: against arithmetic with ints.
with decimal.localcontext(prec=5000, Emax=999999999) as c:
    x, y = 3 ** 5000, 7 ** 1700
    assert Decimal(x) * y == x * y and Decimal(x * y) / x == y and int(Decimal(x) // y) == x // y and int(Decimal(x) % y) == x % y
    root = Decimal(2).sqrt()
    scaled = int(root.scaleb(4999))
    assert scaled ** 2 <= 2 * 10 ** 9998 < (scaled + 2) ** 2
    e = Decimal(1).exp()
    assert abs(e.ln() - 1) < Decimal('1e-4998')
    assert abs(Decimal(7).ln().exp() - 7) < Decimal('1e-4997') and abs(Decimal(2).log10() + Decimal(5).log10() - 1) < Decimal('1e-4998')
    assert str(e).startswith('2.71828182845904523536028747135266249775724709369995957496696762772407663')
# Powers in every rounding: those of the library's Python form, which are right.
if sys.implementation.name == 'krait':
    import _pydecimal
    for _ in range(300):
        c, x, y = context(), operand().copy_abs(), small() / chance.choice([1, 2, 3, 8])
        python = _pydecimal.Context(c.prec, c.rounding, c.Emin, c.Emax, c.capitals, c.clamp, [], [])
        result, expected = c.power(x, y), python.power(_pydecimal.Decimal(str(x)), _pydecimal.Decimal(str(y)))
        assert str(result) == str(expected), (c, x, y, result, expected)
        flags = sorted(s.__name__ for s in c.flags if c.flags[s])
        assert flags == sorted(s.__name__ for s in python.flags if python.flags[s]), (c, x, y, flags)
try:
    Context(prec=decimal.MAX_PREC).divide(Decimal(1), Decimal(3))
except MemoryError:
    print('no memory for that precision')
print(Context(prec=decimal.MAX_PREC).divide(Decimal(1), Decimal(1024)))
