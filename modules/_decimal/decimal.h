/* decimal.h: what the files of _decimal share: numbers, settings, conditions.
 *
 *   number.c      coefficients, digits, rounding: what every operation ends with
 *   arithmetic.c  + - * / and their kin, square root
 *   compare.c     comparisons, orders, min and max, quantize and the other changes of an exponent
 *   digits.c      logical operations, shifts, neighbours, classes
 *   functions.c   exp, ln, log10, power
 *   text.c, format.c   to and from str
 *   convert.c     to and from Python's other numbers
 *   signals.c     exception classes, the dict of flags and traps
 *   context.c, operations.c, decimal.c   the two types, and the operations that both have
 *
 * The rules are those of the General Decimal Arithmetic specification (Cowlishaw, 1.70). A
 * coefficient is a GMP integer; the count of its decimal digits stands beside it, for it decides
 * every rounding.
 *
 * An operation is num_x(result, operands, settings, status): the result is another Num than the
 * operands and initialised; conditions are or-ed into *status, and nothing is raised. Traps are
 * the business of dec_settle(). DEC_MALLOC_ERROR stands for a coefficient that no memory can
 * hold. */
#ifndef MODULES_DECIMAL_H
#define MODULES_DECIMAL_H

#include <gmp.h>

#include "modules/support.h"

enum NumKind { FINITE, INFINITE, QUIET_NAN, SIGNALING_NAN };

typedef struct Num {
    mpz_t coef;     /* >= 0; of a NaN: its payload */
    int64_t exp;    /* of the last digit */
    int64_t digits; /* of coef, one for zero; of a NaN: 0 without payload */
    uint8_t kind;
    bool negative;
} Num;

/* Conditions, as bits of a status, of flags and of traps. */
enum {
    DEC_CLAMPED = 1 << 0,
    DEC_CONVERSION_SYNTAX = 1 << 1,
    DEC_DIVISION_BY_ZERO = 1 << 2,
    DEC_DIVISION_IMPOSSIBLE = 1 << 3,
    DEC_DIVISION_UNDEFINED = 1 << 4,
    DEC_INEXACT = 1 << 6,
    DEC_INVALID_CONTEXT = 1 << 7,
    DEC_INVALID_OPERATION = 1 << 8,
    DEC_MALLOC_ERROR = 1 << 9,
    DEC_FLOAT_OPERATION = 1 << 10,
    DEC_OVERFLOW = 1 << 11,
    DEC_ROUNDED = 1 << 12,
    DEC_SUBNORMAL = 1 << 13,
    DEC_UNDERFLOW = 1 << 14,
    /* All that the signal InvalidOperation stands for. */
    DEC_INVALID = DEC_CONVERSION_SYNTAX | DEC_DIVISION_IMPOSSIBLE | DEC_DIVISION_UNDEFINED |
                  DEC_INVALID_CONTEXT | DEC_INVALID_OPERATION | DEC_MALLOC_ERROR
};

enum Rounding {
    ROUND_UP,
    ROUND_DOWN,
    ROUND_CEILING,
    ROUND_FLOOR,
    ROUND_HALF_UP,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_05UP,
    ROUND_COUNT
};

#define DEC_MAX_PREC INT64_C(999999999999999999)
#define DEC_MAX_EMAX INT64_C(999999999999999999)
#define DEC_MIN_EMIN INT64_C(-999999999999999999)
#define DEC_MIN_ETINY INT64_C(-1999999999999999997)

typedef struct Settings {
    int64_t prec, emin, emax;
    uint32_t flags, traps;
    uint8_t rounding, clamp, capitals;
} Settings;

/* The widest settings: what is exact in them is exact. */
extern const Settings dec_exact_settings;

/* ---- Numbers (number.c) ---- */

void num_init(Num *n); /* zero */
void num_clear(Num *n);
void num_copy(Num *r, const Num *a);
void num_set_zero(Num *r, bool negative, int64_t exp);
void num_set_int(Num *r, int64_t value);
void num_set_infinity(Num *r, bool negative);
void num_set_nan(Num *r);
/* A quiet NaN, and the condition. */
void num_invalid(Num *r, uint32_t condition, uint32_t *status);
/* After the coefficient was written: counts its digits. */
void num_count(Num *r);
static inline bool num_is_nan(const Num *a) { return a->kind >= QUIET_NAN; }
static inline bool num_is_zero(const Num *a) { return a->kind == FINITE && mpz_sgn(a->coef) == 0; }
/* The exponent of the first digit. */
static inline int64_t num_adjusted(const Num *a) { return a->exp + a->digits - 1; }
/* If an operand (b may be NULL) is a NaN, the NaN that the operation gives. */
bool num_take_nan(Num *r, const Num *a, const Num *b, const Settings *s, uint32_t *status);
/* Whether an integer of so many digits can be held; false with DEC_MALLOC_ERROR. */
bool dec_room(int64_t digits, uint32_t *status);
int64_t dec_count_digits(mpz_srcptr x);
/* Most coefficients are one word of GMP's, and are worked on as such. */
enum { DEC_WORD_DIGITS = 19 }; /* 10**19 < 2**64 */
extern const uint64_t dec_word_powers[DEC_WORD_DIGITS + 1];
static inline bool dec_is_word(mpz_srcptr x) { return mpz_size(x) <= 1; }
/* 10**n, perhaps in scratch. */
mpz_srcptr dec_power_of_ten(int64_t n, mpz_t scratch);
void dec_scale(mpz_t r, mpz_srcptr a, int64_t n); /* r = a * 10**n */
/* Drops trailing zeros of a finite number while exp < limit. */
void num_strip_zeros(Num *r, int64_t limit);
/* Rounds to the exponent, above a's: DEC_ROUNDED, DEC_INEXACT. */
uint32_t num_round_to(Num *r, int64_t exp, int rounding);
/* The largest finite number. */
void num_set_largest(Num *r, bool negative, const Settings *s, uint32_t *status);
/* Makes the exact result fit the settings. */
void num_finalize(Num *r, const Settings *s, uint32_t *status);

/* ---- Arithmetic (arithmetic.c) ---- */

#define UNARY_OPERATION(name) void name(Num *r, const Num *a, const Settings *s, uint32_t *status)
#define BINARY_OPERATION(name) \
    void name(Num *r, const Num *a, const Num *b, const Settings *s, uint32_t *status)
typedef UNARY_OPERATION(NumUnary);
typedef BINARY_OPERATION(NumBinary);
NumUnary num_plus, num_minus, num_abs, num_sqrt;
NumBinary num_add, num_subtract, num_multiply, num_divide, num_divide_int, num_remainder,
    num_remainder_near;
void num_divmod(Num *q, Num *r, const Num *a, const Num *b, const Settings *s, uint32_t *status);
void num_fma(Num *r, const Num *a, const Num *b, const Num *c, const Settings *s, uint32_t *status);

/* ---- Comparisons and exponents (compare.c) ---- */

/* -1, 0, 1; neither is a NaN. */
int num_compare(const Num *a, const Num *b);
int num_compare_magnitudes(const Num *a, const Num *b);
int num_compare_total(const Num *a, const Num *b, bool magnitudes);
NumBinary num_compare_op, num_compare_signal_op, num_max, num_min, num_max_mag, num_min_mag,
    num_quantize;
NumUnary num_to_integral_exact, num_to_integral_value, num_normalize;
/* The value at that exponent, whatever its digits become. */
void num_rescale(Num *r, const Num *a, int64_t exp, const Settings *s, uint32_t *status);

/* ---- Digits (digits.c) ---- */

NumUnary num_logical_invert, num_next_minus, num_next_plus, num_logb;
NumBinary num_logical_and, num_logical_or, num_logical_xor, num_next_toward, num_shift, num_rotate,
    num_scaleb;
bool num_is_normal(const Num *a, const Settings *s);
bool num_is_subnormal(const Num *a, const Settings *s);
bool num_same_quantum(const Num *a, const Num *b);
const char *num_class(const Num *a, const Settings *s);

/* ---- Functions (fixed.c, functions.c, power.c) ---- */

NumUnary num_exp, num_ln, num_log10;
NumBinary num_power;
void num_power_modulo(Num *r, const Num *a, const Num *b, const Num *m, const Settings *s,
                      uint32_t *status);

/* A real number that is known to lie between low and low + width, both in units of 2**-scale. */
typedef struct Fixed {
    mpz_t low, width;
    int64_t scale;
} Fixed;
void fixed_init(Fixed *x);
void fixed_clear(Fixed *x);
/* About `bits` bits behind the point. */
void fixed_ln(Fixed *r, const Num *a /* finite, positive */, int64_t bits);
void fixed_ln10(Fixed *r, int64_t bits);
/* e**x = r * 10**n, 1 <= r < 10 (or a little beyond). */
void fixed_exp(Fixed *r, mpz_t n, const Fixed *x, int64_t bits);
/* The irrational x * 10**exp with at least `digits` digits and one that stands for the rest: false
 * if x is not known well enough. `adjusted`: the exponent of x's first digit, or one less. */
bool num_set_fixed(Num *r, const Fixed *x, int64_t adjusted, int64_t digits, int64_t exp);
/* 1 and less than any digit, or 1 without it. */
void num_set_beside_one(Num *r, bool above, const Settings *s, uint32_t *status);
/* Bits behind the point that so many digits need. */
static inline int64_t fixed_bits(int64_t digits) { return digits / 3 * 10 + 16 + digits % 3 * 4; }
double num_log10_estimate(const Num *a);

/* ---- Text (text.c, format.c) ---- */

/* ASCII digits, sign, point, exponent or a special value; DEC_CONVERSION_SYNTAX otherwise. */
void num_parse(Num *r, const char *text, size_t n, uint32_t *status);
/* malloc'ed, NUL-terminated; NULL with MemoryError. */
char *num_text(const Num *a, bool engineering, bool capitals);
KrValue dec_format(KrValue self, KrValue spec, KrValue override, const Settings *s);

/* ---- Objects ---- */

typedef struct Decimal {
    KrObject head;
    Num num;
    int64_t reported; /* bytes of the coefficient that the collector was told of */
} Decimal;
typedef struct Context {
    KrObject head;
    Settings settings;
    KrValue flags, traps; /* SignalDicts, made when asked for */
} Context;

extern KrType *decimal_type, *context_type;
static inline Num *dec_num(KrValue v) { return &((Decimal *)kr_to_object(v))->num; }
static inline Settings *dec_settings(KrValue v) { return &((Context *)kr_to_object(v))->settings; }
static inline bool dec_is_decimal(KrValue v) { return kr_is_a(v, decimal_type); }
static inline bool dec_is_context(KrValue v) { return kr_is_a(v, context_type); }

/* A new zero of the type Decimal, or of a subclass, to be written. NULL raised. */
Num *dec_new(KrType *type, KrValue *value);
static inline KrValue dec_make(Num **num)
{
    KrValue v;
    *num = dec_new(decimal_type, &v);
    return *num ? v : KR_EMPTY;
}
/* Sets the flags, raises what is trapped: 0, or -1. */
int dec_settle(Settings *s, uint32_t status);

/* After the last change of a new Decimal: settles, and tells the collector of much memory. */
KrValue dec_finish(KrValue v, Settings *s, uint32_t status);
void dec_report(KrValue v);

/* signals.c */
extern const char *const dec_rounding_names[ROUND_COUNT];
int dec_signals_init(KrValue module);
/* The bits of a signal class, 0 if v is none. */
uint32_t dec_signal_bits(KrValue v);
/* What stands in a list of signals or a dict signal -> truth. -1 raised. */
int dec_signals_from(KrValue v, uint32_t *bits);
KrValue dec_signals_text(uint32_t bits); /* "[Inexact, Rounded]" */
KrValue dec_signals_list(uint32_t bits);
KrValue dec_signal_dict(KrValue context, bool traps);
/* A rounding mode by its name; -1 with TypeError. */
int dec_rounding_of(KrValue name);

/* context.c */
int dec_context_init(KrValue module);
KrValue dec_current_context(void);
/* The context given, or the current one for None. NULL raised. */
Settings *dec_context_of(KrValue v, KrValue *keep);

/* convert.c: Decimal from another object. */
KrValue dec_from_int(KrType *type, KrValue v);
KrValue dec_from_float(KrType *type, KrValue v);
KrValue dec_from_str(KrType *type, KrValue v, bool relaxed, Settings *s);
KrValue dec_from_any(KrType *type, KrValue v, Settings *s, bool exact);
/* An operand: a Decimal or an int, exactly. Otherwise NotImplemented, or a TypeError. */
KrValue dec_operand(KrValue v);
KrValue dec_argument(KrValue v);
KrValue dec_to_int(const Num *a, int rounding, Settings *s);
KrValue dec_int_of(mpz_srcptr x, bool negative);

/* operations.c: calls that check and settle. NULL settings: an exception is set already. */
KrValue dec_unary(NumUnary *operation, KrValue x, Settings *s);
KrValue dec_binary(NumBinary *operation, KrValue x, KrValue y, Settings *s);
KrValue dec_divmod(KrValue x, KrValue y, Settings *s);
KrValue dec_power(KrValue x, KrValue y, KrValue m /* or None */, Settings *s);
KrValue dec_text(KrValue v, bool engineering, bool capitals);
/* The method table of a type: its own ones, the shared ones. */
const KrFunction *const *dec_operations(const KrFunction *const *own, bool of_context);

/* decimal.c */
int dec_decimal_init(KrValue module);

#endif
