/* The functions of functions.def that are no array makers: builtins, math, scalars, ufuncs.
 *
 * math's functions raise as CPython's: a nan from a number is "math domain error", an infinity from
 * finite arguments "math range error" where the function can overflow. NumPy's never raise.
 */
#include "jit/passes/lower.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define OP2(op, a, b) jit_lower_op2(l, OP_##op, a, b)
#define OP1(op, a) jit_lower_op1(l, OP_##op, M_VOID, a)

static const JitType *simple(TypeKind k) { return jit_type_simple(k); }

static void set1(Lower *l, const IrNode *x, IrNode *v) { jit_lower_set(l, x, 1, &v); }

static IrNode *as_float(Lower *l, const IrNode *x)
{
    return jit_scalar_cast(l, jit_lower_num(l, x), simple(TK_FLOAT)).re;
}

static IrNode *float_of(Lower *l, double v) { return jit_ir_float(l->f, l->cur, M_F64, v); }

static void check(Lower *l, IrNode *ok, IrErr err)
{
    jit_lower_check(l, ok, err, NULL, NULL, NULL, NULL);
}

static IrNode *is_nan(Lower *l, IrNode *x) { return OP2(NE, x, x); }
static IrNode *is_finite(Lower *l, IrNode *x)
{
    return OP2(LT, OP1(ABS, x), float_of(l, (double)INFINITY));
}
static IrNode *not_of(Lower *l, IrNode *x) { return jit_lower_op1(l, OP_NOT, M_I1, x); }

/* ---- builtins ---- */

static void call_elem(Lower *l, const IrNode *x, const BoundCall *c);

static void call_abs(Lower *l, const IrNode *x, const BoundCall *c)
{
    if (x->type->kind == TK_ARRAY) {
        call_elem(l, x, c);
        return;
    }
    Num v = jit_lower_num(l, c->arg[0]);
    if (v.type->kind == TK_INT || v.type->kind == TK_BOOL) {
        set1(l, x, jit_lower_op1(l, OP_ABSC, M_I64, jit_scalar_int(l, v)));
    } else if (v.type->kind == TK_FLOAT) {
        set1(l, x, OP1(ABS, v.re));
    } else {
        jit_lower_set_num(l, x, jit_elem_scalar_op(l, ELEM_ABS, &v, 1, x->type));
    }
}

static Num pick(Lower *l, IrOp op, Num best, Num other)
{
    IrOperator oper = op == OP_LT ? OPER_LT : OPER_GT;
    IrNode *c = jit_scalar_compare(l, oper, other, best);
    best.re = jit_lower_select(l, c, other.re, best.re);
    return best;
}

static void call_minmax(Lower *l, const IrNode *x, const BoundCall *c)
{
    IrOp op = (IrOp)c->fn->aux;
    const char *name = c->fn->name;
    Num best = {0};
    if (c->n > 1 || c->arg[0]->type->kind == TK_TUPLE) {
        const JitType *t = c->arg[0]->type;
        uint32_t n = c->n > 1 ? c->n : t->n;
        IrNode **p = jit_lower_parts(l, c->arg[0]);
        for (uint32_t i = 0; i < n; i++) {
            Num v = c->n > 1 ? jit_lower_num(l, c->arg[i]) : jit_lower_num_of(t->elem[i], p + i);
            v = jit_scalar_cast(l, v, x->type);
            best = i ? pick(l, op, best, v) : v;
        }
        jit_lower_set_num(l, x, best);
        return;
    }
    const JitType *t;
    IrNode **p = jit_lower_unwrapped(l, c->arg[0], &t);
    Arr a;
    IrNode *n, *one = jit_lower_int(l, 1);
    if (t->kind == TK_ARRAY) {
        a = jit_array_of(l, t, p);
        n = a.shape[0];
    } else {
        n = jit_lower_range_count(l, p);
    }
    jit_lower_check(l, OP2(GE, n, one), ERR_EMPTY_ARG, name, NULL, NULL, NULL);
    best = t->kind == TK_ARRAY ? jit_array_item(l, &a, jit_lower_int(l, 0))
                               : (Num){x->type, p[0], NULL};
    Loop loop;
    jit_lower_loop(l, &loop, OP2(SUB, n, one), 1, &best.re);
    IrNode *i = jit_lower_nsw(l, OP_ADD, loop.i, one);
    Num v = t->kind == TK_ARRAY
                ? jit_array_item(l, &a, i)
                : (Num){x->type, jit_lower_nsw(l, OP_ADD, p[0], jit_lower_nsw(l, OP_MUL, i, p[2])),
                        NULL};
    best.re = loop.carried[0];
    best = pick(l, op, best, v);
    jit_lower_loop_end(l, &loop, &best.re);
    set1(l, x, loop.carried[0]);
}

static IrNode *toint(Lower *l, IrNode *v)
{
    return jit_lower_raising(l, jit_lower_op1(l, OP_TOINT, M_I64, v));
}

static void call_round(Lower *l, const IrNode *x, const BoundCall *c)
{
    Num v = jit_lower_num(l, c->arg[0]);
    if (jit_type_is_integer(v.type)) {
        jit_lower_set_num(l, x, jit_scalar_cast(l, v, x->type));
    } else if (x->type->kind == TK_INT) {
        set1(l, x, toint(l, OP1(RINT, v.re)));
    } else {
        IrNode *args[] = {jit_lower_conv(l, v.re, M_F64),
                          jit_scalar_int(l, jit_lower_num(l, c->arg[1]))};
        set1(l, x, jit_lower_conv(l, jit_lower_rt(l, RT_ROUND_DIGITS, 2, args), (MType)v.re->mt));
    }
}

/* Code points of UTF-8. */
static int64_t text_length(const char *s)
{
    int64_t n = 0;
    for (; *s; s++) n += (*s & 0xc0) != 0x80;
    return n;
}

static void call_len(Lower *l, const IrNode *x, const BoundCall *c)
{
    const JitType *t;
    IrNode **p = jit_lower_unwrapped(l, c->arg[0], &t);
    IrNode *n;
    if (t->kind == TK_ARRAY || t->kind == TK_RECORDS)
        n = p[2];
    else if (t->kind == TK_RANGE)
        n = jit_lower_range_count(l, p);
    else if (t->kind == TK_STR)
        n = jit_lower_int(l, text_length(t->name));
    else if (jit_infer_container_word(t))
        n = jit_container_length(l, p[0]);
    else
        n = jit_lower_int(l, t->n);
    set1(l, x, n);
}

static void call_int(Lower *l, const IrNode *x, const BoundCall *c)
{
    if (!c->arg[0]) {
        set1(l, x, jit_lower_int(l, 0));
        return;
    }
    if (jit_infer_is_text(c->arg[0]->type)) {
        jit_container_text_number(l, x, c->arg[0]);
        return;
    }
    Num v = jit_lower_num(l, c->arg[0]);
    set1(l, x, jit_mtype_is_float((MType)v.re->mt) ? toint(l, v.re) : jit_scalar_int(l, v));
}

static void call_float(Lower *l, const IrNode *x, const BoundCall *c)
{
    const IrNode *a = c->arg[0];
    if (a && jit_infer_is_text(a->type)) {
        jit_container_text_number(l, x, a);
        return;
    }
    set1(l, x, a ? as_float(l, a) : float_of(l, 0));
}

static void call_complex(Lower *l, const IrNode *x, const BoundCall *c)
{
    Num r = {x->type, float_of(l, 0), float_of(l, 0)};
    if (c->arg[0]) r = jit_scalar_cast(l, jit_lower_num(l, c->arg[0]), x->type);
    if (c->arg[1]) {
        Num b = jit_scalar_cast(l, jit_lower_num(l, c->arg[1]), x->type);
        bool plain = !jit_type_is_complex(c->arg[1]->type) && !jit_type_is_complex(c->arg[0]->type);
        r.re = plain ? r.re : OP2(SUB, r.re, b.im);
        r.im = plain ? b.re : OP2(ADD, r.im, b.re);
    }
    jit_lower_set_num(l, x, r);
}

static void call_bool(Lower *l, const IrNode *x, const BoundCall *c)
{
    const IrNode *a = c->arg[0];
    IrNode *r;
    if (!a)
        r = jit_ir_int(l->f, l->cur, M_I1, 0);
    else if (jit_type_is_numeric(a->type))
        r = jit_scalar_truth(l, jit_lower_num(l, a));
    else if (jit_infer_container_word(a->type) && a->type->kind != TK_STR)
        r = OP2(NE, jit_container_length(l, jit_lower_parts(l, a)[0]), jit_lower_int(l, 0));
    else
        r = jit_ir_int(l->f, l->cur, M_I1,
                       a->type->kind == TK_TUPLE ? a->type->n != 0
                       : a->type->kind == TK_STR ? *a->type->name != 0
                                                 : a->type->kind != TK_NONE);
    set1(l, x, r);
}

static void call_divmod(Lower *l, const IrNode *x, const BoundCall *c)
{
    Num a = jit_lower_num(l, c->arg[0]), b = jit_lower_num(l, c->arg[1]);
    IrNode *both[] = {jit_scalar_binary(l, OPER_FLOORDIV, a, b, x->type->elem[0]).re,
                      jit_scalar_binary(l, OPER_MOD, a, b, x->type->elem[1]).re};
    jit_lower_set(l, x, 2, both);
}

static void call_sum(Lower *l, const IrNode *x, const BoundCall *c)
{
    const JitType *t, *r = x->type;
    IrNode **p = jit_lower_unwrapped(l, c->arg[0], &t);
    Num acc = {simple(TK_INT), jit_lower_int(l, 0), NULL};
    if (c->arg[1]) acc = jit_lower_num(l, c->arg[1]);
    acc = jit_scalar_cast(l, acc, r);
    if (t->kind == TK_TUPLE) {
        for (uint32_t i = 0; i < t->n; i++)
            acc = jit_scalar_binary(l, OPER_ADD, acc,
                                    jit_lower_num_of(t->elem[i], p + jit_type_part_of(t, i)), r);
        jit_lower_set_num(l, x, acc);
        return;
    }
    Arr a;
    if (t->kind == TK_ARRAY) a = jit_array_of(l, t, p);
    IrNode *init[] = {acc.re, acc.im};
    Loop loop;
    jit_lower_loop(l, &loop, t->kind == TK_ARRAY ? a.shape[0] : jit_lower_range_count(l, p),
                   acc.im ? 2 : 1, init);
    Num v =
        t->kind == TK_ARRAY
            ? jit_array_item(l, &a, loop.i)
            : (Num){simple(TK_INT),
                    jit_lower_nsw(l, OP_ADD, p[0], jit_lower_nsw(l, OP_MUL, loop.i, p[2])), NULL};
    Num now = {r, loop.carried[0], acc.im ? loop.carried[1] : NULL};
    now = jit_scalar_binary(l, OPER_ADD, now, v, r);
    IrNode *next[] = {now.re, now.im};
    jit_lower_loop_end(l, &loop, next);
    jit_lower_set(l, x, acc.im ? 2 : 1, loop.carried);
}

static void call_progress(Lower *l, const IrNode *x, const BoundCall *c)
{
    jit_lower_set(l, x, 3, jit_lower_parts(l, c->arg[0]));
}

static void call_threads(Lower *l, const IrNode *x, const BoundCall *c)
{
    IrNode *v = jit_lower_rt(l, c->fn->aux ? RT_THREADID : RT_THREADS, 0, NULL);
    jit_lower_set(l, x, 1, &v);
}

static void call_range(Lower *l, const IrNode *x, const BoundCall *c)
{
    IrNode *v[3] = {NULL}, *out[3];
    for (uint32_t i = 0; i < c->n; i++) v[i] = jit_scalar_int(l, jit_lower_num(l, c->arg[i]));
    out[0] = c->n == 1 ? jit_lower_int(l, 0) : v[0];
    out[1] = c->n == 1 ? v[0] : v[1];
    out[2] = c->n == 3 ? v[2] : jit_lower_int(l, 1);
    if (c->n == 3 && (v[2]->op != OP_CONST || v[2]->imm.i == 0))
        check(l, OP2(NE, v[2], jit_lower_int(l, 0)), ERR_RANGE_STEP);
    jit_lower_set(l, x, 3, out);
}

static void call_iterable(Lower *l, const IrNode *x, const BoundCall *c)
{
    IrNode **out = jit_ir_alloc(l->m, (x->type->nparts + 1) * sizeof *out);
    uint32_t at = 0;
    bool count = c->fn->rule == RULE_enumerate;
    if (count)
        out[at++] =
            c->arg[1] ? jit_scalar_int(l, jit_lower_num(l, c->arg[1])) : jit_lower_int(l, 0);
    for (uint32_t i = 0; i < (count ? 1 : c->n); i++) {
        const JitType *t;
        IrNode **p = jit_lower_unwrapped(l, c->arg[i], &t);
        jit_lower_copy(out + at, p, t->nparts);
        at += t->nparts;
    }
    jit_lower_set(l, x, at, out);
}

static void print_char(Lower *l, int ch)
{
    IrNode *v = jit_lower_int(l, ch);
    jit_lower_rt(l, RT_PRINT_CHAR, 1, &v);
}

static void print_text(Lower *l, const char *s)
{
    for (; *s; s++) print_char(l, (unsigned char)*s);
}

static void print_value(Lower *l, const JitType *t, IrNode *const *p, bool quoted)
{
    IrNode *v = t->nparts ? p[0] : NULL;
    if (t->kind == TK_TUPLE) {
        print_char(l, '(');
        for (uint32_t i = 0; i < t->n; i++) {
            print_text(l, i ? ", " : "");
            print_value(l, t->elem[i], p + jit_type_part_of(t, i), true);
        }
        print_text(l, t->n == 1 ? ",)" : ")");
    } else if (t->kind == TK_TEXT) {
        jit_lower_rt(l, quoted ? RT_PRINT_REPR : RT_PRINT_TEXT, 1, &v);
    } else if (t->kind == TK_STR) {
        print_text(l, quoted ? "'" : "");
        print_text(l, t->name);
        print_text(l, quoted ? "'" : "");
    } else if (t->kind == TK_NONE) {
        print_text(l, "None");
    } else if (jit_type_is_complex(t)) {
        IrNode *both[] = {jit_lower_conv(l, p[0], M_F64), jit_lower_conv(l, p[1], M_F64)};
        jit_lower_rt(l, RT_PRINT_COMPLEX, 2, both);
    } else if (v->mt == M_I1) {
        jit_lower_rt(l, RT_PRINT_BOOL, 1, &v);
    } else if (jit_mtype_is_float((MType)v->mt)) {
        jit_lower_rt(l, v->mt == M_F32 ? RT_PRINT_FLOAT32 : RT_PRINT_FLOAT, 1, &v);
    } else {
        IrNode *wide = jit_lower_conv(l, v, M_I64);
        jit_lower_rt(l, v->mt == M_U64 ? RT_PRINT_UINT : RT_PRINT_INT, 1, &wide);
    }
}

static void call_print(Lower *l, const IrNode *x, const BoundCall *c)
{
    for (uint32_t i = 0; i < c->n; i++) {
        if (i) print_char(l, ' ');
        print_value(l, c->arg[i]->type, jit_lower_parts(l, c->arg[i]), false);
    }
    jit_lower_rt(l, RT_PRINT_END, 0, NULL);
    jit_lower_set(l, x, 0, NULL);
}

static void call_slice(Lower *l, const IrNode *x, const BoundCall *c)
{
    IrNode *out[3];
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->n; i++)
        if (c->arg[i]->type->kind != TK_NONE)
            out[n++] = jit_scalar_int(l, jit_lower_num(l, c->arg[i]));
    jit_lower_set(l, x, n, out);
}

/* ---- math ---- */

static IrNode *math_fn(Lower *l, IrMath fn, IrNode *a, IrNode *b)
{
    IrNode *r = b ? OP2(MATH2, a, b) : OP1(MATH1, a);
    r->sub = (uint8_t)fn;
    return r;
}

static bool never_fails(IrMath fn)
{
    return fn == MATH_ASINH || fn == MATH_ATAN || fn == MATH_TANH || fn == MATH_ERF ||
           fn == MATH_ERFC || fn == MATH_CBRT;
}

static bool can_overflow(IrMath fn)
{
    return fn == MATH_EXP || fn == MATH_EXP2 || fn == MATH_EXPM1 || fn == MATH_SINH ||
           fn == MATH_COSH;
}

/* Where functions fail that fail for some arguments only, as a condition on the argument, so that it is known before the
 * function is computed and asked for many arguments at once (speculate.c). NULL: by the result. */
static IrNode *in_domain(Lower *l, IrMath fn, IrNode *v)
{
    IrNode *size = OP1(ABS, v), *one = float_of(l, 1);
    switch (fn) {
    case MATH_SIN:
    case MATH_COS:
    case MATH_TAN: return OP2(NE, size, float_of(l, (double)INFINITY));
    case MATH_ASIN:
    case MATH_ACOS: return OP2(LE, size, one);
    case MATH_ACOSH: return OP2(GE, v, one);
    case MATH_ATANH: return OP2(LT, size, one);
    case MATH_LOG1P: return OP2(GT, v, float_of(l, -1));
    default: return NULL;
    }
}

/* No result overflows up to here. */
static double overflows_above(IrMath fn) { return fn == MATH_EXP2 ? 1023 : 709; }

static void call_math(Lower *l, const IrNode *x, const BoundCall *c)
{
    IrMath fn = (IrMath)c->fn->aux;
    IrNode *v = as_float(l, c->arg[0]), *r = math_fn(l, fn, v, NULL);
    if (fn == MATH_TGAMMA || fn == MATH_LGAMMA) { /* poles at 0 and the negative integers */
        IrNode *zero = float_of(l, 0),
               *pole = OP2(AND, OP2(LE, v, zero), OP2(EQ, OP1(FLOOR, v), v));
        if (fn == MATH_TGAMMA)
            check(l, not_of(l, pole), ERR_MATH_DOMAIN);
        else
            check(l, not_of(l, OP2(AND, pole, is_finite(l, v))), ERR_MATH_DOMAIN);
        check(l, OP2(OR, OP2(OR, is_finite(l, r), is_nan(l, r)), not_of(l, is_finite(l, v))),
              ERR_MATH_RANGE);
    } else if (can_overflow(fn)) {
        IrNode *size = fn == MATH_SINH || fn == MATH_COSH ? OP1(ABS, v) : v;
        IrNode *low = OP2(LE, size, float_of(l, overflows_above(fn)));
        IrNode *fine = OP2(OR, OP2(OR, is_finite(l, r), is_nan(l, r)), not_of(l, is_finite(l, v)));
        check(l, OP2(OR, low, fine), ERR_MATH_RANGE);
    } else if (!never_fails(fn)) {
        IrNode *domain = in_domain(l, fn, v);
        check(l, OP2(OR, domain ? domain : OP2(EQ, r, r), is_nan(l, v)), ERR_MATH_DOMAIN);
    }
    set1(l, x, r);
}

static IrNode *positive_log(Lower *l, IrMath fn, IrNode *v)
{
    check(l, OP2(OR, OP2(GT, v, float_of(l, 0)), is_nan(l, v)), ERR_MATH_DOMAIN);
    return math_fn(l, fn, v, NULL);
}

static void call_log(Lower *l, const IrNode *x, const BoundCall *c)
{
    IrNode *r = positive_log(l, (IrMath)c->fn->aux, as_float(l, c->arg[0]));
    if (c->arg[1]) {
        IrNode *base = positive_log(l, MATH_LOG, as_float(l, c->arg[1]));
        check(l, OP2(NE, base, float_of(l, 0)), ERR_ZERO_FLOATDIV);
        r = OP2(DIV, r, base);
    }
    set1(l, x, r);
}

static void call_math2(Lower *l, const IrNode *x, const BoundCall *c)
{
    IrMath fn = (IrMath)c->fn->aux;
    IrNode *a = as_float(l, c->arg[0]), *b = as_float(l, c->arg[1]), *r = math_fn(l, fn, a, b);
    if (fn != MATH_ATAN2 && fn != MATH_NEXTAFTER) {
        IrNode *nan = OP2(OR, is_nan(l, a), is_nan(l, b));
        check(l, OP2(OR, OP2(EQ, r, r), nan), ERR_MATH_DOMAIN);
        IrNode *both = OP2(AND, is_finite(l, a), is_finite(l, b));
        IrNode *ok = OP2(OR, OP2(OR, is_finite(l, r), is_nan(l, r)), not_of(l, both));
        if (fn == MATH_POW) {
            check(l, OP2(OR, ok, OP2(NE, a, float_of(l, 0))), ERR_MATH_DOMAIN);
            check(l, ok, ERR_MATH_RANGE);
        } else if (fn == MATH_HYPOT) {
            check(l, ok, ERR_MATH_RANGE);
        }
    }
    set1(l, x, r);
}

static void call_mathop(Lower *l, const IrNode *x, const BoundCall *c)
{
    IrNode *a = as_float(l, c->arg[0]);
    set1(l, x,
         c->arg[1] ? jit_lower_op2(l, (IrOp)c->fn->aux, a, as_float(l, c->arg[1]))
                   : jit_lower_op1(l, (IrOp)c->fn->aux, M_VOID, a));
}

static void call_mathsqrt(Lower *l, const IrNode *x, const BoundCall *c)
{
    IrNode *v = as_float(l, c->arg[0]);
    check(l, OP2(OR, OP2(GE, v, float_of(l, 0)), is_nan(l, v)), ERR_MATH_DOMAIN);
    set1(l, x, OP1(SQRT, v));
}

static void call_mathint(Lower *l, const IrNode *x, const BoundCall *c)
{
    Num v = jit_lower_num(l, c->arg[0]);
    if (jit_type_is_integer(v.type))
        set1(l, x, jit_scalar_int(l, v));
    else
        set1(l, x, toint(l, jit_lower_op1(l, (IrOp)c->fn->aux, M_VOID, v.re)));
}

static void call_mathtest(Lower *l, const IrNode *x, const BoundCall *c)
{
    Num v = jit_lower_num(l, c->arg[0]);
    set1(l, x, jit_elem_scalar_op(l, (ElemOp)c->fn->aux, &v, 1, jit_type_scalar(DT_BOOL)).re);
}

static void call_mathscale(Lower *l, const IrNode *x, const BoundCall *c)
{
    double k = c->fn->aux ? M_PI / 180.0 : 180.0 / M_PI;
    set1(l, x, OP2(MUL, as_float(l, c->arg[0]), float_of(l, k)));
}

static void call_gcd(Lower *l, const IrNode *x, const BoundCall *c)
{
    IrNode *args[] = {jit_scalar_int(l, jit_lower_num(l, c->arg[0])),
                      jit_scalar_int(l, jit_lower_num(l, c->arg[1]))};
    set1(l, x, jit_lower_rt(l, RT_GCD, 2, args));
}

static void call_ldexp(Lower *l, const IrNode *x, const BoundCall *c)
{
    IrNode *args[] = {as_float(l, c->arg[0]), jit_scalar_int(l, jit_lower_num(l, c->arg[1]))};
    IrNode *r = jit_lower_rt(l, RT_LDEXP, 2, args);
    check(l, OP2(OR, is_finite(l, r), not_of(l, is_finite(l, args[0]))), ERR_MATH_RANGE);
    set1(l, x, r);
}

static void call_frexp(Lower *l, const IrNode *x, const BoundCall *c)
{
    IrNode *slot = jit_ir_op0(l->f, l->cur, OP_STACK, M_VOID);
    slot->imm.i = 1;
    IrNode *args[] = {as_float(l, c->arg[0]), slot}, *out[2];
    out[0] = jit_lower_rt(l, RT_FREXP, 2, args);
    out[1] = jit_lower_load(l, M_I64, slot, jit_lower_int(l, 0));
    jit_lower_set(l, x, 2, out);
}

static void call_modf(Lower *l, const IrNode *x, const BoundCall *c)
{
    IrNode *v = as_float(l, c->arg[0]), *whole = OP1(TRUNC, v), *zero = float_of(l, 0);
    IrNode *part = jit_lower_select(l, is_finite(l, v), OP2(SUB, v, whole), zero);
    part = jit_lower_select(l, is_nan(l, v), v, part);
    IrNode *out[] = {OP2(COPYSIGN, part, v), whole};
    jit_lower_set(l, x, 2, out);
}

/* ---- NumPy scalars and ufuncs ---- */

static void call_scalar(Lower *l, const IrNode *x, const BoundCall *c)
{
    if (x->type->kind == TK_ARRAY) {
        ElemExpr *e = jit_elem_expr(l, c->arg[0]);
        Arr r = jit_elem_expr_array_new(
            l, jit_elem_expr_op(l, ELEM_CAST, jit_elem_scalar(x->type), 1, &e), x->type);
        jit_array_set(l, x, &r);
        return;
    }
    MType m = jit_type_machine(x->type);
    Num v = {x->type, jit_lower_const(l, m, 0),
             jit_type_is_complex(x->type) ? jit_lower_const(l, m, 0) : NULL};
    if (c->arg[0]) v = jit_scalar_cast(l, jit_lower_num(l, c->arg[0]), x->type);
    jit_lower_set_num(l, x, v);
}

static void call_elem(Lower *l, const IrNode *x, const BoundCall *c)
{
    if (x->type->kind == TK_ARRAY) {
        Arr r = jit_elem_expr_array_new(l, jit_elem_expr_root(l, x), x->type);
        jit_array_set(l, x, &r);
        return;
    }
    ElemOp op = (ElemOp)c->fn->aux;
    Num args[3];
    for (uint32_t i = 0; i < jit_elem_infos[op].nargs; i++) args[i] = jit_lower_num(l, c->arg[i]);
    jit_lower_set_num(l, x, jit_elem_scalar_op(l, op, args, jit_elem_infos[op].nargs, x->type));
}

static void call_conjugate(Lower *l, const IrNode *x, const BoundCall *c)
{
    Num v = jit_lower_num(l, c->arg[0]);
    if (v.im) v.im = OP1(NEG, v.im);
    jit_lower_set_num(l, x, v);
}

static void call_binary(Lower *l, const IrNode *x, const BoundCall *c)
{
    Num a = jit_lower_num(l, c->arg[0]), b = jit_lower_num(l, c->arg[1]);
    jit_lower_set_num(l, x, jit_scalar_binary(l, (IrOperator)c->fn->aux, a, b, x->type));
}

static void call_tuple(Lower *l, const IrNode *x, const BoundCall *c)
{
    jit_lower_set(l, x, x->type->nparts, c->arg[0] ? jit_lower_parts(l, c->arg[0]) : NULL);
}

typedef void (*Lowering)(Lower *l, const IrNode *x, const BoundCall *c);

static const Lowering lowerings[RULE_COUNT] = {
    [RULE_abs] = call_abs,
    [RULE_minmax] = call_minmax,
    [RULE_round] = call_round,
    [RULE_len] = call_len,
    [RULE_int] = call_int,
    [RULE_float] = call_float,
    [RULE_complex] = call_complex,
    [RULE_bool] = call_bool,
    [RULE_divmod] = call_divmod,
    [RULE_binary] = call_binary,
    [RULE_sum] = call_sum,
    [RULE_range] = call_range,
    [RULE_progress] = call_progress,
    [RULE_threads] = call_threads,
    [RULE_enumerate] = call_iterable,
    [RULE_zip] = call_iterable,
    [RULE_print] = call_print,
    [RULE_tuple] = call_tuple,
    [RULE_slice] = call_slice,
    [RULE_math] = call_math,
    [RULE_log] = call_log,
    [RULE_math2] = call_math2,
    [RULE_mathop] = call_mathop,
    [RULE_mathsqrt] = call_mathsqrt,
    [RULE_mathint] = call_mathint,
    [RULE_mathtest] = call_mathtest,
    [RULE_mathscale] = call_mathscale,
    [RULE_gcd] = call_gcd,
    [RULE_ldexp] = call_ldexp,
    [RULE_frexp] = call_frexp,
    [RULE_modf] = call_modf,
    [RULE_scalar] = call_scalar,
    [RULE_elem] = call_elem,
    [RULE_conjugate] = call_conjugate,
    [RULE_container] = jit_container_call,
    [RULE_library] = jit_library_lower,
    [RULE_astype] = NULL,
};

void jit_call_lower(Lower *l, const IrNode *x)
{
    BoundCall c;
    if (x->args[0]->type->kind == TK_EXC) { /* an exception instance: read by its raise */
        jit_lower_set(l, x, 0, NULL);
        return;
    }
    if (!jit_functions_bind(x, &c)) abort();
    if (x->type->kind == TK_RECORDS || (c.arg[0] && c.arg[0]->type->kind == TK_RECORDS && c.fn->rule == RULE_copy)) {
        jit_record_make(l, x, &c);
        return;
    }
    if (c.fn->rule != RULE_container && jit_make_call(l, x, &c)) return;
    if (c.fn->rule == RULE_astype) {
        Arr r = jit_elem_expr_array_new(l, jit_elem_expr_root(l, x), x->type);
        jit_array_set(l, x, &r);
        return;
    }
    lowerings[c.fn->rule](l, x, &c);
}
