/* bits.h: sources of random bits, and the distributions drawn from them.
 *
 * A source is a NpBits: a state and four functions on it. Everything here is plain C without heap objects, so
 * that compiled kernels call it directly with the NpBits of a bit generator. A source belongs to one thread at
 * a time; whoever draws holds np_bits_lock().
 *
 *   generators.c   PCG64, PCG64DXSM, MT19937, Philox, SFC64     bounded.c     integers in a range, shuffles
 *   ziggurat.c     normal and exponential                       continuous.c  distributions of reals
 *   discrete.c     distributions of integers                    legacy.c      RandomState's frozen ones
 *   objects.c      the object around a source, seeds, state      draw.c        arrays of draws, from a table */
#ifndef MODULES_NUMPY_RANDOM_BITS_H
#define MODULES_NUMPY_RANDOM_BITS_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The first five members are laid out as other libraries expect them behind the capsule "BitGenerator". */
typedef struct NpBits {
    void *state;
    uint64_t (*next64)(void *state);
    uint32_t (*next32)(void *state);
    double (*next_double)(void *state); /* in [0, 1), 53 bits */
    uint64_t (*next_raw)(void *state);
    int has_gauss; /* legacy normals come in pairs: the second one waits here */
    double gauss;
} NpBits;

static inline uint64_t np_bits_next64(NpBits *b) { return b->next64(b->state); }
static inline uint32_t np_bits_next32(NpBits *b) { return b->next32(b->state); }
static inline double np_bits_double(NpBits *b) { return b->next_double(b->state); }
static inline float np_bits_float(NpBits *b)
{
    return (float)(np_bits_next32(b) >> 8) * (1.0f / 16777216.0f);
}

/* ---- Generators ---- */

typedef unsigned __int128 NpU128;

enum NpGeneratorKind {
    NP_PCG64,
    NP_PCG64DXSM,
    NP_MT19937,
    NP_PHILOX,
    NP_SFC64,
    NP_GENERATOR_COUNT
};

typedef struct NpPcg {
    NpU128 state, increment; /* the increment is odd */
} NpPcg;

enum { NP_MT_WORDS = 624 };
typedef struct NpMt {
    uint32_t key[NP_MT_WORDS];
    int at; /* of the next word; NP_MT_WORDS when all are used */
} NpMt;

typedef struct NpPhilox {
    uint64_t counter[4], key[2], buffer[4];
    int at; /* of the next word of buffer; 4 when all are used */
} NpPhilox;

typedef struct NpSfc {
    uint64_t s[4]; /* three words and a counter */
} NpSfc;

/* Generators of 64-bit words give two halves; the second waits in `half`. */
typedef struct NpGenerator {
    int kind, has_half;
    uint32_t half;
    union {
        NpPcg pcg;
        NpMt mt;
        NpPhilox philox;
        NpSfc sfc;
    };
} NpGenerator;

void np_generator_bits(NpGenerator *g, int kind, NpBits *out); /* makes *out draw from *g */
void np_generator_seed(NpGenerator *g,
                       const uint64_t *words); /* words of a seed sequence, see below */
int np_generator_seed_words(int kind);         /* how many uint64 (MT19937: uint32) */
void np_mt_seed_word(NpMt *mt, uint32_t seed); /* the reference seeding of 2002 */
void np_mt_seed_array(NpMt *mt, const uint32_t *key, size_t n);
void np_mt_jump(NpMt *mt); /* 2^128 steps */
void np_pcg_advance(NpGenerator *g, NpU128 steps);
void np_philox_advance(NpGenerator *g, const uint64_t steps[4]);

/* ---- Integers in a range ---- */

uint64_t np_random_interval(NpBits *b, uint64_t max); /* in [0, max], by mask and rejection */
uint64_t np_random_bounded(NpBits *b, uint64_t max,
                           bool masked); /* in [0, max]; not masked: Lemire's method */
/* n integers off + [0, max] of 1, 2, 4 or 8 bytes; width 0 is bool. */
void np_random_fill_bounded(NpBits *b, uint64_t off, uint64_t max, int64_t n, int width,
                            bool masked, void *out);
/* One integer of a width, small ones taken from 32 random bits that *buffer keeps, *left of them. */
uint64_t np_random_buffered(NpBits *b, uint64_t off, uint64_t max, int width, bool masked,
                            int *left, uint32_t *buffer);
void np_random_shuffle(NpBits *b, char *data, int64_t n, int64_t step,
                       int64_t size); /* n items of size bytes */
void np_random_shuffle_tail(NpBits *b, int64_t *data, int64_t n, int64_t first);
/* size of the integers below population, without repetition; false: no memory. */
bool np_random_sample(NpBits *b, int64_t population, int64_t size, bool shuffle, int64_t *out);

/* ---- Distributions ---- */

void np_ziggurat_init(void);
double np_random_standard_normal(NpBits *b);
float np_random_standard_normal_f(NpBits *b);
double np_random_standard_exponential(NpBits *b);
float np_random_standard_exponential_f(NpBits *b);
double np_random_exponential_inverse(NpBits *b); /* by the logarithm */
float np_random_exponential_inverse_f(NpBits *b);

double np_random_standard_gamma(NpBits *b, double shape);
float np_random_standard_gamma_f(NpBits *b, float shape);
double np_random_beta(NpBits *b, double alpha, double beta);
double np_random_chisquare(NpBits *b, double df);
double np_random_noncentral_chisquare(NpBits *b, double df, double nonc);
double np_random_f(NpBits *b, double dfnum, double dfden);
double np_random_noncentral_f(NpBits *b, double dfnum, double dfden, double nonc);
double np_random_standard_cauchy(NpBits *b);
double np_random_standard_t(NpBits *b, double df);
double np_random_pareto(NpBits *b, double a);
double np_random_weibull(NpBits *b, double a);
double np_random_power(NpBits *b, double a);
double np_random_laplace(NpBits *b, double loc, double scale);
double np_random_gumbel(NpBits *b, double loc, double scale);
double np_random_logistic(NpBits *b, double loc, double scale);
double np_random_lognormal(NpBits *b, double mean, double sigma);
double np_random_rayleigh(NpBits *b, double scale);
double np_random_vonmises(NpBits *b, double mu, double kappa);
double np_random_wald(NpBits *b, double mean, double scale);
double np_random_triangular(NpBits *b, double left, double mode, double right);

/* What the binomial sampler computes from n and p, kept between draws of the same two. Zeroed: nothing yet. */
typedef struct NpBinomial {
    int64_t n;
    double p;
    bool ready, rejection;
    double q, qn, bound;                                         /* inversion */
    double r, spread, xm, xl, xr, c, laml, lamr, p1, p2, p3, p4; /* BTPE */
    int64_t m;
} NpBinomial;
int64_t np_random_binomial(NpBits *b, int64_t n, double p, NpBinomial *kept /* or NULL */);
int64_t np_random_poisson(NpBits *b, double lam);
int64_t np_random_negative_binomial(NpBits *b, double n, double p);
int64_t np_random_geometric(NpBits *b, double p);
int64_t np_random_zipf(NpBits *b, double a);
int64_t np_random_logseries(NpBits *b, double p);
int64_t np_random_hypergeometric(NpBits *b, int64_t good, int64_t bad, int64_t sample);
void np_random_multinomial(NpBits *b, int64_t n, const double *p, int64_t d, bool legacy,
                           int64_t *out);
/* Draws `sample` balls of d colours; out is d counts. The second needs room for sum(colors) numbers. */
void np_random_marginals(NpBits *b, int64_t total, const int64_t *colors, int64_t d, int64_t sample,
                         int64_t *out);
void np_random_counts(NpBits *b, int64_t total, const int64_t *colors, int64_t d, int64_t sample,
                      int64_t *balls, int64_t *out);
double np_random_loggamma(double x);

/* RandomState's, frozen: polar normals, logarithmic exponentials. */
double np_legacy_gauss(NpBits *b);
double np_legacy_exponential(NpBits *b);
double np_legacy_standard_gamma(NpBits *b, double shape);
double np_legacy_beta(NpBits *b, double alpha, double beta);
double np_legacy_chisquare(NpBits *b, double df);
double np_legacy_noncentral_chisquare(NpBits *b, double df, double nonc);
double np_legacy_f(NpBits *b, double dfnum, double dfden);
double np_legacy_noncentral_f(NpBits *b, double dfnum, double dfden, double nonc);
double np_legacy_standard_cauchy(NpBits *b);
double np_legacy_standard_t(NpBits *b, double df);
double np_legacy_pareto(NpBits *b, double a);
double np_legacy_weibull(NpBits *b, double a);
double np_legacy_power(NpBits *b, double a);
double np_legacy_rayleigh(NpBits *b, double scale);
double np_legacy_vonmises(NpBits *b, double mu, double kappa);
double np_legacy_wald(NpBits *b, double mean, double scale);
int64_t np_legacy_binomial(NpBits *b, int64_t n, double p, NpBinomial *kept);
int64_t np_legacy_negative_binomial(NpBits *b, double n, double p);
int64_t np_legacy_geometric(NpBits *b, double p);
int64_t np_legacy_zipf(NpBits *b, double a);
int64_t np_legacy_logseries(NpBits *b, double p);
int64_t np_legacy_hypergeometric(NpBits *b, int64_t good, int64_t bad, int64_t sample);

#endif
