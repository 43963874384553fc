/* extremes.h: np_arg_F64_maximum(p, n) and its kin: the place of the first extreme value, or of the first NaN. */
#ifndef MODULES_NUMPY_EXTREMES_H
#define MODULES_NUMPY_EXTREMES_H

#include "modules/numpy/numpy.h"

#define NP_EXTREME_TYPES(X)                                                         \
    X(I8, int8_t, int8_t)                                                           \
    X(U8, uint8_t, int8_t) X(I16, int16_t, int16_t) X(U16, uint16_t, int16_t)       \
        X(I32, int32_t, int32_t) X(U32, uint32_t, int32_t) X(I64, int64_t, int64_t) \
            X(U64, uint64_t, int64_t) X(F32, float, int32_t) X(F64, double, int64_t)

#define NP_EXTREME_DECLARE(SUF, T, M)                      \
    int64_t np_arg_##SUF##_maximum(const T *p, int64_t n); \
    int64_t np_arg_##SUF##_minimum(const T *p, int64_t n);
NP_EXTREME_TYPES(NP_EXTREME_DECLARE)

#endif
