/* jit.h: all that the runtime sees of the compiler. Importing the module _jit brings it up; nothing is done before. */
#ifndef JIT_JIT_H
#define JIT_JIT_H

#include "runtime/value.h"

/* Stops the pool's threads before the process ends, and forgets them in a forked child. */
void jit_pool_shutdown(void);
void jit_pool_after_fork(void);

#endif
