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
 *       there, which the entry overwrites. */
#include "runtime/vm/interpreter.h"

enum { REACH = 64 }; /* how far P may stand before C, in words */

/* ---- The running instruction ---- */

static bool is_operator(uint16_t op) { return op >= OP_ADD && op <= OP_OR; }
static bool is_unary(uint16_t op) { return op == OP_NEGATIVE || op == OP_INVERT; }
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

/* A mark is an odd number where a pointer stands once a function was entered. */
static uint64_t mark_of(const Frame *frame) { return (uint64_t)(uintptr_t)frame[-1].code; }

static bool has_room(const Frame *frame)
{
    return kr_self->stack_top + sizeof(Frame) / sizeof(Value) * 2 < (Value *)(frame - 1);
}

KrOrigin kr_origin(KrValue callee, const KrValue *operands, size_t n)
{
    static _Thread_local uint64_t serial;
    Frame *frame = kr_self->frame;
    const Instruction *i = direct(frame, callee, operands, n);
    if (!i || !has_room(frame)) return (KrOrigin){0};
    if (!(mark_of(frame) & 1)) frame[-1].code = (Code *)(uintptr_t)((serial += 2) | 1);
    return (KrOrigin){i, mark_of(frame)};
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
