/* Opens code generator plug-ins, once each. */
#include "jit/backends/backend.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_OPEN = 4 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
    char name[32];
    const JitBackend *backend;
} opened[MAX_OPEN];

char *jit_backend_symbol(const char *function, char *out, size_t size)
{
    size_t n = (size_t)snprintf(out, size, "kernel_");
    for (const char *c = function; *c && n + 4 < size; c++) {
        bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
                     (*c >= '0' && *c <= '9') || *c == '_';
        n += (size_t)snprintf(out + n, size - n, plain ? "%c" : "_%02x", (unsigned char)*c);
    }
    return out;
}

static void *open_in(const char *folder, const char *name, char *error, size_t size)
{
    char path[PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/krait-%s.so", folder, name);
    if (access(path, F_OK))
        return NULL;
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library)
        snprintf(error, size, "the code generator '%s' cannot be opened: %s", name, dlerror());
    return library;
}

static void own_folder(char *folder)
{
    ssize_t n = readlink("/proc/self/exe", folder, PATH_MAX - 1);
    folder[n > 0 ? n : 0] = 0;
    char *slash = strrchr(folder, '/');
    if (slash) *slash = 0;
}

static const JitBackend *open_locked(const char *name, const char *folder, char *error, size_t size)
{
    int at = 0;
    for (; at < MAX_OPEN && opened[at].backend; at++)
        if (!strcmp(opened[at].name, name)) return opened[at].backend;
    static const char *const beside[] = {"/lib/krait", "/../lib/krait", ""};
    char exe[PATH_MAX], place[PATH_MAX + 16];
    snprintf(error, size, "there is no krait-%s.so beside the program", name);
    void *library = folder ? open_in(folder, name, error, size) : NULL;
    own_folder(exe);
    for (size_t i = 0; !library && i < sizeof beside / sizeof *beside; i++) {
        snprintf(place, sizeof place, "%s%s", exe, beside[i]);
        library = open_in(place, name, error, size);
    }
    if (!library) return NULL;
    const JitBackend *(*get)(void) =
        (const JitBackend *(*)(void))dlsym(library, JIT_BACKEND_SYMBOL);
    const JitBackend *backend = get ? get() : NULL;
    if (!backend || backend->version != JIT_BACKEND_VERSION) {
        snprintf(error, size, "the code generator '%s' is of another version of krait", name);
        dlclose(library);
        return NULL;
    }
    if (at < MAX_OPEN) {
        snprintf(opened[at].name, sizeof opened[at].name, "%s", name);
        opened[at].backend = backend;
    }
    return backend;
}

const JitBackend *jit_backend_open(const char *name, const char *folder, char *error, size_t size)
{
    pthread_mutex_lock(&lock);
    const JitBackend *backend = open_locked(name, folder, error, size);
    pthread_mutex_unlock(&lock);
    return backend;
}
