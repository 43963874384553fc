/* lower_container.c: lists, dicts, sets and text as machine-level nodes.
 *
 * A container is one owner; behind it stand the structs of jit/run/containers.h. Reading, storing
 * and appending to lists is inline code, everything else a call of the runtime. An item is its
 * parts, each a word of 8 bytes; a part that owns is retained when it goes into a container and
 * when it comes out of one, so what an op gives is always a fresh reference (own.c). */
#include <stddef.h>
#include <string.h>

#include "jit/passes/lower.h"
#include "jit/run/containers.h"

#define OP2(op, x, y) jit_lower_op2(l, OP_##op, x, y)

static IrNode *int_of(Lower *l, int64_t v) { return jit_lower_int(l, v); }

static IrNode *rt1(Lower *l, IrRt rt, IrNode *a) { return jit_lower_rt(l, rt, 1, &a); }
static IrNode *rt2(Lower *l, IrRt rt, IrNode *a, IrNode *b)
{
    IrNode *args[] = {a, b};
    return jit_lower_rt(l, rt, 2, args);
}
static IrNode *rt3(Lower *l, IrRt rt, IrNode *a, IrNode *b, IrNode *c)
{
    IrNode *args[] = {a, b, c};
    return jit_lower_rt(l, rt, 3, args);
}

/* A fresh owner that may be NULL for want of memory. */
IrNode *jit_container_checked(Lower *l, IrNode *own)
{
    jit_lower_push_temp(l, own);
    IrNode *word = jit_lower_op1(l, OP_BITS, M_I64, own);
    jit_lower_check(l, OP2(NE, word, int_of(l, 0)), ERR_NO_MEMORY, NULL, NULL, NULL, NULL);
    jit_lower_pop_temp(l);
    return own;
}

static void check_memory(Lower *l, IrNode *ok)
{
    jit_lower_check(l, ok, ERR_NO_MEMORY, NULL, NULL, NULL, NULL);
}

/* ---- Items and words ---- */

static ItemShape shape_of(Lower *l, const JitType *t)
{
    uint8_t *parts = jit_ir_alloc(l->m, t->nparts + 1);
    ItemShape s = {.width = t->nparts};
    jit_type_parts(t, parts);
    bool text = t->kind == TK_TEXT;
    for (uint32_t i = 0; i < t->nparts && i < ITEM_WORDS_MAX; i++) {
        uint64_t kind = parts[i] == M_F64   ? WORD_FLOAT
                        : parts[i] == M_F32 ? WORD_FLOAT32
                        : text              ? WORD_TEXT
                                            : WORD_BITS;
        s.owned |= (uint64_t)(parts[i] == M_OWN) << i;
        s.kinds |= kind << (2 * i);
    }
    for (uint32_t i = 0; t->kind == TK_TUPLE && i < t->n; i++)
        if (t->elem[i]->kind == TK_TEXT)
            s.kinds |= (uint64_t)WORD_TEXT << (2 * jit_type_part_of(t, i));
    return s;
}

static IrNode *as_word(Lower *l, IrNode *v)
{
    switch ((MType)v->mt) {
    case M_OWN: return rt1(l, RT_WORD_PUT, v);
    case M_F32:
        return jit_lower_conv(l, jit_lower_conv(l, jit_lower_op1(l, OP_BITS, M_U32, v), M_U64),
                              M_I64);
    case M_F64:
    case M_PTR: return v;
    default: return jit_lower_conv(l, v, M_I64);
    }
}

/* Puts a value's parts into memory; the place holds references of its own. */
void jit_container_put_words(Lower *l, IrNode *base, uint32_t n, IrNode *const *parts)
{
    for (uint32_t i = 0; i < n; i++)
        jit_lower_store(l, base, int_of(l, 8 * (int64_t)i), as_word(l, parts[i]));
}

/* The same where no reference is to be kept: a key that is only looked up. */
static void lend_words(Lower *l, IrNode *base, uint32_t n, IrNode *const *parts)
{
    for (uint32_t i = 0; i < n; i++) {
        IrNode *v = parts[i]->mt == M_OWN ? jit_lower_op1(l, OP_BITS, M_I64, parts[i])
                                          : as_word(l, parts[i]);
        jit_lower_store(l, base, int_of(l, 8 * (int64_t)i), v);
    }
}

static void drop_words(Lower *l, IrNode *base, const JitType *t)
{
    uint8_t *types = jit_ir_alloc(l->m, t->nparts + 1);
    jit_type_parts(t, types);
    for (uint32_t i = 0; i < t->nparts; i++)
        if (types[i] == M_OWN)
            rt1(l, RT_WORD_DROP, jit_lower_load(l, M_I64, base, int_of(l, 8 * (int64_t)i)));
}

void jit_container_take_words(Lower *l, IrNode *base, const JitType *t, bool borrowed, IrNode **out)
{
    uint8_t *types = jit_ir_alloc(l->m, t->nparts + 1);
    jit_type_parts(t, types);
    for (uint32_t i = 0; i < t->nparts; i++) {
        MType m = (MType)types[i];
        IrNode *at = int_of(l, 8 * (int64_t)i);
        if (m == M_OWN && borrowed)
            out[i] = jit_lower_load(l, M_OWN, base, at);
        else if (m == M_OWN)
            out[i] = rt1(l, RT_WORD_TAKE, jit_lower_load(l, M_I64, base, at));
        else if (m == M_F64 || m == M_F32 || m == M_PTR)
            out[i] = jit_lower_load(l, m, base, at);
        else if (m == M_I1)
            out[i] = OP2(NE, jit_lower_load(l, M_I64, base, at), int_of(l, 0));
        else
            out[i] = jit_lower_conv(l, jit_lower_load(l, M_I64, base, at), m);
    }
}

static void take_item(Lower *l, const IrNode *x, IrNode *base, const JitType *t)
{
    IrNode **out = jit_ir_alloc(l->m, (t->nparts + 1) * sizeof *out);
    jit_container_take_words(l, base, t, false, out);
    jit_lower_set(l, x, t->nparts, out);
}

static IrNode *stack(Lower *l, int64_t words)
{
    IrNode *x = jit_lower_placed(l, jit_ir_op0(l->f, l->cur, OP_STACK, M_PTR));
    x->imm.i = words ? words : 1;
    return x;
}

static IrNode *owner_of(Lower *l, const IrNode *x) { return jit_lower_parts(l, x)[0]; }

static IrNode *field(Lower *l, IrNode *own, size_t offset, MType m)
{
    return jit_lower_load(l, m, jit_lower_op1(l, OP_DATA, M_PTR, own), int_of(l, (int64_t)offset));
}

IrNode *jit_container_length(Lower *l, IrNode *own) { return field(l, own, 0, M_I64); }

/* A constant's text: its bytes are stored into the stack and read by the runtime. */
IrNode *jit_container_text(Lower *l, const char *text)
{
    size_t n = strlen(text);
    IrNode *area = stack(l, (int64_t)(n + 7) / 8);
    for (size_t i = 0; i < n; i += 8) {
        int64_t word = 0;
        memcpy(&word, text + i, n - i < 8 ? n - i : 8);
        jit_lower_store(l, area, int_of(l, (int64_t)i), int_of(l, word));
    }
    return jit_container_checked(l, rt2(l, RT_TEXT_UTF8, area, int_of(l, (int64_t)n)));
}

/* ---- Making ---- */

static IrNode *make_empty(Lower *l, const JitType *t, int64_t room)
{
    ItemShape a = shape_of(l, t->elem[0]), b = {0};
    if (t->kind == TK_DICT) b = shape_of(l, t->elem[1]);
    IrNode *width = int_of(l, a.width), *owned = int_of(l, (int64_t)a.owned),
           *kinds = int_of(l, (int64_t)a.kinds);
    IrNode *list[] = {int_of(l, room), width, owned, kinds};
    IrNode *dict[] = {width,
                      owned,
                      kinds,
                      int_of(l, b.width),
                      int_of(l, (int64_t)b.owned),
                      int_of(l, (int64_t)b.kinds)};
    if (t->kind == TK_LIST) return jit_container_checked(l, jit_lower_rt(l, RT_LIST_NEW, 4, list));
    if (t->kind == TK_SET) return jit_container_checked(l, jit_lower_rt(l, RT_SET_NEW, 3, list + 1));
    return jit_container_checked(l, jit_lower_rt(l, RT_DICT_NEW, 6, dict));
}

IrNode *jit_container_new_list(Lower *l, const JitType *item, int64_t room)
{
    return make_empty(l, jit_type_list(item), room);
}

static void set_own(Lower *l, const IrNode *x, IrNode *own) { jit_lower_set(l, x, 1, &own); }

static IrNode *key_area(Lower *l, const JitType *t, IrNode *const *parts)
{
    IrNode *area = stack(l, t->nparts);
    lend_words(l, area, t->nparts, parts);
    return area;
}

static void dict_store(Lower *l, IrNode *own, const JitType *t, IrNode *const *key,
                       IrNode *const *value)
{
    IrNode *at = rt2(l, RT_DICT_PUT, own, key_area(l, t->elem[0], key));
    check_memory(l, OP2(GE, at, int_of(l, 0)));
    IrNode *entry = rt2(l, RT_DICT_ENTRY, own, at);
    entry = OP2(PTRADD, entry, int_of(l, 8 * (int64_t)t->elem[0]->nparts));
    jit_container_replace_words(l, entry, t->elem[1], value);
}

static void set_add(Lower *l, IrNode *own, const JitType *t, IrNode *const *key)
{
    IrNode *status = rt2(l, RT_SET_ADD, own, key_area(l, t->elem[0], key));
    check_memory(l, OP2(GE, status, int_of(l, 0)));
}

void jit_container_display(Lower *l, const IrNode *x)
{
    const JitType *t = x->type;
    IrNode *own = make_empty(l, t, x->n);
    jit_lower_push_temp(l, own);
    if (t->kind == TK_LIST) {
        IrNode *data = jit_lower_op1(l, OP_DATA, M_PTR, own);
        IrNode *items = jit_lower_load(l, M_PTR, data, int_of(l, offsetof(KernelList, items)));
        for (uint32_t i = 0; i < x->n; i++) {
            IrNode *at = OP2(PTRADD, items, int_of(l, 8 * (int64_t)i * t->elem[0]->nparts));
            jit_container_put_words(l, at, t->elem[0]->nparts, jit_lower_parts(l, x->args[i]));
        }
        jit_lower_store(l, data, int_of(l, 0), int_of(l, x->n));
    }
    for (uint32_t i = 0; t->kind == TK_SET && i < x->n; i++)
        set_add(l, own, t, jit_lower_parts(l, x->args[i]));
    for (uint32_t i = 0; t->kind == TK_DICT && i < x->n; i += 2)
        dict_store(l, own, t, jit_lower_parts(l, x->args[i]), jit_lower_parts(l, x->args[i + 1]));
    jit_lower_pop_temp(l);
    set_own(l, x, own);
}

/* ---- Lists ---- */

/* The index counted from 0, checked. */
static IrNode *valid_index(Lower *l, const IrNode *index, IrNode *length, IrErr err)
{
    IrNode *i = jit_scalar_int(l, jit_lower_num(l, index));
    IrNode *k = OP2(WRAP, i, length);
    IrNode *ok = OP2(LT, jit_lower_conv(l, k, M_U64), jit_lower_conv(l, length, M_U64));
    jit_lower_check(l, ok, err, NULL, NULL, NULL, NULL);
    return k;
}

static IrNode *list_place(Lower *l, IrNode *own, const JitType *item, IrNode *i)
{
    IrNode *items = field(l, own, offsetof(KernelList, items), M_PTR);
    return OP2(PTRADD, items, jit_lower_nsw(l, OP_MUL, i, int_of(l, 8 * (int64_t)item->nparts)));
}

void jit_container_getitem(Lower *l, const IrNode *x)
{
    const JitType *t = x->args[0]->type;
    IrNode *own = owner_of(l, x->args[0]);
    if (t->kind == TK_TEXT) {
        IrNode *i = valid_index(l, x->args[1], jit_container_length(l, own), ERR_TEXT_INDEX);
        set_own(l, x, jit_container_checked(l, rt1(l, RT_TEXT_CHAR, rt2(l, RT_TEXT_AT, own, i))));
        return;
    }
    IrNode *i = valid_index(l, x->args[1], jit_container_length(l, own), ERR_LIST_INDEX);
    take_item(l, x, list_place(l, own, t->elem[0], i), t->elem[0]);
}

void jit_container_replace_words(Lower *l, IrNode *place, const JitType *t, IrNode *const *parts)
{
    IrNode **words = jit_ir_alloc(l->m, (t->nparts + 1) * sizeof *words);
    for (uint32_t k = 0; k < t->nparts; k++) words[k] = as_word(l, parts[k]);
    drop_words(l, place, t);
    for (uint32_t k = 0; k < t->nparts; k++) jit_lower_store(l, place, int_of(l, 8 * (int64_t)k), words[k]);
}

static void list_store(Lower *l, IrNode *own, const JitType *item, IrNode *i, IrNode *const *parts)
{
    jit_container_replace_words(l, list_place(l, own, item, i), item, parts);
}

void jit_container_setitem(Lower *l, const IrNode *x)
{
    const JitType *t = x->args[0]->type;
    IrNode *own = owner_of(l, x->args[0]);
    jit_lower_set(l, x, 0, NULL);
    if (t->kind == TK_DICT) {
        dict_store(l, own, t, jit_lower_parts(l, x->args[1]), jit_lower_parts(l, x->args[2]));
        return;
    }
    IrNode *i = valid_index(l, x->args[1], jit_container_length(l, own), ERR_LIST_STORE);
    list_store(l, own, t->elem[0], i, jit_lower_parts(l, x->args[2]));
}

static void list_append(Lower *l, const BoundCall *c)
{
    const JitType *item = c->arg[0]->type->elem[0];
    IrNode *own = owner_of(l, c->arg[0]);
    IrNode *n = jit_container_length(l, own),
           *room = field(l, own, offsetof(KernelList, room), M_I64);
    If full;
    jit_lower_if(l, &full, OP2(EQ, n, room));
    l->cur->flags |= BLOCK_COLD;
    IrNode *more = jit_lower_nsw(l, OP_ADD, n, int_of(l, 1));
    check_memory(l, OP2(NE, rt2(l, RT_LIST_RESERVE, own, more), int_of(l, 0)));
    jit_lower_endif(l, &full, 0, NULL);
    jit_container_put_words(l, list_place(l, own, item, n), item->nparts,
                            jit_lower_parts(l, c->arg[1]));
    jit_lower_store(l, jit_lower_op1(l, OP_DATA, M_PTR, own), int_of(l, 0),
                    jit_lower_nsw(l, OP_ADD, n, int_of(l, 1)));
}

/* insert() takes any index and clamps it. */
static void list_insert(Lower *l, const BoundCall *c)
{
    const JitType *item = c->arg[0]->type->elem[0];
    IrNode *own = owner_of(l, c->arg[0]), *zero = int_of(l, 0);
    IrNode *n = jit_container_length(l, own), *i = jit_scalar_int(l, jit_lower_num(l, c->arg[1]));
    i = OP2(WRAP, i, n);
    i = jit_lower_select(l, OP2(LT, i, zero), zero, i);
    i = jit_lower_select(l, OP2(GT, i, n), n, i);
    check_memory(l, OP2(NE, rt3(l, RT_LIST_GAP, own, i, int_of(l, 1)), zero));
    jit_container_put_words(l, list_place(l, own, item, i), item->nparts,
                            jit_lower_parts(l, c->arg[2]));
}

static void list_pop(Lower *l, const IrNode *x, const BoundCall *c)
{
    const JitType *item = c->arg[0]->type->elem[0];
    IrNode *own = owner_of(l, c->arg[0]), *n = jit_container_length(l, own), *i;
    jit_lower_check(l, OP2(NE, n, int_of(l, 0)), ERR_LIST_POP_EMPTY, NULL, NULL, NULL, NULL);
    if (c->arg[1])
        i = valid_index(l, c->arg[1], n, ERR_LIST_POP);
    else
        i = jit_lower_nsw(l, OP_SUB, n, int_of(l, 1));
    take_item(l, x, list_place(l, own, item, i), item);
    if (!c->arg[1]) { /* the last one: inline */
        drop_words(l, list_place(l, own, item, i), item);
        jit_lower_store(l, jit_lower_op1(l, OP_DATA, M_PTR, own), int_of(l, 0), i);
        return;
    }
    IrNode *args[] = {own, i, int_of(l, 1), int_of(l, 1)};
    jit_lower_rt(l, RT_LIST_CUT, 4, args);
}

static IrNode *int_arg(Lower *l, const BoundCall *c, int i)
{
    return jit_scalar_int(l, jit_lower_num(l, c->arg[i]));
}

static void list_cut(Lower *l, const BoundCall *c)
{
    IrNode *args[] = {owner_of(l, c->arg[0]), int_arg(l, c, 1), int_arg(l, c, 2), int_of(l, 1)};
    jit_lower_rt(l, RT_LIST_CUT, 4, args);
}

/* ---- Text ---- */

static IrNode *same_text(Lower *l, IrNode *own)
{
    return rt1(l, RT_WORD_TAKE, jit_lower_op1(l, OP_BITS, M_I64, own));
}

/* str() of a value; repr() of it if quoted. */
static IrNode *text_of(Lower *l, const JitType *t, IrNode *const *p, bool quoted)
{
    if (t->kind == TK_NONE) return jit_container_text(l, "None");
    if (t->kind == TK_STR) {
        IrNode *plain = jit_container_text(l, t->name);
        if (!quoted) return plain;
        IrNode *r = jit_container_checked(l, rt1(l, RT_TEXT_REPR, plain));
        jit_lower_release(l, plain);
        return r;
    }
    if (t->kind == TK_TEXT)
        return quoted ? jit_container_checked(l, rt1(l, RT_TEXT_REPR, p[0])) : same_text(l, p[0]);
    MType m = (MType)p[0]->mt;
    if (jit_type_is_complex(t))
        return jit_container_checked(l, rt2(l, RT_TEXT_COMPLEX, jit_lower_conv(l, p[0], M_F64),
                              jit_lower_conv(l, p[1], M_F64)));
    if (m == M_I1) return jit_container_checked(l, rt1(l, RT_TEXT_BOOL, p[0]));
    if (m == M_F32) return jit_container_checked(l, rt1(l, RT_TEXT_FLOAT32, p[0]));
    if (m == M_F64) return jit_container_checked(l, rt1(l, RT_TEXT_FLOAT, p[0]));
    IrNode *wide = jit_lower_conv(l, p[0], M_I64);
    return jit_container_checked(l, rt1(l, m == M_U64 ? RT_TEXT_UINT : RT_TEXT_INT, wide));
}

static IrNode *formatted(Lower *l, const IrNode *value, const IrNode *spec)
{
    const JitType *t = value->type;
    IrNode **p = jit_lower_parts(l, value), *own;
    IrNode *s = owner_of(l, spec);
    if (t->kind == TK_TEXT)
        own = rt2(l, RT_TEXT_FORMAT_TEXT, p[0], s);
    else if (jit_type_is_float(t))
        own = rt2(l, RT_TEXT_FORMAT_FLOAT, jit_lower_conv(l, p[0], M_F64), s);
    else
        own = rt2(l, RT_TEXT_FORMAT_INT, jit_lower_conv(l, p[0], M_I64), s);
    jit_lower_push_temp(l, own);
    IrNode *ok = OP2(NE, jit_lower_op1(l, OP_BITS, M_I64, own), int_of(l, 0));
    jit_lower_check(l, ok, ERR_FORMAT, NULL, NULL, NULL, NULL);
    jit_lower_pop_temp(l);
    return own;
}

IrNode *jit_container_compare(Lower *l, IrOperator oper, const JitType *a, IrNode *const *p,
                              const JitType *b, IrNode *const *q)
{
    static const IrOp ops[] = {OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE};
    IrNode *u = a->kind == TK_STR ? jit_container_text(l, a->name) : p[0];
    if (a->kind == TK_STR) jit_lower_push_temp(l, u);
    IrNode *v = b->kind == TK_STR ? jit_container_text(l, b->name) : q[0];
    if (a->kind == TK_STR) jit_lower_pop_temp(l);
    IrNode *order = rt2(l, RT_TEXT_COMPARE, u, v);
    if (a->kind == TK_STR) jit_lower_release(l, u);
    if (b->kind == TK_STR) jit_lower_release(l, v);
    return jit_lower_op2(l, ops[oper - OPER_EQ], order, int_of(l, 0));
}

IrNode *jit_container_text_in(Lower *l, const IrNode *part, const IrNode *whole)
{
    IrNode *all = owner_of(l, whole);
    IrNode *args[] = {all, owner_of(l, part), int_of(l, 0), jit_container_length(l, all)};
    return OP2(GE, jit_lower_rt(l, RT_TEXT_FIND, 4, args), int_of(l, 0));
}

/* text + text, text * n, n * text */
void jit_container_text_binary(Lower *l, const IrNode *x)
{
    const IrNode *a = x->args[0], *b = x->args[1];
    if (a->type->kind == TK_TEXT && b->type->kind == TK_TEXT) {
        set_own(l, x, jit_container_checked(l, rt2(l, RT_TEXT_CONCAT, owner_of(l, a), owner_of(l, b))));
        return;
    }
    const IrNode *text = a->type->kind == TK_TEXT ? a : b, *count = text == a ? b : a;
    IrNode *n = jit_scalar_int(l, jit_lower_num(l, count));
    set_own(l, x, jit_container_checked(l, rt2(l, RT_TEXT_REPEAT, owner_of(l, text), n)));
}

/* int(text) and float(text) */
void jit_container_text_number(Lower *l, const IrNode *x, const IrNode *text)
{
    bool integer = x->type->kind == TK_INT;
    IrNode *area = stack(l, 1), *own, *status;
    bool constant = text->type->kind == TK_STR;
    own = constant ? jit_container_text(l, text->type->name) : owner_of(l, text);
    IrNode *args[] = {own, int_of(l, 10), area};
    status =
        integer ? jit_lower_rt(l, RT_TEXT_TO_INT, 3, args) : rt2(l, RT_TEXT_TO_FLOAT, own, area);
    if (constant) jit_lower_release(l, own);
    jit_lower_check(l, OP2(NE, status, int_of(l, 2)), ERR_INT_TEXT_BIG, NULL, NULL, NULL, NULL);
    jit_lower_check(l, OP2(EQ, status, int_of(l, 0)), integer ? ERR_INT_TEXT : ERR_FLOAT_TEXT, NULL,
                    NULL, NULL, NULL);
    IrNode *r = jit_lower_load(l, integer ? M_I64 : M_F64, area, int_of(l, 0));
    jit_lower_set(l, x, 1, &r);
}

/* ---- Iteration ---- */

/* What the head of a loop computes before it knows whether there is an item: NULL for containers
 * that count. */
IrNode *jit_container_probe(Lower *l, const JitType *t, IrNode *own, IrNode *state)
{
    if (t->kind == TK_SET) return rt2(l, RT_SET_NEXT, own, state);
    if (t->kind == TK_DICT || t->kind == TK_VIEW) return rt2(l, RT_DICT_NEXT, own, state);
    return NULL;
}

/* A dict or set must keep its size while it is iterated over. */
void jit_container_check_size(Lower *l, const JitType *t, IrNode *own, IrNode *before)
{
    jit_lower_check(l, OP2(EQ, jit_container_length(l, own), before),
                    t->kind == TK_SET ? ERR_SET_RESIZED : ERR_DICT_RESIZED, NULL, NULL, NULL, NULL);
}

void jit_container_item(Lower *l, const JitType *t, IrNode *own, IrNode *at, IrNode **out)
{
    IrNode *entry;
    switch ((TypeKind)t->kind) {
    case TK_LIST: jit_container_take_words(l, list_place(l, own, t->elem[0], at), t->elem[0], false, out); return;
    case TK_TEXT: out[0] = rt1(l, RT_TEXT_CHAR, rt2(l, RT_TEXT_AT, own, at)); return;
    case TK_SET: jit_container_take_words(l, rt2(l, RT_SET_ENTRY, own, at), t->elem[0], false, out); return;
    case TK_DICT: jit_container_take_words(l, rt2(l, RT_DICT_ENTRY, own, at), t->elem[0], false, out); return;
    default: break;
    }
    const JitType *key = t->elem[0]->elem[0], *value = t->elem[0]->elem[1];
    entry = rt2(l, RT_DICT_ENTRY, own, at);
    if (t->name[0] != 'v') {
        jit_container_take_words(l, entry, key, false, out);
        out += key->nparts;
    }
    if (t->name[0] != 'k')
        jit_container_take_words(l, OP2(PTRADD, entry, int_of(l, 8 * (int64_t)key->nparts)), value, false, out);
}

/* ---- Functions ---- */

static void set_int(Lower *l, const IrNode *x, IrNode *v) { jit_lower_set(l, x, 1, &v); }

static void key_call(Lower *l, const IrNode *x, const BoundCall *c, IrRt rt)
{
    const JitType *key = c->arg[0]->type->elem[0];
    IrNode *area = key_area(l, key, jit_lower_parts(l, c->arg[1]));
    set_int(l, x, rt2(l, rt, owner_of(l, c->arg[0]), area));
}

static IrNode *hash_of(Lower *l, const IrNode *x)
{
    IrNode **p = jit_lower_parts(l, x);
    if (x->type->kind == TK_TEXT) return rt1(l, RT_TEXT_HASH, p[0]);
    if (jit_type_is_float(x->type)) return rt1(l, RT_HASH_FLOAT, jit_lower_conv(l, p[0], M_F64));
    return rt1(l, RT_HASH_INT, jit_lower_conv(l, p[0], M_I64));
}

static void call_text(Lower *l, const IrNode *x, const BoundCall *c)
{
    IrNode *self = c->arg[0] && c->arg[0]->type->kind == TK_TEXT ? owner_of(l, c->arg[0]) : NULL;
    IrNode *zero = int_of(l, 0);
    switch ((ContainerOp)c->fn->aux) {
    case CONT_STR:
    case CONT_REPR:
        set_own(l, x,
                c->arg[0] ? text_of(l, c->arg[0]->type, jit_lower_parts(l, c->arg[0]),
                                    c->fn->aux == CONT_REPR)
                          : jit_container_text(l, ""));
        return;
    case CONT_FORMAT:
        set_own(l, x,
                c->arg[1] ? formatted(l, c->arg[0], c->arg[1])
                          : text_of(l, c->arg[0]->type, jit_lower_parts(l, c->arg[0]), false));
        return;
    case CONT_TEXT_FIND:
    case CONT_TEXT_RFIND: {
        IrNode *args[] = {self, owner_of(l, c->arg[1]), int_arg(l, c, 2), int_arg(l, c, 3)};
        set_int(
            l, x,
            jit_lower_rt(l, c->fn->aux == CONT_TEXT_FIND ? RT_TEXT_FIND : RT_TEXT_RFIND, 4, args));
        return;
    }
    case CONT_TEXT_CASE:
        set_own(l, x, jit_container_checked(l, rt2(l, RT_TEXT_CASE, self, int_arg(l, c, 1))));
        return;
    case CONT_TEXT_IS:
        set_int(l, x, OP2(NE, rt2(l, RT_TEXT_IS, self, int_arg(l, c, 1)), zero));
        return;
    case CONT_TEXT_SLICE: {
        IrNode *args[] = {self, int_arg(l, c, 1), int_arg(l, c, 2), int_arg(l, c, 3)};
        set_own(l, x, jit_container_checked(l, jit_lower_rt(l, RT_TEXT_SLICE, 4, args)));
        return;
    }
    case CONT_TEXT_JOIN:
        set_own(l, x, jit_container_checked(l, rt2(l, RT_TEXT_JOIN, self, owner_of(l, c->arg[1]))));
        return;
    case CONT_TEXT_AT: set_int(l, x, rt2(l, RT_TEXT_AT, self, int_arg(l, c, 1))); return;
    case CONT_CHAR_IS:
        set_int(l, x, OP2(NE, rt2(l, RT_CHAR_IS, int_arg(l, c, 0), int_arg(l, c, 1)), zero));
        return;
    case CONT_CHR: {
        IrNode *unit = int_arg(l, c, 0);
        IrNode *ok =
            OP2(LT, jit_lower_conv(l, unit, M_U64), jit_lower_conv(l, int_of(l, 0x110000), M_U64));
        jit_lower_check(l, ok, ERR_CHR_RANGE, NULL, NULL, NULL, NULL);
        set_own(l, x, jit_container_checked(l, rt1(l, RT_TEXT_CHAR, unit)));
        return;
    }
    default: { /* ord */
        IrNode *n = jit_container_length(l, self);
        jit_lower_check(l, OP2(EQ, n, int_of(l, 1)), ERR_ORD_LENGTH, NULL, n, NULL, NULL);
        set_int(l, x, rt2(l, RT_TEXT_AT, self, zero));
    }
    }
}

static void call_hash(Lower *l, const IrNode *x, const BoundCall *c)
{
    const JitType *t = c->arg[0]->type;
    IrNode *own = owner_of(l, c->arg[0]);
    switch ((ContainerOp)c->fn->aux) {
    case CONT_DICT_FIND: key_call(l, x, c, RT_DICT_FIND); return;
    case CONT_SET_FIND: key_call(l, x, c, RT_SET_FIND); return;
    case CONT_DICT_KEY:
        take_item(l, x, rt2(l, RT_DICT_ENTRY, own, int_arg(l, c, 1)), t->elem[0]);
        return;
    case CONT_DICT_VALUE: {
        IrNode *entry = rt2(l, RT_DICT_ENTRY, own, int_arg(l, c, 1));
        take_item(l, x, OP2(PTRADD, entry, int_of(l, 8 * (int64_t)t->elem[0]->nparts)), t->elem[1]);
        return;
    }
    case CONT_SET_KEY:
        take_item(l, x, rt2(l, RT_SET_ENTRY, own, int_arg(l, c, 1)), t->elem[0]);
        return;
    case CONT_DICT_NEXT: set_int(l, x, rt2(l, RT_DICT_NEXT, own, int_arg(l, c, 1))); return;
    case CONT_DICT_LAST: set_int(l, x, rt1(l, RT_DICT_LAST, own)); return;
    case CONT_SET_NEXT: set_int(l, x, rt2(l, RT_SET_NEXT, own, int_arg(l, c, 1))); return;
    case CONT_SET_FINGER: set_int(l, x, rt1(l, RT_SET_FINGER, own)); return;
    case CONT_DICT_DELETE: rt2(l, RT_DICT_DELETE, own, int_arg(l, c, 1)); break;
    case CONT_SET_DELETE: rt2(l, RT_SET_DELETE, own, int_arg(l, c, 1)); break;
    case CONT_DICT_CLEAR: rt1(l, RT_DICT_CLEAR, own); break;
    case CONT_SET_CLEAR: rt1(l, RT_SET_CLEAR, own); break;
    case CONT_SET_ADD: set_add(l, own, t, jit_lower_parts(l, c->arg[1])); break;
    case CONT_SET_MERGE:
        check_memory(l, OP2(GE, rt2(l, RT_SET_MERGE, own, owner_of(l, c->arg[1])), int_of(l, 0)));
        break;
    default: /* views are their dict */
        jit_lower_set(l, x, 1, jit_lower_parts(l, c->arg[0]));
        return;
    }
    jit_lower_set(l, x, 0, NULL);
}

/* next(generator) */
static void next_item(Lower *l, const IrNode *x, const BoundCall *c)
{
    IrNode **parts = jit_ir_alloc(l->m, (x->type->nparts + 1) * sizeof *parts);
    IrNode *more = jit_iter_resume(l, c->arg[0]->type, owner_of(l, c->arg[0]), parts);
    uint32_t pushed = 0;
    for (uint32_t i = 0; i < x->type->nparts; i++)
        if (parts[i]->mt == M_OWN) {
            jit_lower_push_temp(l, parts[i]);
            pushed++;
        }
    jit_lower_check(l, more, ERR_STOP_ITERATION, NULL, NULL, NULL, NULL);
    while (pushed--) jit_lower_pop_temp(l);
    jit_lower_set(l, x, x->type->nparts, parts);
}

void jit_container_call(Lower *l, const IrNode *x, const BoundCall *c)
{
    ContainerOp op = (ContainerOp)c->fn->aux;
    switch (op) {
    case CONT_LIST_NEW:
    case CONT_LIST_EMPTY:
    case CONT_DICT_EMPTY:
    case CONT_LIST_LIKE:
    case CONT_DICT_NEW:
    case CONT_DICT_LIKE:
    case CONT_SET_NEW:
    case CONT_SET_LIKE: set_own(l, x, make_empty(l, x->type, 0)); return;
    case CONT_NEXT: next_item(l, x, c); return;
    case CONT_TYPE: jit_lower_set(l, x, 0, NULL); return;
    case CONT_STAR:
        if (c->arg[0]->type->kind == TK_LIST) {
            IrNode *n = jit_container_length(l, owner_of(l, c->arg[0])),
                   *want = OP2(ADD, int_arg(l, c, 1), int_arg(l, c, 2));
            jit_lower_check(l, OP2(GE, n, want), ERR_UNPACK_AT_LEAST, NULL, want, n, NULL);
        }
        /* fallthrough */
    case CONT_SAME: jit_lower_set(l, x, x->type->nparts, jit_lower_parts(l, c->arg[0])); return;
    case CONT_ISINSTANCE:
        set_int(l, x,
                jit_ir_int(l->f, l->cur, M_I1,
                           jit_infer_isinstance(c->arg[0]->type, c->arg[1]->type) > 0));
        return;
    case CONT_LIST_POP: list_pop(l, x, c); return;
    case CONT_HASH: set_int(l, x, hash_of(l, c->arg[0])); return;
    case CONT_LIST_APPEND: list_append(l, c); break;
    case CONT_LIST_INSERT: list_insert(l, c); break;
    case CONT_LIST_CUT: list_cut(l, c); break;
    case CONT_LIST_CLEAR: {
        IrNode *own = owner_of(l, c->arg[0]);
        IrNode *args[] = {own, int_of(l, 0), jit_container_length(l, own), int_of(l, 1)};
        jit_lower_rt(l, RT_LIST_CUT, 4, args);
        break;
    }
    case CONT_LIST_SWAP:
        rt3(l, RT_LIST_SWAP, owner_of(l, c->arg[0]), int_arg(l, c, 1), int_arg(l, c, 2));
        break;
    case CONT_LIST_RESERVE:
        check_memory(l, OP2(NE, rt2(l, RT_LIST_RESERVE, owner_of(l, c->arg[0]), int_arg(l, c, 1)),
                            int_of(l, 0)));
        break;
    default:
        if (op >= CONT_STR)
            call_text(l, x, c);
        else
            call_hash(l, x, c);
        return;
    }
    jit_lower_set(l, x, 0, NULL);
}
