/* convert.c: Decimal objects from Python's other numbers, from text and tuples, and back to int.
 *
 * A conversion is exact or refused: beyond the widest settings it is an invalid operation.
 * Contexts' create_decimal() rounds instead. */
#include <math.h>

#include "modules/_decimal/decimal.h"

/* ---- Integers ------------------------------------------------------------------------------- */

/* |v| */
static int coefficient_of(mpz_t r, KrValue v)
{
    size_t bits = kr_int_bit_length(v), size = bits / 8 + 1;
    uint8_t small[64], *bytes = size <= sizeof small ? small : malloc(size);
    if (!bytes) {
        kr_raise_no_memory();
        return -1;
    }
    int result = kr_int_to_bytes(v, bytes, size, true, true);
    if (result == 0) {
        mpz_import(r, size, -1, 1, 0, 0, bytes);
        if (bytes[size - 1] & 0x80) { /* two's complement */
            mpz_t wrap;
            mpz_init(wrap);
            mpz_setbit(wrap, 8 * size);
            mpz_sub(r, wrap, r);
            mpz_clear(wrap);
        }
    }
    if (bytes != small) free(bytes);
    return result;
}

static int set_from_int(Num *r, KrValue v)
{
    int64_t small;
    if (kr_int_bit_length(v) < 63) {
        if (kr_to_int64(v, &small) < 0) return -1;
        num_set_int(r, small);
        return 0;
    }
    num_set_zero(r, kr_int_sign(v) < 0, 0);
    if (coefficient_of(r->coef, v) < 0) return -1;
    num_count(r);
    return 0;
}

KrValue dec_int_of(mpz_srcptr x, bool negative)
{
    if (mpz_fits_slong_p(x)) return kr_int(negative ? -mpz_get_si(x) : mpz_get_si(x));
    size_t size = mpz_sizeinbase(x, 2) / 8 + 1;
    uint8_t *bytes = calloc(size, 1);
    if (!bytes) return kr_raise_no_memory();
    mpz_export(bytes, NULL, -1, 1, 0, 0, x);
    KrValue v = kr_int_from_bytes(bytes, size, true, false);
    free(bytes);
    return negative && !kr_is_empty(v) ? kr_negative(v) : v;
}

KrValue dec_to_int(const Num *a, int rounding, Settings *s)
{
    if (num_is_nan(a)) return kr_raise(kr_ValueError, "cannot convert NaN to integer");
    if (a->kind == INFINITE)
        return kr_raise(kr_OverflowError, "cannot convert Infinity to integer");
    Num whole;
    KrValue v = KR_EMPTY;
    uint32_t status = 0;
    num_init(&whole);
    num_copy(&whole, a);
    if (a->exp < 0) num_round_to(&whole, 0, rounding);
    if (whole.exp > 0 && mpz_sgn(whole.coef) && dec_room(whole.digits + whole.exp, &status))
        dec_scale(whole.coef, whole.coef, whole.exp);
    if (dec_settle(s, status) == 0) v = dec_int_of(whole.coef, whole.negative);
    num_clear(&whole);
    return v;
}

/* ---- Making --------------------------------------------------------------------------------- */

/* An object of the type around an exact Decimal. */
static KrValue as_type(KrType *type, KrValue v)
{
    KrValue copy;
    if (type == decimal_type && kr_type_of(v) == type) return v;
    Num *n = dec_new(type, &copy);
    if (!n) return KR_EMPTY;
    num_copy(n, dec_num(v));
    return copy;
}

/* After a conversion: what did not fit the widest settings is invalid; or, not exact, is rounded
 * to s. */
static int settle_conversion(Num *n, Settings *s, uint32_t status, bool exact)
{
    if (!exact) {
        if (num_is_nan(n) && n->digits > s->prec - s->clamp)
            num_invalid(n, DEC_CONVERSION_SYNTAX, &status);
        else if (!(status & DEC_INVALID))
            num_finalize(n, s, &status);
        return dec_settle(s, status);
    }
    num_finalize(n, &dec_exact_settings, &status);
    if (status & (DEC_INEXACT | DEC_ROUNDED | DEC_CLAMPED)) {
        status = 0;
        num_invalid(n, DEC_INVALID_OPERATION, &status);
    }
    return dec_settle(s, status & DEC_INVALID);
}

KrValue dec_from_int(KrType *type, KrValue v)
{
    KrValue result;
    Num *n = dec_new(type, &result);
    if (!n || set_from_int(n, v) < 0) return KR_EMPTY;
    dec_report(result);
    return result;
}

/* A double is mantissa * 2**exponent: with negative exponent mantissa * 5**-exponent *
 * 10**exponent. */
static void set_from_double(Num *r, double x)
{
    int exponent;
    if (isnan(x)) {
        num_set_nan(r);
        r->negative = signbit(x) != 0;
        return;
    }
    if (isinf(x)) {
        num_set_infinity(r, x < 0);
        return;
    }
    num_set_zero(r, signbit(x) != 0, 0);
    mpz_set_d(r->coef, ldexp(frexp(fabs(x), &exponent), 53));
    exponent -= 53;
    if (mpz_sgn(r->coef)) {
        mp_bitcnt_t twos = mpz_scan1(r->coef, 0);
        mpz_tdiv_q_2exp(r->coef, r->coef, twos);
        exponent += (int)twos;
        if (exponent >= 0)
            mpz_mul_2exp(r->coef, r->coef, (mp_bitcnt_t)exponent);
        else {
            mpz_t power;
            mpz_init(power);
            mpz_ui_pow_ui(power, 5, (unsigned long)-exponent);
            mpz_mul(r->coef, r->coef, power);
            mpz_clear(power);
            r->exp = exponent;
        }
    }
    num_count(r);
}
KrValue dec_from_float(KrType *type, KrValue v)
{
    KrValue result;
    double x;
    if (kr_to_double(v, &x) < 0) return KR_EMPTY;
    Num *n = dec_new(type, &result);
    if (!n) return KR_EMPTY;
    set_from_double(n, x);
    return result;
}

/* ASCII text of a str: decimal digits of every script become ASCII ones, other characters stay
 * refused. Relaxed: spaces around it and underscores are dropped. malloc'ed. */
static char *ascii_of(KrValue v, bool relaxed, size_t *size)
{
    size_t begin = 0, end = kr_str_length(v), n = 0;
    while (relaxed && begin < end && kr_char_is_space(kr_str_at(v, begin))) begin++;
    while (relaxed && begin < end && kr_char_is_space(kr_str_at(v, end - 1))) end--;
    char *text = malloc(end - begin + 1);
    if (!text) {
        kr_raise_no_memory();
        return NULL;
    }
    for (size_t i = begin; i < end; i++) {
        uint32_t c = kr_str_at(v, i);
        if (relaxed && c == '_') continue;
        if (c > 127) {
            int64_t digit = -1;
            if (kr_char_is_decimal(c)) {
                KrValue number = kr_call1(kr_type_value(&kr_int_type), kr_str_slice(v, i, i + 1));
                if (kr_is_empty(number) || kr_to_int64(number, &digit) < 0) kr_clear_exception();
            }
            c = digit < 0 ? '?' : (uint32_t)('0' + digit);
        }
        text[n++] = c ? (char)c : '?';
    }
    text[n] = 0;
    *size = n;
    return text;
}
KrValue dec_from_str(KrType *type, KrValue v, bool relaxed, Settings *s)
{
    KrValue result;
    uint32_t status = 0;
    size_t size;
    Num *n = dec_new(type, &result);
    char *text = n ? ascii_of(v, relaxed, &size) : NULL;
    if (!text) return KR_EMPTY;
    num_parse(n, text, size, &status);
    free(text);
    if (settle_conversion(n, s, status, relaxed) < 0) return KR_EMPTY;
    dec_report(result);
    return result;
}

/* ---- Tuples --------------------------------------------------------------------------------- */

/* The digits as text; false raised. */
static bool digits_of(Output *text, KrValue v)
{
    KrValue digits = kr_is_tuple(v) ? v : kr_is_list(v) ? kr_list_to_tuple(v) : KR_EMPTY;
    if (kr_is_empty(digits)) {
        kr_raise(kr_ValueError, "coefficient must be a tuple of digits");
        return false;
    }
    for (size_t i = 0; i < kr_tuple_size(digits); i++) {
        int64_t digit;
        KrValue item = kr_tuple_get(digits, i);
        if (!kr_is_int(item) || kr_to_int64(item, &digit) < 0 || digit < 0 || digit > 9) {
            kr_clear_exception();
            kr_raise(kr_ValueError, "coefficient must be a tuple of digits");
            return false;
        }
        if (output_byte(text, (int)('0' + digit)) < 0) return false;
    }
    return true;
}

static bool set_from_parts(Output *text, KrValue parts, int64_t *exp)
{
    int64_t sign;
    KrValue first = kr_tuple_get(parts, 0), third = kr_tuple_get(parts, 2);
    *exp = 0;
    if (!kr_is_int(first) || kr_to_int64(first, &sign) < 0 || (sign != 0 && sign != 1)) {
        kr_clear_exception();
        kr_raise(kr_ValueError, "sign must be an integer with the value 0 or 1");
        return false;
    }
    if (output_byte(text, sign ? '-' : '+') < 0) return false;
    if (kr_is_str(third)) {
        bool infinite = kr_str_equal_ascii(third, "F");
        const char *word = infinite                         ? "Inf"
                           : kr_str_equal_ascii(third, "n") ? "NaN"
                           : kr_str_equal_ascii(third, "N") ? "sNaN"
                                                            : NULL;
        if (!word) {
            kr_raise(kr_ValueError,
                     "string argument in the third position must be 'F', 'n' or 'N'");
            return false;
        }
        size_t size = text->size + strlen(word);
        if (output_add(text, word, strlen(word)) < 0 || !digits_of(text, kr_tuple_get(parts, 1)))
            return false;
        if (infinite) text->size = size; /* its digits say nothing */
        return true;
    }
    if (!kr_is_int(third)) {
        kr_raise(kr_ValueError, "exponent must be an integer");
        return false;
    }
    if (kr_to_int64(third, exp) < 0) return false;
    size_t size = text->size;
    if (!digits_of(text, kr_tuple_get(parts, 1))) return false;
    return text->size > size || output_byte(text, '0') == 0;
}

static KrValue from_tuple(KrType *type, KrValue v, Settings *s, bool exact)
{
    KrValue parts = kr_is_tuple(v) ? v : kr_tuple_from(v), result = KR_EMPTY;
    Output text = {0};
    int64_t exp;
    uint32_t status = 0;
    if (kr_is_empty(parts)) return KR_EMPTY;
    if (kr_tuple_size(parts) != 3)
        return kr_raise(kr_ValueError, "argument must be a sequence of length 3");
    bool fine = set_from_parts(&text, parts, &exp);
    Num *n = fine ? dec_new(type, &result) : NULL;
    if (n) {
        num_parse(n, (char *)text.data, text.size, &status);
        const int64_t far = INT64_MAX / 4;
        if (n->kind == FINITE) n->exp = exp > far ? far : exp < -far ? -far : exp;
        if (settle_conversion(n, s, status, exact) < 0) n = NULL;
    }
    free(text.data);
    return n ? result : KR_EMPTY;
}

/* ---- Anything ------------------------------------------------------------------------------- */

static KrValue round_new(KrType *type, KrValue v, Settings *s)
{
    KrValue result;
    uint32_t status = 0;
    const Num *a = dec_num(v);
    Num *n = dec_new(type, &result);
    if (!n) return KR_EMPTY;
    num_copy(n, a);
    return settle_conversion(n, s, status, false) < 0 ? KR_EMPTY : result;
}

/* exact: as Decimal() does; otherwise rounded, as create_decimal(). */
KrValue dec_from_any(KrType *type, KrValue v, Settings *s, bool exact)
{
    KrValue result;
    if (dec_is_decimal(v)) {
        if (!exact) return round_new(type, v, s);
        return as_type(type, v);
    }
    if (kr_is_str(v)) return dec_from_str(type, v, exact, s);
    if (kr_is_int(v))
        result = dec_from_int(exact ? type : decimal_type, v);
    else if (kr_is_float(v)) {
        if (dec_settle(s, DEC_FLOAT_OPERATION) < 0) return KR_EMPTY;
        result = dec_from_float(exact ? type : decimal_type, v);
    } else if (kr_is_tuple(v) || kr_is_list(v))
        return from_tuple(type, v, s, exact);
    else
        return kr_raise(kr_TypeError, "conversion from %T to Decimal is not supported", v);
    return exact || kr_is_empty(result) ? result : round_new(type, result, s);
}

KrValue dec_operand(KrValue v)
{
    if (dec_is_decimal(v)) return v;
    return kr_is_int(v) ? dec_from_int(decimal_type, v) : kr_NotImplemented;
}
KrValue dec_argument(KrValue v)
{
    KrValue operand = dec_operand(v);
    if (kr_is(operand, kr_NotImplemented))
        return kr_raise(kr_TypeError, "conversion from %T to Decimal is not supported", v);
    return operand;
}
