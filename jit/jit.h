/* jit.h: all that the rest of krait sees of the compiler. Importing the module _jit brings it up; nothing is done before. */
#ifndef JIT_JIT_H
#define JIT_JIT_H

/* The pool of threads behind parallel loops (run/pool.c). Threads start with the first loop that needs them. */
void jit_pool_install(void);
int jit_pool_total(void); /* how many threads run blocks at most, of all loops together */
/* How many threads a parallel loop of the calling thread uses, itself included. */
int jit_pool_threads(void);
void jit_pool_set_threads(int count); /* from 1 to the total; results do not depend on it */
int jit_pool_thread_id(void);         /* in a parallel loop: a number below the threads in it */

#endif
