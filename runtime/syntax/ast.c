/*
 * syntax/ast.c: the tables derived from ast.def, node allocation and the set of names.
 *
 * A node's row is made by a function, because FIELD inside a row must know the struct it measures:
 * the function's local typedef `Here` and constant BASE tell it.
 */
#include "runtime/syntax/ast.h"

#include <string.h>

#define FIELD(quantity, type, name)                                                                \
    {#name, FIELD_##type, QUANTITY_##quantity, BASE + offsetof(Here, name)},

#define ROW(type, member_type, base, symbol, title, sum, positions, ...)                           \
    static const NodeInfo *info_##symbol(void) {                                                   \
        typedef member_type Here;                                                                  \
        enum { BASE = base };                                                                      \
        static const FieldInfo fields[] = {__VA_ARGS__{NULL, 0, 0, BASE * (sizeof(Here) == 0)}};   \
        static const NodeInfo info = {title, sum, fields, sizeof(type), positions};                \
        return &info;                                                                              \
    }

/* A constructor whose fields stand in an anonymous struct of the sum's union. */
#define MEMBER(sum, n, symbol, title, ...)                                                         \
    ROW(sum, __typeof__(((sum *)0)->n), offsetof(sum, n), symbol, #n, title, sum##_POSITIONS,      \
        __VA_ARGS__)
enum { Mod_POSITIONS = 0, Stmt_POSITIONS = 1, Expr_POSITIONS = 1, Pattern_POSITIONS = 1 };
enum { TypeParam_POSITIONS = 1 };

#define MOD_NODE(n, f) MEMBER(Mod, n, MOD_##n, "mod", f)
#define STMT_NODE(n, f) MEMBER(Stmt, n, STMT_##n, "stmt", f)
#define EXPR_NODE(n, f) MEMBER(Expr, n, EXPR_##n, "expr", f)
#define PATTERN_NODE(n, f) MEMBER(Pattern, n, PATTERN_##n, "pattern", f)
#define PARAM_NODE(n, f) MEMBER(TypeParam, n, PARAM_##n, "type_param", f)
#define HANDLER_NODE(n, f) ROW(n, n, 0, HANDLER_##n, #n, "excepthandler", true, f)
#define IGNORE_NODE(n, f) ROW(n, n, 0, IGNORE_##n, #n, "type_ignore", false, f)
#define PRODUCT_NODE(type, asdl, positions, f)                                                     \
    ROW(type, type, 0, PRODUCT_##type, #asdl, "AST", positions, f)
#include "runtime/syntax/ast.def"
#undef FIELD

typedef const NodeInfo *(*InfoFunction)(void);

static const InfoFunction info_functions[NODE_KINDS] = {
#define MOD_NODE(n, f) info_MOD_##n,
#define STMT_NODE(n, f) info_STMT_##n,
#define EXPR_NODE(n, f) info_EXPR_##n,
#define PATTERN_NODE(n, f) info_PATTERN_##n,
#define PARAM_NODE(n, f) info_PARAM_##n,
#define HANDLER_NODE(n, f) info_HANDLER_##n,
#define IGNORE_NODE(n, f) info_IGNORE_##n,
#define PRODUCT_NODE(type, asdl, positions, f) info_PRODUCT_##type,
#include "runtime/syntax/ast.def"
};

const NodeInfo *kr_ast_info(NodeKind kind) {
    return info_functions[kind]();
}

typedef struct EnumRow {
    const char *name, *text;
} EnumRow;

static const EnumRow ctx_rows[] = {
#define CTX(name, text) {#name, text},
#include "runtime/syntax/ast.def"
    {NULL, NULL},
};
static const EnumRow boolop_rows[] = {
#define BOOLOP(name, text) {#name, text},
#include "runtime/syntax/ast.def"
    {NULL, NULL},
};
static const EnumRow operator_rows[] = {
#define OPERATOR(name, text) {#name, text},
#include "runtime/syntax/ast.def"
    {NULL, NULL},
};
static const EnumRow unaryop_rows[] = {
#define UNARYOP(name, text) {#name, text},
#include "runtime/syntax/ast.def"
    {NULL, NULL},
};
static const EnumRow cmpop_rows[] = {
#define CMPOP(name, text) {#name, text},
#include "runtime/syntax/ast.def"
    {NULL, NULL},
};

static const struct {
    const char *name;
    const EnumRow *rows;
} field_types[FIELD_TYPES] = {
    [FIELD_Mod] = {"mod", NULL},
    [FIELD_Stmt] = {"stmt", NULL},
    [FIELD_Expr] = {"expr", NULL},
    [FIELD_ExceptHandler] = {"excepthandler", NULL},
    [FIELD_Pattern] = {"pattern", NULL},
    [FIELD_TypeIgnore] = {"type_ignore", NULL},
    [FIELD_TypeParam] = {"type_param", NULL},
    [FIELD_Comprehension] = {"comprehension", NULL},
    [FIELD_Arguments] = {"arguments", NULL},
    [FIELD_Arg] = {"arg", NULL},
    [FIELD_Keyword] = {"keyword", NULL},
    [FIELD_Alias] = {"alias", NULL},
    [FIELD_WithItem] = {"withitem", NULL},
    [FIELD_MatchCase] = {"match_case", NULL},
    [FIELD_Identifier] = {"identifier", NULL},
    [FIELD_String] = {"string", NULL},
    [FIELD_Int] = {"int", NULL},
    [FIELD_Constant] = {"constant", NULL},
    [FIELD_ExprContext] = {"expr_context", ctx_rows},
    [FIELD_BoolOperator] = {"boolop", boolop_rows},
    [FIELD_Operator] = {"operator", operator_rows},
    [FIELD_UnaryOperator] = {"unaryop", unaryop_rows},
    [FIELD_CmpOperator] = {"cmpop", cmpop_rows},
};

const char *kr_ast_type_name(FieldType type) {
    return field_types[type].name;
}

const char *kr_ast_enum_name(FieldType type, int value) {
    return field_types[type].rows[value].name;
}

const char *kr_ast_enum_text(FieldType type, int value) {
    return field_types[type].rows[value].text;
}

static const uint16_t node_sizes[NODE_KINDS] = {
#define MOD_NODE(n, f) sizeof(Mod),
#define STMT_NODE(n, f) sizeof(Stmt),
#define EXPR_NODE(n, f) sizeof(Expr),
#define PATTERN_NODE(n, f) sizeof(Pattern),
#define PARAM_NODE(n, f) sizeof(TypeParam),
#define HANDLER_NODE(n, f) sizeof(n),
#define IGNORE_NODE(n, f) sizeof(n),
#define PRODUCT_NODE(type, asdl, positions, f) sizeof(type),
#include "runtime/syntax/ast.def"
};

void *kr_ast_new(Arena *arena, NodeKind kind) {
    Node *node = kr_arena_alloc(arena, node_sizes[kind]);
    node->kind = kind;
    return node;
}

void *kr_ast_sequence(Arena *arena, size_t count, void *const *items) {
    static NodeSeq empty;
    if (count == 0)
        return &empty;
    NodeSeq *seq = kr_arena_alloc(arena, sizeof(NodeSeq) + count * sizeof(Node *));
    seq->count = count;
    if (items)
        memcpy(seq->items, items, count * sizeof(Node *));
    return seq;
}

/* Names: open addressing, a power of two, at most half full. The table lives in the arena too. */
struct Names {
    Arena *arena;
    Identifier **slots;
    uint32_t mask, used;
};

Names *kr_ast_names_new(Arena *arena) {
    Names *names = kr_arena_alloc(arena, sizeof(Names));
    names->arena = arena;
    names->mask = 255;
    names->slots = kr_arena_alloc(arena, 256 * sizeof(Identifier *));
    return names;
}

static void grow_names(Names *names) {
    uint32_t mask = names->mask * 2 + 1;
    Identifier **slots = kr_arena_alloc(names->arena, ((size_t)mask + 1) * sizeof(Identifier *));
    for (uint32_t i = 0; i <= names->mask; i++) {
        Identifier *name = names->slots[i];
        if (!name)
            continue;
        uint32_t at = name->hash & mask;
        while (slots[at])
            at = (at + 1) & mask;
        slots[at] = name;
    }
    names->slots = slots;
    names->mask = mask;
}

Identifier *kr_ast_intern(Names *names, const char *text, size_t length) {
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (uint8_t)text[i]) * 16777619u;
    hash ^= hash >> 15;
    uint32_t at = hash & names->mask;
    for (Identifier *name; (name = names->slots[at]) != NULL; at = (at + 1) & names->mask)
        if (name->hash == hash && name->length == length && !memcmp(name->text, text, length))
            return name;
    if (names->used * 2 >= names->mask) {
        grow_names(names);
        at = hash & names->mask;
        while (names->slots[at])
            at = (at + 1) & names->mask;
    }
    Identifier *name = kr_arena_alloc(names->arena, sizeof(Identifier) + length + 1);
    name->length = (uint32_t)length;
    name->hash = hash;
    memcpy(name->text, text, length);
    names->slots[at] = name;
    names->used++;
    return name;
}
