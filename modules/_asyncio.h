/* _asyncio.h: what the two files of _asyncio share: futures, and the tasks that extend them. */
#ifndef MODULES_ASYNCIO_H
#define MODULES_ASYNCIO_H

#include "runtime/krait.h"

enum FutureState { PENDING, CANCELLED, FINISHED };

/* Values are EMPTY where Python's class has None. */
typedef struct Future {
    KrObject head;
    KrValue loop;      /* EMPTY until __init__ */
    KrValue callbacks; /* list of (function, context) */
    KrValue result, exception, exception_traceback, source_traceback, cancel_message,
        cancelled_exception;
    uint8_t state;
    bool log_traceback; /* an exception was set and nobody has looked at it */
    bool blocking;      /* yielded by await: Task.step tells it from a bare yield */
} Future;

extern KrType *asyncio_future_type;
int asyncio_future_add(KrValue module); /* makes the types of this file and adds Future */

Future *asyncio_future_of(KrValue v); /* v must be a Future */
void asyncio_future_trace(void *self, KrTracer *tracer);
KrValue asyncio_future_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames);
int asyncio_future_init(KrValue self, KrValue loop);
void asyncio_future_finalize(KrValue self);
/* The steps of a future's life; EMPTY or -1 raised. */
int asyncio_future_cancel(KrValue self, KrValue message); /* 1, or 0 if it was done */
int asyncio_future_set_result(KrValue self, KrValue result);
int asyncio_future_set_exception(KrValue self, KrValue exception);
KrValue asyncio_future_result(KrValue self);
KrValue asyncio_future_cancelled_error(Future *f);
KrValue asyncio_future_add_callback(KrValue self, KrValue function, KrValue context);
/* loop.call_soon(function[, argument], context=context) */
KrValue asyncio_call_soon(KrValue loop, KrValue function, KrValue argument, KrValue context);
KrValue asyncio_raise(const char *name, const char *format, ...); /* of asyncio.exceptions */
KrValue asyncio_get_event_loop(void);
static inline KrValue or_none(KrValue v) { return kr_is_empty(v) ? kr_None : v; }

#endif
