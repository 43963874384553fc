/* str_format.h: the parser of replacement fields, shared by str.format() and the module _string. */
#ifndef RUNTIME_OBJECTS_STR_FORMAT_H
#define RUNTIME_OBJECTS_STR_FORMAT_H

#include "runtime/objects/str.h"

typedef struct FormatScan {
    const Str *text;
    size_t at, end;
} FormatScan;

/* Positions are in the scanned text. */
typedef struct FormatField {
    size_t literal_from, literal_to;
    bool present;        /* a field follows the literal */
    bool nested;         /* its spec holds fields */
    size_t name_from, name_to, spec_from, spec_to;
    uint32_t conversion; /* 0: none */
} FormatField;

/* 1 and the next piece, 0 at the end, -1 with ValueError. */
int kr_format_scan_next(FormatScan *scan, FormatField *field);

/* "name.attr[key]": the first part, then the others one by one. */
typedef struct FormatName {
    const Str *text;
    size_t at, end, first_from, first_to;
    int64_t first_number; /* -1 when it is no number */
} FormatName;

int kr_format_first(const Str *text, size_t from, size_t to, FormatName *name); /* -1 raised */
/* 1 and the next attribute or index, 0 at the end, -1 raised. */
int kr_format_next(FormatName *name, bool *attribute, Value *key);

#endif
