/* fixed.c: logarithms and powers of e as intervals of binary fixed point, in GMP's integers.
 *
 * A caller asks for some bits, looks whether both ends of the interval round to the same digits,
 * and asks for more if they do not (A. Ziv, Fast evaluation of elementary functions with correctly
 * rounded last bit, 1991): the values are irrational, so that this ends.
 *
 * e**x: halvings of the argument, Taylor's series, squarings. ln: Halley's iteration on e**y, each
 * step of which triples the digits. ln 2 and ln 10: Machin-like sums of atanh(1/31), atanh(1/49),
 * atanh(1/161). */
#include <math.h>

#include "modules/_decimal/decimal.h"

void fixed_init(Fixed *x)
{
    mpz_init(x->low);
    mpz_init(x->width);
    x->scale = 0;
}
void fixed_clear(Fixed *x)
{
    mpz_clear(x->low);
    mpz_clear(x->width);
}

static void shift(mpz_t r, mpz_srcptr x, int64_t left)
{
    if (left >= 0)
        mpz_mul_2exp(r, x, (mp_bitcnt_t)left);
    else
        mpz_fdiv_q_2exp(r, x, (mp_bitcnt_t)-left);
}

/* ---- Constants ------------------------------------------------------------------------------ */

/* sum += factor * atanh(1/n), with an error below factor * (number of terms) units. */
static void add_atanh(mpz_t sum, unsigned long factor, unsigned long n, int64_t bits)
{
    mpz_t power, term;
    mpz_inits(power, term, NULL);
    mpz_set_ui(power, factor);
    mpz_mul_2exp(power, power, (mp_bitcnt_t)bits);
    mpz_tdiv_q_ui(power, power, n);
    for (unsigned long k = 1; mpz_sgn(power); k += 2) {
        mpz_tdiv_q_ui(term, power, k);
        mpz_add(sum, sum, term);
        mpz_tdiv_q_ui(power, power, n * n);
    }
    mpz_clears(power, term, NULL);
}

typedef struct Constant {
    unsigned long factors[3];
    mpz_t value; /* with `bits` bits behind the point, at most one unit too small */
    int64_t bits;
} Constant;
static Constant ln2 = {.factors = {14, 10, 6}}, ln10 = {.factors = {46, 34, 20}};

static void constant(mpz_t r, Constant *c, int64_t bits)
{
    enum { GUARD = 32 };
    if (c->bits < bits) {
        int64_t wanted = bits + bits / 4 + 64;
        if (!c->bits) mpz_init(c->value);
        mpz_set_ui(c->value, 0);
        add_atanh(c->value, c->factors[0], 31, wanted + GUARD);
        add_atanh(c->value, c->factors[1], 49, wanted + GUARD);
        add_atanh(c->value, c->factors[2], 161, wanted + GUARD);
        mpz_tdiv_q_2exp(c->value, c->value, GUARD);
        c->bits = wanted;
    }
    shift(r, c->value, bits - c->bits);
}

void fixed_ln10(Fixed *r, int64_t bits)
{
    constant(r->low, &ln10, bits);
    mpz_set_ui(r->width, 2);
    r->scale = bits;
}

/* ---- e**x ----------------------------------------------------------------------------------- */

/* r = e**x for |x| < 4, to two units. */
static void exp_reduced(mpz_t r, mpz_srcptr x, int64_t bits)
{
    int64_t halvings = 4 + (int64_t)sqrt((double)bits) / 2, work = bits + 2 * halvings + 16;
    mpz_t term, argument;
    mpz_inits(term, argument, NULL);
    shift(argument, x, work - bits - halvings);
    mpz_set_ui(term, 1);
    mpz_mul_2exp(term, term, (mp_bitcnt_t)work);
    mpz_set(r, term);
    for (unsigned long k = 1;; k++) {
        mpz_mul(term, term, argument);
        mpz_fdiv_q_2exp(term, term, (mp_bitcnt_t)work);
        mpz_tdiv_q_ui(term, term, k);
        if (mpz_sgn(term) == 0 || mpz_cmp_si(term, -1) == 0) break;
        mpz_add(r, r, term);
    }
    for (int64_t k = 0; k < halvings; k++) {
        mpz_mul(r, r, r);
        mpz_fdiv_q_2exp(r, r, (mp_bitcnt_t)work);
    }
    shift(r, r, bits - work);
    mpz_clears(term, argument, NULL);
}

void fixed_exp(Fixed *r, mpz_t n, const Fixed *x, int64_t bits)
{
    /* n may have 65 bits, and multiplies the error of ln 10. */
    int64_t work = bits + 8, precise = work + 72;
    mpz_t tenfold, rest;
    mpz_inits(tenfold, rest, NULL);
    constant(tenfold, &ln10, precise);
    shift(rest, x->low, precise - x->scale);
    mpz_fdiv_qr(n, rest, rest, tenfold);
    shift(rest, rest, work - precise);
    exp_reduced(r->low, rest, work);
    /* The argument's uncertainty, three units of ours beside; times e**x < 12. */
    mpz_cdiv_q_2exp(r->width, x->width, x->scale > work ? (mp_bitcnt_t)(x->scale - work) : 0);
    if (x->scale < work) mpz_mul_2exp(r->width, r->width, (mp_bitcnt_t)(work - x->scale));
    mpz_add_ui(r->width, r->width, 3);
    mpz_mul_ui(r->width, r->width, 16);
    mpz_sub(r->low, r->low, r->width);
    mpz_mul_2exp(r->width, r->width, 1);
    r->scale = work;
    mpz_clears(tenfold, rest, NULL);
}

/* ---- ln ------------------------------------------------------------------------------------- */

/* r = ln x for 1/2 < x < 2, to a few units: y + 2 (x - e**y) / (x + e**y) from a y of a third of
 * the bits. */
static void ln_reduced(mpz_t r, mpz_srcptr x, int64_t bits)
{
    enum { DOUBLE_BITS = 44 };
    if (bits <= DOUBLE_BITS) {
        mpz_set_d(r, ldexp(log(ldexp(mpz_get_d(x), (int)-bits)), (int)bits));
        return;
    }
    int64_t fewer = bits / 3 + 6;
    if (fewer >= bits || fewer < DOUBLE_BITS) fewer = DOUBLE_BITS;
    mpz_t power, sum;
    mpz_inits(power, sum, NULL);
    shift(sum, x, fewer - bits);
    ln_reduced(r, sum, fewer);
    shift(r, r, bits - fewer);
    exp_reduced(power, r, bits);
    mpz_add(sum, x, power);
    mpz_sub(power, x, power);
    mpz_mul_2exp(power, power, (mp_bitcnt_t)bits + 1);
    mpz_fdiv_q(power, power, sum);
    mpz_add(r, r, power);
    mpz_clears(power, sum, NULL);
}

/* r = coef * 10**exp in fixed point. */
static void scaled(mpz_t r, mpz_srcptr coef, int64_t exp, int64_t bits)
{
    mpz_t scratch;
    mpz_init(scratch);
    mpz_mul_2exp(r, coef, (mp_bitcnt_t)bits);
    if (exp >= 0)
        mpz_mul(r, r, dec_power_of_ten(exp, scratch));
    else
        mpz_tdiv_q(r, r, dec_power_of_ten(-exp, scratch));
    mpz_clear(scratch);
}

/* a = f * 2**j * 10**k with f between 1/2 and 2, j and k zero if a itself is. */
static void reduce(mpz_t f, int64_t *j, int64_t *k, const Num *a, int64_t bits)
{
    int64_t adjusted = num_adjusted(a);
    *j = *k = 0;
    if (adjusted == 0 || adjusted == -1) {
        scaled(f, a->coef, a->exp, bits);
        int64_t size = (int64_t)mpz_sizeinbase(f, 2) - bits; /* 1: between 1 and 2 */
        if (size == 1 || size == 0) return;
    }
    *k = adjusted;
    scaled(f, a->coef, 1 - a->digits, bits);
    *j = (int64_t)mpz_sizeinbase(f, 2) - bits - 1;
    shift(f, f, -*j);
}

void fixed_ln(Fixed *r, const Num *a, int64_t bits)
{
    int64_t work = bits + 12, j, k;
    mpz_t f, part;
    mpz_inits(f, part, NULL);
    reduce(f, &j, &k, a, work);
    ln_reduced(r->low, f, work);
    if (j) {
        constant(part, &ln2, work);
        mpz_mul_si(part, part, j);
        mpz_add(r->low, r->low, part);
    }
    if (k) {
        constant(part, &ln10, work + 64);
        mpz_mul_si(part, part, k);
        shift(part, part, -64);
        mpz_add(r->low, r->low, part);
    }
    /* Each part is within a few units. */
    mpz_sub_ui(r->low, r->low, 64);
    mpz_set_ui(r->width, 128);
    r->scale = work;
    mpz_clears(f, part, NULL);
}

/* ---- To decimal ----------------------------------------------------------------------------- */

bool num_set_fixed(Num *r, const Fixed *x, int64_t adjusted, int64_t digits, int64_t exp)
{
    int64_t places = digits - adjusted; /* behind the point */
    mpz_t low, high;
    mpz_inits(low, high, NULL);
    mpz_add(high, x->low, x->width);
    mpz_set(low, x->low);
    bool negative = mpz_sgn(low) < 0;
    if (negative) {
        mpz_neg(low, low);
        mpz_neg(high, high);
        mpz_swap(low, high);
    }
    bool known = mpz_sgn(low) > 0;
    scaled(low, low, places, 0);
    scaled(high, high, places, 0);
    shift(low, low, -x->scale);
    shift(high, high, -x->scale);
    known = known && mpz_cmp(low, high) == 0;
    if (known) {
        num_set_zero(r, negative, exp - places);
        if (mpz_divisible_ui_p(low, 5)) mpz_add_ui(low, low, 1);
        mpz_set(r->coef, low);
        num_count(r);
    }
    mpz_clears(low, high, NULL);
    return known;
}

void num_set_beside_one(Num *r, bool above, const Settings *s, uint32_t *status)
{
    int64_t places = s->prec + 2;
    num_set_zero(r, false, -places);
    if (!dec_room(places, status)) return;
    mpz_ui_pow_ui(r->coef, 10, (unsigned long)places);
    if (above)
        mpz_add_ui(r->coef, r->coef, 1);
    else
        mpz_sub_ui(r->coef, r->coef, 1);
    num_count(r);
}

double num_log10_estimate(const Num *a)
{
    long exponent;
    double mantissa = mpz_get_d_2exp(&exponent, a->coef);
    return log10(mantissa) + (double)exponent * 0.30102999566398119521 + (double)a->exp;
}
