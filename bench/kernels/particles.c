#include <stdint.h>
double kernel(double *x, int64_t n, double *v, int64_t nv, double *grid, int64_t cells, double dt)
{
    for (int64_t c = 0; c < cells; c++) grid[c] = 0;
    for (int64_t i = 0; i < n; i++) {
        int64_t c = (int64_t)x[i];
        double f = x[i] - (double)c;
        grid[c] += 1.0 - f;
        grid[(c + 1) % cells] += f;
    }
    for (int64_t i = 0; i < n; i++) {
        int64_t c = (int64_t)x[i];
        v[i] += dt * (grid[(c + 1) % cells] - grid[c]);
        x[i] += dt * v[i];
        if (x[i] < 0)
            x[i] += (double)cells;
        else if (x[i] >= (double)cells)
            x[i] -= (double)cells;
    }
    return x[3] + grid[5];
}
