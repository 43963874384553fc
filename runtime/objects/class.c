/* class.c: what a class statement makes: metaclass resolution, layout, __slots__, and the rites
 * of a new class (__set_name__, __init_subclass__, __classcell__).
 * The layout of an instance extends the best base's (type.c): its native fields, then the new
 * __slots__ members, one word each, then, unless __slots__ rules it out, Attrs. Since Attrs
 * always come last, a class may add __slots__ to a base whose instances have attributes: only
 * the offset differs, and it is read from the instance's own type. */
#include "runtime/objects/descriptor.h"
#include "runtime/objects/dict.h"
#include "runtime/objects/function.h"
#include "runtime/objects/hooks.h"
#include "runtime/objects/list.h"
#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"
#include "runtime/objects/weakref.h"

extern const KrGetSet kr_type_dict_getset;

Type *kr_class_metatype(Type *metatype, Value bases)
{
    Type *winner = metatype;
    for (size_t i = 0; i < tuple_of(bases)->size; i++) {
        Type *other = type_of(tuple_of(bases)->items[i]);
        if (kr_is_subtype(winner, other)) continue;
        if (!kr_is_subtype(other, winner)) {
            kr_raise(kr_TypeError,
                     "metaclass conflict: the metaclass of a derived class must be a (non-strict) "
                     "subclass of the metaclasses of all its bases");
            return NULL;
        }
        winner = other;
    }
    return winner;
}

/* ---- __slots__ --------------------------------------------------------------------- */

typedef struct SlotPlan {
    bool given; /* the class has __slots__ */
    bool add_dict, add_weakref;
    Value names; /* list of mangled names, sorted */
} SlotPlan;

static bool is_identifier(Value name)
{
    Value answer = kr_call_method0(name, "isidentifier");
    return !is_empty(answer) && is_true(answer);
}

/* __x in class C is _C__x. */
static Value mangle(Value class_name, Value name)
{
    Str *n = str_of(name), *c = str_of(class_name);
    if (n->length < 2 || str_at(n, 0) != '_' || str_at(n, 1) != '_') return name;
    if (str_at(n, n->length - 1) == '_' && str_at(n, n->length - 2) == '_') return name;
    size_t skip = 0;
    while (skip < c->length && str_at(c, skip) == '_') skip++;
    if (skip == c->length) return name;
    return kr_str_format("_%U%U", kr_str_slice(class_name, skip, c->length), name);
}

static bool may_add_weakref(const Type *base)
{
    return base->kind.flags & KR_TYPE_NO_WEAKREF &&
           !(base->traits & (TYPE_IS_INT | TYPE_IS_TUPLE | TYPE_IS_BYTES));
}

static int plan_one_slot(SlotPlan *plan, Type *base, Value name, Value dict, Value class_name)
{
    if (!is_str(name)) {
        kr_raise(kr_TypeError, "__slots__ items must be strings, not '%T'", name);
        return -1;
    }
    if (!is_identifier(name)) {
        if (!kr_raised()) kr_raise(kr_TypeError, "__slots__ must be identifiers");
        return -1;
    }
    if (kr_str_equal_ascii(name, "__dict__")) {
        if (base->attrs_offset || base->traits & TYPE_OWN_DICT || plan->add_dict) {
            kr_raise(kr_TypeError, "__dict__ slot disallowed: we already got one");
            return -1;
        }
        plan->add_dict = true;
        return 0;
    }
    if (kr_str_equal_ascii(name, "__weakref__")) {
        if (!may_add_weakref(base) || plan->add_weakref) {
            kr_raise(
                kr_TypeError,
                "__weakref__ slot disallowed: either we already got one, or __itemsize__ != 0");
            return -1;
        }
        plan->add_weakref = true;
        return 0;
    }
    name = mangle(class_name, name);
    if (is_empty(name) || is_empty(name = kr_type_name_key(name))) return -1;
    if (kr_dict_entry_of_name(dict_of(dict), name) >= 0 &&
        !kr_str_equal_ascii(name, "__qualname__") && !kr_str_equal_ascii(name, "__classcell__")) {
        kr_raise(kr_ValueError, "%R in __slots__ conflicts with class variable", name);
        return -1;
    }
    return kr_list_append(plan->names, name);
}

static int plan_slots(SlotPlan *plan, Type *base, Value bases, Value dict, Value class_name)
{
    bool may_dict = !base->attrs_offset && !(base->traits & TYPE_OWN_DICT);
    *plan = (SlotPlan){.names = kr_list(NULL, 0)};
    if (is_empty(plan->names)) return -1;
    Value slots = kr_dict_find(dict, KR_NAME("__slots__"));
    if (is_empty(slots)) {
        plan->add_dict = may_dict;
        plan->add_weakref = may_add_weakref(base);
        return 0;
    }
    plan->given = true;
    Value items = is_str(slots) ? kr_tuple_of(1, slots) : kr_tuple_from(slots);
    if (is_empty(items)) return -1;
    size_t n = tuple_of(items)->size;
    if (n && base->traits & (TYPE_IS_INT | TYPE_IS_TUPLE | TYPE_IS_BYTES | TYPE_IS_TYPE)) {
        kr_raise(kr_TypeError, "nonempty __slots__ not supported for subtype of '%N'", base);
        return -1;
    }
    for (size_t i = 0; i < n; i++)
        if (plan_one_slot(plan, base, tuple_of(items)->items[i], dict, class_name) < 0) return -1;
    if (kr_list_sort(plan->names, EMPTY, false) < 0) return -1;
    /* what a secondary base has, its instances' subclass must have too */
    for (size_t i = 0; i < tuple_of(bases)->size; i++) {
        Type *other = object_of(tuple_of(bases)->items[i]);
        if (other == base) continue;
        if (may_dict && other->attrs_offset) plan->add_dict = true;
        if (may_add_weakref(base) && kr_type_weakrefable(other)) plan->add_weakref = true;
    }
    /* text varies in size, so that members of its subclasses live among the attributes */
    if (base->traits & TYPE_VARIABLE && list_of(plan->names)->size) {
        plan->add_dict |= may_dict;
        kr_list_truncate(plan->names, 0);
    }
    return 0;
}

/* ---- The type's struct ------------------------------------------------------------- */

static Value get_weakref(Value self)
{
    Value list = kr_weakref_list(self);
    if (is_empty(list)) return EMPTY;
    return list_of(list)->size ? list_of(list)->items[0] : NONE;
}

static const KrGetSet weakref_getset = {
    "__weakref__",
    get_weakref,
    NULL,
    "list of weak references to the object (if defined)",
};

static void set_layout(Type *type, Type *base, const SlotPlan *plan)
{
    size_t members = list_of(plan->names)->size;
    type->base = base;
    type->slots_size = base->slots_size + (uint32_t)(members * sizeof(Value));
    type->kind.size = type->slots_size;
    type->kind.flags = base->kind.flags & (KR_TYPE_DICT | KR_TYPE_NO_WEAKREF);
    if (plan->add_weakref) type->kind.flags &= ~KR_TYPE_NO_WEAKREF;
    type->kind.trace = kr_type_trace_instance;
    type->kind.release = base->kind.release;
    type->base_trace = base->base_trace;
    type->base_release = base->base_release;
    type->traits = TYPE_HEAP |
                   (base->traits & (TYPE_IS_INT | TYPE_IS_STR | TYPE_IS_BYTES | TYPE_IS_TUPLE |
                                    TYPE_IS_LIST | TYPE_IS_DICT | TYPE_IS_TYPE | TYPE_IS_EXCEPTION |
                                    TYPE_IS_FLOAT | TYPE_IS_SET | TYPE_VARIABLE | TYPE_OWN_DICT));
    type->spec = base->spec;
    bool attrs = base->attrs_offset || plan->add_dict;
    if (type->traits & TYPE_VARIABLE) {
        type->attrs_offset = attrs ? ATTRS_AT_END : 0;
    } else if (attrs) {
        type->attrs_offset = (int32_t)type->slots_size;
        type->inline_count = kr_shape_first_inline_count();
    }
    type->alloc_size = type->slots_size;
    if (type->attrs_offset > 0)
        type->alloc_size += sizeof(Attrs) + type->inline_count * (uint32_t)sizeof(Value);
    Type *native = base;
    while (native->traits & TYPE_HEAP) native = native->base;
    if (native == &kr_object_type && type->attrs_offset > 0) type->traits |= TYPE_PLAIN;
}

static int add_members(Type *type, Type *base, const SlotPlan *plan)
{
    List *names = list_of(plan->names);
    Tuple *inherited = is_empty(base->member_slots) ? NULL : tuple_of(base->member_slots);
    size_t old = inherited ? inherited->size : 0, total = old + names->size;
    if (total) {
        Value offsets[total];
        for (size_t i = 0; i < old; i++) offsets[i] = inherited->items[i];
        for (size_t i = 0; i < names->size; i++) {
            uint32_t offset = base->slots_size + (uint32_t)(i * sizeof(Value));
            offsets[old + i] = from_small_int(offset);
            Value member = kr_descriptor_member(type, names->items[i], offset);
            if (is_empty(member) || kr_dict_set(type->dict, names->items[i], member) < 0) return -1;
        }
        type->member_slots = kr_tuple(offsets, total);
        if (is_empty(type->member_slots)) return -1;
    }
    if (plan->add_dict) {
        Value descriptor = kr_descriptor_getset(type, &kr_type_dict_getset);
        if (is_empty(descriptor) ||
            is_empty(kr_dict_set_default(type->dict, KR_NAME("__dict__"), descriptor)))
            return -1;
    }
    if (plan->add_weakref) {
        Value descriptor = kr_descriptor_getset(type, &weakref_getset);
        if (is_empty(descriptor) ||
            is_empty(kr_dict_set_default(type->dict, KR_NAME("__weakref__"), descriptor)))
            return -1;
    }
    return 0;
}

/* A plain function under `name` becomes a static or class method. */
static int wrap_function(Type *type, Value name, bool is_class)
{
    Value f = kr_dict_find(type->dict, name);
    if (is_empty(f) || !is_exact(f, &kr_function_type)) return 0;
    Value wrapped = is_class ? kr_classmethod_new(f) : kr_staticmethod_new(f);
    return is_empty(wrapped) ? -1 : kr_dict_set(type->dict, name, wrapped);
}

static int fill_dict(Type *type)
{
    Value dict = type->dict, qualname = kr_dict_find(dict, KR_NAME("__qualname__"));
    type->qualname = type->name;
    if (!is_empty(qualname)) {
        if (!is_str(qualname)) {
            kr_raise(kr_TypeError, "type __qualname__ must be a str, not %T", qualname);
            return -1;
        }
        type->qualname = qualname;
        if (kr_dict_delete(dict, KR_NAME("__qualname__")) < 0) return -1;
    }
    if (kr_dict_entry_of_name(dict_of(dict), KR_NAME("__module__")) < 0 && kr_hook_globals) {
        Value globals = kr_hook_globals();
        Value module = is_empty(globals) ? EMPTY : kr_dict_find(globals, KR_NAME("__name__"));
        if (!is_empty(module) && kr_dict_set(dict, KR_NAME("__module__"), module) < 0) return -1;
    }
    if (wrap_function(type, KR_NAME("__new__"), false) < 0) return -1;
    if (wrap_function(type, KR_NAME("__init_subclass__"), true) < 0) return -1;
    if (wrap_function(type, KR_NAME("__class_getitem__"), true) < 0) return -1;
    Value cell = kr_dict_find(dict, KR_NAME("__classcell__"));
    if (!is_empty(cell)) {
        if (!is_exact(cell, &kr_cell_type)) {
            kr_raise(kr_TypeError, "__classcell__ must be a nonlocal cell, not %R",
                     from_object(type_of(cell)));
            return -1;
        }
        ((Cell *)object_of(cell))->value = from_object(type);
        if (kr_dict_delete(dict, KR_NAME("__classcell__")) < 0) return -1;
    }
    return 0;
}

/* What native types get when they are made ready. */
static int finish_dict(Type *type)
{
    Dict *dict = dict_of(type->dict);
    Value doc = kr_dict_find(type->dict, KR_NAME("__doc__"));
    if (!is_empty(doc) && is_str(doc) && !kr_str_utf8(doc, NULL)) return -1;
    if (kr_dict_entry_of_name(dict, KR_NAME("__doc__")) < 0 &&
        kr_dict_set(type->dict, KR_NAME("__doc__"), NONE) < 0)
        return -1;
    if (kr_dict_entry_of_name(dict, KR_NAME("__eq__")) >= 0 &&
        kr_dict_entry_of_name(dict, KR_NAME("__hash__")) < 0)
        return kr_dict_set(type->dict, KR_NAME("__hash__"), NONE);
    return 0;
}

/* ---- After the class stands -------------------------------------------------------- */

static int call_set_name(Type *type)
{
    Value names = kr_dict_copy(type->dict), name, value;
    if (is_empty(names)) return -1;
    size_t position = 0;
    while (kr_dict_next(names, &position, &name, &value)) {
        if (is_empty(kr_type_lookup(type_of(value), KR_NAME("__set_name__")))) continue;
        Value method = kr_find_special(value, KR_NAME("__set_name__"));
        if (is_empty(method)) return -1;
        if (!is_empty(kr_call2(method, from_object(type), name))) continue;
        Value cause = kr_take_exception();
        kr_raise(kr_RuntimeError, "Error calling __set_name__ on '%T' instance %R in '%N'", value,
                 name, type);
        kr_chain_cause(cause);
        return -1;
    }
    return 0;
}

static int call_init_subclass(Type *type, const Value *kwvalues, Value kwnames)
{
    Tuple *mro = tuple_of(type->mro);
    size_t self = 0;
    while (self < mro->size && object_of(mro->items[self]) != type) self++;
    if (self == mro->size) {
        kr_raise(kr_TypeError, "super(type, obj): obj must be an instance or subtype of type");
        return -1;
    }
    for (size_t i = self + 1; i < mro->size; i++) {
        Type *parent = object_of(mro->items[i]);
        int64_t entry = kr_dict_entry_of_name(dict_of(parent->dict), KR_NAME("__init_subclass__"));
        if (entry < 0) continue;
        if (parent == &kr_object_type && (is_empty(kwnames) || !tuple_of(kwnames)->size)) return 0;
        Value method = dict_of(parent->dict)->entries[entry].value;
        Type *kind = type_of(method);
        if (kind->slots.descr_get) method = kind->slots.descr_get(method, EMPTY, from_object(type));
        return is_empty(method) || is_empty(kr_call(method, kwvalues, 0, kwnames)) ? -1 : 0;
    }
    return 0;
}

static bool check_name(Value name)
{
    size_t size;
    const char *utf8 = kr_str_utf8(name, &size);
    if (!utf8) return false;
    if (strlen(utf8) == size) return true;
    kr_raise(kr_ValueError, "type name must not contain null characters");
    return false;
}

/* The first class of the MRO that is a sequence or a mapping says which patterns match. */
static void inherit_patterns(Type *type)
{
    Tuple *mro = tuple_of(type->mro);
    uint32_t patterns = KR_TYPE_SEQUENCE | KR_TYPE_MAPPING;
    for (size_t i = 0; i < mro->size && !(type->kind.flags & patterns); i++)
        type->kind.flags |= ((Type *)object_of(mro->items[i]))->kind.flags & patterns;
}

Value kr_class_build(Type *metatype, Value name, Value bases, Value dict, const Value *kwvalues,
                     Value kwnames)
{
    if (tuple_of(bases)->size == 0) bases = kr_tuple_of(1, from_object(&kr_object_type));
    if (is_empty(bases) || !check_name(name)) return EMPTY;
    Type *base = kr_type_best_base(bases);
    if (!base) return EMPTY;
    dict = kr_dict_copy(dict);
    SlotPlan plan;
    if (is_empty(dict) || plan_slots(&plan, base, bases, dict, name) < 0) return EMPTY;
    Type *type = kr_type_alloc(metatype);
    if (!type) return EMPTY;
    type->dict = dict;
    type->name = name;
    type->kind.name = kr_str_utf8(name, NULL);
    type->bases = bases;
    set_layout(type, base, &plan);
    if (type->attrs_offset && !(type->root_shape = kr_shape_root(type, type->inline_count)))
        return EMPTY;
    if (fill_dict(type) < 0 || add_members(type, base, &plan) < 0 || finish_dict(type) < 0)
        return EMPTY;
    int fresh = kr_type_set_mro(type);
    if (fresh < 0) return EMPTY;
    inherit_patterns(type);
    kr_type_slots_update(type, EMPTY);
    type->traits |= TYPE_READY;
    if (kr_dict_entry_of_name(dict_of(dict), KR_NAME("__abstractmethods__")) >= 0) {
        int abstract = kr_truth(kr_dict_find(dict, KR_NAME("__abstractmethods__")));
        if (abstract < 0) return EMPTY;
        if (abstract) type->traits |= TYPE_IS_ABSTRACT;
    }
    /* an mro() that assigned __bases__ has registered the class already */
    for (size_t i = 0; fresh && i < tuple_of(bases)->size; i++)
        if (kr_type_add_subclass(object_of(tuple_of(bases)->items[i]), type) < 0) return EMPTY;
    if (call_set_name(type) < 0 || call_init_subclass(type, kwvalues, kwnames) < 0) return EMPTY;
    return from_object(type);
}

Value kr_type_build(Type *metatype, Value name, Value bases, Value dict)
{
    return kr_class_build(metatype, name, bases, dict, NULL, EMPTY);
}

/* ---- __bases__ --------------------------------------------------------------------- */

static bool same_layout(const Type *a, const Type *b)
{
    return a->slots_size == b->slots_size && a->attrs_offset == b->attrs_offset &&
           a->base_trace == b->base_trace && a->base_release == b->base_release;
}

/* Recomputes the MRO of type and its subclasses; what was is in `undo`, triples of type, new and
 * old MRO (None for a class that had none yet). */
static int update_mros(Type *type, Value undo)
{
    Value old = type->mro;
    int fresh = kr_type_set_mro(type);
    if (fresh <= 0) return fresh;
    Value triple = kr_tuple_of(3, from_object(type), type->mro, is_empty(old) ? NONE : old);
    if (is_empty(triple) || kr_list_append(undo, triple) < 0) return -1;
    Value subclasses = kr_type_subclasses(type);
    if (is_empty(subclasses)) return -1;
    for (size_t i = 0; i < list_of(subclasses)->size; i++)
        if (update_mros(object_of(list_of(subclasses)->items[i]), undo) < 0) return -1;
    return 0;
}

/* Puts back the MROs that are still those of update_mros(): a reentrant assignment's stay. */
static void undo_mros(Value undo)
{
    for (size_t i = 0; i < list_of(undo)->size; i++) {
        Tuple *triple = tuple_of(list_of(undo)->items[i]);
        Type *type = object_of(triple->items[0]);
        if (same(type->mro, triple->items[1]))
            type->mro = is_none(triple->items[2]) ? EMPTY : triple->items[2];
    }
}

/* Through MROs and, since mro() may run while they are being renewed, through first bases too. */
static bool derives_from(const Type *type, const Type *ancestor)
{
    if (kr_is_subtype(type, ancestor)) return true;
    if (is_empty(ancestor->mro)) return false;
    while (type && type != ancestor) type = type->base;
    return type != NULL;
}

int kr_class_set_bases(Type *type, Value bases)
{
    if (!is_tuple(bases)) {
        kr_raise(kr_TypeError, "can only assign tuple to %N.__bases__, not %T", type, bases);
        return -1;
    }
    size_t n = tuple_of(bases)->size;
    if (n == 0) {
        kr_raise(kr_TypeError, "can only assign non-empty tuple to %N.__bases__, not ()", type);
        return -1;
    }
    for (size_t i = 0; i < n; i++) {
        Value item = tuple_of(bases)->items[i];
        if (!is_type(item)) {
            kr_raise(kr_TypeError, "%N.__bases__ must be tuple of classes, not '%T'", type, item);
            return -1;
        }
        if (derives_from(object_of(item), type)) {
            kr_raise(kr_TypeError, "a __bases__ item causes an inheritance cycle");
            return -1;
        }
    }
    Type *base = kr_type_best_base(bases);
    if (!base) return -1;
    if (!same_layout(base, type->base)) {
        kr_raise(kr_TypeError, "__bases__ assignment: '%N' object layout differs from '%N'", base,
                 type->base);
        return -1;
    }
    Value old_bases = type->bases, undo = kr_list(NULL, 0);
    Type *old_base = type->base;
    if (is_empty(undo)) return -1;
    type->bases = bases;
    type->base = base;
    if (update_mros(type, undo) < 0) {
        undo_mros(undo);
        if (same(type->bases, bases)) {
            type->bases = old_bases;
            type->base = old_base;
        }
        Value exception = kr_take_exception();
        kr_type_modified(type);
        kr_restore_exception(exception);
        return -1;
    }
    if (!same(type->bases, bases)) return 0; /* assigned anew by an mro() meanwhile */
    for (size_t i = 0; i < tuple_of(old_bases)->size; i++)
        kr_type_remove_subclass(object_of(tuple_of(old_bases)->items[i]), type);
    for (size_t i = 0; i < n; i++)
        if (kr_type_add_subclass(object_of(tuple_of(bases)->items[i]), type) < 0) return -1;
    kr_type_modified(type);
    return 0;
}
