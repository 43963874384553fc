/* complex.c: the type complex. Division is Smith's; powers with small integral exponents multiply,
 * others go through polar form, as CPython's do, so that results agree bit for bit. */
#include "runtime/objects/complex.h"
#include "runtime/objects/descriptor.h"

#include <math.h>
#include <stdlib.h>

#include "runtime/objects/float.h"
#include "runtime/objects/format.h"
#include "runtime/objects/hash.h"
#include "runtime/objects/int.h"
#include "runtime/objects/quick.h"
#include "runtime/text/float_text.h"

Value kr_complex(double real, double imag)
{
    Complex *z = heap_alloc(&kr_complex_type, sizeof(Complex));
    if (!z) return EMPTY;
    z->re = real;
    z->im = imag;
    return from_object(z);
}

/* 1, 0 when v is no number, -1 raised. */
static int operand(Value v, double out[2])
{
    out[1] = 0;
    if (is_any_complex(v)) {
        out[0] = complex_of(v)->re;
        out[1] = complex_of(v)->im;
    } else if (is_any_float(v)) {
        out[0] = any_float_of(v);
    } else if (is_any_int(v)) {
        return kr_int_to_double(v, out) < 0 ? -1 : 1;
    } else {
        return 0;
    }
    return 1;
}

#define OPERANDS(a, b)              \
    double x[2], y[2];              \
    int ok = operand(a, x);         \
    if (ok > 0) ok = operand(b, y); \
    if (ok <= 0) return ok < 0 ? EMPTY : NOT_IMPLEMENTED

static Value complex_add(Value a, Value b)
{
    OPERANDS(a, b);
    return kr_complex(x[0] + y[0], x[1] + y[1]);
}

static Value complex_sub(Value a, Value b)
{
    OPERANDS(a, b);
    return kr_complex(x[0] - y[0], x[1] - y[1]);
}

static void multiply(const double a[2], const double b[2], double out[2])
{
    double re = a[0] * b[0] - a[1] * b[1], im = a[0] * b[1] + a[1] * b[0];
    out[0] = re;
    out[1] = im;
}

static Value complex_mul(Value a, Value b)
{
    OPERANDS(a, b);
    double z[2];
    multiply(x, y, z);
    return kr_complex(z[0], z[1]);
}

int kr_complex_divide(const double a[2], const double b[2], double out[2])
{
    double re = fabs(b[0]), im = fabs(b[1]);
    if (re >= im) {
        if (re == 0) return -1;
        double ratio = b[1] / b[0], d = b[0] + b[1] * ratio;
        out[0] = (a[0] + a[1] * ratio) / d;
        out[1] = (a[1] - a[0] * ratio) / d;
    } else if (im >= re) {
        double ratio = b[0] / b[1], d = b[0] * ratio + b[1];
        out[0] = (a[0] * ratio + a[1]) / d;
        out[1] = (a[1] * ratio - a[0]) / d;
    } else {
        out[0] = out[1] = NAN;
    }
    return 0;
}

static Value complex_truediv(Value a, Value b)
{
    OPERANDS(a, b);
    double z[2];
    if (kr_complex_divide(x, y, z) < 0)
        return kr_raise(kr_ZeroDivisionError, "complex division by zero");
    return kr_complex(z[0], z[1]);
}

static void power_unsigned(const double x[2], long n, double out[2])
{
    double r[2] = {1, 0}, p[2] = {x[0], x[1]};
    for (long mask = 1; mask > 0 && n >= mask; mask <<= 1) {
        if (n & mask) multiply(r, p, r);
        multiply(p, p, p);
    }
    out[0] = r[0];
    out[1] = r[1];
}

int kr_complex_power(const double a[2], const double b[2], double out[2])
{
    static const double one[2] = {1, 0};
    if (b[1] == 0 && b[0] == floor(b[0]) && fabs(b[0]) <= 100) {
        long n = (long)b[0];
        if (n >= 0) {
            power_unsigned(a, n, out);
        } else {
            double p[2];
            power_unsigned(a, -n, p);
            if (kr_complex_divide(one, p, out) < 0) return -1;
        }
    } else if (b[0] == 0 && b[1] == 0) {
        out[0] = 1;
        out[1] = 0;
    } else if (a[0] == 0 && a[1] == 0) {
        if (b[1] != 0 || b[0] < 0) return -1;
        out[0] = out[1] = 0;
    } else {
        double size = hypot(a[0], a[1]), length = pow(size, b[0]);
        double angle = atan2(a[1], a[0]), phase = angle * b[0];
        if (b[1] != 0) {
            length /= exp(angle * b[1]);
            phase += b[1] * log(size);
        }
        if (isinf(phase)) return -1; /* no angle: a domain error of sin and cos */
        out[0] = length * cos(phase);
        out[1] = length * sin(phase);
    }
    return isinf(out[0]) || isinf(out[1]) ? -2 : 0;
}

static Value complex_pow(Value a, Value b)
{
    OPERANDS(a, b);
    double z[2];
    int status = kr_complex_power(x, y, z);
    if (status == -1) return kr_raise(kr_ZeroDivisionError, "0.0 to a negative or complex power");
    if (status == -2) return kr_raise(kr_OverflowError, "complex exponentiation");
    return kr_complex(z[0], z[1]);
}

static Value complex_power(Value a, Value b, Value modulus)
{
    (void)modulus;
    if (!is_any_complex(a) && !is_any_complex(b)) return NOT_IMPLEMENTED;
    return kr_raise(kr_ValueError, "complex modulo");
}

static Value complex_negative(Value v)
{
    return kr_complex(-complex_of(v)->re, -complex_of(v)->im);
}

static Value complex_positive(Value v)
{
    return is_exact(v, &kr_complex_type) ? v : kr_complex(complex_of(v)->re, complex_of(v)->im);
}

static Value complex_absolute(Value v)
{
    double re = complex_of(v)->re, im = complex_of(v)->im;
    double r = hypot(re, im);
    if (isinf(r) && isfinite(re) && isfinite(im))
        return kr_raise(kr_OverflowError, "absolute value too large");
    return from_float(r);
}

static int complex_truth(Value v) { return complex_of(v)->re != 0 || complex_of(v)->im != 0; }

static int64_t complex_hash(Value v)
{
    uint64_t re = (uint64_t)kr_hash_double(complex_of(v)->re, v);
    uint64_t im = (uint64_t)kr_hash_double(complex_of(v)->im, v);
    int64_t h = (int64_t)(re + HASH_IMAG * im);
    return h == -1 ? -2 : h;
}

static Value complex_compare(Value a, Value b, int op)
{
    if ((op != KR_EQ && op != KR_NE) || !is_any_complex(a)) return NOT_IMPLEMENTED;
    Complex *z = complex_of(a);
    bool equal;
    if (is_any_complex(b))
        equal = z->re == complex_of(b)->re && z->im == complex_of(b)->im;
    else if (is_any_float(b))
        equal = z->im == 0 && z->re == any_float_of(b);
    else if (is_any_int(b))
        equal = z->im == 0 && kr_float_compare_int(z->re, b) == 0;
    else
        return NOT_IMPLEMENTED;
    return from_bool(equal == (op == KR_EQ));
}

static Value complex_repr(Value v)
{
    double re = complex_of(v)->re, im = complex_of(v)->im;
    bool both = re != 0 || signbit(re);
    size_t n, m = 0;
    char *imag = kr_float_text(im, 'r', 0, both ? FLOAT_SIGN : 0, &n);
    char *real = both ? kr_float_text(re, 'r', 0, 0, &m) : NULL;
    Value s;
    if (!imag || (both && !real))
        s = kr_raise_no_memory();
    else
        s = both ? kr_str_format("(%s%sj)", real, imag) : kr_str_format("%sj", imag);
    free(imag);
    free(real);
    return s;
}

/* ---- complex(real, imag) ---- */

static const KrFunction make_entry = {
    "complex", "(real=<unset>, imag=<unset>)", NULL, NULL, KR_KIND_BOUND, NULL};

static bool is_real(Value v)
{
    return !is_str(v) && (type_of(v)->slots.to_float || kr_has_index(v));
}

/* A number for either argument: 1, 0 when v is none, -1 raised. *is_complex: it has an imaginary
 * part. */
static int number(Value v, double out[2], bool *is_complex)
{
    *is_complex = true;
    int status = is_object(v) ? kr_complex_through_method(v, out, out + 1) : 0;
    if (status) return status;
    if (is_any_complex(v)) return operand(v, out);
    *is_complex = false;
    out[1] = 0;
    if (!is_real(v)) return 0;
    return kr_to_double(v, out) < 0 ? -1 : 1;
}

static Value complex_make(Type *type, const Value *args, size_t n, Value kwnames)
{
    Value slots[2] = {EMPTY, EMPTY};
    if (kr_bind(&make_entry, args, n, kwnames, slots) < 0) return EMPTY;
    double z[2] = {0, 0}, w[2] = {0, 0};
    bool real_complex = false, imag_complex = false;
    if (!is_empty(slots[0]) && is_str(slots[0])) {
        if (!is_empty(slots[1]))
            return kr_raise(kr_TypeError, "complex() can't take second arg if first is a string");
        Value parsed = kr_complex_parse(slots[0]);
        if (is_empty(parsed)) return EMPTY;
        z[0] = complex_of(parsed)->re;
        z[1] = complex_of(parsed)->im;
    } else {
        if (!is_empty(slots[1]) && is_str(slots[1]))
            return kr_raise(kr_TypeError, "complex() second arg can't be a string");
        int ok = is_empty(slots[0]) ? 1 : number(slots[0], z, &real_complex);
        if (ok == 0)
            return kr_raise(kr_TypeError,
                            "complex() first argument must be a string or a number, not '%T'",
                            slots[0]);
        if (ok < 0) return EMPTY;
        if (!is_empty(slots[1])) {
            imag_complex = is_any_complex(slots[1]);
            if (imag_complex) {
                operand(slots[1], w);
            } else {
                /* __complex__ is not asked of the second argument. */
                if (!is_real(slots[1]))
                    return kr_raise(kr_TypeError,
                                    "complex() second argument must be a number, not '%T'",
                                    slots[1]);
                if (kr_to_double(slots[1], w) < 0) return EMPTY;
            }
            /* real + imag * 1j */
            if (imag_complex) z[0] -= w[1];
            z[1] = real_complex ? z[1] + w[0] : w[0];
        }
        if (is_empty(slots[1]) && real_complex && type == &kr_complex_type &&
            is_exact(slots[0], type))
            return slots[0];
    }
    if (type == &kr_complex_type) return kr_complex(z[0], z[1]);
    Complex *c = kr_type_alloc(type);
    if (!c) return EMPTY;
    c->re = z[0];
    c->im = z[1];
    return from_object(c);
}

KR_FN(complex, complex_conjugate, "conjugate", "(self, /)",
      "Return the complex conjugate of its argument. (3-4j).conjugate() == 3+4j.")
{
    return kr_complex(complex_of(a[0])->re, -complex_of(a[0])->im);
}

KR_FN(complex, complex_complex, "__complex__", "(self, /)",
      "Convert this value to exact type complex.")
{
    return complex_positive(a[0]);
}

KR_FN(complex, complex_getnewargs, "__getnewargs__", "(self, /)", NULL)
{
    return kr_tuple_of(2, from_float(complex_of(a[0])->re), from_float(complex_of(a[0])->im));
}

KR_FN(complex, complex_format, "__format__", "(self, format_spec, /)",
      "Convert to a string according to format_spec.")
{
    return kr_format_complex(a[0], complex_of(a[0])->re, complex_of(a[0])->im, a[1]);
}

static Value get_real(Value self) { return from_float(complex_of(self)->re); }
static Value get_imag(Value self) { return from_float(complex_of(self)->im); }
KR_GETSET(complex, get_real, kr_descriptor_read_only, "real", "the real part of a complex number")
KR_GETSET(complex, get_imag, kr_descriptor_read_only, "imag",
          "the imaginary part of a complex number")

#include "runtime/objects/complex.entries.h"

static const KrTypeSpec complex_spec = {
    .name = "complex",
    .doc = "Create a complex number from a real part and an optional imaginary part.\n\nThis is "
           "equivalent to (real + imag*1j) where imag defaults to 0.",
    .size = sizeof(Complex),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_NO_WEAKREF,
    .functions = complex_functions,
    .getset = complex_getset,
    .slots = {.make = complex_make,
              .repr = complex_repr,
              .hash = complex_hash,
              .compare = complex_compare,
              .binary[KR_ADD] = complex_add,
              .binary[KR_SUB] = complex_sub,
              .binary[KR_MUL] = complex_mul,
              .binary[KR_TRUEDIV] = complex_truediv,
              .binary[KR_POW] = complex_pow,
              .power = complex_power,
              .negative = complex_negative,
              .positive = complex_positive,
              .absolute = complex_absolute,
              .truth = complex_truth},
};

Type kr_complex_type;

void kr_complex_type_init(void) { kr_type_init(&kr_complex_type, &complex_spec); }
