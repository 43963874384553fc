/* int_text.c: ints to text and back, in any base, and int(x). Conversions between decimal text and
 * ints beyond kr_int_max_str_digits digits are refused, as in CPython, since they take quadratic
 * time. */
#include <gmp.h>
#include <stdlib.h>

#include "runtime/objects/bytes.h"
#include "runtime/objects/int.h"
#include "runtime/objects/quick.h"
#include "runtime/text/unicode.h"

int64_t kr_int_max_str_digits = 4300;

/* ---- To text ---- */

static size_t small_digits(uint64_t x, int base, char *end)
{
    char *p = end;
    if (base == 10) {
        do {
            *--p = (char)('0' + x % 10);
            x /= 10;
        } while (x);
    } else {
        do {
            *--p = "0123456789abcdefghijklmnopqrstuvwxyz"[x % (unsigned)base];
            x /= (unsigned)base;
        } while (x);
    }
    return (size_t)(end - p);
}

static const char *prefix_of(int base)
{
    return base == 2 ? "0b" : base == 8 ? "0o" : base == 16 ? "0x" : "";
}

static bool too_long(size_t digits, int base)
{
    return kr_int_max_str_digits > 0 && (base & (base - 1)) &&
           digits > (size_t)kr_int_max_str_digits;
}

char *kr_int_digits(Value v, int base, bool prefix, size_t *length)
{
    IntView x;
    kr_int_view(v, &x);
    const char *mark = prefix ? prefix_of(base) : "";
    size_t head = strlen(mark) + x.negative;
    char *out;
    if (x.n <= 1) {
        char digits[64];
        size_t n = small_digits(x.n ? x.limbs[0] : 0, base, digits + 64);
        out = malloc(head + n + 1);
        if (!out) {
            kr_raise_no_memory();
            return NULL;
        }
        memcpy(out + head, digits + 64 - n, n);
        *length = head + n;
    } else {
        mpz_t z;
        mpz_roinit_n(z, x.limbs, x.n);
        size_t room = mpz_sizeinbase(z, base);
        /* The estimate is at most one too large. */
        bool refused = too_long(room - 1, base);
        out = refused ? NULL : malloc(head + room + 2);
        if (out) {
            mpz_get_str(out + head, base, z);
            *length = head + strlen(out + head);
            refused = too_long(*length - head, base);
        }
        if (!out || refused) {
            if (refused)
                kr_raise(kr_ValueError,
                         "Exceeds the limit (%lld digits) for integer string conversion; "
                         "use sys.set_int_max_str_digits() to increase the limit",
                         (long long)kr_int_max_str_digits);
            else
                kr_raise_no_memory();
            free(out);
            return NULL;
        }
    }
    if (x.negative) out[0] = '-';
    memcpy(out + x.negative, mark, strlen(mark));
    out[*length] = 0;
    return out;
}

char *kr_int_digits_in(Value v, int base, char local[INT_LOCAL_DIGITS], char **owned,
                       size_t *length)
{
    IntView x;
    kr_int_view(v, &x);
    *owned = NULL;
    if (x.n > 1) return *owned = kr_int_digits(v, base, false, length);
    char *end = local + INT_LOCAL_DIGITS - 1;
    *end = 0;
    size_t n = small_digits(x.n ? x.limbs[0] : 0, base, end);
    if (x.negative) end[-(ptrdiff_t)++n] = '-';
    *length = n;
    return end - n;
}

Value kr_int_to_text(Value v, int base, bool prefix)
{
    if (is_int(v) && base == 10) {
        int64_t x = int_of(v);
        if ((uint64_t)x < 10) return kr_str_char((uint32_t)('0' + x));
        char digits[24];
        size_t n = small_digits(x < 0 ? 0 - (uint64_t)x : (uint64_t)x, 10, digits + 24);
        if (x < 0) digits[24 - ++n] = '-';
        Str *s = kr_str_alloc(n, 1, true);
        if (!s) return EMPTY;
        memcpy(s->data, digits + 24 - n, n);
        return from_object(s);
    }
    size_t n;
    char *text = kr_int_digits(v, base, prefix, &n);
    if (!text) return EMPTY;
    Value s = kr_str_latin1(text, n);
    free(text);
    return s;
}

/* ---- From text ---- */

static int digit_value(unsigned char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'z' ? c - 'a' + 10 : 99;
}

static bool ascii_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static Value invalid(const char *text, size_t size, int base, Value shown)
{
    if (is_empty(shown)) shown = kr_str_latin1(text, size);
    if (is_empty(shown)) return EMPTY;
    return kr_raise(kr_ValueError, "invalid literal for int() with base %d: %.200R", base, shown);
}

/* ASCII text: spaces, sign, prefix, digits with single underscores between them, spaces. */
Value kr_int_from_text(const char *text, size_t size, int base, Value shown)
{
    const char *p = text, *end = text + size;
    int given = base;
    if (base != 0 && (base < 2 || base > 36))
        return kr_raise(kr_ValueError, "int() base must be >= 2 and <= 36, or 0");
    while (p < end && ascii_space(*p)) p++;
    while (end > p && ascii_space(end[-1])) end--;
    bool negative = false, zero_only = false;
    if (p < end && (*p == '-' || *p == '+')) negative = *p++ == '-';
    if (p < end && *p == '0') {
        char mark = p + 1 < end ? (char)(p[1] | 32) : 0;
        int marked = mark == 'b' ? 2 : mark == 'o' ? 8 : mark == 'x' ? 16 : 0;
        if (marked && (base == 0 || base == marked)) {
            base = marked;
            p += 2;
            if (p < end && *p == '_') p++;
        } else if (base == 0) {
            zero_only = true;
        }
    }
    if (base == 0) base = 10;
    const char *start = p;
    size_t digits = 0;
    bool underscores = false, nonzero = false;
    for (; p < end; p++) {
        if (*p == '_') {
            if (p == start || p[-1] == '_' || p + 1 == end)
                return invalid(text, size, given, shown);
            underscores = true;
            continue;
        }
        if (digit_value((unsigned char)*p) >= base) return invalid(text, size, given, shown);
        nonzero |= *p != '0';
        digits++;
    }
    if (!digits || (zero_only && nonzero)) return invalid(text, size, given, shown);
    if (too_long(digits, base))
        return kr_raise(kr_ValueError,
                        "Exceeds the limit (%lld digits) for integer string conversion: value has "
                        "%zu digits; use sys.set_int_max_str_digits() to increase the limit",
                        (long long)kr_int_max_str_digits, digits);
    if (digits <= 18 && base <= 10) {
        int64_t x = 0;
        for (p = start; p < end; p++)
            if (*p != '_') x = x * base + (*p - '0');
        return kr_int(negative ? -x : x);
    }
    char *plain = malloc(digits + 1);
    if (!plain) return kr_raise_no_memory();
    size_t n = 0;
    for (p = start; p < end; p++)
        if (!underscores || *p != '_') plain[n++] = *p;
    plain[n] = 0;
    mpz_t z;
    mpz_init(z);
    mpz_set_str(z, plain, base);
    free(plain);
    if (negative) mpz_neg(z, z);
    size_t limbs = mpz_size(z);
    Int *x = kr_int_alloc(limbs);
    Value v = EMPTY;
    if (x) {
        if (limbs) memcpy(x->limbs, mpz_limbs_read(z), limbs * sizeof(uint64_t));
        v = kr_int_normal(x, limbs, mpz_sgn(z) < 0);
    }
    mpz_clear(z);
    return v;
}

Value kr_int_parse(const char *text, size_t size, int base)
{
    return kr_int_from_text(text, size, base, EMPTY);
}

char *kr_text_to_ascii_number(Value text)
{
    const Str *s = str_of(text);
    char *out = malloc(s->length + 1);
    if (!out) {
        kr_raise_no_memory();
        return NULL;
    }
    for (size_t i = 0; i < s->length; i++) {
        uint32_t c = str_at(s, i);
        int digit;
        if (c < 128)
            out[i] = c ? (char)c : '?';
        else if (kr_text_is_space(c))
            out[i] = ' ';
        else
            out[i] = (digit = kr_text_decimal_value(c)) >= 0 ? (char)('0' + digit) : '?';
    }
    out[s->length] = 0;
    return out;
}

Value kr_int_from_str(Value text, int base)
{
    const Str *s = str_of(text);
    if (s->ascii) return kr_int_from_text(s->data, s->length, base, text);
    char *ascii = kr_text_to_ascii_number(text);
    if (!ascii) return EMPTY;
    Value v = kr_int_from_text(ascii, s->length, base, text);
    free(ascii);
    return v;
}

/* ---- int(x) ---- */

/* What __int__ or __index__ gave: an exact int, after a warning if it was none. */
static Value checked(Value result, const char *name)
{
    if (is_empty(result) || kr_is_int_exact(result)) return result;
    if (!is_any_int(result))
        return kr_raise(kr_TypeError, "%s returned non-int (type %T)", name, result);
    if (kr_warn(kr_DeprecationWarning, 1,
                "%s returned non-int (type %T).  The ability to return an instance of a strict "
                "subclass of int is deprecated, and may not be supported in a future version of "
                "Python.",
                name, result) < 0)
        return EMPTY;
    return kr_int_exact(result);
}

static Value through_trunc(Value method)
{
    if (kr_warn(kr_DeprecationWarning, 1, "The delegation of int() to __trunc__ is deprecated.") <
        0)
        return EMPTY;
    Value result = kr_call0(method);
    if (is_empty(result)) return EMPTY;
    if (is_any_int(result)) return kr_int_exact(result);
    if (!kr_has_index(result))
        return kr_raise(kr_TypeError, "__trunc__ returned non-Integral (type %T)", result);
    return kr_index(result);
}

Value kr_int_from_object(Value v)
{
    if (is_int(v)) return v;
    if (is_float(v)) return kr_int_from_double(float_of(v));
    Type *type = type_of(v);
    if (type->slots.to_int) return checked(type->slots.to_int(v), "__int__");
    if (type->slots.index) return checked(type->slots.index(v), "__index__");
    Value method = kr_find_special(v, KR_NAME("__trunc__"));
    if (!is_empty(method)) return through_trunc(method);
    if (kr_raised()) return EMPTY;
    if (is_str(v)) return kr_int_from_str(v, 10);
    if (is_bytes(v) || is_bytearray(v)) {
        TextSpan text = bytes_span(v);
        return kr_int_from_text(text.data, text.length, 10, v);
    }
    if (kr_has_buffer(v)) {
        KrBuffer buffer;
        if (kr_buffer_get(v, &buffer, KR_BUFFER_READ | KR_BUFFER_CONTIGUOUS) < 0) return EMPTY;
        Value bytes = kr_bytes(buffer.data, (size_t)buffer.size);
        kr_buffer_release(&buffer);
        if (is_empty(bytes)) return EMPTY;
        return kr_int_from_text((const char *)bytes_of(bytes)->data, bytes_of(bytes)->size, 10,
                                bytes);
    }
    return kr_raise(kr_TypeError,
                    "int() argument must be a string, a bytes-like object or a real number, not "
                    "'%T'",
                    v);
}
