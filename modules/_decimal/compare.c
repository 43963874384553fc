/* compare.c: comparisons, the total order, the larger and the smaller; and what changes an
 * exponent: quantize, integral values, normalize. */
#include "modules/_decimal/decimal.h"

/* ---- Order ---------------------------------------------------------------------------------- */

int num_compare_magnitudes(const Num *a, const Num *b)
{
    if (a->kind == INFINITE || b->kind == INFINITE)
        return (a->kind == INFINITE) - (b->kind == INFINITE);
    if (num_is_zero(a) || num_is_zero(b)) return !num_is_zero(a) - !num_is_zero(b);
    int64_t x = num_adjusted(a), y = num_adjusted(b);
    if (x != y) return x < y ? -1 : 1;
    if (a->exp == b->exp) return mpz_cmp(a->coef, b->coef);
    mpz_t scaled;
    mpz_init(scaled);
    int order;
    if (a->exp > b->exp) {
        dec_scale(scaled, a->coef, a->exp - b->exp);
        order = mpz_cmp(scaled, b->coef);
    } else {
        dec_scale(scaled, b->coef, b->exp - a->exp);
        order = mpz_cmp(a->coef, scaled);
    }
    mpz_clear(scaled);
    return order;
}

static int sign(const Num *a) { return num_is_zero(a) ? 0 : a->negative ? -1 : 1; }
int num_compare(const Num *a, const Num *b)
{
    int x = sign(a), y = sign(b);
    if (x != y) return x < y ? -1 : 1;
    if (x == 0) return 0;
    int order = num_compare_magnitudes(a, b);
    return x * ((order > 0) - (order < 0));
}

/* Of positive operands: numbers, signaling NaNs, quiet NaNs. */
static int total_of_positive(const Num *a, const Num *b)
{
    int x = a->kind == SIGNALING_NAN ? 1 : a->kind == QUIET_NAN ? 2 : 0;
    int y = b->kind == SIGNALING_NAN ? 1 : b->kind == QUIET_NAN ? 2 : 0;
    if (x != y) return x < y ? -1 : 1;
    int order = x ? mpz_cmp(a->coef, b->coef) : num_compare_magnitudes(a, b);
    if (order || x) return (order > 0) - (order < 0);
    return (a->exp > b->exp) - (a->exp < b->exp);
}
int num_compare_total(const Num *a, const Num *b, bool magnitudes)
{
    if (magnitudes) return total_of_positive(a, b);
    if (a->negative != b->negative) return a->negative ? -1 : 1;
    return a->negative ? -total_of_positive(a, b) : total_of_positive(a, b);
}

BINARY_OPERATION(num_compare_op)
{
    if (!num_take_nan(r, a, b, s, status)) num_set_int(r, num_compare(a, b));
}
BINARY_OPERATION(num_compare_signal_op)
{
    if (num_take_nan(r, a, b, s, status))
        *status |= DEC_INVALID_OPERATION;
    else
        num_set_int(r, num_compare(a, b));
}

/* The one that wins is rounded; a quiet NaN loses to a number. */
static void choose(Num *r, const Num *a, const Num *b, bool larger, bool magnitudes,
                   const Settings *s, uint32_t *status)
{
    const Num *winner;
    if (a->kind == QUIET_NAN && b->kind <= INFINITE)
        winner = b;
    else if (b->kind == QUIET_NAN && a->kind <= INFINITE)
        winner = a;
    else {
        if (num_take_nan(r, a, b, s, status)) return;
        int order = magnitudes ? num_compare_magnitudes(a, b) : num_compare(a, b);
        if (order == 0) order = num_compare_total(a, b, false);
        winner = (order >= 0) == larger ? a : b;
        if (order == 0) winner = a;
    }
    num_copy(r, winner);
    num_finalize(r, s, status);
}
BINARY_OPERATION(num_max) { choose(r, a, b, true, false, s, status); }
BINARY_OPERATION(num_min) { choose(r, a, b, false, false, s, status); }
BINARY_OPERATION(num_max_mag) { choose(r, a, b, true, true, s, status); }
BINARY_OPERATION(num_min_mag) { choose(r, a, b, false, true, s, status); }

/* ---- Exponents ------------------------------------------------------------------------------ */

/* Moves a finite number to the exponent: conditions of the rounding. */
static uint32_t move_exponent(Num *r, int64_t exp, int rounding, uint32_t *status)
{
    if (num_is_zero(r)) {
        bool rounded = exp > r->exp;
        r->exp = exp;
        return rounded ? DEC_ROUNDED : 0;
    }
    if (exp > r->exp) return num_round_to(r, exp, rounding);
    if (!dec_room(r->digits + r->exp - exp, status)) return 0;
    dec_scale(r->coef, r->coef, r->exp - exp);
    r->digits += r->exp - exp;
    r->exp = exp;
    return 0;
}

void num_rescale(Num *r, const Num *a, int64_t exp, const Settings *s, uint32_t *status)
{
    num_copy(r, a);
    if (a->kind == FINITE) move_exponent(r, exp, s->rounding, status);
}

BINARY_OPERATION(num_quantize)
{
    if (num_take_nan(r, a, b, s, status)) return;
    if (a->kind == INFINITE || b->kind == INFINITE) {
        if (a->kind == b->kind)
            num_copy(r, a);
        else
            num_invalid(r, DEC_INVALID_OPERATION, status);
        return;
    }
    bool zero = num_is_zero(a);
    if (b->exp < s->emin - s->prec + 1 || b->exp > s->emax ||
        (!zero && (num_adjusted(a) > s->emax || num_adjusted(a) - b->exp + 1 > s->prec))) {
        num_invalid(r, DEC_INVALID_OPERATION, status);
        return;
    }
    num_copy(r, a);
    uint32_t rounded = move_exponent(r, b->exp, s->rounding, status);
    zero = num_is_zero(r);
    if (!zero && (num_adjusted(r) > s->emax || r->digits > s->prec)) {
        num_invalid(r, DEC_INVALID_OPERATION, status);
        return;
    }
    if (!zero && num_adjusted(r) < s->emin) *status |= DEC_SUBNORMAL;
    if (!num_is_zero(a)) *status |= rounded;
    num_finalize(r, s, status);
}

UNARY_OPERATION(num_to_integral_exact)
{
    if (num_take_nan(r, a, NULL, s, status)) return;
    num_copy(r, a);
    if (a->kind != FINITE || a->exp >= 0) return;
    uint32_t rounded = move_exponent(r, 0, s->rounding, status);
    if (!num_is_zero(a)) *status |= rounded;
}
UNARY_OPERATION(num_to_integral_value)
{
    uint32_t ignored = 0;
    num_to_integral_exact(r, a, s, &ignored);
    *status |= ignored & ~(uint32_t)(DEC_INEXACT | DEC_ROUNDED);
}

UNARY_OPERATION(num_normalize)
{
    if (num_take_nan(r, a, NULL, s, status)) return;
    num_copy(r, a);
    num_finalize(r, s, status);
    if (r->kind != FINITE) return;
    if (num_is_zero(r))
        r->exp = 0;
    else
        num_strip_zeros(r, s->clamp ? s->emax - s->prec + 1 : s->emax);
}
