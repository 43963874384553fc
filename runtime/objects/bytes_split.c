/* bytes_split.c: the methods of bytes and bytearray that split, strip, pad, join, replace,
 * translate, decode and convert to and from hexadecimal. Written once for both types, as in
 * bytes_methods.c. */
#include "runtime/objects/bytes_shared.h"

#include <stdlib.h>

#include "runtime/objects/int.h"
#include "runtime/objects/list.h"
#include "runtime/objects/quick.h"
#include "runtime/text/codecs.h"

static Value unchanged(Value self)
{
    if (is_exact(self, &kr_bytes_type)) return self;
    TextSpan s = bytes_span(self);
    return kr_bytes_like(self, s.data, s.length);
}

static Value part(Value self, size_t from, size_t to)
{
    TextSpan s = bytes_span(self);
    if (from >= to) return kr_bytes_like(self, "", 0);
    if (from == 0 && to == s.length) return unchanged(self);
    return kr_bytes_like(self, (const char *)s.data + from, to - from);
}

static inline bool is_white(uint8_t c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/* ---- Splitting ---- */

static void reverse_list(List *list)
{
    for (size_t i = 0, j = list->size; i + 1 < j; i++) {
        Value v = list->items[i];
        list->items[i] = list->items[--j];
        list->items[j] = v;
    }
}

static int append_part(List *list, Value self, size_t from, size_t to)
{
    Value v = part(self, from, to);
    return is_empty(v) ? -1 : list_append(list, v);
}

static int split_white(List *list, Value self, int64_t most)
{
    TextSpan s = bytes_span(self);
    const uint8_t *p = s.data;
    size_t n = s.length, i = 0;
    for (;;) {
        while (i < n && is_white(p[i])) i++;
        if (i == n) return 0;
        size_t from = i;
        if (most-- == 0) return append_part(list, self, from, n);
        while (i < n && !is_white(p[i])) i++;
        if (append_part(list, self, from, i) < 0) return -1;
    }
}

static int rsplit_white(List *list, Value self, int64_t most)
{
    TextSpan s = bytes_span(self);
    const uint8_t *p = s.data;
    size_t i = s.length;
    for (;;) {
        while (i > 0 && is_white(p[i - 1])) i--;
        if (i == 0) return 0;
        size_t to = i;
        if (most-- == 0) return append_part(list, self, 0, to);
        while (i > 0 && !is_white(p[i - 1])) i--;
        if (append_part(list, self, i, to) < 0) return -1;
    }
}

static int split_piece(List *list, Value self, TextSpan piece, int64_t most)
{
    TextSpan s = bytes_span(self);
    size_t from = 0;
    while (most-- != 0) {
        int64_t at = kr_search_find(span_part(s, from, s.length), piece);
        if (at < 0) break;
        if (append_part(list, self, from, from + (size_t)at) < 0) return -1;
        from += (size_t)at + piece.length;
    }
    return append_part(list, self, from, s.length);
}

static int rsplit_piece(List *list, Value self, TextSpan piece, int64_t most)
{
    TextSpan s = bytes_span(self);
    size_t to = s.length;
    while (most-- != 0) {
        int64_t at = kr_search_rfind(span_part(s, 0, to), piece);
        if (at < 0) break;
        if (append_part(list, self, (size_t)at + piece.length, to) < 0) return -1;
        to = (size_t)at;
    }
    return append_part(list, self, 0, to);
}

static Value split_either(const Value *a, bool reverse)
{
    int64_t most;
    if (kr_to_index(a[2], &most) < 0) return EMPTY;
    if (most < 0) most = INT64_MAX;
    List *list = kr_list_alloc(0);
    if (!list) return EMPTY;
    int status;
    if (is_none(a[1])) {
        status = reverse ? rsplit_white(list, a[0], most) : split_white(list, a[0], most);
    } else {
        BytesArg piece;
        if (kr_bytes_arg(a[1], &piece) < 0) return EMPTY;
        if (piece.span.length == 0) {
            kr_raise(kr_ValueError, "empty separator");
            status = -1;
        } else {
            status = reverse ? rsplit_piece(list, a[0], piece.span, most)
                             : split_piece(list, a[0], piece.span, most);
        }
        kr_bytes_arg_drop(&piece);
    }
    if (status < 0) return EMPTY;
    if (reverse) reverse_list(list);
    return from_object(list);
}

static Value split(const Value *a) { return split_either(a, false); }
static Value rsplit(const Value *a) { return split_either(a, true); }

static Value splitlines(const Value *a)
{
    int keep;
    List *list = kr_to_int32(a[1], &keep) < 0 ? NULL : kr_list_alloc(0);
    if (!list) return EMPTY;
    TextSpan s = bytes_span(a[0]);
    const uint8_t *p = s.data;
    for (size_t i = 0; i < s.length;) {
        size_t from = i;
        while (i < s.length && p[i] != '\n' && p[i] != '\r') i++;
        size_t to = i;
        if (i < s.length) {
            i += p[i] == '\r' && i + 1 < s.length && p[i + 1] == '\n' ? 2 : 1;
            if (keep) to = i;
        }
        if (append_part(list, a[0], from, to) < 0) return EMPTY;
    }
    return from_object(list);
}

static Value partition_either(const Value *a, bool reverse)
{
    BytesArg piece;
    if (kr_bytes_arg(a[1], &piece) < 0) return EMPTY;
    Value result = EMPTY;
    if (piece.span.length == 0) {
        kr_raise(kr_ValueError, "empty separator");
    } else {
        TextSpan s = bytes_span(a[0]);
        int64_t at = reverse ? kr_search_rfind(s, piece.span) : kr_search_find(s, piece.span);
        if (at < 0) {
            Value none = kr_bytes_like(a[0], "", 0), whole = unchanged(a[0]);
            Value none2 = kr_bytes_like(a[0], "", 0);
            result =
                reverse ? kr_tuple_of(3, none, none2, whole) : kr_tuple_of(3, whole, none, none2);
        } else {
            Value middle =
                is_bytes(a[0]) ? a[1] : kr_bytes_like(a[0], piece.span.data, piece.span.length);
            result = kr_tuple_of(3, part(a[0], 0, (size_t)at), middle,
                                 part(a[0], (size_t)at + piece.span.length, s.length));
        }
    }
    kr_bytes_arg_drop(&piece);
    return result;
}

static Value partition(const Value *a) { return partition_either(a, false); }
static Value rpartition(const Value *a) { return partition_either(a, true); }

KR_FN(bytes, bytes_split, "split", "(self, /, sep=None, maxsplit=-1)",
      "Return a list of the sections in the bytes, using sep as the delimiter.\n\n  "
      "sep\n    The delimiter according which to split the bytes.\n    None (the "
      "default value) means split on ASCII whitespace characters\n    (space, tab, "
      "return, newline, formfeed, vertical tab).\n  maxsplit\n    Maximum number of "
      "splits to do.\n    -1 (the default value) means no limit.")
{
    return split(a);
}

KR_FN(bytearray, bytearray_split, "split", "(self, /, sep=None, maxsplit=-1)",
      "Return a list of the sections in the bytes, using sep as the delimiter.\n\n  "
      "sep\n    The delimiter according which to split the bytes.\n    None (the "
      "default value) means split on ASCII whitespace characters\n    (space, tab, "
      "return, newline, formfeed, vertical tab).\n  maxsplit\n    Maximum number of "
      "splits to do.\n    -1 (the default value) means no limit.")
{
    return split(a);
}

KR_FN(bytes, bytes_rsplit, "rsplit", "(self, /, sep=None, maxsplit=-1)",
      "Return a list of the sections in the bytes, using sep as the "
      "delimiter.\n\nSplitting is done starting at the end of the bytes and working "
      "to the front.")
{
    return rsplit(a);
}

KR_FN(bytearray, bytearray_rsplit, "rsplit", "(self, /, sep=None, maxsplit=-1)",
      "Return a list of the sections in the bytes, using sep as the "
      "delimiter.\n\nSplitting is done starting at the end of the bytes and working "
      "to the front.")
{
    return rsplit(a);
}

KR_FN(bytes, bytes_splitlines, "splitlines", "(self, /, keepends=False)",
      "Return a list of the lines in the bytes, breaking at line boundaries.\n\nLine "
      "breaks are not included in the resulting list unless keepends is given "
      "and\ntrue.")
{
    return splitlines(a);
}

KR_FN(bytearray, bytearray_splitlines, "splitlines", "(self, /, keepends=False)",
      "Return a list of the lines in the bytes, breaking at line boundaries.\n\nLine "
      "breaks are not included in the resulting list unless keepends is given "
      "and\ntrue.")
{
    return splitlines(a);
}

KR_FN(bytes, bytes_partition, "partition", "(self, sep, /)",
      "Partition the bytes into three parts using the given separator.")
{
    return partition(a);
}

KR_FN(bytearray, bytearray_partition, "partition", "(self, sep, /)",
      "Partition the bytes into three parts using the given separator.")
{
    return partition(a);
}

KR_FN(bytes, bytes_rpartition, "rpartition", "(self, sep, /)",
      "Partition the bytes into three parts using the given separator,\nsearching "
      "from the end.")
{
    return rpartition(a);
}

KR_FN(bytearray, bytearray_rpartition, "rpartition", "(self, sep, /)",
      "Partition the bytes into three parts using the given separator,\nsearching "
      "from the end.")
{
    return rpartition(a);
}

/* ---- Stripping and padding ---- */

static Value strip_sides(const Value *a, bool left, bool right)
{
    bool drop[256];
    if (is_none(a[1])) {
        for (int i = 0; i < 256; i++) drop[i] = is_white((uint8_t)i);
    } else {
        BytesArg set;
        if (kr_bytes_arg(a[1], &set) < 0) return EMPTY;
        memset(drop, 0, sizeof drop);
        for (size_t i = 0; i < set.span.length; i++)
            drop[((const uint8_t *)set.span.data)[i]] = true;
        kr_bytes_arg_drop(&set);
    }
    TextSpan s = bytes_span(a[0]);
    const uint8_t *p = s.data;
    size_t from = 0, to = s.length;
    while (left && from < to && drop[p[from]]) from++;
    while (right && to > from && drop[p[to - 1]]) to--;
    return part(a[0], from, to);
}

static Value strip(const Value *a) { return strip_sides(a, true, true); }
static Value lstrip(const Value *a) { return strip_sides(a, true, false); }
static Value rstrip(const Value *a) { return strip_sides(a, false, true); }

static Value pad(Value self, int64_t left, int64_t right, uint8_t c)
{
    TextSpan s = bytes_span(self);
    if (left <= 0 && right <= 0) return unchanged(self);
    if (left + right > (int64_t)1 << 46) return kr_raise_no_memory();
    size_t n = s.length + (size_t)left + (size_t)right;
    if (n == 1) return kr_bytes_like(self, left + right ? (const void *)&c : s.data, 1);
    Value r = kr_bytes_like(self, NULL, n);
    if (is_empty(r)) return EMPTY;
    uint8_t *q = kr_bytes_data(r);
    memset(q, c, (size_t)left);
    if (s.length) memcpy(q + left, s.data, s.length);
    memset(q + left + s.length, c, (size_t)right);
    return r;
}

static int pad_args(const Value *a, const char *name, int64_t *room, uint8_t *c)
{
    int64_t width;
    if (kr_to_index(a[1], &width) < 0) return -1;
    *c = ' ';
    if (!is_empty(a[2])) {
        if ((!is_bytes(a[2]) && !is_bytearray(a[2])) || bytes_span(a[2]).length != 1) {
            kr_raise(kr_TypeError, "%s() argument 2 must be a byte string of length 1, not %T",
                     name, a[2]);
            return -1;
        }
        *c = *(const uint8_t *)bytes_span(a[2]).data;
    }
    int64_t n = (int64_t)bytes_span(a[0]).length;
    *room = width > n ? width - n : 0;
    return 0;
}

static Value center(const Value *a)
{
    int64_t room;
    uint8_t c;
    if (pad_args(a, "center", &room, &c) < 0) return EMPTY;
    int64_t width = room + (int64_t)bytes_span(a[0]).length, left = room / 2 + (room & width & 1);
    return pad(a[0], left, room - left, c);
}

static Value ljust(const Value *a)
{
    int64_t room;
    uint8_t c;
    return pad_args(a, "ljust", &room, &c) < 0 ? EMPTY : pad(a[0], 0, room, c);
}

static Value rjust(const Value *a)
{
    int64_t room;
    uint8_t c;
    return pad_args(a, "rjust", &room, &c) < 0 ? EMPTY : pad(a[0], room, 0, c);
}

static Value zfill(const Value *a)
{
    int64_t width;
    if (kr_to_index(a[1], &width) < 0) return EMPTY;
    TextSpan s = bytes_span(a[0]);
    int64_t room = width - (int64_t)s.length;
    if (room <= 0) return unchanged(a[0]);
    uint8_t sign = s.length ? *(const uint8_t *)s.data : 0;
    Value r = pad(a[0], room, 0, '0');
    if (is_empty(r) || (sign != '+' && sign != '-')) return r;
    kr_bytes_data(r)[room] = '0';
    kr_bytes_data(r)[0] = sign;
    return r;
}

static Value expandtabs(const Value *a)
{
    int size;
    if (kr_to_int32(a[1], &size) < 0) return EMPTY;
    ByteBuffer out = {0};
    TextSpan s = bytes_span(a[0]);
    const uint8_t *p = s.data;
    size_t column = 0;
    bool ok = kr_byte_reserve(&out, s.length + 1);
    for (size_t i = 0; i < s.length && ok; i++) {
        if (p[i] != '\t') {
            column = p[i] == '\n' || p[i] == '\r' ? 0 : column + 1;
            ok = kr_byte_push(&out, p + i, 1);
        } else if (size > 0) {
            size_t spaces = (size_t)size - column % (size_t)size;
            column += spaces;
            ok = out.length < (size_t)1 << 40 && kr_byte_reserve(&out, spaces);
            if (ok) memset(out.data + out.length, ' ', spaces);
            out.length += ok ? spaces : 0;
        }
    }
    Value r = ok ? kr_bytes_like(a[0], out.data, out.length)
                 : kr_raise(kr_OverflowError, "result too long");
    free(out.data);
    return r;
}

KR_FN(bytes, bytes_strip, "strip", "(self, bytes=None, /)",
      "Strip leading and trailing bytes contained in the argument.\n\nIf the "
      "argument is omitted or None, strip leading and trailing ASCII whitespace.")
{
    return strip(a);
}

KR_FN(bytearray, bytearray_strip, "strip", "(self, bytes=None, /)",
      "Strip leading and trailing bytes contained in the argument.\n\nIf the "
      "argument is omitted or None, strip leading and trailing ASCII whitespace.")
{
    return strip(a);
}

KR_FN(bytes, bytes_lstrip, "lstrip", "(self, bytes=None, /)",
      "Strip leading bytes contained in the argument.\n\nIf the argument is omitted "
      "or None, strip leading  ASCII whitespace.")
{
    return lstrip(a);
}

KR_FN(bytearray, bytearray_lstrip, "lstrip", "(self, bytes=None, /)",
      "Strip leading bytes contained in the argument.\n\nIf the argument is omitted "
      "or None, strip leading  ASCII whitespace.")
{
    return lstrip(a);
}

KR_FN(bytes, bytes_rstrip, "rstrip", "(self, bytes=None, /)",
      "Strip trailing bytes contained in the argument.\n\nIf the argument is omitted "
      "or None, strip trailing ASCII whitespace.")
{
    return rstrip(a);
}

KR_FN(bytearray, bytearray_rstrip, "rstrip", "(self, bytes=None, /)",
      "Strip trailing bytes contained in the argument.\n\nIf the argument is omitted "
      "or None, strip trailing ASCII whitespace.")
{
    return rstrip(a);
}

KR_FN(bytes, bytes_center, "center", "(self, width, fillchar=<unset>, /)",
      "Return a centered string of length width.\n\nPadding is done using the "
      "specified fill character.")
{
    return center(a);
}

KR_FN(bytearray, bytearray_center, "center", "(self, width, fillchar=<unset>, /)",
      "Return a centered string of length width.\n\nPadding is done using the "
      "specified fill character.")
{
    return center(a);
}

KR_FN(bytes, bytes_ljust, "ljust", "(self, width, fillchar=<unset>, /)",
      "Return a left-justified string of length width.\n\nPadding is done using the "
      "specified fill character.")
{
    return ljust(a);
}

KR_FN(bytearray, bytearray_ljust, "ljust", "(self, width, fillchar=<unset>, /)",
      "Return a left-justified string of length width.\n\nPadding is done using the "
      "specified fill character.")
{
    return ljust(a);
}

KR_FN(bytes, bytes_rjust, "rjust", "(self, width, fillchar=<unset>, /)",
      "Return a right-justified string of length width.\n\nPadding is done using the "
      "specified fill character.")
{
    return rjust(a);
}

KR_FN(bytearray, bytearray_rjust, "rjust", "(self, width, fillchar=<unset>, /)",
      "Return a right-justified string of length width.\n\nPadding is done using the "
      "specified fill character.")
{
    return rjust(a);
}

KR_FN(bytes, bytes_zfill, "zfill", "(self, width, /)",
      "Pad a numeric string with zeros on the left, to fill a field of the given "
      "width.\n\nThe original string is never truncated.")
{
    return zfill(a);
}

KR_FN(bytearray, bytearray_zfill, "zfill", "(self, width, /)",
      "Pad a numeric string with zeros on the left, to fill a field of the given "
      "width.\n\nThe original string is never truncated.")
{
    return zfill(a);
}

KR_FN(bytes, bytes_expandtabs, "expandtabs", "(self, /, tabsize=8)",
      "Return a copy where all tab characters are expanded using spaces.\n\nIf "
      "tabsize is not given, a tab size of 8 characters is assumed.")
{
    return expandtabs(a);
}

KR_FN(bytearray, bytearray_expandtabs, "expandtabs", "(self, /, tabsize=8)",
      "Return a copy where all tab characters are expanded using spaces.\n\nIf "
      "tabsize is not given, a tab size of 8 characters is assumed.")
{
    return expandtabs(a);
}

/* ---- Replacing and joining ---- */

static Value replace_all(Value self, TextSpan from, TextSpan to, size_t most)
{
    TextSpan s = bytes_span(self);
    size_t n = kr_search_count(s, from, most);
    if (n == 0 || (from.length == 0 && to.length == 0)) return unchanged(self);
    if (to.length > from.length && n > (((size_t)1 << 46) - s.length) / (to.length - from.length))
        return kr_raise(kr_OverflowError, "replace bytes is too long");
    size_t length = s.length + n * to.length - n * from.length;
    Value r = kr_bytes_like(self, NULL, length);
    if (is_empty(r) || length == 0) return r;
    uint8_t *q = kr_bytes_data(r);
    const uint8_t *p = s.data;
    size_t at = 0;
    for (size_t done = 0; done < n; done++) {
        size_t hit = at;
        if (from.length)
            hit += (size_t)kr_search_find(span_part(s, at, s.length), from);
        else if (done)
            hit++;
        memcpy(q, p + at, hit - at);
        q += hit - at;
        memcpy(q, to.data, to.length);
        q += to.length;
        at = hit + from.length;
    }
    memcpy(q, p + at, s.length - at);
    return r;
}

static Value replace(const Value *a)
{
    BytesArg from, to;
    int64_t most;
    if (kr_to_index(a[3], &most) < 0 || kr_bytes_arg(a[1], &from) < 0) return EMPTY;
    Value r = EMPTY;
    if (kr_bytes_arg(a[2], &to) == 0) {
        r = replace_all(a[0], from.span, to.span, most < 0 ? SIZE_MAX : (size_t)most);
        kr_bytes_arg_drop(&to);
    }
    kr_bytes_arg_drop(&from);
    return r;
}

Value kr_bytes_join(Value separator, Value iterable)
{
    Value list = iterable;
    if (!is_exact(iterable, &kr_list_type)) {
        list = kr_list_from(iterable);
        if (is_empty(list)) {
            if (!kr_raised_is(kr_TypeError) || kr_is_iterator(iterable) ||
                !is_empty(kr_type_lookup(type_of(iterable), KR_NAME("__iter__"))))
                return EMPTY;
            kr_clear_exception();
            return kr_raise(kr_TypeError, "can only join an iterable");
        }
    }
    ByteBuffer out = {0};
    Value r = EMPTY;
    bool ok = true;
    size_t n = list_of(list)->size;
    if (n == 1 && is_bytes(separator) && is_exact(list_of(list)->items[0], &kr_bytes_type))
        return list_of(list)->items[0];
    size_t i = 0;
    for (; i < list_of(list)->size && ok; i++) {
        TextSpan s = bytes_span(separator);
        if (i && s.length) ok = kr_byte_push(&out, s.data, s.length);
        Value item = list_of(list)->items[i];
        BytesArg piece;
        if (!is_bytes(item) && (is_str(item) || !kr_has_buffer(item))) {
            kr_raise(kr_TypeError, "sequence item %zu: expected a bytes-like object, %T found", i,
                     item);
            free(out.data);
            return EMPTY;
        }
        if (kr_bytes_arg(item, &piece) < 0) {
            free(out.data);
            if (!kr_raised_is(kr_BufferError)) return EMPTY;
            kr_clear_exception();
            return kr_raise(kr_TypeError,
                            "sequence item %zu: expected a bytes-like object, %T found", i, item);
        }
        ok = ok && kr_byte_push(&out, piece.span.data, piece.span.length);
        kr_bytes_arg_drop(&piece);
    }
    r = ok ? kr_bytes_like(separator, out.data ? (const void *)out.data : "", out.length)
           : kr_raise_no_memory();
    free(out.data);
    return r;
}

static Value join(const Value *a) { return kr_bytes_join(a[0], a[1]); }

static Value translate(const Value *a)
{
    BytesArg table = {.held = false}, drop = {.held = false};
    bool has_table = !is_none(a[1]), has_drop = !is_empty(a[2]);
    if (has_table && kr_bytes_arg(a[1], &table) < 0) return EMPTY;
    Value r = EMPTY;
    if (has_table && table.span.length != 256) {
        kr_raise(kr_ValueError, "translation table must be 256 characters long");
    } else if (!has_drop || kr_bytes_arg(a[2], &drop) == 0) {
        bool dropped[256] = {false};
        for (size_t i = 0; has_drop && i < drop.span.length; i++)
            dropped[((const uint8_t *)drop.span.data)[i]] = true;
        kr_bytes_arg_drop(&drop);
        TextSpan s = bytes_span(a[0]);
        const uint8_t *p = s.data, *t = has_table ? table.span.data : NULL;
        uint8_t *out = malloc(s.length + 1);
        if (!out) {
            kr_raise_no_memory();
        } else {
            size_t n = 0;
            for (size_t i = 0; i < s.length; i++)
                if (!dropped[p[i]]) out[n++] = t ? t[p[i]] : p[i];
            if (n == s.length && !memcmp(out, p, n))
                r = unchanged(a[0]);
            else
                r = kr_bytes_like(a[0], out, n);
            free(out);
        }
    }
    kr_bytes_arg_drop(&table);
    return r;
}

static Value maketrans(const Value *a)
{
    BytesArg from, to;
    if (kr_bytes_arg(a[0], &from) < 0) return EMPTY;
    Value r = EMPTY;
    if (kr_bytes_arg(a[1], &to) == 0) {
        if (from.span.length != to.span.length) {
            kr_raise(kr_ValueError, "maketrans arguments must have same length");
        } else {
            uint8_t table[256];
            for (int i = 0; i < 256; i++) table[i] = (uint8_t)i;
            for (size_t i = 0; i < from.span.length; i++)
                table[((const uint8_t *)from.span.data)[i]] = ((const uint8_t *)to.span.data)[i];
            r = kr_bytes(table, 256);
        }
        kr_bytes_arg_drop(&to);
    }
    kr_bytes_arg_drop(&from);
    return r;
}

/* ---- Text ---- */

static Value decode(const Value *a)
{
    for (int i = 1; i < 3; i++)
        if (!is_str(a[i]))
            return kr_raise(kr_TypeError, "decode() argument '%s' must be str, not %s",
                            i == 1 ? "encoding" : "errors", kr_arg_type_name(a[i]));
    Value errors = kr_str_equal_ascii(a[2], "strict") ? EMPTY : a[2];
    return kr_str_from_object_encoded(a[0], a[1], errors);
}

Value kr_bytes_hex(const uint8_t *data, size_t n, Value separator, Value group)
{
    uint32_t mark = 0;
    int64_t step = 0;
    if (!is_empty(separator)) {
        TextSpan s;
        int64_t length = kr_length(separator);
        if (length < 0) return EMPTY;
        if (length != 1) return kr_raise(kr_ValueError, "sep must be length 1.");
        if (is_str(separator))
            s = str_span(str_of(separator));
        else if (is_bytes(separator) || is_bytearray(separator))
            s = bytes_span(separator);
        else
            return kr_raise(kr_TypeError, "sep must be str or bytes.");
        mark = kr_text_at(s.data, s.width, 0);
        if (mark > 127) return kr_raise(kr_ValueError, "sep must be ASCII.");
        int size = 1;
        if (!is_empty(group) && kr_to_int32(group, &size) < 0) return EMPTY;
        step = size;
    }
    if (n == 0) return kr_str_empty();
    uint64_t width = step < 0 ? (uint64_t)-step : (uint64_t)step;
    size_t marks = width ? (n - 1) / width : 0;
    Str *r = kr_str_alloc(n * 2 + marks, 1, true);
    if (!r) return EMPTY;
    char *q = r->data;
    for (size_t i = 0; i < n; i++) {
        /* Groups are counted from the right for a positive size, from the left for a negative one.
         */
        if (i && width && (step > 0 ? (n - i) % width == 0 : i % width == 0)) *q++ = (char)mark;
        *q++ = "0123456789abcdef"[data[i] >> 4];
        *q++ = "0123456789abcdef"[data[i] & 15];
    }
    return from_object(r);
}

static Value hex(const Value *a)
{
    TextSpan s = bytes_span(a[0]);
    return kr_bytes_hex(s.data, s.length, a[1], a[2]);
}

static int hex_digit(uint32_t c)
{
    if (c - '0' < 10) return (int)(c - '0');
    c |= 32;
    return c - 'a' < 6 ? (int)(c - 'a') + 10 : -1;
}

static Value fromhex_as(const Value *a, const Type *type)
{
    if (!is_str(a[1]))
        return kr_raise(kr_TypeError, "fromhex() argument must be str, not %s",
                        kr_arg_type_name(a[1]));
    const Str *s = str_of(a[1]);
    uint8_t *out = malloc(s->length / 2 + 1);
    if (!out) return kr_raise_no_memory();
    size_t n = 0, i = 0;
    for (;;) {
        while (i < s->length && str_at(s, i) < 128 && is_white((uint8_t)str_at(s, i))) i++;
        if (i >= s->length) break;
        int high = hex_digit(str_at(s, i));
        int low = high < 0 ? -1 : i + 1 < s->length ? hex_digit(str_at(s, i + 1)) : -1;
        if (high < 0 || low < 0) {
            free(out);
            return kr_raise(kr_ValueError,
                            "non-hexadecimal number found in fromhex() arg at position %zu",
                            high < 0 ? i : i + 1);
        }
        out[n++] = (uint8_t)(high << 4 | low);
        i += 2;
    }
    Value r = type == &kr_bytes_type ? kr_bytes(out, n) : kr_bytearray(out, n);
    free(out);
    if (is_empty(r) || same(a[0], kr_type_value(type))) return r;
    return kr_call1(a[0], r);
}

KR_FN(bytes, bytes_replace, "replace", "(self, old, new, count=-1, /)",
      "Return a copy with all occurrences of substring old replaced by new.\n\n  "
      "count\n    Maximum number of occurrences to replace.\n    -1 (the default "
      "value) means replace all occurrences.")
{
    return replace(a);
}

KR_FN(bytearray, bytearray_replace, "replace", "(self, old, new, count=-1, /)",
      "Return a copy with all occurrences of substring old replaced by new.\n\n  "
      "count\n    Maximum number of occurrences to replace.\n    -1 (the default "
      "value) means replace all occurrences.")
{
    return replace(a);
}

KR_FN(bytes, bytes_join, "join", "(self, iterable_of_bytes, /)",
      "Concatenate any number of bytes objects.\n\nThe bytes whose method is called "
      "is inserted in between each pair.")
{
    return join(a);
}

KR_FN(bytearray, bytearray_join, "join", "(self, iterable_of_bytes, /)",
      "Concatenate any number of bytes objects.\n\nThe bytes whose method is called "
      "is inserted in between each pair.")
{
    return join(a);
}

KR_FN(bytes, bytes_translate, "translate", "(self, table, /, delete=<unset>)",
      "Return a copy with each character mapped by the given translation table.\n\n  "
      "table\n    Translation table, which must be a bytes object of length "
      "256.\n\nAll characters occurring in the optional argument delete are "
      "removed.\nThe remaining characters are mapped through the given translation "
      "table.")
{
    return translate(a);
}

KR_FN(bytearray, bytearray_translate, "translate", "(self, table, /, delete=<unset>)",
      "Return a copy with each character mapped by the given translation table.\n\n  "
      "table\n    Translation table, which must be a bytes object of length "
      "256.\n\nAll characters occurring in the optional argument delete are "
      "removed.\nThe remaining characters are mapped through the given translation "
      "table.")
{
    return translate(a);
}

KR_STATICMETHOD(bytes, bytes_maketrans, "maketrans", "(frm, to, /)",
                "Return a translation table useable for the bytes or bytearray translate "
                "method.\n\nThe bytes objects frm and to must be of the same length.")
{
    return maketrans(a);
}

KR_STATICMETHOD(bytearray, bytearray_maketrans, "maketrans", "(frm, to, /)",
                "Return a translation table useable for the bytes or bytearray translate "
                "method.\n\nThe bytes objects frm and to must be of the same length.")
{
    return maketrans(a);
}

KR_FN(bytes, bytes_decode, "decode", "(self, /, encoding='utf-8', errors='strict')",
      "Decode the bytes using the codec registered for encoding.")
{
    return decode(a);
}

KR_FN(bytearray, bytearray_decode, "decode", "(self, /, encoding='utf-8', errors='strict')",
      "Decode the bytes using the codec registered for encoding.")
{
    return decode(a);
}

KR_FN(bytes, bytes_hex, "hex", "(self, /, sep=<unset>, bytes_per_sep=1)",
      "Create a string of hexadecimal numbers from a bytes object.\n\n  sep\n    An "
      "optional single character or byte to separate hex bytes.\n  bytes_per_sep\n   "
      " How many bytes between separators.  Positive values count from the\n    "
      "right, negative values count from the left.")
{
    return hex(a);
}

KR_FN(bytearray, bytearray_hex, "hex", "(self, /, sep=<unset>, bytes_per_sep=1)",
      "Create a string of hexadecimal numbers from a bytearray object.\n\n  sep\n    An "
      "optional single character or byte to separate hex bytes.\n  bytes_per_sep\n   "
      " How many bytes between separators.  Positive values count from the\n    "
      "right, negative values count from the left.")
{
    return hex(a);
}

KR_CLASSMETHOD(bytes, bytes_fromhex, "fromhex", "(type, string, /)",
               "Create a bytes object from a string of hexadecimal numbers.")
{
    return fromhex_as(a, &kr_bytes_type);
}

KR_CLASSMETHOD(bytearray, bytearray_fromhex, "fromhex", "(type, string, /)",
               "Create a bytearray object from a string of hexadecimal numbers.")
{
    return fromhex_as(a, &kr_bytearray_type);
}

#include "runtime/objects/bytes_split.entries.h"

const KrFunction *const *kr_bytes_split_methods(void) { return bytes_functions; }
const KrFunction *const *kr_bytearray_split_methods(void) { return bytearray_functions; }
