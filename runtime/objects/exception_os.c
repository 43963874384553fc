/* exception_os.c: OSError. Called with an errno it makes an instance of the subclass that
 * stands for it.
 * The arguments are read by __new__, unless a subclass overrides __init__ alone: then it may
 * pass others to OSError.__init__, which reads them. */
#include <errno.h>

#include "runtime/objects/dict.h"
#include "runtime/objects/exception_types.h"
#include "runtime/objects/object.h"
#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"

enum { ERRNO, STRERROR, FILENAME, WINERROR, FILENAME2, WRITTEN };

static Type *class_of_errno(int64_t number)
{
    switch (number) {
    case EAGAIN:
    case EALREADY:
    case EINPROGRESS: return kr_BlockingIOError;
    case EPIPE:
    case ESHUTDOWN: return kr_BrokenPipeError;
    case ECHILD: return kr_ChildProcessError;
    case ECONNABORTED: return kr_ConnectionAbortedError;
    case ECONNREFUSED: return kr_ConnectionRefusedError;
    case ECONNRESET: return kr_ConnectionResetError;
    case EEXIST: return kr_FileExistsError;
    case ENOENT: return kr_FileNotFoundError;
    case EISDIR: return kr_IsADirectoryError;
    case ENOTDIR: return kr_NotADirectoryError;
    case EINTR: return kr_InterruptedError;
    case EACCES:
    case EPERM: return kr_PermissionError;
    case ESRCH: return kr_ProcessLookupError;
    case ETIMEDOUT: return kr_TimeoutError;
    default: return NULL;
    }
}

static int os_init(Value self, const Value *args, size_t n, Value kwnames);

/* Is __init__ overridden, but not __new__? */
static bool init_reads_arguments(const Type *type)
{
    return type->slots.init != os_init && type->slots.make == kr_OSError->slots.make;
}

static int refuse_keywords(const Type *type, Value kwnames)
{
    if (is_empty(kwnames) || !tuple_of(kwnames)->size) return 0;
    kr_raise(kr_TypeError, "%s() takes no keyword arguments", kr_type_name(type));
    return -1;
}

static int read_arguments(Value self, const Value *args, size_t n)
{
    Exception *e = exception_of(self);
    size_t kept = n;
    if (n >= 2 && n <= 5) {
        e->fields[ERRNO] = args[0];
        e->fields[STRERROR] = args[1];
        Value filename = n > 2 ? args[2] : NONE;
        if (!is_none(filename)) {
            int64_t written;
            if (kr_is_subtype(type_of(self), kr_BlockingIOError) && kr_has_index(filename)) {
                if (kr_to_index(filename, &written) < 0) return -1;
                e->fields[WRITTEN] = kr_int(written);
            } else {
                e->fields[FILENAME] = filename;
                if (n == 5 && !is_none(args[4])) e->fields[FILENAME2] = args[4];
                kept = 2;
            }
        }
    }
    e->args = kept ? kr_tuple(args, kept) : kr_empty_tuple;
    return is_empty(e->args) ? -1 : 0;
}

static Value os_make(Type *type, const Value *args, size_t n, Value kwnames)
{
    bool read = !init_reads_arguments(type);
    if (read) {
        if (refuse_keywords(type, kwnames) < 0) return EMPTY;
        if (type == kr_OSError && n >= 2 && n <= 5 && is_int(args[0])) {
            Type *better = class_of_errno(int_of(args[0]));
            if (better) type = better;
        }
    }
    Value self = kr_exception_make(type, NULL, 0, EMPTY);
    if (is_empty(self) || !read) return self;
    return read_arguments(self, args, n) < 0 ? EMPTY : self;
}

static int os_init(Value self, const Value *args, size_t n, Value kwnames)
{
    if (!init_reads_arguments(type_of(self))) return 0;
    if (refuse_keywords(type_of(self), kwnames) < 0) return -1;
    return read_arguments(self, args, n);
}

static Value os_str(Value self)
{
    Exception *e = exception_of(self);
    Value number = exception_field(self, ERRNO), text = exception_field(self, STRERROR);
    if (!is_empty(e->fields[FILENAME])) {
        if (!is_empty(e->fields[FILENAME2]))
            return kr_str_format("[Errno %S] %S: %R -> %R", number, text, e->fields[FILENAME],
                                 e->fields[FILENAME2]);
        return kr_str_format("[Errno %S] %S: %R", number, text, e->fields[FILENAME]);
    }
    if (!is_empty(e->fields[ERRNO]) && !is_empty(e->fields[STRERROR]))
        return kr_str_format("[Errno %S] %S", number, text);
    return kr_exception_str(self);
}

/* The file names are not among args, but __new__ wants them back. */
KR_FN(os_error, os_reduce, "__reduce__", "(self, /)", "Return state information for pickling.")
{
    Exception *e = exception_of(a[0]);
    Value args = e->args, type = from_object(type_of(a[0])), state = kr_exception_state(a[0]);
    if (is_empty(state)) return EMPTY;
    if (tuple_of(args)->size == 2 && !is_empty(e->fields[FILENAME])) {
        Value *items = tuple_of(args)->items;
        args = is_empty(e->fields[FILENAME2])
                   ? kr_tuple_of(3, items[0], items[1], e->fields[FILENAME])
                   : kr_tuple_of(5, items[0], items[1], e->fields[FILENAME], NONE,
                                 e->fields[FILENAME2]);
        if (is_empty(args)) return EMPTY;
    }
    return is_none(state) ? kr_tuple_of(2, type, args) : kr_tuple_of(3, type, args, state);
}

EXCEPTION_FIELD(os_errno, ERRNO)
KR_GETSET(os_error, get_os_errno, set_os_errno, "errno", "POSIX exception code")
EXCEPTION_FIELD(os_strerror, STRERROR)
KR_GETSET(os_error, get_os_strerror, set_os_strerror, "strerror", "exception strerror")
EXCEPTION_FIELD(os_filename, FILENAME)
KR_GETSET(os_error, get_os_filename, set_os_filename, "filename", "exception filename")
EXCEPTION_FIELD(os_filename2, FILENAME2)
KR_GETSET(os_error, get_os_filename2, set_os_filename2, "filename2", "second exception filename")

static Value get_os_written(Value self)
{
    Value written = exception_of(self)->fields[WRITTEN];
    return is_empty(written) ? kr_raise(kr_AttributeError, "characters_written") : written;
}
static int set_os_written(Value self, Value value)
{
    Exception *e = exception_of(self);
    if (is_empty(value)) {
        if (is_empty(e->fields[WRITTEN])) {
            kr_raise(kr_AttributeError, "characters_written");
            return -1;
        }
        e->fields[WRITTEN] = EMPTY;
        return 0;
    }
    int64_t written;
    if (kr_to_index(value, &written) < 0) return -1;
    e->fields[WRITTEN] = kr_int(written);
    return 0;
}
KR_GETSET(os_error, get_os_written, set_os_written, "characters_written", NULL)

#include "runtime/objects/exception_os.entries.h"

const KrTypeSpec kr_exception_os_spec = {
    .functions = os_error_functions,
    .getset = os_error_getset,
    .slots = {.make = os_make, .init = os_init, .str = os_str},
    .doc = "Base class for I/O related errors.",
};

Value kr_raise_errno(int error, Value filename)
{
    Value args[3] = {from_small_int(error), kr_str_fs(strerror(error), strlen(strerror(error))),
                     filename};
    if (is_empty(args[1])) return EMPTY;
    return kr_raise_value(
        kr_type_call(from_object(kr_OSError), args, is_empty(filename) ? 2 : 3, EMPTY));
}
