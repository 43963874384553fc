/* super.c: super(class, self): attributes of self looked up behind `class` in the MRO of self's
 * class. */
#include "runtime/objects/descriptor.h"
#include "runtime/objects/dict.h"
#include "runtime/objects/hooks.h"
#include "runtime/objects/object.h"
#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"

typedef struct Super {
    Object head;
    Value class;      /* where the search starts, exclusive; EMPTY until initialised */
    Value self;       /* EMPTY: unbound */
    Value self_class; /* whose MRO is searched; EMPTY: unbound */
} Super;

static inline Super *super_of(Value v) { return (Super *)object_of(v); }

static void super_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((Super *)self)->class);
    kr_trace(tracer, ((Super *)self)->self);
    kr_trace(tracer, ((Super *)self)->self_class);
}

/* The class whose MRO is searched; EMPTY with TypeError. */
static Value check_self(Value class, Value self)
{
    if (is_type(self) && kr_is_subtype(object_of(self), object_of(class))) return self;
    if (kr_is_subtype(type_of(self), object_of(class))) return from_object(type_of(self));
    Value claimed = kr_find_attr(self, KR_NAME("__class__"));
    if (is_empty(claimed) && kr_raised()) return EMPTY;
    if (!is_empty(claimed) && is_type(claimed) && object_of(claimed) != type_of(self) &&
        kr_is_subtype(object_of(claimed), object_of(class)))
        return claimed;
    return kr_raise(kr_TypeError, "super(type, obj): obj must be an instance or subtype of type");
}

static Value find_behind(Value class, Value self, Value self_class, Value name)
{
    Type *type = object_of(self_class);
    if (is_empty(type->mro)) return EMPTY;
    Tuple *mro = tuple_of(type->mro);
    size_t i = 0;
    while (i < mro->size && !same(mro->items[i], class)) i++;
    for (i++; i < mro->size; i++) {
        Dict *dict = dict_of(((Type *)object_of(mro->items[i]))->dict);
        int64_t entry = kr_dict_entry_of_name(dict, name);
        if (entry < 0) continue;
        Value found = dict->entries[entry].value;
        Type *kind = type_of(found);
        if (!kind->slots.descr_get) return found;
        return kind->slots.descr_get(found, same(self, self_class) ? EMPTY : self, self_class);
    }
    return EMPTY;
}

static Value super_getattr(Value self, Value name)
{
    Super *s = super_of(self);
    if (is_empty(name = kr_type_name_key(name))) return EMPTY;
    if (!is_empty(s->self_class) && !kr_str_equal_ascii(name, "__class__")) {
        Value found = find_behind(s->class, s->self, s->self_class, name);
        if (!is_empty(found) || kr_raised()) return found;
    }
    return kr_object_getattr(self, name);
}

Value kr_super_getattr(Value class, Value self, Value name)
{
    Value self_class = check_self(class, self);
    if (is_empty(self_class)) return EMPTY;
    if (!kr_str_equal_ascii(name, "__class__")) {
        Value found = find_behind(class, self, self_class, name);
        if (!is_empty(found) || kr_raised()) return found;
    }
    Value made = kr_call2(from_object(&kr_super_type), class, self);
    return is_empty(made) ? EMPTY : kr_object_getattr(made, name);
}

static Value super_make(Type *type, KR_UNUSED const Value *args, KR_UNUSED size_t n,
                        KR_UNUSED Value kwnames)
{
    return from_object(kr_type_alloc(type));
}

static int super_init(Value self, const Value *args, size_t n, Value kwnames)
{
    if (!is_empty(kwnames) && tuple_of(kwnames)->size) {
        kr_raise(kr_TypeError, "super() takes no keyword arguments");
        return -1;
    }
    if (n > 2) {
        kr_raise(kr_TypeError, "super() expected at most 2 arguments, got %zu", n);
        return -1;
    }
    Value class = n ? args[0] : EMPTY, object = n > 1 ? args[1] : EMPTY;
    if (n == 0) {
        if (!kr_hook_super) {
            kr_raise(kr_RuntimeError, "super(): no current frame");
            return -1;
        }
        if (kr_hook_super(&class, &object) < 0) return -1;
    }
    if (!is_type(class)) {
        kr_raise(kr_TypeError, "super() argument 1 must be a type, not %T", class);
        return -1;
    }
    Super *s = super_of(self);
    if (is_none(object)) object = EMPTY;
    Value self_class = is_empty(object) ? EMPTY : check_self(class, object);
    if (!is_empty(object) && is_empty(self_class)) return -1;
    s->class = class;
    s->self = object;
    s->self_class = self_class;
    return 0;
}

static Value super_get(Value self, Value instance, KR_UNUSED Value owner)
{
    Super *s = super_of(self);
    if (is_empty(instance) || is_none(instance) || !is_empty(s->self)) return self;
    if (!is_exact(self, &kr_super_type))
        return kr_call2(from_object(type_of(self)), s->class, instance);
    Value self_class = check_self(s->class, instance);
    if (is_empty(self_class)) return EMPTY;
    Super *bound = kr_type_alloc(&kr_super_type);
    if (!bound) return EMPTY;
    bound->class = s->class;
    bound->self = instance;
    bound->self_class = self_class;
    return from_object(bound);
}

static Value super_repr(Value self)
{
    Super *s = super_of(self);
    if (is_empty(s->class)) return kr_str("<super: NULL, NULL>");
    if (is_empty(s->self_class))
        return kr_str_format("<super: <class '%N'>, NULL>", object_of(s->class));
    return kr_str_format("<super: <class '%N'>, <%N object>>", object_of(s->class),
                         object_of(s->self_class));
}

static Value or_none(Value v) { return is_empty(v) ? NONE : v; }

static Value get_this_class(Value self) { return or_none(super_of(self)->class); }
KR_GETSET(super, get_this_class, kr_descriptor_read_only, "__thisclass__",
          "the class invoking super()")
static Value get_self(Value self) { return or_none(super_of(self)->self); }
KR_GETSET(super, get_self, kr_descriptor_read_only, "__self__",
          "the instance invoking super(); may be None")
static Value get_self_class(Value self) { return or_none(super_of(self)->self_class); }
KR_GETSET(super, get_self_class, kr_descriptor_read_only, "__self_class__",
          "the type of the instance invoking super(); may be None")

#include "runtime/objects/super.entries.h"

static const KrTypeSpec super_spec = {
    .name = "super",
    .size = sizeof(Super),
    .trace = super_trace,
    .flags = KR_TYPE_NO_WEAKREF,
    .getset = super_getset,
    .slots =
        {
            .make = super_make,
            .init = super_init,
            .repr = super_repr,
            .getattr = super_getattr,
            .descr_get = super_get,
        },
    .doc = "super() -> same as super(__class__, <first argument>)\n"
           "super(type) -> unbound super object\n"
           "super(type, obj) -> bound super object; requires isinstance(obj, type)\n"
           "super(type, type2) -> bound super object; requires issubclass(type2, type)\n\n"
           "Gives the attributes of the classes behind `type` in the method resolution order.",
};

Type kr_super_type;
void kr_super_type_init(void) { kr_type_init(&kr_super_type, &super_spec); }
