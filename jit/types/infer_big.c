/* infer_big.c: int constants of 64 bits that int64 cannot hold (0xcbf29ce484222325).
 *
 * Such a constant is a type of its own without parts (TK_BIG), until it meets something that says what it is: a uint64,
 * which takes it by NEP 50, or a float. With Python's ints it can be compared, and it can be their mask: `x & 0xff..ff`
 * fits unless x is negative, which raises. Everything else would leave int64 and is refused. */
#include "jit/types/infer.h"

#include <stdlib.h>
#include <string.h>

#define T(kind) jit_type_simple(TK_##kind)

uint64_t jit_infer_big_value(const JitType *t) { return strtoull(t->name, NULL, 10); }

/* What the constant is beside a value of this type; NULL: nothing that fits. */
static const JitType *beside(const JitType *other)
{
    const JitType *e = jit_elem_scalar(jit_infer_unwrap(other));
    if (e->kind == TK_SCALAR && e->dtype == DT_U64) return e;
    return jit_type_is_float(e) || jit_type_is_complex(e) ? T(FLOAT) : NULL;
}

static const JitType *as_argument(const IrNode *call)
{
    const JitType *callee = call->args[0]->type;
    if (callee->kind != TK_FUNC) return NULL;
    if (!strcmp(callee->name, "float") || !strcmp(callee->name, "complex")) return T(FLOAT);
    const FnInfo *fn = jit_functions_find(callee->name);
    if (!fn) return NULL;
    if (fn->rule == RULE_scalar) return beside(jit_type_scalar((JitDtype)fn->aux));
    return !strncmp(fn->name, "numpy.", 6) ? jit_type_scalar(DT_U64) : NULL;
}

const JitType *jit_infer_big_as(const IrNode *x, uint32_t i)
{
    switch (x->op) {
    case OP_PY_BINARY:
    case OP_PY_INPLACE:
    case OP_PY_COMPARE: return beside(x->args[1 - i]->type);
    case OP_PY_SETITEM: return i == 2 ? beside(x->args[0]->type) : NULL;
    case OP_PY_CALL: return i ? as_argument(x) : NULL;
    default: return NULL;
    }
}

/* Types a node that has such constants among its arguments; false: the ordinary rule will do. */
bool jit_infer_big(Infer *in, IrNode *x, const JitType **result)
{
    const JitType *kept[3] = {NULL};
    bool any = false;
    for (uint32_t i = 0; i < x->n && i < 3; i++) {
        kept[i] = x->args[i]->type;
        any |= kept[i]->kind == TK_BIG;
    }
    bool operation = x->op == OP_PY_BINARY || x->op == OP_PY_INPLACE || x->op == OP_PY_COMPARE;
    if (!any || (!operation && x->op != OP_PY_SETITEM && x->op != OP_PY_CALL)) return false;
    if (operation && (jit_type_is_integer(kept[0]) || jit_type_is_integer(kept[1]))) {
        *result = x->op == OP_PY_COMPARE ? T(BOOL) : T(INT);
        bool python = jit_type_is_python_number(kept[0]) || jit_type_is_python_number(kept[1]);
        if (python && (x->op == OP_PY_COMPARE || x->sub == OPER_AND)) return true;
    }
    for (uint32_t i = 0; i < x->n && i < 3; i++) {
        const JitType *as = kept[i]->kind == TK_BIG ? jit_infer_big_as(x, i) : NULL;
        if (as) x->args[i]->type = as;
        if (as || kept[i]->kind != TK_BIG || (x->op == OP_PY_CALL && jit_infer_kernel_name(kept[0]))) continue;
        *result = jit_infer_refuse(in, REFUSE_BIG_INT, x, kept[i]->name);
        for (uint32_t k = 0; k < i; k++) x->args[k]->type = kept[k];
        return true;
    }
    *result = jit_infer_plain(in, x);
    for (uint32_t i = 0; i < x->n && i < 3; i++) x->args[i]->type = kept[i];
    return true;
}

void jit_infer_big_finish(IrFunc *f, IrNode *x)
{
    for (uint32_t i = 0; i < x->n && i < 3; i++) {
        const JitType *t = x->args[i]->type;
        const JitType *as = t && t->kind == TK_BIG ? jit_infer_big_as(x, i) : NULL;
        if (as) x->args[i] = jit_infer_converted(f, x, x->args[i], as);
    }
}
