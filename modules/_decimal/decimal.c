/* decimal.c: the type Decimal: construction, operators, comparison, hash, and what only it has. */
#include <math.h>

#include "modules/_decimal/decimal.h"

KrType *decimal_type;
static KrValue tuple_class, rational_class;

/* ---- Objects -------------------------------------------------------------------------------- */

static void decimal_release(void *self)
{
    Decimal *d = self;
    if (d->reported) kr_external_memory(-d->reported);
    num_clear(&d->num);
}

void dec_report(KrValue v)
{
    enum { MUCH = 4096 };
    Decimal *d = kr_to_object(v);
    int64_t bytes = (int64_t)mpz_size(d->num.coef) * (int64_t)sizeof(mp_limb_t);
    if (bytes < MUCH || d->reported) return;
    d->reported = bytes;
    kr_external_memory(bytes);
}
KrValue dec_finish(KrValue v, Settings *s, uint32_t status)
{
    dec_report(v);
    return dec_settle(s, status) < 0 ? KR_EMPTY : v;
}

Num *dec_new(KrType *type, KrValue *value)
{
    Decimal *d = kr_alloc_instance(type);
    if (!d) return NULL;
    num_init(&d->num);
    *value = kr_from_object(d);
    return &d->num;
}

static KrValue decimal_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    static const KrFunction entry = {"Decimal", "(value='0', context=None)", NULL, NULL, 0, NULL};
    KrValue slots[2], keep;
    if (kr_bind(&entry, args, n, kwnames, slots) < 0) return KR_EMPTY;
    Settings *s = dec_context_of(slots[1], &keep);
    return s ? dec_from_any(type, slots[0], s, true) : KR_EMPTY;
}
KR_CLASSMETHOD(decimal, decimal_from_float, "from_float", "(cls, f, /)",
               "Class method that converts a float to a decimal number, exactly.")
{
    KrValue v;
    if (kr_is_int(a[1]))
        v = dec_from_int(decimal_type, a[1]);
    else if (kr_is_float(a[1]))
        v = dec_from_float(decimal_type, a[1]);
    else
        return kr_raise(kr_TypeError, "argument must be int or float");
    if (kr_is_empty(v) || kr_is(a[0], kr_type_value(decimal_type))) return v;
    return kr_call1(a[0], v);
}

static Settings *current(void)
{
    KrValue keep;
    return dec_context_of(kr_None, &keep);
}

/* ---- Operators ------------------------------------------------------------------------------ */

/* Both operands as Decimals; NotImplemented in *a if one is something else. */
static bool operands(KrValue *a, KrValue *b)
{
    *a = dec_operand(*a);
    if (kr_is_empty(*a) || kr_is(*a, kr_NotImplemented)) return false;
    *b = dec_operand(*b);
    if (!kr_is_empty(*b) && !kr_is(*b, kr_NotImplemented)) return true;
    *a = *b;
    return false;
}
#define OPERATOR(name, operation)                                             \
    static KrValue name(KrValue a, KrValue b)                                 \
    {                                                                         \
        return operands(&a, &b) ? dec_binary(operation, a, b, current()) : a; \
    }
OPERATOR(decimal_add, num_add)
OPERATOR(decimal_subtract, num_subtract)
OPERATOR(decimal_multiply, num_multiply)
OPERATOR(decimal_divide, num_divide)
OPERATOR(decimal_divide_int, num_divide_int)
OPERATOR(decimal_remainder, num_remainder)

static KrValue decimal_divmod(KrValue a, KrValue b)
{
    if (!operands(&a, &b)) return a;
    Settings *s = current();
    return s ? dec_divmod(a, b, s) : KR_EMPTY;
}
static KrValue decimal_power(KrValue a, KrValue b)
{
    if (!operands(&a, &b)) return a;
    Settings *s = current();
    return s ? dec_power(a, b, kr_None, s) : KR_EMPTY;
}
static KrValue decimal_power_modulo(KrValue a, KrValue b, KrValue m)
{
    if (!operands(&a, &b)) return a;
    m = dec_operand(m);
    if (kr_is_empty(m) || kr_is(m, kr_NotImplemented)) return m;
    Settings *s = current();
    return s ? dec_power(a, b, m, s) : KR_EMPTY;
}
static KrValue decimal_negative(KrValue self) { return dec_unary(num_minus, self, current()); }
static KrValue decimal_positive(KrValue self) { return dec_unary(num_plus, self, current()); }
static KrValue decimal_absolute(KrValue self) { return dec_unary(num_abs, self, current()); }
static int decimal_truth(KrValue self) { return !num_is_zero(dec_num(self)); }

/* ---- Comparison ----------------------------------------------------------------------------- */

/* A float or complex as a Decimal, for a comparison: == only notes that floats were mixed in. */
static KrValue float_operand(KrValue v, int op, Settings *s)
{
    if (op == KR_EQ || op == KR_NE)
        s->flags |= DEC_FLOAT_OPERATION;
    else if (dec_settle(s, DEC_FLOAT_OPERATION) < 0)
        return KR_EMPTY;
    return dec_from_float(decimal_type, v);
}

/* For a / b: compares self * b with a. */
static KrValue rational_operand(KrValue *self, KrValue v, Settings *s)
{
    KrValue numerator = kr_getattr(v, KR_NAME("numerator"));
    KrValue denominator =
        kr_is_empty(numerator) ? numerator : kr_getattr(v, KR_NAME("denominator"));
    if (kr_is_empty(denominator)) return KR_EMPTY;
    if (!kr_is_int(numerator) || !kr_is_int(denominator))
        return kr_raise(kr_TypeError, "numerator and denominator of a Rational must be int");
    if (dec_num(*self)->kind == FINITE) {
        Settings exact = dec_exact_settings;
        exact.traps = s->traps & DEC_INVALID;
        *self = dec_binary(num_multiply, *self, denominator, &exact);
        if (kr_is_empty(*self)) return KR_EMPTY;
    }
    return dec_from_int(decimal_type, numerator);
}

/* The other operand of a comparison; *self may change with it. */
static KrValue comparable(KrValue *self, KrValue v, int op, Settings *s)
{
    if (dec_is_decimal(v) || kr_is_int(v)) return dec_operand(v);
    if (kr_is_float(v)) return float_operand(v, op, s);
    if (kr_is_a(v, &kr_complex_type)) {
        double re, im;
        if (op != KR_EQ && op != KR_NE) return kr_NotImplemented;
        if (kr_to_complex(v, &re, &im) < 0) return KR_EMPTY;
        return im == 0 ? float_operand(kr_float(re), op, s) : kr_NotImplemented;
    }
    int rational = kr_isinstance(v, rational_class);
    if (rational < 0) return KR_EMPTY;
    return rational ? rational_operand(self, v, s) : kr_NotImplemented;
}

static KrValue decimal_compare(KrValue a, KrValue b, int op)
{
    Settings *s = current();
    if (!s) return KR_EMPTY;
    KrValue self = a, other = comparable(&self, b, op, s);
    if (kr_is_empty(other) || kr_is(other, kr_NotImplemented)) return other;
    const Num *x = dec_num(self), *y = dec_num(other);
    if (!num_is_nan(x) && !num_is_nan(y)) return kr_bool(kr_order_holds(num_compare(x, y), op));
    bool equality = op == KR_EQ || op == KR_NE;
    bool signals = !equality || x->kind == SIGNALING_NAN || y->kind == SIGNALING_NAN;
    if (signals && dec_settle(s, DEC_INVALID_OPERATION) < 0) return KR_EMPTY;
    return kr_bool(op == KR_NE);
}

/* That of the equal int, float or Fraction: coef * 10**exp modulo the prime 2**61 - 1. */
static int64_t decimal_hash(KrValue self)
{
    const unsigned long prime = (UINT64_C(1) << 61) - 1, inverse_of_ten = 2075258708292324556;
    const Num *a = dec_num(self);
    if (a->kind == SIGNALING_NAN) {
        kr_raise(kr_TypeError, "Cannot hash a signaling NaN value");
        return -1;
    }
    if (a->kind == QUIET_NAN) return (int64_t)((uint64_t)(uintptr_t)kr_to_object(self) >> 4);
    if (a->kind == INFINITE) return a->negative ? -314159 : 314159;
    mpz_t power, modulus;
    mpz_init_set_ui(modulus, prime);
    mpz_init_set_ui(power, a->exp >= 0 ? 10 : inverse_of_ten);
    mpz_powm_ui(power, power, (unsigned long)(a->exp >= 0 ? a->exp : -a->exp), modulus);
    mpz_mul(power, power, a->coef);
    int64_t hash = (int64_t)mpz_tdiv_ui(power, prime);
    mpz_clear(power);
    mpz_clear(modulus);
    if (a->negative) hash = -hash;
    return hash == -1 ? -2 : hash;
}

/* ---- To other types ------------------------------------------------------------------------- */

static KrValue decimal_str(KrValue self)
{
    const Settings *s = current();
    return s ? dec_text(self, false, s->capitals) : KR_EMPTY;
}
static KrValue decimal_repr(KrValue self)
{
    KrValue text = decimal_str(self);
    return kr_is_empty(text) ? text : kr_str_format("Decimal('%U')", text);
}
static KrValue decimal_to_int(KrValue self)
{
    Settings *s = current();
    return s ? dec_to_int(dec_num(self), ROUND_DOWN, s) : KR_EMPTY;
}
static KrValue decimal_to_float(KrValue self)
{
    const Num *a = dec_num(self);
    if (a->kind == SIGNALING_NAN)
        return kr_raise(kr_ValueError, "cannot convert signaling NaN to float");
    if (a->kind == QUIET_NAN) return kr_float(a->negative ? -NAN : NAN);
    KrValue text = dec_text(self, false, true);
    return kr_is_empty(text) ? text : kr_float_parse(text);
}

static KrValue rounded_int(KrValue self, int rounding)
{
    Settings *s = current();
    return s ? dec_to_int(dec_num(self), rounding, s) : KR_EMPTY;
}
KR_FN(decimal, decimal_trunc, "__trunc__", "(self, /)", "The integer part, an int.")
{
    return rounded_int(a[0], ROUND_DOWN);
}
KR_FN(decimal, decimal_floor, "__floor__", "(self, /)", "The largest int that is not larger.")
{
    return rounded_int(a[0], ROUND_FLOOR);
}
KR_FN(decimal, decimal_ceil, "__ceil__", "(self, /)", "The smallest int that is not smaller.")
{
    return rounded_int(a[0], ROUND_CEILING);
}
KR_FN_RAW(decimal, decimal_round, "__round__", "(self, /, n=<unset>)",
          "Round half to even: to an int, or with n to a Decimal of n digits behind the point.")
{
    if (n > 2 || !kr_is_empty(kwnames))
        return kr_raise(kr_TypeError, "__round__ takes at most 1 argument");
    if (n < 2) return rounded_int(args[0], ROUND_HALF_EVEN);
    if (!kr_is_int(args[1])) return kr_raise(kr_TypeError, "optional arg must be an integer");
    int64_t places;
    Num *r, unit;
    uint32_t status = 0;
    Settings *s = current();
    if (!s || kr_to_int64(args[1], &places) < 0) return KR_EMPTY;
    KrValue result = dec_make(&r);
    if (!r) return KR_EMPTY;
    num_init(&unit);
    num_set_int(&unit, 1);
    unit.exp = places == INT64_MIN ? INT64_MAX : -places;
    num_quantize(r, dec_num(args[0]), &unit, s, &status);
    num_clear(&unit);
    return dec_finish(result, s, status);
}
KR_FN(decimal, decimal_complex, "__complex__", "(self, /)", "As a complex number.")
{
    KrValue x = decimal_to_float(a[0]);
    double re;
    return kr_is_empty(x) || kr_to_double(x, &re) < 0 ? KR_EMPTY : kr_complex(re, 0);
}
KR_FN(decimal, decimal_format, "__format__", "(self, spec, override=<unset>, /)",
      "Format by the specification; a dict like localeconv()'s overrides point and separators.")
{
    const Settings *s = current();
    return s ? dec_format(a[0], a[1], a[2], s) : KR_EMPTY;
}

/* ---- Parts ---------------------------------------------------------------------------------- */

KR_FN(decimal, decimal_as_tuple, "as_tuple", "(self, /)",
      "Return a tuple representation of the number.")
{
    const Num *n = dec_num(a[0]);
    KrValue exp = n->kind == FINITE          ? kr_int(n->exp)
                  : n->kind == INFINITE      ? kr_str("F")
                  : n->kind == SIGNALING_NAN ? kr_str("N")
                                             : kr_str("n");
    KrValue digits = kr_list(NULL, 0);
    if (kr_is_empty(digits) || kr_is_empty(exp)) return KR_EMPTY;
    if (n->kind == INFINITE) {
        if (kr_list_append(digits, kr_int(0)) < 0) return KR_EMPTY;
    } else if (n->digits) {
        char *text = mpz_get_str(NULL, 10, n->coef);
        int failed = 0;
        for (const char *c = text; *c && !failed; c++)
            failed = kr_list_append(digits, kr_int(*c - '0'));
        free(text);
        if (failed) return KR_EMPTY;
    }
    return kr_call3(tuple_class, kr_int(n->negative), kr_list_to_tuple(digits), exp);
}
KR_FN(decimal, decimal_as_integer_ratio, "as_integer_ratio", "(self, /)",
      "Return a pair of integers whose ratio is the number, in lowest terms and with a positive "
      "denominator.")
{
    const Num *n = dec_num(a[0]);
    uint32_t status = 0;
    if (num_is_nan(n)) return kr_raise(kr_ValueError, "cannot convert NaN to integer ratio");
    if (n->kind == INFINITE)
        return kr_raise(kr_OverflowError, "cannot convert Infinity to integer ratio");
    int64_t exp = num_is_zero(n) ? 0 : n->exp;
    if (!dec_room(n->digits + (exp < 0 ? -exp : exp), &status)) return kr_raise_no_memory();
    mpz_t numerator, denominator, common;
    mpz_inits(numerator, denominator, common, NULL);
    mpz_set_ui(denominator, 1);
    dec_scale(numerator, n->coef, exp > 0 ? exp : 0);
    dec_scale(denominator, denominator, exp < 0 ? -exp : 0);
    mpz_gcd(common, numerator, denominator);
    mpz_divexact(numerator, numerator, common);
    mpz_divexact(denominator, denominator, common);
    KrValue pair =
        kr_tuple_of(2, dec_int_of(numerator, n->negative), dec_int_of(denominator, false));
    mpz_clears(numerator, denominator, common, NULL);
    return pair;
}
KR_FN(decimal, decimal_adjusted, "adjusted", "(self, /)",
      "Return the exponent of the first digit; 0 for infinities and NaNs.")
{
    const Num *n = dec_num(a[0]);
    return kr_int(n->kind == FINITE ? num_adjusted(n) : 0);
}
KR_FN(decimal, decimal_canonical, "canonical", "(self, /)",
      "Return the number unchanged: its representation is canonical.")
{
    return a[0];
}
KR_FN(decimal, decimal_conjugate, "conjugate", "(self, /)", "Return self.") { return a[0]; }
KR_FN(decimal, decimal_radix, "radix", "(self, /)",
      "Return Decimal(10), the base in which calculations are done.")
{
    Num *n;
    KrValue v = dec_make(&n);
    if (n) num_set_int(n, 10);
    return v;
}
KR_FN(decimal, decimal_copy, "__copy__", "(self, /)", "Return self, which never changes.")
{
    return a[0];
}
KR_FN(decimal, decimal_deepcopy, "__deepcopy__", "(self, memo, /)",
      "Return self, which never changes.")
{
    return a[0];
}
KR_FN(decimal, decimal_reduce, "__reduce__", "(self, /)", "For pickle.")
{
    KrValue text = decimal_str(a[0]);
    return kr_tuple_of(2, kr_type_value(kr_type_of(a[0])),
                       kr_is_empty(text) ? text : kr_tuple_of(1, text));
}
KR_FN(decimal, decimal_sizeof, "__sizeof__", "(self, /)", "Size in memory, in bytes.")
{
    /* The coefficient counted in words of 19 digits, as other implementations store it. */
    int64_t words = (dec_num(a[0])->digits + 18) / 19;
    return kr_int((int64_t)sizeof(Decimal) + 8 * (words > 4 ? words : 4));
}
static KrValue get_real(KrValue self) { return self; }
static KrValue get_imag(KrValue self)
{
    (void)self;
    return dec_from_int(decimal_type, kr_int(0));
}
KR_GETSET(decimal, get_real, NULL, "real", "The number itself.")
KR_GETSET(decimal, get_imag, NULL, "imag", "Decimal('0').")

#include "modules/_decimal/decimal.entries.h"

/* ---- The module ----------------------------------------------------------------------------- */

static int make_type(void)
{
    static KrTypeSpec spec = {.name = "decimal.Decimal",
                              .doc =
                                  "Decimal(value='0', context=None)\n--\n\nConstruct a new Decimal "
                                  "object. 'value' can be an integer, string, tuple, or another "
                                  "Decimal object. If no value is given, return Decimal('0'). The "
                                  "context does not affect "
                                  "the conversion and is only passed to determine if the "
                                  "InvalidOperation trap is active.",
                              .size = sizeof(Decimal),
                              .release = decimal_release,
                              .getset = decimal_getset,
                              .slots = {.make = decimal_make,
                                        .repr = decimal_repr,
                                        .str = decimal_str,
                                        .hash = decimal_hash,
                                        .compare = decimal_compare,
                                        .truth = decimal_truth,
                                        .negative = decimal_negative,
                                        .positive = decimal_positive,
                                        .absolute = decimal_absolute,
                                        .to_int = decimal_to_int,
                                        .to_float = decimal_to_float,
                                        .power = decimal_power_modulo,
                                        .binary = {[KR_ADD] = decimal_add,
                                                   [KR_SUB] = decimal_subtract,
                                                   [KR_MUL] = decimal_multiply,
                                                   [KR_TRUEDIV] = decimal_divide,
                                                   [KR_FLOORDIV] = decimal_divide_int,
                                                   [KR_MOD] = decimal_remainder,
                                                   [KR_POW] = decimal_power,
                                                   [KR_DIVMOD] = decimal_divmod}}};
    spec.functions = dec_operations(decimal_functions, false);
    return kr_type_once(&decimal_type, &spec) ? 0 : -1;
}

/* DecimalTuple, as collections.namedtuple makes it. */
static int make_tuple_class(void)
{
    KrValue namedtuple = kr_import_attr("collections", "namedtuple");
    if (kr_is_empty(namedtuple)) return -1;
    kr_root(&tuple_class);
    const KrValue args[] = {kr_str("DecimalTuple"), kr_str("sign digits exponent"),
                            kr_str("decimal")};
    tuple_class = kr_call(namedtuple, args, 2, kr_tuple_of(1, kr_intern("module")));
    return kr_is_empty(tuple_class) ? -1 : 0;
}

static int register_number(void)
{
    KrValue number = kr_import_attr("numbers", "Number");
    kr_root(&rational_class);
    rational_class = kr_import_attr("numbers", "Rational");
    if (kr_is_empty(number) || kr_is_empty(rational_class)) return -1;
    return kr_is_empty(kr_call_method1(number, "register", kr_type_value(decimal_type))) ? -1 : 0;
}

int dec_decimal_init(KrValue module)
{
    if (make_type() < 0) return -1;
    if (kr_is_empty(tuple_class) && (make_tuple_class() < 0 || register_number() < 0)) return -1;
    return kr_module_add_type(module, decimal_type) < 0
               ? -1
               : kr_module_add(module, "DecimalTuple", tuple_class);
}

static int module_exec(KrValue module)
{
    if (dec_signals_init(module) < 0 || dec_decimal_init(module) < 0 ||
        dec_context_init(module) < 0)
        return -1;
    const IntConstant limits[] = {{"MAX_PREC", DEC_MAX_PREC},
                                  {"MAX_EMAX", DEC_MAX_EMAX},
                                  {"MIN_EMIN", DEC_MIN_EMIN},
                                  {"MIN_ETINY", DEC_MIN_ETINY},
                                  {NULL, 0}};
    if (add_constants(module, limits) < 0 || kr_module_add(module, "HAVE_THREADS", kr_True) < 0 ||
        kr_module_add(module, "HAVE_CONTEXTVAR", kr_True) < 0)
        return -1;
    /* The version of the specification; which library's arithmetic this is compatible with. */
    return kr_module_add(module, "__version__", kr_str("1.70")) < 0
               ? -1
               : kr_module_add(module, "__libmpdec_version__", kr_str("2.5.1"));
}
KR_MODULE(_decimal) = {.api_version = KR_API_VERSION,
                       .name = "_decimal",
                       .doc = "C decimal arithmetic module",
                       .exec = module_exec};
