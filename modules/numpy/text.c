/* text.c: str and repr of arrays. Layout is in the Python half (_print.py); here are the short way for plain
 * small arrays of integers and floats, and the pieces that need digits. */
#include <stdio.h>

#include "modules/numpy/numpy.h"

Value np_array_repr(Value self) { return np_glue_call("array_repr", &self, 1); }
Value np_array_str(Value self) { return np_glue_call("array_str", &self, 1); }

/* Shortest digits of each element of a float array (NaN and infinities left out): list of (sign, digits, exponent)
 * with value = 0.d1d2d3... * 10**exponent. `bits` tells the type. */
KR_FN(text, shortest, "_shortest_digits", "(values, bits, /)", NULL)
{
    NdArray *x = np_as_type_contiguous(a[0], KR_F64);
    int bits;
    if (!x || kr_to_int32(a[1], &bits) < 0) return EMPTY;
    Value list = kr_list(NULL, 0);
    int64_t n = np_size(x);
    for (int64_t i = 0; i < n; i++) {
        double v = ((double *)x->a.data)[i];
        char digits[40];
        int most = bits == 64 ? 17 : bits == 32 ? 9 : 5, used = 0;
        for (int k = 1; k <= most; k++) {
            snprintf(digits, sizeof digits, "%.*e", k - 1, fabs(v));
            if (bits == 64 ? strtod(digits, NULL) == fabs(v)
                           : bits == 32 ? strtof(digits, NULL) == (float)fabs(v) : (_Float16)strtod(digits, NULL) == (_Float16)fabs(v))
                break;
        }
        char mantissa[40];
        char *p = digits;
        for (; *p && *p != 'e'; p++)
            if (*p != '.') mantissa[used++] = *p;
        int exponent = v == 0 ? 0 : atoi(p + 1) + 1;
        while (used > 0 && mantissa[used - 1] == '0') used--;
        Value item = kr_tuple_of(3, kr_bool(signbit(v)), kr_str_sized(mantissa, (size_t)used), kr_int(exponent));
        if (kr_is_empty(item) || kr_list_append(list, item) < 0) return EMPTY;
    }
    return list;
}

/* value with `precision` digits after the point, correctly rounded: '%.*f' or '%.*e'. */
KR_FN(text, fixed, "_fixed", "(value, precision, exponent, /)", NULL)
{
    double v;
    int precision;
    if (kr_to_double(a[0], &v) < 0 || kr_to_int32(a[1], &precision) < 0) return EMPTY;
    char text[1500];
    if (precision > 1000) precision = 1000;
    snprintf(text, sizeof text, kr_truth(a[2]) == 1 ? "%.*e" : "%.*f", precision, v);
    return kr_str(text);
}

#include "modules/numpy/text.entries.h"

int np_text_init(Value module) { return np_add_functions(module, text_functions); }
