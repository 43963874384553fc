/* bytearray.c: the mutable type: storage, item and slice assignment, growing and shrinking.
 * Everything it shares with bytes is in bytes.c, bytes_methods.c and bytes_split.c.
 *
 *     storage | free front | data: size bytes, NUL | room up to capacity |
 *
 * Cutting bytes off the front moves `data` instead of the bytes. While buffers are exported the
 * size is fixed; a buffer whose memoryview is garbage counts until the collector finds it, so a
 * failing resize collects first. */
#include "runtime/objects/bytes_shared.h"

#include "runtime/objects/int.h"
#include "runtime/objects/list.h"
#include "runtime/objects/quick.h"
#include "runtime/objects/slice.h"

#define MAX_SIZE ((size_t)1 << 46)

static inline ByteArray *self_of(const Value *a) { return bytearray_of(a[0]); }

static int check_exports(ByteArray *b)
{
    if (LIKELY(!b->exports)) return 0;
    kr_heap_collect();
    kr_heap_run_pending();
    if (!b->exports) return 0;
    kr_raise(kr_BufferError, "Existing exports of data: object cannot be re-sized");
    return -1;
}

int kr_bytearray_resize(ByteArray *b, size_t size)
{
    if (size == b->size) return 0;
    if (check_exports(b) < 0) return -1;
    if (size > MAX_SIZE) {
        kr_raise_no_memory();
        return -1;
    }
    if (size <= b->capacity && b->data && !(size < b->capacity / 4 && b->capacity > 256)) {
        b->size = size;
        b->data[size] = 0;
        return 0;
    }
    size_t capacity = size < b->size ? size : size + size / 8 + (size < 9 ? 3 : 6);
    uint8_t *storage = kr_heap_bytes(capacity + 1);
    if (!storage) return -1;
    size_t keep = b->size < size ? b->size : size;
    if (keep) memcpy(storage, b->data, keep);
    b->storage = b->data = storage;
    b->capacity = capacity;
    b->size = size;
    return 0;
}

static ByteArray *new_bytearray(Type *type)
{
    return type == &kr_bytearray_type ? heap_alloc(type, sizeof(ByteArray)) : kr_type_alloc(type);
}

Value kr_bytearray(const void *data, size_t n)
{
    ByteArray *b = new_bytearray(&kr_bytearray_type);
    if (!b || kr_bytearray_resize(b, n) < 0) return EMPTY;
    if (n && data) memcpy(b->data, data, n);
    return from_object(b);
}

static void bytearray_trace(void *self, KrTracer *tracer)
{
    kr_trace_pointer(tracer, ((ByteArray *)self)->storage);
}

static Value bytearray_make(Type *type, const Value *args, size_t n, Value kwnames)
{
    (void)args, (void)n, (void)kwnames;
    ByteArray *b = new_bytearray(type);
    return b ? from_object(b) : EMPTY;
}

/* The items of an iterator, one by one: it may look at the bytearray meanwhile. */
static int append_items(ByteArray *b, Value iterator)
{
    for (;;) {
        Value item = kr_next(iterator);
        if (is_empty(item)) return kr_raised() ? -1 : 0;
        int x = kr_bytes_item(item, "byte must be in range(0, 256)");
        if (x < 0 || kr_bytearray_resize(b, b->size + 1) < 0) return -1;
        b->data[b->size - 1] = (uint8_t)x;
    }
}

static int bytearray_init(Value self, const Value *args, size_t n, Value kwnames)
{
    static const KrFunction entry = {
        "bytearray",   "(source=<unset>, encoding=<unset>, errors=<unset>)",
        NULL,          NULL,
        KR_KIND_BOUND, NULL};
    Value slots[3] = {EMPTY, EMPTY, EMPTY};
    if (kr_bind(&entry, args, n, kwnames, slots) < 0) return -1;
    ByteArray *b = bytearray_of(self);
    if (b->size && kr_bytearray_resize(b, 0) < 0) return -1;
    Value source = slots[0];
    if (!is_empty(source) && is_empty(slots[1]) && is_empty(slots[2]) && kr_is_iterator(source) &&
        !kr_has_buffer(source) && !kr_has_index(source))
        return append_items(b, source);
    Value contents = kr_bytes_make_contents(source, slots[1], slots[2], false);
    if (is_empty(contents)) return -1;
    TextSpan s = bytes_span(contents);
    if (kr_bytearray_resize(b, s.length) < 0) return -1;
    if (s.length) memcpy(b->data, s.data, s.length);
    return 0;
}

static Value bytearray_repr(Value self)
{
    TextSpan s = bytes_span(self);
    Value inner = kr_bytes_repr_of(s.data, s.length, true);
    if (is_empty(inner)) return EMPTY;
    return kr_str_format("%T(%U)", self, inner);
}

static int64_t bytearray_length(Value self) { return (int64_t)bytearray_of(self)->size; }

static Value bytearray_mod(Value a, Value b)
{
    return is_bytearray(a) ? kr_bytes_percent(a, b, true) : NOT_IMPLEMENTED;
}

/* ---- Items and slices ---- */

/* The position of an int key, -1 raised. */
static int64_t position(ByteArray *b, Value key)
{
    int64_t i;
    if (!is_int(key) && !kr_has_index(key)) {
        kr_raise(kr_TypeError, "bytearray indices must be integers or slices, not %T", key);
        return -1;
    }
    if (kr_to_index(key, &i) < 0) return -1;
    if (i < 0) i += (int64_t)b->size;
    if ((uint64_t)i < b->size) return i;
    kr_raise(kr_IndexError, "bytearray index out of range");
    return -1;
}

static Value bytearray_getitem(Value self, Value key)
{
    ByteArray *b = bytearray_of(self);
    if (!kr_is_slice(key)) {
        int64_t i = position(b, key);
        return i < 0 ? EMPTY : from_small_int(b->data[i]);
    }
    int64_t start, stop, step, count;
    Slice fixed;
    key = kr_slice_fix(key, &fixed);
    if (is_empty(key) ||
        kr_slice_resolve(key, (int64_t)b->size, &start, &stop, &step, &count) < 0)
        return EMPTY;
    if (count <= 0) return kr_bytearray("", 0);
    if (step == 1) return kr_bytearray(b->data + start, (size_t)count);
    Value r = kr_bytearray(NULL, (size_t)count);
    if (is_empty(r)) return EMPTY;
    for (int64_t i = 0; i < count; i++) bytearray_of(r)->data[i] = b->data[start + i * step];
    return r;
}

/* Replaces data[from:to] by n bytes; they must not lie in b. */
static int splice(ByteArray *b, size_t from, size_t to, const uint8_t *bytes, size_t n)
{
    size_t old = b->size, cut = to - from;
    if (n < cut) {
        if (check_exports(b) < 0) return -1;
        if (from == 0) {
            /* Off the front: move the start. */
            b->data += cut - n;
            b->capacity -= cut - n;
            b->size = old - (cut - n);
        } else {
            memmove(b->data + from + n, b->data + to, old - to);
            if (kr_bytearray_resize(b, old - (cut - n)) < 0) return -1;
        }
    } else if (n > cut) {
        if (kr_bytearray_resize(b, old + (n - cut)) < 0) return -1;
        memmove(b->data + from + n, b->data + to, old - to);
    }
    if (n) memcpy(b->data + from, bytes, n);
    return 0;
}

static int delete_stepped(ByteArray *b, int64_t start, int64_t step, int64_t count)
{
    if (check_exports(b) < 0) return -1;
    if (step < 0) {
        start += step * (count - 1);
        step = -step;
    }
    size_t to = (size_t)start;
    for (int64_t i = 0; i < count; i++) {
        size_t from = (size_t)(start + i * step) + 1;
        size_t end = i + 1 < count ? (size_t)(start + (i + 1) * step) : b->size;
        memmove(b->data + to, b->data + from, end - from);
        to += end - from;
    }
    return kr_bytearray_resize(b, to);
}

static int assign_slice(Value self, Value key, Value value)
{
    ByteArray *b = bytearray_of(self);
    /* The bytes first, in a copy of their own: converting may change self, and they may be self's.
     */
    Value bytes = kr_bytes_empty();
    if (!is_empty(value)) {
        if (is_bytes(value)) {
            bytes = value;
        } else if (is_str(value) || (kr_has_index(value) && !kr_has_buffer(value))) {
            kr_raise(kr_TypeError,
                     "can assign only bytes, buffers, or iterables of ints in range(0, 256)");
            return -1;
        } else {
            bytes = kr_bytes_make_contents(value, EMPTY, EMPTY, false);
            if (is_empty(bytes)) return -1;
        }
    }
    size_t n = bytes_of(bytes)->size;
    int64_t start, stop, step, count;
    Slice fixed;
    key = kr_slice_fix(key, &fixed);
    if (is_empty(key) ||
        kr_slice_resolve(key, (int64_t)b->size, &start, &stop, &step, &count) < 0)
        return -1;
    if (step == 1) {
        size_t from = (size_t)start, to = count > 0 ? (size_t)(start + count) : from;
        return splice(b, from, to, bytes_of(bytes)->data, n);
    }
    if (n == 0) return count > 0 ? delete_stepped(b, start, step, count) : 0;
    if ((int64_t)n != count) {
        kr_raise(kr_ValueError,
                 "attempt to assign bytes of size %zu to extended slice of size %lld", n,
                 (long long)count);
        return -1;
    }
    for (int64_t i = 0; i < count; i++) b->data[start + i * step] = bytes_of(bytes)->data[i];
    return 0;
}

static int bytearray_setitem(Value self, Value key, Value value)
{
    if (kr_is_slice(key)) return assign_slice(self, key, value);
    ByteArray *b = bytearray_of(self);
    int64_t i = position(b, key);
    if (i < 0) return -1;
    if (is_empty(value)) return splice(b, (size_t)i, (size_t)i + 1, NULL, 0);
    int x = kr_bytes_item(value, "byte must be in range(0, 256)");
    if (x < 0) return -1;
    if ((uint64_t)i >= b->size) {
        kr_raise(kr_IndexError, "bytearray index out of range");
        return -1;
    }
    b->data[i] = (uint8_t)x;
    return 0;
}

static Value inplace_concat(Value self, Value other)
{
    if (is_str(other) || !kr_has_buffer(other))
        return kr_raise(kr_TypeError, "can't concat %T to %T", other, self);
    ByteArray *b = bytearray_of(self);
    BytesArg arg;
    if (same(self, other)) {
        Value copy = kr_bytes(b->data ? b->data : (const uint8_t *)"", b->size);
        return is_empty(copy) ? EMPTY : inplace_concat(self, copy);
    }
    if (kr_bytes_arg(other, &arg) < 0) return EMPTY;
    int status = splice(b, b->size, b->size, arg.span.data, arg.span.length);
    kr_bytes_arg_drop(&arg);
    return status < 0 ? EMPTY : self;
}

static Value inplace_repeat(Value self, int64_t count)
{
    ByteArray *b = bytearray_of(self);
    size_t n = b->size;
    if (count < 0) count = 0;
    if (n && (uint64_t)count > MAX_SIZE / n) return kr_raise_no_memory();
    if (kr_bytearray_resize(b, n * (size_t)count) < 0) return EMPTY;
    for (int64_t i = 1; i < count && n; i++) memcpy(b->data + (size_t)i * n, b->data, n);
    return self;
}

static int bytearray_buffer(Value self, KrBuffer *buffer, int flags)
{
    (void)flags;
    ByteArray *b = bytearray_of(self);
    if (!b->data) {
        b->storage = b->data = kr_heap_bytes(1);
        if (!b->data) return -1;
    }
    *buffer = (KrBuffer){.data = b->data,
                         .owner = self,
                         .size = (int64_t)b->size,
                         .item_size = 1,
                         .format = "B",
                         .rank = 1};
    buffer->inline_dims[0] = buffer->size;
    buffer->inline_dims[1] = 1;
    buffer->shape = &buffer->inline_dims[0];
    buffer->strides = &buffer->inline_dims[1];
    b->exports++;
    return 0;
}

static void bytearray_buffer_release(Value self, KrBuffer *buffer)
{
    (void)buffer;
    bytearray_of(self)->exports--;
}

/* ---- Methods ---- */

KR_FN(bytearray, bytearray_append, "append", "(self, item, /)",
      "Append a single item to the end of the bytearray.\n\n  item\n    The item to be appended.")
{
    int x = kr_bytes_item(a[1], "byte must be in range(0, 256)");
    if (x < 0) return EMPTY;
    ByteArray *b = self_of(a);
    if (kr_bytearray_resize(b, b->size + 1) < 0) return EMPTY;
    b->data[b->size - 1] = (uint8_t)x;
    return NONE;
}

KR_FN(bytearray, bytearray_extend, "extend", "(self, iterable_of_ints, /)",
      "Append all the items from the iterator or sequence to the bytearray.\n\n"
      "  iterable_of_ints\n    The iterable of items to append.")
{
    if (!is_str(a[1]) && kr_has_buffer(a[1])) {
        return is_empty(inplace_concat(a[0], a[1])) ? EMPTY : NONE;
    }
    Value iterator = kr_iter(a[1]);
    if (is_empty(iterator)) {
        if (!kr_raised_is(kr_TypeError)) return EMPTY;
        kr_clear_exception();
        return kr_raise(kr_TypeError, "can't extend bytearray with %T", a[1]);
    }
    Value collected = kr_bytearray("", 0);
    if (is_empty(collected) || kr_length_hint(a[1], 32) < 0) return EMPTY;
    if (append_items(bytearray_of(collected), iterator) < 0) return EMPTY;
    return is_empty(inplace_concat(a[0], collected)) ? EMPTY : NONE;
}

KR_FN(bytearray, bytearray_insert, "insert", "(self, index, item, /)",
      "Insert a single item into the bytearray before the given index.\n\n  index\n    The index "
      "where the value is to be inserted.\n  item\n    The item to be inserted.")
{
    int64_t i;
    if (kr_to_index(a[1], &i) < 0) return EMPTY;
    int x = kr_bytes_item(a[2], "byte must be in range(0, 256)");
    if (x < 0) return EMPTY;
    ByteArray *b = self_of(a);
    int64_t n = (int64_t)b->size;
    if (i < 0) i = i + n < 0 ? 0 : i + n;
    if (i > n) i = n;
    uint8_t byte = (uint8_t)x;
    return splice(b, (size_t)i, (size_t)i, &byte, 1) < 0 ? EMPTY : NONE;
}

KR_FN(bytearray, bytearray_pop, "pop", "(self, index=-1, /)",
      "Remove and return a single item from B.\n\n  index\n    The index from where to remove the "
      "item.\n    -1 (the default value) means remove the last item.\n\nIf no index argument is "
      "given, will pop the last item.")
{
    int64_t i;
    if (kr_to_index(a[1], &i) < 0) return EMPTY;
    ByteArray *b = self_of(a);
    if (b->size == 0) return kr_raise(kr_IndexError, "pop from empty bytearray");
    if (i < 0) i += (int64_t)b->size;
    if ((uint64_t)i >= b->size) return kr_raise(kr_IndexError, "pop index out of range");
    uint8_t x = b->data[i];
    if (splice(b, (size_t)i, (size_t)i + 1, NULL, 0) < 0) return EMPTY;
    return from_small_int(x);
}

KR_FN(bytearray, bytearray_remove, "remove", "(self, value, /)",
      "Remove the first occurrence of a value in the bytearray.\n\n  value\n    The value to "
      "remove.")
{
    int x = kr_bytes_item(a[1], "byte must be in range(0, 256)");
    if (x < 0) return EMPTY;
    ByteArray *b = self_of(a);
    uint8_t *at = b->size ? memchr(b->data, x, b->size) : NULL;
    if (!at) return kr_raise(kr_ValueError, "value not found in bytearray");
    size_t i = (size_t)(at - b->data);
    return splice(b, i, i + 1, NULL, 0) < 0 ? EMPTY : NONE;
}

KR_FN(bytearray, bytearray_clear, "clear", "(self, /)", "Remove all items from the bytearray.")
{
    return kr_bytearray_resize(self_of(a), 0) < 0 ? EMPTY : NONE;
}

KR_FN(bytearray, bytearray_copy, "copy", "(self, /)", "Return a copy of B.")
{
    TextSpan s = bytes_span(a[0]);
    return kr_bytearray(s.data, s.length);
}

KR_FN(bytearray, bytearray_reverse, "reverse", "(self, /)",
      "Reverse the order of the values in B in place.")
{
    ByteArray *b = self_of(a);
    for (size_t i = 0, j = b->size; i + 1 < j; i++) {
        uint8_t x = b->data[i];
        b->data[i] = b->data[--j];
        b->data[j] = x;
    }
    return NONE;
}

KR_FN(bytearray, bytearray_alloc, "__alloc__", "(self, /)",
      "B.__alloc__() -> int\n\nReturn the number of bytes actually allocated.")
{
    ByteArray *b = self_of(a);
    return kr_int(b->storage ? (int64_t)b->capacity + 1 : 0);
}

KR_FN(bytearray, bytearray_sizeof, "__sizeof__", "(self, /)",
      "Returns the size of the bytearray object in memory, in bytes.")
{
    ByteArray *b = self_of(a);
    return kr_int((int64_t)(sizeof(ByteArray) + (b->storage ? b->capacity + 1 : 0)));
}

/* (type, (contents,), state): as latin-1 text below protocol 3, as bytes from there on. */
static Value reduce(Value self, int protocol)
{
    TextSpan s = bytes_span(self);
    Value state = kr_call_method0(self, "__getstate__");
    if (is_empty(state)) return EMPTY;
    Value type = kr_type_value(type_of(self));
    Value args;
    if (s.length == 0)
        args = kr_tuple(NULL, 0);
    else if (protocol < 3)
        args = kr_tuple_of(2, kr_str_latin1(s.data, s.length), kr_str("latin-1"));
    else
        args = kr_tuple_of(1, kr_bytes(s.data, s.length));
    return kr_tuple_of(3, type, args, state);
}

KR_FN(bytearray, bytearray_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling.")
{
    return reduce(a[0], 2);
}

KR_FN(bytearray, bytearray_reduce_ex, "__reduce_ex__", "(self, proto=0, /)",
      "Return state information for pickling.")
{
    int protocol;
    return kr_to_int32(a[1], &protocol) < 0 ? EMPTY : reduce(a[0], protocol);
}

#include "runtime/objects/bytearray.entries.h"

static KrTypeSpec bytearray_spec = {
    .name = "bytearray",
    .doc = "bytearray(iterable_of_ints) -> bytearray\n"
           "bytearray(string, encoding[, errors]) -> bytearray\n"
           "bytearray(bytes_or_buffer) -> mutable copy of bytes_or_buffer\n"
           "bytearray(int) -> bytes array of size given by the parameter initialized with null "
           "bytes\nbytearray() -> empty bytes array\n\n"
           "Construct a mutable bytearray object from:\n"
           "  - an iterable yielding integers in range(256)\n"
           "  - a text string encoded using the specified encoding\n"
           "  - a bytes or a buffer object\n  - any object implementing the buffer API.\n"
           "  - an integer",
    .size = sizeof(ByteArray),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_NO_WEAKREF,
    .trace = bytearray_trace,
    .slots = {.make = bytearray_make,
              .init = bytearray_init,
              .repr = bytearray_repr,
              .str = bytearray_repr,
              .compare = kr_bytes_compare,
              .iter = kr_bytearray_iter,
              .length = bytearray_length,
              .concat = kr_bytes_concat,
              .repeat = kr_bytes_repeat,
              .inplace_concat = inplace_concat,
              .inplace_repeat = inplace_repeat,
              .getitem = bytearray_getitem,
              .setitem = bytearray_setitem,
              .contains = kr_bytes_contains,
              .binary[KR_MOD] = bytearray_mod,
              .buffer = bytearray_buffer,
              .buffer_release = bytearray_buffer_release},
};

Type kr_bytearray_type;

void kr_bytearray_type_init(void)
{
    static const KrFunction *all[96];
    const KrFunction *const *parts[] = {bytearray_functions, kr_bytearray_methods(),
                                        kr_bytearray_split_methods(), NULL};
    bytearray_spec.functions = kr_bytes_join_tables(all, parts);
    kr_type_init(&kr_bytearray_type, &bytearray_spec);
}
