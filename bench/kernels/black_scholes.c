#include <math.h>
#include <stdint.h>
double kernel(const double *restrict spot, int64_t n, const double *restrict strike, int64_t n1, const double *restrict years, int64_t n2,
              double rate, double sigma, double *restrict price, int64_t n3)
{
    for (int64_t i = 0; i < n; i++) {
        double root = sigma * sqrt(years[i]);
        double d1 = (log(spot[i] / strike[i]) + (rate + 0.5 * sigma * sigma) * years[i]) / root, d2 = d1 - root;
        double p1 = 0.5 + 0.5 * erf(d1 * 0.7071067811865476), p2 = 0.5 + 0.5 * erf(d2 * 0.7071067811865476);
        price[i] = spot[i] * p1 - strike[i] * exp(-rate * years[i]) * p2;
    }
    return price[n3 / 2];
}
