/* legacy.c: what RandomState draws, frozen when Generator came: polar normals, exponentials by the logarithm, and what
 * is made of them. Samplers shared with Generator stand in continuous.c and discrete.c. */
#include "modules/numpy/random/bits.h"

/* Marsaglia's polar method; of each pair the first is kept for the next call. */
double np_legacy_gauss(NpBits *b)
{
    if (b->has_gauss) {
        double kept = b->gauss;
        b->has_gauss = 0;
        b->gauss = 0;
        return kept;
    }
    double x, y, r2;
    do {
        x = 2 * np_bits_double(b) - 1;
        y = 2 * np_bits_double(b) - 1;
        r2 = x * x + y * y;
    } while (r2 >= 1 || r2 == 0);
    double f = sqrt(-2 * log(r2) / r2);
    b->gauss = f * x;
    b->has_gauss = 1;
    return f * y;
}

double np_legacy_exponential(NpBits *b) { return -log(1 - np_bits_double(b)); }
double np_legacy_chisquare(NpBits *b, double df) { return 2 * np_legacy_standard_gamma(b, df / 2); }
double np_legacy_pareto(NpBits *b, double a) { return exp(np_legacy_exponential(b) / a) - 1; }
double np_legacy_weibull(NpBits *b, double a)
{
    return a == 0 ? 0 : pow(np_legacy_exponential(b), 1 / a);
}
double np_legacy_power(NpBits *b, double a)
{
    return pow(1 - exp(-np_legacy_exponential(b)), 1 / a);
}
double np_legacy_rayleigh(NpBits *b, double scale)
{
    return scale * sqrt(-2 * log1p(-np_bits_double(b)));
}

double np_legacy_noncentral_chisquare(NpBits *b, double df, double nonc)
{
    if (nonc == 0) return np_legacy_chisquare(b, df);
    if (df > 1) {
        double chi2 = np_legacy_chisquare(b, df - 1), n = np_legacy_gauss(b) + sqrt(nonc);
        return chi2 + n * n;
    }
    int64_t i = np_random_poisson(b, nonc / 2);
    double chi2 = np_legacy_chisquare(b, df + 2 * (double)i);
    return isnan(nonc) ? NAN : chi2;
}

double np_legacy_f(NpBits *b, double dfnum, double dfden)
{
    double above = np_legacy_chisquare(b, dfnum) * dfden;
    return above / (np_legacy_chisquare(b, dfden) * dfnum);
}

double np_legacy_noncentral_f(NpBits *b, double dfnum, double dfden, double nonc)
{
    double above = np_legacy_noncentral_chisquare(b, dfnum, nonc) * dfden;
    return above / (np_legacy_chisquare(b, dfden) * dfnum);
}

double np_legacy_standard_cauchy(NpBits *b)
{
    double x = np_legacy_gauss(b);
    return x / np_legacy_gauss(b);
}

double np_legacy_standard_t(NpBits *b, double df)
{
    double x = np_legacy_gauss(b), g = np_legacy_standard_gamma(b, df / 2);
    return sqrt(df / 2) * x / sqrt(g);
}

int64_t np_legacy_negative_binomial(NpBits *b, double n, double p)
{
    return np_random_poisson(b, (1 - p) / p * np_legacy_standard_gamma(b, n));
}

/* Kachitvichyanukul and Schmeiser's HYP: one ball after the other. */
static int64_t hypergeometric_hyp(NpBits *b, int64_t good, int64_t bad, int64_t sample)
{
    int64_t rest = bad + good - sample, least = good < bad ? good : bad;
    double y = (double)least;
    for (int64_t k = sample; k > 0 && y > 0; k--)
        y -= (double)(int64_t)floor(np_bits_double(b) + y / (double)(rest + k));
    int64_t z = (int64_t)((double)least - y);
    return good > bad ? sample - z : z;
}

static double log_gammas(int64_t z, int64_t least, int64_t m, int64_t most)
{
    return np_random_loggamma((double)(z + 1)) + np_random_loggamma((double)(least - z + 1)) +
           np_random_loggamma((double)(m - z + 1)) + np_random_loggamma((double)(most - m + z + 1));
}

/* Stadlober's HRUA: ratio of uniforms. */
static int64_t hypergeometric_hrua(NpBits *b, int64_t good, int64_t bad, int64_t sample)
{
    int64_t least = good < bad ? good : bad, most = good < bad ? bad : good, all = good + bad;
    int64_t m = sample < all - sample ? sample : all - sample, z;
    double p = (double)least / (double)all, q = 1 - p, a = (double)m * p + 0.5;
    double c = sqrt((double)(all - m) * (double)sample * p * q / (double)(all - 1) + 0.5);
    double h = 1.7155277699214135 * c + 0.8989161620588988;
    int64_t mode = (int64_t)floor((double)(m + 1) * (double)(least + 1) / (double)(all + 2));
    double g = log_gammas(mode, least, m, most);
    double limit = fmin((double)(m < least ? m : least) + 1, floor(a + 16 * c));
    for (;;) {
        double u = np_bits_double(b), v = np_bits_double(b), w = a + h * (v - 0.5) / u;
        if (w < 0 || w >= limit) continue;
        z = (int64_t)floor(w);
        double t = g - log_gammas(z, least, m, most);
        if (u * (4 - u) - 3 <= t) break;
        if (u * (u - t) >= 1) continue;
        if (2 * log(u) <= t) break;
    }
    if (good > bad) z = m - z;
    return m < sample ? good - z : z;
}

int64_t np_legacy_hypergeometric(NpBits *b, int64_t good, int64_t bad, int64_t sample)
{
    if (sample > 10) return hypergeometric_hrua(b, good, bad, sample);
    return sample > 0 ? hypergeometric_hyp(b, good, bad, sample) : 0;
}
