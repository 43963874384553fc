/* unit.c: a code object under construction: registers, emission, labels, guards, constants,
 * names, errors. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/compile/compiler.h"
#include "runtime/objects/str.h"
#include "runtime/threads/thread.h"

enum { MAX_DEPTH = 6000, MAX_BLOCKS = 20 };

/* ---- Errors ---- */

void kr_unit_error(Unit *u, const void *node, const char *format, ...)
{
    Compiler *c = u->c;
    if (c->failed) return;
    c->failed = true;
    va_list args;
    va_start(args, format);
    char text[1000];
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    const Node *at = node;
    SyntaxError *error = c->error;
    error->kind = SYNTAX_ERROR;
    error->message = kr_arena_strdup(c->arena, text, strlen(text));
    error->has_position = true;
    error->lineno = at->lineno;
    error->col_offset = at->col_offset + 1;
    error->end_lineno = at->end_lineno;
    error->end_col_offset = at->end_col_offset + 1;
}

void kr_unit_raised(Compiler *c)
{
    if (c->failed) {
        if (kr_raised() && c->error->kind != SYNTAX_OK) kr_clear_exception();
        return;
    }
    c->failed = true;
    c->error->kind = SYNTAX_OK;
}

int kr_unit_warn(Unit *u, const void *node, KrType *category, const char *format, ...)
{
    Compiler *c = u->c;
    if (c->failed || !kr_compile_warn || c->flags & COMPILE_NO_WARNINGS) return 0;
    va_list args;
    va_start(args, format);
    Value message = kr_str_format_v(format, args);
    va_end(args);
    if (is_empty(message) ||
        kr_compile_warn(category, message, c->filename, ((const Node *)node)->lineno) < 0) {
        if (kr_raised_is(
                kr_SyntaxWarning)) { /* a filter made it an error: a SyntaxError at this place */
            kr_clear_exception();
            const char *text = kr_str_utf8(message, NULL);
            kr_unit_error(u, node, "%s", text ? text : "");
        } else {
            kr_unit_raised(c);
        }
        return -1;
    }
    return 0;
}

bool kr_unit_enter(Unit *u)
{
    Compiler *c = u->c;
    if (++c->depth <= MAX_DEPTH && !thread_stack_low()) return true;
    if (!c->failed) {
        kr_raise(kr_RecursionError, "maximum recursion depth exceeded during compilation");
        kr_unit_raised(c);
    }
    return false;
}

/* ---- Growing arrays in the arena ---- */

static void *grown(Arena *arena, void *old, uint32_t count, uint32_t *capacity, size_t size,
                   uint32_t first)
{
    *capacity = *capacity ? *capacity * 2 : first;
    void *new = kr_arena_alloc(arena, *capacity * size);
    if (count) memcpy(new, old, count * size);
    return new;
}

static uint32_t hash_key(uint64_t key)
{
    return (uint32_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 36);
}

/* The index of a key, entered as `fresh` if it is new (then *added is set). */
static uint32_t index_of(Arena *arena, IndexTable *t, uint64_t key, uint32_t fresh, bool *added)
{
    if ((t->count + 1) * 2 > t->capacity) {
        IndexTable old = *t;
        t->capacity = old.capacity ? old.capacity * 4 : 16;
        t->keys = kr_arena_alloc(arena, t->capacity * sizeof *t->keys);
        t->values = kr_arena_alloc(arena, t->capacity * sizeof *t->values);
        for (uint32_t i = 0; i < old.capacity; i++) {
            if (!old.keys[i]) continue;
            uint32_t slot = hash_key(old.keys[i]) & (t->capacity - 1);
            while (t->keys[slot]) slot = (slot + 1) & (t->capacity - 1);
            t->keys[slot] = old.keys[i];
            t->values[slot] = old.values[i];
        }
    }
    uint32_t slot = hash_key(key) & (t->capacity - 1);
    for (; t->keys[slot]; slot = (slot + 1) & (t->capacity - 1))
        if (t->keys[slot] == key) {
            *added = false;
            return t->values[slot];
        }
    *added = true;
    t->count++;
    t->keys[slot] = key;
    return t->values[slot] = fresh;
}

/* ---- Constants and names ---- */

uint32_t kr_unit_constant(Unit *u, Value v)
{
    Compiler *c = u->c;
    v = kr_constants_unique(&c->constants, v);
    if (is_empty(v)) {
        kr_unit_raised(c);
        return 0;
    }
    bool added;
    uint32_t index = index_of(c->arena, &u->constant_index, v.bits, u->constant_count, &added);
    if (!added) return index;
    if (u->constant_count == u->constant_capacity)
        u->constants = grown(c->arena, u->constants, u->constant_count, &u->constant_capacity,
                             sizeof(Value), 8);
    u->constants[u->constant_count++] = v;
    return index;
}

Value kr_unit_str(Compiler *c, Identifier *name)
{
    if (name->mark) return (Value){name->mark};
    Value text = kr_str_sized(name->text, name->length);
    if (!is_empty(text)) text = kr_intern_str(text);
    if (is_empty(text)) {
        kr_unit_raised(c);
        return KR_NAME("");
    }
    kr_constants_keep(&c->constants, text);
    if (c->marked_count == c->marked_capacity)
        c->marked = grown(c->arena, c->marked, c->marked_count, &c->marked_capacity,
                          sizeof *c->marked, 256);
    c->marked[c->marked_count++] = name;
    name->mark = text.bits;
    return text;
}

uint32_t kr_unit_name(Unit *u, Identifier *name)
{
    bool added;
    uint32_t index = index_of(u->c->arena, &u->name_index, (uintptr_t)name, u->name_count, &added);
    if (!added) return index;
    if (u->name_count == u->name_capacity)
        u->names = grown(u->c->arena, u->names, u->name_count, &u->name_capacity, sizeof(Value), 8);
    u->names[u->name_count++] = kr_unit_str(u->c, name);
    return index;
}

/* ---- Registers ---- */

Reg kr_unit_push_n(Unit *u, uint32_t n)
{
    Reg r = (Reg)u->top;
    u->top += n;
    if (u->top > u->max) u->max = u->top;
    if (u->top > MAX_REGISTERS) {
        if (!u->c->failed) {
            kr_raise(kr_OverflowError, "function needs too many registers");
            kr_unit_raised(u->c);
        }
        u->top = u->first_temp;
        return (Reg)u->top;
    }
    return r;
}

Reg kr_unit_push(Unit *u) { return kr_unit_push_n(u, 1); }

static uint64_t *new_set(Unit *u)
{
    return kr_arena_alloc(u->c->arena, (u->words ? u->words : 1) * sizeof(uint64_t));
}

void kr_unit_assign(Unit *u, Reg r)
{
    if (r < u->variable_count) u->assigned[r / 64] |= UINT64_C(1) << r % 64;
}

void kr_unit_unassign(Unit *u, Reg r)
{
    if (r < u->variable_count && !u->dead) u->assigned[r / 64] &= ~(UINT64_C(1) << r % 64);
}

bool kr_unit_is_assigned(const Unit *u, Reg r)
{
    return r >= u->variable_count || u->dead || (u->assigned[r / 64] >> r % 64 & 1);
}

static void merge(Unit *u, uint64_t **set)
{
    if (!*set) {
        *set = new_set(u);
        memcpy(*set, u->assigned, u->words * sizeof **set);
    } else {
        for (uint32_t i = 0; i < u->words; i++) (*set)[i] &= u->assigned[i];
    }
}

/* ---- Emission ---- */

static Ins *append(Unit *u)
{
    if (u->count == u->capacity)
        u->ins = grown(u->c->arena, u->ins, u->count, &u->capacity, sizeof *u->ins, 32);
    Ins *ins = &u->ins[u->count++];
    *ins = (Ins){.guard = u->guard, .at = u->at};
    if (u->guard) u->labels[u->guards[u->guard].handler].used = true;
    return ins;
}

void kr_unit_emit(Unit *u, uint16_t op, uint16_t a, uint16_t b, uint16_t c)
{
    if (u->dead) return;
    Ins *ins = append(u);
    ins->op = op, ins->a = a, ins->b = b, ins->c = c;
    if (op == OP_RETURN || op == OP_RAISE || op == OP_RAISE_AGAIN || op == OP_RERAISE)
        u->dead = true;
}

void kr_unit_emit_imm(Unit *u, uint16_t op, uint16_t a, int32_t bc)
{
    kr_unit_emit(u, op, a, (uint16_t)bc, (uint16_t)((uint32_t)bc >> 16));
}

void kr_unit_emit_extra(Unit *u, uint16_t a, int32_t bc) { kr_unit_emit_imm(u, OP_EXTRA, a, bc); }

void kr_unit_emit_name(Unit *u, uint16_t op, uint16_t a, uint16_t b, Identifier *name)
{
    if (u->dead) return;
    uint32_t index = kr_unit_name(u, name);
    kr_unit_emit(u, op, a, b, (uint16_t)index);
    kr_unit_emit_extra(u, (uint16_t)(index >> 16), 0);
}

void kr_unit_note_jump(Unit *u, uint32_t label)
{
    if (u->dead) return;
    Label *l = &u->labels[label];
    u->ins[u->count - 1].label = label;
    l->used = true;
    if (l->at < 0) merge(u, &l->assigned);
}

void kr_unit_emit_jump(Unit *u, uint16_t op, uint16_t a, uint32_t label)
{
    if (u->dead) return;
    kr_unit_emit(u, op, a, 0, 0);
    kr_unit_note_jump(u, label);
    if (op == OP_JUMP || op == OP_JUMP_BACK) u->dead = true;
}

void kr_unit_skip(Unit *u, uint32_t label)
{
    Position at = u->at;
    u->at = NO_POSITION;
    kr_unit_emit_jump(u, OP_JUMP, 0, label);
    u->at = at;
}

uint32_t kr_unit_label(Unit *u)
{
    if (u->label_count == u->label_capacity)
        u->labels = grown(u->c->arena, u->labels, u->label_count, &u->label_capacity,
                          sizeof *u->labels, 16);
    u->labels[u->label_count] = (Label){.at = -1};
    return u->label_count++;
}

void kr_unit_place(Unit *u, uint32_t label)
{
    Label *l = &u->labels[label];
    l->at = (int32_t)u->count;
    if (!l->assigned) return;
    if (u->dead)
        memcpy(u->assigned, l->assigned, u->words * sizeof *u->assigned);
    else
        for (uint32_t i = 0; i < u->words; i++) u->assigned[i] &= l->assigned[i];
    u->dead = false;
}

static void forget_unbindable(Unit *u)
{
    for (uint32_t i = 0; i < u->words; i++) u->assigned[i] &= ~u->unbindable[i];
}

void kr_unit_place_head(Unit *u, uint32_t label)
{
    u->labels[label].at = (int32_t)u->count;
    if (!u->dead) forget_unbindable(u);
}

/* ---- Guards and blocks ---- */

uint16_t kr_unit_guard(Unit *u, uint32_t handler, Reg target)
{
    if (u->guard_count == u->guard_capacity)
        u->guards =
            grown(u->c->arena, u->guards, u->guard_count, &u->guard_capacity, sizeof *u->guards, 8);
    if (u->guard_count > 65000) {
        if (!u->c->failed) {
            kr_raise(kr_OverflowError, "function has too many exception handlers");
            kr_unit_raised(u->c);
        }
        return 0;
    }
    GuardContext *g = &u->guards[u->guard_count];
    *g = (GuardContext){handler, target, NULL};
    if (!u->dead) merge(u, &g->assigned);
    u->guard = (uint16_t)u->guard_count;
    return (uint16_t)u->guard_count++;
}

void kr_unit_place_handler(Unit *u, uint16_t guard, uint32_t label)
{
    u->labels[label].at = (int32_t)u->count;
    u->dead = !u->labels[label].used;
    if (u->dead) return;
    const uint64_t *assigned = u->guards[guard].assigned;
    for (uint32_t i = 0; i < u->words; i++) u->assigned[i] = assigned ? assigned[i] : 0;
    forget_unbindable(u);
}

void kr_unit_push_block(Unit *u, Block *block, BlockKind kind, const void *node)
{
    *block = (Block){.outer = u->block,
                     .kind = kind,
                     .guard = u->guard,
                     .node = node,
                     .saved = NO_REGISTER,
                     .exception = NO_REGISTER,
                     .manager = NO_REGISTER};
    u->block = block;
    if (++u->block_depth > MAX_BLOCKS) kr_unit_error(u, node, "too many statically nested blocks");
}

void kr_unit_pop_block(Unit *u, Block *block)
{
    u->block = block->outer;
    u->guard = block->guard;
    u->block_depth--;
}

/* ---- Creation ---- */

static int compare_symbols(const void *a, const void *b)
{
    return strcmp((*(Symbol *const *)a)->name->text, (*(Symbol *const *)b)->name->text);
}

/* Gives every variable of the scope its register. */
static void place_variables(Unit *u)
{
    Scope *scope = u->scope;
    Arena *arena = u->c->arena;
    bool registers = scope->kind == SCOPE_FUNCTION;
    u->variables = kr_arena_alloc(arena, (scope->count + 1) * sizeof *u->variables);
    u->cells = kr_arena_alloc(arena, (scope->count + 1) * sizeof *u->cells);
    u->frees = kr_arena_alloc(arena, (scope->count + 1) * sizeof *u->frees);
    uint32_t next = 0;
    for (uint32_t i = 0; i < scope->parameter_count; i++) {
        Symbol *symbol = kr_scopes_find(scope, scope->parameters[i]);
        u->variables[next] = symbol;
        symbol->reg = (uint16_t)next++;
        if (symbol->place == PLACE_CELL) u->cells[u->cell_count++] = symbol;
    }
    uint32_t parameter_cells = u->cell_count;
    for (uint32_t i = 0; i < scope->count; i++) {
        Symbol *symbol = scope->symbols[i];
        bool parameter = symbol->flags & SYMBOL_PARAM;
        if (registers && symbol->place == PLACE_LOCAL && !parameter) {
            u->variables[next] = symbol;
            symbol->reg = (uint16_t)next++;
        }
        if (symbol->place == PLACE_CELL && !parameter) u->cells[u->cell_count++] = symbol;
        if (symbol->place == PLACE_FREE || symbol->flags & SYMBOL_FREE_CLASS)
            u->frees[u->free_count++] = symbol;
    }
    u->variable_count = next;
    if (scope->kind == SCOPE_CLASS && scope->class_cell) {
        Symbol *symbol = kr_arena_alloc(arena, sizeof *symbol); /* a name in the body is no cell */
        symbol->name = u->c->scopes.name_class;
        symbol->place = PLACE_CELL;
        u->cells[u->cell_count++] = symbol;
    }
    qsort(u->cells + parameter_cells, u->cell_count - parameter_cells, sizeof *u->cells,
          compare_symbols);
    qsort(u->frees, u->free_count, sizeof *u->frees, compare_symbols);
    for (uint32_t i = 0; i < u->cell_count; i++) {
        if (i >= parameter_cells) u->cells[i]->reg = (uint16_t)next++;
        u->cells[i]->cell = u->cells[i]->reg;
    }
    u->free_register = (Reg)next;
    for (uint32_t i = 0; i < u->free_count; i++) {
        u->frees[i]->cell = (uint16_t)next++;
        if (u->frees[i]->place == PLACE_FREE) u->frees[i]->reg = u->frees[i]->cell;
    }
    u->first_temp = (Reg)next;
    u->top = u->max = next;
    if (next > MAX_REGISTERS) {
        kr_raise(kr_OverflowError, "function has too many local variables");
        kr_unit_raised(u->c);
        u->first_temp = 0;
        u->top = 0;
    }
}

Unit *kr_unit_new(Compiler *c, Unit *parent, Scope *scope, UnitKind kind, Identifier *name)
{
    Unit *u = kr_arena_alloc(c->arena, sizeof *u);
    u->c = c;
    u->parent = parent;
    u->scope = scope;
    u->kind = kind;
    u->private = parent ? parent->private : NULL;
    u->name = u->qualname = name ? kr_unit_str(c, name) : KR_NAME("<module>");
    u->docstring = NONE;
    kr_unit_label(u); /* 0: none */
    u->guards = grown(c->arena, NULL, 0, &u->guard_capacity, sizeof *u->guards, 8);
    u->guard_count = 1;
    place_variables(u);
    u->words = (u->variable_count + 63) / 64;
    u->assigned = new_set(u);
    u->unbindable = new_set(u);
    for (uint32_t i = 0; i < u->variable_count; i++) {
        if (u->variables[i]->flags & SYMBOL_PARAM) kr_unit_assign(u, (Reg)i);
        if (u->variables[i]->flags & SYMBOL_UNBOUND) u->unbindable[i / 64] |= UINT64_C(1) << i % 64;
    }
    return u;
}
