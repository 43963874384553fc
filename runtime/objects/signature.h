/* signature.h: the parameters of native functions, parsed from their signature texts, and the
 * binding of arguments to them.
 * One Signature an entry, parsed on first use and kept for ever. A method's self is parameter
 * 0; error texts count without it. */
#ifndef RUNTIME_OBJECTS_SIGNATURE_H
#define RUNTIME_OBJECTS_SIGNATURE_H

#include "runtime/objects/function.h"

typedef struct Parameter {
    Value name;    /* interned */
    Value initial; /* the default; EMPTY when required, or optional and written =<unset> */
    bool required;
} Parameter;

/* Parameters stand in the order: positional-only, positional or keyword, keyword-only, in the
 * text's order; *args and **kwargs have slots at the place where the text has them. */
typedef struct Signature {
    const KrFunction *entry;
    uint32_t count;           /* parameters, slots of a call */
    uint32_t positional;      /* leading parameters that take positional arguments, self included */
    uint32_t positional_only; /* of them, those without a name for the caller */
    uint32_t required;        /* of them, those without default */
    uint32_t named;           /* all but *args and **kwargs */
    int32_t args_slot;        /* of *args, or -1 */
    int32_t kwargs_slot;      /* of **kwargs, or -1 */
    bool has_self;
    bool simple; /* count == positional: a call with all of them needs no binding */
    bool takes_keywords;
    uint8_t typed_count; /* KR_KIND_TYPED: arguments */
    char typed[18];      /* codes of result and arguments, see signature.c */
    Parameter parameters[];
} Signature;

Signature *
kr_signature_of(const KrFunction *entry); /* NULL with SystemError for a malformed text */
/* Binds; `function` (a Builtin, or EMPTY) names the function in error texts. 0, or -1 with
 * TypeError. */
int kr_signature_bind(const Signature *s, Value function, const Value *args, size_t n,
                      Value kwnames, Value *slots);
/* Calls a typed native on bound arguments. */
Value kr_signature_call_typed(const Signature *s, const Value *slots);
/* "list.append" or "math.sin", as error texts name a native function. */
Value kr_builtin_full_name(Value function);

#endif
