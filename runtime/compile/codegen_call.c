/* codegen_call.c: calls. The function and its arguments stand in consecutive registers on top of
 * the temporaries, so that the callee's frame can begin at the first argument. */
#include "runtime/compile/compiler.h"

#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"

enum { MAX_DIRECT = 200 }; /* more arguments go through a tuple */

void kr_gen_at_attribute(Unit *u, Expr *attribute)
{
    if (u->at.line == (uint32_t)attribute->end_lineno) return;
    u->at.line = u->at.end_line = (uint32_t)attribute->end_lineno;
    size_t points = 0;
    for (const char *p = attribute->Attribute.attr->text; *p; p++)
        points += ((uint8_t)*p & 0xc0) != 0x80;
    if ((int64_t)points <= attribute->end_col_offset && attribute->end_col_offset < 65535) {
        u->at.column = (uint16_t)((size_t)attribute->end_col_offset - points);
        u->at.end_column = (uint16_t)attribute->end_col_offset;
    } else {
        u->at.column = u->at.end_column = 65535;
    }
}

static void warn_not_callable(Unit *u, Expr *e)
{
    Expr *f = e->Call.func;
    const char *type;
    switch (f->kind) {
    case EXPR_Constant: type = kr_type_name(kr_type_of(kr_gen_constant_value(u, f))); break;
    case EXPR_Tuple: type = "tuple"; break;
    case EXPR_List:
    case EXPR_ListComp: type = "list"; break;
    case EXPR_Dict:
    case EXPR_DictComp: type = "dict"; break;
    case EXPR_Set:
    case EXPR_SetComp: type = "set"; break;
    case EXPR_GeneratorExp: type = "generator"; break;
    case EXPR_JoinedStr:
    case EXPR_FormattedValue: type = "str"; break;
    default: return;
    }
    kr_unit_warn(u, e, kr_SyntaxWarning,
                 "'%.200s' object is not callable; perhaps you missed a comma?", type);
}

static void check_keywords(Unit *u, const void *call, const KeywordSeq *keywords)
{
    for (size_t i = 0; i < keywords->count; i++) {
        Keyword *k = keywords->items[i];
        if (!k->arg) continue;
        if (kr_gen_forbidden(u, call, k->arg, CTX_Store)) return;
        for (size_t j = i + 1; j < keywords->count; j++)
            if (keywords->items[j]->arg == k->arg) {
                kr_unit_error(u, keywords->items[j], "keyword argument repeated: %s", k->arg->text);
                return;
            }
    }
}

static bool is_plain_call(const ExprSeq *args, const KeywordSeq *keywords, uint32_t filled)
{
    for (size_t i = 0; i < args->count; i++)
        if (args->items[i]->kind == EXPR_Starred) return false;
    for (size_t i = 0; i < keywords->count; i++)
        if (!keywords->items[i]->arg) return false;
    return args->count + keywords->count + filled <= MAX_DIRECT;
}

static Value keyword_names(Unit *u, Keyword *const *keywords, size_t count)
{
    Tuple *names = kr_tuple_alloc(count);
    if (!names) {
        kr_unit_raised(u->c);
        return NONE;
    }
    for (size_t i = 0; i < count; i++) names->items[i] = NONE;
    for (size_t i = 0; i < count; i++) names->items[i] = kr_unit_str(u->c, keywords[i]->arg);
    return from_object(names);
}

/* The keyword arguments of a call that needs a dict for them, in `dict`; `function` is for error
 * messages. */
static void keyword_dict(Unit *u, const KeywordSeq *keywords, Reg dict, Reg function)
{
    uint32_t mark = u->top;
    bool begun = false;
    for (size_t i = 0; i < keywords->count;) {
        Keyword *k = keywords->items[i];
        if (!k->arg) {
            if (!begun) kr_unit_emit(u, OP_BUILD_MAP, dict, (uint16_t)mark, 0);
            Reg other = kr_gen_expr(u, k->value, ANYWHERE);
            kr_unit_emit(u, OP_DICT_MERGE, dict, other, function);
            i++;
        } else {
            uint16_t count = 0;
            Reg group = begun ? kr_unit_push(u) : dict;
            Reg base = (Reg)u->top;
            for (; i < keywords->count && keywords->items[i]->arg && count < 30; i++, count++) {
                kr_gen_constant(u, kr_unit_str(u->c, keywords->items[i]->arg), ANYWHERE);
                Reg r = kr_unit_push(u);
                kr_gen_expr(u, keywords->items[i]->value, r);
            }
            kr_unit_emit(u, OP_BUILD_MAP, group, base, count);
            if (begun) kr_unit_emit(u, OP_DICT_MERGE, dict, group, function);
        }
        begun = true;
        u->top = mark;
    }
    if (!begun) kr_unit_emit(u, OP_UNBIND, dict, 0, 0);
}

static Reg call_ex(Unit *u, Reg base, uint32_t filled, ExprSeq *args, KeywordSeq *keywords,
                   Reg want)
{
    u->top = (uint32_t)base + 1 + filled;
    if (filled == 0 && args->count == 1 && args->items[0]->kind == EXPR_Starred) {
        Reg r = kr_unit_push(u);
        kr_gen_expr(u, args->items[0]->Starred.value, r);
    } else if (filled == 0) {
        Reg r = kr_unit_push(u);
        kr_gen_tuple(u, args, r);
    } else { /* arguments that stand already become the head of the list */
        Reg list = kr_unit_push(u), rest = kr_unit_push(u);
        kr_unit_emit(u, OP_BUILD_LIST, list, (uint16_t)(base + 1), (uint16_t)filled);
        kr_gen_list_of(u, args, rest);
        kr_unit_emit(u, OP_LIST_EXTEND, list, rest, 0);
        kr_unit_emit(u, OP_LIST_TO_TUPLE, (uint16_t)(base + 1), list, 0);
    }
    u->top = (uint32_t)base + 2;
    Reg dict = kr_unit_push(u);
    keyword_dict(u, keywords, dict, base);
    u->top = base;
    Reg dest = kr_gen_dest(u, want);
    kr_unit_emit(u, OP_CALL_EX, dest, base, 0);
    kr_unit_assign(u, dest);
    return dest;
}

Reg kr_gen_call_tail(Unit *u, Reg base, uint32_t filled, ExprSeq *args, KeywordSeq *keywords,
                     Reg want, bool method)
{
    Position at = u->at;
    Node call = {0, (int32_t)at.line, at.column, (int32_t)at.end_line, at.end_column};
    check_keywords(u, &call, keywords);
    if (!is_plain_call(args, keywords, filled))
        return call_ex(u, base, filled, args, keywords, want);
    for (size_t i = 0; i < args->count; i++) {
        Reg r = kr_unit_push(u);
        kr_gen_expr(u, args->items[i], r);
    }
    for (size_t i = 0; i < keywords->count; i++) {
        Reg r = kr_unit_push(u);
        kr_gen_expr(u, keywords->items[i]->value, r);
    }
    u->top = base;
    u->at = at;
    Reg dest = kr_gen_dest(u, want);
    uint16_t count = (uint16_t)(filled + args->count + keywords->count);
    if (keywords->count == 0) {
        kr_unit_emit(u, method ? OP_CALL_METHOD : OP_CALL, dest, base, count);
    } else if (!u->dead) {
        uint32_t names = kr_unit_constant(u, keyword_names(u, keywords->items, keywords->count));
        kr_unit_emit(u, method ? OP_CALL_METHOD_KW : OP_CALL_KW, dest, base, count);
        kr_unit_emit_extra(u, 0, (int32_t)names);
    }
    kr_unit_assign(u, dest);
    return dest;
}

Reg kr_gen_call(Unit *u, Expr *e, Reg want)
{
    Expr *f = e->Call.func;
    Reg base;
    if (f->kind == EXPR_Attribute && is_plain_call(e->Call.args, e->Call.keywords, 0)) {
        base = kr_unit_push_n(u, 2);
        Reg object = kr_gen_near(u, f->Attribute.value, base);
        Position call = u->at;
        gen_at(u, f);
        kr_gen_at_attribute(u, f);
        kr_unit_emit_name(u, OP_LOAD_METHOD, base, object, kr_gen_mangle(u, f->Attribute.attr));
        u->at = call;
        kr_gen_at_attribute(u, f);
        return kr_gen_call_tail(u, base, 0, e->Call.args, e->Call.keywords, want, true);
    }
    warn_not_callable(u, e);
    base = kr_unit_push(u);
    kr_gen_expr(u, f, base);
    return kr_gen_call_tail(u, base, 0, e->Call.args, e->Call.keywords, want, false);
}
