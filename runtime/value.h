/* value.h: the 64-bit word. The only file that knows its bits.
 *
 *   0000 0000 0000 0000   EMPTY: absent, or "an exception is set"
 *   0000 0000 0000 00xx   None 02, False 06, True 07, Ellipsis 0a, NotImplemented 0e
 *   0000 pppp pppp pppp   heap pointer, plain (16-byte aligned, at least 4096)
 *   0002 .... .... ....   a double: its bits plus 2 << 48
 *     to
 *   fffb ffff ffff ffff
 *   fffc .... .... ....   an int: the top 14 bits are ones, the low 50 its two's complement
 *     to
 *   ffff ffff ffff ffff
 *
 * A pointer needs no decoding, a double one addition, an int one shift. The sum stays below fffc only for
 * NaNs whose payload is canonical; arithmetic keeps them so, and from_float() canonicalises what comes from
 * outside. After JavaScriptCore's encoding, with the ints widened from 32 bits to 50. */
#ifndef RUNTIME_VALUE_H
#define RUNTIME_VALUE_H

#include <string.h>

#include "runtime/krait.h"

typedef KrValue Value;
typedef struct Type Type;
typedef KrObject Object;

#define VALUE_INT_TAG UINT64_C(0xfffc000000000000)
#define VALUE_FLOAT_SHIFT UINT64_C(0x0002000000000000)
#define VALUE_INT_BITS 50

#define INT_MAX_IMMEDIATE (((int64_t)1 << (VALUE_INT_BITS - 1)) - 1)
#define INT_MIN_IMMEDIATE (-((int64_t)1 << (VALUE_INT_BITS - 1)))

#define EMPTY ((Value){0})
#define NONE ((Value){0x02})
#define FALSE_VALUE ((Value){0x06})
#define TRUE_VALUE ((Value){0x07})
#define ELLIPSIS ((Value){0x0a})
#define NOT_IMPLEMENTED ((Value){0x0e})

static inline bool is_empty(Value v) { return v.bits == 0; }
static inline bool same(Value a, Value b) { return a.bits == b.bits; }
static inline bool is_none(Value v) { return v.bits == 0x02; }
static inline bool is_bool(Value v) { return (v.bits & ~UINT64_C(1)) == 0x06; }
static inline bool is_true(Value v) { return v.bits == 0x07; }
static inline bool is_not_implemented(Value v) { return v.bits == 0x0e; }
/* An immediate int; a heap int (objects/int.h) is an object. */
static inline bool is_int(Value v) { return v.bits >= VALUE_INT_TAG; }
static inline bool both_int(Value a, Value b) { return (a.bits & b.bits) >= VALUE_INT_TAG; }
static inline bool is_float(Value v)
{
    return v.bits - VALUE_FLOAT_SHIFT < VALUE_INT_TAG - VALUE_FLOAT_SHIFT;
}
static inline bool is_object(Value v) { return v.bits - 4096 < VALUE_FLOAT_SHIFT - 4096; }

static inline Value from_bool(bool b) { return (Value){0x06 | (uint64_t)b}; }

static inline bool fits_int(int64_t x) { return x >= INT_MIN_IMMEDIATE && x <= INT_MAX_IMMEDIATE; }
/* x must fit in 50 bits; kr_int() takes any. */
static inline Value from_small_int(int64_t x) { return (Value){(uint64_t)x | VALUE_INT_TAG}; }
static inline int64_t int_of(Value v) { return (int64_t)(v.bits << 14) >> 14; }

/* The result of arithmetic: its NaNs are canonical already. */
static inline Value from_double(double d)
{
    uint64_t bits;
    memcpy(&bits, &d, 8);
    return (Value){bits + VALUE_FLOAT_SHIFT};
}
/* A double from anywhere. */
static inline Value from_float(double d)
{
    if (d != d) return (Value){(__builtin_signbit(d) ? UINT64_C(0xfff8) << 48 : UINT64_C(0x7ff8) << 48) + VALUE_FLOAT_SHIFT};
    return from_double(d);
}
static inline double float_of(Value v)
{
    uint64_t bits = v.bits - VALUE_FLOAT_SHIFT;
    double d;
    memcpy(&d, &bits, 8);
    return d;
}

static inline Value from_object(const void *object) { return (Value){(uint64_t)(uintptr_t)object}; }
static inline void *object_of(Value v) { return (void *)(uintptr_t)v.bits; }

/* type(v) is type, for a type whose instances are all heap objects */
static inline bool is_exact(Value v, const Type *type)
{
    return is_object(v) && ((Object *)object_of(v))->type == type;
}

_Static_assert(sizeof(Value) == 8, "a value is one word");

/* Sums and differences of immediates: false on leaving 50 bits. The tag cancels in the shifted form. */
static inline bool int_add(Value a, Value b, Value *sum)
{
    int64_t s;
    if (__builtin_add_overflow((int64_t)(a.bits << 14), (int64_t)(b.bits << 14), &s)) return false;
    *sum = (Value){((uint64_t)s >> 14) | VALUE_INT_TAG};
    return true;
}
static inline bool int_sub(Value a, Value b, Value *difference)
{
    int64_t s;
    if (__builtin_sub_overflow((int64_t)(a.bits << 14), (int64_t)(b.bits << 14), &s)) return false;
    *difference = (Value){((uint64_t)s >> 14) | VALUE_INT_TAG};
    return true;
}
static inline bool int_mul(Value a, Value b, Value *product)
{
    int64_t s;
    if (__builtin_mul_overflow((int64_t)(a.bits << 14), int_of(b), &s)) return false;
    *product = (Value){((uint64_t)s >> 14) | VALUE_INT_TAG};
    return true;
}

#endif
