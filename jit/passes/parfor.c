/* Lowering of the parallel call: its blocks, what they return, and the private copies of arrays.
 *
 *     slots     blocks, number of stacks, start, step, 0, captured values ..., stacks of copies ...
 *     results   for each block one slot a part of each variable that is gathered
 *
 * The runner overwrites the first two slots and the fifth in each thread's copy (kernel_abi.h). A loop that gathers into
 * arrays has as many blocks as there are copies, so many that filling and combining them costs a part of the loop itself
 * (jit_rt_parfor_copies); with a single one the body works on the array itself. */
#include "jit/passes/outline.h"
#include "jit/run/check.h"
#include "jit/run/progress.h"
#include "jit/run/randoms.h"

#include <string.h>

#define OP2(op, a, b) jit_lower_op2(l, OP_##op, a, b)

static Num combine(Lower *l, char kind, Num a, Num b)
{
    bool python = jit_type_is_python_number(a.type);
    static const struct {
        char kind;
        uint8_t oper;
    } opers[] = {
        {'+', OPER_ADD}, {'*', OPER_MUL}, {'&', OPER_AND}, {'|', OPER_OR}, {'^', OPER_XOR}};
    for (size_t i = 0; i < sizeof opers / sizeof *opers; i++)
        if (opers[i].kind == kind)
            return jit_scalar_binary(l, (IrOperator)opers[i].oper, a, b, a.type);
    if (kind == '=') return b;
    if (python) {
        IrNode *c = jit_scalar_compare(l, kind == '<' ? OPER_LT : OPER_GT, b, a);
        return (Num){a.type, jit_lower_select(l, c, b.re, a.re), NULL};
    }
    Num args[] = {a, b};
    return jit_elem_scalar_op(l, kind == '<' ? ELEM_MINIMUM : ELEM_MAXIMUM, args, 2, a.type);
}

/* Parts of a value read from 8-byte slots. */
static void load_slots(Lower *l, const JitType *t, IrNode *base, IrNode *offset, uint32_t at,
                       IrNode **out)
{
    uint8_t types[2];
    jit_type_parts(t, types);
    for (uint32_t i = 0; i < t->nparts; i++)
        out[i] = jit_lower_load(
            l, (MType)types[i], base,
            jit_lower_nsw(l, OP_ADD, offset, jit_lower_int(l, 8 * (int64_t)(at + i))));
}

/* Narrow numbers fill their slot, as the kernel ABI has it. */
static void store_slot(Lower *l, IrNode *base, uint32_t at, IrNode *v)
{
    if (jit_mtype_is_int((MType)v->mt) || v->mt == M_I1) v = jit_lower_conv(l, v, M_I64);
    jit_lower_store(l, base, jit_lower_int(l, 8 * (int64_t)at), v);
}

/* ---- private copies ---- */

typedef struct Copies {
    Arr array;                   /* what is gathered into */
    Arr first;                   /* copy 0; the array itself if there is one only */
    IrNode *own, *bytes, *count; /* of a copy; count 0: none but the array */
    char kind;
} Copies;

static IrNode *identity_of(Lower *l, char kind, const JitType *t)
{
    MType m = jit_type_machine(t);
    bool flt = jit_mtype_is_float(m), high = kind == '<';
    switch (kind) {
    case '*': return jit_lower_const(l, m, 1);
    case '&': return jit_ir_int(l->f, l->cur, m, m == M_I1 ? 1 : -1);
    case '<':
    case '>':
        if (flt)
            return jit_lower_const(l, m, high ? (double)__builtin_inf() : -(double)__builtin_inf());
        return jit_ir_int(l->f, l->cur, m, jit_outline_limit(m, high));
    default: return jit_lower_const(l, m, flt ? -0.0 : 0);
    }
}

/* A contiguous view of all copies, or of one, as one axis. */
static Arr flat(Lower *l, const Copies *c, IrNode *data, IrNode *count)
{
    const JitType *t = jit_type_array((JitDtype)c->array.type->dtype, 1, 'C', false);
    unsigned size = jit_dtype_size((JitDtype)t->dtype);
    return (Arr){.type = t,
                 .data = data,
                 .own = c->own,
                 .shape = {count},
                 .stride = {jit_lower_int(l, size)}};
}

static void open_copies(Lower *l, Copies *c, IrNode *blocks)
{
    const JitType *t = c->array.type;
    unsigned rank = t->rank, size = jit_dtype_size((JitDtype)t->dtype);
    IrNode *one = jit_lower_int(l, 1), *many = OP2(GT, blocks, one);
    IrNode *items = jit_array_size(l, &c->array);
    c->count = jit_lower_select(l, many, blocks, jit_lower_int(l, 0));
    c->bytes = jit_lower_nsw(l, OP_MUL, items, jit_lower_int(l, size));
    c->own = jit_lower_alloc(l, OP2(MULC, c->count, c->bytes), false);
    jit_lower_push_temp(l, c->own);
    IrNode *data = jit_lower_op1(l, OP_DATA, M_PTR, c->own);
    c->first = c->array;
    c->first.data = jit_lower_select(l, many, data, c->array.data);
    IrNode *step = jit_lower_int(l, size);
    for (unsigned k = 0; k < rank; k++) {
        unsigned d = t->layout == 'F' ? k : rank - 1 - k;
        c->first.stride[d] = jit_lower_select(l, many, step, c->array.stride[d]);
        step = jit_lower_nsw(l, OP_MUL, step, c->array.shape[d]);
    }
    const JitType *item = jit_elem_scalar(t);
    Num v = jit_scalar_make(
        item, identity_of(l, c->kind, item),
        jit_type_is_complex(item) ? jit_lower_const(l, jit_type_machine(item), 0) : NULL);
    Arr all = flat(l, c, data, jit_lower_nsw(l, OP_MUL, c->count, items));
    jit_elem_expr_store(l, jit_elem_expr_num(l, v), &all);
}

static ElemOp elem_of(char kind)
{
    switch (kind) {
    case '*': return ELEM_MUL;
    case '&': return ELEM_AND;
    case '|': return ELEM_OR;
    case '^': return ELEM_XOR;
    case '<': return ELEM_MINIMUM;
    case '>': return ELEM_MAXIMUM;
    default: return ELEM_ADD;
    }
}

/* Combines the copies into the array, in the order of the blocks. */
static void close_copies(Lower *l, Copies *c)
{
    Loop loop;
    jit_lower_loop(l, &loop, c->count, 0, NULL);
    Arr copy = c->first;
    copy.own = c->own;
    copy.type = jit_type_array((JitDtype)copy.type->dtype, copy.type->rank, 'A', false);
    copy.data = OP2(PTRADD, c->first.data, jit_lower_nsw(l, OP_MUL, loop.i, c->bytes));
    ElemExpr *args[] = {jit_elem_expr_array(l, &c->array), jit_elem_expr_array(l, &copy)};
    ElemExpr *sum = jit_elem_expr_op(l, elem_of(c->kind), jit_elem_scalar(c->array.type), 2, args);
    jit_elem_expr_store(l, sum, &c->array);
    jit_lower_loop_end(l, &loop, NULL);
    jit_lower_pop_temp(l);
    jit_lower_release(l, c->own);
}

/* The parts of the stack of copies, an array of one more axis. */
static uint32_t store_stack(Lower *l, const Copies *c, IrNode *slots, uint32_t at)
{
    unsigned rank = c->array.type->rank;
    store_slot(l, slots, at++, c->first.data);
    store_slot(l, slots, at++, jit_ir_op0(l->f, l->cur, OP_OWNNONE, M_OWN));
    IrNode *one = jit_lower_int(l, 1), *many = OP2(GT, c->count, one);
    store_slot(l, slots, at++, jit_lower_select(l, many, c->count, one));
    for (unsigned d = 0; d < rank; d++) store_slot(l, slots, at++, c->array.shape[d]);
    store_slot(l, slots, at++, c->bytes);
    for (unsigned d = 0; d < rank; d++) store_slot(l, slots, at++, c->first.stride[d]);
    return at;
}

/* How many blocks: fixed by the number of iterations, and where copies are made by their sizes. */
static IrNode *count_blocks(Lower *l, IrNode *count, const Copies *copies, uint32_t n)
{
    if (l->src->watch) return count; /* each iteration by itself */
    if (!n) return jit_lower_rt(l, RT_PARBLOCKS, 1, &count);
    IrNode *items = NULL;
    for (uint32_t i = 0; i < n; i++) {
        IrNode *size = jit_array_size(l, &copies[i].array);
        items = items ? OP2(ADD, items, size) : size;
    }
    IrNode *args[] = {count, items};
    return jit_lower_rt(l, RT_PARCOPIES, 2, args);
}

/* ---- results ---- */

/* One pass over the blocks' results for each variable. */
static void combine_results(Lower *l, const IrNode *x, const char *kinds, IrNode *blocks,
                            IrNode *results, IrNode **out)
{
    const JitType *result = x->type;
    for (uint32_t i = 0, at = 0; i < result->n; i++) {
        const JitType *t = result->elem[i];
        IrNode **init = jit_lower_parts(l, x->args[1 + i]);
        if (!jit_type_is_numeric(t)) { /* nothing reads it: see reduce.c */
            jit_lower_copy(out + at, init, t->nparts);
            at += t->nparts;
            continue;
        }
        Loop loop;
        jit_lower_loop(l, &loop, blocks, t->nparts, init);
        IrNode *row = jit_lower_int(l, 8 * (int64_t)result->nparts);
        IrNode *in[2];
        load_slots(l, t, results, jit_lower_nsw(l, OP_MUL, loop.i, row), at, in);
        Num acc = combine(l, kinds[i], jit_lower_num_of(t, loop.carried), jit_lower_num_of(t, in));
        IrNode *next[] = {acc.re, acc.im};
        jit_lower_loop_end(l, &loop, next);
        jit_lower_copy(out + at, loop.carried, t->nparts);
        at += t->nparts;
    }
}

/* ---- watching ---- */

/* Does the node being lowered touch what iterations gather into? */
static bool is_gathering(const IrNode *user)
{
    for (uint32_t i = 0; user && i < user->n; i++) {
        const IrNode *x = user->args[i];
        while (x->op == OP_PY_GETITEM && !(x->flags & NODE_GATHERED)) x = x->args[0];
        if (x->flags & NODE_GATHERED) return true;
    }
    return false;
}

void jit_outline_watch(Lower *l, const Arr *a, IrNode *offset, bool write)
{
    const IrNode *user = l->user;
    if (!user || l->src->parallel || is_gathering(user)) return;
    unsigned rank = a->type->rank; /* a part of the array has other indices: they are not told */
    if (!user->n || !user->args[0]->type || jit_infer_unwrap(user->args[0]->type)->rank != rank)
        rank = 0;
    IrNode *args[8] = {a->data, offset, jit_lower_int(l, write), jit_lower_int(l, user->pos.line),
                       jit_lower_int(l, rank)};
    for (unsigned d = 0; d < 3; d++) args[5 + d] = d < rank ? a->stride[d] : jit_lower_int(l, 0);
    IrNode *v = jit_lower_rt(l, RT_WATCH, 8, args);
    const IrNode *named = user->n ? user->args[0] : user;
    while (!named->name && named->n && (named->op == OP_PY_GETITEM || named->op == OP_PY_GETATTR))
        named = named->args[0];
    const char *name = named->name ? named->name : "an array";
    jit_lower_check(l, jit_lower_op2(l, OP_EQ, v, jit_lower_int(l, 0)), ERR_COLLISION, name, NULL,
                    NULL, NULL);
}

static void look_only(Lower *l, void *ctx, IrNode *const *index, Num v, bool dense,
                      IrNode *const *carried, IrNode **next)
{
    (void)l, (void)ctx, (void)index, (void)v, (void)dense, (void)carried, (void)next;
}

void jit_outline_watch_all(Lower *l, const Arr *a)
{
    jit_elem_expr_loop(l, jit_elem_expr_array(l, a), a->type->rank, a->shape, NULL, 0, NULL, NULL,
                       look_only, NULL);
}

/* ---- the call ---- */

typedef struct Seen {
    const IrFunc *list[256];
    uint32_t n;
} Seen;

/* May the function draw random numbers, itself or through those it calls? The library's functions that do have these names. */
static bool draws(const IrFunc *f, Seen *seen)
{
    if (!strncmp(f->name, "numpy.random.", 13) || !strncmp(f->name, "random.", 7)) return true;
    for (uint32_t i = 0; i < seen->n; i++)
        if (seen->list[i] == f) return false;
    if (seen->n == 256) return true;
    seen->list[seen->n++] = f;
    FOR_BLOCKS(b, f)
    FOR_NODES(x, b)
    {
        bool calls = x->op == OP_U_CALL || x->op == OP_CALL || x->op == OP_U_PARFOR || x->op == OP_PARFOR;
        const IrFunc *callee = calls && x->text ? jit_ir_find_func(f->module, x->text) : NULL;
        if (callee && draws(callee, seen)) return true;
    }
    return false;
}

void jit_outline_lower(Lower *l, const IrNode *x)
{
    IrFunc *body = jit_ir_find_func(l->m, x->text);
    uint32_t n = x->type->n, nres = x->type->nparts, nslots = PAR_SLOTS, at = PAR_SLOTS;
    uint32_t nred = body->reduce_arrays ? (uint32_t)strlen(body->reduce_arrays) : 0,
             last = x->n - nred;
    Copies copies[MAX_REDUCED];
    for (uint32_t i = 1 + n; i < last; i++) nslots += x->args[i]->type->nparts;
    for (uint32_t i = 0; i < nred; i++) {
        copies[i] = (Copies){.array = jit_array_value(l, x->args[last + i]),
                             .kind = body->reduce_arrays[i]};
        nslots += 4 + 2u * copies[i].array.type->rank;
    }
    IrNode **range = jit_lower_parts(l, x->args[0]);
    IrNode *count = jit_lower_range_count(l, range), *blocks = count_blocks(l, count, copies, nred);
    for (uint32_t i = 0; i < nred; i++)
        open_copies(l, &copies[i], l->src->watch ? jit_lower_int(l, 1) : blocks);
    IrNode *slots = jit_ir_op0(l->f, l->cur, OP_STACK, M_VOID);
    slots->imm.i = nslots;
    store_slot(l, slots, 0, blocks);
    store_slot(l, slots, 1, jit_lower_int(l, nred | (l->src->watch ? (int64_t)PARFOR_WATCHED : 0) |
                                    (x->sub ? (int64_t)PARFOR_PROGRESS : 0) |
                                    (draws(body, &(Seen){.n = 0}) ? (int64_t)PARFOR_RANDOM : 0)));
    store_slot(l, slots, 2, range[0]);
    store_slot(l, slots, 3, range[2]);
    store_slot(l, slots, 4, jit_lower_int(l, 0));
    for (uint32_t i = 1 + n; i < last; i++)
        for (uint32_t k = 0; k < x->args[i]->type->nparts; k++)
            store_slot(l, slots, at++, jit_lower_parts(l, x->args[i])[k]);
    for (uint32_t i = 0; i < nred; i++) at = store_stack(l, &copies[i], slots, at);
    IrNode *results = jit_ir_int(l->f, l->cur, M_PTR, 0), *own = NULL;
    if (nres) {
        own = jit_lower_alloc(
            l, jit_lower_nsw(l, OP_MUL, blocks, jit_lower_int(l, 8 * (int64_t)nres)), false);
        results = jit_lower_op1(l, OP_DATA, M_PTR, own);
        jit_lower_push_temp(l, own);
    }
    IrNode *par = jit_ir_node_new(l->f, OP_PARFOR, M_VOID, 5);
    IrNode *args[] = {count, slots, jit_lower_int(l, nslots), results, jit_lower_int(l, nres)};
    memcpy(par->args, args, sizeof args);
    par->text = x->text;
    par->pos = x->pos;
    jit_ir_append(l->cur, par);
    jit_lower_raising(l, par);
    IrNode **out = jit_ir_alloc(l->m, (nres + 1) * sizeof *out);
    combine_results(l, x, body->reduce, blocks, results, out);
    if (own) {
        jit_lower_pop_temp(l);
        jit_lower_release(l, own);
    }
    for (uint32_t i = nred; i-- > 0;) close_copies(l, &copies[i]);
    jit_lower_set(l, x, nres, out);
}
