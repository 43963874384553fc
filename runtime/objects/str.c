/* str.c: the string object: storage, interning, equality, hashing, slices, and the C interface to
 * text.
 *
 * Invariants: a str is stored in the narrowest width that fits; `ascii` is exact; data is
 * NUL-terminated. The empty string and the 256 Latin-1 characters are one object each. Interned
 * strings stand in a table that does not keep them alive, except the pinned ones (kr_intern).
 * Methods are in str_methods.c and str_case.c, codecs in str_codec.c, formatting in str_format.c
 * and str_percent.c. */
#include "runtime/objects/str.h"

#include <stdlib.h>

#include "runtime/memory/lasting.h"
#include "runtime/memory/trace.h"
#include "runtime/objects/hash.h"
#include "runtime/objects/iterators.h"
#include "runtime/objects/list.h"
#include "runtime/objects/quick.h"
#include "runtime/objects/str_type.h"
#include "runtime/text/codecs.h"
#include "runtime/text/unicode.h"

#define STR_MAX ((size_t)1 << 46)

static Value empty_str;
static Value latin1_chars[256];

/* ---- Allocation ---- */

Str *kr_str_alloc(size_t length, int width, bool ascii)
{
    if (UNLIKELY(length > STR_MAX)) {
        kr_raise_no_memory();
        return NULL;
    }
    size_t bytes = length * (size_t)width;
    Str *s = heap_alloc_raw(&kr_str_type, sizeof(Str) + bytes + (size_t)width);
    if (UNLIKELY(!s)) return NULL;
    s->hash = 0;
    s->length = length;
    s->width = (uint8_t)width;
    s->ascii = ascii;
    s->interned = 0;
    s->utf8 = NULL;
    kr_text_put(s->data, width, length, 0);
    return s;
}

Str *kr_str_alloc_for(size_t length, uint32_t max)
{
    return kr_str_alloc(length, kr_text_width_for(max), max < 0x80);
}

/* Types are named before str itself is made ready, so these are made on first use. */
Value kr_str_empty(void)
{
    if (UNLIKELY(is_empty(empty_str))) empty_str = from_object(kr_str_alloc(0, 1, true));
    return empty_str;
}

Value kr_str_char(uint32_t c)
{
    if (c < 256 && LIKELY(!is_empty(latin1_chars[c]))) return latin1_chars[c];
    Str *s = kr_str_alloc_for(1, c);
    if (!s) return EMPTY;
    kr_text_put(s->data, s->width, 0, c);
    if (c < 256) latin1_chars[c] = from_object(s);
    return from_object(s);
}

Value kr_str_from_span(TextSpan span)
{
    if (span.length <= 1)
        return span.length ? kr_str_char(kr_text_at(span.data, span.width, 0)) : kr_str_empty();
    Str *s = kr_str_alloc_for(span.length, kr_text_max_class(span.data, span.width, span.length));
    if (!s) return EMPTY;
    kr_text_copy(s->data, s->width, span.data, span.width, span.length);
    return from_object(s);
}

Value kr_str_from_points(const void *points, size_t length, int width)
{
    return kr_str_from_span((TextSpan){points, length, width});
}

Value kr_str_latin1(const char *bytes, size_t n)
{
    return kr_str_from_span((TextSpan){bytes, n, 1});
}

Value kr_str_sized(const char *utf8, size_t bytes)
{
    if (bytes <= 1 && (bytes == 0 || (unsigned char)utf8[0] < 0x80))
        return bytes ? kr_str_char((unsigned char)utf8[0]) : kr_str_empty();
    Utf8Info info;
    size_t valid;
    const uint8_t *p = (const uint8_t *)utf8;
    if (!kr_utf8_scan(p, bytes, &info, &valid)) return kr_str_decode(utf8, bytes, NULL, NULL);
    if (info.code_points == 1) {
        uint32_t c;
        int used;
        kr_utf8_next(p, p + bytes, &c, &used);
        return kr_str_char(c);
    }
    Str *s = kr_str_alloc_for(info.code_points, info.max);
    if (!s) return EMPTY;
    if (s->ascii)
        memcpy(s->data, utf8, bytes);
    else
        kr_utf8_expand(p, bytes, s->width, s->data);
    return from_object(s);
}

Value kr_str(const char *utf8) { return kr_str_sized(utf8, strlen(utf8)); }

Value kr_str_fs(const char *bytes, size_t n)
{
    return kr_str_decode(bytes, n, "utf-8", "surrogateescape");
}

Value kr_str_exact(Value v)
{
    if (is_exact(v, &kr_str_type)) return v;
    Str *from = str_of(v);
    if (from->length <= 1) return from->length ? kr_str_char(str_at(from, 0)) : kr_str_empty();
    Str *s = kr_str_alloc(from->length, from->width, from->ascii);
    if (!s) return EMPTY;
    memcpy(s->data, from->data, from->length * from->width);
    s->hash = from->hash;
    return from_object(s);
}

/* ---- Equality and hashing ---- */

int64_t kr_str_hash(Str *s)
{
    if (s->hash) return s->hash;
    return s->hash = kr_hash_bytes(s->data, s->length * s->width);
}

bool kr_str_same_text(const Str *a, const Str *b)
{
    if (a->length != b->length || a->width != b->width) return false;
    if (a->interned && b->interned && is_exact(from_object(a), &kr_str_type) &&
        is_exact(from_object(b), &kr_str_type))
        return a == b;
    return !memcmp(a->data, b->data, a->length * a->width);
}

int kr_str_order(const Str *a, const Str *b)
{
    size_t n = a->length < b->length ? a->length : b->length;
    if (a->width == 1 && b->width == 1) {
        int order = memcmp(a->data, b->data, n);
        if (order) return order < 0 ? -1 : 1;
    } else {
        for (size_t i = 0; i < n; i++) {
            uint32_t x = str_at(a, i), y = str_at(b, i);
            if (x != y) return x < y ? -1 : 1;
        }
    }
    return a->length < b->length ? -1 : a->length > b->length;
}

bool kr_str_equal(Value a, Value b) { return same(a, b) || kr_str_same_text(str_of(a), str_of(b)); }

bool kr_str_equal_ascii(Value str, const char *ascii)
{
    const Str *s = str_of(str);
    size_t n = strlen(ascii);
    return s->ascii && s->length == n && !memcmp(s->data, ascii, n);
}

/* ---- Interning ---- */

/* Open addressing with linear probing; removal happens only in bulk, by rebuilding in place. */
static struct {
    Str **slots;
    size_t mask, used;
} interned;

static void interned_grow(void)
{
    size_t size = interned.slots ? (interned.mask + 1) * 2 : 4096;
    Str **slots = calloc(size, sizeof *slots);
    if (!slots) abort();
    for (size_t i = 0; interned.slots && i <= interned.mask; i++) {
        Str *s = interned.slots[i];
        if (!s) continue;
        size_t at = (size_t)s->hash & (size - 1);
        while (slots[at]) at = (at + 1) & (size - 1);
        slots[at] = s;
    }
    free(interned.slots);
    interned.slots = slots;
    interned.mask = size - 1;
}

Value kr_intern_str(Value str)
{
    Str *s = str_of(str);
    if (s->interned) return str;
    if (interned.used * 2 >= interned.mask) interned_grow();
    int64_t hash = kr_str_hash(s);
    size_t at = (size_t)hash & interned.mask;
    for (Str *o; (o = interned.slots[at]); at = (at + 1) & interned.mask)
        if (o->hash == hash && o->length == s->length && o->width == s->width &&
            !memcmp(o->data, s->data, s->length * s->width))
            return from_object(o);
    s->interned = 1;
    interned.slots[at] = s;
    interned.used++;
    return str;
}

/* Names that C code keeps: those among them that do not last by themselves (memory/lasting.h). */
static struct {
    Str **names;
    size_t count, capacity;
} pinned;

static void pin(Str *s)
{
    if (s->interned == 2) return;
    s->interned = 2;
    if (pinned.count == pinned.capacity) {
        pinned.capacity = pinned.capacity ? 2 * pinned.capacity : 1024;
        pinned.names = realloc(pinned.names, pinned.capacity * sizeof *pinned.names);
        if (!pinned.names) abort();
    }
    pinned.names[pinned.count++] = s;
}

Value kr_intern(const char *ascii)
{
    Value v = kr_str(ascii);
    if (is_empty(v)) abort(); /* out of memory while the runtime names itself */
    v = kr_intern_str(v);
    pin(str_of(v));
    return v;
}

static void trace_roots(KrTracer *tracer)
{
    kr_trace(tracer, empty_str);
    for (size_t i = 0; i < 256; i++) kr_trace(tracer, latin1_chars[i]);
    size_t kept = 0;
    for (size_t i = 0; i < pinned.count; i++) {
        Str *name = pinned.names[i];
        kr_trace_pointer(tracer, name);
        if (!kr_heap_is_lasting(name)) pinned.names[kept++] = name;
    }
    pinned.count = kept;
}

/* Drops the strings that died: rebuilds the table without them. */
static void prune_interned(void)
{
    bool any = false;
    for (size_t i = 0; interned.slots && i <= interned.mask; i++) {
        Str *s = interned.slots[i];
        if (s && !kr_heap_is_marked(s)) {
            interned.slots[i] = NULL;
            interned.used--;
            any = true;
        }
    }
    if (!any) return;
    /* Every run after a hole must be placed again; starting behind a free slot makes one pass
     * enough. */
    size_t mask = interned.mask, start = 0;
    while (interned.slots[start]) start = (start + 1) & mask;
    for (size_t k = 1; k <= mask; k++) {
        size_t i = (start + k) & mask;
        Str *s = interned.slots[i];
        if (!s) continue;
        interned.slots[i] = NULL;
        size_t at = (size_t)s->hash & mask;
        while (interned.slots[at]) at = (at + 1) & mask;
        interned.slots[at] = s;
    }
}

/* ---- Access from C ---- */

bool kr_is_str(Value v) { return is_str(v); }
size_t kr_str_length(Value str) { return str_of(str)->length; }
uint32_t kr_str_at(Value str, size_t index) { return str_at(str_of(str), index); }
int kr_str_width(Value str) { return str_of(str)->width; }
const void *kr_str_points(Value str) { return str_of(str)->data; }
bool kr_str_is_ascii(Value str) { return str_of(str)->ascii; }

/* The cached UTF-8 starts with its length. */
const char *kr_str_utf8(Value str, size_t *bytes)
{
    Str *s = str_of(str);
    if (s->ascii) {
        if (bytes) *bytes = s->length;
        return s->data;
    }
    if (!s->utf8) {
        if (s->width > 1)
            for (size_t i = 0; i < s->length; i++)
                if (str_at(s, i) - 0xD800 < 0x800) {
                    kr_str_encode(str, NULL, NULL); /* raises */
                    return NULL;
                }
        size_t n = kr_utf8_length(s->data, s->width, s->length);
        char *cache = kr_heap_bytes(sizeof(size_t) + n + 1);
        if (!cache) return NULL;
        memcpy(cache, &n, sizeof n);
        kr_utf8_write(s->data, s->width, s->length, (uint8_t *)cache + sizeof n);
        s->utf8 = cache;
        kr_heap_lasting_changed(s);
    }
    if (bytes) memcpy(bytes, s->utf8, sizeof *bytes);
    return (const char *)s->utf8 + sizeof(size_t);
}

const char *kr_str_cstring(Value v)
{
    if (!is_str(v)) {
        kr_raise(kr_TypeError, "expected str, not %T", v);
        return NULL;
    }
    size_t n;
    const char *text = kr_str_utf8(v, &n);
    if (text && strlen(text) != n) {
        kr_raise(kr_ValueError, "embedded null character");
        return NULL;
    }
    return text;
}

Value kr_fspath(Value path)
{
    if (is_str(path) || is_bytes(path)) return path;
    Value method = kr_find_special(path, KR_NAME("__fspath__"));
    if (is_empty(method)) {
        if (kr_raised()) return EMPTY;
        return kr_raise(kr_TypeError, "expected str, bytes or os.PathLike object, not %T", path);
    }
    Value result = kr_call0(method);
    if (is_empty(result) || is_str(result) || is_bytes(result)) return result;
    return kr_raise(kr_TypeError, "expected %T.__fspath__() to return str or bytes, not %T", path,
                    result);
}

const char *kr_path_bytes(Value path, Value *keep)
{
    Value v = kr_fspath(path);
    if (is_empty(v)) return NULL;
    if (is_str(v)) {
        if (str_of(v)->ascii) {
            const Str *s = str_of(v);
            *keep = v;
            if (!memchr(s->data, 0, s->length)) return s->data;
            kr_raise(kr_ValueError, "embedded null byte");
            return NULL;
        }
        v = kr_str_encode(v, "utf-8", "surrogateescape");
        if (is_empty(v)) return NULL;
    }
    *keep = v;
    const char *bytes = (const char *)kr_bytes_data(v);
    if (strlen(bytes) != kr_bytes_size(v)) {
        kr_raise(kr_ValueError, "embedded null byte");
        return NULL;
    }
    return bytes;
}

const char *kr_arg_type_name(Value v) { return is_none(v) ? "None" : kr_type_name(type_of(v)); }

/* ---- Making strings from strings ---- */

Value kr_str_concat(Value a, Value b)
{
    Str *x = str_of(a), *y = str_of(b);
    if (y->length == 0 && is_exact(a, &kr_str_type)) return a;
    if (x->length == 0 && is_exact(b, &kr_str_type)) return b;
    int width = x->width > y->width ? x->width : y->width;
    Str *s = kr_str_alloc(x->length + y->length, width, x->ascii && y->ascii);
    if (UNLIKELY(!s)) return EMPTY;
    kr_text_copy(s->data, width, x->data, x->width, x->length);
    kr_text_copy(s->data + x->length * (size_t)width, width, y->data, y->width, y->length);
    return from_object(s);
}

Value kr_str_slice(Value str, size_t begin, size_t end)
{
    Str *s = str_of(str);
    if (end > s->length) end = s->length;
    if (begin >= end) return kr_str_empty();
    if (end - begin == s->length) return kr_str_exact(str);
    TextSpan part = span_part(str_span(s), begin, end);
    if (!s->ascii || part.length == 1) return kr_str_from_span(part);
    Str *r = kr_str_alloc(part.length, 1, true);
    if (!r) return EMPTY;
    memcpy(r->data, part.data, part.length);
    return from_object(r);
}

Value kr_str_repeat(Value self, int64_t count)
{
    Str *s = str_of(self);
    if (count <= 0 || s->length == 0) return kr_str_empty();
    if (count == 1) return kr_str_exact(self);
    if ((uint64_t)count > STR_MAX / s->length)
        return kr_raise(kr_OverflowError, "repeated string is too long");
    size_t piece = s->length * s->width, total = piece * (size_t)count;
    Str *r = kr_str_alloc(s->length * (size_t)count, s->width, s->ascii);
    if (!r) return EMPTY;
    if (piece == 1) {
        memset(r->data, s->data[0], total);
    } else {
        memcpy(r->data, s->data, piece);
        for (size_t done = piece; done < total;) {
            size_t n = done < total - done ? done : total - done;
            memcpy(r->data + done, r->data, n);
            done += n;
        }
    }
    return from_object(r);
}

static Value join_items(Value separator, const Value *items, size_t n)
{
    Str *sep = str_of(separator);
    size_t total = n > 1 ? (n - 1) * sep->length : 0;
    int width = n > 1 && sep->length ? sep->width : 1;
    bool ascii = n <= 1 || sep->ascii;
    for (size_t i = 0; i < n; i++) {
        if (UNLIKELY(!is_str(items[i])))
            return kr_raise(kr_TypeError, "sequence item %zu: expected str instance, %T found", i,
                            items[i]);
        const Str *s = str_of(items[i]);
        total += s->length;
        if (s->width > width) width = s->width;
        ascii &= s->ascii;
        if (total > STR_MAX)
            return kr_raise(kr_OverflowError, "join() result is too long for a Python string");
    }
    if (n == 1 && is_exact(items[0], &kr_str_type)) return items[0];
    if (total == 0) return kr_str_empty();
    Str *r = kr_str_alloc(total, width, ascii);
    if (!r) return EMPTY;
    char *q = r->data;
    for (size_t i = 0; i < n; i++) {
        if (i && sep->length) {
            kr_text_copy(q, width, sep->data, sep->width, sep->length);
            q += sep->length * (size_t)width;
        }
        const Str *s = str_of(items[i]);
        kr_text_copy(q, width, s->data, s->width, s->length);
        q += s->length * (size_t)width;
    }
    return from_object(r);
}

Value kr_str_join(Value separator, Value iterable)
{
    if (is_exact(iterable, &kr_tuple_type))
        return join_items(separator, kr_tuple_items(iterable), kr_tuple_size(iterable));
    if (!is_exact(iterable, &kr_list_type)) {
        Value items = kr_list_from(iterable);
        if (is_empty(items)) {
            if (kr_raised_is(kr_TypeError) && !kr_is_iterator(iterable) &&
                is_empty(kr_type_lookup(type_of(iterable), KR_NAME("__iter__"))) &&
                is_empty(kr_type_lookup(type_of(iterable), KR_NAME("__getitem__")))) {
                kr_clear_exception();
                return kr_raise(kr_TypeError, "can only join an iterable");
            }
            return EMPTY;
        }
        iterable = items;
    }
    List *list = list_of(iterable);
    return join_items(separator, list->items, list->size);
}

/* ---- The type's slots ---- */

Value kr_str_getitem(Value self, Value key)
{
    Str *s = str_of(self);
    if (is_int(key) || (!kr_is_slice(key) && kr_has_index(key))) {
        int64_t i;
        if (is_int(key))
            i = int_of(key);
        else if (kr_to_index(key, &i) < 0)
            return EMPTY;
        if (i < 0) i += (int64_t)s->length;
        if (UNLIKELY((uint64_t)i >= s->length))
            return kr_raise(kr_IndexError, "string index out of range");
        return kr_str_char(str_at(s, (size_t)i));
    }
    if (!kr_is_slice(key))
        return kr_raise(kr_TypeError, "string indices must be integers, not '%T'", key);
    int64_t start, stop, step, count;
    if (kr_slice_resolve(key, (int64_t)s->length, &start, &stop, &step, &count) < 0) return EMPTY;
    if (count <= 0) return kr_str_empty();
    if (step == 1) return kr_str_slice(self, (size_t)start, (size_t)(start + count));
    uint32_t max = 0;
    if (!s->ascii)
        for (int64_t i = 0; i < count; i++) max |= str_at(s, (size_t)(start + i * step));
    Str *r = kr_str_alloc_for((size_t)count, max);
    if (!r) return EMPTY;
    for (int64_t i = 0; i < count; i++)
        kr_text_put(r->data, r->width, (size_t)i, str_at(s, (size_t)(start + i * step)));
    return from_object(r);
}

static int str_contains(Value self, Value item)
{
    if (UNLIKELY(!is_str(item))) {
        kr_raise(kr_TypeError, "'in <string>' requires string as left operand, not %T", item);
        return -1;
    }
    return kr_search_find(str_span(str_of(self)), str_span(str_of(item))) >= 0;
}

static Value str_compare(Value a, Value b, int op)
{
    if (!is_str(a) || !is_str(b)) return NOT_IMPLEMENTED;
    if (op == KR_EQ || op == KR_NE) return from_bool(kr_str_equal(a, b) == (op == KR_EQ));
    int order = same(a, b) ? 0 : kr_str_order(str_of(a), str_of(b));
    return from_bool(kr_order_holds(order, op));
}

static Value str_concat(Value self, Value other)
{
    if (!is_str(other))
        return kr_raise(kr_TypeError, "can only concatenate str (not \"%T\") to str", other);
    return kr_str_concat(self, other);
}

static Value str_percent(Value a, Value b)
{
    if (!is_str(a)) return NOT_IMPLEMENTED;
    return kr_str_percent(a, b);
}

static int64_t str_hash(Value self) { return kr_str_hash(str_of(self)); }
static int64_t str_length(Value self) { return (int64_t)str_of(self)->length; }
static Value str_str(Value self) { return kr_str_exact(self); }
static Value str_repr(Value self) { return kr_str_repr_of(self, false); }

static void str_trace(void *self, KrTracer *tracer)
{
    kr_heap_trace_bytes(tracer, ((Str *)self)->utf8);
}

Value kr_str_repr_of(Value self, bool ascii_only)
{
    const Str *s = str_of(self);
    size_t singles = 0, doubles = 0, extra = 0;
    uint32_t max = 0x7F;
    for (size_t i = 0; i < s->length; i++) {
        uint32_t c = str_at(s, i);
        if (c == '\'')
            singles++;
        else if (c == '"')
            doubles++;
        else if (c == '\\' || c == '\t' || c == '\r' || c == '\n')
            extra++;
        else if (c < ' ' || c == 0x7F)
            extra += 3;
        else if (c >= 0x7F) {
            if (!ascii_only && kr_text_is_printable(c))
                max |= c;
            else
                extra += c < 0x100 ? 3 : c < 0x10000 ? 5 : 9;
        }
    }
    char quote = singles && !doubles ? '"' : '\'';
    if (quote == '\'') extra += singles;
    Str *r = kr_str_alloc_for(s->length + extra + 2, max);
    if (!r) return EMPTY;
    size_t at = 0;
    int width = r->width;
    kr_text_put(r->data, width, at++, (uint8_t)quote);
    if (!extra) {
        kr_text_copy(r->data + (size_t)width, width, s->data, s->width, s->length);
        at += s->length;
    } else {
        for (size_t i = 0; i < s->length; i++) {
            uint32_t c = str_at(s, i);
            char escape[KR_TEXT_MAX_ESCAPE];
            int n = 0;
            if (c == (uint8_t)quote || c == '\\') {
                escape[0] = '\\';
                escape[1] = (char)c;
                n = 2;
            } else if (c == '\t' || c == '\n' || c == '\r') {
                escape[0] = '\\';
                escape[1] = c == '\t' ? 't' : c == '\n' ? 'n' : 'r';
                n = 2;
            } else if (c < ' ' || c == 0x7F ||
                       (c > 0x7F && (ascii_only || !kr_text_is_printable(c)))) {
                n = kr_text_escape(ERRORS_BACKSLASH, c, escape);
            }
            if (!n) kr_text_put(r->data, width, at++, c);
            for (int k = 0; k < n; k++) kr_text_put(r->data, width, at++, (uint8_t)escape[k]);
        }
    }
    kr_text_put(r->data, width, at, (uint8_t)quote);
    return from_object(r);
}

/* str(object='', encoding=..., errors=...) */
static const KrFunction make_entry = {
    "str", "(object=<unset>, encoding=<unset>, errors=<unset>)", NULL, NULL, KR_KIND_BOUND, NULL};

static Value str_make(Type *type, const Value *args, size_t n, Value kwnames)
{
    Value slots[3] = {EMPTY, EMPTY, EMPTY};
    if (n == 1 && !has_keywords(kwnames))
        slots[0] = args[0];
    else if (kr_bind(&make_entry, args, n, kwnames, slots) < 0)
        return EMPTY;
    Value v;
    if (!is_empty(slots[1]) || !is_empty(slots[2])) {
        for (int i = 1; i < 3; i++)
            if (!is_empty(slots[i]) && !is_str(slots[i]))
                return kr_raise(kr_TypeError, "str() argument '%s' must be str, not %s",
                                i == 1 ? "encoding" : "errors", kr_arg_type_name(slots[i]));
        v = is_empty(slots[0]) ? kr_str_empty()
                               : kr_str_from_object_encoded(slots[0], slots[1], slots[2]);
    } else {
        v = is_empty(slots[0]) ? kr_str_empty() : kr_to_str(slots[0]);
    }
    if (is_empty(v) || type == &kr_str_type) return v;
    Str *from = str_of(v);
    size_t bytes = (from->length + 1) * from->width;
    Str *s = kr_type_alloc_sized(type, sizeof(Str) + bytes);
    if (!s) return EMPTY;
    s->length = from->length;
    s->width = from->width;
    s->ascii = from->ascii;
    s->hash = from->hash;
    memcpy(s->data, from->data, bytes);
    return from_object(s);
}

/* ---- The iterator ---- */

Type kr_str_iterator_type;
Type kr_str_ascii_iterator_type;

static Value str_iter(Value self)
{
    Type *type = str_of(self)->ascii ? &kr_str_ascii_iterator_type : &kr_str_iterator_type;
    return kr_iterators_new(type, self, 0);
}

static Value iterator_next(Value self)
{
    SequenceIterator *it = sequence_iterator_of(self);
    if (is_empty(it->sequence)) return EMPTY;
    Str *s = str_of(it->sequence);
    if ((size_t)it->index < s->length) return kr_str_char(str_at(s, (size_t)it->index++));
    it->sequence = EMPTY;
    return EMPTY;
}

static Value iterator_self(Value self) { return self; }

static Value iterator_hint(Value self)
{
    SequenceIterator *it = sequence_iterator_of(self);
    return kr_int(is_empty(it->sequence) ? 0 : (int64_t)str_of(it->sequence)->length - it->index);
}

static Value iterator_reduce(Value self)
{
    SequenceIterator *it = sequence_iterator_of(self);
    if (is_empty(it->sequence)) return reduce_exhausted(kr_str_empty());
    return reduce_iterator("iter", it->sequence, it->index);
}

static Value iterator_setstate(Value self, Value state)
{
    SequenceIterator *it = sequence_iterator_of(self);
    int64_t i;
    if (kr_to_index(state, &i) < 0) return EMPTY;
    if (!is_empty(it->sequence)) {
        int64_t n = (int64_t)str_of(it->sequence)->length;
        it->index = i < 0 ? 0 : i > n ? n : i;
    }
    return NONE;
}

KR_FN(str_iterator, fn_length_hint, "__length_hint__", "(self, /)",
      "Private method returning an estimate of len(list(it)).")
{
    return iterator_hint(a[0]);
}
KR_FN(str_iterator, fn_reduce, "__reduce__", "(self, /)", "Return state information for pickling.")
{
    return iterator_reduce(a[0]);
}
KR_FN(str_iterator, fn_setstate, "__setstate__", "(self, state, /)",
      "Set state information for unpickling.")
{
    return iterator_setstate(a[0], a[1]);
}

#include "runtime/objects/str.entries.h"

static const KrTypeSpec iterator_spec = {
    .name = "str_iterator",
    .size = sizeof(SequenceIterator),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_NO_WEAKREF,
    .trace = kr_sequence_iterator_trace,
    .functions = str_iterator_functions,
    .slots = {.iter = iterator_self, .next = iterator_next},
};

static const KrTypeSpec ascii_iterator_spec = {
    .name = "str_ascii_iterator",
    .size = sizeof(SequenceIterator),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_NO_WEAKREF,
    .trace = kr_sequence_iterator_trace,
    .functions = str_iterator_functions,
    .slots = {.iter = iterator_self, .next = iterator_next},
};

static KrTypeSpec str_spec = {
    .name = "str",
    .doc = "str(object='') -> str\nstr(bytes_or_buffer[, encoding[, errors]]) -> str\n\n"
           "Create a new string object from the given object. If encoding or\n"
           "errors is specified, then the object must expose a data buffer\n"
           "that will be decoded using the given encoding and error handler.\n"
           "Otherwise, returns the result of object.__str__() (if defined)\n"
           "or repr(object).\nencoding defaults to sys.getdefaultencoding().\n"
           "errors defaults to 'strict'.",
    .size = sizeof(Str),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_NO_WEAKREF,
    .trace = str_trace,
    .slots = {.make = str_make,
              .repr = str_repr,
              .str = str_str,
              .hash = str_hash,
              .compare = str_compare,
              .iter = str_iter,
              .length = str_length,
              .concat = str_concat,
              .repeat = kr_str_repeat,
              .getitem = kr_str_getitem,
              .contains = str_contains,
              .binary[KR_MOD] = str_percent},
};

Type kr_str_type;

void kr_str_type_init(void)
{
    static const KrFunction *methods[96];
    const KrFunction *const *parts[] = {kr_str_methods(), kr_str_case_methods(),
                                        kr_str_translate_methods(), kr_str_format_methods(),
                                        kr_str_codec_methods()};
    size_t n = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        for (const KrFunction *const *f = parts[i]; *f; f++) methods[n++] = *f;
    str_spec.functions = methods;
    kr_heap_add_tracer(trace_roots);
    kr_heap_add_weak_table(prune_interned);
    kr_type_init(&kr_str_type, &str_spec);
    kr_type_init(&kr_str_iterator_type, &iterator_spec);
    kr_type_init(&kr_str_ascii_iterator_type, &ascii_iterator_spec);
}
