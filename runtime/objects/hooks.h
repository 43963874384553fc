/* hooks.h: what the objects need of the layers above, as function pointers that those fill at
 * start. */
#ifndef RUNTIME_OBJECTS_HOOKS_H
#define RUNTIME_OBJECTS_HOOKS_H

#include "runtime/value.h"

/* Nested kr_enter_recursion() beyond which RecursionError is raised; sys.setrecursionlimit sets
 * it. */
extern uint32_t kr_recursion_limit;
/* The running function's locals() (a mapping) for dir(); EMPTY raised. */
extern Value (*kr_hook_locals)(void);
/* super() without arguments: the __class__ cell's content and the first argument. -1 with
 * RuntimeError. */
extern int (*kr_hook_super)(Value *class, Value *self);
/* The globals of the running Python function (a Dict), or EMPTY when none runs. */
extern Value (*kr_hook_globals)(void);
/* -X dev: the names of encodings and error handlers are looked up always. */
extern bool kr_codecs_checked;
/* Is the module of this name (a str) still running its body? */
extern bool (*kr_hook_is_loading)(Value name);
/* An attribute that a module lacks and that is made when first asked for (__spec__, __loader__, sys.stdlib_module_names); EMPTY without exception
 * for all others. */
extern Value (*kr_hook_module_missing)(Value module, Value name);

#endif
