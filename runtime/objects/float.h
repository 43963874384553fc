/* float.h: floats are immediates; instances of subclasses of float are heap objects of this
 * layout. */
#ifndef RUNTIME_OBJECTS_FLOAT_H
#define RUNTIME_OBJECTS_FLOAT_H

#include "runtime/objects/type.h"

typedef struct Float {
    Object head;
    double value;
} Float;

static inline bool is_any_float(Value v)
{
    return is_float(v) || (is_object(v) && (type_of(v)->traits & TYPE_IS_FLOAT));
}
/* Of a float of any kind. */
static inline double any_float_of(Value v)
{
    return is_float(v) ? float_of(v) : ((Float *)object_of(v))->value;
}

/* Python's operators on doubles; the divisions raise ZeroDivisionError. Also used by the VM and
 * complex. */
double kr_float_floordiv(double x, double y); /* y != 0 */
double kr_float_mod(double x, double y);      /* y != 0 */
Value kr_float_pow(double x, double y);       /* a float or complex; EMPTY raised */
/* float against int, exactly: -1, 0, 1, or 2 when x is a NaN. */
int kr_float_compare_int(double x, Value i);
Value kr_float_from_object(Value v); /* float(v) */
Value kr_float_from_text(const char *text, size_t size, Value shown);

#endif
