/* dict_views.c: iterators over dicts, and the views keys(), values(), items() with their set
 * operations.
 *
 * An iterator remembers how many keys the dict had: a different number is "dictionary changed size
 * during iteration", and more entries found than it expected, "dictionary keys changed during
 * iteration". */
#include "runtime/objects/dict.h"
#include "runtime/objects/iterators.h"
#include "runtime/objects/quick.h"
#include "runtime/objects/set.h"
#include "runtime/objects/tuple.h"

Type kr_dict_key_iterator_type, kr_dict_value_iterator_type, kr_dict_item_iterator_type;
static Type reverse_key_type, reverse_value_type, reverse_item_type;
Type kr_dict_keys_type, kr_dict_values_type, kr_dict_items_type;

/* ---- Iterators ---- */

static Type *const iterator_types[2][3] = {
    {&kr_dict_key_iterator_type, &kr_dict_value_iterator_type, &kr_dict_item_iterator_type},
    {&reverse_key_type, &reverse_value_type, &reverse_item_type},
};

Value kr_dict_iterator(Value dict, int what, bool reversed)
{
    DictIterator *it = heap_alloc(iterator_types[reversed][what], sizeof(DictIterator));
    if (!it) return EMPTY;
    Dict *d = dict_of(dict);
    it->dict = dict;
    it->used = it->remaining = d->used;
    it->position = reversed ? d->filled : 0;
    return from_object(it);
}

static void iterator_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((DictIterator *)self)->dict);
}
static Value iterator_self(Value self) { return self; }

/* The next entry, NULL at the end or with an exception. */
static inline DictEntry *next_entry(DictIterator *it, bool reversed)
{
    if (is_empty(it->dict)) return NULL;
    Dict *d = dict_of(it->dict);
    if (UNLIKELY(it->used != d->used)) {
        it->used = SIZE_MAX;
        kr_raise(kr_RuntimeError, "dictionary changed size during iteration");
        return NULL;
    }
    size_t e = it->position;
    if (reversed) {
        if (e > d->filled) e = d->filled;
        while (e > 0 && is_empty(d->entries[e - 1].key)) e--;
        if (e == 0) goto finished;
        it->position = --e;
    } else {
        if (e < d->first) e = d->first;
        while (e < d->filled && is_empty(d->entries[e].key)) e++;
        if (e >= d->filled) goto finished;
        it->position = e + 1;
    }
    if (UNLIKELY(it->remaining == 0)) {
        it->dict = EMPTY;
        kr_raise(kr_RuntimeError, "dictionary keys changed during iteration");
        return NULL;
    }
    it->remaining--;
    return &d->entries[e];
finished:
    it->dict = EMPTY;
    return NULL;
}

static inline Value entry_part(const DictEntry *entry, int what)
{
    if (!entry) return EMPTY;
    if (what == DICT_KEYS) return entry->key;
    if (what == DICT_VALUES) return entry->value;
    Value key = entry->key, value = entry->value;
    Tuple *pair = kr_tuple_alloc(2);
    if (!pair) return EMPTY;
    pair->items[0] = key;
    pair->items[1] = value;
    return from_object(pair);
}

static Value key_next(Value self)
{
    return entry_part(next_entry(dict_iterator_of(self), false), DICT_KEYS);
}
static Value value_next(Value self)
{
    return entry_part(next_entry(dict_iterator_of(self), false), DICT_VALUES);
}
static Value item_next(Value self)
{
    return entry_part(next_entry(dict_iterator_of(self), false), DICT_ITEMS);
}
int kr_dict_item_next_pair(Value iterator, Value *pair)
{
    const DictEntry *entry = next_entry(dict_iterator_of(iterator), false);
    if (!entry) return kr_raised() ? -1 : 0;
    pair[0] = entry->key;
    pair[1] = entry->value;
    return 1;
}
static Value reverse_key_next(Value self)
{
    return entry_part(next_entry(dict_iterator_of(self), true), DICT_KEYS);
}
static Value reverse_value_next(Value self)
{
    return entry_part(next_entry(dict_iterator_of(self), true), DICT_VALUES);
}
static Value reverse_item_next(Value self)
{
    return entry_part(next_entry(dict_iterator_of(self), true), DICT_ITEMS);
}

KR_FN(dict_iterator, iterator_hint, "__length_hint__", "(self, /)",
      "Private method returning an estimate of len(list(it)).")
{
    DictIterator *it = dict_iterator_of(a[0]);
    return kr_int(
        is_empty(it->dict) || it->used != dict_of(it->dict)->used ? 0 : (int64_t)it->remaining);
}

KR_FN(dict_iterator, iterator_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling.")
{
    Type *type = type_of(a[0]);
    DictIterator *copy = heap_alloc(type, sizeof(DictIterator));
    if (!copy) return EMPTY;
    memcpy((char *)copy + sizeof(Object), (char *)dict_iterator_of(a[0]) + sizeof(Object),
           sizeof(DictIterator) - sizeof(Object));
    Value rest = kr_list_from(from_object(copy));
    if (is_empty(rest)) return EMPTY;
    return kr_tuple_of(2, kr_import_attr("builtins", "iter"), kr_tuple_of(1, rest));
}

/* ---- Views ---- */

static inline Dict *viewed(Value view) { return dict_of(((DictView *)object_of(view))->dict); }
static inline Value viewed_value(Value view) { return ((DictView *)object_of(view))->dict; }
static bool is_keys(Value v)
{
    return is_object(v) && kr_is_subtype(type_of(v), &kr_dict_keys_type);
}
static bool is_items(Value v)
{
    return is_object(v) && kr_is_subtype(type_of(v), &kr_dict_items_type);
}
static bool is_set_view(Value v) { return is_keys(v) || is_items(v); }

Value kr_dict_view(Value dict, int what)
{
    static Type *const types[3] = {&kr_dict_keys_type, &kr_dict_values_type, &kr_dict_items_type};
    DictView *view = heap_alloc(types[what], sizeof(DictView));
    if (!view) return EMPTY;
    view->dict = dict;
    return from_object(view);
}

static void view_trace(void *self, KrTracer *tracer) { kr_trace(tracer, ((DictView *)self)->dict); }
static int64_t view_length(Value self) { return (int64_t)viewed(self)->used; }

static Value view_repr(Value self)
{
    int entered = kr_repr_enter(self);
    if (entered <= 0) return entered < 0 ? EMPTY : kr_str("...");
    Value list = kr_list_from(self), text = EMPTY;
    if (!is_empty(list)) text = kr_str_format("%T(%R)", self, list);
    kr_repr_leave(self);
    return text;
}

static Value keys_iter(Value self)
{
    return kr_dict_iterator(viewed_value(self), DICT_KEYS, false);
}
static Value values_iter(Value self)
{
    return kr_dict_iterator(viewed_value(self), DICT_VALUES, false);
}
static Value items_iter(Value self)
{
    return kr_dict_iterator(viewed_value(self), DICT_ITEMS, false);
}

static int keys_contains(Value self, Value key)
{
    int64_t hash = quick_hash(key);
    if (hash == -1) return -1;
    int64_t e = kr_dict_lookup(viewed(self), key, hash);
    return e == -2 ? -1 : e >= 0;
}

static int items_contains(Value self, Value item)
{
    if (!is_tuple(item) || tuple_of(item)->size != 2) return 0;
    Value found = kr_dict_find(viewed_value(self), tuple_of(item)->items[0]);
    if (is_empty(found)) return kr_raised() ? -1 : 0;
    return quick_equal(found, tuple_of(item)->items[1]);
}

static int view_contains(Value view, Value item)
{
    return is_keys(view) ? keys_contains(view, item) : items_contains(view, item);
}

static int all_in(Value some, Value others)
{
    Value it = kr_iter(some), item;
    if (is_empty(it)) return -1;
    while (!is_empty(item = kr_next(it))) {
        int found = kr_contains(others, item);
        if (found <= 0) return found;
    }
    return kr_raised() ? -1 : 1;
}

static Value view_compare(Value self, Value other, int op)
{
    if (!is_set_view(self) || !(kr_is_set(other) || is_set_view(other))) return NOT_IMPLEMENTED;
    int64_t n = view_length(self), m = kr_length(other);
    if (m < 0) return EMPTY;
    int result = 0;
    switch (op) {
    case KR_NE:
    case KR_EQ:
        if (n == m) result = all_in(self, other);
        if (result >= 0 && op == KR_NE) result = !result;
        break;
    case KR_LT:
        if (n < m) result = all_in(self, other);
        break;
    case KR_LE:
        if (n <= m) result = all_in(self, other);
        break;
    case KR_GT:
        if (n > m) result = all_in(other, self);
        break;
    case KR_GE:
        if (n >= m) result = all_in(other, self);
        break;
    }
    return result < 0 ? EMPTY : from_bool(result);
}

static Value view_and(Value self, Value other)
{
    /* Walk the other; the view finds by hash. */
    if (!is_set_view(self) || (is_set_view(other) && view_length(other) > view_length(self))) {
        Value swap = self;
        self = other;
        other = swap;
    }
    Value result = kr_set(EMPTY), it = kr_iter(other), item;
    if (is_empty(result) || is_empty(it)) return EMPTY;
    while (!is_empty(item = kr_next(it))) {
        int found = view_contains(self, item);
        if (found < 0 || (found && kr_set_add(result, item) < 0)) return EMPTY;
    }
    return kr_raised() ? EMPTY : result;
}

static Value view_or(Value self, Value other)
{
    Value result = kr_set(self);
    return is_empty(result) || kr_set_update(result, other) < 0 ? EMPTY : result;
}

static Value view_sub(Value self, Value other)
{
    Value result = kr_set(self);
    return is_empty(result) || kr_set_difference_update(result, other) < 0 ? EMPTY : result;
}

static Value view_xor(Value self, Value other)
{
    Value result = kr_set(self);
    return is_empty(result) || kr_set_symmetric_difference_update(result, other) < 0 ? EMPTY
                                                                                     : result;
}

static Value disjoint(Value self, Value other)
{
    if (same(self, other)) return from_bool(view_length(self) == 0);
    if (kr_is_set(other) || is_set_view(other)) {
        int64_t m = kr_length(other);
        if (m < 0) return EMPTY;
        if (m > view_length(self)) {
            Value swap = self;
            self = other;
            other = swap;
        }
    }
    Value it = kr_iter(other), item;
    if (is_empty(it)) return EMPTY;
    while (!is_empty(item = kr_next(it))) {
        int found = kr_contains(self, item);
        if (found) return found < 0 ? EMPTY : FALSE_VALUE;
    }
    return kr_raised() ? EMPTY : TRUE_VALUE;
}

static Value view_mapping(Value self)
{
    return kr_call1(kr_type_value(&kr_mappingproxy_type), viewed_value(self));
}
static Value values_mapping(Value self) { return view_mapping(self); }
static Value items_mapping(Value self) { return view_mapping(self); }

KR_GETSET(dict_keys, view_mapping, NULL, "mapping", "dictionary that this view refers to")
KR_GETSET(dict_values, values_mapping, NULL, "mapping", "dictionary that this view refers to")
KR_GETSET(dict_items, items_mapping, NULL, "mapping", "dictionary that this view refers to")

KR_FN(dict_keys, keys_isdisjoint, "isdisjoint", "(self, other, /)",
      "Return True if the view and the given iterable have a null intersection.")
{
    return disjoint(a[0], a[1]);
}

KR_FN(dict_items, items_isdisjoint, "isdisjoint", "(self, other, /)",
      "Return True if the view and the given iterable have a null intersection.")
{
    return disjoint(a[0], a[1]);
}

KR_FN(dict_keys, keys_reversed, "__reversed__", "(self, /)",
      "Return a reverse iterator over the dict keys.")
{
    return kr_dict_iterator(viewed_value(a[0]), DICT_KEYS, true);
}

KR_FN(dict_values, values_reversed, "__reversed__", "(self, /)",
      "Return a reverse iterator over the dict values.")
{
    return kr_dict_iterator(viewed_value(a[0]), DICT_VALUES, true);
}

KR_FN(dict_items, items_reversed, "__reversed__", "(self, /)",
      "Return a reverse iterator over the dict items.")
{
    return kr_dict_iterator(viewed_value(a[0]), DICT_ITEMS, true);
}

#include "runtime/objects/dict_views.entries.h"

#define VIEW_FLAGS (KR_TYPE_IMMUTABLE | KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_NO_WEAKREF)
#define SET_OPERATIONS                                                             \
    .compare = view_compare, .binary[KR_AND] = view_and, .binary[KR_OR] = view_or, \
    .binary[KR_SUB] = view_sub, .binary[KR_XOR] = view_xor

static const KrTypeSpec keys_spec = {
    .name = "dict_keys",
    .size = sizeof(DictView),
    .flags = VIEW_FLAGS,
    .trace = view_trace,
    .functions = dict_keys_functions,
    .getset = dict_keys_getset,
    .slots = {.repr = view_repr,
              .iter = keys_iter,
              .length = view_length,
              .contains = keys_contains,
              SET_OPERATIONS},
};
static const KrTypeSpec values_spec = {
    .name = "dict_values",
    .size = sizeof(DictView),
    .flags = VIEW_FLAGS,
    .trace = view_trace,
    .functions = dict_values_functions,
    .getset = dict_values_getset,
    .slots = {.repr = view_repr, .iter = values_iter, .length = view_length},
};
static const KrTypeSpec items_spec = {
    .name = "dict_items",
    .size = sizeof(DictView),
    .flags = VIEW_FLAGS,
    .trace = view_trace,
    .functions = dict_items_functions,
    .getset = dict_items_getset,
    .slots = {.repr = view_repr,
              .iter = items_iter,
              .length = view_length,
              .contains = items_contains,
              SET_OPERATIONS},
};

#define ITERATOR_SPEC(id, pyname, next_function)                 \
    static const KrTypeSpec id##_spec = {                        \
        .name = pyname,                                          \
        .size = sizeof(DictIterator),                            \
        .flags = VIEW_FLAGS,                                     \
        .trace = iterator_trace,                                 \
        .functions = dict_iterator_functions,                    \
        .slots = {.iter = iterator_self, .next = next_function}, \
    };
ITERATOR_SPEC(key_iterator, "dict_keyiterator", key_next)
ITERATOR_SPEC(value_iterator, "dict_valueiterator", value_next)
ITERATOR_SPEC(item_iterator, "dict_itemiterator", item_next)
ITERATOR_SPEC(reverse_key, "dict_reversekeyiterator", reverse_key_next)
ITERATOR_SPEC(reverse_value, "dict_reversevalueiterator", reverse_value_next)
ITERATOR_SPEC(reverse_item, "dict_reverseitemiterator", reverse_item_next)

void kr_dict_keys_type_init(void)
{
    kr_type_init(&kr_dict_keys_type, &keys_spec);
    kr_type_init(&kr_dict_key_iterator_type, &key_iterator_spec);
    kr_type_init(&reverse_key_type, &reverse_key_spec);
}

void kr_dict_values_type_init(void)
{
    kr_type_init(&kr_dict_values_type, &values_spec);
    kr_type_init(&kr_dict_value_iterator_type, &value_iterator_spec);
    kr_type_init(&reverse_value_type, &reverse_value_spec);
}

void kr_dict_items_type_init(void)
{
    kr_type_init(&kr_dict_items_type, &items_spec);
    kr_type_init(&kr_dict_item_iterator_type, &item_iterator_spec);
    kr_type_init(&reverse_item_type, &reverse_item_spec);
}
