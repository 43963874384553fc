/* mt_jump.h: the table of mt_jump.c, generated apart. */
#ifndef MODULES_NUMPY_RANDOM_MT_JUMP_H
#define MODULES_NUMPY_RANDOM_MT_JUMP_H

#include <stdint.h>

enum { NP_MT_JUMP_DEGREE = 19933 };
extern const uint32_t np_mt_jump_table[624]; /* bit i of the whole is the coefficient of x^i */

#endif
