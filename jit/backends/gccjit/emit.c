/* Lowered IR to libgccjit's statements, node by node.
 *
 * libgccjit has no phis and no conditional expression: values are variables of the function, one a
 * node, assigned once where the node stands; a block parameter is a variable that every edge
 * assigns, and a choice is a branch around an assignment. gcc makes SSA of it again.
 *
 * Each function becomes a static function of natural parameters that returns
 * struct { int status; results... } and an exported wrapper of the kernel ABI. A raising node
 * becomes a branch to a cold block that stores the error's site and values and goes on to the
 * node's exit edge, or returns status 1.
 *
 * Integers that wrap are computed in the unsigned type; where a pass has proved that they do not,
 * in the signed one, which tells gcc. What else must hold (no contraction, no reordering, no
 * aliasing by type) are options, see gccjit.c.
 */
#include "jit/backends/gccjit/emit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- values ---- */

Rvalue jit_gccjit_number(Emit *e, gcc_jit_type *type, int64_t value)
{
    return gcc_jit_context_new_rvalue_from_long(e->cx, type, value);
}

Rvalue jit_gccjit_binary(Emit *e, enum gcc_jit_binary_op op, gcc_jit_type *type, Rvalue a, Rvalue b)
{
    return gcc_jit_context_new_binary_op(e->cx, NULL, op, type, a, b);
}

Rvalue jit_gccjit_compare(Emit *e, enum gcc_jit_comparison op, Rvalue a, Rvalue b)
{
    return gcc_jit_context_new_comparison(e->cx, NULL, op, a, b);
}

Rvalue jit_gccjit_cast(Emit *e, Rvalue a, gcc_jit_type *type)
{
    return gcc_jit_context_new_cast(e->cx, NULL, a, type);
}

Rvalue jit_gccjit_bits(Emit *e, Rvalue a, gcc_jit_type *type)
{
    return gcc_jit_context_new_bitcast(e->cx, NULL, a, type);
}

gcc_jit_lvalue *jit_gccjit_local(Emit *e, gcc_jit_type *type)
{
    return gcc_jit_function_new_local(e->fn, NULL, type, "v");
}

Rvalue jit_gccjit_keep(Emit *e, gcc_jit_type *type, Rvalue value)
{
    gcc_jit_lvalue *v = jit_gccjit_local(e, type);
    gcc_jit_block_add_assignment(e->at, NULL, v, value);
    return gcc_jit_lvalue_as_rvalue(v);
}

Rvalue jit_gccjit_both(Emit *e, Rvalue a, Rvalue b)
{
    return jit_gccjit_binary(e, GCC_JIT_BINARY_OP_BITWISE_AND, e->types[M_I1], a, b);
}

Rvalue jit_gccjit_negate(Emit *e, Rvalue a)
{
    return gcc_jit_context_new_unary_op(e->cx, NULL, GCC_JIT_UNARY_OP_LOGICAL_NEGATE,
                                        e->types[M_I1], a);
}

static gcc_jit_block *new_block(Emit *e) { return gcc_jit_function_new_block(e->fn, NULL); }

Rvalue jit_gccjit_pick(Emit *e, gcc_jit_type *type, Rvalue condition, Rvalue a, Rvalue b)
{
    gcc_jit_lvalue *v = jit_gccjit_local(e, type);
    gcc_jit_block *yes = new_block(e), *after = new_block(e);
    gcc_jit_block_add_assignment(e->at, NULL, v, b);
    gcc_jit_block_end_with_conditional(e->at, NULL, condition, yes, after);
    gcc_jit_block_add_assignment(yes, NULL, v, a);
    gcc_jit_block_end_with_jump(yes, NULL, after);
    e->at = after;
    return gcc_jit_lvalue_as_rvalue(v);
}

/* The byte address base + offset, and the T there. */
static Rvalue address(Emit *e, Rvalue base, Rvalue offset)
{
    return gcc_jit_lvalue_get_address(gcc_jit_context_new_array_access(e->cx, NULL, base, offset),
                                      NULL);
}

static gcc_jit_lvalue *memory(Emit *e, gcc_jit_type *type, Rvalue base, Rvalue offset)
{
    Rvalue p = jit_gccjit_cast(e, address(e, base, offset), gcc_jit_type_get_pointer(type));
    return gcc_jit_rvalue_dereference(p, NULL);
}

static gcc_jit_lvalue *memory_at(Emit *e, gcc_jit_type *type, Rvalue base, int64_t offset)
{
    return memory(e, type, base, jit_gccjit_number(e, e->types[M_I64], offset));
}

/* ---- functions outside ---- */

gcc_jit_function *jit_gccjit_import(Emit *e, const char *name, gcc_jit_type *result,
                                    gcc_jit_type **params, uint32_t n)
{
    for (uint32_t i = 0; i < e->nimported; i++)
        if (!strcmp(e->imported[i].name, name)) return e->imported[i].fn;
    gcc_jit_param *list[16];
    for (uint32_t i = 0; i < n && i < 16; i++)
        list[i] = gcc_jit_context_new_param(e->cx, NULL, params[i], "p");
    gcc_jit_function *fn = gcc_jit_context_new_function(e->cx, NULL, GCC_JIT_FUNCTION_IMPORTED,
                                                        result, name, (int)n, list, 0);
    if (e->nimported == sizeof e->imported / sizeof *e->imported) abort();
    char *kept = jit_ir_alloc(e->m, strlen(name) + 1);
    e->imported[e->nimported].name = strcpy(kept, name);
    e->imported[e->nimported++].fn = fn;
    return fn;
}

Rvalue jit_gccjit_builtin(Emit *e, const char *name, Rvalue *args, uint32_t n)
{
    gcc_jit_function *fn = gcc_jit_context_get_builtin_function(e->cx, name);
    return gcc_jit_context_new_call(e->cx, NULL, fn, (int)n, args);
}

Rvalue jit_gccjit_call_rt(Emit *e, IrRt rt, Rvalue *args)
{
    const IrRtInfo *info = &jit_ir_rts[rt];
    gcc_jit_type *params[16];
    uint32_t n = 0;
    for (const char *p = info->params; *p; p++) params[n++] = e->types[jit_ir_rt_machine(*p)];
    gcc_jit_type *result =
        e->types[info->result == 'v' ? M_VOID : (int)jit_ir_rt_machine(info->result)];
    gcc_jit_function *fn = jit_gccjit_import(e, info->symbol, result, params, n);
    return gcc_jit_context_new_call(e->cx, NULL, fn, (int)n, args);
}

/* ---- edges and errors ---- */

/* Assigns the target's parameters and jumps. The values go through copies if an assignment would
 * overwrite one that a later assignment reads. */
static void jump(Emit *e, const IrEdge *edge)
{
    bool crossing = false;
    for (uint32_t i = 0; i < edge->n; i++)
        crossing |= edge->args[i]->op == OP_PARAM && edge->args[i]->block == edge->to &&
                    edge->args[i] != edge->to->params[i];
    Rvalue *copies = calloc(edge->n + 1, sizeof *copies);
    for (uint32_t i = 0; i < edge->n; i++) {
        Rvalue v = V(e, edge->args[i]);
        copies[i] = crossing ? jit_gccjit_keep(e, e->types[edge->args[i]->mt], v) : v;
    }
    for (uint32_t i = 0; i < edge->n; i++)
        if (edge->args[i] != edge->to->params[i])
            gcc_jit_block_add_assignment(e->at, NULL, e->slots[edge->to->params[i]->id], copies[i]);
    gcc_jit_block_end_with_jump(e->at, NULL, e->starts[edge->to->id]);
    free(copies);
}

/* The block that takes an edge: the target itself if there is nothing to assign. */
static gcc_jit_block *edge_block(Emit *e, const IrEdge *edge)
{
    if (!edge->n) return e->starts[edge->to->id];
    gcc_jit_block *here = e->at, *block = e->at = new_block(e);
    jump(e, edge);
    e->at = here;
    return block;
}

static void go_exit(Emit *e, const IrNode *x)
{
    if (x->exit)
        jump(e, x->exit);
    else
        gcc_jit_block_end_with_jump(e->at, NULL, e->fail);
}

static Rvalue likely(Emit *e, Rvalue condition)
{
    gcc_jit_type *word = e->types[M_I64];
    Rvalue args[] = {jit_gccjit_cast(e, condition, word), gcc_jit_context_one(e->cx, word)};
    return jit_gccjit_compare(e, GCC_JIT_COMPARISON_NE,
                              gcc_jit_context_new_call(e->cx, NULL, e->expect, 2, args),
                              gcc_jit_context_zero(e->cx, word));
}

gcc_jit_block *jit_gccjit_branch_unless(Emit *e, Rvalue ok)
{
    gcc_jit_block *good = new_block(e), *cold = new_block(e);
    gcc_jit_block_end_with_conditional(e->at, NULL, likely(e, ok), good, cold);
    e->at = cold;
    return good;
}

/* The address of a constant that holds the site and, behind it, its text. */
Rvalue jit_gccjit_site(Emit *e, const IrNode *x, IrErr err, const char *text)
{
    char name[32];
    size_t length = text && *text ? strlen(text) + 1 : 0;
    size_t words = (sizeof(KernelSite) + length + 3) / 4;
    int32_t *blob = calloc(words, 4);
    if (!blob) abort();
    KernelSite site = {(uint32_t)err,   x->pos.line,    x->pos.col,
                       x->pos.end_line, x->pos.end_col, length ? (int32_t)sizeof(KernelSite) : 0};
    memcpy(blob, &site, sizeof site);
    if (length) memcpy((char *)blob + sizeof site, text, length);
    snprintf(name, sizeof name, "site_%u", e->nsites++);
    gcc_jit_type *word = gcc_jit_type_get_const(e->types[M_I32]);
    gcc_jit_type *type = gcc_jit_context_new_array_type(e->cx, NULL, word, (int)words);
    gcc_jit_lvalue *global =
        gcc_jit_context_new_global(e->cx, NULL, GCC_JIT_GLOBAL_INTERNAL, type, name);
    gcc_jit_global_set_initializer(global, blob, words * 4);
    free(blob);
    return jit_gccjit_cast(e, gcc_jit_lvalue_get_address(global, NULL), e->bytes);
}

/* In a cold block: fills the error and leaves. */
void jit_gccjit_store_error(Emit *e, const IrNode *x, Rvalue site, const Rvalue *args, uint32_t n)
{
    gcc_jit_block_add_assignment(e->at, NULL, memory_at(e, e->bytes, e->error, 0), site);
    for (uint32_t i = 0; i < n && i < KERNEL_ERROR_ARGS; i++) {
        gcc_jit_lvalue *to =
            memory_at(e, e->types[M_I64], e->error, (int64_t)(offsetof(KernelError, args) + 8 * i));
        gcc_jit_block_add_assignment(e->at, NULL, to, jit_gccjit_cast(e, args[i], e->types[M_I64]));
    }
    go_exit(e, x);
}

/* Goes on when `ok`, else raises err with values. */
void jit_gccjit_raise_unless(Emit *e, const IrNode *x, Rvalue ok, IrErr err, const Rvalue *args,
                             uint32_t n)
{
    gcc_jit_block *good = jit_gccjit_branch_unless(e, ok);
    jit_gccjit_store_error(e, x, jit_gccjit_site(e, x, err, x->text), args, n);
    e->at = good;
}

/* Values of an error are 64-bit words whatever their type. */
static Rvalue word_of(Emit *e, const IrNode *x)
{
    MType m = (MType)x->mt;
    if (m == M_PTR || m == M_OWN || m == M_F64) return jit_gccjit_bits(e, V(e, x), e->types[M_I64]);
    if (m == M_F32)
        return jit_gccjit_cast(e, jit_gccjit_bits(e, V(e, x), e->types[M_U32]), e->types[M_I64]);
    return jit_gccjit_cast(e, V(e, x), e->types[M_I64]);
}

static void check(Emit *e, const IrNode *x)
{
    Rvalue args[KERNEL_ERROR_ARGS];
    uint32_t n = 0, skip = x->op == OP_CHECK;
    for (uint32_t i = skip; i < x->n && n < KERNEL_ERROR_ARGS; i++)
        args[n++] = word_of(e, x->args[i]);
    if (skip)
        jit_gccjit_raise_unless(e, x, V(e, x->args[0]), (IrErr)x->sub, args, n);
    else
        jit_gccjit_store_error(e, x, jit_gccjit_site(e, x, (IrErr)x->sub, x->text), args, n);
}

/* ---- the other ops ---- */

static Rvalue wrapped(Emit *e, const IrNode *x)
{
    gcc_jit_type *word = e->types[M_I64];
    Rvalue i = V(e, x->args[0]), n = V(e, x->args[1]);
    if (x->flags & NODE_POS) return i;
    Rvalue negative =
        jit_gccjit_compare(e, GCC_JIT_COMPARISON_LT, i, gcc_jit_context_zero(e->cx, word));
    gcc_jit_type *wide = e->types[M_U64];
    Rvalue sum = jit_gccjit_binary(e, GCC_JIT_BINARY_OP_PLUS, wide, jit_gccjit_cast(e, i, wide),
                                   jit_gccjit_cast(e, n, wide));
    return jit_gccjit_pick(e, word, negative, jit_gccjit_cast(e, sum, word), i);
}

static Rvalue index_op(Emit *e, const IrNode *x)
{
    Rvalue r = wrapped(e, x), n = V(e, x->args[1]);
    if (x->op == OP_WRAP || x->flags & NODE_INRANGE) return r;
    gcc_jit_type *wide = e->types[M_U64];
    Rvalue args[] = {V(e, x->args[0]), n, jit_gccjit_number(e, e->types[M_I64], x->imm.i)};
    Rvalue ok = jit_gccjit_compare(e, GCC_JIT_COMPARISON_LT, jit_gccjit_cast(e, r, wide),
                                   jit_gccjit_cast(e, n, wide));
    jit_gccjit_raise_unless(e, x, ok, ERR_INDEX, args, 3);
    return r;
}

static Rvalue alloc(Emit *e, const IrNode *x)
{
    gcc_jit_type *params[] = {e->types[M_I64], e->types[M_I32]};
    gcc_jit_function *fn = jit_gccjit_import(e, "jit_rt_alloc", e->bytes, params, 2);
    Rvalue args[] = {V(e, x->args[0]), jit_gccjit_number(e, e->types[M_I32], x->imm.i)};
    Rvalue r = jit_gccjit_keep(e, e->bytes, gcc_jit_context_new_call(e->cx, NULL, fn, 2, args));
    Rvalue null = gcc_jit_context_null(e->cx, e->bytes);
    jit_gccjit_raise_unless(e, x, jit_gccjit_compare(e, GCC_JIT_COMPARISON_NE, r, null), ERR_MEMORY,
                            args, 1);
    return r;
}

static void count_op(Emit *e, const IrNode *x)
{
    const char *name = x->op == OP_RETAIN ? "jit_rt_retain" : "jit_rt_release";
    gcc_jit_function *fn = jit_gccjit_import(e, name, e->types[M_VOID], &e->bytes, 1);
    Rvalue owner = V(e, x->args[0]);
    gcc_jit_block_add_eval(e->at, NULL, gcc_jit_context_new_call(e->cx, NULL, fn, 1, &owner));
}

/* Bools are bytes in memory, any that is not 0 is true. */
static Rvalue load(Emit *e, const IrNode *x)
{
    MType m = x->mt == M_I1 ? M_U8 : (MType)x->mt;
    Rvalue v = gcc_jit_lvalue_as_rvalue(memory(e, e->types[m], V(e, x->args[0]), V(e, x->args[1])));
    return x->mt != M_I1 ? v
                         : jit_gccjit_compare(e, GCC_JIT_COMPARISON_NE, v,
                                              gcc_jit_context_zero(e->cx, e->types[M_U8]));
}

static void store(Emit *e, const IrNode *x)
{
    MType m = x->args[2]->mt == M_I1 ? M_U8 : (MType)x->args[2]->mt;
    Rvalue v = V(e, x->args[2]);
    if (m == M_U8) v = jit_gccjit_cast(e, v, e->types[m]);
    gcc_jit_block_add_assignment(e->at, NULL,
                                 memory(e, e->types[m], V(e, x->args[0]), V(e, x->args[1])), v);
}

static Rvalue math_op(Emit *e, const IrNode *x)
{
    char name[64];
    gcc_jit_type *type = e->types[x->mt], *params[] = {type, type};
    snprintf(name, sizeof name, "jit_%s%s", jit_ir_math_names[x->sub], x->mt == M_F32 ? "f" : "");
    gcc_jit_function *fn = jit_gccjit_import(e, name, type, params, x->n);
    Rvalue args[] = {V(e, x->args[0]), x->n > 1 ? V(e, x->args[1]) : NULL};
    return gcc_jit_context_new_call(e->cx, NULL, fn, (int)x->n, args);
}

static Rvalue stack(Emit *e, const IrNode *x)
{
    gcc_jit_type *area = gcc_jit_context_new_array_type(e->cx, NULL, e->types[M_I64],
                                                        x->imm.i > 2 ? (int)x->imm.i : 2);
    gcc_jit_lvalue *v = jit_gccjit_local(e, area);
    return jit_gccjit_cast(e, gcc_jit_lvalue_get_address(v, NULL), e->bytes);
}

static EmitFunc *find_func(Emit *e, const char *name)
{
    for (uint32_t i = 0; i < e->nfuncs; i++)
        if (!strcmp(e->funcs[i].f->name, name)) return &e->funcs[i];
    abort();
}

/* Tells the trail of the error (run/trail.h) that it passes a call of the user's. */
static void note_passed(Emit *e, const IrNode *x)
{
    if (x->op != OP_CALL || !x->pos.line || e->cur->f->library) return;
    gcc_jit_type *nothing = gcc_jit_context_get_type(e->cx, GCC_JIT_TYPE_VOID);
    gcc_jit_function *fn = jit_gccjit_import(e, "jit_rt_passed", nothing, &e->bytes, 1);
    Rvalue site = jit_gccjit_site(e, x, ERR_NONE, NULL);
    gcc_jit_block_add_eval(e->at, NULL, gcc_jit_context_new_call(e->cx, NULL, fn, 1, &site));
}

/* The status of a callee that has filled the error already. */
static void leave_if_failed(Emit *e, const IrNode *x, Rvalue status)
{
    Rvalue zero = gcc_jit_context_zero(e->cx, e->status);
    gcc_jit_block *good =
        jit_gccjit_branch_unless(e, jit_gccjit_compare(e, GCC_JIT_COMPARISON_EQ, status, zero));
    note_passed(e, x);
    go_exit(e, x);
    e->at = good;
}

static void call(Emit *e, const IrNode *x)
{
    const EmitFunc *callee = find_func(e, x->text);
    Rvalue *args = calloc(x->n + 1, sizeof *args);
    if (!args) abort();
    args[0] = e->error;
    for (uint32_t i = 0; i < x->n; i++) args[i + 1] = V(e, x->args[i]);
    gcc_jit_lvalue *r = jit_gccjit_local(e, gcc_jit_struct_as_type(callee->result));
    gcc_jit_block_add_assignment(
        e->at, NULL, r, gcc_jit_context_new_call(e->cx, NULL, callee->inner, (int)x->n + 1, args));
    e->slots[x->id] = r;
    leave_if_failed(
        e, x, gcc_jit_lvalue_as_rvalue(gcc_jit_lvalue_access_field(r, NULL, callee->fields[0])));
    free(args);
}

static Rvalue proj(Emit *e, const IrNode *x)
{
    const EmitFunc *callee = find_func(e, x->args[0]->text);
    return gcc_jit_lvalue_as_rvalue(
        gcc_jit_lvalue_access_field(e->slots[x->args[0]->id], NULL, callee->fields[x->imm.i + 1]));
}

static void parfor(Emit *e, const IrNode *x)
{
    gcc_jit_type *p = e->bytes, *n = e->types[M_I64], *params[] = {p, n, p, n, p, n, p};
    gcc_jit_function *fn = jit_gccjit_import(e, "jit_rt_parfor", e->status, params, 7);
    Rvalue args[7] = {jit_gccjit_bits(
        e, gcc_jit_function_get_address(find_func(e, x->text)->entry, NULL), e->bytes)};
    for (uint32_t i = 0; i < 5; i++) args[i + 1] = V(e, x->args[i]);
    args[6] = e->error;
    leave_if_failed(
        e, x, jit_gccjit_keep(e, e->status, gcc_jit_context_new_call(e->cx, NULL, fn, 7, args)));
}

static Rvalue constant(Emit *e, const IrNode *x)
{
    MType m = (MType)x->mt;
    if (m == M_PTR || m == M_OWN)
        return gcc_jit_context_new_rvalue_from_ptr(e->cx, e->bytes, (void *)(intptr_t)x->imm.i);
    if (m == M_I1) return gcc_jit_context_new_rvalue_from_int(e->cx, e->types[m], x->imm.i & 1);
    if (!jit_mtype_is_float(m)) return jit_gccjit_number(e, e->types[m], x->imm.i);
    double value = m == M_F32 ? (double)(float)x->imm.f : x->imm.f;
    if (value - value == 0)
        return gcc_jit_context_new_rvalue_from_double(e->cx, e->types[m], value);
    int64_t bits; /* infinities, and nans with their sign */
    float single = (float)value;
    int32_t half;
    memcpy(&bits, &value, 8);
    memcpy(&half, &single, 4);
    return m == M_F64
               ? jit_gccjit_bits(e, jit_gccjit_number(e, e->types[M_I64], bits), e->types[m])
               : jit_gccjit_bits(e, jit_gccjit_number(e, e->types[M_I32], half), e->types[m]);
}

static void ret(Emit *e, const IrNode *x)
{
    gcc_jit_lvalue *r = jit_gccjit_local(e, gcc_jit_struct_as_type(e->cur->result));
    for (uint32_t i = 0; i <= x->n; i++)
        gcc_jit_block_add_assignment(
            e->at, NULL, gcc_jit_lvalue_access_field(r, NULL, e->cur->fields[i]),
            i ? V(e, x->args[i - 1]) : gcc_jit_context_zero(e->cx, e->status));
    gcc_jit_block_end_with_return(e->at, NULL, gcc_jit_lvalue_as_rvalue(r));
}

static Rvalue nothing(Emit *e, MType m)
{
    if (m == M_PTR || m == M_OWN) return gcc_jit_context_null(e->cx, e->bytes);
    if (m == M_I1) return gcc_jit_context_new_rvalue_from_int(e->cx, e->types[m], 0);
    return gcc_jit_context_zero(e->cx, e->types[m]);
}

/* Reads the word that others write; calls only when it is set. An atomic load, because libgccjit 12
 * drops "volatile". */
static void poll(Emit *e, const IrNode *x)
{
    gcc_jit_type *word = e->types[M_U32], *any = e->types[M_VOID];
    if (!e->attention)
        e->attention = gcc_jit_context_new_global(e->cx, NULL, GCC_JIT_GLOBAL_IMPORTED, word,
                                                  "jit_rt_attention");
    gcc_jit_type *address =
        gcc_jit_type_get_pointer(gcc_jit_type_get_volatile(gcc_jit_type_get_const(any)));
    Rvalue args[] = {jit_gccjit_cast(e, gcc_jit_lvalue_get_address(e->attention, NULL), address),
                     gcc_jit_context_zero(e->cx, e->types[M_I32])};
    Rvalue loaded = jit_gccjit_builtin(e, "__atomic_load_4", args, 2);
    Rvalue now = jit_gccjit_keep(e, word, jit_gccjit_cast(e, loaded, word));
    gcc_jit_function *fn = jit_gccjit_import(e, "jit_rt_poll", e->types[M_I64], NULL, 0);
    Rvalue zero = gcc_jit_context_zero(e->cx, e->types[M_U32]);
    gcc_jit_block *good =
        jit_gccjit_branch_unless(e, jit_gccjit_compare(e, GCC_JIT_COMPARISON_EQ, now, zero));
    gcc_jit_block *raise = new_block(e);
    Rvalue stop = gcc_jit_context_new_call(e->cx, NULL, fn, 0, NULL);
    Rvalue none = gcc_jit_context_zero(e->cx, e->types[M_I64]);
    gcc_jit_block_end_with_conditional(
        e->at, NULL, jit_gccjit_compare(e, GCC_JIT_COMPARISON_NE, stop, none), raise, good);
    e->at = raise;
    jit_gccjit_store_error(e, x, jit_gccjit_site(e, x, ERR_INTERRUPT, NULL), NULL, 0);
    e->at = good;
}

static Rvalue rt_call(Emit *e, const IrNode *x)
{
    Rvalue args[16];
    for (uint32_t i = 0; i < x->n && i < 16; i++) args[i] = V(e, x->args[i]);
    Rvalue r = jit_gccjit_call_rt(e, (IrRt)x->sub, args);
    if (x->mt) return r;
    gcc_jit_block_add_eval(e->at, NULL, r);
    return NULL;
}

/* The value of a node, an expression yet to be kept; NULL: it has none. */
static Rvalue plain(Emit *e, const IrNode *x)
{
    const IrOpInfo *info = &jit_ir_ops[x->op];
    if (info->scalar == 'k') return jit_gccjit_checked(e, x);
    if (info->scalar) return jit_gccjit_scalar(e, x);
    switch (x->op) {
    case OP_SELECT:
        return jit_gccjit_pick(e, e->types[x->mt], V(e, x->args[0]), V(e, x->args[1]),
                               V(e, x->args[2]));
    case OP_CONV: return jit_gccjit_convert(e, x);
    case OP_BITS: return jit_gccjit_bits(e, V(e, x->args[0]), e->types[x->mt]);
    case OP_MATH1:
    case OP_MATH2: return math_op(e, x);
    case OP_TOINT: return jit_gccjit_to_int(e, x);
    case OP_NARROW: return jit_gccjit_narrow(e, x);
    case OP_CHECK:
    case OP_RAISE: check(e, x); return NULL;
    case OP_POLL: poll(e, x); return NULL;
    case OP_INDEX:
    case OP_WRAP: return index_op(e, x);
    case OP_LOAD: return load(e, x);
    case OP_STORE: store(e, x); return NULL;
    case OP_PTRADD: return address(e, V(e, x->args[0]), V(e, x->args[1]));
    case OP_ALLOC: return alloc(e, x);
    case OP_ERROR: return e->error;
    case OP_DATA:
        return address(e, V(e, x->args[0]),
                       jit_gccjit_number(e, e->types[M_I64], offsetof(KernelBuffer, data)));
    case OP_RETAIN:
    case OP_RELEASE: count_op(e, x); return NULL;
    case OP_STACK: return stack(e, x);
    case OP_CALL: call(e, x); return NULL;
    case OP_PROJ: return proj(e, x);
    case OP_RTCALL: return rt_call(e, x);
    case OP_PARFOR: parfor(e, x); return NULL;
    default: abort();
    }
}

/* ---- blocks and functions ---- */

static void branch(Emit *e, const IrBlock *b, const IrNode *x)
{
    const IrEdge *yes = &b->succ[0], *no = &b->succ[1];
    const int rare = BLOCK_COLD | BLOCK_SLOW;
    Rvalue condition = V(e, x->args[0]);
    if ((no->to->flags & rare) && !(yes->to->flags & rare)) condition = likely(e, condition);
    gcc_jit_block *to_yes = edge_block(e, yes), *to_no = edge_block(e, no);
    gcc_jit_block_end_with_conditional(e->at, NULL, condition, to_yes, to_no);
}

/* An empty statement that gcc cannot look into, in the back edge of a loop's slow copy: the loop is
 * neither vectorised nor unrolled, which would cost time and code for what is not expected to run.
 */
static void mark_slow(Emit *e, const IrBlock *b)
{
    if (!(b->flags & BLOCK_SLOW)) return;
    for (uint32_t s = 0; s < b->nsucc; s++)
        if (b->succ[s].to->flags & BLOCK_SLOW && jit_cfg_dominates(b->succ[s].to, b)) {
            gcc_jit_block_add_extended_asm(e->at, NULL, "");
            return;
        }
}

static void emit_node(Emit *e, const IrBlock *b, const IrNode *x)
{
    if (jit_ir_is_term(x)) mark_slow(e, b);
    switch (x->op) {
    case OP_CONST: e->values[x->id] = constant(e, x); break;
    case OP_UNDEF:
    case OP_OWNNONE: e->values[x->id] = nothing(e, (MType)x->mt); break;
    case OP_JUMP: jump(e, &b->succ[0]); break;
    case OP_BR: branch(e, b, x); break;
    case OP_RET: ret(e, x); break;
    case OP_RETHROW: gcc_jit_block_end_with_jump(e->at, NULL, e->fail); break;
    case OP_UNREACHABLE:
        gcc_jit_block_add_eval(e->at, NULL,
                               jit_gccjit_builtin(e, "__builtin_unreachable", NULL, 0));
        gcc_jit_block_end_with_jump(e->at, NULL, e->fail);
        break;
    default: {
        Rvalue r = plain(e, x);
        if (r) e->values[x->id] = jit_gccjit_keep(e, e->types[x->mt], r);
    }
    }
}

static void make_params(Emit *e, const IrBlock *b)
{
    for (uint32_t i = 0; i < b->nparam; i++) {
        gcc_jit_lvalue *v = jit_gccjit_local(e, e->types[b->params[i]->mt]);
        e->slots[b->params[i]->id] = v;
        e->values[b->params[i]->id] = gcc_jit_lvalue_as_rvalue(v);
    }
}

static void emit_fail(Emit *e)
{
    gcc_jit_lvalue *r = jit_gccjit_local(e, gcc_jit_struct_as_type(e->cur->result));
    for (uint32_t i = 0; i <= e->cur->f->nret; i++)
        gcc_jit_block_add_assignment(
            e->fail, NULL, gcc_jit_lvalue_access_field(r, NULL, e->cur->fields[i]),
            i ? nothing(e, (MType)e->cur->f->rets[i - 1]) : gcc_jit_context_one(e->cx, e->status));
    gcc_jit_block_end_with_return(e->fail, NULL, gcc_jit_lvalue_as_rvalue(r));
}

/* Definitions come before uses along dominators, which reverse postorder respects. */
static void emit_func(Emit *e, EmitFunc *func)
{
    uint32_t n;
    IrFunc *f = func->f;
    jit_cfg_analyze(f);
    jit_ir_number(f);
    IrBlock **rpo = jit_cfg_rpo(f, &n);
    e->cur = func;
    e->fn = func->inner;
    e->error = gcc_jit_param_as_rvalue(gcc_jit_function_get_param(e->fn, 0));
    e->values = calloc(f->next_node + 1, sizeof *e->values);
    e->slots = calloc(f->next_node + 1, sizeof *e->slots);
    e->starts = calloc(f->next_block + 1, sizeof *e->starts);
    if (!e->values || !e->slots || !e->starts) abort();
    for (uint32_t i = 0; i < n; i++) e->starts[rpo[i]->id] = new_block(e);
    e->fail = new_block(e);
    for (uint32_t i = 0; i < f->first->nparam; i++)
        e->values[f->first->params[i]->id] =
            gcc_jit_param_as_rvalue(gcc_jit_function_get_param(e->fn, (int)i + 1));
    for (uint32_t i = 1; i < n; i++) make_params(e, rpo[i]);
    for (uint32_t i = 0; i < n; i++) {
        e->at = e->starts[rpo[i]->id];
        FOR_NODES(x, rpo[i])
        emit_node(e, rpo[i], x);
    }
    emit_fail(e);
    free(e->values);
    free(e->slots);
    free(e->starts);
}

/* ---- the kernel ABI ---- */

static Rvalue load_slot(Emit *e, MType m, Rvalue slots, int64_t i)
{
    bool direct = m == M_PTR || m == M_OWN || jit_mtype_is_float(m);
    Rvalue v = gcc_jit_lvalue_as_rvalue(memory_at(e, e->types[direct ? m : M_I64], slots, 8 * i));
    if (m == M_I1)
        v = jit_gccjit_binary(e, GCC_JIT_BINARY_OP_BITWISE_AND, e->types[M_I64], v,
                              gcc_jit_context_one(e->cx, e->types[M_I64]));
    return direct ? v : jit_gccjit_cast(e, v, e->types[m]);
}

static void store_slot(Emit *e, MType m, Rvalue v, Rvalue slots, int64_t i)
{
    bool direct = m == M_PTR || m == M_OWN || m == M_F64;
    if (m == M_F32) v = jit_gccjit_bits(e, v, e->types[M_U32]);
    gcc_jit_block_add_assignment(e->at, NULL,
                                 memory_at(e, e->types[direct ? m : M_I64], slots, 8 * i),
                                 direct ? v : jit_gccjit_cast(e, v, e->types[M_I64]));
}

static void emit_entry(Emit *e, const EmitFunc *func)
{
    const IrFunc *f = func->f;
    Rvalue params[3], *args = calloc(f->first->nparam + 1, sizeof *args);
    if (!args) abort();
    e->fn = func->entry;
    e->at = new_block(e);
    for (int i = 0; i < 3; i++)
        params[i] = gcc_jit_param_as_rvalue(gcc_jit_function_get_param(e->fn, i));
    args[0] = params[2];
    for (uint32_t i = 0; i < f->first->nparam; i++)
        args[i + 1] = load_slot(e, (MType)f->first->params[i]->mt, params[0], i);
    gcc_jit_lvalue *r = jit_gccjit_local(e, gcc_jit_struct_as_type(func->result));
    gcc_jit_block_add_assignment(
        e->at, NULL, r,
        gcc_jit_context_new_call(e->cx, NULL, func->inner, (int)f->first->nparam + 1, args));
    for (uint32_t i = 0; i < f->nret; i++)
        store_slot(
            e, (MType)f->rets[i],
            gcc_jit_lvalue_as_rvalue(gcc_jit_lvalue_access_field(r, NULL, func->fields[i + 1])),
            params[1], i);
    gcc_jit_block_end_with_return(
        e->at, NULL,
        gcc_jit_lvalue_as_rvalue(gcc_jit_lvalue_access_field(r, NULL, func->fields[0])));
    free(args);
}

static void declare_func(Emit *e, EmitFunc *func, uint32_t number)
{
    char name[300];
    const IrFunc *f = func->f;
    uint32_t n = f->first->nparam;
    func->fields = jit_ir_alloc(e->m, (f->nret + 1) * sizeof *func->fields);
    func->fields[0] = gcc_jit_context_new_field(e->cx, NULL, e->status, "status");
    for (uint32_t i = 0; i < f->nret; i++)
        func->fields[i + 1] = gcc_jit_context_new_field(e->cx, NULL, e->types[f->rets[i]], "r");
    func->result =
        gcc_jit_context_new_struct_type(e->cx, NULL, "result", (int)f->nret + 1, func->fields);
    gcc_jit_param **params = jit_ir_alloc(e->m, (n + 4) * sizeof *params);
    params[0] = gcc_jit_context_new_param(e->cx, NULL, e->bytes, "error");
    for (uint32_t i = 0; i < n; i++)
        params[i + 1] =
            gcc_jit_context_new_param(e->cx, NULL, e->types[f->first->params[i]->mt], "p");
    snprintf(name, sizeof name, "fn_%u", number);
    func->inner = gcc_jit_context_new_function(e->cx, NULL, GCC_JIT_FUNCTION_INTERNAL,
                                               gcc_jit_struct_as_type(func->result), name,
                                               (int)n + 1, params, 0);
    for (uint32_t i = 0; i < 3; i++)
        params[i] = gcc_jit_context_new_param(e->cx, NULL, e->bytes, "p");
    func->entry =
        gcc_jit_context_new_function(e->cx, NULL, GCC_JIT_FUNCTION_EXPORTED, e->status,
                                     jit_backend_symbol(f->name, name, sizeof name), 3, params, 0);
}

static void init_types(Emit *e)
{
    static const enum gcc_jit_types names[M_COUNT] = {
        [M_VOID] = GCC_JIT_TYPE_VOID,      [M_I1] = GCC_JIT_TYPE_BOOL,
        [M_I8] = GCC_JIT_TYPE_SIGNED_CHAR, [M_U8] = GCC_JIT_TYPE_UNSIGNED_CHAR,
        [M_I16] = GCC_JIT_TYPE_SHORT,      [M_U16] = GCC_JIT_TYPE_UNSIGNED_SHORT,
        [M_I32] = GCC_JIT_TYPE_INT,        [M_U32] = GCC_JIT_TYPE_UNSIGNED_INT,
        [M_I64] = GCC_JIT_TYPE_LONG,       [M_U64] = GCC_JIT_TYPE_UNSIGNED_LONG,
        [M_F32] = GCC_JIT_TYPE_FLOAT,      [M_F64] = GCC_JIT_TYPE_DOUBLE};
    static const uint8_t without_sign[M_COUNT] = {
        [M_I8] = M_U8,   [M_U8] = M_U8,   [M_I16] = M_U16, [M_U16] = M_U16,
        [M_I32] = M_U32, [M_U32] = M_U32, [M_I64] = M_U64, [M_U64] = M_U64};
    e->bytes = gcc_jit_type_get_pointer(gcc_jit_context_get_type(e->cx, GCC_JIT_TYPE_CHAR));
    for (int m = 0; m < M_COUNT; m++)
        e->types[m] =
            m == M_PTR || m == M_OWN ? e->bytes : gcc_jit_context_get_type(e->cx, names[m]);
    for (int m = 0; m < M_COUNT; m++) e->unsigned_types[m] = e->types[without_sign[m]];
    e->status = e->types[M_I32];
    e->expect = gcc_jit_context_get_builtin_function(e->cx, "__builtin_expect");
}

void jit_gccjit_emit(gcc_jit_context *cx, IrModule *m)
{
    Emit *e = calloc(1, sizeof *e);
    if (!e) abort();
    e->cx = cx;
    e->m = m;
    init_types(e);
    for (IrFunc *f = m->funcs; f; f = f->next) e->nfuncs++;
    e->funcs = calloc(e->nfuncs + 1, sizeof *e->funcs);
    if (!e->funcs) abort();
    uint32_t i = 0;
    for (IrFunc *f = m->funcs; f; f = f->next, i++) {
        e->funcs[i].f = f;
        declare_func(e, &e->funcs[i], i);
    }
    for (i = 0; i < e->nfuncs; i++) {
        emit_func(e, &e->funcs[i]);
        emit_entry(e, &e->funcs[i]);
    }
    free(e->funcs);
    free(e);
}
