/* frame.h: a running Python function.
 *
 * A thread's stack (threads/thread.c) holds both its registers and its frames:
 *
 *     stack                                                                            frame_base
 *     | registers of module | window of f | window of g | ...    free    ... | g | f | module |
 *                                                       ^ stack_top          ^ frame
 *
 * Frames are contiguous: the callee of `frame` is always frame - 1, and dies on return. A
 * callee's window of registers begins at the caller's argument registers, so that arguments are
 * not copied. Generators own their registers on the heap, and borrow a Frame while they run. A
 * frame object (sys._getframe, tracebacks) is made on request; when its frame returns it takes a
 * copy of the registers (frame_object.c). */
#ifndef RUNTIME_VM_FRAME_H
#define RUNTIME_VM_FRAME_H

#include "runtime/objects/function.h"

typedef struct Frame {
    struct Frame *previous; /* the caller's, of any thread-run chain */
    Code *code;
    Value *registers;
    const Instruction *next; /* the instruction being executed plus one while calling out */
    Value globals, builtins; /* Dicts */
    Value function;          /* Function, or EMPTY for module and exec code */
    Value locals;            /* mapping of module, class and exec code; EMPTY in functions */
    Value frame_object;      /* FrameObject, or EMPTY until asked for */
    Value
        generator; /* the generator it belongs to; with FRAME_CONSTRUCTOR the instance; or EMPTY */
    Value *top; /* first register above the window: the thread's stack_top while the frame runs */
    uint32_t flags;  /* FRAME_... */
    uint16_t result; /* the caller's register for the value returned */
    uint16_t unused;
    uint32_t growing_loop; /* with FRAME_GROWING: see strings.c */
    uint64_t growing_serial;
    Value out; /* where functions called by the loop leave a second result; not traced */
} Frame;

enum {
    FRAME_ENTRY = 1, /* called from C: return leaves the loop */
    FRAME_GENERATOR = 2,
    FRAME_CONSTRUCTOR = 4, /* __init__: the value of the call is the instance in `generator` */
    FRAME_HAS_OBJECT = 8,  /* frame_object is set */
    FRAME_DELEGATE = 16, /* a generator resumed by YIELD_FROM: what it yields, its caller yields */
    FRAME_GROWING = 64,  /* registers hold strs that grow in place (strings.c) */
    FRAME_PROFILED = 128 /* its 'call' event was sent to a trace or profile function */
};

/* The frame object of a running frame; EMPTY raised. */
Value kr_frame_object(Frame *frame);
/* The frame returns for good: its object takes what it will need of it. */
void kr_frame_object_detach(Frame *frame);
/* The same when it ends by an exception, whose place it keeps: handlers that raised it again do
 * not count. */
void kr_frame_object_unwind(Thread *self, Frame *frame);
/* The position of the instruction being executed. */
Position kr_frame_position(const Frame *frame);
/* locals(): a dict brought up to date, or the mapping that the code runs in. */
Value kr_frame_locals(Frame *frame);

#endif
