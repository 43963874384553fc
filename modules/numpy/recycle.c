/* recycle.c: results that nobody holds any more are made anew in place.
 *
 * Nothing counts references; an array that dies waits for a collection, and a loop of `x = a + b` would go through cold
 * memory, some tens of megabytes of it, between two of them. But vm/temporaries.c can often prove, when an instruction is
 * about to make an array, that one it made before is held by nobody. So results are noted here under their origin, a few for
 * each instruction, and np_recycle() gives back one of the shape and type wanted.
 *
 * An entry keeps nothing alive: it goes when its array dies (array_release), when a view of it is made (np_view: the view's
 * owner is seen by nobody but the view) and when its memory goes to another. Arrays noted have x->origin.place set. */
#include "modules/numpy/numpy.h"

enum { SETS = 128, WAYS = 4 };

typedef struct RecycleSet {
    NdArray *arrays[WAYS];
    unsigned hand; /* the next to be overwritten */
} RecycleSet;
static RecycleSet sets[SETS];

static RecycleSet *set_of(KrOrigin origin)
{
    uintptr_t place = (uintptr_t)origin.place >> 3;
    return &sets[(place ^ place >> 7) % SETS];
}

void np_recycle_forget(NdArray *x)
{
    if (!x->origin.place) return;
    RecycleSet *set = set_of(x->origin);
    for (int k = 0; k < WAYS; k++)
        if (set->arrays[k] == x) set->arrays[k] = NULL;
    x->origin = (KrOrigin){0};
}

void np_recycle_note(NdArray *x, KrOrigin origin)
{
    np_recycle_forget(x);
    if (!origin.place || x->head.type != np_array_type || !x->block) return;
    RecycleSet *set = set_of(origin);
    unsigned k = 0;
    while (k < WAYS && set->arrays[k]) k++;
    if (k == WAYS) {
        k = set->hand++ % WAYS;
        set->arrays[k]->origin = (KrOrigin){0};
    }
    set->arrays[k] = x;
    x->origin = origin;
}

NdArray *np_recycle(KrOrigin origin, const Dtype *d, int rank, const int64_t *shape)
{
    if (!origin.place) return NULL;
    const RecycleSet *set = set_of(origin);
    for (int k = 0; k < WAYS; k++) {
        NdArray *x = set->arrays[k];
        if (!x || x->origin.place != origin.place || x->origin.mark != origin.mark ||
            x->descr != d || x->a.rank != rank)
            continue;
        const uint32_t wanted = KR_ARRAY_C | KR_ARRAY_WRITEABLE;
        bool fits = x->block && (x->a.flags & wanted) == wanted && kr_is_empty(x->a.owner);
        for (int i = 0; fits && i < rank; i++) fits = x->a.shape[i] == shape[i];
        if (fits && kr_is_forgotten(origin, np_value(x))) return x;
    }
    return NULL;
}

NdArray *np_new_result(KrOrigin origin, Dtype *d, int rank, const int64_t *shape)
{
    NdArray *y = np_recycle(origin, d, rank, shape);
    if (y) return y;
    y = np_new(d, rank, shape);
    if (y) np_recycle_note(y, origin);
    return y;
}

void np_release_block(NdArray *x)
{
    void *block = x->block;
    np_recycle_forget(x);
    x->block = NULL;
    for (int k = 0; k < x->a.rank; k++) x->a.shape[k] = 0;
    np_block_free(block, x->block_size);
    x->block_size = 0;
}
