/* _stat.c: the constants and predicates of file modes. */
#include <sys/stat.h>

#include "runtime/krait.h"

static int mode_of(KrValue v, uint64_t *mode)
{
    if (kr_to_uint64(v, mode) < 0) return -1;
    if (*mode <= UINT32_MAX) return 0;
    kr_raise(kr_OverflowError, "mode out of range");
    return -1;
}

static KrValue is_type(KrValue v, uint64_t type)
{
    uint64_t mode;
    return mode_of(v, &mode) < 0 ? KR_EMPTY : kr_bool((mode & S_IFMT) == type);
}

KR_FN(stat, stat_isdir, "S_ISDIR", "(mode, /)",
      "S_ISDIR(mode) -> bool\n\nReturn True if mode is from a directory.")
{
    return is_type(a[0], S_IFDIR);
}
KR_FN(stat, stat_ischr, "S_ISCHR", "(mode, /)",
      "S_ISCHR(mode) -> bool\n\nReturn True if mode is from a character special device file.")
{
    return is_type(a[0], S_IFCHR);
}
KR_FN(stat, stat_isblk, "S_ISBLK", "(mode, /)",
      "S_ISBLK(mode) -> bool\n\nReturn True if mode is from a block special device file.")
{
    return is_type(a[0], S_IFBLK);
}
KR_FN(stat, stat_isreg, "S_ISREG", "(mode, /)",
      "S_ISREG(mode) -> bool\n\nReturn True if mode is from a regular file.")
{
    return is_type(a[0], S_IFREG);
}
KR_FN(stat, stat_isfifo, "S_ISFIFO", "(mode, /)",
      "S_ISFIFO(mode) -> bool\n\nReturn True if mode is from a FIFO (named pipe).")
{
    return is_type(a[0], S_IFIFO);
}
KR_FN(stat, stat_islnk, "S_ISLNK", "(mode, /)",
      "S_ISLNK(mode) -> bool\n\nReturn True if mode is from a symbolic link.")
{
    return is_type(a[0], S_IFLNK);
}
KR_FN(stat, stat_issock, "S_ISSOCK", "(mode, /)",
      "S_ISSOCK(mode) -> bool\n\nReturn True if mode is from a socket.")
{
    return is_type(a[0], S_IFSOCK);
}
KR_FN(stat, stat_isdoor, "S_ISDOOR", "(mode, /)",
      "S_ISDOOR(mode) -> bool\n\nReturn True if mode is from a door.")
{
    return is_type(a[0], UINT64_MAX);
}
KR_FN(stat, stat_isport, "S_ISPORT", "(mode, /)",
      "S_ISPORT(mode) -> bool\n\nReturn True if mode is from an event port.")
{
    return is_type(a[0], UINT64_MAX);
}
KR_FN(stat, stat_iswht, "S_ISWHT", "(mode, /)",
      "S_ISWHT(mode) -> bool\n\nReturn True if mode is from a whiteout.")
{
    return is_type(a[0], UINT64_MAX);
}

KR_FN(stat, stat_imode, "S_IMODE", "(mode, /)",
      "Return the portion of the file's mode that can be set by os.chmod().")
{
    uint64_t mode;
    return mode_of(a[0], &mode) < 0 ? KR_EMPTY : kr_int((int64_t)(mode & 07777));
}

KR_FN(stat, stat_ifmt, "S_IFMT", "(mode, /)",
      "Return the portion of the file's mode that describes the file type.")
{
    uint64_t mode;
    return mode_of(a[0], &mode) < 0 ? KR_EMPTY : kr_int((int64_t)(mode & S_IFMT));
}

static char type_letter(uint64_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFREG: return '-';
    case S_IFDIR: return 'd';
    case S_IFLNK: return 'l';
    case S_IFBLK: return 'b';
    case S_IFCHR: return 'c';
    case S_IFIFO: return 'p';
    case S_IFSOCK: return 's';
    default: return '?';
    }
}

KR_FN(stat, stat_filemode, "filemode", "(mode, /)",
      "Convert a file's mode to a string of the form '-rwxrwxrwx'")
{
    uint64_t mode;
    if (mode_of(a[0], &mode) < 0) return KR_EMPTY;
    char text[11] = "?rwxrwxrwx";
    text[0] = type_letter(mode);
    for (int i = 0; i < 9; i++)
        if (!(mode & (0400u >> i))) text[i + 1] = '-';
    if (mode & S_ISUID) text[3] = mode & S_IXUSR ? 's' : 'S';
    if (mode & S_ISGID) text[6] = mode & S_IXGRP ? 's' : 'S';
    if (mode & S_ISVTX) text[9] = mode & S_IXOTH ? 't' : 'T';
    return kr_str(text);
}

#include "modules/_stat.entries.h"

static const struct {
    const char *name;
    int64_t value;
} constants[] = {
    {"S_IFDIR", S_IFDIR},
    {"S_IFCHR", S_IFCHR},
    {"S_IFBLK", S_IFBLK},
    {"S_IFREG", S_IFREG},
    {"S_IFIFO", S_IFIFO},
    {"S_IFLNK", S_IFLNK},
    {"S_IFSOCK", S_IFSOCK},
    {"S_IFDOOR", 0},
    {"S_IFPORT", 0},
    {"S_IFWHT", 0},
    {"S_ISUID", S_ISUID},
    {"S_ISGID", S_ISGID},
    {"S_ISVTX", S_ISVTX},
    {"S_ENFMT", S_ISGID},
    {"S_IREAD", S_IRUSR},
    {"S_IWRITE", S_IWUSR},
    {"S_IEXEC", S_IXUSR},
    {"S_IRWXU", S_IRWXU},
    {"S_IRUSR", S_IRUSR},
    {"S_IWUSR", S_IWUSR},
    {"S_IXUSR", S_IXUSR},
    {"S_IRWXG", S_IRWXG},
    {"S_IRGRP", S_IRGRP},
    {"S_IWGRP", S_IWGRP},
    {"S_IXGRP", S_IXGRP},
    {"S_IRWXO", S_IRWXO},
    {"S_IROTH", S_IROTH},
    {"S_IWOTH", S_IWOTH},
    {"S_IXOTH", S_IXOTH},
    {"UF_NODUMP", 1},
    {"UF_IMMUTABLE", 2},
    {"UF_APPEND", 4},
    {"UF_OPAQUE", 8},
    {"UF_NOUNLINK", 16},
    {"UF_COMPRESSED", 32},
    {"UF_HIDDEN", 0x8000},
    {"SF_ARCHIVED", 0x10000},
    {"SF_IMMUTABLE", 0x20000},
    {"SF_APPEND", 0x40000},
    {"SF_NOUNLINK", 0x100000},
    {"SF_SNAPSHOT", 0x200000},
    {"ST_MODE", 0},
    {"ST_INO", 1},
    {"ST_DEV", 2},
    {"ST_NLINK", 3},
    {"ST_UID", 4},
    {"ST_GID", 5},
    {"ST_SIZE", 6},
    {"ST_ATIME", 7},
    {"ST_MTIME", 8},
    {"ST_CTIME", 9},
};

static int stat_exec(KrValue module)
{
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
        if (kr_module_add_int(module, constants[i].name, constants[i].value) < 0) return -1;
    return 0;
}

KR_MODULE(_stat) = {
    .api_version = KR_API_VERSION,
    .name = "_stat",
    .doc = "S_IFMT_: file type bits\nS_IFDIR: directory\nS_IFCHR: character device\nS_IFBLK: block "
           "device\nS_IFREG: regular "
           "file\nS_IFIFO: fifo (named pipe)\nS_IFLNK: symbolic link\nS_IFSOCK: socket file",
    .functions = stat_functions,
    .exec = stat_exec,
};
