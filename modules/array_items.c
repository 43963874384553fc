/* array_items.c: what a type code of array.array means: one row of the table each, and conversion
 * of items from and to Python values with CPython's messages. */
#include <string.h>

#include "modules/array_items.h"

const Kind kr_array_kinds[ARRAY_KINDS] = {
    {'b', 1, true, true, "b", "signed char", 1},
    {'B', 1, true, false, "B", "unsigned byte integer", 0},
    {'u', sizeof(wchar_t), false, false, "w", NULL, 20},
    {'h', 2, true, true, "h", "signed short integer", 4},
    {'H', 2, true, false, "H", "unsigned short", 2},
    {'i', 4, true, true, "i", "signed integer", 8},
    {'I', 4, true, false, "I", "unsigned int", 6},
    {'l', sizeof(long), true, true, "l", NULL, 12},
    {'L', sizeof(long), true, false, "L", NULL, 10},
    {'q', 8, true, true, "q", NULL, 12},
    {'Q', 8, true, false, "Q", NULL, 10},
    {'f', 4, false, false, "f", NULL, 14},
    {'d', 8, false, false, "d", NULL, 16},
};
const Kind *kr_array_find_kind(uint32_t code)
{
    for (size_t i = 0; i < ARRAY_KINDS; i++)
        if ((unsigned char)kr_array_kinds[i].code == code) return &kr_array_kinds[i];
    return NULL;
}

KrValue kr_array_load(const Kind *kind, const char *p)
{
    if (kind->is_integer) {
        uint64_t bits = 0;
        memcpy(&bits, p, (size_t)kind->size);
        if (!kind->is_signed) return kr_int_unsigned(bits);
        int unused = 64 - 8 * kind->size;
        return kr_int((int64_t)(bits << unused) >> unused);
    }
    if (kind->code == 'd') {
        double d;
        memcpy(&d, p, 8);
        return kr_float(d);
    }
    if (kind->code == 'f') {
        float f;
        memcpy(&f, p, 4);
        return kr_float(f);
    }
    uint32_t point;
    memcpy(&point, p, 4);
    if (point > 0x10ffff)
        return kr_raise(kr_ValueError, "character U+%x is not in range [U+0000; U+10ffff]", point);
    return kr_str_from_points(&point, 1, 4);
}

static int overflow(const char *message)
{
    kr_clear_exception();
    kr_raise(kr_OverflowError, "%s", message);
    return -1;
}

static int store_wide(const Kind *kind, KrValue v, char *p)
{
    bool is_long = kind->code == 'l' || kind->code == 'L';
    if (kind->is_signed) {
        int64_t n;
        if (kr_to_int64(v, &n) < 0) {
            if (!kr_raised_is(kr_OverflowError)) return -1;
            return overflow(is_long ? "Python int too large to convert to C long"
                                    : "int too big to convert");
        }
        memcpy(p, &n, 8);
        return 0;
    }
    KrValue index = kr_index(v);
    if (kr_is_empty(index)) return -1;
    uint64_t n;
    if (kr_int_sign(index) < 0)
        return overflow(is_long ? "can't convert negative value to unsigned int"
                                : "can't convert negative int to unsigned");
    if (kr_to_uint64(index, &n) < 0)
        return overflow(is_long ? "Python int too large to convert to C unsigned long"
                                : "int too big to convert");
    memcpy(p, &n, 8);
    return 0;
}

static int store_int(const Kind *kind, KrValue v, char *p)
{
    if (kind->size == 8) return store_wide(kind, v, p);
    KrValue index = kr_index(v);
    if (kr_is_empty(index)) return -1;
    int64_t n, high = (INT64_C(1) << (8 * kind->size - (kind->is_signed ? 1 : 0))) - 1;
    int64_t low = kind->is_signed ? -high - 1 : 0;
    if (kind->code == 'I' && kr_int_sign(index) < 0)
        return overflow("can't convert negative value to unsigned int");
    if (kr_to_int64(index, &n) < 0) {
        kr_clear_exception();
        n = kr_int_sign(index) < 0 ? INT64_MIN : INT64_MAX;
    }
    if (n < low || n > high) {
        kr_raise(kr_OverflowError, "%s is %s", kind->name,
                 n < low ? "less than minimum" : "greater than maximum");
        return -1;
    }
    memcpy(p, &n, (size_t)kind->size);
    return 0;
}

int kr_array_store(const Kind *kind, KrValue v, char *p)
{
    if (kind->is_integer) return store_int(kind, v, p);
    if (kind->code == 'u') {
        if (!kr_is_str(v) || kr_str_length(v) != 1) {
            kr_raise(kr_TypeError, "array item must be unicode character");
            return -1;
        }
        uint32_t point = kr_str_at(v, 0);
        memcpy(p, &point, 4);
        return 0;
    }
    double d;
    if (!kr_is_float(v) && !kr_is_int(v) && kr_is_empty(kr_find_special(v, KR_NAME("__float__"))) &&
        !kr_has_index(v)) {
        if (!kr_raised()) kr_raise(kr_TypeError, "must be real number, not %T", v);
        return -1;
    }
    if (kr_to_double(v, &d) < 0) return -1;
    if (kind->code == 'd') {
        memcpy(p, &d, 8);
    } else {
        float f = (float)d;
        memcpy(p, &f, 4);
    }
    return 0;
}
