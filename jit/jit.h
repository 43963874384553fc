/* jit.h: all that the rest of krait sees of the compiler. Importing the module _jit brings it up; nothing is done before. */
#ifndef JIT_JIT_H
#define JIT_JIT_H

/* The pool of threads behind parallel loops (run/pool.c). Threads start with the first loop that needs them. */
void jit_pool_install(void);
int jit_pool_threads(void); /* how many threads a parallel loop uses, the caller included */
void jit_pool_set_threads(int count); /* at least 1; results do not depend on it */

#endif
