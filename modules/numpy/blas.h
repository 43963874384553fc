/* blas.h: OpenBLAS (BLAS and LAPACK), opened on first need. */
#ifndef MODULES_NUMPY_BLAS_H
#define MODULES_NUMPY_BLAS_H

#include "modules/numpy/numpy.h"

/* A function of the library by its C name, or NULL with an exception (the library is missing). */
void *np_blas_function(const char *name);
bool np_blas_available(void);
/* Before a call: the library gets as many threads as krait's pool has free, one inside a parallel loop. */
void np_blas_share_threads(void);

#define BLAS(type, name, ...)                                                                      \
    static type (*name##_pointer)(__VA_ARGS__);                                                    \
    if (!name##_pointer) {                                                                         \
        void *found_ = np_blas_function(#name);                                                    \
        if (!found_) return -1;                                                                    \
        memcpy(&name##_pointer, &found_, sizeof found_);                                           \
    }                                                                                              \
    np_blas_share_threads();

#endif
