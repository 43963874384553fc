/* bytecode_cache.c: compiled source files on disk.
 *
 * One file a source file, in <cache folder>/bytecode/, named by a hash of the source's path. It is fresh when the
 * source's size and modification time and the optimisation level are those written in its header, and its
 * build is ours. Written to a temporary name and renamed. A folder that another user owns or can write is not
 * used. The code itself is checked by its reader (compile/code_file.c).
 *
 *     magic 8 | build 8 | mtime seconds 8 | nanoseconds 8 | size 8 | code ... */
#include "runtime/vm/bytecode_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "runtime/compile/code_file.h"
#include "runtime/vm/sys_module.h"

typedef struct Header {
    char magic[8];
    uint64_t build;
    int64_t seconds, nanoseconds, size;
} Header;

static const char magic[8] = "kraitbc1";

static uint64_t hash_text(const char *text, uint64_t hash)
{
    for (; *text; text++) hash = (hash ^ (uint8_t)*text) * UINT64_C(0x100000001b3);
    return hash;
}

/* Differs between builds and optimisation levels. */
static uint64_t build_id(void)
{
    uint64_t hash = hash_text(__DATE__ __TIME__, UINT64_C(0xcbf29ce484222325));
    return (hash ^ kr_code_file_version()) + (uint64_t)kr_options.optimize;
}

/* The folder, made if need be; NULL when there is none that is ours alone. */
static const char *cache_folder(void)
{
    static char folder[3072];
    static int state; /* 0 unknown, 1 usable, -1 not */
    if (state) return state > 0 ? folder : NULL;
    state = -1;
    const char *own = getenv("KRAIT_CACHE_DIR"), *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (own && *own) snprintf(folder, sizeof folder, "%s/bytecode", own);
    else if (xdg && *xdg) snprintf(folder, sizeof folder, "%s/krait/bytecode", xdg);
    else if (home && *home) snprintf(folder, sizeof folder, "%s/.cache/krait/bytecode", home);
    else return NULL;
    for (char *p = folder + 1; *p; p++) {
        if (*p != '/') continue;
        *p = 0;
        mkdir(folder, 0700);
        *p = '/';
    }
    mkdir(folder, 0700);
    struct stat status;
    if (stat(folder, &status) != 0 || status.st_uid != geteuid() || (status.st_mode & 022)) return NULL;
    state = 1;
    return folder;
}

static bool cache_path(const char *source, char *path, size_t size)
{
    const char *off = kr_option_x("cache");
    if (off && strcmp(off, "off") == 0) return false;
    const char *folder = cache_folder();
    if (!folder || !*source || source[0] != '/') return false;
    const char *base = strrchr(source, '/') + 1;
    int n = snprintf(path, size, "%s/%.40s-%016llx-%d", folder, base,
                     (unsigned long long)hash_text(source, UINT64_C(0xcbf29ce484222325)), kr_options.optimize);
    return n > 0 && (size_t)n < size;
}

char *kr_bytecode_read_file(const char *path, size_t *size, struct stat *status)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return NULL;
    char *text = NULL;
    if (fstat(fd, status) == 0) {
        if (S_ISDIR(status->st_mode)) {
            close(fd);
            errno = EISDIR;
            return NULL;
        }
        size_t capacity = status->st_size > 0 ? (size_t)status->st_size + 1 : 65536, length = 0;
        text = malloc(capacity);
        while (text) {
            ssize_t n = read(fd, text + length, capacity - 1 - length);
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) {
                free(text);
                text = NULL;
                break;
            }
            length += (size_t)n;
            if (n == 0) {
                text[length] = 0;
                *size = length;
                break;
            }
            if (length + 1 == capacity) {
                char *larger = realloc(text, capacity *= 2);
                if (!larger) free(text);
                text = larger;
            }
        }
    }
    int error = errno;
    close(fd);
    errno = error;
    return text;
}

Value kr_bytecode_cache_load(const char *source)
{
    char path[4096];
    struct stat source_status, status;
    if (!cache_path(source, path, sizeof path)) return EMPTY;
    size_t size;
    char *bytes = kr_bytecode_read_file(path, &size, &status);
    if (!bytes) return EMPTY;
    Value code = EMPTY;
    Header header;
    if (size > sizeof header && stat(source, &source_status) == 0) {
        memcpy(&header, bytes, sizeof header);
        if (memcmp(header.magic, magic, sizeof magic) == 0 && header.build == build_id() &&
            header.seconds == source_status.st_mtim.tv_sec && header.nanoseconds == source_status.st_mtim.tv_nsec &&
            header.size == source_status.st_size) {
            code = kr_code_file_read((const uint8_t *)bytes + sizeof header, size - sizeof header);
            if (is_empty(code)) kr_clear_exception();
        }
    }
    free(bytes);
    return code;
}

void kr_bytecode_cache_store(const char *source, const struct stat *status, Value code)
{
    char path[4096], temporary[4128];
    Value no_writing = kr_sys_get("dont_write_bytecode");
    if (!is_empty(no_writing) && kr_truth(no_writing) != 0) return;
    if (!cache_path(source, path, sizeof path)) return;
    Value bytes = kr_code_file_write(code);
    if (is_empty(bytes)) {
        kr_clear_exception();
        return;
    }
    snprintf(temporary, sizeof temporary, "%s.%d.tmp", path, (int)getpid());
    int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return;
    Header header = {.build = build_id(), .seconds = status->st_mtim.tv_sec, .nanoseconds = status->st_mtim.tv_nsec,
                     .size = status->st_size};
    memcpy(header.magic, magic, sizeof magic);
    size_t n = kr_bytes_size(bytes);
    bool written = write(fd, &header, sizeof header) == sizeof header && write(fd, kr_bytes_data(bytes), n) == (ssize_t)n;
    if (close(fd) != 0 || !written || rename(temporary, path) != 0) unlink(temporary);
}
