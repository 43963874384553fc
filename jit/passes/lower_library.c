/* What only the kernel library calls (jit/types/infer_library.c): views of any shape and stride; constants need no code. */
#include "jit/passes/lower.h"

/* The lengths are trusted: the library has checked them. */
static void lower_strided(Lower *l, const IrNode *x, const BoundCall *c)
{
    Arr a = jit_array_value(l, c->arg[0]), r = {.type = x->type, .own = a.own};
    IrNode **shape = jit_lower_parts(l, c->arg[2]), **strides = jit_lower_parts(l, c->arg[3]);
    r.data =
        jit_lower_op2(l, OP_PTRADD, a.data, jit_scalar_int(l, jit_lower_num(l, c->arg[1])));
    for (unsigned d = 0; d < x->type->rank; d++) {
        r.shape[d] = jit_scalar_int(l, jit_lower_num_of(c->arg[2]->type->elem[d], shape + d));
        r.stride[d] = jit_scalar_int(l, jit_lower_num_of(c->arg[3]->type->elem[d], strides + d));
    }
    jit_array_set(l, x, &r);
}

void jit_library_lower(Lower *l, const IrNode *x, const BoundCall *c)
{
    switch ((LibraryFn)c->fn->aux) {
    case LIBRARY_STRIDED: lower_strided(l, x, c); break;
    case LIBRARY_RESULT:
    case LIBRARY_KIND: jit_lower_set(l, x, 0, NULL); break;
    }
}
