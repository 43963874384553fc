/* _datetime_delta.c: timedelta, a span of time.
 *
 * Spans are summed and multiplied as microseconds in 128 bits. Where a factor is an int of more than
 * 64 bits or a float (which is a ratio of such ints) the arithmetic goes through Python's ints. */
#include <math.h>
#include <stdio.h>

#include "modules/_datetime.h"

KrType *dt_delta_type;

/* ---- Microseconds and objects --------------------------------------------------------------- */

Micros dt_delta_micros(KrValue v)
{
    const Delta *d = dt_delta_of(v);
    return d->days * DT_DAY + d->seconds * DT_SECOND + d->microseconds;
}

static KrValue delta_of_type(KrType *type, Micros span)
{
    Micros days = span / DT_DAY, rest = span % DT_DAY;
    if (rest < 0) days--, rest += DT_DAY;
    if (days > DT_MAX_DELTA_DAYS || days < -DT_MAX_DELTA_DAYS) {
        if (days > INT32_MAX || days < INT32_MIN)
            return kr_raise(kr_OverflowError, "Python int too large to convert to C int");
        return kr_raise(kr_OverflowError, "days=%d; must have magnitude <= %d", (int)days,
                        DT_MAX_DELTA_DAYS);
    }
    Delta *d = kr_alloc_instance(type);
    if (!d) return KR_EMPTY;
    d->days = (int32_t)days;
    d->seconds = (int32_t)(rest / DT_SECOND);
    d->microseconds = (int32_t)(rest % DT_SECOND);
    return kr_from_object(d);
}
KrValue dt_delta(Micros span) { return delta_of_type(dt_delta_type, span); }

static KrValue micros_to_int(Micros span)
{
    if (span >= INT64_MIN && span <= INT64_MAX) return kr_int((int64_t)span);
    return kr_int_from_bytes((const uint8_t *)&span, sizeof span, true, true);
}
static KrValue delta_from_int(KrValue span)
{
    Micros micros;
    if (kr_is_empty(span)) return KR_EMPTY;
    if (kr_int_to_bytes(span, (uint8_t *)&micros, sizeof micros, true, true) == 0)
        return dt_delta(micros);
    kr_clear_exception();
    return kr_raise(kr_OverflowError, "Python int too large to convert to C int");
}

static bool is_delta(KrValue v) { return kr_is_a(v, dt_delta_type); }

/* ---- The constructor ------------------------------------------------------------------------ */

/* Adds number * unit to the sum; what a float leaves below a microsecond goes to *leftover. */
static int accumulate(const char *tag, KrValue number, Micros unit, Micros *sum, double *leftover)
{
    if (kr_is_empty(number)) return 0;
    if (kr_is_int(number)) {
        int64_t n;
        if (kr_to_int64(number, &n) < 0) return -1;
        *sum += n * unit;
        return 0;
    }
    if (!kr_is_float(number)) {
        kr_raise(kr_TypeError, "unsupported type for timedelta %s component: %T", tag, number);
        return -1;
    }
    double x, whole;
    if (kr_to_double(number, &x) < 0) return -1;
    if (isnan(x) || isinf(x)) return kr_is_empty(kr_int_from_double(x)) ? -1 : 0;
    double fraction = modf(x, &whole);
    if (fabs(whole) > 1e22) {
        kr_raise(kr_OverflowError, "Python int too large to convert to C int");
        return -1;
    }
    *sum += (Micros)whole * unit;
    double micros;
    *leftover += modf(fraction * (double)unit, &micros);
    *sum += (Micros)micros;
    return 0;
}

/* To the nearest microsecond, a half to the even sum. */
static Micros round_leftover(Micros sum, double leftover)
{
    double whole = round(leftover);
    if (fabs(whole - leftover) == 0.5) {
        int odd = (int)(sum & 1);
        whole = 2.0 * round((leftover + odd) * 0.5) - odd;
    }
    return sum + (Micros)whole;
}

static KrValue delta_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    static const KrFunction entry = {
        "timedelta",
        "(days=<unset>, seconds=<unset>, microseconds=<unset>, milliseconds=<unset>, "
        "minutes=<unset>, hours=<unset>, weeks=<unset>)",
        NULL,
        NULL,
        0,
        NULL};
    KrValue s[7];
    Micros sum = 0;
    double leftover = 0;
    if (kr_bind(&entry, args, n, kwnames, s) < 0) return KR_EMPTY;
    if (accumulate("microseconds", s[2], 1, &sum, &leftover) < 0 ||
        accumulate("milliseconds", s[3], 1000, &sum, &leftover) < 0 ||
        accumulate("seconds", s[1], DT_SECOND, &sum, &leftover) < 0 ||
        accumulate("minutes", s[4], 60 * DT_SECOND, &sum, &leftover) < 0 ||
        accumulate("hours", s[5], 3600 * DT_SECOND, &sum, &leftover) < 0 ||
        accumulate("days", s[0], DT_DAY, &sum, &leftover) < 0 ||
        accumulate("weeks", s[6], 7 * DT_DAY, &sum, &leftover) < 0)
        return KR_EMPTY;
    if (leftover != 0) sum = round_leftover(sum, leftover);
    return delta_of_type(type, sum);
}

/* ---- Text ----------------------------------------------------------------------------------- */

static KrValue delta_repr(KrValue self)
{
    const Delta *d = dt_delta_of(self);
    char text[96];
    size_t n = 0;
    const char *comma = "";
#define PART(field)                                                                           \
    if (d->field) {                                                                           \
        n += (size_t)snprintf(text + n, sizeof text - n, "%s" #field "=%d", comma, d->field); \
        comma = ", ";                                                                         \
    }
    PART(days)
    PART(seconds)
    PART(microseconds)
#undef PART
    if (n == 0) strcpy(text, "0");
    return kr_str_format("%T(%s)", self, text);
}

static KrValue delta_str(KrValue self)
{
    const Delta *d = dt_delta_of(self);
    char text[96];
    size_t n = 0;
    if (d->days)
        n = (size_t)snprintf(text, sizeof text, "%d day%s, ", d->days,
                             d->days == 1 || d->days == -1 ? "" : "s");
    n += (size_t)snprintf(text + n, sizeof text - n, "%d:%02d:%02d", d->seconds / 3600,
                          d->seconds / 60 % 60, d->seconds % 60);
    if (d->microseconds) snprintf(text + n, sizeof text - n, ".%06d", d->microseconds);
    return kr_str(text);
}

/* ---- Operators ------------------------------------------------------------------------------ */

static KrValue delta_compare(KrValue a, KrValue b, int op)
{
    if (!is_delta(b)) return kr_NotImplemented;
    Micros x = dt_delta_micros(a), y = dt_delta_micros(b);
    return dt_compare_result(x < y ? -1 : x > y, op);
}
static int64_t delta_hash(KrValue self)
{
    const Delta *d = dt_delta_of(self);
    return dt_mix_hash((uint64_t)d->days, (uint64_t)d->seconds << 32 | (uint32_t)d->microseconds);
}
static int delta_truth(KrValue self) { return dt_delta_micros(self) != 0; }
static KrValue delta_negative(KrValue self) { return dt_delta(-dt_delta_micros(self)); }
static KrValue delta_positive(KrValue self) { return dt_delta(dt_delta_micros(self)); }
static KrValue delta_absolute(KrValue self)
{
    Micros span = dt_delta_micros(self);
    return dt_delta(span < 0 ? -span : span);
}
static KrValue delta_add(KrValue a, KrValue b)
{
    if (!is_delta(a) || !is_delta(b)) return kr_NotImplemented;
    return dt_delta(dt_delta_micros(a) + dt_delta_micros(b));
}
static KrValue delta_subtract(KrValue a, KrValue b)
{
    if (!is_delta(a) || !is_delta(b)) return kr_NotImplemented;
    return dt_delta(dt_delta_micros(a) - dt_delta_micros(b));
}

/* a / b to the nearest int, a half to the even one. */
static KrValue divide_nearest(KrValue a, KrValue b)
{
    KrValue pair = kr_binary(KR_DIVMOD, a, b);
    if (kr_is_empty(pair)) return KR_EMPTY;
    KrValue quotient = kr_tuple_get(pair, 0), twice = kr_tuple_get(pair, 1);
    twice = kr_binary(KR_LSHIFT, twice, kr_int(1));
    if (kr_is_empty(twice)) return KR_EMPTY;
    /* The remainder has b's sign. */
    int beyond = kr_compare_truth(twice, b, kr_int_sign(b) > 0 ? KR_GT : KR_LT);
    int half = beyond == 0 ? kr_compare_truth(twice, b, KR_EQ) : 0;
    if (beyond < 0 || half < 0) return KR_EMPTY;
    if (beyond || (half && kr_int_low_bits(quotient) & 1))
        return kr_binary(KR_ADD, quotient, kr_int(1));
    return quotient;
}

/* The span times numerator / denominator (either may be empty: one). */
static KrValue scale(KrValue delta, KrValue numerator, KrValue denominator)
{
    KrValue span = micros_to_int(dt_delta_micros(delta));
    if (!kr_is_empty(numerator)) span = kr_binary(KR_MUL, span, numerator);
    if (kr_is_empty(span)) return KR_EMPTY;
    return delta_from_int(kr_is_empty(denominator) ? span : divide_nearest(span, denominator));
}

static int float_ratio(KrValue x, KrValue *numerator, KrValue *denominator)
{
    KrValue pair = kr_call_method0(x, "as_integer_ratio");
    if (kr_is_empty(pair)) return -1;
    if (!kr_is_tuple(pair)) {
        kr_raise(kr_TypeError,
                 "unexpected return type from as_integer_ratio(): expected tuple, not '%T'", pair);
        return -1;
    }
    if (kr_tuple_size(pair) != 2) {
        kr_raise(kr_ValueError, "as_integer_ratio() must return a 2-tuple");
        return -1;
    }
    *numerator = kr_tuple_get(pair, 0);
    *denominator = kr_tuple_get(pair, 1);
    if (kr_is_int_exact(*numerator) && kr_is_int_exact(*denominator)) return 0;
    kr_raise(kr_TypeError, "as_integer_ratio() must return ints, not '%T' and '%T'", *numerator,
             *denominator);
    return -1;
}

static KrValue delta_multiply(KrValue a, KrValue b)
{
    KrValue delta = is_delta(a) ? a : b, factor = is_delta(a) ? b : a, over;
    if (kr_is_int(factor)) return scale(delta, kr_index(factor), KR_EMPTY);
    if (!kr_is_float(factor) || is_delta(factor)) return kr_NotImplemented;
    return float_ratio(factor, &factor, &over) < 0 ? KR_EMPTY : scale(delta, factor, over);
}
static KrValue delta_true_divide(KrValue a, KrValue b)
{
    if (!is_delta(a)) return kr_NotImplemented;
    KrValue over;
    if (is_delta(b))
        return kr_binary(KR_TRUEDIV, micros_to_int(dt_delta_micros(a)),
                         micros_to_int(dt_delta_micros(b)));
    if (kr_is_int(b)) return scale(a, KR_EMPTY, kr_index(b));
    if (!kr_is_float(b)) return kr_NotImplemented;
    if (float_ratio(b, &b, &over) < 0) return KR_EMPTY;
    return scale(a, over, b);
}
static KrValue delta_floor_divide(KrValue a, KrValue b)
{
    if (!is_delta(a)) return kr_NotImplemented;
    KrValue span = micros_to_int(dt_delta_micros(a));
    if (is_delta(b)) return kr_binary(KR_FLOORDIV, span, micros_to_int(dt_delta_micros(b)));
    if (!kr_is_int(b)) return kr_NotImplemented;
    return delta_from_int(kr_binary(KR_FLOORDIV, span, kr_index(b)));
}
static KrValue delta_divmod(KrValue a, KrValue b)
{
    if (!is_delta(a) || !is_delta(b)) return kr_NotImplemented;
    KrValue pair =
        kr_binary(KR_DIVMOD, micros_to_int(dt_delta_micros(a)), micros_to_int(dt_delta_micros(b)));
    if (kr_is_empty(pair)) return KR_EMPTY;
    return kr_tuple_of(2, kr_tuple_get(pair, 0), delta_from_int(kr_tuple_get(pair, 1)));
}
static KrValue delta_remainder(KrValue a, KrValue b)
{
    KrValue pair = delta_divmod(a, b);
    return kr_is_empty(pair) || !kr_is_tuple(pair) ? pair : kr_tuple_get(pair, 1);
}

/* ---- Methods -------------------------------------------------------------------------------- */

KR_FN(delta, delta_total_seconds, "total_seconds", "(self, /)", "Total seconds in the duration.")
{
    return kr_binary(KR_TRUEDIV, micros_to_int(dt_delta_micros(a[0])), kr_int(1000000));
}
KR_FN(delta, delta_reduce, "__reduce__", "(self, /)", "__reduce__() -> (cls, state)")
{
    const Delta *d = dt_delta_of(a[0]);
    KrValue state = kr_tuple_of(3, kr_int(d->days), kr_int(d->seconds), kr_int(d->microseconds));
    return kr_tuple_of(2, kr_type_value(kr_type_of(a[0])), state);
}

static KrValue get_days(KrValue self) { return kr_int(dt_delta_of(self)->days); }
static KrValue get_seconds(KrValue self) { return kr_int(dt_delta_of(self)->seconds); }
static KrValue get_microseconds(KrValue self) { return kr_int(dt_delta_of(self)->microseconds); }
KR_GETSET(delta, get_days, NULL, "days", "Number of days.")
KR_GETSET(delta, get_seconds, NULL, "seconds", "Number of seconds (>= 0 and less than 1 day).")
KR_GETSET(delta, get_microseconds, NULL, "microseconds",
          "Number of microseconds (>= 0 and less than 1 second).")

#include "modules/_datetime_delta.entries.h"

int dt_delta_init(KrValue module)
{
    static const KrTypeSpec spec = {
        .name = "datetime.timedelta",
        .doc = "Difference between two datetime values.\n\n"
               "timedelta(days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, "
               "weeks=0)\n\n"
               "All arguments are optional and default to 0.\n"
               "Arguments may be integers or floats, and may be positive or negative.",
        .size = sizeof(Delta),
        .functions = delta_functions,
        .getset = delta_getset,
        .slots = {.make = delta_make,
                  .repr = delta_repr,
                  .str = delta_str,
                  .compare = delta_compare,
                  .hash = delta_hash,
                  .truth = delta_truth,
                  .negative = delta_negative,
                  .positive = delta_positive,
                  .absolute = delta_absolute,
                  .binary = {[KR_ADD] = delta_add,
                             [KR_SUB] = delta_subtract,
                             [KR_MUL] = delta_multiply,
                             [KR_TRUEDIV] = delta_true_divide,
                             [KR_FLOORDIV] = delta_floor_divide,
                             [KR_MOD] = delta_remainder,
                             [KR_DIVMOD] = delta_divmod}}};
    if (!kr_type_once(&dt_delta_type, &spec)) return -1;
    KrValue class_dict = kr_type_dict(dt_delta_type);
    if (kr_dict_set_ascii(class_dict, "min", dt_delta(-DT_MAX_DELTA_DAYS * DT_DAY)) < 0 ||
        kr_dict_set_ascii(class_dict, "max", dt_delta((DT_MAX_DELTA_DAYS + 1) * DT_DAY - 1)) < 0 ||
        kr_dict_set_ascii(class_dict, "resolution", dt_delta(1)) < 0)
        return -1;
    return kr_module_add_type(module, dt_delta_type);
}
