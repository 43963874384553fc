/* int_type.c: the type int: its slots and methods. bool inherits nearly all of it (bool.c). */
#include <gmp.h>

#include "runtime/objects/bytes.h"
#include "runtime/objects/format.h"
#include "runtime/objects/int.h"
#include "runtime/objects/quick.h"

/* ---- Operators ---- */

#define BOTH_INTS(a, b) \
    if (!is_any_int(a) || !is_any_int(b)) return NOT_IMPLEMENTED

#define BINARY(name, expression)        \
    static Value name(Value a, Value b) \
    {                                   \
        BOTH_INTS(a, b);                \
        return expression;              \
    }

BINARY(int_add_slot, kr_int_add(a, b))
BINARY(int_sub_slot, kr_int_sub(a, b))
BINARY(int_mul_slot, kr_int_mul(a, b))
BINARY(int_truediv_slot, kr_int_truediv(a, b))
BINARY(int_floordiv_slot, kr_int_floordiv(a, b))
BINARY(int_mod_slot, kr_int_mod(a, b))
BINARY(int_divmod_slot, kr_int_divmod(a, b))
BINARY(int_pow_slot, kr_int_pow(a, b))
BINARY(int_lshift_slot, kr_int_shift(a, b, true))
BINARY(int_rshift_slot, kr_int_shift(a, b, false))
BINARY(int_and_slot, kr_int_bitwise(KR_AND, a, b))
BINARY(int_or_slot, kr_int_bitwise(KR_OR, a, b))
BINARY(int_xor_slot, kr_int_bitwise(KR_XOR, a, b))

static Value int_power_slot(Value a, Value b, Value modulus)
{
    if (!is_any_int(a) || !is_any_int(b) || !is_any_int(modulus)) return NOT_IMPLEMENTED;
    return kr_int_powmod(a, b, modulus);
}

static Value int_compare_slot(Value a, Value b, int op)
{
    BOTH_INTS(a, b);
    int order = kr_int_compare(a, b);
    return from_bool(kr_order_holds(order, op));
}

static Value int_repr(Value self) { return kr_int_to_text(self, 10, false); }
static int int_truth(Value self) { return kr_int_sign(self) != 0; }

static Value int_to_float(Value self)
{
    double x;
    return kr_int_to_double(self, &x) < 0 ? EMPTY : from_double(x);
}

/* ---- int(x, base) ---- */

static const KrFunction make_entry = {
    "int", "(x=<unset>, /, base=<unset>)", NULL, NULL, KR_KIND_BOUND, NULL};

static Value make_exact(Value x, Value base)
{
    if (is_empty(x)) {
        if (!is_empty(base)) return kr_raise(kr_TypeError, "int() missing string argument");
        return from_small_int(0);
    }
    if (is_empty(base)) return kr_int_from_object(x);
    int64_t b;
    Value index = kr_index(base);
    if (is_empty(index) || kr_to_index_clamped(index, &b) < 0) return EMPTY;
    if (b != 0 && (b < 2 || b > 36))
        return kr_raise(kr_ValueError, "int() base must be >= 2 and <= 36, or 0");
    if (is_str(x)) return kr_int_from_str(x, (int)b);
    if (is_bytes(x) || is_bytearray(x)) {
        TextSpan text = bytes_span(x);
        return kr_int_from_text(text.data, text.length, (int)b, x);
    }
    return kr_raise(kr_TypeError, "int() can't convert non-string with explicit base");
}

static Value int_make(Type *type, const Value *args, size_t n, Value kwnames)
{
    Value slots[2] = {EMPTY, EMPTY};
    if (n <= 2 && !has_keywords(kwnames)) {
        for (size_t i = 0; i < n; i++) slots[i] = args[i];
    } else if (kr_bind(&make_entry, args, n, kwnames, slots) < 0) {
        return EMPTY;
    }
    Value v = make_exact(slots[0], slots[1]);
    if (is_empty(v) || type == &kr_int_type) return v;
    IntView view;
    kr_int_view(v, &view);
    Int *x = kr_type_alloc_sized(type, sizeof(Int) + (size_t)view.n * sizeof(uint64_t));
    if (!x) return EMPTY;
    if (view.n) memcpy(x->limbs, view.limbs, (size_t)view.n * sizeof(uint64_t));
    x->size = view.negative ? -view.n : view.n;
    return from_object(x);
}

/* ---- Methods ---- */

KR_FN(int, int_bit_length, "bit_length", "(self, /)",
      "Number of bits necessary to represent self in binary.\n\n>>> bin(37)\n'0b100101'\n>>> "
      "(37).bit_length()\n6")
{
    return kr_int((int64_t)kr_int_bit_length(a[0]));
}

KR_FN(int, int_bit_count, "bit_count", "(self, /)",
      "Number of ones in the binary representation of the absolute value of self.\n\nAlso known as "
      "the population count.\n\n>>> bin(13)\n'0b1101'\n>>> (13).bit_count()\n3")
{
    IntView x;
    kr_int_view(a[0], &x);
    return kr_int(x.n ? (int64_t)mpn_popcount(x.limbs, x.n) : 0);
}

KR_FN(int, int_conjugate, "conjugate", "(self, /)",
      "Returns self, the complex conjugate of any int.")
{
    return kr_int_exact(a[0]);
}

KR_FN(int, int_trunc, "__trunc__", "(self, /)", "Truncating an Integral returns itself.")
{
    return kr_int_exact(a[0]);
}

KR_FN(int, int_floor, "__floor__", "(self, /)", "Flooring an Integral returns itself.")
{
    return kr_int_exact(a[0]);
}

KR_FN(int, int_ceil, "__ceil__", "(self, /)", "Ceiling of an Integral returns itself.")
{
    return kr_int_exact(a[0]);
}

KR_FN(int, int_round, "__round__", "(self, ndigits=<unset>, /)",
      "Rounding an Integral returns itself.\n\nRounding with an ndigits argument also returns an "
      "integer.")
{
    return is_empty(a[1]) ? kr_int_exact(a[0]) : kr_int_round(a[0], a[1]);
}

KR_FN(int, int_as_integer_ratio, "as_integer_ratio", "(self, /)",
      "Return integer ratio.\n\nReturn a pair of integers, whose ratio is exactly equal to the "
      "original int\nand with a positive denominator.\n\n>>> (10).as_integer_ratio()\n(10, 1)\n>>> "
      "(-10).as_integer_ratio()\n(-10, 1)\n>>> (0).as_integer_ratio()\n(0, 1)")
{
    return kr_tuple_of(2, kr_int_exact(a[0]), from_small_int(1));
}

KR_FN(int, int_getnewargs, "__getnewargs__", "(self, /)", NULL)
{
    return kr_tuple_of(1, kr_int_exact(a[0]));
}

KR_FN(int, int_format, "__format__", "(self, format_spec, /)", NULL)
{
    return kr_format_int(a[0], a[1]);
}

KR_FN(int, int_sizeof, "__sizeof__", "(self, /)", "Returns size in memory, in bytes.")
{
    IntView x;
    kr_int_view(a[0], &x);
    return kr_int((int64_t)sizeof(Int) + x.n * 8);
}

/* Reads "little" or "big" into *little. */
static int byte_order(Value v, const char *method, bool *little)
{
    if (is_str(v)) {
        *little = kr_str_equal_ascii(v, "little");
        if (*little || kr_str_equal_ascii(v, "big")) return 0;
    } else {
        kr_raise(kr_TypeError, "%s() argument 'byteorder' must be str, not %s", method,
                 kr_arg_type_name(v));
        return -1;
    }
    kr_raise(kr_ValueError, "byteorder must be either 'little' or 'big'");
    return -1;
}

KR_FN(int, int_to_bytes, "to_bytes", "(self, /, length=1, byteorder='big', *, signed=False)",
      "Return an array of bytes representing an integer.\n\n  length\n    Length of bytes object "
      "to use.  An OverflowError is raised if the\n    integer is not representable with the given "
      "number of bytes.  Default\n    is length 1.\n  byteorder\n    The byte order used to "
      "represent the integer.  If byteorder is 'big',\n    the most significant byte is at the "
      "beginning of the byte array.  If\n    byteorder is 'little', the most significant byte is "
      "at the end of the\n    byte array.  To request the native byte order of the host system, "
      "use\n    `sys.byteorder' as the byte order value.  Default is to use 'big'.\n  signed\n    "
      "Determines whether two's complement is used to represent the integer.\n    If signed is "
      "False and a negative integer is given, an OverflowError\n    is raised.")
{
    int64_t length;
    bool little;
    int is_signed = kr_truth(a[3]);
    if (is_signed < 0 || kr_to_index(a[1], &length) < 0 ||
        byte_order(a[2], "to_bytes", &little) < 0)
        return EMPTY;
    if (length < 0) return kr_raise(kr_ValueError, "length argument must be non-negative");
    Bytes *b = kr_bytes_alloc((size_t)length);
    if (!b || kr_int_to_bytes(a[0], b->data, (size_t)length, little, is_signed) < 0) return EMPTY;
    return from_object(b);
}

KR_CLASSMETHOD(int, int_from_bytes, "from_bytes",
               "(type, /, bytes, byteorder='big', *, signed=False)",
               "Return the integer represented by the given array of bytes.\n\n  bytes\n    Holds "
               "the array of bytes to convert.  The argument must either\n    support the buffer "
               "protocol or be an iterable object producing bytes.\n    Bytes and bytearray are "
               "examples of built-in objects that support the\n    buffer protocol.\n  byteorder\n"
               "    The byte order used to represent the integer.\n  signed\n    Indicates whether "
               "two's complement is used to represent the integer.")
{
    bool little;
    int is_signed = kr_truth(a[3]);
    if (is_signed < 0 || byte_order(a[2], "from_bytes", &little) < 0) return EMPTY;
    Value bytes = a[1];
    Value method = is_bytes(bytes) ? EMPTY : kr_find_special(bytes, KR_NAME("__bytes__"));
    if (!is_empty(method)) {
        bytes = kr_call0(method);
        if (is_empty(bytes)) return EMPTY;
        if (!is_bytes(bytes))
            return kr_raise(kr_TypeError, "__bytes__ returned non-bytes (type %T)", bytes);
    } else if (kr_raised()) {
        return EMPTY;
    }
    if (!is_bytes(bytes)) bytes = kr_bytes_from_object(bytes);
    if (is_empty(bytes)) return EMPTY;
    Value v = kr_int_from_bytes(bytes_of(bytes)->data, bytes_of(bytes)->size, little, is_signed);
    if (is_empty(v) || same(a[0], kr_type_value(&kr_int_type))) return v;
    return kr_call1(a[0], v);
}

/* ---- Attributes ---- */

static Value get_self(Value self) { return kr_int_exact(self); }
static Value get_real(Value self) { return kr_int_exact(self); }
static Value get_imag(Value self)
{
    (void)self;
    return from_small_int(0);
}
static Value get_denominator(Value self)
{
    (void)self;
    return from_small_int(1);
}

KR_GETSET(int, get_real, NULL, "real", "the real part of a complex number")
KR_GETSET(int, get_imag, NULL, "imag", "the imaginary part of a complex number")
KR_GETSET(int, get_self, NULL, "numerator", "the numerator of a rational number in lowest terms")
KR_GETSET(int, get_denominator, NULL, "denominator",
          "the denominator of a rational number in lowest terms")

#include "runtime/objects/int_type.entries.h"

static const KrTypeSpec int_spec = {
    .name = "int",
    .doc = "int([x]) -> integer\nint(x, base=10) -> integer\n\nConvert a number or string to an "
           "integer, or return 0 if no arguments\nare given.  If x is a number, return "
           "x.__int__().  For floating point\nnumbers, this truncates towards zero.\n\nIf x is not "
           "a number or if base is given, then x must be a string,\nbytes, or bytearray instance "
           "representing an integer literal in the\ngiven base.  The literal can be preceded by "
           "'+' or '-' and be surrounded\nby whitespace.  The base defaults to 10.  Valid bases "
           "are 0 and 2-36.\nBase 0 means to interpret the base from the string as an integer "
           "literal.\n>>> int('0b100', base=0)\n4",
    .size = sizeof(Int),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_NO_WEAKREF,
    .functions = int_functions,
    .getset = int_getset,
    .slots =
        {
            .make = int_make,
            .repr = int_repr,
            .hash = kr_int_hash,
            .compare = int_compare_slot,
            .binary[KR_ADD] = int_add_slot,
            .binary[KR_SUB] = int_sub_slot,
            .binary[KR_MUL] = int_mul_slot,
            .binary[KR_TRUEDIV] = int_truediv_slot,
            .binary[KR_FLOORDIV] = int_floordiv_slot,
            .binary[KR_MOD] = int_mod_slot,
            .binary[KR_DIVMOD] = int_divmod_slot,
            .binary[KR_POW] = int_pow_slot,
            .binary[KR_LSHIFT] = int_lshift_slot,
            .binary[KR_RSHIFT] = int_rshift_slot,
            .binary[KR_AND] = int_and_slot,
            .binary[KR_OR] = int_or_slot,
            .binary[KR_XOR] = int_xor_slot,
            .power = int_power_slot,
            .negative = kr_int_negate,
            .positive = kr_int_exact,
            .absolute = kr_int_abs,
            .invert = kr_int_invert,
            .truth = int_truth,
            .to_int = kr_int_exact,
            .to_float = int_to_float,
            .index = kr_int_exact,
        },
};

Type kr_int_type;

void kr_int_type_init(void) { kr_type_init(&kr_int_type, &int_spec); }
