/* int.h: ints beyond 50 bits, and instances of subclasses of int.
 *
 * An exact int that fits in 50 bits is always an immediate, so equality of exact ints of different
 * representation is always false. A subclass instance (IntEnum) has this layout whatever its size.
 */
#ifndef RUNTIME_OBJECTS_INT_H
#define RUNTIME_OBJECTS_INT_H

#include "runtime/objects/type.h"

typedef struct Int {
    Object head;
    int64_t size;     /* number of limbs, negative for negative ints, 0 for zero */
    uint64_t limbs[]; /* GMP limbs, least significant first, normalised */
} Int;

static inline bool is_any_int(Value v) /* int, bool or a subclass */
{
    return is_int(v) || is_bool(v) || (is_object(v) && (type_of(v)->traits & TYPE_IS_INT));
}

/* v is an int of any kind, bool included: its value if it fits. */
bool kr_int_fits(Value v, int64_t *out);
Value kr_int_add(Value a, Value b); /* any ints, exact result; the VM's slow paths */
Value kr_int_sub(Value a, Value b);
Value kr_int_mul(Value a, Value b);
Value kr_int_floordiv(Value a, Value b);
Value kr_int_mod(Value a, Value b);
Value kr_int_truediv(Value a, Value b);
int kr_int_compare(Value a, Value b); /* -1, 0, 1 */

/* An int's magnitude and sign, whatever its kind; `small` holds an immediate's limb. */
typedef struct IntView {
    const uint64_t *limbs;
    int64_t n;
    bool negative;
    uint64_t small;
} IntView;
void kr_int_view(Value v, IntView *view);
Int *kr_int_alloc(size_t limbs); /* to be filled and passed to kr_int_normal() */
/* Sets the sign and size of a filled Int; an immediate when it fits. */
Value kr_int_normal(Int *x, size_t limbs, bool negative);
Value kr_int_exact(Value v);     /* the exact int equal to v, an int of any kind */
Value kr_int_divmod(Value a, Value b);
Value kr_int_pow(Value a, Value b);                    /* b may be negative: a float then */
Value kr_int_powmod(Value a, Value b, Value modulus);
Value kr_int_shift(Value a, Value count, bool left);
Value kr_int_bitwise(int op, Value a, Value b);        /* KR_AND, KR_OR, KR_XOR */
Value kr_int_negate(Value v);
Value kr_int_invert(Value v);
Value kr_int_abs(Value v);
int kr_int_to_double(Value v, double *out);            /* half to even; -1 with OverflowError */
/* m * 2^shift to the nearest double, ties to even, subnormals included; infinity when too large. m
 * has its top bit set, and its last bit stands for all that was cut off below. */
double kr_int_round_bits(uint64_t m, int64_t shift);
Value kr_int_from_i128(__int128 x);
int64_t kr_int_hash(Value v);
Value kr_int_round(Value v, Value digits);

#define INT_LOCAL_DIGITS 72
/* The digits of v in base 2..36 with its sign and, if `prefix`, 0b 0o 0x: malloc'ed,
 * NUL-terminated. NULL raised (ValueError beyond the limit on decimal digits). */
char *kr_int_digits(Value v, int base, bool prefix, size_t *length);
/* As above without prefix, in `local` when they fit there. *owned is to be freed, NULL or not. */
char *kr_int_digits_in(Value v, int base, char local[INT_LOCAL_DIGITS], char **owned,
                       size_t *length);
Value kr_int_to_text(Value v, int base, bool prefix);  /* str */
/* int(text, base) for a str; ValueError names `shown`. */
Value kr_int_from_str(Value text, int base);
/* `shown` stands in the message; EMPTY: the text itself. */
Value kr_int_from_text(const char *text, size_t size, int base, Value shown);
Value kr_int_from_object(Value v); /* int(v) */
extern int64_t kr_int_max_str_digits; /* sys.set_int_max_str_digits: 0, or at least 640 */
/* ASCII of the same length: decimal digits of any script as 0-9, spaces as blanks, all else as
 * "?". malloc'ed. */
char *kr_text_to_ascii_number(Value text);

#endif
