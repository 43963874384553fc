/* memoryview.c: the type memoryview: slicing, casting, comparison and access of any rank.
 *
 *     MemoryView --managed--> ManagedBuffer --exporter--> bytes, bytearray, array ...
 *
 * Views made from a view share its ManagedBuffer; the buffer goes back to its exporter when the
 * last view is released, or when the collector finds the ManagedBuffer dead (it has a finalizer).
 * Items are packed and unpacked in memoryview_items.c. */
#include "runtime/objects/memoryview.h"

#include <stdlib.h>

#include "runtime/objects/bytes_shared.h"
#include "runtime/objects/hash.h"
#include "runtime/objects/int.h"
#include "runtime/objects/iterators.h"
#include "runtime/objects/list.h"
#include "runtime/objects/quick.h"

static Type managed_type, plain_managed_type;

static inline int64_t *shape_of(MemoryView *m) { return m->dims; }
static inline int64_t *strides_of(MemoryView *m) { return m->dims + m->rank; }

/* ---- Life ---- */

static void managed_release(ManagedBuffer *b)
{
    if (b->released) return;
    b->released = true;
    kr_buffer_release(&b->buffer);
    b->exporter = EMPTY;
}

/* Ends a view that nobody else has seen. */
static void drop_view(MemoryView *m)
{
    m->released = true;
    if (--m->managed->views == 0) managed_release(m->managed);
}

static void managed_finalize(Value self) { managed_release(object_of(self)); }

static void managed_trace(void *self, KrTracer *tracer)
{
    ManagedBuffer *b = self;
    kr_trace(tracer, b->exporter);
    kr_trace(tracer, b->buffer.owner);
}

static void view_trace(void *self, KrTracer *tracer)
{
    MemoryView *m = self;
    kr_trace_pointer(tracer, m->managed);
    kr_trace(tracer, m->format);
}

static int check_released(MemoryView *m)
{
    if (LIKELY(!m->released && !m->managed->released)) return 0;
    kr_raise(kr_ValueError, "operation forbidden on released memoryview object");
    return -1;
}

#define VIEW(name, value)                    \
    MemoryView *name = memoryview_of(value); \
    if (check_released(name) < 0) return EMPTY

static void set_format(MemoryView *m, Value format)
{
    m->format = format;
    const Str *s = str_of(format);
    size_t at = s->length > 1 && str_at(s, 0) == '@';
    m->code = s->ascii && s->length == at + 1 ? (char)str_at(s, at) : 0;
    if (!kr_memoryview_code_size(m->code)) m->code = 0;
}

static MemoryView *new_view(ManagedBuffer *managed, int rank)
{
    MemoryView *m = kr_type_alloc_sized(&kr_memoryview_type,
                                        sizeof(MemoryView) + (size_t)rank * 2 * sizeof(int64_t));
    if (!m) return NULL;
    m->managed = managed;
    m->rank = rank;
    managed->views++;
    return m;
}

/* A view of the same memory with room for `rank` dimensions, which the caller fills. */
static MemoryView *derive(MemoryView *from, int rank)
{
    MemoryView *m = new_view(from->managed, rank);
    if (!m) return NULL;
    m->data = from->data;
    m->format = from->format;
    m->code = from->code;
    m->item_size = from->item_size;
    m->size = from->size;
    m->read_only = from->read_only;
    if (rank == from->rank) memcpy(m->dims, from->dims, (size_t)rank * 2 * sizeof(int64_t));
    return m;
}

static void set_contiguous_strides(MemoryView *m)
{
    int64_t step = m->item_size;
    for (int i = m->rank - 1; i >= 0; i--) {
        strides_of(m)[i] = step;
        step *= shape_of(m)[i];
    }
    m->size = step;
}

Value kr_memoryview_new(Value exporter)
{
    if (is_object(exporter) && type_of(exporter) == &kr_memoryview_type) {
        VIEW(from, exporter);
        MemoryView *m = derive(from, from->rank);
        return m ? from_object(m) : EMPTY;
    }
    if (!kr_has_buffer(exporter))
        return kr_raise(kr_TypeError, "memoryview: a bytes-like object is required, not '%T'",
                        exporter);
    /* Only exporters that want their buffer back need the finalizer. */
    bool wants_back = type_of(exporter)->slots.buffer_release != NULL;
    ManagedBuffer *managed = kr_type_alloc(wants_back ? &managed_type : &plain_managed_type);
    if (!managed) return EMPTY;
    managed->released = true; /* until there is a buffer */
    KrBuffer *b = &managed->buffer;
    if (kr_buffer_get(exporter, b, KR_BUFFER_STRIDES | KR_BUFFER_FORMAT) < 0) return EMPTY;
    managed->released = false;
    /* A wrapper (a PickleBuffer, a view) may lend another object's memory: that one is .obj. */
    managed->exporter = is_empty(b->owner) ? exporter : b->owner;
    MemoryView *m = new_view(managed, b->rank);
    Value format = kr_str(b->format ? b->format : "B");
    if (!m || is_empty(format)) return EMPTY;
    m->data = b->data;
    m->item_size = b->item_size;
    m->read_only = b->read_only;
    set_format(m, format);
    for (int i = 0; i < b->rank; i++)
        shape_of(m)[i] = b->shape ? b->shape[i] : b->size / (b->item_size ? b->item_size : 1);
    set_contiguous_strides(m);
    if (b->strides) memcpy(strides_of(m), b->strides, (size_t)b->rank * sizeof(int64_t));
    m->size = b->size;
    return from_object(m);
}

static Value view_make(Type *type, const Value *args, size_t n, Value kwnames)
{
    static const KrFunction entry = {"memoryview", "(object)", NULL, NULL, KR_KIND_BOUND, NULL};
    (void)type;
    Value object;
    if (kr_bind(&entry, args, n, kwnames, &object) < 0) return EMPTY;
    return kr_memoryview_new(object);
}

KR_FN(memoryview, view_release, "release", "(self, /)",
      "Release the underlying buffer exposed by the memoryview object.")
{
    MemoryView *m = memoryview_of(a[0]);
    if (m->released) return NONE;
    if (m->exports) {
        kr_heap_collect();
        kr_heap_run_pending();
    }
    if (m->exports)
        return kr_raise(kr_BufferError, "memoryview has %zu exported buffer%s", m->exports,
                        m->exports == 1 ? "" : "s");
    drop_view(m);
    return NONE;
}

KR_FN(memoryview, view_enter, "__enter__", "(self, /)", NULL)
{
    return check_released(memoryview_of(a[0])) < 0 ? EMPTY : a[0];
}

KR_FN(memoryview, view_exit, "__exit__", "(self, /, *args)", NULL) { return view_release(a); }

/* ---- Shape ---- */

static bool is_contiguous(MemoryView *m, bool fortran)
{
    if (m->size == 0) return true;
    int64_t step = m->item_size;
    for (int k = 0; k < m->rank; k++) {
        int i = fortran ? k : m->rank - 1 - k;
        if (shape_of(m)[i] > 1 && strides_of(m)[i] != step) return false;
        step *= shape_of(m)[i];
    }
    return true;
}

static int64_t count_items(MemoryView *m)
{
    int64_t n = 1;
    for (int i = 0; i < m->rank; i++) n *= shape_of(m)[i];
    return n;
}

/* Copies the items in C (or Fortran) order. */
static char *gather(MemoryView *m, int axis, const char *from, char *to, bool fortran)
{
    if (axis == m->rank) {
        memcpy(to, from, (size_t)m->item_size);
        return to + m->item_size;
    }
    int i = fortran ? m->rank - 1 - axis : axis;
    for (int64_t k = 0; k < shape_of(m)[i]; k++)
        to = gather(m, axis + 1, from + k * strides_of(m)[i], to, fortran);
    return to;
}

static Value to_bytes(MemoryView *m, bool fortran)
{
    if (is_contiguous(m, fortran)) return kr_bytes(m->size ? m->data : "", (size_t)m->size);
    Bytes *b = kr_bytes_alloc((size_t)m->size);
    if (!b) return EMPTY;
    gather(m, 0, m->data, (char *)b->data, fortran);
    return from_object(b);
}

KR_FN(memoryview, view_tobytes, "tobytes", "(self, /, order='C')",
      "Return the data in the buffer as a byte string.\n\nOrder can be {'C', 'F', 'A'}. When order "
      "is 'C' or 'F', the data of the\noriginal array is converted to C or Fortran order. For "
      "contiguous views,\n'A' returns an exact copy of the physical memory. In particular, "
      "in-memory\nFortran order is preserved. For non-contiguous views, the data is converted\nto "
      "C first. order=None is the same as order='C'.")
{
    VIEW(m, a[0]);
    bool fortran = false;
    if (!is_none(a[1])) {
        if (!is_str(a[1]))
            return kr_raise(kr_TypeError, "tobytes() argument 'order' must be str or None, not %T",
                            a[1]);
        if (kr_str_equal_ascii(a[1], "F"))
            fortran = true;
        else if (kr_str_equal_ascii(a[1], "A"))
            fortran = !is_contiguous(m, false) && is_contiguous(m, true);
        else if (!kr_str_equal_ascii(a[1], "C"))
            return kr_raise(kr_ValueError, "order must be 'C', 'F' or 'A'");
    }
    return to_bytes(m, fortran);
}

KR_FN(memoryview, view_hex, "hex", "(self, /, sep=<unset>, bytes_per_sep=1)",
      "Return the data in the buffer as a str of hexadecimal numbers.\n\n  sep\n    An optional "
      "single character or byte to separate hex bytes.\n  bytes_per_sep\n    How many bytes "
      "between separators.  Positive values count from the\n    right, negative values count from "
      "the left.")
{
    VIEW(m, a[0]);
    Value b = to_bytes(m, false);
    if (is_empty(b)) return EMPTY;
    return kr_bytes_hex(bytes_of(b)->data, bytes_of(b)->size, a[1], a[2]);
}

static Value list_axis(MemoryView *m, int axis, const char *data)
{
    int64_t n = shape_of(m)[axis];
    List *list = kr_list_alloc(0);
    if (!list) return EMPTY;
    for (int64_t i = 0; i < n; i++, data += strides_of(m)[axis]) {
        Value item = axis + 1 == m->rank ? kr_memoryview_unpack(m->code, data, m->format)
                                         : list_axis(m, axis + 1, data);
        if (is_empty(item) || list_append(list, item) < 0) return EMPTY;
    }
    return from_object(list);
}

KR_FN(memoryview, view_tolist, "tolist", "(self, /)",
      "Return the data in the buffer as a list of elements.")
{
    VIEW(m, a[0]);
    if (m->rank == 0) return kr_memoryview_unpack(m->code, m->data, m->format);
    return list_axis(m, 0, m->data);
}

KR_FN(memoryview, view_toreadonly, "toreadonly", "(self, /)",
      "Return a readonly version of the memoryview.")
{
    VIEW(m, a[0]);
    MemoryView *r = derive(m, m->rank);
    if (!r) return EMPTY;
    r->read_only = true;
    return from_object(r);
}

/* ---- cast() ---- */

static int read_shape(Value v, int64_t *shape, int *rank)
{
    if (!is_list(v) && !is_tuple(v)) {
        kr_raise(kr_TypeError, "shape must be a list or a tuple");
        return -1;
    }
    bool tuple = is_tuple(v);
    size_t n = tuple ? kr_tuple_size(v) : kr_list_size(v);
    if (n > MEMORYVIEW_MAX_RANK) {
        kr_raise(kr_ValueError, "memoryview: number of dimensions must not exceed 64");
        return -1;
    }
    for (size_t i = 0; i < n; i++) {
        Value x = tuple ? kr_tuple_get(v, i) : kr_list_get(v, i);
        if (!is_any_int(x)) {
            kr_raise(kr_TypeError, "memoryview.cast(): elements of shape must be integers");
            return -1;
        }
        if (!kr_int_fits(x, &shape[i]) || shape[i] <= 0) {
            kr_raise(kr_ValueError, "memoryview.cast(): elements of shape must be integers > 0");
            return -1;
        }
    }
    *rank = (int)n;
    return 0;
}

static bool is_byte_code(char code) { return code == 'b' || code == 'B' || code == 'c'; }

KR_FN(memoryview, view_cast, "cast", "(self, /, format, shape=<unset>)",
      "Cast a memoryview to a new format or shape.")
{
    VIEW(m, a[0]);
    if (!is_str(a[1]))
        return kr_raise(kr_TypeError, "cast() argument 'format' must be str, not %T", a[1]);
    if (!is_contiguous(m, false))
        return kr_raise(kr_TypeError, "memoryview: casts are restricted to C-contiguous views");
    int64_t shape[MEMORYVIEW_MAX_RANK];
    int rank = 1;
    bool shaped = !is_empty(a[2]);
    if ((shaped || m->rank != 1)) {
        for (int i = 0; i < m->rank; i++)
            if (shape_of(m)[i] == 0)
                return kr_raise(kr_TypeError,
                                "memoryview: cannot cast view with zeros in shape or strides");
    }
    if (shaped && read_shape(a[2], shape, &rank) < 0) return EMPTY;
    if (shaped && rank != 1 && m->rank != 1)
        return kr_raise(kr_TypeError, "memoryview: cast must be 1D -> ND or ND -> 1D");
    MemoryView *r = derive(m, rank);
    if (!r) return EMPTY;
    set_format(r, a[1]);
    int64_t item_size = kr_memoryview_code_size(r->code);
    if (!item_size)
        return kr_raise(kr_ValueError,
                        "memoryview: destination format must be a native single character format "
                        "prefixed with an optional '@'");
    if (!m->code && !is_byte_code(r->code)) /* to bytes, all may be cast */
        return kr_raise(kr_ValueError,
                        "memoryview: source format must be a native single character format "
                        "prefixed with an optional '@'");
    if (!is_byte_code(m->code) && !is_byte_code(r->code))
        return kr_raise(kr_TypeError, "memoryview: cannot cast between two non-byte formats");
    if (m->size % item_size)
        return kr_raise(kr_TypeError, "memoryview: length is not a multiple of itemsize");
    r->item_size = item_size;
    if (!shaped) shape[0] = m->size / item_size;
    int64_t total = item_size;
    for (int i = 0; i < rank; i++) {
        if (shape[i] && total > INT64_MAX / shape[i])
            return kr_raise(kr_ValueError, "memoryview.cast(): product(shape) > SSIZE_MAX");
        total *= shape[i];
        shape_of(r)[i] = shape[i];
    }
    if (total != m->size)
        return kr_raise(kr_TypeError, "memoryview: product(shape) * itemsize != buffer size");
    set_contiguous_strides(r);
    return from_object(r);
}

/* ---- Items ---- */

static char *item_address(MemoryView *m, char *data, int axis, Value key)
{
    int64_t i, n = shape_of(m)[axis];
    if (kr_to_index(key, &i) < 0) return NULL;
    if (i < 0) i += n;
    if (i < 0 || i >= n) {
        kr_raise(kr_IndexError, "index out of bounds on dimension %d", axis + 1);
        return NULL;
    }
    return data + i * strides_of(m)[axis];
}

static bool all_indices(Value tuple)
{
    for (size_t i = 0; i < kr_tuple_size(tuple); i++)
        if (!kr_has_index(kr_tuple_get(tuple, i))) return false;
    return true;
}

/* The address that an int or a tuple of ints selects; NULL raised. */
static char *address(MemoryView *m, Value key)
{
    if (m->rank == 0) {
        if (is_tuple(key) && kr_tuple_size(key) == 0) return m->data;
        kr_raise(kr_TypeError, "invalid indexing of 0-dim memory");
        return NULL;
    }
    if (!is_tuple(key)) {
        if (m->rank == 1) return item_address(m, m->data, 0, key);
        kr_raise(kr_NotImplementedError, "multi-dimensional sub-views are not implemented");
        return NULL;
    }
    size_t n = kr_tuple_size(key);
    if (n < (size_t)m->rank) {
        kr_raise(kr_NotImplementedError, "sub-views are not implemented");
        return NULL;
    }
    if (n > (size_t)m->rank) {
        kr_raise(kr_TypeError, "cannot index %d-dimension view with %zu-element tuple", m->rank, n);
        return NULL;
    }
    char *data = m->data;
    for (int i = 0; i < m->rank && data; i++)
        data = item_address(m, data, i, kr_tuple_get(key, (size_t)i));
    return data;
}

static MemoryView *slice_view(MemoryView *m, Value key)
{
    int64_t start, stop, step, count;
    /* The new view first: an index's __index__ may release m. */
    MemoryView *r = derive(m, m->rank);
    if (!r) return NULL;
    if (kr_slice_resolve(key, shape_of(m)[0], &start, &stop, &step, &count) < 0) {
        drop_view(r);
        return NULL;
    }
    if (count < 0) count = 0;
    r->data += start * strides_of(m)[0];
    shape_of(r)[0] = count;
    strides_of(r)[0] = strides_of(m)[0] * step;
    r->size = count_items(r) * r->item_size;
    return r;
}

static bool all_slices(Value key)
{
    if (!is_tuple(key)) return false;
    size_t n = kr_tuple_size(key);
    for (size_t i = 0; i < n; i++)
        if (!kr_is_slice(kr_tuple_get(key, i))) return false;
    return n > 0;
}

static Value view_getitem(Value self, Value key)
{
    VIEW(m, self);
    if (m->rank == 0 && kr_is(key, kr_Ellipsis)) return self;
    if (kr_is_slice(key)) {
        if (m->rank == 0) return kr_raise(kr_TypeError, "invalid indexing of 0-dim memory");
        MemoryView *r = slice_view(m, key);
        return r ? from_object(r) : EMPTY;
    }
    if (all_slices(key))
        return kr_raise(kr_NotImplementedError, "multi-dimensional slicing is not implemented");
    if (!kr_has_index(key) && !(is_tuple(key) && all_indices(key)))
        return kr_raise(kr_TypeError, "memoryview: invalid slice key");
    char *data = address(m, key);
    if (!data || check_released(m) < 0) return EMPTY;
    return kr_memoryview_unpack(m->code, data, m->format);
}

/* Same shape and format: copies the items, through a buffer since they may overlap. */
static int copy_view(MemoryView *to, MemoryView *from)
{
    bool fits = to->rank == from->rank && to->item_size == from->item_size &&
                kr_str_equal(to->format, from->format);
    for (int i = 0; i < to->rank && fits; i++) fits = shape_of(to)[i] == shape_of(from)[i];
    if (!fits) {
        kr_raise(kr_ValueError,
                 "memoryview assignment: lvalue and rvalue have different structures");
        return -1;
    }
    Value bytes = to_bytes(from, false);
    if (is_empty(bytes)) return -1;
    const char *p = (const char *)bytes_of(bytes)->data;
    for (int64_t i = 0; i < shape_of(to)[0]; i++, p += to->item_size)
        memcpy(to->data + i * strides_of(to)[0], p, (size_t)to->item_size);
    return 0;
}

static int view_setitem(Value self, Value key, Value value)
{
    MemoryView *m = memoryview_of(self);
    if (check_released(m) < 0) return -1;
    if (m->read_only) {
        kr_raise(kr_TypeError, "cannot modify read-only memory");
        return -1;
    }
    if (is_empty(value)) {
        kr_raise(kr_TypeError, "cannot delete memory");
        return -1;
    }
    if (m->rank == 0 && kr_is(key, kr_Ellipsis))
        return kr_memoryview_pack(m->code, m->data, value, m->format);
    if (kr_is_slice(key) && m->rank == 1) {
        if (!kr_has_buffer(value)) {
            kr_raise(kr_TypeError, "a bytes-like object is required, not '%T'", value);
            return -1;
        }
        Value source = kr_memoryview_new(value);
        MemoryView *part = is_empty(source) ? NULL : slice_view(m, key);
        if (!part) return -1;
        int status = check_released(m);
        if (status == 0) status = copy_view(part, memoryview_of(source));
        drop_view(memoryview_of(source));
        drop_view(part);
        return status;
    }
    if (kr_is_slice(key) || all_slices(key)) {
        kr_raise(kr_NotImplementedError,
                 "memoryview slice assignments are currently restricted to ndim = 1");
        return -1;
    }
    if (!kr_has_index(key) && !(is_tuple(key) && all_indices(key))) {
        kr_raise(kr_TypeError, "memoryview: invalid slice key");
        return -1;
    }
    char *data = address(m, key);
    if (!data) return -1;
    /* Converting the value may release the view. */
    char item[16];
    if (kr_memoryview_pack(m->code, item, value, m->format) < 0 || check_released(m) < 0) return -1;
    memcpy(data, item, (size_t)m->item_size);
    return 0;
}

static int64_t view_length(Value self)
{
    MemoryView *m = memoryview_of(self);
    if (check_released(m) < 0) return -1;
    return m->rank == 0 ? 1 : shape_of(m)[0];
}

/* ---- Comparison and hashing ---- */

/* One item of any format, by the struct module where it is not native. */
static Value any_item(MemoryView *m, const char *data)
{
    if (m->code) return kr_memoryview_unpack(m->code, data, m->format);
    Value unpack = kr_import_attr("struct", "unpack");
    if (is_empty(unpack)) return EMPTY;
    Value items = kr_call2(unpack, m->format, kr_bytes(data, (size_t)m->item_size));
    if (is_empty(items)) return EMPTY;
    return kr_tuple_size(items) == 1 ? kr_tuple_get(items, 0) : items;
}

static int equal_axis(MemoryView *x, MemoryView *y, int axis, const char *p, const char *q)
{
    if (axis == x->rank) {
        Value a = any_item(x, p), b = is_empty(a) ? EMPTY : any_item(y, q);
        if (is_empty(b)) {
            kr_clear_exception(); /* a format that nobody reads equals nothing */
            return 0;
        }
        return kr_equal(a, b);
    }
    for (int64_t i = 0; i < shape_of(x)[axis]; i++) {
        int equal =
            equal_axis(x, y, axis + 1, p + i * strides_of(x)[axis], q + i * strides_of(y)[axis]);
        if (equal <= 0) return equal;
    }
    return 1;
}

static int views_equal(MemoryView *x, MemoryView *y)
{
    if (x->rank != y->rank) return 0;
    for (int i = 0; i < x->rank; i++) {
        if (shape_of(x)[i] != shape_of(y)[i]) return 0;
        if (shape_of(x)[i] == 0) return 1;
    }
    bool plain = x->code && x->code == y->code && !strchr("fd?", x->code);
    if (plain && is_contiguous(x, false) && is_contiguous(y, false))
        return !memcmp(x->data, y->data, (size_t)x->size);
    return equal_axis(x, y, 0, x->data, y->data);
}

static Value view_compare(Value a, Value b, int op)
{
    if (op != KR_EQ && op != KR_NE) return NOT_IMPLEMENTED;
    MemoryView *x = memoryview_of(a);
    bool temporary = false;
    int equal;
    if (x->released || x->managed->released) {
        equal = same(a, b);
    } else {
        Value other = b;
        if (!is_object(b) || type_of(b) != &kr_memoryview_type) {
            if (!kr_has_buffer(b)) return NOT_IMPLEMENTED;
            other = kr_memoryview_new(b);
            if (is_empty(other)) {
                kr_clear_exception();
                return NOT_IMPLEMENTED;
            }
            temporary = true;
        }
        MemoryView *y = memoryview_of(other);
        equal = y->released || y->managed->released ? same(a, b) : views_equal(x, y);
        if (temporary) view_release(&other);
        if (equal < 0) return EMPTY;
    }
    return from_bool((equal != 0) == (op == KR_EQ));
}

static int64_t view_hash(Value self)
{
    MemoryView *m = memoryview_of(self);
    if (m->hash) return m->hash;
    if (check_released(m) < 0) return -1;
    if (!m->read_only) {
        kr_raise(kr_ValueError, "cannot hash writable memoryview object");
        return -1;
    }
    if (!is_byte_code(m->code)) {
        kr_raise(kr_ValueError, "memoryview: hashing is restricted to formats 'B', 'b' or 'c'");
        return -1;
    }
    if (!is_empty(m->managed->exporter) && kr_hash(m->managed->exporter) == -1) return -1;
    Value b = to_bytes(m, false);
    if (is_empty(b)) return -1;
    return m->hash = kr_hash_bytes(bytes_of(b)->data, bytes_of(b)->size);
}

static Value view_repr(Value self)
{
    MemoryView *m = memoryview_of(self);
    return kr_str_format(m->released ? "<released memory at %p>" : "<memory at %p>", (void *)m);
}

/* ---- As an exporter ---- */

static int view_buffer(Value self, KrBuffer *buffer, int flags)
{
    MemoryView *m = memoryview_of(self);
    if (check_released(m) < 0) return -1;
    if ((flags & KR_BUFFER_WRITE) && m->read_only) {
        kr_raise(kr_BufferError, "memoryview: underlying buffer is not writable");
        return -1;
    }
    if ((!(flags & KR_BUFFER_STRIDES) || (flags & KR_BUFFER_CONTIGUOUS)) &&
        !is_contiguous(m, false)) {
        kr_raise(kr_BufferError, "memoryview: underlying buffer is not C-contiguous");
        return -1;
    }
    *buffer = (KrBuffer){.data = m->data,
                         .owner = self,
                         .size = m->size,
                         .item_size = m->item_size,
                         .format = kr_str_utf8(m->format, NULL),
                         .rank = m->rank,
                         .read_only = m->read_only,
                         .shape = shape_of(m),
                         .strides = strides_of(m)};
    m->exports++;
    return 0;
}

static void view_buffer_release(Value self, KrBuffer *buffer)
{
    (void)buffer;
    memoryview_of(self)->exports--;
}

/* ---- Attributes ---- */

static Value ints(const int64_t *items, int n)
{
    Value values[MEMORYVIEW_MAX_RANK];
    for (int i = 0; i < n; i++) {
        values[i] = kr_int(items[i]);
        if (is_empty(values[i])) return EMPTY;
    }
    return kr_tuple(values, (size_t)n);
}

static Value get_obj(Value self)
{
    VIEW(m, self);
    return is_empty(m->managed->exporter) ? NONE : m->managed->exporter;
}
static Value get_nbytes(Value self)
{
    VIEW(m, self);
    return kr_int(m->size);
}
static Value get_readonly(Value self)
{
    VIEW(m, self);
    return from_bool(m->read_only);
}
static Value get_itemsize(Value self)
{
    VIEW(m, self);
    return kr_int(m->item_size);
}
static Value get_format(Value self)
{
    VIEW(m, self);
    return m->format;
}
static Value get_ndim(Value self)
{
    VIEW(m, self);
    return from_small_int(m->rank);
}
static Value get_shape(Value self)
{
    VIEW(m, self);
    return ints(shape_of(m), m->rank);
}
static Value get_strides(Value self)
{
    VIEW(m, self);
    return ints(strides_of(m), m->rank);
}
static Value get_suboffsets(Value self)
{
    VIEW(m, self);
    (void)m;
    return kr_tuple(NULL, 0);
}
static Value get_c_contiguous(Value self)
{
    VIEW(m, self);
    return from_bool(is_contiguous(m, false));
}
static Value get_f_contiguous(Value self)
{
    VIEW(m, self);
    return from_bool(is_contiguous(m, true));
}
static Value get_contiguous(Value self)
{
    VIEW(m, self);
    return from_bool(is_contiguous(m, false) || is_contiguous(m, true));
}

KR_GETSET(memoryview, get_obj, NULL, "obj", "The underlying object of the memoryview.")
KR_GETSET(memoryview, get_nbytes, NULL, "nbytes",
          "The amount of space in bytes that the array would use in\n a contiguous representation.")
KR_GETSET(memoryview, get_readonly, NULL, "readonly",
          "A bool indicating whether the memory is read only.")
KR_GETSET(memoryview, get_itemsize, NULL, "itemsize",
          "The size in bytes of each element of the memoryview.")
KR_GETSET(memoryview, get_format, NULL, "format",
          "A string containing the format (in struct module style)\n for each element in the view.")
KR_GETSET(memoryview, get_ndim, NULL, "ndim",
          "An integer indicating how many dimensions of a multi-dimensional\n array the memory "
          "represents.")
KR_GETSET(memoryview, get_shape, NULL, "shape",
          "A tuple of ndim integers giving the shape of the memory\n as an N-dimensional array.")
KR_GETSET(memoryview, get_strides, NULL, "strides",
          "A tuple of ndim integers giving the size in bytes to access\n each element for each "
          "dimension of the array.")
KR_GETSET(memoryview, get_suboffsets, NULL, "suboffsets",
          "A tuple of integers used internally for PIL-style arrays.")
KR_GETSET(memoryview, get_c_contiguous, NULL, "c_contiguous",
          "A bool indicating whether the memory is C contiguous.")
KR_GETSET(memoryview, get_f_contiguous, NULL, "f_contiguous",
          "A bool indicating whether the memory is Fortran contiguous.")
KR_GETSET(memoryview, get_contiguous, NULL, "contiguous",
          "A bool indicating whether the memory is contiguous.")

/* ---- The iterator ---- */

static Type view_iterator_type;

static Value view_iter(Value self)
{
    VIEW(m, self);
    if (m->rank == 0) return kr_raise(kr_TypeError, "invalid indexing of 0-dim memory");
    if (m->rank != 1)
        return kr_raise(kr_NotImplementedError, "multi-dimensional sub-views are not implemented");
    if (!m->code)
        return kr_raise(kr_NotImplementedError, "memoryview: format %U not supported", m->format);
    return kr_iterators_new(&view_iterator_type, self, 0);
}

static Value iterator_next(Value self)
{
    SequenceIterator *it = sequence_iterator_of(self);
    if (is_empty(it->sequence)) return EMPTY;
    VIEW(m, it->sequence);
    if (it->index < shape_of(m)[0])
        return kr_memoryview_unpack(m->code, m->data + it->index++ * strides_of(m)[0], m->format);
    it->sequence = EMPTY;
    return EMPTY;
}

static Value iterator_self(Value self) { return self; }

#include "runtime/objects/memoryview.entries.h"

static const KrTypeSpec view_iterator_spec = {
    .name = "memory_iterator",
    .size = sizeof(SequenceIterator),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_NO_WEAKREF,
    .trace = kr_sequence_iterator_trace,
    .slots = {.iter = iterator_self, .next = iterator_next},
};

static const KrTypeSpec managed_spec = {
    .name = "managedbuffer",
    .size = sizeof(ManagedBuffer),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_NO_WEAKREF,
    .trace = managed_trace,
    .slots = {.finalize = managed_finalize},
};

static const KrTypeSpec plain_managed_spec = {
    .name = "managedbuffer",
    .size = sizeof(ManagedBuffer),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_NO_WEAKREF,
    .trace = managed_trace,
};

static const KrTypeSpec view_spec = {
    .name = "memoryview",
    .doc = "Create a new memoryview object which references the given object.",
    .size = sizeof(MemoryView),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_FINAL | KR_TYPE_SEQUENCE,
    .trace = view_trace,
    .functions = memoryview_functions,
    .getset = memoryview_getset,
    .slots = {.make = view_make,
              .repr = view_repr,
              .hash = view_hash,
              .compare = view_compare,
              .iter = view_iter,
              .length = view_length,
              .getitem = view_getitem,
              .setitem = view_setitem,
              .buffer = view_buffer,
              .buffer_release = view_buffer_release},
};

Type kr_memoryview_type;

void kr_memoryview_type_init(void)
{
    kr_type_init(&managed_type, &managed_spec);
    kr_type_init(&plain_managed_type, &plain_managed_spec);
    kr_type_init(&kr_memoryview_type, &view_spec);
    kr_type_init(&view_iterator_type, &view_iterator_spec);
}
