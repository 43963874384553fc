/* numpy.h: what the files of this module share: the array object, dtypes, casts, the iterator, ufuncs.
 *
 *   memory.c   blocks of array data            dtype.c    dtype objects, promotion, can_cast
 *   cast.c     conversion loops                array.c    the ndarray object: making, views, attributes
 *   convert.c  anything -> array               iter.c     strided iteration over several operands
 *   index.c    a[...] and a[...] = v           ufunc.c    calls, type resolution, error state
 *   reduce.c   reduce, accumulate, at          loops_*.c  the inner loops, from ufunc_table.def
 *   scalar.c   NumPy scalars                   shape.c    reshape, transpose, concatenate, ...
 *   sort.c     sort, argsort, searchsorted     linalg.c   dot, matmul, LAPACK
 *
 * A function that can fail returns EMPTY, NULL or -1 with the exception set. Array memory of dtype
 * object holds plain Values and stands in a collected vector; all other data is malloc'ed. */
#ifndef MODULES_NUMPY_NUMPY_H
#define MODULES_NUMPY_NUMPY_H

#include <fenv.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/krait.h"

typedef KrValue Value;
#define EMPTY KR_EMPTY
#define MAXRANK KR_MAX_RANK
#define MAXOPS 12

/* ---- Dtypes ---- */

typedef struct Dtype {
    KrObject head;
    int num;             /* KrDtype */
    char kind, code;     /* 'f', 'd' */
    bool swapped;        /* not the machine's byte order */
    int8_t unit;         /* datetimes: index into the units, -1 generic */
    int unit_count;      /* e.g. 25 of "25s" */
    int64_t item_size, align;
    Value names, fields; /* structured: tuple of str; dict name -> (dtype, offset[, title]) */
    Value base, shape;   /* sub-array: the element's dtype, a tuple of ints */
    Value metadata;
    Value scalar;        /* a subclass of void that its elements are of, or EMPTY */
    bool aligned;        /* made with align=True */
    int64_t object_count, *objects; /* where Python objects stand in an element of a structured type */
} Dtype;

static inline bool np_holds_objects(const Dtype *d) { return d->num == KR_OBJECT || d->object_count > 0; }

extern KrType *np_dtype_type;
extern Dtype *np_dtypes[KR_DTYPE_COUNT]; /* the plain ones, native order */

static inline Dtype *np_dtype_of_num(int num) { return np_dtypes[num]; }
static inline bool np_is_numeric(int num) { return num <= KR_C128 && num != KR_LONGDOUBLE; }
static inline bool np_is_integer(int num) { return num >= KR_I8 && num <= KR_U64; }
static inline bool np_is_float(int num) { return num >= KR_F16 && num <= KR_F64; }
static inline bool np_is_complex(int num) { return num == KR_C64 || num == KR_C128; }
static inline bool np_is_flexible(int num) { return num >= KR_BYTES && num <= KR_VOID; }
static inline bool np_is_plain(const Dtype *d) { return np_is_numeric(d->num) && !d->swapped; }

int np_dtype_init(Value module);
Dtype *np_dtype_parse(Value spec);      /* anything np.dtype() takes; None is float64 */
Dtype *np_dtype_sized(int num, int64_t item_size); /* S, U (bytes), V */
Dtype *np_dtype_datetime(int num, int unit, int count);
Dtype *np_dtype_native(Dtype *d);
Dtype *np_dtype_swapped(Dtype *d);
bool np_dtype_same(const Dtype *a, const Dtype *b);
Dtype *np_promote(Dtype *a, Dtype *b);  /* TypeError when there is no common type */
int np_promote_num(int a, int b);       /* numeric only */
enum NpCasting { NP_NO, NP_EQUIV, NP_SAFE, NP_SAME_KIND, NP_UNSAFE };
bool np_can_cast(const Dtype *from, const Dtype *to, int casting);
bool np_can_cast_num(int from, int to); /* safely; numeric only */
int np_casting_of(Value v, int fallback); /* -1 raised */
extern const char *const np_casting_names[];
Value np_dtype_str(const Dtype *d);     /* "<f8" */
Value np_dtype_repr(Value d);
static inline Dtype *np_dtype_cast(Value v) { return kr_to_object(v); }
static inline Value np_dtype_value(const Dtype *d) { return kr_from_object(d); }

/* ---- Arrays ---- */

typedef struct NdArray {
    KrObject head;
    KrArray a;
    Dtype *descr;
    void *block;       /* memory that dies with this object, or NULL */
    size_t block_size;
    KrOrigin origin;   /* of results: their memory may be taken when they die (recycle.c) */
    int64_t dims[8];   /* shape and strides up to rank 4 */
} NdArray;

extern KrType *np_array_type;
static inline bool np_is_array(Value v) { return kr_is_a(v, np_array_type); }
static inline NdArray *np_array(Value v) { return kr_to_object(v); }
/* The collector looks for the array itself, not for pointers to its data. Where a function goes on reading the data of an
 * array that it made, and allocates meanwhile, this stands after the last use: up to here the pointer is kept. */
static inline void np_keep(const NdArray *x) { __asm__ volatile("" : : "rm"(x) : "memory"); }
static inline Value np_value(const NdArray *x) { return x ? kr_from_object(x) : EMPTY; }

int np_array_init(Value module);
void *np_block_alloc(size_t size, bool zero); /* NULL: no memory, nothing raised */
void np_block_free(void *block, size_t size);
void np_block_pressure(size_t size); /* before a large allocation: may collect */

/* recycle.c. An array of that type and shape that the running instruction made before and nobody holds, or NULL. */
NdArray *np_recycle(KrOrigin origin, const Dtype *d, int rank, const int64_t *shape);
NdArray *np_new_result(KrOrigin origin, Dtype *d, int rank, const int64_t *shape); /* that, or a new one; noted */
void np_recycle_note(NdArray *x, KrOrigin origin); /* x is the result of what runs now */
void np_release_block(NdArray *x);                 /* x dies here */
void np_recycle_forget(NdArray *x);                /* x is told of elsewhere */

/* New arrays. order 'C' or 'F'. */
NdArray *np_new(Dtype *d, int rank, const int64_t *shape);
NdArray *np_new_order(Dtype *d, int rank, const int64_t *shape, char order, bool zero);
NdArray *np_new_like(NdArray *x, Dtype *d, char order); /* order may be 'K', 'A' */
NdArray *np_new_1d(int num, int64_t n);
NdArray *np_view(NdArray *base, Dtype *d, int rank, const int64_t *shape, const int64_t *strides,
                 char *data);
NdArray *np_view_type(NdArray *base, KrType *type, Dtype *d, int rank, const int64_t *shape,
                      const int64_t *strides, char *data);
NdArray *np_wrap_memory(void *data, Dtype *d, int rank, const int64_t *shape,
                        const int64_t *strides, Value owner, bool writeable);
void np_update_flags(NdArray *x);
int64_t np_size(const NdArray *x);
int64_t np_product(int rank, const int64_t *shape); /* -1: does not fit */
bool np_same_shape(const NdArray *a, const NdArray *b);
bool np_overlap(const NdArray *a, const NdArray *b); /* may their memory overlap? */
void np_extent(const NdArray *x, char **low, char **high);
int np_writeable(NdArray *x); /* 0, or -1 with "assignment destination is read-only" */
int np_finalize(NdArray *x, Value parent);

/* Elements. np_element gives a NumPy scalar, np_item a Python object. */
Value np_element(const char *p, Dtype *d, NdArray *base);
Value np_item(const char *p, Dtype *d);
int np_store(char *p, Dtype *d, Value v);
int np_store_checked(char *p, Dtype *d, Value v); /* reports overflow and invalid values, too */
bool np_cast_may_fail(const Dtype *from, const Dtype *to); /* by floating-point flags */
int np_array_buffer(Value self, KrBuffer *buffer, int flags);
Value np_return(NdArray *x);         /* a 0-d array as a scalar */
Value np_tolist(NdArray *x);

/* Copies with cast and broadcasting; the ranges may overlap. */
int np_copy_into(NdArray *to, NdArray *from);
int np_assign(NdArray *to, Value v); /* any value */
NdArray *np_copy(NdArray *x, char order);
NdArray *np_astype(NdArray *x, Dtype *d, char order);
NdArray *np_contiguous(NdArray *x);  /* x itself, or a C-ordered copy; aligned, native order */
NdArray *np_as_type_contiguous(Value v, int num);
NdArray *np_as_type(NdArray *x, Dtype *d); /* x itself if it is of d */

/* Anything as an array. */
NdArray *np_as_array(Value v, Dtype *d /* or NULL */);
NdArray *np_from_value(Value v, Dtype *d, int min_rank, bool copy);
Dtype *np_dtype_for(Value v);        /* of what np.array(v) would have; NULL raised */
/* A Python number's weak kind: 0 not weak, 1 bool, 2 int, 3 float, 4 complex. */
int np_weak_kind(Value v);
int np_shape_arg(Value v, int64_t *shape); /* the rank, or -1 */
Value np_shape_tuple(int rank, const int64_t *shape);
char np_order_arg(Value v, char fallback); /* 0 raised */
/* Axis arguments. */
int np_axis(int64_t axis, int rank, int *out);
int np_axis_value(Value v, int rank, int *out);
int np_raise_axis(int64_t axis, int rank);
int np_axes(Value v, int rank, bool *selected); /* None: all; the number selected, or -1 */
void np_shape_text(char *out, size_t size, int rank, const int64_t *shape);

/* ---- Casts ---- */

typedef int (*NpCast)(const char *from, int64_t from_step, char *to, int64_t to_step, int64_t n,
                      Dtype *from_type, Dtype *to_type);
NpCast np_cast_find(const Dtype *from, const Dtype *to); /* never NULL */
void np_copy_strided(const char *from, int64_t fs, char *to, int64_t ts, int64_t n, int64_t size);
void np_swap_bytes(char *p, int64_t step, int64_t n, int64_t size, bool is_complex);

/* ---- Iteration ---- */

/* Walks up to MAXOPS operands of one (broadcast) shape. Axes are ordered and merged so that the last
 * is the innermost; that one is left to the caller: n elements, steps[]. */
typedef struct NpIter {
    int rank, ops;
    int64_t n;               /* inner length */
    int64_t shape[MAXRANK], index[MAXRANK];
    int64_t strides[MAXOPS][MAXRANK], steps[MAXOPS];
    char *data[MAXOPS];
    bool empty;
} NpIter;
/* Broadcast shape of several arrays; -1 with ValueError. NULL entries are skipped. */
int np_broadcast(NdArray *const *x, int n, int64_t *shape);
/* Strides of x seen through a broadcast shape. */
int np_broadcast_strides(const NdArray *x, int rank, const int64_t *shape, int64_t *strides);
void np_iter_init(NpIter *it, int ops, int rank, const int64_t *shape, char *const *data,
                  int64_t (*strides)[MAXRANK], bool keep_order);
bool np_iter_next(NpIter *it);

/* ---- Ufuncs ---- */

typedef void (*NpLoop)(char **args, int64_t n, const int64_t *steps, void *data);

typedef struct NpLoopRow {
    char types[6]; /* characters of dtypes: inputs, then outputs */
    NpLoop loop;
    void *data;
} NpLoopRow;

enum NpIdentity { NP_ID_NONE, NP_ID_ZERO, NP_ID_ONE, NP_ID_MINUS_ONE, NP_ID_REORDER };
enum NpUfuncFlags {
    NP_CHECK = 1,     /* floating-point flags are reported */
    NP_COMPARISON = 2,
    NP_TRUE_DIVIDE = 4,
    NP_LOGICAL = 8
};

typedef struct Ufunc {
    KrObject head;
    const char *name, *doc;
    int nin, nout, identity, flags;
    const NpLoopRow *rows;
    int row_count;
    Value object_call; /* for frompyfunc: the Python function */
    Value name_value;
    Value doc_value;
    const NpLoopRow *quick[KR_DTYPE_COUNT]; /* see ufunc_quick.c */
} Ufunc;

/* Who calls, for kr_origin: the ufunc that was called, or EMPTY, and the operands of the instruction. */
typedef struct NpAsker {
    Value callee;
    const Value *args;
    size_t n;
} NpAsker;

extern KrType *np_ufunc_type;
int np_ufunc_init(Value module);
Ufunc *np_ufunc_named(const char *name);
const NpLoopRow *np_ufunc_resolve(Ufunc *f, Dtype *const *in, Dtype **types);
Value np_ufunc_call(Ufunc *f, const Value *args, size_t n, Value kwnames);
Value np_ufunc_quick(Ufunc *f, const Value *args, const NpAsker *asker); /* NotImplemented: not of the common form */
const NpLoopRow *np_ufunc_quick_row(Ufunc *f, Dtype *d); /* the row of inputs of that type; or NULL */
int np_run_flat(Ufunc *f, const NpLoopRow *row, char **data, int64_t n, const int64_t *steps);
Value np_ufunc_call2(Ufunc *f, Value a, Value b);
Value np_ufunc_call1(Ufunc *f, Value a);
Value np_ufunc_into(Ufunc *f, Value a, Value b, NdArray *out);
Value np_reduce(Ufunc *f, NdArray *x, Value axis, Dtype *d, Value out, bool keepdims, Value initial,
                Value where);
Value np_accumulate(Ufunc *f, NdArray *x, int axis, Dtype *d, Value out);
int np_execute(const NpLoopRow *row, Ufunc *f, int ops, NdArray *const *x, Dtype *const *types,
               int rank, const int64_t *shape, NdArray *mask);
void np_fp_clear(void);
int np_fp_check(const char *name);         /* reports the flags raised since np_fp_clear */
int np_fp_check_store(void);               /* the same of values that were stored: underflow is none */
int np_fp_report(int flags, const char *name);
extern const KrFunction *const np_reduce_methods[];
Value np_operator(int op, Value a, Value b);
Value np_array_compare(Value a, Value b, int op);
extern Ufunc *np_operators[KR_BINARY_COUNT], *np_comparisons[6];
extern Ufunc *np_negative_f, *np_positive_f, *np_absolute_f, *np_invert_f;

/* ---- Scalars ---- */

typedef struct Scalar {
    KrObject head;
    union {
        char bytes[16];
        double d;
        float f;
        int64_t i;
        uint64_t u;
    };
    Dtype *descr; /* of those whose type does not tell: void, datetime64; not in float64, complex128 */
    Value keep;   /* the memory of a void scalar */
} Scalar;

extern KrType *np_scalar_types[KR_DTYPE_COUNT], *np_generic_type;
int np_scalar_init(Value module);
/* The dtype number of a NumPy scalar and its bytes, or -1. */
int np_scalar_num(Value v, const char **bytes);
Dtype *np_scalar_dtype(Value v, const char **bytes); /* also S, U, V, M; NULL: no scalar */
Value np_scalar_new(int num, const char *bytes);
Value np_scalar_binary(int op, Value a, Value b);

/* ---- Other files ---- */

int np_convert_init(Value module);
int np_shape_init(Value module);
int np_sort_init(Value module);
int np_linalg_init(Value module);
int np_text_init(Value module);
int np_rows_init(Value module);
int np_fft_init(Value module);
Value np_array_getitem(Value self, Value key);
int np_array_setitem(Value self, Value key, Value v);
Value np_array_iter(Value self);
int np_index_init(Value module);
Value np_matmul(Value a, Value b, Value out);
NdArray *np_nonzero_flat(NdArray *x); /* int64 positions in C order */
NdArray *np_take(NdArray *x, NdArray *indices, int axis, int mode, NdArray *out);
Value np_array_repr(Value self);
Value np_array_str(Value self);
extern Value np_glue; /* the Python half's hooks: a dict */
Value np_glue_call(const char *name, const Value *args, size_t n);
int np_add_functions(Value module, const KrFunction *const *functions);
size_t np_float_repr(char *out, size_t size, double x, int bits); /* shortest digits, as str() */

/* Sets flags of the floating-point unit. (feraiseexcept sets some in the x87 unit only.) */
static inline void np_fp_raise(int flags)
{
#if defined(__x86_64__)
    unsigned bits = (flags & FE_INVALID ? 1 : 0) | (flags & FE_DIVBYZERO ? 4 : 0) | (flags & FE_OVERFLOW ? 8 : 0) |
                    (flags & FE_UNDERFLOW ? 16 : 0);
    __builtin_ia32_ldmxcsr(__builtin_ia32_stmxcsr() | bits);
#else
    feraiseexcept(flags);
#endif
}

#define CLONES __attribute__((target_clones("arch=x86-64-v3", "default")))
#endif
