/* arithmetic.c: the slow halves of operators: mixed numbers, and everything that is not a small
 * number. */
#include <math.h>

#include "runtime/objects/int.h"
#include "runtime/vm/interpreter.h"

#define INPLACE 64
#define OPERATOR(name) [OP_##name] = KR_##name, [OP_INPLACE_##name] = KR_##name | INPLACE
#define IMMEDIATE(name) [OP_##name##_IMM] = KR_##name
static const uint8_t operators[OPCODE_COUNT] = {
    OPERATOR(ADD),
    OPERATOR(SUB),
    OPERATOR(MUL),
    OPERATOR(MATMUL),
    OPERATOR(TRUEDIV),
    OPERATOR(FLOORDIV),
    OPERATOR(MOD),
    OPERATOR(POW),
    OPERATOR(LSHIFT),
    OPERATOR(RSHIFT),
    OPERATOR(AND),
    OPERATOR(XOR),
    OPERATOR(OR),
    IMMEDIATE(ADD),
    IMMEDIATE(SUB),
    IMMEDIATE(MUL),
    IMMEDIATE(FLOORDIV),
    IMMEDIATE(MOD),
    IMMEDIATE(AND),
    IMMEDIATE(LSHIFT),
    IMMEDIATE(RSHIFT),
    IMMEDIATE(POW),
    [OP_INPLACE_ADD_IMM] = KR_ADD | INPLACE,
    [OP_INPLACE_SUB_IMM] = KR_SUB | INPLACE,
};

#define COMPARISON(name) [OP_##name] = KR_##name, [OP_##name##_IMM] = KR_##name
static const uint8_t comparisons[OP_GENERIC_COUNT] = {
    COMPARISON(LT), COMPARISON(LE), COMPARISON(EQ), COMPARISON(NE), COMPARISON(GT), COMPARISON(GE),
};

static inline bool is_number(Value v) { return is_int(v) || is_float(v); }
static inline bool is_exact_int(Value v) { return is_int(v) || is_exact(v, &kr_int_type); }
static inline double number(Value v) { return is_int(v) ? (double)int_of(v) : float_of(v); }

Value kr_arithmetic_binary(uint32_t opcode, Value a, Value b)
{
    uint32_t op = operators[opcode];
    if (is_number(a) && is_number(b)) {
        if (is_float(a) || is_float(b)) {
            double x = number(a), y = number(b);
            switch (op & ~(uint32_t)INPLACE) {
            case KR_ADD: return from_double(x + y);
            case KR_SUB: return from_double(x - y);
            case KR_MUL: return from_double(x * y);
            case KR_TRUEDIV:
                if (y != 0) return from_double(x / y);
                break;
            case KR_POW:
                if (y == 2 || (x > 0 && y == 0.5)) {
                    double power = pow(x, y);
                    if (isfinite(power)) return from_float(power);
                }
                break;
            default: break;
            }
        }
        switch (op & ~(uint32_t)INPLACE) { /* two ints that left 50 bits */
        case KR_ADD: return kr_int_add(a, b);
        case KR_SUB: return kr_int_sub(a, b);
        case KR_MUL: return kr_int_mul(a, b);
        default: return kr_binary((int)op & ~INPLACE, a, b);
        }
    }
    if (is_exact_int(a) && is_exact_int(b)) switch (op & ~(uint32_t)INPLACE) {
        case KR_ADD: return kr_int_add(a, b);
        case KR_SUB: return kr_int_sub(a, b);
        case KR_MUL: return kr_int_mul(a, b);
        default: break;
        }
    if ((op & ~(uint32_t)INPLACE) == KR_AND && is_int(b) && int_of(b) >= 0 &&
        is_exact(a, &kr_int_type))
        return from_small_int(
            (int64_t)(kr_int_low_bits(a) & (uint64_t)int_of(b))); /* a mask of a large int */
    if (op == KR_ADD && is_object(a) && is_object(b) && type_of(a) == type_of(b)) {
        const KrSlots *slots = &type_of(a)->slots; /* two tuples, two lists: no other slot can answer */
        if (slots->concat && !slots->binary[KR_ADD]) return slots->concat(a, b);
    }
    return op & INPLACE ? kr_inplace((int)op & ~INPLACE, a, b) : kr_binary((int)op, a, b);
}

Value kr_arithmetic_compare(uint32_t opcode, Value a, Value b)
{
    int op = comparisons[kr_opcode_generic[opcode]];
    if (is_exact_str(a) && is_exact_str(b)) {
        if (op == KR_EQ) return from_bool(same(a, b) || kr_str_same_text(str_of(a), str_of(b)));
        if (op == KR_NE) return from_bool(!same(a, b) && !kr_str_same_text(str_of(a), str_of(b)));
    }
    return kr_compare(a, b, op);
}
