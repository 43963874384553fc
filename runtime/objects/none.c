/* none.c: None, Ellipsis and NotImplemented. */
#include "runtime/objects/tuple.h"

const KrValue kr_None = {0x02}, kr_False = {0x06}, kr_True = {0x07}, kr_Ellipsis = {0x0a},
              kr_NotImplemented = {0x0e};

static bool takes_nothing(const char *name, size_t n, Value kwnames)
{
    if (n == 0 && (is_empty(kwnames) || tuple_of(kwnames)->size == 0)) return true;
    kr_raise(kr_TypeError, "%s takes no arguments", name);
    return false;
}

#define MAKE(function, name, value)                                                                \
    static Value function(KR_UNUSED Type *type, KR_UNUSED const Value *args, size_t n, \
                          Value kwnames)                                                           \
    {                                                                                              \
        return takes_nothing(name, n, kwnames) ? value : EMPTY;                                    \
    }
MAKE(none_make, "NoneType", NONE)
MAKE(ellipsis_make, "EllipsisType", ELLIPSIS)
MAKE(notimplemented_make, "NotImplementedType", NOT_IMPLEMENTED)

static Value none_repr(KR_UNUSED Value self) { return KR_NAME("None"); }
static Value ellipsis_repr(KR_UNUSED Value self) { return KR_NAME("Ellipsis"); }
static Value notimplemented_repr(KR_UNUSED Value self) { return KR_NAME("NotImplemented"); }

static int none_truth(KR_UNUSED Value self) { return 0; }
static int64_t none_hash(KR_UNUSED Value self) { return 0xfca86420; }

static int notimplemented_truth(KR_UNUSED Value self)
{
    return kr_warn(kr_DeprecationWarning, 1,
                   "NotImplemented should not be used in a boolean context") < 0
               ? -1
               : 1;
}

KR_FN(ellipsis, ellipsis_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling.")
{
    return KR_NAME("Ellipsis");
}

KR_FN(notimplemented, notimplemented_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling.")
{
    return KR_NAME("NotImplemented");
}

#include "runtime/objects/none.entries.h"

static const KrTypeSpec none_spec = {
    .name = "NoneType",
    .size = sizeof(Object),
    .flags = KR_TYPE_FINAL | KR_TYPE_NO_WEAKREF,
    .slots = {.make = none_make, .repr = none_repr, .truth = none_truth, .hash = none_hash},
};

static const KrTypeSpec ellipsis_spec = {
    .name = "ellipsis",
    .size = sizeof(Object),
    .flags = KR_TYPE_FINAL | KR_TYPE_NO_WEAKREF,
    .functions = ellipsis_functions,
    .slots = {.make = ellipsis_make, .repr = ellipsis_repr},
};

static const KrTypeSpec notimplemented_spec = {
    .name = "NotImplementedType",
    .size = sizeof(Object),
    .flags = KR_TYPE_FINAL | KR_TYPE_NO_WEAKREF,
    .functions = notimplemented_functions,
    .slots = {.make = notimplemented_make,
              .repr = notimplemented_repr,
              .truth = notimplemented_truth},
};

Type kr_none_type, kr_ellipsis_type, kr_notimplemented_type;
void kr_none_type_init(void) { kr_type_init(&kr_none_type, &none_spec); }
void kr_ellipsis_type_init(void) { kr_type_init(&kr_ellipsis_type, &ellipsis_spec); }
void kr_notimplemented_type_init(void)
{
    kr_type_init(&kr_notimplemented_type, &notimplemented_spec);
}
