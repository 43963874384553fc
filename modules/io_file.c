/* io_file.c: FileIO, a file descriptor as a raw stream. Reads and writes run detached and go on after signals. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "modules/io.h"

typedef struct File {
    IoBase base;
    int fd; /* -1: closed or not yet opened */
    bool created, reading, writing, appending, closefd;
    int8_t seekable; /* -1: not yet asked */
    int64_t block_size;
} File;

KrType *io_file_type;

static File *file_of(KrValue v) { return (File *)kr_to_object(v); }
bool io_file_is_exact(KrValue v) { return kr_is_instance_exact(v, io_file_type); }

static KrValue closed_error(void) { return kr_raise(kr_ValueError, "I/O operation on closed file"); }

static KrValue file_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    (void)args, (void)n, (void)kwnames;
    File *f = kr_alloc_instance(type);
    if (!f) return KR_EMPTY;
    f->fd = -1;
    f->seekable = -1;
    f->closefd = true;
    return kr_from_object(f);
}

static int parse_file_mode(File *f, KrValue mode, int *flags)
{
    const char *text = kr_str_cstring(mode);
    if (!text) return -1;
    int kinds = 0;
    bool plus = false, bad = false;
    for (const char *c = text; *c; c++) {
        switch (*c) {
        case 'x': kinds++, f->created = f->writing = true, *flags |= O_EXCL | O_CREAT; break;
        case 'r': kinds++, f->reading = true; break;
        case 'w': kinds++, f->writing = true, *flags |= O_CREAT | O_TRUNC; break;
        case 'a': kinds++, f->writing = f->appending = true, *flags |= O_APPEND | O_CREAT; break;
        case 'b': break;
        case '+': bad |= plus, plus = true; break;
        default: kr_raise(kr_ValueError, "invalid mode: %.200s", text); return -1;
        }
    }
    if (kinds != 1 || bad) {
        kr_raise(kr_ValueError, "Must have exactly one of create/read/write/append mode and at most one plus");
        return -1;
    }
    if (plus) f->reading = f->writing = true;
    *flags |= f->reading && f->writing ? O_RDWR : f->reading ? O_RDONLY : O_WRONLY;
    return 0;
}

static int open_path(File *f, KrValue name, KrValue opener, int flags)
{
    KrValue keep;
    const char *path = kr_path_bytes(name, &keep);
    if (!path) return -1;
    if (!kr_is(opener, kr_None)) {
        KrValue fd = kr_call2(opener, name, kr_int(flags));
        if (kr_is_empty(fd)) return -1;
        if (!kr_is_int(fd)) {
            kr_raise(kr_TypeError, "expected integer from opener");
            return -1;
        }
        if (kr_to_int32(fd, &f->fd) < 0) return -1;
        if (f->fd < 0) {
            kr_raise(kr_ValueError, "opener returned %d", f->fd);
            return -1;
        }
        fcntl(f->fd, F_SETFD, FD_CLOEXEC);
        return 0;
    }
    for (;;) {
        kr_detach();
        f->fd = open(path, flags, 0666);
        int error = errno;
        kr_attach();
        if (f->fd >= 0) return 0;
        if (error != EINTR) {
            kr_raise_errno(error, name);
            return -1;
        }
        if (kr_check_signals() < 0) return -1;
    }
}

static int file_open(KrValue self, KrValue name, KrValue mode, bool closefd, KrValue opener)
{
    File *f = file_of(self);
    if (f->fd >= 0 && f->closefd) close(f->fd);
    f->fd = -1;
    f->created = f->reading = f->writing = f->appending = false;
    f->seekable = -1;
    f->closefd = closefd;
    f->base.closed = false;
    int flags = O_CLOEXEC, fd = -1;
    if (kr_is_int(name)) {
        if (kr_to_int32(name, &fd) < 0) return -1;
        if (fd < 0) {
            kr_raise(kr_ValueError, "negative file descriptor");
            return -1;
        }
    } else if (kr_is_float(name)) {
        kr_raise(kr_TypeError, "integer argument expected, got float");
        return -1;
    }
    if (parse_file_mode(f, mode, &flags) < 0) return -1;
    bool own = false;
    if (fd >= 0) {
        f->fd = fd;
    } else {
        if (!closefd) {
            kr_raise(kr_ValueError, "Cannot use closefd=False with file name");
            return -1;
        }
        if (open_path(f, name, opener, flags) < 0) {
            f->fd = -1;
            return -1;
        }
        own = true;
    }
    struct stat status;
    int error = fstat(f->fd, &status) != 0 ? errno : S_ISDIR(status.st_mode) ? EISDIR : 0;
    if (error == EBADF || error == EISDIR) {
        if (own) close(f->fd);
        f->fd = -1;
        kr_raise_errno(error, name);
        return -1;
    }
    f->block_size = !error && status.st_blksize > 1 ? status.st_blksize : IO_BUFFER_SIZE;
    if (f->block_size < IO_BUFFER_SIZE) f->block_size = IO_BUFFER_SIZE;
    if (kr_setattr(self, KR_NAME("name"), name) < 0) return -1;
    if (f->appending) lseek(f->fd, 0, SEEK_END);
    return 0;
}

KR_FN(file_init_table, file_init_bound, "__init__", "(self, file, mode='r', closefd=True, opener=None)", "Open a file.")
{
    if (!kr_is_str(a[2])) return kr_raise(kr_TypeError, "FileIO() argument 'mode' must be str, not %T", a[2]);
    int closefd = kr_truth(a[3]);
    return closefd < 0 || file_open(a[0], a[1], a[2], closefd, a[4]) < 0 ? KR_EMPTY : kr_None;
}

static int file_init(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    return io_bound_init(&file_init_bound_entry, self, args, n, kwnames);
}

/* ---- Reading and writing ---- */

int64_t io_file_read(KrValue self, void *data, size_t size)
{
    File *f = file_of(self);
    if (f->fd < 0) return closed_error(), -1;
    if (!f->reading) return io_unsupported_error("File not open for reading"), -1;
    if (size > (size_t)INT32_MAX) size = INT32_MAX;
    for (;;) {
        int fd = f->fd;
        kr_detach();
        ssize_t n = read(fd, data, size);
        int error = errno;
        kr_attach();
        if (n >= 0) return n;
        if (error == EAGAIN) return -2;
        if (error != EINTR) return kr_raise_errno(error, KR_EMPTY), -1;
        if (kr_check_signals() < 0) return -1;
    }
}

int64_t io_file_write(KrValue self, const void *data, size_t size)
{
    File *f = file_of(self);
    if (f->fd < 0) return closed_error(), -1;
    if (!f->writing) return io_unsupported_error("File not open for writing"), -1;
    if (size > (size_t)INT32_MAX) size = INT32_MAX;
    for (;;) {
        int fd = f->fd;
        kr_detach();
        ssize_t n = write(fd, data, size);
        int error = errno;
        kr_attach();
        if (n >= 0) return n;
        if (error == EAGAIN) return -2;
        if (error != EINTR) return kr_raise_errno(error, KR_EMPTY), -1;
        if (kr_check_signals() < 0) return -1;
    }
}

static KrValue count_or_none(int64_t n) { return n == -1 ? KR_EMPTY : n == -2 ? kr_None : kr_int(n); }

KR_FN(file, file_readinto, "readinto", "(self, buffer, /)", "Same as RawIOBase.readinto().")
{
    KrBuffer view;
    File *f = file_of(a[0]);
    if (f->fd < 0) return closed_error();
    if (!f->reading) return io_unsupported_error("File not open for reading");
    if (io_writable(a[1], &view) < 0) return KR_EMPTY;
    int64_t n = io_file_read(a[0], view.data, (size_t)view.size);
    kr_buffer_release(&view);
    return count_or_none(n);
}

static KrValue read_all(KrValue self)
{
    File *f = file_of(self);
    if (f->fd < 0) return closed_error();
    struct stat status;
    off_t position = lseek(f->fd, 0, SEEK_CUR);
    size_t capacity = IO_BUFFER_SIZE, length = 0;
    if (fstat(f->fd, &status) == 0 && position >= 0 && status.st_size > position) capacity = (size_t)(status.st_size - position) + 1;
    KrValue room = kr_bytes(NULL, capacity);
    if (kr_is_empty(room)) return KR_EMPTY;
    for (;;) {
        if (length == capacity) {
            KrValue larger = kr_bytes(NULL, capacity + capacity / 2 + IO_BUFFER_SIZE);
            if (kr_is_empty(larger)) return KR_EMPTY;
            memcpy(kr_bytes_data(larger), kr_bytes_data(room), length);
            room = larger;
            capacity = kr_bytes_size(room);
        }
        int64_t n = io_file_read(self, kr_bytes_data(room) + length, capacity - length);
        if (n == -1) return KR_EMPTY;
        if (n == -2 && length == 0) return kr_None;
        if (n <= 0) break;
        length += (size_t)n;
    }
    return kr_bytes(kr_bytes_data(room), length);
}

KR_FN(file, file_readall, "readall", "(self, /)", "Read all data from the file, returned as bytes.")
{
    return read_all(a[0]);
}

KR_FN(file, file_read, "read", "(self, size=-1, /)", "Read at most size bytes, returned as bytes.")
{
    int64_t size;
    File *f = file_of(a[0]);
    if (f->fd < 0) return closed_error();
    if (!f->reading) return io_unsupported_error("File not open for reading");
    if (io_size_argument(a[1], &size) < 0) return KR_EMPTY;
    if (size < 0) return kr_call_method0(a[0], "readall");
    KrValue room = kr_bytes(NULL, (size_t)size);
    if (kr_is_empty(room)) return KR_EMPTY;
    int64_t n = io_file_read(a[0], kr_bytes_data(room), (size_t)size);
    if (n < 0) return count_or_none(n);
    return n == size ? room : kr_bytes(kr_bytes_data(room), (size_t)n);
}

KR_FN(file, file_write, "write", "(self, b, /)", "Write buffer b to file, return number of bytes written.")
{
    KrBuffer view;
    File *f = file_of(a[0]);
    if (f->fd < 0) return closed_error();
    if (!f->writing) return io_unsupported_error("File not open for writing");
    if (kr_buffer_get(a[1], &view, KR_BUFFER_CONTIGUOUS) < 0) return KR_EMPTY;
    int64_t n = io_file_write(a[0], view.data, (size_t)view.size);
    kr_buffer_release(&view);
    return count_or_none(n);
}

/* ---- Position ---- */

static KrValue seek_to(File *f, int64_t offset, int whence)
{
    if (f->fd < 0) return closed_error();
    off_t position = lseek(f->fd, offset, whence);
    if (f->seekable < 0) f->seekable = position >= 0;
    return position < 0 ? kr_raise_errno(errno, KR_EMPTY) : kr_int(position);
}

KR_FN(file, file_seek, "seek", "(self, pos, whence=0, /)", "Move to new file position and return the file position.")
{
    int64_t offset;
    int whence;
    if (file_of(a[0])->fd < 0) return closed_error();
    if (kr_is_float(a[1])) return kr_raise(kr_TypeError, "an integer is required");
    if (kr_to_int64(a[1], &offset) < 0 || kr_to_int32(a[2], &whence) < 0) return KR_EMPTY;
    return seek_to(file_of(a[0]), offset, whence);
}

KR_FN(file, file_tell, "tell", "(self, /)", "Current file position.")
{
    return seek_to(file_of(a[0]), 0, SEEK_CUR);
}

KR_FN(file, file_truncate, "truncate", "(self, size=None, /)",
      "Truncate the file to at most size bytes and return the truncated size.")
{
    File *f = file_of(a[0]);
    if (f->fd < 0) return closed_error();
    if (!f->writing) return io_unsupported_error("File not open for writing");
    int64_t size;
    KrValue wanted = a[1];
    if (kr_is(wanted, kr_None) && kr_is_empty(wanted = seek_to(f, 0, SEEK_CUR))) return KR_EMPTY;
    if (kr_to_int64(wanted, &size) < 0) return KR_EMPTY;
    kr_detach();
    int result = ftruncate(f->fd, size), error = errno;
    kr_attach();
    return result != 0 ? kr_raise_errno(error, KR_EMPTY) : wanted;
}

/* ---- State ---- */

static int close_descriptor(File *f)
{
    int fd = f->fd;
    f->fd = -1;
    if (fd < 0 || !f->closefd) return 0;
    kr_detach();
    int result = close(fd), error = errno;
    kr_attach();
    if (result == 0 || error == EINTR) return 0;
    kr_raise_errno(error, KR_EMPTY);
    return -1;
}

KR_FN(file, file_close, "close", "(self, /)",
      "Close the file.\n\nA closed file cannot be used for further I/O operations.  close() may be\ncalled more than once without error.")
{
    File *f = file_of(a[0]);
    if (!f->base.closed && !io_file_is_exact(a[0])) {
        KrValue result = kr_call_method0(a[0], "flush");
        f->base.closed = true;
        if (kr_is_empty(result)) {
            KrValue exception = kr_take_exception();
            if (close_descriptor(f) < 0) kr_clear_exception();
            kr_restore_exception(exception);
            return KR_EMPTY;
        }
    }
    f->base.closed = true;
    return close_descriptor(f) < 0 ? KR_EMPTY : kr_None;
}

KR_FN(file, file_seekable, "seekable", "(self, /)", "True if file supports random-access.")
{
    File *f = file_of(a[0]);
    if (f->fd < 0) return closed_error();
    if (f->seekable < 0) f->seekable = lseek(f->fd, 0, SEEK_CUR) >= 0;
    return kr_bool(f->seekable);
}

KR_FN(file, file_readable, "readable", "(self, /)", "True if file was opened in a read mode.")
{
    return file_of(a[0])->fd < 0 ? closed_error() : kr_bool(file_of(a[0])->reading);
}

KR_FN(file, file_writable, "writable", "(self, /)", "True if file was opened in a write mode.")
{
    return file_of(a[0])->fd < 0 ? closed_error() : kr_bool(file_of(a[0])->writing);
}

KR_FN(file, file_fileno, "fileno", "(self, /)", "Return the underlying file descriptor (an integer).")
{
    return file_of(a[0])->fd < 0 ? closed_error() : kr_int(file_of(a[0])->fd);
}

KR_FN(file, file_isatty, "isatty", "(self, /)", "True if the file is connected to a TTY device.")
{
    return file_of(a[0])->fd < 0 ? closed_error() : kr_bool(isatty(file_of(a[0])->fd));
}

KR_FN(file, file_getstate, "__getstate__", "(self, /)", "Files cannot be pickled.")
{
    return kr_raise(kr_TypeError, "cannot pickle '%T' object", a[0]);
}

static const char *mode_text(const File *f)
{
    if (f->created) return f->reading ? "xb+" : "xb";
    if (f->appending) return f->reading ? "ab+" : "ab";
    if (f->reading) return f->writing ? "rb+" : "rb";
    return "wb";
}

static KrValue file_get_mode(KrValue self) { return kr_intern(mode_text(file_of(self))); }
static KrValue file_get_closed(KrValue self) { return kr_bool(file_of(self)->fd < 0); }
static KrValue file_get_closefd(KrValue self) { return kr_bool(file_of(self)->closefd); }
static KrValue file_get_block_size(KrValue self) { return kr_int(file_of(self)->block_size); }
KR_GETSET(file, file_get_mode, NULL, "mode", "String giving the file mode")
KR_GETSET(file, file_get_closed, NULL, "closed", "True if the file is closed")
KR_GETSET(file, file_get_closefd, NULL, "closefd", "True if the file descriptor will be closed by close().")
KR_GETSET(file, file_get_block_size, NULL, "_blksize", "Stat st_blksize if available")

static KrValue file_repr(KrValue self)
{
    File *f = file_of(self);
    if (f->fd < 0) return kr_str("<_io.FileIO [closed]>");
    KrValue name = kr_find_attr(self, KR_NAME("name"));
    const char *closefd = f->closefd ? "True" : "False";
    if (kr_is_empty(name)) {
        if (kr_raised()) return KR_EMPTY;
        return kr_str_format("<_io.FileIO fd=%d mode='%s' closefd=%s>", f->fd, mode_text(f), closefd);
    }
    return kr_str_format("<_io.FileIO name=%R mode='%s' closefd=%s>", name, mode_text(f), closefd);
}

void io_file_warn_unclosed(KrValue v, KrValue stream)
{
    if (!kr_is_a(v, io_file_type) || file_of(v)->fd < 0 || !file_of(v)->closefd) return;
    if (kr_warn(kr_ResourceWarning, 1, "unclosed file %R", stream) < 0) kr_report_unraisable(stream);
}

static void file_finalize(KrValue self)
{
    File *f = file_of(self);
    if (f->base.wrapped || f->fd < 0 || !f->closefd) return;
    io_file_warn_unclosed(self, self);
    if (kr_is_empty(kr_call_method0(self, "close"))) kr_clear_exception();
}

#include "modules/io_file.entries.h"

int io_file_init(KrValue module)
{
    static KrTypeSpec spec;
    spec = (KrTypeSpec){.name = "_io.FileIO", .size = sizeof(File), .flags = KR_TYPE_DICT, .base = io_raw_base_type,
                        .functions = file_functions, .getset = file_getset, .doc = "Open a file.",
                        .slots = {.make = file_make, .init = file_init, .repr = file_repr, .finalize = file_finalize}};
    io_file_type = kr_type_new(&spec);
    return io_file_type ? kr_module_add_type(module, io_file_type) : -1;
}
