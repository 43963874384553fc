/* strings.c: `s += t` in a loop, in time proportional to t.
 *
 * A str is immutable, and nothing counts who holds one. But the code of a function can prove that nobody does: if,
 * within the outermost loop around the instruction, its register s is read by no instruction but `s += ...`
 * (and by conditional jumps), then a str that the instruction made in this loop and this run of the function is held
 * by that register alone, and it may grow in its cell, which is allocated with room to spare.
 *
 * "In this loop and this run" is a serial number: the frame gets a new one whenever another loop starts growing strs
 * in it, or when its registers are shown to anybody (kr_strings_settle), and each str that grows carries the number
 * in the five bytes that Str leaves unused. Numbers are never used again. */
#include "runtime/vm/interpreter.h"

enum { VERDICT_UNKNOWN, VERDICT_NO, VERDICT_LOOP }; /* VERDICT_LOOP + the loop's first instruction */

#define SERIAL_BITS 40

/* ---- The proof ---- */

static bool is_back_jump(const Instruction *i, uint32_t at, uint32_t *target)
{
    if (kr_opcode_generic[i->op] != OP_JUMP_BACK) return false;
    *target = at + 1 + (uint32_t)instruction_imm(*i);
    return true;
}

/* The outermost loop around `at`: the union of all backward jumps' ranges that overlap. Guards whose handler stands
 * before what they guard jump back too. */
static bool find_loop(const Code *code, uint32_t at, uint32_t *begin, uint32_t *end)
{
    *begin = at;
    *end = at + 1;
    bool found = false, grown = true;
    while (grown) {
        grown = false;
        for (uint32_t j = 0; j < code->instruction_count + code->guard_count; j++) {
            uint32_t from, to;
            if (j < code->instruction_count) {
                if (!is_back_jump(&code->instructions[j], j, &from)) continue;
                to = j + 1;
            } else {
                const Guard *guard = &code->guards[j - code->instruction_count];
                if (guard->handler >= guard->end) continue;
                from = guard->handler;
                to = guard->end;
            }
            if (from >= *end || to <= *begin || (from >= *begin && to <= *end)) {
                found |= from <= at && at < to;
                continue;
            }
            if (from < *begin) *begin = from;
            if (to > *end) *end = to;
            found = grown = true;
        }
    }
    return found;
}

/* Whether an instruction may read register s, other than by growing or testing it. */
static bool may_read(const Instruction *i, uint16_t s)
{
    uint16_t op = kr_opcode_generic[i->op];
    if (op == OP_EXTRA) return false; /* seen with the instruction that owns it */
    if (op == OP_INPLACE_ADD && i->a == s && i->b == s) return i->c == s;
    if (op >= OP_JUMP_IF_TRUE && op <= OP_JUMP_IF_NOT_NONE) return false;
    const char *operands = kr_opcode_operands[op];
    const uint16_t fields[3] = {i->a, i->b, i->c};
    for (int k = 0; k < 3 && operands[k] && operands[k] != '+'; k++) {
        char kind = operands[k];
        if ((kind == 'r' || kind == 'x') && fields[k] == s) return true;
        if (kind == 'R' && fields[k] <= s) return true;
        if (kind == 'K' || kind == 'J' || kind == 'I') break;
    }
    return op == OP_FORMAT_VALUE && i[1].a == s;
}

static uint32_t decide(const Code *code, uint32_t at)
{
    uint16_t s = code->instructions[at].a;
    uint32_t begin, end;
    if (code->flags & CODE_ANY_GENERATOR || s >= tuple_of(code->variables)->size) return VERDICT_NO;
    if (!find_loop(code, at, &begin, &end)) return VERDICT_NO;
    for (uint32_t i = begin; i < end; i++)
        if (may_read(&code->instructions[i], s)) return VERDICT_NO;
    return VERDICT_LOOP + begin;
}

/* code->cache_values holds one verdict an instruction. */
static uint32_t verdict_of(Code *code, uint32_t at)
{
    uint32_t *verdicts = code->cache_values;
    if (!verdicts) {
        verdicts = kr_heap_bytes(code->instruction_count * sizeof(uint32_t));
        if (!verdicts) {
            kr_clear_exception();
            return VERDICT_NO;
        }
        code->cache_values = verdicts;
    }
    if (verdicts[at] == VERDICT_UNKNOWN) verdicts[at] = decide(code, at);
    return verdicts[at];
}

/* ---- Growth ---- */

static uint64_t serial_of(const Str *s)
{
    uint64_t serial = 0;
    memcpy(&serial, s->unused, sizeof s->unused);
    return serial;
}

static void set_serial(Str *s, uint64_t serial) { memcpy(s->unused, &serial, sizeof s->unused); }

static uint64_t next_serial(void)
{
    static _Atomic uint64_t serial;
    return (atomic_fetch_add(&serial, 1) + 1) & ((UINT64_C(1) << SERIAL_BITS) - 1);
}

static void append_points(Str *to, const Str *from)
{
    char *data = to->data + to->length * to->width;
    if (to->width == from->width) {
        memcpy(data, from->data, from->length * from->width);
    } else {
        for (size_t i = 0; i < from->length; i++) {
            uint32_t point = str_at(from, i);
            if (to->width == 2) ((uint16_t *)(void *)data)[i] = (uint16_t)point;
            else ((uint32_t *)(void *)data)[i] = point;
        }
    }
    to->length += from->length;
    memset(to->data + to->length * to->width, 0, to->width);
}

void kr_strings_settle(Frame *frame) { frame->flags &= ~(uint32_t)FRAME_GROWING; }

Value kr_strings_grow(Frame *frame, const Instruction *i, Value a, Value b)
{
    Str *s = str_of(a), *t = str_of(b);
    if (t->length == 0) return a;
    if (s->length == 0) return b;
    uint32_t verdict = verdict_of(frame->code, (uint32_t)(i - frame->code->instructions));
    if (verdict == VERDICT_NO) return kr_str_concat(a, b);
    if (!(frame->flags & FRAME_GROWING) || frame->growing_loop != verdict) {
        frame->flags |= FRAME_GROWING;
        frame->growing_loop = verdict;
        frame->growing_serial = next_serial();
    }
    size_t length = s->length + t->length;
    if (serial_of(s) == frame->growing_serial && t->width <= s->width &&
        (length + 1) * s->width <= kr_heap_cell_size(s) - offsetof(Str, data)) {
        s->ascii &= t->ascii;
        s->hash = 0;
        append_points(s, t);
        return a;
    }
    int width = s->width > t->width ? s->width : t->width;
    Str *larger = kr_str_alloc(length + length / 2 + 32, width, s->ascii && t->ascii);
    if (!larger) return EMPTY;
    larger->length = 0;
    append_points(larger, s);
    append_points(larger, t);
    set_serial(larger, frame->growing_serial);
    return from_object(larger);
}
