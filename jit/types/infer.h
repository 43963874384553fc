/* Type inference: gives every value of a Python-level function its type.
 *
 * On success every reachable node has a type, values are converted (op `convert`) where they meet a
 * parameter or return of another type, calls of other kernels are `py.invoke` of a specialisation,
 * branches whose outcome the types decide are jumps, and f->ret is known.
 */
#ifndef JIT_TYPES_INFER_H
#define JIT_TYPES_INFER_H

#include "jit/diagnose/diag.h"
#include "jit/ir/ir.h"
#include "jit/types/functions.h"

/* Parameters of f must have types. Callees (functions named "jit.NAME", templates in the module
 * whose
 * parameters have no types) are specialised and inferred too. 0, or -1 with *diag filled. */
int jit_infer_run(IrFunc *f, JitDiag *diag);

/* 1 or 0 if the types decide a condition, else -1. */
int jit_infer_truth(const IrNode *condition);
/* An int constant, through a unary minus; false if x is none. */
bool jit_infer_int(const IrNode *x, int64_t *value);

/* What an index does to an array, item by item; shared with lowering. */
typedef enum IndexKind {
    INDEX_INT,
    INDEX_SLICE,
    INDEX_NEW,
    INDEX_REST,
    INDEX_MASK,
    INDEX_FANCY
} IndexKind;
typedef struct IndexPlan {
    uint32_t n; /* items */
    uint8_t kind[2 * TYPE_MAX_RANK];
    const JitType *type[2 * TYPE_MAX_RANK];
    uint32_t rank; /* of the result */
    uint32_t rest; /* axes that an ellipsis (or nothing at the end) keeps */
    char layout;   /* of the result */
    bool scalar;   /* all axes indexed by ints */
    bool copy;     /* masks and index arrays copy */
    int bad;       /* item that cannot index, or -1 */
    bool too_many;
    bool mixed; /* several arrays, or arrays beside other items: the kernel library does these */
} IndexPlan;
/* False if it is no valid index; then `bad` or `too_many` says why. */
bool jit_index_plan(const JitType *array, const JitType *index, IndexPlan *plan);
/* The function of the kernel library that does this py.getitem or py.setitem; NULL: none. */
const char *jit_infer_index_function(const IrNode *x);
const JitType *jit_index_result(const JitType *array, const IndexPlan *plan);

/* The axis of a reduction, made not negative; -1: over all elements, -2: no constant or out of
 * range. */
int jit_infer_axis(const BoundCall *call, unsigned rank);
bool jit_infer_keepdims(const BoundCall *call);

/* The dtype that a dtype argument names (np.float32, float, "f8"); -1: none. */
int jit_infer_dtype(const JitType *t);

/* -- between the files of inference -- */
typedef struct Infer {
    IrFunc *f;
    JitDiag *diag;
    bool report; /* the types have settled: refusals are final */
    bool open;   /* a type depends on a function still being inferred */
    bool grew;   /* a container's items have got a wider type */
    char why[240]; /* a sentence: why the last library function was refused, empty: unknown */
} Infer;
const JitType *jit_infer_node(Infer *in, IrNode *x); /* infer_ops.c; NULL: refused */
const JitType *jit_infer_call(Infer *in, IrNode *x); /* infer_call.c */
const JitType *jit_infer_library(Infer *in, const IrNode *x, const BoundCall *c);
const JitType *jit_infer_binary(Infer *in, const IrNode *x, IrOperator oper, const JitType *a,
                                const JitType *b, const IrNode *exponent);
const JitType *jit_infer_item(const JitType *iterable); /* NULL: not iterable */
const JitType *jit_infer_refuse(Infer *in, JitRefusal what, const IrNode *x, ...);
IrFunc *jit_infer_callee(Infer *in, const char *name, const JitType *const *args,
                         const IrLiteral *literals, uint32_t n);
const JitType *jit_infer_plain(Infer *in, IrNode *x); /* the rule of the op alone */
/* -- infer_overload.c -- */
const JitType *jit_infer_overloaded(Infer *in, const IrNode *x, bool *open);
const JitType *jit_infer_overloaded_attribute(Infer *in, IrNode *x); /* NULL: there is none */
/* -- infer_object.c -- */
const JitType *jit_infer_kept(const JitType *t); /* the type of a value that is stored: text in it is no constant */
const JitType *jit_infer_object_attribute(Infer *in, IrNode *x); /* NULL: it has none of that name */
const JitType *jit_infer_object_store(Infer *in, IrNode *x);
const JitType *jit_infer_object_make(Infer *in, IrNode *x);
const JitType *jit_infer_object_new(const IrNode *x);
bool jit_infer_object_operator(Infer *in, IrNode *x, const JitType **result);
const char *jit_infer_object_function(Infer *in, const IrNode *x);
void jit_infer_object_finish(IrFunc *f, IrNode *x);
/* -- infer_record.c -- */
typedef struct FieldPlace {
    int64_t offset, shape[TYPE_MAX_RANK]; /* the shape of a sub-array */
    unsigned rank;
    bool aligned;
} FieldPlace;
FieldPlace jit_infer_field(const JitType *record, int i);
int64_t jit_infer_record_size(const JitType *record);
int64_t jit_infer_item_size(const JitType *records);
int jit_infer_field_of(const JitType *record, const IrNode *index); /* -1: none */
const JitType *jit_infer_field_array(const JitType *records, int i);
const JitType *jit_infer_record_attribute(Infer *in, const IrNode *x); /* NULL: none */
const JitType *jit_infer_record_item(Infer *in, const IrNode *x);
const JitType *jit_infer_record_store(Infer *in, const IrNode *x);
const JitType *jit_infer_record_set(Infer *in, const IrNode *x);
const JitType *jit_infer_record_iterated(const JitType *t); /* NULL: t is no array of records */
void jit_infer_align(Infer *in, IrNode *x); /* aligned copies of fields that x computes with */
bool jit_infer_record_call(Infer *in, const IrNode *x, const BoundCall *c, const JitType **result);
/* -- unroll.c -- */
bool jit_infer_unrolls(const JitType *t);
bool jit_infer_unroll(Infer *in); /* one loop; true: types must be inferred anew */
/* -- infer_big.c -- */
uint64_t jit_infer_big_value(const JitType *t);
const JitType *jit_infer_big_as(const IrNode *x, uint32_t i); /* what argument i is taken as; NULL: refused */
bool jit_infer_big(Infer *in, IrNode *x, const JitType **result);
void jit_infer_big_finish(IrFunc *f, IrNode *x);
enum { TUPLE_SLICE_MAX = 256 };
/* Which elements of a tuple a slice with constant parts takes, in order; their number, -1: not decided when compiling. */
int jit_infer_tuple_slice(const JitType *t, const IrNode *slice, uint32_t *places);
/* -- infer_container.c -- */
const JitType *jit_infer_display(Infer *in, IrNode *x);
const JitType *jit_infer_container(Infer *in, IrNode *x, const BoundCall *c);
const JitType *jit_infer_container_item(Infer *in, IrNode *x);
const JitType *jit_infer_container_store(Infer *in, IrNode *x);
const JitType *jit_infer_container_iterated(const JitType *t); /* NULL: t is no container */
/* Is x an operator on containers or text? Then *result is its type. */
bool jit_infer_container_operator(Infer *in, IrNode *x, const JitType **result);
const char *jit_infer_container_word(const JitType *t); /* "list", "str", ...; NULL: no container */
const JitType *jit_infer_written(Infer *in, IrNode *x, const char *name);
/* A constant before x: the library's function of that name. */
IrNode *jit_infer_callee_const(Infer *in, IrNode *x, const char *name);
const char *jit_infer_redirect(const IrNode *call);
bool jit_infer_method_grows(Infer *in, const IrNode *call, const char *name);
/* Do the items of an iteration over t have references of their own (t or a part of it is a container)? */
bool jit_infer_item_is_fresh(const JitType *t);
void jit_infer_container_finish(IrFunc *f, IrNode *x);
bool jit_infer_is_text(const JitType *t);
bool jit_infer_is_numpy_class(const char *name);
int jit_infer_isinstance(const JitType *t, const JitType *cls);
bool jit_infer_is_open(const JitType *t);
bool jit_infer_close(Infer *in);
/* The type that a parameter of the callee takes for an argument: methods of containers take no constant text. */
const JitType *jit_infer_passed(const IrFunc *callee, const JitType *t);
IrNode *jit_infer_converted(IrFunc *f, IrNode *at, IrNode *x, const JitType *to); /* infer.c */
const JitType *jit_infer_unwrap(const JitType *t); /* optional(T) used as T */

/* A call of another kernel: the argument of each of its parameters, NULL for a default; the
 * values from
 * rest_from on go into its *rest. */
typedef struct KernelCall {
    IrFunc *callee; /* the function as written; a template or a typed one */
    IrNode *arg[BOUND_MAX];
    uint32_t n; /* parameters */
    IrNode *const *rest;
    uint32_t nrest;
} KernelCall;
/* Name of the kernel that a call's callee type means ("numpy.diff" for func(jit.numpy.diff)), or
 * NULL. */
const char *jit_infer_kernel_name(const JitType *callee);
const char *jit_infer_kernel_of(Infer *in, const IrNode *call);
/* NULL, or what is wrong with the arguments. */
const char *jit_infer_bind_kernel(Infer *in, const IrNode *call, KernelCall *out);
/* The types of the parameters, and the constants among them; false if a type is not known yet. */
bool jit_infer_kernel_types(const KernelCall *call, const JitType **types, IrLiteral *literals);
IrFunc *jit_infer_find_kernel(IrModule *m, const char *name);
IrNode *jit_infer_self(Infer *in, const IrNode *call); /* what the callee, a method or closure, is bound to */

#endif
