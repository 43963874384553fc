/* array.c: array.array: growing vectors of C numbers. What the type codes mean is in
 * array_items.c.
 *
 * Items stand in one block of collected bytes that never moves; growing replaces it, and is
 * refused while a buffer is exported. */
#include <string.h>

#include "modules/array_items.h"

typedef struct Array {
    KrObject head;
    const Kind *kind;
    char *data; /* kr_alloc_bytes, or NULL */
    size_t size, capacity;
    int64_t exports;
} Array;

typedef struct ArrayIterator {
    KrObject head;
    KrValue array; /* KR_EMPTY when finished */
    size_t index;
} ArrayIterator;

static KrType *array_type, *iterator_type;

static Array *array_of(KrValue v) { return kr_to_object(v); }
static bool is_array(KrValue v) { return kr_is_a(v, array_type); }
static KrValue type_value_of(KrValue v) { return kr_type_value(kr_type_of(v)); }

/* The name of v's type without its module, as reprs show it. */
static const char *short_name(KrValue v)
{
    const char *name = kr_type_name(kr_type_of(v)), *dot = strrchr(name, '.');
    return dot ? dot + 1 : name;
}
static char *item_place(const Array *x, size_t i) { return x->data + i * (size_t)x->kind->size; }

/* ---- Storage ---- */

static int resize(Array *x, size_t size)
{
    if (size == x->size) return 0;
    if (x->exports > 0) kr_collect(); /* views that nobody can reach export no longer */
    if (x->exports > 0) {
        kr_raise(kr_BufferError, "cannot resize an array that is exporting buffers");
        return -1;
    }
    if (size > x->capacity) {
        size_t capacity = size < 8 ? 8 : x->size == 0 ? size : size + (size >> 3) + 8;
        if (size > SIZE_MAX / 32) {
            kr_raise_no_memory();
            return -1;
        }
        char *data = kr_alloc_bytes(capacity * (size_t)x->kind->size);
        if (!data) return -1;
        if (x->size) memcpy(data, x->data, x->size * (size_t)x->kind->size);
        x->data = data;
        x->capacity = capacity;
    } else if (size == 0) {
        x->data = NULL;
        x->capacity = 0;
    }
    x->size = size;
    return 0;
}

static KrValue new_array(KrType *type, const Kind *kind, size_t size)
{
    Array *x = kr_alloc_instance(type);
    if (!x) return KR_EMPTY;
    x->kind = kind;
    return resize(x, size) < 0 ? KR_EMPTY : kr_from_object(x);
}

/* Replaces [start, stop) by n items' room. */
static int make_room(Array *x, size_t start, size_t stop, size_t n)
{
    size_t removed = stop - start, rest = x->size - stop, step = (size_t)x->kind->size,
           size = x->size - removed + n;
    if (n > removed && resize(x, size) < 0) return -1;
    if (n < removed && x->exports > 0) return resize(x, size);
    if (rest && n != removed) memmove(item_place(x, start + n), x->data + stop * step, rest * step);
    return n < removed ? resize(x, size) : 0;
}

static int insert_item(Array *x, size_t at, KrValue v)
{
    char bytes[8];
    if (kr_array_store(x->kind, v, bytes) < 0 || make_room(x, at, at, 1) < 0) return -1;
    memcpy(item_place(x, at), bytes, (size_t)x->kind->size);
    return 0;
}

static int append_bytes(Array *x, const void *bytes, size_t n)
{
    size_t step = (size_t)x->kind->size, old = x->size;
    if (n % step) {
        kr_raise(kr_ValueError, "bytes length not a multiple of item size");
        return -1;
    }
    if (resize(x, old + n / step) < 0) return -1;
    if (n) memcpy(item_place(x, old), bytes, n);
    return 0;
}

static int extend_iterable(Array *x, KrValue iterable)
{
    KrValue it = kr_iter(iterable), v;
    if (kr_is_empty(it)) return -1;
    while (!kr_is_empty(v = kr_next(it)))
        if (insert_item(x, x->size, v) < 0) return -1;
    return kr_raised() ? -1 : 0;
}

static int extend(Array *x, KrValue more)
{
    if (!is_array(more)) return extend_iterable(x, more);
    Array *other = array_of(more);
    if (other->kind != x->kind) {
        kr_raise(kr_TypeError, "can only extend with array of same kind");
        return -1;
    }
    size_t n = other->size, old = x->size, step = (size_t)x->kind->size;
    if (resize(x, old + n) < 0) return -1;
    if (n) memcpy(item_place(x, old), other->data, n * step);
    return 0;
}

static int append_text(Array *x, KrValue str)
{
    size_t n = kr_str_length(str), old = x->size;
    if (resize(x, old + n) < 0) return -1;
    for (size_t i = 0; i < n; i++) {
        uint32_t point = kr_str_at(str, i);
        memcpy(item_place(x, old + i), &point, 4);
    }
    return 0;
}

static int append_buffer(Array *x, KrValue v)
{
    KrBuffer buffer;
    if (kr_buffer_get(v, &buffer, KR_BUFFER_READ) < 0) return -1;
    int status = -1;
    if (buffer.item_size != 1)
        kr_raise(kr_TypeError, "a bytes-like object is required");
    else
        status = append_bytes(x, buffer.data, (size_t)buffer.size);
    kr_buffer_release(&buffer);
    return status;
}

/* ---- Making ---- */

static int fill(Array *x, KrValue initial)
{
    char code = x->kind->code;
    if (code != 'u') {
        if (kr_is_str(initial)) {
            kr_raise(kr_TypeError, "cannot use a str to initialize an array with typecode '%c'",
                     code);
            return -1;
        }
        if (is_array(initial) && array_of(initial)->kind->code == 'u') {
            kr_raise(kr_TypeError,
                     "cannot use a unicode array to initialize an array with typecode '%c'", code);
            return -1;
        }
    } else if (kr_is_str(initial)) {
        return append_text(x, initial);
    }
    if (kr_is_bytes(initial) || kr_is_a(initial, &kr_bytearray_type))
        return append_buffer(x, initial);
    if (is_array(initial) && array_of(initial)->kind == x->kind) return extend(x, initial);
    return extend_iterable(x, initial);
}

static int kind_argument(KrValue v, const char *function, int position, const Kind **kind)
{
    if (!kr_is_str(v) || kr_str_length(v) != 1) {
        kr_raise(kr_TypeError, "%s() argument %d must be a unicode character, not %T", function,
                 position, v);
        return -1;
    }
    *kind = kr_array_find_kind(kr_str_at(v, 0));
    if (*kind) return 0;
    kr_raise(kr_ValueError, function[0] == '_'
                                ? "bad typecode"
                                : "bad typecode (must be b, B, u, h, H, i, I, l, L, q, Q, f or d)");
    return -1;
}

static KrValue array_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    bool own_init = !kr_is(kr_type_find(type, KR_NAME("__init__")),
                           kr_type_find(array_type, KR_NAME("__init__")));
    if (!own_init && !kr_is_empty(kwnames) && kr_tuple_size(kwnames))
        return kr_raise(kr_TypeError, "array.array() takes no keyword arguments");
    if (n < 1 || n > 2)
        return kr_raise(kr_TypeError, "array() takes at %s (%zu given)",
                        n < 1 ? "least 1 argument" : "most 2 arguments", n);
    const Kind *kind;
    if (kind_argument(args[0], "array", 1, &kind) < 0) return KR_EMPTY;
    KrValue made = new_array(type, kind, 0);
    if (kr_is_empty(made)) return KR_EMPTY;
    return n == 2 && fill(array_of(made), args[1]) < 0 ? KR_EMPTY : made;
}

static KrValue to_list(const Array *x)
{
    KrValue list = kr_list(NULL, x->size);
    if (kr_is_empty(list)) return KR_EMPTY;
    for (size_t i = 0; i < x->size; i++) {
        KrValue v = kr_array_load(x->kind, item_place(x, i));
        if (kr_is_empty(v)) return KR_EMPTY;
        kr_list_set(list, i, v);
    }
    return list;
}

static KrValue to_text(const Array *x)
{
    for (size_t i = 0; i < x->size; i++) {
        uint32_t point;
        memcpy(&point, item_place(x, i), 4);
        if (point > 0x10ffff)
            return kr_raise(kr_ValueError, "character U+%x is not in range [U+0000; U+10ffff]",
                            point);
    }
    return kr_str_from_points(x->size ? x->data : "", x->size, 4);
}

/* ---- Slots ---- */

static void array_trace(void *self, KrTracer *tracer)
{
    kr_trace_pointer(tracer, ((Array *)self)->data);
}

static KrValue array_repr(KrValue self)
{
    Array *x = array_of(self);
    if (x->size == 0) return kr_str_format("%s('%c')", short_name(self), x->kind->code);
    KrValue items = x->kind->code == 'u' ? to_text(x) : to_list(x);
    return kr_is_empty(items)
               ? KR_EMPTY
               : kr_str_format("%s('%c', %R)", short_name(self), x->kind->code, items);
}

static KrValue array_compare(KrValue v, KrValue w, int op)
{
    if (!is_array(v) || !is_array(w)) return kr_NotImplemented;
    Array *a = array_of(v), *b = array_of(w);
    bool equality = op == KR_EQ || op == KR_NE;
    if (equality && a->size != b->size) return kr_bool(op == KR_NE);
    if (equality && a->kind == b->kind && a->kind->is_integer)
        return kr_bool((a->size == 0 || memcmp(a->data, b->data, a->size * (size_t)a->kind->size) ==
                                            0) == (op == KR_EQ));
    for (size_t i = 0; i < a->size && i < b->size; i++) {
        KrValue x = kr_array_load(a->kind, item_place(a, i)),
                y = kr_array_load(b->kind, item_place(b, i));
        if (kr_is_empty(x) || kr_is_empty(y)) return KR_EMPTY;
        KrValue same = kr_compare(x, y, KR_EQ);
        int equal = kr_is_empty(same) ? -1 : kr_truth(same);
        if (equal < 0) return KR_EMPTY;
        if (equal) continue;
        return equality ? kr_bool(op == KR_NE) : kr_compare(x, y, op);
    }
    size_t n = a->size, m = b->size;
    return kr_bool(op == KR_LT   ? n < m
                   : op == KR_LE ? n <= m
                   : op == KR_EQ ? n == m
                   : op == KR_NE ? n != m
                   : op == KR_GT ? n > m
                                 : n >= m);
}

static int64_t array_length(KrValue self) { return (int64_t)array_of(self)->size; }

/* As kr_slice_resolve(); __index__ methods of the bounds may change the array's size. */
static int resolve(const Array *x, KrValue slice, int64_t *start, int64_t *stop, int64_t *step,
                   int64_t *count)
{
    size_t size;
    do {
        size = x->size;
        if (kr_slice_resolve(slice, (int64_t)size, start, stop, step, count) < 0) return -1;
    } while (size != x->size);
    return 0;
}

static KrValue array_slice(Array *x, KrValue slice)
{
    int64_t start, stop, step, count;
    if (resolve(x, slice, &start, &stop, &step, &count) < 0) return KR_EMPTY;
    KrValue part = new_array(array_type, x->kind, (size_t)count);
    if (kr_is_empty(part)) return KR_EMPTY;
    size_t width = (size_t)x->kind->size;
    if (step == 1 && count)
        memcpy(array_of(part)->data, item_place(x, (size_t)start), (size_t)count * width);
    else
        for (int64_t i = 0; i < count; i++)
            memcpy(item_place(array_of(part), (size_t)i), item_place(x, (size_t)(start + i * step)),
                   width);
    return part;
}

static int find_place(Array *x, KrValue key, const char *message, size_t *place)
{
    int64_t i;
    if (!kr_has_index(key)) {
        kr_raise(kr_TypeError, "array indices must be integers");
        return -1;
    }
    if (kr_to_index(key, &i) < 0) return -1;
    if (i < 0) i += (int64_t)x->size;
    *place = (size_t)i;
    if ((uint64_t)i < x->size) return 0;
    kr_raise(kr_IndexError, "%s", message);
    return -1;
}

static KrValue array_getitem(KrValue self, KrValue key)
{
    Array *x = array_of(self);
    size_t i;
    if (kr_is_slice(key)) return array_slice(x, key);
    if (find_place(x, key, "array index out of range", &i) < 0) return KR_EMPTY;
    return kr_array_load(x->kind, item_place(x, i));
}

static int delete_slice(Array *x, int64_t start, int64_t stop, int64_t step, int64_t count)
{
    if (count <= 0) return 0;
    if (step == 1) return make_room(x, (size_t)start, (size_t)stop, 0);
    if (x->exports > 0) return resize(x, x->size - (size_t)count);
    if (step < 0) {
        start += step * (count - 1);
        step = -step;
    }
    size_t to = (size_t)start, width = (size_t)x->kind->size;
    for (size_t i = to, k = 0; i < x->size; i++) {
        if (k < (size_t)count && i == (size_t)start + k * (size_t)step)
            k++;
        else
            memmove(item_place(x, to++), item_place(x, i), width);
    }
    return resize(x, x->size - (size_t)count);
}

static int set_slice(Array *x, KrValue self, KrValue slice, KrValue value)
{
    int64_t start, stop, step, count;
    if (resolve(x, slice, &start, &stop, &step, &count) < 0) return -1;
    if (kr_is_empty(value)) return delete_slice(x, start, stop, step, count);
    if (!is_array(value)) {
        kr_raise(kr_TypeError, "can only assign array (not \"%T\") to array slice", value);
        return -1;
    }
    if (array_of(value)->kind != x->kind) {
        kr_raise(kr_TypeError, "bad argument type for built-in operation");
        return -1;
    }
    if (kr_is(value, self)) {
        value = new_array(array_type, x->kind, 0);
        if (kr_is_empty(value) || extend(array_of(value), self) < 0) return -1;
    }
    Array *from = array_of(value);
    size_t width = (size_t)x->kind->size;
    if (step == 1) {
        if (stop < start) stop = start;
        if (make_room(x, (size_t)start, (size_t)stop, from->size) < 0) return -1;
        if (from->size) memcpy(item_place(x, (size_t)start), from->data, from->size * width);
        return 0;
    }
    if ((int64_t)from->size != count) {
        kr_raise(kr_ValueError, "attempt to assign array of size %zu to extended slice of size %ld",
                 from->size, (long)count);
        return -1;
    }
    for (int64_t i = 0; i < count; i++)
        memcpy(item_place(x, (size_t)(start + i * step)), item_place(from, (size_t)i), width);
    return 0;
}

static int array_setitem(KrValue self, KrValue key, KrValue value)
{
    Array *x = array_of(self);
    size_t i;
    if (kr_is_slice(key)) return set_slice(x, self, key, value);
    if (find_place(x, key, "array assignment index out of range", &i) < 0) return -1;
    if (kr_is_empty(value)) return make_room(x, i, i + 1, 0);
    char bytes[8];
    if (kr_array_store(x->kind, value, bytes) < 0) return -1;
    if (i >= x->size) { /* the conversion shortened the array */
        kr_raise(kr_IndexError, "array assignment index out of range");
        return -1;
    }
    memcpy(item_place(x, i), bytes, (size_t)x->kind->size);
    return 0;
}

/* The first place in [start, stop) that equals v; the size when none; -1 raised. */
static int64_t find_item(Array *x, KrValue v, int64_t start, int64_t stop)
{
    for (int64_t i = start; i < stop && (size_t)i < x->size; i++) {
        KrValue item = kr_array_load(x->kind, item_place(x, (size_t)i));
        int equal = kr_is_empty(item) ? -1 : kr_equal(item, v);
        if (equal) return equal < 0 ? -1 : i;
    }
    return (int64_t)x->size;
}

static int array_contains(KrValue self, KrValue v)
{
    int64_t i = find_item(array_of(self), v, 0, INT64_MAX);
    return i < 0 ? -1 : (size_t)i < array_of(self)->size;
}

static KrValue array_concat(KrValue self, KrValue other)
{
    if (!is_array(other))
        return kr_raise(kr_TypeError, "can only append array (not \"%T\") to array", other);
    Array *a = array_of(self), *b = array_of(other);
    if (a->kind != b->kind)
        return kr_raise(kr_TypeError, "bad argument type for built-in operation");
    KrValue both = new_array(array_type, a->kind, 0);
    if (kr_is_empty(both) || extend(array_of(both), self) < 0 || extend(array_of(both), other) < 0)
        return KR_EMPTY;
    return both;
}

static KrValue array_inplace_concat(KrValue self, KrValue other)
{
    if (!is_array(other))
        return kr_raise(kr_TypeError, "can only extend array with array (not \"%T\")", other);
    return extend(array_of(self), other) < 0 ? KR_EMPTY : self;
}

static KrValue array_inplace_repeat(KrValue self, int64_t count)
{
    Array *x = array_of(self);
    size_t period = x->size, total;
    if (period == 0) return self;
    if (count < 0) count = 0;
    if (__builtin_mul_overflow(period, (size_t)count, &total)) return kr_raise_no_memory();
    if (resize(x, total) < 0) return KR_EMPTY;
    for (size_t at = period; at < total; at += period)
        memcpy(item_place(x, at), x->data, period * (size_t)x->kind->size);
    return self;
}

static KrValue copy_of(KrValue self)
{
    KrValue copy = new_array(array_type, array_of(self)->kind, 0);
    return kr_is_empty(copy) || extend(array_of(copy), self) < 0 ? KR_EMPTY : copy;
}

static KrValue array_repeat(KrValue self, int64_t count)
{
    KrValue copy = copy_of(self);
    return kr_is_empty(copy) ? KR_EMPTY : array_inplace_repeat(copy, count);
}

static int array_buffer(KrValue self, KrBuffer *buffer, int flags)
{
    (void)flags;
    Array *x = array_of(self);
    static char nothing[8];
    buffer->data = x->data ? x->data : nothing;
    buffer->owner = self;
    buffer->item_size = x->kind->size;
    buffer->size = (int64_t)x->size * x->kind->size;
    buffer->format = x->kind->format;
    buffer->rank = 1;
    buffer->read_only = false;
    buffer->inline_dims[0] = (int64_t)x->size;
    buffer->inline_dims[1] = x->kind->size;
    buffer->shape = &buffer->inline_dims[0];
    buffer->strides = &buffer->inline_dims[1];
    x->exports++;
    return 0;
}

static void array_buffer_release(KrValue self, KrBuffer *buffer)
{
    (void)buffer;
    array_of(self)->exports--;
}

static KrValue array_iter(KrValue self)
{
    ArrayIterator *it = kr_alloc_instance(iterator_type);
    if (!it) return KR_EMPTY;
    it->array = self;
    return kr_from_object(it);
}

/* ---- Methods ---- */

KR_FN(array, array_append, "append", "(self, v, /)", "Append new value v to the end of the array.")
{
    return insert_item(array_of(a[0]), array_of(a[0])->size, a[1]) < 0 ? KR_EMPTY : kr_None;
}

KR_FN(array, array_buffer_info, "buffer_info", "(self, /)",
      "Return a tuple (address, length) giving the current memory address and the length in items "
      "of the buffer used to "
      "hold array's contents.\n\nThe length should be multiplied by the itemsize attribute to "
      "calculate\nthe buffer length in "
      "bytes.")
{
    Array *x = array_of(a[0]);
    return kr_tuple_of(2, kr_int((int64_t)(intptr_t)x->data), kr_int((int64_t)x->size));
}

static void swap_bytes(char *p, size_t count, size_t width)
{
    for (size_t i = 0; i < count; i++, p += width)
        for (size_t k = 0; k < width / 2; k++) {
            char c = p[k];
            p[k] = p[width - 1 - k];
            p[width - 1 - k] = c;
        }
}

KR_FN(array, array_byteswap, "byteswap", "(self, /)",
      "Byteswap all items of the array.\n\nIf the items in the array are not 1, 2, 4, or 8 bytes "
      "in size, RuntimeError "
      "is\nraised.")
{
    Array *x = array_of(a[0]);
    swap_bytes(x->data, x->size, (size_t)x->kind->size);
    return kr_None;
}

KR_FN(array, array_count, "count", "(self, v, /)",
      "Return number of occurrences of v in the array.")
{
    Array *x = array_of(a[0]);
    int64_t count = 0;
    for (size_t i = 0; i < x->size; i++) {
        KrValue item = kr_array_load(x->kind, item_place(x, i));
        int equal = kr_is_empty(item) ? -1 : kr_equal(item, a[1]);
        if (equal < 0) return KR_EMPTY;
        count += equal;
    }
    return kr_int(count);
}

KR_FN(array, array_extend, "extend", "(self, bb, /)", "Append items to the end of the array.")
{
    return extend(array_of(a[0]), a[1]) < 0 ? KR_EMPTY : kr_None;
}

KR_FN(array, array_frombytes, "frombytes", "(self, buffer, /)",
      "Appends items from the string, interpreting it as an array of machine values, as if it had "
      "been read from a file "
      "using the fromfile() method).")
{
    return append_buffer(array_of(a[0]), a[1]) < 0 ? KR_EMPTY : kr_None;
}

KR_FN(array, array_fromfile, "fromfile", "(self, f, n, /)",
      "Read n objects from the file object f and append them to the end of the array.")
{
    Array *x = array_of(a[0]);
    int64_t n, bytes;
    if (kr_to_index(a[2], &n) < 0) return KR_EMPTY;
    if (n < 0) return kr_raise(kr_ValueError, "negative count");
    if (__builtin_mul_overflow(n, (int64_t)x->kind->size, &bytes)) return kr_raise_no_memory();
    KrValue data = kr_call_method1(a[1], "read", kr_int(bytes));
    if (kr_is_empty(data)) return KR_EMPTY;
    if (!kr_is_bytes(data)) return kr_raise(kr_TypeError, "read() didn't return bytes");
    if (append_bytes(x, kr_bytes_data(data), kr_bytes_size(data)) < 0) return KR_EMPTY;
    if ((int64_t)kr_bytes_size(data) != bytes)
        return kr_raise(kr_EOFError, "read() didn't return enough bytes");
    return kr_None;
}

KR_FN(array, array_fromlist, "fromlist", "(self, list, /)", "Append items to array from list.")
{
    Array *x = array_of(a[0]);
    if (!kr_is_list(a[1])) return kr_raise(kr_TypeError, "arg must be list");
    size_t n = kr_list_size(a[1]), old = x->size;
    if (n == 0) return kr_None;
    if (resize(x, old + n) < 0) return KR_EMPTY;
    for (size_t i = 0; i < n; i++) {
        char bytes[8];
        bool changed = kr_list_size(a[1]) != n;
        if (!changed && kr_array_store(x->kind, kr_list_get(a[1], i), bytes) < 0) {
            if (x->size >= old && x->exports == 0) resize(x, old);
            return KR_EMPTY;
        }
        if (changed || x->size != old + n) {
            if (x->size >= old && x->exports == 0) resize(x, old);
            return kr_raise(kr_RuntimeError, "list changed size during iteration");
        }
        memcpy(item_place(x, old + i), bytes, (size_t)x->kind->size);
    }
    return kr_None;
}

KR_FN(array, array_fromunicode, "fromunicode", "(self, ustr, /)",
      "Extends this array with data from the unicode string ustr.\n\nThe array must be a unicode "
      "type array; otherwise a "
      "ValueError is raised.\nUse array.frombytes(ustr.encode(...)) to append Unicode data to an "
      "array of\nsome other type.")
{
    if (!kr_is_str(a[1]))
        return kr_raise(kr_TypeError, "fromunicode() argument must be str, not %T", a[1]);
    if (array_of(a[0])->kind->code != 'u')
        return kr_raise(kr_ValueError, "fromunicode() may only be called on unicode type arrays");
    return append_text(array_of(a[0]), a[1]) < 0 ? KR_EMPTY : kr_None;
}

KR_FN(array, array_index, "index", "(self, v, start=0, stop=9223372036854775807, /)",
      "Return index of first occurrence of v in the array.\n\nRaise ValueError if the value is not "
      "present.")
{
    Array *x = array_of(a[0]);
    int64_t start, stop, size = (int64_t)x->size;
    if (!kr_has_index(a[2]) || !kr_has_index(a[3]))
        return kr_raise(kr_TypeError, "slice indices must be integers or have an __index__ method");
    if (kr_to_index_clamped(a[2], &start) < 0 || kr_to_index_clamped(a[3], &stop) < 0)
        return KR_EMPTY;
    if (start < 0) start = start + size < 0 ? 0 : start + size;
    if (stop < 0) stop += size;
    int64_t i = find_item(x, a[1], start, stop);
    if (i < 0) return KR_EMPTY;
    return (size_t)i < x->size ? kr_int(i)
                               : kr_raise(kr_ValueError, "array.index(x): x not in array");
}

KR_FN(array, array_insert, "insert", "(self, i, v, /)",
      "Insert a new item v into the array before position i.")
{
    Array *x = array_of(a[0]);
    int64_t i, size = (int64_t)x->size;
    if (kr_to_index(a[1], &i) < 0) return KR_EMPTY;
    if (i < 0) i = i + size < 0 ? 0 : i + size;
    if (i > size) i = size;
    return insert_item(x, (size_t)i, a[2]) < 0 ? KR_EMPTY : kr_None;
}

KR_FN(array, array_pop, "pop", "(self, i=-1, /)",
      "Return the i-th element and delete it from the array.\n\ni defaults to -1.")
{
    Array *x = array_of(a[0]);
    int64_t i;
    if (kr_to_index(a[1], &i) < 0) return KR_EMPTY;
    if (x->size == 0) return kr_raise(kr_IndexError, "pop from empty array");
    if (i < 0) i += (int64_t)x->size;
    if ((uint64_t)i >= x->size) return kr_raise(kr_IndexError, "pop index out of range");
    KrValue v = kr_array_load(x->kind, item_place(x, (size_t)i));
    return kr_is_empty(v) || make_room(x, (size_t)i, (size_t)i + 1, 0) < 0 ? KR_EMPTY : v;
}

KR_FN(array, array_remove, "remove", "(self, v, /)",
      "Remove the first occurrence of v in the array.")
{
    Array *x = array_of(a[0]);
    int64_t i = find_item(x, a[1], 0, INT64_MAX);
    if (i < 0) return KR_EMPTY;
    if ((size_t)i >= x->size) return kr_raise(kr_ValueError, "array.remove(x): x not in array");
    return make_room(x, (size_t)i, (size_t)i + 1, 0) < 0 ? KR_EMPTY : kr_None;
}

KR_FN(array, array_reverse, "reverse", "(self, /)", "Reverse the order of the items in the array.")
{
    Array *x = array_of(a[0]);
    size_t width = (size_t)x->kind->size;
    for (size_t i = 0; i < x->size / 2; i++) {
        char bytes[8], *low = item_place(x, i), *high = item_place(x, x->size - 1 - i);
        memcpy(bytes, low, width);
        memcpy(low, high, width);
        memcpy(high, bytes, width);
    }
    return kr_None;
}

KR_FN(array, array_tofile, "tofile", "(self, f, /)",
      "Write all items (as machine values) to the file object f.")
{
    Array *x = array_of(a[0]);
    const size_t block = 64 * 1024;
    for (size_t at = 0; at < x->size * (size_t)x->kind->size; at += block) {
        size_t total = x->size * (size_t)x->kind->size, n = total - at < block ? total - at : block;
        KrValue bytes = kr_bytes(x->data + at, n);
        if (kr_is_empty(bytes) || kr_is_empty(kr_call_method1(a[1], "write", bytes)))
            return KR_EMPTY;
    }
    return x->size ? kr_None : kr_is_empty(kr_getattr_ascii(a[1], "write")) ? KR_EMPTY : kr_None;
}

KR_FN(array, array_tolist, "tolist", "(self, /)",
      "Convert array to an ordinary list with the same items.")
{
    return to_list(array_of(a[0]));
}

KR_FN(array, array_tobytes, "tobytes", "(self, /)",
      "Convert the array to an array of machine values and return the bytes representation.")
{
    Array *x = array_of(a[0]);
    return kr_bytes(x->data ? x->data : "", x->size * (size_t)x->kind->size);
}

KR_FN(array, array_tounicode, "tounicode", "(self, /)",
      "Extends this array with data from the unicode string ustr.\n\nConvert the array to a "
      "unicode string.  The array must be "
      "a unicode type array;\notherwise a ValueError is raised.  Use array.tobytes().decode() to "
      "obtain a\nunicode string from "
      "an array of some other type.")
{
    if (array_of(a[0])->kind->code != 'u')
        return kr_raise(kr_ValueError, "tounicode() may only be called on unicode type arrays");
    return to_text(array_of(a[0]));
}

KR_FN(array, array_copy, "__copy__", "(self, /)", "Return a copy of the array.")
{
    return copy_of(a[0]);
}
KR_FN(array, array_deepcopy, "__deepcopy__", "(self, unused, /)", "Return a copy of the array.")
{
    return copy_of(a[0]);
}

KR_FN(array, array_sizeof, "__sizeof__", "(self, /)", "Size of the array in memory, in bytes.")
{
    Array *x = array_of(a[0]);
    return kr_int((int64_t)(sizeof(Array) + x->capacity * (size_t)x->kind->size));
}

KR_FN(array, array_reduce_ex, "__reduce_ex__", "(self, value, /)",
      "Return state information for pickling.")
{
    Array *x = array_of(a[0]);
    int64_t protocol;
    if (!kr_is_int(a[1]))
        return kr_raise(kr_TypeError, "__reduce_ex__ argument should be an integer");
    if (kr_to_int64(a[1], &protocol) < 0) return KR_EMPTY;
    KrValue state = kr_find_attr(a[0], KR_NAME("__dict__"));
    if (kr_is_empty(state)) {
        if (kr_raised()) return KR_EMPTY;
        state = kr_None;
    }
    char code[2] = {x->kind->code, 0};
    if (protocol < 3)
        return kr_tuple_of(3, type_value_of(a[0]), kr_tuple_of(2, kr_str(code), to_list(x)), state);
    KrValue bytes = kr_bytes(x->data ? x->data : "", x->size * (size_t)x->kind->size);
    return kr_tuple_of(
        3, kr_import_attr("array", "_array_reconstructor"),
        kr_tuple_of(4, type_value_of(a[0]), kr_str(code), kr_int(x->kind->machine_format), bytes),
        state);
}

static KrValue array_typecode(KrValue self)
{
    return kr_str_latin1(&array_of(self)->kind->code, 1);
}
static KrValue array_itemsize(KrValue self) { return kr_int(array_of(self)->kind->size); }
KR_GETSET(array, array_typecode, NULL, "typecode",
          "the typecode character used to create the array")
KR_GETSET(array, array_itemsize, NULL, "itemsize", "the size, in bytes, of one array item")

/* ---- Pickles of other machines ---- */

typedef struct MachineFormat {
    int8_t size;
    bool is_integer, is_signed, big;
} MachineFormat;

static const MachineFormat machine_formats[] = {
    {1, true, false, false},  {1, true, true, false},  {2, true, false, false},
    {2, true, false, true},   {2, true, true, false},  {2, true, true, true},
    {4, true, false, false},  {4, true, false, true},  {4, true, true, false},
    {4, true, true, true},    {8, true, false, false}, {8, true, false, true},
    {8, true, true, false},   {8, true, true, true},   {4, false, true, false},
    {4, false, true, true},   {8, false, true, false}, {8, false, true, true},
    {2, false, false, false}, {2, false, false, true}, {4, false, false, false},
    {4, false, false, true},
};

static KrValue reconstruct_text(KrType *type, const Kind *kind, int64_t format, KrValue items)
{
    static const char *const encodings[] = {"utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"};
    KrValue text = kr_str_decode((const char *)kr_bytes_data(items), kr_bytes_size(items),
                                 encodings[format - 18], NULL);
    if (kr_is_empty(text)) return KR_EMPTY;
    char code[2] = {kind->code, 0};
    return kr_call2(kr_type_value(type), kr_str(code), text);
}

KR_FN(module, array_reconstructor, "_array_reconstructor",
      "(arraytype, typecode, mformat_code, items, /)", "Internal. Used for pickling support.")
{
    const Kind *kind;
    int format;
    if (!kr_is_a(a[0], &kr_type_type))
        return kr_raise(kr_TypeError, "first argument must be a type object, not %T", a[0]);
    KrType *type = kr_to_object(a[0]);
    if (!kr_is_str(a[1]) || kr_str_length(a[1]) != 1)
        return kr_raise(kr_TypeError,
                        "_array_reconstructor() argument 2 must be a unicode character, not %T",
                        a[1]);
    if (kr_to_int32(a[2], &format) < 0) return KR_EMPTY;
    if (!kr_is_subtype(type, array_type))
        return kr_raise(kr_TypeError, "%N is not a subtype of %N", type, array_type);
    if (!(kind = kr_array_find_kind(kr_str_at(a[1], 0))))
        return kr_raise(kr_ValueError, "second argument must be a valid type code");
    if (format < 0 || format > 21)
        return kr_raise(kr_ValueError, "third argument must be a valid machine format code.");
    if (!kr_is_bytes(a[3]))
        return kr_raise(kr_TypeError, "fourth argument should be bytes, not %T", a[3]);
    if (format >= 18) return reconstruct_text(type, kind, format, a[3]);
    const MachineFormat *machine = &machine_formats[format];
    size_t size = kr_bytes_size(a[3]);
    if (size % (size_t)machine->size)
        return kr_raise(kr_ValueError, "string length not a multiple of item size");
    if (format != kind->machine_format) { /* the code whose items look like those of the pickle */
        for (size_t i = 0; i < ARRAY_KINDS; i++)
            if (kr_array_kinds[i].code != 'u' && kr_array_kinds[i].size == machine->size &&
                kr_array_kinds[i].is_integer == machine->is_integer &&
                (!machine->is_integer || kr_array_kinds[i].is_signed == machine->is_signed))
                kind = &kr_array_kinds[i];
    }
    char code[2] = {kind->code, 0};
    KrValue made = kr_call1(a[0], kr_str(code));
    if (kr_is_empty(made)) return KR_EMPTY;
    if (!is_array(made) || array_of(made)->kind != kind)
        return kr_raise(kr_TypeError, "array expected");
    Array *x = array_of(made);
    if (append_bytes(x, kr_bytes_data(a[3]), size) < 0) return KR_EMPTY;
    if (machine->big) swap_bytes(x->data, x->size, (size_t)machine->size);
    return made;
}

/* ---- The iterator ---- */

static void iterator_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((ArrayIterator *)self)->array);
}
static KrValue iterator_self(KrValue self) { return self; }

static KrValue iterator_next(KrValue self)
{
    ArrayIterator *it = kr_to_object(self);
    if (kr_is_empty(it->array)) return KR_EMPTY;
    Array *x = array_of(it->array);
    if (it->index < x->size) return kr_array_load(x->kind, item_place(x, it->index++));
    it->array = KR_EMPTY;
    return KR_EMPTY;
}

KR_FN(iterator, iterator_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling.")
{
    ArrayIterator *it = kr_to_object(a[0]);
    KrValue maker = kr_import_attr("builtins", "iter");
    if (kr_is_empty(it->array)) return kr_tuple_of(2, maker, kr_tuple_of(1, kr_tuple(NULL, 0)));
    return kr_tuple_of(3, maker, kr_tuple_of(1, it->array), kr_int((int64_t)it->index));
}

KR_FN(iterator, iterator_setstate, "__setstate__", "(self, state, /)",
      "Set state information for unpickling.")
{
    ArrayIterator *it = kr_to_object(a[0]);
    int64_t index;
    if (kr_to_index(a[1], &index) < 0) return KR_EMPTY;
    if (kr_is_empty(it->array)) return kr_None;
    size_t size = array_of(it->array)->size;
    it->index = index < 0 ? 0 : (size_t)index > size ? size : (size_t)index;
    return kr_None;
}

#include "modules/array.entries.h"

static const KrTypeSpec array_spec = {
    .name = "array.array",
    .doc = "array(typecode [, initializer]) -> array\n\nReturn a new array whose items are "
           "restricted by typecode, and\n"
           "initialized from the optional initializer value, which must be a list,\nstring or "
           "iterable over elements of the "
           "appropriate type.\n\nArrays represent basic values and behave very much like lists, "
           "except\nthe type of objects "
           "stored in them is constrained. The type is specified\nat object creation time by using "
           "a type code, which is a "
           "single character.",
    .size = sizeof(Array),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_SEQUENCE,
    .trace = array_trace,
    .functions = array_functions,
    .getset = array_getset,
    .slots = {.make = array_make,
              .repr = array_repr,
              .compare = array_compare,
              .iter = array_iter,
              .length = array_length,
              .concat = array_concat,
              .repeat = array_repeat,
              .inplace_concat = array_inplace_concat,
              .inplace_repeat = array_inplace_repeat,
              .getitem = array_getitem,
              .setitem = array_setitem,
              .contains = array_contains,
              .buffer = array_buffer,
              .buffer_release = array_buffer_release},
};

static const KrTypeSpec iterator_spec = {
    .name = "array.arrayiterator",
    .size = sizeof(ArrayIterator),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_NO_WEAKREF,
    .trace = iterator_trace,
    .functions = iterator_functions,
    .slots = {.iter = iterator_self, .next = iterator_next},
};

static int array_exec(KrValue module)
{
    kr_type_once(&array_type, &array_spec);
    kr_type_once(&iterator_type, &iterator_spec);
    if (!array_type || !iterator_type || kr_module_add_type(module, array_type) < 0) return -1;
    KrValue sequence = kr_import_attr("collections.abc", "MutableSequence");
    if (kr_is_empty(sequence) ||
        kr_is_empty(kr_call_method1(sequence, "register", kr_type_value(array_type))))
        return -1;
    if (kr_module_add(module, "ArrayType", kr_type_value(array_type)) < 0) return -1;
    char codes[ARRAY_KINDS + 1] = {0};
    for (size_t i = 0; i < ARRAY_KINDS; i++) codes[i] = kr_array_kinds[i].code;
    return kr_module_add(module, "typecodes", kr_str(codes));
}

KR_MODULE(array) = {
    .api_version = KR_API_VERSION,
    .name = "array",
    .doc = "This module defines an object type which can efficiently represent\nan array of basic "
           "values: characters, "
           "integers, floating-point\nnumbers.  Arrays are sequence types and behave very much "
           "like lists,\nexcept that the "
           "type of objects stored in them is constrained.",
    .functions = module_functions,
    .exec = array_exec,
};
