/* unroll.c: loops over tuples whose elements have different types.
 *
 *     for x in (1, 2.5): body          header:  next it -> body, done       header0: x0 = t[0] -> body0
 *                                      body:    ... -> header               body0:   ...       -> header1
 *                                                                           header1: x1 = t[1] -> body1
 *                                                                           body1:   ...       -> header2
 *                                                                           header2:           -> done
 *
 * No type holds every element, so the loop gets a copy of its blocks for each; types are then inferred anew, each copy
 * for itself. `break` and `continue` are edges like others. What the loop defines and code behind it uses first becomes a
 * parameter of the blocks behind it (route_out), because after copying it has several definitions. The same serves
 * enumerate() and zip() over such tuples. */
#include "jit/types/infer.h"

#include <string.h>

enum { NODES_MAX = 40000 };

/* Has an iteration over t values of different types? Then it is over tuples alone. */
bool jit_infer_unrolls(const JitType *t)
{
    if (t->kind == TK_TUPLE) return t->n > 1 && !jit_infer_item(t);
    if (t->kind != TK_ITER && t->kind != TK_ENUMERATE && t->kind != TK_ZIP) return false;
    bool any = false;
    for (uint32_t i = 0; i < t->n; i++) {
        if (t->elem[i]->kind != TK_TUPLE && !jit_infer_unrolls(t->elem[i])) return false;
        any |= jit_infer_unrolls(t->elem[i]);
    }
    return any;
}

static uint32_t length_of(const JitType *t)
{
    if (t->kind == TK_TUPLE) return t->n;
    uint32_t n = length_of(t->elem[0]);
    for (uint32_t i = 1; i < t->n; i++) {
        uint32_t one = length_of(t->elem[i]);
        if (one < n) n = one;
    }
    return n;
}

/* ---- The loop ---- */

typedef struct Region {
    IrFunc *f;
    IrBlock *header;
    IrBlock **blocks; /* the header first */
    uint32_t n, nnodes;
    bool *inside; /* by block id */
} Region;

static void enter(Region *r, IrBlock *b)
{
    if (r->inside[b->id]) return;
    r->inside[b->id] = true;
    r->blocks[r->n++] = b;
    FOR_NODES(x, b)
    r->nnodes++;
}

/* The natural loop of a header. */
static Region find_region(IrFunc *f, IrBlock *header)
{
    Region r = {.f = f, .header = header};
    jit_ir_number(f);
    r.inside = jit_ir_alloc(f->module, f->next_block + 1);
    r.blocks = jit_ir_alloc(f->module, (f->next_block + 1) * sizeof *r.blocks);
    enter(&r, header);
    for (uint32_t p = 0; p < header->npred; p++)
        if (jit_cfg_dominates(header, header->preds[p])) enter(&r, header->preds[p]);
    for (uint32_t i = 1; i < r.n; i++)
        for (uint32_t p = 0; p < r.blocks[i]->npred; p++) enter(&r, r.blocks[i]->preds[p]);
    return r;
}

/* ---- What the loop defines and others use ---- */

static bool edge_uses(const IrEdge *e, const IrNode *v)
{
    for (uint32_t i = 0; i < e->n; i++)
        if (e->args[i] == v) return true;
    return false;
}

static bool block_uses(const IrBlock *b, const IrNode *v)
{
    FOR_NODES(x, b)
    {
        for (uint32_t i = 0; i < x->n; i++)
            if (x->args[i] == v) return true;
        if (x->exit && edge_uses(x->exit, v)) return true;
    }
    for (uint32_t s = 0; s < b->nsucc; s++)
        if (edge_uses(&b->succ[s], v)) return true;
    return false;
}

/* Every block outside in which v is alive gets a parameter for it. */
static void route_out(const Region *r, IrNode *v)
{
    IrFunc *f = r->f;
    IrNode **param = jit_ir_alloc(f->module, (f->next_block + 1) * sizeof *param);
    IrBlock **alive = jit_ir_alloc(f->module, (f->next_block + 1) * sizeof *alive);
    uint32_t n = 0;
    FOR_BLOCKS(b, f)
    if (!r->inside[b->id] && block_uses(b, v)) {
        param[b->id] = v;
        alive[n++] = b;
    }
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t p = 0; p < alive[i]->npred; p++) {
            IrBlock *from = alive[i]->preds[p];
            if (r->inside[from->id] || param[from->id]) continue;
            param[from->id] = v;
            alive[n++] = from;
        }
    for (uint32_t i = 0; i < n; i++) {
        IrNode *own = jit_ir_param_new(f, alive[i], M_VOID, NULL);
        own->name = v->name;
        own->pos = v->pos;
        param[alive[i]->id] = own;
        jit_ir_block_use_instead(alive[i], v, own);
    }
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t p = 0; p < alive[i]->npred; p++) {
            IrBlock *from = alive[i]->preds[p];
            jit_ir_edge_push(f, alive[i]->pred_edges[p], r->inside[from->id] ? v : param[from->id]);
        }
}

static void route_all(const Region *r)
{
    for (uint32_t i = 0; i < r->n; i++) {
        IrBlock *b = r->blocks[i];
        for (uint32_t k = 0; k < b->nparam; k++) route_out(r, b->params[k]);
        FOR_NODES(x, b)
        route_out(r, x);
    }
}

/* ---- Copies ---- */

static IrNode *int_before(IrFunc *f, IrNode *at, int64_t value)
{
    IrNode *x = jit_ir_node_new(f, OP_CONST, M_VOID, 0);
    x->type = jit_type_simple(TK_INT);
    x->imm.i = value;
    jit_ir_insert_before(at, x);
    return x;
}

/* Element k of what is iterated over, made before `at`. */
static IrNode *element(IrFunc *f, IrNode *at, IrNode *source, int64_t k)
{
    TypeKind kind = (TypeKind)source->type->kind;
    IrNode *x;
    if (kind == TK_TUPLE) {
        x = jit_ir_node_new(f, OP_PY_ITEM, M_VOID, 1);
        x->args[0] = source;
        x->imm.i = k;
    } else if (kind == TK_ENUMERATE) {
        IrNode *count = int_before(f, at, k), *item = element(f, at, source->args[1], k);
        if (source->n > 2) {
            IrNode *sum = jit_ir_node_new(f, OP_PY_BINARY, M_VOID, 2);
            sum->sub = OPER_ADD;
            sum->args[0] = source->args[2];
            sum->args[1] = count;
            sum->pos = at->pos;
            jit_ir_insert_before(at, sum);
            count = sum;
        }
        x = jit_ir_node_new(f, OP_PY_TUPLE, M_VOID, 2);
        x->args[0] = count;
        x->args[1] = item;
    } else {
        x = jit_ir_node_new(f, OP_PY_TUPLE, M_VOID, source->n - 1);
        for (uint32_t i = 1; i < source->n; i++) x->args[i - 1] = element(f, at, source->args[i], k);
    }
    x->pos = at->pos;
    jit_ir_insert_before(at, x);
    return x;
}

/* The end of a copied header becomes a jump: into the body with the element, or past the loop. */
static void end_header(IrFunc *f, IrBlock *header, IrNode *source, int64_t k)
{
    IrNode *next = header->last;
    if (k >= 0) {
        IrNode *item = element(f, next, source, k);
        item->name = next->name;
        jit_ir_use_instead(f, next, item);
    } else {
        header->succ[0] = header->succ[1];
    }
    next->op = OP_JUMP;
    next->n = 0;
    next->type = NULL;
    next->exit = NULL;
    header->nsucc = 1;
}

static void redirect(IrEdge *e, const IrBlock *from, IrBlock *to)
{
    if (e->to == from) e->to = to;
}

static void redirect_block(IrBlock *b, const IrBlock *from, IrBlock *to)
{
    FOR_NODES(x, b)
    if (x->exit) redirect(x->exit, from, to);
    for (uint32_t s = 0; s < b->nsucc; s++) redirect(&b->succ[s], from, to);
}

static void unroll(Region *r, IrNode *source, uint32_t count)
{
    IrFunc *f = r->f;
    IrNode **map;
    IrBlock **all = jit_ir_alloc(f->module, (size_t)(count + 1) * r->n * sizeof *all);
    for (uint32_t k = 0; k <= count; k++) jit_clone_blocks(f, r->blocks, r->n, all + k * r->n, &map);
    for (uint32_t k = 0; k < count; k++)
        for (uint32_t i = 0; i < r->n; i++)
            redirect_block(all[k * r->n + i], all[k * r->n], all[(k + 1) * r->n]);
    for (uint32_t p = 0; p < r->header->npred; p++)
        redirect(r->header->pred_edges[p], r->header, all[0]);
    for (uint32_t k = 0; k <= count; k++)
        end_header(f, all[k * r->n], source, k < count ? (int64_t)k : -1);
    jit_cfg_analyze(f); /* drops the original and the last copy's body */
    while (jit_cfg_simplify_params(f)) {
        jit_ir_resolve(f);
        jit_cfg_analyze(f);
    }
}

/* The calls that made what is iterated over stand in the function, so that its elements can be had one by one. */
static bool has_elements(const IrNode *source)
{
    if (source->type->kind == TK_TUPLE) return true;
    bool direct = source->op == OP_PY_CALL && !source->text;
    for (uint32_t i = 1; direct && i < source->n; i++)
        if (source->type->kind == TK_ZIP || i == 1) direct = has_elements(source->args[i]);
    return direct;
}

bool jit_infer_unroll(Infer *in)
{
    FOR_BLOCKS(b, in->f)
    {
        IrNode *next = b->last;
        if (!b->mark || next->op != OP_PY_NEXT || next->args[0]->op != OP_PY_ITER) continue;
        IrNode *source = next->args[0]->args[0];
        if (!source->type || !jit_infer_unrolls(source->type) || !has_elements(source)) continue;
        Region r = find_region(in->f, b);
        uint32_t count = length_of(source->type);
        if ((uint64_t)r.nnodes * count > NODES_MAX) {
            in->report = true;
            jit_infer_refuse(in, REFUSE_UNROLL, next, (int)count);
            return false;
        }
        route_all(&r);
        unroll(&r, source, count);
        return true;
    }
    return false;
}
