/* fold.c: constant folding, with CPython's limits, so that `1 << 10**9` costs nothing until it
 * runs.
 *
 * Folded: unary and binary operators on constants, constant tuples, constant subscripts, `not a
 * in b`, list and set displays after `in` and `for`, and '...' % (a, b) with plain %s %r %a,
 * which becomes an f-string. An operation that raises is left for run time. */
#include "runtime/compile/fold.h"

#include <stdio.h>
#include <string.h>

#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"

enum { MAX_INT_BITS = 128, MAX_COLLECTION = 256, MAX_TEXT = 4096, MAX_TOTAL_ITEMS = 1024 };

static bool is_constant(const Expr *e) { return e->kind == EXPR_Constant; }

static Value value_of(Fold *f, const Expr *e)
{
    return kr_constants_literal(f->constants, &e->Constant.value);
}

static void become(Fold *f, Expr *e, Value v)
{
    kr_constants_keep(f->constants, v);
    e->kind = EXPR_Constant;
    e->Constant.kind = NULL;
    e->Constant.value = (Constant){.kind = CONSTANT_OBJECT, .object = v.bits};
}

/* Ends a folding attempt: a result replaces the node; an exception is dropped, but for want of
 * memory. */
static bool finish(Fold *f, Expr *e, Value v)
{
    if (!is_empty(v)) {
        become(f, e, v);
        return true;
    }
    if (kr_raised()) {
        if (kr_raised_is(kr_MemoryError)) return false;
        kr_clear_exception();
    }
    return true;
}

/* How many items nested tuples hold, at most `limit`; -1 when there are more. */
static int64_t count_items(Value v, int64_t limit)
{
    if (!is_tuple(v)) return 0;
    int64_t total = (int64_t)tuple_of(v)->size;
    for (size_t i = 0; i < tuple_of(v)->size && total <= limit; i++) {
        int64_t inner = count_items(tuple_of(v)->items[i], limit - total);
        if (inner < 0) return -1;
        total += inner;
    }
    return total <= limit ? total : -1;
}

static bool repeat_is_small(Value count, Value v)
{
    int64_t n;
    if (kr_to_int64(count, &n) < 0) {
        kr_clear_exception();
        return false;
    }
    if (n < 0) n = 0;
    if (is_tuple(v)) {
        int64_t size = (int64_t)tuple_of(v)->size;
        if (size == 0) return true;
        return n <= MAX_COLLECTION / size && (n == 0 || count_items(v, MAX_TOTAL_ITEMS / n) >= 0);
    }
    int64_t size = is_str(v)     ? (int64_t)str_of(v)->length
                   : is_bytes(v) ? (int64_t)kr_bytes_size(v)
                                 : -1;
    return size >= 0 && (size == 0 || n <= MAX_TEXT / size);
}

/* Is the result small enough to be made now? */
static bool worth_folding(Operator op, Value a, Value b)
{
    bool ints = kr_is_int(a) && kr_is_int(b);
    int64_t n;
    switch (op) {
    case OP_MatMult: return false;
    case OP_Mod: return !is_str(a) && !is_bytes(a);
    case OP_Mult:
        if (ints) return kr_int_bit_length(a) + kr_int_bit_length(b) <= MAX_INT_BITS;
        if (kr_is_int(a) && (is_tuple(b) || is_str(b) || is_bytes(b))) return repeat_is_small(a, b);
        if (kr_is_int(b) && (is_tuple(a) || is_str(a) || is_bytes(a))) return repeat_is_small(b, a);
        return true;
    case OP_Pow:
        if (!ints || kr_int_sign(b) <= 0) return true;
        return kr_to_int64(b, &n) == 0
                   ? n <= MAX_INT_BITS && kr_int_bit_length(a) * (size_t)n <= MAX_INT_BITS
                   : (kr_clear_exception(), false);
    case OP_LShift:
        if (!ints || kr_int_sign(a) == 0 || kr_int_sign(b) == 0) return true;
        return kr_to_int64(b, &n) == 0
                   ? n >= 0 && n <= MAX_INT_BITS && kr_int_bit_length(a) + (size_t)n <= MAX_INT_BITS
                   : (kr_clear_exception(), false);
    default: return true;
    }
}

static const uint8_t binary_of[] = {
    [OP_Add] = KR_ADD,           [OP_Sub] = KR_SUB,  [OP_Mult] = KR_MUL,   [OP_MatMult] = KR_MATMUL,
    [OP_Div] = KR_TRUEDIV,       [OP_Mod] = KR_MOD,  [OP_Pow] = KR_POW,    [OP_LShift] = KR_LSHIFT,
    [OP_RShift] = KR_RSHIFT,     [OP_BitOr] = KR_OR, [OP_BitXor] = KR_XOR, [OP_BitAnd] = KR_AND,
    [OP_FloorDiv] = KR_FLOORDIV,
};

/* ---- '...' % (...) ---- */

static Expr *text_node(Fold *f, const Expr *at, const char *text, size_t n)
{
    Expr *e = kr_ast_new(f->arena, EXPR_Constant);
    e->lineno = at->lineno, e->col_offset = at->col_offset;
    e->end_lineno = at->end_lineno, e->end_col_offset = at->end_col_offset;
    size_t points = 0;
    bool ascii = true;
    for (size_t i = 0; i < n; i++) {
        points += ((uint8_t)text[i] & 0xc0) != 0x80;
        ascii &= (uint8_t)text[i] < 0x80;
    }
    e->Constant.value = (Constant){.kind = CONSTANT_STR,
                                   .ascii = ascii,
                                   .points = (uint32_t)points,
                                   .bytes = kr_arena_strdup(f->arena, text, n),
                                   .length = n};
    return e;
}

/* One conversion specifier after its '%': a FormattedValue of `item`, or NULL when it is not a
 * plain one. */
static Expr *conversion(Fold *f, const char **text, const char *end, Expr *item)
{
    const char *p = *text;
    bool left = false;
    int width = -1, precision = -1;
    for (; p < end && *p == '-'; p++) left = true;
    if (p < end && *p >= '1' && *p <= '9')
        for (width = 0; p < end && *p >= '0' && *p <= '9'; p++)
            if ((width = width * 10 + *p - '0') > 999) return NULL;
    if (p < end && *p == '.') {
        p++;
        for (precision = 0; p < end && *p >= '0' && *p <= '9'; p++)
            if ((precision = precision * 10 + *p - '0') > 999) return NULL;
    }
    if (p == end || (*p != 's' && *p != 'r' && *p != 'a')) return NULL;
    Expr *e = kr_ast_new(f->arena, EXPR_FormattedValue);
    e->lineno = item->lineno, e->col_offset = item->col_offset;
    e->end_lineno = item->end_lineno, e->end_col_offset = item->end_col_offset;
    e->FormattedValue.value = item;
    e->FormattedValue.conversion = *p;
    *text = p + 1;
    char spec[32];
    int n = 0;
    if (!left && width > 0) spec[n++] = '>';
    if (width >= 0) n += snprintf(spec + n, sizeof spec - (size_t)n, "%d", width);
    if (precision >= 0) n += snprintf(spec + n, sizeof spec - (size_t)n, ".%d", precision);
    if (n) e->FormattedValue.format_spec = text_node(f, item, spec, (size_t)n);
    return e;
}

static void fold_format(Fold *f, Expr *e)
{
    const Constant *format = &e->BinOp.left->Constant.value;
    ExprSeq *items = e->BinOp.right->Tuple.elts;
    if (format->kind != CONSTANT_STR) return;
    for (size_t i = 0; i < items->count; i++)
        if (items->items[i]->kind == EXPR_Starred) return;
    Expr **parts = kr_arena_alloc(f->arena, (2 * items->count + 1) * sizeof *parts);
    char *literal = kr_arena_alloc(f->arena, format->length + 1);
    size_t count = 0, used = 0, n = 0;
    const char *p = format->bytes, *end = p + format->length;
    while (p < end) {
        if (*p != '%') {
            literal[n++] = *p++;
        } else if (p + 1 < end && p[1] == '%') {
            literal[n++] = '%';
            p += 2;
        } else {
            p++;
            if (used == items->count) return;
            Expr *value = conversion(f, &p, end, items->items[used++]);
            if (!value) return;
            if (n) parts[count++] = text_node(f, e->BinOp.left, literal, n);
            n = 0;
            parts[count++] = value;
        }
    }
    if (used != items->count || used == 0) return;
    if (n) parts[count++] = text_node(f, e->BinOp.left, literal, n);
    e->kind = EXPR_JoinedStr;
    e->JoinedStr.values = kr_ast_sequence(f->arena, count, (void *const *)parts);
}

/* ---- Nodes ---- */

static bool fold_binary(Fold *f, Expr *e)
{
    Expr *left = e->BinOp.left, *right = e->BinOp.right;
    if (!is_constant(left)) return true;
    if (!is_constant(right)) {
        if (e->BinOp.op == OP_Mod && right->kind == EXPR_Tuple) fold_format(f, e);
        return true;
    }
    Value a = value_of(f, left), b = is_empty(a) ? EMPTY : value_of(f, right);
    if (is_empty(b)) return kr_raised_is(kr_MemoryError) ? false : (kr_clear_exception(), true);
    if (!worth_folding(e->BinOp.op, a, b)) return true;
    return finish(f, e, kr_binary(binary_of[e->BinOp.op], a, b));
}

static bool fold_unary(Fold *f, Expr *e)
{
    Expr *operand = e->UnaryOp.operand;
    if (e->UnaryOp.op == UNARY_Not && operand->kind == EXPR_Compare &&
        operand->Compare.ops->count == 1) {
        static const int8_t opposite[] = {
            [CMP_Eq] = -1,        [CMP_NotEq] = -1,     [CMP_Lt] = -1,        [CMP_LtE] = -1,
            [CMP_Gt] = -1,        [CMP_GtE] = -1,       [CMP_Is] = CMP_IsNot, [CMP_IsNot] = CMP_Is,
            [CMP_In] = CMP_NotIn, [CMP_NotIn] = CMP_In,
        };
        int op = opposite[operand->Compare.ops->items[0]];
        if (op < 0) return true;
        *e = *operand;
        e->Compare.ops->items[0] = (CmpOperator)op;
        return true;
    }
    if (!is_constant(operand)) return true;
    Value v = value_of(f, operand);
    if (is_empty(v)) return kr_raised_is(kr_MemoryError) ? false : (kr_clear_exception(), true);
    int truth;
    switch (e->UnaryOp.op) {
    case UNARY_USub: return finish(f, e, kr_negative(v));
    case UNARY_UAdd: return finish(f, e, kr_positive(v));
    case UNARY_Invert: return finish(f, e, kr_invert(v));
    default: truth = kr_truth(v); return finish(f, e, truth < 0 ? EMPTY : from_bool(!truth));
    }
}

/* The constants of a display as a tuple, or EMPTY. */
static Value constant_items(Fold *f, const ExprSeq *items)
{
    for (size_t i = 0; i < items->count; i++)
        if (!is_constant(items->items[i])) return EMPTY;
    Tuple *tuple = kr_tuple_alloc(items->count);
    if (!tuple) return EMPTY;
    for (size_t i = 0; i < items->count; i++) {
        tuple->items[i] = NONE;
        Value item = value_of(f, items->items[i]);
        if (is_empty(item)) return EMPTY;
        tuple->items[i] = item;
    }
    return from_object(tuple);
}

void kr_fold_iterable(Fold *f, Expr *e)
{
    if (e->kind == EXPR_List) {
        ExprSeq *items = e->List.elts;
        Value tuple = constant_items(f, items);
        if (!is_empty(tuple)) {
            become(f, e, tuple);
            return;
        }
        if (kr_raised()) kr_clear_exception();
        for (size_t i = 0; i < items->count; i++)
            if (items->items[i]->kind == EXPR_Starred) return;
        e->kind = EXPR_Tuple;
        e->Tuple.elts = items;
        e->Tuple.ctx = CTX_Load;
    } else if (e->kind == EXPR_Set) {
        Value tuple = constant_items(f, e->Set.elts);
        if (!is_empty(tuple)) tuple = kr_frozenset(tuple);
        if (!is_empty(tuple))
            become(f, e, tuple);
        else if (kr_raised())
            kr_clear_exception();
    }
}

bool kr_fold_name(Fold *f, Expr *e)
{
    if (e->Name.id != f->name_debug || e->Name.ctx != CTX_Load) return false;
    become(f, e, from_bool(f->debug));
    return true;
}

bool kr_fold_expr(Fold *f, Expr *e)
{
    Value v;
    switch (e->kind) {
    case EXPR_BinOp: return fold_binary(f, e);
    case EXPR_UnaryOp: return fold_unary(f, e);
    case EXPR_Tuple:
        if (e->Tuple.ctx != CTX_Load) return true;
        v = constant_items(f, e->Tuple.elts);
        return finish(f, e, v);
    case EXPR_Subscript:
        if (e->Subscript.ctx != CTX_Load || !is_constant(e->Subscript.value) ||
            !is_constant(e->Subscript.slice))
            return true;
        v = value_of(f, e->Subscript.value);
        Value index = is_empty(v) ? EMPTY : value_of(f, e->Subscript.slice);
        return finish(f, e, is_empty(index) ? EMPTY : kr_getitem(v, index));
    case EXPR_Compare: {
        size_t last = e->Compare.ops->count - 1;
        if (e->Compare.ops->items[last] == CMP_In || e->Compare.ops->items[last] == CMP_NotIn)
            kr_fold_iterable(f, e->Compare.comparators->items[last]);
        return true;
    }
    default: return true;
    }
}
