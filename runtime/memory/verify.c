/* verify.c: the heap verifier: every reference of every object is the start of an object or a
 * vector, or lies outside the heap (static types and singletons). Called by tests and, in debug
 * builds, after collections under stress.
 *
 * It finds trace functions that visit a stale pointer and code that stores the address of a freed
 * object; it cannot find references that a trace function forgets: stress with poisoning does that.
 */
#include <stdio.h>

#include "runtime/memory/block.h"

typedef struct Verifier {
    const Object *object; /* whose references are checked */
    size_t errors;
} Verifier;

static void report(Verifier *v, const char *what, const void *p)
{
    if (v->errors++ < 20)
        fprintf(stderr, "krait: heap: %s at %p holds %p: %s\n", kind_of(v->object)->name,
                (const void *)v->object, p, what);
}

static void check(KrTracer *tracer, const void *p)
{
    Verifier *v = tracer->context;
    if (!heap_contains(p)) {
        if ((uintptr_t)p % 8) report(v, "an unaligned address outside the heap", p);
        return;
    }
    const Object *cell = kr_heap_find_cell(p);
    bool vector = cell && (kind_of(cell) == &kr_values_kind || kind_of(cell) == &kr_bytes_kind);
    if (!cell)
        report(v, "no object is there", p);
    else if (p != (const void *)(vector ? cell + 1 : cell) && p != (const void *)cell)
        report(v, "not an object's start", p);
}

static void check_object(Object *object, void *context)
{
    Verifier *v = context;
    KrTracer tracer = {.visit = check, .context = v};
    HeapKind *kind = kind_of(object);
    v->object = object;
    if (heap_contains(kind) && kr_heap_find_cell(kind) != (Object *)kind) {
        if (v->errors++ < 20)
            fprintf(stderr, "krait: heap: object %p has a bad type %p\n", (void *)object,
                    (void *)kind);
        return;
    }
    if (kind->trace) kind->trace(object, &tracer);
}

bool kr_heap_verify(void)
{
    Verifier v = {NULL, 0};
    kr_heap_walk(check_object, &v, true);
    return v.errors == 0;
}
