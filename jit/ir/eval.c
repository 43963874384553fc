/* The evaluator. Its cases for scalar ops are made from the C bodies in ops.def; the rest is
 * written here, one function for each group. A value is an 8-byte slot as in the kernel ABI. */
#include "jit/ir/eval.h"
#include "jit/run/opmath.h"
#include "jit/run/containers.h"
#include "jit/run/rt.h"
#include "jit/run/trail.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* integer ops of the IR wrap */
#pragma GCC optimize("wrapv")
#pragma GCC diagnostic ignored "-Wtype-limits"
#pragma GCC diagnostic ignored "-Wbool-compare"
#pragma GCC diagnostic ignored "-Wint-in-bool-context"

typedef union Slot {
    uint64_t u;
    int64_t i;
    double d;
    float f;
    void *p;
} Slot;

typedef struct Frame {
    IrFunc *f;
    Slot *values;
    Slot **call_results; /* by node id: the results of a call */
    KernelError *error;
    void *stacks; /* chain of stack areas */
} Frame;

enum { WENT_ON, LEFT };

/* ---- scalar ops from the table ---- */

#define IS_SIGNED(T) ((T)-1 < (T)1)
#define jit_opmath_is_float(x) ((x) != 0)

/* The cases of one row for each type of its class; `text` is the row's body over a, b and T. */
#define INST(mt, ctype, field, text)      \
    case mt: {                            \
        typedef ctype T;                  \
        T a = (T)x.field, b = (T)y.field; \
        (void)a;                          \
        (void)b;                          \
        r->u = 0;                         \
        r->field = (T)(text);             \
        return true;                      \
    }
#define INST_INT(text)                                                                             \
    INST(M_I8, int8_t, i, text)                                                                    \
    INST(M_I16, int16_t, i, text) INST(M_I32, int32_t, i, text) INST(M_I64, int64_t, i, text)      \
        INST(M_U8, uint8_t, u, text) INST(M_U16, uint16_t, u, text) INST(M_U32, uint32_t, u, text) \
            INST(M_U64, uint64_t, u, text)
#define INST_FLT(text) INST(M_F32, float, f, text) INST(M_F64, double, d, text)
#define INST_NUM(text) INST_INT(text) INST_FLT(text)
#define INST_BIT(text)                   \
    INST_INT(text)                       \
    case M_I1: {                         \
        typedef uint8_t T;               \
        T a = (T)x.u, b = (T)y.u;        \
        (void)b;                         \
        r->u = (uint64_t)((T)(text)&1u); \
        return true;                     \
    }

static bool eval_scalar(IrOp op, MType m, Slot x, Slot y, Slot *r)
{
    switch (op) {
#define OP(code, text, nargs, result, effects, imm)
#define CHK(code, text, nargs, message, body)
#define UN(code, text, cls, body)                    \
    case OP_##code:                                  \
        switch (m) {                                 \
            INST_##cls(body) default : return false; \
        }
#define BIN(code, text, cls, body) UN(code, text, cls, body)
#define CMP_INST(mt, ctype, field, text)              \
    case mt: {                                        \
        ctype a = (ctype)x.field, b = (ctype)y.field; \
        r->u = (text);                                \
        return true;                                  \
    }
#define CMP(code, text, body)                                                              \
    case OP_##code:                                                                        \
        switch (m) {                                                                       \
            CMP_INST(M_I1, uint8_t, u, body)                                               \
            CMP_INST(M_I8, int8_t, i, body)                                                \
            CMP_INST(M_I16, int16_t, i, body) CMP_INST(M_I32, int32_t, i, body)            \
                CMP_INST(M_I64, int64_t, i, body) CMP_INST(M_U8, uint8_t, u, body)         \
                    CMP_INST(M_U16, uint16_t, u, body) CMP_INST(M_U32, uint32_t, u, body)  \
                        CMP_INST(M_U64, uint64_t, u, body) CMP_INST(M_F32, float, f, body) \
                            CMP_INST(M_F64, double, d, body)                               \
                                CMP_INST(M_PTR, uint64_t, u, body) default : return false; \
        }
#include "jit/ir/ops.def"
#undef OP
#undef CHK
#undef UN
#undef BIN
#undef CMP
    default: return false;
    }
}

/* The checked ops: true when the result is wrong. */
static bool eval_checked(IrOp op, int64_t a, int64_t b, int64_t *out)
{
    int64_t r = 0;
    bool bad = false;
    switch (op) {
#define OP(code, text, nargs, result, effects, imm)
#define UN(code, text, cls, body)
#define BIN(code, text, cls, body)
#define CMP(code, text, body)
#define CHK(code, text, nargs, message, body) \
    case OP_##code:                           \
        bad = (body);                         \
        break;
#include "jit/ir/ops.def"
#undef OP
#undef CHK
#undef UN
#undef BIN
#undef CMP
    default: break;
    }
    *out = r;
    return bad;
}

/* ---- conversions ---- */

static Slot wrap_int(MType to, int64_t v)
{
    Slot r = {0};
    switch (to) {
    case M_I1: r.u = v & 1; break;
    case M_I8: r.i = (int8_t)v; break;
    case M_I16: r.i = (int16_t)v; break;
    case M_I32: r.i = (int32_t)v; break;
    case M_U8: r.u = (uint8_t)v; break;
    case M_U16: r.u = (uint16_t)v; break;
    case M_U32: r.u = (uint32_t)v; break;
    default: r.i = v; break;
    }
    return r;
}

/* Out of range gives the smallest int64; to uint64 values of the upper half are kept. */
static int64_t float_to_int(double d, MType to)
{
    if (to == M_U64 && d >= 9223372036854775808.0 && d < 18446744073709551616.0)
        return (int64_t)(uint64_t)d;
    return d >= -9223372036854775808.0 && d < 9223372036854775808.0 ? (int64_t)d : INT64_MIN;
}

static Slot convert(MType from, MType to, Slot x)
{
    Slot r = {0};
    bool from_float = jit_mtype_is_float(from), to_float = jit_mtype_is_float(to);
    if (from_float && to_float) {
        if (from == to)
            r = x;
        else if (to == M_F32)
            r.f = (float)x.d;
        else
            r.d = (double)x.f;
    } else if (from_float) {
        double d = from == M_F32 ? (double)x.f : x.d;
        if (to == M_I1)
            r.u = d != 0;
        else
            r = wrap_int(to, float_to_int(d, to));
    } else if (to == M_F32) {
        r.f = from == M_U64 ? (float)x.u : (float)x.i;
    } else if (to == M_F64) {
        r.d = from == M_U64 ? (double)x.u : (double)x.i;
    } else if (to == M_I1) {
        r.u = x.u != 0;
    } else {
        r = wrap_int(to, x.i);
    }
    return r;
}

static Slot math_call(IrMath fn, MType m, Slot x, Slot y)
{
    const KrMathEntry *e = kr_math((KrMath)fn);
    bool two = jit_ir_math_nargs[fn] == 2;
    Slot r = {0};
    if (m == M_F32)
        r.f = two ? e->f2(x.f, y.f) : e->f1(x.f);
    else
        r.d = two ? e->d2(x.d, y.d) : e->d1(x.d);
    return r;
}

uint64_t jit_eval_const_slot(const IrNode *x)
{
    Slot s = {0};
    if (x->mt == M_F64)
        s.d = x->imm.f;
    else if (x->mt == M_F32)
        s.f = (float)x->imm.f;
    else
        s.i = x->imm.i;
    return s.u;
}

void jit_eval_set_const(IrNode *x, MType mt, uint64_t slot)
{
    Slot s = {.u = slot};
    x->mt = (uint8_t)mt;
    if (mt == M_F64)
        x->imm.f = s.d;
    else if (mt == M_F32)
        x->imm.f = (double)s.f;
    else
        x->imm.i = s.i;
}

bool jit_eval_fold(const IrNode *x, uint64_t *out)
{
    Slot a[3] = {{0}, {0}, {0}}, r = {0};
    if (x->n == 0 || x->n > 3) return false;
    for (uint32_t i = 0; i < x->n; i++) {
        if (x->args[i]->op != OP_CONST) return false;
        a[i].u = jit_eval_const_slot(x->args[i]);
    }
    MType m = (MType)x->args[0]->mt;
    switch (x->op) {
    case OP_CONV: r = convert(m, (MType)x->mt, a[0]); break;
    case OP_BITS: r = a[0]; break;
    case OP_SELECT: r = a[0].u & 1 ? a[1] : a[2]; break;
    case OP_MATH1:
    case OP_MATH2: r = math_call((IrMath)x->sub, m, a[0], a[1]); break;
    case OP_INDEX:
    case OP_WRAP:
        if (a[0].i < -a[1].i || a[0].i >= a[1].i) return false;
        r.i = a[0].i < 0 ? a[0].i + a[1].i : a[0].i;
        break;
    default:
        if (jit_ir_ops[x->op].scalar == 'k') {
            if (eval_checked((IrOp)x->op, a[0].i, a[1].i, &r.i)) return false;
        } else if (!jit_ir_ops[x->op].scalar || !eval_scalar((IrOp)x->op, m, a[0], a[1], &r)) {
            return false;
        }
    }
    *out = r.u;
    return true;
}

/* ---- errors ---- */

static int raise_error(Frame *fr, const IrNode *x, IrErr err, const int64_t *args, uint32_t n,
                       const char *text)
{
    size_t length = text ? strlen(text) + 1 : 0;
    KernelSite *s = jit_ir_alloc(fr->f->module, sizeof *s + length);
    *s = (KernelSite){(uint32_t)err, x->pos.line, x->pos.col, x->pos.end_line, x->pos.end_col, 0};
    if (text) {
        memcpy(s + 1, text, length);
        s->text = sizeof *s;
    }
    memset(fr->error, 0, sizeof *fr->error);
    fr->error->site = s;
    for (uint32_t i = 0; i < n && i < KERNEL_ERROR_ARGS; i++) fr->error->args[i] = args[i];
    return LEFT;
}

static int eval_toint(Frame *fr, const IrNode *x, Slot a, Slot *r)
{
    double d = x->args[0]->mt == M_F32 ? (double)a.f : a.d;
    if (d != d) return raise_error(fr, x, ERR_INT_NAN, NULL, 0, NULL);
    if (isinf(d)) return raise_error(fr, x, ERR_INT_INF, NULL, 0, NULL);
    if (!(d >= -9223372036854775808.0 && d < 9223372036854775808.0))
        return raise_error(fr, x, ERR_INT_RANGE, NULL, 0, NULL);
    r->i = (int64_t)d;
    return WENT_ON;
}

static int eval_check(Frame *fr, const IrNode *x, Slot *v)
{
    int64_t args[KERNEL_ERROR_ARGS] = {0};
    uint32_t skip = x->op == OP_CHECK, n = x->n - skip;
    if (skip && (v[x->args[0]->id].u & 1)) return WENT_ON;
    for (uint32_t i = 0; i < n && i < KERNEL_ERROR_ARGS; i++) args[i] = v[x->args[i + skip]->id].i;
    return raise_error(fr, x, (IrErr)x->sub, args, n, x->text);
}

static int eval_index(Frame *fr, const IrNode *x, Slot i, Slot n, Slot *r)
{
    r->i = i.i < 0 ? i.i + n.i : i.i;
    if (r->i < 0 || r->i >= n.i) {
        int64_t args[] = {i.i, n.i, x->imm.i};
        return raise_error(fr, x, ERR_INDEX, args, 3, NULL);
    }
    return WENT_ON;
}

/* ---- memory ---- */

static Slot load(MType m, const char *p)
{
    Slot r = {0};
    switch (m) {
    case M_I1: r.u = *(const uint8_t *)p != 0; break;
    case M_I8: r.i = *(const int8_t *)p; break;
    case M_U8: r.u = *(const uint8_t *)p; break;
    case M_I16: {
        int16_t t;
        memcpy(&t, p, 2);
        r.i = t;
        break;
    }
    case M_U16: {
        uint16_t t;
        memcpy(&t, p, 2);
        r.u = t;
        break;
    }
    case M_I32: {
        int32_t t;
        memcpy(&t, p, 4);
        r.i = t;
        break;
    }
    case M_U32: {
        uint32_t t;
        memcpy(&t, p, 4);
        r.u = t;
        break;
    }
    case M_F32: memcpy(&r.f, p, 4); break;
    default: memcpy(&r, p, 8); break;
    }
    return r;
}

static void store(MType m, char *p, Slot v)
{
    if (m == M_I1) v.u &= 1;
    memcpy(p, &v, jit_mtype_size(m)); /* little endian, as both supported targets are */
}

/* ---- calls ---- */

/* Any other function whose parameters and result are words: up to six of them. */
static Slot call_words(IrRt rt, const Slot *a)
{
    typedef uint64_t (*Words)(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t);
    const IrRtInfo *info = &jit_ir_rts[rt];
    if (strpbrk(info->params, "fd") || info->result == 'd' || info->result == 'f') abort();
    Words call = (Words)jit_rt_symbol(info->symbol);
    uint64_t w[6] = {0};
    for (size_t i = 0; i < 6 && i < strlen(info->params); i++) w[i] = a[i].u;
    Slot r = {.u = call(w[0], w[1], w[2], w[3], w[4], w[5])};
    if (info->result == 'b') r.u &= 1;
    return r;
}

static Slot call_rt(IrRt rt, const Slot *a)
{
    Slot r = {0};
    switch (rt) {
    case RT_OBJECT_NEW: r.p = jit_rt_object_new(a[0].i, a[1].p); break;
    case RT_TRUEDIV: r.d = jit_rt_truediv(a[0].i, a[1].i); break;
    case RT_CMP_INT_FLOAT: r.i = jit_rt_cmp_int_float(a[0].i, a[1].d); break;
    case RT_ROUND_DIGITS: r.d = jit_rt_round_digits(a[0].d, a[1].i); break;
    case RT_FLOORDIVD: r.d = jit_opmath_floordivd(a[0].d, a[1].d); break;
    case RT_MODD: r.d = jit_opmath_modd(a[0].d, a[1].d); break;
    case RT_FLOORDIVF: r.f = jit_opmath_floordivf(a[0].f, a[1].f); break;
    case RT_MODF: r.f = jit_opmath_modf(a[0].f, a[1].f); break;
    case RT_GCD: r.i = jit_rt_gcd(a[0].i, a[1].i); break;
    case RT_LDEXP: r.d = jit_rt_ldexp(a[0].d, a[1].i); break;
    case RT_FREXP: r.d = jit_rt_frexp(a[0].d, a[1].p); break;
    case RT_SUM_F64: r.d = jit_rt_sum_f64(a[0].p, a[1].i, a[2].i); break;
    case RT_SUM_F32: r.f = jit_rt_sum_f32(a[0].p, a[1].i, a[2].i); break;
    case RT_SUM_SPREAD: r.i = jit_rt_sum_spread(a[0].p, a[1].i, a[2].i, a[3].p, a[4].u & 1); break;
    case RT_FILL: jit_rt_fill(a[0].p, a[1].i, a[2].p, a[3].i); break;
    case RT_COPY: jit_rt_copy(a[0].p, a[1].p, a[2].p, a[3].p, a[4].p, a[5].i, a[6].i); break;
    case RT_OVERLAP:
        r.u =
            jit_rt_overlap(a[0].p, a[1].p, a[2].p, a[3].p, a[4].p, a[5].p, a[6].i, a[7].i, a[8].i);
        break;
    case RT_PRINT_INT: jit_rt_print_int(a[0].i); break;
    case RT_PRINT_UINT: jit_rt_print_uint(a[0].i); break;
    case RT_PRINT_FLOAT: jit_rt_print_float(a[0].d); break;
    case RT_PRINT_FLOAT32: jit_rt_print_float32(a[0].f); break;
    case RT_PRINT_COMPLEX: jit_rt_print_complex(a[0].d, a[1].d); break;
    case RT_PRINT_BOOL: jit_rt_print_bool(a[0].u & 1); break;
    case RT_PRINT_CHAR: jit_rt_print_char(a[0].i); break;
    case RT_PRINT_END: jit_rt_print_end(); break;
    case RT_CALLED_AT: jit_rt_called_at(a[0].i, a[1].i, a[2].i, a[3].i); break;
    case RT_NATIVE: r.i = jit_rt_native(a[0].p); break;
    case RT_RANDOM: r.d = jit_rt_random(a[0].i); break;
    case RT_RANDOM_INT: r.i = jit_rt_random_int(a[0].i, a[1].i); break;
    case RT_CFN: jit_rt_cfn(a[0].i, a[1].d, a[2].d, a[3].p); break;
    case RT_CFNF: jit_rt_cfnf(a[0].i, a[1].d, a[2].d, a[3].p); break;
    case RT_NPY_CPOW: jit_rt_npy_cpow(a[0].d, a[1].d, a[2].d, a[3].d, a[4].p); break;
    case RT_NPY_CPOWF: jit_rt_npy_cpowf(a[0].d, a[1].d, a[2].d, a[3].d, a[4].p); break;
    case RT_PARBLOCKS: r.i = jit_rt_parfor_blocks(a[0].i); break;
    case RT_POLL: r.i = jit_rt_poll(); break;
    case RT_WATCH:
        r.i = jit_rt_watch(a[0].p, a[1].i, a[2].i, a[3].i, a[4].i, a[5].i, a[6].i, a[7].i);
        break;
    case RT_THREADS: r.i = jit_rt_threads(); break;
    case RT_THREADID: r.i = jit_rt_thread_id(); break;
    case RT_PARROWS: r.i = jit_rt_parfor_rows(a[0].i, a[1].i); break;
    case RT_PARCOPIES: r.i = jit_rt_parfor_copies(a[0].i, a[1].i); break;
    case RT_IPOW: r.i = jit_rt_ipow(a[0].i, a[1].i); break;
    case RT_CPOW: r.i = jit_rt_cpow(a[0].d, a[1].d, a[2].d, a[3].d, a[4].p); break;
    case RT_TEXT_FLOAT: r.p = jit_rt_text_float(a[0].d); break;
    case RT_TEXT_FLOAT32: r.p = jit_rt_text_float32(a[0].f); break;
    case RT_TEXT_COMPLEX: r.p = jit_rt_text_complex(a[0].d, a[1].d); break;
    case RT_TEXT_FORMAT_FLOAT: r.p = jit_rt_text_format_float(a[0].d, a[1].p); break;
    case RT_HASH_FLOAT: r.i = jit_rt_hash_float(a[0].d); break;
    case RT_MATMUL: jit_rt_matmul(a[0].p); break;
    case RT_STACK_ROOM: r.u = jit_rt_stack_room(); break;
    case RT_STACK_LIMIT: r.p = jit_rt_stack_limit(); break;
    default: return call_words(rt, a);
    }
    return r;
}

/* The running body of a parallel loop: the C callback has no room for the function. */
static _Thread_local IrFunc *parfor_body;

static int32_t run_body(const uint64_t *args, uint64_t *results, KernelError *error)
{
    return jit_eval_func(parfor_body, args, results, error);
}

static int eval_call(Frame *fr, const IrNode *x, Slot *v)
{
    IrFunc *callee = jit_ir_find_func(fr->f->module, x->text);
    if (!callee) abort();
    if (x->op == OP_PARFOR) { /* n, slots, number of slots, results, their number a block */
        IrFunc *outer = parfor_body;
        parfor_body = callee;
        int32_t status =
            jit_rt_parfor(run_body, v[x->args[0]->id].i, v[x->args[1]->id].p, v[x->args[2]->id].i,
                          v[x->args[3]->id].p, v[x->args[4]->id].i, fr->error);
        parfor_body = outer;
        return status ? LEFT : WENT_ON;
    }
    uint64_t *args = malloc((x->n + callee->nret + 2) * sizeof *args);
    if (!args) abort();
    for (uint32_t i = 0; i < x->n; i++) args[i] = v[x->args[i]->id].u;
    Slot *results = jit_ir_alloc(fr->f->module, (callee->nret + 1) * sizeof *results);
    int32_t status = jit_eval_func(callee, args, (uint64_t *)results, fr->error);
    free(args);
    fr->call_results[x->id] = results;
    if (status && x->pos.line && !fr->f->library) {
        KernelSite *s = jit_ir_alloc(fr->f->module, sizeof *s);
        *s = (KernelSite){ERR_NONE, x->pos.line, x->pos.col, x->pos.end_line, x->pos.end_col, 0};
        jit_rt_passed(s);
    }
    return status ? LEFT : WENT_ON;
}

/* ---- the loop ---- */

static int eval_other(Frame *fr, const IrNode *x, Slot *v, Slot *r)
{
    const Slot a = x->n > 0 ? v[x->args[0]->id] : (Slot){0};
    const Slot b = x->n > 1 ? v[x->args[1]->id] : (Slot){0};
    const Slot c = x->n > 2 ? v[x->args[2]->id] : (Slot){0};
    switch (x->op) {
    case OP_CONST: r->u = jit_eval_const_slot(x); break;
    case OP_UNDEF:
    case OP_OWNNONE:
    case OP_PARAM: break;
    case OP_SELECT: *r = a.u & 1 ? b : c; break;
    case OP_CONV: *r = convert((MType)x->args[0]->mt, (MType)x->mt, a); break;
    case OP_BITS: *r = a; break;
    case OP_MATH1:
    case OP_MATH2: *r = math_call((IrMath)x->sub, (MType)x->mt, a, b); break;
    case OP_TOINT: return eval_toint(fr, x, a, r);
    case OP_NARROW:
        *r = wrap_int((MType)x->mt, a.i);
        if (r->i != a.i || (x->mt == M_U64 && a.i < 0))
            return raise_error(fr, x, ERR_NARROW, &a.i, 1, x->text);
        break;
    case OP_CHECK:
    case OP_RAISE: return eval_check(fr, x, v);
    case OP_POLL: 
        if (!jit_rt_attention || !jit_rt_poll()) return WENT_ON;
        return raise_error(fr, x, ERR_INTERRUPT, NULL, 0, NULL);
    case OP_INDEX: return eval_index(fr, x, a, b, r);
    case OP_WRAP: r->i = a.i < 0 ? a.i + b.i : a.i; break;
    case OP_LOAD: *r = load((MType)x->mt, (char *)a.p + b.i); break;
    case OP_STORE: store((MType)x->args[2]->mt, (char *)a.p + b.i, c); break;
    case OP_PTRADD: r->p = (char *)a.p + b.i; break;
    case OP_ALLOC:
        r->p = jit_rt_alloc(a.i, (int32_t)x->imm.i);
        if (!r->p) return raise_error(fr, x, ERR_MEMORY, &a.i, 1, NULL);
        break;
    case OP_ERROR: r->p = fr->error; break;
    case OP_DATA: r->p = ((KernelBuffer *)a.p)->data; break;
    case OP_RETAIN: jit_rt_retain(a.u); break;
    case OP_RELEASE: jit_rt_release(a.u); break;
    case OP_STACK: {
        void **area = calloc((size_t)x->imm.i + 2, 8);
        if (!area) abort();
        area[0] = fr->stacks;
        fr->stacks = area;
        r->p = area + 2;
        break;
    }
    case OP_CALL:
    case OP_PARFOR: return eval_call(fr, x, v);
    case OP_PROJ: *r = fr->call_results[x->args[0]->id][x->imm.i]; break;
    case OP_RTCALL: {
        Slot args[16];
        for (uint32_t i = 0; i < x->n; i++) args[i] = v[x->args[i]->id];
        *r = call_rt((IrRt)x->sub, args);
        break;
    }
    default: abort();
    }
    return WENT_ON;
}

static int eval_node(Frame *fr, const IrNode *x)
{
    Slot *v = fr->values, r = {0};
    const IrOpInfo *info = &jit_ir_ops[x->op];
    int went = WENT_ON;
    if (info->scalar == 'k') {
        if (eval_checked((IrOp)x->op, v[x->args[0]->id].i, x->n > 1 ? v[x->args[1]->id].i : 0,
                         &r.i))
            went = raise_error(fr, x, (IrErr)info->message, NULL, 0, NULL);
    } else if (info->scalar) {
        if (!eval_scalar((IrOp)x->op, (MType)x->args[0]->mt, v[x->args[0]->id],
                         v[x->args[x->n - 1]->id], &r))
            abort();
    } else {
        went = eval_other(fr, x, v, &r);
    }
    v[x->id] = r;
    return went;
}

static IrBlock *take_edge(Frame *fr, const IrEdge *e)
{
    Slot values[64], *copy = values;
    if (e->n > 64 && !(copy = malloc(e->n * sizeof *copy))) abort();
    for (uint32_t i = 0; i < e->n; i++) copy[i] = fr->values[e->args[i]->id];
    for (uint32_t i = 0; i < e->n; i++) fr->values[e->to->params[i]->id] = copy[i];
    if (copy != values) free(copy);
    return e->to;
}

static int32_t run(Frame *fr, uint64_t *results)
{
    IrBlock *b = fr->f->first;
    for (;;) {
        IrBlock *next = NULL;
        for (IrNode *x = b->first; x && !next; x = x->next) {
            switch (x->op) {
            case OP_JUMP: next = take_edge(fr, &b->succ[0]); break;
            case OP_BR:
                next = take_edge(fr, &b->succ[fr->values[x->args[0]->id].u & 1 ? 0 : 1]);
                break;
            case OP_RET:
                for (uint32_t i = 0; i < x->n; i++) results[i] = fr->values[x->args[i]->id].u;
                return 0;
            case OP_RETHROW: return 1;
            default:
                if (eval_node(fr, x) == LEFT) {
                    if (!x->exit) return 1;
                    next = take_edge(fr, x->exit);
                }
            }
        }
        b = next;
    }
}

int32_t jit_eval_func(IrFunc *f, const uint64_t *args, uint64_t *results, KernelError *error)
{
    Frame fr = {.f = f, .error = error};
    fr.values = calloc(f->next_node + 1, sizeof *fr.values);
    fr.call_results = calloc(f->next_node + 1, sizeof *fr.call_results);
    if (!fr.values || !fr.call_results) abort();
    for (uint32_t i = 0; i < f->first->nparam; i++) fr.values[f->first->params[i]->id].u = args[i];
    int32_t status = run(&fr, results);
    for (void **s = fr.stacks, **next; s; s = next) {
        next = s[0];
        free(s);
    }
    free(fr.values);
    free(fr.call_results);
    return status;
}
