/* draw.c: arrays of draws. distributions.def has the distributions; here parameters are checked and broadcast, and
 * results filled in C order. Integers in a range, shuffles and the vector-valued ones have functions of their own. */
#include "modules/numpy/random/objects.h"

typedef union Param {
    double d;
    int64_t i;
} Param;

enum Check {
    NP_ANY,
    NP_NON_NEGATIVE,
    NP_POSITIVE,
    NP_POSITIVE_NUMBER,
    NP_UNIT,
    NP_UNIT_OPEN_BELOW,
    NP_UNIT_OPEN_ABOVE,
    NP_ABOVE_1,
    NP_POISSON,
    NP_LONG_INBOUNDS
};

typedef struct Row {
    const char *name;
    char result; /* d, f, l */
    const char *kinds;
    void (*fill)(NpBits *b, char *out, int64_t n, int64_t out_step, const char *const *in,
                 const int64_t *in_steps);
    struct {
        int check;
        const char *name;
    } checks[3];
} Row;

typedef double result_d;
typedef float result_f;
typedef int64_t result_l;

/* One loop a row. Parameters that do not move are read once; KINDS is a literal, so the branches on it fold. */
#define D(name, result, KINDS, draw, ...)                                      \
    static void fill_##name(NpBits *b, char *out, int64_t n, int64_t out_step, \
                            const char *const *in, const int64_t *in_steps)    \
    {                                                                          \
        KR_UNUSED NpBinomial binomial = {0}, *kept = &binomial;                \
        for (int64_t i = 0; i < n; i++, out += out_step) {                     \
            KR_UNUSED Param p[3];                                              \
            for (size_t k = 0; k < sizeof KINDS - 1; k++)                      \
                memcpy(&p[k], in[k] + i * in_steps[k], sizeof p[k]);           \
            *(result_##result *)(void *)out = draw;                            \
        }                                                                      \
    }
#include "modules/numpy/random/distributions.def"
#undef D

static const Row rows[] = {
#define D(name, result, kinds, draw, ...) {#name, #result[0], kinds, fill_##name, {__VA_ARGS__}},
#include "modules/numpy/random/distributions.def"
#undef D
};
enum { ROWS = sizeof rows / sizeof *rows };

/* ---- Checks ---- */

/* Poisson's largest mean: results must fit int64 with ten standard deviations to spare. */
static double poisson_limit(void)
{
    return 9223372036854775807.0 - sqrt(9223372036854775807.0) * 10;
}

/* (1 - p) n / p is the mean of a Poisson distribution: it must fit, too. Ten deviations of its gamma are added. */
static bool negative_binomial_fits(double n, double p)
{
    return (1 - p) / p * (n + 10 * sqrt(n)) <= poisson_limit();
}

static bool holds(int check, char kind, Param p)
{
    double x = kind == 'd' ? p.d : (double)p.i;
    switch (check) {
    case NP_NON_NEGATIVE: return kind == 'l' ? p.i >= 0 : isnan(x) || !signbit(x);
    case NP_LONG_INBOUNDS: return p.i >= 0;
    case NP_POSITIVE: return !(x <= 0);
    case NP_POSITIVE_NUMBER: return x > 0;
    case NP_UNIT: return x >= 0 && x <= 1;
    case NP_UNIT_OPEN_BELOW: return x > 0 && x <= 1;
    case NP_UNIT_OPEN_ABOVE: return x >= 0 && x < 1;
    case NP_ABOVE_1: return x > 1;
    case NP_POISSON: return x >= 0 && x <= poisson_limit();
    default: return true;
    }
}

static int raise_check(int check, const char *name, char kind, Param p, bool scalar)
{
    double x = kind == 'd' ? p.d : (double)p.i;
    const char *nan = scalar ? "is NaN" : "contains NaNs";
    switch (check) {
    case NP_POSITIVE: kr_raise(kr_ValueError, "%s <= 0", name); break;
    case NP_POSITIVE_NUMBER:
        if (isnan(x))
            kr_raise(kr_ValueError, scalar ? "%s must not be NaN" : "%s must not contain NaN",
                     name);
        else
            kr_raise(kr_ValueError, "%s <= 0", name);
        break;
    case NP_UNIT: kr_raise(kr_ValueError, "%s < 0, %s > 1 or %s %s", name, name, name, nan); break;
    case NP_UNIT_OPEN_BELOW:
        kr_raise(kr_ValueError, "%s <= 0, %s > 1 or %s contains NaNs", name, name, name);
        break;
    case NP_UNIT_OPEN_ABOVE:
        kr_raise(kr_ValueError, "%s < 0, %s >= 1 or %s %s", name, name, name, nan);
        break;
    case NP_ABOVE_1: kr_raise(kr_ValueError, "%s <= 1 or %s %s", name, name, nan); break;
    case NP_POISSON:
        if (x >= 0)
            kr_raise(kr_ValueError, "%s value too large", name);
        else
            kr_raise(kr_ValueError, "%s < 0 or %s %s", name, name, nan);
        break;
    default: kr_raise(kr_ValueError, "%s < 0", name);
    }
    return -1;
}

static int check_params(const Row *row, NdArray *const *x)
{
    for (int k = 0; row->kinds[k]; k++) {
        if (row->checks[k].check == NP_ANY) continue;
        const char *at = x[k]->a.data;
        int64_t n = np_size(x[k]);
        for (int64_t i = 0; i < n; i++) {
            Param p;
            memcpy(&p, at + i * 8, sizeof p);
            if (!holds(row->checks[k].check, row->kinds[k], p))
                return raise_check(row->checks[k].check, row->checks[k].name, row->kinds[k], p,
                                   x[k]->a.rank == 0);
        }
    }
    return 0;
}

/* The pairs that a Poisson distribution cannot take. n and p are checked already, and broadcast roughly: a repeated
 * shorter one only sees more pairs than there are. */
static int check_negative_binomial(const Row *row, const double *n, int64_t n_size, const double *p,
                                   int64_t p_size)
{
    if (row->fill != fill_negative_binomial) return 0;
    int64_t most = n_size > p_size ? n_size : p_size;
    for (int64_t i = 0; n_size && p_size && i < most; i++) {
        if (negative_binomial_fits(n[i % n_size], p[i % p_size])) continue;
        kr_raise(kr_ValueError,
                 "n too large or p too small, see Generator.negative_binomial Notes");
        return -1;
    }
    return 0;
}

/* ---- Filling ---- */

/* A parameter as a contiguous array of doubles or int64; floats lose their fractions, as in NumPy. */
static NdArray *param_array(Value v, char kind)
{
    return np_as_type_contiguous(v, kind == 'd' ? KR_F64 : KR_I64);
}

static int params_of(const Row *row, const Value *values, NdArray **x)
{
    for (int k = 0; row->kinds[k]; k++)
        if (!(x[k] = param_array(values[k], row->kinds[k]))) return -1;
    return 0;
}

/* Either a parameter does not broadcast with size, or it would make the result larger. */
static int raise_size(NdArray *const *x, int n, int rank, const int64_t *shape, int params_rank,
                      const int64_t *params)
{
    Value size = np_shape_tuple(rank, shape);
    for (int k = 0; k < n; k++)
        for (int i = 0; i < rank && i < x[k]->a.rank; i++) {
            int64_t have = x[k]->a.shape[x[k]->a.rank - 1 - i], want = shape[rank - 1 - i];
            if (have == want || have == 1 || want == 1) continue;
            kr_raise(kr_ValueError,
                     "shape mismatch: objects cannot be broadcast to a single shape.  Mismatch is "
                     "between arg 0 "
                     "with shape %S and arg %d with shape %S.",
                     size, k + 1, np_shape_tuple(x[k]->a.rank, x[k]->a.shape));
            return -1;
        }
    kr_raise(kr_ValueError,
             "Output size %S is not compatible with broadcast dimensions of inputs %S.", size,
             np_shape_tuple(params_rank, params));
    return -1;
}

/* The result's shape from size and the parameters' broadcast shape; -1 raised. */
static int result_shape(Value size, NdArray *const *x, int n, int64_t *shape)
{
    int64_t params[MAXRANK];
    int params_rank = n ? np_broadcast(x, n, params) : 0;
    if (params_rank < 0) return -1;
    if (kr_is(size, kr_None)) {
        memcpy(shape, params, sizeof *shape * (size_t)params_rank);
        return params_rank;
    }
    int rank = np_shape_arg(size, shape);
    if (rank < 0) return -1;
    if (params_rank > rank) return raise_size(x, n, rank, shape, params_rank, params);
    for (int k = 0; k < params_rank; k++) {
        int64_t want = params[params_rank - 1 - k], have = shape[rank - 1 - k];
        if (want != 1 && want != have) return raise_size(x, n, rank, shape, params_rank, params);
    }
    return rank;
}

static int fill_array(const Row *row, Value source, NpBits *b, NdArray *out, NdArray *const *x)
{
    int64_t strides[4][MAXRANK];
    char *data[4] = {out->a.data};
    int params = (int)strlen(row->kinds);
    memcpy(strides[0], out->a.strides, sizeof **strides * (size_t)out->a.rank);
    for (int k = 0; k < params; k++) {
        data[k + 1] = x[k]->a.data;
        if (np_broadcast_strides(x[k], out->a.rank, out->a.shape, strides[k + 1]) < 0) return -1;
    }
    NpIter it;
    if (params == 0 &&
        !(out->a.flags & KR_ARRAY_C)) { /* given as out: in the order of its memory */
        int64_t n = np_size(out), step[1][MAXRANK] = {{out->a.item_size}};
        np_iter_init(&it, 1, 1, &n, data, step, true);
    } else {
        np_iter_init(&it, params + 1, out->a.rank, out->a.shape, data, strides, true);
    }
    if (it.empty) return 0;
    bool detached = np_size(out) > 20000;
    np_bits_lock(source);
    if (detached) kr_detach();
    do row->fill(b, it.data[0], it.n, it.steps[0], (const char *const *)&it.data[1], &it.steps[1]);
    while (np_iter_next(&it));
    if (detached) kr_attach();
    np_bits_unlock(source);
    return 0;
}

static Value draw_scalar(const Row *row, Value source, NpBits *b, const Param *p)
{
    const char *in[3] = {(const char *)&p[0], (const char *)&p[1], (const char *)&p[2]};
    int64_t steps[3] = {0};
    union {
        double d;
        float f;
        int64_t l;
    } r;
    np_bits_lock(source);
    row->fill(b, (char *)&r, 1, 0, in, steps);
    np_bits_unlock(source);
    return row->result == 'd'   ? kr_float(r.d)
           : row->result == 'f' ? kr_float((double)r.f)
                                : kr_int(r.l);
}

/* The common call: Python numbers, no size. False: not that. */
static bool plain_params(const Row *row, const Value *values, Param *p)
{
    for (int k = 0; row->kinds[k]; k++) {
        if (row->kinds[k] == 'd' && kr_is_float(values[k]) &&
            kr_type_of(values[k]) == &kr_float_type) {
            if (kr_to_double(values[k], &p[k].d) < 0) kr_clear_exception();
        } else if (kr_is_int_exact(values[k]) && kr_int_bit_length(values[k]) < 53) {
            p[k].i = (int64_t)kr_int_low_bits(values[k]);
            if (row->kinds[k] == 'd') p[k].d = (double)p[k].i;
        } else {
            return false;
        }
    }
    return true;
}

static int result_num(const Row *row)
{
    return row->result == 'd' ? KR_F64 : row->result == 'f' ? KR_F32 : KR_I64;
}

static int check_out(NdArray *out, int num, int params, Value size)
{
    unsigned need = KR_ARRAY_WRITEABLE | KR_ARRAY_ALIGNED | KR_ARRAY_NATIVE;
    unsigned contiguous = params ? KR_ARRAY_C : KR_ARRAY_C | KR_ARRAY_F;
    if ((out->a.flags & need) != need || !(out->a.flags & contiguous)) {
        kr_raise(kr_ValueError, "Supplied output array must be contiguous, writable, aligned, and "
                                "in machine byte-order.");
        return -1;
    }
    if (out->a.dtype != num) {
        kr_raise(kr_TypeError, "Supplied output array has the wrong type. Expected %s, got %S",
                 num == KR_F32 ? "float32" : "float64", np_dtype_value(out->descr));
        return -1;
    }
    if (kr_is(size, kr_None)) return 0;
    int64_t shape[MAXRANK];
    int rank = np_shape_arg(size, shape);
    if (rank < 0) return -1;
    bool same = rank == out->a.rank;
    for (int k = 0; same && k < rank; k++) same = shape[k] == out->a.shape[k];
    if (same) return 0;
    kr_raise(kr_ValueError, "size must match out.shape when used together");
    return -1;
}

KR_FN(module, random_draw, "_random_draw", "(bits, row, size, out=None, a=None, b=None, c=None, /)",
      "Draws from a row of the table: a number, or an array where size, out or a parameter asks "
      "for one.")
{
    NpBits *b = np_bits_of(a[0]);
    int64_t index = (int64_t)kr_int_low_bits(a[1]);
    if (!b || index < 0 || index >= ROWS)
        return kr_raised() ? EMPTY : kr_raise(kr_IndexError, "no such distribution");
    const Row *row = &rows[index];
    Param p[3] = {{0}};
    NdArray *x[3];
    bool sized = !kr_is(a[2], kr_None) || !kr_is(a[3], kr_None);
    if (!sized && plain_params(row, &a[4], p)) {
        for (int k = 0; row->kinds[k]; k++)
            if (!holds(row->checks[k].check, row->kinds[k], p[k])) {
                raise_check(row->checks[k].check, row->checks[k].name, row->kinds[k], p[k], true);
                return EMPTY;
            }
        if (check_negative_binomial(row, &p[0].d, 1, &p[1].d, 1) < 0) return EMPTY;
        return draw_scalar(row, a[0], b, p);
    }
    if (params_of(row, &a[4], x) < 0 || check_params(row, x) < 0) return EMPTY;
    int params = (int)strlen(row->kinds);
    if (params == 2 && check_negative_binomial(row, (double *)(void *)x[0]->a.data, np_size(x[0]),
                                               (double *)(void *)x[1]->a.data, np_size(x[1])) < 0)
        return EMPTY;
    bool scalars = !sized;
    for (int k = 0; k < params; k++) scalars = scalars && x[k]->a.rank == 0;
    if (scalars) {
        for (int k = 0; k < params; k++) memcpy(&p[k], x[k]->a.data, sizeof p[k]);
        return draw_scalar(row, a[0], b, p);
    }
    NdArray *out;
    if (!kr_is(a[3], kr_None)) {
        if (!np_is_array(a[3])) return kr_raise(kr_TypeError, "out must be an array");
        out = np_array(a[3]);
        if (check_out(out, result_num(row), params, a[2]) < 0) return EMPTY;
        int64_t shape[MAXRANK];
        if (result_shape(np_shape_tuple(out->a.rank, out->a.shape), x, params, shape) < 0)
            return EMPTY;
    } else {
        int64_t shape[MAXRANK];
        int rank = result_shape(a[2], x, params, shape);
        out = rank < 0 ? NULL : np_new_order(np_dtypes[result_num(row)], rank, shape, 'C', false);
        if (!out) return EMPTY;
    }
    return fill_array(row, a[0], b, out, x) < 0 ? EMPTY : np_value(out);
}

/* ---- Integers ---- */

KR_FN(module, random_fill_integers, "_random_fill_integers", "(bits, out, low, range, masked, /)",
      "Fills a contiguous array with low + [0, range]; both given modulo 2^64.")
{
    NpBits *b = np_bits_of(a[0]);
    if (!b || !np_is_array(a[1])) return EMPTY;
    NdArray *out = np_array(a[1]);
    int width = out->a.dtype == KR_BOOL ? 0 : (int)out->a.item_size;
    int64_t n = np_size(out);
    uint64_t off = kr_int_low_bits(a[2]), range = kr_int_low_bits(a[3]);
    bool masked = kr_truth(a[4]) == 1, detached = n > 20000;
    np_bits_lock(a[0]);
    if (detached) kr_detach();
    np_random_fill_bounded(b, off, range, n, width, masked, out->a.data);
    if (detached) kr_attach();
    np_bits_unlock(a[0]);
    return a[1];
}

KR_FN(module, random_fill_ranges, "_random_fill_ranges", "(bits, out, low, range, masked, /)",
      "As _random_fill_integers with arrays of uint64, as long as out, for low and range.")
{
    NpBits *b = np_bits_of(a[0]);
    if (!b || !np_is_array(a[1])) return EMPTY;
    NdArray *out = np_array(a[1]), *low = np_as_type_contiguous(a[2], KR_U64),
            *range = low ? np_as_type_contiguous(a[3], KR_U64) : NULL;
    if (!range) return EMPTY;
    int64_t n = np_size(out), size = out->a.item_size;
    if (np_size(low) != n || np_size(range) != n)
        return kr_raise(kr_ValueError, "bounds of another length");
    int width = out->a.dtype == KR_BOOL ? 0 : (int)size, left = 0;
    uint32_t buffer = 0;
    bool masked = kr_truth(a[4]) == 1;
    np_bits_lock(a[0]);
    for (int64_t i = 0; i < n; i++) {
        uint64_t r = np_random_buffered(b, ((uint64_t *)(void *)low->a.data)[i],
                                        ((uint64_t *)(void *)range->a.data)[i], width, masked,
                                        &left, &buffer);
        memcpy(out->a.data + i * size, &r, (size_t)size);
    }
    np_bits_unlock(a[0]);
    return a[1];
}

KR_FN(module, random_interval, "_random_interval", "(bits, max, /)", "An int in [0, max].")
{
    NpBits *b = np_bits_of(a[0]);
    if (!b) return EMPTY;
    np_bits_lock(a[0]);
    uint64_t r = np_random_interval(b, kr_int_low_bits(a[1]));
    np_bits_unlock(a[0]);
    return kr_int_unsigned(r);
}

KR_FN(module, random_shuffle, "_random_shuffle", "(bits, x, /)",
      "Shuffles an array along its only axis.")
{
    NpBits *b = np_bits_of(a[0]);
    if (!b || !np_is_array(a[1])) return EMPTY;
    NdArray *x = np_array(a[1]);
    if (x->a.rank != 1) return kr_raise(kr_ValueError, "a one-dimensional array is needed");
    if (np_writeable(x) < 0) return EMPTY;
    np_bits_lock(a[0]);
    np_random_shuffle(b, x->a.data, x->a.shape[0], x->a.strides[0], x->a.item_size);
    np_bits_unlock(a[0]);
    return kr_None;
}

KR_FN(module, random_sample, "_random_sample", "(bits, population, size, shuffle, /)",
      "Indices without repetition.")
{
    NpBits *b = np_bits_of(a[0]);
    int64_t population, size;
    if (!b || kr_to_int64(a[1], &population) < 0 || kr_to_int64(a[2], &size) < 0) return EMPTY;
    if (size < 0 || size > population)
        return kr_raise(kr_ValueError, "sample larger than the population");
    NdArray *out = np_new_1d(KR_I64, size);
    if (!out) return EMPTY;
    np_bits_lock(a[0]);
    bool done =
        np_random_sample(b, population, size, kr_truth(a[3]) == 1, (int64_t *)(void *)out->a.data);
    np_bits_unlock(a[0]);
    return done ? np_value(out) : kr_raise_no_memory();
}

/* ---- Vectors ---- */

/* Rows of out are the draws. */
static int64_t rows_of(NdArray *out, int64_t d) { return d ? np_size(out) / d : 0; }

KR_FN(module, random_multinomial, "_random_multinomial", "(bits, n, p, out, legacy, /)",
      "n: as many counts as out has rows; p: one row, or as many; out: int64.")
{
    NpBits *b = np_bits_of(a[0]);
    NdArray *n = b ? np_as_type_contiguous(a[1], KR_I64) : NULL,
            *p = n ? np_as_type_contiguous(a[2], KR_F64) : NULL;
    if (!p || !np_is_array(a[3])) return EMPTY;
    NdArray *out = np_array(a[3]);
    int64_t d = out->a.shape[out->a.rank - 1], count = rows_of(out, d);
    int64_t p_step = np_size(p) > d ? d : 0, n_step = np_size(n) > 1 ? 1 : 0;
    bool legacy = kr_truth(a[4]) == 1;
    if ((p_step && np_size(p) != count * d) || (n_step && np_size(n) != count) || np_size(p) < d)
        return kr_raise(kr_ValueError, "n and pvals do not fit the result");
    np_bits_lock(a[0]);
    for (int64_t i = 0; i < count; i++)
        np_random_multinomial(b, ((int64_t *)(void *)n->a.data)[i * n_step],
                              (double *)(void *)p->a.data + i * p_step, d, legacy,
                              (int64_t *)(void *)out->a.data + i * d);
    np_bits_unlock(a[0]);
    return a[3];
}

KR_FN(module, random_colors, "_random_colors", "(bits, colors, sample, total, marginals, out, /)",
      "The multivariate hypergeometric distribution, by either method.")
{
    NpBits *b = np_bits_of(a[0]);
    NdArray *colors = b ? np_as_type_contiguous(a[1], KR_I64) : NULL;
    int64_t sample, total, *balls = NULL;
    if (!colors || kr_to_int64(a[2], &sample) < 0 || kr_to_int64(a[3], &total) < 0 ||
        !np_is_array(a[5]))
        return EMPTY;
    NdArray *out = np_array(a[5]);
    int64_t d = np_size(colors), count = rows_of(out, d);
    const int64_t *of = (const int64_t *)(const void *)colors->a.data;
    bool marginals = kr_truth(a[4]) == 1;
    if (!marginals) {
        if (!(balls = malloc((size_t)(total + 1) * sizeof *balls))) return kr_raise_no_memory();
        for (int64_t j = 0, at = 0; j < d; j++)
            for (int64_t k = 0; k < of[j]; k++) balls[at++] = j;
    }
    np_bits_lock(a[0]);
    for (int64_t i = 0; i < count; i++) {
        int64_t *row = (int64_t *)(void *)out->a.data + i * d;
        if (marginals)
            np_random_marginals(b, total, of, d, sample, row);
        else
            np_random_counts(b, total, of, d, sample, balls, row);
    }
    np_bits_unlock(a[0]);
    np_keep(colors); /* who waits for the lock is detached */
    free(balls);
    return a[5];
}

KR_FN(module, random_dirichlet, "_random_dirichlet", "(bits, alpha, out, legacy, /)",
      "By gammas; by beta variates (stick breaking) where all parameters are small, so that no sum "
      "is zero.")
{
    NpBits *b = np_bits_of(a[0]);
    NdArray *alpha = b ? np_as_type_contiguous(a[1], KR_F64) : NULL;
    if (!alpha || !np_is_array(a[2])) return EMPTY;
    NdArray *out = np_array(a[2]);
    int64_t d = np_size(alpha), count = rows_of(out, d);
    bool legacy = kr_truth(a[3]) == 1, small = !legacy && d > 0;
    const double *p = (const double *)(const void *)alpha->a.data;
    double *rest = malloc((size_t)(d + 1) * sizeof *rest), *row = (double *)(void *)out->a.data;
    if (!rest) return kr_raise_no_memory();
    rest[d] = 0;
    for (int64_t j = d - 1; j >= 0; j--) {
        rest[j] = rest[j + 1] + p[j];
        small = small && p[j] < 0.1;
    }
    np_bits_lock(a[0]);
    for (int64_t i = 0; i < count; i++, row += d) {
        double sum = 0, left = 1;
        for (int64_t j = 0; small && j < d - 1; j++) {
            double v = np_random_beta(b, p[j], rest[j + 1]);
            row[j] = left * v;
            left *= 1 - v;
        }
        if (small) row[d - 1] = left;
        if (small) continue;
        for (int64_t j = 0; j < d; j++)
            sum += row[j] =
                legacy ? np_legacy_standard_gamma(b, p[j]) : np_random_standard_gamma(b, p[j]);
        for (int64_t j = 0; j < d; j++) row[j] *= 1 / sum;
    }
    np_bits_unlock(a[0]);
    np_keep(alpha);
    free(rest);
    return a[2];
}

#include "modules/numpy/random/draw.entries.h"

bool np_random_draw_line(NpBits *b, int64_t at, char *out, int64_t n, int64_t step, const char *const *params,
                         int count)
{
    static const int64_t still[3];
    if (at < 0 || at >= ROWS || count != (int)strlen(rows[at].kinds)) return false;
    const Row *row = &rows[at];
    for (int k = 0; k < count; k++) {
        Param p;
        memcpy(&p, params[k], sizeof p);
        if (!holds(row->checks[k].check, row->kinds[k], p)) return false;
    }
    row->fill(b, out, n, step, params, still);
    return true;
}

int np_random_draw_init(Value module)
{
    Value names = kr_dict();
    for (int64_t i = 0; !kr_is_empty(names) && i < ROWS; i++)
        if (kr_dict_set_ascii(names, rows[i].name, kr_int(i)) < 0) return -1;
    if (kr_is_empty(names) || kr_module_add(module, "_random_rows", names) < 0) return -1;
    return np_add_functions(module, module_functions);
}
