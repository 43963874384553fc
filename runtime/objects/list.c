/* list.c: lists. Sorting is in list_sort.c.
 *
 * Items from size to capacity are EMPTY, so that the collector keeps nothing that was removed.
 * Comparing items may run Python code that changes the list: loops re-read size and items at every
 * step. */
#include "runtime/objects/list.h"

#include "runtime/memory/vector.h"
#include "runtime/objects/dict.h"
#include "runtime/objects/iterators.h"
#include "runtime/objects/quick.h"
#include "runtime/objects/range.h"
#include "runtime/objects/set.h"
#include "runtime/objects/slice.h"
#include "runtime/objects/tuple.h"

#define LIST_MAX ((SIZE_MAX >> 4) / sizeof(Value))

Type kr_list_type;
Type kr_list_iterator_type;
Type kr_list_reverse_iterator_type;

/* ---- Storage ---- */

int kr_list_grow(List *list, size_t capacity)
{
    if (capacity <= list->capacity) return 0;
    /* Half as much again, a quarter when large: the old vector is garbage only until the next
     * collection. */
    size_t wanted = list->capacity + (list->capacity >> (list->capacity < (1 << 20) ? 1 : 2));
    if (wanted < capacity) wanted = capacity < 4 ? 4 : capacity;
    if (UNLIKELY(capacity > LIST_MAX)) {
        kr_raise_no_memory();
        return -1;
    }
    Value *items = kr_heap_values(wanted);
    if (!items) return -1;
    if (list->size) memcpy(items, list->items, list->size * sizeof(Value));
    list->items = items;
    /* A small vector fills its cell, which is a multiple of two words, with its header. */
    list->capacity = wanted < 64 ? wanted | 1 : kr_heap_values_capacity(items);
    return 0;
}

List *kr_list_alloc(size_t size)
{
    List *list = heap_alloc(&kr_list_type, sizeof(List));
    if (!list) return NULL;
    if (size && kr_list_grow(list, size) < 0) return NULL;
    list->size = size;
    return list;
}

static Value list_of_copy(const Value *items, size_t n)
{
    List *list = heap_alloc_raw(&kr_list_type, sizeof(List));
    if (!list) return EMPTY;
    list->size = list->capacity = 0;
    list->items = NULL;
    if (n) {
        size_t capacity;
        Value *copy = kr_heap_values_copy(items, n, &capacity);
        if (!copy) return EMPTY;
        list->items = copy;
        list->capacity = capacity;
        list->size = n;
    }
    return from_object(list);
}

Value kr_list(const Value *items, size_t n)
{
    if (LIKELY(items || !n)) return list_of_copy(items, n);
    List *list = kr_list_alloc(n);
    if (!list) return EMPTY;
    for (size_t i = 0; i < n; i++) list->items[i] = NONE;
    return from_object(list);
}

Value kr_list_from(Value iterable)
{
    List *list = kr_list_alloc(0);
    if (!list || kr_list_extend(from_object(list), iterable) < 0) return EMPTY;
    return from_object(list);
}

bool kr_is_list(Value v) { return is_list(v); }
size_t kr_list_size(Value list) { return list_of(list)->size; }
Value kr_list_get(Value list, size_t i) { return list_of(list)->items[i]; }
void kr_list_set(Value list, size_t i, Value item) { list_of(list)->items[i] = item; }
int kr_list_append(Value list, Value item) { return list_append(list_of(list), item); }
Value kr_list_to_tuple(Value list) { return kr_tuple(list_of(list)->items, list_of(list)->size); }

void kr_list_truncate(Value v, size_t size)
{
    List *list = list_of(v);
    if (size >= list->size) return;
    if (size == 0) {
        list->items = NULL;
        list->capacity = list->size = 0;
        return;
    }
    memset(list->items + size, 0, (list->size - size) * sizeof(Value));
    list->size = size;
}

int kr_list_insert(Value v, int64_t i, Value item)
{
    List *list = list_of(v);
    int64_t size = (int64_t)list->size;
    if (i < 0) i = i + size < 0 ? 0 : i + size;
    if (i > size) i = size;
    if (list->size == list->capacity && kr_list_grow(list, list->size + 1) < 0) return -1;
    memmove(list->items + i + 1, list->items + i, (size_t)(size - i) * sizeof(Value));
    list->items[i] = item;
    list->size++;
    return 0;
}

/* ---- Extending ---- */

static int extend_values(List *list, const Value *items, size_t n)
{
    if (n == 0) return 0;
    if (kr_list_grow(list, list->size + n) < 0) return -1;
    memcpy(list->items + list->size, items, n * sizeof(Value));
    list->size += n;
    return 0;
}

static int extend_iterator(List *list, Value iterable)
{
    Value it = kr_iter(iterable);
    if (is_empty(it)) return -1;
    int64_t hint = kr_length_hint(iterable, 8);
    if (hint < 0) return -1;
    if ((uint64_t)hint > LIST_MAX) hint = 0;
    if (hint > 0 && hint < (1 << 24) && kr_list_grow(list, list->size + (size_t)hint) < 0)
        return -1;
    Value (*next)(Value) = type_of(it)->slots.next;
    for (;;) {
        Value item = next(it);
        if (is_empty(item)) break;
        if (list_append(list, item) < 0) return -1;
    }
    return end_of_iteration();
}

static int extend_range(List *list, const Range *range)
{
    int64_t start = int_of(range->start), step = int_of(range->step), n = int_of(range->length);
    if (kr_list_grow(list, list->size + (size_t)n) < 0) return -1;
    Value *to = list->items + list->size;
    for (int64_t i = 0; i < n; i++, start += step) to[i] = from_small_int(start);
    list->size += (size_t)n;
    return 0;
}

int kr_list_extend(Value v, Value iterable)
{
    List *list = list_of(v);
    if (is_object(iterable)) {
        Type *type = type_of(iterable);
        if (type == &kr_list_type || same(v, iterable)) { /* itself, whatever its class */
            List *from = list_of(iterable);
            size_t n = from->size;
            if (n == 0) return 0;
            if (kr_list_grow(list, list->size + n) < 0) return -1;
            memcpy(list->items + list->size, from->items, n * sizeof(Value));
            list->size += n;
            return 0;
        }
        if (type == &kr_tuple_type)
            return extend_values(list, tuple_of(iterable)->items, tuple_of(iterable)->size);
        if (type == &kr_range_type) {
            Range *range = range_of(iterable);
            if (is_int(range->start) && is_int(range->stop) && is_int(range->step) &&
                is_int(range->length))
                return extend_range(list, range);
        }
        if (type == &kr_dict_type) {
            if (kr_list_grow(list, list->size + dict_of(iterable)->used) < 0) return -1;
            Value key, value;
            for (size_t i = 0; kr_dict_next(iterable, &i, &key, &value);)
                if (list_append(list, key) < 0) return -1;
            return 0;
        }
    }
    return extend_iterator(list, iterable);
}

/* ---- Slots ---- */

static void list_trace(void *self, KrTracer *tracer)
{
    kr_trace_pointer(tracer, ((List *)self)->items);
}

static Value list_make(Type *type, KR_UNUSED const Value *args, KR_UNUSED size_t n,
                       KR_UNUSED Value kwnames)
{
    List *list = type == &kr_list_type ? heap_alloc(type, sizeof(List)) : kr_type_alloc(type);
    return list ? from_object(list) : EMPTY;
}

static int list_init(Value self, const Value *args, size_t n, Value kwnames)
{
    /* A subclass with its own __new__ may take keywords there. */
    Type *type = type_of(self);
    if (has_keywords(kwnames) &&
        (type == &kr_list_type || type->slots.make == kr_list_type.slots.make)) {
        kr_raise(kr_TypeError, "list() takes no keyword arguments");
        return -1;
    }
    if (check_args("list", n, EMPTY, 0, 1) < 0) return -1;
    kr_list_truncate(self, 0);
    return n ? kr_list_extend(self, args[0]) : 0;
}

static Value list_repr(Value self)
{
    List *list = list_of(self);
    if (list->size == 0) return kr_str("[]");
    int entered = kr_repr_enter(self);
    if (entered <= 0) return entered < 0 ? EMPTY : kr_str("[...]");
    KrText text;
    kr_text_init(&text);
    kr_text_add_char(&text, '[');
    bool failed = false;
    for (size_t i = 0; i < list->size && !failed; i++) {
        if (i) kr_text_add_ascii(&text, ", ");
        failed = kr_text_add_repr(&text, list->items[i]) < 0;
    }
    kr_repr_leave(self);
    if (failed) {
        kr_text_drop(&text);
        return EMPTY;
    }
    kr_text_add_char(&text, ']');
    return kr_text_finish(&text);
}

static bool compare_sizes(size_t a, size_t b, int op)
{
    switch (op) {
    case KR_LT: return a < b;
    case KR_LE: return a <= b;
    case KR_EQ: return a == b;
    case KR_NE: return a != b;
    case KR_GT: return a > b;
    default: return a >= b;
    }
}

static Value list_compare(Value left, Value right, int op)
{
    if (!is_list(left) || !is_list(right)) return NOT_IMPLEMENTED;
    List *a = list_of(left), *b = list_of(right);
    if (a->size != b->size && (op == KR_EQ || op == KR_NE)) return from_bool(op == KR_NE);
    size_t i;
    for (i = 0; i < a->size && i < b->size; i++) {
        int equal = quick_equal(a->items[i], b->items[i]);
        if (equal < 0) return EMPTY;
        if (!equal) break;
    }
    if (i >= a->size || i >= b->size) return from_bool(compare_sizes(a->size, b->size, op));
    if (op == KR_EQ || op == KR_NE) return from_bool(op == KR_NE);
    return kr_compare(a->items[i], b->items[i], op);
}

static int64_t list_length(Value self) { return (int64_t)list_of(self)->size; }

/* The position that a key stands for; not yet checked against the size. */
static int list_position(Value key, size_t size, int64_t *i)
{
    if (LIKELY(is_int(key))) {
        *i = int_of(key);
    } else if (kr_has_index(key)) {
        if (kr_to_index(key, i) < 0) return -1;
    } else {
        kr_raise(kr_TypeError, "list indices must be integers or slices, not %T", key);
        return -1;
    }
    if (*i < 0) *i += (int64_t)size;
    return 0;
}

static Value list_slice(List *list, Value slice)
{
    int64_t start, stop, step, count;
    Slice fixed;
    slice = kr_slice_fix(slice, &fixed);
    if (is_empty(slice) ||
        kr_slice_resolve(slice, (int64_t)list->size, &start, &stop, &step, &count) < 0)
        return EMPTY;
    if (step == 1) return list_of_copy(list->items + start, (size_t)count);
    List *part = kr_list_alloc((size_t)count);
    if (!part) return EMPTY;
    for (int64_t k = 0, i = start; k < count; k++, i += step) part->items[k] = list->items[i];
    return from_object(part);
}

static Value list_getitem(Value self, Value key)
{
    List *list = list_of(self);
    int64_t i;
    if (!is_int(key) && kr_is_slice(key)) return list_slice(list, key);
    if (list_position(key, list->size, &i) < 0) return EMPTY;
    if (UNLIKELY((uint64_t)i >= list->size))
        return kr_raise(kr_IndexError, "list index out of range");
    return list->items[i];
}

/* list[start:stop] = items[0..n) */
static int replace_span(List *list, size_t start, size_t stop, const Value *items, size_t n)
{
    if (stop < start) stop = start;
    size_t removed = stop - start, rest = list->size - stop;
    if (n > removed && kr_list_grow(list, list->size + (n - removed)) < 0) return -1;
    size_t size = list->size - removed + n;
    if (n != removed && rest)
        memmove(list->items + start + n, list->items + stop, rest * sizeof(Value));
    if (n) memcpy(list->items + start, items, n * sizeof(Value));
    if (size < list->size) memset(list->items + size, 0, (list->size - size) * sizeof(Value));
    list->size = size;
    return 0;
}

static int delete_slice(List *list, int64_t start, int64_t stop, int64_t step, int64_t count)
{
    if (count <= 0) return 0;
    if (step == 1) return replace_span(list, (size_t)start, (size_t)stop, NULL, 0);
    if (step < 0) {
        start += step * (count - 1);
        step = -step;
    }
    Value *to = list->items + start;
    size_t next = (size_t)start, left = (size_t)count;
    for (size_t i = (size_t)start; i < list->size; i++) {
        if (left && i == next) {
            next += (size_t)step;
            left--;
        } else {
            *to++ = list->items[i];
        }
    }
    memset(list->items + list->size - count, 0, (size_t)count * sizeof(Value));
    list->size -= (size_t)count;
    return 0;
}

static int set_slice(List *list, Value slice, Value value)
{
    int64_t start, stop, step, count;
    Slice fixed;
    slice = kr_slice_fix(slice, &fixed);
    if (is_empty(slice) ||
        kr_slice_resolve(slice, (int64_t)list->size, &start, &stop, &step, &count) < 0)
        return -1;
    if (is_empty(value)) return delete_slice(list, start, stop, step, count);
    if (!is_list(value) && !is_tuple(value)) {
        value = kr_iter(value);
        if (is_empty(value)) {
            if (kr_raised_is(kr_TypeError)) {
                kr_clear_exception();
                kr_raise(kr_TypeError, step == 1 ? "can only assign an iterable"
                                                 : "must assign iterable to extended slice");
            }
            return -1;
        }
    }
    if (object_of(value) == list || (!is_exact(value, &kr_list_type) && !is_tuple(value))) {
        value = kr_list_from(value);
        if (is_empty(value)) return -1;
        /* The iteration may have changed the list. */
        if (kr_slice_resolve(slice, (int64_t)list->size, &start, &stop, &step, &count) < 0)
            return -1;
    }
    const Value *items = is_tuple(value) ? tuple_of(value)->items : list_of(value)->items;
    size_t n = is_tuple(value) ? tuple_of(value)->size : list_of(value)->size;
    if (step == 1)
        return replace_span(list, (size_t)start, (size_t)(stop < start ? start : stop), items, n);
    if ((int64_t)n != count) {
        kr_raise(kr_ValueError,
                 "attempt to assign sequence of size %zu to extended slice of size %ld", n,
                 (long)count);
        return -1;
    }
    for (int64_t k = 0; k < count; k++) list->items[start + k * step] = items[k];
    return 0;
}

static int list_setitem(Value self, Value key, Value value)
{
    List *list = list_of(self);
    int64_t i;
    if (!is_int(key) && kr_is_slice(key)) return set_slice(list, key, value);
    if (list_position(key, list->size, &i) < 0) return -1;
    if (UNLIKELY((uint64_t)i >= list->size)) {
        kr_raise(kr_IndexError, "list assignment index out of range");
        return -1;
    }
    if (LIKELY(!is_empty(value))) {
        list->items[i] = value;
        return 0;
    }
    return replace_span(list, (size_t)i, (size_t)i + 1, NULL, 0);
}

static int list_contains(Value self, Value item)
{
    List *list = list_of(self);
    int equal = 0;
    for (size_t i = 0; i < list->size && equal == 0; i++) equal = quick_equal(list->items[i], item);
    return equal;
}

static Value list_concat(Value self, Value other)
{
    if (!is_list(other))
        return kr_raise(kr_TypeError, "can only concatenate list (not \"%T\") to list", other);
    List *a = list_of(self), *b = list_of(other);
    List *list = kr_list_alloc(a->size + b->size);
    if (!list) return EMPTY;
    if (a->size) memcpy(list->items, a->items, a->size * sizeof(Value));
    if (b->size) memcpy(list->items + a->size, b->items, b->size * sizeof(Value));
    return from_object(list);
}

static void fill_repeated(Value *items, size_t period, size_t size)
{
    if (period == 1) {
        for (size_t i = 1; i < size; i++) items[i] = items[0];
        return;
    }
    for (size_t done = period; done < size;) {
        size_t n = done < size - done ? done : size - done;
        memcpy(items + done, items, n * sizeof(Value));
        done += n;
    }
}

static Value list_repeat(Value self, int64_t count)
{
    List *from = list_of(self);
    if (count <= 0 || from->size == 0) return kr_list(NULL, 0);
    if ((uint64_t)count > LIST_MAX / from->size) return kr_raise_no_memory();
    List *list = kr_list_alloc(from->size * (size_t)count);
    if (!list) return EMPTY;
    memcpy(list->items, from->items, from->size * sizeof(Value));
    fill_repeated(list->items, from->size, list->size);
    return from_object(list);
}

static Value list_inplace_concat(Value self, Value other)
{
    return kr_list_extend(self, other) < 0 ? EMPTY : self;
}

static Value list_inplace_repeat(Value self, int64_t count)
{
    List *list = list_of(self);
    if (count <= 0) {
        kr_list_truncate(self, 0);
        return self;
    }
    if (list->size == 0 || count == 1) return self;
    if ((uint64_t)count > LIST_MAX / list->size) return kr_raise_no_memory();
    size_t period = list->size, size = period * (size_t)count;
    if (kr_list_grow(list, size) < 0) return EMPTY;
    fill_repeated(list->items, period, size);
    list->size = size;
    return self;
}

static Value list_iter(Value self) { return kr_iterators_new(&kr_list_iterator_type, self, 0); }

/* ---- Methods ---- */

KR_FN(list, list_append_method, "append", "(self, object, /)",
      "Append object to the end of the list.")
{
    return list_append(list_of(a[0]), a[1]) < 0 ? EMPTY : NONE;
}

KR_FN(list, list_clear, "clear", "(self, /)", "Remove all items from list.")
{
    kr_list_truncate(a[0], 0);
    return NONE;
}

KR_FN(list, list_copy, "copy", "(self, /)", "Return a shallow copy of the list.")
{
    return kr_list(list_of(a[0])->items, list_of(a[0])->size);
}

KR_FN(list, list_count, "count", "(self, value, /)", "Return number of occurrences of value.")
{
    List *list = list_of(a[0]);
    int64_t count = 0;
    for (size_t i = 0; i < list->size; i++) {
        int equal = quick_equal(list->items[i], a[1]);
        if (equal < 0) return EMPTY;
        count += equal;
    }
    return kr_int(count);
}

KR_FN(list, list_extend_method, "extend", "(self, iterable, /)",
      "Extend list by appending elements from the iterable.")
{
    return kr_list_extend(a[0], a[1]) < 0 ? EMPTY : NONE;
}

KR_FN(list, list_index, "index", "(self, value, start=0, stop=9223372036854775807, /)",
      "Return first index of value.\n\nRaises ValueError if the value is not present.")
{
    List *list = list_of(a[0]);
    int64_t start, stop, size = (int64_t)list->size;
    if (search_bounds(a[2], a[3], size, &start, &stop) < 0) return EMPTY;
    for (int64_t i = start; i < stop && i < (int64_t)list->size; i++) {
        int equal = quick_equal(list->items[i], a[1]);
        if (equal < 0) return EMPTY;
        if (equal) return kr_int(i);
    }
    return kr_raise(kr_ValueError, "%R is not in list", a[1]);
}

KR_FN(list, list_insert_method, "insert", "(self, index, object, /)", "Insert object before index.")
{
    int64_t i;
    if (is_int(a[1]))
        i = int_of(a[1]);
    else if (kr_to_index(a[1], &i) < 0) {
        if (!kr_raised_is(kr_IndexError)) return EMPTY;
        kr_clear_exception();
        return kr_raise(kr_OverflowError, "Python int too large to convert to C ssize_t");
    }
    return kr_list_insert(a[0], i, a[2]) < 0 ? EMPTY : NONE;
}

KR_FN(list, list_pop, "pop", "(self, index=-1, /)",
      "Remove and return item at index (default last).\n\nRaises IndexError if list is empty or "
      "index is out of range.")
{
    List *list = list_of(a[0]);
    int64_t i;
    if (LIKELY(is_int(a[1])))
        i = int_of(a[1]);
    else if (kr_to_index(a[1], &i) < 0)
        return EMPTY;
    if (list->size == 0) return kr_raise(kr_IndexError, "pop from empty list");
    if (i < 0) i += (int64_t)list->size;
    if ((uint64_t)i >= list->size) return kr_raise(kr_IndexError, "pop index out of range");
    Value item = list->items[i];
    size_t last = --list->size;
    if ((size_t)i < last)
        memmove(list->items + i, list->items + i + 1, (last - (size_t)i) * sizeof(Value));
    list->items[last] = EMPTY;
    return item;
}

KR_FN(list, list_remove, "remove", "(self, value, /)",
      "Remove first occurrence of value.\n\nRaises ValueError if the value is not present.")
{
    List *list = list_of(a[0]);
    for (size_t i = 0; i < list->size; i++) {
        int equal = quick_equal(list->items[i], a[1]);
        if (equal < 0) return EMPTY;
        if (!equal) continue;
        if (i < list->size && replace_span(list, i, i + 1, NULL, 0) < 0) return EMPTY;
        return NONE;
    }
    return kr_raise(kr_ValueError, "list.remove(x): x not in list");
}

KR_FN(list, list_reverse, "reverse", "(self, /)", "Reverse *IN PLACE*.")
{
    List *list = list_of(a[0]);
    if (list->size < 2) return NONE;
    for (Value *low = list->items, *high = low + list->size - 1; low < high; low++, high--) {
        Value v = *low;
        *low = *high;
        *high = v;
    }
    return NONE;
}

KR_FN(list, list_sort, "sort", "(self, /, *, key=None, reverse=False)",
      "Sort the list in ascending order and return None.\n\nThe sort is in-place (i.e. the list "
      "itself is modified) "
      "and stable (i.e. the\norder of two equal elements is maintained).\n\nIf a key function is "
      "given, apply it once "
      "to each list item and sort them,\nascending or descending, according to their function "
      "values.\n\nThe reverse "
      "flag can be set to sort in descending order.")
{
    int reverse;
    if (is_bool(a[2]))
        reverse = is_true(a[2]);
    else if (kr_to_int32(a[2], &reverse) < 0)
        return EMPTY;
    return kr_list_sort(a[0], is_none(a[1]) ? EMPTY : a[1], reverse != 0) < 0 ? EMPTY : NONE;
}

KR_FN(list, list_reversed, "__reversed__", "(self, /)", "Return a reverse iterator over the list.")
{
    return kr_iterators_new(&kr_list_reverse_iterator_type, a[0], (int64_t)list_of(a[0])->size - 1);
}

KR_FN(list, list_sizeof, "__sizeof__", "(self, /)",
      "Return the size of the list in memory, in bytes.")
{
    return kr_int((int64_t)(type_of(a[0])->kind.size + list_of(a[0])->capacity * sizeof(Value)));
}

KR_CLASSMETHOD(list, list_class_getitem, "__class_getitem__", "(cls, item, /)", "See PEP 585")
{
    return generic_alias(a[0], a[1]);
}

/* ---- Iterators ---- */

static Value iterator_self(Value self) { return self; }

static Value list_iterator_next(Value self)
{
    SequenceIterator *it = sequence_iterator_of(self);
    if (is_empty(it->sequence)) return EMPTY;
    List *list = list_of(it->sequence);
    if (LIKELY((size_t)it->index < list->size)) return list->items[it->index++];
    it->sequence = EMPTY;
    return EMPTY;
}

static Value list_reverse_next(Value self)
{
    SequenceIterator *it = sequence_iterator_of(self);
    if (is_empty(it->sequence)) return EMPTY;
    List *list = list_of(it->sequence);
    if (it->index >= 0 && (size_t)it->index < list->size) return list->items[it->index--];
    it->sequence = EMPTY;
    it->index = -1;
    return EMPTY;
}

KR_FN(list_iterator, list_iterator_hint, "__length_hint__", "(self, /)",
      "Private method returning an estimate of len(list(it)).")
{
    SequenceIterator *it = sequence_iterator_of(a[0]);
    if (is_empty(it->sequence)) return from_small_int(0);
    int64_t left = (int64_t)list_of(it->sequence)->size - it->index;
    return kr_int(left > 0 ? left : 0);
}

KR_FN(list_iterator, list_iterator_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling.")
{
    SequenceIterator *it = sequence_iterator_of(a[0]);
    if (is_empty(it->sequence)) return reduce_exhausted(kr_list(NULL, 0));
    return reduce_iterator("iter", it->sequence, it->index);
}

KR_FN(list_iterator, list_iterator_setstate, "__setstate__", "(self, state, /)",
      "Set state information for unpickling.")
{
    SequenceIterator *it = sequence_iterator_of(a[0]);
    int64_t index;
    if (kr_to_index(a[1], &index) < 0) return EMPTY;
    if (!is_empty(it->sequence)) {
        int64_t size = (int64_t)list_of(it->sequence)->size;
        it->index = index < 0 ? 0 : index > size ? size : index;
    }
    return NONE;
}

KR_FN(list_reverse_iterator, list_reverse_hint, "__length_hint__", "(self, /)",
      "Private method returning an estimate of len(list(it)).")
{
    SequenceIterator *it = sequence_iterator_of(a[0]);
    int64_t left = it->index + 1;
    if (is_empty(it->sequence) || (size_t)left > list_of(it->sequence)->size) left = 0;
    return kr_int(left);
}

KR_FN(list_reverse_iterator, list_reverse_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling.")
{
    SequenceIterator *it = sequence_iterator_of(a[0]);
    if (is_empty(it->sequence)) return reduce_exhausted(kr_list(NULL, 0));
    return reduce_iterator("reversed", it->sequence, it->index);
}

KR_FN(list_reverse_iterator, list_reverse_setstate, "__setstate__", "(self, state, /)",
      "Set state information for unpickling.")
{
    SequenceIterator *it = sequence_iterator_of(a[0]);
    int64_t index;
    if (kr_to_index(a[1], &index) < 0) return EMPTY;
    if (!is_empty(it->sequence)) {
        int64_t size = (int64_t)list_of(it->sequence)->size;
        it->index = index < -1 ? -1 : index > size - 1 ? size - 1 : index;
    }
    return NONE;
}

#include "runtime/objects/list.entries.h"

static const KrTypeSpec list_spec = {
    .name = "list",
    .doc = "Built-in mutable sequence.\n\nIf no argument is given, the constructor creates a new "
           "empty list.\n"
           "The argument must be an iterable if specified.",
    .size = sizeof(List),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_SEQUENCE | KR_TYPE_NO_WEAKREF,
    .trace = list_trace,
    .functions = list_functions,
    .getset = list_getset,
    .slots = {.make = list_make,
              .init = list_init,
              .repr = list_repr,
              .compare = list_compare,
              .iter = list_iter,
              .length = list_length,
              .concat = list_concat,
              .repeat = list_repeat,
              .inplace_concat = list_inplace_concat,
              .inplace_repeat = list_inplace_repeat,
              .getitem = list_getitem,
              .setitem = list_setitem,
              .contains = list_contains},
};

static const KrTypeSpec list_iterator_spec = {
    .name = "list_iterator",
    .size = sizeof(SequenceIterator),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_NO_WEAKREF,
    .trace = kr_sequence_iterator_trace,
    .functions = list_iterator_functions,
    .slots = {.iter = iterator_self, .next = list_iterator_next},
};

static const KrTypeSpec list_reverse_spec = {
    .name = "list_reverseiterator",
    .size = sizeof(SequenceIterator),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_NO_WEAKREF,
    .trace = kr_sequence_iterator_trace,
    .functions = list_reverse_iterator_functions,
    .slots = {.iter = iterator_self, .next = list_reverse_next},
};

void kr_list_type_init(void)
{
    kr_type_init(&kr_list_type, &list_spec);
    kr_type_init(&kr_list_iterator_type, &list_iterator_spec);
    kr_type_init(&kr_list_reverse_iterator_type, &list_reverse_spec);
}
