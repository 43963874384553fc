/* attributes.c: attribute access behind LOAD_ATTR, STORE_ATTR and LOAD_METHOD, and the filling of
 * their caches.
 *
 * A generic instruction looks at what its operand is, fills its Cache and rewrites itself into the
 * form that fits; the form's guard (in instructions.c) holds exactly as long as the decision taken
 * here is right:
 *
 *   type version   the class and its bases are unchanged: the class attribute found, or its absence,
 *                  still holds. Versions are unique over all types and times, so cache.value lives
 *                  while the version is met.
 *   shape          the instance has exactly these attributes, in these slots.
 *   keys_version   a module's dict has the name in the same entry.
 *
 * A form that misses goes back to the generic one, which then works without cache for a number
 * of executions that grows with each miss: misses = level << 12 | countdown. Attribute
 * instructions that miss twice meet several shapes: they take the _POLY form, which finds its
 * way in a table shared by all code. */
#include "runtime/objects/module.h"
#include "runtime/objects/object.h"
#include "runtime/objects/descriptor.h"
#include "runtime/objects/property.h"
#include "runtime/vm/interpreter.h"

#define COUNTDOWN 0xfff
#define LEVEL_SHIFT 12

static Cache *cache_of(const Code *code, const Instruction *i)
{
    return &code->caches[instruction_imm(i[1])];
}

static void rewrite(Instruction *i, uint16_t op) { __atomic_store_n(&i->op, op, __ATOMIC_RELEASE); }

void kr_attributes_miss(Code *code, Instruction *i)
{
    Cache *cache = cache_of(code, i);
    uint32_t level = cache->misses >> LEVEL_SHIFT;
    uint16_t generic = kr_opcode_generic[i->op];
    if (level < 8) level++;
    cache->misses = (uint16_t)(level << LEVEL_SHIFT | (level < 3 ? 2u : 8u << level));
    if (level > 1 && generic == OP_LOAD_ATTR)
        generic = OP_LOAD_ATTR_POLY;
    else if (level > 1 && generic == OP_STORE_ATTR)
        generic = OP_STORE_ATTR_POLY;
    else if (level > 1 && generic == OP_LOAD_METHOD)
        generic = OP_LOAD_METHOD_POLY;
    rewrite(i, generic);
}

static bool may_specialise(Cache *cache)
{
    if (!(cache->misses & COUNTDOWN)) return true;
    cache->misses--;
    return false;
}

static bool is_method_like(Value v)
{
    return !is_empty(v) && type_of(v)->kind.flags & KR_TYPE_METHOD;
}
static bool is_data_descriptor(Value v)
{
    return !is_empty(v) && type_of(v)->slots.descr_set && type_of(v)->slots.descr_get;
}
static bool is_plain(Value v)
{
    return !is_empty(v) && !type_of(v)->slots.descr_get && !type_of(v)->slots.descr_set;
}
/* A plain class attribute that stays as it is while the type's version does. */
static bool is_lasting(const Type *type, Value name, Value found)
{
    Value dict;
    uint32_t entry;
    return is_plain(found) && !kr_type_is_variable(type, name, &dict, &entry);
}

/* The Attrs of an instance whose class is laid out so that the forms with a shape apply, or
 * NULL. */
static Attrs *cacheable_attrs(Object *object, const Type *type)
{
    if (type->attrs_offset <= 0 || type->attrs_offset > UINT16_MAX) return NULL;
    Attrs *attrs = (Attrs *)((char *)object + type->attrs_offset);
    return attrs->shape ? attrs : NULL;
}

static void fill(Cache *cache, const Type *type, const Attrs *attrs, uint32_t slot, Value value)
{
    cache->shape = attrs ? attrs->shape : NULL;
    cache->slot = slot;
    cache->value = value;
    cache->kind = (uint16_t)type->attrs_offset;
    cache->version = type->version;
}

/* ---- Modules and classes ---- */

static bool specialise_module(Instruction *i, Cache *cache, Value module, Value name, uint16_t op)
{
    Dict *dict = dict_of(module_of(module)->dict);
    int64_t entry = kr_dict_entry_of_name(dict, name);
    if (entry < 0 || !is_empty(kr_type_lookup(&kr_module_type, name))) return false;
    cache->slot = (uint32_t)entry;
    cache->version = dict->keys_version;
    rewrite(i, op);
    return true;
}

/* `C.name`: what the class attribute gives without running anything, with the way to call it in
 * *op. */
static bool specialise_class(Instruction *i, Cache *cache, Value class, Value name, bool method)
{
    Type *type = object_of(class), *meta = type->kind.head.type;
    if (meta->slots.getattr != kr_type_type.slots.getattr || !is_empty(kr_type_lookup(meta, name)))
        return false;
    Value v = kr_type_lookup(type, name);
    if (is_empty(v)) return false;
    uint16_t op = method ? OP_LOAD_METHOD_TYPE : OP_LOAD_ATTR_TYPE;
    uint32_t entry;
    if (is_plain(v) && kr_type_is_variable(type, name, &v, &entry)) {
        if (method || entry > UINT16_MAX) return false;
        cache->kind = (uint16_t)entry;
        op = OP_LOAD_ATTR_TYPE_ENTRY;
    } else if (is_exact(v, &kr_staticmethod_type)) {
        v = kr_function_wrapped(v);
    } else if (method && is_exact(v, &kr_classmethod_type)) {
        v = kr_function_wrapped(v);
        if (!is_exact(v, &kr_function_type)) return false;
        op = OP_LOAD_METHOD_CLASSMETHOD;
    } else if (!is_method_like(v) && !is_plain(v)) {
        return false;
    }
    cache->shape = type;
    cache->value = v;
    cache->slot = (uint32_t)meta->version;
    cache->version = type->version;
    rewrite(i, op);
    return true;
}

/* ---- Loads ---- */

static bool specialise_data_descriptor(Instruction *i, Cache *cache, Type *type, Value descriptor)
{
    uint16_t op;
    Value value = EMPTY;
    uint32_t slot = 0;
    void *entry = NULL;
    if (is_exact(descriptor, &kr_member_descriptor_type)) {
        MemberDescriptor *member = object_of(descriptor);
        if (!kr_is_subtype(type, member->owner)) return false;
        slot = member->offset;
        entry = (void *)member->entry;
        op = entry ? OP_LOAD_ATTR_GETSET : OP_LOAD_ATTR_MEMBER;
    } else if (is_exact(descriptor, &kr_getset_descriptor_type)) {
        if (!kr_is_subtype(type, ((GetSetDescriptor *)object_of(descriptor))->owner)) return false;
        entry = (void *)((GetSetDescriptor *)object_of(descriptor))->entry;
        op = OP_LOAD_ATTR_GETSET;
    } else if (is_exact(descriptor, &kr_property_type)) {
        value = property_of(descriptor)->get;
        if (!is_exact(value, &kr_function_type)) return false;
        op = OP_LOAD_ATTR_PROPERTY;
    } else {
        return false;
    }
    fill(cache, type, NULL, slot, value);
    if (entry) cache->shape = entry;
    rewrite(i, op);
    return true;
}

static bool specialise_load(Instruction *i, Cache *cache, Value v, Value name)
{
    if (!is_object(v)) return false;
    if (is_exact(v, &kr_module_type))
        return specialise_module(i, cache, v, name, OP_LOAD_ATTR_MODULE);
    Object *object = object_of(v);
    Type *type = object->type;
    if (type->traits & TYPE_IS_TYPE) return specialise_class(i, cache, v, name, false);
    if (!(type->traits & TYPE_GENERIC_GETATTR)) return false;
    Value descriptor = kr_type_lookup(type, name);
    if (is_data_descriptor(descriptor))
        return specialise_data_descriptor(i, cache, type, descriptor);
    Attrs *attrs = cacheable_attrs(object, type);
    if (!attrs) return false;
    if (attrs->shape == kr_shape_dict) {
        int64_t entry = kr_dict_entry_of_name((Dict *)attrs->overflow, name);
        if (entry < 0) return false;
        fill(cache, type, attrs, (uint32_t)entry, EMPTY);
        rewrite(i, OP_LOAD_ATTR_DICT);
        return true;
    }
    int slot = kr_shape_find(attrs->shape, name);
    if (slot >= 0) {
        uint32_t inline_count = attrs->shape->inline_count;
        bool is_inline = (uint32_t)slot < inline_count;
        fill(cache, type, attrs, is_inline ? (uint32_t)slot : (uint32_t)slot - inline_count, EMPTY);
        rewrite(i, is_inline ? OP_LOAD_ATTR_SLOT : OP_LOAD_ATTR_OVERFLOW);
        return true;
    }
    if (!is_exact(descriptor, &kr_function_type) && !is_lasting(type, name, descriptor))
        return false;
    fill(cache, type, attrs, 0, descriptor);
    rewrite(i, is_exact(descriptor, &kr_function_type) ? OP_LOAD_ATTR_METHOD : OP_LOAD_ATTR_CLASS);
    return true;
}

Value kr_attributes_load(Code *code, Instruction *i, Value object)
{
    Cache *cache = cache_of(code, i);
    Value name = name_at(code, name_operand(i));
    if (may_specialise(cache) && !specialise_load(i, cache, object, name))
        kr_attributes_miss(code, i);
    return kr_getattr(object, name);
}

/* ---- Stores ---- */

int kr_attributes_store(Code *code, Instruction *i, Value v, Value value)
{
    Cache *cache = cache_of(code, i);
    Value name = name_at(code, name_operand(i));
    Type *type = type_of(v);
    if (!may_specialise(cache)) return kr_setattr(v, name, value);
    if (is_object(v) && type->traits & TYPE_GENERIC_SETATTR && !(type->traits & TYPE_IS_TYPE)) {
        Object *object = object_of(v);
        Value descriptor = kr_type_lookup(type, name);
        if (is_exact(descriptor, &kr_member_descriptor_type)) {
            MemberDescriptor *member = object_of(descriptor);
            if (member->read_only || !kr_is_subtype(type, member->owner))
                return kr_setattr(v, name, value);
            fill(cache, type, NULL, member->offset, EMPTY);
            rewrite(i, OP_STORE_ATTR_MEMBER);
            return kr_setattr(v, name, value);
        }
        Attrs *attrs = cacheable_attrs(object, type);
        bool settable = is_empty(descriptor) || !type_of(descriptor)->slots.descr_set;
        if (attrs && settable && attrs->shape != kr_shape_dict) {
            Shape *before = attrs->shape;
            if (kr_attrs_set(object, name, value) < 0) return -1;
            int slot = kr_shape_find(attrs->shape, name);
            uint32_t inline_count = before->inline_count;
            bool is_inline = slot >= 0 && (uint32_t)slot < inline_count;
            if (attrs->shape == before && slot >= 0) {
                fill(cache, type, attrs, is_inline ? (uint32_t)slot : (uint32_t)slot - inline_count,
                     EMPTY);
                rewrite(i, is_inline ? OP_STORE_ATTR_SLOT : OP_STORE_ATTR_OVERFLOW);
            } else if (is_inline && attrs->shape->parent == before) {
                fill(cache, type, attrs, (uint32_t)slot, from_object(attrs->shape));
                cache->shape = before;
                rewrite(i, OP_STORE_ATTR_NEW);
            }
            return 0;
        }
    }
    kr_attributes_miss(code, i);
    return kr_setattr(v, name, value);
}

/* ---- Methods ---- */

static bool specialise_method(Instruction *i, Cache *cache, Value v, Value name)
{
    if (is_exact(v, &kr_module_type))
        return specialise_module(i, cache, v, name, OP_LOAD_METHOD_MODULE);
    if (!is_object(v)) return false;
    Object *object = object_of(v);
    Type *type = object->type;
    if (type->traits & TYPE_IS_TYPE) return specialise_class(i, cache, v, name, true);
    if (!(type->traits & TYPE_GENERIC_GETATTR) || type->traits & TYPE_OWN_DICT) return false;
    Value descriptor = kr_type_lookup(type, name);
    if (!is_empty(descriptor) && !is_method_like(descriptor)) return false;
    if (type->attrs_offset == 0) {
        if (is_empty(descriptor)) return false;
        fill(cache, type, NULL, 0, descriptor);
        rewrite(i, OP_LOAD_METHOD_NATIVE);
        return true;
    }
    Attrs *attrs = cacheable_attrs(object, type);
    if (!attrs || attrs->shape == kr_shape_dict) return false;
    int slot = kr_shape_find(attrs->shape, name);
    if (slot >= 0) {
        if ((uint32_t)slot >= attrs->shape->inline_count) return false;
        fill(cache, type, attrs, (uint32_t)slot, EMPTY);
        rewrite(i, OP_LOAD_METHOD_SLOT);
        return true;
    }
    if (is_empty(descriptor)) return false;
    fill(cache, type, attrs, 0, descriptor);
    rewrite(i, OP_LOAD_METHOD_CLASS);
    return true;
}

static int find_method(Value v, Value name, Value *pair)
{
    Type *type = type_of(v);
    if (type->traits & TYPE_GENERIC_GETATTR && !(type->traits & TYPE_OWN_DICT)) {
        Value found = kr_type_lookup(type, name);
        if (is_method_like(found) &&
            (!is_object(v) || !type->attrs_offset || is_empty(kr_attrs_find(object_of(v), name)))) {
            pair[0] = found;
            pair[1] = v;
            return 0;
        }
    }
    Value found = kr_getattr(v, name);
    if (is_empty(found)) return -1;
    pair[0] = found;
    pair[1] = EMPTY;
    return 0;
}

int kr_attributes_method(Code *code, Instruction *i, Value v, Value *pair)
{
    Cache *cache = cache_of(code, i);
    Value name = name_at(code, name_operand(i));
    if (may_specialise(cache) && !specialise_method(i, cache, v, name)) kr_attributes_miss(code, i);
    return find_method(v, name, pair);
}

/* ---- Several shapes ---- */

Way kr_load_ways[WAYS], kr_store_ways[WAYS];

static void set_way(Way *table, const Type *type, const Shape *shape, Value name, uint32_t kind,
                    uint32_t slot, Value value)
{
    *way_slot(table, shape, name) = (Way){.shape = shape,
                                          .version = type->version,
                                          .name = name,
                                          .value = value,
                                          .slot = slot,
                                          .kind = kind};
}

/* The way to an existing slot; false if the shape lacks the name. */
static bool set_slot_way(Way *table, const Type *type, const Shape *shape, Value name)
{
    int slot = kr_shape_find(shape, name);
    if (slot < 0) return false;
    bool is_inline = (uint32_t)slot < shape->inline_count;
    set_way(table, type, shape, name, is_inline ? WAY_INLINE : WAY_OVERFLOW,
            is_inline ? (uint32_t)slot : (uint32_t)slot - shape->inline_count, EMPTY);
    return true;
}

static void learn_load(Value v, Value name)
{
    Type *type = type_of(v);
    if (!is_object(v) || !(type->traits & TYPE_GENERIC_GETATTR)) return;
    Attrs *attrs = cacheable_attrs(object_of(v), type);
    if (!attrs || attrs->shape == kr_shape_dict) return;
    Value descriptor = kr_type_lookup(type, name);
    if (is_data_descriptor(descriptor)) return;
    if (set_slot_way(kr_load_ways, type, attrs->shape, name)) return;
    if (is_exact(descriptor, &kr_function_type))
        set_way(kr_load_ways, type, attrs->shape, name, WAY_METHOD, 0, descriptor);
    else if (is_lasting(type, name, descriptor))
        set_way(kr_load_ways, type, attrs->shape, name, WAY_VALUE, 0, descriptor);
}

Value kr_attributes_load_any(Value v, Value name)
{
    learn_load(v, name);
    return kr_getattr(v, name);
}

int kr_attributes_method_any(Value v, Value name, Value *pair)
{
    learn_load(v, name);
    return find_method(v, name, pair);
}

int kr_attributes_store_any(Value v, Value name, Value value)
{
    Type *type = type_of(v);
    Attrs *attrs = is_object(v) && type->traits & TYPE_GENERIC_SETATTR
                       ? cacheable_attrs(object_of(v), type)
                       : NULL;
    if (!attrs || attrs->shape == kr_shape_dict) return kr_setattr(v, name, value);
    Value descriptor = kr_type_lookup(type, name);
    if (!is_empty(descriptor) && type_of(descriptor)->slots.descr_set)
        return kr_setattr(v, name, value);
    Shape *before = attrs->shape;
    if (set_slot_way(kr_store_ways, type, before, name))
        return kr_attrs_set(object_of(v), name, value);
    if (kr_attrs_set(object_of(v), name, value) < 0) return -1;
    Shape *after = attrs->shape;
    if (after->parent == before && after->count - 1 < before->inline_count)
        set_way(kr_store_ways, type, before, name, WAY_NEW, after->count - 1, from_object(after));
    return 0;
}
