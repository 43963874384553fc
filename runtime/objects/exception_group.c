/* exception_group.c: BaseExceptionGroup and ExceptionGroup: trees of exceptions, and cutting
 * them in two. What `except*` does with the parts is the VM's. */
#include "runtime/objects/descriptor.h"
#include "runtime/objects/dict.h"
#include "runtime/objects/exception_types.h"
#include "runtime/objects/function.h"
#include "runtime/objects/list.h"
#include "runtime/objects/object.h"
#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"

enum { MESSAGE, EXCEPTIONS };

static inline Tuple *parts_of(Value group)
{
    return tuple_of(exception_of(group)->fields[EXCEPTIONS]);
}
static bool is_group(Value v) { return is_object(v) && kr_is_a(v, kr_BaseExceptionGroup); }

static bool is_sequence(Value v)
{
    Type *type = type_of(v);
    return type->slots.getitem && !is_dict(v) &&
           (type->traits & TYPE_HEAP || type->kind.flags & KR_TYPE_SEQUENCE);
}

static Value group_make(Type *type, const Value *args, size_t n, KR_UNUSED Value kwnames)
{
    if (n != 2)
        return kr_raise(kr_TypeError,
                        "BaseExceptionGroup.__new__() takes exactly 2 arguments (%zu given)", n);
    if (!is_str(args[0]))
        return kr_raise(kr_TypeError, "BaseExceptionGroup.__new__() argument 1 must be str, not %T",
                        args[0]);
    if (!is_sequence(args[1]))
        return kr_raise(kr_TypeError, "second argument (exceptions) must be a sequence");
    Value parts = kr_tuple_from(args[1]);
    if (is_empty(parts)) return EMPTY;
    size_t count = tuple_of(parts)->size;
    if (count == 0)
        return kr_raise(kr_ValueError, "second argument (exceptions) must be a non-empty sequence");
    bool plain = true; /* all are Exceptions */
    for (size_t i = 0; i < count; i++) {
        Value part = tuple_of(parts)->items[i];
        if (!is_exception(part))
            return kr_raise(kr_ValueError,
                            "Item %zu of second argument (exceptions) is not an exception", i);
        plain &= kr_is_a(part, kr_Exception);
    }
    if (type == kr_BaseExceptionGroup) {
        if (plain) type = kr_ExceptionGroup;
    } else if (!plain) {
        if (type == kr_ExceptionGroup)
            return kr_raise(kr_TypeError, "Cannot nest BaseExceptions in an ExceptionGroup");
        if (kr_is_subtype(type, kr_Exception))
            return kr_raise(kr_TypeError, "Cannot nest BaseExceptions in %R", type->name);
    }
    Value self = kr_exception_make(type, args, n, EMPTY);
    if (is_empty(self)) return EMPTY;
    exception_of(self)->fields[MESSAGE] = args[0];
    exception_of(self)->fields[EXCEPTIONS] = parts;
    return self;
}

static Value group_str(Value self)
{
    size_t n = parts_of(self)->size;
    return kr_str_format("%S (%zu sub-exception%s)", exception_of(self)->fields[MESSAGE], n,
                         n == 1 ? "" : "s");
}

static Value get_message(Value self) { return exception_field(self, MESSAGE); }
KR_GETSET(group, get_message, kr_descriptor_read_only, "message", "exception message")
static Value get_exceptions(Value self) { return exception_field(self, EXCEPTIONS); }
KR_GETSET(group, get_exceptions, kr_descriptor_read_only, "exceptions", "nested exceptions")

/* ---- Cutting in two ---------------------------------------------------------------- */

static bool is_condition(Value condition)
{
    if (is_exact(condition, &kr_function_type)) return true;
    if (is_type(condition)) return kr_is_subtype(object_of(condition), kr_BaseException);
    if (is_tuple(condition)) {
        for (size_t i = 0; i < tuple_of(condition)->size; i++) {
            Value class = tuple_of(condition)->items[i];
            if (!is_type(class) || !kr_is_subtype(object_of(class), kr_BaseException)) return false;
        }
        return true;
    }
    return false;
}

static int satisfies(Value exception, Value condition)
{
    bool failed;
    if (is_type(condition) || is_tuple(condition)) {
        bool match = kr_exception_matches(exception, condition, &failed);
        return failed ? -1 : match;
    }
    Value answer = kr_call1(condition, exception);
    return is_empty(answer) ? -1 : kr_truth(answer);
}

/* A group like `group` with other parts, made by its derive(). */
static Value derive(Value group, Value parts)
{
    Value derived = kr_call_method1(group, "derive", parts);
    if (is_empty(derived)) return EMPTY;
    if (!is_group(derived))
        return kr_raise(kr_TypeError, "derive must return an instance of BaseExceptionGroup");
    Exception *to = exception_of(derived), *from = exception_of(group);
    to->traceback = from->traceback;
    to->context = from->context;
    to->cause = from->cause;
    to->suppress_context = from->suppress_context;
    /* the parts must not share one list of notes */
    if (!is_empty(from->notes) && is_sequence(from->notes)) {
        to->notes = kr_list_from(from->notes);
        if (is_empty(to->notes)) return EMPTY;
    }
    return derived;
}

/* *match and *rest: exceptions, or None for nothing. rest may be NULL when it is not wanted. */
static int split(Value exception, Value condition, Value *match, Value *rest)
{
    *match = NONE;
    if (rest) *rest = NONE;
    int satisfied = satisfies(exception, condition);
    if (satisfied < 0) return -1;
    if (satisfied) {
        *match = exception;
        return 0;
    }
    if (!is_group(exception)) {
        if (rest) *rest = exception;
        return 0;
    }
    Value matches = kr_list(NULL, 0), others = kr_list(NULL, 0);
    if (is_empty(matches) || is_empty(others) ||
        kr_enter_recursion(" in exception_group_split_recursive") < 0)
        return -1;
    int status = 0;
    for (size_t i = 0; i < parts_of(exception)->size && status == 0; i++) {
        Value inner, outer = NONE;
        status = split(parts_of(exception)->items[i], condition, &inner, rest ? &outer : NULL);
        if (status == 0 && !is_none(inner)) status = kr_list_append(matches, inner);
        if (status == 0 && !is_none(outer)) status = kr_list_append(others, outer);
    }
    kr_leave_recursion();
    if (status < 0) return -1;
    if (list_of(matches)->size && is_empty(*match = derive(exception, matches))) return -1;
    if (rest && list_of(others)->size && is_empty(*rest = derive(exception, others))) return -1;
    return 0;
}

static Value raise_bad_condition(void)
{
    return kr_raise(kr_TypeError,
                    "expected a function, exception type or tuple of exception types");
}

KR_FN(group, group_split, "split", "(self, matcher_value, /)",
      "The group's part that matches a type, a tuple of types or a predicate, and the rest; None "
      "for nothing.")
{
    Value match, rest;
    if (!is_condition(a[1])) return raise_bad_condition();
    return split(a[0], a[1], &match, &rest) < 0 ? EMPTY : kr_tuple_of(2, match, rest);
}

KR_FN(group, group_subgroup, "subgroup", "(self, matcher_value, /)",
      "The group's part that matches a type, a tuple of types or a predicate; None for nothing.")
{
    Value match;
    if (!is_condition(a[1])) return raise_bad_condition();
    return split(a[0], a[1], &match, NULL) < 0 ? EMPTY : match;
}

KR_FN(group, group_derive, "derive", "(self, excs, /)",
      "A group with the same message and other exceptions.")
{
    return kr_call2(from_object(kr_BaseExceptionGroup), exception_of(a[0])->fields[MESSAGE], a[1]);
}

KR_CLASSMETHOD(group, group_class_getitem, "__class_getitem__", "(cls, object, /)", "See PEP 585")
{
    return kr_call2(from_object(&kr_generic_alias_type), a[0], a[1]);
}

#include "runtime/objects/exception_group.entries.h"

const KrTypeSpec kr_exception_group_spec = {
    .functions = group_functions,
    .getset = group_getset,
    .slots = {.make = group_make, .str = group_str},
    .doc = "A combination of multiple unrelated exceptions.",
};
