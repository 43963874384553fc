/* module.h: module objects. Attributes are the entries of a Dict, which is also the globals of
 * the module's functions. */
#ifndef RUNTIME_OBJECTS_MODULE_H
#define RUNTIME_OBJECTS_MODULE_H

#include "runtime/objects/type.h"

typedef struct Module {
    Object head;
    Value dict;             /* Dict */
    const KrModule *native; /* NULL for a Python module */
} Module;

static inline Module *module_of(Value v) { return (Module *)object_of(v); }
static inline bool is_module(Value v)
{
    return is_object(v) && kr_is_subtype(type_of(v), &kr_module_type);
}
/* A module with __name__, __doc__, __package__, __loader__ and __spec__ set. */
Value kr_module_new(Value name);
/* The native module with its functions and docstring in place; kr_module_exec() runs its exec
 * function. */
Value kr_module_from_native(const KrModule *native);
int kr_module_exec(Value module);
/* The entry of the module's dict, EMPTY when absent; no __getattr__. */
Value kr_module_find(Value module, Value name);

#endif
