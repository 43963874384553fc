/*
 * syntax/dump.c: tokens and trees as text, from the tables of tokens.def and ast.def.
 */
#include "runtime/syntax/dump.h"

#include <string.h>

#include "runtime/syntax/source.h"
#include "runtime/syntax/tokens.h"

static void dump_node(FILE *out, const void *node);

static void dump_enum(FILE *out, FieldType type, int value) {
    fprintf(out, "%s()", kr_ast_enum_name(type, value));
}

/* One item of a field, at `value`. */
static void dump_item(FILE *out, FieldType type, const void *value) {
    switch (type) {
    case FIELD_Int: fprintf(out, "%d", *(const int32_t *)value); break;
    case FIELD_Constant: kr_dump_constant(out, value); break;
    case FIELD_Identifier:
    case FIELD_String: {
        const Identifier *name = *(Identifier *const *)value;
        if (name)
            kr_dump_text(out, name->text, name->length);
        else
            fputs("None", out);
        break;
    }
    case FIELD_ExprContext:
    case FIELD_BoolOperator:
    case FIELD_Operator:
    case FIELD_UnaryOperator:
    case FIELD_CmpOperator: dump_enum(out, type, (int)*(const unsigned *)value); break;
    default:
        if (*(void *const *)value)
            dump_node(out, *(void *const *)value);
        else
            fputs("None", out);
    }
}

static void dump_sequence(FILE *out, FieldType type, const NodeSeq *seq) {
    fputc('[', out);
    for (size_t i = 0; i < seq->count; i++) {
        if (i)
            fputs(", ", out);
        if (type == FIELD_CmpOperator)
            dump_item(out, type, &((const CmpOperatorSeq *)seq)->items[i]);
        else
            dump_item(out, type, &seq->items[i]);
    }
    fputc(']', out);
}

/* Does ast.dump() leave the field out? Absent values are; so are empty type parameters, which
   3.11 has not. */
static bool is_left_out(const FieldInfo *f, const void *value) {
    if (f->quantity == QUANTITY_OPT && f->type != FIELD_Int)
        return *(void *const *)value == NULL;
    return f->type == FIELD_TypeParam && (*(NodeSeq *const *)value)->count == 0;
}

static void dump_node(FILE *out, const void *node) {
    const Node *head = node;
    const NodeInfo *info = kr_ast_info(head->kind);
    const char *separator = "";
    fprintf(out, "%s(", info->name);
    for (const FieldInfo *f = info->fields; f->name; f++) {
        const void *value = (const char *)node + f->offset;
        if (is_left_out(f, value))
            continue;
        fprintf(out, "%s%s=", separator, f->name);
        separator = ", ";
        if (f->quantity == QUANTITY_SEQ || f->quantity == QUANTITY_SEQOPT)
            dump_sequence(out, f->type, *(NodeSeq *const *)value);
        else
            dump_item(out, f->type, value);
    }
    if (info->positions)
        fprintf(out, "%slineno=%d, col_offset=%d, end_lineno=%d, end_col_offset=%d", separator,
                head->lineno, head->col_offset, head->end_lineno, head->end_col_offset);
    fputc(')', out);
}

void kr_dump_ast(FILE *out, const Mod *mod) {
    dump_node(out, mod);
    fputc('\n', out);
}

static const char *token_type_name(TokenType type) {
    return type < TOKEN_LPAR ? kr_tokens_name(type) : type < TOKEN_FALSE ? "OP" : "KEYWORD";
}

bool kr_dump_tokens(FILE *out, const char *source, size_t length, const char *filename) {
    Arena *arena = kr_arena_new();
    SyntaxError error = {0};
    uint32_t size;
    const char *text =
        kr_source_read(arena, source, length, false, true, filename, &size, &error);
    if (text) {
        Tokens tokens;
        kr_tokens_scan(&tokens, arena, kr_ast_names_new(arena), text, size, filename);
        for (uint32_t i = 0; i < tokens.count; i++) {
            const Token *t = &tokens.items[i];
            fprintf(out, "%d,%d-%d,%d:\t%-14s ", t->lineno, t->col_offset, t->end_lineno,
                    t->end_col_offset, token_type_name(t->type));
            if (t->col_offset >= 0)
                kr_dump_text(out, text + t->start, t->end - t->start);
            fputc('\n', out);
        }
        error = tokens.error;
        if (tokens.unclosed)
            fprintf(out, "error: line %d: '%c' was never closed\n", tokens.bracket_line,
                    tokens.bracket);
        kr_tokens_free(&tokens);
    }
    bool ok = error.kind == SYNTAX_OK;
    if (!ok)
        fprintf(out, "error: line %d: %s\n", error.lineno, error.message);
    kr_arena_free(arena);
    return ok;
}
