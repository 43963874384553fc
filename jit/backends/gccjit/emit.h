/* Lowered IR to libgccjit's statements. */
#ifndef JIT_BACKENDS_GCCJIT_EMIT_H
#define JIT_BACKENDS_GCCJIT_EMIT_H

#include "jit/backends/backend.h"

#include <libgccjit.h>

typedef gcc_jit_rvalue *Rvalue;

/* A function of the module and what it is in libgccjit. */
typedef struct EmitFunc {
    IrFunc *f;
    gcc_jit_function *inner; /* natural parameters; returns `result` */
    gcc_jit_function *entry; /* of the kernel ABI */
    gcc_jit_struct *result;  /* status, then the results */
    gcc_jit_field **fields;
} EmitFunc;

typedef struct Emit {
    gcc_jit_context *cx;
    IrModule *m;
    gcc_jit_type *types[M_COUNT], *unsigned_types[M_COUNT];
    gcc_jit_type *bytes; /* char *: every pointer's type */
    gcc_jit_type *status;
    gcc_jit_function *expect;
    gcc_jit_lvalue *attention; /* the polled word, once a loop polls */
    EmitFunc *funcs;
    uint32_t nfuncs, nsites;
    struct {
        const char *name;
        gcc_jit_function *fn;
    } imported[RT_COUNT + 2 * MATH_COUNT + 16];
    uint32_t nimported;
    /* of the current function */
    EmitFunc *cur;
    gcc_jit_function *fn;
    gcc_jit_block *at; /* statements are appended here */
    Rvalue error;
    Rvalue *values;         /* by node */
    gcc_jit_lvalue **slots; /* by node: the variable of a block parameter; what a call returned */
    gcc_jit_block **starts; /* by block */
    gcc_jit_block *fail;    /* returns status 1 */
} Emit;

static inline Rvalue V(const Emit *e, const IrNode *x) { return e->values[x->id]; }

/* -- emit.c: statements and values -- */
Rvalue jit_gccjit_number(Emit *e, gcc_jit_type *type, int64_t value);
Rvalue jit_gccjit_binary(Emit *e, enum gcc_jit_binary_op op, gcc_jit_type *type, Rvalue a,
                         Rvalue b);
Rvalue jit_gccjit_compare(Emit *e, enum gcc_jit_comparison op, Rvalue a, Rvalue b);
Rvalue jit_gccjit_cast(Emit *e, Rvalue a, gcc_jit_type *type);
Rvalue jit_gccjit_bits(Emit *e, Rvalue a, gcc_jit_type *type);
/* Evaluates now, into a variable of its own. */
Rvalue jit_gccjit_keep(Emit *e, gcc_jit_type *type, Rvalue value);
Rvalue jit_gccjit_both(Emit *e, Rvalue a, Rvalue b);
Rvalue jit_gccjit_negate(Emit *e, Rvalue a); /* of a truth value */
/* condition ? a : b, where a and b are values that can be computed in any case. */
Rvalue jit_gccjit_pick(Emit *e, gcc_jit_type *type, Rvalue condition, Rvalue a, Rvalue b);
gcc_jit_function *jit_gccjit_import(Emit *e, const char *name, gcc_jit_type *result,
                                    gcc_jit_type **params, uint32_t n);
Rvalue jit_gccjit_builtin(Emit *e, const char *name, Rvalue *args, uint32_t n);
Rvalue jit_gccjit_call_rt(Emit *e, IrRt rt, Rvalue *args);
gcc_jit_lvalue *jit_gccjit_local(Emit *e, gcc_jit_type *type);

/* -- emit.c: errors -- */
Rvalue jit_gccjit_site(Emit *e, const IrNode *x, IrErr err, const char *text);
/* Goes on in a new block when `ok`; emission continues in the cold block. Returns the new one. */
gcc_jit_block *jit_gccjit_branch_unless(Emit *e, Rvalue ok);
void jit_gccjit_store_error(Emit *e, const IrNode *x, Rvalue site, const Rvalue *args, uint32_t n);
void jit_gccjit_raise_unless(Emit *e, const IrNode *x, Rvalue ok, IrErr err, const Rvalue *args,
                             uint32_t n);

/* -- emit_scalar.c -- */
Rvalue jit_gccjit_scalar(Emit *e, const IrNode *x);
Rvalue jit_gccjit_checked(Emit *e, const IrNode *x);
Rvalue jit_gccjit_convert(Emit *e, const IrNode *x);
Rvalue jit_gccjit_to_int(Emit *e, const IrNode *x);
Rvalue jit_gccjit_narrow(Emit *e, const IrNode *x);

/* -- for gccjit.c -- */
void jit_gccjit_emit(gcc_jit_context *cx, IrModule *m);

#endif
