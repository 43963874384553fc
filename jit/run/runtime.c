/* What compiled code calls: buffers, exact number helpers, sums, copies, printing, and the table of
 * symbols that the loader resolves. Nothing here touches Python objects or the interpreter's
 * lock. */
#include "jit/ir/ir.h"
#include "jit/run/check.h"
#include "jit/run/containers.h"
#include "jit/run/exceptions.h"
#include "jit/run/kernel_abi.h"
#include "jit/run/opmath.h"
#include "jit/run/progress.h"
#include "jit/run/randoms.h"
#include "jit/run/rt.h"
#include "jit/run/trail.h"
#include "jit/run/vmath.h"
#include "runtime/objects/complex.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- buffers ---- */

static _Atomic int64_t alive;

KernelBuffer *jit_rt_alloc(int64_t bytes, int32_t zeroed)
{
    if (bytes < 0 || bytes > INT64_MAX - 256) return NULL;
    size_t room = ((size_t)bytes + sizeof(KernelBuffer) + 63) & ~(size_t)63;
    KernelBuffer *b = NULL;
    if (zeroed && room >= 1 << 20) {
        /* calloc gets untouched pages, which aligned_alloc and memset would write */
        char *raw = calloc(1, room + 64);
        if (!raw) return NULL;
        b = (KernelBuffer *)(((uintptr_t)raw + 64) & ~(uintptr_t)63);
        b->offset = (char *)b - raw;
    } else {
        b = aligned_alloc(64, room);
        if (!b) return NULL;
        b->offset = 0;
        if (zeroed) memset(b->data, 0, (size_t)bytes);
    }
    b->refs = 1;
    b->destroy = NULL;
    b->size = bytes;
    jit_check_forget(b->data, bytes);
    atomic_fetch_add_explicit(&alive, 1, memory_order_relaxed);
    return b;
}

void jit_rt_retain(uint64_t owner)
{
    if (kernel_owner_is_buffer(owner))
        __atomic_fetch_add(&((KernelBuffer *)(uintptr_t)owner)->refs, 1, __ATOMIC_RELAXED);
}

void jit_rt_release(uint64_t owner)
{
    if (!kernel_owner_is_buffer(owner)) return;
    KernelBuffer *b = (KernelBuffer *)(uintptr_t)owner;
    if (__atomic_sub_fetch(&b->refs, 1, __ATOMIC_ACQ_REL) == 0) {
        if (b->destroy) b->destroy(b);
        atomic_fetch_sub_explicit(&alive, 1, memory_order_relaxed);
        free((char *)b - b->offset);
    }
}

int64_t jit_rt_buffers_alive(void) { return atomic_load(&alive); }

/* ---- numbers ---- */

/* Python's floor division and modulo of floats; with b == 0 NumPy's. The remainder has the sign
 * of b;
 * the quotient is made integral from (a - mod) / b, which is nearly so. */
static double divmod_float(double a, double b, double *mod_out)
{
    double mod = fmod(a, b);
    if (b == 0) {
        *mod_out = mod;
        return a / b;
    }
    double div = (a - mod) / b;
    if (mod != 0) {
        if ((b < 0) != (mod < 0)) {
            mod += b;
            div -= 1;
        }
    } else {
        mod = copysign(0.0, b);
    }
    *mod_out = mod;
    if (div == 0) return copysign(0.0, a / b);
    double whole = floor(div);
    return div - whole > 0.5 ? whole + 1 : whole;
}

double jit_opmath_floordivd(double a, double b)
{
    double mod;
    return divmod_float(a, b, &mod);
}

double jit_opmath_modd(double a, double b)
{
    double mod;
    divmod_float(a, b, &mod);
    return mod;
}

static float divmod_float32(float a, float b, float *mod_out)
{
    float mod = fmodf(a, b);
    if (b == 0) {
        *mod_out = mod;
        return a / b;
    }
    float div = (a - mod) / b;
    if (mod != 0) {
        if ((b < 0) != (mod < 0)) {
            mod += b;
            div -= 1;
        }
    } else {
        mod = copysignf(0.0f, b);
    }
    *mod_out = mod;
    if (div == 0) return copysignf(0.0f, a / b);
    float whole = floorf(div);
    return div - whole > 0.5f ? whole + 1 : whole;
}

float jit_opmath_floordivf(float a, float b)
{
    float mod;
    return divmod_float32(a, b, &mod);
}

float jit_opmath_modf(float a, float b)
{
    float mod;
    divmod_float32(a, b, &mod);
    return mod;
}

/* int / int rounded once, as Python does: through 128-bit integers when a conversion would round.
 * */
double jit_rt_truediv(int64_t a, int64_t b)
{
    const int64_t exact = (int64_t)1 << 53;
    if ((a <= exact && a >= -exact && b <= exact && b >= -exact) || b == 0)
        return (double)a / (double)b;
    bool negative = (a < 0) != (b < 0);
    uint64_t x = a < 0 ? 0 - (uint64_t)a : (uint64_t)a, y = b < 0 ? 0 - (uint64_t)b : (uint64_t)b;
    if (x == 0) return negative ? -0.0 : 0.0;
    /* scale so that the quotient has 55 to 57 bits; the remainder becomes a sticky bit */
    int shift = 55 - ((64 - __builtin_clzll(x)) - (64 - __builtin_clzll(y)));
    unsigned __int128 num = x, den = y;
    if (shift > 0)
        num <<= shift;
    else
        den <<= -shift;
    uint64_t q = (uint64_t)(num / den);
    bool rest = num % den != 0;
    int extra = (64 - __builtin_clzll(q)) - 53;
    uint64_t low = q & (((uint64_t)1 << extra) - 1), half = (uint64_t)1 << (extra - 1);
    q >>= extra;
    if (low > half || (low == half && (rest || (q & 1)))) q++;
    double r = ldexp((double)q, extra - shift);
    return negative ? -r : r;
}

int64_t jit_rt_cmp_int_float(int64_t a, double b)
{
    if (b != b) return 2;
    double d = (double)a;
    if (d != b) return d < b ? -1 : 1;
    if (b >= 9223372036854775808.0) return -1;
    int64_t i = (int64_t)b;
    return (a > i) - (a < i);
}

/* round(x, n): correctly rounded through decimal text, as Python's float.__round__. */
double jit_rt_round_digits(double x, int64_t digits)
{
    if (!isfinite(x) || digits > 323) return x;
    if (digits < -308) return 0.0 * x;
    char text[720];
    if (digits >= 0) {
        snprintf(text, sizeof text, "%.*f", (int)digits, x);
        return strtod(text, NULL);
    }
    double scale = pow(10, (double)-digits), y = x / scale, r = round(y);
    if (fabs(y - r) == 0.5) r = 2 * round(y / 2);
    return r * scale;
}

int64_t jit_rt_gcd(int64_t a, int64_t b)
{
    uint64_t x = a < 0 ? 0 - (uint64_t)a : (uint64_t)a, y = b < 0 ? 0 - (uint64_t)b : (uint64_t)b;
    while (y) {
        uint64_t t = x % y;
        x = y;
        y = t;
    }
    return (int64_t)x;
}

int64_t jit_rt_ipow(int64_t a, int64_t n)
{
    return (int64_t)jit_opmath_ipow((uint64_t)a, (uint64_t)n);
}

int32_t jit_rt_pow_overflow(int64_t a, int64_t n, int64_t *out)
{
    *out = 0;
    return jit_opmath_pow_overflow(a, n, out);
}

/* Python's complex ** complex. */
int64_t jit_rt_cpow(double are, double aim, double bre, double bim, void *out)
{
    double *r = out;
    double a[2] = {are, aim}, b[2] = {bre, bim};
    return kr_complex_power(a, b, r) == -1;
}

double jit_rt_ldexp(double x, int64_t n)
{
    return ldexp(x, n > 100000 ? 100000 : n < -100000 ? -100000 : (int)n);
}

double jit_rt_frexp(double x, void *exponent)
{
    int e = 0;
    double m = frexp(x, &e);
    *(int64_t *)exponent = e;
    return m;
}

/* ---- sums ----
 * NumPy's pairwise summation: below 8 items a plain loop, up to 128 items eight running sums joined
 * as a tree, above that halves (the first rounded down to a multiple of 8). */
#define PAIRWISE(name, T)                                                               \
    static T name(const char *p, int64_t n, int64_t stride)                             \
    {                                                                                   \
        if (n < 8) {                                                                    \
            T r = -0.0f;                                                                \
            for (int64_t i = 0; i < n; i++) r += *(const T *)(p + i * stride);          \
            return r;                                                                   \
        }                                                                               \
        if (n <= 128) {                                                                 \
            T r[8];                                                                     \
            for (int k = 0; k < 8; k++) r[k] = *(const T *)(p + k * stride);            \
            int64_t i = 8;                                                              \
            for (; i < n - n % 8; i += 8)                                               \
                for (int k = 0; k < 8; k++) r[k] += *(const T *)(p + (i + k) * stride); \
            T sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));  \
            for (; i < n; i++) sum += *(const T *)(p + i * stride);                     \
            return sum;                                                                 \
        }                                                                               \
        int64_t half = n / 2;                                                           \
        half -= half % 8;                                                               \
        return name(p, half, stride) + name(p + half * stride, n - half, stride);       \
    }
PAIRWISE(pairwise_f64, double)
PAIRWISE(pairwise_f32, float)

/* NumPy's iterator hands the items over in pieces, which are added one after the other. */
#define SUM_PIECE 8192
#define SUM(name, T, pairwise)                                            \
    T name(void *data, int64_t n, int64_t stride)                         \
    {                                                                     \
        T sum = 0;                                                        \
        for (int64_t i = 0; i < n; i += SUM_PIECE) {                      \
            int64_t piece = n - i < SUM_PIECE ? n - i : SUM_PIECE;        \
            sum += pairwise((const char *)data + i * stride, piece, stride); \
        }                                                                 \
        return sum;                                                       \
    }
SUM(jit_rt_sum_f64, double, pairwise_f64)
SUM(jit_rt_sum_f32, float, pairwise_f32)

/* The pieces of a long sum are a parallel loop of their own, whose results are added in order: the same bits. */
enum { SPREAD_PIECES = 16 };

static int32_t sum_pieces(const uint64_t *slots, KR_UNUSED uint64_t *results, KR_UNUSED KernelError *error)
{
    const char *data = (const char *)(uintptr_t)slots[5];
    int64_t n = (int64_t)slots[6], stride = (int64_t)slots[7];
    void *sums = (void *)(uintptr_t)slots[8];
    for (int64_t piece = (int64_t)slots[0]; piece < (int64_t)slots[1]; piece++) {
        int64_t first = piece * SUM_PIECE, count = n - first < SUM_PIECE ? n - first : SUM_PIECE;
        if (slots[9])
            ((float *)sums)[piece] = pairwise_f32(data + first * stride, count, stride);
        else
            ((double *)sums)[piece] = pairwise_f64(data + first * stride, count, stride);
    }
    return 0;
}

static void sum_alone(void *data, int64_t n, int64_t stride, void *result, bool single)
{
    if (single)
        *(float *)result = jit_rt_sum_f32(data, n, stride);
    else
        *(double *)result = jit_rt_sum_f64(data, n, stride);
}

int64_t jit_rt_sum_spread(void *data, int64_t n, int64_t stride, void *result, bool single)
{
    int64_t pieces = n / SUM_PIECE + (n % SUM_PIECE > 0);
    void *sums = pieces < SPREAD_PIECES ? NULL : malloc((size_t)pieces * sizeof(double));
    if (!sums) return sum_alone(data, n, stride, result, single), 0;
    KernelError error = {0};
    uint64_t slots[] = {(uint64_t)jit_rt_parfor_blocks(pieces), 0, 0, 1, 0, (uintptr_t)data, (uint64_t)n, (uint64_t)stride,
                        (uintptr_t)sums, single};
    int32_t status = jit_rt_parfor_hook(sum_pieces, pieces, slots, 10, NULL, 0, &error);
    double whole = 0;
    float half = 0;
    for (int64_t i = 0; i < pieces && single; i++) half += ((float *)sums)[i];
    for (int64_t i = 0; i < pieces && !single; i++) whole += ((double *)sums)[i];
    if (single)
        *(float *)result = half;
    else
        *(double *)result = whole;
    free(sums);
    return status;
}

/* ---- matrix products ---- */

#define PRODUCT(T, ACC)                                              \
    for (int64_t i = 0; i < m; i++)                                  \
        for (int64_t j = 0; j < n; j++) {                            \
            ACC sum = 0;                                             \
            for (int64_t p = 0; p < k; p++)                          \
                sum += (ACC)(*(const T *)(a + i * w[6] + p * w[7]) * \
                             *(const T *)(b + p * w[8] + j * w[9])); \
            *(T *)(c + i * w[10] + j * w[11]) = (T)sum;              \
        }                                                            \
    break

static void matmul_plain(const int64_t *w)
{
    const char *a = (const char *)w[0], *b = (const char *)w[1];
    char *c = (char *)w[2];
    int64_t m = w[3], n = w[4], k = w[5];
    switch ((JitDtype)w[12]) {
    case DT_F64: PRODUCT(double, double);
    case DT_F32: PRODUCT(float, float);
    case DT_C128: PRODUCT(_Complex double, _Complex double);
    case DT_C64: PRODUCT(_Complex float, _Complex float);
    case DT_I64:
    case DT_U64: PRODUCT(uint64_t, uint64_t);
    case DT_I32:
    case DT_U32: PRODUCT(uint32_t, uint32_t);
    case DT_I16:
    case DT_U16: PRODUCT(uint16_t, uint32_t);
    case DT_I8:
    case DT_U8: PRODUCT(uint8_t, uint32_t);
    default: /* bool: or of ands */
        for (int64_t i = 0; i < m; i++)
            for (int64_t j = 0; j < n; j++) {
                bool any = false;
                for (int64_t p = 0; p < k; p++)
                    any = any || (a[i * w[6] + p * w[7]] && b[p * w[8] + j * w[9]]);
                c[i * w[10] + j * w[11]] = any;
            }
    }
}

/* The array module's product, once it is loaded, so that both sides have the same bits. */
void jit_rt_matmul(void *words)
{
    KrNative product = kr_native_find("matmul");
    if (!product || product(words)) matmul_plain(words);
}

/* ---- memory ---- */

void jit_rt_fill(void *data, int64_t n, void *item, int64_t size)
{
    char *p = data;
    for (int64_t i = 0; i < n; i++) memcpy(p + i * size, item, (size_t)size);
}

/* Copies an array of any strides; the innermost axis goes by memcpy where both sides are dense. The
 * areas must not overlap. */
void jit_rt_copy(void *target, void *target_strides, void *source, void *source_strides,
                 void *shape, int64_t rank, int64_t size)
{
    const int64_t *ts = target_strides, *ss = source_strides, *dims = shape;
    if (rank == 0) {
        memcpy(target, source, (size_t)size);
        return;
    }
    if (rank == 1) {
        if (ts[0] == size && ss[0] == size) {
            memcpy(target, source, (size_t)(dims[0] * size));
            return;
        }
        for (int64_t i = 0; i < dims[0]; i++)
            memcpy((char *)target + i * ts[0], (char *)source + i * ss[0], (size_t)size);
        return;
    }
    for (int64_t i = 0; i < dims[0]; i++)
        jit_rt_copy((char *)target + i * ts[0], (void *)(ts + 1), (char *)source + i * ss[0],
                    (void *)(ss + 1), (void *)(dims + 1), rank - 1, size);
}

static void extent(char *data, const int64_t *shape, const int64_t *strides, int64_t rank,
                   int64_t size, char **low, char **high)
{
    *low = *high = data;
    for (int64_t i = 0; i < rank; i++) {
        if (shape[i] == 0) {
            *high = *low;
            return;
        }
        int64_t reach = (shape[i] - 1) * strides[i];
        if (reach < 0)
            *low += reach;
        else
            *high += reach;
    }
    *high += size;
}

/* Might two arrays share a byte? Judged by the ranges they span. */
bool jit_rt_overlap(void *a, void *a_shape, void *a_strides, void *b, void *b_shape,
                    void *b_strides, int64_t a_rank, int64_t b_rank, int64_t size)
{
    char *al, *ah, *bl, *bh;
    extent(a, a_shape, a_strides, a_rank, size, &al, &ah);
    extent(b, b_shape, b_strides, b_rank, size, &bl, &bh);
    return al < bh && bl < ah;
}

/* ---- printing ---- */

static void print_stdout(const char *text, size_t length) { fwrite(text, 1, length, stdout); }
void (*jit_rt_print_hook)(const char *text, size_t length) = print_stdout;

static void print_text(const char *text) { jit_rt_print_hook(text, strlen(text)); }

void jit_rt_print_int(int64_t x)
{
    char text[32];
    snprintf(text, sizeof text, "%" PRId64, x);
    print_text(text);
}

void jit_rt_print_uint(int64_t x)
{
    char text[32];
    snprintf(text, sizeof text, "%" PRIu64, (uint64_t)x);
    print_text(text);
}

/* repr(float): the shortest digits that read back, exponent from 1e16 and below 1e-4. */
static void format_float(char *out, size_t size, double x, int max_digits, bool single)
{
    if (isnan(x) || isinf(x)) {
        snprintf(out, size, "%s", isnan(x) ? "nan" : x < 0 ? "-inf" : "inf");
        return;
    }
    char digits[40];
    int n = 1;
    for (; n <= max_digits; n++) {
        snprintf(digits, sizeof digits, "%.*e", n - 1, x);
        if (single ? strtof(digits, NULL) == (float)x : strtod(digits, NULL) == x) break;
    }
    int exponent = atoi(strchr(digits, 'e') + 1);
    if (exponent < -4 || exponent >= 16) {
        char *e = strchr(digits, 'e');
        snprintf(out, size, "%.*se%c%02d", (int)(e - digits), digits, exponent < 0 ? '-' : '+',
                 abs(exponent));
        return;
    }
    int decimals = n - 1 - exponent;
    snprintf(out, size, "%.*f", decimals < 1 ? 1 : decimals, x);
}

void jit_rt_print_float(double x)
{
    char text[64];
    format_float(text, sizeof text, x, 17, false);
    print_text(text);
}

void jit_rt_print_float32(float x)
{
    char text[64];
    format_float(text, sizeof text, (double)x, 9, true);
    print_text(text);
}

void jit_rt_print_complex(double re, double im)
{
    char text[160], a[64], b[64];
    format_float(a, sizeof a, re, 17, false);
    format_float(b, sizeof b, im, 17, false);
    size_t n = strlen(a), k = strlen(b);
    if (n > 2 && !strcmp(a + n - 2, ".0")) /* complex parts are written without it */
        a[n - 2] = 0;
    if (k > 2 && !strcmp(b + k - 2, ".0")) b[k - 2] = 0;
    if (re == 0 && !signbit(re))
        snprintf(text, sizeof text, "%sj", b);
    else
        snprintf(text, sizeof text, "(%s%s%sj)", a, b[0] == '-' ? "" : "+", b);
    print_text(text);
}

void jit_rt_print_bool(bool x) { print_text(x ? "True" : "False"); }

void jit_rt_print_char(int64_t c)
{
    char byte = (char)c;
    jit_rt_print_hook(&byte, 1);
}

void jit_rt_print_end(void) { jit_rt_print_char('\n'); }

/* ---- places of errors ---- */

static _Thread_local int32_t called_at[4];

void jit_rt_called_at(int64_t line, int64_t col, int64_t end_line, int64_t end_col)
{
    const int64_t place[] = {line, col, end_line, end_col};
    for (int i = 0; i < 4; i++) called_at[i] = (int32_t)place[i];
}

bool jit_rt_take_place(int32_t place[4])
{
    bool known = called_at[0] != 0;
    memcpy(place, called_at, sizeof called_at);
    memset(called_at, 0, sizeof called_at);
    return known;
}

/* ---- parallel loops ---- */

int64_t jit_rt_parfor_blocks(int64_t n) { return n <= 0 ? 0 : n < 256 ? n : 256; }

int64_t jit_rt_parfor_copies(int64_t n, int64_t items)
{
    int64_t blocks = n / (8 * (items > 1 ? items : 1));
    return n <= 0 ? 0 : blocks < 1 ? 1 : blocks > 64 ? 64 : blocks;
}

int64_t jit_rt_parfor_rows(int64_t n, int64_t items)
{
    int64_t blocks = items / 8192;
    if (n <= 0 || blocks < 2) return n > 0;
    if (blocks > 256) blocks = 256;
    return blocks < n ? blocks : n;
}

static int32_t parfor_serial(KernelEntry body, int64_t n, const uint64_t *slots, int64_t nslots,
                             uint64_t *results, int64_t nresults, KernelError *error)
{
    int64_t blocks = (int64_t)slots[0];
    uint64_t inline_slots[64], *copy = inline_slots;
    if (nslots > 64 && !(copy = malloc((size_t)nslots * sizeof *copy))) abort();
    memcpy(copy, slots, (size_t)nslots * sizeof *copy);
    int32_t status = 0;
    LoopRandoms randoms = jit_randoms_open(slots[1]);
    int64_t kept[2];
    Progress own, *bar = blocks > 0 && (slots[1] & PARFOR_PROGRESS) ? &own : NULL;
    if (bar) jit_progress_open(bar, n);
    for (int64_t b = 0; b < blocks && !status; b++) {
        copy[0] = (uint64_t)jit_rt_parfor_begin(n, blocks, b);
        copy[1] = (uint64_t)jit_rt_parfor_begin(n, blocks, b + 1);
        copy[4] = (uint64_t)b;
        int64_t end = (int64_t)copy[1];
        jit_randoms_enter(&randoms, b, kept);
        status = body(copy, results + b * nresults, error);
        jit_randoms_leave(&randoms, kept);
        if (bar && !status) atomic_store_explicit(&bar->done, end, memory_order_relaxed);
    }
    if (bar) jit_progress_close(bar);
    if (copy != inline_slots) free(copy);
    return status;
}

KernelParfor jit_rt_parfor_hook = parfor_serial;

static int64_t poll_never(void) { return 0; }
int64_t (*jit_rt_poll_hook)(void) = poll_never;
int64_t jit_rt_poll(void) { return jit_rt_poll_hook(); }

int32_t jit_rt_parfor(KernelEntry body, int64_t n, const uint64_t *slots, int64_t nslots,
                      uint64_t *results, int64_t nresults, KernelError *error)
{
    if (slots[1] & PARFOR_WATCHED)
        return jit_check_parfor(body, n, slots, nslots, results, nresults, error);
    return jit_rt_parfor_hook(body, n, slots, nslots, results, nresults, error);
}

/* ---- errors ---- */

static const struct {
    const char *cls, *text;
} errors[ERR_COUNT] = {
#define ERR(code, cls, text) [ERR_##code] = {cls, text},
#include "jit/run/errors.def"
#undef ERR
};

static const char *site_text(const KernelSite *s)
{
    return s->text ? (const char *)s + s->text : "";
}

/* A `raise` statement's text is "Class: message". */
const char *jit_rt_error_class(const KernelError *error)
{
    static _Thread_local char name[64];
    if (error->site->err != ERR_USER) return errors[error->site->err].cls;
    const char *text = site_text(error->site);
    size_t n = strcspn(text, ":");
    snprintf(name, sizeof name, "%.*s", (int)(n < 63 ? n : 63), text);
    return name;
}

char *jit_rt_error_text(const KernelError *error, const char *expression, char *buf, size_t size)
{
    const char *fmt = errors[error->site->err].text, *text = site_text(error->site);
    if (error->site->err == ERR_COLLISION) {
        jit_check_text(text, buf, size);
        return buf;
    }
    bool user = error->site->err == ERR_USER;
    if (user && strchr(text, ':'))
        fmt = strchr(text, ':') + 2; /* numbers stand in it as byte 1 and a digit */
    size_t n = 0;
    for (; *fmt && n + 1 < size; fmt++) {
        char number[32];
        const char *piece = NULL;
        if (user && fmt[0] == 1 && fmt[1]) {
            snprintf(number, sizeof number, "%" PRId64, error->args[(fmt[1] - '0') & 3]);
            piece = number;
            fmt++;
        } else if (!user && fmt[0] == '{' && fmt[1] && fmt[2] == '}') {
            if (fmt[1] == 'e')
                piece = expression ? expression : "the expression";
            else if (fmt[1] == 't')
                piece = text;
            else {
                snprintf(number, sizeof number, "%" PRId64, error->args[(fmt[1] - '0') & 3]);
                piece = number;
            }
            fmt += 2;
        }
        if (!piece)
            buf[n++] = *fmt;
        else
            n += (size_t)snprintf(buf + n, size - n, "%s", piece);
        if (n >= size) n = size - 1;
    }
    buf[n] = 0;
    return buf;
}

/* ---- symbols ---- */

void *jit_rt_symbol(const char *name)
{
    static const struct {
        const char *name;
        void *address;
    } symbols[] = {
#define RT(code, name, result, params, effects, symbol) {#symbol, (void *)symbol},
#include "jit/run/rt.def"
#undef RT
        {"jit_rt_pow_overflow", (void *)jit_rt_pow_overflow},
        {"jit_rt_attention", (void *)&jit_rt_attention},
        {"jit_rt_passed", (void *)jit_rt_passed},
        {"jit_rt_alloc", (void *)jit_rt_alloc},
        {"jit_rt_retain", (void *)jit_rt_retain},
        {"jit_rt_release", (void *)jit_rt_release},
        {"jit_rt_parfor", (void *)jit_rt_parfor},
        {"memcpy", (void *)memcpy},
        {"memset", (void *)memset},
        {"memmove", (void *)memmove},
        {"fmod", (void *)(double (*)(double, double))fmod},
        {"fmodf", (void *)(float (*)(float, float))fmodf},
        {"floor", (void *)(double (*)(double))floor},
        {"ceil", (void *)(double (*)(double))ceil},
        {"trunc", (void *)(double (*)(double))trunc},
        {"rint", (void *)(double (*)(double))rint},
        {"nearbyint", (void *)(double (*)(double))nearbyint},
        {"floorf", (void *)(float (*)(float))floorf},
        {"ceilf", (void *)(float (*)(float))ceilf},
        {"truncf", (void *)(float (*)(float))truncf},
        {"rintf", (void *)(float (*)(float))rintf},
        {"nearbyintf", (void *)(float (*)(float))nearbyintf},
    };
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++)
        if (!strcmp(symbols[i].name, name)) return symbols[i].address;
    return jit_vmath_symbol(name);
}
