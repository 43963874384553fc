/* _abc.c: the machinery of abstract base classes.
 *
 * Each ABC owns an Abc object (its _abc_impl): sets of weak references to registered classes, to
 * classes known to be subclasses, and to classes known not to be. The last set is void once any
 * ABC has registered a class since it was begun, which the counter tells. A class is looked up by
 * a weak reference to it, which hashes and compares as the class; references to dead classes stay
 * in the sets until those are renewed, and equal nothing. */
#include "runtime/krait.h"

typedef struct Abc {
    KrObject head;
    KrValue registry, cache, negative; /* sets, KR_EMPTY until used */
    uint64_t negative_version;
} Abc;

static KrType *abc_type;
static uint64_t invalidations;

static void abc_trace(void *self, KrTracer *tracer)
{
    Abc *x = self;
    kr_trace(tracer, x->registry);
    kr_trace(tracer, x->cache);
    kr_trace(tracer, x->negative);
}

static bool is_class(KrValue v) { return kr_is_a(v, &kr_type_type); }

static Abc *abc_of(KrValue class)
{
    KrValue impl = kr_getattr(class, KR_NAME("_abc_impl"));
    if (kr_is_empty(impl)) return NULL;
    if (!kr_is_instance_exact(impl, abc_type)) {
        kr_raise(kr_TypeError, "_abc_impl is set to a wrong type");
        return NULL;
    }
    return kr_to_object(impl);
}

static KrValue weak(KrValue class) { return kr_call1(kr_type_value(&kr_weakref_type), class); }

static int set_has(KrValue set, KrValue class)
{
    if (kr_is_empty(set) || kr_set_size(set) == 0) return 0;
    KrValue reference = weak(class);
    if (!kr_is_empty(reference)) return kr_set_contains(set, reference);
    if (!kr_raised_is(kr_TypeError)) return -1;
    kr_clear_exception(); /* no weak references to it: it was never stored */
    return 0;
}

static int set_put(KrValue *set, KrValue class)
{
    if (kr_is_empty(*set) && kr_is_empty(*set = kr_set(KR_EMPTY))) return -1;
    KrValue reference = weak(class);
    return kr_is_empty(reference) ? -1 : kr_set_add(*set, reference);
}

/* ---- Making an ABC ---- */

static int is_abstract(KrValue v)
{
    KrValue flag = kr_find_attr(v, KR_NAME("__isabstractmethod__"));
    if (kr_is_empty(flag)) return kr_raised() ? -1 : 0;
    return kr_truth(flag);
}

static int collect_own(KrValue class, KrValue names)
{
    KrValue namespace = kr_getattr_ascii(class, "__dict__");
    KrValue items = kr_is_empty(namespace) ? KR_EMPTY : kr_call_method0(namespace, "items");
    if (kr_is_empty(items) || kr_is_empty(items = kr_list_from(items))) return -1;
    for (size_t i = 0; i < kr_list_size(items); i++) {
        KrValue pair = kr_list_get(items, i);
        int abstract = is_abstract(kr_tuple_get(pair, 1));
        if (abstract < 0 || (abstract && kr_set_add(names, kr_tuple_get(pair, 0)) < 0)) return -1;
    }
    return 0;
}

static int collect_inherited(KrValue class, KrValue names)
{
    KrValue bases = kr_getattr_ascii(class, "__bases__");
    if (kr_is_empty(bases)) return -1;
    for (size_t i = 0; i < kr_tuple_size(bases); i++) {
        KrValue theirs = kr_find_attr(kr_tuple_get(bases, i), KR_NAME("__abstractmethods__")), it,
                name;
        if (kr_is_empty(theirs)) {
            if (kr_raised()) return -1;
            continue;
        }
        if (kr_is_empty(it = kr_iter(theirs))) return -1;
        while (!kr_is_empty(name = kr_next(it))) {
            KrValue value = kr_find_attr(class, name);
            if (kr_is_empty(value) && kr_raised()) return -1;
            int abstract = kr_is_empty(value) ? 0 : is_abstract(value);
            if (abstract < 0 || (abstract && kr_set_add(names, name) < 0)) return -1;
        }
        if (kr_raised()) return -1;
    }
    return 0;
}

enum { FLAG_SEQUENCE = 1 << 5, FLAG_MAPPING = 1 << 6 }; /* __abc_tpflags__ in collections.abc */

/* The ABC asks for its instances to match sequence or mapping patterns. */
static int take_pattern_flags(KrValue class)
{
    KrValue namespace = kr_getattr_ascii(class, "__dict__");
    if (kr_is_empty(namespace)) return -1;
    KrValue name = KR_NAME("__abc_tpflags__");
    int present = kr_contains(namespace, name);
    if (present <= 0) return present;
    KrValue flags = kr_getattr(class, name);
    int64_t bits;
    if (kr_is_empty(flags)) return -1;
    if (kr_is_int(flags)) {
        if (kr_to_int64(flags, &bits) < 0) return -1;
        if ((bits & (FLAG_SEQUENCE | FLAG_MAPPING)) == (FLAG_SEQUENCE | FLAG_MAPPING)) {
            kr_raise(kr_TypeError,
                     "__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING");
            return -1;
        }
        if (bits & FLAG_SEQUENCE) kr_type_set_pattern(kr_to_object(class), KR_TYPE_SEQUENCE);
        if (bits & FLAG_MAPPING) kr_type_set_pattern(kr_to_object(class), KR_TYPE_MAPPING);
    }
    return kr_delattr(class, name);
}

KR_FN(abc, abc_init, "_abc_init", "(self, /)",
      "Internal ABC helper for class set-up. Should be never used outside abc module.")
{
    KrValue names = kr_set(KR_EMPTY);
    if (kr_is_empty(names) || collect_own(a[0], names) < 0 || collect_inherited(a[0], names) < 0)
        return KR_EMPTY;
    KrValue frozen = kr_frozenset(names);
    if (kr_is_empty(frozen) || kr_setattr_ascii(a[0], "__abstractmethods__", frozen) < 0)
        return KR_EMPTY;
    Abc *x = kr_alloc_instance(abc_type);
    if (!x || kr_setattr_ascii(a[0], "_abc_impl", kr_from_object(x)) < 0) return KR_EMPTY;
    x->negative_version = invalidations;
    return is_class(a[0]) && take_pattern_flags(a[0]) < 0 ? KR_EMPTY : kr_None;
}

KR_FN(abc, abc_register, "_abc_register", "(self, subclass, /)",
      "Internal ABC helper for subclasss registration. Should be never used outside abc module.")
{
    if (!is_class(a[1])) return kr_raise(kr_TypeError, "Can only register classes");
    int known = kr_issubclass(a[1], a[0]);
    if (known) return known < 0 ? KR_EMPTY : a[1];
    int cycle = kr_issubclass(a[0], a[1]);
    if (cycle < 0) return KR_EMPTY;
    if (cycle) return kr_raise(kr_RuntimeError, "Refusing to create an inheritance cycle");
    Abc *x = abc_of(a[0]);
    if (!x || set_put(&x->registry, a[1]) < 0) return KR_EMPTY;
    invalidations++;
    if (is_class(a[0])) {
        unsigned pattern = kr_type_pattern(kr_to_object(a[0]));
        if (pattern) kr_type_set_pattern(kr_to_object(a[1]), pattern);
    }
    return a[1];
}

/* ---- Checks ---- */

KR_FN(abc, abc_instancecheck, "_abc_instancecheck", "(self, instance, /)",
      "Internal ABC helper for instance checks. Should be never used outside abc module.")
{
    Abc *x = abc_of(a[0]);
    if (!x) return KR_EMPTY;
    KrValue class = kr_getattr(a[1], KR_NAME("__class__")), type = kr_type_value(kr_type_of(a[1]));
    if (kr_is_empty(class)) return KR_EMPTY;
    int known = set_has(x->cache, class);
    if (known) return known < 0 ? KR_EMPTY : kr_True;
    if (kr_is(class, type)) {
        if (x->negative_version == invalidations) {
            int refused = set_has(x->negative, class);
            if (refused) return refused < 0 ? KR_EMPTY : kr_False;
        }
        return kr_call_method1(a[0], "__subclasscheck__", class);
    }
    KrValue result = kr_call_method1(a[0], "__subclasscheck__", class);
    if (kr_is_empty(result)) return KR_EMPTY;
    int truth = kr_truth(result);
    if (truth) return truth < 0 ? KR_EMPTY : result;
    return kr_call_method1(a[0], "__subclasscheck__", type);
}

static int in_mro(KrValue class, KrValue subclass)
{
    KrValue mro = kr_getattr_ascii(subclass, "__mro__");
    if (kr_is_empty(mro)) return -1;
    for (size_t i = 0; i < kr_tuple_size(mro); i++)
        if (kr_is(kr_tuple_get(mro, i), class)) return 1;
    return 0;
}

static int in_registry(Abc *x, KrValue subclass)
{
    if (kr_is_empty(x->registry)) return 0;
    int registered = set_has(x->registry, subclass);
    if (registered) return registered;
    KrValue references = kr_list_from(x->registry); /* the checks may register more */
    if (kr_is_empty(references)) return -1;
    for (size_t i = 0; i < kr_list_size(references); i++) {
        KrValue class = kr_call0(kr_list_get(references, i));
        if (kr_is_empty(class)) return -1;
        if (kr_is(class, kr_None)) continue;
        int result = kr_issubclass(subclass, class);
        if (result) return result;
    }
    return 0;
}

static int in_subclasses(KrValue class, KrValue subclass)
{
    KrValue all = kr_call_method0(class, "__subclasses__");
    if (kr_is_empty(all)) return -1;
    if (!kr_is_list(all)) {
        kr_raise(kr_TypeError, "__subclasses__() must return a list");
        return -1;
    }
    for (size_t i = 0; i < kr_list_size(all); i++) {
        int result = kr_issubclass(subclass, kr_list_get(all, i));
        if (result) return result;
    }
    return 0;
}

static KrValue answer(KrValue *set, KrValue subclass, bool result)
{
    return set_put(set, subclass) < 0 ? KR_EMPTY : kr_bool(result);
}

KR_FN(abc, abc_subclasscheck, "_abc_subclasscheck", "(self, subclass, /)",
      "Internal ABC helper for subclasss checks. Should be never used outside abc module.")
{
    KrValue class = a[0], subclass = a[1];
    if (!is_class(subclass)) return kr_raise(kr_TypeError, "issubclass() arg 1 must be a class");
    Abc *x = abc_of(class);
    if (!x) return KR_EMPTY;
    int known = set_has(x->cache, subclass);
    if (known) return known < 0 ? KR_EMPTY : kr_True;
    if (x->negative_version < invalidations) {
        x->negative = KR_EMPTY;
        x->negative_version = invalidations;
    } else {
        int refused = set_has(x->negative, subclass);
        if (refused) return refused < 0 ? KR_EMPTY : kr_False;
    }
    KrValue hook = kr_call_method1(class, "__subclasshook__", subclass);
    if (kr_is_empty(hook)) return KR_EMPTY;
    if (kr_is(hook, kr_True)) return answer(&x->cache, subclass, true);
    if (kr_is(hook, kr_False)) return answer(&x->negative, subclass, false);
    if (!kr_is(hook, kr_NotImplemented))
        return kr_raise(kr_AssertionError,
                        "__subclasshook__ must return either False, True, or NotImplemented");
    int result = in_mro(class, subclass);
    if (result == 0) result = in_registry(x, subclass);
    if (result == 0) result = in_subclasses(class, subclass);
    if (result < 0) return KR_EMPTY;
    return result ? answer(&x->cache, subclass, true) : answer(&x->negative, subclass, false);
}

/* ---- For the tests and debugging ---- */

KR_FN(abc, abc_get_cache_token, "get_cache_token", "()",
      "Returns the current ABC cache token.\n\nThe token is an opaque object (supporting equality "
      "testing) identifying "
      "the\ncurrent version of the ABC cache for virtual subclasses. The token changes\nwith every "
      "call to register() on any "
      "ABC.")
{
    return kr_int_unsigned(invalidations);
}

KR_FN(
    abc, abc_reset_registry, "_reset_registry", "(self, /)",
    "Internal ABC helper to reset registry of a given class.\n\nShould be only used by refleak.py")
{
    Abc *x = abc_of(a[0]);
    if (!x) return KR_EMPTY;
    x->registry = KR_EMPTY;
    return kr_None;
}

KR_FN(abc, abc_reset_caches, "_reset_caches", "(self, /)",
      "Internal ABC helper to reset both caches of a given class.\n\nShould be only used by "
      "refleak.py")
{
    Abc *x = abc_of(a[0]);
    if (!x) return KR_EMPTY;
    x->cache = x->negative = KR_EMPTY;
    return kr_None;
}

KR_FN(abc, abc_get_dump, "_get_dump", "(self, /)",
      "Internal ABC helper for cache and registry debugging.\n\nReturn shallow copies of registry, "
      "of both caches, and\n"
      "negative cache version. Don't call this function directly,\ninstead use "
      "ABC._dump_registry() for a nice repr.")
{
    Abc *x = abc_of(a[0]);
    if (!x) return KR_EMPTY;
    return kr_tuple_of(4, kr_set(x->registry), kr_set(x->cache), kr_set(x->negative),
                       kr_int_unsigned(x->negative_version));
}

#include "modules/_abc.entries.h"

static const KrTypeSpec abc_spec = {
    .name = "_abc._abc_data",
    .size = sizeof(Abc),
    .trace = abc_trace,
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_FINAL | KR_TYPE_NO_WEAKREF | KR_TYPE_ABSTRACT,
    .doc = "Internal state held by ABC machinery.",
};

static int abc_exec(KrValue module)
{
    (void)module;
    kr_type_once(&abc_type, &abc_spec);
    return abc_type ? 0 : -1;
}

KR_MODULE(_abc) = {
    .api_version = KR_API_VERSION,
    .name = "_abc",
    .doc = "Module contains faster C implementation of abc.ABCMeta",
    .functions = abc_functions,
    .exec = abc_exec,
};
