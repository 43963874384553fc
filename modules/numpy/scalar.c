/* scalar.c: NumPy's scalars: the class hierarchy under np.generic, their text, arithmetic and attributes.
 *
 * A scalar holds its bytes at the place where float and complex hold theirs, so that np.float64 is a float
 * and np.complex128 a complex for the rest of the runtime. The two bools are single objects. Arithmetic
 * goes through the ufuncs' scalar way; float64 has a shorter one. */
#include <fenv.h>
#include <stdio.h>

#include "modules/numpy/numpy.h"

KrType *np_scalar_types[KR_DTYPE_COUNT], *np_generic_type;
static KrType *number_type, *integer_type, *signedinteger_type, *unsignedinteger_type, *inexact_type, *floating_type,
    *complexfloating_type, *flexible_type, *character_type;
static Value true_value, false_value;

static Scalar *scalar_of(Value v) { return kr_to_object(v); }

static int num_of_type(const KrType *t)
{
    if (t == np_scalar_types[KR_F64]) return KR_F64;
    if (t == np_scalar_types[KR_I64]) return KR_I64;
    for (int i = 0; i < KR_DTYPE_COUNT; i++)
        if (np_scalar_types[i] == t) return i;
    if (!kr_is_subtype(t, np_generic_type)) return -1;
    for (int i = 0; i < KR_DTYPE_COUNT; i++)
        if (np_scalar_types[i] && kr_is_subtype(t, np_scalar_types[i])) return i;
    return -1;
}

int np_scalar_num(Value v, const char **bytes)
{
    if (!kr_is_object(v)) return -1;
    int num = num_of_type(kr_type_of(v));
    if (num < 0 || !np_is_numeric(num)) return -1;
    *bytes = scalar_of(v)->bytes;
    return num;
}

Dtype *np_scalar_dtype(Value v, const char **bytes)
{
    *bytes = NULL;
    if (!kr_is_object(v)) return NULL;
    int num = num_of_type(kr_type_of(v));
    if (num < 0 || num == KR_OBJECT) return NULL;
    if (np_is_numeric(num)) {
        *bytes = scalar_of(v)->bytes;
        return np_dtypes[num];
    }
    if (num == KR_STR) return np_dtype_sized(KR_STR, 4 * (int64_t)kr_str_length(v));
    if (num == KR_BYTES) return np_dtype_sized(KR_BYTES, (int64_t)kr_bytes_size(v));
    Scalar *s = scalar_of(v);
    if (num == KR_VOID) *bytes = np_array(s->keep)->a.data;
    else *bytes = s->bytes;
    return s->descr;
}

Value np_scalar_new(int num, const char *bytes)
{
    if (num == KR_BOOL) return *bytes ? true_value : false_value;
    Scalar *s = kr_alloc_instance(np_scalar_types[num]);
    if (!s) return EMPTY;
    memcpy(s->bytes, bytes, (size_t)np_dtypes[num]->item_size);
    return kr_from_object(s);
}

static Value new_double(double x) { return np_scalar_new(KR_F64, (const char *)&x); }

static Value item_of(Value v)
{
    const char *bytes;
    int num = np_scalar_num(v, &bytes);
    if (num >= 0) return np_item(bytes, np_dtypes[num]);
    Dtype *d = np_scalar_dtype(v, &bytes);
    if (!d) return v;
    if (d->num == KR_STR) return kr_str_slice(v, 0, kr_str_length(v));
    if (d->num == KR_BYTES) return kr_bytes(kr_bytes_data(v), kr_bytes_size(v));
    return np_item(bytes, d);
}

/* ---- Text ---- */

/* The shortest digits that read back as x in its own type, as repr(float) writes them. */
size_t np_float_repr(char *out, size_t size, double x, int bits)
{
    if (x != x) return (size_t)snprintf(out, size, "nan");
    if (x == INFINITY || x == -INFINITY) return (size_t)snprintf(out, size, x < 0 ? "-inf" : "inf");
    char digits[40];
    int most = bits == 64 ? 17 : bits == 32 ? 9 : 5;
    for (int n = 1; n <= most; n++) {
        snprintf(digits, sizeof digits, "%.*e", n - 1, x);
        if (n == most) break;
        if (bits == 64 ? strtod(digits, NULL) == x
                       : bits == 32 ? strtof(digits, NULL) == (float)x : (_Float16)strtod(digits, NULL) == (_Float16)x)
            break;
    }
    /* digits is d.ddde+xx */
    char *p = digits, mantissa[24];
    bool negative = *p == '-';
    if (negative) p++;
    int n = 0;
    for (; *p && *p != 'e'; p++)
        if (*p != '.') mantissa[n++] = *p;
    int exponent = atoi(p + 1);
    while (n > 1 && mantissa[n - 1] == '0') n--;
    mantissa[n] = 0;
    char *o = out, *end = out + size;
    if (negative) *o++ = '-';
    if (exponent < -4 || exponent >= 16) {
        o += snprintf(o, (size_t)(end - o), "%c", mantissa[0]);
        if (n > 1) o += snprintf(o, (size_t)(end - o), ".%s", mantissa + 1);
        o += snprintf(o, (size_t)(end - o), "e%c%02d", exponent < 0 ? '-' : '+', abs(exponent));
    } else if (exponent < 0) {
        o += snprintf(o, (size_t)(end - o), "0.");
        for (int i = -1; i > exponent; i--) *o++ = '0';
        o += snprintf(o, (size_t)(end - o), "%s", mantissa);
    } else {
        for (int i = 0; i <= exponent; i++) *o++ = i < n ? mantissa[i] : '0';
        o += snprintf(o, (size_t)(end - o), ".%s", n > exponent + 1 ? mantissa + exponent + 1 : "0");
    }
    *o = 0;
    return (size_t)(o - out);
}

static size_t part_text(char *out, size_t size, double x, int bits) /* in a complex: no ".0" */
{
    size_t n = np_float_repr(out, size, x, bits);
    if (n > 2 && !strcmp(out + n - 2, ".0")) out[n -= 2] = 0;
    return n;
}

static Value scalar_text(Value self)
{
    const char *p;
    int num = np_scalar_num(self, &p);
    char text[128];
    switch (num) {
    case KR_BOOL: return kr_str(*p ? "True" : "False");
    case KR_F16: {
        _Float16 x;
        memcpy(&x, p, 2);
        np_float_repr(text, sizeof text, (double)x, 16);
        return kr_str(text);
    }
    case KR_F32: {
        float x;
        memcpy(&x, p, 4);
        np_float_repr(text, sizeof text, (double)x, 32);
        return kr_str(text);
    }
    case KR_C64: case KR_C128: {
        double re, im;
        float parts[2];
        int bits = num == KR_C64 ? 32 : 64;
        if (num == KR_C64) {
            memcpy(parts, p, 8);
            re = (double)parts[0];
            im = (double)parts[1];
        } else {
            memcpy(&re, p, 8);
            memcpy(&im, p + 8, 8);
        }
        char a[48], b[48];
        part_text(a, sizeof a, re, bits);
        part_text(b, sizeof b, im, bits);
        if (re == 0 && !signbit(re)) snprintf(text, sizeof text, "%sj", b);
        else snprintf(text, sizeof text, "(%s%s%sj)", a, *b == '-' ? "" : "+", b);
        return kr_str(text);
    }
    case -1: return np_glue_call("scalar_str", &self, 1);
    default: {
        Value item = np_item(p, np_dtypes[num]);
        return kr_is_empty(item) ? item : kr_repr(item);
    }
    }
}

static Value scalar_repr(Value self)
{
    const char *p;
    int num = np_scalar_num(self, &p);
    if (num < 0) return np_glue_call("scalar_repr", &self, 1);
    Value text = scalar_text(self);
    if (kr_is_empty(text)) return text;
    if (!kr_is_empty(np_glue) && kr_dict_find_ascii(np_glue, "legacy_scalars").bits == kr_True.bits) return text;
    if (num == KR_BOOL) return kr_str_format("np.%U_", text);
    if (num == KR_C64 || num == KR_C128) {
        size_t n = kr_str_length(text);
        if (kr_str_at(text, 0) == '(') text = kr_str_slice(text, 1, n - 1);
    }
    return kr_str_format("np.%s(%U)", kr_type_name(np_scalar_types[num]), text);
}

/* ---- Arithmetic ---- */

static const char *const operator_names[KR_BINARY_COUNT] = {
    "scalar add", "scalar subtract", "scalar multiply", "scalar matmul", "scalar divide", "scalar floor_divide",
    "scalar remainder", "scalar power", "scalar left_shift", "scalar right_shift", "", "", "", "scalar divmod"};

static bool as_double(Value v, double *x)
{
    KrType *t = kr_type_of(v);
    if (t == &kr_float_type || t == np_scalar_types[KR_F64]) return kr_to_double(v, x) == 0;
    if (t == &kr_int_type && kr_int_bit_length(v) <= 53) {
        int64_t i;
        if (kr_to_int64(v, &i) < 0) return false;
        *x = (double)i;
        return true;
    }
    return false;
}

static bool operand_known(Value v)
{
    return np_weak_kind(v) || (kr_is_object(v) && kr_is_a(v, np_generic_type));
}

/* Exact integer result, to warn of wrapping. */
static int integer_overflow(int op, int num, Value a, Value b)
{
    const char *p;
    int64_t x, y;
    __int128 r;
    if (np_scalar_num(a, &p) == KR_U64 || np_scalar_num(b, &p) == KR_U64 || num == KR_U64) {
        uint64_t u, v;
        if (kr_to_uint64(a, &u) < 0 || kr_to_uint64(b, &v) < 0) {
            kr_clear_exception();
            return 0;
        }
        r = op == KR_ADD ? (__int128)u + v : op == KR_SUB ? (__int128)u - v : 0;
        if (op == KR_MUL) return __builtin_mul_overflow(u, v, &u) ? np_fp_report(FE_OVERFLOW, operator_names[op]) : 0;
        return r < 0 || r > (__int128)UINT64_MAX ? np_fp_report(FE_OVERFLOW, operator_names[op]) : 0;
    }
    if (kr_to_int64(a, &x) < 0 || kr_to_int64(b, &y) < 0) {
        kr_clear_exception();
        return 0;
    }
    r = op == KR_ADD ? (__int128)x + y : op == KR_SUB ? (__int128)x - y : (__int128)x * y;
    int bits = (int)np_dtypes[num]->item_size * 8;
    bool is_unsigned = np_dtypes[num]->kind == 'u';
    __int128 low = is_unsigned ? 0 : -((__int128)1 << (bits - 1)), high = is_unsigned ? ((__int128)1 << bits) - 1 : -low - 1;
    return r < low || r > high ? np_fp_report(FE_OVERFLOW, operator_names[op]) : 0;
}

extern Value np_ufunc_scalars(Ufunc *f, Value a, Value b, const char *shown);

/* Python numbers' subclasses may want the operation for themselves. */
static bool declines_ufuncs(Value v)
{
    if (!kr_is_object(v)) return false;
    KrType *t = kr_type_of(v);
    int num = num_of_type(t);
    if (t == &kr_float_type || t == &kr_int_type || t == &kr_complex_type || (num >= 0 && t == np_scalar_types[num])) return false;
    return kr_is(kr_type_find(t, KR_NAME("__array_ufunc__")), kr_None);
}

Value np_scalar_binary(int op, Value a, Value b)
{
    double x, y;
    if (op <= KR_MUL && as_double(a, &x) && as_double(b, &y)) {
        double r = op == KR_ADD ? x + y : op == KR_SUB ? x - y : x * y;
        if (r - r == 0) return new_double(r);
    } else if (op == KR_TRUEDIV && as_double(a, &x) && as_double(b, &y) && y != 0) {
        double r = x / y;
        const char *p;
        if (r - r == 0 && (np_scalar_num(a, &p) == KR_F64 || np_scalar_num(b, &p) == KR_F64)) return new_double(r);
    }
    if (np_is_array(a) || np_is_array(b)) return np_operator(op, a, b);
    if (declines_ufuncs(a) || declines_ufuncs(b)) return kr_NotImplemented;
    if (!operand_known(a) || !operand_known(b)) {
        Value other = operand_known(a) ? b : a;
        if (kr_is_list(other) || kr_is_tuple(other)) {
            if (op == KR_MUL && !np_is_array(other)) {
                const char *p;
                int num = np_scalar_num(operand_known(a) ? a : b, &p);
                if (num >= 0 && np_is_integer(num)) return kr_NotImplemented; /* repeats the sequence */
            }
            return np_operator(op, a, b);
        }
        if (kr_is(other, kr_None)) return kr_NotImplemented;
        if (kr_is_str(other) || kr_is_bytes(other)) return kr_NotImplemented;
        return kr_is_empty(kr_type_find(kr_type_of(other), KR_NAME("__array__"))) ? kr_NotImplemented : np_operator(op, a, b);
    }
    const char *p;
    if (op == KR_MATMUL) return kr_raise(kr_ValueError, "matmul: Input operand 0 does not have enough dimensions (has 0, gufunc core with signature (n?,k),(k,m?)->(n?,m?) requires 1)");
    if (kr_is_str(a) || kr_is_str(b) || kr_is_bytes(a) || kr_is_bytes(b)) return kr_NotImplemented;
    Value r = np_ufunc_scalars(np_operators[op], a, b, operator_names[op]);
    if (kr_is_empty(r)) return r;
    if (op <= KR_MUL) {
        int num = np_scalar_num(r, &p);
        if (num >= 0 && np_is_integer(num) && integer_overflow(op, num, a, b) < 0) return EMPTY;
    }
    return r;
}

#define OPERATOR(name, op)                                                                         \
    static Value scalar_##name(Value a, Value b) { return np_scalar_binary(op, a, b); }
OPERATOR(add, KR_ADD)
OPERATOR(sub, KR_SUB)
OPERATOR(mul, KR_MUL)
OPERATOR(matmul, KR_MATMUL)
OPERATOR(truediv, KR_TRUEDIV)
OPERATOR(floordiv, KR_FLOORDIV)
OPERATOR(mod, KR_MOD)
OPERATOR(lshift, KR_LSHIFT)
OPERATOR(rshift, KR_RSHIFT)
OPERATOR(and, KR_AND)
OPERATOR(xor, KR_XOR)
OPERATOR(or, KR_OR)
OPERATOR(divmod, KR_DIVMOD)

static Value scalar_pow(Value a, Value b)
{
    const char *p;
    int num = np_scalar_num(a, &p);
    Value exponent = item_of(b);
    if (kr_is_int_exact(exponent) && kr_int_sign(exponent) < 0 && (num >= 0 ? np_is_integer(num) : kr_is_int(a)))
        return kr_raise(kr_ValueError, "Integers to negative integer powers are not allowed.");
    return np_scalar_binary(KR_POW, a, b);
}
static Value scalar_power(Value a, Value b, Value modulus)
{
    (void)modulus;
    (void)a;
    (void)b;
    return kr_NotImplemented;
}

/* Does -v or abs(v) not fit its type? Reported as overflow. */
static int report_unary(Value v, bool absolute)
{
    const char *p;
    int num = np_scalar_num(v, &p);
    if (num < 0 || !np_is_integer(num)) return 0;
    Value item = np_item(p, np_dtypes[num]);
    bool is_unsigned = np_dtypes[num]->kind == 'u', overflow = is_unsigned && !absolute && kr_int_sign(item) != 0;
    if (!is_unsigned && kr_int_sign(item) < 0) {
        int64_t i;
        if (kr_to_int64(item, &i) < 0) return -1;
        overflow = i == INT64_MIN >> (64 - 8 * np_dtypes[num]->item_size);
    }
    return overflow ? np_fp_report(FE_OVERFLOW, absolute ? "scalar absolute" : "scalar negative") : 0;
}

static Value scalar_negative(Value v) { return report_unary(v, false) < 0 ? EMPTY : np_ufunc_call1(np_negative_f, v); }
static Value scalar_positive(Value v) { return np_ufunc_call1(np_positive_f, v); }
static Value scalar_absolute(Value v) { return report_unary(v, true) < 0 ? EMPTY : np_ufunc_call1(np_absolute_f, v); }
static Value scalar_invert(Value v) { return np_ufunc_call1(np_invert_f, v); }

static Value scalar_compare(Value a, Value b, int op)
{
    double x, y;
    if (as_double(a, &x) && as_double(b, &y)) {
        bool r = op == KR_LT ? x < y : op == KR_LE ? x <= y : op == KR_EQ ? x == y : op == KR_NE ? x != y : op == KR_GT ? x > y : x >= y;
        return r ? true_value : false_value;
    }
    /* Of a subclass (masked arrays) the other operand's own comparison is asked. */
    if (np_is_array(b)) return kr_type_of(b) == np_array_type ? np_array_compare(a, b, op) : kr_NotImplemented;
    if (kr_is_list(b) || kr_is_tuple(b)) return np_array_compare(a, b, op);
    if (kr_is(b, kr_None)) return op == KR_EQ ? false_value : op == KR_NE ? true_value : kr_NotImplemented;
    if (kr_is_str(a) || kr_is_bytes(a)) {
        Value r = kr_compare(item_of(a), operand_known(b) && (kr_is_str(b) || kr_is_bytes(b)) ? item_of(b) : b, op);
        if (kr_is_empty(r) || !kr_is_bool(r)) return r;
        return kr_is(r, kr_True) ? true_value : false_value;
    }
    if (!operand_known(b) || declines_ufuncs(b)) return kr_NotImplemented;
    if (num_of_type(kr_type_of(a)) == KR_VOID) return np_array_compare(np_value(np_as_array(a, NULL)), b, op);
    return np_ufunc_call2(np_comparisons[op], a, b);
}

static int64_t scalar_hash(Value v)
{
    Value item = item_of(v);
    return kr_is_empty(item) ? -1 : kr_hash(item);
}
static int scalar_truth(Value v)
{
    Value item = item_of(v);
    return kr_is_empty(item) ? -1 : kr_truth(item);
}
static Value scalar_to_int(Value v)
{
    Value item = item_of(v);
    return kr_is_empty(item) ? item : kr_to_int(item);
}
static Value scalar_to_float(Value v)
{
    const char *p;
    if (np_scalar_num(v, &p) == KR_F64) {
        double x;
        memcpy(&x, p, 8);
        return kr_float(x);
    }
    Value item = item_of(v);
    return kr_is_empty(item) ? item : kr_to_float(item);
}
static Value integer_index(Value v) { return item_of(v); }

/* ---- Making ---- */

static Value scalar_make(KrType *type, const Value *args, size_t n, Value kwnames)
{
    int num = num_of_type(type);
    if (num < 0) return kr_raise(kr_TypeError, "cannot create 'numpy.%s' instances", kr_type_name(type));
    if (num == KR_DATETIME || num == KR_TIMEDELTA || num == KR_VOID) {
        Value items[8];
        if (n > 6) return kr_raise(kr_TypeError, "too many arguments");
        items[0] = kr_type_value(type);
        for (size_t i = 0; i < n; i++) items[i + 1] = args[i];
        return np_glue_call("make_scalar", items, n + 1);
    }
    if (!kr_is_empty(kwnames) && kr_tuple_size(kwnames)) return kr_raise(kr_TypeError, "%s() takes no keyword arguments", kr_type_name(type));
    if (num == KR_OBJECT && n <= 1) return n ? np_return(np_as_array(args[0], np_dtypes[KR_OBJECT])) : kr_None;
    if (n > 1) return kr_raise(kr_TypeError, "%s expected at most 1 argument, got %d", kr_type_name(type), (int)n);
    char bytes[16] = {0};
    Dtype *d = np_dtypes[num];
    if (n == 1) {
        Value v = args[0];
        const char *p;
        Dtype *from = np_scalar_dtype(v, &p);
        if (kr_is_list(v) || kr_is_tuple(v) || np_is_array(v)) {
            NdArray *x = np_as_array(v, d);
            return x ? np_return(x) : EMPTY;
        }
        if (from && p) {
            if (np_is_complex(from->num) && !np_is_complex(num) && num != KR_BOOL) {
                Value warned = kr_import_attr("numpy.exceptions", "ComplexWarning");
                if (kr_is_empty(warned) || kr_warn(kr_to_object(warned), 1, "Casting complex values to real discards the imaginary part") < 0) return EMPTY;
            }
            if (np_cast_find(from, d)(p, 0, bytes, 0, 1, from, d) < 0) return EMPTY;
        } else if (np_is_float(num) && kr_is(v, kr_None)) {
            double nan = NAN;
            if (np_store(bytes, d, kr_float(nan)) < 0) return EMPTY;
        } else {
            if (kr_is_object(v) && !kr_is_str(v) && !kr_is_bytes(v) && !np_weak_kind(v) && num != KR_BOOL) {
                NdArray *x = np_as_array(v, NULL);
                if (!x) return EMPTY;
                if (x->a.dtype != KR_OBJECT) return np_return(np_as_type(x, d));
            }
            if (np_store(bytes, d, v) < 0) return EMPTY;
        }
    }
    if (num == KR_BOOL) return *bytes ? true_value : false_value;
    Scalar *s = kr_alloc_instance(type);
    if (!s) return EMPTY;
    memcpy(s->bytes, bytes, (size_t)d->item_size);
    return kr_from_object(s);
}

/* A scalar's memory, read only: that of a 0-d array of its value. Times show their bytes. */
static int scalar_buffer(Value self, KrBuffer *buffer, int flags)
{
    if (flags & KR_BUFFER_WRITE) {
        kr_raise(kr_BufferError, "scalar buffer is readonly");
        return -1;
    }
    NdArray *x = np_as_array(self, NULL);
    if (!x) return -1;
    if (x->descr->kind == 'M' || x->descr->kind == 'm') {
        int64_t size = x->a.item_size;
        x = np_wrap_memory(x->a.data, np_dtypes[KR_U8], 1, &size, NULL, np_value(x), false);
        if (!x) return -1;
    }
    if (np_array_buffer(np_value(x), buffer, flags) < 0) return -1;
    buffer->read_only = true;
    return 0;
}

/* ---- Attributes ---- */

static Dtype *descr_of(Value v)
{
    const char *p;
    return np_scalar_dtype(v, &p);
}
static Value as_array(Value v) { return np_value(np_as_array(v, NULL)); }
static Value get_dtype(Value self)
{
    Dtype *d = descr_of(self);
    return d ? np_dtype_value(d) : EMPTY;
}
static Value get_shape(Value self) { (void)self; return kr_tuple(NULL, 0); }
static Value get_strides(Value self) { (void)self; return kr_tuple(NULL, 0); }
static Value get_ndim(Value self) { (void)self; return kr_int(0); }
static Value get_size(Value self) { (void)self; return kr_int(1); }
static Value get_itemsize(Value self) { Dtype *d = descr_of(self); return d ? kr_int(d->item_size) : EMPTY; }
static Value get_nbytes(Value self) { return get_itemsize(self); }
static Value get_T(Value self) { return self; }
static Value get_base(Value self) { (void)self; return kr_None; }
static Value get_part(Value self, const char *name)
{
    const char *p;
    int num = np_scalar_num(self, &p);
    if (num >= 0 && !np_is_complex(num)) {
        if (*name == 'r') return self;
        char zero[16] = {0};
        return np_scalar_new(num, zero);
    }
    if (num >= 0) return np_scalar_new(num == KR_C64 ? KR_F32 : KR_F64, p + (*name == 'r' ? 0 : num == KR_C64 ? 4 : 8));
    Value x = as_array(self);
    return kr_is_empty(x) ? x : kr_getattr_ascii(x, name);
}
static Value get_real(Value self) { return get_part(self, "real"); }
static Value get_imag(Value self) { return get_part(self, "imag"); }
static Value through_array(Value self, const char *name)
{
    Value x = as_array(self);
    return kr_is_empty(x) ? x : kr_getattr_ascii(x, name);
}
static Value get_flags(Value self) { return through_array(self, "flags"); }
static Value get_flat(Value self) { return through_array(self, "flat"); }
static Value get_data(Value self) { return through_array(self, "data"); }
static Value get_interface(Value self) { return through_array(self, "__array_interface__"); }
static Value get_device(Value self) { (void)self; return kr_str("cpu"); }
KR_GETSET(generic, get_dtype, NULL, "dtype", "Get array data-descriptor.")
KR_GETSET(generic, get_shape, NULL, "shape", "Tuple of array dimensions.")
KR_GETSET(generic, get_strides, NULL, "strides", "Tuple of bytes steps in each dimension.")
KR_GETSET(generic, get_ndim, NULL, "ndim", "The number of array dimensions.")
KR_GETSET(generic, get_size, NULL, "size", "The number of elements in the gentype.")
KR_GETSET(generic, get_itemsize, NULL, "itemsize", "The length of one element in bytes.")
KR_GETSET(generic, get_nbytes, NULL, "nbytes", "The length of the scalar in bytes.")
KR_GETSET(generic, get_T, NULL, "T", "Scalar attribute identical to the corresponding array attribute.")
KR_GETSET(generic, get_base, NULL, "base", "None.")
KR_GETSET(generic, get_real, NULL, "real", "The real part of the scalar.")
KR_GETSET(generic, get_imag, NULL, "imag", "The imaginary part of the scalar.")
KR_GETSET(generic, get_flags, NULL, "flags", "The integer value of flags.")
KR_GETSET(generic, get_flat, NULL, "flat", "A 1-D view of the scalar.")
KR_GETSET(generic, get_data, NULL, "data", "Pointer to start of data.")
KR_GETSET(generic, get_interface, NULL, "__array_interface__", "Array protocol: Python side.")
KR_GETSET(generic, get_device, NULL, "device", "Where the scalar stands.")

KR_FN(generic, generic_item, "item", "(self, /, *args)", "The scalar as a Python object.") { return item_of(a[0]); }
KR_FN(generic, generic_tolist, "tolist", "(self, /)", "The scalar as a Python object.") { return item_of(a[0]); }
KR_FN(generic, generic_copy, "copy", "(self, /, order='C')", "The scalar itself.") { return a[0]; }
KR_FN(generic, generic_copy_protocol, "__copy__", "(self, /)", NULL) { return a[0]; }
KR_FN(generic, generic_deepcopy, "__deepcopy__", "(self, memo, /)", NULL) { return a[0]; }
KR_FN(generic, generic_array, "__array__", "(self, dtype=None, /, *, copy=None)", "sc.__array__(dtype) return 0-dim array from scalar")
{
    if (kr_is(a[1], kr_None)) return as_array(a[0]);
    Dtype *d = np_dtype_parse(a[1]);
    return d ? np_value(np_as_array(a[0], d)) : EMPTY;
}
KR_FN(generic, generic_astype, "astype", "(self, dtype, order='K', casting='unsafe', subok=True, copy=True)", "The scalar cast to a type.")
{
    Dtype *d = np_dtype_parse(a[1]);
    NdArray *x = d ? np_as_array(a[0], NULL) : NULL;
    return x ? np_return(np_astype(x, d, 'C')) : EMPTY;
}
KR_FN(generic, generic_format, "__format__", "(self, spec, /)", NULL)
{
    if (kr_is_str(a[1]) && kr_str_length(a[1]) == 0) return kr_to_str(a[0]);
    Value item = item_of(a[0]);
    return kr_is_empty(item) ? item : kr_format(item, a[1]);
}
KR_FN(generic, generic_complex, "__complex__", "(self, /)", NULL)
{
    return kr_call1(kr_type_value(&kr_complex_type), item_of(a[0]));
}
KR_FN(generic, generic_round, "__round__", "(self, ndigits=None, /)", NULL)
{
    const char *p;
    int num = np_scalar_num(a[0], &p);
    if (kr_is(a[1], kr_None) && num >= 0 && !np_is_complex(num)) {
        Value f = kr_import_attr("builtins", "round");
        return kr_is_empty(f) ? f : kr_call1(f, item_of(a[0]));
    }
    Value args[] = {a[0], kr_is(a[1], kr_None) ? kr_int(0) : a[1]};
    return np_glue_call("round", args, 2);
}
KR_FN(generic, generic_reduce, "__reduce__", "(self, /)", NULL) { return np_glue_call("scalar_reduce", a, 1); }
KR_CLASSMETHOD(generic, generic_class_getitem, "__class_getitem__", "(cls, item, /)", "generic[item]")
{
    return np_glue_call("generic_alias", a, 2);
}
static Value generic_getitem(Value self, Value key)
{
    Value x = as_array(self);
    const char *p;
    if (kr_is_empty(x)) return x;
    Dtype *d = np_scalar_dtype(self, &p);
    if (d && d->num == KR_VOID) {
        Value args[] = {scalar_of(self)->keep, key};
        return np_glue_call("void_get", args, 2);
    }
    if (kr_is_tuple(key) && kr_tuple_size(key) == 0) return self;
    if (kr_is(key, kr_Ellipsis) || kr_is(key, kr_None) || kr_is_tuple(key)) return np_array_getitem(x, key);
    return kr_raise(kr_IndexError, "invalid index to scalar variable.");
}
static int void_setitem(Value self, Value key, Value v)
{
    Value args[] = {scalar_of(self)->keep, key, v};
    return kr_is_empty(np_glue_call("void_set", args, 3)) ? -1 : 0;
}
/* Kernels write into records: the scalar's own array, without copying. */
static struct KrArray *void_array(Value self)
{
    Value keep = scalar_of(self)->keep;
    return kr_is_empty(keep) || !np_is_array(keep) ? NULL : &np_array(keep)->a;
}
static int64_t void_length(Value self)
{
    return kr_is_empty(scalar_of(self)->descr->names) ? 0 : (int64_t)kr_tuple_size(scalar_of(self)->descr->names);
}

static Value call_on_item(Value self, const char *name)
{
    Value item = item_of(self);
    return kr_is_empty(item) ? item : kr_call_method0(item, name);
}
KR_FN(floating, floating_ratio, "as_integer_ratio", "(self, /)", "Return a pair of integers, whose ratio is exactly equal to the original.") { return call_on_item(a[0], "as_integer_ratio"); }
KR_FN(floating, floating_is_integer, "is_integer", "(self, /)", "Return True if the floating point number is finite with integral value.") { return call_on_item(a[0], "is_integer"); }
KR_FN(integer, integer_is_integer, "is_integer", "(self, /)", "Return True.") { return kr_True; }
KR_FN(integer, integer_bit_count, "bit_count", "(self, /)", "Computes the number of 1-bits in the absolute value of the input.") { return call_on_item(a[0], "bit_count"); }
static Value get_numerator(Value self) { return self; }
static Value get_denominator(Value self) { (void)self; return kr_int(1); }
KR_GETSET(integer, get_numerator, NULL, "numerator", "The numerator, the value itself.")
KR_GETSET(integer, get_denominator, NULL, "denominator", "The denominator, 1.")

static void scalar_trace(void *self, KrTracer *tracer)
{
    Scalar *s = self;
    kr_trace_pointer(tracer, s->descr);
    kr_trace(tracer, s->keep);
}

/* (dtype, bytes) -> scalar, for pickles and the Python half. */
KR_FN(scalar_module, scalar_from_bytes, "_scalar", "(dtype, data, /)", NULL)
{
    Dtype *d = np_dtype_parse(a[0]);
    if (!d) return EMPTY;
    if (!kr_is_bytes(a[1]) || (int64_t)kr_bytes_size(a[1]) < d->item_size) return kr_raise(kr_ValueError, "initialization string is too small");
    return np_element((char *)kr_bytes_data(a[1]), d, NULL);
}
KR_FN(scalar_module, float_digits, "_float_repr", "(x, bits, /)", NULL)
{
    double x;
    int bits;
    char text[64];
    if (kr_to_double(a[0], &x) < 0 || kr_to_int32(a[1], &bits) < 0) return EMPTY;
    np_float_repr(text, sizeof text, x, bits);
    return kr_str(text);
}
/* Puts a function or property into a native class; only while the module is being imported. */
KR_FN(scalar_module, attach, "_attach", "(cls, name, value, /)", NULL)
{
    return kr_dict_set(kr_type_dict(kr_to_object(a[0])), a[1], a[2]) < 0 ? EMPTY : kr_None;
}

#include "modules/numpy/scalar.entries.h"

static KrType *abstract_type(Value module, const char *name, KrType *base, const KrFunction *const *functions,
                             const KrGetSet *const *getset)
{
    KrTypeSpec *spec = calloc(1, sizeof *spec);
    char *full = malloc(40);
    if (!spec || !full) return NULL;
    snprintf(full, 40, "numpy.%s", name);
    *spec = (KrTypeSpec){.name = full, .base = base, .functions = functions, .getset = getset};
    KrType *t = kr_type_new(spec);
    return t && kr_module_add_type(module, t) == 0 ? t : NULL;
}

static KrType *concrete_type(Value module, int num, const char *name, KrType *above, KrType *python, size_t size)
{
    KrTypeSpec *spec = calloc(1, sizeof *spec);
    char *full = malloc(40);
    if (!spec || !full) return NULL;
    snprintf(full, 40, "numpy.%s", name);
    *spec = *kr_type_spec(np_generic_type);
    spec->name = full;
    spec->doc = NULL;
    spec->functions = NULL;
    spec->getset = NULL;
    spec->size = size;
    spec->base = python ? python : above;
    spec->slots.make = scalar_make;
    if (np_is_integer(num)) spec->slots.index = integer_index;
    if (num == KR_VOID || num == KR_DATETIME || num == KR_TIMEDELTA) spec->trace = scalar_trace;
    if (num == KR_VOID) {
        spec->slots.setitem = void_setitem;
        spec->slots.length = void_length;
        spec->slots.array = void_array;
    }
    Value bases = EMPTY;
    if (python) {
        bool text = num == KR_STR || num == KR_BYTES;
        Value pair[2] = {kr_type_value(text ? python : above), kr_type_value(text ? above : python)};
        bases = kr_tuple(pair, 2);
        if (text) {
            KrSlots none = {0};
            spec->slots = none;
            spec->slots.repr = scalar_repr;
            spec->slots.compare = scalar_compare;
            spec->slots.hash = scalar_hash;
            if (num == KR_STR) spec->slots.buffer = scalar_buffer;
        }
    }
    KrType *t = kr_type_new_with_bases(spec, bases);
    return t && kr_module_add_type(module, t) == 0 ? t : NULL;
}

int np_scalar_init(Value module)
{
    static const KrTypeSpec generic_spec = {
        .name = "numpy.generic",
        .doc = "Base class for numpy scalar types.",
        .size = sizeof(KrObject),
        .functions = generic_functions,
        .getset = generic_getset,
        .slots = {.make = scalar_make, .repr = scalar_repr, .str = scalar_text, .hash = scalar_hash, .compare = scalar_compare,
                  .binary = {scalar_add, scalar_sub, scalar_mul, scalar_matmul, scalar_truediv, scalar_floordiv, scalar_mod,
                             scalar_pow, scalar_lshift, scalar_rshift, scalar_and, scalar_xor, scalar_or, scalar_divmod},
                  .power = scalar_power, .negative = scalar_negative, .positive = scalar_positive, .absolute = scalar_absolute,
                  .invert = scalar_invert, .truth = scalar_truth, .to_int = scalar_to_int, .to_float = scalar_to_float,
                  .getitem = generic_getitem, .buffer = scalar_buffer},
    };
    np_generic_type = kr_type_new(&generic_spec);
    if (!np_generic_type || kr_module_add_type(module, np_generic_type) < 0) return -1;
#define ABSTRACT(name, base, functions, getset)                                                    \
    if (!(name##_type = abstract_type(module, #name, base, functions, getset))) return -1;
    ABSTRACT(number, np_generic_type, NULL, NULL)
    ABSTRACT(integer, number_type, integer_functions, integer_getset)
    ABSTRACT(signedinteger, integer_type, NULL, NULL)
    ABSTRACT(unsignedinteger, integer_type, NULL, NULL)
    ABSTRACT(inexact, number_type, NULL, NULL)
    ABSTRACT(floating, inexact_type, floating_functions, NULL)
    ABSTRACT(complexfloating, inexact_type, NULL, NULL)
    ABSTRACT(flexible, np_generic_type, NULL, NULL)
    ABSTRACT(character, flexible_type, NULL, NULL)
#define generic_type np_generic_type
#define D(num, T, name, code, kind, number, base)                                                  \
    if (!(np_scalar_types[KR_##num] = concrete_type(module, KR_##num, name, base##_type,           \
                                                    KR_##num == KR_F64 ? &kr_float_type            \
                                                    : KR_##num == KR_C128 ? &kr_complex_type : NULL, \
                                                    KR_##num == KR_C128 ? 24 : 16)))               \
        return -1;
#include "modules/numpy/dtype.def"
#undef D
    struct {
        int num;
        const char *name;
        KrType *above, *python;
    } others[] = {{KR_OBJECT, "object_", np_generic_type, NULL},
                  {KR_BYTES, "bytes_", character_type, &kr_bytes_type},
                  {KR_STR, "str_", character_type, &kr_str_type},
                  {KR_VOID, "void", flexible_type, NULL},
                  {KR_DATETIME, "datetime64", np_generic_type, NULL},
                  {KR_TIMEDELTA, "timedelta64", signedinteger_type, NULL}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        KrType *t = concrete_type(module, others[i].num, others[i].name, others[i].above, others[i].python,
                                  others[i].python ? 0 : sizeof(Scalar));
        if (!t) return -1;
        np_scalar_types[others[i].num] = t;
    }
    Scalar *yes = kr_alloc_instance(np_scalar_types[KR_BOOL]), *no = kr_alloc_instance(np_scalar_types[KR_BOOL]);
    if (!yes || !no) return -1;
    yes->bytes[0] = 1;
    true_value = kr_from_object(yes);
    false_value = kr_from_object(no);
    kr_root(&true_value);
    kr_root(&false_value);
    if (kr_module_add(module, "True_", true_value) < 0 || kr_module_add(module, "False_", false_value) < 0) return -1;
    return np_add_functions(module, scalar_module_functions);
}
