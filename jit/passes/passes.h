/* The passes, in the order of the pipeline (pipeline.c). Each returns whether it changed anything.
 * See each file's essay. */
#ifndef JIT_PASSES_PASSES_H
#define JIT_PASSES_PASSES_H

#include "jit/ir/ir.h"

/* Machine level. */
bool jit_simplify_run(IrFunc *f);
bool jit_dce_run(IrFunc *f);
bool jit_range_run(IrFunc *f);
bool jit_version_run(IrFunc *f);
bool jit_remainder_run(IrFunc *f);
bool jit_merge_run(IrFunc *f);
bool jit_shrink_run(IrFunc *f);
bool jit_shrink_find(const IrBlock *head); /* does the loop end after 64 iterations? */
bool jit_speculate_run(IrFunc *f);
bool jit_poll_run(IrFunc *f);

typedef struct JitPass {
    const char *name;
    bool (*run)(IrFunc *f);
} JitPass;
const JitPass *jit_pipeline_find(const char *name); /* one pass by name, for tests */

/* Runs the machine-level pipeline over every lowered function. In debug builds (or with `verify`)
 * the verifier runs after each pass; its complaint is returned, NULL if all is well. `trace`, if
 * not
 * NULL, is called after each pass that changed the function. */
const char *jit_pipeline_run(IrModule *m, bool verify,
                             void (*trace)(const char *pass, const IrFunc *f));

#endif
