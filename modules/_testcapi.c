/* _testcapi.c: native functions in every form that krait.h offers, and calls from C.
 *
 * The module exists for tests: those of CPython that ask how native code is called import it by this name (test_call
 * above all), and what they ask holds for krait's public header in the same way. A function answers with what it was
 * called with: (self, args) or (self, args, kwargs). Of CPython's module only what has a meaning here is present. */
#include <float.h>
#include <limits.h>

#include "runtime/krait.h"

static KrValue self_and_arguments(KrValue self, KrValue args) { return kr_tuple_of(2, self, args); }

static KrValue self_arguments_and_keywords(KrValue self, KrValue args, KrValue kwargs)
{
    return kr_tuple_of(3, self, args, kwargs);
}

static KrValue module(void) { return kr_import("_testcapi"); }

/* ---- Functions of the module: they have no self; the module stands for it. ---- */

KR_FN(testcapi, varargs, "meth_varargs", "(*args)", "(self, args)")
{
    return self_and_arguments(module(), a[0]);
}
KR_FN(testcapi, varargs_keywords, "meth_varargs_keywords", "(*args, **kwargs)",
      "(self, args, kwargs)")
{
    return self_arguments_and_keywords(module(), a[0], a[1]);
}
KR_FN(testcapi, one, "meth_o", "(arg, /)", "(self, arg)")
{
    return self_and_arguments(module(), a[0]);
}
KR_FN(testcapi, none, "meth_noargs", "()", "self") { return module(); }

/* The raw form binds by itself: positional arguments as they lie, the names of the others apart. */
static KrValue keywords(const KrValue *values, KrValue names)
{
    KrValue dict = kr_dict();
    size_t count = kr_is_empty(names) ? 0 : kr_tuple_size(names);
    for (size_t i = 0; i < count; i++)
        if (kr_is_empty(dict) || kr_dict_set(dict, kr_tuple_get(names, i), values[i]) < 0)
            return KR_EMPTY;
    return dict;
}

static KrValue raw(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    if (!kr_is_empty(kwnames) && kr_tuple_size(kwnames) > 0)
        return kr_raise(kr_TypeError, "meth_fastcall() takes no keyword arguments");
    return self_and_arguments(self, kr_tuple(args, n));
}

static KrValue raw_keywords(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    return self_arguments_and_keywords(self, kr_tuple(args, n), keywords(args + n, kwnames));
}

KR_FN_RAW(testcapi, fastcall, "meth_fastcall", NULL, "(self, args)")
{
    return raw(module(), args, n, kwnames);
}
KR_FN_RAW(testcapi, fastcall_keywords, "meth_fastcall_keywords", NULL, "(self, args, kwargs)")
{
    return raw_keywords(module(), args, n, kwnames);
}

/* ---- Methods ---- */

KR_FN(instance, instance_varargs, "meth_varargs", "(self, /, *args)", "(self, args)")
{
    return self_and_arguments(a[0], a[1]);
}
KR_FN(instance, instance_varargs_keywords, "meth_varargs_keywords", "(self, /, *args, **kwargs)",
      "(self, args, kwargs)")
{
    return self_arguments_and_keywords(a[0], a[1], a[2]);
}
KR_FN(instance, instance_one, "meth_o", "(self, arg, /)", "(self, arg)")
{
    return self_and_arguments(a[0], a[1]);
}
KR_FN(instance, instance_none, "meth_noargs", "(self, /)", "self") { return a[0]; }
KR_FN_RAW(instance, instance_fastcall, "meth_fastcall", NULL, "(self, args)")
{
    return raw(args[0], args + 1, n - 1, kwnames);
}
KR_FN_RAW(instance, instance_fastcall_keywords, "meth_fastcall_keywords", NULL,
          "(self, args, kwargs)")
{
    return raw_keywords(args[0], args + 1, n - 1, kwnames);
}

/* ---- Methods of the class ---- */

KR_CLASSMETHOD(class, class_varargs, "meth_varargs", "(cls, /, *args)", "(cls, args)")
{
    return self_and_arguments(a[0], a[1]);
}
KR_CLASSMETHOD(class, class_varargs_keywords, "meth_varargs_keywords", "(cls, /, *args, **kwargs)",
               "(cls, args, kwargs)")
{
    return self_arguments_and_keywords(a[0], a[1], a[2]);
}
KR_CLASSMETHOD(class, class_one, "meth_o", "(cls, arg, /)", "(cls, arg)")
{
    return self_and_arguments(a[0], a[1]);
}
KR_CLASSMETHOD(class, class_none, "meth_noargs", "(cls, /)", "cls") { return a[0]; }
KR_CLASSMETHOD(class, class_fastcall, "meth_fastcall", "(cls, /, *args)", "(cls, args)")
{
    return self_and_arguments(a[0], a[1]);
}
KR_CLASSMETHOD(class, class_fastcall_keywords, "meth_fastcall_keywords",
               "(cls, /, *args, **kwargs)", "(cls, args, kwargs)")
{
    return self_arguments_and_keywords(a[0], a[1], a[2]);
}

/* ---- Static methods ---- */

KR_STATICMETHOD(static, static_varargs, "meth_varargs", "(*args)", "(None, args)")
{
    return self_and_arguments(kr_None, a[0]);
}
KR_STATICMETHOD(static, static_varargs_keywords, "meth_varargs_keywords", "(*args, **kwargs)",
                "(None, args, kwargs)")
{
    return self_arguments_and_keywords(kr_None, a[0], a[1]);
}
KR_STATICMETHOD(static, static_one, "meth_o", "(arg, /)", "(None, arg)")
{
    return self_and_arguments(kr_None, a[0]);
}
KR_STATICMETHOD(static, static_none, "meth_noargs", "()", "None") { return kr_None; }
KR_STATICMETHOD(static, static_fastcall, "meth_fastcall", "(*args)", "(None, args)")
{
    return self_and_arguments(kr_None, a[0]);
}
KR_STATICMETHOD(static, static_fastcall_keywords, "meth_fastcall_keywords", "(*args, **kwargs)",
                "(None, args, kwargs)")
{
    return self_arguments_and_keywords(kr_None, a[0], a[1]);
}

/* ---- Calls from C ---- */

/* args: a tuple, or None for none at all. */
static int arguments_of(KrValue args, const KrValue **items, size_t *n)
{
    *items = NULL, *n = 0;
    if (kr_is(args, kr_None)) return 0;
    if (!kr_is_tuple(args)) {
        kr_raise(kr_TypeError, "args must be None or a tuple");
        return -1;
    }
    *items = kr_tuple_items(args), *n = kr_tuple_size(args);
    return 0;
}

KR_FN(testcapi, call_fast, "pyobject_fastcall", "(func, args, /)", "func(*args)")
{
    const KrValue *items;
    size_t n;
    return arguments_of(a[1], &items, &n) < 0 ? KR_EMPTY : kr_call(a[0], items, n, KR_EMPTY);
}

KR_FN(testcapi, call_dict, "pyobject_fastcalldict", "(func, args, kwargs, /)",
      "func(*args, **kwargs)")
{
    const KrValue *items;
    size_t n;
    if (arguments_of(a[1], &items, &n) < 0) return KR_EMPTY;
    return kr_call_tuple(a[0], kr_tuple(items, n), kr_is(a[2], kr_None) ? KR_EMPTY : a[2]);
}

KR_FN(testcapi, call_vector, "pyobject_vectorcall", "(func, args, kwnames, /)",
      "func(*args, ...): the last len(kwnames) of args are the values of the keywords")
{
    const KrValue *items;
    size_t n, named = 0;
    if (arguments_of(a[1], &items, &n) < 0) return KR_EMPTY;
    if (kr_is(a[2], kr_None)) return kr_call(a[0], items, n, KR_EMPTY);
    if (!kr_is_tuple(a[2])) return kr_raise(kr_TypeError, "kwnames must be None or a tuple");
    named = kr_tuple_size(a[2]);
    if (named > n) return kr_raise(kr_ValueError, "len(kwnames) > len(args)");
    return kr_call(a[0], items, n - named, a[2]);
}

/* ---- Sequences by their slots ---- */

KR_FN(testcapi, sequence_getitem, "sequence_getitem", "(seq, index, /)", "seq[index]")
{
    return kr_getitem(a[0], a[1]);
}
KR_FN(testcapi, sequence_setitem, "sequence_setitem", "(seq, index, item, /)", "seq[index] = item")
{
    return kr_setitem(a[0], a[1], a[2]) < 0 ? KR_EMPTY : kr_None;
}

#include "modules/_testcapi.entries.h"

/* ---- The module ---- */

typedef struct Plain {
    KrObject object;
} Plain;

static KrValue make(KrType *type, KR_UNUSED const KrValue *args, KR_UNUSED size_t n,
                    KR_UNUSED KrValue kwnames)
{
    return kr_from_object(kr_alloc_instance(type));
}

static const KrTypeSpec instance_spec = {
    .name = "_testcapi.MethInstance",
    .size = sizeof(Plain),
    .functions = instance_functions,
    .slots = {.make = make},
    .doc = "Class with normal (instance) methods to test calling conventions"};
static const KrTypeSpec class_spec = {.name = "_testcapi.MethClass",
                                      .size = sizeof(Plain),
                                      .functions = class_functions,
                                      .slots = {.make = make},
                                      .doc =
                                          "Class with class methods to test calling conventions"};
static const KrTypeSpec static_spec = {.name = "_testcapi.MethStatic",
                                       .size = sizeof(Plain),
                                       .functions = static_functions,
                                       .slots = {.make = make},
                                       .doc =
                                           "Class with static methods to test calling conventions"};

static const struct {
    const char *name;
    int64_t value;
} limits[] = {
    {"CHAR_MAX", CHAR_MAX},   {"CHAR_MIN", CHAR_MIN},        {"UCHAR_MAX", UCHAR_MAX},
    {"SHRT_MAX", SHRT_MAX},   {"SHRT_MIN", SHRT_MIN},        {"USHRT_MAX", USHRT_MAX},
    {"INT_MAX", INT_MAX},     {"INT_MIN", INT_MIN},          {"UINT_MAX", UINT_MAX},
    {"LONG_MAX", LONG_MAX},   {"LONG_MIN", LONG_MIN},        {"LLONG_MAX", LLONG_MAX},
    {"LLONG_MIN", LLONG_MIN}, {"PY_SSIZE_T_MAX", INT64_MAX}, {"PY_SSIZE_T_MIN", INT64_MIN},
    {"SIZEOF_TIME_T", 8},     {"SIZEOF_WCHAR_T", 4}};

static int exec(KrValue module)
{
    static KrType *instance, *class, *statics;
    if (kr_module_add_type(module, kr_type_once(&instance, &instance_spec)) < 0 ||
        kr_module_add_type(module, kr_type_once(&class, &class_spec)) < 0 ||
        kr_module_add_type(module, kr_type_once(&statics, &static_spec)) < 0)
        return -1;
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        if (kr_module_add_int(module, limits[i].name, limits[i].value) < 0) return -1;
    return kr_module_add(module, "ULONG_MAX", kr_int_unsigned(ULONG_MAX)) < 0 ||
                   kr_module_add(module, "ULLONG_MAX", kr_int_unsigned(ULLONG_MAX)) < 0 ||
                   kr_module_add(module, "FLT_MAX", kr_float(FLT_MAX)) < 0 ||
                   kr_module_add(module, "FLT_MIN", kr_float(FLT_MIN)) < 0 ||
                   kr_module_add(module, "DBL_MAX", kr_float(DBL_MAX)) < 0 ||
                   kr_module_add(module, "DBL_MIN", kr_float(DBL_MIN)) < 0
               ? -1
               : 0;
}

KR_MODULE(_testcapi) = {
    .api_version = KR_API_VERSION,
    .name = "_testcapi",
    .doc = "Native functions in every form, for tests of calls.",
    .functions = testcapi_functions,
    .exec = exec,
};
