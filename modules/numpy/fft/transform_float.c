/* transform_float.c: the transform in single precision; see transform.h. */
#define REAL float
#define NAME(x) x##_float
#define FFT_CLONES __attribute__((target_clones("arch=x86-64-v3", "default")))
#include "modules/numpy/fft/transform.h"
