/* jitdump.c: -X perf_jit (CPython's name), the file from which `perf inject --jit` makes objects with names and lines.
 *
 *     perf record -k 1 krait -X perf_jit script.py;  perf inject --jit -i perf.data -o jit.data;  perf report -i jit.data
 *
 *     /tmp/jit-<pid>.dump     header; for each kernel a record of its lines, then one of its code
 *
 * perf finds the file by a page of it that is mapped executable, which shows among its events of mappings. Times are those of
 * the monotonic clock (-k 1). The format is the kernel's: tools/perf/Documentation/jitdump-specification.txt. */
#include "jit/run/jitdump.h"

#include <elf.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "jit/backends/lines.h"
#include "runtime/vm/sys_module.h"

enum { MAGIC = 0x4a695444, VERSION = 1, RECORD_CODE = 0, RECORD_LINES = 2 };

typedef struct Header {
    uint32_t magic, version, size, machine, padding, pid;
    uint64_t time, flags;
} Header;

typedef struct Record {
    uint32_t kind, size;
    uint64_t time;
} Record;

typedef struct CodeRecord {
    Record record;
    uint32_t pid, thread;
    uint64_t address, code, size, number;
} CodeRecord;

typedef struct LinesRecord {
    Record record;
    uint64_t code, count;
} LinesRecord;

typedef struct Text {
    char *data;
    size_t size, room;
    uint64_t lines;
} Text;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

bool jit_jitdump_wanted(void) { return kr_option_x("perf_jit") != NULL; }

static uint64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* The open file, with its header and the page that perf looks for; -1: there is none. A forked child has its own. */
static int dump_file(void)
{
    static int file = -1;
    static pid_t owner;
    char path[64];
    if (owner == getpid()) return file;
    owner = getpid();
    snprintf(path, sizeof path, "/tmp/jit-%ld.dump", (long)owner);
    unlink(path); /* of a process that had the number before */
    file = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0) return -1;
#if defined(__x86_64__)
    const uint32_t machine = EM_X86_64;
#else
    const uint32_t machine = EM_AARCH64;
#endif
    Header header = {MAGIC, VERSION, sizeof header, machine, 0, (uint32_t)owner, now(), 0};
    if (write(file, &header, sizeof header) != (ssize_t)sizeof header) return file = -1;
    void *page =
        mmap(NULL, (size_t)sysconf(_SC_PAGESIZE), PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0);
    return page == MAP_FAILED ? file = -1
                              : file; /* the page stays mapped: its event is what counts */
}

static void add(Text *text, const void *data, size_t size)
{
    if (text->size + size > text->room) {
        size_t room = 2 * (text->size + size) + 1024;
        char *more = realloc(text->data, room);
        if (!more) return;
        text->data = more;
        text->room = room;
    }
    memcpy(text->data + text->size, data, size);
    text->size += size;
}

static void add_line(void *context, uint64_t address, const char *file, uint32_t line)
{
    Text *text = context;
    struct {
        uint64_t address;
        uint32_t line, column;
    } entry = {address, line, 0};
    add(text, &entry, sizeof entry);
    add(text, file, strlen(file) + 1);
    text->lines++;
}

/* One write a record: other processes that share nothing with this one may still see the file grow. */
static void put(int file, const void *head, size_t head_size, const Text *text)
{
    Text whole = {0};
    add(&whole, head, head_size);
    add(&whole, text->data, text->size);
    ssize_t written =
        whole.size == head_size + text->size ? write(file, whole.data, whole.size) : 0;
    (void)written; /* a profile without names is still one */
    free(whole.data);
}

void jit_jitdump_add(const JitCode *code, const JitBytes *object, const char *name)
{
    static uint64_t number;
    const void *begin;
    size_t size;
    if (!jit_jitdump_wanted()) return;
    jit_loader_range(code, &begin, &size);
    pthread_mutex_lock(&mutex);
    int file = dump_file();
    if (file >= 0) {
        uint64_t at = (uint64_t)(uintptr_t)begin;
        Text lines = {0}, body = {0};
        jit_lines_read(code, object, add_line, &lines);
        LinesRecord head = {
            {RECORD_LINES, (uint32_t)(sizeof head + lines.size), now()}, at, lines.lines};
        if (lines.lines) put(file, &head, sizeof head, &lines);
        char label[320];
        snprintf(label, sizeof label, "krait::%.300s", name);
        add(&body, label, strlen(label) + 1);
        add(&body, begin, size);
        CodeRecord record = {{RECORD_CODE, (uint32_t)(sizeof record + body.size), now()},
                             (uint32_t)getpid(),
                             (uint32_t)syscall(SYS_gettid),
                             at,
                             at,
                             size,
                             number++};
        put(file, &record, sizeof record, &body);
        free(lines.data);
        free(body.data);
    }
    pthread_mutex_unlock(&mutex);
}
