/* bytes_methods.c: the methods that bytes and bytearray share, but for splitting and stripping
 * (bytes_split.c).
 *
 * Each is written once on spans and stands in both types' tables. Arguments are converted before
 * the span of self is taken, since converting may run Python code that resizes a bytearray. */
#include "runtime/objects/bytes_shared.h"

#include "runtime/objects/int.h"
#include "runtime/objects/list.h"
#include "runtime/objects/quick.h"
#include "runtime/text/codecs.h"

/* ---- Arguments and results ---- */

int kr_bytes_arg(Value v, BytesArg *arg)
{
    arg->held = false;
    if (is_bytes(v)) {
        arg->span = bytes_span(v);
        return 0;
    }
    if (kr_buffer_get(v, &arg->buffer, KR_BUFFER_READ | KR_BUFFER_CONTIGUOUS) < 0) return -1;
    arg->held = true;
    arg->span = (TextSpan){arg->buffer.data, (size_t)arg->buffer.size, 1};
    return 0;
}

int kr_bytes_piece(Value v, BytesArg *arg)
{
    if (is_bytes(v) || (!is_str(v) && kr_has_buffer(v))) return kr_bytes_arg(v, arg);
    if (!kr_has_index(v)) {
        kr_raise(kr_TypeError, "argument should be integer or bytes-like object, not '%T'", v);
        return -1;
    }
    int x = kr_bytes_item(v, "byte must be in range(0, 256)");
    if (x < 0) return -1;
    arg->held = false;
    arg->byte = (uint8_t)x;
    arg->span = (TextSpan){&arg->byte, 1, 1};
    return 0;
}

void kr_bytes_arg_drop(BytesArg *arg)
{
    if (arg->held) kr_buffer_release(&arg->buffer);
    arg->held = false;
}

Value kr_bytes_like(Value self, const void *data, size_t n)
{
    return is_bytes(self) ? kr_bytes(data, n) : kr_bytearray(data, n);
}

/* self unchanged: itself if exact bytes, else a copy. */
static Value unchanged(Value self)
{
    if (is_exact(self, &kr_bytes_type)) return self;
    TextSpan s = bytes_span(self);
    return kr_bytes_like(self, s.data, s.length);
}

/* ---- Searching ---- */

/* Position of a[1] in a[0][a[2]:a[3]]: -1 absent, -2 raised. */
static int64_t find_in(const Value *a, bool reverse)
{
    BytesArg piece;
    int64_t from, to, at = -1;
    if (kr_bytes_piece(a[1], &piece) < 0) return -2;
    TextSpan s = bytes_span(a[0]);
    if (kr_str_bounds(a[2], a[3], s.length, &from, &to) < 0) {
        at = -2;
    } else {
        s = bytes_span(a[0]);
        if (to > (int64_t)s.length) to = (int64_t)s.length;
        if (from <= to) {
            TextSpan part = span_part(s, (size_t)from, (size_t)to);
            at = reverse ? kr_search_rfind(part, piece.span) : kr_search_find(part, piece.span);
            if (at >= 0) at += from;
        }
    }
    kr_bytes_arg_drop(&piece);
    return at;
}

static Value find(const Value *a)
{
    int64_t at = find_in(a, false);
    return at == -2 ? EMPTY : from_small_int(at);
}

static Value rfind(const Value *a)
{
    int64_t at = find_in(a, true);
    return at == -2 ? EMPTY : from_small_int(at);
}

static Value index_(const Value *a)
{
    int64_t at = find_in(a, false);
    if (at == -1) return kr_raise(kr_ValueError, "subsection not found");
    return at < 0 ? EMPTY : from_small_int(at);
}

static Value rindex_(const Value *a)
{
    int64_t at = find_in(a, true);
    if (at == -1) return kr_raise(kr_ValueError, "subsection not found");
    return at < 0 ? EMPTY : from_small_int(at);
}

static Value count(const Value *a)
{
    BytesArg piece;
    int64_t from, to;
    if (kr_bytes_piece(a[1], &piece) < 0) return EMPTY;
    Value result = EMPTY;
    if (kr_str_bounds(a[2], a[3], bytes_span(a[0]).length, &from, &to) == 0) {
        TextSpan s = bytes_span(a[0]);
        if (to > (int64_t)s.length) to = (int64_t)s.length;
        size_t n = 0;
        if (from <= to)
            n = kr_search_count(span_part(s, (size_t)from, (size_t)to), piece.span, SIZE_MAX);
        result = kr_int((int64_t)n);
    }
    kr_bytes_arg_drop(&piece);
    return result;
}

static int has_affix(TextSpan s, Value v, bool suffix)
{
    BytesArg piece;
    if (kr_bytes_arg(v, &piece) < 0) return -1;
    size_t n = piece.span.length;
    int has = n <= s.length;
    if (has && n) {
        const char *at = (const char *)s.data + (suffix ? s.length - n : 0);
        has = !memcmp(at, piece.span.data, n);
    }
    kr_bytes_arg_drop(&piece);
    return has;
}

static Value affix(const Value *a, bool suffix)
{
    int64_t from, to;
    if (kr_str_bounds(a[2], a[3], bytes_span(a[0]).length, &from, &to) < 0) return EMPTY;
    TextSpan s = bytes_span(a[0]);
    if (to > (int64_t)s.length) to = (int64_t)s.length;
    bool inside = from <= to;
    TextSpan part = inside ? span_part(s, (size_t)from, (size_t)to) : (TextSpan){"", 0, 1};
    if (is_tuple(a[1])) {
        for (size_t i = 0; i < kr_tuple_size(a[1]); i++) {
            int has = has_affix(part, kr_tuple_get(a[1], i), suffix);
            if (has < 0) return EMPTY;
            if (has && inside) return TRUE_VALUE;
        }
        return FALSE_VALUE;
    }
    if (!is_bytes(a[1]) && (is_str(a[1]) || !kr_has_buffer(a[1])))
        return kr_raise(kr_TypeError, "%s first arg must be bytes or a tuple of bytes, not %T",
                        suffix ? "endswith" : "startswith", a[1]);
    int has = has_affix(part, a[1], suffix);
    return has < 0 ? EMPTY : from_bool(has && inside);
}

static Value startswith(const Value *a) { return affix(a, false); }
static Value endswith(const Value *a) { return affix(a, true); }

static Value remove_affix(const Value *a, bool suffix)
{
    BytesArg piece;
    if (kr_bytes_arg(a[1], &piece) < 0) return EMPTY;
    TextSpan s = bytes_span(a[0]);
    size_t n = piece.span.length;
    const char *p = s.data;
    bool has = n && n <= s.length && !memcmp(suffix ? p + s.length - n : p, piece.span.data, n);
    kr_bytes_arg_drop(&piece);
    if (!has) return unchanged(a[0]);
    return kr_bytes_like(a[0], suffix ? p : p + n, s.length - n);
}

static Value removeprefix(const Value *a) { return remove_affix(a, false); }
static Value removesuffix(const Value *a) { return remove_affix(a, true); }

static Value sub_call(const char *name, Value (*method)(const Value *a), const Value *args,
                      size_t n, Value kwnames)
{
    Value a[4];
    return kr_str_sub_args(name, args, n, kwnames, a) < 0 ? EMPTY : method(a);
}

KR_FN_RAW(bytes, bytes_find, "find", NULL,
          "B.find(sub[, start[, end]]) -> int\n\nReturn the lowest index in B where "
          "subsection sub is found.\n\nReturn -1 on failure.")
{
    return sub_call("find", find, args, n, kwnames);
}

KR_FN_RAW(bytearray, bytearray_find, "find", NULL,
          "B.find(sub[, start[, end]]) -> int\n\nReturn the lowest index in B where "
          "subsection sub is found.\n\nReturn -1 on failure.")
{
    return sub_call("find", find, args, n, kwnames);
}

KR_FN_RAW(bytes, bytes_rfind, "rfind", NULL,
          "B.rfind(sub[, start[, end]]) -> int\n\nReturn the highest index in B where "
          "subsection sub is found.\n\nReturn -1 on failure.")
{
    return sub_call("rfind", rfind, args, n, kwnames);
}

KR_FN_RAW(bytearray, bytearray_rfind, "rfind", NULL,
          "B.rfind(sub[, start[, end]]) -> int\n\nReturn the highest index in B where "
          "subsection sub is found.\n\nReturn -1 on failure.")
{
    return sub_call("rfind", rfind, args, n, kwnames);
}

KR_FN_RAW(bytes, bytes_index, "index", NULL,
          "B.index(sub[, start[, end]]) -> int\n\nLike B.find() but raises ValueError "
          "when the subsection is not found.")
{
    return sub_call("index", index_, args, n, kwnames);
}

KR_FN_RAW(bytearray, bytearray_index, "index", NULL,
          "B.index(sub[, start[, end]]) -> int\n\nLike B.find() but raises ValueError "
          "when the subsection is not found.")
{
    return sub_call("index", index_, args, n, kwnames);
}

KR_FN_RAW(bytes, bytes_rindex, "rindex", NULL,
          "B.rindex(sub[, start[, end]]) -> int\n\nLike B.rfind() but raises ValueError "
          "when the subsection is not found.")
{
    return sub_call("rindex", rindex_, args, n, kwnames);
}

KR_FN_RAW(bytearray, bytearray_rindex, "rindex", NULL,
          "B.rindex(sub[, start[, end]]) -> int\n\nLike B.rfind() but raises ValueError "
          "when the subsection is not found.")
{
    return sub_call("rindex", rindex_, args, n, kwnames);
}

KR_FN_RAW(bytes, bytes_count, "count", NULL,
          "B.count(sub[, start[, end]]) -> int\n\nReturn the number of non-overlapping "
          "occurrences of subsection sub.")
{
    return sub_call("count", count, args, n, kwnames);
}

KR_FN_RAW(bytearray, bytearray_count, "count", NULL,
          "B.count(sub[, start[, end]]) -> int\n\nReturn the number of non-overlapping "
          "occurrences of subsection sub.")
{
    return sub_call("count", count, args, n, kwnames);
}

KR_FN_RAW(bytes, bytes_startswith, "startswith", NULL,
          "B.startswith(prefix[, start[, end]]) -> bool\n\nReturn True if B starts with "
          "the specified prefix, False otherwise.")
{
    return sub_call("startswith", startswith, args, n, kwnames);
}

KR_FN_RAW(bytearray, bytearray_startswith, "startswith", NULL,
          "B.startswith(prefix[, start[, end]]) -> bool\n\nReturn True if B starts with "
          "the specified prefix, False otherwise.")
{
    return sub_call("startswith", startswith, args, n, kwnames);
}

KR_FN_RAW(bytes, bytes_endswith, "endswith", NULL,
          "B.endswith(suffix[, start[, end]]) -> bool\n\nReturn True if B ends with the "
          "specified suffix, False otherwise.")
{
    return sub_call("endswith", endswith, args, n, kwnames);
}

KR_FN_RAW(bytearray, bytearray_endswith, "endswith", NULL,
          "B.endswith(suffix[, start[, end]]) -> bool\n\nReturn True if B ends with the "
          "specified suffix, False otherwise.")
{
    return sub_call("endswith", endswith, args, n, kwnames);
}

KR_FN(bytes, bytes_removeprefix, "removeprefix", "(self, prefix, /)",
      "Return a bytes object with the given prefix string removed if present.")
{
    return removeprefix(a);
}

KR_FN(bytearray, bytearray_removeprefix, "removeprefix", "(self, prefix, /)",
      "Return a bytearray object with the given prefix string removed if present.")
{
    return removeprefix(a);
}

KR_FN(bytes, bytes_removesuffix, "removesuffix", "(self, suffix, /)",
      "Return a bytes object with the given suffix string removed if present.")
{
    return removesuffix(a);
}

KR_FN(bytearray, bytearray_removesuffix, "removesuffix", "(self, suffix, /)",
      "Return a bytearray object with the given suffix string removed if present.")
{
    return removesuffix(a);
}

/* ---- Case and classes (ASCII only) ---- */

static inline bool is_upper(uint8_t c) { return (uint8_t)(c - 'A') < 26; }
static inline bool is_lower(uint8_t c) { return (uint8_t)(c - 'a') < 26; }
static inline bool is_digit(uint8_t c) { return (uint8_t)(c - '0') < 10; }
static inline bool is_letter(uint8_t c) { return is_upper(c) || is_lower(c); }
static inline bool is_white(uint8_t c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

enum { TO_LOWER, TO_UPPER, TO_SWAP, TO_TITLE, TO_CAPITALIZE };

static Value map(Value self, int how)
{
    TextSpan s = bytes_span(self);
    Value r = kr_bytes_like(self, NULL, s.length);
    if (is_empty(r) || s.length == 0) return r;
    uint8_t *q = kr_bytes_data(r);
    const uint8_t *p = s.data;
    bool word = false;
    for (size_t i = 0; i < s.length; i++) {
        uint8_t c = p[i];
        bool up = is_upper(c), low = is_lower(c);
        bool raise_ = how == TO_UPPER || how == TO_SWAP || (how == TO_TITLE && !word) ||
                      (how == TO_CAPITALIZE && i == 0);
        bool drop = how == TO_LOWER || how == TO_SWAP || (how == TO_TITLE && word) ||
                    (how == TO_CAPITALIZE && i > 0);
        q[i] = (uint8_t)((raise_ && low) || (drop && up) ? c ^ 32 : c);
        word = up || low;
    }
    return r;
}

static Value lower(const Value *a) { return map(a[0], TO_LOWER); }
static Value upper(const Value *a) { return map(a[0], TO_UPPER); }
static Value swapcase(const Value *a) { return map(a[0], TO_SWAP); }
static Value title(const Value *a) { return map(a[0], TO_TITLE); }
static Value capitalize(const Value *a) { return map(a[0], TO_CAPITALIZE); }

#define ALL(name, test)                            \
    static Value name(const Value *a)              \
    {                                              \
        TextSpan s = bytes_span(a[0]);             \
        const uint8_t *p = s.data;                 \
        for (size_t i = 0; i < s.length; i++)      \
            if (!(test(p[i]))) return FALSE_VALUE; \
        return from_bool(s.length > 0);            \
    }

static inline bool is_letter_or_digit(uint8_t c) { return is_letter(c) || is_digit(c); }
ALL(all_alpha, is_letter)
ALL(all_digit, is_digit)
ALL(all_alnum, is_letter_or_digit)
ALL(all_space, is_white)

static Value all_ascii(const Value *a)
{
    TextSpan s = bytes_span(a[0]);
    return from_bool(kr_text_ascii_prefix(s.data, s.length) == s.length);
}

static Value one_case(Value self, bool want_upper)
{
    TextSpan s = bytes_span(self);
    const uint8_t *p = s.data;
    bool any = false;
    for (size_t i = 0; i < s.length; i++) {
        if (want_upper ? is_lower(p[i]) : is_upper(p[i])) return FALSE_VALUE;
        any = any || is_letter(p[i]);
    }
    return from_bool(any);
}

static Value all_lower(const Value *a) { return one_case(a[0], false); }
static Value all_upper(const Value *a) { return one_case(a[0], true); }

static Value all_title(const Value *a)
{
    TextSpan s = bytes_span(a[0]);
    const uint8_t *p = s.data;
    bool any = false, inside = false;
    for (size_t i = 0; i < s.length; i++) {
        if (is_upper(p[i])) {
            if (inside) return FALSE_VALUE;
            inside = any = true;
        } else if (is_lower(p[i])) {
            if (!inside) return FALSE_VALUE;
            any = true;
        } else {
            inside = false;
        }
    }
    return from_bool(any);
}

KR_FN(bytes, bytes_lower, "lower", "(self, /)",
      "B.lower() -> copy of B\n\nReturn a copy of B with all ASCII characters "
      "converted to lowercase.")
{
    return lower(a);
}

KR_FN(bytearray, bytearray_lower, "lower", "(self, /)",
      "B.lower() -> copy of B\n\nReturn a copy of B with all ASCII characters "
      "converted to lowercase.")
{
    return lower(a);
}

KR_FN(bytes, bytes_upper, "upper", "(self, /)",
      "B.upper() -> copy of B\n\nReturn a copy of B with all ASCII characters "
      "converted to uppercase.")
{
    return upper(a);
}

KR_FN(bytearray, bytearray_upper, "upper", "(self, /)",
      "B.upper() -> copy of B\n\nReturn a copy of B with all ASCII characters "
      "converted to uppercase.")
{
    return upper(a);
}

KR_FN(bytes, bytes_swapcase, "swapcase", "(self, /)",
      "B.swapcase() -> copy of B\n\nReturn a copy of B with uppercase ASCII "
      "characters converted\nto lowercase ASCII and vice versa.")
{
    return swapcase(a);
}

KR_FN(bytearray, bytearray_swapcase, "swapcase", "(self, /)",
      "B.swapcase() -> copy of B\n\nReturn a copy of B with uppercase ASCII "
      "characters converted\nto lowercase ASCII and vice versa.")
{
    return swapcase(a);
}

KR_FN(bytes, bytes_title, "title", "(self, /)",
      "B.title() -> copy of B\n\nReturn a titlecased version of B, i.e. ASCII words "
      "start with uppercase\ncharacters, all remaining cased characters have "
      "lowercase.")
{
    return title(a);
}

KR_FN(bytearray, bytearray_title, "title", "(self, /)",
      "B.title() -> copy of B\n\nReturn a titlecased version of B, i.e. ASCII words "
      "start with uppercase\ncharacters, all remaining cased characters have "
      "lowercase.")
{
    return title(a);
}

KR_FN(bytes, bytes_capitalize, "capitalize", "(self, /)",
      "B.capitalize() -> copy of B\n\nReturn a copy of B with only its first "
      "character capitalized (ASCII)\nand the rest lower-cased.")
{
    return capitalize(a);
}

KR_FN(bytearray, bytearray_capitalize, "capitalize", "(self, /)",
      "B.capitalize() -> copy of B\n\nReturn a copy of B with only its first "
      "character capitalized (ASCII)\nand the rest lower-cased.")
{
    return capitalize(a);
}

KR_FN(bytes, bytes_isalpha, "isalpha", "(self, /)",
      "B.isalpha() -> bool\n\nReturn True if all characters in B are alphabetic\nand "
      "there is at least one character in B, False otherwise.")
{
    return all_alpha(a);
}

KR_FN(bytearray, bytearray_isalpha, "isalpha", "(self, /)",
      "B.isalpha() -> bool\n\nReturn True if all characters in B are alphabetic\nand "
      "there is at least one character in B, False otherwise.")
{
    return all_alpha(a);
}

KR_FN(bytes, bytes_isdigit, "isdigit", "(self, /)",
      "B.isdigit() -> bool\n\nReturn True if all characters in B are digits\nand "
      "there is at least one character in B, False otherwise.")
{
    return all_digit(a);
}

KR_FN(bytearray, bytearray_isdigit, "isdigit", "(self, /)",
      "B.isdigit() -> bool\n\nReturn True if all characters in B are digits\nand "
      "there is at least one character in B, False otherwise.")
{
    return all_digit(a);
}

KR_FN(bytes, bytes_isalnum, "isalnum", "(self, /)",
      "B.isalnum() -> bool\n\nReturn True if all characters in B are "
      "alphanumeric\nand there is at least one character in B, False otherwise.")
{
    return all_alnum(a);
}

KR_FN(bytearray, bytearray_isalnum, "isalnum", "(self, /)",
      "B.isalnum() -> bool\n\nReturn True if all characters in B are "
      "alphanumeric\nand there is at least one character in B, False otherwise.")
{
    return all_alnum(a);
}

KR_FN(bytes, bytes_isspace, "isspace", "(self, /)",
      "B.isspace() -> bool\n\nReturn True if all characters in B are whitespace\nand "
      "there is at least one character in B, False otherwise.")
{
    return all_space(a);
}

KR_FN(bytearray, bytearray_isspace, "isspace", "(self, /)",
      "B.isspace() -> bool\n\nReturn True if all characters in B are whitespace\nand "
      "there is at least one character in B, False otherwise.")
{
    return all_space(a);
}

KR_FN(bytes, bytes_isascii, "isascii", "(self, /)",
      "B.isascii() -> bool\n\nReturn True if B is empty or all characters in B are "
      "ASCII,\nFalse otherwise.")
{
    return all_ascii(a);
}

KR_FN(bytearray, bytearray_isascii, "isascii", "(self, /)",
      "B.isascii() -> bool\n\nReturn True if B is empty or all characters in B are "
      "ASCII,\nFalse otherwise.")
{
    return all_ascii(a);
}

KR_FN(bytes, bytes_islower, "islower", "(self, /)",
      "B.islower() -> bool\n\nReturn True if all cased characters in B are lowercase "
      "and there is\nat least one cased character in B, False otherwise.")
{
    return all_lower(a);
}

KR_FN(bytearray, bytearray_islower, "islower", "(self, /)",
      "B.islower() -> bool\n\nReturn True if all cased characters in B are lowercase "
      "and there is\nat least one cased character in B, False otherwise.")
{
    return all_lower(a);
}

KR_FN(bytes, bytes_isupper, "isupper", "(self, /)",
      "B.isupper() -> bool\n\nReturn True if all cased characters in B are uppercase "
      "and there is\nat least one cased character in B, False otherwise.")
{
    return all_upper(a);
}

KR_FN(bytearray, bytearray_isupper, "isupper", "(self, /)",
      "B.isupper() -> bool\n\nReturn True if all cased characters in B are uppercase "
      "and there is\nat least one cased character in B, False otherwise.")
{
    return all_upper(a);
}

KR_FN(bytes, bytes_istitle, "istitle", "(self, /)",
      "B.istitle() -> bool\n\nReturn True if B is a titlecased string and there is "
      "at least one\ncharacter in B, False otherwise.")
{
    return all_title(a);
}

KR_FN(bytearray, bytearray_istitle, "istitle", "(self, /)",
      "B.istitle() -> bool\n\nReturn True if B is a titlecased string and there is "
      "at least one\ncharacter in B, False otherwise.")
{
    return all_title(a);
}

#include "runtime/objects/bytes_methods.entries.h"

const KrFunction *const *kr_bytes_methods(void) { return bytes_functions; }
const KrFunction *const *kr_bytearray_methods(void) { return bytearray_functions; }
