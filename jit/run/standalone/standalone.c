/* standalone.c: what kernels call when they stand in a library of their own (jit.build), without krait: polls, parallel loops,
 * errors as numbers and text. Part of libkernel.a, never of krait itself.
 *
 * Parallel loops give what they give under krait: their blocks depend on the loop's length alone. Threads are made for each loop
 * and take blocks in order, so all blocks before one that raises have been begun; the error of the lowest is the loop's. A loop
 * inside a parallel one stays on its thread. When krait imports the library, its pool and its signals take over
 * (krait_library_host). */
#include "jit/run/standalone/standalone.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jit/ir/ir.h"
#include "jit/run/containers.h"
#include "jit/run/exceptions.h"
#include "jit/run/kernel_abi.h"
#include "jit/run/pool.h"
#include "jit/run/rt.h"
#include "jit/run/vmath.h"

enum { THREADS_MAX = 256 };

const int krait_library_abi = KERNEL_ABI_VERSION;

_Atomic uint32_t kr_thread_attention; /* stays 0: a C program has no handlers of Python's */
#undef jit_rt_attention               /* the name in compiled code */
extern _Atomic uint32_t jit_rt_attention __attribute__((alias("kr_thread_attention")));

/* ---- Parallel loops ---- */

typedef struct Loop {
    KernelEntry body;
    int64_t n, blocks, nslots, nresults;
    const uint64_t *slots;
    uint64_t *results;
    _Atomic int64_t next, failed; /* the lowest block that raised; `blocks`: none */
    _Atomic int lane;
    pthread_mutex_t mutex;
    KernelError error; /* of that block */
} Loop;

static _Thread_local bool inside;
static _Thread_local int lane;

int64_t jit_rt_threads(void) { return jit_pool_default_threads(); }
int64_t jit_rt_thread_id(void) { return lane; }

static void failed(Loop *loop, int64_t block, const KernelError *error)
{
    pthread_mutex_lock(&loop->mutex);
    if (block < loop->failed) {
        if (loop->failed < loop->blocks) jit_error_drop(&loop->error);
        loop->failed = block;
        loop->error = *error;
    } else {
        jit_error_drop(error);
    }
    pthread_mutex_unlock(&loop->mutex);
}

static void *work(void *from)
{
    Loop *loop = from;
    uint64_t *slots = malloc((size_t)loop->nslots * sizeof *slots);
    if (!slots) abort();
    memcpy(slots, loop->slots, (size_t)loop->nslots * sizeof *slots);
    inside = true;
    lane = loop->lane++;
    for (int64_t b; (b = loop->next++) < loop->failed;) {
        KernelError error = {0};
        slots[0] = (uint64_t)jit_rt_parfor_begin(loop->n, loop->blocks, b);
        slots[1] = (uint64_t)jit_rt_parfor_begin(loop->n, loop->blocks, b + 1);
        slots[4] = (uint64_t)b;
        if (loop->body(slots, loop->results + b * loop->nresults, &error)) failed(loop, b, &error);
    }
    inside = false;
    lane = 0;
    free(slots);
    return NULL;
}

static KernelParfor serial; /* the runtime's own way, for loops inside loops */

static int32_t spread(KernelEntry body, int64_t n, const uint64_t *slots, int64_t nslots,
                      uint64_t *results, int64_t nresults, KernelError *error)
{
    pthread_t threads[THREADS_MAX];
    int64_t blocks = (int64_t)slots[0], wanted = jit_pool_default_threads(), made = 0;
    if (wanted > blocks) wanted = blocks;
    if (inside || wanted < 2) return serial(body, n, slots, nslots, results, nresults, error);
    Loop loop = {.body = body,
                 .n = n,
                 .blocks = blocks,
                 .nslots = nslots,
                 .nresults = nresults,
                 .slots = slots,
                 .results = results,
                 .failed = blocks,
                 .mutex = PTHREAD_MUTEX_INITIALIZER};
    for (; made < wanted - 1 && made < THREADS_MAX; made++)
        if (pthread_create(&threads[made], NULL, work, &loop)) break;
    work(&loop);
    for (int64_t i = 0; i < made; i++) pthread_join(threads[i], NULL);
    if (loop.failed == blocks) return 0;
    kernel_error_copy(error, &loop.error);
    return 1;
}

__attribute__((constructor)) static void begin(void)
{
    serial = jit_rt_parfor_hook;
    jit_rt_parfor_hook = spread;
}

void krait_library_host(KernelParfor parfor, int64_t (*poll)(void))
{
    jit_rt_parfor_hook = parfor;
    jit_rt_poll_hook = poll;
    kr_thread_attention = 1; /* krait's own word cannot be seen from here: every poll asks */
}

/* ---- Errors ---- */

/* The source text of a range in one line, malloc'ed, or NULL. */
static char *source_text(const LibrarySource *source, const KernelSite *site)
{
    int32_t line = jit_pos_line(site->line);
    if (!source->text || line < source->line || site->end_line != site->line) return NULL;
    const char *at = source->text;
    for (int32_t k = source->line; k < line && at; k++)
        at = (at = strchr(at, '\n')) ? at + 1 : NULL;
    size_t room = at ? strcspn(at, "\n") : 0;
    if (site->col < 0 || site->end_col <= site->col || (size_t)site->end_col > room) return NULL;
    return strndup(at + site->col, (size_t)(site->end_col - site->col));
}

static const struct {
    const char *cls;
    int code;
} codes[] = {{"MemoryError", 2},  {"ZeroDivisionError", 3}, {"OverflowError", 4},
             {"IndexError", 5},   {"KeyError", 6},          {"ValueError", 7},
             {"TypeError", 8},    {"AssertionError", 9},    {"RecursionError", 10},
             {"RuntimeError", 11}};

/* The first argument of a raise statement, if it is a number or text. */
static void raised_text(const KernelError *error, const char *shape, char *out, size_t size)
{
    void *payload = (void *)(uintptr_t)error->args[1];
    const uint64_t *words = payload ? kernel_list(payload)->items : NULL;
    double d;
    if (!words || !shape) return;
    switch (*shape) {
    case 'i': snprintf(out, size, "%lld", (long long)words[0]); break;
    case 'f':
        memcpy(&d, words, 8);
        snprintf(out, size, "%.17g", d);
        break;
    case 's': {
        const KernelText *text = kernel_text((void *)(uintptr_t)words[0]);
        size_t n = 0; /* ASCII; others as ? */
        for (int64_t i = 0; i < text->length && n + 1 < size; i++) {
            uint32_t c = text->units[i];
            out[n++] = c < 128 ? (char)c : '?';
        }
        out[n] = 0;
        break;
    }
    default: break;
    }
}

int krait_library_report(const uint64_t *kernel_error, const LibrarySource *sources,
                         const char *const *raises, krait_error *out)
{
    const KernelError *error = (const void *)kernel_error;
    const KernelSite *site = error->site;
    bool raised = site->err == ERR_RAISED;
    const char *cls = raised ? raises[error->args[0]] + 1 : jit_rt_error_class(error);
    int code = 1;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (jit_exception_is(jit_exception_find(cls), jit_exception_find(codes[i].cls))) {
            code = codes[i].code;
            break;
        }
    if (out) {
        const LibrarySource *source = &sources[jit_pos_function(site->line)];
        *out = (krait_error){code, jit_pos_line(site->line), source->file, source->name, "", ""};
        snprintf(out->kind, sizeof out->kind, "%s", cls);
        char *expression = source_text(source, site);
        if (raised)
            raised_text(error, raises[error->args[0]], out->message, sizeof out->message);
        else
            jit_rt_error_text(error, expression, out->message, sizeof out->message);
        free(expression);
    }
    jit_error_drop(error);
    return code;
}

/* ---- Elementary functions ---- */

const char *const jit_ir_math_names[MATH_COUNT] = {
#define NAME(code, name, stem, ulp, libm) [MATH_##code] = name,
    KR_MATHS(NAME, NAME)
#undef NAME
};

static void absent(void)
{
    fputs("a library made by krait was built for another processor: it needs vector functions that "
          "SLEEF has not here\n",
          stderr);
    abort();
}

void *krait_library_math(const char *name)
{
    void *found = jit_vmath_symbol(name);
    return found ? found : (void *)absent;
}

/* ---- Results ---- */

/* A result's owner: a buffer, or nobody's if the array is a view of an argument. */
void *krait_library_owner(uint64_t owner)
{
    return kernel_owner_is_buffer(owner) ? (void *)(uintptr_t)owner : NULL;
}

void krait_release(void *owner) { jit_rt_release((uint64_t)(uintptr_t)owner); }
