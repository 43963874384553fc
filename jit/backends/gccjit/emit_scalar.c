/* Scalar ops and conversions to libgccjit's expressions: where C leaves an operation undefined
 * (overflow, division by zero, shifts by the width, floats that no int holds) the code says what
 * ops.def says. */
#include "jit/backends/gccjit/emit.h"

#include <math.h>
#include <stdio.h>

enum {
    PLUS = GCC_JIT_BINARY_OP_PLUS,
    MINUS = GCC_JIT_BINARY_OP_MINUS,
    TIMES = GCC_JIT_BINARY_OP_MULT,
    OVER = GCC_JIT_BINARY_OP_DIVIDE,
    REST = GCC_JIT_BINARY_OP_MODULO,
    AND = GCC_JIT_BINARY_OP_BITWISE_AND,
    OR = GCC_JIT_BINARY_OP_BITWISE_OR,
    XOR = GCC_JIT_BINARY_OP_BITWISE_XOR
};

static Rvalue zero_of(Emit *e, gcc_jit_type *type) { return gcc_jit_context_zero(e->cx, type); }

static Rvalue is_zero(Emit *e, gcc_jit_type *type, Rvalue v)
{
    return jit_gccjit_compare(e, GCC_JIT_COMPARISON_EQ, v, zero_of(e, type));
}

static Rvalue is_negative(Emit *e, gcc_jit_type *type, Rvalue v)
{
    return jit_gccjit_compare(e, GCC_JIT_COMPARISON_LT, v, zero_of(e, type));
}

/* An operation in the unsigned type of the same width: it wraps. */
static Rvalue wrapping(Emit *e, MType m, int op, Rvalue a, Rvalue b)
{
    gcc_jit_type *t = e->unsigned_types[m];
    Rvalue r = jit_gccjit_binary(e, (enum gcc_jit_binary_op)op, t, jit_gccjit_cast(e, a, t),
                                 jit_gccjit_cast(e, b, t));
    return jit_gccjit_cast(e, r, e->types[m]);
}

static Rvalue arithmetic(Emit *e, const IrNode *x, int op, Rvalue a, Rvalue b)
{
    MType m = (MType)x->mt;
    if (jit_mtype_is_float(m) || x->flags & NODE_NSW)
        return jit_gccjit_binary(e, (enum gcc_jit_binary_op)op, e->types[m], a, b);
    return wrapping(e, m, op, a, b);
}

/* ---- division ---- */

static Rvalue unsigned_division(Emit *e, const IrNode *x, Rvalue a, Rvalue b, bool mod)
{
    MType m = (MType)x->mt;
    gcc_jit_type *t = e->unsigned_types[m];
    a = jit_gccjit_cast(e, a, t);
    b = jit_gccjit_cast(e, b, t);
    Rvalue zero = x->flags & NODE_NZ ? NULL : jit_gccjit_keep(e, e->types[M_I1], is_zero(e, t, b));
    if (zero) b = jit_gccjit_pick(e, t, zero, gcc_jit_context_one(e->cx, t), b);
    Rvalue r = jit_gccjit_keep(
        e, t, jit_gccjit_binary(e, (enum gcc_jit_binary_op)(mod ? REST : OVER), t, a, b));
    if (zero) r = jit_gccjit_pick(e, t, zero, zero_of(e, t), r);
    return jit_gccjit_cast(e, r, e->types[m]);
}

/* The quotient towards minus infinity, or the remainder of the divisor's sign; d is neither 0 nor
 * the -1 of an overflow. */
static Rvalue floored(Emit *e, MType m, Rvalue a, Rvalue d, bool mod)
{
    gcc_jit_type *t = e->types[m], *truth = e->types[M_I1];
    Rvalue r = jit_gccjit_keep(e, t, jit_gccjit_binary(e, GCC_JIT_BINARY_OP_MODULO, t, a, d));
    Rvalue differ = is_negative(e, t, jit_gccjit_binary(e, GCC_JIT_BINARY_OP_BITWISE_XOR, t, r, d));
    Rvalue inexact = jit_gccjit_compare(e, GCC_JIT_COMPARISON_NE, r, zero_of(e, t));
    Rvalue adjust = jit_gccjit_keep(e, truth, jit_gccjit_both(e, inexact, differ));
    if (mod) {
        Rvalue sum = jit_gccjit_keep(e, t, wrapping(e, m, PLUS, r, d));
        return jit_gccjit_pick(e, t, adjust, sum, r);
    }
    Rvalue q = jit_gccjit_binary(e, GCC_JIT_BINARY_OP_DIVIDE, t, a, d);
    return wrapping(e, m, MINUS, q, jit_gccjit_cast(e, adjust, t));
}

/* Total: 0 for a divisor of 0, wrapping for min // -1. */
static Rvalue floor_division(Emit *e, const IrNode *x, Rvalue a, Rvalue b, bool mod)
{
    MType m = (MType)x->mt;
    gcc_jit_type *t = e->types[m], *truth = e->types[M_I1];
    if (!jit_mtype_is_signed(m) || x->flags & NODE_POS) return unsigned_division(e, x, a, b, mod);
    if (x->flags & NODE_NZ) return floored(e, m, a, b, mod);
    Rvalue zero = jit_gccjit_keep(e, truth, is_zero(e, t, b));
    Rvalue minus_one = jit_gccjit_compare(e, GCC_JIT_COMPARISON_EQ, b, jit_gccjit_number(e, t, -1));
    Rvalue special = jit_gccjit_keep(
        e, truth, jit_gccjit_binary(e, GCC_JIT_BINARY_OP_BITWISE_OR, truth, zero, minus_one));
    Rvalue d = jit_gccjit_pick(e, t, special, gcc_jit_context_one(e->cx, t), b);
    Rvalue r = jit_gccjit_keep(e, t, floored(e, m, a, d, mod));
    if (mod) return jit_gccjit_pick(e, t, special, zero_of(e, t), r);
    Rvalue opposite = jit_gccjit_keep(e, t, wrapping(e, m, MINUS, zero_of(e, t), a));
    Rvalue other = jit_gccjit_pick(e, t, zero, zero_of(e, t), opposite);
    return jit_gccjit_pick(e, t, special, other, r);
}

/* ---- shifts, powers, signs ---- */

static Rvalue shift(Emit *e, const IrNode *x, Rvalue a, Rvalue b, bool left)
{
    MType m = (MType)x->mt;
    gcc_jit_type *t = e->types[m], *u = e->unsigned_types[m];
    int64_t width = 8 * (int64_t)jit_mtype_size(m);
    bool arithmetic = !left && jit_mtype_is_signed(m);
    gcc_jit_type *in = arithmetic ? t : u;
    enum gcc_jit_binary_op op = left ? GCC_JIT_BINARY_OP_LSHIFT : GCC_JIT_BINARY_OP_RSHIFT;
    Rvalue small =
        jit_gccjit_keep(e, e->types[M_I1],
                        jit_gccjit_compare(e, GCC_JIT_COMPARISON_LT, jit_gccjit_cast(e, b, u),
                                           jit_gccjit_number(e, u, width)));
    Rvalue count = jit_gccjit_pick(e, in, small, jit_gccjit_cast(e, b, in),
                                   jit_gccjit_number(e, in, arithmetic ? width - 1 : 0));
    Rvalue r = jit_gccjit_binary(e, op, in, jit_gccjit_cast(e, a, in), count);
    if (arithmetic) return r;
    r = jit_gccjit_keep(e, t, jit_gccjit_cast(e, r, t));
    return jit_gccjit_pick(e, t, small, r, zero_of(e, t));
}

static Rvalue power(Emit *e, const IrNode *x, Rvalue a, Rvalue b)
{
    Rvalue args[] = {jit_gccjit_cast(e, a, e->types[M_I64]),
                     jit_gccjit_cast(e, b, e->types[M_I64])};
    return jit_gccjit_cast(e, jit_gccjit_call_rt(e, RT_IPOW, args), e->types[x->mt]);
}

/* |a|, wrapping for the smallest. */
static Rvalue absolute(Emit *e, MType m, Rvalue a)
{
    gcc_jit_type *t = e->types[m];
    Rvalue opposite = jit_gccjit_keep(e, t, wrapping(e, m, MINUS, zero_of(e, t), a));
    return jit_gccjit_pick(e, t, is_negative(e, t, a), opposite, a);
}

/* __builtin_<name>, with an f behind for float32. */
static Rvalue float_function(Emit *e, MType m, const char *name, Rvalue *args, uint32_t n)
{
    char full[48];
    snprintf(full, sizeof full, "__builtin_%s%s", name, m == M_F32 ? "f" : "");
    return jit_gccjit_builtin(e, full, args, n);
}

static Rvalue negative(Emit *e, const IrNode *x, Rvalue a)
{
    gcc_jit_type *t = e->types[x->mt];
    if (!jit_mtype_is_float((MType)x->mt)) return arithmetic(e, x, MINUS, zero_of(e, t), a);
    return gcc_jit_context_new_unary_op(e->cx, NULL, GCC_JIT_UNARY_OP_MINUS, t, a);
}

static Rvalue inverted(Emit *e, const IrNode *x, Rvalue a)
{
    if (x->mt == M_I1) return jit_gccjit_negate(e, a);
    return gcc_jit_context_new_unary_op(e->cx, NULL, GCC_JIT_UNARY_OP_BITWISE_NEGATE,
                                        e->types[x->mt], a);
}

/* Pointers and truth values are compared as integers. */
static Rvalue comparison(Emit *e, const IrNode *x, Rvalue a, Rvalue b)
{
    static const enum gcc_jit_comparison ops[] = {GCC_JIT_COMPARISON_EQ, GCC_JIT_COMPARISON_NE,
                                                  GCC_JIT_COMPARISON_LT, GCC_JIT_COMPARISON_LE,
                                                  GCC_JIT_COMPARISON_GT, GCC_JIT_COMPARISON_GE};
    MType m = (MType)x->args[0]->mt;
    if (m == M_I1) {
        a = jit_gccjit_cast(e, a, e->types[M_U8]);
        b = jit_gccjit_cast(e, b, e->types[M_U8]);
    } else if (m == M_PTR || m == M_OWN) {
        a = jit_gccjit_bits(e, a, e->types[M_U64]);
        b = jit_gccjit_bits(e, b, e->types[M_U64]);
    }
    return jit_gccjit_compare(e, ops[x->op - OP_EQ], a, b);
}

Rvalue jit_gccjit_scalar(Emit *e, const IrNode *x)
{
    Rvalue a = V(e, x->args[0]), b = x->n > 1 ? V(e, x->args[1]) : NULL, args[2] = {a, b};
    MType m = (MType)x->args[0]->mt;
    gcc_jit_type *t = e->types[x->mt];
    switch (x->op) {
    case OP_ADD: return arithmetic(e, x, PLUS, a, b);
    case OP_SUB: return arithmetic(e, x, MINUS, a, b);
    case OP_MUL: return arithmetic(e, x, TIMES, a, b);
    case OP_DIV: return jit_gccjit_binary(e, GCC_JIT_BINARY_OP_DIVIDE, t, a, b);
    case OP_FLOORDIV: return floor_division(e, x, a, b, false);
    case OP_MOD: return floor_division(e, x, a, b, true);
    case OP_FFLOORDIV: return jit_gccjit_call_rt(e, m == M_F32 ? RT_FLOORDIVF : RT_FLOORDIVD, args);
    case OP_FMOD: return jit_gccjit_call_rt(e, m == M_F32 ? RT_MODF : RT_MODD, args);
    case OP_AND: return jit_gccjit_binary(e, GCC_JIT_BINARY_OP_BITWISE_AND, t, a, b);
    case OP_OR: return jit_gccjit_binary(e, GCC_JIT_BINARY_OP_BITWISE_OR, t, a, b);
    case OP_XOR: return jit_gccjit_binary(e, GCC_JIT_BINARY_OP_BITWISE_XOR, t, a, b);
    case OP_SHL: return shift(e, x, a, b, true);
    case OP_SHR: return shift(e, x, a, b, false);
    case OP_IPOW: return power(e, x, a, b);
    case OP_COPYSIGN: return float_function(e, m, "copysign", args, 2);
    case OP_NEG: return negative(e, x, a);
    case OP_ABS:
        if (jit_mtype_is_float(m)) return float_function(e, m, "fabs", args, 1);
        return jit_mtype_is_signed(m) ? absolute(e, m, a) : a;
    case OP_NOT: return inverted(e, x, a);
    case OP_SQRT: return float_function(e, m, "sqrt", args, 1);
    case OP_FLOOR: return float_function(e, m, "floor", args, 1);
    case OP_CEIL: return float_function(e, m, "ceil", args, 1);
    case OP_TRUNC: return float_function(e, m, "trunc", args, 1);
    case OP_RINT: return float_function(e, m, "rint", args, 1);
    default: return comparison(e, x, a, b);
    }
}

/* ---- checked integers ---- */

/* a << b with b >= 0; *ok: no bit was lost. */
static Rvalue checked_shift(Emit *e, Rvalue a, Rvalue b, Rvalue *ok)
{
    gcc_jit_type *t = e->types[M_I64], *u = e->types[M_U64], *truth = e->types[M_I1];
    Rvalue small =
        jit_gccjit_keep(e, truth,
                        jit_gccjit_compare(e, GCC_JIT_COMPARISON_LT, jit_gccjit_cast(e, b, u),
                                           jit_gccjit_number(e, u, 64)));
    Rvalue count = jit_gccjit_pick(e, t, small, b, zero_of(e, t));
    Rvalue out = jit_gccjit_binary(e, GCC_JIT_BINARY_OP_LSHIFT, u, jit_gccjit_cast(e, a, u),
                                   jit_gccjit_cast(e, count, u));
    out = jit_gccjit_keep(e, t, jit_gccjit_cast(e, out, t));
    Rvalue back = jit_gccjit_binary(e, GCC_JIT_BINARY_OP_RSHIFT, t, out, count);
    Rvalue same = jit_gccjit_keep(e, truth, jit_gccjit_compare(e, GCC_JIT_COMPARISON_EQ, back, a));
    *ok = jit_gccjit_pick(e, truth, small, same, is_zero(e, t, a));
    return jit_gccjit_pick(e, t, small, out, zero_of(e, t));
}

static Rvalue checked_power(Emit *e, Rvalue a, Rvalue b, Rvalue *ok)
{
    gcc_jit_type *t = e->types[M_I64], *params[] = {t, t, e->bytes};
    gcc_jit_function *fn = jit_gccjit_import(e, "jit_rt_pow_overflow", e->status, params, 3);
    gcc_jit_lvalue *out = jit_gccjit_local(e, t);
    Rvalue args[] = {a, b, jit_gccjit_cast(e, gcc_jit_lvalue_get_address(out, NULL), e->bytes)};
    Rvalue bad = jit_gccjit_keep(e, e->status, gcc_jit_context_new_call(e->cx, NULL, fn, 3, args));
    *ok = is_zero(e, e->status, bad);
    return gcc_jit_lvalue_as_rvalue(out);
}

static Rvalue with_overflow(Emit *e, const char *builtin, Rvalue a, Rvalue b, Rvalue *ok)
{
    gcc_jit_lvalue *out = jit_gccjit_local(e, e->types[M_I64]);
    Rvalue args[] = {a, b, gcc_jit_lvalue_get_address(out, NULL)};
    Rvalue bad = jit_gccjit_keep(e, e->types[M_I1], jit_gccjit_builtin(e, builtin, args, 3));
    *ok = jit_gccjit_negate(e, bad);
    return gcc_jit_lvalue_as_rvalue(out);
}

Rvalue jit_gccjit_checked(Emit *e, const IrNode *x)
{
    Rvalue a = V(e, x->args[0]), b = x->n > 1 ? V(e, x->args[1]) : NULL, r, ok;
    gcc_jit_type *t = e->types[M_I64];
    switch (x->op) {
    case OP_ADDC: r = with_overflow(e, "__builtin_add_overflow", a, b, &ok); break;
    case OP_SUBC: r = with_overflow(e, "__builtin_sub_overflow", a, b, &ok); break;
    case OP_MULC: r = with_overflow(e, "__builtin_mul_overflow", a, b, &ok); break;
    case OP_NEGC: r = with_overflow(e, "__builtin_sub_overflow", zero_of(e, t), a, &ok); break;
    case OP_ABSC:
        r = absolute(e, M_I64, a);
        ok = jit_gccjit_compare(e, GCC_JIT_COMPARISON_GE, r, zero_of(e, t));
        break;
    case OP_SHLC: r = checked_shift(e, a, b, &ok); break;
    default: r = checked_power(e, a, b, &ok);
    }
    jit_gccjit_raise_unless(e, x, ok, (IrErr)jit_ir_ops[x->op].message, NULL, 0);
    return r;
}

/* ---- conversions ---- */

static Rvalue float_number(Emit *e, gcc_jit_type *type, double value)
{
    return gcc_jit_context_new_rvalue_from_double(e->cx, type, value);
}

/* low <= v < high */
static Rvalue within(Emit *e, MType from, Rvalue v, double low, double high)
{
    gcc_jit_type *t = e->types[from];
    Rvalue above = jit_gccjit_compare(e, GCC_JIT_COMPARISON_GE, v, float_number(e, t, low));
    Rvalue below = jit_gccjit_compare(e, GCC_JIT_COMPARISON_LT, v, float_number(e, t, high));
    return jit_gccjit_keep(e, e->types[M_I1], jit_gccjit_both(e, above, below));
}

static const double two63 = 9223372036854775808.0;

/* As eval.c's float_to_int: truncated to int64 (uint64 keeps its upper half), min out of range. */
static Rvalue float_to_int(Emit *e, MType from, MType to, Rvalue v)
{
    gcc_jit_type *f = e->types[from], *word = e->types[M_I64], *wide = e->types[M_U64];
    Rvalue zero = float_number(e, f, 0), fits = within(e, from, v, -two63, two63);
    Rvalue safe = jit_gccjit_pick(e, f, fits, v, zero);
    Rvalue r = jit_gccjit_keep(e, word, jit_gccjit_cast(e, safe, word));
    r = jit_gccjit_pick(e, word, fits, r, jit_gccjit_number(e, word, INT64_MIN));
    if (to == M_U64) {
        Rvalue high = within(e, from, v, two63, 2 * two63);
        Rvalue big = jit_gccjit_keep(
            e, wide, jit_gccjit_cast(e, jit_gccjit_pick(e, f, high, v, zero), wide));
        r = jit_gccjit_pick(e, word, high, jit_gccjit_cast(e, big, word), r);
    }
    return jit_gccjit_cast(e, r, e->types[to]);
}

Rvalue jit_gccjit_convert(Emit *e, const IrNode *x)
{
    Rvalue v = V(e, x->args[0]);
    MType from = (MType)x->args[0]->mt, to = (MType)x->mt;
    if (from == to) return v;
    if (to == M_I1)
        return jit_gccjit_compare(e, GCC_JIT_COMPARISON_NE, v,
                                  jit_mtype_is_float(from) ? float_number(e, e->types[from], 0)
                                                           : zero_of(e, e->types[from]));
    if (jit_mtype_is_float(from) && !jit_mtype_is_float(to)) return float_to_int(e, from, to, v);
    if (from == M_I1) v = jit_gccjit_cast(e, v, e->types[M_I32]);
    return jit_gccjit_cast(e, v, e->types[to]);
}

/* float -> Python int; which of the three errors is chosen in the cold block. */
Rvalue jit_gccjit_to_int(Emit *e, const IrNode *x)
{
    Rvalue v = V(e, x->args[0]);
    MType from = (MType)x->args[0]->mt;
    gcc_jit_block *good = jit_gccjit_branch_unless(e, within(e, from, v, -two63, two63));
    Rvalue nan = jit_gccjit_site(e, x, ERR_INT_NAN, NULL);
    Rvalue inf = jit_gccjit_site(e, x, ERR_INT_INF, NULL);
    Rvalue big = jit_gccjit_site(e, x, ERR_INT_RANGE, NULL);
    Rvalue is_nan =
        jit_gccjit_keep(e, e->types[M_I1], jit_gccjit_compare(e, GCC_JIT_COMPARISON_NE, v, v));
    Rvalue rest = jit_gccjit_binary(e, GCC_JIT_BINARY_OP_MINUS, e->types[from], v, v);
    Rvalue is_inf = jit_gccjit_compare(e, GCC_JIT_COMPARISON_NE, rest, rest);
    Rvalue site = jit_gccjit_pick(e, e->bytes, is_inf, inf, big);
    jit_gccjit_store_error(e, x, jit_gccjit_pick(e, e->bytes, is_nan, nan, site), NULL, 0);
    e->at = good;
    return jit_gccjit_cast(e, v, e->types[M_I64]);
}

Rvalue jit_gccjit_narrow(Emit *e, const IrNode *x)
{
    Rvalue v = V(e, x->args[0]), ok;
    gcc_jit_type *t = e->types[x->mt], *word = e->types[M_I64];
    Rvalue r = jit_gccjit_keep(e, t, jit_gccjit_cast(e, v, t));
    if (x->mt == M_U64)
        ok = jit_gccjit_compare(e, GCC_JIT_COMPARISON_GE, v, zero_of(e, word));
    else
        ok = jit_gccjit_compare(e, GCC_JIT_COMPARISON_EQ, jit_gccjit_cast(e, r, word), v);
    jit_gccjit_raise_unless(e, x, ok, ERR_NARROW, &v, 1);
    return r;
}
