/* builtins.h: the builtins module. */
#ifndef RUNTIME_VM_BUILTINS_H
#define RUNTIME_VM_BUILTINS_H

#include "runtime/value.h"

extern Value kr_builtins_dict; /* the Dict of module builtins */
Value kr_builtins_for_globals(void); /* what a new globals dict gets as __builtins__ */

/* compile() of AST objects: installed by the _ast module. *handled false: source is text. */
extern Value (*kr_compile_hook)(Value source, Value filename, Value mode, int flags, int optimize, bool *handled);
/* Source text of compile, eval and exec: str, bytes, bytearray or memoryview. `*keep` holds what it points into; *flags
 * learns whether the text was decoded already. NULL raised. */
const char *kr_builtins_source_text(Value source, const char *function, const char *kinds, size_t *size, Value *keep, int *flags);

#endif
