/* tracing.c: sys.settrace and sys.setprofile.
 *
 * While one of the two functions is set, the thread's INTERRUPT_TRACE bit is; the loop then runs
 * by its second dispatch table and calls in here before every instruction, at entry to and
 * return from frames and on exceptions. The bit is cleared while a trace function runs, which
 * therefore is not traced itself. */
#include "runtime/vm/frame_object.h"
#include "runtime/vm/interpreter.h"

static void update_interrupt(Thread *self)
{
    if (is_empty(self->trace_function) && is_empty(self->profile_function))
        atomic_fetch_and(&self->interrupt, ~(uint32_t)INTERRUPT_TRACE);
    else
        atomic_fetch_or(&self->interrupt, INTERRUPT_TRACE);
}

void kr_vm_set_trace(Value function)
{
    kr_self->trace_function = function;
    update_interrupt(kr_self);
}

void kr_vm_set_profile(Value function)
{
    kr_self->profile_function = function;
    update_interrupt(kr_self);
}

/* function(frame, event, argument), with the thread's exception set aside. EMPTY raised. */
static Value call_function(Thread *self, Value function, Value frame_object, const char *event,
                           Value argument)
{
    Value saved = self->exception;
    self->exception = EMPTY;
    atomic_fetch_and(&self->interrupt, ~(uint32_t)INTERRUPT_TRACE);
    /* A dict that locals() gave earlier is brought up to date: it is taken back below. */
    FrameObject *traced = object_of(frame_object);
    if (!is_empty(traced->snapshot) && is_empty(kr_frame_object_locals(traced))) {
        update_interrupt(self);
        return EMPTY;
    }
    Value result = kr_call3(function, frame_object, kr_intern(event), argument);
    kr_frame_object_take_locals(object_of(frame_object));
    if (!is_empty(result) && !is_empty(saved)) self->exception = saved;
    update_interrupt(self);
    return result;
}

Value kr_vm_call_tracing(Value function, Value arguments)
{
    uint32_t before = kr_self->interrupt & INTERRUPT_TRACE;
    update_interrupt(kr_self); /* a trace function, which runs untraced, may ask for it */
    Value result = kr_call_tuple(function, arguments, EMPTY);
    if (!before) atomic_fetch_and(&kr_self->interrupt, ~(uint32_t)INTERRUPT_TRACE);
    return result;
}

/* An event of a frame that is traced: its f_trace, or for 'call' the thread's function, decides
 * who sees the next. */
static int trace_event(Thread *self, Frame *frame, const char *event, Value argument)
{
    Value v = kr_frame_object(frame);
    if (is_empty(v)) return -1;
    FrameObject *object = object_of(v);
    Value function = event[0] == 'c' ? self->trace_function : object->trace;
    if (is_empty(function)) return 0;
    object->event = event[0];
    Value result = call_function(self, function, v, event, argument);
    object->event = 0;
    if (is_empty(result)) {
        object->trace = EMPTY;
        kr_vm_set_trace(EMPTY);
        return -1;
    }
    if (!is_none(result))
        object->trace = result;
    else if (event[0] == 'c')
        object->trace = EMPTY;
    return 0;
}

static int profile_event(Thread *self, Frame *frame, const char *event, Value argument)
{
    if (is_empty(self->profile_function)) return 0;
    Value object = kr_frame_object(frame);
    if (is_empty(object)) return -1;
    if (!is_empty(call_function(self, self->profile_function, object, event, argument))) return 0;
    kr_vm_set_profile(EMPTY);
    return -1;
}

int kr_tracing_call(Thread *self, Frame *frame)
{
    if (!(self->interrupt & INTERRUPT_TRACE)) return 0;
    frame->flags |= FRAME_PROFILED;
    if (!is_empty(self->trace_function) && trace_event(self, frame, "call", NONE) < 0) return -1;
    return profile_event(self, frame, "call", NONE);
}

/* The native function that a call instruction is about to call, or EMPTY. */
static Value native_callee(const Frame *frame, const Instruction *i)
{
    uint16_t op = kr_opcode_generic[i->op];
    if (op != OP_CALL && op != OP_CALL_METHOD && op != OP_CALL_KW && op != OP_CALL_METHOD_KW &&
        op != OP_CALL_EX)
        return EMPTY;
    Value callee = frame->registers[i->b];
    return is_exact(callee, &kr_builtin_type) || is_exact(callee, &kr_method_descriptor_type)
               ? callee
               : EMPTY;
}

int kr_tracing_instruction(Thread *self, Frame *frame)
{
    if (!is_empty(self->profile_function)) {
        /* A native call is over when the frame's next instruction begins. */
        FrameObject *object =
            frame->flags & FRAME_HAS_OBJECT ? object_of(frame->frame_object) : NULL;
        if (object && !is_empty(object->called)) {
            Value callee = object->called;
            object->called = EMPTY;
            if (profile_event(self, frame, "c_return", callee) < 0) return -1;
        }
        Value callee = native_callee(frame, frame->next - 1);
        if (!is_empty(callee)) {
            if (profile_event(self, frame, "c_call", callee) < 0) return -1;
            if (frame->flags & FRAME_HAS_OBJECT)
                frame_object_of(frame->frame_object)->called = callee;
        }
    }
    if (!(frame->flags & FRAME_HAS_OBJECT)) return 0;
    FrameObject *object = object_of(frame->frame_object);
    if (is_empty(object->trace)) return 0;
    uint32_t i = frame_instruction(frame);
    int32_t line = (int32_t)frame->code->positions[i].line;
    bool back = i < object->traced_from;
    object->traced_from = i;
    if (object->trace_lines && line && (line != object->traced_line || back)) {
        object->traced_line = line;
        const Instruction *next = frame->next;
        if (trace_event(self, frame, "line", NONE) < 0) return -1;
        if (frame->next != next) { /* the debugger jumped */
            object->traced_from = frame_instruction(frame);
            object->traced_line = 0;
            return kr_tracing_instruction(self, frame);
        }
    }
    if (object->trace_opcodes && trace_event(self, frame, "opcode", NONE) < 0) return -1;
    return 0;
}

int kr_tracing_return(Thread *self, Frame *frame, Value value)
{
    int status = 0;
    if (!(self->interrupt & INTERRUPT_TRACE)) return 0;
    Value argument = is_empty(value) ? NONE : value;
    if (frame->flags & FRAME_HAS_OBJECT && !is_empty(frame_object_of(frame->frame_object)->trace))
        status = trace_event(self, frame, "return", argument);
    if (status == 0) status = profile_event(self, frame, "return", argument);
    return status;
}

int kr_tracing_exception(Thread *self, Frame *frame)
{
    if (!(frame->flags & FRAME_HAS_OBJECT)) return 0;
    FrameObject *object = object_of(frame->frame_object);
    if (!is_empty(object->called)) {
        Value callee = object->called;
        object->called = EMPTY;
        if (profile_event(self, frame, "c_exception", callee) < 0) return -1;
    }
    if (is_empty(object->trace) || !is_exception(self->exception)) return 0;
    Value exception = self->exception;
    Value traceback = exception_of(exception)->traceback;
    self->exception = EMPTY;
    Value argument = kr_tuple_of(3, from_object(type_of(exception)), exception,
                                 is_empty(traceback) ? NONE : traceback);
    if (is_empty(argument)) return -1;
    self->exception = exception;
    return trace_event(self, frame, "exception", argument);
}
