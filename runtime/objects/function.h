/* function.h: Python functions, bound methods, cells. The VM fills kr_function_type.slots.call. */
#ifndef RUNTIME_OBJECTS_FUNCTION_H
#define RUNTIME_OBJECTS_FUNCTION_H

#include "runtime/objects/code.h"

typedef struct Function {
    Object head;
    Code *code;
    Value globals;     /* Dict */
    Value builtins;    /* Dict */
    Value defaults;    /* tuple or None */
    Value kwdefaults;  /* dict or None */
    Value closure;     /* tuple of cells, or None */
    Value name, qualname, module, doc;
    Value annotations; /* dict, tuple of name/value pairs as compiled, or EMPTY */
    Value type_params; /* tuple or EMPTY */
    /* attributes set by the user are in the Attrs behind this struct */
    /* n if exactly n positional arguments need no binding (no defaults used, no *, no **, no
     * keyword-only) and the call runs the code (no generator), else UINT32_MAX */
    uint32_t simple_count;
} Function;

typedef struct Method { /* bound */
    Object head;
    Value function, self;
} Method;

typedef struct Cell {
    Object head;
    Value value; /* EMPTY: unbound */
} Cell;

typedef struct Builtin { /* a native function, bound to self if it is a method or a module's */
    Object head;
    const KrFunction *entry;
    struct Signature *signature; /* parsed on first call (objects/signature.h) */
    Value self;                  /* EMPTY: unbound */
    Value module;                /* Module or its name, or EMPTY */
    Value owner;                 /* the type, for method descriptors; EMPTY else */
} Builtin; /* also the layout of method_descriptor and classmethod_descriptor */

static inline Function *function_of(Value v) { return (Function *)object_of(v); }
Value kr_method_new(Value function, Value self);
Value kr_cell_new(Value value);
Value kr_function_make(Code *code, Value globals, Value builtins);
/* Calls a native function or method descriptor whose `self`, if any, is already args[0]. */
Value kr_builtin_invoke(Builtin *f, const Value *args, size_t n, Value kwnames);
/* A method descriptor (or class method descriptor) of a native type. */
Value kr_builtin_descriptor(Type *descriptor_type, const KrFunction *entry, Type *owner);
/* The module's name as a str, or None. */
Value kr_builtin_module_name(const Builtin *f);
/* f(first, args...): for bound methods and the like. */
Value kr_call_with_first(Value f, Value first, const Value *args, size_t n, Value kwnames);
/* The function inside a staticmethod or classmethod. */
Value kr_function_wrapped(Value static_or_class_method);
Value kr_staticmethod_new(Value callable);
Value kr_classmethod_new(Value callable);

#endif
