/* The C bodies of scalar ops that are more than an operator: Python's floor division and modulo,
 * powers and shifts. Shared by the evaluator (through ops.def) and by compiled code (rt.def). */
#ifndef JIT_RUN_OPMATH_H
#define JIT_RUN_OPMATH_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

/* Signed, any width: the quotient towards minus infinity; 0 for a divisor of 0 as NumPy has it;
 * wraps
 * for min // -1. */
static inline int64_t jit_opmath_floordiv(int64_t a, int64_t b)
{
    if (b == 0) return 0;
    if (b == -1) return (int64_t)(0 - (uint64_t)a);
    int64_t q = a / b;
    return q - (a % b != 0 && (a < 0) != (b < 0));
}

static inline int64_t jit_opmath_mod(int64_t a, int64_t b)
{
    if (b == 0 || b == -1) return 0;
    int64_t r = a % b;
    return r != 0 && (r < 0) != (b < 0) ? r + b : r;
}

static inline uint64_t jit_opmath_ipow(uint64_t a, uint64_t n)
{
    uint64_t r = 1;
    for (; n; n >>= 1, a *= a)
        if (n & 1) r *= a;
    return r;
}

/* n >= 0 */
static inline bool jit_opmath_pow_overflow(int64_t a, int64_t n, int64_t *out)
{
    int64_t r = 1;
    while (n > 0) {
        if ((n & 1) && __builtin_mul_overflow(r, a, &r)) return true;
        n >>= 1;
        if (n && __builtin_mul_overflow(a, a, &a)) return true;
    }
    *out = r;
    return false;
}

/* n >= 0 */
static inline bool jit_opmath_shl_overflow(int64_t a, int64_t n, int64_t *out)
{
    if (n > 63) {
        *out = 0;
        return a != 0;
    }
    *out = (int64_t)((uint64_t)a << n);
    return (*out >> n) != a;
}

double jit_opmath_floordivd(double a, double b);
double jit_opmath_modd(double a, double b);
float jit_opmath_floordivf(float a, float b);
float jit_opmath_modf(float a, float b);

#endif
