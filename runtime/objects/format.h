/* format.h: the format mini-language ("*>+#020,.3f") and the three ways to use it: format(),
 * str.format() and %. */
#ifndef RUNTIME_OBJECTS_FORMAT_H
#define RUNTIME_OBJECTS_FORMAT_H

#include "runtime/objects/str.h"

typedef struct FormatSpec {
    uint32_t fill;      /* ' ' unless given */
    bool fill_given;
    char align;         /* < > ^ =; what the type defaults to when not given */
    bool align_given;
    char sign;          /* + - blank, or 0 */
    bool no_minus_zero; /* z */
    bool alternate;     /* # */
    int64_t width;      /* -1: none */
    char thousands;     /* , _ n (locale), or 0 */
    int64_t precision;  /* -1: none */
    char type;          /* 0: none given; 1: not ASCII (shown is `type_point`) */
    uint32_t type_point;
} FormatSpec;

/* format(v, spec) for the built-in types; spec is a str. */
Value kr_format_int(Value v, Value spec);
Value kr_format_float(Value v, double x, Value spec);
Value kr_format_complex(Value v, double re, double im, Value spec);
Value kr_format_str(Value v, Value spec);

#endif
