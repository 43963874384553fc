/* memoryview_items.c: single items of a memoryview: the native formats of the struct module, one
 * character each. */
#include "runtime/objects/memoryview.h"

#include "runtime/objects/bytes.h"
#include "runtime/objects/float.h"
#include "runtime/objects/int.h"
#include "runtime/objects/quick.h"

int64_t kr_memoryview_code_size(char code)
{
    switch (code) {
    case 'b':
    case 'B':
    case 'c':
    case '?': return 1;
    case 'h':
    case 'H': return 2;
    case 'i':
    case 'I':
    case 'f': return 4;
    case 'l':
    case 'L':
    case 'q':
    case 'Q':
    case 'n':
    case 'N':
    case 'd':
    case 'P': return 8;
    default: return 0;
    }
}

#define LOAD(T) \
    T x;        \
    memcpy(&x, data, sizeof x)

Value kr_memoryview_unpack(char code, const char *data, Value format)
{
    switch (code) {
    case 'B': return from_small_int((uint8_t)*data);
    case 'b': return from_small_int((int8_t)*data);
    case 'c': return kr_bytes_char((uint8_t)*data);
    case '?': return from_bool(*data != 0);
    case 'h': {
        LOAD(int16_t);
        return from_small_int(x);
    }
    case 'H': {
        LOAD(uint16_t);
        return from_small_int(x);
    }
    case 'i': {
        LOAD(int32_t);
        return from_small_int(x);
    }
    case 'I': {
        LOAD(uint32_t);
        return from_small_int(x);
    }
    case 'l':
    case 'q':
    case 'n': {
        LOAD(int64_t);
        return kr_int(x);
    }
    case 'L':
    case 'Q':
    case 'N':
    case 'P': {
        LOAD(uint64_t);
        return kr_int_unsigned(x);
    }
    case 'f': {
        LOAD(float);
        return from_float(x);
    }
    case 'd': {
        LOAD(double);
        return from_float(x);
    }
    default: return kr_raise(kr_NotImplementedError, "memoryview: format %U not supported", format);
    }
}

static int bad_type(Value format)
{
    kr_raise(kr_TypeError, "memoryview: invalid type for format '%U'", format);
    return -1;
}

static int bad_value(Value format)
{
    kr_raise(kr_ValueError, "memoryview: invalid value for format '%U'", format);
    return -1;
}

static int pack_int(char code, char *data, Value item, Value format)
{
    if (!is_any_int(item)) {
        if (!kr_has_index(item)) return bad_type(format);
        item = kr_index(item);
        if (is_empty(item)) return -1;
    }
    int64_t size = kr_memoryview_code_size(code);
    bool is_signed = code >= 'a';
    uint8_t bytes[8];
    if (kr_int_to_bytes(item, bytes, (size_t)size, true, is_signed) < 0) {
        kr_clear_exception();
        return bad_value(format);
    }
    memcpy(data, bytes, (size_t)size);
    return 0;
}

static int pack_float(char code, char *data, Value item, Value format)
{
    double x;
    if (kr_to_double(item, &x) < 0) {
        if (!kr_raised_is(kr_TypeError)) return -1;
        kr_clear_exception();
        return bad_type(format);
    }
    if (code == 'd') {
        memcpy(data, &x, 8);
    } else {
        float f = (float)x;
        if (__builtin_isinf(f) && !__builtin_isinf(x)) {
            kr_raise(kr_OverflowError, "float too large to pack with f format");
            return -1;
        }
        memcpy(data, &f, 4);
    }
    return 0;
}

int kr_memoryview_pack(char code, char *data, Value item, Value format)
{
    switch (code) {
    case '?': {
        int truth = kr_truth(item);
        if (truth < 0) return -1;
        *data = (char)truth;
        return 0;
    }
    case 'c':
        if (!is_bytes(item)) return bad_type(format);
        if (bytes_of(item)->size != 1) return bad_value(format);
        *data = (char)bytes_of(item)->data[0];
        return 0;
    case 'f':
    case 'd': return pack_float(code, data, item, format);
    case 0:
        kr_raise(kr_NotImplementedError, "memoryview: format %U not supported", format);
        return -1;
    default: return pack_int(code, data, item, format);
    }
}
