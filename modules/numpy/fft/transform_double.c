/* transform_double.c: the transform in double precision; see transform.h. */
#define REAL double
#define NAME(x) x##_double
#define FFT_CLONES __attribute__((target_clones("arch=x86-64-v3", "default")))
#include "modules/numpy/fft/transform.h"
