/* continuous.c: distributions of reals, made of uniforms, normals and exponentials.
 *
 * Which uniforms are drawn, and the order of the floating-point operations, are NumPy's: equal seeds give equal
 * bits. Parameters have been checked by the caller. */
#include "modules/numpy/random/bits.h"

#define PI 3.14159265358979323846

/* Marsaglia and Tsang 2000 from shape 1 on, Ahrens and Dieter's GS below. */
#define GAMMA_BODY(T, uniform, normal, exponential, POW, LOG, SQRT)                     \
    if (shape == 1) return exponential(b);                                              \
    if (shape == 0) return 0;                                                           \
    if (shape < 1) {                                                                    \
        for (;;) {                                                                      \
            T u = uniform(b), e = exponential(b);                                       \
            if (u <= 1 - shape) {                                                       \
                T x = POW(u, 1 / shape);                                                \
                if (x <= e) return x;                                                   \
            } else {                                                                    \
                T y = -LOG((1 - u) / shape), x = POW(1 - shape + shape * y, 1 / shape); \
                if (x <= e + y) return x;                                               \
            }                                                                           \
        }                                                                               \
    }                                                                                   \
    T d = shape - 1 / (T)3, c = 1 / SQRT(9 * d);                                        \
    for (;;) {                                                                          \
        T x, v;                                                                         \
        do {                                                                            \
            x = normal(b);                                                              \
            v = 1 + c * x;                                                              \
        } while (v <= 0);                                                               \
        v = v * v * v;                                                                  \
        T u = uniform(b);                                                               \
        if (u < 1 - (T)0.0331 * (x * x) * (x * x)) return d * v;                        \
        if (LOG(u) < (T)0.5 * x * x + d * (1 - v + LOG(v))) return d * v;               \
    }

double np_random_standard_gamma(NpBits *b, double shape)
{
    GAMMA_BODY(double, np_bits_double, np_random_standard_normal, np_random_standard_exponential,
               pow, log, sqrt)
}

float np_random_standard_gamma_f(NpBits *b, float shape)
{
    GAMMA_BODY(float, np_bits_float, np_random_standard_normal_f, np_random_standard_exponential_f,
               powf, logf, sqrtf)
}

/* RandomState's gamma: the same method on its own normals and exponentials. */
double np_legacy_standard_gamma(NpBits *b, double shape)
{
    GAMMA_BODY(double, np_bits_double, np_legacy_gauss, np_legacy_exponential, pow, log, sqrt)
}

/* Johnk's method for small parameters. Where both powers underflow, Generator draws again and RandomState goes on with
 * their logarithms. */
static double beta_johnk(NpBits *b, double alpha, double beta, bool legacy)
{
    for (;;) {
        double u = np_bits_double(b), v = np_bits_double(b);
        double x = pow(u, 1 / alpha), y = pow(v, 1 / beta), sum = x + y;
        if (sum > 0 && sum <= 1) return x / sum;
        if (!legacy || sum > 1 || u + v == 0) continue;
        double log_x = log(u) / alpha, log_y = log(v) / beta, most = log_x > log_y ? log_x : log_y;
        log_x -= most;
        log_y -= most;
        return exp(log_x - log(exp(log_x) + exp(log_y)));
    }
}

double np_random_beta(NpBits *b, double alpha, double beta)
{
    if (alpha < 3e-103 && beta < 3e-103)
        return (alpha + beta) * np_bits_double(b) < alpha; /* 0 or 1 */
    if (alpha <= 1 && beta <= 1) return beta_johnk(b, alpha, beta, false);
    double x = np_random_standard_gamma(b, alpha), y = np_random_standard_gamma(b, beta);
    return x / (x + y);
}

double np_legacy_beta(NpBits *b, double alpha, double beta)
{
    if (alpha <= 1 && beta <= 1) return beta_johnk(b, alpha, beta, true);
    double x = np_legacy_standard_gamma(b, alpha), y = np_legacy_standard_gamma(b, beta);
    return x / (x + y);
}

double np_random_chisquare(NpBits *b, double df) { return 2 * np_random_standard_gamma(b, df / 2); }

double np_random_noncentral_chisquare(NpBits *b, double df, double nonc)
{
    if (isnan(nonc)) return NAN;
    if (nonc == 0) return np_random_chisquare(b, df);
    if (df > 1) {
        double chi2 = np_random_chisquare(b, df - 1), n = np_random_standard_normal(b) + sqrt(nonc);
        return chi2 + n * n;
    }
    return np_random_chisquare(b, df + 2 * (double)np_random_poisson(b, nonc / 2));
}

double np_random_f(NpBits *b, double dfnum, double dfden)
{
    double above = np_random_chisquare(b, dfnum) * dfden;
    return above / (np_random_chisquare(b, dfden) * dfnum);
}

double np_random_noncentral_f(NpBits *b, double dfnum, double dfden, double nonc)
{
    double above = np_random_noncentral_chisquare(b, dfnum, nonc) * dfden;
    return above / (np_random_chisquare(b, dfden) * dfnum);
}

double np_random_standard_cauchy(NpBits *b)
{
    double x = np_random_standard_normal(b);
    return x / np_random_standard_normal(b);
}

double np_random_standard_t(NpBits *b, double df)
{
    double x = np_random_standard_normal(b), g = np_random_standard_gamma(b, df / 2);
    return sqrt(df / 2) * x / sqrt(g);
}

double np_random_pareto(NpBits *b, double a)
{
    return expm1(np_random_standard_exponential(b) / a);
}
double np_random_weibull(NpBits *b, double a)
{
    return a == 0 ? 0 : pow(np_random_standard_exponential(b), 1 / a);
}
double np_random_power(NpBits *b, double a)
{
    return pow(-expm1(-np_random_standard_exponential(b)), 1 / a);
}
double np_random_rayleigh(NpBits *b, double scale)
{
    return scale * sqrt(2 * np_random_standard_exponential(b));
}
double np_random_lognormal(NpBits *b, double mean, double sigma)
{
    return exp(mean + sigma * np_random_standard_normal(b));
}

/* By inversion; a uniform 0 would give infinity and is drawn again. */
double np_random_laplace(NpBits *b, double loc, double scale)
{
    for (;;) {
        double u = np_bits_double(b);
        if (u >= 0.5) return loc - scale * log(2 - u - u);
        if (u > 0) return loc + scale * log(u + u);
    }
}

double np_random_gumbel(NpBits *b, double loc, double scale)
{
    double u;
    do u = 1 - np_bits_double(b);
    while (u >= 1);
    return loc - scale * log(-log(u));
}

double np_random_logistic(NpBits *b, double loc, double scale)
{
    double u;
    do u = np_bits_double(b);
    while (u <= 0);
    return loc + scale * log(u / (1 - u));
}

double np_random_triangular(NpBits *b, double left, double mode, double right)
{
    double base = right - left, left_base = mode - left, ratio = left_base / base;
    double left_product = left_base * base, right_product = (right - mode) * base,
           u = np_bits_double(b);
    return u <= ratio ? left + sqrt(u * left_product) : right - sqrt((1 - u) * right_product);
}

/* Michael, Schucany and Haas 1976. */
static double wald(NpBits *b, double normal, double mean, double scale)
{
    double half = mean / (2 * scale), y = mean * normal * normal,
           x = mean + half * (y - sqrt(4 * scale * y + y * y));
    return np_bits_double(b) <= mean / (mean + x) ? x : mean * mean / x;
}

double np_random_wald(NpBits *b, double mean, double scale)
{
    return wald(b, np_random_standard_normal(b), mean, scale);
}
double np_legacy_wald(NpBits *b, double mean, double scale)
{
    return wald(b, np_legacy_gauss(b), mean, scale);
}

/* Best and Fisher 1979: rejection from a wrapped Cauchy distribution. */
static double vonmises(NpBits *b, double mu, double kappa)
{
    double s = 1 / kappa + kappa; /* for tiny kappa, where the formula below cancels */
    if (kappa >= 1e-5) {
        double r = 1 + sqrt(1 + 4 * kappa * kappa), rho = (r - sqrt(2 * r)) / (2 * kappa);
        s = (1 + rho * rho) / (2 * rho);
    }
    double w;
    for (;;) {
        double z = cos(PI * np_bits_double(b));
        w = (1 + s * z) / (s + z);
        double y = kappa * (s - w), v = np_bits_double(b);
        if (y * (2 - y) - v >= 0 || log(y / v) + 1 - y >= 0) break;
    }
    double angle = acos(w);
    if (np_bits_double(b) < 0.5) angle = -angle;
    angle += mu;
    double size = fmod(fabs(angle) + PI, 2 * PI) - PI;
    return angle < 0 ? -size : size;
}

double np_legacy_vonmises(NpBits *b, double mu, double kappa)
{
    if (isnan(kappa)) return NAN;
    return kappa < 1e-8 ? PI * (2 * np_bits_double(b) - 1) : vonmises(b, mu, kappa);
}

double np_random_vonmises(NpBits *b, double mu, double kappa)
{
    if (!(kappa > 1e6)) return np_legacy_vonmises(b, mu, kappa);
    double angle =
        mu + sqrt(1 / kappa) * np_random_standard_normal(b); /* nearly a wrapped normal */
    if (angle < -PI) angle += 2 * PI;
    if (angle > PI) angle -= 2 * PI;
    return angle;
}
