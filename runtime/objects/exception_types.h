/* exception_types.h: the numbering of the exception classes and what their files share. */
#ifndef RUNTIME_OBJECTS_EXCEPTION_TYPES_H
#define RUNTIME_OBJECTS_EXCEPTION_TYPES_H

#include "runtime/objects/exception.h"

/* The classes in a row, in the order of KR_EXCEPTIONS behind BaseException. */
enum {
    EXCEPTION_BaseException,
#define X(name, base) EXCEPTION_##name,
    KR_EXCEPTIONS(X)
#undef X
        EXCEPTION_COUNT
};
extern Type kr_exception_types[EXCEPTION_COUNT];

/* Bits of the classes' description in exception_types.c. */
extern const KrTypeSpec kr_exception_spec; /* BaseException */
Value kr_exception_make(Type *type, const Value *args, size_t n, Value kwnames);
int kr_exception_init(Value self, const Value *args, size_t n, Value kwnames);
Value kr_exception_str(Value self);
Value kr_exception_state(Value self);
int kr_exception_ready(void); /* after all types are ready */

/* Exception.fields[i] as an attribute: None while EMPTY. */
static inline Value exception_field(Value self, int i)
{
    Value value = exception_of(self)->fields[i];
    return is_empty(value) ? NONE : value;
}
#define EXCEPTION_FIELD(name, i)                                                                   \
    static Value get_##name(Value self) { return exception_field(self, i); } \
    static int set_##name(Value self, Value value)                                                 \
    {                                                                                              \
        exception_of(self)->fields[i] = value;                                                     \
        return 0;                                                                                  \
    }

/* Splits keywords off: each name in `names` (NULL-terminated) into its field, others are errors. */
int kr_exception_take_keywords(Value self, const char *type_name, const char *const *names,
                               const int *fields, const Value *values, Value kwnames);

extern const KrTypeSpec kr_exception_os_spec, kr_exception_group_spec;

#endif
