/* liveness.c: temporaries that no instruction will read.
 *
 * The register stack is scanned conservatively, and a temporary keeps its last value until it is written again: a call's
 * argument, an exception that was handled, a register reserved for a result that is still being computed. An automatic
 * collection lives with that. gc.collect() is asked for by scripts that want to see objects die (weak references,
 * __del__), so before it the frames of the calling thread are looked at, and dead temporaries emptied.
 *
 * What is live where one frame stands comes from the usual backward analysis over its code: for each instruction the set
 * of temporaries that are read before they are written, to the fixed point. An instruction that may raise leaves its
 * destination alone, so what its handler reads is live before it whatever it writes. Variables are never emptied:
 * locals() shows them. */
#include "runtime/vm/liveness.h"

#include <stdlib.h>

#include "runtime/compile/compile.h"
#include "runtime/vm/interpreter.h"

typedef struct Analysis {
    const Code *code;
    uint32_t first, words; /* the first temporary; 64-bit words of a set */
    uint64_t *sets;        /* live before each instruction */
} Analysis;

enum { LARGEST_CODE = 20000 }; /* instructions; longer ones are left alone */

static uint64_t *set_of(const Analysis *a, uint32_t at) { return a->sets + (size_t)at * a->words; }

static void add(const Analysis *a, uint64_t *set, uint32_t reg)
{
    if (reg >= a->first && reg < a->code->register_count)
        set[(reg - a->first) / 64] |= UINT64_C(1) << (reg - a->first) % 64;
}
static void drop(const Analysis *a, uint64_t *set, uint32_t reg)
{
    if (reg >= a->first && reg < a->code->register_count)
        set[(reg - a->first) / 64] &= ~(UINT64_C(1) << (reg - a->first) % 64);
}

static void add_all(const Analysis *a, uint64_t *set, const uint64_t *other)
{
    for (uint32_t w = 0; w < a->words; w++) set[w] |= other[w];
}

/* Adds what the instruction reads, or drops what it writes. */
static void apply(const Analysis *a, const Instruction *i, uint64_t *set, bool reads)
{
    Instruction generic[2] = {*i, kr_opcode_has_extra[i->op] ? i[1] : (Instruction){0}};
    generic->op = kr_opcode_generic[i->op];
    const char *operands = kr_opcode_operands[generic->op];
    const uint16_t fields[3] = {i->a, i->b, i->c};
    for (int k = 0; k < 3 && operands[k] && operands[k] != '+'; k++) {
        char kind = operands[k];
        if (kind == 'K' || kind == 'J' || kind == 'I') break;
        bool many = kind == 'R' || kind == 'W', read = kind == 'r' || kind == 'x' || kind == 'R';
        if (!strchr("rxwRW", kind) || read != reads || fields[k] == NO_REGISTER) continue;
        uint32_t n = many ? kr_instruction_span(generic) : 1;
        for (uint32_t j = 0; j < n && j < a->code->register_count; j++)
            if (reads)
                add(a, set, fields[k] + j);
            else
                drop(a, set, fields[k] + j);
    }
    if (reads && generic->op == OP_FORMAT_VALUE) add(a, set, generic[1].a);
}

static bool goes_on(uint16_t op)
{
    return op != OP_JUMP && op != OP_JUMP_BACK && op != OP_RETURN && op != OP_RAISE &&
           op != OP_RAISE_AGAIN && op != OP_RERAISE;
}

/* What is live when the instruction has been executed, by any way out of it. */
static void live_after(const Analysis *a, uint32_t at, uint64_t *set)
{
    const Instruction *i = &a->code->instructions[at];
    uint16_t op = kr_opcode_generic[i->op];
    uint32_t next = at + 1 + kr_opcode_has_extra[op];
    memset(set, 0, a->words * sizeof *set);
    if (goes_on(op) && next < a->code->instruction_count) add_all(a, set, set_of(a, next));
    if (!strchr(kr_opcode_operands[op], 'J')) return;
    uint32_t target = next + (uint32_t)instruction_imm(i[kr_opcode_has_extra[op]]);
    if (target < a->code->instruction_count) add_all(a, set, set_of(a, target));
}

static void add_handler(const Analysis *a, uint32_t at, uint64_t *set, uint64_t *scratch)
{
    const Guard *guard = kr_unwind_find_guard(a->code, at);
    if (!guard) return;
    memcpy(scratch, set_of(a, guard->handler), a->words * sizeof *scratch);
    drop(a, scratch, guard->target);
    add_all(a, set, scratch);
}

/* One pass from the end to the beginning; has any set grown? */
static bool pass(const Analysis *a, uint64_t *set, uint64_t *scratch)
{
    bool grown = false;
    for (uint32_t at = a->code->instruction_count; at-- > 0;) {
        const Instruction *i = &a->code->instructions[at];
        if (i->op == OP_EXTRA) continue;
        live_after(a, at, set);
        apply(a, i, set, false);
        apply(a, i, set, true);
        add_handler(a, at, set, scratch);
        uint64_t *known = set_of(a, at);
        for (uint32_t w = 0; w < a->words; w++) grown |= (set[w] & ~known[w]) != 0;
        add_all(a, known, set);
    }
    return grown;
}

static uint32_t first_temporary(const Code *code)
{
    uint32_t first = code->free_register + (uint32_t)tuple_of(code->free_names)->size;
    uint32_t variables = (uint32_t)tuple_of(code->variables)->size;
    if (variables > first) first = variables;
    for (size_t i = 0; i < tuple_of(code->cell_names)->size; i++)
        if (code->cell_registers[i] + 1u > first) first = code->cell_registers[i] + 1u;
    return first;
}

/* What is live in a frame whose `next` is there. It either calls out of the instruction before, a native callee of which
 * may look at its arguments yet; or is about to begin: finalizers and trace functions run where a function is entered,
 * with no instruction before, and where a generator goes on, at a YIELD_FROM that runs again. */
static void live_in_frame(const Analysis *a, uint32_t next, uint64_t *live, uint64_t *scratch)
{
    uint32_t at = next;
    while (at > 0 && a->code->instructions[--at].op == OP_EXTRA) {}
    memset(live, 0, a->words * sizeof *live);
    if (next > 0) {
        live_after(a, at, live);
        add_handler(a, at, live, scratch);
        apply(a, &a->code->instructions[at], live, true);
    }
    if (next < a->code->instruction_count) add_all(a, live, set_of(a, next));
}

/* Empties the dead temporaries of one frame below `limit`. */
static void clear_frame(const Frame *frame, const Value *limit)
{
    const Code *code = frame->code;
    Analysis a = {code, first_temporary(code), 0, NULL};
    if (a.first >= code->register_count || code->instruction_count > LARGEST_CODE) return;
    a.words = (code->register_count - a.first + 63) / 64;
    a.sets = calloc((size_t)(code->instruction_count + 2) * a.words, sizeof(uint64_t));
    if (!a.sets) return;
    uint64_t *live = set_of(&a, code->instruction_count), *scratch = live + a.words;
    while (pass(&a, live, scratch)) {}
    live_in_frame(&a, (uint32_t)(frame->next - code->instructions), live, scratch);
    for (uint32_t reg = a.first; reg < code->register_count && frame->registers + reg < limit;
         reg++)
        if (!(live[(reg - a.first) / 64] >> (reg - a.first) % 64 & 1))
            frame->registers[reg] = EMPTY;
    free(a.sets);
}

/* Windows on the thread's stack overlap: what is called out of one begins within it, be it directly or beyond frames of
 * generators, whose registers are in their own cells. `lowest` is where the windows of the frames looked at begin. */
void kr_liveness_clear_frames(void)
{
    const Thread *self = kr_self;
    const Value *lowest = self->stack_top;
    for (const Frame *frame = self->frame; frame; frame = frame->previous) {
        bool on_stack = frame->registers >= self->stack && frame->registers <= self->stack_top;
        const Value *limit = frame->registers + frame->code->register_count;
        if (on_stack && lowest < limit) limit = lowest;
        clear_frame(frame, limit);
        if (on_stack && frame->registers < lowest) lowest = frame->registers;
    }
}
