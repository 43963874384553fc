/* The pool of threads, between its files: pool.c runs loops, pool_size.c counts processors. */
#ifndef JIT_RUN_POOL_H
#define JIT_RUN_POOL_H

enum { POOL_THREADS_MAX = 1024 };

/* KRAIT_NUM_THREADS, else NUMBA_NUM_THREADS, else what this process may use: its affinity, cut by
 * the quota of its control groups. At least 1. */
int jit_pool_default_threads(void);

#endif
