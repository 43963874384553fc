/* The kernels of kernels.py in C with OpenMP; bench/parallel.py builds and runs it.
 *
 *     kernels KERNEL THREADS REPEATS     prints the checksum, then a time in seconds a line */
#include <math.h>
#include <omp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOR _Pragma("omp parallel for schedule(dynamic, 8)") for
static double *A, *B, *C;
static int64_t *K;

static double *pattern(int64_t n)
{
    double *a = malloc((size_t)n * sizeof *a);
    for (int64_t i = 0; i < n; i++) a[i] = (double)(i * 7919 % 1013) / 1013.0;
    return a;
}

static double sum(const double *a, int64_t n)
{
    double s = 0;
    for (int64_t i = 0; i < n; i++) s += a[i];
    return s;
}

static double mandelbrot(void)
{
    const int64_t n = 500;
    if (!K) K = calloc((size_t)(n * n), sizeof *K);
    FOR (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) {
            double cr = 3.0 * (double)j / (double)n - 2.0, ci = 2.0 * (double)i / (double)n - 1.0;
            double zr = 0, zi = 0;
            int64_t k = 0;
            while (k < 200 && zr * zr + zi * zi < 4.0) {
                double t = zr * zr - zi * zi + cr;
                zi = 2.0 * zr * zi + ci;
                zr = t;
                k++;
            }
            K[i * n + j] = k;
        }
    double s = 0;
    for (int64_t i = 0; i < n * n; i++) s += (double)K[i];
    return s;
}

static double integrate(void)
{
    const int64_t n = 30000000;
    double s = 0;
#pragma omp parallel for reduction(+ : s)
    for (int64_t i = 0; i < n; i++) {
        double x = ((double)i + 0.5) / (double)n;
        s += 4.0 / (1.0 + x * x);
    }
    return s / (double)n;
}

static double monte_carlo(void)
{
    int64_t hits = 0;
#pragma omp parallel for reduction(+ : hits)
    for (int64_t i = 0; i < 20000; i++) {
        int64_t state = (i * 7919 + 12345) & 0xffffffff;
        for (int64_t k = 0; k < 400; k++) {
            state = (state * 1664525 + 1013904223) & 0xffffffff;
            double x = (double)state / 4294967296.0;
            state = (state * 1664525 + 1013904223) & 0xffffffff;
            double y = (double)state / 4294967296.0;
            if (x * x + y * y < 1.0) hits++;
        }
    }
    return (double)hits;
}

static double n_body(void)
{
    const int64_t n = 2500;
    if (!A) A = pattern(3 * n), B = calloc((size_t)(3 * n), sizeof *B);
    FOR (int64_t i = 0; i < n; i++) {
        double ax = 0, ay = 0, az = 0;
        for (int64_t j = 0; j < n; j++) {
            double dx = A[3 * j] - A[3 * i], dy = A[3 * j + 1] - A[3 * i + 1];
            double dz = A[3 * j + 2] - A[3 * i + 2], d = dx * dx + dy * dy + dz * dz + 0.01;
            double w = 1.0 / (d * sqrt(d));
            ax += dx * w;
            ay += dy * w;
            az += dz * w;
        }
        B[3 * i] = ax;
        B[3 * i + 1] = ay;
        B[3 * i + 2] = az;
    }
    double s = 0;
    for (int64_t i = 0; i < 3 * n; i++) s += fabs(B[i]);
    return s;
}

static double matrix_product(void)
{
    const int64_t n = 500;
    if (!A) A = pattern(n * n), B = pattern(n * n), C = calloc((size_t)(n * n), sizeof *C);
    FOR (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) C[i * n + j] = 0;
        for (int64_t k = 0; k < n; k++) {
            double t = A[i * n + k];
            for (int64_t j = 0; j < n; j++) C[i * n + j] += t * B[k * n + j];
        }
    }
    return sum(C, n * n);
}

static double collatz(void)
{
    int64_t longest = 0;
#pragma omp parallel for reduction(max : longest) schedule(dynamic, 1000)
    for (int64_t i = 1; i < 400000; i++) {
        int64_t k = i, steps = 0;
        while (k != 1) {
            k = k & 1 ? 3 * k + 1 : k >> 1;
            steps++;
        }
        if (steps > longest) longest = steps;
    }
    return (double)longest;
}

static double primes(void)
{
    int64_t found = 0;
#pragma omp parallel for reduction(+ : found) schedule(dynamic, 500)
    for (int64_t i = 2; i < 150000; i++) {
        int64_t d = 2, prime = 1;
        while (d * d <= i) {
            if (i % d == 0) {
                prime = 0;
                break;
            }
            d++;
        }
        found += prime;
    }
    return (double)found;
}

static double options(void)
{
    const int64_t n = 1000000;
    if (!A) {
        A = pattern(n), B = malloc((size_t)n * sizeof *B), C = calloc((size_t)n, sizeof *C);
        for (int64_t i = 0; i < n; i++) B[i] = A[n - 1 - i] + 0.5;
        for (int64_t i = 0; i < n; i++) A[i] += 0.5;
    }
#pragma omp parallel for
    for (int64_t i = 0; i < n; i++) {
        double s = A[i], k = B[i], d1 = (log(s / k) + 0.06) / 0.3, d2 = d1 - 0.3;
        double n1 = 0.5 * (1.0 + erf(d1 * 0.7071067811865476));
        double n2 = 0.5 * (1.0 + erf(d2 * 0.7071067811865476));
        C[i] = s * n1 - k * exp(-0.02) * n2;
    }
    return sum(C, n);
}

static double convolve(void)
{
    const int64_t n = 700, w = 7;
    if (!A) A = pattern(n * n), B = pattern(w * w), C = calloc((size_t)(n * n), sizeof *C);
    FOR (int64_t i = 0; i < n - w; i++)
        for (int64_t j = 0; j < n - w; j++) {
            double s = 0;
            for (int64_t k = 0; k < w; k++)
                for (int64_t m = 0; m < w; m++) s += A[(i + k) * n + j + m] * B[k * w + m];
            C[i * n + j] = s;
        }
    return sum(C, n * n);
}

static void step(const double *u, double *v, int64_t n)
{
#pragma omp parallel for
    for (int64_t i = 1; i < n - 1; i++)
        for (int64_t j = 1; j < n - 1; j++)
            v[i * n + j] = u[i * n + j] + 0.2 * (u[(i - 1) * n + j] + u[(i + 1) * n + j] + u[i * n + j - 1] +
                                                 u[i * n + j + 1] - 4.0 * u[i * n + j]);
}

static double heat(void)
{
    const int64_t n = 200;
    if (!A) A = pattern(n * n), B = pattern(n * n), C = pattern(n * n);
    memcpy(A, C, (size_t)(n * n) * sizeof *A);
    memcpy(B, C, (size_t)(n * n) * sizeof *A);
    for (int t = 0; t < 1000; t++) {
        step(A, B, n);
        step(B, A, n);
    }
    return sum(A, n * n);
}

static double histogram(void)
{
    double h[256] = {0}, s = 0;
#pragma omp parallel for reduction(+ : h)
    for (int64_t i = 0; i < 20000000; i++) {
        int64_t x = (i * 2654435761) & 0xffffffff;
        x = ((x >> 13) ^ x) * 5 & 0xffffffff;
        h[x % 256] += 1.0;
    }
    for (int i = 0; i < 256; i++) s += h[i] * i;
    return s;
}

static double spectral(void)
{
    const int64_t n = 4000;
    if (!A) {
        A = malloc((size_t)n * sizeof *A), B = calloc((size_t)n, sizeof *B);
        for (int64_t i = 0; i < n; i++) A[i] = 1;
    }
    FOR (int64_t i = 0; i < n; i++) {
        double s = 0;
        for (int64_t j = 0; j < n; j++) s += A[j] / (double)((i + j) * (i + j + 1) / 2 + i + 1);
        B[i] = s;
    }
    return sum(B, n);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        double (*run)(void);
    } all[] = {{"mandelbrot", mandelbrot}, {"integrate", integrate}, {"monte_carlo", monte_carlo},
               {"n_body", n_body},         {"matrix_product", matrix_product},
               {"collatz", collatz},       {"primes", primes},       {"options", options},
               {"convolve", convolve},     {"heat", heat},           {"histogram", histogram},
               {"spectral", spectral}};
    if (argc < 4) return 2;
    omp_set_num_threads(atoi(argv[2]));
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (strcmp(all[i].name, argv[1]) != 0) continue;
        printf("%.17g\n", all[i].run());
        for (int k = 0; k < atoi(argv[3]); k++) {
            double start = omp_get_wtime();
            all[i].run();
            printf("%.9f\n", omp_get_wtime() - start);
        }
        return 0;
    }
    return 1;
}
