/* Iteration: py.iter and py.next over ranges, arrays, tuples, enumerate and zip.
 *
 * An iterator is no value at the machine level. `py.next` ends a block H; H gets hidden
 * parameters that hold the iteration's state (an index, or the item itself for ranges of step 1).
 * Edges
 * into H from outside the loop pass the initial state, which py.iter computed; edges from inside
 * pass
 * the advanced state, which is computed at the head of the body.
 */
#include "jit/passes/lower.h"

#include <assert.h>
#include <stdio.h>

uint32_t jit_iter_states(const JitType *t)
{
    switch ((TypeKind)t->kind) {
    case TK_ITER: return jit_iter_states(t->elem[0]);
    case TK_ENUMERATE: return 1 + jit_iter_states(t->elem[0]);
    case TK_ZIP: {
        uint32_t n = 0;
        for (uint32_t i = 0; i < t->n; i++) n += jit_iter_states(t->elem[i]);
        return n;
    }
    default: return 1;
    }
}

/* len(range(start, stop, step)) with a step that is not zero. Unsigned arithmetic holds every count
 * but those beyond int64, which no loop reaches. */
IrNode *jit_lower_range_count(Lower *l, IrNode *const *p)
{
    IrNode *zero = jit_lower_int(l, 0), *one = jit_lower_int(l, 1);
    if (jit_ir_is_int(p[2], 1)) {
        IrNode *n = jit_lower_op2(l, OP_SUB, p[1], p[0]);
        return jit_lower_select(l, jit_lower_op2(l, OP_LT, p[0], p[1]), n, zero);
    }
    IrNode *up = jit_lower_op2(l, OP_GT, p[2], zero);
    IrNode *low = jit_lower_select(l, up, p[0], p[1]), *high = jit_lower_select(l, up, p[1], p[0]);
    IrNode *size = jit_lower_select(l, up, p[2], jit_lower_op1(l, OP_NEG, M_I64, p[2]));
    IrNode *span = jit_lower_op2(l, OP_SUB, jit_lower_op2(l, OP_SUB, high, low), one);
    IrNode *quotient = jit_lower_op2(l, OP_FLOORDIV, jit_lower_conv(l, span, M_U64),
                                     jit_lower_conv(l, size, M_U64));
    IrNode *n = jit_lower_op2(l, OP_ADD, jit_lower_conv(l, quotient, M_I64), one);
    return jit_lower_select(l, jit_lower_op2(l, OP_LT, low, high), n, zero);
}

static void start_range(Lower *l, Iter *it, IterLeaf *leaf)
{
    IrNode **p = leaf->parts;
    leaf->step = jit_ir_is_int(p[2], 1) ? 1 : jit_ir_is_int(p[2], -1) ? -1 : 0;
    leaf->limit = leaf->step ? p[1] : jit_lower_range_count(l, p);
    it->init[it->n - 1] = leaf->step ? p[0] : jit_lower_int(l, 0);
}

static void start_iter(Lower *l, Iter *it, const JitType *t, IrNode **parts)
{
    if (t->kind == TK_ITER) {
        start_iter(l, it, t->elem[0], parts);
        return;
    }
    if (t->kind == TK_ZIP) {
        for (uint32_t i = 0; i < t->n; parts += t->elem[i]->nparts, i++)
            start_iter(l, it, t->elem[i], parts);
        return;
    }
    assert(it->n < LOWER_LEAVES);
    IterLeaf *leaf = &it->leaf[it->n++];
    *leaf = (IterLeaf){.type = t, .parts = parts};
    switch ((TypeKind)t->kind) {
    case TK_RANGE: start_range(l, it, leaf); return;
    case TK_ENUMERATE:
        it->init[it->n - 1] = parts[0];
        start_iter(l, it, t->elem[0], parts + 1);
        return;
    case TK_RECORDS:
    case TK_ARRAY: leaf->limit = parts[2]; break;
    case TK_GEN: break;
    case TK_LIST: break; /* it may grow while it is iterated over */
    case TK_TEXT:
    case TK_SET:
    case TK_DICT:
    case TK_VIEW: leaf->limit = jit_container_length(l, parts[0]); break;
    default: leaf->limit = jit_lower_int(l, t->n); break;
    }
    it->init[it->n - 1] = jit_lower_int(l, 0);
}

static bool counts_items(const JitType *t)
{
    return t->kind == TK_SET || t->kind == TK_DICT || t->kind == TK_VIEW;
}

IrNode *jit_iter_resume(Lower *l, const JitType *t, IrNode *own, IrNode **parts)
{
    char name[300];
    int length = snprintf(name, sizeof name, "%s.next", t->name);
    uint8_t *types = jit_ir_alloc(l->m, t->elem[0]->nparts + 1);
    IrNode *call = jit_ir_op1(l->f, l->cur, OP_CALL, M_VOID, own);
    call->text = jit_ir_text(l->m, name, (size_t)length);
    jit_lower_raising(l, jit_lower_placed(l, call));
    jit_type_parts(t->elem[0], types);
    IrNode *more = jit_lower_op1(l, OP_PROJ, M_I1, call);
    for (uint32_t i = 0; i < t->elem[0]->nparts; i++) {
        parts[i] = jit_lower_op1(l, OP_PROJ, (MType)types[i], call);
        parts[i]->imm.i = i + 1;
    }
    return more;
}

static IrNode *resumed(Lower *l, IterLeaf *leaf)
{
    leaf->items = jit_ir_alloc(l->m, (leaf->type->elem[0]->nparts + 1) * sizeof *leaf->items);
    return jit_iter_resume(l, leaf->type, leaf->parts[0], leaf->items);
}

/* At the end of a loop a generator has given nulls. */
static void drop_items(Lower *l, const Iter *it)
{
    for (uint32_t i = 0; i < it->n; i++)
        for (uint32_t k = 0; it->leaf[i].items && k < it->leaf[i].type->elem[0]->nparts; k++)
            if (it->leaf[i].items[k]->mt == M_OWN) jit_lower_release(l, it->leaf[i].items[k]);
}

static IrNode *has_next(Lower *l, Iter *it, IrNode *const *state)
{
    IrNode *all = NULL;
    for (uint32_t i = 0; i < it->n; i++) {
        IterLeaf *leaf = &it->leaf[i];
        IrNode *limit = leaf->limit, *one;
        if (leaf->type->kind == TK_LIST) limit = jit_container_length(l, leaf->parts[0]);
        if (leaf->type->kind == TK_GEN) {
            one = resumed(l, leaf);
            all = all ? jit_lower_op2(l, OP_AND, all, one) : one;
            continue;
        }
        if (!limit) continue;
        if (counts_items(leaf->type)) {
            jit_container_check_size(l, leaf->type, leaf->parts[0], limit);
            leaf->found = jit_container_probe(l, leaf->type, leaf->parts[0], state[i]);
            one = jit_lower_op2(l, OP_GE, leaf->found, jit_lower_int(l, 0));
        } else {
            one = jit_lower_op2(l, leaf->step < 0 ? OP_GT : OP_LT, state[i], limit);
        }
        all = all ? jit_lower_op2(l, OP_AND, all, one) : one;
    }
    return all ? all : jit_ir_int(l->f, l->cur, M_I1, 0); /* zip() of nothing */
}

static void advance(Lower *l, Iter *it, IrNode *const *state)
{
    for (uint32_t i = 0; i < it->n; i++)
        it->next[i] = jit_lower_nsw(l, OP_ADD, it->leaf[i].found ? it->leaf[i].found : state[i],
                                    jit_lower_int(l, it->leaf[i].step < 0 ? -1 : 1));
}

void jit_iter_tuple_element(Lower *l, const JitType *t, IrNode *const *parts, IrNode *i,
                            IrNode **out)
{
    uint32_t each = t->elem[0]->nparts;
    for (uint32_t k = 0; k < each; k++) {
        IrNode *v = parts[k];
        for (uint32_t e = 1; e < t->n; e++)
            v = jit_lower_select(l, jit_lower_op2(l, OP_EQ, i, jit_lower_int(l, e)),
                                 parts[e * each + k], v);
        out[k] = v;
    }
}

/* Writes the parts of the item; `leaf` and `state` advance over what was used. */
static void make_item(Lower *l, const JitType *t, const IterLeaf **leaf, IrNode *const **state,
                      IrNode **out)
{
    if (t->kind == TK_ITER) {
        make_item(l, t->elem[0], leaf, state, out);
        return;
    }
    if (t->kind == TK_ZIP) {
        for (uint32_t i = 0; i < t->n; i++) {
            make_item(l, t->elem[i], leaf, state, out);
            out += jit_infer_item(t->elem[i])->nparts;
        }
        return;
    }
    const IterLeaf *me = (*leaf)++;
    IrNode *s = *(*state)++;
    switch ((TypeKind)t->kind) {
    case TK_ENUMERATE:
        out[0] = s;
        make_item(l, t->elem[0], leaf, state, out + 1);
        break;
    case TK_RANGE:
        out[0] = me->step ? s
                          : jit_lower_nsw(l, OP_ADD, me->parts[0],
                                          jit_lower_nsw(l, OP_MUL, s, me->parts[2]));
        break;
    case TK_ARRAY: {
        Arr a = jit_array_of(l, t, me->parts);
        if (t->rank == 1) {
            Num v = jit_array_item(l, &a, s);
            out[0] = v.re;
            if (v.im) out[1] = v.im;
        } else {
            Arr row = jit_array_row(l, &a, s, jit_infer_item(t));
            jit_array_parts(&row, out);
            if (jit_infer_item_is_fresh(l->item_of)) jit_lower_op1(l, OP_RETAIN, M_VOID, row.own);
        }
        break;
    }
    case TK_GEN: jit_lower_copy(out, me->items, t->elem[0]->nparts); break;
    case TK_RECORDS:
        jit_record_item(l, t, me->parts, s, out);
        if (!jit_infer_item_is_fresh(l->item_of)) break;
        for (uint32_t k = 0; k < jit_infer_record_iterated(t)->nparts; k++)
            if (out[k]->mt == M_OWN) jit_lower_op1(l, OP_RETAIN, M_VOID, out[k]);
        break;
    case TK_LIST:
    case TK_TEXT:
    case TK_SET:
    case TK_DICT:
    case TK_VIEW:
        jit_container_item(l, t, me->parts[0], me->found ? me->found : s, out);
        break;
    default:
        jit_iter_tuple_element(l, t, me->parts, s, out);
        if (!jit_infer_item_is_fresh(l->item_of)) break;
        for (uint32_t k = 0; k < t->elem[0]->nparts; k++)
            if (out[k]->mt == M_OWN) jit_lower_op1(l, OP_RETAIN, M_VOID, out[k]);
        break;
    }
}

void jit_iter_start(Lower *l, const IrNode *x)
{
    Iter *it = jit_ir_alloc(l->m, sizeof *it);
    const JitType *t;
    IrNode **parts = jit_lower_unwrapped(l, x->args[0], &t);
    start_iter(l, it, t, parts);
    l->iters[x->id] = it;
    jit_lower_set(l, x, t->nparts, parts);
}

void jit_iter_next(Lower *l, const IrNode *x)
{
    const IrBlock *b = x->block;
    Iter *it = l->iters[x->args[0]->id];
    IrBlock *entered = l->blocks[b->id];
    IrNode **state = entered->params + (entered->nparam - it->n);
    IrBlock *body = jit_ir_block_new(l->f), *done = jit_ir_block_new(l->f);
    IrNode *more = has_next(l, it, state);
    jit_ir_br(l->f, l->cur, more, body, done);
    l->cur = body;
    l->item_of = x->args[0]->type;
    const IterLeaf *leaf = it->leaf;
    IrNode *const *at = state;
    IrNode **item = jit_ir_alloc(l->m, (x->type->nparts + 1) * sizeof *item);
    make_item(l, x->args[0]->type, &leaf, &at, item);
    jit_lower_set(l, x, x->type->nparts, item);
    advance(l, it, state);
    IrNode **args;
    uint32_t n;
    IrBlock *to = jit_lower_target(l, b, &b->succ[0], &n, &args);
    jit_ir_jump(l->f, l->cur, to, n, args);
    l->cur = done;
    drop_items(l, it);
    to = jit_lower_target(l, b, &b->succ[1], &n, &args);
    jit_ir_jump(l->f, l->cur, to, n, args);
}
