/* _string.c: the parsing halves of string.Formatter. */
#include "runtime/krait.h"

/* "name" or digits as an int, up to `end`. */
static KrValue field_key(KrValue text, size_t begin, size_t end)
{
    bool digits = begin < end;
    int64_t number = 0;
    for (size_t i = begin; i < end && digits; i++) {
        uint32_t c = kr_str_at(text, i);
        digits = c >= '0' && c <= '9';
        if (digits && number > (INT64_MAX - 9) / 10) return kr_raise(kr_ValueError, "Too many decimal digits in format string");
        if (digits) number = number * 10 + (c - '0');
    }
    return digits ? kr_int(number) : kr_str_slice(text, begin, end);
}

/* The rest of a field name, as pairs (is_attribute, key). */
static KrValue split_rest(KrValue text, size_t i)
{
    size_t length = kr_str_length(text);
    KrValue list = kr_list(NULL, 0);
    while (i < length) {
        uint32_t kind = kr_str_at(text, i++);
        size_t begin = i;
        if (kind == '.') {
            while (i < length && kr_str_at(text, i) != '.' && kr_str_at(text, i) != '[') i++;
            if (i == begin) return kr_raise(kr_ValueError, "Empty attribute in format string");
            if (kr_list_append(list, kr_tuple_of(2, kr_True, kr_str_slice(text, begin, i))) < 0) return KR_EMPTY;
        } else if (kind == '[') {
            while (i < length && kr_str_at(text, i) != ']') i++;
            if (i == length) return kr_raise(kr_ValueError, "Missing ']' in format string");
            if (i == begin) return kr_raise(kr_ValueError, "Empty attribute in format string");
            KrValue key = field_key(text, begin, i++);
            if (kr_is_empty(key) || kr_list_append(list, kr_tuple_of(2, kr_False, key)) < 0) return KR_EMPTY;
        } else {
            return kr_raise(kr_ValueError, "Only '.' or '[' may follow ']' in format field specifier");
        }
    }
    return list;
}

KR_FN(string, string_field_name_split, "formatter_field_name_split", "(field_name, /)", "split the argument as a field name")
{
    if (!kr_is_str(a[0])) return kr_raise(kr_TypeError, "expected str, got %T", a[0]);
    size_t i = 0, length = kr_str_length(a[0]);
    while (i < length && kr_str_at(a[0], i) != '.' && kr_str_at(a[0], i) != '[') i++;
    KrValue first = field_key(a[0], 0, i), rest = kr_is_empty(first) ? KR_EMPTY : split_rest(a[0], i);
    KrValue iterator = kr_is_empty(rest) ? KR_EMPTY : kr_iter(rest);
    return kr_is_empty(iterator) ? KR_EMPTY : kr_tuple_of(2, first, iterator);
}

/* One replacement field from after its '{'; *i goes behind its '}'. */
static KrValue parse_field(KrValue text, size_t *i, KrValue literal)
{
    size_t length = kr_str_length(text), begin = *i, p = *i;
    int brackets = 0;
    while (p < length) {
        uint32_t c = kr_str_at(text, p);
        if (c == '[') brackets = 1;
        else if (c == ']') brackets = 0;
        else if (!brackets && (c == '}' || c == ':' || c == '!')) break;
        else if (!brackets && c == '{') return kr_raise(kr_ValueError, "unexpected '{' in field name");
        p++;
    }
    if (p == length) return kr_raise(kr_ValueError, begin == length ? "Single '{' encountered in format string" : "expected '}' before end of string");
    KrValue name = kr_str_slice(text, begin, p), conversion = kr_None, spec = kr_intern("");
    uint32_t c = kr_str_at(text, p++);
    if (c == '!') {
        if (p == length) return kr_raise(kr_ValueError, "end of string while looking for conversion specifier");
        conversion = kr_str_slice(text, p, p + 1);
        p++;
        if (p == length) return kr_raise(kr_ValueError, "unmatched '{' in format spec");
        c = kr_str_at(text, p++);
        if (c != ':' && c != '}') return kr_raise(kr_ValueError, "expected ':' after conversion specifier");
    }
    if (c == ':') {
        size_t start = p;
        int depth = 1;
        for (; p < length; p++) {
            c = kr_str_at(text, p);
            if (c == '{') depth++;
            else if (c == '}' && --depth == 0) break;
        }
        if (p == length) return kr_raise(kr_ValueError, "unmatched '{' in format spec");
        spec = kr_str_slice(text, start, p++);
    }
    *i = p;
    return kr_tuple_of(4, literal, name, spec, conversion);
}

KR_FN(string, string_parser, "formatter_parser", "(format, /)", "parse the argument as a format string")
{
    if (!kr_is_str(a[0])) return kr_raise(kr_TypeError, "expected str, got %T", a[0]);
    KrValue text = a[0], list = kr_list(NULL, 0);
    size_t length = kr_str_length(text), begin = 0, i = 0;
    while (i < length) {
        uint32_t c = kr_str_at(text, i);
        if (c != '{' && c != '}') {
            i++;
            continue;
        }
        bool doubled = i + 1 < length && kr_str_at(text, i + 1) == c;
        if (doubled) { /* the literal keeps one of the two */
            if (kr_list_append(list, kr_tuple_of(4, kr_str_slice(text, begin, i + 1), kr_None, kr_None, kr_None)) < 0) return KR_EMPTY;
            begin = i += 2;
            continue;
        }
        if (c == '}') return kr_raise(kr_ValueError, "Single '}' encountered in format string");
        KrValue literal = kr_str_slice(text, begin, i++);
        KrValue field = parse_field(text, &i, literal);
        if (kr_is_empty(field) || kr_list_append(list, field) < 0) return KR_EMPTY;
        begin = i;
    }
    if (begin < length && kr_list_append(list, kr_tuple_of(4, kr_str_slice(text, begin, length), kr_None, kr_None, kr_None)) < 0) return KR_EMPTY;
    return kr_iter(list);
}

#include "modules/_string.entries.h"

KR_MODULE(_string) = {
    .api_version = KR_API_VERSION,
    .name = "_string",
    .doc = "string helper module",
    .functions = string_functions,
};
