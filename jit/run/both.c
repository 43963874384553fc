/* both.c: one call by two code generators.
 *
 *     slots ---> slots with data pointers into copies ---> second code --\
 *        \-----------------------------------------------> first code ----> compared, first one's given on
 *
 * Copied is every byte that an argument array reaches; ranges that overlap are one range, so that
 * arrays that share memory share their copies. Compared are the outcome (results, or the error's
 * site and values), the elements of arguments and of resulting arrays, and what was printed: bit
 * for bit, except that one nan is as good as another. What the functions of the runtime keep
 * between calls is not set back. One lock holds the pair together. */
#include "jit/run/trail.h"
#include "jit/run/exceptions.h"
#include "jit/run/both.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- What kernels print ---- */

typedef struct Printed {
    char *text;
    size_t length;
} Printed;

static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static pthread_mutex_t printing = PTHREAD_MUTEX_INITIALIZER; /* threads of a parallel loop print */
static Printed *capture;                                     /* where text goes now, or NULL: on */
static void (*print_on)(const char *text, size_t length);

static void print_hook(const char *text, size_t length)
{
    pthread_mutex_lock(&printing);
    Printed *to = capture;
    char *more = to ? realloc(to->text, to->length + length + 1) : NULL;
    if (more) {
        memcpy(more + to->length, text, length);
        to->text = more;
        to->length += length;
    }
    pthread_mutex_unlock(&printing);
    if (!to) print_on(text, length);
}

void jit_both_install(void)
{
    print_on = jit_rt_print_hook;
    jit_rt_print_hook = print_hook;
}

/* ---- Arrays among slots ---- */

typedef struct Array {
    const JitType *type;
    char *data;
    const int64_t *shape;
    int64_t strides[TYPE_MAX_RANK];
    uint64_t owner;
} Array;

static Array array_at(const JitType *type, const uint64_t *slots)
{
    Array a = {.type = type, .data = (char *)(uintptr_t)slots[0], .owner = slots[1]};
    a.shape = (const int64_t *)slots + 2;
    int64_t step = jit_dtype_size((JitDtype)type->dtype);
    for (unsigned k = 0; k < type->rank; k++) {
        unsigned i = type->layout == 'F' ? k : type->rank - 1u - k;
        a.strides[i] = type->layout == 'A' ? a.shape[type->rank + i] : step;
        step *= a.shape[i];
    }
    return a;
}

/* Calls visit for every array in a value; false as soon as it gives false. */
typedef bool (*Visit)(void *context, const JitType *type, uint64_t *slots, uint64_t *others);

static bool visit_arrays(const JitType *type, uint64_t *slots, uint64_t *others, Visit visit,
                         void *context)
{
    switch ((TypeKind)type->kind) {
    case TK_ARRAY: return visit(context, type, slots, others);
    case TK_TUPLE:
        for (uint32_t i = 0, at = 0; i < type->n; at += type->elem[i++]->nparts)
            if (!visit_arrays(type->elem[i], slots + at, others + at, visit, context)) return false;
        return true;
    case TK_OPTIONAL:
        return !slots[0] || visit_arrays(type->elem[0], slots + 1, others + 1, visit, context);
    default: return true;
    }
}

/* ---- Copies ---- */

typedef struct Range {
    char *low, *high, *copy;
} Range;

typedef struct Copies {
    Range *ranges;
    uint32_t n, room;
    bool failed; /* memory is out */
} Copies;

static Range range_of(const Array *a)
{
    Range r = {a->data, a->data, NULL};
    for (unsigned i = 0; i < a->type->rank; i++) {
        if (a->shape[i] == 0) return (Range){a->data, a->data, NULL};
        int64_t reach = (a->shape[i] - 1) * a->strides[i];
        *(reach < 0 ? &r.low : &r.high) += reach;
    }
    r.high += jit_dtype_size((JitDtype)a->type->dtype);
    return r;
}

/* Adds a range; those that it meets are swallowed by it. */
static bool add_range(void *context, const JitType *type, uint64_t *slots, uint64_t *others)
{
    (void)others;
    Copies *c = context;
    Array a = array_at(type, slots);
    Range r = range_of(&a);
    for (uint32_t i = 0; i < c->n;) {
        Range *old = &c->ranges[i];
        if (old->low > r.high || r.low > old->high) {
            i++;
            continue;
        }
        if (old->low < r.low) r.low = old->low;
        if (old->high > r.high) r.high = old->high;
        *old = c->ranges[--c->n];
    }
    if (c->n == c->room) {
        Range *more = realloc(c->ranges, (c->room = 2 * c->room + 8) * sizeof *more);
        if (!more) return !(c->failed = true);
        c->ranges = more;
    }
    c->ranges[c->n++] = r;
    return true;
}

static const Range *range_with(const Copies *c, const char *data)
{
    for (uint32_t i = 0; i < c->n; i++)
        if (data >= c->ranges[i].low && data <= c->ranges[i].high) return &c->ranges[i];
    return NULL;
}

static bool into_copy(void *context, const JitType *type, uint64_t *slots, uint64_t *others)
{
    (void)type;
    (void)slots;
    char *data = (char *)(uintptr_t)others[0];
    const Range *r = range_with(context, data);
    others[0] = (uint64_t)(uintptr_t)(r->copy + (data - r->low));
    return true;
}

/* Fills `copied`, slots equal to `slots` but for data pointers that lead into copies. */
static bool copy_arguments(const JitKernel *kernel, uint64_t *slots, uint64_t *copied, Copies *c)
{
    for (uint32_t i = 0, at = 0; i < kernel->nargs; at += kernel->args[i++]->nparts)
        visit_arrays(kernel->args[i], slots + at, slots + at, add_range, c);
    for (uint32_t i = 0; i < c->n && !c->failed; i++) {
        Range *r = &c->ranges[i];
        size_t size = (size_t)(r->high - r->low), skew = (uintptr_t)r->low % 64;
        char *block = aligned_alloc(64, (size + skew + 127) & ~(size_t)63); /* aligned alike */
        r->copy = block ? memcpy(block + skew, r->low, size) : NULL;
        c->failed = !block;
    }
    memcpy(copied, slots, kernel->nslots * sizeof *slots);
    for (uint32_t i = 0, at = 0; i < kernel->nargs && !c->failed; at += kernel->args[i++]->nparts)
        visit_arrays(kernel->args[i], slots + at, copied + at, into_copy, c);
    return !c->failed;
}

static void free_copies(Copies *c)
{
    for (uint32_t i = 0; i < c->n; i++)
        if (c->ranges[i].copy) free(c->ranges[i].copy - (uintptr_t)c->ranges[i].low % 64);
    free(c->ranges);
}

/* ---- Comparing ---- */

static bool same_number(MType m, const void *a, const void *b)
{
    if (memcmp(a, b, jit_mtype_size(m)) == 0) return true;
    float f, g;
    double x, y;
    if (m == M_F32) {
        memcpy(&f, a, 4);
        memcpy(&g, b, 4);
        return f != f && g != g;
    }
    memcpy(&x, a, 8);
    memcpy(&y, b, 8);
    return m == M_F64 && x != x && y != y;
}

static bool same_items(const Array *a, const char *p, const Array *b, const char *q, unsigned axis)
{
    JitDtype dtype = (JitDtype)a->type->dtype;
    if (axis == a->type->rank) {
        MType m = jit_dtype_machine(dtype);
        unsigned half = jit_mtype_size(m);
        return same_number(m, p, q) &&
               (jit_dtype_kind(dtype) != 'c' || same_number(m, p + half, q + half));
    }
    for (int64_t i = 0; i < a->shape[axis]; i++)
        if (!same_items(a, p + i * a->strides[axis], b, q + i * b->strides[axis], axis + 1))
            return false;
    return true;
}

static bool same_array(void *context, const JitType *type, uint64_t *slots, uint64_t *others)
{
    Array a = array_at(type, slots), b = array_at(type, others);
    uint32_t nwords = type->rank * (type->layout == 'A' ? 2u : 1u);
    if (memcmp(slots + 2, others + 2, nwords * 8)) return false;
    bool view = a.owner & 1;
    if (view ? a.owner != b.owner
             : kernel_owner_is_buffer(a.owner) != kernel_owner_is_buffer(b.owner))
        return false;
    const Range *r = view ? range_with(context, a.data) : NULL;
    if (r && r->copy + (a.data - r->low) != b.data) return false;
    return same_items(&a, a.data, &b, b.data, 0);
}

static bool same_value(const JitType *type, uint64_t *a, uint64_t *b, Copies *c)
{
    uint8_t parts[512];
    if (type->nparts > sizeof parts) return true;
    jit_type_parts(type, parts);
    if (type->kind == TK_OPTIONAL && !a[0] && !b[0]) return true; /* the rest is not defined */
    if (type->kind == TK_TUPLE) {
        for (uint32_t i = 0, at = 0; i < type->n; at += type->elem[i++]->nparts)
            if (!same_value(type->elem[i], a + at, b + at, c)) return false;
        return true;
    }
    if (type->kind == TK_ARRAY) return same_array(c, type, a, b);
    if (type->kind == TK_OPTIONAL)
        return a[0] == b[0] && same_value(type->elem[0], a + 1, b + 1, c);
    for (uint32_t i = 0; i < type->nparts; i++)
        if (!same_number((MType)parts[i], &a[i], &b[i])) return false;
    return true;
}

static const char *text_of(const KernelSite *s) { return s->text ? (const char *)s + s->text : ""; }

static bool same_error(const KernelError *a, const KernelError *b)
{
    const size_t fixed = offsetof(KernelSite, text);
    if (a->site->err == ERR_RAISED && b->site->err == ERR_RAISED)
        return memcmp(a->site, b->site, fixed) == 0 && a->args[0] == b->args[0];
    return memcmp(a->site, b->site, fixed) == 0 &&
           strcmp(text_of(a->site), text_of(b->site)) == 0 &&
           memcmp(a->args, b->args, sizeof a->args) == 0;
}

static void release_results(const JitType *type, const uint64_t *results)
{
    uint8_t parts[512];
    if (type->nparts > sizeof parts) return;
    jit_type_parts(type, parts);
    for (uint32_t i = 0; i < type->nparts; i++)
        if (parts[i] == M_OWN) jit_rt_release(results[i]);
}

/* ---- The two runs ---- */

typedef struct Run {
    int32_t status;
    uint64_t *results;
    KernelError error;
    Printed printed;
} Run;

static void run(Run *r, KernelEntry entry, const uint64_t *slots)
{
    pthread_mutex_lock(&printing);
    capture = &r->printed;
    pthread_mutex_unlock(&printing);
    r->status = entry(slots, r->results, &r->error);
    pthread_mutex_lock(&printing);
    capture = NULL;
    pthread_mutex_unlock(&printing);
}

/* How deep a recursion comes, and so all that it does, depends on the size of the code's frames; so
 * does where a signal meets a kernel. */
static bool stack_ended(const Run *r)
{
    return r->status &&
           (r->error.site->err == ERR_RECURSION || r->error.site->err == ERR_INTERRUPT);
}

/* What differs, as a phrase; "" nothing. */
static void compare(const JitKernel *kernel, Run *first, Run *second, uint64_t *slots,
                    uint64_t *copied, Copies *c, char *out, size_t size)
{
    out[0] = 0;
    if (stack_ended(first) || stack_ended(second)) return;
    if (first->status != second->status)
        snprintf(out, size, "whether it raises");
    else if (first->status && !same_error(&first->error, &second->error))
        snprintf(out, size, "the exception");
    else if (!first->status && !same_value(kernel->ret, first->results, second->results, c))
        snprintf(out, size, "the result");
    else if (first->printed.length != second->printed.length ||
             (first->printed.length &&
              memcmp(first->printed.text, second->printed.text, first->printed.length)))
        snprintf(out, size, "what is printed");
    for (uint32_t i = 0, at = 0; i < kernel->nargs && !*out; at += kernel->args[i++]->nparts)
        if (!visit_arrays(kernel->args[i], slots + at, copied + at, same_array, c))
            snprintf(out, size, "the contents of argument %u", i + 1);
}

int32_t jit_both_run(const JitKernel *kernel, const uint64_t *given, uint64_t *results,
                     KernelError *error, char *difference, size_t size)
{
    size_t nslots = kernel->nslots + 1, nresults = kernel->nresults + 1;
    uint64_t *words = calloc(2 * nslots + nresults, sizeof *words);
    if (!words) abort();
    uint64_t *slots = words, *copied = words + nslots;
    Run first = {.results = results}, second = {.results = words + 2 * nslots};
    Copies copies = {0};
    memcpy(slots, given, kernel->nslots * sizeof *slots);
    pthread_mutex_lock(&lock);
    difference[0] = 0;
    bool twice = copy_arguments(kernel, slots, copied, &copies);
    if (twice) run(&second, kernel->second, copied);
    jit_trail_take();
    run(&first, kernel->entry, slots);
    if (twice) compare(kernel, &first, &second, slots, copied, &copies, difference, size);
    if (twice && !second.status) release_results(kernel->ret, second.results);
    if (twice && second.status) jit_error_drop(&second.error);
    pthread_mutex_unlock(&lock);
    if (first.printed.length) print_on(first.printed.text, first.printed.length);
    *error = first.error;
    free_copies(&copies);
    free(first.printed.text);
    free(second.printed.text);
    free(words);
    return first.status;
}
