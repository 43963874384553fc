/* fft.h: what the two precisions of the transform share with fft.c.
 *
 *   factors.c     factors of lengths, roots of unity    transform.h   the transform, written once
 *   transform_double.c transform_float.c                 its two instances
 *   fft.c         over the axes of arrays, the cache of plans */
#ifndef MODULES_NUMPY_FFT_FFT_H
#define MODULES_NUMPY_FFT_FFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum NpFftKind { NP_FFT, NP_IFFT, NP_RFFT, NP_IRFFT };

/* A length made ready. It is not written to after it was made: any number of threads may use it. */
typedef struct NpFftPlan NpFftPlan;

enum { NP_FFT_MAX_FACTORS = 64, NP_FFT_LARGEST_RADIX = 61 };
/* n as a product of 4, 2, 3, 5, ... in the order of the passes; the number of factors. The last is the largest. */
int np_fft_factors(int64_t n, int *factors);
/* n has no prime above NP_FFT_LARGEST_RADIX. */
bool np_fft_is_smooth(int64_t n);
/* The least 2^a 3^b 5^c >= n. */
int64_t np_fft_good_size(int64_t n);
/* exp(2 pi i k / n) for k in [0, count), in long double: cosines, then sines. NULL: no memory. */
long double *np_fft_roots(int64_t n, int64_t count);

/* Plans for n points of complex data (real: of real data). NULL: no memory. */
NpFftPlan *np_fft_plan_double(int64_t n, bool real);
NpFftPlan *np_fft_plan_float(int64_t n, bool real);
void np_fft_plan_free_double(NpFftPlan *plan);
void np_fft_plan_free_float(NpFftPlan *plan);
size_t np_fft_work_double(const NpFftPlan *plan); /* bytes of scratch memory for a run */
size_t np_fft_work_float(const NpFftPlan *plan);
/* One line: `have` input points are read with a step in bytes, the others up to n count as zero; results are
 * multiplied by factor. */
typedef struct NpFftLine {
    const char *in;
    char *out;
    int64_t in_step, out_step, have;
    double factor;
} NpFftLine;
void np_fft_run_double(const NpFftPlan *plan, int kind, const NpFftLine *line, void *work);
void np_fft_run_float(const NpFftPlan *plan, int kind, const NpFftLine *line, void *work);

#endif
