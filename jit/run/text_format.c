/* text_format.c: numbers as text and back, format specs, repr, and printing text, for kernels. */
#include "jit/run/containers.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/text/float_text.h"
#include "runtime/text/unicode.h"

static void *text_ascii(const char *s)
{
    return jit_rt_text_utf8((void *)(uintptr_t)s, (int64_t)strlen(s));
}

/* ---- str() of numbers ---- */

void *jit_rt_text_int(int64_t x)
{
    char s[32];
    snprintf(s, sizeof s, "%" PRId64, x);
    return text_ascii(s);
}

void *jit_rt_text_uint(int64_t x)
{
    char s[32];
    snprintf(s, sizeof s, "%" PRIu64, (uint64_t)x);
    return text_ascii(s);
}

void *jit_rt_text_float(double x)
{
    char s[KR_FLOAT_REPR_SIZE + 1];
    size_t n = kr_float_repr(x, s);
    return jit_rt_text_utf8(s, (int64_t)n);
}

/* The shortest digits that read back as this float32. */
void *jit_rt_text_float32(float x)
{
    char s[64];
    if (!isfinite(x)) return jit_rt_text_float((double)x);
    for (int digits = 1; digits <= 9; digits++) {
        snprintf(s, sizeof s, "%.*e", digits - 1, (double)x);
        if (strtof(s, NULL) == x) break;
    }
    double near = strtod(s, NULL); /* its shortest digits are these */
    return jit_rt_text_float(near);
}

void *jit_rt_text_bool(bool x) { return text_ascii(x ? "True" : "False"); }

/* A part of a complex number: without ".0", as repr(complex) has it. */
static size_t complex_part(double x, char *out, bool sign)
{
    size_t n = 0;
    if (sign && !signbit(x)) out[n++] = '+';
    if (sign && isnan(x)) out[0] = '+', n = 1;
    n += kr_float_repr(x, out + n);
    if (n > 2 && out[n - 1] == '0' && out[n - 2] == '.') n -= 2;
    return n;
}

void *jit_rt_text_complex(double re, double im)
{
    char s[2 * KR_FLOAT_REPR_SIZE + 8];
    size_t n = 0;
    if (re == 0 && !signbit(re)) {
        n = complex_part(im, s, false);
        s[n++] = 'j';
        return jit_rt_text_utf8(s, (int64_t)n);
    }
    s[n++] = '(';
    n += complex_part(re, s + n, false);
    n += complex_part(im, s + n, true);
    s[n++] = 'j';
    s[n++] = ')';
    return jit_rt_text_utf8(s, (int64_t)n);
}

/* ---- repr ---- */

typedef struct Units {
    uint32_t *data;
    int64_t n, room;
    bool failed;
} Units;

static void push(Units *u, uint32_t c)
{
    if (u->n == u->room) {
        u->room = u->room ? 2 * u->room : 64;
        uint32_t *grown = realloc(u->data, (size_t)u->room * 4);
        u->failed |= !grown;
        if (!grown) {
            u->room = u->n;
            return;
        }
        u->data = grown;
    }
    u->data[u->n++] = c;
}

static void push_ascii(Units *u, const char *s)
{
    while (*s) push(u, (uint8_t)*s++);
}

static void *finish(Units *u)
{
    void *made = u->failed ? NULL : jit_rt_text_new(u->n);
    if (made) memcpy(kernel_text(made)->units, u->data, (size_t)u->n * 4);
    free(u->data);
    return made;
}

static void push_repr(Units *u, const KernelText *t)
{
    char escape[16];
    bool single = false, both = false;
    for (int64_t i = 0; i < t->length; i++) {
        single |= t->units[i] == '\'';
        both |= t->units[i] == '"';
    }
    uint32_t quote = single && !both ? '"' : '\'';
    push(u, quote);
    for (int64_t i = 0; i < t->length; i++) {
        uint32_t c = t->units[i];
        if (c == quote || c == '\\') {
            push(u, '\\');
            push(u, c);
        } else if (c == '\n' || c == '\r' || c == '\t') {
            push_ascii(u, c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t");
        } else if (kr_text_is_printable(c)) {
            push(u, c);
        } else {
            snprintf(escape, sizeof escape,
                     c < 0x100     ? "\\x%02x"
                     : c < 0x10000 ? "\\u%04x"
                                   : "\\U%08x",
                     c);
            push_ascii(u, escape);
        }
    }
    push(u, quote);
}

void *jit_rt_text_repr(void *own)
{
    Units u = {0};
    push_repr(&u, kernel_text(own));
    return finish(&u);
}

/* ---- Reading numbers ---- */

/* Digits of any script as ASCII, blanks around cut off; NULL: a character that no number has. */
static char *ascii_of(const KernelText *t)
{
    int64_t from = 0, to = t->length;
    while (from < to && kr_text_is_space(t->units[from])) from++;
    while (from < to && kr_text_is_space(t->units[to - 1])) to--;
    char *out = malloc((size_t)(to - from) + 1);
    for (int64_t i = from; out && i < to; i++) {
        uint32_t c = t->units[i];
        int digit = kr_text_decimal_value(c);
        if (c >= 0x80 && digit < 0) {
            free(out);
            return NULL;
        }
        out[i - from] = digit >= 0 ? (char)('0' + digit) : (char)c;
    }
    if (out) out[to - from] = 0;
    return out;
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'z') return c - 'a' + 10;
    return c >= 'A' && c <= 'Z' ? c - 'A' + 10 : 99;
}

static int64_t read_int(const char *s, int base, int64_t *out)
{
    bool negative = *s == '-', too_big = false, digit_before = false;
    if (*s == '-' || *s == '+') s++;
    int prefix = s[0] == '0' ? (s[1] | 32) == 'x'   ? 16
                               : (s[1] | 32) == 'o' ? 8
                               : (s[1] | 32) == 'b' ? 2
                                                    : 0
                             : 0;
    if (prefix && (base == 0 || base == prefix)) {
        base = prefix;
        s += 2;
        digit_before = true; /* an underscore may follow the prefix */
    }
    if (base == 0) base = 10;
    if (!*s) return 1;
    int64_t value = 0;
    for (; *s; s++) {
        if (*s == '_' && digit_before && s[1] && s[1] != '_') continue;
        int d = digit_of(*s);
        if (d >= base) return 1;
        digit_before = true;
        too_big |= __builtin_mul_overflow(value, base, &value) ||
                   __builtin_sub_overflow(value, d, &value); /* downwards: min is negative */
    }
    if (!negative) too_big |= __builtin_sub_overflow((int64_t)0, value, &value);
    *out = value;
    return too_big ? 2 : 0;
}

int64_t jit_rt_text_to_int(void *own, int64_t base, void *out)
{
    char *s = ascii_of(kernel_text(own));
    int64_t status = s ? read_int(s, (int)base, out) : 1;
    free(s);
    return status;
}

int64_t jit_rt_text_to_float(void *own, void *out)
{
    char *s = ascii_of(kernel_text(own)), *to = s;
    if (!s) return 1;
    int64_t status = 0;
    for (char *c = s; *c; c++) { /* underscores stand between digits */
        bool between = c > s && c[-1] >= '0' && c[-1] <= '9' && c[1] >= '0' && c[1] <= '9';
        if (*c == '_' && between) continue;
        status |= *c == '_';
        *to++ = *c;
    }
    *to = 0;
    const char *stop = s;
    double value = kr_float_read(s, to, &stop);
    status |= stop != to || stop == s;
    *(double *)out = value;
    free(s);
    return status;
}

/* ---- Format specs: [[fill]align][sign][#][0][width][,][.precision][type] ---- */

typedef struct Spec {
    uint32_t fill;
    char align, sign, group, type;
    bool alternate, zero;
    int64_t width, precision; /* -1: none */
} Spec;

static bool is_align(uint32_t c) { return c == '<' || c == '>' || c == '=' || c == '^'; }

static int64_t spec_number(const KernelText *t, int64_t *at)
{
    int64_t n = -1;
    for (; *at < t->length && t->units[*at] >= '0' && t->units[*at] <= '9'; ++*at)
        n = (n < 0 ? 0 : n > 100000000 ? n : n * 10) + (t->units[*at] - '0');
    return n;
}

static bool read_spec(const KernelText *t, Spec *s)
{
    int64_t i = 0, n = t->length;
    *s = (Spec){.fill = ' ', .width = -1, .precision = -1};
    if (n >= 2 && is_align(t->units[1])) {
        s->fill = t->units[0];
        s->align = (char)t->units[1];
        i = 2;
    } else if (n >= 1 && is_align(t->units[0])) {
        s->align = (char)t->units[0];
        i = 1;
    }
    if (i < n && (t->units[i] == '+' || t->units[i] == '-' || t->units[i] == ' '))
        s->sign = (char)t->units[i++];
    if (i < n && t->units[i] == '#') s->alternate = ++i;
    if (i < n && t->units[i] == '0') {
        s->zero = ++i;
        if (!s->align) s->fill = '0', s->align = '=';
    }
    s->width = spec_number(t, &i);
    if (i < n && (t->units[i] == ',' || t->units[i] == '_')) s->group = (char)t->units[i++];
    if (i < n && t->units[i] == '.') {
        i++;
        s->precision = spec_number(t, &i);
        if (s->precision < 0) return false;
    }
    if (i < n && t->units[i] < 0x80) s->type = (char)t->units[i++];
    return i == n;
}

/* Sign, prefix and digits with their padding; groups of `every` digits in the whole part. */
static void *pad_number(const Spec *s, const char *sign, const char *digits, int every)
{
    Units u = {0};
    int64_t whole = (int64_t)strspn(digits, every == 4 ? "0123456789abcdefABCDEF" : "0123456789");
    int64_t groups = s->group && whole ? (whole - 1) / every : 0;
    int64_t length = (int64_t)strlen(sign) + (int64_t)strlen(digits) + groups,
            pad = s->width - length;
    char align = s->align ? s->align : '>';
    if (pad < 0) pad = 0;
    int64_t before = align == '>' ? pad : align == '^' ? pad / 2 : 0;
    for (int64_t i = 0; i < before; i++) push(&u, s->fill);
    push_ascii(&u, sign);
    for (int64_t i = 0; align == '=' && i < pad; i++) push(&u, s->fill);
    for (int64_t i = 0; digits[i]; i++) {
        if (s->group && i && i < whole && (whole - i) % every == 0) push(&u, (uint8_t)s->group);
        push(&u, (uint8_t)digits[i]);
    }
    for (int64_t i = before; align != '=' && i < pad; i++) push(&u, s->fill);
    return finish(&u);
}

void *jit_rt_text_format_int(int64_t x, void *spec)
{
    Spec s;
    if (!read_spec(kernel_text(spec), &s)) return NULL;
    if (s.type && strchr("eEfFgG%", s.type)) return jit_rt_text_format_float((double)x, spec);
    if (s.precision >= 0 || (s.zero && s.group)) return NULL;
    uint64_t size = x < 0 ? 0 - (uint64_t)x : (uint64_t)x;
    char digits[80], sign[8] = "", *at = digits + sizeof digits - 1;
    if (s.type == 'c') {
        Units u = {0};
        push(&u, (uint32_t)x);
        return s.width > 1 ? (free(u.data), NULL) : finish(&u);
    }
    unsigned base = s.type == 'x' || s.type == 'X' ? 16
                    : s.type == 'o'                ? 8
                    : s.type == 'b'                ? 2
                                                   : 10;
    if (s.type && !strchr("dxXobn", s.type)) return NULL;
    if (base != 10 && s.group == ',') return NULL;
    *at = 0;
    do {
        *--at = (s.type == 'X' ? "0123456789ABCDEF" : "0123456789abcdef")[size % base];
        size /= base;
    } while (size);
    int k = 0;
    if (x < 0)
        sign[k++] = '-';
    else if (s.sign == '+' || s.sign == ' ')
        sign[k++] = s.sign;
    if (s.alternate && base != 10) {
        sign[k++] = '0';
        sign[k++] = s.type;
    }
    return pad_number(&s, sign, at, base == 10 ? 3 : 4);
}

void *jit_rt_text_format_float(double x, void *spec)
{
    Spec s;
    if (!read_spec(kernel_text(spec), &s) || (s.zero && s.group)) return NULL;
    if (s.type && !strchr("eEfFgGn%", s.type)) return NULL;
    bool percent = s.type == '%';
    char code = percent ? 'f' : s.type == 'n' ? 'g' : s.type;
    char sign[2] = "";
    if (signbit(x) && !isnan(x))
        sign[0] = '-';
    else if (s.sign == '+' || s.sign == ' ')
        sign[0] = s.sign;
    if (percent) x *= 100;
    size_t n;
    int precision = (int)s.precision;
    char repr[KR_FLOAT_REPR_SIZE + 1], *made = NULL;
    if (!code && precision < 0) {
        n = kr_float_repr(fabs(x), repr);
    } else {
        unsigned flags = (s.alternate ? FLOAT_ALT : 0) | (code ? 0 : FLOAT_ADD_DOT_0);
        made = kr_float_text(fabs(x), code ? code : 'g', precision < 0 ? 6 : precision, flags, &n);
        if (!made) return NULL;
    }
    char *digits = malloc(n + 2);
    if (digits) {
        memcpy(digits, made ? made : repr, n);
        if (percent) digits[n++] = '%';
        digits[n] = 0;
    }
    free(made);
    void *result = digits ? pad_number(&s, sign, digits, 3) : NULL;
    free(digits);
    return result;
}

void *jit_rt_text_format_text(void *own, void *spec)
{
    Spec s;
    const KernelText *t = kernel_text(own);
    if (!read_spec(kernel_text(spec), &s) || (s.type && s.type != 's') || s.sign || s.group ||
        s.alternate || (s.align == '=' && !s.zero))
        return NULL;
    char align = s.align && s.align != '=' ? s.align : '<';
    int64_t n = s.precision >= 0 && s.precision < t->length ? s.precision : t->length;
    int64_t pad = s.width > n ? s.width - n : 0;
    int64_t before = align == '>' ? pad : align == '^' ? pad / 2 : 0;
    Units u = {0};
    for (int64_t i = 0; i < before; i++) push(&u, s.fill);
    for (int64_t i = 0; i < n; i++) push(&u, t->units[i]);
    for (int64_t i = before; i < pad; i++) push(&u, s.fill);
    return finish(&u);
}

/* ---- Printing ---- */

static void print_units(const uint32_t *units, int64_t n)
{
    char utf8[256];
    size_t k = 0;
    for (int64_t i = 0; i < n; i++) {
        uint32_t c = units[i];
        if (k > sizeof utf8 - 8) {
            jit_rt_print_hook(utf8, k);
            k = 0;
        }
        if (c < 0x80) {
            utf8[k++] = (char)c;
        } else if (c < 0x800) {
            utf8[k++] = (char)(0xc0 | c >> 6);
            utf8[k++] = (char)(0x80 | (c & 0x3f));
        } else {
            if (c < 0x10000) {
                utf8[k++] = (char)(0xe0 | c >> 12);
            } else {
                utf8[k++] = (char)(0xf0 | c >> 18);
                utf8[k++] = (char)(0x80 | (c >> 12 & 0x3f));
            }
            utf8[k++] = (char)(0x80 | (c >> 6 & 0x3f));
            utf8[k++] = (char)(0x80 | (c & 0x3f));
        }
    }
    if (k) jit_rt_print_hook(utf8, k);
}

void jit_rt_print_text(void *own)
{
    print_units(kernel_text(own)->units, kernel_text(own)->length);
}

void jit_rt_print_repr(void *own)
{
    Units u = {0};
    push_repr(&u, kernel_text(own));
    print_units(u.data, u.n);
    free(u.data);
}
