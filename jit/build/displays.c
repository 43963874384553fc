/* displays.c: which list displays are lists.
 *
 * `np.array([1, 2])`, `for x in [1, 2]`, `x in [1, 2]`: nobody sees that the display is a list, and as
 * a tuple its length and its types are known and it needs no memory. So a display whose only uses
 * are an iteration, a search, unpacking or arguments of NumPy's functions becomes a tuple, and the
 * displays inside it with it. Long ones stay lists: as tuples they would be code. */
#include <string.h>

#include "jit/build/build.h"

enum { LONGEST = 64 };

static bool is_numpy(const IrNode *callee)
{
    while (callee->op == OP_PY_GETATTR) callee = callee->args[0];
    if (callee->op != OP_CONST || !callee->type || !callee->type->name) return false;
    const char *name = callee->type->name;
    if (strncmp(name, "jit.", 4) == 0) name += 4;
    return strncmp(name, "numpy", 5) == 0;
}

/* Is the display, used here, never seen as a list? */
static bool is_only_read(const IrNode *user, const IrNode *display, const uint8_t *tuples)
{
    switch (user->op) {
    case OP_PY_ITER:
    case OP_PY_UNPACK: return display->op == OP_PY_LIST;
    case OP_PY_IN: return user->args[1] == display && user->args[0] != display;
    case OP_PY_CALL: return display->op == OP_PY_LIST && is_numpy(user->args[0]);
    case OP_PY_TUPLE:
    case OP_PY_LIST: return display->op == OP_PY_LIST && tuples[user->id];
    default: return false;
    }
}

static void count_passed(const IrEdge *e, uint8_t *tuples)
{
    for (uint32_t i = 0; i < e->n; i++) tuples[e->args[i]->id] = 0;
}

void jit_build_displays(IrFunc *f)
{
    uint8_t *tuples = jit_ir_alloc(f->module, f->next_node + 1);
    FOR_BLOCKS(b, f)
    FOR_NODES(x, b)
    tuples[x->id] = (x->op == OP_PY_LIST || x->op == OP_PY_SET) && x->n <= LONGEST;
    for (bool changed = true; changed;) {
        changed = false;
        FOR_BLOCKS(b, f)
        {
            FOR_NODES(x, b)
            {
                for (uint32_t i = 0; i < x->n; i++) {
                    IrNode *a = x->args[i];
                    if (!tuples[a->id] || is_only_read(x, a, tuples)) continue;
                    tuples[a->id] = 0;
                    changed = true;
                }
                if (x->exit) count_passed(x->exit, tuples);
            }
            for (uint32_t s = 0; s < b->nsucc; s++) count_passed(&b->succ[s], tuples);
        }
    }
    FOR_BLOCKS(b, f)
    FOR_NODES(x, b)
    if (tuples[x->id]) x->op = OP_PY_TUPLE;
}
