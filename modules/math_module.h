/* math_module.h: the parts of math: floats in math.c, sums and norms in math_sums.c, ints in
 * math_integers.c. */
#ifndef MODULES_MATH_MODULE_H
#define MODULES_MATH_MODULE_H

#include "runtime/krait.h"

extern const KrFunction *const *const kr_math_integer_functions;
extern const KrFunction *const *const kr_math_sum_functions;

#endif
