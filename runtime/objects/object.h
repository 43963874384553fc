/* object.h: what object.c offers the other files of objects/ beyond the public header. */
#ifndef RUNTIME_OBJECTS_OBJECT_H
#define RUNTIME_OBJECTS_OBJECT_H

#include "runtime/objects/type.h"

/* isinstance and issubclass as type's own __instancecheck__ and __subclasscheck__ decide them.
 * 1, 0, -1. */
int kr_object_isinstance(Value v, Value class);
int kr_object_issubclass(Value derived, Value class);
/* Adds the names of a class's attributes, its bases' too, as keys. */
int kr_object_merge_class_dict(Value names, Value class);
/* a | b as a type union; NotImplemented when one of them is no type (generic_alias.c). */
Value kr_union_of(Value a, Value b);
/* AttributeError about `name` of `object`, with both in the exception. */
Value kr_raise_attribute(Value object, Value name, const char *format, ...);
/* super(class, self).name without making the super object (super.c). */
Value kr_super_getattr(Value class, Value self, Value name);
/* The default object.__new__ and __init__. */
Value kr_object_make(Type *type, const Value *args, size_t n, Value kwnames);
int kr_object_init(Value self, const Value *args, size_t n, Value kwnames);

#endif
