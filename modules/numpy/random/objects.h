/* objects.h: the object around a source of random bits; see objects.c. */
#ifndef MODULES_NUMPY_RANDOM_OBJECTS_H
#define MODULES_NUMPY_RANDOM_OBJECTS_H

#include "modules/numpy/numpy.h"
#include "modules/numpy/random/bits.h"

/* The bits of a source object, or NULL with TypeError. */
NpBits *np_bits_of(Value v);
/* While one thread draws, another one waits, detached. Between the two calls objects may be touched unless the caller
 * detaches itself. */
void np_bits_lock(Value v);
void np_bits_unlock(Value v);

/* n draws of a row of the table, whose parameters (doubles or int64, as the row has them) are checked; false: one of them
 * is out of its range. */
bool np_random_draw_line(NpBits *b, int64_t row, char *out, int64_t n, int64_t step, const char *const *params,
                         int count);

void np_random_kernel_init(void);      /* kernel.c */
int np_random_init(Value module);      /* objects.c */
int np_random_draw_init(Value module); /* draw.c */

#endif
