/* set_algebra.c: union, intersection, difference and the comparisons of sets and frozensets.
 *
 * Results of operators and methods have the exact base type set or frozenset of the left operand.
 * Hashes that a set or a dict already knows are not computed again. A walk over a set whose keys
 * may be compared by Python code uses positions, never pointers into the table. */
#include "runtime/objects/set_algebra.h"

#include "runtime/objects/dict.h"
#include "runtime/objects/quick.h"
#include "runtime/objects/tuple.h"

static Type *base_type(Value self)
{
    return kr_is_subtype(type_of(self), &kr_set_type) ? &kr_set_type : &kr_frozenset_type;
}

static int merge_set(Set *to, Set *from)
{
    if (to == from || from->used == 0) return 0;
    if ((to->filled + from->used) * 5 >= to->mask * 3 &&
        kr_set_resize(to, (to->used + from->used) * 2) < 0)
        return -1;
    if (to->filled == 0 && to->mask == from->mask && from->filled == from->used) {
        memcpy(to->table, from->table, (from->mask + 1) * sizeof(SetEntry));
        to->used = to->filled = from->used;
        return 0;
    }
    Value key;
    int64_t hash;
    if (to->filled == 0) { /* all keys are new, and there is room */
        for (size_t i = 0; kr_set_next_hashed(from, &i, &key, &hash);)
            kr_set_insert_clean(to, key, hash);
        return 0;
    }
    for (size_t i = 0; kr_set_next_hashed(from, &i, &key, &hash);)
        if (kr_set_add_hashed(to, key, hash) < 0) return -1;
    return 0;
}

static int merge_dict(Set *to, const Dict *from)
{
    if ((to->filled + from->used) * 5 >= to->mask * 3 &&
        kr_set_resize(to, (to->used + from->used) * 2) < 0)
        return -1;
    Value key, value;
    int64_t hash;
    for (size_t i = 0; kr_dict_next_hashed(from, &i, &key, &value, &hash);)
        if (kr_set_add_hashed(to, key, hash) < 0) return -1;
    return 0;
}

int kr_set_update(Value set, Value iterable)
{
    Set *to = set_of(set);
    if (kr_is_set(iterable)) return merge_set(to, set_of(iterable));
    if (is_exact(iterable, &kr_dict_type)) return merge_dict(to, dict_of(iterable));
    Value it = kr_iter(iterable), key;
    if (is_empty(it)) return -1;
    Value (*next)(Value) = type_of(it)->slots.next;
    while (!is_empty(key = next(it)))
        if (kr_set_add(set, key) < 0) return -1;
    return end_of_iteration();
}

Value kr_set_make_from(Type *type, Value iterable)
{
    Set *s = kr_set_alloc(type);
    if (!s) return EMPTY;
    Value set = from_object(s);
    return !is_empty(iterable) && kr_set_update(set, iterable) < 0 ? EMPTY : set;
}

void kr_set_swap(Set *a, Set *b)
{
    Set copy = *a;
    bool a_small = a->table == a->small, b_small = b->table == b->small;
    size_t offset = offsetof(Set, used);
    memcpy((char *)a + offset, (char *)b + offset, sizeof(Set) - offset);
    memcpy((char *)b + offset, (char *)&copy + offset, sizeof(Set) - offset);
    if (b_small) a->table = a->small;
    if (a_small) b->table = b->small;
    a->hash = b->hash = -1;
}

Value kr_set_copy(Value self) { return kr_set_make_from(base_type(self), self); }

Value kr_set_union(Value self, Value others)
{
    Value result = kr_set_copy(self);
    if (is_empty(result)) return EMPTY;
    Tuple *t = tuple_of(others);
    for (size_t i = 0; i < t->size; i++)
        if (!same(t->items[i], self) && kr_set_update(result, t->items[i]) < 0) return EMPTY;
    return result;
}

static Value intersect(Value self, Value other)
{
    if (same(self, other)) return kr_set_copy(self);
    Set *result = kr_set_alloc(base_type(self)), *s = set_of(self);
    if (!result) return EMPTY;
    Value key;
    if (kr_is_set(other)) {
        Set *walked = set_of(other);
        if (walked->used > s->used) {
            Set *swap = walked;
            walked = s;
            s = swap;
        }
        int64_t hash;
        for (size_t i = 0; kr_set_next_hashed(walked, &i, &key, &hash);) {
            int found = kr_set_contains_hashed(s, key, hash);
            if (found < 0 || (found && kr_set_add_hashed(result, key, hash) < 0)) return EMPTY;
        }
        return from_object(result);
    }
    Value it = kr_iter(other);
    if (is_empty(it)) return EMPTY;
    while (!is_empty(key = kr_next(it))) {
        int64_t hash = quick_hash(key);
        if (hash == -1) return EMPTY;
        int found = kr_set_contains_hashed(s, key, hash);
        if (found < 0 || (found && kr_set_add_hashed(result, key, hash) < 0)) return EMPTY;
    }
    return kr_raised() ? EMPTY : from_object(result);
}

Value kr_set_intersection_all(Value self, Value others)
{
    Tuple *t = tuple_of(others);
    if (t->size == 0) return kr_set_copy(self);
    Value result = self;
    for (size_t i = 0; i < t->size; i++) {
        result = intersect(result, t->items[i]);
        if (is_empty(result)) return EMPTY;
    }
    return result;
}

int kr_set_difference_update(Value self, Value other)
{
    Set *s = set_of(self);
    Value key;
    if (same(self, other)) {
        kr_set_reset(s);
        return 0;
    }
    if (kr_is_set(other)) {
        Set *from = set_of(other);
        int64_t hash;
        if ((from->used >> 3) > s->used) {
            Value smaller = intersect(self, other);
            if (is_empty(smaller)) return -1;
            from = set_of(smaller);
        }
        for (size_t i = 0; kr_set_next_hashed(from, &i, &key, &hash);)
            if (kr_set_discard_hashed(s, key, hash) < 0) return -1;
    } else {
        Value it = kr_iter(other);
        if (is_empty(it)) return -1;
        while (!is_empty(key = kr_next(it)))
            if (kr_set_discard(self, key) < 0) return -1;
        if (kr_raised()) return -1;
    }
    if (s->filled - s->used <= s->mask / 4) return 0;
    return kr_set_resize(s, s->used > 50000 ? s->used * 2 : s->used * 4);
}

static Value subtract(Value self, Value other)
{
    Set *s = set_of(self);
    bool is_set = kr_is_set(other), is_dict_other = is_exact(other, &kr_dict_type);
    size_t other_size = is_set ? set_of(other)->used : is_dict_other ? dict_of(other)->used : 0;
    if ((!is_set && !is_dict_other) || (s->used >> 2) > other_size) {
        Value result = kr_set_copy(self);
        return is_empty(result) || kr_set_difference_update(result, other) < 0 ? EMPTY : result;
    }
    Set *result = kr_set_alloc(base_type(self));
    if (!result) return EMPTY;
    Value key;
    int64_t hash;
    for (size_t i = 0; kr_set_next_hashed(s, &i, &key, &hash);) {
        int64_t found = is_set ? kr_set_contains_hashed(set_of(other), key, hash)
                               : kr_dict_lookup(dict_of(other), key, hash) + 1;
        if (is_set ? found < 0 : found == -1) return EMPTY;
        if (found == 0 && kr_set_add_hashed(result, key, hash) < 0) return EMPTY;
    }
    return from_object(result);
}

Value kr_set_difference_all(Value self, Value others)
{
    Tuple *t = tuple_of(others);
    if (t->size == 0) return kr_set_copy(self);
    Value result = subtract(self, t->items[0]);
    for (size_t i = 1; i < t->size && !is_empty(result); i++)
        if (kr_set_difference_update(result, t->items[i]) < 0) return EMPTY;
    return result;
}

int kr_set_symmetric_difference_update(Value self, Value other)
{
    Set *s = set_of(self);
    if (same(self, other)) {
        kr_set_reset(s);
        return 0;
    }
    Value key, value;
    int64_t hash;
    if (is_exact(other, &kr_dict_type)) {
        for (size_t i = 0; kr_dict_next_hashed(dict_of(other), &i, &key, &value, &hash);) {
            int removed = kr_set_discard_hashed(s, key, hash);
            if (removed < 0 || (!removed && kr_set_add_hashed(s, key, hash) < 0)) return -1;
        }
        return 0;
    }
    if (!kr_is_set(other)) {
        other = kr_set_make_from(base_type(self), other);
        if (is_empty(other)) return -1;
    }
    for (size_t i = 0; kr_set_next_hashed(set_of(other), &i, &key, &hash);) {
        int removed = kr_set_discard_hashed(s, key, hash);
        if (removed < 0 || (!removed && kr_set_add_hashed(s, key, hash) < 0)) return -1;
    }
    return 0;
}

Value kr_set_symmetric_difference(Value self, Value other)
{
    Value result = kr_set_make_from(base_type(self), other);
    return is_empty(result) || kr_set_symmetric_difference_update(result, self) < 0 ? EMPTY
                                                                                    : result;
}

Value kr_set_isdisjoint(Value self, Value other)
{
    Set *s = set_of(self);
    Value key;
    if (same(self, other)) return from_bool(s->used == 0);
    if (kr_is_set(other)) {
        Set *walked = set_of(other);
        if (walked->used > s->used) {
            Set *swap = walked;
            walked = s;
            s = swap;
        }
        int64_t hash;
        for (size_t i = 0; kr_set_next_hashed(walked, &i, &key, &hash);) {
            int found = kr_set_contains_hashed(s, key, hash);
            if (found) return found < 0 ? EMPTY : FALSE_VALUE;
        }
        return TRUE_VALUE;
    }
    Value it = kr_iter(other);
    if (is_empty(it)) return EMPTY;
    while (!is_empty(key = kr_next(it))) {
        int found = kr_set_contains(self, key);
        if (found) return found < 0 ? EMPTY : FALSE_VALUE;
    }
    return kr_raised() ? EMPTY : TRUE_VALUE;
}

/* Every key of a is in b: 1, 0, -1. */
static int is_subset(Set *a, Set *b)
{
    if (a->used > b->used) return 0;
    Value key;
    int64_t hash;
    for (size_t i = 0; kr_set_next_hashed(a, &i, &key, &hash);) {
        int found = kr_set_contains_hashed(b, key, hash);
        if (found <= 0) return found;
    }
    return 1;
}

Value kr_set_issubset(Value self, Value other)
{
    if (!kr_is_set(other)) {
        other = kr_set(other);
        if (is_empty(other)) return EMPTY;
    }
    int result = is_subset(set_of(self), set_of(other));
    return result < 0 ? EMPTY : from_bool(result);
}

Value kr_set_issuperset(Value self, Value other)
{
    int result = 1;
    if (kr_is_set(other)) {
        result = is_subset(set_of(other), set_of(self));
    } else {
        Value it = kr_iter(other), key;
        if (is_empty(it)) return EMPTY;
        while (result == 1 && !is_empty(key = kr_next(it))) result = kr_set_contains(self, key);
        if (kr_raised()) return EMPTY;
    }
    return result < 0 ? EMPTY : from_bool(result);
}

Value kr_set_compare(Value left, Value right, int op)
{
    if (!kr_is_set(left) || !kr_is_set(right)) return NOT_IMPLEMENTED;
    Set *a = set_of(left), *b = set_of(right);
    int result = 0;
    switch (op) {
    case KR_EQ:
    case KR_NE:
        if (a->used == b->used && !(a->hash != -1 && b->hash != -1 && a->hash != b->hash))
            result = is_subset(a, b);
        if (result >= 0 && op == KR_NE) result = !result;
        break;
    case KR_LE: result = is_subset(a, b); break;
    case KR_GE: result = is_subset(b, a); break;
    case KR_LT: result = a->used < b->used ? is_subset(a, b) : 0; break;
    case KR_GT: result = a->used > b->used ? is_subset(b, a) : 0; break;
    }
    return result < 0 ? EMPTY : from_bool(result);
}

/* ---- Operators ---- */

Value kr_set_and(Value a, Value b)
{
    return kr_is_set(a) && kr_is_set(b) ? intersect(a, b) : NOT_IMPLEMENTED;
}
Value kr_set_sub(Value a, Value b)
{
    return kr_is_set(a) && kr_is_set(b) ? subtract(a, b) : NOT_IMPLEMENTED;
}

Value kr_set_or(Value a, Value b)
{
    if (!kr_is_set(a) || !kr_is_set(b)) return NOT_IMPLEMENTED;
    Value result = kr_set_copy(a);
    return is_empty(result) || kr_set_update(result, b) < 0 ? EMPTY : result;
}

Value kr_set_xor(Value a, Value b)
{
    return kr_is_set(a) && kr_is_set(b) ? kr_set_symmetric_difference(a, b) : NOT_IMPLEMENTED;
}

Value kr_set_inplace_and(Value a, Value b)
{
    if (!kr_is_set(b)) return NOT_IMPLEMENTED;
    Value result = intersect(a, b);
    if (is_empty(result)) return EMPTY;
    kr_set_swap(set_of(a), set_of(result));
    return a;
}

Value kr_set_inplace_or(Value a, Value b)
{
    if (!kr_is_set(b)) return NOT_IMPLEMENTED;
    return kr_set_update(a, b) < 0 ? EMPTY : a;
}

Value kr_set_inplace_sub(Value a, Value b)
{
    if (!kr_is_set(b)) return NOT_IMPLEMENTED;
    return kr_set_difference_update(a, b) < 0 ? EMPTY : a;
}

Value kr_set_inplace_xor(Value a, Value b)
{
    if (!kr_is_set(b)) return NOT_IMPLEMENTED;
    return kr_set_symmetric_difference_update(a, b) < 0 ? EMPTY : a;
}
