/* list_sort.c: list.sort(): stable, adaptive, and specialised by what the keys are.
 *
 * Natural runs are found, short ones extended by binary insertion, and merged in the order of
 * powersort (Munro and Wild, 2018) with galloping once one side keeps winning (Peters' timsort;
 * McIlroy 1993 for the search). The code is one set of always_inline functions compiled once per
 * Order: comparing two immediate ints, two floats or two Latin-1 strs is then a few instructions,
 * and only Order GENERIC can run Python code or fail. Many ints or floats out of order are sorted
 * by stable LSD radix passes over the bits that differ instead, and many strs by the eight bytes
 * after their common beginning, ties by comparison.
 *
 * Sorting with a key moves items beside their keys (Span). While it runs the list is empty, so
 * that Python code which looks at it sees no half-sorted state; finding items in it afterwards is
 * "list modified during sort". Each value is at all times in one of the vectors that this stack
 * refers to, hence safe from the collector. reverse=True sorts the reversed list and reverses the
 * result, which keeps equal items in their order. */
#include "runtime/objects/list.h"

#include <stdlib.h>

#include "runtime/objects/quick.h"
#include "runtime/objects/tuple.h"

#define INLINE static inline __attribute__((always_inline))
#define MIN_GALLOP 7
#define MAX_PENDING 90
#define RADIX_LEAST 200
#define RADIX_BITS 11

typedef enum Order { ORDER_INT, ORDER_FLOAT, ORDER_LATIN, ORDER_STR, ORDER_GENERIC } Order;

typedef struct Span { /* keys, and the items that move with them or NULL */
    Value *keys, *items;
} Span;

typedef struct Run {
    size_t begin, size;
    int power;
} Run;

typedef struct Sort {
    Span all;
    size_t size;
    Span temp;
    size_t temp_size;
    size_t min_gallop;
    int pending_count;
    Run pending[MAX_PENDING];
} Sort;

/* ---- Comparing ---- */

static int compare_points(const Str *a, const Str *b)
{
    size_t n = a->length < b->length ? a->length : b->length;
    for (size_t i = 0; i < n; i++) {
        uint32_t x = str_at(a, i), y = str_at(b, i);
        if (x != y) return x < y ? -1 : 1;
    }
    return a->length < b->length ? -1 : a->length > b->length;
}

INLINE bool latin_less(const Str *a, const Str *b)
{
    size_t n = a->length < b->length ? a->length : b->length;
    int c = memcmp(a->data, b->data, n);
    return c ? c < 0 : a->length < b->length;
}

static int generic_less(Value a, Value b);

/* Tuples of exact types: the first items that differ decide. */
static int tuple_less(const Tuple *a, const Tuple *b)
{
    size_t n = a->size < b->size ? a->size : b->size;
    for (size_t i = 0; i < n; i++) {
        int equal = quick_equal(a->items[i], b->items[i]);
        if (equal < 0) return -1;
        if (!equal) return generic_less(a->items[i], b->items[i]);
    }
    return a->size < b->size;
}

static int generic_less(Value a, Value b)
{
    if (both_int(a, b)) return int_of(a) < int_of(b);
    if (is_float(a)) {
        if (is_float(b)) return float_of(a) < float_of(b);
    } else if (is_object(a) && is_object(b)) {
        Type *type = type_of(a);
        if (type == type_of(b)) {
            if (type == &kr_str_type) return compare_points(str_of(a), str_of(b)) < 0;
            if (type == &kr_tuple_type) return tuple_less(tuple_of(a), tuple_of(b));
        }
    }
    Value result = kr_compare(a, b, KR_LT);
    if (is_bool(result)) return is_true(result);
    return is_empty(result) ? -1 : kr_truth(result);
}

/* a < b: 1, 0, and -1 only for ORDER_GENERIC. */
INLINE int less(Order order, Value a, Value b)
{
    switch (order) {
    case ORDER_INT: return (int64_t)(a.bits << 14) < (int64_t)(b.bits << 14);
    case ORDER_FLOAT: return float_of(a) < float_of(b);
    case ORDER_LATIN: return latin_less(str_of(a), str_of(b));
    case ORDER_STR: return compare_points(str_of(a), str_of(b)) < 0;
    default: return generic_less(a, b);
    }
}

/* ---- Moving ---- */

INLINE void span_copy(Span to, size_t i, Span from, size_t j, size_t n)
{
    memcpy(to.keys + i, from.keys + j, n * sizeof(Value));
    if (to.items) memcpy(to.items + i, from.items + j, n * sizeof(Value));
}

INLINE void span_move(Span s, size_t to, size_t from, size_t n)
{
    memmove(s.keys + to, s.keys + from, n * sizeof(Value));
    if (s.items) memmove(s.items + to, s.items + from, n * sizeof(Value));
}

INLINE void span_put(Span to, size_t i, Span from, size_t j)
{
    to.keys[i] = from.keys[j];
    if (to.items) to.items[i] = from.items[j];
}

static void reverse_values(Value *v, size_t n)
{
    if (!v || n < 2) return;
    for (Value *low = v, *high = v + n - 1; low < high; low++, high--) {
        Value x = *low;
        *low = *high;
        *high = x;
    }
}

static int ensure_temp(Sort *s, size_t n)
{
    if (n <= s->temp_size) return 0;
    s->temp.keys = kr_heap_values(n);
    s->temp.items = s->all.items ? kr_heap_values(n) : NULL;
    s->temp_size = 0;
    if (!s->temp.keys || (s->all.items && !s->temp.items)) return -1;
    s->temp_size = n;
    return 0;
}

/* ---- Runs ---- */

/* Length of the run at begin, made ascending; 0 raised. */
INLINE size_t count_run(Order order, Span s, size_t begin, size_t end)
{
    size_t i = begin + 1;
    if (i >= end) return end - begin;
    int down = less(order, s.keys[i], s.keys[i - 1]);
    if (down < 0) return 0;
    for (i++; i < end; i++) {
        int smaller = less(order, s.keys[i], s.keys[i - 1]);
        if (smaller < 0) return 0;
        if (smaller != down) break;
    }
    if (down) {
        reverse_values(s.keys + begin, i - begin);
        reverse_values(s.items ? s.items + begin : NULL, i - begin);
    }
    return i - begin;
}

/* [begin, sorted) is in order; puts [sorted, end) into it. */
INLINE int insert_rest(Order order, Span s, size_t begin, size_t sorted, size_t end)
{
    for (; sorted < end; sorted++) {
        Value key = s.keys[sorted];
        size_t low = begin, high = sorted;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            int smaller = less(order, key, s.keys[middle]);
            if (smaller < 0) return -1;
            if (smaller)
                high = middle;
            else
                low = middle + 1;
        }
        if (low == sorted) continue;
        memmove(s.keys + low + 1, s.keys + low, (sorted - low) * sizeof(Value));
        s.keys[low] = key;
        if (!s.items) continue;
        Value item = s.items[sorted];
        memmove(s.items + low + 1, s.items + low, (sorted - low) * sizeof(Value));
        s.items[low] = item;
    }
    return 0;
}

/* ---- Searching by doubling steps ---- */

/* In sorted base[0, n): how many items go before key: those < key (right false) or <= key (right
 * true). The search starts at the front or at the back. -1 raised. */
INLINE int64_t gallop(Order order, Value key, const Value *base, size_t n, bool right,
                      bool from_back)
{
    size_t low = 0, high = n, step = 1;
    int before;
#define BEFORE(i) \
    (right ? ((before = less(order, key, base[i])) < 0 ? -1 : !before) : less(order, base[i], key))
    if (!from_back) {
        for (size_t i = 0; i < n; i += step, step <<= 1) {
            int b = BEFORE(i);
            if (b < 0) return -1;
            if (!b) {
                high = i;
                break;
            }
            low = i + 1;
        }
    } else {
        for (size_t i = n; i > 0; step <<= 1) {
            size_t at = i - 1;
            int b = BEFORE(at);
            if (b < 0) return -1;
            if (b) {
                low = at + 1;
                break;
            }
            high = at;
            i = i > step ? i - step : 0;
        }
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int b = BEFORE(middle);
        if (b < 0) return -1;
        if (b)
            low = middle + 1;
        else
            high = middle;
    }
#undef BEFORE
    return (int64_t)low;
}

/* ---- Merging ---- */

/* Merges all[at, at+na) and the nb after it, na <= nb: the first goes aside and the result grows
 * from the front. */
INLINE int merge_low(Order order, Sort *s, size_t at, size_t na, size_t nb)
{
    if (ensure_temp(s, na) < 0) return -1;
    Span d = s->all, t = s->temp;
    span_copy(t, 0, d, at, na);
    size_t to = at, a = 0, b = at + na, a_end = na, b_end = b + nb;
    int status = 0;
    size_t min_gallop = s->min_gallop;
    while (a < a_end && b < b_end) {
        size_t a_wins = 0, b_wins = 0;
        while (a < a_end && b < b_end && (a_wins | b_wins) < min_gallop) {
            int smaller = less(order, d.keys[b], t.keys[a]);
            if (smaller < 0) goto failed;
            if (smaller) {
                span_put(d, to++, d, b++);
                b_wins++;
                a_wins = 0;
            } else {
                span_put(d, to++, t, a++);
                a_wins++;
                b_wins = 0;
            }
        }
        while (a < a_end && b < b_end) {
            int64_t k = gallop(order, d.keys[b], t.keys + a, a_end - a, true, false);
            if (k < 0) goto failed;
            span_copy(d, to, t, a, (size_t)k);
            to += (size_t)k;
            a += (size_t)k;
            if (a == a_end) break;
            span_put(d, to++, d, b++);
            if (b == b_end) break;
            int64_t m = gallop(order, t.keys[a], d.keys + b, b_end - b, false, false);
            if (m < 0) goto failed;
            span_move(d, to, b, (size_t)m);
            to += (size_t)m;
            b += (size_t)m;
            if (b == b_end) break;
            span_put(d, to++, t, a++);
            if (k < MIN_GALLOP && m < MIN_GALLOP) {
                min_gallop += 2;
                break;
            }
            if (min_gallop > 1) min_gallop--;
        }
    }
    goto done;
failed:
    status = -1;
done:
    s->min_gallop = min_gallop;
    span_copy(d, to, t, a, a_end - a);
    return status;
}

/* As merge_low for nb < na: the second goes aside and the result grows from the back. */
INLINE int merge_high(Order order, Sort *s, size_t at, size_t na, size_t nb)
{
    if (ensure_temp(s, nb) < 0) return -1;
    Span d = s->all, t = s->temp;
    span_copy(t, 0, d, at + na, nb);
    size_t a = at + na, b = nb, to = at + na + nb; /* one past the next of each */
    int status = 0;
    size_t min_gallop = s->min_gallop;
    while (a > at && b > 0) {
        size_t a_wins = 0, b_wins = 0;
        while (a > at && b > 0 && (a_wins | b_wins) < min_gallop) {
            int smaller = less(order, t.keys[b - 1], d.keys[a - 1]);
            if (smaller < 0) goto failed;
            if (smaller) {
                span_put(d, --to, d, --a);
                a_wins++;
                b_wins = 0;
            } else {
                span_put(d, --to, t, --b);
                b_wins++;
                a_wins = 0;
            }
        }
        while (a > at && b > 0) {
            int64_t k = gallop(order, t.keys[b - 1], d.keys + at, a - at, true, true);
            if (k < 0) goto failed;
            size_t n = a - at - (size_t)k;
            to -= n;
            a -= n;
            span_move(d, to, a, n);
            if (a == at) break;
            span_put(d, --to, t, --b);
            if (b == 0) break;
            int64_t m = gallop(order, d.keys[a - 1], t.keys, b, false, true);
            if (m < 0) goto failed;
            size_t moved = b - (size_t)m;
            to -= moved;
            b -= moved;
            span_copy(d, to, t, b, moved);
            if (b == 0) break;
            span_put(d, --to, d, --a);
            if (n < MIN_GALLOP && moved < MIN_GALLOP) {
                min_gallop += 2;
                break;
            }
            if (min_gallop > 1) min_gallop--;
        }
    }
    goto done;
failed:
    status = -1;
done:
    s->min_gallop = min_gallop;
    span_copy(d, to - b, t, 0, b);
    return status;
}

/* Merges pending runs i and i + 1. */
INLINE int merge_at(Order order, Sort *s, int i)
{
    Run *first = &s->pending[i], *second = first + 1;
    size_t at = first->begin, na = first->size, b = second->begin, nb = second->size;
    first->size = na + nb;
    for (int k = i + 1; k < s->pending_count - 1; k++) s->pending[k] = s->pending[k + 1];
    s->pending_count--;
    int64_t skip = gallop(order, s->all.keys[b], s->all.keys + at, na, true, false);
    if (skip < 0) return -1;
    at += (size_t)skip;
    na -= (size_t)skip;
    if (na == 0) return 0;
    int64_t keep = gallop(order, s->all.keys[at + na - 1], s->all.keys + b, nb, false, true);
    if (keep < 0) return -1;
    nb = (size_t)keep;
    if (nb == 0) return 0;
    return na <= nb ? merge_low(order, s, at, na, nb) : merge_high(order, s, at, na, nb);
}

/* The depth at which the boundary between two neighbouring runs stands in the ideal merge tree. */
static int run_power(size_t begin, size_t n1, size_t n2, size_t n)
{
    size_t a = 2 * begin + n1, b = a + n1 + n2;
    for (int power = 1;; power++) {
        if (a >= n) {
            a -= n;
            b -= n;
        } else if (b >= n) {
            return power;
        }
        a <<= 1;
        b <<= 1;
    }
}

INLINE int sort_runs(Order order, Sort *s)
{
    size_t n = s->size, min_run = n, extra = 0;
    while (min_run >= 64) {
        extra |= min_run & 1;
        min_run >>= 1;
    }
    min_run += extra;
    for (size_t at = 0; at < n;) {
        size_t size = count_run(order, s->all, at, n);
        if (size == 0) return -1;
        if (size < min_run) {
            size_t forced = n - at < min_run ? n - at : min_run;
            if (insert_rest(order, s->all, at, at + size, at + forced) < 0) return -1;
            size = forced;
        }
        if (s->pending_count > 0) {
            Run *top = &s->pending[s->pending_count - 1];
            int power = run_power(top->begin, top->size, size, n);
            while (s->pending_count > 1 && s->pending[s->pending_count - 2].power > power)
                if (merge_at(order, s, s->pending_count - 2) < 0) return -1;
            s->pending[s->pending_count - 1].power = power;
        }
        s->pending[s->pending_count++] = (Run){at, size, 0};
        at += size;
    }
    while (s->pending_count > 1)
        if (merge_at(order, s, s->pending_count - 2) < 0) return -1;
    return 0;
}

static int sort_ints(Sort *s) { return sort_runs(ORDER_INT, s); }
static int sort_floats(Sort *s) { return sort_runs(ORDER_FLOAT, s); }
static int sort_latin(Sort *s) { return sort_runs(ORDER_LATIN, s); }
static int sort_strs(Sort *s) { return sort_runs(ORDER_STR, s); }
static int sort_generic(Sort *s) { return sort_runs(ORDER_GENERIC, s); }

/* ---- Radix ---- */

/* An unsigned number that orders as the key does; -0.0 counts as 0.0, and there are no NaNs. */
INLINE uint64_t radix_key(Order order, Value v)
{
    if (order == ORDER_INT) return (uint64_t)int_of(v) ^ (UINT64_C(1) << 63);
    double d = float_of(v) + 0.0;
    uint64_t bits;
    memcpy(&bits, &d, 8);
    return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

#define DIGIT(key, shift) ((key) >> (shift) & ((1 << RADIX_BITS) - 1))

/* Turns counts of digits into the places where their keys begin. */
static void begin_places(size_t *counts)
{
    size_t sum = 0;
    for (size_t i = 0; i < 1 << RADIX_BITS; i++) {
        size_t n = counts[i];
        counts[i] = sum;
        sum += n;
    }
}

INLINE int radix_sort(Order order, Sort *s)
{
    uint64_t differing = 0, first = radix_key(order, s->all.keys[0]);
    for (size_t i = 0; i < s->size; i++) differing |= radix_key(order, s->all.keys[i]) ^ first;
    if (ensure_temp(s, s->size) < 0) return -1;
    Span from = s->all, to = s->temp;
    size_t counts[1 << RADIX_BITS];
    for (int shift = 0; shift < 64 && differing >> shift; shift += RADIX_BITS) {
        if (!DIGIT(differing, shift)) continue;
        memset(counts, 0, sizeof counts);
        for (size_t i = 0; i < s->size; i++) counts[DIGIT(radix_key(order, from.keys[i]), shift)]++;
        begin_places(counts);
        for (size_t i = 0; i < s->size; i++)
            span_put(to, counts[DIGIT(radix_key(order, from.keys[i]), shift)]++, from, i);
        Span swap = from;
        from = to;
        to = swap;
    }
    if (from.keys != s->all.keys) span_copy(s->all, 0, from, 0, s->size);
    return 0;
}

static int radix_ints(Sort *s) { return radix_sort(ORDER_INT, s); }
static int radix_floats(Sort *s) { return radix_sort(ORDER_FLOAT, s); }

/* ---- Strs by eight bytes at a time ---- */

typedef struct Abbreviated {
    uint64_t prefix; /* eight bytes after what all strs have in common, the first one highest */
    size_t index;    /* of the str */
} Abbreviated;

static size_t common_prefix(const Value *keys, size_t n)
{
    const Str *first = str_of(keys[0]);
    size_t length = first->length;
    for (size_t i = 1; i < n && length; i++) {
        const Str *s = str_of(keys[i]);
        if (s->length < length) length = s->length;
        size_t k = 0;
        while (k < length && s->data[k] == first->data[k]) k++;
        length = k;
    }
    return length;
}

static uint64_t eight_bytes(const Str *s, size_t from)
{
    uint64_t prefix = 0;
    size_t n = s->length > from ? s->length - from : 0;
    memcpy(&prefix, s->data + from, n < 8 ? n : 8);
    return __builtin_bswap64(prefix);
}

static void radix_abbreviated(Abbreviated *from, Abbreviated *to, size_t n)
{
    Abbreviated *first = from;
    uint64_t differing = 0;
    for (size_t i = 0; i < n; i++) differing |= from[i].prefix ^ from[0].prefix;
    size_t counts[1 << RADIX_BITS];
    for (int shift = 0; shift < 64 && differing >> shift; shift += RADIX_BITS) {
        if (!DIGIT(differing, shift)) continue;
        memset(counts, 0, sizeof counts);
        for (size_t i = 0; i < n; i++) counts[DIGIT(from[i].prefix, shift)]++;
        begin_places(counts);
        for (size_t i = 0; i < n; i++) to[counts[DIGIT(from[i].prefix, shift)]++] = from[i];
        Abbreviated *swap = from;
        from = to;
        to = swap;
    }
    if (from != first) memcpy(first, from, n * sizeof *from);
}

/* Groups of equal prefix are sorted by whole comparison; they are short unless the strs are much
 * alike. */
static int finish_groups(Sort *s, const Abbreviated *order)
{
    for (size_t begin = 0, end; begin < s->size; begin = end) {
        for (end = begin + 1; end < s->size && order[end].prefix == order[begin].prefix;) end++;
        if (end - begin == 1) continue;
        Sort group = {.all = {s->all.keys + begin, s->all.items ? s->all.items + begin : NULL},
                      .size = end - begin,
                      .temp = s->temp,
                      .temp_size = s->temp_size,
                      .min_gallop = MIN_GALLOP};
        if (sort_latin(&group) < 0) return -1;
    }
    return 0;
}

static int radix_latin(Sort *s)
{
    size_t n = s->size, from = common_prefix(s->all.keys, n);
    if (ensure_temp(s, n) < 0) return -1;
    Abbreviated *order = malloc(2 * n * sizeof *order);
    if (!order) return sort_latin(s);
    for (size_t i = 0; i < n; i++)
        order[i] = (Abbreviated){eight_bytes(str_of(s->all.keys[i]), from), i};
    radix_abbreviated(order, order + n, n);
    for (size_t i = 0; i < n; i++) span_put(s->temp, i, s->all, order[i].index);
    span_copy(s->all, 0, s->temp, 0, n);
    int status = finish_groups(s, order);
    free(order);
    return status;
}

/* Radix passes pay when order is scarce: many places where the direction changes. */
INLINE bool is_scattered(Order order, const Value *keys, size_t n)
{
    size_t falls = 0;
    for (size_t i = 1; i < n; i++) falls += less(order, keys[i], keys[i - 1]) > 0;
    return falls > n / 16 && falls < n - n / 16;
}

static bool no_nans(const Value *keys, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double d = float_of(keys[i]);
        if (d != d) return false;
    }
    return true;
}

/* ---- The whole ---- */

static Order choose_order(const Value *keys, size_t n)
{
    size_t i = 0;
    if (is_int(keys[0])) {
        while (i < n && is_int(keys[i])) i++;
        return i == n ? ORDER_INT : ORDER_GENERIC;
    }
    if (is_float(keys[0])) {
        while (i < n && is_float(keys[i])) i++;
        return i == n ? ORDER_FLOAT : ORDER_GENERIC;
    }
    bool latin = true;
    for (; i < n; i++) {
        if (!is_exact_str(keys[i])) return ORDER_GENERIC;
        latin = latin && str_of(keys[i])->width == 1;
    }
    return latin ? ORDER_LATIN : ORDER_STR;
}

static int sort_span(Sort *s)
{
    switch (choose_order(s->all.keys, s->size)) {
    case ORDER_INT:
        if (s->size >= RADIX_LEAST && is_scattered(ORDER_INT, s->all.keys, s->size))
            return radix_ints(s);
        return sort_ints(s);
    case ORDER_FLOAT:
        if (s->size >= RADIX_LEAST && no_nans(s->all.keys, s->size) &&
            is_scattered(ORDER_FLOAT, s->all.keys, s->size))
            return radix_floats(s);
        return sort_floats(s);
    case ORDER_LATIN:
        if (s->size >= RADIX_LEAST && is_scattered(ORDER_LATIN, s->all.keys, s->size))
            return radix_latin(s);
        return sort_latin(s);
    case ORDER_STR: return sort_strs(s);
    default: return sort_generic(s);
    }
}

static int compute_keys(Value *keys, const Value *items, size_t n, Value function)
{
    for (size_t i = 0; i < n; i++) {
        keys[i] = kr_call1(function, items[i]);
        if (is_empty(keys[i])) return -1;
    }
    return 0;
}

int kr_list_sort(Value v, Value key, bool reverse)
{
    List *list = list_of(v);
    size_t size = list->size, capacity = list->capacity;
    Value *items = list->items;
    list->items = NULL;
    list->size = list->capacity = 0;
    int status = 0;
    Value *keys = items;
    if (!is_empty(key) && size) {
        keys = kr_heap_values(size);
        status = keys ? compute_keys(keys, items, size, key) : -1;
    }
    if (status == 0 && size > 1) {
        Sort s = {
            .all = {keys, keys == items ? NULL : items}, .size = size, .min_gallop = MIN_GALLOP};
        if (reverse) {
            reverse_values(s.all.keys, size);
            reverse_values(s.all.items, size);
        }
        status = sort_span(&s);
        if (reverse) reverse_values(items, size);
    }
    if (list->items && status == 0) {
        kr_raise(kr_ValueError, "list modified during sort");
        status = -1;
    }
    list->items = items;
    list->size = size;
    list->capacity = capacity;
    return status;
}
