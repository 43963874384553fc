/*
 * syntax/parser.c: the entry: modes, the two passes, memo, the limit on depth.
 *
 * No tree that leaves here is deeper than MAX_DEPTH nodes (plus the statements around them), so
 * that the passes behind the parser may recurse. Nesting is counted while parsing; long chains
 * (a.b.c..., a + b + ..., elif ...) deepen the tree without recursion here: a statement with one is
 * measured afterwards.
 */
#include "runtime/syntax/parser.h"

#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "runtime/syntax/parser_state.h"
#include "runtime/syntax/source.h"

void kr_parse_grow_stack(Parser *p) {
    p->capacity = p->capacity ? p->capacity * 2 : 256;
    p->stack = realloc(p->stack, p->capacity * sizeof(void *));
    if (!p->stack) {
        fprintf(stderr, "krait: out of memory (parser)\n");
        abort();
    }
}

/* ---- memo --------------------------------------------------------------------------------- */

static MemoEntry *memo_slot(MemoEntry *memo, uint32_t mask, uint32_t at, uint32_t rule) {
    uint32_t i = (at * 31 + rule * 7919) & mask;
    while (memo[i].rule && (memo[i].at != at || memo[i].rule != rule))
        i = (i + 1) & mask;
    return &memo[i];
}

static void grow_memo(Parser *p) {
    uint32_t mask = p->memo ? p->memo_mask * 2 + 1 : 1023;
    MemoEntry *memo = kr_arena_alloc(p->arena, ((size_t)mask + 1) * sizeof(MemoEntry));
    for (uint32_t i = 0; p->memo && i <= p->memo_mask; i++)
        if (p->memo[i].rule)
            *memo_slot(memo, mask, p->memo[i].at, p->memo[i].rule) = p->memo[i];
    p->memo = memo;
    p->memo_mask = mask;
}

void *kr_parse_memo(Parser *p, Rule rule, RuleFunction function) {
    if (p->raised)
        return NULL;
    if (!p->memo || p->memo_used * 2 > p->memo_mask)
        grow_memo(p);
    uint32_t at = p->at;
    MemoEntry *entry = memo_slot(p->memo, p->memo_mask, at, rule);
    if (entry->rule) {
        p->at = entry->end;
        return entry->result;
    }
    uint32_t top = p->top;
    void *result = function(p);
    if (p->raised)
        return NULL;
    if (!result)
        p->at = at;
    p->top = top;
    if (p->memo_used * 2 > p->memo_mask)
        grow_memo(p);
    entry = memo_slot(p->memo, p->memo_mask, at, rule);
    *entry = (MemoEntry){at, rule, p->at, result};
    p->memo_used++;
    if (p->t[p->at].type == TOKEN_ERROR && rule != RULE_BLOCK) {
        /* Operators were looked for behind the result. */
        kr_syntax_error_raise_scanner(p);
        return NULL;
    }
    return result;
}

/* ---- depth -------------------------------------------------------------------------------- */

static bool too_deep(const void *node, int depth);

static bool any_too_deep(const NodeSeq *seq, int depth) {
    for (size_t i = 0; i < seq->count; i++)
        if (seq->items[i] && too_deep(seq->items[i], depth))
            return true;
    return false;
}

static bool too_deep(const void *node, int depth) {
    if (depth > MAX_DEPTH)
        return true;
    const NodeInfo *info = kr_ast_info(((const Node *)node)->kind);
    for (const FieldInfo *f = info->fields; f->name; f++) {
        if (f->type >= FIELD_FIRST_SCALAR)
            continue;
        const void *value = *(void *const *)((const char *)node + f->offset);
        if (!value)
            continue;
        bool sequence = f->quantity == QUANTITY_SEQ || f->quantity == QUANTITY_SEQOPT;
        if (sequence ? any_too_deep(value, depth + 1) : too_deep(value, depth + 1))
            return true;
    }
    return false;
}

/* Measures the nodes pushed since `mark` if a chain was seen in them. */
static bool check_depth(Parser *p, uint32_t mark) {
    if (!p->deep)
        return true;
    p->deep = false;
    for (uint32_t i = mark; i < p->top; i++)
        if (too_deep(p->stack[i], 0)) {
            kr_parse_too_deep(p);
            return false;
        }
    return true;
}

/* ---- modes -------------------------------------------------------------------------------- */

static Mod *new_mod(Parser *p, NodeKind kind) {
    Mod *mod = kr_ast_new(p->arena, kind);
    mod->names = p->names;
    return mod;
}

static Mod *module(Parser *p) {
    uint32_t mark = p->top;
    while (peek(p) != TOKEN_ENDMARKER) {
        uint32_t statement = p->top;
        if (!kr_parse_statement(p))
            return NULL;
        if (!check_depth(p, statement))
            return NULL;
    }
    Mod *mod = new_mod(p, MOD_Module);
    mod->Module.body = take(p, mark);
    mod->Module.type_ignores = kr_ast_sequence(p->arena, 0, NULL);
    return mod;
}

static Mod *expression(Parser *p) {
    uint32_t mark = p->top;
    Expr *body = kr_parse_expressions(p);
    if (!body)
        return NULL;
    while (accept(p, TOKEN_NEWLINE))
        continue;
    if (!expect(p, TOKEN_ENDMARKER))
        return NULL;
    push(p, body);
    if (!check_depth(p, mark))
        return NULL;
    p->top = mark;
    Mod *mod = new_mod(p, MOD_Expression);
    mod->Expression.body = body;
    return mod;
}

/* One statement; a compound one needs an empty line behind it, which end_single() has added. */
static Mod *interactive(Parser *p) {
    uint32_t mark = p->top;
    bool compound = kr_parse_starts_compound(peek(p));
    if (!kr_parse_statement(p))
        return NULL;
    compound |= ((Node *)p->stack[mark])->kind == STMT_Match;
    if (compound && !expect(p, TOKEN_NEWLINE))
        return NULL;
    if (!check_depth(p, mark))
        return NULL;
    accept(p, TOKEN_NEWLINE);
    if (peek(p) != TOKEN_ENDMARKER) {
        p->reach = --p->at;
        return kr_syntax_error_raise_last(
            p, SYNTAX_ERROR, "multiple statements found while compiling a single statement");
    }
    Mod *mod = new_mod(p, MOD_Interactive);
    mod->Interactive.body = take(p, mark);
    return mod;
}

/* '(' [types] ')' '->' type: stars before the types are allowed and dropped. */
static Mod *function_type(Parser *p) {
    uint32_t mark = p->top;
    if (!expect(p, TOKEN_LPAR))
        return NULL;
    while (peek(p) != TOKEN_RPAR) {
        if (!accept(p, TOKEN_STAR))
            accept(p, TOKEN_DOUBLESTAR);
        Expr *type = kr_parse_expression(p);
        if (!type)
            return NULL;
        push(p, type);
        if (!accept(p, TOKEN_COMMA))
            break;
    }
    if (!expect(p, TOKEN_RPAR) || !expect(p, TOKEN_RARROW))
        return NULL;
    Expr *returns = kr_parse_expression(p);
    if (!returns || !check_depth(p, mark))
        return NULL;
    while (accept(p, TOKEN_NEWLINE))
        continue;
    if (!expect(p, TOKEN_ENDMARKER))
        return NULL;
    Mod *mod = new_mod(p, MOD_FunctionType);
    mod->FunctionType.argtypes = take(p, mark);
    mod->FunctionType.returns = returns;
    return mod;
}

static Mod *parse_mode(Parser *p) {
    switch (p->mode) {
    case PARSE_EVAL: return expression(p);
    case PARSE_SINGLE: return interactive(p);
    case PARSE_FUNC_TYPE: return function_type(p);
    default: return module(p);
    }
}

/* ---- the passes --------------------------------------------------------------------------- */

/* In SINGLE mode the end of the text counts as one more empty line, which ends a compound
   statement of complete lines or with an indented block; with PARSE_KEEP_OPEN a block needs that
   line in the text. */
static void end_single(Parser *p) {
    Tokens *tokens = &p->tokens;
    uint32_t last = tokens->count - 1;
    if (tokens->items[last].type != TOKEN_ENDMARKER)
        return;
    bool open = tokens->length && tokens->text[tokens->length - 1] != '\n';
    if (open && p->flags & PARSE_KEEP_OPEN) {
        while (last > 0 && tokens->items[last - 1].type == TOKEN_DEDENT)
            last--;
        tokens->items[last] = tokens->items[tokens->count - 1];
        tokens->count = last + 1;
        return;
    }
    if (last == 0 || (open && tokens->items[last - 1].type != TOKEN_DEDENT))
        return;
    tokens->items[last + 1] = tokens->items[last];
    tokens->items[last].type = TOKEN_NEWLINE;
    tokens->count++;
}

/* Has the parse failed only because the text ends here? */
static bool is_incomplete(const Parser *p) {
    const Token *last = &p->t[p->reach];
    if (last->type == TOKEN_ERROR)
        return p->tokens.ends_early;
    for (uint32_t i = p->reach; i < p->count; i++)
        if (p->t[i].type != TOKEN_DEDENT && p->t[i].type != TOKEN_ENDMARKER &&
            !(p->t[i].type == TOKEN_NEWLINE && p->t[i].start == p->tokens.length))
            return false;
    return true;
}

static void parse_again(Parser *p, bool invalid) {
    p->invalid = invalid;
    p->at = p->top = 0;
    p->depth = 0;
    if (p->memo)
        memset(p->memo, 0, ((size_t)p->memo_mask + 1) * sizeof(MemoEntry));
    p->memo_used = 0;
    parse_mode(p);
}

/* CPython has two passes; its first one remembers results and has a few rules for mistakes. Ours
   has neither, so it is repeated when it has failed. */
static Mod *explain(Parser *p) {
    uint32_t reach = p->reach;
    if (p->flags & PARSE_INCOMPLETE && is_incomplete(p)) {
        p->raised = false;
        p->ended = true;
        return kr_syntax_error_raise_last(p, SYNTAX_INCOMPLETE, "incomplete input");
    }
    p->second = true;
    if (!p->raised && p->t[reach].type != TOKEN_ERROR) {
        parse_again(p, false);
        reach = p->reach;
    }
    if (!p->raised && p->t[reach].type != TOKEN_ERROR) {
        parse_again(p, true);
        if (p->raised && p->error->kind == SYNTAX_RECURSION)
            p->raised = false; /* the search for a mistake went too deep: "invalid syntax" it is */
    }
    kr_syntax_error_finish(p, reach);
    return NULL;
}

Mod *kr_parse(Arena *arena, const char *source, size_t length, const char *filename, int mode,
              int flags, SyntaxError *error) {
    memset(error, 0, sizeof *error);
    uint32_t size;
    const char *text = kr_source_read(arena, source, length, flags & PARSE_IGNORE_COOKIE,
                                      mode == PARSE_EXEC, filename, &size, error);
    if (!text)
        return NULL;
    Parser parser = {.arena = arena, .filename = filename, .mode = mode, .flags = flags,
                     .error = error};
    Parser *p = &parser;
    p->names = kr_ast_names_new(arena);
    kr_tokens_scan(&p->tokens, arena, p->names, text, size, filename);
    if (mode == PARSE_SINGLE)
        end_single(p);
    p->t = p->tokens.items;
    p->count = p->tokens.count;
    Mod *mod = parse_mode(p);
    if (!mod)
        explain(p);
    error->warnings = p->tokens.warnings;
    kr_tokens_free(&p->tokens);
    free(p->stack);
    return mod;
}
