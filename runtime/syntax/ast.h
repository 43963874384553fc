/*
 * syntax/ast.h: the abstract syntax tree as C structs, derived from ast.def.
 *
 * Every node is a struct that starts with a NodeHead (kind and position). A sum of ASDL is a
 * tagged union with one anonymous struct a constructor, named as the constructor:
 *
 *     switch (e->kind) {
 *     case EXPR_BinOp: visit(e->BinOp.left); emit(e->BinOp.op); visit(e->BinOp.right); break;
 *     case EXPR_Name:  load(e->Name.id); break;
 *
 * A product (Arguments, Arg, Keyword, ...) has its fields directly: `a->posonlyargs`.
 *
 * Invariants
 * - The tree, its names and constants live in one arena and hold no runtime values.
 * - Sequences are never NULL; an empty one has count 0. Items are never NULL except in
 *   Dict.keys (`**x`) and Arguments.kw_defaults (no default).
 * - An absent optional node or name is NULL. ImportFrom.level is always set.
 * - Names are interned in Mod.names: within one tree equal names are equal pointers.
 * - Lines count from 1, columns are UTF-8 bytes from 0, ends are exclusive (as in CPython).
 */
#ifndef KRAIT_SYNTAX_AST_H
#define KRAIT_SYNTAX_AST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/memory/arena.h"

/* An interned name or small text: UTF-8, NUL-terminated, NFKC-normalised where it is a name. */
typedef struct Identifier {
    uint32_t length; /* bytes, without the NUL */
    uint32_t hash;
    uint64_t mark; /* free for the tree's user; 0 at first */
    char text[];
} Identifier;

/* The set of all names of one tree. */
typedef struct Names Names;
Names *kr_ast_names_new(Arena *arena);
Identifier *kr_ast_intern(Names *names, const char *text, size_t length);

typedef enum ConstantKind {
    CONSTANT_NONE,
    CONSTANT_TRUE,
    CONSTANT_FALSE,
    CONSTANT_ELLIPSIS,
    CONSTANT_INT,
    CONSTANT_FLOAT,
    CONSTANT_IMAG, /* the imaginary number `real`*1j */
    CONSTANT_STR,
    CONSTANT_BYTES,
    CONSTANT_OBJECT /* never from the parser: a value that `_ast` put into a tree */
} ConstantKind;

typedef struct Constant {
    uint8_t kind;    /* ConstantKind */
    uint8_t base;    /* INT: 2, 8, 10 or 16, of `bytes` */
    bool fits;       /* INT: `integer` is its value */
    bool ascii;      /* STR: all bytes < 0x80 */
    uint32_t points; /* STR: code points (saturated at UINT32_MAX) */
    union {
        int64_t integer; /* INT, if it fits: never negative from the parser */
        double real;     /* FLOAT, IMAG */
        uint64_t object; /* OBJECT: the word of a Value kept alive elsewhere */
    };
    const char *bytes; /* INT: digits without prefix and underscores. STR: UTF-8, where a lone
                          surrogate (from \ud800) is its three bytes. BYTES. NUL-terminated. */
    size_t length;
} Constant;

/* All node kinds of all sums and products, in the order of ast.def. */
typedef enum NodeKind {
#define MOD_NODE(name, fields) MOD_##name,
#define STMT_NODE(name, fields) STMT_##name,
#define EXPR_NODE(name, fields) EXPR_##name,
#define HANDLER_NODE(name, fields) HANDLER_##name,
#define PATTERN_NODE(name, fields) PATTERN_##name,
#define IGNORE_NODE(name, fields) IGNORE_##name,
#define PARAM_NODE(name, fields) PARAM_##name,
#define PRODUCT_NODE(type, asdl, positions, fields) PRODUCT_##type,
#include "runtime/syntax/ast.def"
    NODE_KINDS
} NodeKind;

typedef enum ExprContext {
#define CTX(name, text) CTX_##name,
#include "runtime/syntax/ast.def"
} ExprContext;

typedef enum BoolOperator {
#define BOOLOP(name, text) BOOL_##name,
#include "runtime/syntax/ast.def"
} BoolOperator;

typedef enum Operator {
#define OPERATOR(name, text) OP_##name,
#include "runtime/syntax/ast.def"
} Operator;

typedef enum UnaryOperator {
#define UNARYOP(name, text) UNARY_##name,
#include "runtime/syntax/ast.def"
} UnaryOperator;

typedef enum CmpOperator {
#define CMPOP(name, text) CMP_##name,
#include "runtime/syntax/ast.def"
} CmpOperator;

/* How every node starts. Modules, arguments, comprehensions, with items and match cases have no
   position in CPython; here theirs is zero. */
#define NODE_HEAD                                                                                  \
    uint32_t kind; /* NodeKind */                                                                  \
    int32_t lineno, col_offset, end_lineno, end_col_offset

typedef struct Node {
    NODE_HEAD;
} Node;

typedef struct Mod Mod;
typedef struct Stmt Stmt;
typedef struct Expr Expr;
typedef struct ExceptHandler ExceptHandler;
typedef struct Pattern Pattern;
typedef struct TypeIgnore TypeIgnore;
typedef struct TypeParam TypeParam;
#define PRODUCT_NODE(type, asdl, positions, fields) typedef struct type type;
#include "runtime/syntax/ast.def"

#define AST_SEQUENCE(type, item)                                                                   \
    typedef struct type {                                                                          \
        size_t count;                                                                              \
        item items[];                                                                              \
    } type;
AST_SEQUENCE(NodeSeq, Node *) /* any of the sequences below that hold nodes */
AST_SEQUENCE(StmtSeq, Stmt *)
AST_SEQUENCE(ExprSeq, Expr *)
AST_SEQUENCE(ExceptHandlerSeq, ExceptHandler *)
AST_SEQUENCE(PatternSeq, Pattern *)
AST_SEQUENCE(TypeIgnoreSeq, TypeIgnore *)
AST_SEQUENCE(TypeParamSeq, TypeParam *)
AST_SEQUENCE(ArgSeq, Arg *)
AST_SEQUENCE(KeywordSeq, Keyword *)
AST_SEQUENCE(AliasSeq, Alias *)
AST_SEQUENCE(WithItemSeq, WithItem *)
AST_SEQUENCE(MatchCaseSeq, MatchCase *)
AST_SEQUENCE(ComprehensionSeq, Comprehension *)
AST_SEQUENCE(IdentifierSeq, Identifier *)
AST_SEQUENCE(CmpOperatorSeq, CmpOperator)
#undef AST_SEQUENCE

/* The C type of a field: AST_<quantity>_<type>. */
#define AST_ONE_Expr Expr *
#define AST_OPT_Expr Expr *
#define AST_SEQ_Expr ExprSeq *
#define AST_SEQOPT_Expr ExprSeq *
#define AST_SEQ_Stmt StmtSeq *
#define AST_ONE_Pattern Pattern *
#define AST_OPT_Pattern Pattern *
#define AST_SEQ_Pattern PatternSeq *
#define AST_SEQ_ExceptHandler ExceptHandlerSeq *
#define AST_SEQ_TypeIgnore TypeIgnoreSeq *
#define AST_SEQ_TypeParam TypeParamSeq *
#define AST_ONE_Arguments Arguments *
#define AST_OPT_Arg Arg *
#define AST_SEQ_Arg ArgSeq *
#define AST_SEQ_Keyword KeywordSeq *
#define AST_SEQ_Alias AliasSeq *
#define AST_SEQ_WithItem WithItemSeq *
#define AST_SEQ_MatchCase MatchCaseSeq *
#define AST_SEQ_Comprehension ComprehensionSeq *
#define AST_ONE_Identifier Identifier *
#define AST_OPT_Identifier Identifier *
#define AST_SEQ_Identifier IdentifierSeq *
#define AST_ONE_String Identifier *
#define AST_OPT_String Identifier *
#define AST_ONE_Int int32_t
#define AST_OPT_Int int32_t
#define AST_ONE_Constant Constant
#define AST_ONE_ExprContext ExprContext
#define AST_ONE_BoolOperator BoolOperator
#define AST_ONE_Operator Operator
#define AST_ONE_UnaryOperator UnaryOperator
#define AST_ONE_CmpOperator CmpOperator
#define AST_SEQ_CmpOperator CmpOperatorSeq *

#define FIELD(quantity, type, name) AST_##quantity##_##type name;

struct Mod {
    NODE_HEAD;
    Names *names;
    union {
#define MOD_NODE(name, fields)                                                                     \
    struct {                                                                                       \
        fields                                                                                     \
    } name;
#include "runtime/syntax/ast.def"
    };
};

struct Stmt {
    NODE_HEAD;
    union {
#define STMT_NODE(name, fields)                                                                    \
    struct {                                                                                       \
        fields                                                                                     \
    } name;
#include "runtime/syntax/ast.def"
    };
};

struct Expr {
    NODE_HEAD;
    uint8_t parenthesized; /* written in parentheses of its own: for messages and annotations */
    union {
#define EXPR_NODE(name, fields)                                                                    \
    struct {                                                                                       \
        fields                                                                                     \
    } name;
#include "runtime/syntax/ast.def"
    };
};

struct Pattern {
    NODE_HEAD;
    union {
#define PATTERN_NODE(name, fields)                                                                 \
    struct {                                                                                       \
        fields                                                                                     \
    } name;
#include "runtime/syntax/ast.def"
    };
};

struct TypeParam {
    NODE_HEAD;
    union {
#define PARAM_NODE(name, fields)                                                                   \
    struct {                                                                                       \
        fields                                                                                     \
    } name;
#include "runtime/syntax/ast.def"
    };
};

/* The sums of one constructor have their fields directly, as the products. */
#define HANDLER_NODE(name, fields)                                                                 \
    struct name {                                                                                  \
        NODE_HEAD;                                                                                 \
        fields                                                                                     \
    };
#define IGNORE_NODE(name, fields) /* its `lineno` is a field, not a position */                    \
    struct name {                                                                                  \
        uint32_t kind;                                                                             \
        fields                                                                                     \
    };
#define PRODUCT_NODE(type, asdl, positions, fields) HANDLER_NODE(type, fields)
#include "runtime/syntax/ast.def"
#undef FIELD

/* What the tables derived from ast.def say of a node: for the dumper, walkers and `_ast`. */
typedef enum FieldType {
    FIELD_Mod,
    FIELD_Stmt,
    FIELD_Expr,
    FIELD_ExceptHandler,
    FIELD_Pattern,
    FIELD_TypeIgnore,
    FIELD_TypeParam,
    FIELD_Comprehension,
    FIELD_Arguments,
    FIELD_Arg,
    FIELD_Keyword,
    FIELD_Alias,
    FIELD_WithItem,
    FIELD_MatchCase,
    FIELD_FIRST_SCALAR, /* above: pointers to nodes */
    FIELD_Identifier = FIELD_FIRST_SCALAR,
    FIELD_String,
    FIELD_Int,
    FIELD_Constant,
    FIELD_ExprContext,
    FIELD_BoolOperator,
    FIELD_Operator,
    FIELD_UnaryOperator,
    FIELD_CmpOperator,
    FIELD_TYPES
} FieldType;

typedef enum FieldQuantity {
    QUANTITY_ONE,
    QUANTITY_OPT,
    QUANTITY_SEQ,
    QUANTITY_SEQOPT
} FieldQuantity;

typedef struct FieldInfo {
    const char *name; /* NULL ends a node's fields */
    uint8_t type;     /* FieldType */
    uint8_t quantity; /* FieldQuantity */
    uint16_t offset;  /* in the node's struct */
} FieldInfo;

typedef struct NodeInfo {
    const char *name; /* the class: "BinOp", "arguments" */
    const char *sum;  /* the base class: "expr", "AST" for products */
    const FieldInfo *fields;
    uint16_t size; /* of the node's struct */
    bool positions;
} NodeInfo;

/* The table's row of a node kind. */
const NodeInfo *kr_ast_info(NodeKind kind);

/* The class names and source texts of the enums: type is FIELD_ExprContext .. FIELD_CmpOperator.
   NULL past the last value. */
const char *kr_ast_enum_name(FieldType type, int value);
const char *kr_ast_enum_text(FieldType type, int value);

/* The ASDL name of a field's type: "expr", "identifier", "int", "cmpop". */
const char *kr_ast_type_name(FieldType type);

/* A zeroed node of a kind, of the size of its sum's struct. */
void *kr_ast_new(Arena *arena, NodeKind kind);

/* A sequence of `count` pointers, copied from `items` (or zeroed if NULL). */
void *kr_ast_sequence(Arena *arena, size_t count, void *const *items);

#endif
