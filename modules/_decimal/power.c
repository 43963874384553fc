/* power.c: powers, correctly rounded; and powers modulo an integer.
 *
 * A power is first tried exactly, with some digits more than the precision: an integer power of a
 * coefficient not divisible by ten, after the root that a fractional exponent asks for. What is
 * not found so has more digits than power_digits() looks at, so that the intervals around it get
 * narrow enough. */
#include <math.h>

#include "modules/_decimal/decimal.h"

static bool is_integer(const Num *a)
{
    if (a->kind != FINITE) return false;
    if (a->exp >= 0 || num_is_zero(a)) return true;
    if (-a->exp >= a->digits) return false;
    mpz_t scratch;
    mpz_init(scratch);
    bool integer = mpz_divisible_p(a->coef, dec_power_of_ten(-a->exp, scratch));
    mpz_clear(scratch);
    return integer;
}
/* Of an integer. */
static bool is_odd(const Num *a)
{
    if (a->exp > 0 || num_is_zero(a)) return false;
    mpz_t scratch;
    mpz_init(scratch);
    mpz_tdiv_q(scratch, a->coef, dec_power_of_ten(-a->exp, scratch));
    bool odd = mpz_odd_p(scratch);
    mpz_clear(scratch);
    return odd;
}
static bool is_one(const Num *a)
{
    Num one;
    num_init(&one);
    num_set_int(&one, 1);
    bool equal = a->kind == FINITE && num_compare(a, &one) == 0;
    num_clear(&one);
    return equal;
}

/* ---- Exact powers --------------------------------------------------------------------------- */

/* coef * 10**exp, coef not divisible by ten. */
typedef struct Stripped {
    mpz_t coef;
    int64_t exp;
} Stripped;

static void strip(Stripped *r, const Num *a)
{
    Num copy;
    num_init(&copy);
    num_copy(&copy, a);
    num_strip_zeros(&copy, INT64_MAX);
    mpz_init_set(r->coef, copy.coef);
    r->exp = copy.exp;
    num_clear(&copy);
}

/* For x**(m / d): replaces x by its d-th root if that is exact, leaves m in y. False if there is
 * none. */
static bool take_root(Stripped *x, Stripped *y)
{
    enum { LARGEST = 64 }; /* beyond it d has more bits than any root */
    if (y->exp >= 0) return true;
    if (-y->exp > LARGEST) return false;
    mpz_t degree, divisor;
    mpz_inits(degree, divisor, NULL);
    mpz_ui_pow_ui(degree, 10, (unsigned long)-y->exp);
    mpz_gcd(divisor, degree, y->coef);
    mpz_divexact(degree, degree, divisor);
    mpz_divexact(y->coef, y->coef, divisor);
    y->exp = 0;
    bool one = mpz_cmp_ui(x->coef, 1) == 0;
    bool exact = mpz_fits_slong_p(degree) && x->exp % mpz_get_si(degree) == 0 &&
                 (one || mpz_cmp_ui(degree, mpz_sizeinbase(x->coef, 2)) <= 0);
    if (exact) {
        x->exp /= mpz_get_si(degree);
        if (!one) exact = mpz_root(x->coef, x->coef, mpz_get_ui(degree)) != 0;
    }
    mpz_clears(degree, divisor, NULL);
    return exact;
}

/* 1/2 = 5/10 and 1/5 = 2/10: replaces coef**-1, if that has finitely many digits. */
static bool invert(Stripped *x)
{
    mpz_t rest, factor;
    mpz_init(rest);
    unsigned long base = mpz_even_p(x->coef) ? 2 : 5;
    mpz_init_set_ui(factor, base);
    mp_bitcnt_t n = mpz_remove(rest, x->coef, factor);
    bool finite = mpz_cmp_ui(rest, 1) == 0;
    if (finite) {
        mpz_ui_pow_ui(x->coef, 10 / base, n);
        x->exp = -x->exp - (int64_t)n;
    }
    mpz_clears(rest, factor, NULL);
    return finite;
}

/* |b| as an int; false if it has too many digits for an exact power of anything but a power of
 * ten. */
static bool whole_exponent(int64_t *n, const Stripped *y)
{
    enum { DIGITS = 18 };
    mpz_t scratch;
    if (y->exp > DIGITS) return false;
    mpz_init(scratch);
    dec_scale(scratch, y->coef, y->exp);
    bool fits = mpz_cmp_d(scratch, 4e18) < 0;
    if (fits) *n = mpz_get_si(scratch);
    mpz_clear(scratch);
    return fits;
}

/* a**b for positive a, not one, and finite b, not zero, if it has at most `most` digits. */
static bool power_exactly(Num *r, const Num *a, const Num *b, int64_t most, uint32_t *status)
{
    Stripped x, y;
    int64_t n;
    strip(&x, a);
    strip(&y, b);
    bool exact = take_root(&x, &y) && whole_exponent(&n, &y) && (!b->negative || invert(&x));
    if (exact) {
        size_t bits = mpz_cmp_ui(x.coef, 1) ? mpz_sizeinbase(x.coef, 2) : 0;
        double digits = (double)n * (double)bits * 0.30103;
        double lower = bits ? (double)n * (double)(bits - 1) * 0.30102 : 0;
        exact = lower < (double)most + 2 && fabs((double)n * (double)x.exp) < 4e18 &&
                dec_room((int64_t)digits + 2, status);
    }
    if (exact) {
        num_set_zero(r, false, n * x.exp);
        mpz_pow_ui(r->coef, x.coef, (unsigned long)n);
        num_count(r);
        exact = r->digits <= most;
    }
    mpz_clear(x.coef);
    mpz_clear(y.coef);
    return exact;
}

/* To the exponent that repeated multiplication gives, as far as the digits allow. */
static void restore_zeros(Num *r, const Num *a, const Num *b, int64_t most)
{
    double ideal = (double)a->exp * pow(10, num_log10_estimate(b));
    int64_t zeros = most - r->digits;
    if (ideal > (double)(r->exp - zeros)) {
        mpz_t n;
        mpz_init(n);
        if (b->exp >= 0)
            dec_scale(n, b->coef, b->exp);
        else {
            mpz_t scratch;
            mpz_init(scratch);
            mpz_tdiv_q(n, b->coef, dec_power_of_ten(-b->exp, scratch));
            mpz_clear(scratch);
        }
        zeros = r->exp - a->exp * mpz_get_si(n);
        mpz_clear(n);
    }
    if (zeros > most - r->digits) zeros = most - r->digits;
    if (zeros <= 0) return;
    dec_scale(r->coef, r->coef, zeros);
    r->exp -= zeros;
    r->digits += zeros;
}

/* ---- Powers --------------------------------------------------------------------------------- */

/* log10 of |b * log10(a)|, roughly; a is not one. */
static double magnitude(const Num *a, const Num *b)
{
    double logarithm = fabs(num_log10_estimate(a));
    if (logarithm < 0.01) { /* ln a is near a - 1 */
        Num one, distance;
        uint32_t ignored = 0;
        num_init(&one), num_init(&distance);
        num_set_int(&one, 1);
        num_subtract(&distance, a, &one, &dec_exact_settings, &ignored);
        logarithm = num_log10_estimate(&distance) - 0.3622;
        num_clear(&distance), num_clear(&one);
    } else
        logarithm = log10(logarithm);
    return logarithm + num_log10_estimate(b);
}

/* e**(b ln a), where that has more digits than the precision and a few. */
static void power_digits(Num *r, const Num *a, const Num *b, const Settings *s, uint32_t *status)
{
    int64_t digits = s->prec + 3;
    int64_t lead =
        num_adjusted(b) + 1; /* digits of b before the point: they multiply the error of ln a */
    if (!dec_room(digits + a->digits + b->digits + (lead > 0 ? lead : -lead), status)) return;
    if (lead < 0) lead = 0;
    Fixed x, power;
    mpz_t n;
    bool known = false;
    fixed_init(&x), fixed_init(&power), mpz_init(n);
    for (int64_t bits = fixed_bits(digits); !known; bits += bits / 2) {
        mpz_t scratch;
        mpz_init(scratch);
        fixed_ln(&x, a, bits + fixed_bits(lead));
        mpz_mul(x.low, x.low, b->coef);
        mpz_mul(x.width, x.width, b->coef);
        if (b->exp >= 0) {
            dec_scale(x.low, x.low, b->exp);
            dec_scale(x.width, x.width, b->exp);
        } else {
            mpz_srcptr divisor = dec_power_of_ten(-b->exp, scratch);
            mpz_fdiv_q(x.low, x.low, divisor);
            mpz_cdiv_q(x.width, x.width, divisor);
            mpz_add_ui(x.width, x.width, 1);
        }
        if (b->negative) {
            mpz_add(x.low, x.low, x.width);
            mpz_neg(x.low, x.low);
        }
        fixed_exp(&power, n, &x, bits);
        known = num_set_fixed(r, &power, 0, digits, mpz_get_si(n));
        mpz_clear(scratch);
    }
    mpz_clear(n), fixed_clear(&power), fixed_clear(&x);
}

/* 1**b: one with the zeros that multiplying would leave. */
static void power_of_one(Num *r, const Num *a, const Num *b, bool negative, const Settings *s,
                         uint32_t *status)
{
    int64_t exp;
    if (is_integer(b)) {
        double times = b->negative ? 0 : pow(10, num_log10_estimate(b));
        int64_t n = times > (double)s->prec ? s->prec : (int64_t)(times + 0.5);
        exp = a->exp == 0 ? 0 : fabs((double)a->exp * (double)n) > 4e18 ? INT64_MIN : a->exp * n;
        if (exp < 1 - s->prec) {
            exp = 1 - s->prec;
            *status |= DEC_ROUNDED;
        }
    } else {
        exp = 1 - s->prec;
        *status |= DEC_INEXACT | DEC_ROUNDED;
    }
    num_set_zero(r, negative, exp < 0 ? exp : 0);
    if (exp < 0 && !dec_room(-exp, status)) return;
    mpz_ui_pow_ui(r->coef, 10, (unsigned long)(exp < 0 ? -exp : 0));
    num_count(r);
}

/* Powers whose value follows from the kinds and signs: true if r has it. *negative: the sign of
 * the others. */
static bool power_specially(Num *r, const Num *a, const Num *b, bool *negative, const Settings *s,
                            uint32_t *status)
{
    *negative = false;
    if (num_take_nan(r, a, b, s, status)) return true;
    if (num_is_zero(b)) {
        if (num_is_zero(a))
            num_invalid(r, DEC_INVALID_OPERATION, status);
        else
            num_set_int(r, 1);
        return true;
    }
    if (a->negative) {
        if (is_integer(b))
            *negative = is_odd(b);
        else if (!num_is_zero(a)) {
            num_invalid(r, DEC_INVALID_OPERATION, status);
            return true;
        }
    }
    bool small;
    if (num_is_zero(a) || a->kind == INFINITE)
        small = num_is_zero(a) != b->negative;
    else if (b->kind == INFINITE && !is_one(a))
        small = (num_adjusted(a) < 0) != b->negative;
    else
        return false;
    if (small)
        num_set_zero(r, *negative, 0);
    else
        num_set_infinity(r, *negative);
    return true;
}

/* An exact result of a fractional exponent is given as if it were not: with all digits, and
 * inexact. */
static void finalize_inexact(Num *r, const Settings *s, uint32_t *status)
{
    if (r->digits <= s->prec) {
        int64_t zeros = s->prec + 1 - r->digits;
        if (!dec_room(s->prec, status)) return;
        dec_scale(r->coef, r->coef, zeros);
        r->exp -= zeros;
        r->digits += zeros;
    }
    num_finalize(r, s, status);
    *status |= DEC_INEXACT;
    if (*status & DEC_SUBNORMAL) *status |= DEC_UNDERFLOW;
}

BINARY_OPERATION(num_power)
{
    const double too_large = 18.5;    /* digits of an exponent that no settings hold */
    const int64_t most = s->prec + 8; /* digits that power_digits looks at, or more */
    bool negative;
    Num base;
    if (power_specially(r, a, b, &negative, s, status)) return;
    num_init(&base);
    num_copy(&base, a);
    base.negative = false;
    if (is_one(&base)) {
        power_of_one(r, &base, b, negative, s, status);
        num_clear(&base);
        return;
    }
    bool grows = (num_adjusted(&base) >= 0) != b->negative, exact = false;
    double size = magnitude(&base, b);
    if (size >= too_large) {
        num_set_int(r, 1);
        r->exp = grows ? s->emax + 1 : s->emin - s->prec;
    } else if (power_exactly(r, &base, b, most, status)) {
        exact = true;
        if (is_integer(b) && !b->negative) restore_zeros(r, &base, b, s->prec + 1);
    } else if (size < (double)-s->prec - 3)
        num_set_beside_one(r, grows, s, status);
    else
        power_digits(r, &base, b, s, status);
    r->negative = negative;
    if (exact && !is_integer(b))
        finalize_inexact(r, s, status);
    else
        num_finalize(r, s, status);
    num_clear(&base);
}

/* ---- Modulo --------------------------------------------------------------------------------- */

/* Of three operands, the NaN that decides. */
static bool take_nan_of_three(Num *r, const Num *a, const Num *b, const Num *m, const Settings *s,
                              uint32_t *status)
{
    bool third = m->kind == SIGNALING_NAN && a->kind != SIGNALING_NAN && b->kind != SIGNALING_NAN;
    if (third || (!num_is_nan(a) && !num_is_nan(b))) return num_take_nan(r, m, NULL, s, status);
    return num_take_nan(r, a, b, s, status);
}

static void to_integer(mpz_t r, const Num *a)
{
    mpz_t scratch;
    mpz_init(scratch);
    if (a->exp >= 0)
        dec_scale(r, a->coef, a->exp);
    else
        mpz_tdiv_q(r, a->coef, dec_power_of_ten(-a->exp, scratch));
    mpz_clear(scratch);
}

void num_power_modulo(Num *r, const Num *a, const Num *b, const Num *m, const Settings *s,
                      uint32_t *status)
{
    if (take_nan_of_three(r, a, b, m, s, status)) return;
    if (!is_integer(a) || !is_integer(b) || !is_integer(m) || (b->negative && !num_is_zero(b)) ||
        num_is_zero(m) || num_adjusted(m) >= s->prec || (num_is_zero(a) && num_is_zero(b))) {
        num_invalid(r, DEC_INVALID_OPERATION, status);
        return;
    }
    if (!dec_room(b->exp, status)) return;
    mpz_t base, exponent, modulus, ten;
    mpz_inits(base, exponent, modulus, ten, NULL);
    to_integer(modulus, m);
    to_integer(exponent, b);
    if (a->exp > 0) {
        mpz_set_ui(ten, 10);
        mpz_set_si(base, a->exp);
        mpz_powm(base, ten, base, modulus);
        mpz_mul(base, base, a->coef);
    } else
        to_integer(base, a);
    bool negative = a->negative && is_odd(b);
    mpz_powm(base, base, exponent, modulus);
    num_set_zero(r, negative, 0);
    mpz_set(r->coef, base);
    num_count(r);
    mpz_clears(base, exponent, modulus, ten, NULL);
}
