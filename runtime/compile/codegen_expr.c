/* codegen_expr.c: expressions, conditions and assignment targets. See compiler.h for the rules
 * of registers. */
#include "runtime/compile/compiler.h"

#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"

/* ---- Small tools ---- */

Reg kr_gen_dest(Unit *u, Reg want) { return want == ANYWHERE ? kr_unit_push(u) : want; }

void kr_gen_move(Unit *u, Reg to, Reg from)
{
    if (to != from) kr_unit_emit(u, OP_MOVE, to, from, 0);
    kr_unit_assign(u, to);
}

/* Notes that `dest` was just written. */
static Reg written(Unit *u, Reg dest)
{
    kr_unit_assign(u, dest);
    return dest;
}

Value kr_gen_constant_value(Unit *u, const Expr *e)
{
    if (e->kind != EXPR_Constant) return EMPTY;
    Value v = kr_constants_literal(&u->c->constants, &e->Constant.value);
    if (!is_empty(v)) return v;
    if (kr_raised_is(kr_ValueError)) { /* an int with too many digits */
        Value exception = kr_take_exception();
        Value text = kr_to_str(exception);
        const char *message = is_empty(text) ? NULL : kr_str_utf8(text, NULL);
        kr_unit_error(u, e,
                      "%s - Consider hexadecimal for huge integer literals to avoid decimal "
                      "conversion limits.",
                      message ? message : "");
    } else {
        kr_unit_raised(u->c);
    }
    return NONE;
}

Reg kr_gen_constant(Unit *u, Value v, Reg want)
{
    Reg dest = kr_gen_dest(u, want);
    if (is_none(v) || is_bool(v) || same(v, ELLIPSIS))
        kr_unit_emit(u, OP_LOAD_IMMEDIATE, dest, (uint16_t)v.bits, 0);
    else if (is_int(v) && int_of(v) == (int32_t)int_of(v))
        kr_unit_emit_imm(u, OP_LOAD_INT, dest, (int32_t)int_of(v));
    else if (!u->dead)
        kr_unit_emit_imm(u, OP_LOAD_CONST, dest, (int32_t)kr_unit_constant(u, v));
    return written(u, dest);
}

bool kr_gen_small_int(Unit *u, const Expr *e, int32_t *out)
{
    if (e->kind != EXPR_Constant) return false;
    if (e->Constant.value.kind != CONSTANT_INT && e->Constant.value.kind != CONSTANT_OBJECT)
        return false;
    Value v = kr_gen_constant_value(u, e);
    if (!is_int(v) || int_of(v) != (int16_t)int_of(v)) return false;
    *out = (int32_t)int_of(v);
    return true;
}

int kr_gen_truth(Unit *u, const Expr *e)
{
    if (e->kind != EXPR_Constant) return -1;
    switch (e->Constant.value.kind) {
    case CONSTANT_NONE:
    case CONSTANT_FALSE: return 0;
    case CONSTANT_TRUE:
    case CONSTANT_ELLIPSIS: return 1;
    default: break;
    }
    int truth = kr_truth(kr_gen_constant_value(u, e));
    if (truth < 0) kr_clear_exception();
    return truth;
}

uint16_t kr_gen_binary_op(Operator op, bool inplace)
{
    static const uint16_t plain[] = {
        [OP_Add] = OP_ADD,           [OP_Sub] = OP_SUB,       [OP_Mult] = OP_MUL,
        [OP_MatMult] = OP_MATMUL,    [OP_Div] = OP_TRUEDIV,   [OP_Mod] = OP_MOD,
        [OP_Pow] = OP_POW,           [OP_LShift] = OP_LSHIFT, [OP_RShift] = OP_RSHIFT,
        [OP_BitOr] = OP_OR,          [OP_BitXor] = OP_XOR,    [OP_BitAnd] = OP_AND,
        [OP_FloorDiv] = OP_FLOORDIV,
    };
    static const uint16_t in_place[] = {
        [OP_Add] = OP_INPLACE_ADD,           [OP_Sub] = OP_INPLACE_SUB,
        [OP_Mult] = OP_INPLACE_MUL,          [OP_MatMult] = OP_INPLACE_MATMUL,
        [OP_Div] = OP_INPLACE_TRUEDIV,       [OP_Mod] = OP_INPLACE_MOD,
        [OP_Pow] = OP_INPLACE_POW,           [OP_LShift] = OP_INPLACE_LSHIFT,
        [OP_RShift] = OP_INPLACE_RSHIFT,     [OP_BitOr] = OP_INPLACE_OR,
        [OP_BitXor] = OP_INPLACE_XOR,        [OP_BitAnd] = OP_INPLACE_AND,
        [OP_FloorDiv] = OP_INPLACE_FLOORDIV,
    };
    return inplace ? in_place[op] : plain[op];
}

uint16_t kr_gen_immediate_op(uint16_t op)
{
    switch (op) {
    case OP_ADD: return OP_ADD_IMM;
    case OP_SUB: return OP_SUB_IMM;
    case OP_MUL: return OP_MUL_IMM;
    case OP_FLOORDIV: return OP_FLOORDIV_IMM;
    case OP_MOD: return OP_MOD_IMM;
    case OP_AND: return OP_AND_IMM;
    case OP_LSHIFT: return OP_LSHIFT_IMM;
    case OP_RSHIFT: return OP_RSHIFT_IMM;
    case OP_POW: return OP_POW_IMM;
    case OP_INPLACE_ADD: return OP_INPLACE_ADD_IMM;
    case OP_INPLACE_SUB: return OP_INPLACE_SUB_IMM;
    case OP_LT: return OP_LT_IMM;
    case OP_LE: return OP_LE_IMM;
    case OP_EQ: return OP_EQ_IMM;
    case OP_NE: return OP_NE_IMM;
    case OP_GT: return OP_GT_IMM;
    case OP_GE: return OP_GE_IMM;
    default: return 0;
    }
}

/* Can evaluating e run a walrus? Names and constants cannot. */
static bool may_rebind(const Expr *e)
{
    return e && e->kind != EXPR_Name && e->kind != EXPR_Constant;
}

static Reg protect(Unit *u, Reg r, const Expr *later)
{
    if (!kr_gen_is_walrus_variable(u, r) || !may_rebind(later)) return r;
    Reg copy = kr_unit_push(u);
    kr_gen_move(u, copy, r);
    return copy;
}

Reg kr_gen_near(Unit *u, Expr *e, Reg scratch)
{
    bool variable = e->kind == EXPR_Name && kr_gen_local_register(u, e->Name.id) != NO_REGISTER;
    return kr_gen_expr(u, e, variable ? ANYWHERE : scratch);
}

Reg kr_gen_near_operand(Unit *u, Expr *e, const Expr *later, Reg scratch)
{
    Reg r = kr_gen_near(u, e, scratch);
    if (!kr_gen_is_walrus_variable(u, r) || !may_rebind(later)) return r;
    kr_gen_move(u, scratch, r);
    return scratch;
}

Reg kr_gen_operand(Unit *u, Expr *e, const Expr *later)
{
    return protect(u, kr_gen_expr(u, e, ANYWHERE), later);
}

/* ---- Warnings about literals ---- */

/* The type name of what an expression surely makes, or NULL. */
static const char *display_type(Unit *u, const Expr *e)
{
    switch (e->kind) {
    case EXPR_Tuple: return "tuple";
    case EXPR_List:
    case EXPR_ListComp: return "list";
    case EXPR_Dict:
    case EXPR_DictComp: return "dict";
    case EXPR_Set:
    case EXPR_SetComp: return "set";
    case EXPR_GeneratorExp: return "generator";
    case EXPR_Lambda: return "function";
    case EXPR_JoinedStr:
    case EXPR_FormattedValue: return "str";
    case EXPR_Constant: return kr_type_name(kr_type_of(kr_gen_constant_value(u, e)));
    default: return NULL;
    }
}

static void warn_subscript(Unit *u, Expr *e)
{
    Expr *value = e->Subscript.value, *index = e->Subscript.slice;
    const char *type = display_type(u, value);
    if (!type) return;
    Value v = kr_gen_constant_value(u, value);
    bool sequence = is_empty(v)
                        ? value->kind == EXPR_Tuple || value->kind == EXPR_List ||
                              value->kind == EXPR_ListComp || value->kind == EXPR_JoinedStr ||
                              value->kind == EXPR_FormattedValue
                        : is_str(v) || is_bytes(v) || is_tuple(v);
    bool plain = is_empty(v) ? value->kind == EXPR_Set || value->kind == EXPR_SetComp ||
                                   value->kind == EXPR_GeneratorExp || value->kind == EXPR_Lambda
                             : !sequence;
    if (plain) {
        kr_unit_warn(u, e, kr_SyntaxWarning,
                     "'%.200s' object is not subscriptable; perhaps you missed a comma?", type);
        return;
    }
    const char *index_type = display_type(u, index);
    if (!sequence || !index_type) return;
    Value i = kr_gen_constant_value(u, index);
    if (!is_empty(i) && kr_is_int(i)) return;
    kr_unit_warn(
        u, e, kr_SyntaxWarning,
        "%.200s indices must be integers or slices, not %.200s; perhaps you missed a comma?", type,
        index_type);
}

static bool is_plain_literal(Unit *u, const Expr *e)
{
    Value v = kr_gen_constant_value(u, e);
    return !is_empty(v) && !is_none(v) && !is_bool(v) && !same(v, ELLIPSIS);
}

static void warn_comparison(Unit *u, Expr *e)
{
    const Expr *left = e->Compare.left;
    for (size_t i = 0; i < e->Compare.ops->count; i++) {
        const Expr *right = e->Compare.comparators->items[i];
        CmpOperator op = e->Compare.ops->items[i];
        if ((op == CMP_Is || op == CMP_IsNot) &&
            (is_plain_literal(u, left) || is_plain_literal(u, right))) {
            kr_unit_warn(u, e, kr_SyntaxWarning,
                         op == CMP_Is ? "\"is\" with a literal. Did you mean \"==\"?"
                                      : "\"is not\" with a literal. Did you mean \"!=\"?");
            return;
        }
        left = right;
    }
}

/* ---- Operators ---- */

static Reg binary(Unit *u, Expr *e, Reg want)
{
    uint32_t mark = u->top;
    uint16_t op = kr_gen_binary_op(e->BinOp.op, false), immediate = kr_gen_immediate_op(op);
    Reg left = kr_gen_operand(u, e->BinOp.left, e->BinOp.right);
    int32_t small;
    if (immediate && kr_gen_small_int(u, e->BinOp.right, &small)) {
        u->top = mark;
        Reg dest = kr_gen_dest(u, want);
        kr_unit_emit(u, immediate, dest, left, (uint16_t)small);
        return written(u, dest);
    }
    Reg right = kr_gen_expr(u, e->BinOp.right, ANYWHERE);
    u->top = mark;
    Reg dest = kr_gen_dest(u, want);
    kr_unit_emit(u, op, dest, left, right);
    return written(u, dest);
}

static Reg unary(Unit *u, Expr *e, Reg want)
{
    static const uint16_t ops[] = {[UNARY_Invert] = OP_INVERT,
                                   [UNARY_Not] = OP_NOT,
                                   [UNARY_UAdd] = OP_POSITIVE,
                                   [UNARY_USub] = OP_NEGATIVE};
    uint32_t mark = u->top;
    Reg operand = kr_gen_expr(u, e->UnaryOp.operand, ANYWHERE);
    u->top = mark;
    Reg dest = kr_gen_dest(u, want);
    kr_unit_emit(u, ops[e->UnaryOp.op], dest, operand, 0);
    return written(u, dest);
}

static const uint16_t compare_ops[] = {
    [CMP_Eq] = OP_EQ, [CMP_NotEq] = OP_NE,     [CMP_Lt] = OP_LT, [CMP_LtE] = OP_LE,
    [CMP_Gt] = OP_GT, [CMP_GtE] = OP_GE,       [CMP_Is] = OP_IS, [CMP_IsNot] = OP_IS_NOT,
    [CMP_In] = OP_IN, [CMP_NotIn] = OP_NOT_IN,
};

/* dest = left op right; returns the register of right, or NO_REGISTER if it became an immediate.
 * Right goes to `slot` unless it is a variable. */
static Reg compare_once(Unit *u, CmpOperator cmp, Reg left, Expr *right, const Expr *later,
                        Reg dest, Reg slot)
{
    uint16_t op = compare_ops[cmp], immediate = kr_gen_immediate_op(op);
    int32_t small;
    if (immediate && !later && kr_gen_small_int(u, right, &small)) {
        kr_unit_emit(u, immediate, dest, left, (uint16_t)small);
        return NO_REGISTER;
    }
    uint32_t mark = u->top;
    Reg r = slot == NO_REGISTER ? kr_gen_operand(u, right, later)
                                : kr_gen_near_operand(u, right, later, slot);
    if (slot != NO_REGISTER) u->top = mark;
    kr_unit_emit(u, op, dest, left, r);
    return r;
}

static Reg compare(Unit *u, Expr *e, Reg want)
{
    warn_comparison(u, e);
    size_t n = e->Compare.ops->count;
    Expr **right = e->Compare.comparators->items;
    uint32_t mark = u->top;
    if (n == 1) {
        Reg left = kr_gen_operand(u, e->Compare.left, right[0]);
        Reg dest = want; /* a fresh one may be the operand's: both die here */
        if (want == ANYWHERE) {
            dest = (Reg)mark;
            if (u->top == mark) kr_unit_push(u);
        }
        compare_once(u, e->Compare.ops->items[0], left, right[0], NULL, dest, NO_REGISTER);
        u->top = want == ANYWHERE ? mark + 1 : mark;
        return written(u, dest);
    }
    Reg dest = want != ANYWHERE && is_temporary(u, want) ? want : kr_unit_push(u);
    uint32_t keep = u->top, end = kr_unit_label(u);
    Reg slots[2] = {kr_unit_push(u),
                    kr_unit_push(u)}; /* operands alternate between two registers */
    Reg left = kr_gen_near_operand(u, e->Compare.left, e, slots[0]);
    for (size_t i = 0; i < n; i++) {
        left = compare_once(u, e->Compare.ops->items[i], left, right[i], i + 1 < n ? e : NULL, dest,
                            slots[!(i & 1)]);
        if (i + 1 < n) kr_unit_emit_jump(u, OP_JUMP_IF_FALSE, dest, end);
    }
    kr_unit_place(u, end);
    u->top = keep;
    if (want == ANYWHERE || want == dest) return dest;
    kr_gen_move(u, want, dest);
    u->top = mark;
    return want;
}

static Reg bool_op(Unit *u, Expr *e, Reg want)
{
    uint32_t mark = u->top, end = kr_unit_label(u);
    Reg dest = want != ANYWHERE && is_temporary(u, want) ? want : kr_unit_push(u);
    ExprSeq *values = e->BoolOp.values;
    int stops_at = e->BoolOp.op == BOOL_Or;
    for (size_t i = 0; i < values->count; i++) {
        bool last = i + 1 == values->count;
        int truth = kr_gen_truth(u, values->items[i]);
        if (!last && truth >= 0 && truth != stops_at) continue;
        kr_gen_expr(u, values->items[i], dest);
        if (last) break;
        if (truth >= 0)
            kr_unit_emit_jump(u, OP_JUMP, 0, end);
        else
            kr_unit_emit_jump(u, stops_at ? OP_JUMP_IF_TRUE : OP_JUMP_IF_FALSE, dest, end);
    }
    kr_unit_place(u, end);
    if (want == ANYWHERE || want == dest) return dest;
    kr_gen_move(u, want, dest);
    u->top = mark;
    return want;
}

static Reg conditional(Unit *u, Expr *e, Reg want)
{
    uint32_t orelse = kr_unit_label(u), end = kr_unit_label(u);
    kr_gen_jump_if(u, e->IfExp.test, orelse, false);
    Reg dest = kr_gen_dest(u, want);
    kr_gen_expr(u, e->IfExp.body, dest);
    kr_unit_skip(u, end);
    kr_unit_place(u, orelse);
    kr_gen_expr(u, e->IfExp.orelse, dest);
    kr_unit_place(u, end);
    return written(u, dest);
}

static Reg walrus(Unit *u, Expr *e, Reg want)
{
    Expr *target = e->NamedExpr.target;
    if (kr_gen_forbidden(u, target, target->Name.id, CTX_Store)) return kr_gen_dest(u, want);
    Reg variable = kr_gen_local_register(u, target->Name.id);
    if (variable != NO_REGISTER) {
        kr_gen_expr(u, e->NamedExpr.value, variable);
        if (want == ANYWHERE) return variable;
        kr_gen_move(u, want, variable);
        return want;
    }
    Reg r = kr_gen_expr(u, e->NamedExpr.value, want);
    Position at = u->at;
    gen_at(u, target);
    kr_gen_store_name(u, target->Name.id, r);
    u->at = at;
    return r;
}

/* ---- Attributes and items ---- */

static Reg attribute(Unit *u, Expr *e, Reg want)
{
    uint32_t mark = u->top;
    Reg object = kr_gen_expr(u, e->Attribute.value, ANYWHERE);
    kr_gen_at_attribute(u, e);
    u->top = mark;
    Reg dest = kr_gen_dest(u, want);
    kr_unit_emit_name(u, OP_LOAD_ATTR, dest, object, kr_gen_mangle(u, e->Attribute.attr));
    return written(u, dest);
}

static Reg subscript(Unit *u, Expr *e, Reg want)
{
    warn_subscript(u, e);
    uint32_t mark = u->top;
    Reg object = kr_gen_operand(u, e->Subscript.value, e->Subscript.slice);
    Reg index = kr_gen_expr(u, e->Subscript.slice, ANYWHERE);
    u->top = mark;
    Reg dest = kr_gen_dest(u, want);
    kr_unit_emit(u, OP_GET_ITEM, dest, object, index);
    return written(u, dest);
}

/* ---- Yields ---- */

static bool in_function(Unit *u) { return u->scope->kind == SCOPE_FUNCTION; }

static Reg yield(Unit *u, Expr *e, Reg want)
{
    if (!in_function(u)) {
        kr_unit_error(u, e, "'yield' outside function");
        return kr_gen_dest(u, want);
    }
    uint32_t mark = u->top;
    Reg value = e->Yield.value ? kr_gen_expr(u, e->Yield.value, ANYWHERE)
                               : kr_gen_constant(u, NONE, ANYWHERE);
    if (u->is_async) {
        Reg wrapped = kr_unit_push(u);
        kr_unit_emit(u, OP_ASYNC_GEN_WRAP, wrapped, value, 0);
        value = wrapped;
    }
    u->top = mark;
    Reg dest = kr_gen_dest(u, want);
    kr_unit_emit(u, OP_YIELD, dest, value, 0);
    return written(u, dest);
}

/* dest = the value with which `iterator` ends, everything it yields yielded. Pops down to
 * `mark`. */
static Reg delegate(Unit *u, Reg iterator, uint32_t mark, Reg want)
{
    Reg sent = kr_gen_constant(u, NONE, ANYWHERE);
    u->top = mark;
    Reg dest = kr_gen_dest(u, want);
    kr_unit_emit(u, OP_YIELD_FROM, dest, iterator, sent);
    return written(u, dest);
}

static Reg yield_from(Unit *u, Expr *e, Reg want)
{
    if (!in_function(u)) {
        kr_unit_error(u, e, "'yield' outside function");
        return kr_gen_dest(u, want);
    }
    if (u->is_async) {
        kr_unit_error(u, e, "'yield from' inside async function");
        return kr_gen_dest(u, want);
    }
    uint32_t mark = u->top;
    Reg iterator = kr_unit_push(u), value = kr_gen_near(u, e->YieldFrom.value, iterator);
    kr_unit_emit(u, OP_GET_YIELD_FROM_ITER, iterator, value, 0);
    return delegate(u, iterator, mark, want);
}

Reg kr_gen_await(Unit *u, Reg awaitable, int kind, Reg want)
{
    uint32_t mark = u->top;
    Reg iterator = kr_unit_push(u);
    kr_unit_emit(u, OP_GET_AWAITABLE, iterator, awaitable, (uint16_t)kind);
    return delegate(u, iterator, mark, want);
}

static Reg await(Unit *u, Expr *e, Reg want)
{
    bool top_level = u->c->flags & COMPILE_TOP_LEVEL_AWAIT && u->kind == UNIT_MODULE;
    if (!top_level && !in_function(u)) {
        kr_unit_error(u, e, "'await' outside function");
        return kr_gen_dest(u, want);
    }
    if (!top_level && !u->is_async && u->kind != UNIT_COMPREHENSION) {
        kr_unit_error(u, e, "'await' outside async function");
        return kr_gen_dest(u, want);
    }
    uint32_t mark = u->top;
    Reg value = kr_gen_expr(u, e->Await.value, ANYWHERE);
    u->top = mark;
    return kr_gen_await(u, value, 0, want);
}

/* ---- All expressions ---- */

Reg kr_gen_expr(Unit *u, Expr *e, Reg want)
{
    if (!kr_unit_enter(u)) {
        unit_leave(u);
        return kr_gen_dest(u, want);
    }
    Position outer = u->at;
    gen_at(u, e);
    Reg r;
    switch (e->kind) {
    case EXPR_Constant: r = kr_gen_constant(u, kr_gen_constant_value(u, e), want); break;
    case EXPR_Name: r = kr_gen_load_name(u, e->Name.id, want); break;
    case EXPR_Attribute: r = attribute(u, e, want); break;
    case EXPR_Subscript: r = subscript(u, e, want); break;
    case EXPR_Call: r = kr_gen_call(u, e, want); break;
    case EXPR_BinOp: r = binary(u, e, want); break;
    case EXPR_UnaryOp: r = unary(u, e, want); break;
    case EXPR_Compare: r = compare(u, e, want); break;
    case EXPR_BoolOp: r = bool_op(u, e, want); break;
    case EXPR_IfExp: r = conditional(u, e, want); break;
    case EXPR_NamedExpr: r = walrus(u, e, want); break;
    case EXPR_Lambda: r = kr_gen_lambda(u, e, want); break;
    case EXPR_Tuple: r = kr_gen_tuple(u, e->Tuple.elts, want); break;
    case EXPR_List: r = kr_gen_list(u, e->List.elts, want); break;
    case EXPR_Set: r = kr_gen_set(u, e->Set.elts, want); break;
    case EXPR_Dict: r = kr_gen_dict(u, e, want); break;
    case EXPR_ListComp:
    case EXPR_SetComp:
    case EXPR_DictComp:
    case EXPR_GeneratorExp: r = kr_gen_comprehension(u, e, want); break;
    case EXPR_Yield: r = yield(u, e, want); break;
    case EXPR_YieldFrom: r = yield_from(u, e, want); break;
    case EXPR_Await: r = await(u, e, want); break;
    case EXPR_JoinedStr: r = kr_gen_joined_str(u, e, want); break;
    case EXPR_FormattedValue: r = kr_gen_formatted(u, e, want); break;
    case EXPR_TemplateStr: r = kr_gen_template(u, e, want); break;
    case EXPR_Interpolation: r = kr_gen_interpolation(u, e, want); break;
    case EXPR_Slice: r = kr_gen_slice(u, e, want); break;
    case EXPR_Starred:
        kr_unit_error(u, e,
                      e->Starred.ctx == CTX_Store
                          ? "starred assignment target must be in a list or tuple"
                          : "can't use starred expression here");
        r = kr_gen_dest(u, want);
        break;
    default: r = kr_gen_dest(u, want); break;
    }
    u->at = outer;
    unit_leave(u);
    return r;
}

/* ---- Conditions ---- */

static bool is_none_literal(const Expr *e)
{
    return e->kind == EXPR_Constant && e->Constant.value.kind == CONSTANT_NONE;
}

static void jump_if_compare(Unit *u, Expr *e, uint32_t label, bool condition)
{
    size_t n = e->Compare.ops->count;
    Expr **right = e->Compare.comparators->items;
    uint32_t mark = u->top;
    Position outer = u->at;
    CmpOperator op = e->Compare.ops->items[0];
    gen_at(u, e);
    warn_comparison(u, e);
    if (n == 1 && (op == CMP_Is || op == CMP_IsNot) && is_none_literal(right[0])) {
        Reg left = kr_gen_expr(u, e->Compare.left, ANYWHERE);
        u->top = mark;
        u->at = outer;
        kr_unit_emit_jump(u, (op == CMP_Is) == condition ? OP_JUMP_IF_NONE : OP_JUMP_IF_NOT_NONE,
                          left, label);
        return;
    }
    uint32_t end = kr_unit_label(u);
    Reg slots[2] = {kr_unit_push(u), kr_unit_push(u)}, test = n > 1 ? kr_unit_push(u) : slots[0];
    Reg left = kr_gen_near_operand(u, e->Compare.left, n > 1 ? e : right[0], slots[0]);
    for (size_t i = 0; i < n; i++) {
        left = compare_once(u, e->Compare.ops->items[i], left, right[i], i + 1 < n ? e : NULL, test,
                            slots[!(i & 1)]);
        if (i + 1 == n) u->at = outer;
        if (i + 1 < n)
            kr_unit_emit_jump(u, OP_JUMP_IF_FALSE, test, condition ? end : label);
        else
            kr_unit_emit_jump(u, condition ? OP_JUMP_IF_TRUE : OP_JUMP_IF_FALSE, test, label);
    }
    kr_unit_place(u, end);
    u->top = mark;
}

void kr_gen_jump_if(Unit *u, Expr *e, uint32_t label, bool condition)
{
    if (!kr_unit_enter(u)) {
        unit_leave(u);
        return;
    }
    uint32_t mark = u->top;
    switch (e->kind) {
    case EXPR_UnaryOp:
        if (e->UnaryOp.op != UNARY_Not) goto general;
        kr_gen_jump_if(u, e->UnaryOp.operand, label, !condition);
        break;
    case EXPR_BoolOp: {
        bool stops_at = e->BoolOp.op == BOOL_Or;
        ExprSeq *values = e->BoolOp.values;
        uint32_t target = stops_at == condition ? label : kr_unit_label(u);
        for (size_t i = 0; i + 1 < values->count; i++)
            kr_gen_jump_if(u, values->items[i], target, stops_at);
        kr_gen_jump_if(u, values->items[values->count - 1], label, condition);
        if (target != label) kr_unit_place(u, target);
        break;
    }
    case EXPR_IfExp: {
        uint32_t orelse = kr_unit_label(u), end = kr_unit_label(u);
        kr_gen_jump_if(u, e->IfExp.test, orelse, false);
        kr_gen_jump_if(u, e->IfExp.body, label, condition);
        kr_unit_skip(u, end);
        kr_unit_place(u, orelse);
        kr_gen_jump_if(u, e->IfExp.orelse, label, condition);
        kr_unit_place(u, end);
        break;
    }
    case EXPR_Compare: jump_if_compare(u, e, label, condition); break;
    case EXPR_Constant: {
        int truth = kr_gen_truth(u, e);
        kr_unit_emit(u, OP_NOP, 0, 0, 0); /* keeps the line */
        if (truth == condition) kr_unit_emit_jump(u, OP_JUMP, 0, label);
        break;
    }
    default:
general : {
    Reg r = kr_gen_expr(u, e, ANYWHERE);
    kr_unit_emit_jump(u, condition ? OP_JUMP_IF_TRUE : OP_JUMP_IF_FALSE, r, label);
    break;
}
    }
    u->top = mark;
    unit_leave(u);
}

/* ---- Targets ---- */

Reg kr_gen_target_register(Unit *u, Expr *target)
{
    if (target->kind != EXPR_Name) return NO_REGISTER;
    if (kr_gen_forbidden(u, target, target->Name.id, CTX_Store)) return NO_REGISTER;
    return kr_gen_local_register(u, target->Name.id);
}

/* The first of consecutive registers that are the targets' own, in order; or NO_REGISTER. */
static Reg consecutive_targets(Unit *u, ExprSeq *targets)
{
    Reg first = NO_REGISTER;
    for (size_t i = 0; i < targets->count; i++) {
        Expr *target = targets->items[i];
        Reg r = target->kind == EXPR_Name ? kr_gen_target_register(u, target) : NO_REGISTER;
        if (r == NO_REGISTER || (i > 0 && r != first + i)) return NO_REGISTER;
        if (i == 0) first = r;
    }
    return first;
}

void kr_gen_unpack(Unit *u, ExprSeq *targets, Reg value, const void *node)
{
    uint32_t mark = u->top, count = (uint32_t)targets->count;
    size_t star = targets->count;
    for (size_t i = 0; i < targets->count; i++) {
        if (targets->items[i]->kind != EXPR_Starred) continue;
        if (star != targets->count) {
            kr_unit_error(u, node, "multiple starred expressions in assignment");
            return;
        }
        star = i;
    }
    if (star < count && (star >= 256 || count - star - 1 >= 1 << 16)) {
        kr_unit_error(u, node, "too many expressions in star-unpacking assignment");
        return;
    }
    gen_at(u, node);
    Reg base = star == count ? consecutive_targets(u, targets) : NO_REGISTER;
    if (base != NO_REGISTER && count > 0) {
        kr_unit_emit(u, OP_UNPACK, base, value, (uint16_t)count);
        for (uint32_t i = 0; i < count; i++) kr_unit_assign(u, (Reg)(base + i));
        return;
    }
    base = kr_unit_push_n(u, count);
    if (star == count) {
        kr_unit_emit(u, OP_UNPACK, base, value, (uint16_t)count);
    } else {
        kr_unit_emit(u, OP_UNPACK_STAR, base, value, (uint16_t)star);
        kr_unit_emit_extra(u, (uint16_t)(count - star - 1), 0);
    }
    for (uint32_t i = 0; i < count; i++) {
        Expr *target = targets->items[i];
        kr_gen_store(u, target->kind == EXPR_Starred ? target->Starred.value : target,
                     (Reg)(base + i));
    }
    u->top = mark;
}

void kr_gen_store(Unit *u, Expr *target, Reg value)
{
    uint32_t mark = u->top;
    Position outer = u->at;
    if (!kr_unit_enter(u)) {
        unit_leave(u);
        return;
    }
    switch (target->kind) {
    case EXPR_Name:
        gen_at(u, target);
        if (!kr_gen_forbidden(u, target, target->Name.id, CTX_Store))
            kr_gen_store_name(u, target->Name.id, value);
        break;
    case EXPR_Attribute: {
        Reg object = kr_gen_expr(u, target->Attribute.value, ANYWHERE);
        gen_at(u, target);
        if (kr_gen_forbidden(u, target, target->Attribute.attr, CTX_Store)) break;
        kr_gen_at_attribute(u, target);
        kr_unit_emit_name(u, OP_STORE_ATTR, object, value,
                          kr_gen_mangle(u, target->Attribute.attr));
        break;
    }
    case EXPR_Subscript: {
        Reg object = kr_gen_operand(u, target->Subscript.value, target->Subscript.slice);
        Reg index = kr_gen_expr(u, target->Subscript.slice, ANYWHERE);
        gen_at(u, target);
        kr_unit_emit(u, OP_SET_ITEM, object, index, value);
        break;
    }
    case EXPR_List: kr_gen_unpack(u, target->List.elts, value, target); break;
    case EXPR_Tuple: kr_gen_unpack(u, target->Tuple.elts, value, target); break;
    case EXPR_Starred:
        kr_unit_error(u, target, "starred assignment target must be in a list or tuple");
        break;
    default: break;
    }
    u->top = mark;
    u->at = outer;
    unit_leave(u);
}
