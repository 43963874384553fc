// Powers of ten as 128-bit significands: see make_powers.awk.

#ifndef KR_TEXT_FLOAT_POWERS_H
#define KR_TEXT_FLOAT_POWERS_H

#include <stdint.h>

typedef struct {
    uint64_t high, low;
} Power10;

#define POWER10_MIN (-342)
#define POWER10_MAX 324

extern const Power10 kr_float_powers[];

static inline Power10 kr_float_power(int k) { return kr_float_powers[k - POWER10_MIN]; }

#endif
