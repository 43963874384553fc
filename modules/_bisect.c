/* _bisect.c: binary search in sorted sequences, and insertion by it. */
#include "runtime/krait.h"

/* a[] of all functions: sequence, item, lo, hi, key. The place, -1 raised. `item` is compared as
 * it is. */
static int64_t search(const KrValue *a, KrValue item, bool right)
{
    int64_t low, high;
    if (kr_to_index(a[2], &low) < 0) return -1;
    if (low < 0) {
        kr_raise(kr_ValueError, "lo must be non-negative");
        return -1;
    }
    if (kr_is(a[3], kr_None))
        high = kr_length(a[0]);
    else if (kr_to_index(a[3], &high) < 0)
        return -1;
    if (high < 0 && kr_raised()) return -1;
    bool list = kr_is_instance_exact(a[0], &kr_list_type), keyed = !kr_is(a[4], kr_None);
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        KrValue there = list && (size_t)middle < kr_list_size(a[0])
                            ? kr_list_get(a[0], (size_t)middle)
                            : kr_getitem(a[0], kr_int(middle));
        if (!kr_is_empty(there) && keyed) there = kr_call1(a[4], there);
        if (kr_is_empty(there)) return -1;
        int less =
            right ? kr_compare_truth(item, there, KR_LT) : kr_compare_truth(there, item, KR_LT);
        if (less < 0) return -1;
        if (less == (right ? 1 : 0))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static KrValue bisect(const KrValue *a, bool right)
{
    int64_t place = search(a, a[1], right);
    return place < 0 ? KR_EMPTY : kr_int(place);
}

static KrValue insert(const KrValue *a, bool right)
{
    KrValue item = kr_is(a[4], kr_None) ? a[1] : kr_call1(a[4], a[1]);
    if (kr_is_empty(item)) return KR_EMPTY;
    int64_t place = search(a, item, right);
    if (place < 0) return KR_EMPTY;
    if (kr_is_instance_exact(a[0], &kr_list_type))
        return kr_list_insert(a[0], place, a[1]) < 0 ? KR_EMPTY : kr_None;
    KrValue args[2] = {kr_int(place), a[1]};
    return kr_is_empty(kr_call_method(a[0], KR_NAME("insert"), args, 2)) ? KR_EMPTY : kr_None;
}

KR_FN(bisect, bisect_right, "bisect_right", "(a, x, lo=0, hi=None, *, key=None)",
      "Return the index where to insert item x in list a, assuming a is sorted.\n\nThe return "
      "value i is such that all e in "
      "a[:i] have e <= x, and all e in\na[i:] have e > x.  So if x already appears in the list, "
      "a.insert(i, x) will\ninsert "
      "just after the rightmost x already there.\n\nOptional args lo (default 0) and hi (default "
      "len(a)) bound the\nslice of "
      "a to be searched.")
{
    return bisect(a, true);
}

KR_FN(bisect, bisect_left, "bisect_left", "(a, x, lo=0, hi=None, *, key=None)",
      "Return the index where to insert item x in list a, assuming a is sorted.\n\nThe return "
      "value i is such that all e in "
      "a[:i] have e < x, and all e in\na[i:] have e >= x.  So if x already appears in the list, "
      "a.insert(i, x) will\ninsert "
      "just before the leftmost x already there.\n\nOptional args lo (default 0) and hi (default "
      "len(a)) bound the\nslice of "
      "a to be searched.")
{
    return bisect(a, false);
}

KR_FN(bisect, insort_right, "insort_right", "(a, x, lo=0, hi=None, *, key=None)",
      "Insert item x in list a, and keep it sorted assuming a is sorted.\n\nIf x is already in a, "
      "insert it to the right of "
      "the rightmost x.\n\nOptional args lo (default 0) and hi (default len(a)) bound the\nslice "
      "of a to be searched.")
{
    return insert(a, true);
}

KR_FN(bisect, insort_left, "insort_left", "(a, x, lo=0, hi=None, *, key=None)",
      "Insert item x in list a, and keep it sorted assuming a is sorted.\n\nIf x is already in a, "
      "insert it to the left of "
      "the leftmost x.\n\nOptional args lo (default 0) and hi (default len(a)) bound the\nslice of "
      "a to be searched.")
{
    return insert(a, false);
}

#include "modules/_bisect.entries.h"

KR_MODULE(_bisect) = {
    .api_version = KR_API_VERSION,
    .name = "_bisect",
    .doc = "Bisection algorithms.\n\nThis module provides support for maintaining a list in sorted "
           "order without\nhaving to "
           "sort the list after each insertion. For long lists of items with\nexpensive comparison "
           "operations, this can be "
           "an improvement over the more\ncommon approach.",
    .functions = bisect_functions,
};
