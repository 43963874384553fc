/* marshal.c: the marshal module, in CPython's format 4 for all types but code: a code object is type 'c', a length, and
 * krait's own bytes (compile/code_file.h), which only the same build reads. */
#include <stdlib.h>
#include <string.h>

#include "runtime/krait.h"

#define DEPTH_LIMIT 2000
#define FLAG_REF 0x80

typedef struct Writer {
    uint8_t *data;
    size_t size, room;
    int depth, version;
    KrValue seen; /* dict id -> reference number */
    bool failed;
} Writer;

static void put(Writer *w, const void *data, size_t n)
{
    if (w->failed) return;
    if (w->size + n > w->room) {
        size_t room = w->room * 2 + n + 256;
        uint8_t *larger = realloc(w->data, room);
        if (!larger) {
            kr_raise_no_memory();
            w->failed = true;
            return;
        }
        w->data = larger;
        w->room = room;
    }
    memcpy(w->data + w->size, data, n);
    w->size += n;
}
static void put_byte(Writer *w, int c)
{
    uint8_t byte = (uint8_t)c;
    put(w, &byte, 1);
}
static void put_int(Writer *w, int64_t x)
{
    uint32_t word = (uint32_t)x;
    put(w, &word, 4);
}
static void put_size(Writer *w, size_t n)
{
    if (n > INT32_MAX) {
        kr_raise(kr_ValueError, "unmarshallable object");
        w->failed = true;
    }
    put_int(w, (int64_t)n);
}

static void write_value(Writer *w, KrValue v);

static void put_long(Writer *w, KrValue v, int flag)
{
    size_t bits = kr_int_bit_length(v), digits = (bits + 14) / 15, bytes = bits / 8 + 2;
    uint8_t *magnitude = calloc(1, bytes + 4);
    KrValue positive = kr_int_sign(v) < 0 ? kr_negative(v) : v;
    if (!magnitude || kr_is_empty(positive) || kr_int_to_bytes(positive, magnitude, bytes, true, false) < 0) {
        w->failed = true;
    } else {
        put_byte(w, 'l' | flag);
        put_int(w, kr_int_sign(v) < 0 ? -(int64_t)digits : (int64_t)digits);
        for (size_t i = 0; i < digits; i++) {
            size_t bit = i * 15;
            uint32_t window = magnitude[bit / 8] | (uint32_t)magnitude[bit / 8 + 1] << 8 | (bit / 8 + 2 < bytes + 4 ? (uint32_t)magnitude[bit / 8 + 2] << 16 : 0);
            uint16_t digit = (uint16_t)((window >> (bit % 8)) & 0x7fff);
            put(w, &digit, 2);
        }
    }
    free(magnitude);
}

static void put_str(Writer *w, KrValue v, int flag)
{
    size_t n = kr_str_length(v);
    if (kr_str_is_ascii(v)) {
        put_byte(w, (n < 256 ? 'z' : 'a') | flag);
        if (n < 256) put_byte(w, (int)n);
        else put_size(w, n);
        put(w, kr_str_points(v), n);
        return;
    }
    KrValue bytes = kr_str_encode(v, "utf-8", "surrogatepass");
    if (kr_is_empty(bytes)) {
        w->failed = true;
        return;
    }
    put_byte(w, 'u' | flag);
    put_size(w, kr_bytes_size(bytes));
    put(w, kr_bytes_data(bytes), kr_bytes_size(bytes));
}

static void put_items(Writer *w, KrValue iterable, size_t n)
{
    put_size(w, n);
    KrValue iterator = kr_iter(iterable);
    for (KrValue item; !w->failed && !kr_is_empty(iterator) && !kr_is_empty(item = kr_next(iterator));) write_value(w, item);
    if (kr_raised()) w->failed = true;
}

static KrValue dumps(KrValue v, int version);

/* The items of a set in the order of their own dumps: equal sets give equal bytes. */
static void put_set(Writer *w, KrValue set)
{
    KrValue pairs = kr_list(NULL, 0), iterator = kr_iter(set);
    put_size(w, kr_set_size(set));
    for (KrValue item; !kr_raised() && !kr_is_empty(item = kr_next(iterator));) {
        KrValue bytes = dumps(item, w->version);
        KrValue pair = kr_is_empty(bytes) ? KR_EMPTY : kr_tuple_of(2, bytes, item);
        if (kr_is_empty(pair) || kr_list_append(pairs, pair) < 0) break;
    }
    if (kr_raised() || kr_list_sort(pairs, KR_EMPTY, false) < 0) {
        w->failed = true;
        return;
    }
    for (size_t i = 0; i < kr_list_size(pairs); i++) write_value(w, kr_tuple_get(kr_list_get(pairs, i), 1));
}

static bool type_is(KrValue v, KrType *type) { return kr_is_instance_exact(v, type); }

/* Containers and other heap objects; `flag` marks a first occurrence that may be referred to. */
static void write_object(Writer *w, KrValue v, int flag)
{
    if (type_is(v, &kr_int_type)) put_long(w, v, flag);
    else if (type_is(v, &kr_str_type)) put_str(w, v, flag);
    else if (type_is(v, &kr_bytes_type)) put_byte(w, 's' | flag), put_size(w, kr_bytes_size(v)), put(w, kr_bytes_data(v), kr_bytes_size(v));
    else if (type_is(v, &kr_complex_type)) {
        double parts[2];
        if (kr_to_complex(v, &parts[0], &parts[1]) < 0) w->failed = true;
        put_byte(w, 'y' | flag), put(w, parts, sizeof parts);
    } else if (type_is(v, &kr_tuple_type)) {
        size_t n = kr_tuple_size(v);
        if (n < 256) {
            put_byte(w, ')' | flag), put_byte(w, (int)n);
            for (size_t i = 0; i < n && !w->failed; i++) write_value(w, kr_tuple_get(v, i));
        } else {
            put_byte(w, '(' | flag), put_items(w, v, n);
        }
    } else if (type_is(v, &kr_list_type)) put_byte(w, '[' | flag), put_items(w, v, kr_list_size(v));
    else if (type_is(v, &kr_set_type)) put_byte(w, '<' | flag), put_set(w, v);
    else if (type_is(v, &kr_frozenset_type)) put_byte(w, '>' | flag), put_set(w, v);
    else if (type_is(v, &kr_dict_type)) {
        KrValue key, value;
        put_byte(w, '{' | flag);
        for (size_t position = 0; !w->failed && kr_dict_next(v, &position, &key, &value);) write_value(w, key), write_value(w, value);
        put_byte(w, '0');
    } else if (type_is(v, &kr_code_type)) {
        KrValue bytes = kr_code_to_bytes(v);
        if (kr_is_empty(bytes)) {
            w->failed = true;
            return;
        }
        put_byte(w, 'c' | flag), put_size(w, kr_bytes_size(bytes)), put(w, kr_bytes_data(bytes), kr_bytes_size(bytes));
    } else if (kr_has_buffer(v)) {
        KrBuffer view;
        if (kr_buffer_get(v, &view, KR_BUFFER_CONTIGUOUS) < 0) {
            w->failed = true;
            return;
        }
        put_byte(w, 's' | flag), put_size(w, (size_t)view.size), put(w, view.data, (size_t)view.size);
        kr_buffer_release(&view);
    } else {
        kr_raise(kr_ValueError, "unmarshallable object");
        w->failed = true;
    }
}

static void write_value(Writer *w, KrValue v)
{
    if (w->failed) return;
    if (w->depth == DEPTH_LIMIT) {
        kr_raise(kr_ValueError, "object too deeply nested to marshal");
        w->failed = true;
        return;
    }
    if (kr_is(v, kr_None)) return put_byte(w, 'N');
    if (kr_is(v, kr_True)) return put_byte(w, 'T');
    if (kr_is(v, kr_False)) return put_byte(w, 'F');
    if (kr_is(v, kr_Ellipsis)) return put_byte(w, '.');
    if (kr_is(v, kr_type_value(kr_StopIteration))) return put_byte(w, 'S');
    if (type_is(v, &kr_float_type)) {
        double d;
        if (kr_to_double(v, &d) < 0) w->failed = true;
        put_byte(w, 'g'), put(w, &d, 8);
        return;
    }
    if (type_is(v, &kr_int_type) && kr_int_bit_length(v) < 32) {
        int64_t x = (int64_t)kr_int_low_bits(v);
        if (x >= INT32_MIN && x <= INT32_MAX) {
            put_byte(w, 'i'), put_int(w, x);
            return;
        }
    }
    w->depth++;
    int flag = 0;
    if (w->version >= 3 && kr_is_object(v)) {
        KrValue key = kr_int_unsigned(v.bits), known = kr_dict_find(w->seen, key);
        if (!kr_is_empty(known)) {
            put_byte(w, 'r'), put_int(w, (int64_t)kr_int_low_bits(known));
            w->depth--;
            return;
        }
        if (kr_raised() || kr_dict_set(w->seen, key, kr_int((int64_t)kr_dict_size(w->seen))) < 0) w->failed = true;
        flag = FLAG_REF;
    }
    write_object(w, v, flag);
    w->depth--;
}

static KrValue dumps(KrValue v, int version)
{
    Writer w = {.version = version, .seen = kr_dict()};
    if (kr_is_empty(w.seen)) return KR_EMPTY;
    write_value(&w, v);
    KrValue bytes = w.failed ? KR_EMPTY : kr_bytes(w.data, w.size);
    free(w.data);
    return bytes;
}

/* ---- Reading ---- */

typedef struct Reader {
    const uint8_t *data, *end;
    int depth;
    KrValue references; /* list */
} Reader;

static KrValue too_short(void) { return kr_raise(kr_EOFError, "marshal data too short"); }

static const uint8_t *take(Reader *r, size_t n)
{
    if ((size_t)(r->end - r->data) < n) {
        too_short();
        return NULL;
    }
    const uint8_t *p = r->data;
    r->data += n;
    return p;
}
static int take_int(Reader *r, int32_t *x)
{
    const uint8_t *p = take(r, 4);
    if (p) memcpy(x, p, 4);
    return p ? 0 : -1;
}
static int take_size(Reader *r, int32_t *n, const char *what)
{
    if (take_int(r, n) < 0) return -1;
    if (*n >= 0) return 0;
    kr_raise(kr_ValueError, "bad marshal data (%s size out of range)", what);
    return -1;
}

static KrValue read_value(Reader *r);

static KrValue read_long(Reader *r)
{
    int32_t n;
    if (take_int(r, &n) < 0) return KR_EMPTY;
    if (n == INT32_MIN) return kr_raise(kr_ValueError, "bad marshal data (long size out of range)");
    size_t digits = (size_t)(n < 0 ? -n : n), bytes = (digits * 15 + 7) / 8;
    const uint8_t *p = take(r, digits * 2);
    if (!p) return KR_EMPTY;
    uint8_t *magnitude = calloc(1, bytes + 4);
    if (!magnitude) return kr_raise_no_memory();
    KrValue result = KR_EMPTY;
    for (size_t i = 0; i < digits; i++) {
        uint16_t digit;
        memcpy(&digit, p + 2 * i, 2);
        if (digit > 0x7fff || (i + 1 == digits && digit == 0)) {
            kr_raise(kr_ValueError, digit ? "bad marshal data (digit out of range in long)" : "bad marshal data (unnormalized long data)");
            goto done;
        }
        uint32_t window = (uint32_t)digit << (i * 15 % 8);
        for (int k = 0; k < 3; k++) magnitude[i * 15 / 8 + (size_t)k] |= (uint8_t)(window >> (8 * k));
    }
    result = kr_int_from_bytes(magnitude, bytes, true, false);
    if (n < 0 && !kr_is_empty(result)) result = kr_negative(result);
done:
    free(magnitude);
    return result;
}

/* Reserves the number of an object that may be referred to while it is being read. */
static int reserve(Reader *r, bool flagged, size_t *slot)
{
    *slot = kr_list_size(r->references);
    return flagged ? kr_list_append(r->references, kr_None) : 0;
}

static KrValue read_sequence(Reader *r, size_t n, bool flagged, int kind)
{
    if (n > (size_t)(r->end - r->data)) return too_short();
    size_t slot;
    KrValue list = kr_list(NULL, 0), result = list;
    if (kind == '<') result = kr_set(KR_EMPTY);
    if (kr_is_empty(result) || reserve(r, flagged, &slot) < 0) return KR_EMPTY;
    if (flagged && (kind == '[' || kind == '<')) kr_list_set(r->references, slot, result);
    for (size_t i = 0; i < n; i++) {
        KrValue item = read_value(r);
        if (kr_is_empty(item)) return kr_raised() ? KR_EMPTY : kr_raise(kr_TypeError, "NULL object in marshal data for %s", kind == '(' ? "tuple" : kind == '[' ? "list" : "set");
        if (kind == '<' ? kr_set_add(result, item) < 0 : kr_list_append(list, item) < 0) return KR_EMPTY;
    }
    if (kind == '(') result = kr_list_to_tuple(list);
    if (kind == '>') result = kr_frozenset(list);
    if (!kr_is_empty(result) && flagged) kr_list_set(r->references, slot, result);
    return result;
}

static KrValue read_dict(Reader *r, bool flagged)
{
    size_t slot;
    KrValue dict = kr_dict();
    if (kr_is_empty(dict) || reserve(r, flagged, &slot) < 0) return KR_EMPTY;
    if (flagged) kr_list_set(r->references, slot, dict);
    for (;;) {
        KrValue key = read_value(r);
        if (kr_is_empty(key)) return kr_raised() ? KR_EMPTY : dict;
        KrValue value = read_value(r);
        if (kr_is_empty(value)) return kr_raised() ? KR_EMPTY : dict;
        if (kr_dict_set(dict, key, value) < 0) return KR_EMPTY;
    }
}

static KrValue read_bytes_like(Reader *r, int kind)
{
    int32_t n;
    const uint8_t *p;
    if (kind == 'z' || kind == 'Z' || kind == 'f' || kind == 'x') {
        if (!(p = take(r, 1))) return KR_EMPTY;
        n = *p;
    } else if (take_size(r, &n, kind == 's' ? "bytes object" : "string") < 0) {
        return KR_EMPTY;
    }
    if (!(p = take(r, (size_t)n))) return KR_EMPTY;
    if (kind == 's') return kr_bytes(p, (size_t)n);
    if (kind == 'c') return kr_code_from_bytes(p, (size_t)n);
    if (kind == 'f') return kr_float_parse(kr_str_latin1((const char *)p, (size_t)n));
    KrValue text = kind == 'u' || kind == 't' ? kr_str_decode((const char *)p, (size_t)n, "utf-8", "surrogatepass") : kr_str_latin1((const char *)p, (size_t)n);
    if (kr_is_empty(text)) return KR_EMPTY;
    return kind == 't' || kind == 'A' || kind == 'Z' ? kr_intern_str(text) : text;
}

/* EMPTY without exception: the end mark of a dict. */
static KrValue read_value(Reader *r)
{
    const uint8_t *p = take(r, 1);
    if (!p) return kr_clear_exception(), kr_raise(kr_EOFError, "EOF read where object expected");
    int kind = *p & ~FLAG_REF;
    bool flagged = *p & FLAG_REF;
    if (++r->depth > DEPTH_LIMIT) return kr_raise(kr_ValueError, "recursion limit exceeded");
    KrValue v = KR_EMPTY;
    int32_t n;
    size_t slot;
    switch (kind) {
    case '0': r->depth--; return KR_EMPTY;
    case 'N': v = kr_None; break;
    case 'T': v = kr_True; break;
    case 'F': v = kr_False; break;
    case '.': v = kr_Ellipsis; break;
    case 'S': v = kr_type_value(kr_StopIteration); break;
    case 'i': v = take_int(r, &n) < 0 ? KR_EMPTY : kr_int(n); break;
    case 'I':
        if ((p = take(r, 8))) {
            int64_t x;
            memcpy(&x, p, 8);
            v = kr_int(x);
        }
        break;
    case 'l': v = read_long(r); break;
    case 'g': case 'y':
        if ((p = take(r, kind == 'g' ? 8 : 16))) {
            double d[2];
            memcpy(d, p, kind == 'g' ? 8 : 16);
            v = kind == 'g' ? kr_float(d[0]) : kr_complex(d[0], d[1]);
        }
        break;
    case 's': case 'u': case 't': case 'a': case 'A': case 'z': case 'Z': case 'c': case 'f': v = read_bytes_like(r, kind); break;
    case ')':
        v = (p = take(r, 1)) ? read_sequence(r, *p, flagged, '(') : KR_EMPTY;
        r->depth--;
        return v;
    case '(': case '[': case '<': case '>':
        if (take_size(r, &n, kind == '(' ? "tuple" : kind == '[' ? "list" : "set") < 0) return KR_EMPTY;
        v = read_sequence(r, (size_t)n, flagged, kind);
        r->depth--;
        return v;
    case '{':
        v = read_dict(r, flagged);
        r->depth--;
        return v;
    case 'r':
        if (take_int(r, &n) < 0) return KR_EMPTY;
        if (n < 0 || (size_t)n >= kr_list_size(r->references)) return kr_raise(kr_ValueError, "bad marshal data (invalid reference)");
        r->depth--;
        return kr_list_get(r->references, (size_t)n);
    default: return kr_raise(kr_ValueError, "bad marshal data (unknown type code)");
    }
    r->depth--;
    if (kr_is_empty(v)) return KR_EMPTY;
    if (flagged && (reserve(r, true, &slot) < 0)) return KR_EMPTY;
    if (flagged) kr_list_set(r->references, slot, v);
    return v;
}

static KrValue loads(const uint8_t *data, size_t size, size_t *used)
{
    Reader r = {data, data + size, 0, kr_list(NULL, 0)};
    KrValue v = kr_is_empty(r.references) ? KR_EMPTY : read_value(&r);
    *used = (size_t)(r.data - data);
    return kr_is_empty(v) && !kr_raised() ? kr_raise(kr_TypeError, "NULL object in marshal data for object") : v;
}

KR_FN(marshal, marshal_dumps, "dumps", "(value, version=4, /)", "Return the bytes object that would be written to a file by dump(value, file).") {
    int version;
    return kr_to_int32(a[1], &version) < 0 ? KR_EMPTY : dumps(a[0], version);
}
KR_FN(marshal, marshal_dump, "dump", "(value, file, version=4, /)", "Write the value on the open file.")
{
    int version;
    if (kr_to_int32(a[2], &version) < 0) return KR_EMPTY;
    KrValue bytes = dumps(a[0], version);
    return kr_is_empty(bytes) ? KR_EMPTY : kr_call_method1(a[1], "write", bytes);
}
KR_FN(marshal, marshal_loads, "loads", "(bytes, /)", "Convert the bytes-like object to a value.\n\nExtra bytes in the input are ignored.")
{
    KrBuffer view;
    size_t used;
    if (kr_buffer_get(a[0], &view, KR_BUFFER_CONTIGUOUS) < 0) return KR_EMPTY;
    KrValue v = loads(view.data, (size_t)view.size, &used);
    kr_buffer_release(&view);
    return v;
}
KR_FN(marshal, marshal_load, "load", "(file, /)", "Read one value from the open file and return it.")
{
    KrValue position = kr_call_method0(a[0], "tell");
    if (kr_is_empty(position)) kr_clear_exception();
    KrValue bytes = kr_call_method0(a[0], "read");
    if (kr_is_empty(bytes)) return KR_EMPTY;
    if (!kr_is_bytes(bytes)) return kr_raise(kr_TypeError, "file.read() returned not bytes but %T", bytes);
    size_t used;
    KrValue v = loads(kr_bytes_data(bytes), kr_bytes_size(bytes), &used);
    if (kr_is_empty(v) || kr_is_empty(position)) return v;
    KrValue at = kr_binary(KR_ADD, position, kr_int((int64_t)used));
    return kr_is_empty(kr_call_method1(a[0], "seek", at)) ? KR_EMPTY : v;
}

#include "modules/marshal.entries.h"

static int marshal_exec(KrValue module) { return kr_module_add_int(module, "version", 4); }

KR_MODULE(marshal) = {
    .api_version = KR_API_VERSION,
    .name = "marshal",
    .doc = "This module contains functions that can read and write Python values in a binary format.",
    .functions = marshal_functions,
    .exec = marshal_exec,
};
