/* Copies of functions and of sets of blocks. Nodes are mapped by id, so the source is numbered
 * first; ids of the copies follow on. */
#include "jit/ir/ir.h"

#include <string.h>

typedef struct Clone {
    IrFunc *to;
    IrNode **nodes;   /* by id of the source */
    IrBlock **blocks; /* by id of the source; NULL: not copied */
} Clone;

static IrNode *node_of(Clone *c, IrNode *x)
{
    IrNode *copy = c->nodes[x->id];
    return copy ? copy : x;
}

static void copy_edge(Clone *c, IrEdge *to, const IrEdge *from)
{
    IrBlock *b = c->blocks[from->to->id];
    jit_ir_set_edge(c->to, to, b ? b : from->to, from->n, from->args);
    for (uint32_t i = 0; i < to->n; i++) to->args[i] = node_of(c, to->args[i]);
}

static IrNode *copy_node(Clone *c, const IrNode *x)
{
    IrNode *y = jit_ir_alloc(c->to->module, sizeof *y);
    uint32_t id = c->to->next_node++;
    *y = *x;
    y->id = id;
    y->prev = y->next = y->repl = NULL;
    if (x->n) {
        y->args = jit_ir_alloc(c->to->module, x->n * sizeof *y->args);
        memcpy(y->args, x->args, x->n * sizeof *y->args);
    }
    c->nodes[x->id] = y;
    return y;
}

static void copy_contents(Clone *c, IrBlock *to, const IrBlock *from)
{
    to->flags = from->flags;
    to->nparam = to->param_room = from->nparam;
    to->params = jit_ir_alloc(c->to->module, (from->nparam + 1) * sizeof *to->params);
    for (uint32_t i = 0; i < from->nparam; i++) {
        to->params[i] = copy_node(c, from->params[i]);
        to->params[i]->block = to;
    }
    FOR_NODES(x, from)
    jit_ir_append(to, copy_node(c, x));
}

static void link_contents(Clone *c, IrBlock *to, const IrBlock *from)
{
    FOR_NODES(x, to)
    {
        for (uint32_t i = 0; i < x->n; i++) x->args[i] = node_of(c, x->args[i]);
        if (x->exit) {
            IrEdge *old = x->exit;
            x->exit = jit_ir_alloc(c->to->module, sizeof *x->exit);
            copy_edge(c, x->exit, old);
        }
    }
    to->nsucc = from->nsucc;
    for (uint32_t s = 0; s < from->nsucc; s++) copy_edge(c, &to->succ[s], &from->succ[s]);
}

IrFunc *jit_clone_func_map(const IrFunc *f, const char *name, IrBlock ***blocks, IrNode ***nodes)
{
    jit_ir_number((IrFunc *)f);
    IrFunc *to = jit_ir_func_new(f->module, name);
    const char *kept = to->name;
    IrFunc *next = to->next;
    *to = *f;
    to->name = kept;
    to->next = next;
    to->first = to->last = NULL;
    to->next_block = to->nblocks = 0;
    to->infer_state = 0;
    Clone c = {to, jit_ir_alloc(f->module, (f->next_node + 1) * sizeof(IrNode *)),
               jit_ir_alloc(f->module, (f->next_block + 1) * sizeof(IrBlock *))};
    FOR_BLOCKS(b, f)
    c.blocks[b->id] = jit_ir_block_new(to);
    FOR_BLOCKS(b, f)
    copy_contents(&c, c.blocks[b->id], b);
    FOR_BLOCKS(b, f)
    link_contents(&c, c.blocks[b->id], b);
    *blocks = c.blocks;
    *nodes = c.nodes;
    return to;
}

IrFunc *jit_clone_func(const IrFunc *f, const char *name)
{
    IrBlock **blocks;
    IrNode **nodes;
    return jit_clone_func_map(f, name, &blocks, &nodes);
}

void jit_clone_blocks(IrFunc *f, IrBlock *const *blocks, uint32_t n, IrBlock **copies,
                      IrNode ***map)
{
    jit_ir_number(f);
    Clone c = {f, jit_ir_alloc(f->module, (f->next_node + 1) * sizeof(IrNode *)),
               jit_ir_alloc(f->module, (f->next_block + n + 1) * sizeof(IrBlock *))};
    for (uint32_t i = 0; i < n; i++) {
        copies[i] = jit_ir_block_new(f);
        c.blocks[blocks[i]->id] = copies[i];
    }
    for (uint32_t i = 0; i < n; i++) copy_contents(&c, copies[i], blocks[i]);
    for (uint32_t i = 0; i < n; i++) link_contents(&c, copies[i], blocks[i]);
    *map = c.nodes;
}
