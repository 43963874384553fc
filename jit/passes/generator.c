/* generator.c: a generator function becomes two functions.
 *
 *     f(args) -> values, with yields       f(args) -> state              makes the state, runs nothing
 *                                          f.next(state) -> (has, value) goes on behind the last yield
 *
 *     KernelObject (jit/run/objects.c) | where to go on | arguments | values that are alive across a yield
 *
 * It works on the lowered function, where all values are words and ownership is settled. A value that is alive across
 * some yield is stored into its slot where it is defined, and read from there in other blocks; arguments are read at
 * the entry, constants are made anew. So going on behind a yield, in the middle of loops, needs no phis.
 *
 * References: at a yield the slots of values whose reference the function holds keep it, those of others become null, so that a
 * state that is dropped half-way gives up exactly what is held (its masks say which words are references). While the
 * function runs, the reference is the function's; on its way out for good, by return or error, all slots become null. */
#include "jit/passes/middle.h"
#include "jit/run/containers.h"

#include <stdio.h>
#include <string.h>

enum { YIELDS_MAX = 256 };

typedef struct Split {
    IrModule *m;
    IrFunc *f; /* in the end the ramp; its blocks go to `next` */
    IrFunc *next;
    IrNode *yields[YIELDS_MAX];
    IrBlock *resumes[YIELDS_MAX];
    uint32_t nyields, nparams;
    IrNode **params;    /* of f, as next reads them */
    int32_t *slot;      /* by node id: its word, or -1 */
    bool *owned;        /* by slot number from 0: a reference of the function's */
    bool *held;         /* yields x slots */
    IrNode **values;    /* by slot number */
    uint32_t nslots, first; /* words before the slots */
    IrNode *state;      /* next's parameter */
    IrBlock *failing;   /* leaves with the error, for nodes that had no exit */
    uint64_t **live;    /* by block id: values alive at its start */
    uint32_t words, limit; /* ids from there on are of nodes made here */
    bool failed;
} Split;

static bool has(const uint64_t *s, uint32_t i) { return s[i / 64] >> (i % 64) & 1; }
static void add(uint64_t *s, uint32_t i) { s[i / 64] |= UINT64_C(1) << (i % 64); }
static void drop(uint64_t *s, uint32_t i) { s[i / 64] &= ~(UINT64_C(1) << (i % 64)); }

/* ---- Blocks end at yields ---- */

static void split_blocks(Split *s)
{
    for (IrBlock *b = s->f->first; b; b = b->next)
        for (IrNode *x = b->first; x; x = x->next) {
            if (x->op != OP_YIELD || s->nyields == YIELDS_MAX) continue;
            IrBlock *rest = jit_ir_block_after(s->f, b);
            s->yields[s->nyields] = x;
            s->resumes[s->nyields++] = rest;
            for (IrNode *y = x->next, *after; y; y = after) {
                after = y->next;
                jit_ir_unlink(y);
                jit_ir_append(rest, y);
            }
            rest->nsucc = b->nsucc;
            memcpy(rest->succ, b->succ, sizeof rest->succ);
            rest->flags = b->flags;
            b->nsucc = 0;
            jit_ir_jump(s->f, b, rest, 0, NULL);
            break; /* the walk goes on with `rest`, the next block */
        }
}

/* ---- What is alive across a yield ---- */

/* Made anew where it is used, or read at the entry. */
static bool is_cheap(const Split *s, const IrNode *x)
{
    return x->op == OP_CONST || x->op == OP_OWNNONE || x->op == OP_UNDEF || x->op == OP_ERROR ||
           (x->op == OP_PARAM && x->block == s->f->first);
}

static void use(const Split *s, uint64_t *live, const IrNode *x)
{
    if (!is_cheap(s, x)) add(live, x->id);
}

static void use_edge(const Split *s, uint64_t *live, const IrEdge *e)
{
    for (uint32_t i = 0; i < e->n; i++) use(s, live, e->args[i]);
    for (uint32_t w = 0; w < s->words; w++) live[w] |= s->live[e->to->id][w];
}

static bool flow(Split *s, IrBlock *b)
{
    uint64_t *live = jit_ir_alloc(s->m, s->words * 8);
    for (uint32_t k = 0; k < b->nsucc; k++) use_edge(s, live, &b->succ[k]);
    for (IrNode *x = b->last; x; x = x->prev) {
        drop(live, x->id);
        if (x->exit) use_edge(s, live, x->exit);
        for (uint32_t i = 0; i < x->n; i++) use(s, live, x->args[i]);
    }
    for (uint32_t i = 0; i < b->nparam; i++) drop(live, b->params[i]->id);
    bool changed = memcmp(live, s->live[b->id], s->words * 8) != 0;
    memcpy(s->live[b->id], live, s->words * 8);
    return changed;
}

static void find_live(Split *s)
{
    uint32_t n;
    jit_ir_number(s->f);
    IrBlock **rpo = jit_cfg_rpo(s->f, &n);
    s->limit = s->f->next_node;
    s->words = s->limit / 64 + 1;
    s->live = jit_ir_alloc(s->m, (s->f->next_block + 1) * sizeof *s->live);
    FOR_BLOCKS(b, s->f)
    s->live[b->id] = jit_ir_alloc(s->m, s->words * 8);
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t k = n; k-- > 0;) changed |= flow(s, rpo[k]);
    }
}

static void give_slot(Split *s, IrNode *x)
{
    bool alive = false;
    if (is_cheap(s, x)) return;
    for (uint32_t k = 0; k < s->nyields; k++) alive |= has(s->live[s->resumes[k]->id], x->id);
    if (!alive) return;
    s->failed |= x->op == OP_STACK || x->mt == M_VOID; /* would not last */
    s->values[s->nslots] = x;
    s->slot[x->id] = (int32_t)s->nslots++;
}

static void give_slots(Split *s)
{
    s->slot = jit_ir_alloc(s->m, (s->f->next_node + 1) * sizeof *s->slot);
    s->values = jit_ir_alloc(s->m, (s->f->next_node + 1) * sizeof *s->values);
    for (uint32_t i = 0; i <= s->f->next_node; i++) s->slot[i] = -1;
    FOR_BLOCKS(b, s->f)
    {
        for (uint32_t i = 0; b != s->f->first && i < b->nparam; i++) give_slot(s, b->params[i]);
        FOR_NODES(x, b)
        give_slot(s, x);
    }
    s->owned = jit_ir_alloc(s->m, s->nslots + 1);
    s->held = jit_ir_alloc(s->m, (size_t)(s->nyields + 1) * (s->nslots + 1));
}

/* What the function holds at a yield, from the verifier's count of references. */
static void note_held(void *context, const IrNode *yield, IrNode *const *own, const int16_t *counts, uint32_t n)
{
    Split *s = context;
    uint32_t k = 0;
    while (k < s->nyields && s->yields[k] != yield) k++;
    for (uint32_t i = 0; i < n && k < s->nyields; i++) {
        int32_t slot = s->slot[own[i]->id];
        if (slot < 0) continue;
        s->owned[slot] = true;
        s->held[k * s->nslots + (uint32_t)slot] = counts[i] > 0;
    }
}

/* ---- Words of the state ---- */

static IrNode *node_before(IrFunc *f, IrNode *at, IrOp op, MType mt, uint32_t n)
{
    IrNode *x = jit_ir_node_new(f, op, mt, n);
    x->pos = at->pos;
    jit_ir_insert_before(at, x);
    return x;
}

static IrNode *int_before(IrFunc *f, IrNode *at, int64_t v)
{
    IrNode *x = node_before(f, at, OP_CONST, M_I64, 0);
    x->imm.i = v;
    return x;
}

/* Where the state's words begin. */
static IrNode *data_before(Split *s, IrNode *at)
{
    IrNode *x = node_before(s->next, at, OP_DATA, M_PTR, 1);
    x->args[0] = s->state;
    return x;
}

static int64_t offset_of(const Split *s, uint32_t word)
{
    return 8 * (1 + kernel_object_masks((int64_t)(s->first + s->nslots)) + (int64_t)word);
}

static void store_before(Split *s, IrNode *at, uint32_t word, IrNode *v)
{
    IrNode *data = data_before(s, at), *offset = int_before(s->next, at, offset_of(s, word));
    if (v->mt == M_OWN) {
        IrNode *bits = node_before(s->next, at, OP_BITS, M_I64, 1);
        bits->args[0] = v;
        v = bits;
    }
    IrNode *x = node_before(s->next, at, OP_STORE, M_VOID, 3);
    x->args[0] = data;
    x->args[1] = offset;
    x->args[2] = v;
}

static IrNode *load_before(Split *s, IrNode *at, uint32_t word, MType m)
{
    IrNode *data = data_before(s, at), *offset = int_before(s->next, at, offset_of(s, word));
    IrNode *x = node_before(s->next, at, OP_LOAD, m, 2);
    x->args[0] = data;
    x->args[1] = offset;
    return x;
}

/* The function leaves for good: no slot holds a reference, and there is nowhere to go on. */
static void finish_before(Split *s, IrNode *at)
{
    for (uint32_t i = 0; i < s->nslots; i++)
        if (s->owned[i]) store_before(s, at, s->first + i, int_before(s->next, at, 0));
    store_before(s, at, 0, int_before(s->next, at, -1));
}

/* ---- Rewriting ---- */

/* What stands for x where it is used in another block. */
static IrNode *again(Split *s, IrNode *at, IrNode *x)
{
    if (x->op == OP_PARAM && s->slot[x->id] < 0) {
        for (uint32_t i = 0; i < s->nparams; i++)
            if (s->f->first->params[i] == x) return s->params[i];
        return x;
    }
    if (s->slot[x->id] >= 0) {
        IrNode *v = load_before(s, at, s->first + (uint32_t)s->slot[x->id], (MType)x->mt);
        v->flags |= x->flags & NODE_NONNEG;
        return v;
    }
    if (!is_cheap(s, x)) return x;
    IrNode *v = node_before(s->next, at, (IrOp)x->op, (MType)x->mt, 0);
    v->imm = x->imm;
    v->type = x->type;
    return v;
}

static bool elsewhere(const Split *s, const IrNode *x, const IrBlock *b)
{
    if (x->id >= s->limit) return false;
    return (x->op == OP_PARAM && x->block == s->f->first) || (x->block != b && (s->slot[x->id] >= 0 || is_cheap(s, x)));
}

static void rewrite_edge(Split *s, IrBlock *b, IrNode *at, IrEdge *e)
{
    for (uint32_t i = 0; i < e->n; i++)
        if (elsewhere(s, e->args[i], b)) e->args[i] = again(s, at, e->args[i]);
}

static void rewrite_uses(Split *s, IrBlock *b)
{
    for (IrNode *x = b->first; x; x = x->next) {
        for (uint32_t i = 0; i < x->n; i++)
            if (elsewhere(s, x->args[i], b)) x->args[i] = again(s, x, x->args[i]);
        if (x->exit) rewrite_edge(s, b, x, x->exit);
    }
    for (uint32_t k = 0; k < b->nsucc; k++) rewrite_edge(s, b, b->last, &b->succ[k]);
}

static void store_definitions(Split *s)
{
    for (uint32_t i = 0; i < s->nslots; i++) {
        IrNode *x = s->values[i], *at = x->op == OP_PARAM ? x->block->first : x->next;
        store_before(s, at, s->first + i, x);
    }
}

static void yield_out(Split *s, uint32_t k)
{
    IrNode *x = s->yields[k], *end = x->block->last;
    for (uint32_t i = 0; i < s->nslots; i++)
        if (s->owned[i] && !s->held[k * s->nslots + i]) store_before(s, end, s->first + i, int_before(s->next, end, 0));
    store_before(s, end, 0, int_before(s->next, end, k + 1));
    IrNode *ret = node_before(s->next, end, OP_RET, M_VOID, x->n + 1);
    ret->args[0] = node_before(s->next, ret, OP_CONST, M_I1, 0);
    ret->args[0]->imm.i = 1;
    memcpy(ret->args + 1, x->args, x->n * sizeof *x->args);
    jit_ir_unlink(end);
    jit_ir_unlink(x);
    ret->block->nsucc = 0;
}

/* The return, or the way into a finished generator: no value. */
static void end_out(Split *s, IrNode *ret, const uint8_t *types, uint32_t n)
{
    IrNode **args = jit_ir_alloc(s->m, (n + 1) * sizeof *args);
    args[0] = node_before(s->next, ret, OP_CONST, M_I1, 0);
    for (uint32_t i = 1; i < n; i++)
        args[i] = node_before(s->next, ret, types[i] == M_OWN ? OP_OWNNONE : OP_UNDEF, (MType)types[i], 0);
    ret->args = args;
    ret->n = n;
}

static void ways_out(Split *s, const uint8_t *types, uint32_t n)
{
    FOR_BLOCKS(b, s->next)
    {
        if (b == s->failing) continue;
        FOR_NODES(x, b)
        if (jit_ir_can_raise(x) && !x->exit) x->exit = jit_ir_edge_new(s->next, s->failing, 0, NULL);
        if (b->last->op == OP_RETHROW) finish_before(s, b->last);
        if (b->last->op == OP_RET && b->last->n == 0) {
            finish_before(s, b->last);
            end_out(s, b->last, types, n);
        }
    }
}

/* The entry of f.next: reads the arguments and goes where the state says. */
static void dispatch(Split *s, IrBlock *entry, IrBlock *start, const uint8_t *types, uint32_t n)
{
    IrNode *at = jit_ir_op0(s->next, entry, OP_UNREACHABLE, M_VOID);
    s->params = jit_ir_alloc(s->m, (s->nparams + 1) * sizeof *s->params);
    for (uint32_t i = 0; i < s->nparams; i++) {
        const IrNode *p = s->f->first->params[i];
        s->params[i] = load_before(s, at, 1 + i, (MType)p->mt);
        s->params[i]->flags |= p->flags & NODE_NONNEG;
    }
    IrNode *where = load_before(s, at, 0, M_I64);
    jit_ir_unlink(at);
    IrBlock *b = entry;
    for (uint32_t k = 0; k <= s->nyields; k++) {
        IrBlock *otherwise = jit_ir_block_new(s->next), *to = k ? s->resumes[k - 1] : start;
        IrNode *number = jit_ir_int(s->next, b, M_I64, k);
        jit_ir_br(s->next, b, jit_ir_op2(s->next, b, OP_EQ, M_I1, where, number), to, otherwise);
        b = otherwise;
    }
    end_out(s, jit_ir_op0(s->next, b, OP_RET, M_VOID), types, n);
}

/* ---- The ramp ---- */

static void make_ramp(Split *s, IrBlock *old_entry)
{
    IrFunc *f = s->f;
    uint32_t width = s->first + s->nslots;
    int64_t masks = kernel_object_masks(width);
    uint64_t *owned = jit_ir_alloc(s->m, (size_t)(masks + 1) * 8);
    IrBlock *b = jit_ir_block_new(f);
    for (uint32_t i = 0; i < s->nparams; i++) {
        IrNode *p = jit_ir_param_new(f, b, (MType)old_entry->params[i]->mt, NULL);
        p->name = old_entry->params[i]->name;
        p->flags = old_entry->params[i]->flags;
        if (p->mt == M_OWN) owned[(1 + i) / 64] |= UINT64_C(1) << ((1 + i) % 64);
    }
    for (uint32_t i = 0; i < s->nslots; i++)
        if (s->owned[i]) owned[(s->first + i) / 64] |= UINT64_C(1) << ((s->first + i) % 64);
    IrNode *area = jit_ir_op0(f, b, OP_STACK, M_PTR);
    area->imm.i = masks;
    for (int64_t i = 0; i < masks; i++)
        jit_ir_op3(f, b, OP_STORE, M_VOID, area, jit_ir_int(f, b, M_I64, 8 * i), jit_ir_int(f, b, M_I64, (int64_t)owned[i]));
    IrNode *made = jit_ir_op2(f, b, OP_RTCALL, M_OWN, jit_ir_int(f, b, M_I64, width), area);
    made->sub = RT_OBJECT_NEW;
    IrNode *there = jit_ir_op2(f, b, OP_NE, M_I1, jit_ir_op1(f, b, OP_BITS, M_I64, made), jit_ir_int(f, b, M_I64, 0));
    IrNode *check = jit_ir_op1(f, b, OP_CHECK, M_VOID, there);
    IrBlock *none = jit_ir_block_new(f);
    check->sub = ERR_NO_MEMORY;
    if (old_entry->first) check->pos = old_entry->first->pos;
    check->exit = jit_ir_edge_new(f, none, 0, NULL);
    jit_ir_op1(f, none, OP_RELEASE, M_VOID, made);
    jit_ir_op0(f, none, OP_RETHROW, M_VOID);
    IrNode *data = jit_ir_op1(f, b, OP_DATA, M_PTR, made);
    for (uint32_t i = 0; i < s->nparams; i++) {
        IrNode *v = b->params[i];
        if (v->mt == M_OWN) {
            v = jit_ir_op1(f, b, OP_RTCALL, M_I64, v);
            v->sub = RT_WORD_PUT;
        }
        jit_ir_op3(f, b, OP_STORE, M_VOID, data, jit_ir_int(f, b, M_I64, offset_of(s, 1 + i)), v);
    }
    IrNode *ret = jit_ir_node_new(f, OP_RET, M_VOID, 1);
    ret->args[0] = made;
    jit_ir_append(b, ret);
    f->nret = 1;
    f->rets = jit_ir_alloc(s->m, 1);
    f->rets[0] = M_OWN;
}

static IrFunc *new_next(Split *s)
{
    char name[300];
    snprintf(name, sizeof name, "%s.next", s->f->name);
    IrFunc *next = jit_ir_func_new(s->m, name);
    const char *kept = next->name;
    IrFunc *after = next->next;
    *next = *s->f;
    next->name = kept;
    next->next = after;
    next->resumes = true;
    next->param_types = NULL;
    next->nparam_types = 0;
    return next;
}

/* False: there is too much in it. */
bool jit_generator_run(IrFunc *f)
{
    Split s = {.m = f->module, .f = f};
    const JitType *item = f->ret->elem[0];
    uint32_t n = item->nparts + 1;
    uint8_t *types = jit_ir_alloc(s.m, n + 1);
    types[0] = M_I1;
    jit_type_parts(item, types + 1);
    jit_cfg_analyze(f);
    split_blocks(&s);
    if (s.nyields == YIELDS_MAX) return false;
    jit_cfg_analyze(f);
    find_live(&s);
    give_slots(&s);
    if (s.failed || !jit_verify_held(f, note_held, &s)) return false;
    s.nparams = f->first->nparam;
    s.first = 1 + s.nparams;
    s.next = new_next(&s);
    IrBlock *start = s.next->first, *entry = jit_ir_block_new(s.next);
    s.state = jit_ir_param_new(s.next, entry, M_OWN, NULL);
    s.failing = jit_ir_block_new(s.next);
    s.failing->flags |= BLOCK_COLD;
    finish_before(&s, jit_ir_op0(s.next, s.failing, OP_RETHROW, M_VOID));
    IrBlock *last_before = s.next->last;
    dispatch(&s, entry, start, types, n);
    for (IrBlock *b = start; b; b = b == last_before ? NULL : b->next)
        if (b != entry && b != s.failing) rewrite_uses(&s, b);
    store_definitions(&s);
    for (uint32_t k = 0; k < s.nyields; k++) yield_out(&s, k);
    ways_out(&s, types, n);
    IrBlock *old_entry = jit_ir_alloc(s.m, sizeof *old_entry);
    *old_entry = *start;
    start->nparam = 0; /* an ordinary block now */
    jit_ir_block_to_front(s.next, entry);
    s.next->nret = n;
    s.next->rets = types;
    f->first = f->last = NULL;
    f->nblocks = 0;
    make_ramp(&s, old_entry);
    jit_cfg_analyze(s.next);
    jit_cfg_analyze(f);
    jit_ir_number(s.next);
    jit_ir_number(f);
    return true;
}
