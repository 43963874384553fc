/* box.h: Python values to a kernel's slots and back. */
#ifndef JIT_RUN_BOX_H
#define JIT_RUN_BOX_H

#include "jit/run/kernel_abi.h"
#include "jit/types/type.h"
#include "runtime/value.h"

/* The type of an argument; NULL without exception when kernels take no such value. */
const JitType *jit_box_type_of(Value v);
/* Writes the slots of a value of this type (which v has, or converts to); argument number `index` owns arrays. -1 raised. */
int jit_box_argument(Value v, const JitType *type, uint32_t index, uint64_t **slots);
/* The value in the slots of a result; buffers pass to it. EMPTY raised, and the buffers are released all the same. */
Value jit_box_result(const JitType *type, const uint64_t *slots, const Value *args);

#endif
