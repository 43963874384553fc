/* str.h: strings are compact arrays of 1, 2 or 4 bytes a code point, in the narrowest width that
 * fits. */
#ifndef RUNTIME_OBJECTS_STR_H
#define RUNTIME_OBJECTS_STR_H

#include "runtime/objects/type.h"
#include "runtime/text/utf8.h"

typedef struct Str {
    Object head;
    int64_t hash;   /* 0: not yet computed */
    size_t length;  /* code points */
    uint8_t width;  /* 1, 2, 4 */
    uint8_t ascii;  /* all code points below 128 */
    uint8_t interned; /* 1 interned, 2 pinned */
    uint8_t unused[5];
    void *utf8;     /* cached UTF-8 of a non-ASCII string (kr_heap_bytes), or NULL */
    char data[];    /* NUL-terminated */
} Str;

static inline Str *str_of(Value v) { return (Str *)object_of(v); }
static inline uint32_t str_at(const Str *s, size_t i)
{
    switch (s->width) {
    case 1: return ((const uint8_t *)s->data)[i];
    case 2: return ((const uint16_t *)s->data)[i];
    default: return ((const uint32_t *)s->data)[i];
    }
}
static inline TextSpan str_span(const Str *s) { return (TextSpan){s->data, s->length, s->width}; }

int64_t kr_str_hash(Str *s);
/* A new str whose data the caller fills at once; width and ascii must be exact. */
Str *kr_str_alloc(size_t length, int width, bool ascii);
/* As above, for a largest code point. */
Str *kr_str_alloc_for(size_t length, uint32_t max);
bool kr_str_same_text(const Str *a, const Str *b);
int kr_str_order(const Str *a, const Str *b); /* -1, 0, 1 by code points */
Value kr_str_char(uint32_t c);                /* the str of one code point; cached below 256 */
Value kr_str_empty(void);
Value kr_str_from_span(TextSpan span);        /* narrowed */
/* v itself if it is an exact str, else an exact copy of the str v. */
Value kr_str_exact(Value v);
Value kr_str_repeat(Value self, int64_t count);
Value kr_str_repr_of(Value self, bool ascii_only); /* with quotes */

/* Substring search over spans: a position, or -1. */
int64_t kr_search_find(TextSpan text, TextSpan piece);
int64_t kr_search_bytes(const char *text, size_t n, const char *piece, size_t m); /* m > 0 */
int64_t kr_search_rfind(TextSpan text, TextSpan piece);
size_t kr_search_count(TextSpan text, TextSpan piece, size_t most);
static inline TextSpan span_part(TextSpan s, size_t from, size_t to)
{
    return (TextSpan){(const char *)s.data + from * (size_t)s.width, to - from, s.width};
}
/* The arguments (self, sub[, start[, end]]) of the searching methods; absent bounds are None. */
int kr_str_sub_args(const char *name, const Value *args, size_t n, Value kwnames, Value out[4]);
/* How messages about a wrong argument call its type: "None" or the type's name. */
const char *kr_arg_type_name(Value v);
/* Resolves the optional start and end arguments (EMPTY or None: absent) of find(), index(),
 * count() ... against a length. *from may exceed *to. -1 with TypeError. */
int kr_str_bounds(Value start, Value end, size_t length, int64_t *from, int64_t *to);

/* Fast paths of the VM: both exact str. */
Value kr_str_getitem(Value self, Value key);

/* The text types' pieces that are in other files. */
Value kr_str_percent(Value format, Value args);          /* str_percent.c: format % args */
/* args: a tuple; kwargs: a dict, another mapping, or EMPTY. */
Value kr_str_format_method(Value format, Value args, Value kwargs);
Value kr_str_encode_value(Value str, Value encoding, Value errors); /* either may be EMPTY */
/* str(object, encoding, errors) */
Value kr_str_from_object_encoded(Value object, Value encoding, Value errors);

#endif
