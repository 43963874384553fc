/* posix_files.c: files and directories by name: stat, listing, links, renaming, permissions, times. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "modules/posix.h"

static KrType *stat_type, *statvfs_type, *entry_type, *scan_type;

/* Runs an expression that gives -1 and errno on failure, detached; the exception is of `path`. */
#define CALL_DETACHED(result, expression)                                                                         \
    do {                                                                                                          \
        kr_detach();                                                                                              \
        result = (expression);                                                                                    \
        int saved_ = errno;                                                                                       \
        kr_attach();                                                                                              \
        errno = saved_;                                                                                           \
    } while (0)

/* ---- stat ---- */

static KrValue time_ns(struct timespec t) { return kr_int((int64_t)t.tv_sec * 1000000000 + t.tv_nsec); }
static KrValue time_float(struct timespec t) { return kr_float((double)t.tv_sec + 1e-9 * (double)t.tv_nsec); }

static KrValue stat_result(const struct stat *s)
{
    KrValue values[] = {
        kr_int(s->st_mode), kr_int_unsigned(s->st_ino), kr_int_unsigned(s->st_dev), kr_int_unsigned(s->st_nlink), kr_int(s->st_uid), kr_int(s->st_gid),
        kr_int(s->st_size), kr_int(s->st_atim.tv_sec), kr_int(s->st_mtim.tv_sec), kr_int(s->st_ctim.tv_sec), time_float(s->st_atim), time_float(s->st_mtim),
        time_float(s->st_ctim), time_ns(s->st_atim), time_ns(s->st_mtim), time_ns(s->st_ctim), kr_int(s->st_blksize), kr_int(s->st_blocks),
        kr_int_unsigned(s->st_rdev)};
    return kr_struct_new(stat_type, values);
}

static KrValue do_stat(KrValue v, KrValue dir, bool follow, const char *function)
{
    Path path;
    int dir_fd, result;
    struct stat s;
    if (posix_path(v, function, follow, false, &path) < 0 || posix_dir_fd(dir, &dir_fd) < 0) return KR_EMPTY;
    if (!path.text && dir_fd != AT_FDCWD) return kr_raise(kr_ValueError, "%s: can't specify dir_fd without matching path", function);
    CALL_DETACHED(result, path.text ? fstatat(dir_fd, path.text, &s, follow ? 0 : AT_SYMLINK_NOFOLLOW) : fstat(path.fd, &s));
    return result != 0 ? posix_error(errno, &path) : stat_result(&s);
}

KR_FN(files, files_stat, "stat", "(path, *, dir_fd=None, follow_symlinks=True)", "Perform a stat system call on the given path.")
{
    int follow = kr_truth(a[2]);
    return follow < 0 ? KR_EMPTY : do_stat(a[0], a[1], follow, "stat");
}
KR_FN(files, files_lstat, "lstat", "(path, *, dir_fd=None)", "Perform a stat system call on the given path, without following symbolic links.")
{
    return do_stat(a[0], a[1], false, "lstat");
}

static KrValue statvfs_result(const struct statvfs *s)
{
    KrValue values[] = {kr_int_unsigned(s->f_bsize), kr_int_unsigned(s->f_frsize), kr_int_unsigned(s->f_blocks), kr_int_unsigned(s->f_bfree),
                        kr_int_unsigned(s->f_bavail), kr_int_unsigned(s->f_files), kr_int_unsigned(s->f_ffree), kr_int_unsigned(s->f_favail),
                        kr_int_unsigned(s->f_flag), kr_int_unsigned(s->f_namemax), kr_int_unsigned(s->f_fsid)};
    return kr_struct_new(statvfs_type, values);
}
KR_FN(files, files_statvfs, "statvfs", "(path)", "Perform a statvfs system call on the given path.")
{
    Path path;
    struct statvfs s;
    int result;
    if (posix_path(a[0], "statvfs", true, false, &path) < 0) return KR_EMPTY;
    CALL_DETACHED(result, path.text ? statvfs(path.text, &s) : fstatvfs(path.fd, &s));
    return result != 0 ? posix_error(errno, &path) : statvfs_result(&s);
}

KR_FN(files, files_access, "access", "(path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True)",
      "Use the real uid/gid to test for access to a path.")
{
    Path path;
    int mode, dir_fd, result, effective = kr_truth(a[3]), follow = kr_truth(a[4]);
    if (effective < 0 || follow < 0 || posix_path(a[0], "access", false, false, &path) < 0 || kr_to_int32(a[1], &mode) < 0 || posix_dir_fd(a[2], &dir_fd) < 0)
        return KR_EMPTY;
    CALL_DETACHED(result, faccessat(dir_fd, path.text, mode, (effective ? AT_EACCESS : 0) | (follow ? 0 : AT_SYMLINK_NOFOLLOW)));
    return kr_bool(result == 0);
}

/* ---- Directories ---- */

KR_FN(files, files_getcwd, "getcwd", "()", "Return a unicode string representing the current working directory.")
{
    char *path = getcwd(NULL, 0);
    KrValue result = path ? posix_text(path, false) : kr_raise_errno(errno, KR_EMPTY);
    free(path);
    return result;
}
KR_FN(files, files_getcwdb, "getcwdb", "()", "Return a bytes string representing the current working directory.")
{
    char *path = getcwd(NULL, 0);
    KrValue result = path ? posix_text(path, true) : kr_raise_errno(errno, KR_EMPTY);
    free(path);
    return result;
}
KR_FN(files, files_chdir, "chdir", "(path)", "Change the current working directory to the specified path.")
{
    Path path;
    int result;
    if (posix_path(a[0], "chdir", true, false, &path) < 0) return KR_EMPTY;
    CALL_DETACHED(result, path.text ? chdir(path.text) : fchdir(path.fd));
    return result != 0 ? posix_error(errno, &path) : kr_None;
}
KR_FN(files, files_chroot, "chroot", "(path)", "Change root directory to path.")
{
    Path path;
    if (posix_path(a[0], "chroot", false, false, &path) < 0) return KR_EMPTY;
    return chroot(path.text) != 0 ? posix_error(errno, &path) : kr_None;
}

KR_FN(files, files_listdir, "listdir", "(path=None)", "Return a list containing the names of the files in the directory.")
{
    Path path;
    if (posix_path(a[0], "listdir", true, true, &path) < 0) return KR_EMPTY;
    DIR *folder;
    kr_detach();
    int fd = path.text ? -1 : dup(path.fd);
    folder = path.text ? opendir(path.text) : fd < 0 ? NULL : fdopendir(fd);
    int error = errno;
    kr_attach();
    if (!folder) return posix_error(error, &path);
    if (!path.text) rewinddir(folder);
    KrValue list = kr_list(NULL, 0);
    for (struct dirent *entry; !kr_is_empty(list) && (entry = readdir(folder));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        if (kr_list_append(list, posix_text(entry->d_name, path.bytes)) < 0) list = KR_EMPTY;
    }
    closedir(folder);
    return list;
}

KR_FN(files, files_mkdir, "mkdir", "(path, mode=511, *, dir_fd=None)", "Create a directory.")
{
    Path path;
    int mode, dir_fd, result;
    if (posix_path(a[0], "mkdir", false, false, &path) < 0 || kr_to_int32(a[1], &mode) < 0 || posix_dir_fd(a[2], &dir_fd) < 0) return KR_EMPTY;
    CALL_DETACHED(result, mkdirat(dir_fd, path.text, (mode_t)mode));
    return result != 0 ? posix_error(errno, &path) : kr_None;
}

static KrValue unlink_path(KrValue v, KrValue dir, int flags, const char *function)
{
    Path path;
    int dir_fd, result;
    if (posix_path(v, function, false, false, &path) < 0 || posix_dir_fd(dir, &dir_fd) < 0) return KR_EMPTY;
    CALL_DETACHED(result, unlinkat(dir_fd, path.text, flags));
    return result != 0 ? posix_error(errno, &path) : kr_None;
}
KR_FN(files, files_rmdir, "rmdir", "(path, *, dir_fd=None)", "Remove a directory.") { return unlink_path(a[0], a[1], AT_REMOVEDIR, "rmdir"); }
KR_FN(files, files_unlink, "unlink", "(path, *, dir_fd=None)", "Remove a file (same as remove()).") { return unlink_path(a[0], a[1], 0, "unlink"); }
KR_FN(files, files_remove, "remove", "(path, *, dir_fd=None)", "Remove a file (same as unlink()).") { return unlink_path(a[0], a[1], 0, "remove"); }

static KrValue rename_path(const KrValue *a, const char *function)
{
    Path from, to;
    int from_fd, to_fd, result;
    if (posix_path(a[0], function, false, false, &from) < 0 || posix_path(a[1], function, false, false, &to) < 0 || posix_dir_fd(a[2], &from_fd) < 0 ||
        posix_dir_fd(a[3], &to_fd) < 0)
        return KR_EMPTY;
    CALL_DETACHED(result, renameat(from_fd, from.text, to_fd, to.text));
    return result != 0 ? posix_error2(errno, &from, &to) : kr_None;
}
KR_FN(files, files_rename, "rename", "(src, dst, *, src_dir_fd=None, dst_dir_fd=None)", "Rename a file or directory.") { return rename_path(a, "rename"); }
KR_FN(files, files_replace, "replace", "(src, dst, *, src_dir_fd=None, dst_dir_fd=None)", "Rename a file or directory, overwriting the destination.") { return rename_path(a, "replace"); }

/* ---- Links ---- */

KR_FN(files, files_link, "link", "(src, dst, *, src_dir_fd=None, dst_dir_fd=None, follow_symlinks=True)", "Create a hard link to a file.")
{
    Path from, to;
    int from_fd, to_fd, result, follow = kr_truth(a[4]);
    if (follow < 0 || posix_path(a[0], "link", false, false, &from) < 0 || posix_path(a[1], "link", false, false, &to) < 0 || posix_dir_fd(a[2], &from_fd) < 0 ||
        posix_dir_fd(a[3], &to_fd) < 0)
        return KR_EMPTY;
    CALL_DETACHED(result, linkat(from_fd, from.text, to_fd, to.text, follow ? AT_SYMLINK_FOLLOW : 0));
    return result != 0 ? posix_error2(errno, &from, &to) : kr_None;
}
KR_FN(files, files_symlink, "symlink", "(src, dst, target_is_directory=False, *, dir_fd=None)", "Create a symbolic link pointing to src named dst.")
{
    Path from, to;
    int dir_fd, result;
    if (posix_path(a[0], "symlink", false, false, &from) < 0 || posix_path(a[1], "symlink", false, false, &to) < 0 || posix_dir_fd(a[3], &dir_fd) < 0) return KR_EMPTY;
    CALL_DETACHED(result, symlinkat(from.text, dir_fd, to.text));
    return result != 0 ? posix_error2(errno, &from, &to) : kr_None;
}
KR_FN(files, files_readlink, "readlink", "(path, *, dir_fd=None)", "Return a string representing the path to which the symbolic link points.")
{
    Path path;
    int dir_fd;
    char target[PATH_MAX + 1];
    ssize_t n;
    if (posix_path(a[0], "readlink", false, false, &path) < 0 || posix_dir_fd(a[1], &dir_fd) < 0) return KR_EMPTY;
    CALL_DETACHED(n, readlinkat(dir_fd, path.text, target, sizeof target - 1));
    if (n < 0) return posix_error(errno, &path);
    target[n] = 0;
    return posix_text(target, path.bytes);
}

/* ---- Permissions and times ---- */

KR_FN(files, files_chmod, "chmod", "(path, mode, *, dir_fd=None, follow_symlinks=True)", "Change the access permissions of a file.")
{
    Path path;
    int mode, dir_fd, result, follow = kr_truth(a[3]);
    if (follow < 0 || posix_path(a[0], "chmod", true, false, &path) < 0 || kr_to_int32(a[1], &mode) < 0 || posix_dir_fd(a[2], &dir_fd) < 0) return KR_EMPTY;
    CALL_DETACHED(result, path.text ? fchmodat(dir_fd, path.text, (mode_t)mode, follow ? 0 : AT_SYMLINK_NOFOLLOW) : fchmod(path.fd, (mode_t)mode));
    if (result != 0 && !follow && (errno == ENOTSUP || errno == EOPNOTSUPP))
        return kr_raise(kr_NotImplementedError, "chmod: follow_symlinks unavailable on this platform");
    return result != 0 ? posix_error(errno, &path) : kr_None;
}
KR_FN(files, files_fchmod, "fchmod", "(fd, mode)", "Change the access permissions of the file given by file descriptor fd.")
{
    int fd, mode, result;
    if (kr_to_int32(a[0], &fd) < 0 || kr_to_int32(a[1], &mode) < 0) return KR_EMPTY;
    CALL_DETACHED(result, fchmod(fd, (mode_t)mode));
    return result != 0 ? kr_raise_errno(errno, KR_EMPTY) : kr_None;
}
/* A user or group id: -1 leaves it as it is. */
static int id_argument(KrValue v, const char *what, uint32_t *id)
{
    int64_t n;
    if (!kr_has_index(v)) return kr_raise(kr_TypeError, "%s should be integer, not %T", what, v), -1;
    if (kr_to_int64(v, &n) < 0) return -1;
    if (n < -1) return kr_raise(kr_OverflowError, "%s is less than minimum", what), -1;
    if (n > UINT32_MAX) return kr_raise(kr_OverflowError, "%s is greater than maximum", what), -1;
    *id = (uint32_t)n;
    return 0;
}
static KrValue change_owner(const KrValue *a, KrValue dir, int follow, const char *function)
{
    Path path;
    uint32_t uid, gid;
    int dir_fd, result;
    if (follow < 0 || posix_path(a[0], function, true, false, &path) < 0 || id_argument(a[1], "uid", &uid) < 0 || id_argument(a[2], "gid", &gid) < 0 ||
        posix_dir_fd(dir, &dir_fd) < 0)
        return KR_EMPTY;
    CALL_DETACHED(result, path.text ? fchownat(dir_fd, path.text, uid, gid, follow ? 0 : AT_SYMLINK_NOFOLLOW) : fchown(path.fd, uid, gid));
    return result != 0 ? posix_error(errno, &path) : kr_None;
}
KR_FN(files, files_chown, "chown", "(path, uid, gid, *, dir_fd=None, follow_symlinks=True)", "Change the owner and group id of path to the numeric uid and gid.") { return change_owner(a, a[3], kr_truth(a[4]), "chown"); }
KR_FN(files, files_lchown, "lchown", "(path, uid, gid)", "Change the owner and group id of path, without following symbolic links.") { return change_owner(a, kr_None, 0, "lchown"); }
KR_FN(files, files_fchown, "fchown", "(fd, uid, gid)", "Change the owner and group id of the file specified by file descriptor.") { return change_owner(a, kr_None, 1, "fchown"); }

KR_FN(files, files_umask, "umask", "(mask, /)", "Set the current numeric umask and return the previous umask.")
{
    int mask;
    return kr_to_int32(a[0], &mask) < 0 ? KR_EMPTY : kr_int(umask((mode_t)mask));
}

static int timespec_of(KrValue v, bool nanoseconds, struct timespec *t)
{
    if (nanoseconds) {
        KrValue parts = kr_binary(KR_DIVMOD, v, kr_int(1000000000));
        int64_t seconds, rest;
        if (kr_is_empty(parts) || kr_to_int64(kr_tuple_get(parts, 0), &seconds) < 0 || kr_to_int64(kr_tuple_get(parts, 1), &rest) < 0) return -1;
        *t = (struct timespec){seconds, rest};
        return 0;
    }
    double seconds;
    if (kr_to_double(v, &seconds) < 0) return -1;
    double whole = floor(seconds);
    *t = (struct timespec){(time_t)whole, (long)floor((seconds - whole) * 1e9)};
    return 0;
}

KR_FN(files, files_utime, "utime", "(path, times=None, *, ns=<unset>, dir_fd=None, follow_symlinks=True)", "Set the access and modified time of path.")
{
    Path path;
    int dir_fd, result, follow = kr_truth(a[4]);
    struct timespec times[2];
    bool now = kr_is(a[1], kr_None) && kr_is_empty(a[2]);
    if (follow < 0 || posix_path(a[0], "utime", true, false, &path) < 0 || posix_dir_fd(a[3], &dir_fd) < 0) return KR_EMPTY;
    if (!kr_is(a[1], kr_None) && !kr_is_empty(a[2])) return kr_raise(kr_ValueError, "utime: you may specify either 'times' or 'ns' but not both");
    KrValue pair = kr_is_empty(a[2]) ? a[1] : a[2];
    if (!now) {
        if (!kr_is_tuple(pair) || kr_tuple_size(pair) != 2)
            return kr_raise(kr_TypeError, kr_is_empty(a[2]) ? "utime: 'times' must be either a tuple of two ints or None" : "utime: 'ns' must be a tuple of two ints");
        for (int i = 0; i < 2; i++)
            if (timespec_of(kr_tuple_get(pair, (size_t)i), !kr_is_empty(a[2]), &times[i]) < 0) return KR_EMPTY;
    }
    CALL_DETACHED(result, path.text ? utimensat(dir_fd, path.text, now ? NULL : times, follow ? 0 : AT_SYMLINK_NOFOLLOW) : futimens(path.fd, now ? NULL : times));
    return result != 0 ? posix_error(errno, &path) : kr_None;
}

KR_FN(files, files_truncate, "truncate", "(path, length)", "Truncate a file, specified by path, to a specific length.")
{
    Path path;
    int64_t length;
    int result;
    if (posix_path(a[0], "truncate", true, false, &path) < 0 || kr_to_int64(a[1], &length) < 0) return KR_EMPTY;
    CALL_DETACHED(result, path.text ? truncate(path.text, length) : ftruncate(path.fd, length));
    return result != 0 ? posix_error(errno, &path) : kr_None;
}

KR_FN(files, files_mkfifo, "mkfifo", "(path, mode=438, *, dir_fd=None)", "Create a 'fifo' (a POSIX named pipe).")
{
    Path path;
    int mode, dir_fd;
    if (posix_path(a[0], "mkfifo", false, false, &path) < 0 || kr_to_int32(a[1], &mode) < 0 || posix_dir_fd(a[2], &dir_fd) < 0) return KR_EMPTY;
    return mkfifoat(dir_fd, path.text, (mode_t)mode) != 0 ? posix_error(errno, &path) : kr_None;
}
KR_FN(files, files_mknod, "mknod", "(path, mode=384, device=0, *, dir_fd=None)", "Create a node in the file system.")
{
    Path path;
    int mode, dir_fd;
    int64_t device;
    if (posix_path(a[0], "mknod", false, false, &path) < 0 || kr_to_int32(a[1], &mode) < 0 || kr_to_int64(a[2], &device) < 0 || posix_dir_fd(a[3], &dir_fd) < 0) return KR_EMPTY;
    return mknodat(dir_fd, path.text, (mode_t)mode, (dev_t)device) != 0 ? posix_error(errno, &path) : kr_None;
}
KR_FN(files, files_major, "major", "(device, /)", "Extracts a device major number from a raw device number.")
{
    int64_t device;
    return kr_to_int64(a[0], &device) < 0 ? KR_EMPTY : kr_int(major((dev_t)device));
}
KR_FN(files, files_minor, "minor", "(device, /)", "Extracts a device minor number from a raw device number.")
{
    int64_t device;
    return kr_to_int64(a[0], &device) < 0 ? KR_EMPTY : kr_int(minor((dev_t)device));
}
KR_FN(files, files_makedev, "makedev", "(major, minor, /)", "Composes a raw device number from the major and minor device numbers.")
{
    int high, low;
    return kr_to_int32(a[0], &high) < 0 || kr_to_int32(a[1], &low) < 0 ? KR_EMPTY : kr_int_unsigned(makedev((unsigned)high, (unsigned)low));
}
KR_FN(files, files_sync, "sync", "()", "Force write of everything to disk.")
{
    kr_detach();
    sync();
    kr_attach();
    return kr_None;
}

/* ---- scandir ---- */

typedef struct Entry {
    KrObject head;
    KrValue name, path;
    KrValue stat, lstat; /* cached results, or EMPTY */
    uint64_t inode;
    unsigned char kind; /* DT_... */
    int dir_fd;         /* scanning a descriptor: it, else -1 */
} Entry;

typedef struct Scan {
    KrObject head;
    DIR *folder; /* NULL: exhausted or closed */
    KrValue directory; /* str or bytes to put before names, or EMPTY for a descriptor */
    Path path;
} Scan;

static void entry_trace(void *self, KrTracer *tracer)
{
    Entry *e = self;
    kr_trace(tracer, e->name), kr_trace(tracer, e->path), kr_trace(tracer, e->stat), kr_trace(tracer, e->lstat);
}
static void scan_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((Scan *)self)->directory);
    kr_trace(tracer, ((Scan *)self)->path.object);
}
static void scan_release(void *self)
{
    if (((Scan *)self)->folder) closedir(((Scan *)self)->folder);
}
static Entry *entry_of(KrValue v) { return (Entry *)kr_to_object(v); }
static Scan *scan_of(KrValue v) { return (Scan *)kr_to_object(v); }

static KrValue entry_stat(Entry *e, bool follow)
{
    KrValue *cache = follow ? &e->stat : &e->lstat;
    if (!kr_is_empty(*cache)) return *cache;
    KrValue keep;
    struct stat s;
    int result;
    const char *path = kr_path_bytes(e->dir_fd >= 0 ? e->name : e->path, &keep);
    if (!path) return KR_EMPTY;
    CALL_DETACHED(result, fstatat(e->dir_fd >= 0 ? e->dir_fd : AT_FDCWD, path, &s, follow ? 0 : AT_SYMLINK_NOFOLLOW));
    if (result != 0) return kr_raise_errno(errno, e->path);
    return *cache = stat_result(&s);
}

static KrValue entry_is(Entry *e, KrValue follow_value, mode_t wanted, unsigned char kind)
{
    int follow = kr_truth(follow_value);
    if (follow < 0) return KR_EMPTY;
    bool known = e->kind != DT_UNKNOWN && !(follow && e->kind == DT_LNK);
    if (known) return kr_bool(e->kind == kind);
    KrValue result = entry_stat(e, follow);
    if (kr_is_empty(result)) {
        if (!kr_raised_is(kr_FileNotFoundError)) return KR_EMPTY;
        kr_clear_exception();
        return kr_False;
    }
    int64_t mode;
    if (kr_to_int64(kr_tuple_get(result, 0), &mode) < 0) return KR_EMPTY;
    return kr_bool((mode & S_IFMT) == wanted);
}

KR_FN(entry, entry_is_dir, "is_dir", "(self, /, *, follow_symlinks=True)", "Return True if the entry is a directory; cached per entry.") { return entry_is(entry_of(a[0]), a[1], S_IFDIR, DT_DIR); }
KR_FN(entry, entry_is_file, "is_file", "(self, /, *, follow_symlinks=True)", "Return True if the entry is a file; cached per entry.") { return entry_is(entry_of(a[0]), a[1], S_IFREG, DT_REG); }
KR_FN(entry, entry_is_symlink, "is_symlink", "(self, /)", "Return True if the entry is a symbolic link; cached per entry.") { return entry_is(entry_of(a[0]), kr_False, S_IFLNK, DT_LNK); }
KR_FN(entry, entry_get_stat, "stat", "(self, /, *, follow_symlinks=True)", "Return stat_result object for the entry; cached per entry.")
{
    int follow = kr_truth(a[1]);
    return follow < 0 ? KR_EMPTY : entry_stat(entry_of(a[0]), follow);
}
KR_FN(entry, entry_get_inode, "inode", "(self, /)", "Return inode of the entry; cached per entry.") { return kr_int_unsigned(entry_of(a[0])->inode); }
KR_FN(entry, entry_fspath, "__fspath__", "(self, /)", "Returns the path for the entry.") { return entry_of(a[0])->path; }
KR_CLASSMETHOD(entry, entry_class_getitem, "__class_getitem__", "(cls, item, /)", "See PEP 585") { return kr_call2(kr_type_value(&kr_generic_alias_type), a[0], a[1]); }
static KrValue entry_name(KrValue self) { return entry_of(self)->name; }
static KrValue entry_path(KrValue self) { return entry_of(self)->path; }
KR_GETSET(entry, entry_name, NULL, "name", "the entry's base filename, relative to scandir() \"path\" argument")
KR_GETSET(entry, entry_path, NULL, "path", "the entry's full path name; equivalent to os.path.join(scandir_path, entry.name)")
static KrValue entry_repr(KrValue self) { return kr_str_format("<DirEntry %R>", entry_of(self)->name); }

KR_FN(files, files_scandir, "scandir", "(path=None)", "Return an iterator of DirEntry objects for given path.")
{
    Path path;
    if (posix_path(a[0], "scandir", true, true, &path) < 0) return KR_EMPTY;
    Scan *scan = kr_alloc_instance(scan_type);
    if (!scan) return KR_EMPTY;
    kr_detach();
    int fd = path.text ? -1 : dup(path.fd);
    scan->folder = path.text ? opendir(path.text) : fd < 0 ? NULL : fdopendir(fd);
    int error = errno;
    kr_attach();
    if (!scan->folder) return posix_error(error, &path);
    if (!path.text) rewinddir(scan->folder);
    scan->path = path;
    scan->directory = path.text ? posix_text(path.text, path.bytes) : KR_EMPTY;
    return kr_from_object(scan);
}

static void close_scan(Scan *scan)
{
    if (scan->folder) closedir(scan->folder);
    scan->folder = NULL;
}

static KrValue scan_next(KrValue self)
{
    Scan *scan = scan_of(self);
    if (!scan->folder) return KR_EMPTY;
    struct dirent *found;
    do {
        errno = 0;
        found = readdir(scan->folder);
    } while (found && (strcmp(found->d_name, ".") == 0 || strcmp(found->d_name, "..") == 0));
    if (!found) {
        int error = errno;
        close_scan(scan);
        return error ? posix_error(error, &scan->path) : KR_EMPTY;
    }
    Entry *e = kr_alloc_instance(entry_type);
    if (!e) return KR_EMPTY;
    e->kind = found->d_type;
    e->inode = found->d_ino;
    e->dir_fd = scan->path.text ? -1 : scan->path.fd;
    e->name = posix_text(found->d_name, scan->path.bytes);
    if (kr_is_empty(scan->directory)) {
        e->path = e->name;
    } else {
        KrValue keep;
        const char *directory = kr_path_bytes(scan->directory, &keep);
        size_t n = directory ? strlen(directory) : 0;
        char full[PATH_MAX * 2];
        snprintf(full, sizeof full, "%s%s%s", directory ? directory : "", n && directory[n - 1] != '/' ? "/" : "", found->d_name);
        e->path = posix_text(full, scan->path.bytes);
    }
    return kr_is_empty(e->name) || kr_is_empty(e->path) ? KR_EMPTY : kr_from_object(e);
}

static KrValue scan_iter(KrValue self) { return self; }
KR_FN(scan, scan_close, "close", "(self, /)", "Closes the directory.")
{
    close_scan(scan_of(a[0]));
    return kr_None;
}
KR_FN(scan, scan_enter, "__enter__", "(self, /)", "Returns self.") { return a[0]; }
KR_FN(scan, scan_exit, "__exit__", "(self, *args)", "Closes the directory.")
{
    close_scan(scan_of(a[0]));
    return kr_None;
}

#include "modules/posix_files.entries.h"

const KrFunction *const *const posix_file_functions = files_functions;

int posix_files_init(KrValue module)
{
    static const char *const fields[] = {"st_mode", "st_ino", "st_dev", "st_nlink", "st_uid", "st_gid", "st_size", "_integer_atime", "_integer_mtime",
                                         "_integer_ctime", "st_atime", "st_mtime", "st_ctime", "st_atime_ns", "st_mtime_ns", "st_ctime_ns", "st_blksize",
                                         "st_blocks", "st_rdev", NULL};
    static const char *const vfs_fields[] = {"f_bsize", "f_frsize", "f_blocks", "f_bfree", "f_bavail", "f_files", "f_ffree", "f_favail", "f_flag",
                                             "f_namemax", "f_fsid", NULL};
    static const KrStructSpec stat_spec = {"os.stat_result", "stat_result: Result from stat, fstat, or lstat.", fields, 10};
    static const KrStructSpec vfs_spec = {"os.statvfs_result", "statvfs_result: Result from statvfs or fstatvfs.", vfs_fields, 10};
    static KrTypeSpec entry, scan;
    entry = (KrTypeSpec){.name = "posix.DirEntry", .size = sizeof(Entry), .flags = KR_TYPE_ABSTRACT | KR_TYPE_FINAL, .trace = entry_trace,
                         .functions = entry_functions, .getset = entry_getset, .slots = {.repr = entry_repr}};
    scan = (KrTypeSpec){.name = "posix.ScandirIterator", .size = sizeof(Scan), .flags = KR_TYPE_ABSTRACT | KR_TYPE_FINAL, .trace = scan_trace,
                        .release = scan_release, .functions = scan_functions, .slots = {.iter = scan_iter, .next = scan_next}};
    stat_type = kr_struct_type(&stat_spec);
    statvfs_type = kr_struct_type(&vfs_spec);
    entry_type = kr_type_new(&entry);
    scan_type = kr_type_new(&scan);
    return !stat_type || !statvfs_type || !entry_type || !scan_type || kr_module_add_type(module, stat_type) < 0 || kr_module_add_type(module, statvfs_type) < 0 ||
                   kr_module_add_type(module, entry_type) < 0
               ? -1
               : 0;
}

/* fstat of posix_descriptors.c */
KrValue posix_fstat(int fd)
{
    struct stat s;
    int result;
    CALL_DETACHED(result, fstat(fd, &s));
    return result != 0 ? kr_raise_errno(errno, KR_EMPTY) : stat_result(&s);
}
KrValue posix_fstatvfs(int fd)
{
    struct statvfs s;
    int result;
    CALL_DETACHED(result, fstatvfs(fd, &s));
    return result != 0 ? kr_raise_errno(errno, KR_EMPTY) : statvfs_result(&s);
}
