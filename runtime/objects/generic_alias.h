/* generic_alias.h: what type unions share with generic aliases. */
#ifndef RUNTIME_OBJECTS_GENERIC_ALIAS_H
#define RUNTIME_OBJECTS_GENERIC_ALIAS_H

#include "runtime/objects/type.h"

bool kr_alias_is(Value v);
int kr_alias_add_item(KrText *text, Value item); /* as repr() of an alias shows an argument */
Value kr_alias_parameters(Value args);           /* the type variables in a tuple of arguments */
/* The arguments after indexing `self` with `item`. */
Value kr_alias_substitute(Value self, Value args, Value parameters, Value item);

#endif
