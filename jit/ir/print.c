/* The IR as text. read.c accepts exactly what this writes; the round trip is the identity. */
#include "jit/ir/ir.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((format(printf, 2, 3))) static void put(IrText *out, const char *fmt, ...)
{
    char small[512];
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(small, sizeof small, fmt, ap);
    va_end(ap);
    if (n < 0) n = 0;
    if (out->length + (size_t)n + 1 > out->room) {
        out->room = 2 * (out->length + (size_t)n + 1) + 1024;
        out->data = realloc(out->data, out->room);
        if (!out->data) abort();
    }
    if ((size_t)n < sizeof small)
        memcpy(out->data + out->length, small, (size_t)n + 1);
    else
        vsnprintf(out->data + out->length, (size_t)n + 1, fmt, again);
    va_end(again);
    out->length += (size_t)n;
}

static void put_quoted(IrText *out, const char *s)
{
    put(out, "\"");
    for (; *s; s++)
        if (*s == '\n')
            put(out, "\\n");
        else if (*s == '"' || *s == '\\')
            put(out, "\\%c", *s);
        else
            put(out, "%c", *s);
    put(out, "\"");
}

static void put_float(IrText *out, double x)
{
    char text[40];
    if (isnan(x)) {
        put(out, signbit(x) ? "-nan" : "nan");
        return;
    }
    snprintf(text, sizeof text, "%.17g", x);
    double back = x;
    for (int digits = 1; digits < 17; digits++) { /* shortest that reads back */
        char shorter[40];
        snprintf(shorter, sizeof shorter, "%.*g", digits, x);
        back = strtod(shorter, NULL);
        if (back == x) {
            strcpy(text, shorter);
            break;
        }
    }
    put(out, "%s%s", text, strpbrk(text, ".einf") ? "" : ".0");
}

static void put_const(IrText *out, const IrNode *x)
{
    if (x->mt) {
        if (jit_mtype_is_float((MType)x->mt)) {
            put(out, " ");
            put_float(out, x->imm.f);
        } else {
            put(out, " %lld", (long long)x->imm.i);
        }
        return;
    }
    if (!x->type || !jit_type_is_numeric(x->type)) return;
    put(out, " ");
    if (jit_type_is_complex(x->type)) {
        put_float(out, x->imm.f);
        put(out, " ");
        put_float(out, x->imag);
    } else if (jit_type_is_float(x->type)) {
        put_float(out, x->imm.f);
    } else {
        put(out, "%lld", (long long)x->imm.i);
    }
}

static void put_imm(IrText *out, const IrNode *x)
{
    static const char *const errs[ERR_COUNT] = {
#define ERR(code, cls, text) [ERR_##code] = #code,
#include "jit/run/errors.def"
#undef ERR
    };
    switch ((IrImm)jit_ir_ops[x->op].imm) {
    case IMM_NO:
    case IMM_CONST: break;
    case IMM_INT: put(out, "[%lld]", (long long)x->imm.i); break;
    case IMM_TEXT:
        if (x->text && *x->text) put(out, "[%s]", x->text);
        break;
    case IMM_OPER: put(out, "[%s]", jit_ir_operators[x->sub]); break;
    case IMM_MSG: put(out, "[%s]", errs[x->sub]); break;
    case IMM_FN1:
    case IMM_FN2: put(out, "[%s]", jit_ir_math_names[x->sub]); break;
    case IMM_RT: put(out, "[%s]", jit_ir_rts[x->sub].name); break;
    case IMM_DT: put(out, "[%s]", jit_dtype_name((JitDtype)x->sub)); break;
    }
}

static void put_edge(IrText *out, const IrEdge *e)
{
    put(out, "b%u", e->to->id);
    for (uint32_t i = 0; i < e->n; i++) put(out, "%sv%u", i ? ", " : "(", e->args[i]->id);
    put(out, e->n ? ")" : "");
}

static void put_type(IrText *out, const IrNode *x)
{
    if (x->mt)
        put(out, ": %s", jit_mtype_name((MType)x->mt));
    else if (x->type)
        put(out, ": %s", x->type->text);
}

const char *const jit_print_flags[] = {"nsw",     "nz",     "pos",      "nonneg", "fused",
                                       "inrange", "scoped", "borrowed", "fast"};

static void put_flags(IrText *out, const IrNode *x)
{
    for (unsigned i = 0; i < sizeof jit_print_flags / sizeof *jit_print_flags; i++)
        if (x->flags & (1u << i)) put(out, " !%s", jit_print_flags[i]);
}

static bool has_value(const IrNode *x)
{
    return x->mt != M_VOID || jit_ir_ops[x->op].result == RESULT_USER || x->op == OP_CONST ||
           x->op == OP_UNDEF;
}

void jit_print_node(const IrNode *x, IrText *out)
{
    if (has_value(x) || x->op == OP_CALL) {
        put(out, "v%u", x->id);
        put_type(out, x);
        put(out, " = ");
    }
    put(out, "%s", jit_ir_ops[x->op].text);
    put_imm(out, x);
    if (x->op == OP_CONST) put_const(out, x);
    for (uint32_t i = 0; i < x->n; i++) put(out, "%sv%u", i ? ", " : " ", x->args[i]->id);
    if (jit_ir_is_term(x) && x->block)
        for (uint32_t s = 0; s < x->block->nsucc; s++) {
            put(out, s || x->n ? ", " : " ");
            put_edge(out, &x->block->succ[s]);
        }
    put_flags(out, x);
    if (jit_ir_ops[x->op].imm != IMM_TEXT && x->text) {
        put(out, " #");
        put_quoted(out, x->text);
    }
    if (x->exit) {
        put(out, " ^ ");
        put_edge(out, x->exit);
    }
    if (x->pos.line)
        put(out, " @%d:%d-%d:%d", x->pos.line, x->pos.col, x->pos.end_line, x->pos.end_col);
    if (x->name) {
        put(out, " ");
        put_quoted(out, x->name);
    }
}

static void put_params(IrText *out, const IrBlock *b, IrNode *const *defaults)
{
    for (uint32_t i = 0; i < b->nparam; i++) {
        put(out, "%sv%u", i ? ", " : "", b->params[i]->id);
        put_type(out, b->params[i]);
        put_flags(out, b->params[i]);
        if (b->params[i]->name) {
            put(out, " ");
            put_quoted(out, b->params[i]->name);
        }
        if (defaults && defaults[i]) {
            put(out, " = %s", defaults[i]->type->text);
            put_const(out, defaults[i]);
        }
    }
}

static void put_block(IrText *out, const IrBlock *b, bool entry)
{
    put(out, "b%u", b->id);
    if (!entry && b->nparam) {
        put(out, "(");
        put_params(out, b, NULL);
        put(out, ")");
    }
    put(out, ":%s%s%s\n", b->flags & BLOCK_COLD ? " !cold" : "",
        b->flags & BLOCK_SLOW ? " !slow" : "", b->flags & BLOCK_PRANGE ? " !prange" : "");
    FOR_NODES(x, b)
    {
        put(out, "  ");
        jit_print_node(x, out);
        put(out, "\n");
    }
}

void jit_print_func(const IrFunc *f, IrText *out)
{
    put(out, "func @%s(", f->name);
    put_params(out, f->first, f->defaults);
    put(out, ") -> ");
    if (f->lowered) {
        put(out, "(");
        for (uint32_t i = 0; i < f->nret; i++)
            put(out, "%s%s", i ? ", " : "", jit_mtype_name((MType)f->rets[i]));
        put(out, ")");
    } else {
        put(out, "%s", f->ret ? f->ret->text : "?");
    }
    if (f->keyword_only) put(out, " !kwonly[%u]", f->keyword_only);
    if (f->rest) put(out, " !rest");
    if (f->reduce) put(out, " !reduce[%s]", f->reduce);
    put(out, "%s%s%s%s%s {\n", f->fastmath ? " !fastmath" : "", f->watch ? " !watch" : "",
        f->parallel ? " !parallel" : "",
        f->boundscheck ? "" : " !nobounds", f->wrap_ints ? " !wrap" : "");
    FOR_BLOCKS(b, f)
    put_block(out, b, b == f->first);
    put(out, "}\n");
}

void jit_print_module(const IrModule *m, IrText *out)
{
    for (const IrFunc *f = m->funcs; f; f = f->next) {
        if (f != m->funcs) put(out, "\n");
        jit_print_func(f, out);
    }
}
