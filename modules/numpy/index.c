/* index.c: a[key] and a[key] = value, iteration over the first axis, take and put.
 *
 * A key is parsed into a Plan: the view that its integers, slices, new axes and ellipsis make, with the
 * axes that index arrays select set aside. Without index arrays the view is the result. With them the
 * arrays are broadcast and turned into one vector of byte offsets, checked against the bounds; a gather
 * or scatter then walks offsets and the remaining axes (the subspace), whichever is better inside.
 *
 *     x[1:, rows, None, cols]     view: axes 0 and the new one      fancy: rows, cols
 *
 * The broadcast axes stand where the first index array stood, or in front when a slice lies between. */
#include <stdio.h>

#include "modules/numpy/numpy.h"

typedef struct Fancy {
    NdArray *index;   /* int64, any shape */
    int axis;         /* of the array, for messages */
    int64_t length, stride;
} Fancy;

typedef struct Plan {
    NdArray *x;
    char *data;
    int rank;                     /* of the view without the fancy axes */
    int64_t shape[MAXRANK], strides[MAXRANK];
    int fancies;
    Fancy fancy[MAXRANK];
    int place;                    /* where the broadcast axes go */
    int broadcast_rank;
    int64_t broadcast[MAXRANK];
    bool ellipsis, scalar;        /* an ellipsis was used; all axes took an integer */
} Plan;

enum Kind { INTEGER, SLICE, NEWAXIS, ELLIPSIS_, ARRAY, MASK };

typedef struct Item {
    enum Kind kind;
    Value v;
    int64_t i;
    NdArray *array;
    int axes;
} Item;

static int raise_invalid(void)
{
    kr_raise(kr_IndexError, "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or "
                            "boolean arrays are valid indices");
    return -1;
}

static int raise_index(int64_t i, int axis, int64_t size)
{
    kr_raise(kr_IndexError, "index %lld is out of bounds for axis %d with size %lld", (long long)i, axis, (long long)size);
    return -1;
}

static int classify(Value v, Item *item)
{
    item->v = v;
    item->axes = 1;
    item->array = NULL;
    if (kr_is_int_exact(v)) {
        item->kind = INTEGER;
        return kr_to_index(v, &item->i);
    }
    if (kr_is_slice(v)) {
        item->kind = SLICE;
        return 0;
    }
    if (kr_is(v, kr_None)) {
        item->kind = NEWAXIS;
        item->axes = 0;
        return 0;
    }
    if (kr_is(v, kr_Ellipsis)) {
        item->kind = ELLIPSIS_;
        item->axes = 0;
        return 0;
    }
    const char *bytes;
    int num = kr_is_object(v) ? np_scalar_num(v, &bytes) : -1;
    if (num >= 0 && np_is_integer(num)) {
        item->kind = INTEGER;
        return kr_to_index(v, &item->i);
    }
    NdArray *x;
    if (np_is_array(v)) {
        x = np_array(v);
        if (x->a.rank == 0 && np_is_integer(x->a.dtype)) {
            Value n = np_item(x->a.data, x->descr);
            item->kind = INTEGER;
            return kr_to_index(n, &item->i);
        }
    } else if (kr_is_bool(v) || num == KR_BOOL) {
        x = np_as_array(v, NULL);
    } else if (kr_is_object(v) && !kr_is_str(v) && !kr_is_list(v) && kr_has_index(v)) {
        item->kind = INTEGER;
        return kr_to_index(v, &item->i);
    } else if (kr_is_list(v) || kr_is_tuple(v) || (kr_is_object(v) && !kr_is_str(v) && num < 0)) {
        x = np_as_array(v, NULL);
        if (x && x->a.rank == 0 && x->a.dtype == KR_OBJECT) return raise_invalid();
        if (x && np_size(x) == 0 && x->a.dtype == KR_F64) x = np_astype(x, np_dtypes[KR_I64], 'C');
    } else {
        return raise_invalid();
    }
    if (!x) return -1;
    if (x->a.dtype == KR_BOOL) {
        item->kind = MASK;
        item->axes = x->a.rank;
        item->array = x;
        return 0;
    }
    if (!np_is_integer(x->a.dtype)) {
        if (np_is_array(v)) {
            kr_raise(kr_IndexError, "arrays used as indices must be of integer (or boolean) type");
            return -1;
        }
        return raise_invalid();
    }
    item->kind = ARRAY;
    item->array = np_as_type(x, np_dtypes[KR_I64]);
    return item->array ? 0 : -1;
}

/* The positions of the true elements, one index array an axis. */
static int expand_mask(NdArray *mask, NdArray **out)
{
    int r = mask->a.rank;
    if (r == 0) { /* selects nothing or everything: an axis of length 0 or 1 */
        out[0] = np_new_order(np_dtypes[KR_I64], 1, (int64_t[]){*mask->a.data ? 1 : 0}, 'C', true);
        return out[0] ? 0 : -1;
    }
    NdArray *flat = np_nonzero_flat(mask);
    if (!flat) return -1;
    int64_t n = flat->a.shape[0], *p = (int64_t *)flat->a.data;
    if (r == 1) {
        out[0] = flat;
        return 0;
    }
    int64_t *to[MAXRANK];
    for (int k = 0; k < r; k++) {
        out[k] = np_new_1d(KR_I64, n);
        if (!out[k]) return -1;
        to[k] = (int64_t *)out[k]->a.data;
    }
    for (int64_t i = 0; i < n; i++) {
        int64_t at = p[i];
        for (int k = r - 1; k >= 0; k--) {
            to[k][i] = at % mask->a.shape[k];
            at /= mask->a.shape[k];
        }
    }
    np_keep(flat);
    return 0;
}

static int add_fancy(Plan *p, NdArray *index, int axis, int64_t length, int64_t stride)
{
    if (p->fancies == MAXRANK) {
        kr_raise(kr_IndexError, "too many indices for array");
        return -1;
    }
    p->fancy[p->fancies++] = (Fancy){index, axis, length, stride};
    return 0;
}

static int broadcast_fancies(Plan *p)
{
    NdArray *all[MAXRANK];
    int n = 0;
    for (int i = 0; i < p->fancies; i++) all[n++] = p->fancy[i].index;
    p->broadcast_rank = np_broadcast(all, n, p->broadcast);
    if (p->broadcast_rank >= 0) return 0;
    kr_clear_exception();
    char text[1024];
    size_t used = 0;
    for (int i = 0; i < n && used < sizeof text - 300; i++) {
        np_shape_text(text + used, sizeof text - used, all[i]->a.rank, all[i]->a.shape);
        used += strlen(text + used);
        text[used++] = ' ';
        text[used] = 0;
    }
    kr_raise(kr_IndexError, "shape mismatch: indexing arrays could not be broadcast together with shapes %s", text);
    return -1;
}

static int make_plan(Plan *p, NdArray *x, Value key)
{
    Item items[2 * MAXRANK];
    bool is_tuple = kr_is_tuple(key);
    size_t n = is_tuple ? kr_tuple_size(key) : 1;
    if (n > 2 * MAXRANK) {
        kr_raise(kr_IndexError, "too many indices for array");
        return -1;
    }
    int used = 0, ellipses = 0;
    bool arrays = false;
    for (size_t i = 0; i < n; i++) {
        if (classify(is_tuple ? kr_tuple_get(key, i) : key, &items[i]) < 0) return -1;
        used += items[i].axes;
        ellipses += items[i].kind == ELLIPSIS_;
        arrays |= items[i].kind == ARRAY || items[i].kind == MASK;
    }
    if (ellipses > 1) {
        kr_raise(kr_IndexError, "an index can only have a single ellipsis ('...')");
        return -1;
    }
    if (used > x->a.rank) {
        kr_raise(kr_IndexError, "too many indices for array: array is %d-dimensional, but %d were indexed", x->a.rank, used);
        return -1;
    }
    p->x = x;
    p->data = x->a.data;
    p->rank = p->fancies = 0;
    p->ellipsis = ellipses > 0;
    p->place = -1;
    int axis = 0;
    bool gap = false, separated = false;
    p->scalar = !arrays;
    for (size_t i = 0; i <= n; i++) {
        Item end = {.kind = ELLIPSIS_};
        Item *item = i < n ? &items[i] : &end;
        if (i == n && ellipses) break;
        bool index_array = item->kind == ARRAY || item->kind == MASK || (arrays && item->kind == INTEGER);
        if (index_array) {
            if (p->place < 0) p->place = p->rank;
            else if (gap) separated = true;
            gap = false;
        } else if (p->place >= 0 && i < n) {
            gap = true;
        }
        int64_t start, stop, step, count;
        switch (item->kind) {
        case INTEGER: {
            int64_t m = x->a.shape[axis], at = item->i;
            if (at < -m || at >= m) return raise_index(at, axis, m);
            if (at < 0) at += m;
            p->data += at * x->a.strides[axis++];
            break;
        }
        case SLICE:
            if (kr_slice_resolve(item->v, x->a.shape[axis], &start, &stop, &step, &count) < 0) return -1;
            if (p->rank == MAXRANK) goto too_many;
            if (count) p->data += start * x->a.strides[axis];
            p->shape[p->rank] = count;
            p->strides[p->rank++] = x->a.strides[axis++] * step;
            p->scalar = false;
            break;
        case NEWAXIS:
            if (p->rank == MAXRANK) goto too_many;
            p->shape[p->rank] = 1;
            p->strides[p->rank++] = 0;
            p->scalar = false;
            break;
        case ELLIPSIS_:
            for (int k = x->a.rank - used; k > 0; k--, axis++) {
                if (p->rank == MAXRANK) goto too_many;
                p->shape[p->rank] = x->a.shape[axis];
                p->strides[p->rank++] = x->a.strides[axis];
                p->scalar = false;
            }
            break;
        case ARRAY:
            if (add_fancy(p, item->array, axis, x->a.shape[axis], x->a.strides[axis]) < 0) return -1;
            axis++;
            break;
        case MASK: {
            NdArray *out[MAXRANK];
            int r = item->array->a.rank;
            for (int k = 0; k < r; k++)
                if (item->array->a.shape[k] != x->a.shape[axis + k]) {
                    kr_raise(kr_IndexError, "boolean index did not match indexed array along axis %d; size of axis is %lld "
                                            "but size of corresponding boolean axis is %lld", axis + k,
                             (long long)x->a.shape[axis + k], (long long)item->array->a.shape[k]);
                    return -1;
                }
            if (expand_mask(item->array, out) < 0) return -1;
            if (r == 0) {
                if (add_fancy(p, out[0], axis, 1, 0) < 0) return -1;
            }
            for (int k = 0; k < r; k++, axis++)
                if (add_fancy(p, out[k], axis, x->a.shape[axis], x->a.strides[axis]) < 0) return -1;
            break;
        }
        }
    }
    if (separated) p->place = 0;
    return p->fancies ? broadcast_fancies(p) : 0;
too_many:
    kr_raise(kr_IndexError, "number of dimensions must be within [0, %d]", MAXRANK);
    return -1;
}

/* ---- Offsets ---- */

/* Byte offsets of the broadcast index arrays, in C order; NULL raised. */
static int64_t *make_offsets(const Plan *p, int64_t *count)
{
    int r = p->broadcast_rank;
    int64_t n = np_product(r, p->broadcast);
    *count = n;
    int64_t *offsets = kr_alloc_bytes((size_t)(n ? n : 1) * 8);
    if (!offsets) return NULL;
    int64_t strides[MAXRANK];
    for (int f = 0; f < p->fancies; f++) {
        const Fancy *fancy = &p->fancy[f];
        NdArray *index = fancy->index;
        if (np_size(index) && n == 0) continue;
        if (np_broadcast_strides(index, r, p->broadcast, strides) < 0) return NULL;
        int64_t m = fancy->length, step = fancy->stride;
        bool flat = (index->a.flags & KR_ARRAY_C) && index->a.rank == r && np_size(index) == n;
        if (flat) {
            const int64_t *from = (const int64_t *)index->a.data;
            for (int64_t i = 0; i < n; i++) {
                int64_t at = from[i];
                if (__builtin_expect((uint64_t)at >= (uint64_t)m, 0)) {
                    if (at < -m || at >= m) {
                        raise_index(at, fancy->axis, m);
                        return NULL;
                    }
                    at += m;
                }
                offsets[i] = f ? offsets[i] + at * step : at * step;
            }
            continue;
        }
        int64_t at_index[MAXRANK] = {0};
        const char *p_index = index->a.data;
        for (int64_t i = 0; i < n; i++) {
            int64_t at;
            memcpy(&at, p_index, 8);
            if (at < -m || at >= m) {
                raise_index(at, fancy->axis, m);
                return NULL;
            }
            if (at < 0) at += m;
            offsets[i] = f ? offsets[i] + at * step : at * step;
            for (int k = r - 1; k >= 0; k--) {
                p_index += strides[k];
                if (++at_index[k] < p->broadcast[k]) break;
                p_index -= strides[k] * p->broadcast[k];
                at_index[k] = 0;
            }
        }
    }
    return offsets;
}

#define GATHER_LOOP(T)                                                                             \
    for (int64_t i = 0; i < n; i++, to += ts) {                                                    \
        T v;                                                                                       \
        memcpy(&v, from + offsets[i], sizeof v);                                                   \
        memcpy(to, &v, sizeof v);                                                                  \
    }
static void gather(const char *from, const int64_t *offsets, int64_t n, char *to, int64_t ts, int64_t size)
{
    switch (size) {
    case 1: GATHER_LOOP(uint8_t) return;
    case 2: GATHER_LOOP(uint16_t) return;
    case 4: GATHER_LOOP(uint32_t) return;
    case 8: GATHER_LOOP(uint64_t) return;
    case 16: GATHER_LOOP(__uint128_t) return;
    default: for (int64_t i = 0; i < n; i++, to += ts) memcpy(to, from + offsets[i], (size_t)size);
    }
}

#define SCATTER_LOOP(T)                                                                            \
    for (int64_t i = 0; i < n; i++, from += fs) {                                                  \
        T v;                                                                                       \
        memcpy(&v, from, sizeof v);                                                                \
        memcpy(to + offsets[i], &v, sizeof v);                                                     \
    }
static void scatter(char *to, const int64_t *offsets, int64_t n, const char *from, int64_t fs, int64_t size)
{
    switch (size) {
    case 1: SCATTER_LOOP(uint8_t) return;
    case 2: SCATTER_LOOP(uint16_t) return;
    case 4: SCATTER_LOOP(uint32_t) return;
    case 8: SCATTER_LOOP(uint64_t) return;
    case 16: SCATTER_LOOP(__uint128_t) return;
    default: for (int64_t i = 0; i < n; i++, from += fs) memcpy(to + offsets[i], from, (size_t)size);
    }
}

/* Moves elements between the array and `other`, whose axes are the subspace's and then, at p->place, the
 * broadcast ones; `step` is the step of the flattened broadcast axes in other (packed). */
static void move_fancy(const Plan *p, const int64_t *offsets, int64_t n, NdArray *other, int64_t step, const int64_t *sub,
                       bool store)
{
    int64_t size = p->x->a.item_size, strides[2][MAXRANK];
    for (int k = 0; k < p->rank; k++) {
        strides[0][k] = p->strides[k];
        strides[1][k] = sub[k];
    }
    char *data[2] = {p->data, other->a.data};
    NpIter it;
    np_iter_init(&it, 2, p->rank, p->shape, data, strides, true);
    if (it.empty || n == 0) return;
    bool runs = it.n * size >= 32 || it.n >= 8;
    do {
        if (it.n == 1 || !runs || (it.steps[0] != size && n > it.n)) {
            for (int64_t i = 0; i < it.n; i++) {
                char *x = it.data[0] + i * it.steps[0], *y = it.data[1] + i * it.steps[1];
                if (store) scatter(x, offsets, n, y, step, size);
                else gather(x, offsets, n, y, step, size);
            }
            continue;
        }
        for (int64_t i = 0; i < n; i++) {
            char *x = it.data[0] + offsets[i], *y = it.data[1] + i * step;
            if (store) np_copy_strided(y, it.steps[1], x, it.steps[0], it.n, size);
            else np_copy_strided(x, it.steps[0], y, it.steps[1], it.n, size);
        }
    } while (np_iter_next(&it));
}

static int result_shape(const Plan *p, int64_t *shape)
{
    int r = 0;
    if (p->rank + p->broadcast_rank > MAXRANK) {
        kr_raise(kr_IndexError, "number of dimensions must be within [0, %d]", MAXRANK);
        return -1;
    }
    for (int k = 0; k < p->place; k++) shape[r++] = p->shape[k];
    for (int k = 0; k < p->broadcast_rank; k++) shape[r++] = p->broadcast[k];
    for (int k = p->place; k < p->rank; k++) shape[r++] = p->shape[k];
    return r;
}

/* Of a packed array of the result's shape: the subspace's strides, and the step of the broadcast axes. */
static int64_t split_strides(const Plan *p, const NdArray *y, int64_t *sub)
{
    for (int k = 0; k < p->rank; k++) sub[k] = y->a.strides[k < p->place ? k : k + p->broadcast_rank];
    int64_t inner = y->a.item_size;
    for (int k = p->place; k < p->rank; k++) inner *= p->shape[k];
    return inner;
}

static Value get_fancy(const Plan *p)
{
    int64_t n, shape[MAXRANK], sub[MAXRANK];
    int64_t *offsets = make_offsets(p, &n);
    int r = offsets ? result_shape(p, shape) : -1;
    NdArray *y = r < 0 ? NULL : np_new(p->x->descr, r, shape);
    if (!y) return EMPTY;
    int64_t step = split_strides(p, y, sub);
    move_fancy(p, offsets, n, y, step, sub, false);
    KrType *type = kr_type_of(np_value(p->x));
    if (type == np_array_type) return np_value(y);
    y = np_view_type(y, type, y->descr, y->a.rank, y->a.shape, y->a.strides, y->a.data);
    return y && np_finalize(y, np_value(p->x)) == 0 ? np_value(y) : EMPTY;
}

static int set_fancy(const Plan *p, Value v)
{
    int64_t n, shape[MAXRANK], sub[MAXRANK];
    int64_t *offsets = make_offsets(p, &n);
    int r = offsets ? result_shape(p, shape) : -1;
    if (r < 0) return -1;
    NdArray *from;
    if (np_weak_kind(v) || (!np_is_array(v) && !kr_is_list(v) && !kr_is_tuple(v))) {
        from = np_new(p->x->descr, 0, NULL);
        if (!from) return -1;
        if (np_assign(from, v) < 0) return -1;
    } else {
        from = np_as_array(v, p->x->a.dtype == KR_OBJECT ? p->x->descr : NULL);
        if (!from) return -1;
        if (!np_dtype_same(from->descr, p->x->descr)) from = np_astype(from, p->x->descr, 'K');
        else if (np_overlap(from, p->x)) from = np_copy(from, 'K');
        if (!from) return -1;
    }
    int64_t seen[MAXRANK];
    if (np_broadcast_strides(from, r, shape, seen) < 0) {
        char a[512], b[512];
        np_shape_text(a, sizeof a, from->a.rank, from->a.shape);
        np_shape_text(b, sizeof b, r, shape);
        kr_raise(kr_ValueError, "shape mismatch: value array of shape %s could not be broadcast to indexing result of shape "
                                "%s", a, b);
        return -1;
    }
    /* One step must do for all broadcast axes: 0, or that of a packed copy. */
    bool constant = true;
    for (int k = 0; k < p->broadcast_rank; k++)
        constant &= seen[p->place + k] == 0 || p->broadcast[k] == 1;
    if (constant) {
        for (int k = 0; k < p->rank; k++) sub[k] = seen[k < p->place ? k : k + p->broadcast_rank];
        move_fancy(p, offsets, n, from, 0, sub, true);
        return 0;
    }
    NdArray *packed = from;
    if (!(from->a.flags & KR_ARRAY_C) || from->a.rank != r || np_size(from) != np_product(r, shape)) {
        packed = np_new(p->x->descr, r, shape);
        if (!packed || np_copy_into(packed, from) < 0) return -1;
    }
    int64_t step = split_strides(p, packed, sub);
    move_fancy(p, offsets, n, packed, step, sub, true);
    return 0;
}

/* ---- Masks of the array's own shape ---- */

static bool plain_mask(const NdArray *x, Value key, NdArray **mask)
{
    if (!np_is_array(key)) return false;
    NdArray *m = np_array(key);
    if (m->a.dtype != KR_BOOL || m->a.rank == 0 || !np_same_shape(m, x)) return false;
    *mask = m;
    return (x->a.flags & KR_ARRAY_C) && (m->a.flags & KR_ARRAY_C);
}

static int64_t count_true(const uint8_t *p, int64_t n)
{
    int64_t total = 0;
    while (n >= 8) { /* bytes are 0 or 1: add them up in lanes */
        int64_t m = n / 8 < 255 ? n / 8 : 255;
        uint64_t lanes = 0;
        for (int64_t i = 0; i < m; i++, p += 8) {
            uint64_t word;
            memcpy(&word, p, 8);
            lanes += word;
        }
        for (int k = 0; k < 8; k++) total += (lanes >> 8 * k) & 255;
        n -= 8 * m;
    }
    for (int64_t i = 0; i < n; i++) total += p[i] != 0;
    return total;
}

#define SELECT_LOOP(T)                                                                             \
    {                                                                                              \
        const T *restrict f = (const T *)from;                                                     \
        T *restrict t = (T *)to;                                                                   \
        int64_t j = 0;                                                                             \
        for (int64_t i = 0; j < n; i++) {                                                          \
            t[j] = f[i];                                                                           \
            j += mask[i];                                                                          \
        }                                                                                          \
    }
static void select_true(const char *from, const uint8_t *mask, int64_t n, char *to, int64_t size)
{
    if (n == 0) return;
    switch (size) {
    case 1: SELECT_LOOP(uint8_t) return;
    case 2: SELECT_LOOP(uint16_t) return;
    case 4: SELECT_LOOP(uint32_t) return;
    case 8: SELECT_LOOP(uint64_t) return;
    default:
        for (int64_t i = 0, j = 0; j < n; i++)
            if (mask[i]) memcpy(to + size * j++, from + size * i, (size_t)size);
    }
}

/* The result of x[key], and what becomes of a key that dies with it. */
static NdArray *item_result(NdArray *x, NdArray *key, int rank, const int64_t *shape)
{
    Value operands[] = {np_value(x), np_value(key)};
    return np_new_result(kr_origin(EMPTY, operands, 2), x->descr, rank, shape);
}
static void drop_key(NdArray *x, NdArray *key)
{
    Value operands[] = {np_value(x), np_value(key)};
    if (key->origin.place && key->block && kr_dies_here(key->origin, EMPTY, operands, 2, 1)) np_release_block(key);
}

static Value get_masked(NdArray *x, NdArray *mask)
{
    int64_t total = np_size(x);
    int64_t n = count_true((uint8_t *)mask->a.data, total);
    NdArray *y = item_result(x, mask, 1, &n);
    if (!y) return EMPTY;
    select_true(x->a.data, (uint8_t *)mask->a.data, n, y->a.data, x->a.item_size);
    drop_key(x, mask);
    KrType *type = kr_type_of(np_value(x));
    if (type == np_array_type) return np_value(y);
    y = np_view_type(y, type, y->descr, 1, y->a.shape, y->a.strides, y->a.data);
    return y && np_finalize(y, np_value(x)) == 0 ? np_value(y) : EMPTY;
}

#define FILL_LOOP(T)                                                                               \
    {                                                                                              \
        T v, *t = (T *)to;                                                                         \
        memcpy(&v, item, sizeof v);                                                                \
        for (int64_t i = 0; i < n; i++) t[i] = mask[i] ? v : t[i];                                 \
    }
static int set_masked_scalar(NdArray *x, NdArray *mask, Value v)
{
    char item[16];
    if (np_store_checked(item, x->descr, v) < 0) return -1;
    int64_t n = np_size(x);
    const uint8_t *restrict m = (const uint8_t *)mask->a.data;
    char *to = x->a.data;
    const uint8_t *mask_ = m;
#define mask mask_
    switch (x->a.item_size) {
    case 1: FILL_LOOP(uint8_t) break;
    case 2: FILL_LOOP(uint16_t) break;
    case 4: FILL_LOOP(uint32_t) break;
    case 8: FILL_LOOP(uint64_t) break;
    default: FILL_LOOP(double _Complex) break;
    }
#undef mask
    return 0;
}

/* ---- Getting ---- */

/* ---- One axis, int64 positions ---- */

/* x[index] needs neither a plan nor offsets. */
static bool plain_positions(const NdArray *x, Value key, NdArray **index)
{
    if (!np_is_array(key) || x->head.type != np_array_type || x->a.rank != 1) return false;
    if (x->a.item_size != 8 && x->a.item_size != 4) return false;
    NdArray *m = np_array(key);
    uint32_t all = KR_ARRAY_C | KR_ARRAY_ALIGNED | KR_ARRAY_NATIVE;
    *index = m;
    return m->a.dtype == KR_I64 && m->a.rank > 0 && m->head.type == np_array_type && (m->a.flags & all) == all &&
           kr_is_empty(x->descr->names);
}

#define PICK_LOOP(T)                                                                               \
    for (int64_t i = 0; i < n; i++) {                                                              \
        int64_t k = at[i] + (at[i] < 0 ? length : 0);                                              \
        if ((uint64_t)k >= (uint64_t)length) return raise_index(at[i], 0, length), EMPTY;          \
        memcpy(to + i * (int64_t)sizeof(T), from + k * step, sizeof(T));                           \
    }

static Value get_positions(NdArray *x, NdArray *index)
{
    NdArray *y = item_result(x, index, index->a.rank, index->a.shape);
    if (!y) return EMPTY;
    int64_t n = np_size(index), length = x->a.shape[0], step = x->a.strides[0];
    const int64_t *at = (const int64_t *)index->a.data;
    const char *from = x->a.data;
    char *to = y->a.data;
    if (x->a.item_size == 8) PICK_LOOP(uint64_t)
    else PICK_LOOP(uint32_t)
    drop_key(x, index);
    return np_value(y);
}

#define PUT_LOOP(T)                                                                                \
    for (int64_t i = 0; i < n; i++, from += from_step) {                                           \
        int64_t k = at[i] + (at[i] < 0 ? length : 0);                                              \
        memcpy(to + k * step, from, sizeof(T));                                                    \
    }

/* x[index] = v for a number or numbers of x's type side by side; all positions are checked first. 1: not so. */
static int set_positions(NdArray *x, NdArray *index, Value v)
{
    char item[8];
    const char *from = item;
    int64_t n = np_size(index), length = x->a.shape[0], step = x->a.strides[0], from_step = 0;
    if (np_is_array(v)) {
        NdArray *y = np_array(v);
        if (y->descr != x->descr || !np_same_shape(y, index) || !(y->a.flags & KR_ARRAY_C) || np_overlap(x, y)) return 1;
        from = y->a.data;
        from_step = x->a.item_size;
    } else if (!np_is_plain(x->descr) || !np_weak_kind(v)) {
        return 1;
    } else if (np_store_checked(item, x->descr, v) < 0) {
        return -1;
    }
    const int64_t *at = (const int64_t *)index->a.data;
    if (np_overlap(x, index)) return 1;
    for (int64_t i = 0; i < n; i++)
        if (__builtin_expect(at[i] >= length || at[i] < -length, 0)) return raise_index(at[i], 0, length);
    char *to = x->a.data;
    if (x->a.item_size == 8) PUT_LOOP(uint64_t)
    else PUT_LOOP(uint32_t)
    return 0;
}

static Value view_or_element(const Plan *p)
{
    NdArray *x = p->x;
    if (p->rank == 0 && p->scalar && !p->ellipsis) return np_element(p->data, x->descr, x);
    return np_value(np_view(x, x->descr, p->rank, p->shape, p->strides, p->data));
}

static bool quick_index(const NdArray *x, int axis, Value v, char **p)
{
    int64_t i, m = x->a.shape[axis];
    if (!kr_is_int_exact(v) || kr_int_bit_length(v) > 62 || kr_to_int64(v, &i) < 0) return false;
    if (i < 0) i += m;
    if (i < 0 || i >= m) return false;
    *p += i * x->a.strides[axis];
    return true;
}

static bool is_field_key(const NdArray *x, Value key)
{
    if (x->a.dtype != KR_VOID || kr_is_empty(x->descr->names)) return false;
    return kr_is_str(key) || (kr_is_list(key) && kr_list_size(key) && kr_is_str(kr_list_get(key, 0)));
}

/* x[a:b]: the first axis alone is cut. */
static Value get_slice(NdArray *x, Value key)
{
    int64_t start, stop, step, count, shape[MAXRANK], strides[MAXRANK];
    if (kr_slice_resolve(key, x->a.shape[0], &start, &stop, &step, &count) < 0) return EMPTY;
    for (int k = 1; k < x->a.rank; k++) {
        shape[k] = x->a.shape[k];
        strides[k] = x->a.strides[k];
    }
    shape[0] = count;
    strides[0] = x->a.strides[0] * step;
    char *data = x->a.data + (count ? start * x->a.strides[0] : 0);
    return np_value(np_view(x, x->descr, x->a.rank, shape, strides, data));
}

/* x[a:b] = v of one axis, for numbers of x's type that do not overlap it. 1: not so. */
static int set_slice(NdArray *x, Value key, Value v)
{
    int64_t start, stop, step, count;
    if (!np_is_array(v) || x->a.rank != 1 || !np_is_numeric(x->a.dtype)) return 1;
    NdArray *y = np_array(v);
    if (y->descr != x->descr || y->a.rank != 1) return 1;
    if (kr_slice_resolve(key, x->a.shape[0], &start, &stop, &step, &count) < 0) return -1;
    if (y->a.shape[0] != count || np_overlap(x, y)) return 1;
    np_copy_strided(y->a.data, y->a.strides[0], x->a.data + start * x->a.strides[0], x->a.strides[0] * step, count,
                    x->a.item_size);
    return 0;
}

Value np_array_getitem(Value self, Value key)
{
    NdArray *x = np_array(self);
    char *p = x->a.data;
    if (x->a.rank > 0 && kr_is_slice(key)) return get_slice(x, key);
    if (x->a.rank > 0 && quick_index(x, 0, key, &p)) {
        if (x->a.rank == 1) return np_element(p, x->descr, x);
        return np_value(np_view(x, x->descr, x->a.rank - 1, x->a.shape + 1, x->a.strides + 1, p));
    }
    if (kr_is_tuple(key) && kr_tuple_size(key) == (size_t)x->a.rank && x->a.rank) {
        int k = 0;
        while (k < x->a.rank && quick_index(x, k, kr_tuple_get(key, (size_t)k), &p)) k++;
        if (k == x->a.rank) return np_element(p, x->descr, x);
    }
    NdArray *mask;
    if (plain_mask(x, key, &mask)) return get_masked(x, mask);
    if (plain_positions(x, key, &mask)) return get_positions(x, mask);
    if (is_field_key(x, key)) {
        Value args[] = {self, key};
        return np_glue_call("get_field", args, 2);
    }
    Plan plan;
    if (make_plan(&plan, x, key) < 0) return EMPTY;
    return plan.fancies ? get_fancy(&plan) : view_or_element(&plan);
}

int np_array_setitem(Value self, Value key, Value v)
{
    NdArray *x = np_array(self);
    if (kr_is_empty(v)) {
        kr_raise(kr_ValueError, "cannot delete array elements");
        return -1;
    }
    if (np_writeable(x) < 0) return -1;
    char *p = x->a.data;
    if (kr_is_slice(key)) {
        int status = set_slice(x, key, v);
        if (status <= 0) return status;
    }
    if (x->a.rank == 1 && quick_index(x, 0, key, &p)) {
        if (x->a.dtype == KR_F64 && kr_type_of(v) == &kr_float_type && !x->descr->swapped) return kr_to_double(v, (double *)p);
        return np_store_checked(p, x->descr, v);
    }
    if (kr_is_tuple(key) && kr_tuple_size(key) == (size_t)x->a.rank && x->a.rank) {
        int k = 0;
        p = x->a.data;
        while (k < x->a.rank && quick_index(x, k, kr_tuple_get(key, (size_t)k), &p)) k++;
        if (k == x->a.rank) return np_store_checked(p, x->descr, v);
    }
    NdArray *mask;
    if (plain_mask(x, key, &mask) && x->a.dtype != KR_VOID && x->a.item_size <= 16 &&
        (np_weak_kind(v) || (kr_is_object(v) && kr_is_a(v, np_generic_type))) && np_is_numeric(x->a.dtype) && x->a.item_size != 3)
        return set_masked_scalar(x, mask, v);
    if (x->a.dtype != KR_OBJECT && plain_positions(x, key, &mask)) {
        int status = set_positions(x, mask, v);
        if (status <= 0) return status;
    }
    if (is_field_key(x, key)) {
        Value args[] = {self, key, v};
        return kr_is_empty(np_glue_call("set_field", args, 3)) ? -1 : 0;
    }
    Plan plan;
    if (make_plan(&plan, x, key) < 0) return -1;
    if (plan.fancies) return set_fancy(&plan, v);
    if (plan.rank == 0 && plan.scalar && !plan.ellipsis) return np_store_checked(plan.data, x->descr, v);
    KrOrigin origin = x->origin;
    NdArray *view = np_view_type(x, np_array_type, x->descr, plan.rank, plan.shape, plan.strides, plan.data);
    int status = view ? np_assign(view, v) : -1;
    np_recycle_note(x, origin); /* the view dies here */
    return status;
}

/* ---- Iteration over the first axis ---- */

typedef struct ArrayIterator {
    KrObject head;
    NdArray *x;
    int64_t at;
} ArrayIterator;

static KrType *iterator_type;

static void iterator_trace(void *self, KrTracer *tracer) { kr_trace_pointer(tracer, ((ArrayIterator *)self)->x); }

Value np_array_iter(Value self)
{
    if (np_array(self)->a.rank == 0) return kr_raise(kr_TypeError, "iteration over a 0-d array");
    ArrayIterator *it = kr_alloc_instance(iterator_type);
    if (!it) return EMPTY;
    it->x = np_array(self);
    return kr_from_object(it);
}

static Value iterator_next(Value self)
{
    ArrayIterator *it = kr_to_object(self);
    NdArray *x = it->x;
    if (!x) return EMPTY;
    if (it->at >= x->a.shape[0]) {
        it->x = NULL;
        return EMPTY;
    }
    char *p = x->a.data + it->at++ * x->a.strides[0];
    if (x->a.rank == 1) return np_element(p, x->descr, x);
    return np_value(np_view(x, x->descr, x->a.rank - 1, x->a.shape + 1, x->a.strides + 1, p));
}

static Value iterator_iter(Value self) { return self; }

/* ---- take, put and the like ---- */

enum { RAISE, WRAP, CLIP };

static int mode_of(Value v)
{
    static const char *const names[] = {"raise", "wrap", "clip"};
    if (kr_is_str(v))
        for (int i = 0; i < 3; i++)
            if (kr_str_equal_ascii(v, names[i])) return i;
    kr_raise(kr_ValueError, "clipmode must be one of 'clip', 'raise', or 'wrap' (got %R)", v);
    return -1;
}

static int fix_index(int64_t *i, int64_t n, int mode, int axis)
{
    if (mode == RAISE) {
        if (*i < -n || *i >= n) return raise_index(*i, axis, n);
        if (*i < 0) *i += n;
    } else if (mode == WRAP) {
        *i %= n;
        if (*i < 0) *i += n;
    } else {
        *i = *i < 0 ? 0 : *i >= n ? n - 1 : *i;
    }
    return 0;
}

NdArray *np_take(NdArray *x, NdArray *indices, int axis, int mode, NdArray *out)
{
    x = np_contiguous(x);
    NdArray *index = x ? np_as_type(indices, np_dtypes[KR_I64]) : NULL;
    index = index ? np_contiguous(index) : NULL;
    if (!index) return NULL;
    int64_t shape[MAXRANK];
    int r = 0, m = x->a.rank;
    if (m + index->a.rank - 1 > MAXRANK) {
        kr_raise(kr_ValueError, "number of dimensions must be within [0, %d]", MAXRANK);
        return NULL;
    }
    int64_t outer = 1, inner = x->a.item_size, count = np_size(index), length = x->a.shape[axis];
    for (int k = 0; k < axis; k++) outer *= shape[r++] = x->a.shape[k];
    for (int k = 0; k < index->a.rank; k++) shape[r++] = index->a.shape[k];
    for (int k = axis + 1; k < m; k++) inner *= shape[r++] = x->a.shape[k];
    if (count && length == 0 && outer && inner) {
        kr_raise(kr_IndexError, "cannot do a non-empty take from an empty axes.");
        return NULL;
    }
    NdArray *y = out && np_dtype_same(out->descr, x->descr) && (out->a.flags & KR_ARRAY_C) ? out : np_new(x->descr, r, shape);
    if (!y) return NULL;
    int64_t *offsets = kr_alloc_bytes((size_t)(count ? count : 1) * 8);
    if (!offsets) return NULL;
    const int64_t *p = (const int64_t *)index->a.data;
    for (int64_t i = 0; i < count; i++) {
        int64_t at = p[i];
        if (fix_index(&at, length, mode, axis) < 0) return NULL;
        offsets[i] = at * inner;
    }
    char *to = y->a.data;
    for (int64_t o = 0; o < outer; o++, to += count * inner)
        gather(x->a.data + o * length * inner, offsets, count, to, inner, inner);
    if (out && y != out && np_copy_into(out, y) < 0) return NULL;
    return out ? out : y;
}

KR_FN(index, index_take, "take", "(a, indices, axis=None, out=None, mode='raise')",
      "Take elements from an array along an axis.")
{
    NdArray *x = np_as_array(a[0], NULL), *index = x ? np_as_array(a[1], NULL) : NULL;
    int mode = index ? mode_of(a[4]) : -1, axis = 0;
    if (mode < 0) return EMPTY;
    if (np_size(index) == 0 && index->a.dtype == KR_F64) index = np_astype(index, np_dtypes[KR_I64], 'C');
    if (!index) return EMPTY;
    if (!np_is_integer(index->a.dtype) && index->a.dtype != KR_BOOL)
        return kr_raise(kr_TypeError, "Cannot cast array data from %R to dtype('int64') according to the rule 'safe'",
                        np_dtype_value(index->descr));
    if (kr_is(a[2], kr_None) || x->a.rank == 0) {
        NdArray *flat = np_contiguous(x);
        int64_t n = np_size(x);
        if (!flat) return EMPTY;
        x = np_wrap_memory(flat->a.data, flat->descr, 1, &n, NULL, np_value(flat), false);
        if (!x) return EMPTY;
    } else if (np_axis_value(a[2], x->a.rank, &axis) < 0) {
        return EMPTY;
    }
    return np_return(np_take(x, index, axis, mode, kr_is(a[3], kr_None) ? NULL : np_array(a[3])));
}

KR_FN(index, index_put, "put", "(a, ind, v, mode='raise')", "Replaces specified elements of an array with given values.")
{
    if (!np_is_array(a[0])) return kr_raise(kr_TypeError, "argument 1 must be numpy.ndarray, not %T", a[0]);
    NdArray *x = np_array(a[0]), *index = np_as_type_contiguous(a[1], KR_I64);
    NdArray *values = index ? np_as_array(a[2], x->descr) : NULL;
    if (values) values = np_contiguous(values);
    int mode = values ? mode_of(a[3]) : -1;
    if (mode < 0 || np_writeable(x) < 0) return EMPTY;
    int64_t n = np_size(index), m = np_size(values), size = np_size(x);
    if (m == 0) return kr_None;
    NdArray *work = np_contiguous(x);
    if (!work) return EMPTY;
    for (int64_t i = 0; i < n; i++) {
        int64_t at = ((int64_t *)index->a.data)[i];
        if (mode == RAISE && (at < -size || at >= size))
            return kr_raise(kr_IndexError, "index %lld is out of bounds for axis 0 with size %lld", (long long)at, (long long)size);
        fix_index(&at, size, mode, 0);
        memcpy(work->a.data + at * x->a.item_size, values->a.data + i % m * x->a.item_size, (size_t)x->a.item_size);
    }
    if (work != x && np_copy_into(x, work) < 0) return EMPTY;
    return kr_None;
}

KR_FN(index, index_putmask, "putmask", "(a, mask, values)", "Changes elements of an array based on conditional and input values.")
{
    NdArray *x = np_array(a[0]), *mask = np_as_type_contiguous(a[1], KR_BOOL);
    NdArray *values = mask ? np_as_array(a[2], x->descr) : NULL;
    if (values) values = np_contiguous(values);
    if (!values || np_writeable(x) < 0) return EMPTY;
    int64_t n = np_size(x), m = np_size(values);
    if (np_size(mask) != n) return kr_raise(kr_ValueError, "putmask: mask and data must be the same size");
    if (m == 0) return kr_None;
    NdArray *work = np_contiguous(x);
    if (!work) return EMPTY;
    for (int64_t i = 0; i < n; i++)
        if (mask->a.data[i])
            memcpy(work->a.data + i * x->a.item_size, values->a.data + i % m * x->a.item_size, (size_t)x->a.item_size);
    if (work != x && np_copy_into(x, work) < 0) return EMPTY;
    return kr_None;
}

KR_FN(index, index_copyto, "copyto", "(dst, src, casting='same_kind', where=True)", "Copies values from one array to another, broadcasting as necessary.")
{
    if (!np_is_array(a[0])) return kr_raise(kr_TypeError, "copyto() argument 1 must be numpy.ndarray, not %T", a[0]);
    NdArray *to = np_array(a[0]), *from = np_weak_kind(a[1]) ? np_as_array(a[1], to->descr) : np_as_array(a[1], NULL);
    int casting = from ? np_casting_of(a[2], NP_SAME_KIND) : -1;
    if (casting < 0 || np_writeable(to) < 0) return EMPTY;
    if (!np_can_cast(from->descr, to->descr, casting))
        return kr_raise(kr_TypeError, "Cannot cast array data from %R to %R according to the rule '%s'",
                        np_dtype_value(from->descr), np_dtype_value(to->descr), np_casting_names[casting]);
    if (kr_is(a[3], kr_True)) return np_copy_into(to, from) < 0 ? EMPTY : kr_None;
    NdArray *mask = np_as_array(a[3], np_dtypes[KR_BOOL]);
    NdArray *full = mask ? np_new(np_dtypes[KR_BOOL], to->a.rank, to->a.shape) : NULL;
    NdArray *values = full && np_copy_into(full, mask) == 0 ? np_new(to->descr, to->a.rank, to->a.shape) : NULL;
    if (!values || np_copy_into(values, from) < 0) return EMPTY;
    Value chosen = np_array_getitem(np_value(values), np_value(full));
    return kr_is_empty(chosen) || np_array_setitem(a[0], np_value(full), chosen) < 0 ? EMPTY : kr_None;
}

#include "modules/numpy/index.entries.h"

int np_index_init(Value module)
{
    static const KrTypeSpec spec = {
        .name = "numpy.ndarray_iterator",
        .size = sizeof(ArrayIterator),
        .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT,
        .trace = iterator_trace,
        .slots = {.iter = iterator_iter, .next = iterator_next},
    };
    iterator_type = kr_type_new(&spec);
    return iterator_type ? np_add_functions(module, index_functions) : -1;
}

/* ---- nonzero ---- */

NdArray *np_nonzero_flat(NdArray *x)
{
    NdArray *mask = x->a.dtype == KR_BOOL ? x : np_astype(x, np_dtypes[KR_BOOL], 'C');
    mask = mask ? np_contiguous(mask) : NULL;
    if (!mask) return NULL;
    int64_t total = np_size(mask);
    const uint8_t *p = (const uint8_t *)mask->a.data;
    int64_t n = count_true(p, total);
    NdArray *y = np_new_1d(KR_I64, n);
    if (!y) return NULL;
    int64_t *to = (int64_t *)y->a.data, j = 0;
    if (n == 0) return y;
    for (int64_t i = 0; j < n; i++) {
        to[j] = i;
        j += p[i];
    }
    np_keep(mask);
    return y;
}
