/* Ownership: puts retains and releases of array buffers, and the exits that keep raising code from
 * leaking.
 *
 * Works on the typed Python level, where an array is one value. A value is
 *   owned     a fresh array (elementwise result, np.zeros, a call of a kernel), or a parameter of a
 *             block with array type: one reference belongs to it;
 *   borrowed  everything else with an array in it: views, tuples, converted values, items: it lives
 *             off its roots, the owned values it was made from; parameters of the function have no
 *             root and outlive everything.
 * A use of a borrowed value is a use of its roots, so liveness keeps roots alive long enough and
 * views cost no counting. Passing a value to a block parameter (or returning it) hands over one
 * reference: an owned value that dies there moves, any other is retained first.
 *
 * Placement. Liveness of owned values is a backward dataflow problem on bit sets. A value is
 * released
 * after its last use in a block, or at the start of a block that it enters dead. A raising node, at
 * whose point owned values are held, gets an exit through a block that releases them and goes on
 * to the
 * user's handler or out of the function. The verifier checks the machine-level result: every
 * reference is given up exactly once on every way out.
 */
#include "jit/passes/middle.h"

#include <stdlib.h>
#include <string.h>

typedef struct Own {
    IrFunc *f;
    IrNode **values; /* owned values; bit i of every set is values[i] */
    int32_t *bit;    /* by node id: its bit, or -1 */
    uint32_t n, words;
    uint64_t **roots;     /* by node id: set of the owned values that it needs, or NULL */
    uint64_t **in, **out; /* by block id: live at its start and end */
} Own;

static bool has(const uint64_t *s, uint32_t i) { return s[i / 64] >> (i % 64) & 1; }
static void add(uint64_t *s, uint32_t i) { s[i / 64] |= (uint64_t)1 << (i % 64); }
static void drop(uint64_t *s, uint32_t i) { s[i / 64] &= ~((uint64_t)1 << (i % 64)); }

static uint64_t *set_new(Own *o) { return jit_ir_alloc(o->f->module, (o->words + 1) * 8); }

/* Is the value of x a fresh reference? */
static bool is_fresh(const IrNode *x)
{
    BoundCall call;
    const JitType *t = x->type;
    if (!t || !jit_type_owns(t) || (x->flags & NODE_FUSED)) return false;
    switch (x->op) {
    case OP_U_CALL:
    case OP_U_PARFOR:
    case OP_PY_LIST:
    case OP_PY_SET:
    case OP_PY_DICT:
    case OP_PY_OBJECT:
    case OP_PY_CATCH: return true;
    case OP_PY_GETATTR:
        return jit_infer_unwrap(x->args[0]->type)->kind == TK_OBJECT && t->kind != TK_METHOD &&
               !(x->flags & NODE_BORROWED);
    case OP_PY_NEXT: return jit_infer_item_is_fresh(x->args[0]->type);
    case OP_PY_UNPACK: return x->args[0]->type->kind == TK_LIST;
    case OP_U_CONVERT: return !jit_type_owns(x->args[0]->type) && x->args[0]->type->kind != TK_BOTTOM;
    case OP_PY_BINARY:
    case OP_PY_UNARY:
    case OP_PY_COMPARE: return t->kind == TK_ARRAY || t->kind == TK_TEXT;
    case OP_PY_INPLACE:
        if (t->kind == TK_TEXT) return true; /* of a number with an array; an array is changed in place */
        return t->kind == TK_ARRAY && (x->args[0]->type->kind != TK_ARRAY || x->sub == OPER_MATMUL);
    case OP_PY_GETITEM: {
        IndexPlan p;
        const JitType *a = jit_infer_unwrap(x->args[0]->type);
        if (jit_infer_container_word(a)) return true;
        return a->kind == TK_ARRAY && jit_index_plan(a, x->args[1]->type, &p) && p.copy;
    }
    case OP_PY_CALL:
        if (!jit_functions_bind(x, &call)) return false;
        switch ((FnRule)call.fn->rule) {
        case RULE_container:
            return x->type->kind != TK_VIEW && call.fn->aux != CONT_SAME && call.fn->aux != CONT_STAR;
        case RULE_enumerate:
        case RULE_zip:
        case RULE_tuple:
        case RULE_transpose: return false;
        case RULE_library: return call.fn->aux != LIBRARY_STRIDED && call.fn->aux != LIBRARY_RECAST;
        case RULE_reshape: return call.fn->aux == 2 || call.arg[0]->type->layout != 'C';
        case RULE_array: return !(call.fn->aux && call.arg[0]->type == t);
        default: return true;
        }
    default: return false;
    }
}

static void number_values(Own *o)
{
    IrFunc *f = o->f;
    jit_ir_number(f);
    o->bit = jit_ir_alloc(f->module, (f->next_node + 1) * sizeof *o->bit);
    o->values = jit_ir_alloc(f->module, (f->next_node + 1) * sizeof *o->values);
    o->roots = jit_ir_alloc(f->module, (f->next_node + 1) * sizeof *o->roots);
    for (uint32_t i = 0; i < f->next_node; i++) o->bit[i] = -1;
    FOR_BLOCKS(b, f)
    {
        for (uint32_t i = 0; b != f->first && i < b->nparam; i++)
            if (jit_type_owns(b->params[i]->type)) {
                o->bit[b->params[i]->id] = (int32_t)o->n;
                o->values[o->n++] = b->params[i];
            }
        FOR_NODES(x, b)
        if (is_fresh(x)) {
            o->bit[x->id] = (int32_t)o->n;
            o->values[o->n++] = x;
        }
    }
    o->words = (o->n + 63) / 64;
}

/* Roots follow definitions, which reverse postorder visits first. Whatever an owning or fused value
 * was made from is a root of it, and so of everything made from that. */
static void find_roots(Own *o, IrBlock **rpo, uint32_t n)
{
    for (uint32_t k = 0; k < n; k++) {
        IrBlock *b = rpo[k];
        for (uint32_t i = 0; i < b->nparam; i++)
            if (o->bit[b->params[i]->id] >= 0) {
                o->roots[b->params[i]->id] = set_new(o);
                add(o->roots[b->params[i]->id], (uint32_t)o->bit[b->params[i]->id]);
            }
        FOR_NODES(x, b)
        {
            if (o->bit[x->id] >= 0) {
                o->roots[x->id] = set_new(o);
                add(o->roots[x->id], (uint32_t)o->bit[x->id]);
                continue;
            }
            if (!x->type || (!jit_type_owns(x->type) && !(x->flags & NODE_FUSED))) continue;
            for (uint32_t i = 0; i < x->n; i++) {
                uint64_t *from = o->roots[x->args[i]->id];
                if (!from) continue;
                if (!o->roots[x->id]) o->roots[x->id] = set_new(o);
                for (uint32_t w = 0; w < o->words; w++) o->roots[x->id][w] |= from[w];
            }
        }
    }
}

/* ---- liveness ---- */

static void use(Own *o, uint64_t *live, const IrNode *x)
{
    const uint64_t *r = o->roots[x->id];
    for (uint32_t w = 0; r && w < o->words; w++) live[w] |= r[w];
}

static void use_edge(Own *o, uint64_t *live, const IrEdge *e)
{
    for (uint32_t i = 0; i < e->n; i++) use(o, live, e->args[i]);
}

static void define(Own *o, uint64_t *live, const IrNode *x)
{
    if (o->bit[x->id] >= 0) drop(live, (uint32_t)o->bit[x->id]);
}

/* Live before a node, from live after it. A handler's needs count as uses of the raising node. */
static void step_back(Own *o, uint64_t *live, const IrNode *x)
{
    define(o, live, x);
    if (x->exit) {
        use_edge(o, live, x->exit);
        const uint64_t *in = o->in[x->exit->to->id];
        for (uint32_t w = 0; w < o->words; w++) live[w] |= in[w];
    }
    if (x->flags & NODE_FUSED) return; /* its operands are used where its user stands */
    for (uint32_t i = 0; i < x->n; i++) use(o, live, x->args[i]);
}

static bool flow(Own *o, IrBlock *b)
{
    uint64_t *live = set_new(o), *out = o->out[b->id];
    for (uint32_t s = 0; s < b->nsucc; s++) {
        const uint64_t *in = o->in[b->succ[s].to->id];
        for (uint32_t w = 0; w < o->words; w++) out[w] |= in[w];
    }
    memcpy(live, out, o->words * 8);
    for (uint32_t s = 0; s < b->nsucc; s++) use_edge(o, live, &b->succ[s]);
    for (IrNode *x = b->last; x; x = x->prev) step_back(o, live, x);
    for (uint32_t i = 0; i < b->nparam; i++) define(o, live, b->params[i]);
    bool changed = memcmp(live, o->in[b->id], o->words * 8) != 0;
    memcpy(o->in[b->id], live, o->words * 8);
    return changed;
}

static void find_live(Own *o, IrBlock **rpo, uint32_t n)
{
    o->in = jit_ir_alloc(o->f->module, (o->f->next_block + 1) * sizeof *o->in);
    o->out = jit_ir_alloc(o->f->module, (o->f->next_block + 1) * sizeof *o->out);
    for (uint32_t k = 0; k < n; k++) {
        o->in[rpo[k]->id] = set_new(o);
        o->out[rpo[k]->id] = set_new(o);
    }
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t k = n; k-- > 0;) changed |= flow(o, rpo[k]);
    }
}

/* ---- placing ---- */

static IrNode *count_node(Own *o, IrOp op, IrNode *x)
{
    IrNode *r = jit_ir_node_new(o->f, op, M_VOID, 1);
    r->args[0] = x;
    return r;
}

static void release_before(Own *o, IrNode *where, uint32_t i)
{
    jit_ir_insert_before(where, count_node(o, OP_U_RELEASE, o->values[i]));
}

static void insert_front(IrBlock *b, IrNode *x)
{
    if (b->first)
        jit_ir_insert_before(b->first, x);
    else
        jit_ir_append(b, x);
}

/* Hands over the references that an edge passes: args to owning parameters. `held` loses what
 * moves.
 * `dies` tells for each owned value that nothing needs it after the edge. */
static void hand_over(Own *o, IrNode *before, const IrEdge *e, uint64_t *held,
                      const uint64_t *needed)
{
    for (uint32_t i = 0; i < e->n; i++) {
        IrNode *x = e->args[i];
        if (!jit_type_owns(e->to->params[i]->type) || !jit_type_owns(x->type)) continue;
        int32_t bit = o->bit[x->id];
        bool shared = false;
        for (uint32_t k = i + 1; k < e->n; k++) /* needed again by a later argument */
            shared |= o->roots[x->id] && o->roots[e->args[k]->id] && bit >= 0 &&
                      has(o->roots[e->args[k]->id], (uint32_t)bit);
        if (bit >= 0 && has(held, (uint32_t)bit) && !has(needed, (uint32_t)bit) && !shared)
            drop(held, (uint32_t)bit);
        else
            jit_ir_insert_before(before, count_node(o, OP_U_RETAIN, x));
    }
}

/* The exit of a raising node at which `held` values are owned: a cold block that releases what the
 * handler does not need, hands over arguments, and goes on. */
static void make_exit(Own *o, IrNode *x, const uint64_t *held)
{
    bool any = false, owning = false;
    for (uint32_t w = 0; w < o->words; w++) any |= held[w] != 0;
    for (uint32_t i = 0; x->exit && i < x->exit->n; i++)
        owning |= jit_type_owns(x->exit->to->params[i]->type);
    if (!any && !owning) return;
    IrBlock *b = jit_ir_block_new(o->f);
    b->flags |= BLOCK_COLD;
    IrNode *end;
    uint64_t *rest = set_new(o), *needed = set_new(o);
    memcpy(rest, held, o->words * 8);
    if (x->exit) {
        const IrEdge *e = x->exit;
        end = jit_ir_jump(o->f, b, e->to, e->n, e->args);
        memcpy(needed, o->in[e->to->id], o->words * 8);
        hand_over(o, end, e, rest, needed);
    } else {
        end = jit_ir_op0(o->f, b, OP_RETHROW, M_VOID);
    }
    for (uint32_t i = 0; i < o->n; i++)
        if (has(rest, i) && !has(needed, i)) release_before(o, end, i);
    x->exit = jit_ir_edge_new(o->f, b, 0, NULL);
}

/* Owned values that enter b but that b does not need: released at its start. Only a block all of
 * whose
 * predecessors agree may do that, so edges into joins are split first (split_edges). */
static void release_dead_entries(Own *o, IrBlock *b, const uint64_t *held)
{
    for (uint32_t i = 0; i < o->n; i++)
        if (has(held, i) && !has(o->in[b->id], i))
            insert_front(b, count_node(o, OP_U_RELEASE, o->values[i]));
}

/* Walks a block forwards with the set of held values, placing as it goes. */
static void place_block(Own *o, IrBlock *b, uint64_t **at_branch)
{
    uint64_t *held = set_new(o), *live = set_new(o);
    memcpy(held, o->in[b->id], o->words * 8);
    for (uint32_t i = 0; i < b->nparam; i++)
        if (o->bit[b->params[i]->id] >= 0) add(held, (uint32_t)o->bit[b->params[i]->id]);
    uint32_t count = 0;
    FOR_NODES(x, b)
    count++;
    /* live after each node */
    uint64_t *after = jit_ir_alloc(o->f->module, ((size_t)count + 1) * o->words * 8 + 8);
    IrNode **nodes = jit_ir_alloc(o->f->module, (count + 1) * sizeof *nodes);
    memcpy(live, o->out[b->id], o->words * 8);
    for (uint32_t s = 0; s < b->nsucc; s++) use_edge(o, live, &b->succ[s]);
    uint32_t at = count;
    for (IrNode *x = b->last; x; x = x->prev) {
        nodes[--at] = x;
        memcpy(after + (size_t)at * o->words, live, o->words * 8);
        step_back(o, live, x);
    }
    /* parameters that nobody uses */
    for (uint32_t i = 0; i < o->n; i++)
        if (has(held, i) && !has(live, i)) {
            drop(held, i);
            insert_front(b, count_node(o, OP_U_RELEASE, o->values[i]));
        }
    for (uint32_t k = 0; k < count; k++) {
        IrNode *x = nodes[k];
        const uint64_t *later = after + (size_t)k * o->words;
        if (jit_ir_can_raise(x) && x->op != OP_U_RELEASE && !(x->flags & NODE_FUSED))
            make_exit(o, x, held);
        if (o->bit[x->id] >= 0) add(held, (uint32_t)o->bit[x->id]);
        if (x->op == OP_RET) {
            IrNode *v = x->n ? x->args[0] : NULL;
            if (v && jit_type_owns(v->type)) {
                if (o->bit[v->id] >= 0)
                    drop(held, (uint32_t)o->bit[v->id]);
                else
                    jit_ir_insert_before(x, count_node(o, OP_U_RETAIN, v));
            }
        } else if (jit_ir_is_term(x) && b->nsucc) {
            for (uint32_t s = 0; s < b->nsucc; s++)
                if (b->nsucc == 1) hand_over(o, x, &b->succ[s], held, o->in[b->succ[s].to->id]);
        }
        if (jit_ir_is_term(x)) {
            if (b->nsucc > 1) { /* its successors have no other predecessor and release the rest */
                at_branch[b->succ[0].to->id] = at_branch[b->succ[1].to->id] = held;
                if (x->op == OP_PY_NEXT && o->bit[x->id] >= 0) { /* an item is on the first edge */
                    uint64_t *without = set_new(o);
                    memcpy(without, held, o->words * 8);
                    drop(without, (uint32_t)o->bit[x->id]);
                    at_branch[b->succ[1].to->id] = without;
                }
                break;
            }
            for (uint32_t i = 0; i < o->n; i++) {
                if (!has(held, i)) continue;
                if (b->nsucc == 1 && has(o->in[b->succ[0].to->id], i)) continue;
                if (x->op == OP_RET || x->op == OP_JUMP) release_before(o, x, i);
            }
            break;
        }
        for (uint32_t i = 0; i < o->n; i++)
            if (has(held, i) && !has(later, i)) {
                drop(held, i);
                release_before(o, x->next, i);
            }
    }
}

/* Gives every edge of a two-way branch a block of its own where the target has parameters or other
 * predecessors, so that releases and handing over have a place. */
static void split_edges(IrFunc *f)
{
    for (IrBlock *b = f->first; b; b = b->next) {
        if (b->nsucc < 2) continue;
        for (uint32_t s = 0; s < b->nsucc; s++) {
            IrEdge *e = &b->succ[s];
            if (e->to->npred == 1 && e->to->nparam == 0) continue;
            IrBlock *mid = jit_ir_block_after(f, b);
            jit_ir_jump(f, mid, e->to, e->n, e->args);
            jit_ir_set_edge(f, e, mid, 0, NULL);
        }
    }
    jit_cfg_analyze(f);
}

static bool needed_at_all(IrFunc *f)
{
    FOR_BLOCKS(b, f)
    {
        for (uint32_t i = 0; i < b->nparam; i++)
            if (b->params[i]->type && jit_type_owns(b->params[i]->type) && b != f->first)
                return true;
        FOR_NODES(x, b)
        if (is_fresh(x) || (x->op == OP_RET && x->n && jit_type_owns(x->args[0]->type)))
            return true;
    }
    return false;
}

bool jit_own_run(IrFunc *f)
{
    Own o = {.f = f};
    uint32_t n;
    jit_cfg_analyze(f);
    if (!needed_at_all(f)) return false;
    split_edges(f);
    number_values(&o);
    IrBlock **rpo = jit_cfg_rpo(f, &n);
    find_roots(&o, rpo, n);
    find_live(&o, rpo, n);
    /* what the source of a two-way branch holds at its end, for each of its successors */
    uint64_t **at_branch = jit_ir_alloc(f->module, (f->next_block + 1) * sizeof *at_branch);
    for (uint32_t k = 0; k < n; k++) place_block(&o, rpo[k], at_branch);
    for (uint32_t k = 0; k < n; k++)
        if (at_branch[rpo[k]->id]) release_dead_entries(&o, rpo[k], at_branch[rpo[k]->id]);
    jit_cfg_analyze(f);
    return true;
}
