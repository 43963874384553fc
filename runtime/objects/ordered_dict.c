/* ordered_dict.c: collections.OrderedDict: a dict, whose order is that of insertion anyway, with
 * keys that can be moved to either end, comparison by order, and views and iterators of its own.
 *
 * The methods that build on others (update, copy, setdefault, ...) go through the subscript slots,
 * as a subclass that overrides those expects. An iterator compares the dict's keys_version: any
 * key added, removed or moved meanwhile is "OrderedDict mutated during iteration". */
#include "runtime/objects/dict.h"
#include "runtime/objects/list.h"
#include "runtime/objects/quick.h"
#include "runtime/objects/tuple.h"

Type kr_ordered_dict_type;
static Type keys_type, values_type, items_type, iterator_type;

typedef struct OrderedIterator {
    Object head;
    Value dict; /* EMPTY when finished */
    uint64_t version;
    size_t position; /* in the entries; reversed: one past the next */
    size_t remaining;
    int what;
    bool reversed;
} OrderedIterator;

static bool is_ordered(Value v)
{
    return is_object(v) && kr_is_subtype(type_of(v), &kr_ordered_dict_type);
}
static bool is_exactly_ordered(Value v) { return is_exact(v, &kr_ordered_dict_type); }

/* ---- Iterators ---- */

static Value new_iterator(Value dict, int what, bool reversed)
{
    OrderedIterator *it = heap_alloc(&iterator_type, sizeof(OrderedIterator));
    if (!it) return EMPTY;
    Dict *d = dict_of(dict);
    it->dict = dict;
    it->version = d->keys_version;
    it->position = reversed ? d->filled : d->first;
    it->remaining = d->used;
    it->what = what;
    it->reversed = reversed;
    return from_object(it);
}

static void iterator_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((OrderedIterator *)self)->dict);
}
static Value iterator_self(Value self) { return self; }

static Value iterator_next(Value self)
{
    OrderedIterator *it = object_of(self);
    if (is_empty(it->dict)) return EMPTY;
    Dict *d = dict_of(it->dict);
    if (UNLIKELY(it->version != d->keys_version)) {
        it->dict = EMPTY;
        return kr_raise(kr_RuntimeError, "OrderedDict mutated during iteration");
    }
    if (it->remaining == 0) {
        it->dict = EMPTY;
        return EMPTY;
    }
    size_t e = it->position;
    if (it->reversed) {
        while (is_empty(d->entries[e - 1].key)) e--;
        it->position = --e;
    } else {
        while (is_empty(d->entries[e].key)) e++;
        it->position = e + 1;
    }
    it->remaining--;
    Value key = d->entries[e].key;
    if (it->what == DICT_KEYS) return key;
    Value value = d->entries[e].value;
    /* A subclass's __getitem__ gives the values. */
    if (!is_exactly_ordered(it->dict)) value = kr_getitem(it->dict, key);
    if (it->what == DICT_VALUES) return value;
    return kr_tuple_of(2, key, value);
}

KR_FN(ordered_iterator, iterator_hint, "__length_hint__", "(self, /)",
      "Private method returning an estimate of len(list(it)).")
{
    OrderedIterator *it = object_of(a[0]);
    return kr_int(is_empty(it->dict) ? 0 : (int64_t)it->remaining);
}

KR_FN(ordered_iterator, iterator_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling")
{
    OrderedIterator *it = object_of(a[0]),
                    *copy = heap_alloc(&iterator_type, sizeof(OrderedIterator));
    if (!copy) return EMPTY;
    Object head = copy->head;
    *copy = *it;
    copy->head = head;
    Value rest = kr_list_from(from_object(copy));
    if (is_empty(rest)) return EMPTY;
    return kr_tuple_of(2, kr_import_attr("builtins", "iter"), kr_tuple_of(1, rest));
}

/* ---- Views ---- */

static Value viewed(Value view) { return ((DictView *)object_of(view))->dict; }

static Value new_view(Type *type, Value dict)
{
    DictView *view = heap_alloc(type, sizeof(DictView));
    if (!view) return EMPTY;
    view->dict = dict;
    return from_object(view);
}

static Value keys_iter(Value self) { return new_iterator(viewed(self), DICT_KEYS, false); }
static Value values_iter(Value self) { return new_iterator(viewed(self), DICT_VALUES, false); }
static Value items_iter(Value self) { return new_iterator(viewed(self), DICT_ITEMS, false); }

KR_FN(ordered_keys, keys_reversed, "__reversed__", "(self, /)", NULL)
{
    return new_iterator(viewed(a[0]), DICT_KEYS, true);
}
KR_FN(ordered_values, values_reversed, "__reversed__", "(self, /)", NULL)
{
    return new_iterator(viewed(a[0]), DICT_VALUES, true);
}
KR_FN(ordered_items, items_reversed, "__reversed__", "(self, /)", NULL)
{
    return new_iterator(viewed(a[0]), DICT_ITEMS, true);
}

KR_FN(ordered_dict, ordered_keys, "keys", "(self, /)", NULL) { return new_view(&keys_type, a[0]); }
KR_FN(ordered_dict, ordered_values, "values", "(self, /)", NULL)
{
    return new_view(&values_type, a[0]);
}
KR_FN(ordered_dict, ordered_items, "items", "(self, /)", NULL)
{
    return new_view(&items_type, a[0]);
}
KR_FN(ordered_dict, ordered_reversed, "__reversed__", "(self, /)",
      "od.__reversed__() <==> reversed(od)")
{
    return new_iterator(a[0], DICT_KEYS, true);
}
static Value ordered_iter(Value self) { return new_iterator(self, DICT_KEYS, false); }

/* ---- Filling: every key goes through the subscript ---- */

static int add_item(Value self, Value key, Value value)
{
    return is_exactly_ordered(self) ? kr_dict_set(self, key, value) : kr_setitem(self, key, value);
}

static int add_pairs(Value self, Value pairs)
{
    Value it = kr_iter(pairs), pair;
    if (is_empty(it)) return -1;
    while (!is_empty(pair = kr_next(it))) {
        Value items = kr_tuple_from(pair);
        if (is_empty(items)) return -1;
        size_t n = tuple_of(items)->size;
        if (n != 2) {
            if (n < 2)
                kr_raise(kr_ValueError, "need more than %zu value%s to unpack", n,
                         n == 1 ? "" : "s");
            else
                kr_raise(kr_ValueError, "too many values to unpack (expected 2)");
            return -1;
        }
        if (add_item(self, tuple_of(items)->items[0], tuple_of(items)->items[1]) < 0) return -1;
    }
    return kr_raised() ? -1 : 0;
}

static int add_keys(Value self, Value mapping, Value keys)
{
    Value it = kr_iter(keys), key;
    if (is_empty(it)) return -1;
    while (!is_empty(key = kr_next(it))) {
        Value value = kr_getitem(mapping, key);
        if (is_empty(value) || add_item(self, key, value) < 0) return -1;
    }
    return kr_raised() ? -1 : 0;
}

static int update_from(Value self, Value other)
{
    if (is_exact(other, &kr_dict_type)) {
        Value items = kr_call_method0(other, "items");
        return is_empty(items) ? -1 : add_pairs(self, items);
    }
    Value method = kr_find_attr(other, KR_NAME("keys"));
    if (!is_empty(method)) {
        Value keys = kr_call0(method);
        return is_empty(keys) ? -1 : add_keys(self, other, keys);
    }
    if (kr_raised()) return -1;
    method = kr_find_attr(other, KR_NAME("items"));
    if (!is_empty(method)) other = kr_call0(method);
    return kr_raised() || is_empty(other) ? -1 : add_pairs(self, other);
}

static int update_from_call(Value self, const Value *args, size_t n, Value kwnames)
{
    if (n && update_from(self, args[0]) < 0) return -1;
    for (size_t i = 0; has_keywords(kwnames) && i < tuple_of(kwnames)->size; i++)
        if (add_item(self, tuple_of(kwnames)->items[i], args[n + i]) < 0) return -1;
    return 0;
}

static int ordered_init(Value self, const Value *args, size_t n, Value kwnames)
{
    if (n <= 1) return update_from_call(self, args, n, kwnames);
    kr_raise(kr_TypeError, "expected at most 1 arguments, got %zu", n);
    return -1;
}

KR_FN_RAW(ordered_dict, ordered_update, "update", "(self, other=(), /, **kwargs)",
          "od.update(E, **F) -> None.  Update od from dict/iterable E and F.")
{
    if (n > 2)
        return kr_raise(kr_TypeError, "update() takes at most 1 positional argument (%zu given)",
                        n - 1);
    return update_from_call(args[0], args + 1, n - 1, kwnames) < 0 ? EMPTY : NONE;
}

KR_CLASSMETHOD(ordered_dict, ordered_fromkeys, "fromkeys", "(cls, iterable, value=None)",
               "Create a new ordered dictionary with keys from iterable and values set to value.")
{
    Value made = kr_call0(a[0]), it, key;
    if (is_empty(made) || is_empty(it = kr_iter(a[1]))) return EMPTY;
    while (!is_empty(key = kr_next(it)))
        if (kr_setitem(made, key, a[2]) < 0) return EMPTY;
    return kr_raised() ? EMPTY : made;
}

/* ---- Taking out ---- */

static Value pop_key(Value self, Value key, Value fallback)
{
    Value value = kr_dict_pop(self, key);
    if (!is_empty(value) || kr_raised()) return value;
    return is_empty(fallback) ? kr_raise_key(key) : fallback;
}

KR_FN(ordered_dict, ordered_pop, "pop", "(self, key, default=<unset>)",
      "od.pop(key[,default]) -> v, remove specified key and return the corresponding value.\n\nIf "
      "the key is not found, "
      "return the default if given; otherwise,\nraise a KeyError.")
{
    return pop_key(a[0], a[1], a[2]);
}

KR_FN(ordered_dict, ordered_popitem, "popitem", "(self, last=True)",
      "Remove and return a (key, value) pair from the dictionary.\n\nPairs are returned in LIFO "
      "order if last is true or FIFO "
      "order if false.")
{
    Dict *d = dict_of(a[0]);
    int last = kr_truth(a[1]);
    if (last < 0) return EMPTY;
    if (d->used == 0) return kr_raise_object(kr_KeyError, kr_str("dictionary is empty"));
    DictEntry *entry = &d->entries[kr_dict_end_entry(d, last)];
    Value key = entry->key, value = entry->value;
    if (kr_dict_delete_hashed(d, key, entry->hash) < 0) return EMPTY;
    return kr_tuple_of(2, key, value);
}

KR_FN(ordered_dict, ordered_move_to_end, "move_to_end", "(self, key, last=True)",
      "Move an existing element to the end (or beginning if last is false).\n\nRaise KeyError if "
      "the element does not exist.")
{
    int last = kr_truth(a[2]);
    int64_t hash = last < 0 ? -1 : quick_hash(a[1]);
    if (hash == -1) return EMPTY;
    int moved = kr_dict_move_to_end(dict_of(a[0]), a[1], hash, last);
    return moved < 0 ? EMPTY : moved ? NONE : kr_raise_key(a[1]);
}

KR_FN(ordered_dict, ordered_setdefault, "setdefault", "(self, key, default=None)",
      "Insert key with a value of default if key is not in the dictionary.\n\nReturn the value for "
      "key if key is in the "
      "dictionary, else default.")
{
    if (is_exactly_ordered(a[0])) return kr_dict_set_default(a[0], a[1], a[2]);
    int present = kr_contains(a[0], a[1]);
    if (present) return present < 0 ? EMPTY : kr_getitem(a[0], a[1]);
    return kr_setitem(a[0], a[1], a[2]) < 0 ? EMPTY : a[2];
}

/* ---- Copies, comparison, text ---- */

KR_FN(ordered_dict, ordered_copy, "copy", "(self, /)", "od.copy() -> a shallow copy of od")
{
    Value copy = kr_call0(kr_type_value(type_of(a[0])));
    if (is_empty(copy)) return EMPTY;
    Value attributes = kr_find_attr(a[0], KR_NAME("__dict__"));
    if (is_empty(attributes) && kr_raised()) return EMPTY;
    if (!is_empty(attributes) && is_dict(attributes)) {
        Value name, value;
        for (size_t i = 0; kr_dict_next(attributes, &i, &name, &value);)
            if (kr_setattr(copy, name, value) < 0) return EMPTY;
    }
    return add_keys(copy, a[0], a[0]) < 0 ? EMPTY : copy;
}

KR_FN(ordered_dict, ordered_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling")
{
    Value items = kr_call_method0(a[0], "items");
    if (is_empty(items)) return EMPTY;
    return kr_tuple_of(5, kr_type_value(type_of(a[0])), kr_tuple(NULL, 0),
                       kr_call_method0(a[0], "__getstate__"), NONE, kr_iter(items));
}

static Value ordered_compare(Value a, Value b, int op)
{
    if ((op != KR_EQ && op != KR_NE) || !is_dict(a) || !is_dict(b)) return NOT_IMPLEMENTED;
    Value same_items = kr_dict_type.slots.compare(a, b, KR_EQ);
    if (!is_bool(same_items)) return same_items;
    bool equal = is_true(same_items);
    if (equal && is_ordered(a) && is_ordered(b)) {
        Value x, y;
        for (size_t i = 0, j = 0;
             equal && kr_dict_next(a, &i, &x, NULL) && kr_dict_next(b, &j, &y, NULL);) {
            int status = quick_equal(x, y);
            if (status < 0) return EMPTY;
            equal = status;
        }
    }
    return from_bool(equal == (op == KR_EQ));
}

static Value ordered_or(Value a, Value b)
{
    if (!is_dict(a) || !is_dict(b)) return NOT_IMPLEMENTED;
    Value both = kr_call1(kr_type_value(type_of(is_ordered(a) ? a : b)), a);
    return is_empty(both) || update_from(both, b) < 0 ? EMPTY : both;
}

static Value ordered_inplace_or(Value self, Value other)
{
    return update_from(self, other) < 0 ? EMPTY : self;
}

static Value ordered_repr(Value self)
{
    const char *name = kr_type_name(type_of(self)), *dot = strrchr(name, '.');
    if (dot) name = dot + 1;
    if (dict_of(self)->used == 0) return kr_str_format("%s()", name);
    int entered = kr_repr_enter(self);
    if (entered <= 0) return entered < 0 ? EMPTY : kr_str("...");
    Value items = kr_call_method0(self, "items"), text = EMPTY;
    if (!is_empty(items)) items = kr_list_from(items);
    if (!is_empty(items)) text = kr_str_format("%s(%R)", name, items);
    kr_repr_leave(self);
    return text;
}

#include "runtime/objects/ordered_dict.entries.h"

static const KrTypeSpec ordered_spec = {
    .name = "collections.OrderedDict",
    .doc = "Dictionary that remembers insertion order",
    .size = sizeof(Dict),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_MAPPING | KR_TYPE_DICT,
    .base = &kr_dict_type,
    .functions = ordered_dict_functions,
    .slots = {.init = ordered_init,
              .repr = ordered_repr,
              .compare = ordered_compare,
              .iter = ordered_iter,
              .binary[KR_OR] = ordered_or,
              .inplace[KR_OR] = ordered_inplace_or},
};

#define PRIVATE (KR_TYPE_IMMUTABLE | KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_NO_WEAKREF)
static const KrTypeSpec keys_spec = {
    .name = "odict_keys",
    .size = sizeof(DictView),
    .flags = PRIVATE,
    .base = &kr_dict_keys_type,
    .functions = ordered_keys_functions,
    .slots = {.iter = keys_iter},
};
static const KrTypeSpec values_spec = {
    .name = "odict_values",
    .size = sizeof(DictView),
    .flags = PRIVATE,
    .base = &kr_dict_values_type,
    .functions = ordered_values_functions,
    .slots = {.iter = values_iter},
};
static const KrTypeSpec items_spec = {
    .name = "odict_items",
    .size = sizeof(DictView),
    .flags = PRIVATE,
    .base = &kr_dict_items_type,
    .functions = ordered_items_functions,
    .slots = {.iter = items_iter},
};
static const KrTypeSpec iterator_spec = {
    .name = "odict_iterator",
    .size = sizeof(OrderedIterator),
    .flags = PRIVATE,
    .trace = iterator_trace,
    .functions = ordered_iterator_functions,
    .slots = {.iter = iterator_self, .next = iterator_next},
};

void kr_ordered_dict_type_init(void)
{
    kr_type_init(&kr_ordered_dict_type, &ordered_spec);
    kr_type_init(&keys_type, &keys_spec);
    kr_type_init(&values_type, &values_spec);
    kr_type_init(&items_type, &items_spec);
    kr_type_init(&iterator_type, &iterator_spec);
}
