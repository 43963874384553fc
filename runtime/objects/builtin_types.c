/* builtin_types.c: brings up the types of objects/ in the order of builtin_types.def.
 * No collection may run before the last type is complete: until then dicts and strs exist whose
 * types have no trace function yet. */
#include "runtime/objects/builtin_types.h"
#include "runtime/objects/exception_types.h"
#include "runtime/objects/tuple.h"

/* ExceptionGroup is the one native type with two bases. */
static int complete_exception_group(void)
{
    Type *type = kr_ExceptionGroup;
    type->bases = kr_tuple_of(2, from_object(kr_BaseExceptionGroup), from_object(kr_Exception));
    if (is_empty(type->bases) || kr_type_set_mro(type) < 0) return -1;
    return kr_type_add_subclass(kr_Exception, type);
}

int kr_objects_init(void)
{
    bool disabled = kr_heap_disabled, stress = kr_heap_stress;
    kr_heap_disabled = true;
    kr_heap_stress = false;
#define X(name) kr_##name##_type_init();
#include "runtime/objects/builtin_types.def"
#undef X
    kr_type_init_types();
    int status = complete_exception_group() < 0 || kr_exception_ready() < 0 ? -1 : 0;
    kr_heap_disabled = disabled;
    kr_heap_stress = stress;
    return status;
}
