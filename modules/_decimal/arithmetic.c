/* arithmetic.c: sums, products, quotients and the square root.
 *
 * Sums and products are computed exactly and rounded once. A quotient gets prec digits and one or
 * two more; if something is left, a last digit 0 or 5 is raised by one, so that rounding sees that
 * the value is neither exact nor a half. The same for the root. */
#include "modules/_decimal/decimal.h"

/* ---- Sums ----------------------------------------------------------------------------------- */

UNARY_OPERATION(num_plus)
{
    if (num_take_nan(r, a, NULL, s, status)) return;
    num_copy(r, a);
    if (num_is_zero(a) && s->rounding != ROUND_FLOOR) r->negative = false;
    num_finalize(r, s, status);
}
UNARY_OPERATION(num_minus)
{
    if (num_take_nan(r, a, NULL, s, status)) return;
    num_copy(r, a);
    r->negative = num_is_zero(a) ? s->rounding == ROUND_FLOOR && !a->negative : !a->negative;
    num_finalize(r, s, status);
}
UNARY_OPERATION(num_abs)
{
    if (num_take_nan(r, a, NULL, s, status)) return;
    num_copy(r, a);
    r->negative = false;
    num_finalize(r, s, status);
}

static void add_infinities(Num *r, const Num *a, const Num *b, bool b_negative, uint32_t *status)
{
    if (a->kind != INFINITE)
        num_set_infinity(r, b_negative);
    else if (b->kind == INFINITE && a->negative != b_negative)
        num_invalid(r, DEC_INVALID_OPERATION, status);
    else
        num_set_infinity(r, a->negative);
}

/* x + 0: x with digits down to the zero's exponent, as far as prec and one more allow. */
static void add_zero(Num *r, const Num *x, bool negative, int64_t exp, const Settings *s,
                     uint32_t *status)
{
    int64_t least = num_adjusted(x) - s->prec;
    if (exp < least) exp = least;
    num_copy(r, x);
    r->negative = negative;
    if (exp < x->exp && dec_room(x->digits + x->exp - exp, status)) {
        dec_scale(r->coef, r->coef, x->exp - exp);
        r->digits += x->exp - exp;
        r->exp = exp;
    }
    num_finalize(r, s, status);
}

/* r = high + low at low's exponent where all fits a word with its sign; false if it does not. */
static bool add_words(Num *r, const Num *high, bool high_negative, const Num *low,
                      bool low_negative, const Settings *s)
{
    int64_t shift = high->exp - low->exp, a, b, sum;
    if (shift > 18 || !dec_is_word(high->coef) || !dec_is_word(low->coef)) return false;
    uint64_t x = mpz_get_ui(high->coef), y = mpz_get_ui(low->coef);
    if (x > INT64_MAX || y > INT64_MAX) return false;
    if (__builtin_mul_overflow((int64_t)x, (int64_t)dec_word_powers[shift], &a)) return false;
    b = low_negative ? -(int64_t)y : (int64_t)y;
    if (__builtin_add_overflow(high_negative ? -a : a, b, &sum) || sum == INT64_MIN) return false;
    r->kind = FINITE;
    r->exp = low->exp;
    r->negative = sum < 0;
    if (sum == 0)
        r->negative = high_negative == low_negative ? high_negative : s->rounding == ROUND_FLOOR;
    mpz_set_ui(r->coef, (uint64_t)(sum < 0 ? -sum : sum));
    return true;
}

/* r = high + low at low's exponent, where high has the larger one. A low that lies beyond all
 * digits that count is replaced by a one that does so too. */
static void add_aligned(Num *r, const Num *high, bool high_negative, const Num *low,
                        bool low_negative, const Settings *s, uint32_t *status)
{
    int64_t room = s->prec - high->digits + 2, exp = low->exp;
    bool far = num_adjusted(low) < high->exp - (room > 1 ? room : 1);
    mpz_t scaled;
    if (!far && add_words(r, high, high_negative, low, low_negative, s)) {
        num_count(r);
        num_finalize(r, s, status);
        return;
    }
    if (far) exp = high->exp - (room > 1 ? room : 1);
    if (!dec_room(high->digits + high->exp - exp, status)) return;
    mpz_init(scaled);
    dec_scale(scaled, high->coef, high->exp - exp);
    if (far)
        mpz_set_ui(r->coef, 1);
    else
        mpz_set(r->coef, low->coef);
    if (low_negative) mpz_neg(r->coef, r->coef);
    if (high_negative)
        mpz_sub(r->coef, r->coef, scaled);
    else
        mpz_add(r->coef, r->coef, scaled);
    mpz_clear(scaled);
    r->kind = FINITE;
    r->exp = exp;
    r->negative = mpz_sgn(r->coef) < 0;
    if (mpz_sgn(r->coef) == 0)
        r->negative = high_negative == low_negative ? high_negative : s->rounding == ROUND_FLOOR;
    mpz_abs(r->coef, r->coef);
    num_count(r);
    num_finalize(r, s, status);
}

static void add_signed(Num *r, const Num *a, const Num *b, bool b_negative, const Settings *s,
                       uint32_t *status)
{
    if (a->kind == INFINITE || b->kind == INFINITE)
        add_infinities(r, a, b, b_negative, status);
    else if (num_is_zero(a) && num_is_zero(b)) {
        bool negative = a->negative == b_negative ? a->negative : s->rounding == ROUND_FLOOR;
        num_set_zero(r, negative, a->exp < b->exp ? a->exp : b->exp);
        num_finalize(r, s, status);
    } else if (num_is_zero(a))
        add_zero(r, b, b_negative, a->exp, s, status);
    else if (num_is_zero(b))
        add_zero(r, a, a->negative, b->exp, s, status);
    else if (a->exp >= b->exp)
        add_aligned(r, a, a->negative, b, b_negative, s, status);
    else
        add_aligned(r, b, b_negative, a, a->negative, s, status);
}
BINARY_OPERATION(num_add)
{
    if (!num_take_nan(r, a, b, s, status)) add_signed(r, a, b, b->negative, s, status);
}
BINARY_OPERATION(num_subtract)
{
    if (!num_take_nan(r, a, b, s, status)) add_signed(r, a, b, !b->negative, s, status);
}

/* ---- Products ------------------------------------------------------------------------------- */

/* Without rounding; infinities included. */
static void multiply_exactly(Num *r, const Num *a, const Num *b, uint32_t *status)
{
    bool negative = a->negative != b->negative;
    if (a->kind == INFINITE || b->kind == INFINITE) {
        if (num_is_zero(a) || num_is_zero(b))
            num_invalid(r, DEC_INVALID_OPERATION, status);
        else
            num_set_infinity(r, negative);
        return;
    }
    r->kind = FINITE;
    r->exp = a->exp + b->exp;
    r->negative = negative;
    if (dec_room(a->digits + b->digits, status)) mpz_mul(r->coef, a->coef, b->coef);
    num_count(r);
}
BINARY_OPERATION(num_multiply)
{
    if (num_take_nan(r, a, b, s, status)) return;
    multiply_exactly(r, a, b, status);
    num_finalize(r, s, status);
}

void num_fma(Num *r, const Num *a, const Num *b, const Num *c, const Settings *s, uint32_t *status)
{
    Num product;
    if (num_is_nan(a) || num_is_nan(b)) { /* signaling NaNs first, in the order of the operands */
        bool third =
            c->kind == SIGNALING_NAN && a->kind != SIGNALING_NAN && b->kind != SIGNALING_NAN;
        num_take_nan(r, third ? c : a, third ? NULL : b, s, status);
        return;
    }
    num_init(&product);
    multiply_exactly(&product, a, b, status);
    if (num_is_nan(&product)) /* 0 * infinity, whatever is added */
        num_set_nan(r);
    else
        num_add(r, &product, c, s, status);
    num_clear(&product);
}

/* ---- Quotients ------------------------------------------------------------------------------ */

/* Quotients that need no digits: true if r has one. */
static bool divide_specially(Num *r, const Num *a, const Num *b, const Settings *s,
                             uint32_t *status)
{
    bool negative = a->negative != b->negative;
    if (num_take_nan(r, a, b, s, status)) return true;
    if (a->kind == INFINITE) {
        if (b->kind == INFINITE)
            num_invalid(r, DEC_INVALID_OPERATION, status);
        else
            num_set_infinity(r, negative);
    } else if (b->kind == INFINITE) {
        *status |= DEC_CLAMPED;
        num_set_zero(r, negative, s->emin - s->prec + 1);
    } else if (num_is_zero(b)) {
        if (num_is_zero(a))
            num_invalid(r, DEC_DIVISION_UNDEFINED, status);
        else {
            num_set_infinity(r, negative);
            *status |= DEC_DIVISION_BY_ZERO;
        }
    } else
        return false;
    return true;
}

/* A quotient of few digits, found without prec of them: a / b * 10**n for the least such n. */
static bool divide_exactly(Num *r, const Num *a, const Num *b)
{
    mpz_t divisor, power;
    mpz_init(divisor);
    mpz_init(power);
    mpz_gcd(divisor, a->coef, b->coef);
    mpz_divexact(divisor, b->coef, divisor);
    mp_bitcnt_t twos = mpz_scan1(divisor, 0);
    mpz_tdiv_q_2exp(divisor, divisor, twos);
    mpz_set_ui(power, 5);
    mp_bitcnt_t fives = mpz_remove(divisor, divisor, power);
    bool exact = mpz_cmp_ui(divisor, 1) == 0;
    if (exact) {
        int64_t n = (int64_t)(twos > fives ? twos : fives);
        dec_scale(r->coef, a->coef, n);
        mpz_divexact(r->coef, r->coef, b->coef);
        r->exp = a->exp - b->exp - n;
    }
    mpz_clear(power);
    mpz_clear(divisor);
    return exact;
}

static void divide_digits(Num *r, const Num *a, const Num *b, int64_t shift, uint32_t *status)
{
    mpz_t rest, scaled;
    if (!dec_room((shift > 0 ? shift : -shift) + a->digits + b->digits, status)) return;
    mpz_init(rest);
    mpz_init(scaled);
    dec_scale(scaled, shift > 0 ? a->coef : b->coef, shift > 0 ? shift : -shift);
    if (shift > 0)
        mpz_tdiv_qr(r->coef, rest, scaled, b->coef);
    else
        mpz_tdiv_qr(r->coef, rest, a->coef, scaled);
    int64_t ideal = a->exp - b->exp;
    r->exp = ideal - shift;
    if (mpz_sgn(rest)) {
        if (mpz_divisible_ui_p(r->coef, 5)) mpz_add_ui(r->coef, r->coef, 1);
        num_count(r);
    } else {
        num_count(r);
        num_strip_zeros(r, ideal);
    }
    mpz_clear(scaled);
    mpz_clear(rest);
}

BINARY_OPERATION(num_divide)
{
    if (divide_specially(r, a, b, s, status)) return;
    num_set_zero(r, a->negative != b->negative, a->exp - b->exp);
    int64_t shift = b->digits - a->digits + s->prec + 1;
    if (!num_is_zero(a)) {
        if (shift > 10000 && shift / 8 > a->digits + b->digits && divide_exactly(r, a, b))
            num_count(r);
        else
            divide_digits(r, a, b, shift, status);
    }
    num_finalize(r, s, status);
}

/* Integer quotient and remainder of finite numbers, b not zero; either result may be NULL. False
 * if the quotient has more than prec digits. */
static bool divide_integers(Num *q, Num *r, const Num *a, const Num *b, const Settings *s,
                            uint32_t *status)
{
    int64_t exp = a->exp < b->exp ? a->exp : b->exp, gap = num_adjusted(a) - num_adjusted(b);
    bool fits = true;
    if (q) num_set_zero(q, a->negative != b->negative, 0);
    if (num_is_zero(a)) {
        if (r) num_set_zero(r, a->negative, exp);
        return true;
    }
    if (gap > s->prec) return false;
    if (gap <= -2) { /* the quotient is zero */
        if (!r) return true;
        num_rescale(r, a, exp, s, status);
        return true;
    }
    if (!dec_room(a->digits + b->digits + (gap > 0 ? gap : 0), status)) return false;
    mpz_t x, y, quotient;
    mpz_inits(x, y, quotient, NULL);
    dec_scale(x, a->coef, a->exp - exp);
    dec_scale(y, b->coef, b->exp - exp);
    mpz_tdiv_qr(quotient, x, x, y);
    fits = dec_count_digits(quotient) <= s->prec;
    if (fits && q) {
        mpz_set(q->coef, quotient);
        num_count(q);
    }
    if (fits && r) {
        num_set_zero(r, a->negative, exp);
        mpz_set(r->coef, x);
        num_count(r);
    }
    mpz_clears(x, y, quotient, NULL);
    return fits;
}

BINARY_OPERATION(num_divide_int)
{
    if (num_take_nan(r, a, b, s, status)) return;
    if (a->kind == INFINITE || (b->kind == FINITE && num_is_zero(b))) {
        divide_specially(r, a, b, s, status);
        return;
    }
    if (b->kind == INFINITE) {
        num_set_zero(r, a->negative != b->negative, 0);
        return;
    }
    if (!divide_integers(r, NULL, a, b, s, status)) num_invalid(r, DEC_DIVISION_IMPOSSIBLE, status);
    num_finalize(r, s, status);
}

/* What a remainder is without dividing: true if r has it. */
static bool remainder_specially(Num *r, const Num *a, const Num *b, const Settings *s,
                                uint32_t *status)
{
    if (num_take_nan(r, a, b, s, status)) return true;
    if (a->kind == INFINITE)
        num_invalid(r, DEC_INVALID_OPERATION, status);
    else if (b->kind == FINITE && num_is_zero(b))
        num_invalid(r, num_is_zero(a) ? DEC_DIVISION_UNDEFINED : DEC_INVALID_OPERATION, status);
    else if (b->kind == INFINITE) {
        num_copy(r, a);
        num_finalize(r, s, status);
    } else
        return false;
    return true;
}
BINARY_OPERATION(num_remainder)
{
    if (remainder_specially(r, a, b, s, status)) return;
    if (divide_integers(NULL, r, a, b, s, status))
        num_finalize(r, s, status);
    else
        num_invalid(r, DEC_DIVISION_IMPOSSIBLE, status);
}

void num_divmod(Num *q, Num *r, const Num *a, const Num *b, const Settings *s, uint32_t *status)
{
    if (num_take_nan(q, a, b, s, status)) {
        num_copy(r, q);
        return;
    }
    if (remainder_specially(r, a, b, s, status)) {
        bool undefined =
            num_is_nan(r) && (a->kind == INFINITE ? b->kind == INFINITE : num_is_zero(a));
        if (undefined)
            num_set_nan(q);
        else
            num_divide_int(q, a, b, s, status);
        return;
    }
    if (divide_integers(q, r, a, b, s, status)) {
        num_finalize(q, s, status);
        num_finalize(r, s, status);
        return;
    }
    num_invalid(q, DEC_DIVISION_IMPOSSIBLE, status);
    num_set_nan(r);
}

/* a - n * b for the integer n nearest to a / b, the even one of two. */
BINARY_OPERATION(num_remainder_near)
{
    if (remainder_specially(r, a, b, s, status)) return;
    int64_t exp = a->exp < b->exp ? a->exp : b->exp, gap = num_adjusted(a) - num_adjusted(b);
    if (num_is_zero(a)) {
        num_set_zero(r, a->negative, exp);
        num_finalize(r, s, status);
        return;
    }
    if (gap > s->prec) { /* more than prec digits */
        num_invalid(r, DEC_DIVISION_IMPOSSIBLE, status);
        return;
    }
    if (gap <= -2) {
        num_rescale(r, a, exp, s, status);
        num_finalize(r, s, status);
        return;
    }
    mpz_t x, y, quotient;
    if (!dec_room(a->digits + b->digits + (gap > 0 ? gap : 0), status)) return;
    mpz_inits(x, y, quotient, NULL);
    dec_scale(x, a->coef, a->exp - exp);
    dec_scale(y, b->coef, b->exp - exp);
    mpz_tdiv_qr(quotient, x, x, y);
    bool negative = a->negative;
    mpz_mul_2exp(x, x, 1);
    int order = mpz_cmp(x, y);
    mpz_tdiv_q_2exp(x, x, 1);
    if (order > 0 || (order == 0 && mpz_odd_p(quotient))) {
        mpz_sub(x, y, x);
        negative = !negative;
        mpz_add_ui(quotient, quotient, 1);
    }
    if (dec_count_digits(quotient) > s->prec)
        num_invalid(r, DEC_DIVISION_IMPOSSIBLE, status);
    else {
        num_set_zero(r, negative, exp);
        mpz_set(r->coef, x);
        num_count(r);
        num_finalize(r, s, status);
    }
    mpz_clears(x, y, quotient, NULL);
}

/* ---- Square root ---------------------------------------------------------------------------- */

/* The root of coef * 10**exp, exp even, to prec + 1 digits. It is irrational. */
static void root_digits(Num *r, mpz_srcptr coef, int64_t exp, const Settings *s, uint32_t *status)
{
    int64_t digits = dec_count_digits(coef), pairs = s->prec + 1 - (digits + 1) / 2;
    mpz_t scaled, scratch;
    if (!dec_room(2 * (s->prec + 2) + digits, status)) return;
    mpz_inits(scaled, scratch, NULL);
    if (pairs >= 0)
        dec_scale(scaled, coef, 2 * pairs);
    else
        mpz_tdiv_q(scaled, coef, dec_power_of_ten(-2 * pairs, scratch));
    mpz_sqrt(r->coef, scaled);
    if (mpz_divisible_ui_p(r->coef, 5)) mpz_add_ui(r->coef, r->coef, 1);
    r->exp = exp / 2 - pairs;
    mpz_clears(scaled, scratch, NULL);
}

UNARY_OPERATION(num_sqrt)
{
    if (num_take_nan(r, a, NULL, s, status)) return;
    if (a->negative && !num_is_zero(a)) {
        num_invalid(r, DEC_INVALID_OPERATION, status);
        return;
    }
    if (a->kind == INFINITE) {
        num_set_infinity(r, false);
        return;
    }
    num_set_zero(r, a->negative, a->exp < 0 ? -((1 - a->exp) / 2) : a->exp / 2);
    if (!num_is_zero(a)) {
        mpz_t coef;
        mpz_init_set(coef, a->coef);
        if (a->exp & 1) mpz_mul_ui(coef, coef, 10);
        int64_t exp = a->exp - (a->exp & 1);
        if (mpz_perfect_square_p(coef))
            mpz_sqrt(r->coef, coef);
        else
            root_digits(r, coef, exp, s, status);
        num_count(r);
        mpz_clear(coef);
    }
    Settings even = *s;
    even.rounding = ROUND_HALF_EVEN;
    num_finalize(r, &even, status);
}
