/* Numbers: conversions, and the operators of Python's own numbers with Python's errors.
 *
 * Python's int is a checked int64: what overflows raises. `/`, `//` and `%` by zero raise. Floats
 * follow CPython's float_div, float_rem and float_floor_div; complex division is CPython's variant
 * of Smith's algorithm. NumPy's scalars are handled in lower_elem.c.
 */
#include "jit/passes/lower.h"

#include <math.h>
#include <stdlib.h>

#define OP2(op, a, b) jit_lower_op2(l, OP_##op, a, b)

Num jit_scalar_make(const JitType *t, IrNode *re, IrNode *im) { return (Num){t, re, im}; }

static IrNode *float_const(Lower *l, MType m, double v) { return jit_ir_float(l->f, l->cur, m, v); }

/* ---- conversions ---- */

/* Python's int as a NumPy integer must fit. */
static IrNode *narrowed(Lower *l, IrNode *x, const JitType *to)
{
    MType m = jit_type_machine(to);
    IrNode *r = jit_lower_op1(l, OP_NARROW, m, x);
    r->text = jit_dtype_name((JitDtype)to->dtype);
    return jit_lower_raising(l, r);
}

static IrNode *cast_part(Lower *l, IrNode *x, const JitType *from, const JitType *to)
{
    MType m = jit_type_machine(to);
    if (x->mt == m) return x;
    if (from->kind == TK_INT && to->kind == TK_SCALAR && jit_mtype_is_int(m))
        return narrowed(l, x, to);
    return jit_lower_conv(l, x, m);
}

Num jit_scalar_cast(Lower *l, Num v, const JitType *to)
{
    Num r = {to, NULL, NULL};
    if (v.type == to) return v;
    if (jit_type_is_complex(v.type) && jit_type_dtype(to) == DT_BOOL) {
        r.re = jit_scalar_truth(l, v);
        return r;
    }
    r.re = cast_part(l, v.re, v.type, to);
    if (jit_type_is_complex(to))
        r.im = v.im ? cast_part(l, v.im, v.type, to) : float_const(l, jit_type_machine(to), 0);
    return r;
}

IrNode *jit_scalar_truth(Lower *l, Num v)
{
    if (v.re->mt == M_I1) return v.re;
    IrNode *zero = jit_lower_const(l, (MType)v.re->mt, 0), *r = OP2(NE, v.re, zero);
    return v.im ? OP2(OR, r, OP2(NE, v.im, zero)) : r;
}

IrNode *jit_scalar_int(Lower *l, Num v) { return jit_lower_conv(l, v.re, M_I64); }

/* ---- ints ---- */

static bool is_const(const IrNode *x, int64_t *v)
{
    if (x->op != OP_CONST) return false;
    *v = x->imm.i;
    return true;
}

static void check_divisor(Lower *l, IrNode *b, IrErr err)
{
    int64_t v;
    if (is_const(b, &v) && v != 0) return;
    jit_lower_check(l, OP2(NE, b, jit_lower_int(l, 0)), err, NULL, NULL, NULL, NULL);
}

static IrNode *int_floordiv(Lower *l, IrNode *a, IrNode *b)
{
    int64_t v = 0;
    check_divisor(l, b, ERR_ZERO_INTDIV);
    if (!is_const(b, &v) || v == -1) {
        IrNode *least = OP2(EQ, a, jit_lower_int(l, INT64_MIN));
        IrNode *minus = OP2(EQ, b, jit_lower_int(l, -1));
        IrNode *ok = jit_lower_op1(l, OP_NOT, M_I1, OP2(AND, least, minus));
        jit_lower_check(l, ok, ERR_OVERFLOW, NULL, NULL, NULL, NULL);
    }
    IrNode *r = OP2(FLOORDIV, a, b);
    r->flags |= NODE_NZ;
    return r;
}

static IrNode *int_mod(Lower *l, IrNode *a, IrNode *b)
{
    int64_t v = 0;
    check_divisor(l, b, ERR_ZERO_INTMOD);
    IrNode *r = OP2(MOD, a, b);
    if (is_const(b, &v) && v != -1) r->flags |= NODE_NZ;
    return r;
}

/* Both operands of int / int convert exactly up to 2**53; beyond, one rounding needs more care. */
static IrNode *int_truediv(Lower *l, IrNode *a, IrNode *b)
{
    check_divisor(l, b, ERR_ZERO_TRUEDIV);
    IrNode *half = jit_lower_int(l, (int64_t)1 << 53);
    IrNode *limit = jit_ir_int(l->f, l->cur, M_U64, (int64_t)1 << 54), *ok = NULL;
    IrNode *both[] = {a, b};
    for (int i = 0; i < 2; i++) {
        int64_t v;
        if (is_const(both[i], &v) && v <= (int64_t)1 << 53 && v >= -((int64_t)1 << 53)) continue;
        IrNode *one = OP2(LE, jit_lower_conv(l, OP2(ADD, both[i], half), M_U64), limit);
        ok = ok ? OP2(AND, ok, one) : one;
    }
    if (!ok) return OP2(DIV, jit_lower_conv(l, a, M_F64), jit_lower_conv(l, b, M_F64));
    If i;
    jit_lower_if(l, &i, ok);
    IrNode *r = OP2(DIV, jit_lower_conv(l, a, M_F64), jit_lower_conv(l, b, M_F64));
    jit_lower_else(l, &i, 1, &r);
    l->cur->flags |= BLOCK_COLD;
    IrNode *slow = jit_lower_rt(l, RT_TRUEDIV, 2, both);
    jit_lower_endif(l, &i, 1, &slow);
    return slow;
}

/* Small constant powers become products; squares are taken only where they are used. */
static IrNode *int_pow(Lower *l, IrNode *a, IrNode *b)
{
    int64_t n;
    if (is_const(b, &n) && n >= 0 && n <= 64) {
        IrNode *r = NULL;
        for (; n; n >>= 1) {
            if (n & 1) r = r ? OP2(MULC, r, a) : a;
            if (n > 1) a = OP2(MULC, a, a);
        }
        return r ? r : jit_lower_int(l, 1);
    }
    jit_lower_check(l, OP2(GE, b, jit_lower_int(l, 0)), ERR_NEGATIVE_POW, NULL, NULL, NULL, NULL);
    return OP2(POWC, a, b);
}

static IrNode *int_shift(Lower *l, IrOperator oper, IrNode *a, IrNode *b)
{
    int64_t n;
    if (!is_const(b, &n) || n < 0)
        jit_lower_check(l, OP2(GE, b, jit_lower_int(l, 0)), ERR_NEGATIVE_SHIFT, NULL, NULL, NULL,
                        NULL);
    return oper == OPER_LSHIFT ? OP2(SHLC, a, b) : OP2(SHR, a, b);
}

static IrNode *int_binary(Lower *l, IrOperator oper, IrNode *a, IrNode *b)
{
    bool wrap = l->src->wrap_ints;
    switch (oper) {
    case OPER_ADD: return wrap ? OP2(ADD, a, b) : OP2(ADDC, a, b);
    case OPER_SUB: return wrap ? OP2(SUB, a, b) : OP2(SUBC, a, b);
    case OPER_MUL: return wrap ? OP2(MUL, a, b) : OP2(MULC, a, b);
    case OPER_FLOORDIV: return int_floordiv(l, a, b);
    case OPER_MOD: return int_mod(l, a, b);
    case OPER_POW: return wrap ? OP2(IPOW, a, b) : int_pow(l, a, b);
    case OPER_AND: return OP2(AND, a, b);
    case OPER_OR: return OP2(OR, a, b);
    case OPER_XOR: return OP2(XOR, a, b);
    case OPER_LSHIFT:
    case OPER_RSHIFT: return int_shift(l, oper, a, b);
    default: abort();
    }
}

/* ---- floats ---- */

static void check_float_divisor(Lower *l, IrNode *b, IrErr err)
{
    if (b->op == OP_CONST && b->imm.f != 0) return;
    jit_lower_check(l, OP2(NE, b, float_const(l, M_F64, 0)), err, NULL, NULL, NULL, NULL);
}

static IrNode *math2(Lower *l, IrMath fn, IrNode *a, IrNode *b)
{
    IrNode *r = jit_lower_op2(l, OP_MATH2, a, b);
    r->sub = (uint8_t)fn;
    return r;
}

static IrNode *is_finite(Lower *l, IrNode *x)
{
    return OP2(LT, jit_lower_op1(l, OP_ABS, M_VOID, x),
               float_const(l, (MType)x->mt, (double)INFINITY));
}

IrNode *jit_scalar_pow_float(Lower *l, IrNode *a, IrNode *b)
{
    if (b->op == OP_CONST && b->imm.f == 2.0) return OP2(MUL, a, a);
    if (b->op == OP_CONST && b->imm.f == 1.0) return a;
    return math2(l, MATH_POW, a, b);
}

/* Python's float ** float: 0 to a negative power, negative to a fraction, and overflow raise. */
static IrNode *float_pow(Lower *l, IrNode *a, IrNode *b)
{
    IrNode *zero = float_const(l, M_F64, 0), *not_zero = OP2(NE, a, zero);
    bool constant = b->op == OP_CONST, whole = constant && b->imm.f == floor(b->imm.f);
    if (!constant || b->imm.f < 0)
        jit_lower_check(l, OP2(OR, not_zero, OP2(GE, b, zero)), ERR_ZERO_POW, NULL, NULL, NULL,
                        NULL);
    if (!whole) {
        IrNode *integral = OP2(EQ, jit_lower_op1(l, OP_FLOOR, M_VOID, b), b);
        IrNode *ok = OP2(OR, OP2(GE, a, zero), OP2(OR, integral, OP2(NE, a, a)));
        ok = OP2(OR, ok, OP2(NE, b, b));
        ok = OP2(OR, ok, OP2(EQ, a, float_const(l, M_F64, -(double)INFINITY)));
        jit_lower_check(l, ok, ERR_COMPLEX_POW, NULL, NULL, NULL, NULL);
    }
    IrNode *r = jit_scalar_pow_float(l, a, b);
    IrNode *nan = OP2(NE, r, r), *ok = OP2(OR, is_finite(l, r), nan);
    IrNode *from_inf = jit_lower_op1(l, OP_NOT, M_I1, is_finite(l, a));
    ok = OP2(OR, ok, from_inf);
    if (!constant) ok = OP2(OR, ok, jit_lower_op1(l, OP_NOT, M_I1, is_finite(l, b)));
    jit_lower_check(l, ok, ERR_POW_RANGE, NULL, NULL, NULL, NULL);
    return r;
}

static IrNode *float_binary(Lower *l, IrOperator oper, IrNode *a, IrNode *b)
{
    switch (oper) {
    case OPER_ADD: return OP2(ADD, a, b);
    case OPER_SUB: return OP2(SUB, a, b);
    case OPER_MUL: return OP2(MUL, a, b);
    case OPER_TRUEDIV: check_float_divisor(l, b, ERR_ZERO_FLOATDIV); return OP2(DIV, a, b);
    case OPER_FLOORDIV: check_float_divisor(l, b, ERR_ZERO_FLOATFLOOR); return OP2(FFLOORDIV, a, b);
    case OPER_MOD: check_float_divisor(l, b, ERR_ZERO_FLOATMOD); return OP2(FMOD, a, b);
    case OPER_POW: return float_pow(l, a, b);
    default: abort();
    }
}

/* ---- complex ---- */

static Num complex_mul(Lower *l, Num a, Num b)
{
    return (Num){a.type, OP2(SUB, OP2(MUL, a.re, b.re), OP2(MUL, a.im, b.im)),
                 OP2(ADD, OP2(MUL, a.re, b.im), OP2(MUL, a.im, b.re))};
}

/* With |b.re| >= |b.im|: ratio = b.im / b.re, denominator = b.re + b.im * ratio; else mirrored. */
static Num complex_div(Lower *l, Num a, Num b)
{
    IrNode *zero = float_const(l, M_F64, 0);
    jit_lower_check(l, OP2(OR, OP2(NE, b.re, zero), OP2(NE, b.im, zero)), ERR_ZERO_COMPLEX, NULL,
                    NULL, NULL, NULL);
    IrNode *wide =
        OP2(GE, jit_lower_op1(l, OP_ABS, M_VOID, b.re), jit_lower_op1(l, OP_ABS, M_VOID, b.im));
    IrNode *big = jit_lower_select(l, wide, b.re, b.im),
           *small = jit_lower_select(l, wide, b.im, b.re);
    IrNode *ratio = OP2(DIV, small, big), *denom = OP2(ADD, big, OP2(MUL, small, ratio));
    IrNode *re1 = OP2(ADD, a.re, OP2(MUL, a.im, ratio)),
           *re2 = OP2(ADD, OP2(MUL, a.re, ratio), a.im);
    IrNode *im1 = OP2(SUB, a.im, OP2(MUL, a.re, ratio)),
           *im2 = OP2(SUB, OP2(MUL, a.im, ratio), a.re);
    return (Num){a.type, OP2(DIV, jit_lower_select(l, wide, re1, re2), denom),
                 OP2(DIV, jit_lower_select(l, wide, im1, im2), denom)};
}

/* A complex power: products for small integer exponents, else through polar form in the runtime. */
static Num complex_pow(Lower *l, Num a, Num b)
{
    if (b.re->op == OP_CONST && b.im->op == OP_CONST && b.im->imm.f == 0 && b.re->imm.f >= 1 &&
        b.re->imm.f <= 16 && b.re->imm.f == floor(b.re->imm.f)) {
        Num r = {a.type, NULL, NULL};
        for (int n = (int)b.re->imm.f; n; n >>= 1) {
            if (n & 1) r = r.re ? complex_mul(l, r, a) : a;
            if (n > 1) a = complex_mul(l, a, a);
        }
        return r;
    }
    IrNode *out = jit_ir_op0(l->f, l->cur, OP_STACK, M_VOID);
    out->imm.i = 2;
    IrNode *args[] = {a.re, a.im, b.re, b.im, out};
    IrNode *status = jit_lower_rt(l, RT_CPOW, 5, args);
    jit_lower_check(l, OP2(EQ, status, jit_lower_int(l, 0)), ERR_ZERO_POW, NULL, NULL, NULL, NULL);
    return (Num){a.type, jit_lower_load(l, M_F64, out, jit_lower_int(l, 0)),
                 jit_lower_load(l, M_F64, out, jit_lower_int(l, 8))};
}

static Num complex_binary(Lower *l, IrOperator oper, Num a, Num b)
{
    switch (oper) {
    case OPER_ADD: return (Num){a.type, OP2(ADD, a.re, b.re), OP2(ADD, a.im, b.im)};
    case OPER_SUB: return (Num){a.type, OP2(SUB, a.re, b.re), OP2(SUB, a.im, b.im)};
    case OPER_MUL: return complex_mul(l, a, b);
    case OPER_TRUEDIV: return complex_div(l, a, b);
    case OPER_POW: return complex_pow(l, a, b);
    default: abort();
    }
}

/* ---- entry points ---- */

Num jit_scalar_binary(Lower *l, IrOperator oper, Num a, Num b, const JitType *result)
{
    if (!jit_type_is_python_number(a.type) || !jit_type_is_python_number(b.type)) {
        Num args[] = {a, b};
        return jit_elem_scalar_op(l, jit_elem_of_operator(oper), args, 2, result);
    }
    const JitType *both = jit_type_promote(a.type, b.type);
    if (result->kind == TK_BOOL) return (Num){result, int_binary(l, oper, a.re, b.re), NULL};
    if (both->kind == TK_INT && result->kind == TK_FLOAT && oper == OPER_TRUEDIV)
        return (Num){result, int_truediv(l, jit_scalar_int(l, a), jit_scalar_int(l, b)), NULL};
    a = jit_scalar_cast(l, a, result);
    b = jit_scalar_cast(l, b, result);
    if (result->kind == TK_COMPLEX) return complex_binary(l, oper, a, b);
    IrNode *r = result->kind == TK_INT ? int_binary(l, oper, a.re, b.re)
                                       : float_binary(l, oper, a.re, b.re);
    return (Num){result, r, NULL};
}

Num jit_scalar_unary(Lower *l, IrOperator oper, Num a, const JitType *result)
{
    if (!jit_type_is_python_number(a.type))
        return jit_elem_scalar_op(l, jit_elem_of_operator(oper), &a, 1, result);
    a = jit_scalar_cast(l, a, result);
    switch (oper) {
    case OPER_POS: return a;
    case OPER_INVERT: a.re = jit_lower_op1(l, OP_NOT, M_VOID, a.re); return a;
    default: break;
    }
    if (result->kind == TK_INT) {
        a.re = jit_lower_op1(l, l->src->wrap_ints ? OP_NEG : OP_NEGC, M_I64, a.re);
        return a;
    }
    a.re = jit_lower_op1(l, OP_NEG, M_VOID, a.re);
    if (a.im) a.im = jit_lower_op1(l, OP_NEG, M_VOID, a.im);
    return a;
}

static const uint8_t compare_ops[] = {OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE};

/* int against float is exact in Python: converting the int first would round it. */
static IrNode *compare_int_float(Lower *l, IrOperator oper, IrNode *a, IrNode *b, bool swapped)
{
    static const uint8_t mirror[] = {OP_EQ, OP_NE, OP_GT, OP_GE, OP_LT, OP_LE};
    IrOp op = (IrOp)(swapped ? mirror : compare_ops)[oper - OPER_EQ];
    int64_t v;
    if (is_const(a, &v) && v <= (int64_t)1 << 53 && v >= -((int64_t)1 << 53))
        return jit_lower_op2(l, op, jit_lower_conv(l, a, M_F64), b);
    IrNode *args[] = {a, b}, *order = jit_lower_rt(l, RT_CMP_INT_FLOAT, 2, args);
    IrNode *nan = OP2(EQ, order, jit_lower_int(l, 2)), *zero = jit_lower_int(l, 0);
    IrNode *r = jit_lower_op2(l, op, order, zero);
    if (op == OP_NE) return r;
    return OP2(AND, r, jit_lower_op1(l, OP_NOT, M_I1, nan));
}

IrNode *jit_scalar_compare(Lower *l, IrOperator oper, Num a, Num b)
{
    bool python = jit_type_is_python_number(a.type) && jit_type_is_python_number(b.type);
    bool a_int = jit_type_is_integer(a.type), b_int = jit_type_is_integer(b.type);
    if (python && a_int && b.type->kind == TK_FLOAT)
        return compare_int_float(l, oper, jit_scalar_int(l, a), b.re, false);
    if (python && b_int && a.type->kind == TK_FLOAT)
        return compare_int_float(l, oper, jit_scalar_int(l, b), a.re, true);
    if (!python) {
        Num args[] = {a, b};
        return jit_elem_scalar_op(l, jit_elem_of_operator(oper), args, 2, jit_type_scalar(DT_BOOL))
            .re;
    }
    const JitType *both = a.type == b.type ? a.type : jit_type_promote(a.type, b.type);
    a = jit_scalar_cast(l, a, both);
    b = jit_scalar_cast(l, b, both);
    IrOp op = (IrOp)compare_ops[oper - OPER_EQ];
    IrNode *r = jit_lower_op2(l, op, a.re, b.re);
    if (!a.im) return r;
    return jit_lower_op2(l, oper == OPER_EQ ? OP_AND : OP_OR, r, jit_lower_op2(l, op, a.im, b.im));
}
