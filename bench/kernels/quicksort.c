#include <stdint.h>
double kernel(const double *source, int64_t s, double *a, int64_t n, int64_t *stack, int64_t m)
{
    for (int64_t i = 0; i < n; i++) a[i] = source[i];
    int64_t top = 0;
    stack[0] = 0;
    stack[1] = n - 1;
    while (top >= 0) {
        int64_t low = stack[2 * top], high = stack[2 * top + 1];
        top--;
        while (low < high) {
            double pivot = a[(low + high) / 2];
            int64_t i = low, j = high;
            while (i <= j) {
                while (a[i] < pivot) i++;
                while (a[j] > pivot) j--;
                if (i <= j) {
                    double t = a[i];
                    a[i++] = a[j];
                    a[j--] = t;
                }
            }
            if (high - i > 0) {
                top++;
                stack[2 * top] = i;
                stack[2 * top + 1] = high;
            }
            high = j;
        }
    }
    return a[n / 3];
}
