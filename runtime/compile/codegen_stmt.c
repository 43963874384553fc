/* codegen_stmt.c: statements, but for definitions, try, with and match. */
#include "runtime/compile/compiler.h"

#include <string.h>

#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"

void kr_gen_body(Unit *u, StmtSeq *body)
{
    for (size_t i = 0; i < body->count && !u->c->failed; i++) kr_gen_stmt(u, body->items[i]);
}

/* Generates statements that never run: for their errors and warnings only. */
static void dead_body(Unit *u, StmtSeq *body)
{
    bool dead = u->dead;
    u->dead = true;
    kr_gen_body(u, body);
    u->dead = dead;
}

/* ---- Assignment ---- */

static bool is_display(const Expr *e) { return e->kind == EXPR_Tuple || e->kind == EXPR_List; }

static ExprSeq *items_of(Expr *e) { return e->kind == EXPR_Tuple ? e->Tuple.elts : e->List.elts; }

/* Moves sources[i] to targets[i], all at once: no source is overwritten before it is read. */
static void parallel_move(Unit *u, Reg *targets, Reg *sources, size_t n)
{
    uint32_t mark = u->top;
    bool done[16] = {false};
    for (size_t left = n; left > 0;) {
        bool moved = false;
        for (size_t i = 0; i < n; i++) {
            if (done[i]) continue;
            bool read_later = false;
            for (size_t j = 0; j < n; j++)
                read_later |= j != i && !done[j] && sources[j] == targets[i];
            if (read_later) continue;
            kr_gen_move(u, targets[i], sources[i]);
            done[i] = moved = true;
            left--;
        }
        if (moved || left == 0) continue;
        for (size_t i = 0; i < n; i++) { /* a cycle: set one source aside */
            if (done[i]) continue;
            Reg copy = kr_unit_push(u), from = sources[i];
            kr_gen_move(u, copy, from);
            for (size_t j = 0; j < n; j++)
                if (!done[j] && sources[j] == from) sources[j] = copy;
            break;
        }
    }
    u->top = mark;
}

/* `a, b = x, y` without a tuple, when all targets are distinct local variables. */
static bool assign_pairwise(Unit *u, Expr *target, Expr *value)
{
    if (!is_display(target)) return false;
    ExprSeq *to = items_of(target);
    Reg targets[16], sources[16];
    size_t n = to->count;
    if (n == 0 || n > 16) return false;
    Value constants = kr_gen_constant_value(u, value);
    ExprSeq *from = NULL;
    if (is_empty(constants)) {
        if (!is_display(value)) return false;
        from = items_of(value);
        if (from->count != n) return false;
    } else if (!is_tuple(constants) || tuple_of(constants)->size != n) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if (to->items[i]->kind != EXPR_Name || (from && from->items[i]->kind == EXPR_Starred))
            return false;
        targets[i] = kr_gen_target_register(u, to->items[i]);
        if (targets[i] == NO_REGISTER) return false;
        for (size_t j = 0; j < i; j++)
            if (targets[j] == targets[i]) return false;
    }
    uint32_t mark = u->top;
    if (!from) {
        for (size_t i = 0; i < n; i++)
            kr_gen_constant(u, tuple_of(constants)->items[i], targets[i]);
        return true;
    }
    for (size_t i = 0; i < n; i++)
        sources[i] = kr_gen_operand(u, from->items[i], i + 1 < n ? value : NULL);
    parallel_move(u, targets, sources, n);
    u->top = mark;
    return true;
}

static void assign(Unit *u, Stmt *s)
{
    ExprSeq *targets = s->Assign.targets;
    Expr *value = s->Assign.value;
    uint32_t mark = u->top;
    if (targets->count == 1) {
        Expr *target = targets->items[0];
        Reg variable = kr_gen_target_register(u, target);
        if (variable != NO_REGISTER) {
            kr_gen_expr(u, value, variable);
            return;
        }
        if (assign_pairwise(u, target, value)) return;
        kr_gen_store(u, target, kr_gen_operand(u, value, target));
        u->top = mark;
        return;
    }
    Reg r = kr_gen_expr(u, value, ANYWHERE);
    bool simple = true;
    for (size_t i = 0; i < targets->count; i++) simple &= targets->items[i]->kind == EXPR_Name;
    if (!simple && !is_temporary(u, r)) { /* an earlier target might rebind it */
        Reg copy = kr_unit_push(u);
        kr_gen_move(u, copy, r);
        r = copy;
    }
    for (size_t i = 0; i < targets->count; i++) kr_gen_store(u, targets->items[i], r);
    u->top = mark;
}

/* dest = left op= right of an augmented assignment. */
static void augment(Unit *u, Stmt *s, Reg dest, Reg left)
{
    uint16_t op = kr_gen_binary_op(s->AugAssign.op, true), immediate = kr_gen_immediate_op(op);
    int32_t small;
    if (immediate && kr_gen_small_int(u, s->AugAssign.value, &small)) {
        kr_unit_emit(u, immediate, dest, left, (uint16_t)small);
    } else {
        Reg right = kr_gen_expr(u, s->AugAssign.value, ANYWHERE);
        kr_unit_emit(u, op, dest, left, right);
    }
    kr_unit_assign(u, dest);
}

static void augmented_assign(Unit *u, Stmt *s)
{
    Expr *target = s->AugAssign.target;
    uint32_t mark = u->top;
    Position whole = u->at;
    switch (target->kind) {
    case EXPR_Name: {
        if (kr_gen_forbidden(u, target, target->Name.id, CTX_Store)) return;
        Reg variable = kr_gen_local_register(u, target->Name.id);
        gen_at(u, target);
        Reg value = kr_gen_load_name(u, target->Name.id, ANYWHERE);
        u->at = whole;
        if (kr_gen_is_walrus_variable(u, value)) {
            Reg copy = kr_unit_push(u);
            kr_gen_move(u, copy, value);
            value = copy;
        }
        Reg dest = variable != NO_REGISTER ? variable : kr_unit_push(u);
        augment(u, s, dest, value);
        gen_at(u, target);
        if (variable == NO_REGISTER) kr_gen_store_name(u, target->Name.id, dest);
        break;
    }
    case EXPR_Attribute: {
        if (kr_gen_forbidden(u, target, target->Attribute.attr, CTX_Store)) return;
        Reg object = kr_gen_operand(u, target->Attribute.value, s->AugAssign.value),
            value = kr_unit_push(u);
        Identifier *name = kr_gen_mangle(u, target->Attribute.attr);
        gen_at(u, target);
        kr_gen_at_attribute(u, target);
        kr_unit_emit_name(u, OP_LOAD_ATTR, value, object, name);
        u->at = whole;
        augment(u, s, value, value);
        gen_at(u, target);
        kr_gen_at_attribute(u, target);
        kr_unit_emit_name(u, OP_STORE_ATTR, object, value, name);
        break;
    }
    case EXPR_Subscript: {
        Reg object = kr_gen_operand(u, target->Subscript.value, target->Subscript.slice);
        Reg index = kr_gen_operand(u, target->Subscript.slice, s->AugAssign.value);
        Reg value = kr_unit_push(u);
        gen_at(u, target);
        kr_unit_emit(u, OP_GET_ITEM, value, object, index);
        u->at = whole;
        augment(u, s, value, value);
        gen_at(u, target);
        kr_unit_emit(u, OP_SET_ITEM, object, index, value);
        break;
    }
    default: kr_unit_error(u, s, "invalid node type for augmented assignment"); break;
    }
    u->top = mark;
    u->at = whole;
}

/* Evaluates and drops. */
static void evaluate(Unit *u, Expr *e)
{
    uint32_t mark = u->top;
    kr_gen_expr(u, e, ANYWHERE);
    u->top = mark;
}

static void evaluate_subscript(Unit *u, Expr *index)
{
    if (index->kind == EXPR_Slice) {
        if (index->Slice.lower) evaluate(u, index->Slice.lower);
        if (index->Slice.upper) evaluate(u, index->Slice.upper);
        if (index->Slice.step) evaluate(u, index->Slice.step);
    } else if (index->kind == EXPR_Tuple) {
        for (size_t i = 0; i < index->Tuple.elts->count; i++)
            evaluate_subscript(u, index->Tuple.elts->items[i]);
    } else {
        evaluate(u, index);
    }
}

static void annotated_assign(Unit *u, Stmt *s)
{
    Expr *target = s->AnnAssign.target, *value = s->AnnAssign.value;
    uint32_t mark = u->top;
    if (value) {
        Reg variable = kr_gen_target_register(u, target);
        Reg r = kr_gen_expr(u, value, variable);
        if (variable == NO_REGISTER) kr_gen_store(u, target, r);
        u->top = mark;
    }
    bool namespace = u->kind == UNIT_MODULE || u->kind == UNIT_CLASS;
    switch (target->kind) {
    case EXPR_Name:
        if (kr_gen_forbidden(u, target, target->Name.id, CTX_Store)) return;
        if (s->AnnAssign.simple && namespace) {
            Reg annotation = kr_unit_push(u), names = kr_unit_push(u), key = kr_unit_push(u);
            kr_gen_annotation(u, s->AnnAssign.annotation, annotation);
            kr_unit_emit_name(u, OP_LOAD_NAME, names, 0, u->c->name_annotations);
            kr_gen_constant(u, kr_unit_str(u->c, kr_gen_mangle(u, target->Name.id)), key);
            kr_unit_emit(u, OP_SET_ITEM, names, key, annotation);
        }
        break;
    case EXPR_Attribute:
        if (kr_gen_forbidden(u, target, target->Attribute.attr, CTX_Store)) return;
        if (!value) evaluate(u, target->Attribute.value);
        break;
    case EXPR_Subscript:
        if (!value) {
            evaluate(u, target->Subscript.value);
            evaluate_subscript(u, target->Subscript.slice);
        }
        break;
    default: kr_unit_error(u, s, "invalid node type for annotated assignment"); return;
    }
    if (!s->AnnAssign.simple && namespace && !u->c->future_annotations)
        evaluate(u, s->AnnAssign.annotation);
    u->top = mark;
}

static void delete_target(Unit *u, Expr *target)
{
    uint32_t mark = u->top;
    Position outer = u->at;
    switch (target->kind) {
    case EXPR_Name:
        gen_at(u, target);
        if (!kr_gen_forbidden(u, target, target->Name.id, CTX_Del))
            kr_gen_delete_name(u, target->Name.id);
        break;
    case EXPR_Attribute: {
        Reg object = kr_gen_expr(u, target->Attribute.value, ANYWHERE);
        gen_at(u, target);
        kr_gen_at_attribute(u, target);
        kr_unit_emit_name(u, OP_DELETE_ATTR, object, 0, kr_gen_mangle(u, target->Attribute.attr));
        break;
    }
    case EXPR_Subscript: {
        Reg object = kr_gen_operand(u, target->Subscript.value, target->Subscript.slice);
        Reg index = kr_gen_expr(u, target->Subscript.slice, ANYWHERE);
        gen_at(u, target);
        kr_unit_emit(u, OP_DELETE_ITEM, object, index, 0);
        break;
    }
    case EXPR_Tuple:
    case EXPR_List:
        for (size_t i = 0; i < items_of(target)->count; i++)
            delete_target(u, items_of(target)->items[i]);
        break;
    default: break;
    }
    u->top = mark;
    u->at = outer;
}

/* ---- Conditions and loops ---- */

static void if_statement(Unit *u, Stmt *s)
{
    uint32_t end = kr_unit_label(u);
    for (;;) { /* an elif chain */
        int truth = kr_gen_truth(u, s->If.test);
        bool more = s->If.orelse->count > 0;
        uint32_t next = more ? kr_unit_label(u) : end;
        gen_at(u, s);
        kr_gen_jump_if(u, s->If.test, next, false);
        if (truth == 0)
            dead_body(u, s->If.body);
        else
            kr_gen_body(u, s->If.body);
        if (!more) break;
        kr_unit_skip(u, end);
        kr_unit_place(u, next);
        if (truth == 1) {
            dead_body(u, s->If.orelse);
            break;
        }
        if (s->If.orelse->count != 1 || s->If.orelse->items[0]->kind != STMT_If) {
            kr_gen_body(u, s->If.orelse);
            break;
        }
        s = s->If.orelse->items[0];
    }
    kr_unit_place(u, end);
}

static void while_statement(Unit *u, Stmt *s)
{
    uint32_t head = kr_unit_label(u), end = kr_unit_label(u), after = kr_unit_label(u);
    Block block;
    int truth = kr_gen_truth(u, s->While.test);
    kr_unit_push_block(u, &block, BLOCK_LOOP, s);
    block.continue_label = head;
    block.break_label = after;
    kr_unit_place_head(u, head);
    kr_gen_jump_if(u, s->While.test, end, false);
    if (truth == 0)
        dead_body(u, s->While.body);
    else
        kr_gen_body(u, s->While.body);
    u->at = NO_POSITION;
    kr_unit_emit_jump(u, OP_JUMP_BACK, 0, head);
    gen_at(u, s);
    kr_unit_pop_block(u, &block);
    kr_unit_place(u, end);
    kr_gen_body(u, s->While.orelse);
    kr_unit_place(u, after);
}

static void for_statement(Unit *u, Stmt *s)
{
    uint32_t mark = u->top, head = kr_unit_label(u), end = kr_unit_label(u),
             after = kr_unit_label(u);
    Reg iterator = kr_unit_push(u);
    Reg r = kr_gen_near(u, s->For.iter, iterator);
    kr_unit_emit(u, OP_GET_ITER, iterator, r, 0);
    Block block;
    kr_unit_push_block(u, &block, BLOCK_LOOP, s);
    block.continue_label = head;
    block.break_label = after;
    kr_unit_place_head(u, head);
    Reg variable = kr_gen_target_register(u, s->For.target);
    Reg item = variable != NO_REGISTER ? variable : kr_unit_push(u);
    kr_unit_emit(u, OP_FOR_ITER, item, iterator, 0);
    kr_unit_emit_extra(u, variable == NO_REGISTER, 0);
    kr_unit_note_jump(u, end);
    if (variable != NO_REGISTER)
        kr_unit_assign(u, variable);
    else
        kr_gen_store(u, s->For.target, item);
    u->top = (uint32_t)iterator + 1;
    kr_gen_body(u, s->For.body);
    u->at = NO_POSITION;
    kr_unit_emit_jump(u, OP_JUMP_BACK, 0, head);
    gen_at(u, s);
    kr_unit_pop_block(u, &block);
    u->top = mark;
    kr_unit_place(u, end);
    kr_gen_body(u, s->For.orelse);
    kr_unit_place(u, after);
}

uint16_t kr_gen_async_step(Unit *u, Reg iterator, Reg value, Reg exception, uint32_t handler)
{
    uint16_t outer = u->guard, guard = kr_unit_guard(u, handler, exception);
    uint32_t mark = u->top;
    Reg step = kr_unit_push(u);
    kr_unit_emit(u, OP_GET_ANEXT, step, iterator, 0);
    Reg sent = kr_gen_constant(u, NONE, ANYWHERE);
    kr_unit_emit(u, OP_YIELD_FROM, value, step, sent);
    kr_unit_assign(u, value);
    u->top = mark;
    u->guard = outer;
    return guard;
}

void kr_gen_async_end(Unit *u, uint16_t guard, uint32_t handler, Reg exception)
{
    uint32_t mark = u->top, end = kr_unit_label(u);
    kr_unit_place_handler(u, guard, handler);
    Reg ended = kr_unit_push(u);
    kr_unit_emit(u, OP_INTRINSIC, ended, exception, INTRINSIC_END_ASYNC_FOR);
    kr_unit_emit_jump(u, OP_JUMP_IF_TRUE, ended, end);
    kr_unit_emit(u, OP_RERAISE, exception, 0, 0);
    kr_unit_place(u, end);
    u->top = mark;
}

static void async_for_statement(Unit *u, Stmt *s)
{
    bool top_level = u->c->flags & COMPILE_TOP_LEVEL_AWAIT && u->kind == UNIT_MODULE;
    if (!top_level && !(u->kind == UNIT_FUNCTION && u->is_async)) {
        kr_unit_error(u, s, "'async for' outside async function");
        return;
    }
    uint32_t mark = u->top, head = kr_unit_label(u), after = kr_unit_label(u),
             handler = kr_unit_label(u);
    Reg iterator = kr_unit_push(u), exception = kr_unit_push(u), item = kr_unit_push(u);
    Reg r = kr_gen_near(u, s->AsyncFor.iter, iterator);
    kr_unit_emit(u, OP_GET_AITER, iterator, r, 0);
    Block block;
    kr_unit_push_block(u, &block, BLOCK_LOOP, s);
    block.continue_label = head;
    block.break_label = after;
    kr_unit_place_head(u, head);
    uint16_t guard = kr_gen_async_step(u, iterator, item, exception, handler);
    kr_gen_store(u, s->AsyncFor.target, item);
    kr_gen_body(u, s->AsyncFor.body);
    u->at = NO_POSITION;
    kr_unit_emit_jump(u, OP_JUMP_BACK, 0, head);
    gen_at(u, s);
    kr_unit_pop_block(u, &block);
    gen_at(u, s->AsyncFor.iter);
    kr_gen_async_end(u, guard, handler, exception);
    gen_at(u, s);
    u->top = mark;
    kr_gen_body(u, s->AsyncFor.orelse);
    kr_unit_place(u, after);
}

/* ---- Imports ---- */

/* dest = __import__(module, fromlist, level). */
static void import_name(Unit *u, Identifier *module, Value from_list, int level, Reg dest)
{
    uint32_t mark = u->top;
    Reg base = kr_gen_constant(u, from_small_int(level), ANYWHERE);
    kr_gen_constant(u, from_list, ANYWHERE);
    kr_unit_emit_name(u, OP_IMPORT_NAME, dest, base, module);
    kr_unit_assign(u, dest);
    u->top = mark;
}

static void import_statement(Unit *u, Stmt *s)
{
    AliasSeq *names = s->Import.names;
    for (size_t i = 0; i < names->count; i++) {
        Alias *alias = names->items[i];
        uint32_t mark = u->top;
        Identifier *module = alias->name;
        const char *dot = memchr(module->text, '.', module->length);
        Identifier *name = alias->asname;
        if (!name)
            name =
                dot ? kr_ast_intern(u->c->scopes.names, module->text, (size_t)(dot - module->text))
                    : module;
        if (kr_gen_forbidden(u, s, name, CTX_Store)) return;
        Reg variable = kr_gen_local_register(u, name);
        bool steps = alias->asname && dot;
        Reg dest = variable != NO_REGISTER && !steps ? variable : kr_unit_push(u);
        import_name(u, module, NONE, 0, dest);
        while (steps && dot) { /* import a.b.c as d: d is a.b.c */
            const char *part = dot + 1;
            dot = strchr(part, '.');
            size_t n = dot ? (size_t)(dot - part) : strlen(part);
            kr_unit_emit_name(u, OP_IMPORT_FROM, dest, dest,
                              kr_ast_intern(u->c->scopes.names, part, n));
        }
        if (dest != variable) kr_gen_store_name(u, name, dest);
        u->top = mark;
    }
}

static void import_from_statement(Unit *u, Stmt *s)
{
    uint32_t mark = u->top;
    AliasSeq *names = s->ImportFrom.names;
    Identifier *module = s->ImportFrom.module ? s->ImportFrom.module : kr_gen_intern(u->c, "");
    if (strcmp(module->text, "__future__") == 0 && s->ImportFrom.level == 0 &&
        s->lineno > u->c->future_line) {
        kr_unit_error(u, s, "from __future__ imports must occur at the beginning of the file");
        return;
    }
    Tuple *list = kr_tuple_alloc(names->count);
    if (!list) {
        kr_unit_raised(u->c);
        return;
    }
    for (size_t i = 0; i < names->count; i++) list->items[i] = NONE;
    for (size_t i = 0; i < names->count; i++)
        list->items[i] = kr_unit_str(u->c, names->items[i]->name);
    Reg dest = kr_unit_push(u);
    import_name(u, module, from_object(list), s->ImportFrom.level, dest);
    for (size_t i = 0; i < names->count; i++) {
        Alias *alias = names->items[i];
        if (i == 0 && strcmp(alias->name->text, "*") == 0) {
            kr_unit_emit(u, OP_IMPORT_STAR, dest, 0, 0);
            break;
        }
        Identifier *name = alias->asname ? alias->asname : alias->name;
        if (kr_gen_forbidden(u, s, name, CTX_Store)) return;
        Reg variable = kr_gen_local_register(u, name);
        Reg value = variable != NO_REGISTER ? variable : kr_unit_push(u);
        kr_unit_emit_name(u, OP_IMPORT_FROM, value, dest, alias->name);
        kr_unit_assign(u, value);
        if (value != variable) kr_gen_store_name(u, name, value);
        u->top = (uint32_t)dest + 1;
    }
    u->top = mark;
}

/* ---- The rest ---- */

static void assert_statement(Unit *u, Stmt *s)
{
    Expr *test = s->Assert.test;
    Value constant = kr_gen_constant_value(u, test);
    if ((test->kind == EXPR_Tuple && test->Tuple.elts->count > 0) ||
        (!is_empty(constant) && is_tuple(constant) && tuple_of(constant)->size > 0)) {
        if (kr_unit_warn(u, s, kr_SyntaxWarning,
                         "assertion is always true, perhaps remove parentheses?") < 0)
            return;
    }
    if (u->c->optimize > 0) return;
    uint32_t mark = u->top, end = kr_unit_label(u);
    kr_gen_jump_if(u, test, end, true);
    Reg base = kr_unit_push(u);
    kr_unit_emit(u, OP_LOAD_ASSERTION_ERROR, base, 0, 0);
    if (s->Assert.msg) {
        kr_gen_expr(u, s->Assert.msg, kr_unit_push(u));
        kr_unit_emit(u, OP_CALL, base, base, 1);
    }
    kr_unit_emit(u, OP_RAISE, base, NO_REGISTER, 0);
    kr_unit_place(u, end);
    u->top = mark;
}

static void raise_statement(Unit *u, Stmt *s)
{
    uint32_t mark = u->top;
    if (!s->Raise.exc) {
        kr_unit_emit(u, OP_RAISE_AGAIN, 0, 0, 0);
        return;
    }
    Reg exception = kr_gen_operand(u, s->Raise.exc, s->Raise.cause);
    Reg cause = s->Raise.cause ? kr_gen_expr(u, s->Raise.cause, ANYWHERE) : NO_REGISTER;
    kr_unit_emit(u, OP_RAISE, exception, cause, 0);
    u->top = mark;
}

static void expression_statement(Unit *u, Stmt *s)
{
    Expr *e = s->Expr.value;
    uint32_t mark = u->top;
    if (u->c->interactive && u->kind == UNIT_MODULE) {
        Reg r = kr_gen_expr(u, e, ANYWHERE);
        kr_unit_emit(u, OP_PRINT_EXPR, r, 0, 0);
    } else if (e->kind == EXPR_Constant) {
        kr_gen_constant_value(u, e); /* for its errors */
        kr_unit_emit(u, OP_NOP, 0, 0, 0);
    } else {
        kr_gen_expr(u, e, ANYWHERE);
    }
    u->top = mark;
}

void kr_gen_stmt(Unit *u, Stmt *s)
{
    gen_at(u, s);
    if (!kr_unit_enter(u)) {
        unit_leave(u);
        return;
    }
    switch (s->kind) {
    case STMT_FunctionDef: kr_gen_function(u, s, false); break;
    case STMT_AsyncFunctionDef: kr_gen_function(u, s, true); break;
    case STMT_ClassDef: kr_gen_class(u, s); break;
    case STMT_TypeAlias: kr_gen_type_alias(u, s); break;
    case STMT_Return: kr_gen_return(u, s); break;
    case STMT_Delete:
        for (size_t i = 0; i < s->Delete.targets->count; i++)
            delete_target(u, s->Delete.targets->items[i]);
        break;
    case STMT_Assign: assign(u, s); break;
    case STMT_AugAssign: augmented_assign(u, s); break;
    case STMT_AnnAssign: annotated_assign(u, s); break;
    case STMT_For: for_statement(u, s); break;
    case STMT_AsyncFor: async_for_statement(u, s); break;
    case STMT_While: while_statement(u, s); break;
    case STMT_If: if_statement(u, s); break;
    case STMT_With: kr_gen_with(u, s, false); break;
    case STMT_AsyncWith: kr_gen_with(u, s, true); break;
    case STMT_Match: kr_gen_match(u, s); break;
    case STMT_Raise: raise_statement(u, s); break;
    case STMT_Try: kr_gen_try(u, s); break;
    case STMT_TryStar: kr_gen_try_star(u, s); break;
    case STMT_Assert: assert_statement(u, s); break;
    case STMT_Import: import_statement(u, s); break;
    case STMT_ImportFrom: import_from_statement(u, s); break;
    case STMT_Expr: expression_statement(u, s); break;
    case STMT_Pass: kr_unit_emit(u, OP_NOP, 0, 0, 0); break;
    case STMT_Break: kr_gen_break(u, s); break;
    case STMT_Continue: kr_gen_continue(u, s); break;
    default: break; /* global, nonlocal: scopes.c */
    }
    unit_leave(u);
}
