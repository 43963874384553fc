/* posix.h: what the files of the posix module share. */
#ifndef MODULES_POSIX_H
#define MODULES_POSIX_H

#include <sys/stat.h>
#include <sys/types.h>

#include "runtime/krait.h"

/* A path argument: str, bytes or PathLike, or a descriptor where `fd` allows it. */
typedef struct Path {
    KrValue object;   /* as given: for error messages */
    KrValue keep;     /* what text points into */
    const char *text; /* NULL when it is a descriptor */
    int fd;           /* -1 when it is a path */
    bool bytes;       /* given as bytes: results are bytes too */
} Path;
/* -1 with TypeError naming function and argument. allow_fd: also an int; None means "." if allow_none. */
int posix_path(KrValue v, const char *function, bool allow_fd, bool allow_none, Path *path);
KrValue posix_error(int error, const Path *path);
KrValue posix_error2(int error, const Path *from, const Path *to);
/* dir_fd: None is AT_FDCWD. */
int posix_dir_fd(KrValue v, int *fd);
KrValue posix_text(const char *text, bool bytes); /* str or bytes */

/* fork() with the functions of os.register_at_fork() run; in the child only this thread is left. -1 with errno. */
pid_t posix_fork(void);

KrValue posix_fstat(int fd);
KrValue posix_fstatvfs(int fd);

extern const KrFunction *const *const posix_file_functions;
extern const KrFunction *const *const posix_process_functions;
extern const KrFunction *const *const posix_descriptor_functions;
int posix_files_init(KrValue module);
int posix_process_init(KrValue module);

#endif
