/* transform.h: the fast Fourier transform of one line, for a precision: REAL and NAME(x) are given by the includer.
 *
 * Stockham's form of the mixed-radix algorithm: no reordering, each pass reads one buffer and writes the other.
 * A pass of radix p with N points left (m = N / p) and stride s, the product of the radices done:
 *
 *     y[q + s (p j + r)] = w_N^(j r)  sum over i of  x[q + s (j + m i)] w_p^(i r)      q < s, j < m, r < p
 *
 * Real and imaginary parts stand in separate buffers, so that the loop over q (over j while s = 1) takes whole
 * vectors. A length with a large prime factor goes through Bluestein's convolution: with k j = (k^2 + j^2 - (k - j)^2) / 2
 * the sum becomes a convolution with the chirp exp(pi i k^2 / n), done by transforms of a smooth length >= 2n - 1.
 * Real lines of even length are transformed as half as many complex points.
 *
 * The inverse transform is the forward one with the parts swapped on the way in and out. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "modules/numpy/fft/fft.h"

typedef struct Pass {
    int radix;
    int64_t m, stride;
    REAL *wr, *wi; /* w_N^(j r), r = 1 .. radix - 1, each m entries */
} Pass;

typedef struct Smooth {
    int64_t n;
    int passes;
    Pass pass[NP_FFT_MAX_FACTORS];
    REAL *
        roots[NP_FFT_LARGEST_RADIX + 1]; /* of the general radices: cosines, then sines, of w_p^k */
} Smooth;

struct NpFftPlan {
    int64_t n, points; /* n of the line, points of the complex transform */
    bool real, bluestein;
    Smooth smooth; /* of `points`, or of Bluestein's length */
    REAL *chirp_r, *chirp_i, *kernel_r,
        *kernel_i; /* exp(-pi i k^2 / n); the transformed conjugate, divided by its length */
    REAL *half_r, *half_i; /* real lines of even length: exp(-2 pi i k / n) */
};

/* ---- Plans ---- */

static REAL *reals(int64_t n) { return malloc(sizeof(REAL) * (size_t)(n > 0 ? n : 1)); }

static bool prepare_pass(Pass *p, int64_t left, int64_t stride, int radix)
{
    p->radix = radix;
    p->m = left / radix;
    p->stride = stride;
    long double *w = np_fft_roots(left, left);
    p->wr = reals(p->m * (radix - 1));
    p->wi = reals(p->m * (radix - 1));
    bool done = w && p->wr && p->wi;
    for (int r = 1; done && r < radix; r++)
        for (int64_t j = 0; j < p->m; j++) {
            p->wr[(r - 1) * p->m + j] = (REAL)w[j * r];
            p->wi[(r - 1) * p->m + j] = (REAL)-w[left + j * r];
        }
    free(w);
    return done;
}

static bool prepare_radix(Smooth *s, int p)
{
    if (p <= 5 || s->roots[p]) return true;
    long double *w = np_fft_roots(p, p);
    REAL *to = s->roots[p] = reals(2 * p);
    for (int k = 0; w && to && k < p; k++) {
        to[k] = (REAL)w[k];
        to[p + k] = (REAL)-w[p + k];
    }
    free(w);
    return w && to;
}

static bool prepare_smooth(Smooth *s, int64_t n)
{
    int factors[NP_FFT_MAX_FACTORS];
    int64_t left = n, stride = 1;
    s->n = n;
    s->passes = np_fft_factors(n, factors);
    for (int k = 0; k < s->passes; k++) {
        if (!prepare_pass(&s->pass[k], left, stride, factors[k]) || !prepare_radix(s, factors[k]))
            return false;
        left /= factors[k];
        stride *= factors[k];
    }
    return true;
}

static void run_smooth(const Smooth *s, REAL *restrict xr, REAL *restrict xi, REAL *restrict yr,
                       REAL *restrict yi);

static bool prepare_bluestein(NpFftPlan *p)
{
    int64_t n = p->points, size = np_fft_good_size(2 * n - 1);
    long double *w = np_fft_roots(2 * n, 2 * n);
    REAL *scratch = reals(2 * size);
    p->chirp_r = reals(n);
    p->chirp_i = reals(n);
    p->kernel_r = reals(size);
    p->kernel_i = reals(size);
    bool done = prepare_smooth(&p->smooth, size) && w && scratch && p->chirp_r && p->chirp_i &&
                p->kernel_r && p->kernel_i;
    if (done) {
        memset(p->kernel_r, 0, sizeof(REAL) * (size_t)size);
        memset(p->kernel_i, 0, sizeof(REAL) * (size_t)size);
        for (int64_t k = 0, square = 0; k < n; k++) { /* square: k^2 modulo 2n, exactly */
            p->chirp_r[k] = (REAL)w[square];
            p->chirp_i[k] = (REAL)-w[2 * n + square];
            int64_t back = k ? size - k : 0;
            p->kernel_r[k] = p->kernel_r[back] = (REAL)(w[square] / (long double)size);
            p->kernel_i[k] = p->kernel_i[back] = (REAL)(w[2 * n + square] / (long double)size);
            square = (square + 2 * k + 1) % (2 * n);
        }
        run_smooth(&p->smooth, p->kernel_r, p->kernel_i, scratch, scratch + size);
    }
    free(w);
    free(scratch);
    return done;
}

static bool prepare_half(NpFftPlan *p)
{
    int64_t h = p->n / 2;
    long double *w = np_fft_roots(p->n, h + 1);
    p->half_r = reals(h + 1);
    p->half_i = reals(h + 1);
    bool done = w && p->half_r && p->half_i;
    for (int64_t k = 0; done && k <= h; k++) {
        p->half_r[k] = (REAL)w[k];
        p->half_i[k] = (REAL)-w[h + 1 + k];
    }
    free(w);
    return done;
}

static void free_all(NpFftPlan *p)
{
    for (int k = 0; k < p->smooth.passes; k++) {
        free(p->smooth.pass[k].wr);
        free(p->smooth.pass[k].wi);
    }
    for (int k = 0; k <= NP_FFT_LARGEST_RADIX; k++) free(p->smooth.roots[k]);
    free(p->chirp_r);
    free(p->chirp_i);
    free(p->kernel_r);
    free(p->kernel_i);
    free(p->half_r);
    free(p->half_i);
    free(p);
}

NpFftPlan *NAME(np_fft_plan)(int64_t n, bool real)
{
    NpFftPlan *p = calloc(1, sizeof *p);
    if (!p) return NULL;
    p->n = n;
    p->real = real;
    p->points = real && n % 2 == 0 ? n / 2 : n;
    p->bluestein = !np_fft_is_smooth(p->points);
    bool done = p->bluestein ? prepare_bluestein(p) : prepare_smooth(&p->smooth, p->points);
    if (done && real && n % 2 == 0) done = prepare_half(p);
    if (done) return p;
    free_all(p);
    return NULL;
}

void NAME(np_fft_plan_free)(NpFftPlan *p) { free_all(p); }

/* ---- Passes ---- */

/* The butterflies read a[i], b[i] (real and imaginary parts of input i) and leave the sums in c[r], d[r]. */
#define BUTTERFLY_2                         \
    c[0] = a[0] + a[1], d[0] = b[0] + b[1]; \
    c[1] = a[0] - a[1], d[1] = b[0] - b[1];

#define BUTTERFLY_3                                                                              \
    {                                                                                            \
        const REAL h = (REAL)0.866025403784438646763723170752936183L;                            \
        REAL ts = a[1] + a[2], us = b[1] + b[2], td = (a[1] - a[2]) * h, ud = (b[1] - b[2]) * h; \
        c[0] = a[0] + ts, d[0] = b[0] + us;                                                      \
        REAL e = a[0] - ts / 2, f = b[0] - us / 2;                                               \
        c[1] = e + ud, d[1] = f - td;                                                            \
        c[2] = e - ud, d[2] = f + td;                                                            \
    }

#define BUTTERFLY_4                                                                  \
    {                                                                                \
        REAL p0 = a[0] + a[2], q0 = b[0] + b[2], p1 = a[0] - a[2], q1 = b[0] - b[2]; \
        REAL p2 = a[1] + a[3], q2 = b[1] + b[3], p3 = a[1] - a[3], q3 = b[1] - b[3]; \
        c[0] = p0 + p2, d[0] = q0 + q2;                                              \
        c[1] = p1 + q3, d[1] = q1 - p3;                                              \
        c[2] = p0 - p2, d[2] = q0 - q2;                                              \
        c[3] = p1 - q3, d[3] = q1 + p3;                                              \
    }

#define BUTTERFLY_5                                                                  \
    {                                                                                \
        const REAL c1 = (REAL)0.309016994374947424102293417182819059L,               \
                   s1 = (REAL)0.951056516295153572116439333379382143L;               \
        const REAL c2 = (REAL)-0.809016994374947424102293417182819059L,              \
                   s2 = (REAL)0.587785252292473129168705954639072769L;               \
        REAL p1 = a[1] + a[4], q1 = b[1] + b[4], m1 = a[1] - a[4], n1 = b[1] - b[4]; \
        REAL p2 = a[2] + a[3], q2 = b[2] + b[3], m2 = a[2] - a[3], n2 = b[2] - b[3]; \
        c[0] = a[0] + p1 + p2, d[0] = b[0] + q1 + q2;                                \
        REAL e1 = a[0] + c1 * p1 + c2 * p2, f1 = b[0] + c1 * q1 + c2 * q2;           \
        REAL e2 = a[0] + c2 * p1 + c1 * p2, f2 = b[0] + c2 * q1 + c1 * q2;           \
        REAL g1 = s1 * n1 + s2 * n2, h1 = s1 * m1 + s2 * m2;                         \
        REAL g2 = s2 * n1 - s1 * n2, h2 = s2 * m1 - s1 * m2;                         \
        c[1] = e1 + g1, d[1] = f1 - h1;                                              \
        c[4] = e1 - g1, d[4] = f1 + h1;                                              \
        c[2] = e2 + g2, d[2] = f2 - h2;                                              \
        c[3] = e2 - g2, d[3] = f2 + h2;                                              \
    }

#define LOAD(P, at)              \
    REAL a[P], b[P], c[P], d[P]; \
    for (int i = 0; i < P; i++) a[i] = xr[(at) + i * s * m], b[i] = xi[(at) + i * s * m];
#define STORE(P, at, j)                                            \
    yr[at] = c[0], yi[at] = d[0];                                  \
    for (int r = 1; r < P; r++) {                                  \
        REAL u = wr[(r - 1) * m + (j)], v = wi[(r - 1) * m + (j)]; \
        yr[(at) + r * s] = c[r] * u - d[r] * v;                    \
        yi[(at) + r * s] = c[r] * v + d[r] * u;                    \
    }
/* The last pass (m = 1) has no factors; the first (s = 1) runs along j. */
#define PASS(P)                                                                                    \
    FFT_CLONES static void pass_##P(const Pass *p, const REAL *restrict xr,                        \
                                    const REAL *restrict xi, REAL *restrict yr, REAL *restrict yi) \
    {                                                                                              \
        const int64_t m = p->m, s = p->stride;                                                     \
        const REAL *restrict wr = p->wr, *restrict wi = p->wi;                                     \
        if (s == 1) {                                                                              \
            for (int64_t j = 0; j < m; j++) {                                                      \
                LOAD(P, j)                                                                         \
                BUTTERFLY_##P STORE(P, P *j, j)                                                    \
            }                                                                                      \
        } else if (m == 1) {                                                                       \
            for (int64_t q = 0; q < s; q++) {                                                      \
                LOAD(P, q)                                                                         \
                BUTTERFLY_##P for (int r = 0; r < P; r++) yr[q + r * s] = c[r],                    \
                                                                     yi[q + r * s] = d[r];         \
            }                                                                                      \
        } else {                                                                                   \
            for (int64_t j = 0; j < m; j++)                                                        \
                for (int64_t q = 0; q < s; q++) {                                                  \
                    LOAD(P, q + s * j)                                                             \
                    BUTTERFLY_##P STORE(P, q + s * P * j, j)                                       \
                }                                                                                  \
        }                                                                                          \
    }
PASS(2)
PASS(3)
PASS(4)
PASS(5)

/* Any odd radix: the sums of x[i] and x[p - i] share their cosines, the differences their sines. */
static void pass_any(const Pass *p, const REAL *w, const REAL *restrict xr, const REAL *restrict xi,
                     REAL *restrict yr, REAL *restrict yi)
{
    const int64_t m = p->m, s = p->stride;
    const int radix = p->radix, half = (radix - 1) / 2;
    const REAL *wr = p->wr, *wi = p->wi, *cosines = w, *sines = w + radix;
    for (int64_t j = 0; j < m; j++)
        for (int64_t q = 0; q < s; q++) {
            int64_t at = q + s * j, to = q + s * radix * j;
            REAL pr[NP_FFT_LARGEST_RADIX], pi[NP_FFT_LARGEST_RADIX], mr[NP_FFT_LARGEST_RADIX],
                mi[NP_FFT_LARGEST_RADIX];
            REAL a0 = xr[at], b0 = xi[at], sum_r = a0, sum_i = b0;
            for (int i = 1; i <= half; i++) {
                int64_t k = at + i * s * m, l = at + (radix - i) * s * m;
                pr[i] = xr[k] + xr[l], pi[i] = xi[k] + xi[l];
                mr[i] = xr[k] - xr[l], mi[i] = xi[k] - xi[l];
                sum_r += pr[i], sum_i += pi[i];
            }
            yr[to] = sum_r, yi[to] = sum_i;
            for (int r = 1; r <= half; r++) {
                REAL e = a0, f = b0, g = 0, h = 0;
                for (int i = 1, k = r; i <= half; i++) {
                    e += cosines[k] * pr[i], f += cosines[k] * pi[i];
                    g += sines[k] * mi[i], h += sines[k] * mr[i];
                    if ((k += r) >= radix) k -= radix;
                }
                REAL u = wr[(r - 1) * m + j], v = wi[(r - 1) * m + j], c = e - g, d = f + h;
                yr[to + r * s] = c * u - d * v, yi[to + r * s] = c * v + d * u;
                u = wr[(radix - r - 1) * m + j], v = wi[(radix - r - 1) * m + j], c = e + g,
                d = f - h;
                yr[to + (radix - r) * s] = c * u - d * v, yi[to + (radix - r) * s] = c * v + d * u;
            }
        }
}

/* In place in x; y is scratch. */
static void run_smooth(const Smooth *s, REAL *restrict xr, REAL *restrict xi, REAL *restrict yr,
                       REAL *restrict yi)
{
    REAL *ar = xr, *ai = xi, *br = yr, *bi = yi;
    for (int k = 0; k < s->passes; k++) {
        const Pass *p = &s->pass[k];
        switch (p->radix) {
        case 2: pass_2(p, ar, ai, br, bi); break;
        case 3: pass_3(p, ar, ai, br, bi); break;
        case 4: pass_4(p, ar, ai, br, bi); break;
        case 5: pass_5(p, ar, ai, br, bi); break;
        default: pass_any(p, s->roots[p->radix], ar, ai, br, bi);
        }
        REAL *t = ar;
        ar = br, br = t;
        t = ai;
        ai = bi, bi = t;
    }
    if (ar == xr) return;
    memcpy(xr, ar, sizeof(REAL) * (size_t)s->n);
    memcpy(xi, ai, sizeof(REAL) * (size_t)s->n);
}

/* ---- Lines ---- */

/* Room for n values. Buffers of a power of two each would fall on the same lines of the cache. */
static int64_t room(int64_t n) { return n + 24; }

size_t NAME(np_fft_work)(const NpFftPlan *p)
{
    return sizeof(REAL) *
           (size_t)(2 * room(p->points) + (p->bluestein ? 4 : 2) * room(p->smooth.n));
}

/* The forward transform of p->points points in xr, xi; `work` has room for two (Bluestein: four) buffers. */
static void run_points(const NpFftPlan *p, REAL *xr, REAL *xi, REAL *work)
{
    int64_t n = p->points, size = p->smooth.n;
    if (!p->bluestein) {
        run_smooth(&p->smooth, xr, xi, work, work + room(n));
        return;
    }
    REAL *ar = work, *ai = ar + room(size), *t = ai + room(size), *u = t + room(size);
    for (int64_t k = 0; k < n; k++) {
        ar[k] = xr[k] * p->chirp_r[k] - xi[k] * p->chirp_i[k];
        ai[k] = xr[k] * p->chirp_i[k] + xi[k] * p->chirp_r[k];
    }
    memset(ar + n, 0, sizeof(REAL) * (size_t)(size - n));
    memset(ai + n, 0, sizeof(REAL) * (size_t)(size - n));
    run_smooth(&p->smooth, ar, ai, t, u);
    for (int64_t k = 0; k < size; k++) {
        REAL r = ar[k] * p->kernel_r[k] - ai[k] * p->kernel_i[k];
        ai[k] = ar[k] * p->kernel_i[k] + ai[k] * p->kernel_r[k];
        ar[k] = r;
    }
    run_smooth(&p->smooth, ai, ar, t, u); /* swapped: the inverse */
    for (int64_t k = 0; k < n; k++) {
        xr[k] = ar[k] * p->chirp_r[k] - ai[k] * p->chirp_i[k];
        xi[k] = ar[k] * p->chirp_i[k] + ai[k] * p->chirp_r[k];
    }
}

static REAL real_at(const NpFftLine *l, int64_t k)
{
    return k < l->have ? *(const REAL *)(const void *)(l->in + k * l->in_step) : 0;
}
static void complex_at(const NpFftLine *l, int64_t k, REAL *r, REAL *i)
{
    const REAL *z = (const REAL *)(const void *)(l->in + k * l->in_step);
    *r = k < l->have ? z[0] : 0;
    *i = k < l->have ? z[1] : 0;
}
static void put(const NpFftLine *l, int64_t k, REAL r, REAL i)
{
    REAL *z = (REAL *)(void *)(l->out + k * l->out_step);
    z[0] = r * (REAL)l->factor;
    z[1] = i * (REAL)l->factor;
}

static void run_complex(const NpFftPlan *p, bool inverse, const NpFftLine *l, REAL *xr, REAL *xi,
                        REAL *work)
{
    int64_t have = l->have < p->n ? l->have : p->n;
    REAL *r = inverse ? xi : xr, *i = inverse ? xr : xi;
    for (int64_t k = 0; k < have; k++) {
        const REAL *z = (const REAL *)(const void *)(l->in + k * l->in_step);
        r[k] = z[0];
        i[k] = z[1];
    }
    for (int64_t k = have; k < p->n; k++) r[k] = i[k] = 0;
    run_points(p, xr, xi, work);
    for (int64_t k = 0; k < p->n; k++) put(l, k, r[k], i[k]);
}

/* Real, even n: z[k] = x[2k] + i x[2k+1] is transformed; its even and odd parts are those of x's halves. */
static void run_real(const NpFftPlan *p, const NpFftLine *l, REAL *xr, REAL *xi, REAL *work)
{
    int64_t n = p->n, h = n / 2;
    if (n % 2) {
        for (int64_t k = 0; k < n; k++) xr[k] = real_at(l, k), xi[k] = 0;
        run_points(p, xr, xi, work);
        for (int64_t k = 0; k <= h; k++) put(l, k, xr[k], k ? xi[k] : 0);
        return;
    }
    for (int64_t k = 0; k < h; k++) xr[k] = real_at(l, 2 * k), xi[k] = real_at(l, 2 * k + 1);
    run_points(p, xr, xi, work);
    put(l, 0, xr[0] + xi[0], 0);
    put(l, h, xr[0] - xi[0], 0);
    for (int64_t k = 1; k < h; k++) {
        REAL er = (xr[k] + xr[h - k]) / 2, ei = (xi[k] - xi[h - k]) / 2;
        REAL or = (xi[k] + xi[h - k]) / 2, oi = (xr[h - k] - xr[k]) / 2;
        REAL u = p->half_r[k], v = p->half_i[k];
        put(l, k, er + or *u - oi * v, ei + or *v + oi * u);
    }
}

/* The other way: halves of the spectrum to the points' spectrum, then an inverse transform. */
static void run_real_inverse(const NpFftPlan *p, const NpFftLine *l, REAL *xr, REAL *xi, REAL *work)
{
    int64_t n = p->n, h = n / 2;
    REAL f = (REAL)l->factor, sr, si, tr, ti;
    if (n % 2) {
        complex_at(l, 0, &xi[0], &xr[0]);
        xr[0] = 0;
        for (int64_t k = 1; k <= h; k++) {
            complex_at(l, k, &sr, &si);
            xi[k] = xi[n - k] = sr;
            xr[k] = si;
            xr[n - k] = -si;
        }
        run_points(p, xr, xi, work);
        for (int64_t k = 0; k < n; k++) *(REAL *)(void *)(l->out + k * l->out_step) = xi[k] * f;
        return;
    }
    for (int64_t k = 0; k < h; k++) {
        complex_at(l, k, &sr, &si);
        complex_at(l, h - k, &tr, &ti);
        if (k == 0) si = ti = 0; /* the ends of the spectrum of real data are real */
        REAL er = sr + tr, ei = si - ti, dr = sr - tr, di = si + ti, u = p->half_r[k],
             v = -p->half_i[k];
        REAL or = dr * u - di * v, oi = dr * v + di * u;
        xi[k] = er - oi; /* swapped: the inverse */
        xr[k] = ei + or ;
    }
    run_points(p, xr, xi, work);
    for (int64_t k = 0; k < h; k++) {
        *(REAL *)(void *)(l->out + 2 * k * l->out_step) = xi[k] * f;
        *(REAL *)(void *)(l->out + (2 * k + 1) * l->out_step) = xr[k] * f;
    }
}

void NAME(np_fft_run)(const NpFftPlan *p, int kind, const NpFftLine *line, void *work)
{
    REAL *xr = work, *xi = xr + room(p->points), *rest = xi + room(p->points);
    if (kind == NP_RFFT)
        run_real(p, line, xr, xi, rest);
    else if (kind == NP_IRFFT)
        run_real_inverse(p, line, xr, xi, rest);
    else
        run_complex(p, kind == NP_IFFT, line, xr, xi, rest);
}
