/* Lowering, between its files: Python-level nodes with types become machine-level nodes.
 *
 *   lower.c         blocks, edges, constants, tuples, calls of kernels
 *   lower_emit.c    making nodes, exits, loops, branches
 *   lower_iter.c    iteration
 *   lower_scalar.c  numbers: conversions and Python's operators
 *   lower_elem.c    NumPy's elementwise operations on scalars, and array expressions as loops
 *   lower_array.c   attributes, indexing, views, stores
 *   lower_make.c    functions that make and reduce arrays
 *   lower_call.c    the functions of functions.def
 *   lower_library.c what the kernel library alone calls
 */
#ifndef JIT_PASSES_LOWER_H
#define JIT_PASSES_LOWER_H

#include "jit/ir/ir.h"
#include "jit/types/functions.h"
#include "jit/types/infer.h"

enum { LOWER_TEMPS = 16, LOWER_LEAVES = 16 };

/* A number: one machine value, two if complex. */
typedef struct Num {
    const JitType *type;
    IrNode *re, *im;
} Num;

/* An array's parts with its strides in bytes, computed where the type implies them. */
typedef struct Arr {
    const JitType *type;
    IrNode *data, *own;
    IrNode *shape[TYPE_MAX_RANK], *stride[TYPE_MAX_RANK];
} Arr;

/* How one level of an iteration advances. */
typedef struct IterLeaf {
    const JitType *type; /* RANGE, ARRAY, TUPLE, or ENUMERATE for its counter */
    IrNode **parts;
    IrNode *limit; /* stop or count; NULL for a counter; of a set or dict its size at the start */
    IrNode **items; /* of a generator: what it gave in the loop's head */
    IrNode *found; /* of a set or dict: where the next item is, found in the loop's head */
    int step;      /* ranges: 1, -1: the state is the item; 0: the state counts */
} IterLeaf;

typedef struct Iter {
    IterLeaf leaf[LOWER_LEAVES];
    IrNode *init[LOWER_LEAVES], *next[LOWER_LEAVES];
    uint32_t n;
} Iter;

typedef struct Lower {
    IrModule *m;
    IrFunc *src, *f;            /* from, into */
    IrBlock *cur;               /* where nodes are appended */
    IrNode *user;               /* the node being lowered: position and exit edge */
    IrNode ***parts;            /* by source node id */
    IrBlock **blocks;           /* by source block id */
    Iter **iters;               /* by id of the py.iter node */
    IrNode *temps[LOWER_TEMPS]; /* buffers to be released if the user node raises now */
    uint32_t ntemps;
    IrBlock *cleanup; /* for the present user node and temps, or NULL */
    IrBlock *entry;
    const JitType *item_of; /* the iterable whose item is being made */
    unsigned loops; /* array expressions that became functions: parloop.c */
} Lower;

static inline void jit_lower_copy(IrNode **to, IrNode *const *from, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) to[i] = from[i];
}

/* -- emitting (lower_emit.c) -- */
IrNode *jit_lower_placed(Lower *l, IrNode *x); /* gives it the user node's position */
IrNode *jit_lower_op1(Lower *l, IrOp op, MType mt, IrNode *x);
IrNode *jit_lower_op2(Lower *l, IrOp op, IrNode *x, IrNode *y);
IrNode *jit_lower_nsw(Lower *l, IrOp op, IrNode *x, IrNode *y);
IrNode *jit_lower_select(Lower *l, IrNode *c, IrNode *x, IrNode *y);
IrNode *jit_lower_int(Lower *l, int64_t v);
IrNode *jit_lower_const(Lower *l, MType m, double v); /* of any number type */
IrNode *jit_lower_conv(Lower *l, IrNode *x, MType to);
/* Gives a raising node its exit: the user's handler, after the release of temporaries. */
IrNode *jit_lower_raising(Lower *l, IrNode *x);
void jit_lower_check(Lower *l, IrNode *ok, IrErr err, const char *text, IrNode *a, IrNode *b,
                     IrNode *c);
IrNode *jit_lower_rt(Lower *l, IrRt rt, uint32_t n, IrNode *const *args);
IrNode *jit_lower_load(Lower *l, MType m, IrNode *base, IrNode *offset);
void jit_lower_store(Lower *l, IrNode *base, IrNode *offset, IrNode *v);
IrNode *jit_lower_alloc(Lower *l, IrNode *bytes, bool zeroed);
void jit_lower_push_temp(Lower *l, IrNode *own);
void jit_lower_pop_temp(Lower *l);
void jit_lower_release(Lower *l, IrNode *own);

/* A counted loop for (i = 0; i < n; i++) with values carried around it. */
typedef struct Loop {
    IrBlock *head, *exit;
    IrNode *i;
    IrNode *carried[8]; /* inside: their value in this iteration; afterwards: the final ones */
    uint32_t n;
} Loop;
void jit_lower_loop(Lower *l, Loop *loop, IrNode *count, uint32_t n, IrNode *const *init);
void jit_lower_loop_end(Lower *l, Loop *loop, IrNode *const *next);
/* if (cond): block_then gets control; both ends are joined by jit_lower_endif. */
typedef struct If {
    IrBlock *no, *join;
    bool has_else;
} If;
void jit_lower_if(Lower *l, If *i, IrNode *cond);
void jit_lower_else(Lower *l, If *i, uint32_t n, IrNode *const *values);
/* Joins; `values` are the else side's, the result parameters replace them in place. */
void jit_lower_endif(Lower *l, If *i, uint32_t n, IrNode **values);

/* -- iteration (lower_iter.c) -- */
uint32_t jit_iter_states(const JitType *t); /* words of state that a py.next over t needs */
void jit_iter_start(Lower *l, const IrNode *x);
void jit_iter_next(Lower *l, const IrNode *x);
/* Goes on with a generator: is there an item, and its parts, with references of their own or null. */
IrNode *jit_iter_resume(Lower *l, const JitType *t, IrNode *own, IrNode **parts);
/* Element i of a tuple of equal types, chosen at run time. */
void jit_iter_tuple_element(Lower *l, const JitType *t, IrNode *const *parts, IrNode *i,
                            IrNode **out);

/* -- values and edges (lower.c) -- */
/* The machine block and flattened arguments of an edge that leaves source block `from`. */
IrBlock *jit_lower_target(Lower *l, const IrBlock *from, const IrEdge *e, uint32_t *n,
                          IrNode ***args);
IrEdge *jit_lower_edge(Lower *l, const IrBlock *from, const IrEdge *e);
IrNode **jit_lower_parts(Lower *l, const IrNode *user);
void jit_lower_set(Lower *l, const IrNode *user, uint32_t n, IrNode *const *parts);
Num jit_lower_num(Lower *l, const IrNode *user); /* an optional is unwrapped with a check */
Num jit_lower_num_of(const JitType *t, IrNode *const *parts);
void jit_lower_set_num(Lower *l, const IrNode *user, Num v);
IrNode **jit_lower_unwrapped(Lower *l, const IrNode *user, const JitType **type);
/* Converts a value of any type to a type that jit_type_converts allows. */
void jit_lower_convert(Lower *l, const JitType *from, IrNode *const *in, const JitType *to,
                       IrNode **out);

/* -- lower_scalar.c -- */
Num jit_scalar_cast(Lower *l, Num v, const JitType *to);
IrNode *jit_scalar_truth(Lower *l, Num v);
IrNode *jit_scalar_int(Lower *l, Num v); /* as an index or size */
Num jit_scalar_binary(Lower *l, IrOperator oper, Num a, Num b, const JitType *result);
Num jit_scalar_unary(Lower *l, IrOperator oper, Num a, const JitType *result);
IrNode *jit_scalar_compare(Lower *l, IrOperator oper, Num a, Num b);
Num jit_scalar_make(const JitType *t, IrNode *re, IrNode *im);
IrNode *jit_scalar_pow_float(Lower *l, IrNode *a, IrNode *b); /* NumPy's, no errors */

/* -- lower_elem.c -- */
Num jit_elem_scalar_op(Lower *l, ElemOp op, const Num *args, uint32_t n, const JitType *result);
/* An array expression: the tree of fused nodes under `x`, or an array or number itself. */
typedef struct ElemExpr ElemExpr;
ElemExpr *jit_elem_expr(Lower *l, const IrNode *x);
ElemExpr *jit_elem_expr_root(Lower *l, const IrNode *x); /* x itself is the operation */
ElemExpr *jit_elem_expr_array(Lower *l, const Arr *a);
ElemExpr *jit_elem_expr_num(Lower *l, Num v);
ElemExpr *jit_elem_expr_op(Lower *l, ElemOp op, const JitType *type, uint32_t n, ElemExpr **args);
const JitType *jit_elem_expr_type(const ElemExpr *e); /* of its elements */
/* The shape of the expression, of `rank` axes; raises when operands do not fit together. */
void jit_elem_expr_shape(Lower *l, ElemExpr *e, unsigned rank, IrNode **shape);
/* Runs `body` for every element in C order with its value; index[] are the loop variables. Two
 * copies are emitted: one whose operands are dense along the last axis, one for any strides. */
typedef void (*ElemBody)(Lower *l, void *ctx, IrNode *const *index, Num value, bool dense,
                         IrNode *const *carried, IrNode **next);
void jit_elem_expr_loop(Lower *l, ElemExpr *e, unsigned rank, IrNode *const *shape, IrNode *more,
                        uint32_t ncarried, IrNode *const *init, IrNode **result, ElemBody body,
                        void *ctx);
/* Evaluates into a fresh array of the given type. */
Arr jit_elem_expr_array_new(Lower *l, ElemExpr *e, const JitType *type);
/* Evaluates into an existing array, as if into a temporary first. */
void jit_elem_expr_store(Lower *l, ElemExpr *e, const Arr *target);

/* -- lower_array.c -- */
Arr jit_array_of(Lower *l, const JitType *t, IrNode *const *parts);
Arr jit_array_value(Lower *l, const IrNode *user);
void jit_array_set(Lower *l, const IrNode *user, const Arr *a);
void jit_array_parts(const Arr *a, IrNode **parts);
IrNode *jit_array_size(Lower *l, const Arr *a);
Num jit_array_load(Lower *l, const Arr *a, IrNode *offset);
void jit_array_store(Lower *l, const Arr *a, IrNode *offset, Num v);
/* A fresh array of this contiguous type; sizes are checked, the buffer is pushed as a temporary
 * that the caller pops. fill: 0 none, 1 zeros. */
Arr jit_array_new(Lower *l, const JitType *t, IrNode *const *shape, int fill);
Num jit_array_item(Lower *l, const Arr *a, IrNode *index); /* rank 1, index in range */
void jit_array_getattr(Lower *l, const IrNode *x);
void jit_array_getitem(Lower *l, const IrNode *x);
void jit_array_setitem(Lower *l, const IrNode *x);
Arr jit_array_row(Lower *l, const Arr *a, IrNode *index, const JitType *type);
/* What an index of ints, slices and new axes leaves of an array. */
Arr jit_array_view(Lower *l, const Arr *a, const IndexPlan *p, IrNode *const *parts, const JitType *type);
bool jit_array_is_contiguous(const JitType *t);

/* -- lower_make.c, lower_call.c -- */
bool jit_make_call(Lower *l, const IrNode *x, const BoundCall *c);
void jit_make_matmul(Lower *l, const IrNode *x, const IrNode *a, const IrNode *b);
void jit_library_lower(Lower *l, const IrNode *x, const BoundCall *c); /* lower_library.c */
void jit_call_lower(Lower *l, const IrNode *x);
void jit_make_any(Lower *l, ElemExpr *e, unsigned rank, IrNode **result);
/* len(range(...)) of its three parts. */
IrNode *jit_lower_range_count(Lower *l, IrNode *const *parts);
/* parfor.c: an element is about to be touched; and all of an array is about to be read. */
void jit_outline_watch(Lower *l, const Arr *a, IrNode *offset, bool write);
void jit_outline_watch_all(Lower *l, const Arr *a);
void jit_outline_lower(Lower *l, const IrNode *x);   /* parfor.c: a py.parfor */

/* -- lower_container.c -- */
void jit_container_display(Lower *l, const IrNode *x);
void jit_container_getitem(Lower *l, const IrNode *x);
void jit_container_setitem(Lower *l, const IrNode *x);
void jit_container_call(Lower *l, const IrNode *x, const BoundCall *c);
IrNode *jit_container_length(Lower *l, IrNode *own);
IrNode *jit_container_text(Lower *l, const char *text); /* a fresh owner */
/* Between a text and a text or constant string. */
IrNode *jit_container_compare(Lower *l, IrOperator oper, const JitType *a, IrNode *const *p,
                              const JitType *b, IrNode *const *q);
IrNode *jit_container_text_in(Lower *l, const IrNode *part, const IrNode *whole);
void jit_container_text_binary(Lower *l, const IrNode *x);
void jit_container_text_number(Lower *l, const IrNode *x, const IrNode *text);
IrNode *jit_container_probe(Lower *l, const JitType *t, IrNode *own, IrNode *state);
void jit_container_check_size(Lower *l, const JitType *t, IrNode *own, IrNode *before);
void jit_container_item(Lower *l, const JitType *t, IrNode *own, IrNode *at, IrNode **out);

/* A fresh owner that may be NULL for want of memory. */
IrNode *jit_container_checked(Lower *l, IrNode *own);
/* A value from memory; with references of its own unless it is only borrowed. */
void jit_container_take_words(Lower *l, IrNode *base, const JitType *t, bool borrowed, IrNode **out);
/* Puts a value where another one of its type stands, whose references are given up. */
void jit_container_replace_words(Lower *l, IrNode *place, const JitType *t, IrNode *const *parts);

/* -- lower_object.c -- */
void jit_object_new(Lower *l, const IrNode *x);
void jit_object_getattr(Lower *l, const IrNode *x);
void jit_object_setattr(Lower *l, const IrNode *x);

/* -- lower_record.c -- */
void jit_record_getattr(Lower *l, const IrNode *x);
void jit_record_setattr(Lower *l, const IrNode *x);
void jit_record_getitem(Lower *l, const IrNode *x);
void jit_record_setitem(Lower *l, const IrNode *x);
void jit_record_item(Lower *l, const JitType *t, IrNode *const *parts, IrNode *i, IrNode **out);
void jit_record_make(Lower *l, const IrNode *x, const BoundCall *c);

/* -- lower_raise.c -- */
void jit_raise_lower(Lower *l, const IrNode *x);
void jit_raise_catch(Lower *l, const IrNode *x);
void jit_raise_match(Lower *l, const IrNode *x);
void jit_raise_again(Lower *l, const IrNode *x);
/* Puts parts into memory, each a word; the place holds references of its own (lower_container.c). */
void jit_container_put_words(Lower *l, IrNode *base, uint32_t n, IrNode *const *parts);
IrNode *jit_container_new_list(Lower *l, const JitType *item, int64_t room);

/* -- the pass -- */
/* Replaces f's contents by machine-level ones. */
void jit_lower_run(IrFunc *f);

#endif
