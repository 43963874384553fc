/* object_type.c: the type `object`: what every object can do, its pickling protocol included. */
#include "runtime/objects/descriptor.h"
#include "runtime/objects/dict.h"
#include "runtime/objects/function.h"
#include "runtime/objects/list.h"
#include "runtime/objects/module.h"
#include "runtime/objects/object.h"
#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"

/* ---- Making ------------------------------------------------------------------------ */

static bool has_arguments(size_t n, Value kwnames)
{
    return n || (!is_empty(kwnames) && tuple_of(kwnames)->size);
}

static Value raise_abstract(Type *type)
{
    Value methods = kr_dict_find(type->dict, KR_NAME("__abstractmethods__"));
    Value sorted = is_empty(methods) ? EMPTY : kr_list_from(methods);
    if (is_empty(sorted) || kr_list_sort(sorted, EMPTY, false) < 0) return EMPTY;
    Value names = kr_str_join(kr_str(", "), sorted);
    if (is_empty(names)) return EMPTY;
    return kr_raise(kr_TypeError, "Can't instantiate abstract class %N with abstract method%s %U",
                    type, list_of(sorted)->size == 1 ? "" : "s", names);
}

/* Superfluous arguments are an error unless exactly one of __new__ and __init__ is overridden,
 * to take them. */
Value kr_object_make(Type *type, KR_UNUSED const Value *args, size_t n, Value kwnames)
{
    if (has_arguments(n, kwnames)) {
        if (type->slots.make != kr_object_make)
            return kr_raise(
                kr_TypeError,
                "object.__new__() takes exactly one argument (the type to instantiate)");
        if (type->slots.init == kr_object_init)
            return kr_raise(kr_TypeError, "%N() takes no arguments", type);
    }
    if (type->traits & TYPE_IS_ABSTRACT) return raise_abstract(type);
    return from_object(kr_type_alloc(type));
}

int kr_object_init(Value self, KR_UNUSED const Value *args, size_t n, Value kwnames)
{
    if (!has_arguments(n, kwnames)) return 0;
    Type *type = type_of(self);
    if (type->slots.init != kr_object_init) {
        kr_raise(kr_TypeError,
                 "object.__init__() takes exactly one argument (the instance to initialize)");
        return -1;
    }
    if (type->slots.make != kr_object_make) return 0;
    kr_raise(kr_TypeError, "%N.__init__() takes exactly one argument (the instance to initialize)",
             type);
    return -1;
}

/* ---- Slots ------------------------------------------------------------------------- */

static int64_t object_hash(Value self)
{
    int64_t hash = (int64_t)(self.bits >> 4 | self.bits << 60);
    return hash == -1 ? -2 : hash;
}

static Value object_compare(Value a, Value b, int op)
{
    if (op == KR_EQ) return same(a, b) ? TRUE_VALUE : NOT_IMPLEMENTED;
    if (op != KR_NE) return NOT_IMPLEMENTED;
    /* by default != is the opposite of == */
    Value (*compare)(Value, Value, int) = type_of(a)->slots.compare;
    if (!compare || compare == object_compare) return same(a, b) ? FALSE_VALUE : NOT_IMPLEMENTED;
    Value equal = compare(a, b, KR_EQ);
    if (is_empty(equal) || is_not_implemented(equal)) return equal;
    int truth = kr_truth(equal);
    return truth < 0 ? EMPTY : from_bool(!truth);
}

/* ---- __class__ --------------------------------------------------------------------- */

static Value get_class(Value self) { return from_object(type_of(self)); }

/* The nearest class that adds members or native fields. */
static const Type *layout_class(const Type *type)
{
    while (type->traits & TYPE_HEAP && type->slots_size == type->base->slots_size)
        type = type->base;
    return type;
}

/* Do two classes add members of the same names at the same places? */
static bool same_members(const Type *a, const Type *b)
{
    size_t position = 0;
    Value name, value;
    while (kr_dict_next(a->dict, &position, &name, &value)) {
        if (!is_exact(value, &kr_member_descriptor_type) || !is_str(name)) continue;
        int64_t entry = kr_dict_entry_of_name(dict_of(b->dict), name);
        Value other = entry < 0 ? EMPTY : dict_of(b->dict)->entries[entry].value;
        if (is_empty(other) || !is_exact(other, &kr_member_descriptor_type)) return false;
        if (((MemberDescriptor *)object_of(value))->offset !=
            ((MemberDescriptor *)object_of(other))->offset)
            return false;
    }
    return true;
}

static bool interchangeable(const Type *a, const Type *b)
{
    if (a->slots_size != b->slots_size || a->attrs_offset != b->attrs_offset ||
        a->base_trace != b->base_trace || a->base_release != b->base_release ||
        kr_type_weakrefable(a) != kr_type_weakrefable(b))
        return false;
    a = layout_class(a);
    b = layout_class(b);
    if (a == b) return true;
    return a->traits & TYPE_HEAP && b->traits & TYPE_HEAP && a->base == b->base &&
           same_members(a, b) && same_members(b, a);
}

static int set_class(Value self, Value value)
{
    if (is_empty(value)) {
        kr_raise(kr_TypeError, "can't delete __class__ attribute");
        return -1;
    }
    if (!is_type(value)) {
        kr_raise(kr_TypeError, "__class__ must be set to a class, not '%T' object", value);
        return -1;
    }
    Type *old = type_of(self), *new = object_of(value);
    bool modules = kr_is_subtype(old, &kr_module_type) && kr_is_subtype(new, &kr_module_type);
    if (!modules && (old->kind.flags & KR_TYPE_IMMUTABLE || new->kind.flags &KR_TYPE_IMMUTABLE)) {
        kr_raise(kr_TypeError,
                 "__class__ assignment only supported for mutable types or ModuleType subclasses");
        return -1;
    }
    if (!interchangeable(old, new)) {
        kr_raise(kr_TypeError, "__class__ assignment: '%N' object layout differs from '%N'", new,
                 old);
        return -1;
    }
    Object *object = object_of(self);
    /* shapes belong to a type: the attributes move to a dict, which does not */
    if (old->attrs_offset && is_empty(kr_attrs_dict(object))) return -1;
    object->type = new;
    return 0;
}
KR_GETSET(object, get_class, set_class, "__class__", "the object's class")

/* ---- Pickling ---------------------------------------------------------------------- */

static Value slot_names_of(Type *type)
{
    Value names = is_empty(type->dict) ? EMPTY : kr_dict_find(type->dict, KR_NAME("__slotnames__"));
    if (!is_empty(names)) return names;
    Value finder = kr_import_attr("copyreg", "_slotnames");
    names = is_empty(finder) ? EMPTY : kr_call1(finder, from_object(type));
    if (is_empty(names) || is_none(names) || is_list(names)) return names;
    return kr_raise(kr_TypeError, "copyreg._slotnames didn't return a list or None");
}

static Value raise_cannot_pickle(Value self)
{
    return kr_raise(kr_TypeError, "cannot pickle '%T' object", self);
}

/* `required`: the state must be all there is, since nothing else (__getnewargs__, items) is
 * pickled. */
static Value default_state(Value self, bool required)
{
    Type *type = type_of(self), *native = type;
    while (native->traits & TYPE_HEAP) native = native->base;
    if (required && native != &kr_object_type && native->slots_size > kr_object_type.slots_size)
        return raise_cannot_pickle(self);
    Value state = NONE;
    if (is_object(self) && (type->attrs_offset || type->traits & TYPE_OWN_DICT)) {
        Value dict = kr_find_attr(self, KR_NAME("__dict__"));
        if (is_empty(dict) && kr_raised()) return EMPTY;
        if (!is_empty(dict)) state = dict;
        if (is_dict(state)) {
            state = kr_dict_size(state) ? kr_dict_copy(state) : NONE;
            if (is_empty(state)) return EMPTY;
        }
    }
    Value names = slot_names_of(type);
    if (is_empty(names)) return EMPTY;
    if (is_none(names) || list_of(names)->size == 0) return state;
    Value slots = kr_dict();
    if (is_empty(slots)) return EMPTY;
    for (size_t i = 0; i < list_of(names)->size; i++) {
        Value name = list_of(names)->items[i], value = kr_find_attr(self, name);
        if (is_empty(value) ? kr_raised() : kr_dict_set(slots, name, value) < 0) return EMPTY;
    }
    return kr_dict_size(slots) ? kr_tuple_of(2, state, slots) : state;
}

KR_FN(object, object_getstate, "__getstate__", "(self, /)", "Helper for pickle.")
{
    return default_state(a[0], false);
}

static Value state_of(Value self, bool required)
{
    Value method = kr_getattr(self, KR_NAME("__getstate__"));
    if (is_empty(method)) return EMPTY;
    if (is_exact(method, &kr_builtin_type) &&
        ((Builtin *)object_of(method))->entry == &object_getstate_entry &&
        same(((Builtin *)object_of(method))->self, self))
        return default_state(self, required);
    return kr_call0(method);
}

/* The arguments for __new__: *args and *kwargs, EMPTY where there are none. */
static int new_arguments(Value self, Value *args, Value *kwargs)
{
    *args = *kwargs = EMPTY;
    Value method = kr_find_special(self, KR_NAME("__getnewargs_ex__"));
    if (!is_empty(method)) {
        Value pair = kr_call0(method);
        if (is_empty(pair)) return -1;
        if (!is_tuple(pair)) {
            kr_raise(kr_TypeError, "__getnewargs_ex__ should return a tuple, not '%T'", pair);
            return -1;
        }
        if (tuple_of(pair)->size != 2) {
            kr_raise(kr_ValueError, "__getnewargs_ex__ should return a tuple of length 2, not %zu",
                     tuple_of(pair)->size);
            return -1;
        }
        *args = tuple_of(pair)->items[0];
        *kwargs = tuple_of(pair)->items[1];
        if (!is_tuple(*args)) {
            kr_raise(
                kr_TypeError,
                "first item of the tuple returned by __getnewargs_ex__ must be a tuple, not '%T'",
                *args);
            return -1;
        }
        if (!is_dict(*kwargs)) {
            kr_raise(
                kr_TypeError,
                "second item of the tuple returned by __getnewargs_ex__ must be a dict, not '%T'",
                *kwargs);
            return -1;
        }
        return 0;
    }
    if (kr_raised()) return -1;
    method = kr_find_special(self, KR_NAME("__getnewargs__"));
    if (is_empty(method)) return kr_raised() ? -1 : 0;
    *args = kr_call0(method);
    if (is_empty(*args)) return -1;
    if (is_tuple(*args)) return 0;
    kr_raise(kr_TypeError, "__getnewargs__ should return a tuple, not '%T'", *args);
    return -1;
}

/* Protocol 2 and later. */
static Value reduce_new_object(Value self)
{
    Value class = from_object(type_of(self)), args, kwargs, maker, maker_args;
    if (!type_of(self)->slots.make) return raise_cannot_pickle(self);
    if (new_arguments(self, &args, &kwargs) < 0) return EMPTY;
    bool has_args = !is_empty(args);
    if (!is_empty(kwargs) && kr_dict_size(kwargs)) {
        maker = kr_import_attr("copyreg", "__newobj_ex__");
        maker_args = kr_tuple_of(3, class, args, kwargs);
    } else {
        maker = kr_import_attr("copyreg", "__newobj__");
        Tuple *all = kr_tuple_alloc(1 + (has_args ? tuple_of(args)->size : 0));
        if (!all) return EMPTY;
        all->items[0] = class;
        for (size_t i = 1; i < all->size; i++) all->items[i] = tuple_of(args)->items[i - 1];
        maker_args = from_object(all);
    }
    if (is_empty(maker) || is_empty(maker_args)) return EMPTY;
    Value state = state_of(self, !has_args && !is_list(self) && !is_dict(self));
    if (is_empty(state)) return EMPTY;
    Value list_items = NONE, dict_items = NONE;
    if (is_list(self) && is_empty(list_items = kr_iter(self))) return EMPTY;
    if (is_dict(self)) {
        Value items = kr_call_method0(self, "items");
        if (is_empty(items) || is_empty(dict_items = kr_iter(items))) return EMPTY;
    }
    return kr_tuple_of(5, maker, maker_args, state, list_items, dict_items);
}

static Value reduce_by_protocol(Value self, int protocol)
{
    if (protocol >= 2) return reduce_new_object(self);
    Value reducer = kr_import_attr("copyreg", "_reduce_ex");
    return is_empty(reducer) ? EMPTY : kr_call2(reducer, self, from_small_int(protocol));
}

KR_FN(object, object_reduce, "__reduce__", "(self, /)", "Helper for pickle.")
{
    return reduce_by_protocol(a[0], 0);
}

KR_FN(object, object_reduce_ex, "__reduce_ex__", "(self, protocol, /)", "Helper for pickle.")
{
    int protocol;
    if (kr_to_int32(a[1], &protocol) < 0) return EMPTY;
    Value reduce = kr_find_attr(a[0], KR_NAME("__reduce__"));
    if (is_empty(reduce) && kr_raised()) return EMPTY;
    if (!is_empty(reduce)) {
        Value own = kr_type_lookup(type_of(a[0]), KR_NAME("__reduce__"));
        if (!same(own, kr_type_lookup(&kr_object_type, KR_NAME("__reduce__"))))
            return kr_call0(reduce);
    }
    return reduce_by_protocol(a[0], protocol);
}

/* ---- Other methods ----------------------------------------------------------------- */

KR_FN(object, object_format, "__format__", "(self, format_spec, /)",
      "str(self); only the empty format is understood.")
{
    if (!is_str(a[1]))
        return kr_raise(kr_TypeError, "__format__() argument must be str, not %T", a[1]);
    if (str_of(a[1])->length)
        return kr_raise(kr_TypeError, "unsupported format string passed to %T.__format__", a[0]);
    return kr_to_str(a[0]);
}

KR_FN(object, object_sizeof, "__sizeof__", "(self, /)", "Size of object in memory, in bytes.")
{
    return is_object(a[0]) ? kr_int((int64_t)kr_heap_cell_size(object_of(a[0])))
                           : from_small_int(8);
}

KR_FN(object, object_dir, "__dir__", "(self, /)", "Default dir() implementation.")
{
    Value dict = kr_find_attr(a[0], KR_NAME("__dict__"));
    if (is_empty(dict) && kr_raised()) return EMPTY;
    Value names = !is_empty(dict) && is_dict(dict) ? kr_dict_copy(dict) : kr_dict();
    if (is_empty(names)) return EMPTY;
    Value class = kr_find_attr(a[0], KR_NAME("__class__"));
    if (is_empty(class) ? kr_raised() : kr_object_merge_class_dict(names, class) < 0) return EMPTY;
    return kr_list_from(names);
}

KR_CLASSMETHOD(object, object_init_subclass, "__init_subclass__", "(cls, /)",
               "Called on the base classes of every new class, with the class and the keywords of "
               "its statement.")
{
    return NONE;
}

KR_CLASSMETHOD(
    object, object_subclasshook, "__subclasshook__", "(cls, object, /)",
    "How a class takes part in issubclass(object, cls); NotImplemented means the usual test.")
{
    return NOT_IMPLEMENTED;
}

#include "runtime/objects/object_type.entries.h"

static const KrTypeSpec object_spec = {
    .name = "object",
    .size = sizeof(Object),
    .flags = KR_TYPE_NO_WEAKREF,
    .functions = object_functions,
    .getset = object_getset,
    .slots =
        {
            .make = kr_object_make,
            .init = kr_object_init,
            .repr = kr_object_default_repr,
            .str = kr_repr,
            .hash = object_hash,
            .compare = object_compare,
            .getattr = kr_object_getattr,
            .setattr = kr_object_setattr,
        },
    .doc = "The class that all classes derive from. Its instances have no attributes of their own.",
};

Type kr_object_type;
void kr_object_type_init(void) { kr_type_init(&kr_object_type, &object_spec); }
