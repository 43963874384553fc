/* constants.h: the constants of one compilation: literals as values, and one value for equal
 * constants.
 *
 * Two constants are the same when they have the same type and the same bits all the way down: 0
 * and False, 0.0 and -0.0, (1,) and (True,) are different. Strs that look like names are
 * interned. */
#ifndef RUNTIME_COMPILE_CONSTANTS_H
#define RUNTIME_COMPILE_CONSTANTS_H

#include "runtime/syntax/ast.h"
#include "runtime/value.h"

typedef struct Constants {
    Arena *arena;
    Value keep;   /* list that keeps every value of the compilation alive; on the C stack */
    Value *table; /* open addressing */
    uint32_t count, capacity;
} Constants;

/* The literal's value; EMPTY raised (ValueError: too many digits). */
Value kr_constants_literal(Constants *c, const Constant *literal);
/* The value that stands for all constants equal to v. EMPTY raised. */
Value kr_constants_unique(Constants *c, Value v);
/* Keeps v alive until the compilation ends. */
void kr_constants_keep(Constants *c, Value v);

#endif
