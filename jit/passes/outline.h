/* The parallelisation of prange loops, between its files:
 *
 *   outline.c   finds the loops, makes each body a function, puts the parallel call in place
 *   depend.c    which elements iterations share: proven apart, proven to collide, unknown
 *   grown.c     containers that iterations would change together
 *   reduce.c    what iterations gather together: variables and arrays
 *   parfor.c    lowering of the parallel call: blocks, results, private copies
 */
#ifndef JIT_PASSES_OUTLINE_H
#define JIT_PASSES_OUTLINE_H

#include "jit/passes/lower.h"
#include "jit/passes/middle.h"

enum {
    MAX_CARRIED = 32,
    MAX_CAPTURED = 128,
    MAX_REDUCED = 16,
    PAR_SLOTS = 5 /* begin, end, start, step, block: the first parameters of a body */
};

/* An array into which iterations gather: each block has a copy of its own. */
typedef struct ReducedArray {
    IrNode *array;
    char kind; /* as in kinds */
} ReducedArray;

typedef struct Region {
    IrFunc *f;
    JitDiag *diag;
    IrBlock *head, *body;
    IrNode *next;                /* the py.next */
    int number;                  /* of the loop, from 1 */
    char kinds[MAX_CARRIED + 1]; /* by header parameter: + * < > & | ^, or = for the last value */
    ReducedArray reduced[MAX_REDUCED];
    uint32_t nreduced;
    IrNode *captured[MAX_CAPTURED];
    uint32_t ncaptured;
    bool *inside; /* by block id; the header is not inside */
} Region;

static inline bool jit_region_has(const Region *r, const IrBlock *b) { return r->inside[b->id]; }

static inline bool jit_nodes_have(IrNode *const *list, uint32_t n, const IrNode *x)
{
    for (uint32_t i = 0; i < n; i++)
        if (list[i] == x) return true;
    return false;
}

/* The parameters of the loop's range where they are constants; count -1: not known. */
typedef struct Trip {
    bool start_known, step_known;
    int64_t start, step, count;
} Trip;
void jit_depend_trip(const Region *r, Trip *trip);

/* The call of prange (or another function) that makes the range of a loop, and whether it has a bar. */
IrNode *jit_outline_range(const IrNode *next, bool *progress);
/* The largest (or smallest) value of an integer type. */
int64_t jit_outline_limit(MType m, bool high);

/* -- reduce.c -- */
int jit_reduce_variables(Region *r); /* fills kinds; -1: refused */
/* `acc = acc + row` becomes `acc += row` on a copy; true if something changed: look at the loop again. */
bool jit_reduce_rebound(Region *r);
/* Are all uses of an array from outside in the region one kind of gathering? Its kind, or 0. */
char jit_reduce_array(Region *r, const IrNode *array);
/* `acc += row` for arrays: acc stays one array, so it is not carried around. Before the region is
 * classified; true if something changed. */
bool jit_reduce_inplace(IrFunc *f);

/* -- grown.c -- */
/* Would iterations change one container together? */
bool jit_outline_grows(const Region *r);

/* -- depend.c -- */
int jit_depend_check(Region *r); /* fills reduced; -1: refused */
/* Are a and, behind it, b the same pure function of the same values? */
bool jit_depend_same(const IrNode *a, const IrNode *b);

/* -- what parallel_diagnostics tells -- */
void jit_note(Region *r, char kind, IrPos pos, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

#endif
