/* str_format.c: str.format(), str.format_map(), str.__format__, and the parser of replacement
 * fields that the module _string shares.
 *
 *     "literal {{ {field.name[index]!r:spec {nested}} }}"
 *
 * A field is cut out first by counting braces (a bracket hides none of them, as in CPython), then
 * its name, conversion and spec are told apart; a spec with braces in it is formatted itself, one
 * level deep. */
#include "runtime/objects/str_format.h"

#include "runtime/objects/format.h"
#include "runtime/objects/quick.h"
#include "runtime/objects/str_type.h"

static uint32_t at(const FormatScan *f, size_t i) { return str_at(f->text, i); }

int kr_format_scan_next(FormatScan *f, FormatField *field)
{
    *field = (FormatField){.literal_from = f->at};
    if (f->at >= f->end) return 0;
    /* The literal: up to a brace; a doubled brace ends it too, with the first of the two included.
     */
    size_t i = f->at;
    uint32_t c = 0;
    bool is_field = false;
    while (i < f->end) {
        c = at(f, i++);
        if (c == '{' || c == '}') {
            is_field = true;
            break;
        }
    }
    size_t literal_to = i;
    if (is_field) {
        bool at_end = i >= f->end;
        if (c == '}' && (at_end || at(f, i) != '}')) {
            kr_raise(kr_ValueError, "Single '}' encountered in format string");
            return -1;
        }
        if (at_end && c == '{') {
            kr_raise(kr_ValueError, "Single '{' encountered in format string");
            return -1;
        }
        if (at(f, i) == c) {
            i++;
            is_field = false;
        } else {
            literal_to--;
        }
    }
    field->literal_to = literal_to;
    f->at = i;
    if (!is_field) return 1;
    field->present = true;
    /* The name: up to ':' or '!', brackets hide those. */
    size_t from = i;
    bool bracket = false;
    for (;; i++) {
        if (i >= f->end) {
            kr_raise(kr_ValueError, "expected '}' before end of string");
            return -1;
        }
        c = at(f, i);
        if (bracket) {
            bracket = c != ']';
            continue;
        }
        if (c == '{') {
            kr_raise(kr_ValueError, "unexpected '{' in field name");
            return -1;
        }
        bracket = c == '[';
        if (c == '}' || c == ':' || c == '!') break;
    }
    field->name_from = from;
    field->name_to = i;
    i++;
    if (c == '!') {
        if (i >= f->end) {
            kr_raise(kr_ValueError, "end of string while looking for conversion specifier");
            return -1;
        }
        field->conversion = at(f, i++);
        if (i < f->end) {
            c = at(f, i++);
            if (c != ':' && c != '}') {
                kr_raise(kr_ValueError, "expected ':' after conversion specifier");
                return -1;
            }
        } else {
            c = 0;
        }
        if (c == '}') {
            field->spec_from = field->spec_to = i - 1;
            f->at = i;
            return 1;
        }
    } else if (c == '}') {
        field->spec_from = field->spec_to = i - 1;
        f->at = i;
        return 1;
    }
    /* The spec: braces nest. */
    field->spec_from = i;
    for (int depth = 1; i < f->end; i++) {
        c = at(f, i);
        if (c == '{') {
            field->nested = true;
            depth++;
        } else if (c == '}' && --depth == 0) {
            field->spec_to = i;
            f->at = i + 1;
            return 1;
        }
    }
    kr_raise(kr_ValueError, "unmatched '{' in format spec");
    return -1;
}

/* Digits only: the number; -1 when it is none, -2 raised. */
static int64_t number(const Str *s, size_t from, size_t to)
{
    int64_t n = 0;
    if (from == to) return -1;
    for (size_t i = from; i < to; i++) {
        uint32_t d = str_at(s, i) - '0';
        if (d > 9) return -1;
        if (n > (INT64_MAX - (int64_t)d) / 10) {
            kr_raise(kr_ValueError, "Too many decimal digits in format string");
            return -2;
        }
        n = n * 10 + d;
    }
    return n;
}

int kr_format_first(const Str *s, size_t from, size_t to, FormatName *name)
{
    size_t i = from;
    while (i < to && str_at(s, i) != '.' && str_at(s, i) != '[') i++;
    name->text = s;
    name->at = i;
    name->end = to;
    name->first_to = i;
    name->first_from = from;
    name->first_number = number(s, from, i);
    return name->first_number == -2 ? -1 : 0;
}

int kr_format_next(FormatName *name, bool *attribute, Value *key)
{
    const Str *s = name->text;
    if (name->at >= name->end) return 0;
    uint32_t c = str_at(s, name->at++);
    size_t from = name->at, i = from, to;
    if (c == '.') {
        *attribute = true;
        while (i < name->end && str_at(s, i) != '.' && str_at(s, i) != '[') i++;
        to = name->at = i;
    } else if (c == '[') {
        *attribute = false;
        while (i < name->end && str_at(s, i) != ']') i++;
        if (i >= name->end) {
            kr_raise(kr_ValueError, "Missing ']' in format string");
            return -1;
        }
        to = i;
        name->at = i + 1;
    } else {
        kr_raise(kr_ValueError, "Only '.' or '[' may follow ']' in format field specifier");
        return -1;
    }
    if (from == to) {
        kr_raise(kr_ValueError, "Empty attribute in format string");
        return -1;
    }
    int64_t n = *attribute ? -1 : number(s, from, to);
    if (n == -2) return -1;
    *key = n >= 0 ? kr_int(n) : kr_str_slice(from_object(s), from, to);
    return is_empty(*key) ? -1 : 1;
}

/* ---- format() ---- */

enum { NUMBERING_UNKNOWN, NUMBERING_AUTOMATIC, NUMBERING_MANUAL };

typedef struct Formatter {
    Value args;   /* tuple, or EMPTY for format_map */
    Value kwargs; /* dict or mapping, or EMPTY */
    int numbering;
    int64_t next; /* automatic */
} Formatter;

static int use_numbering(Formatter *f, int kind)
{
    if (f->numbering == NUMBERING_UNKNOWN) f->numbering = kind;
    if (f->numbering == kind) return 0;
    kr_raise(kr_ValueError,
             kind == NUMBERING_MANUAL
                 ? "cannot switch from automatic field numbering to manual field specification"
                 : "cannot switch from manual field specification to automatic field numbering");
    return -1;
}

static Value field_value(Formatter *f, const Str *s, size_t from, size_t to)
{
    FormatName name;
    if (kr_format_first(s, from, to, &name) < 0) return EMPTY;
    Value v;
    bool empty = name.first_from == name.first_to;
    if (empty || name.first_number >= 0) {
        if (use_numbering(f, empty ? NUMBERING_AUTOMATIC : NUMBERING_MANUAL) < 0) return EMPTY;
        int64_t i = empty ? f->next++ : name.first_number;
        if (is_empty(f->args))
            return kr_raise(kr_ValueError, "Format string contains positional fields");
        if (i >= (int64_t)kr_tuple_size(f->args))
            return kr_raise(kr_IndexError,
                            "Replacement index %lld out of range for positional args tuple",
                            (long long)i);
        v = kr_tuple_get(f->args, (size_t)i);
    } else {
        Value key = kr_str_slice(from_object(s), name.first_from, name.first_to);
        if (is_empty(key)) return EMPTY;
        if (is_empty(f->kwargs)) return kr_raise_key(key);
        v = kr_getitem(f->kwargs, key);
    }
    bool attribute;
    Value key;
    int more = 0;
    while (!is_empty(v) && (more = kr_format_next(&name, &attribute, &key)) > 0)
        v = attribute ? kr_getattr(v, key) : kr_getitem(v, key);
    return more < 0 ? EMPTY : v;
}

static int format_into(KrText *out, Formatter *f, const Str *s, size_t from, size_t to, int depth);

static int add_field(KrText *out, Formatter *f, const Str *s, const FormatField *field, int depth)
{
    Value v = field_value(f, s, field->name_from, field->name_to);
    if (is_empty(v)) return -1;
    switch (field->conversion) {
    case 0: break;
    case 'r': v = kr_repr(v); break;
    case 's': v = kr_to_str(v); break;
    case 'a': v = kr_ascii(v); break;
    default:
        if (field->conversion > 32 && field->conversion < 127)
            kr_raise(kr_ValueError, "Unknown conversion specifier %c", (int)field->conversion);
        else
            kr_raise(kr_ValueError, "Unknown conversion specifier \\x%x", field->conversion);
        return -1;
    }
    if (is_empty(v)) return -1;
    Value spec = kr_str_empty();
    if (field->nested) {
        KrText text;
        kr_text_init(&text);
        if (format_into(&text, f, s, field->spec_from, field->spec_to, depth - 1) < 0) {
            kr_text_drop(&text);
            return -1;
        }
        spec = kr_text_finish(&text);
    } else if (field->spec_to > field->spec_from) {
        spec = kr_str_slice(from_object(s), field->spec_from, field->spec_to);
    }
    if (is_empty(spec)) return -1;
    if (str_of(spec)->length == 0 && is_exact(v, &kr_str_type)) return kr_text_add_str(out, v);
    Value text = kr_format(v, spec);
    return is_empty(text) ? -1 : kr_text_add_str(out, text);
}

static int format_into(KrText *out, Formatter *f, const Str *s, size_t from, size_t to, int depth)
{
    if (depth < 0) {
        kr_raise(kr_ValueError, "Max string recursion exceeded");
        return -1;
    }
    FormatScan scan = {s, from, to};
    FormatField field;
    int more;
    while ((more = kr_format_scan_next(&scan, &field)) > 0) {
        if (kr_text_add_slice(out, from_object(s), field.literal_from, field.literal_to) < 0)
            return -1;
        if (field.present && add_field(out, f, s, &field, depth) < 0) return -1;
    }
    return more;
}

static Value format_all(Value self, Formatter *f)
{
    KrText text;
    kr_text_init(&text);
    const Str *s = str_of(self);
    if (format_into(&text, f, s, 0, s->length, 1) < 0) {
        kr_text_drop(&text);
        return EMPTY;
    }
    return kr_text_finish(&text);
}

Value kr_str_format_method(Value format, Value args, Value kwargs)
{
    Formatter f = {.args = args, .kwargs = kwargs};
    return format_all(format, &f);
}

KR_FN(str, str_format, "format", "(self, /, *args, **kwargs)",
      "S.format(*args, **kwargs) -> str\n\nReturn a formatted version of S, using substitutions "
      "from args and kwargs.\nThe substitutions are identified by braces ('{' and '}').")
{
    return kr_str_format_method(a[0], a[1], a[2]);
}

KR_FN(str, str_format_map, "format_map", "(self, mapping, /)",
      "S.format_map(mapping) -> str\n\nReturn a formatted version of S, using substitutions from "
      "mapping.\nThe substitutions are identified by braces ('{' and '}').")
{
    return kr_str_format_method(a[0], EMPTY, a[1]);
}

KR_FN(str, str_dunder_format, "__format__", "(self, format_spec, /)",
      "Return a formatted version of the string as described by format_spec.")
{
    return kr_format_str(a[0], a[1]);
}

#include "runtime/objects/str_format.entries.h"

const KrFunction *const *kr_str_format_methods(void) { return str_functions; }
