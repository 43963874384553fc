/* percent.c: printf-style formatting: `format % args` for str, bytes and bytearray.
 *
 * One engine for all: it reads code points and builds a KrText; for bytes every code point is a
 * byte. The three differ in what %s, %c and %a accept and in a few messages. */
#include <stdlib.h>

#include "runtime/objects/bytes.h"
#include "runtime/objects/float.h"
#include "runtime/objects/format.h"
#include "runtime/objects/int.h"
#include "runtime/objects/quick.h"
#include "runtime/text/float_text.h"

/* Between the percent sign and the conversion character. */
typedef struct PercentSpec {
    bool left, plus, space, alternate, zero;
    int64_t width, precision; /* -1: none */
} PercentSpec;

typedef struct Percent {
    TextSpan format;
    size_t at;
    bool bytes;
    Value args; /* a tuple, or the one argument */
    bool single;
    size_t used;
    Value mapping;   /* EMPTY when args is none */
    Value key_value; /* of the %(key) in hand, or EMPTY */
    KrText out;
} Percent;

static int raise_value(const char *text)
{
    kr_raise(kr_ValueError, "%s", text);
    return -1;
}

/* The next argument; EMPTY raised. */
static Value next_argument(Percent *p)
{
    if (!is_empty(p->key_value)) {
        Value v = p->key_value;
        p->key_value = EMPTY;
        return v;
    }
    if (p->single && p->used == 0) {
        p->used = 1;
        return p->args;
    }
    if (!p->single && p->used < kr_tuple_size(p->args)) return kr_tuple_get(p->args, p->used++);
    return kr_raise(kr_TypeError, "not enough arguments for format string");
}

static uint32_t next_char(Percent *p)
{
    if (p->at >= p->format.length) {
        raise_value("incomplete format");
        return UINT32_MAX;
    }
    return kr_text_at(p->format.data, p->format.width, p->at++);
}

/* Behind "%(": looks the key up. */
static int read_key(Percent *p)
{
    if (is_empty(p->mapping)) {
        kr_raise(kr_TypeError, "format requires a mapping");
        return -1;
    }
    size_t from = p->at;
    for (int depth = 1; depth > 0; p->at++) {
        if (p->at >= p->format.length) return raise_value("incomplete format key");
        uint32_t c = kr_text_at(p->format.data, p->format.width, p->at);
        if (c == ')')
            depth--;
        else if (c == '(')
            depth++;
    }
    TextSpan key = span_part(p->format, from, p->at - 1);
    Value k = p->bytes ? kr_bytes(key.data, key.length) : kr_str_from_span(key);
    if (is_empty(k)) return -1;
    p->key_value = kr_getitem(p->mapping, k);
    /* From here on only keys give arguments. */
    p->single = true;
    p->used = 1;
    return is_empty(p->key_value) ? -1 : 0;
}

/* A '*' or digits: the number, -1 for none given, -2 raised. */
static int64_t read_star(Percent *p, const char *too_big)
{
    Value v = next_argument(p);
    if (is_empty(v)) return -2;
    int64_t n;
    if (!is_any_int(v)) {
        kr_raise(kr_TypeError, "* wants int");
        return -2;
    }
    if (!kr_int_fits(v, &n) || n > INT32_MAX || n < -INT32_MAX) {
        kr_raise(kr_OverflowError, "%s", too_big);
        return -2;
    }
    return n;
}

static int read_digits(Percent *p, uint32_t *c, int64_t limit, const char *too_big, int64_t *out)
{
    int64_t n = *c - '0';
    while ((*c = next_char(p)) - '0' <= 9) {
        if (n > (limit - (int64_t)(*c - '0')) / 10) return raise_value(too_big);
        n = n * 10 + (*c - '0');
    }
    *out = n;
    return *c == UINT32_MAX ? -1 : 0;
}

/* Everything between '%' and the conversion character, which is returned; UINT32_MAX raised. */
static uint32_t read_spec(Percent *p, PercentSpec *s)
{
    *s = (PercentSpec){.width = -1, .precision = -1};
    uint32_t c = next_char(p);
    if (c == '(') {
        if (read_key(p) < 0) return UINT32_MAX;
        c = next_char(p);
    }
    for (;; c = next_char(p)) {
        if (c == '-')
            s->left = true;
        else if (c == '+')
            s->plus = true;
        else if (c == ' ')
            s->space = true;
        else if (c == '#')
            s->alternate = true;
        else if (c == '0')
            s->zero = true;
        else if (!(c == 'z' && p->bytes))
            break;
    }
    if (c == '*') {
        int64_t n = read_star(p, "width too big");
        if (n == -2) return UINT32_MAX;
        if (n < 0) {
            s->left = true;
            n = -n;
        }
        s->width = n;
        c = next_char(p);
    } else if (c - '0' <= 9) {
        if (read_digits(p, &c, INT64_MAX, "width too big", &s->width) < 0) return UINT32_MAX;
    }
    if (c == '.') {
        s->precision = 0;
        c = next_char(p);
        if (c == '*') {
            int64_t n = read_star(p, "precision too big");
            if (n == -2) return UINT32_MAX;
            s->precision = n < 0 ? 0 : n;
            c = next_char(p);
        } else if (c - '0' <= 9) {
            const char *big = p->bytes ? "prec too big" : "precision too big";
            if (read_digits(p, &c, INT32_MAX, big, &s->precision) < 0) return UINT32_MAX;
        }
    }
    if (c == 'h' || c == 'l' || c == 'L') c = next_char(p);
    return c;
}

/* ---- Output ---- */

static int fill(KrText *out, uint32_t c, int64_t n)
{
    for (; n > 0; n--)
        if (kr_text_add_char(out, c) < 0) return -1;
    return 0;
}

/* Nothing but the conversion character was given. */
static bool is_bare(const PercentSpec *s)
{
    return s->width < 0 && s->precision < 0 && !(s->plus | s->space | s->alternate);
}

static int add_text(Percent *p, const PercentSpec *s, Value text)
{
    size_t n = str_of(text)->length;
    if (s->precision >= 0 && (uint64_t)s->precision < n) n = (size_t)s->precision;
    int64_t pad = s->width - (int64_t)n;
    if (!s->left && fill(&p->out, ' ', pad) < 0) return -1;
    if (kr_text_add_slice(&p->out, text, 0, n) < 0) return -1;
    return s->left ? fill(&p->out, ' ', pad) : 0;
}

static int add_number(Percent *p, const PercentSpec *s, bool minus, const char *prefix,
                      int64_t zeros, const char *digits, size_t n)
{
    char sign = minus ? '-' : s->plus ? '+' : s->space ? ' ' : 0;
    int64_t length = (sign != 0) + (int64_t)strlen(prefix) + zeros + (int64_t)n;
    int64_t pad = s->width - length;
    KrText *out = &p->out;
    if (pad > 0 && s->zero && !s->left) {
        zeros += pad;
        pad = 0;
    }
    if (!s->left && fill(out, ' ', pad) < 0) return -1;
    if (sign && kr_text_add_char(out, (unsigned char)sign) < 0) return -1;
    if (kr_text_add_ascii(out, prefix) < 0 || fill(out, '0', zeros) < 0) return -1;
    if (kr_text_add_utf8(out, digits, n) < 0) return -1;
    return s->left ? fill(out, ' ', pad) : 0;
}

static int add_int(Percent *p, const PercentSpec *s, char code, Value v)
{
    Value i = v;
    bool hex = code == 'x' || code == 'X' || code == 'o';
    if (!is_any_int(v)) {
        if (hex) {
            i = kr_has_index(v) ? kr_index(v) : EMPTY;
        } else {
            bool real = is_any_float(v) || kr_has_index(v) ||
                        !is_empty(kr_type_lookup(type_of(v), KR_NAME("__int__")));
            i = real && !is_str(v) && !is_bytes(v) ? kr_int_from_object(v) : EMPTY;
        }
        if (is_empty(i)) {
            if (!kr_raised() || kr_raised_is(kr_TypeError)) {
                kr_clear_exception();
                kr_raise(kr_TypeError, "%%%c format: %s is required, not %T", code,
                         hex ? "an integer" : "a real number", v);
            }
            return -1;
        }
    }
    size_t n;
    int base = code == 'o' ? 8 : hex ? 16 : 10;
    char local[INT_LOCAL_DIGITS], *owned;
    char *digits = kr_int_digits_in(i, base, local, &owned, &n);
    if (!digits) return -1;
    bool minus = digits[0] == '-';
    if (code == 'X')
        for (char *q = digits; *q; q++)
            if (*q >= 'a') *q = (char)(*q - 32);
    const char *prefix = !s->alternate ? ""
                         : code == 'x' ? "0x"
                         : code == 'X' ? "0X"
                         : code == 'o' ? "0o"
                                       : "";
    int64_t zeros = s->precision - (int64_t)(n - minus);
    int status = is_bare(s) ? kr_text_add_utf8(&p->out, digits, n)
                            : add_number(p, s, minus, prefix, zeros > 0 ? zeros : 0,
                                         digits + minus, n - minus);
    free(owned);
    return status;
}

static int add_float(Percent *p, const PercentSpec *s, char code, Value v)
{
    double x;
    if (kr_to_double(v, &x) < 0) {
        if (p->bytes && kr_raised_is(kr_TypeError)) {
            kr_clear_exception();
            kr_raise(kr_TypeError, "float argument required, not %T", v);
        }
        return -1;
    }
    size_t n;
    int precision = s->precision < 0 ? 6 : (int)s->precision;
    char *text = kr_float_text(x, code, precision, s->alternate ? FLOAT_ALT : 0, &n);
    if (!text) {
        kr_raise_no_memory();
        return -1;
    }
    bool minus = text[0] == '-';
    int status = add_number(p, s, minus, "", 0, text + minus, n - minus);
    free(text);
    return status;
}

static int add_char(Percent *p, const PercentSpec *s, Value v)
{
    Value text = EMPTY;
    int64_t limit = p->bytes ? 256 : 0x110000;
    if (p->bytes && (is_bytes(v) || is_bytearray(v))) {
        TextSpan b = bytes_span(v);
        if (b.length == 1) text = kr_str_from_span(b);
    } else if (!p->bytes && is_str(v)) {
        if (str_of(v)->length == 1) text = v;
    } else if (is_any_int(v) || (!is_any_float(v) && kr_has_index(v))) {
        int64_t c;
        Value i = kr_index(v);
        if (is_empty(i)) return -1;
        if (!kr_int_fits(i, &c) || c < 0 || c >= limit) {
            kr_raise(kr_OverflowError,
                     p->bytes ? "%%c arg not in range(256)" : "%%c arg not in range(0x110000)");
            return -1;
        }
        text = kr_str_char((uint32_t)c);
        if (is_empty(text)) return -1;
    }
    if (is_empty(text)) {
        kr_raise(kr_TypeError, p->bytes ? "%%c requires an integer in range(256) or a single byte"
                                        : "%%c requires int or char");
        return -1;
    }
    PercentSpec plain = *s;
    plain.precision = -1;
    return add_text(p, &plain, text);
}

/* %s and %b of bytes: a buffer, or __bytes__. As a str of bytes. */
static Value bytes_text(Value v)
{
    if (is_bytes(v) || is_bytearray(v)) return kr_str_from_span(bytes_span(v));
    if (!is_str(v) && kr_has_buffer(v)) {
        KrBuffer b;
        if (kr_buffer_get(v, &b, KR_BUFFER_READ | KR_BUFFER_CONTIGUOUS) < 0) return EMPTY;
        Value text = kr_str_latin1(b.data, (size_t)b.size);
        kr_buffer_release(&b);
        return text;
    }
    Value method = kr_find_special(v, KR_NAME("__bytes__"));
    if (is_empty(method)) {
        if (kr_raised()) return EMPTY;
        return kr_raise(kr_TypeError,
                        "%%b requires a bytes-like object, or an object that implements "
                        "__bytes__, not '%T'",
                        v);
    }
    Value b = kr_call0(method);
    if (is_empty(b)) return EMPTY;
    if (!is_bytes(b)) return kr_raise(kr_TypeError, "__bytes__ returned non-bytes (type %T)", b);
    return kr_str_from_span(bytes_span(b));
}

static int add_directive(Percent *p)
{
    if (p->at < p->format.length && kr_text_at(p->format.data, p->format.width, p->at) == '%') {
        p->at++;
        return kr_text_add_char(&p->out, '%');
    }
    PercentSpec s;
    uint32_t c = read_spec(p, &s);
    if (c == UINT32_MAX) return -1;
    Value v = next_argument(p), text;
    if (is_empty(v)) return -1;
    switch (c) {
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X': return add_int(p, &s, (char)c, v);
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G': return add_float(p, &s, (char)c, v);
    case 'c': return add_char(p, &s, v);
    case 'a': text = kr_ascii(v); break;
    case 'r': text = p->bytes ? kr_ascii(v) : kr_repr(v); break;
    case 's': text = p->bytes ? bytes_text(v) : kr_to_str(v); break;
    case 'b':
        if (p->bytes) {
            text = bytes_text(v);
            break;
        }
        __attribute__((fallthrough));
    default:
        kr_raise(kr_ValueError, "unsupported format character '%c' (0x%x) at index %zu",
                 c > 31 && c < 128 ? (int)c : '?', c, p->at - 1);
        return -1;
    }
    return is_empty(text) ? -1 : add_text(p, &s, text);
}

static int add_literal(Percent *p, TextSpan text)
{
    if (text.width == 1 && kr_text_ascii_prefix(text.data, text.length) == text.length)
        return kr_text_add_utf8(&p->out, text.data, text.length);
    Value literal = kr_str_from_span(text);
    return is_empty(literal) ? -1 : kr_text_add_str(&p->out, literal);
}

static int run(Percent *p)
{
    while (p->at < p->format.length) {
        TextSpan rest = span_part(p->format, p->at, p->format.length);
        int64_t hit = kr_search_find(rest, (TextSpan){"%", 1, 1});
        size_t n = hit < 0 ? rest.length : (size_t)hit;
        if (n && add_literal(p, span_part(rest, 0, n)) < 0) return -1;
        p->at += n;
        if (hit < 0) break;
        p->at++;
        if (add_directive(p) < 0) return -1;
    }
    size_t given = p->single ? 1 : kr_tuple_size(p->args);
    if (p->used < given && is_empty(p->mapping)) {
        kr_raise(kr_TypeError, "not all arguments converted during %s formatting",
                 p->bytes ? "bytes" : "string");
        return -1;
    }
    return 0;
}

static void start(Percent *p, TextSpan format, Value args, bool bytes)
{
    *p = (Percent){.format = format, .bytes = bytes, .args = args, .single = !is_tuple(args)};
    bool texty = is_str(args) || (bytes && (is_bytes(args) || is_bytearray(args)));
    if (p->single && !texty && type_of(args)->slots.getitem) p->mapping = args;
    kr_text_init(&p->out);
}

Value kr_str_percent(Value format, Value args)
{
    Percent p;
    start(&p, str_span(str_of(format)), args, false);
    if (run(&p) < 0) {
        kr_text_drop(&p.out);
        return EMPTY;
    }
    return kr_text_finish(&p.out);
}

Value kr_bytes_percent(Value format, Value args, bool make_bytearray)
{
    Percent p;
    start(&p, bytes_span(format), args, true);
    if (run(&p) < 0) {
        kr_text_drop(&p.out);
        return EMPTY;
    }
    Value text = kr_text_finish(&p.out);
    if (is_empty(text)) return EMPTY;
    const Str *s = str_of(text);
    return make_bytearray ? kr_bytearray(s->data, s->length) : kr_bytes(s->data, s->length);
}
