/* Containers that a parallel loop's iterations would change together: a list from outside that is appended to, a dict that is
 * stored into, a generator that goes on. They are no arrays: a place in one moves when another grows, and their order is the
 * order of the changes. Such a loop runs serially, which is what the same loop over range() does.
 *
 * A list's items may be replaced from any iteration: that moves nothing. */
#include "jit/passes/outline.h"

#include <string.h>

enum { DEPTH = 8 };

static bool is_shared_kind(const JitType *t)
{
    return t && (jit_type_is_container(t) || t->kind == TK_GEN);
}

/* Does an iteration not make the value itself? */
static bool from_outside(const Region *r, const IrNode *x, int depth)
{
    if (!jit_region_has(r, x->block) || depth == 0) return true;
    if (x->op == OP_PY_GETITEM || x->op == OP_PY_GETATTR || x->op == OP_PY_ITEM || x->op == OP_U_CONVERT)
        return from_outside(r, x->args[0], depth - 1);
    if (x->op != OP_PARAM) return false;
    for (uint32_t i = 0; i < x->block->nparam; i++)
        for (uint32_t p = 0; x->block->params[i] == x && p < x->block->npred; p++)
            if (x->block->pred_edges[p]->args[i] != x && from_outside(r, x->block->pred_edges[p]->args[i], depth - 1))
                return true;
    return false;
}

/* The container that x itself changes, or NULL. */
static const IrNode *changed_by(const IrNode *x)
{
    BoundCall c;
    if (x->op == OP_PY_SETITEM) return x->args[0]->type && x->args[0]->type->kind == TK_DICT ? x->args[0] : NULL;
    if (x->op != OP_PY_CALL || !jit_functions_bind(x, &c) || c.fn->rule != RULE_container) return NULL;
    switch ((ContainerOp)c.fn->aux) {
    case CONT_LIST_APPEND:
    case CONT_LIST_INSERT:
    case CONT_LIST_POP:
    case CONT_LIST_CLEAR:
    case CONT_LIST_CUT:
    case CONT_LIST_SWAP:
    case CONT_LIST_RESERVE:
    case CONT_DICT_DELETE:
    case CONT_DICT_CLEAR:
    case CONT_SET_ADD:
    case CONT_SET_DELETE:
    case CONT_SET_MERGE:
    case CONT_SET_CLEAR:
    case CONT_NEXT: return c.arg[0];
    default: return NULL;
    }
}

static bool function_changes(const IrFunc *f, int depth)
{
    if (!f || depth == 0) return true;
    FOR_BLOCKS(b, f)
    FOR_NODES(x, b)
    {
        if (changed_by(x)) return true;
        for (uint32_t i = 0; x->op == OP_U_CALL && i < x->n; i++)
            if (is_shared_kind(x->args[i]->type)) {
                if (function_changes(jit_ir_find_func(f->module, x->text), depth - 1)) return true;
                break;
            }
    }
    return false;
}

static bool changes(const Region *r, const IrNode *x)
{
    const IrNode *container = changed_by(x);
    if (container) return from_outside(r, container, DEPTH);
    for (uint32_t i = 0; x->op == OP_U_CALL && i < x->n; i++)
        if (is_shared_kind(x->args[i]->type) && from_outside(r, x->args[i], DEPTH) &&
            function_changes(jit_ir_find_func(r->f->module, x->text), DEPTH))
            return true;
    return false;
}

bool jit_outline_grows(const Region *r)
{
    FOR_BLOCKS(b, r->f)
    {
        if (!jit_region_has(r, b)) continue;
        FOR_NODES(x, b)
        if (changes(r, x)) return true;
    }
    return false;
}
