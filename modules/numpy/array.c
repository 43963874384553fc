/* array.c: the ndarray object: allocation, views, flags, attributes, and elements to and from Python.
 *
 * An NdArray embeds the KrArray that kernels read. Shape and strides of up to four axes stand in the
 * object (dims), longer ones in collected bytes. `a.owner` is the array (or other object) whose memory
 * a view shows, always the ultimate one; an array that owns its memory has `block`, or for dtype
 * object a collected vector. */
#include <stdio.h>

#include "modules/numpy/numpy.h"
#include "modules/numpy/ufunc_quick.h"

KrType *np_array_type;

/* The objects in the fields of an array that owns its memory. */
static void trace_fields(const NdArray *x, KrTracer *tracer)
{
    const Dtype *d = x->descr;
    int64_t n = d->item_size ? (int64_t)x->block_size / d->item_size : 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t k = 0; k < d->object_count; k++) {
            Value v;
            memcpy(&v, (const char *)x->block + i * d->item_size + d->objects[k], sizeof v);
            kr_trace(tracer, v);
        }
}

static void array_trace(void *self, KrTracer *tracer)
{
    NdArray *x = self;
    kr_trace(tracer, x->a.owner);
    kr_trace_pointer(tracer, x->descr);
    if (x->a.rank > 4) kr_trace_pointer(tracer, x->a.shape);
    if (!kr_is_empty(x->a.owner) || !x->block) return;
    if (x->a.dtype == KR_OBJECT) kr_trace_pointer(tracer, x->block);
    else if (x->descr->object_count) trace_fields(x, tracer);
}

static void array_release(void *self)
{
    NdArray *x = self;
    np_recycle_forget(x);
    if (!x->block || x->a.dtype == KR_OBJECT) return;
    if (x->block_size) np_block_free(x->block, x->block_size);
    else free(x->block);
    x->block = NULL;
}

/* ---- Making ---- */

static NdArray *array_alloc(KrType *type, Dtype *d, int rank)
{
    if (rank > MAXRANK) {
        kr_raise(kr_ValueError, "maximum supported dimension for an ndarray is currently %d, found %d", MAXRANK, rank);
        return NULL;
    }
    NdArray *x = kr_alloc_instance(type);
    if (!x) return NULL;
    x->a.rank = 0;
    x->a.shape = x->dims;
    x->a.strides = x->dims + 4;
    if (rank > 4) {
        int64_t *dims = kr_alloc_bytes(2 * (size_t)rank * sizeof *dims);
        if (!dims) return NULL;
        x->a.shape = dims;
        x->a.strides = dims + rank;
    }
    x->a.rank = rank;
    x->a.dtype = d->num;
    x->a.item_size = d->item_size;
    x->descr = d;
    return x;
}

void np_update_flags(NdArray *x)
{
    uint32_t flags = x->a.flags & ~(uint32_t)(KR_ARRAY_C | KR_ARRAY_F | KR_ARRAY_ALIGNED | KR_ARRAY_NATIVE);
    int64_t size = x->a.item_size, c = size, f = size;
    bool is_c = true, is_f = true, empty = false;
    for (int k = 0; k < x->a.rank; k++) empty |= x->a.shape[k] == 0;
    for (int k = x->a.rank - 1; k >= 0; k--) {
        if (x->a.shape[k] == 1) continue;
        is_c &= x->a.strides[k] == c;
        c *= x->a.shape[k];
    }
    for (int k = 0; k < x->a.rank; k++) {
        if (x->a.shape[k] == 1) continue;
        is_f &= x->a.strides[k] == f;
        f *= x->a.shape[k];
    }
    if (is_c || empty) flags |= KR_ARRAY_C;
    if (is_f || empty) flags |= KR_ARRAY_F;
    int64_t align = x->descr->align;
    uintptr_t bits = (uintptr_t)x->a.data;
    for (int k = 0; k < x->a.rank; k++)
        if (x->a.shape[k] > 1) bits |= (uintptr_t)x->a.strides[k];
    if (align <= 1 || (bits & (uintptr_t)(align - 1)) == 0) flags |= KR_ARRAY_ALIGNED;
    if (!x->descr->swapped) flags |= KR_ARRAY_NATIVE;
    x->a.flags = flags;
}

static void fill_none(NdArray *x, int64_t n, bool zero)
{
    Value *items = (Value *)x->a.data, v = zero ? kr_int(0) : kr_None;
    for (int64_t i = 0; i < n; i++) items[i] = v;
}

static void fill_fields(NdArray *x, int64_t n, bool zero)
{
    const Dtype *d = x->descr;
    Value v = zero ? kr_int(0) : kr_None;
    for (int64_t i = 0; i < n; i++)
        for (int64_t k = 0; k < d->object_count; k++)
            memcpy((char *)x->block + i * d->item_size + d->objects[k], &v, sizeof v);
}

static NdArray *raise_memory(Dtype *d, int rank, const int64_t *shape)
{
    Value type = kr_import_attr("numpy._errors", "_ArrayMemoryError");
    Value args[] = {np_shape_tuple(rank, shape), np_dtype_value(d)};
    Value error = kr_is_empty(type) ? EMPTY : kr_call(type, args, 2, EMPTY);
    if (!kr_is_empty(error)) kr_raise_value(error);
    return NULL;
}

/* A sub-array's axes become the array's. */
static __attribute__((noinline)) NdArray *new_subarrays(Dtype *d, int rank, const int64_t *shape, char order, bool zero)
{
    int64_t dims[MAXRANK], inner[MAXRANK];
    int extra = np_shape_arg(d->shape, inner);
    if (extra < 0 || rank + extra > MAXRANK) return NULL;
    memcpy(dims, shape, sizeof *shape * (size_t)rank);
    memcpy(dims + rank, inner, sizeof *inner * (size_t)extra);
    return np_new_order(np_dtype_cast(d->base), rank + extra, dims, order, zero);
}

/* May collect: no large local stands in this frame, whose stale words would keep arrays alive. */
NdArray *np_new_order(Dtype *d, int rank, const int64_t *shape, char order, bool zero)
{
    for (int k = 0; k < rank; k++)
        if (shape[k] < 0) {
            kr_raise(kr_ValueError, "negative dimensions are not allowed");
            return NULL;
        }
    if (!kr_is_empty(d->base)) return new_subarrays(d, rank, shape, order, zero);
    if ((d->num == KR_STR || d->num == KR_BYTES) && d->item_size == 0) {
        d = np_dtype_sized(d->num, d->num == KR_STR ? 4 : 1);
        if (!d) return NULL;
    }
    int64_t n = np_product(rank, shape), bytes;
    if (n < 0 || __builtin_mul_overflow(n, d->item_size, &bytes) || bytes > INT64_MAX / 2) {
        kr_raise(kr_ValueError, "array is too big; `arr.size * arr.dtype.itemsize` is larger than the maximum "
                                "possible size.");
        return NULL;
    }
    np_block_pressure((size_t)bytes);
    NdArray *x = array_alloc(np_array_type, d, rank);
    if (!x) return NULL;
    int64_t step = d->item_size;
    for (int i = 0; i < rank; i++) {
        int k = order == 'F' ? i : rank - 1 - i;
        x->a.shape[k] = shape[k];
        x->a.strides[k] = step;
        step *= shape[k] ? shape[k] : 1;
    }
    if (d->num == KR_OBJECT) {
        x->block = kr_alloc_values((size_t)(n ? n : 1));
        if (!x->block) return NULL;
        x->a.data = x->block;
        fill_none(x, n, zero);
    } else {
        x->block = np_block_alloc((size_t)(bytes ? bytes : 1), zero || d->object_count);
        if (!x->block) {
            return raise_memory(d, rank, shape);
        }
        x->block_size = (size_t)(bytes ? bytes : 1);
        x->a.data = x->block;
        if (d->object_count) fill_fields(x, n, zero);
    }
    x->a.flags = KR_ARRAY_WRITEABLE;
    np_update_flags(x);
    return x;
}

NdArray *np_new(Dtype *d, int rank, const int64_t *shape) { return np_new_order(d, rank, shape, 'C', false); }
NdArray *np_new_1d(int num, int64_t n) { return np_new(np_dtypes[num], 1, &n); }

NdArray *np_new_like(NdArray *x, Dtype *d, char order)
{
    if (order == 'A') order = (x->a.flags & KR_ARRAY_F) && !(x->a.flags & KR_ARRAY_C) ? 'F' : 'C';
    if (order != 'K') return np_new_order(d, x->a.rank, x->a.shape, order, false);
    if (x->a.flags & KR_ARRAY_C) return np_new_order(d, x->a.rank, x->a.shape, 'C', false);
    if (x->a.flags & KR_ARRAY_F) return np_new_order(d, x->a.rank, x->a.shape, 'F', false);
    /* The same order of axes, packed. */
    NdArray *y = np_new_order(d, x->a.rank, x->a.shape, 'C', false);
    if (!y) return NULL;
    int axes[MAXRANK];
    for (int k = 0; k < x->a.rank; k++) axes[k] = k;
    for (int i = 1; i < x->a.rank; i++)
        for (int j = i; j > 0 && llabs(x->a.strides[axes[j]]) > llabs(x->a.strides[axes[j - 1]]); j--) {
            int t = axes[j];
            axes[j] = axes[j - 1];
            axes[j - 1] = t;
        }
    int64_t step = y->a.item_size;
    for (int i = x->a.rank - 1; i >= 0; i--) {
        y->a.strides[axes[i]] = step;
        step *= y->a.shape[axes[i]];
    }
    np_update_flags(y);
    return y;
}

int np_finalize(NdArray *x, Value parent)
{
    if (kr_type_of(np_value(x)) == np_array_type) return 0;
    Value hook = kr_find_special(np_value(x), KR_NAME("__array_finalize__"));
    if (kr_is_empty(hook)) return kr_raised() ? -1 : 0;
    if (kr_is(hook, kr_None)) return 0;
    return kr_is_empty(kr_call1(hook, parent)) ? -1 : 0;
}

NdArray *np_view_type(NdArray *base, KrType *type, Dtype *d, int rank, const int64_t *shape,
                      const int64_t *strides, char *data)
{
    np_recycle_forget(base);
    NdArray *x = array_alloc(type, d, rank);
    if (!x) return NULL;
    if (rank) {
        memcpy(x->a.shape, shape, (size_t)rank * sizeof *shape);
        memcpy(x->a.strides, strides, (size_t)rank * sizeof *strides);
    }
    x->a.data = data;
    x->a.owner = kr_is_empty(base->a.owner) || kr_type_of(np_value(base)) != np_array_type ? np_value(base)
                                                                                           : base->a.owner;
    x->a.flags = base->a.flags & KR_ARRAY_WRITEABLE;
    np_update_flags(x);
    return np_finalize(x, np_value(base)) < 0 ? NULL : x;
}

NdArray *np_view(NdArray *base, Dtype *d, int rank, const int64_t *shape, const int64_t *strides, char *data)
{
    return np_view_type(base, kr_type_of(np_value(base)), d, rank, shape, strides, data);
}

NdArray *np_wrap_memory(void *data, Dtype *d, int rank, const int64_t *shape, const int64_t *strides,
                        Value owner, bool writeable)
{
    NdArray *x = array_alloc(np_array_type, d, rank);
    if (!x) return NULL;
    int64_t step = d->item_size;
    for (int k = rank - 1; k >= 0; k--) {
        x->a.shape[k] = shape[k];
        x->a.strides[k] = strides ? strides[k] : step;
        step *= shape[k] ? shape[k] : 1;
    }
    x->a.data = data;
    x->a.owner = owner;
    if (np_is_array(owner)) np_recycle_forget(np_array(owner));
    if (kr_is_empty(owner)) x->block = data;
    x->a.flags = writeable ? KR_ARRAY_WRITEABLE : 0;
    np_update_flags(x);
    return x;
}

static KrValue wrap_for_api(void *data, int dtype, int rank, const int64_t *shape, const int64_t *strides,
                            KrValue owner)
{
    return np_value(np_wrap_memory(data, np_dtypes[dtype], rank, shape, strides, owner, true));
}

int64_t np_size(const NdArray *x)
{
    int64_t n = 1;
    for (int k = 0; k < x->a.rank; k++) n *= x->a.shape[k];
    return n;
}

bool np_same_shape(const NdArray *a, const NdArray *b)
{
    if (a->a.rank != b->a.rank) return false;
    for (int k = 0; k < a->a.rank; k++)
        if (a->a.shape[k] != b->a.shape[k]) return false;
    return true;
}

int np_writeable(NdArray *x)
{
    if (x->a.flags & KR_ARRAY_WRITEABLE) return 0;
    kr_raise(kr_ValueError, "assignment destination is read-only");
    return -1;
}

/* ---- Elements ---- */

static Value text_item(const char *p, const Dtype *d)
{
    int64_t n = d->item_size;
    if (d->num == KR_BYTES) {
        while (n > 0 && !p[n - 1]) n--;
        return kr_bytes(p, (size_t)n);
    }
    n /= 4;
    uint32_t *points = kr_alloc_bytes((size_t)(n + 1) * 4);
    if (!points) return EMPTY;
    memcpy(points, p, (size_t)n * 4);
    if (d->swapped) np_swap_bytes((char *)points, 4, n, 4, false);
    while (n > 0 && !points[n - 1]) n--;
    return kr_str_from_points(points, (size_t)n, 4);
}

static Value memory_object(const char *p, Dtype *d)
{
    NdArray *x = np_new(d, 0, NULL);
    if (!x) return EMPTY;
    memcpy(x->a.data, p, (size_t)d->item_size);
    return np_value(x);
}

Value np_item(const char *p, Dtype *d)
{
    char swapped[16];
    if (d->swapped && d->item_size <= 16 && d->num != KR_STR) {
        memcpy(swapped, p, (size_t)d->item_size);
        np_swap_bytes(swapped, d->item_size, 1, d->item_size, np_is_complex(d->num));
        p = swapped;
    }
    switch (d->num) {
    case KR_BOOL: return kr_bool(*p);
#define LOAD(num, T, make)                                                                         \
    case num: {                                                                                    \
        T x;                                                                                       \
        memcpy(&x, p, sizeof x);                                                                   \
        return make;                                                                               \
    }
        LOAD(KR_I8, int8_t, kr_int(x))
        LOAD(KR_I16, int16_t, kr_int(x))
        LOAD(KR_I32, int32_t, kr_int(x))
        LOAD(KR_I64, int64_t, kr_int(x))
        LOAD(KR_U8, uint8_t, kr_int(x))
        LOAD(KR_U16, uint16_t, kr_int(x))
        LOAD(KR_U32, uint32_t, kr_int(x))
        LOAD(KR_U64, uint64_t, kr_int_unsigned(x))
        LOAD(KR_F16, _Float16, kr_float((double)x))
        LOAD(KR_F32, float, kr_float((double)x))
        LOAD(KR_F64, double, kr_float(x))
        LOAD(KR_C64, float _Complex, kr_complex(__real__(x), __imag__(x)))
        LOAD(KR_C128, double _Complex, kr_complex(__real__(x), __imag__(x)))
        LOAD(KR_OBJECT, Value, kr_is_empty(x) ? kr_None : x) /* zeroed through a foreign pointer */
    case KR_BYTES:
    case KR_STR: return text_item(p, d);
    default: {
        Value args[] = {memory_object(p, d)};
        return kr_is_empty(args[0]) ? EMPTY : np_glue_call("void_item", args, 1);
    }
    }
}

Value np_element(const char *p, Dtype *d, NdArray *base)
{
    if (d->num == KR_OBJECT) return np_item(p, d);
    if (np_is_numeric(d->num)) {
        if (!d->swapped) return np_scalar_new(d->num, p);
        char native[16];
        memcpy(native, p, (size_t)d->item_size);
        np_swap_bytes(native, d->item_size, 1, d->item_size, np_is_complex(d->num));
        return np_scalar_new(d->num, native);
    }
    if (d->num == KR_STR || d->num == KR_BYTES) {
        Value v = text_item(p, d);
        return kr_is_empty(v) ? v : kr_call1(kr_type_value(np_scalar_types[d->num]), v);
    }
    Scalar *s = kr_alloc_instance(kr_is_empty(d->scalar) ? np_scalar_types[d->num] : (KrType *)kr_to_object(d->scalar));
    if (!s) return EMPTY;
    s->descr = np_dtype_native(d);
    if (d->num == KR_VOID) { /* shows the array's memory, so that assigning to a field works */
        NdArray *view = base ? np_view_type(base, np_array_type, d, 0, NULL, NULL, (char *)p) : NULL;
        if (base && !view) return EMPTY;
        s->keep = view ? np_value(view) : memory_object(p, d);
        return kr_is_empty(s->keep) ? EMPTY : kr_from_object(s);
    }
    memcpy(s->bytes, p, (size_t)d->item_size);
    if (d->swapped) np_swap_bytes(s->bytes, 8, 1, 8, false);
    return kr_from_object(s);
}

Value np_return(NdArray *x)
{
    if (!x || x->a.rank) return np_value(x);
    if (kr_type_of(np_value(x)) != np_array_type) return np_value(x);
    return np_element(x->a.data, x->descr, x);
}

static int store_text(char *p, const Dtype *d, Value v)
{
    bool bytes = d->num == KR_BYTES;
    size_t room = (size_t)d->item_size;
    if (bytes) {
        if (kr_is_str(v)) {
            v = kr_str_encode(v, "ascii", NULL);
        } else if (!kr_is_bytes(v)) {
            v = kr_to_str(v);
            if (!kr_is_empty(v)) v = kr_str_encode(v, "ascii", NULL);
        }
        if (kr_is_empty(v)) return -1;
        size_t n = kr_bytes_size(v) < room ? kr_bytes_size(v) : room;
        memcpy(p, kr_bytes_data(v), n);
        memset(p + n, 0, room - n);
        return 0;
    }
    if (kr_is_bytes(v)) v = kr_str_decode((char *)kr_bytes_data(v), kr_bytes_size(v), "ascii", NULL);
    else if (!kr_is_str(v)) v = kr_to_str(v);
    if (kr_is_empty(v)) return -1;
    room /= 4;
    size_t n = kr_str_length(v);
    for (size_t i = 0; i < room; i++) {
        uint32_t c = i < n ? kr_str_at(v, i) : 0;
        if (d->swapped) c = __builtin_bswap32(c);
        memcpy(p + 4 * i, &c, 4);
    }
    return 0;
}

static int raise_bounds(Value v, const Dtype *d)
{
    kr_clear_exception();
    kr_raise(kr_OverflowError, "Python integer %S out of bounds for %S", v, np_dtype_value(d));
    return -1;
}

static int store_integer(char *p, Dtype *d, Value v)
{
    static const int64_t low[] = {[KR_I8] = INT8_MIN, [KR_I16] = INT16_MIN, [KR_I32] = INT32_MIN, [KR_I64] = INT64_MIN,
                                  [KR_U64] = 0};
    static const int64_t high[] = {[KR_I8] = INT8_MAX, [KR_I16] = INT16_MAX, [KR_I32] = INT32_MAX, [KR_I64] = INT64_MAX,
                                   [KR_U8] = UINT8_MAX, [KR_U16] = UINT16_MAX, [KR_U32] = UINT32_MAX};
    if (!kr_is_int_exact(v)) {
        bool float_like = kr_is_float(v);
        Value n = kr_is_a(v, &kr_complex_type)
                      ? kr_raise(kr_TypeError, "int() argument must be a string, a bytes-like object or a real number, "
                                               "not 'complex'")
                      : kr_to_int(v);
        if (kr_is_empty(n)) {
            if (kr_raised_is(kr_TypeError) && !float_like && kr_length_hint(v, -1) >= 0 && !kr_is_str(v)) {
                kr_clear_exception();
                kr_raise(kr_ValueError, "setting an array element with a sequence.");
            }
            return -1;
        }
        v = n;
    }
    if (d->num == KR_U64) {
        uint64_t u;
        if (kr_int_sign(v) < 0 || kr_to_uint64(v, &u) < 0) return raise_bounds(v, d);
        memcpy(p, &u, 8);
        return 0;
    }
    int64_t i;
    if (kr_to_int64(v, &i) < 0 || i < low[d->num] || i > high[d->num]) return raise_bounds(v, d);
    memcpy(p, &i, (size_t)d->item_size); /* little-endian */
    return 0;
}

static int store_double(Value v, double *out)
{
    if (kr_is_str(v) || kr_is_bytes(v)) {
        Value f = kr_call1(kr_type_value(&kr_float_type), v);
        return kr_is_empty(f) ? -1 : kr_to_double(f, out);
    }
    if (kr_to_double(v, out) == 0) return 0;
    if (kr_raised_is(kr_TypeError) && kr_length_hint(v, -1) >= 0) {
        kr_clear_exception();
        kr_raise(kr_ValueError, "setting an array element with a sequence.");
    } else if (kr_raised_is(kr_TypeError) && kr_is(v, kr_None)) {
        kr_clear_exception();
        kr_raise(kr_TypeError, "float() argument must be a string or a real number, not 'NoneType'");
    } else {
        kr_clear_exception();
        Value f = kr_to_float(v);
        return kr_is_empty(f) ? -1 : kr_to_double(f, out);
    }
    return -1;
}

static int store_native(char *p, Dtype *d, Value v)
{
    switch (d->num) {
    case KR_BOOL: {
        int t = kr_truth(v);
        if (t < 0) return -1;
        *p = (char)t;
        return 0;
    }
    case KR_F16: case KR_F32: case KR_F64: {
        double x;
        if (store_double(v, &x) < 0) return -1;
        if (d->num == KR_F64) {
            memcpy(p, &x, 8);
        } else if (d->num == KR_F32) {
            float f = (float)x;
            memcpy(p, &f, 4);
        } else {
            _Float16 h = (_Float16)x;
            memcpy(p, &h, 2);
        }
        return 0;
    }
    case KR_C64: case KR_C128: {
        double z[2];
        if (kr_is_str(v)) {
            v = kr_call1(kr_type_value(&kr_complex_type), v);
            if (kr_is_empty(v)) return -1;
        }
        if (kr_to_complex(v, &z[0], &z[1]) < 0) return -1;
        if (d->num == KR_C128) {
            memcpy(p, z, 16);
        } else {
            float f[2] = {(float)z[0], (float)z[1]};
            memcpy(p, f, 8);
        }
        return 0;
    }
    default: return store_integer(p, d, v);
    }
}

int np_store(char *p, Dtype *d, Value v)
{
    if (d->num == KR_OBJECT) {
        memcpy(p, &v, sizeof v);
        return 0;
    }
    if (np_is_array(v)) {
        NdArray *x = np_array(v);
        if (x->a.rank != 0 && !(np_size(x) == 1 && d->num != KR_VOID)) {
            kr_raise(kr_ValueError, "setting an array element with a sequence.");
            return -1;
        }
        return np_cast_find(x->descr, d)(x->a.data, 0, p, 0, 1, x->descr, d);
    }
    const char *bytes;
    Dtype *from = np_scalar_dtype(v, &bytes);
    if (from && bytes) return np_cast_find(from, d)(bytes, 0, p, 0, 1, from, d);
    if (d->num == KR_BYTES || d->num == KR_STR) return store_text(p, d, v);
    if (np_is_numeric(d->num)) {
        if (store_native(p, d, v) < 0) return -1;
        if (d->swapped) np_swap_bytes(p, d->item_size, 1, d->item_size, np_is_complex(d->num));
        return 0;
    }
    /* Datetimes and structured types: the Python half makes the bytes. */
    Value args[] = {v, np_dtype_value(d)};
    Value made = np_glue_call("void_bytes", args, 2);
    if (kr_is_empty(made)) return -1;
    memcpy(p, kr_bytes_data(made), (size_t)d->item_size);
    return 0;
}

int np_store_checked(char *p, Dtype *d, Value v)
{
    if (d->num == KR_F64 || d->num == KR_BOOL || d->num == KR_C128 || !np_is_numeric(d->num))
        return np_store(p, d, v);
    np_fp_clear();
    return np_store(p, d, v) < 0 ? -1 : np_fp_check_store();
}

static Value list_from(const char *p, NdArray *x, int axis)
{
    if (axis == x->a.rank) return np_item(p, x->descr);
    Value list = kr_list(NULL, 0);
    if (kr_is_empty(list)) return EMPTY;
    for (int64_t i = 0; i < x->a.shape[axis]; i++) {
        Value item = list_from(p + i * x->a.strides[axis], x, axis + 1);
        if (kr_is_empty(item) || kr_list_append(list, item) < 0) return EMPTY;
    }
    return list;
}

Value np_tolist(NdArray *x) { return list_from(x->a.data, x, 0); }

/* ---- Copies ---- */

NdArray *np_copy(NdArray *x, char order) { return np_astype(x, x->descr, order); }

NdArray *np_astype(NdArray *x, Dtype *d, char order)
{
    if ((d->num == KR_STR || d->num == KR_BYTES) && d->item_size == 0) {
        Dtype *size = np_promote(x->descr, d);
        if (!size) return NULL;
        int64_t n = size->num == KR_STR ? size->item_size / 4 : size->item_size;
        if (x->descr->num == KR_OBJECT) {
            Value args[] = {np_value(x)};
            Value longest = np_glue_call("longest_text", args, 1);
            if (kr_is_empty(longest) || kr_to_int64(longest, &n) < 0) return NULL;
        }
        if (n < 1) n = 1;
        d = np_dtype_sized(d->num, d->num == KR_STR ? 4 * n : n);
        if (!d) return NULL;
    }
    NdArray *y = np_new_like(x, d, order);
    return y && np_copy_into(y, x) == 0 ? y : NULL;
}

NdArray *np_contiguous(NdArray *x)
{
    uint32_t all = KR_ARRAY_C | KR_ARRAY_ALIGNED | KR_ARRAY_NATIVE;
    if ((x->a.flags & all) == all) return x;
    return np_astype(x, np_dtype_native(x->descr), 'C');
}

NdArray *np_as_type(NdArray *x, Dtype *d)
{
    return np_dtype_same(x->descr, d) ? x : np_astype(x, d, 'K');
}

NdArray *np_as_type_contiguous(Value v, int num)
{
    NdArray *x = np_as_array(v, NULL);
    if (x) x = np_as_type(x, np_dtypes[num]);
    return x ? np_contiguous(x) : NULL;
}

int np_assign(NdArray *to, Value v)
{
    if (to->a.rank == 0 && !np_is_array(v)) return np_store_checked(to->a.data, to->descr, v);
    NdArray *from;
    if (np_is_array(v)) {
        from = np_array(v);
    } else if (np_weak_kind(v) && np_is_numeric(to->a.dtype)) {
        char item[16];
        if (np_store_checked(item, to->descr, v) < 0) return -1;
        from = np_new(to->descr, 0, NULL);
        if (!from) return -1;
        memcpy(from->a.data, item, (size_t)to->a.item_size);
    } else {
        Dtype *wanted = to->a.dtype == KR_OBJECT || to->a.dtype == KR_VOID ||
                                to->descr->kind == 'M' || to->descr->kind == 'm'
                            ? to->descr : NULL;
        from = np_from_value(v, wanted, 0, false);
    }
    return from ? np_copy_into(to, from) : -1;
}

/* ---- Attributes ---- */

Value np_shape_tuple(int rank, const int64_t *shape)
{
    Value items[MAXRANK];
    for (int k = 0; k < rank; k++) items[k] = kr_int(shape[k]);
    return kr_tuple(items, (size_t)rank);
}

#define X NdArray *x = np_array(self)
static Value get_shape(Value self) { X; return np_shape_tuple(x->a.rank, x->a.shape); }
static Value get_strides(Value self) { X; return np_shape_tuple(x->a.rank, x->a.strides); }
static Value get_ndim(Value self) { return kr_int(np_array(self)->a.rank); }
static Value get_size(Value self) { return kr_int(np_size(np_array(self))); }
static Value get_itemsize(Value self) { return kr_int(np_array(self)->a.item_size); }
static Value get_nbytes(Value self) { X; return kr_int(np_size(x) * x->a.item_size); }
static Value get_dtype(Value self) { return np_dtype_value(np_array(self)->descr); }
static Value get_flags(Value self) { return np_glue_call("flags", &self, 1); }
static Value get_flat(Value self) { return np_glue_call("flat", &self, 1); }
static int set_flat(Value self, Value v)
{
    Value args[] = {self, v};
    return kr_is_empty(np_glue_call("set_flat", args, 2)) ? -1 : 0;
}
static Value get_ctypes(Value self) { return np_glue_call("ctypes", &self, 1); }
static Value get_interface(Value self) { return np_glue_call("array_interface", &self, 1); }
static Value get_address(Value self) { return kr_int((int64_t)(uintptr_t)np_array(self)->a.data); }
static Value get_flag_bits(Value self)
{
    X;
    return kr_int((int64_t)x->a.flags | (kr_is_empty(x->a.owner) ? 256 : 0));
}
static int set_flag_bits(Value self, Value v)
{
    X;
    int64_t bits;
    if (kr_is_empty(v) || kr_to_int64(v, &bits) < 0) return -1;
    if ((bits & KR_ARRAY_WRITEABLE) && !(x->a.flags & KR_ARRAY_WRITEABLE) && !kr_is_empty(x->a.owner)) {
        KrArray *owner = kr_array_of(x->a.owner);
        KrBuffer view;
        bool allowed = owner ? owner->flags & KR_ARRAY_WRITEABLE
                             : kr_buffer_get(x->a.owner, &view, KR_BUFFER_WRITE) == 0;
        if (!allowed) {
            kr_clear_exception();
            kr_raise(kr_ValueError, "cannot set WRITEABLE flag to True of this array");
            return -1;
        }
        if (!owner) kr_buffer_release(&view);
    }
    x->a.flags = (x->a.flags & ~(uint32_t)KR_ARRAY_WRITEABLE) | (bits & KR_ARRAY_WRITEABLE ? KR_ARRAY_WRITEABLE : 0);
    return 0;
}
static Value get_base(Value self)
{
    X;
    return kr_is_empty(x->a.owner) ? kr_None : x->a.owner;
}
static Value get_data(Value self) { return kr_call1(kr_type_value(&kr_memoryview_type), self); }
static Value get_device(Value self) { (void)self; return kr_str("cpu"); }

static Value transposed(NdArray *x)
{
    int64_t shape[MAXRANK], strides[MAXRANK];
    for (int k = 0; k < x->a.rank; k++) {
        shape[k] = x->a.shape[x->a.rank - 1 - k];
        strides[k] = x->a.strides[x->a.rank - 1 - k];
    }
    return np_value(np_view(x, x->descr, x->a.rank, shape, strides, x->a.data));
}
static Value get_T(Value self) { return transposed(np_array(self)); }
static Value get_mT(Value self)
{
    X;
    int r = x->a.rank;
    if (r < 2) return kr_raise(kr_ValueError, "matrix transpose with ndim < 2 is undefined");
    int64_t shape[MAXRANK], strides[MAXRANK];
    for (int k = 0; k < r; k++) {
        int from = k == r - 1 ? r - 2 : k == r - 2 ? r - 1 : k;
        shape[k] = x->a.shape[from];
        strides[k] = x->a.strides[from];
    }
    return np_value(np_view(x, x->descr, r, shape, strides, x->a.data));
}

static Value part(NdArray *x, bool imaginary)
{
    if (x->a.dtype == KR_OBJECT) {
        Value args[] = {np_value(x), kr_bool(imaginary)};
        return np_glue_call("object_part", args, 2);
    }
    if (!np_is_complex(x->a.dtype)) {
        if (!imaginary) return np_value(x);
        NdArray *zero = np_new_order(x->descr, x->a.rank, x->a.shape, 'C', true);
        if (zero) zero->a.flags &= ~(uint32_t)KR_ARRAY_WRITEABLE;
        return np_value(zero);
    }
    Dtype *d = np_dtypes[x->a.dtype == KR_C64 ? KR_F32 : KR_F64];
    if (x->descr->swapped) d = np_dtype_swapped(d);
    return np_value(np_view(x, d, x->a.rank, x->a.shape, x->a.strides, x->a.data + (imaginary ? d->item_size : 0)));
}
static Value get_real(Value self) { return part(np_array(self), false); }
static Value get_imag(Value self) { return part(np_array(self), true); }
static int set_part(Value self, Value v, bool imaginary)
{
    if (kr_is_empty(v)) return -1;
    X;
    if (imaginary && !np_is_complex(x->a.dtype)) {
        kr_raise(kr_TypeError, "array does not have imaginary part to set");
        return -1;
    }
    Value view = part(x, imaginary);
    return kr_is_empty(view) ? -1 : np_assign(np_array(view), v);
}
static int set_real(Value self, Value v) { return set_part(self, v, false); }
static int set_imag(Value self, Value v) { return set_part(self, v, true); }

static int raise_no_delete(const char *what)
{
    kr_raise(kr_AttributeError, "Cannot delete array %s", what);
    return -1;
}

static int set_shape(Value self, Value v)
{
    X;
    if (kr_is_empty(v)) return raise_no_delete("shape");
    Value copy = kr_call_method1(self, "reshape", v);
    if (kr_is_empty(copy)) return -1;
    NdArray *y = np_array(copy);
    if (y->a.data != x->a.data) {
        kr_raise(kr_AttributeError, "Incompatible shape for in-place modification. Use `.reshape()` to make a copy "
                                    "with the desired shape.");
        return -1;
    }
    x->a.rank = y->a.rank;
    x->a.shape = y->a.rank > 4 ? y->a.shape : x->dims;
    x->a.strides = y->a.rank > 4 ? y->a.strides : x->dims + 4;
    memmove(x->a.shape, y->a.shape, sizeof(int64_t) * (size_t)y->a.rank);
    memmove(x->a.strides, y->a.strides, sizeof(int64_t) * (size_t)y->a.rank);
    np_update_flags(x);
    return 0;
}

static int set_strides(Value self, Value v)
{
    X;
    int64_t strides[MAXRANK];
    if (kr_is_empty(v)) return raise_no_delete("strides");
    int rank = np_shape_arg(v, strides);
    if (rank < 0) return -1;
    if (rank != x->a.rank) {
        kr_raise(kr_ValueError, "strides must be same length as shape (%d)", x->a.rank);
        return -1;
    }
    char *low, *high, *l, *h;
    NdArray *owner = !kr_is_empty(x->a.owner) && np_is_array(x->a.owner) ? np_array(x->a.owner) : x;
    np_extent(owner, &low, &high);
    int64_t old[MAXRANK];
    memcpy(old, x->a.strides, sizeof(int64_t) * (size_t)rank);
    memcpy(x->a.strides, strides, sizeof(int64_t) * (size_t)rank);
    np_extent(x, &l, &h);
    if (l < low || h > high) {
        memcpy(x->a.strides, old, sizeof(int64_t) * (size_t)rank);
        kr_raise(kr_ValueError, "strides is not compatible with available memory");
        return -1;
    }
    np_update_flags(x);
    return 0;
}

static NdArray *view_as(NdArray *x, Dtype *d, KrType *type)
{
    int64_t shape[MAXRANK], strides[MAXRANK];
    int r = x->a.rank;
    memcpy(shape, x->a.shape, sizeof(int64_t) * (size_t)r);
    memcpy(strides, x->a.strides, sizeof(int64_t) * (size_t)r);
    int64_t old = x->a.item_size, new = d->item_size;
    /* Bytes must never be taken for objects, nor objects for bytes. */
    if (np_holds_objects(x->descr) != np_holds_objects(d) || (x->a.dtype == KR_OBJECT) != (d->num == KR_OBJECT) ||
        x->descr->object_count != d->object_count) {
        kr_raise(kr_TypeError, "Cannot change data-type for object array.");
        return NULL;
    }
    if (new == 0 && np_is_flexible(d->num)) {
        d = np_dtype_sized(d->num, old);
        if (!d) return NULL;
        new = old;
    }
    if (old != new) {
        if (r == 0) {
            kr_raise(kr_ValueError, "Changing the dtype of a 0d array is only supported if the itemsize is unchanged");
            return NULL;
        }
        if (strides[r - 1] != old && shape[r - 1] != 1) {
            kr_raise(kr_ValueError, "To change to a dtype of a different size, the last axis must be contiguous");
            return NULL;
        }
        if (new < old) {
            if (new == 0 || old % new) {
                kr_raise(kr_ValueError, "When changing to a smaller dtype, its size must be a divisor of the size of "
                                        "original dtype");
                return NULL;
            }
            shape[r - 1] *= old / new;
        } else {
            if (shape[r - 1] * old % new) {
                kr_raise(kr_ValueError, "When changing to a larger dtype, its size must be a divisor of the total size "
                                        "in bytes of the last axis of the array.");
                return NULL;
            }
            shape[r - 1] = shape[r - 1] * old / new;
        }
        strides[r - 1] = new;
    }
    return np_view_type(x, type, d, r, shape, strides, x->a.data);
}

static int set_dtype(Value self, Value v)
{
    X;
    if (kr_is_empty(v)) return raise_no_delete("dtype");
    Dtype *d = np_dtype_parse(v);
    NdArray *y = d ? view_as(x, d, np_array_type) : NULL;
    if (!y) return -1;
    x->descr = d;
    x->a.dtype = d->num;
    x->a.item_size = d->item_size;
    memcpy(x->a.shape, y->a.shape, sizeof(int64_t) * (size_t)y->a.rank);
    memcpy(x->a.strides, y->a.strides, sizeof(int64_t) * (size_t)y->a.rank);
    np_update_flags(x);
    return 0;
}

KR_GETSET(array, get_shape, set_shape, "shape", "Tuple of array dimensions.")
KR_GETSET(array, get_strides, set_strides, "strides", "Tuple of bytes to step in each dimension when traversing an array.")
KR_GETSET(array, get_ndim, NULL, "ndim", "Number of array dimensions.")
KR_GETSET(array, get_size, NULL, "size", "Number of elements in the array.")
KR_GETSET(array, get_itemsize, NULL, "itemsize", "Length of one array element in bytes.")
KR_GETSET(array, get_nbytes, NULL, "nbytes", "Total bytes consumed by the elements of the array.")
KR_GETSET(array, get_dtype, set_dtype, "dtype", "Data-type of the array's elements.")
KR_GETSET(array, get_flags, NULL, "flags", "Information about the memory layout of the array.")
KR_GETSET(array, get_flat, set_flat, "flat", "A 1-D iterator over the array.")
KR_GETSET(array, get_ctypes, NULL, "ctypes", "An object to simplify the interaction of the array with the ctypes module.")
KR_GETSET(array, get_interface, NULL, "__array_interface__", "Array protocol: Python side.")
KR_GETSET(array, get_address, NULL, "_address", "Where the first element stands.")
KR_GETSET(array, get_flag_bits, set_flag_bits, "_flag_bits", "The flags of krait.h; 256: owns its data.")
KR_GETSET(array, get_base, NULL, "base", "Base object if memory is from some other object.")
KR_GETSET(array, get_data, NULL, "data", "Python buffer object pointing to the start of the array's data.")
KR_GETSET(array, get_device, NULL, "device", "Where the array stands: \"cpu\".")
KR_GETSET(array, get_T, NULL, "T", "View of the transposed array.")
KR_GETSET(array, get_mT, NULL, "mT", "View of the matrix transposed array.")
KR_GETSET(array, get_real, set_real, "real", "The real part of the array.")
KR_GETSET(array, get_imag, set_imag, "imag", "The imaginary part of the array.")

/* ---- Methods ---- */

#define SELF NdArray *x = np_array(a[0])

KR_FN(array, array_tolist, "tolist", "(self, /)", "Return the array as an a.ndim-levels deep nested list of Python scalars.")
{
    return np_tolist(np_array(a[0]));
}

KR_FN(array, array_item, "item", "(self, /, *args)", "Copy an element of an array to a standard Python scalar and return it.")
{
    SELF;
    size_t n = kr_tuple_size(a[1]);
    if (n == 0) {
        if (np_size(x) != 1) return kr_raise(kr_ValueError, "can only convert an array of size 1 to a Python scalar");
        return np_item(x->a.data, x->descr);
    }
    Value key = n == 1 ? kr_tuple_get(a[1], 0) : a[1];
    int64_t index[MAXRANK];
    int given = np_shape_arg(key, index);
    if (given < 0) return EMPTY;
    char *p = x->a.data;
    if (given == 1 && n == 1 && !kr_is_tuple(key)) {
        int64_t size = np_size(x), i = index[0];
        if (i < -size || i >= size)
            return kr_raise(kr_IndexError, "index %lld is out of bounds for size %lld", (long long)i, (long long)size);
        if (i < 0) i += size;
        for (int k = x->a.rank - 1; k >= 0; k--) {
            p += i % x->a.shape[k] * x->a.strides[k];
            i /= x->a.shape[k];
        }
        return np_item(p, x->descr);
    }
    if (given != x->a.rank) return kr_raise(kr_ValueError, "incorrect number of indices for array");
    for (int k = 0; k < given; k++) {
        int64_t m = x->a.shape[k];
        if (index[k] < -m || index[k] >= m)
            return kr_raise(kr_IndexError, "index %lld is out of bounds for axis %d with size %lld", (long long)index[k],
                            k, (long long)m);
        p += (index[k] < 0 ? index[k] + m : index[k]) * x->a.strides[k];
    }
    return np_item(p, x->descr);
}

KR_FN(array, array_tobytes, "tobytes", "(self, /, order='C')", "Construct Python bytes containing the raw data bytes in the array.")
{
    SELF;
    char order = np_order_arg(a[1], 'C');
    if (!order) return EMPTY;
    if (order == 'A' || order == 'K') order = (x->a.flags & KR_ARRAY_F) && !(x->a.flags & KR_ARRAY_C) ? 'F' : 'C';
    Value bytes = kr_bytes(NULL, (size_t)(np_size(x) * x->a.item_size));
    if (kr_is_empty(bytes)) return EMPTY;
    int64_t shape[MAXRANK], strides[MAXRANK], from[1][MAXRANK];
    int r = x->a.rank;
    int64_t step = x->a.item_size;
    for (int i = 0; i < r; i++) {
        int k = order == 'F' ? i : r - 1 - i;
        shape[k] = x->a.shape[k];
        strides[k] = step;
        step *= shape[k];
    }
    (void)from;
    NdArray *to = np_wrap_memory(kr_bytes_data(bytes), x->a.dtype == KR_OBJECT ? np_dtypes[KR_I64] : x->descr, r, shape,
                                 strides, bytes, true);
    if (!to) return EMPTY;
    NdArray *source = x->a.dtype == KR_OBJECT ? np_wrap_memory(x->a.data, np_dtypes[KR_I64], r, x->a.shape, x->a.strides, a[0], false) : x;
    return source && np_copy_into(to, source) == 0 ? bytes : EMPTY;
}

/* A copy in C order of an array that is in C order already, made anew in place where it can be; NULL: not so. */
static NdArray *packed_copy(NdArray *x, Dtype *d, char order, const KrFunction *entry)
{
    if (order == 'F' || !(x->a.flags & KR_ARRAY_C) || x->a.rank == 0 || x->head.type != np_array_type) return NULL;
    if (!np_is_plain(d) || !np_is_plain(x->descr)) return NULL;
    NdArray *y = np_recycle(kr_origin_native(entry), d, x->a.rank, x->a.shape);
    if (!y && (y = np_new(d, x->a.rank, x->a.shape))) np_recycle_note(y, kr_origin_native(entry));
    return y && np_copy_into(y, x) == 0 ? y : NULL;
}

KR_FN(array, array_copy, "copy", "(self, /, order='C')", "Return a copy of the array.")
{
    SELF;
    char order = np_order_arg(a[1], 'C');
    if (!order) return EMPTY;
    NdArray *y = packed_copy(x, x->descr, order, &array_copy_entry);
    if (!y && kr_raised()) return EMPTY;
    if (!y) y = np_copy(x, order);
    if (!y || kr_type_of(a[0]) == np_array_type) return np_value(y);
    return np_value(np_view_type(y, kr_type_of(a[0]), y->descr, y->a.rank, y->a.shape, y->a.strides, y->a.data));
}
KR_FN(array, array_copy_protocol, "__copy__", "(self, /)", "Used if copy.copy is called on an array.")
{
    Value args[] = {a[0], kr_str("K")};
    return array_copy(args);
}
KR_FN(array, array_deepcopy, "__deepcopy__", "(self, memo, /)", "Used if copy.deepcopy is called on an array.")
{
    if (np_array(a[0])->a.dtype == KR_OBJECT) return np_glue_call("deepcopy", a, 2);
    Value args[] = {a[0], kr_str("K")};
    return array_copy(args);
}

KR_FN(array, array_astype, "astype", "(self, /, dtype, order='K', casting='unsafe', subok=True, copy=True)",
      "Copy of the array, cast to a specified type.")
{
    SELF;
    Dtype *d = np_dtype_parse(a[1]);
    char order = d ? np_order_arg(a[2], 'K') : 0;
    int casting = order ? np_casting_of(a[3], NP_UNSAFE) : -1;
    if (casting < 0) return EMPTY;
    int copy = kr_truth(a[5]);
    if (copy < 0) return EMPTY;
    if (!copy && np_dtype_same(d, x->descr) && order == 'K') return a[0];
    if (!np_can_cast(x->descr, d, casting))
        return kr_raise(kr_TypeError, "Cannot cast array data from %R to %R according to the rule '%s'",
                        np_dtype_value(x->descr), np_dtype_value(d), np_casting_names[casting]);
    NdArray *y = packed_copy(x, d, order, &array_astype_entry);
    if (!y && kr_raised()) return EMPTY;
    if (!y) y = np_astype(x, d, order);
    if (!y || kr_type_of(a[0]) == np_array_type) return np_value(y);
    NdArray *z = np_view_type(y, kr_type_of(a[0]), y->descr, y->a.rank, y->a.shape, y->a.strides, y->a.data);
    return z && np_finalize(z, a[0]) == 0 ? np_value(z) : EMPTY;
}

KR_FN(array, array_view, "view", "(self, /, dtype=<unset>, type=<unset>)", "New view of array with the same data.")
{
    SELF;
    KrType *type = kr_type_of(a[0]);
    Value spec = a[1];
    if (!kr_is_empty(a[2])) type = kr_to_object(a[2]);
    if (!kr_is_empty(spec) && kr_is_a(spec, &kr_type_type) && kr_is_subtype(kr_to_object(spec), np_array_type)) {
        type = kr_to_object(spec);
        spec = EMPTY;
    }
    if (!kr_is_subtype(type, np_array_type)) return kr_raise(kr_ValueError, "Type must be a sub-type of ndarray type");
    Dtype *d = kr_is_empty(spec) ? x->descr : np_dtype_parse(spec);
    return d ? np_value(view_as(x, d, type)) : EMPTY;
}

KR_FN(array, array_fill, "fill", "(self, value, /)", "Fill the array with a scalar value.")
{
    SELF;
    if (np_writeable(x) < 0) return EMPTY;
    if (x->a.dtype == KR_OBJECT) {
        NdArray *one = np_new(x->descr, 0, NULL);
        if (!one) return EMPTY;
        memcpy(one->a.data, &a[1], sizeof a[1]);
        return np_copy_into(x, one) < 0 ? EMPTY : kr_None;
    }
    NdArray *one = np_new(x->descr, 0, NULL);
    if (!one || np_store_checked(one->a.data, one->descr, a[1]) < 0) return EMPTY;
    return np_copy_into(x, one) < 0 ? EMPTY : kr_None;
}

KR_FN(array, array_byteswap, "byteswap", "(self, /, inplace=False)", "Swap the bytes of the array elements")
{
    SELF;
    int inplace = kr_truth(a[1]);
    if (inplace < 0 || (inplace && np_writeable(x) < 0)) return EMPTY;
    NdArray *y = inplace ? x : np_copy(x, 'K');
    if (!y) return EMPTY;
    NdArray *raw = np_wrap_memory(y->a.data, np_dtype_native(y->descr), y->a.rank, y->a.shape, y->a.strides, np_value(y), true);
    NdArray *other = raw ? np_wrap_memory(y->a.data, np_dtype_swapped(raw->descr), y->a.rank, y->a.shape, y->a.strides,
                                          np_value(y), true) : NULL;
    return other && np_copy_into(raw, other) == 0 ? np_value(y) : EMPTY;
}

KR_FN(array, array_array, "__array__", "(self, dtype=None, /, *, copy=None)", "Returns a new array or a reference to self.")
{
    if (kr_is(a[1], kr_None)) return a[0];
    Dtype *d = np_dtype_parse(a[1]);
    return d ? np_value(np_as_type(np_array(a[0]), d)) : EMPTY;
}

KR_FN(array, array_reduce, "__reduce__", "(self, /)", "For pickling.") { return np_glue_call("array_reduce", a, 1); }
KR_FN(array, array_reduce_ex, "__reduce_ex__", "(self, protocol, /)", "For pickling.")
{
    return np_glue_call("array_reduce", a, 1);
}
KR_FN(array, array_setstate, "__setstate__", "(self, state, /)", "For unpickling.") { return np_glue_call("array_setstate", a, 2); }
KR_FN(array, array_format, "__format__", "(self, spec, /)", "Default object formatter.") { return np_glue_call("array_format", a, 2); }
KR_FN(array, array_complex, "__complex__", "(self, /)", "complex(self)")
{
    SELF;
    if (x->a.rank != 0) return kr_raise(kr_TypeError, "only 0-dimensional arrays can be converted to Python scalars");
    return kr_call1(kr_type_value(&kr_complex_type), np_item(x->a.data, x->descr));
}
KR_CLASSMETHOD(array, array_class_getitem, "__class_getitem__", "(cls, item, /)", "ndarray[shape, dtype]")
{
    return np_glue_call("generic_alias", a, 2);
}

/* Gives x the memory, shape and type of y, which is dropped: ndarray.resize, and unpickling. */
KR_FN(array_module, adopt, "_adopt", "(x, y, /)", NULL)
{
    NdArray *x = np_array(a[0]), *y = np_array(a[1]);
    while (!kr_is_empty(y->a.owner) && np_is_array(y->a.owner)) y = np_array(y->a.owner);
    void *block = x->block;
    size_t size = x->block_size;
    NdArray *shape = np_array(a[1]);
    x->block = y->block;
    x->block_size = y->block_size;
    y->block = block;
    y->block_size = size;
    x->a.data = shape->a.data;
    x->a.rank = shape->a.rank;
    x->a.shape = shape->a.rank > 4 ? shape->a.shape : x->dims;
    x->a.strides = shape->a.rank > 4 ? shape->a.strides : x->dims + 4;
    memmove(x->a.shape, shape->a.shape, sizeof(int64_t) * (size_t)shape->a.rank);
    memmove(x->a.strides, shape->a.strides, sizeof(int64_t) * (size_t)shape->a.rank);
    y->a.data = y->block;
    shape->a.rank = y->a.rank = 1;
    shape->a.shape = shape->dims;
    shape->a.strides = shape->dims + 4;
    y->a.shape = y->dims;
    y->a.strides = y->dims + 4;
    shape->a.shape[0] = y->a.shape[0] = 0;
    x->descr = shape->descr;
    x->a.dtype = shape->a.dtype;
    x->a.item_size = shape->a.item_size;
    np_update_flags(x);
    return kr_None;
}

/* ---- Slots ---- */

static Value array_make(KrType *type, const Value *args, size_t n, Value kwnames)
{
    static const KrFunction entry = {
        "ndarray", "(shape, dtype=None, buffer=None, offset=0, strides=None, order='C')", NULL, NULL, KR_KIND_BOUND, NULL};
    Value s[6];
    if (kr_bind(&entry, args, n, kwnames, s) < 0) return EMPTY;
    int64_t shape[MAXRANK], strides[MAXRANK], offset;
    int rank = np_shape_arg(s[0], shape);
    Dtype *d = rank < 0 ? NULL : np_dtype_parse(s[1]);
    char order = d ? np_order_arg(s[5], 'C') : 0;
    if (!order || kr_to_int64(s[3], &offset) < 0) return EMPTY;
    NdArray *x;
    if (kr_is(s[2], kr_None)) {
        x = np_new_order(d, rank, shape, order, d->num == KR_OBJECT);
        if (!x || type == np_array_type) return np_value(x);
        x = np_view_type(x, type, x->descr, x->a.rank, x->a.shape, x->a.strides, x->a.data);
        return x && np_finalize(x, kr_None) == 0 ? np_value(x) : EMPTY;
    }
    KrBuffer buffer;
    if (kr_buffer_get(s[2], &buffer, KR_BUFFER_CONTIGUOUS) < 0) return EMPTY;
    bool has_strides = !kr_is(s[4], kr_None);
    if (has_strides && np_shape_arg(s[4], strides) != rank) {
        if (!kr_raised()) kr_raise(kr_ValueError, "strides, if given, must be the same length as shape");
        return EMPTY;
    }
    if (!has_strides) {
        int64_t step = d->item_size;
        for (int i = 0; i < rank; i++) {
            int k = order == 'F' ? i : rank - 1 - i;
            strides[k] = step;
            step *= shape[k];
        }
    }
    x = array_alloc(type, d, rank);
    if (!x) return EMPTY;
    memcpy(x->a.shape, shape, sizeof(int64_t) * (size_t)rank);
    memcpy(x->a.strides, strides, sizeof(int64_t) * (size_t)rank);
    x->a.data = (char *)buffer.data + offset;
    x->a.owner = s[2];
    x->a.flags = buffer.read_only ? 0 : KR_ARRAY_WRITEABLE;
    char *low, *high;
    np_extent(x, &low, &high);
    if (low < (char *)buffer.data || high > (char *)buffer.data + buffer.size) {
        kr_buffer_release(&buffer);
        return kr_raise(kr_TypeError, has_strides ? "strides is incompatible with shape of requested array and size of "
                                                    "buffer" : "buffer is too small for requested array");
    }
    np_update_flags(x);
    return np_finalize(x, kr_None) == 0 ? np_value(x) : EMPTY;
}

static const char *buffer_format(const Dtype *d)
{
    static const char *const formats[] = {
        [KR_BOOL] = "?", [KR_I8] = "b", [KR_I16] = "h", [KR_I32] = "i", [KR_I64] = "l", [KR_U8] = "B", [KR_U16] = "H",
        [KR_U32] = "I", [KR_U64] = "L", [KR_F16] = "e", [KR_F32] = "f", [KR_F64] = "d", [KR_C64] = "Zf", [KR_C128] = "Zd",
        [KR_OBJECT] = "O"};
    return d->num <= KR_OBJECT && !d->swapped ? formats[d->num] : NULL;
}

/* Of other types the Python half writes the format; the texts are kept, one of a kind. */
static const char *long_format(const Dtype *d)
{
    static Value kept;
    if (kr_is_empty(kept)) {
        kept = kr_dict();
        kr_root(&kept);
    }
    Value args[] = {np_dtype_value(d)}, text = np_glue_call("buffer_format", args, 1);
    if (kr_is_empty(text)) return NULL;
    Value old = kr_dict_find(kept, text);
    if (kr_is_empty(old)) {
        if (kr_raised() || kr_dict_set(kept, text, text) < 0) return NULL;
        old = text;
    }
    return kr_str_utf8(old, NULL);
}

int np_array_buffer(Value self, KrBuffer *buffer, int flags)
{
    X;
    if ((flags & KR_BUFFER_WRITE) && !(x->a.flags & KR_ARRAY_WRITEABLE)) {
        kr_raise(kr_ValueError, "buffer source array is read-only");
        return -1;
    }
    if (!(flags & KR_BUFFER_STRIDES) && !(x->a.flags & KR_ARRAY_C)) {
        kr_raise(kr_ValueError, "ndarray is not C-contiguous");
        return -1;
    }
    buffer->data = x->a.data;
    buffer->owner = self;
    buffer->size = np_size(x) * x->a.item_size;
    buffer->item_size = x->a.item_size;
    buffer->format = buffer_format(x->descr);
    if (!buffer->format && (flags & KR_BUFFER_FORMAT) && !(buffer->format = long_format(x->descr))) return -1;
    buffer->rank = x->a.rank;
    buffer->read_only = !(x->a.flags & KR_ARRAY_WRITEABLE);
    buffer->shape = x->a.shape;
    buffer->strides = x->a.strides;
    return 0;
}

static struct KrArray *array_array_slot(Value self) { return &np_array(self)->a; }

static int64_t array_length(Value self)
{
    X;
    if (x->a.rank == 0) {
        kr_raise(kr_TypeError, "len() of unsized object");
        return -1;
    }
    return x->a.shape[0];
}

static int array_truth(Value self)
{
    X;
    int64_t n = np_size(x);
    if (n != 1) {
        if (n == 0) {
            kr_raise(kr_ValueError, "The truth value of an empty array is ambiguous. Use `array.size > 0` to check that "
                                    "an array is not empty.");
            return -1;
        }
        kr_raise(kr_ValueError,
                 "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()");
        return -1;
    }
    Value v = np_item(x->a.data, x->descr);
    if (kr_is_empty(v) || kr_enter_recursion(" while converting array element to bool") < 0) return -1;
    int t = kr_truth(v);
    kr_leave_recursion();
    return t;
}

static Value single(Value self)
{
    X;
    if (x->a.rank != 0 && np_size(x) != 1)
        return kr_raise(kr_TypeError, "only length-1 arrays can be converted to Python scalars");
    if (x->a.rank != 0) return kr_raise(kr_TypeError, "only 0-dimensional arrays can be converted to Python scalars");
    return np_item(x->a.data, x->descr);
}
/* An array of objects may hold itself. */
static Value convert_item(Value self, Value (*convert)(Value))
{
    Value v = single(self);
    if (kr_is_empty(v) || kr_enter_recursion(" while converting array element to a number") < 0) return EMPTY;
    v = convert(v);
    kr_leave_recursion();
    return v;
}

static Value array_to_int(Value self)
{
    return convert_item(self, kr_to_int);
}
static Value array_to_float(Value self)
{
    return convert_item(self, kr_to_float);
}
static Value array_index(Value self)
{
    X;
    if (x->a.rank || !np_is_integer(x->a.dtype))
        return kr_raise(kr_TypeError, "only integer scalar arrays can be converted to a scalar index");
    return np_item(x->a.data, x->descr);
}

static int array_contains(Value self, Value item)
{
    Value equal = np_array_compare(self, item, KR_EQ);
    if (kr_is_empty(equal)) return -1;
    if (!np_is_array(equal)) return kr_truth(equal);
    Value any = np_reduce(np_ufunc_named("logical_or"), np_array(equal), kr_None, NULL, EMPTY, false, EMPTY, EMPTY);
    return kr_is_empty(any) ? -1 : kr_truth(any);
}

#define OPERATOR(name, op)                                                                         \
    static Value array_##name(Value a, Value b) { return np_operator(op, a, b); }
OPERATOR(add, KR_ADD)
OPERATOR(sub, KR_SUB)
OPERATOR(mul, KR_MUL)
OPERATOR(matmul, KR_MATMUL)
OPERATOR(truediv, KR_TRUEDIV)
OPERATOR(floordiv, KR_FLOORDIV)
OPERATOR(mod, KR_MOD)
OPERATOR(pow, KR_POW)
OPERATOR(lshift, KR_LSHIFT)
OPERATOR(rshift, KR_RSHIFT)
OPERATOR(and, KR_AND)
OPERATOR(xor, KR_XOR)
OPERATOR(or, KR_OR)
OPERATOR(divmod, KR_DIVMOD)

static Value inplace(int op, Value self, Value b)
{
    if (op == KR_MATMUL) {
        Value r = np_matmul(self, b, EMPTY);
        if (kr_is_empty(r)) return r;
        return np_assign(np_array(self), r) < 0 ? EMPTY : self;
    }
    Ufunc *f = np_operators[op];
    if (op != KR_POW && kr_type_of(self) == np_array_type) {
        Value r = np_ufunc_quick_inplace(f, np_array(self), b);
        if (!kr_is(r, kr_NotImplemented)) return r;
    }
    if (op == KR_POW && kr_is_int_exact(b) && kr_is(b, kr_int(2)) && !np_is_integer(np_array(self)->a.dtype) && np_is_numeric(np_array(self)->a.dtype))
        return np_ufunc_into(np_operators[KR_MUL], self, self, np_array(self));
    return np_ufunc_into(f, self, b, np_array(self));
}
#define INPLACE(name, op)                                                                          \
    static Value array_i##name(Value a, Value b) { return inplace(op, a, b); }
INPLACE(add, KR_ADD)
INPLACE(sub, KR_SUB)
INPLACE(mul, KR_MUL)
INPLACE(matmul, KR_MATMUL)
INPLACE(truediv, KR_TRUEDIV)
INPLACE(floordiv, KR_FLOORDIV)
INPLACE(mod, KR_MOD)
INPLACE(pow, KR_POW)
INPLACE(lshift, KR_LSHIFT)
INPLACE(rshift, KR_RSHIFT)
INPLACE(and, KR_AND)
INPLACE(xor, KR_XOR)
INPLACE(or, KR_OR)

static Value array_negative(Value v) { return np_ufunc_call1(np_negative_f, v); }
static Value array_positive(Value v) { return np_ufunc_call1(np_positive_f, v); }
static Value array_absolute(Value v) { return np_ufunc_call1(np_absolute_f, v); }
static Value array_invert(Value v) { return np_ufunc_call1(np_invert_f, v); }

#include "modules/numpy/array.entries.h"

extern const KrFunction *const np_shape_methods[], *const np_sort_methods[], *const np_math_methods[],
    *const np_linalg_methods[];

int np_array_init(Value module)
{
    static const KrFunction *methods[200];
    const KrFunction *const *lists[] = {array_functions, np_shape_methods, np_sort_methods, np_math_methods, np_linalg_methods};
    size_t n = 0;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        for (const KrFunction *const *f = lists[i]; *f; f++) methods[n++] = *f;
    static const KrTypeSpec spec = {
        .name = "numpy.ndarray",
        .doc = "ndarray(shape, dtype=float, buffer=None, offset=0, strides=None, order=None)\n\n"
               "An array object represents a multidimensional, homogeneous array of fixed-size items.",
        .size = sizeof(NdArray),
        .flags = KR_TYPE_SEQUENCE,
        .trace = array_trace,
        .release = array_release,
        .functions = methods,
        .getset = array_getset,
        .slots = {
            .make = array_make, .repr = np_array_repr, .str = np_array_str, .compare = np_array_compare, .iter = np_array_iter,
            .binary = {array_add, array_sub, array_mul, array_matmul, array_truediv, array_floordiv, array_mod, array_pow,
                       array_lshift, array_rshift, array_and, array_xor, array_or, array_divmod},
            .inplace = {array_iadd, array_isub, array_imul, array_imatmul, array_itruediv, array_ifloordiv, array_imod,
                        array_ipow, array_ilshift, array_irshift, array_iand, array_ixor, array_ior, NULL},
            .negative = array_negative, .positive = array_positive, .absolute = array_absolute, .invert = array_invert,
            .truth = array_truth, .to_int = array_to_int, .to_float = array_to_float, .index = array_index,
            .length = array_length, .getitem = np_array_getitem, .setitem = np_array_setitem, .contains = array_contains,
            .buffer = np_array_buffer, .array = array_array_slot,
        },
    };
    np_array_type = kr_type_new(&spec);
    if (!np_array_type || kr_module_add_type(module, np_array_type) < 0) return -1;
    if (kr_dict_set_ascii(kr_type_dict(np_array_type), "__array_priority__", kr_float(0)) < 0) return -1;
    if (np_add_functions(module, array_module_functions) < 0) return -1;
    void *hook;
    KrValue (*wrap)(void *, int, int, const int64_t *, const int64_t *, KrValue) = wrap_for_api;
    memcpy(&hook, &wrap, sizeof hook);
    return kr_module_add(module, "_array_wrap", kr_capsule(hook, "numpy._array_wrap"));
}
