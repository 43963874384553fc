/* What a code generator's remark means to a user. */
#ifndef JIT_DIAGNOSE_REMARKS_H
#define JIT_DIAGNOSE_REMARKS_H

#include <stddef.h>

/* The kind of the remark (IrNote) with its words in `out`; 0: it is of no use to anybody. */
char jit_remark_words(const char *remark, char *out, size_t size);

#endif
