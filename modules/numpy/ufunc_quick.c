/* ufunc_quick.c: the short way of the common call of a ufunc.
 *
 * Common is: one or two operands, one result, no keywords; exact arrays of one plain type, and beside an array a Python
 * number or a scalar of its type; all arrays of one shape, and in C order or of one axis. Such a call needs no conversion,
 * no broadcasting and no casts, and which row takes the type is remembered in the ufunc. Everything else is left to
 * ufunc.c's call_ufunc() (np_ufunc_quick returns NotImplemented before it has done anything).
 *
 * The result is, in this order: what this instruction made before, if nobody holds it (recycle.c); the memory of an
 * operand that dies here; a new array. For large arrays the operand comes first: two blocks of them are too many. A small
 * operand of an operator is left for its own instruction to make anew, which costs no allocation at all. */
#include "modules/numpy/ufunc_quick.h"

#include "modules/numpy/ufunc_objects.h"

enum { SMALL = 64 << 10, LARGE = 1 << 20 }; /* bytes */

typedef struct Quick {
    Ufunc *f;
    const Value *args; /* nin operands */
    NdArray *x[2];     /* NULL: a number, in `number` */
    char *data[3];
    Dtype *d, *result;
    const NpLoopRow *row;
    const NpAsker *asker;
    char number[2][16] __attribute__((aligned(16)));
} Quick;

/* The row whose inputs are all of the type, without any cast. */
const NpLoopRow *np_ufunc_quick_row(Ufunc *f, Dtype *d)
{
    if (f->quick[d->num]) return f->quick[d->num];
    Dtype *in[2] = {d, d}, *types[MAXOPS];
    const NpLoopRow *row = np_ufunc_resolve(f, in, types);
    if (!row || !np_is_numeric(types[f->nin]->num)) return NULL;
    for (int i = 0; i < f->nin; i++)
        if (types[i] != d) return NULL;
    return f->quick[d->num] = row;
}

static bool fits_integer(Value v, const Dtype *d)
{
    int64_t i, bits = d->item_size * 8;
    if (kr_int_bit_length(v) > 63 || kr_to_int64(v, &i) < 0) return false;
    if (d->kind == 'u') return i >= 0 && (bits == 64 || i >> bits == 0);
    return bits == 64 || (i >= -((int64_t)1 << (bits - 1)) && i < (int64_t)1 << (bits - 1));
}

/* Operand k, which is no array, as a number of the others' type. */
static bool take_number(Quick *q, int k)
{
    Value v = q->args[k];
    bool integer = kr_is_int_exact(v), real = !integer && kr_type_of(v) == &kr_float_type;
    q->data[k] = q->number[k];
    if (!integer && !real) {
        const char *bytes;
        if (!kr_is_object(v) || np_scalar_num(v, &bytes) != q->d->num) return false;
        memcpy(q->number[k], bytes, (size_t)q->d->item_size);
        return true;
    }
    if (q->d->num == KR_F64 && real) return kr_to_double(v, (double *)q->number[k]) == 0;
    if (q->d->num == KR_BOOL || q->d->num == KR_F16) return false;
    if (np_is_integer(q->d->num) ? !integer || !fits_integer(v, q->d)
                                 : integer && kr_int_bit_length(v) > 60)
        return false;
    return np_store(q->number[k], q->d, v) == 0;
}

static bool is_plain(const NdArray *x)
{
    const uint32_t wanted =
        KR_ARRAY_ALIGNED | KR_ARRAY_NATIVE | (x->a.rank == 1 ? 0 : KR_ARRAY_C);
    return x->a.rank > 0 && x->a.rank <= 4 && (x->a.flags & wanted) == wanted &&
           np_is_numeric(x->descr->num);
}

/* Bytes from one element of operand k to the next. */
static int64_t step_of(const Quick *q, int k)
{
    const NdArray *x = q->x[k];
    if (!x) return 0;
    return x->a.rank == 1 && x->a.shape[0] > 1 ? x->a.strides[0] : q->d->item_size;
}

static bool take_operands(Quick *q)
{
    NdArray *first = NULL;
    for (int k = 0; k < q->f->nin; k++) {
        q->x[k] = NULL;
        if (!kr_is_object(q->args[k]) || kr_type_of(q->args[k]) != np_array_type) continue;
        NdArray *x = q->x[k] = np_array(q->args[k]);
        if (!is_plain(x) || (first && (x->descr != first->descr || !np_same_shape(x, first))))
            return false;
        q->data[k] = x->a.data;
        first = x;
    }
    if (!first || np_dtypes[first->descr->num] != first->descr) return false;
    q->d = first->descr;
    q->row = np_ufunc_quick_row(q->f, q->d);
    if (!q->row) return false;
    for (int k = 0; k < q->f->nin; k++)
        if (!q->x[k] && !take_number(q, k)) return false;
    q->result = np_ufunc_code(q->row->types[q->f->nin]);
    return true;
}

static bool dies(const Quick *q, int k)
{
    const NdArray *x = q->x[k];
    if (!x || !x->origin.place || !x->block) return false;
    if (x->block_size < SMALL && kr_is_empty(q->asker->callee)) return false;
    return kr_dies_here(x->origin, q->asker->callee, q->asker->args, q->asker->n, (size_t)k);
}

static NdArray *dying(const Quick *q)
{
    for (int k = 0; k < q->f->nin; k++) {
        NdArray *x = q->x[k];
        const uint32_t wanted = KR_ARRAY_C | KR_ARRAY_WRITEABLE;
        if (x && x->descr == q->result && (x->a.flags & wanted) == wanted && dies(q, k)) return x;
    }
    return NULL;
}

static NdArray *result_for(const Quick *q, const NdArray *like, int64_t bytes)
{
    KrOrigin origin = kr_origin(q->asker->callee, q->asker->args, q->asker->n);
    NdArray *y = bytes < LARGE ? np_recycle(origin, q->result, like->a.rank, like->a.shape) : NULL;
    if (y) return y;
    y = dying(q);
    if (!y) y = np_recycle(origin, q->result, like->a.rank, like->a.shape);
    if (y && y->origin.place == origin.place) return y;
    if (!y) y = np_new(q->result, like->a.rank, like->a.shape);
    if (y) np_recycle_note(y, origin);
    return y;
}

/* Memory of operands that die here and was not taken goes back at once. */
static void release_dying(const Quick *q, const NdArray *y)
{
    for (int k = 0; k < q->f->nin; k++)
        if (q->x[k] != y && dies(q, k)) np_release_block(q->x[k]);
}

Value np_ufunc_quick(Ufunc *f, const Value *args, const NpAsker *asker)
{
    Quick q = {.f = f, .args = args, .asker = asker};
    if (f->nin > 2 || f->nout != 1 || !kr_is_empty(f->object_call) || !take_operands(&q))
        return kr_NotImplemented;
    if (f == np_operators[KR_POW] && np_is_integer(q.d->num)) return kr_NotImplemented; /* exponents are checked there */
    NdArray *like = q.x[0] ? q.x[0] : q.x[1];
    int64_t n = np_size(like), steps[3];
    NdArray *y = result_for(&q, like, n * q.result->item_size);
    if (!y) return EMPTY;
    q.data[f->nin] = y->a.data;
    for (int k = 0; k < f->nin; k++) steps[k] = step_of(&q, k);
    steps[f->nin] = q.result->item_size;
    if (n == 1) /* steps of one element are told from those of a reduction */
        for (int k = 0; k < f->nin; k++) steps[k] = q.d->item_size;
    if (np_run_flat(f, q.row, q.data, n, steps) < 0) return EMPTY;
    release_dying(&q, y);
    np_keep(q.x[0]);
    np_keep(q.x[1]);
    return np_value(y);
}

Value np_ufunc_quick_inplace(Ufunc *f, NdArray *x, Value b)
{
    Value args[] = {np_value(x), b};
    Quick q = {.f = f, .args = args};
    const uint32_t wanted = KR_ARRAY_C | KR_ARRAY_WRITEABLE;
    if (f->nin != 2 || f->nout != 1 || (x->a.flags & wanted) != wanted || !take_operands(&q) ||
        q.x[0] != x || q.result != q.d)
        return kr_NotImplemented;
    bool apart = !q.x[1] || q.x[1]->a.data == x->a.data || !np_overlap(q.x[1], x);
    int64_t size = q.d->item_size, n = np_size(x);
    if (!apart || n < 2 || (q.x[1] && q.x[1]->a.data == x->a.data && step_of(&q, 1) != size))
        return kr_NotImplemented;
    int64_t steps[3] = {size, step_of(&q, 1), size};
    q.data[2] = x->a.data;
    if (np_run_flat(f, q.row, q.data, n, steps) < 0) return EMPTY;
    np_keep(x);
    np_keep(q.x[1]);
    return np_value(x);
}
