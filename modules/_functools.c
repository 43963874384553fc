/* _functools.c: partial, reduce, cmp_to_key and the wrapper behind functools.lru_cache.
 *
 * The cache of a bounded lru_cache is a dict of links in a ring ordered by use: root.next is the
 * oldest. An unbounded one maps keys to results. A key is the argument itself for a single int or
 * str, else a tuple of the arguments, then a mark, the keywords and, when typed, all types. */
#include "runtime/krait.h"

static KrType *partial_type, *key_type, *cache_type, *link_type;
static KrValue keyword_mark;

static bool has_keywords(KrValue kwnames)
{
    return !kr_is_empty(kwnames) && kr_tuple_size(kwnames) > 0;
}
static KrValue type_value_of(KrValue v) { return kr_type_value(kr_type_of(v)); }

/* ---- partial ---- */

typedef struct Partial {
    KrObject head;
    KrValue function, args, keywords; /* args: tuple; keywords: dict */
} Partial;

static void partial_trace(void *self, KrTracer *tracer)
{
    Partial *p = self;
    kr_trace(tracer, p->function);
    kr_trace(tracer, p->args);
    kr_trace(tracer, p->keywords);
}

static KrValue concat(KrValue tuple, const KrValue *more, size_t n)
{
    size_t m = kr_tuple_size(tuple);
    if (n == 0) return tuple;
    if (m == 0) return kr_tuple(more, n);
    KrValue list = kr_list(kr_tuple_items(tuple), m);
    for (size_t i = 0; i < n; i++)
        if (kr_is_empty(list) || kr_list_append(list, more[i]) < 0) return KR_EMPTY;
    return kr_list_to_tuple(list);
}

static int add_keywords(KrValue dict, const KrValue *values, KrValue kwnames)
{
    for (size_t i = 0; has_keywords(kwnames) && i < kr_tuple_size(kwnames); i++)
        if (kr_dict_set(dict, kr_tuple_get(kwnames, i), values[i]) < 0) return -1;
    return 0;
}

/* A partial whose instance has no attributes of its own may be merged into the new one. */
static bool is_plain_partial(KrValue v)
{
    if (!kr_is_a(v, partial_type)) return false;
    KrValue dict = kr_find_attr(v, KR_NAME("__dict__"));
    return kr_is_empty(dict) || (kr_is_dict(dict) && kr_dict_size(dict) == 0);
}

static KrValue partial_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    if (n < 1) return kr_raise(kr_TypeError, "type 'partial' takes at least one argument");
    KrValue function = args[0];
    if (!kr_is_callable(function))
        return kr_raise(kr_TypeError, "the first argument must be callable");
    KrValue bound = kr_tuple(args + 1, n - 1), keywords = KR_EMPTY;
    if (is_plain_partial(function)) {
        Partial *inner = kr_to_object(function);
        bound = concat(inner->args, args + 1, n - 1);
        keywords = kr_dict_copy(inner->keywords);
        function = inner->function;
    } else {
        if (kr_raised()) return KR_EMPTY;
        keywords = kr_dict();
    }
    if (kr_is_empty(bound) || kr_is_empty(keywords) ||
        add_keywords(keywords, args + n, kwnames) < 0)
        return KR_EMPTY;
    Partial *p = kr_alloc_instance(type);
    if (!p) return KR_EMPTY;
    p->function = function;
    p->args = bound;
    p->keywords = keywords;
    return kr_from_object(p);
}

static KrValue partial_call(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    Partial *p = kr_to_object(self);
    size_t m = kr_tuple_size(p->args), k = has_keywords(kwnames) ? kr_tuple_size(kwnames) : 0;
    if (kr_dict_size(p->keywords) == 0) {
        KrValue few[12], *all = few;
        if (m == 0) return kr_call(p->function, args, n, kwnames);
        if (m + n + k > 12 && !(all = kr_alloc_values(m + n + k))) return KR_EMPTY;
        for (size_t i = 0; i < m; i++) all[i] = kr_tuple_get(p->args, i);
        for (size_t i = 0; i < n + k; i++) all[m + i] = args[i];
        return kr_call(p->function, all, m + n, kwnames);
    }
    KrValue keywords = kr_dict_copy(p->keywords), all = concat(p->args, args, n);
    if (kr_is_empty(keywords) || kr_is_empty(all) || add_keywords(keywords, args + n, kwnames) < 0)
        return KR_EMPTY;
    return kr_call_tuple(p->function, all, keywords);
}

static KrValue partial_repr(KrValue self)
{
    int entered = kr_repr_enter(self);
    if (entered <= 0) return entered < 0 ? KR_EMPTY : kr_str("...");
    Partial *p = kr_to_object(self);
    KrText text;
    kr_text_init(&text);
    bool failed = kr_text_add_format(&text, "%T(%R", self, p->function) < 0;
    KrValue args = p->args, keywords = p->keywords, key, value;
    for (size_t i = 0; !failed && i < kr_tuple_size(args); i++) {
        kr_text_add_ascii(&text, ", ");
        failed = kr_text_add_repr(&text, kr_tuple_get(args, i)) < 0;
    }
    for (size_t i = 0; !failed && kr_dict_next(keywords, &i, &key, &value);)
        failed = kr_text_add_format(&text, ", %S=%R", key, value) < 0;
    kr_repr_leave(self);
    if (failed) {
        kr_text_drop(&text);
        return KR_EMPTY;
    }
    kr_text_add_char(&text, ')');
    return kr_text_finish(&text);
}

KR_FN(partial, partial_reduce, "__reduce__", "(self, /)", NULL)
{
    Partial *p = kr_to_object(a[0]);
    KrValue dict = kr_find_attr(a[0], KR_NAME("__dict__"));
    if (kr_is_empty(dict) && kr_raised()) return KR_EMPTY;
    if (kr_is_empty(dict) || (kr_is_dict(dict) && kr_dict_size(dict) == 0)) dict = kr_None;
    return kr_tuple_of(3, type_value_of(a[0]), kr_tuple_of(1, p->function),
                       kr_tuple_of(4, p->function, p->args, p->keywords, dict));
}

KR_FN(partial, partial_setstate, "__setstate__", "(self, state, /)", NULL)
{
    Partial *p = kr_to_object(a[0]);
    if (!kr_is_tuple(a[1]) || kr_tuple_size(a[1]) != 4)
        return kr_raise(kr_TypeError, "invalid partial state");
    KrValue function = kr_tuple_get(a[1], 0), args = kr_tuple_get(a[1], 1),
            keywords = kr_tuple_get(a[1], 2);
    KrValue dict = kr_tuple_get(a[1], 3);
    bool no_keywords = kr_is(keywords, kr_None);
    if (!kr_is_callable(function) || !kr_is_tuple(args) || (!no_keywords && !kr_is_dict(keywords)))
        return kr_raise(kr_TypeError, "invalid partial state");
    if (!kr_is_instance_exact(args, &kr_tuple_type))
        args = kr_tuple(kr_tuple_items(args), kr_tuple_size(args));
    if (no_keywords)
        keywords = kr_dict();
    else if (!kr_is_instance_exact(keywords, &kr_dict_type))
        keywords = kr_dict_copy(keywords);
    if (kr_is_empty(args) || kr_is_empty(keywords)) return KR_EMPTY;
    if (kr_is(dict, kr_None)) dict = kr_dict();
    if (kr_is_empty(dict) || kr_setattr_ascii(a[0], "__dict__", dict) < 0) return KR_EMPTY;
    p->function = function;
    p->args = args;
    p->keywords = keywords;
    return kr_None;
}

KR_CLASSMETHOD(partial, partial_class_getitem, "__class_getitem__", "(cls, item, /)", "See PEP 585")
{
    return kr_call2(kr_type_value(&kr_generic_alias_type), a[0], a[1]);
}

static KrValue partial_func(KrValue self) { return ((Partial *)kr_to_object(self))->function; }
static KrValue partial_args(KrValue self) { return ((Partial *)kr_to_object(self))->args; }
static KrValue partial_keywords(KrValue self) { return ((Partial *)kr_to_object(self))->keywords; }
static int readonly(KrValue self, KrValue value)
{
    (void)self;
    (void)value;
    kr_raise(kr_AttributeError, "readonly attribute");
    return -1;
}
KR_GETSET(partial, partial_func, readonly, "func", "function object to use in future partial calls")
KR_GETSET(partial, partial_args, readonly, "args", "tuple of arguments to future partial calls")
KR_GETSET(partial, partial_keywords, readonly, "keywords",
          "dictionary of keyword arguments to future partial calls")

/* ---- reduce ---- */

KR_FN(functools, functools_reduce, "reduce", "(function, iterable, initial=<unset>, /)",
      "reduce(function, iterable[, initial], /) -> value\n\nApply a function of two arguments "
      "cumulatively to the items of "
      "an iterable, from left to right.")
{
    KrValue it = kr_iter(a[1]), result = a[2], item;
    if (kr_is_empty(it)) {
        if (!kr_raised_is(kr_TypeError)) return KR_EMPTY;
        kr_clear_exception();
        return kr_raise(kr_TypeError, "reduce() arg 2 must support iteration");
    }
    while (!kr_is_empty(item = kr_next(it))) {
        result = kr_is_empty(result) ? item : kr_call2(a[0], result, item);
        if (kr_is_empty(result)) return KR_EMPTY;
    }
    if (kr_raised()) return KR_EMPTY;
    if (kr_is_empty(result))
        return kr_raise(kr_TypeError, "reduce() of empty iterable with no initial value");
    return result;
}

/* ---- cmp_to_key ---- */

typedef struct Key {
    KrObject head;
    KrValue compare, object; /* object: empty in the function that cmp_to_key returns */
} Key;

static void key_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((Key *)self)->compare);
    kr_trace(tracer, ((Key *)self)->object);
}

static KrValue key_new(KrValue compare, KrValue object)
{
    Key *k = kr_alloc_instance(key_type);
    if (!k) return KR_EMPTY;
    k->compare = compare;
    k->object = object;
    return kr_from_object(k);
}

static const KrFunction key_entry = {"K", "(obj)", NULL, NULL, 0, NULL};

static KrValue key_call(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    KrValue object = n ? args[0] : KR_EMPTY;
    if ((n != 1 || has_keywords(kwnames)) && kr_bind(&key_entry, args, n, kwnames, &object) < 0)
        return KR_EMPTY;
    return key_new(((Key *)kr_to_object(self))->compare, object);
}

static KrValue key_compare(KrValue a, KrValue b, int op)
{
    if (kr_type_of(a) != key_type || kr_type_of(b) != key_type)
        return kr_raise(kr_TypeError, "other argument must be K instance");
    Key *x = kr_to_object(a), *y = kr_to_object(b);
    if (kr_is_empty(x->object) || kr_is_empty(y->object))
        return kr_raise(kr_AttributeError, "object");
    KrValue result = kr_call2(x->compare, x->object, y->object);
    return kr_is_empty(result) ? KR_EMPTY : kr_compare(result, kr_int(0), op);
}

static KrValue key_object(KrValue self)
{
    KrValue object = ((Key *)kr_to_object(self))->object;
    return kr_is_empty(object) ? kr_None : object;
}
static int key_set_object(KrValue self, KrValue value)
{
    ((Key *)kr_to_object(self))->object = value;
    return 0;
}
KR_GETSET(key, key_object, key_set_object, "obj", "Value wrapped by a key function.")

KR_FN(functools, functools_cmp_to_key, "cmp_to_key", "(mycmp)",
      "Convert a cmp= function into a key= function.")
{
    return key_new(a[0], KR_EMPTY);
}

/* ---- lru_cache ---- */

typedef struct Link {
    KrObject head;
    struct Link *previous, *next;
    KrValue key, result;
    int64_t hash; /* of the key */
} Link;

typedef struct Cache {
    KrObject head;
    KrValue function, entries, info_type; /* entries: dict */
    Link *root;
    int64_t most; /* -1: unbounded */
    int64_t hits, misses;
    bool typed;
} Cache;

static void link_trace(void *self, KrTracer *tracer)
{
    Link *l = self;
    kr_trace_pointer(tracer, l->previous);
    kr_trace_pointer(tracer, l->next);
    kr_trace(tracer, l->key);
    kr_trace(tracer, l->result);
}

static void cache_trace(void *self, KrTracer *tracer)
{
    Cache *c = self;
    kr_trace(tracer, c->function);
    kr_trace(tracer, c->entries);
    kr_trace(tracer, c->info_type);
    kr_trace_pointer(tracer, c->root);
}

static const KrFunction cache_entry = {
    "lru_cache", "(user_function, maxsize, typed, cache_info_type)", NULL, NULL, 0, NULL};

static Link *new_root(void)
{
    Link *root = kr_alloc_instance(link_type);
    if (root) root->previous = root->next = root;
    return root;
}

static KrValue cache_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    KrValue slots[4];
    if (kr_bind(&cache_entry, args, n, kwnames, slots) < 0) return KR_EMPTY;
    int64_t most = -1;
    if (!kr_is_callable(slots[0]))
        return kr_raise(kr_TypeError, "the first argument must be callable");
    if (kr_has_index(slots[1])) {
        if (kr_to_index(slots[1], &most) < 0) return KR_EMPTY;
        if (most < 0) most = 0;
    } else if (!kr_is(slots[1], kr_None)) {
        return kr_raise(kr_TypeError, "maxsize should be integer or None");
    }
    int typed = kr_truth(slots[2]);
    if (typed < 0) return KR_EMPTY;
    KrValue entries = kr_dict();
    Link *root = new_root();
    if (kr_is_empty(entries) || !root) return KR_EMPTY;
    Cache *c = kr_alloc_instance(type);
    if (!c) return KR_EMPTY;
    c->function = slots[0];
    c->entries = entries;
    c->info_type = slots[3];
    c->root = root;
    c->most = most;
    c->typed = typed;
    return kr_from_object(c);
}

static KrValue make_key(const Cache *c, const KrValue *args, size_t n, KrValue kwnames)
{
    size_t k = has_keywords(kwnames) ? kr_tuple_size(kwnames) : 0;
    if (k == 0 && n == 1 && !c->typed) {
        KrType *type = kr_type_of(args[0]);
        if (type == &kr_int_type || type == &kr_str_type) return args[0];
    }
    if (k == 0 && !c->typed) return kr_tuple(args, n);
    size_t total = n + (k ? 1 + 2 * k : 0) + (c->typed ? n + k : 0), at = n;
    KrValue few[24], *all = total > 24 ? kr_alloc_values(total) : few;
    if (!all) return KR_EMPTY;
    for (size_t i = 0; i < n; i++) all[i] = args[i];
    if (k) all[at++] = keyword_mark;
    for (size_t i = 0; i < k; i++) {
        all[at++] = kr_tuple_get(kwnames, i);
        all[at++] = args[n + i];
    }
    for (size_t i = 0; c->typed && i < n + k; i++) all[at++] = type_value_of(args[i]);
    return kr_tuple(all, total);
}

static void unlink_entry(Link *l)
{
    l->previous->next = l->next;
    l->next->previous = l->previous;
}

static void link_newest(Cache *c, Link *l)
{
    Link *last = c->root->previous;
    l->previous = last;
    l->next = c->root;
    last->next = c->root->previous = l;
}

static KrValue call_bounded(Cache *c, const KrValue *args, size_t n, KrValue kwnames)
{
    KrValue key = make_key(c, args, n, kwnames);
    int64_t hash = kr_is_empty(key) ? -1 : kr_hash(key);
    if (hash == -1) return KR_EMPTY;
    KrValue found = kr_dict_find_with_hash(c->entries, key, hash);
    if (!kr_is_empty(found)) {
        Link *l = kr_to_object(found);
        unlink_entry(l);
        link_newest(c, l);
        c->hits++;
        return l->result;
    }
    if (kr_raised()) return KR_EMPTY;
    c->misses++;
    KrValue result = kr_call(c->function, args, n, kwnames);
    if (kr_is_empty(result)) return KR_EMPTY;
    /* The call may have stored the same key: keep that entry. */
    found = kr_dict_find_with_hash(c->entries, key, hash);
    if (!kr_is_empty(found)) return result;
    if (kr_raised()) return KR_EMPTY;
    if ((int64_t)kr_dict_size(c->entries) >= c->most && c->root->next != c->root) {
        Link *oldest = c->root->next;
        unlink_entry(oldest);
        if (kr_dict_delete_with_hash(c->entries, oldest->key, oldest->hash) < 0) {
            link_newest(c, oldest);
            return KR_EMPTY;
        }
    }
    Link *l = kr_alloc_instance(link_type);
    if (!l) return KR_EMPTY;
    l->key = key;
    l->hash = hash;
    l->result = result;
    l->previous = l->next = l;
    if (kr_dict_set_with_hash(c->entries, key, hash, kr_from_object(l)) < 0) return KR_EMPTY;
    link_newest(c, l);
    return result;
}

static KrValue call_unbounded(Cache *c, const KrValue *args, size_t n, KrValue kwnames)
{
    KrValue key = make_key(c, args, n, kwnames);
    int64_t hash = kr_is_empty(key) ? -1 : kr_hash(key);
    if (hash == -1) return KR_EMPTY;
    KrValue found = kr_dict_find_with_hash(c->entries, key, hash);
    if (!kr_is_empty(found)) {
        c->hits++;
        return found;
    }
    if (kr_raised()) return KR_EMPTY;
    c->misses++;
    KrValue result = kr_call(c->function, args, n, kwnames);
    if (kr_is_empty(result) || kr_dict_set_with_hash(c->entries, key, hash, result) < 0)
        return KR_EMPTY;
    return result;
}

static KrValue cache_call(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    Cache *c = kr_to_object(self);
    if (c->most < 0) return call_unbounded(c, args, n, kwnames);
    if (c->most > 0) return call_bounded(c, args, n, kwnames);
    c->misses++;
    return kr_call(c->function, args, n, kwnames);
}

static KrValue cache_get(KrValue self, KrValue instance, KrValue owner)
{
    (void)owner;
    if (kr_is_empty(instance) || kr_is(instance, kr_None)) return self;
    return kr_call2(kr_type_value(&kr_method_type), self, instance);
}

KR_FN(cache, cache_info, "cache_info", "(self, /)", "Report cache statistics")
{
    Cache *c = kr_to_object(a[0]);
    KrValue values[4] = {kr_int(c->hits), kr_int(c->misses),
                         c->most < 0 ? kr_None : kr_int(c->most),
                         kr_int((int64_t)kr_dict_size(c->entries))};
    return kr_call(c->info_type, values, 4, KR_EMPTY);
}

KR_FN(cache, cache_clear, "cache_clear", "(self, /)", "Clear the cache and cache statistics")
{
    Cache *c = kr_to_object(a[0]);
    Link *root = new_root();
    if (!root) return KR_EMPTY;
    c->root = root;
    c->hits = c->misses = 0;
    kr_dict_clear(c->entries);
    return kr_None;
}

KR_FN(cache, cache_reduce, "__reduce__", "(self, /)", NULL)
{
    return kr_getattr_ascii(a[0], "__qualname__");
}
KR_FN(cache, cache_copy, "__copy__", "(self, /)", NULL) { return a[0]; }
KR_FN(cache, cache_deepcopy, "__deepcopy__", "(self, memo, /)", NULL) { return a[0]; }

#include "modules/_functools.entries.h"

static const KrTypeSpec partial_spec = {
    .name = "functools.partial",
    .doc = "partial(func, *args, **keywords) - new function with partial application\n    of the "
           "given arguments and "
           "keywords.\n",
    .size = sizeof(Partial),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_DICT,
    .trace = partial_trace,
    .functions = partial_functions,
    .getset = partial_getset,
    .slots = {.make = partial_make, .call = partial_call, .repr = partial_repr},
};

static const KrTypeSpec key_spec = {
    .name = "functools.KeyWrapper",
    .size = sizeof(Key),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_NO_WEAKREF,
    .trace = key_trace,
    .getset = key_getset,
    .slots = {.call = key_call, .compare = key_compare},
};

static const KrTypeSpec cache_spec = {
    .name = "functools._lru_cache_wrapper",
    .doc = "Create a cached callable that wraps another function.\n\nuser_function:      the "
           "function being "
           "cached\n\nmaxsize:  0         for no caching\n          None      for unlimited cache "
           "size\n          n         "
           "for a bounded cache\n\ntyped:    False     cache f(3) and f(3.0) as identical calls\n  "
           "        True      cache "
           "f(3) and f(3.0) as distinct calls\n\ncache_info_type:    namedtuple class with the "
           "fields:\n                     "
           "       hits misses currsize maxsize\n",
    .size = sizeof(Cache),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_DICT | KR_TYPE_METHOD,
    .trace = cache_trace,
    .functions = cache_functions,
    .slots = {.make = cache_make, .call = cache_call, .descr_get = cache_get},
};

static const KrTypeSpec link_spec = {
    .name = "functools._lru_list_elem",
    .size = sizeof(Link),
    .trace = link_trace,
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_NO_WEAKREF,
};

static int functools_exec(KrValue module)
{
    kr_type_once(&partial_type, &partial_spec);
    kr_type_once(&key_type, &key_spec);
    kr_type_once(&cache_type, &cache_spec);
    kr_type_once(&link_type, &link_spec);
    if (!partial_type || !key_type || !cache_type || !link_type) return -1;
    if (kr_is_empty(keyword_mark)) {
        keyword_mark = kr_call0(kr_type_value(&kr_object_type));
        if (kr_is_empty(keyword_mark)) return -1;
        kr_root(&keyword_mark);
    }
    return kr_module_add_type(module, partial_type) < 0 ? -1
                                                        : kr_module_add_type(module, cache_type);
}

KR_MODULE(_functools) = {
    .api_version = KR_API_VERSION,
    .name = "_functools",
    .doc = "Tools that operate on functions.",
    .functions = functools_functions,
    .exec = functools_exec,
};
