/* io.c: the _io module: its base classes and open(). The layers are io_file.c (descriptors), io_buffered.c,
 * io_text.c, and io_memory.c (BytesIO, StringIO). */
#include "modules/io.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

KrType *io_base_type, *io_raw_base_type, *io_buffered_base_type, *io_text_base_type;
KrType *io_unsupported;

KrValue io_unsupported_error(const char *what) { return kr_raise(io_unsupported, "%s", what); }

int io_check_closed(KrValue self)
{
    KrValue closed = kr_getattr(self, KR_NAME("closed"));
    int truth = kr_is_empty(closed) ? -1 : kr_truth(closed);
    if (truth > 0) kr_raise(kr_ValueError, "I/O operation on closed file.");
    return truth ? -1 : 0;
}

int io_size_argument(KrValue v, int64_t *size)
{
    *size = -1;
    if (kr_is(v, kr_None) || kr_is_empty(v)) return 0;
    if (!kr_has_index(v)) {
        kr_raise(kr_TypeError, "argument should be integer or None, not '%T'", v);
        return -1;
    }
    return kr_to_index(v, size);
}

KrValue io_repr_named(KrValue self, const char *kind)
{
    KrValue name = kr_find_attr(self, KR_NAME("name"));
    if (kr_is_empty(name)) {
        if (kr_raised() && !kr_raised_is(kr_ValueError)) return KR_EMPTY;
        kr_clear_exception();
        return kr_str_format("<%s>", kind);
    }
    int entered = kr_repr_enter(self);
    if (entered < 0) return KR_EMPTY;
    if (!entered) return kr_raise(kr_RuntimeError, "reentrant call inside %s.__repr__", kind);
    KrValue text = kr_str_format("<%s name=%R>", kind, name);
    kr_repr_leave(self);
    return text;
}

int io_bound_init(const KrFunction *entry, KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    KrValue all[10], slots[10];
    size_t total = n + (kr_is_empty(kwnames) ? 0 : kr_tuple_size(kwnames));
    if (total > 9) {
        kr_raise(kr_TypeError, "%T() takes fewer arguments (%zu given)", self, total);
        return -1;
    }
    all[0] = self;
    for (size_t i = 0; i < total; i++) all[i + 1] = args[i];
    if (kr_bind(entry, all, n + 1, kwnames, slots) < 0) return -1;
    return kr_is_empty(((KrBoundCode)entry->code)(slots)) ? -1 : 0;
}

/* ---- _IOBase ---- */

static IoBase *base_of(KrValue v) { return (IoBase *)kr_to_object(v); }

KR_FN(iobase, iobase_seek, "seek", "(self, offset, whence=0, /)",
      "Change the stream position to the given byte offset.")
{
    return io_unsupported_error("seek");
}

KR_FN(iobase, iobase_tell, "tell", "(self, /)", "Return current stream position.")
{
    KrValue arguments[] = {kr_int(0), kr_int(1)};
    return kr_call_method(a[0], KR_NAME("seek"), arguments, 2);
}

KR_FN(iobase, iobase_truncate, "truncate", "(self, size=None, /)", "Truncate file to size bytes.")
{
    return io_unsupported_error("truncate");
}

KR_FN(iobase, iobase_flush, "flush", "(self, /)", "Flush write buffers, if applicable.")
{
    return io_check_closed(a[0]) < 0 ? KR_EMPTY : kr_None;
}

KR_FN(iobase, iobase_close, "close", "(self, /)",
      "Flush and close the IO object.\n\nThis method has no effect if the file is already closed.")
{
    if (base_of(a[0])->closed) return kr_None;
    KrValue result = kr_call_method0(a[0], "flush");
    base_of(a[0])->closed = true;
    return kr_is_empty(result) ? KR_EMPTY : kr_None;
}

KR_FN(iobase, iobase_seekable, "seekable", "(self, /)", "Return whether object supports random access.")
{
    return kr_False;
}

KR_FN(iobase, iobase_readable, "readable", "(self, /)", "Return whether object was opened for reading.")
{
    return kr_False;
}

KR_FN(iobase, iobase_writable, "writable", "(self, /)", "Return whether object was opened for writing.")
{
    return kr_False;
}

static KrValue check_ability(KrValue self, const char *method, const char *message)
{
    KrValue able = kr_call_method0(self, method);
    if (kr_is_empty(able)) return KR_EMPTY;
    return kr_is(able, kr_True) ? kr_None : io_unsupported_error(message);
}

KR_FN(iobase, iobase_check_seekable, "_checkSeekable", "(self, /)", "Raises UnsupportedOperation unless seekable.")
{
    return check_ability(a[0], "seekable", "File or stream is not seekable.");
}

KR_FN(iobase, iobase_check_readable, "_checkReadable", "(self, /)", "Raises UnsupportedOperation unless readable.")
{
    return check_ability(a[0], "readable", "File or stream is not readable.");
}

KR_FN(iobase, iobase_check_writable, "_checkWritable", "(self, /)", "Raises UnsupportedOperation unless writable.")
{
    return check_ability(a[0], "writable", "File or stream is not writable.");
}

KR_FN(iobase, iobase_check_closed, "_checkClosed", "(self, /)", "Raises ValueError when the stream is closed.")
{
    return io_check_closed(a[0]) < 0 ? KR_EMPTY : kr_None;
}

static KrValue iobase_get_closed(KrValue self) { return kr_bool(base_of(self)->closed); }
KR_GETSET(iobase, iobase_get_closed, NULL, "closed", "True if the stream is closed.")

KR_FN(iobase, iobase_enter, "__enter__", "(self, /)", "Context management protocol.  Returns self.")
{
    return io_check_closed(a[0]) < 0 ? KR_EMPTY : a[0];
}

KR_FN(iobase, iobase_exit, "__exit__", "(self, *args)", "Context management protocol.  Calls close()")
{
    return kr_call_method0(a[0], "close");
}

KR_FN(iobase, iobase_fileno, "fileno", "(self, /)",
      "Returns underlying file descriptor if one exists.\n\nOSError is raised if the IO object does not use a file descriptor.")
{
    return io_unsupported_error("fileno");
}

KR_FN(iobase, iobase_isatty, "isatty", "(self, /)",
      "Return whether this is an 'interactive' stream.\n\nReturn False if it can't be determined.")
{
    return io_check_closed(a[0]) < 0 ? KR_EMPTY : kr_False;
}

/* Reads up to a newline or `limit` bytes through read() and, where there is one, peek(). */
static KrValue read_line(KrValue self, int64_t limit)
{
    KrValue peek = kr_find_attr(self, KR_NAME("peek"));
    if (kr_is_empty(peek) && kr_raised()) return KR_EMPTY;
    KrValue parts = kr_list(NULL, 0);
    int64_t total = 0;
    while (limit < 0 || total < limit) {
        int64_t wanted = 1;
        if (!kr_is_empty(peek)) {
            KrValue ahead = kr_call1(peek, kr_int(1));
            if (kr_is_empty(ahead)) return KR_EMPTY;
            if (!kr_is_bytes(ahead)) return kr_raise(kr_OSError, "peek() should have returned a bytes object, not '%T'", ahead);
            size_t n = kr_bytes_size(ahead);
            if (n) {
                const uint8_t *data = kr_bytes_data(ahead), *newline = memchr(data, '\n', n);
                wanted = newline ? newline - data + 1 : (int64_t)n;
                if (limit >= 0 && wanted > limit - total) wanted = limit - total;
            }
        }
        KrValue part = kr_call_method1(self, "read", kr_int(wanted));
        if (kr_is_empty(part)) {
            if (!kr_raised_is(kr_InterruptedError)) return KR_EMPTY;
            kr_clear_exception();
            continue;
        }
        if (!kr_is_bytes(part)) return kr_raise(kr_OSError, "read() should have returned a bytes object, not '%T'", part);
        size_t n = kr_bytes_size(part);
        if (n == 0) break;
        if (kr_list_append(parts, part) < 0) return KR_EMPTY;
        total += (int64_t)n;
        if (kr_bytes_data(part)[n - 1] == '\n') break;
    }
    return kr_bytes_join(kr_bytes("", 0), parts);
}

KR_FN(iobase, iobase_readline, "readline", "(self, size=-1, /)", "Read and return a line from the stream.")
{
    int64_t limit;
    return io_size_argument(a[1], &limit) < 0 ? KR_EMPTY : read_line(a[0], limit);
}

static KrValue iobase_iter(KrValue self) { return io_check_closed(self) < 0 ? KR_EMPTY : self; }

static KrValue iobase_next(KrValue self)
{
    KrValue line = kr_call_method0(self, "readline");
    if (kr_is_empty(line)) return KR_EMPTY;
    int truth = kr_truth(line);
    return truth > 0 ? line : KR_EMPTY;
}

KR_FN(iobase, iobase_readlines, "readlines", "(self, hint=-1, /)",
      "Return a list of lines from the stream.\n\nhint can be specified to control the number of lines read.")
{
    int64_t hint, total = 0;
    if (io_size_argument(a[1], &hint) < 0) return KR_EMPTY;
    KrValue lines = kr_list(NULL, 0), iterator = kr_iter(a[0]);
    if (kr_is_empty(iterator)) return KR_EMPTY;
    for (KrValue line; !kr_is_empty(line = kr_next(iterator));) {
        if (kr_list_append(lines, line) < 0) return KR_EMPTY;
        int64_t n = kr_length(line);
        if (n < 0) return KR_EMPTY;
        total += n;
        if (hint > 0 && total >= hint) break;
    }
    return kr_raised() ? KR_EMPTY : lines;
}

KR_FN(iobase, iobase_writelines, "writelines", "(self, lines, /)",
      "Write a list of lines to stream.\n\nLine separators are not added.")
{
    if (io_check_closed(a[0]) < 0) return KR_EMPTY;
    KrValue iterator = kr_iter(a[1]);
    if (kr_is_empty(iterator)) return KR_EMPTY;
    for (KrValue line; !kr_is_empty(line = kr_next(iterator));)
        if (kr_is_empty(kr_call_method1(a[0], "write", line))) return KR_EMPTY;
    return kr_raised() ? KR_EMPTY : kr_None;
}

static IoBase *stream_of(KrValue v)
{
    return kr_is_a(v, io_base_type) ? (IoBase *)kr_to_object(v) : NULL;
}

void io_set_wrapped(KrValue inner, bool wrapped)
{
    IoBase *stream = stream_of(inner);
    if (stream) stream->wrapped = wrapped;
}

static KrValue innermost(KrValue stream)
{
    static const char *const layers[] = {"buffer", "raw"};
    for (int i = 0; i < 2; i++) {
        KrValue inner = kr_find_attr(stream, kr_intern(layers[i]));
        kr_clear_exception();
        if (!kr_is_empty(inner) && stream_of(inner)) stream = inner;
    }
    return stream;
}

static void iobase_finalize(KrValue self)
{
    if (stream_of(self)->wrapped) return;
    KrValue closed = kr_find_attr(self, KR_NAME("closed"));
    int truth = kr_is_empty(closed) ? -1 : kr_truth(closed);
    if (truth == 0) io_file_warn_unclosed(innermost(self), self);
    if (truth == 0 && kr_is_empty(kr_call_method0(self, "close"))) truth = -1;
    if (truth < 0) kr_clear_exception();
}

/* ---- _RawIOBase ---- */

KR_FN(rawiobase, rawiobase_readall, "readall", "(self, /)", "Read until EOF, using multiple read() call.")
{
    KrValue parts = kr_list(NULL, 0);
    for (;;) {
        KrValue part = kr_call_method1(a[0], "read", kr_int(IO_BUFFER_SIZE));
        if (kr_is_empty(part)) return KR_EMPTY;
        if (kr_is(part, kr_None)) {
            if (kr_list_size(parts) == 0) return part;
            break;
        }
        if (!kr_is_bytes(part)) return kr_raise(kr_TypeError, "read() should return bytes");
        if (kr_bytes_size(part) == 0) break;
        if (kr_list_append(parts, part) < 0) return KR_EMPTY;
    }
    return kr_bytes_join(kr_bytes("", 0), parts);
}

KR_FN(rawiobase, rawiobase_read, "read", "(self, size=-1, /)", "Read through readinto().")
{
    int64_t size;
    if (io_size_argument(a[1], &size) < 0) return KR_EMPTY;
    if (size < 0) return kr_call_method0(a[0], "readall");
    KrValue room = kr_bytearray(NULL, (size_t)size);
    KrValue count = kr_is_empty(room) ? KR_EMPTY : kr_call_method1(a[0], "readinto", room);
    if (kr_is_empty(count) || kr_is(count, kr_None)) return count;
    int64_t n;
    if (kr_to_index(count, &n) < 0) return KR_EMPTY;
    if (n < 0 || n > size) return kr_raise(kr_ValueError, "readinto returned %lld outside buffer size %lld", (long long)n, (long long)size);
    KrBuffer view;
    if (kr_buffer_get(room, &view, KR_BUFFER_READ) < 0) return KR_EMPTY;
    KrValue bytes = kr_bytes(view.data, (size_t)n);
    kr_buffer_release(&view);
    return bytes;
}

/* ---- _BufferedIOBase ---- */

KR_FN(bufferediobase, bufferediobase_detach, "detach", "(self, /)", "Disconnect this buffer from its underlying raw stream and return it.")
{
    return io_unsupported_error("detach");
}

KR_FN(bufferediobase, bufferediobase_read, "read", "(self, size=-1, /)", "Read and return up to n bytes.")
{
    return io_unsupported_error("read");
}

KR_FN(bufferediobase, bufferediobase_read1, "read1", "(self, size=-1, /)", "Read and return up to n bytes, with at most one read() call to the underlying raw stream.")
{
    return io_unsupported_error("read1");
}

KR_FN(bufferediobase, bufferediobase_write, "write", "(self, b, /)", "Write the given buffer to the IO stream.")
{
    return io_unsupported_error("write");
}

int io_writable(KrValue target, KrBuffer *view)
{
    if (kr_buffer_get(target, view, KR_BUFFER_WRITE | KR_BUFFER_CONTIGUOUS) == 0) return 0;
    if (kr_raised_is(kr_BufferError) || kr_raised_is(kr_TypeError)) {
        kr_clear_exception();
        kr_raise(kr_TypeError, "readinto() argument must be read-write bytes-like object, not %T", target);
    }
    return -1;
}

static KrValue read_into(KrValue self, KrValue target, const char *method)
{
    KrBuffer view;
    if (io_writable(target, &view) < 0) return KR_EMPTY;
    KrValue data = kr_call_method1(self, method, kr_int(view.size));
    if (kr_is_empty(data)) {
        kr_buffer_release(&view);
        return KR_EMPTY;
    }
    if (!kr_is_bytes(data)) {
        kr_buffer_release(&view);
        return kr_raise(kr_TypeError, "read() should return bytes");
    }
    size_t n = kr_bytes_size(data);
    if (n > (size_t)view.size) {
        int64_t room = view.size;
        kr_buffer_release(&view);
        return kr_raise(kr_ValueError, "read() returned too much data: %lld bytes requested, %zu returned", (long long)room, n);
    }
    memcpy(view.data, kr_bytes_data(data), n);
    kr_buffer_release(&view);
    return kr_int((int64_t)n);
}

KR_FN(bufferediobase, bufferediobase_readinto, "readinto", "(self, buffer, /)", "Read into a writable buffer.")
{
    return read_into(a[0], a[1], "read");
}

KR_FN(bufferediobase, bufferediobase_readinto1, "readinto1", "(self, buffer, /)", "Read into a writable buffer with at most one raw read.")
{
    return read_into(a[0], a[1], "read1");
}

/* ---- _TextIOBase ---- */

KR_FN(textiobase, textiobase_detach, "detach", "(self, /)", "Separate the underlying buffer from the TextIOBase and return it.")
{
    return io_unsupported_error("detach");
}

KR_FN(textiobase, textiobase_read, "read", "(self, size=-1, /)", "Read at most size characters from stream.")
{
    return io_unsupported_error("read");
}

KR_FN(textiobase, textiobase_readline, "readline", "(self, size=-1, /)", "Read until newline or EOF.")
{
    return io_unsupported_error("readline");
}

KR_FN(textiobase, textiobase_write, "write", "(self, s, /)", "Write string s to stream.")
{
    return io_unsupported_error("write");
}

static KrValue textiobase_none(KrValue self)
{
    (void)self;
    return kr_None;
}
static KrValue textiobase_encoding(KrValue self) { return textiobase_none(self); }
static KrValue textiobase_newlines(KrValue self) { return textiobase_none(self); }
static KrValue textiobase_errors(KrValue self) { return textiobase_none(self); }
KR_GETSET(textiobase, textiobase_encoding, NULL, "encoding", "Encoding of the text stream.")
KR_GETSET(textiobase, textiobase_newlines, NULL, "newlines", "Line endings translated so far.")
KR_GETSET(textiobase, textiobase_errors, NULL, "errors", "The error setting of the decoder or encoder.")

/* ---- open ---- */

typedef struct OpenMode {
    bool creating, reading, writing, appending, updating, text, binary;
} OpenMode;

static int parse_mode(KrValue mode, OpenMode *m)
{
    const char *text = kr_str_utf8(mode, NULL);
    if (!text) return -1;
    memset(m, 0, sizeof *m);
    for (const char *c = text; *c; c++) {
        bool *flag = *c == 'x' ? &m->creating : *c == 'r' ? &m->reading : *c == 'w' ? &m->writing : *c == 'a' ? &m->appending
                     : *c == '+' ? &m->updating : *c == 't' ? &m->text : *c == 'b' ? &m->binary : NULL;
        if (!flag || *flag) {
            kr_raise(kr_ValueError, "invalid mode: '%U'", mode);
            return -1;
        }
        *flag = true;
    }
    if (m->text && m->binary) {
        kr_raise(kr_ValueError, "can't have text and binary mode at once");
        return -1;
    }
    if (m->creating + m->reading + m->writing + m->appending != 1) {
        kr_raise(kr_ValueError, "must have exactly one of create/read/write/append mode");
        return -1;
    }
    return 0;
}

static void close_after_failure(KrValue stream)
{
    KrValue exception = kr_take_exception();
    if (kr_is_empty(kr_call_method0(stream, "close"))) kr_clear_exception();
    kr_restore_exception(exception);
}

static KrValue open_stream(KrValue file, KrValue mode, int64_t buffering, KrValue encoding, KrValue errors, KrValue newline,
                           bool closefd, KrValue opener)
{
    OpenMode m;
    if (!kr_is_str(mode)) return kr_raise(kr_TypeError, "open() argument 'mode' must be str, not %T", mode);
    if (parse_mode(mode, &m) < 0) return KR_EMPTY;
    if (m.binary && !kr_is(encoding, kr_None)) return kr_raise(kr_ValueError, "binary mode doesn't take an encoding argument");
    if (m.binary && !kr_is(errors, kr_None)) return kr_raise(kr_ValueError, "binary mode doesn't take an errors argument");
    if (m.binary && !kr_is(newline, kr_None)) return kr_raise(kr_ValueError, "binary mode doesn't take a newline argument");
    if (m.binary && buffering == 1 &&
        kr_warn(kr_RuntimeWarning, 1, "line buffering (buffering=1) isn't supported in binary mode, the default buffer size will be used") < 0)
        return KR_EMPTY;
    char raw_mode[8];
    snprintf(raw_mode, sizeof raw_mode, "%s%s%s%s%s", m.creating ? "x" : "", m.reading ? "r" : "", m.writing ? "w" : "",
             m.appending ? "a" : "", m.updating ? "+" : "");
    KrValue raw_arguments[] = {file, kr_intern(raw_mode), kr_bool(closefd), opener};
    KrValue raw = kr_call(kr_type_value(io_file_type), raw_arguments, 4, KR_EMPTY);
    if (kr_is_empty(raw)) return KR_EMPTY;
    KrValue stream = raw;
    KrValue tty = kr_call_method0(raw, "isatty");
    if (kr_is_empty(tty)) goto failed;
    bool line_buffering = buffering == 1 && !m.binary;
    if (buffering < 0 && kr_is(tty, kr_True)) buffering = -1, line_buffering = true;
    if (buffering == 1) buffering = -1;
    if (buffering < 0) {
        KrValue block = kr_getattr(raw, KR_NAME("_blksize"));
        if (kr_is_empty(block) || kr_to_int64(block, &buffering) < 0) goto failed;
    }
    if (buffering == 0) {
        if (m.binary) return raw;
        kr_raise(kr_ValueError, "can't have unbuffered text I/O");
        goto failed;
    }
    KrType *buffer_type = m.updating ? io_random_type : m.reading ? io_reader_type : io_writer_type;
    stream = kr_call2(kr_type_value(buffer_type), raw, kr_int(buffering));
    if (kr_is_empty(stream)) {
        stream = raw;
        goto failed;
    }
    if (m.binary) return stream;
    KrValue text_arguments[] = {stream, encoding, errors, newline, kr_bool(line_buffering)};
    KrValue text = kr_call(kr_type_value(io_text_type), text_arguments, 5, KR_EMPTY);
    if (kr_is_empty(text)) goto failed;
    if (kr_setattr(text, KR_NAME("mode"), mode) < 0) {
        stream = text;
        goto failed;
    }
    return text;
failed:
    close_after_failure(stream);
    return KR_EMPTY;
}

KR_FN(io, io_open, "open",
      "(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)",
      "Open file and return a stream.  Raise OSError upon failure.\n\n"
      "file is a path or a descriptor; mode is a combination of r w x a (one of them), b or t, and +;\n"
      "buffering 0 switches buffering off (binary mode only), 1 selects line buffering (text mode),\n"
      "a larger integer is the buffer's size in bytes; encoding, errors and newline are of text mode;\n"
      "closefd=False keeps the descriptor open when the stream is closed; opener(file, flags) returns a descriptor.")
{
    int64_t buffering;
    if (kr_to_int64(a[2], &buffering) < 0) return KR_EMPTY;
    int closefd = kr_truth(a[6]);
    if (closefd < 0) return KR_EMPTY;
    for (int i = 3; i <= 5; i++) {
        static const char *const names[] = {"encoding", "errors", "newline"};
        if (!kr_is(a[i], kr_None) && !kr_is_str(a[i]))
            return kr_raise(kr_TypeError, "open() argument '%s' must be str or None, not %T", names[i - 3], a[i]);
    }
    return open_stream(a[0], a[1], buffering, a[3], a[4], a[5], closefd, a[7]);
}

KR_FN(io, io_open_code, "open_code", "(path)", "Opens the provided file with the intent to import the contents.")
{
    return open_stream(a[0], KR_NAME("rb"), -1, kr_None, kr_None, kr_None, true, kr_None);
}

KR_FN(io, io_text_encoding, "text_encoding", "(encoding, stacklevel=2, /)",
      "A helper function to choose the text encoding.\n\nWhen encoding is not None, this function returns it.\n"
      "Otherwise, this function returns the default text encoding.")
{
    return kr_is(a[0], kr_None) ? KR_NAME("locale") : a[0];
}

KR_FN(io, io_open_standard, "_open_standard", "(fd, mode, unbuffered, errors, /)",
      "The text stream of a standard descriptor, as the interpreter's start makes it: '<stdin>', '<stdout>', '<stderr>'.")
{
    static const char *const names[] = {"<stdin>", "<stdout>", "<stderr>"};
    int fd;
    if (kr_to_int32(a[0], &fd) < 0) return KR_EMPTY;
    bool writes = fd > 0, unbuffered = kr_truth(a[2]) > 0 && writes;
    bool tty = isatty(fd);
    KrValue raw_arguments[] = {a[0], kr_intern(writes ? "wb" : "rb"), kr_False};
    KrValue raw = kr_call(kr_type_value(io_file_type), raw_arguments, 3, KR_EMPTY);
    KrValue name = kr_intern(names[fd]);
    if (kr_is_empty(raw) || kr_setattr(raw, KR_NAME("name"), name) < 0) return KR_EMPTY;
    KrValue buffer = raw;
    if (!unbuffered) buffer = kr_call1(kr_type_value(writes ? io_writer_type : io_reader_type), raw);
    if (kr_is_empty(buffer)) return KR_EMPTY;
    KrValue arguments[] = {buffer, KR_NAME("utf-8"), a[3], fd == 0 ? kr_None : KR_NAME("\n"),
                           kr_bool(tty || fd == 2), kr_bool(unbuffered)};
    KrValue text = kr_call(kr_type_value(io_text_type), arguments, 6, KR_EMPTY);
    if (kr_is_empty(text) || kr_setattr(text, KR_NAME("mode"), a[1]) < 0) return KR_EMPTY;
    return text;
}

#include "modules/io.entries.h"

static int add_base(KrValue module, KrType **type, const KrTypeSpec *spec)
{
    *type = kr_type_new(spec);
    return *type ? kr_module_add_type(module, *type) : -1;
}

static int io_exec(KrValue module)
{
    const KrTypeSpec base = {
        .name = "_io._IOBase", .size = sizeof(IoBase), .flags = KR_TYPE_DICT, .functions = iobase_functions, .getset = iobase_getset,
        .doc = "The abstract base class for all I/O classes.",
        .slots = {.iter = iobase_iter, .next = iobase_next, .finalize = iobase_finalize}};
    static KrTypeSpec kept[4];
    kept[0] = base;
    if (add_base(module, &io_base_type, &kept[0]) < 0) return -1;
    kept[1] = (KrTypeSpec){.name = "_io._RawIOBase", .size = sizeof(IoBase), .flags = KR_TYPE_DICT, .base = io_base_type,
                           .functions = rawiobase_functions, .doc = "Base class for raw binary I/O."};
    kept[2] = (KrTypeSpec){.name = "_io._BufferedIOBase", .size = sizeof(IoBase), .flags = KR_TYPE_DICT, .base = io_base_type,
                           .functions = bufferediobase_functions, .doc = "Base class for buffered IO objects."};
    kept[3] = (KrTypeSpec){.name = "_io._TextIOBase", .size = sizeof(IoBase), .flags = KR_TYPE_DICT, .base = io_base_type,
                           .functions = textiobase_functions, .getset = textiobase_getset, .doc = "Base class for text I/O."};
    if (add_base(module, &io_raw_base_type, &kept[1]) < 0 || add_base(module, &io_buffered_base_type, &kept[2]) < 0 ||
        add_base(module, &io_text_base_type, &kept[3]) < 0)
        return -1;
    KrValue bases = kr_tuple_of(2, kr_type_value(kr_OSError), kr_type_value(kr_ValueError));
    KrValue dict = kr_dict();
    if (kr_dict_set_ascii(dict, "__module__", KR_NAME("io")) < 0) return -1;
    KrValue unsupported = kr_call3(kr_type_value(&kr_type_type), KR_NAME("UnsupportedOperation"), bases, dict);
    if (kr_is_empty(unsupported)) return -1;
    io_unsupported = (KrType *)kr_to_object(unsupported);
    if (kr_module_add(module, "UnsupportedOperation", unsupported) < 0 ||
        kr_module_add(module, "BlockingIOError", kr_type_value(kr_BlockingIOError)) < 0 ||
        kr_module_add_int(module, "DEFAULT_BUFFER_SIZE", IO_BUFFER_SIZE) < 0)
        return -1;
    return io_file_init(module) < 0 || io_buffered_init(module) < 0 || io_text_init(module) < 0 || io_memory_init(module) < 0 ? -1 : 0;
}

KR_MODULE(_io) = {
    .api_version = KR_API_VERSION,
    .name = "_io",
    .doc = "The io module provides the Python interfaces to stream handling.",
    .functions = io_functions,
    .exec = io_exec,
};
