/* number.c: coefficients, their digits, and rounding: what every operation ends with. */
#include "modules/_decimal/decimal.h"

const Settings dec_exact_settings = {.prec = DEC_MAX_PREC,
                                     .emin = DEC_MIN_EMIN,
                                     .emax = DEC_MAX_EMAX,
                                     .rounding = ROUND_HALF_EVEN,
                                     .capitals = 1};

/* ---- Powers of ten -------------------------------------------------------------------------- */

_Static_assert(sizeof(unsigned long) == 8 && sizeof(mp_limb_t) == 8,
               "mpz_get_ui gives a whole word");
const uint64_t dec_word_powers[DEC_WORD_DIGITS + 1] = {1,
                                                       10,
                                                       100,
                                                       1000,
                                                       10000,
                                                       100000,
                                                       1000000,
                                                       10000000,
                                                       100000000,
                                                       1000000000,
                                                       10000000000,
                                                       100000000000,
                                                       1000000000000,
                                                       10000000000000,
                                                       100000000000000,
                                                       1000000000000000,
                                                       10000000000000000,
                                                       100000000000000000,
                                                       1000000000000000000,
                                                       10000000000000000000u};

enum { CACHED_POWERS = 256 };
static mpz_t cached[CACHED_POWERS];
static int cached_count;

mpz_srcptr dec_power_of_ten(int64_t n, mpz_t scratch)
{
    if (n >= CACHED_POWERS) {
        mpz_ui_pow_ui(scratch, 10, (unsigned long)n);
        return scratch;
    }
    for (; cached_count <= n; cached_count++) {
        mpz_init(cached[cached_count]);
        mpz_ui_pow_ui(cached[cached_count], 10, (unsigned long)cached_count);
    }
    return cached[n];
}

void dec_scale(mpz_t r, mpz_srcptr a, int64_t n)
{
    mpz_t scratch;
    if (n == 0 || mpz_sgn(a) == 0) {
        mpz_set(r, a);
        return;
    }
    if (n <= DEC_WORD_DIGITS) {
        mpz_mul_ui(r, a, dec_word_powers[n]);
        return;
    }
    mpz_init(scratch);
    mpz_mul(r, a, dec_power_of_ten(n, scratch));
    mpz_clear(scratch);
}

/* GMP ends the process when memory does: so large sizes are asked for beforehand. */
bool dec_room(int64_t digits, uint32_t *status)
{
    enum { ALWAYS = 1000000 };
    if (digits <= ALWAYS) return true;
    void *trial = digits < INT64_C(1) << 31 ? malloc((size_t)digits * 4) : NULL;
    free(trial);
    if (!trial) *status |= DEC_MALLOC_ERROR;
    return trial != NULL;
}

static int64_t count_word_digits(uint64_t x)
{
    int bits = 64 - __builtin_clzll(x | 1), least = bits * 1233 >> 12; /* log10(2) */
    return least + (x >= dec_word_powers[least]) + (x == 0);
}

int64_t dec_count_digits(mpz_srcptr x)
{
    if (dec_is_word(x)) return count_word_digits(mpz_get_ui(x));
    size_t count = mpz_sizeinbase(x, 10); /* exact, or one too many */
    mpz_t scratch;
    if (count == 1) return 1;
    mpz_init(scratch);
    bool exact = mpz_cmp(x, dec_power_of_ten((int64_t)count - 1, scratch)) >= 0;
    mpz_clear(scratch);
    return (int64_t)count - !exact;
}

/* ---- Making numbers ------------------------------------------------------------------------- */

/* Room for two words: the result of operations on one is written without another allocation. */
void num_init(Num *n)
{
    mpz_init2(n->coef, 128);
    n->exp = 0;
    n->digits = 1;
    n->kind = FINITE;
    n->negative = false;
}
void num_clear(Num *n) { mpz_clear(n->coef); }
void num_copy(Num *r, const Num *a)
{
    mpz_set(r->coef, a->coef);
    r->exp = a->exp;
    r->digits = a->digits;
    r->kind = a->kind;
    r->negative = a->negative;
}
static void set_empty(Num *r, int kind, bool negative)
{
    mpz_set_ui(r->coef, 0);
    r->exp = 0;
    r->digits = 0;
    r->kind = (uint8_t)kind;
    r->negative = negative;
}
void num_set_zero(Num *r, bool negative, int64_t exp)
{
    set_empty(r, FINITE, negative);
    r->exp = exp;
    r->digits = 1;
}
void num_set_int(Num *r, int64_t value)
{
    num_set_zero(r, value < 0, 0);
    mpz_set_ui(r->coef, value < 0 ? -(uint64_t)value : (uint64_t)value);
    num_count(r);
}
void num_set_infinity(Num *r, bool negative) { set_empty(r, INFINITE, negative); }
void num_set_nan(Num *r) { set_empty(r, QUIET_NAN, false); }
void num_invalid(Num *r, uint32_t condition, uint32_t *status)
{
    *status |= condition;
    num_set_nan(r);
}
void num_count(Num *r) { r->digits = dec_count_digits(r->coef); }

/* A payload may have prec digits, one less when clamping: its first digits go. */
static void trim_payload(Num *r, const Settings *s)
{
    int64_t most = s->prec - s->clamp;
    mpz_t scratch;
    if (r->digits <= most) return;
    mpz_init(scratch);
    mpz_tdiv_r(r->coef, r->coef, dec_power_of_ten(most, scratch));
    mpz_clear(scratch);
    r->digits = mpz_sgn(r->coef) ? dec_count_digits(r->coef) : 0;
}

bool num_take_nan(Num *r, const Num *a, const Num *b, const Settings *s, uint32_t *status)
{
    const Num *source = a;
    if (a->kind < QUIET_NAN && (!b || b->kind < QUIET_NAN)) return false;
    if (b && b->kind > a->kind && (b->kind == SIGNALING_NAN || a->kind < QUIET_NAN)) source = b;
    if (source->kind == SIGNALING_NAN) *status |= DEC_INVALID_OPERATION;
    num_copy(r, source);
    r->kind = QUIET_NAN;
    trim_payload(r, s);
    return true;
}

/* ---- Rounding ------------------------------------------------------------------------------- */

enum Rest { NOTHING, BELOW_HALF, HALF, ABOVE_HALF };

static bool rounds_away(enum Rest rest, const Num *r, int rounding)
{
    if (rest == NOTHING) return false;
    switch (rounding) {
    case ROUND_UP: return true;
    case ROUND_DOWN: return false;
    case ROUND_CEILING: return !r->negative;
    case ROUND_FLOOR: return r->negative;
    case ROUND_HALF_UP: return rest >= HALF;
    case ROUND_HALF_DOWN: return rest > HALF;
    case ROUND_HALF_EVEN: return rest > HALF || (rest == HALF && mpz_odd_p(r->coef));
    default: return mpz_divisible_ui_p(r->coef, 5); /* 05UP: last digit 0 or 5 */
    }
}

static enum Rest drop_word_digits(Num *r, int64_t n)
{
    uint64_t word = mpz_get_ui(r->coef), power = dec_word_powers[n], rest = word % power;
    mpz_set_ui(r->coef, word / power);
    if (!rest) return NOTHING;
    return rest < power - rest ? BELOW_HALF : rest == power - rest ? HALF : ABOVE_HALF;
}

/* r->coef becomes its quotient by 10**n. */
static enum Rest drop_digits(Num *r, int64_t n)
{
    if (n > r->digits) {
        bool zero = mpz_sgn(r->coef) == 0;
        mpz_set_ui(r->coef, 0);
        return zero ? NOTHING : BELOW_HALF;
    }
    if (n <= DEC_WORD_DIGITS && dec_is_word(r->coef)) return drop_word_digits(r, n);
    mpz_t scratch, rest;
    mpz_init(scratch);
    mpz_init(rest);
    mpz_srcptr power = dec_power_of_ten(n, scratch);
    mpz_tdiv_qr(r->coef, rest, r->coef, power);
    enum Rest how = NOTHING;
    if (mpz_sgn(rest)) {
        mpz_mul_2exp(rest, rest, 1);
        int order = mpz_cmp(rest, power);
        how = order < 0 ? BELOW_HALF : order == 0 ? HALF : ABOVE_HALF;
    }
    mpz_clear(rest);
    mpz_clear(scratch);
    return how;
}

uint32_t num_round_to(Num *r, int64_t exp, int rounding)
{
    enum Rest rest = drop_digits(r, exp - r->exp);
    if (rounds_away(rest, r, rounding)) mpz_add_ui(r->coef, r->coef, 1);
    r->exp = exp;
    num_count(r);
    return rest == NOTHING ? DEC_ROUNDED : DEC_ROUNDED | DEC_INEXACT;
}

void num_strip_zeros(Num *r, int64_t limit)
{
    mpz_t rest, five;
    if (r->exp >= limit || mpz_sgn(r->coef) == 0 || !mpz_divisible_ui_p(r->coef, 10)) return;
    mpz_init(rest);
    mpz_init_set_ui(five, 5);
    int64_t zeros = (int64_t)mpz_remove(rest, r->coef, five), twos = (int64_t)mpz_scan1(r->coef, 0);
    if (twos < zeros) zeros = twos;
    if (r->exp > limit - zeros) zeros = limit - r->exp;
    mpz_divexact(r->coef, r->coef, dec_power_of_ten(zeros, rest));
    r->exp += zeros;
    r->digits -= zeros;
    mpz_clear(five);
    mpz_clear(rest);
}

void num_set_largest(Num *r, bool negative, const Settings *s, uint32_t *status)
{
    num_set_zero(r, negative, s->emax - s->prec + 1);
    if (!dec_room(s->prec, status)) return;
    mpz_ui_pow_ui(r->coef, 10, (unsigned long)s->prec);
    mpz_sub_ui(r->coef, r->coef, 1);
    r->digits = s->prec;
}

static void overflow(Num *r, const Settings *s, uint32_t *status)
{
    bool negative = r->negative, largest;
    *status |= DEC_OVERFLOW | DEC_INEXACT | DEC_ROUNDED;
    switch (s->rounding) {
    case ROUND_DOWN:
    case ROUND_05UP: largest = true; break;
    case ROUND_CEILING: largest = negative; break;
    case ROUND_FLOOR: largest = !negative; break;
    default: largest = false;
    }
    if (largest)
        num_set_largest(r, negative, s, status);
    else
        num_set_infinity(r, negative);
}

static void finalize_zero(Num *r, const Settings *s, int64_t etiny, int64_t etop, uint32_t *status)
{
    int64_t top = s->clamp ? etop : s->emax;
    int64_t exp = r->exp < etiny ? etiny : r->exp > top ? top : r->exp;
    if (exp != r->exp) *status |= DEC_CLAMPED;
    r->exp = exp;
}

void num_finalize(Num *r, const Settings *s, uint32_t *status)
{
    int64_t etiny = s->emin - s->prec + 1, etop = s->emax - s->prec + 1;
    if (r->kind != FINITE) {
        if (r->kind != INFINITE) trim_payload(r, s);
        return;
    }
    if (mpz_sgn(r->coef) == 0) {
        finalize_zero(r, s, etiny, etop, status);
        return;
    }
    int64_t least = r->exp + r->digits - s->prec; /* the exponent that prec digits allow */
    bool subnormal = least < etiny;
    if (least < etiny) least = etiny;
    if (least > etop) {
        overflow(r, s, status);
        return;
    }
    if (subnormal) *status |= DEC_SUBNORMAL;
    if (r->exp >= least) {
        if (!s->clamp || r->exp <= etop) return;
        *status |= DEC_CLAMPED; /* folded down */
        if (!dec_room(s->prec, status)) return;
        dec_scale(r->coef, r->coef, r->exp - etop);
        r->digits += r->exp - etop;
        r->exp = etop;
        return;
    }
    uint32_t rounded = num_round_to(r, least, s->rounding);
    if (r->digits > s->prec) { /* 99.9 became 100 */
        mpz_tdiv_q_ui(r->coef, r->coef, 10);
        r->digits--;
        r->exp++;
    }
    if (r->exp > etop) {
        overflow(r, s, status);
        return;
    }
    *status |= rounded;
    if (subnormal && rounded & DEC_INEXACT) *status |= DEC_UNDERFLOW;
    if (mpz_sgn(r->coef) == 0) *status |= DEC_CLAMPED;
}
