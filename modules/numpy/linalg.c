/* linalg.c: dot, matmul and what stands on LAPACK, over stacks of matrices.
 *
 * Floating-point products go to OpenBLAS, which is opened on first need; small ones (up to 512 multiplications)
 * and integers are done here, so that short scripts never wait for the library. Transposed operands are
 * passed as such, not copied. LAPACK works in float64 or complex128 on copies in Fortran order. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "modules/numpy/blas.h"

/* ---- The library ---- */

static void *library;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* OpenBLAS reads its variables while it is opened. Its threads look for work for 2**26 cycles after a call, beside the pool's;
 * with 2**16 they are asleep when a parallel loop has begun. */
static void open_library(void)
{
    static const char timeout[] = "OPENBLAS_THREAD_TIMEOUT";
    bool ours = !getenv(timeout) && setenv(timeout, "16", 0) == 0;
    static const char *const names[] = {"libopenblas.so.0", "libopenblas.so", "libblas.so.3"};
    for (size_t i = 0; !library && i < sizeof names / sizeof *names; i++) library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (ours) unsetenv(timeout);
}

bool np_blas_available(void)
{
    pthread_once(&once, open_library);
    return library != NULL;
}

static KrNative free_threads;
static void (*set_threads)(int);

static void find_threads(void)
{
    void *f = np_blas_available() ? dlsym(library, "openblas_set_num_threads") : NULL;
    free_threads = kr_native_find("pool.free");
    if (f && free_threads) memcpy(&set_threads, &f, sizeof f);
}

/* The number is the library's, of all threads: it is only written when it changes. Versions before 0.3.28 know no callback that
 * would run their parts on the pool. A call that has begun keeps its threads. */
static void share_threads(int most)
{
    static pthread_once_t found = PTHREAD_ONCE_INIT;
    static _Atomic int now;
    pthread_once(&found, find_threads);
    if (!set_threads) return;
    int wanted = (int)free_threads(NULL);
    if (wanted > most) wanted = most;
    if (atomic_exchange_explicit(&now, wanted, memory_order_relaxed) != wanted) set_threads(wanted);
}

void np_blas_share_threads(void) { share_threads(INT32_MAX); }

void *np_blas_function(const char *name)
{
    np_blas_share_threads();
    void *f = np_blas_available() ? dlsym(library, name) : NULL;
    if (!f) kr_raise(kr_ImportError, "OpenBLAS is needed for this: install libopenblas0 (%s not found)", name);
    return f;
}

/* ---- One product ---- */

typedef struct Matrix {
    const char *data;
    int64_t rows, columns, row_step, column_step; /* steps in bytes */
} Matrix;

#define PLAIN_PRODUCT(T, ACC)                                                                      \
    for (int64_t i = 0; i < a->rows; i++)                                                          \
        for (int64_t j = 0; j < b->columns; j++) {                                                 \
            ACC sum = 0;                                                                           \
            const char *p = a->data + i * a->row_step, *q = b->data + j * b->column_step;          \
            for (int64_t k = 0; k < a->columns; k++, p += a->column_step, q += b->row_step)        \
                sum += (ACC) * (const T *)p * (ACC) * (const T *)q;                                \
            *(T *)(out + i * out_row + j * out_column) = (T)sum;                                   \
        }
/* Rows of b in the inner loop when both results and b run along columns. */
#define ROW_PRODUCT(T, U)                                                                          \
    if (b->column_step == sizeof(T) && out_column == sizeof(T)) {                                  \
        for (int64_t i = 0; i < a->rows; i++) {                                                    \
            T *restrict r = (T *)(out + i * out_row);                                              \
            memset(r, 0, sizeof(T) * (size_t)b->columns);                                          \
            for (int64_t k = 0; k < a->columns; k++) {                                             \
                U f = (U) * (const T *)(a->data + i * a->row_step + k * a->column_step);           \
                const T *restrict q = (const T *)(b->data + k * b->row_step);                      \
                for (int64_t j = 0; j < b->columns; j++) r[j] = (T)((U)r[j] + f * (U)q[j]);        \
            }                                                                                      \
        }                                                                                          \
    } else {                                                                                       \
        PLAIN_PRODUCT(T, U)                                                                        \
    }

CLONES static void plain_product(int num, const Matrix *a, const Matrix *b, char *out, int64_t out_row, int64_t out_column)
{
    switch (num) {
    case KR_BOOL:
        for (int64_t i = 0; i < a->rows; i++)
            for (int64_t j = 0; j < b->columns; j++) {
                char any = 0;
                for (int64_t k = 0; !any && k < a->columns; k++)
                    any = a->data[i * a->row_step + k * a->column_step] && b->data[k * b->row_step + j * b->column_step];
                out[i * out_row + j * out_column] = any;
            }
        return;
    case KR_I8: case KR_U8: ROW_PRODUCT(uint8_t, uint32_t) return;
    case KR_I16: case KR_U16: ROW_PRODUCT(uint16_t, uint32_t) return;
    case KR_I32: case KR_U32: ROW_PRODUCT(uint32_t, uint32_t) return;
    case KR_I64: case KR_U64: ROW_PRODUCT(uint64_t, uint64_t) return;
    case KR_F16: PLAIN_PRODUCT(_Float16, float) return;
    case KR_F32: PLAIN_PRODUCT(float, float) return;
    case KR_F64: PLAIN_PRODUCT(double, double) return;
    case KR_C64: PLAIN_PRODUCT(float _Complex, float _Complex) return;
    default: PLAIN_PRODUCT(double _Complex, double _Complex) return;
    }
}

enum { ROW_MAJOR = 101, NO_TRANS = 111, TRANS = 112 };

/* How BLAS sees a matrix: leading dimension and whether transposed; false: it must be copied. */
static bool blas_layout(const Matrix *m, int64_t size, int *ld, int *trans)
{
    if (m->column_step == size && m->row_step >= size * (m->columns > 1 ? m->columns : 1) && m->row_step % size == 0) {
        *ld = (int)(m->row_step / size);
        *trans = NO_TRANS;
        return *ld >= m->columns;
    }
    if (m->row_step == size && m->column_step >= size * (m->rows > 1 ? m->rows : 1) && m->column_step % size == 0) {
        *ld = (int)(m->column_step / size);
        *trans = TRANS;
        return *ld >= m->rows;
    }
    if (m->rows == 1 && m->column_step == size) {
        *ld = (int)m->columns;
        *trans = NO_TRANS;
        return true;
    }
    if (m->columns == 1 && m->row_step == size) {
        *ld = (int)m->rows;
        *trans = TRANS;
        return true;
    }
    return false;
}

static char *packed(Matrix *m, int64_t size)
{
    char *copy = malloc((size_t)(m->rows * m->columns * size) + 16);
    if (!copy) return NULL;
    for (int64_t i = 0; i < m->rows; i++)
        np_copy_strided(m->data + i * m->row_step, m->column_step, copy + i * m->columns * size, size, m->columns, size);
    m->data = copy;
    m->row_step = m->columns * size;
    m->column_step = size;
    return copy;
}

static int blas_product(int num, Matrix a, Matrix b, char *out, int64_t out_row)
{
    BLAS(void, cblas_dgemm, int, int, int, int, int, int, double, const void *, int, const void *, int, double, void *, int)
    BLAS(void, cblas_sgemm, int, int, int, int, int, int, float, const void *, int, const void *, int, float, void *, int)
    BLAS(void, cblas_zgemm, int, int, int, int, int, int, const void *, const void *, int, const void *, int, const void *, void *, int)
    BLAS(void, cblas_cgemm, int, int, int, int, int, int, const void *, const void *, int, const void *, int, const void *, void *, int)
    BLAS(void, cblas_dgemv, int, int, int, int, double, const void *, int, const void *, int, double, void *, int)
    BLAS(void, cblas_sgemv, int, int, int, int, float, const void *, int, const void *, int, float, void *, int)
    BLAS(double, cblas_ddot, int, const void *, int, const void *, int)
    BLAS(float, cblas_sdot, int, const void *, int, const void *, int)
    int64_t size = np_dtypes[num]->item_size;
    int m = (int)a.rows, n = (int)b.columns, k = (int)a.columns;
    bool real = num == KR_F64 || num == KR_F32;
    if (real && m == 1 && n == 1 && a.column_step % size == 0 && b.row_step % size == 0) {
        int sa = (int)(a.column_step / size), sb = (int)(b.row_step / size);
        /* BLAS takes negative steps from the other end. */
        if (sa > 0 && sb > 0) {
            share_threads(1); /* parts are added as there are threads: the last bits would depend on their number */
            if (num == KR_F64) *(double *)out = cblas_ddot_pointer(k, a.data, sa, b.data, sb);
            else *(float *)out = cblas_sdot_pointer(k, a.data, sa, b.data, sb);
            return 0;
        }
    }
    int lda, ldb, ta, tb;
    char *copy_a = NULL, *copy_b = NULL;
    if (!blas_layout(&a, size, &lda, &ta)) {
        if (!(copy_a = packed(&a, size)) || !blas_layout(&a, size, &lda, &ta)) goto no_memory;
    }
    if (!blas_layout(&b, size, &ldb, &tb)) {
        if (!(copy_b = packed(&b, size)) || !blas_layout(&b, size, &ldb, &tb)) goto no_memory;
    }
    int ldc = (int)(out_row / size);
    if (ldc < n) ldc = n;
    bool attached = kr_is_attached(); /* kernels are not */
    if (attached) kr_detach();
    if (real && n == 1 && (b.row_step == size)) {
        int rows = ta == NO_TRANS ? m : k, columns = ta == NO_TRANS ? k : m;
        if (num == KR_F64) cblas_dgemv_pointer(ROW_MAJOR, ta, rows, columns, 1, a.data, lda, b.data, 1, 0, out, 1);
        else cblas_sgemv_pointer(ROW_MAJOR, ta, rows, columns, 1, a.data, lda, b.data, 1, 0, out, 1);
    } else if (num == KR_F64) {
        cblas_dgemm_pointer(ROW_MAJOR, ta, tb, m, n, k, 1, a.data, lda, b.data, ldb, 0, out, ldc);
    } else if (num == KR_F32) {
        cblas_sgemm_pointer(ROW_MAJOR, ta, tb, m, n, k, 1, a.data, lda, b.data, ldb, 0, out, ldc);
    } else if (num == KR_C128) {
        static const double one[2] = {1, 0}, zero[2] = {0, 0};
        cblas_zgemm_pointer(ROW_MAJOR, ta, tb, m, n, k, one, a.data, lda, b.data, ldb, zero, out, ldc);
    } else {
        static const float one[2] = {1, 0}, zero[2] = {0, 0};
        cblas_cgemm_pointer(ROW_MAJOR, ta, tb, m, n, k, one, a.data, lda, b.data, ldb, zero, out, ldc);
    }
    if (attached) kr_attach();
    free(copy_a);
    free(copy_b);
    return 0;
no_memory:
    free(copy_a);
    free(copy_b);
    kr_raise_no_memory();
    return -1;
}

static int product(int num, Matrix a, Matrix b, char *out, int64_t out_row, int64_t out_column)
{
    int64_t work = a.rows * a.columns * b.columns;
    bool real = num == KR_F32 || num == KR_F64 || np_is_complex(num);
    int64_t most = INT32_MAX;
    if (real && work > 512 && a.rows < most && a.columns < most && b.columns < most && np_blas_available() &&
        out_column == np_dtypes[num]->item_size)
        return blas_product(num, a, b, out, out_row);
    bool detached = work > 100000 && kr_is_attached();
    if (detached) kr_detach();
    plain_product(num, &a, &b, out, out_row, out_column);
    if (detached) kr_attach();
    return 0;
}

/* ---- matmul ---- */

static Value raise_core(int64_t k, int64_t m)
{
    return kr_raise(kr_ValueError, "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature "
                                   "(n?,k),(k,m?)->(n?,m?) (size %lld is different from %lld)", (long long)m, (long long)k);
}

static NdArray *common_operands(Value a, Value b, NdArray **x, NdArray **y)
{
    *x = np_as_array(a, NULL);
    *y = *x ? np_as_array(b, NULL) : NULL;
    return *y;
}

Value np_matmul(Value va, Value vb, Value out)
{
    NdArray *x, *y;
    const Value operands[] = {va, vb};
    KrOrigin origin = kr_origin(EMPTY, operands, 2);
    if (!common_operands(va, vb, &x, &y)) return EMPTY;
    if (x->a.rank == 0 || y->a.rank == 0)
        return kr_raise(kr_ValueError, "matmul: Input operand %d does not have enough dimensions (has 0, gufunc core with "
                                       "signature (n?,k),(k,m?)->(n?,m?) requires 1)", x->a.rank == 0 ? 0 : 1);
    Dtype *d = np_promote(x->descr, y->descr);
    if (!d) return EMPTY;
    if (!np_is_numeric(d->num)) {
        Value args[] = {np_value(x), np_value(y)};
        return np_glue_call("matmul_objects", args, 2);
    }
    x = np_as_type(x, d);
    y = x ? np_as_type(y, d) : NULL;
    if (!y) return EMPTY;
    bool vector_x = x->a.rank == 1, vector_y = y->a.rank == 1;
    int rx = x->a.rank, ry = y->a.rank, r;
    Matrix a = {.rows = vector_x ? 1 : x->a.shape[rx - 2], .columns = x->a.shape[rx - 1],
                .row_step = vector_x ? 0 : x->a.strides[rx - 2], .column_step = x->a.strides[rx - 1]};
    Matrix b = {.rows = vector_y ? y->a.shape[0] : y->a.shape[ry - 2], .columns = vector_y ? 1 : y->a.shape[ry - 1],
                .row_step = vector_y ? y->a.strides[0] : y->a.strides[ry - 2], .column_step = vector_y ? 0 : y->a.strides[ry - 1]};
    if (vector_x) a.row_step = a.columns * d->item_size;
    if (vector_y) b.column_step = d->item_size * (b.rows ? b.rows : 1);
    if (a.columns != b.rows) return raise_core(a.columns, b.rows);
    /* Stacks. */
    int64_t shape[MAXRANK], sx[MAXRANK], sy[MAXRANK];
    int ox = vector_x ? 0 : rx - 2, oy = vector_y ? 0 : ry - 2;
    r = ox > oy ? ox : oy;
    for (int k = 0; k < r; k++) {
        int i = k - (r - ox), j = k - (r - oy);
        int64_t m = i >= 0 ? x->a.shape[i] : 1, n = j >= 0 ? y->a.shape[j] : 1;
        if (m != n && m != 1 && n != 1) {
            NdArray *both[2] = {x, y};
            char p[512], q[512];
            np_shape_text(p, sizeof p, both[0]->a.rank, both[0]->a.shape);
            np_shape_text(q, sizeof q, both[1]->a.rank, both[1]->a.shape);
            return kr_raise(kr_ValueError, "operands could not be broadcast together with remapped shapes [original->remapped]: "
                                           "%s %s", p, q);
        }
        shape[k] = m == 1 ? n : m;
        sx[k] = i >= 0 && m != 1 ? x->a.strides[i] : 0;
        sy[k] = j >= 0 && n != 1 ? y->a.strides[j] : 0;
    }
    int outer = r;
    if (!vector_x) shape[r++] = a.rows;
    if (!vector_y) shape[r++] = b.columns;
    bool plain = r > 0 && a.columns && np_is_plain(d) && x->head.type == np_array_type && y->head.type == np_array_type;
    NdArray *z = plain ? np_new_result(origin, d, r, shape) : np_new_order(d, r, shape, 'C', a.columns == 0);
    if (!z) return EMPTY;
    int64_t total = np_product(outer, shape), index[MAXRANK] = {0}, block = a.rows * b.columns * d->item_size;
    if (np_size(z) && a.columns) {
        const char *p = x->a.data, *q = y->a.data;
        char *to = z->a.data;
        for (int64_t i = 0; i < total; i++, to += block) {
            a.data = p;
            b.data = q;
            if (product(d->num, a, b, to, b.columns * d->item_size, d->item_size) < 0) return EMPTY;
            for (int k = outer - 1; k >= 0; k--) {
                p += sx[k];
                q += sy[k];
                if (++index[k] < shape[k]) break;
                p -= sx[k] * shape[k];
                q -= sy[k] * shape[k];
                index[k] = 0;
            }
        }
        np_keep(x); /* products run detached: another thread may collect */
        np_keep(y);
    }
    if (!kr_is_empty(out)) {
        NdArray *o = np_array(out);
        if (!np_same_shape(o, z)) return kr_raise(kr_ValueError, "matmul: output operand has a mismatch in its core dimensions");
        if (np_writeable(o) < 0) return EMPTY;
        return np_copy_into(o, z) < 0 ? EMPTY : out;
    }
    KrType *type = np_is_array(va) && kr_type_of(va) != np_array_type ? kr_type_of(va)
                   : np_is_array(vb) && kr_type_of(vb) != np_array_type ? kr_type_of(vb) : NULL;
    if (type && z->a.rank) {
        NdArray *w = np_view_type(z, type, z->descr, z->a.rank, z->a.shape, z->a.strides, z->a.data);
        return w && np_finalize(w, kr_type_of(va) == type ? va : vb) == 0 ? np_value(w) : EMPTY;
    }
    return np_return(z);
}

KR_FN(linalg, linalg_dot, "dot", "(self, b, /, out=None)", "Dot product of two arrays.")
{
    NdArray *x, *y;
    if (!common_operands(a[0], a[1], &x, &y)) return EMPTY;
    Value out = kr_is(a[2], kr_None) ? EMPTY : a[2];
    if (x->a.rank == 0 || y->a.rank == 0) {
        Value r = np_ufunc_call2(np_operators[KR_MUL], np_value(x), np_value(y));
        if (kr_is_empty(r) || kr_is_empty(out)) return r;
        return np_assign(np_array(out), r) < 0 ? EMPTY : out;
    }
    int ry = y->a.rank, at = ry == 1 ? 0 : ry - 2;
    int64_t m = x->a.shape[x->a.rank - 1], n = y->a.shape[at];
    if (m != n) {
        char p[512], q[512];
        np_shape_text(p, sizeof p, x->a.rank, x->a.shape);
        np_shape_text(q, sizeof q, ry, y->a.shape);
        return kr_raise(kr_ValueError, "shapes %s and %s not aligned: %lld (dim %d) != %lld (dim %d)", p, q, (long long)m,
                        x->a.rank - 1, (long long)n, at);
    }
    if (x->a.rank <= 2 && ry <= 2) return np_matmul(a[0], a[1], out);
    Value args[] = {np_value(x), np_value(y)};
    Value r = np_glue_call("dot_stacks", args, 2);
    if (kr_is_empty(r) || kr_is_empty(out)) return r;
    return np_assign(np_array(out), r) < 0 ? EMPTY : out;
}

KR_FN(linalg_module, module_dot, "dot", "(a, b, out=None)", "Dot product of two arrays.") { return linalg_dot(a); }
KR_FN(linalg_module, module_matmul, "matmul", "(x1, x2, /, out=None, *, dtype=None, casting='same_kind', order='K', subok=True, axes=None, axis=None)",
      "Matrix product of two arrays.")
{
    Value out = kr_is(a[2], kr_None) ? EMPTY : a[2];
    if (!kr_is_empty(out) && kr_is_tuple(out)) out = kr_tuple_get(out, 0);
    if (kr_is(a[3], kr_None)) return np_matmul(a[0], a[1], out);
    Dtype *d = np_dtype_parse(a[3]);
    NdArray *x = d ? np_as_array(a[0], d) : NULL, *y = x ? np_as_array(a[1], d) : NULL;
    return y ? np_matmul(np_value(x), np_value(y), out) : EMPTY;
}

/* ---- LAPACK over stacks ----
 *
 * Each function takes C-ordered stacks of float64 or complex128 that the Python half has checked and copied; a
 * matrix in C order is its transpose to LAPACK, which the callers below take account of. */

typedef struct Stack {
    NdArray *x;
    char *data;
    int64_t count, rows, columns, bytes;
    bool complex_;
} Stack;

static int stack_of(Value v, Stack *s)
{
    NdArray *x = np_array(v);
    s->x = x;
    s->data = x->a.data;
    s->complex_ = x->a.dtype == KR_C128;
    s->rows = x->a.shape[x->a.rank - 2];
    s->columns = x->a.shape[x->a.rank - 1];
    s->count = np_product(x->a.rank - 2, x->a.shape);
    s->bytes = s->rows * s->columns * x->a.item_size;
    if (s->rows < INT32_MAX && s->columns < INT32_MAX) return 0;
    kr_raise(kr_ValueError, "Too large to compute; it exceeds the 32-bit interface of LAPACK");
    return -1;
}

typedef double _Complex z;

static Value linalg_error(const char *text)
{
    Value type = kr_import_attr("numpy.linalg", "LinAlgError");
    return kr_is_empty(type) ? EMPTY : kr_raise(kr_to_object(type), "%s", text);
}

/* Solves for column-major b in place: a holds the transposed matrices. */
static int do_solve(Stack *a, Stack *b)
{
    BLAS(void, dgesv_, int *, int *, void *, int *, int *, void *, int *, int *)
    BLAS(void, zgesv_, int *, int *, void *, int *, int *, void *, int *, int *)
    int n = (int)a->rows, m = (int)b->rows, info = 0; /* b: m columns of n, each a row of its C layout */
    int *pivots = malloc(sizeof *pivots * (size_t)(n + 1));
    if (!pivots) {
        kr_raise_no_memory();
        return -1;
    }
    kr_detach();
    for (int64_t i = 0; i < a->count && n && m; i++) {
        (a->complex_ ? zgesv__pointer : dgesv__pointer)(&n, &m, a->data + i * a->bytes, &n, pivots, b->data + i * b->bytes, &n, &info);
        if (info) break;
    }
    kr_attach();
    free(pivots);
    return info;
}

KR_FN(linalg_module, lapack_solve, "_solve", "(a, b, /)", NULL)
{
    Stack x, y;
    if (stack_of(a[0], &x) < 0 || stack_of(a[1], &y) < 0) return EMPTY;
    int info = do_solve(&x, &y);
    if (info) return kr_raised() ? EMPTY : linalg_error("Singular matrix");
    return a[1];
}

/* LU in place; the sign of the permutation and the pivots' product by the caller. */
KR_FN(linalg_module, lapack_lu, "_lu_det", "(a, sign, logdet, /)", NULL)
{
    Stack x;
    if (stack_of(a[0], &x) < 0) return EMPTY;
    NdArray *sign = np_array(a[1]), *logdet = np_array(a[2]);
    void *fd = np_blas_function("dgetrf_"), *fz = fd ? np_blas_function("zgetrf_") : NULL;
    if (!fz) return EMPTY;
    void (*dgetrf)(int *, int *, void *, int *, int *, int *), (*zgetrf)(int *, int *, void *, int *, int *, int *);
    memcpy(&dgetrf, &fd, sizeof fd);
    memcpy(&zgetrf, &fz, sizeof fz);
    int n = (int)x.rows, info;
    int *pivots = kr_alloc_bytes(sizeof *pivots * (size_t)(n + 1));
    if (!pivots) return EMPTY;
    for (int64_t i = 0; i < x.count; i++) {
        char *m = x.data + i * x.bytes;
        double log_sum = 0;
        z s = 1;
        info = 0;
        if (n) (x.complex_ ? zgetrf : dgetrf)(&n, &n, m, &n, pivots, &info);
        if (info > 0) {
            s = 0;
            log_sum = -INFINITY;
        } else {
            for (int k = 0; k < n; k++) {
                if (pivots[k] != k + 1) s = -s;
                if (x.complex_) {
                    z v = ((z *)m)[(int64_t)k * n + k];
                    double size = hypot(__real__ v, __imag__ v);
                    s *= v / size;
                    log_sum += log(size);
                } else {
                    double v = ((double *)m)[(int64_t)k * n + k];
                    if (v < 0) s = -s;
                    log_sum += log(fabs(v));
                }
            }
        }
        if (x.complex_) ((z *)sign->a.data)[i] = s;
        else ((double *)sign->a.data)[i] = __real__ s;
        ((double *)logdet->a.data)[i] = log_sum;
    }
    return kr_None;
}

/* In place; C order's lower triangle is LAPACK's upper. */
KR_FN(linalg_module, lapack_cholesky, "_cholesky", "(a, upper, /)", NULL)
{
    Stack x;
    if (stack_of(a[0], &x) < 0) return EMPTY;
    void *f = np_blas_function(x.complex_ ? "zpotrf_" : "dpotrf_");
    if (!f) return EMPTY;
    void (*potrf)(const char *, int *, void *, int *, int *);
    memcpy(&potrf, &f, sizeof f);
    bool upper = kr_truth(a[1]) == 1;
    int n = (int)x.rows, info = 0;
    for (int64_t i = 0; i < x.count && n; i++) {
        char *m = x.data + i * x.bytes;
        potrf(upper ? "L" : "U", &n, m, &n, &info);
        if (info > 0) return linalg_error("Matrix is not positive definite");
        for (int64_t r = 0; r < n; r++)
            for (int64_t c = 0; c < n; c++)
                if (upper ? c < r : c > r) memset(m + (r * n + c) * x.x->a.item_size, 0, (size_t)x.x->a.item_size);
    }
    return a[0];
}

/* Symmetric eigenproblem in place: rows become the (conjugated) eigenvectors. */
KR_FN(linalg_module, lapack_eigh, "_eigh", "(a, w, vectors, uplo, /)", NULL)
{
    Stack x;
    if (stack_of(a[0], &x) < 0) return EMPTY;
    NdArray *w = np_array(a[1]);
    bool vectors = kr_truth(a[2]) == 1;
    const char *uplo = kr_str_utf8(a[3], NULL), *job = vectors ? "V" : "N";
    void *f = np_blas_function(x.complex_ ? "zheevd_" : "dsyevd_");
    if (!f || !uplo) return EMPTY;
    void (*dsyevd)(const char *, const char *, int *, void *, int *, void *, void *, int *, int *, int *, int *);
    void (*zheevd)(const char *, const char *, int *, void *, int *, void *, void *, int *, void *, int *, int *, int *, int *);
    memcpy(&dsyevd, &f, sizeof f);
    memcpy(&zheevd, &f, sizeof f);
    int n = (int)x.rows, info = 0, lwork = -1, liwork = -1, lrwork = -1, iwork_size;
    double size[2], rsize;
    if (n == 0) return kr_None;
    if (x.complex_) zheevd(job, uplo, &n, x.data, &n, w->a.data, size, &lwork, &rsize, &lrwork, &iwork_size, &liwork, &info);
    else dsyevd(job, uplo, &n, x.data, &n, w->a.data, size, &lwork, &iwork_size, &liwork, &info);
    lwork = (int)size[0] + 1;
    liwork = iwork_size + 1;
    lrwork = x.complex_ ? (int)rsize + 1 : 1;
    char *work = malloc((size_t)lwork * 16), *rwork = malloc((size_t)lrwork * 8);
    int *iwork = malloc((size_t)liwork * sizeof *iwork);
    kr_detach();
    for (int64_t i = 0; work && rwork && iwork && i < x.count && !info; i++) {
        char *m = x.data + i * x.bytes, *values = w->a.data + i * n * 8;
        if (x.complex_) zheevd(job, uplo, &n, m, &n, values, work, &lwork, rwork, &lrwork, iwork, &liwork, &info);
        else dsyevd(job, uplo, &n, m, &n, values, work, &lwork, iwork, &liwork, &info);
    }
    kr_attach();
    free(work);
    free(rwork);
    free(iwork);
    return info ? linalg_error("Eigenvalues did not converge") : kr_None;
}

/* General eigenproblem of one column-major matrix (destroyed): values, and right vectors as rows. */
KR_FN(linalg_module, lapack_eig, "_eig", "(a, wr, wi, v, vectors, /)", NULL)
{
    Stack x;
    if (stack_of(a[0], &x) < 0) return EMPTY;
    bool vectors = kr_truth(a[4]) == 1;
    NdArray *wr = np_array(a[1]), *wi = np_array(a[2]), *v = np_array(a[3]);
    void *f = np_blas_function(x.complex_ ? "zgeev_" : "dgeev_");
    if (!f) return EMPTY;
    void (*dgeev)(const char *, const char *, int *, void *, int *, void *, void *, void *, int *, void *, int *, void *, int *, int *);
    void (*zgeev)(const char *, const char *, int *, void *, int *, void *, void *, int *, void *, int *, void *, int *, void *, int *);
    memcpy(&dgeev, &f, sizeof f);
    memcpy(&zgeev, &f, sizeof f);
    int n = (int)x.rows, info = 0, lwork = 8 * n + 64;
    if (n == 0) return kr_None;
    char *work = malloc((size_t)lwork * 16), *rwork = malloc((size_t)n * 16 + 16), *none[1];
    kr_detach();
    for (int64_t i = 0; work && rwork && i < x.count && !info; i++) {
        char *m = x.data + i * x.bytes, *vr = v->a.data + i * x.bytes;
        const char *job = vectors ? "V" : "N";
        if (x.complex_) zgeev("N", job, &n, m, &n, wr->a.data + i * n * 16, none, &n, vr, &n, work, &lwork, rwork, &info);
        else dgeev("N", job, &n, m, &n, wr->a.data + i * n * 8, wi->a.data + i * n * 8, none, &n, vr, &n, work, &lwork, &info);
    }
    kr_attach();
    free(work);
    free(rwork);
    return info ? linalg_error("Eigenvalues did not converge") : kr_None;
}

/* The matrices come transposed (column-major m by n). s, and u and vt column-major where wanted. */
KR_FN(linalg_module, lapack_svd, "_svd", "(a, rows, columns, s, u, vt, job, /)", NULL)
{
    Stack x;
    if (stack_of(a[0], &x) < 0) return EMPTY;
    int m, n;
    if (kr_to_int32(a[1], &m) < 0 || kr_to_int32(a[2], &n) < 0) return EMPTY;
    NdArray *s = np_array(a[3]), *u = np_array(a[4]), *vt = np_array(a[5]);
    const char *job = kr_str_utf8(a[6], NULL);
    void *f = np_blas_function(x.complex_ ? "zgesdd_" : "dgesdd_");
    if (!f || !job) return EMPTY;
    void (*dgesdd)(const char *, int *, int *, void *, int *, void *, void *, int *, void *, int *, void *, int *, int *, int *);
    void (*zgesdd)(const char *, int *, int *, void *, int *, void *, void *, int *, void *, int *, void *, int *, void *, int *, int *);
    memcpy(&dgesdd, &f, sizeof f);
    memcpy(&zgesdd, &f, sizeof f);
    int least = m < n ? m : n, most = m < n ? n : m, info = 0, lwork = -1;
    if (least == 0) return kr_None;
    int ldu = m, ldvt = *job == 'A' ? n : least;
    if (*job == 'N') ldu = ldvt = 1;
    double size[2];
    int *iwork = malloc(sizeof *iwork * 8 * (size_t)least);
    size_t rwork_size = (size_t)least * (5 * (size_t)least + 7) + 2 * (size_t)most * (size_t)least + 2 * (size_t)least * (size_t)least + (size_t)least;
    char *rwork = x.complex_ ? malloc(rwork_size * 8) : malloc(8);
    if (x.complex_) zgesdd(job, &m, &n, x.data, &m, s->a.data, u->a.data, &ldu, vt->a.data, &ldvt, size, &lwork, rwork, iwork, &info);
    else dgesdd(job, &m, &n, x.data, &m, s->a.data, u->a.data, &ldu, vt->a.data, &ldvt, size, &lwork, iwork, &info);
    lwork = (int)size[0] + 1;
    char *work = malloc((size_t)lwork * 16);
    int64_t ub = x.count ? np_size(u) * u->a.item_size / x.count : 0, vb = x.count ? np_size(vt) * vt->a.item_size / x.count : 0;
    kr_detach();
    for (int64_t i = 0; work && rwork && iwork && i < x.count && !info; i++) {
        char *p = x.data + i * x.bytes, *values = s->a.data + i * least * 8, *pu = u->a.data + i * ub, *pv = vt->a.data + i * vb;
        if (x.complex_) zgesdd(job, &m, &n, p, &m, values, pu, &ldu, pv, &ldvt, work, &lwork, rwork, iwork, &info);
        else dgesdd(job, &m, &n, p, &m, values, pu, &ldu, pv, &ldvt, work, &lwork, iwork, &info);
    }
    kr_attach();
    free(iwork);
    free(rwork);
    free(work);
    return info ? linalg_error("SVD did not converge") : kr_None;
}

/* QR of transposed matrices: a becomes R above the reflectors, tau their factors. */
KR_FN(linalg_module, lapack_qr, "_qr", "(a, rows, columns, tau, q, q_columns, /)", NULL)
{
    Stack x;
    if (stack_of(a[0], &x) < 0) return EMPTY;
    int m, n, mc, info = 0;
    if (kr_to_int32(a[1], &m) < 0 || kr_to_int32(a[2], &n) < 0 || kr_to_int32(a[5], &mc) < 0) return EMPTY;
    NdArray *tau = np_array(a[3]), *q = kr_is(a[4], kr_None) ? NULL : np_array(a[4]);
    void *f = np_blas_function(x.complex_ ? "zgeqrf_" : "dgeqrf_"), *g = f ? np_blas_function(x.complex_ ? "zungqr_" : "dorgqr_") : NULL;
    if (!g) return EMPTY;
    void (*geqrf)(int *, int *, void *, int *, void *, void *, int *, int *);
    void (*orgqr)(int *, int *, int *, void *, int *, void *, void *, int *, int *);
    memcpy(&geqrf, &f, sizeof f);
    memcpy(&orgqr, &g, sizeof g);
    int k = m < n ? m : n, lwork = 64 * (m > n ? m : n) + 64;
    int64_t item = x.x->a.item_size;
    if (k == 0) return kr_None;
    char *work = malloc((size_t)lwork * 16);
    kr_detach();
    for (int64_t i = 0; work && i < x.count && !info; i++) {
        char *p = x.data + i * x.bytes, *t = tau->a.data + i * k * item;
        geqrf(&m, &n, p, &m, t, work, &lwork, &info);
        if (!q || info) continue;
        char *pq = q->a.data + i * (int64_t)m * mc * item;
        memcpy(pq, p, (size_t)((int64_t)m * k * item));
        orgqr(&m, &mc, &k, pq, &m, t, work, &lwork, &info);
    }
    kr_attach();
    free(work);
    return info ? linalg_error("Incorrect argument found while performing QR factorization") : kr_None;
}

/* Least squares: a transposed (column-major m by n), b column-major of max(m, n) rows. Returns the rank. */
KR_FN(linalg_module, lapack_lstsq, "_lstsq", "(a, b, rows, columns, nrhs, s, rcond, /)", NULL)
{
    NdArray *x = np_array(a[0]), *b = np_array(a[1]), *s = np_array(a[5]);
    int m, n, nrhs, rank = 0, info = 0, lwork = -1, iwork_size = 1;
    double rcond, size[2], rwork_size = 1;
    if (kr_to_int32(a[2], &m) < 0 || kr_to_int32(a[3], &n) < 0 || kr_to_int32(a[4], &nrhs) < 0 || kr_to_double(a[6], &rcond) < 0)
        return EMPTY;
    bool is_complex = x->a.dtype == KR_C128;
    void *f = np_blas_function(is_complex ? "zgelsd_" : "dgelsd_");
    if (!f) return EMPTY;
    void (*dgelsd)(int *, int *, int *, void *, int *, void *, int *, void *, double *, int *, void *, int *, int *, int *);
    void (*zgelsd)(int *, int *, int *, void *, int *, void *, int *, void *, double *, int *, void *, int *, void *, int *, int *);
    memcpy(&dgelsd, &f, sizeof f);
    memcpy(&zgelsd, &f, sizeof f);
    int lda = m > 1 ? m : 1, ldb = m > n ? m : n;
    if (ldb < 1) ldb = 1;
    if (m == 0 || n == 0) return kr_int(0);
    if (is_complex) zgelsd(&m, &n, &nrhs, x->a.data, &lda, b->a.data, &ldb, s->a.data, &rcond, &rank, size, &lwork, &rwork_size, &iwork_size, &info);
    else dgelsd(&m, &n, &nrhs, x->a.data, &lda, b->a.data, &ldb, s->a.data, &rcond, &rank, size, &lwork, &iwork_size, &info);
    lwork = (int)size[0] + 1;
    char *work = malloc((size_t)lwork * 16), *rwork = malloc((size_t)rwork_size * 8 + 8);
    int *iwork = malloc((size_t)(iwork_size + 1) * sizeof *iwork);
    if (is_complex) zgelsd(&m, &n, &nrhs, x->a.data, &lda, b->a.data, &ldb, s->a.data, &rcond, &rank, work, &lwork, rwork, iwork, &info);
    else dgelsd(&m, &n, &nrhs, x->a.data, &lda, b->a.data, &ldb, s->a.data, &rcond, &rank, work, &lwork, iwork, &info);
    free(work);
    free(rwork);
    free(iwork);
    return info ? linalg_error("SVD did not converge in Linear Least Squares") : kr_int(rank);
}

#include "modules/numpy/linalg.entries.h"

const KrFunction *const np_linalg_methods[] = {&linalg_dot_entry, NULL};

/* The product for kernels. Words: a, b, out, m, n, k, row and column steps of a, b and out, (theirs), kind and size of the
 * items. Nonzero: not done. */
static int64_t kernel_matmul(int64_t *w)
{
    char kind = (char)(w[13] >> 16 & 255);
    int64_t size = w[13] >> 24;
    for (int num = 0; num < KR_DTYPE_COUNT; num++) {
        if (!np_is_numeric(num) || np_dtypes[num]->kind != kind || np_dtypes[num]->item_size != size) continue;
        Matrix a = {.rows = w[3], .columns = w[5], .row_step = w[6] ? w[6] : w[5] * size, .column_step = w[7],
                    .data = (char *)w[0]};
        Matrix b = {.rows = w[5], .columns = w[4], .row_step = w[8], .column_step = w[9] ? w[9] : w[5] * size,
                    .data = (char *)w[1]};
        return w[5] == 0 || product(num, a, b, (char *)w[2], w[10], w[11]) < 0;
    }
    return 1;
}

int np_linalg_init(Value module)
{
    kr_native_enter("matmul", kernel_matmul);
    return np_add_functions(module, linalg_module_functions);
}
