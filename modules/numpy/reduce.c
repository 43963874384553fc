/* reduce.c: reduce, accumulate, reduceat and at of ufuncs, and the reductions that are methods of arrays.
 *
 * A reduction is the binary loop with its first operand and result on one element (steps of 0 along the
 * reduced axes); the loops know that form. The axes are ordered as for any operation, so that sums run
 * pairwise along the contiguous axis, as NumPy's do. Where there is no identity the first element
 * along the axis starts the result. */
#include <fenv.h>

#include "modules/numpy/extremes.h"
#include "modules/numpy/ufunc_objects.h"

static Dtype *default_dtype(const Ufunc *f, NdArray *x)
{
    bool sums = !strcmp(f->name, "add") || !strcmp(f->name, "multiply");
    Dtype *d = np_dtype_native(x->descr);
    if (!sums) return d;
    if (d->num == KR_BOOL || (d->kind == 'i' && d->item_size < 8)) return np_dtypes[KR_I64];
    if (d->kind == 'u' && d->item_size < 8) return np_dtypes[KR_U64];
    return d;
}

/* The loop whose operands and result are of one type. */
static const NpLoopRow *reduce_row(Ufunc *f, Dtype *d, Dtype **types)
{
    if (f->nin != 2 || f->nout != 1) {
        kr_raise(kr_ValueError,
                 f->nin != 2 ? "reduce only supported for binary functions"
                             : "reduce only supported for functions returning a single value");
        return NULL;
    }
    Dtype *in[2] = {d, d};
    const NpLoopRow *row = np_is_plain(d) && !(f->flags & NP_LOGICAL) ? np_ufunc_quick_row(f, d) : NULL;
    if (row && np_ufunc_code(row->types[2]) == d) {
        types[0] = types[1] = types[2] = d;
        return row;
    }
    if (f->flags & NP_LOGICAL && d->num != KR_OBJECT) in[0] = in[1] = np_dtypes[KR_BOOL];
    row = np_ufunc_resolve(f, in, types);
    if (row && types[0]->num != types[2]->num) {
        /* divide of ints and the like: the type of the result, if a loop of it exists. */
        in[0] = in[1] = types[2];
        row = np_ufunc_resolve(f, in, types);
        if (row && types[0]->num != types[2]->num) row = NULL;
    }
    if (!row && !kr_raised())
        kr_raise(kr_TypeError,
                 "No loop matching the specified signature and casting was found for ufunc %s",
                 f->name);
    return row;
}

static int store_identity(NdArray *out, const Ufunc *f, bool empty)
{
    switch (f->identity) {
    case NP_ID_ZERO:
        if (!strcmp(f->name, "add") && !empty && (np_is_float(out->a.dtype)))
            return np_assign(out, kr_float(-0.0));
        return np_assign(out, kr_int(0));
    case NP_ID_ONE: return np_assign(out, kr_int(1));
    default: return np_assign(out, kr_int(out->descr->kind == 'u' ? 0 : -1));
    }
}

enum { PIECE = 8192 }; /* items that NumPy's iterator hands to a loop at once */

/* One reduction: the loop, where it is, and how the operand's items become the loop's. */
typedef struct Pass {
    const NpLoopRow *row;
    NpIter it;
    NpCast convert;
    Dtype *from, *to;
    char *buffer; /* PIECE items of `to`, if they are converted or gathered */
    bool cast;
} Pass;

/* Is everything summed to one item, from several runs of memory? */
static bool gathers(const Ufunc *f, const NpIter *it, const Dtype *d)
{
    bool all = it->rank > 0 && it->steps[0] == 0 && !strcmp(f->name, "add") &&
               (d->kind == 'f' || d->kind == 'c');
    for (int k = 0; all && k < it->rank; k++) all = it->strides[0][k] == 0;
    return all;
}

/* Sums over several runs: NumPy gathers the items in pieces, and each is summed pairwise. */
static int sum_gathered(Pass *p)
{
    NpIter *it = &p->it;
    int64_t size = p->to->item_size, filled = 0, steps[3] = {0, size, 0};
    char *args[3] = {it->data[0], p->buffer, it->data[0]};
    do {
        for (int64_t i = 0, m; i < it->n; i += m, filled += m) {
            if (filled == PIECE) {
                p->row->loop(args, filled, steps, p->row->data);
                filled = 0;
            }
            m = it->n - i < PIECE - filled ? it->n - i : PIECE - filled;
            if (p->convert(it->data[1] + i * it->steps[1], it->steps[1], p->buffer + filled * size,
                           size, m, p->from, p->to) < 0)
                return -1;
        }
    } while (np_iter_next(it));
    p->row->loop(args, filled, steps, p->row->data);
    return 0;
}

/* Items i to i + m of the inner dimension. */
static int reduce_items(Pass *p, int64_t i, int64_t m)
{
    const NpIter *it = &p->it;
    int64_t steps[3] = {it->steps[0], it->steps[1], it->steps[0]};
    char *to = it->data[0] + i * steps[0], *args[3] = {to, it->data[1] + i * steps[1], to};
    if (p->cast) {
        steps[1] = p->to->item_size;
        if (p->convert(args[1], it->steps[1], p->buffer, steps[1], m, p->from, p->to) < 0)
            return -1;
        args[1] = p->buffer;
    }
    p->row->loop(args, m, steps, p->row->data);
    return 0;
}

/* In pieces, as NumPy's iterator hands them to the loop: sums are pairwise within each. */
static int reduce_inner(Pass *p)
{
    int64_t n = p->it.n, piece = p->cast || p->it.steps[0] == 0 ? PIECE : n;
    int status = 0;
    for (int64_t i = 0; i < n && status == 0; i += piece)
        status = reduce_items(p, i, n - i < piece ? n - i : piece);
    return status;
}

/* The same where the third operand, a mask, is true. */
static int reduce_masked(Pass *p)
{
    const char *mask = p->it.data[2];
    int64_t n = p->it.n, step = p->it.steps[2], most = p->cast ? PIECE : n;
    int status = 0;
    for (int64_t i = 0, m; i < n && status == 0; i += m) {
        for (m = 0; i + m < n && m < most && mask[(i + m) * step]; m++) {}
        if (m)
            status = reduce_items(p, i, m);
        else
            m = 1;
    }
    return status;
}

/* May reduce_whole() do it? Everything to one number, from an array in C order of the loop's own type. */
static bool is_whole(const Ufunc *f, const NdArray *x, Value axis, Value out, bool keepdims, Value initial, Value where)
{
    const uint32_t wanted = KR_ARRAY_C | KR_ARRAY_ALIGNED | KR_ARRAY_NATIVE;
    bool plain = kr_is(axis, kr_None) && kr_is_empty(out) && !keepdims && kr_is_empty(initial) &&
                 (kr_is_empty(where) || kr_is(where, kr_True));
    return plain && x->head.type == np_array_type && (x->a.flags & wanted) == wanted && np_is_numeric(x->a.dtype) &&
           (f->identity == NP_ID_ZERO || f->identity == NP_ID_ONE || f->identity == NP_ID_REORDER);
}

static Value reduce_whole(const Ufunc *f, NdArray *x, const NpLoopRow *row, Dtype *d)
{
    char result[16] __attribute__((aligned(16)));
    bool sum = !strcmp(f->name, "add");
    int64_t n = np_size(x), piece = sum ? PIECE : n, steps[3] = {0, x->a.item_size, 0};
    if (f->identity == NP_ID_REORDER) memcpy(result, x->a.data, (size_t)d->item_size);
    else if (np_store(result, d, sum && np_is_float(d->num) ? kr_float(-0.0) : kr_int(f->identity == NP_ID_ONE)) < 0)
        return EMPTY;
    bool check = f->flags & NP_CHECK, detached = n > 50000;
    if (check) np_fp_clear();
    if (detached) kr_detach();
    for (int64_t i = 0; i < n; i += piece) {
        char *args[3] = {result, x->a.data + i * steps[1], result};
        row->loop(args, n - i < piece ? n - i : piece, steps, row->data);
    }
    if (detached) kr_attach();
    np_keep(x);
    if (check && np_fp_check("reduce") < 0) return EMPTY;
    return np_scalar_new(d->num, result);
}

/* `entry`: the function that was called, or NULL. */
static Value reduce(Ufunc *f, NdArray *x, Value axis, Dtype *d, Value out, bool keepdims, Value initial, Value where,
                    const KrFunction *entry)
{
    if (!d && is_whole(f, x, axis, out, keepdims, initial, where) && np_size(x) > 0) {
        d = default_dtype(f, x);
        const NpLoopRow *row = d->num == x->a.dtype ? np_ufunc_quick_row(f, d) : NULL;
        if (row && np_ufunc_code(row->types[2]) == d) return reduce_whole(f, x, row, d);
        d = NULL;
    }
    bool reduced[MAXRANK];
    int r = x->a.rank, count = np_axes(axis, r, reduced);
    if (count < 0) return EMPTY;
    Dtype *types[MAXOPS];
    if (!d && !kr_is_empty(out) && (!strcmp(f->name, "add") || !strcmp(f->name, "multiply")) &&
        np_is_numeric(np_array(out)->a.dtype))
        d = np_can_cast_num(x->a.dtype, np_array(out)->a.dtype)
                ? np_dtype_native(np_array(out)->descr)
                : NULL;
    if (!d) d = default_dtype(f, x);
    const NpLoopRow *row = reduce_row(f, d, types);
    if (!row) return EMPTY;
    d = types[2];
    if (d->item_size == 0 && np_is_flexible(d->num)) d = x->descr;

    int64_t kept[MAXRANK], ones[MAXRANK];
    int k_rank = 0;
    bool empty = false;
    for (int k = 0; k < r; k++) {
        ones[k] = reduced[k] ? 1 : x->a.shape[k];
        if (!reduced[k] || keepdims) kept[k_rank++] = ones[k];
        if (reduced[k] && x->a.shape[k] == 0) empty = true;
    }
    bool recycled = entry && k_rank > 0 && np_is_plain(d) && kr_is_empty(out) && x->head.type == np_array_type;
    NdArray *result = recycled ? np_new_result(kr_origin_native(entry), d, k_rank, kept) : np_new_order(d, k_rank, kept, 'C', false);
    if (!result) return EMPTY;
    if (!kr_is_empty(out)) {
        NdArray *o = np_array(out);
        bool fits = o->a.rank == k_rank;
        for (int k = 0; fits && k < k_rank; k++) fits = o->a.shape[k] == kept[k];
        if (!fits)
            return kr_raise(
                kr_ValueError,
                "output parameter for reduction operation %s has the wrong number of dimensions: "
                "Found %d but expected %d (must match the operand's with keepdims=%s)",
                f->name, o->a.rank, k_rank, keepdims ? "True" : "False");
        if (np_writeable(o) < 0) return EMPTY;
        if (np_dtype_same(o->descr, d) && !np_overlap(o, x)) result = o;
    }
    /* Strides of the result over x's axes. */
    int64_t strides[3][MAXRANK];
    for (int k = 0, j = 0; k < r; k++) {
        bool present = !reduced[k] || keepdims;
        strides[0][k] = reduced[k] ? 0 : result->a.strides[j];
        strides[1][k] = x->a.strides[k];
        if (present) j++;
    }
    int64_t shape[MAXRANK];
    memcpy(shape, x->a.shape, sizeof(int64_t) * (size_t)r);
    char *data[3] = {result->a.data, x->a.data, NULL};

    NdArray *mask = NULL;
    if (!kr_is_empty(where) && !kr_is(where, kr_True)) {
        mask = np_as_array(where, np_dtypes[KR_BOOL]);
        if (!mask) return EMPTY;
        if (np_broadcast_strides(mask, r, shape, strides[2]) < 0)
            return kr_raise(kr_ValueError, "where mask does not broadcast with the operand");
        data[2] = mask->a.data;
    }
    bool has_initial = !kr_is_empty(initial);
    bool identity = f->identity != NP_ID_NONE && f->identity != NP_ID_REORDER;
    if (d->num == KR_OBJECT && !empty && !mask) identity = false;
    if (has_initial && kr_is(initial, kr_None)) {
        has_initial = false;
        if (!empty) identity = false;
    }
    if (has_initial) {
        if (np_assign(result, initial) < 0) return EMPTY;
    } else if (identity) {
        if (store_identity(result, f, empty) < 0) return EMPTY;
    } else {
        if (empty && np_size(result) > 0)
            return kr_raise(kr_ValueError,
                            "zero-size array to reduction operation %s which has no identity",
                            f->name);
        if (mask)
            return kr_raise(kr_ValueError,
                            "reduction operation '%s' does not have an identity, so to use a where "
                            "mask one has "
                            "to specify 'initial'",
                            f->name);
        if (empty) goto done;
        /* Start from the first elements. Operations that are not idempotent skip them, along one axis. */
        int64_t first_strides[MAXRANK];
        for (int k = 0, j = 0; k < r; k++)
            if (!reduced[k] || keepdims) first_strides[j++] = reduced[k] ? 0 : x->a.strides[k];
        KrOrigin origin = x->origin;
        NdArray *first = np_view_type(x, np_array_type, x->descr, k_rank, result->a.shape,
                                      first_strides, x->a.data);
        if (!first || np_copy_into(result, first) < 0) return EMPTY;
        np_recycle_note(x, origin); /* the view dies here */
        if (f->identity != NP_ID_REORDER && strcmp(f->name, "bitwise_and") &&
            strcmp(f->name, "bitwise_or")) {
            int at = -1;
            for (int k = 0; k < r; k++) {
                if (!reduced[k] || shape[k] == 1) continue;
                if (at >= 0 && f->identity == NP_ID_NONE)
                    return kr_raise(
                        kr_ValueError,
                        "reduction operation '%s' is not reorderable, so at most one axis may be "
                        "specified",
                        f->name);
                at = k;
            }
            int axes_left = 0;
            for (int k = 0; k < r; k++) axes_left += reduced[k] && shape[k] > 1;
            if (axes_left > 1) { /* objects over several axes: one axis at a time */
                Value v = np_value(x);
                for (int k = r - 1; k >= 0; k--)
                    if (reduced[k]) {
                        NdArray *step = np_as_array(v, np_dtypes[KR_OBJECT]);
                        v = step ? np_reduce(f, step, kr_int(k), d, EMPTY, keepdims, initial, EMPTY)
                                 : EMPTY;
                        if (kr_is_empty(v)) return EMPTY;
                    }
                return v;
            }
            if (at < 0) goto done;
            shape[at]--;
            data[1] += strides[1][at];
        }
    }
    if (np_product(r, shape) == 0) goto done;

    Pass p; /* without the zeros of an initialiser: it is large */
    p.row = row;
    p.convert = np_cast_find(x->descr, types[0]);
    p.from = x->descr;
    p.to = types[0];
    p.buffer = NULL;
    np_iter_init(&p.it, mask ? 3 : 2, r, shape, data, strides, d->num == KR_OBJECT);
    p.cast =
        !np_dtype_same(x->descr, types[0]) && !(types[0]->num == x->a.dtype && !x->descr->swapped);
    bool gathered = !mask && gathers(f, &p.it, d);
    if (p.cast || gathered) {
        p.buffer = types[0]->num == KR_OBJECT
                       ? (char *)kr_alloc_values(PIECE)
                       : kr_alloc_bytes((size_t)(PIECE * types[0]->item_size));
        if (!p.buffer) return EMPTY;
    }
    bool numeric = np_is_numeric(d->num) && np_is_numeric(x->a.dtype);
    bool detached = numeric && np_size(x) > 50000;
    if (f->flags & NP_CHECK) np_fp_clear();
    if (detached) kr_detach();
    int status = 0;
    if (gathered) {
        status = sum_gathered(&p);
    } else {
        do {
            status = mask ? reduce_masked(&p) : reduce_inner(&p);
            if (!numeric && kr_raised()) status = -1;
        } while (status == 0 && np_iter_next(&p.it));
    }
    if (mask) np_keep(mask);
    if (detached) kr_attach();
    if (status < 0) return EMPTY;
    if ((f->flags & NP_CHECK) && np_fp_check("reduce") < 0) return EMPTY;
done:
    if (!kr_is_empty(out)) {
        if (result != np_array(out) && np_copy_into(np_array(out), result) < 0) return EMPTY;
        return out;
    }
    KrType *type = kr_type_of(np_value(x));
    if (type == np_array_type || result->a.rank == 0) return np_return(result);
    NdArray *y = np_view_type(result, type, result->descr, result->a.rank, result->a.shape,
                              result->a.strides, result->a.data);
    return y && np_finalize(y, np_value(x)) == 0 ? np_value(y) : EMPTY;
}

Value np_reduce(Ufunc *f, NdArray *x, Value axis, Dtype *d, Value out, bool keepdims, Value initial, Value where)
{
    return reduce(f, x, axis, d, out, keepdims, initial, where, NULL);
}

/* ---- Accumulation ---- */

#define RUNNING(T, e)                       \
    {                                       \
        T a = *(const T *)p;                \
        *(T *)q = a;                        \
        for (int64_t i = 1; i < n; i++) {   \
            T b = *(const T *)(p + i * sp); \
            a = (T)(e);                     \
            *(T *)(q + i * sq) = a;         \
        }                                   \
        return true;                        \
    }

static bool running(const char *name, int num, const char *p, int64_t sp, char *q, int64_t sq,
                    int64_t n)
{
    bool sum = !strcmp(name, "add"), product = !strcmp(name, "multiply"),
         most = !strcmp(name, "maximum"), least = !strcmp(name, "minimum");
    if (num == KR_F64) {
        if (sum) RUNNING(double, a + b)
        if (product) RUNNING(double, a *b)
        if (most) RUNNING(double, a >= b || a != a ? a : b)
        if (least) RUNNING(double, a <= b || a != a ? a : b)
    } else if (num == KR_F32) {
        if (sum) RUNNING(float, a + b)
        if (product) RUNNING(float, a *b)
    } else if (num == KR_C128 && sum) {
        RUNNING(double _Complex, a + b)
    } else if (num == KR_I64 || num == KR_U64) {
        if (sum) RUNNING(uint64_t, a + b)
        if (product) RUNNING(uint64_t, a * b)
        if (most && num == KR_I64) RUNNING(int64_t, a > b ? a : b)
        if (least && num == KR_I64) RUNNING(int64_t, a < b ? a : b)
    }
    return false;
}

/* `entry`: the function that was called, or NULL. */
static Value accumulate(Ufunc *f, NdArray *x, int axis, Dtype *d, Value out, const KrFunction *entry)
{
    Dtype *types[MAXOPS];
    if (x->a.rank == 0) return kr_raise(kr_TypeError, "cannot accumulate on a scalar");
    if (!d) d = default_dtype(f, x);
    const NpLoopRow *row = reduce_row(f, d, types);
    if (!row) return EMPTY;
    d = types[2];
    x = np_as_type(x, d);
    if (!x) return EMPTY;
    NdArray *y;
    if (!kr_is_empty(out) && np_dtype_same(np_array(out)->descr, d) &&
        np_same_shape(np_array(out), x)) {
        if (np_writeable(np_array(out)) < 0) return EMPTY;
        y = np_array(out);
        if (np_overlap(x, y) && x->a.data != y->a.data) x = np_copy(x, 'K');
        if (!x) return EMPTY;
    } else {
        bool plain = entry && (x->a.flags & KR_ARRAY_C) && np_is_plain(d) && x->head.type == np_array_type;
        y = plain ? np_new_result(kr_origin_native(entry), d, x->a.rank, x->a.shape) : np_new_like(x, d, 'K');
        if (!y) return EMPTY;
    }
    int64_t n = x->a.shape[axis], sx = x->a.strides[axis], sy = y->a.strides[axis], shape[MAXRANK],
            strides[2][MAXRANK];
    int r = 0;
    for (int k = 0; k < x->a.rank; k++) {
        if (k == axis) continue;
        shape[r] = x->a.shape[k];
        strides[0][r] = x->a.strides[k];
        strides[1][r++] = y->a.strides[k];
    }
    NpIter it;
    char *data[2] = {x->a.data, y->a.data};
    np_iter_init(&it, 2, r, shape, data, strides, d->num == KR_OBJECT);
    if (it.empty || n == 0) goto done;
    bool numeric = np_is_numeric(d->num), detached = numeric && np_size(x) > 50000;
    if (f->flags & NP_CHECK) np_fp_clear();
    if (detached) kr_detach();
    do {
        if (it.n < 8) {
            for (int64_t j = 0; j < it.n; j++) {
                char *p = it.data[0] + j * it.steps[0], *q = it.data[1] + j * it.steps[1];
                if (running(f->name, d->num, p, sx, q, sy, n)) continue;
                memmove(q, p, (size_t)d->item_size);
                for (int64_t i = 1; i < n; i++) {
                    char result[16];
                    char *args[3] = {q + (i - 1) * sy, p + i * sx, result};
                    static const int64_t still[3];
                    row->loop(args, 1, still, row->data);
                    if (!numeric && kr_raised()) return EMPTY;
                    memcpy(q + i * sy, result, (size_t)d->item_size);
                }
            }
            continue;
        }
        np_copy_strided(it.data[0], it.steps[0], it.data[1], it.steps[1], it.n, d->item_size);
        for (int64_t i = 1; i < n; i++) {
            char *args[3] = {it.data[1] + (i - 1) * sy, it.data[0] + i * sx, it.data[1] + i * sy};
            int64_t steps[3] = {it.steps[1], it.steps[0], it.steps[1]};
            row->loop(args, it.n, steps, row->data);
            if (!numeric && kr_raised()) return EMPTY;
        }
    } while (np_iter_next(&it));
    if (detached) kr_attach();
    np_keep(x);
    if ((f->flags & NP_CHECK) && np_fp_check("accumulate") < 0) return EMPTY;
done:
    if (!kr_is_empty(out) && y != np_array(out))
        return np_copy_into(np_array(out), y) < 0 ? EMPTY : out;
    return np_value(y);
}

Value np_accumulate(Ufunc *f, NdArray *x, int axis, Dtype *d, Value out)
{
    return accumulate(f, x, axis, d, out, NULL);
}

/* ---- Methods of ufuncs ---- */

static Ufunc *ufunc_of(Value v) { return kr_to_object(v); }
static Dtype *optional_dtype(Value v, bool *failed)
{
    *failed = false;
    if (kr_is_empty(v) || kr_is(v, kr_None)) return NULL;
    Dtype *d = np_dtype_parse(v);
    *failed = !d;
    return d;
}
static int check_out(Value *out)
{
    if (kr_is_empty(*out) || kr_is(*out, kr_None)) {
        *out = EMPTY;
        return 0;
    }
    if (kr_is_tuple(*out) && kr_tuple_size(*out) == 1) {
        *out = kr_tuple_get(*out, 0);
        return check_out(out);
    }
    if (np_is_array(*out)) return 0;
    kr_raise(kr_TypeError, "return arrays must be of ArrayType");
    return -1;
}

KR_FN(reduce, ufunc_reduce, "reduce",
      "(self, array, /, axis=0, dtype=None, out=None, keepdims=False, initial=<unset>, where=True)",
      "Reduces array's dimension by one, by applying ufunc along one axis.")
{
    Ufunc *f = ufunc_of(a[0]);
    if (!kr_is_empty(f->object_call)) return np_glue_call("reduce_frompyfunc", a, 3);
    bool failed;
    Dtype *d = optional_dtype(a[3], &failed);
    NdArray *x = failed ? NULL : np_as_array(a[1], NULL);
    Value out = a[4];
    if (!x || check_out(&out) < 0) return EMPTY;
    int keep = kr_truth(a[5]);
    if (keep < 0) return EMPTY;
    return np_reduce(f, x, a[2], d, out, keep, a[6], a[7]);
}

KR_FN(reduce, ufunc_accumulate, "accumulate", "(self, array, /, axis=0, dtype=None, out=None)",
      "Accumulate the result of applying the operator to all elements.")
{
    bool failed;
    Dtype *d = optional_dtype(a[3], &failed);
    NdArray *x = failed ? NULL : np_as_array(a[1], NULL);
    int axis;
    Value out = a[4];
    if (!x || check_out(&out) < 0) return EMPTY;
    if (!kr_is_empty(ufunc_of(a[0])->object_call))
        return np_glue_call("accumulate_frompyfunc", a, 3);
    if (x->a.rank == 0) return kr_raise(kr_TypeError, "cannot accumulate on a scalar");
    if (np_axis_value(a[2], x->a.rank, &axis) < 0) return EMPTY;
    return np_accumulate(ufunc_of(a[0]), x, axis, d, out);
}

/* A result that was made apart, since `out` may overlap the operands. */
static Value store_result(Ufunc *f, NdArray *out, NdArray *y)
{
    if (!np_same_shape(out, y))
        return kr_raise(kr_ValueError, "output array does not match the shape of the result of np.%s",
                        f->name);
    if (!np_can_cast(y->descr, out->descr, NP_SAME_KIND))
        return kr_raise(kr_TypeError,
                        "Cannot cast ufunc '%s' output from %R to %R with casting rule 'same_kind'",
                        f->name, np_dtype_value(y->descr), np_dtype_value(out->descr));
    if (np_writeable(out) < 0) return EMPTY;
    return np_copy_into(out, y) < 0 ? EMPTY : np_value(out);
}

KR_FN(reduce, ufunc_reduceat, "reduceat", "(self, array, /, indices, axis=0, dtype=None, out=None)",
      "Performs a (local) reduce with specified slices over a single axis.")
{
    bool failed;
    Dtype *d = optional_dtype(a[4], &failed);
    NdArray *x = failed ? NULL : np_as_array(a[1], NULL),
            *index = x ? np_as_type_contiguous(a[2], KR_I64) : NULL;
    int axis;
    if (!index || np_axis_value(a[3], x->a.rank, &axis) < 0) return EMPTY;
    Ufunc *f = ufunc_of(a[0]);
    int64_t n = np_size(index), m = x->a.shape[axis], shape[MAXRANK];
    const int64_t *p = (const int64_t *)index->a.data;
    if (!d) d = default_dtype(f, x);
    memcpy(shape, x->a.shape, sizeof(int64_t) * (size_t)x->a.rank);
    shape[axis] = n;
    Dtype *types[MAXOPS];
    if (!reduce_row(f, d, types)) return EMPTY;
    for (int64_t i = 0; i < n; i++)
        if (p[i] < 0 || p[i] >= m)
            return kr_raise(kr_IndexError, "index %lld out-of-bounds in %s.reduceat [0, %lld)",
                            (long long)p[i], f->name, (long long)m);
    Value out = a[5];
    if (check_out(&out) < 0) return EMPTY;
    NdArray *y = np_new(types[2], x->a.rank, shape);
    if (!y) return EMPTY;
    for (int64_t i = 0; i < n; i++) {
        int64_t end = i + 1 < n ? p[i + 1] : m;
        if (end <= p[i]) end = p[i] + 1;
        int64_t part[MAXRANK];
        memcpy(part, x->a.shape, sizeof(int64_t) * (size_t)x->a.rank);
        part[axis] = end - p[i];
        NdArray *piece = np_view_type(x, np_array_type, x->descr, x->a.rank, part, x->a.strides,
                                      x->a.data + p[i] * x->a.strides[axis]);
        part[axis] = 1;
        NdArray *to = piece ? np_view(y, y->descr, y->a.rank, part, y->a.strides,
                                      y->a.data + i * y->a.strides[axis])
                            : NULL;
        if (!to ||
            kr_is_empty(np_reduce(f, piece, kr_int(axis), d, np_value(to), true, EMPTY, EMPTY)))
            return EMPTY;
    }
    np_keep(index);
    return kr_is_empty(out) ? np_value(y) : store_result(f, np_array(out), y);
}

KR_FN(reduce, ufunc_at, "at", "(self, a, indices, b=<unset>, /)",
      "Performs unbuffered in place operation on operand 'a' for elements specified by 'indices'.")
{
    Ufunc *f = ufunc_of(a[0]);
    if (!np_is_array(a[1])) return kr_raise(kr_TypeError, "first operand must be array");
    NdArray *x = np_array(a[1]);
    if (np_writeable(x) < 0) return EMPTY;
    /* The positions of the selected elements, in x's own layout. */
    NdArray *places = np_new_1d(KR_I64, np_size(x));
    if (!places) return EMPTY;
    for (int64_t i = 0; i < np_size(x); i++) ((int64_t *)places->a.data)[i] = i;
    places = np_view(places, places->descr, x->a.rank, x->a.shape,
                     np_new(np_dtypes[KR_I64], x->a.rank, x->a.shape)->a.strides, places->a.data);
    Value chosen = places ? np_array_getitem(np_value(places), a[2]) : EMPTY;
    NdArray *at = kr_is_empty(chosen) ? NULL : np_as_array(chosen, NULL);
    if (!at) return EMPTY;
    at = np_contiguous(at);
    NdArray *values = NULL;
    Dtype *in[2] = {x->descr, x->descr}, *types[MAXOPS];
    if (f->nin == 2) {
        if (kr_is_empty(a[3])) return kr_raise(kr_ValueError, "second operand needed for ufunc");
        values = np_weak_kind(a[3]) ? np_as_array(a[3], x->descr) : np_as_array(a[3], NULL);
        if (!values) return EMPTY;
        in[1] = values->descr;
    }
    const NpLoopRow *row = at ? np_ufunc_resolve(f, in, types) : NULL;
    if (!row)
        return kr_raised()
                   ? EMPTY
                   : kr_raise(kr_TypeError, "ufunc '%s' has no loop for these types", f->name);
    int last = f->nin;
    if (!np_can_cast(types[last], x->descr, NP_SAME_KIND))
        return kr_raise(kr_TypeError,
                        "Cannot cast ufunc '%s' output from %R to %R with casting rule 'same_kind'",
                        f->name, np_dtype_value(types[last]), np_dtype_value(x->descr));
    int64_t n = np_size(at);
    if (values) {
        NdArray *full = np_new(types[1], at->a.rank, at->a.shape);
        if (!full || np_copy_into(full, values) < 0) return EMPTY;
        values = full;
    }
    NdArray *work = np_dtype_same(x->descr, types[0]) && (x->a.flags & KR_ARRAY_C)
                        ? x
                        : np_astype(x, types[0], 'C');
    if (!work) return EMPTY;
    const int64_t *p = (const int64_t *)at->a.data;
    int64_t size = types[0]->item_size, step = values ? types[1]->item_size : 0;
    bool same = types[last]->num == types[0]->num;
    NpCast back = np_cast_find(types[last], types[0]);
    static const int64_t still[4];
    if (f->flags & NP_CHECK) np_fp_clear();
    if (same && row->types[0] == 'd' && !strcmp(f->name, "add")) {
        double *to = (double *)work->a.data;
        const double *v = (const double *)values->a.data;
        for (int64_t i = 0; i < n; i++) to[p[i]] += v[i];
    } else if (same && row->types[0] == 'l' && !strcmp(f->name, "add")) {
        uint64_t *to = (uint64_t *)work->a.data;
        const uint64_t *v = (const uint64_t *)values->a.data;
        for (int64_t i = 0; i < n; i++) to[p[i]] += v[i];
    } else {
        for (int64_t i = 0; i < n; i++) {
            char result[16];
            char *cell = work->a.data + p[i] * size;
            char *args[4] = {cell, values ? values->a.data + i * step : result, result, NULL};
            row->loop(args, 1, still, row->data);
            if (kr_raised()) return EMPTY;
            if (same)
                memcpy(cell, result, (size_t)size);
            else
                back(result, 0, cell, 0, 1, types[last], types[0]);
        }
    }
    np_keep(at);
    if (values) np_keep(values);
    if (work != x && np_copy_into(x, work) < 0) return EMPTY;
    if ((f->flags & NP_CHECK) && np_fp_check(f->name) < 0) return EMPTY;
    return kr_None;
}

/* ---- Methods of arrays ---- */

/* The ufuncs that methods reduce with. */
enum { ADD, MULTIPLY, MAXIMUM, MINIMUM, AND, OR, REDUCERS };
static Ufunc *reducer(int which)
{
    static const char *const names[] = {"add", "multiply", "maximum", "minimum", "logical_and", "logical_or"};
    static Ufunc *found[REDUCERS];
    if (!found[which]) found[which] = np_ufunc_named(names[which]);
    return found[which];
}

/* Positions of a[]: self, axis, dtype (or EMPTY), out, keepdims, initial, where. */
static Value method(int which, const KrFunction *entry, Value self, Value axis, Value dtype, Value out,
                    Value keepdims, Value initial, Value where)
{
    bool failed;
    Dtype *d = optional_dtype(dtype, &failed);
    NdArray *x = failed ? NULL : np_as_array(self, NULL);
    if (!x || check_out(&out) < 0) return EMPTY;
    int keep = kr_is_empty(keepdims) ? 0 : kr_truth(keepdims);
    if (keep < 0) return EMPTY;
    return reduce(reducer(which), x, axis, d, out, keep, initial, where, entry);
}

KR_FN(math, math_sum, "sum",
      "(self, axis=None, dtype=None, out=None, keepdims=False, initial=<unset>, where=True)",
      "Return the sum of the array elements over the given axis.")
{
    return method(ADD, &math_sum_entry, a[0], a[1], a[2], a[3], a[4], a[5], a[6]);
}
KR_FN(math, math_prod, "prod",
      "(self, axis=None, dtype=None, out=None, keepdims=False, initial=<unset>, where=True)",
      "Return the product of the array elements over the given axis.")
{
    return method(MULTIPLY, &math_prod_entry, a[0], a[1], a[2], a[3], a[4], a[5], a[6]);
}
KR_FN(math, math_max, "max",
      "(self, axis=None, out=None, keepdims=False, initial=<unset>, where=True)",
      "Return the maximum along a given axis.")
{
    return method(MAXIMUM, &math_max_entry, a[0], a[1], EMPTY, a[2], a[3], a[4], a[5]);
}
KR_FN(math, math_min, "min",
      "(self, axis=None, out=None, keepdims=False, initial=<unset>, where=True)",
      "Return the minimum along a given axis.")
{
    return method(MINIMUM, &math_min_entry, a[0], a[1], EMPTY, a[2], a[3], a[4], a[5]);
}

/* all and any stop early over contiguous bools. */
static Value truth_of(const Value *a, bool any)
{
    if (np_is_array(a[0]) && kr_is(a[1], kr_None) && kr_is(a[2], kr_None) &&
        kr_is(a[3], kr_False) && kr_is(a[4], kr_True)) {
        NdArray *x = np_array(a[0]);
        if (x->a.dtype == KR_BOOL && (x->a.flags & KR_ARRAY_C) &&
            kr_type_of(a[0]) == np_array_type) {
            size_t n = (size_t)np_size(x);
            char found = n && memchr(x->a.data, any, n) ? 1 : 0;
            if (!any) found = !found;
            return np_scalar_new(KR_BOOL, &found);
        }
    }
    bool objects = np_is_array(a[0]) && np_array(a[0])->a.dtype == KR_OBJECT;
    Value dtype = objects ? np_dtype_value(np_dtypes[KR_BOOL]) : EMPTY; /* not the last object */
    return method(any ? OR : AND, NULL, a[0], a[1], dtype, a[2], a[3], EMPTY, a[4]);
}
KR_FN(math, math_all, "all", "(self, axis=None, out=None, keepdims=False, *, where=True)",
      "Returns True if all elements evaluate to True.")
{
    return truth_of(a, false);
}
KR_FN(math, math_any, "any", "(self, axis=None, out=None, keepdims=False, *, where=True)",
      "Returns True if any of the elements of a evaluate to True.")
{
    return truth_of(a, true);
}

KR_FN(math, math_mean, "mean",
      "(self, axis=None, dtype=None, out=None, keepdims=False, *, where=True)",
      "Returns the average of the array elements along given axis.")
{
    NdArray *x = np_as_array(a[0], NULL);
    if (!x) return EMPTY;
    if (!kr_is(a[3], kr_None) || !kr_is(a[5], kr_True) || x->a.dtype == KR_OBJECT ||
        x->a.dtype == KR_F16 || np_size(x) == 0 || !np_is_numeric(x->a.dtype) ||
        kr_type_of(np_value(x)) != np_array_type || !kr_is(a[2], kr_None))
        return np_glue_call("mean", a, 6);
    bool reduced[MAXRANK];
    if (np_axes(a[1], x->a.rank, reduced) < 0) return EMPTY;
    int64_t n = 1;
    for (int k = 0; k < x->a.rank; k++)
        if (reduced[k]) n *= x->a.shape[k];
    Dtype *d = np_is_integer(x->a.dtype) || x->a.dtype == KR_BOOL ? np_dtypes[KR_F64] : NULL;
    int keep = kr_truth(a[4]);
    Value sum =
        keep < 0 ? EMPTY : reduce(reducer(ADD), x, a[1], d, EMPTY, keep, EMPTY, EMPTY, &math_mean_entry);
    if (kr_is_empty(sum)) return EMPTY;
    if (np_is_array(sum))
        return np_ufunc_into(np_operators[KR_TRUEDIV], sum, kr_int(n), np_array(sum));
    return np_ufunc_call2(np_operators[KR_TRUEDIV], sum, kr_int(n));
}

static Value cumulative(const char *name, const Value *a, const KrFunction *entry)
{
    bool failed;
    Dtype *d = optional_dtype(a[2], &failed);
    NdArray *x = failed ? NULL : np_as_array(a[0], NULL);
    Value out = a[3];
    int axis = 0;
    if (!x || check_out(&out) < 0) return EMPTY;
    if (kr_is(a[1], kr_None)) {
        Value flat = kr_call_method0(np_value(x), "ravel");
        if (kr_is_empty(flat)) return EMPTY;
        x = np_array(flat);
    } else if (np_axis_value(a[1], x->a.rank, &axis) < 0) {
        return EMPTY;
    }
    return accumulate(np_ufunc_named(name), x, axis, d, out, entry);
}
KR_FN(math, math_cumsum, "cumsum", "(self, axis=None, dtype=None, out=None)",
      "Return the cumulative sum of the elements along the given axis.")
{
    return cumulative("add", a, &math_cumsum_entry);
}
KR_FN(math, math_cumprod, "cumprod", "(self, axis=None, dtype=None, out=None)",
      "Return the cumulative product of the elements along the given axis.")
{
    return cumulative("multiply", a, &math_cumprod_entry);
}

/* ---- argmin, argmax ---- */

#define ARG_LOOP(T, better)                \
    {                                      \
        T best = *(const T *)p;            \
        int64_t at = 0;                    \
        if (best != best) return 0;        \
        for (int64_t i = 1; i < n; i++) {  \
            T v = *(const T *)(p + i * s); \
            if (v better best || v != v) { \
                best = v;                  \
                at = i;                    \
                if (v != v) break;         \
            }                              \
        }                                  \
        return at;                         \
    }
#define ARG_CASE(num, T)        \
    case num:                   \
        if (max) ARG_LOOP(T, >) \
        ARG_LOOP(T, <)
#define SIDE_BY_SIDE(SUF, T, M) \
    case KR_##SUF: return max ? np_arg_##SUF##_maximum((const T *)p, n) : np_arg_##SUF##_minimum((const T *)p, n);

static int64_t arg_extreme(int num, const char *p, int64_t s, int64_t n, bool max)
{
    if (s == np_dtypes[num]->item_size)
        switch (num) {
            NP_EXTREME_TYPES(SIDE_BY_SIDE)
        default: break;
        }
    switch (num) {
        ARG_CASE(KR_BOOL, uint8_t)
        ARG_CASE(KR_I8, int8_t)
        ARG_CASE(KR_I16, int16_t)
        ARG_CASE(KR_I32, int32_t)
        ARG_CASE(KR_I64, int64_t)
        ARG_CASE(KR_U8, uint8_t)
        ARG_CASE(KR_U16, uint16_t)
        ARG_CASE(KR_U32, uint32_t)
        ARG_CASE(KR_U64, uint64_t)
        ARG_CASE(KR_F16, _Float16)
        ARG_CASE(KR_F32, float)
        ARG_CASE(KR_F64, double)
        ARG_CASE(KR_DATETIME, int64_t)
        ARG_CASE(KR_TIMEDELTA, int64_t)
    default: return -1;
    }
}

/* Items that a foreign pointer zeroed are passed over. */
static int64_t arg_objects(const char *p, int64_t s, int64_t n, bool max)
{
    Value best = EMPTY;
    int64_t at = 0;
    for (int64_t i = 0; i < n; i++) {
        Value v;
        memcpy(&v, p + i * s, sizeof v);
        if (kr_is_empty(v)) continue;
        int better = kr_is_empty(best) ? 1 : kr_compare_truth(v, best, max ? KR_GT : KR_LT);
        if (better < 0) return -1;
        if (better) {
            best = v;
            at = i;
        }
    }
    return at;
}

static Value arg_method(const Value *a, bool max)
{
    NdArray *x = np_as_array(a[0], NULL);
    if (!x) return EMPTY;
    const uint32_t wanted = KR_ARRAY_C | KR_ARRAY_ALIGNED | KR_ARRAY_NATIVE;
    bool plain = (x->a.flags & wanted) == wanted && np_is_numeric(x->a.dtype) && !np_is_complex(x->a.dtype);
    if (plain && kr_is(a[1], kr_None) && kr_is(a[2], kr_None) && kr_is(a[3], kr_False) && np_size(x) > 0) {
        int64_t at = arg_extreme(x->a.dtype, x->a.data, x->a.item_size, np_size(x), max);
        np_keep(x);
        return np_scalar_new(KR_I64, (char *)&at);
    }
    if (np_is_complex(x->a.dtype) || np_is_flexible(x->a.dtype)) {
        Value args[] = {np_value(x), a[1], kr_bool(max)};
        return np_glue_call("arg_extreme", args, 3);
    }
    if (x->descr->swapped) x = np_astype(x, np_dtype_native(x->descr), 'C');
    int axis = 0;
    bool flat = kr_is(a[1], kr_None);
    int r = x ? x->a.rank : 0;
    if (!x) return EMPTY;
    if (flat || r == 0) {
        x = np_contiguous(x);
        int64_t n = x ? np_size(x) : 0;
        x = x ? np_wrap_memory(x->a.data, x->descr, 1, &n, NULL, np_value(x), false) : NULL;
    } else if (np_axis_value(a[1], r, &axis) < 0) {
        return EMPTY;
    }
    if (!x) return EMPTY;
    int64_t n = x->a.shape[axis], shape[MAXRANK], strides[1][MAXRANK];
    int k_rank = 0;
    for (int k = 0; k < x->a.rank; k++)
        if (k != axis) {
            shape[k_rank] = x->a.shape[k];
            strides[0][k_rank++] = x->a.strides[k];
        }
    NdArray *y = np_new(np_dtypes[KR_I64], k_rank, shape);
    if (!y) return EMPTY;
    if (n == 0 && np_size(y) > 0)
        return kr_raise(kr_ValueError, "attempt to get %s of an empty sequence",
                        max ? "argmax" : "argmin");
    int64_t *to = (int64_t *)y->a.data, index[MAXRANK] = {0}, total = np_size(y);
    const char *p = x->a.data;
    for (int64_t i = 0; i < total; i++) {
        to[i] = x->a.dtype == KR_OBJECT ? arg_objects(p, x->a.strides[axis], n, max)
                                        : arg_extreme(x->a.dtype, p, x->a.strides[axis], n, max);
        if (to[i] < 0) return EMPTY;
        for (int k = k_rank - 1; k >= 0; k--) {
            p += strides[0][k];
            if (++index[k] < shape[k]) break;
            p -= strides[0][k] * shape[k];
            index[k] = 0;
        }
    }
    int keep = kr_truth(a[3]);
    if (keep < 0) return EMPTY;
    if (keep) {
        int64_t full[MAXRANK];
        for (int k = 0; k < r; k++) full[k] = flat || k == axis ? 1 : x->a.shape[k];
        y = np_wrap_memory(y->a.data, y->descr, r, full, NULL, np_value(y), true);
    }
    Value out = a[2];
    if (!y || check_out(&out) < 0) return EMPTY;
    if (!kr_is_empty(out) && !np_same_shape(np_array(out), y))
        return kr_raise(kr_ValueError, "output array does not match result of np.%s.",
                        max ? "argmax" : "argmin");
    if (!kr_is_empty(out)) return np_copy_into(np_array(out), y) < 0 ? EMPTY : out;
    return np_return(y);
}
KR_FN(math, math_argmax, "argmax", "(self, axis=None, out=None, *, keepdims=False)",
      "Return indices of the maximum values along the given axis.")
{
    return arg_method(a, true);
}
KR_FN(math, math_argmin, "argmin", "(self, axis=None, out=None, *, keepdims=False)",
      "Return indices of the minimum values along the given axis.")
{
    return arg_method(a, false);
}

#include "modules/numpy/reduce.entries.h"

const KrFunction *const np_reduce_methods[] = {&ufunc_reduce_entry, &ufunc_accumulate_entry,
                                               &ufunc_reduceat_entry, &ufunc_at_entry, NULL};
const KrFunction *const np_math_methods[] = {
    &math_sum_entry,     &math_prod_entry,   &math_max_entry,    &math_min_entry,
    &math_all_entry,     &math_any_entry,    &math_mean_entry,   &math_cumsum_entry,
    &math_cumprod_entry, &math_argmax_entry, &math_argmin_entry, NULL};
