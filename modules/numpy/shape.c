/* shape.c: reshaping, axes, joining, repeating, where, nonzero. */
#include <stdio.h>

#include "modules/numpy/numpy.h"

#define SELF NdArray *x = np_array(a[0])

/* ---- reshape ---- */

/* Strides under which x's memory shows the new shape without copying; false: not possible. */
static bool reshape_strides(const NdArray *x, int rank, const int64_t *shape, bool fortran, int64_t *strides)
{
    int64_t old_shape[MAXRANK], old_strides[MAXRANK];
    int old = 0;
    for (int k = 0; k < x->a.rank; k++)
        if (x->a.shape[k] != 1) {
            old_shape[old] = x->a.shape[k];
            old_strides[old++] = x->a.strides[k];
        }
    int oi = 0, oj = 1, ni = 0, nj = 1;
    while (ni < rank && oi < old) {
        int64_t np = shape[ni], op = old_shape[oi];
        while (np != op) {
            if (np < op) np *= shape[nj++];
            else op *= old_shape[oj++];
        }
        for (int k = oi; k < oj - 1; k++) {
            if (fortran ? old_strides[k + 1] != old_shape[k] * old_strides[k]
                        : old_strides[k] != old_shape[k + 1] * old_strides[k + 1])
                return false;
        }
        if (fortran) {
            strides[ni] = old_strides[oi];
            for (int k = ni + 1; k < nj; k++) strides[k] = strides[k - 1] * shape[k - 1];
        } else {
            strides[nj - 1] = old_strides[oj - 1];
            for (int k = nj - 1; k > ni; k--) strides[k - 1] = strides[k] * shape[k];
        }
        ni = nj++;
        oi = oj++;
    }
    int64_t last = ni >= 1 ? strides[ni - 1] : x->a.item_size;
    if (fortran && ni >= 1) last *= shape[ni - 1];
    for (int k = ni; k < rank; k++) strides[k] = last;
    return true;
}

static NdArray *reshape(NdArray *x, int rank, int64_t *shape, char order, bool copy, bool never)
{
    int unknown = -1;
    int64_t known = 1, n = np_size(x);
    bool overflow = false;
    for (int k = 0; k < rank; k++) {
        if (shape[k] < 0) {
            if (shape[k] != -1 || unknown >= 0) {
                kr_raise(kr_ValueError, "can only specify one unknown dimension");
                return NULL;
            }
            unknown = k;
        } else if (__builtin_mul_overflow(known, shape[k], &known)) {
            known = 0;
            overflow = true;
        }
    }
    bool fits = overflow ? false : unknown >= 0 ? known != 0 && n % known == 0 : known == n;
    if (!fits) {
        char text[512];
        np_shape_text(text, sizeof text, rank, shape);
        kr_raise(kr_ValueError, "cannot reshape array of size %lld into shape %s", (long long)n, text);
        return NULL;
    }
    if (unknown >= 0) shape[unknown] = n / known;
    if (order == 'A') order = (x->a.flags & KR_ARRAY_F) && !(x->a.flags & KR_ARRAY_C) ? 'F' : 'C';
    if (order == 'K') order = 'C';
    int64_t strides[MAXRANK];
    if (!copy) {
        if (n == 0 || (order == 'C' && x->a.flags & KR_ARRAY_C) || (order == 'F' && x->a.flags & KR_ARRAY_F)) {
            int64_t step = x->a.item_size;
            for (int i = 0; i < rank; i++) {
                int k = order == 'F' ? i : rank - 1 - i;
                strides[k] = step;
                step *= shape[k] ? shape[k] : 1;
            }
            return np_view(x, x->descr, rank, shape, strides, x->a.data);
        }
        if (reshape_strides(x, rank, shape, order == 'F', strides))
            return np_view(x, x->descr, rank, shape, strides, x->a.data);
        if (never) {
            kr_raise(kr_ValueError, "Unable to avoid creating a copy while reshaping.");
            return NULL;
        }
    }
    NdArray *y = np_copy(x, order);
    if (!y) return NULL;
    KrType *type = kr_type_of(np_value(x));
    y = reshape(y, rank, shape, order, false, false);
    if (!y || type == np_array_type) return y;
    y = np_view_type(y, type, y->descr, y->a.rank, y->a.shape, y->a.strides, y->a.data);
    return y && np_finalize(y, np_value(x)) == 0 ? y : NULL;
}

KR_FN(shape, shape_reshape, "reshape", "(self, /, *shape, order='C', copy=None)",
      "Returns an array containing the same data with a new shape.")
{
    SELF;
    int64_t shape[MAXRANK];
    size_t n = kr_tuple_size(a[1]);
    if (n == 0) return kr_raise(kr_TypeError, "reshape() takes exactly 1 argument (0 given)");
    Value spec = n == 1 ? kr_tuple_get(a[1], 0) : a[1];
    int rank = np_shape_arg(spec, shape);
    char order = rank < 0 ? 0 : np_order_arg(a[2], 'C');
    if (!order) return EMPTY;
    bool copy = kr_is(a[3], kr_True), never = kr_is(a[3], kr_False);
    return np_value(reshape(x, rank, shape, order, copy, never));
}

static NdArray *ravel(NdArray *x, char order, bool copy)
{
    int64_t n = np_size(x);
    if (order == 'K') {
        /* Memory order: the axes by decreasing stride. */
        if (x->a.flags & KR_ARRAY_C) order = 'C';
        else if (x->a.flags & KR_ARRAY_F) order = 'F';
        else {
            NdArray *y = np_copy(x, 'K');
            return y ? np_wrap_memory(y->a.data, y->descr, 1, &n, NULL, np_value(y), true) : NULL;
        }
    }
    if (order == 'A') order = (x->a.flags & KR_ARRAY_F) && !(x->a.flags & KR_ARRAY_C) ? 'F' : 'C';
    bool packed = x->a.flags & (order == 'F' ? KR_ARRAY_F : KR_ARRAY_C);
    return reshape(x, 1, &n, order, copy || !packed, false);
}

KR_FN(shape, shape_ravel, "ravel", "(self, /, order='C')", "Return a flattened array.")
{
    char order = np_order_arg(a[1], 'C');
    return order ? np_value(ravel(np_array(a[0]), order, false)) : EMPTY;
}
KR_FN(shape, shape_flatten, "flatten", "(self, /, order='C')", "Return a copy of the array collapsed into one dimension.")
{
    char order = np_order_arg(a[1], 'C');
    if (!order) return EMPTY;
    NdArray *x = np_array(a[0]), *y = np_copy(x, order == 'K' || order == 'A' ? order : order);
    if (!y) return EMPTY;
    int64_t n = np_size(y);
    y->a.rank = 1;
    y->a.shape = y->dims;
    y->a.strides = y->dims + 4;
    y->a.shape[0] = n;
    y->a.strides[0] = y->a.item_size;
    np_update_flags(y);
    KrType *type = kr_type_of(a[0]);
    if (type == np_array_type) return np_value(y);
    y = np_view_type(y, type, y->descr, 1, y->a.shape, y->a.strides, y->a.data);
    return y && np_finalize(y, a[0]) == 0 ? np_value(y) : EMPTY;
}

KR_FN(shape, shape_transpose, "transpose", "(self, /, *axes)", "Returns a view of the array with axes transposed.")
{
    SELF;
    int r = x->a.rank;
    size_t n = kr_tuple_size(a[1]);
    if (n == 0 || (n == 1 && kr_is(kr_tuple_get(a[1], 0), kr_None))) return kr_getattr(a[0], KR_NAME("T"));
    Value spec = n == 1 ? kr_tuple_get(a[1], 0) : a[1];
    int64_t axes[MAXRANK], shape[MAXRANK], strides[MAXRANK];
    int count = np_shape_arg(spec, axes);
    if (count < 0) return EMPTY;
    if (count != r) return kr_raise(kr_ValueError, "axes don't match array");
    bool used[MAXRANK] = {false};
    for (int k = 0; k < r; k++) {
        int axis;
        if (np_axis(axes[k], r, &axis) < 0) return EMPTY;
        if (used[axis]) return kr_raise(kr_ValueError, "repeated axis in transpose");
        used[axis] = true;
        shape[k] = x->a.shape[axis];
        strides[k] = x->a.strides[axis];
    }
    return np_value(np_view(x, x->descr, r, shape, strides, x->a.data));
}

KR_FN(shape, shape_swapaxes, "swapaxes", "(self, axis1, axis2, /)", "Return a view of the array with axis1 and axis2 interchanged.")
{
    SELF;
    int i, j;
    if (np_axis_value(a[1], x->a.rank, &i) < 0 || np_axis_value(a[2], x->a.rank, &j) < 0) return EMPTY;
    int64_t shape[MAXRANK], strides[MAXRANK];
    memcpy(shape, x->a.shape, sizeof(int64_t) * (size_t)x->a.rank);
    memcpy(strides, x->a.strides, sizeof(int64_t) * (size_t)x->a.rank);
    shape[i] = x->a.shape[j];
    shape[j] = x->a.shape[i];
    strides[i] = x->a.strides[j];
    strides[j] = x->a.strides[i];
    return np_value(np_view(x, x->descr, x->a.rank, shape, strides, x->a.data));
}

KR_FN(shape, shape_squeeze, "squeeze", "(self, /, axis=None)", "Remove axes of length one.")
{
    SELF;
    bool selected[MAXRANK];
    bool all = kr_is(a[1], kr_None);
    Value axes = kr_is_list(a[1]) ? kr_list_to_tuple(a[1]) : a[1];
    if (np_axes(axes, x->a.rank, selected) < 0) return EMPTY;
    int64_t shape[MAXRANK], strides[MAXRANK];
    int r = 0;
    for (int k = 0; k < x->a.rank; k++) {
        if (selected[k] && x->a.shape[k] != 1 && !all)
            return kr_raise(kr_ValueError, "cannot select an axis to squeeze out which has size not equal to one");
        if (selected[k] && x->a.shape[k] == 1) continue;
        shape[r] = x->a.shape[k];
        strides[r++] = x->a.strides[k];
    }
    return np_value(np_view(x, x->descr, r, shape, strides, x->a.data));
}

KR_FN(shape, shape_diagonal, "diagonal", "(self, offset=0, axis1=0, axis2=1)", "Return specified diagonals.")
{
    SELF;
    int64_t offset;
    int i, j, r = 0;
    if (kr_to_int64(a[1], &offset) < 0) return EMPTY;
    if (x->a.rank < 2) return kr_raise(kr_ValueError, "diag requires an array of at least two dimensions");
    if (np_axis_value(a[2], x->a.rank, &i) < 0 || np_axis_value(a[3], x->a.rank, &j) < 0) return EMPTY;
    if (i == j) return kr_raise(kr_ValueError, "axis1 and axis2 cannot be the same");
    int64_t shape[MAXRANK], strides[MAXRANK];
    for (int k = 0; k < x->a.rank; k++)
        if (k != i && k != j) {
            shape[r] = x->a.shape[k];
            strides[r++] = x->a.strides[k];
        }
    int64_t m = x->a.shape[i] + (offset < 0 ? offset : 0), n = x->a.shape[j] - (offset > 0 ? offset : 0);
    shape[r] = m < n ? m : n;
    if (shape[r] < 0) shape[r] = 0;
    strides[r] = x->a.strides[i] + x->a.strides[j];
    char *data = x->a.data;
    if (shape[r]) data += offset > 0 ? offset * x->a.strides[j] : -offset * x->a.strides[i];
    NdArray *y = np_view(x, x->descr, r + 1, shape, strides, data);
    if (y) y->a.flags &= ~(uint32_t)KR_ARRAY_WRITEABLE;
    return np_value(y);
}

KR_FN(shape_module, expand_dims, "expand_dims", "(a, axis)", "Expand the shape of an array.")
{
    NdArray *x = np_as_array(a[0], NULL);
    if (!x) return EMPTY;
    int64_t axes[MAXRANK], shape[MAXRANK], strides[MAXRANK];
    int n = np_shape_arg(a[1], axes);
    if (n < 0) return EMPTY;
    int r = x->a.rank + n;
    if (r > MAXRANK) return kr_raise(kr_ValueError, "maximum supported dimension for an ndarray is currently 64, found %d", r);
    bool new[MAXRANK] = {false};
    for (int k = 0; k < n; k++) {
        int axis;
        if (np_axis(axes[k], r, &axis) < 0) return EMPTY;
        if (new[axis]) return kr_raise(kr_ValueError, "repeated axis");
        new[axis] = true;
    }
    for (int k = 0, j = 0; k < r; k++) {
        shape[k] = new[k] ? 1 : x->a.shape[j];
        strides[k] = new[k] ? 0 : x->a.strides[j];
        if (!new[k]) j++;
    }
    return np_value(np_view(x, x->descr, r, shape, strides, x->a.data));
}

KR_FN(shape_module, broadcast_to, "broadcast_to", "(array, shape, subok=False)", "Broadcast an array to a new shape.")
{
    NdArray *x = np_as_array(a[0], NULL);
    int64_t shape[MAXRANK], strides[MAXRANK];
    int rank = x ? np_shape_arg(a[1], shape) : -1;
    if (rank < 0) return EMPTY;
    for (int k = 0; k < rank; k++)
        if (shape[k] < 0) return kr_raise(kr_ValueError, "all elements of broadcast shape must be non-negative");
    if (x->a.rank > rank)
        return kr_raise(kr_ValueError, rank ? "input operand has more dimensions than allowed by the axis remapping"
                                            : "cannot broadcast a non-scalar to a scalar array");
    if (np_broadcast_strides(x, rank, shape, strides) < 0) {
        char from[512], to[512];
        np_shape_text(from, sizeof from, x->a.rank, x->a.shape);
        np_shape_text(to, sizeof to, rank, shape);
        return kr_raise(kr_ValueError, "operands could not be broadcast together with remapped shapes [original->remapped]: %s  "
                                       "and requested shape %s", from, to);
    }
    NdArray *y = kr_truth(a[2]) == 1 ? np_view(x, x->descr, rank, shape, strides, x->a.data)
                                     : np_view_type(x, np_array_type, x->descr, rank, shape, strides, x->a.data);
    if (y) y->a.flags &= ~(uint32_t)KR_ARRAY_WRITEABLE;
    return np_value(y);
}

/* ---- Joining ---- */

static int gather_inputs(Value sequence, NdArray ***out, size_t *count)
{
    Value items = kr_is_tuple(sequence) ? sequence : kr_is_list(sequence) ? kr_list_to_tuple(sequence) : kr_tuple_from(sequence);
    if (kr_is_empty(items)) return -1;
    size_t n = kr_tuple_size(items);
    NdArray **x = (NdArray **)kr_alloc_values(n ? n : 1);
    if (!x) return -1;
    for (size_t i = 0; i < n; i++) {
        x[i] = np_as_array(kr_tuple_get(items, i), NULL);
        if (!x[i]) return -1;
    }
    *out = x;
    *count = n;
    return 0;
}

static Dtype *common_dtype(NdArray **x, size_t n)
{
    Dtype *d = np_dtype_native(x[0]->descr);
    for (size_t i = 1; d && i < n; i++) d = np_promote(d, x[i]->descr);
    return d;
}

KR_FN(shape_module, concatenate, "concatenate", "(arrays, /, axis=0, out=None, *, dtype=None, casting='same_kind')",
      "Join a sequence of arrays along an existing axis.")
{
    KrOrigin origin = kr_origin_native(&concatenate_entry);
    NdArray **x;
    size_t n;
    if (gather_inputs(a[0], &x, &n) < 0) return EMPTY;
    if (n == 0) return kr_raise(kr_ValueError, "need at least one array to concatenate");
    int casting = np_casting_of(a[4], NP_SAME_KIND);
    if (casting < 0) return EMPTY;
    int axis = 0;
    if (kr_is(a[1], kr_None)) {
        for (size_t i = 0; i < n; i++)
            if (!(x[i] = ravel(x[i], 'C', false))) return EMPTY;
    } else {
        if (x[0]->a.rank == 0) return kr_raise(kr_ValueError, "zero-dimensional arrays cannot be concatenated");
        if (np_axis_value(a[1], x[0]->a.rank, &axis) < 0) return EMPTY;
    }
    int r = x[0]->a.rank;
    int64_t shape[MAXRANK];
    memcpy(shape, x[0]->a.shape, sizeof(int64_t) * (size_t)r);
    bool fortran = r > 1;
    for (size_t i = 0; i < n; i++) {
        if (x[i]->a.rank != r)
            return kr_raise(kr_ValueError, "all the input arrays must have same number of dimensions, but the array at index 0 "
                                           "has %d dimension(s) and the array at index %d has %d dimension(s)",
                            r, (int)i, x[i]->a.rank);
        fortran &= (x[i]->a.flags & KR_ARRAY_F) && !(x[i]->a.flags & KR_ARRAY_C);
        if (i == 0) continue;
        for (int k = 0; k < r; k++) {
            if (k == axis) shape[k] += x[i]->a.shape[k];
            else if (x[i]->a.shape[k] != shape[k])
                return kr_raise(kr_ValueError, "all the input array dimensions except for the concatenation axis must match "
                                               "exactly, but along dimension %d, the array at index 0 has size %lld and the "
                                               "array at index %d has size %lld",
                                k, (long long)shape[k], (int)i, (long long)x[i]->a.shape[k]);
        }
    }
    if (!kr_is(a[2], kr_None) && !kr_is(a[3], kr_None))
        return kr_raise(kr_TypeError, "concatenate() only takes `out` or `dtype` as an argument, but both were provided.");
    Dtype *d = kr_is(a[3], kr_None) ? common_dtype(x, n) : np_dtype_parse(a[3]);
    if (!d) return EMPTY;
    if (!kr_is_empty(d->base)) return kr_raise(kr_TypeError, "The dtype `%R` is a subarray dtype, which concatenate() does not support.", np_dtype_value(d));
    if (np_is_flexible(d->num) && d->item_size == 0 && !kr_is(a[3], kr_None)) { /* as wide as any input needs */
        Dtype *wide = d;
        for (size_t i = 0; wide && i < n; i++) {
            if (x[i]->a.dtype == KR_OBJECT)
                return kr_raise(kr_TypeError, "The width of text of objects is not known; give a dtype with a size.");
            Dtype *own = np_astype(x[i], d, 'K') ? np_promote(x[i]->descr, d) : NULL;
            wide = own ? np_promote(wide, own) : NULL;
        }
        d = wide;
        if (!d) return EMPTY;
    }
    NdArray *y;
    if (!kr_is(a[2], kr_None)) {
        if (!np_is_array(a[2])) return kr_raise(kr_TypeError, "'out' must be an array");
        y = np_array(a[2]);
        bool fits = y->a.rank == r;
        for (int k = 0; fits && k < r; k++) fits = y->a.shape[k] == shape[k];
        if (!fits) return kr_raise(kr_ValueError, "Output array is the wrong shape");
    } else {
        bool plain = !fortran && np_is_plain(d);
        y = plain ? np_new_result(origin, d, r, shape) : np_new_order(d, r, shape, fortran ? 'F' : 'C', false);
        if (!y) return EMPTY;
    }
    char *at = y->a.data;
    for (size_t i = 0; i < n; i++) {
        int64_t bytes = np_size(x[i]) * d->item_size;
        if (x[i]->descr == y->descr && np_is_plain(d) && axis == 0 && (y->a.flags & x[i]->a.flags & KR_ARRAY_C) &&
            kr_is(a[2], kr_None)) {
            memcpy(at, x[i]->a.data, (size_t)bytes);
            at += bytes;
            continue;
        }
        if (!np_can_cast(x[i]->descr, y->descr, casting))
            return kr_raise(kr_TypeError, "Cannot cast array data from %R to %R according to the rule '%s'",
                            np_dtype_value(x[i]->descr), np_dtype_value(y->descr), np_casting_names[casting]);
        NdArray *to = np_view_type(y, np_array_type, y->descr, r, x[i]->a.shape, y->a.strides, at);
        if (!to || np_copy_into(to, x[i]) < 0) return EMPTY;
        at += x[i]->a.shape[axis] * y->a.strides[axis];
    }
    if (kr_is(a[2], kr_None) && np_is_plain(d)) np_recycle_note(y, origin); /* after the views of it */
    for (size_t i = 0; i < n && kr_is(a[2], kr_None); i++) {
        KrType *type = kr_type_of(np_value(x[i]));
        if (type == np_array_type) continue;
        NdArray *z = np_view_type(y, type, y->descr, r, y->a.shape, y->a.strides, y->a.data);
        return z && np_finalize(z, np_value(x[i])) == 0 ? np_value(z) : EMPTY;
    }
    return np_value(y);
}

KR_FN(shape_module, stack, "stack", "(arrays, axis=0, out=None, *, dtype=None, casting='same_kind')",
      "Join a sequence of arrays along a new axis.")
{
    NdArray **x;
    size_t n;
    if (gather_inputs(a[0], &x, &n) < 0) return EMPTY;
    if (n == 0) return kr_raise(kr_ValueError, "need at least one array to stack");
    int r = x[0]->a.rank + 1, axis;
    if (r > MAXRANK) return kr_raise(kr_ValueError, "maximum supported dimension for an ndarray is currently 64, found %d", r);
    if (np_axis_value(a[1], r, &axis) < 0) return EMPTY;
    for (size_t i = 1; i < n; i++)
        if (!np_same_shape(x[0], x[i])) return kr_raise(kr_ValueError, "all input arrays must have the same shape");
    Value list = kr_list(NULL, 0);
    for (size_t i = 0; i < n; i++) {
        int64_t shape[MAXRANK], strides[MAXRANK];
        for (int k = 0, j = 0; k < r; k++) {
            shape[k] = k == axis ? 1 : x[i]->a.shape[j];
            strides[k] = k == axis ? 0 : x[i]->a.strides[j];
            if (k != axis) j++;
        }
        NdArray *wide = np_view(x[i], x[i]->descr, r, shape, strides, x[i]->a.data);
        if (!wide || kr_list_append(list, np_value(wide)) < 0) return EMPTY;
    }
    Value args[] = {list, kr_int(axis), a[2], a[3], a[4]};
    return concatenate(args);
}

/* ---- Repeating ---- */

static Value repeat_along(NdArray *x, NdArray *counts, int axis)
{
    x = np_contiguous(x);
    if (!x) return EMPTY;
    int64_t n = x->a.shape[axis], m = np_size(counts), total = 0, outer = 1, inner = x->a.item_size;
    const int64_t *c = (const int64_t *)counts->a.data;
    if (m != 1 && m != n) {
        char from[128], to[64];
        np_shape_text(from, sizeof from, counts->a.rank, counts->a.shape);
        np_shape_text(to, sizeof to, 1, &n);
        return kr_raise(kr_ValueError, "operands could not be broadcast together with shape %s %s", to, from);
    }
    for (int64_t i = 0; i < n; i++) {
        int64_t one = c[m == 1 ? 0 : i];
        if (one < 0) return kr_raise(kr_ValueError, "repeats may not contain negative values.");
        total += one;
    }
    int64_t shape[MAXRANK];
    memcpy(shape, x->a.shape, sizeof(int64_t) * (size_t)x->a.rank);
    shape[axis] = total;
    for (int k = 0; k < axis; k++) outer *= shape[k];
    for (int k = axis + 1; k < x->a.rank; k++) inner *= shape[k];
    NdArray *y = np_new(x->descr, x->a.rank, shape);
    if (!y) return EMPTY;
    char *to = y->a.data;
    const char *from = x->a.data;
    for (int64_t o = 0; o < outer; o++)
        for (int64_t i = 0; i < n; i++, from += inner) {
            int64_t count = c[m == 1 ? 0 : i];
            if (inner == 8) {
                uint64_t v;
                memcpy(&v, from, 8);
                for (int64_t k = 0; k < count; k++, to += 8) memcpy(to, &v, 8);
            } else {
                for (int64_t k = 0; k < count; k++, to += inner) memcpy(to, from, (size_t)inner);
            }
        }
    np_keep(counts);
    return np_value(y);
}

KR_FN(shape, shape_repeat, "repeat", "(self, repeats, axis=None)", "Repeat elements of an array.")
{
    SELF;
    NdArray *counts = np_as_array(a[1], NULL);
    if (counts && !np_is_integer(counts->a.dtype) && counts->a.dtype != KR_BOOL)
        return kr_raise(kr_TypeError, "Cannot cast array data from %R to dtype('int64') according to the rule 'safe'",
                        np_dtype_value(counts->descr));
    counts = counts ? np_as_type_contiguous(np_value(counts), KR_I64) : NULL;
    int axis = 0;
    if (!counts) return EMPTY;
    if (kr_is(a[2], kr_None)) {
        x = ravel(x, 'C', false);
        if (!x) return EMPTY;
    } else if (np_axis_value(a[2], x->a.rank, &axis) < 0) {
        return EMPTY;
    }
    return repeat_along(x, counts, axis);
}

/* ---- nonzero, where ---- */

static Value nonzero_of(NdArray *x)
{
    if (x->a.rank == 0)
        return kr_raise(kr_ValueError, "Calling nonzero on 0d arrays is not allowed. Use np.atleast_1d(scalar).nonzero() instead. "
                                       "If the context of this error is of the form `arr[nonzero(cond)]`, just use `arr[cond]`.");
    NdArray *flat = np_nonzero_flat(x);
    if (!flat) return EMPTY;
    int r = x->a.rank;
    Value parts[MAXRANK];
    if (r == 1) {
        parts[0] = np_value(flat);
        return kr_tuple(parts, 1);
    }
    int64_t n = flat->a.shape[0], *to[MAXRANK];
    for (int k = 0; k < r; k++) {
        NdArray *one = np_new_1d(KR_I64, n);
        if (!one) return EMPTY;
        parts[k] = np_value(one);
        to[k] = (int64_t *)one->a.data;
    }
    const int64_t *p = (const int64_t *)flat->a.data;
    for (int64_t i = 0; i < n; i++) {
        int64_t at = p[i];
        for (int k = r - 1; k > 0; k--) {
            int64_t q = at / x->a.shape[k];
            to[k][i] = at - q * x->a.shape[k];
            at = q;
        }
        to[0][i] = at;
    }
    return kr_tuple(parts, (size_t)r);
}
KR_FN(shape, shape_nonzero, "nonzero", "(self, /)", "Return the indices of the elements that are non-zero.") { return nonzero_of(np_array(a[0])); }

#define WHERE_LOOP(T)                                                                              \
    {                                                                                              \
        if (s[0] == 1 && s[1] == sizeof(T) && s[2] == sizeof(T) && s[3] == sizeof(T)) {            \
            const T *restrict x = (const T *)p[1], *restrict y = (const T *)p[2];                  \
            T *restrict r = (T *)p[3];                                                             \
            const uint8_t *restrict c = (const uint8_t *)p[0];                                     \
            for (int64_t i = 0; i < n; i++) r[i] = c[i] ? x[i] : y[i];                             \
        } else {                                                                                   \
            for (int64_t i = 0; i < n; i++) {                                                      \
                const char *from = p[0][i * s[0]] ? p[1] + i * s[1] : p[2] + i * s[2];             \
                memcpy(p[3] + i * s[3], from, sizeof(T));                                          \
            }                                                                                      \
        }                                                                                          \
    }
CLONES static void where_loop(char **p, const int64_t *s, int64_t n, int64_t size)
{
    switch (size) {
    case 1: WHERE_LOOP(uint8_t) return;
    case 2: WHERE_LOOP(uint16_t) return;
    case 4: WHERE_LOOP(uint32_t) return;
    case 8: WHERE_LOOP(uint64_t) return;
    default:
        for (int64_t i = 0; i < n; i++)
            memcpy(p[3] + i * s[3], p[0][i * s[0]] ? p[1] + i * s[1] : p[2] + i * s[2], (size_t)size);
    }
}

KR_FN(shape_module, where, "where", "(condition, x=<unset>, y=<unset>, /)",
      "Return elements chosen from `x` or `y` depending on `condition`.")
{
    NdArray *c = np_as_array(a[0], NULL);
    if (!c) return EMPTY;
    if (kr_is_empty(a[1]) != kr_is_empty(a[2])) return kr_raise(kr_ValueError, "either both or neither of x and y should be given");
    if (kr_is_empty(a[1])) return nonzero_of(c);
    if (c->a.dtype != KR_BOOL) c = np_astype(c, np_dtypes[KR_BOOL], 'K');
    if (!c) return EMPTY;
    /* Python numbers take the other operand's type. */
    Value pair = kr_tuple_of(2, a[1], a[2]);
    int weak[2] = {np_weak_kind(a[1]), np_weak_kind(a[2])};
    NdArray *x[3] = {c, NULL, NULL};
    Dtype *d;
    if (weak[0] || weak[1]) {
        Value other = weak[0] ? a[2] : a[1];
        NdArray *strong = weak[0] && weak[1] ? NULL : np_as_array(other, NULL);
        if (!(weak[0] && weak[1]) && !strong) return EMPTY;
        Value f = kr_import_attr("_numpy", "result_type");
        Value args[] = {weak[0] ? a[1] : np_value(strong), weak[1] ? a[2] : np_value(strong)};
        Value t = kr_is_empty(f) ? f : kr_call(f, args, 2, EMPTY);
        if (kr_is_empty(t)) return EMPTY;
        d = np_dtype_cast(t);
    } else {
        NdArray *first = np_as_array(a[1], NULL), *second = first ? np_as_array(a[2], NULL) : NULL;
        d = second ? np_promote(first->descr, second->descr) : NULL;
        if (!d) return EMPTY;
    }
    (void)pair;
    for (int i = 0; i < 2; i++) {
        x[i + 1] = np_as_array(a[i + 1], weak[i] ? d : NULL);
        if (x[i + 1]) x[i + 1] = np_as_type(x[i + 1], d);
        if (!x[i + 1]) return EMPTY;
    }
    int64_t shape[MAXRANK], strides[4][MAXRANK];
    int rank = np_broadcast(x, 3, shape);
    NdArray *y = rank <= 0 || !np_is_plain(d) ? NULL : np_new_result(kr_origin_native(&where_entry), d, rank, shape);
    if (!y && rank >= 0) y = np_new(d, rank, shape);
    if (!y) return EMPTY;
    char *data[4] = {c->a.data, x[1]->a.data, x[2]->a.data, y->a.data};
    for (int i = 0; i < 3; i++)
        if (np_broadcast_strides(x[i], rank, shape, strides[i]) < 0) return EMPTY;
    memcpy(strides[3], y->a.strides, sizeof(int64_t) * (size_t)rank);
    NpIter it;
    np_iter_init(&it, 4, rank, shape, data, strides, false);
    if (it.empty) return np_value(y);
    do where_loop(it.data, it.steps, it.n, d->item_size);
    while (np_iter_next(&it));
    return np_return(y);
}

KR_FN(shape_module, count_nonzero_flat, "_count_nonzero", "(a, /)", NULL)
{
    NdArray *x = np_as_array(a[0], NULL), *mask = x ? np_as_type(x, np_dtypes[KR_BOOL]) : NULL;
    mask = mask ? np_contiguous(mask) : NULL;
    if (!mask) return EMPTY;
    int64_t n = np_size(mask), total = 0;
    const uint8_t *p = (const uint8_t *)mask->a.data;
    for (int64_t i = 0; i < n;) {
        int64_t end = i + 8192 < n ? i + 8192 : n;
        int32_t part = 0;
        for (; i < end; i++) part += p[i] != 0;
        total += part;
    }
    return kr_int(total);
}

KR_FN(shape_module, bincount, "bincount", "(x, /, weights=None, minlength=0)",
      "Count number of occurrences of each value in array of non-negative ints.")
{
    NdArray *x = np_as_array(a[0], NULL);
    int64_t least;
    if (!x || kr_to_int64(a[2], &least) < 0) return EMPTY;
    if (least < 0) return kr_raise(kr_ValueError, "'minlength' must not be negative");
    if (np_size(x) && !np_can_cast(x->descr, np_dtypes[KR_I64], NP_SAFE))
        return kr_raise(kr_TypeError, "Cannot cast array data from %R to dtype('int64') according to the rule 'safe'",
                        np_dtype_value(x->descr));
    if (x->a.rank != 1) return kr_raise(kr_ValueError, x->a.rank ? "object too deep for desired array" : "object of too small depth for desired array");
    x = np_as_type_contiguous(np_value(x), KR_I64);
    if (!x) return EMPTY;
    int64_t n = np_size(x), most = -1;
    const int64_t *p = (const int64_t *)x->a.data;
    for (int64_t i = 0; i < n; i++) {
        if (p[i] < 0) return kr_raise(kr_ValueError, "'list' argument must have no negative elements");
        if (p[i] > most) most = p[i];
    }
    int64_t size = most + 1 > least ? most + 1 : least;
    bool weighted = !kr_is(a[1], kr_None);
    NdArray *y = np_new_order(np_dtypes[weighted ? KR_F64 : KR_I64], 1, &size, 'C', true);
    if (!y) return EMPTY;
    if (!weighted) {
        int64_t *to = (int64_t *)y->a.data;
        for (int64_t i = 0; i < n; i++) to[p[i]]++;
        np_keep(x);
        return np_value(y);
    }
    NdArray *w = np_as_type_contiguous(a[1], KR_F64);
    if (!w) return EMPTY;
    if (np_size(w) != n) return kr_raise(kr_ValueError, "The weights and list don't have the same length.");
    double *to = (double *)y->a.data;
    for (int64_t i = 0; i < n; i++) to[p[i]] += ((double *)w->a.data)[i];
    np_keep(x);
    return np_value(y);
}

/* np.interp for real data; xp ascending. */
KR_FN(shape_module, interp, "_interp", "(x, xp, fp, left, right, /)", NULL)
{
    NdArray *x = np_as_type_contiguous(a[0], KR_F64), *xp = x ? np_as_type_contiguous(a[1], KR_F64) : NULL;
    NdArray *fp = xp ? np_as_type_contiguous(a[2], KR_F64) : NULL;
    if (!fp) return EMPTY;
    int64_t n = np_size(x), m = np_size(xp);
    if (m == 0) return kr_raise(kr_ValueError, "array of sample points is empty");
    if (np_size(fp) != m) return kr_raise(kr_ValueError, "fp and xp are not of the same length.");
    const double *px = (double *)x->a.data, *p = (double *)xp->a.data, *f = (double *)fp->a.data;
    double left = f[0], right = f[m - 1];
    if (!kr_is(a[3], kr_None) && kr_to_double(a[3], &left) < 0) return EMPTY;
    if (!kr_is(a[4], kr_None) && kr_to_double(a[4], &right) < 0) return EMPTY;
    NdArray *y = np_new(np_dtypes[KR_F64], x->a.rank, x->a.shape);
    if (!y) return EMPTY;
    double *to = (double *)y->a.data;
    int64_t j = 0;
    for (int64_t i = 0; i < n; i++) {
        double v = px[i];
        if (v != v) {
            to[i] = v;
        } else if (v > p[m - 1]) {
            to[i] = right;
        } else if (v < p[0]) {
            to[i] = left;
        } else if (v == p[m - 1]) {
            to[i] = f[m - 1];
        } else {
            if (!(p[j] <= v && v < p[j + 1])) {
                int64_t low = 0, high = m - 1;
                while (high - low > 1) {
                    int64_t mid = low + (high - low) / 2;
                    if (v < p[mid]) high = mid;
                    else low = mid;
                }
                j = low;
            }
            if (p[j] == v) {
                to[i] = f[j];
            } else {
                double slope = (f[j + 1] - f[j]) / (p[j + 1] - p[j]);
                double r = slope * (v - p[j]) + f[j];
                if (r != r) {
                    r = slope * (v - p[j + 1]) + f[j + 1];
                    if (r != r && f[j] == f[j + 1]) r = f[j];
                }
                to[i] = r;
            }
        }
    }
    np_keep(x); /* their memory is read behind np_new, where nothing else names them */
    np_keep(xp);
    np_keep(fp);
    return np_return(y);
}

#include "modules/numpy/shape.entries.h"

const KrFunction *const np_shape_methods[] = {
    &shape_reshape_entry, &shape_ravel_entry, &shape_flatten_entry, &shape_transpose_entry, &shape_swapaxes_entry,
    &shape_squeeze_entry, &shape_diagonal_entry, &shape_repeat_entry, &shape_nonzero_entry, NULL};

int np_shape_init(Value module) { return np_add_functions(module, shape_module_functions); }
