/* The passes between inference and the machine level; each works on typed Python-level functions.
 * */
#ifndef JIT_PASSES_MIDDLE_H
#define JIT_PASSES_MIDDLE_H

#include "jit/diagnose/diag.h"
#include "jit/types/infer.h"

void jit_globals_run(IrModule *m); /* values found in globals become parameters (globals.c) */
int jit_outline_run(IrFunc *f, JitDiag *diag); /* prange loops become functions; -1: refused */
bool jit_fuse_run(IrFunc *f);
void jit_poll_insert(IrFunc *f); /* polls at the heads of loops (poll.c) */
void jit_borrow_run(IrFunc *f); /* fields that are only looked into keep no references */
bool jit_own_run(IrFunc *f);
bool jit_generator_run(IrFunc *f); /* a lowered generator becomes two functions; false: too much in it */
void jit_recursion_run(IrModule *m); /* guards recursive calls; on lowered functions */

/* Inference, the passes above, lowering and the machine-level pipeline for the functions of a
 * module
 * whose parameters are typed. Templates that were only specialised are removed. -1 with *diag
 * filled when
 * the code is refused; a failed verification is reported the same way, with code 999. */
int jit_pipeline_middle(IrModule *m, bool verify, void (*trace)(const char *pass, const IrFunc *f),
                        JitDiag *diag);

#endif
