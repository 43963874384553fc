/* fcntl.c: the fcntl module: operations on file descriptors. */
#include <fcntl.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "modules/support.h"

enum { BUFFER = 1024 };

/* Repeats a detached call while signals interrupt it; -1 raised. */
#define RETRY(result, call)                                           \
    for (;;) {                                                        \
        kr_detach();                                                  \
        result = (call);                                              \
        int error_ = errno;                                           \
        kr_attach();                                                  \
        if (result >= 0) break;                                       \
        if (error_ != EINTR) return kr_raise_errno(error_, KR_EMPTY); \
        if (kr_check_signals() < 0) return KR_EMPTY;                  \
    }

KR_FN(fcntl, fcntl_fcntl, "fcntl", "(fd, cmd, arg=0, /)",
      "Perform the operation `cmd` on file descriptor fd.\n\nThe values used for `cmd` are "
      "operating system dependent, and are "
      "available\nas constants in the fcntl module, using the same names as used in\nthe relevant "
      "C header files.  The argument arg is "
      "optional, and\ndefaults to 0; it may be an int or a string.  If arg is given as a "
      "string,\nthe return value of fcntl is a string "
      "of that length, containing the\nresulting value put in the arg buffer by the operating "
      "system.  The length\nof the arg string is not "
      "allowed to exceed 1024 bytes.  If the arg given\nis an integer or if none is specified, the "
      "result value is an integer\ncorresponding "
      "to the return value of the fcntl call in the C code.")
{
    int fd = descriptor_of(a[0]), command, result;
    if (fd < 0 || kr_to_int32(a[1], &command) < 0) return KR_EMPTY;
    if (kr_is_str(a[2]) || kr_is_bytes(a[2])) {
        char buffer[BUFFER] = {0};
        size_t size;
        const char *text =
            kr_is_str(a[2]) ? kr_str_utf8(a[2], &size) : (const char *)kr_bytes_data(a[2]);
        if (!text) return KR_EMPTY;
        if (kr_is_bytes(a[2])) size = kr_bytes_size(a[2]);
        if (size > BUFFER) return kr_raise(kr_ValueError, "fcntl string arg too long");
        memcpy(buffer, text, size);
        RETRY(result, fcntl(fd, command, buffer))
        return kr_bytes(size ? buffer : "", size);
    }
    KrValue index = kr_index(a[2]);
    if (kr_is_empty(index)) return KR_EMPTY;
    unsigned argument = (unsigned)kr_int_low_bits(index);
    RETRY(result, fcntl(fd, command, (int)argument))
    return kr_int(result);
}

KR_FN(fcntl, fcntl_ioctl, "ioctl", "(fd, request, arg=0, mutate_flag=True, /)",
      "Perform the operation request on file descriptor fd.\n\nThe values used for request are "
      "operating system dependent, and are "
      "available\nas constants in the fcntl or termios library modules, using the same names "
      "as\nused in the relevant C header files.\n\n"
      "The argument `arg` is optional, and defaults to 0; it may be an int or a\nbuffer containing "
      "character data (most likely a string or "
      "an array).")
{
    int fd = descriptor_of(a[0]), result, mutate = kr_truth(a[3]);
    KrValue request_index = kr_index(a[1]);
    if (fd < 0 || kr_is_empty(request_index) || mutate < 0) return KR_EMPTY;
    unsigned long request = (unsigned)kr_int_low_bits(request_index);
    if (kr_is_int(a[2])) {
        long argument = (long)(int)kr_int_low_bits(a[2]);
        RETRY(result, ioctl(fd, request, argument))
        return kr_int(result);
    }
    KrValue source = kr_is_str(a[2]) ? kr_str_encode(a[2], NULL, NULL) : a[2];
    KrBuffer view;
    if (kr_is_empty(source)) return KR_EMPTY;
    if (!kr_is_bytes(source) && !kr_is_str(a[2])) {
        if (kr_buffer_get(source, &view, KR_BUFFER_WRITE) == 0) {
            char buffer[BUFFER + 1] = {0};
            bool small = view.size <= BUFFER;
            void *place = small ? buffer : view.data;
            if (small && view.size) memcpy(buffer, view.data, (size_t)view.size);
            if (mutate || small) {
                kr_detach();
                result = ioctl(fd, request, place);
                int error = errno;
                kr_attach();
                if (mutate && small && view.size) memcpy(view.data, buffer, (size_t)view.size);
                KrValue answer =
                    mutate ? kr_int(result) : kr_bytes(view.size ? buffer : "", (size_t)view.size);
                kr_buffer_release(&view);
                return result < 0 ? kr_raise_errno(error, KR_EMPTY) : answer;
            }
            kr_buffer_release(&view);
            return kr_raise(kr_ValueError, "ioctl string arg too long");
        }
        if (!kr_raised_is(kr_BufferError) && !kr_raised_is(kr_TypeError)) return KR_EMPTY;
        kr_clear_exception();
    }
    if (kr_buffer_get(source, &view, KR_BUFFER_READ) < 0) {
        kr_clear_exception();
        return kr_raise(kr_TypeError, "ioctl requires a file or file descriptor, an integer and "
                                      "optionally an integer or buffer argument");
    }
    char buffer[BUFFER + 1] = {0};
    size_t size = (size_t)view.size;
    if (size <= BUFFER && size) memcpy(buffer, view.data, size);
    kr_buffer_release(&view);
    if (size > BUFFER) return kr_raise(kr_ValueError, "ioctl string arg too long");
    RETRY(result, ioctl(fd, request, buffer))
    return kr_bytes(size ? buffer : "", size);
}

KR_FN(fcntl, fcntl_flock, "flock", "(fd, operation, /)",
      "Perform the lock operation `operation` on file descriptor `fd`.\n\nSee the Unix manual page "
      "for flock(2) for details (On some systems, "
      "this\nfunction is emulated using fcntl()).")
{
    int fd = descriptor_of(a[0]), operation, result;
    if (fd < 0 || kr_to_int32(a[1], &operation) < 0) return KR_EMPTY;
    RETRY(result, flock(fd, operation))
    return kr_None;
}

KR_FN(fcntl, fcntl_lockf, "lockf", "(fd, cmd, len=0, start=0, whence=0, /)",
      "A wrapper around the fcntl() locking calls.\n\n`fd` is the file descriptor of the file to "
      "lock or unlock, and operation is one\nof the "
      "following values:\n\n    LOCK_UN - unlock\n    LOCK_SH - acquire a shared lock\n    LOCK_EX "
      "- acquire an exclusive lock\n\nWhen operation "
      "is LOCK_SH or LOCK_EX, it can also be bitwise ORed with\nLOCK_NB to avoid blocking on lock "
      "acquisition.")
{
    int fd = descriptor_of(a[0]), operation, whence, result;
    int64_t length, start;
    if (fd < 0 || kr_to_int32(a[1], &operation) < 0 || kr_to_int64(a[2], &length) < 0 ||
        kr_to_int64(a[3], &start) < 0 || kr_to_int32(a[4], &whence) < 0)
        return KR_EMPTY;
    struct flock lock = {.l_len = length, .l_start = start, .l_whence = (short)whence};
    if (operation == LOCK_UN)
        lock.l_type = F_UNLCK;
    else if (operation & LOCK_SH)
        lock.l_type = F_RDLCK;
    else if (operation & LOCK_EX)
        lock.l_type = F_WRLCK;
    else
        return kr_raise(kr_ValueError, "unrecognized lockf argument");
    RETRY(result, fcntl(fd, operation & LOCK_NB ? F_SETLK : F_SETLKW, &lock))
    return kr_None;
}

#include "modules/fcntl.entries.h"

static int fcntl_exec(KrValue module)
{
#define C(name)                \
    {                          \
#name, (int64_t)(name) \
    }
    static const IntConstant constants[] = {
        C(LOCK_SH),     C(LOCK_EX),       C(LOCK_NB),      C(LOCK_UN),      C(LOCK_MAND),
        C(LOCK_READ),   C(LOCK_WRITE),    C(LOCK_RW),      C(F_DUPFD),      C(F_DUPFD_CLOEXEC),
        C(F_GETFD),     C(F_SETFD),       C(F_GETFL),      C(F_SETFL),      C(F_GETLK),
        C(F_SETLK),     C(F_SETLKW),      C(F_OFD_GETLK),  C(F_OFD_SETLK),  C(F_OFD_SETLKW),
        C(F_GETOWN),    C(F_SETOWN),      C(F_GETSIG),     C(F_SETSIG),     C(F_RDLCK),
        C(F_WRLCK),     C(F_UNLCK),       C(F_EXLCK),      C(F_SHLCK),      C(F_SETLEASE),
        C(F_GETLEASE),  C(F_NOTIFY),      C(DN_ACCESS),    C(DN_MODIFY),    C(DN_CREATE),
        C(DN_DELETE),   C(DN_RENAME),     C(DN_ATTRIB),    C(DN_MULTISHOT), C(FD_CLOEXEC),
        C(FASYNC),      C(F_SETPIPE_SZ),  C(F_GETPIPE_SZ), C(F_ADD_SEALS),  C(F_GET_SEALS),
        C(F_SEAL_SEAL), C(F_SEAL_SHRINK), C(F_SEAL_GROW),  C(F_SEAL_WRITE), C(F_GETLK64),
        C(F_SETLK64),   C(F_SETLKW64),    {NULL, 0}};
#undef C
    return add_constants(module, constants);
}

KR_MODULE(fcntl) = {
    .api_version = KR_API_VERSION,
    .name = "fcntl",
    .doc = "This module performs file control and I/O control on file\ndescriptors.  It is an "
           "interface to the fcntl() and ioctl() Unix\n"
           "routines.  File descriptors can be obtained with the fileno() method of\na file or "
           "socket object.",
    .functions = fcntl_functions,
    .exec = fcntl_exec,
};
