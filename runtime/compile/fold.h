/* fold.h: constant folding on the tree. Each function rewrites a node in place; its children are
 * folded already. */
#ifndef RUNTIME_COMPILE_FOLD_H
#define RUNTIME_COMPILE_FOLD_H

#include "runtime/compile/constants.h"

typedef struct Fold {
    Arena *arena;
    Constants *constants;
    bool debug; /* the value of __debug__ */
    Identifier *name_debug;
} Fold;

/* False with an exception raised: only when memory is short or a literal cannot be made. */
bool kr_fold_expr(Fold *f, Expr *e);
/* `__debug__` read: becomes a constant. */
bool kr_fold_name(Fold *f, Expr *e);
/* What a for loop or `in` reads: displays of constants become constant tuples and frozensets. */
void kr_fold_iterable(Fold *f, Expr *e);

#endif
