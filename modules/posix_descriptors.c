/* posix_descriptors.c: file descriptors: open, read, write, pipes, terminals. Calls repeat after signals (PEP 475). */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include "modules/posix.h"

/* Repeats a call that gives -1 and EINTR, detached; -2 when a signal handler raised. */
#define REPEAT(result, expression)                                                                                \
    do {                                                                                                          \
        for (;;) {                                                                                                \
            kr_detach();                                                                                          \
            result = (expression);                                                                                \
            int saved_ = errno;                                                                                   \
            kr_attach();                                                                                          \
            errno = saved_;                                                                                       \
            if (result != -1 || errno != EINTR) break;                                                            \
            if (kr_check_signals() < 0) {                                                                         \
                result = -2;                                                                                      \
                break;                                                                                            \
            }                                                                                                     \
        }                                                                                                         \
    } while (0)

static KrValue failed(int64_t result) { return result == -2 ? KR_EMPTY : kr_raise_errno(errno, KR_EMPTY); }

static int fd_argument(KrValue v, int *fd)
{
    if (kr_has_index(v)) return kr_to_int32(v, fd);
    KrValue number = kr_call_method0(v, "fileno");
    if (kr_is_empty(number)) {
        if (!kr_raised_is(kr_AttributeError)) return -1;
        kr_clear_exception();
        kr_raise(kr_TypeError, "argument must be an int, or have a fileno() method.");
        return -1;
    }
    return kr_to_int32(number, fd);
}

KR_FN(descriptors, fd_open, "open", "(path, flags, mode=511, *, dir_fd=None)", "Open a file for low level IO.  Returns a file descriptor (integer).")
{
    Path path;
    int flags, mode, dir_fd, fd;
    if (posix_path(a[0], "open", false, false, &path) < 0 || kr_to_int32(a[1], &flags) < 0 || kr_to_int32(a[2], &mode) < 0 || posix_dir_fd(a[3], &dir_fd) < 0)
        return KR_EMPTY;
    REPEAT(fd, openat(dir_fd, path.text, flags | O_CLOEXEC, mode));
    if (fd == -1) return posix_error(errno, &path);
    return fd < 0 ? KR_EMPTY : kr_int(fd);
}
KR_FN(descriptors, fd_close, "close", "(fd)", "Close a file descriptor.")
{
    int fd, result;
    if (fd_argument(a[0], &fd) < 0) return KR_EMPTY;
    kr_detach();
    result = close(fd);
    int error = errno;
    kr_attach();
    return result != 0 && error != EINTR ? kr_raise_errno(error, KR_EMPTY) : kr_None;
}
KR_FN(descriptors, fd_closerange, "closerange", "(fd_low, fd_high, /)", "Closes all file descriptors in [fd_low, fd_high), ignoring errors.")
{
    int low, high;
    if (kr_to_int32(a[0], &low) < 0 || kr_to_int32(a[1], &high) < 0) return KR_EMPTY;
    if (low < high) close_range((unsigned)(low < 0 ? 0 : low), (unsigned)high - 1, 0);
    return kr_None;
}
KR_FN(descriptors, fd_read, "read", "(fd, length, /)", "Read from a file descriptor.  Returns a bytes object.")
{
    int fd;
    int64_t size, n;
    if (kr_to_int32(a[0], &fd) < 0 || kr_to_index(a[1], &size) < 0) return KR_EMPTY;
    if (size < 0) return kr_raise_errno(EINVAL, KR_EMPTY);
    if (size > INT32_MAX) size = INT32_MAX;
    KrValue bytes = kr_bytes(NULL, (size_t)size);
    if (kr_is_empty(bytes)) return KR_EMPTY;
    uint8_t *data = kr_bytes_data(bytes);
    REPEAT(n, read(fd, data, (size_t)size));
    if (n < 0) return failed(n);
    return n == size ? bytes : kr_bytes(data, (size_t)n);
}
KR_FN(descriptors, fd_write, "write", "(fd, data, /)", "Write a bytes object to a file descriptor.")
{
    int fd;
    KrBuffer view;
    int64_t n;
    if (kr_to_int32(a[0], &fd) < 0 || kr_buffer_get(a[1], &view, KR_BUFFER_CONTIGUOUS) < 0) return KR_EMPTY;
    size_t size = view.size > INT32_MAX ? INT32_MAX : (size_t)view.size;
    REPEAT(n, write(fd, view.data, size));
    kr_buffer_release(&view);
    return n < 0 ? failed(n) : kr_int(n);
}
KR_FN(descriptors, fd_pread, "pread", "(fd, length, offset, /)", "Read a number of bytes from a file descriptor starting at a particular offset.")
{
    int fd;
    int64_t size, offset, n;
    if (kr_to_int32(a[0], &fd) < 0 || kr_to_index(a[1], &size) < 0 || kr_to_int64(a[2], &offset) < 0) return KR_EMPTY;
    if (size < 0) return kr_raise_errno(EINVAL, KR_EMPTY);
    KrValue bytes = kr_bytes(NULL, (size_t)size);
    if (kr_is_empty(bytes)) return KR_EMPTY;
    REPEAT(n, pread(fd, kr_bytes_data(bytes), (size_t)size, offset));
    if (n < 0) return failed(n);
    return n == size ? bytes : kr_bytes(kr_bytes_data(bytes), (size_t)n);
}
KR_FN(descriptors, fd_pwrite, "pwrite", "(fd, buffer, offset, /)", "Write bytes to a file descriptor starting at a particular offset.")
{
    int fd;
    KrBuffer view;
    int64_t offset, n;
    if (kr_to_int32(a[0], &fd) < 0 || kr_to_int64(a[2], &offset) < 0 || kr_buffer_get(a[1], &view, KR_BUFFER_CONTIGUOUS) < 0) return KR_EMPTY;
    REPEAT(n, pwrite(fd, view.data, (size_t)view.size, offset));
    kr_buffer_release(&view);
    return n < 0 ? failed(n) : kr_int(n);
}

#define VECTOR_LIMIT 1024
/* The buffers of readv and writev; views[] to be released by release_views. */
static int64_t vector_argument(KrValue v, int flags, struct iovec *vector, KrBuffer *views)
{
    int64_t n = kr_length(v);
    if (n < 0) return -1;
    if (n > VECTOR_LIMIT) return kr_raise_errno(EINVAL, KR_EMPTY), -1;
    for (int64_t i = 0; i < n; i++) {
        KrValue item = kr_getitem(v, kr_int(i));
        if (kr_is_empty(item) || kr_buffer_get(item, &views[i], flags) < 0) {
            while (i-- > 0) kr_buffer_release(&views[i]);
            return -1;
        }
        vector[i] = (struct iovec){views[i].data, (size_t)views[i].size};
    }
    return n;
}
static KrValue vector_call(const KrValue *a, bool writes)
{
    int fd;
    int64_t n, count;
    if (kr_to_int32(a[0], &fd) < 0) return KR_EMPTY;
    struct iovec *vector = malloc(VECTOR_LIMIT * sizeof *vector);
    KrBuffer *views = malloc(VECTOR_LIMIT * sizeof *views);
    KrValue result = KR_EMPTY;
    if (!vector || !views) kr_raise_no_memory();
    else if ((count = vector_argument(a[1], writes ? KR_BUFFER_CONTIGUOUS : KR_BUFFER_CONTIGUOUS | KR_BUFFER_WRITE, vector, views)) >= 0) {
        REPEAT(n, writes ? writev(fd, vector, (int)count) : readv(fd, vector, (int)count));
        result = n < 0 ? failed(n) : kr_int(n);
        for (int64_t i = 0; i < count; i++) kr_buffer_release(&views[i]);
    }
    free(vector);
    free(views);
    return result;
}
KR_FN(descriptors, fd_readv, "readv", "(fd, buffers, /)", "Read from a file descriptor fd into an iterable of buffers.") { return vector_call(a, false); }
KR_FN(descriptors, fd_writev, "writev", "(fd, buffers, /)", "Iterate over buffers, and write the contents of each to a file descriptor.") { return vector_call(a, true); }

KR_FN(descriptors, fd_lseek, "lseek", "(fd, position, whence, /)", "Set the position of a file descriptor.  Return the new position.")
{
    int fd, whence;
    int64_t position;
    if (kr_to_int32(a[0], &fd) < 0 || kr_to_int64(a[1], &position) < 0 || kr_to_int32(a[2], &whence) < 0) return KR_EMPTY;
    off_t result = lseek(fd, position, whence);
    return result < 0 ? kr_raise_errno(errno, KR_EMPTY) : kr_int(result);
}
KR_FN(descriptors, fd_fstat, "fstat", "(fd)", "Perform a stat system call on the given file descriptor.")
{
    int fd;
    return kr_to_int32(a[0], &fd) < 0 ? KR_EMPTY : posix_fstat(fd);
}
KR_FN(descriptors, fd_fstatvfs, "fstatvfs", "(fd, /)", "Perform an fstatvfs system call on the given fd.")
{
    int fd;
    return kr_to_int32(a[0], &fd) < 0 ? KR_EMPTY : posix_fstatvfs(fd);
}
KR_FN(descriptors, fd_isatty, "isatty", "(fd, /)", "Return True if the fd is connected to a terminal.")
{
    int fd;
    return kr_to_int32(a[0], &fd) < 0 ? KR_EMPTY : kr_bool(isatty(fd));
}
KR_FN(descriptors, fd_ttyname, "ttyname", "(fd, /)", "Return the name of the terminal device connected to 'fd'.")
{
    int fd;
    char name[256];
    if (kr_to_int32(a[0], &fd) < 0) return KR_EMPTY;
    int error = ttyname_r(fd, name, sizeof name);
    return error ? kr_raise_errno(error, KR_EMPTY) : posix_text(name, false);
}
KR_FN(descriptors, fd_dup, "dup", "(fd, /)", "Return a duplicate of a file descriptor.")
{
    int fd;
    if (kr_to_int32(a[0], &fd) < 0) return KR_EMPTY;
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    return copy < 0 ? kr_raise_errno(errno, KR_EMPTY) : kr_int(copy);
}
KR_FN(descriptors, fd_dup2, "dup2", "(fd, fd2, inheritable=True)", "Duplicate file descriptor.")
{
    int fd, target, inheritable = kr_truth(a[2]), result;
    if (inheritable < 0 || kr_to_int32(a[0], &fd) < 0 || kr_to_int32(a[1], &target) < 0) return KR_EMPTY;
    REPEAT(result, fd == target ? dup2(fd, target) : dup3(fd, target, inheritable ? 0 : O_CLOEXEC));
    return result < 0 ? failed(result) : kr_int(result);
}
KR_FN(descriptors, fd_pipe, "pipe", "()", "Create a pipe.\n\nReturns a tuple of two file descriptors: (read_fd, write_fd)")
{
    int ends[2];
    return pipe2(ends, O_CLOEXEC) != 0 ? kr_raise_errno(errno, KR_EMPTY) : kr_tuple_of(2, kr_int(ends[0]), kr_int(ends[1]));
}
KR_FN(descriptors, fd_pipe2, "pipe2", "(flags, /)", "Create a pipe with flags set atomically.")
{
    int ends[2], flags;
    if (kr_to_int32(a[0], &flags) < 0) return KR_EMPTY;
    return pipe2(ends, flags) != 0 ? kr_raise_errno(errno, KR_EMPTY) : kr_tuple_of(2, kr_int(ends[0]), kr_int(ends[1]));
}
/* The two ends of a new pseudo-terminal, closed by exec; -1 with errno. */
static int open_terminal(int *master, int *slave)
{
    char name[128];
    *slave = -1;
    *master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (*master >= 0 && grantpt(*master) == 0 && unlockpt(*master) == 0 && ptsname_r(*master, name, sizeof name) == 0)
        *slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (*slave >= 0) return 0;
    int error = errno;
    if (*master >= 0) close(*master);
    errno = error;
    return -1;
}

KR_FN(descriptors, fd_openpty, "openpty", "()", "Open a pseudo-terminal.\n\nReturn a tuple of (master_fd, slave_fd).")
{
    int master, slave;
    if (open_terminal(&master, &slave) < 0) return kr_raise_errno(errno, KR_EMPTY);
    return kr_tuple_of(2, kr_int(master), kr_int(slave));
}
KR_FN(descriptors, fd_login_tty, "login_tty", "(fd, /)",
      "Prepare the tty of which fd is a file descriptor for a new login session.")
{
    int fd;
    if (kr_to_int32(a[0], &fd) < 0) return KR_EMPTY;
    return login_tty(fd) < 0 ? kr_raise_errno(errno, KR_EMPTY) : kr_None;
}
KR_FN(descriptors, fd_forkpty, "forkpty", "()",
      "Fork a new process with a new pseudo-terminal as controlling tty.\n\n"
      "Returns a tuple of (pid, master_fd).\nLike fork(), return pid of 0 to the child process,\n"
      "and pid of child to the parent process.")
{
    int master, slave;
    if (open_terminal(&master, &slave) < 0) return kr_raise_errno(errno, KR_EMPTY);
    pid_t pid = posix_fork();
    int error = errno;
    if (pid == 0) {
        close(master);
        if (login_tty(slave) < 0) _exit(1);
        return kr_tuple_of(2, kr_int(0), kr_int(-1));
    }
    close(slave);
    if (pid > 0) return kr_tuple_of(2, kr_int(pid), kr_int(master));
    close(master);
    return kr_raise_errno(error, KR_EMPTY);
}
KR_FN(descriptors, fd_get_inheritable, "get_inheritable", "(fd, /)", "Get the close-on-exe flag of the specified file descriptor.")
{
    int fd;
    if (kr_to_int32(a[0], &fd) < 0) return KR_EMPTY;
    int flags = fcntl(fd, F_GETFD);
    return flags < 0 ? kr_raise_errno(errno, KR_EMPTY) : kr_bool(!(flags & FD_CLOEXEC));
}
KR_FN(descriptors, fd_set_inheritable, "set_inheritable", "(fd, inheritable, /)", "Set the inheritable flag of the specified file descriptor.")
{
    int fd, inheritable = kr_truth(a[1]);
    if (inheritable < 0 || kr_to_int32(a[0], &fd) < 0) return KR_EMPTY;
    int flags = fcntl(fd, F_GETFD);
    if (flags < 0 || fcntl(fd, F_SETFD, inheritable ? flags & ~FD_CLOEXEC : flags | FD_CLOEXEC) < 0) return kr_raise_errno(errno, KR_EMPTY);
    return kr_None;
}
KR_FN(descriptors, fd_get_blocking, "get_blocking", "(fd, /)", "Get the blocking mode of the file descriptor.")
{
    int fd;
    if (kr_to_int32(a[0], &fd) < 0) return KR_EMPTY;
    int flags = fcntl(fd, F_GETFL);
    return flags < 0 ? kr_raise_errno(errno, KR_EMPTY) : kr_bool(!(flags & O_NONBLOCK));
}
KR_FN(descriptors, fd_set_blocking, "set_blocking", "(fd, blocking, /)", "Set the blocking mode of the specified file descriptor.")
{
    int fd, blocking = kr_truth(a[1]);
    if (blocking < 0 || kr_to_int32(a[0], &fd) < 0) return KR_EMPTY;
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK) < 0) return kr_raise_errno(errno, KR_EMPTY);
    return kr_None;
}
static KrValue sync_call(KrValue v, int (*function)(int))
{
    int fd, result;
    if (fd_argument(v, &fd) < 0) return KR_EMPTY;
    REPEAT(result, function(fd));
    return result < 0 ? failed(result) : kr_None;
}
KR_FN(descriptors, fd_fsync, "fsync", "(fd)", "Force write of fd to disk.") { return sync_call(a[0], fsync); }
KR_FN(descriptors, fd_fdatasync, "fdatasync", "(fd)", "Force write of fd to disk without forcing update of metadata.") { return sync_call(a[0], fdatasync); }
KR_FN(descriptors, fd_fchdir, "fchdir", "(fd)", "Change to the directory of the given file descriptor.") { return sync_call(a[0], fchdir); }
KR_FN(descriptors, fd_ftruncate, "ftruncate", "(fd, length, /)", "Truncate a file, specified by file descriptor, to a specific length.")
{
    int fd, result;
    int64_t length;
    if (kr_to_int32(a[0], &fd) < 0 || kr_to_int64(a[1], &length) < 0) return KR_EMPTY;
    REPEAT(result, ftruncate(fd, length));
    return result < 0 ? failed(result) : kr_None;
}
KR_FN(descriptors, fd_lockf, "lockf", "(fd, command, length, /)", "Apply, test or remove a POSIX lock on an open file descriptor.")
{
    int fd, command, result;
    int64_t length;
    if (kr_to_int32(a[0], &fd) < 0 || kr_to_int32(a[1], &command) < 0 || kr_to_int64(a[2], &length) < 0) return KR_EMPTY;
    REPEAT(result, lockf(fd, command, length));
    return result < 0 ? failed(result) : kr_None;
}
KR_FN(descriptors, fd_posix_fallocate, "posix_fallocate", "(fd, offset, length, /)", "Ensure a file has allocated at least a particular number of bytes on disk.")
{
    int fd;
    int64_t offset, length;
    if (kr_to_int32(a[0], &fd) < 0 || kr_to_int64(a[1], &offset) < 0 || kr_to_int64(a[2], &length) < 0) return KR_EMPTY;
    kr_detach();
    int error = posix_fallocate(fd, offset, length);
    kr_attach();
    return error ? kr_raise_errno(error, KR_EMPTY) : kr_None;
}
KR_FN(descriptors, fd_posix_fadvise, "posix_fadvise", "(fd, offset, length, advice, /)", "Announce an intention to access data in a specific pattern.")
{
    int fd, advice;
    int64_t offset, length;
    if (kr_to_int32(a[0], &fd) < 0 || kr_to_int64(a[1], &offset) < 0 || kr_to_int64(a[2], &length) < 0 || kr_to_int32(a[3], &advice) < 0) return KR_EMPTY;
    int error = posix_fadvise(fd, offset, length, advice);
    return error ? kr_raise_errno(error, KR_EMPTY) : kr_None;
}
KR_FN(descriptors, fd_sendfile, "sendfile", "(out_fd, in_fd, offset, count)", "Copy count bytes from file descriptor in_fd to file descriptor out_fd.")
{
    int out, in;
    int64_t count, n, start;
    if (kr_to_int32(a[0], &out) < 0 || kr_to_int32(a[1], &in) < 0 || kr_to_index(a[3], &count) < 0) return KR_EMPTY;
    off_t offset = 0, *at = NULL;
    if (!kr_is(a[2], kr_None)) {
        if (kr_to_int64(a[2], &start) < 0) return KR_EMPTY;
        offset = start;
        at = &offset;
    }
    REPEAT(n, sendfile(out, in, at, (size_t)count));
    return n < 0 ? failed(n) : kr_int(n);
}
KR_FN(descriptors, fd_copy_file_range, "copy_file_range", "(src, dst, count, offset_src=None, offset_dst=None)", "Copy count bytes from one file descriptor to another.")
{
    int from, to;
    int64_t count, n, value;
    if (kr_to_int32(a[0], &from) < 0 || kr_to_int32(a[1], &to) < 0 || kr_to_index(a[2], &count) < 0) return KR_EMPTY;
    if (count < 0) return kr_raise(kr_ValueError, "negative value for 'count' not allowed");
    off64_t offsets[2], *at[2] = {NULL, NULL};
    for (int i = 0; i < 2; i++) {
        if (kr_is(a[3 + i], kr_None)) continue;
        if (kr_to_int64(a[3 + i], &value) < 0) return KR_EMPTY;
        offsets[i] = value;
        at[i] = &offsets[i];
    }
    REPEAT(n, copy_file_range(from, at[0], to, at[1], (size_t)count, 0));
    return n < 0 ? failed(n) : kr_int(n);
}
KR_FN(descriptors, fd_device_encoding, "device_encoding", "(fd)", "Return a string describing the encoding of a terminal's file descriptor.")
{
    int fd;
    if (kr_to_int32(a[0], &fd) < 0) return KR_EMPTY;
    return isatty(fd) ? KR_NAME("UTF-8") : kr_None;
}
KR_FN(descriptors, fd_terminal_size, "get_terminal_size", "(fd=1, /)", "Return the size of the terminal window as (columns, lines).")
{
    int fd;
    struct winsize size;
    if (kr_to_int32(a[0], &fd) < 0) return KR_EMPTY;
    if (ioctl(fd, TIOCGWINSZ, &size) != 0) return kr_raise_errno(errno, KR_EMPTY);
    KrValue pair = kr_tuple_of(2, kr_int(size.ws_col), kr_int(size.ws_row)), type = kr_import_attr("posix", "terminal_size");
    return kr_is_empty(type) ? KR_EMPTY : kr_call1(type, pair);
}
KR_FN(descriptors, fd_tcgetpgrp, "tcgetpgrp", "(fd, /)", "Return the process group associated with the terminal specified by fd.")
{
    int fd;
    if (kr_to_int32(a[0], &fd) < 0) return KR_EMPTY;
    pid_t group = tcgetpgrp(fd);
    return group < 0 ? kr_raise_errno(errno, KR_EMPTY) : kr_int(group);
}
KR_FN(descriptors, fd_tcsetpgrp, "tcsetpgrp", "(fd, pgid, /)", "Set the process group associated with the terminal specified by fd.")
{
    int fd, group;
    if (kr_to_int32(a[0], &fd) < 0 || kr_to_int32(a[1], &group) < 0) return KR_EMPTY;
    return tcsetpgrp(fd, group) != 0 ? kr_raise_errno(errno, KR_EMPTY) : kr_None;
}

#include "modules/posix_descriptors.entries.h"

const KrFunction *const *const posix_descriptor_functions = descriptors_functions;
