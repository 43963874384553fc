/* The pool by itself: many threads that call at once, loops inside loops, errors in half of the iterations, bars. Made for
 * the thread sanitizer (make check-tsan); the lowest failing iteration is the error, whoever runs it. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "jit/jit.h"
#include "jit/run/kernel_abi.h"
#include "jit/run/progress.h"
#include "jit/run/rt.h"

enum { CALLERS = 12, ROUNDS = 30 };

static void wrong(const char *what)
{
    printf("not ok - %s\n", what);
    exit(1);
}

static KernelSite site;

/* slots: range, start, step, block, array, first iteration that fails or -1 */
static int32_t body(const uint64_t *s, uint64_t *r, KernelError *e)
{
    int64_t sum = 0, *a = (int64_t *)s[5];
    for (int64_t i = (int64_t)s[0]; i < (int64_t)s[1]; i++) {
        for (int k = 0; k < 50; k++) sum += (i * k) % 7;
        a[i] += i;
        bool fails = (int64_t)s[6] >= 0 && i >= (int64_t)s[6] && i % 2 == (int64_t)s[6] % 2;
        if (!fails && !jit_rt_poll()) continue;
        e->site = &site;
        e->args[0] = fails ? i : -1;
        return 1;
    }
    r[0] = (uint64_t)sum;
    return 0;
}

static int32_t outer(const uint64_t *s, uint64_t *r, KernelError *e)
{
    (void)r;
    for (int64_t i = (int64_t)s[0]; i < (int64_t)s[1]; i++) {
        static __thread int64_t a[500];
        static __thread uint64_t res[256];
        uint64_t t[7] = {256, 0, 0, 1, 0, (uint64_t)(uintptr_t)a, (uint64_t)-1};
        if (jit_rt_parfor(body, 500, t, 7, res, 1, e)) return 1;
    }
    return 0;
}

static void *thread(void *x)
{
    for (int k = 0; k < ROUNDS; k++) {
        int64_t *a = calloc(3000, 8);
        uint64_t res[256];
        int64_t fail = k % 3 == 2 ? 100 * (k % 20) : -1;
        uint64_t t[7] = {
            256,           k % 10 == 5 ? PARFOR_PROGRESS : 0, 0, 1, 0, (uint64_t)(uintptr_t)a,
            (uint64_t)fail};
        KernelError e = {0};
        int32_t s = jit_rt_parfor(body, 3000, t, 7, res, 1, &e);
        if (s != (fail >= 0) || (s && e.args[0] != fail)) wrong("error");
        if (!s)
            for (int i = 0; i < 3000; i++)
                if (a[i] != i) wrong("value");
        uint64_t u[7] = {20, 0, 0, 1, 0, 0, 0};
        if (jit_rt_parfor(outer, 20, u, 7, NULL, 0, &e)) wrong("loop inside");
        free(a);
    }
    return x;
}

int main(void)
{
    setenv("KRAIT_NUM_THREADS", "4", 1);
    jit_pool_install();
    pthread_t t[CALLERS];
    for (int i = 0; i < CALLERS; i++) pthread_create(&t[i], NULL, thread, NULL);
    for (int i = 0; i < CALLERS; i++) pthread_join(t[i], NULL);
    return 0;
}
