/* Building and changing the IR; the tables behind its ops. */
#include "jit/ir/ir.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PURE EFFECT_PURE
#define READ EFFECT_READ
#define WRITE EFFECT_WRITE
#define RAISE EFFECT_RAISE
#define TERM EFFECT_TERM
#define EFFECTS_OF_RT EFFECT_OF_RT

const IrOpInfo jit_ir_ops[OP_COUNT] = {
#define OP(code, text, nargs, result, effects, imm) \
    [OP_##code] = {text, nargs, RESULT_##result, effects, IMM_##imm, 0, 0},
#define UN(code, text, cls, body) [OP_##code] = {text, 1, RESULT_SAME, PURE, IMM_NO, 'u', 0},
#define BIN(code, text, cls, body) [OP_##code] = {text, 2, RESULT_SAME, PURE, IMM_NO, 'b', 0},
#define CMP(code, text, body) [OP_##code] = {text, 2, RESULT_I1, PURE, IMM_NO, 'c', 0},
#define CHK(code, text, nargs, msg, body) \
    [OP_##code] = {text, nargs, RESULT_I64, RAISE, IMM_NO, 'k', ERR_##msg},
#include "jit/ir/ops.def"
#undef OP
#undef UN
#undef BIN
#undef CMP
#undef CHK
};

const char *const jit_ir_operators[OPER_COUNT] = {
    "add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul",
    "and", "or",  "xor", "lshift",  "rshift",   "neg", "pos", "invert",
    "not", "eq",  "ne",  "lt",      "le",       "gt",  "ge"};
const char *const jit_ir_operator_signs[OPER_COUNT] = {
    "+",  "-", "*", "/", "//",  "%",  "**", "@", "&",  "|", "^", "<<",
    ">>", "-", "+", "~", "not", "==", "!=", "<", "<=", ">", ">="};

const char *const jit_ir_math_names[MATH_COUNT] = {
#define NAME(code, name, stem, ulp, libm) [MATH_##code] = name,
    KR_MATHS(NAME, NAME)
#undef NAME
};
const uint8_t jit_ir_math_nargs[MATH_COUNT] = {
#define ONE(code, name, stem, ulp, libm) [MATH_##code] = 1,
#define TWO(code, name, stem, ulp, libm) [MATH_##code] = 2,
    KR_MATHS(ONE, TWO)
#undef ONE
#undef TWO
};

#define STRING_OF(x) #x
const IrRtInfo jit_ir_rts[RT_COUNT] = {
#define RT(code, name, result, params, effects, symbol) \
    [RT_##code] = {name, result, params, effects, STRING_OF(symbol)},
#include "jit/run/rt.def"
#undef RT
};

MType jit_ir_rt_machine(char letter)
{
    switch (letter) {
    case 'b': return M_I1;
    case 'i': return M_I64;
    case 'f': return M_F32;
    case 'd': return M_F64;
    case 'p': return M_PTR;
    case 'o': return M_OWN;
    default: return M_VOID;
    }
}

/* ---- arena ---- */

enum { CHUNK_BYTES = 64 * 1024 };

typedef struct ArenaChunk {
    struct ArenaChunk *next;
    size_t used, room;
    _Alignas(16) char bytes[];
} ArenaChunk;

void *jit_ir_alloc(IrModule *m, size_t bytes)
{
    bytes = (bytes + 15) & ~(size_t)15;
    ArenaChunk *c = m->arena;
    if (!c || c->room - c->used < bytes) {
        size_t room = bytes > CHUNK_BYTES / 4 ? bytes : CHUNK_BYTES;
        ArenaChunk *made = malloc(sizeof *made + room);
        if (!made) {
            fputs("krait: out of memory while compiling\n", stderr);
            abort();
        }
        made->used = 0;
        made->room = room;
        made->next = c;
        m->arena = c = made;
    }
    void *p = c->bytes + c->used;
    c->used += bytes;
    return memset(p, 0, bytes);
}

IrModule *jit_ir_module_new(void)
{
    IrModule *m = calloc(1, sizeof *m);
    if (!m) abort();
    return m;
}

void jit_ir_module_free(IrModule *m)
{
    for (ArenaChunk *c = m->arena, *next; c; c = next) {
        next = c->next;
        free(c);
    }
    free(m);
}

char *jit_ir_text(IrModule *m, const char *s, size_t length)
{
    char *copy = jit_ir_alloc(m, length + 1);
    memcpy(copy, s, length);
    return copy;
}

/* ---- functions and blocks ---- */

IrFunc *jit_ir_func_new(IrModule *m, const char *name)
{
    IrFunc *f = jit_ir_alloc(m, sizeof *f);
    f->module = m;
    f->name = jit_ir_text(m, name, strlen(name));
    f->boundscheck = true;
    if (m->last_func)
        m->last_func->next = f;
    else
        m->funcs = f;
    m->last_func = f;
    return f;
}

void jit_ir_func_remove(IrModule *m, IrFunc *f)
{
    IrFunc **link = &m->funcs, *before = NULL;
    while (*link != f) {
        before = *link;
        link = &before->next;
    }
    *link = NULL;
    m->last_func = before;
}

void jit_ir_note(IrModule *m, const char *function, int loop, char kind, IrPos pos,
                 const char *text)
{
    IrNote *note = jit_ir_alloc(m, sizeof *note);
    *note = (IrNote){NULL, function, loop, kind, pos, jit_ir_text(m, text, strlen(text))};
    if (m->last_note)
        m->last_note->next = note;
    else
        m->notes = note;
    m->last_note = note;
}

void jit_ir_remark(const IrFunc *f, char kind, IrPos pos, const char *fmt, ...)
{
    char text[400];
    va_list ap;
    if (!f->module->explain || !pos.line || f->library) return;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    for (const IrNote *note = f->module->notes; note; note = note->next)
        if (note->kind == kind && note->pos.line == pos.line && note->pos.col == pos.col && !strcmp(note->text, text)) return;
    jit_ir_note(f->module, NULL, 0, kind, pos, text);
}

IrPos jit_ir_first_pos(const IrFunc *f)
{
    FOR_BLOCKS(b, f)
    FOR_NODES(x, b)
    if (x->pos.line) return x->pos;
    return (IrPos){0};
}

IrFunc *jit_ir_find_func(IrModule *m, const char *name)
{
    for (IrFunc *f = m->funcs; f; f = f->next)
        if (!strcmp(f->name, name)) return f;
    return NULL;
}

IrBlock *jit_ir_block_after(IrFunc *f, IrBlock *where)
{
    IrBlock *b = jit_ir_alloc(f->module, sizeof *b);
    b->id = f->next_block++;
    f->nblocks++;
    b->prev = where;
    b->next = where ? where->next : f->first;
    if (b->next)
        b->next->prev = b;
    else
        f->last = b;
    if (where)
        where->next = b;
    else
        f->first = b;
    return b;
}

IrBlock *jit_ir_block_new(IrFunc *f) { return jit_ir_block_after(f, f->last); }

void jit_ir_block_remove(IrFunc *f, IrBlock *b)
{
    if (b->prev)
        b->prev->next = b->next;
    else
        f->first = b->next;
    if (b->next)
        b->next->prev = b->prev;
    else
        f->last = b->prev;
    f->nblocks--;
}

void jit_ir_block_to_front(IrFunc *f, IrBlock *b)
{
    jit_ir_block_remove(f, b);
    f->nblocks++;
    b->prev = NULL;
    b->next = f->first;
    f->first->prev = b;
    f->first = b;
}

/* ---- nodes ---- */

static MType result_machine(IrOp op, IrNode *first)
{
    switch ((IrResult)jit_ir_ops[op].result) {
    case RESULT_I1: return M_I1;
    case RESULT_I64: return M_I64;
    case RESULT_F64: return M_F64;
    case RESULT_PTR: return M_PTR;
    case RESULT_OWN: return M_OWN;
    case RESULT_SAME: return first ? (MType)first->mt : M_VOID;
    default: return M_VOID;
    }
}

IrNode *jit_ir_node_new(IrFunc *f, IrOp op, MType mt, uint32_t n)
{
    IrNode *x = jit_ir_alloc(f->module, sizeof *x);
    x->op = (uint16_t)op;
    x->mt = (uint8_t)mt;
    x->id = f->next_node++;
    x->n = n;
    if (n) x->args = jit_ir_alloc(f->module, n * sizeof *x->args);
    return x;
}

void jit_ir_append(IrBlock *b, IrNode *x)
{
    x->block = b;
    x->prev = b->last;
    x->next = NULL;
    if (b->last)
        b->last->next = x;
    else
        b->first = x;
    b->last = x;
}

void jit_ir_insert_before(IrNode *where, IrNode *x)
{
    x->block = where->block;
    x->next = where;
    x->prev = where->prev;
    if (where->prev)
        where->prev->next = x;
    else
        where->block->first = x;
    where->prev = x;
}

void jit_ir_unlink(IrNode *x)
{
    IrBlock *b = x->block;
    if (x->prev)
        x->prev->next = x->next;
    else
        b->first = x->next;
    if (x->next)
        x->next->prev = x->prev;
    else
        b->last = x->prev;
    x->prev = x->next = NULL;
    x->block = NULL;
}

IrNode *jit_ir_param_new(IrFunc *f, IrBlock *b, MType mt, const JitType *type)
{
    IrNode *x = jit_ir_node_new(f, OP_PARAM, mt, 0);
    x->type = type;
    x->block = b;
    if (b->nparam == b->param_room) {
        b->param_room = b->param_room ? 2 * b->param_room : 4;
        IrNode **grown = jit_ir_alloc(f->module, b->param_room * sizeof *grown);
        if (b->nparam) memcpy(grown, b->params, b->nparam * sizeof *grown);
        b->params = grown;
    }
    b->params[b->nparam++] = x;
    return x;
}

static IrNode *make(IrFunc *f, IrBlock *b, IrOp op, MType mt, uint32_t n, IrNode *const *args)
{
    if (mt == M_VOID) mt = result_machine(op, n ? args[0] : NULL);
    IrNode *x = jit_ir_node_new(f, op, mt, n);
    for (uint32_t i = 0; i < n; i++) x->args[i] = args[i];
    jit_ir_append(b, x);
    return x;
}

IrNode *jit_ir_op0(IrFunc *f, IrBlock *b, IrOp op, MType mt) { return make(f, b, op, mt, 0, NULL); }
IrNode *jit_ir_op1(IrFunc *f, IrBlock *b, IrOp op, MType mt, IrNode *x)
{
    return make(f, b, op, mt, 1, &x);
}
IrNode *jit_ir_op2(IrFunc *f, IrBlock *b, IrOp op, MType mt, IrNode *x, IrNode *y)
{
    IrNode *args[] = {x, y};
    return make(f, b, op, mt, 2, args);
}
IrNode *jit_ir_op3(IrFunc *f, IrBlock *b, IrOp op, MType mt, IrNode *x, IrNode *y, IrNode *z)
{
    IrNode *args[] = {x, y, z};
    return make(f, b, op, mt, 3, args);
}

IrNode *jit_ir_int(IrFunc *f, IrBlock *b, MType mt, int64_t value)
{
    IrNode *x = jit_ir_op0(f, b, OP_CONST, mt);
    x->imm.i = value;
    return x;
}

IrNode *jit_ir_float(IrFunc *f, IrBlock *b, MType mt, double value)
{
    IrNode *x = jit_ir_op0(f, b, OP_CONST, mt);
    x->imm.f = value;
    return x;
}

/* ---- edges ---- */

void jit_ir_set_edge(IrFunc *f, IrEdge *e, IrBlock *to, uint32_t n, IrNode *const *args)
{
    e->to = to;
    e->n = n;
    e->args = n ? jit_ir_alloc(f->module, n * sizeof *e->args) : NULL;
    for (uint32_t i = 0; i < n; i++) e->args[i] = args[i];
}

IrEdge *jit_ir_edge_new(IrFunc *f, IrBlock *to, uint32_t n, IrNode *const *args)
{
    IrEdge *e = jit_ir_alloc(f->module, sizeof *e);
    jit_ir_set_edge(f, e, to, n, args);
    return e;
}

void jit_ir_edge_push(IrFunc *f, IrEdge *e, IrNode *arg)
{
    IrNode **grown = jit_ir_alloc(f->module, (e->n + 1) * sizeof *grown);
    if (e->n) memcpy(grown, e->args, e->n * sizeof *grown);
    grown[e->n++] = arg;
    e->args = grown;
}

IrNode *jit_ir_jump(IrFunc *f, IrBlock *b, IrBlock *to, uint32_t n, IrNode *const *args)
{
    IrNode *x = jit_ir_op0(f, b, OP_JUMP, M_VOID);
    b->nsucc = 1;
    jit_ir_set_edge(f, &b->succ[0], to, n, args);
    return x;
}

IrNode *jit_ir_br(IrFunc *f, IrBlock *b, IrNode *cond, IrBlock *yes, IrBlock *no)
{
    IrNode *x = jit_ir_op1(f, b, OP_BR, M_VOID, cond);
    b->nsucc = 2;
    jit_ir_set_edge(f, &b->succ[0], yes, 0, NULL);
    jit_ir_set_edge(f, &b->succ[1], no, 0, NULL);
    return x;
}

static void drop_arg(IrEdge *e, uint32_t i)
{
    for (uint32_t k = i + 1; k < e->n; k++) e->args[k - 1] = e->args[k];
    e->n--;
}

void jit_ir_param_remove(IrBlock *b, uint32_t i)
{
    for (uint32_t k = i + 1; k < b->nparam; k++) b->params[k - 1] = b->params[k];
    b->nparam--;
    for (uint32_t p = 0; p < b->npred; p++) drop_arg(b->pred_edges[p], i);
}

/* ---- replacing ---- */

void jit_ir_replace(IrNode *x, IrNode *by)
{
    by = jit_ir_root(by);
    if (by != x) x->repl = by;
}

IrNode *jit_ir_root(IrNode *x)
{
    while (x && x->repl) x = x->repl;
    return x;
}

static void edge_use_instead(IrEdge *e, const IrNode *from, IrNode *to)
{
    for (uint32_t i = 0; i < e->n; i++)
        if (e->args[i] == from) e->args[i] = to;
}

void jit_ir_block_use_instead(IrBlock *b, const IrNode *from, IrNode *to)
{
    FOR_NODES(x, b)
    {
        for (uint32_t i = 0; i < x->n; i++)
            if (x->args[i] == from) x->args[i] = to;
        if (x->exit) edge_use_instead(x->exit, from, to);
    }
    for (uint32_t s = 0; s < b->nsucc; s++) edge_use_instead(&b->succ[s], from, to);
}

void jit_ir_use_instead(IrFunc *f, const IrNode *from, IrNode *to)
{
    FOR_BLOCKS(b, f)
    jit_ir_block_use_instead(b, from, to);
}

static void resolve_edge(IrEdge *e)
{
    for (uint32_t i = 0; i < e->n; i++) e->args[i] = jit_ir_root(e->args[i]);
}

void jit_ir_resolve(IrFunc *f)
{
    FOR_BLOCKS(b, f)
    {
        for (IrNode *x = b->first, *next; x; x = next) {
            next = x->next;
            if (x->repl) {
                jit_ir_unlink(x);
                continue;
            }
            for (uint32_t i = 0; i < x->n; i++) x->args[i] = jit_ir_root(x->args[i]);
            if (x->exit) resolve_edge(x->exit);
        }
        for (uint32_t s = 0; s < b->nsucc; s++) resolve_edge(&b->succ[s]);
    }
}

void jit_ir_number(IrFunc *f)
{
    uint32_t node = 0, block = 0;
    FOR_BLOCKS(b, f)
    {
        b->id = block++;
        for (uint32_t i = 0; i < b->nparam; i++) b->params[i]->id = node++;
        FOR_NODES(x, b)
        x->id = node++;
    }
    f->next_node = node;
    f->next_block = block;
}

/* ---- questions ---- */

unsigned jit_ir_effects(const IrNode *x)
{
    unsigned e = jit_ir_ops[x->op].effects;
    return e & EFFECT_OF_RT ? jit_ir_rts[x->sub].effects : e;
}

bool jit_ir_is_int(const IrNode *x, int64_t value)
{
    return x->op == OP_CONST && (jit_mtype_is_int((MType)x->mt) || x->mt == M_I1) &&
           x->imm.i == value;
}

bool jit_mtype_is_int(MType m) { return m >= M_I8 && m <= M_U64; }
bool jit_mtype_is_signed(MType m) { return m >= M_I8 && m <= M_I64; }
bool jit_mtype_is_float(MType m) { return m == M_F32 || m == M_F64; }
