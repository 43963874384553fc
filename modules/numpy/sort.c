/* sort.c: sort, argsort, partition, searchsorted, lexsort.
 *
 * Numbers are sorted by what their kind allows: integers of 16 bits and less by counting, wider ones and
 * floats by radix passes over keys whose unsigned order is the wanted one (NaNs last), which is stable; short
 * runs by partitions (keys) or merges (pairs of key and place) without branches that depend on the data, the shortest by
 * insertion. Other types merge with their comparison. */
#include "modules/numpy/numpy.h"

/* ---- Keys ---- */

/* The element as an unsigned key in sorting order; NaNs become the largest. Both zeros are one where
 * a stable order is asked for. */
static uint64_t key_of(int num, const char *p, bool one_zero)
{
    switch (num) {
    case KR_BOOL: case KR_U8: return *(const uint8_t *)p;
    case KR_U16: return *(const uint16_t *)p;
    case KR_U32: return *(const uint32_t *)p;
    case KR_U64: return *(const uint64_t *)p;
    case KR_I8: return (uint8_t)(*(const uint8_t *)p ^ 0x80);
    case KR_I16: return (uint16_t)(*(const uint16_t *)p ^ 0x8000);
    case KR_I32: return *(const uint32_t *)p ^ 0x80000000u;
    case KR_I64: return *(const uint64_t *)p ^ (1ull << 63);
    case KR_TIMEDELTA: case KR_DATETIME: {
        int64_t v = *(const int64_t *)p;
        return v == INT64_MIN ? UINT64_MAX : (uint64_t)v ^ (1ull << 63);
    }
    case KR_F16: {
        _Float16 f;
        memcpy(&f, p, 2);
        if (f != f) return UINT16_MAX;
        if (one_zero && f == 0) f = 0;
        uint16_t u;
        memcpy(&u, &f, 2);
        return (uint16_t)(u & 0x8000 ? ~u : u | 0x8000);
    }
    case KR_F32: {
        float f;
        memcpy(&f, p, 4);
        if (f != f) return UINT32_MAX;
        if (one_zero && f == 0) f = 0;
        uint32_t u;
        memcpy(&u, &f, 4);
        return (uint32_t)(u >> 31 ? ~u : u | 0x80000000u);
    }
    default: {
        double f;
        memcpy(&f, p, 8);
        if (f != f) return UINT64_MAX;
        if (one_zero && f == 0) f = 0;
        uint64_t u;
        memcpy(&u, &f, 8);
        return u >> 63 ? ~u : u | 1ull << 63;
    }
    }
}

static bool has_key(int num)
{
    return num == KR_BOOL || np_is_integer(num) || np_is_float(num) || num == KR_DATETIME || num == KR_TIMEDELTA;
}

typedef struct Pair {
    uint64_t key;
    int64_t at;
} Pair;

static void insertion_pairs(Pair *p, int64_t n)
{
    for (int64_t i = 1; i < n; i++) {
        Pair v = p[i];
        int64_t j = i;
        for (; j > 0 && p[j - 1].key > v.key; j--) p[j] = p[j - 1];
        p[j] = v;
    }
}

/* Stable; the result is in p. */
static void sort_pairs(Pair *p, Pair *spare, int64_t n, int bytes)
{
    if (n < 24) {
        insertion_pairs(p, n);
        return;
    }
    if (n < 3000) { /* merge */
        int64_t half = n / 2;
        sort_pairs(p, spare, half, bytes);
        sort_pairs(p + half, spare, n - half, bytes);
        if (p[half - 1].key <= p[half].key) return;
        memcpy(spare, p, (size_t)half * sizeof *p);
        int64_t i = 0, j = half, k = 0;
        while (i < half && j < n) {
            int64_t second = p[j].key < spare[i].key;
            const Pair *from = second ? p + j : spare + i;
            p[k++] = *from;
            j += second;
            i += 1 - second;
        }
        while (i < half) p[k++] = spare[i++];
        return;
    }
    static _Thread_local int64_t counts[8][256];
    memset(counts, 0, sizeof counts);
    for (int64_t i = 0; i < n; i++)
        for (int b = 0; b < bytes; b++) counts[b][p[i].key >> 8 * b & 255]++;
    Pair *from = p, *to = spare;
    for (int b = 0; b < bytes; b++) {
        int64_t *c = counts[b], sum = 0;
        if (c[from[0].key >> 8 * b & 255] == n) continue;
        for (int k = 0; k < 256; k++) {
            int64_t t = c[k];
            c[k] = sum;
            sum += t;
        }
        for (int64_t i = 0; i < n; i++) to[c[from[i].key >> 8 * b & 255]++] = from[i];
        Pair *t = from;
        from = to;
        to = t;
    }
    if (from != p) memcpy(p, from, (size_t)n * sizeof *p);
}

static void insertion_keys(uint64_t *p, int64_t n)
{
    for (int64_t i = 1; i < n; i++) {
        uint64_t v = p[i];
        int64_t j = i;
        for (; j > 0 && p[j - 1] > v; j--) p[j] = p[j - 1];
        p[j] = v;
    }
}

/* Puts what is below the pivot (or equal to it) in front; how many. No branch depends on the data. */
static int64_t split_below(uint64_t *p, int64_t n, uint64_t pivot)
{
    int64_t j = 0;
    for (int64_t i = 0; i < n; i++) {
        uint64_t v = p[i];
        p[i] = p[j];
        p[j] = v;
        j += v < pivot;
    }
    return j;
}
static int64_t split_equal(uint64_t *p, int64_t n, uint64_t pivot)
{
    int64_t j = 0;
    for (int64_t i = 0; i < n; i++) {
        uint64_t v = p[i];
        p[i] = p[j];
        p[j] = v;
        j += v <= pivot;
    }
    return j;
}

static uint64_t middle(uint64_t a, uint64_t b, uint64_t c)
{
    return a < b ? (b < c ? b : a < c ? c : a) : (a < c ? a : b < c ? c : b);
}

static void quick_keys(uint64_t *p, int64_t n, int depth)
{
    while (n > 32 && depth-- > 0) {
        uint64_t pivot = middle(p[n / 8], p[n / 2], p[n - 1 - n / 8]);
        if (n > 300) pivot = middle(pivot, middle(p[0], p[n / 4], p[n / 3]), middle(p[n - 1], p[n - n / 4], p[n - n / 3]));
        int64_t below = split_below(p, n, pivot);
        if (below == 0) below = split_equal(p, n, pivot); /* in place already */
        else quick_keys(p, below, depth);
        p += below;
        n -= below;
    }
    if (n <= 32) {
        insertion_keys(p, n);
        return;
    }
    for (int64_t gap = n / 2; gap > 0; gap /= 2) /* depth ran out: shell sort */
        for (int64_t i = gap; i < n; i++) {
            uint64_t v = p[i];
            int64_t j = i;
            for (; j >= gap && p[j - gap] > v; j -= gap) p[j] = p[j - gap];
            p[j] = v;
        }
}

static void sort_keys(uint64_t *p, uint64_t *spare, int64_t n, int bytes)
{
    if (n < 3000) {
        for (int64_t i = 1;; i++) {
            if (i >= n) return;
            if (p[i] < p[i - 1]) break;
        }
        quick_keys(p, n, 60);
        return;
    }
    static _Thread_local int64_t counts[8][256];
    memset(counts, 0, sizeof counts);
    bool sorted = true;
    for (int64_t i = 0; i < n; i++) {
        if (i && p[i] < p[i - 1]) sorted = false;
        for (int b = 0; b < bytes; b++) counts[b][p[i] >> 8 * b & 255]++;
    }
    if (sorted) return;
    uint64_t *from = p, *to = spare;
    for (int b = 0; b < bytes; b++) {
        int64_t *c = counts[b], sum = 0;
        if (c[from[0] >> 8 * b & 255] == n) continue;
        for (int k = 0; k < 256; k++) {
            int64_t t = c[k];
            c[k] = sum;
            sum += t;
        }
        for (int64_t i = 0; i < n; i++) to[c[from[i] >> 8 * b & 255]++] = from[i];
        uint64_t *t = from;
        from = to;
        to = t;
    }
    if (from != p) memcpy(p, from, (size_t)n * sizeof *p);
}

static void store_key(int num, uint64_t key, char *p)
{
    switch (num) {
    case KR_BOOL: case KR_U8: *p = (char)key; return;
    case KR_U16: memcpy(p, &key, 2); return;
    case KR_U32: memcpy(p, &key, 4); return;
    case KR_U64: memcpy(p, &key, 8); return;
    case KR_I8: *p = (char)(key ^ 0x80); return;
    case KR_I16: key ^= 0x8000; memcpy(p, &key, 2); return;
    case KR_I32: key ^= 0x80000000u; memcpy(p, &key, 4); return;
    case KR_I64: key ^= 1ull << 63; memcpy(p, &key, 8); return;
    case KR_DATETIME: case KR_TIMEDELTA: key = key == UINT64_MAX ? 1ull << 63 : key ^ (1ull << 63); memcpy(p, &key, 8); return;
    case KR_F16: key = key == UINT16_MAX ? 0x7e00 : key & 0x8000 ? key ^ 0x8000 : ~key; memcpy(p, &key, 2); return;
    case KR_F32: key = key == UINT32_MAX ? 0x7fc00000 : key & 0x80000000u ? key ^ 0x80000000u : ~key; memcpy(p, &key, 4); return;
    default: key = key == UINT64_MAX ? 0x7ff8000000000000 : key >> 63 ? key ^ 1ull << 63 : ~key; memcpy(p, &key, 8); return;
    }
}

/* ---- Comparison sort of the other types ---- */

static int compare_items(const NdArray *x, const char *p, const char *q) /* 1: p after q; -2 raised */
{
    switch (x->a.dtype) {
    case KR_OBJECT: {
        Value a, b;
        memcpy(&a, p, sizeof a);
        memcpy(&b, q, sizeof b);
        int less = kr_compare_truth(b, a, KR_LT);
        return less < 0 ? -2 : less;
    }
    case KR_BYTES: return memcmp(p, q, (size_t)x->a.item_size) > 0;
    case KR_STR:
        for (int64_t k = 0; k < x->a.item_size; k += 4) {
            uint32_t a, b;
            memcpy(&a, p + k, 4);
            memcpy(&b, q + k, 4);
            if (a != b) return a > b;
        }
        return 0;
    case KR_C64: case KR_C128: {
        double a[2], b[2];
        if (x->a.dtype == KR_C128) {
            memcpy(a, p, 16);
            memcpy(b, q, 16);
        } else {
            float f[4];
            memcpy(f, p, 8);
            memcpy(f + 2, q, 8);
            for (int i = 0; i < 2; i++) {
                a[i] = (double)f[i];
                b[i] = (double)f[i + 2];
            }
        }
        bool na = a[0] != a[0] || a[1] != a[1], nb = b[0] != b[0] || b[1] != b[1];
        if (na || nb) return na && !nb;
        return a[0] > b[0] || (a[0] == b[0] && a[1] > b[1]);
    }
    default: {
        Value a = np_item(p, x->descr), b = np_item(q, x->descr);
        if (kr_is_empty(a) || kr_is_empty(b)) return -2;
        int less = kr_compare_truth(b, a, KR_LT);
        return less < 0 ? -2 : less;
    }
    }
}

static int merge_sort(const NdArray *x, const char *base, int64_t step, int64_t *at, int64_t *spare, int64_t n)
{
    if (n <= 8) {
        for (int64_t i = 1; i < n; i++) {
            int64_t v = at[i], j = i;
            for (; j > 0; j--) {
                int after = compare_items(x, base + at[j - 1] * step, base + v * step);
                if (after == -2) return -1;
                if (!after) break;
                at[j] = at[j - 1];
            }
            at[j] = v;
        }
        return 0;
    }
    int64_t half = n / 2;
    if (merge_sort(x, base, step, at, spare, half) < 0 || merge_sort(x, base, step, at + half, spare, n - half) < 0) return -1;
    memcpy(spare, at, (size_t)half * sizeof *at);
    int64_t i = 0, j = half, k = 0;
    while (i < half && j < n) {
        int after = compare_items(x, base + spare[i] * step, base + at[j] * step);
        if (after == -2) return -1;
        at[k++] = after ? at[j++] : spare[i++];
    }
    while (i < half) at[k++] = spare[i++];
    return 0;
}

/* ---- Lines ---- */

static int arg_line(const NdArray *x, const char *p, int64_t step, int64_t n, int64_t *to)
{
    for (int64_t i = 0; i < n; i++) to[i] = i;
    if (!has_key(x->a.dtype)) {
        int64_t *spare = kr_alloc_bytes((size_t)(n + 1) * 8);
        return spare ? merge_sort(x, p, step, to, spare, n) : -1;
    }
    Pair *pairs = malloc((size_t)(2 * n + 1) * sizeof *pairs);
    if (!pairs) {
        kr_raise_no_memory();
        return -1;
    }
    for (int64_t i = 0; i < n; i++) pairs[i] = (Pair){key_of(x->a.dtype, p + i * step, true), i};
    sort_pairs(pairs, pairs + n, n, (int)x->a.item_size);
    for (int64_t i = 0; i < n; i++) to[i] = pairs[i].at;
    free(pairs);
    return 0;
}

static int sort_line(const NdArray *x, char *p, int64_t step, int64_t n)
{
    int num = x->a.dtype;
    if (has_key(num)) {
        uint64_t *keys = malloc((size_t)(2 * n + 1) * sizeof *keys);
        if (!keys) {
            kr_raise_no_memory();
            return -1;
        }
        for (int64_t i = 0; i < n; i++) keys[i] = key_of(num, p + i * step, false);
        sort_keys(keys, keys + n, n, (int)x->a.item_size);
        for (int64_t i = 0; i < n; i++) store_key(num, keys[i], p + i * step);
        free(keys);
        return 0;
    }
    int64_t *order = kr_alloc_bytes((size_t)(n + 1) * 8), size = x->a.item_size;
    if (!order || arg_line(x, p, step, n, order) < 0) return -1;
    char *copy = num == KR_OBJECT ? (char *)kr_alloc_values((size_t)n + 1) : kr_alloc_bytes((size_t)(n * size + 1));
    if (!copy) return -1;
    for (int64_t i = 0; i < n; i++) memcpy(copy + i * size, p + order[i] * step, (size_t)size);
    for (int64_t i = 0; i < n; i++) memcpy(p + i * step, copy + i * size, (size_t)size);
    return 0;
}

static int sort_axis(NdArray *x, int axis)
{
    int64_t index[MAXRANK] = {0}, n = x->a.shape[axis], lines = np_size(x) / (n ? n : 1);
    if (np_size(x) == 0) return 0;
    char *p = x->a.data;
    for (int64_t i = 0; i < lines; i++) {
        if (sort_line(x, p, x->a.strides[axis], n) < 0) return -1;
        for (int k = x->a.rank - 1; k >= 0; k--) {
            if (k == axis) continue;
            p += x->a.strides[k];
            if (++index[k] < x->a.shape[k]) break;
            p -= x->a.strides[k] * x->a.shape[k];
            index[k] = 0;
        }
    }
    return 0;
}

static int check_kind(Value kind)
{
    if (kr_is_empty(kind) || kr_is(kind, kr_None)) return 0;
    if (kr_is_str(kind) && kr_str_length(kind)) {
        uint32_t c = kr_str_at(kind, 0) | 0x20;
        if (c == 'q' || c == 'm' || c == 'h' || c == 's') return 0;
    }
    kr_raise(kr_ValueError, "sort kind must be one of 'quick', 'heap', or 'stable' (got %R)", kind);
    return -1;
}

KR_FN(sort, sort_sort, "sort", "(self, axis=-1, kind=None, order=None, *, stable=None)", "Sort an array in-place.")
{
    NdArray *x = np_array(a[0]);
    int axis;
    if (check_kind(a[2]) < 0 || np_writeable(x) < 0) return EMPTY;
    if (!kr_is(a[3], kr_None) || (x->a.dtype == KR_VOID && !kr_is_empty(x->descr->names))) {
        Value args[] = {a[0], a[1], a[3]};
        return np_glue_call("sort_fields", args, 3);
    }
    if (x->a.rank == 0) return np_axis_value(a[1], 0, &axis) < 0 ? EMPTY : kr_None;
    if (np_axis_value(a[1], x->a.rank, &axis) < 0) return EMPTY;
    if (!x->descr->swapped) return sort_axis(x, axis) < 0 ? EMPTY : kr_None;
    NdArray *y = np_astype(x, np_dtype_native(x->descr), 'C');
    return y && sort_axis(y, axis) == 0 && np_copy_into(x, y) == 0 ? kr_None : EMPTY;
}

KR_FN(sort, sort_argsort, "argsort", "(self, axis=-1, kind=None, order=None, *, stable=None)", "Returns the indices that would sort this array.")
{
    NdArray *x = np_array(a[0]);
    int axis = 0;
    if (check_kind(a[2]) < 0) return EMPTY;
    if (!kr_is(a[3], kr_None) || (x->a.dtype == KR_VOID && !kr_is_empty(x->descr->names))) {
        Value args[] = {a[0], a[1], a[3]};
        return np_glue_call("argsort_fields", args, 3);
    }
    if (x->descr->swapped) x = np_astype(x, np_dtype_native(x->descr), 'C');
    if (!x) return EMPTY;
    if (kr_is(a[1], kr_None) || x->a.rank == 0) {
        x = np_contiguous(x);
        int64_t n = x ? np_size(x) : 0;
        x = x ? np_wrap_memory(x->a.data, x->descr, 1, &n, NULL, np_value(x), false) : NULL;
    } else if (np_axis_value(a[1], x->a.rank, &axis) < 0) {
        return EMPTY;
    }
    NdArray *y = x ? np_new(np_dtypes[KR_I64], x->a.rank, x->a.shape) : NULL;
    if (!y) return EMPTY;
    int64_t index[MAXRANK] = {0}, n = x->a.shape[axis], total = np_size(x);
    if (total == 0) return np_value(y);
    int64_t *line = kr_alloc_bytes((size_t)n * 8);
    if (!line) return EMPTY;
    const char *p = x->a.data;
    char *q = y->a.data;
    for (int64_t i = 0; i < total / n; i++) {
        if (arg_line(x, p, x->a.strides[axis], n, line) < 0) return EMPTY;
        np_copy_strided((char *)line, 8, q, y->a.strides[axis], n, 8);
        for (int k = x->a.rank - 1; k >= 0; k--) {
            if (k == axis) continue;
            p += x->a.strides[k];
            q += y->a.strides[k];
            if (++index[k] < x->a.shape[k]) break;
            p -= x->a.strides[k] * x->a.shape[k];
            q -= y->a.strides[k] * x->a.shape[k];
            index[k] = 0;
        }
    }
    return np_value(y);
}

static int check_kth(NdArray *x, int axis, Value places, Value kind)
{
    if (!kr_is_str(kind) || !kr_str_equal_ascii(kind, "introselect")) {
        kr_raise(kr_ValueError, "select kind must be 'introselect' (got %R)", kind);
        return -1;
    }
    NdArray *kth = np_as_array(places, NULL);
    if (!kth) return -1;
    if (!np_is_integer(kth->a.dtype) && kth->a.dtype != KR_BOOL) {
        kr_raise(kr_TypeError, "Partition index must be integer");
        return -1;
    }
    if (kth->a.rank > 1) {
        kr_raise(kr_ValueError, "kth array must have dimension <= 1");
        return -1;
    }
    kth = np_as_type_contiguous(np_value(kth), KR_I64);
    if (!kth) return -1;
    int64_t n = x->a.shape[axis];
    for (int64_t i = 0; i < np_size(kth) && np_size(x); i++) {
        int64_t k = ((int64_t *)kth->a.data)[i];
        if (k >= -n && k < n) continue;
        kr_raise(kr_ValueError, "kth(=%lld) out of bounds (%lld)", (long long)k, (long long)n);
        return -1;
    }
    return 0;
}

/* A full sort puts every element where a partition must put some. */
KR_FN(sort, sort_partition, "partition", "(self, kth, axis=-1, kind='introselect', order=None)", "Partially sorts the elements in the array.")
{
    NdArray *x = np_array(a[0]);
    int axis;
    if (np_axis_value(a[2], x->a.rank, &axis) < 0) return EMPTY;
    if (check_kth(x, axis, a[1], a[3]) < 0) return EMPTY;
    Value args[] = {a[0], a[2], kr_None, a[4], kr_None};
    return sort_sort(args);
}
KR_FN(sort, sort_argpartition, "argpartition", "(self, kth, axis=-1, kind='introselect', order=None)", "Returns the indices that would partition this array.")
{
    NdArray *x = np_array(a[0]);
    int axis = 0;
    if (kr_is(a[2], kr_None) || x->a.rank == 0) {
        int64_t n = np_size(x);
        x = np_contiguous(x);
        x = x ? np_wrap_memory(x->a.data, x->descr, 1, &n, NULL, np_value(x), false) : NULL;
    } else if (np_axis_value(a[2], x->a.rank, &axis) < 0) {
        return EMPTY;
    }
    if (!x || check_kth(x, axis, a[1], a[3]) < 0) return EMPTY;
    Value args[] = {a[0], a[2], kr_None, a[4], kr_None};
    return sort_argsort(args);
}

/* ---- searchsorted ---- */

#define SEARCH(T, BEFORE)                                                                          \
    for (int64_t i = 0; i < m; i++) {                                                              \
        T v = ((const T *)values->a.data)[i];                                                      \
        const T *p = (const T *)x->a.data;                                                         \
        int64_t low = 0, high = n;                                                                 \
        while (low < high) {                                                                       \
            int64_t mid = low + ((high - low) >> 1);                                               \
            if (BEFORE(p[order ? order[mid] : mid], v)) low = mid + 1;                             \
            else high = mid;                                                                       \
        }                                                                                          \
        to[i] = low;                                                                               \
    }
#define LT(a, b) ((a) < (b) || ((b) != (b) && (a) == (a)))
#define LE(a, b) ((a) <= (b) || (b) != (b))

KR_FN(sort, sort_searchsorted, "searchsorted", "(self, v, side='left', sorter=None)", "Find indices where elements of v should be inserted in a to maintain order.")
{
    NdArray *x = np_array(a[0]), *values = np_as_array(a[1], NULL);
    if (!values) return EMPTY;
    if (x->a.rank != 1) return kr_raise(kr_ValueError, x->a.rank ? "object too deep for desired array" : "object of too small depth for desired array");
    bool right;
    if (kr_is_str(a[2]) && kr_str_equal_ascii(a[2], "left")) right = false;
    else if (kr_is_str(a[2]) && kr_str_equal_ascii(a[2], "right")) right = true;
    else return kr_raise(kr_ValueError, "search side must be 'left' or 'right' (got %R)", a[2]);
    Dtype *d = np_promote(x->descr, values->descr);
    NdArray *sorter = NULL;
    if (!d) return EMPTY;
    if (np_is_numeric(d->num)) {
        /* Three types are enough. */
        bool small = np_is_integer(d->num) && d->num != KR_U64;
        d = np_dtypes[small || d->num == KR_BOOL ? KR_I64 : d->num == KR_U64 ? KR_U64 : np_is_complex(d->num) ? KR_C128 : KR_F64];
    }
    x = np_as_type(x, d);
    values = x ? np_as_type(values, d) : NULL;
    x = values ? np_contiguous(x) : NULL;
    values = x ? np_contiguous(values) : NULL;
    if (!values) return EMPTY;
    if (!kr_is(a[3], kr_None)) {
        sorter = np_as_type_contiguous(a[3], KR_I64);
        if (!sorter) return EMPTY;
        if (np_size(sorter) != np_size(x)) return kr_raise(kr_ValueError, "sorter.size must equal array.size");
        for (int64_t i = 0; i < np_size(sorter); i++)
            if (((uint64_t *)sorter->a.data)[i] >= (uint64_t)np_size(x)) return kr_raise(kr_ValueError, "Sorter index out of range.");
    }
    const int64_t *order = sorter ? (const int64_t *)sorter->a.data : NULL;
    NdArray *y = np_new(np_dtypes[KR_I64], values->a.rank, values->a.shape);
    if (!y) return EMPTY;
    int64_t *to = (int64_t *)y->a.data, n = np_size(x), m = np_size(values);
    if (d->num == KR_I64 || d->num == KR_DATETIME || d->num == KR_TIMEDELTA) {
        if (right) SEARCH(int64_t, LE) else SEARCH(int64_t, LT)
    } else if (d->num == KR_U64) {
        if (right) SEARCH(uint64_t, LE) else SEARCH(uint64_t, LT)
    } else if (d->num == KR_F64) {
        if (right) SEARCH(double, LE) else SEARCH(double, LT)
    } else {
        for (int64_t i = 0; i < m; i++) {
            const char *v = values->a.data + i * d->item_size;
            int64_t low = 0, high = n;
            while (low < high) {
                int64_t mid = low + (high - low) / 2;
                const char *p = x->a.data + (order ? order[mid] : mid) * d->item_size;
                int after = right ? compare_items(x, p, v) : compare_items(x, v, p);
                if (after == -2) return EMPTY;
                if (right ? !after : after) low = mid + 1;
                else high = mid;
            }
            to[i] = low;
        }
    }
    if (sorter) np_keep(sorter);
    return np_return(y);
}

KR_FN(sort_module, lexsort, "lexsort", "(keys, axis=-1)", "Perform an indirect stable sort using a sequence of keys.")
{
    Value keys = np_is_array(a[0]) || !kr_is_tuple(a[0]) ? kr_tuple_from(a[0]) : a[0];
    if (kr_is_empty(keys)) return EMPTY;
    size_t n = kr_tuple_size(keys);
    if (n == 0) return kr_raise(kr_TypeError, "need sequence of keys with len > 0 in lexsort");
    NdArray *order = NULL;
    for (size_t i = 0; i < n; i++) {
        NdArray *x = np_as_array(kr_tuple_get(keys, i), NULL);
        if (!x) return EMPTY;
        if (x->a.rank > 1) return np_glue_call("lexsort", a, 2);
        x = np_contiguous(x);
        if (!x) return EMPTY;
        int64_t m = np_size(x);
        if (order && np_size(order) != m) return kr_raise(kr_ValueError, "all keys need to be the same shape");
        if (order) x = np_take(x, order, 0, 0, NULL);
        NdArray *one = x ? np_new_1d(KR_I64, m) : NULL;
        if (!one || arg_line(x, x->a.data, x->a.item_size, m, (int64_t *)one->a.data) < 0) return EMPTY;
        order = order ? np_take(order, one, 0, 0, NULL) : one;
        if (!order) return EMPTY;
    }
    return np_value(order);
}

#include "modules/numpy/sort.entries.h"

const KrFunction *const np_sort_methods[] = {
    &sort_sort_entry, &sort_argsort_entry, &sort_partition_entry, &sort_argpartition_entry, &sort_searchsorted_entry, NULL};

/* ---- For kernels ---- */

/* A line of numbers as kernels pass it: tag ('a', rank, kind and size of the items), data, length, step. */
typedef struct Line {
    int num, size;
    char *data;
    int64_t n, step;
} Line;

static Line line_of(const int64_t *words)
{
    Line line = {-1, (int)(words[0] >> 24 & 255), (char *)words[1], words[2], words[3]};
    char kind = (char)(words[0] >> 16 & 255);
    for (int num = 0; num < KR_DTYPE_COUNT; num++)
        if (has_key(num) && np_dtypes[num] && np_dtypes[num]->kind == kind && np_dtypes[num]->item_size == line.size)
            line.num = num;
    return line;
}

/* sort(line): 0, 1 out of memory */
static int64_t kernel_sort(int64_t *words)
{
    Line x = line_of(words + 1);
    uint64_t few[128], *keys = x.n <= 64 ? few : malloc((size_t)(2 * x.n + 1) * sizeof *keys);
    if (!keys) return 1;
    for (int64_t i = 0; i < x.n; i++) keys[i] = key_of(x.num, x.data + i * x.step, false);
    sort_keys(keys, keys + x.n, x.n, x.size);
    for (int64_t i = 0; i < x.n; i++) store_key(x.num, keys[i], x.data + i * x.step);
    if (keys != few) free(keys);
    return 0;
}

/* argsort(line, int64 line) */
static int64_t kernel_argsort(int64_t *words)
{
    Line x = line_of(words + 1), to = line_of(words + 5);
    Pair few[128], *pairs = x.n <= 64 ? few : malloc((size_t)(2 * x.n + 1) * sizeof *pairs);
    if (!pairs) return 1;
    for (int64_t i = 0; i < x.n; i++) pairs[i] = (Pair){key_of(x.num, x.data + i * x.step, true), i};
    sort_pairs(pairs, pairs + x.n, x.n, x.size);
    for (int64_t i = 0; i < x.n; i++) *(int64_t *)(to.data + i * to.step) = pairs[i].at;
    if (pairs != few) free(pairs);
    return 0;
}

int np_sort_init(Value module)
{
    kr_native_enter("sort", kernel_sort);
    kr_native_enter("argsort", kernel_argsort);
    return np_add_functions(module, sort_module_functions);
}
