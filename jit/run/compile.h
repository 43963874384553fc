/* compile.h: a function and the types of its arguments to machine code. */
#ifndef JIT_RUN_COMPILE_H
#define JIT_RUN_COMPILE_H

#include "jit/backends/backend.h"
#include "jit/diagnose/diag.h"
#include "jit/run/engine.h"
#include "jit/types/type.h"
#include "runtime/value.h"

typedef struct JitOptions {
    bool parallel, fastmath, boundscheck, cache;
    JitEngine engine;
    bool watch; /* parallel="check": parallel loops are watched for collisions */
} JitOptions;

/* What the compiler says about a parallel loop; see IrNote. */
typedef struct JitNote {
    int loop;
    char kind;
    IrPos pos;
    char *text;
} JitNote;

/* One specialisation. Freed by jit_kernel_free only. */
typedef struct JitKernel {
    struct JitKernel *next;
    const JitType **args;  /* what it was compiled for */
    const JitType **taken; /* what its parameters are: an empty list has no items' type, its parameter may */
    uint32_t nargs, nslots, nresults;
    uint32_t ngiven; /* the first of the args come from the caller, the others are `globals` */
    Value globals;   /* tuple */
    const JitType *ret;
    Value
        functions; /* tuple: the kernel's and those it calls, by jit_pos_function; traced by the dispatcher */
    Value classes; /* tuple: exception classes of the script, by their number in type names */
    IrRaise *raises;
    uint32_t nraises;
    bool has_loops;    /* worth running detached */
    KernelEntry entry; /* NULL: the evaluator runs `func` */
    JitCode *code;
    struct JitDebugEntry *debug; /* gdb's, or NULL */
    KernelEntry second; /* libgccjit's, where both engines run (both.c); else NULL */
    JitCode *second_code;
    IrModule *module; /* kept for the evaluator and for the texts, or NULL */
    IrFunc *func;
    uint64_t calls;
    JitNote *notes; /* of parallel_diagnostics and jit.explain */
    uint32_t nnotes;
} JitKernel;

/* Compiles; NULL with an exception (numba's TypingError for what the code is refused for). */
JitKernel *jit_compile(Value function, const JitOptions *options, const JitType *const *args,
                       uint32_t nargs);
void jit_kernel_free(JitKernel *kernel);
/* "(int64, array(float64, 1d, C)) -> float64", as Numba writes it. */
Value jit_kernel_signature(const JitKernel *kernel);
/* The text of a stage ("ir", "llvm", "opt", "asm") of a specialisation; EMPTY raised. */
Value jit_compile_text(Value function, const JitOptions *options, const JitType *const *args,
                       uint32_t nargs, const char *stage);

/* A specialisation as an object for a library (jit.build): (bytes, symbol of the entry, functions, raises, result type), where raises
 * is ((class, (type of an argument, ...)), ...) and types are written as Numba does. cpu NULL: this machine. EMPTY raised. */
Value jit_compile_object(Value function, const JitOptions *options, const JitType *const *args,
                         uint32_t nargs, const char *cpu);
/* The kernel in a library that was so made: its entry with what jit_compile_object gave; NULL raised. */
JitKernel *jit_built_kernel(KernelEntry entry, const JitType *const *args, uint32_t nargs, const JitType *ret, Value functions,
                            Value raises);
/* Opens such a library and gives the entry of that name; its loops and polls are krait's from now on. NULL raised. */
KernelEntry jit_built_entry(const char *path, const char *symbol);

/* The function under an njit decorator: a dispatcher's or, for a plain Python function, itself; EMPTY if v is neither. */
Value jit_dispatcher_function(Value v);
/* Is it a function of the kernel library, modules/numba/_library? */
bool jit_function_is_library(Value function);
/* The options of a dispatcher; NULL: v is none. */
const JitOptions *jit_dispatcher_options(Value v);
/* The class numba.core.errors.TypingError. */
extern Value jit_typing_error;
/* Source text of a range of one of the functions, malloc'ed, or NULL. */
char *jit_source_text(const Value *functions, IrPos pos);

#endif
