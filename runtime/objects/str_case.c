/* str_case.c: the methods of str that map case or ask for classes of characters. Full Unicode
 * mappings: a code point may become up to three. ASCII text takes short ways. */
#include "runtime/objects/quick.h"
#include "runtime/objects/str.h"
#include "runtime/objects/str_type.h"
#include "runtime/text/unicode.h"

/* ---- Mapping ---- */

typedef int (*Mapping)(const Str *s, size_t i, uint32_t out[KR_TEXT_MAX_CASE]);

/* U+03A3 at the end of a word becomes the final sigma: a cased letter stands before it and none
 * after, both looked for across what is case-ignorable. */
static uint32_t lower_sigma(const Str *s, size_t i)
{
    size_t j = i;
    uint32_t c = 0;
    while (j > 0) {
        c = str_at(s, --j);
        if (!kr_text_is_case_ignorable(c)) break;
        c = 0;
    }
    if (!kr_text_is_cased(c)) return 0x3C3;
    for (j = i + 1; j < s->length; j++) {
        c = str_at(s, j);
        if (!kr_text_is_case_ignorable(c)) return kr_text_is_cased(c) ? 0x3C3 : 0x3C2;
    }
    return 0x3C2;
}

static int map_lower(const Str *s, size_t i, uint32_t *out)
{
    uint32_t c = str_at(s, i);
    if (c != 0x3A3) return kr_text_lower_full(c, out);
    out[0] = lower_sigma(s, i);
    return 1;
}

static int map_upper(const Str *s, size_t i, uint32_t *out)
{
    return kr_text_upper_full(str_at(s, i), out);
}

static int map_fold(const Str *s, size_t i, uint32_t *out)
{
    return kr_text_casefold_full(str_at(s, i), out);
}

static int map_swap(const Str *s, size_t i, uint32_t *out)
{
    uint32_t c = str_at(s, i);
    if (kr_text_is_upper(c)) return map_lower(s, i, out);
    if (kr_text_is_lower(c)) return kr_text_upper_full(c, out);
    out[0] = c;
    return 1;
}

static int map_title(const Str *s, size_t i, uint32_t *out)
{
    uint32_t c = str_at(s, i);
    if (i == 0 || !kr_text_is_cased(str_at(s, i - 1))) return kr_text_title_full(c, out);
    return map_lower(s, i, out);
}

static int map_capitalize(const Str *s, size_t i, uint32_t *out)
{
    return i == 0 ? kr_text_title_full(str_at(s, 0), out) : map_lower(s, i, out);
}

static Value map_all(Value self, Mapping map)
{
    const Str *s = str_of(self);
    KrText text;
    kr_text_init(&text);
    uint32_t out[KR_TEXT_MAX_CASE];
    for (size_t i = 0; i < s->length; i++) {
        int n = map(s, i, out);
        for (int k = 0; k < n; k++)
            if (kr_text_add_char(&text, out[k]) < 0) break;
    }
    return kr_text_finish(&text);
}

static inline bool ascii_upper(uint8_t c) { return (uint8_t)(c - 'A') < 26; }
static inline bool ascii_lower(uint8_t c) { return (uint8_t)(c - 'a') < 26; }

enum { ASCII_LOWER, ASCII_UPPER, ASCII_SWAP, ASCII_TITLE, ASCII_CAPITALIZE };

static Value map_ascii(Value self, int how)
{
    const Str *s = str_of(self);
    if (s->length == 0) return kr_str_empty();
    Str *r = kr_str_alloc(s->length, 1, true);
    if (!r) return EMPTY;
    const uint8_t *p = (const uint8_t *)s->data;
    uint8_t *q = (uint8_t *)r->data;
    bool word = false;
    for (size_t i = 0; i < s->length; i++) {
        uint8_t c = p[i];
        bool up = ascii_upper(c), low = ascii_lower(c);
        switch (how) {
        case ASCII_LOWER: q[i] = (uint8_t)(c | (up << 5)); break;
        case ASCII_UPPER: q[i] = (uint8_t)(c & ~(low << 5)); break;
        case ASCII_SWAP: q[i] = (uint8_t)(c ^ ((up | low) << 5)); break;
        case ASCII_TITLE:
            q[i] = word ? (uint8_t)(c | (up << 5)) : (uint8_t)(c & ~(low << 5));
            word = up | low;
            break;
        default: q[i] = i ? (uint8_t)(c | (up << 5)) : (uint8_t)(c & ~(low << 5));
        }
    }
    return from_object(r);
}

static Value map(Value self, int how, Mapping full)
{
    return str_of(self)->ascii ? map_ascii(self, how) : map_all(self, full);
}

KR_FN(str, str_lower, "lower", "(self, /)", "Return a copy of the string converted to lowercase.")
{
    return map(a[0], ASCII_LOWER, map_lower);
}

KR_FN(str, str_upper, "upper", "(self, /)", "Return a copy of the string converted to uppercase.")
{
    return map(a[0], ASCII_UPPER, map_upper);
}

KR_FN(str, str_swapcase, "swapcase", "(self, /)",
      "Convert uppercase characters to lowercase and lowercase characters to uppercase.")
{
    return map(a[0], ASCII_SWAP, map_swap);
}

KR_FN(str, str_title, "title", "(self, /)",
      "Return a version of the string where each word is titlecased.\n\nMore specifically, words "
      "start with uppercased characters and all remaining\ncased characters have lower case.")
{
    return map(a[0], ASCII_TITLE, map_title);
}

KR_FN(str, str_capitalize, "capitalize", "(self, /)",
      "Return a capitalized version of the string.\n\nMore specifically, make the first character "
      "have upper case and the rest lower\ncase.")
{
    return map(a[0], ASCII_CAPITALIZE, map_capitalize);
}

KR_FN(str, str_casefold, "casefold", "(self, /)",
      "Return a version of the string suitable for caseless comparisons.")
{
    return map(a[0], ASCII_LOWER, map_fold);
}

/* ---- Classes ---- */

static Value all(Value self, bool (*is)(uint32_t))
{
    const Str *s = str_of(self);
    for (size_t i = 0; i < s->length; i++)
        if (!is(str_at(s, i))) return FALSE_VALUE;
    return from_bool(s->length > 0);
}

KR_FN(str, str_isalpha, "isalpha", "(self, /)",
      "Return True if the string is an alphabetic string, False otherwise.\n\nA string is "
      "alphabetic if all characters in the string are alphabetic and there\nis at least one "
      "character in the string.")
{
    return all(a[0], kr_text_is_alpha);
}

KR_FN(str, str_isalnum, "isalnum", "(self, /)",
      "Return True if the string is an alpha-numeric string, False otherwise.\n\nA string is "
      "alpha-numeric if all characters in the string are alpha-numeric and\nthere is at least one "
      "character in the string.")
{
    return all(a[0], kr_text_is_alnum);
}

KR_FN(str, str_isdecimal, "isdecimal", "(self, /)",
      "Return True if the string is a decimal string, False otherwise.\n\nA string is a decimal "
      "string if all characters in the string are decimal and\nthere is at least one character in "
      "the string.")
{
    return all(a[0], kr_text_is_decimal);
}

KR_FN(str, str_isdigit, "isdigit", "(self, /)",
      "Return True if the string is a digit string, False otherwise.\n\nA string is a digit string "
      "if all characters in the string are digits and there\nis at least one character in the "
      "string.")
{
    return all(a[0], kr_text_is_digit);
}

KR_FN(str, str_isnumeric, "isnumeric", "(self, /)",
      "Return True if the string is a numeric string, False otherwise.\n\nA string is numeric if "
      "all characters in the string are numeric and there is at\nleast one character in the "
      "string.")
{
    return all(a[0], kr_text_is_numeric);
}

KR_FN(str, str_isspace, "isspace", "(self, /)",
      "Return True if the string is a whitespace string, False otherwise.\n\nA string is "
      "whitespace if all characters in the string are whitespace and there\nis at least one "
      "character in the string.")
{
    return all(a[0], kr_text_is_space);
}

KR_FN(str, str_isprintable, "isprintable", "(self, /)",
      "Return True if the string is printable, False otherwise.\n\nA string is printable if all of "
      "its characters are considered printable in\nrepr() or if it is empty.")
{
    return str_of(a[0])->length ? all(a[0], kr_text_is_printable) : TRUE_VALUE;
}

KR_FN(str, str_isascii, "isascii", "(self, /)",
      "Return True if all characters in the string are ASCII, False otherwise.\n\nASCII characters "
      "have code points in the range U+0000-U+007F.\nEmpty string is ASCII too.")
{
    return from_bool(str_of(a[0])->ascii);
}

/* No character of the class `wrong` or in title case, and one of the class `right`. */
static Value one_case(Value self, bool (*right)(uint32_t), bool (*wrong)(uint32_t))
{
    const Str *s = str_of(self);
    bool any = false;
    for (size_t i = 0; i < s->length; i++) {
        uint32_t c = str_at(s, i);
        if (wrong(c) || kr_text_is_title(c)) return FALSE_VALUE;
        any = any || right(c);
    }
    return from_bool(any);
}

KR_FN(str, str_islower, "islower", "(self, /)",
      "Return True if the string is a lowercase string, False otherwise.\n\nA string is lowercase "
      "if all cased characters in the string are lowercase and\nthere is at least one cased "
      "character in the string.")
{
    return one_case(a[0], kr_text_is_lower, kr_text_is_upper);
}

KR_FN(str, str_isupper, "isupper", "(self, /)",
      "Return True if the string is an uppercase string, False otherwise.\n\nA string is uppercase "
      "if all cased characters in the string are uppercase and\nthere is at least one cased "
      "character in the string.")
{
    return one_case(a[0], kr_text_is_upper, kr_text_is_lower);
}

KR_FN(str, str_istitle, "istitle", "(self, /)",
      "Return True if the string is a title-cased string, False otherwise.\n\nIn a title-cased "
      "string, upper- and title-case characters may only\nfollow uncased characters and lowercase "
      "characters only cased ones.")
{
    const Str *s = str_of(a[0]);
    bool any = false, inside = false;
    for (size_t i = 0; i < s->length; i++) {
        uint32_t c = str_at(s, i);
        if (kr_text_is_upper(c) || kr_text_is_title(c)) {
            if (inside) return FALSE_VALUE;
            inside = any = true;
        } else if (kr_text_is_lower(c)) {
            if (!inside) return FALSE_VALUE;
            any = true;
        } else {
            inside = false;
        }
    }
    return from_bool(any);
}

KR_FN(str, str_isidentifier, "isidentifier", "(self, /)",
      "Return True if the string is a valid Python identifier, False otherwise.\n\nCall "
      "keyword.iskeyword(s) to test whether string s is a reserved identifier,\nsuch as \"def\" or "
      "\"class\".")
{
    const Str *s = str_of(a[0]);
    if (s->length == 0) return FALSE_VALUE;
    uint32_t c = str_at(s, 0);
    if (c != '_' && !kr_text_is_xid_start(c)) return FALSE_VALUE;
    for (size_t i = 1; i < s->length; i++)
        if (!kr_text_is_xid_continue(str_at(s, i))) return FALSE_VALUE;
    return TRUE_VALUE;
}

#include "runtime/objects/str_case.entries.h"

const KrFunction *const *kr_str_case_methods(void) { return str_functions; }
