/* What the C that jit.build writes calls in libkernel.a. That C declares these things by itself (modules/jit/build.py): a
 * change here is a change there. */
#ifndef JIT_RUN_STANDALONE_H
#define JIT_RUN_STANDALONE_H

#include "jit/run/kernel_abi.h"

typedef struct krait_error {
    int code;
    int line;
    const char *file, *function;
    char kind[32], message[400];
} krait_error;

/* A Python function of the library, by the number in positions. */
typedef struct LibrarySource {
    const char *file, *name, *text; /* its lines, or NULL */
    int line;                       /* of the first */
} LibrarySource;

#define LIBRARY_API __attribute__((visibility("default")))

/* The words of a KernelError that the caller keeps. */
enum { LIBRARY_ERROR_WORDS = 8 };
_Static_assert(sizeof(KernelError) <= LIBRARY_ERROR_WORDS * 8,
               "the caller's buffer holds a KernelError");

/* Fills *out (which may be NULL) and returns its code. `raises` has a text for each raise statement with computed arguments: a
 * letter, i, f, s for a first argument that is an int, a float or text, else '-', and the class's name. */
int krait_library_report(const uint64_t *kernel_error, const LibrarySource *sources,
                         const char *const *raises, krait_error *out);
/* The address of "jit.sin", "jit.sin.v4" and so on. */
void *krait_library_math(const char *name);
extern LIBRARY_API const int krait_library_abi;
void *krait_library_owner(uint64_t owner);
LIBRARY_API void krait_release(void *owner);
/* krait has imported the library: loops run on its pool, polls see its signals. */
LIBRARY_API void krait_library_host(KernelParfor parfor, int64_t (*poll)(void));

#endif
