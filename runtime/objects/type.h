/* type.h: the Type object, shapes, and instances.
 *
 * A native type is a static struct Type filled from its KrTypeSpec by kr_type_init(), or made by
 * kr_type_new(); a class statement makes one on the heap. All have the same struct. Slots are
 * inherited when the type is made ready; a class's dunder methods install slot functions that call
 * them, and a native type's slots appear as wrapper descriptors in its dict, as in CPython.
 *
 * An instance of an ordinary class:
 *
 *     Object head | native fields | __slots__ members | Shape *shape | Value *overflow | inline...
 *                                                     ^ attrs_offset (0: no attributes)
 *
 * A Shape maps attribute names to slot numbers. Slot i is inline_values[i] for
 * i < shape->inline_count, else overflow[i - inline_count]. Shapes form a tree from the type's
 * root shape; adding a name moves to the child shape. Deletion, and more than SHAPE_MAX names, and
 * reading __dict__ move the instance to dict mode: shape is kr_shape_dict and overflow holds the
 * Dict's address. Types whose instances vary in size (int, str, bytes, tuple) keep the Attrs in
 * the last 16 bytes of the cell (attrs_offset == ATTRS_AT_END); always use attrs_of(). */
#ifndef RUNTIME_OBJECTS_TYPE_H
#define RUNTIME_OBJECTS_TYPE_H

#include "runtime/memory/heap.h"

typedef struct Shape {
    Object head;
    struct Shape *parent;     /* without the last name */
    Value name;               /* interned str of the last slot; EMPTY in a root */
    uint32_t count;           /* slots in use */
    uint32_t inline_count;    /* slots inside the instance */
    struct Shape *last_child; /* the most used transition */
    Value children;           /* dict name -> shape, or EMPTY */
    void *table;              /* hash table name -> slot, built when count > 8 */
    Type *owner;
} Shape;

typedef struct Attrs {
    Shape *shape;
    Value *overflow; /* in dict mode: the Dict */
    Value inline_values[];
} Attrs;

#define ATTRS_AT_END (-1)
#define SHAPE_MAX 128

struct Type {
    HeapKind kind; /* type object's own head, trace, release, name, size, flags */
    KrSlots slots;
    Type *base;           /* best base: whose layout this extends */
    Value bases, mro;     /* tuples */
    Value dict;           /* Dict */
    Value name, qualname; /* str */
    Value subclasses;     /* list of weak references, or EMPTY */
    int32_t attrs_offset; /* 0: instances have no attributes of their own */
    uint32_t
        inline_count; /* inline attribute slots of the next instance; only grows */
    Shape *root_shape;
    uint64_t
        version; /* unique over all states of all types; renewed by any change to it or its bases */
    uint32_t traits;        /* TYPE_... below */
    uint32_t slots_size;    /* bytes of native fields and __slots__, before Attrs */
    uint32_t alloc_size;    /* bytes of a fixed-size instance, Attrs and inline values included */
    const KrTypeSpec *spec; /* native types */
    void (*base_trace)(void *object,
                       KrTracer *tracer); /* of the native base, called by the instance's trace */
    void (*base_release)(void *object);
    Value member_slots; /* tuple of byte offsets of __slots__ members (ints), or EMPTY */
    uint64_t variable_names; /* a bit by hash for names whose values are exchanged: type.c */
    uint32_t exchanges;      /* of values, each of which took a new version */
};

enum { /* traits: fast subclass tests and properties */
       TYPE_IS_INT = 1,
       TYPE_IS_STR = 2,
       TYPE_IS_BYTES = 4,
       TYPE_IS_TUPLE = 8,
       TYPE_IS_LIST = 16,
       TYPE_IS_DICT = 32,
       TYPE_IS_TYPE = 64,
       TYPE_IS_EXCEPTION = 128,
       TYPE_IS_FLOAT = 256,
       TYPE_IS_SET = 512,
       TYPE_HEAP = 1024,            /* made by a class statement: attributes can be set */
       TYPE_HAS_FINALIZER = 2048,   /* __del__ */
       TYPE_GENERIC_GETATTR = 4096, /* slots.getattr is the default: inline caches apply */
       TYPE_GENERIC_SETATTR = 8192,
       TYPE_VARIABLE = 16384, /* instances vary in size */
       TYPE_READY = 32768,
       TYPE_IS_ABSTRACT = 65536, /* __abstractmethods__ is not empty */
       TYPE_PLAIN =
           131072, /* no native base but object: Attrs at attrs_offset, inline caches' fast path */
       TYPE_SOLID =
           262144, /* a layout of its own: two such bases, neither the other's base, conflict */
       TYPE_OWN_DICT =
           524288 /* types and modules: their own Dict, never Attrs */
};

static inline Type *type_of(Value v)
{
    if (__builtin_expect(is_object(v), 1)) return ((Object *)object_of(v))->type;
    return kr_type_of(v);
}
static inline bool is_a_trait(Value v, uint32_t trait) { return (type_of(v)->traits & trait) != 0; }
static inline bool is_str(Value v) { return is_object(v) && (type_of(v)->traits & TYPE_IS_STR); }
static inline bool is_bytes(Value v)
{
    return is_object(v) && (type_of(v)->traits & TYPE_IS_BYTES);
}
static inline bool is_tuple(Value v)
{
    return is_object(v) && (type_of(v)->traits & TYPE_IS_TUPLE);
}
static inline bool is_list(Value v) { return is_object(v) && (type_of(v)->traits & TYPE_IS_LIST); }
static inline bool is_dict(Value v) { return is_object(v) && (type_of(v)->traits & TYPE_IS_DICT); }
static inline bool is_type(Value v) { return is_object(v) && (type_of(v)->traits & TYPE_IS_TYPE); }
static inline bool is_exception(Value v)
{
    return is_object(v) && (type_of(v)->traits & TYPE_IS_EXCEPTION);
}

Attrs *kr_attrs_at_end(Object *object);
static inline Attrs *attrs_of(Object *object)
{
    int32_t offset = object->type->attrs_offset;
    if (offset > 0) return (Attrs *)((char *)object + offset);
    return offset == 0 ? NULL : kr_attrs_at_end(object);
}

extern Shape *kr_shape_dict; /* the shape of instances in dict mode */
/* The slot of a name, or -1. */
int kr_shape_find(const Shape *shape, Value name);
/* The shape with one more name; kr_shape_dict when there are too many; NULL raised. */
Shape *kr_shape_extend(Shape *shape, Value name);
static inline Value *attrs_slot(Attrs *attrs, uint32_t i)
{
    uint32_t inline_count = attrs->shape->inline_count;
    return i < inline_count ? &attrs->inline_values[i] : &attrs->overflow[i - inline_count];
}
/* Attribute storage of one instance, behind object.__getattribute__ and the inline caches.
 * Find: EMPTY when absent. */
Value kr_attrs_find(Object *object, Value name);
int kr_attrs_set(Object *object, Value name, Value value);
int kr_attrs_delete(Object *object, Value name); /* 1 deleted, 0 absent, -1 raised */
Value kr_attrs_dict(Object *object);             /* moves to dict mode; the Dict */
int kr_attrs_set_dict(Object *object, Value dict);

Shape *kr_shape_root(Type *owner, uint32_t inline_count);
uint32_t kr_shape_first_inline_count(void);
void kr_attrs_trace(Object *object, KrTracer *tracer);

/* Fills a static type from its spec and makes it ready. */
void kr_type_init(Type *type, const KrTypeSpec *spec);
Value kr_type_build(Type *metatype, Value name, Value bases, Value dict); /* type.__new__ */
Value kr_type_lookup(
    Type *type, Value name); /* along the MRO through the global method cache; EMPTY when absent */
void kr_type_modified(Type *type); /* after a change to its dict: renews versions, updates slots */
Value kr_type_call(Value type, const Value *args, size_t n, Value kwnames); /* make + init */
void *kr_type_alloc(Type *type); /* an instance with root shape; registers finalizers */
void *
kr_type_alloc_sized(Type *type,
                    size_t native_bytes); /* for TYPE_VARIABLE types: room for Attrs is added */
Value kr_type_getattr(Value self, Value name); /* the attribute protocol of classes */
Value kr_type_find_attr(Value self,
                        Value name); /* the same, EMPTY without AttributeError when absent */
int kr_type_set_attr(Type *type, Value name,
                     Value value /* EMPTY: delete */); /* without the immutability check */
void kr_type_renew(Type *type, Value name);            /* after a change of one entry of its dict */
/* Whether the class attribute `name` may get another plain value without a new version of the
 * type, so that what a lookup finds is not to be kept. Its entry is dict->entries[*entry] then. */
bool kr_type_is_variable(const Type *type, Value name, Value *dict, uint32_t *entry);
/* Exchanges one plain value of the type's dict for another; false if it is none such. */
bool kr_type_exchange(Type *type, Value name, Value value);
Value kr_type_linearise(Type *type);                   /* the C3 MRO, a tuple */
int kr_type_set_mro(Type *type); /* by its mro() if any; 1, or 0 when that set __bases__ */
Type *kr_type_best_base(Value bases); /* NULL with TypeError */
int kr_type_add_subclass(Type *base, Type *type);
void kr_type_remove_subclass(Type *base, Type *type);
Value kr_type_subclasses(Type *type); /* list */
void kr_type_init_types(void);        /* completes the types initialised so far (kr_objects_init) */
void kr_type_trace_instance(void *object, KrTracer *tracer);
/* type.__new__ with the keywords for __init_subclass__. */
Value kr_class_build(Type *metatype, Value name, Value bases, Value dict, const Value *kwvalues,
                     Value kwnames);
/* The most derived metaclass of `metatype` and the bases' classes; NULL with TypeError. */
Type *kr_class_metatype(Type *metatype, Value bases);
int kr_class_set_bases(Type *type, Value bases);
Value kr_type_resolve(Type *type, Value name,
                      Value self);         /* lookup + binding to self; EMPTY when absent */
Value kr_type_module(const Type *type);    /* the name of its module, or EMPTY */
Value kr_type_full_name(const Type *type); /* "module.qualname", without "builtins." */
bool kr_type_weakrefable(const Type *type);
/* An exact, interned str equal to name; EMPTY with TypeError when it is no str. */
Value kr_type_name_key(Value name);

/* The default attribute protocol. */
Value kr_object_getattr(Value self, Value name);
int kr_object_setattr(Value self, Value name, Value value);
/* As kr_object_getattr, without raising AttributeError: EMPTY when absent. */
Value kr_object_find_attr(Value self, Value name);
/* The next item; at the end EMPTY without exception and, for an iterator written in Python, the
 * value of its StopIteration in *result (None else). For `yield from`. */
Value kr_object_next_or_result(Value iterator, Value *result);
/* The method `name` of v's class for an immediate call: *self_first tells whether v must be
 * passed as the first argument (no bound method is made). EMPTY when absent (instance
 * attributes are not asked). */
Value kr_object_find_method(Value v, Value name, bool *self_first);
/* The text of repr() of a type that has no better one: <module.name object at 0x...>. */
Value kr_object_default_repr(Value self);

#endif
