/* cache.h: objects of kernels on disk. */
#ifndef JIT_RUN_CACHE_H
#define JIT_RUN_CACHE_H

#include "jit/backends/backend.h"

/* What an object depends on: the lowered IR, the plug-in ("llvm") and, in `extra`, the options of code generation.
 * malloc'ed; NULL: the cache is off. */
char *jit_cache_key(IrModule *m, const char *plugin, const char *extra, size_t *size);
/* The object kept under a key, malloc'ed; data NULL: there is none. */
JitBytes jit_cache_load(const char *key, size_t size);
/* Keeps an object. Failures are silent: the cache is only a cache. */
void jit_cache_store(const char *key, size_t size, const JitBytes *object);

#endif
