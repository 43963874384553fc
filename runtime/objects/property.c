/* property.c: property(fget, fset, fdel, doc). */
#include "runtime/objects/descriptor.h"
#include "runtime/objects/property.h"
#include "runtime/objects/object.h"
#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"

static void property_trace(void *self, KrTracer *tracer)
{
    Property *p = self;
    kr_trace(tracer, p->get);
    kr_trace(tracer, p->set);
    kr_trace(tracer, p->delete);
    kr_trace(tracer, p->doc);
    kr_trace(tracer, p->name);
}

static Value property_make(Type *type, KR_UNUSED const Value *args, KR_UNUSED size_t n,
                           KR_UNUSED Value kwnames)
{
    Property *p = kr_type_alloc(type);
    if (!p) return EMPTY;
    p->get = p->set = p->delete = p->doc = NONE;
    return from_object(p);
}

static const KrFunction property_init_entry = {
    "property", "(fget=None, fset=None, fdel=None, doc=None)", NULL, "", KR_KIND_BOUND, NULL,
};

static int property_init(Value self, const Value *args, size_t n, Value kwnames)
{
    Value a[4];
    if (kr_bind(&property_init_entry, args, n, kwnames, a) < 0) return -1;
    Property *p = property_of(self);
    p->get = a[0];
    p->set = a[1];
    p->delete = a[2];
    p->doc = a[3];
    p->name = EMPTY;
    p->doc_of_getter = false;
    if (is_none(p->doc) && !is_none(p->get)) {
        Value doc = kr_find_attr(p->get, KR_NAME("__doc__"));
        if (is_empty(doc)) return kr_raised() ? -1 : 0;
        if (!is_none(doc)) p->doc_of_getter = true;
        p->doc = doc;
        /* a subclass has its own __doc__ in the class: the instance needs one that hides it */
        if (!is_exact(self, &kr_property_type)) return kr_setattr(self, KR_NAME("__doc__"), doc);
    }
    return 0;
}

static Value raise_missing(Property *p, Value instance, const char *what)
{
    if (!is_empty(p->name) && !is_none(p->name))
        return kr_raise_attribute(instance, p->name, "property %R of %R object has no %s", p->name,
                                  type_of(instance)->qualname, what);
    return kr_raise(kr_AttributeError, "property of %R object has no %s",
                    type_of(instance)->qualname, what);
}

static Value property_get(Value self, Value instance, KR_UNUSED Value owner)
{
    Property *p = property_of(self);
    if (is_empty(instance) || is_none(instance)) return self;
    if (is_none(p->get)) return raise_missing(p, instance, "getter");
    return kr_call1(p->get, instance);
}

static int property_set(Value self, Value instance, Value value)
{
    Property *p = property_of(self);
    Value f = is_empty(value) ? p->delete : p->set;
    if (is_none(f)) {
        raise_missing(p, instance, is_empty(value) ? "deleter" : "setter");
        return -1;
    }
    return is_empty(is_empty(value) ? kr_call1(f, instance) : kr_call2(f, instance, value)) ? -1
                                                                                            : 0;
}

/* A copy with some accessors replaced (EMPTY: kept). */
static Value copy_with(Value self, Value get, Value set, Value delete)
{
    Property *p = property_of(self);
    if (is_empty(get) || is_none(get)) get = p->get;
    if (is_empty(set) || is_none(set)) set = p->set;
    if (is_empty(delete) || is_none(delete)) delete = p->delete;
    Value doc = p->doc_of_getter && !is_none(get) ? NONE : p->doc;
    Value args[] = {get, set, delete, doc};
    Value made = kr_call(from_object(type_of(self)), args, 4, EMPTY);
    if (!is_empty(made) && kr_is_a(made, &kr_property_type)) property_of(made)->name = p->name;
    return made;
}

KR_FN(property, property_getter, "getter", "(self, fget, /)",
      "A copy of the property with another getter.")
{
    return copy_with(a[0], a[1], EMPTY, EMPTY);
}

KR_FN(property, property_setter, "setter", "(self, fset, /)",
      "A copy of the property with another setter.")
{
    return copy_with(a[0], EMPTY, a[1], EMPTY);
}

KR_FN(property, property_deleter, "deleter", "(self, fdel, /)",
      "A copy of the property with another deleter.")
{
    return copy_with(a[0], EMPTY, EMPTY, a[1]);
}

KR_FN_RAW(property, property_set_name, "__set_name__", "(self, owner, name, /)",
          "Method to set name of a property.")
{
    if (n != 3)
        return kr_raise(kr_TypeError,
                        "__set_name__() takes 2 positional arguments but %zu were given", n - 1);
    property_of(args[0])->name = args[2];
    return NONE;
}

static Value get_getter(Value self) { return property_of(self)->get; }
KR_GETSET(property, get_getter, kr_descriptor_read_only, "fget", NULL)
static Value get_setter(Value self) { return property_of(self)->set; }
KR_GETSET(property, get_setter, kr_descriptor_read_only, "fset", NULL)
static Value get_deleter(Value self) { return property_of(self)->delete; }
KR_GETSET(property, get_deleter, kr_descriptor_read_only, "fdel", NULL)

static Value get_doc(Value self) { return property_of(self)->doc; }
static int set_doc(Value self, Value value)
{
    property_of(self)->doc = is_empty(value) ? NONE : value;
    property_of(self)->doc_of_getter = false;
    return 0;
}
KR_GETSET(property, get_doc, set_doc, "__doc__", NULL)

static Value get_abstract(Value self)
{
    Property *p = property_of(self);
    Value accessors[] = {p->get, p->set, p->delete};
    for (int i = 0; i < 3; i++) {
        if (is_none(accessors[i])) continue;
        Value flag = kr_find_attr(accessors[i], KR_NAME("__isabstractmethod__"));
        if (is_empty(flag)) {
            if (kr_raised()) return EMPTY;
            continue;
        }
        int truth = kr_truth(flag);
        if (truth) return truth < 0 ? EMPTY : TRUE_VALUE;
    }
    return FALSE_VALUE;
}
KR_GETSET(property, get_abstract, NULL, "__isabstractmethod__", NULL)

#include "runtime/objects/property.entries.h"

static const KrTypeSpec property_spec = {
    .name = "property",
    .size = sizeof(Property),
    .trace = property_trace,
    .flags = KR_TYPE_NO_WEAKREF,
    .functions = property_functions,
    .getset = property_getset,
    .slots = {.make = property_make,
              .init = property_init,
              .descr_get = property_get,
              .descr_set = property_set},
    .doc = "An attribute computed by functions.\n\n"
           "fget reads it, fset assigns it, fdel deletes it; doc is its docstring, by default "
           "fget's.\n"
           "As a decorator it turns a method into a read-only attribute; its getter, setter and "
           "deleter\n"
           "methods, used as decorators, add to it.",
};

Type kr_property_type;
void kr_property_type_init(void) { kr_type_init(&kr_property_type, &property_spec); }
