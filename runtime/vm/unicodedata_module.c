/* unicodedata_module.c: the unicodedata module over text/unicode.h.
 *
 * The methods of UCD objects and the functions of the module are the same. The one UCD object,
 * ucd_3_2_0, is the view of Unicode 3.2 that the rules of internationalised domain names are
 * written for: code points assigned later are unassigned in it. Properties that were changed
 * since are today's. */
#include <stdlib.h>

#include "runtime/objects/str.h"
#include "runtime/text/unicode.h"
#include "runtime/version.h"
#include "runtime/vm/unicodedata_age.h"

static Type *ucd_type;

/* ---- Arguments ---- */

static int character(Value v, const char *function, uint32_t *c)
{
    if (!is_str(v)) {
        kr_raise(kr_TypeError, "%s() argument%s must be a unicode character, not %T", function,
                 strcmp(function, "decimal") == 0 || strcmp(function, "digit") == 0 ||
                         strcmp(function, "numeric") == 0 || strcmp(function, "name") == 0
                     ? " 1"
                     : "",
                 v);
        return -1;
    }
    if (str_of(v)->length != 1) {
        kr_raise(kr_TypeError, "%s() argument%s must be a unicode character, not str", function,
                 strcmp(function, "decimal") == 0 || strcmp(function, "digit") == 0 ||
                         strcmp(function, "numeric") == 0 || strcmp(function, "name") == 0
                     ? " 1"
                     : "");
        return -1;
    }
    *c = str_at(str_of(v), 0);
    return 0;
}

/* Does this view of the database know the character? self is a module, or a UCD object of 3.2. */
static bool is_known(Value self, uint32_t c)
{
    if (is_empty(self)) return true;
    size_t low = 0, high = sizeof later_ranges / sizeof *later_ranges;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (c > later_ranges[middle][1])
            low = middle + 1;
        else if (c < later_ranges[middle][0])
            high = middle;
        else
            return false;
    }
    return true;
}

/* ---- Properties ---- */

static Value or_default(Value initial, const char *message)
{
    return is_empty(initial) ? kr_raise(kr_ValueError, "%s", message) : initial;
}

static Value decimal(Value self, Value v, Value initial)
{
    uint32_t c;
    if (character(v, "decimal", &c) < 0) return EMPTY;
    int n = is_known(self, c) ? kr_text_decimal_value(c) : -1;
    return n >= 0 ? kr_int(n) : or_default(initial, "not a decimal");
}
static Value digit(Value self, Value v, Value initial)
{
    uint32_t c;
    if (character(v, "digit", &c) < 0) return EMPTY;
    int n = is_known(self, c) ? kr_text_digit_value(c) : -1;
    return n >= 0 ? kr_int(n) : or_default(initial, "not a digit");
}
static Value numeric(Value self, Value v, Value initial)
{
    uint32_t c;
    double x;
    if (character(v, "numeric", &c) < 0) return EMPTY;
    return is_known(self, c) && kr_text_numeric_value(c, &x)
               ? kr_float(x)
               : or_default(initial, "not a numeric character");
}
static Value category(Value self, Value v)
{
    uint32_t c;
    if (character(v, "category", &c) < 0) return EMPTY;
    return kr_str(is_known(self, c) ? kr_text_category(c) : "Cn");
}
static Value bidirectional(Value self, Value v)
{
    uint32_t c;
    if (character(v, "bidirectional", &c) < 0) return EMPTY;
    return kr_str(is_known(self, c) ? kr_text_bidirectional(c) : "");
}
static Value combining(Value self, Value v)
{
    uint32_t c;
    if (character(v, "combining", &c) < 0) return EMPTY;
    return kr_int(is_known(self, c) ? kr_text_combining(c) : 0);
}
static Value mirrored(Value self, Value v)
{
    uint32_t c;
    if (character(v, "mirrored", &c) < 0) return EMPTY;
    return kr_int(is_known(self, c) && kr_text_is_mirrored(c));
}
static Value east_asian_width(Value self, Value v)
{
    uint32_t c;
    if (character(v, "east_asian_width", &c) < 0) return EMPTY;
    return kr_str(is_known(self, c) ? kr_text_east_asian_width(c) : "N");
}
static Value decomposition(Value self, Value v)
{
    uint32_t c;
    const char *tag;
    const uint32_t *mapping;
    if (character(v, "decomposition", &c) < 0) return EMPTY;
    int n = is_known(self, c) ? kr_text_decomposition(c, &tag, &mapping) : 0;
    KrText text;
    kr_text_init(&text);
    if (n) kr_text_add_ascii(&text, tag);
    for (int i = 0; i < n; i++)
        kr_text_add_format(&text, "%s%04X", i || *tag ? " " : "", mapping[i]);
    return kr_text_finish(&text);
}
static Value name(Value self, Value v, Value initial)
{
    uint32_t c;
    char text[KR_TEXT_MAX_NAME];
    if (character(v, "name", &c) < 0) return EMPTY;
    return is_known(self, c) && kr_text_name(c, text) ? kr_str(text)
                                                      : or_default(initial, "no such name");
}
static Value lookup(Value self, Value v)
{
    if (!is_str(v)) return kr_raise(kr_TypeError, "lookup() argument must be str, not %T", v);
    size_t n;
    uint32_t points[KR_TEXT_MAX_SEQUENCE];
    const char *text = kr_str_utf8(v, &n);
    if (!text) return EMPTY;
    if (n > 256) return kr_raise(kr_KeyError, "name too long");
    int count = kr_text_lookup_sequence(text, n, points);
    if (count == 0 || (count == 1 && !is_known(self, points[0])))
        return kr_raise(kr_KeyError, "undefined character name '%s'", text);
    return kr_str_from_points(points, (size_t)count, 4);
}

/* ---- Normal forms ---- */

static int form_argument(Value v, const char *function, TextForm *form)
{
    static const char *const names[] = {"NFC", "NFD", "NFKC", "NFKD"};
    if (!is_str(v)) {
        kr_raise(kr_TypeError, "%s() argument 1 must be str, not %T", function, v);
        return -1;
    }
    for (int i = 0; i < 4; i++) {
        if (!kr_str_equal_ascii(v, names[i])) continue;
        *form = (TextForm)i;
        return 0;
    }
    kr_raise(kr_ValueError, "invalid normalization form");
    return -1;
}

static uint32_t *points_of(Value v, size_t *n)
{
    Str *s = str_of(v);
    *n = s->length;
    uint32_t *points = malloc((*n + 1) * sizeof *points);
    for (size_t i = 0; points && i < *n; i++) points[i] = str_at(s, i);
    if (!points) kr_raise_no_memory();
    return points;
}

/* Normalises piece by piece: what 3.2 does not know stays as it is. */
static Value normalize_text(Value self, TextForm form, Value v)
{
    if (kr_str_is_ascii(v)) return kr_str_exact(v);
    size_t n, size = 0;
    uint32_t *points = points_of(v, &n), *normal;
    if (!points) return EMPTY;
    KrText text;
    kr_text_init(&text);
    for (size_t i = 0; i < n;) {
        size_t end = i;
        while (end < n && is_known(self, points[end])) end++;
        normal = end > i ? kr_text_normalize(form, points + i, end - i, &size) : NULL;
        if (end > i && !normal) kr_raise_no_memory();
        for (size_t k = 0; normal && k < size; k++) kr_text_add_char(&text, normal[k]);
        free(normal);
        if (end < n) kr_text_add_char(&text, points[end]);
        i = end + 1;
    }
    free(points);
    if (!kr_raised()) return kr_text_finish(&text);
    kr_text_drop(&text);
    return EMPTY;
}

static Value normalize(Value self, Value form_name, Value v)
{
    TextForm form;
    if (!is_str(v)) return kr_raise(kr_TypeError, "normalize() argument 2 must be str, not %T", v);
    if (str_of(v)->length == 0) return v;
    return form_argument(form_name, "normalize", &form) < 0 ? EMPTY : normalize_text(self, form, v);
}

static Value is_normalized(Value self, Value form_name, Value v)
{
    TextForm form;
    if (!is_str(v))
        return kr_raise(kr_TypeError, "is_normalized() argument 2 must be str, not %T", v);
    if (str_of(v)->length == 0) return TRUE_VALUE;
    if (form_argument(form_name, "is_normalized", &form) < 0) return EMPTY;
    Value normal = normalize_text(self, form, v);
    return is_empty(normal) ? EMPTY : kr_bool(kr_str_equal(normal, v));
}

/* ---- The functions, and the methods of UCD ---- */

#define DECIMAL_DOC                                                                             \
    "Converts a Unicode character into its equivalent decimal value.\n\nReturns the decimal "   \
    "value assigned to the character chr as integer.\nIf no such value is defined, default is " \
    "returned, or, if not given,\nValueError is raised."
#define DIGIT_DOC                                                                               \
    "Converts a Unicode character into its equivalent digit value.\n\nReturns the digit value " \
    "assigned to the character chr as integer.\nIf no such value is defined, default is "       \
    "returned, or, if not given,\nValueError is raised."
#define NUMERIC_DOC                                                                           \
    "Converts a Unicode character into its equivalent numeric value.\n\nReturns the numeric " \
    "value assigned to the character chr as float.\nIf no such value is defined, default is " \
    "returned, or, if not given,\nValueError is raised."
#define CATEGORY_DOC "Returns the general category assigned to the character chr as string."
#define BIDIRECTIONAL_DOC                                                                     \
    "Returns the bidirectional class assigned to the character chr as string.\n\nIf no such " \
    "value is defined, an empty string is returned."
#define COMBINING_DOC                                                                             \
    "Returns the canonical combining class assigned to the character chr as integer.\n\nReturns " \
    "0 if no combining class is defined."
#define MIRRORED_DOC                                                                               \
    "Returns the mirrored property assigned to the character chr as integer.\n\nReturns 1 if the " \
    "character has been identified as a \"mirrored\"\ncharacter in bidirectional text, 0 "         \
    "otherwise."
#define WIDTH_DOC "Returns the east asian width assigned to the character chr as string."
#define DECOMPOSITION_DOC                                                                         \
    "Returns the character decomposition mapping assigned to the character chr as string.\n\nAn " \
    "empty string is returned in case no such mapping is defined."
#define NAME_DOC                                                                             \
    "Returns the name assigned to the character chr as a string.\n\nIf no name is defined, " \
    "default is returned, or, if not given,\nValueError is raised."
#define LOOKUP_DOC                                                                       \
    "Look up character by name.\n\nIf a character with the given name is found, return " \
    "the\ncorresponding character.  If not found, KeyError is raised."
#define NORMALIZE_DOC                                                                            \
    "Return the normal form 'form' for the Unicode string unistr.\n\nValid values for form are " \
    "'NFC', 'NFKC', 'NFD', and 'NFKD'."
#define IS_NORMALIZED_DOC                                                                         \
    "Return whether the Unicode string unistr is in the normal form 'form'.\n\nValid values for " \
    "form are 'NFC', 'NFKC', 'NFD', and 'NFKD'."

KR_FN(module, module_decimal, "decimal", "(chr, default=<unset>, /)", DECIMAL_DOC)
{
    return decimal(EMPTY, a[0], a[1]);
}
KR_FN(module, module_digit, "digit", "(chr, default=<unset>, /)", DIGIT_DOC)
{
    return digit(EMPTY, a[0], a[1]);
}
KR_FN(module, module_numeric, "numeric", "(chr, default=<unset>, /)", NUMERIC_DOC)
{
    return numeric(EMPTY, a[0], a[1]);
}
KR_FN(module, module_category, "category", "(chr, /)", CATEGORY_DOC)
{
    return category(EMPTY, a[0]);
}
KR_FN(module, module_bidirectional, "bidirectional", "(chr, /)", BIDIRECTIONAL_DOC)
{
    return bidirectional(EMPTY, a[0]);
}
KR_FN(module, module_combining, "combining", "(chr, /)", COMBINING_DOC)
{
    return combining(EMPTY, a[0]);
}
KR_FN(module, module_mirrored, "mirrored", "(chr, /)", MIRRORED_DOC)
{
    return mirrored(EMPTY, a[0]);
}
KR_FN(module, module_east_asian_width, "east_asian_width", "(chr, /)", WIDTH_DOC)
{
    return east_asian_width(EMPTY, a[0]);
}
KR_FN(module, module_decomposition, "decomposition", "(chr, /)", DECOMPOSITION_DOC)
{
    return decomposition(EMPTY, a[0]);
}
KR_FN(module, module_name, "name", "(chr, default=<unset>, /)", NAME_DOC)
{
    return name(EMPTY, a[0], a[1]);
}
KR_FN(module, module_lookup, "lookup", "(name, /)", LOOKUP_DOC) { return lookup(EMPTY, a[0]); }
KR_FN(module, module_normalize, "normalize", "(form, unistr, /)", NORMALIZE_DOC)
{
    return normalize(EMPTY, a[0], a[1]);
}
KR_FN(module, module_is_normalized, "is_normalized", "(form, unistr, /)", IS_NORMALIZED_DOC)
{
    return is_normalized(EMPTY, a[0], a[1]);
}

KR_FN(ucd, ucd_decimal, "decimal", "(self, chr, default=<unset>, /)", DECIMAL_DOC)
{
    return decimal(a[0], a[1], a[2]);
}
KR_FN(ucd, ucd_digit, "digit", "(self, chr, default=<unset>, /)", DIGIT_DOC)
{
    return digit(a[0], a[1], a[2]);
}
KR_FN(ucd, ucd_numeric, "numeric", "(self, chr, default=<unset>, /)", NUMERIC_DOC)
{
    return numeric(a[0], a[1], a[2]);
}
KR_FN(ucd, ucd_category, "category", "(self, chr, /)", CATEGORY_DOC)
{
    return category(a[0], a[1]);
}
KR_FN(ucd, ucd_bidirectional, "bidirectional", "(self, chr, /)", BIDIRECTIONAL_DOC)
{
    return bidirectional(a[0], a[1]);
}
KR_FN(ucd, ucd_combining, "combining", "(self, chr, /)", COMBINING_DOC)
{
    return combining(a[0], a[1]);
}
KR_FN(ucd, ucd_mirrored, "mirrored", "(self, chr, /)", MIRRORED_DOC)
{
    return mirrored(a[0], a[1]);
}
KR_FN(ucd, ucd_east_asian_width, "east_asian_width", "(self, chr, /)", WIDTH_DOC)
{
    return east_asian_width(a[0], a[1]);
}
KR_FN(ucd, ucd_decomposition, "decomposition", "(self, chr, /)", DECOMPOSITION_DOC)
{
    return decomposition(a[0], a[1]);
}
KR_FN(ucd, ucd_name, "name", "(self, chr, default=<unset>, /)", NAME_DOC)
{
    return name(a[0], a[1], a[2]);
}
KR_FN(ucd, ucd_lookup, "lookup", "(self, name, /)", LOOKUP_DOC) { return lookup(a[0], a[1]); }
KR_FN(ucd, ucd_normalize, "normalize", "(self, form, unistr, /)", NORMALIZE_DOC)
{
    return normalize(a[0], a[1], a[2]);
}
KR_FN(ucd, ucd_is_normalized, "is_normalized", "(self, form, unistr, /)", IS_NORMALIZED_DOC)
{
    return is_normalized(a[0], a[1], a[2]);
}

static Value ucd_version(KR_UNUSED Value self) { return kr_str("3.2.0"); }
KR_GETSET(ucd, ucd_version, NULL, "unidata_version", NULL)

#include "runtime/vm/unicodedata_module.entries.h"

static int unicodedata_exec(Value module)
{
    static const KrTypeSpec spec = {.name = "unicodedata.UCD",
                                    .size = sizeof(Object),
                                    .flags = KR_TYPE_ABSTRACT | KR_TYPE_FINAL,
                                    .functions = ucd_functions,
                                    .getset = ucd_getset};
    ucd_type = kr_type_new(&spec);
    void *old = ucd_type ? kr_alloc_instance(ucd_type) : NULL;
    if (!old || kr_module_add(module, "ucd_3_2_0", from_object(old)) < 0 ||
        kr_module_add_type(module, ucd_type) < 0)
        return -1;
    /* The library's own modules insist on the version that it was made with. */
    const char *version = KRAIT_STDLIB_MINOR == 11 ? "14.0.0" : kr_text_unicode_version;
    return kr_module_add(module, "unidata_version", kr_str(version));
}

KR_MODULE(unicodedata) = {
    .api_version = KR_API_VERSION,
    .name = "unicodedata",
    .doc = "This module provides access to the Unicode Character Database which\ndefines character "
           "properties for all Unicode characters. The data "
           "in\nthis database is based on the UnicodeData.txt file version\n15.0.0 which is "
           "publicly available from the Unicode Consortium\n"
           "at https://www.unicode.org/.\n\nThe module uses the same names and symbols as defined "
           "by the\nUnicodeData File Format 15.0.0.",
    .functions = module_functions,
    .exec = unicodedata_exec,
};
