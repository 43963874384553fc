/* support.h: small helpers that several modules share: bytes built piece by piece, exception
 * classes, constants. */
#ifndef MODULES_SUPPORT_H
#define MODULES_SUPPORT_H

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/krait.h"

/* ---- Bytes of unknown length ---- */

typedef struct Output {
    uint8_t *data; /* malloc'ed */
    size_t size, capacity;
} Output;

/* Room for n more bytes, at data + size. -1 with MemoryError. */
static inline int output_reserve(Output *o, size_t n)
{
    if (o->capacity - o->size >= n) return 0;
    size_t capacity = o->capacity + o->capacity / 2 + n + 64;
    uint8_t *data = capacity < n ? NULL : realloc(o->data, capacity);
    if (!data) {
        kr_raise_no_memory();
        return -1;
    }
    o->data = data;
    o->capacity = capacity;
    return 0;
}

static inline int output_add(Output *o, const void *bytes, size_t n)
{
    if (output_reserve(o, n) < 0) return -1;
    if (n) memcpy(o->data + o->size, bytes, n);
    o->size += n;
    return 0;
}

static inline int output_byte(Output *o, int byte)
{
    if (output_reserve(o, 1) < 0) return -1;
    o->data[o->size++] = (uint8_t)byte;
    return 0;
}

/* The bytes; the memory is freed. An exception that is set makes it KR_EMPTY. */
static inline KrValue output_finish(Output *o)
{
    KrValue result =
        kr_raised() ? KR_EMPTY : kr_bytes(o->data ? (void *)o->data : (void *)"", o->size);
    free(o->data);
    *o = (Output){0};
    return result;
}

/* ---- Modules ---- */

typedef struct IntConstant {
    const char *name;
    int64_t value;
} IntConstant;

/* Adds a table ended by a NULL name. */
static inline int add_constants(KrValue module, const IntConstant *table)
{
    for (; table->name; table++)
        if (kr_module_add_int(module, table->name, table->value) < 0) return -1;
    return 0;
}

/* A new exception class, kept alive by `*keep` (rooted here) and put into the module. NULL
 * raised. */
static inline KrType *add_exception(KrValue module, const char *module_name, const char *name,
                                    KrType *base, KrValue *keep)
{
    KrValue dict = kr_dict();
    if (kr_is_empty(dict) || kr_dict_set_ascii(dict, "__module__", kr_str(module_name)) < 0)
        return NULL;
    KrValue type = kr_call3(kr_type_value(&kr_type_type), kr_str(name),
                            kr_tuple_of(1, kr_type_value(base)), dict);
    if (kr_is_empty(type)) return NULL;
    kr_root(keep);
    *keep = type;
    return kr_module_add(module, name, type) < 0 ? NULL : kr_to_object(type);
}

/* OSError of the current errno. */
static inline KrValue raise_errno(void) { return kr_raise_errno(errno, KR_EMPTY); }

/* A file descriptor: an int, or an object with fileno(). -1 raised. */
static inline int descriptor_of(KrValue v)
{
    KrValue number = v;
    if (!kr_is_int(v)) {
        KrValue method = kr_find_attr(v, KR_NAME("fileno"));
        if (kr_is_empty(method)) {
            if (!kr_raised())
                kr_raise(kr_TypeError, "argument must be an int, or have a fileno() method.");
            return -1;
        }
        number = kr_call0(method);
        if (kr_is_empty(number)) return -1;
        if (!kr_is_int(number)) {
            kr_raise(kr_TypeError, "fileno() returned a non-integer");
            return -1;
        }
    }
    int fd;
    if (kr_to_int32(number, &fd) < 0) return -1;
    if (fd >= 0) return fd;
    kr_raise(kr_ValueError, "file descriptor cannot be a negative integer (%d)", fd);
    return -1;
}

#endif
