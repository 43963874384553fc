/* text.c: a number from its digits, and as a scientific or engineering string. */
#include <stdio.h>

#include "modules/_decimal/decimal.h"

/* ---- From text ------------------------------------------------------------------------------ */

static bool starts_with(const char *text, size_t n, const char *word)
{
    size_t length = strlen(word);
    if (n < length) return false;
    for (size_t i = 0; i < length; i++)
        if ((text[i] | 32) != word[i]) return false;
    return true;
}
static size_t count_digits(const char *text, size_t n)
{
    size_t i = 0;
    while (i < n && text[i] >= '0' && text[i] <= '9') i++;
    return i;
}

/* The exponent after an E: saturated far beyond every limit. False if there is none. */
static bool parse_exponent(const char *text, size_t n, int64_t *exp)
{
    const int64_t far = INT64_MAX / 4;
    bool negative = n && text[0] == '-';
    if (n && (text[0] == '-' || text[0] == '+')) text++, n--;
    if (n == 0 || count_digits(text, n) != n) return false;
    *exp = 0;
    for (size_t i = 0; i < n; i++) *exp = *exp >= far / 10 ? far : *exp * 10 + (text[i] - '0');
    if (negative) *exp = -*exp;
    return true;
}

/* inf, infinity, nan, snan and a payload: -1 if it is none, 0 if it is a wrong one. */
static int parse_special(Num *r, const char *text, size_t n, bool negative)
{
    bool signaling = starts_with(text, n, "snan");
    if (starts_with(text, n, "inf")) {
        num_set_infinity(r, negative);
        return n == 3 || (n == 8 && starts_with(text, n, "infinity"));
    }
    if (!signaling && !starts_with(text, n, "nan")) return -1;
    text += 3 + signaling, n -= 3 + signaling;
    if (count_digits(text, n) != n) return 0;
    while (n && *text == '0') text++, n--;
    num_set_nan(r);
    r->negative = negative;
    r->kind = signaling ? SIGNALING_NAN : QUIET_NAN;
    r->digits = (int64_t)n;
    char *digits = malloc(n + 1);
    memcpy(digits, text, n);
    digits[n] = 0;
    if (n) mpz_set_str(r->coef, digits, 10);
    free(digits);
    return 1;
}

static uint64_t word_of(const char *digits)
{
    uint64_t word = 0;
    while (*digits) word = word * 10 + (uint64_t)(*digits++ - '0');
    return word;
}

void num_parse(Num *r, const char *text, size_t n, uint32_t *status)
{
    bool negative = n && text[0] == '-';
    if (n && (text[0] == '-' || text[0] == '+')) text++, n--;
    int special = parse_special(r, text, n, negative);
    if (special == 0) num_invalid(r, DEC_CONVERSION_SYNTAX, status);
    if (special >= 0) return;
    size_t before = count_digits(text, n), after = 0, end = before;
    int64_t exp = 0;
    if (end < n && text[end] == '.') {
        after = count_digits(text + before + 1, n - before - 1);
        end = before + 1 + after;
    }
    if (before + after == 0 || (end < n && ((text[end] | 32) != 'e' ||
                                            !parse_exponent(text + end + 1, n - end - 1, &exp)))) {
        num_invalid(r, DEC_CONVERSION_SYNTAX, status);
        return;
    }
    char small[64], *digits = before + after < sizeof small ? small : malloc(before + after + 1);
    memcpy(digits, text, before);
    if (after) memcpy(digits + before, text + before + 1, after);
    digits[before + after] = 0;
    num_set_zero(r, negative, exp - (int64_t)after);
    if (before + after <= DEC_WORD_DIGITS)
        mpz_set_ui(r->coef, word_of(digits));
    else
        mpz_set_str(r->coef, digits, 10);
    num_count(r);
    if (digits != small) free(digits);
}

/* ---- To text -------------------------------------------------------------------------------- */

/* Digits with a point after the first `dot`, zeros where digits are missing. Gives the end. */
static char *put_digits(char *to, const char *digits, int64_t n, int64_t dot)
{
    if (dot <= 0) {
        *to++ = '0';
        *to++ = '.';
        for (; dot < 0; dot++) *to++ = '0';
        memcpy(to, digits, (size_t)n);
        return to + n;
    }
    for (int64_t i = 0; i < n || i < dot; i++) {
        if (i == dot) *to++ = '.';
        *to++ = i < n ? digits[i] : '0';
    }
    return to;
}

static char *special_text(const Num *a)
{
    const char *sign = a->negative ? "-" : "";
    char *payload = a->digits ? mpz_get_str(NULL, 10, a->coef) : NULL;
    size_t room = (payload ? strlen(payload) : 0) + 16;
    char *text = malloc(room);
    if (!text)
        kr_raise_no_memory();
    else if (a->kind == INFINITE)
        snprintf(text, room, "%sInfinity", sign);
    else
        snprintf(text, room, "%s%s%s", sign, a->kind == SIGNALING_NAN ? "sNaN" : "NaN",
                 payload ? payload : "");
    free(payload);
    return text;
}

char *num_text(const Num *a, bool engineering, bool capitals)
{
    if (a->kind != FINITE) return special_text(a);
    /* Where the point stands: as written if the exponent is not positive and the number not tiny,
     * else after the first digit, or up to the third so that the exponent is a multiple of
     * three. */
    int64_t left = a->exp + a->digits, dot;
    if (a->exp <= 0 && left > -6)
        dot = left;
    else if (!engineering)
        dot = 1;
    else if (mpz_sgn(a->coef) == 0)
        dot = (left + 1) % 3 < 0 ? (left + 1) % 3 + 2 : (left + 1) % 3 - 1;
    else
        dot = (left - 1) % 3 < 0 ? (left - 1) % 3 + 4 : (left - 1) % 3 + 1;
    char small[64], *digits = a->digits + 2 > (int64_t)sizeof small ? NULL : small;
    digits = mpz_get_str(digits, 10, a->coef);
    char *text = malloc((size_t)a->digits + 48);
    if (text) {
        char *to = text;
        if (a->negative) *to++ = '-';
        to = put_digits(to, digits, a->digits, dot);
        if (left != dot)
            to += snprintf(to, 24, "%c%+lld", capitals ? 'E' : 'e', (long long)(left - dot));
        *to = 0;
    } else
        kr_raise_no_memory();
    if (digits != small) free(digits);
    return text;
}
