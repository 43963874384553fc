/* set.c: the hash table of set and frozenset, and the types; their algebra is in set_algebra.c.
 *
 * A bucket is up to ten neighbouring entries, then i = 5 i + 1 + perturb; a new key takes the last
 * deleted entry that its search passed. Growth is by four (by two above 50,000 keys) at three
 * fifths. All this is as in CPython, so that iteration visits ints in the same order. Comparing
 * keys may run Python code that changes the set: a search starts again when the table or the key
 * it looked at is another one. */
#include "runtime/objects/set.h"

#include "runtime/objects/dict.h"
#include "runtime/objects/iterators.h"
#include "runtime/objects/quick.h"
#include "runtime/objects/set_algebra.h"
#include "runtime/objects/tuple.h"

#define LINEAR_PROBES 9
#define PERTURB_SHIFT 5

Type kr_set_type, kr_frozenset_type, kr_set_iterator_type;
static Value empty_frozenset;

/* ---- The table ---- */

/* The entry of the key, NULL with *raised. Without one, the free entry that ended the search, and
 * in *deleted the deleted entry last passed, or NULL. */
static SetEntry *search(Set *s, Value key, int64_t hash, SetEntry **deleted, bool *raised)
{
    *raised = false;
restart:;
    *deleted = NULL;
    SetEntry *table = s->table;
    size_t mask = s->mask, i = (size_t)hash & mask;
    for (size_t perturb = (size_t)hash;;) {
        SetEntry *e = &table[i];
        size_t probes = i + LINEAR_PROBES <= mask ? LINEAR_PROBES : 0;
        do {
            if (e->hash == hash) {
                Value there = e->key;
                if (same(there, key)) return e;
                if (is_empty(there)) return e; /* free: hash is 0 */
                int equal = quick_equal(there, key);
                if (equal < 0) {
                    *raised = true;
                    return NULL;
                }
                if (UNLIKELY(s->table != table || !same(e->key, there) || s->mask != mask))
                    goto restart;
                if (equal) return e;
            } else if (is_empty(e->key)) {
                if (e->hash == 0) return e;
                *deleted = e;
            }
            e++;
        } while (probes--);
        perturb >>= PERTURB_SHIFT;
        i = (i * 5 + 1 + perturb) & mask;
    }
}

/* Puts a key that is not there into a table without deleted entries. */
static void insert_clean(SetEntry *table, size_t mask, Value key, int64_t hash)
{
    size_t i = (size_t)hash & mask;
    for (size_t perturb = (size_t)hash;;) {
        SetEntry *e = &table[i];
        size_t probes = i + LINEAR_PROBES <= mask ? LINEAR_PROBES : 0;
        do {
            if (is_empty(e->key)) {
                e->key = key;
                e->hash = hash;
                return;
            }
            e++;
        } while (probes--);
        perturb >>= PERTURB_SHIFT;
        i = (i * 5 + 1 + perturb) & mask;
    }
}

int kr_set_resize(Set *s, size_t least)
{
    size_t size = SET_SMALL;
    while (size <= least) size <<= 1;
    SetEntry *old = s->table, *table, copy[SET_SMALL];
    size_t old_mask = s->mask;
    if (size == SET_SMALL) {
        if (old == s->small) {
            if (s->filled == s->used) return 0;
            memcpy(copy, old, sizeof copy);
            old = copy;
        }
        table = s->small;
        memset(table, 0, sizeof s->small);
    } else {
        table = kr_heap_bytes(size * sizeof(SetEntry));
        if (!table) return -1;
    }
    for (size_t i = 0; i <= old_mask; i++)
        if (!is_empty(old[i].key)) insert_clean(table, size - 1, old[i].key, old[i].hash);
    s->table = table;
    s->mask = size - 1;
    s->filled = s->used;
    return 0;
}

int kr_set_take_table(Set *s, const SetEntry *from, size_t size, size_t used, size_t filled)
{
    SetEntry *table = size == SET_SMALL ? s->small : kr_heap_bytes(size * sizeof(SetEntry));
    if (!table) return -1;
    memcpy(table, from, size * sizeof *table);
    s->table = table;
    s->mask = size - 1;
    s->used = used;
    s->filled = filled;
    return 0;
}

int kr_set_add_hashed(Set *s, Value key, int64_t hash)
{
    bool raised;
    SetEntry *deleted, *e = search(s, key, hash, &deleted, &raised);
    if (UNLIKELY(raised)) return -1;
    if (!is_empty(e->key)) return 0;
    s->used++;
    if (deleted) {
        deleted->key = key;
        deleted->hash = hash;
        return 0;
    }
    e->key = key;
    e->hash = hash;
    s->filled++;
    if (LIKELY(s->filled * 5 < s->mask * 3)) return 0;
    return kr_set_resize(s, s->used > 50000 ? s->used * 2 : s->used * 4);
}

int kr_set_contains_hashed(Set *s, Value key, int64_t hash)
{
    bool raised;
    SetEntry *deleted, *e = search(s, key, hash, &deleted, &raised);
    return raised ? -1 : !is_empty(e->key);
}

int kr_set_discard_hashed(Set *s, Value key, int64_t hash)
{
    bool raised;
    SetEntry *deleted, *e = search(s, key, hash, &deleted, &raised);
    if (raised) return -1;
    if (is_empty(e->key)) return 0;
    e->key = EMPTY;
    e->hash = -1;
    s->used--;
    return 1;
}

bool kr_set_next_hashed(const Set *s, size_t *position, Value *key, int64_t *hash)
{
    size_t i = *position;
    while (i <= s->mask && is_empty(s->table[i].key)) i++;
    *position = i + 1;
    if (i > s->mask) return false;
    *key = s->table[i].key;
    *hash = s->table[i].hash;
    return true;
}

void kr_set_insert_clean(Set *s, Value key, int64_t hash)
{
    insert_clean(s->table, s->mask, key, hash);
    s->used++;
    s->filled++;
}

void kr_set_reset(Set *s)
{
    memset(s->small, 0, sizeof s->small);
    s->table = s->small;
    s->mask = SET_SMALL - 1;
    s->used = s->filled = s->finger = 0;
    s->hash = -1;
}

Set *kr_set_alloc(Type *type)
{
    Set *s = type == &kr_set_type || type == &kr_frozenset_type ? heap_alloc(type, sizeof(Set))
                                                                : kr_type_alloc(type);
    if (!s) return NULL;
    s->table = s->small; /* all else is zero */
    s->mask = SET_SMALL - 1;
    s->hash = -1;
    return s;
}

/* ---- The interface ---- */

Value kr_set(Value iterable) { return kr_set_make_from(&kr_set_type, iterable); }

Value kr_frozenset(Value iterable)
{
    if (!is_empty(iterable) && is_exact(iterable, &kr_frozenset_type)) return iterable;
    Value made = kr_set_make_from(&kr_frozenset_type, iterable);
    if (is_empty(made) || set_of(made)->used) return made;
    if (is_empty(empty_frozenset)) {
        empty_frozenset = made;
        kr_heap_add_root(&empty_frozenset);
    }
    return empty_frozenset;
}

bool kr_is_set(Value v) { return is_object(v) && (type_of(v)->traits & TYPE_IS_SET); }
size_t kr_set_size(Value set) { return set_of(set)->used; }

int kr_set_add(Value set, Value item)
{
    int64_t hash = quick_hash(item);
    return hash == -1 ? -1 : kr_set_add_hashed(set_of(set), item, hash);
}

int kr_set_contains(Value set, Value item)
{
    int64_t hash = quick_hash(item);
    return hash == -1 ? -1 : kr_set_contains_hashed(set_of(set), item, hash);
}

int kr_set_discard(Value set, Value item)
{
    int64_t hash = quick_hash(item);
    return hash == -1 ? -1 : kr_set_discard_hashed(set_of(set), item, hash);
}

bool kr_set_next(Value set, size_t *position, Value *item)
{
    int64_t hash;
    return kr_set_next_hashed(set_of(set), position, item, &hash);
}

/* ---- Slots ---- */

static void set_trace(void *self, KrTracer *tracer)
{
    Set *s = self;
    if (s->table != s->small) kr_trace_pointer(tracer, s->table);
    if (!s->table) return;
    for (size_t i = 0; i <= s->mask; i++) kr_trace(tracer, s->table[i].key);
}

static Value set_make(Type *type, KR_UNUSED const Value *args, KR_UNUSED size_t n,
                      KR_UNUSED Value kwnames)
{
    Set *s = kr_set_alloc(type);
    return s ? from_object(s) : EMPTY;
}

static int set_init(Value self, const Value *args, size_t n, Value kwnames)
{
    if (check_args("set", n, kwnames, 0, 1) < 0) return -1;
    kr_set_reset(set_of(self));
    return n ? kr_set_update(self, args[0]) : 0;
}

static Value frozenset_make(Type *type, const Value *args, size_t n, Value kwnames)
{
    if (check_no_keywords(type, &kr_frozenset_type, "frozenset", kwnames) < 0) return EMPTY;
    if (check_args("frozenset", n, EMPTY, 0, 1) < 0) return EMPTY;
    if (type == &kr_frozenset_type) return kr_frozenset(n ? args[0] : EMPTY);
    return kr_set_make_from(type, n ? args[0] : EMPTY);
}

static Value set_repr(Value self)
{
    if (set_of(self)->used == 0) return kr_str_format("%T()", self);
    int entered = kr_repr_enter(self);
    if (entered <= 0) return entered < 0 ? EMPTY : kr_str_format("%T(...)", self);
    Value list = kr_list_from(self), inner = is_empty(list) ? EMPTY : kr_repr(list), text = EMPTY;
    kr_repr_leave(self);
    if (is_empty(inner)) return EMPTY;
    inner = kr_str_slice(inner, 1, kr_str_length(inner) - 1);
    if (is_empty(inner)) return EMPTY;
    if (is_exact(self, &kr_set_type))
        text = kr_str_format("{%U}", inner);
    else
        text = kr_str_format("%T({%U})", self, inner);
    return text;
}

static inline uint64_t shuffle(uint64_t h)
{
    return ((h ^ UINT64_C(89869747)) ^ (h << 16)) * UINT64_C(3644798167);
}

static int64_t frozenset_hash(Value self)
{
    Set *s = set_of(self);
    if (s->hash != -1) return s->hash;
    uint64_t hash = 0;
    for (size_t i = 0; i <= s->mask; i++)
        if (!is_empty(s->table[i].key)) hash ^= shuffle((uint64_t)s->table[i].hash);
    hash ^= ((uint64_t)s->used + 1) * UINT64_C(1927868237);
    hash ^= (hash >> 11) ^ (hash >> 25);
    hash = hash * 69069 + UINT64_C(907133923);
    if (hash == UINT64_MAX) hash = 590923713;
    return s->hash = (int64_t)hash;
}

static int64_t set_length(Value self) { return (int64_t)set_of(self)->used; }

static Value set_iter(Value self)
{
    SetIterator *it = heap_alloc(&kr_set_iterator_type, sizeof(SetIterator));
    if (!it) return EMPTY;
    it->set = self;
    it->used = it->remaining = set_of(self)->used;
    return from_object(it);
}

/* The hash of a key; a set stands for the frozenset of its items. */
static int64_t key_hash(Value *key)
{
    int64_t hash = quick_hash(*key);
    if (hash != -1 || !kr_is_set(*key) || !kr_raised_is(kr_TypeError)) return hash;
    kr_clear_exception();
    *key = kr_set_make_from(&kr_frozenset_type, *key);
    return is_empty(*key) ? -1 : frozenset_hash(*key);
}

static int set_contains(Value self, Value key)
{
    int64_t hash = key_hash(&key);
    return hash == -1 ? -1 : kr_set_contains_hashed(set_of(self), key, hash);
}

/* ---- Methods of set ---- */

KR_FN(set, set_add, "add", "(self, item, /)",
      "Add an element to a set.\n\nThis has no effect if the element is already present.")
{
    return kr_set_add(a[0], a[1]) < 0 ? EMPTY : NONE;
}

KR_FN(set, set_clear, "clear", "(self, /)", "Remove all elements from this set.")
{
    kr_set_reset(set_of(a[0]));
    return NONE;
}

KR_FN(set, set_discard, "discard", "(self, item, /)",
      "Remove an element from a set if it is a member.\n\nUnlike set.remove(), the discard() "
      "method does not raise\nan "
      "exception when an element is missing from the set.")
{
    Value key = a[1];
    int64_t hash = key_hash(&key);
    return hash == -1 || kr_set_discard_hashed(set_of(a[0]), key, hash) < 0 ? EMPTY : NONE;
}

KR_FN(set, set_remove, "remove", "(self, item, /)",
      "Remove an element from a set; it must be a member.\n\nIf the element is not a member, raise "
      "a KeyError.")
{
    Value key = a[1];
    int64_t hash = key_hash(&key);
    if (hash == -1) return EMPTY;
    int removed = kr_set_discard_hashed(set_of(a[0]), key, hash);
    return removed < 0 ? EMPTY : removed ? NONE : kr_raise_key(a[1]);
}

KR_FN(set, set_pop, "pop", "(self, /)",
      "Remove and return an arbitrary set element.\nRaises KeyError if the set is empty.")
{
    Set *s = set_of(a[0]);
    if (s->used == 0) return kr_raise_object(kr_KeyError, kr_str("pop from an empty set"));
    size_t i = s->finger & s->mask;
    while (is_empty(s->table[i].key)) i = i == s->mask ? 0 : i + 1;
    Value key = s->table[i].key;
    s->table[i].key = EMPTY;
    s->table[i].hash = -1;
    s->used--;
    s->finger = i + 1;
    return key;
}

static Value sizeof_set(Value self)
{
    Set *s = set_of(self);
    size_t table = s->table == s->small ? 0 : (s->mask + 1) * sizeof(SetEntry);
    return kr_int((int64_t)(type_of(self)->kind.size + table));
}

static Value reduce_set(Value self)
{
    Value state = kr_call_method0(self, "__getstate__");
    return kr_tuple_of(3, kr_type_value(type_of(self)), kr_tuple_of(1, kr_list_from(self)), state);
}

KR_FN(set, set_sizeof, "__sizeof__", "(self, /)", "S.__sizeof__() -> size of S in memory, in bytes")
{
    return sizeof_set(a[0]);
}

KR_FN(frozenset, frozenset_sizeof, "__sizeof__", "(self, /)",
      "S.__sizeof__() -> size of S in memory, in bytes")
{
    return sizeof_set(a[0]);
}

KR_FN(set, set_reduce, "__reduce__", "(self, /)", "Return state information for pickling.")
{
    return reduce_set(a[0]);
}

KR_FN(frozenset, frozenset_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling.")
{
    return reduce_set(a[0]);
}

KR_CLASSMETHOD(set, set_class_getitem, "__class_getitem__", "(cls, item, /)", "See PEP 585")
{
    return generic_alias(a[0], a[1]);
}

KR_CLASSMETHOD(frozenset, frozenset_class_getitem, "__class_getitem__", "(cls, item, /)",
               "See PEP 585")
{
    return generic_alias(a[0], a[1]);
}

/* The methods that both types have; bodies in set_algebra.c. */
#define COPY_DOC "Return a shallow copy of a set."
#define UNION_DOC \
    "Return the union of sets as a new set.\n\n(i.e. all elements that are in either set.)"
#define INTERSECTION_DOC                                                                        \
    "Return the intersection of two sets as a new set.\n\n(i.e. all elements that are in both " \
    "sets.)"
#define DIFFERENCE_DOC                                                                           \
    "Return the difference of two or more sets as a new set.\n\n(i.e. all elements that are in " \
    "this set but not "                                                                          \
    "the others.)"
#define SYMMETRIC_DOC                                                                              \
    "Return the symmetric difference of two sets as a new set.\n\n(i.e. all elements that are in " \
    "exactly one of "                                                                              \
    "the sets.)"
#define DISJOINT_DOC "Return True if two sets have a null intersection."
#define SUBSET_DOC "Report whether another set contains this set."
#define SUPERSET_DOC "Report whether this set contains another set."

KR_FN(set, set_copy, "copy", "(self, /)", COPY_DOC) { return kr_set_copy(a[0]); }
KR_FN(frozenset, frozenset_copy, "copy", "(self, /)", COPY_DOC)
{
    return is_exact(a[0], &kr_frozenset_type) ? a[0] : kr_set_copy(a[0]);
}
KR_FN(set, set_union, "union", "(self, /, *others)", UNION_DOC) { return kr_set_union(a[0], a[1]); }
KR_FN(frozenset, frozenset_union, "union", "(self, /, *others)", UNION_DOC)
{
    return kr_set_union(a[0], a[1]);
}
KR_FN(set, set_intersection, "intersection", "(self, /, *others)", INTERSECTION_DOC)
{
    return kr_set_intersection_all(a[0], a[1]);
}
KR_FN(frozenset, frozenset_intersection, "intersection", "(self, /, *others)", INTERSECTION_DOC)
{
    return kr_set_intersection_all(a[0], a[1]);
}
KR_FN(set, set_difference, "difference", "(self, /, *others)", DIFFERENCE_DOC)
{
    return kr_set_difference_all(a[0], a[1]);
}
KR_FN(frozenset, frozenset_difference, "difference", "(self, /, *others)", DIFFERENCE_DOC)
{
    return kr_set_difference_all(a[0], a[1]);
}
KR_FN(set, set_symmetric, "symmetric_difference", "(self, other, /)", SYMMETRIC_DOC)
{
    return kr_set_symmetric_difference(a[0], a[1]);
}
KR_FN(frozenset, frozenset_symmetric, "symmetric_difference", "(self, other, /)", SYMMETRIC_DOC)
{
    return kr_set_symmetric_difference(a[0], a[1]);
}
KR_FN(set, set_isdisjoint, "isdisjoint", "(self, other, /)", DISJOINT_DOC)
{
    return kr_set_isdisjoint(a[0], a[1]);
}
KR_FN(frozenset, frozenset_isdisjoint, "isdisjoint", "(self, other, /)", DISJOINT_DOC)
{
    return kr_set_isdisjoint(a[0], a[1]);
}
KR_FN(set, set_issubset, "issubset", "(self, other, /)", SUBSET_DOC)
{
    return kr_set_issubset(a[0], a[1]);
}
KR_FN(frozenset, frozenset_issubset, "issubset", "(self, other, /)", SUBSET_DOC)
{
    return kr_set_issubset(a[0], a[1]);
}
KR_FN(set, set_issuperset, "issuperset", "(self, other, /)", SUPERSET_DOC)
{
    return kr_set_issuperset(a[0], a[1]);
}
KR_FN(frozenset, frozenset_issuperset, "issuperset", "(self, other, /)", SUPERSET_DOC)
{
    return kr_set_issuperset(a[0], a[1]);
}
KR_FN(set, set_update_method, "update", "(self, /, *others)",
      "Update a set with the union of itself and others.")
{
    Tuple *others = tuple_of(a[1]);
    for (size_t i = 0; i < others->size; i++)
        if (kr_set_update(a[0], others->items[i]) < 0) return EMPTY;
    return NONE;
}
KR_FN(set, set_intersection_update, "intersection_update", "(self, /, *others)",
      "Update a set with the intersection of itself and another.")
{
    Value result = kr_set_intersection_all(a[0], a[1]);
    if (is_empty(result)) return EMPTY;
    kr_set_swap(set_of(a[0]), set_of(result));
    return NONE;
}
KR_FN(set, set_difference_update, "difference_update", "(self, /, *others)",
      "Remove all elements of another set from this set.")
{
    Tuple *others = tuple_of(a[1]);
    for (size_t i = 0; i < others->size; i++)
        if (kr_set_difference_update(a[0], others->items[i]) < 0) return EMPTY;
    return NONE;
}
KR_FN(set, set_symmetric_update, "symmetric_difference_update", "(self, other, /)",
      "Update a set with the symmetric difference of itself and another.")
{
    return kr_set_symmetric_difference_update(a[0], a[1]) < 0 ? EMPTY : NONE;
}

/* ---- The iterator ---- */

static void iterator_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((SetIterator *)self)->set);
}
static Value iterator_self(Value self) { return self; }

static Value iterator_next(Value self)
{
    SetIterator *it = object_of(self);
    if (is_empty(it->set)) return EMPTY;
    Set *s = set_of(it->set);
    if (UNLIKELY(it->used != s->used)) {
        it->used = SIZE_MAX;
        return kr_raise(kr_RuntimeError, "Set changed size during iteration");
    }
    size_t i = it->position;
    while (i <= s->mask && is_empty(s->table[i].key)) i++;
    it->position = i + 1;
    if (i <= s->mask) {
        it->remaining--;
        return s->table[i].key;
    }
    it->set = EMPTY;
    return EMPTY;
}

KR_FN(set_iterator, iterator_hint, "__length_hint__", "(self, /)",
      "Private method returning an estimate of len(list(it)).")
{
    SetIterator *it = object_of(a[0]);
    return kr_int(is_empty(it->set) || it->used != set_of(it->set)->used ? 0
                                                                         : (int64_t)it->remaining);
}

KR_FN(set_iterator, iterator_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling.")
{
    SetIterator *it = object_of(a[0]),
                *copy = heap_alloc(&kr_set_iterator_type, sizeof(SetIterator));
    if (!copy) return EMPTY;
    copy->set = it->set;
    copy->used = it->used;
    copy->position = it->position;
    copy->remaining = it->remaining;
    Value rest = kr_list_from(from_object(copy));
    if (is_empty(rest)) return EMPTY;
    return kr_tuple_of(2, kr_import_attr("builtins", "iter"), kr_tuple_of(1, rest));
}

#include "runtime/objects/set.entries.h"

#define ALGEBRA                                                                          \
    .repr = set_repr, .compare = kr_set_compare, .iter = set_iter, .length = set_length, \
    .contains = set_contains, .binary[KR_AND] = kr_set_and, .binary[KR_OR] = kr_set_or,  \
    .binary[KR_SUB] = kr_set_sub, .binary[KR_XOR] = kr_set_xor

static const KrTypeSpec set_spec = {
    .name = "set",
    .doc = "set() -> new empty set object\nset(iterable) -> new set object\n\nBuild an unordered "
           "collection of unique "
           "elements.",
    .size = sizeof(Set),
    .flags = KR_TYPE_IMMUTABLE,
    .trace = set_trace,
    .functions = set_functions,
    .slots = {.make = set_make,
              .init = set_init,
              ALGEBRA,
              .inplace[KR_AND] = kr_set_inplace_and,
              .inplace[KR_OR] = kr_set_inplace_or,
              .inplace[KR_SUB] = kr_set_inplace_sub,
              .inplace[KR_XOR] = kr_set_inplace_xor},
};

static const KrTypeSpec frozenset_spec = {
    .name = "frozenset",
    .doc = "frozenset() -> empty frozenset object\nfrozenset(iterable) -> frozenset "
           "object\n\nBuild an immutable "
           "unordered collection of unique elements.",
    .size = sizeof(Set),
    .flags = KR_TYPE_IMMUTABLE,
    .trace = set_trace,
    .functions = frozenset_functions,
    .slots = {.make = frozenset_make, .hash = frozenset_hash, ALGEBRA},
};

static const KrTypeSpec set_iterator_spec = {
    .name = "set_iterator",
    .size = sizeof(SetIterator),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_NO_WEAKREF,
    .trace = iterator_trace,
    .functions = set_iterator_functions,
    .slots = {.iter = iterator_self, .next = iterator_next},
};

void kr_set_type_init(void)
{
    kr_type_init(&kr_set_type, &set_spec);
    kr_type_init(&kr_set_iterator_type, &set_iterator_spec);
}

void kr_frozenset_type_init(void) { kr_type_init(&kr_frozenset_type, &frozenset_spec); }
