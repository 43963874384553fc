// Doubles to text and back; see float_text.h.
//
// Three engines:
//   kr_float_shortest   Schubfach: three 64x128-bit products decide the shortest digits
//   exact_digits        the value's whole decimal expansion in limbs of nine digits, then rounded
//   kr_float_read      up to 19 digits in a word; Clinger when exact, else Lemire's product with a
//                       128-bit power of ten, else strtod in the C locale

#ifndef _GNU_SOURCE
#define _GNU_SOURCE // strtod_l
#endif

#include "runtime/text/float_text.h"

#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/text/float_powers.h"

typedef unsigned __int128 Wide;

static inline uint64_t bits_of(double x)
{
    uint64_t b;
    memcpy(&b, &x, 8);
    return b;
}

static inline double double_of(uint64_t b)
{
    double x;
    memcpy(&x, &b, 8);
    return x;
}

// x = *m * 2^*e for a finite positive x.
static void split(double x, uint64_t *m, int *e)
{
    uint64_t b = bits_of(x);
    int exponent = (int)(b >> 52 & 0x7FF);
    *m = b & (((uint64_t)1 << 52) - 1);
    if (exponent) {
        *m |= (uint64_t)1 << 52;
        *e = exponent - 1075;
    } else {
        *e = -1074;
    }
}

static char *write_u64(uint64_t v, char *out)
{
    static const char pairs[] = "0001020304050607080910111213141516171819202122232425262728293031"
                                "3233343536373839404142434445464748495051525354555657585960616263"
                                "6465666768697071727374757677787980818283848586878889909192939495"
                                "96979899";
    char buffer[20];
    int at = 20;
    while (v >= 100) {
        unsigned two = (unsigned)(v % 100) * 2;
        v /= 100;
        buffer[--at] = pairs[two + 1];
        buffer[--at] = pairs[two];
    }
    if (v >= 10) {
        buffer[--at] = pairs[v * 2 + 1];
        buffer[--at] = pairs[v * 2];
    } else {
        buffer[--at] = (char)('0' + v);
    }
    memcpy(out, buffer + at, (size_t)(20 - at));
    return out + (20 - at);
}

// --- shortest digits ---

// The high word of g * c / 2^64, with the last bit set if anything below it is.
static inline uint64_t round_to_odd(Power10 g, uint64_t c)
{
    uint64_t x = (uint64_t)((Wide)g.low * c >> 64);
    Wide y = (Wide)g.high * c + x;
    return (uint64_t)(y >> 64) | ((uint64_t)y > 1);
}

// Value = *significand * 10^result.
static int schubfach(double x, uint64_t *significand)
{
    uint64_t c;
    int q;
    split(x, &c, &q);
    if (q >= -52 && q <= 0 && !(c & (((uint64_t)1 << -q) - 1))) {
        *significand = c >> -q; // an integer below 2^53 is its own shortest form
        return 0;
    }
    bool closer = c == (uint64_t)1 << 52 && q > -1074; // the gap below is half the gap above
    uint64_t low = 4 * c - 2 + closer, middle = 4 * c, high = 4 * c + 2;
    int k = (q * 1262611 - (closer ? 524031 : 0)) >> 22;
    int h = q + ((-k * 1741647) >> 19) + 1;
    Power10 g = kr_float_power(-k);
    low = round_to_odd(g, low << h);
    middle = round_to_odd(g, middle << h);
    high = round_to_odd(g, high << h);
    uint64_t open = c & 1; // bounds belong to the interval when c is even
    low += open;
    high -= open;
    uint64_t s = middle / 4;
    if (s >= 10) {
        uint64_t t = s / 10;
        bool down = low <= 40 * t, up = 40 * t + 40 <= high;
        if (down != up) {
            *significand = t + up;
            return k + 1;
        }
    }
    bool down = low <= 4 * s, up = 4 * s + 4 <= high;
    if (down != up) {
        *significand = s + up;
        return k;
    }
    uint64_t half = 4 * s + 2;
    *significand = s + (middle > half || (middle == half && (s & 1)));
    return k;
}

int kr_float_shortest(double x, char digits[17], int *point)
{
    uint64_t s;
    int k = schubfach(x, &s);
    char text[20];
    int n = (int)(write_u64(s, text) - text);
    *point = k + n;
    while (n > 1 && text[n - 1] == '0') n--;
    memcpy(digits, text, (size_t)n);
    return n;
}

// --- exact digits ---

#define LIMB 1000000000u
// 309 digits before the point and 1074 after it.
enum { MAX_INT_LIMBS = 36, MAX_FRACTION_LIMBS = 122, MAX_DIGITS = 9 * (36 + 122) };

typedef struct {
    uint32_t integer[MAX_INT_LIMBS]; // lowest limb first
    int integers;
    uint32_t fraction[MAX_FRACTION_LIMBS]; // first limb after the point first
    int fractions;
    bool more; // the fraction goes on, not all zeros
} Expansion;

static void expand_integer(Expansion *x, uint64_t m, int shift)
{
    x->integers = 0;
    for (; m; m /= LIMB) x->integer[x->integers++] = (uint32_t)(m % LIMB);
    while (shift > 0) {
        int step = shift < 29 ? shift : 29;
        uint64_t carry = 0;
        for (int i = 0; i < x->integers; i++) {
            uint64_t v = ((uint64_t)x->integer[i] << step) + carry;
            x->integer[i] = (uint32_t)(v % LIMB);
            carry = v / LIMB;
        }
        if (carry) x->integer[x->integers++] = (uint32_t)carry;
        shift -= step;
    }
}

// The fraction f / 2^n for n beyond what 128 bits hold: divide the limbs down, 29 bits at a time.
static void expand_tiny(Expansion *x, uint64_t f, int n)
{
    uint32_t *limb = x->fraction;
    // Two whole limbs stand before the point at first; `whole` counts down as they become zero.
    uint32_t all[MAX_FRACTION_LIMBS + 2] = {(uint32_t)(f / LIMB), (uint32_t)(f % LIMB)};
    int count = 2;
    while (n > 0) {
        int step = n < 29 ? n : 29;
        uint64_t rest = 0, mask = ((uint64_t)1 << step) - 1;
        for (int i = 0; i < count || rest; i++) {
            uint64_t v = rest * LIMB + (i < count ? all[i] : 0);
            all[i] = (uint32_t)(v >> step);
            rest = v & mask;
            if (i >= count) count = i + 1;
        }
        n -= step;
    }
    x->fractions = count - 2;
    memcpy(limb, all + 2, (size_t)x->fractions * sizeof *limb);
}

// `wanted` is the number of digits after the point that matter, or if `significant`, of digits from
// the first that is not zero.
static void expand(Expansion *x, double value, long wanted, bool significant)
{
    uint64_t m;
    int e;
    split(value, &m, &e);
    x->integers = x->fractions = 0;
    x->more = false;
    if (e >= 0) {
        expand_integer(x, m, e);
        return;
    }
    int n = -e;
    uint64_t whole = n < 64 ? m >> n : 0;
    if (whole) {
        expand_integer(x, whole, 0);
        m &= ((uint64_t)1 << n) - 1;
    }
    if (n > 98) {
        expand_tiny(x, m, n);
        return;
    }
    Wide f = m, mask = ((Wide)1 << n) - 1;
    bool seen = x->integers > 0;
    if (significant && seen) wanted -= 9 * (x->integers - 1) + 1;
    for (long have = 0; f && have <= wanted;) {
        f *= LIMB;
        uint32_t limb = (uint32_t)(f >> n);
        f &= mask;
        x->fraction[x->fractions++] = limb;
        // The first limb that is not zero may hold as little as one digit.
        if (seen || !significant)
            have += 9;
        else if (limb) {
            have = 1;
            seen = true;
        }
    }
    x->more = f != 0;
}

static void put_limb(uint32_t limb, char *out)
{
    for (int i = 8; i >= 0; i--) {
        out[i] = (char)('0' + limb % 10);
        limb /= 10;
    }
}

// Correctly rounded digits of a finite positive value. Significant: `wanted` >= 1 of them; else all
// up to `wanted` places after the point (negative: before it), perhaps none. No trailing zeros.
// Returns the number of digits in out[MAX_DIGITS + 1]; the value is 0.ddd * 10^*point.
static int exact_digits(double value, long wanted, bool significant, char *out, int *point)
{
    Expansion x;
    expand(&x, value, wanted, significant);
    char *digits = out + 1; // one place for a carry
    int count = 0;
    for (int i = x.integers - 1; i >= 0; i--, count += 9) put_limb(x.integer[i], digits + count);
    int before = count;
    for (int i = 0; i < x.fractions; i++, count += 9) put_limb(x.fraction[i], digits + count);
    int skip = 0;
    while (skip < count && digits[skip] == '0') skip++;
    digits += skip;
    count -= skip;
    *point = before - skip;
    long keep = significant ? wanted : *point + wanted;
    if (keep < 0) {
        *point = (int)-wanted;
        return 0;
    }
    if (keep < count) {
        bool up = digits[keep] > '5';
        if (digits[keep] == '5') {
            up = x.more;
            for (long i = keep + 1; i < count && !up; i++) up = digits[i] != '0';
            if (!up) up = keep > 0 && (digits[keep - 1] & 1);
        }
        count = (int)keep;
        if (up) {
            long i = keep - 1;
            while (i >= 0 && digits[i] == '9') digits[i--] = '0';
            if (i >= 0) {
                digits[i]++;
            } else {
                *--digits = '1';
                ++*point;
                count++;
            }
        }
    }
    while (count > 0 && digits[count - 1] == '0') count--;
    if (count == 0) *point = (int)(significant ? 1 : -wanted);
    memmove(out, digits, (size_t)count);
    return count;
}

// --- layout ---

static char *write_exponent(int e, char *q)
{
    *q++ = e < 0 ? '-' : '+';
    if (e < 0) e = -e;
    if (e < 10) *q++ = '0';
    return write_u64((uint64_t)e, q);
}

size_t kr_float_repr(double x, char out[KR_FLOAT_REPR_SIZE])
{
    char *q = out;
    if (x != x) return strcpy(out, "nan"), 3;
    if (signbit(x)) {
        *q++ = '-';
        x = -x;
    }
    if (isinf(x)) {
        strcpy(q, "inf");
        return (size_t)(q - out) + 3;
    }
    if (x < 9007199254740992.0 && x == (double)(uint64_t)x) {
        q = write_u64((uint64_t)x, q);
        *q++ = '.';
        *q++ = '0';
        *q = 0;
        return (size_t)(q - out);
    }
    char digits[17];
    int point, n = kr_float_shortest(x, digits, &point);
    if (point > 16 || point <= -4) {
        *q++ = digits[0];
        if (n > 1) {
            *q++ = '.';
            memcpy(q, digits + 1, (size_t)n - 1);
            q += n - 1;
        }
        *q++ = 'e';
        q = write_exponent(point - 1, q);
    } else if (point <= 0) {
        *q++ = '0';
        *q++ = '.';
        memset(q, '0', (size_t)-point);
        q += -point;
        memcpy(q, digits, (size_t)n);
        q += n;
    } else {
        for (int i = 0; i < point; i++) *q++ = i < n ? digits[i] : '0';
        *q++ = '.';
        if (n <= point) {
            *q++ = '0';
        } else {
            memcpy(q, digits + point, (size_t)(n - point));
            q += n - point;
        }
    }
    *q = 0;
    return (size_t)(q - out);
}

static char *special_text(double x, bool capitals, unsigned flags, size_t *length)
{
    char *out = malloc(8), *q = out;
    if (!out) return NULL;
    if (x == x && x < 0)
        *q++ = '-';
    else if (flags & FLOAT_SIGN)
        *q++ = '+';
    strcpy(q, x != x ? (capitals ? "NAN" : "nan") : (capitals ? "INF" : "inf"));
    *length = (size_t)(q - out) + 3;
    return out;
}

char *kr_float_text(double x, char code, int precision, unsigned flags, size_t *length)
{
    bool capitals = code == 'E' || code == 'F' || code == 'G';
    if (capitals) code = (char)(code + 32);
    if (!isfinite(x)) return special_text(x, capitals, flags, length);
    bool minus = signbit(x);
    double a = minus ? -x : x;
    char digits[MAX_DIGITS + 1];
    int point, count;
    long want = precision;
    if (code == 'e') want++;
    if (code == 'g' && want == 0) want = 1;
    if (a == 0) {
        digits[0] = '0';
        count = point = 1;
    } else if (code == 'r') {
        count = kr_float_shortest(a, digits, &point);
    } else {
        count = exact_digits(a, want, code != 'f', digits, &point);
    }
    bool exponent = code == 'e';
    if (code == 'r') exponent = point <= -4 || point > 16;
    if (code == 'g') exponent = point <= -4 || point > want - ((flags & FLOAT_ADD_DOT_0) != 0);
    // Digit positions first..last - 1 are written, those outside 0..count - 1 as zeros.
    long last = count;
    if (code == 'e') last = want;
    if (code == 'f') last = point + want;
    if (code == 'g' && (flags & FLOAT_ALT)) last = want;
    int shown = exponent ? 1 : point;
    long least = !exponent && (flags & FLOAT_ADD_DOT_0) ? shown + 1 : shown;
    if (last < least) last = least;
    long first = shown <= 0 ? shown - 1 : 0;
    char *out = malloc((size_t)(last - first) + 16), *q = out;
    if (!out) return NULL;
    if (minus)
        *q++ = '-';
    else if (flags & FLOAT_SIGN)
        *q++ = '+';
    for (long i = first; i < last; i++) {
        if (i == shown) *q++ = '.';
        *q++ = i >= 0 && i < count ? digits[i] : '0';
    }
    if (last == shown && (flags & FLOAT_ALT)) *q++ = '.';
    if (exponent) {
        *q++ = capitals ? 'E' : 'e';
        q = write_exponent(point - 1, q);
    }
    *q = 0;
    *length = (size_t)(q - out);
    return out;
}

// --- reading ---

static locale_t c_locale;
static pthread_once_t c_locale_once = PTHREAD_ONCE_INIT;
static void make_c_locale(void) { c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0); }

// The undecided cases: at most one in some millions.
static double slow_parse(const char *text, size_t length)
{
    pthread_once(&c_locale_once, make_c_locale);
    char local[128];
    char *copy = length < sizeof local ? local : malloc(length + 1);
    if (!copy) return NAN;
    memcpy(copy, text, length);
    copy[length] = 0;
    double x = c_locale ? strtod_l(copy, NULL, c_locale) : strtod(copy, NULL);
    if (copy != local) free(copy);
    return x;
}

// w * 10^q correctly rounded, w != 0 (D. Lemire, "Number parsing at a gigabyte per second"). False
// when the product's error leaves the rounding open.
static bool round_product(uint64_t w, int64_t q, double *out)
{
    if (q < POWER10_MIN) return *out = 0, true;
    if (q > 308) return *out = INFINITY, true;
    Power10 g = kr_float_power((int)q);
    // The table rounds up, as the proof wants for reciprocals; inexact powers it wants truncated.
    if (q > 55) {
        if (g.low-- == 0) g.high--;
    }
    int shift = __builtin_clzll(w);
    w <<= shift;
    Wide product = (Wide)w * g.high;
    if ((uint64_t)(product >> 64 & 0x1FF) == 0x1FF) product += (Wide)w * g.low >> 64;
    uint64_t high = (uint64_t)(product >> 64), low = (uint64_t)product;
    if (low == UINT64_MAX && (q < -27 || q > 55)) return false;
    int top = (int)(high >> 63);
    uint64_t m = high >> (top + 9);
    int64_t e = (q * 217706 >> 16) + 63 + top - shift + 1023;
    if (e <= 0) {
        if (e < -62) return *out = 0, true;
        m >>= -e + 1;
        m = (m + (m & 1)) >> 1;
        *out = double_of(m); // a carry into bit 52 makes the smallest normal number
        return true;
    }
    if (low <= 1 && q >= -4 && q <= 23 && (m & 3) == 1 && m << (top + 9) == high) m &= ~1ull;
    m = (m + (m & 1)) >> 1;
    if (m >> 53) {
        m = (uint64_t)1 << 52;
        e++;
    }
    if (e >= 0x7FF) return *out = INFINITY, true;
    *out = double_of((m & (((uint64_t)1 << 52) - 1)) | (uint64_t)e << 52);
    return true;
}

static bool match_word(const char *p, const char *end, const char *word)
{
    for (; *word; p++, word++)
        if (p == end || (*p | 32) != *word) return false;
    return true;
}

double kr_float_read(const char *text, const char *end, const char **stop)
{
    static const double exact[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                   1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    const char *p = text;
    *stop = text;
    bool minus = false;
    if (p < end && (*p == '-' || *p == '+')) minus = *p++ == '-';
    const char *start = p;
    uint64_t w = 0;
    int used = 0;  // significant digits in w
    int64_t q = 0; // decimal exponent of w
    bool any = false, cut = false;
    for (bool fraction = false; p < end; p++) {
        unsigned d = (unsigned char)*p - '0';
        if (d > 9) {
            if (*p != '.' || fraction) break;
            fraction = true;
            continue;
        }
        any = true;
        if (used < 19) {
            w = w * 10 + d;
            if (w) used++;
            q -= fraction;
        } else {
            cut |= d != 0;
            q += !fraction;
        }
    }
    if (!any) {
        double x;
        p = start;
        if (match_word(p, end, "inf")) {
            p += match_word(p, end, "infinity") ? 8 : 3;
            x = INFINITY;
        } else if (match_word(p, end, "nan")) {
            p += 3;
            x = NAN;
        } else {
            return 0;
        }
        *stop = p;
        return minus ? -x : x;
    }
    if (p < end && (*p | 32) == 'e') {
        const char *e = p + 1;
        bool down = false;
        if (e < end && (*e == '-' || *e == '+')) down = *e++ == '-';
        if (e < end && (unsigned char)(*e - '0') <= 9) {
            int64_t v = 0;
            for (; e < end && (unsigned char)(*e - '0') <= 9; e++)
                if (v < (int64_t)1 << 40) v = v * 10 + (*e - '0');
            q += down ? -v : v;
            p = e;
        }
    }
    *stop = p;
    double x;
    if (!w)
        x = 0;
    else if (!cut && w <= (uint64_t)1 << 53 && q >= -22 && q <= 22)
        x = q < 0 ? (double)w / exact[-q] : (double)w * exact[q];
    else {
        double above;
        // With digits cut off the value lies between w and w + 1; if both round alike, so does it.
        if (!round_product(w, q, &x) || (cut && (!round_product(w + 1, q, &above) || above != x)))
            x = slow_parse(start, (size_t)(p - start));
    }
    return minus ? -x : x;
}

bool kr_float_round(double x, int digits, double *out)
{
    *out = x;
    if (x == 0 || digits > 323) return true;
    if (digits < -309) {
        *out = copysign(0.0, x);
        return true;
    }
    char text[MAX_DIGITS + 16];
    int point, count = exact_digits(fabs(x), digits, false, text, &point);
    if (count == 0) {
        *out = copysign(0.0, x);
        return true;
    }
    const char *stop, *end = text + count + sprintf(text + count, "e%d", point - count);
    double rounded = kr_float_read(text, end, &stop);
    *out = copysign(rounded, x);
    return !isinf(rounded);
}
