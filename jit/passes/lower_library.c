/* What only the kernel library calls (jit/types/infer_library.c): views of any shape and stride; constants need no code. */
#include "jit/passes/lower.h"

#include <string.h>

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

static void lower_recast(Lower *l, const IrNode *x, const BoundCall *c)
{
    Arr a = jit_array_value(l, c->arg[0]);
    a.type = x->type;
    jit_array_set(l, x, &a);
}

typedef struct Words {
    IrNode *area;
    int64_t n;
} Words;

static void put(Lower *l, Words *w, IrNode *v)
{
    jit_lower_store(l, w->area, jit_lower_int(l, 8 * w->n++), v);
}

/* An argument with its tag, as jit/run/native.c reads it. */
static void put_argument(Lower *l, Words *w, const IrNode *arg)
{
    const JitType *t = jit_infer_unwrap(arg->type);
    if (t->kind != TK_ARRAY) {
        bool flt = jit_type_is_float(t);
        Num v = jit_scalar_cast(l, jit_lower_num(l, arg), jit_type_simple(flt ? TK_FLOAT : TK_INT));
        put(l, w, jit_lower_int(l, flt ? 'f' : 'i'));
        put(l, w, v.re);
        return;
    }
    Arr a = jit_array_value(l, arg);
    JitDtype d = (JitDtype)t->dtype;
    put(l, w, jit_lower_int(l, 'a' | (int64_t)t->rank << 8 | (int64_t)jit_dtype_kind(d) << 16 |
                                   (int64_t)jit_dtype_size(d) << 24));
    put(l, w, a.data);
    for (unsigned d = 0; d < t->rank; d++) put(l, w, a.shape[d]);
    for (unsigned d = 0; d < t->rank; d++) put(l, w, a.stride[d]);
}

static void lower_native(Lower *l, const IrNode *x, const BoundCall *c)
{
    Words w = {.area = jit_ir_op0(l->f, l->cur, OP_STACK, M_VOID)};
    char name[32] = {0};
    int64_t words[4], total = 5;
    memcpy(name, c->arg[0]->type->name, strlen(c->arg[0]->type->name));
    memcpy(words, name, sizeof words);
    for (uint32_t i = 1; i < c->n; i++) {
        const JitType *t = jit_infer_unwrap(c->arg[i]->type);
        total += 2 + (t->kind == TK_ARRAY ? 2 * t->rank : 0);
    }
    w.area->imm.i = total;
    for (int i = 0; i < 4; i++) put(l, &w, jit_lower_int(l, words[i]));
    put(l, &w, jit_lower_int(l, c->n - 1));
    for (uint32_t i = 1; i < c->n; i++) put_argument(l, &w, c->arg[i]);
    IrNode *status = jit_lower_rt(l, RT_NATIVE, 1, &w.area);
    jit_lower_check(l, jit_lower_op2(l, OP_NE, status, jit_lower_int(l, -1)), ERR_KEPT, NULL, NULL,
                    NULL, NULL);
    jit_lower_set(l, x, 1, &status);
}

void jit_library_lower(Lower *l, const IrNode *x, const BoundCall *c)
{
    switch ((LibraryFn)c->fn->aux) {
    case LIBRARY_STRIDED: lower_strided(l, x, c); break;
    case LIBRARY_RECAST: lower_recast(l, x, c); break;
    case LIBRARY_NATIVE: lower_native(l, x, c); break;
    case LIBRARY_RANDOM:
    case LIBRARY_RANDOM_INT: {
        IrNode *args[2] = {NULL}, *v;
        for (uint32_t i = 0; i < c->n; i++) args[i] = jit_scalar_int(l, jit_lower_num(l, c->arg[i]));
        v = jit_lower_rt(l, c->n == 1 ? RT_RANDOM : RT_RANDOM_INT, c->n, args);
        jit_lower_set(l, x, 1, &v);
        break;
    }
    case LIBRARY_RETURNS:
    case LIBRARY_RESULT:
    case LIBRARY_KIND: jit_lower_set(l, x, 0, NULL); break;
    }
}
