/* str_translate.c: translate(), maketrans() and expandtabs(). */
#include "runtime/objects/quick.h"
#include "runtime/objects/str.h"
#include "runtime/objects/str_type.h"

/* What the table says of c: adds it to the text. ASCII characters are asked once (`known`, -1: not
 * yet). */
static int translate_one(KrText *text, Value table, uint32_t c, int16_t known[128])
{
    if (c < 128 && known[c] >= 0)
        return known[c] < 128 ? kr_text_add_char(text, (uint32_t)known[c]) : 0;
    Value v = kr_getitem(table, from_small_int(c));
    if (is_empty(v)) {
        if (!kr_raised_is(kr_LookupError)) return -1;
        kr_clear_exception();
        if (c < 128) known[c] = (int16_t)c;
        return kr_text_add_char(text, c);
    }
    if (is_none(v)) {
        if (c < 128) known[c] = 128;
        return 0;
    }
    if (kr_is_int(v)) {
        int64_t x;
        if (kr_to_int64(v, &x) < 0) {
            kr_clear_exception();
            x = -1;
        }
        if (x < 0 || x > 0x10FFFF) {
            kr_raise(kr_ValueError, "character mapping must be in range(0x110000)");
            return -1;
        }
        if (c < 128 && x < 128) known[c] = (int16_t)x;
        return kr_text_add_char(text, (uint32_t)x);
    }
    if (is_str(v)) {
        Str *s = str_of(v);
        if (c < 128 && s->length == 1 && s->ascii) known[c] = (int16_t)str_at(s, 0);
        return kr_text_add_str(text, v);
    }
    kr_raise(kr_TypeError, "character mapping must return integer, None or str");
    return -1;
}

KR_FN(str, str_translate, "translate", "(self, table, /)",
      "Replace each character in the string using the given translation table.\n\n  table\n    "
      "Translation table, which must be a mapping of Unicode ordinals to\n    Unicode ordinals, "
      "strings, or None.\n\nThe table must implement lookup/indexing via __getitem__, for instance "
      "a\ndictionary or list.  If this operation raises LookupError, the character is\nleft "
      "untouched.  Characters mapped to None are deleted.")
{
    Str *s = str_of(a[0]);
    int16_t known[128];
    memset(known, -1, sizeof known);
    KrText text;
    kr_text_init(&text);
    for (size_t i = 0; i < s->length; i++) {
        if (translate_one(&text, a[1], str_at(s, i), known) < 0) {
            kr_text_drop(&text);
            return EMPTY;
        }
    }
    return kr_text_finish(&text);
}

static Value trans_from_dict(Value from)
{
    if (!is_exact(from, &kr_dict_type))
        return kr_raise(kr_TypeError,
                        "if you give only one argument to maketrans it must be a dict");
    Value table = kr_dict(), key, value;
    size_t at = 0;
    if (is_empty(table)) return EMPTY;
    while (kr_dict_next(from, &at, &key, &value)) {
        if (is_str(key)) {
            if (str_of(key)->length != 1)
                return kr_raise(kr_ValueError,
                                "string keys in translate table must be of length 1");
            key = from_small_int(str_at(str_of(key), 0));
        } else if (!kr_is_int(key)) {
            return kr_raise(kr_TypeError, "keys in translate table must be strings or integers");
        }
        if (kr_dict_set(table, key, value) < 0) return EMPTY;
    }
    return table;
}

KR_STATICMETHOD(str, str_maketrans, "maketrans", "(x, y=<unset>, z=<unset>, /)",
                "Return a translation table usable for str.translate().\n\nIf there is only one "
                "argument, it must be a dictionary mapping Unicode\nordinals (integers) or "
                "characters to Unicode ordinals, strings or None.\nCharacter keys will be then "
                "converted to ordinals.\nIf there are two arguments, they must be strings of equal "
                "length, and\nin the resulting dictionary, each character in x will be mapped to "
                "the\ncharacter at the same position in y. If there is a third argument, it\nmust "
                "be a string, whose characters will be mapped to None in the result.")
{
    if (is_empty(a[1])) return trans_from_dict(a[0]);
    if (!is_str(a[1]))
        return kr_raise(kr_TypeError, "maketrans() argument 2 must be str, not %s",
                        kr_arg_type_name(a[1]));
    if (!is_empty(a[2]) && !is_str(a[2]))
        return kr_raise(kr_TypeError, "maketrans() argument 3 must be str, not %s",
                        kr_arg_type_name(a[2]));
    if (!is_str(a[0]))
        return kr_raise(kr_TypeError,
                        "first maketrans argument must be a string if there is a second argument");
    Str *x = str_of(a[0]), *y = str_of(a[1]);
    if (x->length != y->length)
        return kr_raise(kr_ValueError, "the first two maketrans arguments must have equal length");
    Value table = kr_dict();
    if (is_empty(table)) return EMPTY;
    for (size_t i = 0; i < x->length; i++)
        if (kr_dict_set(table, from_small_int(str_at(x, i)), from_small_int(str_at(y, i))) < 0)
            return EMPTY;
    for (size_t i = 0; !is_empty(a[2]) && i < str_of(a[2])->length; i++)
        if (kr_dict_set(table, from_small_int(str_at(str_of(a[2]), i)), NONE) < 0) return EMPTY;
    return table;
}

KR_FN(str, str_expandtabs, "expandtabs", "(self, /, tabsize=8)",
      "Return a copy where all tab characters are expanded using spaces.\n\nIf tabsize is not "
      "given, a tab size of 8 characters is assumed.")
{
    int size;
    if (kr_to_int32(a[1], &size) < 0) return EMPTY;
    Str *s = str_of(a[0]);
    size_t column = 0;
    bool found = false;
    KrText text;
    kr_text_init(&text);
    for (size_t i = 0; i < s->length; i++) {
        uint32_t c = str_at(s, i);
        if (c != '\t') {
            column = c == '\n' || c == '\r' ? 0 : column + 1;
            if (kr_text_add_char(&text, c) < 0) break;
            continue;
        }
        found = true;
        if (size <= 0) continue;
        size_t spaces = (size_t)size - column % (size_t)size;
        column += spaces;
        if (text.length > ((size_t)1 << 40)) {
            kr_text_drop(&text);
            return kr_raise(kr_OverflowError, "new string is too long");
        }
        for (; spaces > 0; spaces--)
            if (kr_text_add_char(&text, ' ') < 0) break;
    }
    if (!found) {
        kr_text_drop(&text);
        return kr_str_exact(a[0]);
    }
    return kr_text_finish(&text);
}

#include "runtime/objects/str_translate.entries.h"

const KrFunction *const *kr_str_translate_methods(void) { return str_functions; }
