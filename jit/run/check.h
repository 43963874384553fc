/* check.h: the mode that watches parallel loops for collisions (check.c). */
#ifndef JIT_RUN_CHECK_H
#define JIT_RUN_CHECK_H

#include "jit/run/kernel_abi.h"

/* Bit of slots[1]: the loop is watched. */
#define PARFOR_WATCHED ((uint64_t)1 << 32)

/* Runs a watched loop on the calling thread, iteration by iteration. */
int32_t jit_check_parfor(KernelEntry body, int64_t n, const uint64_t *slots, int64_t nslots,
                         uint64_t *results, int64_t nresults, KernelError *error);
/* Fresh memory is nobody's: what was known of its addresses is forgotten. */
void jit_check_forget(const void *data, int64_t bytes);
/* The sentence of the collision that this thread found last; `array` is the user's name. */
void jit_check_text(const char *array, char *buf, size_t size);

#endif
