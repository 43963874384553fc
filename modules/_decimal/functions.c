/* functions.c: e**x and the logarithms, correctly rounded to the nearest, a half to even. */
#include <math.h>

#include "modules/_decimal/decimal.h"

static void finalize_to_even(Num *r, const Settings *s, uint32_t *status)
{
    Settings even = *s;
    even.rounding = ROUND_HALF_EVEN;
    num_finalize(r, &even, status);
}

/* ---- e**x ----------------------------------------------------------------------------------- */

/* a in fixed point. */
static void fixed_number(Fixed *x, const Num *a, int64_t bits)
{
    mpz_t scratch;
    mpz_init(scratch);
    mpz_mul_2exp(x->low, a->coef, (mp_bitcnt_t)bits);
    if (a->exp >= 0)
        mpz_mul(x->low, x->low, dec_power_of_ten(a->exp, scratch));
    else
        mpz_tdiv_q(x->low, x->low, dec_power_of_ten(-a->exp, scratch));
    mpz_set_ui(x->width, 1);
    if (a->negative) {
        mpz_neg(x->low, x->low);
        mpz_sub_ui(x->low, x->low, 1);
    }
    x->scale = bits;
    mpz_clear(scratch);
}

static void exp_digits(Num *r, const Num *a, const Settings *s, uint32_t *status)
{
    int64_t digits = s->prec + 3;
    if (!dec_room(digits + a->digits, status)) return;
    Fixed x, power;
    mpz_t n;
    bool known = false;
    fixed_init(&x), fixed_init(&power), mpz_init(n);
    for (int64_t bits = fixed_bits(digits) + 16; !known; bits += bits / 2) {
        fixed_number(&x, a, bits + 16);
        fixed_exp(&power, n, &x, bits);
        known = num_set_fixed(r, &power, 0, digits, mpz_get_si(n));
    }
    mpz_clear(n), fixed_clear(&power), fixed_clear(&x);
}

UNARY_OPERATION(num_exp)
{
    enum { TOO_LARGE = 19 }; /* digits before the point: beyond every exponent */
    if (num_take_nan(r, a, NULL, s, status)) return;
    if (a->kind == INFINITE) {
        if (a->negative)
            num_set_zero(r, false, 0);
        else
            num_set_infinity(r, false);
        return;
    }
    if (num_is_zero(a)) {
        num_set_int(r, 1);
        return;
    }
    if (num_adjusted(a) >= TOO_LARGE) {
        num_set_int(r, 1);
        r->exp = a->negative ? s->emin - s->prec : s->emax + 1;
    } else if (num_adjusted(a) < -s->prec - 2)
        num_set_beside_one(r, !a->negative, s, status);
    else
        exp_digits(r, a, s, status);
    finalize_to_even(r, s, status);
}

/* ---- Logarithms ----------------------------------------------------------------------------- */

/* A lower bound of the exponent of the first digit of ln a, a not one. */
static int64_t ln_adjusted(const Num *a)
{
    Num one, distance;
    uint32_t ignored = 0;
    int64_t adjusted = num_adjusted(a);
    if (adjusted < -1 || adjusted > 0) return -1; /* |ln a| > 2 */
    num_init(&one), num_init(&distance);
    num_set_int(&one, 1);
    num_subtract(&distance, a, &one, &dec_exact_settings, &ignored);
    /* |ln a| > |a - 1| / 2 where a < 2 */
    int64_t bound = num_adjusted(&distance) - 1;
    num_clear(&distance), num_clear(&one);
    return bound < -1 ? bound : -1;
}

/* The quotient by ln 10. */
static void divide_by_ln10(Fixed *x)
{
    Fixed tenfold;
    fixed_init(&tenfold);
    fixed_ln10(&tenfold, x->scale + 80);
    mpz_mul_2exp(x->low, x->low, (mp_bitcnt_t)tenfold.scale);
    mpz_fdiv_q(x->low, x->low, tenfold.low);
    mpz_sub_ui(x->low, x->low, 1);
    mpz_add_ui(x->width, x->width, 3);
    fixed_clear(&tenfold);
}

static void ln_digits(Num *r, const Num *a, bool to_ten, const Settings *s, uint32_t *status)
{
    int64_t adjusted = ln_adjusted(a) - to_ten, digits = s->prec + 3;
    if (!dec_room(digits - adjusted + a->digits, status)) return;
    Fixed x;
    bool known = false;
    fixed_init(&x);
    for (int64_t bits = fixed_bits(digits - adjusted); !known; bits += bits / 2) {
        fixed_ln(&x, a, bits);
        if (to_ten) divide_by_ln10(&x);
        known = num_set_fixed(r, &x, adjusted, digits, 0);
    }
    fixed_clear(&x);
}

static bool is_power_of_ten(const Num *a)
{
    mpz_t scratch;
    mpz_init(scratch);
    bool power = mpz_cmp(a->coef, dec_power_of_ten(a->digits - 1, scratch)) == 0;
    mpz_clear(scratch);
    return power;
}

/* The logarithms of what is no positive number: true if r has it. */
static bool ln_specially(Num *r, const Num *a, const Settings *s, uint32_t *status)
{
    if (num_take_nan(r, a, NULL, s, status)) return true;
    if (num_is_zero(a))
        num_set_infinity(r, true);
    else if (a->negative)
        num_invalid(r, DEC_INVALID_OPERATION, status);
    else if (a->kind == INFINITE)
        num_set_infinity(r, false);
    else
        return false;
    return true;
}

UNARY_OPERATION(num_ln)
{
    if (ln_specially(r, a, s, status)) return;
    if (num_adjusted(a) == 0 && is_power_of_ten(a)) {
        num_set_zero(r, false, 0);
        return;
    }
    ln_digits(r, a, false, s, status);
    finalize_to_even(r, s, status);
}
UNARY_OPERATION(num_log10)
{
    if (ln_specially(r, a, s, status)) return;
    if (is_power_of_ten(a))
        num_set_int(r, num_adjusted(a));
    else
        ln_digits(r, a, true, s, status);
    finalize_to_even(r, s, status);
}
