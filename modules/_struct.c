/* _struct.c: conversion between Python values and C structs in bytes.
 *
 * A format is compiled once into groups: `count` items of one code, `size` bytes each, from
 * `offset` on. For s and p the repeat count is the size of one item; pad bytes make no group.
 * Compiled formats of the module's functions are kept in a dict of up to 100. Formats: @ native
 * sizes and alignment; = < standard sizes, little-endian; > ! big-endian. Error texts differ by
 * code and byte order just as CPython's do. */
#include <math.h>
#include <string.h>

#include "runtime/krait.h"

typedef struct Group {
    int64_t offset, size, count;
    char code;
} Group;

typedef struct Struct {
    KrObject head;
    KrValue format; /* str */
    Group *groups;  /* kr_alloc_bytes */
    int64_t group_count;
    int64_t size;   /* bytes; -1 before __init__ */
    int64_t length; /* values; -1 before __init__ */
    bool big, native;
} Struct;

typedef struct UnpackIterator {
    KrObject head;
    KrValue format, data; /* data: KR_EMPTY when finished */
    int64_t offset;
} UnpackIterator;

static KrType *struct_type, *iterator_type;
static KrType *error_type;
static KrValue cache;
#define CACHE_MOST 100

static Struct *struct_of(KrValue v) { return kr_to_object(v); }

/* ---- Compiling formats ---- */

/* Size and alignment of a code; 0: unknown. */
static int64_t size_of_code(char code, bool native, int64_t *alignment)
{
    int64_t size = 0;
    switch (code) {
    case 'x':
    case 'c':
    case 'b':
    case 'B':
    case 's':
    case 'p':
    case '?': size = 1; break;
    case 'h':
    case 'H':
    case 'e': size = 2; break;
    case 'i':
    case 'I':
    case 'f': size = 4; break;
    case 'l':
    case 'L': size = native ? (int64_t)sizeof(long) : 4; break;
    case 'q':
    case 'Q':
    case 'd': size = 8; break;
    case 'n':
    case 'N':
    case 'P': size = native ? (int64_t)sizeof(void *) : 0; break;
    default: break;
    }
    *alignment = native && size ? size : 1;
    return size;
}

static bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static int fail(const char *message)
{
    kr_raise(error_type, "%s", message);
    return -1;
}

/* Reads one group; *p is after it. 1: read; 0: at the end; -1 raised. */
static int read_group(const char **p, bool native, Group *g, int64_t *alignment)
{
    const char *s = *p;
    while (is_blank(*s)) s++;
    if (!*s) {
        *p = s;
        return 0;
    }
    g->count = 1;
    if (*s >= '0' && *s <= '9') {
        g->count = 0;
        for (; *s >= '0' && *s <= '9'; s++)
            if (__builtin_mul_overflow(g->count, 10, &g->count) ||
                __builtin_add_overflow(g->count, *s - '0', &g->count))
                return fail("total struct size too long");
        if (!*s) return fail("repeat count given without format specifier");
    }
    g->code = *s;
    g->size = size_of_code(*s, native, alignment);
    if (!g->size) return fail("bad char in struct format");
    *p = s + 1;
    return 1;
}

static int compile(Struct *x, const char *text)
{
    bool native = true, big = false;
    if (*text == '<' || *text == '=' || *text == '>' || *text == '!' || *text == '@') {
        native = *text == '@';
        big = *text == '>' || *text == '!';
        text++;
    }
    Group *groups = NULL;
    int64_t size = 0, length = 0, used = 0, room = 0, alignment = 1;
    Group g = {0};
    int status;
    while ((status = read_group(&text, native, &g, &alignment)) > 0) {
        int64_t bytes;
        if (alignment > 1) {
            if (size > INT64_MAX - alignment) return fail("total struct size too long");
            size = (size + alignment - 1) / alignment * alignment;
        }
        if (__builtin_mul_overflow(g.count, g.size, &bytes) || size > INT64_MAX - bytes)
            return fail("total struct size too long");
        g.offset = size;
        size += bytes;
        if (g.code == 'x') continue;
        if (g.code == 's' || g.code == 'p') {
            g.size = g.count;
            g.count = 1;
        } else if (g.count == 0) {
            continue;
        }
        length += g.count;
        if (used == room) {
            int64_t more = room ? room * 2 : 4;
            Group *grown = kr_alloc_bytes((size_t)more * sizeof(Group));
            if (!grown) return -1;
            if (used) memcpy(grown, groups, (size_t)used * sizeof(Group));
            groups = grown;
            room = more;
        }
        groups[used++] = g;
    }
    if (status < 0) return -1;
    x->groups = groups;
    x->group_count = used;
    x->size = size;
    x->length = length;
    x->native = native;
    x->big = big;
    return 0;
}

/* The format as NUL-terminated ASCII, and as str. */
static const char *format_text(KrValue format, KrValue *str)
{
    const char *text;
    if (kr_is_str(format)) {
        if (!kr_str_is_ascii(format)) {
            kr_str_encode(format, "ascii", NULL);
            return NULL;
        }
        *str = format;
    } else if (kr_is_bytes(format)) {
        *str = kr_str_latin1((const char *)kr_bytes_data(format), kr_bytes_size(format));
        if (kr_is_empty(*str)) return NULL;
    } else {
        kr_raise(kr_TypeError, "Struct() argument 1 must be a str or bytes object, not %T", format);
        return NULL;
    }
    size_t n = kr_str_length(*str);
    if (!kr_str_is_ascii(*str)) {
        fail("bad char in struct format");
        return NULL;
    }
    text = kr_str_points(*str);
    if (strlen(text) == n) return text;
    fail("embedded null character");
    return NULL;
}

/* ---- Bytes of numbers ---- */

static void store(uint8_t *p, uint64_t bits, int64_t size, bool big)
{
    for (int64_t i = 0; i < size; i++) p[big ? size - 1 - i : i] = (uint8_t)(bits >> (8 * i));
}

static uint64_t load(const uint8_t *p, int64_t size, bool big)
{
    uint64_t bits = 0;
    if (!big) {
        memcpy(&bits, p, (size_t)size);
        return bits;
    }
    for (int64_t i = 0; i < size; i++) bits = bits << 8 | p[i];
    return bits;
}

/* IEEE binary16, rounding to even; -1 when too large. */
static int32_t half_from_double(double x)
{
    int32_t sign = signbit(x) ? 0x8000 : 0;
    if (isnan(x)) return sign | 0x7e00;
    x = fabs(x);
    if (isinf(x)) return sign | 0x7c00;
    if (x >= 65520.0) return -1;
    if (x < 0x1p-14)
        return sign | (int32_t)nearbyint(x * 0x1p24); /* subnormal; 1024 is the least normal */
    int exponent;
    double fraction = frexp(x, &exponent); /* in [0.5, 1) */
    return sign | (((exponent + 14) << 10) + (int32_t)nearbyint(ldexp(fraction, 11)) - 1024);
}

static double double_from_half(uint32_t half)
{
    int exponent = half >> 10 & 31;
    double fraction = half & 1023, x;
    if (exponent == 31)
        x = fraction ? NAN : INFINITY;
    else if (exponent == 0)
        x = ldexp(fraction, -24);
    else
        x = ldexp(1024 + fraction, exponent - 25);
    return half & 0x8000 ? -x : x;
}

/* ---- Packing ---- */

static KrValue as_int(KrValue v)
{
    if (kr_is_int(v)) return v;
    if (kr_has_index(v)) return kr_index(v);
    return kr_raise(error_type, "required argument is not an integer");
}

static int out_of_range(const Struct *x, char code)
{
    return fail(x->big && (code == 'q' || code == 'Q') ? "int too large to convert"
                                                       : "argument out of range");
}

static int out_of_bounds(const Struct *x, const Group *g, int64_t low, int64_t high)
{
    if (g->size == 1) {
        kr_raise(error_type, "%s format requires %ld <= number <= %ld",
                 g->code == 'b' ? "byte" : "ubyte", (long)low, (long)high);
    } else if (g->size == 2 && !x->big) {
        kr_raise(error_type, "%s format requires %ld <= number <= %ld",
                 g->code == 'h' ? "short" : "ushort", (long)low, (long)high);
    } else {
        kr_raise(error_type, "'%c' format requires %ld <= number <= %ld", g->code, (long)low,
                 (long)high);
    }
    return -1;
}

static int pack_int(const Struct *x, const Group *g, KrValue v, uint8_t *p)
{
    v = as_int(v);
    if (kr_is_empty(v)) return -1;
    bool is_signed = g->code >= 'a';
    uint64_t bits;
    if (g->code == 'P') {
        size_t length = kr_int_bit_length(v);
        if (length > 64 ||
            (kr_int_sign(v) < 0 && length == 64 && kr_int_low_bits(v) != UINT64_C(1) << 63))
            return fail("int too large to convert");
        bits = kr_int_low_bits(v);
    } else if (is_signed || g->size == 1 || (g->size == 2 && !x->big)) {
        int64_t n;
        if (kr_to_int64(v, &n) < 0) {
            kr_clear_exception();
            return out_of_range(x, g->code);
        }
        if (g->size < 8) {
            int64_t high = (INT64_C(1) << (8 * g->size - (is_signed ? 1 : 0))) - 1,
                    low = is_signed ? -high - 1 : 0;
            if (n < low || n > high) return out_of_bounds(x, g, low, high);
        }
        bits = (uint64_t)n;
    } else {
        if (kr_to_uint64(v, &bits) < 0) {
            kr_clear_exception();
            return out_of_range(x, g->code);
        }
        if (g->size < 8 && bits >> (8 * g->size))
            return out_of_bounds(x, g, 0, (INT64_C(1) << (8 * g->size)) - 1);
    }
    store(p, bits, g->size, x->big);
    return 0;
}

static int pack_float(const Struct *x, const Group *g, KrValue v, uint8_t *p)
{
    double d;
    if (kr_to_double(v, &d) < 0) {
        kr_clear_exception();
        return fail("required argument is not a float");
    }
    uint64_t bits;
    if (g->code == 'd') {
        memcpy(&bits, &d, 8);
    } else if (g->code == 'f') {
        float f = (float)d;
        uint32_t narrow;
        if (isinf(f) && !isinf(d) && !x->native) {
            kr_raise(kr_OverflowError, "float too large to pack with f format");
            return -1;
        }
        memcpy(&narrow, &f, 4);
        bits = narrow;
    } else {
        int32_t half = half_from_double(d);
        if (half < 0) {
            kr_raise(kr_OverflowError, "float too large to pack with e format");
            return -1;
        }
        bits = (uint64_t)half;
    }
    store(p, bits, g->size, x->big);
    return 0;
}

/* The bytes of a bytes or bytearray object. */
static const uint8_t *bytes_of(KrValue v, size_t *size)
{
    if (kr_is_bytes(v)) {
        *size = kr_bytes_size(v);
        return kr_bytes_data(v);
    }
    KrBuffer buffer;
    if (!kr_is_a(v, &kr_bytearray_type) || kr_buffer_get(v, &buffer, KR_BUFFER_READ) < 0) {
        kr_clear_exception();
        return NULL;
    }
    const uint8_t *data = buffer.data;
    *size = (size_t)buffer.size;
    kr_buffer_release(&buffer);
    return data ? data : (const uint8_t *)"";
}

static int pack_text(const Group *g, KrValue v, uint8_t *p)
{
    size_t n, room = (size_t)g->size;
    const uint8_t *bytes = bytes_of(v, &n);
    if (!bytes) {
        kr_raise(error_type, "argument for '%c' must be a bytes object", g->code);
        return -1;
    }
    if (g->code == 's') {
        memcpy(p, bytes, n < room ? n : room);
    } else if (room) {
        if (n > room - 1) n = room - 1;
        memcpy(p + 1, bytes, n);
        p[0] = (uint8_t)(n > 255 ? 255 : n);
    }
    return 0;
}

static int pack_one(const Struct *x, const Group *g, KrValue v, uint8_t *p)
{
    switch (g->code) {
    case 's':
    case 'p': return pack_text(g, v, p);
    case 'e':
    case 'f':
    case 'd': return pack_float(x, g, v, p);
    case 'c':
        if (!kr_is_bytes(v) || kr_bytes_size(v) != 1)
            return fail("char format requires a bytes object of length 1");
        *p = *kr_bytes_data(v);
        return 0;
    case '?': {
        int truth = kr_truth(v);
        if (truth < 0) return -1;
        *p = (uint8_t)truth;
        return 0;
    }
    default: return pack_int(x, g, v, p);
    }
}

static int pack_all(const Struct *x, const KrValue *values, uint8_t *p)
{
    memset(p, 0, (size_t)x->size);
    for (int64_t i = 0; i < x->group_count; i++) {
        const Group *g = &x->groups[i];
        for (int64_t k = 0; k < g->count; k++, values++) {
            if (pack_one(x, g, *values, p + g->offset + k * g->size) == 0) continue;
            if (kr_is_int(*values) && kr_raised_is(kr_OverflowError)) {
                kr_clear_exception();
                fail("int too large to convert");
            }
            return -1;
        }
    }
    return 0;
}

static KrValue pack(const Struct *x, const KrValue *values, size_t n)
{
    if (x->length != (int64_t)n)
        return kr_raise(error_type, "pack expected %ld items for packing (got %zu)",
                        (long)x->length, n);
    KrValue bytes = kr_bytes(NULL, (size_t)x->size);
    return kr_is_empty(bytes) || pack_all(x, values, kr_bytes_data(bytes)) < 0 ? KR_EMPTY : bytes;
}

/* Where `size` bytes stand in a buffer; -1 with the messages of packing or unpacking. */
static int check_offset(const Struct *x, int64_t *offset, int64_t room, bool packing)
{
    if (*offset < 0) {
        if (*offset + x->size > 0) {
            kr_raise(error_type,
                     packing ? "no space to pack %ld bytes at offset %ld"
                             : "not enough data to unpack %ld bytes at offset %ld",
                     (long)x->size, (long)*offset);
            return -1;
        }
        if (*offset + room < 0) {
            kr_raise(error_type, "offset %ld out of range for %ld-byte buffer", (long)*offset,
                     (long)room);
            return -1;
        }
        *offset += room;
    }
    if (room - *offset >= x->size) return 0;
    kr_raise(error_type,
             packing ? "pack_into requires a buffer of at least %lu bytes for packing %ld bytes at "
                       "offset %ld (actual "
                       "buffer size is %ld)"
                     : "unpack_from requires a buffer of at least %lu bytes for unpacking %ld "
                       "bytes at offset %ld "
                       "(actual buffer size is %ld)",
             (unsigned long)x->size + (unsigned long)*offset, (long)x->size, (long)*offset,
             (long)room);
    return -1;
}

static KrValue pack_into(const Struct *x, const KrValue *args, size_t n)
{
    if (n < 2 || x->length != (int64_t)n - 2) {
        if (n == 0) return kr_raise(error_type, "pack_into expected buffer argument");
        if (n == 1) return kr_raise(error_type, "pack_into expected offset argument");
        return kr_raise(error_type, "pack_into expected %ld items for packing (got %zu)",
                        (long)x->length, n - 2);
    }
    KrBuffer buffer;
    if (kr_buffer_get(args[0], &buffer, KR_BUFFER_WRITE) < 0) {
        if (kr_raised_is(kr_BufferError) || kr_raised_is(kr_TypeError)) {
            kr_clear_exception();
            kr_raise(kr_TypeError, "argument must be read-write bytes-like object, not %T",
                     args[0]);
        }
        return KR_EMPTY;
    }
    int64_t offset;
    KrValue result = KR_EMPTY;
    if (kr_to_index(args[1], &offset) == 0 && check_offset(x, &offset, buffer.size, true) == 0 &&
        pack_all(x, args + 2, (uint8_t *)buffer.data + offset) == 0)
        result = kr_None;
    kr_buffer_release(&buffer);
    return result;
}

/* ---- Unpacking ---- */

static KrValue unpack_one(const Struct *x, const Group *g, const uint8_t *p)
{
    switch (g->code) {
    case 'c': return kr_bytes(p, 1);
    case 's': return kr_bytes(p, (size_t)g->size);
    case 'p': {
        if (g->size == 0) return kr_bytes("", 0);
        size_t n = p[0];
        return kr_bytes(p + 1, n < (size_t)g->size ? n : (size_t)g->size - 1);
    }
    case '?': return kr_bool(*p != 0);
    default: break;
    }
    uint64_t bits = load(p, g->size, x->big);
    switch (g->code) {
    case 'd': {
        double d;
        memcpy(&d, &bits, 8);
        return kr_float(d);
    }
    case 'f': {
        uint32_t narrow = (uint32_t)bits;
        float f;
        memcpy(&f, &narrow, 4);
        return kr_float(f);
    }
    case 'e': return kr_float(double_from_half((uint32_t)bits));
    case 'B':
    case 'H':
    case 'I':
    case 'L':
    case 'Q':
    case 'N':
    case 'P': return kr_int_unsigned(bits);
    default: {
        int unused = 64 - 8 * (int)g->size;
        return kr_int((int64_t)(bits << unused) >> unused);
    }
    }
}

static KrValue unpack(const Struct *x, const uint8_t *p)
{
    KrValue few[8], *values = x->length > 8 ? kr_alloc_values((size_t)x->length) : few;
    if (!values) return KR_EMPTY;
    size_t n = 0;
    for (int64_t i = 0; i < x->group_count; i++) {
        const Group *g = &x->groups[i];
        for (int64_t k = 0; k < g->count; k++, n++) {
            values[n] = unpack_one(x, g, p + g->offset + k * g->size);
            if (kr_is_empty(values[n])) return KR_EMPTY;
        }
    }
    return kr_tuple(values, n);
}

static KrValue unpack_exactly(const Struct *x, KrValue data)
{
    KrBuffer buffer;
    if (x->length < 0) return kr_raise(kr_RuntimeError, "Struct object is not initialized");
    if (kr_buffer_get(data, &buffer, KR_BUFFER_READ) < 0) return KR_EMPTY;
    KrValue result =
        buffer.size == x->size
            ? unpack(x, buffer.data)
            : kr_raise(error_type, "unpack requires a buffer of %ld bytes", (long)x->size);
    kr_buffer_release(&buffer);
    return result;
}

static KrValue unpack_from(const Struct *x, KrValue data, KrValue start)
{
    KrBuffer buffer;
    int64_t offset;
    if (x->length < 0) return kr_raise(kr_RuntimeError, "Struct object is not initialized");
    if (kr_to_index(start, &offset) < 0 || kr_buffer_get(data, &buffer, KR_BUFFER_READ) < 0)
        return KR_EMPTY;
    KrValue result = KR_EMPTY;
    if (check_offset(x, &offset, buffer.size, false) == 0)
        result = unpack(x, (uint8_t *)buffer.data + offset);
    kr_buffer_release(&buffer);
    return result;
}

static int64_t buffer_size(KrValue data)
{
    KrBuffer buffer;
    if (kr_buffer_get(data, &buffer, KR_BUFFER_READ) < 0) return -1;
    int64_t size = buffer.size;
    kr_buffer_release(&buffer);
    return size;
}

static KrValue iter_unpack(KrValue format, KrValue data)
{
    const Struct *x = struct_of(format);
    if (x->length < 0) return kr_raise(kr_RuntimeError, "Struct object is not initialized");
    if (x->size == 0)
        return kr_raise(error_type, "cannot iteratively unpack with a struct of length 0");
    int64_t size = buffer_size(data);
    if (size < 0) return KR_EMPTY;
    if (size % x->size)
        return kr_raise(error_type,
                        "iterative unpacking requires a buffer of a multiple of %ld bytes",
                        (long)x->size);
    UnpackIterator *it = kr_alloc_instance(iterator_type);
    if (!it) return KR_EMPTY;
    it->format = format;
    it->data = data;
    return kr_from_object(it);
}

static KrValue iterator_next(KrValue self)
{
    UnpackIterator *it = kr_to_object(self);
    if (kr_is_empty(it->data)) return KR_EMPTY;
    const Struct *x = struct_of(it->format);
    KrBuffer buffer;
    if (kr_buffer_get(it->data, &buffer, KR_BUFFER_READ) < 0) return KR_EMPTY;
    KrValue result = KR_EMPTY;
    if (it->offset + x->size <= buffer.size)
        result = unpack(x, (uint8_t *)buffer.data + it->offset);
    else
        it->data = KR_EMPTY;
    it->offset += x->size;
    kr_buffer_release(&buffer);
    return result;
}

static KrValue iterator_self(KrValue self) { return self; }

KR_FN(iterator, iterator_hint, "__length_hint__", "(self, /)", NULL)
{
    UnpackIterator *it = kr_to_object(a[0]);
    if (kr_is_empty(it->data)) return kr_int(0);
    int64_t size = buffer_size(it->data);
    return size < 0 ? KR_EMPTY : kr_int((size - it->offset) / struct_of(it->format)->size);
}

/* ---- The type Struct ---- */

static KrValue struct_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    (void)args;
    (void)n;
    (void)kwnames;
    Struct *x = kr_alloc_instance(type);
    if (!x) return KR_EMPTY;
    x->format = kr_None;
    x->size = x->length = -1;
    return kr_from_object(x);
}

static const KrFunction struct_entry = {"Struct", "(format)", NULL, NULL, 0, NULL};

static int struct_init(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    KrValue format;
    if (kr_bind(&struct_entry, args, n, kwnames, &format) < 0) return -1;
    Struct *x = struct_of(self);
    KrValue str;
    const char *text = format_text(format, &str);
    if (!text || compile(x, text) < 0) return -1;
    x->format = str;
    return 0;
}

KR_FN_RAW(struct, struct_pack, "pack", "(self, /, *values)",
          "S.pack(v1, v2, ...) -> bytes\n\nReturn a bytes object containing values v1, v2, ... "
          "packed according\nto the "
          "format string S.format.  See help(struct) for more on format\nstrings.")
{
    return pack(struct_of(args[0]), args + 1, n - 1);
}

KR_FN_RAW(struct, struct_pack_into, "pack_into", "(self, buffer, offset, /, *values)",
          "S.pack_into(buffer, offset, v1, v2, ...)\n\nPack the values v1, v2, ... according to "
          "the format string "
          "S.format\nand write the packed bytes into the writable buffer buf starting at\noffset.  "
          "Note that the offset is a "
          "required argument.  See\nhelp(struct) for more on format strings.")
{
    return pack_into(struct_of(args[0]), args + 1, n - 1);
}

KR_FN(struct, struct_unpack, "unpack", "(self, buffer, /)",
      "Return a tuple containing unpacked values.\n\nUnpack according to the format string "
      "Struct.format. The buffer's size\n"
      "in bytes must be Struct.size.\n\nSee help(struct) for more on format strings.")
{
    return unpack_exactly(struct_of(a[0]), a[1]);
}

KR_FN(struct, struct_unpack_from, "unpack_from", "(self, buffer, offset=0)",
      "Return a tuple containing unpacked values.\n\nValues are unpacked according to the format "
      "string Struct.format.\n\n"
      "The buffer's size in bytes, starting at position offset, must be\nat least "
      "Struct.size.\n\nSee help(struct) for more "
      "on format strings.")
{
    return unpack_from(struct_of(a[0]), a[1], a[2]);
}

KR_FN(struct, struct_iter_unpack, "iter_unpack", "(self, buffer, /)",
      "Return an iterator yielding tuples.\n\nTuples are unpacked from the given bytes source, "
      "like a repeated\ninvocation of "
      "unpack_from().\n\nRequires that the bytes length be a multiple of the struct size.")
{
    return iter_unpack(a[0], a[1]);
}

KR_FN(struct, struct_sizeof, "__sizeof__", "(self, /)",
      "S.__sizeof__() -> size of S in memory, in bytes")
{
    return kr_int((int64_t)sizeof(Struct) + struct_of(a[0])->group_count * (int64_t)sizeof(Group));
}

static KrValue struct_format(KrValue self) { return struct_of(self)->format; }
static KrValue struct_size(KrValue self) { return kr_int(struct_of(self)->size); }
KR_GETSET(struct, struct_format, NULL, "format", "struct format string")
KR_GETSET(struct, struct_size, NULL, "size", "struct size in bytes")

/* ---- Module functions ---- */

static KrValue cached_struct(KrValue format)
{
    if (kr_is_instance_exact(format, struct_type)) return format;
    bool usable =
        kr_is_instance_exact(format, &kr_str_type) || kr_is_instance_exact(format, &kr_bytes_type);
    KrValue found = usable ? kr_dict_find(cache, format) : KR_EMPTY;
    if (!kr_is_empty(found) || kr_raised()) return found;
    KrValue made = kr_call1(kr_type_value(struct_type), format);
    if (kr_is_empty(made) || !usable) return made;
    if (kr_dict_size(cache) >= CACHE_MOST) kr_dict_clear(cache);
    return kr_dict_set(cache, format, made) < 0 ? KR_EMPTY : made;
}

KR_FN(module, module_clearcache, "_clearcache", "()", "Clear the internal cache.")
{
    kr_dict_clear(cache);
    return kr_None;
}

KR_FN(module, module_calcsize, "calcsize", "(format, /)",
      "Return size in bytes of the struct described by the format string.")
{
    KrValue x = cached_struct(a[0]);
    return kr_is_empty(x) ? KR_EMPTY : kr_int(struct_of(x)->size);
}

KR_FN_RAW(module, module_pack, "pack", "(format, /, *values)",
          "pack(format, v1, v2, ...) -> bytes\n\nReturn a bytes object containing the values v1, "
          "v2, ... packed "
          "according\nto the format string.  See help(struct) for more on format strings.")
{
    if (n < 1) return kr_raise(kr_TypeError, "missing format argument");
    KrValue x = cached_struct(args[0]);
    return kr_is_empty(x) ? KR_EMPTY : pack(struct_of(x), args + 1, n - 1);
}

KR_FN_RAW(module, module_pack_into, "pack_into", "(format, buffer, offset, /, *values)",
          "pack_into(format, buffer, offset, v1, v2, ...)\n\nPack the values v1, v2, ... according "
          "to the format string and "
          "write\nthe packed bytes into the writable buffer buf starting at offset.  Note\nthat "
          "the offset is a required "
          "argument.  See help(struct) for more\non format strings.")
{
    if (n < 1) return kr_raise(kr_TypeError, "missing format argument");
    KrValue x = cached_struct(args[0]);
    return kr_is_empty(x) ? KR_EMPTY : pack_into(struct_of(x), args + 1, n - 1);
}

KR_FN(module, module_unpack, "unpack", "(format, buffer, /)",
      "Return a tuple containing values unpacked according to the format string.\n\nThe buffer's "
      "size in bytes must be "
      "calcsize(format).\n\nSee help(struct) for more on format strings.")
{
    KrValue x = cached_struct(a[0]);
    return kr_is_empty(x) ? KR_EMPTY : unpack_exactly(struct_of(x), a[1]);
}

KR_FN(module, module_unpack_from, "unpack_from", "(format, /, buffer, offset=0)",
      "Return a tuple containing values unpacked according to the format string.\n\nThe buffer's "
      "size, minus offset, must be "
      "at least calcsize(format).\n\nSee help(struct) for more on format strings.")
{
    KrValue x = cached_struct(a[0]);
    return kr_is_empty(x) ? KR_EMPTY : unpack_from(struct_of(x), a[1], a[2]);
}

KR_FN(module, module_iter_unpack, "iter_unpack", "(format, buffer, /)",
      "Return an iterator yielding tuples unpacked from the given bytes.\n\nThe bytes are unpacked "
      "according to the format "
      "string, like\na repeated invocation of unpack_from().\n\nRequires that the bytes length be "
      "a multiple of the format "
      "struct size.")
{
    KrValue x = cached_struct(a[0]);
    return kr_is_empty(x) ? KR_EMPTY : iter_unpack(x, a[1]);
}

#include "modules/_struct.entries.h"

static void struct_trace(void *self, KrTracer *tracer)
{
    Struct *x = self;
    kr_trace(tracer, x->format);
    kr_trace_pointer(tracer, x->groups);
}

static void iterator_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((UnpackIterator *)self)->format);
    kr_trace(tracer, ((UnpackIterator *)self)->data);
}

static const KrTypeSpec struct_spec = {
    .name = "_struct.Struct",
    .doc = "Struct(fmt) --> compiled struct object\n\n",
    .size = sizeof(Struct),
    .flags = KR_TYPE_IMMUTABLE,
    .trace = struct_trace,
    .functions = struct_functions,
    .getset = struct_getset,
    .slots = {.make = struct_make, .init = struct_init},
};

static const KrTypeSpec iterator_spec = {
    .name = "_struct.unpack_iterator",
    .size = sizeof(UnpackIterator),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_NO_WEAKREF,
    .trace = iterator_trace,
    .functions = iterator_functions,
    .slots = {.iter = iterator_self, .next = iterator_next},
};

static KrValue error_class; /* struct.error */

static int make_error(void)
{
    KrValue namespace = kr_dict();
    if (kr_is_empty(namespace) || kr_dict_set_ascii(namespace, "__module__", kr_str("struct")) < 0)
        return -1;
    error_class = kr_call3(kr_type_value(&kr_type_type), kr_str("error"),
                           kr_tuple_of(1, kr_type_value(kr_Exception)), namespace);
    if (kr_is_empty(error_class)) return -1;
    kr_root(&error_class);
    error_type = kr_to_object(error_class);
    cache = kr_dict();
    kr_root(&cache);
    return kr_is_empty(cache) ? -1 : 0;
}

static int struct_exec(KrValue module)
{
    if (!kr_type_once(&struct_type, &struct_spec) || !kr_type_once(&iterator_type, &iterator_spec))
        return -1;
    if (!error_type && make_error() < 0) return -1;
    return kr_module_add(module, "error", error_class) < 0
               ? -1
               : kr_module_add_type(module, struct_type);
}

KR_MODULE(_struct) = {
    .api_version = KR_API_VERSION,
    .name = "_struct",
    .doc = "Functions to convert between Python values and C structs.\nPython bytes objects are "
           "used to hold the data "
           "representing the C struct\nand also as format strings (explained below) to describe "
           "the layout of data\nin the C "
           "struct.",
    .functions = module_functions,
    .exec = struct_exec,
};
