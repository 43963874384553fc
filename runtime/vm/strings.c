/* strings.c: `s += t` in a loop, in time proportional to t.
 *
 * A str is immutable, and nothing counts who holds one. But the code of a function can prove that
 * nobody does. Let L be a loop in which register s is read by no instruction but `s += ...` (and by
 * conditional jumps). A str that the instruction made while L runs is held by that register alone,
 * and may grow in its cell, which is allocated with room to spare, if L cannot be entered again
 * with a str in s that was seen in between:
 *
 *     - L is inside no other loop, so that it runs once in a call; or
 *     - a `s = constant` stands before L, and code from there to L's end is entered only there and
 *       assigns nothing but constants to s.
 *
 * "While L runs" is a serial number: the frame gets a new one whenever another loop starts
 * growing strs in it, or when its registers are shown to anybody (kr_strings_settle), and each
 * str that grows carries the number in the five bytes that Str leaves unused. Numbers are never
 * used again. */
#include "runtime/memory/lasting.h"
#include "runtime/vm/interpreter.h"

/* VERDICT_LOOP is added to the loop's first instruction. */
enum { VERDICT_UNKNOWN, VERDICT_NO, VERDICT_LOOP };

#define SERIAL_BITS 40

/* ---- The proof ---- */

typedef struct Range { /* of instructions */
    uint32_t begin, end;
} Range;

static bool holds(Range outer, Range inner)
{
    return inner.begin >= outer.begin && inner.end <= outer.end;
}
static bool overlap(Range a, Range b) { return a.begin < b.end && b.begin < a.end; }

/* Where an instruction may jump to, if it jumps. */
static bool find_target(const Code *code, uint32_t at, uint32_t *target)
{
    const Instruction *i = &code->instructions[at];
    const char *operands = kr_opcode_operands[i->op];
    if (!strchr(operands, 'J')) return false;
    bool extra = kr_opcode_has_extra[i->op];
    *target = at + 1 + extra + (uint32_t)instruction_imm(i[extra]);
    return true;
}

/* The n-th way back in the code: a backward jump, or a guard whose handler stands before what it
 * guards. */
static bool find_loop(const Code *code, uint32_t n, Range *loop)
{
    if (n < code->instruction_count) {
        loop->end = n + 1;
        return find_target(code, n, &loop->begin) && loop->begin <= n;
    }
    const Guard *guard = &code->guards[n - code->instruction_count];
    *loop = (Range){guard->handler, guard->end};
    return guard->handler < guard->end;
}

/* Makes the range whole: with `outer`, every loop that it touches lies inside; else none lies
 * half inside. */
static void close_range(const Code *code, Range *range, bool outer)
{
    for (bool grown = true; grown;) {
        grown = false;
        for (uint32_t n = 0; n < code->instruction_count + code->guard_count; n++) {
            Range loop;
            if (!find_loop(code, n, &loop) || !overlap(loop, *range) || holds(*range, loop))
                continue;
            if (!outer && holds(loop, *range)) continue;
            if (loop.begin < range->begin) range->begin = loop.begin;
            if (loop.end > range->end) range->end = loop.end;
            grown = true;
        }
    }
}

/* Whether an instruction may read register s, other than by growing or testing it. */
bool kr_instruction_may_read(const Instruction *i, uint16_t s)
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

/* Whether it may write s, other than by growing it. */
bool kr_instruction_may_write(const Instruction *i, uint16_t s)
{
    uint16_t op = kr_opcode_generic[i->op];
    if (op == OP_EXTRA || (op == OP_INPLACE_ADD && i->a == s && i->b == s)) return false;
    const char *operands = kr_opcode_operands[op];
    const uint16_t fields[3] = {i->a, i->b, i->c};
    for (int k = 0; k < 3 && operands[k] && operands[k] != '+'; k++) {
        if ((operands[k] == 'w' || operands[k] == 'x') && fields[k] == s) return true;
        if (operands[k] == 'W' && fields[k] <= s) return true;
    }
    return false;
}

static bool is_read_in(const Code *code, Range range, uint16_t s)
{
    for (uint32_t i = range.begin; i < range.end; i++)
        if (kr_instruction_may_read(&code->instructions[i], s)) return true;
    return false;
}

/* The second of the two conditions above. */
static bool starts_from_constant(const Code *code, Range loop, uint16_t s)
{
    uint32_t begin = loop.begin;
    do {
        if (begin-- == 0) return false;
    } while (!kr_instruction_may_write(&code->instructions[begin], s));
    Range region = {begin, loop.end};
    for (uint32_t i = region.begin; i < region.end; i++)
        if (kr_instruction_may_write(&code->instructions[i], s) && code->instructions[i].op != OP_LOAD_CONST)
            return false;
    for (uint32_t i = 0, target; i < code->instruction_count; i++)
        if ((i < region.begin || i >= region.end) && find_target(code, i, &target) &&
            target > region.begin && target < region.end)
            return false;
    for (uint32_t g = 0; g < code->guard_count; g++) {
        const Guard *guard = &code->guards[g];
        if (guard->target == s) return false;
        if (guard->handler > region.begin && guard->handler < region.end &&
            !holds(region, (Range){guard->begin, guard->end}))
            return false;
    }
    return true;
}

static uint32_t decide(const Code *code, uint32_t at)
{
    uint16_t s = code->instructions[at].a;
    Range site = {at, at + 1}, outermost = site, best = {0, 0};
    if (code->flags & CODE_ANY_GENERATOR || s >= tuple_of(code->variables)->size) return VERDICT_NO;
    close_range(code, &outermost, true);
    if (outermost.end - outermost.begin > 1 && !is_read_in(code, outermost, s))
        return VERDICT_LOOP + outermost.begin;
    for (uint32_t n = 0; n < code->instruction_count + code->guard_count; n++) {
        Range loop;
        if (!find_loop(code, n, &loop) || !holds(loop, site)) continue;
        close_range(code, &loop, false);
        if (loop.end - loop.begin > best.end - best.begin && !is_read_in(code, loop, s))
            best = loop;
    }
    return best.end && starts_from_constant(code, best, s) ? VERDICT_LOOP + best.begin : VERDICT_NO;
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
        kr_heap_lasting_changed(code);
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
            if (to->width == 2)
                ((uint16_t *)(void *)data)[i] = (uint16_t)point;
            else
                ((uint32_t *)(void *)data)[i] = point;
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
