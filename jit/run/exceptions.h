/* exceptions.h: exceptions that kernels raise with arguments, catch and pass on.
 *
 * An error whose row is ERR_RAISED has in its args
 *     0  the number of the `raise` in the kernel (IrModule.raises): its class and the types of its
 *        arguments, which only the dispatcher needs
 *     1  a counted buffer (a KernelList of one item) with the parts of the arguments, or 0
 *     2  the number of its builtin class (jit_exception_find), or -1
 *     3  the number of its class among the script's (IrModule.classes), or -1
 * A caught exception is a counted buffer that holds the error. */
#ifndef JIT_RUN_EXCEPTIONS_H
#define JIT_RUN_EXCEPTIONS_H

#include "jit/run/kernel_abi.h"

/* Number of a builtin exception class; -1: it is none. */
int jit_exception_find(const char *name);
const char *jit_exception_name(int number); /* NULL: behind the last */
bool jit_exception_is(int cls, int of);

void *jit_rt_error_catch(void *error);
/* Is it an instance of builtin class `builtin` (-1: of none), or of a class of the script in the mask? */
bool jit_rt_error_matches(void *caught, int64_t builtin, int64_t mask);
void jit_rt_error_throw(void *error, void *caught);
/* Gives up what an error holds that nobody will see. */
void jit_error_drop(const KernelError *error);
/* The error in a caught exception. */
const KernelError *jit_error_caught(void *caught);

#endif
