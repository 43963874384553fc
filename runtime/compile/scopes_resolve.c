/* scopes_resolve.c: where each name of each scope lives.
 *
 * Scopes are resolved before the scopes inside them. A name that a scope neither binds nor
 * declares is searched outwards through function scopes (class scopes are not seen from inside,
 * but for __class__); the scope that binds it makes a cell of it, and every scope on the way
 * passes the cell on as a free variable. */
#include "runtime/compile/scopes.h"

/* Fails at the global or nonlocal statement that declares the name. */
static void fail_directive(Scopes *s, const Scope *scope, const Identifier *name,
                           const char *message)
{
    Node at = {0, scope->lineno, scope->col_offset, scope->end_lineno, scope->end_col_offset};
    for (const Directive *d = scope->directives; d; d = d->next)
        if (d->name == name)
            at = (Node){0, d->lineno, d->col_offset, d->end_lineno, d->end_col_offset};
    kr_scopes_fail(s, &at, "%s", message);
}

/* The scope around `scope` that binds the name for it, or NULL: the name is global. */
static Scope *find_binder(const Scopes *s, const Scope *scope, const Identifier *name)
{
    for (Scope *p = scope->parent; p && p->kind != SCOPE_MODULE; p = p->parent) {
        if (p->kind == SCOPE_CLASS) {
            if (name == s->name_class) return p;
            continue;
        }
        const Symbol *symbol = kr_scopes_find(p, name);
        if (!symbol || symbol->flags & SYMBOL_NONLOCAL) continue;
        if (symbol->flags & SYMBOL_GLOBAL) {
            if (p->inlined) continue; /* its host knows */
            return NULL;
        }
        if (symbol->flags & SYMBOL_BOUND) return p;
    }
    return NULL;
}

static void pass_on(Scopes *s, const Scope *scope, Scope *binder, Identifier *name)
{
    if (binder->kind == SCOPE_CLASS)
        binder->class_cell = true;
    else
        kr_scopes_find(binder, name)->place = PLACE_CELL;
    for (Scope *p = scope->parent; p != binder; p = p->parent) {
        if (p->inlined) continue;
        Symbol *symbol = kr_scopes_enter(s, p, name);
        if (symbol->place == PLACE_FREE) continue;
        if (symbol->place == PLACE_NONE) {
            symbol->place = PLACE_FREE;
            symbol->flags |= SYMBOL_FREE;
        } else {
            symbol->flags |= SYMBOL_FREE_CLASS;
        }
    }
}

static void resolve_symbol(Scopes *s, Scope *scope, Symbol *symbol)
{
    Scope *binder;
    const char *name = symbol->name->text;
    if (symbol->flags & SYMBOL_GLOBAL) {
        if (symbol->flags & SYMBOL_NONLOCAL)
            fail_directive(s, scope, symbol->name,
                           kr_arena_format(s->arena, "name '%s' is nonlocal and global", name));
        symbol->place = PLACE_GLOBAL_EXPLICIT;
    } else if (symbol->flags & SYMBOL_NONLOCAL) {
        if (scope->kind == SCOPE_MODULE) {
            fail_directive(s, scope, symbol->name,
                           "nonlocal declaration not allowed at module level");
        } else if (!(binder = find_binder(s, scope, symbol->name))) {
            fail_directive(s, scope, symbol->name,
                           kr_arena_format(s->arena, "no binding for nonlocal '%s' found", name));
        } else {
            symbol->place = PLACE_FREE;
            pass_on(s, scope, binder, symbol->name);
        }
    } else if (symbol->flags & SYMBOL_BOUND) {
        symbol->place = PLACE_LOCAL;
    } else if (scope->kind != SCOPE_MODULE && (binder = find_binder(s, scope, symbol->name))) {
        symbol->place = PLACE_FREE;
        pass_on(s, scope, binder, symbol->name);
    } else {
        symbol->place = PLACE_GLOBAL_IMPLICIT;
    }
}

static void resolve(Scopes *s, Scope *scope)
{
    for (uint32_t i = 0; i < scope->count && !s->failed; i++) {
        Symbol *symbol = scope->symbols[i];
        if (!scope->inlined)
            resolve_symbol(s, scope, symbol);
        else if (symbol->flags & SYMBOL_BOUND)
            symbol->place = PLACE_LOCAL;
    }
    for (Scope *child = scope->first_child; child && !s->failed; child = child->next)
        resolve(s, child);
}

void kr_scopes_resolve(Scopes *s) { resolve(s, s->module); }
