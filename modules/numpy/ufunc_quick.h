/* ufunc_quick.h: the short way of x op= b. */
#ifndef MODULES_NUMPY_UFUNC_QUICK_H
#define MODULES_NUMPY_UFUNC_QUICK_H

#include "modules/numpy/numpy.h"

Value np_ufunc_quick_inplace(Ufunc *f, NdArray *x,
                             Value b); /* NotImplemented: not of the common form */

#endif
