#include <stdint.h>
int64_t kernel(const int64_t *start, int64_t s, const int64_t *neighbours, int64_t e, int64_t *distance, int64_t n, int64_t *queue, int64_t q)
{
    for (int64_t i = 0; i < n; i++) distance[i] = -1;
    distance[0] = queue[0] = 0;
    int64_t head = 0, tail = 1;
    while (head < tail) {
        int64_t v = queue[head++];
        for (int64_t k = start[v]; k < start[v + 1]; k++) {
            int64_t w = neighbours[k];
            if (distance[w] < 0) {
                distance[w] = distance[v] + 1;
                queue[tail++] = w;
            }
        }
    }
    return distance[n - 1] + tail;
}
