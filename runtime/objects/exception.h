/* exception.h: the layout of exceptions. kr_raise and relatives (krait.h) are in exception.c;
 * traceback objects are linked by the VM. */
#ifndef RUNTIME_OBJECTS_EXCEPTION_H
#define RUNTIME_OBJECTS_EXCEPTION_H

#include "runtime/objects/type.h"

typedef struct Exception {
    Object head;
    Value args;      /* tuple */
    Value traceback; /* Traceback or None */
    Value cause, context; /* exception or None */
    Value notes;     /* list, or EMPTY */
    bool suppress_context;
    /* StopIteration: value. SystemExit: code. OSError: errno strerror filename winerror filename2
     * written. SyntaxError: msg filename lineno offset text end_lineno end_offset. ImportError: msg
     * name path. AttributeError: name obj. NameError: name. UnicodeError: encoding object start end
     * reason. Groups: message exceptions. */
    Value fields[7];
} Exception;

typedef struct Traceback {
    Object head;
    Value next;  /* Traceback towards the place of raising, or None */
    Value frame; /* a frame object */
    int32_t line;
    uint32_t instruction; /* in the frame's code: gives the columns */
    int32_t lasti;        /* tb_lasti */
} Traceback;

static inline Exception *exception_of(Value v) { return (Exception *)object_of(v); }
/* Attaches the exception being handled as __context__ (done by kr_raise*), avoiding cycles. */
void kr_exception_set_context(Value exception);
/* As kr_report_unraisable(), with words of its own before the object. */
void kr_report_unraisable_as(const char *what, Value where);
bool kr_exception_matches(Value exception, Value class_or_tuple, bool *failed);

#endif
