/* dict.c: dictionaries: storage, lookup, and the type dict. Iterators and views are in
 * dict_views.c; the layout is drawn in dict.h.
 *
 * Probing is i = 5 i + 1 + perturb over a power of two, the perturbation being the hash shifted
 * out five bits at a time: sequential ints fill a table without collision. A lookup of an exact
 * str in a dict of exact strs is the hot path (globals, attributes, keyword arguments): identity
 * of the key, then its hash, then its text.
 *
 * Other comparisons may run Python code that changes the dict. After each, a lookup makes sure
 * that it still looks at the same block and the same key, and starts again if not. Blocks are
 * never reused in place, and the local that holds the old one keeps it alive, so equal addresses
 * mean the same block. */
#include "runtime/objects/dict.h"

#include "runtime/memory/trace.h"

#include "runtime/objects/quick.h"
#include "runtime/objects/set.h"
#include "runtime/objects/tuple.h"

#define INLINE static inline __attribute__((always_inline))
#define PERTURB_SHIFT 5
#define SLOT_FREE (-1)
#define SLOT_DELETED (-2)
#define ABSENT (-1)
#define RAISED (-2)
#define CHANGED (-3)
#define DICT_MAX ((size_t)1 << 31)

Type kr_dict_type;

static uint64_t last_version;
static const int8_t empty_index[1] = {SLOT_FREE};

/* ---- The index ---- */

INLINE int width_of(size_t mask) { return mask < 128 ? 1 : mask < 32768 ? 2 : 4; }

INLINE int64_t slot_get(const void *index, size_t i, int width)
{
    if (width == 1) return ((const int8_t *)index)[i];
    if (width == 2) return ((const int16_t *)index)[i];
    return ((const int32_t *)index)[i];
}

INLINE void slot_set(void *index, size_t i, int width, int64_t entry)
{
    if (width == 1)
        ((int8_t *)index)[i] = (int8_t)entry;
    else if (width == 2)
        ((int16_t *)index)[i] = (int16_t)entry;
    else
        ((int32_t *)index)[i] = (int32_t)entry;
}

/* Calls f(..., width) with the width as a constant. */
#define BY_WIDTH(mask, f, ...) \
    ((mask) < 128 ? f(__VA_ARGS__, 1) : (mask) < 32768 ? f(__VA_ARGS__, 2) : f(__VA_ARGS__, 4))

INLINE int64_t find_str(const Dict *d, Value key, int64_t hash, int width)
{
    size_t mask = d->mask, i = (size_t)hash & mask;
    for (size_t perturb = (size_t)hash;;) {
        int64_t e = slot_get(d->index, i, width);
        if (LIKELY(e >= 0)) {
            const DictEntry *entry = &d->entries[e];
            if (LIKELY(same(entry->key, key))) return e;
            if (entry->hash == hash && kr_str_same_text(str_of(entry->key), str_of(key))) return e;
        } else if (e == SLOT_FREE) {
            return ABSENT;
        }
        perturb >>= PERTURB_SHIFT;
        i = (i * 5 + perturb + 1) & mask;
    }
}

INLINE int64_t find_any(Dict *d, Value key, int64_t hash, int width)
{
    DictEntry *entries = d->entries;
    const void *index = d->index;
    size_t mask = d->mask, i = (size_t)hash & mask;
    for (size_t perturb = (size_t)hash;;) {
        int64_t e = slot_get(index, i, width);
        if (e >= 0) {
            DictEntry *entry = &entries[e];
            if (same(entry->key, key)) return e;
            if (entry->hash == hash) {
                Value there = entry->key;
                int equal = quick_equal(there, key);
                if (equal < 0) return RAISED;
                if (UNLIKELY(d->entries != entries || !same(entry->key, there))) return CHANGED;
                if (equal) return e;
            }
        } else if (e == SLOT_FREE) {
            return ABSENT;
        }
        perturb >>= PERTURB_SHIFT;
        i = (i * 5 + perturb + 1) & mask;
    }
}

INLINE int64_t lookup_str(const Dict *d, Value key, int64_t hash)
{
    return BY_WIDTH(d->mask, find_str, d, key, hash);
}

int64_t kr_dict_lookup(Dict *d, Value key, int64_t hash)
{
    if (LIKELY(d->only_str_keys && is_exact_str(key))) return lookup_str(d, key, hash);
    for (;;) {
        int64_t e = BY_WIDTH(d->mask, find_any, d, key, hash);
        if (e != CHANGED) return e;
    }
}

/* In a dict with other keys too: only exact strs are compared. */
static int64_t find_name_among_others(Dict *d, Value name, int64_t hash)
{
    int width = width_of(d->mask);
    size_t i = (size_t)hash & d->mask;
    for (size_t perturb = (size_t)hash;;) {
        int64_t e = slot_get(d->index, i, width);
        if (e >= 0) {
            DictEntry *entry = &d->entries[e];
            if (same(entry->key, name)) return e;
            if (entry->hash == hash && is_exact_str(entry->key) &&
                kr_str_same_text(str_of(entry->key), str_of(name)))
                return e;
        } else if (e == SLOT_FREE) {
            return ABSENT;
        }
        perturb >>= PERTURB_SHIFT;
        i = (i * 5 + perturb + 1) & d->mask;
    }
}

int64_t kr_dict_entry_of_name(Dict *d, Value name)
{
    int64_t hash = quick_str_hash(str_of(name));
    return LIKELY(d->only_str_keys) ? lookup_str(d, name, hash)
                                    : find_name_among_others(d, name, hash);
}

/* ---- Storage ---- */

static void reset(Dict *d)
{
    d->used = d->filled = d->usable = 0;
    d->first = 0;
    d->mask = 0;
    d->entries = NULL;
    d->index = (void *)empty_index;
    d->capacity = 0;
    d->only_str_keys = true;
    d->keys_version = ++last_version;
}

INLINE size_t free_slot(const Dict *d, int64_t hash, int width)
{
    size_t i = (size_t)hash & d->mask;
    for (size_t perturb = (size_t)hash; slot_get(d->index, i, width) >= 0;) {
        perturb >>= PERTURB_SHIFT;
        i = (i * 5 + perturb + 1) & d->mask;
    }
    return i;
}

INLINE int fill_index(Dict *d, int width)
{
    for (size_t e = d->first; e < d->filled; e++)
        slot_set(d->index, free_slot(d, d->entries[e].hash, width), width, (int64_t)e);
    return 0;
}

/* Moves the live entries to a new block with at least `slots` slots; with `gap`, half of what is
 * free stands before them. */
static int rebuild_with_gap(Dict *d, size_t slots, bool gap)
{
    size_t size = 8;
    while (size < slots && size <= DICT_MAX) size <<= 1;
    if (size > DICT_MAX) {
        kr_raise_no_memory();
        return -1;
    }
    size_t capacity = size * 2 / 3, index_bytes = size * (size_t)width_of(size - 1);
    DictEntry *entries = kr_heap_bytes(capacity * sizeof(DictEntry) + index_bytes);
    if (!entries) return -1;
    size_t begin = gap ? (capacity - d->used) / 2 : 0, n = begin;
    if (d->used == d->filled) {
        if (d->used) memcpy(entries + begin, d->entries, d->used * sizeof(DictEntry));
        n += d->used;
    } else {
        for (size_t e = d->first; e < d->filled; e++)
            if (!is_empty(d->entries[e].key)) entries[n++] = d->entries[e];
    }
    d->entries = entries;
    d->index = entries + capacity;
    d->mask = size - 1;
    d->capacity = (uint32_t)capacity;
    d->first = (uint32_t)begin;
    d->filled = n;
    d->usable = capacity - n;
    d->keys_version = ++last_version;
    memset(d->index, 0xff, index_bytes);
    return BY_WIDTH(d->mask, fill_index, d);
}

static int rebuild(Dict *d, size_t slots) { return rebuild_with_gap(d, slots, false); }

/* Room for n keys in all. */
static int reserve(Dict *d, size_t n)
{
    if (n <= d->used + d->usable) return 0;
    return rebuild(d, (n * 3 + 1) / 2);
}

static int insert_new(Dict *d, Value key, int64_t hash, Value value)
{
    if (UNLIKELY(d->usable == 0) && rebuild(d, d->used * 3) < 0) return -1;
    int width = width_of(d->mask);
    size_t e = d->filled;
    slot_set(d->index, BY_WIDTH(d->mask, free_slot, d, hash), width, (int64_t)e);
    d->entries[e] = (DictEntry){hash, key, value};
    d->filled = e + 1;
    d->used++;
    d->usable--;
    if (UNLIKELY(!is_exact_str(key))) d->only_str_keys = false;
    d->keys_version = ++last_version;
    return 0;
}

static void remove_entry(Dict *d, int64_t e)
{
    int width = width_of(d->mask);
    DictEntry *entry = &d->entries[e];
    size_t i = (size_t)entry->hash & d->mask;
    for (size_t perturb = (size_t)entry->hash; slot_get(d->index, i, width) != e;) {
        perturb >>= PERTURB_SHIFT;
        i = (i * 5 + perturb + 1) & d->mask;
    }
    slot_set(d->index, i, width, SLOT_DELETED);
    entry->key = entry->value = EMPTY;
    d->used--;
    if (e == (int64_t)d->first) d->first++;
    d->keys_version = ++last_version;
}

/* Every insertion takes a slot of the index that was never used, hence one of `usable`, at the
 * front as well. */
static int insert_front(Dict *d, Value key, int64_t hash, Value value)
{
    if ((d->usable == 0 || d->first == 0) && rebuild_with_gap(d, d->used * 3, true) < 0) return -1;
    int64_t e = --d->first;
    slot_set(d->index, BY_WIDTH(d->mask, free_slot, d, hash), width_of(d->mask), e);
    d->entries[e] = (DictEntry){hash, key, value};
    d->used++;
    d->usable--;
    if (!is_exact_str(key)) d->only_str_keys = false;
    d->keys_version = ++last_version;
    return 0;
}

int64_t kr_dict_end_entry(Dict *d, bool last)
{
    int64_t e = last ? (int64_t)d->filled - 1 : (int64_t)d->first;
    while (is_empty(d->entries[e].key)) e += last ? -1 : 1;
    if (!last) d->first = (uint32_t)e;
    return e;
}

int kr_dict_move_to_end(Dict *d, Value key, int64_t hash, bool last)
{
    int64_t e = kr_dict_lookup(d, key, hash);
    if (e < 0) return e == RAISED ? -1 : 0;
    if (e == kr_dict_end_entry(d, last)) return 1;
    DictEntry entry = d->entries[e];
    remove_entry(d, e);
    int status = last ? insert_new(d, entry.key, hash, entry.value)
                      : insert_front(d, entry.key, hash, entry.value);
    return status < 0 ? -1 : 1;
}

/* ---- The interface ---- */

Value kr_dict(void)
{
    Dict *d = heap_alloc(&kr_dict_type, sizeof(Dict));
    if (!d) return EMPTY;
    reset(d);
    return from_object(d);
}

Value kr_dict_sized(size_t expected)
{
    Value dict = kr_dict();
    if (!is_empty(dict) && expected && reserve(dict_of(dict), expected) < 0) return EMPTY;
    return dict;
}

bool kr_is_dict(Value v) { return is_dict(v); }
size_t kr_dict_size(Value dict) { return dict_of(dict)->used; }

Value kr_dict_find_hashed(Dict *d, Value key, int64_t hash)
{
    int64_t e = kr_dict_lookup(d, key, hash);
    return e < 0 ? EMPTY : d->entries[e].value;
}

Value kr_dict_find(Value dict, Value key)
{
    int64_t hash = quick_hash(key);
    return hash == -1 ? EMPTY : kr_dict_find_hashed(dict_of(dict), key, hash);
}

Value kr_dict_find_ascii(Value dict, const char *key) { return kr_dict_find(dict, kr_str(key)); }

int kr_dict_set_hashed(Dict *d, Value key, int64_t hash, Value value)
{
    int64_t e = kr_dict_lookup(d, key, hash);
    if (e >= 0) {
        d->entries[e].value = value;
        return 0;
    }
    return e == RAISED ? -1 : insert_new(d, key, hash, value);
}

int kr_dict_set(Value dict, Value key, Value value)
{
    int64_t hash = quick_hash(key);
    return hash == -1 ? -1 : kr_dict_set_hashed(dict_of(dict), key, hash, value);
}

int kr_dict_set_ascii(Value dict, const char *key, Value value)
{
    return kr_dict_set(dict, kr_intern(key), value);
}

int kr_dict_delete_hashed(Dict *d, Value key, int64_t hash)
{
    int64_t e = kr_dict_lookup(d, key, hash);
    if (e < 0) return e == RAISED ? -1 : 0;
    remove_entry(d, e);
    return 1;
}

int kr_dict_delete(Value dict, Value key)
{
    int64_t hash = quick_hash(key);
    return hash == -1 ? -1 : kr_dict_delete_hashed(dict_of(dict), key, hash);
}

Value kr_dict_find_with_hash(Value dict, Value key, int64_t hash)
{
    return kr_dict_find_hashed(dict_of(dict), key, hash);
}

int kr_dict_set_with_hash(Value dict, Value key, int64_t hash, Value value)
{
    return kr_dict_set_hashed(dict_of(dict), key, hash, value);
}

int kr_dict_delete_with_hash(Value dict, Value key, int64_t hash)
{
    return kr_dict_delete_hashed(dict_of(dict), key, hash);
}

Value kr_dict_pop(Value dict, Value key)
{
    Dict *d = dict_of(dict);
    int64_t hash = quick_hash(key);
    if (hash == -1) return EMPTY;
    int64_t e = kr_dict_lookup(d, key, hash);
    if (e < 0) return EMPTY;
    Value value = d->entries[e].value;
    remove_entry(d, e);
    return value;
}

Value kr_dict_set_default(Value dict, Value key, Value value)
{
    Dict *d = dict_of(dict);
    int64_t hash = quick_hash(key);
    if (hash == -1) return EMPTY;
    int64_t e = kr_dict_lookup(d, key, hash);
    if (e >= 0) return d->entries[e].value;
    if (e == RAISED || insert_new(d, key, hash, value) < 0) return EMPTY;
    return value;
}

void kr_dict_clear(Value dict) { reset(dict_of(dict)); }

bool kr_dict_next_hashed(const Dict *d, size_t *position, Value *key, Value *value, int64_t *hash)
{
    size_t e = *position < d->first ? d->first : *position;
    while (e < d->filled && is_empty(d->entries[e].key)) e++;
    if (e >= d->filled) return false;
    *position = e + 1;
    *key = d->entries[e].key;
    *value = d->entries[e].value;
    *hash = d->entries[e].hash;
    return true;
}

bool kr_dict_next(Value dict, size_t *position, Value *key, Value *value)
{
    int64_t hash;
    Value k, v;
    if (!kr_dict_next_hashed(dict_of(dict), position, &k, &v, &hash)) return false;
    if (key) *key = k;
    if (value) *value = v;
    return true;
}

/* Copies the block as it is. */
static int copy_block(Dict *to, const Dict *from)
{
    size_t bytes =
        from->capacity * sizeof(DictEntry) + (from->mask + 1) * (size_t)width_of(from->mask);
    DictEntry *entries = kr_heap_bytes(bytes);
    if (!entries) return -1;
    memcpy(entries, from->entries, bytes);
    to->entries = entries;
    to->index = entries + from->capacity;
    to->used = from->used;
    to->filled = from->filled;
    to->usable = from->usable;
    to->mask = from->mask;
    to->capacity = from->capacity;
    to->first = from->first;
    to->only_str_keys = from->only_str_keys;
    to->keys_version = ++last_version;
    return 0;
}

static int merge_dict(Dict *to, Dict *from, int mode)
{
    if (to == from || from->used == 0) return 0;
    if (to->used == 0 && mode != 0 && from->used >= from->filled * 2 / 3 &&
        from->used * 4 >= from->capacity)
        return copy_block(to, from);
    if (from->used > to->usable && reserve(to, to->used + from->used) < 0) return -1;
    if (from->only_str_keys && to->only_str_keys && mode == 1) {
        for (size_t e = 0; e < from->filled; e++) {
            DictEntry entry = from->entries[e];
            if (!is_empty(entry.key) &&
                kr_dict_set_hashed(to, entry.key, entry.hash, entry.value) < 0)
                return -1;
        }
        return 0;
    }
    uint64_t version = from->keys_version;
    for (size_t e = 0; e < from->filled; e++) {
        DictEntry entry = from->entries[e];
        if (is_empty(entry.key)) continue;
        int64_t there = mode == 1 ? ABSENT : kr_dict_lookup(to, entry.key, entry.hash);
        if (there == RAISED) return -1;
        if (there >= 0) {
            if (mode == 0) continue;
            kr_raise_key(entry.key);
            return -1;
        }
        if (kr_dict_set_hashed(to, entry.key, entry.hash, entry.value) < 0) return -1;
        if (from->keys_version != version) {
            kr_raise(kr_RuntimeError, "dict mutated during update");
            return -1;
        }
    }
    return 0;
}

int kr_dict_merge(Value dict, Value mapping, int mode)
{
    if (is_dict(mapping) && type_of(mapping)->slots.iter == kr_dict_type.slots.iter)
        return merge_dict(dict_of(dict), dict_of(mapping), mode);
    Value keys = kr_call_method0(mapping, "keys");
    if (is_empty(keys)) return -1;
    Value it = kr_iter(keys), key;
    if (is_empty(it)) return -1;
    while (!is_empty(key = kr_next(it))) {
        if (mode != 1) {
            int64_t hash = quick_hash(key);
            if (hash == -1) return -1;
            int64_t there = kr_dict_lookup(dict_of(dict), key, hash);
            if (there == RAISED) return -1;
            if (there >= 0) {
                if (mode == 0) continue;
                kr_raise_key(key);
                return -1;
            }
        }
        Value value = kr_getitem(mapping, key);
        if (is_empty(value) || kr_dict_set(dict, key, value) < 0) return -1;
    }
    return kr_raised() ? -1 : 0;
}

static int update_from_pairs(Value dict, Value pairs)
{
    Value it = kr_iter(pairs), item;
    if (is_empty(it)) return -1;
    for (int64_t i = 0; !is_empty(item = kr_next(it)); i++) {
        Value pair = kr_tuple_from(item);
        if (is_empty(pair)) {
            if (kr_raised_is(kr_TypeError)) {
                kr_clear_exception();
                kr_raise(kr_TypeError,
                         "cannot convert dictionary update sequence element #%ld to a sequence",
                         (long)i);
            }
            return -1;
        }
        Tuple *t = tuple_of(pair);
        if (t->size != 2) {
            kr_raise(kr_ValueError,
                     "dictionary update sequence element #%ld has length %zu; 2 is required",
                     (long)i, t->size);
            return -1;
        }
        if (kr_dict_set(dict, t->items[0], t->items[1]) < 0) return -1;
    }
    return kr_raised() ? -1 : 0;
}

int kr_dict_update(Value dict, Value mapping)
{
    if (is_exact(mapping, &kr_dict_type)) return merge_dict(dict_of(dict), dict_of(mapping), 1);
    Value keys = kr_find_attr(mapping, KR_NAME("keys"));
    if (!is_empty(keys)) return kr_dict_merge(dict, mapping, 1);
    return kr_raised() ? -1 : update_from_pairs(dict, mapping);
}

Value kr_dict_copy(Value dict)
{
    Value copy = kr_dict();
    if (is_empty(copy)) return EMPTY;
    return merge_dict(dict_of(copy), dict_of(dict), 1) < 0 ? EMPTY : copy;
}

/* ---- Slots ---- */

static void dict_trace(void *self, KrTracer *tracer)
{
    Dict *d = self;
    if (!d->entries) return;
    kr_heap_trace_bytes(tracer, d->entries);
    kr_heap_trace_pairs(tracer, &d->entries->key, d->filled, sizeof(DictEntry) / sizeof(Value));
}

static Value dict_make(Type *type, KR_UNUSED const Value *args, KR_UNUSED size_t n,
                       KR_UNUSED Value kwnames)
{
    if (type == &kr_dict_type) return kr_dict();
    Dict *d = kr_type_alloc(type);
    if (!d) return EMPTY;
    reset(d);
    return from_object(d);
}

static int update_from_call(Value self, const char *name, const Value *args, size_t n,
                            Value kwnames)
{
    if (check_args(name, n, EMPTY, 0, 1) < 0) return -1;
    if (n && kr_dict_update(self, args[0]) < 0) return -1;
    if (is_empty(kwnames)) return 0;
    Tuple *names = tuple_of(kwnames);
    for (size_t i = 0; i < names->size; i++)
        if (kr_dict_set(self, names->items[i], args[n + i]) < 0) return -1;
    return 0;
}

static int dict_init(Value self, const Value *args, size_t n, Value kwnames)
{
    return update_from_call(self, "dict", args, n, kwnames);
}

static Value dict_repr(Value self)
{
    Dict *d = dict_of(self);
    if (d->used == 0) return kr_str("{}");
    int entered = kr_repr_enter(self);
    if (entered <= 0) return entered < 0 ? EMPTY : kr_str("{...}");
    KrText text;
    kr_text_init(&text);
    kr_text_add_char(&text, '{');
    bool failed = false, first = true;
    Value key, value;
    for (size_t i = 0; !failed && kr_dict_next(self, &i, &key, &value);) {
        if (!first) kr_text_add_ascii(&text, ", ");
        first = false;
        failed = kr_text_add_repr(&text, key) < 0;
        if (failed) break;
        kr_text_add_ascii(&text, ": ");
        failed = kr_text_add_repr(&text, value) < 0;
    }
    kr_repr_leave(self);
    if (failed) {
        kr_text_drop(&text);
        return EMPTY;
    }
    kr_text_add_char(&text, '}');
    return kr_text_finish(&text);
}

static int dicts_equal(Dict *a, Dict *b)
{
    if (a->used != b->used) return 0;
    for (size_t e = 0; e < a->filled; e++) {
        DictEntry entry = a->entries[e];
        if (is_empty(entry.key)) continue;
        int64_t there = kr_dict_lookup(b, entry.key, entry.hash);
        if (there < 0) return there == RAISED ? -1 : 0;
        int equal = quick_equal(b->entries[there].value, entry.value);
        if (equal <= 0) return equal;
    }
    return 1;
}

static Value dict_compare(Value a, Value b, int op)
{
    if ((op != KR_EQ && op != KR_NE) || !is_dict(a) || !is_dict(b)) return NOT_IMPLEMENTED;
    int equal = dicts_equal(dict_of(a), dict_of(b));
    return equal < 0 ? EMPTY : from_bool((op == KR_EQ) == (equal == 1));
}

static int64_t dict_length(Value self) { return (int64_t)dict_of(self)->used; }
static Value dict_iter(Value self) { return kr_dict_iterator(self, DICT_KEYS, false); }

static Value dict_getitem(Value self, Value key)
{
    Dict *d = dict_of(self);
    int64_t hash = quick_hash(key);
    if (hash == -1) return EMPTY;
    int64_t e = kr_dict_lookup(d, key, hash);
    if (LIKELY(e >= 0)) return d->entries[e].value;
    if (e == RAISED) return EMPTY;
    if (!is_exact(self, &kr_dict_type)) {
        Value missing = kr_find_special(self, KR_NAME("__missing__"));
        if (!is_empty(missing)) return kr_call1(missing, key);
        if (kr_raised()) return EMPTY;
    }
    return kr_raise_key(key);
}

static int dict_setitem(Value self, Value key, Value value)
{
    if (LIKELY(!is_empty(value))) return kr_dict_set(self, key, value);
    int deleted = kr_dict_delete(self, key);
    if (deleted == 0) kr_raise_key(key);
    return deleted == 1 ? 0 : -1;
}

static int dict_contains(Value self, Value key)
{
    int64_t hash = quick_hash(key);
    if (hash == -1) return -1;
    int64_t e = kr_dict_lookup(dict_of(self), key, hash);
    return e == RAISED ? -1 : e >= 0;
}

static Value dict_or(Value a, Value b)
{
    if (!is_dict(a) || !is_dict(b)) return NOT_IMPLEMENTED;
    Value both = kr_dict_copy(a);
    if (is_empty(both) || kr_dict_update(both, b) < 0) return EMPTY;
    return both;
}

static Value dict_inplace_or(Value self, Value other)
{
    return kr_dict_update(self, other) < 0 ? EMPTY : self;
}

/* ---- Methods ---- */

KR_FN(dict, dict_get, "get", "(self, key, default=None, /)",
      "Return the value for key if key is in the dictionary, else default.")
{
    int64_t hash = quick_hash(a[1]);
    if (hash == -1) return EMPTY;
    Dict *d = dict_of(a[0]);
    int64_t e = kr_dict_lookup(d, a[1], hash);
    return e >= 0 ? d->entries[e].value : e == RAISED ? EMPTY : a[2];
}

KR_FN(dict, dict_setdefault, "setdefault", "(self, key, default=None, /)",
      "Insert key with a value of default if key is not in the dictionary.\n\nReturn the value for "
      "key if key is in the "
      "dictionary, else default.")
{
    return kr_dict_set_default(a[0], a[1], a[2]);
}

KR_FN(dict, dict_pop, "pop", "(self, key, default=<unset>, /)",
      "D.pop(k[,d]) -> v, remove specified key and return the corresponding value.\n\nIf the key "
      "is not found, return the "
      "default if given; otherwise,\nraise a KeyError.")
{
    if (dict_of(a[0])->used == 0) return is_empty(a[2]) ? kr_raise_key(a[1]) : a[2];
    Value value = kr_dict_pop(a[0], a[1]);
    if (!is_empty(value) || kr_raised()) return value;
    return is_empty(a[2]) ? kr_raise_key(a[1]) : a[2];
}

KR_FN(dict, dict_popitem, "popitem", "(self, /)",
      "Remove and return a (key, value) pair as a 2-tuple.\n\nPairs are returned in LIFO (last-in, "
      "first-out) "
      "order.\nRaises KeyError if the dict is empty.")
{
    Dict *d = dict_of(a[0]);
    if (d->used == 0) return kr_raise_object(kr_KeyError, kr_str("popitem(): dictionary is empty"));
    Tuple *pair = kr_tuple_alloc(2);
    if (!pair) return EMPTY;
    int64_t e = (int64_t)d->filled - 1;
    while (is_empty(d->entries[e].key)) e--;
    pair->items[0] = d->entries[e].key;
    pair->items[1] = d->entries[e].value;
    remove_entry(d, e);
    d->filled = (size_t)e > d->first
                    ? (size_t)e
                    : d->first; /* entries are taken back; their slots in the index are not */
    return from_object(pair);
}

KR_FN(dict, dict_keys, "keys", "(self, /)",
      "D.keys() -> a set-like object providing a view on D's keys")
{
    return kr_dict_view(a[0], DICT_KEYS);
}

KR_FN(dict, dict_values, "values", "(self, /)",
      "D.values() -> an object providing a view on D's values")
{
    return kr_dict_view(a[0], DICT_VALUES);
}

KR_FN(dict, dict_items, "items", "(self, /)",
      "D.items() -> a set-like object providing a view on D's items")
{
    return kr_dict_view(a[0], DICT_ITEMS);
}

KR_FN_RAW(dict, dict_update, "update", NULL,
          "D.update([E, ]**F) -> None.  Update D from dict/iterable E and F.\nIf E is present and "
          "has a .keys() method, then "
          "does:  for k in E: D[k] = E[k]\nIf E is present and lacks a .keys() method, then does:  "
          "for k, v in E: D[k] = "
          "v\nIn either case, this is followed by: for k in F:  D[k] = F[k]")
{
    return update_from_call(args[0], "update", args + 1, n - 1, kwnames) < 0 ? EMPTY : NONE;
}

KR_CLASSMETHOD(dict, dict_fromkeys, "fromkeys", "(cls, iterable, value=None, /)",
               "Create a new dictionary with keys from iterable and values set to value.")
{
    Value dict = kr_call0(a[0]);
    if (is_empty(dict)) return EMPTY;
    bool exact = is_exact(dict, &kr_dict_type);
    Value key, old;
    int64_t hash;
    if (exact && is_exact(a[1], &kr_dict_type)) {
        for (size_t i = 0; kr_dict_next_hashed(dict_of(a[1]), &i, &key, &old, &hash);)
            if (kr_dict_set_hashed(dict_of(dict), key, hash, a[2]) < 0) return EMPTY;
        return dict;
    }
    if (exact && (is_exact(a[1], &kr_set_type) || is_exact(a[1], &kr_frozenset_type))) {
        for (size_t i = 0; kr_set_next_hashed(set_of(a[1]), &i, &key, &hash);)
            if (kr_dict_set_hashed(dict_of(dict), key, hash, a[2]) < 0) return EMPTY;
        return dict;
    }
    Value it = kr_iter(a[1]);
    if (is_empty(it)) return EMPTY;
    while (!is_empty(key = kr_next(it)))
        if ((exact ? kr_dict_set(dict, key, a[2]) : kr_setitem(dict, key, a[2])) < 0) return EMPTY;
    return kr_raised() ? EMPTY : dict;
}

KR_FN(dict, dict_clear, "clear", "(self, /)", "D.clear() -> None.  Remove all items from D.")
{
    reset(dict_of(a[0]));
    return NONE;
}

KR_FN(dict, dict_copy, "copy", "(self, /)", "D.copy() -> a shallow copy of D")
{
    return kr_dict_copy(a[0]);
}

KR_FN(dict, dict_reversed, "__reversed__", "(self, /)",
      "Return a reverse iterator over the dict keys.")
{
    return kr_dict_iterator(a[0], DICT_KEYS, true);
}

KR_FN(dict, dict_sizeof, "__sizeof__", "(self, /)",
      "D.__sizeof__() -> size of D in memory, in bytes")
{
    Dict *d = dict_of(a[0]);
    return kr_int((int64_t)(type_of(a[0])->kind.size + d->capacity * sizeof(DictEntry) +
                            (d->entries ? (d->mask + 1) * (size_t)width_of(d->mask) : 0)));
}

KR_CLASSMETHOD(dict, dict_class_getitem, "__class_getitem__", "(cls, item, /)", "See PEP 585")
{
    return generic_alias(a[0], a[1]);
}

#include "runtime/objects/dict.entries.h"

static const KrTypeSpec dict_spec = {
    .name = "dict",
    .doc = "dict() -> new empty dictionary\ndict(mapping) -> new dictionary initialized from a "
           "mapping object's\n"
           "    (key, value) pairs\ndict(iterable) -> new dictionary initialized as if via:\n    d "
           "= {}\n"
           "    for k, v in iterable:\n        d[k] = v\ndict(**kwargs) -> new dictionary "
           "initialized with the name=value "
           "pairs\n    in the keyword argument list.  For example:  dict(one=1, two=2)",
    .size = sizeof(Dict),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_MAPPING | KR_TYPE_NO_WEAKREF,
    .trace = dict_trace,
    .functions = dict_functions,
    .getset = dict_getset,
    .slots = {.make = dict_make,
              .init = dict_init,
              .repr = dict_repr,
              .compare = dict_compare,
              .iter = dict_iter,
              .length = dict_length,
              .getitem = dict_getitem,
              .setitem = dict_setitem,
              .contains = dict_contains,
              .binary[KR_OR] = dict_or,
              .inplace[KR_OR] = dict_inplace_or},
};

void kr_dict_type_init(void) { kr_type_init(&kr_dict_type, &dict_spec); }
