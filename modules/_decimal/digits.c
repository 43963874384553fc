/* digits.c: operations on the digits themselves: logical ones, shifts, the neighbours of a number;
 * and the questions about its class. */
#include "modules/_decimal/decimal.h"

/* ---- Logical operations: coefficients of digits 0 and 1 ------------------------------------- */

/* The digits as a bit mask; false if the number is none for logical operations. */
static bool take_bits(mpz_t bits, const Num *a)
{
    if (a->kind != FINITE || a->negative || a->exp != 0) return false;
    char *text = mpz_get_str(NULL, 10, a->coef);
    bool fine = strspn(text, "01") == strlen(text);
    if (fine) mpz_set_str(bits, text, 2);
    free(text);
    return fine;
}

/* The low prec bits as digits. */
static void set_bits(Num *r, mpz_t bits, const Settings *s)
{
    mpz_tdiv_r_2exp(bits, bits, (mp_bitcnt_t)s->prec);
    char *text = mpz_get_str(NULL, 2, bits);
    num_set_zero(r, false, 0);
    mpz_set_str(r->coef, text, 10);
    free(text);
    num_count(r);
}

static void combine(Num *r, const Num *a, const Num *b,
                    void (*operation)(mpz_t, mpz_srcptr, mpz_srcptr), const Settings *s,
                    uint32_t *status)
{
    mpz_t x, y;
    mpz_inits(x, y, NULL);
    if (take_bits(x, a) && take_bits(y, b)) {
        operation(x, x, y);
        set_bits(r, x, s);
    } else
        num_invalid(r, DEC_INVALID_OPERATION, status);
    mpz_clears(x, y, NULL);
}
BINARY_OPERATION(num_logical_and) { combine(r, a, b, mpz_and, s, status); }
BINARY_OPERATION(num_logical_or) { combine(r, a, b, mpz_ior, s, status); }
BINARY_OPERATION(num_logical_xor) { combine(r, a, b, mpz_xor, s, status); }
UNARY_OPERATION(num_logical_invert)
{
    mpz_t bits, ones;
    if (!dec_room(s->prec, status)) return;
    mpz_inits(bits, ones, NULL);
    if (take_bits(bits, a)) {
        mpz_setbit(ones, (mp_bitcnt_t)s->prec);
        mpz_sub_ui(ones, ones, 1);
        mpz_tdiv_r_2exp(bits, bits, (mp_bitcnt_t)s->prec);
        mpz_xor(bits, bits, ones);
        set_bits(r, bits, s);
    } else
        num_invalid(r, DEC_INVALID_OPERATION, status);
    mpz_clears(bits, ones, NULL);
}

/* ---- Shifts --------------------------------------------------------------------------------- */

/* The second operand as an integer of at most `limit` in magnitude. */
static bool take_integer(const Num *b, int64_t limit, int64_t *n)
{
    if (b->kind != FINITE || b->exp != 0 || !mpz_fits_slong_p(b->coef)) return false;
    *n = mpz_get_si(b->coef);
    if (*n > limit) return false;
    if (b->negative) *n = -*n;
    return true;
}

/* r->coef = r->coef mod 10**n */
static void keep_digits(mpz_t coef, int64_t n)
{
    mpz_t scratch;
    mpz_init(scratch);
    mpz_tdiv_r(coef, coef, dec_power_of_ten(n, scratch));
    mpz_clear(scratch);
}
static void drop(mpz_t coef, int64_t n)
{
    mpz_t scratch;
    mpz_init(scratch);
    mpz_tdiv_q(coef, coef, dec_power_of_ten(n, scratch));
    mpz_clear(scratch);
}

/* Operands of shift and rotate: true if r is the result already. */
static bool shift_specially(Num *r, const Num *a, const Num *b, int64_t *n, const Settings *s,
                            uint32_t *status)
{
    if (num_take_nan(r, a, b, s, status)) return true;
    if (!take_integer(b, s->prec, n)) {
        num_invalid(r, DEC_INVALID_OPERATION, status);
        return true;
    }
    num_copy(r, a);
    if (a->kind == INFINITE) return true;
    if (a->digits > s->prec) keep_digits(r->coef, s->prec);
    return false;
}
BINARY_OPERATION(num_shift)
{
    int64_t n;
    if (shift_specially(r, a, b, &n, s, status)) return;
    if (n < 0) {
        if (-n > a->digits)
            mpz_set_ui(r->coef, 0);
        else
            drop(r->coef, -n);
    } else if (mpz_sgn(r->coef) && dec_room(a->digits + n, status)) {
        if (a->digits > s->prec - n) keep_digits(r->coef, s->prec - n);
        dec_scale(r->coef, r->coef, n);
    }
    num_count(r);
}
BINARY_OPERATION(num_rotate)
{
    int64_t n;
    if (shift_specially(r, a, b, &n, s, status)) return;
    if (n < 0) n += s->prec;
    if (n == 0 || n == s->prec || !dec_room(s->prec, status)) {
        num_count(r);
        return;
    }
    mpz_t high;
    mpz_init_set(high, r->coef);
    drop(high, s->prec - n);
    keep_digits(r->coef, s->prec - n);
    dec_scale(r->coef, r->coef, n);
    mpz_add(r->coef, r->coef, high);
    mpz_clear(high);
    num_count(r);
}
BINARY_OPERATION(num_scaleb)
{
    int64_t n;
    if (num_take_nan(r, a, b, s, status)) return;
    if (!take_integer(b, 2 * (s->emax + s->prec), &n)) {
        num_invalid(r, DEC_INVALID_OPERATION, status);
        return;
    }
    num_copy(r, a);
    if (a->kind == INFINITE) return;
    r->exp += n;
    num_finalize(r, s, status);
}
UNARY_OPERATION(num_logb)
{
    if (num_take_nan(r, a, NULL, s, status)) return;
    if (a->kind == INFINITE)
        num_set_infinity(r, false);
    else if (num_is_zero(a)) {
        num_set_infinity(r, true);
        *status |= DEC_DIVISION_BY_ZERO;
    } else {
        num_set_int(r, num_adjusted(a));
        num_finalize(r, s, status);
    }
}

/* ---- Neighbours ----------------------------------------------------------------------------- */

/* Towards plus or minus infinity: rounding so, and adding less than any digit if that changes
 * nothing. */
static void next(Num *r, const Num *a, bool up, const Settings *s, uint32_t *status)
{
    uint32_t ignored = 0;
    Settings directed = *s;
    Num tiny;
    if (num_take_nan(r, a, NULL, s, status)) return;
    if (a->kind == INFINITE) {
        if (a->negative == up)
            num_set_largest(r, a->negative, s, status);
        else
            num_copy(r, a);
        return;
    }
    directed.rounding = up ? ROUND_CEILING : ROUND_FLOOR;
    num_copy(r, a);
    num_finalize(r, &directed, &ignored);
    if (num_compare(r, a) == 0) {
        num_init(&tiny);
        num_set_int(&tiny, up ? 1 : -1);
        tiny.exp = s->emin - s->prec; /* below the least exponent */
        num_add(r, a, &tiny, &directed, &ignored);
        num_clear(&tiny);
    }
    *status |= ignored & DEC_MALLOC_ERROR;
}
UNARY_OPERATION(num_next_minus) { next(r, a, false, s, status); }
UNARY_OPERATION(num_next_plus) { next(r, a, true, s, status); }
BINARY_OPERATION(num_next_toward)
{
    if (num_take_nan(r, a, b, s, status)) return;
    int order = num_compare(a, b);
    if (order == 0) {
        num_copy(r, a);
        r->negative = b->negative;
        return;
    }
    next(r, a, order < 0, s, status);
    if (r->kind == INFINITE)
        *status |= DEC_OVERFLOW | DEC_INEXACT | DEC_ROUNDED;
    else if (num_adjusted(r) < s->emin) {
        *status |= DEC_UNDERFLOW | DEC_SUBNORMAL | DEC_INEXACT | DEC_ROUNDED;
        if (num_is_zero(r)) *status |= DEC_CLAMPED;
    }
}

/* ---- Classes -------------------------------------------------------------------------------- */

bool num_is_normal(const Num *a, const Settings *s)
{
    return a->kind == FINITE && !num_is_zero(a) && num_adjusted(a) >= s->emin;
}
bool num_is_subnormal(const Num *a, const Settings *s)
{
    return a->kind == FINITE && !num_is_zero(a) && num_adjusted(a) < s->emin;
}
bool num_same_quantum(const Num *a, const Num *b)
{
    if (a->kind == FINITE && b->kind == FINITE) return a->exp == b->exp;
    return (num_is_nan(a) && num_is_nan(b)) || (a->kind == INFINITE && b->kind == INFINITE);
}
const char *num_class(const Num *a, const Settings *s)
{
    if (a->kind == SIGNALING_NAN) return "sNaN";
    if (a->kind == QUIET_NAN) return "NaN";
    if (a->kind == INFINITE) return a->negative ? "-Infinity" : "+Infinity";
    if (num_is_zero(a)) return a->negative ? "-Zero" : "+Zero";
    if (num_is_subnormal(a, s)) return a->negative ? "-Subnormal" : "+Subnormal";
    return a->negative ? "-Normal" : "+Normal";
}
