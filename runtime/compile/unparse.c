/* unparse.c: expressions as text, for annotations that are kept as strings. The spelling is that
 * of CPython's compiler, which is neither the source's nor ast.unparse's. */
#include "runtime/compile/compile.h"
#include "runtime/compile/constants.h"
#include "runtime/threads/thread.h"

#include <string.h>

enum { /* how tightly the place binds; an expression that binds less gets parentheses */
       PR_TUPLE,
       PR_TEST,
       PR_OR,
       PR_AND,
       PR_NOT,
       PR_CMP,
       PR_EXPR,
       PR_BOR = PR_EXPR,
       PR_BXOR,
       PR_BAND,
       PR_SHIFT,
       PR_ARITH,
       PR_TERM,
       PR_FACTOR,
       PR_POWER,
       PR_AWAIT,
       PR_ATOM
};

typedef struct Unparser {
    KrText text;
    Constants constants;
    bool failed;
} Unparser;

static void unparse(Unparser *p, const Expr *e, int level);

static void put(Unparser *p, const char *ascii)
{
    if (!p->failed && kr_text_add_ascii(&p->text, ascii) < 0) p->failed = true;
}

static void put_name(Unparser *p, const Identifier *name)
{
    if (!p->failed && kr_text_add_utf8(&p->text, name->text, name->length) < 0) p->failed = true;
}

static void put_str(Unparser *p, Value str)
{
    if (is_empty(str)) p->failed = true;
    if (!p->failed && kr_text_add_str(&p->text, str) < 0) p->failed = true;
}

static void open_if(Unparser *p, bool parenthesize)
{
    if (parenthesize) put(p, "(");
}
static void close_if(Unparser *p, bool parenthesize)
{
    if (parenthesize) put(p, ")");
}

static void put_list(Unparser *p, const ExprSeq *items, int level)
{
    for (size_t i = 0; i < items->count; i++) {
        if (i) put(p, ", ");
        unparse(p, items->items[i], level);
    }
}

/* repr(), but an infinity is written so that it can be read back. */
static void put_constant(Unparser *p, Value v)
{
    if (same(v, ELLIPSIS)) {
        put(p, "...");
        return;
    }
    if (kr_is_tuple(v)) {
        size_t n = kr_tuple_size(v);
        put(p, "(");
        for (size_t i = 0; i < n; i++) {
            if (i) put(p, ", ");
            put_constant(p, kr_tuple_get(v, i));
        }
        put(p, n == 1 ? ",)" : ")");
        return;
    }
    Value text = kr_repr(v);
    if (is_empty(text)) {
        p->failed = true;
        return;
    }
    const char *utf8;
    if (is_float(v) || is_exact(v, &kr_complex_type)) {
        utf8 = kr_str_utf8(text, NULL);
        for (const char *inf; utf8 && (inf = strstr(utf8, "inf")); utf8 = inf + 3) {
            if (!p->failed && kr_text_add_utf8(&p->text, utf8, (size_t)(inf - utf8)) < 0)
                p->failed = true;
            put(p, "1e309");
        }
        put(p, utf8 ? utf8 : "");
        return;
    }
    put_str(p, text);
}

/* ---- f-strings: the body is built as text, then quoted by repr() ---- */

static void fstring_body(Unparser *p, const ExprSeq *parts);

static void fstring_part(Unparser *p, const Expr *e)
{
    switch (e->kind) {
    case EXPR_Constant: {
        Value v = kr_constants_literal(&p->constants, &e->Constant.value);
        size_t n = is_empty(v) ? 0 : kr_str_length(v);
        if (is_empty(v)) p->failed = true;
        for (size_t i = 0; i < n && !p->failed; i++) {
            uint32_t ch = kr_str_at(v, i);
            if ((ch == '{' || ch == '}') && kr_text_add_char(&p->text, ch) < 0) p->failed = true;
            if (kr_text_add_char(&p->text, ch) < 0) p->failed = true;
        }
        break;
    }
    case EXPR_JoinedStr: fstring_body(p, e->JoinedStr.values); break;
    case EXPR_FormattedValue:
    case EXPR_Interpolation: {
        bool plain = e->kind == EXPR_FormattedValue;
        const Expr *value = plain ? e->FormattedValue.value : e->Interpolation.value;
        const Expr *spec = plain ? e->FormattedValue.format_spec : e->Interpolation.format_spec;
        int conversion = plain ? e->FormattedValue.conversion : e->Interpolation.conversion;
        Unparser inner = {.constants = p->constants};
        kr_text_init(&inner.text);
        unparse(&inner, value, PR_TEST + 1);
        Value text = inner.failed ? EMPTY : kr_text_finish(&inner.text);
        if (inner.failed) kr_text_drop(&inner.text);
        bool brace = !is_empty(text) && kr_str_length(text) && kr_str_at(text, 0) == '{';
        put(p, brace ? "{ " : "{");
        put_str(p, text);
        if (conversion > 0) put(p, (char[]){'!', (char)conversion, 0});
        if (spec) {
            put(p, ":");
            fstring_part(p, spec);
        }
        put(p, "}");
        break;
    }
    default: p->failed = true; kr_raise(kr_SystemError, "unknown part of an f-string");
    }
}

static void fstring_body(Unparser *p, const ExprSeq *parts)
{
    for (size_t i = 0; i < parts->count; i++) fstring_part(p, parts->items[i]);
}

static void put_fstring(Unparser *p, const ExprSeq *parts, const char *prefix)
{
    Unparser body = {.constants = p->constants};
    kr_text_init(&body.text);
    fstring_body(&body, parts);
    Value text = body.failed ? EMPTY : kr_text_finish(&body.text);
    if (body.failed) kr_text_drop(&body.text);
    put(p, prefix);
    put_str(p, is_empty(text) ? EMPTY : kr_repr(text));
}

/* ---- Parts of expressions ---- */

static void put_comprehensions(Unparser *p, const ComprehensionSeq *generators)
{
    for (size_t i = 0; i < generators->count; i++) {
        const Comprehension *g = generators->items[i];
        put(p, g->is_async ? " async for " : " for ");
        unparse(p, g->target, PR_TUPLE);
        put(p, " in ");
        unparse(p, g->iter, PR_TEST + 1);
        for (size_t j = 0; j < g->ifs->count; j++) {
            put(p, " if ");
            unparse(p, g->ifs->items[j], PR_TEST + 1);
        }
    }
}

static void put_parameter(Unparser *p, const Arg *arg, const Expr *fallback, bool *first)
{
    if (!*first) put(p, ", ");
    *first = false;
    put_name(p, arg->arg);
    if (arg->annotation) {
        put(p, ": ");
        unparse(p, arg->annotation, PR_TEST);
    }
    if (fallback) {
        put(p, "=");
        unparse(p, fallback, PR_TEST);
    }
}

static void put_parameters(Unparser *p, const Arguments *a)
{
    bool first = true;
    size_t positional = a->posonlyargs->count, total = positional + a->args->count;
    for (size_t i = 0; i < total; i++) {
        const Arg *arg = i < positional ? a->posonlyargs->items[i] : a->args->items[i - positional];
        bool has_default = i + a->defaults->count >= total;
        put_parameter(p, arg,
                      has_default ? a->defaults->items[i + a->defaults->count - total] : NULL,
                      &first);
        if (i + 1 == positional) put(p, ", /");
    }
    if (a->vararg || a->kwonlyargs->count) {
        put(p, first ? "*" : ", *");
        first = true; /* the name follows the star directly */
        if (a->vararg) put_parameter(p, a->vararg, NULL, &first);
        first = false;
    }
    for (size_t i = 0; i < a->kwonlyargs->count; i++)
        put_parameter(p, a->kwonlyargs->items[i], a->kw_defaults->items[i], &first);
    if (a->kwarg) {
        put(p, first ? "**" : ", **");
        first = true;
        put_parameter(p, a->kwarg, NULL, &first);
    }
}

static void put_call(Unparser *p, const Expr *e)
{
    const ExprSeq *args = e->Call.args;
    const KeywordSeq *keywords = e->Call.keywords;
    unparse(p, e->Call.func, PR_ATOM);
    if (args->count == 1 && keywords->count == 0 && args->items[0]->kind == EXPR_GeneratorExp) {
        unparse(p, args->items[0], PR_TUPLE);
        return;
    }
    put(p, "(");
    put_list(p, args, PR_TEST);
    for (size_t i = 0; i < keywords->count; i++) {
        if (i || args->count) put(p, ", ");
        if (keywords->items[i]->arg) {
            put_name(p, keywords->items[i]->arg);
            put(p, "=");
        } else {
            put(p, "**");
        }
        unparse(p, keywords->items[i]->value, PR_TEST);
    }
    put(p, ")");
}

static void put_dict(Unparser *p, const Expr *e)
{
    put(p, "{");
    for (size_t i = 0; i < e->Dict.values->count; i++) {
        if (i) put(p, ", ");
        if (e->Dict.keys->items[i]) {
            unparse(p, e->Dict.keys->items[i], PR_TEST);
            put(p, ": ");
            unparse(p, e->Dict.values->items[i], PR_TEST);
        } else {
            put(p, "**");
            unparse(p, e->Dict.values->items[i], PR_EXPR);
        }
    }
    put(p, "}");
}

static void put_binary(Unparser *p, const Expr *e, int level)
{
    static const int8_t priorities[] = {
        [OP_Add] = PR_ARITH,     [OP_Sub] = PR_ARITH, [OP_Mult] = PR_TERM,   [OP_MatMult] = PR_TERM,
        [OP_Div] = PR_TERM,      [OP_Mod] = PR_TERM,  [OP_Pow] = PR_POWER,   [OP_LShift] = PR_SHIFT,
        [OP_RShift] = PR_SHIFT,  [OP_BitOr] = PR_BOR, [OP_BitXor] = PR_BXOR, [OP_BitAnd] = PR_BAND,
        [OP_FloorDiv] = PR_TERM,
    };
    int priority = priorities[e->BinOp.op], right = e->BinOp.op == OP_Pow;
    open_if(p, level > priority);
    unparse(p, e->BinOp.left, priority + right);
    put(p, " ");
    put(p, kr_ast_enum_text(FIELD_Operator, (int)e->BinOp.op));
    put(p, " ");
    unparse(p, e->BinOp.right, priority + !right);
    close_if(p, level > priority);
}

static void put_compare(Unparser *p, const Expr *e, int level)
{
    open_if(p, level > PR_CMP);
    unparse(p, e->Compare.left, PR_CMP + 1);
    for (size_t i = 0; i < e->Compare.ops->count; i++) {
        put(p, " ");
        put(p, kr_ast_enum_text(FIELD_CmpOperator, (int)e->Compare.ops->items[i]));
        put(p, " ");
        unparse(p, e->Compare.comparators->items[i], PR_CMP + 1);
    }
    close_if(p, level > PR_CMP);
}

static void put_slice(Unparser *p, const Expr *e)
{
    if (e->Slice.lower) unparse(p, e->Slice.lower, PR_TEST);
    put(p, ":");
    if (e->Slice.upper) unparse(p, e->Slice.upper, PR_TEST);
    if (!e->Slice.step) return;
    put(p, ":");
    unparse(p, e->Slice.step, PR_TEST);
}

static void put_around(Unparser *p, const char *before, const Expr *e, int level, const char *after)
{
    put(p, before);
    unparse(p, e, level);
    put(p, after);
}

static void unparse_kind(Unparser *p, const Expr *e, int level)
{
    static const char *const unary[] = {
        [UNARY_Invert] = "~", [UNARY_Not] = "not ", [UNARY_UAdd] = "+", [UNARY_USub] = "-"};
    switch (e->kind) {
    case EXPR_BoolOp: {
        int priority = e->BoolOp.op == BOOL_And ? PR_AND : PR_OR;
        open_if(p, level > priority);
        for (size_t i = 0; i < e->BoolOp.values->count; i++) {
            if (i) put(p, e->BoolOp.op == BOOL_And ? " and " : " or ");
            unparse(p, e->BoolOp.values->items[i], priority + 1);
        }
        close_if(p, level > priority);
        break;
    }
    case EXPR_BinOp: put_binary(p, e, level); break;
    case EXPR_UnaryOp: {
        int priority = e->UnaryOp.op == UNARY_Not ? PR_NOT : PR_FACTOR;
        open_if(p, level > priority);
        put_around(p, unary[e->UnaryOp.op], e->UnaryOp.operand, priority, "");
        close_if(p, level > priority);
        break;
    }
    case EXPR_Lambda: {
        const Arguments *a = e->Lambda.args;
        bool none = !a->posonlyargs->count && !a->args->count;
        open_if(p, level > PR_TEST);
        put(p, none ? "lambda" : "lambda ");
        put_parameters(p, a);
        put_around(p, ": ", e->Lambda.body, PR_TEST, "");
        close_if(p, level > PR_TEST);
        break;
    }
    case EXPR_IfExp:
        open_if(p, level > PR_TEST);
        unparse(p, e->IfExp.body, PR_TEST + 1);
        put_around(p, " if ", e->IfExp.test, PR_TEST + 1, " else ");
        unparse(p, e->IfExp.orelse, PR_TEST);
        close_if(p, level > PR_TEST);
        break;
    case EXPR_Dict: put_dict(p, e); break;
    case EXPR_Set:
        put(p, "{");
        put_list(p, e->Set.elts, PR_TEST);
        put(p, "}");
        break;
    case EXPR_GeneratorExp:
        put_around(p, "(", e->GeneratorExp.elt, PR_TEST, "");
        put_comprehensions(p, e->GeneratorExp.generators);
        put(p, ")");
        break;
    case EXPR_ListComp:
        put_around(p, "[", e->ListComp.elt, PR_TEST, "");
        put_comprehensions(p, e->ListComp.generators);
        put(p, "]");
        break;
    case EXPR_SetComp:
        put_around(p, "{", e->SetComp.elt, PR_TEST, "");
        put_comprehensions(p, e->SetComp.generators);
        put(p, "}");
        break;
    case EXPR_DictComp:
        put_around(p, "{", e->DictComp.key, PR_TEST, ": ");
        unparse(p, e->DictComp.value, PR_TEST);
        put_comprehensions(p, e->DictComp.generators);
        put(p, "}");
        break;
    case EXPR_Yield:
        if (e->Yield.value)
            put_around(p, "(yield ", e->Yield.value, PR_TEST, ")");
        else
            put(p, "(yield)");
        break;
    case EXPR_YieldFrom: put_around(p, "(yield from ", e->YieldFrom.value, PR_TEST, ")"); break;
    case EXPR_Await:
        open_if(p, level > PR_AWAIT);
        put_around(p, "await ", e->Await.value, PR_ATOM, "");
        close_if(p, level > PR_AWAIT);
        break;
    case EXPR_Compare: put_compare(p, e, level); break;
    case EXPR_Call: put_call(p, e); break;
    case EXPR_Constant:
        if (e->Constant.kind) put_name(p, e->Constant.kind);
        Value v = kr_constants_literal(&p->constants, &e->Constant.value);
        if (is_empty(v))
            p->failed = true;
        else
            put_constant(p, v);
        break;
    case EXPR_JoinedStr: put_fstring(p, e->JoinedStr.values, "f"); break;
    case EXPR_TemplateStr: put_fstring(p, e->TemplateStr.values, "t"); break;
    case EXPR_FormattedValue:
    case EXPR_Interpolation: fstring_part(p, e); break;
    case EXPR_Attribute:
        unparse(p, e->Attribute.value, PR_ATOM);
        put(p, e->Attribute.value->kind == EXPR_Constant &&
                       e->Attribute.value->Constant.value.kind == CONSTANT_INT
                   ? " ."
                   : ".");
        put_name(p, e->Attribute.attr);
        break;
    case EXPR_Starred: put_around(p, "*", e->Starred.value, PR_EXPR, ""); break;
    case EXPR_Name: put_name(p, e->Name.id); break;
    case EXPR_List:
        put(p, "[");
        put_list(p, e->List.elts, PR_TEST);
        put(p, "]");
        break;
    case EXPR_Tuple: {
        bool parenthesize = e->Tuple.elts->count == 0 || level > PR_TUPLE;
        open_if(p, parenthesize);
        put_list(p, e->Tuple.elts, PR_TEST);
        if (e->Tuple.elts->count == 1) put(p, ",");
        close_if(p, parenthesize);
        break;
    }
    case EXPR_Subscript:
        unparse(p, e->Subscript.value, PR_ATOM);
        put_around(p, "[", e->Subscript.slice, PR_TUPLE, "]");
        break;
    case EXPR_Slice: put_slice(p, e); break;
    case EXPR_NamedExpr:
        open_if(p, level > PR_TUPLE);
        unparse(p, e->NamedExpr.target, PR_ATOM);
        put_around(p, " := ", e->NamedExpr.value, PR_ATOM, "");
        close_if(p, level > PR_TUPLE);
        break;
    default: p->failed = true; kr_raise(kr_SystemError, "unknown expression kind");
    }
}

static void unparse(Unparser *p, const Expr *e, int level)
{
    if (p->failed) return;
    if (thread_stack_low()) {
        p->failed = true;
        kr_raise(kr_RecursionError, "maximum recursion depth exceeded during compilation");
        return;
    }
    unparse_kind(p, e, level);
}

Value kr_unparse_expr(Expr *expr)
{
    Unparser p = {.constants = {.keep = kr_list(NULL, 0)}};
    if (is_empty(p.constants.keep)) return EMPTY;
    kr_text_init(&p.text);
    unparse(&p, expr, PR_TEST);
    if (!p.failed) return kr_text_finish(&p.text);
    kr_text_drop(&p.text);
    return EMPTY;
}
