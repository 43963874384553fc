/* ast_validate.c: the checks that a tree made of Python objects passes before it is compiled.
 *
 * Every function returns 0, or -1 with the exception raised. Order and wording of the checks are
 * CPython's, because programs that build trees read these messages. Depth is limited by the
 * conversion that made the tree. */
#include <string.h>

#include "runtime/objects/str.h"
#include "runtime/vm/ast_module.h"

static int fail(const char *message)
{
    kr_raise(kr_ValueError, "%s", message);
    return -1;
}

static int check_expr(const Expr *e, ExprContext ctx);
static int check_stmts(const StmtSeq *seq);
static int check_pattern(const Pattern *p, bool star_ok);

/* ---- Positions, names, constants ---- */

static int check_position(const void *any)
{
    const Node *n = any;
    if (n->lineno > n->end_lineno) {
        kr_raise(kr_ValueError, "AST node line range (%d, %d) is not valid", n->lineno,
                 n->end_lineno);
        return -1;
    }
    if ((n->lineno < 0 && n->end_lineno != n->lineno) ||
        (n->col_offset < 0 && n->col_offset != n->end_col_offset)) {
        kr_raise(kr_ValueError,
                 "AST node column range (%d, %d) for line range (%d, %d) is not valid",
                 n->col_offset, n->end_col_offset, n->lineno, n->end_lineno);
        return -1;
    }
    if (n->lineno == n->end_lineno && n->col_offset > n->end_col_offset) {
        kr_raise(kr_ValueError, "line %d, column %d-%d is not a valid range", n->lineno,
                 n->col_offset, n->end_col_offset);
        return -1;
    }
    return 0;
}

static int check_name(const Identifier *name)
{
    static const char *const constants[] = {"None", "True", "False"};
    for (int i = 0; i < 3; i++) {
        if (strcmp(name->text, constants[i]) != 0) continue;
        kr_raise(kr_ValueError, "identifier field can't represent '%s' constant", constants[i]);
        return -1;
    }
    return 0;
}

static int check_names(const IdentifierSeq *names)
{
    for (size_t i = 0; i < names->count; i++)
        if (check_name(names->items[i]) < 0) return -1;
    return 0;
}

static int check_value(Value v)
{
    Type *t = type_of(v);
    if (is_none(v) || same(v, ELLIPSIS) || t == &kr_int_type || t == &kr_float_type ||
        t == &kr_complex_type || t == &kr_bool_type || t == &kr_str_type || t == &kr_bytes_type)
        return 0;
    if (t == &kr_tuple_type || t == &kr_frozenset_type) {
        if (kr_enter_recursion(" during compilation") < 0) return -1;
        Value items = kr_tuple_from(v);
        int status = is_empty(items) ? -1 : 0;
        for (size_t i = 0; status == 0 && i < kr_tuple_size(items); i++)
            status = check_value(kr_tuple_get(items, i));
        kr_leave_recursion();
        return status;
    }
    kr_raise(kr_TypeError, "got an invalid type in Constant: %T", v);
    return -1;
}

static int check_constant(const Constant *c)
{
    return c->kind == CONSTANT_OBJECT ? check_value((Value){c->object}) : 0;
}

/* ---- Expressions ---- */

static int check_exprs(const ExprSeq *seq, ExprContext ctx, bool may_be_absent)
{
    for (size_t i = 0; i < seq->count; i++) {
        if (seq->items[i]) {
            if (check_expr(seq->items[i], ctx) < 0) return -1;
        } else if (!may_be_absent) {
            return fail("None disallowed in expression list");
        }
    }
    return 0;
}

static int check_optional(const Expr *e) { return e ? check_expr(e, CTX_Load) : 0; }

static int check_generators(const ComprehensionSeq *seq)
{
    if (seq->count == 0) return fail("comprehension with no generators");
    for (size_t i = 0; i < seq->count; i++) {
        const Comprehension *c = seq->items[i];
        if (check_expr(c->target, CTX_Store) < 0 || check_expr(c->iter, CTX_Load) < 0 ||
            check_exprs(c->ifs, CTX_Load, false) < 0)
            return -1;
    }
    return 0;
}

static int check_keywords(const KeywordSeq *seq)
{
    for (size_t i = 0; i < seq->count; i++)
        if (check_expr(seq->items[i]->value, CTX_Load) < 0) return -1;
    return 0;
}

static int check_args(const ArgSeq *seq)
{
    for (size_t i = 0; i < seq->count; i++)
        if (check_position(seq->items[i]) < 0 || check_optional(seq->items[i]->annotation) < 0)
            return -1;
    return 0;
}

static int check_arguments(const Arguments *a)
{
    if (check_args(a->posonlyargs) < 0 || check_args(a->args) < 0) return -1;
    if (a->vararg && check_optional(a->vararg->annotation) < 0) return -1;
    if (check_args(a->kwonlyargs) < 0) return -1;
    if (a->kwarg && check_optional(a->kwarg->annotation) < 0) return -1;
    if (a->defaults->count > a->posonlyargs->count + a->args->count)
        return fail("more positional defaults than args on arguments");
    if (a->kw_defaults->count != a->kwonlyargs->count)
        return fail("length of kwonlyargs is not the same as kw_defaults on arguments");
    return check_exprs(a->defaults, CTX_Load, false) < 0
               ? -1
               : check_exprs(a->kw_defaults, CTX_Load, true);
}

static int check_context(const Expr *e, ExprContext wanted)
{
    ExprContext ctx;
    switch (e->kind) {
    case EXPR_Attribute: ctx = e->Attribute.ctx; break;
    case EXPR_Subscript: ctx = e->Subscript.ctx; break;
    case EXPR_Starred: ctx = e->Starred.ctx; break;
    case EXPR_Name:
        if (check_name(e->Name.id) < 0) return -1;
        ctx = e->Name.ctx;
        break;
    case EXPR_List: ctx = e->List.ctx; break;
    case EXPR_Tuple: ctx = e->Tuple.ctx; break;
    default:
        if (wanted == CTX_Load) return 0;
        kr_raise(kr_ValueError, "expression which can't be assigned to in %s context",
                 kr_ast_enum_name(FIELD_ExprContext, (int)wanted));
        return -1;
    }
    if (ctx == wanted) return 0;
    kr_raise(kr_ValueError, "expression must have %s context but has %s instead",
             kr_ast_enum_name(FIELD_ExprContext, (int)wanted),
             kr_ast_enum_name(FIELD_ExprContext, (int)ctx));
    return -1;
}

static int check_comprehension(const Expr *elt, const ComprehensionSeq *generators)
{
    return check_generators(generators) < 0 ? -1 : check_expr(elt, CTX_Load);
}

static int check_compare(const Expr *e)
{
    if (e->Compare.comparators->count == 0) return fail("Compare with no comparators");
    if (e->Compare.comparators->count != e->Compare.ops->count)
        return fail("Compare has a different number of comparators and operands");
    return check_exprs(e->Compare.comparators, CTX_Load, false) < 0
               ? -1
               : check_expr(e->Compare.left, CTX_Load);
}

static int check_dict(const Expr *e)
{
    if (e->Dict.keys->count != e->Dict.values->count)
        return fail("Dict doesn't have the same number of keys as values");
    return check_exprs(e->Dict.keys, CTX_Load, true) < 0
               ? -1
               : check_exprs(e->Dict.values, CTX_Load, false);
}

static int check_pair(const Expr *a, const Expr *b)
{
    return check_expr(a, CTX_Load) < 0 ? -1 : check_expr(b, CTX_Load);
}

static int check_expr(const Expr *e, ExprContext ctx)
{
    if (check_position(e) < 0 || check_context(e, ctx) < 0) return -1;
    switch (e->kind) {
    case EXPR_BoolOp:
        if (e->BoolOp.values->count < 2) return fail("BoolOp with less than 2 values");
        return check_exprs(e->BoolOp.values, CTX_Load, false);
    case EXPR_NamedExpr: return check_expr(e->NamedExpr.value, CTX_Load);
    case EXPR_BinOp: return check_pair(e->BinOp.left, e->BinOp.right);
    case EXPR_UnaryOp: return check_expr(e->UnaryOp.operand, CTX_Load);
    case EXPR_Lambda:
        return check_arguments(e->Lambda.args) < 0 ? -1 : check_expr(e->Lambda.body, CTX_Load);
    case EXPR_IfExp:
        return check_pair(e->IfExp.test, e->IfExp.body) < 0 ? -1
                                                            : check_expr(e->IfExp.orelse, CTX_Load);
    case EXPR_Dict: return check_dict(e);
    case EXPR_Set: return check_exprs(e->Set.elts, CTX_Load, false);
    case EXPR_ListComp: return check_comprehension(e->ListComp.elt, e->ListComp.generators);
    case EXPR_SetComp: return check_comprehension(e->SetComp.elt, e->SetComp.generators);
    case EXPR_GeneratorExp:
        return check_comprehension(e->GeneratorExp.elt, e->GeneratorExp.generators);
    case EXPR_DictComp:
        return check_comprehension(e->DictComp.key, e->DictComp.generators) < 0
                   ? -1
                   : check_expr(e->DictComp.value, CTX_Load);
    case EXPR_Await: return check_expr(e->Await.value, CTX_Load);
    case EXPR_Yield: return check_optional(e->Yield.value);
    case EXPR_YieldFrom: return check_expr(e->YieldFrom.value, CTX_Load);
    case EXPR_Compare: return check_compare(e);
    case EXPR_Call:
        return check_expr(e->Call.func, CTX_Load) < 0 ||
                       check_exprs(e->Call.args, CTX_Load, false) < 0
                   ? -1
                   : check_keywords(e->Call.keywords);
    case EXPR_FormattedValue:
        return check_expr(e->FormattedValue.value, CTX_Load) < 0
                   ? -1
                   : check_optional(e->FormattedValue.format_spec);
    case EXPR_Interpolation:
        return check_expr(e->Interpolation.value, CTX_Load) < 0 ||
                       check_constant(&e->Interpolation.str) < 0
                   ? -1
                   : check_optional(e->Interpolation.format_spec);
    case EXPR_JoinedStr: return check_exprs(e->JoinedStr.values, CTX_Load, false);
    case EXPR_TemplateStr: return check_exprs(e->TemplateStr.values, CTX_Load, false);
    case EXPR_Constant: return check_constant(&e->Constant.value);
    case EXPR_Attribute: return check_expr(e->Attribute.value, CTX_Load);
    case EXPR_Subscript: return check_pair(e->Subscript.slice, e->Subscript.value);
    case EXPR_Starred: return check_expr(e->Starred.value, ctx);
    case EXPR_List: return check_exprs(e->List.elts, ctx, false);
    case EXPR_Tuple: return check_exprs(e->Tuple.elts, ctx, false);
    case EXPR_Slice:
        return check_optional(e->Slice.lower) < 0 || check_optional(e->Slice.upper) < 0
                   ? -1
                   : check_optional(e->Slice.step);
    default: return 0; /* Name */
    }
}

/* ---- Patterns ---- */

static bool is_number(const Expr *e, bool real, bool imaginary)
{
    if (e->kind != EXPR_Constant) return false;
    const Constant *c = &e->Constant.value;
    if (c->kind == CONSTANT_OBJECT) {
        Type *t = type_of((Value){c->object});
        return (real && (t == &kr_int_type || t == &kr_float_type)) ||
               (imaginary && t == &kr_complex_type);
    }
    return (real && (c->kind == CONSTANT_INT || c->kind == CONSTANT_FLOAT)) ||
           (imaginary && c->kind == CONSTANT_IMAG);
}

static bool is_negative(const Expr *e, bool real, bool imaginary)
{
    return e->kind == EXPR_UnaryOp && e->UnaryOp.op == UNARY_USub &&
           is_number(e->UnaryOp.operand, real, imaginary);
}

static bool is_complex_sum(const Expr *e)
{
    const Expr *left = e->BinOp.left;
    if (e->BinOp.op != OP_Add && e->BinOp.op != OP_Sub) return false;
    return (is_number(left, true, false) || is_negative(left, true, false)) &&
           is_number(e->BinOp.right, false, true);
}

static int check_pattern_value(const Expr *e)
{
    if (check_expr(e, CTX_Load) < 0) return -1;
    switch (e->kind) {
    case EXPR_Constant: {
        const Constant *c = &e->Constant.value;
        if (c->kind >= CONSTANT_INT && c->kind <= CONSTANT_BYTES) return 0;
        if (is_number(e, true, true)) return 0;
        return fail("unexpected constant inside of a literal pattern");
    }
    case EXPR_Attribute:
    case EXPR_JoinedStr: return 0; /* an f-string is refused by the compiler */
    case EXPR_UnaryOp:
        if (is_negative(e, true, true)) return 0;
        break;
    case EXPR_BinOp:
        if (is_complex_sum(e)) return 0;
        break;
    default: break;
    }
    return fail("patterns may only match literals and attribute lookups");
}

static int check_capture(const Identifier *name)
{
    if (strcmp(name->text, "_") == 0) return fail("can't capture name '_' in patterns");
    return check_name(name);
}

static int check_patterns(const PatternSeq *seq, bool star_ok)
{
    for (size_t i = 0; i < seq->count; i++)
        if (check_pattern(seq->items[i], star_ok) < 0) return -1;
    return 0;
}

static bool is_singleton(const Constant *c)
{
    return c->kind == CONSTANT_NONE || c->kind == CONSTANT_TRUE || c->kind == CONSTANT_FALSE;
}

static int check_match_mapping(const Pattern *p)
{
    const ExprSeq *keys = p->MatchMapping.keys;
    if (keys->count != p->MatchMapping.patterns->count)
        return fail("MatchMapping doesn't have the same number of keys as patterns");
    if (p->MatchMapping.rest && check_capture(p->MatchMapping.rest) < 0) return -1;
    for (size_t i = 0; i < keys->count; i++) {
        const Expr *key = keys->items[i];
        if (!key) return fail("None disallowed in expression list");
        if (key->kind == EXPR_Constant && is_singleton(&key->Constant.value)) continue;
        if (check_pattern_value(key) < 0) return -1;
    }
    return check_patterns(p->MatchMapping.patterns, false);
}

static int check_match_class(const Pattern *p)
{
    if (p->MatchClass.kwd_attrs->count != p->MatchClass.kwd_patterns->count)
        return fail("MatchClass doesn't have the same number of keyword attributes as patterns");
    if (check_expr(p->MatchClass.cls, CTX_Load) < 0) return -1;
    const Expr *cls = p->MatchClass.cls;
    while (cls->kind == EXPR_Attribute) cls = cls->Attribute.value;
    if (cls->kind != EXPR_Name)
        return fail("MatchClass cls field can only contain Name or Attribute nodes.");
    if (check_names(p->MatchClass.kwd_attrs) < 0 ||
        check_patterns(p->MatchClass.patterns, false) < 0)
        return -1;
    return check_patterns(p->MatchClass.kwd_patterns, false);
}

static int check_pattern(const Pattern *p, bool star_ok)
{
    if (check_position(p) < 0) return -1;
    switch (p->kind) {
    case PATTERN_MatchValue: return check_pattern_value(p->MatchValue.value);
    case PATTERN_MatchSingleton:
        if (is_singleton(&p->MatchSingleton.value)) return 0;
        return fail("MatchSingleton can only contain True, False and None");
    case PATTERN_MatchSequence: return check_patterns(p->MatchSequence.patterns, true);
    case PATTERN_MatchMapping: return check_match_mapping(p);
    case PATTERN_MatchClass: return check_match_class(p);
    case PATTERN_MatchStar:
        if (!star_ok) return fail("can't use MatchStar here");
        return p->MatchStar.name ? check_capture(p->MatchStar.name) : 0;
    case PATTERN_MatchAs:
        if (p->MatchAs.name && check_capture(p->MatchAs.name) < 0) return -1;
        if (!p->MatchAs.pattern) return 0;
        if (!p->MatchAs.name)
            return fail("MatchAs must specify a target name if a pattern is given");
        return check_pattern(p->MatchAs.pattern, false);
    default:
        if (p->MatchOr.patterns->count < 2) return fail("MatchOr requires at least 2 patterns");
        return check_patterns(p->MatchOr.patterns, false);
    }
}

/* ---- Statements ---- */

static int check_filled(size_t count, const char *what, const char *owner)
{
    if (count) return 0;
    kr_raise(kr_ValueError, "empty %s on %s", what, owner);
    return -1;
}

static int check_body(const StmtSeq *body, const char *owner)
{
    return check_filled(body->count, "body", owner) < 0 ? -1 : check_stmts(body);
}

static int check_targets(const ExprSeq *targets, ExprContext ctx)
{
    const char *owner = ctx == CTX_Del ? "Delete" : "Assign";
    return check_filled(targets->count, "targets", owner) < 0 ? -1
                                                              : check_exprs(targets, ctx, false);
}

static int check_type_params(const TypeParamSeq *seq)
{
    for (size_t i = 0; i < seq->count; i++) {
        const TypeParam *t = seq->items[i];
        if (check_position(t) < 0) return -1;
        const Identifier *name;
        const Expr *initial, *bound = NULL;
        switch (t->kind) {
        case PARAM_TypeVar:
            name = t->TypeVar.name, initial = t->TypeVar.default_value, bound = t->TypeVar.bound;
            break;
        case PARAM_ParamSpec: name = t->ParamSpec.name, initial = t->ParamSpec.default_value; break;
        default: name = t->TypeVarTuple.name, initial = t->TypeVarTuple.default_value;
        }
        if (check_name(name) < 0 || check_optional(bound) < 0 || check_optional(initial) < 0)
            return -1;
    }
    return 0;
}

/* FunctionDef and AsyncFunctionDef have the same fields. */
static int check_function(const Stmt *s, const char *owner)
{
    if (check_body(s->FunctionDef.body, owner) < 0 ||
        check_type_params(s->FunctionDef.type_params) < 0 ||
        check_arguments(s->FunctionDef.args) < 0 ||
        check_exprs(s->FunctionDef.decorator_list, CTX_Load, false) < 0)
        return -1;
    return check_optional(s->FunctionDef.returns);
}

static int check_for(const Stmt *s, const char *owner)
{
    if (check_expr(s->For.target, CTX_Store) < 0 || check_expr(s->For.iter, CTX_Load) < 0)
        return -1;
    return check_body(s->For.body, owner) < 0 ? -1 : check_stmts(s->For.orelse);
}

static int check_with(const Stmt *s, const char *owner)
{
    if (check_filled(s->With.items->count, "items", owner) < 0) return -1;
    for (size_t i = 0; i < s->With.items->count; i++) {
        const WithItem *item = s->With.items->items[i];
        if (check_expr(item->context_expr, CTX_Load) < 0) return -1;
        if (item->optional_vars && check_expr(item->optional_vars, CTX_Store) < 0) return -1;
    }
    return check_body(s->With.body, owner);
}

static int check_try(const Stmt *s, const char *owner)
{
    if (check_body(s->Try.body, owner) < 0) return -1;
    size_t handlers = s->Try.handlers->count;
    const char *problem = NULL;
    if (!handlers && !s->Try.finalbody->count)
        problem = "has neither except handlers nor finalbody";
    else if (!handlers && s->Try.orelse->count)
        problem = "has orelse but no except handlers";
    if (problem) {
        kr_raise(kr_ValueError, "%s %s", owner, problem);
        return -1;
    }
    for (size_t i = 0; i < handlers; i++) {
        const ExceptHandler *h = s->Try.handlers->items[i];
        if (check_position(h) < 0 || check_optional(h->type) < 0 ||
            check_body(h->body, "ExceptHandler") < 0)
            return -1;
    }
    return check_stmts(s->Try.finalbody) < 0 ? -1 : check_stmts(s->Try.orelse);
}

static int check_match(const Stmt *s)
{
    if (check_expr(s->Match.subject, CTX_Load) < 0) return -1;
    if (check_filled(s->Match.cases->count, "cases", "Match") < 0) return -1;
    for (size_t i = 0; i < s->Match.cases->count; i++) {
        const MatchCase *c = s->Match.cases->items[i];
        if (check_pattern(c->pattern, false) < 0 || check_optional(c->guard) < 0) return -1;
        if (check_body(c->body, "match_case") < 0) return -1;
    }
    return 0;
}

static int check_class(const Stmt *s)
{
    if (check_body(s->ClassDef.body, "ClassDef") < 0 ||
        check_type_params(s->ClassDef.type_params) < 0 ||
        check_exprs(s->ClassDef.bases, CTX_Load, false) < 0 ||
        check_keywords(s->ClassDef.keywords) < 0)
        return -1;
    return check_exprs(s->ClassDef.decorator_list, CTX_Load, false);
}

static int check_annotated(const Stmt *s)
{
    if (s->AnnAssign.target->kind != EXPR_Name && s->AnnAssign.simple) {
        kr_raise(kr_TypeError, "AnnAssign with simple non-Name target");
        return -1;
    }
    if (check_expr(s->AnnAssign.target, CTX_Store) < 0 || check_optional(s->AnnAssign.value) < 0)
        return -1;
    return check_expr(s->AnnAssign.annotation, CTX_Load);
}

static int check_stmt(const Stmt *s)
{
    if (check_position(s) < 0) return -1;
    switch (s->kind) {
    case STMT_FunctionDef: return check_function(s, "FunctionDef");
    case STMT_AsyncFunctionDef: return check_function(s, "AsyncFunctionDef");
    case STMT_ClassDef: return check_class(s);
    case STMT_Return: return check_optional(s->Return.value);
    case STMT_Delete: return check_targets(s->Delete.targets, CTX_Del);
    case STMT_Assign:
        return check_targets(s->Assign.targets, CTX_Store) < 0
                   ? -1
                   : check_expr(s->Assign.value, CTX_Load);
    case STMT_TypeAlias:
        return check_expr(s->TypeAlias.name, CTX_Store) < 0 ||
                       check_type_params(s->TypeAlias.type_params) < 0
                   ? -1
                   : check_expr(s->TypeAlias.value, CTX_Load);
    case STMT_AugAssign:
        return check_expr(s->AugAssign.target, CTX_Store) < 0
                   ? -1
                   : check_expr(s->AugAssign.value, CTX_Load);
    case STMT_AnnAssign: return check_annotated(s);
    case STMT_For: return check_for(s, "For");
    case STMT_AsyncFor: return check_for(s, "AsyncFor");
    case STMT_While:
        if (check_expr(s->While.test, CTX_Load) < 0 || check_body(s->While.body, "While") < 0)
            return -1;
        return check_stmts(s->While.orelse);
    case STMT_If:
        if (check_expr(s->If.test, CTX_Load) < 0 || check_body(s->If.body, "If") < 0) return -1;
        return check_stmts(s->If.orelse);
    case STMT_With: return check_with(s, "With");
    case STMT_AsyncWith: return check_with(s, "AsyncWith");
    case STMT_Match: return check_match(s);
    case STMT_Raise:
        if (!s->Raise.exc && s->Raise.cause) return fail("Raise with cause but no exception");
        return check_optional(s->Raise.exc) < 0 ? -1 : check_optional(s->Raise.cause);
    case STMT_Try: return check_try(s, "Try");
    case STMT_TryStar: return check_try(s, "TryStar");
    case STMT_Assert:
        return check_expr(s->Assert.test, CTX_Load) < 0 ? -1 : check_optional(s->Assert.msg);
    case STMT_Import: return check_filled(s->Import.names->count, "names", "Import");
    case STMT_ImportFrom:
        if (s->ImportFrom.level < 0) return fail("Negative ImportFrom level");
        return check_filled(s->ImportFrom.names->count, "names", "ImportFrom");
    case STMT_Global: return check_filled(s->Global.names->count, "names", "Global");
    case STMT_Nonlocal: return check_filled(s->Nonlocal.names->count, "names", "Nonlocal");
    case STMT_Expr: return check_expr(s->Expr.value, CTX_Load);
    default: return 0; /* Pass, Break, Continue */
    }
}

static int check_stmts(const StmtSeq *seq)
{
    for (size_t i = 0; i < seq->count; i++) {
        if (!seq->items[i]) return fail("None disallowed in statement list");
        if (check_stmt(seq->items[i]) < 0) return -1;
    }
    return 0;
}

int kr_ast_validate(const Mod *mod)
{
    switch (mod->kind) {
    case MOD_Module: return check_stmts(mod->Module.body);
    case MOD_Interactive: return check_stmts(mod->Interactive.body);
    case MOD_Expression: return check_expr(mod->Expression.body, CTX_Load);
    default: return check_exprs(mod->FunctionType.argtypes, CTX_Load, false);
    }
}
