/* _posixsubprocess.c: fork_exec(): what subprocess starts processes with.
 *
 * All that the child needs is prepared before: between fork (or vfork) and exec the child only
 * makes system calls. Without a preexec_fn and a change of user it is vfork(), which does not
 * copy the page tables of a large heap: the child then runs in the parent's memory until it calls
 * exec, with all signals blocked, and never returns from run_child(). A failure is written to the
 * error pipe: "OSError:<errno in hex>:" and "noexec" when it was not exec itself. */
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "modules/posix.h"
#include "modules/support.h"

typedef struct Plan {
    char **arguments, **environment; /* environment NULL: the parent's */
    char **executables;
    const char *directory;
    int *keep; /* descriptors to stay open, ascending */
    size_t keep_count;
    int p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite, errpipe_read, errpipe_write;
    bool close_fds, restore_signals, new_session, set_user, set_group, set_groups;
    int process_group, mask;
    uid_t user;
    gid_t group, *groups;
    size_t group_count;
    KrValue preexec;   /* None: none */
    sigset_t *signals; /* to be restored before exec, or NULL */
} Plan;

/* ---- In the child ---- */

static bool is_kept(const Plan *p, int fd)
{
    for (size_t i = 0; i < p->keep_count; i++)
        if (p->keep[i] == fd) return true;
    return false;
}

/* Closes what is not kept from 3 on. */
static void close_others(const Plan *p)
{
    int from = 3;
    for (size_t i = 0; i < p->keep_count; i++) {
        int fd = p->keep[i];
        if (fd < from) continue;
        if (fd > from && syscall(SYS_close_range, (unsigned)from, (unsigned)fd - 1, 0) != 0)
            for (int each = from; each < fd; each++) close(each);
        from = fd + 1;
    }
    if (syscall(SYS_close_range, (unsigned)from, ~0U, 0) == 0) return;
    long most = sysconf(_SC_OPEN_MAX);
    for (int fd = from; fd < (most < 0 ? 256 : most); fd++)
        if (!is_kept(p, fd)) close(fd);
}

static bool set_inheritable(int fd)
{
    int flags = fcntl(fd, F_GETFD);
    return flags >= 0 && fcntl(fd, F_SETFD, flags & ~FD_CLOEXEC) >= 0;
}

/* Puts a descriptor at one of the standard places. */
static bool place(int from, int to)
{
    if (from == to) return set_inheritable(from);
    return from < 0 || dup2(from, to) >= 0;
}

/* False with errno: something before exec failed. */
static bool prepare_child(Plan *p)
{
    for (size_t i = 0; i < p->keep_count; i++)
        if (p->keep[i] != p->errpipe_write && !set_inheritable(p->keep[i])) return false;
    if (p->p2cwrite >= 0) close(p->p2cwrite);
    if (p->c2pread >= 0) close(p->c2pread);
    if (p->errread >= 0) close(p->errread);
    close(p->errpipe_read);
    /* What stands at 0 or 1 by itself must not be overwritten before it is moved. */
    if (p->c2pwrite == 0 && (p->c2pwrite = dup(p->c2pwrite)) < 0) return false;
    while (p->errwrite == 0 || p->errwrite == 1)
        if ((p->errwrite = dup(p->errwrite)) < 0) return false;
    if (!place(p->p2cread, 0) || !place(p->c2pwrite, 1) || !place(p->errwrite, 2)) return false;
    if (p->directory && chdir(p->directory) < 0) return false;
    if (p->mask >= 0) umask((mode_t)p->mask);
    if (p->restore_signals) {
        signal(SIGPIPE, SIG_DFL);
        signal(SIGXFSZ, SIG_DFL);
    }
    if (p->signals) sigprocmask(SIG_SETMASK, p->signals, NULL);
    if (p->new_session && setsid() < 0) return false;
    if (p->process_group >= 0 && setpgid(0, p->process_group) < 0) return false;
    if (p->set_groups && setgroups(p->group_count, p->groups) < 0) return false;
    if (p->set_group && setregid(p->group, p->group) < 0) return false;
    return !p->set_user || setreuid(p->user, p->user) >= 0;
}

static void write_all(int fd, const char *text)
{
    for (size_t n = strlen(text); n > 0;) {
        ssize_t done = write(fd, text, n);
        if (done <= 0) return;
        text += done, n -= (size_t)done;
    }
}

static __attribute__((noinline, noreturn)) void run_child(Plan *p)
{
    bool prepared = prepare_child(p);
    int error = errno;
    if (prepared && !kr_is(p->preexec, kr_None)) {
        if (kr_is_empty(kr_call0(p->preexec))) {
            write_all(p->errpipe_write, "SubprocessError:0:Exception occurred in preexec_fn.");
            _exit(255);
        }
    }
    if (prepared) {
        if (p->close_fds) close_others(p);
        error = 0;
        for (char **path = p->executables; *path; path++) {
            if (p->environment)
                execve(*path, p->arguments, p->environment);
            else
                execv(*path, p->arguments);
            if (errno != ENOENT && errno != ENOTDIR && error == 0) error = errno;
        }
        if (error == 0) error = errno;
    }
    char message[64] = "OSError:", digits[16];
    int n = 0;
    do digits[n++] = "0123456789ABCDEF"[error & 15];
    while ((error >>= 4) != 0);
    size_t at = strlen(message);
    while (n > 0) message[at++] = digits[--n];
    message[at++] = ':';
    message[at] = 0;
    write_all(p->errpipe_write, message);
    if (!prepared) write_all(p->errpipe_write, "noexec");
    _exit(255);
}

/* ---- In the parent ---- */

/* A sequence of paths as a NULL-terminated array kept alive by `keep`. */
static char **path_array(KrValue sequence, KrValue keep)
{
    KrValue items = kr_tuple_from(sequence);
    if (kr_is_empty(items)) return NULL;
    size_t n = kr_tuple_size(items);
    char **array = kr_alloc_bytes((n + 1) * sizeof *array);
    KrValue holder = kr_capsule(array, NULL);
    if (!array || kr_is_empty(holder) || kr_list_append(keep, holder) < 0) return NULL;
    for (size_t i = 0; i < n; i++) {
        KrValue held;
        const char *text = kr_path_bytes(kr_tuple_get(items, i), &held);
        KrValue copy = text ? kr_bytes(text, strlen(text)) : KR_EMPTY;
        if (kr_is_empty(copy) || kr_list_append(keep, copy) < 0) return NULL;
        array[i] = (char *)kr_bytes_data(copy);
    }
    array[n] = NULL;
    return array;
}

static int read_keep(KrValue fds, Plan *p)
{
    if (!kr_is_tuple(fds))
        return kr_raise(kr_TypeError, "fork_exec() argument 4 must be tuple, not %T", fds), -1;
    p->keep_count = kr_tuple_size(fds);
    p->keep = kr_alloc_bytes((p->keep_count + 1) * sizeof *p->keep);
    if (!p->keep) return -1;
    int previous = -1;
    for (size_t i = 0; i < p->keep_count; i++) {
        int64_t fd;
        if (kr_to_int64(kr_tuple_get(fds, i), &fd) < 0) kr_clear_exception(), fd = -1;
        if (fd <= previous || fd > INT32_MAX)
            return kr_raise(kr_ValueError, "bad value(s) in fds_to_keep"), -1;
        p->keep[i] = previous = (int)fd;
    }
    return 0;
}

static int id_argument(KrValue v, bool *given, unsigned *id, const char *what)
{
    *given = !kr_is(v, kr_None);
    if (!*given) return 0;
    uint64_t n;
    if (!kr_is_int(v)) return kr_raise(kr_TypeError, "%s should be integer, not %T", what, v), -1;
    if (kr_to_uint64(v, &n) < 0) return -1;
    if (n > UINT32_MAX) return kr_raise(kr_ValueError, "invalid %s id", what), -1;
    *id = (unsigned)n;
    return 0;
}

static int read_groups(KrValue list, Plan *p)
{
    p->set_groups = !kr_is(list, kr_None);
    if (!p->set_groups) return 0;
    if (!kr_is_list(list)) return kr_raise(kr_TypeError, "setgroups argument must be a list"), -1;
    p->group_count = kr_list_size(list);
    p->groups = kr_alloc_bytes((p->group_count + 1) * sizeof *p->groups);
    if (!p->groups) return -1;
    for (size_t i = 0; i < p->group_count; i++) {
        uint64_t n;
        if (!kr_is_int(kr_list_get(list, i)))
            return kr_raise(kr_TypeError, "groups must be integers"), -1;
        if (kr_to_uint64(kr_list_get(list, i), &n) < 0 || n > UINT32_MAX) {
            kr_clear_exception();
            return kr_raise(kr_ValueError, "invalid group id"), -1;
        }
        p->groups[i] = (gid_t)n;
    }
    return 0;
}

static __attribute__((noinline)) pid_t start(Plan *p, bool share_memory)
{
    pid_t pid;
    if (!share_memory) {
        pid = kr_is(p->preexec, kr_None) ? fork() : posix_fork();
        if (pid == 0) run_child(p);
        return pid;
    }
    sigset_t all, old;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &old);
    p->signals = &old;
    pid = vfork();
    if (pid == 0) run_child(p);
    int error = errno;
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    errno = error;
    return pid;
}

KR_FN(module, fork_exec, "fork_exec",
      "(args, executable_list, close_fds, pass_fds, cwd, env, p2cread, p2cwrite, c2pread, "
      "c2pwrite, errread, errwrite, errpipe_read, "
      "errpipe_write, restore_signals, call_setsid, pgid_to_set, gid, extra_groups, uid, "
      "child_umask, preexec_fn, allow_vfork=True, /)",
      "fork_exec(args, executable_list, close_fds, pass_fds, cwd, env,\n          p2cread, "
      "p2cwrite, c2pread, c2pwrite,\n          errread, "
      "errwrite, errpipe_read, errpipe_write,\n          restore_signals, call_setsid, "
      "pgid_to_set,\n          gid, extra_groups, uid,\n"
      "          preexec_fn)\n\nForks a child process, closes parent file descriptors as "
      "appropriate in the\nchild and dups the few that are "
      "needed before calling exec() in the child\nprocess.\n\nReturns: the child process's PID.")
{
    Plan p = {.preexec = a[21]};
    int numbers[8], truths[3] = {kr_truth(a[2]), kr_truth(a[14]), kr_truth(a[15])},
                    may_share = kr_truth(a[22]);
    unsigned user = 0, group = 0;
    KrValue keep = kr_list(NULL, 0), held;
    if (kr_is_empty(keep) || truths[0] < 0 || truths[1] < 0 || truths[2] < 0 || may_share < 0)
        return KR_EMPTY;
    p.close_fds = truths[0], p.restore_signals = truths[1], p.new_session = truths[2];
    for (int i = 0; i < 8; i++)
        if (kr_to_int32(a[6 + i], &numbers[i]) < 0) return KR_EMPTY;
    p.p2cread = numbers[0], p.p2cwrite = numbers[1], p.c2pread = numbers[2],
    p.c2pwrite = numbers[3];
    p.errread = numbers[4], p.errwrite = numbers[5], p.errpipe_read = numbers[6],
    p.errpipe_write = numbers[7];
    if (p.close_fds && p.errpipe_write < 3)
        return kr_raise(kr_ValueError, "errpipe_write must be >= 3");
    if (read_keep(a[3], &p) < 0 || kr_to_int32(a[16], &p.process_group) < 0 ||
        kr_to_int32(a[20], &p.mask) < 0 || id_argument(a[17], &p.set_group, &group, "gid") < 0 ||
        read_groups(a[18], &p) < 0 || id_argument(a[19], &p.set_user, &user, "uid") < 0)
        return KR_EMPTY;
    p.user = user, p.group = group;
    p.executables = path_array(a[1], keep);
    p.arguments = p.executables ? path_array(a[0], keep) : NULL;
    if (!p.arguments) return KR_EMPTY;
    if (!kr_is(a[5], kr_None) && !(p.environment = path_array(a[5], keep))) return KR_EMPTY;
    if (!kr_is(a[4], kr_None)) {
        const char *directory = kr_path_bytes(a[4], &held);
        if (!directory) return KR_EMPTY;
        p.directory = directory;
    }
    bool share =
        may_share && kr_is(p.preexec, kr_None) && !p.set_user && !p.set_group && !p.set_groups;
    pid_t pid = start(&p, share);
    return pid < 0 ? raise_errno() : kr_int(pid);
}

#include "modules/_posixsubprocess.entries.h"

KR_MODULE(_posixsubprocess) = {
    .api_version = KR_API_VERSION,
    .name = "_posixsubprocess",
    .doc = "A POSIX helper for the subprocess module.",
    .functions = module_functions,
};
