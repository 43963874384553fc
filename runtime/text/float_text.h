// Doubles to text and back, exactly as CPython writes and reads them.
//
// Independent of the C locale. Shortest digits come from Schubfach (R. Giulietti, "The Schubfach
// way to render doubles"), fixed digits from an exact decimal expansion, reading from Clinger's and
// Lemire's fast paths with strtod behind them for the few undecided cases.

#ifndef KR_TEXT_FLOAT_TEXT_H
#define KR_TEXT_FLOAT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

enum {
    FLOAT_SIGN = 1,      // write '+' before non-negative numbers
    FLOAT_ADD_DOT_0 = 2, // a finite result looks like a float: "1" becomes "1.0"
    FLOAT_ALT = 4,       // keep the point and %g's trailing zeros
};

// Room for any repr(), final zero included.
#define KR_FLOAT_REPR_SIZE 32

// The shortest decimal digits that read back as x (finite, positive): up to 17, no trailing zeros.
// Returns their number; the value is 0.d1d2d3... * 10^*point.
int kr_float_shortest(double x, char digits[17], int *point);

// repr(x): zero-terminated, returns the length.
size_t kr_float_repr(double x, char out[KR_FLOAT_REPR_SIZE]);

// x in the style of `code`: e E f F g G with `precision` >= 0, or r (repr; precision is ignored).
// malloc'ed and zero-terminated; NULL when memory is out.
char *kr_float_text(double x, char code, int precision, unsigned flags, size_t *length);

// Reads [+-](digits[.digits]|.digits)[e[+-]digits], inf, infinity or nan in any case, from text
// that ends at `end` (which need not be readable). *stop is where it stopped: `text` when there is
// no number. Too large a value gives infinity.
double kr_float_read(const char *text, const char *end, const char **stop);

// Rounds to `digits` decimal places (may be negative), ties to even on the exact value; false when
// the result is too large for a double. x is finite.
bool kr_float_round(double x, int digits, double *out);

#endif
