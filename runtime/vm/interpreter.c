/* interpreter.c: the dispatch loop, the register stacks, and what happens at the edges of frames.
 *
 * The loop keeps in C locals: the thread, the frame, its registers r, the next instruction pc, the
 * constants, and the current instruction word. Python calls, generator resumptions and property
 * getters push a Frame and go on in the same loop; only calls that pass through C enter it again.
 * An instruction leaves through NEXT(), or through one of the labels at the end: error (the
 * thread's exception is set), binary/compare (the slow half of operators), push_function, call,
 * construct, called, returning, yielding.
 *
 * `labels` is the dispatch table in use: the plain one, or while a trace or profile function is set
 * one that leads every instruction to `traced`, so that tracing costs nothing when it is off. It is
 * chosen anew wherever thread->interrupt is polled: at jumps back, at entry to functions and after
 * native calls.
 *
 * The pragma keeps one indirect jump in each body, and short loops of stores from becoming calls
 * of memset. */
#pragma GCC optimize("no-gcse", "no-crossjumping", "no-tree-loop-distribute-patterns")
#include "runtime/vm/interpreter.h"

#include <stdio.h>

#include "runtime/objects/hooks.h"
#include "runtime/objects/iterators.h"
#include "runtime/objects/list.h"
#include "runtime/objects/module.h"
#include "runtime/objects/set.h"

#define STACK_SLACK 64 /* registers above register_limit that may be scribbled on */

uint32_t kr_vm_recursion_limit = 1000;
bool kr_vm_finalizing, kr_vm_dump;

/* ---- Stacks ---- */

static void limit_frames(Thread *self)
{
    size_t room =
        (size_t)((char *)self->frame_base - (char *)(self->register_limit + STACK_SLACK)) /
        sizeof(Frame);
    size_t limit = kr_vm_recursion_limit < room ? kr_vm_recursion_limit : room;
    self->frame_limit = self->frame_base - limit;
}

/* Frames are larger than the windows of most functions: they get half of the thread's stack. */
void kr_interpreter_divide_stack(Thread *self)
{
    size_t bytes = (size_t)((char *)self->stack_limit - (char *)self->stack);
    self->register_limit = self->stack + bytes / 2 / sizeof(Value) - STACK_SLACK;
    self->frame_base = (Frame *)((char *)self->stack + bytes / sizeof(Frame) * sizeof(Frame));
    limit_frames(self);
}

static void limit_thread(Thread *thread, void *context)
{
    (void)context;
    if (thread->frame_base) limit_frames(thread);
}

void kr_vm_set_recursion_limit(uint32_t limit)
{
    kr_vm_recursion_limit = kr_recursion_limit = limit;
    kr_thread_each(limit_thread, NULL);
}

uint32_t kr_vm_depth(void)
{
    return kr_self->frame ? (uint32_t)(kr_self->frame_base - kr_self->frame) : 0;
}

Value kr_interpreter_raise_recursion(const char *where)
{
    return kr_raise(kr_RecursionError, "maximum recursion depth exceeded%s", where);
}

/* ---- Edges ---- */

int kr_interpreter_leave(Thread *self, Frame *frame, Value value)
{
    return frame->flags & FRAME_PROFILED ? kr_tracing_return(self, frame, value) : 0;
}

/* What stack_top was before an entry frame was pushed. */
static inline Value *entry_top(const Frame *frame)
{
    return frame->flags & FRAME_GENERATOR ? frame->top : frame->registers;
}

/* Handles what is in thread->interrupt besides tracing. */
static int poll_interrupts(Thread *self)
{
    if (self->interrupt & ~(uint32_t)INTERRUPT_TRACE) return kr_thread_safepoint();
    return 0;
}

void kr_interpreter_dump(const Frame *frame, const Instruction *i)
{
    fprintf(stderr, "%*s%4d %-24s %5u %5u %5u\n", (int)(kr_vm_depth() % 40), "",
            (int)(i - frame->code->instructions), kr_opcode_names[i->op], i->a, i->b, i->c);
}

/* ---- Small arithmetic of the bodies ---- */

static inline int64_t floor_divide(int64_t x, int64_t d) /* d > 0 */
{
    int64_t q;
    if (((uint64_t)x | (uint64_t)d) >> 32 == 0) return (int64_t)((uint32_t)x / (uint32_t)d);
    q = x / d;
    return q - (q * d > x);
}

static inline int64_t floor_modulo(int64_t x, int64_t d) /* d > 0 */
{
    int64_t m;
    if (((uint64_t)x | (uint64_t)d) >> 32 == 0) return (int64_t)((uint32_t)x % (uint32_t)d);
    m = x % d;
    return m < 0 ? m + d : m;
}

static inline int truth_of(Value v)
{
    if (is_int(v)) return int_of(v) != 0;
    if (is_object(v)) {
        const Type *type = ((Object *)object_of(v))->type;
        if (type == &kr_list_type) return list_of(v)->size != 0;
        if (type == &kr_str_type) return str_of(v)->length != 0;
        if (type == &kr_dict_type) return dict_of(v)->used != 0;
        if (type == &kr_tuple_type) return tuple_of(v)->size != 0;
    }
    return kr_truth(v);
}

/* A method found in one class may be called with an instance of another. */
static inline bool descriptor_applies(const Builtin *descriptor, Value v)
{
    const Type *type = type_of(v), *owner = object_of(descriptor->owner);
    return type == owner || kr_is_subtype(type, owner);
}

/* ---- The loop ---- */

typedef uint64_t __attribute__((may_alias)) InstructionWord;

static inline int32_t instruction_imm_b(const Instruction *i) { return instruction_imm(*i); }

#define A ((uint16_t)(word >> 16))
#define B ((uint16_t)(word >> 32))
#define C ((uint16_t)(word >> 48))
#define IMM ((int16_t)(word >> 48))
#define BC ((int32_t)(word >> 32))
#define HERE ((Instruction *)pc - 1)
#define NAME_BY(operand) name_at(frame->code, (operand) | (uint32_t)pc->a << 16)
#define NAME NAME_BY(C)
#define CACHE() (&frame->code->caches[instruction_imm(*pc)])
#define ATTRS(object, cache) ((Attrs *)((char *)(object) + (cache)->kind))

#ifdef KRAIT_DEBUG
#define DUMP() (UNLIKELY(kr_vm_dump) ? kr_interpreter_dump(frame, pc) : (void)0)
#else
#define DUMP() ((void)0)
#endif

#define NEXT()                                 \
    do {                                       \
        DUMP();                                \
        word = *(const InstructionWord *)pc++; \
        goto *labels[(uint16_t)word];          \
    } while (0)
#define SAVE() (frame->next = pc)
#define SET_RESULT(expression)                       \
    do {                                             \
        Value result_ = (expression);                \
        if (UNLIKELY(is_empty(result_))) goto error; \
        r[A] = result_;                              \
        NEXT();                                      \
    } while (0)
/* The same where the expression may run any code. */
#define CALL_OUT(expression)    \
    do {                        \
        SAVE();                 \
        SET_RESULT(expression); \
    } while (0)
#define LOAD_FRAME()                                         \
    do {                                                     \
        r = frame->registers;                                \
        pc = frame->next;                                    \
        constants = tuple_of(frame->code->constants)->items; \
    } while (0)
/* Goes on in a frame that was pushed; its value is for register `to` of this one. */
#define ENTER(pushed, to)                  \
    do {                                   \
        (pushed)->result = (uint16_t)(to); \
        frame = (pushed);                  \
        goto entered;                      \
    } while (0)
/* Calls C with the arguments at args: what stands above them in the window is dead, and not to
 * be scanned. */
#define CALL_NATIVE(expression)                                                       \
    do {                                                                              \
        SAVE();                                                                       \
        if (LIKELY(!(frame->flags & FRAME_GENERATOR))) self->stack_top = args + argc; \
        value = (expression);                                                         \
        self->stack_top = frame->top;                                                 \
        goto called;                                                                  \
    } while (0)
/* The variable's register shall not keep an object alive: the collector scans it. */
#define FORGET(value)                              \
    do {                                           \
        (value) = EMPTY;                           \
        __asm__ volatile("" : "+r"((value).bits)); \
    } while (0)
#define INTERRUPTED() (atomic_load_explicit(&self->interrupt, memory_order_relaxed) != 0)
#define REWRITE(name) __atomic_store_n(&HERE->op, OP_##name, __ATOMIC_RELEASE)
#define REWRITE_AND_REPEAT(name) \
    do {                         \
        REWRITE(name);           \
        goto L_##name;           \
    } while (0)
/* FOR_ITER is done: pc is at its EXTRA, whose distance counts from the word after it. */
#define JUMP_AT_END()                   \
    do {                                \
        pc += 1 + instruction_imm(*pc); \
        NEXT();                         \
    } while (0)

#define COMPARE_INTS(x, op, y) ((int64_t)((x).bits << 14) op(int64_t)((y).bits << 14))
/* A comparison whose result the next instruction tests becomes one with it. */
#define FUSE(name)                                                                   \
    do {                                                                             \
        if (pc->a == A && (pc->op == OP_JUMP_IF_TRUE || pc->op == OP_JUMP_IF_FALSE)) \
            REWRITE(name);                                                           \
    } while (0)
/* The two jumps' numbers differ in their lowest bit. */
#define JUMP_ON(truth)                                                                        \
    do {                                                                                      \
        uint64_t jump_ = *(const InstructionWord *)pc++;                                      \
        r[A] = from_bool(truth);                                                              \
        if ((truth) == (((jump_ ^ OP_JUMP_IF_FALSE) & 1) != 0)) pc += (int32_t)(jump_ >> 32); \
        NEXT();                                                                               \
    } while (0)
_Static_assert(((OP_JUMP_IF_TRUE ^ OP_JUMP_IF_FALSE) & 1) == 1,
               "JUMP_ON tells the two jumps apart by their lowest bit");

#define SUM(ints, op)                                   \
    Value x = r[B], y = r[C];                           \
    if (both_int(x, y)) {                               \
        if (LIKELY(ints(x, y, &r[A]))) NEXT();          \
    } else if (is_float(x) && is_float(y)) {            \
        r[A] = from_double(float_of(x) op float_of(y)); \
        NEXT();                                         \
    }                                                   \
    goto binary
#define SUM_IMM(ints, op)                                        \
    Value x = r[B];                                              \
    if (LIKELY(is_int(x))) {                                     \
        if (LIKELY(ints(x, from_small_int(IMM), &r[A]))) NEXT(); \
    } else if (is_float(x)) {                                    \
        r[A] = from_double(float_of(x) op(double) IMM);          \
        NEXT();                                                  \
    }                                                            \
    goto binary_immediate
/* 50-bit ints are exact doubles, so their quotient is rounded once, as Python asks. */
#define DIVIDE()                                                   \
    Value x = r[B], y = r[C];                                      \
    if (is_float(x) && is_float(y)) {                              \
        if (LIKELY(float_of(y) != 0)) {                            \
            r[A] = from_double(float_of(x) / float_of(y));         \
            NEXT();                                                \
        }                                                          \
    } else if (both_int(x, y) && LIKELY(int_of(y) != 0)) {         \
        r[A] = from_double((double)int_of(x) / (double)int_of(y)); \
        NEXT();                                                    \
    }                                                              \
    goto binary
#define DIVIDE_INTS(function)                                  \
    Value x = r[B], y = r[C];                                  \
    if (LIKELY(both_int(x, y) && int_of(y) > 0)) {             \
        r[A] = from_small_int(function(int_of(x), int_of(y))); \
        NEXT();                                                \
    }                                                          \
    goto binary
#define DIVIDE_INTS_IMM(function)                        \
    Value x = r[B];                                      \
    if (LIKELY(is_int(x) && IMM > 0)) {                  \
        r[A] = from_small_int(function(int_of(x), IMM)); \
        NEXT();                                          \
    }                                                    \
    goto binary_immediate
#define BITWISE(expression)         \
    Value x = r[B], y = r[C];       \
    if (LIKELY(both_int(x, y))) {   \
        r[A] = (Value){expression}; \
        NEXT();                     \
    }                               \
    goto binary
#define SHIFT_LEFT()                                            \
    Value x = r[B], y = r[C];                                   \
    if (LIKELY(both_int(x, y) && (uint64_t)int_of(y) < 48)) {   \
        int64_t v = int_of(x), n = int_of(y);                   \
        if (LIKELY(v >> (49 - n) == v >> 63)) {                 \
            r[A] = from_small_int((int64_t)((uint64_t)v << n)); \
            NEXT();                                             \
        }                                                       \
    }                                                           \
    goto binary
#define SHIFT_RIGHT()                                                          \
    Value x = r[B], y = r[C];                                                  \
    if (LIKELY(both_int(x, y) && int_of(y) >= 0)) {                            \
        r[A] = from_small_int(int_of(x) >> (int_of(y) < 63 ? int_of(y) : 63)); \
        NEXT();                                                                \
    }                                                                          \
    goto binary
#define COMPARE_NUMBERS(op, otherwise)      \
    Value x = r[B], y = r[C];               \
    bool truth;                             \
    if (both_int(x, y))                     \
        truth = COMPARE_INTS(x, op, y);     \
    else if (is_float(x) && is_float(y))    \
        truth = float_of(x) op float_of(y); \
    else                                    \
        goto otherwise
#define COMPARE_NUMBERS_IMM(op, otherwise)  \
    Value x = r[B];                         \
    bool truth;                             \
    if (LIKELY(is_int(x)))                  \
        truth = int_of(x) op IMM;           \
    else if (is_float(x))                   \
        truth = float_of(x) op(double) IMM; \
    else                                    \
        goto otherwise
#define COMPARISON(op, fused)     \
    COMPARE_NUMBERS(op, compare); \
    r[A] = from_bool(truth);      \
    FUSE(fused);                  \
    NEXT()
#define COMPARISON_IMM(op, fused)               \
    COMPARE_NUMBERS_IMM(op, compare_immediate); \
    r[A] = from_bool(truth);                    \
    FUSE(fused);                                \
    NEXT()
#define COMPARISON_JUMP(op)       \
    COMPARE_NUMBERS(op, compare); \
    JUMP_ON(truth)
#define COMPARISON_IMM_JUMP(op)                 \
    COMPARE_NUMBERS_IMM(op, compare_immediate); \
    JUMP_ON(truth)

/* Guards of attribute caches. They leave v, object, cache, and attrs, dict or type behind. */
#define CACHED_TYPE(operand)                \
    Value v = (operand);                    \
    if (UNLIKELY(!is_object(v))) goto miss; \
    Object *object = object_of(v);          \
    const Cache *cache = CACHE();           \
    if (UNLIKELY(object->type->version != cache->version)) goto miss
#define CACHED_SHAPE(operand)            \
    CACHED_TYPE(operand);                \
    Attrs *attrs = ATTRS(object, cache); \
    if (UNLIKELY(attrs->shape != cache->shape)) goto miss
#define CACHED_MODULE(operand)                              \
    Value v = (operand);                                    \
    if (UNLIKELY(!is_exact(v, &kr_module_type))) goto miss; \
    const Cache *cache = CACHE();                           \
    const Dict *dict = dict_of(module_of(v)->dict);         \
    if (UNLIKELY(dict->keys_version != cache->version)) goto miss
#define CACHED_CLASS(operand)                                                                \
    Value v = (operand);                                                                     \
    const Cache *cache = CACHE();                                                            \
    if (UNLIKELY(object_of(v) != cache->shape)) goto miss;                                   \
    const Type *type = object_of(v), *meta = type->kind.head.type;                           \
    if (UNLIKELY(!(meta->traits & TYPE_IS_TYPE) || (uint32_t)meta->version != cache->slot || \
                 type->version != cache->version))                                           \
    goto miss

#define INSTRUCTION(name, operands, meaning) L_##name:
#define SPECIALISED(name, generic, meaning) L_##name:

__attribute__((noinline)) static Value run(Thread *self, Frame *frame, bool throwing)
{
#define OPCODE(name, operands, doc, generic) &&L_##name,
    static const void *const plain[OPCODE_COUNT] = {OPCODES(OPCODE)};
#undef OPCODE
#define OPCODE(name, operands, doc, generic) &&traced,
    static const void *const tracing[OPCODE_COUNT] = {OPCODES(OPCODE)};
#undef OPCODE
    const void *const *labels = plain;
    const Instruction *pc;
    const Value *constants;
    Value *r;
    uint64_t word = 0;
    /* what the labels push_function, call, construct, called, returning and yielding take */
    Value callee, value, kwnames, *args;
    uint32_t argc;

    LOAD_FRAME();
    if (throwing) {
        if (self->interrupt & INTERRUPT_TRACE) {
            labels = tracing;
            if (kr_tracing_call(self, frame) < 0) goto error;
        }
        goto error;
    }
    goto entered;

#include "runtime/vm/instructions.c"

    /* A frame begins or a generator's goes on. */
entered:
    LOAD_FRAME();
    if (UNLIKELY(INTERRUPTED())) {
        if (poll_interrupts(self) < 0) goto error;
        labels = plain;
        if (self->interrupt & INTERRUPT_TRACE) {
            labels = tracing;
            if (kr_tracing_call(self, frame) < 0) goto error;
        }
    }
    NEXT();

    /* Calls the function `callee`, which takes exactly argc positional arguments, all at args: a
     * part of this frame's window, whose registers from there on are dead. */
push_function:
    if (UNLIKELY(frame->flags & FRAME_GENERATOR)) {
        Value *top = frame->top;
        if (UNLIKELY(top + argc > self->register_limit)) goto recursion_error;
        for (uint32_t i = 0; i < argc; i++) top[i] = args[i];
        args = top;
    }
push_function_at_args : {
    const Function *function = function_of(callee);
    Code *code = function->code;
    Value *top = args + code->register_count;
    Frame *pushed = frame - 1;
    if (UNLIKELY(pushed < self->frame_limit || top > self->register_limit)) goto recursion_error;
    SAVE();
    clear_registers(args + argc, top);
    pushed->previous = frame;
    pushed->code = code;
    pushed->registers = r = args;
    pushed->globals = function->globals;
    pushed->builtins = function->builtins;
    pushed->function = callee;
    pushed->locals = EMPTY;
    pushed->frame_object = EMPTY;
    pushed->generator = EMPTY;
    pushed->top = top;
    pushed->flags = 0;
    pushed->result = A;
    pc = code->instructions;
    pushed->next = pc;
    constants = tuple_of(code->constants)->items;
    if (!is_none(function->closure)) load_closure(function, code, args);
    self->frame = frame = pushed;
    self->stack_top = top;
    if (UNLIKELY(INTERRUPTED())) goto entered;
    NEXT();
}

recursion_error:
    SAVE();
    kr_interpreter_raise_recursion("");
    goto error;

    /* C(...) for a class of the metaclass type: where nothing but object.__new__ and a Python
     * __init__ is involved, the instance is made here and __init__ runs in this loop. args[-1]
     * is free. */
construct : {
    Type *type = object_of(callee);
    SAVE();
    if (type == &kr_type_type && argc == 1) {
        r[A] = from_object(type_of(args[0]));
        NEXT();
    }
    if (type == &kr_str_type && argc == 1) CALL_NATIVE(kr_to_str(args[0]));
    const Function *init = kr_call_constructor(type, argc);
    if (LIKELY(init && !(frame->flags & FRAME_GENERATOR))) {
        void *instance = kr_type_alloc(type);
        if (UNLIKELY(!instance)) goto error;
        *--args = from_object(instance);
        Frame *pushed = kr_call_push(self, init->code, from_object(init), init->globals,
                                     init->builtins, EMPTY, args, FRAME_CONSTRUCTOR);
        if (UNLIKELY(!pushed)) goto error;
        clear_registers(args + argc + 1, pushed->top);
        if (!is_none(init->closure)) load_closure(init, init->code, args);
        pushed->generator = *args; /* not `instance`: nothing of it shall stay in this C frame */
        ENTER(pushed, A);
    }
    CALL_NATIVE(kr_type_call(callee, args, argc, EMPTY));
}

    /* Any callee: args are argc positional ones, then those of kwnames. */
call : {
    SAVE();
    Value *window = frame->flags & FRAME_GENERATOR ? frame->top : args;
    Frame *pushed = kr_call_begin(self, frame, callee, args, argc, kwnames, window, &frame->out);
    if (pushed) ENTER(pushed, A);
    value = frame->out;
}

    /* A native call returned `value`. An EXTRA of its instruction is skipped by executing it. */
called:
    if (UNLIKELY(is_empty(value))) goto error;
    r[A] = value;
    FORGET(value);
    if (UNLIKELY(INTERRUPTED())) goto interrupted;
    NEXT();

binary : {
    SAVE();
    SET_RESULT(kr_arithmetic_binary((uint16_t)word, r[B], r[C]));
}

binary_immediate : {
    SAVE();
    SET_RESULT(kr_arithmetic_binary((uint16_t)word, r[B], from_small_int(IMM)));
}

compare : {
    SAVE();
    SET_RESULT(kr_arithmetic_compare((uint16_t)word, r[B], r[C]));
}

compare_immediate : {
    SAVE();
    SET_RESULT(kr_arithmetic_compare((uint16_t)word, r[B], from_small_int(IMM)));
}

    /* The guard of an attribute's or global's cache failed: the generic form decides anew, or
     * the one for several shapes takes over. */
miss:
    kr_attributes_miss(frame->code, HERE);
    goto *plain[HERE->op];

interrupted_back:
    SAVE();
    if (poll_interrupts(self) < 0) goto error;
    labels = self->interrupt & INTERRUPT_TRACE ? tracing : plain;
    pc += BC;
    NEXT();

interrupted:
    SAVE();
    if (poll_interrupts(self) < 0) goto error;
    labels = self->interrupt & INTERRUPT_TRACE ? tracing : plain;
    NEXT();

    /* Before an instruction, while tracing: pc is already past it. A trace function may move
     * frame->next. */
traced:
    SAVE();
    if (UNLIKELY(!(self->interrupt & INTERRUPT_TRACE)))
        labels = plain;
    else if (kr_tracing_instruction(self, frame) < 0)
        goto error;
    pc = frame->next - 1;
    word = *(const InstructionWord *)pc++;
    goto *plain[(uint16_t)word];

    /* RETURN of `value` from a frame with flags. */
returning : {
    SAVE();
    if (UNLIKELY(frame->flags & FRAME_PROFILED) && kr_interpreter_leave(self, frame, value) < 0)
        goto error;
    if (frame->flags & FRAME_CONSTRUCTOR) {
        if (UNLIKELY(!is_none(value))) {
            kr_raise(kr_TypeError, "__init__() should return None, not '%T'", value);
            goto error;
        }
        value = frame->generator;
    }
    Frame *caller = frame->previous;
    uint32_t flags = frame->flags, result = frame->result;
    if (flags & FRAME_GENERATOR)
        kr_generator_finish(self, frame);
    else if (flags & FRAME_HAS_OBJECT)
        kr_frame_object_detach(frame);
    self->frame = caller;
    if (flags & FRAME_ENTRY) {
        self->stack_top = entry_top(frame);
        return value;
    }
    frame = caller;
    self->stack_top = frame->top;
    LOAD_FRAME();
    if ((flags & (FRAME_GENERATOR | FRAME_DELEGATE)) == FRAME_GENERATOR)
        JUMP_AT_END(); /* of a FOR_ITER */
    r[result] = value;
    NEXT();
}

    /* YIELD of `value`: the generator is set to go on after it. */
yielding:
    SAVE();
    if (UNLIKELY(frame->flags & FRAME_PROFILED) && kr_interpreter_leave(self, frame, value) < 0)
        goto error;
    for (;;) {
        Frame *caller = frame->previous;
        uint32_t flags = frame->flags, result = frame->result;
        kr_generator_suspend(self, frame);
        self->frame = caller;
        if (flags & FRAME_ENTRY) {
            self->stack_top = entry_top(frame);
            return value;
        }
        frame = caller;
        self->stack_top = frame->top;
        LOAD_FRAME();
        if (!(flags & FRAME_DELEGATE)) {
            r[result] = value;
            pc++; /* the EXTRA of FOR_ITER */
            NEXT();
        }
        /* The caller is at a YIELD_FROM: it yields the same and will run that instruction again. */
yielding_from:
        generator_of(frame->generator)->delegating = true;
        generator_of(frame->generator)->sent_register = frame->next[-1].c;
        generator_of(frame->generator)->resume = frame->next - 1;
        if (UNLIKELY(frame->flags & FRAME_PROFILED) && kr_interpreter_leave(self, frame, value) < 0)
            goto error;
    }

    /* The thread's exception was raised by the instruction before pc. */
error:
    SAVE();
    kr_unwind_add_traceback(self, frame);
    if (UNLIKELY(self->interrupt & INTERRUPT_TRACE)) {
        labels = tracing;
        kr_tracing_exception(self, frame);
    }
unwind : {
    SAVE();
    const Guard *guard = kr_unwind_find_guard(frame->code, frame_instruction(frame));
    if (guard) {
        r[guard->target] = self->exception;
        self->exception = EMPTY;
        kr_unwind_wipe();
        pc = frame->code->instructions + guard->handler;
        NEXT();
    }
    kr_interpreter_leave(self, frame, EMPTY);
    Frame *caller = frame->previous;
    uint32_t flags = frame->flags;
    if (flags & FRAME_GENERATOR) {
        kr_generator_convert_error(generator_of(frame->generator));
        kr_generator_finish(self, frame);
    } else if (flags & FRAME_HAS_OBJECT) {
        kr_frame_object_unwind(self, frame);
    }
    self->frame = caller;
    if (flags & FRAME_ENTRY) {
        self->stack_top = entry_top(frame);
        return EMPTY;
    }
    frame = caller;
    self->stack_top = frame->top;
    LOAD_FRAME();
    goto error;
}
}

Value kr_interpreter_run(Thread *self, Frame *frame, bool throwing)
{
    if (UNLIKELY(thread_stack_low() && !(frame->flags & FRAME_GENERATOR))) {
        self->frame = frame->previous;
        self->stack_top = entry_top(frame);
        return kr_interpreter_raise_recursion(" while calling a Python object");
    }
    return run(self, frame, throwing);
}
