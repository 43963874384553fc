#include <stdint.h>
double kernel(const int64_t *starts, int64_t n0, const int64_t *ends, int64_t m, const double *weights, int64_t m1, double *distance, int64_t n, double *keys, int64_t k0, int64_t *nodes, int64_t k1)
{
    for (int64_t i = 0; i < n; i++) distance[i] = 1e300;
    distance[0] = 0;
    keys[0] = 0;
    nodes[0] = 0;
    int64_t size = 1;
    while (size > 0) {
        double d = keys[0], key = keys[--size];
        int64_t u = nodes[0], node = nodes[size], i = 0;
        while (2 * i + 1 < size) {
            int64_t c = 2 * i + 1;
            if (c + 1 < size && keys[c + 1] < keys[c]) c++;
            if (keys[c] >= key) break;
            keys[i] = keys[c];
            nodes[i] = nodes[c];
            i = c;
        }
        keys[i] = key;
        nodes[i] = node;
        if (d > distance[u]) continue;
        for (int64_t e = starts[u]; e < starts[u + 1]; e++) {
            int64_t v = ends[e];
            double t = d + weights[e];
            if (t < distance[v]) {
                distance[v] = t;
                i = size++;
                while (i > 0 && keys[(i - 1) / 2] > t) {
                    keys[i] = keys[(i - 1) / 2];
                    nodes[i] = nodes[(i - 1) / 2];
                    i = (i - 1) / 2;
                }
                keys[i] = t;
                nodes[i] = v;
            }
        }
    }
    return distance[n - 1];
}
