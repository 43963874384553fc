// The text layer on its own: names, normal forms and case over every code point, codecs on random
// bytes and text, floats to text and back. Expected values are identities of the standards (UAX 15
// stability, name round trips) and glibc's correctly rounded conversions.

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/text/codecs.h"
#include "runtime/text/float_text.h"
#include "runtime/text/unicode.h"
#include "tests/tap.h"

static uint64_t state = 88172645463325252ull;

static uint64_t random64(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state * 0x9E3779B97F4A7C15ull;
}

static void test_names(void)
{
    int named = 0, wrong = 0;
    char name[KR_TEXT_MAX_NAME];
    for (uint32_t c = 0; c <= KR_TEXT_MAX_CODE_POINT; c++) {
        size_t n = kr_text_name(c, name);
        if (!n) continue;
        named++;
        uint32_t back;
        if (strlen(name) != n || !kr_text_lookup_name(name, n, &back) || back != c) wrong++;
    }
    ok(named > 140000 && wrong == 0, "names lead back to their characters");
    uint32_t c, sequence[KR_TEXT_MAX_SEQUENCE];
    ok(kr_text_lookup_name("latin small letter a", 20, &c) && c == 'a', "any letter case");
    ok(kr_text_lookup_name("LF", 2, &c) && c == '\n', "aliases");
    ok(!kr_text_lookup_name("NO SUCH NAME", 12, &c), "unknown names");
    ok(kr_text_lookup_sequence("KEYCAP NUMBER SIGN", 18, sequence) == 3 && sequence[2] == 0x20E3,
       "named sequences");
}

// Every form of every character is stable, and quick check agrees.
static void test_normal_forms(void)
{
    int wrong = 0;
    for (uint32_t c = 0; c < 0x30000; c++) {
        for (int form = TEXT_NFC; form <= TEXT_NFKD; form++) {
            uint32_t text[3] = {c, 0x301, 0x323};
            size_t n, m;
            uint32_t *once = kr_text_normalize((TextForm)form, text, 3, &n);
            uint32_t *twice = kr_text_normalize((TextForm)form, once, n, &m);
            if (n != m || memcmp(once, twice, n * 4)) wrong++;
            if (kr_text_quick_check((TextForm)form, once, n) == TEXT_QUICK_NO) wrong++;
            free(once);
            free(twice);
        }
    }
    ok(wrong == 0, "normal forms are stable");
    // Hostile input: a long run of marks in falling order must not take quadratic time.
    size_t n = 200000, m;
    uint32_t *marks = malloc(n * 4);
    for (size_t i = 0; i < n; i++) marks[i] = i % 2 ? 0x301 : 0x323;
    uint32_t *out = kr_text_normalize(TEXT_NFC, marks, n, &m);
    ok(m == n && out[0] == 0x323 && out[n - 1] == 0x301, "long runs of marks");
    free(out);
    free(marks);
}

static void test_utf8(void)
{
    static const struct {
        const char *bytes;
        Utf8Status status;
        int used;
    } bad[] = {
        {"\x80", UTF8_BAD_START, 1},           {"\xC0\x80", UTF8_BAD_START, 1},
        {"\xF5\x80", UTF8_BAD_START, 1},       {"\xC3", UTF8_TRUNCATED, 1},
        {"\xC3(", UTF8_BAD_CONTINUATION, 1},   {"\xE2\x82", UTF8_TRUNCATED, 2},
        {"\xE2(\xA1", UTF8_BAD_CONTINUATION, 1}, {"\xE2\x82(", UTF8_BAD_CONTINUATION, 2},
        {"\xE0\x80\x80", UTF8_BAD_CONTINUATION, 1}, {"\xED\xA0\x80", UTF8_BAD_CONTINUATION, 1},
        {"\xF0\x9F\x98", UTF8_TRUNCATED, 3},   {"\xF0\x8F\x80\x80", UTF8_BAD_CONTINUATION, 1},
        {"\xF4\x90\x80\x80", UTF8_BAD_CONTINUATION, 1}, {"\xF0\x9F\x98(", UTF8_BAD_CONTINUATION, 3},
    };
    int wrong = 0;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const uint8_t *p = (const uint8_t *)bad[i].bytes;
        uint32_t c;
        int used;
        Utf8Status status = kr_utf8_next(p, p + strlen(bad[i].bytes), &c, &used);
        if (status != bad[i].status || used != bad[i].used) wrong++;
    }
    ok(wrong == 0, "errors of UTF-8 and the bytes they cover");
    for (uint32_t c = 0; c <= KR_TEXT_MAX_CODE_POINT; c++) {
        if (c >= 0xD800 && c <= 0xDFFF) continue;
        uint8_t bytes[4];
        int n = kr_utf8_put(c, bytes), used;
        uint32_t back;
        if (kr_utf8_next(bytes, bytes + n, &back, &used) != UTF8_OK || used != n || back != c)
            wrong++;
    }
    ok(wrong == 0, "every code point there and back");
}

static void test_codecs(void)
{
    static const TextCodec codecs[] = {CODEC_UTF8, CODEC_UTF16, CODEC_UTF16_BE, CODEC_UTF32,
                                       CODEC_UTF32_LE, CODEC_UTF7};
    int wrong = 0;
    for (int round = 0; round < 20000; round++) {
        uint32_t text[24];
        size_t n = random64() % 24;
        for (size_t i = 0; i < n; i++) {
            uint32_t limit = (uint32_t[]){0x80, 0x100, 0x10000, 0x110000}[random64() % 4];
            text[i] = (uint32_t)(random64() % limit);
            if (text[i] - 0xD800 < 0x800) text[i] = 'x';
        }
        TextCodec codec = codecs[random64() % 6];
        TextErrors errors = {.mode = ERRORS_STRICT};
        ByteBuffer bytes = {0};
        CodeBuffer back = {0};
        size_t consumed;
        if (kr_text_encode(codec, (TextSpan){text, n, 4}, &errors, &bytes) != TEXT_DONE) wrong++;
        // In two pieces: what the first leaves is given again with the second.
        size_t cut = bytes.length ? random64() % bytes.length : 0;
        if (codec != CODEC_UTF16 && codec != CODEC_UTF32 && codec != CODEC_UTF7) {
            if (kr_text_decode(codec, bytes.data, cut, &errors, false, &consumed, &back))
                wrong++;
        } else {
            consumed = 0;
        }
        if (kr_text_decode(codec, bytes.data + consumed, bytes.length - consumed, &errors, true,
                           &consumed, &back))
            wrong++;
        if (back.length != n) wrong++;
        for (size_t i = 0; i < n && i < back.length; i++)
            if (kr_text_at(back.data, back.width, i) != text[i]) wrong++;
        free(bytes.data);
        free(back.data);
    }
    ok(wrong == 0, "random text through the codecs, in pieces");
    // Any bytes, any handler: no crash, and a result unless strict.
    for (int round = 0; round < 20000; round++) {
        uint8_t bytes[24];
        size_t n = random64() % 24, consumed;
        for (size_t i = 0; i < n; i++) {
            bytes[i] = (uint8_t)random64();
            if (random64() % 2) bytes[i] = "+-Aa\\uUxN{}0\xFF\xFE\xD8\x00"[bytes[i] % 16];
        }
        TextErrors errors = {.mode = (TextErrorMode[]){ERRORS_IGNORE, ERRORS_REPLACE,
                                                       ERRORS_BACKSLASH}[random64() % 3]};
        CodeBuffer out = {0};
        TextStatus status = kr_text_decode((TextCodec)(1 + random64() % 11), bytes, n, &errors,
                                           random64() % 2, &consumed, &out);
        if (status != TEXT_DONE || consumed > n) wrong++;
        status = kr_text_decode_unicode_escape(bytes, n, &errors, true, &consumed, &out, NULL);
        if (status != TEXT_DONE) wrong++;
        free(out.data);
    }
    ok(wrong == 0, "random bytes with lenient handlers");
}

static double random_double(void)
{
    uint64_t bits = random64();
    switch (random64() % 4) {
    case 0: return (double)(int64_t)bits / 1000;
    case 1: bits = (bits % 2047 << 52) + (random64() % 5) - 2; break; // around powers of two
    case 2: bits &= UINT64_MAX >> 11 | 3ull << 62; break;             // small
    default: break;
    }
    double x;
    memcpy(&x, &bits, 8);
    return isfinite(x) ? x : 1.5;
}

static void test_floats(void)
{
    int unread = 0, longer = 0, apart = 0, misread = 0;
    for (int i = 0; i < 300000; i++) {
        double x = random_double();
        char text[KR_FLOAT_REPR_SIZE], other[400];
        size_t n = kr_float_repr(x, text);
        const char *stop;
        double back = kr_float_read(text, text + n, &stop);
        if (memcmp(&back, &x, 8) || stop != text + n || strtod(text, NULL) != x) unread++;
        char digits[17];
        int point;
        if (x != 0) {
            int count = kr_float_shortest(fabs(x), digits, &point);
            snprintf(other, sizeof other, "%.*e", count > 1 ? count - 2 : 0, x);
            if (count > 1 && strtod(other, NULL) == x) longer++;
        }
        int precision = (int)(random64() % 20);
        char code = "efg"[random64() % 3], format[8];
        if (fabs(x) < 1e60 || code != 'f') {
            snprintf(format, sizeof format, "%%.*%c", code);
            snprintf(other, sizeof other, format, precision, x);
            char *mine = kr_float_text(x, code, precision, 0, &n);
            if (strcmp(mine, other)) apart++;
            free(mine);
            n = strlen(other);
            back = kr_float_read(other, other + n, &stop);
            double right = strtod(other, NULL);
            if (back != right || stop != other + n) misread++;
        }
    }
    ok(unread == 0, "repr reads back");
    ok(longer == 0, "no shorter digits read back");
    ok(apart == 0, "fixed digits as printf gives them");
    ok(misread == 0, "reading as strtod does");
    double r;
    ok(kr_float_round(2.675, 2, &r) && r == 2.67 && kr_float_round(0.125, 2, &r) && r == 0.12 &&
           !kr_float_round(1.7e308, -308, &r),
       "rounding on the exact value");
}

int main(void)
{
    test_names();
    test_normal_forms();
    test_utf8();
    test_codecs();
    test_floats();
    return tap_done();
}
