/* ufunc_objects.h: the entries that the loops_*.c files make, and the loops that work on objects, text and times. */
#ifndef MODULES_NUMPY_UFUNC_OBJECTS_H
#define MODULES_NUMPY_UFUNC_OBJECTS_H

#include "modules/numpy/numpy.h"

typedef struct UfuncEntry {
    const char *name, *doc;
    int nin, nout, identity, flags;
    const NpLoopRow *rows;
    int row_count;
} UfuncEntry;

extern const UfuncEntry np_arithmetic_list[], np_logic_list[], np_maths_list[];

#define LOOP(name) void name(char **args, int64_t n, const int64_t *s, void *data)
LOOP(object_unary);
LOOP(object_binary);
LOOP(object_choose);
LOOP(object_compare);
LOOP(object_method);
LOOP(object_logical);
LOOP(object_not);
LOOP(object_either);
LOOP(object_negated);
LOOP(text_compare);
LOOP(time_compare);
LOOP(time_isnat);
LOOP(time_never);
LOOP(time_choose);
LOOP(time_add);
LOOP(time_subtract);
Value object_negative(Value v);
Value object_positive(Value v);
Value object_absolute(Value v);
Value object_invert(Value v);
Value object_square(Value v);
Value object_sign(Value v);
Value object_conjugate(Value v);
Value object_floor(Value v);
Value object_ceil(Value v);
Value object_trunc(Value v);
/* ufunc.c's resolution of types, for signature.c. */
Dtype *np_ufunc_code(char code);
bool np_ufunc_takes(const Dtype *d, char code);                        /* safely */
int np_ufunc_row_types(Ufunc *f, const NpLoopRow *row, Dtype *const *in, Dtype **types);
KrType *np_ufunc_error(const char *name);                              /* of numpy._errors */
int np_signature_parse(Ufunc *f, Value signature, Value dtype, Dtype **want); /* NULL in want: open; -1 raised */
const NpLoopRow *np_signature_resolve(Ufunc *f, Dtype *const *want, Dtype *const *in, Dtype **types);

/* Elements of text have the size of the types that np_execute sets here before it runs a loop. */
extern _Thread_local int64_t np_text_sizes[2];

#endif
