/* bytecode_cache.h: compiled source files on disk. */
#ifndef RUNTIME_VM_BYTECODE_CACHE_H
#define RUNTIME_VM_BYTECODE_CACHE_H

#include <sys/stat.h>

#include "runtime/value.h"

/* The Code of a source file if the cache holds it fresh; EMPTY without exception if not. */
Value kr_bytecode_cache_load(const char *path);
/* Keeps a Code; failures are silent, the cache is only a cache. */
void kr_bytecode_cache_store(const char *path, const struct stat *status, Value code);
/* The whole file in malloc'ed memory with a NUL after it, or NULL with errno. */
char *kr_bytecode_read_file(const char *path, size_t *size, struct stat *status);

#endif
