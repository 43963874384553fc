/* kernel.h: what the compiler's dispatcher needs of the VM for functions that run as machine code. */
#ifndef RUNTIME_VM_KERNEL_H
#define RUNTIME_VM_KERNEL_H

#include "runtime/objects/function.h"

/* Binds a call's arguments to the parameters of a function, defaults filled in: *count values in `out`, which has room for
 * `room`. -1 with CPython's TypeError. */
int kr_kernel_bind(Function *f, const Value *args, size_t n, Value kwnames, Value *out, uint32_t room, uint32_t *count);
/* Adds an entry for a place in the function to the traceback of the exception that is set. */
void kr_kernel_traceback(Function *f, int32_t line, int32_t column, int32_t end_column);

#endif
