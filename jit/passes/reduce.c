/* What the iterations of a parallel loop gather together: variables and arrays.
 *
 * A variable that is carried around the loop must be a reduction: from the parameter on, all uses are operands of one
 * operation (+ - together, *, min, max, &, |, ^) whose results flow only into such operations, joins and the next
 * iteration. A maximum or minimum may also be written as a comparison, and a bool may be set. One that is only assigned,
 * and used after the loop, has the last iteration's value. Everything else carries a value from one iteration to the
 * next, and is refused with its name.
 *
 * An array from outside is gathered into when the region does nothing with it but h[k] = h[k] op w (also written
 * h[k] op= w, with min and max, or for rows and whole arrays, acc op= row) with one op. Then each block of iterations has
 * a copy of its own, which starts from the operation's identity; the copies are combined in the order of the blocks.
 */
#include "jit/passes/outline.h"

#include <string.h>

/* ---- operations ---- */

/* The kind of reduction that x performs on chain value v; 0: none. */
static char step_kind(const IrNode *x, const IrNode *v)
{
    BoundCall call;
    if (x->op == OP_PY_BINARY || x->op == OP_PY_INPLACE) {
        bool left = x->args[0] == v, right = x->args[1] == v;
        if (left && right) return 0;
        switch (x->sub) {
        case OPER_ADD: return '+';
        case OPER_SUB: return left ? '+' : 0;
        case OPER_MUL: return '*';
        case OPER_TRUEDIV: return left ? '*' : 0;
        case OPER_AND: return '&';
        case OPER_OR: return '|';
        case OPER_XOR: return '^';
        default: return 0;
        }
    }
    if (x->op == OP_PY_CALL && jit_functions_bind(x, &call) && call.n == 2 &&
        (call.arg[0] == v) != (call.arg[1] == v)) {
        if (call.fn->rule == RULE_minmax) return call.fn->aux == OP_LT ? '<' : '>';
        if (call.fn->rule == RULE_elem && call.fn->aux == ELEM_MINIMUM) return '<';
        if (call.fn->rule == RULE_elem && call.fn->aux == ELEM_MAXIMUM) return '>';
    }
    return 0;
}

static bool edge_has(const IrEdge *e, const IrNode *x)
{
    return e && jit_nodes_have(e->args, e->n, x);
}

/* The only node of the region that uses x; NULL: none, several, or an edge passes it on. */
static IrNode *only_user(const Region *r, const IrNode *x)
{
    IrNode *user = NULL;
    FOR_BLOCKS(b, r->f)
    {
        if (!jit_region_has(r, b)) continue;
        FOR_NODES(y, b)
        {
            if (edge_has(y->exit, x)) return NULL;
            for (uint32_t i = 0; i < y->n; i++) {
                if (y->args[i] != x) continue;
                if (user && user != y) return NULL;
                user = y;
            }
        }
        for (uint32_t s = 0; s < b->nsucc; s++)
            if (edge_has(&b->succ[s], x)) return NULL;
    }
    return user;
}

static bool is_array(const IrNode *x) { return x->type && x->type->kind == TK_ARRAY; }

/* ---- variables ---- */

typedef struct Chain {
    IrNode *list[256];
    uint32_t n;
    char kind;
    const IrNode *bad; /* a use that is no reduction */
} Chain;

static void push(Chain *c, IrNode *x)
{
    if (!jit_nodes_have(c->list, c->n, x) && c->n < 256) c->list[c->n++] = x;
}

static void follow_edge(Chain *c, const IrEdge *e, const IrNode *v, const IrBlock *head,
                        uint32_t slot, const IrNode *from)
{
    for (uint32_t i = 0; i < e->n; i++) {
        if (e->args[i] != v) continue;
        if (e->to == head) {
            if (i != slot) c->bad = from;
        } else {
            push(c, e->to->params[i]);
        }
    }
}

static void follow_uses(Region *r, Chain *c, IrNode *v, uint32_t slot)
{
    FOR_BLOCKS(b, r->f)
    {
        if (!jit_region_has(r, b)) continue;
        FOR_NODES(x, b)
        {
            for (uint32_t i = 0; i < x->n; i++) {
                if (x->args[i] != v) continue;
                char kind = step_kind(x, v);
                if (x->op == OP_U_CONVERT) {
                    push(c, x);
                } else if (kind && (!c->kind || c->kind == kind)) {
                    c->kind = kind;
                    push(c, x);
                } else {
                    c->bad = x;
                }
            }
            if (x->exit) follow_edge(c, x->exit, v, r->head, slot, x);
        }
        for (uint32_t s = 0; s < b->nsucc; s++)
            follow_edge(c, &b->succ[s], v, r->head, slot, b->last);
    }
}

static bool used_outside(Region *r, const IrNode *v)
{
    FOR_BLOCKS(b, r->f)
    {
        if (jit_region_has(r, b)) continue;
        FOR_NODES(x, b)
        if (jit_nodes_have(x->args, x->n, v)) return true;
        for (uint32_t s = 0; s < b->nsucc; s++)
            if (jit_nodes_have(b->succ[s].args, b->succ[s].n, v)) return true;
    }
    return false;
}

/* Back edges must bring members of the chain: a fresh value would drop what was gathered. */
static bool closes(Region *r, const Chain *c, uint32_t slot)
{
    for (uint32_t p = 0; p < r->head->npred; p++)
        if (jit_region_has(r, r->head->preds[p]) &&
            !jit_nodes_have(c->list, c->n, r->head->pred_edges[p]->args[slot]))
            return false;
    return true;
}

/* Joins inside the region may only bring together members. */
static bool joins_closed(const Chain *c)
{
    for (uint32_t k = 1; k < c->n; k++) {
        IrNode *p = c->list[k];
        if (p->op != OP_PARAM) continue;
        uint32_t i = 0;
        while (p->block->params[i] != p) i++;
        for (uint32_t e = 0; e < p->block->npred; e++)
            if (!jit_nodes_have(c->list, c->n, p->block->pred_edges[e]->args[i])) return false;
    }
    return true;
}

/* ---- if w > m: m = w, and if c: found = True ---- */

static const IrNode *unconverted(const IrNode *x)
{
    while (x->op == OP_U_CONVERT) x = x->args[0];
    return x;
}

/* A variable and the joins that may hold it. */
static void gather_members(Region *r, Chain *c, IrNode *p, uint32_t slot)
{
    push(c, p);
    for (uint32_t k = 0; k < c->n; k++) FOR_BLOCKS(b, r->f)
        {
            if (!jit_region_has(r, b)) continue;
            FOR_NODES(x, b)
            if (x->exit) follow_edge(c, x->exit, c->list[k], r->head, slot, x);
            for (uint32_t s = 0; s < b->nsucc; s++)
                follow_edge(c, &b->succ[s], c->list[k], r->head, slot, b->last);
        }
}

/* The only node that uses members of the chain, apart from edges; NULL: none, or several. */
static IrNode *only_reader(const Region *r, const Chain *c)
{
    IrNode *reader = NULL;
    FOR_BLOCKS(b, r->f)
    {
        if (!jit_region_has(r, b)) continue;
        FOR_NODES(x, b)
        for (uint32_t i = 0; i < x->n; i++)
            if (jit_nodes_have(c->list, c->n, x->args[i])) {
                if (reader) return NULL;
                reader = x;
            }
    }
    return reader;
}

typedef struct Choice {
    const IrNode *value; /* what may replace the variable: the w of the comparison, or a constant */
    const IrBlock *where; /* only in blocks that this one dominates; NULL: anywhere */
} Choice;

static bool may_replace(const Choice *choice, const IrNode *x, const IrBlock *from)
{
    x = unconverted(x);
    if (choice->where && !jit_cfg_dominates(choice->where, from)) return false;
    if (choice->value->op == OP_CONST)
        return x->op == OP_CONST && x->type->kind == TK_BOOL && x->imm.i == choice->value->imm.i;
    return jit_depend_same(choice->value, x);
}

/* Do members only meet members and what may replace them, at joins and at the loop's end? */
static bool only_chosen(const Region *r, const Chain *c, uint32_t slot, const Choice *choice)
{
    for (uint32_t e = 0; e < r->head->npred; e++) {
        IrNode *x = r->head->pred_edges[e]->args[slot];
        if (jit_region_has(r, r->head->preds[e]) && !jit_nodes_have(c->list, c->n, x) &&
            !may_replace(choice, x, r->head->preds[e]))
            return false;
    }
    for (uint32_t k = 1; k < c->n; k++) {
        IrNode *p = c->list[k];
        uint32_t i = 0;
        while (p->block->params[i] != p) i++;
        for (uint32_t e = 0; e < p->block->npred; e++) {
            IrNode *x = p->block->pred_edges[e]->args[i];
            if (!jit_nodes_have(c->list, c->n, x) && !may_replace(choice, x, p->block->preds[e]))
                return false;
        }
    }
    return true;
}

/* '>' or '<' for a variable that is replaced only by what compares as more, or less. */
static char select_kind(Region *r, IrNode *p, uint32_t slot)
{
    Chain c = {.n = 0};
    gather_members(r, &c, p, slot);
    IrNode *compare = c.bad ? NULL : only_reader(r, &c);
    if (!compare || compare->op != OP_PY_COMPARE) return 0;
    IrNode *truth = only_user(r, compare), *br = truth ? only_user(r, truth) : NULL;
    if (!br || truth->op != OP_PY_TRUTH || br->op != OP_BR) return 0;
    IrBlock *taken = br->block->succ[0].to;
    bool left = jit_nodes_have(c.list, c.n, compare->args[0]);
    bool less = compare->sub == OPER_LT || compare->sub == OPER_LE;
    if (taken->npred != 1 || (!less && compare->sub != OPER_GT && compare->sub != OPER_GE))
        return 0;
    Choice choice = {unconverted(compare->args[left]), taken};
    return only_chosen(r, &c, slot, &choice) ? (less == left ? '>' : '<') : 0;
}

/* '|' for a bool that only becomes True, '&' for one that only becomes False. */
static char flag_kind(Region *r, IrNode *p, uint32_t slot)
{
    IrNode constant = {.op = OP_CONST};
    Chain c = {.n = 0};
    gather_members(r, &c, p, slot);
    if (c.bad || p->type->kind != TK_BOOL) return 0;
    FOR_BLOCKS(b, r->f)
    if (jit_region_has(r, b)) FOR_NODES(x, b)
    for (uint32_t i = 0; i < x->n; i++)
        if (jit_nodes_have(c.list, c.n, x->args[i])) return 0;
    for (int value = 0; value < 2; value++) {
        constant.imm.i = value;
        Choice choice = {&constant, NULL};
        if (only_chosen(r, &c, slot, &choice)) return value ? '|' : '&';
    }
    return 0;
}

static int classify(Region *r, uint32_t slot)
{
    IrNode *p = r->head->params[slot];
    Chain c = {.n = 0};
    push(&c, p);
    for (uint32_t k = 0; k < c.n && !c.bad; k++) follow_uses(r, &c, c.list[k], slot);
    bool unused = c.n == 1 && !c.kind && !c.bad;
    bool passes = false;
    for (uint32_t e = 0; e < r->head->npred; e++)
        passes |= jit_region_has(r, r->head->preds[e]) && r->head->pred_edges[e]->args[slot] == p;
    if (unused && !passes) {
        if (used_outside(r, p) && jit_type_owns(p->type))
            return jit_diag_set(r->diag, REFUSE_PRANGE_CARRIED, r->next->pos,
                                p->name ? p->name : "a variable");
        r->kinds[slot] = '=';
        return 0;
    }
    if (!c.bad && c.kind && jit_type_is_numeric(p->type) && closes(r, &c, slot) &&
        joins_closed(&c)) {
        r->kinds[slot] = c.kind;
        return 0;
    }
    if (unused && passes) { /* never changed */
        r->kinds[slot] = '=';
        return 0;
    }
    if (jit_type_is_numeric(p->type) && !jit_type_is_complex(p->type) &&
        ((r->kinds[slot] = select_kind(r, p, slot)) || (r->kinds[slot] = flag_kind(r, p, slot))))
        return 0;
    return jit_diag_set(r->diag, REFUSE_PRANGE_CARRIED, c.bad ? c.bad->pos : r->next->pos,
                        p->name ? p->name : "a variable");
}

/* ---- a = a + row makes a new array each time ---- */

/* Turns it into a = a.copy() before the loop and a += row inside; row must have a's shape or less. */
static bool make_inplace(Region *r, uint32_t slot)
{
    IrNode *p = r->head->params[slot], *step = only_user(r, p), *init = NULL;
    IrBlock *before = NULL;
    if (!step || step->op != OP_PY_BINARY || step->type != p->type || p->type->layout != 'C' ||
        !jit_region_has(r, step->block) || !step_kind(step, p))
        return false;
    for (uint32_t e = 0; e < r->head->npred; e++) {
        IrNode *x = r->head->pred_edges[e]->args[slot];
        if (jit_region_has(r, r->head->preds[e])) {
            if (x != step) return false;
        } else {
            if (before) return false;
            before = r->head->preds[e];
            init = x;
        }
    }
    if (!before || !init || step->args[0] != p) return false;
    IrFunc *f = r->f;
    IrNode *callee = jit_ir_node_new(f, OP_CONST, M_VOID, 0);
    callee->type = jit_type_named(TK_FUNC, "numpy.copy", 10);
    IrNode *copy = jit_ir_node_new(f, OP_PY_CALL, M_VOID, 2);
    copy->type = p->type;
    copy->name = p->name;
    copy->pos = step->pos;
    copy->args[0] = callee;
    copy->args[1] = init;
    jit_ir_insert_before(before->last, callee);
    jit_ir_insert_before(before->last, copy);
    for (uint32_t e = 0; e < r->head->npred; e++)
        r->head->pred_edges[e]->args[slot] = r->head->preds[e] == before ? copy : p;
    step->op = OP_PY_INPLACE;
    return true;
}

bool jit_reduce_rebound(Region *r)
{
    for (uint32_t i = 0; i < r->head->nparam; i++)
        if (is_array(r->head->params[i]) && make_inplace(r, i)) return true;
    return false;
}

int jit_reduce_variables(Region *r)
{
    for (uint32_t i = 0; i < r->head->nparam; i++)
        if (classify(r, i) < 0) return -1;
    return 0;
}

/* ---- arrays ---- */

static bool is_store_of(const IrNode *x, const IrNode *array, const IrNode *key, const IrNode *v)
{
    return x && x->op == OP_PY_SETITEM && x->args[0] == array && jit_depend_same(key, x->args[1]) &&
           x->args[2] == v;
}

/* Does gathering in the element's type give what gathering in the step's type and storing gives? */
static bool type_gathers(const JitType *array, const JitType *step, char kind)
{
    const JitType *item = jit_elem_scalar(array);
    if (item == step || (jit_type_is_float(item) && jit_type_is_float(step))) return true;
    return jit_type_is_integer(item) && jit_type_is_integer(step) && kind != '<' && kind != '>';
}

/* h[k] op= w at its load; conversions to the element's type may stand before the store. */
static char load_kind(const Region *r, const IrNode *load)
{
    IrNode *step = only_user(r, load);
    char kind = step ? step_kind(step, load) : 0;
    if (!kind) return 0;
    if (is_array(load)) return step->op == OP_PY_INPLACE ? kind : 0;
    if (!type_gathers(load->args[0]->type, step->type, kind)) return 0;
    IrNode *stored = step, *user = only_user(r, step);
    while (user && user->op == OP_U_CONVERT) user = only_user(r, stored = user);
    return is_store_of(user, load->args[0], load->args[1], stored) ? kind : 0;
}

static bool is_gathering_store(const Region *r, const IrNode *x)
{
    const IrNode *v = x->args[2];
    while (v->op == OP_U_CONVERT) v = v->args[0];
    for (uint32_t i = 0; i < v->n; i++) {
        const IrNode *load = v->args[i];
        if (load->op == OP_PY_GETITEM && load->args[0] == x->args[0] &&
            jit_depend_same(load->args[1], x->args[1]) && jit_region_has(r, load->block) &&
            load_kind(r, load))
            return true;
    }
    return false;
}

/* How x uses the array: a kind, '.' for nothing that reads or writes elements, 0 for all else. */
static char use_kind(const Region *r, const IrNode *x, const IrNode *array)
{
    BoundCall call;
    switch (x->op) {
    case OP_PY_GETATTR:
        return !strcmp(x->text, "shape") || !strcmp(x->text, "size") || !strcmp(x->text, "ndim")
                   ? '.'
                   : 0;
    case OP_PY_CALL: return jit_functions_bind(x, &call) && call.fn->rule == RULE_len ? '.' : 0;
    case OP_PY_GETITEM: return x->args[1] == array ? 0 : load_kind(r, x);
    case OP_PY_SETITEM:
        return x->args[1] != array && x->args[2] != array && is_gathering_store(r, x) ? '.' : 0;
    case OP_PY_INPLACE:
        return is_array(x) && x->args[1] != array && !only_user(r, x) ? step_kind(x, array) : 0;
    default: return 0;
    }
}

char jit_reduce_array(Region *r, const IrNode *array)
{
    char kind = 0;
    if (!jit_type_is_numeric(jit_elem_scalar(array->type))) return 0;
    FOR_BLOCKS(b, r->f)
    {
        if (!jit_region_has(r, b)) continue;
        FOR_NODES(x, b)
        {
            if (edge_has(x->exit, array)) return 0;
            if (!jit_nodes_have(x->args, x->n, array)) continue;
            char use = use_kind(r, x, array);
            if (!use || (use != '.' && kind && kind != use)) return 0;
            if (use != '.') kind = use;
        }
        for (uint32_t s = 0; s < b->nsucc; s++)
            if (edge_has(&b->succ[s], array)) return 0;
    }
    return kind;
}

/* ---- arrays changed in place ---- */

/* a[k] = a[k], which is left of a[k] op= w when a[k] is a view. */
static bool stores_itself(const IrNode *x)
{
    return x->op == OP_PY_SETITEM && x->args[2]->op == OP_PY_GETITEM && is_array(x->args[2]) &&
           is_store_of(x, x->args[2]->args[0], x->args[2]->args[1], x->args[2]);
}

bool jit_reduce_inplace(IrFunc *f)
{
    bool changed = false;
    FOR_BLOCKS(b, f)
    FOR_NODES(x, b)
    if (x->op == OP_PY_INPLACE && is_array(x) && x->type == x->args[0]->type &&
        x->sub != OPER_MATMUL) {
        jit_ir_use_instead(f, x, x->args[0]);
        changed = true;
    }
    FOR_BLOCKS(b, f)
    for (IrNode *x = b->first, *next; x; x = next) {
        next = x->next;
        if (stores_itself(x)) jit_ir_unlink(x);
    }
    return changed;
}
