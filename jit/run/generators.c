/* generators.c: a kernel's generator as a Python iterator.
 *
 * It holds the state that the kernel has made (jit/passes/generator.c), the arguments that the state refers to, and their crossing,
 * which stays open: containers among the arguments are put back after every step. */
#include "jit/run/generators.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jit/backends/backend.h"
#include "jit/ir/eval.h"
#include "jit/run/raise.h"
#include "runtime/memory/heap.h"
#include "runtime/objects/tuple.h"
#include "runtime/threads/thread.h"

enum { RESULTS_MAX = 512 };

typedef struct JitGenerator {
    Object head;
    Value dispatcher; /* keeps the kernel */
    Value args;       /* tuple */
    const JitKernel *kernel;
    KernelEntry next; /* NULL: the evaluator runs `func` */
    IrFunc *func;
    uint64_t state; /* one reference, 0: finished */
    JitCrossing crossing;
    bool running;
} JitGenerator;

static KrType *generator_type;
static JitGenerator *generator_of(Value v) { return (JitGenerator *)object_of(v); }

static void generator_trace(void *self, KrTracer *tracer)
{
    JitGenerator *g = self;
    kr_trace(tracer, g->dispatcher);
    kr_trace(tracer, g->args);
    kr_trace(tracer, g->crossing.objects);
}

static void finish(JitGenerator *g)
{
    if (g->state) jit_rt_release(g->state);
    g->state = 0;
    jit_box_leave(&g->crossing);
    g->crossing = (JitCrossing){.objects = EMPTY};
}

static void generator_release(void *self) { finish(self); }

static int32_t step(JitGenerator *g, uint64_t *results, KernelError *error)
{
    kr_thread_detach();
    int32_t status = g->next ? g->next(&g->state, results, error) : jit_eval_func(g->func, &g->state, results, error);
    kr_thread_attach();
    return status;
}

static Value generator_next(Value self)
{
    JitGenerator *g = generator_of(self);
    uint64_t results[RESULTS_MAX];
    KernelError error = {0};
    if (!g->state) return EMPTY;
    if (g->running) return kr_raise(kr_ValueError, "generator already executing");
    g->running = true;
    int32_t status = step(g, results, &error);
    g->running = false;
    const Value *args = tuple_of(g->args)->items;
    Value item = status || !results[0] ? EMPTY : jit_box_result(g->kernel->ret->elem[0], results + 1, args, &g->crossing);
    bool kept = kr_raised() || !g->crossing.n || jit_box_write_back(&g->crossing, args) >= 0;
    if (status && kept) jit_raise(g->kernel, &error);
    if (is_empty(item)) finish(g);
    return kept ? item : EMPTY;
}

static Value generator_iter(Value self) { return self; }

KR_FN(generator, generator_close, "close", "(self, /)", "Ends the generator.")
{
    JitGenerator *g = generator_of(a[0]);
    if (g->running) return kr_raise(kr_ValueError, "generator already executing");
    finish(g);
    return NONE;
}

#include "jit/run/generators.entries.h"

static bool make_type(void)
{
    static const KrTypeSpec spec = {.name = "_jit.generator",
                                    .doc = "An iterator over what a compiled generator function yields.",
                                    .size = sizeof(JitGenerator),
                                    .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT,
                                    .trace = generator_trace,
                                    .release = generator_release,
                                    .functions = generator_functions,
                                    .slots = {.iter = generator_iter, .next = generator_next}};
    return generator_type || (generator_type = kr_type_new(&spec));
}

Value jit_generator_new(Value dispatcher, const JitKernel *kernel, uint64_t state, const Value *args, JitCrossing *crossing)
{
    char name[320], symbol[400];
    JitGenerator *g = make_type() ? kr_alloc_instance(generator_type) : NULL;
    if (!g) {
        jit_rt_release(state);
        return EMPTY;
    }
    g->state = state;
    g->crossing = *crossing;
    *crossing = (JitCrossing){.objects = EMPTY};
    g->dispatcher = dispatcher;
    g->kernel = kernel;
    g->args = kr_tuple(args, kernel->nargs);
    snprintf(name, sizeof name, "%s.next", kernel->ret->name);
    if (kernel->entry)
        g->next = (KernelEntry)jit_loader_find(kernel->code, jit_backend_symbol(name, symbol, sizeof symbol));
    else
        g->func = jit_ir_find_func(kernel->module, name);
    if (!g->next && !g->func) return kr_raise(kr_SystemError, "the code generator lost a generator");
    return is_empty(g->args) ? EMPTY : from_object(g);
}
