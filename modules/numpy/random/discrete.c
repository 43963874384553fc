/* discrete.c: distributions of integers. As in continuous.c, the draws and the order of operations are NumPy's. */
#include <stdlib.h>

#include "modules/numpy/random/bits.h"

/* log(gamma(x)) by Stirling's series, shifted above 7. */
double np_random_loggamma(double x)
{
    static const double series[10] = {8.333333333333333e-02, -2.777777777777778e-03,
                                      7.936507936507937e-04, -5.952380952380952e-04,
                                      8.417508417508418e-04, -1.917526917526918e-03,
                                      6.410256410256410e-03, -2.955065359477124e-02,
                                      1.796443723688307e-01, -1.39243221690590e+00};
    if (x == 1 || x == 2) return 0;
    int64_t n = x < 7 ? (int64_t)(7 - x) : 0;
    double x0 = x + (double)n, x2 = 1 / x0 * (1 / x0), sum = series[9];
    for (int k = 8; k >= 0; k--) sum = sum * x2 + series[k];
    double r = sum / x0 + 0.5 * 1.8378770664093453 + (x0 - 0.5) * log(x0) - x0;
    for (int64_t k = 1; k <= n; k++) {
        r -= log(x0 - 1);
        x0 -= 1;
    }
    return r;
}

/* ---- Poisson ---- */

static int64_t poisson_product(NpBits *b, double lam)
{
    double limit = exp(-lam), product = 1;
    for (int64_t k = 0;; k++) {
        product *= np_bits_double(b);
        if (!(product > limit)) return k; /* the first for a NaN */
    }
}

/* Hoermann 1993: PTRS, transformed rejection with squeeze. */
static int64_t poisson_rejection(NpBits *b, double lam)
{
    double root = sqrt(lam), log_lam = log(lam), s = 0.931 + 2.53 * root, a = -0.059 + 0.02483 * s;
    double inverse_alpha = 1.1239 + 1.1328 / (s - 3.4), vr = 0.9277 - 3.6224 / (s - 2);
    for (;;) {
        double u = np_bits_double(b) - 0.5, v = np_bits_double(b), us = 0.5 - fabs(u);
        int64_t k = (int64_t)floor((2 * a / us + s) * u + lam + 0.43);
        if (us >= 0.07 && v <= vr) return k;
        if (k < 0 || (us < 0.013 && v > us)) continue;
        if (log(v) + log(inverse_alpha) - log(a / (us * us) + s) <=
            -lam + (double)k * log_lam - np_random_loggamma((double)(k + 1)))
            return k;
    }
}

int64_t np_random_poisson(NpBits *b, double lam)
{
    if (lam >= 10) return poisson_rejection(b, lam);
    return lam == 0 ? 0 : poisson_product(b, lam);
}

int64_t np_random_negative_binomial(NpBits *b, double n, double p)
{
    return np_random_poisson(b, (1 - p) / p * np_random_standard_gamma(b, n));
}

/* ---- Binomial ---- */

static void prepare_inversion(NpBinomial *k, int64_t n, double p)
{
    k->q = 1 - p;
    k->qn = exp((double)n * log(k->q));
    double mean = (double)n * p;
    k->bound = (double)(int64_t)fmin((double)n, mean + 10 * sqrt(mean * k->q + 1));
}

static int64_t binomial_inversion(NpBits *b, const NpBinomial *k, int64_t n, double p)
{
    double px = k->qn, u = np_bits_double(b);
    int64_t x = 0;
    while (u > px) {
        if ((double)++x > k->bound) {
            x = 0;
            px = k->qn;
            u = np_bits_double(b);
        } else {
            u -= px;
            px = (double)(n - x + 1) * p * px / ((double)x * k->q);
        }
    }
    return x;
}

/* Kachitvichyanukul and Schmeiser 1988: BTPE. Four regions: triangle, parallelograms, two exponential tails. */
static void prepare_btpe(NpBinomial *k, int64_t n, double p)
{
    k->r = p < 1 - p ? p : 1 - p;
    k->q = 1 - k->r;
    double fm = (double)n * k->r + k->r;
    k->m = (int64_t)floor(fm);
    k->p1 = floor(2.195 * sqrt((double)n * k->r * k->q) - 4.6 * k->q) + 0.5;
    k->xm = (double)k->m + 0.5;
    k->xl = k->xm - k->p1;
    k->xr = k->xm + k->p1;
    k->c = 0.134 + 20.5 / (15.3 + (double)k->m);
    double a = (fm - k->xl) / (fm - k->xl * k->r);
    k->laml = a * (1 + a / 2);
    a = (k->xr - fm) / (k->xr * k->q);
    k->lamr = a * (1 + a / 2);
    k->p2 = k->p1 * (1 + 2 * k->c);
    k->p3 = k->p2 + k->c / k->laml;
    k->p4 = k->p3 + k->c / k->lamr;
    k->spread = (double)n * k->r * k->q;
}

static double stirling(double x) /* the correction of log(x!) */
{
    double x2 = x * x;
    return (13680. - (462. - (132. - (99. - 140. / x2) / x2) / x2) / x2) / x / 166320.;
}

/* Is y accepted at height v? By the recurrence near the mode, else by squeezes and Stirling's formula. */
static bool btpe_accepts(const NpBinomial *k, int64_t n, int64_t y, double v)
{
    int64_t m = k->m, distance = llabs(y - m);
    double far = (double)distance;
    if (!(distance > 20 && far < k->spread / 2 - 1)) {
        double s = k->r / k->q, a = s * (double)(n + 1), f = 1;
        for (int64_t i = m + 1; i <= y; i++) f *= a / (double)i - s;
        for (int64_t i = y + 1; i <= m; i++) f /= a / (double)i - s;
        return v <= f;
    }
    double rho =
        far / k->spread * ((far * (far / 3 + 0.625) + 0.16666666666666666) / k->spread + 0.5);
    double t = (double)(-distance * distance) / (2 * k->spread), height = log(v);
    if (height < t - rho) return true;
    if (height > t + rho) return false;
    double x1 = (double)(y + 1), f1 = (double)(m + 1), z = (double)(n + 1 - m),
           w = (double)(n - y + 1);
    return height <= k->xm * log(f1 / x1) + ((double)(n - m) + 0.5) * log(z / w) +
                         (double)(y - m) * log(w * k->r / (x1 * k->q)) + stirling(f1) +
                         stirling(z) + stirling(x1) + stirling(w);
}

static int64_t binomial_btpe(NpBits *b, const NpBinomial *k, int64_t n, double p)
{
    int64_t y;
    for (;;) {
        double u = np_bits_double(b) * k->p4, v = np_bits_double(b);
        if (u <= k->p1) {
            y = (int64_t)floor(k->xm - k->p1 * v + u);
            break;
        }
        if (u <= k->p2) {
            double x = k->xl + (u - k->p1) / k->c;
            v = v * k->c + 1 - fabs((double)k->m - x + 0.5) / k->p1;
            if (v > 1) continue;
            y = (int64_t)floor(x);
        } else if (u <= k->p3) {
            double x = floor(k->xl + log(v) / k->laml);
            if (v == 0 || x < 0) continue;
            y = (int64_t)x;
            v = v * (u - k->p2) * k->laml;
        } else {
            double x = floor(k->xr - log(v) / k->lamr);
            if (v == 0 || x > (double)n) continue;
            y = (int64_t)x;
            v = v * (u - k->p3) * k->lamr;
        }
        if (btpe_accepts(k, n, y, v)) break;
    }
    return p > 0.5 ? n - y : y;
}

/* RandomState draws even where the result is certain. */
int64_t np_legacy_binomial(NpBits *b, int64_t n, double p, NpBinomial *kept)
{
    NpBinomial fresh, *k = kept ? kept : &fresh;
    double least = p <= 0.5 ? p : 1 - p;
    if (!kept || !k->ready || k->n != n || k->p != p) {
        *k = (NpBinomial){.n = n, .p = p, .ready = true, .rejection = least * (double)n > 30};
        if (k->rejection)
            prepare_btpe(k, n, least);
        else
            prepare_inversion(k, n, least);
    }
    int64_t r = k->rejection ? binomial_btpe(b, k, n, least) : binomial_inversion(b, k, n, least);
    return p <= 0.5 ? r : n - r;
}

int64_t np_random_binomial(NpBits *b, int64_t n, double p, NpBinomial *kept)
{
    return n == 0 || p == 0 ? 0 : np_legacy_binomial(b, n, p, kept);
}

void np_random_multinomial(NpBits *b, int64_t n, const double *p, int64_t d, bool legacy,
                           int64_t *out)
{
    double rest = 1;
    for (int64_t j = 0; j < d; j++) out[j] = 0;
    for (int64_t j = 0; j < d - 1; j++) {
        n -= out[j] = (legacy ? np_legacy_binomial : np_random_binomial)(b, n, p[j] / rest, NULL);
        if (n <= 0) return;
        rest -= p[j];
    }
    if (n > 0) out[d - 1] = n;
}

/* ---- Geometric, logarithmic, Zipf ---- */

static int64_t geometric_search(NpBits *b, double p)
{
    double sum = p, term = p, u = np_bits_double(b);
    int64_t x = 1;
    for (; u > sum; x++) {
        term *= 1 - p;
        sum += term;
    }
    return x;
}

int64_t np_random_geometric(NpBits *b, double p)
{
    if (p >= 1.0 / 3) return geometric_search(b, p);
    double z = ceil(-np_random_standard_exponential(b) / log1p(-p));
    return z >= 9.223372036854776e18 ? INT64_MAX : (int64_t)z;
}

int64_t np_legacy_geometric(NpBits *b, double p)
{
    if (p >= 1.0 / 3) return geometric_search(b, p);
    return (int64_t)ceil(log1p(-np_bits_double(b)) / log(1 - p));
}

/* Kemp 1981. `exact`: Generator's forms, which do not cancel for small arguments. */
static int64_t logseries(NpBits *b, double p, double r, bool exact)
{
    for (;;) {
        double v = np_bits_double(b);
        if (v >= p) return 1;
        double u = np_bits_double(b), q = exact ? -expm1(r * u) : 1 - exp(r * u);
        if (v <= q * q) {
            double x = floor(1 + log(v) / log(q));
            if (x < 1 || v == 0) continue;
            return (int64_t)x;
        }
        return v >= q ? 1 : 2;
    }
}

int64_t np_random_logseries(NpBits *b, double p) { return logseries(b, p, log1p(-p), true); }
int64_t np_legacy_logseries(NpBits *b, double p) { return logseries(b, p, log(1 - p), false); }

/* Devroye 1986, rejection from a power law; draws that leave int64 are drawn again. */
int64_t np_random_zipf(NpBits *b, double a)
{
    if (a >= 1025) return 1; /* 2^-1024 and less: nothing else occurs */
    double am1 = a - 1, c = pow(2, am1);
    for (;;) {
        double u = 1 - np_bits_double(b), v = np_bits_double(b), x = floor(pow(u, -1 / am1));
        if (x > 9223372036854775807.0 || x < 1) continue;
        double t = pow(1 + 1 / x, am1);
        if (v * x * (t - 1) / (c - 1) <= t / c) return (int64_t)x;
    }
}

int64_t np_legacy_zipf(NpBits *b, double a) { return np_random_zipf(b, a); }

/* ---- Hypergeometric ---- */

static double log_factorial(int64_t k)
{
    static double table[126]; /* filled twice at worst, with the same numbers */
    static bool ready;
    if (k >= 126) {
        double x = (double)k;
        return (x + 0.5) * log(x) - x +
               (0.9189385332046728 + (1 / x) * (1 / 12.0 - 1 / (360.0 * x * x)));
    }
    if (!__atomic_load_n(&ready, __ATOMIC_ACQUIRE)) {
        long double sum = 0;
        for (int i = 2; i < 126; i++) table[i] = (double)(sum += logl((long double)i));
        __atomic_store_n(&ready, true, __ATOMIC_RELEASE);
    }
    return table[k];
}

/* Ball by ball; of sample and its complement the smaller is drawn. */
static int64_t hypergeometric_balls(NpBits *b, int64_t good, int64_t bad, int64_t sample)
{
    int64_t total = good + bad, todo = sample > total / 2 ? total - sample : sample, left = total,
            left_good = good;
    while (todo > 0 && left_good > 0 && left > left_good) {
        left--;
        if ((int64_t)np_random_interval(b, (uint64_t)left) < left_good) left_good--;
        todo--;
    }
    if (left == left_good) left_good -= todo;
    return sample > total / 2 ? left_good : good - left_good;
}

static double log_ways(int64_t k, int64_t least, int64_t m, int64_t most)
{
    return log_factorial(k) + log_factorial(least - k) + log_factorial(m - k) +
           log_factorial(most - m + k);
}

/* Stadlober's HRUA, as in legacy.c but on factorials and the smaller sample. */
static int64_t hypergeometric_hrua(NpBits *b, int64_t good, int64_t bad, int64_t sample)
{
    int64_t all = good + bad, m = sample < all - sample ? sample : all - sample, k;
    int64_t least = good < bad ? good : bad, most = good < bad ? bad : good;
    double p = (double)least / (double)all, q = (double)most / (double)all, a = (double)m * p + 0.5;
    double variance = (double)(all - m) * (double)m * p * q / (double)(all - 1),
           c = sqrt(variance + 0.5);
    double h = 1.7155277699214135 * c + 0.8989161620588988;
    int64_t mode = (int64_t)floor((double)(m + 1) * (double)(least + 1) / (double)(all + 2));
    double g = log_ways(mode, least, m, most);
    double limit = fmin((double)((m < least ? m : least) + 1), floor(a + 16 * c));
    for (;;) {
        double u = np_bits_double(b), v = np_bits_double(b), x = a + h * (v - 0.5) / u;
        if (x < 0 || x >= limit) continue;
        k = (int64_t)floor(x);
        double t = g - log_ways(k, least, m, most);
        if (u * (4 - u) - 3 <= t) break;
        if (u * (u - t) >= 1) continue;
        if (2 * log(u) <= t) break;
    }
    if (good > bad) k = m - k;
    return m < sample ? good - k : k;
}

int64_t np_random_hypergeometric(NpBits *b, int64_t good, int64_t bad, int64_t sample)
{
    if (sample >= 10 && sample <= good + bad - 10) return hypergeometric_hrua(b, good, bad, sample);
    return sample > 0 ? hypergeometric_balls(b, good, bad, sample) : 0;
}

/* Many colours: what was not drawn is as random as what was, so at most half the balls are drawn. */
static void complement(const int64_t *colors, int64_t d, int64_t *out)
{
    for (int64_t j = 0; j < d; j++) out[j] = colors[j] - out[j];
}

void np_random_marginals(NpBits *b, int64_t total, const int64_t *colors, int64_t d, int64_t sample,
                         int64_t *out)
{
    bool more = sample > total / 2;
    int64_t todo = more ? total - sample : sample, left = total;
    for (int64_t j = 0; j < d; j++) out[j] = 0;
    if (total == 0 || sample == 0) return;
    for (int64_t j = 0; todo > 0 && j + 1 < d; j++) {
        left -= colors[j];
        todo -= out[j] = np_random_hypergeometric(b, colors[j], left, todo);
    }
    if (todo > 0) out[d - 1] = todo;
    if (more) complement(colors, d, out);
}

void np_random_counts(NpBits *b, int64_t total, const int64_t *colors, int64_t d, int64_t sample,
                      int64_t *balls, int64_t *out)
{
    bool more = sample > total / 2;
    int64_t todo = more ? total - sample : sample;
    for (int64_t j = 0; j < d; j++) out[j] = 0;
    if (total == 0 || sample == 0) return;
    for (int64_t j = 0; j < todo; j++) {
        int64_t k = j + (int64_t)np_random_interval(b, (uint64_t)(total - j - 1)), ball = balls[k];
        balls[k] = balls[j];
        balls[j] = ball;
        out[ball]++;
    }
    if (more) complement(colors, d, out);
}
