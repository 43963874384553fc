/* array_items.h: the type codes of array.array, and its items as Python values. */
#ifndef MODULES_ARRAY_ITEMS_H
#define MODULES_ARRAY_ITEMS_H

#include "runtime/krait.h"

typedef struct Kind {
    char code;
    int8_t size;
    bool is_integer, is_signed;
    const char *format; /* of the buffer protocol */
    const char *name;   /* in range errors */
    int machine_format; /* of pickles: little-endian */
} Kind;

#define ARRAY_KINDS 13
extern const Kind kr_array_kinds[ARRAY_KINDS];

const Kind *kr_array_find_kind(uint32_t code); /* NULL when there is none */
KrValue kr_array_load(const Kind *kind, const char *p);
/* Stores a value, 8 bytes at most; -1 raised. */
int kr_array_store(const Kind *kind, KrValue v, char *p);

#endif
