/* str_methods.c: the methods of str that search, cut, strip, pad and join. Case and classes are in
 * str_case.c, translation in str_translate.c. Positions are code points throughout. */
#include <stdlib.h>

#include "runtime/objects/list.h"
#include "runtime/objects/quick.h"
#include "runtime/objects/str.h"
#include "runtime/objects/str_type.h"
#include "runtime/text/unicode.h"

static inline Str *self_of(const Value *a) { return str_of(a[0]); }

/* One slice bound: EMPTY and None leave the default. */
static int bound(Value v, int64_t *out)
{
    if (is_empty(v) || is_none(v)) return 0;
    if (is_int(v)) {
        *out = int_of(v);
        return 0;
    }
    if (!kr_has_index(v)) {
        kr_raise(kr_TypeError,
                 "slice indices must be integers or None or have an __index__ method");
        return -1;
    }
    return kr_to_index_clamped(v, out);
}

int kr_str_bounds(Value start, Value end, size_t length, int64_t *from, int64_t *to)
{
    int64_t n = (int64_t)length;
    *from = 0;
    *to = n;
    if (bound(start, from) < 0 || bound(end, to) < 0) return -1;
    if (*to > n)
        *to = n;
    else if (*to < 0)
        *to = *to + n < 0 ? 0 : *to + n;
    if (*from < 0) *from = *from + n < 0 ? 0 : *from + n;
    return 0;
}

int kr_str_sub_args(const char *name, const Value *args, size_t n, Value kwnames, Value out[4])
{
    if (has_keywords(kwnames)) {
        kr_raise(kr_TypeError, "%T.%s() takes no keyword arguments", args[0], name);
        return -1;
    }
    if (n < 2 || n > 4) {
        kr_raise(kr_TypeError, "%s() takes at %s argument%s (%zu given)", name,
                 n < 2 ? "least 1" : "most 3", n < 2 ? "" : "s", n - 1);
        return -1;
    }
    out[2] = out[3] = NONE;
    for (size_t i = 0; i < n; i++) out[i] = args[i];
    return 0;
}

/* ---- Searching ---- */

/* Finds a[1] in a[0][a[2]:a[3]]: the position, -1 absent, -2 raised. */
static int64_t find_in(const Value *a, bool reverse)
{
    if (UNLIKELY(!is_str(a[1]))) {
        kr_raise(kr_TypeError, "must be str, not %T", a[1]);
        return -2;
    }
    Str *s = self_of(a);
    int64_t from, to;
    if (kr_str_bounds(a[2], a[3], s->length, &from, &to) < 0) return -2;
    if (from > to || from > (int64_t)s->length) return -1;
    TextSpan part = span_part(str_span(s), (size_t)from, (size_t)to);
    TextSpan piece = str_span(str_of(a[1]));
    int64_t at = reverse ? kr_search_rfind(part, piece) : kr_search_find(part, piece);
    return at < 0 ? -1 : at + from;
}

KR_FN_RAW(
    str, str_find, "find", NULL,
    "S.find(sub[, start[, end]]) -> int\n\nReturn the lowest index in S where substring sub is "
    "found,\nsuch that sub is contained within S[start:end].  Optional\narguments start and end "
    "are interpreted as in slice notation.\n\nReturn -1 on failure.")
{
    Value a[4];
    if (kr_str_sub_args("find", args, n, kwnames, a) < 0) return EMPTY;
    int64_t at = find_in(a, false);
    return at == -2 ? EMPTY : from_small_int(at);
}

KR_FN_RAW(
    str, str_rfind, "rfind", NULL,
    "S.rfind(sub[, start[, end]]) -> int\n\nReturn the highest index in S where substring sub is "
    "found,\nsuch that sub is contained within S[start:end].\n\nReturn -1 on failure.")
{
    Value a[4];
    if (kr_str_sub_args("rfind", args, n, kwnames, a) < 0) return EMPTY;
    int64_t at = find_in(a, true);
    return at == -2 ? EMPTY : from_small_int(at);
}

static Value index_in(const Value *a, bool reverse)
{
    int64_t at = find_in(a, reverse);
    if (at == -1) return kr_raise(kr_ValueError, "substring not found");
    return at < 0 ? EMPTY : from_small_int(at);
}

KR_FN_RAW(str, str_index, "index", NULL,
          "S.index(sub[, start[, end]]) -> int\n\nLike S.find() but raise ValueError when the "
          "substring is not found.")
{
    Value a[4];
    if (kr_str_sub_args("index", args, n, kwnames, a) < 0) return EMPTY;
    return index_in(a, false);
}

KR_FN_RAW(str, str_rindex, "rindex", NULL,
          "S.rindex(sub[, start[, end]]) -> int\n\nLike S.rfind() but raise ValueError when the "
          "substring is not found.")
{
    Value a[4];
    if (kr_str_sub_args("rindex", args, n, kwnames, a) < 0) return EMPTY;
    return index_in(a, true);
}

KR_FN_RAW(
    str, str_count, "count", NULL,
    "S.count(sub[, start[, end]]) -> int\n\nReturn the number of non-overlapping occurrences of "
    "substring sub in\nstring S[start:end].")
{
    Value a[4];
    if (kr_str_sub_args("count", args, n, kwnames, a) < 0) return EMPTY;
    if (!is_str(a[1])) return kr_raise(kr_TypeError, "must be str, not %T", a[1]);
    Str *s = self_of(a);
    int64_t from, to;
    if (kr_str_bounds(a[2], a[3], s->length, &from, &to) < 0) return EMPTY;
    if (from > to || from > (int64_t)s->length) return from_small_int(0);
    TextSpan part = span_part(str_span(s), (size_t)from, (size_t)to);
    return kr_int((int64_t)kr_search_count(part, str_span(str_of(a[1])), SIZE_MAX));
}

static bool span_equal(TextSpan x, TextSpan y)
{
    if (x.length != y.length) return false;
    if (x.width == y.width) return !memcmp(x.data, y.data, x.length * (size_t)x.width);
    for (size_t i = 0; i < x.length; i++)
        if (kr_text_at(x.data, x.width, i) != kr_text_at(y.data, y.width, i)) return false;
    return true;
}

static bool has_prefix(TextSpan text, TextSpan prefix)
{
    return text.length >= prefix.length && span_equal(span_part(text, 0, prefix.length), prefix);
}

static bool has_suffix(TextSpan text, TextSpan suffix)
{
    return text.length >= suffix.length &&
           span_equal(span_part(text, text.length - suffix.length, text.length), suffix);
}

static Value affix(const Value *a, bool suffix)
{
    const char *name = suffix ? "endswith" : "startswith";
    Str *s = self_of(a);
    int64_t from, to;
    if (!is_str(a[1]) && !is_tuple(a[1]))
        return kr_raise(kr_TypeError, "%s first arg must be str or a tuple of str, not %T", name,
                        a[1]);
    if (kr_str_bounds(a[2], a[3], s->length, &from, &to) < 0) return EMPTY;
    bool inside = from <= to && from <= (int64_t)s->length;
    TextSpan part = {s->data, 0, s->width};
    if (inside) part = span_part(str_span(s), (size_t)from, (size_t)to);
    if (is_str(a[1])) {
        TextSpan piece = str_span(str_of(a[1]));
        return from_bool(inside && (suffix ? has_suffix(part, piece) : has_prefix(part, piece)));
    }
    for (size_t i = 0; i < kr_tuple_size(a[1]); i++) {
        Value item = kr_tuple_get(a[1], i);
        if (!is_str(item))
            return kr_raise(kr_TypeError, "tuple for %s must only contain str, not %T", name, item);
        TextSpan piece = str_span(str_of(item));
        if (inside && (suffix ? has_suffix(part, piece) : has_prefix(part, piece)))
            return TRUE_VALUE;
    }
    return FALSE_VALUE;
}

KR_FN_RAW(
    str, str_startswith, "startswith", NULL,
    "S.startswith(prefix[, start[, end]]) -> bool\n\nReturn True if S starts with the specified "
    "prefix, False otherwise.\nWith optional start, test S beginning at that position.\nWith "
    "optional end, stop comparing S at that position.\nprefix can also be a tuple of strings to "
    "try.")
{
    Value a[4];
    if (kr_str_sub_args("startswith", args, n, kwnames, a) < 0) return EMPTY;
    return affix(a, false);
}

KR_FN_RAW(
    str, str_endswith, "endswith", NULL,
    "S.endswith(suffix[, start[, end]]) -> bool\n\nReturn True if S ends with the specified "
    "suffix, False otherwise.\nWith optional start, test S beginning at that position.\nWith "
    "optional end, stop comparing S at that position.\nsuffix can also be a tuple of strings to "
    "try.")
{
    Value a[4];
    if (kr_str_sub_args("endswith", args, n, kwnames, a) < 0) return EMPTY;
    return affix(a, true);
}

KR_FN(str, str_removeprefix, "removeprefix", "(self, prefix, /)",
      "Return a str with the given prefix string removed if present.")
{
    if (!is_str(a[1]))
        return kr_raise(kr_TypeError, "removeprefix() argument must be str, not %s",
                        kr_arg_type_name(a[1]));
    Str *s = self_of(a), *p = str_of(a[1]);
    if (!has_prefix(str_span(s), str_span(p))) return kr_str_exact(a[0]);
    return kr_str_slice(a[0], p->length, s->length);
}

KR_FN(str, str_removesuffix, "removesuffix", "(self, suffix, /)",
      "Return a str with the given suffix string removed if present.")
{
    if (!is_str(a[1]))
        return kr_raise(kr_TypeError, "removesuffix() argument must be str, not %s",
                        kr_arg_type_name(a[1]));
    Str *s = self_of(a), *p = str_of(a[1]);
    if (p->length == 0 || !has_suffix(str_span(s), str_span(p))) return kr_str_exact(a[0]);
    return kr_str_slice(a[0], 0, s->length - p->length);
}

/* ---- Splitting ---- */

static inline bool is_space(uint32_t c)
{
    if (c < 128) return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1C && c <= 0x1F);
    return kr_text_is_space(c);
}

static int append_slice(List *list, Value s, size_t from, size_t to)
{
    Str *text = str_of(s);
    Value part;
    if (text->ascii && to - from > 1 && to - from < text->length) {
        Str *r = kr_str_alloc(to - from, 1, true);
        if (!r) return -1;
        memcpy(r->data, text->data + from, to - from);
        part = from_object(r);
    } else {
        part = kr_str_slice(s, from, to);
        if (is_empty(part)) return -1;
    }
    return list_append(list, part);
}

/* An empty list with room for what a split usually gives. */
static List *new_parts(void)
{
    List *list = kr_list_alloc(0);
    return list && kr_list_grow(list, 12) == 0 ? list : NULL;
}

static Value split_space(Value self, int64_t most)
{
    Str *s = str_of(self);
    List *list = new_parts();
    if (!list) return EMPTY;
    size_t i = 0, n = s->length;
    for (;;) {
        while (i < n && is_space(str_at(s, i))) i++;
        if (i == n) break;
        size_t from = i;
        if (most-- == 0) {
            if (append_slice(list, self, from, n) < 0) return EMPTY;
            break;
        }
        while (i < n && !is_space(str_at(s, i))) i++;
        if (append_slice(list, self, from, i) < 0) return EMPTY;
    }
    return from_object(list);
}

static void reverse_list(List *list)
{
    for (size_t i = 0, j = list->size; i + 1 < j; i++) {
        Value v = list->items[i];
        list->items[i] = list->items[--j];
        list->items[j] = v;
    }
}

static Value rsplit_space(Value self, int64_t most)
{
    Str *s = str_of(self);
    List *list = new_parts();
    if (!list) return EMPTY;
    size_t i = s->length;
    for (;;) {
        while (i > 0 && is_space(str_at(s, i - 1))) i--;
        if (i == 0) break;
        size_t to = i;
        if (most-- == 0) {
            if (append_slice(list, self, 0, to) < 0) return EMPTY;
            break;
        }
        while (i > 0 && !is_space(str_at(s, i - 1))) i--;
        if (append_slice(list, self, i, to) < 0) return EMPTY;
    }
    reverse_list(list);
    return from_object(list);
}

static Value split_on(Value self, Value separator, int64_t most)
{
    Str *s = str_of(self), *sep = str_of(separator);
    if (sep->length == 0) return kr_raise(kr_ValueError, "empty separator");
    List *list = new_parts();
    if (!list) return EMPTY;
    size_t from = 0;
    TextSpan text = str_span(s), piece = str_span(sep);
    if (s->width == 1 && sep->width == 1 && sep->length == 1) {
        const char *hit;
        while (most-- != 0 && (hit = memchr(s->data + from, sep->data[0], s->length - from))) {
            size_t at = (size_t)(hit - s->data);
            if (append_slice(list, self, from, at) < 0) return EMPTY;
            from = at + 1;
        }
        most = 0;
    }
    while (most-- != 0) {
        int64_t at = kr_search_find(span_part(text, from, text.length), piece);
        if (at < 0) break;
        if (append_slice(list, self, from, from + (size_t)at) < 0) return EMPTY;
        from += (size_t)at + piece.length;
    }
    /* The slice of nothing cut is a new exact str, the string itself otherwise. */
    if (append_slice(list, self, from, s->length) < 0) return EMPTY;
    return from_object(list);
}

static Value rsplit_on(Value self, Value separator, int64_t most)
{
    Str *s = str_of(self), *sep = str_of(separator);
    if (sep->length == 0) return kr_raise(kr_ValueError, "empty separator");
    List *list = new_parts();
    if (!list) return EMPTY;
    size_t to = s->length;
    TextSpan text = str_span(s), piece = str_span(sep);
    while (most-- != 0) {
        int64_t at = kr_search_rfind(span_part(text, 0, to), piece);
        if (at < 0) break;
        if (append_slice(list, self, (size_t)at + piece.length, to) < 0) return EMPTY;
        to = (size_t)at;
    }
    if (append_slice(list, self, 0, to) < 0) return EMPTY;
    reverse_list(list);
    return from_object(list);
}

static Value split(const Value *a, bool reverse)
{
    int64_t most;
    if (kr_to_index(a[2], &most) < 0) return EMPTY;
    if (most < 0) most = INT64_MAX;
    if (is_none(a[1])) return reverse ? rsplit_space(a[0], most) : split_space(a[0], most);
    if (!is_str(a[1])) return kr_raise(kr_TypeError, "must be str or None, not %T", a[1]);
    return reverse ? rsplit_on(a[0], a[1], most) : split_on(a[0], a[1], most);
}

KR_FN(str, str_split, "split", "(self, /, sep=None, maxsplit=-1)",
      "Return a list of the substrings in the string, using sep as the separator string.\n\n"
      "  sep\n    The separator used to split the string.\n\n    When set to None (the default "
      "value), will split on any whitespace\n    character (including \\n \\r \\t \\f and spaces) "
      "and will discard\n    empty strings from the result.\n  maxsplit\n    Maximum number of "
      "splits (starting from the left).\n    -1 (the default value) means no limit.\n\nNote, "
      "str.split() is mainly useful for data that has been intentionally\ndelimited.  With natural "
      "text that includes punctuation, consider using\nthe regular expression module.")
{
    return split(a, false);
}

KR_FN(str, str_rsplit, "rsplit", "(self, /, sep=None, maxsplit=-1)",
      "Return a list of the substrings in the string, using sep as the separator string.\n\n"
      "Splitting starts at the end of the string and works to the front.")
{
    return split(a, true);
}

KR_FN(str, str_splitlines, "splitlines", "(self, /, keepends=False)",
      "Return a list of the lines in the string, breaking at line boundaries.\n\nLine breaks are "
      "not included in the resulting list unless keepends is given and\ntrue.")
{
    int keep;
    if (kr_to_int32(a[1], &keep) < 0) return EMPTY;
    Str *s = self_of(a);
    List *list = kr_list_alloc(0);
    if (!list) return EMPTY;
    for (size_t i = 0; i < s->length;) {
        size_t from = i;
        while (i < s->length && !kr_text_is_line_break(str_at(s, i))) i++;
        size_t to = i;
        if (i < s->length) {
            i += str_at(s, i) == '\r' && i + 1 < s->length && str_at(s, i + 1) == '\n' ? 2 : 1;
            if (keep) to = i;
        }
        if (append_slice(list, a[0], from, to) < 0) return EMPTY;
    }
    return from_object(list);
}

static Value partition(const Value *a, bool reverse)
{
    if (!is_str(a[1])) return kr_raise(kr_TypeError, "must be str, not %T", a[1]);
    Str *s = self_of(a), *sep = str_of(a[1]);
    if (sep->length == 0) return kr_raise(kr_ValueError, "empty separator");
    int64_t at = reverse ? kr_search_rfind(str_span(s), str_span(sep))
                         : kr_search_find(str_span(s), str_span(sep));
    Value none = kr_str_empty();
    if (at < 0) {
        Value whole = kr_str_exact(a[0]);
        return reverse ? kr_tuple_of(3, none, none, whole) : kr_tuple_of(3, whole, none, none);
    }
    return kr_tuple_of(3, kr_str_slice(a[0], 0, (size_t)at), a[1],
                       kr_str_slice(a[0], (size_t)at + sep->length, s->length));
}

KR_FN(str, str_partition, "partition", "(self, sep, /)",
      "Partition the string into three parts using the given separator.\n\nThis will search for "
      "the separator in the string.  If the separator is found,\nreturns a 3-tuple containing the "
      "part before the separator, the separator\nitself, and the part after it.\n\nIf the "
      "separator is not found, returns a 3-tuple containing the original string\nand two empty "
      "strings.")
{
    return partition(a, false);
}

KR_FN(str, str_rpartition, "rpartition", "(self, sep, /)",
      "Partition the string into three parts using the given separator.\n\nThis will search for "
      "the separator in the string, starting at the end. If\nthe separator is found, returns a "
      "3-tuple containing the part before the\nseparator, the separator itself, and the part after "
      "it.\n\nIf the separator is not found, returns a 3-tuple containing two empty strings\nand "
      "the original string.")
{
    return partition(a, true);
}

KR_FN(str, str_join, "join", "(self, iterable, /)",
      "Concatenate any number of strings.\n\nThe string whose method is called is inserted in "
      "between each given string.\nThe result is returned as a new string.\n\nExample: "
      "'.'.join(['ab', 'pq', 'rs']) -> 'ab.pq.rs'")
{
    return kr_str_join(a[0], a[1]);
}

/* ---- Stripping and padding ---- */

static bool in_set(const Str *set, uint32_t c)
{
    if (set->width == 1) return c < 256 && memchr(set->data, (int)c, set->length) != NULL;
    for (size_t i = 0; i < set->length; i++)
        if (str_at(set, i) == c) return true;
    return false;
}

enum { STRIP_LEFT = 1, STRIP_RIGHT = 2 };

static Value strip(const Value *a, int sides, const char *name)
{
    Str *s = self_of(a);
    const Str *set = NULL;
    if (!is_none(a[1])) {
        if (!is_str(a[1])) return kr_raise(kr_TypeError, "%s arg must be None or str", name);
        set = str_of(a[1]);
    }
    size_t from = 0, to = s->length;
    if (sides & STRIP_LEFT)
        while (from < to && (set ? in_set(set, str_at(s, from)) : is_space(str_at(s, from))))
            from++;
    if (sides & STRIP_RIGHT)
        while (to > from && (set ? in_set(set, str_at(s, to - 1)) : is_space(str_at(s, to - 1))))
            to--;
    return kr_str_slice(a[0], from, to);
}

KR_FN(str, str_strip, "strip", "(self, chars=None, /)",
      "Return a copy of the string with leading and trailing whitespace removed.\n\nIf chars is "
      "given and not None, remove characters in chars instead.")
{
    return strip(a, STRIP_LEFT | STRIP_RIGHT, "strip");
}

KR_FN(str, str_lstrip, "lstrip", "(self, chars=None, /)",
      "Return a copy of the string with leading whitespace removed.\n\nIf chars is given and not "
      "None, remove characters in chars instead.")
{
    return strip(a, STRIP_LEFT, "lstrip");
}

KR_FN(str, str_rstrip, "rstrip", "(self, chars=None, /)",
      "Return a copy of the string with trailing whitespace removed.\n\nIf chars is given and not "
      "None, remove characters in chars instead.")
{
    return strip(a, STRIP_RIGHT, "rstrip");
}

static void fill(void *data, int width, size_t from, size_t count, uint32_t c)
{
    if (width == 1)
        memset((char *)data + from, (int)c, count);
    else
        for (size_t i = 0; i < count; i++) kr_text_put(data, width, from + i, c);
}

static Value pad(Value self, int64_t left, int64_t right, uint32_t c)
{
    Str *s = str_of(self);
    if (left <= 0 && right <= 0) return kr_str_exact(self);
    int width = kr_text_width_for(c);
    if (s->width > width) width = s->width;
    size_t before = left > 0 ? (size_t)left : 0, after = right > 0 ? (size_t)right : 0;
    if (before > ((size_t)1 << 46) || after > ((size_t)1 << 46))
        return kr_raise(kr_OverflowError, "padded string is too long");
    Str *r = kr_str_alloc(before + s->length + after, width, s->ascii && c < 128);
    if (!r) return EMPTY;
    fill(r->data, width, 0, before, c);
    kr_text_copy(r->data + before * (size_t)width, width, s->data, s->width, s->length);
    fill(r->data, width, before + s->length, after, c);
    return from_object(r);
}

/* Reads (width, fillchar): the columns missing in *room, the fill character in *c. */
static int pad_args(const Value *a, int64_t *room, uint32_t *c)
{
    int64_t width;
    if (kr_to_index(a[1], &width) < 0) return -1;
    if (!is_str(a[2])) {
        kr_raise(kr_TypeError, "The fill character must be a unicode character, not %T", a[2]);
        return -1;
    }
    if (str_of(a[2])->length != 1) {
        kr_raise(kr_TypeError, "The fill character must be exactly one character long");
        return -1;
    }
    *c = str_at(str_of(a[2]), 0);
    int64_t length = (int64_t)self_of(a)->length;
    *room = width > length ? width - length : 0;
    return 0;
}

KR_FN(str, str_center, "center", "(self, width, fillchar=' ', /)",
      "Return a centered string of length width.\n\nPadding is done using the specified fill "
      "character (default is a space).")
{
    int64_t room;
    uint32_t c;
    if (pad_args(a, &room, &c) < 0) return EMPTY;
    int64_t width = room + (int64_t)self_of(a)->length;
    int64_t left = room / 2 + (room & width & 1);
    return pad(a[0], left, room - left, c);
}

KR_FN(str, str_ljust, "ljust", "(self, width, fillchar=' ', /)",
      "Return a left-justified string of length width.\n\nPadding is done using the specified fill "
      "character (default is a space).")
{
    int64_t room;
    uint32_t c;
    if (pad_args(a, &room, &c) < 0) return EMPTY;
    return pad(a[0], 0, room, c);
}

KR_FN(str, str_rjust, "rjust", "(self, width, fillchar=' ', /)",
      "Return a right-justified string of length width.\n\nPadding is done using the specified "
      "fill character (default is a space).")
{
    int64_t room;
    uint32_t c;
    if (pad_args(a, &room, &c) < 0) return EMPTY;
    return pad(a[0], room, 0, c);
}

KR_FN(str, str_zfill, "zfill", "(self, width, /)",
      "Pad a numeric string with zeros on the left, to fill a field of the given width.\n\nThe "
      "string is never truncated.")
{
    int64_t width;
    if (kr_to_index(a[1], &width) < 0) return EMPTY;
    Str *s = self_of(a);
    int64_t room = width - (int64_t)s->length;
    if (room <= 0) return kr_str_exact(a[0]);
    Value result = pad(a[0], room, 0, '0');
    if (is_empty(result) || s->length == 0) return result;
    Str *r = str_of(result);
    uint32_t sign = str_at(s, 0);
    if (sign == '+' || sign == '-') {
        kr_text_put(r->data, r->width, 0, sign);
        kr_text_put(r->data, r->width, (size_t)room, '0');
    }
    return result;
}

/* ---- Replacing ---- */

/* Where the matches start, found once; the first few without allocating. */
typedef struct Matches {
    size_t *at, local[32], count, room;
} Matches;

/* At most `most` matches of a piece that is not empty; false when memory is out. */
static bool find_all(Matches *m, TextSpan text, TextSpan piece, size_t most)
{
    m->at = m->local;
    m->count = 0;
    m->room = sizeof m->local / sizeof *m->local;
    for (size_t from = 0; m->count < most;) {
        int64_t hit = kr_search_find(span_part(text, from, text.length), piece);
        if (hit < 0) break;
        if (m->count == m->room) {
            size_t room = m->room * 4;
            size_t *at = malloc(room * sizeof *at);
            if (!at) return false;
            memcpy(at, m->at, m->count * sizeof *at);
            if (m->at != m->local) free(m->at);
            m->at = at;
            m->room = room;
        }
        m->at[m->count++] = from + (size_t)hit;
        from += (size_t)hit + piece.length;
    }
    return true;
}

/* The text with every match replaced; with an empty piece there is one before each code point and
 * one at the end, `count` of them are used. */
static Value splice(Str *s, TextSpan piece, TextSpan to, const size_t *at, size_t count, bool ascii)
{
    if (to.length > piece.length &&
        count > (((size_t)1 << 46) - s->length) / (to.length - piece.length))
        return kr_raise(kr_OverflowError, "replace string is too long");
    size_t length = s->length + count * to.length - count * piece.length;
    if (length == 0) return kr_str_empty();
    int width = s->width > to.width ? s->width : to.width;
    Str *r = kr_str_alloc(length, width, ascii);
    if (!r) return EMPTY;
    char *q = r->data;
    size_t unit = (size_t)width, from = 0;
    for (size_t i = 0; i < count; i++) {
        size_t hit = at ? at[i] : i;
        TextSpan keep = span_part(str_span(s), from, hit);
        kr_text_copy(q, width, keep.data, keep.width, keep.length);
        q += keep.length * unit;
        kr_text_copy(q, width, to.data, to.width, to.length);
        q += to.length * unit;
        from = hit + piece.length;
    }
    TextSpan rest = span_part(str_span(s), from, s->length);
    kr_text_copy(q, width, rest.data, rest.width, rest.length);
    if (ascii) return from_object(r);
    uint32_t max = kr_text_max_class(r->data, width, length);
    if (kr_text_width_for(max) != width) return kr_str_from_span(str_span(r));
    r->ascii = max < 0x80;
    return from_object(r);
}

/* Matches in one-byte text are overwritten by a replacement as long as they are. */
static Value overwrite(Str *s, const Str *old, const Str *new, size_t most)
{
    size_t n = s->length, m = old->length;
    int64_t hit = kr_search_bytes(s->data, n, old->data, m);
    if (hit < 0) return kr_str_exact(from_object(s));
    Str *r = kr_str_alloc(n, 1, s->ascii);
    if (!r) return EMPTY;
    memcpy(r->data, s->data, n);
    for (size_t from = 0; hit >= 0;) {
        from += (size_t)hit;
        memcpy(r->data + from, new->data, m);
        from += m;
        if (--most == 0) break;
        hit = kr_search_bytes(s->data + from, n - from, old->data, m);
    }
    return from_object(r);
}

static Value replace(Value self, Value old, Value new, size_t most)
{
    Str *s = str_of(self);
    TextSpan piece = str_span(str_of(old)), to = str_span(str_of(new));
    bool ascii = s->ascii && str_of(new)->ascii;
    if (piece.length == 0) {
        if (to.length == 0) return kr_str_exact(self);
        size_t count = s->length + 1 < most ? s->length + 1 : most;
        return splice(s, piece, to, NULL, count, ascii);
    }
    if (piece.length == to.length && ascii && str_of(old)->ascii)
        return overwrite(s, str_of(old), str_of(new), most);
    Matches m;
    Value result;
    if (!find_all(&m, str_span(s), piece, most))
        result = kr_raise_no_memory();
    else
        result = m.count ? splice(s, piece, to, m.at, m.count, ascii) : kr_str_exact(self);
    if (m.at != m.local) free(m.at);
    return result;
}

KR_FN(str, str_replace, "replace", "(self, old, new, count=-1, /)",
      "Return a copy with all occurrences of substring old replaced by new.\n\n  count\n    "
      "Maximum number of occurrences to replace.\n    -1 (the default value) means replace all "
      "occurrences.\n\nIf the optional argument count is given, only the first count occurrences "
      "are\nreplaced.")
{
    for (int i = 1; i < 3; i++)
        if (!is_str(a[i]))
            return kr_raise(kr_TypeError, "replace() argument %d must be str, not %s", i,
                            kr_arg_type_name(a[i]));
    int64_t most;
    if (kr_to_index(a[3], &most) < 0) return EMPTY;
    if (most == 0) return kr_str_exact(a[0]);
    return replace(a[0], a[1], a[2], most < 0 ? SIZE_MAX : (size_t)most);
}

KR_FN(str, str_getnewargs, "__getnewargs__", "(self, /)", NULL)
{
    Str *s = self_of(a);
    Str *copy = kr_str_alloc(s->length, s->width, s->ascii);
    if (!copy) return EMPTY;
    memcpy(copy->data, s->data, s->length * s->width);
    return kr_tuple_of(1, from_object(copy));
}

KR_FN(str, str_sizeof, "__sizeof__", "(self, /)",
      "Return the size of the string in memory, in bytes.")
{
    Str *s = self_of(a);
    return kr_int((int64_t)(sizeof(Str) + (s->length + 1) * s->width));
}

#include "runtime/objects/str_methods.entries.h"

const KrFunction *const *kr_str_methods(void) { return str_functions; }
