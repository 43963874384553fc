/* progress.h: the bar of a parallel loop (progress.c). */
#ifndef JIT_RUN_PROGRESS_H
#define JIT_RUN_PROGRESS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* Bit of slots[1]: the loop has a bar. */
#define PARFOR_PROGRESS ((uint64_t)1 << 33)

typedef struct Progress {
    struct Progress *next;
    _Atomic int64_t done; /* iterations; added to by any thread */
    int64_t total;
    int line; /* below the first bar */
    struct timespec start;
} Progress;

void jit_progress_open(Progress *p, int64_t total); /* draws the empty bar */
void jit_progress_close(Progress *p);               /* draws the last state and leaves the line */

#endif
