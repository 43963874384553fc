/* codegen_names.c: reading, binding and unbinding names, wherever they live.
 *
 *   in a register   parameters and locals of functions, names of inlined scopes
 *   in a cell       captured locals, free variables
 *   globals         in functions, and in comprehensions inlined in a module
 *   names           module and class bodies: the locals mapping, then globals, then builtins
 *
 * A captured name of an inlined scope lives in a register and in a cell at once: only the
 * inlined scope binds it. */
#include "runtime/compile/compiler.h"

typedef enum WhereKind { IN_REGISTER, IN_CELL, IN_CLASS_CELL, IN_GLOBALS, IN_NAMES } WhereKind;

typedef struct Where {
    WhereKind kind;
    Symbol *symbol; /* registers and cells */
    Reg mirror;     /* the cell beside a register, or NO_REGISTER */
} Where;

Identifier *kr_gen_mangle(Unit *u, Identifier *name)
{
    return kr_scopes_mangle(u->c->scopes.names, u->private, name);
}

static Where where(Unit *u, Identifier *name)
{
    bool in_comprehension = false;
    for (Overlay *o = u->overlay; o; o = o->outer) {
        Symbol *symbol = kr_scopes_find(o->scope, name);
        if (symbol && symbol->flags & SYMBOL_BOUND)
            return (Where){IN_REGISTER, symbol,
                           symbol->place == PLACE_CELL ? symbol->cell : NO_REGISTER};
        in_comprehension |= o->scope->comprehension != NO_COMPREHENSION;
    }
    bool function = u->scope->kind == SCOPE_FUNCTION;
    Symbol *symbol = kr_scopes_find(u->scope, name);
    switch (symbol ? symbol->place : PLACE_NONE) {
    case PLACE_LOCAL:
        if (function) return (Where){IN_REGISTER, symbol, NO_REGISTER};
        break;
    case PLACE_CELL: return (Where){IN_CELL, symbol, NO_REGISTER};
    case PLACE_FREE:
        return (Where){u->scope->kind == SCOPE_CLASS ? IN_CLASS_CELL : IN_CELL, symbol,
                       NO_REGISTER};
    case PLACE_GLOBAL_EXPLICIT: return (Where){IN_GLOBALS, symbol, NO_REGISTER};
    default: break;
    }
    return (Where){function || in_comprehension ? IN_GLOBALS : IN_NAMES, symbol, NO_REGISTER};
}

/* The number by which LOAD_CELL names a variable: its place in cell_names + free_names. */
static uint16_t cell_number(const Unit *u, const Symbol *symbol)
{
    for (uint32_t i = 0; i < u->cell_count; i++)
        if (u->cells[i] == symbol) return (uint16_t)i;
    for (uint32_t i = 0; i < u->free_count; i++)
        if (u->frees[i] == symbol) return (uint16_t)(u->cell_count + i);
    return 0;
}

Reg kr_gen_local_register(Unit *u, Identifier *name)
{
    Where w = where(u, kr_gen_mangle(u, name));
    return w.kind == IN_REGISTER && w.mirror == NO_REGISTER ? w.symbol->reg : NO_REGISTER;
}

bool kr_gen_is_walrus_variable(Unit *u, Reg r)
{
    return r < u->variable_count && u->variables[r]->flags & SYMBOL_WALRUS;
}

static void check_bound(Unit *u, Reg r)
{
    if (kr_unit_is_assigned(u, r)) return;
    kr_unit_emit_imm(u, OP_CHECK_BOUND, r, r);
    kr_unit_assign(u, r);
}

Reg kr_gen_load_name(Unit *u, Identifier *name, Reg want)
{
    name = kr_gen_mangle(u, name);
    Where w = where(u, name);
    switch (w.kind) {
    case IN_REGISTER:
        check_bound(u, w.symbol->reg);
        if (want == ANYWHERE) return w.symbol->reg;
        kr_gen_move(u, want, w.symbol->reg);
        return want;
    case IN_CELL:
        want = kr_gen_dest(u, want);
        kr_unit_emit(u, OP_LOAD_CELL, want, w.symbol->reg, cell_number(u, w.symbol));
        break;
    case IN_CLASS_CELL:
        want = kr_gen_dest(u, want);
        kr_unit_emit(u, OP_LOAD_CLASS_CELL, want, w.symbol->reg, cell_number(u, w.symbol));
        break;
    case IN_GLOBALS:
        want = kr_gen_dest(u, want);
        kr_unit_emit_name(u, OP_LOAD_GLOBAL, want, 0, name);
        break;
    case IN_NAMES:
        want = kr_gen_dest(u, want);
        kr_unit_emit_name(u, OP_LOAD_NAME, want, 0, name);
        break;
    }
    if (!is_temporary(u, want)) kr_unit_assign(u, want);
    return want;
}

void kr_gen_store_name(Unit *u, Identifier *name, Reg value)
{
    name = kr_gen_mangle(u, name);
    Where w = where(u, name);
    switch (w.kind) {
    case IN_REGISTER:
        kr_gen_move(u, w.symbol->reg, value);
        if (w.mirror != NO_REGISTER) kr_unit_emit(u, OP_STORE_CELL, w.mirror, value, 0);
        break;
    case IN_CELL:
    case IN_CLASS_CELL: kr_unit_emit(u, OP_STORE_CELL, w.symbol->reg, value, 0); break;
    case IN_GLOBALS: kr_unit_emit_name(u, OP_STORE_GLOBAL, value, 0, name); break;
    case IN_NAMES: kr_unit_emit_name(u, OP_STORE_NAME, value, 0, name); break;
    }
}

void kr_gen_delete_name(Unit *u, Identifier *name)
{
    name = kr_gen_mangle(u, name);
    Where w = where(u, name);
    switch (w.kind) {
    case IN_REGISTER:
        check_bound(u, w.symbol->reg);
        kr_unit_emit(u, OP_UNBIND, w.symbol->reg, 0, 0);
        kr_unit_unassign(u, w.symbol->reg);
        break;
    case IN_CELL:
    case IN_CLASS_CELL:
        kr_unit_emit(u, OP_DELETE_CELL, w.symbol->reg, 0, cell_number(u, w.symbol));
        break;
    case IN_GLOBALS: kr_unit_emit_name(u, OP_DELETE_GLOBAL, 0, 0, name); break;
    case IN_NAMES: kr_unit_emit_name(u, OP_DELETE_NAME, 0, 0, name); break;
    }
}

Reg kr_gen_cell_register(Unit *u, const Scope *nested, const Symbol *free)
{
    const Scope *scope = nested->parent;
    for (; scope->inlined; scope = scope->parent) {
        Symbol *symbol = kr_scopes_find(scope, free->name);
        if (symbol && symbol->flags & SYMBOL_BOUND) return symbol->cell;
    }
    if (scope->kind == SCOPE_CLASS && free->name == u->c->scopes.name_class) {
        for (uint32_t i = 0; i < u->cell_count; i++)
            if (u->cells[i]->name == free->name) return u->cells[i]->reg;
    }
    return kr_scopes_find(scope, free->name)->cell;
}

bool kr_gen_forbidden(Unit *u, const void *node, Identifier *name, ExprContext ctx)
{
    static const char debug[] = "__debug__";
    if (name->length != sizeof debug - 1 || __builtin_strcmp(name->text, debug) != 0) return false;
    if (ctx == CTX_Store)
        kr_unit_error(u, node, "cannot assign to __debug__");
    else if (ctx == CTX_Del)
        kr_unit_error(u, node, "cannot delete __debug__");
    else
        return false;
    return true;
}

void kr_gen_enter_overlay(Unit *u, Overlay *overlay, Scope *scope)
{
    for (uint32_t i = 0; i < scope->count; i++) {
        Symbol *symbol = scope->symbols[i];
        if (!(symbol->flags & SYMBOL_BOUND) || symbol->name == u->c->scopes.name_outer) continue;
        symbol->reg = kr_unit_push(u);
        if (symbol->place != PLACE_CELL) continue;
        symbol->cell = kr_unit_push(u);
        kr_unit_emit(u, OP_UNBIND, symbol->cell, 0, 0);
        kr_unit_emit(u, OP_MAKE_CELL, symbol->cell, 0, 0);
    }
    *overlay = (Overlay){u->overlay, scope};
    u->overlay = overlay;
}

void kr_gen_leave_overlay(Unit *u, Overlay *overlay) { u->overlay = overlay->outer; }
