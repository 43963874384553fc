/* weakref.h: weak references and proxies, and the table from objects to their weak references. */
#ifndef RUNTIME_OBJECTS_WEAKREF_H
#define RUNTIME_OBJECTS_WEAKREF_H

#include "runtime/objects/type.h"

typedef struct WeakRef { /* weakref.ref, its subclasses, and the two proxy types */
    Object head;
    Value target;         /* weak: EMPTY when dead */
    Value callback;       /* EMPTY: none */
    int64_t hash;         /* of the target, -1 until asked for */
    struct WeakRef *next; /* of the same target; not traced, kept right by the weak table */
} WeakRef;

/* The reference of `target`; without callback always the same one. TypeError when its type
 * refuses. */
Value kr_weakref_new(Value target, Value callback);
/* What a weak reference refers to, EMPTY when dead; any other value stands for itself. */
Value kr_weakref_target(Value v);

#endif
