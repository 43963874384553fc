/* pattern_flags.c: which classes match sequence and mapping patterns. A class inherits the
 * property when it is made; an abstract base class may confer it later
 * (collections.abc.Sequence.register), then on all subclasses too, but not on immutable types: str
 * registered as a Sequence still matches no sequence pattern. */
#include "runtime/objects/list.h"
#include "runtime/objects/type.h"

#define PATTERNS (KR_TYPE_SEQUENCE | KR_TYPE_MAPPING)

unsigned kr_type_pattern(const Type *type) { return type->kind.flags & PATTERNS; }

void kr_type_set_pattern(Type *type, unsigned flag)
{
    if (type->kind.flags & KR_TYPE_IMMUTABLE || (type->kind.flags & PATTERNS) == flag) return;
    type->kind.flags = (type->kind.flags & ~PATTERNS) | flag;
    Value subclasses = kr_call_method0(from_object(type), "__subclasses__");
    if (is_empty(subclasses) || !is_list(subclasses)) {
        kr_clear_exception();
        return;
    }
    for (size_t i = 0; i < list_of(subclasses)->size; i++)
        kr_type_set_pattern(object_of(list_of(subclasses)->items[i]), flag);
}
