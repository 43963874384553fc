/* box.h: Python values to a kernel's slots and back. */
#ifndef JIT_RUN_BOX_H
#define JIT_RUN_BOX_H

#include "jit/run/kernel_abi.h"
#include "jit/types/type.h"
#include "runtime/value.h"

enum { JIT_ARGUMENTS_MAX = 64 };

/* Containers on their way through one call (box_container.c). Stands on the stack, zeroed. */
typedef struct JitCrossing {
    Value objects; /* a list: the object of each entry; EMPTY while there are none */
    struct CrossEntry *entries;
    size_t n, room;
} JitCrossing;

/* The type of an argument; NULL without exception when kernels take no such value. */
const JitType *jit_box_type_of(Value v);
/* Writes the slots of a value of this type (which v has, or converts to); argument number `index` owns arrays. -1 raised. */
int jit_box_argument(Value v, const JitType *type, uint32_t index, uint64_t **slots,
                     JitCrossing *crossing);
/* The value in the slots of a result; buffers pass to it. EMPTY raised, and the buffers are released all the same. */
Value jit_box_result(const JitType *type, const uint64_t *slots, const Value *args,
                     JitCrossing *crossing);
const JitType *jit_box_type_within(Value v, int depth);

/* "number:field,field" of a class of named tuples, in a static buffer; NULL: it is none. */
const char *jit_box_tuple_class(Value cls);
/* The function behind a type func(py.N), which arguments that are functions have; EMPTY: it is no such type. */
Value jit_box_function(const JitType *t);

/* -- box_record.c -- */
const JitType *jit_box_records_type(Value v, const KrArray *a); /* of a structured array or void scalar; NULL: none */
const JitType *jit_box_record_type(int64_t number);
const char *jit_box_dtype_name(Value v); /* in a static buffer; NULL: v is no dtype that kernels know */
Value jit_box_records_result(const JitType *type, const uint64_t *s, Value keep);

/* -- box_object.c -- */
const JitType *jit_box_object_type(Value v, int depth); /* NULL: none */
const JitType *jit_box_class_type(int64_t number);      /* of a jitclass's instances, or NULL */
const char *jit_box_class_name(Value cls);              /* how kernels call it, in a static buffer, or NULL */
Value jit_box_class_member(const char *kind, int64_t number, const char *name);
Value jit_box_class(int64_t number);
void *jit_box_object_new(const JitType *t);
int jit_box_object_in(JitCrossing *x, Value v, const JitType *t, void *own);
int jit_box_object_back(JitCrossing *x, Value v, const JitType *t, void *own, const uint64_t *before, const Value *args);
Value jit_box_object_out(JitCrossing *x, const JitType *t, void *own, const Value *args);

/* -- box_container.c -- */
const JitType *jit_box_container_type(Value v, int depth); /* NULL: none */
int jit_box_container_argument(JitCrossing *x, Value v, const JitType *type, uint64_t **slots);
/* The object of an owner; its reference is given up. */
Value jit_box_container_result(JitCrossing *x, const JitType *type, uint64_t word, const Value *args);
/* Keeps an object alive for the crossing: the number that its owner's tag carries; UINT32_MAX raised. */
uint32_t jit_box_keep(JitCrossing *x, Value v);
/* Puts changes back into the Python objects. -1 raised. */
int jit_box_write_back(JitCrossing *x, const Value *args);
void jit_box_leave(JitCrossing *x);

/* The public header's code of an element type. */
int jit_box_public_dtype(JitDtype d);
/* The exception that a function called by name raised last (native.c); EMPTY: none. */
Value jit_native_exception(void);
int jit_native_exception_class(void); /* its number for jit_exception_is; -1: none */

#endif
