/* builtin_types.h: brings up every type of objects/. The heap and the main thread stand before. */
#ifndef RUNTIME_OBJECTS_BUILTIN_TYPES_H
#define RUNTIME_OBJECTS_BUILTIN_TYPES_H

#include "runtime/objects/type.h"

/* 0, or -1 with an exception (out of memory). */
int kr_objects_init(void);
/* The dict of a type that Python code cannot change. */
bool kr_type_is_native_dict(const void *dict);

#define X(name) void kr_##name##_type_init(void);
#include "runtime/objects/builtin_types.def"
#undef X

#endif
