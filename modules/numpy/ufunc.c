/* ufunc.c: ufunc objects: type resolution, calls, execution of loops, the floating-point error state.
 *
 * A call: operands to arrays (Python numbers stay weak, NEP 50) -> the first row that takes their types safely ->
 * outputs -> np_execute. Scalars alone take a short way that makes no arrays. np_execute merges axes, casts
 * through buffers of 8192 elements where an operand is not of the loop's type, and copies operands that
 * an output overlaps. Large numeric loops run detached, spread over the pool's threads when they neither cast nor
 * reduce. A large result takes the memory of an operand that dies with the call (kr_dies_here). */
#include <fenv.h>
#include <stdio.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "modules/numpy/ufunc_objects.h"

#define BUFFER 8192
#define DETACH_AT 50000
#define SPREAD_AT ((int64_t)1 << 18) /* elements */
#define PIECE 16384                  /* elements that a thread takes at a time */

KrType *np_ufunc_type;
Ufunc *np_operators[KR_BINARY_COUNT], *np_comparisons[6];
Ufunc *np_negative_f, *np_positive_f, *np_absolute_f, *np_invert_f;
static Value by_name;

/* ---- The error state ---- */

enum { IGNORE, WARN, RAISE, CALL, PRINT, LOG };
static const char *const modes[] = {"ignore", "warn", "raise", "call", "print", "log"};
static const struct {
    int flag;
    const char *text;
} problems[4] = {{FE_DIVBYZERO, "divide by zero"}, {FE_OVERFLOW, "overflow"}, {FE_UNDERFLOW, "underflow"},
                 {FE_INVALID, "invalid value"}};
static _Thread_local uint8_t error_mode[4] = {WARN, WARN, IGNORE, WARN};

void np_fp_clear(void)
{
#if defined(__x86_64__)
    unsigned csr = _mm_getcsr();
    if (csr & 0x1d) _mm_setcsr(csr & ~0x3fu);
#else
    feclearexcept(FE_ALL_EXCEPT);
#endif
}

static int fp_flags(void)
{
#if defined(__x86_64__)
    unsigned csr = _mm_getcsr();
    if (!(csr & 0x1d)) return 0;
    return (csr & 1 ? FE_INVALID : 0) | (csr & 4 ? FE_DIVBYZERO : 0) | (csr & 8 ? FE_OVERFLOW : 0) |
           (csr & 16 ? FE_UNDERFLOW : 0);
#else
    return fetestexcept(FE_ALL_EXCEPT);
#endif
}

int np_fp_report(int flags, const char *name)
{
    for (int i = 0; i < 4; i++) {
        if (!(flags & problems[i].flag)) continue;
        switch (error_mode[i]) {
        case IGNORE: break;
        case WARN:
            if (kr_warn(kr_RuntimeWarning, 1, "%s encountered in %s", problems[i].text, name) < 0) return -1;
            break;
        case RAISE: kr_raise(kr_FloatingPointError, "%s encountered in %s", problems[i].text, name); return -1;
        default: {
            Value args[] = {kr_str(modes[error_mode[i]]), kr_str(problems[i].text), kr_str(name), kr_int(i)};
            if (kr_is_empty(np_glue_call("floating_error", args, 4))) return -1;
        }
        }
    }
    return 0;
}

int np_fp_check(const char *name)
{
    int flags = fp_flags();
    return __builtin_expect(flags == 0, 1) ? 0 : np_fp_report(flags, name);
}

int np_fp_check_store(void)
{
    int flags = fp_flags() & ~FE_UNDERFLOW;
    return flags ? np_fp_report(flags, "cast") : 0;
}

/* ---- Type resolution ---- */

static Dtype *dtype_of_code(char c)
{
    switch (c) {
    case '?': return np_dtypes[KR_BOOL];
    case 'O': return np_dtypes[KR_OBJECT];
    case 'U': return np_dtypes[KR_STR];
    case 'S': return np_dtypes[KR_BYTES];
    case 'M': return np_dtypes[KR_DATETIME];
    case 'm': return np_dtypes[KR_TIMEDELTA];
    default: break;
    }
    for (int i = 0; i <= KR_C128; i++)
        if (i != KR_LONGDOUBLE && np_dtypes[i]->code == c) return np_dtypes[i];
    return NULL;
}

static uint8_t code_number[128];

bool np_ufunc_takes(const Dtype *d, char code)
{
    int to = code_number[(int)code];
    if (np_is_numeric(d->num)) return (np_is_numeric(to) && np_can_cast_num(d->num, to)) || to == KR_OBJECT;
    if (to == KR_OBJECT) return d->num == KR_OBJECT;
    return d->num == to;
}

Dtype *np_ufunc_code(char code) { return np_dtypes[code_number[(int)code]]; }

/* The types in which a row works on these operands: text as long as the longer one, times in their common unit. */
int np_ufunc_row_types(Ufunc *f, const NpLoopRow *row, Dtype *const *in, Dtype **types)
{
    char first = row->types[0];
    for (int i = 0; i < f->nin + f->nout; i++) types[i] = np_ufunc_code(row->types[i]);
    if (first == 'U' || first == 'S') {
        int64_t size = in[0]->item_size > in[1]->item_size ? in[0]->item_size : in[1]->item_size;
        types[0] = types[1] = np_dtype_sized(types[0]->num, size);
        return types[0] ? 0 : -1;
    }
    if (first != 'M' && first != 'm') return 0;
    if (f->nin == 2) types[0] = types[1] = np_promote(in[0], in[1]);
    else types[0] = np_dtype_native(in[0]);
    if (!types[0]) return -1;
    for (int k = f->nin; k < f->nin + f->nout; k++)
        if (row->types[k] == first) types[k] = types[0];
    return 0;
}

const NpLoopRow *np_ufunc_resolve(Ufunc *f, Dtype *const *in, Dtype **types)
{
    for (int r = 0; r < f->row_count; r++) {
        const NpLoopRow *row = &f->rows[r];
        bool fits = true;
        for (int i = 0; i < f->nin && fits; i++) {
            fits = np_ufunc_takes(in[i], row->types[i]);
            /* Numbers become objects only beside an object. */
            if (fits && row->types[i] == 'O' && in[i]->num != KR_OBJECT) {
                bool any = false;
                for (int k = 0; k < f->nin; k++) any |= in[k]->num == KR_OBJECT;
                fits = any;
            }
        }
        if (!fits) continue;
        return np_ufunc_row_types(f, row, in, types) < 0 ? NULL : row;
    }
    return NULL;
}

KrType *np_ufunc_error(const char *name)
{
    Value type = kr_import_attr("numpy._errors", name);
    if (!kr_is_empty(type)) return kr_to_object(type);
    kr_clear_exception();
    return kr_TypeError;
}

static void raise_no_loop(const Ufunc *f, Dtype *const *in)
{
    if (kr_raised()) return;
    bool flexible = false;
    for (int i = 0; i < f->nin; i++) flexible |= !np_is_numeric(in[i]->num) && in[i]->num != KR_OBJECT;
    if (!strcmp(f->name, "subtract") && in[0]->num == KR_BOOL && in[1]->num == KR_BOOL) {
        kr_raise(kr_TypeError, "numpy boolean subtract, the `-` operator, is not supported, use the bitwise_xor, the `^` "
                               "operator, or the logical_xor function instead.");
    } else if (!strcmp(f->name, "negative") && in[0]->num == KR_BOOL) {
        kr_raise(kr_TypeError, "The numpy boolean negative, the `-` operator, is not supported, use the `~` operator or the "
                               "logical_not function instead.");
    } else if (flexible && f->nin == 2) {
        kr_raise(np_ufunc_error("_UFuncNoLoopError"), "ufunc '%s' did not contain a loop with signature matching types (%R, %R) -> "
                 "None", f->name, np_dtype_value(in[0]), np_dtype_value(in[1]));
    } else if (flexible) {
        kr_raise(np_ufunc_error("_UFuncNoLoopError"), "ufunc '%s' did not contain a loop with signature matching types %R -> None",
                 f->name, np_dtype_value(in[0]));
    } else {
        kr_raise(kr_TypeError, "ufunc '%s' not supported for the input types, and the inputs could not be safely coerced to "
                               "any supported types according to the casting rule ''safe''", f->name);
    }
}

/* ---- Execution ---- */

typedef struct Buffered {
    int ops, nin;
    const NpLoopRow *row;
    void *data;
    bool cast[MAXOPS];
    NpCast in_cast[MAXOPS];
    Dtype *outer[MAXOPS], *inner[MAXOPS];
    char *buffer[MAXOPS];
} Buffered;

static int run_pieces(Buffered *b, char **data, int64_t n, const int64_t *steps)
{
    char *args[MAXOPS];
    int64_t inner_steps[MAXOPS];
    for (int64_t i = 0; i < n; i += BUFFER) {
        int64_t m = n - i < BUFFER ? n - i : BUFFER;
        for (int k = 0; k < b->ops; k++) {
            char *at = data[k] + i * steps[k];
            if (!b->cast[k]) {
                args[k] = at;
                inner_steps[k] = steps[k];
                continue;
            }
            args[k] = b->buffer[k];
            bool constant = steps[k] == 0;
            inner_steps[k] = constant ? 0 : b->inner[k]->item_size;
            if (k < b->nin && b->in_cast[k](at, steps[k], b->buffer[k], b->inner[k]->item_size, constant ? 1 : m, b->outer[k],
                                            b->inner[k]) < 0)
                return -1;
        }
        b->row->loop(args, m, inner_steps, b->data);
        for (int k = b->nin; k < b->ops; k++)
            if (b->cast[k] && np_cast_find(b->inner[k], b->outer[k])(b->buffer[k], inner_steps[k], data[k] + i * steps[k],
                                                                      steps[k], steps[k] ? m : 1, b->inner[k], b->outer[k]) < 0)
                return -1;
    }
    return 0;
}

static int run_masked(Buffered *b, bool casting, char **data, int64_t n, const int64_t *steps, const char *mask,
                      int64_t mask_step)
{
    for (int64_t i = 0; i < n;) {
        if (!mask[i * mask_step]) {
            i++;
            continue;
        }
        int64_t end = i + 1;
        while (end < n && mask[end * mask_step]) end++;
        char *args[MAXOPS];
        for (int k = 0; k < b->ops; k++) args[k] = data[k] + i * steps[k];
        if (!casting) b->row->loop(args, end - i, steps, b->data);
        else if (run_pieces(b, args, end - i, steps) < 0) return -1;
        i = end;
    }
    return 0;
}

static bool identical(const NdArray *a, const NdArray *b, const int64_t *sa, const int64_t *sb, int rank)
{
    if (a->a.data != b->a.data || a->a.item_size != b->a.item_size) return false;
    for (int k = 0; k < rank; k++)
        if (sa[k] != sb[k]) return false;
    return true;
}

/* ---- Spreading ---- */

typedef struct Spread {
    const NpIter *it;
    NpLoop loop;
    void *data;
    _Atomic int flags;
} Spread;

static void spread_body(int64_t begin, int64_t end, void *context)
{
    Spread *s = context;
    char *args[MAXOPS];
    int64_t first = begin * PIECE, last = end * PIECE < s->it->n ? end * PIECE : s->it->n;
    np_fp_clear();
    for (int64_t i = first; i < last; i += PIECE) {
        for (int k = 0; k < s->it->ops; k++) args[k] = s->it->data[k] + i * s->it->steps[k];
        s->loop(args, last - i < PIECE ? last - i : PIECE, s->it->steps, s->data);
    }
    s->flags |= fp_flags();
}

/* One long inner loop whose outputs' elements are apart. */
static bool can_spread(const NpIter *it, int nin)
{
    if (it->rank > 0 || it->n < SPREAD_AT) return false;
    for (int k = nin; k < it->ops; k++)
        if (it->steps[k] == 0) return false;
    return true;
}

static int run_spread(const NpIter *it, const NpLoopRow *row, Ufunc *f)
{
    Spread s = {.it = it, .loop = row->loop, .data = row->data};
    if (kr_parallel(spread_body, (it->n + PIECE - 1) / PIECE, &s) < 0) return -1;
    return f->flags & NP_CHECK && s.flags ? np_fp_report(s.flags, f->name) : 0;
}

/* A loop over n elements side by side, without casts. */
int np_run_flat(Ufunc *f, const NpLoopRow *row, char **data, int64_t n, const int64_t *steps)
{
    if (n >= SPREAD_AT) {
        NpIter it = {.ops = f->nin + f->nout, .n = n};
        memcpy(it.data, data, sizeof *data * (size_t)it.ops);
        memcpy(it.steps, steps, sizeof *steps * (size_t)it.ops);
        return run_spread(&it, row, f);
    }
    bool check = f->flags & NP_CHECK, detached = n > DETACH_AT;
    if (check) np_fp_clear();
    if (detached) kr_detach();
    if (n > 0) row->loop(data, n, steps, row->data);
    int flags = check ? fp_flags() : 0;
    if (detached) kr_attach();
    return __builtin_expect(flags, 0) ? np_fp_report(flags, f->name) : 0;
}

int np_execute(const NpLoopRow *row, Ufunc *f, int ops, NdArray *const *operands, Dtype *const *types, int rank,
               const int64_t *shape, NdArray *mask)
{
    NdArray *x[MAXOPS];
    int64_t strides[MAXOPS][MAXRANK];
    char *data[MAXOPS];
    int nin = f->nin;
    for (int k = 0; k < ops; k++) {
        x[k] = operands[k];
        if (np_broadcast_strides(x[k], rank, shape, strides[k]) < 0) {
            kr_raise(kr_ValueError, "non-broadcastable output operand");
            return -1;
        }
    }
    for (int k = 0; k < nin; k++)
        for (int o = nin; o < ops; o++) {
            if (!np_overlap(x[k], x[o])) continue;
            if (identical(x[k], x[o], strides[k], strides[o], rank) && np_dtype_same(types[k], x[k]->descr)) continue;
            x[k] = np_copy(x[k], 'K');
            if (!x[k] || np_broadcast_strides(x[k], rank, shape, strides[k]) < 0) return -1;
            break;
        }
    Buffered b = {.ops = ops, .nin = nin, .row = row, .data = row->data};
    bool casting = false, objects = false;
    int64_t total = np_product(rank, shape);
    if (row->types[0] == 'U' || row->types[0] == 'S') {
        np_text_sizes[0] = types[0]->item_size;
        np_text_sizes[1] = types[0]->num == KR_STR ? 4 : 1;
    }
    for (int k = 0; k < ops; k++) {
        data[k] = x[k]->a.data;
        b.outer[k] = x[k]->descr;
        b.inner[k] = types[k];
        objects |= !np_is_numeric(types[k]->num) || !np_is_numeric(x[k]->a.dtype);
        b.cast[k] = !np_dtype_same(x[k]->descr, types[k]) || !(x[k]->a.flags & KR_ARRAY_ALIGNED);
        if (!b.cast[k]) continue;
        casting = true;
        b.in_cast[k] = np_cast_find(x[k]->descr, types[k]);
        int64_t room = total < BUFFER ? total : BUFFER;
        if (types[k]->num == KR_OBJECT) b.buffer[k] = (char *)kr_alloc_values((size_t)(room + 1));
        else b.buffer[k] = kr_alloc_bytes((size_t)((room + 1) * types[k]->item_size + 16));
        if (!b.buffer[k]) return -1;
    }
    int all = ops;
    if (mask) {
        if (np_broadcast_strides(mask, rank, shape, strides[ops]) < 0) {
            kr_raise(kr_ValueError, "where mask could not be broadcast");
            return -1;
        }
        data[all++] = mask->a.data;
    }
    NpIter it;
    np_iter_init(&it, all, rank, shape, data, strides, objects);
    if (it.empty) return 0;
    if (!objects && !casting && !mask && can_spread(&it, nin)) return run_spread(&it, row, f);
    bool detached = !objects && total > DETACH_AT;
    if (f->flags & NP_CHECK) np_fp_clear();
    if (detached) kr_detach();
    int status = 0;
    do {
        if (mask) status = run_masked(&b, casting, it.data, it.n, it.steps, it.data[ops], it.steps[ops]);
        else if (casting) status = run_pieces(&b, it.data, it.n, it.steps);
        else row->loop(it.data, it.n, it.steps, b.data);
        if (objects && kr_raised()) status = -1;
    } while (status == 0 && np_iter_next(&it));
    int flags = f->flags & NP_CHECK ? fp_flags() : 0;
    if (detached) kr_attach();
    if (mask) np_keep(mask);
    if (status < 0) return -1;
    return flags ? np_fp_report(flags, f->name) : 0;
}

/* ---- Calls ---- */

typedef struct Call {
    Value out[4];  /* EMPTY: to be made */
    Value where, dtype, signature;
    int casting;
    char order;
    bool subok;
} Call;

static int parse_keywords(Ufunc *f, const Value *args, size_t n, Value kwnames, Call *call)
{
    *call = (Call){.casting = NP_SAME_KIND, .order = 'K', .subok = true, .where = EMPTY, .dtype = EMPTY};
    for (size_t i = (size_t)f->nin; i < n; i++)
        if (!kr_is(args[i], kr_None)) call->out[i - (size_t)f->nin] = args[i];
    if (kr_is_empty(kwnames)) return 0;
    for (size_t i = 0; i < kr_tuple_size(kwnames); i++) {
        Value name = kr_tuple_get(kwnames, i), v = args[n + i];
        if (kr_str_equal_ascii(name, "out")) {
            if (kr_is_tuple(v)) {
                if (kr_tuple_size(v) != (size_t)f->nout) {
                    kr_raise(kr_ValueError, "The 'out' tuple must have exactly one entry per ufunc output");
                    return -1;
                }
                for (int k = 0; k < f->nout; k++)
                    if (!kr_is(kr_tuple_get(v, (size_t)k), kr_None)) call->out[k] = kr_tuple_get(v, (size_t)k);
            } else if (!kr_is(v, kr_None)) {
                call->out[0] = v;
            }
        } else if (kr_str_equal_ascii(name, "where")) {
            if (!kr_is(v, kr_True)) call->where = v;
        } else if (kr_str_equal_ascii(name, "dtype")) {
            if (!kr_is(v, kr_None)) call->dtype = v;
        } else if (kr_str_equal_ascii(name, "casting")) {
            call->casting = np_casting_of(v, NP_SAME_KIND);
            if (call->casting < 0) return -1;
        } else if (kr_str_equal_ascii(name, "order")) {
            call->order = np_order_arg(v, 'K');
            if (!call->order) return -1;
        } else if (kr_str_equal_ascii(name, "subok")) {
            call->subok = kr_truth(v) == 1;
        } else if (kr_str_equal_ascii(name, "signature") || kr_str_equal_ascii(name, "sig")) {
            if (kr_is_empty(call->signature)) {
                if (!kr_is(v, kr_None)) call->signature = v;
            } else {
                kr_raise(kr_TypeError, "cannot specify both 'sig' and 'signature'");
                return -1;
            }
        } else {
            kr_raise(kr_TypeError, "%s() got an unexpected keyword argument '%U'", f->name, name);
            return -1;
        }
    }
    if (!kr_is_empty(call->signature) && !kr_is_empty(call->dtype)) {
        kr_raise(kr_TypeError, "cannot specify both 'signature' and 'dtype'");
        return -1;
    }
    for (int k = 0; k < f->nout; k++)
        if (!kr_is_empty(call->out[k]) && !np_is_array(call->out[k])) {
            kr_raise(kr_TypeError, "return arrays must be of ArrayType");
            return -1;
        }
    return 0;
}

static bool known_type(Value v)
{
    if (!kr_is_object(v)) return true;
    KrType *t = kr_type_of(v);
    return t == np_array_type || kr_is_list(v) || kr_is_tuple(v) || kr_is_str(v) || t == &kr_int_type || kr_is_bytes(v) ||
           t == &kr_complex_type || kr_is_subtype(t, np_generic_type);
}

static bool may_override(const Value *args, size_t n);

/* Outputs may stand in a tuple. */
static bool may_override_items(Value tuple)
{
    for (size_t i = 0; i < kr_tuple_size(tuple) && i < MAXOPS; i++) {
        Value item = kr_tuple_get(tuple, i);
        if (!kr_is_tuple(item) && may_override(&item, 1)) return true;
    }
    return false;
}

/* May an argument have an __array_ufunc__ of its own? */
static bool may_override(const Value *args, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (known_type(args[i])) {
            if (kr_is_tuple(args[i]) && may_override_items(args[i])) return true;
            continue;
        }
        Value own = kr_type_find(kr_type_of(args[i]), KR_NAME("__array_ufunc__"));
        if (!kr_is_empty(own) && !kr_is(own, kr_type_find(np_array_type, KR_NAME("__array_ufunc__")))) return true;
    }
    return false;
}

/* __array_ufunc__ of foreign operands: its result, NotImplemented when none took over, EMPTY raised. */
Value np_ufunc_overridden(Ufunc *f, const char *method, const Value *args, size_t n, Value kwnames)
{
    size_t named = kr_is_empty(kwnames) ? 0 : kr_tuple_size(kwnames);
    if (!may_override(args, n + named)) return kr_NotImplemented;
    Value keywords = kr_dict();
    for (size_t i = 0; i < named; i++)
        if (kr_dict_set(keywords, kr_tuple_get(kwnames, i), args[n + i]) < 0) return EMPTY;
    Value items[] = {kr_from_object(f), kr_str(method), kr_tuple(args, n), keywords};
    return np_glue_call("ufunc_override", items, 4);
}

/* Gives weak operands their types beside the others. */
static int fix_weak(Ufunc *f, const Value *args, const int *weak, Dtype **in)
{
    static const int defaults[] = {0, KR_BOOL, KR_I64, KR_F64, KR_C128};
    Dtype *strong = NULL;
    bool times = false;
    for (int i = 0; i < f->nin; i++) {
        if (weak[i]) continue;
        times |= in[i]->kind == 'm' || in[i]->kind == 'M';
        if (strong && strong->num != in[i]->num && np_is_numeric(strong->num) && np_is_numeric(in[i]->num))
            strong = np_dtypes[np_promote_num(strong->num, in[i]->num)];
        else if (!strong || !np_is_numeric(in[i]->num)) strong = in[i];
    }
    for (int i = 0; i < f->nin; i++) {
        if (!weak[i]) continue;
        int kind = weak[i];
        if (!strong || times || (!np_is_numeric(strong->num) && strong->num != KR_OBJECT)) {
            in[i] = np_dtypes[defaults[kind]];
            if (kind == 2 && !strong) {
                in[i] = np_dtype_for(args[i]);
                if (!in[i]) return -1;
            }
            continue;
        }
        if (strong->num == KR_OBJECT) {
            in[i] = strong;
            continue;
        }
        int has = strong->num == KR_BOOL ? 1 : np_is_integer(strong->num) ? 2 : np_is_float(strong->num) ? 3 : 4;
        if (kind <= has) in[i] = kind == 1 ? np_dtypes[KR_BOOL] : strong;
        else if (kind == 4 && has == 3) in[i] = np_dtypes[strong->num == KR_F64 ? KR_C128 : KR_C64];
        else in[i] = np_dtypes[defaults[kind]];
    }
    return 0;
}

static int raise_output_cast(Ufunc *f, int k, Dtype *from, Dtype *to, int casting)
{
    char which[24] = "";
    if (f->nout > 1) snprintf(which, sizeof which, " %d", k);
    kr_raise(np_ufunc_error("_UFuncOutputCastingError"), "Cannot cast ufunc '%s' output%s from %R to %R with casting rule '%s'",
             f->name, which, np_dtype_value(from), np_dtype_value(to), np_casting_names[casting]);
    return -1;
}

static int raise_input_cast(Ufunc *f, int k, Dtype *from, Dtype *to, int casting)
{
    char which[24] = "";
    if (f->nin > 1) snprintf(which, sizeof which, " %d", k);
    kr_raise(np_ufunc_error("_UFuncInputCastingError"), "Cannot cast ufunc '%s' input%s from %R to %R with casting rule '%s'",
             f->name, which, np_dtype_value(from), np_dtype_value(to), np_casting_names[casting]);
    return -1;
}

/* A Python int beside an integer type that cannot hold it: comparisons are exact all the same. */
static bool out_of_range(Value v, const Dtype *d)
{
    if (!np_is_integer(d->num)) return false;
    int sign = kr_int_sign(v);
    size_t bits = kr_int_bit_length(v), room = (size_t)d->item_size * 8;
    if (d->kind == 'u') return sign < 0 || bits > room;
    if (bits < room) return false;
    int64_t i;
    if (bits > room || sign > 0 || bits > 64) return true;
    if (bits == 64) {
        bool fits = kr_to_int64(v, &i) == 0;
        if (!fits) kr_clear_exception();
        return !fits;
    }
    if (kr_to_int64(v, &i) < 0) return true;
    return i != -((int64_t)1 << (room - 1));
}

static NdArray *weak_array(Value v, Dtype *d)
{
    NdArray *x = np_new(d, 0, NULL);
    return x && np_store(x->a.data, d, v) == 0 ? x : NULL;
}

static NdArray *new_output(Ufunc *f, NdArray **x, Dtype *d, int rank, const int64_t *shape, char order)
{
    if (order == 'K' || order == 'A') {
        NdArray *best = NULL;
        for (int i = 0; i < f->nin; i++) {
            bool full = x[i]->a.rank == rank;
            for (int k = 0; full && k < rank; k++) full = x[i]->a.shape[k] == shape[k];
            if (!full) continue;
            if (x[i]->a.flags & KR_ARRAY_C) {
                best = NULL;
                break;
            }
            if (!best) best = x[i];
        }
        if (best) return np_new_like(best, d, 'K');
        order = 'C';
    }
    return np_new_order(d, rank, shape, order, d->num == KR_OBJECT);
}

static Value wrap_subclass(NdArray *y, const Value *args, int n)
{
    KrType *best = NULL;
    double priority = -1e300;
    Value parent = EMPTY;
    for (int i = 0; i < n; i++) {
        KrType *t = kr_type_of(args[i]);
        if (!kr_is_object(args[i]) || t == np_array_type || !kr_is_subtype(t, np_array_type)) continue;
        double p = 0;
        Value own = kr_find_attr(args[i], KR_NAME("__array_priority__"));
        if (kr_is_empty(own) || kr_to_double(own, &p) < 0) kr_clear_exception();
        if (p <= priority) continue;
        priority = p;
        best = t;
        parent = args[i];
    }
    if (!best) return np_return(y);
    NdArray *z = np_view_type(y, best, y->descr, y->a.rank, y->a.shape, y->a.strides, y->a.data);
    return z && np_finalize(z, parent) == 0 ? np_value(z) : EMPTY;
}

/* Operands that are all scalars or Python numbers, no keywords. NotImplemented: not so. */
static Value call_scalars(Ufunc *f, const Value *args, const char *shown)
{
    int weak[4];
    Dtype *in[4], *types[8];
    const char *bytes[4] = {NULL};
    if (f->nin > 3) return kr_NotImplemented;
    for (int i = 0; i < f->nin; i++) {
        int num = kr_is_object(args[i]) ? np_scalar_num(args[i], &bytes[i]) : -1;
        weak[i] = 0;
        if (num >= 0) in[i] = np_dtypes[num];
        else if (!(weak[i] = np_weak_kind(args[i]))) return kr_NotImplemented;
    }
    if (fix_weak(f, args, weak, in) < 0) return EMPTY;
    for (int i = 0; i < f->nin; i++)
        if (!np_is_numeric(in[i]->num) || ((f->flags & NP_COMPARISON) && weak[i] == 2 && out_of_range(args[i], in[i])))
            return kr_NotImplemented;
    const NpLoopRow *row = np_ufunc_resolve(f, in, types);
    if (!row) {
        raise_no_loop(f, in);
        return EMPTY;
    }
    char memory[8][16] __attribute__((aligned(16)));
    char *data[8];
    static const int64_t steps[8];
    int ops = f->nin + f->nout;
    for (int k = 0; k < ops; k++) {
        data[k] = memory[k];
        if (!np_is_numeric(types[k]->num)) return kr_NotImplemented;
        if (k >= f->nin) continue;
        if (weak[k] && np_store(memory[k], in[k], args[k]) < 0) return EMPTY;
        if (weak[k]) bytes[k] = memory[k];
        if (in[k]->num == types[k]->num) {
            if (!weak[k]) memcpy(memory[k], bytes[k], (size_t)in[k]->item_size);
        } else {
            char other[16];
            np_cast_find(in[k], types[k])(bytes[k], 0, other, 0, 1, in[k], types[k]);
            memcpy(memory[k], other, 16);
        }
    }
    /* Outputs apart from the inputs: a loop with equal addresses and steps of 0 would be a reduction. */
    if (f->flags & NP_CHECK) np_fp_clear();
    row->loop(data, 1, steps, row->data);
    if (kr_raised()) return EMPTY;
    if ((f->flags & NP_CHECK) && np_fp_check(shown) < 0) return EMPTY;
    if (f->nout == 1) return np_scalar_new(types[f->nin]->num, memory[f->nin]);
    return kr_tuple_of(2, np_scalar_new(types[f->nin]->num, memory[f->nin]),
                       np_scalar_new(types[f->nin + 1]->num, memory[f->nin + 1]));
}

static Value call_ufunc(Ufunc *f, const Value *args, size_t n, Value kwnames, Value callee);

static Value call_frompyfunc(Ufunc *f, const Value *args, size_t n, Value kwnames)
{
    size_t all = n + (kr_is_empty(kwnames) ? 0 : kr_tuple_size(kwnames));
    Value items[40];
    if (all > 36) return kr_raise(kr_TypeError, "too many arguments");
    items[0] = kr_from_object(f);
    items[1] = f->object_call;
    memcpy(items + 2, args, all * sizeof *args);
    Value hook = kr_dict_find_ascii(np_glue, "call_frompyfunc");
    return kr_is_empty(hook) ? EMPTY : kr_call(hook, items, n + 2, kwnames);
}

/* An operand of the result's type and shape that dies here, so that the result may take its memory; or NULL.
 * The loops accept an output that is one of the inputs, element by element. */
static NdArray *dying_operand(Ufunc *f, NdArray **x, const Value *args, Dtype *d, int rank, const int64_t *shape,
                              Value callee)
{
    for (int i = 0; i < f->nin; i++) {
        NdArray *y = x[i];
        if (!y->origin.place || !kr_is_object(args[i]) || kr_to_object(args[i]) != y || y->head.type != np_array_type)
            continue;
        bool fits = y->a.rank == rank && y->block && np_dtype_same(y->descr, d) && (y->a.flags & KR_ARRAY_WRITEABLE);
        for (int k = 0; fits && k < rank; k++) fits = y->a.shape[k] == shape[k];
        if (fits && kr_dies_here(y->origin, callee, args, (size_t)f->nin, (size_t)i)) return y;
    }
    return NULL;
}

/* Operands that die here and whose memory nobody took give it back at once. */
static void release_dying(Ufunc *f, NdArray **x, const Value *args, Value callee)
{
    for (int i = 0; i < f->nin; i++) {
        NdArray *y = x[i];
        if (!y->origin.place || y == x[f->nin] || !y->block || !kr_is_object(args[i]) || kr_to_object(args[i]) != y ||
            !kr_dies_here(y->origin, callee, args, (size_t)f->nin, (size_t)i))
            continue;
        np_release_block(y);
    }
}

/* The array for a result that was not given: new, or an operand that dies. */
static NdArray *result_array(Ufunc *f, NdArray **x, const Value *args, Dtype *d, int rank, const int64_t *shape, char order,
                             Value callee)
{
    int64_t size = np_product(rank, shape);
    if (size == 0 || rank == 0 || f->nout != 1 || !np_is_numeric(d->num)) return new_output(f, x, d, rank, shape, order);
    KrOrigin origin = kr_origin(callee, args, (size_t)f->nin);
    bool any = false, plain = order == 'K';
    for (int i = 0; i < f->nin; i++) {
        any |= x[i]->origin.place != NULL;
        plain &= ((x[i]->a.flags & KR_ARRAY_C) || rank == 1) && x[i]->head.type == np_array_type;
    }
    NdArray *y = any && order == 'K' ? dying_operand(f, x, args, d, rank, shape, callee) : NULL;
    if (!y && plain && (y = np_recycle(origin, d, rank, shape))) return y;
    if (!y) y = new_output(f, x, d, rank, shape, order);
    if (y) np_recycle_note(y, origin);
    return y;
}

Value np_ufunc_call(Ufunc *f, const Value *args, size_t n, Value kwnames)
{
    return call_ufunc(f, args, n, kwnames, EMPTY);
}

static Value call_ufunc(Ufunc *f, const Value *args, size_t n, Value kwnames, Value callee)
{
    if (!kr_is_empty(f->object_call)) return call_frompyfunc(f, args, n, kwnames);
    if (n < (size_t)f->nin || n > (size_t)(f->nin + f->nout))
        return kr_raise(kr_TypeError, f->nout ? "%s() takes from %d to %d positional arguments but %d %s given"
                                              : "%s() takes %d positional arguments",
                        f->name, f->nin, f->nin + f->nout, (int)n, n == 1 ? "was" : "were");
    bool plain = kr_is_empty(kwnames) && n == (size_t)f->nin;
    if (plain) {
        Value r = call_scalars(f, args, f->name);
        if (!kr_is(r, kr_NotImplemented)) return r;
    }
    Value r = np_ufunc_overridden(f, "__call__", args, n, kwnames);
    if (!kr_is(r, kr_NotImplemented)) return r;
    Call call;
    if (parse_keywords(f, args, n, kwnames, &call) < 0) return EMPTY;

    NdArray *x[MAXOPS];
    Dtype *in[MAXOPS], *types[MAXOPS];
    int weak[MAXOPS] = {0};
    for (int i = 0; i < f->nin; i++) {
        x[i] = NULL;
        weak[i] = np_weak_kind(args[i]);
        if (weak[i]) continue;
        x[i] = np_as_array(args[i], NULL);
        if (!x[i]) return EMPTY;
        in[i] = x[i]->descr;
    }
    if (fix_weak(f, args, weak, in) < 0) return EMPTY;
    if (f->flags & NP_COMPARISON)
        for (int i = 0; i < f->nin; i++)
            if (weak[i] == 2 && out_of_range(args[i], in[i]))
                for (int k = 0; k < f->nin; k++) in[k] = np_dtypes[KR_OBJECT];
    for (int i = 0; i < f->nin; i++)
        if (!x[i] && !(x[i] = weak_array(args[i], in[i]))) return EMPTY;

    const NpLoopRow *row;
    if (!kr_is_empty(call.dtype) || !kr_is_empty(call.signature)) {
        Dtype *want[MAXOPS];
        if (np_signature_parse(f, call.signature, call.dtype, want) < 0) return EMPTY;
        row = np_signature_resolve(f, want, in, types);
        if (!row) return EMPTY;
    } else {
        /* int64 with uint64 compares exactly. */
        if ((f->flags & NP_COMPARISON) && in[0]->num != in[1]->num && np_is_integer(in[0]->num) && np_is_integer(in[1]->num) &&
            np_promote_num(in[0]->num, in[1]->num) == KR_F64) {
            Value pair[] = {kr_from_object(f), np_value(x[0]), np_value(x[1])};
            return np_glue_call("compare_mixed", pair, 3);
        }
        row = np_ufunc_resolve(f, in, types);
        if (!row) {
            if (kr_raised()) return EMPTY;
            Value all[MAXOPS] = {kr_from_object(f)};
            for (int i = 0; i < f->nin; i++) all[1 + i] = np_value(x[i]);
            Value other = np_glue_call("ufunc_fallback", all, (size_t)f->nin + 1);
            if (!kr_is(other, kr_NotImplemented)) return other;
            raise_no_loop(f, in);
            return EMPTY;
        }
    }
    if (f == np_operators[KR_POW] && types[1]->kind == 'i' && x[1]->descr->kind == 'i') {
        Value least = np_size(x[1]) ? np_reduce(np_ufunc_named("minimum"), x[1], kr_None, NULL, EMPTY, false, EMPTY, EMPTY) : kr_int(0);
        int64_t low;
        if (kr_is_empty(least) || kr_to_int64(least, &low) < 0) return EMPTY;
        if (low < 0) return kr_raise(kr_ValueError, "Integers to negative integer powers are not allowed.");
    }
    for (int i = 0; i < f->nin; i++)
        if (!weak[i] && !np_can_cast(x[i]->descr, types[i], call.casting) && types[i]->num != KR_OBJECT) {
            raise_input_cast(f, i, x[i]->descr, types[i], call.casting);
            return EMPTY;
        }
    NdArray *shaped[MAXOPS];
    int count = 0;
    for (int i = 0; i < f->nin; i++) shaped[count++] = x[i];
    NdArray *mask = NULL;
    if (!kr_is_empty(call.where)) {
        mask = np_as_array(call.where, NULL);
        if (!mask) return EMPTY;
        if (mask->a.dtype != KR_BOOL)
            return kr_raise(kr_TypeError, "Cannot cast array data from %R to dtype('bool') according to the rule 'safe'",
                            np_dtype_value(mask->descr));
        shaped[count++] = mask;
    }
    int64_t shape[MAXRANK];
    int rank = np_broadcast(shaped, count, shape);
    if (rank < 0) return EMPTY;
    for (int k = 0; k < f->nout; k++) {
        Dtype *d = types[f->nin + k];
        if (kr_is_empty(call.out[k])) {
            x[f->nin + k] = result_array(f, x, args, d, rank, shape, call.order, callee);
            if (!x[f->nin + k]) return EMPTY;
            continue;
        }
        NdArray *out = np_array(call.out[k]);
        if (out->a.rank > rank) {
            NdArray *both[] = {out, x[0], f->nin > 1 ? x[1] : NULL};
            rank = np_broadcast(both, 3, shape);
            if (rank < 0) return EMPTY;
        }
        bool fits = out->a.rank == rank;
        for (int i = 0; fits && i < rank; i++) fits = out->a.shape[i] == shape[i];
        if (!fits) {
            char want[512], have[512];
            np_shape_text(want, sizeof want, out->a.rank, out->a.shape);
            np_shape_text(have, sizeof have, rank, shape);
            return kr_raise(kr_ValueError, "non-broadcastable output operand with shape %s doesn't match the broadcast shape %s",
                            want, have);
        }
        if (np_writeable(out) < 0) {
            kr_clear_exception();
            return kr_raise(kr_ValueError, "output array is read-only");
        }
        if (!np_can_cast(d, out->descr, call.casting)) {
            raise_output_cast(f, k, d, out->descr, call.casting);
            return EMPTY;
        }
        x[f->nin + k] = out;
    }
    if (np_execute(row, f, f->nin + f->nout, x, types, rank, shape, mask) < 0) return EMPTY;
    release_dying(f, x, args, callee);
    Value results[4];
    for (int k = 0; k < f->nout; k++)
        results[k] = !kr_is_empty(call.out[k]) ? call.out[k] : call.subok ? wrap_subclass(x[f->nin + k], args, f->nin)
                                                                         : np_return(x[f->nin + k]);
    if (f->nout == 1) return results[0];
    for (int k = 0; k < f->nout; k++)
        if (kr_is_empty(results[k])) return EMPTY;
    return kr_tuple(results, (size_t)f->nout);
}

Value np_ufunc_call2(Ufunc *f, Value a, Value b)
{
    Value args[] = {a, b};
    return np_ufunc_call(f, args, 2, EMPTY);
}

/* An operator on scalars: warnings name it as such. */
Value np_ufunc_scalars(Ufunc *f, Value a, Value b, const char *shown)
{
    Value args[] = {a, b};
    Value r = call_scalars(f, args, shown);
    return kr_is(r, kr_NotImplemented) ? np_ufunc_call(f, args, 2, EMPTY) : r;
}

Value np_ufunc_call1(Ufunc *f, Value a) { return np_ufunc_call(f, &a, 1, EMPTY); }

Value np_ufunc_into(Ufunc *f, Value a, Value b, NdArray *out)
{
    Value args[] = {a, b, np_value(out)};
    return np_ufunc_call(f, args, 3, EMPTY);
}

/* ---- Operators ---- */

/* Does the other operand want the operation for itself? */
static bool defers(Value self, Value other)
{
    if (known_type(other)) return false;
    KrType *t = kr_type_of(other);
    if (kr_is_subtype(t, np_array_type) || kr_is_subtype(kr_type_of(self), t)) return false;
    Value own = kr_type_find(t, KR_NAME("__array_ufunc__"));
    if (!kr_is_empty(own)) return kr_is(own, kr_None);
    Value priority = kr_type_find(t, KR_NAME("__array_priority__"));
    double p;
    if (kr_is_empty(priority) || kr_to_double(priority, &p) < 0) {
        kr_clear_exception();
        return false;
    }
    return p > 0;
}

/* Small exponents that NumPy takes a shorter way for; NULL: none. */
static Ufunc *power_of(const NdArray *x, Value exponent)
{
    static Ufunc *square, *root, *reciprocal;
    if (!square) {
        square = np_ufunc_named("square");
        root = np_ufunc_named("sqrt");
        reciprocal = np_ufunc_named("reciprocal");
    }
    double e = 0;
    int kind = np_weak_kind(exponent);
    bool inexact = !np_is_integer(x->a.dtype) && x->a.dtype != KR_BOOL;
    if ((kind != 2 && (kind != 3 || !inexact)) || kr_to_double(exponent, &e) < 0) return NULL;
    if (e == 2 && x->a.dtype != KR_BOOL) return square;
    if (!inexact) return NULL;
    return e == 1 ? np_positive_f : e == 0.5 ? root : e == -1 ? reciprocal : NULL;
}

Value np_operator(int op, Value a, Value b)
{
    Value operands[] = {a, b};
    const NpAsker asker = {EMPTY, operands, 2};
    bool power = op == KR_POW;
    if (!power && op != KR_MATMUL) {
        Value r = np_ufunc_quick(np_operators[op], operands, &asker);
        if (!kr_is(r, kr_NotImplemented)) return r;
    }
    if (np_is_array(a) ? defers(a, b) : defers(b, a)) return kr_NotImplemented;
    if (op == KR_MATMUL) return np_matmul(a, b, EMPTY);
    if (power && np_is_array(a) && np_is_numeric(np_array(a)->a.dtype) && !kr_is_object(b)) {
        Ufunc *f = power_of(np_array(a), b);
        Value r = f ? np_ufunc_quick(f, operands, &asker) : EMPTY;
        if (f) return kr_is(r, kr_NotImplemented) ? np_ufunc_call1(f, a) : r;
        if (kr_raised()) return EMPTY;
    }
    if (power && kr_is_int_exact(b) && kr_int_sign(b) < 0 && np_is_array(a) && np_is_integer(np_array(a)->a.dtype))
        return kr_raise(kr_ValueError, "Integers to negative integer powers are not allowed.");
    return np_ufunc_call2(np_operators[op], a, b);
}

Value np_array_compare(Value a, Value b, int op)
{
    Value operands[] = {a, b};
    Value quick = np_ufunc_quick(np_comparisons[op], operands, &(NpAsker){EMPTY, operands, 2});
    if (!kr_is(quick, kr_NotImplemented)) return quick;
    if (np_is_array(a) ? defers(a, b) : defers(b, a)) return kr_NotImplemented;
    if (np_is_array(a) && (np_array(a)->a.dtype == KR_VOID ||
                           (np_is_array(b) && np_array(b)->a.dtype == KR_VOID))) {
        Value args[] = {a, b, kr_int(op)};
        return np_glue_call("compare_void", args, 3);
    }
    Value r = np_ufunc_call2(np_comparisons[op], a, b);
    if (!kr_is_empty(r) || (op != KR_EQ && op != KR_NE)) return r;
    /* Types that cannot be compared are unequal. */
    if (!kr_raised_is(np_ufunc_error("_UFuncNoLoopError"))) return r;
    Value error = kr_take_exception();
    NdArray *x[2] = {np_as_array(a, NULL), np_as_array(b, NULL)};
    if (!x[0] || !x[1]) {
        kr_clear_exception();
        kr_restore_exception(error);
        return EMPTY;
    }
    int64_t shape[MAXRANK];
    int rank = np_broadcast(x, 2, shape);
    NdArray *y = rank < 0 ? NULL : np_new_order(np_dtypes[KR_BOOL], rank, shape, 'C', true);
    if (!y) return EMPTY;
    if (op == KR_NE) memset(y->a.data, 1, (size_t)np_size(y));
    return np_return(y);
}

/* ---- The object ---- */

static void ufunc_trace(void *self, KrTracer *tracer)
{
    Ufunc *f = self;
    kr_trace(tracer, f->object_call);
    kr_trace(tracer, f->name_value);
    kr_trace(tracer, f->doc_value);
}

static Ufunc *ufunc_of(Value v) { return kr_to_object(v); }

static Value ufunc_call(Value self, const Value *args, size_t n, Value kwnames)
{
    Ufunc *f = ufunc_of(self);
    if (kr_is_empty(kwnames) && n == (size_t)f->nin) {
        Value r = np_ufunc_quick(f, args, &(NpAsker){self, args, n});
        if (!kr_is(r, kr_NotImplemented)) return r;
    }
    return call_ufunc(f, args, n, kwnames, self);
}

static Value ufunc_repr(Value self) { return kr_str_format("<ufunc '%U'>", ufunc_of(self)->name_value); }
static Value ufunc_name(Value self) { return ufunc_of(self)->name_value; }
static Value ufunc_qualname(Value self) { return ufunc_of(self)->name_value; }
static Value ufunc_doc(Value self) { return ufunc_of(self)->doc_value; }
static Value ufunc_nin(Value self) { return kr_int(ufunc_of(self)->nin); }
static Value ufunc_nout(Value self) { return kr_int(ufunc_of(self)->nout); }
static Value ufunc_nargs(Value self) { return kr_int(ufunc_of(self)->nin + ufunc_of(self)->nout); }
static Value ufunc_ntypes(Value self) { return kr_int(ufunc_of(self)->row_count); }
/* Codes that name a type by another name: longlong is int64, long double is float64. */
static char other_code(char code)
{
    static const char same[] = "lqLQdgDG";
    for (const char *p = same; *p; p += 2)
        if (*p == code) return p[1];
    return code;
}

static int add_types(const Ufunc *f, const char *types, Value list)
{
    char text[16];
    snprintf(text, sizeof text, "%.*s->%.*s", f->nin, types, f->nout, types + f->nin);
    return kr_list_append(list, kr_str(text));
}

static Value ufunc_types(Value self)
{
    Ufunc *f = ufunc_of(self);
    Value list = kr_list(NULL, 0);
    if (!kr_is_empty(f->object_call)) return list;
    for (int r = 0; r < f->row_count; r++) {
        const char *t = f->rows[r].types;
        char others[8] = {0};
        bool differ = false;
        for (int i = 0; i < f->nin + f->nout; i++) {
            others[i] = other_code(t[i]);
            differ |= others[i] != t[i] && i < f->nin;
        }
        if (add_types(f, t, list) < 0 || (differ && add_types(f, others, list) < 0)) return EMPTY;
    }
    return list;
}
static Value ufunc_identity(Value self)
{
    switch (ufunc_of(self)->identity) {
    case NP_ID_ZERO: return kr_int(0);
    case NP_ID_ONE: return kr_int(1);
    case NP_ID_MINUS_ONE: return kr_int(-1);
    default: return kr_None;
    }
}
static Value ufunc_signature(Value self)
{
    (void)self;
    return kr_None;
}
KR_GETSET(ufunc, ufunc_name, NULL, "__name__", NULL)
KR_GETSET(ufunc, ufunc_qualname, NULL, "__qualname__", NULL)
KR_GETSET(ufunc, ufunc_doc, NULL, "__doc__", NULL)
KR_GETSET(ufunc, ufunc_nin, NULL, "nin", "The number of inputs.")
KR_GETSET(ufunc, ufunc_nout, NULL, "nout", "The number of outputs.")
KR_GETSET(ufunc, ufunc_nargs, NULL, "nargs", "The number of arguments.")
KR_GETSET(ufunc, ufunc_ntypes, NULL, "ntypes", "The number of types.")
KR_GETSET(ufunc, ufunc_types, NULL, "types", "Returns a list with types grouped input->output.")
KR_GETSET(ufunc, ufunc_identity, NULL, "identity", "The identity value.")
KR_GETSET(ufunc, ufunc_signature, NULL, "signature", "Definition of the core elements of a generalized ufunc.")

KR_FN(ufunc, ufunc_outer, "outer", "(self, A, B, /, **kwargs)", "Apply the ufunc op to all pairs (a, b) with a in A and b in B.")
{
    NdArray *x = np_as_array(a[1], NULL), *y = x ? np_as_array(a[2], NULL) : NULL;
    if (!y) return EMPTY;
    int64_t shape[MAXRANK], strides[MAXRANK];
    int r = x->a.rank + y->a.rank;
    if (r > MAXRANK) return kr_raise(kr_ValueError, "maximum supported dimension for an ndarray is currently 64, found %d", r);
    for (int k = 0; k < r; k++) {
        shape[k] = k < x->a.rank ? x->a.shape[k] : 1;
        strides[k] = k < x->a.rank ? x->a.strides[k] : 0;
    }
    NdArray *wide = np_view(x, x->descr, r, shape, strides, x->a.data);
    if (!wide) return EMPTY;
    Value args[] = {np_weak_kind(a[1]) ? a[1] : np_value(wide), np_weak_kind(a[2]) ? a[2] : np_value(y)};
    return kr_call_tuple(a[0], kr_tuple(args, 2), a[3]);
}

KR_FN(ufunc, ufunc_reduce_pickle, "__reduce__", "(self, /)", NULL) { return ufunc_of(a[0])->name_value; }

/* Error state, for np.seterr: modes as four small ints. */
KR_FN(ufunc_module, get_errors, "_geterr", "()", NULL)
{
    return kr_tuple_of(4, kr_str(modes[error_mode[0]]), kr_str(modes[error_mode[1]]), kr_str(modes[error_mode[2]]),
                       kr_str(modes[error_mode[3]]));
}
KR_FN(ufunc_module, set_errors, "_seterr", "(divide, over, under, invalid, /)", NULL)
{
    for (int i = 0; i < 4; i++) {
        if (kr_is(a[i], kr_None)) continue;
        int found = -1;
        for (int m = 0; m < 6; m++)
            if (kr_is_str(a[i]) && kr_str_equal_ascii(a[i], modes[m])) found = m;
        if (found < 0) return kr_raise(kr_ValueError, "invalid error mode %R", a[i]);
        error_mode[i] = (uint8_t)found;
    }
    return kr_None;
}

static Ufunc *new_ufunc(const UfuncEntry *e)
{
    Ufunc *f = kr_alloc_instance(np_ufunc_type);
    if (!f) return NULL;
    f->name = e->name;
    f->doc = e->doc;
    f->nin = e->nin;
    f->nout = e->nout;
    f->identity = e->identity;
    f->flags = e->flags;
    f->rows = e->rows;
    f->row_count = e->row_count;
    f->name_value = kr_str(e->name);
    f->doc_value = kr_str(e->doc);
    return f;
}

KR_FN(ufunc_module, frompyfunc, "_frompyfunc", "(func, nin, nout, name, doc, /)", NULL)
{
    int nin, nout;
    if (kr_to_int32(a[1], &nin) < 0 || kr_to_int32(a[2], &nout) < 0) return EMPTY;
    UfuncEntry e = {"frompyfunc", "", nin, nout, NP_ID_NONE, 0, NULL, 1};
    Ufunc *f = new_ufunc(&e);
    if (!f) return EMPTY;
    f->object_call = a[0];
    f->name_value = a[3];
    f->doc_value = a[4];
    return kr_from_object(f);
}

#include "modules/numpy/ufunc.entries.h"

Ufunc *np_ufunc_named(const char *name) { return ufunc_of(kr_dict_find_ascii(by_name, name)); }

static int add_list(Value module, const UfuncEntry *list)
{
    for (; list->name; list++) {
        Ufunc *f = new_ufunc(list);
        if (!f || kr_dict_set_ascii(by_name, list->name, kr_from_object(f)) < 0 ||
            kr_module_add(module, list->name, kr_from_object(f)) < 0)
            return -1;
    }
    return 0;
}

int np_ufunc_init(Value module)
{
    static const KrFunction *methods[40];
    size_t count = 0;
    for (const KrFunction *const *f = ufunc_functions; *f; f++) methods[count++] = *f;
    for (const KrFunction *const *f = np_reduce_methods; *f; f++) methods[count++] = *f;
    static const KrTypeSpec spec = {
        .name = "numpy.ufunc",
        .doc = "Functions that operate element by element on whole arrays.",
        .size = sizeof(Ufunc),
        .flags = KR_TYPE_ABSTRACT,
        .trace = ufunc_trace,
        .functions = methods,
        .getset = ufunc_getset,
        .slots = {.call = ufunc_call, .repr = ufunc_repr},
    };
    np_ufunc_type = kr_type_new(&spec);
    if (!np_ufunc_type || kr_module_add_type(module, np_ufunc_type) < 0) return -1;
    static const char codes[] = "?bBhHiIlLefdFDOUSMm";
    for (const char *c = codes; *c; c++) code_number[(int)*c] = (uint8_t)dtype_of_code(*c)->num;
    by_name = kr_dict();
    kr_root(&by_name);
    if (add_list(module, np_arithmetic_list) < 0 || add_list(module, np_logic_list) < 0 || add_list(module, np_maths_list) < 0)
        return -1;
    static const struct {
        int op;
        const char *name;
    } operators[] = {{KR_ADD, "add"}, {KR_SUB, "subtract"}, {KR_MUL, "multiply"}, {KR_TRUEDIV, "divide"},
                     {KR_FLOORDIV, "floor_divide"}, {KR_MOD, "remainder"}, {KR_POW, "power"}, {KR_LSHIFT, "left_shift"},
                     {KR_RSHIFT, "right_shift"}, {KR_AND, "bitwise_and"}, {KR_XOR, "bitwise_xor"}, {KR_OR, "bitwise_or"},
                     {KR_DIVMOD, "divmod"}};
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        np_operators[operators[i].op] = np_ufunc_named(operators[i].name);
    static const char *const comparisons[] = {"less", "less_equal", "equal", "not_equal", "greater", "greater_equal"};
    for (int i = 0; i < 6; i++) np_comparisons[i] = np_ufunc_named(comparisons[i]);
    np_negative_f = np_ufunc_named("negative");
    np_positive_f = np_ufunc_named("positive");
    np_absolute_f = np_ufunc_named("absolute");
    np_invert_f = np_ufunc_named("invert");
    return np_add_functions(module, ufunc_module_functions);
}
