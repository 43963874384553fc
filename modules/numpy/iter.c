/* iter.c: strided iteration over several operands, and copying between arrays.
 *
 * Axes are sorted by the size of their steps (first operand decides, later ones break ties), then
 * neighbours that every operand passes evenly are merged: contiguous operands of any rank become one
 * inner loop. */
#include <fenv.h>
#include <stdio.h>

#include "modules/numpy/numpy.h"

int64_t np_product(int rank, const int64_t *shape)
{
    int64_t n = 1;
    for (int i = 0; i < rank; i++)
        if (shape[i] == 0) return 0;
    for (int i = 0; i < rank; i++)
        if (__builtin_mul_overflow(n, shape[i], &n)) return -1;
    return n;
}

void np_shape_text(char *out, size_t size, int rank, const int64_t *shape)
{
    size_t n = 0;
    n += (size_t)snprintf(out, size, "(");
    for (int i = 0; i < rank && n < size; i++)
        n += (size_t)snprintf(out + n, size - n, "%s%lld", i ? "," : "", (long long)shape[i]);
    if (n < size) snprintf(out + n, size - n, rank == 1 ? ",)" : ")");
}

static int raise_broadcast(NdArray *const *x, int n)
{
    char text[2048];
    size_t used = 0;
    *text = 0;
    for (int i = 0; i < n; i++) {
        if (!x[i] || used > sizeof text - 400) continue;
        np_shape_text(text + used, sizeof text - used, x[i]->a.rank, x[i]->a.shape);
        used += strlen(text + used);
        text[used++] = ' ';
        text[used] = 0;
    }
    kr_raise(kr_ValueError, "operands could not be broadcast together with shapes %s", text);
    return -1;
}

int np_broadcast(NdArray *const *x, int n, int64_t *shape)
{
    int rank = 0;
    for (int i = 0; i < n; i++)
        if (x[i] && x[i]->a.rank > rank) rank = x[i]->a.rank;
    for (int k = 0; k < rank; k++) shape[k] = 1;
    for (int i = 0; i < n; i++) {
        if (!x[i]) continue;
        int shift = rank - x[i]->a.rank;
        for (int k = 0; k < x[i]->a.rank; k++) {
            int64_t m = x[i]->a.shape[k], *s = &shape[k + shift];
            if (m == 1 || m == *s) continue;
            if (*s != 1) return raise_broadcast(x, n);
            *s = m;
        }
    }
    return rank;
}

int np_broadcast_strides(const NdArray *x, int rank, const int64_t *shape, int64_t *strides)
{
    int shift = rank - x->a.rank;
    for (int k = 0; k < shift; k++) strides[k] = 0;
    for (int k = 0; k < x->a.rank; k++) {
        if (k + shift < 0) {
            if (x->a.shape[k] != 1) return -1;
            continue;
        }
        bool one = x->a.shape[k] == 1;
        if (!one && x->a.shape[k] != shape[k + shift]) return -1;
        strides[k + shift] = one ? 0 : x->a.strides[k];
    }
    return 0;
}

static int64_t magnitude(int64_t x) { return x < 0 ? -x : x; }

/* Should axis a run outside axis b? */
static bool outer_first(const NpIter *it, int a, int b)
{
    for (int op = 0; op < it->ops; op++) {
        int64_t x = magnitude(it->strides[op][a]), y = magnitude(it->strides[op][b]);
        if (x == 0 || y == 0 || x == y) continue;
        return x > y;
    }
    return a < b;
}

static void swap_axes(NpIter *it, int a, int b)
{
    int64_t t = it->shape[a];
    it->shape[a] = it->shape[b];
    it->shape[b] = t;
    for (int op = 0; op < it->ops; op++) {
        t = it->strides[op][a];
        it->strides[op][a] = it->strides[op][b];
        it->strides[op][b] = t;
    }
}

void np_iter_init(NpIter *it, int ops, int rank, const int64_t *shape, char *const *data,
                  int64_t (*strides)[MAXRANK], bool keep_order)
{
    it->ops = ops;
    it->empty = false;
    int r = 0;
    for (int k = 0; k < rank; k++) {
        if (shape[k] == 0) it->empty = true;
        if (shape[k] == 1) continue;
        it->shape[r] = shape[k];
        for (int op = 0; op < ops; op++) it->strides[op][r] = strides[op][k];
        r++;
    }
    for (int op = 0; op < ops; op++) it->data[op] = data[op];
    if (!keep_order && r > 1) {
        /* Steps that go backwards in every operand are turned round. */
        for (int k = 0; k < r; k++) {
            bool backwards = false, forwards = false;
            for (int op = 0; op < ops; op++) {
                backwards |= it->strides[op][k] < 0;
                forwards |= it->strides[op][k] > 0;
            }
            if (!backwards || forwards || it->empty) continue;
            for (int op = 0; op < ops; op++) {
                it->data[op] += it->strides[op][k] * (it->shape[k] - 1);
                it->strides[op][k] = -it->strides[op][k];
            }
        }
        for (int i = 1; i < r; i++)
            for (int j = i; j > 0 && outer_first(it, j, j - 1) && !outer_first(it, j - 1, j); j--)
                swap_axes(it, j, j - 1);
    }
    /* Merge. */
    int last = 0;
    for (int k = 1; k < r; k++) {
        bool even = true;
        for (int op = 0; op < ops && even; op++)
            even = it->strides[op][last] == it->strides[op][k] * it->shape[k];
        if (even) {
            it->shape[last] *= it->shape[k];
        } else {
            last++;
            it->shape[last] = it->shape[k];
        }
        for (int op = 0; op < ops; op++) it->strides[op][last] = it->strides[op][k];
    }
    r = r ? last + 1 : 0;
    if (r == 0) {
        it->rank = 0;
        it->n = 1;
        for (int op = 0; op < ops; op++) it->steps[op] = 0;
        return;
    }
    it->rank = r - 1;
    it->n = it->shape[r - 1];
    for (int op = 0; op < ops; op++) it->steps[op] = it->strides[op][r - 1];
    for (int k = 0; k < it->rank; k++) it->index[k] = 0;
}

bool np_iter_next(NpIter *it)
{
    for (int k = it->rank - 1; k >= 0; k--) {
        if (++it->index[k] < it->shape[k]) {
            for (int op = 0; op < it->ops; op++) it->data[op] += it->strides[op][k];
            return true;
        }
        it->index[k] = 0;
        for (int op = 0; op < it->ops; op++) it->data[op] -= it->strides[op][k] * (it->shape[k] - 1);
    }
    return false;
}

/* ---- Copying ---- */

void np_extent(const NdArray *x, char **low, char **high)
{
    char *a = x->a.data, *b = x->a.data + x->a.item_size;
    for (int k = 0; k < x->a.rank; k++) {
        if (x->a.shape[k] == 0) {
            *low = *high = a;
            return;
        }
        int64_t span = (x->a.shape[k] - 1) * x->a.strides[k];
        if (span < 0) a += span;
        else b += span;
    }
    *low = a;
    *high = b;
}

bool np_overlap(const NdArray *a, const NdArray *b)
{
    char *al, *ah, *bl, *bh;
    np_extent(a, &al, &ah);
    np_extent(b, &bl, &bh);
    return al < bh && bl < ah;
}

static bool same_layout(const NdArray *a, const NdArray *b)
{
    if (a->a.data != b->a.data || a->a.rank != b->a.rank) return false;
    for (int k = 0; k < a->a.rank; k++)
        if (a->a.shape[k] != b->a.shape[k] || a->a.strides[k] != b->a.strides[k]) return false;
    return true;
}

static int warn_complex(void)
{
    Value type = kr_import_attr("numpy.exceptions", "ComplexWarning");
    if (kr_is_empty(type)) return -1;
    return kr_warn(kr_to_object(type), 1, "Casting complex values to real discards the imaginary part");
}

int np_copy_into(NdArray *to, NdArray *from)
{
    int64_t strides[2][MAXRANK];
    int rank = to->a.rank;
    if (np_broadcast_strides(from, rank, to->a.shape, strides[1]) < 0) {
        char a[512], b[512];
        np_shape_text(a, sizeof a, from->a.rank, from->a.shape);
        np_shape_text(b, sizeof b, rank, to->a.shape);
        kr_raise(kr_ValueError, "could not broadcast input array from shape %s into shape %s", a, b);
        return -1;
    }
    for (int k = 0; k < rank; k++) strides[0][k] = to->a.strides[k];
    if (np_overlap(to, from) && np_size(to) > 1) {
        if (same_layout(to, from) && np_dtype_same(to->descr, from->descr)) return 0;
        from = np_copy(from, 'K');
        if (!from || np_broadcast_strides(from, rank, to->a.shape, strides[1]) < 0) return -1;
    }
    NpCast cast = np_cast_find(from->descr, to->descr);
    bool numeric = np_is_numeric(from->a.dtype) && np_is_numeric(to->a.dtype);
    if (numeric && np_is_complex(from->a.dtype) && !np_is_complex(to->a.dtype) && to->a.dtype != KR_BOOL)
        if (warn_complex() < 0) return -1;
    bool narrowing = np_cast_may_fail(from->descr, to->descr);
    NpIter it;
    char *data[2] = {to->a.data, from->a.data};
    np_iter_init(&it, 2, rank, to->a.shape, data, strides, to->a.dtype == KR_OBJECT);
    if (it.empty) return 0;
    if (narrowing) np_fp_clear();
    bool detached = numeric && np_size(to) > 200000;
    if (detached) kr_detach();
    int status = 0;
    do status = cast(it.data[1], it.steps[1], it.data[0], it.steps[0], it.n, from->descr, to->descr);
    while (status == 0 && np_iter_next(&it));
    if (detached) kr_attach();
    return status == 0 && narrowing ? np_fp_check("cast") : status;
}
