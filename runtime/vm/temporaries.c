/* temporaries.c: which operands of native code die with the running instruction.
 *
 * In `a*b + c` the product is a value that nobody can see: the addition may write its result into the
 * product's memory. Nothing counts references here, but the code of the running function can prove it. A value
 * has an origin when the running instruction P called the native code that made it directly: an operator on
 * the operands given, or a call of the callee given. It dies in instruction C when
 *
 *     - C runs in the same frame, called native code directly, and reads the value from a temporary register
 *       that P wrote;
 *     - from P to C control runs straight on, and no instruction between reads or writes that register;
 *     - no Python code ran in between, which might keep a value that C handed to it in an earlier pass, and
 *       give it back in P. Every function entered from a frame is described at frame - 1 (frame.h): so a mark is left
 *       there, which the entry overwrites.
 *
 * A value that went to a variable, or nowhere, dies unseen. But when P runs once more under the same mark, what it made
 * before is held by nobody if
 *
 *     - from P on, along every path, the value is only moved between registers, tested, or an operand of operators and
 *       a container of items, which keep nothing; not returned, not stored, not given to a call (stays_inside);
 *     - no register of this frame holds it now;
 *     - since then no frame object was made and no locals() were taken, which show variables, and nothing was
 *       collected, so that the place is still of the same code. Marks made before either are out of date. */
#include "runtime/vm/temporaries.h"

#include <stdlib.h>

#include "runtime/compile/compile.h"
#include "runtime/vm/interpreter.h"

enum { REACH = 64 }; /* how far P may stand before C, in words */

/* ---- The running instruction ---- */

static bool is_operator(uint16_t op)
{
    return (op >= OP_ADD && op <= OP_OR) || (op >= OP_LT && op <= OP_GE) || op == OP_GET_ITEM;
}
static bool is_immediate(uint16_t op)
{
    return (op >= OP_ADD_IMM && op <= OP_POW_IMM) || (op >= OP_LT_IMM && op <= OP_GE_IMM);
}
static bool is_unary(uint16_t op) { return op == OP_NEGATIVE || op == OP_POSITIVE || op == OP_INVERT; }
static bool is_call(uint16_t op)
{
    return op == OP_CALL || op == OP_CALL_METHOD || op == OP_CALL_KW || op == OP_CALL_METHOD_KW;
}

/* The instruction of the innermost frame, if it called for just this: else NULL. */
static const Instruction *direct(const Frame *frame, Value callee, const Value *operands, size_t n)
{
    if (!frame || !frame->code || !frame->next || !frame->registers) return NULL;
    const Instruction *i = frame->next - 1;
    uint16_t op = kr_opcode_generic[i->op];
    const Value *r = frame->registers;
    if (is_call(op)) return !is_empty(callee) && same(r[i->b], callee) ? i : NULL;
    if (!is_empty(callee) || n == 0 || !same(r[i->b], operands[0])) return NULL;
    if (is_unary(op)) return n == 1 ? i : NULL;
    if (is_immediate(op)) return n == 2 && same(operands[1], from_small_int((int16_t)i->c)) ? i : NULL;
    return is_operator(op) && n == 2 && same(r[i->c], operands[1]) ? i : NULL;
}

/* The register that holds operand k of the instruction. */
static uint32_t register_of(const Frame *frame, const Instruction *i, size_t k)
{
    uint16_t op = kr_opcode_generic[i->op];
    if (!is_call(op)) return k == 0 ? i->b : i->c;
    bool method = op == OP_CALL_METHOD || op == OP_CALL_METHOD_KW;
    /* Without a self, the callee was copied to where self would be. */
    bool shifted = method && same(frame->registers[i->b + 1], frame->registers[i->b]);
    return i->b + 1u + shifted + (uint32_t)k;
}

/* ---- Marks ---- */

/* A mark is an odd number where a pointer stands once a function was entered. Those up to `outdated` are renewed; at the last collection
 * `collected` was the last. */
static uint64_t serial, outdated, collected;

static uint64_t mark_of(const Frame *frame) { return (uint64_t)(uintptr_t)frame[-1].code; }

static bool has_room(const Frame *frame)
{
    return kr_self->stack_top + sizeof(Frame) / sizeof(Value) * 2 < (Value *)(frame - 1);
}

void kr_temporaries_forget(void) { outdated = serial | 1; }

static void collection_begins(KrTracer *tracer)
{
    (void)tracer;
    kr_temporaries_forget();
    collected = outdated;
}

static KrOrigin origin_at(Frame *frame, const Instruction *i)
{
    if (!i || !has_room(frame)) return (KrOrigin){0};
    uint64_t mark = mark_of(frame);
    if (!(mark & 1) || mark <= outdated) {
        if (!serial) kr_heap_add_tracer(collection_begins);
        mark = (serial += 2) | 1;
        frame[-1].code = (Code *)(uintptr_t)mark;
    }
    return (KrOrigin){i, mark};
}

KrOrigin kr_origin(KrValue callee, const KrValue *operands, size_t n)
{
    Frame *frame = kr_self->frame;
    return origin_at(frame, direct(frame, callee, operands, n));
}

KrOrigin kr_origin_native(const KrFunction *entry)
{
    Frame *frame = kr_self->frame;
    if (!frame || !frame->code || !frame->next || !frame->registers) return (KrOrigin){0};
    const Instruction *i = frame->next - 1;
    bool ours = is_call(kr_opcode_generic[i->op]) && kr_function_entry(frame->registers[i->b]) == entry;
    return origin_at(frame, ours ? i : NULL);
}

/* ---- The proof ---- */

static bool leaves_alone(const Instruction *i, uint16_t s)
{
    uint16_t op = kr_opcode_generic[i->op];
    if (op == OP_EXTRA) return true; /* seen with the instruction that owns it */
    if (strchr(kr_opcode_operands[op], 'J') || op == OP_RETURN) return false;
    if (op == OP_INPLACE_ADD && i->a == s) return false;
    return !kr_instruction_may_read(i, s) && !kr_instruction_may_write(i, s);
}

bool kr_dies_here(KrOrigin origin, KrValue callee, const KrValue *operands, size_t n, size_t k)
{
    const Frame *frame = kr_self->frame;
    const Instruction *from = origin.place, *at = from ? direct(frame, callee, operands, n) : NULL;
    if (!at || !has_room(frame) || mark_of(frame) != origin.mark) return false;
    const Code *code = frame->code;
    uint32_t s = register_of(frame, at, k);
    uint32_t temporaries = code->free_register + (uint32_t)tuple_of(code->free_names)->size;
    if (from < code->instructions || from >= at || at - from > REACH || s < temporaries) return false;
    if (from->a != s || !same(frame->registers[s], operands[k])) return false;
    for (const Instruction *i = from + 1; i < at; i++)
        if (!leaves_alone(i, (uint16_t)s)) return false;
    return is_call(kr_opcode_generic[at->op]) || at->a <= s;
}

/* ---- Values that stay inside ---- */

/* For each instruction the set of registers that may hold the value before it. */
enum { SET_WORDS = 4, MOST_REGISTERS = SET_WORDS * 64, MOST_CODE = 4000, MEMO = 512 };
typedef struct Set {
    uint64_t bits[SET_WORDS];
} Set;

typedef struct Flow {
    const Code *code;
    Set *before;
    uint32_t *waiting, waiting_count; /* instructions to look at again */
    bool *listed;
} Flow;

static bool holds(const Set *s, uint32_t r) { return r < MOST_REGISTERS && s->bits[r / 64] >> r % 64 & 1; }
static void add(Set *s, uint32_t r) { s->bits[r / 64] |= UINT64_C(1) << r % 64; }
static void drop(Set *s, uint32_t r) { s->bits[r / 64] &= ~(UINT64_C(1) << r % 64); }

/* Does it read or (letters "wx", "W") write a register of the set? Writes are dropped from it. */
static bool touches(const Instruction *i, const char *single, char many, Set *set, bool dropping)
{
    Instruction generic[2] = {*i, kr_opcode_has_extra[i->op] ? i[1] : (Instruction){0}};
    generic->op = kr_opcode_generic[i->op];
    const char *operands = kr_opcode_operands[generic->op];
    const uint16_t fields[3] = {i->a, i->b, i->c};
    bool found = false;
    for (int k = 0; k < 3 && operands[k] && !strchr("+KJI", operands[k]); k++) {
        bool several = operands[k] == many;
        if ((!several && !strchr(single, operands[k])) || fields[k] == NO_REGISTER) continue;
        uint32_t n = several ? kr_instruction_span(generic) : 1;
        for (uint32_t r = fields[k]; r < fields[k] + n && r < MOST_REGISTERS; r++) {
            found |= holds(set, r);
            if (dropping) drop(set, r);
        }
    }
    return found;
}

/* Methods and attributes of arrays that keep nothing of them. */
static bool is_harmless_name(const Code *code, const Instruction *i)
{
    static const char *const names[] = {"all", "any", "argmax", "argmin", "dot", "dtype", "item", "max", "mean", "min", "nbytes",
                                        "ndim", "prod", "shape", "size", "std", "sum", "tolist", "var", "T"};
    uint32_t index = i->c | (uint32_t)i[1].a << 16;
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if (kr_str_equal_ascii(tuple_of(code->names)->items[index], names[k])) return true;
    return false;
}

/* May an instruction that reads the value from a register of `set` keep it elsewhere than in registers? */
static bool keeps(const Code *code, const Instruction *i, const Set *set)
{
    uint16_t op = kr_opcode_generic[i->op];
    if (op == OP_GET_ITEM) return holds(set, i->c); /* list[x] keeps x */
    if (is_operator(op) || is_immediate(op) || is_unary(op)) return false;
    if ((op >= OP_INPLACE_ADD && op <= OP_INPLACE_OR) || op == OP_INPLACE_ADD_IMM || op == OP_INPLACE_SUB_IMM) return false;
    if (op >= OP_JUMP_IF_TRUE && op <= OP_JUMP_IF_NOT_NONE) return false;
    if (op == OP_SET_ITEM) return holds(set, i->c);
    if (op == OP_LOAD_METHOD || op == OP_LOAD_ATTR) return !is_harmless_name(code, i);
    return op != OP_MOVE && op != OP_CHECK_BOUND && op != OP_NOT && op != OP_IS && op != OP_IS_NOT;
}

/* Is the result the value itself? */
static bool passes_on(const Instruction *i, const Set *set)
{
    uint16_t op = kr_opcode_generic[i->op];
    bool same_object = op == OP_MOVE || (op >= OP_INPLACE_ADD && op <= OP_INPLACE_OR) || op == OP_INPLACE_ADD_IMM ||
                       op == OP_INPLACE_SUB_IMM;
    return same_object && holds(set, i->b);
}

static void flow_to(Flow *flow, uint32_t at, const Set *set)
{
    if (at >= flow->code->instruction_count) return;
    bool grown = false;
    for (int w = 0; w < SET_WORDS; w++) {
        grown |= (set->bits[w] & ~flow->before[at].bits[w]) != 0;
        flow->before[at].bits[w] |= set->bits[w];
    }
    if (!grown || flow->listed[at]) return;
    flow->listed[at] = true;
    flow->waiting[flow->waiting_count++] = at;
}

static void flow_on(Flow *flow, uint32_t at, const Set *set)
{
    const Instruction *i = &flow->code->instructions[at];
    uint16_t op = kr_opcode_generic[i->op];
    uint32_t next = at + 1 + kr_opcode_has_extra[op];
    if (op != OP_JUMP && op != OP_JUMP_BACK && op != OP_RAISE && op != OP_RETURN) flow_to(flow, next, set);
    if (strchr(kr_opcode_operands[op], 'J'))
        flow_to(flow, next + (uint32_t)instruction_imm(i[kr_opcode_has_extra[op]]), set);
}

static void flow_to_handler(Flow *flow, uint32_t at, const Set *set)
{
    const Guard *guard = kr_unwind_find_guard(flow->code, at);
    if (guard) flow_to(flow, guard->handler, set);
}

/* Follows the value that `place` makes; false as soon as something may keep it. */
static bool follow(Flow *flow, uint32_t place)
{
    Set set = {{0}};
    add(&set, flow->code->instructions[place].a);
    flow_on(flow, place, &set);
    while (flow->waiting_count) {
        uint32_t at = flow->waiting[--flow->waiting_count];
        const Instruction *i = &flow->code->instructions[at];
        flow->listed[at] = false;
        set = flow->before[at];
        flow_to_handler(flow, at, &set);
        if (touches(i, "rx", 'R', &set, false) && keeps(flow->code, i, &set)) return false;
        if (kr_opcode_generic[i->op] == OP_FORMAT_VALUE && holds(&set, i[1].a)) return false;
        bool more = passes_on(i, &set);
        touches(i, "wx", 'W', &set, true);
        if (more) add(&set, i->a);
        flow_on(flow, at, &set);
    }
    return true;
}

static bool analyse(const Code *code, uint32_t place)
{
    uint32_t n = code->instruction_count;
    if (code->register_count > MOST_REGISTERS || n > MOST_CODE) return false;
    Flow flow = {.code = code, .before = calloc(n, sizeof(Set) + sizeof(uint32_t) + sizeof(bool))};
    if (!flow.before) return false;
    flow.waiting = (uint32_t *)(flow.before + n);
    flow.listed = (bool *)(flow.waiting + n);
    bool inside = follow(&flow, place);
    free(flow.before);
    return inside;
}

/* analyse() of the running code, remembered until the next collection. */
static bool stays_inside(const Code *code, const Instruction *place)
{
    static struct {
        const Instruction *place;
        uint64_t mark; /* of when it was computed */
        bool inside;
    } memo[MEMO];
    size_t slot = ((uintptr_t)place >> 3) % MEMO;
    if (memo[slot].place != place || memo[slot].mark <= collected) {
        memo[slot].inside = analyse(code, (uint32_t)(place - code->instructions));
        memo[slot].place = place;
        memo[slot].mark = serial | 1;
    }
    return memo[slot].inside;
}

bool kr_is_forgotten(KrOrigin origin, KrValue value)
{
    const Frame *frame = kr_self->frame;
    if (origin.mark <= outdated || mark_of(frame) != origin.mark || frame->next - 1 != origin.place) return false;
    if (frame->flags & FRAME_GENERATOR || !stays_inside(frame->code, origin.place)) return false;
    for (uint32_t r = 0; r < frame->code->register_count; r++)
        if (same(frame->registers[r], value)) return false;
    return true;
}
