/* text_build.c: KrText, the growing text of krait.h, and the printf-like formats of kr_raise and
 * kr_str_format.
 *
 * The buffer is the struct's own for short texts, malloc'ed for others, and widens when a wider code
 * point arrives, so its width is the narrowest that fits. After a failed addition the text stays failed and kr_text_finish returns
 * EMPTY. */
#include <stdio.h>
#include <stdlib.h>

#include "runtime/objects/str.h"

#include "runtime/objects/quick.h"

static void start(KrText *text, bool failed)
{
    text->data = NULL;
    text->length = text->capacity = 0;
    text->width = 1;
    text->failed = failed;
}

void kr_text_init(KrText *text) { start(text, false); }

static int fail(KrText *text)
{
    text->failed = true;
    if (!kr_raised()) kr_raise_no_memory();
    return -1;
}

static void free_data(KrText *text)
{
    if (text->data != text->local) free(text->data);
}

/* A buffer of at least `need` code points of `width` bytes, with what the text has. */
static int grow(KrText *text, size_t need, int width)
{
    void *data = text->local;
    size_t capacity = sizeof text->local / (size_t)width;
    if (text->data || need > capacity) {
        capacity = text->capacity + text->capacity / 2;
        if (capacity < need) capacity = need;
        bool move = text->data && text->data != text->local && width == text->width;
        size_t bytes = capacity * (size_t)width;
        data = move ? realloc(text->data, bytes) : malloc(bytes);
        if (!data) return fail(text);
        if (!move) {
            if (text->length) kr_text_copy(data, width, text->data, text->width, text->length);
            free_data(text);
        }
    }
    text->data = data;
    text->width = width;
    text->capacity = capacity;
    return 0;
}

/* Room for n more code points of at most `width` bytes. */
static inline int reserve(KrText *text, size_t n, int width)
{
    if (UNLIKELY(text->failed)) return -1;
    size_t need = text->length + n;
    if (LIKELY(need <= text->capacity && width <= text->width)) return 0;
    return grow(text, need, width > text->width ? width : text->width);
}

static inline char *end_of(KrText *text)
{
    return (char *)text->data + text->length * (size_t)text->width;
}

static int add_span(KrText *text, TextSpan span, int width)
{
    if (span.length == 0) return text->failed ? -1 : 0;
    if (reserve(text, span.length, width) < 0) return -1;
    kr_text_copy(end_of(text), text->width, span.data, span.width, span.length);
    text->length += span.length;
    return 0;
}

int kr_text_add_char(KrText *text, uint32_t code_point)
{
    if (reserve(text, 1, kr_text_width_for(code_point)) < 0) return -1;
    kr_text_put(text->data, text->width, text->length++, code_point);
    return 0;
}

int kr_text_add_ascii(KrText *text, const char *ascii)
{
    return add_span(text, (TextSpan){ascii, strlen(ascii), 1}, 1);
}

int kr_text_add_utf8(KrText *text, const char *utf8, size_t n)
{
    if (kr_text_ascii_prefix(utf8, n) == n) return add_span(text, (TextSpan){utf8, n, 1}, 1);
    Value s = kr_str_sized(utf8, n);
    if (is_empty(s)) return fail(text);
    return kr_text_add_str(text, s);
}

int kr_text_add_str(KrText *text, Value str)
{
    const Str *s = str_of(str);
    return add_span(text, str_span(s), s->width);
}

int kr_text_add_slice(KrText *text, Value str, size_t begin, size_t end)
{
    if (begin >= end) return text->failed ? -1 : 0;
    TextSpan part = span_part(str_span(str_of(str)), begin, end);
    int width = part.width;
    if (width > text->width)
        width = kr_text_width_for(kr_text_max_class(part.data, part.width, part.length));
    return add_span(text, part, width);
}

int kr_text_add_repr(KrText *text, Value v)
{
    if (text->failed) return -1;
    Value s = kr_repr(v);
    if (is_empty(s)) return fail(text);
    return kr_text_add_str(text, s);
}

Value kr_text_finish(KrText *text)
{
    Value result = EMPTY;
    if (!text->failed) {
        if (text->length <= 1) {
            result = kr_str_from_points(text->data, text->length, text->width);
        } else {
            bool ascii =
                text->width == 1 && kr_text_ascii_prefix(text->data, text->length) == text->length;
            Str *s = kr_str_alloc(text->length, text->width, ascii);
            if (s) {
                memcpy(s->data, text->data, text->length * (size_t)text->width);
                result = from_object(s);
            }
        }
    }
    kr_text_drop(text);
    return result;
}

void kr_text_drop(KrText *text)
{
    free_data(text);
    start(text, text->failed);
}

/* ---- Formats ---- */

typedef struct Directive {
    bool left, zero, plus, space, alternate;
    int width, precision; /* -1: none */
    int longs;            /* number of l; -1: z, t or j */
} Directive;

static int add_padded(KrText *text, TextSpan s, int width, const Directive *d)
{
    if (d->precision >= 0 && s.length > (size_t)d->precision) s.length = (size_t)d->precision;
    size_t pad = d->width > 0 && (size_t)d->width > s.length ? (size_t)d->width - s.length : 0;
    if (!d->left)
        for (size_t i = 0; i < pad; i++) kr_text_add_char(text, ' ');
    int status = add_span(text, s, width);
    if (d->left)
        for (size_t i = 0; i < pad; i++) kr_text_add_char(text, ' ');
    return status;
}

static int add_value(KrText *text, Value v, const Directive *d)
{
    if (is_empty(v)) return fail(text);
    const Str *s = str_of(v);
    return add_padded(text, str_span(s), s->width, d);
}

static int add_number(KrText *text, char kind, const Directive *d, uint64_t bits, bool negative)
{
    char format[32], out[96];
    char *q = format;
    *q++ = '%';
    if (d->left) *q++ = '-';
    if (d->zero) *q++ = '0';
    if (d->plus && !negative && kind == 'd') *q++ = '+';
    if (d->space && !negative && kind == 'd') *q++ = ' ';
    if (d->alternate) *q++ = '#';
    *q++ = '*';
    if (d->precision >= 0) q += sprintf(q, ".%d", d->precision > 40 ? 40 : d->precision);
    *q++ = 'l';
    *q++ = 'l';
    *q++ = kind;
    *q = 0;
    int width = d->width < 0 ? 0 : d->width > 60 ? 60 : d->width;
    int n = snprintf(out, sizeof out, format, width, (unsigned long long)bits);
    return add_span(text, (TextSpan){out, (size_t)n, 1}, 1);
}

static int add_format_v(KrText *text, const char *p, va_list args)
{
    while (*p) {
        const char *percent = strchr(p, '%');
        size_t n = percent ? (size_t)(percent - p) : strlen(p);
        if (n && kr_text_add_utf8(text, p, n) < 0) return -1;
        p += n;
        if (!*p) break;
        p++;
        Directive d = {.precision = -1, .width = -1};
        for (;; p++) {
            if (*p == '-')
                d.left = true;
            else if (*p == '0')
                d.zero = true;
            else if (*p == '+')
                d.plus = true;
            else if (*p == ' ')
                d.space = true;
            else if (*p == '#')
                d.alternate = true;
            else
                break;
        }
        if (*p == '*') {
            d.width = va_arg(args, int);
            p++;
        } else {
            while (*p >= '0' && *p <= '9') d.width = (d.width < 0 ? 0 : d.width) * 10 + *p++ - '0';
        }
        if (*p == '.') {
            d.precision = 0;
            if (*++p == '*') {
                d.precision = va_arg(args, int);
                p++;
            } else {
                while (*p >= '0' && *p <= '9') d.precision = d.precision * 10 + *p++ - '0';
            }
        }
        for (;; p++) {
            if (*p == 'l')
                d.longs++;
            else if (*p == 'z' || *p == 't' || *p == 'j')
                d.longs = 2;
            else if (*p != 'h')
                break;
        }
        int status = 0;
        switch (*p) {
        case 'd':
        case 'i': {
            int64_t x = d.longs ? va_arg(args, long long) : va_arg(args, int);
            status = add_number(text, 'd', &d, (uint64_t)x, x < 0);
            break;
        }
        case 'u':
        case 'x':
        case 'X':
        case 'o': {
            uint64_t x = d.longs ? va_arg(args, unsigned long long) : va_arg(args, unsigned);
            status = add_number(text, *p, &d, x, false);
            break;
        }
        case 'c': status = kr_text_add_char(text, (uint32_t)va_arg(args, int)); break;
        case 's': {
            const char *s = va_arg(args, const char *);
            if (!s) s = "(null)";
            size_t bytes = d.precision >= 0 ? strnlen(s, (size_t)d.precision) : strlen(s);
            if (d.width < 0)
                status = kr_text_add_utf8(text, s, bytes);
            else
                status = add_value(text, kr_str_sized(s, bytes), &d);
            break;
        }
        case 'p': {
            char out[32];
            snprintf(out, sizeof out, "%p", va_arg(args, void *));
            status = kr_text_add_ascii(text, out);
            break;
        }
        case 'S': status = add_value(text, kr_to_str(va_arg(args, Value)), &d); break;
        case 'R': status = add_value(text, kr_repr(va_arg(args, Value)), &d); break;
        case 'A': status = add_value(text, kr_ascii(va_arg(args, Value)), &d); break;
        case 'U': status = add_value(text, va_arg(args, Value), &d); break;
        case 'T': {
            const char *name = kr_type_of(va_arg(args, Value))->kind.name;
            status = add_value(text, kr_str(name), &d);
            break;
        }
        case 'N': {
            const char *name = va_arg(args, const Type *)->kind.name;
            status = add_value(text, kr_str(name), &d);
            break;
        }
        default: /* '%' and anything unknown stand for themselves */
            if (!*p) return text->failed ? -1 : 0;
            status = kr_text_add_char(text, (unsigned char)*p);
        }
        if (status < 0) return -1;
        p++;
    }
    return text->failed ? -1 : 0;
}

int kr_text_add_format(KrText *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int status = add_format_v(text, format, args);
    va_end(args);
    return status;
}

Value kr_str_format_v(const char *format, va_list args)
{
    KrText text;
    kr_text_init(&text);
    va_list copy;
    va_copy(copy, args);
    add_format_v(&text, format, copy);
    va_end(copy);
    return kr_text_finish(&text);
}

Value kr_str_format(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    Value s = kr_str_format_v(format, args);
    va_end(args);
    return s;
}
