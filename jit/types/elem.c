/* Types of elementwise operations: NumPy's rules with NEP 50's weak Python numbers. */
#include "jit/types/functions.h"

#include <string.h>

const ElemInfo jit_elem_infos[ELEM_COUNT] = {
#define ELEM(code, nargs, cls, aux) [ELEM_##code] = {#code, nargs, CLASS_##cls, aux},
#include "jit/types/elem.def"
#undef ELEM
};

const JitType *jit_elem_scalar(const JitType *t)
{
    return t->kind == TK_ARRAY ? jit_type_scalar((JitDtype)t->dtype) : t;
}

/* The NumPy type of a number: Python's become their default dtypes. */
static const JitType *typed(const JitType *t) { return jit_type_scalar(jit_type_dtype(t)); }

static const JitType *promoted(const JitType *const *args, uint32_t n)
{
    const JitType *t = args[0];
    for (uint32_t i = 1; i < n; i++)
        t = t->kind == TK_BOOL && args[i]->kind == TK_BOOL ? t : jit_type_promote(t, args[i]);
    return typed(t);
}

static const JitType *as_float(const JitType *t)
{
    JitDtype d = (JitDtype)t->dtype;
    if (!jit_type_is_integer(t)) return t;
    return jit_type_scalar(jit_dtype_size(d) == 2 ? DT_F32 : DT_F64);
}

static const JitType *bool_as_int8(const JitType *t)
{
    return t->dtype == DT_BOOL ? jit_type_scalar(DT_I8) : t;
}

static const JitType *real_part(const JitType *t)
{
    return t->dtype == DT_C64    ? jit_type_scalar(DT_F32)
           : t->dtype == DT_C128 ? jit_type_scalar(DT_F64)
                                 : t;
}

static bool complex_float_ok(ElemOp op)
{
    return op == ELEM_SQRT || (op >= ELEM_SIN && op <= ELEM_LOG1P);
}

const JitType *jit_elem_operand(ElemOp op, const JitType *const *args, uint32_t n)
{
    const JitType *t;
    switch ((ElemClass)jit_elem_infos[op].cls) {
    case CLASS_LOGICAL: return jit_type_scalar(DT_BOOL);
    case CLASS_COMPARE: return promoted(args, n);
    case CLASS_SELECT: return promoted(args + 1, n - 1);
    case CLASS_TRUEDIV:
        t = promoted(args, n);
        return jit_type_is_integer(t) ? jit_type_scalar(DT_F64) : t;
    case CLASS_FLOAT: return as_float(promoted(args, n));
    case CLASS_INTDIV:
    case CLASS_POWER:
    case CLASS_SHIFT: return bool_as_int8(promoted(args, n));
    default: return promoted(args, n);
    }
}

const JitType *jit_elem_type(ElemOp op, const JitType *const *args, uint32_t n)
{
    const JitType *t = jit_elem_operand(op, args, n);
    bool complex = jit_type_is_complex(t), integer = jit_type_is_integer(t);
    bool boolean = t->dtype == DT_BOOL;
    switch ((ElemClass)jit_elem_infos[op].cls) {
    case CLASS_ARITH:
        if (boolean && op == ELEM_SUB) return NULL;
        return complex && (op >= ELEM_MAXIMUM && op <= ELEM_FMIN) ? NULL : t;
    case CLASS_INTDIV: return complex ? NULL : t;
    case CLASS_BITS:
    case CLASS_SHIFT: return integer ? t : NULL;
    case CLASS_COMPARE:
        return complex && op != ELEM_EQ && op != ELEM_NE ? NULL : jit_type_scalar(DT_BOOL);
    case CLASS_LOGICAL:
    case CLASS_PREDICATE: return jit_type_scalar(DT_BOOL);
    case CLASS_FLOAT: return complex && !complex_float_ok(op) ? NULL : t;
    case CLASS_SAME: return boolean && op == ELEM_NEG ? NULL : t;
    case CLASS_MAGNITUDE:
    case CLASS_PART: return real_part(t);
    default: return t;
    }
}

const JitType *jit_elem_shape(const JitType *result, const JitType *const *args, uint32_t n)
{
    unsigned rank = 0;
    bool any = false, all_f = true;
    for (uint32_t i = 0; i < n; i++)
        if (args[i]->kind == TK_ARRAY) {
            any = true;
            rank = args[i]->rank > rank ? args[i]->rank : rank;
            all_f = all_f && args[i]->layout == 'F';
        }
    if (!any || rank == 0) return result; /* of 0-d arrays too, as in NumPy */
    return jit_type_array(jit_type_dtype(result), rank, all_f && rank > 1 ? 'F' : 'C', false);
}

ElemOp jit_elem_of_operator(IrOperator oper)
{
    static const uint8_t map[OPER_COUNT] = {
        [OPER_ADD] = ELEM_ADD,
        [OPER_SUB] = ELEM_SUB,
        [OPER_MUL] = ELEM_MUL,
        [OPER_TRUEDIV] = ELEM_TRUEDIV,
        [OPER_FLOORDIV] = ELEM_FLOORDIV,
        [OPER_MOD] = ELEM_MOD,
        [OPER_POW] = ELEM_POW,
        [OPER_AND] = ELEM_AND,
        [OPER_OR] = ELEM_OR,
        [OPER_XOR] = ELEM_XOR,
        [OPER_LSHIFT] = ELEM_LSHIFT,
        [OPER_RSHIFT] = ELEM_RSHIFT,
        [OPER_NEG] = ELEM_NEG,
        [OPER_POS] = ELEM_POS,
        [OPER_INVERT] = ELEM_INVERT,
        [OPER_NOT] = ELEM_LOGICAL_NOT,
        [OPER_EQ] = ELEM_EQ,
        [OPER_NE] = ELEM_NE,
        [OPER_LT] = ELEM_LT,
        [OPER_LE] = ELEM_LE,
        [OPER_GT] = ELEM_GT,
        [OPER_GE] = ELEM_GE,
        [OPER_MATMUL] = ELEM_COUNT,
    };
    return (ElemOp)map[oper];
}

bool jit_elem_match(const IrNode *x, ElemOp *op, IrNode **args, uint32_t *n)
{
    if (!x->type || x->type->kind != TK_ARRAY) return false;
    switch (x->op) {
    case OP_PY_BINARY:
    case OP_PY_UNARY:
    case OP_PY_COMPARE:
        *op = jit_elem_of_operator((IrOperator)x->sub);
        if (*op == ELEM_COUNT) return false;
        *n = x->n;
        memcpy(args, x->args, x->n * sizeof *args);
        return true;
    case OP_PY_CALL: {
        BoundCall call;
        if (!jit_functions_bind(x, &call)) return false;
        if (call.fn->rule == RULE_astype) {
            *op = ELEM_CAST;
            *n = 1;
            args[0] = call.arg[0];
            return true;
        }
        if (call.fn->rule != RULE_elem && call.fn->rule != RULE_abs) return false;
        *op = call.fn->rule == RULE_abs ? ELEM_ABS : (ElemOp)call.fn->aux;
        *n = jit_elem_infos[*op].nargs;
        memcpy(args, call.arg, *n * sizeof *args);
        return true;
    }
    default: return false;
    }
}
