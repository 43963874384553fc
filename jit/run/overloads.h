/* overloads.h: what numba.extending has registered. */
#ifndef JIT_RUN_OVERLOADS_H
#define JIT_RUN_OVERLOADS_H

#include "jit/types/type.h"
#include "runtime/value.h"

int jit_overload_number(Value function);   /* -1: it has no overloads */
int jit_overload_enter(Value function);    /* its number from now on; -1 raised */
bool jit_overload_member(const char *key); /* "method.area": has a method of that name overloads? */
int jit_overload_enter_member(Value key);
/* The Python function that stands for the overloaded one; EMPTY: none, or raised. */
Value jit_overload_find(const char *key, const JitType *const *types, uint32_t n, const char *names);

#endif
