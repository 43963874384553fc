/* explain.h: what `krait -m jit.explain` asks of the compiler: its decisions, the types of names, the time of each stage. */
#ifndef JIT_RUN_EXPLAIN_H
#define JIT_RUN_EXPLAIN_H

#include "jit/run/compile.h"

enum {
    STAGE_BUILD,
    STAGE_TYPES,
    STAGE_PASSES,
    STAGE_EMIT,
    STAGE_OPTIMIZE,
    STAGE_CODE,
    STAGE_LOAD,
    STAGES
};

/* Stands on the stack of a compilation. */
typedef struct JitReport {
    bool wanted;
    int64_t last, ns[STAGES];
    int64_t generator[JIT_TIMES];
} JitReport;

void jit_explain_begin(JitReport *report); /* looks whether somebody asks, and starts the clock */
void jit_explain_lap(JitReport *report,
                     int stage); /* the time since the last lap belongs to the stage */
/* For jit_pipeline_middle: collects types of names and the time until they were found. */
void jit_explain_trace(const char *pass, const IrFunc *f);
void jit_explain_kept(const IrModule *m); /* which checks are left, at the end of the pipeline */
void jit_explain_options(JitReport *report, IrModule *m, JitCompileOptions *options);
/* Gives a compilation to who asked; a kernel or, with the exception set, a refusal. */
void jit_explain_done(const JitReport *report, Value function, const JitKernel *kernel);
/* The notes of a kernel as a list of (function, loop, kind, line, column, text); EMPTY raised. */
Value jit_explain_notes(const JitKernel *kernel);
/* Where compilations are listed from now on; NONE: nowhere. */
void jit_explain_into(Value list);

#endif
