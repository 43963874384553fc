/* From register bytecode to the untyped SSA of jit/ir: what every kernel starts as. */
#ifndef JIT_BUILD_BUILD_H
#define JIT_BUILD_BUILD_H

#include "jit/diagnose/diag.h"
#include "jit/ir/ir.h"
#include "runtime/value.h"

/* What the builder asks about a constant that a kernel refers to. */
typedef struct JitBuildHost {
    /* The unique name ("jit.f") of a function that kernels call as a kernel; NULL: it is none. The host builds
     * its body into the module as well. */
    const char *(*kernel)(void *context, Value v);
    /* Has the kernel library a function of this name ("numpy.diff")? */
    bool (*written)(void *context, const char *name);
    /* The number of an exception class of the script in the module's `classes`; -1: there are too many. */
    int (*exception)(void *context, Value cls);
    /* The type of a NumPy scalar, array or container; NULL: kernels know none. */
    const JitType *(*type_of)(Value v);
    /* The number in the module's `globals` of such a value of that type; -1: there are too many. */
    int (*global)(void *context, Value v, const JitType *type);
    /* "number:field,field" of a class of named tuples; NULL: it is none. */
    const char *(*tuple_class)(Value cls);
    /* The number of a function for which numba.extending has overloads; -1: it has none. */
    int (*overloaded)(Value v);
    /* "class.number" or "class.number:field,field" of a class whose instances kernels make; NULL: it is none. */
    const char *(*object_class)(Value cls);
    void *context;
} JitBuildHost;

/* Appends the function's body to the module under `name`; its entry's parameters are the function's, without types.
 * `index` goes into its positions.
 * Globals and closure variables are frozen to the values that they have now. NULL with *diag filled. */
IrFunc *jit_build_function(IrModule *m, const char *name, Value function, uint32_t index,
                           const JitBuildHost *host, JitDiag *diag);

/* The name by which the table of functions knows a function or type that is passed as an argument; false: it does not. */
bool jit_build_known_function(Value v, char *out, size_t size);

/* -- between the files of the builder -- */

/* A constant as a node at the end of b; NULL with *diag filled. `name` is what the user calls it. */
IrNode *jit_build_constant(IrFunc *f, IrBlock *b, Value v, const char *name, IrPos pos,
                           const JitBuildHost *host, JitDiag *diag);

/* Turns list displays that are only read where they stand into tuples (displays.c). */
void jit_build_displays(IrFunc *f);

/* Registers that an instruction reads and writes (registers.c). */
typedef void (*JitVisitRegister)(void *context, uint32_t reg);
struct Code;
void jit_build_registers(const struct Code *code, uint32_t i, JitVisitRegister read,
                         JitVisitRegister write, void *context);

#endif
