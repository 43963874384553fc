/* ziggurat.h: the tables of ziggurat.c, generated apart. */
#ifndef MODULES_NUMPY_RANDOM_ZIGGURAT_H
#define MODULES_NUMPY_RANDOM_ZIGGURAT_H

#include <stdint.h>

extern const double np_normal_width[256], np_normal_height[256];
extern const double np_exponential_width[256], np_exponential_height[256];
extern const uint64_t np_normal_below[256], np_exponential_below[256];

#endif
