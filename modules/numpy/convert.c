/* convert.c: anything as an array, and the functions that make arrays.
 *
 * np.array(nested) runs twice over its input: the first pass finds the shape and the common dtype, the
 * second stores. Lists of plain floats or ints take a short way. */
#include <stdio.h>

#include "modules/numpy/numpy.h"

/* ---- Arguments ---- */

int np_weak_kind(Value v)
{
    if (kr_is_bool(v)) return 1;
    if (kr_is_int_exact(v)) return 2;
    KrType *t = kr_type_of(v);
    if (t == &kr_float_type) return 3;
    if (t == &kr_complex_type) return 4;
    if (kr_is_object(v) && kr_is_a(v, np_generic_type)) return 0;
    if (kr_is_int(v)) return 2;
    if (kr_is_float(v)) return 3;
    return kr_is_object(v) && kr_is_a(v, &kr_complex_type) ? 4 : 0;
}

int np_shape_arg(Value v, int64_t *shape)
{
    if (kr_is_int(v)) return kr_to_int64(v, &shape[0]) < 0 ? -1 : 1;
    if (kr_has_index(v) && !np_is_array(v)) return kr_to_int64(v, &shape[0]) < 0 ? -1 : 1;
    if (np_is_array(v) && np_array(v)->a.rank == 0) return kr_to_int64(v, &shape[0]) < 0 ? -1 : 1;
    Value items = kr_is_tuple(v) ? v : kr_is_list(v) ? kr_list_to_tuple(v) : EMPTY;
    if (kr_is_empty(items)) {
        if (kr_is_str(v) || kr_is_float(v) || kr_is(v, kr_None)) {
            kr_raise(kr_TypeError, "expected a sequence of integers or a single integer, got %R", v);
            return -1;
        }
        items = kr_tuple_from(v);
    }
    if (kr_is_empty(items)) {
        kr_clear_exception();
        kr_raise(kr_TypeError, "expected a sequence of integers or a single integer, got %R", v);
        return -1;
    }
    size_t n = kr_tuple_size(items);
    if (n > MAXRANK) {
        kr_raise(kr_ValueError, "maximum supported dimension for an ndarray is currently %d, found %d", MAXRANK, (int)n);
        return -1;
    }
    for (size_t i = 0; i < n; i++) {
        Value item = kr_tuple_get(items, i);
        if (!kr_has_index(item)) {
            kr_raise(kr_TypeError, "'%T' object cannot be interpreted as an integer", item);
            return -1;
        }
        if (kr_to_int64(item, &shape[i]) < 0) return -1;
    }
    return (int)n;
}

char np_order_arg(Value v, char fallback)
{
    if (kr_is_empty(v) || kr_is(v, kr_None)) return fallback;
    if (kr_is_str(v) && kr_str_length(v) == 1) {
        uint32_t c = kr_str_at(v, 0) & ~0x20u;
        if (c == 'C' || c == 'F' || c == 'A' || c == 'K') return (char)c;
    }
    kr_raise(kr_ValueError, "order must be one of 'C', 'F', 'A', or 'K' (got %R)", v);
    return 0;
}

int np_raise_axis(int64_t axis, int rank)
{
    Value type = kr_import_attr("numpy.exceptions", "AxisError");
    if (kr_is_empty(type)) return -1;
    Value error = kr_call2(type, kr_int(axis), kr_int(rank));
    if (!kr_is_empty(error)) kr_raise_value(error);
    return -1;
}

int np_axis(int64_t axis, int rank, int *out)
{
    if (axis < -rank || axis >= rank) return np_raise_axis(axis, rank);
    *out = (int)(axis < 0 ? axis + rank : axis);
    return 0;
}

int np_axis_value(Value v, int rank, int *out)
{
    int64_t axis;
    if (!kr_has_index(v)) {
        kr_raise(kr_TypeError, "'%T' object cannot be interpreted as an integer", v);
        return -1;
    }
    return kr_to_int64(v, &axis) < 0 ? -1 : np_axis(axis, rank, out);
}

int np_axes(Value v, int rank, bool *selected)
{
    for (int k = 0; k < rank; k++) selected[k] = false;
    if (kr_is_empty(v) || kr_is(v, kr_None)) {
        for (int k = 0; k < rank; k++) selected[k] = true;
        return rank;
    }
    int axis;
    if (!kr_is_tuple(v)) {
        /* A 0-d array takes axis 0 and -1. */
        if (rank == 0) {
            int64_t one;
            if (kr_to_int64(v, &one) < 0) return -1;
            return one == 0 || one == -1 ? 0 : np_raise_axis(one, 0);
        }
        if (np_axis_value(v, rank, &axis) < 0) return -1;
        selected[axis] = true;
        return 1;
    }
    int n = (int)kr_tuple_size(v);
    for (int i = 0; i < n; i++) {
        if (np_axis_value(kr_tuple_get(v, (size_t)i), rank, &axis) < 0) return -1;
        if (selected[axis]) {
            kr_raise(kr_ValueError, "duplicate value in 'axis'");
            return -1;
        }
        selected[axis] = true;
    }
    return n;
}

/* ---- Discovery ---- */

typedef struct Found {
    Dtype *d;           /* common so far, NULL: nothing yet */
    Dtype *forced;
    int rank;           /* -1: not yet known */
    int64_t shape[MAXRANK];
    bool ragged;
    int ragged_depth;
    Value last_sequence; /* its items were turned into a tuple */
} Found;

static Dtype *dtype_of_int(Value v)
{
    if (kr_int_bit_length(v) < 64) return np_dtypes[KR_I64];
    if (kr_int_sign(v) > 0 && kr_int_bit_length(v) == 64) return np_dtypes[KR_U64];
    int64_t i;
    if (kr_int_bit_length(v) == 64) {
        if (kr_to_int64(v, &i) == 0) return np_dtypes[KR_I64];
        kr_clear_exception();
    }
    return np_dtypes[KR_OBJECT];
}

/* The dtype of a value that is no container, or NULL without exception. */
static Dtype *dtype_of_leaf(Value v)
{
    const char *bytes;
    if (kr_is_bool(v)) return np_dtypes[KR_BOOL];
    if (kr_is_int_exact(v)) return dtype_of_int(v);
    KrType *t = kr_type_of(v);
    if (t == &kr_float_type) return np_dtypes[KR_F64];
    if (t == &kr_complex_type) return np_dtypes[KR_C128];
    Dtype *d = np_scalar_dtype(v, &bytes);
    if (d) return d;
    if (kr_is_str(v)) return np_dtype_sized(KR_STR, 4 * (int64_t)kr_str_length(v));
    if (kr_is_bytes(v)) return np_dtype_sized(KR_BYTES, (int64_t)kr_bytes_size(v));
    if (kr_is(v, kr_None)) return np_dtypes[KR_OBJECT];
    if (kr_is_int(v)) return dtype_of_int(v);
    if (kr_is_float(v)) return np_dtypes[KR_F64];
    return NULL;
}

static int add_dtype(Found *f, Dtype *d)
{
    if (f->forced) return 0;
    if (!f->d) f->d = np_dtype_native(d);
    else if (f->d != d) f->d = np_promote(f->d, d);
    return f->d ? 0 : -1;
}

/* Objects that convert themselves: an array or EMPTY. */
static Value through_protocol(Value v)
{
    if (!kr_is_object(v) || kr_is_list(v) || kr_is_tuple(v) || kr_is_str(v) || kr_is_bytes(v) || kr_is_dict(v) ||
        kr_is_a(v, &kr_type_type))
        return EMPTY;
    KrArray *own = kr_array_of(v);
    if (own) return v;
    if (kr_has_buffer(v)) {
        Value r = np_glue_call("from_buffer_object", &v, 1);
        if (!kr_is_empty(r) && np_is_array(r)) return r;
        kr_clear_exception();
    }
    Value method = kr_find_special(v, KR_NAME("__array__"));
    if (kr_is_empty(method)) {
        if (kr_raised()) return EMPTY;
        if (kr_is_empty(kr_find_attr(v, KR_NAME("__array_interface__")))) return EMPTY;
        return np_glue_call("from_interface", &v, 1);
    }
    Value r = kr_call0(method);
    if (kr_is_empty(r)) return EMPTY;
    if (!np_is_array(r)) return kr_raise(kr_ValueError, "object __array__ method not producing an array");
    return r;
}

static bool is_sequence(Value v)
{
    if (kr_is_list(v) || kr_is_tuple(v)) return true;
    if (!kr_is_object(v) || kr_is_str(v) || kr_is_bytes(v) || kr_is_dict(v) || kr_is_set(v) ||
        kr_is_a(v, &kr_type_type))
        return false;
    Value get = kr_find_special(v, KR_NAME("__getitem__"));
    if (kr_is_empty(get)) {
        kr_clear_exception();
        return false;
    }
    int64_t n = kr_length(v);
    if (n < 0) kr_clear_exception();
    return n >= 0;
}

static int set_leaf_depth(Found *f, int depth)
{
    if (f->rank < 0) {
        f->rank = depth;
    } else if (f->rank != depth) {
        f->ragged = true;
        int least = f->rank < depth ? f->rank : depth;
        if (f->ragged_depth < 0 || least < f->ragged_depth) f->ragged_depth = least;
    }
    return 0;
}

static int set_length(Found *f, int depth, int64_t n, bool *known)
{
    if (!known[depth]) {
        known[depth] = true;
        f->shape[depth] = n;
    } else if (f->shape[depth] != n) {
        f->ragged = true;
        if (f->ragged_depth < 0 || depth < f->ragged_depth) f->ragged_depth = depth;
    }
    return 0;
}

static int discover(Found *f, Value v, int depth, int most, bool *known)
{
    if (f->forced && f->forced->num == KR_VOID && !kr_is_empty(f->forced->names) && kr_is_tuple(v))
        return set_leaf_depth(f, depth);
    bool is_list = kr_is_list(v), container = is_list || kr_is_tuple(v);
    if (!container) {
        Dtype *d = dtype_of_leaf(v);
        if (d) return add_dtype(f, d) < 0 ? -1 : set_leaf_depth(f, depth);
        if (kr_raised()) return -1;
        Value own = np_is_array(v) ? v : through_protocol(v);
        if (kr_is_empty(own) && kr_raised()) return -1;
        if (!kr_is_empty(own)) {
            NdArray *x = np_array(own);
            if (add_dtype(f, x->descr) < 0) return -1;
            if (depth + x->a.rank > most) return set_leaf_depth(f, depth);
            for (int k = 0; k < x->a.rank; k++) set_length(f, depth + k, x->a.shape[k], known);
            return set_leaf_depth(f, depth + x->a.rank);
        }
        if (!is_sequence(v)) return add_dtype(f, np_dtypes[KR_OBJECT]) < 0 ? -1 : set_leaf_depth(f, depth);
    }
    if (depth >= most) {
        if (most == MAXRANK) {
            kr_raise(kr_ValueError, "setting an array element with a sequence. The requested array would exceed the "
                                    "maximum number of dimension of %d.", MAXRANK);
            return -1;
        }
        return add_dtype(f, np_dtypes[KR_OBJECT]) < 0 ? -1 : set_leaf_depth(f, depth);
    }
    Value items = container ? v : kr_tuple_from(v);
    if (kr_is_empty(items)) return -1;
    size_t n = is_list ? kr_list_size(items) : kr_tuple_size(items);
    set_length(f, depth, (int64_t)n, known);
    if (n == 0) return set_leaf_depth(f, depth + 1);
    if (kr_enter_recursion(" while making an array") < 0) return -1;
    int status = 0;
    for (size_t i = 0; status == 0 && i < n; i++) {
        if (is_list && i >= kr_list_size(items)) break;
        status = discover(f, is_list ? kr_list_get(items, i) : kr_tuple_get(items, i), depth + 1, most, known);
    }
    kr_leave_recursion();
    return status;
}

static int fill(NdArray *x, char *p, int axis, Value v)
{
    if (axis == x->a.rank) {
        if (np_is_array(v) && np_array(v)->a.rank == 0) return np_store(p, x->descr, v);
        if (x->a.dtype != KR_OBJECT && kr_is_object(v) && !np_is_array(v) && dtype_of_leaf(v) == NULL &&
            !kr_is_list(v) && !kr_is_tuple(v) && !kr_raised()) {
            Value own = through_protocol(v);
            if (kr_is_empty(own) && kr_raised()) return -1;
            if (!kr_is_empty(own)) v = own;
        }
        return np_store(p, x->descr, v);
    }
    Value own = kr_is_list(v) || kr_is_tuple(v) ? EMPTY : np_is_array(v) ? v : through_protocol(v);
    if (!kr_is_empty(own)) {
        NdArray *to = np_view(x, x->descr, x->a.rank - axis, x->a.shape + axis, x->a.strides + axis, p);
        return to ? np_copy_into(to, np_array(own)) : -1;
    }
    if (kr_raised()) return -1;
    Value items = kr_is_list(v) || kr_is_tuple(v) ? v : kr_tuple_from(v);
    if (kr_is_empty(items)) return -1;
    bool is_list = kr_is_list(items);
    for (int64_t i = 0; i < x->a.shape[axis]; i++, p += x->a.strides[axis]) {
        if ((size_t)i >= (is_list ? kr_list_size(items) : kr_tuple_size(items))) break;
        if (fill(x, p, axis + 1, is_list ? kr_list_get(items, (size_t)i) : kr_tuple_get(items, (size_t)i)) < 0) return -1;
    }
    return 0;
}

/* Only types that cannot take every number are worth the flags' cost. */
static int fill_checked(NdArray *x, Value v)
{
    int num = x->a.dtype;
    bool check = num == KR_F16 || num == KR_F32 || num == KR_C64 || np_is_integer(num);
    if (check) np_fp_clear();
    if (fill(x, x->a.data, 0, v) < 0) return -1;
    return check ? np_fp_check_store() : 0;
}

/* Flat lists of exact floats, or of ints, without further questions. */
static NdArray *quick_list(Value v, Dtype *d, bool *tried)
{
    bool is_list = kr_is_list(v);
    size_t n = is_list ? kr_list_size(v) : kr_tuple_size(v);
    *tried = false;
    if (n == 0 || (d && d != np_dtypes[KR_F64] && d != np_dtypes[KR_I64])) return NULL;
    Value first = is_list ? kr_list_get(v, 0) : kr_tuple_get(v, 0);
    bool floats = kr_type_of(first) == &kr_float_type;
    if (!floats && !kr_is_int_exact(first)) return NULL;
    if (d && d->num != (floats ? KR_F64 : KR_I64)) return NULL;
    for (size_t i = 0; i < n; i++) {
        Value item = is_list ? kr_list_get(v, i) : kr_tuple_get(v, i);
        if (floats ? kr_type_of(item) != &kr_float_type : !kr_is_int_exact(item) || kr_int_bit_length(item) > 62) return NULL;
    }
    *tried = true;
    NdArray *x = np_new_1d(floats ? KR_F64 : KR_I64, (int64_t)n);
    if (!x) return NULL;
    for (size_t i = 0; i < n; i++) {
        Value item = is_list ? kr_list_get(v, i) : kr_tuple_get(v, i);
        int status = floats ? kr_to_double(item, (double *)x->a.data + i) : kr_to_int64(item, (int64_t *)x->a.data + i);
        if (status < 0) return NULL;
    }
    return x;
}

static NdArray *raise_ragged(const Found *f)
{
    char shape[256];
    int depth = f->ragged_depth < 1 ? 1 : f->ragged_depth;
    np_shape_text(shape, sizeof shape, depth, f->shape);
    kr_raise(kr_ValueError, "setting an array element with a sequence. The requested array has an inhomogeneous shape "
                            "after %d dimensions. The detected shape was %s + inhomogeneous part.", depth, shape);
    return NULL;
}

NdArray *np_from_value(Value v, Dtype *d, int min_rank, bool copy)
{
    NdArray *x = NULL;
    Value own = np_is_array(v) ? v : EMPTY;
    const char *bytes = NULL;
    Dtype *scalar = NULL;
    if (kr_is_empty(own)) {
        if (kr_is_list(v) || kr_is_tuple(v)) {
            bool tried;
            x = quick_list(v, d, &tried);
            if (tried && !x) return NULL;
        } else if ((scalar = np_scalar_dtype(v, &bytes)) && bytes && !d) {
            x = np_new(scalar, 0, NULL);
            if (!x) return NULL;
            memcpy(x->a.data, bytes, (size_t)scalar->item_size);
        } else if (!scalar) {
            own = through_protocol(v);
            if (kr_is_empty(own) && kr_raised()) return NULL;
        }
    }
    if (!kr_is_empty(own)) {
        x = np_array(own);
        if (d && !np_dtype_same(x->descr, d) && !((d->num == KR_STR || d->num == KR_BYTES) && !d->item_size && x->a.dtype == d->num))
            x = np_astype(x, d, 'K');
        else if (copy) x = np_copy(x, 'K');
    } else if (!x) {
        Found f = {.forced = d, .rank = -1, .ragged_depth = -1};
        bool known[MAXRANK + 1] = {false};
        int most = MAXRANK;
        if (d && (d->num == KR_STR || d->num == KR_BYTES) && d->item_size == 0) f.forced = NULL;
        if (discover(&f, v, 0, most, known) < 0) return NULL;
        if (f.ragged) {
            if (!d || d->num != KR_OBJECT) return raise_ragged(&f);
            f.rank = f.ragged_depth < 1 ? 1 : f.ragged_depth;
        }
        if (f.rank < 0) f.rank = 0;
        Dtype *use = d ? d : f.d ? f.d : np_dtypes[KR_F64];
        if (d && !f.forced) {
            int64_t n = f.d ? (f.d->num == KR_STR ? f.d->item_size / 4 : f.d->num == KR_BYTES ? f.d->item_size : 0) : 0;
            if (f.d && np_is_numeric(f.d->num)) {
                Dtype *wide = np_promote(f.d, d);
                if (!wide) return NULL;
                n = wide->num == KR_STR ? wide->item_size / 4 : wide->item_size;
            }
            if (f.d && f.d->num == KR_OBJECT) n = 64;
            if (n < 1) n = 1;
            use = np_dtype_sized(d->num, d->num == KR_STR ? 4 * n : n);
            if (!use) return NULL;
        }
        x = np_new_order(use, f.rank, f.shape, 'C', false);
        if (!x || fill_checked(x, v) < 0) return NULL;
    }
    if (x && x->a.rank < min_rank) {
        int64_t shape[MAXRANK], strides[MAXRANK];
        int extra = min_rank - x->a.rank;
        for (int k = 0; k < min_rank; k++) {
            shape[k] = k < extra ? 1 : x->a.shape[k - extra];
            strides[k] = k < extra ? x->a.item_size : x->a.strides[k - extra];
        }
        x = np_view(x, x->descr, min_rank, shape, strides, x->a.data);
    }
    return x;
}

NdArray *np_as_array(Value v, Dtype *d)
{
    if (np_is_array(v)) {
        NdArray *x = np_array(v);
        return !d || np_dtype_same(x->descr, d) ? x : np_astype(x, d, 'K');
    }
    int weak = d ? 0 : np_weak_kind(v);
    if (weak == 3 || weak == 1) {
        NdArray *x = np_new(np_dtypes[weak == 3 ? KR_F64 : KR_BOOL], 0, NULL);
        return x && np_store(x->a.data, x->descr, v) == 0 ? x : NULL;
    }
    return np_from_value(v, d, 0, false);
}

Dtype *np_dtype_for(Value v)
{
    if (np_is_array(v)) return np_array(v)->descr;
    Dtype *d = dtype_of_leaf(v);
    if (d || kr_raised()) return d;
    NdArray *x = np_as_array(v, NULL);
    return x ? x->descr : NULL;
}

/* ---- Functions that make arrays ---- */

static Value plain_array(NdArray *x) /* as ndarray itself */
{
    if (!x || kr_type_of(np_value(x)) == np_array_type) return np_value(x);
    return np_value(np_view_type(x, np_array_type, x->descr, x->a.rank, x->a.shape, x->a.strides, x->a.data));
}

static NdArray *reorder(NdArray *x, char order, bool *copied)
{
    bool want_c = order == 'C', want_f = order == 'F';
    if ((want_c && !(x->a.flags & KR_ARRAY_C)) || (want_f && !(x->a.flags & KR_ARRAY_F))) {
        *copied = true;
        return np_copy(x, order);
    }
    return x;
}

static Dtype *dtype_or_null(Value v, bool *failed)
{
    *failed = false;
    if (kr_is_empty(v) || kr_is(v, kr_None)) return NULL;
    Dtype *d = np_dtype_parse(v);
    *failed = !d;
    return d;
}

static Value make_array(Value v, Value dtype, int copy /* 1 always, 0 never, 2 if needed */, char order, bool subok,
                        int min_rank)
{
    bool failed;
    Dtype *d = dtype_or_null(dtype, &failed);
    if (failed) return EMPTY;
    NdArray *x = np_from_value(v, d, min_rank, false);
    if (!x) return EMPTY;
    bool fresh = !np_is_array(v) || x->a.data != np_array(v)->a.data;
    if (fresh && copy == 0 && !(kr_is_object(v) && kr_has_buffer(v) && !kr_is_a(v, np_generic_type) && !np_is_array(v)))
        return kr_raise(kr_ValueError, "Unable to avoid copy while creating an array as requested.\nIf using `np.array(obj, "
                                       "copy=False)` replace it with `np.asarray(obj)` to allow a copy when needed (no "
                                       "behavior change in NumPy 1.x).\nFor more details, see "
                                       "https://numpy.org/devdocs/numpy_2_0_migration_guide.html#adapting-to-changes-in-the-"
                                       "copy-keyword.");
    bool copied = fresh && !(x->a.flags & 0) && kr_is_empty(x->a.owner);
    if (copy == 1 && !copied) {
        x = np_copy(x, order == 'K' || order == 'A' ? order : order);
        copied = true;
    }
    if (!x) return EMPTY;
    x = reorder(x, order, &copied);
    if (!x) return EMPTY;
    if (!subok) return plain_array(x);
    KrType *type = np_is_array(v) ? kr_type_of(v) : np_array_type;
    if (type == np_array_type || kr_type_of(np_value(x)) == type) return np_value(x);
    /* A copy of a subclass is one, too. */
    NdArray *same = np_view_type(x, type, x->descr, x->a.rank, x->a.shape, x->a.strides, x->a.data);
    return same && np_finalize(same, v) == 0 ? np_value(same) : EMPTY;
}

/* copy=: 1 always, 0 never, 2 when needed; an np._CopyMode too. -1 raised. */
static int copy_argument(Value v)
{
    if (kr_is(v, kr_None)) return 2;
    if (!kr_is_object(v) || kr_is_bool(v)) return kr_truth(v);
    Value mode = kr_find_attr(v, KR_NAME("value"));
    if (kr_is_empty(mode)) {
        kr_clear_exception();
        return kr_truth(v);
    }
    return kr_is(mode, kr_True) ? 1 : kr_is(mode, kr_False) ? 2 : 0;
}

/* A call with like=, which stands last of the n arguments. */
static Value like_call(const char *name, const Value *a, size_t n)
{
    Value args[] = {kr_str(name), a[n - 1], kr_tuple(a, n - 1)};
    return np_glue_call("like", args, 3);
}

KR_FN_RAW(create, create_array, "array", "(object, dtype=None, *, copy=True, order='K', subok=False, ndmin=0, like=None)",
          "Create an array.")
{
    if (n == 1 && kr_is_empty(kwnames) && (kr_is_list(args[0]) || kr_is_tuple(args[0])))
        return np_value(np_from_value(args[0], NULL, 0, false));
    static const KrFunction entry = {
        "array", "(object, dtype=None, *, copy=True, order='K', subok=False, ndmin=0, like=None)", NULL, NULL,
        KR_KIND_BOUND, NULL};
    Value a[7];
    if (kr_bind(&entry, args, n, kwnames, a) < 0) return EMPTY;
    if (!kr_is(a[6], kr_None)) return like_call("array", a, 7);
    char order = np_order_arg(a[3], 'K');
    int copy = copy_argument(a[2]), subok = kr_truth(a[4]);
    int64_t min_rank;
    if (!order || copy < 0 || subok < 0 || kr_to_int64(a[5], &min_rank) < 0) return EMPTY;
    return make_array(a[0], a[1], copy, order, subok, (int)min_rank);
}

KR_FN(create, create_asarray, "asarray", "(a, dtype=None, order=None, *, device=None, copy=None, like=None)",
      "Convert the input to an array.")
{
    if (!kr_is(a[5], kr_None)) return like_call("asarray", a, 6);
    if (np_is_array(a[0]) && kr_is(a[1], kr_None) && kr_is(a[2], kr_None) && kr_is(a[4], kr_None)) return plain_array(np_array(a[0]));
    char order = np_order_arg(a[2], 'K');
    int copy = copy_argument(a[4]);
    return order && copy >= 0 ? make_array(a[0], a[1], copy, order, false, 0) : EMPTY;
}
KR_FN(create, create_asanyarray, "asanyarray", "(a, dtype=None, order=None, *, device=None, copy=None, like=None)",
      "Convert the input to an ndarray, but pass ndarray subclasses through.")
{
    if (!kr_is(a[5], kr_None)) return like_call("asanyarray", a, 6);
    char order = np_order_arg(a[2], 'K');
    int copy = copy_argument(a[4]);
    return order && copy >= 0 ? make_array(a[0], a[1], copy, order, true, 0) : EMPTY;
}
KR_FN(create, create_ascontiguous, "ascontiguousarray", "(a, dtype=None, *, like=None)",
      "Return a contiguous array (ndim >= 1) in memory (C order).")
{
    if (!kr_is(a[2], kr_None)) return like_call("ascontiguousarray", a, 3);
    return make_array(a[0], a[1], 2, 'C', false, 1);
}
KR_FN(create, create_asfortran, "asfortranarray", "(a, dtype=None, *, like=None)",
      "Return an array (ndim >= 1) laid out in Fortran order in memory.")
{
    if (!kr_is(a[2], kr_None)) return like_call("asfortranarray", a, 3);
    return make_array(a[0], a[1], 2, 'F', false, 1);
}

enum { LAZY_ZEROS = 4 << 20 }; /* bytes from which fresh pages, zero when they are touched, are better than zeroing */

/* `entry`: the function that was called, or NULL. */
static Value make_filled(Value shape, Value dtype, Value order, bool zero, const KrFunction *entry)
{
    int64_t dims[MAXRANK];
    int rank = np_shape_arg(shape, dims);
    if (rank < 0) return EMPTY;
    Dtype *d = np_dtype_parse(dtype);
    char c = d ? np_order_arg(order, 'C') : 0;
    if (!c) return EMPTY;
    if (c != 'C' || rank == 0 || !entry || !np_is_plain(d)) return np_value(np_new_order(d, rank, dims, c, zero));
    KrOrigin origin = kr_origin_native(entry);
    NdArray *y = np_recycle(origin, d, rank, dims);
    if (y && !(zero && y->block_size >= LAZY_ZEROS)) {
        if (zero) memset(y->a.data, 0, y->block_size);
        return np_value(y);
    }
    y = np_new_order(d, rank, dims, c, zero);
    if (y) np_recycle_note(y, origin);
    return np_value(y);
}

KR_FN(create, create_zeros, "zeros", "(shape, dtype=None, order='C', *, device=None, like=None)",
      "Return a new array of given shape and type, filled with zeros.")
{
    if (!kr_is(a[4], kr_None)) return like_call("zeros", a, 5);
    return make_filled(a[0], a[1], a[2], true, &create_zeros_entry);
}
KR_FN(create, create_empty, "empty", "(shape, dtype=None, order='C', *, device=None, like=None)",
      "Return a new array of given shape and type, without initializing entries.")
{
    if (!kr_is(a[4], kr_None)) return like_call("empty", a, 5);
    return make_filled(a[0], a[1], a[2], false, &create_empty_entry);
}

static Value filled_with(Value shape, Value dtype, Value order, Value v, const KrFunction *entry)
{
    Value x = make_filled(shape, dtype, order, false, entry);
    return kr_is_empty(x) || np_assign(np_array(x), v) < 0 ? EMPTY : x;
}
KR_FN(create, create_ones, "ones", "(shape, dtype=None, order='C', *, device=None, like=None)",
      "Return a new array of given shape and type, filled with ones.")
{
    if (!kr_is(a[4], kr_None)) return like_call("ones", a, 5);
    return filled_with(a[0], a[1], a[2], kr_int(1), &create_ones_entry);
}
KR_FN(create, create_full, "full", "(shape, fill_value, dtype=None, order='C', *, device=None, like=None)",
      "Return a new array of given shape and type, filled with `fill_value`.")
{
    if (!kr_is(a[5], kr_None)) return like_call("full", a, 6);
    Value dtype = a[2];
    if (kr_is(dtype, kr_None)) {
        Dtype *d = np_dtype_for(a[1]);
        if (!d) return EMPTY;
        dtype = np_dtype_value(d);
    }
    return filled_with(a[0], dtype, a[3], a[1], &create_full_entry);
}

static NdArray *like(const Value *a /* prototype, dtype, order, subok, shape */, bool zero)
{
    NdArray *x = np_as_array(a[0], NULL);
    if (!x) return NULL;
    bool failed;
    Dtype *d = dtype_or_null(a[1], &failed);
    char order = failed ? 0 : np_order_arg(a[2], 'K');
    int subok = order ? kr_truth(a[3]) : -1;
    if (subok < 0) return NULL;
    if (!d) d = x->descr;
    NdArray *y;
    if (!kr_is(a[4], kr_None)) {
        int64_t shape[MAXRANK];
        int rank = np_shape_arg(a[4], shape);
        if (rank < 0) return NULL;
        if (order == 'K' && rank != x->a.rank) order = 'C';
        if (order == 'A' || order == 'K') order = (x->a.flags & KR_ARRAY_F) && !(x->a.flags & KR_ARRAY_C) ? 'F' : 'C';
        y = np_new_order(d, rank, shape, order, zero);
    } else if (zero && (order == 'C' || (order != 'F' && (x->a.flags & KR_ARRAY_C)))) {
        y = np_new_order(d, x->a.rank, x->a.shape, 'C', true);
    } else {
        y = np_new_like(x, d, order);
        if (y && zero && d->num != KR_OBJECT) memset(y->a.data, 0, (size_t)(np_size(y) * y->a.item_size));
        if (y && zero && d->num == KR_OBJECT && np_assign(y, kr_int(0)) < 0) return NULL;
    }
    if (!y || !subok || kr_type_of(np_value(x)) == np_array_type) return y;
    y = np_view_type(y, kr_type_of(np_value(x)), y->descr, y->a.rank, y->a.shape, y->a.strides, y->a.data);
    return y && np_finalize(y, np_value(x)) == 0 ? y : NULL;
}

KR_FN(create, create_empty_like, "empty_like", "(prototype, dtype=None, order='K', subok=True, shape=None, *, device=None)",
      "Return a new array with the same shape and type as a given array.")
{
    return np_value(like(a, false));
}
KR_FN(create, create_zeros_like, "zeros_like", "(a, dtype=None, order='K', subok=True, shape=None, *, device=None)",
      "Return an array of zeros with the same shape and type as a given array.")
{
    return np_value(like(a, true));
}
KR_FN(create, create_ones_like, "ones_like", "(a, dtype=None, order='K', subok=True, shape=None, *, device=None)",
      "Return an array of ones with the same shape and type as a given array.")
{
    NdArray *x = like(a, false);
    return x && np_assign(x, kr_int(1)) == 0 ? np_value(x) : EMPTY;
}
KR_FN(create, create_full_like, "full_like",
      "(a, fill_value, dtype=None, order='K', subok=True, shape=None, *, device=None)",
      "Return a full array with the same shape and type as a given array.")
{
    Value args[] = {a[0], a[2], a[3], a[4], a[5]};
    NdArray *x = like(args, false);
    return x && np_assign(x, a[1]) == 0 ? np_value(x) : EMPTY;
}

static Value arange_of(Value start, Value stop, Value step, Value dtype)
{
    bool failed;
    Dtype *d = dtype_or_null(dtype, &failed);
    if (failed) return EMPTY;
    if (!d) {
        Value parts[] = {start, stop, step};
        for (int i = 0; i < 3; i++) {
            Dtype *one = np_dtype_for(parts[i]);
            if (!one) return EMPTY;
            if (one->num == KR_BOOL) one = np_dtypes[KR_I64];
            d = d ? np_promote(d, one) : one;
            if (!d) return EMPTY;
        }
        if (np_is_integer(d->num) && d->num != KR_U64 && kr_is_int(start) && kr_is_int(stop) && kr_is_int(step))
            d = np_dtypes[KR_I64];
    }
    if (d->kind == 'M' || d->kind == 'm' || d->num == KR_OBJECT) {
        Value args[] = {start, stop, step, np_dtype_value(d)};
        return np_glue_call("arange_objects", args, 4);
    }
    int64_t i0, i1, di, n;
    bool whole = kr_has_index(start) && kr_has_index(stop) && kr_has_index(step);
    double f0, f1, df;
    if (whole) {
        if (kr_to_int64(start, &i0) < 0 || kr_to_int64(stop, &i1) < 0 || kr_to_int64(step, &di) < 0) return EMPTY;
        if (di == 0) return kr_raise(kr_ZeroDivisionError, "division by zero");
        __int128 span = (__int128)i1 - i0;
        __int128 count = di > 0 ? (span + di - 1) / di : (span + di + 1) / di;
        n = (di > 0) == (span > 0) && span != 0 ? (int64_t)count : 0;
    } else {
        if (np_is_complex(d->num)) {
            Value args[] = {start, stop, step, np_dtype_value(d)};
            return np_glue_call("arange_objects", args, 4);
        }
        if (kr_to_double(start, &f0) < 0 || kr_to_double(stop, &f1) < 0 || kr_to_double(step, &df) < 0) return EMPTY;
        if (df == 0) return kr_raise(kr_ZeroDivisionError, "division by zero");
        double count = ceil((f1 - f0) / df);
        if (!(count < 9.2e18)) return kr_raise(kr_ValueError, count != count ? "arange: cannot compute length" : "Maximum allowed size exceeded");
        n = count > 0 ? (int64_t)count : 0;
    }
    NdArray *x = np_new_1d(d->num, n);
    if (!x) return EMPTY;
    if (d->num == KR_I64 && whole) {
        int64_t *p = (int64_t *)x->a.data;
        for (int64_t i = 0; i < n; i++) p[i] = i0 + i * di;
        return np_value(x);
    }
    if (np_is_integer(d->num)) {
        if (!whole) {
            i0 = (int64_t)f0;
            di = (int64_t)(f0 + df) - i0;
        }
        NdArray *wide = np_new_1d(KR_I64, n);
        if (!wide) return EMPTY;
        int64_t *p = (int64_t *)wide->a.data;
        for (int64_t i = 0; i < n; i++) p[i] = i0 + i * di;
        return np_copy_into(x, wide) < 0 ? EMPTY : np_value(x);
    }
    if (whole) {
        f0 = (double)i0;
        df = (double)di;
    }
    /* The step between the first two elements, as rounded to the type, is the step of all. */
    NdArray *wide = d->num == KR_F64 ? x : np_new_1d(KR_F64, n);
    if (!wide) return EMPTY;
    double *p = (double *)wide->a.data;
    if (d->num == KR_F32 || d->num == KR_C64) {
        float g0 = (float)f0, g1 = (float)(f0 + df), dg = g1 - g0;
        for (int64_t i = 0; i < n; i++) p[i] = (double)(g0 + (float)i * dg);
        if (n > 1) p[1] = (double)g1;
    } else {
        double second = f0 + df, delta = second - f0;
        for (int64_t i = 0; i < n; i++) p[i] = f0 + (double)i * delta;
        if (n > 1) p[1] = second;
    }
    return wide == x || np_copy_into(x, wide) == 0 ? np_value(x) : EMPTY;
}

KR_FN(create, create_arange, "arange", "(start=<unset>, stop=None, step=None, dtype=None, *, device=None, like=None)",
      "Return evenly spaced values within a given interval.")
{
    if (!kr_is(a[5], kr_None)) {
        Value given[] = {kr_is_empty(a[0]) ? kr_None : a[0], a[1], a[2], a[3], a[5]};
        return like_call("arange", given, 5);
    }
    Value start = a[0], stop = a[1], step = kr_is(a[2], kr_None) ? kr_int(1) : a[2];
    if (kr_is_empty(start)) {
        if (kr_is(stop, kr_None)) return kr_raise(kr_TypeError, "arange() requires stop to be specified.");
        start = kr_int(0);
    } else if (kr_is(stop, kr_None)) {
        stop = start;
        start = kr_int(0);
    }
    return arange_of(start, stop, step, a[3]);
}

KR_FN(create, create_frombuffer, "frombuffer", "(buffer, dtype=None, count=-1, offset=0, *, like=None)",
      "Interpret a buffer as a 1-dimensional array.")
{
    if (!kr_is(a[4], kr_None)) return like_call("frombuffer", a, 5);
    Dtype *d = np_dtype_parse(a[1]);
    int64_t count, offset;
    if (d && np_holds_objects(d))
        return kr_raise(kr_ValueError, "cannot create an OBJECT array from memory buffer");
    if (!d || kr_to_int64(a[2], &count) < 0 || kr_to_int64(a[3], &offset) < 0) return EMPTY;
    Value view = kr_call1(kr_type_value(&kr_memoryview_type), a[0]);
    KrBuffer buffer;
    if (kr_is_empty(view) || kr_buffer_get(view, &buffer, KR_BUFFER_CONTIGUOUS) < 0) return EMPTY;
    int64_t size = buffer.size;
    bool read_only = buffer.read_only;
    char *data = buffer.data;
    kr_buffer_release(&buffer);
    if (offset < 0 || offset > size)
        return kr_raise(kr_ValueError, "offset must be non-negative and no greater than buffer length (%lld)", (long long)size);
    size -= offset;
    if (d->item_size == 0) return kr_raise(kr_ValueError, "itemsize cannot be zero in type");
    if (count < 0) {
        if (size % d->item_size) return kr_raise(kr_ValueError, "buffer size must be a multiple of element size");
        count = size / d->item_size;
    } else if (count > size / d->item_size) {
        return kr_raise(kr_ValueError, "buffer is smaller than requested size");
    }
    return np_value(np_wrap_memory(data + offset, d, 1, &count, NULL, view, !read_only));
}

/* (memoryview, dtype, shape, strides, offset) without copying. */
KR_FN(create, create_from_memory, "_from_memory", "(view, dtype, shape, strides, offset, /)", NULL)
{
    KrBuffer buffer;
    int64_t shape[MAXRANK], strides[MAXRANK], offset;
    Dtype *d = np_dtype_parse(a[1]);
    int rank = d ? np_shape_arg(a[2], shape) : -1;
    if (rank < 0 || kr_to_int64(a[4], &offset) < 0) return EMPTY;
    bool has_strides = !kr_is(a[3], kr_None);
    if (has_strides && np_shape_arg(a[3], strides) != rank) return kr_raise(kr_ValueError, "strides must match shape");
    if (kr_buffer_get(a[0], &buffer, KR_BUFFER_STRIDES) < 0) return EMPTY;
    NdArray *x = np_wrap_memory((char *)buffer.data + offset, d, rank, shape, has_strides ? strides : NULL, a[0],
                                !buffer.read_only);
    kr_buffer_release(&buffer);
    return np_value(x);
}

/* A view with any shape and strides, for stride_tricks. */
KR_FN(create, create_as_strided, "_as_strided", "(x, shape, strides, writeable, /)", NULL)
{
    NdArray *x = np_as_array(a[0], NULL);
    int64_t shape[MAXRANK], strides[MAXRANK];
    if (!x) return EMPTY;
    int rank = np_shape_arg(a[1], shape), steps = rank < 0 ? -1 : np_shape_arg(a[2], strides);
    if (steps < 0) return EMPTY;
    if (rank != steps) return kr_raise(kr_ValueError, "strides must be the same length as shape");
    NdArray *y = np_view(x, x->descr, rank, shape, strides, x->a.data);
    if (y && kr_truth(a[3]) == 0) y->a.flags &= ~(uint32_t)KR_ARRAY_WRITEABLE;
    return np_value(y);
}

KR_FN(create, create_field, "_field", "(x, dtype, offset, /)", NULL)
{
    NdArray *x = np_array(a[0]);
    Dtype *d = np_dtype_parse(a[1]);
    int64_t offset;
    if (!d || kr_to_int64(a[2], &offset) < 0) return EMPTY;
    if (kr_is_empty(d->base)) return np_value(np_view(x, d, x->a.rank, x->a.shape, x->a.strides, x->a.data + offset));
    int64_t shape[MAXRANK], strides[MAXRANK], inner[MAXRANK];
    int extra = np_shape_arg(d->shape, inner), r = x->a.rank;
    if (extra < 0 || r + extra > MAXRANK) return EMPTY;
    Dtype *base = np_dtype_cast(d->base);
    memcpy(shape, x->a.shape, sizeof(int64_t) * (size_t)r);
    memcpy(strides, x->a.strides, sizeof(int64_t) * (size_t)r);
    int64_t step = base->item_size;
    for (int k = extra - 1; k >= 0; k--) {
        shape[r + k] = inner[k];
        strides[r + k] = step;
        step *= inner[k];
    }
    return np_value(np_view(x, base, r + extra, shape, strides, x->a.data + offset));
}

KR_FN(create, create_result_type, "result_type", "(*arrays_and_dtypes)",
      "Returns the type that results from applying the NumPy type promotion rules to the arguments.")
{
    size_t n = kr_tuple_size(a[0]);
    if (!n) return kr_raise(kr_ValueError, "at least one array or dtype is required");
    Dtype *d = NULL;
    int weak = 0;
    for (size_t i = 0; i < n; i++) {
        Value v = kr_tuple_get(a[0], i);
        int kind = np_weak_kind(v);
        if (kind) {
            if (kind > weak) weak = kind;
            continue;
        }
        const char *bytes;
        Dtype *one = np_is_array(v) ? np_array(v)->descr : np_scalar_dtype(v, &bytes);
        if (!one && !kr_raised()) one = np_dtype_parse(v);
        if (!one) return EMPTY;
        d = d ? np_promote(d, one) : one;
        if (!d) return EMPTY;
    }
    static const int defaults[] = {0, KR_BOOL, KR_I64, KR_F64, KR_C128};
    if (!d) return np_dtype_value(np_dtypes[defaults[weak]]);
    if (weak > 1 && np_is_numeric(d->num)) {
        int kind = d->num == KR_BOOL ? 1 : np_is_integer(d->num) ? 2 : np_is_float(d->num) ? 3 : 4;
        if (weak > kind) {
            if (kind < 3) d = np_dtypes[defaults[weak]];
            else d = np_dtypes[d->num == KR_F64 ? KR_C128 : KR_C64];
        }
    } else if (weak && !np_is_numeric(d->num)) {
        d = np_promote(d, np_dtypes[defaults[weak]]);
    }
    return d ? np_dtype_value(np_dtype_native(d)) : EMPTY;
}

KR_FN(create, create_fill_flat, "_fill_flat", "(x, iterable, count, /)", NULL) /* np.fromiter's inner loop */
{
    NdArray *x = np_array(a[0]);
    int64_t done = 0, n = np_size(x);
    Value it = kr_iter(a[1]);
    if (kr_is_empty(it)) return EMPTY;
    while (done < n) {
        Value v = kr_next(it);
        if (kr_is_empty(v)) {
            if (kr_raised()) return EMPTY;
            break;
        }
        if (np_store(x->a.data + done * x->a.item_size, x->descr, v) < 0) return EMPTY;
        done++;
    }
    return kr_int(done);
}

KR_FN(create, create_shares, "may_share_memory", "(a, b, /, max_work=None)",
      "Determine if two arrays might share memory.")
{
    NdArray *x = np_as_array(a[0], NULL), *y = x ? np_as_array(a[1], NULL) : NULL;
    return y ? kr_bool(np_overlap(x, y)) : EMPTY;
}

KR_FN(create, create_broadcast_shapes, "broadcast_shapes", "(*args)",
      "Broadcast the input shapes into a single shape.")
{
    NdArray *x[64];
    size_t n = kr_tuple_size(a[0]);
    if (n > 64) return kr_raise(kr_ValueError, "broadcast_shapes: too many arguments");
    int64_t shape[MAXRANK] = {0};
    for (size_t i = 0; i < n; i++) {
        int64_t dims[MAXRANK], zero[MAXRANK] = {0};
        int rank = np_shape_arg(kr_tuple_get(a[0], i), dims);
        if (rank < 0) return EMPTY;
        static char byte;
        x[i] = np_wrap_memory(&byte, np_dtypes[KR_BOOL], rank, dims, zero, kr_None, false);
        if (!x[i]) return EMPTY;
    }
    int rank = np_broadcast(x, (int)n, shape);
    if (rank < 0) {
        Value error = kr_take_exception();
        (void)error;
        return kr_raise(kr_ValueError, "shape mismatch: objects cannot be broadcast to a single shape.");
    }
    return np_shape_tuple(rank, shape);
}

#include "modules/numpy/convert.entries.h"

int np_convert_init(Value module) { return np_add_functions(module, create_functions); }
