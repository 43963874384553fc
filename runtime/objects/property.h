/* property.h: the layout of properties, whose getters the VM calls without C recursion. */
#ifndef RUNTIME_OBJECTS_PROPERTY_H
#define RUNTIME_OBJECTS_PROPERTY_H

#include "runtime/objects/type.h"

typedef struct Property {
    Object head;
    Value get, set, delete, doc; /* None when absent */
    Value name;                  /* from __set_name__, or EMPTY */
    bool doc_of_getter;
} Property;

static inline Property *property_of(Value v) { return (Property *)object_of(v); }

#endif
