/* _json.c: the _json module: the fast halves of json's decoder and encoder.
 *
 * The scanner walks the text by index and makes values as it goes; a value that is missing ends
 * it with StopIteration(index), which json.decoder turns into "Expecting value". The encoder
 * writes into one growing text and gives it as the only chunk. Parsers of numbers and encoders of
 * strings that the user replaced are called. */
#include <math.h>

#include "modules/support.h"

static KrType *scanner_type, *encoder_type;

static inline uint32_t at(KrValue s, const void *points, int width, size_t i)
{
    (void)s;
    return width == 1   ? ((const uint8_t *)points)[i]
           : width == 2 ? ((const uint16_t *)points)[i]
                        : ((const uint32_t *)points)[i];
}

/* The text being decoded. */
typedef struct Source {
    KrValue text;
    const void *points;
    int width;
    size_t length;
} Source;

static Source source_of(KrValue text)
{
    return (Source){text, kr_str_points(text), kr_str_width(text), kr_str_length(text)};
}
static inline uint32_t peek(const Source *s, size_t i)
{
    return at(s->text, s->points, s->width, i);
}

/* JSONDecodeError(message, text, position). */
static KrValue fail(const Source *s, const char *message, size_t position)
{
    KrValue class = kr_import_attr("json.decoder", "JSONDecodeError");
    if (kr_is_empty(class)) return KR_EMPTY;
    KrValue error = kr_call3(class, kr_str(message), s->text, kr_int((int64_t)position));
    return kr_is_empty(error) ? KR_EMPTY : kr_raise_value(error);
}

static KrValue stop(size_t position) { return kr_raise_stop(kr_int((int64_t)position)); }

/* ---- Strings ---- */

/* Four hexadecimal digits at i; -1: they are not. */
static int32_t hex4(const Source *s, size_t i)
{
    int32_t value = 0;
    for (size_t end = i + 4; i < end; i++) {
        uint32_t c = peek(s, i);
        if (c >= '0' && c <= '9')
            value = value << 4 | (int32_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            value = value << 4 | (int32_t)(c - 'a' + 10);
        else if (c >= 'A' && c <= 'F')
            value = value << 4 | (int32_t)(c - 'A' + 10);
        else
            return -1;
    }
    return value;
}

/* The escape behind the backslash at i - 1: its character, and *end behind it. False raised. */
static bool read_escape(const Source *s, size_t i, size_t *end, uint32_t *out)
{
    uint32_t c = peek(s, i);
    if (c != 'u') {
        static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
        const char *known = c && c < 128 ? strchr(from, (int)c) : NULL;
        *end = i + 1;
        if (!known) return fail(s, "Invalid \\escape", i - 1), false;
        *out = (uint32_t)to[known - from];
        return true;
    }
    i++;
    *end = i + 4;
    if (*end >= s->length) return fail(s, "Invalid \\uXXXX escape", i - 1), false;
    int32_t high = hex4(s, i);
    if (high < 0) return fail(s, "Invalid \\uXXXX escape", i - 1), false;
    *out = (uint32_t)high;
    i = *end;
    if (high < 0xd800 || high > 0xdbff || i + 6 >= s->length || peek(s, i) != '\\' ||
        peek(s, i + 1) != 'u')
        return true;
    int32_t low = hex4(s, i + 2);
    if (low < 0) return fail(s, "Invalid \\uXXXX escape", i + 1), false;
    if (low >= 0xdc00 && low <= 0xdfff) {
        *out = 0x10000 + (((uint32_t)high - 0xd800) << 10) + ((uint32_t)low - 0xdc00);
        *end = i + 6;
    }
    return true;
}

/* The string whose first character stands at `begin`; *end behind its closing quote. */
static KrValue scan_string(const Source *s, size_t begin, bool strict, size_t *end)
{
    KrText text;
    bool plain = true;
    size_t i = begin;
    for (;;) {
        size_t run = i;
        uint32_t c = 0;
        for (; i < s->length; i++) {
            c = peek(s, i);
            if (c == '"' || c == '\\') break;
            if (c > 0x1f || !strict) continue;
            if (!plain) kr_text_drop(&text);
            return fail(s, "Invalid control character at", i);
        }
        if (i >= s->length || (c == '\\' && i + 1 >= s->length)) {
            if (!plain) kr_text_drop(&text);
            return fail(s, "Unterminated string starting at", begin - 1);
        }
        if (c == '"') {
            *end = i + 1;
            if (plain) return kr_str_slice(s->text, run, i);
            kr_text_add_slice(&text, s->text, run, i);
            return kr_text_finish(&text);
        }
        if (plain) kr_text_init(&text);
        plain = false;
        kr_text_add_slice(&text, s->text, run, i);
        if (!read_escape(s, i + 1, &i, &c)) {
            kr_text_drop(&text);
            return KR_EMPTY;
        }
        kr_text_add_char(&text, c);
    }
}

KR_FN(json, json_scanstring, "scanstring", "(string, end, strict=True, /)",
      "scanstring(string, end, strict=True) -> (string, end)\n\nScan the string s for a JSON "
      "string. End is the index of the\ncharacter in s "
      "after the quote that started the JSON string.\nUnescapes all valid JSON string escape "
      "sequences and raises ValueError\non attempt to decode "
      "an invalid string. If strict is False then literal\ncontrol characters are allowed in the "
      "string.\n\nReturns a tuple of the decoded string "
      "and the index of the character in s\nafter the end quote.")
{
    int64_t begin;
    int strict = kr_truth(a[2]);
    if (strict < 0 || kr_to_int64(a[1], &begin) < 0) return KR_EMPTY;
    if (!kr_is_str(a[0]))
        return kr_raise(kr_TypeError, "first argument must be a string, not %T", a[0]);
    Source s = source_of(a[0]);
    if (begin < 0 || (size_t)begin > s.length)
        return kr_raise(kr_ValueError, "end is out of bounds");
    size_t end;
    KrValue result = scan_string(&s, (size_t)begin, strict, &end);
    return kr_is_empty(result) ? KR_EMPTY : kr_tuple_of(2, result, kr_int((int64_t)end));
}

/* ---- The scanner ---- */

typedef struct Scanner {
    KrObject head;
    KrValue object_hook, object_pairs_hook, parse_float, parse_int, parse_constant;
    bool strict;
} Scanner;

static Scanner *scanner_of(KrValue v) { return kr_to_object(v); }
static void scanner_trace(void *self, KrTracer *tracer)
{
    Scanner *s = self;
    const KrValue values[] = {s->object_hook, s->object_pairs_hook, s->parse_float, s->parse_int,
                              s->parse_constant};
    for (int i = 0; i < 5; i++) kr_trace(tracer, values[i]);
}

/* One decoding: the scanner's options, the text, and the keys seen so far. */
typedef struct Decoder {
    const Scanner *options;
    Source source;
    KrValue keys; /* dict: key -> itself, so that equal keys are one str */
} Decoder;

static KrValue scan_value(Decoder *d, size_t i, size_t *end);

static size_t skip_space(const Source *s, size_t i)
{
    while (i < s->length) {
        uint32_t c = peek(s, i);
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r') break;
        i++;
    }
    return i;
}
static bool is_at(const Source *s, size_t i, uint32_t c)
{
    return i < s->length && peek(s, i) == c;
}
static bool matches(const Source *s, size_t i, const char *word)
{
    for (; *word; i++, word++)
        if (!is_at(s, i, (uint8_t)*word)) return false;
    return true;
}

/* Reads one "key": value; *end behind the value. */
static int scan_member(Decoder *d, size_t i, size_t *end, KrValue *key, KrValue *value)
{
    const Source *s = &d->source;
    if (!is_at(s, i, '"'))
        return fail(s, "Expecting property name enclosed in double quotes", i), -1;
    *key = scan_string(s, i + 1, d->options->strict, &i);
    if (kr_is_empty(*key)) return -1;
    *key = kr_dict_set_default(d->keys, *key, *key);
    if (kr_is_empty(*key)) return -1;
    i = skip_space(s, i);
    if (!is_at(s, i, ':')) return fail(s, "Expecting ':' delimiter", i), -1;
    *value = scan_value(d, skip_space(s, i + 1), end);
    return kr_is_empty(*value) ? -1 : 0;
}

static KrValue scan_object(Decoder *d, size_t i, size_t *end)
{
    const Source *s = &d->source;
    bool pairs = !kr_is(d->options->object_pairs_hook, kr_None);
    KrValue result = pairs ? kr_list(NULL, 0) : kr_dict();
    if (kr_is_empty(result)) return KR_EMPTY;
    i = skip_space(s, i);
    while (!is_at(s, i, '}')) {
        KrValue key, value;
        if (scan_member(d, i, &i, &key, &value) < 0) return KR_EMPTY;
        KrValue pair = pairs ? kr_tuple_of(2, key, value) : KR_EMPTY;
        if (pairs ? kr_is_empty(pair) || kr_list_append(result, pair) < 0
                  : kr_dict_set(result, key, value) < 0)
            return KR_EMPTY;
        i = skip_space(s, i);
        if (is_at(s, i, '}')) break;
        if (!is_at(s, i, ',')) return fail(s, "Expecting ',' delimiter", i);
        i = skip_space(s, i + 1);
        if (is_at(s, i, '}'))
            return fail(s, "Expecting property name enclosed in double quotes", i);
    }
    *end = i + 1;
    if (pairs) return kr_call1(d->options->object_pairs_hook, result);
    return kr_is(d->options->object_hook, kr_None) ? result
                                                   : kr_call1(d->options->object_hook, result);
}

static KrValue scan_array(Decoder *d, size_t i, size_t *end)
{
    const Source *s = &d->source;
    KrValue result = kr_list(NULL, 0);
    if (kr_is_empty(result)) return KR_EMPTY;
    i = skip_space(s, i);
    while (!is_at(s, i, ']')) {
        KrValue item = scan_value(d, i, &i);
        if (kr_is_empty(item) || kr_list_append(result, item) < 0) return KR_EMPTY;
        i = skip_space(s, i);
        if (is_at(s, i, ']')) break;
        if (!is_at(s, i, ',')) return fail(s, "Expecting ',' delimiter", i);
        i = skip_space(s, i + 1);
        if (is_at(s, i, ']')) return stop(i);
    }
    *end = i + 1;
    return result;
}

static bool is_digit(const Source *s, size_t i) { return i < s->length && peek(s, i) - '0' < 10; }

static KrValue scan_number(Decoder *d, size_t start, size_t *end)
{
    const Source *s = &d->source;
    size_t i = start;
    if (is_at(s, i, '-')) i++;
    if (!is_digit(s, i)) return stop(start);
    if (peek(s, i) == '0')
        i++;
    else
        while (is_digit(s, i)) i++;
    bool is_float = false;
    if (is_at(s, i, '.') && is_digit(s, i + 1)) {
        is_float = true;
        for (i += 2; is_digit(s, i);) i++;
    }
    if (is_at(s, i, 'e') || is_at(s, i, 'E')) {
        size_t j = i + 1;
        if (is_at(s, j, '-') || is_at(s, j, '+')) j++;
        if (is_digit(s, j)) {
            is_float = true;
            while (is_digit(s, j)) j++;
            i = j;
        }
    }
    *end = i;
    KrValue parser = is_float ? d->options->parse_float : d->options->parse_int;
    bool own = kr_is(parser, kr_type_value(is_float ? &kr_float_type : &kr_int_type));
    if (own && !is_float && i - start < 19) {
        int64_t n = 0;
        bool negative = peek(s, start) == '-';
        for (size_t k = start + negative; k < i; k++) n = n * 10 + (int64_t)(peek(s, k) - '0');
        return kr_int(negative ? -n : n);
    }
    KrValue text = kr_str_slice(s->text, start, i);
    if (kr_is_empty(text)) return KR_EMPTY;
    return own && is_float ? kr_float_parse(text) : kr_call1(parser, text);
}

static KrValue scan_constant(Decoder *d, size_t i, const char *word, size_t *end)
{
    *end = i + strlen(word);
    return kr_call1(d->options->parse_constant, kr_intern(word));
}

static KrValue scan_value(Decoder *d, size_t i, size_t *end)
{
    const Source *s = &d->source;
    if (i >= s->length) return stop(i);
    uint32_t c = peek(s, i);
    switch (c) {
    case '"': return scan_string(s, i + 1, d->options->strict, end);
    case '{':
    case '[': {
        if (kr_enter_recursion(c == '{' ? " while decoding a JSON object from a unicode string"
                                        : " while decoding a JSON array from a unicode string") < 0)
            return KR_EMPTY;
        KrValue result = c == '{' ? scan_object(d, i + 1, end) : scan_array(d, i + 1, end);
        kr_leave_recursion();
        return result;
    }
    case 'n':
        if (matches(s, i, "null")) return *end = i + 4, kr_None;
        break;
    case 't':
        if (matches(s, i, "true")) return *end = i + 4, kr_True;
        break;
    case 'f':
        if (matches(s, i, "false")) return *end = i + 5, kr_False;
        break;
    case 'N':
        if (matches(s, i, "NaN")) return scan_constant(d, i, "NaN", end);
        break;
    case 'I':
        if (matches(s, i, "Infinity")) return scan_constant(d, i, "Infinity", end);
        break;
    case '-':
        if (matches(s, i, "-Infinity")) return scan_constant(d, i, "-Infinity", end);
        break;
    default: break;
    }
    return scan_number(d, i, end);
}

static KrValue scanner_call(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    static const KrFunction signature = {"scan_once", "(string, idx)", NULL,
                                         NULL,        KR_KIND_BOUND,   NULL};
    KrValue a[2];
    int64_t i;
    if (kr_bind(&signature, args, n, kwnames, a) < 0 || kr_to_index(a[1], &i) < 0) return KR_EMPTY;
    if (!kr_is_str(a[0]))
        return kr_raise(kr_TypeError, "first argument must be a string, not %T", a[0]);
    if (i < 0) return kr_raise(kr_ValueError, "idx cannot be negative");
    Decoder d = {.options = scanner_of(self), .source = source_of(a[0]), .keys = kr_dict()};
    if (kr_is_empty(d.keys)) return KR_EMPTY;
    size_t end;
    KrValue value = scan_value(&d, (size_t)i, &end);
    return kr_is_empty(value) ? KR_EMPTY : kr_tuple_of(2, value, kr_int((int64_t)end));
}

static KrValue scanner_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    static const KrFunction signature = {"make_scanner", "(context)",   NULL,
                                         NULL,           KR_KIND_BOUND, NULL};
    KrValue context;
    if (kr_bind(&signature, args, n, kwnames, &context) < 0) return KR_EMPTY;
    Scanner *s = kr_alloc_instance(type);
    if (!s) return KR_EMPTY;
    KrValue strict = kr_getattr_ascii(context, "strict");
    int truth = kr_is_empty(strict) ? -1 : kr_truth(strict);
    if (truth < 0) return KR_EMPTY;
    s->strict = truth;
    static const char *const names[] = {"object_hook", "object_pairs_hook", "parse_float",
                                        "parse_int", "parse_constant"};
    KrValue *places[] = {&s->object_hook, &s->object_pairs_hook, &s->parse_float, &s->parse_int,
                         &s->parse_constant};
    for (int i = 0; i < 5; i++)
        if (kr_is_empty(*places[i] = kr_getattr_ascii(context, names[i]))) return KR_EMPTY;
    return kr_from_object(s);
}

static KrValue scanner_strict(KrValue self) { return kr_bool(scanner_of(self)->strict); }
static KrValue scanner_object_hook(KrValue self) { return scanner_of(self)->object_hook; }
static KrValue scanner_object_pairs_hook(KrValue self)
{
    return scanner_of(self)->object_pairs_hook;
}
static KrValue scanner_parse_float(KrValue self) { return scanner_of(self)->parse_float; }
static KrValue scanner_parse_int(KrValue self) { return scanner_of(self)->parse_int; }
static KrValue scanner_parse_constant(KrValue self) { return scanner_of(self)->parse_constant; }
KR_GETSET(scanner, scanner_strict, NULL, "strict", "strict")
KR_GETSET(scanner, scanner_object_hook, NULL, "object_hook", "object_hook")
KR_GETSET(scanner, scanner_object_pairs_hook, NULL, "object_pairs_hook", NULL)
KR_GETSET(scanner, scanner_parse_float, NULL, "parse_float", "parse_float")
KR_GETSET(scanner, scanner_parse_int, NULL, "parse_int", "parse_int")
KR_GETSET(scanner, scanner_parse_constant, NULL, "parse_constant", "parse_constant")

/* ---- Writing strings ---- */

static void add_escape(KrText *out, uint32_t c)
{
    static const char from[] = "\"\\\n\r\t\f\b", to[] = "\"\\nrtfb";
    const char *known = c && c < 128 ? strchr(from, (int)c) : NULL;
    if (known) {
        kr_text_add_char(out, '\\');
        kr_text_add_char(out, (uint32_t)to[known - from]);
    } else if (c >= 0x10000) {
        kr_text_add_format(out, "\\u%04x\\u%04x", 0xd800 + ((c - 0x10000) >> 10),
                           0xdc00 + ((c - 0x10000) & 0x3ff));
    } else {
        kr_text_add_format(out, "\\u%04x", c);
    }
}

static int add_quoted(KrText *out, KrValue str, bool ascii)
{
    Source s = source_of(str);
    size_t run = 0;
    kr_text_add_char(out, '"');
    for (size_t i = 0; i < s.length; i++) {
        uint32_t c = peek(&s, i);
        if (c >= ' ' && c != '"' && c != '\\' && (c < 127 || !ascii)) continue;
        if (i > run) kr_text_add_slice(out, str, run, i);
        add_escape(out, c);
        run = i + 1;
    }
    if (s.length > run) kr_text_add_slice(out, str, run, s.length);
    return kr_text_add_char(out, '"');
}

static KrValue quoted(KrValue v, bool ascii)
{
    if (!kr_is_str(v)) return kr_raise(kr_TypeError, "first argument must be a string, not %T", v);
    KrText text;
    kr_text_init(&text);
    add_quoted(&text, v, ascii);
    return kr_text_finish(&text);
}
KR_FN(json, json_encode_ascii, "encode_basestring_ascii", "(string, /)",
      "encode_basestring_ascii(string) -> string\n\nReturn an ASCII-only JSON representation of a "
      "Python string")
{
    return quoted(a[0], true);
}
KR_FN(json, json_encode, "encode_basestring", "(string, /)",
      "encode_basestring(string) -> string\n\nReturn a JSON representation of a Python string")
{
    return quoted(a[0], false);
}

/* ---- The encoder ---- */

enum { CALL_ENCODER, OWN_ASCII, OWN };

typedef struct Encoder {
    KrObject head;
    KrValue markers, initial, encoder, indent, key_separator, item_separator;
    bool sort_keys, skipkeys, allow_nan;
    int strings; /* who writes them */
} Encoder;

static Encoder *encoder_of(KrValue v) { return kr_to_object(v); }
static void encoder_trace(void *self, KrTracer *tracer)
{
    Encoder *e = self;
    const KrValue values[] = {e->markers, e->initial,       e->encoder,
                              e->indent,  e->key_separator, e->item_separator};
    for (int i = 0; i < 6; i++) kr_trace(tracer, values[i]);
}

static int encode(Encoder *e, KrText *out, KrValue v);

static int encode_str(Encoder *e, KrText *out, KrValue v)
{
    if (e->strings != CALL_ENCODER) return add_quoted(out, v, e->strings == OWN_ASCII);
    KrValue text = kr_call1(e->encoder, v);
    if (kr_is_empty(text)) return -1;
    if (kr_is_str(text)) return kr_text_add_str(out, text);
    kr_raise(kr_TypeError, "encoder() must return a string, not %T", text);
    return -1;
}

static int add_text(KrText *out, KrValue str)
{
    return kr_is_empty(str) ? -1 : kr_text_add_str(out, str);
}

/* int.__repr__ and float.__repr__, whatever a subclass says. */
static KrValue number_text(KrValue v, KrType *type)
{
    if (kr_type_of(v) == type) return kr_repr(v);
    return kr_call1(kr_getattr_ascii(kr_type_value(type), "__repr__"), v);
}

static KrValue float_text(const Encoder *e, KrValue v)
{
    double x;
    if (kr_to_double(v, &x) < 0) return KR_EMPTY;
    if (isfinite(x)) return number_text(v, &kr_float_type);
    if (!e->allow_nan)
        return kr_raise(kr_ValueError, "Out of range float values are not JSON compliant");
    return kr_str(isnan(x) ? "NaN" : x > 0 ? "Infinity" : "-Infinity");
}

/* Marks a container as being written; 1 marked, 0 not needed, -1 raised. */
static int enter(Encoder *e, KrValue v, KrValue *mark)
{
    if (kr_is(e->markers, kr_None)) return 0;
    *mark = kr_int((int64_t)v.bits);
    KrValue found = kr_dict_find(e->markers, *mark);
    if (!kr_is_empty(found)) kr_raise(kr_ValueError, "Circular reference detected");
    return kr_raised() || kr_dict_set(e->markers, *mark, v) < 0 ? -1 : 1;
}
static int leave(Encoder *e, int entered, KrValue mark)
{
    return entered > 0 && kr_dict_delete(e->markers, mark) < 0 ? -1 : 0;
}

static int encode_sequence(Encoder *e, KrText *out, KrValue v)
{
    bool is_list = kr_is_list(v);
    size_t n = is_list ? kr_list_size(v) : kr_tuple_size(v);
    if (n == 0) return kr_text_add_ascii(out, "[]");
    KrValue mark = kr_None;
    int entered = enter(e, v, &mark);
    if (entered < 0) return -1;
    kr_text_add_char(out, '[');
    for (size_t i = 0; i < (is_list ? kr_list_size(v) : n); i++) {
        if (i) kr_text_add_str(out, e->item_separator);
        if (encode(e, out, is_list ? kr_list_get(v, i) : kr_tuple_get(v, i)) < 0) return -1;
    }
    kr_text_add_char(out, ']');
    return leave(e, entered, mark);
}

/* The key as text: 1, 0 to be skipped, -1 raised. */
static int key_text(Encoder *e, KrValue key, KrValue *text)
{
    if (kr_is_str(key))
        *text = key;
    else if (kr_is_float(key))
        *text = float_text(e, key);
    else if (kr_is(key, kr_True))
        *text = kr_str("true");
    else if (kr_is(key, kr_False))
        *text = kr_str("false");
    else if (kr_is(key, kr_None))
        *text = kr_str("null");
    else if (kr_is_int(key))
        *text = number_text(key, &kr_int_type);
    else if (e->skipkeys)
        return 0;
    else
        return kr_raise(kr_TypeError, "keys must be str, int, float, bool or None, not %T", key),
               -1;
    return kr_is_empty(*text) ? -1 : 1;
}

static int encode_member(Encoder *e, KrText *out, KrValue key, KrValue value, bool *first)
{
    KrValue text;
    int status = key_text(e, key, &text);
    if (status <= 0) return status;
    if (!*first) kr_text_add_str(out, e->item_separator);
    *first = false;
    if (encode_str(e, out, text) < 0) return -1;
    kr_text_add_str(out, e->key_separator);
    return encode(e, out, value);
}

static int encode_dict(Encoder *e, KrText *out, KrValue v)
{
    if (kr_dict_size(v) == 0) return kr_text_add_ascii(out, "{}");
    KrValue mark = kr_None;
    int entered = enter(e, v, &mark);
    if (entered < 0) return -1;
    kr_text_add_char(out, '{');
    bool first = true;
    KrValue view = kr_call_method0(v, "items");
    KrValue items = kr_is_empty(view) ? KR_EMPTY : kr_list_from(view);
    if (kr_is_empty(items) || (e->sort_keys && kr_list_sort(items, KR_EMPTY, false) < 0)) return -1;
    for (size_t i = 0; i < kr_list_size(items); i++) {
        KrValue pair = kr_list_get(items, i);
        if (!kr_is_tuple(pair) || kr_tuple_size(pair) != 2)
            return kr_raise(kr_ValueError, "items must return 2-tuples"), -1;
        if (encode_member(e, out, kr_tuple_get(pair, 0), kr_tuple_get(pair, 1), &first) < 0)
            return -1;
    }
    kr_text_add_char(out, '}');
    return leave(e, entered, mark);
}

static int encode_other(Encoder *e, KrText *out, KrValue v)
{
    KrValue mark = kr_None;
    int entered = enter(e, v, &mark);
    if (entered < 0) return -1;
    KrValue replacement = kr_call1(e->initial, v);
    if (kr_is_empty(replacement) || encode(e, out, replacement) < 0) return -1;
    return leave(e, entered, mark);
}

static int encode(Encoder *e, KrText *out, KrValue v)
{
    if (kr_is_str(v)) return encode_str(e, out, v);
    if (kr_is(v, kr_None)) return kr_text_add_ascii(out, "null");
    if (kr_is(v, kr_True)) return kr_text_add_ascii(out, "true");
    if (kr_is(v, kr_False)) return kr_text_add_ascii(out, "false");
    if (kr_is_int(v)) return add_text(out, number_text(v, &kr_int_type));
    if (kr_is_float(v)) return add_text(out, float_text(e, v));
    if (kr_enter_recursion(" while encoding a JSON object") < 0) return -1;
    int status = kr_is_list(v) || kr_is_tuple(v) ? encode_sequence(e, out, v)
                 : kr_is_dict(v)                 ? encode_dict(e, out, v)
                                                 : encode_other(e, out, v);
    kr_leave_recursion();
    return status;
}

static KrValue encoder_call(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    static const KrFunction signature = {
        "_iterencode", "(obj, _current_indent_level)", NULL, NULL, KR_KIND_BOUND, NULL};
    KrValue a[2];
    int64_t level;
    if (kr_bind(&signature, args, n, kwnames, a) < 0 || kr_to_int64(a[1], &level) < 0)
        return KR_EMPTY;
    KrText text;
    kr_text_init(&text);
    if (encode(encoder_of(self), &text, a[0]) < 0) {
        kr_text_drop(&text);
        return KR_EMPTY;
    }
    return kr_tuple_of(1, kr_text_finish(&text));
}

static KrValue encoder_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    static const KrFunction signature = {
        "make_encoder",
        "(markers, default, encoder, indent, key_separator, item_separator, sort_keys, "
        "skipkeys, allow_nan)",
        NULL,
        NULL,
        KR_KIND_BOUND,
        NULL};
    KrValue a[9];
    int flags[3];
    if (kr_bind(&signature, args, n, kwnames, a) < 0) return KR_EMPTY;
    for (int i = 4; i < 6; i++)
        if (!kr_is_str(a[i]))
            return kr_raise(kr_TypeError, "make_encoder() argument %d must be str, not %T", i + 1,
                            a[i]);
    for (int i = 0; i < 3; i++)
        if ((flags[i] = kr_truth(a[6 + i])) < 0) return KR_EMPTY;
    if (!kr_is(a[0], kr_None) && !kr_is_dict(a[0]))
        return kr_raise(kr_TypeError, "make_encoder() argument 1 must be dict or None, not %T",
                        a[0]);
    Encoder *e = kr_alloc_instance(type);
    if (!e) return KR_EMPTY;
    e->markers = a[0], e->initial = a[1], e->encoder = a[2], e->indent = a[3],
    e->key_separator = a[4], e->item_separator = a[5];
    e->sort_keys = flags[0], e->skipkeys = flags[1], e->allow_nan = flags[2];
    const KrFunction *native = kr_function_entry(a[2]);
    e->strings = native == &json_encode_ascii_entry ? OWN_ASCII
                 : native == &json_encode_entry     ? OWN
                                                    : CALL_ENCODER;
    return kr_from_object(e);
}

static KrValue encoder_markers(KrValue self) { return encoder_of(self)->markers; }
static KrValue encoder_default(KrValue self) { return encoder_of(self)->initial; }
static KrValue encoder_encoder(KrValue self) { return encoder_of(self)->encoder; }
static KrValue encoder_indent(KrValue self) { return encoder_of(self)->indent; }
static KrValue encoder_key_separator(KrValue self) { return encoder_of(self)->key_separator; }
static KrValue encoder_item_separator(KrValue self) { return encoder_of(self)->item_separator; }
static KrValue encoder_sort_keys(KrValue self) { return kr_bool(encoder_of(self)->sort_keys); }
static KrValue encoder_skipkeys(KrValue self) { return kr_bool(encoder_of(self)->skipkeys); }
KR_GETSET(encoder, encoder_markers, NULL, "markers", "markers")
KR_GETSET(encoder, encoder_default, NULL, "default", "default")
KR_GETSET(encoder, encoder_encoder, NULL, "encoder", "encoder")
KR_GETSET(encoder, encoder_indent, NULL, "indent", "indent")
KR_GETSET(encoder, encoder_key_separator, NULL, "key_separator", "key_separator")
KR_GETSET(encoder, encoder_item_separator, NULL, "item_separator", "item_separator")
KR_GETSET(encoder, encoder_sort_keys, NULL, "sort_keys", "sort_keys")
KR_GETSET(encoder, encoder_skipkeys, NULL, "skipkeys", "skipkeys")

#include "modules/_json.entries.h"

static int json_exec(KrValue module)
{
    static const KrTypeSpec scanner_spec = {.name = "_json.Scanner",
                                            .doc = "JSON scanner object",
                                            .size = sizeof(Scanner),
                                            .getset = scanner_getset,
                                            .trace = scanner_trace,
                                            .slots = {.make = scanner_make, .call = scanner_call}};
    static const KrTypeSpec encoder_spec = {
        .name = "_json.Encoder",
        .doc = "Encoder(markers, default, encoder, indent, key_separator, "
               "item_separator, sort_keys, skipkeys, allow_nan)",
        .size = sizeof(Encoder),
        .getset = encoder_getset,
        .trace = encoder_trace,
        .slots = {.make = encoder_make, .call = encoder_call}};
    scanner_type = kr_type_new(&scanner_spec);
    encoder_type = kr_type_new(&encoder_spec);
    if (!scanner_type || !encoder_type ||
        kr_module_add(module, "make_scanner", kr_type_value(scanner_type)) < 0)
        return -1;
    return kr_module_add(module, "make_encoder", kr_type_value(encoder_type));
}

KR_MODULE(_json) = {
    .api_version = KR_API_VERSION,
    .name = "_json",
    .doc = "json speedups\n",
    .functions = json_functions,
    .exec = json_exec,
};
