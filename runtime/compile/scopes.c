/* scopes.c: collects scopes and symbols in one walk over the tree, in the order of CPython's
 * symtable, so that the first error found is the same one.
 *
 * Expressions are folded bottom-up on the way (fold.c), because every expression is visited here
 * exactly once. Elif chains are walked in a loop; other nesting is bounded by SCOPES_DEPTH and
 * the C stack. */
#include "runtime/compile/scopes.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "runtime/compile/fold.h"
#include "runtime/threads/thread.h"

enum { SCOPES_DEPTH = 6000, LINEAR_SYMBOLS = 8 };

static void visit_expr(Scopes *s, Expr *e);
static void visit_stmts(Scopes *s, StmtSeq *body);

/* ---- Errors ---- */

void kr_scopes_fail(Scopes *s, const void *node, const char *format, ...)
{
    if (s->failed) return;
    s->failed = true;
    va_list args;
    va_start(args, format);
    char text[1000];
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    const Node *at = node;
    s->error->kind = SYNTAX_ERROR;
    s->error->message = kr_arena_strdup(s->arena, text, strlen(text));
    s->error->has_position = s->error->short_args = true;
    s->error->lineno = at->lineno;
    s->error->col_offset = at->col_offset + 1;
    s->error->end_lineno = at->end_lineno;
    s->error->end_col_offset = at->end_col_offset + 1;
}

static bool enter_depth(Scopes *s)
{
    if (s->failed) return false;
    if (++s->depth <= SCOPES_DEPTH && !thread_stack_low()) return true;
    s->failed = s->raised = true;
    s->depth--;
    kr_raise(kr_RecursionError, "maximum recursion depth exceeded during compilation");
    return false;
}

/* ---- Names and symbols ---- */

Identifier *kr_scopes_mangle(Names *names, Identifier *private, Identifier *name)
{
    if (!private || name->length < 3 || name->text[0] != '_' || name->text[1] != '_') return name;
    if (name->text[name->length - 1] == '_' && name->text[name->length - 2] == '_') return name;
    if (memchr(name->text, '.', name->length)) return name;
    const char *class = private->text;
    while (*class == '_') class ++;
    size_t n = strlen(class);
    if (n == 0) return name;
    char small[256], *text = small;
    size_t length = 1 + n + name->length;
    Arena *arena = NULL;
    if (length > sizeof small) {
        arena = kr_arena_new();
        text = kr_arena_alloc(arena, length);
    }
    text[0] = '_';
    memcpy(text + 1, class, n);
    memcpy(text + 1 + n, name->text, name->length);
    Identifier *mangled = kr_ast_intern(names, text, length);
    if (arena) kr_arena_free(arena);
    return mangled;
}

static Identifier *mangle(Scopes *s, Identifier *name)
{
    return kr_scopes_mangle(s->names, s->private, name);
}

static uint32_t slot_of(const Identifier *name, uint32_t size)
{
    return (uint32_t)(((uintptr_t)name >> 3) * 0x9e3779b1u) >> 7 & (size - 1);
}

Symbol *kr_scopes_find(const Scope *scope, const Identifier *name)
{
    if (!scope->table) {
        for (uint32_t i = 0; i < scope->count; i++)
            if (scope->symbols[i]->name == name) return scope->symbols[i];
        return NULL;
    }
    for (uint32_t i = slot_of(name, scope->table_size); scope->table[i];
         i = (i + 1) & (scope->table_size - 1))
        if (scope->symbols[scope->table[i] - 1]->name == name)
            return scope->symbols[scope->table[i] - 1];
    return NULL;
}

static void index_symbols(Scopes *s, Scope *scope, uint32_t size)
{
    scope->table = kr_arena_alloc(s->arena, size * sizeof *scope->table);
    scope->table_size = size;
    for (uint32_t n = 0; n < scope->count; n++) {
        uint32_t i = slot_of(scope->symbols[n]->name, size);
        while (scope->table[i]) i = (i + 1) & (size - 1);
        scope->table[i] = n + 1;
    }
}

Symbol *kr_scopes_enter(Scopes *s, Scope *scope, Identifier *name)
{
    Symbol *symbol = kr_scopes_find(scope, name);
    if (symbol) return symbol;
    symbol = kr_arena_alloc(s->arena, sizeof *symbol);
    symbol->name = name;
    if (scope->count == scope->capacity) {
        scope->capacity = scope->capacity ? scope->capacity * 2 : 8;
        Symbol **grown = kr_arena_alloc(s->arena, scope->capacity * sizeof *grown);
        if (scope->count) memcpy(grown, scope->symbols, scope->count * sizeof *grown);
        scope->symbols = grown;
    }
    scope->symbols[scope->count++] = symbol;
    if (scope->table && scope->count * 2 <= scope->table_size) {
        uint32_t i = slot_of(name, scope->table_size);
        while (scope->table[i]) i = (i + 1) & (scope->table_size - 1);
        scope->table[i] = scope->count;
    } else if (scope->count > LINEAR_SYMBOLS) {
        index_symbols(s, scope, scope->table_size ? scope->table_size * 4 : 64);
    }
    return symbol;
}

/* Where a name used or bound in `scope` is entered: a type-parameter scope keeps only its own. */
static Scope *owner_of(Scope *scope, Identifier *name)
{
    while (scope->kind == SCOPE_TYPE_PARAMS && !kr_scopes_find(scope, name)) scope = scope->parent;
    return scope;
}

static void add_parameter(Scopes *s, Scope *scope, Identifier *name)
{
    if (scope->parameter_count == scope->parameter_capacity) {
        scope->parameter_capacity = scope->parameter_capacity ? scope->parameter_capacity * 2 : 4;
        Identifier **grown = kr_arena_alloc(s->arena, scope->parameter_capacity * sizeof *grown);
        if (scope->parameter_count)
            memcpy(grown, scope->parameters, scope->parameter_count * sizeof *grown);
        scope->parameters = grown;
    }
    scope->parameters[scope->parameter_count++] = name;
}

/* Adds flags to a mangled name in a scope; `at` is where an error points. */
static void add_mangled(Scopes *s, Scope *scope, Identifier *name, uint32_t flags, const void *at)
{
    Symbol *symbol = kr_scopes_enter(s, scope, name);
    if (flags & symbol->flags & SYMBOL_PARAM) {
        kr_scopes_fail(s, at, "duplicate argument '%s' in function definition", name->text);
        return;
    }
    if (scope->comprehension && !scope->in_target && (flags & SYMBOL_USE) &&
        !(symbol->flags & SYMBOL_BOUND))
        for (size_t i = 0; i < sizeof s->observers / sizeof *s->observers; i++)
            if (name == s->observers[i]) scope->observed = true;
    if (scope->in_target && (flags & SYMBOL_LOCAL)) {
        if (symbol->flags & (SYMBOL_GLOBAL | SYMBOL_NONLOCAL)) {
            kr_scopes_fail(
                s, at, "comprehension inner loop cannot rebind assignment expression target '%s'",
                name->text);
            return;
        }
        if (symbol->flags & SYMBOL_USE && !(symbol->flags & SYMBOL_BOUND)) scope->observed = true;
        flags |= SYMBOL_ITERATION;
    }
    symbol->flags |= flags;
    if (flags & SYMBOL_PARAM) add_parameter(s, scope, name);
    if ((flags & SYMBOL_GLOBAL) && scope != s->module)
        kr_scopes_enter(s, s->module, name)->flags |= SYMBOL_GLOBAL;
}

static void add(Scopes *s, Identifier *name, uint32_t flags, const void *at)
{
    name = mangle(s, name);
    add_mangled(s, owner_of(s->current, name), name, flags, at);
}

/* ---- Scopes ---- */

static uint32_t node_slot(const void *node, uint32_t capacity)
{
    return (uint32_t)(((uintptr_t)node >> 3) * 0x9e3779b97f4a7c15ull >> 40) & (capacity - 1);
}

Scope *kr_scopes_of(const Scopes *s, const void *node)
{
    for (uint32_t i = node_slot(node, s->node_capacity); s->by_node[i];
         i = (i + 1) & (s->node_capacity - 1))
        if (s->by_node[i]->node == node) return s->by_node[i];
    return NULL;
}

static void register_node(Scopes *s, Scope *scope)
{
    if ((s->node_count + 1) * 2 > s->node_capacity) {
        Scope **old = s->by_node;
        uint32_t n = s->node_capacity;
        s->node_capacity = n ? n * 4 : 64;
        s->by_node = kr_arena_alloc(s->arena, s->node_capacity * sizeof *s->by_node);
        s->node_count = 0;
        for (uint32_t i = 0; i < n; i++)
            if (old[i]) register_node(s, old[i]);
    }
    uint32_t i = node_slot(scope->node, s->node_capacity);
    while (s->by_node[i]) i = (i + 1) & (s->node_capacity - 1);
    s->by_node[i] = scope;
    s->node_count++;
}

Scope *kr_scopes_host(Scope *scope)
{
    while (scope->inlined) scope = scope->parent;
    return scope;
}

/* Opens a scope for `node`; `at` (a Node) is its position. */
static Scope *enter_scope(Scopes *s, ScopeKind kind, Identifier *name, const void *node,
                          const void *at)
{
    Scope *scope = kr_arena_alloc(s->arena, sizeof *scope);
    const Node *position = at;
    scope->kind = (uint8_t)kind;
    scope->name = name;
    scope->node = node;
    if (position) {
        scope->lineno = position->lineno;
        scope->col_offset = position->col_offset;
        scope->end_lineno = position->end_lineno;
        scope->end_col_offset = position->end_col_offset;
    }
    scope->parent = s->current;
    scope->inlined = kind == SCOPE_TYPE_PARAMS;
    if (s->current) {
        scope->in_iterable =
            s->current->in_iterable; /* no walrus in an iterable, however deep inside */
        scope->nested = s->current->nested || s->current->kind == SCOPE_FUNCTION;
        if (kind != SCOPE_ANNOTATION) {
            if (s->current->last_child)
                s->current->last_child->next = scope;
            else
                s->current->first_child = scope;
            s->current->last_child = scope;
        }
    }
    register_node(s, scope);
    s->current = scope;
    return scope;
}

static void leave_scope(Scopes *s) { s->current = s->current->parent; }

static Identifier *name_of(Scopes *s, const char *text)
{
    return kr_ast_intern(s->names, text, strlen(text));
}

static void add_directive(Scopes *s, Scope *scope, Identifier *name, const void *at)
{
    const Node *position = at;
    Directive *directive = kr_arena_alloc(s->arena, sizeof *directive);
    *directive = (Directive){scope->directives,    mangle(s, name),      position->lineno,
                             position->col_offset, position->end_lineno, position->end_col_offset};
    scope->directives = directive;
}

/* ---- Expressions ---- */

static void visit_exprs(Scopes *s, ExprSeq *seq)
{
    for (size_t i = 0; i < seq->count; i++)
        if (seq->items[i]) visit_expr(s, seq->items[i]);
}

static void visit_keywords(Scopes *s, KeywordSeq *seq)
{
    for (size_t i = 0; i < seq->count; i++) visit_expr(s, seq->items[i]->value);
}

static void visit_parameters(Scopes *s, Arguments *a)
{
    for (size_t i = 0; i < a->posonlyargs->count; i++)
        add(s, a->posonlyargs->items[i]->arg, SYMBOL_PARAM, a->posonlyargs->items[i]);
    for (size_t i = 0; i < a->args->count; i++)
        add(s, a->args->items[i]->arg, SYMBOL_PARAM, a->args->items[i]);
    for (size_t i = 0; i < a->kwonlyargs->count; i++)
        add(s, a->kwonlyargs->items[i]->arg, SYMBOL_PARAM, a->kwonlyargs->items[i]);
    if (a->vararg) {
        add(s, a->vararg->arg, SYMBOL_PARAM, a->vararg);
        s->current->varargs = true;
    }
    if (a->kwarg) {
        add(s, a->kwarg->arg, SYMBOL_PARAM, a->kwarg);
        s->current->varkeywords = true;
    }
}

static bool refuse_in_annotation(Scopes *s, const char *what, const void *at)
{
    const char *where;
    if (s->current->kind == SCOPE_ANNOTATION)
        where = "an annotation";
    else if (s->current->kind == SCOPE_TYPE_PARAMS)
        where = "the definition of a generic";
    else if (s->current->lazy_type)
        where = "a type alias or type variable bound";
    else
        return false;
    if (s->current->kind == SCOPE_ANNOTATION)
        kr_scopes_fail(s, at, "'%s' can not be used within %s", what, where);
    else
        kr_scopes_fail(s, at, "%s cannot be used within %s", what, where);
    return true;
}

/* The target of a walrus inside comprehensions belongs to the block around them. */
static void extend_walrus(Scopes *s, Expr *target)
{
    Identifier *name = mangle(s, target->Name.id);
    for (Scope *scope = s->current; scope; scope = scope->parent) {
        Symbol *symbol = kr_scopes_find(scope, name);
        uint32_t flags = symbol ? symbol->flags : 0;
        if (scope->comprehension) {
            if (flags & SYMBOL_ITERATION) {
                kr_scopes_fail(
                    s, target,
                    "assignment expression cannot rebind comprehension iteration variable '%s'",
                    target->Name.id->text);
                return;
            }
            continue;
        }
        if (scope->kind == SCOPE_FUNCTION) {
            add_mangled(s, s->current, name,
                        flags & SYMBOL_GLOBAL ? SYMBOL_GLOBAL : SYMBOL_NONLOCAL, target);
            add_directive(s, s->current, target->Name.id, target);
            add_mangled(s, scope, name, SYMBOL_LOCAL | SYMBOL_WALRUS, target);
            return;
        }
        if (scope->kind == SCOPE_MODULE) {
            add_mangled(s, s->current, name, SYMBOL_GLOBAL, target);
            add_directive(s, s->current, target->Name.id, target);
            add_mangled(s, scope, name, SYMBOL_GLOBAL, target);
            return;
        }
        if (scope->kind == SCOPE_CLASS) {
            kr_scopes_fail(
                s, target,
                "assignment expression within a comprehension cannot be used in a class body");
            return;
        }
    }
}

static void visit_walrus(Scopes *s, Expr *e)
{
    if (refuse_in_annotation(s, "named expression", e)) return;
    if (s->current->in_iterable) {
        kr_scopes_fail(
            s, e, "assignment expression cannot be used in a comprehension iterable expression");
        return;
    }
    if (s->current->comprehension) {
        extend_walrus(s, e->NamedExpr.target);
        visit_expr(s, e->NamedExpr.value);
        if (s->failed) return;
        add(s, e->NamedExpr.target->Name.id, SYMBOL_LOCAL | SYMBOL_WALRUS, e->NamedExpr.target);
        return;
    }
    visit_expr(s, e->NamedExpr.value);
    if (!s->failed)
        add(s, e->NamedExpr.target->Name.id, SYMBOL_LOCAL | SYMBOL_WALRUS, e->NamedExpr.target);
}

/* Decides whether a finished comprehension is inlined, and enters its outside names in the scope
 * around. */
static void settle_comprehension(Scopes *s, Scope *scope)
{
    Scope *parent = scope->parent, *host = kr_scopes_host(parent);
    if (!s->inline_comprehensions || scope->comprehension == GENERATOR_EXPRESSION ||
        scope->observed)
        return;
    if (host->kind != SCOPE_FUNCTION && host->kind != SCOPE_MODULE) return;
    if (parent->kind == SCOPE_TYPE_PARAMS || host->lazy_type) return;
    scope->inlined = true;
    for (uint32_t i = 0; i < scope->count; i++) {
        Symbol *symbol = scope->symbols[i];
        uint32_t declared = symbol->flags & (SYMBOL_GLOBAL | SYMBOL_NONLOCAL);
        if (!declared && symbol->flags & SYMBOL_BOUND) continue;
        Symbol *outer = kr_scopes_enter(s, parent, symbol->name);
        outer->flags |= symbol->flags & SYMBOL_USE;
        if (parent->comprehension && !(outer->flags & SYMBOL_ITERATION)) outer->flags |= declared;
        if (declared) symbol->flags &= ~(uint32_t)SYMBOL_BOUND;
    }
}

static void visit_comprehension(Scopes *s, Expr *e, ComprehensionSeq *generators, Expr *element,
                                Expr *value, const char *name, ComprehensionKind kind)
{
    Comprehension *outermost = generators->items[0];
    s->current->in_iterable++;
    visit_expr(s, outermost->iter);
    if (s->fold) kr_fold_iterable(s->fold, outermost->iter);
    s->current->in_iterable--;
    if (s->failed) return;
    Scope *scope = enter_scope(s, SCOPE_FUNCTION, name_of(s, name), e, e);
    scope->comprehension = (uint8_t)kind;
    if (outermost->is_async) scope->coroutine = true;
    Symbol *argument = kr_scopes_enter(s, scope, s->name_outer);
    argument->flags = SYMBOL_PARAM;
    add_parameter(s, scope, s->name_outer);
    for (size_t i = 0; i < generators->count; i++) {
        Comprehension *g = generators->items[i];
        if (i) {
            scope->in_iterable++;
            visit_expr(s, g->iter);
            if (s->fold) kr_fold_iterable(s->fold, g->iter);
            scope->in_iterable--;
        }
        scope->in_target = true;
        visit_expr(s, g->target);
        scope->in_target = false;
        visit_exprs(s, g->ifs);
        if (g->is_async) scope->coroutine = true;
    }
    if (value) visit_expr(s, value);
    visit_expr(s, element);
    scope->generator = kind == GENERATOR_EXPRESSION;
    if (s->failed) return;
    leave_scope(s);
    if (scope->coroutine && kind != GENERATOR_EXPRESSION) s->current->coroutine = true;
    settle_comprehension(s, scope);
}

static void visit_lambda(Scopes *s, Expr *e)
{
    visit_exprs(s, e->Lambda.args->defaults);
    visit_exprs(s, e->Lambda.args->kw_defaults);
    if (s->failed) return;
    enter_scope(s, SCOPE_FUNCTION, name_of(s, "lambda"), e, e)->lambda = true;
    visit_parameters(s, e->Lambda.args);
    visit_expr(s, e->Lambda.body);
    if (!s->failed) leave_scope(s);
}

static void visit_yield(Scopes *s, Expr *e, Expr *value)
{
    if (refuse_in_annotation(s, "yield expression", e)) return;
    if (value) visit_expr(s, value);
    s->current->generator = true;
    static const char *const places[] = {NULL, "list comprehension", "dict comprehension",
                                         "set comprehension", "generator expression"};
    if (s->current->comprehension)
        kr_scopes_fail(s, e, "'yield' inside %s", places[s->current->comprehension]);
}

static void visit_name(Scopes *s, Expr *e)
{
    if (s->fold && kr_fold_name(s->fold, e)) return;
    uint32_t flags = e->Name.ctx == CTX_Load ? SYMBOL_USE : SYMBOL_LOCAL;
    if (e->Name.ctx == CTX_Del) flags |= SYMBOL_UNBOUND;
    add(s, e->Name.id, flags, e);
    if (e->Name.ctx == CTX_Load && e->Name.id == s->name_super &&
        kr_scopes_host(s->current)->kind == SCOPE_FUNCTION)
        add_mangled(s, owner_of(s->current, s->name_class), s->name_class, SYMBOL_USE, e);
}

static void visit_expr(Scopes *s, Expr *e)
{
    if (!enter_depth(s)) return;
    switch (e->kind) {
    case EXPR_BoolOp: visit_exprs(s, e->BoolOp.values); break;
    case EXPR_NamedExpr: visit_walrus(s, e); break;
    case EXPR_BinOp:
        visit_expr(s, e->BinOp.left);
        visit_expr(s, e->BinOp.right);
        break;
    case EXPR_UnaryOp: visit_expr(s, e->UnaryOp.operand); break;
    case EXPR_Lambda: visit_lambda(s, e); break;
    case EXPR_IfExp:
        visit_expr(s, e->IfExp.test);
        visit_expr(s, e->IfExp.body);
        visit_expr(s, e->IfExp.orelse);
        break;
    case EXPR_Dict:
        visit_exprs(s, e->Dict.keys);
        visit_exprs(s, e->Dict.values);
        break;
    case EXPR_Set: visit_exprs(s, e->Set.elts); break;
    case EXPR_ListComp:
        visit_comprehension(s, e, e->ListComp.generators, e->ListComp.elt, NULL, "listcomp",
                            LIST_COMPREHENSION);
        break;
    case EXPR_SetComp:
        visit_comprehension(s, e, e->SetComp.generators, e->SetComp.elt, NULL, "setcomp",
                            SET_COMPREHENSION);
        break;
    case EXPR_DictComp:
        visit_comprehension(s, e, e->DictComp.generators, e->DictComp.key, e->DictComp.value,
                            "dictcomp", DICT_COMPREHENSION);
        break;
    case EXPR_GeneratorExp:
        visit_comprehension(s, e, e->GeneratorExp.generators, e->GeneratorExp.elt, NULL, "genexpr",
                            GENERATOR_EXPRESSION);
        break;
    case EXPR_Await:
        if (refuse_in_annotation(s, "await expression", e)) break;
        visit_expr(s, e->Await.value);
        s->current->coroutine = true;
        break;
    case EXPR_Yield: visit_yield(s, e, e->Yield.value); break;
    case EXPR_YieldFrom: visit_yield(s, e, e->YieldFrom.value); break;
    case EXPR_Compare:
        visit_expr(s, e->Compare.left);
        visit_exprs(s, e->Compare.comparators);
        break;
    case EXPR_Call:
        visit_expr(s, e->Call.func);
        visit_exprs(s, e->Call.args);
        visit_keywords(s, e->Call.keywords);
        break;
    case EXPR_FormattedValue:
        visit_expr(s, e->FormattedValue.value);
        if (e->FormattedValue.format_spec) visit_expr(s, e->FormattedValue.format_spec);
        break;
    case EXPR_Interpolation:
        visit_expr(s, e->Interpolation.value);
        if (e->Interpolation.format_spec) visit_expr(s, e->Interpolation.format_spec);
        break;
    case EXPR_JoinedStr: visit_exprs(s, e->JoinedStr.values); break;
    case EXPR_TemplateStr: visit_exprs(s, e->TemplateStr.values); break;
    case EXPR_Constant: break;
    case EXPR_Attribute:
        visit_expr(s, e->Attribute.value);
        if (s->current->comprehension && e->Attribute.attr == s->observers[5])
            s->current->observed = true;
        break;
    case EXPR_Subscript:
        visit_expr(s, e->Subscript.value);
        visit_expr(s, e->Subscript.slice);
        break;
    case EXPR_Starred: visit_expr(s, e->Starred.value); break;
    case EXPR_Name: visit_name(s, e); break;
    case EXPR_List: visit_exprs(s, e->List.elts); break;
    case EXPR_Tuple: visit_exprs(s, e->Tuple.elts); break;
    case EXPR_Slice:
        if (e->Slice.lower) visit_expr(s, e->Slice.lower);
        if (e->Slice.upper) visit_expr(s, e->Slice.upper);
        if (e->Slice.step) visit_expr(s, e->Slice.step);
        break;
    default: break;
    }
    if (s->fold && !s->failed && !kr_fold_expr(s->fold, e)) s->failed = s->raised = true;
    s->depth--;
}

/* ---- Patterns ---- */

static void visit_pattern(Scopes *s, Pattern *p);

static void visit_patterns(Scopes *s, PatternSeq *seq)
{
    for (size_t i = 0; i < seq->count; i++) visit_pattern(s, seq->items[i]);
}

static void visit_pattern(Scopes *s, Pattern *p)
{
    if (!enter_depth(s)) return;
    switch (p->kind) {
    case PATTERN_MatchValue: visit_expr(s, p->MatchValue.value); break;
    case PATTERN_MatchSequence: visit_patterns(s, p->MatchSequence.patterns); break;
    case PATTERN_MatchStar:
        if (p->MatchStar.name) add(s, p->MatchStar.name, SYMBOL_LOCAL, p);
        break;
    case PATTERN_MatchMapping:
        visit_exprs(s, p->MatchMapping.keys);
        visit_patterns(s, p->MatchMapping.patterns);
        if (p->MatchMapping.rest) add(s, p->MatchMapping.rest, SYMBOL_LOCAL, p);
        break;
    case PATTERN_MatchClass:
        visit_expr(s, p->MatchClass.cls);
        visit_patterns(s, p->MatchClass.patterns);
        visit_patterns(s, p->MatchClass.kwd_patterns);
        break;
    case PATTERN_MatchAs:
        if (p->MatchAs.pattern) visit_pattern(s, p->MatchAs.pattern);
        if (p->MatchAs.name) add(s, p->MatchAs.name, SYMBOL_LOCAL, p);
        break;
    case PATTERN_MatchOr: visit_patterns(s, p->MatchOr.patterns); break;
    default: break;
    }
    s->depth--;
}

/* ---- Definitions ---- */

/* An annotation under `from __future__ import annotations` is kept as text: it is only checked
 * here. */
static void visit_annotation(Scopes *s, Expr *annotation)
{
    if (!s->future_annotations) {
        visit_expr(s, annotation);
        return;
    }
    struct Fold *fold = s->fold;
    s->fold = NULL;
    enter_scope(s, SCOPE_ANNOTATION, name_of(s, "_annotation"), annotation, annotation);
    visit_expr(s, annotation);
    if (!s->failed) leave_scope(s);
    s->fold = fold;
}

static void visit_arg_annotations(Scopes *s, ArgSeq *seq)
{
    for (size_t i = 0; i < seq->count; i++)
        if (seq->items[i]->annotation) visit_annotation(s, seq->items[i]->annotation);
}

static void visit_annotations(Scopes *s, Arguments *a, Expr *returns)
{
    visit_arg_annotations(s, a->posonlyargs);
    visit_arg_annotations(s, a->args);
    if (a->vararg && a->vararg->annotation) visit_annotation(s, a->vararg->annotation);
    if (a->kwarg && a->kwarg->annotation) visit_annotation(s, a->kwarg->annotation);
    visit_arg_annotations(s, a->kwonlyargs);
    if (returns) visit_annotation(s, returns);
}

/* An expression that is evaluated later, in a function of its own: a bound, a default, an
 * alias's value. */
static void visit_lazy_type(Scopes *s, Expr *e, Identifier *name)
{
    enter_scope(s, SCOPE_FUNCTION, name, e, e)->lazy_type = true;
    visit_expr(s, e);
    if (!s->failed) leave_scope(s);
}

static void enter_type_params(Scopes *s, TypeParamSeq *params, Identifier *name, const void *at)
{
    Scope *scope = enter_scope(s, SCOPE_TYPE_PARAMS, name, params, at);
    kr_scopes_enter(s, scope, s->name_type_params)->flags |= SYMBOL_LOCAL;
    kr_scopes_enter(s, scope, s->name_generic_base)->flags |= SYMBOL_LOCAL;
    bool defaults = false;
    for (size_t i = 0; i < params->count && !s->failed; i++) {
        TypeParam *p = params->items[i];
        Identifier *param; /* the three kinds have their name first and their default last */
        Expr *fallback;
        switch (p->kind) {
        case PARAM_TypeVar: param = p->TypeVar.name, fallback = p->TypeVar.default_value; break;
        case PARAM_ParamSpec:
            param = p->ParamSpec.name, fallback = p->ParamSpec.default_value;
            break;
        default: param = p->TypeVarTuple.name, fallback = p->TypeVarTuple.default_value; break;
        }
        Symbol *symbol = kr_scopes_enter(s, scope, mangle(s, param));
        if (symbol->flags & SYMBOL_TYPE_PARAM)
            kr_scopes_fail(s, p, "duplicate type parameter '%s'", param->text);
        symbol->flags |= SYMBOL_TYPE_PARAM | SYMBOL_LOCAL;
        if (p->kind == PARAM_TypeVar && p->TypeVar.bound)
            visit_lazy_type(s, p->TypeVar.bound, param);
        if (fallback)
            visit_lazy_type(s, fallback, param);
        else if (defaults)
            kr_scopes_fail(s, p, "non-default type parameter '%s' follows default type parameter",
                           param->text);
        defaults |= fallback != NULL;
    }
}

/* FunctionDef and AsyncFunctionDef have the same fields in the same order. */
static void visit_function(Scopes *s, Stmt *def, bool is_async)
{
    add(s, def->FunctionDef.name, SYMBOL_LOCAL, def);
    Arguments *args = def->FunctionDef.args;
    visit_exprs(s, args->defaults);
    visit_exprs(s, args->kw_defaults);
    TypeParamSeq *params = def->FunctionDef.type_params;
    if (params->count) {
        visit_exprs(s, def->FunctionDef.decorator_list);
        enter_type_params(s, params, def->FunctionDef.name, def);
    }
    visit_annotations(s, args, def->FunctionDef.returns);
    if (!params->count) visit_exprs(s, def->FunctionDef.decorator_list);
    if (s->failed) return;
    Scope *scope = enter_scope(s, SCOPE_FUNCTION, def->FunctionDef.name, def, def);
    scope->coroutine = is_async;
    visit_parameters(s, args);
    visit_stmts(s, def->FunctionDef.body);
    if (s->failed) return;
    leave_scope(s);
    if (params->count) leave_scope(s);
}

static void visit_class(Scopes *s, Stmt *def)
{
    add(s, def->ClassDef.name, SYMBOL_LOCAL, def);
    TypeParamSeq *params = def->ClassDef.type_params;
    if (params->count) {
        visit_exprs(s, def->ClassDef.decorator_list);
        Identifier *private = s->private;
        s->private = def->ClassDef.name;
        enter_type_params(s, params, def->ClassDef.name, def);
        s->private = private;
    }
    visit_exprs(s, def->ClassDef.bases);
    visit_keywords(s, def->ClassDef.keywords);
    if (!params->count) visit_exprs(s, def->ClassDef.decorator_list);
    if (s->failed) return;
    Identifier *private = s->private;
    enter_scope(s, SCOPE_CLASS, def->ClassDef.name, def, def);
    s->private = def->ClassDef.name;
    if (params->count) add_mangled(s, s->current, s->name_type_params, SYMBOL_USE, def);
    visit_stmts(s, def->ClassDef.body);
    s->private = private;
    if (s->failed) return;
    leave_scope(s);
    if (params->count) leave_scope(s);
}

static void visit_type_alias(Scopes *s, Stmt *alias)
{
    visit_expr(s, alias->TypeAlias.name);
    TypeParamSeq *params = alias->TypeAlias.type_params;
    Identifier *name = alias->TypeAlias.name->Name.id;
    if (params->count) enter_type_params(s, params, name, alias);
    if (!s->failed) visit_lazy_type(s, alias->TypeAlias.value, name);
    if (params->count && !s->failed) leave_scope(s);
}

/* ---- Statements ---- */

static void visit_global(Scopes *s, Stmt *stmt, IdentifierSeq *names, uint32_t flag,
                         const char *word)
{
    for (size_t i = 0; i < names->count && !s->failed; i++) {
        Identifier *name = names->items[i];
        Symbol *symbol = kr_scopes_find(s->current, mangle(s, name));
        uint32_t flags = symbol ? symbol->flags : 0;
        /* The module's symbol has the flag once any function declared the name global. */
        if (flags & SYMBOL_PARAM)
            kr_scopes_fail(s, stmt, "name '%s' is parameter and %s", name->text, word);
        else if (flags & SYMBOL_USE)
            kr_scopes_fail(s, stmt, "name '%s' is used prior to %s declaration", name->text, word);
        else if (flags & SYMBOL_ANNOTATION)
            kr_scopes_fail(s, stmt, "annotated name '%s' can't be %s", name->text, word);
        else if (flags & SYMBOL_LOCAL)
            kr_scopes_fail(s, stmt, "name '%s' is assigned to before %s declaration", name->text,
                           word);
        add(s, name, flag, stmt);
        add_directive(s, s->current, name, stmt);
    }
}

static void visit_annotated_assignment(Scopes *s, Stmt *stmt)
{
    Expr *target = stmt->AnnAssign.target;
    if (target->kind == EXPR_Name) {
        Symbol *symbol = kr_scopes_find(s->current, mangle(s, target->Name.id));
        uint32_t flags = symbol ? symbol->flags : 0;
        if (flags & (SYMBOL_GLOBAL | SYMBOL_NONLOCAL) && s->current != s->module &&
            stmt->AnnAssign.simple) {
            kr_scopes_fail(s, stmt, "annotated name '%s' can't be %s", target->Name.id->text,
                           flags & SYMBOL_GLOBAL ? "global" : "nonlocal");
            return;
        }
        if (stmt->AnnAssign.simple)
            add(s, target->Name.id, SYMBOL_ANNOTATION | SYMBOL_LOCAL, target);
        else if (stmt->AnnAssign.value)
            add(s, target->Name.id, SYMBOL_LOCAL, target);
    } else {
        visit_expr(s, target);
    }
    visit_annotation(s, stmt->AnnAssign.annotation);
    if (stmt->AnnAssign.value) visit_expr(s, stmt->AnnAssign.value);
}

static void visit_alias(Scopes *s, Alias *alias)
{
    Identifier *name = alias->asname ? alias->asname : alias->name;
    if (!alias->asname) {
        if (strcmp(name->text, "*") == 0) {
            if (s->current->kind != SCOPE_MODULE)
                kr_scopes_fail(s, alias, "import * only allowed at module level");
            return;
        }
        const char *dot = memchr(name->text, '.', name->length);
        if (dot) name = kr_ast_intern(s->names, name->text, (size_t)(dot - name->text));
    }
    add(s, name, SYMBOL_IMPORT, alias);
}

static void visit_with_items(Scopes *s, WithItemSeq *items)
{
    for (size_t i = 0; i < items->count; i++) {
        visit_expr(s, items->items[i]->context_expr);
        if (items->items[i]->optional_vars) visit_expr(s, items->items[i]->optional_vars);
    }
}

/* Try and TryStar have the same fields. */
static void visit_try(Scopes *s, Stmt *stmt)
{
    visit_stmts(s, stmt->Try.body);
    visit_stmts(s, stmt->Try.orelse);
    for (size_t i = 0; i < stmt->Try.handlers->count; i++) {
        ExceptHandler *handler = stmt->Try.handlers->items[i];
        if (handler->type) visit_expr(s, handler->type);
        if (handler->name) add(s, handler->name, SYMBOL_LOCAL | SYMBOL_UNBOUND, handler);
        visit_stmts(s, handler->body);
    }
    visit_stmts(s, stmt->Try.finalbody);
}

static void visit_stmt(Scopes *s, Stmt *stmt)
{
    if (!enter_depth(s)) return;
    switch (stmt->kind) {
    case STMT_FunctionDef: visit_function(s, stmt, false); break;
    case STMT_AsyncFunctionDef: visit_function(s, stmt, true); break;
    case STMT_ClassDef: visit_class(s, stmt); break;
    case STMT_TypeAlias: visit_type_alias(s, stmt); break;
    case STMT_Return:
        if (stmt->Return.value) visit_expr(s, stmt->Return.value);
        break;
    case STMT_Delete: visit_exprs(s, stmt->Delete.targets); break;
    case STMT_Assign:
        visit_exprs(s, stmt->Assign.targets);
        visit_expr(s, stmt->Assign.value);
        break;
    case STMT_AugAssign:
        visit_expr(s, stmt->AugAssign.target);
        visit_expr(s, stmt->AugAssign.value);
        break;
    case STMT_AnnAssign: visit_annotated_assignment(s, stmt); break;
    case STMT_For:
    case STMT_AsyncFor: /* the same fields */
        visit_expr(s, stmt->For.target);
        visit_expr(s, stmt->For.iter);
        if (s->fold && !s->failed && stmt->kind == STMT_For)
            kr_fold_iterable(s->fold, stmt->For.iter);
        visit_stmts(s, stmt->For.body);
        visit_stmts(s, stmt->For.orelse);
        if (stmt->kind == STMT_AsyncFor) s->current->coroutine = true;
        break;
    case STMT_While:
        visit_expr(s, stmt->While.test);
        visit_stmts(s, stmt->While.body);
        visit_stmts(s, stmt->While.orelse);
        break;
    case STMT_If:
        for (;; stmt = stmt->If.orelse->items[0]) { /* an elif chain */
            visit_expr(s, stmt->If.test);
            visit_stmts(s, stmt->If.body);
            if (stmt->If.orelse->count != 1 || stmt->If.orelse->items[0]->kind != STMT_If) break;
        }
        visit_stmts(s, stmt->If.orelse);
        break;
    case STMT_With:
    case STMT_AsyncWith:
        visit_with_items(s, stmt->With.items);
        visit_stmts(s, stmt->With.body);
        if (stmt->kind == STMT_AsyncWith) s->current->coroutine = true;
        break;
    case STMT_Match:
        visit_expr(s, stmt->Match.subject);
        for (size_t i = 0; i < stmt->Match.cases->count; i++) {
            MatchCase *c = stmt->Match.cases->items[i];
            visit_pattern(s, c->pattern);
            if (c->guard) visit_expr(s, c->guard);
            visit_stmts(s, c->body);
        }
        break;
    case STMT_Raise:
        if (stmt->Raise.exc) visit_expr(s, stmt->Raise.exc);
        if (stmt->Raise.cause) visit_expr(s, stmt->Raise.cause);
        break;
    case STMT_Try:
    case STMT_TryStar: visit_try(s, stmt); break;
    case STMT_Assert:
        visit_expr(s, stmt->Assert.test);
        if (stmt->Assert.msg) visit_expr(s, stmt->Assert.msg);
        break;
    case STMT_Import:
        for (size_t i = 0; i < stmt->Import.names->count; i++)
            visit_alias(s, stmt->Import.names->items[i]);
        break;
    case STMT_ImportFrom:
        for (size_t i = 0; i < stmt->ImportFrom.names->count; i++)
            visit_alias(s, stmt->ImportFrom.names->items[i]);
        break;
    case STMT_Global: visit_global(s, stmt, stmt->Global.names, SYMBOL_GLOBAL, "global"); break;
    case STMT_Nonlocal:
        visit_global(s, stmt, stmt->Nonlocal.names, SYMBOL_NONLOCAL, "nonlocal");
        break;
    case STMT_Expr: visit_expr(s, stmt->Expr.value); break;
    default: break;
    }
    s->depth--;
}

static void visit_stmts(Scopes *s, StmtSeq *body)
{
    for (size_t i = 0; i < body->count && !s->failed; i++) visit_stmt(s, body->items[i]);
}

bool kr_scopes_build(Scopes *s, Mod *mod)
{
    static const char *const observers[] = {"locals", "vars", "dir", "eval", "exec", "_getframe"};
    for (size_t i = 0; i < sizeof observers / sizeof *observers; i++)
        s->observers[i] = name_of(s, observers[i]);
    s->name_class = name_of(s, "__class__");
    s->name_super = name_of(s, "super");
    s->name_type_params = name_of(s, ".type_params");
    s->name_generic_base = name_of(s, ".generic_base");
    s->name_outer = name_of(s, ".0");
    s->current = NULL;
    s->module = enter_scope(s, SCOPE_MODULE, name_of(s, "top"), mod, NULL);
    switch (mod->kind) {
    case MOD_Module: visit_stmts(s, mod->Module.body); break;
    case MOD_Interactive: visit_stmts(s, mod->Interactive.body); break;
    case MOD_Expression: visit_expr(s, mod->Expression.body); break;
    default: break;
    }
    if (!s->failed) kr_scopes_resolve(s);
    return !s->failed;
}
