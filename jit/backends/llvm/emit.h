/* Lowered IR to LLVM IR. */
#ifndef JIT_BACKENDS_LLVM_EMIT_H
#define JIT_BACKENDS_LLVM_EMIT_H

#include "jit/backends/backend.h"

#include <llvm-c/Core.h>
#include <llvm-c/DebugInfo.h>

typedef struct EmitTarget {
    const char *cpu, *features;
    void *(*symbol)(const char *name);
    const JitSource *sources; /* lines are wanted, and whose; NULL: files are called by their number */
    uint32_t nsources;
    bool lines;
    const JitCompileOptions *options; /* who listens to remarks */
} EmitTarget;

/* -- between the files of emission -- */
typedef struct Emit {
    LLVMContextRef cx;
    LLVMModuleRef mod;
    LLVMBuilderRef b;
    IrModule *m;
    const EmitTarget *target;
    LLVMTypeRef i1, i8, i32, i64, f32, f64, ptr, nothing;
    LLVMTypeRef types[M_COUNT];
    unsigned weights_kind;
    LLVMValueRef likely; /* branch weights: first edge */
    unsigned loop_kind;
    LLVMValueRef sites; /* the global, created when the module is complete */
    /* the sites of all functions, gathered */
    KernelSite *site_list;
    uint32_t nsites, site_room;
    char *texts;
    size_t texts_size, texts_room;
    /* vector variants to be kept alive */
    LLVMValueRef used[MATH_COUNT * 6];
    uint32_t nused;
    /* of the current function */
    IrFunc *f;
    LLVMValueRef fn, error;
    LLVMTypeRef ret_type;
    LLVMValueRef *values;
    LLVMBasicBlockRef *starts;
    LLVMBasicBlockRef fail; /* returns status 1 */
    LLVMBasicBlockRef entry;
    /* lines for debuggers and remarks (debug.c) */
    LLVMDIBuilderRef lines; /* NULL: not wanted */
    LLVMMetadataRef files[JIT_FUNCTIONS_MAX + 1], scope; /* of the current function */
} Emit;

static inline LLVMValueRef V(Emit *e, const IrNode *x) { return e->values[x->id]; }
static inline LLVMValueRef i64c(Emit *e, int64_t v) { return LLVMConstInt(e->i64, (uint64_t)v, 1); }
static inline LLVMTypeRef mtype(Emit *e, MType m) { return e->types[m]; }

LLVMValueRef jit_llvm_declare(Emit *e, const char *name, LLVMTypeRef type);
LLVMValueRef jit_llvm_intrinsic(Emit *e, const char *name, LLVMTypeRef over, LLVMValueRef *args,
                                unsigned n);
LLVMValueRef jit_llvm_intrinsic1(Emit *e, const char *name, LLVMValueRef x);
LLVMValueRef jit_llvm_rt_function(Emit *e, IrRt rt, LLVMTypeRef *type);
uint32_t jit_llvm_add_site(Emit *e, const IrNode *x, IrErr err, const char *text);
LLVMBasicBlockRef jit_llvm_branch_unless(Emit *e, LLVMValueRef ok);
LLVMValueRef jit_llvm_site_address(Emit *e, uint32_t site);
void jit_llvm_store_error(Emit *e, const IrNode *x, LLVMValueRef site, LLVMValueRef *args,
                          unsigned n);
void jit_llvm_raise_unless(Emit *e, const IrNode *x, LLVMValueRef ok, IrErr err, LLVMValueRef *args,
                           unsigned n);
LLVMValueRef jit_llvm_fast(const Emit *e, const IrNode *x, LLVMValueRef v);
LLVMValueRef jit_llvm_is_zero(Emit *e, LLVMValueRef v);
LLVMValueRef jit_llvm_is_negative(Emit *e, LLVMValueRef v);
LLVMValueRef jit_llvm_call_rt(Emit *e, IrRt rt, LLVMValueRef *args, unsigned n);
LLVMValueRef jit_llvm_scalar(Emit *e, const IrNode *x);
LLVMValueRef jit_llvm_checked(Emit *e, const IrNode *x);
LLVMValueRef jit_llvm_int_to_int(Emit *e, MType from, LLVMTypeRef to, LLVMValueRef v);
LLVMValueRef jit_llvm_convert(Emit *e, const IrNode *x);
LLVMValueRef jit_llvm_to_int(Emit *e, const IrNode *x);
LLVMValueRef jit_llvm_narrow(Emit *e, const IrNode *x);
/* Behind the terminator of b: what LLVM is to know of the loop that it closes, if it does. */
void jit_llvm_mark_loop(Emit *e, const IrBlock *b);

/* -- lines (debug.c); they do nothing unless wanted -- */
void jit_llvm_lines_begin(Emit *e);
void jit_llvm_lines_func(Emit *e, const IrFunc *f, LLVMValueRef fn);
void jit_llvm_lines_at(Emit *e, IrPos pos);
void jit_llvm_lines_end(Emit *e);

/* -- remarks of LLVM's passes (remarks.c) -- */
void jit_llvm_remarks_listen(LLVMContextRef cx, const JitCompileOptions *options);

/* -- for llvm.c -- */
LLVMModuleRef jit_llvm_emit(LLVMContextRef cx, IrModule *m, const EmitTarget *target);

#endif
