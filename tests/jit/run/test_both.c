/* -X jit=both: that a difference between two codes is seen, whatever it is, and that equal ones
 * are not told apart. The codes are C functions; the second gets copies of the arrays. */
#include "jit/run/both.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failed;

static void expect(const char *what, const char *got, const char *wanted)
{
    if (strcmp(got, wanted) == 0) return;
    printf("%s: got \"%s\", wanted \"%s\"\n", what, got, wanted);
    failed = 1;
}

static const KernelSite site_a = {1, 3, 0, 3, 9, 0}, site_b = {1, 4, 0, 4, 9, 0};

static int32_t increment(const uint64_t *args, uint64_t *results, KernelError *error)
{
    (void)error;
    double *p = (double *)(uintptr_t)args[0];
    for (uint64_t i = 0; i < args[2]; i++) p[i] += 1;
    memcpy(results, &p[0], 8);
    return 0;
}
static int32_t increment_but_last(const uint64_t *args, uint64_t *results, KernelError *error)
{
    increment(args, results, error);
    ((double *)(uintptr_t)args[0])[args[2] - 1] -= 1;
    return 0;
}
static int32_t other_result(const uint64_t *args, uint64_t *results, KernelError *error)
{
    increment(args, results, error);
    results[0] ^= 1;
    return 0;
}
static int32_t raise_a(const uint64_t *args, uint64_t *results, KernelError *error)
{
    (void)args;
    (void)results;
    error->site = &site_a;
    return 1;
}
static int32_t raise_b(const uint64_t *args, uint64_t *results, KernelError *error)
{
    (void)args;
    (void)results;
    error->site = &site_b;
    return 1;
}
static int32_t print(const uint64_t *args, uint64_t *results, KernelError *error)
{
    jit_rt_print_hook("1\n", 2);
    return increment(args, results, error);
}
static int32_t nan_plus(const uint64_t *args, uint64_t *results, KernelError *error)
{
    increment(args, results, error);
    results[0] = UINT64_C(0x7ff8000000000000);
    return 0;
}
static int32_t nan_minus(const uint64_t *args, uint64_t *results, KernelError *error)
{
    increment(args, results, error);
    results[0] = UINT64_C(0xfff8000000000000);
    return 0;
}

static char printed[64];
static void keep_print(const char *text, size_t length) { strncat(printed, text, length); }

/* The array's first two elements after a call by both. */
static double data[4];

static void run(const char *what, KernelEntry first, KernelEntry second, const char *wanted)
{
    const JitType *types[] = {jit_type_array(DT_F64, 1, 'C', false)};
    JitKernel kernel = {.args = types,
                        .nargs = 1,
                        .nslots = types[0]->nparts,
                        .nresults = 1,
                        .ret = jit_type_simple(TK_FLOAT),
                        .entry = first,
                        .second = second};
    for (int i = 0; i < 4; i++) data[i] = i;
    uint64_t slots[] = {(uint64_t)(uintptr_t)data, 1, 4}, results[1] = {0};
    KernelError error = {0};
    char difference[64];
    jit_both_run(&kernel, slots, results, &error, difference, sizeof difference);
    expect(what, difference, wanted);
}

int main(void)
{
    jit_rt_print_hook = keep_print;
    jit_both_install();
    run("equal", increment, increment, "");
    if (data[0] != 1 || data[3] != 4) failed = 1 + puts("the arguments were not written once");
    run("result", increment, other_result, "the result");
    run("contents", increment, increment_but_last, "the contents of argument 1");
    run("raises", increment, raise_a, "whether it raises");
    run("same error", raise_a, raise_a, "");
    run("other line", raise_a, raise_b, "the exception");
    run("nans", nan_plus, nan_minus, "");
    run("prints", print, increment, "what is printed");
    printed[0] = 0;
    run("prints alike", print, print, "");
    expect("printed once", printed, "1\n");
    return failed != 0;
}
