/* math_integers.c: the number-theoretic functions of math: exact, for ints of any size.
 *
 * Products of ranges are multiplied in halves, so that factors stay of like size. */
#include <math.h>

#include "modules/math_module.h"

/* ---- gcd, lcm ---- */

static uint64_t gcd_words(uint64_t x, uint64_t y)
{
    if (x == 0) return y;
    if (y == 0) return x;
    int shift = __builtin_ctzll(x | y);
    x >>= __builtin_ctzll(x);
    while (y) {
        y >>= __builtin_ctzll(y);
        if (x > y) {
            uint64_t swap = x;
            x = y;
            y = swap;
        }
        y -= x;
    }
    return x << shift;
}

static bool fits_word(KrValue v, uint64_t *out)
{
    if (kr_int_bit_length(v) > 63) return false;
    int64_t x;
    if (kr_to_int64(v, &x) < 0) return false;
    *out = x < 0 ? -(uint64_t)x : (uint64_t)x;
    return true;
}

static KrValue gcd(KrValue a, KrValue b)
{
    uint64_t x, y;
    while (!fits_word(a, &x) || !fits_word(b, &y)) {
        if (kr_int_sign(b) == 0) return kr_absolute(a);
        KrValue rest = kr_binary(KR_MOD, a, b);
        if (kr_is_empty(rest)) return KR_EMPTY;
        a = b;
        b = rest;
    }
    return kr_int_unsigned(gcd_words(x, y));
}

KR_FN(math, math_gcd, "gcd", "(*integers)", "Greatest Common Divisor.")
{
    KrValue result = kr_int(0);
    for (size_t i = 0; i < kr_tuple_size(a[0]); i++) {
        KrValue x = kr_index(kr_tuple_get(a[0], i));
        if (kr_is_empty(x) || kr_is_empty(result = gcd(result, x))) return KR_EMPTY;
    }
    return result;
}

KR_FN(math, math_lcm, "lcm", "(*integers)", "Least Common Multiple.")
{
    KrValue result = kr_int(1);
    for (size_t i = 0; i < kr_tuple_size(a[0]); i++) {
        KrValue x = kr_index(kr_tuple_get(a[0], i));
        if (kr_is_empty(x)) return KR_EMPTY;
        if (kr_int_sign(x) == 0 || kr_int_sign(result) == 0) {
            result = kr_int(0);
            continue;
        }
        KrValue divisor = gcd(result, x);
        KrValue part = kr_is_empty(divisor) ? KR_EMPTY : kr_binary(KR_FLOORDIV, result, divisor);
        if (kr_is_empty(part) || kr_is_empty(result = kr_binary(KR_MUL, part, x))) return KR_EMPTY;
        if (kr_is_empty(result = kr_absolute(result))) return KR_EMPTY;
    }
    return result;
}

/* ---- isqrt ---- */

static uint64_t sqrt_word(uint64_t n)
{
    uint64_t r = (uint64_t)sqrt((double)n);
    while (r > UINT32_MAX || r * r > n) r--;
    while (r < UINT32_MAX && (r + 1) * (r + 1) <= n) r++;
    return r;
}

/* The root of the top quarter of the bits gives the upper half of the root; one division gives the
 * lower half (Zimmermann, 1999), perhaps one too large. */
static KrValue sqrt_big(KrValue n)
{
    size_t bits = kr_int_bit_length(n);
    if (bits <= 64) {
        uint64_t x;
        return kr_to_uint64(n, &x) < 0 ? KR_EMPTY : kr_int_unsigned(sqrt_word(x));
    }
    size_t shift = (bits - 1) / 4;
    KrValue by = kr_int((int64_t)shift), top = kr_binary(KR_RSHIFT, n, kr_int(2 * (int64_t)shift));
    if (kr_is_empty(top)) return KR_EMPTY;
    KrValue high = sqrt_big(top);
    if (kr_is_empty(high)) return KR_EMPTY;
    KrValue guess = kr_binary(KR_LSHIFT, high, by);
    if (kr_is_empty(guess)) return KR_EMPTY;
    /* One Newton step from above or below: (guess + n / guess) / 2 is at least the root. */
    KrValue quotient = kr_binary(KR_FLOORDIV, n, guess);
    KrValue sum = kr_is_empty(quotient) ? KR_EMPTY : kr_binary(KR_ADD, guess, quotient);
    KrValue root = kr_is_empty(sum) ? KR_EMPTY : kr_binary(KR_RSHIFT, sum, kr_int(1));
    for (;;) {
        if (kr_is_empty(root)) return KR_EMPTY;
        KrValue square = kr_binary(KR_MUL, root, root);
        if (kr_is_empty(square)) return KR_EMPTY;
        int above = kr_compare_truth(square, n, KR_GT);
        if (above <= 0) return above < 0 ? KR_EMPTY : root;
        root = kr_binary(KR_SUB, root, kr_int(1));
    }
}

KR_FN(math, math_isqrt, "isqrt", "(n, /)",
      "Return the integer part of the square root of the input.")
{
    KrValue n = kr_index(a[0]);
    if (kr_is_empty(n)) return KR_EMPTY;
    if (kr_int_sign(n) < 0) return kr_raise(kr_ValueError, "isqrt() argument must be nonnegative");
    return sqrt_big(n);
}

/* ---- Products ---- */

/* first * (first + 1) * ... * last */
static KrValue product(uint64_t first, uint64_t last)
{
    if (first > last) return kr_int(1);
    if (last - first < 8) {
        uint64_t word = first;
        for (uint64_t i = first + 1; i <= last; i++) {
            if (!__builtin_mul_overflow(word, i, &word)) continue;
            KrValue low = product(first, (first + last) / 2);
            if (kr_is_empty(low)) return KR_EMPTY;
            KrValue high = product((first + last) / 2 + 1, last);
            return kr_is_empty(high) ? KR_EMPTY : kr_binary(KR_MUL, low, high);
        }
        return kr_int_unsigned(word);
    }
    uint64_t middle = first + (last - first) / 2;
    KrValue low = product(first, middle);
    if (kr_is_empty(low)) return KR_EMPTY;
    KrValue high = product(middle + 1, last);
    return kr_is_empty(high) ? KR_EMPTY : kr_binary(KR_MUL, low, high);
}

static KrValue factorial(KrValue v)
{
    int64_t n;
    KrValue index = kr_index(v);
    if (kr_is_empty(index)) return KR_EMPTY;
    if (kr_int_sign(index) < 0)
        return kr_raise(kr_ValueError, "factorial() not defined for negative values");
    if (kr_to_int64(index, &n) < 0) {
        kr_clear_exception();
        return kr_raise(kr_OverflowError, "factorial() argument should not exceed %ld",
                        (long)INT64_MAX);
    }
    return product(2, (uint64_t)n);
}

KR_FN(math, math_factorial, "factorial", "(n, /)",
      "Find n!.\n\nRaise a ValueError if x is negative or non-integral.")
{
    return factorial(a[0]);
}

/* n * (n - 1) * ... for k factors, n an int of any size */
static KrValue falling(KrValue n, int64_t k)
{
    int64_t small;
    if (k == 0) return kr_int(1);
    if (kr_int_bit_length(n) < 63)
        return kr_to_int64(n, &small) < 0 ? KR_EMPTY
                                          : product((uint64_t)(small - k + 1), (uint64_t)small);
    if (k == 1) return n;
    KrValue rest = kr_binary(KR_SUB, n, kr_int(k / 2)), high = falling(n, k / 2);
    if (kr_is_empty(rest) || kr_is_empty(high)) return KR_EMPTY;
    KrValue low = falling(rest, k - k / 2);
    return kr_is_empty(low) ? KR_EMPTY : kr_binary(KR_MUL, high, low);
}

/* n and k as exact ints that are not negative. */
static int count_arguments(const KrValue *a, KrValue *n, KrValue *k)
{
    *n = kr_index(a[0]);
    if (kr_is_empty(*n)) return -1;
    *k = kr_index(a[1]);
    if (kr_is_empty(*k)) return -1;
    if (kr_int_sign(*n) < 0 || kr_int_sign(*k) < 0) {
        kr_raise(kr_ValueError, "%s must be a non-negative integer",
                 kr_int_sign(*n) < 0 ? "n" : "k");
        return -1;
    }
    return 0;
}

KR_FN(math, math_perm, "perm", "(n, k=None, /)",
      "Number of ways to choose k items from n items without repetition and with "
      "order.\n\nEvaluates to n! / (n - k)! when k "
      "<= n and evaluates\nto zero when k > n.\n\nIf k is not specified or is None, then k "
      "defaults to n\nand the function "
      "returns n!.\n\nRaises TypeError if either of the arguments are not integers.\nRaises "
      "ValueError if either of the "
      "arguments are negative.")
{
    if (kr_is(a[1], kr_None)) return factorial(a[0]);
    KrValue n, k;
    int64_t count;
    if (count_arguments(a, &n, &k) < 0) return KR_EMPTY;
    int more = kr_compare_truth(k, n, KR_GT);
    if (more) return more < 0 ? KR_EMPTY : kr_int(0);
    if (kr_to_int64(k, &count) < 0) {
        kr_clear_exception();
        return kr_raise(kr_OverflowError, "k must not exceed %ld", (long)INT64_MAX);
    }
    return falling(n, count);
}

KR_FN(math, math_comb, "comb", "(n, k, /)",
      "Number of ways to choose k items from n items without repetition and without "
      "order.\n\nEvaluates to n! / (k! * (n - "
      "k)!) when k <= n and evaluates\nto zero when k > n.\n\nAlso called the binomial coefficient "
      "because it is equivalent\nto "
      "the coefficient of k-th term in polynomial expansion of the\nexpression (1 + "
      "x)**n.\n\nRaises TypeError if either of the "
      "arguments are not integers.\nRaises ValueError if either of the arguments are negative.")
{
    KrValue n, k;
    if (count_arguments(a, &n, &k) < 0) return KR_EMPTY;
    KrValue other = kr_binary(KR_SUB, n, k);
    if (kr_is_empty(other)) return KR_EMPTY;
    if (kr_int_sign(other) < 0) return kr_int(0);
    int smaller = kr_compare_truth(other, k, KR_LT);
    if (smaller < 0) return KR_EMPTY;
    if (smaller) k = other;
    int64_t count, small;
    if (kr_to_int64(k, &count) < 0) {
        kr_clear_exception();
        return kr_raise(kr_OverflowError, "min(n - k, k) must not exceed %ld", (long)INT64_MAX);
    }
    if (count == 0) return kr_int(1);
    if (kr_int_bit_length(n) < 63 && kr_to_int64(n, &small) == 0) {
        uint64_t word = 1; /* C(n, i) from C(n, i - 1) while it fits */
        int64_t i = 1;
        for (; i <= count; i++) {
            unsigned __int128 wide =
                (unsigned __int128)word * (uint64_t)(small - count + i) / (uint64_t)i;
            if (wide >> 64) break;
            word = (uint64_t)wide;
        }
        if (i > count) return kr_int_unsigned(word);
    }
    KrValue numerator = falling(n, count);
    KrValue denominator = kr_is_empty(numerator) ? KR_EMPTY : product(2, (uint64_t)count);
    return kr_is_empty(denominator) ? KR_EMPTY : kr_binary(KR_FLOORDIV, numerator, denominator);
}

#include "modules/math_integers.entries.h"

const KrFunction *const *const kr_math_integer_functions = math_functions;
