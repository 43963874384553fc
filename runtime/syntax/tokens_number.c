/*
 * syntax/tokens_number.c: the extent of a number in the source and the errors in it. Its value is
 * computed by numbers.c.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "runtime/syntax/scanner.h"

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' ||
           (unsigned char)c >= 128;
}

/* May a keyword follow the number without a space? `1if x else y` is deprecated but valid. */
static bool keyword_follows(const char *p) {
    static const char *const words[] = {"and", "else", "for", "if", "in", "is", "or", "not"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strncmp(p, words[i], strlen(words[i])))
            return true;
    return false;
}

/* The scanner stands behind the number: nothing that continues it may follow. */
static bool check_end(Scanner *s, const char *kind) {
    if (!is_name_char(*s->at))
        return true;
    if (keyword_follows(s->at)) {
        kr_tokens_warn(s->out, s->arena,
                       kr_arena_format(s->arena, "invalid %s literal", kind), s->lineno,
                       kr_tokens_points(s->line, s->at), false);
        return true;
    }
    return kr_scanner_error(s, "invalid %s literal", kind);
}

/* Digits with single underscores between them, after a first digit. */
static bool decimal_tail(Scanner *s) {
    for (;;) {
        while (is_digit(*s->at))
            s->at++;
        if (*s->at != '_')
            return true;
        s->at++;
        if (!is_digit(*s->at))
            return kr_scanner_error(s, "invalid decimal literal");
    }
}

static bool radix_digit(char c, int base) {
    return base == 16 ? isxdigit((unsigned char)c) != 0 : c >= '0' && c < '0' + base;
}

/* The scanner stands behind 0x, 0o or 0b. */
static bool radix_number(Scanner *s, int base, const char *kind) {
    do {
        if (*s->at == '_')
            s->at++;
        if (!radix_digit(*s->at, base)) {
            if (is_digit(*s->at)) {
                s->at++;
                return kr_scanner_error(s, "invalid digit '%c' in %s literal", s->at[-1], kind);
            }
            return kr_scanner_error(s, "invalid %s literal", kind);
        }
        while (radix_digit(*s->at, base))
            s->at++;
    } while (*s->at == '_');
    if (is_digit(*s->at)) {
        s->at++;
        return kr_scanner_error(s, "invalid digit '%c' in %s literal", s->at[-1], kind);
    }
    return check_end(s, kind);
}

/* What may follow the integer part: fraction, exponent, j. */
static bool decimal_rest(Scanner *s) {
    if (*s->at == '.') {
        s->at++;
        if (is_digit(*s->at) && !decimal_tail(s))
            return false;
    }
    if (*s->at == 'e' || *s->at == 'E') {
        const char *e = s->at++;
        if (*s->at == '+' || *s->at == '-') {
            s->at++;
            if (!is_digit(*s->at))
                return kr_scanner_error(s, "invalid decimal literal");
        } else if (!is_digit(*s->at)) {
            s->at = e; /* `1else`, or an error */
            return check_end(s, "decimal");
        }
        if (!decimal_tail(s))
            return false;
    }
    if (*s->at == 'j' || *s->at == 'J') {
        s->at++;
        return check_end(s, "imaginary");
    }
    return check_end(s, "decimal");
}

static bool is_decimal_rest(char c) {
    return c == '.' || c == 'e' || c == 'E' || c == 'j' || c == 'J';
}

/* Zeros, then perhaps digits: only a float or an imaginary number may go on so. */
static bool leading_zero(Scanner *s, const char *start) {
    for (;;) {
        if (*s->at == '_') {
            s->at++;
            if (!is_digit(*s->at))
                return kr_scanner_error(s, "invalid decimal literal");
        }
        if (*s->at != '0')
            break;
        s->at++;
    }
    const char *zeros_end = s->at;
    bool nonzero = is_digit(*s->at);
    if (nonzero && !decimal_tail(s))
        return false;
    if (is_decimal_rest(*s->at))
        return decimal_rest(s);
    if (nonzero)
        return kr_scanner_error_at(s, s->lineno, s->line, (int)(start + 1 - s->line),
                                   (int)(zeros_end + (zeros_end < s->at) - s->line),
                                   "leading zeros in decimal integer literals are not permitted; "
                                   "use an 0o prefix for octal integers");
    return check_end(s, "decimal");
}

static bool scan_number(Scanner *s, const char *start) {
    if (*start == '.') {
        s->at = start;
        return decimal_rest(s);
    }
    if (*start != '0')
        return decimal_tail(s) && decimal_rest(s);
    switch (*s->at) {
    case 'x':
    case 'X':
        s->at++;
        return radix_number(s, 16, "hexadecimal");
    case 'o':
    case 'O':
        s->at++;
        return radix_number(s, 8, "octal");
    case 'b':
    case 'B':
        s->at++;
        return radix_number(s, 2, "binary");
    default:
        return leading_zero(s, start);
    }
}

bool kr_scanner_number(Scanner *s, const char *start) {
    if (!scan_number(s, start))
        return false;
    kr_scanner_add(s, TOKEN_NUMBER, start, s->lineno, s->line);
    return true;
}
