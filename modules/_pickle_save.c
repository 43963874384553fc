/* _pickle_save.c: the Pickler: objects to instructions.
 *
 * save() writes one object. Built-in types are written by their exact type; everything else goes
 * through reducer_override, the dispatch tables or __reduce_ex__ to save_reduce(). The memo maps
 * the identity of what was written to its number; it also keeps these objects alive, so that an
 * identity cannot come back as another object's.
 *
 *     save -> save_atom            None, bool, int, float: no memo
 *          -> save_built_in        bytes, str, the containers
 *          -> save_global          functions and classes, by module and name
 *          -> save_reduce          (callable, args, state, items, pairs, setter)
 *
 * Protocol 4 frames: `frame` is where the open frame's header stands in the output, or -1. A frame
 * ends at the first object's boundary behind 64 KiB; large bytes and strings stand between frames.
 *
 * Over 1,000 lines: one short function for each kind of object, which call each other in a circle. */
#include <stdio.h>

#include "modules/_pickle.h"

enum { BATCH = 1000, FRAME_HEADER = 9, FRAME_LEAST = 4, FAST_NESTING = 50 };

/* Identity -> number, open addressing. */
typedef struct Memo {
    KrValue *keys; /* kr_alloc_values */
    int64_t *numbers;
    size_t count, capacity; /* a power of two */
} Memo;

typedef struct Pickler {
    KrObject head;
    Output out;
    int64_t frame;
    bool framing, binary, fast, fix_imports, ready;
    bool is_id; /* the object saved next is a persistent id: it has none itself */
    int protocol, fast_depth;
    Memo memo;
    KrValue write, persistent_id, dispatch_table, reducer_override, buffer_callback;
    KrValue fast_memo; /* dict of the identities being saved, when `fast` nests deeply */
} Pickler;

static KrType *pickler_type, *memo_proxy_type;

static Pickler *pickler_of(KrValue v) { return kr_to_object(v); }

KR_CHECKED static int save(Pickler *p, KrValue v);
KR_CHECKED static int save_reduce(Pickler *p, KrValue reduced, KrValue object);
KR_CHECKED static int save_global(Pickler *p, KrValue object, KrValue name);

/* ---- The memo ------------------------------------------------------------------------------- */

static size_t memo_slot(const Memo *m, KrValue key)
{
    uint64_t hash = key.bits * 0x9e3779b97f4a7c15u;
    size_t i = (size_t)(hash >> 20) & (m->capacity - 1);
    while (!kr_is_empty(m->keys[i]) && !kr_is(m->keys[i], key)) i = (i + 1) & (m->capacity - 1);
    return i;
}

/* The number of an object, -1 when it was not written yet. */
static int64_t memo_find(const Memo *m, KrValue key)
{
    if (m->count == 0) return -1;
    size_t i = memo_slot(m, key);
    return kr_is_empty(m->keys[i]) ? -1 : m->numbers[i];
}

static int memo_grow(Memo *m)
{
    Memo bigger = {.count = m->count, .capacity = m->capacity ? m->capacity * 4 : 64};
    bigger.keys = kr_alloc_values(bigger.capacity);
    bigger.numbers = bigger.keys ? kr_alloc_bytes(bigger.capacity * sizeof(int64_t)) : NULL;
    if (!bigger.numbers) return -1;
    for (size_t i = 0; i < m->capacity; i++) {
        if (kr_is_empty(m->keys[i])) continue;
        size_t at = memo_slot(&bigger, m->keys[i]);
        bigger.keys[at] = m->keys[i];
        bigger.numbers[at] = m->numbers[i];
    }
    *m = bigger;
    return 0;
}

static int memo_set(Memo *m, KrValue key, int64_t number)
{
    if (m->count * 3 >= m->capacity * 2 && memo_grow(m) < 0) return -1;
    size_t i = memo_slot(m, key);
    if (kr_is_empty(m->keys[i])) m->count++;
    m->keys[i] = key;
    m->numbers[i] = number;
    return 0;
}

/* ---- Output --------------------------------------------------------------------------------- */

static int put(Pickler *p, const void *bytes, size_t n)
{
    Output *o = &p->out;
    bool opens = p->framing && p->frame < 0;
    if (output_reserve(o, n + FRAME_HEADER) < 0) return -1;
    if (opens) {
        p->frame = (int64_t)o->size;
        o->size += FRAME_HEADER;
    }
    memcpy(o->data + o->size, bytes, n);
    o->size += n;
    return 0;
}

static int put_op(Pickler *p, int op)
{
    uint8_t byte = (uint8_t)op;
    return put(p, &byte, 1);
}

static void store_little(uint8_t *to, uint64_t x, int n)
{
    for (int i = 0; i < n; i++) to[i] = (uint8_t)(x >> (8 * i));
}

/* An opcode with an n-byte little-endian argument. */
static int put_number(Pickler *p, int op, uint64_t x, int n)
{
    uint8_t few[9], *bytes = few;
    Output *o = &p->out;
    bool direct = o->capacity - o->size >= sizeof few && !(p->framing && p->frame < 0);
    if (direct) bytes = o->data + o->size;
    bytes[0] = (uint8_t)op;
    store_little(bytes + 1, x, n);
    if (!direct) return put(p, bytes, (size_t)n + 1);
    o->size += (size_t)n + 1;
    return 0;
}

/* Writes the open frame's header, or removes it when the frame is too small to need one. */
static void end_frame(Pickler *p)
{
    if (!p->framing || p->frame < 0) return;
    uint8_t *header = p->out.data + p->frame;
    size_t size = p->out.size - (size_t)p->frame - FRAME_HEADER;
    if (size >= FRAME_LEAST) {
        header[0] = OP_FRAME;
        store_little(header + 1, size, 8);
    } else {
        memmove(header, header + FRAME_HEADER, size);
        p->out.size -= FRAME_HEADER;
    }
    p->frame = -1;
}

static int flush(Pickler *p)
{
    KrValue bytes = kr_bytes(p->out.data ? (void *)p->out.data : "", p->out.size);
    p->out.size = 0;
    return kr_is_empty(bytes) || kr_is_empty(kr_call1(p->write, bytes)) ? -1 : 0;
}

/* Between two objects: a frame that is long enough ends. */
static int boundary(Pickler *p)
{
    if (!p->framing || p->frame < 0) return 0;
    if (p->out.size - (size_t)p->frame - FRAME_HEADER < PICKLE_FRAME_TARGET) return 0;
    end_frame(p);
    return kr_is_empty(p->write) ? 0 : flush(p);
}

/* A header and its data; large data stand outside of frames and go to the file without a copy.
 * `payload` is the object that has the data, or KR_EMPTY. */
static int put_sized(Pickler *p, const uint8_t *header, size_t header_size, const void *data,
                     size_t size, KrValue payload)
{
    if (size < PICKLE_FRAME_TARGET)
        return put(p, header, header_size) < 0 || put(p, data, size) < 0 ? -1 : 0;
    bool framing = p->framing;
    end_frame(p);
    p->framing = false;
    int status = put(p, header, header_size);
    if (status == 0 && !kr_is_empty(p->write)) {
        if (kr_is_empty(payload)) payload = kr_bytes(data, size);
        if (kr_is_empty(payload) || flush(p) < 0 || kr_is_empty(kr_call1(p->write, payload)))
            status = -1;
    } else if (status == 0) {
        status = put(p, data, size);
    }
    p->framing = framing;
    return status;
}

/* ---- References into the memo --------------------------------------------------------------- */

static int put_get(Pickler *p, int64_t number)
{
    if (!p->binary) {
        char text[32];
        int n = snprintf(text, sizeof text, "%c%lld\n", OP_GET, (long long)number);
        return put(p, text, (size_t)n);
    }
    if (number < 256) return put_number(p, OP_BINGET, (uint64_t)number, 1);
    return put_number(p, OP_LONG_BINGET, (uint64_t)number, 4);
}

/* Numbers the object on top of the reader's stack. */
static int memoize(Pickler *p, KrValue v)
{
    if (p->fast) return 0;
    int64_t number = (int64_t)p->memo.count;
    if (memo_set(&p->memo, v, number) < 0) return -1;
    if (p->protocol >= 4) return put_op(p, OP_MEMOIZE);
    if (p->binary)
        return number < 256 ? put_number(p, OP_BINPUT, (uint64_t)number, 1)
                            : put_number(p, OP_LONG_BINPUT, (uint64_t)number, 4);
    char text[32];
    int n = snprintf(text, sizeof text, "%c%lld\n", OP_PUT, (long long)number);
    return put(p, text, (size_t)n);
}

/* ---- Atoms ---------------------------------------------------------------------------------- */

static int save_text_of(Pickler *p, int op, KrValue v, const char *end)
{
    size_t n;
    KrValue text = kr_repr(v);
    const char *digits = kr_is_empty(text) ? NULL : kr_str_utf8(text, &n);
    if (!digits) return -1;
    return put_op(p, op) < 0 || put(p, digits, n) < 0 || put(p, end, strlen(end)) < 0 ? -1 : 0;
}

static int save_big_int(Pickler *p, KrValue v)
{
    if (p->protocol < 2) return save_text_of(p, OP_LONG, v, "L\n");
    size_t n = kr_int_bit_length(v) / 8 + 1;
    uint8_t *digits = kr_alloc_bytes(n);
    if (!digits || kr_int_to_bytes(v, digits, n, true, true) < 0) return -1;
    /* -2**(8k-1) fits one byte less than its bit length says. */
    if (n > 1 && kr_int_sign(v) < 0 && digits[n - 1] == 0xff && digits[n - 2] & 0x80) n--;
    if (n > INT32_MAX) {
        kr_raise(kr_OverflowError, "int too large to pickle");
        return -1;
    }
    uint8_t header[5] = {n < 256 ? OP_LONG1 : OP_LONG4};
    store_little(header + 1, n, 4);
    return put(p, header, n < 256 ? 2 : 5) < 0 ? -1 : put(p, digits, n);
}

static int save_int(Pickler *p, KrValue v)
{
    if (kr_is_object(v)) return save_big_int(p, v); /* more than 48 bits */
    int64_t x = (int64_t)kr_int_low_bits(v);
    if (x < INT32_MIN || x > INT32_MAX) return save_big_int(p, v);
    if (!p->binary) {
        char text[32];
        int n = snprintf(text, sizeof text, "%c%lld\n", OP_INT, (long long)x);
        return put(p, text, (size_t)n);
    }
    if (x >= 0 && x < 256) return put_number(p, OP_BININT1, (uint64_t)x, 1);
    if (x >= 0 && x < 65536) return put_number(p, OP_BININT2, (uint64_t)x, 2);
    return put_number(p, OP_BININT, (uint64_t)x, 4);
}

static int save_float(Pickler *p, KrValue v)
{
    if (!p->binary) return save_text_of(p, OP_FLOAT, v, "\n");
    double x;
    uint64_t bits;
    if (kr_to_double(v, &x) < 0) return -1;
    memcpy(&bits, &x, 8);
    return put_number(p, OP_BINFLOAT, __builtin_bswap64(bits), 8);
}

/* 1 when v is an atom and was written, 0 when it is none. */
static int save_atom(Pickler *p, KrValue v, KrType *type)
{
    int status;
    if (kr_is(v, kr_None))
        status = put_op(p, OP_NONE);
    else if (type == &kr_int_type)
        status = save_int(p, v);
    else if (type == &kr_float_type)
        status = save_float(p, v);
    else if (type != &kr_bool_type)
        return 0;
    else if (p->protocol >= 2)
        status = put_op(p, kr_is(v, kr_True) ? OP_NEWTRUE : OP_NEWFALSE);
    else
        status = put(p, kr_is(v, kr_True) ? "I01\n" : "I00\n", 4);
    return status < 0 ? -1 : 1;
}

/* ---- Bytes and text ------------------------------------------------------------------------- */

/* The header of `size` bytes: a one-byte, a four-byte or an eight-byte count. */
static size_t sized_header(uint8_t *header, uint64_t size, int op1, int op4, int op8)
{
    int n = op1 && size < 256 ? 1 : size <= UINT32_MAX ? 4 : 8;
    header[0] = (uint8_t)(n == 1 ? op1 : n == 4 ? op4 : op8);
    store_little(header + 1, size, n);
    return (size_t)n + 1;
}

static int too_large(const char *what)
{
    kr_raise(kr_OverflowError,
             "serializing a %s larger than 4 GiB requires pickle protocol 4 or higher", what);
    return -1;
}

static int put_bytes(Pickler *p, const void *data, size_t size, KrValue payload)
{
    uint8_t header[9];
    if (size > UINT32_MAX && p->protocol < 4) return too_large("bytes object");
    size_t n = sized_header(header, size, OP_SHORT_BINBYTES, OP_BINBYTES, OP_BINBYTES8);
    return put_sized(p, header, n, data, size, payload);
}

/* Through a call, for the protocols that have no instruction for the type. */
static int save_call(Pickler *p, KrValue callable, KrValue args, KrValue object)
{
    if (kr_is_empty(callable) || kr_is_empty(args)) return -1;
    KrValue reduced = kr_tuple_of(2, callable, args);
    return kr_is_empty(reduced) ? -1 : save_reduce(p, reduced, object);
}

static int save_bytes(Pickler *p, KrValue v)
{
    size_t size = kr_bytes_size(v);
    if (p->protocol >= 3) {
        if (put_bytes(p, kr_bytes_data(v), size, v) < 0) return -1;
        return memoize(p, v);
    }
    if (size == 0) return save_call(p, kr_type_value(&kr_bytes_type), kr_tuple(NULL, 0), v);
    KrValue text = kr_str_latin1((const char *)kr_bytes_data(v), size);
    return save_call(p, kr_import_attr("_codecs", "encode"), kr_tuple_of(2, text, KR_NAME("latin1")),
                     v);
}

static int put_bytearray(Pickler *p, const void *data, size_t size, KrValue payload)
{
    uint8_t header[9] = {OP_BYTEARRAY8};
    store_little(header + 1, size, 8);
    return put_sized(p, header, 9, data, size, payload);
}

static int save_bytearray(Pickler *p, KrValue v)
{
    KrBuffer view;
    KrValue class = kr_type_value(&kr_bytearray_type);
    if (kr_buffer_get(v, &view, KR_BUFFER_READ) < 0) return -1;
    int status = 0;
    if (p->protocol >= 5)
        status = put_bytearray(p, view.data, (size_t)view.size, v) < 0 ? -1 : memoize(p, v);
    else if (view.size == 0)
        status = save_call(p, class, kr_tuple(NULL, 0), v);
    else
        status = save_call(p, class, kr_tuple_of(1, kr_bytes(view.data, (size_t)view.size)), v);
    kr_buffer_release(&view);
    return status;
}

/* 1 out of band, 0 in band. */
static int ask_buffer_callback(Pickler *p, KrValue v)
{
    if (kr_is_empty(p->buffer_callback)) return 0;
    KrValue answer = kr_call1(p->buffer_callback, v);
    int in_band = kr_is_empty(answer) ? -1 : kr_truth(answer);
    return in_band < 0 ? -1 : !in_band;
}

static int save_picklebuffer(Pickler *p, KrValue v)
{
    if (p->protocol < 5) {
        kr_raise(pickle_pickling_error, "PickleBuffer can only pickled with protocol >= 5");
        return -1;
    }
    KrBuffer *view = pickle_buffer_view(v);
    if (!view) return -1;
    KrValue raw = kr_call_method0(v, "raw");
    if (kr_is_empty(raw)) {
        if (!kr_raised_is(kr_BufferError)) return -1;
        kr_clear_exception();
        kr_raise(pickle_pickling_error,
                 "PickleBuffer can not be pickled when pointing to a non-contiguous buffer");
        return -1;
    }
    int apart = ask_buffer_callback(p, v);
    if (apart < 0) return -1;
    if (apart)
        return put_op(p, OP_NEXT_BUFFER) < 0 ||
                       (view->read_only && put_op(p, OP_READONLY_BUFFER) < 0)
                   ? -1
                   : 0;
    size_t size = (size_t)view->size;
    int status = view->read_only ? put_bytes(p, view->data, size, raw)
                                 : put_bytearray(p, view->data, size, raw);
    return status < 0 ? -1 : memoize(p, v);
}

/* Protocol 0's text: what a line cannot hold is escaped. */
static KrValue escape_text(KrValue text)
{
    Output o = {0};
    for (size_t i = 0; i < kr_str_length(text); i++) {
        uint32_t c = kr_str_at(text, i);
        char escape[12];
        bool plain = c < 256 && c && c != '\\' && c != '\n' && c != '\r' && c != 0x1a;
        if (plain) {
            if (output_byte(&o, (int)c) < 0) break;
        } else {
            int n = snprintf(escape, sizeof escape, c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
            if (output_add(&o, escape, (size_t)n) < 0) break;
        }
    }
    return output_finish(&o);
}

static int save_str(Pickler *p, KrValue v)
{
    if (!p->binary) {
        KrValue escaped = escape_text(v);
        if (kr_is_empty(escaped) || put_op(p, OP_UNICODE) < 0 ||
            put(p, kr_bytes_data(escaped), kr_bytes_size(escaped)) < 0 || put(p, "\n", 1) < 0)
            return -1;
        return memoize(p, v);
    }
    size_t size;
    const char *data = kr_str_utf8(v, &size);
    KrValue encoded = KR_EMPTY;
    if (!data) {
        if (!kr_raised_is(kr_UnicodeEncodeError)) return -1;
        kr_clear_exception();
        encoded = kr_str_encode(v, "utf-8", "surrogatepass");
        if (kr_is_empty(encoded)) return -1;
        data = (const char *)kr_bytes_data(encoded);
        size = kr_bytes_size(encoded);
    }
    if (size > UINT32_MAX && p->protocol < 4) return too_large("string");
    uint8_t header[9];
    size_t n = sized_header(header, size, p->protocol >= 4 ? OP_SHORT_BINUNICODE : 0, OP_BINUNICODE,
                            OP_BINUNICODE8);
    return put_sized(p, header, n, data, size, encoded) < 0 ? -1 : memoize(p, v);
}

/* ---- Containers ----------------------------------------------------------------------------- */

/* While a container's items were written it was written itself, as one of them: the items are
 * dropped from the reader's stack and the container fetched. */
static int use_recursive(Pickler *p, int64_t number, size_t pops, bool marked)
{
    if (marked && p->binary) {
        if (put_op(p, OP_POP_MARK) < 0) return -1;
    } else {
        for (size_t i = 0; i < pops + (marked ? 1 : 0); i++)
            if (put_op(p, OP_POP) < 0) return -1;
    }
    return put_get(p, number);
}

static int save_tuple(Pickler *p, KrValue v)
{
    size_t n = kr_tuple_size(v);
    if (n == 0) return p->binary ? put_op(p, OP_EMPTY_TUPLE) : put(p, "(t", 2);
    bool small = n <= 3 && p->protocol >= 2;
    if (!small && put_op(p, OP_MARK) < 0) return -1;
    for (size_t i = 0; i < n; i++)
        if (save(p, kr_tuple_get(v, i)) < 0) return -1;
    int64_t number = memo_find(&p->memo, v);
    if (number >= 0) return use_recursive(p, number, n, !small);
    if (put_op(p, small ? OP_TUPLE1 + (int)n - 1 : OP_TUPLE) < 0) return -1;
    return memoize(p, v);
}

/* Items of an exact list in batches; its length may change meanwhile. */
static int batch_list(Pickler *p, KrValue v)
{
    if (kr_list_size(v) == 1 || !p->binary) {
        for (size_t i = 0; i < kr_list_size(v); i++)
            if (save(p, kr_list_get(v, i)) < 0 || put_op(p, OP_APPEND) < 0) return -1;
        return 0;
    }
    for (size_t i = 0; i < kr_list_size(v);) {
        if (put_op(p, OP_MARK) < 0) return -1;
        for (size_t end = i + BATCH; i < end && i < kr_list_size(v); i++)
            if (save(p, kr_list_get(v, i)) < 0) return -1;
        if (put_op(p, OP_APPENDS) < 0) return -1;
    }
    return 0;
}

/* What an iterator gives, as items of a list (save_one, one of it: op1, many: op_many) or pairs. */
static int batch_iterator(Pickler *p, KrValue iterator, int (*save_one)(Pickler *, KrValue),
                          int op1, int op_many)
{
    for (;;) {
        KrValue first = kr_next(iterator);
        if (kr_is_empty(first)) return kr_raised() ? -1 : 0;
        KrValue next = p->binary ? kr_next(iterator) : KR_EMPTY;
        if (kr_is_empty(next)) {
            if (kr_raised() || save_one(p, first) < 0 || put_op(p, op1) < 0) return -1;
            if (p->binary) return 0;
            continue;
        }
        if (put_op(p, OP_MARK) < 0 || save_one(p, first) < 0) return -1;
        int n = 1;
        while (!kr_is_empty(next)) {
            if (save_one(p, next) < 0) return -1;
            if (++n == BATCH) break;
            next = kr_next(iterator);
        }
        if (kr_raised() || put_op(p, op_many) < 0) return -1;
        if (n < BATCH) return 0;
    }
}

static int save_item(Pickler *p, KrValue v) { return save(p, v); }

static int save_pair(Pickler *p, KrValue pair)
{
    if (!kr_is_tuple(pair) || kr_tuple_size(pair) != 2) {
        kr_raise(kr_TypeError, "dict items iterator must return 2-tuples");
        return -1;
    }
    return save(p, kr_tuple_get(pair, 0)) < 0 ? -1 : save(p, kr_tuple_get(pair, 1));
}

static int save_list(Pickler *p, KrValue v)
{
    int status = p->binary ? put_op(p, OP_EMPTY_LIST) : put(p, "(l", 2);
    return status < 0 || memoize(p, v) < 0 ? -1 : batch_list(p, v);
}

/* One entry of an exact dict; saving runs user code, which must leave the keys alone. */
static int save_entry(Pickler *p, KrValue dict, size_t size, KrValue key, KrValue value)
{
    if (save(p, key) < 0 || save(p, value) < 0) return -1;
    if (kr_dict_size(dict) == size) return 0;
    kr_raise(kr_RuntimeError, "dictionary changed size during iteration");
    return -1;
}

/* In batches, as CPython's module does it: after a last one that is full comes one of nothing. */
static int batch_dict(Pickler *p, KrValue v)
{
    size_t position = 0, size = kr_dict_size(v);
    KrValue key, value;
    if (size <= 1 || !p->binary) {
        while (kr_dict_next(v, &position, &key, &value))
            if (save_entry(p, v, size, key, value) < 0 || put_op(p, OP_SETITEM) < 0) return -1;
        return 0;
    }
    for (int n = BATCH; n == BATCH;) {
        if (put_op(p, OP_MARK) < 0) return -1;
        for (n = 0; n < BATCH && kr_dict_next(v, &position, &key, &value); n++)
            if (save_entry(p, v, size, key, value) < 0) return -1;
        if (put_op(p, OP_SETITEMS) < 0) return -1;
    }
    return 0;
}

static int save_dict(Pickler *p, KrValue v)
{
    int status = p->binary ? put_op(p, OP_EMPTY_DICT) : put(p, "(d", 2);
    return status < 0 || memoize(p, v) < 0 ? -1 : batch_dict(p, v);
}

static int save_set(Pickler *p, KrValue v)
{
    if (p->protocol < 4)
        return save_call(p, kr_type_value(&kr_set_type), kr_tuple_of(1, kr_list_from(v)), v);
    if (put_op(p, OP_EMPTY_SET) < 0 || memoize(p, v) < 0) return -1;
    size_t position = 0, size = kr_set_size(v);
    KrValue item;
    for (int n = size ? BATCH : 0; n == BATCH;) { /* as in batch_dict() */
        if (put_op(p, OP_MARK) < 0) return -1;
        for (n = 0; n < BATCH && kr_set_next(v, &position, &item); n++) {
            if (save(p, item) < 0) return -1;
            if (kr_set_size(v) == size) continue;
            kr_raise(kr_RuntimeError, "set changed size during iteration");
            return -1;
        }
        if (put_op(p, OP_ADDITEMS) < 0) return -1;
    }
    return 0;
}

static int save_frozenset(Pickler *p, KrValue v)
{
    if (p->protocol < 4)
        return save_call(p, kr_type_value(&kr_frozenset_type), kr_tuple_of(1, kr_list_from(v)), v);
    size_t position = 0;
    KrValue item;
    if (put_op(p, OP_MARK) < 0) return -1;
    while (kr_set_next(v, &position, &item))
        if (save(p, item) < 0) return -1;
    int64_t number = memo_find(&p->memo, v);
    if (number >= 0) return use_recursive(p, number, 0, true);
    return put_op(p, OP_FROZENSET) < 0 ? -1 : memoize(p, v);
}

/* ---- Globals -------------------------------------------------------------------------------- */

/* Does the module have `object` under the dotted path? */
static int module_has(KrValue module, KrValue path, KrValue object)
{
    KrValue parent, found = pickle_deep_attribute(module, path, &parent);
    if (!kr_is_empty(found)) return kr_is(found, object);
    if (!kr_raised_is(kr_AttributeError)) return -1;
    kr_clear_exception();
    return 0;
}

/* The name of the module that holds `object`: its __module__, or the module in which it is found. */
static KrValue which_module(KrValue object, KrValue path)
{
    KrValue name = kr_find_attr(object, KR_NAME("__module__"));
    if (kr_is_empty(name) && kr_raised()) return KR_EMPTY;
    if (!kr_is_empty(name) && !kr_is(name, kr_None)) return name;
    KrValue modules = kr_import_attr("sys", "modules");
    if (kr_is_empty(modules)) return KR_EMPTY;
    /* A copy: looking may import. */
    KrValue items = kr_call_method0(modules, "items");
    KrValue list = kr_is_empty(items) ? items : kr_list_from(items);
    if (kr_is_empty(list)) return KR_EMPTY;
    for (size_t i = 0; i < kr_list_size(list); i++) {
        KrValue key = kr_tuple_get(kr_list_get(list, i), 0);
        KrValue module = kr_tuple_get(kr_list_get(list, i), 1);
        if (!kr_is_str(key) || kr_str_equal_ascii(key, "__main__") ||
            kr_str_equal_ascii(key, "__mp_main__") || kr_is(module, kr_None))
            continue;
        int has = module_has(module, path, object);
        if (has < 0) return KR_EMPTY;
        if (has) return key;
    }
    return KR_NAME("__main__");
}

static int fail_global(KrValue object, const char *format, KrValue a, KrValue b)
{
    KrValue detail = kr_str_format(format, a, b);
    if (kr_is_empty(detail)) return -1;
    kr_raise(pickle_pickling_error, "Can't pickle %R: %U", object, detail);
    return -1;
}

/* The names that Python 2 used. -1 raised. */
static int map_to_python2(KrValue *module, KrValue *name)
{
    KrValue names = kr_import_attr("_compat_pickle", "REVERSE_NAME_MAPPING");
    KrValue imports = kr_import_attr("_compat_pickle", "REVERSE_IMPORT_MAPPING");
    if (kr_is_empty(names) || kr_is_empty(imports)) return -1;
    KrValue found = kr_dict_find(names, kr_tuple_of(2, *module, *name));
    if (!kr_is_empty(found)) {
        if (!kr_is_tuple(found) || kr_tuple_size(found) != 2) {
            kr_raise(kr_RuntimeError,
                     "_compat_pickle.REVERSE_NAME_MAPPING values should be 2-tuples, not %T",
                     found);
            return -1;
        }
        *module = kr_tuple_get(found, 0);
        *name = kr_tuple_get(found, 1);
        return 0;
    }
    if (kr_raised()) return -1;
    found = kr_dict_find(imports, *module);
    if (kr_is_empty(found)) return kr_raised() ? -1 : 0;
    *module = found;
    return 0;
}

/* Through its number in copyreg's registry: 1 written, 0 it has none. */
static int save_extension(Pickler *p, KrValue module, KrValue name)
{
    if (p->protocol < 2 || kr_dict_size(pickle_extensions) == 0) return 0;
    KrValue code = kr_dict_find(pickle_extensions, kr_tuple_of(2, module, name));
    if (kr_is_empty(code)) return kr_raised() ? -1 : 0;
    int64_t number;
    if (!kr_is_int(code)) {
        kr_raise(pickle_pickling_error, "Can't pickle: extension code %R isn't an integer", code);
        return -1;
    }
    if (kr_to_int64(code, &number) < 0) return -1;
    if (number <= 0 || number > INT32_MAX) {
        kr_raise(kr_RuntimeError, "extension code %lld is out of range", (long long)number);
        return -1;
    }
    int n = number < 256 ? 1 : number < 65536 ? 2 : 4;
    int op = n == 1 ? OP_EXT1 : n == 2 ? OP_EXT2 : OP_EXT4;
    return put_number(p, op, (uint64_t)number, n) < 0 ? -1 : 1;
}

static int put_line(Pickler *p, KrValue text, const char *encoding)
{
    KrValue bytes = kr_str_encode(text, encoding, NULL);
    if (kr_is_empty(bytes)) return -1;
    return put(p, kr_bytes_data(bytes), kr_bytes_size(bytes)) < 0 ? -1 : put(p, "\n", 1);
}

static int put_global(Pickler *p, KrValue module, KrValue name)
{
    if (p->protocol >= 4) {
        if (save(p, module) < 0 || save(p, name) < 0) return -1;
        return put_op(p, OP_STACK_GLOBAL);
    }
    if (p->fix_imports && p->protocol < 3 && map_to_python2(&module, &name) < 0) return -1;
    const char *encoding = p->protocol >= 3 ? "utf-8" : "ascii";
    if (put_op(p, OP_GLOBAL) == 0 && put_line(p, module, encoding) == 0 &&
        put_line(p, name, encoding) == 0)
        return 0;
    if (!kr_raised_is(kr_UnicodeEncodeError)) return -1;
    kr_clear_exception();
    kr_raise(pickle_pickling_error,
             "can't pickle global identifier '%S.%S' using pickle protocol %d", module, name,
             p->protocol);
    return -1;
}

/* name: what __reduce__ returned, or KR_EMPTY. */
static int save_global(Pickler *p, KrValue object, KrValue name)
{
    if (kr_is_empty(name)) {
        name = kr_find_attr(object, KR_NAME("__qualname__"));
        if (kr_is_empty(name) && kr_raised()) return -1;
        if (kr_is_empty(name)) name = kr_getattr(object, KR_NAME("__name__"));
        if (kr_is_empty(name)) return -1;
    }
    KrValue path = pickle_split_name(KR_EMPTY, name);
    KrValue module_name = kr_is_empty(path) ? KR_EMPTY : which_module(object, path);
    if (kr_is_empty(module_name)) return -1;
    const char *text = kr_str_cstring(module_name);
    if (!text) return -1;
    KrValue module = kr_import(text);
    if (kr_is_empty(module)) {
        kr_clear_exception();
        return fail_global(object, "import of module %R failed", module_name, KR_EMPTY);
    }
    KrValue parent = module, found = pickle_deep_attribute(module, path, &parent);
    if (kr_is_empty(found)) {
        kr_clear_exception();
        return fail_global(object, "attribute lookup %S on %S failed", name, module_name);
    }
    if (!kr_is(found, object))
        return fail_global(object, "it's not the same object as %S.%S", module_name, name);
    int extended = save_extension(p, module_name, name);
    if (extended) return extended < 0 ? -1 : 0;
    KrValue last = kr_list_get(path, kr_list_size(path) - 1);
    if (kr_is(parent, module)) name = last;
    if (p->protocol < 4 && !kr_is(parent, module)) {
        KrValue getter = kr_import_attr("builtins", "getattr");
        return save_call(p, getter, kr_tuple_of(2, parent, last), object);
    }
    return put_global(p, module_name, name) < 0 ? -1 : memoize(p, object);
}

/* The types of the singletons have no global name. */
static int save_type(Pickler *p, KrValue v)
{
    const KrValue singletons[] = {kr_None, kr_Ellipsis, kr_NotImplemented};
    for (size_t i = 0; i < 3; i++)
        if (kr_is(v, kr_type_value(kr_type_of(singletons[i]))))
            return save_call(p, kr_type_value(&kr_type_type), kr_tuple_of(1, singletons[i]), v);
    return save_global(p, v, KR_EMPTY);
}

/* ---- Reduction ------------------------------------------------------------------------------ */

static int fail_reduce(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    kr_raise_v(pickle_pickling_error, format, args);
    va_end(args);
    return -1;
}

/* What __reduce__ gave, taken apart; absent parts are KR_EMPTY. */
typedef struct Reduced {
    KrValue callable, args, state, items, pairs, setter;
} Reduced;

static int check_reduced(KrValue v, Reduced *r)
{
    if (!kr_is_tuple(v)) return fail_reduce("__reduce__ must return a string or tuple");
    size_t n = kr_tuple_size(v);
    if (n < 2 || n > 6)
        return fail_reduce("tuple returned by __reduce__ must contain 2 through 6 elements");
    KrValue part[6] = {KR_EMPTY, KR_EMPTY, KR_EMPTY, KR_EMPTY, KR_EMPTY, KR_EMPTY};
    for (size_t i = 0; i < n; i++)
        if (i < 2 || !kr_is(kr_tuple_get(v, i), kr_None)) part[i] = kr_tuple_get(v, i);
    *r = (Reduced){part[0], part[1], part[2], part[3], part[4], part[5]};
    if (!kr_is_callable(r->callable))
        return fail_reduce("first item of the tuple returned by __reduce__ must be callable");
    if (!kr_is_tuple(r->args))
        return fail_reduce("second item of the tuple returned by __reduce__ must be a tuple");
    if (!kr_is_empty(r->items) && !kr_is_iterator(r->items))
        return fail_reduce(
            "fourth element of the tuple returned by __reduce__ must be an iterator, not %T",
            r->items);
    if (!kr_is_empty(r->pairs) && !kr_is_iterator(r->pairs))
        return fail_reduce(
            "fifth element of the tuple returned by __reduce__ must be an iterator, not %T",
            r->pairs);
    if (!kr_is_empty(r->setter) && !kr_is_callable(r->setter))
        return fail_reduce(
            "sixth element of the tuple returned by __reduce__ must be a function, not %T",
            r->setter);
    return 0;
}

static int check_class(KrValue class, KrValue object, const char *which)
{
    KrValue maker = kr_find_attr(class, KR_NAME("__new__"));
    if (kr_is_empty(maker))
        return kr_raised() ? -1 : fail_reduce("args[0] from %s args has no __new__", which);
    if (kr_is_empty(object)) return 0;
    KrValue own = kr_getattr(object, KR_NAME("__class__"));
    if (kr_is_empty(own)) return -1;
    return kr_is(own, class) ? 0 : fail_reduce("args[0] from %s args has the wrong class", which);
}

/* cls.__new__(cls, *args): class, arguments, NEWOBJ. */
static int save_new_object(Pickler *p, const Reduced *r, KrValue object)
{
    size_t n = kr_tuple_size(r->args);
    if (n == 0) return fail_reduce("__newobj__ arglist is empty");
    KrValue class = kr_tuple_get(r->args, 0);
    if (check_class(class, object, "__newobj__") < 0) return -1;
    KrValue rest = kr_tuple(kr_tuple_items(r->args) + 1, n - 1);
    if (kr_is_empty(rest) || save(p, class) < 0 || save(p, rest) < 0) return -1;
    return put_op(p, OP_NEWOBJ);
}

/* Before protocol 4: partial(cls.__new__, cls, *args, **kwargs)(). */
static int save_new_partial(Pickler *p, KrValue class, KrValue args, KrValue kwargs)
{
    KrValue partial = kr_import_attr("functools", "partial");
    KrValue maker = kr_getattr(class, KR_NAME("__new__"));
    KrValue head = kr_tuple_of(2, maker, class);
    if (kr_is_empty(partial) || kr_is_empty(head)) return -1;
    KrValue all = kr_binary(KR_ADD, head, args);
    KrValue callable = kr_is_empty(all) ? all : kr_call_tuple(partial, all, kwargs);
    KrValue nothing = kr_tuple(NULL, 0);
    if (kr_is_empty(callable) || save(p, callable) < 0 || save(p, nothing) < 0) return -1;
    return put_op(p, OP_REDUCE);
}

static int save_new_object_ex(Pickler *p, const Reduced *r, KrValue object)
{
    if (kr_tuple_size(r->args) != 3)
        return fail_reduce("length of the NEWOBJ_EX argument tuple must be exactly 3, not %zu",
                           kr_tuple_size(r->args));
    KrValue class = kr_tuple_get(r->args, 0), args = kr_tuple_get(r->args, 1),
            kwargs = kr_tuple_get(r->args, 2);
    if (!kr_is_a(class, &kr_type_type))
        return fail_reduce("first item from NEWOBJ_EX argument tuple must be a class, not %T",
                           class);
    if (!kr_is_tuple(args))
        return fail_reduce("second item from NEWOBJ_EX argument tuple must be a tuple, not %T",
                           args);
    if (!kr_is_dict(kwargs))
        return fail_reduce("third item from NEWOBJ_EX argument tuple must be a dict, not %T",
                           kwargs);
    if (check_class(class, object, "__newobj_ex__") < 0) return -1;
    if (p->protocol < 4) return save_new_partial(p, class, args, kwargs);
    if (save(p, class) < 0 || save(p, args) < 0 || save(p, kwargs) < 0) return -1;
    return put_op(p, OP_NEWOBJ_EX);
}

static int save_making(Pickler *p, const Reduced *r, KrValue object)
{
    if (p->protocol >= 2) {
        KrValue name = kr_find_attr(r->callable, KR_NAME("__name__"));
        if (kr_is_empty(name) && kr_raised()) return -1;
        if (!kr_is_empty(name) && kr_is_str(name)) {
            if (kr_str_equal_ascii(name, "__newobj__")) return save_new_object(p, r, object);
            if (kr_str_equal_ascii(name, "__newobj_ex__")) return save_new_object_ex(p, r, object);
        }
    }
    if (save(p, r->callable) < 0 || save(p, r->args) < 0) return -1;
    return put_op(p, OP_REDUCE);
}

static int save_state(Pickler *p, const Reduced *r, KrValue object)
{
    if (kr_is_empty(r->state)) return 0;
    if (kr_is_empty(r->setter)) return save(p, r->state) < 0 ? -1 : put_op(p, OP_BUILD);
    /* setter(object, state), whose result is dropped. */
    if (save(p, r->setter) < 0 || save(p, object) < 0 || save(p, r->state) < 0) return -1;
    const uint8_t call[] = {OP_TUPLE2, OP_REDUCE, OP_POP};
    return put(p, call, sizeof call);
}

/* object: what is being saved, KR_EMPTY when it shall not be memoized. */
static int save_reduce(Pickler *p, KrValue reduced, KrValue object)
{
    Reduced r = {0};
    if (check_reduced(reduced, &r) < 0 || save_making(p, &r, object) < 0) return -1;
    if (!kr_is_empty(object)) {
        int64_t number = memo_find(&p->memo, object);
        int status = number >= 0 ? use_recursive(p, number, 1, false) : memoize(p, object);
        if (status < 0) return -1;
    }
    if (!kr_is_empty(r.items) && batch_iterator(p, r.items, save_item, OP_APPEND, OP_APPENDS) < 0)
        return -1;
    if (!kr_is_empty(r.pairs) && batch_iterator(p, r.pairs, save_pair, OP_SETITEM, OP_SETITEMS) < 0)
        return -1;
    return save_state(p, &r, object);
}

/* The reducer of a table for the object's type: KR_EMPTY without exception when there is none. */
static KrValue find_reducer(Pickler *p, KrValue type)
{
    if (kr_is_empty(p->dispatch_table)) return kr_dict_find(pickle_dispatch_table, type);
    KrValue found = kr_getitem(p->dispatch_table, type);
    if (kr_is_empty(found) && kr_raised_is(kr_KeyError)) kr_clear_exception();
    return found;
}

static int save_reduced(Pickler *p, KrValue v, KrValue reduced)
{
    if (kr_is_empty(reduced)) return -1;
    if (kr_is_str(reduced)) return save_global(p, v, reduced);
    return save_reduce(p, reduced, v);
}

static int save_by_reduction(Pickler *p, KrValue v, KrType *type)
{
    if (!kr_is_empty(p->reducer_override)) {
        KrValue reduced = kr_call1(p->reducer_override, v);
        if (!kr_is(reduced, kr_NotImplemented)) return save_reduced(p, v, reduced);
    }
    if (type == &kr_type_type) return save_type(p, v);
    if (type == &kr_function_type) return save_global(p, v, KR_EMPTY);
    KrValue reducer = find_reducer(p, kr_type_value(type));
    if (!kr_is_empty(reducer)) return save_reduced(p, v, kr_call1(reducer, v));
    if (kr_raised()) return -1;
    if (kr_is_subtype(type, &kr_type_type)) return save_global(p, v, KR_EMPTY);
    reducer = kr_find_attr(v, KR_NAME("__reduce_ex__"));
    if (!kr_is_empty(reducer)) return save_reduced(p, v, kr_call1(reducer, kr_int(p->protocol)));
    if (kr_raised()) return -1;
    reducer = kr_find_attr(v, KR_NAME("__reduce__"));
    if (!kr_is_empty(reducer)) return save_reduced(p, v, kr_call0(reducer));
    if (kr_raised()) return -1;
    return fail_reduce("can't pickle '%T' object: %R", v, v);
}

/* ---- Any object ----------------------------------------------------------------------------- */

/* Fast mode keeps no memo: deep nesting is watched for cycles instead. */
static int fast_enter(Pickler *p, KrValue v)
{
    if (++p->fast_depth < FAST_NESTING) return 0;
    KrValue key = kr_int_unsigned(v.bits);
    if (kr_is_empty(p->fast_memo) && kr_is_empty(p->fast_memo = kr_dict())) return -1;
    if (!kr_is_empty(kr_dict_find(p->fast_memo, key))) {
        kr_raise(kr_ValueError,
                 "fast mode: can't pickle cyclic objects including object type %T at %p", v,
                 kr_to_object(v));
        return -1;
    }
    return kr_dict_set(p->fast_memo, key, kr_None);
}

static void fast_leave(Pickler *p, KrValue v)
{
    if (p->fast_depth-- >= FAST_NESTING &&
        kr_dict_delete(p->fast_memo, kr_int_unsigned(v.bits)) < 0)
        kr_clear_exception();
}

static int save_nested(Pickler *p, KrValue v, KrType *type)
{
    if (type == &kr_dict_type) return save_dict(p, v);
    if (type == &kr_list_type) return save_list(p, v);
    if (type == &kr_tuple_type) return save_tuple(p, v);
    if (type == &kr_set_type) return save_set(p, v);
    if (type == &kr_frozenset_type) return save_frozenset(p, v);
    if (type == &kr_bytearray_type) return save_bytearray(p, v);
    if (type == pickle_buffer_type) return save_picklebuffer(p, v);
    return save_by_reduction(p, v, type);
}

/* 1 written as a persistent id, 0 it has none. */
static int save_persistent(Pickler *p, KrValue v)
{
    KrValue id = kr_call1(p->persistent_id, v);
    if (kr_is_empty(id)) return -1;
    if (kr_is(id, kr_None)) return 0;
    if (p->binary) {
        p->is_id = true;
        return save(p, id) < 0 || put_op(p, OP_BINPERSID) < 0 ? -1 : 1;
    }
    KrValue text = kr_to_str(id);
    if (kr_is_empty(text)) return -1;
    if (!kr_str_is_ascii(text))
        return fail_reduce("persistent IDs in protocol 0 must be ASCII strings");
    return put_op(p, OP_PERSID) < 0 || put_line(p, text, "ascii") < 0 ? -1 : 1;
}

static int save(Pickler *p, KrValue v)
{
    if (boundary(p) < 0) return -1;
    KrType *type = kr_type_of(v);
    int done;
    bool ask = !kr_is_empty(p->persistent_id) && !p->is_id;
    p->is_id = false;
    if (ask && (done = save_persistent(p, v))) return done < 0 ? -1 : 0;
    if ((done = save_atom(p, v, type))) return done < 0 ? -1 : 0;
    int64_t number = memo_find(&p->memo, v);
    if (number >= 0) return put_get(p, number);
    if (type == &kr_str_type) return save_str(p, v);
    if (type == &kr_bytes_type) return save_bytes(p, v);
    if (kr_enter_recursion(" while pickling an object") < 0) return -1;
    int status = p->fast ? fast_enter(p, v) : 0;
    if (status == 0) status = save_nested(p, v, type);
    if (p->fast) fast_leave(p, v);
    kr_leave_recursion();
    return status;
}

static int dump(Pickler *p, KrValue v)
{
    p->out.size = 0;
    p->framing = false;
    p->frame = -1;
    p->fast_depth = 0;
    p->is_id = false;
    uint8_t header[2] = {OP_PROTO, (uint8_t)p->protocol};
    if (p->protocol >= 2 && put(p, header, 2) < 0) return -1;
    p->framing = p->protocol >= 4;
    int status = save(p, v) < 0 || put_op(p, OP_STOP) < 0 ? -1 : 0;
    if (status == 0) end_frame(p);
    p->framing = false;
    return status;
}

/* ---- The type ------------------------------------------------------------------------------- */

static int set_protocol(Pickler *p, KrValue protocol, KrValue fix_imports)
{
    int64_t number = PICKLE_DEFAULT;
    if (!kr_is(protocol, kr_None)) {
        if (kr_to_int64(protocol, &number) < 0) return -1;
        if (number < 0) number = PICKLE_HIGHEST;
        if (number > PICKLE_HIGHEST) {
            kr_raise(kr_ValueError, "pickle protocol must be <= %d", PICKLE_HIGHEST);
            return -1;
        }
    }
    int fix = kr_truth(fix_imports);
    if (fix < 0) return -1;
    p->protocol = (int)number;
    p->binary = number > 0;
    p->fix_imports = fix && number < 3;
    return 0;
}

static int set_buffer_callback(Pickler *p, KrValue callback)
{
    p->buffer_callback = kr_is(callback, kr_None) ? KR_EMPTY : callback;
    if (kr_is_empty(p->buffer_callback) || p->protocol >= 5) return 0;
    kr_raise(kr_ValueError, "buffer_callback needs protocol >= 5");
    return -1;
}

static int set_file(Pickler *p, KrValue file)
{
    p->write = kr_find_attr(file, KR_NAME("write"));
    if (!kr_is_empty(p->write)) return 0;
    if (!kr_raised()) kr_raise(kr_TypeError, "file must have a 'write' attribute");
    return -1;
}

static int find_optional(KrValue self, const char *name, KrValue *to)
{
    *to = kr_find_attr(self, kr_intern(name));
    return kr_is_empty(*to) && kr_raised() ? -1 : 0;
}

static int pickler_init(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    static const KrFunction entry = {
        "Pickler", "(file, protocol=None, fix_imports=True, buffer_callback=None)", NULL, NULL, 0,
        NULL};
    KrValue slots[4];
    Pickler *p = pickler_of(self);
    if (kr_bind(&entry, args, n, kwnames, slots) < 0) return -1;
    p->ready = false;
    if (set_protocol(p, slots[1], slots[2]) < 0 || set_file(p, slots[0]) < 0 ||
        set_buffer_callback(p, slots[3]) < 0)
        return -1;
    p->fast = false;
    p->memo = (Memo){0};
    p->persistent_id = KR_EMPTY;
    p->fast_memo = KR_EMPTY;
    if (find_optional(self, "persistent_id", &p->persistent_id) < 0 ||
        find_optional(self, "dispatch_table", &p->dispatch_table) < 0)
        return -1;
    p->ready = true;
    return 0;
}

static void pickler_trace(void *self, KrTracer *tracer)
{
    Pickler *p = self;
    kr_trace_pointer(tracer, p->memo.keys);
    kr_trace_pointer(tracer, p->memo.numbers);
    kr_trace(tracer, p->write);
    kr_trace(tracer, p->persistent_id);
    kr_trace(tracer, p->dispatch_table);
    kr_trace(tracer, p->reducer_override);
    kr_trace(tracer, p->buffer_callback);
    kr_trace(tracer, p->fast_memo);
}
static void pickler_release(void *self) { free(((Pickler *)self)->out.data); }

static KrValue pickler_make(KrType *type, KR_UNUSED const KrValue *args, KR_UNUSED size_t n,
                            KR_UNUSED KrValue kwnames)
{
    Pickler *p = kr_alloc_instance(type);
    return p ? kr_from_object(p) : KR_EMPTY;
}

KR_FN(pickler, pickler_dump, "dump", "(self, obj, /)",
      "Write a pickled representation of the given object to the open file.")
{
    Pickler *p = pickler_of(a[0]);
    if (!p->ready)
        return kr_raise(pickle_pickling_error, "Pickler.__init__() was not called by %T.__init__()",
                        a[0]);
    if (find_optional(a[0], "reducer_override", &p->reducer_override) < 0) return KR_EMPTY;
    int status = dump(p, a[1]);
    p->reducer_override = KR_EMPTY; /* it holds the pickler itself */
    return status < 0 || flush(p) < 0 ? KR_EMPTY : kr_None;
}
KR_FN(pickler, pickler_clear_memo, "clear_memo", "(self, /)",
      "Clears the pickler's \"memo\".\n\n"
      "The memo is the data structure that remembers which objects the\n"
      "pickler has already seen, so that shared or recursive objects are\n"
      "pickled by reference and not by value.  This method is useful when\n"
      "re-using picklers.")
{
    pickler_of(a[0])->memo = (Memo){0};
    return kr_None;
}

static KrValue get_bin(KrValue self) { return kr_int(pickler_of(self)->binary); }
static int set_bin(KrValue self, KrValue value)
{
    int truth = kr_is_empty(value) ? 0 : kr_truth(value);
    if (truth >= 0) pickler_of(self)->binary = truth;
    return truth < 0 ? -1 : 0;
}
KR_GETSET(pickler, get_bin, set_bin, "bin", NULL)

static KrValue get_fast(KrValue self) { return kr_int(pickler_of(self)->fast); }
static int set_fast(KrValue self, KrValue value)
{
    int truth = kr_is_empty(value) ? 0 : kr_truth(value);
    if (truth >= 0) pickler_of(self)->fast = truth;
    return truth < 0 ? -1 : 0;
}
KR_GETSET(pickler, get_fast, set_fast, "fast", NULL)

static KrValue get_or_missing(KrValue v, const char *name)
{
    return kr_is_empty(v) ? kr_raise(kr_AttributeError, "%s", name) : v;
}
static KrValue get_dispatch_table(KrValue self)
{
    return get_or_missing(pickler_of(self)->dispatch_table, "dispatch_table");
}
static int set_dispatch_table(KrValue self, KrValue value)
{
    pickler_of(self)->dispatch_table = value;
    return 0;
}
KR_GETSET(pickler, get_dispatch_table, set_dispatch_table, "dispatch_table", NULL)

static KrValue get_persistent_id(KrValue self)
{
    return get_or_missing(pickler_of(self)->persistent_id, "persistent_id");
}
static int set_persistent_id(KrValue self, KrValue value)
{
    if (kr_is_empty(value) || !kr_is_callable(value)) {
        kr_raise(kr_TypeError, kr_is_empty(value)
                                   ? "attribute deletion is not supported"
                                   : "persistent_id must be a callable taking one argument");
        return -1;
    }
    pickler_of(self)->persistent_id = value;
    return 0;
}
KR_GETSET(pickler, get_persistent_id, set_persistent_id, "persistent_id", NULL)

/* ---- The memo as Python sees it ------------------------------------------------------------- */

typedef struct MemoProxy {
    KrObject head;
    Pickler *pickler;
} MemoProxy;

static Pickler *proxied(KrValue self) { return ((MemoProxy *)kr_to_object(self))->pickler; }
static void proxy_trace(void *self, KrTracer *tracer)
{
    kr_trace_pointer(tracer, ((MemoProxy *)self)->pickler);
}

static KrValue memo_as_dict(const Memo *m)
{
    KrValue dict = kr_dict();
    for (size_t i = 0; !kr_is_empty(dict) && i < m->capacity; i++) {
        if (kr_is_empty(m->keys[i])) continue;
        KrValue pair = kr_tuple_of(2, kr_int(m->numbers[i]), m->keys[i]);
        if (kr_is_empty(pair) || kr_dict_set(dict, kr_int_unsigned(m->keys[i].bits), pair) < 0)
            return KR_EMPTY;
    }
    return dict;
}

KR_FN(memo_proxy, proxy_clear, "clear", "(self, /)", "Remove all items from memo.")
{
    proxied(a[0])->memo = (Memo){0};
    return kr_None;
}
KR_FN(memo_proxy, proxy_copy, "copy", "(self, /)", "Copy the memo to a new object.")
{
    return memo_as_dict(&proxied(a[0])->memo);
}
KR_FN(memo_proxy, proxy_reduce, "__reduce__", "(self, /)", "Implement pickle support.")
{
    KrValue args = kr_tuple_of(1, memo_as_dict(&proxied(a[0])->memo));
    return kr_tuple_of(2, kr_type_value(&kr_dict_type), args);
}

static KrValue get_memo(KrValue self)
{
    MemoProxy *proxy = kr_alloc_instance(memo_proxy_type);
    if (!proxy) return KR_EMPTY;
    proxy->pickler = pickler_of(self);
    return kr_from_object(proxy);
}

static int memo_from_dict(Memo *m, KrValue dict)
{
    size_t position = 0;
    KrValue key, value;
    while (kr_dict_next(dict, &position, &key, &value)) {
        int64_t number;
        if (!kr_is_tuple(value) || kr_tuple_size(value) != 2) {
            kr_raise(kr_TypeError, "'memo' values must be 2-item tuples");
            return -1;
        }
        if (kr_to_int64(kr_tuple_get(value, 0), &number) < 0 ||
            memo_set(m, kr_tuple_get(value, 1), number) < 0)
            return -1;
    }
    return 0;
}

static int set_memo(KrValue self, KrValue value)
{
    Memo m = {0};
    if (kr_is_empty(value)) {
        kr_raise(kr_TypeError, "attribute deletion is not supported");
        return -1;
    }
    if (kr_is_instance_exact(value, memo_proxy_type)) {
        const Memo *from = &proxied(value)->memo;
        for (size_t i = 0; i < from->capacity; i++)
            if (!kr_is_empty(from->keys[i]) && memo_set(&m, from->keys[i], from->numbers[i]) < 0)
                return -1;
    } else if (!kr_is_dict(value)) {
        kr_raise(kr_TypeError, "'memo' attribute must be a PicklerMemoProxy object or dict, not %T",
                 value);
        return -1;
    } else if (memo_from_dict(&m, value) < 0) {
        return -1;
    }
    pickler_of(self)->memo = m;
    return 0;
}
KR_GETSET(pickler, get_memo, set_memo, "memo", NULL)

KrValue pickle_dump(KrValue object, KrValue file, KrValue protocol, KrValue fix_imports,
                    KrValue buffer_callback)
{
    Pickler *p = kr_alloc_instance(pickler_type);
    if (!p || set_protocol(p, protocol, fix_imports) < 0) return KR_EMPTY;
    if (!kr_is_empty(file) && set_file(p, file) < 0) return KR_EMPTY;
    if (set_buffer_callback(p, buffer_callback) < 0 || dump(p, object) < 0) return KR_EMPTY;
    if (!kr_is_empty(file)) return flush(p) < 0 ? KR_EMPTY : kr_None;
    return output_finish(&p->out);
}

#include "modules/_pickle_save.entries.h"

int pickle_save_init(KrValue module)
{
    static const KrTypeSpec spec = {
        .name = "_pickle.Pickler",
        .doc = "Pickler(file, protocol=None, fix_imports=True, buffer_callback=None)\n--\n\n"
               "This takes a binary file for writing a pickle data stream.\n\n"
               "The optional *protocol* argument tells the pickler to use the given\n"
               "protocol; supported protocols are 0, 1, 2, 3, 4 and 5.  The default\n"
               "protocol is 4.  A negative protocol selects the highest one.\n\n"
               "The *file* argument must have a write() method that accepts a single\n"
               "bytes argument.",
        .size = sizeof(Pickler),
        .trace = pickler_trace,
        .release = pickler_release,
        .functions = pickler_functions,
        .getset = pickler_getset,
        .slots = {.make = pickler_make, .init = pickler_init}};
    static const KrTypeSpec proxy_spec = {.name = "_pickle.PicklerMemoProxy",
                                          .size = sizeof(MemoProxy),
                                          .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT,
                                          .trace = proxy_trace,
                                          .functions = memo_proxy_functions};
    kr_type_once(&pickler_type, &spec);
    kr_type_once(&memo_proxy_type, &proxy_spec);
    if (!pickler_type || !memo_proxy_type) return -1;
    return kr_module_add_type(module, pickler_type);
}
