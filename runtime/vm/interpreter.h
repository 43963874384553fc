/* interpreter.h: the inside of vm/: the loop, the frames that it pushes, and the slow halves of
 * instructions. */
#ifndef RUNTIME_VM_INTERPRETER_H
#define RUNTIME_VM_INTERPRETER_H

#include "runtime/objects/dict.h"
#include "runtime/objects/exception.h"
#include "runtime/objects/quick.h"
#include "runtime/objects/tuple.h"
#include "runtime/vm/frame.h"
#include "runtime/vm/generator.h"
#include "runtime/vm/opcodes.h"
#include "runtime/vm/vm.h"

/* ---- interpreter.c ---- */

/* Runs a frame that was pushed with FRAME_ENTRY until it returns or yields. With `throwing` the
 * thread's exception is raised at the frame's current instruction. EMPTY raised; the frame is
 * popped in any case. */
Value kr_interpreter_run(Thread *self, Frame *frame, bool throwing);
/* Sets the limits of a thread that runs Python code for the first time. */
void kr_interpreter_divide_stack(Thread *self);
/* What a frame leaves behind when it goes: its frame object, marks on its registers, trace
 * events. `value` is EMPTY when it goes by an exception. Returns -1 when a trace function
 * raised. */
int kr_interpreter_leave(Thread *self, Frame *frame, Value value);
Value kr_interpreter_raise_recursion(const char *where);

static inline void thread_prepare(Thread *self)
{
    if (UNLIKELY(!self->frame_limit)) kr_interpreter_divide_stack(self);
}
static inline Frame *thread_next_frame(Thread *self)
{
    return (self->frame ? self->frame : self->frame_base) - 1;
}
/* Empties the registers [from, to); may write up to three more, which are free. */
static inline void clear_registers(Value *from, Value *to)
{
    for (; from < to; from += 4) from[0] = from[1] = from[2] = from[3] = EMPTY;
}
static inline void load_closure(const Function *f, const Code *code, Value *window)
{
    const Tuple *cells = tuple_of(f->closure);
    for (size_t i = 0; i < cells->size; i++) window[code->free_register + i] = cells->items[i];
}
static inline Value name_at(const Code *code, uint32_t i)
{
    return tuple_of(code->names)->items[i];
}
static inline uint32_t frame_instruction(const Frame *frame)
{
    ptrdiff_t i = frame->next - frame->code->instructions - 1;
    return i < 0 ? 0 : (uint32_t)i;
}
/* The name operand of an instruction that has an EXTRA (its next word). */
static inline uint32_t name_operand(const Instruction *i)
{
    return i[0].c | (uint32_t)i[1].a << 16;
}

enum { CODE_ANY_GENERATOR = CODE_GENERATOR | CODE_COROUTINE | CODE_ASYNC_GENERATOR };

/* ---- call.c ---- */

/* Binds arguments to the parameters of a Python function in `window`, which may overlap args;
 * the other registers are emptied and the closure is loaded. The window must have room. -1 with
 * TypeError. */
int kr_call_bind(Thread *self, Function *f, Value *window, const Value *args, size_t n,
                 Value kwnames);
/* Begins a call from the frame `caller`. A Python function's frame is pushed and returned;
 * anything else is called to its end, with its value (EMPTY raised) in *value and NULL returned.
 * args[-1] may be overwritten. */
Frame *kr_call_begin(Thread *self, Frame *caller, Value callee, Value *args, size_t n,
                     Value kwnames, Value *window, Value *value);
/* The same for callee(*positional, **named). */
Frame *kr_call_begin_ex(Thread *self, Frame *caller, Value callee, Value positional, Value named,
                        Value *value);
/* Pushes a frame whose window is filled. NULL with RecursionError. */
Frame *kr_call_push(Thread *self, Code *code, Value function, Value globals, Value builtins,
                    Value locals, Value *window, uint32_t flags);
Value kr_call_function(Value function, const Value *args, size_t n, Value kwnames);
/* The __init__ of a class whose instances are made by object.__new__ and which takes n arguments
 * without binding; NULL when the call must go through type.__call__. */
Function *kr_call_constructor(Type *type, size_t n);
void kr_call_init(void);

/* ---- attributes.c: each performs its instruction, at i, and may rewrite it ---- */

Value kr_attributes_load(Code *code, Instruction *i, Value object);
int kr_attributes_store(Code *code, Instruction *i, Value object, Value value);
/* pair[0], pair[1] as LOAD_METHOD leaves them; -1 raised. */
int kr_attributes_method(Code *code, Instruction *i, Value object, Value *pair);
/* A specialised form's guard failed: back to the generic form for a while, longer each time. */
void kr_attributes_miss(Code *code, Instruction *i);

/* Where an attribute of a shape is, for instructions that meet several shapes: a table over all
 * code. */
enum { WAY_INLINE = 1, WAY_OVERFLOW, WAY_METHOD, WAY_VALUE, WAY_NEW };
typedef struct Way {
    const Shape *shape;
    uint64_t version; /* of the type */
    Value name, value;
    uint32_t slot;
    uint32_t kind; /* WAY_... */
} Way;
#define WAYS 2048
extern Way kr_load_ways[WAYS], kr_store_ways[WAYS];

static inline Attrs *fixed_attrs(Object *object)
{
    return (Attrs *)((char *)object + object->type->attrs_offset);
}
static inline Way *way_slot(Way *table, const Shape *shape, Value name)
{
    return &table[((uintptr_t)shape / 16 + name.bits / 16 * 37) % WAYS];
}
static inline const Way *find_way(Way *table, const Object *object, const Attrs *attrs, Value name)
{
    const Way *way = way_slot(table, attrs->shape, name);
    return way->shape == attrs->shape && same(way->name, name) &&
                   way->version == object->type->version
               ? way
               : NULL;
}
/* The instructions' work where find_way fails; they fill the table. */
Value kr_attributes_load_any(Value v, Value name);
int kr_attributes_store_any(Value v, Value name, Value value);
int kr_attributes_method_any(Value v, Value name, Value *pair);

/* ---- names.c ---- */

Value kr_names_load_global(Frame *frame, Instruction *i);
Value kr_names_load_name(Frame *frame, Instruction *i);
int kr_names_store_name(Frame *frame, Value name, Value value);
int kr_names_delete_name(Frame *frame, Value name);
int kr_names_delete_global(Frame *frame, Value name);
Value kr_names_unbound_cell(Frame *frame, uint32_t cell);
Value kr_names_unbound_local(Frame *frame, uint32_t variable);
Value kr_names_class_cell(Frame *frame, Cell *cell, uint32_t number);
Value kr_names_build_class(Frame *frame);
int kr_names_setup_annotations(Frame *frame);
Value kr_names_import(Frame *frame, Value name, Value level, Value fromlist);
Value kr_names_import_from(Frame *frame, Value module, Value name);
int kr_names_import_star(Frame *frame, Value module);
int kr_names_print(Value value);

/* ---- arithmetic.c ---- */

Value kr_arithmetic_binary(uint32_t opcode, Value a, Value b);
Value kr_arithmetic_compare(uint32_t opcode, Value a, Value b);

/* ---- building.c ---- */

int kr_building_unpack(Value v, Value *registers, size_t n);
int kr_building_unpack_star(Value v, Value *registers, size_t before, size_t after);
int kr_building_list_extend(Value list, Value v);
int kr_building_dict_update(Value dict, Value v);
int kr_building_dict_merge(Value dict, Value v, Value callee);
/* The tuple of f(*v). */
Value kr_building_star_arguments(Value v, Value callee);
Value kr_building_format(Value v, int conversion, Value spec);
Value kr_building_string(const Value *parts, size_t n);
/* container[parts[0]:parts[1]:parts[2]], and the assignment to it. */
Value kr_building_get_slice(Value container, const Value *parts);
int kr_building_set_slice(Value container, const Value *parts, Value value);
Value kr_building_function(Frame *frame, Code *code, const Value *parts);

/* ---- strings.c: s += t in a loop ---- */

/* a += b for exact strs in the register `target` of a running frame, in time proportional to b
 * where the function's code proves that nobody else holds a. EMPTY raised. */
Value kr_strings_grow(Frame *frame, const Instruction *i, Value a, Value b);
/* Ends the in-place growth of whatever the frame's registers hold. */
void kr_strings_settle(Frame *frame);
/* Whether an instruction may read, or write, register s other than by growing or testing it. */
bool kr_instruction_may_read(const Instruction *i, uint16_t s);
bool kr_instruction_may_write(const Instruction *i, uint16_t s);

/* ---- unwind.c ---- */

/* Adds the frame to the traceback of the thread's exception. */
void kr_unwind_add_traceback(Thread *self, Frame *frame);
/* The guard of the frame's current instruction, or NULL. */
const Guard *kr_unwind_find_guard(const Code *code, uint32_t instruction);
/* Empties the part of the C stack that calls used which are over: an exception that was handled
 * shall not stay alive there by accident. */
void kr_unwind_wipe(void);
void kr_unwind_raise(Value exception, Value cause, bool has_cause);
bool kr_unwind_raise_again(Thread *self); /* false: there was none, a new exception is raised */
int kr_unwind_matches(Value exception, Value class_or_tuple);
int kr_unwind_match_group(Value exception, Value class_or_tuple, Value *pair);
Value kr_unwind_combine_group(Value original, Value parts);
int kr_unwind_enter_with(Value manager, Value *pair, bool asynchronous);
Value kr_unwind_exit_with(Value exit, Value exception);

/* ---- patterns.c ---- */

Value kr_patterns_keys(Value subject, Value keys);
Value kr_patterns_class(Value subject, Value class, size_t positional, Value names);
Value kr_patterns_rest(Value mapping, Value keys);

/* ---- generator.c ---- */

/* One step of `yield from`: sends to an iterator that is no generator. 1: *value was yielded; 0:
 * it ended with *value; -1 raised. */
int kr_generator_step(Value iterator, Value sent, Value *value);
/* The same for `yield from`: a generator that can go on has its frame pushed, *pushed, and the result says nothing. */
int kr_generator_push_or_step(Thread *self, Value iterator, Value sent, Frame **pushed, Value *value);
/* Pushes the frame of a generator that may run. NULL with RecursionError. */
Frame *kr_generator_push(Thread *self, Generator *g, Value sent, uint32_t flags);

/* Its frame yielded, or returned or raised: what the generator keeps of it. */
void kr_generator_suspend(Thread *self, Frame *frame);
void kr_generator_finish(Thread *self, Frame *frame);

/* ---- tracing.c ---- */

int kr_tracing_call(Thread *self, Frame *frame); /* a frame begins or goes on after a yield */
int kr_tracing_instruction(Thread *self, Frame *frame); /* before each instruction while tracing */
int kr_tracing_return(Thread *self, Frame *frame, Value value);
int kr_tracing_exception(Thread *self, Frame *frame);

/* ---- others ---- */

Value kr_intrinsics_call(uint32_t number, Frame *frame, Value *args);
Value kr_template_interpolation(Value value, Value text, int conversion, Value spec);
Value kr_template_new(const Value *parts, size_t n);
int kr_template_init(void);
int kr_intrinsics_init(void);
int kr_frame_object_init(void);
void kr_interpreter_dump(const Frame *frame, const Instruction *i);

#endif
