/* assemble.c: a unit's instruction list to a Code object: addresses, jump distances, inline
 * caches, guards, positions. */
#include <string.h>

#include "runtime/compile/compiler.h"
#include "runtime/objects/tuple.h"

static Value tuple_from(const Value *items, uint32_t count)
{
    Tuple *tuple = kr_tuple_alloc(count);
    if (!tuple) return EMPTY;
    if (count) memcpy(tuple->items, items, count * sizeof(Value));
    return from_object(tuple);
}

/* The names of symbols as a tuple of str. */
static Value names_of(Compiler *c, Symbol *const *symbols, uint32_t count)
{
    Tuple *tuple = kr_tuple_alloc(count);
    if (!tuple) return EMPTY;
    for (uint32_t i = 0; i < count; i++) tuple->items[i] = NONE;
    for (uint32_t i = 0; i < count; i++) tuple->items[i] = kr_unit_str(c, symbols[i]->name);
    return from_object(tuple);
}

/* Does the EXTRA of this instruction hold a cache index? */
static bool has_cache(uint16_t op)
{
    const char *plus = strchr(kr_opcode_operands[op], '+');
    return plus && strchr(plus, 'C');
}

/* Index of every instruction in the result; returns how many there are. */
static uint32_t number_instructions(const Unit *u, uint32_t *index)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < u->count; i++) {
        index[i] = n;
        if (u->ins[i].flags & INS_DELETED) continue;
        n += u->ins[i].flags & INS_RETURN_NONE ? 2 : 1;
    }
    index[u->count] = n;
    return n;
}

static void set_immediate(Instruction *ins, int32_t value)
{
    ins->b = (uint16_t)value;
    ins->c = (uint16_t)((uint32_t)value >> 16);
}

static void emit_all(Unit *u, const uint32_t *index, Instruction *out, Position *positions,
                     uint32_t *cache_count)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < u->count; i++) {
        const Ins *ins = &u->ins[i];
        if (ins->flags & INS_DELETED) continue;
        if (ins->flags & INS_RETURN_NONE) {
            positions[n] = positions[n + 1] = ins->at;
            out[n++] = (Instruction){OP_LOAD_IMMEDIATE, ins->a, (uint16_t)NONE.bits, 0};
            out[n++] = (Instruction){OP_RETURN, ins->a, 0, 0};
            continue;
        }
        out[n] = (Instruction){ins->op, ins->a, ins->b, ins->c};
        positions[n] = ins->at;
        if (ins->label) {
            int64_t target = index[u->labels[ins->label].at];
            set_immediate(&out[n], (int32_t)(target - (int64_t)n - 1));
        }
        if (ins->op == OP_EXTRA && n > 0 && has_cache(out[n - 1].op))
            set_immediate(&out[n], (int32_t)(*cache_count)++);
        n++;
    }
}

/* Runs of instructions under one guard; instructions under none are between them. */
static uint32_t collect_guards(const Unit *u, const uint32_t *index, Guard *out)
{
    uint32_t n = 0;
    uint16_t open = 0;
    for (uint32_t i = 0; i < u->count; i++) {
        const Ins *ins = &u->ins[i];
        if (ins->flags & INS_DELETED) continue;
        uint32_t end = index[i] + (ins->flags & INS_RETURN_NONE ? 2 : 1);
        if (ins->guard && ins->guard == open) {
            if (out) out[n - 1].end = end;
        } else if (ins->guard) {
            const GuardContext *g = &u->guards[ins->guard];
            if (out)
                out[n] = (Guard){.begin = index[i],
                                 .end = end,
                                 .handler = index[u->labels[g->handler].at],
                                 .target = g->target};
            n++;
        }
        open = ins->guard;
    }
    return n;
}

Value kr_assemble(Unit *u)
{
    Compiler *c = u->c;
    kr_peephole_run(u);
    uint32_t *index = kr_arena_alloc(c->arena, (u->count + 1) * sizeof *index);
    uint32_t count = number_instructions(u, index);
    Code *code = kr_code_alloc();
    if (!code) return EMPTY;
    Value result = from_object(code);
    code->name = u->name;
    code->qualname = u->qualname;
    code->filename = c->filename;
    code->docstring = u->docstring;
    code->constants = tuple_from(u->constants, u->constant_count);
    code->names = tuple_from(u->names, u->name_count);
    code->variables = names_of(c, u->variables, u->variable_count);
    code->cell_names = names_of(c, u->cells, u->cell_count);
    code->free_names = names_of(c, u->frees, u->free_count);
    if (is_empty(code->constants) || is_empty(code->names) || is_empty(code->variables) ||
        is_empty(code->cell_names) || is_empty(code->free_names))
        return EMPTY;
    code->argument_count = u->argument_count;
    code->positional_only_count = u->positional_only_count;
    code->keyword_only_count = u->keyword_only_count;
    code->flags = u->flags;
    code->free_register = u->free_register;
    code->register_count = u->max;
    code->first_line = u->first_line;
    code->cell_registers = kr_heap_bytes((u->cell_count + 1) * sizeof *code->cell_registers);
    if (!code->cell_registers) return EMPTY;
    for (uint32_t i = 0; i < u->cell_count; i++) code->cell_registers[i] = u->cells[i]->reg;
    code->instructions = kr_heap_bytes((count + 1) * sizeof *code->instructions);
    if (!code->instructions) return EMPTY;
    code->positions = kr_heap_bytes((count + 1) * sizeof *code->positions);
    if (!code->positions) return EMPTY;
    emit_all(u, index, code->instructions, code->positions, &code->cache_count);
    code->instruction_count = count;
    uint32_t guards = collect_guards(u, index, NULL);
    code->guards = kr_heap_bytes((guards + 1) * sizeof *code->guards);
    if (!code->guards) return EMPTY;
    code->guard_count = collect_guards(u, index, code->guards);
    code->caches = kr_heap_bytes((code->cache_count + 1) * sizeof *code->caches);
    if (!code->caches) return EMPTY;
    return result;
}
