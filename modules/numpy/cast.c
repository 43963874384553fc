/* cast.c: conversion loops between dtypes.
 *
 * Numeric pairs have a loop each, generated below, contiguous and strided. Everything else goes through
 * Python objects (text, object, structured) or through a native copy (swapped byte order). */
#include <fenv.h>

#include "modules/numpy/numpy.h"

/* ---- Bytes ---- */

#define COPY_LOOP(T)                                                                               \
    for (int64_t i = 0; i < n; i++, from += fs, to += ts) {                                        \
        T x;                                                                                       \
        memcpy(&x, from, sizeof x);                                                                \
        memcpy(to, &x, sizeof x);                                                                  \
    }

void np_copy_strided(const char *from, int64_t fs, char *to, int64_t ts, int64_t n, int64_t size)
{
    if (fs == size && ts == size) {
        memmove(to, from, (size_t)(n * size));
        return;
    }
    switch (size) {
    case 1: COPY_LOOP(uint8_t) return;
    case 2: COPY_LOOP(uint16_t) return;
    case 4: COPY_LOOP(uint32_t) return;
    case 8: COPY_LOOP(uint64_t) return;
    case 16: COPY_LOOP(__uint128_t) return;
    default:
        for (int64_t i = 0; i < n; i++, from += fs, to += ts) memmove(to, from, (size_t)size);
    }
}

static void reverse(char *p, int64_t size)
{
    for (int64_t i = 0; i < size / 2; i++) {
        char t = p[i];
        p[i] = p[size - 1 - i];
        p[size - 1 - i] = t;
    }
}

void np_swap_bytes(char *p, int64_t step, int64_t n, int64_t size, bool is_complex)
{
    for (int64_t i = 0; i < n; i++, p += step) {
        if (is_complex) {
            reverse(p, size / 2);
            reverse(p + size / 2, size / 2);
        } else {
            reverse(p, size);
        }
    }
}

static void swap_elements(char *p, int64_t step, int64_t n, const Dtype *d)
{
    if (d->num == KR_STR)
        for (int64_t i = 0; i < n; i++, p += step) np_swap_bytes(p, 4, d->item_size / 4, 4, false);
    else
        np_swap_bytes(p, step, n, d->item_size, np_is_complex(d->num));
}

/* ---- Numbers ---- */

#define SUFFIX_COPY(a, b) cast_##a##_##b
#define TO_REAL(x) _Generic((x), float _Complex: __real__(x), double _Complex: __real__(x), default: (x))
#define NONZERO(x) ((x) != 0)
#define TO_NUM(T, x) ((T)(x))
#define TO_BOOL(T, x) ((uint8_t)((x) != 0))

#define CAST(F, FT, TO, TT, CONVERT)                                                               \
    CLONES static int cast_##F##_##TO(const char *from, int64_t fs, char *to, int64_t ts,          \
                                      int64_t n, KR_UNUSED Dtype *fd, KR_UNUSED Dtype *td)         \
    {                                                                                              \
        if (fs == sizeof(FT) && ts == sizeof(TT)) {                                                \
            const FT *restrict x = (const FT *)from;                                               \
            TT *restrict y = (TT *)to;                                                             \
            for (int64_t i = 0; i < n; i++) y[i] = CONVERT(TT, x[i]);                              \
            return 0;                                                                              \
        }                                                                                          \
        for (int64_t i = 0; i < n; i++, from += fs, to += ts) {                                    \
            FT x;                                                                                  \
            memcpy(&x, from, sizeof x);                                                            \
            TT y = CONVERT(TT, x);                                                                 \
            memcpy(to, &y, sizeof y);                                                              \
        }                                                                                          \
        return 0;                                                                                  \
    }
#define C2R(T, x) ((T)__real__(x))
#define C2B(T, x) ((uint8_t)(__real__(x) != 0 || __imag__(x) != 0))
#define C2C(T, x) ((T)(x))

#define CASTS_FROM_REAL(F, FT)                                                                     \
    CAST(F, FT, BOOL, uint8_t, TO_BOOL) CAST(F, FT, I8, int8_t, TO_NUM)                            \
    CAST(F, FT, I16, int16_t, TO_NUM) CAST(F, FT, I32, int32_t, TO_NUM)                            \
    CAST(F, FT, I64, int64_t, TO_NUM) CAST(F, FT, U8, uint8_t, TO_NUM)                             \
    CAST(F, FT, U16, uint16_t, TO_NUM) CAST(F, FT, U32, uint32_t, TO_NUM)                          \
    CAST(F, FT, U64, uint64_t, TO_NUM) CAST(F, FT, F16, _Float16, TO_NUM)                          \
    CAST(F, FT, F32, float, TO_NUM) CAST(F, FT, F64, double, TO_NUM)                               \
    CAST(F, FT, C64, float _Complex, C2C) CAST(F, FT, C128, double _Complex, C2C)
#define CASTS_FROM_COMPLEX(F, FT)                                                                  \
    CAST(F, FT, BOOL, uint8_t, C2B) CAST(F, FT, I8, int8_t, C2R) CAST(F, FT, I16, int16_t, C2R)    \
    CAST(F, FT, I32, int32_t, C2R) CAST(F, FT, I64, int64_t, C2R) CAST(F, FT, U8, uint8_t, C2R)    \
    CAST(F, FT, U16, uint16_t, C2R) CAST(F, FT, U32, uint32_t, C2R)                                \
    CAST(F, FT, U64, uint64_t, C2R) CAST(F, FT, F16, _Float16, C2R) CAST(F, FT, F32, float, C2R)   \
    CAST(F, FT, F64, double, C2R) CAST(F, FT, C64, float _Complex, C2C)                            \
    CAST(F, FT, C128, double _Complex, C2C)

CASTS_FROM_REAL(BOOL, uint8_t)
CASTS_FROM_REAL(I8, int8_t)
CASTS_FROM_REAL(I16, int16_t)
CASTS_FROM_REAL(I32, int32_t)
CASTS_FROM_REAL(I64, int64_t)
CASTS_FROM_REAL(U8, uint8_t)
CASTS_FROM_REAL(U16, uint16_t)
CASTS_FROM_REAL(U32, uint32_t)
CASTS_FROM_REAL(U64, uint64_t)
CASTS_FROM_REAL(F16, _Float16)
CASTS_FROM_REAL(F32, float)
CASTS_FROM_REAL(F64, double)
CASTS_FROM_COMPLEX(C64, float _Complex)
CASTS_FROM_COMPLEX(C128, double _Complex)

#define ROW(F)                                                                                     \
    [KR_##F] = {                                                                                   \
        [KR_BOOL] = cast_##F##_BOOL, [KR_I8] = cast_##F##_I8,     [KR_I16] = cast_##F##_I16,       \
        [KR_I32] = cast_##F##_I32,   [KR_I64] = cast_##F##_I64,   [KR_U8] = cast_##F##_U8,         \
        [KR_U16] = cast_##F##_U16,   [KR_U32] = cast_##F##_U32,   [KR_U64] = cast_##F##_U64,       \
        [KR_F16] = cast_##F##_F16,   [KR_F32] = cast_##F##_F32,   [KR_F64] = cast_##F##_F64,       \
        [KR_C64] = cast_##F##_C64,   [KR_C128] = cast_##F##_C128,                                  \
    },
static const NpCast numeric[KR_C128 + 1][KR_C128 + 1] = {
    ROW(BOOL) ROW(I8) ROW(I16) ROW(I32) ROW(I64) ROW(U8) ROW(U16) ROW(U32) ROW(U64) ROW(F16) ROW(F32)
    ROW(F64) ROW(C64) ROW(C128)
};

/* ---- The others ---- */

static int cast_same(const char *from, int64_t fs, char *to, int64_t ts, int64_t n, Dtype *fd, Dtype *td)
{
    np_copy_strided(from, fs, to, ts, n, td->item_size);
    (void)fd;
    return 0;
}

static int cast_swap(const char *from, int64_t fs, char *to, int64_t ts, int64_t n, Dtype *fd, Dtype *td)
{
    (void)fd;
    np_copy_strided(from, fs, to, ts, n, td->item_size);
    swap_elements(to, ts, n, td);
    return 0;
}

/* Bytes or code points, cut or padded with zeros. */
static int cast_text(const char *from, int64_t fs, char *to, int64_t ts, int64_t n, Dtype *fd, Dtype *td)
{
    int64_t m = fd->item_size, k = td->item_size, common = m < k ? m : k;
    for (int64_t i = 0; i < n; i++, from += fs, to += ts) {
        memmove(to, from, (size_t)common);
        memset(to + common, 0, (size_t)(k - common));
    }
    return 0;
}

static int cast_objects(const char *from, int64_t fs, char *to, int64_t ts, int64_t n, Dtype *fd, Dtype *td)
{
    for (int64_t i = 0; i < n; i++, from += fs, to += ts) {
        Value v = np_item(from, fd);
        if (kr_is_empty(v)) return -1;
        if ((td->num == KR_STR || td->num == KR_BYTES) && np_is_numeric(fd->num)) {
            v = np_element(from, fd, NULL);
            v = kr_is_empty(v) ? v : kr_to_str(v);
            if (kr_is_empty(v)) return -1;
        }
        if (np_store(to, td, v) < 0) return -1;
    }
    return 0;
}

/* From and to byte-swapped types by way of the native ones, in pieces. */
static int cast_through_native(const char *from, int64_t fs, char *to, int64_t ts, int64_t n, Dtype *fd,
                               Dtype *td)
{
    Dtype *nf = np_dtype_native(fd), *nt = np_dtype_native(td);
    if (!nf || !nt) return -1;
    NpCast inner = np_cast_find(nf, nt);
    enum { PIECE = 64 };
    char *a = kr_alloc_bytes((size_t)(PIECE * (nf->item_size + nt->item_size) + 16));
    if (!a) return -1;
    char *b = a + PIECE * nf->item_size;
    for (int64_t i = 0; i < n; i += PIECE) {
        int64_t m = n - i < PIECE ? n - i : PIECE;
        np_copy_strided(from + i * fs, fs, a, nf->item_size, m, nf->item_size);
        if (fd->swapped) swap_elements(a, nf->item_size, m, nf);
        if (inner(a, nf->item_size, b, nt->item_size, m, nf, nt) < 0) return -1;
        if (td->swapped) swap_elements(b, nt->item_size, m, nt);
        np_copy_strided(b, nt->item_size, to + i * ts, ts, m, nt->item_size);
    }
    return 0;
}

static int cast_fields(const char *from, int64_t fs, char *to, int64_t ts, int64_t n, Dtype *fd, Dtype *td)
{
    size_t count = kr_tuple_size(td->names);
    if (kr_tuple_size(fd->names) != count) {
        kr_raise(kr_TypeError, "Cannot cast array data from %R to %R.", np_dtype_value(fd), np_dtype_value(td));
        return -1;
    }
    for (size_t f = 0; f < count; f++) {
        Value a = kr_dict_find(fd->fields, kr_tuple_get(fd->names, f));
        Value b = kr_dict_find(td->fields, kr_tuple_get(td->names, f));
        Dtype *x = np_dtype_cast(kr_tuple_get(a, 0)), *y = np_dtype_cast(kr_tuple_get(b, 0));
        int64_t i, j;
        if (kr_to_int64(kr_tuple_get(a, 1), &i) < 0 || kr_to_int64(kr_tuple_get(b, 1), &j) < 0) return -1;
        if (np_cast_find(x, y)(from + i, fs, to + j, ts, n, x, y) < 0) return -1;
    }
    return 0;
}

/* One element of each, where a type is a sub-array of other shape than the other: what is shorter is broadcast if it has
 * one element, what both have is converted, the rest is zero. */
static int cast_unlike(const char *from, char *to, Dtype *fd, Dtype *td)
{
    int64_t have[MAXRANK], want[MAXRANK], shared[MAXRANK];
    int m = kr_is_empty(fd->base) ? 0 : np_shape_arg(fd->shape, have);
    int r = kr_is_empty(td->base) ? 0 : np_shape_arg(td->shape, want);
    if (m < 0 || r < 0) return -1;
    if (m > r) { /* its first elements */
        for (int k = 0; k < m - r; k++) have[k] = 1;
        memmove(have, have + (m - r), sizeof *have * (size_t)r);
        m = r;
    }
    for (int k = 0; k < r; k++) {
        int64_t own = k < r - m ? 1 : have[k - (r - m)];
        shared[k] = own == 1 || own > want[k] ? want[k] : own;
    }
    Dtype *inner = kr_is_empty(fd->base) ? fd : np_dtype_cast(fd->base), *outer = kr_is_empty(td->base) ? td : np_dtype_cast(td->base);
    NdArray *source = np_wrap_memory((char *)from, inner, m, have, NULL, kr_None, false);
    NdArray *whole = source ? np_wrap_memory(to, outer, r, want, NULL, kr_None, true) : NULL;
    if (!whole) return -1;
    if (!np_holds_objects(outer)) memset(to, 0, (size_t)td->item_size);
    for (int k = 0; k < m; k++)
        if (source->a.shape[k] > shared[k + r - m]) source->a.shape[k] = shared[k + r - m];
    NdArray *part = np_view(whole, outer, r, shared, whole->a.strides, to);
    return part ? np_copy_into(part, source) : -1;
}

/* From or to sub-arrays. */
static int cast_subarrays(const char *from, int64_t fs, char *to, int64_t ts, int64_t n, Dtype *fd, Dtype *td)
{
    bool both = !kr_is_empty(fd->base) && !kr_is_empty(td->base) && kr_equal(fd->shape, td->shape) == 1;
    for (int64_t i = 0; i < n; i++, from += fs, to += ts) {
        if (!both) {
            if (cast_unlike(from, to, fd, td) < 0) return -1;
            continue;
        }
        Dtype *x = np_dtype_cast(fd->base), *y = np_dtype_cast(td->base);
        int64_t count = x->item_size ? fd->item_size / x->item_size : 0;
        if (np_cast_find(x, y)(from, x->item_size, to, y->item_size, count, x, y) < 0) return -1;
    }
    return 0;
}

static int cast_times(const char *from, int64_t fs, char *to, int64_t ts, int64_t n, Dtype *fd, Dtype *td)
{
    static const int64_t per[] = {7 * 24, 24, 60, 60, 1000, 1000, 1000, 1000, 1000, 1000};
    /* Linear units from hours down; weeks and days as hours. */
    if (fd->unit >= 2 && td->unit >= 2) {
        __int128 a = fd->unit_count, b = td->unit_count;
        static const int64_t hours[] = {0, 0, 168, 24, 1};
        int fu = fd->unit < 4 ? 4 : fd->unit, tu = td->unit < 4 ? 4 : td->unit;
        if (fd->unit < 4) a *= hours[(int)fd->unit];
        if (td->unit < 4) b *= hours[(int)td->unit];
        for (int u = fu; u < tu; u++) a *= per[u - 2];
        for (int u = tu; u < fu; u++) b *= per[u - 2];
        for (int64_t i = 0; i < n; i++, from += fs, to += ts) {
            int64_t x;
            memcpy(&x, from, 8);
            if (x != INT64_MIN) {
                __int128 y = x * a;
                __int128 q = y / b;
                if (y % b != 0 && (y < 0) != (b < 0) && fd->kind == 'M') q--;
                x = (int64_t)q;
            }
            memcpy(to, &x, 8);
        }
        return 0;
    }
    if (fd->unit < 0 || td->unit < 0 || (fd->unit == td->unit && fd->unit_count == td->unit_count)) {
        np_copy_strided(from, fs, to, ts, n, 8);
        return 0;
    }
    return cast_objects(from, fs, to, ts, n, fd, td);
}

bool np_cast_may_fail(const Dtype *from, const Dtype *to)
{
    if (from->num == KR_BOOL || from->num == to->num) return false;
    if (np_is_integer(to->num)) return from->kind == 'f' || from->kind == 'c';
    if (np_is_float(to->num) || np_is_complex(to->num)) {
        if (from->num == KR_OBJECT || from->num == KR_STR || from->num == KR_BYTES)
            return to->num != KR_F64 && to->num != KR_C128;
        return np_is_numeric(from->num) && !np_can_cast_num(from->num, to->num);
    }
    return false;
}

NpCast np_cast_find(const Dtype *from, const Dtype *to)
{
    if (!kr_is_empty(from->base) || !kr_is_empty(to->base))
        return np_dtype_same(from, to) ? cast_same : cast_subarrays;
    if (from->swapped || to->swapped) {
        if (from->num == to->num && from->item_size == to->item_size && from->unit == to->unit)
            return from->swapped == to->swapped ? cast_same : cast_swap;
        return cast_through_native;
    }
    if (np_is_numeric(from->num) && np_is_numeric(to->num))
        return from->num == to->num ? cast_same : numeric[from->num][to->num];
    if (from->num == to->num && (from->num == KR_STR || from->num == KR_BYTES))
        return from->item_size == to->item_size ? cast_same : cast_text;
    if (from->num == KR_OBJECT && to->num == KR_OBJECT) return cast_same;
    if (from->num == KR_VOID && to->num == KR_VOID) {
        if (np_dtype_same(from, to)) return cast_same;
        if (!kr_is_empty(from->names) && !kr_is_empty(to->names)) return cast_fields;
        if (kr_is_empty(from->names) && kr_is_empty(to->names)) return cast_text;
    }
    bool tf = from->kind == 'M' || from->kind == 'm', tt = to->kind == 'M' || to->kind == 'm';
    if (tf && tt) return cast_times;
    if (tf && np_is_numeric(to->num)) return numeric[KR_I64][to->num];
    if (tt && np_is_numeric(from->num)) return numeric[from->num][KR_I64];
    return cast_objects;
}
