/* Array expressions of parallel kernels, spread over threads.
 *
 *     c = a * b + 1        f.exp1(begin, end, start, step, block, c.data, lengths, steps, a.data, steps, ...)
 *                          parfor(f.exp1) over the first axis
 *
 * Lowering comes here for every loop that stores an elementwise expression: fused expressions, fills, copies, ranges. The
 * loop over the rows begin to end of the first axis becomes a function at the machine level. What it uses from around is
 * passed by value; operands that broadcast have steps of 0. An element's value does not depend on the blocks, so that
 * their number may depend on the size alone: small arrays are one block, which costs a call. Raising inside leaves by the
 * parallel call. */
#include "jit/passes/lower_elem.h"

#include <stdio.h>
#include <string.h>

enum { MAX_IMPORTS = 200, PAR_FIRST = 5 /* begin, end, start, step, block */ };

typedef struct Outer {
    Lower *from, *to;
    IrNode *value[MAX_IMPORTS], *param[MAX_IMPORTS];
    uint32_t n;
    bool full;
} Outer;

/* The value of x inside the function. */
static IrNode *import(Outer *o, IrNode *x)
{
    if (!x) return NULL;
    Lower *l = o->to;
    if (x->op == OP_CONST) {
        IrNode *c = jit_ir_op0(l->f, l->entry, OP_CONST, (MType)x->mt);
        c->imm = x->imm;
        return c;
    }
    for (uint32_t i = 0; i < o->n; i++)
        if (o->value[i] == x) return o->param[i];
    if (o->n == MAX_IMPORTS) {
        o->full = true;
        return x;
    }
    IrNode *p = jit_ir_param_new(l->f, l->entry, (MType)x->mt, NULL);
    p->flags |= x->flags & NODE_NONNEG;
    o->value[o->n] = x;
    o->param[o->n] = p;
    return o->param[o->n++];
}

/* ---- operands ---- */

/* Steps of an operand along the target's axes, 0 where it broadcasts; computed outside. */
static void steps_of(Lower *l, const Arr *a, const Arr *target, IrNode **steps)
{
    unsigned rank = target->type->rank, own = a->type->rank;
    for (unsigned d = 0; d < rank; d++) {
        if (d + own < rank) {
            steps[d] = jit_lower_int(l, 0);
            continue;
        }
        unsigned axis = d + own - rank;
        steps[d] = a->stride[axis];
        if (a->shape[axis] == target->shape[d]) continue;
        IrNode *same = jit_lower_op2(l, OP_EQ, a->shape[axis], target->shape[d]);
        steps[d] = jit_lower_select(l, same, steps[d], jit_lower_int(l, 0));
    }
}

/* Rows begin to end of an array with these steps, inside the function. */
static Arr rows(Outer *o, const Arr *a, IrNode *const *steps, IrNode *const *shape, unsigned rank)
{
    Lower *l = o->to;
    Arr r = {.type = jit_type_array((JitDtype)a->type->dtype, rank, 'A', false)};
    IrNode *data = import(o, a->data);
    for (unsigned d = 0; d < rank; d++) {
        r.stride[d] = import(o, steps[d]);
        r.shape[d] = shape[d];
    }
    r.own = jit_ir_op0(l->f, l->entry, OP_OWNNONE, M_OWN);
    IrNode *skip = jit_lower_nsw(l, OP_MUL, l->entry->params[0], r.stride[0]);
    r.data = jit_lower_op2(l, OP_PTRADD, data, skip);
    return r;
}

static ElemExpr *inside(Outer *o, const ElemExpr *e, const Arr *target, IrNode *const *shape)
{
    ElemExpr *copy = jit_ir_alloc(o->to->m, sizeof *copy);
    *copy = *e;
    if (e->kind == LEAF_NUM) {
        copy->num.re = import(o, e->num.re);
        copy->num.im = import(o, e->num.im);
    } else if (e->kind == LEAF_ARRAY) {
        IrNode *steps[TYPE_MAX_RANK];
        steps_of(o->from, &e->array, target, steps);
        copy->array = rows(o, &e->array, steps, shape, target->type->rank);
    }
    for (uint32_t i = 0; i < e->n; i++) copy->args[i] = inside(o, e->args[i], target, shape);
    return copy;
}

/* ---- the function and its call ---- */

static IrFunc *new_function(Lower *l)
{
    char name[300];
    snprintf(name, sizeof name, "%s.exp%u", l->src->name, ++l->loops);
    IrFunc *f = jit_ir_func_new(l->m, name);
    f->lowered = true;
    f->fastmath = l->src->fastmath;
    f->boundscheck = l->src->boundscheck;
    f->wrap_ints = l->src->wrap_ints;
    f->base = l->src->name;
    f->body_of = l->f;
    f->reduce = f->reduce_arrays = "";
    return f;
}

static void call(Lower *l, const IrFunc *f, const Outer *o, const Arr *target)
{
    IrNode *slots = jit_ir_op0(l->f, l->cur, OP_STACK, M_VOID), *zero = jit_lower_int(l, 0);
    slots->imm.i = PAR_FIRST + o->n;
    IrNode *sizes[] = {target->shape[0], jit_array_size(l, target)};
    IrNode *first[PAR_FIRST] = {jit_lower_rt(l, RT_PARROWS, 2, sizes), zero, zero,
                                jit_lower_int(l, 1), zero};
    for (uint32_t i = 0; i < PAR_FIRST + o->n; i++) {
        IrNode *v = i < PAR_FIRST ? first[i] : o->value[i - PAR_FIRST];
        if (jit_mtype_is_int((MType)v->mt) || v->mt == M_I1) v = jit_lower_conv(l, v, M_I64);
        jit_lower_store(l, slots, jit_lower_int(l, 8 * (int64_t)i), v);
    }
    IrNode *par = jit_ir_node_new(l->f, OP_PARFOR, M_VOID, 5);
    IrNode *args[] = {target->shape[0], slots, jit_lower_int(l, slots->imm.i),
                      jit_ir_int(l->f, l->cur, M_PTR, 0), zero};
    memcpy(par->args, args, sizeof args);
    par->text = f->name;
    par->pos = l->user->pos;
    jit_ir_append(l->cur, par);
    jit_lower_raising(l, par);
}

bool jit_parloop_store(Lower *l, ElemExpr *e, const Arr *target)
{
    unsigned rank = target->type->rank;
    if (!l->src->parallel || l->src->watch || !l->user || rank == 0) return false;
    IrNode user = *l->user;
    user.exit = NULL;
    IrFunc *f = new_function(l), src = *l->src;
    src.body_of = l->f;
    Lower to = {.m = l->m, .src = &src, .f = f, .user = &user};
    to.entry = jit_ir_block_new(f);
    to.cur = jit_ir_block_new(f);
    IrBlock *first = to.cur;
    for (int i = 0; i < PAR_FIRST; i++) jit_ir_param_new(f, to.entry, M_I64, NULL);
    Outer o = {.from = l, .to = &to};
    IrNode *shape[TYPE_MAX_RANK], *steps[TYPE_MAX_RANK];
    shape[0] = jit_lower_nsw(&to, OP_SUB, to.entry->params[1], to.entry->params[0]);
    for (unsigned d = 1; d < rank; d++) shape[d] = import(&o, target->shape[d]);
    for (unsigned d = 0; d < rank; d++) steps[d] = target->stride[d];
    Arr out = rows(&o, target, steps, shape, rank);
    ElemExpr *copy = inside(&o, e, target, shape);
    jit_elem_expr_run(&to, copy, &out);
    jit_ir_op0(f, to.cur, OP_RET, M_VOID);
    jit_ir_jump(f, to.entry, first, 0, NULL);
    jit_cfg_analyze(f);
    if (o.full) {
        jit_ir_func_remove(l->m, f);
        return false;
    }
    call(l, f, &o, target);
    jit_ir_note(l->m, l->src->name, 0, 'a', l->user->pos, "array expression runs in parallel");
    return true;
}
