/* descriptor.h: what stands in the dicts of native types beside methods: wrapper descriptors
 * for slots, getset and member descriptors, and the mapping proxy that shows a type's dict. */
#ifndef RUNTIME_OBJECTS_DESCRIPTOR_H
#define RUNTIME_OBJECTS_DESCRIPTOR_H

#include "runtime/objects/type.h"

typedef struct SlotDef SlotDef;
/* Calls a native slot with Python's arguments. */
typedef Value (*SlotWrapper)(const SlotDef *def, KrAnyCode slot, Value self, const Value *args,
                             size_t n, Value kwnames);

/* One dunder name and the slot behind it (the table is in type_slots.c). */
struct SlotDef {
    size_t offset; /* in KrSlots */
    const char *name;
    SlotWrapper wrap;  /* NULL: the name is published by another row, or not at all */
    KrAnyCode generic; /* the slot function of classes that define the name in Python; NULL: none */
    int op;            /* of comparisons and binary operators */
    const char *signature, *doc;
};

typedef struct WrapperDescriptor {
    Object head;
    Type *owner;
    const SlotDef *def;
    KrAnyCode wrapped; /* owner's slot */
    Value name;
} WrapperDescriptor;

typedef struct MethodWrapper { /* a wrapper descriptor bound to self */
    Object head;
    Value descriptor, self;
} MethodWrapper;

typedef struct GetSetDescriptor {
    Object head;
    Type *owner;
    const KrGetSet *entry;
    Value name;
} GetSetDescriptor;

/* A __slots__ entry, a struct type's field, or what CPython has as a member. */
typedef struct MemberDescriptor {
    Object head;
    Type *owner;
    Value name;
    uint32_t offset; /* of the Value in the instance, unless there is an entry */
    bool read_only;
    const KrGetSet *entry; /* the getter to ask, or NULL */
} MemberDescriptor;

Value kr_descriptor_wrapper(Type *owner, const SlotDef *def, KrAnyCode wrapped);
Value kr_descriptor_getset(Type *owner, const KrGetSet *entry);
Value kr_descriptor_member(Type *owner, Value name, uint32_t offset);
Value kr_descriptor_field(Type *owner, Value name, uint32_t offset); /* a read-only member */
Value kr_mappingproxy_new(Value mapping);

/* A setter for what CPython has as a read-only member: "readonly attribute". */
int kr_descriptor_read_only(Value self, Value value);

/* type_slots.c */
void kr_type_slots_init(void);          /* interns the names */
void kr_type_slots_inherit(Type *type); /* a native type's absent slots, from its base */
int kr_type_slots_publish(Type *type);  /* a native type's wrapper descriptors, into its dict */
void kr_type_slots_update(
    Type *type, Value name); /* a class's slots, from its dunder methods; name EMPTY: all */
bool kr_type_slots_is_name(Value name); /* "__x__", and a slot depends on it */
int64_t kr_hash_not_implemented(Value self);
Value kr_type_slots_make(Type *type, const Value *args, size_t n,
                         Value kwnames);   /* calls a __new__ */
extern const KrFunction kr_type_new_entry; /* the entry of every native __new__ */

#endif
