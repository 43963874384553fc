/* shape.c: hidden shapes and the attribute storage of instances (layout: type.h).
 * A type has one tree of shapes for each inline count its instances had; the root of the newest
 * tree is the type's root_shape. Growth: an instance's first attribute beyond its inline slots
 * doubles the type's inline count, so that later instances hold as many inside themselves;
 * older instances keep their tree.
 * An instance leaves the shapes for good ("dict mode") when its __dict__ is asked for, when an
 * attribute other than the newest is deleted, and beyond SHAPE_MAX names. A shape pointer, once
 * seen, therefore tells the type, the names and the place of each: that is what inline caches
 * compare. */
#include "runtime/memory/trace.h"
#include "runtime/objects/dict.h"
#include "runtime/objects/module.h"
#include "runtime/objects/str.h"

#define INLINE_START 5 /* object head + Attrs + 5 values: a cell of 64 bytes */
#define INLINE_MAX 40
#define LINEAR_MAX 8 /* longer shapes get a hash table */

static Type shape_type;
static Shape dict_shape = {.head = {&shape_type}};
Shape *kr_shape_dict = &dict_shape;

typedef struct NameSlot {
    uint64_t name;
    int64_t slot;
} NameSlot;

typedef struct ShapeTable {
    uint64_t mask;
    NameSlot entries[];
} ShapeTable;

static void shape_trace(void *self, KrTracer *tracer)
{
    Shape *shape = self;
    kr_trace_pointer(tracer, shape->parent);
    kr_trace(tracer, shape->name);
    kr_trace_pointer(tracer, shape->last_child);
    kr_trace(tracer, shape->children);
    kr_trace_pointer(tracer, shape->table);
    kr_trace_pointer(tracer, shape->owner);
}

static const KrTypeSpec shape_spec = {
    .name = "shape",
    .size = sizeof(Shape),
    .trace = shape_trace,
    .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT,
};

void kr_shape_type_init(void) { kr_type_init(&shape_type, &shape_spec); }

Shape *kr_shape_root(Type *owner, uint32_t inline_count)
{
    Shape *shape = heap_alloc(&shape_type, sizeof(Shape));
    if (!shape) return NULL;
    shape->inline_count = inline_count;
    shape->owner = owner;
    return shape;
}

uint32_t kr_shape_first_inline_count(void) { return INLINE_START; }

static inline size_t hash_name(uint64_t bits)
{
    return (size_t)((bits >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 20);
}

static ShapeTable *build_table(const Shape *shape)
{
    size_t size = 32;
    while (size < 2 * shape->count) size *= 2;
    ShapeTable *table = kr_heap_bytes(sizeof(ShapeTable) + size * sizeof(NameSlot));
    if (!table) return NULL;
    table->mask = size - 1;
    for (const Shape *s = shape; s->parent; s = s->parent) {
        size_t i = hash_name(s->name.bits) & table->mask;
        while (table->entries[i].name) i = (i + 1) & table->mask;
        table->entries[i] = (NameSlot){s->name.bits, s->count - 1};
    }
    return table;
}

int kr_shape_find(const Shape *shape, Value name)
{
    if (shape->count > LINEAR_MAX) {
        if (!shape->table) {
            ((Shape *)shape)->table = build_table(shape);
            if (!shape->table) kr_clear_exception();
        }
        ShapeTable *table = shape->table;
        if (table) {
            size_t i = hash_name(name.bits) & table->mask;
            for (; table->entries[i].name; i = (i + 1) & table->mask)
                if (table->entries[i].name == name.bits) return (int)table->entries[i].slot;
            return -1;
        }
    }
    for (const Shape *s = shape; s->parent; s = s->parent)
        if (same(s->name, name)) return (int)s->count - 1;
    return -1;
}

Shape *kr_shape_extend(Shape *shape, Value name)
{
    if (shape->last_child && same(shape->last_child->name, name)) return shape->last_child;
    if (shape->count >= SHAPE_MAX) return kr_shape_dict;
    if (!is_empty(shape->children)) {
        Value child = kr_dict_find(shape->children, name);
        if (!is_empty(child)) return shape->last_child = object_of(child);
    }
    Shape *child = heap_alloc(&shape_type, sizeof(Shape));
    if (!child) return NULL;
    child->parent = shape;
    child->name = name;
    child->count = shape->count + 1;
    child->inline_count = shape->inline_count;
    child->owner = shape->owner;
    if (shape->last_child) {
        if (is_empty(shape->children)) {
            Value children = kr_dict();
            if (is_empty(children)) return NULL;
            if (kr_dict_set(children, shape->last_child->name, from_object(shape->last_child)) < 0)
                return NULL;
            shape->children = children;
        }
        if (kr_dict_set(shape->children, name, from_object(child)) < 0) return NULL;
    }
    return shape->last_child = child;
}

/* ---- Attribute storage ------------------------------------------------------------- */

Attrs *kr_attrs_at_end(Object *object)
{
    return (Attrs *)((char *)object + kr_heap_cell_size(object) - sizeof(Attrs));
}

/* The Attrs with a valid shape: objects that were not made by kr_type_alloc() start without one. */
static inline Attrs *ready_attrs(Object *object)
{
    Attrs *attrs = attrs_of(object);
    if (attrs && !attrs->shape) attrs->shape = object->type->root_shape;
    return attrs;
}

/* The Dict of a type or a module, NULL for others. */
static Dict *own_dict(Object *object)
{
    if (!(object->type->traits & TYPE_OWN_DICT)) return NULL;
    Value dict =
        object->type->traits & TYPE_IS_TYPE ? ((Type *)object)->dict : ((Module *)object)->dict;
    return is_empty(dict) ? NULL : dict_of(dict);
}

static Value dict_find_name(Dict *dict, Value name)
{
    int64_t entry = kr_dict_entry_of_name(dict, name);
    return entry < 0 ? EMPTY : dict->entries[entry].value;
}

Value kr_attrs_find(Object *object, Value name)
{
    Attrs *attrs = ready_attrs(object);
    if (!attrs) {
        Dict *dict = own_dict(object);
        return dict ? dict_find_name(dict, name) : EMPTY;
    }
    if (attrs->shape == kr_shape_dict) return dict_find_name((Dict *)attrs->overflow, name);
    int slot = kr_shape_find(attrs->shape, name);
    return slot < 0 ? EMPTY : *attrs_slot(attrs, (uint32_t)slot);
}

/* Later instances of the type get more inline slots. */
static int learn_inline_count(Type *type, const Shape *shape)
{
    if (type->attrs_offset <= 0 || !(type->traits & TYPE_HEAP) || shape->owner != type) return 0;
    if (type->inline_count != shape->inline_count || type->inline_count >= INLINE_MAX) return 0;
    uint32_t count = type->inline_count * 2;
    if (count > INLINE_MAX) count = INLINE_MAX;
    Shape *root = kr_shape_root(type, count);
    if (!root) return -1;
    /* Inline caches hold shapes under the type's version alone: those of its first instances must
     * not give their addresses to others. A root needs no table. */
    root->table = type->root_shape;
    type->root_shape = root;
    type->inline_count = count;
    type->alloc_size = (uint32_t)type->attrs_offset + sizeof(Attrs) + count * sizeof(Value);
    return 0;
}

static int add_slot(Object *object, Attrs *attrs, Shape *child, Value value)
{
    uint32_t slot = child->count - 1, inline_count = child->inline_count;
    if (slot < inline_count) {
        attrs->inline_values[slot] = value;
    } else {
        size_t i = slot - inline_count;
        size_t capacity = attrs->overflow ? kr_heap_values_capacity(attrs->overflow) : 0;
        if (i >= capacity) {
            Value *larger = kr_heap_values(i < 4 ? 4 : 2 * i);
            if (!larger) return -1;
            if (i) memcpy(larger, attrs->overflow, i * sizeof(Value));
            attrs->overflow = larger;
            if (i == 0 && learn_inline_count(object->type, child) < 0) return -1;
        }
        attrs->overflow[i] = value;
    }
    attrs->shape = child;
    return 0;
}

int kr_attrs_set(Object *object, Value name, Value value)
{
    Attrs *attrs = ready_attrs(object);
    if (!attrs) {
        Dict *dict = own_dict(object);
        if (dict) return kr_dict_set(from_object(dict), name, value);
        kr_raise(kr_SystemError, "object without attributes");
        return -1;
    }
    if (attrs->shape != kr_shape_dict) {
        int slot = kr_shape_find(attrs->shape, name);
        if (slot >= 0) {
            *attrs_slot(attrs, (uint32_t)slot) = value;
            return 0;
        }
        Shape *child = kr_shape_extend(attrs->shape, name);
        if (!child) return -1;
        if (child != kr_shape_dict) return add_slot(object, attrs, child, value);
        if (is_empty(kr_attrs_dict(object))) return -1;
    }
    return kr_dict_set(from_object(attrs->overflow), name, value);
}

int kr_attrs_delete(Object *object, Value name)
{
    Attrs *attrs = ready_attrs(object);
    if (!attrs) {
        Dict *dict = own_dict(object);
        return dict ? kr_dict_delete(from_object(dict), name) : 0;
    }
    if (attrs->shape != kr_shape_dict) {
        Shape *shape = attrs->shape;
        int slot = kr_shape_find(shape, name);
        if (slot < 0) return 0;
        if ((uint32_t)slot == shape->count - 1) {
            *attrs_slot(attrs, (uint32_t)slot) = EMPTY;
            attrs->shape = shape->parent;
            return 1;
        }
        if (is_empty(kr_attrs_dict(object))) return -1;
    }
    return kr_dict_delete(from_object(attrs->overflow), name);
}

static int copy_to_dict(Attrs *attrs, const Shape *shape, Value dict)
{
    if (!shape->parent) return 0;
    if (copy_to_dict(attrs, shape->parent, dict) < 0) return -1;
    return kr_dict_set(dict, shape->name, *attrs_slot(attrs, shape->count - 1));
}

Value kr_attrs_dict(Object *object)
{
    Attrs *attrs = ready_attrs(object);
    if (!attrs) {
        Dict *dict = own_dict(object);
        return dict ? from_object(dict) : EMPTY;
    }
    if (attrs->shape != kr_shape_dict) {
        Value dict = kr_dict();
        if (is_empty(dict) || copy_to_dict(attrs, attrs->shape, dict) < 0) return EMPTY;
        uint32_t inline_count = attrs->shape->inline_count;
        attrs->shape = kr_shape_dict;
        attrs->overflow = object_of(dict);
        memset(attrs->inline_values, 0, inline_count * sizeof(Value));
    }
    return from_object(attrs->overflow);
}

int kr_attrs_set_dict(Object *object, Value dict)
{
    if (is_empty(kr_attrs_dict(object))) return -1;
    Attrs *attrs = attrs_of(object);
    if (!attrs) {
        kr_raise(kr_SystemError, "object without attributes");
        return -1;
    }
    attrs->overflow = object_of(dict);
    return 0;
}

void kr_attrs_trace(Object *object, KrTracer *tracer)
{
    Attrs *attrs = attrs_of(object);
    if (!attrs || !attrs->shape) return;
    kr_trace_pointer(tracer, attrs->shape);
    kr_trace_pointer(tracer, attrs->overflow);
    kr_heap_trace_values(tracer, attrs->inline_values, attrs->shape->inline_count);
}
