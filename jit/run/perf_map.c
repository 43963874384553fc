/* perf_map.c: the file that perf reads names of generated code from, /tmp/perf-<pid>.map, one line
 * "address size name" a kernel, in hexadecimal. Written only with -X perf, CPython's option for the
 * same file; the file is made new and never followed through a link, since others write to /tmp. */
#include "jit/run/perf_map.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "runtime/vm/sys_module.h"

static int open_map(void)
{
    static pid_t owner; /* a forked child has a map of its own */
    char path[64];
    snprintf(path, sizeof path, "/tmp/perf-%ld.map", (long)getpid());
    if (owner != getpid()) unlink(path); /* of a process that had the number before */
    owner = getpid();
    return open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
}

void jit_perf_map_add(const JitCode *code, const char *name)
{
    const void *begin;
    size_t size;
    char line[400];
    if (!kr_option_x("perf")) return;
    int file = open_map();
    if (file < 0) return;
    jit_loader_range(code, &begin, &size);
    int n = snprintf(line, sizeof line, "%lx %zx krait::%.300s\n", (unsigned long)(uintptr_t)begin,
                     size, name);
    ssize_t written = write(file, line, (size_t)n);
    (void)written; /* a profile without names is still one */
    close(file);
}
