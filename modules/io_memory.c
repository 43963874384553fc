/* io_memory.c: BytesIO and StringIO: streams over memory. */
#include <string.h>

#include "modules/io.h"

KrType *io_bytes_type, *io_string_type;

/* ---- BytesIO ---- */

typedef struct BytesStream {
    IoBase base;
    uint8_t *data; /* kr_alloc_bytes */
    size_t size, capacity;
    int64_t position;
    int exports; /* views from getbuffer() */
} BytesStream;

static BytesStream *bytes_of(KrValue v) { return (BytesStream *)kr_to_object(v); }
static void bytes_trace(void *self, KrTracer *tracer) { kr_trace_pointer(tracer, ((BytesStream *)self)->data); }

static int check_bytes(KrValue self)
{
    if (!bytes_of(self)->base.closed) return 0;
    kr_raise(kr_ValueError, "I/O operation on closed file.");
    return -1;
}

static int check_exports(BytesStream *b)
{
    if (!b->exports) return 0;
    kr_raise(kr_BufferError, "Existing exports of data: object cannot be re-sized");
    return -1;
}

static int reserve(BytesStream *b, size_t size)
{
    if (size <= b->capacity) return 0;
    size_t capacity = b->capacity + b->capacity / 2 + 64;
    if (capacity < size) capacity = size;
    uint8_t *data = kr_alloc_bytes(capacity);
    if (!data) return -1;
    if (b->size) memcpy(data, b->data, b->size);
    b->data = data;
    b->capacity = capacity;
    return 0;
}

/* Writes at the position, which may be beyond the end. */
static int64_t put_bytes(BytesStream *b, KrValue source)
{
    KrBuffer view;
    if (kr_buffer_get(source, &view, KR_BUFFER_CONTIGUOUS) < 0) return -1;
    int64_t n = view.size;
    size_t end = (size_t)(b->position + n);
    if (n && (check_exports(b) < 0 || reserve(b, end) < 0)) n = -1;
    if (n > 0) {
        if ((size_t)b->position > b->size) memset(b->data + b->size, 0, (size_t)b->position - b->size);
        memcpy(b->data + b->position, view.data, (size_t)n);
        if (end > b->size) b->size = end;
        b->position += n;
    }
    kr_buffer_release(&view);
    return n;
}

KR_FN(bytes_make, bytes_init_bound, "__init__", "(self, initial_bytes=<unset>)", "Make a stream.")
{
    BytesStream *b = bytes_of(a[0]);
    if (check_exports(b) < 0) return KR_EMPTY;
    b->size = 0;
    b->position = 0;
    b->base.closed = false;
    if (kr_is_empty(a[1]) || kr_is(a[1], kr_None)) return kr_None;
    if (put_bytes(b, a[1]) < 0) return KR_EMPTY;
    b->position = 0;
    return kr_None;
}

static int bytes_init(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    if (n == 0 && kr_is_empty(kwnames)) {
        KrValue slots[] = {self, KR_EMPTY};
        return kr_is_empty(bytes_init_bound(slots)) ? -1 : 0;
    }
    return io_bound_init(&bytes_init_bound_entry, self, args, n, kwnames);
}

static size_t available(const BytesStream *b)
{
    return b->position >= (int64_t)b->size ? 0 : b->size - (size_t)b->position;
}

static KrValue take_bytes(BytesStream *b, size_t n)
{
    KrValue bytes = kr_bytes(b->data ? b->data + (n ? b->position : 0) : (uint8_t *)"", n);
    if (!kr_is_empty(bytes)) b->position += (int64_t)n;
    return bytes;
}

static KrValue read_bytes(KrValue self, KrValue size_value)
{
    int64_t size;
    if (check_bytes(self) < 0 || io_size_argument(size_value, &size) < 0) return KR_EMPTY;
    size_t left = available(bytes_of(self));
    return take_bytes(bytes_of(self), size < 0 || (size_t)size > left ? left : (size_t)size);
}

KR_FN(bytesio, bytes_read, "read", "(self, size=-1, /)", "Read at most size bytes, returned as a bytes object.") { return read_bytes(a[0], a[1]); }
KR_FN(bytesio, bytes_read1, "read1", "(self, size=-1, /)", "Read at most size bytes, returned as a bytes object.") { return read_bytes(a[0], a[1]); }

static KrValue next_line(BytesStream *b, int64_t limit)
{
    size_t left = available(b);
    if (limit >= 0 && (size_t)limit < left) left = (size_t)limit;
    const uint8_t *start = b->data + b->position, *newline = left ? memchr(start, '\n', left) : NULL;
    return take_bytes(b, newline ? (size_t)(newline - start) + 1 : left);
}

KR_FN(bytesio, bytes_readline, "readline", "(self, size=-1, /)", "Next line from the file, as a bytes object.")
{
    int64_t limit;
    return check_bytes(a[0]) < 0 || io_size_argument(a[1], &limit) < 0 ? KR_EMPTY : next_line(bytes_of(a[0]), limit);
}

static KrValue bytes_next(KrValue self)
{
    if (check_bytes(self) < 0) return KR_EMPTY;
    return available(bytes_of(self)) ? next_line(bytes_of(self), -1) : KR_EMPTY;
}

KR_FN(bytesio, bytes_readinto, "readinto", "(self, buffer, /)", "Read bytes into buffer.")
{
    KrBuffer view;
    BytesStream *b = bytes_of(a[0]);
    if (check_bytes(a[0]) < 0 || io_writable(a[1], &view) < 0) return KR_EMPTY;
    size_t n = available(b) < (size_t)view.size ? available(b) : (size_t)view.size;
    if (n) memcpy(view.data, b->data + b->position, n);
    b->position += (int64_t)n;
    kr_buffer_release(&view);
    return kr_int((int64_t)n);
}

KR_FN(bytesio, bytes_write, "write", "(self, b, /)", "Write bytes to file.\n\nReturn the number of bytes written.")
{
    if (check_bytes(a[0]) < 0) return KR_EMPTY;
    int64_t n = put_bytes(bytes_of(a[0]), a[1]);
    return n < 0 ? KR_EMPTY : kr_int(n);
}

KR_FN(bytesio, bytes_getvalue, "getvalue", "(self, /)", "Retrieve the entire contents of the BytesIO object.")
{
    return check_bytes(a[0]) < 0 ? KR_EMPTY : kr_bytes(bytes_of(a[0])->data ? bytes_of(a[0])->data : (uint8_t *)"", bytes_of(a[0])->size);
}

KR_FN(bytesio, bytes_getbuffer, "getbuffer", "(self, /)", "Get a read-write view over the contents of the BytesIO object.")
{
    return check_bytes(a[0]) < 0 ? KR_EMPTY : kr_call1(kr_type_value(&kr_memoryview_type), a[0]);
}

static int bytes_buffer(KrValue self, KrBuffer *buffer, int flags)
{
    (void)flags;
    BytesStream *b = bytes_of(self);
    if (reserve(b, 1) < 0) return -1;
    *buffer = (KrBuffer){.data = b->data, .owner = self, .size = (int64_t)b->size, .item_size = 1, .rank = 1};
    b->exports++;
    return 0;
}

static void bytes_buffer_release(KrValue self, KrBuffer *buffer)
{
    (void)buffer;
    bytes_of(self)->exports--;
}

KR_FN(bytesio, bytes_seek, "seek", "(self, pos, whence=0, /)", "Change stream position.")
{
    BytesStream *b = bytes_of(a[0]);
    int64_t offset;
    int whence;
    if (check_bytes(a[0]) < 0 || kr_to_int64(a[1], &offset) < 0 || kr_to_int32(a[2], &whence) < 0) return KR_EMPTY;
    if (whence < 0 || whence > 2) return kr_raise(kr_ValueError, "invalid whence (%i, should be 0, 1 or 2)", whence);
    if (whence == 0 && offset < 0) return kr_raise(kr_ValueError, "negative seek value %lld", (long long)offset);
    if (whence == 1) offset += b->position;
    if (whence == 2) offset += (int64_t)b->size;
    b->position = offset < 0 ? 0 : offset;
    return kr_int(b->position);
}

KR_FN(bytesio, bytes_tell, "tell", "(self, /)", "Current file position, an integer.")
{
    return check_bytes(a[0]) < 0 ? KR_EMPTY : kr_int(bytes_of(a[0])->position);
}

KR_FN(bytesio, bytes_truncate, "truncate", "(self, size=None, /)", "Truncate the file to at most size bytes.")
{
    BytesStream *b = bytes_of(a[0]);
    int64_t size = b->position;
    if (check_bytes(a[0]) < 0 || check_exports(b) < 0) return KR_EMPTY;
    if (!kr_is(a[1], kr_None) && kr_to_index(a[1], &size) < 0) return KR_EMPTY;
    if (size < 0) return kr_raise(kr_ValueError, "negative size value %lld", (long long)size);
    if ((size_t)size < b->size) b->size = (size_t)size;
    return kr_int(size);
}

KR_FN(bytesio, bytes_close, "close", "(self, /)", "Disable all I/O operations.")
{
    BytesStream *b = bytes_of(a[0]);
    if (check_exports(b) < 0) return KR_EMPTY;
    b->base.closed = true;
    b->data = NULL;
    b->size = b->capacity = 0;
    return kr_None;
}

static KrValue yes_if_open(KrValue self) { return check_bytes(self) < 0 ? KR_EMPTY : kr_True; }
KR_FN(bytesio, bytes_readable, "readable", "(self, /)", "Returns True if the IO object can be read.") { return yes_if_open(a[0]); }
KR_FN(bytesio, bytes_writable, "writable", "(self, /)", "Returns True if the IO object can be written.") { return yes_if_open(a[0]); }
KR_FN(bytesio, bytes_seekable, "seekable", "(self, /)", "Returns True if the IO object can be seeked.") { return yes_if_open(a[0]); }
KR_FN(bytesio, bytes_flush, "flush", "(self, /)", "Does nothing.") { return check_bytes(a[0]) < 0 ? KR_EMPTY : kr_None; }

KR_FN(bytesio, bytes_getstate, "__getstate__", "(self, /)", "For pickling: (contents, position, attributes).")
{
    if (check_bytes(a[0]) < 0) return KR_EMPTY;
    BytesStream *b = bytes_of(a[0]);
    KrValue dict = kr_getattr(a[0], KR_NAME("__dict__"));
    if (kr_is_empty(dict)) return KR_EMPTY;
    return kr_tuple_of(3, kr_bytes(b->data ? b->data : (uint8_t *)"", b->size), kr_int(b->position), kr_dict_size(dict) ? kr_dict_copy(dict) : kr_None);
}

KR_FN(bytesio, bytes_setstate, "__setstate__", "(self, state, /)", "Restores what __getstate__ gave.")
{
    BytesStream *b = bytes_of(a[0]);
    if (!kr_is_tuple(a[1]) || kr_tuple_size(a[1]) < 3) return kr_raise(kr_TypeError, "%T.__setstate__ argument should be 3-tuple, got %T", a[0], a[1]);
    int64_t position;
    if (check_bytes(a[0]) < 0) return KR_EMPTY;
    b->size = 0;
    b->position = 0;
    if (put_bytes(b, kr_tuple_get(a[1], 0)) < 0 || kr_to_int64(kr_tuple_get(a[1], 1), &position) < 0) return KR_EMPTY;
    if (position < 0) return kr_raise(kr_ValueError, "position value cannot be negative");
    b->position = position;
    KrValue extra = kr_tuple_get(a[1], 2);
    if (kr_is(extra, kr_None)) return kr_None;
    if (!kr_is_dict(extra)) return kr_raise(kr_TypeError, "third item of state should be a dict, got a %T", extra);
    return kr_dict_update(kr_getattr(a[0], KR_NAME("__dict__")), extra) < 0 ? KR_EMPTY : kr_None;
}

/* ---- StringIO ---- */

typedef struct StringStream {
    IoBase base;
    uint32_t *points; /* kr_alloc_bytes */
    size_t length, capacity;
    int64_t position;
    KrValue newline;     /* as given */
    bool universal, translate;
    const char *write_end; /* what \n becomes, or NULL */
    const char *line_end;
    int seen;
} StringStream;

static StringStream *string_of(KrValue v) { return (StringStream *)kr_to_object(v); }
static void string_trace(void *self, KrTracer *tracer)
{
    kr_trace_pointer(tracer, ((StringStream *)self)->points);
    kr_trace(tracer, ((StringStream *)self)->newline);
}

static int check_string(KrValue self)
{
    if (!string_of(self)->base.closed) return 0;
    kr_raise(kr_ValueError, "I/O operation on closed file");
    return -1;
}

static int put_point(StringStream *s, uint32_t c)
{
    size_t at = (size_t)s->position;
    if (at >= s->capacity) {
        size_t capacity = s->capacity + s->capacity / 2 + 32;
        if (capacity <= at) capacity = at + 1;
        uint32_t *points = kr_alloc_bytes(capacity * 4);
        if (!points) return -1;
        if (s->length) memcpy(points, s->points, s->length * 4);
        s->points = points;
        s->capacity = capacity;
    }
    if (at > s->length) memset(s->points + s->length, 0, (at - s->length) * 4);
    s->points[at] = c;
    s->position++;
    if (at + 1 > s->length) s->length = at + 1;
    return 0;
}

/* Writes with the newline rules: universal translates on the way in, others on the way in too, as CPython does. */
static int put_text(StringStream *s, KrValue text)
{
    size_t n = kr_str_length(text);
    for (size_t i = 0; i < n; i++) {
        uint32_t c = kr_str_at(text, i);
        if (s->translate && c == '\r') {
            bool pair = i + 1 < n && kr_str_at(text, i + 1) == '\n';
            s->seen |= pair ? 4 : 1;
            i += pair;
            c = '\n';
        } else if (s->universal && c == '\n') {
            s->seen |= 2;
        }
        if (c == '\n' && s->write_end) {
            for (const char *e = s->write_end; *e; e++)
                if (put_point(s, (uint8_t)*e) < 0) return -1;
            continue;
        }
        if (put_point(s, c) < 0) return -1;
    }
    return 0;
}

KR_FN(string_make, string_init_bound, "__init__", "(self, initial_value='', newline='\\n')", "Make a stream.")
{
    StringStream *s = string_of(a[0]);
    KrValue newline = a[2];
    if (!kr_is(newline, kr_None) && !kr_is_str(newline)) return kr_raise(kr_TypeError, "newline must be str or None, not %T", newline);
    if (!kr_is(a[1], kr_None) && !kr_is_str(a[1])) return kr_raise(kr_TypeError, "initial_value must be str or None, not %T", a[1]);
    s->length = 0;
    s->position = 0;
    s->seen = 0;
    s->base.closed = false;
    s->newline = newline;
    s->universal = kr_is(newline, kr_None) || kr_str_length(newline) == 0;
    s->translate = kr_is(newline, kr_None);
    s->write_end = NULL;
    s->line_end = "\n";
    if (!s->universal && !kr_str_equal_ascii(newline, "\n")) {
        if (kr_str_equal_ascii(newline, "\r")) s->write_end = s->line_end = "\r";
        else if (kr_str_equal_ascii(newline, "\r\n")) s->write_end = s->line_end = "\r\n";
        else return kr_raise(kr_ValueError, "illegal newline value: %R", newline);
    }
    if (kr_is_str(a[1]) && put_text(s, a[1]) < 0) return KR_EMPTY;
    s->position = 0;
    return kr_None;
}

static int string_init(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    return io_bound_init(&string_init_bound_entry, self, args, n, kwnames);
}

static KrValue take_points(StringStream *s, size_t n)
{
    static const uint32_t none;
    KrValue text = kr_str_from_points(n ? s->points + s->position : &none, n, 4);
    if (!kr_is_empty(text)) s->position += (int64_t)n;
    return text;
}

static size_t left_in(const StringStream *s) { return s->position >= (int64_t)s->length ? 0 : s->length - (size_t)s->position; }

KR_FN(stringio, string_read, "read", "(self, size=-1, /)", "Read at most size characters, returned as a string.")
{
    int64_t size;
    if (check_string(a[0]) < 0 || io_size_argument(a[1], &size) < 0) return KR_EMPTY;
    size_t left = left_in(string_of(a[0]));
    return take_points(string_of(a[0]), size < 0 || (size_t)size > left ? left : (size_t)size);
}

static KrValue string_line(StringStream *s, int64_t limit)
{
    size_t left = left_in(s), n = 0;
    const uint32_t *p = s->points + s->position;
    bool done = false;
    while (n < left && !done) {
        uint32_t c = p[n++];
        if (s->universal) {
            if (c == '\r' && n < left && p[n] == '\n' && !s->translate) n++, done = true;
            else done = c == '\n' || (c == '\r' && !s->translate);
        } else if (s->line_end[1]) {
            if (c == '\r' && n < left && p[n] == '\n') n++, done = true;
        } else {
            done = c == (uint8_t)s->line_end[0];
        }
    }
    if (limit >= 0 && (size_t)limit < n) n = (size_t)limit;
    return take_points(s, n);
}

KR_FN(stringio, string_readline, "readline", "(self, size=-1, /)", "Read until newline or EOF.")
{
    int64_t limit;
    return check_string(a[0]) < 0 || io_size_argument(a[1], &limit) < 0 ? KR_EMPTY : string_line(string_of(a[0]), limit);
}

static KrValue string_next(KrValue self)
{
    if (check_string(self) < 0) return KR_EMPTY;
    if (!kr_is_instance_exact(self, io_string_type)) {
        KrValue line = kr_call_method0(self, "readline");
        if (kr_is_empty(line) || !kr_is_str(line) || kr_str_length(line)) return line;
        return KR_EMPTY;
    }
    return left_in(string_of(self)) ? string_line(string_of(self), -1) : KR_EMPTY;
}

KR_FN(stringio, string_write, "write", "(self, s, /)", "Write string to file.\n\nReturns the number of characters written.")
{
    if (!kr_is_str(a[1])) return kr_raise(kr_TypeError, "string argument expected, got '%T'", a[1]);
    if (check_string(a[0]) < 0 || put_text(string_of(a[0]), a[1]) < 0) return KR_EMPTY;
    return kr_int((int64_t)kr_str_length(a[1]));
}

KR_FN(stringio, string_getvalue, "getvalue", "(self, /)", "Retrieve the entire contents of the object.")
{
    static const uint32_t none;
    StringStream *s = string_of(a[0]);
    return check_string(a[0]) < 0 ? KR_EMPTY : kr_str_from_points(s->length ? s->points : &none, s->length, 4);
}

KR_FN(stringio, string_seek, "seek", "(self, pos, whence=0, /)", "Change stream position.")
{
    StringStream *s = string_of(a[0]);
    int64_t offset;
    int whence;
    if (check_string(a[0]) < 0 || kr_to_int64(a[1], &offset) < 0 || kr_to_int32(a[2], &whence) < 0) return KR_EMPTY;
    if (whence < 0 || whence > 2) return kr_raise(kr_ValueError, "Invalid whence (%i, should be 0, 1 or 2)", whence);
    if (whence == 0 && offset < 0) return kr_raise(kr_ValueError, "Negative seek position %lld", (long long)offset);
    if (whence != 0 && offset != 0) return kr_raise(kr_OSError, "Can't do nonzero cur-relative seeks");
    if (whence == 0) s->position = offset;
    if (whence == 2) s->position = (int64_t)s->length;
    return kr_int(s->position);
}

KR_FN(stringio, string_tell, "tell", "(self, /)", "Tell the current file position.")
{
    return check_string(a[0]) < 0 ? KR_EMPTY : kr_int(string_of(a[0])->position);
}

KR_FN(stringio, string_truncate, "truncate", "(self, pos=None, /)", "Truncate size to pos.")
{
    StringStream *s = string_of(a[0]);
    int64_t size = s->position;
    if (check_string(a[0]) < 0) return KR_EMPTY;
    if (!kr_is(a[1], kr_None) && kr_to_index(a[1], &size) < 0) return KR_EMPTY;
    if (size < 0) return kr_raise(kr_ValueError, "Negative size value %lld", (long long)size);
    if ((size_t)size < s->length) s->length = (size_t)size;
    return kr_int(size);
}

KR_FN(stringio, string_close, "close", "(self, /)", "Close the IO object.")
{
    StringStream *s = string_of(a[0]);
    s->base.closed = true;
    s->points = NULL;
    s->length = s->capacity = 0;
    return kr_None;
}

static KrValue string_yes(KrValue self) { return check_string(self) < 0 ? KR_EMPTY : kr_True; }
KR_FN(stringio, string_readable, "readable", "(self, /)", "Returns True if the IO object can be read.") { return string_yes(a[0]); }
KR_FN(stringio, string_writable, "writable", "(self, /)", "Returns True if the IO object can be written.") { return string_yes(a[0]); }
KR_FN(stringio, string_seekable, "seekable", "(self, /)", "Returns True if the IO object can be seeked.") { return string_yes(a[0]); }

KR_FN(stringio, string_getstate, "__getstate__", "(self, /)", "For pickling: (contents, newline, position, attributes).")
{
    StringStream *s = string_of(a[0]);
    static const uint32_t none;
    if (check_string(a[0]) < 0) return KR_EMPTY;
    KrValue dict = kr_getattr(a[0], KR_NAME("__dict__"));
    if (kr_is_empty(dict)) return KR_EMPTY;
    return kr_tuple_of(4, kr_str_from_points(s->length ? s->points : &none, s->length, 4), s->newline, kr_int(s->position),
                       kr_dict_size(dict) ? kr_dict_copy(dict) : kr_None);
}

KR_FN(stringio, string_setstate, "__setstate__", "(self, state, /)", "Restores what __getstate__ gave.")
{
    if (!kr_is_tuple(a[1]) || kr_tuple_size(a[1]) < 4) return kr_raise(kr_TypeError, "%T.__setstate__ argument should be 4-tuple, got %T", a[0], a[1]);
    KrValue slots[] = {a[0], kr_intern(""), kr_tuple_get(a[1], 1)};
    if (check_string(a[0]) < 0) return KR_EMPTY;
    if (kr_is_empty(string_init_bound(slots))) return KR_EMPTY;
    StringStream *s = string_of(a[0]);
    KrValue text = kr_tuple_get(a[1], 0);
    if (!kr_is_str(text)) return kr_raise(kr_TypeError, "initial_value must be str or None, not %T", text);
    for (size_t i = 0; i < kr_str_length(text); i++)
        if (put_point(s, kr_str_at(text, i)) < 0) return KR_EMPTY;
    if (kr_to_int64(kr_tuple_get(a[1], 2), &s->position) < 0) return KR_EMPTY;
    if (s->position < 0) return kr_raise(kr_ValueError, "position value cannot be negative");
    KrValue extra = kr_tuple_get(a[1], 3);
    if (kr_is(extra, kr_None)) return kr_None;
    if (!kr_is_dict(extra)) return kr_raise(kr_TypeError, "fourth item of state should be a dict, got a %T", extra);
    return kr_dict_update(kr_getattr(a[0], KR_NAME("__dict__")), extra) < 0 ? KR_EMPTY : kr_None;
}

static KrValue string_get_newlines(KrValue self)
{
    static const char *const kinds[] = {"\r", "\n", "\r\n"};
    if (check_string(self) < 0) return KR_EMPTY;
    StringStream *s = string_of(self);
    KrValue found[3];
    size_t n = 0;
    for (int i = 0; i < 3; i++)
        if (s->seen & 1 << i) found[n++] = kr_intern(kinds[i]);
    return n == 0 ? kr_None : n == 1 ? found[0] : kr_tuple(found, n);
}
static KrValue string_get_line_buffering(KrValue self) { return check_string(self) < 0 ? KR_EMPTY : kr_False; }
KR_GETSET(stringio, string_get_newlines, NULL, "newlines", "The kinds of newline seen so far.")
KR_GETSET(stringio, string_get_line_buffering, NULL, "line_buffering", "False.")

#include "modules/io_memory.entries.h"

int io_memory_init(KrValue module)
{
    static KrTypeSpec bytes, string;
    bytes = (KrTypeSpec){.name = "_io.BytesIO", .size = sizeof(BytesStream), .flags = KR_TYPE_DICT, .base = io_buffered_base_type,
                         .trace = bytes_trace, .functions = bytesio_functions, .getset = bytesio_getset,
                         .slots = {.init = bytes_init, .next = bytes_next, .buffer = bytes_buffer, .buffer_release = bytes_buffer_release},
                         .doc = "Buffered I/O implementation using an in-memory bytes buffer."};
    string = (KrTypeSpec){.name = "_io.StringIO", .size = sizeof(StringStream), .flags = KR_TYPE_DICT, .base = io_text_base_type,
                          .trace = string_trace, .functions = stringio_functions, .getset = stringio_getset,
                          .slots = {.init = string_init, .next = string_next},
                          .doc = "Text I/O implementation using an in-memory buffer."};
    io_bytes_type = kr_type_new(&bytes);
    io_string_type = kr_type_new(&string);
    return !io_bytes_type || !io_string_type || kr_module_add_type(module, io_bytes_type) < 0 || kr_module_add_type(module, io_string_type) < 0 ? -1 : 0;
}
