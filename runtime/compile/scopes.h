/* scopes.h: which name is what in which block.
 *
 * One walk over the tree collects a Scope for every module, class, function, lambda and
 * comprehension, folding constant expressions on the way (fold.h); a second pass over the scopes
 * decides where each name lives.
 *
 * Some scopes are *inlined*: they have names of their own but no code object. Type-parameter
 * scopes always are; list, set and dict comprehensions are in functions and modules unless
 * something in them could notice. An inlined scope holds the names it binds; every other name
 * used in it is entered in its host, the innermost scope around it that has a code object.
 * Closures of nested functions may still capture an inlined scope's names. */
#ifndef RUNTIME_COMPILE_SCOPES_H
#define RUNTIME_COMPILE_SCOPES_H

#include "runtime/syntax/ast.h"
#include "runtime/syntax/syntax_error.h"

enum {                    /* Symbol.flags; the low ten are those of CPython's _symtable */
       SYMBOL_GLOBAL = 1, /* global statement */
       SYMBOL_LOCAL = 2,  /* assigned */
       SYMBOL_PARAM = 4,
       SYMBOL_NONLOCAL = 8,
       SYMBOL_USE = 16,
       SYMBOL_FREE = 32,       /* free here because a nested block uses it */
       SYMBOL_FREE_CLASS = 64, /* free, and bound in this class body as well */
       SYMBOL_IMPORT = 128,
       SYMBOL_ANNOTATION = 256,
       SYMBOL_ITERATION = 512, /* a comprehension's target */
       SYMBOL_TYPE_PARAM = 1024,
       SYMBOL_WALRUS = 1 << 16,  /* assigned inside an expression */
       SYMBOL_UNBOUND = 1 << 17, /* unbound somewhere: del, or an except clause's name */
       SYMBOL_BOUND = SYMBOL_LOCAL | SYMBOL_PARAM | SYMBOL_IMPORT | SYMBOL_TYPE_PARAM
};

typedef enum Place { /* CPython's numbers */
                     PLACE_NONE,
                     PLACE_LOCAL,
                     PLACE_GLOBAL_EXPLICIT,
                     PLACE_GLOBAL_IMPLICIT,
                     PLACE_FREE,
                     PLACE_CELL
} Place;

typedef struct Symbol {
    Identifier *name; /* mangled */
    uint32_t flags;
    uint8_t place;
    uint16_t
        /* code generation: the variable's register; in inlined scopes while they are entered */
        reg;
    uint16_t
        /* the register of its Cell: in inlined scopes, and of a class's free copy of a local */
        cell;
} Symbol;

typedef enum ScopeKind {
    SCOPE_MODULE,
    SCOPE_CLASS,
    SCOPE_FUNCTION, /* def, lambda, comprehension, lazily evaluated type expression */
    SCOPE_TYPE_PARAMS,
    SCOPE_ANNOTATION /* of `from __future__ import annotations`: checked and dropped */
} ScopeKind;

typedef enum ComprehensionKind {
    NO_COMPREHENSION,
    LIST_COMPREHENSION,
    DICT_COMPREHENSION,
    SET_COMPREHENSION,
    GENERATOR_EXPRESSION
} ComprehensionKind;

typedef struct Directive { /* a name in a global or nonlocal statement */
    struct Directive *next;
    Identifier *name;
    int32_t lineno, col_offset, end_lineno, end_col_offset;
} Directive;

typedef struct Scope Scope;
struct Scope {
    uint8_t kind;          /* ScopeKind */
    uint8_t comprehension; /* ComprehensionKind */
    bool inlined, nested /* inside a function */, generator, coroutine, lambda, lazy_type;
    bool varargs, varkeywords, class_cell /* the class body makes a __class__ cell */;
    bool
        /* something in a comprehension looks at its frame, or reads a target before its loop */
        observed;
    uint8_t in_iterable; /* nesting of comprehension iterables, while collecting */
    bool in_target;      /* within a comprehension's target, while collecting */
    Identifier *name;    /* as CPython's symtable names it */
    const void *node;    /* what it was made for */
    int32_t lineno, col_offset, end_lineno, end_col_offset;
    Scope *parent, *first_child, *last_child, *next;
    Symbol **symbols; /* in order of appearance */
    uint32_t count, capacity;
    uint32_t *table; /* open addressing by name, index + 1; NULL while there are few */
    uint32_t table_size;
    Identifier **parameters; /* in register order */
    uint32_t parameter_count, parameter_capacity;
    Directive *directives;
};

typedef struct Scopes {
    Arena *arena;
    Names *names;
    SyntaxError *error;
    struct Fold *fold; /* NULL: leave the tree as it is */
    bool future_annotations;
    bool inline_comprehensions;
    bool failed;
    bool raised; /* the failure is an exception of the thread */
    Scope *module, *current;
    Identifier *private; /* the class whose names are mangled, or NULL */
    Identifier *name_class, *name_super, *name_type_params, *name_generic_base, *name_outer;
    Identifier *observers[6];
    Scope **by_node; /* open addressing by node */
    uint32_t node_count, node_capacity;
    uint32_t depth;
} Scopes;

/* Collects and resolves. False with s->error filled (or, when s->raised, an exception set). The
 * caller has set the arena, names, error, fold, future_annotations and inline_comprehensions. */
bool kr_scopes_build(Scopes *s, Mod *mod);
/* The second pass (scopes_resolve.c). */
void kr_scopes_resolve(Scopes *s);
/* Enters a symbol, keeping what is there. */
Symbol *kr_scopes_enter(Scopes *s, Scope *scope, Identifier *name);
Symbol *kr_scopes_find(const Scope *scope, const Identifier *name);
/* The scope made for a node: a statement, lambda, comprehension, type parameter list or lazy
 * type expression. */
Scope *kr_scopes_of(const Scopes *s, const void *node);
/* The innermost scope around (or scope itself) that has a code object. */
Scope *kr_scopes_host(Scope *scope);
/* `name` as seen in class `private` (or NULL): __x becomes _Class__x. */
Identifier *kr_scopes_mangle(Names *names, Identifier *private, Identifier *name);
void kr_scopes_fail(Scopes *s, const void *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
