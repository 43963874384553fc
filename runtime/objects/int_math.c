/* int_math.c: division, powers, shifts, bitwise operators and rounding of ints.
 *
 * GMP's mpz functions do the big cases, on read-only views of the operands' limbs; their results
 * are copied into the heap. GMP aborts when memory is out, so sizes are bounded here before it is
 * asked. */
#include <float.h>
#include <gmp.h>
#include <math.h>

#include "runtime/objects/int.h"
#include "runtime/objects/quick.h"

/* The largest result that an operation may have: 2^34 bits, 2 GB. */
#define MAX_BITS ((uint64_t)1 << 34)

typedef struct Operand {
    IntView view;
    mpz_t z;
} Operand;

static void operand(Operand *o, Value v)
{
    kr_int_view(v, &o->view);
    mpz_roinit_n(o->z, o->view.limbs, o->view.negative ? -o->view.n : o->view.n);
}

static Value from_mpz(const mpz_t z)
{
    size_t n = mpz_size(z);
    if (n <= 1 && mpz_fits_slong_p(z)) return kr_int(mpz_get_si(z));
    Int *x = kr_int_alloc(n);
    if (!x) return EMPTY;
    memcpy(x->limbs, mpz_limbs_read(z), n * sizeof(uint64_t));
    return kr_int_normal(x, n, mpz_sgn(z) < 0);
}

/* ---- Division ---- */

static Value zero_division(const char *text) { return kr_raise(kr_ZeroDivisionError, "%s", text); }

Value kr_int_floordiv(Value a, Value b)
{
    if (LIKELY(both_int(a, b))) {
        int64_t x = int_of(a), y = int_of(b);
        if (UNLIKELY(y == 0)) return zero_division("integer division or modulo by zero");
        int64_t q = x / y;
        if (x % y != 0 && (x < 0) != (y < 0)) q--;
        return kr_int(q);
    }
    Operand x, y;
    operand(&x, a);
    operand(&y, b);
    if (!y.view.n) return zero_division("integer division or modulo by zero");
    mpz_t q;
    mpz_init(q);
    mpz_fdiv_q(q, x.z, y.z);
    Value result = from_mpz(q);
    mpz_clear(q);
    return result;
}

Value kr_int_mod(Value a, Value b)
{
    if (LIKELY(both_int(a, b))) {
        int64_t x = int_of(a), y = int_of(b);
        if (UNLIKELY(y == 0)) return zero_division("integer modulo by zero");
        int64_t r = x % y;
        if (r && (r < 0) != (y < 0)) r += y;
        return from_small_int(r);
    }
    Operand x, y;
    operand(&x, a);
    operand(&y, b);
    if (!y.view.n) return zero_division("integer modulo by zero");
    mpz_t r;
    mpz_init(r);
    mpz_fdiv_r(r, x.z, y.z);
    Value result = from_mpz(r);
    mpz_clear(r);
    return result;
}

Value kr_int_divmod(Value a, Value b)
{
    if (both_int(a, b)) {
        if (int_of(b) == 0) return zero_division("integer division or modulo by zero");
        return kr_tuple_of(2, kr_int_floordiv(a, b), kr_int_mod(a, b));
    }
    Operand x, y;
    operand(&x, a);
    operand(&y, b);
    if (!y.view.n) return zero_division("integer division or modulo by zero");
    mpz_t q, r;
    mpz_inits(q, r, NULL);
    mpz_fdiv_qr(q, r, x.z, y.z);
    Value quotient = from_mpz(q), rest = from_mpz(r);
    mpz_clears(q, r, NULL);
    return kr_tuple_of(2, quotient, rest);
}

/* The 64 leading bits of |z|, the last of them set too if anything is cut off; z = result *
 * 2^*shift. */
static uint64_t leading_bits(const mpz_t z, int64_t *shift)
{
    size_t bits = mpz_sizeinbase(z, 2);
    const mp_limb_t *limbs = mpz_limbs_read(z);
    size_t n = mpz_size(z);
    *shift = (int64_t)bits - 64;
    uint64_t top = limbs[n - 1];
    int clear = __builtin_clzll(top);
    uint64_t m = top << clear;
    if (n > 1 && clear) m |= limbs[n - 2] >> (64 - clear);
    if (*shift > 0 && (int64_t)mpz_scan1(z, 0) < *shift) m |= 1;
    return m;
}

double kr_int_round_bits(uint64_t m, int64_t shift)
{
    int64_t exponent = shift + 63; /* of the leading bit */
    if (exponent > 1023) return INFINITY;
    int drop = exponent >= -1022 ? 11 : 11 + (int)(-1022 - exponent < 64 ? -1022 - exponent : 64);
    if (drop > 64) return 0;
    uint64_t kept, rest, half;
    if (drop == 64) {
        kept = 0;
        rest = m;
        half = (uint64_t)1 << 63;
    } else {
        kept = m >> drop;
        rest = m & (((uint64_t)1 << drop) - 1);
        half = (uint64_t)1 << (drop - 1);
    }
    if (rest > half || (rest == half && (kept & 1))) kept++;
    return ldexp((double)kept, (int)(shift + drop));
}

Value kr_int_truediv(Value a, Value b)
{
    int64_t small_x, small_y;
    if (kr_int_fits(a, &small_x) && kr_int_fits(b, &small_y)) {
        if (small_y == 0) return zero_division("division by zero");
        int64_t limit = (int64_t)1 << 53;
        if (small_x >= -limit && small_x <= limit && small_y >= -limit && small_y <= limit)
            return from_float((double)small_x / (double)small_y);
    }
    Operand x, y;
    operand(&x, a);
    operand(&y, b);
    if (!y.view.n) return zero_division("division by zero");
    if (!x.view.n) return from_float(x.view.negative != y.view.negative ? -0.0 : 0.0);
    bool negative = x.view.negative != y.view.negative;
    /* Scale so that the quotient has at least 65 bits, then keep 64 and a sticky bit. */
    int64_t bits = (int64_t)mpz_sizeinbase(x.z, 2) - (int64_t)mpz_sizeinbase(y.z, 2);
    if (bits > 1025)
        return kr_raise(kr_OverflowError, "integer division result too large for a float");
    if (bits < -1080) return from_float(negative ? -0.0 : 0.0);
    int64_t scale = 66 - bits;
    mpz_t p, q, r;
    mpz_inits(p, q, r, NULL);
    if (scale >= 0) {
        mpz_mul_2exp(p, x.z, (mp_bitcnt_t)scale);
        mpz_tdiv_qr(q, r, p, y.z);
    } else {
        mpz_mul_2exp(p, y.z, (mp_bitcnt_t)-scale);
        mpz_tdiv_qr(q, r, x.z, p);
    }
    int64_t shift;
    uint64_t m = leading_bits(q, &shift);
    if (mpz_sgn(r)) m |= 1;
    mpz_clears(p, q, r, NULL);
    double d = kr_int_round_bits(m, shift - scale);
    if (isinf(d))
        return kr_raise(kr_OverflowError, "integer division result too large for a float");
    return from_float(negative ? -d : d);
}

int kr_int_to_double(Value v, double *out)
{
    if (is_int(v)) {
        *out = (double)int_of(v);
        return 0;
    }
    Operand x;
    operand(&x, v);
    if (!x.view.n) {
        *out = 0;
        return 0;
    }
    int64_t shift;
    uint64_t m = leading_bits(x.z, &shift);
    double d = kr_int_round_bits(m, shift);
    if (isinf(d)) {
        kr_raise(kr_OverflowError, "int too large to convert to float");
        return -1;
    }
    *out = x.view.negative ? -d : d;
    return 0;
}

Value kr_int_from_double(double d)
{
    if (d != d) return kr_raise(kr_ValueError, "cannot convert float NaN to integer");
    if (isinf(d)) return kr_raise(kr_OverflowError, "cannot convert float infinity to integer");
    if (fabs(d) < 9.2e18) return kr_int((int64_t)d);
    mpz_t z;
    mpz_init_set_d(z, d);
    Value v = from_mpz(z);
    mpz_clear(z);
    return v;
}

/* ---- Powers ---- */

static Value float_power(Value a, Value b)
{
    double x, y;
    if (kr_int_to_double(a, &x) < 0 || kr_int_to_double(b, &y) < 0) return EMPTY;
    return kr_binary(KR_POW, from_float(x), from_float(y));
}

Value kr_int_pow(Value a, Value b)
{
    if (kr_int_sign(b) < 0) return float_power(a, b);
    int64_t exponent, base;
    bool small = kr_int_fits(a, &base);
    if (small && (base == 0 || base == 1 || base == -1)) {
        if (kr_int_sign(b) == 0) return from_small_int(1);
        if (base < 0) return from_small_int(kr_int_low_bits(b) & 1 ? -1 : 1);
        return from_small_int(base);
    }
    if (!kr_int_fits(b, &exponent)) return kr_raise_no_memory();
    size_t bits = kr_int_bit_length(a);
    if (small && (uint64_t)exponent * bits < 63 && exponent < 64) {
        int64_t r = 1;
        for (int64_t e = exponent, x = base; e; e >>= 1) {
            if (e & 1) r *= x;
            if (e > 1) x *= x;
        }
        return kr_int(r);
    }
    if (exponent > 0 && (uint64_t)exponent > MAX_BITS / bits) return kr_raise_no_memory();
    Operand x;
    operand(&x, a);
    mpz_t r;
    mpz_init(r);
    mpz_pow_ui(r, x.z, (unsigned long)exponent);
    Value result = from_mpz(r);
    mpz_clear(r);
    return result;
}

Value kr_int_powmod(Value a, Value b, Value modulus)
{
    Operand x, y, m;
    operand(&x, a);
    operand(&y, b);
    operand(&m, modulus);
    if (!m.view.n) return kr_raise(kr_ValueError, "pow() 3rd argument cannot be 0");
    mpz_t base, r, positive;
    mpz_inits(base, r, positive, NULL);
    mpz_abs(positive, m.z);
    mpz_set(base, x.z);
    Value result;
    /* Python's result for modulus 1 is 0 whatever the base. */
    bool ok = true;
    if (y.view.negative) {
        ok = mpz_cmp_ui(positive, 1) == 0 || mpz_invert(base, base, positive) != 0;
        mpz_t e;
        mpz_init(e);
        mpz_neg(e, y.z);
        if (ok) mpz_powm(r, base, e, positive);
        mpz_clear(e);
    } else {
        mpz_powm(r, base, y.z, positive);
    }
    if (!ok) {
        result = kr_raise(kr_ValueError, "base is not invertible for the given modulus");
    } else {
        if (m.view.negative && mpz_sgn(r)) mpz_sub(r, r, positive);
        result = from_mpz(r);
    }
    mpz_clears(base, r, positive, NULL);
    return result;
}

/* ---- Shifts and bits ---- */

Value kr_int_shift(Value a, Value count, bool left)
{
    if (kr_int_sign(count) < 0) return kr_raise(kr_ValueError, "negative shift count");
    int64_t n, x;
    bool fits = kr_int_fits(count, &n);
    int sign = kr_int_sign(a);
    if (sign == 0) return from_small_int(0);
    if (!left) {
        if (!fits) return from_small_int(sign < 0 ? -1 : 0);
        if (kr_int_fits(a, &x)) return kr_int(x >> (n < 63 ? n : 63));
        if ((uint64_t)n >= kr_int_bit_length(a)) return from_small_int(sign < 0 ? -1 : 0);
    } else {
        if (!fits) return kr_raise(kr_OverflowError, "too many digits in integer");
        if (n < 64 && kr_int_fits(a, &x)) return kr_int_from_i128((__int128)x * ((__int128)1 << n));
        if ((uint64_t)n > MAX_BITS || (uint64_t)n + kr_int_bit_length(a) > MAX_BITS)
            return kr_raise_no_memory();
    }
    Operand o;
    operand(&o, a);
    mpz_t r;
    mpz_init(r);
    if (left)
        mpz_mul_2exp(r, o.z, (mp_bitcnt_t)n);
    else
        mpz_fdiv_q_2exp(r, o.z, (mp_bitcnt_t)n);
    Value result = from_mpz(r);
    mpz_clear(r);
    return result;
}

Value kr_int_bitwise(int op, Value a, Value b)
{
    if (LIKELY(both_int(a, b))) {
        int64_t x = int_of(a), y = int_of(b);
        return from_small_int(op == KR_AND ? x & y : op == KR_OR ? x | y : x ^ y);
    }
    Operand x, y;
    operand(&x, a);
    operand(&y, b);
    mpz_t r;
    mpz_init(r);
    if (op == KR_AND)
        mpz_and(r, x.z, y.z);
    else if (op == KR_OR)
        mpz_ior(r, x.z, y.z);
    else
        mpz_xor(r, x.z, y.z);
    Value result = from_mpz(r);
    mpz_clear(r);
    return result;
}

/* ---- Rounding ---- */

/* To the nearest multiple of 10^-digits, ties to even. */
Value kr_int_round(Value v, Value digits)
{
    digits = kr_index(digits);
    if (is_empty(digits)) return EMPTY;
    if (kr_int_sign(digits) >= 0) return kr_int_exact(v);
    int64_t n;
    /* 10^n > 2 |v|: the nearest multiple is 0. */
    if (!kr_int_fits(digits, &n) || n < -(int64_t)MAX_BITS ||
        -n * 3 > (int64_t)kr_int_bit_length(v) + 3)
        return from_small_int(0);
    Operand x;
    operand(&x, v);
    mpz_t unit, q, r, twice;
    mpz_inits(unit, q, r, twice, NULL);
    mpz_ui_pow_ui(unit, 10, (unsigned long)-n);
    mpz_fdiv_qr(q, r, x.z, unit);
    mpz_mul_2exp(twice, r, 1);
    int order = mpz_cmp(twice, unit);
    if (order > 0 || (order == 0 && mpz_odd_p(q))) mpz_add_ui(q, q, 1);
    mpz_mul(q, q, unit);
    Value result = from_mpz(q);
    mpz_clears(unit, q, r, twice, NULL);
    return result;
}
