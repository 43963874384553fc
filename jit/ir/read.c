/* IR text to IR: what print.c writes, with comments (from ';' to the end of the line) allowed.
 *
 * Values and blocks may be used before they are defined; a use makes an empty node or block in a
 * table by number, the definition fills it. What is used and never defined is an error.
 */
#include "jit/ir/ir.h"
#include "jit/types/sig.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const char *const jit_print_flags[9];

enum { MAX_IDS = 1 << 20, MAX_LIST = 4096 };

typedef struct Reader {
    const char *at, *start;
    IrModule *m;
    IrFunc *f;
    IrNode **values;
    bool *defined;
    IrBlock **blocks;
    uint32_t nvalues, nblocks;
    char *error;
    size_t size;
    bool failed;
} Reader;

static bool fail(Reader *r, const char *what)
{
    if (!r->failed) {
        int line = 1;
        for (const char *p = r->start; p < r->at; p++) line += *p == '\n';
        snprintf(r->error, r->size, "line %d: %s near \"%.24s\"", line, what, r->at);
        r->failed = true;
    }
    return false;
}

static void skip(Reader *r)
{
    for (;;) {
        while (isspace((unsigned char)*r->at)) r->at++;
        if (*r->at != ';') return;
        while (*r->at && *r->at != '\n') r->at++;
    }
}

/* Within a line. */
static void blanks(Reader *r)
{
    while (*r->at == ' ' || *r->at == '\t') r->at++;
}

static bool eat(Reader *r, const char *s)
{
    blanks(r);
    size_t n = strlen(s);
    if (strncmp(r->at, s, n)) return false;
    r->at += n;
    return true;
}

static bool want(Reader *r, const char *s)
{
    char message[40];
    if (eat(r, s)) return true;
    snprintf(message, sizeof message, "expected '%s'", s);
    return fail(r, message);
}

static const char *word(Reader *r, size_t *n)
{
    blanks(r);
    const char *start = r->at;
    while (isalnum((unsigned char)*r->at) || *r->at == '_' || *r->at == '.') r->at++;
    *n = (size_t)(r->at - start);
    return start;
}

static long long number(Reader *r)
{
    blanks(r);
    char *end;
    bool negative = *r->at == '-';
    long long x = negative ? strtoll(r->at, &end, 10) : (long long)strtoull(r->at, &end, 10);
    if (end == r->at) fail(r, "expected a number");
    r->at = end;
    return x;
}

static double real(Reader *r)
{
    blanks(r);
    char *end;
    double x = strtod(r->at, &end);
    if (end == r->at) fail(r, "expected a number");
    r->at = end;
    return x;
}

static char *quoted(Reader *r)
{
    if (!want(r, "\"")) return NULL;
    char *text = jit_ir_alloc(r->m, strcspn(r->at, "\n") + 1);
    size_t n = 0;
    while (*r->at && *r->at != '"' && *r->at != '\n') {
        if (*r->at == '\\' && r->at[1]) {
            r->at++;
            text[n++] = *r->at == 'n' ? '\n' : *r->at;
            r->at++;
        } else {
            text[n++] = *r->at++;
        }
    }
    want(r, "\"");
    return text;
}

/* ---- tables ---- */

static void *grow(Reader *r, void *old, uint32_t have, uint32_t want_n, size_t each)
{
    void *made = jit_ir_alloc(r->m, want_n * each);
    if (have) memcpy(made, old, have * each);
    return made;
}

static IrNode *value_of(Reader *r)
{
    if (!want(r, "v")) return NULL;
    long long id = number(r);
    if (id < 0 || id >= MAX_IDS) {
        fail(r, "value number out of range");
        return NULL;
    }
    if ((uint32_t)id >= r->nvalues) {
        uint32_t n = (uint32_t)id * 2 + 64;
        r->values = grow(r, r->values, r->nvalues, n, sizeof *r->values);
        r->defined = grow(r, r->defined, r->nvalues, n, sizeof *r->defined);
        r->nvalues = n;
    }
    if (!r->values[id]) {
        r->values[id] = jit_ir_alloc(r->m, sizeof(IrNode));
        r->values[id]->id = (uint32_t)id;
        if ((uint32_t)id >= r->f->next_node) r->f->next_node = (uint32_t)id + 1;
    }
    return r->values[id];
}

static IrNode *define(Reader *r)
{
    IrNode *x = value_of(r);
    if (!x) return NULL;
    if (r->defined[x->id]) fail(r, "value defined twice");
    r->defined[x->id] = true;
    return x;
}

static IrBlock *block_of(Reader *r)
{
    if (!want(r, "b")) return NULL;
    long long id = number(r);
    if (id < 0 || id >= MAX_IDS) {
        fail(r, "block number out of range");
        return NULL;
    }
    if ((uint32_t)id >= r->nblocks) {
        uint32_t n = (uint32_t)id * 2 + 16;
        r->blocks = grow(r, r->blocks, r->nblocks, n, sizeof *r->blocks);
        r->nblocks = n;
    }
    if (!r->blocks[id]) {
        r->blocks[id] = jit_ir_alloc(r->m, sizeof(IrBlock));
        r->blocks[id]->id = (uint32_t)id;
        r->blocks[id]->flags = UINT16_MAX; /* not yet defined */
        if ((uint32_t)id >= r->f->next_block) r->f->next_block = (uint32_t)id + 1;
    }
    return r->blocks[id];
}

/* ---- pieces of a line ---- */

static void read_type(Reader *r, IrNode *x)
{
    if (!eat(r, ":")) return;
    blanks(r);
    const char *at = r->at;
    size_t n;
    const char *w = word(r, &n);
    int m = jit_mtype_find(w, n);
    if (m >= 0 && *r->at != '(') {
        x->mt = (uint8_t)m;
        return;
    }
    r->at = at;
    x->type = jit_sig_read_ir(&r->at);
    if (!x->type) fail(r, "unknown type");
}

static void read_flags(Reader *r, IrNode *x)
{
    while (eat(r, "!")) {
        size_t n;
        const char *w = word(r, &n);
        unsigned i = 0;
        while (i < 9 && (strlen(jit_print_flags[i]) != n || memcmp(jit_print_flags[i], w, n))) i++;
        if (i == 9)
            fail(r, "unknown flag");
        else
            x->flags |= (uint16_t)(1u << i);
    }
}

static void read_name(Reader *r, IrNode *x)
{
    blanks(r);
    if (*r->at == '"') x->name = quoted(r);
}

static void read_edge(Reader *r, IrEdge *e)
{
    IrNode *args[MAX_LIST];
    uint32_t n = 0;
    IrBlock *to = block_of(r);
    if (eat(r, "(")) {
        do {
            if (n == MAX_LIST || !(args[n++] = value_of(r))) return;
        } while (eat(r, ","));
        want(r, ")");
    }
    if (to) jit_ir_set_edge(r->f, e, to, n, args);
}

static int find_op(const char *w, size_t n)
{
    for (int op = 0; op < OP_COUNT; op++)
        if (strlen(jit_ir_ops[op].text) == n && !memcmp(jit_ir_ops[op].text, w, n)) return op;
    return -1;
}

static int find_in(const char *const *names, int count, const char *w, size_t n)
{
    for (int i = 0; i < count; i++)
        if (names[i] && strlen(names[i]) == n && !memcmp(names[i], w, n)) return i;
    return -1;
}

static void read_imm(Reader *r, IrNode *x)
{
    static const char *const errs[ERR_COUNT] = {
#define ERR(code, cls, text) [ERR_##code] = #code,
#include "jit/run/errors.def"
#undef ERR
    };
    IrImm kind = (IrImm)jit_ir_ops[x->op].imm;
    if (*r->at != '[') {
        if (kind == IMM_OPER || kind == IMM_MSG || kind == IMM_FN1 || kind == IMM_FN2 ||
            kind == IMM_RT)
            fail(r, "expected '['");
        return;
    }
    const char *w = ++r->at;
    while (*r->at && *r->at != ']' && *r->at != '\n') r->at++;
    size_t n = (size_t)(r->at - w);
    if (!want(r, "]")) return;
    int found = 0;
    switch (kind) {
    case IMM_INT: x->imm.i = strtoll(w, NULL, 10); break;
    case IMM_TEXT: x->text = jit_ir_text(r->m, w, n); break;
    case IMM_OPER: found = find_in(jit_ir_operators, OPER_COUNT, w, n); break;
    case IMM_MSG: found = find_in(errs, ERR_COUNT, w, n); break;
    case IMM_FN1:
    case IMM_FN2: found = find_in(jit_ir_math_names, MATH_COUNT, w, n); break;
    case IMM_DT: found = jit_dtype_find(w, n); break;
    case IMM_RT:
        for (found = RT_COUNT - 1; found >= 0; found--)
            if (strlen(jit_ir_rts[found].name) == n && !memcmp(jit_ir_rts[found].name, w, n)) break;
        break;
    default: fail(r, "this op has no '[...]'"); return;
    }
    if (found < 0)
        fail(r, "unknown name in '[...]'");
    else if (kind != IMM_INT && kind != IMM_TEXT)
        x->sub = (uint8_t)found;
}

static void read_const(Reader *r, IrNode *x)
{
    const JitType *t = x->type;
    if (x->mt ? jit_mtype_is_float((MType)x->mt)
              : t && (jit_type_is_float(t) || jit_type_is_complex(t)))
        x->imm.f = real(r);
    else if (x->mt || (t && jit_type_is_numeric(t)))
        x->imm.i = number(r);
    if (t && jit_type_is_complex(t)) x->imag = real(r);
}

static void read_tail(Reader *r, IrNode *x)
{
    read_flags(r, x);
    if (eat(r, "#")) x->text = quoted(r);
    if (eat(r, "^")) {
        x->exit = jit_ir_alloc(r->m, sizeof *x->exit);
        read_edge(r, x->exit);
    }
    if (eat(r, "@")) {
        x->pos.line = (int32_t)number(r);
        want(r, ":");
        x->pos.col = (int32_t)number(r);
        want(r, "-");
        x->pos.end_line = (int32_t)number(r);
        want(r, ":");
        x->pos.end_col = (int32_t)number(r);
    }
    read_name(r, x);
    blanks(r);
    if (*r->at && *r->at != '\n' && *r->at != ';' && *r->at != '\r') fail(r, "unexpected text");
}

static void read_args(Reader *r, IrBlock *b, IrNode *x)
{
    IrNode *args[MAX_LIST];
    uint32_t n = 0;
    bool first = true;
    for (;;) {
        blanks(r);
        if (!first && !eat(r, ",")) break;
        blanks(r);
        if (*r->at == 'v' && isdigit((unsigned char)r->at[1])) {
            if (n == MAX_LIST || !(args[n++] = value_of(r))) return;
        } else if (*r->at == 'b' && jit_ir_is_term(x) && b->nsucc < 2) {
            read_edge(r, &b->succ[b->nsucc++]);
        } else if (!first) {
            fail(r, "expected a value or a block");
            return;
        } else {
            break;
        }
        first = false;
    }
    x->n = n;
    if (n) {
        x->args = jit_ir_alloc(r->m, n * sizeof *args);
        memcpy(x->args, args, n * sizeof *args);
    }
}

/* Result types that the op determines may be left out of hand-written text. */
static void fill_type(IrNode *x)
{
    static const uint8_t machine[] = {
        [RESULT_NONE] = M_VOID, [RESULT_I1] = M_I1,    [RESULT_I64] = M_I64,
        [RESULT_F64] = M_F64,   [RESULT_PTR] = M_PTR,  [RESULT_OWN] = M_OWN,
        [RESULT_SAME] = M_VOID, [RESULT_ANY] = M_VOID, [RESULT_USER] = M_VOID};
    if (!x->mt && !x->type) x->mt = machine[jit_ir_ops[x->op].result];
}

static void read_node(Reader *r, IrBlock *b)
{
    IrNode *x;
    blanks(r);
    const char *at = r->at;
    size_t n;
    const char *w = word(r, &n);
    if (n > 1 && w[0] == 'v' && isdigit((unsigned char)w[1])) {
        r->at = at;
        if (!(x = define(r))) return;
        read_type(r, x);
        if (!want(r, "=")) return;
        w = word(r, &n);
    } else {
        x = jit_ir_node_new(r->f, OP_UNDEF, M_VOID, 0);
        x->id = UINT32_MAX;
    }
    int op = find_op(w, n);
    if (op < 0 || op == OP_PARAM) {
        r->at = w;
        fail(r, "unknown op");
        return;
    }
    x->op = (uint16_t)op;
    jit_ir_append(b, x);
    read_imm(r, x);
    if (op == OP_CONST)
        read_const(r, x);
    else
        read_args(r, b, x);
    read_tail(r, x);
    fill_type(x);
}

static void read_params(Reader *r, IrBlock *b)
{
    if (eat(r, ")")) return;
    do {
        IrNode *x = define(r);
        if (!x) return;
        x->op = OP_PARAM;
        read_type(r, x);
        read_flags(r, x);
        read_name(r, x);
        IrNode *slot = jit_ir_param_new(r->f, b, M_VOID, NULL);
        (void)slot;
        b->params[b->nparam - 1] = x;
        x->block = b;
        if (eat(r, "=")) { /* of a function's parameter: the default */
            IrNode *c = jit_ir_node_new(r->f, OP_CONST, M_VOID, 0);
            blanks(r);
            if (!(c->type = jit_sig_read_ir(&r->at))) {
                fail(r, "unknown type");
                return;
            }
            read_const(r, c);
            if (!r->f->defaults)
                r->f->defaults = jit_ir_alloc(r->m, MAX_LIST * sizeof *r->f->defaults);
            if (b->nparam <= MAX_LIST) r->f->defaults[b->nparam - 1] = c;
        }
    } while (eat(r, ","));
    want(r, ")");
}

static void place_block(IrFunc *f, IrBlock *b)
{
    b->prev = f->last;
    b->next = NULL;
    if (f->last)
        f->last->next = b;
    else
        f->first = b;
    f->last = b;
    f->nblocks++;
    b->flags = 0;
}

static void read_block(Reader *r, IrBlock *entry)
{
    IrBlock *b = block_of(r);
    if (!b) return;
    if (b->flags != UINT16_MAX) {
        fail(r, "block defined twice");
        return;
    }
    place_block(r->f, b);
    if (entry) {
        b->params = entry->params;
        b->nparam = b->param_room = entry->nparam;
        for (uint32_t i = 0; i < b->nparam; i++) b->params[i]->block = b;
    }
    if (eat(r, "(")) read_params(r, b);
    want(r, ":");
    while (!r->failed && eat(r, "!"))
        b->flags |= eat(r, "cold")     ? BLOCK_COLD
                    : eat(r, "slow")   ? BLOCK_SLOW
                    : eat(r, "prange") ? BLOCK_PRANGE
                                       : 0;
    for (;;) {
        skip(r);
        if (r->failed || *r->at == '}' || !*r->at) return;
        if (*r->at == 'b' && isdigit((unsigned char)r->at[1])) {
            const char *p = r->at + 1;
            while (isdigit((unsigned char)*p)) p++;
            if (*p == ':' || *p == '(') return;
        }
        read_node(r, b);
    }
}

static void read_returns(Reader *r)
{
    IrFunc *f = r->f;
    blanks(r);
    if (eat(r, "?")) return;
    if (!eat(r, "(")) {
        f->ret = jit_sig_read_ir(&r->at);
        if (!f->ret) fail(r, "unknown type");
        return;
    }
    f->lowered = true;
    uint8_t rets[MAX_LIST];
    if (!eat(r, ")")) {
        do {
            size_t n;
            const char *w = word(r, &n);
            int m = jit_mtype_find(w, n);
            if (m < 0 || f->nret == MAX_LIST) {
                fail(r, "unknown machine type");
                return;
            }
            rets[f->nret++] = (uint8_t)m;
        } while (eat(r, ","));
        want(r, ")");
    }
    f->rets = jit_ir_alloc(r->m, f->nret + 1);
    memcpy(f->rets, rets, f->nret);
}

static void read_func(Reader *r)
{
    if (!want(r, "func") || !want(r, "@")) return;
    size_t n;
    const char *name = word(r, &n);
    r->f = jit_ir_func_new(r->m, jit_ir_text(r->m, name, n));
    r->values = NULL;
    r->blocks = NULL;
    r->nvalues = r->nblocks = 0;
    IrBlock header = {0};
    want(r, "(");
    read_params(r, &header);
    want(r, "->");
    if (!r->failed) read_returns(r);
    while (!r->failed && eat(r, "!")) {
        if (eat(r, "fastmath"))
            r->f->fastmath = true;
        else if (eat(r, "watch"))
            r->f->watch = true;
        else if (eat(r, "parallel"))
            r->f->parallel = true;
        else if (eat(r, "nobounds"))
            r->f->boundscheck = false;
        else if (eat(r, "wrap"))
            r->f->wrap_ints = true;
        else if (eat(r, "rest"))
            r->f->rest = true;
        else if (eat(r, "kwonly[")) {
            r->f->keyword_only = (uint32_t)number(r);
            want(r, "]");
        } else if (eat(r, "reduce[")) {
            size_t k = strcspn(r->at, "]\n");
            r->f->reduce = jit_ir_text(r->m, r->at, k);
            r->at += k;
            want(r, "]");
        } else
            fail(r, "unknown flag");
    }
    want(r, "{");
    for (IrBlock *entry = &header; !r->failed; entry = NULL) {
        skip(r);
        if (eat(r, "}")) break;
        read_block(r, entry);
    }
    for (uint32_t i = 0; !r->failed && i < r->nvalues; i++)
        if (r->values[i] && !r->defined[i]) fail(r, "a value is used and never defined");
    for (uint32_t i = 0; !r->failed && i < r->nblocks; i++)
        if (r->blocks[i] && r->blocks[i]->flags == UINT16_MAX)
            fail(r, "a block is used and never defined");
    if (!r->failed && !r->f->first) fail(r, "a function without blocks");
    if (r->failed) return;
    FOR_BLOCKS(b, r->f) /* values without a number get one */
    FOR_NODES(x, b)
    {
        if (x->id == UINT32_MAX) x->id = r->f->next_node++;
        if (!x->mt && jit_ir_ops[x->op].result == RESULT_SAME && x->n) x->mt = x->args[0]->mt;
    }
}

IrModule *jit_read_module(const char *text, char *error, size_t size)
{
    Reader r = {.at = text, .start = text, .m = jit_ir_module_new(), .error = error, .size = size};
    for (;;) {
        skip(&r);
        if (!*r.at || r.failed) break;
        read_func(&r);
    }
    if (r.failed) {
        jit_ir_module_free(r.m);
        return NULL;
    }
    return r.m;
}
