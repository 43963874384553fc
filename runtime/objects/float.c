/* float.c: the type float: arithmetic, comparison, rounding. Text and conversions are in
 * float_convert.c.
 *
 * Exact floats are immediates; a subclass instance is a Float. IEEE semantics but for division by
 * zero and overflowing powers, which raise. */
#include "runtime/objects/float.h"

#include <errno.h>
#include <math.h>

#include "runtime/objects/format.h"
#include "runtime/objects/hash.h"
#include "runtime/objects/int.h"
#include "runtime/objects/quick.h"
#include "runtime/text/float_text.h"

Value kr_float(double x) { return from_float(x); }
bool kr_is_float(Value v) { return is_any_float(v); }

/* The operand as a double: 1; 0 when it is no float or int; -1 raised. */
static inline int operand(Value v, double *out)
{
    if (LIKELY(is_float(v))) {
        *out = float_of(v);
        return 1;
    }
    if (is_any_int(v)) return kr_int_to_double(v, out) < 0 ? -1 : 1;
    if (!is_any_float(v)) return 0;
    *out = any_float_of(v);
    return 1;
}

#define OPERANDS(a, b)               \
    double x, y;                     \
    int ok = operand(a, &x);         \
    if (ok > 0) ok = operand(b, &y); \
    if (UNLIKELY(ok <= 0)) return ok < 0 ? EMPTY : NOT_IMPLEMENTED

static Value float_add(Value a, Value b)
{
    OPERANDS(a, b);
    return from_float(x + y);
}

static Value float_sub(Value a, Value b)
{
    OPERANDS(a, b);
    return from_float(x - y);
}

static Value float_mul(Value a, Value b)
{
    OPERANDS(a, b);
    return from_float(x * y);
}

static Value float_truediv(Value a, Value b)
{
    OPERANDS(a, b);
    if (y == 0) return kr_raise(kr_ZeroDivisionError, "float division by zero");
    return from_float(x / y);
}

double kr_float_mod(double x, double y)
{
    double m = fmod(x, y);
    if (m == 0) return copysign(0, y);
    return (y < 0) != (m < 0) ? m + y : m;
}

double kr_float_floordiv(double x, double y)
{
    double m = fmod(x, y);
    double q = (x - m) / y;
    if (m != 0 && (y < 0) != (m < 0)) q -= 1;
    if (q == 0) return copysign(0, x / y);
    double f = floor(q);
    return q - f > 0.5 ? f + 1 : f;
}

static Value float_floordiv(Value a, Value b)
{
    OPERANDS(a, b);
    if (y == 0) return kr_raise(kr_ZeroDivisionError, "float floor division by zero");
    return from_float(kr_float_floordiv(x, y));
}

static Value float_mod(Value a, Value b)
{
    OPERANDS(a, b);
    if (y == 0) return kr_raise(kr_ZeroDivisionError, "float modulo");
    return from_float(kr_float_mod(x, y));
}

static Value float_divmod(Value a, Value b)
{
    OPERANDS(a, b);
    if (y == 0) return kr_raise(kr_ZeroDivisionError, "float divmod()");
    return kr_tuple_of(2, from_float(kr_float_floordiv(x, y)), from_float(kr_float_mod(x, y)));
}

Value kr_float_pow(double x, double y)
{
    if (y == 0) return from_double(1);
    if (x != x) return from_float(x);
    if (y != y) return x == 1 ? from_double(1) : from_float(y);
    bool odd = fmod(fabs(y), 2) == 1;
    if (isinf(y)) {
        x = fabs(x);
        if (x == 1) return from_double(1);
        return from_double((y > 0) == (x > 1) ? fabs(y) : 0.0);
    }
    if (isinf(x)) {
        if (y > 0) return from_double(odd ? x : fabs(x));
        return from_double(odd ? copysign(0, x) : 0.0);
    }
    if (x == 0) {
        if (y < 0)
            return kr_raise(kr_ZeroDivisionError, "0.0 cannot be raised to a negative power");
        return from_double(odd ? x : 0.0);
    }
    bool negate = false;
    if (x < 0) {
        if (y != floor(y)) return kr_binary(KR_POW, kr_complex(x, 0), kr_complex(y, 0));
        x = -x;
        negate = odd;
    }
    if (x == 1) return from_double(negate ? -1 : 1);
    double r = kr_math2(KR_MATH_POW, x, y);
    if (isinf(r)) {
        Value args[2] = {kr_int(ERANGE), kr_str("Numerical result out of range")};
        Value error = kr_call(kr_type_value(kr_OverflowError), args, 2, EMPTY);
        return is_empty(error) ? EMPTY : kr_raise_value(error);
    }
    return from_float(negate ? -r : r);
}

static Value float_pow(Value a, Value b)
{
    OPERANDS(a, b);
    return kr_float_pow(x, y);
}

static Value float_power(Value a, Value b, Value modulus)
{
    (void)a, (void)b, (void)modulus;
    return kr_raise(kr_TypeError,
                    "pow() 3rd argument not allowed unless all arguments are integers");
}

static Value float_negative(Value self) { return from_float(-any_float_of(self)); }
static Value float_positive(Value self) { return from_float(any_float_of(self)); }
static Value float_absolute(Value self) { return from_float(fabs(any_float_of(self))); }
static int float_truth(Value self) { return any_float_of(self) != 0; }
static Value float_to_int(Value self) { return kr_int_from_double(any_float_of(self)); }
static int64_t float_hash(Value self) { return kr_hash_double(any_float_of(self), self); }

static Value float_repr(Value self)
{
    char out[KR_FLOAT_REPR_SIZE];
    size_t n = kr_float_repr(any_float_of(self), out);
    return kr_str_latin1(out, n);
}

/* ---- Comparison ---- */

int kr_float_compare_int(double x, Value i)
{
    if (x != x) return 2;
    int64_t y;
    if (kr_int_fits(i, &y) && y >= -((int64_t)1 << 53) && y <= (int64_t)1 << 53) {
        double d = (double)y;
        return x < d ? -1 : x > d;
    }
    int sign = kr_int_sign(i);
    if (isinf(x)) return x > 0 ? 1 : -1;
    if (x == 0 || (x > 0) != (sign > 0)) return x > 0 ? 1 : x < 0 ? -1 : -sign;
    int e;
    frexp(x, &e);
    /* Same sign: by size first, so that no int is made of a huge double in vain. */
    size_t bits = kr_int_bit_length(i);
    if (e <= 0 || (size_t)e != bits) return (e > 0 && (size_t)e > bits) ? sign : -sign;
    Value whole = kr_int_from_double(x);
    int order = kr_int_compare(whole, i);
    if (order) return order;
    double fraction = x - trunc(x);
    return fraction > 0 ? 1 : fraction < 0 ? -1 : 0;
}

static Value float_compare(Value a, Value b, int op)
{
    double x, y = 0;
    if (is_any_float(a) && is_any_int(b)) {
        int order = kr_float_compare_int(any_float_of(a), b);
        if (order == 2) return from_bool(op == KR_NE);
        x = order;
    } else if (is_any_float(a) && is_any_float(b)) {
        x = any_float_of(a);
        y = any_float_of(b);
    } else {
        return NOT_IMPLEMENTED;
    }
    switch (op) {
    case KR_LT: return from_bool(x < y);
    case KR_LE: return from_bool(x <= y);
    case KR_EQ: return from_bool(x == y);
    case KR_NE: return from_bool(x != y);
    case KR_GT: return from_bool(x > y);
    default: return from_bool(x >= y);
    }
}

/* ---- Methods ---- */

static inline double self_of(const Value *a) { return any_float_of(a[0]); }

KR_FN(float, float_conjugate, "conjugate", "(self, /)",
      "Return self, the complex conjugate of any float.")
{
    return from_float(self_of(a));
}

KR_FN(float, float_trunc, "__trunc__", "(self, /)",
      "Return the Integral closest to x between 0 and x.")
{
    return kr_int_from_double(self_of(a));
}

KR_FN(float, float_floor, "__floor__", "(self, /)", "Return the floor as an Integral.")
{
    return kr_int_from_double(floor(self_of(a)));
}

KR_FN(float, float_ceil, "__ceil__", "(self, /)", "Return the ceiling as an Integral.")
{
    return kr_int_from_double(ceil(self_of(a)));
}

KR_FN(float, float_round, "__round__", "(self, ndigits=None, /)",
      "Return the Integral closest to x, rounding half toward even.\n\nWhen an argument is passed, "
      "work like built-in round(x, ndigits).")
{
    double x = self_of(a);
    if (is_none(a[1])) {
        double r = round(x);
        if (fabs(x - r) == 0.5) r = 2 * round(x / 2);
        return kr_int_from_double(r);
    }
    int64_t digits;
    if (kr_to_index_clamped(a[1], &digits) < 0) return EMPTY;
    if (!isfinite(x)) return from_float(x);
    int n = digits > 400 ? 400 : digits < -400 ? -400 : (int)digits;
    double r;
    if (!kr_float_round(x, n, &r))
        return kr_raise(kr_OverflowError, "rounded value too large to represent");
    return from_float(r);
}

KR_FN(float, float_is_integer, "is_integer", "(self, /)", "Return True if the float is an integer.")
{
    double x = self_of(a);
    return from_bool(isfinite(x) && floor(x) == x);
}

KR_FN(float, float_as_integer_ratio, "as_integer_ratio", "(self, /)",
      "Return integer ratio.\n\nReturn a pair of integers, whose ratio is exactly equal to the "
      "original float\nand with a positive denominator.\n\nRaise OverflowError on infinities and a "
      "ValueError on NaNs.\n\n>>> (10.0).as_integer_ratio()\n(10, 1)\n>>> "
      "(0.0).as_integer_ratio()\n(0, 1)\n>>> (-.25).as_integer_ratio()\n(-1, 4)")
{
    double x = self_of(a);
    if (isinf(x)) return kr_raise(kr_OverflowError, "cannot convert Infinity to integer ratio");
    if (x != x) return kr_raise(kr_ValueError, "cannot convert NaN to integer ratio");
    int e;
    double m = frexp(x, &e);
    for (int i = 0; i < 300 && m != floor(m); i++) {
        m *= 2;
        e--;
    }
    Value one = from_small_int(1), numerator = kr_int_from_double(m);
    if (is_empty(numerator)) return EMPTY;
    if (e > 0) return kr_tuple_of(2, kr_int_shift(numerator, kr_int(e), true), one);
    return kr_tuple_of(2, numerator, kr_int_shift(one, kr_int(-e), true));
}

KR_FN(float, float_getnewargs, "__getnewargs__", "(self, /)", NULL)
{
    return kr_tuple_of(1, from_float(self_of(a)));
}

KR_FN(float, float_format, "__format__", "(self, format_spec, /)",
      "Formats the float according to format_spec.")
{
    return kr_format_float(a[0], self_of(a), a[1]);
}

KR_FN(float, float_hex, "hex", "(self, /)",
      "Return a hexadecimal representation of a floating-point number.\n\n>>> "
      "(-0.1).hex()\n'-0x1.999999999999ap-4'\n>>> 3.14159.hex()\n'0x1.921f9f01b866ep+1'")
{
    double x = self_of(a);
    if (!isfinite(x)) return float_repr(a[0]);
    uint64_t bits;
    memcpy(&bits, &x, 8);
    unsigned long long fraction = bits & (((uint64_t)1 << 52) - 1);
    int exponent = (int)(bits >> 52 & 0x7FF);
    const char *sign = signbit(x) ? "-" : "";
    if (x == 0) return kr_str_format("%s0x0.0p+0", sign);
    int e = exponent ? exponent - 1023 : -1022;
    return kr_str_format("%s0x%d.%013llxp%s%d", sign, exponent != 0, fraction, e < 0 ? "-" : "+",
                         e < 0 ? -e : e);
}

KR_CLASSMETHOD(float, float_getformat, "__getformat__", "(type, typestr, /)",
               "Return the format of the C type 'double' or 'float' that typestr names:\n"
               "'unknown', 'IEEE, big-endian' or 'IEEE, little-endian'.")
{
    if (!is_str(a[1]))
        return kr_raise(kr_TypeError, "__getformat__() argument must be str, not %T", a[1]);
    if (!kr_str_equal_ascii(a[1], "double") && !kr_str_equal_ascii(a[1], "float"))
        return kr_raise(kr_ValueError, "__getformat__() argument 1 must be 'double' or 'float'");
    return kr_str(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? "IEEE, little-endian"
                                                            : "IEEE, big-endian");
}

/* The value of hexadecimal text, or an exception in *failed. */
static double parse_hex(Value text, bool *failed)
{
    *failed = true;
    size_t n;
    const char *p = kr_str_utf8(text, &n);
    if (!p) return 0;
    const char *end = p + n;
    while (p < end && (*p == ' ' || (*p >= '\t' && *p <= '\r'))) p++;
    while (end > p && (end[-1] == ' ' || (end[-1] >= '\t' && end[-1] <= '\r'))) end--;
    const char *stop;
    const char *word = p < end && (*p == '+' || *p == '-') ? p + 1 : p;
    if (word < end && ((*word | 32) == 'i' || (*word | 32) == 'n')) {
        double x = kr_float_read(p, end, &stop);
        if (stop == end) return *failed = false, x;
        goto invalid;
    }
    bool minus = p < end && *p == '-';
    p = word;
    if (end - p >= 2 && p[0] == '0' && (p[1] | 32) == 'x') p += 2;
    uint64_t m = 0;
    int64_t shift = 0;
    bool any = false, fraction = false;
    for (; p < end; p++) {
        if (*p == '.' && !fraction) {
            fraction = true;
            continue;
        }
        int digit = *p >= '0' && *p <= '9'                 ? *p - '0'
                    : (*p | 32) >= 'a' && (*p | 32) <= 'f' ? (*p | 32) - 'a' + 10
                                                           : -1;
        if (digit < 0) break;
        any = true;
        if (m >> 59) {
            m |= digit != 0; /* sticky */
            if (!fraction) shift += 4;
        } else {
            m = m << 4 | (unsigned)digit;
            if (fraction) shift -= 4;
        }
    }
    if (!any) goto invalid;
    if (p < end && (*p | 32) == 'p') {
        bool down = false;
        p++;
        if (p < end && (*p == '+' || *p == '-')) down = *p++ == '-';
        if (p == end || *p < '0' || *p > '9') goto invalid;
        int64_t e = 0;
        for (; p < end && *p >= '0' && *p <= '9'; p++)
            if (e < (int64_t)1 << 50) e = e * 10 + (*p - '0');
        shift += down ? -e : e;
    }
    if (p < end) goto invalid;
    double x = 0;
    if (m) {
        int clear = __builtin_clzll(m);
        if (shift > 4096) shift = 4096;
        if (shift < -4096) shift = -4096;
        x = kr_int_round_bits(m << clear, shift - clear);
        if (isinf(x)) {
            kr_raise(kr_OverflowError, "hexadecimal value too large to represent as a float");
            return 0;
        }
    }
    *failed = false;
    return minus ? -x : x;
invalid:
    kr_raise(kr_ValueError, "invalid hexadecimal floating-point string");
    return 0;
}

KR_CLASSMETHOD(float, float_fromhex, "fromhex", "(type, string, /)",
               "Create a floating-point number from a hexadecimal string.\n\n>>> "
               "float.fromhex('0x1.ffffp10')\n2047.984375\n>>> "
               "float.fromhex('-0x1p-1074')\n-5e-324")
{
    if (!is_str(a[1])) return kr_raise(kr_TypeError, "bad argument type for built-in operation");
    bool failed;
    double x = parse_hex(a[1], &failed);
    if (failed) return EMPTY;
    if (same(a[0], kr_type_value(&kr_float_type))) return from_float(x);
    return kr_call1(a[0], from_float(x));
}

static Value get_real(Value self) { return from_float(any_float_of(self)); }
static Value get_imag(Value self)
{
    (void)self;
    return from_double(0);
}
KR_GETSET(float, get_real, NULL, "real", "the real part of a complex number")
KR_GETSET(float, get_imag, NULL, "imag", "the imaginary part of a complex number")

static Value float_make(Type *type, const Value *args, size_t n, Value kwnames)
{
    if (check_no_keywords(type, &kr_float_type, "float", kwnames) < 0) return EMPTY;
    if (check_args("float", n, EMPTY, 0, 1) < 0) return EMPTY;
    Value v = n ? kr_float_from_object(args[0]) : from_double(0);
    if (is_empty(v) || type == &kr_float_type) return v;
    Float *x = kr_type_alloc(type);
    if (!x) return EMPTY;
    x->value = float_of(v);
    return from_object(x);
}

#include "runtime/objects/float.entries.h"

static const KrTypeSpec float_spec = {
    .name = "float",
    .doc = "Convert a string or number to a floating point number, if possible.",
    .size = sizeof(Float),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_NO_WEAKREF,
    .functions = float_functions,
    .getset = float_getset,
    .slots =
        {
            .make = float_make,
            .repr = float_repr,
            .hash = float_hash,
            .compare = float_compare,
            .binary[KR_ADD] = float_add,
            .binary[KR_SUB] = float_sub,
            .binary[KR_MUL] = float_mul,
            .binary[KR_TRUEDIV] = float_truediv,
            .binary[KR_FLOORDIV] = float_floordiv,
            .binary[KR_MOD] = float_mod,
            .binary[KR_DIVMOD] = float_divmod,
            .binary[KR_POW] = float_pow,
            .power = float_power,
            .negative = float_negative,
            .positive = float_positive,
            .absolute = float_absolute,
            .truth = float_truth,
            .to_int = float_to_int,
            .to_float = float_positive,
        },
};

Type kr_float_type;

void kr_float_type_init(void) { kr_type_init(&kr_float_type, &float_spec); }
