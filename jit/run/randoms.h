/* randoms.h: random numbers of parallel loops. */
#ifndef JIT_RUN_RANDOMS_H
#define JIT_RUN_RANDOMS_H

#include <stdbool.h>
#include <stdint.h>

/* Bit of slots[1]: the loop may draw random numbers. */
#define PARFOR_RANDOM ((uint64_t)1 << 34)

/* What the streams of a loop's blocks are made from. */
typedef struct LoopRandoms {
    bool wanted;
    int64_t keys[2];
} LoopRandoms;

LoopRandoms
jit_randoms_open(uint64_t flags); /* on the loop's caller, whose streams it draws from */
/* Before and after a block: its own streams take the place of the thread's. `kept` is the pair's to share. */
void jit_randoms_enter(const LoopRandoms *loop, int64_t block, int64_t kept[2]);
void jit_randoms_leave(const LoopRandoms *loop, const int64_t kept[2]);

#endif
