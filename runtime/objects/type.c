/* type.c: what all types share: versions and the method cache, method resolution order,
 * subclasses, instances, and making native types ready. Class statements are class.c's, the
 * type `type` is type_object.c's.
 * Versions. Every change of a type's dict or MRO gives it and all its subclasses a new version,
 * and no two states of any types ever share one. A cache entry that names a version therefore
 * needs no invalidation. The method cache maps (version, name) to what kr_type_lookup() found,
 * absence included. It holds no object alive, so it is emptied by every collection: an entry
 * for an absent name could else meet a new string at an old address.
 * Counters. Where `C.count += 1` exchanges one plain value (no descriptor) for another, a new
 * version each time would empty all caches that know C and what derives from it. When that has
 * happened EXCHANGES times, the name is marked in the class as variable: from then on its plain
 * values are kept nowhere, and need no new version.
 * Bring-up. The first types are needed to describe themselves: a type's dict is a dict with str
 * keys. Until kr_type_init_types() runs, kr_type_init() only fills the C fields, which is
 * enough to allocate instances; the dicts and descriptors are made when all built-in types have
 * got that far. */
#include <stdio.h>
#include <stdlib.h>

#include "runtime/objects/builtin_types.h"
#include "runtime/objects/descriptor.h"
#include "runtime/objects/dict.h"
#include "runtime/objects/function.h"
#include "runtime/objects/list.h"
#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"
#include "runtime/objects/weakref.h"

#define INHERITED_TRAITS                                                                           \
    (TYPE_IS_INT | TYPE_IS_STR | TYPE_IS_BYTES | TYPE_IS_TUPLE | TYPE_IS_LIST | TYPE_IS_DICT | \
     TYPE_IS_TYPE | TYPE_IS_EXCEPTION | TYPE_IS_FLOAT | TYPE_IS_SET | TYPE_VARIABLE |              \
     TYPE_OWN_DICT)
#define INHERITED_FLAGS (KR_TYPE_DICT | KR_TYPE_SEQUENCE | KR_TYPE_MAPPING | KR_TYPE_NO_WEAKREF)

static uint64_t last_version;
static Type **native_types; /* all types that are not heap cells */
static size_t native_count, native_capacity, ready_count;
static bool bring_up_done;

/* ---- Lookup ------------------------------------------------------------------------ */

#define CACHE_SIZE 4096
typedef struct CacheEntry {
    uint64_t version;
    Value name, value;
} CacheEntry;
static CacheEntry method_cache[CACHE_SIZE];
static bool cache_used;

#define EXCHANGES 8

static void empty_cache(void)
{
    if (cache_used) memset(method_cache, 0, sizeof method_cache);
    cache_used = false;
}

static inline CacheEntry *cache_entry(uint64_t version, Value name)
{
    return &method_cache[((name.bits >> 4) ^ (name.bits >> 14) ^ (version * 0x9e5)) % CACHE_SIZE];
}

Value kr_type_name_key(Value name)
{
    if (is_exact(name, &kr_str_type)) return str_of(name)->interned ? name : kr_intern_str(name);
    if (!is_str(name))
        return kr_raise(kr_TypeError, "attribute name must be string, not '%T'", name);
    Str *s = str_of(name);
    Value exact = kr_str_from_points(s->data, s->length, s->width);
    return is_empty(exact) ? EMPTY : kr_intern_str(exact);
}

static inline uint64_t name_bit(Value name)
{
    return UINT64_C(1) << ((name.bits >> 4 ^ name.bits >> 10) & 63);
}

/* The class whose dict has the name, and where. NULL: none. */
static Type *find_holder(const Type *type, Value name, int64_t *entry)
{
    if (is_empty(type->mro)) return NULL;
    const Tuple *mro = tuple_of(type->mro);
    for (size_t i = 0; i < mro->size; i++) {
        Type *class = object_of(mro->items[i]);
        *entry = kr_dict_entry_of_name(dict_of(class->dict), name);
        if (*entry >= 0) return class;
    }
    return NULL;
}

bool kr_type_is_variable(const Type *type, Value name, Value *dict, uint32_t *entry)
{
    int64_t found;
    const Type *holder = find_holder(type, name, &found);
    if (!holder || !(holder->variable_names & name_bit(name))) return false;
    *dict = holder->dict;
    *entry = (uint32_t)found;
    return true;
}

Value kr_type_lookup(Type *type, Value name)
{
    CacheEntry *entry = cache_entry(type->version, name);
    if (entry->version == type->version && same(entry->name, name)) return entry->value;
    if (!is_exact(name, &kr_str_type) || !str_of(name)->interned) {
        name = kr_type_name_key(name);
        if (is_empty(name)) return EMPTY;
        entry = cache_entry(type->version, name);
        if (entry->version == type->version && same(entry->name, name)) return entry->value;
    }
    int64_t at;
    const Type *holder = find_holder(type, name, &at);
    Value found = holder ? dict_of(holder->dict)->entries[at].value : EMPTY;
    if (holder && holder->variable_names & name_bit(name)) return found;
    *entry = (CacheEntry){type->version, name, found};
    cache_used = true;
    return found;
}

Value kr_type_find(const Type *type, Value name) { return kr_type_lookup((Type *)type, name); }

Value kr_type_resolve(Type *type, Value name, Value self)
{
    Value found = kr_type_lookup(type, name);
    if (is_empty(found) || is_empty(self)) return found;
    Type *kind = type_of(found);
    return kind->slots.descr_get ? kind->slots.descr_get(found, self, from_object(type)) : found;
}

bool kr_is_subtype(const Type *type, const Type *base)
{
    if (type == base) return true;
    if (is_empty(type->mro)) {
        for (; type; type = type->base)
            if (type == base) return true;
        return false;
    }
    Tuple *mro = tuple_of(type->mro);
    for (size_t i = 0; i < mro->size; i++)
        if (object_of(mro->items[i]) == base) return true;
    return false;
}

/* ---- Changes ----------------------------------------------------------------------- */

static void renew(Type *type, Value name, bool slots)
{
    type->version = ++last_version;
    if (slots && type->traits & TYPE_HEAP) kr_type_slots_update(type, name);
    if (is_empty(type->subclasses)) return;
    for (size_t i = 0; i < list_of(type->subclasses)->size; i++) {
        Value target = kr_weakref_target(list_of(type->subclasses)->items[i]);
        if (!is_empty(target)) renew(object_of(target), name, slots);
    }
}

/* When instances become descriptors, or cease to be, what is remembered of every class that has one
 * among its attributes no longer holds. */
static void renew_descriptor(Type *type, Value name)
{
    const KrSlots before = type->slots;
    renew(type, name, true);
    if (before.descr_get != type->slots.descr_get || before.descr_set != type->slots.descr_set)
        renew(&kr_object_type, EMPTY, false);
}

void kr_type_renew(Type *type, Value name)
{
    if (kr_type_slots_is_name(name)) renew_descriptor(type, name);
    else renew(type, name, false);
}

void kr_type_modified(Type *type) { renew_descriptor(type, EMPTY); }

static bool is_plain(Value v)
{
    const Type *type = type_of(v);
    return !type->slots.descr_get && !type->slots.descr_set;
}

bool kr_type_exchange(Type *type, Value name, Value value)
{
    Dict *dict = dict_of(type->dict);
    int64_t entry = kr_dict_entry_of_name(dict, name);
    if (entry < 0 || !is_plain(dict->entries[entry].value) || !is_plain(value)) return false;
    if (kr_type_slots_is_name(name)) return false;
    if (!(type->variable_names & name_bit(name))) {
        if (++type->exchanges < EXCHANGES) return false;
        type->variable_names |= name_bit(name);
        kr_type_renew(type, name);
    }
    dict->entries[entry].value = value;
    return true;
}

/* The list holds native types themselves and weak references to classes. */
int kr_type_add_subclass(Type *base, Type *type)
{
    if (is_empty(base->subclasses)) {
        base->subclasses = kr_list(NULL, 0);
        if (is_empty(base->subclasses)) return -1;
    }
    Value item = from_object(type);
    if (type->traits & TYPE_HEAP) {
        item = kr_weakref_new(item, EMPTY);
        if (is_empty(item)) return -1;
        /* a dead entry makes room, so that short-lived subclasses do not pile up */
        List *list = list_of(base->subclasses);
        for (size_t i = 0; i < list->size && i < 8; i++)
            if (is_empty(kr_weakref_target(list->items[i]))) {
                kr_list_truncate(base->subclasses, list->size);
                memmove(&list->items[i], &list->items[i + 1], (list->size - i - 1) * sizeof(Value));
                list->items[list->size - 1] = item;
                return 0;
            }
    }
    return kr_list_append(base->subclasses, item);
}

void kr_type_remove_subclass(Type *base, Type *type)
{
    if (is_empty(base->subclasses)) return;
    List *list = list_of(base->subclasses);
    for (size_t i = 0; i < list->size; i++) {
        Value target = kr_weakref_target(list->items[i]);
        if (is_empty(target) || object_of(target) != type) continue;
        memmove(&list->items[i], &list->items[i + 1], (list->size - i - 1) * sizeof(Value));
        kr_list_truncate(base->subclasses, list->size - 1);
        return;
    }
}

Value kr_type_subclasses(Type *type)
{
    Value result = kr_list(NULL, 0);
    if (is_empty(result) || is_empty(type->subclasses)) return result;
    for (size_t i = 0; i < list_of(type->subclasses)->size; i++) {
        Value target = kr_weakref_target(list_of(type->subclasses)->items[i]);
        if (!is_empty(target) && kr_list_append(result, target) < 0) return EMPTY;
    }
    return result;
}

/* ---- Method resolution order ------------------------------------------------------- */

typedef struct Sequence { /* a list to merge, without what was taken already */
    const Value *items;
    size_t size;
} Sequence;

static bool in_tail(const Sequence *sequence, Value candidate)
{
    for (size_t i = 1; i < sequence->size; i++)
        if (same(sequence->items[i], candidate)) return true;
    return false;
}

static Value raise_inconsistent(const Sequence *sequences, size_t n)
{
    Value names = kr_dict();
    if (is_empty(names)) return EMPTY;
    for (size_t i = 0; i < n; i++)
        if (sequences[i].size && kr_dict_set(names, sequences[i].items[0], NONE) < 0) return EMPTY;
    KrText text;
    kr_text_init(&text);
    size_t position = 0;
    Value class, unused;
    for (bool first = true; kr_dict_next(names, &position, &class, &unused); first = false)
        kr_text_add_format(&text, "%s%N", first ? "" : ", ", object_of(class));
    Value list = kr_text_finish(&text);
    if (is_empty(list)) return EMPTY;
    return kr_raise(kr_TypeError,
                    "Cannot create a consistent method resolution\norder (MRO) for bases %U", list);
}

Value kr_type_linearise(Type *type)
{
    Tuple *bases = tuple_of(type->bases);
    size_t n = bases->size, total = 1;
    for (size_t i = 0; i < n; i++) {
        Type *base = object_of(bases->items[i]);
        if (is_empty(base->mro))
            return kr_raise(kr_TypeError, "Cannot extend an incomplete type '%N'", base);
        total += tuple_of(base->mro)->size;
        for (size_t j = 0; j < i; j++)
            if (same(bases->items[i], bases->items[j]))
                return kr_raise(kr_TypeError, "duplicate base class %N", base);
    }
    Value *result = kr_heap_values(total);
    if (!result) return EMPTY;
    size_t count = 0;
    result[count++] = from_object(type);
    Sequence sequences[n + 1];
    for (size_t i = 0; i < n; i++) {
        Tuple *mro = tuple_of(((Type *)object_of(bases->items[i]))->mro);
        sequences[i] = (Sequence){mro->items, mro->size};
    }
    sequences[n] = (Sequence){bases->items, n};
    for (;;) {
        bool empty = true, taken = false;
        for (size_t i = 0; i <= n && !taken; i++) {
            if (!sequences[i].size) continue;
            empty = false;
            Value candidate = sequences[i].items[0];
            bool blocked = false;
            for (size_t j = 0; j <= n && !blocked; j++) blocked = in_tail(&sequences[j], candidate);
            if (blocked) continue;
            taken = true;
            result[count++] = candidate;
            for (size_t j = 0; j <= n; j++)
                if (sequences[j].size && same(sequences[j].items[0], candidate)) {
                    sequences[j].items++;
                    sequences[j].size--;
                }
        }
        if (empty) return kr_tuple(result, count);
        if (!taken) return raise_inconsistent(sequences, n + 1);
    }
}

/* The nearest base that brings a layout of its own: native fields or __slots__. */
static Type *solid_base(Type *type)
{
    while (type->base && !(type->traits & TYPE_SOLID) && type->slots_size == type->base->slots_size)
        type = type->base;
    return type;
}

static Value mro_of_metaclass(Type *type)
{
    Value self = from_object(type), method = kr_find_special(self, KR_NAME("mro"));
    if (is_empty(method)) return EMPTY;
    Value mro = kr_call0(method);
    if (is_empty(mro) || is_empty(mro = kr_tuple_from(mro))) return EMPTY;
    Type *solid = solid_base(type);
    for (size_t i = 0; i < tuple_of(mro)->size; i++) {
        Value item = tuple_of(mro)->items[i];
        if (!is_type(item))
            return kr_raise(kr_TypeError, "mro() returned a non-class ('%T')", item);
        Type *other = object_of(item);
        if (!kr_is_subtype(solid, solid_base(other)))
            return kr_raise(kr_TypeError, "mro() returned base with unsuitable layout ('%N')",
                            other);
    }
    return mro;
}

int kr_type_set_mro(Type *type)
{
    Type *metatype = type->kind.head.type;
    bool custom = false;
    if (metatype != &kr_type_type && bring_up_done) {
        Value method = kr_type_lookup(metatype, KR_NAME("mro"));
        custom = !same(method, kr_type_lookup(&kr_type_type, KR_NAME("mro")));
    }
    Value old = type->mro, mro = custom ? mro_of_metaclass(type) : kr_type_linearise(type);
    if (is_empty(mro)) return -1;
    if (!same(type->mro, old)) return 0; /* mro() assigned __bases__: what came of that stands */
    type->mro = mro;
    type->version = ++last_version;
    return 1;
}

Type *kr_type_best_base(Value bases)
{
    Type *winner = NULL, *best = NULL;
    for (size_t i = 0; i < tuple_of(bases)->size; i++) {
        Value item = tuple_of(bases)->items[i];
        if (!is_type(item)) {
            kr_raise(kr_TypeError, "bases must be types");
            return NULL;
        }
        Type *base = object_of(item);
        if (base->kind.flags & KR_TYPE_FINAL) {
            kr_raise(kr_TypeError, "type '%N' is not an acceptable base type", base);
            return NULL;
        }
        Type *candidate = solid_base(base);
        if (!winner || (winner != candidate && kr_is_subtype(candidate, winner))) {
            winner = candidate;
            best = base;
        } else if (!kr_is_subtype(winner, candidate)) {
            kr_raise(kr_TypeError, "multiple bases have instance lay-out conflict");
            return NULL;
        }
    }
    return best;
}

/* ---- Instances --------------------------------------------------------------------- */

void kr_type_trace_instance(void *object, KrTracer *tracer)
{
    Type *type = ((Object *)object)->type;
    if (type->traits & TYPE_HEAP) kr_trace_pointer(tracer, type);
    if (type->base_trace) type->base_trace(object, tracer);
    if (!is_empty(type->member_slots)) {
        Tuple *offsets = tuple_of(type->member_slots);
        for (size_t i = 0; i < offsets->size; i++)
            kr_trace(tracer, *(Value *)((char *)object + int_of(offsets->items[i])));
    }
    if (type->attrs_offset) kr_attrs_trace(object, tracer);
}

static void run_finalizer(void *object)
{
    Type *type = ((Object *)object)->type;
    if (type->slots.finalize) type->slots.finalize(from_object(object));
}

void *kr_type_alloc_sized(Type *type, size_t native_bytes)
{
    Object *object;
    if (type->attrs_offset < 0) {
        object = heap_alloc(type, native_bytes + sizeof(Attrs));
        if (object) kr_attrs_at_end(object)->shape = type->root_shape;
    } else if (type->attrs_offset == 0) {
        object =
            heap_alloc(type, native_bytes > type->slots_size ? native_bytes : type->slots_size);
    } else {
        object = heap_alloc(type, type->alloc_size);
        if (object) ((Attrs *)((char *)object + type->attrs_offset))->shape = type->root_shape;
    }
    if (object && type->traits & TYPE_HAS_FINALIZER) kr_heap_add_finalizable(object, run_finalizer);
    return object;
}

void *kr_type_alloc(Type *type)
{
    if (type->attrs_offset < 0) return kr_type_alloc_sized(type, type->kind.size);
    Object *object = heap_alloc(type, type->alloc_size);
    if (__builtin_expect(!object, 0)) return NULL;
    if (type->attrs_offset)
        ((Attrs *)((char *)object + type->attrs_offset))->shape = type->root_shape;
    if (__builtin_expect(type->traits & TYPE_HAS_FINALIZER, 0))
        kr_heap_add_finalizable(object, run_finalizer);
    return object;
}

bool kr_type_weakrefable(const Type *type) { return !(type->kind.flags & KR_TYPE_NO_WEAKREF); }

/* ---- Native types ------------------------------------------------------------------ */

static uint32_t traits_of_native(const Type *type)
{
    static const struct {
        const Type *type;
        uint32_t traits;
    } known[] = {
        {&kr_int_type, TYPE_IS_INT | TYPE_VARIABLE},
        {&kr_str_type, TYPE_IS_STR | TYPE_VARIABLE},
        {&kr_bytes_type, TYPE_IS_BYTES | TYPE_VARIABLE},
        {&kr_tuple_type, TYPE_IS_TUPLE | TYPE_VARIABLE},
        {&kr_list_type, TYPE_IS_LIST},
        {&kr_dict_type, TYPE_IS_DICT},
        {&kr_type_type, TYPE_IS_TYPE | TYPE_OWN_DICT},
        {&kr_float_type, TYPE_IS_FLOAT},
        {&kr_set_type, TYPE_IS_SET},
        {&kr_frozenset_type, TYPE_IS_SET},
        {&kr_module_type, TYPE_OWN_DICT},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].type == type) return known[i].traits;
    return type == kr_BaseException ? TYPE_IS_EXCEPTION : 0;
}

static const char *short_name(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot ? dot + 1 : name;
}

static void fill_native(Type *type, const KrTypeSpec *spec)
{
    Type *base = spec->base ? spec->base : type == &kr_object_type ? NULL : &kr_object_type;
    type->kind.head.type = &kr_type_type;
    type->spec = spec;
    type->base = base;
    type->slots = spec->slots;
    type->kind.name = spec->name; /* with its module, as error texts show it */
    type->kind.size = (uint32_t)(spec->size ? spec->size : base->kind.size);
    type->slots_size = (type->kind.size + 7) & ~7u;
    type->kind.flags = spec->flags | KR_TYPE_IMMUTABLE;
    type->traits |= traits_of_native(type);
    type->base_trace = spec->trace;
    type->base_release = spec->release;
    if (base) {
        type->kind.flags |= base->kind.flags & INHERITED_FLAGS;
        if (base == &kr_object_type && !(spec->flags & KR_TYPE_NO_WEAKREF))
            type->kind.flags &= ~KR_TYPE_NO_WEAKREF;
        type->traits |= base->traits & INHERITED_TRAITS;
        if (!type->base_trace) type->base_trace = base->base_trace;
        if (!type->base_release) type->base_release = base->base_release;
    }
    bool dict = type->kind.flags & KR_TYPE_DICT;
    type->attrs_offset = !dict                          ? 0
                         : type->traits & TYPE_VARIABLE ? ATTRS_AT_END
                                                        : (int32_t)type->slots_size;
    type->alloc_size = type->slots_size + (type->attrs_offset > 0 ? sizeof(Attrs) : 0);
    type->kind.trace = dict ? kr_type_trace_instance : type->base_trace;
    type->kind.release = type->base_release;
    kr_type_slots_inherit(type);
    if (type->slots.getattr == kr_object_getattr) type->traits |= TYPE_GENERIC_GETATTR;
    if (type->slots.setattr == kr_object_setattr) type->traits |= TYPE_GENERIC_SETATTR;
    if (type->slots.finalize) type->traits |= TYPE_HAS_FINALIZER;
    type->version = ++last_version;
}

/* Inherited from a Python class by one that also derives from type or ModuleType: theirs is
 * asked instead. */
static bool has_own_dict(Value self) { return type_of(self)->traits & TYPE_OWN_DICT; }

static Value get_dict(Value self)
{
    if (!has_own_dict(self)) return kr_attrs_dict(object_of(self));
    Value dict = kr_attrs_dict(object_of(self));
    return is_empty(dict) || !is_type(self) ? dict : kr_mappingproxy_new(dict);
}

static int set_native_dict(Value self, Value value)
{
    if (is_empty(value)) {
        kr_raise(kr_TypeError, "cannot delete __dict__");
        return -1;
    }
    if (!is_dict(value)) {
        kr_raise(kr_TypeError, "__dict__ must be set to a dictionary, not a '%T'", value);
        return -1;
    }
    return kr_attrs_set_dict(object_of(self), value);
}

/* Deleting it leaves an empty one, unless a native base is the one that has it. */
static int set_instance_dict(Value self, Value value)
{
    if (has_own_dict(self)) {
        kr_raise(kr_AttributeError, "attribute '__dict__' of '%s' objects is not writable",
                 is_type(self) ? "type" : "module");
        return -1;
    }
    const Type *native = type_of(self);
    while (native->traits & TYPE_HEAP) native = native->base;
    if (is_empty(value) && !native->attrs_offset && is_empty(value = kr_dict())) return -1;
    return set_native_dict(self, value);
}

const KrGetSet kr_type_dict_getset = {"__dict__", get_dict, set_instance_dict,
                                      "dictionary for instance variables"};
static const KrGetSet native_dict_getset = {"__dict__", get_dict, set_native_dict, NULL};

static int add_function(Type *type, const KrFunction *entry)
{
    Value descriptor;
    if (entry->kind & KR_IS_STATIC) {
        descriptor = kr_function_new(entry, EMPTY, EMPTY);
        if (!is_empty(descriptor)) {
            ((Builtin *)object_of(descriptor))->owner = from_object(type);
            descriptor = kr_staticmethod_new(descriptor);
        }
    } else {
        Type *kind = entry->kind & KR_IS_CLASS ? &kr_classmethod_descriptor_type
                                               : &kr_method_descriptor_type;
        descriptor = kr_builtin_descriptor(kind, entry, type);
    }
    return is_empty(descriptor) ? -1 : kr_dict_set(type->dict, kr_intern(entry->name), descriptor);
}

static int add_match_args(Type *type, const char *const *names)
{
    Value list = kr_list(NULL, 0);
    for (; !is_empty(list) && *names; names++)
        if (kr_list_append(list, kr_intern(*names)) < 0) return -1;
    return is_empty(list)
               ? -1
               : kr_dict_set(type->dict, KR_NAME("__match_args__"), kr_list_to_tuple(list));
}

static int fill_dict(Type *type)
{
    const KrTypeSpec *spec = type->spec;
    type->dict = kr_dict();
    if (is_empty(type->dict)) return -1;
    for (const KrFunction *const *f = spec->functions; f && *f; f++)
        if (add_function(type, *f) < 0) return -1;
    if (kr_type_slots_publish(type) < 0) return -1;
    for (const KrGetSet *const *g = spec->getset; g && *g; g++) {
        Value descriptor = kr_descriptor_getset(type, *g);
        if (is_empty(descriptor) || kr_dict_set(type->dict, kr_intern((*g)->name), descriptor) < 0)
            return -1;
    }
    if (type->attrs_offset && !type->base->attrs_offset) {
        Value descriptor = kr_descriptor_getset(type, &native_dict_getset);
        if (is_empty(descriptor) ||
            is_empty(kr_dict_set_default(type->dict, KR_NAME("__dict__"), descriptor)))
            return -1;
    }
    if (spec->match_args && add_match_args(type, spec->match_args) < 0) return -1;
    Value doc = spec->doc ? kr_str(spec->doc) : NONE;
    return is_empty(doc) || is_empty(kr_dict_set_default(type->dict, KR_NAME("__doc__"), doc)) ? -1
                                                                                               : 0;
}

static int make_ready(Type *type)
{
    type->name = type->qualname = kr_intern(short_name(type->spec->name));
    Value base = from_object(type->base);
    if (is_empty(type->bases)) type->bases = kr_tuple(&base, type->base != NULL);
    if (is_empty(type->bases) || kr_type_set_mro(type) < 0 || fill_dict(type) < 0) return -1;
    if (type->attrs_offset && !(type->root_shape = kr_shape_root(type, 0))) return -1;
    type->traits |= TYPE_READY;
    type->version = ++last_version;
    return type->base ? kr_type_add_subclass(type->base, type) : 0;
}

static void trace_native_types(KrTracer *tracer)
{
    for (size_t i = 0; i < native_count; i++) kr_heap_trace_static(tracer, native_types[i]);
}

bool kr_type_is_native_dict(const void *dict)
{
    for (size_t i = 0; i < native_count; i++)
        if (object_of(native_types[i]->dict) == dict)
            return (native_types[i]->kind.flags & KR_TYPE_IMMUTABLE) != 0;
    return false;
}

static int init_native(Type *type, const KrTypeSpec *spec)
{
    if (native_count == native_capacity) {
        native_capacity = native_capacity ? 2 * native_capacity : 256;
        native_types = realloc(native_types, native_capacity * sizeof *native_types);
        if (!native_types) abort();
    }
    native_types[native_count++] = type;
    fill_native(type, spec);
    if (!bring_up_done) return 0;
    ready_count = native_count;
    return make_ready(type);
}

void kr_type_init(Type *type, const KrTypeSpec *spec)
{
    if (init_native(type, spec) == 0) return;
    fputs("krait: out of memory while starting\n", stderr);
    abort();
}

void kr_type_init_types(void)
{
    kr_type_slots_init();
    for (; ready_count < native_count; ready_count++)
        if (make_ready(native_types[ready_count]) < 0) {
            fputs("krait: out of memory while starting\n", stderr);
            abort();
        }
    bring_up_done = true;
    kr_heap_add_tracer(trace_native_types);
    kr_heap_add_weak_table(empty_cache);
}

Type *kr_type_new_with_bases(const KrTypeSpec *spec, Value bases)
{
    Type *type = aligned_alloc(16, (sizeof(Type) + 15) & ~(size_t)15);
    if (!type) {
        kr_raise_no_memory();
        return NULL;
    }
    memset(type, 0, sizeof *type);
    type->bases = bases;
    if (init_native(type, spec) < 0) return NULL;
    const char *dot = strrchr(spec->name, '.');
    if (dot && is_empty(kr_dict_set_default(type->dict, KR_NAME("__module__"),
                                            kr_str_sized(spec->name, (size_t)(dot - spec->name)))))
        return NULL;
    for (size_t i = 0; !is_empty(bases) && i < kr_tuple_size(bases); i++) {
        Type *other = object_of(kr_tuple_get(bases, i));
        if (other != type->base && kr_type_add_subclass(other, type) < 0) return NULL;
    }
    return type;
}

Type *kr_type_new(const KrTypeSpec *spec) { return kr_type_new_with_bases(spec, EMPTY); }

const char *kr_type_name(const Type *type)
{
    return type->traits & TYPE_HEAP ? type->kind.name : short_name(type->kind.name);
}
Value kr_type_value(const Type *type) { return from_object(type); }
const KrTypeSpec *kr_type_spec(const Type *type) { return type->spec; }
