/* frame_object.h: frames as Python sees them. */
#ifndef RUNTIME_VM_FRAME_OBJECT_H
#define RUNTIME_VM_FRAME_OBJECT_H

#include "runtime/vm/frame.h"

typedef struct FrameObject {
    Object head;
    Frame *frame; /* while it runs; NULL while its generator is suspended, and after it returned */
    Value generator; /* the generator that it belongs to, or EMPTY */
    Code *code;
    Value function, globals, builtins, locals;
    Value back;           /* of a frame that returned: its caller's frame object, or EMPTY */
    Value *registers;     /* of a frame that returned: a copy of its named ones, or NULL */
    Value snapshot;       /* the dict that f_locals gave last, or EMPTY */
    Value trace;          /* f_trace, or EMPTY */
    Value called;         /* the native function that a profiled call runs, or EMPTY */
    uint32_t instruction; /* of a frame that returned: the last one executed */
    int32_t traced_line;  /* the line of the last 'line' event, 0 before the first */
    uint32_t traced_from; /* the instruction traced last: a jump back starts its line again */
    bool trace_lines, trace_opcodes;
    char event; /* the first letter of the trace event under way, or 0 */
    bool cleared;
} FrameObject;

static inline FrameObject *frame_object_of(Value v) { return (FrameObject *)object_of(v); }

Code *kr_frame_object_code(Value frame_object);
int32_t kr_frame_object_line(const FrameObject *object);
/* f_locals: brought up to date; EMPTY raised. */
Value kr_frame_object_locals(FrameObject *object);
/* The other way round: values that a trace function changed in f_locals go back to the
 * registers. */
void kr_frame_object_take_locals(FrameObject *object);
/* The frame object of a generator that does not run. */
Value kr_frame_object_for_generator(Value generator);

#endif
