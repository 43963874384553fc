/* posix.c: the posix module, which os.py builds on: paths, the environment, constants, system information. Files are in
 * posix_files.c, descriptors in posix_descriptors.c, processes in posix_process.c. System calls that may wait run detached. */
#include "modules/posix.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

extern char **environ;

static const char *path_kinds(bool allow_fd, bool allow_none)
{
    if (allow_fd) return allow_none ? "string, bytes, os.PathLike, integer or None" : "string, bytes, os.PathLike or integer";
    return allow_none ? "string, bytes, os.PathLike or None" : "string, bytes or os.PathLike";
}

/* Other objects with a buffer are deprecated as paths. */
static int old_path(KrValue v, const char *function, bool allow_fd, bool allow_none, Path *path)
{
    KrBuffer view;
    if (kr_warn(kr_DeprecationWarning, 1, "%s: path should be %s, not %T", function, path_kinds(allow_fd, allow_none), v) < 0 ||
        kr_buffer_get(v, &view, KR_BUFFER_CONTIGUOUS) < 0)
        return -1;
    KrValue bytes = kr_bytes(view.data, (size_t)view.size);
    kr_buffer_release(&view);
    if (kr_is_empty(bytes) || posix_path(bytes, function, allow_fd, allow_none, path) < 0) return -1;
    path->object = v;
    return 0;
}

int posix_path(KrValue v, const char *function, bool allow_fd, bool allow_none, Path *path)
{
    *path = (Path){.object = v, .fd = -1};
    if (allow_none && kr_is(v, kr_None)) {
        path->text = ".";
        return 0;
    }
    if (allow_fd && kr_has_index(v)) {
        if (kr_to_int32(v, &path->fd) < 0) return -1;
        if (path->fd < 0) path->fd = -2;
        return 0;
    }
    if (!kr_is_str(v) && !kr_is_bytes(v)) {
        KrValue method = kr_find_special(v, KR_NAME("__fspath__"));
        if (kr_is_empty(method) && !kr_raised() && kr_has_buffer(v)) return old_path(v, function, allow_fd, allow_none, path);
        if (kr_is_empty(method)) {
            if (!kr_raised())
                kr_raise(kr_TypeError, "%s: path should be %s, not %T", function, path_kinds(allow_fd, allow_none), v);
            return -1;
        }
        v = kr_call0(method);
        if (kr_is_empty(v)) return -1;
        if (!kr_is_str(v) && !kr_is_bytes(v)) {
            kr_raise(kr_TypeError, "expected %T.__fspath__() to return str or bytes, not %T", path->object, v);
            return -1;
        }
    }
    path->bytes = kr_is_bytes(v);
    path->text = kr_path_bytes(v, &path->keep);
    if (path->text) return 0;
    if (kr_raised_is(kr_ValueError) && !kr_raised_is(kr_UnicodeError)) {
        kr_clear_exception();
        kr_raise(kr_ValueError, "%s: embedded null character in path", function);
    }
    return -1;
}

KrValue posix_error(int error, const Path *path) { return kr_raise_errno(error, path->object); }

KrValue posix_error2(int error, const Path *from, const Path *to)
{
    KrValue arguments[] = {kr_int(error), kr_str(strerror(error)), from->object, kr_None, to->object};
    KrValue exception = kr_call(kr_type_value(kr_OSError), arguments, 5, KR_EMPTY);
    return kr_is_empty(exception) ? KR_EMPTY : kr_raise_value(exception);
}

int posix_dir_fd(KrValue v, int *fd)
{
    *fd = AT_FDCWD;
    if (kr_is(v, kr_None)) return 0;
    if (!kr_has_index(v)) {
        kr_raise(kr_TypeError, "argument should be integer or None, not %T", v);
        return -1;
    }
    return kr_to_int32(v, fd);
}

KrValue posix_text(const char *text, bool bytes)
{
    return bytes ? kr_bytes(text, strlen(text)) : kr_str_fs(text, strlen(text));
}

/* ---- Environment ---- */

KR_FN(posix, posix_putenv, "putenv", "(name, value, /)", "Change or add an environment variable.")
{
    KrValue keep_name, keep_value;
    const char *name = kr_path_bytes(a[0], &keep_name), *value = name ? kr_path_bytes(a[1], &keep_value) : NULL;
    if (!value) return KR_EMPTY;
    if (strchr(name, '=')) return kr_raise(kr_ValueError, "illegal environment variable name");
    return setenv(name, value, 1) != 0 ? kr_raise_errno(errno, KR_EMPTY) : kr_None;
}

KR_FN(posix, posix_unsetenv, "unsetenv", "(name, /)", "Delete an environment variable.")
{
    KrValue keep;
    const char *name = kr_path_bytes(a[0], &keep);
    if (!name) return KR_EMPTY;
    return unsetenv(name) != 0 ? kr_raise_errno(errno, KR_EMPTY) : kr_None;
}

static KrValue environment(void)
{
    KrValue dict = kr_dict();
    for (char **entry = environ; *entry && !kr_is_empty(dict); entry++) {
        const char *equals = strchr(*entry, '=');
        if (!equals) continue;
        KrValue name = kr_bytes(*entry, (size_t)(equals - *entry));
        if (kr_is_empty(kr_dict_set_default(dict, name, kr_bytes(equals + 1, strlen(equals + 1))))) return KR_EMPTY;
    }
    return dict;
}

/* ---- Paths ---- */

KR_FN(posix, posix_fspath, "fspath", "(path)",
      "Return the file system path representation of the object.\n\nIf the object is str or bytes, then allow it to pass through as-is. If the\n"
      "object defines __fspath__(), then return the result of that method. All other\ntypes raise a TypeError.")
{
    return kr_fspath(a[0]);
}

/* The path without "." and empty parts and without "name/..", into `out` (n + 1 bytes): its length. */
static size_t normalize(const char *path, size_t n, char *out)
{
    const char *end = path + n;
    size_t length = 0, root = 0;
    if (n && path[0] == '/') {
        root = n > 1 && path[1] == '/' && !(n > 2 && path[2] == '/') ? 2 : 1;
        for (size_t i = 0; i < root; i++) out[length++] = '/';
    }
    for (const char *p = path + root; p < end;) {
        if (*p == '/') {
            p++;
            continue;
        }
        const char *slash = memchr(p, '/', (size_t)(end - p));
        size_t size = (size_t)((slash ? slash : end) - p);
        bool up = size == 2 && p[0] == '.' && p[1] == '.';
        size_t start = length;
        while (start > root && out[start - 1] != '/') start--;
        bool above = length == root || (length - start == 2 && memcmp(out + start, "..", 2) == 0);
        if (up && !above) {
            length = start > root ? start - 1 : root;
        } else if (!(size == 1 && p[0] == '.') && !(up && root && length == root)) {
            if (length > root) out[length++] = '/';
            memcpy(out + length, p, size);
            length += size;
        }
        p += size;
    }
    if (length == 0) out[length++] = '.';
    return length;
}

KR_FN(posix, posix_path_normpath, "_path_normpath", "(path)", "Basic path normalization.")
{
    /* Only slashes and dots matter: text that no file system takes, surrogates and NULs, passes too. */
    KrValue path = kr_fspath(a[0]);
    if (kr_is_empty(path)) return KR_EMPTY;
    KrValue bytes = kr_is_str(path) ? kr_str_encode(path, "utf-8", "surrogatepass") : path;
    if (kr_is_empty(bytes)) return KR_EMPTY;
    size_t n = kr_bytes_size(bytes);
    char *out = kr_alloc_bytes(n + 2);
    if (!out) return KR_EMPTY;
    size_t length = normalize((const char *)kr_bytes_data(bytes), n, out);
    return kr_is_str(path) ? kr_str_decode(out, length, "utf-8", "surrogatepass")
                           : kr_bytes(out, length);
}

/* ---- System ---- */

static KrType *uname_type, *times_type, *terminal_type, *sched_param_type;

KR_FN(posix, posix_uname, "uname", "()", "Return an object identifying the current operating system.")
{
    struct utsname u;
    if (uname(&u) != 0) return kr_raise_errno(errno, KR_EMPTY);
    KrValue values[] = {kr_str(u.sysname), kr_str(u.nodename), kr_str(u.release), kr_str(u.version), kr_str(u.machine)};
    return kr_struct_new(uname_type, values);
}

KR_FN(posix, posix_times, "times", "()", "Return a collection containing process timing information.")
{
    struct tms t;
    clock_t elapsed = times(&t);
    double ticks = (double)sysconf(_SC_CLK_TCK);
    KrValue values[] = {kr_float((double)t.tms_utime / ticks), kr_float((double)t.tms_stime / ticks), kr_float((double)t.tms_cutime / ticks),
                        kr_float((double)t.tms_cstime / ticks), kr_float((double)elapsed / ticks)};
    return kr_struct_new(times_type, values);
}

KR_FN(posix, posix_cpu_count, "cpu_count", "()", "Return the number of CPUs in the system; return None if indeterminable.")
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 ? kr_int(n) : kr_None;
}

KR_FN(posix, posix_sched_getaffinity, "sched_getaffinity", "(pid, /)", "Return the affinity of the process identified by pid (or the current process if zero).")
{
    int pid;
    cpu_set_t set;
    if (kr_to_int32(a[0], &pid) < 0) return KR_EMPTY;
    if (sched_getaffinity(pid, sizeof set, &set) != 0) return kr_raise_errno(errno, KR_EMPTY);
    KrValue result = kr_set(KR_EMPTY);
    for (int i = 0; i < CPU_SETSIZE; i++)
        if (CPU_ISSET(i, &set) && kr_set_add(result, kr_int(i)) < 0) return KR_EMPTY;
    return result;
}

KR_FN(posix, posix_sched_setaffinity, "sched_setaffinity", "(pid, mask, /)", "Set the CPU affinity of the process identified by pid to mask.")
{
    int pid;
    cpu_set_t set;
    CPU_ZERO(&set);
    if (kr_to_int32(a[0], &pid) < 0) return KR_EMPTY;
    KrValue iterator = kr_iter(a[1]);
    if (kr_is_empty(iterator)) return KR_EMPTY;
    for (KrValue item; !kr_is_empty(item = kr_next(iterator));) {
        int cpu;
        if (kr_to_int32(item, &cpu) < 0) return KR_EMPTY;
        if (cpu < 0) return kr_raise(kr_ValueError, "negative CPU number");
        if (cpu < CPU_SETSIZE) CPU_SET(cpu, &set);
    }
    if (kr_raised()) return KR_EMPTY;
    return sched_setaffinity(pid, sizeof set, &set) != 0 ? kr_raise_errno(errno, KR_EMPTY) : kr_None;
}

KR_FN(posix, posix_sched_yield, "sched_yield", "()", "Voluntarily relinquish the CPU.")
{
    kr_detach();
    sched_yield();
    kr_attach();
    return kr_None;
}

KR_FN(posix, posix_getloadavg, "getloadavg", "()", "Return average recent system load information.")
{
    double load[3];
    if (getloadavg(load, 3) != 3) return kr_raise(kr_OSError, "Load averages are unobtainable");
    return kr_tuple_of(3, kr_float(load[0]), kr_float(load[1]), kr_float(load[2]));
}

static KrValue random_bytes(int64_t size, unsigned flags)
{
    if (size < 0) return kr_raise(kr_ValueError, "negative argument not allowed");
    KrValue bytes = kr_bytes(NULL, (size_t)size);
    if (kr_is_empty(bytes)) return KR_EMPTY;
    size_t done = 0;
    while (done < (size_t)size) {
        ssize_t n = getrandom(kr_bytes_data(bytes) + done, (size_t)size - done, flags);
        if (n < 0 && errno != EINTR) return kr_raise_errno(errno, KR_EMPTY);
        if (n > 0) done += (size_t)n;
        if (kr_check_signals() < 0) return KR_EMPTY;
    }
    return bytes;
}

KR_FN(posix, posix_urandom, "urandom", "(size, /)", "Return a bytes object containing random bytes suitable for cryptographic use.")
{
    int64_t size;
    return kr_to_index(a[0], &size) < 0 ? KR_EMPTY : random_bytes(size, 0);
}

KR_FN(posix, posix_getrandom, "getrandom", "(size, flags=0)", "Obtain a series of random bytes.")
{
    int64_t size;
    int flags;
    return kr_to_index(a[0], &size) < 0 || kr_to_int32(a[1], &flags) < 0 ? KR_EMPTY : random_bytes(size, (unsigned)flags);
}

KR_FN(posix, posix_strerror, "strerror", "(code, /)", "Translate an error code to a message string.")
{
    int code;
    return kr_to_int32(a[0], &code) < 0 ? KR_EMPTY : kr_str(strerror(code));
}

/* Names of sysconf and pathconf queries. */
static const struct {
    const char *name;
    int number;
} sysconf_names[] = {{"SC_ARG_MAX", _SC_ARG_MAX}, {"SC_CHILD_MAX", _SC_CHILD_MAX}, {"SC_CLK_TCK", _SC_CLK_TCK}, {"SC_HOST_NAME_MAX", _SC_HOST_NAME_MAX},
                     {"SC_IOV_MAX", _SC_IOV_MAX}, {"SC_LOGIN_NAME_MAX", _SC_LOGIN_NAME_MAX}, {"SC_NGROUPS_MAX", _SC_NGROUPS_MAX},
                     {"SC_NPROCESSORS_CONF", _SC_NPROCESSORS_CONF}, {"SC_NPROCESSORS_ONLN", _SC_NPROCESSORS_ONLN}, {"SC_OPEN_MAX", _SC_OPEN_MAX},
                     {"SC_PAGESIZE", _SC_PAGESIZE}, {"SC_PAGE_SIZE", _SC_PAGE_SIZE}, {"SC_PHYS_PAGES", _SC_PHYS_PAGES}, {"SC_AVPHYS_PAGES", _SC_AVPHYS_PAGES},
                     {"SC_SEM_NSEMS_MAX", _SC_SEM_NSEMS_MAX}, {"SC_SEM_VALUE_MAX", _SC_SEM_VALUE_MAX}, {"SC_SYMLOOP_MAX", _SC_SYMLOOP_MAX},
                     {"SC_THREADS", _SC_THREADS}, {"SC_VERSION", _SC_VERSION}},
  pathconf_names[] = {{"PC_LINK_MAX", _PC_LINK_MAX}, {"PC_MAX_CANON", _PC_MAX_CANON}, {"PC_NAME_MAX", _PC_NAME_MAX}, {"PC_PATH_MAX", _PC_PATH_MAX},
                      {"PC_PIPE_BUF", _PC_PIPE_BUF}};

static int conf_number(KrValue v, bool system, int *number)
{
    if (kr_is_int(v)) return kr_to_int32(v, number);
    if (!kr_is_str(v)) return kr_raise(kr_TypeError, "configuration names must be strings or integers"), -1;
    size_t count = system ? sizeof sysconf_names / sizeof *sysconf_names : sizeof pathconf_names / sizeof *pathconf_names;
    for (size_t i = 0; i < count; i++)
        if (kr_str_equal_ascii(v, system ? sysconf_names[i].name : pathconf_names[i].name)) {
            *number = system ? sysconf_names[i].number : pathconf_names[i].number;
            return 0;
        }
    kr_raise(kr_ValueError, "unrecognized configuration name");
    return -1;
}

KR_FN(posix, posix_sysconf, "sysconf", "(name, /)", "Return an integer-valued system configuration variable.")
{
    int number;
    if (conf_number(a[0], true, &number) < 0) return KR_EMPTY;
    errno = 0;
    long value = sysconf(number);
    return value == -1 && errno ? kr_raise_errno(errno, KR_EMPTY) : kr_int(value);
}

KR_FN(posix, posix_pathconf, "pathconf", "(path, name)", "Return the configuration limit name for the file or directory path.")
{
    Path path;
    int number;
    if (posix_path(a[0], "pathconf", true, false, &path) < 0 || conf_number(a[1], false, &number) < 0) return KR_EMPTY;
    errno = 0;
    long value = path.text ? pathconf(path.text, number) : fpathconf(path.fd, number);
    return value == -1 && errno ? posix_error(errno, &path) : kr_int(value);
}

KR_FN(posix, posix_abort, "abort", "()", "Abort the interpreter immediately.")
{
    abort();
}

#include "modules/posix.entries.h"

/* ---- Constants ---- */

static const struct {
    const char *name;
    int64_t value;
} constants[] = {
#define C(name) {#name, name}
    C(F_OK), C(R_OK), C(W_OK), C(X_OK), C(NGROUPS_MAX), {"TMP_MAX", 238328}, C(WCONTINUED), C(WNOHANG), C(WUNTRACED), C(O_RDONLY), C(O_WRONLY),
    C(O_RDWR), C(O_NDELAY), C(O_NONBLOCK), C(O_APPEND), C(O_DSYNC), C(O_RSYNC), C(O_SYNC), C(O_NOCTTY), C(O_CREAT), C(O_EXCL), C(O_TRUNC),
    C(O_LARGEFILE), C(O_PATH), C(O_TMPFILE), C(O_CLOEXEC), C(O_ACCMODE), C(O_ASYNC), C(O_DIRECT), C(O_DIRECTORY), C(O_NOFOLLOW), C(O_NOATIME),
    C(EX_OK), C(EX_USAGE), C(EX_DATAERR), C(EX_NOINPUT), C(EX_NOUSER), C(EX_NOHOST), C(EX_UNAVAILABLE), C(EX_SOFTWARE), C(EX_OSERR), C(EX_OSFILE),
    C(EX_CANTCREAT), C(EX_IOERR), C(EX_TEMPFAIL), C(EX_PROTOCOL), C(EX_NOPERM), C(EX_CONFIG), C(ST_RDONLY), C(ST_NOSUID), C(PRIO_PROCESS),
    C(PRIO_PGRP), C(PRIO_USER), C(SEEK_SET), C(SEEK_CUR), C(SEEK_END), C(SEEK_DATA), C(SEEK_HOLE), C(SCHED_OTHER), C(SCHED_FIFO), C(SCHED_RR), C(SCHED_BATCH),
    C(SCHED_IDLE), C(P_PID), C(P_PGID), C(P_ALL), C(WEXITED), C(WNOWAIT), C(WSTOPPED), C(CLD_EXITED), C(CLD_KILLED), C(CLD_DUMPED), C(CLD_TRAPPED),
    C(CLD_STOPPED), C(CLD_CONTINUED), C(F_LOCK), C(F_TLOCK), C(F_ULOCK), C(F_TEST), C(POSIX_FADV_NORMAL), C(POSIX_FADV_SEQUENTIAL), C(POSIX_FADV_RANDOM),
    C(POSIX_FADV_NOREUSE), C(POSIX_FADV_WILLNEED), C(POSIX_FADV_DONTNEED), C(GRND_RANDOM), C(GRND_NONBLOCK),
    {"RTLD_LAZY", 1}, {"RTLD_NOW", 2}, {"RTLD_GLOBAL", 256}, {"RTLD_LOCAL", 0}, {"RTLD_NODELETE", 4096}, {"RTLD_NOLOAD", 4}, {"RTLD_DEEPBIND", 8},
    {"POSIX_SPAWN_OPEN", 0}, {"POSIX_SPAWN_CLOSE", 1}, {"POSIX_SPAWN_DUP2", 2},
#undef C
};

static int add_structs(KrValue module)
{
    static const char *const uname_fields[] = {"sysname", "nodename", "release", "version", "machine", NULL};
    static const char *const times_fields[] = {"user", "system", "children_user", "children_system", "elapsed", NULL};
    static const char *const terminal_fields[] = {"columns", "lines", NULL};
    static const char *const sched_fields[] = {"sched_priority", NULL};
    static const KrStructSpec specs[] = {
        {"posix.uname_result", "uname_result: Result from os.uname().", uname_fields, 5},
        {"posix.times_result", "times_result: Result from os.times().", times_fields, 5},
        {"os.terminal_size", "A tuple of (columns, lines) for holding terminal window size", terminal_fields, 2},
        {"posix.sched_param", "A wrapper for scheduling parameters", sched_fields, 1}};
    KrType **types[] = {&uname_type, &times_type, &terminal_type, &sched_param_type};
    for (size_t i = 0; i < 4; i++) {
        *types[i] = kr_struct_type(&specs[i]);
        if (!*types[i] || kr_module_add_type(module, *types[i]) < 0) return -1;
    }
    return 0;
}

static int add_functions(KrValue module, const KrFunction *const *functions)
{
    for (; *functions; functions++) {
        KrValue function = kr_function_new(*functions, KR_EMPTY, KR_NAME("posix"));
        if (kr_is_empty(function) || kr_module_add(module, (*functions)->name, function) < 0) return -1;
    }
    return 0;
}

static int posix_exec(KrValue module)
{
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
        if (kr_module_add_int(module, constants[i].name, constants[i].value) < 0) return -1;
    /* What os.py asks before it says that a function takes dir_fd, follow_symlinks or a descriptor. */
    static const char *const have[] = {"HAVE_FACCESSAT", "HAVE_FCHDIR", "HAVE_FCHMOD", "HAVE_FCHMODAT", "HAVE_FCHOWN", "HAVE_FCHOWNAT",
                                       "HAVE_FDOPENDIR", "HAVE_FPATHCONF", "HAVE_FSTATAT", "HAVE_FSTATVFS", "HAVE_FTRUNCATE", "HAVE_FUTIMENS",
                                       "HAVE_LINKAT", "HAVE_LCHOWN", "HAVE_LSTAT", "HAVE_MKDIRAT", "HAVE_MKFIFOAT", "HAVE_MKNODAT", "HAVE_OPENAT",
                                       "HAVE_READLINKAT", "HAVE_RENAMEAT", "HAVE_SYMLINKAT", "HAVE_UNLINKAT", "HAVE_UTIMENSAT", "HAVE_FEXECVE"};
    KrValue list = kr_list(NULL, 0), sys_names = kr_dict(), path_names = kr_dict();
    for (size_t i = 0; i < sizeof have / sizeof *have; i++)
        if (kr_list_append(list, kr_intern(have[i])) < 0) return -1;
    for (size_t i = 0; i < sizeof sysconf_names / sizeof *sysconf_names; i++)
        if (kr_dict_set_ascii(sys_names, sysconf_names[i].name, kr_int(sysconf_names[i].number)) < 0) return -1;
    for (size_t i = 0; i < sizeof pathconf_names / sizeof *pathconf_names; i++)
        if (kr_dict_set_ascii(path_names, pathconf_names[i].name, kr_int(pathconf_names[i].number)) < 0) return -1;
    if (kr_module_add(module, "_have_functions", list) < 0 || kr_module_add(module, "sysconf_names", sys_names) < 0 ||
        kr_module_add(module, "pathconf_names", path_names) < 0 || kr_module_add(module, "environ", environment()) < 0 ||
        kr_module_add(module, "error", kr_type_value(kr_OSError)) < 0)
        return -1;
    return add_structs(module) < 0 || add_functions(module, posix_file_functions) < 0 || add_functions(module, posix_descriptor_functions) < 0 ||
                   add_functions(module, posix_process_functions) < 0 || posix_files_init(module) < 0 || posix_process_init(module) < 0
               ? -1
               : 0;
}

KR_MODULE(posix) = {
    .api_version = KR_API_VERSION,
    .name = "posix",
    .doc = "This module provides access to operating system functionality that is\nstandardized by the C Standard and the POSIX standard.",
    .functions = posix_functions,
    .exec = posix_exec,
};
