/* infer_container.c: what lists, dicts, sets and strings are typed as.
 *
 * A display or list() does not know what it will hold: `a = []`, then `a.append(x)` in a loop. So
 * an op that puts something in asks for it (jit_infer_grow): the request walks from the container's
 * value back over block parameters, items and subscripts to the nodes that make it, whose `grown`
 * type widens; the fixpoint then carries the wider type forward. A container that comes from
 * outside (a parameter, another kernel) cannot grow: what does not fit its items is refused.
 *
 * Operators and methods without a row in functions.def are Python code of the library: the node is
 * rewritten into a call of it (jit_infer_written) as soon as the kinds of its operands are known.
 * Kinds never change while types settle, so that is safe. */
#include "jit/types/infer.h"

#include "jit/types/sig.h"

#include <stdio.h>
#include <string.h>

#define T(kind) jit_type_simple(TK_##kind)

enum { WORDS = 200, WALK_MAX = 64 };

bool jit_infer_is_text(const JitType *t) { return t->kind == TK_STR || t->kind == TK_TEXT; }

/* Text in a container is no constant. */
const JitType *jit_infer_kept(const JitType *t)
{
    const JitType *elem[64];
    if (t->kind == TK_STR) return T(TEXT);
    if (t->kind != TK_TUPLE || t->n > 64) return t;
    for (uint32_t i = 0; i < t->n; i++) elem[i] = jit_infer_kept(t->elem[i]);
    return jit_type_tuple(elem, t->n);
}

const JitType *jit_infer_passed(const IrFunc *callee, const JitType *t)
{
    static const char *const kinds[] = {"str.", "list.", "dict.", "set.", "view."};
    for (size_t i = 0; callee->library && i < sizeof kinds / sizeof *kinds; i++)
        if (!strncmp(callee->name, kinds[i], strlen(kinds[i]))) return jit_infer_kept(t);
    return t;
}

/* ---- Growing ---- */

typedef struct Walk {
    const IrNode *seen[WALK_MAX];
    uint32_t n;
    bool refused; /* a maker that cannot hold it */
} Walk;

static bool makes_container(const IrNode *x)
{
    BoundCall c;
    if (x->op == OP_PY_LIST || x->op == OP_PY_SET || x->op == OP_PY_DICT) return true;
    if (x->op != OP_PY_CALL || !jit_functions_bind(x, &c) || c.fn->rule != RULE_container)
        return false;
    return c.fn->aux == CONT_LIST_NEW || c.fn->aux == CONT_DICT_NEW || c.fn->aux == CONT_SET_NEW ||
           c.fn->aux == CONT_LIST_LIKE;
}

static bool is_empty(const JitType *t)
{
    return jit_type_is_container(t) && (t->elem[0]->kind == TK_BOTTOM || is_empty(t->elem[0]) ||
                                        (t->n > 1 && is_empty(t->elem[1])));
}

/* Has the type a part that no value has given a type yet? */
bool jit_infer_is_open(const JitType *t)
{
    if (t->kind == TK_BOTTOM) return true;
    for (uint32_t i = 0; i < t->n; i++)
        if (jit_infer_is_open(t->elem[i])) return true;
    return false;
}

static const JitType *closed(const JitType *t)
{
    if (t->kind == TK_BOTTOM) return T(NONE);
    if (t->kind == TK_LIST) return jit_type_list(closed(t->elem[0]));
    if (t->kind == TK_SET) return jit_type_set(closed(t->elem[0]));
    if (t->kind == TK_DICT) return jit_type_dict(closed(t->elem[0]), closed(t->elem[1]));
    return t;
}

/* Containers into which nothing is ever put hold None. True: there are some, types must settle
 * again. */
bool jit_infer_close(Infer *in)
{
    bool any = false;
    FOR_BLOCKS(b, in->f)
    {
        for (uint32_t i = 0; b == in->f->first && i < b->nparam; i++)
            if (jit_type_is_container(b->params[i]->type) &&
                jit_infer_is_open(b->params[i]->type)) {
                b->params[i]->type = closed(b->params[i]->type);
                any = true;
            }
        FOR_NODES(x, b)
        if (b->mark && x->type && jit_type_is_container(x->type) && makes_container(x) &&
            jit_infer_is_open(x->type)) {
            x->grown = closed(x->type);
            any = true;
        }
    }
    return any;
}

static void grow(Infer *in, IrNode *x, const JitType *want, Walk *w);

static void grow_parts(Infer *in, IrNode *x, Walk *w)
{
    for (uint32_t i = 0; i < x->n && x->op != OP_PY_CALL; i++)
        grow(in, x->args[i], x->grown->elem[x->op == OP_PY_DICT && i % 2], w);
}

static void grow(Infer *in, IrNode *x, const JitType *want, Walk *w)
{
    if (!jit_type_is_container(want) || !x->type || x->type == want || w->n == WALK_MAX) return;
    for (uint32_t i = 0; i < w->n; i++)
        if (w->seen[i] == x) return;
    w->seen[w->n++] = x;
    if (makes_container(x)) {
        const JitType *now = x->grown ? x->grown : x->type;
        const JitType *more = jit_type_grow(now, want);
        if (!more) {
            w->refused = true;
        } else if (more != x->grown) {
            x->grown = more;
            in->grew |= more != now;
            grow_parts(in, x, w);
        }
    } else if (x->op == OP_PARAM && x->block == in->f->first) {
        const JitType *more =
            is_empty(x->type) && !in->f->base ? jit_type_grow(x->type, want) : NULL;
        if (!more)
            return; /* the caller's; an empty one that Python passes becomes what is put in */
        x->type = more;
        in->grew = true;
    } else if (x->op == OP_PARAM) {
        for (uint32_t i = 0; i < x->block->nparam; i++)
            for (uint32_t p = 0; x->block->params[i] == x && p < x->block->npred; p++)
                grow(in, x->block->pred_edges[p]->args[i], want, w);
    } else if (x->op == OP_PY_GETITEM && x->args[0]->type) {
        const JitType *t = x->args[0]->type;
        if (t->kind == TK_LIST) grow(in, x->args[0], jit_type_list(want), w);
        if (t->kind == TK_DICT) grow(in, x->args[0], jit_type_dict(t->elem[0], want), w);
    } else if (x->op == OP_PY_NEXT && x->args[0]->op == OP_PY_ITER) {
        const JitType *t = x->args[0]->args[0]->type;
        if (t && t->kind == TK_LIST) grow(in, x->args[0]->args[0], jit_type_list(want), w);
    } else if (x->op == OP_PY_ITEM && x->args[0]->op == OP_PY_TUPLE) {
        grow(in, x->args[0]->args[x->imm.i], want, w);
    }
}

/* May a value of this type be put where items of type `place` are? Numbers must keep their kind. */
static bool fits(const JitType *value, const JitType *place)
{
    if (value == place || value->kind == TK_BOTTOM) return true;
    if (jit_type_is_numeric(value) && jit_type_is_numeric(place)) {
        if (jit_type_is_integer(place)) return jit_type_is_integer(value);
        return jit_type_is_complex(place) || !jit_type_is_complex(value);
    }
    if (value->kind == TK_TUPLE && place->kind == TK_TUPLE && value->n == place->n) {
        for (uint32_t i = 0; i < value->n; i++)
            if (!fits(value->elem[i], place->elem[i])) return false;
        return true;
    }
    return jit_type_converts(value, place);
}

/* The container must be able to hold `want`; false: refused. */
static bool ask(Infer *in, const IrNode *at, IrNode *container, const JitType *want)
{
    Walk w = {0};
    char s[WORDS], t[WORDS];
    const JitType *have = container->type;
    bool ok = true;
    for (uint32_t i = 0; i < have->n; i++) {
        const JitType *item = jit_infer_kept(want->elem[i]);
        if (!jit_type_is_container(item))
            ok = ok && fits(item, have->elem[i]);
        else
            ok = ok && item == have->elem[i];
    }
    if (ok) return true;
    const JitType *elem[2] = {jit_infer_kept(want->elem[0]), want->n > 1 ? jit_infer_kept(want->elem[1]) : NULL};
    want = want->kind == TK_DICT   ? jit_type_dict(elem[0], elem[1])
           : want->kind == TK_LIST ? jit_type_list(elem[0])
                                   : jit_type_set(elem[0]);
    grow(in, container, want, &w);
    if (!in->report) return true;
    uint32_t i = have->n > 1 && fits(elem[0], have->elem[0]) ? 1 : 0;
    jit_infer_refuse(in, REFUSE_HOLD, at, container->name ? container->name : "the container",
                     jit_type_describe(have, s, sizeof s), jit_type_describe(elem[i], t, sizeof t));
    return false;
}

/* ---- Displays ---- */

static const JitType *all_items(const IrNode *x, uint32_t from, uint32_t step)
{
    const JitType *t = T(BOTTOM);
    for (uint32_t i = from; i < x->n && t; i += step) t = jit_type_grow(t, jit_infer_kept(x->args[i]->type));
    return t;
}

const JitType *jit_infer_display(Infer *in, IrNode *x)
{
    char s[WORDS], t[WORDS];
    bool dict = x->op == OP_PY_DICT;
    const JitType *keys = all_items(x, 0, dict ? 2 : 1), *values = dict ? all_items(x, 1, 2) : NULL;
    if (!keys || (dict && !values)) {
        const JitType *first = x->args[keys ? 1 : 0]->type, *other = first;
        for (uint32_t i = keys ? 1 : 0; i < x->n; i += dict ? 2 : 1)
            if (!jit_type_grow(jit_infer_kept(first), jit_infer_kept(x->args[i]->type))) other = x->args[i]->type;
        return jit_infer_refuse(in, REFUSE_MIXED, x,
                                dict                 ? "dict"
                                : x->op == OP_PY_SET ? "set"
                                                     : "list",
                                jit_type_describe(first, s, sizeof s),
                                jit_type_describe(other, t, sizeof t));
    }
    const JitType *made = dict                 ? jit_type_dict(keys, values)
                          : x->op == OP_PY_SET ? jit_type_set(keys)
                                               : jit_type_list(keys);
    const JitType *both = x->grown ? jit_type_grow(x->grown, made) : made;
    if (!both) return made;
    x->grown = both;
    Walk w = {0};
    grow_parts(in, x, &w);
    return both;
}

/* ---- Subscripts ---- */

static const JitType *refuse_index(Infer *in, const IrNode *x, const JitType *t)
{
    char s[WORDS], u[WORDS];
    return jit_infer_refuse(in, REFUSE_INDEX, x, jit_type_describe(t, s, sizeof s),
                            jit_type_describe(x->args[1]->type, u, sizeof u));
}

const JitType *jit_infer_container_item(Infer *in, IrNode *x)
{
    const JitType *t = x->args[0]->type, *index = x->args[1]->type;
    if (t->kind == TK_DICT) return jit_infer_written(in, x, "dict.__getitem__");
    if (index->kind == TK_SLICE)
        return jit_infer_written(in, x,
                                 t->kind == TK_LIST ? "list.__getslice__" : "str.__getslice__");
    if (t->kind == TK_SET || !jit_type_is_integer(index)) return refuse_index(in, x, t);
    return t->kind == TK_LIST ? t->elem[0] : T(TEXT);
}

const JitType *jit_infer_container_store(Infer *in, IrNode *x)
{
    const JitType *t = x->args[0]->type, *index = x->args[1]->type, *v = x->args[2]->type;
    if (t->kind == TK_DICT) return ask(in, x, x->args[0], jit_type_dict(index, v)) ? T(NONE) : NULL;
    if (t->kind == TK_LIST && index->kind == TK_SLICE)
        return jit_infer_written(in, x, "list.__setslice__");
    if (t->kind != TK_LIST || !jit_type_is_integer(index)) return refuse_index(in, x, t);
    return ask(in, x, x->args[0], jit_type_list(v)) ? T(NONE) : NULL;
}

const JitType *jit_infer_container_iterated(const JitType *t)
{
    switch ((TypeKind)t->kind) {
    case TK_LIST:
    case TK_SET:
    case TK_DICT: return t->elem[0];
    case TK_VIEW:
        if (t->name[0] == 'k') return t->elem[0]->elem[0];
        if (t->name[0] == 'v') return t->elem[0]->elem[1];
        return jit_type_tuple(t->elem[0]->elem, 2);
    case TK_STR:
    case TK_TEXT: return T(TEXT);
    default: return NULL;
    }
}

bool jit_infer_item_is_fresh(const JitType *t)
{
    if (t->kind == TK_GEN) return jit_type_owns(t->elem[0]);
    if (jit_infer_container_iterated(t)) return true;
    if (t->kind != TK_ITER && t->kind != TK_ENUMERATE && t->kind != TK_ZIP) return false;
    for (uint32_t i = 0; i < t->n; i++)
        if (jit_infer_item_is_fresh(t->elem[i])) return true;
    return false;
}

/* ---- Operators ---- */

static bool involved(const JitType *t)
{
    return jit_type_is_container(t) || jit_infer_is_text(t) || t->kind == TK_VIEW;
}

static const char *library_name(IrModule *m, const char *kind, const char *dunder, char *buf,
                                size_t size)
{
    snprintf(buf, size, "%s.__%s__", kind, dunder);
    return jit_infer_find_kernel(m, buf) ? jit_ir_text(m, buf, strlen(buf)) : NULL;
}

static const char *kind_word(const JitType *t)
{
    switch ((TypeKind)t->kind) {
    case TK_LIST: return "list";
    case TK_SET: return "set";
    case TK_DICT: return "dict";
    case TK_VIEW: return "view";
    default: return "str";
    }
}

const char *jit_infer_container_word(const JitType *t) { return involved(t) ? kind_word(t) : NULL; }

bool jit_infer_container_operator(Infer *in, IrNode *x, const JitType **result)
{
    static const char *const in_place[] = {
        [OPER_ADD] = "iadd", [OPER_SUB] = "isub", [OPER_MUL] = "imul",
        [OPER_AND] = "iand", [OPER_OR] = "ior",   [OPER_XOR] = "ixor"};
    const JitType *a = x->args[0]->type, *b = x->n > 1 ? x->args[1]->type : a;
    char name[64];
    const char *found = NULL;
    IrModule *m = in->f->module;
    if (!involved(a) && !involved(b)) return false;
    IrOperator oper = (IrOperator)x->sub;
    bool texts = jit_infer_is_text(a) && jit_infer_is_text(b);
    if (x->n == 2 && a != b && a->kind == b->kind && jit_type_is_container(a)) {
        Walk left = {0}, right = {0};
        if (jit_infer_is_open(a)) grow(in, x->args[0], b, &left);
        if (jit_infer_is_open(b)) grow(in, x->args[1], a, &right);
    }
    switch (x->op) {
    case OP_PY_COMPARE:
        if (texts) {
            *result = T(BOOL);
            return true;
        }
        if (a->kind == b->kind)
            found = library_name(m, kind_word(a), jit_ir_operators[oper], name, sizeof name);
        break;
    case OP_PY_IN:
        if (texts) {
            *result = T(BOOL);
            return true;
        }
        if (jit_type_is_container(b))
            found = library_name(m, kind_word(b), "contains", name, sizeof name);
        break;
    case OP_PY_INPLACE:
        if (jit_type_is_container(a) && oper <= OPER_XOR && in_place[oper]) {
            found = library_name(m, kind_word(a), in_place[oper], name, sizeof name);
            const JitType *item = jit_infer_item(b);
            if (found && item && a->kind != TK_DICT && oper != OPER_MUL &&
                !ask(in, x, x->args[0],
                     a->kind == TK_LIST ? jit_type_list(item) : jit_type_set(item))) {
                *result = NULL;
                return true;
            }
            if (found) break;
        }
        /* fallthrough */
    case OP_PY_BINARY:
        if (texts && oper == OPER_ADD) {
            *result = T(TEXT);
            return true;
        }
        if (oper == OPER_MUL && jit_infer_is_text(a) != jit_infer_is_text(b) &&
            (jit_type_is_integer(a) || jit_type_is_integer(b))) {
            *result = T(TEXT);
            return true;
        }
        if (a->kind == b->kind || oper == OPER_MUL) {
            bool swapped = !involved(a);
            found = library_name(m, kind_word(swapped ? b : a), jit_ir_operators[oper], name,
                                 sizeof name);
            if (found && swapped) {
                IrNode *first = x->args[0];
                x->args[0] = x->args[1];
                x->args[1] = first;
            }
        }
        break;
    default: return false;
    }
    if (!found) return false;
    if (x->op == OP_PY_IN) {
        IrNode *item = x->args[0];
        x->args[0] = x->args[1];
        x->args[1] = item;
    }
    *result = jit_infer_written(in, x, found);
    return true;
}

IrNode *jit_infer_callee_const(Infer *in, IrNode *x, const char *name)
{
    char full[120];
    IrNode *callee = jit_ir_node_new(in->f, OP_CONST, M_VOID, 0);
    snprintf(full, sizeof full, "jit.%.100s", name);
    callee->type = jit_type_named(TK_FUNC, full, strlen(full));
    callee->pos = x->pos;
    callee->id = in->f->next_node++;
    jit_ir_insert_before(x, callee);
    return callee;
}

/* Turns the node into a call of the library's function over the same arguments, and types that. */
const JitType *jit_infer_written(Infer *in, IrNode *x, const char *name)
{
    IrFunc *f = in->f;
    IrNode **args = jit_ir_alloc(f->module, (x->n + 1) * sizeof *args);
    args[0] = jit_infer_callee_const(in, x, name);
    memcpy(args + 1, x->args, x->n * sizeof *args);
    x->op = OP_PY_CALL;
    x->sub = 0;
    x->imm.i = 0;
    x->args = args;
    x->n++;
    x->text = NULL;
    return jit_infer_call(in, x);
}

/* ---- Functions ---- */

/* A function of the library that stands for a row of the table: list(iterable), max(list), ... */
const char *jit_infer_redirect(const IrNode *x)
{
    const char *name = x->args[0]->type->name;
    const JitType *t = x->n > 1 ? x->args[1]->type : NULL;
    if (x->args[0]->type->kind != TK_FUNC || !t || !t->kind) return NULL;
    if (!strcmp(name, "numba.List") && x->n == 2) return "list.of";
    if (!strcmp(name, "numba.Dict") && x->n == 2) return "dict.of";
    if (!strcmp(name, "numba.Set") && x->n == 2) return "set.of";
    if (!strcmp(name, "list") && x->n == 2) return "list.of";
    if (!strcmp(name, "set") && x->n == 2) return "set.of";
    if (!strcmp(name, "dict") && x->n == 2) return "dict.of";
    bool one = x->n == 2 || (x->text && *x->text), items = involved(t) || t->kind == TK_GEN;
    if (!strcmp(name, "iter") && x->n == 2) return t->kind == TK_GEN ? NULL : "iter.of";
    if (one && (!strcmp(name, "min") || !strcmp(name, "max")) &&
        (items || (x->text && *x->text)))
        return name[1] == 'i' ? "min.of" : "max.of";
    if (!strcmp(name, "sum") && items) return "sum.of";
    return NULL;
}

static bool add_items(Infer *in, const IrNode *x, const BoundCall *c, const JitType *item)
{
    IrNode *self = c->arg[0];
    return ask(in, x, self, self->type->kind == TK_LIST ? jit_type_list(item) : jit_type_set(item));
}

/* What a method of the library will put into its container; false: refused. */
bool jit_infer_method_grows(Infer *in, const IrNode *x, const char *name)
{
    static const struct {
        const char *name;
        char how; /* i: the items of all arguments, p: key and value, d: a dict */
    } growing[] = {{"list.extend", 'i'},
                   {"set.update", 'i'},
                   {"dict.setdefault", 'p'},
                   {"dict.update", 'd'},
                   {"list.__iadd__", 'i'}};
    if (!strcmp(name, "_heapq.heappush") && x->n == 3 && x->args[1]->type->kind == TK_LIST)
        return ask(in, x, x->args[1], jit_type_list(x->args[2]->type));
    if (x->args[0]->op != OP_PY_GETATTR) return true;
    IrNode *self = x->args[0]->args[0];
    char how = 0;
    for (size_t i = 0; i < sizeof growing / sizeof *growing; i++)
        if (!strcmp(growing[i].name, name)) how = growing[i].how;
    if (how == 'p' && x->n == 3)
        return ask(in, x, self, jit_type_dict(x->args[1]->type, x->args[2]->type));
    for (uint32_t i = 1; how && how != 'p' && i < x->n; i++) {
        const JitType *t = x->args[i]->type, *item = how == 'i' ? jit_infer_item(t) : t;
        if (how == 'i' && item && item->kind != TK_BOTTOM &&
            !ask(in, x, self,
                 self->type->kind == TK_LIST ? jit_type_list(item) : jit_type_set(item)))
            return false;
        if (how == 'd' && t->kind == TK_DICT && !ask(in, x, self, t)) return false;
    }
    return true;
}

static const JitType *fresh(IrNode *x, const JitType *empty)
{
    return x->grown ? x->grown : (x->grown = empty);
}

static bool printable_text(const JitType *t)
{
    return jit_type_is_numeric(t) || jit_infer_is_text(t) || t->kind == TK_NONE;
}

static const JitType *type_text_of(Infer *in, const IrNode *x, const BoundCall *c)
{
    char s[WORDS];
    const JitType *t = c->arg[0] ? c->arg[0]->type : T(TEXT);
    if (printable_text(t)) return T(TEXT);
    return jit_infer_refuse(in, REFUSE_ARGUMENT_TYPE, x, c->fn->name,
                            jit_type_describe(t, s, sizeof s), 1);
}

/* The type that an argument names: int64, unicode_type, float64[:], ListType[int64]. */
static const JitType *named_type(const JitType *t)
{
    JitSignature sig;
    char error[100], text[300];
    if (t->kind != TK_FUNC) return NULL;
    if (!strcmp(t->name, "int")) return T(INT);
    if (!strcmp(t->name, "float")) return T(FLOAT);
    if (!strcmp(t->name, "bool")) return T(BOOL);
    if (!strcmp(t->name, "complex")) return T(COMPLEX);
    if (!strcmp(t->name, "str")) return T(TEXT);
    int d = jit_infer_dtype(t);
    if (d >= 0) return jit_type_scalar((JitDtype)d);
    if (strncmp(t->name, "type:", 5)) return NULL;
    snprintf(text, sizeof text, "(%s)", t->name + 5);
    return jit_sig_read(text, &sig, error, sizeof error) == 0 && sig.nargs == 1 ? sig.args[0]
                                                                                : NULL;
}

static const JitType *refuse_type(Infer *in, const IrNode *x, const JitType *t)
{
    char s[WORDS];
    return jit_infer_refuse(in, REFUSE_DTYPE, x, jit_type_describe(t, s, sizeof s));
}

/* type(x) of a number or named tuple, as what kernels call under that name; NULL: kernels have none. */
static const JitType *class_of(const JitType *t)
{
    static const char *const numbers[] = {
        [TK_BOOL] = "bool", [TK_INT] = "int", [TK_FLOAT] = "float", [TK_COMPLEX] = "complex"};
    char name[600];
    if (jit_type_is_python_number(t)) return jit_type_named(TK_FUNC, numbers[t->kind], strlen(numbers[t->kind]));
    if (t->kind == TK_SCALAR) snprintf(name, sizeof name, "numpy.%s", jit_dtype_name((JitDtype)t->dtype));
    else if (t->kind == TK_TUPLE && t->name) snprintf(name, sizeof name, "tuple:%.500s", t->name);
    else return NULL;
    return jit_type_named(TK_FUNC, name, strlen(name));
}

/* NumPy's classes that isinstance() asks for and that make no values in kernels, with the kinds of dtypes under them. */
static const struct {
    const char *name, *kinds;
} numpy_classes[] = {{"numpy.ndarray", ""},          {"numpy.generic", "biufc"},      {"numpy.number", "iufc"},
                     {"numpy.integer", "iu"},        {"numpy.signedinteger", "i"},    {"numpy.unsignedinteger", "u"},
                     {"numpy.inexact", "fc"},        {"numpy.floating", "f"},         {"numpy.complexfloating", "c"}};

static int numpy_class(const char *name)
{
    for (size_t i = 0; i < sizeof numpy_classes / sizeof *numpy_classes; i++)
        if (!strcmp(numpy_classes[i].name, name)) return (int)i;
    return -1;
}

bool jit_infer_is_numpy_class(const char *name) { return numpy_class(name) >= 0; }

/* 1, 0, or -1: the second is no class that kernels know. */
int jit_infer_isinstance(const JitType *t, const JitType *cls)
{
    if (cls->kind == TK_TUPLE) {
        int any = 0;
        for (uint32_t i = 0; i < cls->n && any >= 0; i++) {
            int one = jit_infer_isinstance(t, cls->elem[i]);
            any = one < 0 ? -1 : any | one;
        }
        return any;
    }
    if (cls->kind != TK_FUNC || t->kind == TK_OPTIONAL) return -1;
    const char *name = cls->name;
    int class = numpy_class(name);
    if (class == 0) return t->kind == TK_ARRAY || t->kind == TK_RECORDS;
    if (class > 0) return t->kind == TK_SCALAR && strchr(numpy_classes[class].kinds, jit_dtype_kind((JitDtype)t->dtype));
    if (!strcmp(name, "int")) return t->kind == TK_INT || t->kind == TK_BOOL;
    if (!strcmp(name, "float"))
        return t->kind == TK_FLOAT || (t->kind == TK_SCALAR && t->dtype == DT_F64);
    if (!strcmp(name, "complex"))
        return t->kind == TK_COMPLEX || (t->kind == TK_SCALAR && t->dtype == DT_C128);
    if (!strcmp(name, "bool")) return t->kind == TK_BOOL;
    if (!strcmp(name, "str")) return jit_infer_is_text(t);
    if (!strcmp(name, "tuple")) return t->kind == TK_TUPLE;
    if (!strcmp(name, "list") || !strcmp(name, "numba.List")) return t->kind == TK_LIST;
    if (!strcmp(name, "dict") || !strcmp(name, "numba.Dict")) return t->kind == TK_DICT;
    if (!strcmp(name, "set")) return t->kind == TK_SET;
    if (!strcmp(name, "range")) return t->kind == TK_RANGE;
    if (!strcmp(name, "slice")) return t->kind == TK_SLICE;
    int d = jit_infer_dtype(cls);
    return d < 0 ? -1 : t->kind == TK_SCALAR && t->dtype == d;
}

const JitType *jit_infer_container(Infer *in, IrNode *x, const BoundCall *c)
{
    const JitType *self = c->arg[0] ? c->arg[0]->type : NULL;
    const JitType *first = c->arg[1] ? c->arg[1]->type : NULL;
    char s[WORDS];
    switch ((ContainerOp)c->fn->aux) {
    case CONT_LIST_NEW: return fresh(x, jit_type_list(T(BOTTOM)));
    case CONT_DICT_NEW: return fresh(x, jit_type_dict(T(BOTTOM), T(BOTTOM)));
    case CONT_SET_NEW: return fresh(x, jit_type_set(T(BOTTOM)));
    case CONT_LIST_LIKE: {
        const JitType *item = jit_infer_item(self);
        if (!item)
            return jit_infer_refuse(in, REFUSE_NOT_ITERABLE, x,
                                    jit_type_describe(self, s, sizeof s));
        return jit_type_list(jit_infer_kept(item));
    }
    case CONT_SET_LIKE: {
        const JitType *item = jit_infer_item(self);
        if (!item)
            return jit_infer_refuse(in, REFUSE_NOT_ITERABLE, x,
                                    jit_type_describe(self, s, sizeof s));
        return jit_type_set(jit_infer_kept(item));
    }
    case CONT_DICT_LIKE: {
        const JitType *item = jit_infer_item(self);
        if (self->kind == TK_DICT) return self;
        if (!item || item->kind != TK_TUPLE || item->n != 2)
            return jit_infer_refuse(in, REFUSE_ARGUMENT_TYPE, x, "dict",
                                    jit_type_describe(self, s, sizeof s), 1);
        return jit_type_dict(jit_infer_kept(item->elem[0]), jit_infer_kept(item->elem[1]));
    }
    case CONT_LIST_EMPTY: {
        const JitType *item = named_type(self);
        return item ? jit_type_list(item) : refuse_type(in, x, self);
    }
    case CONT_DICT_EMPTY: {
        const JitType *key = named_type(self), *value = named_type(first);
        return key && value ? jit_type_dict(key, value) : refuse_type(in, x, key ? first : self);
    }
    case CONT_STAR: {
        int64_t before = 0, after = 0;
        bool sized = self->kind == TK_TUPLE && jit_infer_int(c->arg[1], &before) &&
                     jit_infer_int(c->arg[2], &after);
        if (self->kind == TK_LIST || (sized && self->n >= before + after)) return self;
        return jit_infer_refuse(in, REFUSE_UNPACK, x, jit_type_describe(self, s, sizeof s),
                                (int)(before + after));
    }
    case CONT_SAME: return self;
    case CONT_TYPE: {
        const JitType *type = class_of(jit_infer_unwrap(self));
        return type ? type : refuse_type(in, x, self);
    }
    case CONT_NEXT:
        if (self->kind == TK_GEN) return self->elem[0];
        return jit_infer_refuse(in, REFUSE_ARGUMENT_TYPE, x, "next", jit_type_describe(self, s, sizeof s), 1);
    case CONT_ISINSTANCE:
        if (jit_infer_isinstance(self, first) >= 0) return T(BOOL);
        return jit_infer_refuse(in, REFUSE_ARGUMENT_TYPE, x, "isinstance",
                                jit_type_describe(first, s, sizeof s), 2);
    case CONT_LIST_APPEND: return add_items(in, x, c, first) ? T(NONE) : NULL;
    case CONT_LIST_INSERT: return add_items(in, x, c, c->arg[2]->type) ? T(NONE) : NULL;
    case CONT_SET_ADD: return add_items(in, x, c, first) ? T(NONE) : NULL;
    case CONT_LIST_POP: return self->elem[0];
    case CONT_SET_KEY:
    case CONT_DICT_KEY: return self->elem[0];
    case CONT_DICT_VALUE: return self->elem[1];
    case CONT_DICT_FIND:
    case CONT_SET_FIND:
        if (!fits(jit_infer_kept(first), self->elem[0]) && self->elem[0]->kind != TK_BOTTOM && in->report)
            return jit_infer_refuse(in, REFUSE_ARGUMENT_TYPE, x,
                                    self->kind == TK_DICT ? "dict" : "set",
                                    jit_type_describe(first, s, sizeof s), 1);
        return T(INT);
    case CONT_DICT_NEXT:
    case CONT_DICT_LAST:
    case CONT_SET_NEXT:
    case CONT_SET_FINGER:
    case CONT_TEXT_FIND:
    case CONT_TEXT_RFIND:
    case CONT_TEXT_AT:
    case CONT_ORD: return T(INT);
    case CONT_HASH:
        if (self->kind == TK_FLOAT || jit_type_is_integer(self) || jit_infer_is_text(self))
            return T(INT);
        return jit_infer_refuse(in, REFUSE_ARGUMENT_TYPE, x, "hash",
                                jit_type_describe(self, s, sizeof s), 1);
    case CONT_DICT_KEYS: return jit_type_view(self, "keys");
    case CONT_DICT_VALUES: return jit_type_view(self, "values");
    case CONT_DICT_ITEMS: return jit_type_view(self, "items");
    case CONT_TEXT_IS:
    case CONT_CHAR_IS: return T(BOOL);
    case CONT_STR:
    case CONT_REPR: return type_text_of(in, x, c);
    case CONT_FORMAT: return type_text_of(in, x, c);
    case CONT_TEXT_CASE:
    case CONT_TEXT_SLICE:
    case CONT_TEXT_JOIN: return T(TEXT);
    case CONT_CHR:
        if (jit_type_is_integer(self)) return T(TEXT);
        return jit_infer_refuse(in, REFUSE_ARGUMENT_TYPE, x, "chr",
                                jit_type_describe(self, s, sizeof s), 1);
    default: return T(NONE);
    }
}

/* ---- Making it explicit ---- */

static void convert_arg(IrFunc *f, IrNode *x, IrNode **arg, const JitType *to)
{
    if (!(*arg)->type || to->kind == TK_BOTTOM) return;
    *arg = jit_infer_converted(f, x, *arg, to);
}

static void convert_texts(IrFunc *f, IrNode *x)
{
    for (uint32_t i = 0; i < x->n; i++)
        if (x->args[i]->type->kind == TK_STR) convert_arg(f, x, &x->args[i], T(TEXT));
}

/* What is put into a container becomes of its items' type; constant strings become text. */
void jit_infer_container_finish(IrFunc *f, IrNode *x)
{
    BoundCall c;
    const JitType *t = x->n ? x->args[0]->type : NULL;
    for (uint32_t i = 0; i < x->n; i++)
        if (!x->args[i]->type) return;
    if (!x->type || x->type->kind == TK_BOTTOM) return;
    switch (x->op) {
    case OP_PY_LIST:
    case OP_PY_SET:
    case OP_PY_DICT:
        for (uint32_t i = 0; i < x->n; i++)
            convert_arg(f, x, &x->args[i], x->type->elem[x->op == OP_PY_DICT && i % 2]);
        return;
    case OP_PY_SETITEM:
        if (t->kind == TK_LIST) convert_arg(f, x, &x->args[2], t->elem[0]);
        if (t->kind == TK_DICT) {
            convert_arg(f, x, &x->args[1], t->elem[0]);
            convert_arg(f, x, &x->args[2], t->elem[1]);
        }
        return;
    case OP_PY_BINARY:
    case OP_PY_INPLACE:
    case OP_PY_COMPARE:
    case OP_PY_IN:
    case OP_PY_ITER:
    case OP_PY_GETITEM:
        if (x->n == 2 && jit_infer_is_text(t) && x->args[1]->type->kind == TK_STR &&
            t->kind == TK_STR && x->op == OP_PY_COMPARE)
            return; /* known when compiling */
        if (x->type->kind == TK_TEXT || (x->n == 2 && jit_infer_is_text(t)) || x->op == OP_PY_ITER)
            convert_texts(f, x);
        return;
    case OP_PY_CALL:
        if (!jit_functions_bind(x, &c) || c.fn->rule != RULE_container) return;
        for (uint32_t i = 1; i < x->n; i++) {
            const JitType *to = x->args[i]->type->kind == TK_STR ? T(TEXT) : NULL;
            switch ((ContainerOp)c.fn->aux) {
            case CONT_LIST_APPEND:
            case CONT_SET_ADD:
            case CONT_SET_FIND:
            case CONT_DICT_FIND: to = c.arg[0]->type->elem[0]; break;
            case CONT_LIST_INSERT:
                if (x->args[i] == c.arg[2]) to = c.arg[0]->type->elem[0];
                break;
            default: break;
            }
            if (to) convert_arg(f, x, &x->args[i], to);
        }
        return;
    default: return;
    }
}
