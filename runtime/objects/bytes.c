/* bytes.c: the type bytes: storage, construction, operators. The methods that it shares with
 * bytearray are in bytes_methods.c and bytes_split.c; formatting is in percent.c.
 *
 * The empty bytes and the 256 single bytes are one object each. Data is NUL-terminated. */
#include "runtime/objects/bytes.h"

#include "runtime/objects/bytes_shared.h"
#include "runtime/objects/hash.h"
#include "runtime/objects/int.h"
#include "runtime/objects/iterators.h"
#include "runtime/objects/list.h"
#include "runtime/objects/quick.h"
#include "runtime/text/codecs.h"

static Value empty_bytes, single_bytes[256];

Bytes *kr_bytes_alloc(size_t size)
{
    if (UNLIKELY(size > (size_t)1 << 46)) {
        kr_raise_no_memory();
        return NULL;
    }
    Bytes *b = heap_alloc(&kr_bytes_type, sizeof(Bytes) + size + 1);
    if (b) b->size = size;
    return b;
}

Value kr_bytes_empty(void)
{
    if (UNLIKELY(is_empty(empty_bytes))) empty_bytes = from_object(kr_bytes_alloc(0));
    return empty_bytes;
}

Value kr_bytes_char(uint8_t c)
{
    if (LIKELY(!is_empty(single_bytes[c]))) return single_bytes[c];
    Bytes *b = kr_bytes_alloc(1);
    if (!b) return EMPTY;
    b->data[0] = c;
    return single_bytes[c] = from_object(b);
}

Value kr_bytes(const void *data, size_t n)
{
    if (n == 0) return kr_bytes_empty();
    if (n == 1 && data) return kr_bytes_char(*(const uint8_t *)data);
    Bytes *b = kr_bytes_alloc(n);
    if (!b) return EMPTY;
    if (data) memcpy(b->data, data, n);
    return from_object(b);
}

bool kr_is_bytes(Value v) { return is_bytes(v); }
uint8_t *kr_bytes_data(Value bytes) { return (uint8_t *)(uintptr_t)bytes_span(bytes).data; }
size_t kr_bytes_size(Value bytes) { return bytes_span(bytes).length; }

static void trace_roots(KrTracer *tracer)
{
    kr_trace(tracer, empty_bytes);
    for (size_t i = 0; i < 256; i++) kr_trace(tracer, single_bytes[i]);
}

/* ---- repr ---- */

Value kr_bytes_repr_of(const uint8_t *data, size_t n, bool escape_single)
{
    size_t length = 3 + n;
    bool singles = memchr(data, '\'', n) != NULL, doubles = memchr(data, '"', n) != NULL;
    char quote = singles && !doubles ? '"' : '\'';
    for (size_t i = 0; i < n; i++) {
        uint8_t c = data[i];
        if (c == (uint8_t)quote || c == '\\' || c == '\t' || c == '\n' || c == '\r' ||
            (c == '\'' && escape_single))
            length++;
        else if (c < ' ' || c >= 0x7F)
            length += 3;
    }
    Str *s = kr_str_alloc(length, 1, true);
    if (!s) return EMPTY;
    char *q = s->data;
    *q++ = 'b';
    *q++ = quote;
    for (size_t i = 0; i < n; i++) {
        uint8_t c = data[i];
        if (c == (uint8_t)quote || c == '\\' || (c == '\'' && escape_single)) {
            *q++ = '\\';
            *q++ = (char)c;
        } else if (c == '\t' || c == '\n' || c == '\r') {
            *q++ = '\\';
            *q++ = c == '\t' ? 't' : c == '\n' ? 'n' : 'r';
        } else if (c < ' ' || c >= 0x7F) {
            *q++ = '\\';
            *q++ = 'x';
            *q++ = "0123456789abcdef"[c >> 4];
            *q++ = "0123456789abcdef"[c & 15];
        } else {
            *q++ = (char)c;
        }
    }
    *q = quote;
    return from_object(s);
}

static Value bytes_repr(Value self)
{
    return kr_bytes_repr_of(bytes_of(self)->data, bytes_of(self)->size, false);
}

/* ---- Construction ---- */

/* One item of an iterable: 0..255, or -1 raised. */
int kr_bytes_item(Value v, const char *out_of_range)
{
    int64_t x;
    if (is_int(v)) {
        x = int_of(v);
    } else {
        Value i = kr_index(v);
        if (is_empty(i)) return -1;
        if (!kr_int_fits(i, &x)) x = -1;
    }
    if (x >= 0 && x < 256) return (int)x;
    kr_raise(kr_ValueError, "%s", out_of_range);
    return -1;
}

static Value from_iterable(Value v, bool of_bytes)
{
    Value list = v;
    if (!is_exact(v, &kr_list_type) && !is_exact(v, &kr_tuple_type)) {
        list = kr_list_from(v);
        if (is_empty(list)) return EMPTY;
    }
    bool tuple = is_tuple(list);
    size_t n = tuple ? kr_tuple_size(list) : list_of(list)->size;
    Bytes *b = kr_bytes_alloc(n);
    if (!b) return EMPTY;
    size_t i = 0;
    /* An item's __index__ may change the list. */
    for (; i < (tuple ? n : list_of(list)->size); i++) {
        if (i == n) {
            Bytes *more = kr_bytes_alloc(n = n * 2 + 8);
            if (!more) return EMPTY;
            memcpy(more->data, b->data, i);
            b = more;
        }
        Value item = tuple ? kr_tuple_get(list, i) : list_of(list)->items[i];
        int x = kr_bytes_item(item, of_bytes ? "bytes must be in range(0, 256)"
                                             : "byte must be in range(0, 256)");
        if (x < 0) return EMPTY;
        b->data[i] = (uint8_t)x;
    }
    return i == b->size ? from_object(b) : kr_bytes(b->data, i);
}

static Value from_any(Value v, bool of_bytes)
{
    if (is_exact(v, &kr_bytes_type)) return v;
    if (!is_str(v) && kr_has_buffer(v)) {
        KrBuffer buffer;
        if (kr_buffer_get(v, &buffer, KR_BUFFER_READ | KR_BUFFER_STRIDES) < 0) return EMPTY;
        Value b = kr_buffer_to_bytes(&buffer);
        kr_buffer_release(&buffer);
        return b;
    }
    if (!is_str(v)) {
        if (is_list(v) || is_tuple(v)) return from_iterable(v, of_bytes);
        Value iterator = kr_iter(v);
        if (!is_empty(iterator)) return from_iterable(iterator, of_bytes);
        if (!kr_raised_is(kr_TypeError)) return EMPTY;
        kr_clear_exception();
    }
    return kr_raise(kr_TypeError, "cannot convert '%T' object to %s", v,
                    of_bytes ? "bytes" : "bytearray");
}

Value kr_bytes_from_object(Value v) { return from_any(v, true); }

/* A buffer's items in C order, whatever its strides. */
static uint8_t *copy_items(const KrBuffer *b, int axis, const char *from, uint8_t *to)
{
    if (axis == b->rank) {
        memcpy(to, from, (size_t)b->item_size);
        return to + b->item_size;
    }
    for (int64_t i = 0; i < b->shape[axis]; i++)
        to = copy_items(b, axis + 1, from + i * b->strides[axis], to);
    return to;
}

bool kr_buffer_contiguous(const KrBuffer *b)
{
    if (!b->strides || !b->shape) return true;
    int64_t step = b->item_size;
    for (int i = b->rank - 1; i >= 0; i--) {
        if (b->shape[i] == 0) return true;
        if (b->shape[i] > 1 && b->strides[i] != step) return false;
        step *= b->shape[i];
    }
    return true;
}

Value kr_buffer_to_bytes(const KrBuffer *b)
{
    if (kr_buffer_contiguous(b)) return kr_bytes(b->data ? b->data : "", (size_t)b->size);
    Bytes *bytes = kr_bytes_alloc((size_t)b->size);
    if (!bytes) return EMPTY;
    copy_items(b, 0, b->data, bytes->data);
    return from_object(bytes);
}

const KrFunction kr_bytes_make_entry = {
    "bytes", "(source=<unset>, encoding=<unset>, errors=<unset>)", NULL, NULL, KR_KIND_BOUND, NULL};

static Value checked_bytes(Value b)
{
    if (is_empty(b) || is_bytes(b)) return b;
    return kr_raise(kr_TypeError, "__bytes__ returned non-bytes (type %T)", b);
}

Value kr_bytes_make_contents(Value source, Value encoding, Value errors, bool of_bytes)
{
    const char *name = of_bytes ? "bytes" : "bytearray";
    for (int i = 0; i < 2; i++) {
        Value v = i ? errors : encoding;
        if (!is_empty(v) && !is_str(v))
            return kr_raise(kr_TypeError, "%s() argument '%s' must be str, not %s", name,
                            i ? "errors" : "encoding", kr_arg_type_name(v));
    }
    if (is_empty(source)) {
        if (!is_empty(encoding) || !is_empty(errors))
            return kr_raise(kr_TypeError, is_empty(encoding)
                                              ? "errors without a string argument"
                                              : "encoding without a string argument");
        return kr_bytes_empty();
    }
    if (is_str(source)) {
        Value method = EMPTY;
        if (of_bytes && is_empty(encoding) && is_empty(errors) && !is_exact(source, &kr_str_type))
            method = kr_find_special(source, KR_NAME("__bytes__"));
        if (!is_empty(method)) return checked_bytes(kr_call0(method));
        if (kr_raised()) return EMPTY;
        if (is_empty(encoding))
            return kr_raise(kr_TypeError, "string argument without an encoding");
        return kr_str_encode_value(source, encoding, errors);
    }
    if (!is_empty(encoding) || !is_empty(errors))
        return kr_raise(kr_TypeError, is_empty(encoding) ? "errors without a string argument"
                                                         : "encoding without a string argument");
    if (is_exact(source, &kr_bytes_type)) return source;
    if (of_bytes) {
        Value method = kr_find_special(source, KR_NAME("__bytes__"));
        if (!is_empty(method)) return checked_bytes(kr_call0(method));
        if (kr_raised()) return EMPTY;
    }
    if (kr_has_index(source)) {
        int64_t n;
        if (kr_to_index(source, &n) < 0) {
            if (!kr_raised_is(kr_TypeError)) {
                if (kr_raised_is(kr_IndexError)) {
                    kr_clear_exception();
                    return kr_raise(kr_OverflowError, "cannot fit '%T' into an index-sized integer",
                                    source);
                }
                return EMPTY;
            }
            kr_clear_exception();
        } else {
            if (n < 0) return kr_raise(kr_ValueError, "negative count");
            return kr_bytes(NULL, (size_t)n);
        }
    }
    return from_any(source, of_bytes);
}

static Value bytes_make(Type *type, const Value *args, size_t n, Value kwnames)
{
    Value slots[3] = {EMPTY, EMPTY, EMPTY};
    if (kr_bind(&kr_bytes_make_entry, args, n, kwnames, slots) < 0) return EMPTY;
    Value v = kr_bytes_make_contents(slots[0], slots[1], slots[2], true);
    if (is_empty(v) || type == &kr_bytes_type) return v;
    Bytes *from = bytes_of(v);
    Bytes *b = kr_type_alloc_sized(type, sizeof(Bytes) + from->size + 1);
    if (!b) return EMPTY;
    b->size = from->size;
    memcpy(b->data, from->data, from->size);
    return from_object(b);
}

/* ---- Operators ---- */

static int64_t bytes_hash(Value self)
{
    Bytes *b = bytes_of(self);
    return b->hash ? b->hash : (b->hash = kr_hash_bytes(b->data, b->size));
}

static int64_t bytes_length(Value self) { return (int64_t)bytes_of(self)->size; }

static Value bytes_getitem(Value self, Value key)
{
    Bytes *b = bytes_of(self);
    if (kr_is_slice(key)) {
        int64_t start, stop, step, count;
        if (kr_slice_resolve(key, (int64_t)b->size, &start, &stop, &step, &count) < 0) return EMPTY;
        if (count == (int64_t)b->size && step == 1 && is_exact(self, &kr_bytes_type)) return self;
        if (step == 1 || count <= 1)
            return kr_bytes(b->data + start, count > 0 ? (size_t)count : 0);
        Bytes *r = kr_bytes_alloc((size_t)count);
        if (!r) return EMPTY;
        for (int64_t i = 0; i < count; i++) r->data[i] = b->data[start + i * step];
        return from_object(r);
    }
    int64_t i;
    if (is_int(key))
        i = int_of(key);
    else if (!kr_has_index(key))
        return kr_raise(kr_TypeError, "byte indices must be integers or slices, not %T", key);
    else if (kr_to_index(key, &i) < 0)
        return EMPTY;
    if (i < 0) i += (int64_t)b->size;
    if ((uint64_t)i >= b->size) return kr_raise(kr_IndexError, "index out of range");
    return from_small_int(b->data[i]);
}

Value kr_bytes_compare(Value a, Value b, int op)
{
    TextSpan x, y;
    KrBuffer buffer;
    bool release = false;
    x = bytes_span(a);
    if (is_bytes(b) || is_bytearray(b)) {
        y = bytes_span(b);
    } else {
        if (is_str(b) || !kr_has_buffer(b)) return NOT_IMPLEMENTED;
        /* Only bytearray compares with any buffer; bytes leaves that to the other operand. */
        if (!is_bytearray(a)) return NOT_IMPLEMENTED;
        if (kr_buffer_get(b, &buffer, KR_BUFFER_READ | KR_BUFFER_CONTIGUOUS) < 0) {
            kr_clear_exception();
            return NOT_IMPLEMENTED;
        }
        release = true;
        y = (TextSpan){buffer.data, (size_t)buffer.size, 1};
    }
    size_t n = x.length < y.length ? x.length : y.length;
    int order =
        (op == KR_EQ || op == KR_NE) && x.length != y.length ? 1 : memcmp(x.data, y.data, n);
    if (order == 0) order = x.length < y.length ? -1 : x.length > y.length;
    if (release) kr_buffer_release(&buffer);
    return from_bool(kr_order_holds(order, op));
}

Value kr_bytes_concat(Value a, Value b)
{
    if (is_str(b) || !kr_has_buffer(b))
        return kr_raise(kr_TypeError, "can't concat %T to %T", b, a);
    if (is_exact(a, &kr_bytes_type) && is_exact(b, &kr_bytes_type)) {
        if (bytes_of(a)->size == 0) return b;
        if (bytes_of(b)->size == 0) return a;
    }
    KrBuffer buffer;
    if (kr_buffer_get(b, &buffer, KR_BUFFER_READ | KR_BUFFER_CONTIGUOUS) < 0) return EMPTY;
    TextSpan x = bytes_span(a);
    size_t n = (size_t)buffer.size;
    Value r = kr_bytes_like(a, NULL, x.length + n);
    if (!is_empty(r)) {
        uint8_t *data = kr_bytes_data(r);
        x = bytes_span(a);
        if (x.length) memcpy(data, x.data, x.length);
        if (n) memcpy(data + x.length, buffer.data, n);
    }
    kr_buffer_release(&buffer);
    return r;
}

Value kr_bytes_repeat(Value self, int64_t count)
{
    TextSpan x = bytes_span(self);
    if (count < 0) count = 0;
    if (count == 1 && is_exact(self, &kr_bytes_type)) return self;
    if (x.length && (uint64_t)count > ((uint64_t)1 << 46) / x.length) {
        if (is_bytearray(self)) return kr_raise_no_memory();
        return kr_raise(kr_OverflowError, "repeated bytes are too long");
    }
    size_t total = x.length * (size_t)count;
    Value r = kr_bytes_like(self, NULL, total);
    if (is_empty(r) || total == 0) return r;
    uint8_t *q = kr_bytes_data(r);
    x = bytes_span(self);
    if (x.length == 1) {
        memset(q, *(const uint8_t *)x.data, total);
    } else {
        memcpy(q, x.data, x.length);
        for (size_t done = x.length; done < total;) {
            size_t n = done < total - done ? done : total - done;
            memcpy(q + done, q, n);
            done += n;
        }
    }
    return r;
}

int kr_bytes_contains(Value self, Value item)
{
    BytesArg piece;
    int status = kr_has_index(item) ? kr_bytes_piece(item, &piece) : kr_bytes_arg(item, &piece);
    if (status < 0) return -1;
    int found = kr_search_find(bytes_span(self), piece.span) >= 0;
    kr_bytes_arg_drop(&piece);
    return found;
}

static Value bytes_mod(Value a, Value b)
{
    return is_bytes(a) ? kr_bytes_percent(a, b, false) : NOT_IMPLEMENTED;
}

static int bytes_buffer(Value self, KrBuffer *buffer, int flags)
{
    (void)flags;
    Bytes *b = bytes_of(self);
    *buffer = (KrBuffer){.data = b->data,
                         .owner = self,
                         .size = (int64_t)b->size,
                         .item_size = 1,
                         .format = "B",
                         .rank = 1,
                         .read_only = true};
    buffer->inline_dims[0] = buffer->size;
    buffer->inline_dims[1] = 1;
    buffer->shape = &buffer->inline_dims[0];
    buffer->strides = &buffer->inline_dims[1];
    return 0;
}

/* ---- The iterator ---- */

static Type bytes_iterator_type;

static Value bytes_iter(Value self) { return kr_iterators_new(&bytes_iterator_type, self, 0); }

static Value iterator_next(Value self)
{
    SequenceIterator *it = sequence_iterator_of(self);
    if (is_empty(it->sequence)) return EMPTY;
    TextSpan s = bytes_span(it->sequence);
    if ((size_t)it->index < s.length) return from_small_int(((const uint8_t *)s.data)[it->index++]);
    it->sequence = EMPTY;
    return EMPTY;
}

static Value iterator_self(Value self) { return self; }

KR_FN(bytes_iterator, iterator_hint, "__length_hint__", "(self, /)",
      "Private method returning an estimate of len(list(it)).")
{
    SequenceIterator *it = sequence_iterator_of(a[0]);
    if (is_empty(it->sequence)) return from_small_int(0);
    int64_t left = (int64_t)bytes_span(it->sequence).length - it->index;
    return kr_int(left < 0 ? 0 : left);
}

KR_FN(bytes_iterator, iterator_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling.")
{
    SequenceIterator *it = sequence_iterator_of(a[0]);
    if (is_empty(it->sequence)) return reduce_exhausted(kr_tuple(NULL, 0));
    return reduce_iterator("iter", it->sequence, it->index);
}

KR_FN(bytes_iterator, iterator_setstate, "__setstate__", "(self, state, /)",
      "Set state information for unpickling.")
{
    SequenceIterator *it = sequence_iterator_of(a[0]);
    int64_t i;
    if (kr_to_index(a[1], &i) < 0) return EMPTY;
    if (!is_empty(it->sequence)) {
        int64_t n = (int64_t)bytes_span(it->sequence).length;
        it->index = i < 0 ? 0 : i > n ? n : i;
    }
    return NONE;
}

KR_FN(bytes, bytes_getnewargs, "__getnewargs__", "(self, /)", NULL)
{
    return kr_tuple_of(1, kr_bytes(bytes_of(a[0])->data, bytes_of(a[0])->size));
}

KR_FN(bytes, bytes_bytes, "__bytes__", "(self, /)", "Convert this value to exact type bytes.")
{
    if (is_exact(a[0], &kr_bytes_type)) return a[0];
    return kr_bytes(bytes_of(a[0])->data, bytes_of(a[0])->size);
}

KR_FN(bytes, bytes_sizeof, "__sizeof__", "(self, /)", NULL)
{
    return kr_int((int64_t)(sizeof(Bytes) + bytes_of(a[0])->size + 1));
}

#include "runtime/objects/bytes.entries.h"

static const KrTypeSpec bytes_iterator_spec = {
    .name = "bytes_iterator",
    .size = sizeof(SequenceIterator),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_NO_WEAKREF,
    .trace = kr_sequence_iterator_trace,
    .functions = bytes_iterator_functions,
    .slots = {.iter = iterator_self, .next = iterator_next},
};

static KrTypeSpec bytearray_iterator_spec;
static Type bytearray_iterator_type;

Value kr_bytearray_iter(Value self) { return kr_iterators_new(&bytearray_iterator_type, self, 0); }

static KrTypeSpec bytes_spec = {
    .name = "bytes",
    .doc = "bytes(iterable_of_ints) -> bytes\nbytes(string, encoding[, errors]) -> bytes\n"
           "bytes(bytes_or_buffer) -> immutable copy of bytes_or_buffer\n"
           "bytes(int) -> bytes object of size given by the parameter initialized with null bytes\n"
           "bytes() -> empty bytes object\n\nConstruct an immutable array of bytes from:\n"
           "  - an iterable yielding integers in range(256)\n"
           "  - a text string encoded using the specified encoding\n"
           "  - any object implementing the buffer API.\n  - an integer",
    .size = sizeof(Bytes),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_NO_WEAKREF,
    .slots = {.make = bytes_make,
              .repr = bytes_repr,
              .hash = bytes_hash,
              .compare = kr_bytes_compare,
              .iter = bytes_iter,
              .length = bytes_length,
              .concat = kr_bytes_concat,
              .repeat = kr_bytes_repeat,
              .getitem = bytes_getitem,
              .contains = kr_bytes_contains,
              .binary[KR_MOD] = bytes_mod,
              .buffer = bytes_buffer},
};

Type kr_bytes_type;

const KrFunction *const *kr_bytes_join_tables(const KrFunction **all,
                                              const KrFunction *const *const *parts)
{
    size_t n = 0;
    for (; *parts; parts++)
        for (const KrFunction *const *f = *parts; *f; f++) all[n++] = *f;
    all[n] = NULL;
    return all;
}

void kr_bytes_type_init(void)
{
    static const KrFunction *all[96];
    const KrFunction *const *parts[] = {bytes_functions, kr_bytes_methods(),
                                        kr_bytes_split_methods(), NULL};
    bytes_spec.functions = kr_bytes_join_tables(all, parts);
    kr_heap_add_tracer(trace_roots);
    kr_type_init(&kr_bytes_type, &bytes_spec);
    kr_type_init(&bytes_iterator_type, &bytes_iterator_spec);
    bytearray_iterator_spec = bytes_iterator_spec;
    bytearray_iterator_spec.name = "bytearray_iterator";
    kr_type_init(&bytearray_iterator_type, &bytearray_iterator_spec);
}
