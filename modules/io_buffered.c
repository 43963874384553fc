/* io_buffered.c: BufferedReader, BufferedWriter, BufferedRandom and BufferedRWPair.
 *
 * One struct for the first three, with a read buffer and a write buffer of which at most one holds data: reading
 * flushes what was written, writing first seeks back over what was read ahead. The raw stream's position is ahead
 * of ours by the unread bytes, or behind by the unwritten ones. Another thread that wants the buffer while the raw stream runs
 * detached waits; the same thread coming in again (a signal handler) is an error. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "modules/io.h"

typedef struct Buffered {
    IoBase base;
    KrValue raw;      /* EMPTY: detached or never initialised */
    bool detached, reading, writing, busy;
    uint64_t owner;   /* address of a thread-local: who is inside */
    size_t size;      /* of each buffer */
    uint8_t *input, *output; /* kr_alloc_bytes */
    size_t position, end;    /* unread bytes of input */
    size_t pending;          /* unwritten bytes of output */
} Buffered;

KrType *io_reader_type, *io_writer_type, *io_random_type, *io_pair_type;

static Buffered *buffered_of(KrValue v) { return (Buffered *)kr_to_object(v); }

static void buffered_trace(void *self, KrTracer *tracer)
{
    Buffered *b = self;
    kr_trace(tracer, b->raw);
    kr_trace_pointer(tracer, b->input);
    kr_trace_pointer(tracer, b->output);
}

static __thread char thread_mark;

static int enter(KrValue self)
{
    Buffered *b = buffered_of(self);
    if (kr_is_empty(b->raw)) {
        kr_raise(kr_ValueError, b->detached ? "raw stream has been detached" : "I/O operation on uninitialized object");
        return -1;
    }
    uint64_t me = (uint64_t)(uintptr_t)&thread_mark;
    while (b->busy) {
        if (b->owner == me) {
            kr_raise(kr_RuntimeError, "reentrant call inside %R", self);
            return -1;
        }
        kr_detach();
        nanosleep(&(struct timespec){0, 50000}, NULL);
        kr_attach();
    }
    b->busy = true;
    b->owner = me;
    return 0;
}

static void leave(Buffered *b) { b->busy = false; }

static int check_open(KrValue self, const char *what)
{
    Buffered *b = buffered_of(self);
    if (kr_is_empty(b->raw)) {
        kr_raise(kr_ValueError, b->detached ? "raw stream has been detached" : "I/O operation on uninitialized object");
        return -1;
    }
    KrValue closed = kr_getattr(b->raw, KR_NAME("closed"));
    int truth = kr_is_empty(closed) ? -1 : kr_truth(closed);
    if (truth > 0) kr_raise(kr_ValueError, "%s", what);
    return truth ? -1 : 0;
}

/* ---- The raw stream: bytes moved, -1 raised, -2 would block ---- */

static int64_t raw_read(Buffered *b, uint8_t *data, size_t size)
{
    if (io_file_is_exact(b->raw)) return io_file_read(b->raw, data, size);
    KrValue room = kr_bytearray(NULL, size);
    KrValue view = kr_is_empty(room) ? KR_EMPTY : kr_call1(kr_type_value(&kr_memoryview_type), room);
    KrValue count = KR_EMPTY;
    while (!kr_is_empty(view) && kr_is_empty(count = kr_call_method1(b->raw, "readinto", view))) {
        if (!kr_raised_is(kr_InterruptedError)) return -1;
        kr_clear_exception();
    }
    if (kr_is_empty(count)) return -1;
    if (kr_is(count, kr_None)) return -2;
    int64_t n;
    if (kr_to_index(count, &n) < 0) return -1;
    if (n < 0 || (size_t)n > size) {
        kr_raise(kr_OSError, "raw readinto() returned invalid length %lld (should have been between 0 and %zu)", (long long)n, size);
        return -1;
    }
    KrBuffer buffer;
    if (kr_buffer_get(room, &buffer, KR_BUFFER_READ) < 0) return -1;
    memcpy(data, buffer.data, (size_t)n);
    kr_buffer_release(&buffer);
    if (kr_is_empty(kr_call_method0(view, "release"))) return -1;
    return n;
}

static int64_t raw_write(Buffered *b, const uint8_t *data, size_t size)
{
    if (io_file_is_exact(b->raw)) return io_file_write(b->raw, data, size);
    KrValue count = KR_EMPTY, bytes = kr_bytes(data, size);
    while (!kr_is_empty(bytes) && kr_is_empty(count = kr_call_method1(b->raw, "write", bytes))) {
        if (!kr_raised_is(kr_InterruptedError)) return -1;
        kr_clear_exception();
    }
    if (kr_is_empty(count)) return -1;
    if (kr_is(count, kr_None)) return -2;
    int64_t n;
    if (kr_to_index(count, &n) < 0) return -1;
    if (n < 0 || (size_t)n > size) {
        kr_raise(kr_OSError, "raw write() returned invalid length %lld (should have been between 0 and %zu)", (long long)n, size);
        return -1;
    }
    return n;
}

static int raw_position(Buffered *b, int64_t *position)
{
    KrValue at = kr_call_method0(b->raw, "tell");
    if (kr_is_empty(at) || kr_to_int64(at, position) < 0) return -1;
    if (*position < 0) {
        kr_raise(kr_OSError, "Raw stream returned invalid position %lld", (long long)*position);
        return -1;
    }
    return 0;
}

static int raw_seek(Buffered *b, int64_t offset, int whence, int64_t *position)
{
    KrValue arguments[] = {kr_int(offset), kr_int(whence)};
    KrValue at = kr_call_method(b->raw, KR_NAME("seek"), arguments, 2);
    if (kr_is_empty(at) || kr_to_int64(at, position) < 0) return -1;
    if (*position < 0) {
        kr_raise(kr_OSError, "Raw stream returned invalid position %lld", (long long)*position);
        return -1;
    }
    return 0;
}

/* ---- Buffers ---- */

static void raise_would_block(size_t written)
{
    KrValue exception = kr_call3(kr_type_value(kr_BlockingIOError), kr_int(11), kr_str("write could not complete without blocking"), kr_int((int64_t)written));
    if (!kr_is_empty(exception)) kr_raise_value(exception);
}

/* Writes what is pending. */
static int flush_output(Buffered *b)
{
    size_t done = 0;
    int status = 0;
    while (done < b->pending) {
        int64_t n = raw_write(b, b->output + done, b->pending - done);
        if (n < 0) {
            if (n == -2) raise_would_block(0);
            status = -1;
            break;
        }
        done += (size_t)n;
        if (done < b->pending && kr_check_signals() < 0) {
            status = -1;
            break;
        }
    }
    if (done) memmove(b->output, b->output + done, b->pending - done);
    b->pending -= done;
    return status;
}

/* Gives up what was read ahead, so that the raw position is ours. */
static int drop_input(Buffered *b)
{
    int64_t ahead = (int64_t)(b->end - b->position), ignored;
    b->position = b->end = 0;
    return ahead && raw_seek(b, -ahead, 1, &ignored) < 0 ? -1 : 0;
}

static size_t unread(const Buffered *b) { return b->end - b->position; }

/* Fills the empty input buffer by one raw read; as raw_read. */
static int64_t fill(Buffered *b)
{
    b->position = b->end = 0;
    int64_t n = raw_read(b, b->input, b->size);
    if (n > 0) b->end = (size_t)n;
    return n;
}

static KrValue take(Buffered *b, size_t n)
{
    KrValue bytes = kr_bytes(b->input + b->position, n);
    if (!kr_is_empty(bytes)) b->position += n;
    return bytes;
}

/* ---- Making ---- */

/* raw.readable() and its like must be True; -1 raised. */
static int require(KrValue raw, const char *question, const char *message)
{
    KrValue able = kr_call_method0(raw, question);
    if (kr_is_empty(able)) return -1;
    if (!kr_is(able, kr_True)) io_unsupported_error(message);
    return kr_raised() ? -1 : 0;
}

static int initialise(KrValue self, KrValue raw, KrValue size_value, bool reading, bool writing)
{
    Buffered *b = buffered_of(self);
    int64_t size;
    b->raw = KR_EMPTY;
    if (kr_to_index(size_value, &size) < 0) return -1;
    if (size <= 0) {
        kr_raise(kr_ValueError, "buffer size must be strictly positive");
        return -1;
    }
    if (reading && require(raw, "readable", "File or stream is not readable.") < 0) return -1;
    if (writing && require(raw, "writable", "File or stream is not writable.") < 0) return -1;
    b->size = (size_t)size;
    if (reading && !(b->input = kr_alloc_bytes(b->size))) return -1;
    if (writing && !(b->output = kr_alloc_bytes(b->size))) return -1;
    b->reading = reading;
    b->writing = writing;
    b->position = b->end = b->pending = 0;
    b->detached = false;
    b->raw = raw;
    io_set_wrapped(raw, true);
    return 0;
}

KR_FN(reader_make, reader_init_bound, "BufferedReader", "(self, raw, buffer_size=8192)", "Make a reader.")
{
    return initialise(a[0], a[1], a[2], true, false) < 0 ? KR_EMPTY : kr_None;
}

KR_FN(writer_make, writer_init_bound, "BufferedWriter", "(self, raw, buffer_size=8192)", "Make a writer.")
{
    return initialise(a[0], a[1], a[2], false, true) < 0 ? KR_EMPTY : kr_None;
}

KR_FN(random_make, random_init_bound, "BufferedRandom", "(self, raw, buffer_size=8192)", "Make a reader and writer.")
{
    if (require(a[1], "seekable", "File or stream is not seekable.") < 0) return KR_EMPTY;
    return initialise(a[0], a[1], a[2], true, true) < 0 ? KR_EMPTY : kr_None;
}

static int reader_init(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    return io_bound_init(&reader_init_bound_entry, self, args, n, kwnames);
}
static int writer_init(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    return io_bound_init(&writer_init_bound_entry, self, args, n, kwnames);
}
static int random_init(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    return io_bound_init(&random_init_bound_entry, self, args, n, kwnames);
}

/* ---- Reading ---- */

static int begin_read(KrValue self, const char *closed)
{
    Buffered *b = buffered_of(self);
    if (check_open(self, closed) < 0 || enter(self) < 0) return -1;
    if (b->pending && flush_output(b) < 0) {
        leave(b);
        return -1;
    }
    return 0;
}

static KrValue read_rest(Buffered *b)
{
    KrValue parts = kr_list(NULL, 0), head = take(b, unread(b));
    if (kr_is_empty(head) || kr_list_append(parts, head) < 0) return KR_EMPTY;
    KrValue whole = kr_find_attr(b->raw, KR_NAME("readall"));
    if (!kr_is_empty(whole)) {
        KrValue rest = kr_call0(whole);
        if (kr_is_empty(rest)) return KR_EMPTY;
        if (kr_is(rest, kr_None)) return kr_bytes_size(head) ? head : rest;
        if (!kr_is_bytes(rest)) return kr_raise(kr_TypeError, "readall() should return bytes");
        return kr_bytes_size(head) ? kr_binary(KR_ADD, head, rest) : rest;
    }
    if (kr_raised()) return KR_EMPTY;
    for (;;) {
        KrValue part = kr_call_method0(b->raw, "read");
        if (kr_is_empty(part)) return KR_EMPTY;
        if (!kr_is(part, kr_None) && !kr_is_bytes(part)) return kr_raise(kr_TypeError, "read() should return bytes");
        if (kr_is(part, kr_None) || kr_bytes_size(part) == 0) {
            if (kr_is(part, kr_None) && kr_list_size(parts) == 1 && !kr_bytes_size(head)) return part;
            return kr_bytes_join(kr_bytes("", 0), parts);
        }
        if (kr_list_append(parts, part) < 0) return KR_EMPTY;
    }
}

static KrValue read_exactly(Buffered *b, size_t wanted)
{
    if (wanted <= unread(b)) return take(b, wanted);
    KrValue result = kr_bytes(NULL, wanted);
    if (kr_is_empty(result)) return KR_EMPTY;
    uint8_t *data = kr_bytes_data(result);
    size_t got = unread(b);
    memcpy(data, b->input + b->position, got);
    b->position = b->end = 0;
    while (got < wanted) {
        size_t left = wanted - got;
        int64_t n;
        if (left >= b->size) {
            n = raw_read(b, data + got, left - left % b->size);
            if (n > 0) got += (size_t)n;
        } else {
            n = fill(b);
            if (n > 0) {
                size_t part = unread(b) < left ? unread(b) : left;
                memcpy(data + got, b->input, part);
                b->position = part;
                got += part;
            }
        }
        if (n == -1) return KR_EMPTY;
        if (n == -2 && got == 0) return kr_None;
        if (n <= 0) break;
    }
    return got == wanted ? result : kr_bytes(data, got);
}

KR_FN(reader, reader_read, "read", "(self, size=-1, /)", "Read and return up to size bytes; all until EOF if size is negative or None.")
{
    int64_t size;
    if (io_size_argument(a[1], &size) < 0) return KR_EMPTY;
    if (size < -1) return kr_raise(kr_ValueError, "read length must be non-negative or -1");
    if (begin_read(a[0], "read of closed file") < 0) return KR_EMPTY;
    Buffered *b = buffered_of(a[0]);
    KrValue result = size < 0 ? read_rest(b) : read_exactly(b, (size_t)size);
    leave(b);
    return result;
}

/* One read of much that is asked for, of which there may be little: memory that nobody touches costs
 * nothing outside the heap. */
static KrValue read_much(Buffered *b, size_t wanted)
{
    void *data = malloc(wanted);
    if (!data) return kr_raise_no_memory();
    int64_t n = raw_read(b, data, wanted);
    KrValue result = n == -1 ? KR_EMPTY : kr_bytes(data, n < 0 ? 0 : (size_t)n);
    free(data);
    return result;
}

static KrValue read_some(Buffered *b, int64_t size)
{
    enum { MUCH = 1 << 20 };
    size_t wanted = size < 0 ? b->size : (size_t)size;
    if (wanted == 0) return kr_bytes("", 0);
    if (unread(b)) return take(b, unread(b) < wanted ? unread(b) : wanted);
    if (wanted > MUCH) return read_much(b, wanted);
    KrValue result = kr_bytes(NULL, wanted);
    if (kr_is_empty(result)) return KR_EMPTY;
    int64_t n = raw_read(b, kr_bytes_data(result), wanted);
    if (n == -1) return KR_EMPTY;
    if (n < 0) n = 0;
    return (size_t)n == wanted ? result : kr_bytes(kr_bytes_data(result), (size_t)n);
}

KR_FN(reader, reader_read1, "read1", "(self, size=-1, /)", "Read and return up to size bytes with at most one raw read.")
{
    int64_t size;
    if (kr_to_index(a[1], &size) < 0) return KR_EMPTY;
    if (begin_read(a[0], "read of closed file") < 0) return KR_EMPTY;
    Buffered *b = buffered_of(a[0]);
    KrValue result = read_some(b, size);
    leave(b);
    return result;
}

KrValue io_reader_chunk(KrValue reader, size_t size)
{
    if (begin_read(reader, "read of closed file") < 0) return KR_EMPTY;
    Buffered *b = buffered_of(reader);
    KrValue result = read_some(b, (int64_t)size);
    leave(b);
    return result;
}

KR_FN(reader, reader_peek, "peek", "(self, size=0, /)", "Return buffered bytes without advancing; at most one raw read.")
{
    if (begin_read(a[0], "peek of closed file") < 0) return KR_EMPTY;
    Buffered *b = buffered_of(a[0]);
    KrValue result = KR_EMPTY;
    if (unread(b) || fill(b) != -1) result = kr_bytes(b->input + b->position, unread(b));
    leave(b);
    return result;
}

static KrValue read_into(KrValue self, KrValue target, bool once)
{
    KrBuffer view;
    if (check_open(self, "readinto of closed file") < 0) return KR_EMPTY;
    if (io_writable(target, &view) < 0) return KR_EMPTY;
    if (begin_read(self, "readinto of closed file") < 0) {
        kr_buffer_release(&view);
        return KR_EMPTY;
    }
    Buffered *b = buffered_of(self);
    uint8_t *data = view.data;
    size_t room = (size_t)view.size, got = unread(b) < room ? unread(b) : room;
    memcpy(data, b->input + b->position, got);
    b->position += got;
    int64_t n = 0;
    while (got < room) {
        if (room - got > b->size) {
            n = raw_read(b, data + got, room - got);
            if (n > 0) got += (size_t)n;
            if (once) break;
        } else {
            if (once && got) break;
            n = fill(b);
            if (n > 0) {
                size_t part = unread(b) < room - got ? unread(b) : room - got;
                memcpy(data + got, b->input, part);
                b->position = part;
                got += part;
            }
        }
        if (n <= 0) break;
    }
    leave(b);
    kr_buffer_release(&view);
    if (n == -1) return KR_EMPTY;
    return n == -2 && got == 0 ? kr_None : kr_int((int64_t)got);
}

KR_FN(reader, reader_readinto, "readinto", "(self, buffer, /)", "Read into a writable buffer.")
{
    return read_into(a[0], a[1], false);
}

KR_FN(reader, reader_readinto1, "readinto1", "(self, buffer, /)", "Read into a writable buffer with at most one raw read.")
{
    return read_into(a[0], a[1], true);
}

static KrValue read_line(Buffered *b, int64_t limit)
{
    KrValue parts = KR_EMPTY;
    size_t total = 0;
    for (;;) {
        size_t available = unread(b);
        if (limit >= 0 && available > (size_t)limit - total) available = (size_t)limit - total;
        const uint8_t *start = b->input + b->position, *newline = available ? memchr(start, '\n', available) : NULL;
        size_t n = newline ? (size_t)(newline - start) + 1 : available;
        bool complete = newline || (limit >= 0 && total + n == (size_t)limit);
        if (complete && kr_is_empty(parts)) return take(b, n);
        if (n) {
            if (kr_is_empty(parts) && kr_is_empty(parts = kr_list(NULL, 0))) return KR_EMPTY;
            KrValue part = take(b, n);
            if (kr_is_empty(part) || kr_list_append(parts, part) < 0) return KR_EMPTY;
            total += n;
        }
        if (complete) break;
        int64_t got = fill(b);
        if (got == -1) return KR_EMPTY;
        if (got <= 0) break;
    }
    return kr_is_empty(parts) ? kr_bytes("", 0) : kr_bytes_join(kr_bytes("", 0), parts);
}

static KrValue line_of(KrValue self, int64_t limit)
{
    if (begin_read(self, "readline of closed file") < 0) return KR_EMPTY;
    Buffered *b = buffered_of(self);
    KrValue line = read_line(b, limit);
    leave(b);
    return line;
}

KR_FN(reader, reader_readline, "readline", "(self, size=-1, /)", "Read and return a line from the stream.")
{
    int64_t limit;
    return io_size_argument(a[1], &limit) < 0 ? KR_EMPTY : line_of(a[0], limit);
}

static KrValue reader_next(KrValue self)
{
    if (check_open(self, "I/O operation on closed file.") < 0) return KR_EMPTY;
    KrValue line;
    if (kr_is_instance_exact(self, io_reader_type) || kr_is_instance_exact(self, io_random_type)) line = line_of(self, -1);
    else line = kr_call_method0(self, "readline");
    if (kr_is_empty(line)) return KR_EMPTY;
    if (!kr_is_bytes(line)) return kr_raise(kr_OSError, "readline() should have returned a bytes object, not '%T'", line);
    return kr_bytes_size(line) ? line : KR_EMPTY;
}

/* ---- Writing ---- */

static int64_t write_data(Buffered *b, const uint8_t *data, size_t size)
{
    if (b->reading && unread(b) && drop_input(b) < 0) return -1;
    b->position = b->end = 0;
    if (size <= b->size - b->pending) {
        memcpy(b->output + b->pending, data, size);
        b->pending += size;
        return (int64_t)size;
    }
    if (flush_output(b) < 0) {
        if (!kr_raised_is(kr_BlockingIOError)) return -1;
        /* Keep what fits; report how much was taken. */
        size_t room = b->size - b->pending;
        if (size <= room) {
            kr_clear_exception();
            memcpy(b->output + b->pending, data, size);
            b->pending += size;
            return (int64_t)size;
        }
        memcpy(b->output + b->pending, data, room);
        b->pending += room;
        kr_clear_exception();
        raise_would_block(room);
        return -1;
    }
    size_t done = 0;
    while (size - done > b->size) {
        int64_t n = raw_write(b, data + done, size - done);
        if (n == -1) return -1;
        if (n == -2) {
            size_t kept = size - done < b->size ? size - done : b->size;
            memcpy(b->output, data + done, kept);
            b->pending = kept;
            raise_would_block(done + kept);
            return -1;
        }
        done += (size_t)n;
        if (kr_check_signals() < 0) return -1;
    }
    memcpy(b->output, data + done, size - done);
    b->pending = size - done;
    return (int64_t)size;
}

KR_FN(writer, writer_write, "write", "(self, buffer, /)", "Write the given buffer to the IO stream.")
{
    KrBuffer view;
    if (check_open(a[0], "write to closed file") < 0) return KR_EMPTY;
    if (kr_buffer_get(a[1], &view, KR_BUFFER_CONTIGUOUS) < 0) return KR_EMPTY;
    int64_t n = -1;
    if (enter(a[0]) == 0) {
        n = write_data(buffered_of(a[0]), view.data, (size_t)view.size);
        leave(buffered_of(a[0]));
    }
    kr_buffer_release(&view);
    return n < 0 ? KR_EMPTY : kr_int(n);
}

int io_writer_write(KrValue writer, const void *data, size_t size)
{
    if (check_open(writer, "write to closed file") < 0 || enter(writer) < 0) return -1;
    int64_t n = write_data(buffered_of(writer), data, size);
    leave(buffered_of(writer));
    return n < 0 ? -1 : 0;
}

static int flush_all(KrValue self)
{
    Buffered *b = buffered_of(self);
    if (enter(self) < 0) return -1;
    int status = b->pending ? flush_output(b) : 0;
    if (status == 0 && b->reading && b->writing && unread(b)) status = drop_input(b);
    leave(b);
    return status;
}

KR_FN(writer, writer_flush, "flush", "(self, /)", "Flush write buffers and the raw stream.")
{
    if (check_open(a[0], "flush of closed file") < 0 || flush_all(a[0]) < 0) return KR_EMPTY;
    return kr_call_method0(buffered_of(a[0])->raw, "flush");
}

/* ---- Common ---- */

static KrValue position_of(KrValue self)
{
    Buffered *b = buffered_of(self);
    int64_t position;
    if (raw_position(b, &position) < 0) return KR_EMPTY;
    return kr_int(position - (int64_t)unread(b) + (int64_t)b->pending);
}

KR_FN(buffered, buffered_tell, "tell", "(self, /)", "Return current stream position.")
{
    return check_open(a[0], "tell of closed file") < 0 ? KR_EMPTY : position_of(a[0]);
}

static KrValue seek_stream(Buffered *b, int64_t offset, int whence)
{
    int64_t position;
    if (whence != 2 && b->reading && !b->pending && unread(b)) {
        /* Within what was read ahead nothing needs to move. */
        int64_t raw;
        if (raw_position(b, &raw) < 0) return KR_EMPTY;
        int64_t target = whence == 1 ? raw - (int64_t)unread(b) + offset : offset;
        int64_t in_buffer = target - (raw - (int64_t)b->end);
        if (in_buffer >= 0 && in_buffer <= (int64_t)b->end) {
            b->position = (size_t)in_buffer;
            return kr_int(target);
        }
    }
    if (b->pending && flush_output(b) < 0) return KR_EMPTY;
    if (whence == 1) offset -= (int64_t)unread(b);
    b->position = b->end = 0;
    return raw_seek(b, offset, whence, &position) < 0 ? KR_EMPTY : kr_int(position);
}

KR_FN(buffered, buffered_seek, "seek", "(self, target, whence=0, /)", "Change the stream position to the given byte offset.")
{
    int64_t offset;
    int whence;
    if (kr_to_int32(a[2], &whence) < 0) return KR_EMPTY;
    if (whence < 0 || whence > 4) return kr_raise(kr_ValueError, "whence value %d unsupported", whence);
    if (check_open(a[0], "seek of closed file") < 0) return KR_EMPTY;
    if (kr_is_empty(kr_call_method0(buffered_of(a[0])->raw, "seekable"))) return KR_EMPTY;
    if (kr_is_empty(kr_call_method0(a[0], "_checkSeekable"))) return KR_EMPTY;
    if (kr_to_int64(a[1], &offset) < 0 || enter(a[0]) < 0) return KR_EMPTY;
    KrValue result = seek_stream(buffered_of(a[0]), offset, whence);
    leave(buffered_of(a[0]));
    return result;
}

KR_FN(buffered, buffered_truncate, "truncate", "(self, pos=None, /)", "Truncate file to pos bytes, the current position by default.")
{
    Buffered *b = buffered_of(a[0]);
    if (check_open(a[0], "truncate of closed file") < 0) return KR_EMPTY;
    if (!b->writing) return io_unsupported_error("truncate");
    KrValue position = a[1];
    if (flush_all(a[0]) < 0) return KR_EMPTY;
    if (kr_is(position, kr_None) && kr_is_empty(position = position_of(a[0]))) return KR_EMPTY;
    return kr_call_method1(b->raw, "truncate", position);
}

KR_FN(buffered, buffered_simple_flush, "flush", "(self, /)", "Flush the raw stream.")
{
    if (check_open(a[0], "flush of closed file") < 0) return KR_EMPTY;
    return kr_call_method0(buffered_of(a[0])->raw, "flush");
}

KR_FN(buffered, buffered_close, "close", "(self, /)", "Flush and close the stream.")
{
    Buffered *b = buffered_of(a[0]);
    if (kr_is_empty(b->raw)) return kr_raise(kr_ValueError, b->detached ? "raw stream has been detached" : "I/O operation on uninitialized object");
    KrValue closed = kr_getattr(b->raw, KR_NAME("closed"));
    int truth = kr_is_empty(closed) ? -1 : kr_truth(closed);
    if (truth) return truth < 0 ? KR_EMPTY : kr_None;
    KrValue flushed = kr_call_method0(a[0], "flush");
    KrValue first = kr_is_empty(flushed) ? kr_take_exception() : KR_EMPTY;
    KrValue result = kr_call_method0(b->raw, "close");
    b->base.closed = true;
    b->pending = 0;
    if (kr_is_empty(first)) return result;
    if (kr_is_empty(result)) {
        KrValue second = kr_take_exception();
        if (kr_setattr(second, KR_NAME("__context__"), first) < 0) kr_clear_exception();
        first = second;
    }
    kr_restore_exception(first);
    return KR_EMPTY;
}

KR_FN(buffered, buffered_detach, "detach", "(self, /)", "Disconnect this buffer from its underlying raw stream and return it.")
{
    Buffered *b = buffered_of(a[0]);
    if (check_open(a[0], "detach of closed file") < 0 || kr_is_empty(kr_call_method0(a[0], "flush"))) return KR_EMPTY;
    KrValue raw = b->raw;
    b->raw = KR_EMPTY;
    b->detached = true;
    io_set_wrapped(raw, false);
    return raw;
}

static KrValue ask_raw(KrValue self, const char *method)
{
    Buffered *b = buffered_of(self);
    if (kr_is_empty(b->raw)) return kr_raise(kr_ValueError, b->detached ? "raw stream has been detached" : "I/O operation on uninitialized object");
    return kr_call_method0(b->raw, method);
}

KR_FN(buffered, buffered_seekable, "seekable", "(self, /)", "Return whether object supports random access.")
{
    return ask_raw(a[0], "seekable");
}
KR_FN(buffered, buffered_readable, "readable", "(self, /)", "Return whether object was opened for reading.")
{
    return buffered_of(a[0])->reading ? ask_raw(a[0], "readable") : kr_False;
}
KR_FN(buffered, buffered_writable, "writable", "(self, /)", "Return whether object was opened for writing.")
{
    return buffered_of(a[0])->writing ? ask_raw(a[0], "writable") : kr_False;
}
KR_FN(buffered, buffered_fileno, "fileno", "(self, /)", "Returns underlying file descriptor if one exists.")
{
    return ask_raw(a[0], "fileno");
}
KR_FN(buffered, buffered_isatty, "isatty", "(self, /)", "Return whether this is an 'interactive' stream.")
{
    return ask_raw(a[0], "isatty");
}
KR_FN(buffered, buffered_getstate, "__getstate__", "(self, /)", "Streams cannot be pickled.")
{
    return kr_raise(kr_TypeError, "cannot pickle '%T' object", a[0]);
}

static KrValue raw_attribute(KrValue self, const char *name)
{
    Buffered *b = buffered_of(self);
    if (kr_is_empty(b->raw)) return kr_raise(kr_ValueError, b->detached ? "raw stream has been detached" : "I/O operation on uninitialized object");
    return kr_getattr_ascii(b->raw, name);
}

static KrValue buffered_get_closed(KrValue self) { return raw_attribute(self, "closed"); }
static KrValue buffered_get_name(KrValue self) { return raw_attribute(self, "name"); }
static KrValue buffered_get_mode(KrValue self) { return raw_attribute(self, "mode"); }
static KrValue buffered_get_raw(KrValue self)
{
    KrValue raw = buffered_of(self)->raw;
    return kr_is_empty(raw) ? kr_raise(kr_AttributeError, "raw") : raw;
}
KR_GETSET(buffered, buffered_get_closed, NULL, "closed", "True if the stream is closed.")
KR_GETSET(buffered, buffered_get_name, NULL, "name", "The raw stream's name.")
KR_GETSET(buffered, buffered_get_mode, NULL, "mode", "The raw stream's mode.")
KR_GETSET(buffered, buffered_get_raw, NULL, "raw", "The raw stream.")

static KrValue buffered_repr(KrValue self)
{
    KrValue type = kr_type_value(kr_type_of(self));
    KrValue text = kr_str_format("%S.%S", kr_getattr_ascii(type, "__module__"), kr_getattr_ascii(type, "__qualname__"));
    return kr_is_empty(text) ? KR_EMPTY : io_repr_named(self, kr_str_utf8(text, NULL));
}

/* ---- BufferedRWPair ---- */

typedef struct Pair {
    IoBase base;
    KrValue reader, writer;
} Pair;

static Pair *pair_of(KrValue v) { return (Pair *)kr_to_object(v); }

static void pair_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((Pair *)self)->reader);
    kr_trace(tracer, ((Pair *)self)->writer);
}

KR_FN(pair_make, pair_init_bound, "__init__", "(self, reader, writer, buffer_size=8192, /)", "Make a pair.")
{
    if (require(a[1], "readable", "File or stream is not readable.") < 0 ||
        require(a[2], "writable", "File or stream is not writable.") < 0)
        return KR_EMPTY;
    Pair *p = pair_of(a[0]);
    p->reader = kr_call2(kr_type_value(io_reader_type), a[1], a[3]);
    if (kr_is_empty(p->reader)) return KR_EMPTY;
    p->writer = kr_call2(kr_type_value(io_writer_type), a[2], a[3]);
    return kr_is_empty(p->writer) ? KR_EMPTY : kr_None;
}

static int pair_init(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    return io_bound_init(&pair_init_bound_entry, self, args, n, kwnames);
}

static KrValue pair_ask(KrValue self, bool writer, const char *method, const KrValue *arguments, size_t n)
{
    KrValue half = writer ? pair_of(self)->writer : pair_of(self)->reader;
    if (kr_is_empty(half)) return kr_raise(kr_ValueError, "I/O operation on uninitialized object");
    return kr_call_method(half, kr_intern(method), arguments, n);
}

KR_FN(pair, pair_read, "read", "(self, size=-1, /)", "Read from the reader.") { return pair_ask(a[0], false, "read", a + 1, 1); }
KR_FN(pair, pair_read1, "read1", "(self, size=-1, /)", "Read from the reader, at most one raw read.") { return pair_ask(a[0], false, "read1", a + 1, 1); }
KR_FN(pair, pair_peek, "peek", "(self, size=0, /)", "Look at the reader's buffer.") { return pair_ask(a[0], false, "peek", a + 1, 1); }
KR_FN(pair, pair_readinto, "readinto", "(self, buffer, /)", "Read into a buffer.") { return pair_ask(a[0], false, "readinto", a + 1, 1); }
KR_FN(pair, pair_readinto1, "readinto1", "(self, buffer, /)", "Read into a buffer, at most one raw read.") { return pair_ask(a[0], false, "readinto1", a + 1, 1); }
KR_FN(pair, pair_write, "write", "(self, b, /)", "Write to the writer.") { return pair_ask(a[0], true, "write", a + 1, 1); }
KR_FN(pair, pair_flush, "flush", "(self, /)", "Flush the writer.") { return pair_ask(a[0], true, "flush", NULL, 0); }
KR_FN(pair, pair_readable, "readable", "(self, /)", "Is the reader readable?") { return pair_ask(a[0], false, "readable", NULL, 0); }
KR_FN(pair, pair_writable, "writable", "(self, /)", "Is the writer writable?") { return pair_ask(a[0], true, "writable", NULL, 0); }
KR_FN(pair, pair_isatty, "isatty", "(self, /)", "Is either side a terminal?")
{
    KrValue answer = pair_ask(a[0], true, "isatty", NULL, 0);
    return kr_is(answer, kr_False) ? pair_ask(a[0], false, "isatty", NULL, 0) : answer;
}
KR_FN(pair, pair_close, "close", "(self, /)", "Close both sides.")
{
    KrValue written = pair_ask(a[0], true, "close", NULL, 0);
    KrValue first = kr_is_empty(written) ? kr_take_exception() : KR_EMPTY;
    KrValue read = pair_ask(a[0], false, "close", NULL, 0);
    if (kr_is_empty(first)) return read;
    if (kr_is_empty(read)) {
        KrValue second = kr_take_exception();
        if (kr_setattr(second, KR_NAME("__context__"), first) < 0) kr_clear_exception();
        first = second;
    }
    kr_restore_exception(first);
    return KR_EMPTY;
}
static KrValue pair_get_closed(KrValue self)
{
    if (kr_is_empty(pair_of(self)->writer)) return kr_raise(kr_RuntimeError, "the BufferedRWPair object is being garbage-collected");
    return kr_getattr(pair_of(self)->writer, KR_NAME("closed"));
}
KR_GETSET(pair, pair_get_closed, NULL, "closed", "True if the writer is closed.")

#include "modules/io_buffered.entries.h"

/* The functions of a class that both reads and writes: the tables of its parts, one after the other. */
static const KrFunction *const *joined(const KrFunction *const *const *tables, size_t count)
{
    static const KrFunction *room[128];
    static size_t used;
    const KrFunction **start = room + used;
    for (size_t i = 0; i < count; i++)
        for (const KrFunction *const *f = tables[i]; *f; f++) {
            /* An earlier table's function of the same name wins. */
            const KrFunction **p = start;
            while (p < room + used && strcmp((*p)->name, (*f)->name) != 0) p++;
            if (p == room + used) room[used++] = *f;
        }
    room[used++] = NULL;
    return start;
}

static int add(KrValue module, KrType **type, const KrTypeSpec *spec)
{
    *type = kr_type_new(spec);
    return *type ? kr_module_add_type(module, *type) : -1;
}

int io_buffered_init(KrValue module)
{
    static KrTypeSpec specs[4];
    const KrFunction *const *const reading[] = {reader_functions, buffered_functions};
    const KrFunction *const *const writing[] = {writer_functions, buffered_functions};
    const KrFunction *const *const both[] = {reader_functions, writer_functions, buffered_functions};
    KrTypeSpec common = {.size = sizeof(Buffered), .flags = KR_TYPE_DICT, .base = io_buffered_base_type, .trace = buffered_trace,
                         .getset = buffered_getset, .slots = {.repr = buffered_repr}};
    specs[0] = common;
    specs[0].name = "_io.BufferedReader", specs[0].functions = joined(reading, 2), specs[0].slots.init = reader_init, specs[0].slots.next = reader_next;
    specs[0].doc = "BufferedReader(raw, buffer_size=DEFAULT_BUFFER_SIZE)\n--\n\nCreate a new buffered reader using the given readable raw IO object.";
    specs[1] = common;
    specs[1].name = "_io.BufferedWriter", specs[1].functions = joined(writing, 2), specs[1].slots.init = writer_init;
    specs[1].doc = "BufferedWriter(raw, buffer_size=DEFAULT_BUFFER_SIZE)\n--\n\nA buffer for a writeable sequential RawIO object.";
    specs[2] = common;
    specs[2].name = "_io.BufferedRandom", specs[2].functions = joined(both, 3), specs[2].slots.init = random_init, specs[2].slots.next = reader_next;
    specs[2].doc = "BufferedRandom(raw, buffer_size=DEFAULT_BUFFER_SIZE)\n--\n\nA buffered interface to random access streams.";
    specs[3] = (KrTypeSpec){.name = "_io.BufferedRWPair", .size = sizeof(Pair), .flags = KR_TYPE_DICT, .base = io_buffered_base_type,
                            .trace = pair_trace, .functions = pair_functions, .getset = pair_getset, .slots = {.init = pair_init},
                            .doc = "A buffered reader and writer object together."};
    return add(module, &io_reader_type, &specs[0]) < 0 || add(module, &io_writer_type, &specs[1]) < 0 ||
                   add(module, &io_random_type, &specs[2]) < 0 || add(module, &io_pair_type, &specs[3]) < 0
               ? -1
               : 0;
}
