/*
 * syntax/numbers.c: the value of a number as written. The scanner has checked its form.
 *
 * Integers beyond 64 bits stay text: the runtime makes them. Floats go through strtod, which glibc
 * rounds correctly; the "C" numeric locale is in force in the whole process.
 */
#include <stdlib.h>
#include <string.h>

#include "runtime/syntax/parser_state.h"

static int digit_value(char c) {
    return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

static bool fits_int64(const char *digits, size_t length, int base, int64_t *value) {
    uint64_t total = 0;
    for (size_t i = 0; i < length; i++) {
        if (__builtin_mul_overflow(total, (uint64_t)base, &total) ||
            __builtin_add_overflow(total, (uint64_t)digit_value(digits[i]), &total))
            return false;
    }
    *value = (int64_t)total;
    return total <= INT64_MAX;
}

Constant kr_numbers_constant(Arena *arena, const char *text, size_t length) {
    Constant constant = {0};
    int base = 10;
    if (length > 2 && text[0] == '0') {
        char c = text[1] | 0x20;
        base = c == 'x' ? 16 : c == 'o' ? 8 : c == 'b' ? 2 : 10;
        if (base != 10) {
            text += 2;
            length -= 2;
        }
    }
    char *digits = kr_arena_alloc(arena, length + 1);
    size_t count = 0;
    bool real = false;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '_')
            continue;
        digits[count++] = text[i];
        real |= base == 10 && (text[i] == '.' || (text[i] | 0x20) == 'e');
    }
    if (base == 10 && (digits[count - 1] | 0x20) == 'j') {
        digits[--count] = 0;
        constant.kind = CONSTANT_IMAG;
        constant.real = strtod(digits, NULL);
    } else if (real) {
        constant.kind = CONSTANT_FLOAT;
        constant.real = strtod(digits, NULL);
    } else {
        while (count > 1 && digits[0] == '0') {
            digits++;
            count--;
        }
        constant.kind = CONSTANT_INT;
        constant.base = (uint8_t)base;
        constant.bytes = digits;
        constant.length = count;
        constant.fits = fits_int64(digits, count, base, &constant.integer);
    }
    return constant;
}
