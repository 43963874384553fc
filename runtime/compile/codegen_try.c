/* codegen_try.c: try, except*, with, and leaving them by return, break and continue.
 *
 * A finally body is generated once for every way out of its try statement. Inside a handler the
 * register `saved` holds the exception handled before; every way out restores it. Shape of
 * try/except:
 *
 *         body                              guarded, handler H, exception in e
 *         orelse; JUMP end
 *     H:  ENTER_HANDLER e, saved            from here on guarded by C, exception in e2
 *         match e with type 1; if not: next
 *         name = e; body 1; unbind name     with a name: guarded by N
 *         EXIT_HANDLER saved; JUMP end
 *     next: ...
 *         EXIT_HANDLER saved; RERAISE e
 *     N:  unbind name; EXIT_HANDLER saved; RERAISE e2
 *     C:  EXIT_HANDLER saved; RERAISE e2
 *     end: */
#include "runtime/compile/compiler.h"

static void exit_handler(Unit *u, Reg saved) { kr_unit_emit(u, OP_EXIT_HANDLER, 0, saved, 0); }

/* The end of a handler that dealt with its exception: the register lets go of it and of the
 * frames it holds. */
static void drop_exception(Unit *u, Reg saved, Reg exception)
{
    exit_handler(u, saved);
    kr_unit_emit(u, OP_UNBIND, exception, 0, 0);
}

/* name = None; del name */
static void unbind_name(Unit *u, Identifier *name)
{
    Reg variable = kr_gen_local_register(u, name);
    if (variable != NO_REGISTER) {
        kr_unit_emit(u, OP_UNBIND, variable, 0, 0);
        kr_unit_unassign(u, variable);
        return;
    }
    uint32_t mark = u->top;
    kr_gen_store_name(u, name, kr_gen_constant(u, NONE, ANYWHERE));
    u->top = mark;
    kr_gen_delete_name(u, name);
}

/* Code for an exception inside a handler: restores what was handled before and goes on raising. */
static void place_cleanup(Unit *u, uint16_t guard, uint32_t label, Identifier *name, Reg saved,
                          Reg exception)
{
    kr_unit_place_handler(u, guard, label);
    u->at = NO_POSITION;
    if (name) unbind_name(u, name);
    exit_handler(u, saved);
    kr_unit_emit(u, OP_RERAISE, exception, 0, 0);
}

/* ---- Ways out ---- */

static void exit_with(Unit *u, Reg manager, Reg exception, bool is_async, Reg result)
{
    kr_unit_emit(u, OP_EXIT_WITH, result, manager, exception);
    if (is_async) kr_gen_await(u, result, 2, result);
}

void kr_gen_unwind(Unit *u, Block *until)
{
    for (Block *b = u->block; b != until; b = b->outer) {
        u->block = b->outer;
        u->guard = b->guard;
        uint32_t mark = u->top;
        switch (b->kind) {
        case BLOCK_FINALLY:
            kr_gen_body(u, b->finalbody);
            u->at = NO_POSITION; /* what follows happens on the clean-up's line */
            break;
        case BLOCK_HANDLER:
            if (b->name) unbind_name(u, b->name);
            drop_exception(u, b->saved, b->exception);
            break;
        case BLOCK_FINALLY_END: drop_exception(u, b->saved, b->exception); break;
        case BLOCK_WITH:
        case BLOCK_ASYNC_WITH:
            gen_at(u, b->node);
            exit_with(u, b->manager, NO_REGISTER, b->kind == BLOCK_ASYNC_WITH, kr_unit_push(u));
            u->at = NO_POSITION;
            break;
        default: break;
        }
        u->top = mark;
    }
}

/* Refuses to leave an except* clause; true if refused. */
static bool leaves_star_handler(Unit *u, Stmt *s, const Block *until)
{
    for (const Block *b = u->block; b != until; b = b->outer) {
        if (b->kind != BLOCK_STAR_HANDLER) continue;
        kr_unit_error(u, s, "'break', 'continue' and 'return' cannot appear in an except* block");
        return true;
    }
    return false;
}

static Block *innermost_loop(Unit *u)
{
    Block *b = u->block;
    while (b && b->kind != BLOCK_LOOP) b = b->outer;
    return b;
}

/* Undoes the blocks inside `until`, then emits the jump or return. */
static void leave(Unit *u, Block *until, uint16_t op, Reg value, uint32_t label)
{
    Block *block = u->block;
    uint16_t guard = u->guard;
    Position at = u->at;
    kr_unit_emit(u, OP_NOP, 0, 0, 0); /* the statement's own line comes before the clean-up's */
    kr_gen_unwind(u, until);
    if (op == OP_RETURN)
        kr_unit_emit(u, OP_RETURN, value, 0, 0);
    else
        kr_unit_emit_jump(u, op, 0, label);
    u->block = block;
    u->guard = guard;
    u->at = at;
}

void kr_gen_break(Unit *u, Stmt *s)
{
    Block *loop = innermost_loop(u);
    if (leaves_star_handler(u, s, loop)) return;
    if (!loop)
        kr_unit_error(u, s, "'break' outside loop");
    else
        leave(u, loop, OP_JUMP, 0, loop->break_label);
}

void kr_gen_continue(Unit *u, Stmt *s)
{
    Block *loop = innermost_loop(u);
    if (leaves_star_handler(u, s, loop)) return;
    if (!loop)
        kr_unit_error(u, s, "'continue' not properly in loop");
    else
        leave(u, loop, OP_JUMP_BACK, 0, loop->continue_label);
}

void kr_gen_return(Unit *u, Stmt *s)
{
    Expr *value = s->Return.value;
    uint32_t mark = u->top;
    if (u->kind != UNIT_FUNCTION) {
        kr_unit_error(u, s, "'return' outside function");
        return;
    }
    if (value && u->is_async && u->is_generator) {
        kr_unit_error(u, s, "'return' with value in async generator");
        return;
    }
    if (leaves_star_handler(u, s, NULL)) return;
    bool cleanup = false;
    for (Block *b = u->block; b; b = b->outer)
        cleanup |= b->kind != BLOCK_LOOP && b->kind != BLOCK_TRY;
    Reg r;
    if (!value)
        r = NO_REGISTER;
    else if (cleanup)
        r = kr_gen_expr(u, value, kr_unit_push(u)); /* the clean-up may rebind a variable */
    else
        r = kr_gen_expr(u, value, ANYWHERE);
    gen_at(u, s);
    if (!value) r = kr_gen_constant(u, NONE, ANYWHERE);
    leave(u, NULL, OP_RETURN, r, 0);
    u->top = mark;
}

/* ---- try/except ---- */

static void handler_body(Unit *u, ExceptHandler *h, Block *block, Reg exception, Reg exception2,
                         uint16_t cleanup_guard)
{
    uint32_t label = kr_unit_label(u);
    if (!h->name) {
        kr_gen_body(u, h->body);
        u->at = NO_POSITION;
        drop_exception(u, block->saved, exception);
        return;
    }
    kr_gen_store_name(u, h->name, exception);
    uint16_t guard = kr_unit_guard(u, label, exception2);
    block->name = h->name;
    kr_gen_body(u, h->body);
    block->name = NULL;
    u->guard = cleanup_guard;
    u->at = NO_POSITION;
    unbind_name(u, h->name);
    drop_exception(u, block->saved, exception);
    /* The landing pad of the named clause stands right behind it, out of the flow. */
    uint32_t over = kr_unit_label(u);
    kr_unit_skip(u, over);
    Position at = u->at;
    u->guard = block->guard;
    place_cleanup(u, guard, label, h->name, block->saved, exception2);
    u->guard = cleanup_guard;
    u->at = at;
    kr_unit_place(u, over);
}

static void try_except(Unit *u, Stmt *s)
{
    uint32_t mark = u->top, handler = kr_unit_label(u), cleanup = kr_unit_label(u),
             end = kr_unit_label(u);
    Reg exception = kr_unit_push(u), saved = kr_unit_push(u), exception2 = kr_unit_push(u);
    Block block;
    kr_unit_emit(u, OP_NOP, 0, 0, 0);
    kr_unit_push_block(u, &block, BLOCK_TRY, s);
    uint16_t guard = kr_unit_guard(u, handler, exception);
    kr_gen_body(u, s->Try.body);
    kr_unit_pop_block(u, &block);
    kr_gen_body(u, s->Try.orelse);
    kr_unit_skip(u, end);

    kr_unit_place_handler(u, guard, handler);
    u->at = NO_POSITION;
    kr_unit_emit(u, OP_ENTER_HANDLER, exception, saved, 0);
    kr_unit_push_block(u, &block, BLOCK_HANDLER, s);
    block.saved = saved;
    block.exception = exception;
    uint16_t cleanup_guard = kr_unit_guard(u, cleanup, exception2);
    for (size_t i = 0; i < s->Try.handlers->count && !u->c->failed; i++) {
        ExceptHandler *h = s->Try.handlers->items[i];
        uint32_t next = kr_unit_label(u);
        gen_at(u, h);
        if (h->type) {
            uint32_t keep = u->top;
            Reg type = kr_gen_expr(u, h->type, ANYWHERE), matches = kr_unit_push(u);
            kr_unit_emit(u, OP_MATCH_EXCEPTION, matches, exception, type);
            kr_unit_emit_jump(u, OP_JUMP_IF_FALSE, matches, next);
            u->top = keep;
        } else if (i + 1 < s->Try.handlers->count) {
            kr_unit_error(u, h, "default 'except:' must be last");
        } else {
            kr_unit_emit(u, OP_NOP, 0, 0, 0); /* for the line of `except:` */
        }
        handler_body(u, h, &block, exception, exception2, cleanup_guard);
        kr_unit_skip(u, end);
        kr_unit_place(u, next);
    }
    kr_unit_pop_block(u, &block);
    gen_at(u, s->Try.handlers->items[s->Try.handlers->count - 1]);
    exit_handler(u, saved);
    kr_unit_emit(u, OP_RERAISE, exception, 0, 0);
    place_cleanup(u, cleanup_guard, cleanup, NULL, saved, exception2);
    kr_unit_place(u, end);
    u->top = mark;
}

/* ---- try/finally ---- */

static void try_finally(Unit *u, Stmt *s, void (*inner)(Unit *u, Stmt *s))
{
    uint32_t mark = u->top, handler = kr_unit_label(u), cleanup = kr_unit_label(u),
             end = kr_unit_label(u);
    Reg exception = kr_unit_push(u), saved = kr_unit_push(u), exception2 = kr_unit_push(u);
    Block block;
    kr_unit_emit(u, OP_NOP, 0, 0, 0);
    kr_unit_push_block(u, &block, BLOCK_FINALLY, s);
    block.finalbody = s->Try.finalbody;
    uint16_t guard = kr_unit_guard(u, handler, exception);
    if (s->Try.handlers->count)
        inner(u, s);
    else
        kr_gen_body(u, s->Try.body);
    kr_unit_pop_block(u, &block);
    kr_gen_body(u, s->Try.finalbody);
    kr_unit_skip(u, end);

    kr_unit_place_handler(u, guard, handler);
    u->at = NO_POSITION;
    kr_unit_emit(u, OP_ENTER_HANDLER, exception, saved, 0);
    kr_unit_push_block(u, &block, BLOCK_FINALLY_END, s);
    block.saved = saved;
    block.exception = exception;
    uint16_t cleanup_guard = kr_unit_guard(u, cleanup, exception2);
    kr_gen_body(u, s->Try.finalbody);
    kr_unit_pop_block(u, &block);
    u->at = NO_POSITION;
    exit_handler(u, saved);
    kr_unit_emit(u, OP_RERAISE, exception, 0, 0);
    place_cleanup(u, cleanup_guard, cleanup, NULL, saved, exception2);
    kr_unit_place(u, end);
    u->top = mark;
}

void kr_gen_try(Unit *u, Stmt *s)
{
    if (s->Try.finalbody->count)
        try_finally(u, s, try_except);
    else
        try_except(u, s);
}

/* ---- except* ---- */

/* Every clause gets its part of what is left; what the clauses raise, and what nobody took, is
 * raised at the end. */
static void try_star(Unit *u, Stmt *s)
{
    uint32_t mark = u->top, handler = kr_unit_label(u), cleanup = kr_unit_label(u),
             end = kr_unit_label(u);
    uint32_t done = kr_unit_label(u), empty = kr_unit_label(u);
    Reg exception = kr_unit_push(u), saved = kr_unit_push(u), exception2 = kr_unit_push(u);
    Reg results = kr_unit_push(u), rest = kr_unit_push(u), match = kr_unit_push_n(u, 2),
        saved2 = kr_unit_push(u);
    Block block;
    kr_unit_emit(u, OP_NOP, 0, 0, 0);
    kr_unit_push_block(u, &block, BLOCK_TRY, s);
    uint16_t guard = kr_unit_guard(u, handler, exception);
    kr_gen_body(u, s->TryStar.body);
    kr_unit_pop_block(u, &block);
    kr_gen_body(u, s->TryStar.orelse);
    kr_unit_skip(u, end);

    kr_unit_place_handler(u, guard, handler);
    u->at = NO_POSITION;
    kr_unit_emit(u, OP_ENTER_HANDLER, exception, saved, 0);
    kr_unit_push_block(u, &block, BLOCK_STAR_HANDLER, s);
    uint16_t cleanup_guard = kr_unit_guard(u, cleanup, exception2);
    kr_unit_emit(u, OP_BUILD_LIST, results, results, 0);
    kr_gen_move(u, rest, exception);
    for (size_t i = 0; i < s->TryStar.handlers->count && !u->c->failed; i++) {
        ExceptHandler *h = s->TryStar.handlers->items[i];
        uint32_t next = kr_unit_label(u), raised = kr_unit_label(u), keep = u->top;
        gen_at(u, h);
        Reg type = kr_gen_expr(u, h->type, ANYWHERE);
        kr_unit_emit(u, OP_MATCH_GROUP, match, rest, type);
        u->top = keep;
        kr_gen_move(u, rest, (Reg)(match + 1));
        kr_unit_emit_jump(u, OP_JUMP_IF_NONE, match, next);
        kr_unit_emit(u, OP_ENTER_HANDLER, match, saved2, 0);
        if (h->name) kr_gen_store_name(u, h->name, match);
        uint16_t body_guard = kr_unit_guard(u, raised, exception2);
        kr_gen_body(u, h->body);
        u->guard = cleanup_guard;
        u->at = NO_POSITION;
        if (h->name) unbind_name(u, h->name);
        exit_handler(u, saved2);
        kr_unit_skip(u, next);
        kr_unit_place_handler(u, body_guard, raised);
        u->at = NO_POSITION;
        if (h->name) unbind_name(u, h->name);
        exit_handler(u, saved2);
        kr_unit_emit(u, OP_LIST_APPEND, results, exception2, 0);
        kr_unit_place(u, next);
    }
    kr_unit_pop_block(u, &block);
    u->guard = cleanup_guard;
    u->at = NO_POSITION;
    kr_unit_emit_jump(u, OP_JUMP_IF_NONE, rest, empty);
    kr_unit_emit(u, OP_LIST_APPEND, results, rest, 0);
    kr_unit_place(u, empty);
    kr_unit_emit(u, OP_COMBINE_GROUP, rest, exception, results);
    u->guard = block.guard;
    kr_unit_emit_jump(u, OP_JUMP_IF_NONE, rest, done);
    exit_handler(u, saved);
    kr_unit_emit(u, OP_RERAISE, rest, 0, 0);
    place_cleanup(u, cleanup_guard, cleanup, NULL, saved, exception2);
    kr_unit_place(u, done);
    drop_exception(u, saved, exception);
    kr_unit_place(u, end);
    u->top = mark;
}

void kr_gen_try_star(Unit *u, Stmt *s) /* TryStar has the fields of Try */
{
    if (s->TryStar.finalbody->count)
        try_finally(u, s, try_star);
    else
        try_star(u, s);
}

/* ---- with ---- */

static void with_item(Unit *u, Stmt *s, size_t index, bool is_async)
{
    if (!kr_unit_enter(u)) {
        unit_leave(u);
        return;
    }
    WithItem *item = s->With.items->items[index];
    uint32_t mark = u->top, handler = kr_unit_label(u), cleanup = kr_unit_label(u),
             end = kr_unit_label(u);
    uint32_t suppressed = kr_unit_label(u);
    Reg manager = kr_unit_push_n(u, 2), value = (Reg)(manager + 1);
    Reg r = kr_gen_near(u, item->context_expr, manager);
    kr_unit_emit(u, is_async ? OP_ENTER_ASYNC_WITH : OP_ENTER_WITH, manager, r, 0);
    if (is_async) kr_gen_await(u, value, 1, value);
    Reg exception = kr_unit_push(u), saved = kr_unit_push(u), exception2 = kr_unit_push(u),
        result = kr_unit_push(u);
    Block block;
    kr_unit_push_block(u, &block, is_async ? BLOCK_ASYNC_WITH : BLOCK_WITH, s);
    block.manager = manager;
    uint16_t guard = kr_unit_guard(u, handler, exception);
    if (item->optional_vars) kr_gen_store(u, item->optional_vars, value);
    if (index + 1 < s->With.items->count)
        with_item(u, s, index + 1, is_async);
    else
        kr_gen_body(u, s->With.body);
    kr_unit_pop_block(u, &block);
    gen_at(u, s);
    exit_with(u, manager, NO_REGISTER, is_async, result);
    kr_unit_skip(u, end);

    kr_unit_place_handler(u, guard, handler);
    kr_unit_emit(u, OP_ENTER_HANDLER, exception, saved, 0);
    uint16_t outer = u->guard, cleanup_guard = kr_unit_guard(u, cleanup, exception2);
    exit_with(u, manager, exception, is_async, result);
    kr_unit_emit_jump(u, OP_JUMP_IF_TRUE, result, suppressed);
    u->guard = outer;
    exit_handler(u, saved);
    kr_unit_emit(u, OP_RERAISE, exception, 0, 0);
    place_cleanup(u, cleanup_guard, cleanup, NULL, saved, exception2);
    gen_at(u, s);
    kr_unit_place(u, suppressed);
    drop_exception(u, saved, exception);
    kr_unit_place(u, end);
    u->top = mark;
    unit_leave(u);
}

void kr_gen_with(Unit *u, Stmt *s, bool is_async)
{
    bool top_level = u->c->flags & COMPILE_TOP_LEVEL_AWAIT && u->kind == UNIT_MODULE;
    if (is_async && !top_level && !(u->kind == UNIT_FUNCTION && u->is_async)) {
        kr_unit_error(u, s, "'async with' outside async function");
        return;
    }
    with_item(u, s, 0, is_async);
}
