/* cache.c: compiled kernels on disk, so that a second run needs no code generator.
 *
 *     <cache folder>/kernels/<hash of the key>.krk
 *
 *     header   magic, sizes, checksum of all that follows
 *     key      the kernel's lowered IR, in which callees and captured globals stand as they are; the processor; the
 *              identity of krait's program and of the code generator; the options
 *     object   what the code generator gave (backend.h)
 *
 * The whole key is compared, so a hash that two keys share is a miss, never a wrong kernel. Files are written under a
 * temporary name and renamed: readers see whole files only, and the checksum tells a damaged one, which is then written anew.
 * The folder and the files must belong to the user and be writable by nobody else, else the cache stays unused: what is in
 * them is executed. The first store of a process trims the folder to its cap, the oldest use first. */
#include "jit/run/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#if defined __x86_64__
#include <cpuid.h>
#else
#include <sys/auxv.h>
#endif

#include "jit/run/compile.h"
#include "runtime/vm/sys_module.h"

enum { CACHE_VERSION = 1, FILE_MAX = 64 << 20, STALE_SECONDS = 3600 };
static const int64_t folder_cap = INT64_C(256) << 20;

typedef struct Header {
    char magic[8];
    uint32_t version, abi;
    uint64_t key_size, object_size, checksum;
} Header;

static const char magic[8] = "KRKERNEL";

/* ---- Hashing ---- */

static uint64_t mixed(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static uint64_t hash_of(const void *data, size_t size, uint64_t seed)
{
    const char *at = data;
    uint64_t h = mixed(seed + size), word;
    for (; size >= 8; size -= 8, at += 8) {
        memcpy(&word, at, 8);
        h = mixed(h ^ word) + UINT64_C(0x9e3779b97f4a7c15);
    }
    word = 0;
    memcpy(&word, at, size);
    return mixed(h ^ word);
}

/* ---- What an object depends on ---- */

static size_t processor(char *out, size_t size)
{
    size_t n = 0;
#if defined __x86_64__
    static const unsigned leaves[][2] = {{0, 0}, {1, 0}, {7, 0}, {7, 1}, {0xd, 1}, {0x80000001, 0}};
    for (size_t i = 0; i < sizeof leaves / sizeof *leaves; i++) {
        unsigned a = 0, b = 0, c = 0, d = 0;
        if (!__get_cpuid_count(leaves[i][0], leaves[i][1], &a, &b, &c, &d)) continue;
        if (leaves[i][0] == 1)
            b = 0, c &= ~(1u << 27); /* the core's number; "the system saves the state" */
        n += (size_t)snprintf(out + n, size - n, " %x-%x-%x-%x", a, b, c, d);
    }
#else
    n += (size_t)snprintf(out + n, size - n, " %lx-%lx", getauxval(AT_HWCAP), getauxval(AT_HWCAP2));
#endif
    return n;
}

/* Size and time of change stand for the bytes of a program. */
static size_t identity(const char *path, char *out, size_t size)
{
    struct stat s;
    if (stat(path, &s) < 0) return (size_t)snprintf(out, size, " none");
    return (size_t)snprintf(out, size, " %lld.%lld.%09ld", (long long)s.st_size,
                            (long long)s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
}

static const char *machine_text(void)
{
    static char text[1024];
    if (text[0]) return text;
    size_t n = (size_t)snprintf(text, sizeof text, "krait cache %d abi %d", CACHE_VERSION,
                                KERNEL_ABI_VERSION);
    n += identity("/proc/self/exe", text + n, sizeof text - n);
    processor(text + n, sizeof text - n);
    return text;
}

static void plugin_text(const char *plugin, char *out, size_t size)
{
    char path[PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/krait-%s.so", kr_options.home ? kr_options.home : ".", plugin);
    size_t n = (size_t)snprintf(out, size, "%s", plugin);
    identity(path, out + n, size - n);
}

char *jit_cache_key(IrModule *m, const char *plugin, const char *extra, size_t *size)
{
    const char *option = kr_option_x("cache");
    if (option && strcmp(option, "off") == 0) return NULL;
    IrText out = {0};
    for (IrFunc *f = m->funcs; f; f = f->next) jit_ir_number(f);
    jit_print_module(m, &out);
    char generator[128];
    plugin_text(plugin, generator, sizeof generator);
    char *key = NULL;
    int n = out.data
                ? asprintf(&key, "%s\n%s %s\n%s", machine_text(), generator, extra, out.data)
                : -1;
    free(out.data);
    if (n < 0) return NULL;
    *size = (size_t)n;
    return key;
}

/* ---- The folder ---- */

static bool is_private(const struct stat *s)
{
    return s->st_uid == geteuid() && !(s->st_mode & (S_IWGRP | S_IWOTH));
}

static int make_folder(char *path) /* each component in turn */
{
    for (char *slash = path + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = 0;
        mkdir(path, 0700);
        *slash = '/';
    }
    return mkdir(path, 0700) < 0 && errno != EEXIST ? -1 : 0;
}

/* An open folder of the user's own, or -1. */
static int open_folder(void)
{
    char path[PATH_MAX];
    const char *own = getenv("KRAIT_CACHE_DIR"), *xdg = getenv("XDG_CACHE_HOME"),
               *home = getenv("HOME");
    int n = own && *own     ? snprintf(path, sizeof path, "%s/kernels", own)
            : xdg && *xdg   ? snprintf(path, sizeof path, "%s/krait/kernels", xdg)
            : home && *home ? snprintf(path, sizeof path, "%s/.cache/krait/kernels", home)
                            : -1;
    if (n < 0 || n >= (int)sizeof path) return -1;
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0 && errno == ENOENT && make_folder(path) == 0)
        folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct stat s;
    if (folder >= 0 && (fstat(folder, &s) < 0 || !is_private(&s))) {
        close(folder);
        return -1;
    }
    return folder;
}

static void file_name(const char *key, size_t size, char *name, size_t room)
{
    snprintf(name, room, "%016llx%016llx.krk", (unsigned long long)hash_of(key, size, 1),
             (unsigned long long)hash_of(key, size, 2));
}

/* ---- Reading ---- */

static bool read_all(int file, void *to, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t n = read(file, (char *)to + done, size - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        done += (size_t)n;
    }
    return true;
}

/* The bytes behind the header if they are whole and of this key. */
static char *read_body(int file, const Header *h, const char *key, size_t key_size)
{
    if (memcmp(h->magic, magic, sizeof magic) != 0 || h->version != CACHE_VERSION ||
        h->abi != KERNEL_ABI_VERSION)
        return NULL;
    if (h->key_size != key_size || !h->object_size || h->object_size > FILE_MAX) return NULL;
    size_t size = key_size + (size_t)h->object_size;
    char *body = malloc(size);
    if (body && read_all(file, body, size) && hash_of(body, size, 3) == h->checksum &&
        memcmp(body, key, key_size) == 0)
        return body;
    free(body);
    return NULL;
}

JitBytes jit_cache_load(const char *key, size_t size)
{
    JitBytes object = {0};
    char name[64];
    int folder = open_folder();
    if (folder < 0) return object;
    file_name(key, size, name, sizeof name);
    int file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    struct stat s;
    Header header;
    if (file >= 0 && fstat(file, &s) == 0 && S_ISREG(s.st_mode) && is_private(&s) &&
        read_all(file, &header, sizeof header)) {
        char *body = read_body(file, &header, key, size);
        if (body) {
            memmove(body, body + size, (size_t)header.object_size);
            object = (JitBytes){(uint8_t *)body, (size_t)header.object_size};
            futimens(file, NULL); /* used now: trimming goes by this time */
        }
    }
    if (file >= 0) close(file);
    close(folder);
    return object;
}

/* ---- Trimming ---- */

typedef struct Entry {
    char name[64];
    int64_t size, time;
} Entry;

static int by_time(const void *a, const void *b)
{
    int64_t x = ((const Entry *)a)->time, y = ((const Entry *)b)->time;
    return (x > y) - (x < y);
}

static void trim(int folder)
{
    int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = again < 0 ? NULL : fdopendir(again);
    if (!dir) {
        if (again >= 0) close(again);
        return;
    }
    Entry *entries = NULL;
    size_t count = 0, room = 0;
    int64_t total = 0;
    for (struct dirent *d; (d = readdir(dir));) {
        struct stat s;
        size_t length = strlen(d->d_name);
        if (d->d_name[0] == '.' || length >= sizeof entries->name ||
            fstatat(folder, d->d_name, &s, AT_SYMLINK_NOFOLLOW) < 0)
            continue;
        if (length > 4 &&
            strcmp(d->d_name + length - 4, ".tmp") == 0) { /* of a process that died */
            if (s.st_mtime + STALE_SECONDS < time(NULL)) unlinkat(folder, d->d_name, 0);
            continue;
        }
        if (count == room) {
            Entry *more = realloc(entries, (room = room ? room * 2 : 64) * sizeof *entries);
            if (!more) break;
            entries = more;
        }
        memcpy(entries[count].name, d->d_name, length + 1);
        entries[count].size = s.st_size;
        entries[count++].time = s.st_mtime;
        total += s.st_size;
    }
    closedir(dir);
    if (total > folder_cap) {
        qsort(entries, count, sizeof *entries, by_time);
        for (size_t i = 0; i < count && total > folder_cap / 4 * 3; i++)
            if (unlinkat(folder, entries[i].name, 0) == 0) total -= entries[i].size;
    }
    free(entries);
}

/* ---- Writing ---- */

static bool write_all(int file, const void *from, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t n = write(file, (const char *)from + done, size - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        done += (size_t)n;
    }
    return true;
}

void jit_cache_store(const char *key, size_t size, const JitBytes *object)
{
    static bool trimmed;
    static unsigned counter;
    int folder = open_folder();
    size_t total = size + object->size;
    char *body = folder < 0 || total > FILE_MAX ? NULL : malloc(total);
    if (body) {
        if (!trimmed) trim(folder);
        trimmed = true;
        memcpy(body, key, size);
        memcpy(body + size, object->data, object->size);
        Header header = {.version = CACHE_VERSION,
                         .abi = KERNEL_ABI_VERSION,
                         .key_size = size,
                         .object_size = object->size,
                         .checksum = hash_of(body, total, 3)};
        memcpy(header.magic, magic, sizeof magic);
        char name[64], temporary[64];
        file_name(key, size, name, sizeof name);
        snprintf(temporary, sizeof temporary, "%ld-%u.tmp", (long)getpid(), counter++);
        int file =
            openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (file >= 0) {
            bool whole = write_all(file, &header, sizeof header) && write_all(file, body, total);
            if (close(file) < 0 || !whole || renameat(folder, temporary, folder, name) < 0)
                unlinkat(folder, temporary, 0);
        }
        free(body);
    }
    if (folder >= 0) close(folder);
}
