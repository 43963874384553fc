/* heap_test.h: what the heap expects from the layers above, for tests that link memory/ and
 * threads/ alone. */
#ifndef HEAP_TEST_H
#define HEAP_TEST_H

#include <stdlib.h>
#include <string.h>

#include "runtime/memory/heap.h"
#include "tests/tap.h"

static int memory_errors, values_raised;
KrValue kr_raise_no_memory(void)
{
    memory_errors++;
    return EMPTY;
}
KrValue kr_raise_value(KrValue exception)
{
    values_raised++;
    kr_self->exception = exception;
    return EMPTY;
}

static uint64_t random_state = 88172645463325252u;
__attribute__((unused)) static uint64_t random_bits(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    return random_state ^= random_state << 17;
}
__attribute__((unused)) static size_t random_below(size_t n) { return (size_t)(random_bits() % n); }

/* Overwrites the part of the C stack that earlier calls used, so that no stale address keeps an
 * object. */
__attribute__((noinline, unused)) static void scrub_stack(void)
{
    volatile char junk[65536];
    for (size_t i = 0; i < sizeof junk; i++) junk[i] = 0;
}

static inline void start_heap(void)
{
    kr_thread_init_main(__builtin_frame_address(0));
    kr_heap_init();
}

#endif
