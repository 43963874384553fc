/* The elementary functions (KR_MATHS in krait.h) by the names that compiled code calls them by: "jit.sin" (or "jit_sin"),
 * "jit.sinf", "jit.sin.v4", "jit.sinf.v8". */
#ifndef JIT_RUN_VMATH_H
#define JIT_RUN_VMATH_H

/* NULL: unknown, or there is no form of so many lanes. */
void *jit_vmath_symbol(const char *name);

#endif
