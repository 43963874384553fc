/* io_text.c: TextIOWrapper, and IncrementalNewlineDecoder.
 *
 *     write: str -> newlines -> bytes -> pending -> buffer.write
 *     read:  buffer.read1 -> chunk -> decoder -> newlines -> text, handed out from text_position on
 *
 * UTF-8, ASCII and Latin-1 are decoded and encoded here, without Python objects in between: `carry` keeps the bytes of
 * an unfinished character, or a lone CR whose LF may follow. Other encodings use the codec's incremental decoder,
 * wrapped in an IncrementalNewlineDecoder where newlines are translated.
 *
 * tell() must say where in the bytes the next character begins: `snapshot` is the undecoded input that `text` came
 * from (carry included) with the decoder's flags before it; tell() decodes its head again up to the characters used. */
#include <string.h>

#include "modules/io.h"

typedef enum Codec { CODEC_UTF8, CODEC_ASCII, CODEC_LATIN1, CODEC_PYTHON } Codec;

typedef struct TextStream {
    IoBase base;
    KrValue buffer;    /* EMPTY: detached or uninitialised */
    KrValue encoding, errors; /* str */
    KrValue encoder, decoder; /* of CODEC_PYTHON, or EMPTY */
    KrValue newline;   /* as given: None or str */
    Codec codec;
    bool detached, ready;
    bool strict;       /* errors == "strict" */
    bool not_readable, not_writable; /* as the buffer said when the stream was made */
    bool line_buffering, write_through, seekable, has_read1, telling;
    bool universal;    /* reading: \n, \r and \r\n end lines */
    bool translate;    /* reading: they become \n */
    const char *line_end; /* reading, not universal: "\n", "\r" or "\r\n" */
    const char *write_end; /* what \n is written as; NULL: as it is */
    uint8_t *pending;  /* kr_alloc_bytes */
    size_t pending_size, pending_capacity;
    KrValue text;      /* decoded, or EMPTY */
    size_t text_position;
    uint8_t carry[8];
    size_t carry_size;
    KrValue snapshot;  /* bytes, or EMPTY */
    KrValue snapshot_flags; /* of CODEC_PYTHON: int */
    int seen_newlines; /* 1 \r, 2 \n, 4 \r\n */
    size_t chunk_size;
    bool at_end;
} TextStream;

KrType *io_text_type, *io_newline_decoder_type;

static TextStream *text_of(KrValue v) { return (TextStream *)kr_to_object(v); }

static void text_trace(void *self, KrTracer *tracer)
{
    TextStream *t = self;
    kr_trace(tracer, t->buffer);
    kr_trace(tracer, t->encoding);
    kr_trace(tracer, t->errors);
    kr_trace(tracer, t->encoder);
    kr_trace(tracer, t->decoder);
    kr_trace(tracer, t->newline);
    kr_trace(tracer, t->text);
    kr_trace(tracer, t->snapshot);
    kr_trace(tracer, t->snapshot_flags);
    kr_trace_pointer(tracer, t->pending);
}

static int check_ready(TextStream *t)
{
    if (t->ready && !kr_is_empty(t->buffer)) return 0;
    kr_raise(kr_ValueError, t->detached ? "underlying buffer has been detached" : "I/O operation on uninitialized object");
    return -1;
}

static int check_open(KrValue self)
{
    TextStream *t = text_of(self);
    if (check_ready(t) < 0) return -1;
    KrValue closed = kr_getattr(t->buffer, KR_NAME("closed"));
    int truth = kr_is_empty(closed) ? -1 : kr_truth(closed);
    if (truth > 0) kr_raise(kr_ValueError, "I/O operation on closed file.");
    return truth ? -1 : 0;
}

/* ---- Making ---- */

static Codec codec_of(const char *name)
{
    char plain[32];
    size_t n = 0;
    for (const char *c = name; *c && n + 1 < sizeof plain; c++) {
        if (*c == '-' || *c == '_' || *c == ' ') continue;
        plain[n++] = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
    }
    plain[n] = 0;
    if (strcmp(plain, "utf8") == 0) return CODEC_UTF8;
    if (strcmp(plain, "ascii") == 0 || strcmp(plain, "usascii") == 0) return CODEC_ASCII;
    if (strcmp(plain, "latin1") == 0 || strcmp(plain, "iso88591") == 0) return CODEC_LATIN1;
    return CODEC_PYTHON;
}

static int set_newline(TextStream *t, KrValue newline)
{
    t->universal = kr_is(newline, kr_None) || kr_str_length(newline) == 0;
    t->translate = kr_is(newline, kr_None);
    t->line_end = "\n";
    t->write_end = NULL;
    t->newline = newline;
    if (kr_is(newline, kr_None) || kr_str_length(newline) == 0) return 0;
    if (kr_str_equal_ascii(newline, "\n")) return 0;
    if (kr_str_equal_ascii(newline, "\r")) t->line_end = t->write_end = "\r";
    else if (kr_str_equal_ascii(newline, "\r\n")) t->line_end = t->write_end = "\r\n";
    else {
        kr_raise(kr_ValueError, "illegal newline value: %R", newline);
        return -1;
    }
    return 0;
}

static int ask_able(KrValue buffer, const char *question)
{
    KrValue able = kr_call_method0(buffer, question);
    return kr_is_empty(able) ? -1 : kr_truth(able);
}
/* The exact buffers of this module need not be asked. */
static int ask_directions(TextStream *t)
{
    bool reader = kr_is_instance_exact(t->buffer, io_reader_type);
    bool writer = kr_is_instance_exact(t->buffer, io_writer_type);
    int readable = writer ? 0 : reader ? 1 : ask_able(t->buffer, "readable");
    int writable = reader || readable < 0 ? 0 : writer ? 1 : ask_able(t->buffer, "writable");
    if (readable < 0 || writable < 0) return -1;
    t->not_readable = !readable;
    t->not_writable = !writable;
    return 0;
}

/* Looks the codec up and makes its incremental halves. */
static int set_codec(TextStream *t, KrValue encoding, KrValue errors)
{
    const char *name = kr_str_cstring(encoding);
    if (!name || !kr_str_cstring(errors)) return -1;
    t->encoding = encoding;
    t->errors = errors;
    t->strict = kr_str_equal_ascii(errors, "strict");
    t->encoder = t->decoder = KR_EMPTY;
    t->codec = codec_of(name);
    if (ask_directions(t) < 0) return -1;
    if (t->codec != CODEC_PYTHON) return 0;
    KrValue lookup = kr_import_attr("codecs", "lookup");
    KrValue info = kr_is_empty(lookup) ? KR_EMPTY : kr_call1(lookup, encoding);
    if (kr_is_empty(info)) return -1;
    KrValue is_text = kr_find_attr(info, KR_NAME("_is_text_encoding"));
    if (!kr_is_empty(is_text) && kr_truth(is_text) == 0) {
        kr_raise(kr_LookupError, "'%U' is not a text encoding; use codecs.open() to handle arbitrary codecs", encoding);
        return -1;
    }
    if (kr_raised()) kr_clear_exception();
    if (!t->not_readable) {
        t->decoder = kr_call_method1(info, "incrementaldecoder", errors);
        if (kr_is_empty(t->decoder)) return -1;
        if (t->universal) {
            t->decoder = kr_call2(kr_type_value(io_newline_decoder_type), t->decoder, kr_bool(t->translate));
            if (kr_is_empty(t->decoder)) return -1;
        }
    }
    if (!t->not_writable) {
        t->encoder = kr_call_method1(info, "incrementalencoder", errors);
        if (kr_is_empty(t->encoder)) return -1;
        /* In the middle of a file no byte-order mark is written again. */
        KrValue seekable = kr_call_method0(t->buffer, "seekable");
        if (kr_is_empty(seekable)) return -1;
        if (kr_truth(seekable) > 0) {
            KrValue position = kr_call_method0(t->buffer, "tell");
            if (kr_is_empty(position)) kr_clear_exception();
            else if (kr_truth(position) > 0 && kr_is_empty(kr_call_method1(t->encoder, "setstate", kr_int(0)))) kr_clear_exception();
        }
    }
    return 0;
}

KR_FN(text_make, text_init_bound, "__init__",
      "(self, buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False)", "Make a text stream.")
{
    TextStream *t = text_of(a[0]);
    t->ready = false;
    KrValue encoding = a[2], errors = a[3];
    if (kr_is(encoding, kr_None) || (kr_is_str(encoding) && kr_str_equal_ascii(encoding, "locale"))) encoding = KR_NAME("UTF-8");
    if (!kr_is_str(encoding)) return kr_raise(kr_TypeError, "TextIOWrapper() argument 'encoding' must be str or None, not %T", encoding);
    if (kr_is(errors, kr_None)) errors = KR_NAME("strict");
    if (!kr_is_str(errors)) return kr_raise(kr_TypeError, "TextIOWrapper() argument 'errors' must be str or None, not %T", errors);
    if (!kr_is(a[4], kr_None) && !kr_is_str(a[4])) return kr_raise(kr_TypeError, "TextIOWrapper() argument 'newline' must be str or None, not %T", a[4]);
    t->buffer = a[1];
    t->detached = false;
    int line_buffering = kr_truth(a[5]), write_through = kr_truth(a[6]);
    if (line_buffering < 0 || write_through < 0) return KR_EMPTY;
    t->line_buffering = line_buffering;
    t->write_through = write_through;
    t->chunk_size = IO_BUFFER_SIZE;
    t->text = t->snapshot = KR_EMPTY;
    t->text_position = t->pending_size = t->carry_size = 0;
    t->snapshot_flags = kr_int(0);
    t->seen_newlines = 0;
    if (set_newline(t, a[4]) < 0 || set_codec(t, encoding, errors) < 0) return KR_EMPTY;
    KrValue seekable = kr_call_method0(t->buffer, "seekable");
    if (kr_is_empty(seekable)) return KR_EMPTY;
    t->seekable = t->telling = kr_truth(seekable) > 0;
    KrValue read1 = kr_find_attr(t->buffer, KR_NAME("read1"));
    if (kr_is_empty(read1) && kr_raised()) return KR_EMPTY;
    t->has_read1 = !kr_is_empty(read1);
    t->ready = true;
    io_set_wrapped(t->buffer, true);
    return kr_None;
}

static int text_init(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    return io_bound_init(&text_init_bound_entry, self, args, n, kwnames);
}

/* ---- Writing ---- */

static int flush_pending(TextStream *t)
{
    if (t->pending_size == 0) return 0;
    size_t size = t->pending_size;
    t->pending_size = 0;
    if (kr_is_instance_exact(t->buffer, io_writer_type)) return io_writer_write(t->buffer, t->pending, size);
    KrValue bytes = kr_bytes(t->pending, size);
    while (!kr_is_empty(bytes)) {
        if (!kr_is_empty(kr_call_method1(t->buffer, "write", bytes))) return 0;
        if (!kr_raised_is(kr_InterruptedError)) return -1;
        kr_clear_exception();
    }
    return -1;
}

static int add_pending(TextStream *t, const void *data, size_t size)
{
    if (t->pending_size + size > t->pending_capacity) {
        size_t capacity = t->pending_capacity ? t->pending_capacity * 2 : t->chunk_size + 512;
        while (capacity < t->pending_size + size) capacity *= 2;
        uint8_t *larger = kr_alloc_bytes(capacity);
        if (!larger) return -1;
        if (t->pending_size) memcpy(larger, t->pending, t->pending_size);
        t->pending = larger;
        t->pending_capacity = capacity;
    }
    if (size) memcpy(t->pending + t->pending_size, data, size);
    t->pending_size += size;
    return 0;
}

static KrValue encode(TextStream *t, KrValue text)
{
    if (t->codec == CODEC_PYTHON) {
        KrValue bytes = kr_call_method1(t->encoder, "encode", text);
        if (!kr_is_empty(bytes) && !kr_is_bytes(bytes)) return kr_raise(kr_TypeError, "encoder should return a bytes object, not '%T'", bytes);
        return bytes;
    }
    static const char *const names[] = {"utf-8", "ascii", "latin-1"};
    return kr_str_encode(text, names[t->codec], kr_str_utf8(t->errors, NULL));
}

static int write_text(TextStream *t, KrValue text)
{
    bool has_newline = false, has_return = false;
    size_t length = kr_str_length(text);
    if ((t->write_end || t->line_buffering) && length) {
        if (kr_str_width(text) == 1) {
            const char *points = kr_str_points(text);
            has_newline = memchr(points, '\n', length) != NULL;
            has_return = t->line_buffering && memchr(points, '\r', length) != NULL;
        } else {
            for (size_t i = 0; i < length; i++) {
                uint32_t c = kr_str_at(text, i);
                has_newline |= c == '\n', has_return |= c == '\r';
            }
        }
    }
    if (t->write_end && has_newline) {
        KrValue arguments[] = {KR_NAME("\n"), kr_intern(t->write_end)};
        text = kr_call_method(text, KR_NAME("replace"), arguments, 2);
        if (kr_is_empty(text)) return -1;
        length = kr_str_length(text);
    }
    if (t->codec != CODEC_PYTHON && kr_str_is_ascii(text)) {
        if (add_pending(t, kr_str_points(text), length) < 0) return -1;
    } else {
        KrValue bytes = encode(t, text);
        if (kr_is_empty(bytes) || add_pending(t, kr_bytes_data(bytes), kr_bytes_size(bytes)) < 0) return -1;
    }
    bool flush = t->line_buffering && (has_newline || has_return);
    if (t->pending_size >= t->chunk_size || flush || t->write_through)
        if (flush_pending(t) < 0) return -1;
    if (flush && kr_is_empty(kr_call_method0(t->buffer, "flush"))) return -1;
    return 0;
}

/* What was decoded but not handed out is void after a write; the position follows the writer. */
static void forget_input(TextStream *t)
{
    t->text = KR_EMPTY;
    t->text_position = 0;
    t->snapshot = KR_EMPTY;
    t->carry_size = 0;
}

KR_FN(text, text_write, "write", "(self, text, /)", "Write string s to stream. Return the number of characters written.")
{
    TextStream *t = text_of(a[0]);
    if (check_open(a[0]) < 0) return KR_EMPTY;
    if (!kr_is_str(a[1])) return kr_raise(kr_TypeError, "write() argument must be str, not %T", a[1]);
    if (t->not_writable) return io_unsupported_error("not writable");
    if (write_text(t, a[1]) < 0) return KR_EMPTY;
    if (!kr_is_empty(t->text) || t->carry_size) forget_input(t);
    if (!kr_is_empty(t->decoder) && kr_is_empty(kr_call_method0(t->decoder, "reset"))) return KR_EMPTY;
    return kr_int((int64_t)kr_str_length(a[1]));
}

KR_FN(text, text_flush, "flush", "(self, /)", "Flush write buffers.")
{
    TextStream *t = text_of(a[0]);
    if (check_open(a[0]) < 0) return KR_EMPTY;
    t->telling = t->seekable;
    if (flush_pending(t) < 0) return KR_EMPTY;
    return kr_call_method0(t->buffer, "flush");
}

/* ---- Decoding ---- */

/* Bytes at the end of data that begin a UTF-8 sequence without finishing it. */
static size_t unfinished_utf8(const uint8_t *data, size_t n)
{
    for (size_t back = 1; back <= 3 && back <= n; back++) {
        uint8_t c = data[n - back];
        if ((c & 0xc0) == 0x80) continue;
        size_t need = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
        return need > back ? back : 0;
    }
    return 0;
}

/* Counts the kinds of newline in text and, when translating, turns them into \n. */
static KrValue translate_newlines(KrValue text, bool translate, int *seen)
{
    size_t length = kr_str_length(text);
    if (kr_str_width(text) == 1) {
        const char *points = kr_str_points(text);
        if (!memchr(points, '\r', length)) {
            if (!(*seen & 2) && memchr(points, '\n', length)) *seen |= 2;
            return text;
        }
    }
    KrText out;
    kr_text_init(&out);
    for (size_t i = 0; i < length; i++) {
        uint32_t c = kr_str_at(text, i);
        if (c == '\r') {
            bool pair = i + 1 < length && kr_str_at(text, i + 1) == '\n';
            *seen |= pair ? 4 : 1;
            if (pair) i++;
            c = '\n';
        } else if (c == '\n') {
            *seen |= 2;
        }
        kr_text_add_char(&out, c);
    }
    if (translate) return kr_text_finish(&out);
    kr_text_drop(&out);
    return text;
}

/* The next text from a chunk of input; the rest of an unfinished character or CR stays in carry. */
static KrValue decode_native(TextStream *t, const uint8_t *data, size_t n, bool final)
{
    size_t hold = 0;
    if (!final) {
        if (t->codec == CODEC_UTF8) hold = unfinished_utf8(data, n);
        if (hold == 0 && t->universal && n && data[n - 1] == '\r') hold = 1;
    }
    static const char *const names[] = {"utf-8", "ascii", "latin-1"};
    KrValue text = kr_str_decode((const char *)data, n - hold, names[t->codec], t->strict ? NULL : kr_str_utf8(t->errors, NULL));
    if (kr_is_empty(text)) return KR_EMPTY;
    memcpy(t->carry, data + n - hold, hold);
    t->carry_size = hold;
    return t->universal ? translate_newlines(text, t->translate, &t->seen_newlines) : text;
}

/* Reads and decodes one chunk into t->text: 1, 0 at the end of the input, -1 raised. */
static int read_chunk(TextStream *t, int64_t hint)
{
    if (t->not_readable) return io_unsupported_error("not readable"), -1;
    KrValue state = KR_EMPTY;
    if (t->telling && t->codec == CODEC_PYTHON && kr_is_empty(state = kr_call_method0(t->decoder, "getstate"))) return -1;
    size_t wanted = hint > (int64_t)t->chunk_size ? (size_t)hint : t->chunk_size;
    KrValue chunk;
    if (kr_is_instance_exact(t->buffer, io_reader_type)) chunk = io_reader_chunk(t->buffer, wanted);
    else chunk = kr_call_method1(t->buffer, t->has_read1 ? "read1" : "read", kr_int((int64_t)wanted));
    if (kr_is_empty(chunk)) return -1;
    if (!kr_is_bytes(chunk)) {
        KrBuffer view;
        if (kr_is(chunk, kr_None) || !kr_has_buffer(chunk)) {
            kr_raise(kr_TypeError, "underlying %s() should have returned a bytes-like object, not '%T'", t->has_read1 ? "read1" : "read", chunk);
            return -1;
        }
        if (kr_buffer_get(chunk, &view, KR_BUFFER_CONTIGUOUS) < 0) return -1;
        chunk = kr_bytes(view.data, (size_t)view.size);
        kr_buffer_release(&view);
        if (kr_is_empty(chunk)) return -1;
    }
    bool final = kr_bytes_size(chunk) == 0;
    KrValue text;
    if (t->codec == CODEC_PYTHON) {
        KrValue arguments[] = {chunk, kr_bool(final)};
        text = kr_call_method(t->decoder, KR_NAME("decode"), arguments, 2);
        if (!kr_is_empty(text) && !kr_is_str(text)) kr_raise(kr_TypeError, "decoder should return a string result, not '%T'", text), text = KR_EMPTY;
        if (!kr_is_empty(text) && t->telling) {
            KrValue held = kr_getitem(state, kr_int(0));
            t->snapshot_flags = kr_getitem(state, kr_int(1));
            t->snapshot = kr_is_empty(held) ? KR_EMPTY : kr_binary(KR_ADD, held, chunk);
            if (kr_is_empty(t->snapshot) || kr_is_empty(t->snapshot_flags)) return -1;
        }
    } else {
        if (t->carry_size) {
            KrValue whole = kr_bytes(NULL, t->carry_size + kr_bytes_size(chunk));
            if (kr_is_empty(whole)) return -1;
            memcpy(kr_bytes_data(whole), t->carry, t->carry_size);
            memcpy(kr_bytes_data(whole) + t->carry_size, kr_bytes_data(chunk), kr_bytes_size(chunk));
            chunk = whole;
        }
        text = decode_native(t, kr_bytes_data(chunk), kr_bytes_size(chunk), final);
        if (t->telling) t->snapshot = chunk;
    }
    if (kr_is_empty(text)) return -1;
    t->text = text;
    t->text_position = 0;
    t->at_end = final;
    if (kr_str_length(text)) return 1;
    return final ? 0 : 1;
}

static size_t unread(const TextStream *t)
{
    return kr_is_empty(t->text) ? 0 : kr_str_length(t->text) - t->text_position;
}

static KrValue take(TextStream *t, size_t n)
{
    KrValue part = t->text_position == 0 && n == kr_str_length(t->text) ? t->text
                                                                       : kr_str_slice(t->text, t->text_position, t->text_position + n);
    if (!kr_is_empty(part)) t->text_position += n;
    return part;
}

KR_FN(text, text_read, "read", "(self, size=-1, /)", "Read at most size characters from stream.")
{
    TextStream *t = text_of(a[0]);
    int64_t size;
    if (io_size_argument(a[1], &size) < 0 || check_open(a[0]) < 0 || flush_pending(t) < 0) return KR_EMPTY;
    if (t->not_readable) return io_unsupported_error("not readable");
    KrText out;
    kr_text_init(&out);
    if (size < 0 && t->codec != CODEC_PYTHON) {
        KrValue rest = kr_call_method0(t->buffer, "read");
        if (kr_is_empty(rest)) return KR_EMPTY;
        if (kr_is(rest, kr_None) || !kr_is_bytes(rest)) {
            if (kr_is(rest, kr_None)) return kr_raise(kr_TypeError, "underlying read() should have returned a bytes-like object, not 'NoneType'");
            KrValue copy = kr_call1(kr_type_value(&kr_bytes_type), rest);
            if (kr_is_empty(copy)) return KR_EMPTY;
            rest = copy;
        }
        if (t->carry_size) {
            KrValue head = kr_bytes(t->carry, t->carry_size);
            rest = kr_binary(KR_ADD, head, rest);
            if (kr_is_empty(rest)) return KR_EMPTY;
        }
        KrValue text = decode_native(t, kr_bytes_data(rest), kr_bytes_size(rest), true);
        if (kr_is_empty(text)) return KR_EMPTY;
        if (unread(t)) text = kr_str_concat(take(t, unread(t)), text);
        forget_input(t);
        return text;
    }
    for (size_t left = size < 0 ? SIZE_MAX : (size_t)size; left > 0;) {
        if (unread(t) == 0) {
            int more = read_chunk(t, size < 0 ? INT32_MAX : (int64_t)left);
            if (more < 0) {
                kr_text_drop(&out);
                return KR_EMPTY;
            }
            if (more == 0) break;
            continue;
        }
        size_t n = unread(t) < left ? unread(t) : left;
        KrValue part = take(t, n);
        if (kr_is_empty(part)) {
            kr_text_drop(&out);
            return KR_EMPTY;
        }
        if (n == left && out.length == 0) return part;
        kr_text_add_str(&out, part);
        left -= n;
    }
    return kr_text_finish(&out);
}

/* Where the line that starts at `from` ends (exclusive), or SIZE_MAX when its end is not in the text. */
static size_t line_end(TextStream *t, size_t from)
{
    size_t length = kr_str_length(t->text);
    if ((t->translate || (!t->universal && !t->line_end[1])) && kr_str_width(t->text) == 1) {
        char end = t->translate ? '\n' : t->line_end[0];
        const char *points = kr_str_points(t->text), *found = memchr(points + from, end, length - from);
        return found ? (size_t)(found - points) + 1 : SIZE_MAX;
    }
    for (size_t i = from; i < length; i++) {
        uint32_t c = kr_str_at(t->text, i);
        if (t->translate || (!t->universal && !t->line_end[1])) {
            if (c == (uint32_t)(t->translate ? '\n' : t->line_end[0])) return i + 1;
        } else if (t->universal) {
            if (c == '\n') return i + 1;
            if (c == '\r') return i + 1 < length && kr_str_at(t->text, i + 1) == '\n' ? i + 2 : i + 1;
        } else if (c == '\r' && i + 1 < length && kr_str_at(t->text, i + 1) == '\n') {
            return i + 2;
        }
    }
    return SIZE_MAX;
}

static KrValue read_line(TextStream *t, int64_t limit)
{
    KrText out;
    bool partial = false;
    size_t total = 0;
    for (;;) {
        if (unread(t) == 0) {
            int more = read_chunk(t, 0);
            if (more < 0) {
                if (partial) kr_text_drop(&out);
                return KR_EMPTY;
            }
            if (more == 0) break;
            continue;
        }
        size_t end = line_end(t, t->text_position), length = kr_str_length(t->text);
        bool complete = end != SIZE_MAX;
        if (!complete) end = length;
        /* \r\n as the only line end: a final \r may be half of one. */
        if (!complete && !t->universal && t->line_end[1] && kr_str_at(t->text, length - 1) == '\r' && !t->at_end && end - t->text_position > 1)
            end--;
        size_t n = end - t->text_position;
        if (limit >= 0 && n >= (size_t)limit - total) n = (size_t)limit - total, complete = true;
        else if (!complete && end < length && n) {
            KrValue head = take(t, n), tail = kr_str_slice(t->text, t->text_position, length);
            if (!partial) kr_text_init(&out), partial = true;
            kr_text_add_str(&out, head);
            total += n;
            int more = read_chunk(t, 0);
            if (more < 0) {
                kr_text_drop(&out);
                return KR_EMPTY;
            }
            t->text = kr_str_concat(tail, t->text);
            t->snapshot = KR_EMPTY;
            continue;
        } else if (!complete && !t->universal && t->line_end[1] && n == 1 && kr_str_at(t->text, length - 1) == '\r' && !t->at_end) {
            int more = read_chunk(t, 0);
            if (more < 0) {
                if (partial) kr_text_drop(&out);
                return KR_EMPTY;
            }
            t->text = kr_str_concat(KR_NAME("\r"), t->text);
            t->snapshot = KR_EMPTY;
            continue;
        }
        KrValue part = take(t, n);
        if (kr_is_empty(part)) {
            if (partial) kr_text_drop(&out);
            return KR_EMPTY;
        }
        if (complete && !partial) return part;
        if (!partial) kr_text_init(&out), partial = true;
        kr_text_add_str(&out, part);
        total += n;
        if (complete) break;
    }
    if (!partial) {
        t->text = KR_EMPTY;
        t->text_position = 0;
        return kr_intern("");
    }
    return kr_text_finish(&out);
}

KR_FN(text, text_readline, "readline", "(self, size=-1, /)", "Read until newline or EOF.")
{
    int64_t limit;
    if (io_size_argument(a[1], &limit) < 0 || check_open(a[0]) < 0 || flush_pending(text_of(a[0])) < 0) return KR_EMPTY;
    return read_line(text_of(a[0]), limit);
}

static KrValue text_next(KrValue self)
{
    TextStream *t = text_of(self);
    if (check_ready(t) < 0) return KR_EMPTY;
    KrValue line;
    t->telling = false;
    if (kr_is_instance_exact(self, io_text_type)) {
        if (check_open(self) < 0 || flush_pending(t) < 0) return KR_EMPTY;
        line = read_line(t, -1);
    } else {
        line = kr_call_method0(self, "readline");
        if (!kr_is_empty(line) && !kr_is_str(line)) return kr_raise(kr_OSError, "readline() should have returned a str object, not '%T'", line);
    }
    if (kr_is_empty(line)) return KR_EMPTY;
    if (kr_str_length(line)) return line;
    t->snapshot = KR_EMPTY;
    t->telling = t->seekable;
    return KR_EMPTY;
}

/* ---- Position ---- */

/* How many bytes of a native codec's snapshot the first `count` characters of its text took. */
static size_t native_offset(TextStream *t, size_t count)
{
    const uint8_t *data = kr_bytes_data(t->snapshot);
    size_t n = kr_bytes_size(t->snapshot), i = 0;
    while (count > 0 && i < n) {
        if (t->translate && data[i] == '\r' && i + 1 < n && data[i + 1] == '\n') i++;
        i++;
        if (t->codec == CODEC_UTF8)
            while (i < n && (data[i] & 0xc0) == 0x80) i++;
        count--;
    }
    return i;
}

static KrValue shifted(KrValue v, int bits) { return kr_binary(KR_LSHIFT, v, kr_int(bits)); }

/* Position, decoder flags, bytes to feed, need EOF, characters to skip, packed into one int as CPython does. */
static KrValue pack_cookie(int64_t position, KrValue flags, int64_t bytes, bool need_end, int64_t skip)
{
    KrValue cookie = kr_int(position);
    KrValue parts[] = {flags, kr_int(bytes), kr_int(skip), kr_int(need_end)};
    static const int shifts[] = {64, 128, 192, 256};
    for (int i = 0; i < 4 && !kr_is_empty(cookie); i++) {
        if (kr_truth(parts[i]) == 0) continue;
        KrValue part = shifted(parts[i], shifts[i]);
        cookie = kr_is_empty(part) ? KR_EMPTY : kr_binary(KR_OR, cookie, part);
    }
    return cookie;
}

static KrValue python_cookie(TextStream *t, int64_t position)
{
    KrValue saved = kr_call_method0(t->decoder, "getstate");
    if (kr_is_empty(saved)) return KR_EMPTY;
    int64_t skip = (int64_t)t->text_position, fed = 0, decoded = 0;
    KrValue flags = t->snapshot_flags, result = KR_EMPTY;
    bool need_end = false;
    size_t n = kr_bytes_size(t->snapshot), i;
    if (kr_is_empty(kr_call_method1(t->decoder, "setstate", kr_tuple_of(2, kr_bytes("", 0), flags)))) return KR_EMPTY;
    for (i = 0; i < n; i++) {
        KrValue piece = kr_call_method1(t->decoder, "decode", kr_bytes(kr_bytes_data(t->snapshot) + i, 1));
        KrValue state = kr_is_empty(piece) ? KR_EMPTY : kr_call_method0(t->decoder, "getstate");
        if (kr_is_empty(state)) goto restore;
        fed++;
        decoded += (int64_t)kr_str_length(piece);
        KrValue held = kr_getitem(state, kr_int(0));
        if (kr_truth(held) == 0 && decoded <= skip) {
            position += fed;
            skip -= decoded;
            flags = kr_getitem(state, kr_int(1));
            fed = decoded = 0;
        }
        if (decoded >= skip) break;
    }
    if (i == n && decoded < skip) {
        KrValue arguments[] = {kr_bytes("", 0), kr_True};
        KrValue piece = kr_call_method(t->decoder, KR_NAME("decode"), arguments, 2);
        if (kr_is_empty(piece)) goto restore;
        decoded += (int64_t)kr_str_length(piece);
        need_end = true;
        if (decoded < skip) {
            kr_raise(kr_OSError, "can't reconstruct logical file position");
            goto restore;
        }
    }
    result = pack_cookie(position, flags, fed, need_end, skip);
restore:;
    KrValue exception = kr_take_exception();
    if (kr_is_empty(kr_call_method1(t->decoder, "setstate", saved)) && kr_is_empty(exception)) return KR_EMPTY;
    if (!kr_is_empty(exception)) kr_restore_exception(exception);
    return result;
}

KR_FN(text, text_tell, "tell", "(self, /)", "Return the stream position: an opaque number for seek().")
{
    TextStream *t = text_of(a[0]);
    if (check_open(a[0]) < 0) return KR_EMPTY;
    if (!t->seekable) return io_unsupported_error("underlying stream is not seekable");
    if (!t->telling) return kr_raise(kr_OSError, "telling position disabled by next() call");
    if (flush_pending(t) < 0 || kr_is_empty(kr_call_method0(a[0], "flush"))) return KR_EMPTY;
    KrValue at = kr_call_method0(t->buffer, "tell");
    int64_t position;
    if (kr_is_empty(at) || kr_to_int64(at, &position) < 0) return KR_EMPTY;
    if (kr_is_empty(t->snapshot)) return kr_int(position - (int64_t)t->carry_size - (int64_t)unread(t));
    position -= (int64_t)kr_bytes_size(t->snapshot);
    if (t->codec != CODEC_PYTHON) return kr_int(position + (int64_t)native_offset(t, t->text_position));
    return python_cookie(t, position);
}

static int64_t cookie_part(KrValue cookie, int shift, int bits)
{
    KrValue part = kr_binary(KR_RSHIFT, cookie, kr_int(shift));
    uint64_t low = kr_is_empty(part) ? 0 : kr_int_low_bits(part);
    return (int64_t)(bits == 64 ? low : low & ((UINT64_C(1) << bits) - 1));
}

static int seek_buffer(TextStream *t, KrValue position)
{
    if (kr_is_empty(kr_call_method1(t->buffer, "seek", position))) return -1;
    forget_input(t);
    t->at_end = false;
    return 0;
}

static KrValue seek_cookie(TextStream *t, KrValue cookie)
{
    if (kr_int_sign(cookie) < 0) return kr_raise(kr_ValueError, "negative seek position %R", cookie);
    int64_t position = cookie_part(cookie, 0, 64), flags = cookie_part(cookie, 64, 64), bytes = cookie_part(cookie, 128, 64);
    int64_t skip = cookie_part(cookie, 192, 64), need_end = cookie_part(cookie, 256, 1);
    if (seek_buffer(t, kr_int(position)) < 0) return KR_EMPTY;
    if (!kr_is_empty(t->decoder)) {
        if (position == 0 && flags == 0) {
            if (kr_is_empty(kr_call_method0(t->decoder, "reset"))) return KR_EMPTY;
        } else if (kr_is_empty(kr_call_method1(t->decoder, "setstate", kr_tuple_of(2, kr_bytes("", 0), kr_int(flags))))) {
            return KR_EMPTY;
        }
    }
    if (!kr_is_empty(t->encoder)) {
        KrValue done = position == 0 && flags == 0 ? kr_call_method0(t->encoder, "reset") : kr_call_method1(t->encoder, "setstate", kr_int(0));
        if (kr_is_empty(done)) return KR_EMPTY;
    }
    if (skip) {
        KrValue input = kr_call_method1(t->buffer, "read", kr_int(bytes));
        KrValue arguments[] = {input, kr_bool(need_end)};
        KrValue text = kr_is_empty(input) || kr_is_empty(t->decoder) ? KR_EMPTY : kr_call_method(t->decoder, KR_NAME("decode"), arguments, 2);
        if (kr_is_empty(text)) return kr_raised() ? KR_EMPTY : kr_raise(kr_OSError, "can't restore logical file position");
        if ((int64_t)kr_str_length(text) < skip) return kr_raise(kr_OSError, "can't restore logical file position");
        t->text = text;
        t->text_position = (size_t)skip;
        t->snapshot = input;
        t->snapshot_flags = kr_int(flags);
    } else {
        t->snapshot_flags = kr_int(flags);
    }
    return cookie;
}

KR_FN(text, text_seek, "seek", "(self, cookie, whence=0, /)",
      "Change the stream position: to one that tell() gave, or with whence 2 and offset 0 to the end.")
{
    TextStream *t = text_of(a[0]);
    KrValue cookie = a[1];
    int whence;
    if (kr_to_int32(a[2], &whence) < 0 || check_open(a[0]) < 0) return KR_EMPTY;
    if (!t->seekable) return io_unsupported_error("underlying stream is not seekable");
    int zero = kr_equal(cookie, kr_int(0));
    if (zero < 0) return KR_EMPTY;
    if (whence == 1) {
        if (!zero) return io_unsupported_error("can't do nonzero cur-relative seeks");
        cookie = kr_call_method0(a[0], "tell");
        if (kr_is_empty(cookie)) return KR_EMPTY;
    } else if (whence == 2) {
        if (!zero) return io_unsupported_error("can't do nonzero end-relative seeks");
        if (kr_is_empty(kr_call_method0(a[0], "flush"))) return KR_EMPTY;
        forget_input(t);
        if (!kr_is_empty(t->decoder) && kr_is_empty(kr_call_method0(t->decoder, "reset"))) return KR_EMPTY;
        KrValue arguments[] = {kr_int(0), kr_int(2)};
        KrValue end = kr_call_method(t->buffer, KR_NAME("seek"), arguments, 2);
        if (kr_is_empty(end) || kr_is_empty(t->encoder)) return end;
        KrValue done = kr_truth(end) == 0 ? kr_call_method0(t->encoder, "reset") : kr_call_method1(t->encoder, "setstate", kr_int(0));
        return kr_is_empty(done) ? KR_EMPTY : end;
    } else if (whence != 0) {
        return kr_raise(kr_ValueError, "invalid whence (%d, should be 0, 1 or 2)", whence);
    }
    if (kr_is_empty(cookie = kr_index(cookie)) || kr_is_empty(kr_call_method0(a[0], "flush"))) return KR_EMPTY;
    return seek_cookie(t, cookie);
}

KR_FN(text, text_truncate, "truncate", "(self, pos=None, /)", "Truncate file to pos bytes, the current position by default.")
{
    if (check_ready(text_of(a[0])) < 0 || kr_is_empty(kr_call_method0(a[0], "flush"))) return KR_EMPTY;
    return kr_call_method1(text_of(a[0])->buffer, "truncate", a[1]);
}

/* ---- State ---- */

KR_FN(text, text_close, "close", "(self, /)", "Flush and close the stream.")
{
    TextStream *t = text_of(a[0]);
    if (check_ready(t) < 0) return KR_EMPTY;
    KrValue closed = kr_getattr(t->buffer, KR_NAME("closed"));
    int truth = kr_is_empty(closed) ? -1 : kr_truth(closed);
    if (truth) return truth < 0 ? KR_EMPTY : kr_None;
    KrValue flushed = kr_call_method0(a[0], "flush");
    KrValue first = kr_is_empty(flushed) ? kr_take_exception() : KR_EMPTY;
    KrValue result = kr_call_method0(t->buffer, "close");
    t->base.closed = true;
    if (kr_is_empty(first)) return result;
    if (kr_is_empty(result)) {
        KrValue second = kr_take_exception();
        if (kr_setattr(second, KR_NAME("__context__"), first) < 0) kr_clear_exception();
        first = second;
    }
    kr_restore_exception(first);
    return KR_EMPTY;
}

KR_FN(text, text_detach, "detach", "(self, /)", "Separate the underlying buffer from the stream and return it.")
{
    TextStream *t = text_of(a[0]);
    if (check_ready(t) < 0 || kr_is_empty(kr_call_method0(a[0], "flush"))) return KR_EMPTY;
    KrValue buffer = t->buffer;
    t->buffer = KR_EMPTY;
    t->detached = true;
    io_set_wrapped(buffer, false);
    return buffer;
}

KR_FN(text, text_reconfigure, "reconfigure",
      "(self, *, encoding=None, errors=None, newline=<unset>, line_buffering=None, write_through=None)",
      "Reconfigure the text stream with new parameters.\n\nThis also does an implicit stream flush.")
{
    TextStream *t = text_of(a[0]);
    bool new_codec = !kr_is(a[1], kr_None) || !kr_is(a[2], kr_None), new_newline = !kr_is_empty(a[3]);
    if ((!kr_is_empty(t->text) || t->carry_size) && (new_codec || new_newline))
        return io_unsupported_error("It is not possible to set the encoding or newline of stream after the first read");
    if (new_newline && !kr_is(a[3], kr_None) && !kr_is_str(a[3])) return kr_raise(kr_TypeError, "newline must be str or None, not %T", a[3]);
    int line_buffering = kr_is(a[4], kr_None) ? t->line_buffering : kr_truth(a[4]);
    int write_through = kr_is(a[5], kr_None) ? t->write_through : kr_truth(a[5]);
    if (line_buffering < 0 || write_through < 0 || kr_is_empty(kr_call_method0(a[0], "flush"))) return KR_EMPTY;
    if (new_newline && set_newline(t, a[3]) < 0) return KR_EMPTY;
    if (new_codec || new_newline) {
        KrValue encoding = kr_is(a[1], kr_None) ? t->encoding : a[1];
        KrValue errors = !kr_is(a[2], kr_None) ? a[2] : kr_is(a[1], kr_None) ? t->errors : KR_NAME("strict");
        if (kr_is_str(encoding) && kr_str_equal_ascii(encoding, "locale")) encoding = KR_NAME("UTF-8");
        if (set_codec(t, encoding, errors) < 0) return KR_EMPTY;
    }
    t->line_buffering = line_buffering;
    t->write_through = write_through;
    return kr_None;
}

static KrValue ask_buffer(KrValue self, const char *method)
{
    return check_ready(text_of(self)) < 0 ? KR_EMPTY : kr_call_method0(text_of(self)->buffer, method);
}

KR_FN(text, text_seekable, "seekable", "(self, /)", "Return whether object supports random access.") { return ask_buffer(a[0], "seekable"); }
KR_FN(text, text_readable, "readable", "(self, /)", "Return whether object was opened for reading.") { return ask_buffer(a[0], "readable"); }
KR_FN(text, text_writable, "writable", "(self, /)", "Return whether object was opened for writing.") { return ask_buffer(a[0], "writable"); }
KR_FN(text, text_fileno, "fileno", "(self, /)", "Returns underlying file descriptor if one exists.") { return ask_buffer(a[0], "fileno"); }
KR_FN(text, text_isatty, "isatty", "(self, /)", "Return whether this is an 'interactive' stream.") { return ask_buffer(a[0], "isatty"); }
KR_FN(text, text_getstate, "__getstate__", "(self, /)", "Streams cannot be pickled.")
{
    return kr_raise(kr_TypeError, "cannot pickle '%T' object", a[0]);
}

static KrValue text_get_closed(KrValue self)
{
    return check_ready(text_of(self)) < 0 ? KR_EMPTY : kr_getattr(text_of(self)->buffer, KR_NAME("closed"));
}
static KrValue text_get_name(KrValue self)
{
    return check_ready(text_of(self)) < 0 ? KR_EMPTY : kr_getattr(text_of(self)->buffer, KR_NAME("name"));
}
static KrValue text_get_buffer(KrValue self) { return check_ready(text_of(self)) < 0 ? KR_EMPTY : text_of(self)->buffer; }
/* What does not depend on the buffer is known of a detached stream too. */
static int check_initialised(KrValue self) { return text_of(self)->detached ? 0 : check_ready(text_of(self)); }
static KrValue text_get_encoding(KrValue self) { return check_initialised(self) < 0 ? KR_EMPTY : text_of(self)->encoding; }
static KrValue text_get_errors(KrValue self) { return check_initialised(self) < 0 ? KR_EMPTY : text_of(self)->errors; }
static KrValue text_get_line_buffering(KrValue self) { return check_initialised(self) < 0 ? KR_EMPTY : kr_bool(text_of(self)->line_buffering); }
static KrValue text_get_write_through(KrValue self) { return check_initialised(self) < 0 ? KR_EMPTY : kr_bool(text_of(self)->write_through); }
static KrValue newlines_value(int seen)
{
    static const char *const kinds[] = {"\r", "\n", "\r\n"};
    KrValue found[3];
    size_t n = 0;
    for (int i = 0; i < 3; i++)
        if (seen & 1 << i) found[n++] = kr_intern(kinds[i]);
    return n == 0 ? kr_None : n == 1 ? found[0] : kr_tuple(found, n);
}
static KrValue text_get_newlines(KrValue self)
{
    TextStream *t = text_of(self);
    if (check_ready(t) < 0) return KR_EMPTY;
    if (t->codec == CODEC_PYTHON) return kr_is_empty(t->decoder) || !t->universal ? kr_None : kr_getattr(t->decoder, KR_NAME("newlines"));
    return newlines_value(t->seen_newlines);
}
static KrValue text_get_chunk_size(KrValue self) { return kr_int((int64_t)text_of(self)->chunk_size); }
static int text_set_chunk_size(KrValue self, KrValue value)
{
    int64_t size;
    if (kr_is_empty(value)) return kr_raise(kr_AttributeError, "cannot delete attribute"), -1;
    if (kr_to_index(value, &size) < 0) return -1;
    if (size <= 0) return kr_raise(kr_ValueError, "a strictly positive integer is required"), -1;
    text_of(self)->chunk_size = (size_t)size;
    return 0;
}
KR_GETSET(text, text_get_closed, NULL, "closed", "True if the stream is closed.")
KR_GETSET(text, text_get_name, NULL, "name", "The buffer's name.")
KR_GETSET(text, text_get_buffer, NULL, "buffer", "The underlying binary stream.")
KR_GETSET(text, text_get_encoding, NULL, "encoding", "The encoding's name.")
KR_GETSET(text, text_get_errors, NULL, "errors", "The error setting.")
KR_GETSET(text, text_get_line_buffering, NULL, "line_buffering", "Is a flush implied by a newline?")
KR_GETSET(text, text_get_write_through, NULL, "write_through", "Are writes handed on at once?")
KR_GETSET(text, text_get_newlines, NULL, "newlines", "The kinds of newline seen so far.")
KR_GETSET(text, text_get_chunk_size, text_set_chunk_size, "_CHUNK_SIZE", "Bytes read at a time.")

static KrValue text_repr(KrValue self)
{
    TextStream *t = text_of(self);
    if (check_initialised(self) < 0) return KR_EMPTY;
    KrText out;
    kr_text_init(&out);
    kr_text_add_ascii(&out, "<_io.TextIOWrapper");
    int entered = kr_repr_enter(self);
    if (entered <= 0) {
        kr_text_drop(&out);
        return entered < 0 ? KR_EMPTY : kr_raise(kr_RuntimeError, "reentrant call inside %T.__repr__", self);
    }
    static const char *const names[] = {"name", "mode"};
    for (int i = 0; i < 2; i++) {
        KrValue v = kr_find_attr(self, kr_intern(names[i]));
        if (kr_is_empty(v)) kr_clear_exception();
        else kr_text_add_format(&out, " %s=%R", names[i], v);
        if (kr_raised()) {
            kr_text_drop(&out);
            kr_repr_leave(self);
            return KR_EMPTY;
        }
    }
    kr_repr_leave(self);
    kr_text_add_format(&out, " encoding=%R>", t->encoding);
    return kr_text_finish(&out);
}

/* ---- IncrementalNewlineDecoder ---- */

typedef struct NewlineDecoder {
    KrObject head;
    KrValue decoder; /* or None */
    KrValue errors;
    bool translate, pending_return;
    int seen;
} NewlineDecoder;

static NewlineDecoder *newline_decoder_of(KrValue v) { return (NewlineDecoder *)kr_to_object(v); }

static void newline_decoder_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((NewlineDecoder *)self)->decoder);
    kr_trace(tracer, ((NewlineDecoder *)self)->errors);
}

KR_FN(newline_make, newline_init_bound, "__init__", "(self, decoder, translate, errors='strict')", "Make a decoder.")
{
    NewlineDecoder *d = newline_decoder_of(a[0]);
    int translate = kr_truth(a[2]);
    if (translate < 0) return KR_EMPTY;
    d->decoder = a[1];
    d->translate = translate;
    d->errors = a[3];
    d->pending_return = false;
    d->seen = 0;
    return kr_None;
}

static int newline_init(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    return io_bound_init(&newline_init_bound_entry, self, args, n, kwnames);
}

KR_FN(newline, newline_decode, "decode", "(self, input, final=False)", "Decode, and translate newlines.")
{
    NewlineDecoder *d = newline_decoder_of(a[0]);
    int final = kr_truth(a[2]);
    if (final < 0) return KR_EMPTY;
    if (kr_is_empty(d->decoder)) return kr_raise(kr_ValueError, "IncrementalNewlineDecoder.__init__() not called");
    KrValue text = a[1];
    if (!kr_is(d->decoder, kr_None)) {
        KrValue arguments[] = {a[1], kr_bool(final)};
        text = kr_call_method(d->decoder, KR_NAME("decode"), arguments, 2);
        if (kr_is_empty(text)) return KR_EMPTY;
    }
    if (!kr_is_str(text)) return kr_raise(kr_TypeError, "decoder should return a string result, not '%T'", text);
    size_t length = kr_str_length(text);
    if (d->pending_return && (final || length)) {
        text = kr_str_concat(KR_NAME("\r"), text);
        d->pending_return = false;
        length++;
    }
    if (!final && length && kr_str_at(text, length - 1) == '\r') {
        text = kr_str_slice(text, 0, length - 1);
        d->pending_return = true;
    }
    return kr_is_empty(text) ? KR_EMPTY : translate_newlines(text, d->translate, &d->seen);
}

KR_FN(newline, newline_getstate, "getstate", "(self, /)", "The decoder's state: (held bytes, flags).")
{
    NewlineDecoder *d = newline_decoder_of(a[0]);
    KrValue held = kr_bytes("", 0), flags = kr_int(0);
    if (!kr_is(d->decoder, kr_None)) {
        KrValue state = kr_call_method0(d->decoder, "getstate");
        if (kr_is_empty(state)) return KR_EMPTY;
        held = kr_getitem(state, kr_int(0));
        flags = kr_getitem(state, kr_int(1));
        if (kr_is_empty(held) || kr_is_empty(flags)) return KR_EMPTY;
    }
    flags = kr_binary(KR_LSHIFT, flags, kr_int(1));
    if (!kr_is_empty(flags) && d->pending_return) flags = kr_binary(KR_OR, flags, kr_int(1));
    return kr_tuple_of(2, held, flags);
}

KR_FN(newline, newline_setstate, "setstate", "(self, state, /)", "Restores a state of getstate().")
{
    NewlineDecoder *d = newline_decoder_of(a[0]);
    KrValue held = kr_getitem(a[1], kr_int(0)), flags = kr_is_empty(held) ? KR_EMPTY : kr_getitem(a[1], kr_int(1));
    if (kr_is_empty(flags)) return KR_EMPTY;
    d->pending_return = kr_int_low_bits(flags) & 1;
    if (kr_is(d->decoder, kr_None)) return kr_None;
    return kr_call_method1(d->decoder, "setstate", kr_tuple_of(2, held, kr_binary(KR_RSHIFT, flags, kr_int(1))));
}

KR_FN(newline, newline_reset, "reset", "(self, /)", "Forgets what was seen.")
{
    NewlineDecoder *d = newline_decoder_of(a[0]);
    d->seen = 0;
    d->pending_return = false;
    return kr_is(d->decoder, kr_None) ? kr_None : kr_call_method0(d->decoder, "reset");
}

static KrValue newline_get_newlines(KrValue self) { return newlines_value(newline_decoder_of(self)->seen); }
static KrValue newline_get_errors(KrValue self) { return newline_decoder_of(self)->errors; }
KR_GETSET(newline, newline_get_newlines, NULL, "newlines", "The kinds of newline seen so far.")
KR_GETSET(newline, newline_get_errors, NULL, "errors", "The error setting.")

#include "modules/io_text.entries.h"

int io_text_init(KrValue module)
{
    static KrTypeSpec decoder, text;
    decoder = (KrTypeSpec){.name = "_io.IncrementalNewlineDecoder", .size = sizeof(NewlineDecoder), .trace = newline_decoder_trace,
                           .functions = newline_functions, .getset = newline_getset, .slots = {.init = newline_init},
                           .doc = "Codec used when reading a file in universal newlines mode."};
    text = (KrTypeSpec){.name = "_io.TextIOWrapper", .size = sizeof(TextStream), .flags = KR_TYPE_DICT, .base = io_text_base_type,
                        .trace = text_trace, .functions = text_functions, .getset = text_getset,
                        .slots = {.init = text_init, .repr = text_repr, .next = text_next},
                        .doc = "Character and line based layer over a BufferedIOBase object, buffer."};
    io_newline_decoder_type = kr_type_new(&decoder);
    io_text_type = kr_type_new(&text);
    return !io_newline_decoder_type || !io_text_type || kr_module_add_type(module, io_newline_decoder_type) < 0 ||
                   kr_module_add_type(module, io_text_type) < 0
               ? -1
               : 0;
}
