/*
 * syntax/dump_constant.c: Python's repr() of constants, without a runtime.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/syntax/dump.h"
#include "runtime/syntax/source.h"
#include "runtime/text/unicode.h"

/* The quote that repr() chooses. */
static char choose_quote(const char *text, size_t length) {
    return memchr(text, '\'', length) && !memchr(text, '"', length) ? '"' : '\'';
}

static void dump_point(FILE *out, uint32_t c, char quote, const char *bytes, size_t size) {
    switch (c) {
    case '\n': fputs("\\n", out); return;
    case '\r': fputs("\\r", out); return;
    case '\t': fputs("\\t", out); return;
    case '\\': fputs("\\\\", out); return;
    default: break;
    }
    if (c == (uint32_t)quote)
        fprintf(out, "\\%c", quote);
    else if (c >= 0xD800 && c <= 0xDFFF)
        fprintf(out, "\\u%04x", c);
    else if (c >= 0x20 && c != 0x7F && (c < 0x7F || kr_text_is_printable(c)))
        fwrite(bytes, 1, size, out);
    else if (c < 0x100)
        fprintf(out, "\\x%02x", c);
    else if (c < 0x10000)
        fprintf(out, "\\u%04x", c);
    else
        fprintf(out, "\\U%08x", c);
}

void kr_dump_text(FILE *out, const char *text, size_t length) {
    char quote = choose_quote(text, length);
    fputc(quote, out);
    for (const char *p = text, *end = text + length; p < end;) {
        uint32_t c = 0;
        const char *problem = NULL;
        size_t size = kr_source_decode(p, end, &c, &problem);
        if (problem)
            fputs("\xEF\xBF\xBD", out);
        else
            dump_point(out, c, quote, p, size);
        p += size;
    }
    fputc(quote, out);
}

static void dump_bytes(FILE *out, const char *bytes, size_t length) {
    char quote = choose_quote(bytes, length);
    fprintf(out, "b%c", quote);
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c < 128)
            dump_point(out, c, quote, bytes + i, 1);
        else
            fprintf(out, "\\x%02x", c);
    }
    fputc(quote, out);
}

/* The shortest digits that read back as the same double, in repr()'s layout. */
static void dump_float(FILE *out, double value, bool imaginary) {
    char text[64];
    if (isinf(value)) {
        fputs("inf", out);
        return;
    }
    int precision = 1;
    for (; precision < 17; precision++) {
        snprintf(text, sizeof text, "%.*e", precision - 1, value);
        if (strtod(text, NULL) == value)
            break;
    }
    snprintf(text, sizeof text, "%.*e", precision - 1, value);
    int exponent = atoi(strchr(text, 'e') + 1);
    if (exponent < -4 || exponent >= 16) {
        char *e = strchr(text, 'e');
        fprintf(out, "%.*se%s%02d", (int)(e - text), text, exponent < 0 ? "-" : "+", abs(exponent));
        return;
    }
    int decimals = precision - 1 - exponent;
    snprintf(text, sizeof text, "%.*f", decimals > 0 ? decimals : 0, value);
    fputs(text, out);
    if (decimals <= 0 && !imaginary)
        fputs(".0", out);
}

/* Digits of any base as decimal: repeated multiplication in base 10**9. Returns malloc'ed text. */
static char *to_decimal(const Constant *constant) {
    size_t capacity = constant->length / 2 + 4, used = 1;
    uint32_t *limbs = calloc(capacity, sizeof *limbs);
    char *text = malloc(capacity * 9 + 1), *to = text;
    if (!limbs || !text)
        abort();
    for (size_t i = 0; i < constant->length; i++) {
        char c = constant->bytes[i];
        uint64_t carry = (uint64_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
        for (size_t k = 0; k < used; k++) {
            carry += (uint64_t)limbs[k] * constant->base;
            limbs[k] = (uint32_t)(carry % 1000000000);
            carry /= 1000000000;
        }
        if (carry)
            limbs[used++] = (uint32_t)carry;
    }
    to += sprintf(to, "%u", limbs[used - 1]);
    for (size_t k = used - 1; k-- > 0;)
        to += sprintf(to, "%09u", limbs[k]);
    free(limbs);
    return text;
}

static void dump_int(FILE *out, const Constant *constant) {
    if (constant->fits) {
        fprintf(out, "%lld", (long long)constant->integer);
    } else if (constant->base == 10) {
        fputs(constant->bytes, out);
    } else {
        char *text = to_decimal(constant);
        fputs(text, out);
        free(text);
    }
}

void kr_dump_constant(FILE *out, const Constant *constant) {
    switch ((ConstantKind)constant->kind) {
    case CONSTANT_NONE: fputs("None", out); break;
    case CONSTANT_TRUE: fputs("True", out); break;
    case CONSTANT_FALSE: fputs("False", out); break;
    case CONSTANT_ELLIPSIS: fputs("Ellipsis", out); break;
    case CONSTANT_INT: dump_int(out, constant); break;
    case CONSTANT_FLOAT: dump_float(out, constant->real, false); break;
    case CONSTANT_IMAG:
        dump_float(out, constant->real, true);
        fputc('j', out);
        break;
    case CONSTANT_STR: kr_dump_text(out, constant->bytes, constant->length); break;
    case CONSTANT_BYTES: dump_bytes(out, constant->bytes, constant->length); break;
    case CONSTANT_OBJECT:
        fprintf(out, "<object %llx>", (unsigned long long)constant->object);
        break;
    }
}
