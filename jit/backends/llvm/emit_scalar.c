/* Scalar ops and conversions to LLVM IR: where C and LLVM leave an operation undefined (division
 * by zero, shifts by
 * the width, floats that no int holds) the code says what ops.def says. */
#include "jit/backends/llvm/emit.h"

#include <math.h>

/* ---- scalar ops ---- */

LLVMValueRef jit_llvm_fast(const Emit *e, const IrNode *x, LLVMValueRef v)
{
    if ((x->flags & NODE_FAST || e->f->fastmath) && LLVMCanValueUseFastMathFlags(v))
        LLVMSetFastMathFlags(v, LLVMFastMathAll);
    return v;
}

static LLVMValueRef nsw(const IrNode *x, LLVMValueRef v)
{
    if (x->flags & NODE_NSW && LLVMIsAInstruction(v)) LLVMSetNSW(v, 1);
    return v;
}

LLVMValueRef jit_llvm_is_zero(Emit *e, LLVMValueRef v)
{
    return LLVMBuildICmp(e->b, LLVMIntEQ, v, LLVMConstNull(LLVMTypeOf(v)), "");
}

LLVMValueRef jit_llvm_is_negative(Emit *e, LLVMValueRef v)
{
    return LLVMBuildICmp(e->b, LLVMIntSLT, v, LLVMConstNull(LLVMTypeOf(v)), "");
}

/* Floor division or modulo of integers; total: 0 for a divisor of 0, wrapping for min // -1. */
static LLVMValueRef floor_op(Emit *e, const IrNode *x, LLVMValueRef a, LLVMValueRef b, bool mod)
{
    LLVMTypeRef t = LLVMTypeOf(a);
    LLVMValueRef zero = LLVMConstNull(t), one = LLVMConstInt(t, 1, 0);
    bool sgn = jit_mtype_is_signed((MType)x->mt), safe = x->flags & NODE_NZ;
    if (!sgn || x->flags & NODE_POS) {
        LLVMValueRef bz = safe ? NULL : jit_llvm_is_zero(e, b),
                     d = safe ? b : LLVMBuildSelect(e->b, bz, one, b, "");
        LLVMValueRef r = mod ? LLVMBuildURem(e->b, a, d, "") : LLVMBuildUDiv(e->b, a, d, "");
        return safe ? r : LLVMBuildSelect(e->b, bz, zero, r, "");
    }
    LLVMValueRef minus = LLVMConstAllOnes(t), special = NULL, bz = NULL, d = b;
    if (!safe) {
        bz = jit_llvm_is_zero(e, b);
        special = LLVMBuildOr(e->b, bz, LLVMBuildICmp(e->b, LLVMIntEQ, b, minus, ""), "");
        d = LLVMBuildSelect(e->b, special, one, b, "");
    }
    LLVMValueRef q = LLVMBuildSDiv(e->b, a, d, "");
    LLVMValueRef r = LLVMBuildSRem(e->b, a, d, "");
    LLVMValueRef differ = jit_llvm_is_negative(e, LLVMBuildXor(e->b, r, d, ""));
    LLVMValueRef adjust =
        LLVMBuildAnd(e->b, LLVMBuildNot(e->b, jit_llvm_is_zero(e, r), ""), differ, "");
    LLVMValueRef out;
    if (mod) {
        out = LLVMBuildSelect(e->b, adjust, LLVMBuildAdd(e->b, r, d, ""), r, "");
        return safe ? out : LLVMBuildSelect(e->b, special, zero, out, "");
    }
    out = LLVMBuildSub(e->b, q, LLVMBuildZExt(e->b, adjust, t, ""), "");
    if (safe) return out;
    LLVMValueRef other = LLVMBuildSelect(e->b, bz, zero, LLVMBuildNeg(e->b, a, ""), "");
    return LLVMBuildSelect(e->b, special, other, out, "");
}

static LLVMValueRef shift(Emit *e, const IrNode *x, LLVMValueRef a, LLVMValueRef b, bool left)
{
    LLVMTypeRef t = LLVMTypeOf(a);
    unsigned width = LLVMGetIntTypeWidth(t);
    bool sgn = jit_mtype_is_signed((MType)x->mt);
    LLVMValueRef limit = LLVMConstInt(t, width, 0);
    LLVMValueRef small = LLVMBuildICmp(e->b, LLVMIntULT, b, limit, "");
    if (!left && sgn) {
        LLVMValueRef most = LLVMConstInt(t, width - 1, 0);
        return LLVMBuildAShr(e->b, a, LLVMBuildSelect(e->b, small, b, most, ""), "");
    }
    LLVMValueRef count = LLVMBuildSelect(e->b, small, b, LLVMConstNull(t), "");
    LLVMValueRef r = left ? LLVMBuildShl(e->b, a, count, "") : LLVMBuildLShr(e->b, a, count, "");
    return LLVMBuildSelect(e->b, small, r, LLVMConstNull(t), "");
}

LLVMValueRef jit_llvm_call_rt(Emit *e, IrRt rt, LLVMValueRef *args, unsigned n)
{
    LLVMTypeRef type;
    LLVMValueRef fn = jit_llvm_rt_function(e, rt, &type);
    return LLVMBuildCall2(e->b, type, fn, args, n, "");
}

static LLVMValueRef compare(Emit *e, const IrNode *x, LLVMValueRef a, LLVMValueRef b)
{
    static const LLVMIntPredicate sgn[] = {LLVMIntEQ,  LLVMIntNE,  LLVMIntSLT,
                                           LLVMIntSLE, LLVMIntSGT, LLVMIntSGE};
    static const LLVMIntPredicate uns[] = {LLVMIntEQ,  LLVMIntNE,  LLVMIntULT,
                                           LLVMIntULE, LLVMIntUGT, LLVMIntUGE};
    static const LLVMRealPredicate flt[] = {LLVMRealOEQ, LLVMRealUNE, LLVMRealOLT,
                                            LLVMRealOLE, LLVMRealOGT, LLVMRealOGE};
    MType m = (MType)x->args[0]->mt;
    unsigned k = x->op - OP_EQ;
    if (jit_mtype_is_float(m)) return jit_llvm_fast(e, x, LLVMBuildFCmp(e->b, flt[k], a, b, ""));
    return LLVMBuildICmp(e->b, jit_mtype_is_signed(m) ? sgn[k] : uns[k], a, b, "");
}

LLVMValueRef jit_llvm_scalar(Emit *e, const IrNode *x)
{
    LLVMValueRef a = V(e, x->args[0]), b = x->n > 1 ? V(e, x->args[1]) : NULL, args[2] = {a, b};
    MType m = (MType)x->args[0]->mt;
    bool flt = jit_mtype_is_float(m);
    switch (x->op) {
    case OP_ADD:
        return flt ? jit_llvm_fast(e, x, LLVMBuildFAdd(e->b, a, b, ""))
                   : nsw(x, LLVMBuildAdd(e->b, a, b, ""));
    case OP_SUB:
        return flt ? jit_llvm_fast(e, x, LLVMBuildFSub(e->b, a, b, ""))
                   : nsw(x, LLVMBuildSub(e->b, a, b, ""));
    case OP_MUL:
        return flt ? jit_llvm_fast(e, x, LLVMBuildFMul(e->b, a, b, ""))
                   : nsw(x, LLVMBuildMul(e->b, a, b, ""));
    case OP_DIV: return jit_llvm_fast(e, x, LLVMBuildFDiv(e->b, a, b, ""));
    case OP_FLOORDIV: return floor_op(e, x, a, b, false);
    case OP_MOD: return floor_op(e, x, a, b, true);
    case OP_FFLOORDIV:
        return jit_llvm_call_rt(e, m == M_F32 ? RT_FLOORDIVF : RT_FLOORDIVD, args, 2);
    case OP_FMOD: return jit_llvm_call_rt(e, m == M_F32 ? RT_MODF : RT_MODD, args, 2);
    case OP_AND: return LLVMBuildAnd(e->b, a, b, "");
    case OP_OR: return LLVMBuildOr(e->b, a, b, "");
    case OP_XOR: return LLVMBuildXor(e->b, a, b, "");
    case OP_SHL: return shift(e, x, a, b, true);
    case OP_SHR: return shift(e, x, a, b, false);
    case OP_IPOW: {
        LLVMTypeRef t = LLVMTypeOf(a);
        bool sgn = jit_mtype_is_signed(m);
        for (int i = 0; i < 2; i++)
            if (t != e->i64)
                args[i] = sgn ? LLVMBuildSExt(e->b, args[i], e->i64, "")
                              : LLVMBuildZExt(e->b, args[i], e->i64, "");
        LLVMValueRef r = jit_llvm_call_rt(e, RT_IPOW, args, 2);
        return t == e->i64 ? r : LLVMBuildTrunc(e->b, r, t, "");
    }
    case OP_COPYSIGN: return jit_llvm_intrinsic(e, "llvm.copysign", LLVMTypeOf(a), args, 2);
    case OP_NEG: return flt ? LLVMBuildFNeg(e->b, a, "") : nsw(x, LLVMBuildNeg(e->b, a, ""));
    case OP_ABS:
        if (flt) return jit_llvm_intrinsic1(e, "llvm.fabs", a);
        if (!jit_mtype_is_signed(m)) return a;
        args[1] = LLVMConstInt(e->i1, 0, 0);
        return jit_llvm_intrinsic(e, "llvm.abs", LLVMTypeOf(a), args, 2);
    case OP_NOT: return LLVMBuildNot(e->b, a, "");
    case OP_SQRT: return jit_llvm_fast(e, x, jit_llvm_intrinsic1(e, "llvm.sqrt", a));
    case OP_FLOOR: return jit_llvm_intrinsic1(e, "llvm.floor", a);
    case OP_CEIL: return jit_llvm_intrinsic1(e, "llvm.ceil", a);
    case OP_TRUNC: return jit_llvm_intrinsic1(e, "llvm.trunc", a);
    case OP_RINT: return jit_llvm_intrinsic1(e, "llvm.rint", a);
    default: return compare(e, x, a, b);
    }
}

LLVMValueRef jit_llvm_checked(Emit *e, const IrNode *x)
{
    LLVMValueRef a = V(e, x->args[0]), b = x->n > 1 ? V(e, x->args[1]) : NULL, zero = i64c(e, 0);
    LLVMValueRef args[2] = {a, b}, ok, r;
    const char *name = NULL;
    switch (x->op) {
    case OP_ADDC: name = "llvm.sadd.with.overflow"; break;
    case OP_SUBC: name = "llvm.ssub.with.overflow"; break;
    case OP_MULC: name = "llvm.smul.with.overflow"; break;
    case OP_NEGC:
        name = "llvm.ssub.with.overflow";
        args[0] = zero;
        args[1] = a;
        break;
    default: break;
    }
    if (name) {
        LLVMValueRef both = jit_llvm_intrinsic(e, name, e->i64, args, 2);
        r = LLVMBuildExtractValue(e->b, both, 0, "");
        ok = LLVMBuildNot(e->b, LLVMBuildExtractValue(e->b, both, 1, ""), "");
    } else if (x->op == OP_ABSC) {
        args[1] = LLVMConstInt(e->i1, 0, 0);
        r = jit_llvm_intrinsic(e, "llvm.abs", e->i64, args, 2);
        ok = LLVMBuildICmp(e->b, LLVMIntSGE, r, zero, "");
    } else if (x->op == OP_SHLC) {
        LLVMValueRef small = LLVMBuildICmp(e->b, LLVMIntULT, b, i64c(e, 64), "");
        LLVMValueRef count = LLVMBuildSelect(e->b, small, b, zero, "");
        LLVMValueRef out = LLVMBuildShl(e->b, a, count, "");
        LLVMValueRef back = LLVMBuildAShr(e->b, out, count, "");
        LLVMValueRef same = LLVMBuildICmp(e->b, LLVMIntEQ, back, a, "");
        ok = LLVMBuildSelect(e->b, small, same, jit_llvm_is_zero(e, a), "");
        r = LLVMBuildSelect(e->b, small, out, zero, "");
    } else { /* POWC */
        LLVMTypeRef params[] = {e->i64, e->i64, e->ptr};
        LLVMTypeRef type = LLVMFunctionType(e->i32, params, 3, 0);
        LLVMBasicBlockRef here = LLVMGetInsertBlock(e->b);
        LLVMPositionBuilderBefore(e->b, LLVMGetFirstInstruction(e->entry));
        LLVMValueRef out = LLVMBuildAlloca(e->b, e->i64, "");
        LLVMPositionBuilderAtEnd(e->b, here);
        LLVMValueRef all[] = {a, b, out};
        LLVMValueRef bad = LLVMBuildCall2(
            e->b, type, jit_llvm_declare(e, "jit_rt_pow_overflow", type), all, 3, "");
        ok = jit_llvm_is_zero(e, bad);
        r = LLVMBuildLoad2(e->b, e->i64, out, "");
    }
    jit_llvm_raise_unless(e, x, ok, (IrErr)jit_ir_ops[x->op].message, NULL, 0);
    return r;
}

/* ---- conversions ---- */

LLVMValueRef jit_llvm_int_to_int(Emit *e, MType from, LLVMTypeRef to, LLVMValueRef v)
{
    unsigned a = LLVMGetIntTypeWidth(LLVMTypeOf(v)), b = LLVMGetIntTypeWidth(to);
    if (a > b) return LLVMBuildTrunc(e->b, v, to, "");
    if (a == b) return v;
    return jit_mtype_is_signed(from) ? LLVMBuildSExt(e->b, v, to, "")
                                     : LLVMBuildZExt(e->b, v, to, "");
}

static LLVMValueRef float_const(LLVMValueRef like, double v)
{
    return LLVMConstReal(LLVMTypeOf(like), v);
}

/* As eval.c's float_to_int: truncated to int64 (uint64 keeps its upper half), min out of range. */
static LLVMValueRef float_to_int(Emit *e, MType to, LLVMValueRef v)
{
    const double two63 = 9223372036854775808.0;
    LLVMValueRef low = LLVMBuildFCmp(e->b, LLVMRealOGE, v, float_const(v, -two63), "");
    LLVMValueRef below = LLVMBuildFCmp(e->b, LLVMRealOLT, v, float_const(v, two63), "");
    LLVMValueRef fits = LLVMBuildAnd(e->b, low, below, ""), zero = float_const(v, 0);
    LLVMValueRef safe = LLVMBuildSelect(e->b, fits, v, zero, "");
    LLVMValueRef r = LLVMBuildFPToSI(e->b, safe, e->i64, "");
    r = LLVMBuildSelect(e->b, fits, r, i64c(e, INT64_MIN), "");
    if (to == M_U64) {
        LLVMValueRef high =
            LLVMBuildAnd(e->b, LLVMBuildFCmp(e->b, LLVMRealOGE, v, float_const(v, two63), ""),
                         LLVMBuildFCmp(e->b, LLVMRealOLT, v, float_const(v, 2 * two63), ""), "");
        LLVMValueRef big =
            LLVMBuildFPToUI(e->b, LLVMBuildSelect(e->b, high, v, zero, ""), e->i64, "");
        r = LLVMBuildSelect(e->b, high, big, r, "");
    }
    return jit_llvm_int_to_int(e, M_I64, mtype(e, to), r);
}

LLVMValueRef jit_llvm_convert(Emit *e, const IrNode *x)
{
    LLVMValueRef v = V(e, x->args[0]);
    MType from = (MType)x->args[0]->mt, to = (MType)x->mt;
    LLVMTypeRef t = mtype(e, to);
    bool ff = jit_mtype_is_float(from), tf = jit_mtype_is_float(to);
    if (from == to) return v;
    if (ff && tf)
        return to == M_F32 ? LLVMBuildFPTrunc(e->b, v, t, "") : LLVMBuildFPExt(e->b, v, t, "");
    if (ff && to == M_I1) return LLVMBuildFCmp(e->b, LLVMRealUNE, v, float_const(v, 0), "");
    if (ff) return float_to_int(e, to, v);
    if (tf)
        return jit_mtype_is_signed(from) ? LLVMBuildSIToFP(e->b, v, t, "")
                                         : LLVMBuildUIToFP(e->b, v, t, "");
    if (to == M_I1) return LLVMBuildNot(e->b, jit_llvm_is_zero(e, v), "");
    return jit_llvm_int_to_int(e, from, t, v);
}

/* float -> Python int; which of the three errors is chosen in the cold block. */
LLVMValueRef jit_llvm_to_int(Emit *e, const IrNode *x)
{
    const double two63 = 9223372036854775808.0;
    LLVMValueRef v = V(e, x->args[0]);
    LLVMValueRef ok =
        LLVMBuildAnd(e->b, LLVMBuildFCmp(e->b, LLVMRealOGE, v, float_const(v, -two63), ""),
                     LLVMBuildFCmp(e->b, LLVMRealOLT, v, float_const(v, two63), ""), "");
    LLVMBasicBlockRef good = jit_llvm_branch_unless(e, ok);
    LLVMValueRef nan = jit_llvm_site_address(e, jit_llvm_add_site(e, x, ERR_INT_NAN, NULL));
    LLVMValueRef inf = jit_llvm_site_address(e, jit_llvm_add_site(e, x, ERR_INT_INF, NULL));
    LLVMValueRef big = jit_llvm_site_address(e, jit_llvm_add_site(e, x, ERR_INT_RANGE, NULL));
    LLVMValueRef size = jit_llvm_intrinsic1(e, "llvm.fabs", v);
    LLVMValueRef is_inf =
        LLVMBuildFCmp(e->b, LLVMRealOEQ, size, float_const(v, (double)INFINITY), "");
    LLVMValueRef is_nan = LLVMBuildFCmp(e->b, LLVMRealUNO, v, v, "");
    LLVMValueRef site = LLVMBuildSelect(e->b, is_inf, inf, big, "");
    jit_llvm_store_error(e, x, LLVMBuildSelect(e->b, is_nan, nan, site, ""), NULL, 0);
    LLVMPositionBuilderAtEnd(e->b, good);
    return LLVMBuildFPToSI(e->b, v, e->i64, "");
}

LLVMValueRef jit_llvm_narrow(Emit *e, const IrNode *x)
{
    LLVMValueRef v = V(e, x->args[0]);
    LLVMTypeRef t = mtype(e, (MType)x->mt);
    LLVMValueRef r = jit_llvm_int_to_int(e, M_I64, t, v);
    LLVMValueRef ok = x->mt == M_U64
                          ? LLVMBuildNot(e->b, jit_llvm_is_negative(e, v), "")
                          : LLVMBuildICmp(e->b, LLVMIntEQ,
                                          jit_llvm_int_to_int(e, (MType)x->mt, e->i64, r), v, "");
    jit_llvm_raise_unless(e, x, ok, ERR_NARROW, &v, 1);
    return r;
}
