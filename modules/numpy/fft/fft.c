/* fft.c: transforms along an axis of arrays, with the plans of the latest lengths kept.
 *
 * Plans are shared by threads: one in use is counted, and freed by its last user once it was dropped from the
 * cache. Lines are transformed detached. */
#include <pthread.h>

#include "modules/numpy/fft/fft.h"
#include "modules/numpy/numpy.h"

/* ---- The cache ---- */

typedef struct Kept {
    NpFftPlan *plan;
    int64_t n;
    bool real, single;
    void *
        work; /* scratch memory that nobody uses now; large blocks are costly to get from the system */
    int users;
    uint64_t last_use;
} Kept;

enum { CACHE = 16 };
static Kept *cache[CACHE];
static uint64_t uses;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void drop(Kept *k) /* with the mutex */
{
    if (--k->users) return;
    (k->single ? np_fft_plan_free_float : np_fft_plan_free_double)(k->plan);
    free(k->work);
    free(k);
}

static Kept *find(int64_t n, bool real, bool single)
{
    for (int i = 0; i < CACHE; i++) {
        Kept *k = cache[i];
        if (!k || k->n != n || k->real != real || k->single != single) continue;
        k->users++;
        k->last_use = ++uses;
        return k;
    }
    return NULL;
}

static void keep(Kept *k)
{
    int oldest = 0;
    for (int i = 0; i < CACHE; i++) {
        if (!cache[i]) {
            oldest = i;
            break;
        }
        if (cache[i]->last_use < cache[oldest]->last_use) oldest = i;
    }
    if (cache[oldest]) drop(cache[oldest]);
    cache[oldest] = k;
    k->users++;
    k->last_use = ++uses;
}

/* A plan to be given back with release(), or NULL: no memory. */
static Kept *acquire(int64_t n, bool real, bool single)
{
    pthread_mutex_lock(&mutex);
    Kept *k = find(n, real, single);
    pthread_mutex_unlock(&mutex);
    if (k) return k;
    NpFftPlan *plan = (single ? np_fft_plan_float : np_fft_plan_double)(n, real);
    k = plan ? malloc(sizeof *k) : NULL;
    if (!k) {
        if (plan) (single ? np_fft_plan_free_float : np_fft_plan_free_double)(plan);
        return NULL;
    }
    *k = (Kept){.plan = plan, .n = n, .real = real, .single = single, .users = 1};
    pthread_mutex_lock(&mutex);
    keep(k);
    pthread_mutex_unlock(&mutex);
    return k;
}

static void *acquire_work(Kept *k)
{
    pthread_mutex_lock(&mutex);
    void *work = k->work;
    k->work = NULL;
    pthread_mutex_unlock(&mutex);
    return work ? work : malloc((k->single ? np_fft_work_float : np_fft_work_double)(k->plan));
}

static void release(Kept *k, void *work)
{
    pthread_mutex_lock(&mutex);
    if (k->work)
        free(work);
    else
        k->work = work;
    drop(k);
    pthread_mutex_unlock(&mutex);
}

/* ---- Arrays ---- */

typedef struct Job {
    NdArray *in, *out;
    int axis, kind;
    double factor;
    const Kept *kept;
    void *work;
} Job;

static void transform_lines(const Job *job)
{
    const KrArray *in = &job->in->a, *out = &job->out->a;
    int64_t index[MAXRANK] = {0}, lines = 1;
    NpFftLine line = {.in = in->data,
                      .out = out->data,
                      .in_step = in->strides[job->axis],
                      .out_step = out->strides[job->axis],
                      .have = in->shape[job->axis],
                      .factor = job->factor};
    for (int k = 0; k < in->rank; k++)
        if (k != job->axis) lines *= in->shape[k];
    for (int64_t i = 0; i < lines; i++) {
        (job->kept->single ? np_fft_run_float : np_fft_run_double)(job->kept->plan, job->kind,
                                                                   &line, job->work);
        for (int k = in->rank - 1; k >= 0; k--) {
            if (k == job->axis) continue;
            line.in += in->strides[k];
            line.out += out->strides[k];
            if (++index[k] < in->shape[k]) break;
            line.in -= in->strides[k] * in->shape[k];
            line.out -= out->strides[k] * in->shape[k];
            index[k] = 0;
        }
    }
}

static int check_arrays(NdArray *in, NdArray *out, int64_t n, int axis, int kind)
{
    int num = out->a.dtype, from = in->a.dtype;
    bool single = num == KR_C64 || num == KR_F32;
    int want = kind == NP_RFFT ? (single ? KR_F32 : KR_F64) : single ? KR_C64 : KR_C128;
    int result = kind == NP_IRFFT ? (single ? KR_F32 : KR_F64) : single ? KR_C64 : KR_C128;
    bool good = from == want && num == result && in->a.rank == out->a.rank && axis >= 0 &&
                axis < in->a.rank && n > 0;
    for (int k = 0; good && k < in->a.rank; k++)
        good = out->a.shape[k] == (k != axis ? in->a.shape[k] : kind == NP_RFFT ? n / 2 + 1 : n);
    if (good) return single;
    kr_raise(kr_ValueError, "arrays do not fit the transform");
    return -1;
}

static bool run(Job *job, int64_t n, bool single)
{
    kr_detach();
    Kept *kept = acquire(n, job->kind >= NP_RFFT, single);
    job->kept = kept;
    job->work = kept ? acquire_work(kept) : NULL;
    bool done = job->work != NULL;
    if (done) transform_lines(job);
    if (kept) release(kept, job->work);
    kr_attach();
    return done;
}

KR_FN(module, fft_transform, "_fft", "(kind, a, n, axis, factor, out, /)",
      "Transforms n points along an axis of a, cut or filled with zeros, into out. kind: 0 fft, 1 "
      "ifft, 2 rfft, 3 irfft.")
{
    Job job;
    int64_t n;
    if (kr_to_int32(a[0], &job.kind) < 0 || kr_to_int64(a[2], &n) < 0 ||
        kr_to_int32(a[3], &job.axis) < 0 || kr_to_double(a[4], &job.factor) < 0)
        return EMPTY;
    if (!np_is_array(a[1]) || !np_is_array(a[5]))
        return kr_raise(kr_TypeError, "arrays are needed");
    job.in = np_array(a[1]);
    job.out = np_array(a[5]);
    int single = check_arrays(job.in, job.out, n, job.axis, job.kind);
    if (single < 0 || np_writeable(job.out) < 0) return EMPTY;
    if (np_size(job.out) == 0) return a[5];
    return run(&job, n, single) ? a[5] : kr_raise_no_memory();
}

/* A spectrum's second half is the first one's conjugate, mirrored, where the line was real. */
static void mirror(NdArray *y, int64_t n)
{
    double *p = (double *)y->a.data;
    for (int64_t k = n / 2 + 1; k < n; k++) {
        p[2 * k] = p[2 * (n - k)];
        p[2 * k + 1] = -p[2 * (n - k) + 1];
    }
}

/* Into a new array of `points` elements, of which the transform writes the first `written`. */
static NdArray *transform_line(int kind, NdArray *x, int64_t points, int64_t written)
{
    int64_t n = x->a.shape[0];
    NdArray *y = np_new_1d(KR_C128, points);
    NdArray *out = y && written != points ? np_wrap_memory(y->a.data, y->descr, 1, &written, NULL, np_value(y), true) : y;
    Job job = {.in = x, .out = out, .kind = kind, .factor = kind == NP_IFFT ? 1.0 / (double)n : 1.0};
    if (!out) return NULL;
    if (!run(&job, n, false)) {
        kr_raise_no_memory();
        return NULL;
    }
    np_keep(x);
    np_keep(out);
    return y;
}

KR_FN(module, fft_line, "_fft_line", "(kind, a, /)",
      "fft, ifft or rfft of one line of float64 or complex128 with the defaults; None: not such an array.")
{
    int kind;
    if (kr_to_int32(a[0], &kind) < 0) return EMPTY;
    NdArray *x = kr_is_object(a[1]) && kr_type_of(a[1]) == np_array_type ? np_array(a[1]) : NULL;
    if (!x || x->a.rank != 1 || x->a.shape[0] < 1 || x->descr->swapped || !(x->a.flags & KR_ARRAY_ALIGNED)) return kr_None;
    int64_t n = x->a.shape[0];
    bool real = x->a.dtype == KR_F64;
    if ((!real && x->a.dtype != KR_C128) || (kind == NP_RFFT && !real)) return kr_None;
    if (kind == NP_RFFT) return np_value(transform_line(kind, x, n / 2 + 1, n / 2 + 1));
    if (real && kind == NP_FFT && n % 2 == 0) {
        NdArray *y = transform_line(NP_RFFT, x, n, n / 2 + 1);
        if (y) mirror(y, n);
        return np_value(y);
    }
    if (real && !(x = np_astype(x, np_dtypes[KR_C128], 'C'))) return EMPTY;
    return np_value(transform_line(kind, x, n, n));
}

#include "modules/numpy/fft/fft.entries.h"

int np_fft_init(Value module) { return np_add_functions(module, module_functions); }
