#include <stdint.h>
double kernel(const double *restrict f, int64_t q, int64_t rows, int64_t columns, double *restrict g, int64_t g0, int64_t g1, int64_t g2,
              const double *restrict cx, int64_t a, const double *restrict cy, int64_t b, const double *restrict w, int64_t c, double omega)
{
#define AT(k, i, j) (((k) * rows + (i)) * columns + (j))
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < columns; j++) {
            double rho = 0, ux = 0, uy = 0;
            for (int64_t k = 0; k < q; k++) {
                rho += f[AT(k, i, j)];
                ux += f[AT(k, i, j)] * cx[k];
                uy += f[AT(k, i, j)] * cy[k];
            }
            ux /= rho;
            uy /= rho;
            double square = 1.5 * (ux * ux + uy * uy);
            for (int64_t k = 0; k < q; k++) {
                double cu = 3.0 * (cx[k] * ux + cy[k] * uy);
                double equilibrium = rho * w[k] * (1.0 + cu + 0.5 * cu * cu - square);
                int64_t x = (j + (int64_t)cx[k] + columns) % columns, y = (i + (int64_t)cy[k] + rows) % rows;
                g[AT(k, y, x)] = f[AT(k, i, j)] + omega * (equilibrium - f[AT(k, i, j)]);
            }
        }
    return g[AT(1, rows / 2, columns / 2)];
}
