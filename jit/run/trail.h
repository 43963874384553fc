/* trail.h: through which calls an error of compiled code has come. */
#ifndef JIT_RUN_TRAIL_H
#define JIT_RUN_TRAIL_H

#include "jit/run/kernel_abi.h"

enum { TRAIL_MAX = 48 };

/* The calls that an error left, the innermost first. */
typedef struct KernelTrail {
    uint32_t n;
    const KernelSite *calls[TRAIL_MAX];
} KernelTrail;

void jit_rt_passed(
    const KernelSite
        *call); /* compiled code: this call has failed, and its function fails with it */
KernelTrail jit_trail_take(void); /* this thread's, which is then empty */
void jit_trail_put(const KernelTrail *trail);

#endif
