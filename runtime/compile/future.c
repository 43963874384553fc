/* future.c: `from __future__ import ...` at the head of a module. */
#include <limits.h>
#include <string.h>

#include "runtime/compile/compiler.h"

static bool fail(Compiler *c, const Stmt *s, const char *message)
{
    SyntaxError *error = c->error;
    error->kind = SYNTAX_ERROR;
    error->message = message;
    error->has_position = error->short_args = true;
    error->lineno = error->end_lineno = s->lineno;
    error->col_offset =
        s->col_offset + (strcmp(message, "not a chance") == 0 || strstr(message, "is not defined"));
    error->end_col_offset = INT_MIN; /* CPython leaves it None */
    c->failed = true;
    return false;
}

static bool feature(Compiler *c, const Stmt *s, const Identifier *name)
{
    static const char *const settled[] = {"nested_scopes",    "generators",     "division",
                                          "absolute_import",  "with_statement", "print_function",
                                          "unicode_literals", "generator_stop"};
    for (size_t i = 0; i < sizeof settled / sizeof *settled; i++)
        if (strcmp(name->text, settled[i]) == 0) return true;
    if (strcmp(name->text, "annotations") == 0) {
        c->flags |= COMPILE_FUTURE_ANNOTATIONS;
        return true;
    }
    if (strcmp(name->text, "barry_as_FLUFL") == 0) {
        c->flags |= COMPILE_FUTURE_BARRY;
        return true;
    }
    if (strcmp(name->text, "braces") == 0) return fail(c, s, "not a chance");
    return fail(c, s,
                kr_arena_format(c->arena, "future feature %.100s is not defined", name->text));
}

bool kr_future_scan(Compiler *c, Mod *mod)
{
    StmtSeq *body;
    if (mod->kind == MOD_Module)
        body = mod->Module.body;
    else if (mod->kind == MOD_Interactive)
        body = mod->Interactive.body;
    else
        return true;
    bool done = false;
    int32_t line = 0;
    for (size_t i = 0; i < body->count; i++) {
        const Stmt *s = body->items[i];
        if (done && s->lineno > line) return true;
        line = s->lineno;
        if (s->kind == STMT_ImportFrom && s->ImportFrom.module && s->ImportFrom.level == 0 &&
            strcmp(s->ImportFrom.module->text, "__future__") == 0) {
            if (done)
                return fail(c, s,
                            "from __future__ imports must occur at the beginning of the file");
            for (size_t j = 0; j < s->ImportFrom.names->count; j++)
                if (!feature(c, s, s->ImportFrom.names->items[j]->name)) return false;
            c->future_line = s->lineno;
        } else if (i > 0 || s->kind != STMT_Expr || s->Expr.value->kind != EXPR_Constant ||
                   s->Expr.value->Constant.value.kind != CONSTANT_STR) {
            done = true;
        }
    }
    return true;
}
