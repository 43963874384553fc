/* format.c: format(v, spec) for int, float, complex and str.
 *
 * A number is laid out from five parts, the digits grouped on demand:
 *
 *     fill | sign | prefix (0x) | fill if '=' | grouped digits | rest (.25e+3, %) | fill
 *
 * Zero padding ('0' before the width, i.e. fill 0 and '=') counts as digits when they are grouped.
 */
#include "runtime/objects/format.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>

#include "runtime/objects/int.h"
#include "runtime/objects/quick.h"
#include "runtime/text/float_text.h"

/* ---- Parsing ---- */

typedef struct Cursor {
    const Str *text;
    size_t at;
} Cursor;

static uint32_t peek(const Cursor *c, size_t ahead)
{
    return c->at + ahead < c->text->length ? str_at(c->text, c->at + ahead) : 0;
}

static bool is_align(uint32_t c) { return c == '<' || c == '>' || c == '=' || c == '^'; }

/* Digits at the cursor: -1 when there are none, -2 raised. */
static int64_t read_number(Cursor *c)
{
    int64_t n = 0;
    bool any = false;
    for (;; c->at++) {
        uint32_t d = peek(c, 0) - '0';
        if (d > 9) return any ? n : -1;
        any = true;
        if (n > (INT64_MAX - (int64_t)d) / 10) {
            kr_raise(kr_ValueError, "Too many decimal digits in format string");
            return -2;
        }
        n = n * 10 + d;
    }
}

static Value unknown_code(const FormatSpec *s, Value v)
{
    uint32_t c = s->type ? (s->type == 1 ? s->type_point : (uint32_t)s->type) : 0;
    if (c > 32 && c < 128)
        return kr_raise(kr_ValueError, "Unknown format code '%c' for object of type '%T'", (int)c,
                        v);
    return kr_raise(kr_ValueError, "Unknown format code '\\x%x' for object of type '%T'", c, v);
}

static int check_thousands(const FormatSpec *s)
{
    if (!s->thousands || (s->type && strchr("defgEG%F", s->type))) return 0;
    if (s->thousands == '_' && s->type && strchr("boxX", s->type)) return 0;
    if (!s->type) return 0;
    uint32_t c = s->type == 1 ? s->type_point : (uint32_t)s->type;
    if (c > 32 && c < 128)
        kr_raise(kr_ValueError, "Cannot specify '%c' with '%c'.", s->thousands, (int)c);
    else
        kr_raise(kr_ValueError, "Cannot specify '%c' with '\\x%x'.", s->thousands, c);
    return -1;
}

static int parse(FormatSpec *s, Value spec, Value v, char default_type, char default_align)
{
    Cursor c = {str_of(spec), 0};
    *s = (FormatSpec){
        .fill = ' ', .align = default_align, .width = -1, .precision = -1, .type = default_type};
    if (c.text->length >= 2 && is_align(peek(&c, 1))) {
        s->fill = peek(&c, 0);
        s->fill_given = s->align_given = true;
        s->align = (char)peek(&c, 1);
        c.at = 2;
    } else if (is_align(peek(&c, 0))) {
        s->align = (char)peek(&c, 0);
        s->align_given = true;
        c.at = 1;
    }
    uint32_t next = peek(&c, 0);
    if (next == '+' || next == '-' || next == ' ') {
        s->sign = (char)next;
        c.at++;
    }
    if (peek(&c, 0) == 'z') {
        s->no_minus_zero = true;
        c.at++;
    }
    if (peek(&c, 0) == '#') {
        s->alternate = true;
        c.at++;
    }
    if (!s->fill_given && peek(&c, 0) == '0') {
        s->fill = '0';
        if (!s->align_given && default_align == '>') s->align = '=';
        c.at++;
    }
    s->width = read_number(&c);
    if (s->width == -2) return -1;
    if (peek(&c, 0) == ',') {
        s->thousands = ',';
        c.at++;
    }
    if (peek(&c, 0) == '_') {
        if (s->thousands) goto both;
        s->thousands = '_';
        c.at++;
    }
    if (peek(&c, 0) == ',' && s->thousands == '_') goto both;
    if (peek(&c, 0) == '.') {
        c.at++;
        s->precision = read_number(&c);
        if (s->precision == -2) return -1;
        if (s->precision == -1) {
            kr_raise(kr_ValueError, "Format specifier missing precision");
            return -1;
        }
    }
    size_t left = c.text->length - c.at;
    if (left > 1) {
        kr_raise(kr_ValueError, "Invalid format specifier '%.200U' for object of type '%T'", spec,
                 v);
        return -1;
    }
    if (left == 1) {
        uint32_t type = peek(&c, 0);
        s->type = type > 0 && type < 128 ? (char)type : 1;
        s->type_point = type;
    }
    return check_thousands(s);
both:
    kr_raise(kr_ValueError, "Cannot specify both ',' and '_'.");
    return -1;
}

/* ---- Numbers ---- */

typedef struct Number {
    char sign;          /* or 0 */
    const char *prefix; /* "0x", "" */
    const char *digits;
    size_t digit_count;
    const char *rest; /* from the decimal point on, percent sign included */
    size_t rest_count;
} Number;

typedef struct Grouping {
    const char *separator; /* UTF-8, "" for none */
    const char *groups;    /* sizes as localeconv() gives them */
    const char *point;
} Grouping;

static Grouping grouping_of(const FormatSpec *s)
{
    if (s->type == 'n') {
        struct lconv *l = localeconv();
        return (Grouping){l->thousands_sep, l->grouping, l->decimal_point};
    }
    static const char threes[] = {3, 0}, fours[] = {4, 0};
    bool four = s->type && strchr("boxX", s->type);
    const char *separator = s->thousands == ',' ? "," : s->thousands == '_' ? "_" : "";
    return (Grouping){separator, four ? fours : threes, "."};
}

/* Digits with separators, zeros put before them until `least` columns are filled. Written
 * backwards; in code points, a separator of the locale may be wider than a byte. */
static int add_grouped(KrText *text, const Number *x, const Grouping *g, int64_t least)
{
    size_t n = x->digit_count;
    Value separator = *g->separator ? kr_str(g->separator) : kr_str_empty();
    if (is_empty(separator)) return -1;
    size_t sep_length = str_of(separator)->length;
    if (sep_length == 0 || !*g->groups) {
        for (int64_t i = (int64_t)n; i < least; i++)
            if (kr_text_add_char(text, '0') < 0) return -1;
        return n ? kr_text_add_utf8(text, x->digits, n) : 0;
    }
    /* Sizes of the groups from the right, then output from the left. */
    size_t room = n + (least > 0 ? (size_t)least : 0) + 2, count = 0;
    size_t *sizes = malloc(room * sizeof *sizes);
    if (!sizes) return kr_raise_no_memory(), -1;
    const char *group = g->groups;
    size_t size = (size_t)(unsigned char)*group, left = n, total = 0;
    for (;;) {
        bool last = size == 127 || size == 255; /* CHAR_MAX: no more grouping */
        size_t missing = least > 0 && (size_t)least > total ? (size_t)least - total : 0;
        size_t want = left > missing ? left : missing;
        if (want < 1) want = 1;
        size_t take = last || want < size ? want : size;
        sizes[count++] = take;
        left -= take < left ? take : left;
        total += take + sep_length;
        if (left == 0 && (least <= 0 || (int64_t)(total - sep_length) >= least)) break;
        if (group[1]) size = (size_t)(unsigned char)*++group;
    }
    size_t columns = 0;
    for (size_t i = 0; i < count; i++) columns += sizes[i];
    size_t zeros = columns > n ? columns - n : 0, at = 0;
    int status = 0;
    for (size_t i = count; i-- > 0 && status == 0;) {
        for (size_t k = 0; k < sizes[i] && status == 0; k++) {
            if (zeros) {
                zeros--;
                status = kr_text_add_char(text, '0');
            } else {
                status = kr_text_add_char(text, (unsigned char)x->digits[at++]);
            }
        }
        if (i && status == 0) status = kr_text_add_str(text, separator);
    }
    free(sizes);
    return status;
}

static int add_fill(KrText *text, uint32_t c, int64_t n)
{
    for (; n > 0; n--)
        if (kr_text_add_char(text, c) < 0) return -1;
    return 0;
}

static int add_number(KrText *text, const FormatSpec *s, const Number *x)
{
    Grouping g = grouping_of(s);
    char sign = x->sign ? x->sign : s->sign == '+' ? '+' : s->sign == ' ' ? ' ' : 0;
    bool zero_fill = s->fill == '0' && s->align == '=';
    int64_t head = (sign != 0) + (int64_t)strlen(x->prefix);
    /* The body: digits and what follows, in a text of its own, since its length decides the
     * padding. */
    KrText body;
    kr_text_init(&body);
    int64_t least = zero_fill ? s->width - head - (int64_t)x->rest_count : 0;
    int status = 0;
    if (x->digit_count || (zero_fill && *g.separator && x->rest_count == 0))
        status = add_grouped(&body, x, &g, least);
    const char *rest = x->rest;
    size_t rest_count = x->rest_count;
    if (status == 0 && rest_count && *rest == '.' && strcmp(g.point, ".") != 0) {
        status = kr_text_add_utf8(&body, g.point, strlen(g.point));
        rest++;
        rest_count--;
    }
    if (status == 0 && rest_count) status = kr_text_add_utf8(&body, rest, rest_count);
    int64_t pad = s->width - head - (int64_t)body.length, left = 0, inner = 0, right = 0;
    if (pad > 0) {
        if (s->align == '>')
            left = pad;
        else if (s->align == '^')
            left = pad / 2, right = pad - left;
        else if (s->align == '=')
            inner = pad;
        else
            right = pad;
    }
    if (status == 0) status = add_fill(text, s->fill, left);
    if (status == 0 && sign) status = kr_text_add_char(text, (unsigned char)sign);
    if (status == 0) status = kr_text_add_ascii(text, x->prefix);
    if (status == 0) status = add_fill(text, s->fill, inner);
    Value parts = status == 0 ? kr_text_finish(&body) : EMPTY;
    if (is_empty(parts)) {
        kr_text_drop(&body);
        return -1;
    }
    if (kr_text_add_str(text, parts) < 0) return -1;
    return add_fill(text, s->fill, right);
}

/* Nothing but ASCII and no groups: written straight into the result. */
static Value plain_number(const FormatSpec *s, const Number *x)
{
    char sign = x->sign ? x->sign : s->sign == '+' ? '+' : s->sign == ' ' ? ' ' : 0;
    size_t prefix = strlen(x->prefix), head = (sign != 0) + prefix;
    size_t length = head + x->digit_count + x->rest_count, left = 0, inner = 0, right = 0;
    if (s->width > (int64_t)length) {
        size_t pad = (size_t)s->width - length;
        if (s->align == '>')
            left = pad;
        else if (s->align == '^')
            left = pad / 2, right = pad - left;
        else if (s->align == '=')
            inner = pad;
        else
            right = pad;
    }
    size_t total = length + left + inner + right;
    if (total == 1) return kr_str_char((unsigned char)(x->digit_count ? *x->digits : *x->rest));
    Str *r = kr_str_alloc(total, 1, true);
    if (!r) return EMPTY;
    char *q = r->data;
    memset(q, (int)s->fill, left);
    q += left;
    if (sign) *q++ = sign;
    memcpy(q, x->prefix, prefix);
    q += prefix;
    memset(q, (int)s->fill, inner);
    q += inner;
    if (x->digit_count) memcpy(q, x->digits, x->digit_count);
    q += x->digit_count;
    if (x->rest_count) memcpy(q, x->rest, x->rest_count);
    q += x->rest_count;
    memset(q, (int)s->fill, right);
    return from_object(r);
}

static Value number_text(const FormatSpec *s, const Number *x)
{
    if (!s->thousands && s->type != 'n' && s->fill < 128 && s->width < (int64_t)1 << 40)
        return plain_number(s, x);
    KrText text;
    kr_text_init(&text);
    if (add_number(&text, s, x) < 0) {
        kr_text_drop(&text);
        return kr_raised() ? EMPTY : kr_raise_no_memory();
    }
    return kr_text_finish(&text);
}

/* Splits the text of a float: sign, digits, rest. */
static Number split_float(const char *text, size_t n)
{
    Number x = {.prefix = ""};
    if (n && (*text == '-' || *text == '+')) {
        if (*text == '-') x.sign = '-';
        text++;
        n--;
    }
    x.digits = text;
    while (x.digit_count < n && text[x.digit_count] >= '0' && text[x.digit_count] <= '9')
        x.digit_count++;
    x.rest = text + x.digit_count;
    x.rest_count = n - x.digit_count;
    return x;
}

/* "-0.00" loses its sign. */
static void drop_minus_zero(char *text, size_t *n)
{
    if (*n < 2 || text[0] != '-') return;
    for (size_t i = 1; i < *n && (text[i] | 32) != 'e'; i++)
        if (text[i] != '0' && text[i] != '.') return;
    memmove(text, text + 1, *n);
    --*n;
}

/* The text of x as the spec asks; malloc'ed, NULL raised. */
static char *float_digits(const FormatSpec *s, double x, char code, int64_t precision,
                          unsigned flags, size_t *n)
{
    if (precision > INT32_MAX) {
        kr_raise(kr_ValueError, "precision too big");
        return NULL;
    }
    if (s->alternate) flags |= FLOAT_ALT;
    char *text = kr_float_text(x, code, (int)precision, flags, n);
    if (!text) {
        kr_raise_no_memory();
        return NULL;
    }
    if (s->no_minus_zero) drop_minus_zero(text, n);
    return text;
}

static Value format_double(const FormatSpec *s, double x)
{
    char code = s->type;
    int64_t precision = s->precision;
    unsigned flags = 0;
    bool percent = code == '%';
    if (!code) {
        flags = FLOAT_ADD_DOT_0;
        code = precision < 0 ? 'r' : 'g';
        if (precision < 0) precision = 0;
    } else {
        if (code == 'n') code = 'g';
        if (percent) {
            code = 'f';
            x *= 100;
        }
        if (precision < 0) precision = 6;
    }
    size_t n;
    char *text = float_digits(s, x, code, precision, flags, &n);
    if (!text) return EMPTY;
    if (percent) text[n++] = '%'; /* over the final zero: kr_float_text leaves room */
    Number number = split_float(text, n);
    Value result = number_text(s, &number);
    free(text);
    return result;
}

Value kr_format_float(Value v, double x, Value spec)
{
    if (!is_str(spec))
        return kr_raise(kr_TypeError, "__format__() argument must be str, not %T", spec);
    if (str_of(spec)->length == 0) return kr_to_str(v);
    FormatSpec s;
    if (parse(&s, spec, v, 0, '>') < 0) return EMPTY;
    if (s.type && !strchr("eEfFgGn%", s.type)) return unknown_code(&s, v);
    return format_double(&s, x);
}

static Value format_char(const FormatSpec *s, Value v)
{
    if (s->sign)
        return kr_raise(kr_ValueError, "Sign not allowed with integer format specifier 'c'");
    if (s->alternate)
        return kr_raise(kr_ValueError,
                        "Alternate form (#) not allowed with integer format specifier 'c'");
    int64_t c;
    if (!kr_int_fits(v, &c) || c < 0 || c > 0x10FFFF)
        return kr_raise(kr_OverflowError, "%%c arg not in range(0x110000)");
    KrText text;
    kr_text_init(&text);
    int64_t pad = s->width > 1 ? s->width - 1 : 0;
    int64_t left = s->align == '>' || s->align == '=' ? pad : s->align == '^' ? pad / 2 : 0;
    add_fill(&text, s->fill, left);
    kr_text_add_char(&text, (uint32_t)c);
    add_fill(&text, s->fill, pad - left);
    return kr_text_finish(&text);
}

Value kr_format_int(Value v, Value spec)
{
    if (!is_str(spec))
        return kr_raise(kr_TypeError, "__format__() argument must be str, not %T", spec);
    if (str_of(spec)->length == 0)
        return kr_is_int_exact(v) ? kr_int_to_text(v, 10, false) : kr_to_str(v);
    FormatSpec s;
    if (parse(&s, spec, v, 'd', '>') < 0) return EMPTY;
    if (strchr("eEfFgG%", s.type)) {
        double x;
        if (kr_int_to_double(v, &x) < 0) return EMPTY;
        return format_double(&s, x);
    }
    if (!strchr("bcdoxXn", s.type)) return unknown_code(&s, v);
    if (s.precision >= 0)
        return kr_raise(kr_ValueError, "Precision not allowed in integer format specifier");
    if (s.no_minus_zero)
        return kr_raise(kr_ValueError,
                        "Negative zero coercion (z) not allowed in integer format specifier");
    if (s.type == 'c') return format_char(&s, v);
    int base = s.type == 'b' ? 2 : s.type == 'o' ? 8 : (s.type | 32) == 'x' ? 16 : 10;
    size_t n;
    char local[INT_LOCAL_DIGITS], *owned;
    char *digits = kr_int_digits_in(v, base, local, &owned, &n);
    if (!digits) return EMPTY;
    Number x = split_float(digits, 0);
    bool minus = digits[0] == '-';
    if (minus) x.sign = '-';
    x.digits = digits + minus;
    x.digit_count = n - minus;
    if (s.type == 'X')
        for (char *p = digits; *p; p++)
            if (*p >= 'a') *p = (char)(*p - 32);
    if (s.alternate)
        x.prefix = s.type == 'b'   ? "0b"
                   : s.type == 'o' ? "0o"
                   : s.type == 'x' ? "0x"
                   : s.type == 'X' ? "0X"
                                   : "";
    Value result = number_text(&s, &x);
    free(owned);
    return result;
}

/* ---- Complex ---- */

static int add_part(KrText *text, const FormatSpec *s, double x, char code, int64_t precision,
                    unsigned flags, bool imaginary)
{
    size_t n;
    char *digits = float_digits(s, x, code, precision, flags, &n);
    if (!digits) return -1;
    Number number = split_float(digits, n);
    FormatSpec part = *s;
    part.width = -1;
    part.fill = 0;
    part.align = '<';
    if (imaginary) part.sign = '+';
    int status = add_number(text, &part, &number);
    free(digits);
    return status;
}

Value kr_format_complex(Value v, double re, double im, Value spec)
{
    if (!is_str(spec))
        return kr_raise(kr_TypeError, "__format__() argument must be str, not %T", spec);
    if (str_of(spec)->length == 0) return kr_to_str(v);
    FormatSpec s;
    if (parse(&s, spec, v, 0, '>') < 0) return EMPTY;
    if (s.type && !strchr("eEfFgGn", s.type)) return unknown_code(&s, v);
    if (s.fill == '0')
        return kr_raise(kr_ValueError, "Zero padding is not allowed in complex format specifier");
    if (s.align == '=')
        return kr_raise(kr_ValueError,
                        "'=' alignment flag is not allowed in complex format specifier");
    char code = s.type;
    int64_t precision = s.precision;
    bool skip_real = false, parentheses = false;
    if (!code) {
        code = precision < 0 ? 'r' : 'g';
        if (precision < 0) precision = 0;
        skip_real = re == 0 && !signbit(re);
        parentheses = !skip_real;
    } else {
        if (code == 'n') code = 'g';
        if (precision < 0) precision = 6;
    }
    KrText text;
    kr_text_init(&text);
    int status = parentheses ? kr_text_add_char(&text, '(') : 0;
    if (status == 0 && !skip_real) status = add_part(&text, &s, re, code, precision, 0, false);
    if (status == 0) status = add_part(&text, &s, im, code, precision, 0, !skip_real);
    if (status == 0) status = kr_text_add_ascii(&text, parentheses ? "j)" : "j");
    Value body = kr_text_finish(&text);
    if (status < 0 || is_empty(body)) return EMPTY;
    int64_t pad = s.width - (int64_t)str_of(body)->length;
    if (pad <= 0) return body;
    int64_t left = s.align == '>' ? pad : s.align == '^' ? pad / 2 : 0;
    kr_text_init(&text);
    add_fill(&text, s.fill, left);
    kr_text_add_str(&text, body);
    add_fill(&text, s.fill, pad - left);
    return kr_text_finish(&text);
}

/* ---- Text ---- */

Value kr_format_str(Value v, Value spec)
{
    if (!is_str(spec))
        return kr_raise(kr_TypeError, "__format__() argument must be str, not %T", spec);
    if (str_of(spec)->length == 0) return is_exact(v, &kr_str_type) ? v : kr_to_str(v);
    FormatSpec s;
    if (parse(&s, spec, v, 's', '<') < 0) return EMPTY;
    if (s.type != 's') return unknown_code(&s, v);
    if (s.sign == ' ')
        return kr_raise(kr_ValueError, "Space not allowed in string format specifier");
    if (s.sign) return kr_raise(kr_ValueError, "Sign not allowed in string format specifier");
    if (s.no_minus_zero)
        return kr_raise(kr_ValueError,
                        "Negative zero coercion (z) not allowed in string format specifier");
    if (s.alternate)
        return kr_raise(kr_ValueError, "Alternate form (#) not allowed in string format specifier");
    if (s.align == '=')
        return kr_raise(kr_ValueError, "'=' alignment not allowed in string format specifier");
    size_t length = str_of(v)->length;
    if (s.precision >= 0 && (uint64_t)s.precision < length) length = (size_t)s.precision;
    int64_t pad = s.width - (int64_t)length;
    if (pad <= 0) return kr_str_slice(v, 0, length);
    int64_t left = s.align == '>' ? pad : s.align == '^' ? pad / 2 : 0;
    KrText text;
    kr_text_init(&text);
    add_fill(&text, s.fill, left);
    kr_text_add_slice(&text, v, 0, length);
    add_fill(&text, s.fill, pad - left);
    return kr_text_finish(&text);
}
