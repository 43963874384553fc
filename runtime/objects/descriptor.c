/* descriptor.c: wrapper descriptors, getset and member descriptors, and method wrappers. */
#include "runtime/objects/descriptor.h"
#include "runtime/objects/object.h"
#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"

static bool check_instance(Type *owner, Value name, Value instance)
{
    if (type_of(instance) == owner || kr_is_subtype(type_of(instance), owner)) return true;
    kr_raise(kr_TypeError, "descriptor '%U' for '%N' objects doesn't apply to a '%T' object", name,
             owner, instance);
    return false;
}

static Value qualified(Type *owner, Value name)
{
    return kr_str_format("%U.%U", owner->qualname, name);
}

static Value reduce_to_getattr(Value object, Value name)
{
    return kr_tuple_of(2, kr_import_attr("builtins", "getattr"), kr_tuple_of(2, object, name));
}

/* ---- Wrapper descriptors ----------------------------------------------------------- */

static inline WrapperDescriptor *wrapper_of(Value v) { return (WrapperDescriptor *)object_of(v); }

Value kr_descriptor_wrapper(Type *owner, const SlotDef *def, KrAnyCode wrapped)
{
    WrapperDescriptor *d = heap_alloc(&kr_wrapper_descriptor_type, sizeof(WrapperDescriptor));
    if (!d) return EMPTY;
    d->owner = owner;
    d->def = def;
    d->wrapped = wrapped;
    d->name = kr_intern(def->name);
    return from_object(d);
}

static void wrapper_trace(void *self, KrTracer *tracer)
{
    kr_trace_pointer(tracer, ((WrapperDescriptor *)self)->owner);
    kr_trace(tracer, ((WrapperDescriptor *)self)->name);
}

static Value call_slot(WrapperDescriptor *d, Value self, const Value *args, size_t n, Value kwnames)
{
    bool keywords = !is_empty(kwnames) && tuple_of(kwnames)->size;
    /* only __init__ and __call__ take them */
    if (keywords && d->def->offset != offsetof(KrSlots, init) &&
        d->def->offset != offsetof(KrSlots, call))
        return kr_raise(kr_TypeError, "wrapper %s() takes no keyword arguments", d->def->name);
    return d->def->wrap(d->def, d->wrapped, self, args, n, kwnames);
}

static Value wrapper_call(Value self, const Value *args, size_t n, Value kwnames)
{
    WrapperDescriptor *d = wrapper_of(self);
    if (n == 0)
        return kr_raise(kr_TypeError, "descriptor '%U' of '%N' object needs an argument", d->name,
                        d->owner);
    if (type_of(args[0]) != d->owner && !kr_is_subtype(type_of(args[0]), d->owner))
        return kr_raise(kr_TypeError, "descriptor '%U' requires a '%N' object but received a '%T'",
                        d->name, d->owner, args[0]);
    return call_slot(d, args[0], args + 1, n - 1, kwnames);
}

static Value wrapper_get(Value self, Value instance, KR_UNUSED Value owner)
{
    WrapperDescriptor *d = wrapper_of(self);
    if (is_empty(instance)) return self;
    if (!check_instance(d->owner, d->name, instance)) return EMPTY;
    MethodWrapper *bound = heap_alloc(&kr_method_wrapper_type, sizeof(MethodWrapper));
    if (!bound) return EMPTY;
    bound->descriptor = self;
    bound->self = instance;
    return from_object(bound);
}

static Value wrapper_repr(Value self)
{
    return kr_str_format("<slot wrapper '%U' of '%N' objects>", wrapper_of(self)->name,
                         wrapper_of(self)->owner);
}

static Value wrapper_get_name(Value self) { return wrapper_of(self)->name; }
KR_GETSET(wrapper, wrapper_get_name, kr_descriptor_read_only, "__name__", NULL)
static Value wrapper_get_qualname(Value self)
{
    return qualified(wrapper_of(self)->owner, wrapper_of(self)->name);
}
KR_GETSET(wrapper, wrapper_get_qualname, NULL, "__qualname__", NULL)
static Value wrapper_get_owner(Value self) { return from_object(wrapper_of(self)->owner); }
KR_GETSET(wrapper, wrapper_get_owner, kr_descriptor_read_only, "__objclass__", NULL)
static Value wrapper_get_doc(Value self) { return kr_str(wrapper_of(self)->def->doc); }
KR_GETSET(wrapper, wrapper_get_doc, NULL, "__doc__", NULL)
static Value wrapper_get_signature(Value self)
{
    const char *signature = wrapper_of(self)->def->signature;
    return signature ? kr_str(signature) : NONE;
}
KR_GETSET(wrapper, wrapper_get_signature, NULL, "__text_signature__", NULL)

KR_FN(wrapper, wrapper_reduce, "__reduce__", "(self, /)", "Return state information for pickling.")
{
    return reduce_to_getattr(from_object(wrapper_of(a[0])->owner), wrapper_of(a[0])->name);
}

/* ---- Method wrappers --------------------------------------------------------------- */

static inline MethodWrapper *bound_of(Value v) { return (MethodWrapper *)object_of(v); }

static void bound_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((MethodWrapper *)self)->descriptor);
    kr_trace(tracer, ((MethodWrapper *)self)->self);
}

static Value bound_call(Value self, const Value *args, size_t n, Value kwnames)
{
    return call_slot(wrapper_of(bound_of(self)->descriptor), bound_of(self)->self, args, n,
                     kwnames);
}

static Value bound_repr(Value self)
{
    MethodWrapper *m = bound_of(self);
    return kr_str_format("<method-wrapper '%U' of %T object at %p>",
                         wrapper_of(m->descriptor)->name, m->self, (void *)(uintptr_t)m->self.bits);
}

static Value bound_compare(Value a, Value b, int op)
{
    if ((op != KR_EQ && op != KR_NE) || type_of(a) != &kr_method_wrapper_type ||
        type_of(b) != &kr_method_wrapper_type)
        return NOT_IMPLEMENTED;
    bool equal = same(bound_of(a)->descriptor, bound_of(b)->descriptor) &&
                 same(bound_of(a)->self, bound_of(b)->self);
    return from_bool(equal == (op == KR_EQ));
}

static int64_t bound_hash(Value self)
{
    int64_t hash = (int64_t)(bound_of(self)->descriptor.bits >> 4 ^ bound_of(self)->self.bits >> 3);
    return hash == -1 ? -2 : hash;
}

static Value bound_get_self(Value self) { return bound_of(self)->self; }
KR_GETSET(bound, bound_get_self, NULL, "__self__", NULL)
static Value bound_get_name(Value self) { return wrapper_get_name(bound_of(self)->descriptor); }
KR_GETSET(bound, bound_get_name, kr_descriptor_read_only, "__name__", NULL)
static Value bound_get_qualname(Value self)
{
    return wrapper_get_qualname(bound_of(self)->descriptor);
}
KR_GETSET(bound, bound_get_qualname, NULL, "__qualname__", NULL)
static Value bound_get_owner(Value self) { return wrapper_get_owner(bound_of(self)->descriptor); }
KR_GETSET(bound, bound_get_owner, kr_descriptor_read_only, "__objclass__", NULL)
static Value bound_get_doc(Value self) { return wrapper_get_doc(bound_of(self)->descriptor); }
KR_GETSET(bound, bound_get_doc, NULL, "__doc__", NULL)
static Value bound_get_signature(Value self)
{
    return wrapper_get_signature(bound_of(self)->descriptor);
}
KR_GETSET(bound, bound_get_signature, NULL, "__text_signature__", NULL)

KR_FN(bound, bound_reduce, "__reduce__", "(self, /)", "Return state information for pickling.")
{
    return reduce_to_getattr(bound_of(a[0])->self, wrapper_of(bound_of(a[0])->descriptor)->name);
}

/* ---- Getset descriptors ------------------------------------------------------------ */

static inline GetSetDescriptor *getset_of(Value v) { return (GetSetDescriptor *)object_of(v); }

Value kr_descriptor_getset(Type *owner, const KrGetSet *entry)
{
    if (entry->set == kr_descriptor_read_only) {
        Value member = kr_descriptor_field(owner, kr_intern(entry->name), 0);
        if (!is_empty(member)) ((MemberDescriptor *)object_of(member))->entry = entry;
        return member;
    }
    GetSetDescriptor *d = heap_alloc(&kr_getset_descriptor_type, sizeof(GetSetDescriptor));
    if (!d) return EMPTY;
    d->owner = owner;
    d->entry = entry;
    d->name = kr_intern(entry->name);
    return from_object(d);
}

static void getset_trace(void *self, KrTracer *tracer)
{
    kr_trace_pointer(tracer, ((GetSetDescriptor *)self)->owner);
    kr_trace(tracer, ((GetSetDescriptor *)self)->name);
}

static Value getset_get(Value self, Value instance, KR_UNUSED Value owner)
{
    GetSetDescriptor *d = getset_of(self);
    if (is_empty(instance)) return self;
    if (!check_instance(d->owner, d->name, instance)) return EMPTY;
    if (d->entry->get) return d->entry->get(instance);
    return kr_raise(kr_AttributeError, "attribute '%U' of '%N' objects is not readable", d->name,
                    d->owner);
}

static int getset_set(Value self, Value instance, Value value)
{
    GetSetDescriptor *d = getset_of(self);
    if (!check_instance(d->owner, d->name, instance)) return -1;
    if (d->entry->set) return d->entry->set(instance, value);
    kr_raise(kr_AttributeError, "attribute '%U' of '%N' objects is not writable", d->name,
             d->owner);
    return -1;
}

static Value getset_repr(Value self)
{
    return kr_str_format("<attribute '%U' of '%N' objects>", getset_of(self)->name,
                         getset_of(self)->owner);
}

static Value getset_get_name(Value self) { return getset_of(self)->name; }
KR_GETSET(getset, getset_get_name, kr_descriptor_read_only, "__name__", NULL)
static Value getset_get_qualname(Value self)
{
    return qualified(getset_of(self)->owner, getset_of(self)->name);
}
KR_GETSET(getset, getset_get_qualname, NULL, "__qualname__", NULL)
static Value getset_get_owner(Value self) { return from_object(getset_of(self)->owner); }
KR_GETSET(getset, getset_get_owner, kr_descriptor_read_only, "__objclass__", NULL)
static Value getset_get_doc(Value self)
{
    const char *doc = getset_of(self)->entry->doc;
    return doc ? kr_str(doc) : NONE;
}
KR_GETSET(getset, getset_get_doc, NULL, "__doc__", NULL)

/* ---- Member descriptors ------------------------------------------------------------ */

static inline MemberDescriptor *member_of(Value v) { return (MemberDescriptor *)object_of(v); }

Value kr_descriptor_member(Type *owner, Value name, uint32_t offset)
{
    MemberDescriptor *d = heap_alloc(&kr_member_descriptor_type, sizeof(MemberDescriptor));
    if (!d) return EMPTY;
    d->owner = owner;
    d->name = name;
    d->offset = offset;
    return from_object(d);
}

Value kr_descriptor_field(Type *owner, Value name, uint32_t offset)
{
    Value member = kr_descriptor_member(owner, name, offset);
    if (!is_empty(member)) member_of(member)->read_only = true;
    return member;
}

static void member_trace(void *self, KrTracer *tracer)
{
    kr_trace_pointer(tracer, ((MemberDescriptor *)self)->owner);
    kr_trace(tracer, ((MemberDescriptor *)self)->name);
}

static inline Value *member_place(MemberDescriptor *d, Value instance)
{
    return (Value *)((char *)object_of(instance) + d->offset);
}

int kr_descriptor_read_only(KR_UNUSED Value self, KR_UNUSED Value value)
{
    kr_raise(kr_AttributeError, "readonly attribute");
    return -1;
}

static Value member_get(Value self, Value instance, KR_UNUSED Value owner)
{
    MemberDescriptor *d = member_of(self);
    if (is_empty(instance)) return self;
    if (!check_instance(d->owner, d->name, instance)) return EMPTY;
    if (d->entry) return d->entry->get(instance);
    Value value = *member_place(d, instance);
    if (!is_empty(value)) return value;
    return kr_raise_attribute(instance, d->name, "'%T' object has no attribute '%U'", instance,
                              d->name);
}

static int member_set(Value self, Value instance, Value value)
{
    MemberDescriptor *d = member_of(self);
    if (!check_instance(d->owner, d->name, instance)) return -1;
    if (d->read_only) return kr_descriptor_read_only(instance, value);
    Value *place = member_place(d, instance);
    if (is_empty(value) && is_empty(*place)) {
        kr_raise_attribute(instance, d->name, "'%T' object has no attribute '%U'", instance,
                           d->name);
        return -1;
    }
    *place = value;
    return 0;
}

static Value member_repr(Value self)
{
    return kr_str_format("<member '%U' of '%N' objects>", member_of(self)->name,
                         member_of(self)->owner);
}

static Value member_get_name(Value self) { return member_of(self)->name; }
KR_GETSET(member, member_get_name, kr_descriptor_read_only, "__name__", NULL)
static Value member_get_qualname(Value self)
{
    return qualified(member_of(self)->owner, member_of(self)->name);
}
KR_GETSET(member, member_get_qualname, NULL, "__qualname__", NULL)
static Value member_get_owner(Value self) { return from_object(member_of(self)->owner); }
KR_GETSET(member, member_get_owner, kr_descriptor_read_only, "__objclass__", NULL)
static Value member_get_doc(Value self)
{
    const KrGetSet *entry = member_of(self)->entry;
    return entry && entry->doc ? kr_str(entry->doc) : NONE;
}
KR_GETSET(member, member_get_doc, NULL, "__doc__", NULL)

KR_FN(member, member_reduce, "__reduce__", "(self, /)", "Return state information for pickling.")
{
    return reduce_to_getattr(from_object(member_of(a[0])->owner), member_of(a[0])->name);
}

#include "runtime/objects/descriptor.entries.h"

static const KrTypeSpec wrapper_spec = {
    .name = "wrapper_descriptor",
    .size = sizeof(WrapperDescriptor),
    .trace = wrapper_trace,
    .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_NO_WEAKREF | KR_TYPE_METHOD,
    .functions = wrapper_functions,
    .getset = wrapper_getset,
    .slots = {.call = wrapper_call, .repr = wrapper_repr, .descr_get = wrapper_get},
};

static const KrTypeSpec bound_spec = {
    .name = "method-wrapper",
    .size = sizeof(MethodWrapper),
    .trace = bound_trace,
    .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_NO_WEAKREF,
    .functions = bound_functions,
    .getset = bound_getset,
    .slots = {.call = bound_call, .repr = bound_repr, .compare = bound_compare, .hash = bound_hash},
};

static const KrTypeSpec getset_spec = {
    .name = "getset_descriptor",
    .size = sizeof(GetSetDescriptor),
    .trace = getset_trace,
    .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_NO_WEAKREF,
    .getset = getset_getset,
    .slots = {.repr = getset_repr, .descr_get = getset_get, .descr_set = getset_set},
};

static const KrTypeSpec member_spec = {
    .name = "member_descriptor",
    .size = sizeof(MemberDescriptor),
    .trace = member_trace,
    .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_NO_WEAKREF,
    .functions = member_functions,
    .getset = member_getset,
    .slots = {.repr = member_repr, .descr_get = member_get, .descr_set = member_set},
};

Type kr_wrapper_descriptor_type, kr_method_wrapper_type, kr_getset_descriptor_type,
    kr_member_descriptor_type;
void kr_wrapper_descriptor_type_init(void)
{
    kr_type_init(&kr_wrapper_descriptor_type, &wrapper_spec);
}
void kr_method_wrapper_type_init(void) { kr_type_init(&kr_method_wrapper_type, &bound_spec); }
void kr_getset_descriptor_type_init(void)
{
    kr_type_init(&kr_getset_descriptor_type, &getset_spec);
}
void kr_member_descriptor_type_init(void)
{
    kr_type_init(&kr_member_descriptor_type, &member_spec);
}
