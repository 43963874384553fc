/* operations.c: the methods that Decimal and Context share, made of the rows of operations.def:
 * one with self as the operand and an optional context, one with self as the context. */
#include "modules/_decimal/decimal.h"

/* ---- Operations that need no rounding, in the form of the others ---------------------------- */

#define IGNORE_SETTINGS (void)s, (void)status
static UNARY_OPERATION(num_copy_abs)
{
    IGNORE_SETTINGS;
    num_copy(r, a);
    r->negative = false;
}
static UNARY_OPERATION(num_copy_negate)
{
    IGNORE_SETTINGS;
    num_copy(r, a);
    r->negative = !a->negative;
}
static BINARY_OPERATION(num_copy_sign)
{
    IGNORE_SETTINGS;
    num_copy(r, a);
    r->negative = b->negative;
}
static BINARY_OPERATION(num_compare_total_op)
{
    IGNORE_SETTINGS;
    num_set_int(r, num_compare_total(a, b, false));
}
static BINARY_OPERATION(num_compare_total_mag_op)
{
    IGNORE_SETTINGS;
    num_set_int(r, num_compare_total(a, b, true));
}
static UNARY_OPERATION(num_finalize_copy)
{
    num_copy(r, a);
    num_finalize(r, s, status);
}

/* ---- Calls ---------------------------------------------------------------------------------- */

KrValue dec_unary(NumUnary *operation, KrValue x, Settings *s)
{
    Num *r;
    uint32_t status = 0;
    KrValue result = s ? dec_argument(x) : KR_EMPTY;
    if (kr_is_empty(result)) return KR_EMPTY;
    x = result;
    result = dec_make(&r);
    if (!r) return KR_EMPTY;
    operation(r, dec_num(x), s, &status);
    return dec_finish(result, s, status);
}
KrValue dec_binary(NumBinary *operation, KrValue x, KrValue y, Settings *s)
{
    Num *r;
    uint32_t status = 0;
    if (!s || kr_is_empty(x = dec_argument(x)) || kr_is_empty(y = dec_argument(y))) return KR_EMPTY;
    KrValue result = dec_make(&r);
    if (!r) return KR_EMPTY;
    operation(r, dec_num(x), dec_num(y), s, &status);
    return dec_finish(result, s, status);
}

static Settings *settings_of(KrValue context)
{
    KrValue keep;
    return dec_context_of(context, &keep);
}

#define METHOD(fn, pyname, signature, doc, expression)                            \
    static KrValue fn(const KrValue *a) { return expression; }                    \
    static const KrFunction fn##_entry = {pyname, signature,     (KrAnyCode)(fn), \
                                          doc,    KR_KIND_BOUND, NULL};

#define CONTEXT_UNARY(name, operation, doc)            \
    METHOD(context_##name, #name, "(self, x, /)", doc, \
           dec_unary(operation, a[1], dec_settings(a[0])))
#define CONTEXT_BINARY(name, operation, doc)              \
    METHOD(context_##name, #name, "(self, x, y, /)", doc, \
           dec_binary(operation, a[1], a[2], dec_settings(a[0])))
#define UNARY(name, operation, doc)                               \
    METHOD(decimal_##name, #name, "(self, /, context=None)", doc, \
           dec_unary(operation, a[0], settings_of(a[1])))         \
    CONTEXT_UNARY(name, operation, doc)
#define BINARY(name, operation, doc)                                     \
    METHOD(decimal_##name, #name, "(self, /, other, context=None)", doc, \
           dec_binary(operation, a[0], a[1], settings_of(a[2])))         \
    CONTEXT_BINARY(name, operation, doc)
#define PLAIN(name, operation, doc)                          \
    METHOD(decimal_##name, #name, "(self, /)", doc,          \
           dec_unary(operation, a[0], settings_of(kr_None))) \
    CONTEXT_UNARY(name, operation, doc)
#define ASKED(name, question, doc)                                    \
    static KrValue ask_##name(KrValue v)                              \
    {                                                                 \
        if (kr_is_empty(v)) return KR_EMPTY;                          \
        KR_UNUSED const Num *n = dec_num(v);                          \
        return kr_bool(question);                                     \
    }                                                                 \
    METHOD(decimal_##name, #name, "(self, /)", doc, ask_##name(a[0])) \
    METHOD(context_##name, #name, "(self, x, /)", doc, ask_##name(dec_argument(a[1])))
#include "modules/_decimal/operations.def"
#undef CONTEXT_UNARY
#undef CONTEXT_BINARY
#undef UNARY
#undef BINARY
#undef PLAIN
#undef ASKED

/* ---- Methods of Context with other shapes --------------------------------------------------- */

static KrValue number_or_empty(KrValue v, const Num **n)
{
    KrValue operand = dec_argument(v);
    if (!kr_is_empty(operand)) *n = dec_num(operand);
    return operand;
}
KR_FN(context_more, context_canonical, "canonical", "(self, x, /)",
      "Return x, a Decimal, unchanged.")
{
    return dec_is_decimal(a[1]) ? a[1] : kr_raise(kr_TypeError, "argument must be a Decimal");
}
KR_FN(context_more, context_is_canonical, "is_canonical", "(self, x, /)",
      "Always True: the representation is canonical.")
{
    return dec_is_decimal(a[1]) ? kr_True : kr_raise(kr_TypeError, "argument must be a Decimal");
}
KR_FN(context_more, context_copy_decimal, "copy_decimal", "(self, x, /)",
      "Return a copy of Decimal x.")
{
    return dec_argument(a[1]);
}
KR_FN(context_more, context_is_normal, "is_normal", "(self, x, /)",
      "Is x finite, not zero and not subnormal?")
{
    const Num *n;
    return kr_is_empty(number_or_empty(a[1], &n)) ? KR_EMPTY
                                                  : kr_bool(num_is_normal(n, dec_settings(a[0])));
}
KR_FN(context_more, context_is_subnormal, "is_subnormal", "(self, x, /)",
      "Is x finite, not zero and below 10**Emin in magnitude?")
{
    const Num *n;
    return kr_is_empty(number_or_empty(a[1], &n))
               ? KR_EMPTY
               : kr_bool(num_is_subnormal(n, dec_settings(a[0])));
}
KR_FN(context_more, context_number_class, "number_class", "(self, x, /)",
      "Return an indication of the class of x.")
{
    const Num *n;
    return kr_is_empty(number_or_empty(a[1], &n)) ? KR_EMPTY
                                                  : kr_str(num_class(n, dec_settings(a[0])));
}
KR_FN(context_more, context_same_quantum, "same_quantum", "(self, x, y, /)",
      "Have the two operands the same exponent?")
{
    const Num *x, *y;
    if (kr_is_empty(number_or_empty(a[1], &x)) || kr_is_empty(number_or_empty(a[2], &y)))
        return KR_EMPTY;
    return kr_bool(num_same_quantum(x, y));
}
KrValue dec_text(KrValue v, bool engineering, bool capitals)
{
    char *text = kr_is_empty(v) ? NULL : num_text(dec_num(v), engineering, capitals);
    KrValue result = text ? kr_str(text) : KR_EMPTY;
    free(text);
    return result;
}
KR_FN(context_more, context_to_sci_string, "to_sci_string", "(self, x, /)",
      "Convert a number to a string using scientific notation.")
{
    return dec_text(dec_argument(a[1]), false, dec_settings(a[0])->capitals);
}
KR_FN(context_more, context_to_eng_string, "to_eng_string", "(self, x, /)",
      "Convert a number to a string, using engineering notation.")
{
    return dec_text(dec_argument(a[1]), true, dec_settings(a[0])->capitals);
}

/* A pair of new Decimals from one operation. */
KrValue dec_divmod(KrValue x, KrValue y, Settings *s)
{
    Num *q, *r;
    uint32_t status = 0;
    KrValue quotient = dec_make(&q), rest = q ? dec_make(&r) : KR_EMPTY;
    if (kr_is_empty(rest)) return KR_EMPTY;
    num_divmod(q, r, dec_num(x), dec_num(y), s, &status);
    dec_report(rest);
    return kr_tuple_of(2, dec_finish(quotient, s, status), rest);
}
KR_FN(context_more, context_divmod, "divmod", "(self, x, y, /)",
      "Return quotient and remainder of the division x / y.")
{
    KrValue x = dec_argument(a[1]), y = kr_is_empty(x) ? x : dec_argument(a[2]);
    return kr_is_empty(y) ? y : dec_divmod(x, y, dec_settings(a[0]));
}

static KrValue fma_of(KrValue x, KrValue y, KrValue z, Settings *s)
{
    Num *r;
    uint32_t status = 0;
    if (!s || kr_is_empty(x = dec_argument(x)) || kr_is_empty(y = dec_argument(y)) ||
        kr_is_empty(z = dec_argument(z)))
        return KR_EMPTY;
    KrValue result = dec_make(&r);
    if (!r) return KR_EMPTY;
    num_fma(r, dec_num(x), dec_num(y), dec_num(z), s, &status);
    return dec_finish(result, s, status);
}
KR_FN(context_more, context_fma, "fma", "(self, x, y, z, /)",
      "Return x multiplied by y, plus z, rounded once.")
{
    return fma_of(a[1], a[2], a[3], dec_settings(a[0]));
}

/* a**b, or modulo m unless it is None. */
KrValue dec_power(KrValue x, KrValue y, KrValue m, Settings *s)
{
    Num *r;
    uint32_t status = 0;
    KrValue result = dec_make(&r);
    if (!r) return KR_EMPTY;
    if (kr_is(m, kr_None))
        num_power(r, dec_num(x), dec_num(y), s, &status);
    else
        num_power_modulo(r, dec_num(x), dec_num(y), dec_num(m), s, &status);
    return dec_finish(result, s, status);
}
KR_FN(context_more, context_power, "power", "(self, /, a, b, modulo=None)",
      "Compute a**b. With three arguments (a**b) % modulo of integers, exactly.")
{
    KrValue x = dec_argument(a[1]), y = kr_is_empty(x) ? x : dec_argument(a[2]), m = a[3];
    if (kr_is_empty(y)) return KR_EMPTY;
    if (!kr_is(m, kr_None) && kr_is_empty(m = dec_argument(m))) return KR_EMPTY;
    return dec_power(x, y, m, dec_settings(a[0]));
}

/* ---- Methods of Decimal with other shapes --------------------------------------------------- */

KR_FN(decimal_more, decimal_fma, "fma", "(self, /, other, third, context=None)",
      "Fused multiply-add: self * other + third, rounded once.")
{
    return fma_of(a[0], a[1], a[2], settings_of(a[3]));
}
KR_FN(decimal_more, decimal_is_canonical, "is_canonical", "(self, /)",
      "Always True: the representation is canonical.")
{
    return kr_True;
}
KR_FN(decimal_more, decimal_is_normal, "is_normal", "(self, /, context=None)",
      "Is it finite, not zero and not subnormal?")
{
    const Settings *s = settings_of(a[1]);
    return s ? kr_bool(num_is_normal(dec_num(a[0]), s)) : KR_EMPTY;
}
KR_FN(decimal_more, decimal_is_subnormal, "is_subnormal", "(self, /, context=None)",
      "Is it finite, not zero and below 10**Emin in magnitude?")
{
    const Settings *s = settings_of(a[1]);
    return s ? kr_bool(num_is_subnormal(dec_num(a[0]), s)) : KR_EMPTY;
}
KR_FN(decimal_more, decimal_number_class, "number_class", "(self, /, context=None)",
      "Return a string describing the class of the operand, as '+Normal' or '-Zero'.")
{
    const Settings *s = settings_of(a[1]);
    return s ? kr_str(num_class(dec_num(a[0]), s)) : KR_EMPTY;
}
KR_FN(decimal_more, decimal_same_quantum, "same_quantum", "(self, /, other, context=None)",
      "Have the two operands the same exponent, or are both infinite or both NaNs?")
{
    const Num *y;
    if (!settings_of(a[2]) || kr_is_empty(number_or_empty(a[1], &y))) return KR_EMPTY;
    return kr_bool(num_same_quantum(dec_num(a[0]), y));
}
KR_FN(decimal_more, decimal_to_eng_string, "to_eng_string", "(self, /, context=None)",
      "Convert to an engineering-type string: an exponent is a multiple of 3.")
{
    const Settings *s = settings_of(a[1]);
    return s ? dec_text(a[0], true, s->capitals) : KR_EMPTY;
}

/* The context's settings with another rounding, unless that is None. -1 raised. */
static int with_rounding(Settings *copy, const Settings *s, KrValue rounding)
{
    int mode = kr_is(rounding, kr_None) ? s->rounding : dec_rounding_of(rounding);
    if (mode < 0) return -1;
    *copy = *s;
    copy->rounding = (uint8_t)mode;
    return 0;
}
static KrValue integral(KrValue self, KrValue rounding, KrValue context, NumUnary *operation)
{
    Settings *s = settings_of(context), rounded;
    Num *r;
    uint32_t status = 0;
    if (!s || with_rounding(&rounded, s, rounding) < 0) return KR_EMPTY;
    KrValue result = dec_make(&r);
    if (!r) return KR_EMPTY;
    operation(r, dec_num(self), &rounded, &status);
    return dec_finish(result, s, status);
}
KR_FN(decimal_more, decimal_to_integral, "to_integral", "(self, /, rounding=None, context=None)",
      "Identical to the to_integral_value() method.")
{
    return integral(a[0], a[1], a[2], num_to_integral_value);
}
KR_FN(decimal_more, decimal_to_integral_value, "to_integral_value",
      "(self, /, rounding=None, context=None)",
      "Round to the nearest integer without signaling Inexact or Rounded.")
{
    return integral(a[0], a[1], a[2], num_to_integral_value);
}
KR_FN(decimal_more, decimal_to_integral_exact, "to_integral_exact",
      "(self, /, rounding=None, context=None)",
      "Round to the nearest integer, signaling Inexact or Rounded as appropriate.")
{
    return integral(a[0], a[1], a[2], num_to_integral_exact);
}
KR_FN(decimal_more, decimal_quantize, "quantize", "(self, /, exp, rounding=None, context=None)",
      "Return a value equal to the first operand after rounding and having the exponent of the "
      "second.")
{
    Settings *s = settings_of(a[3]), rounded;
    Num *r;
    uint32_t status = 0;
    if (!s || with_rounding(&rounded, s, a[2]) < 0) return KR_EMPTY;
    KrValue exp = dec_argument(a[1]);
    if (kr_is_empty(exp)) return KR_EMPTY;
    KrValue result = dec_make(&r);
    if (!r) return KR_EMPTY;
    num_quantize(r, dec_num(a[0]), dec_num(exp), &rounded, &status);
    return dec_finish(result, s, status);
}

#include "modules/_decimal/operations.entries.h"

/* ---- Tables --------------------------------------------------------------------------------- */

#define NOTHING(...)
#define OF_DECIMAL(name, operation, doc) &decimal_##name##_entry,
#define OF_CONTEXT(name, operation, doc) &context_##name##_entry,

static const KrFunction *const decimal_rows[] = {
#define UNARY OF_DECIMAL
#define BINARY OF_DECIMAL
#define PLAIN OF_DECIMAL
#define ASKED OF_DECIMAL
#define CONTEXT_UNARY NOTHING
#define CONTEXT_BINARY NOTHING
#include "modules/_decimal/operations.def"
#undef UNARY
#undef BINARY
#undef PLAIN
#undef ASKED
#undef CONTEXT_UNARY
#undef CONTEXT_BINARY
    NULL,
};
static const KrFunction *const context_rows[] = {
#define UNARY OF_CONTEXT
#define BINARY OF_CONTEXT
#define PLAIN OF_CONTEXT
#define ASKED OF_CONTEXT
#define CONTEXT_UNARY OF_CONTEXT
#define CONTEXT_BINARY OF_CONTEXT
#include "modules/_decimal/operations.def"
    NULL,
};

const KrFunction *const *dec_operations(const KrFunction *const *own, bool of_context)
{
    enum { MOST = 128 };
    static const KrFunction *tables[2][MOST];
    const KrFunction *const *const parts[] = {own, of_context ? context_rows : decimal_rows,
                                              of_context ? context_more_functions
                                                         : decimal_more_functions};
    size_t n = 0;
    for (size_t part = 0; part < 3; part++)
        for (const KrFunction *const *f = parts[part]; *f; f++) tables[of_context][n++] = *f;
    return tables[of_context];
}
