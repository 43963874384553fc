/* generator.h: generators, coroutines and asynchronous generators: one struct, three types. */
#ifndef RUNTIME_VM_GENERATOR_H
#define RUNTIME_VM_GENERATOR_H

#include "runtime/vm/frame.h"

enum { GENERATOR_CREATED, GENERATOR_SUSPENDED, GENERATOR_RUNNING, GENERATOR_FINISHED };

typedef struct Generator {
    Object head;
    Code *code;
    Value function;
    Value globals, builtins;
    Value locals; /* mapping of exec'ed code with top-level await, or EMPTY */
    Value name, qualname;
    const Instruction *resume; /* the instruction at which to go on */
    Frame *running;            /* its frame while it runs */
    Value frame_object;        /* or EMPTY */
    Value handled;             /* the exception that it handles while suspended, or EMPTY */
    Value outer_handled;       /* that of the resumer, while it runs */
    Value origin;              /* cr_origin: tuple or EMPTY */
    Value finalizer;           /* asynchronous: the finalizer hook seen at first iteration */
    uint8_t state;             /* GENERATOR_... */
    bool hooks_called;         /* asynchronous: firstiter ran */
    bool closed;               /* asynchronous: aclose() was begun */
    bool async_running;        /* asynchronous: an asend/athrow/aclose is under way */
    bool returned;             /* the last resumption ended it */
    bool handling;             /* an exception of its own is being handled, not its resumer's */
    bool delegating;           /* suspended in the YIELD_FROM at `resume` */
    uint16_t
        sent_register; /* where the value sent goes; `count` (a spare one) before the first yield */
    uint32_t count;    /* registers, without the spare one */
    Value registers[];
} Generator;

static inline Generator *generator_of(Value v) { return (Generator *)object_of(v); }
static inline bool is_generator_object(Value v)
{
    return is_exact(v, &kr_generator_type) || is_exact(v, &kr_coroutine_type) ||
           is_exact(v, &kr_async_generator_type);
}

/* The generator object of a call: registers holds the bound arguments, to be copied. EMPTY
 * raised. */
Value kr_generator_new(Code *code, Value function, Value globals, Value builtins,
                       const Value *registers, size_t n);
/* Runs a generator until it yields or ends. `sent` is the value for the pending yield (None
 * first); with sent EMPTY the thread's exception is thrown in. When it returns, *returned is
 * true and the value is its result. EMPTY raised. */
Value kr_generator_resume(Generator *generator, Value sent, bool *returned);
/* send(): as the method, with StopIteration at the end. */
Value kr_generator_send(Generator *generator, Value sent);
/* throw(): an instance made from throw()'s arguments, and its raising in the generator, with
 * *returned as above. */
Value kr_generator_thrown(Value type, Value value, Value traceback);
Value kr_generator_throw(Generator *generator, Value exception, bool close_on_exit, bool *returned);
/* The register of the iterator that a suspended generator delegates to, or NULL. */
Value *kr_generator_delegate(Generator *generator);
/* Refuses to resume: EMPTY with "already executing" or "cannot send non-None value to a
 * just-started ...". */
Value kr_generator_refuse(Generator *generator, Value sent);
/* The exception that leaves a generator's frame: StopIteration turns into RuntimeError. */
void kr_generator_convert_error(Generator *generator);
/* iter for `yield from v`, `await v`; aiter and anext; EMPTY raised. */
Value kr_generator_yield_from_iterator(Value v, const Code *code);
Value kr_generator_awaitable(Value v, int origin);
Value kr_generator_await_iterator(Value v);
Value kr_async_iterator(Value v);
Value kr_async_next(Value v);
Value kr_async_wrap(Value v); /* marks a value yielded by an asynchronous generator */
int kr_generator_init(void);
int kr_async_generator_init(void);

#endif
