/* posix_process.c: processes: identity, fork, exec, spawn, wait, signals. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "modules/posix.h"

static KrValue before_fork, after_fork_parent, after_fork_child; /* lists of callables */

KR_FN(process, process_getpid, "getpid", "()", "Return the current process id.") { return kr_int(getpid()); }
KR_FN(process, process_getppid, "getppid", "()", "Return the parent's process id.") { return kr_int(getppid()); }
KR_FN(process, process_getuid, "getuid", "()", "Return the current process's user id.") { return kr_int(getuid()); }
KR_FN(process, process_geteuid, "geteuid", "()", "Return the current process's effective user id.") { return kr_int(geteuid()); }
KR_FN(process, process_getgid, "getgid", "()", "Return the current process's group id.") { return kr_int(getgid()); }
KR_FN(process, process_getegid, "getegid", "()", "Return the current process's effective group id.") { return kr_int(getegid()); }
KR_FN(process, process_getpgrp, "getpgrp", "()", "Return the current process group id.") { return kr_int(getpgrp()); }

static KrValue done(int result) { return result != 0 ? kr_raise_errno(errno, KR_EMPTY) : kr_None; }

static KrValue set_id(KrValue v, int (*set)(unsigned))
{
    int id;
    return kr_to_int32(v, &id) < 0 ? KR_EMPTY : done(set((unsigned)id));
}
KR_FN(process, process_setuid, "setuid", "(uid, /)", "Set the current process's user id.") { return set_id(a[0], setuid); }
KR_FN(process, process_seteuid, "seteuid", "(euid, /)", "Set the current process's effective user id.") { return set_id(a[0], seteuid); }
KR_FN(process, process_setgid, "setgid", "(gid, /)", "Set the current process's group id.") { return set_id(a[0], setgid); }
KR_FN(process, process_setegid, "setegid", "(egid, /)", "Set the current process's effective group id.") { return set_id(a[0], setegid); }
KR_FN(process, process_setpgrp, "setpgrp", "()", "Make the current process the leader of its process group.") { return done(setpgrp()); }
KR_FN(process, process_setsid, "setsid", "()", "Call the system call setsid().") { return setsid() < 0 ? kr_raise_errno(errno, KR_EMPTY) : kr_None; }
KR_FN(process, process_getsid, "getsid", "(pid, /)", "Call the system call getsid(pid) and return the result.")
{
    int pid;
    if (kr_to_int32(a[0], &pid) < 0) return KR_EMPTY;
    pid_t session = getsid(pid);
    return session < 0 ? kr_raise_errno(errno, KR_EMPTY) : kr_int(session);
}
KR_FN(process, process_getpgid, "getpgid", "(pid)", "Call the system call getpgid(), and return the result.")
{
    int pid;
    if (kr_to_int32(a[0], &pid) < 0) return KR_EMPTY;
    pid_t group = getpgid(pid);
    return group < 0 ? kr_raise_errno(errno, KR_EMPTY) : kr_int(group);
}
KR_FN(process, process_setpgid, "setpgid", "(pid, pgrp, /)", "Call the system call setpgid(pid, pgrp).")
{
    int pid, group;
    return kr_to_int32(a[0], &pid) < 0 || kr_to_int32(a[1], &group) < 0 ? KR_EMPTY : done(setpgid(pid, group));
}
KR_FN(process, process_getgroups, "getgroups", "()", "Return list of supplemental group IDs for the process.")
{
    gid_t groups[1024];
    int n = getgroups(1024, groups);
    if (n < 0) return kr_raise_errno(errno, KR_EMPTY);
    KrValue list = kr_list(NULL, 0);
    for (int i = 0; i < n; i++)
        if (kr_list_append(list, kr_int(groups[i])) < 0) return KR_EMPTY;
    return list;
}
KR_FN(process, process_getlogin, "getlogin", "()", "Return the actual login name.")
{
    char name[256];
    int error = getlogin_r(name, sizeof name);
    return error ? kr_raise_errno(error, KR_EMPTY) : posix_text(name, false);
}
KR_FN(process, process_getresuid, "getresuid", "()", "Return a tuple of the current process's real, effective, and saved user ids.")
{
    uid_t r, e, s;
    return getresuid(&r, &e, &s) != 0 ? kr_raise_errno(errno, KR_EMPTY) : kr_tuple_of(3, kr_int(r), kr_int(e), kr_int(s));
}
KR_FN(process, process_getresgid, "getresgid", "()", "Return a tuple of the current process's real, effective, and saved group ids.")
{
    gid_t r, e, s;
    return getresgid(&r, &e, &s) != 0 ? kr_raise_errno(errno, KR_EMPTY) : kr_tuple_of(3, kr_int(r), kr_int(e), kr_int(s));
}
KR_FN(process, process_nice, "nice", "(increment, /)", "Add increment to the priority of process and return the new priority.")
{
    int increment;
    if (kr_to_int32(a[0], &increment) < 0) return KR_EMPTY;
    errno = 0;
    int value = nice(increment);
    return value == -1 && errno ? kr_raise_errno(errno, KR_EMPTY) : kr_int(value);
}
KR_FN(process, process_getpriority, "getpriority", "(which, who)", "Return program scheduling priority.")
{
    int which, who;
    if (kr_to_int32(a[0], &which) < 0 || kr_to_int32(a[1], &who) < 0) return KR_EMPTY;
    errno = 0;
    int value = getpriority((__priority_which_t)which, (id_t)who);
    return value == -1 && errno ? kr_raise_errno(errno, KR_EMPTY) : kr_int(value);
}

KR_FN(process, process_kill, "kill", "(pid, signal, /)", "Kill a process with a signal.")
{
    int pid, number;
    if (kr_to_int32(a[0], &pid) < 0 || kr_to_int32(a[1], &number) < 0) return KR_EMPTY;
    if (kill(pid, number) != 0) return kr_raise_errno(errno, KR_EMPTY);
    return kr_check_signals() < 0 ? KR_EMPTY : kr_None;
}
KR_FN(process, process_killpg, "killpg", "(pgid, signal, /)", "Kill a process group with a signal.")
{
    int group, number;
    if (kr_to_int32(a[0], &group) < 0 || kr_to_int32(a[1], &number) < 0) return KR_EMPTY;
    if (killpg(group, number) != 0) return kr_raise_errno(errno, KR_EMPTY);
    return kr_check_signals() < 0 ? KR_EMPTY : kr_None;
}
KR_FN(process, process_exit, "_exit", "(status)", "Exit to the system with specified status, without normal exit processing.")
{
    int status;
    if (kr_to_int32(a[0], &status) < 0) return KR_EMPTY;
    _exit(status);
}

/* ---- fork ---- */

KR_FN(process, process_register_at_fork, "register_at_fork", "(*, before=<unset>, after_in_child=<unset>, after_in_parent=<unset>)",
      "Register callables to be called when forking a new process.")
{
    KrValue *lists[] = {&before_fork, &after_fork_child, &after_fork_parent};
    if (kr_is_empty(a[0]) && kr_is_empty(a[1]) && kr_is_empty(a[2])) return kr_raise(kr_TypeError, "At least one argument is required.");
    static const char *const names[] = {"before", "after_in_child", "after_in_parent"};
    for (int i = 0; i < 3; i++)
        if (!kr_is_empty(a[i]) && !kr_is_callable(a[i])) return kr_raise(kr_TypeError, "'%s' must be callable, not %T", names[i], a[i]);
    for (int i = 0; i < 3; i++)
        if (!kr_is_empty(a[i]) && kr_list_append(*lists[i], a[i]) < 0) return KR_EMPTY;
    return kr_None;
}

static void call_all(KrValue list, bool backwards)
{
    size_t n = kr_list_size(list);
    for (size_t i = 0; i < n; i++) {
        KrValue function = kr_list_get(list, backwards ? n - 1 - i : i);
        if (kr_is_empty(kr_call0(function))) kr_report_unraisable(function);
    }
}

/* fork() with the registered functions run; the child's interpreter has only this thread. -1 with errno. */
pid_t posix_fork(void)
{
    call_all(before_fork, true);
    pid_t pid = fork();
    int error = errno;
    if (pid == 0) {
        kr_after_fork_child();
        call_all(after_fork_child, false);
    } else {
        call_all(after_fork_parent, false);
    }
    errno = error;
    return pid;
}

KR_FN(process, process_fork, "fork", "()", "Fork a child process.\n\nReturn 0 to child process and PID of child to parent process.")
{
    pid_t pid = posix_fork();
    return pid < 0 ? kr_raise_errno(errno, KR_EMPTY) : kr_int(pid);
}

/* ---- exec and spawn ---- */

/* A sequence of strings as a NULL-terminated array; the bytes stay alive through *keep. */
static char **string_array(KrValue sequence, const char *what, KrValue *keep)
{
    KrValue items = kr_tuple_from(sequence);
    if (kr_is_empty(items)) return NULL;
    size_t n = kr_tuple_size(items);
    char **array = kr_alloc_bytes((n + 1) * sizeof *array);
    *keep = kr_list(NULL, 0);
    if (!array || kr_is_empty(*keep)) return NULL;
    for (size_t i = 0; i < n; i++) {
        KrValue held;
        const char *text = kr_path_bytes(kr_tuple_get(items, i), &held);
        if (!text) return NULL;
        KrValue copy = kr_bytes(text, strlen(text));
        if (kr_is_empty(copy) || kr_list_append(*keep, copy) < 0) return NULL;
        array[i] = (char *)kr_bytes_data(copy);
    }
    (void)what;
    return array;
}

static char **environment_array(KrValue mapping, KrValue *keep)
{
    KrValue entries = kr_call_method0(mapping, "items");
    KrValue pairs = kr_is_empty(entries) ? KR_EMPTY : kr_tuple_from(entries);
    if (kr_is_empty(pairs)) return NULL;
    size_t n = kr_tuple_size(pairs);
    char **array = kr_alloc_bytes((n + 1) * sizeof *array);
    *keep = kr_list(NULL, 0);
    if (!array || kr_is_empty(*keep)) return NULL;
    for (size_t i = 0; i < n; i++) {
        KrValue held_name, held_value, pair = kr_tuple_get(pairs, i);
        const char *name = kr_path_bytes(kr_getitem(pair, kr_int(0)), &held_name);
        const char *value = name ? kr_path_bytes(kr_getitem(pair, kr_int(1)), &held_value) : NULL;
        if (!value) return NULL;
        if (!*name || strchr(name, '=')) return kr_raise(kr_ValueError, "illegal environment variable name"), NULL;
        size_t a = strlen(name), b = strlen(value);
        KrValue entry = kr_bytes(NULL, a + b + 1);
        if (kr_is_empty(entry) || kr_list_append(*keep, entry) < 0) return NULL;
        char *text = (char *)kr_bytes_data(entry);
        memcpy(text, name, a);
        text[a] = '=';
        memcpy(text + a + 1, value, b);
        array[i] = text;
    }
    return array;
}

static int exec_arguments(KrValue arguments, const char *function)
{
    if (!kr_is_tuple(arguments) && !kr_is_list(arguments)) return kr_raise(kr_TypeError, "%s: argv must be a tuple or list", function), -1;
    if (kr_length(arguments) < 1) return kr_raise(kr_ValueError, "%s: argv must not be empty", function), -1;
    KrValue first = kr_getitem(arguments, kr_int(0));
    if (kr_is_empty(first)) return -1;
    bool empty = (kr_is_str(first) && !kr_str_length(first)) || (kr_is_bytes(first) && !kr_bytes_size(first));
    if (empty) return kr_raise(kr_ValueError, "%s: argv first element cannot be empty", function), -1;
    return 0;
}

KR_FN(process, process_execv, "execv", "(path, argv, /)", "Execute an executable path with arguments, replacing current process.")
{
    Path path;
    KrValue keep;
    if (posix_path(a[0], "execv", false, false, &path) < 0 || exec_arguments(a[1], "execv") < 0) return KR_EMPTY;
    char **arguments = string_array(a[1], "execv", &keep);
    if (!arguments) return KR_EMPTY;
    execv(path.text, arguments);
    return posix_error(errno, &path);
}
KR_FN(process, process_execve, "execve", "(path, argv, env)", "Execute an executable path with arguments, replacing current process.")
{
    Path path;
    KrValue keep, keep_env;
    if (posix_path(a[0], "execve", true, false, &path) < 0 || exec_arguments(a[1], "execve") < 0) return KR_EMPTY;
    char **arguments = string_array(a[1], "execve", &keep), **environment = arguments ? environment_array(a[2], &keep_env) : NULL;
    if (!environment) return KR_EMPTY;
    if (path.text) execve(path.text, arguments, environment);
    else fexecve(path.fd, arguments, environment);
    return posix_error(errno, &path);
}

/* The file actions of posix_spawn: (POSIX_SPAWN_OPEN, fd, path, flags, mode), (CLOSE, fd), (DUP2, fd, new). */
static int add_actions(KrValue list, posix_spawn_file_actions_t *actions, KrValue keep)
{
    KrValue items = kr_tuple_from(list);
    if (kr_is_empty(items)) return -1;
    for (size_t i = 0; i < kr_tuple_size(items); i++) {
        KrValue action = kr_tuple_get(items, i);
        int kind = -1, fd, second, mode, error = 0;
        if (!kr_is_tuple(action) || kr_tuple_size(action) < 2 || kr_to_int32(kr_tuple_get(action, 0), &kind) < 0 ||
            kr_to_int32(kr_tuple_get(action, 1), &fd) < 0) {
            if (!kr_raised()) kr_raise(kr_TypeError, "Each file_actions element must be a non-empty tuple");
            return -1;
        }
        if (kind == 0 && kr_tuple_size(action) == 5) {
            KrValue held;
            const char *path = kr_path_bytes(kr_tuple_get(action, 2), &held);
            if (!path || kr_to_int32(kr_tuple_get(action, 3), &second) < 0 || kr_to_int32(kr_tuple_get(action, 4), &mode) < 0 ||
                kr_list_append(keep, held) < 0)
                return -1;
            error = posix_spawn_file_actions_addopen(actions, fd, path, second, (mode_t)mode);
        } else if (kind == 1 && kr_tuple_size(action) == 2) {
            error = posix_spawn_file_actions_addclose(actions, fd);
        } else if (kind == 2 && kr_tuple_size(action) == 3) {
            if (kr_to_int32(kr_tuple_get(action, 2), &second) < 0) return -1;
            error = posix_spawn_file_actions_adddup2(actions, fd, second);
        } else {
            return kr_raise(kr_TypeError, "Unknown file_actions identifier"), -1;
        }
        if (error) return kr_raise_errno(error, KR_EMPTY), -1;
    }
    return 0;
}

static int signals_argument(KrValue v, sigset_t *set)
{
    sigemptyset(set);
    KrValue items = kr_tuple_from(v);
    if (kr_is_empty(items)) return -1;
    for (size_t i = 0; i < kr_tuple_size(items); i++) {
        int number;
        if (kr_to_int32(kr_tuple_get(items, i), &number) < 0) return -1;
        if (number < 1 || number >= NSIG) return kr_raise(kr_ValueError, "signal number %d out of range [1; %d]", number, NSIG - 1), -1;
        sigaddset(set, number);
    }
    return 0;
}

static KrValue spawn(const KrValue *a, bool search, const char *function)
{
    Path path;
    KrValue keep, keep_env, keep_actions = kr_list(NULL, 0);
    if (posix_path(a[0], function, false, false, &path) < 0 || exec_arguments(a[1], function) < 0) return KR_EMPTY;
    char **arguments = string_array(a[1], function, &keep), **environment = arguments ? environment_array(a[2], &keep_env) : NULL;
    if (!environment) return KR_EMPTY;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    short flags = 0;
    int group, error = 0;
    sigset_t set;
    pid_t pid;
    KrValue result = KR_EMPTY;
    if (!kr_is_empty(a[3]) && !kr_is(a[3], kr_None) && add_actions(a[3], &actions, keep_actions) < 0) goto done;
    if (!kr_is_empty(a[4])) {
        if (kr_to_int32(a[4], &group) < 0) goto done;
        posix_spawnattr_setpgroup(&attributes, group);
        flags |= POSIX_SPAWN_SETPGROUP;
    }
    if (kr_truth(a[5]) > 0) flags |= POSIX_SPAWN_RESETIDS;
    if (kr_truth(a[6]) > 0) flags |= POSIX_SPAWN_SETSID;
    if (!kr_is_empty(a[7])) {
        if (signals_argument(a[7], &set) < 0) goto done;
        posix_spawnattr_setsigmask(&attributes, &set);
        flags |= POSIX_SPAWN_SETSIGMASK;
    }
    if (!kr_is_empty(a[8])) {
        if (signals_argument(a[8], &set) < 0) goto done;
        posix_spawnattr_setsigdefault(&attributes, &set);
        flags |= POSIX_SPAWN_SETSIGDEF;
    }
    posix_spawnattr_setflags(&attributes, flags);
    error = (search ? posix_spawnp : posix_spawn)(&pid, path.text, &actions, &attributes, arguments, environment);
    result = error ? posix_error(error, &path) : kr_int(pid);
done:
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return result;
}
KR_FN(process, process_spawn, "posix_spawn",
      "(path, argv, env, /, *, file_actions=<unset>, setpgroup=<unset>, resetids=False, setsid=False, setsigmask=<unset>, setsigdef=<unset>, scheduler=<unset>)",
      "Execute the program specified by path in a new process.")
{
    return spawn(a, false, "posix_spawn");
}
KR_FN(process, process_spawnp, "posix_spawnp",
      "(path, argv, env, /, *, file_actions=<unset>, setpgroup=<unset>, resetids=False, setsid=False, setsigmask=<unset>, setsigdef=<unset>, scheduler=<unset>)",
      "Execute the program specified by path in a new process, searched in PATH.")
{
    return spawn(a, true, "posix_spawnp");
}
KR_FN(process, process_system, "system", "(command)", "Execute the command in a subshell.")
{
    KrValue keep;
    const char *command = kr_path_bytes(a[0], &keep);
    if (!command) return KR_EMPTY;
    kr_detach();
    int status = system(command);
    kr_attach();
    return kr_int(status);
}

/* ---- wait ---- */

static KrType *waitid_type;

/* 0 done, -1 raised. */
static int wait_for(int pid, int options, int *status, struct rusage *usage, pid_t *result)
{
    for (;;) {
        kr_detach();
        *result = wait4(pid, status, options, usage);
        int error = errno;
        kr_attach();
        if (*result >= 0) return 0;
        if (error != EINTR) return kr_raise_errno(error, KR_EMPTY), -1;
        if (kr_check_signals() < 0) return -1;
    }
}
KR_FN(process, process_wait, "wait", "()", "Wait for completion of a child process.\n\nReturns a tuple of information about the child process: (pid, status)")
{
    int status = 0;
    pid_t pid;
    return wait_for(-1, 0, &status, NULL, &pid) < 0 ? KR_EMPTY : kr_tuple_of(2, kr_int(pid), kr_int(status));
}
KR_FN(process, process_waitpid, "waitpid", "(pid, options, /)", "Wait for completion of a given child process.\n\nReturns a tuple of information regarding the child process: (pid, status)")
{
    int wanted, options, status = 0;
    pid_t pid;
    if (kr_to_int32(a[0], &wanted) < 0 || kr_to_int32(a[1], &options) < 0) return KR_EMPTY;
    return wait_for(wanted, options, &status, NULL, &pid) < 0 ? KR_EMPTY : kr_tuple_of(2, kr_int(pid), kr_int(status));
}
static KrValue usage_result(const struct rusage *u)
{
    KrValue type = kr_import_attr("resource", "struct_rusage");
    if (kr_is_empty(type)) return KR_EMPTY;
    KrValue values[] = {kr_float((double)u->ru_utime.tv_sec + (double)u->ru_utime.tv_usec * 1e-6),
                        kr_float((double)u->ru_stime.tv_sec + (double)u->ru_stime.tv_usec * 1e-6), kr_int(u->ru_maxrss), kr_int(u->ru_ixrss), kr_int(u->ru_idrss),
                        kr_int(u->ru_isrss), kr_int(u->ru_minflt), kr_int(u->ru_majflt), kr_int(u->ru_nswap), kr_int(u->ru_inblock), kr_int(u->ru_oublock),
                        kr_int(u->ru_msgsnd), kr_int(u->ru_msgrcv), kr_int(u->ru_nsignals), kr_int(u->ru_nvcsw), kr_int(u->ru_nivcsw)};
    return kr_call1(type, kr_tuple(values, 16));
}
static KrValue wait_with_usage(int wanted, int options)
{
    int status = 0;
    pid_t pid;
    struct rusage usage = {0};
    if (wait_for(wanted, options, &status, &usage, &pid) < 0) return KR_EMPTY;
    return kr_tuple_of(3, kr_int(pid), kr_int(status), usage_result(&usage));
}
KR_FN(process, process_wait3, "wait3", "(options)", "Wait for completion of a child process.") { int options; return kr_to_int32(a[0], &options) < 0 ? KR_EMPTY : wait_with_usage(-1, options); }
KR_FN(process, process_wait4, "wait4", "(pid, options)", "Wait for completion of a specific child process.")
{
    int pid, options;
    return kr_to_int32(a[0], &pid) < 0 || kr_to_int32(a[1], &options) < 0 ? KR_EMPTY : wait_with_usage(pid, options);
}
KR_FN(process, process_waitid, "waitid", "(idtype, id, options, /)", "Returns the result of waiting for a process or processes.")
{
    int kind, id, options, result;
    siginfo_t info = {0};
    if (kr_to_int32(a[0], &kind) < 0 || kr_to_int32(a[1], &id) < 0 || kr_to_int32(a[2], &options) < 0) return KR_EMPTY;
    for (;;) {
        kr_detach();
        result = waitid((idtype_t)kind, (id_t)id, &info, options);
        int error = errno;
        kr_attach();
        if (result == 0) break;
        if (error != EINTR) return kr_raise_errno(error, KR_EMPTY);
        if (kr_check_signals() < 0) return KR_EMPTY;
    }
    if (info.si_pid == 0) return kr_None;
    KrValue values[] = {kr_int(info.si_pid), kr_int(info.si_uid), kr_int(info.si_signo), kr_int(info.si_status), kr_int(info.si_code)};
    return kr_struct_new(waitid_type, values);
}
KR_FN(process, process_pidfd_open, "pidfd_open", "(pid, flags=0)", "Return a file descriptor referring to the process pid.")
{
    int pid, flags;
    if (kr_to_int32(a[0], &pid) < 0 || kr_to_int32(a[1], &flags) < 0) return KR_EMPTY;
    long fd = syscall(SYS_pidfd_open, pid, flags);
    return fd < 0 ? kr_raise_errno(errno, KR_EMPTY) : kr_int(fd);
}

static int status_argument(KrValue v, int *status) { return kr_to_int32(v, status); }
KR_FN(process, process_wifexited, "WIFEXITED", "(status)", "Return True if the process returning status exited via the exit() system call.") { int s; return status_argument(a[0], &s) < 0 ? KR_EMPTY : kr_bool(WIFEXITED(s)); }
KR_FN(process, process_wifsignaled, "WIFSIGNALED", "(status)", "Return True if the process returning status was terminated by a signal.") { int s; return status_argument(a[0], &s) < 0 ? KR_EMPTY : kr_bool(WIFSIGNALED(s)); }
KR_FN(process, process_wifstopped, "WIFSTOPPED", "(status)", "Return True if the process returning status was stopped.") { int s; return status_argument(a[0], &s) < 0 ? KR_EMPTY : kr_bool(WIFSTOPPED(s)); }
KR_FN(process, process_wifcontinued, "WIFCONTINUED", "(status)", "Return True if a particular process was continued from a job control stop.") { int s; return status_argument(a[0], &s) < 0 ? KR_EMPTY : kr_bool(WIFCONTINUED(s)); }
KR_FN(process, process_wcoredump, "WCOREDUMP", "(status, /)", "Return True if the process returning status was dumped to a core file.") { int s; return status_argument(a[0], &s) < 0 ? KR_EMPTY : kr_bool(WCOREDUMP(s)); }
KR_FN(process, process_wexitstatus, "WEXITSTATUS", "(status)", "Return the process return code from status.") { int s; return status_argument(a[0], &s) < 0 ? KR_EMPTY : kr_int(WEXITSTATUS(s)); }
KR_FN(process, process_wtermsig, "WTERMSIG", "(status)", "Return the signal that terminated the process that provided the status value.") { int s; return status_argument(a[0], &s) < 0 ? KR_EMPTY : kr_int(WTERMSIG(s)); }
KR_FN(process, process_wstopsig, "WSTOPSIG", "(status)", "Return the signal that stopped the process that provided the status value.") { int s; return status_argument(a[0], &s) < 0 ? KR_EMPTY : kr_int(WSTOPSIG(s)); }
KR_FN(process, process_exitcode, "waitstatus_to_exitcode", "(status)", "Convert a wait status to an exit code.")
{
    int s;
    if (status_argument(a[0], &s) < 0) return KR_EMPTY;
    if (WIFEXITED(s)) return kr_int(WEXITSTATUS(s));
    if (WIFSIGNALED(s)) return kr_int(-WTERMSIG(s));
    if (WIFSTOPPED(s)) return kr_raise(kr_ValueError, "process stopped by delivery of signal %d", WSTOPSIG(s));
    return kr_raise(kr_ValueError, "invalid wait status: %d", s);
}

#include "modules/posix_process.entries.h"

const KrFunction *const *const posix_process_functions = process_functions;

int posix_process_init(KrValue module)
{
    static const char *const fields[] = {"si_pid", "si_uid", "si_signo", "si_status", "si_code", NULL};
    static const KrStructSpec spec = {"posix.waitid_result", "waitid_result: Result from waitid.", fields, 5};
    KrValue *lists[] = {&before_fork, &after_fork_parent, &after_fork_child};
    for (int i = 0; i < 3; i++) {
        kr_root(lists[i]);
        if (kr_is_empty(*lists[i] = kr_list(NULL, 0))) return -1;
    }
    waitid_type = kr_struct_type(&spec);
    return waitid_type ? kr_module_add_type(module, waitid_type) : -1;
}
