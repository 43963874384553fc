/* complex.h: pairs of doubles; always heap objects. */
#ifndef RUNTIME_OBJECTS_COMPLEX_H
#define RUNTIME_OBJECTS_COMPLEX_H

#include "runtime/objects/type.h"

typedef struct Complex {
    Object head;
    double re, im;
} Complex;

static inline Complex *complex_of(Value v) { return (Complex *)object_of(v); }
static inline bool is_any_complex(Value v)
{
    return is_object(v) &&
           (type_of(v) == &kr_complex_type || kr_is_subtype(type_of(v), &kr_complex_type));
}

Value kr_complex_parse(Value text);
int kr_complex_through_method(Value v, double *re, double *im);
/* The operators, for scripts and kernels alike: -1 division by zero, -2 overflow, 0 done. */
int kr_complex_divide(const double a[2], const double b[2], double out[2]);
int kr_complex_power(const double a[2], const double b[2], double out[2]);

#endif
