/* _datetime_datetime.c: datetime, a date with a time of day and perhaps a zone.
 *
 * Local time is the C library's. A wall clock reading may stand for two instants (when clocks go back;
 * `fold` picks one) or for none (when they go forward); local_to_seconds() resolves both as PEP 495
 * says. Seconds here count from 1 January of year 1, in which a wall clock's reading counts as if it
 * were UTC. */
#include <math.h>
#include <stdio.h>
#include <time.h>

#include "modules/_datetime.h"

#define EPOCH (719163LL * 86400) /* 1970 in seconds from year 1, day 1 being 86400 */
#define MAX_FOLD (24 * 3600LL)   /* no zone goes back by more */

KrType *dt_datetime_type;

static Date *date_of(KrValue v) { return &dt_datetime_of(v)->date; }
static Clock *clock_of(KrValue v) { return &dt_datetime_of(v)->clock; }
static bool is_datetime(KrValue v) { return kr_is_a(v, dt_datetime_type); }

/* Microseconds of the fields, from the beginning of day 0. */
static Micros micros_of(KrValue v)
{
    const Date *d = date_of(v);
    return dt_ordinal(d->year, d->month, d->day) * DT_DAY + dt_clock_micros(clock_of(v));
}

/* ---- Making --------------------------------------------------------------------------------- */

static KrValue alloc_datetime(KrType *type, int year, int month, int day, const Clock *clock)
{
    DateTime *t = kr_alloc_instance(type);
    if (!t) return KR_EMPTY;
    t->date.year = (int16_t)year;
    t->date.month = (uint8_t)month;
    t->date.day = (uint8_t)day;
    t->clock = *clock;
    return kr_from_object(t);
}

KrValue dt_datetime_make(KrType *type, int year, int month, int day, const Clock *c)
{
    if (type == dt_datetime_type) return alloc_datetime(type, year, month, day, c);
    const KrValue args[] = {
        kr_int(year),      kr_int(month),          kr_int(day), kr_int(c->hour), kr_int(c->minute),
        kr_int(c->second), kr_int(c->microsecond), c->zone};
    KrValue t = kr_call(kr_type_value(type), args, 8, KR_EMPTY);
    if (!kr_is_empty(t) && is_datetime(t)) clock_of(t)->fold = c->fold;
    return t;
}

/* f: year, month, day, hour, minute, second, microsecond, fold. */
static KrValue from_fields(KrType *type, const int *f, KrValue zone, bool call)
{
    if (dt_check_date(f[0], f[1], f[2]) < 0 || dt_check_clock(f[3], f[4], f[5], f[6], f[7]) < 0 ||
        dt_check_zone(zone) < 0)
        return KR_EMPTY;
    Clock c = {(uint8_t)f[3], (uint8_t)f[4], (uint8_t)f[5], (uint8_t)f[7], f[6], zone};
    return call ? dt_datetime_make(type, f[0], f[1], f[2], &c)
                : alloc_datetime(type, f[0], f[1], f[2], &c);
}

/* From a count of microseconds, as micros_of(). */
static KrValue from_micros(KrType *type, Micros span, KrValue zone)
{
    int year, month, day;
    if (span < DT_DAY || span >= (Micros)(DT_MAX_ORDINAL + 1) * DT_DAY)
        return kr_raise(kr_OverflowError, "date value out of range");
    dt_from_ordinal((int)(span / DT_DAY), &year, &month, &day);
    int64_t rest = (int64_t)(span % DT_DAY), seconds = rest / 1000000;
    Clock c = {(uint8_t)(seconds / 3600), (uint8_t)(seconds / 60 % 60),
               (uint8_t)(seconds % 60),   0,
               (int32_t)(rest % 1000000), zone};
    return dt_datetime_make(type, year, month, day, &c);
}

/* A pickled datetime: ten bytes, of which the third is a month with the fold in its high bit.
 * The month is all that is checked, as in CPython. */
static KrValue from_state(KrType *type, const uint8_t *s, KrValue zone)
{
    if (!kr_is(zone, kr_None) && !kr_is_a(zone, dt_tzinfo_type))
        return kr_raise(kr_TypeError, "bad tzinfo state arg");
    Clock c = {s[4], s[5], s[6], s[2] >> 7, s[7] << 16 | s[8] << 8 | s[9], zone};
    return alloc_datetime(type, s[0] << 8 | s[1], s[2] & 0x7f, s[3], &c);
}

static KrValue datetime_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    static const KrFunction entry = {
        "datetime",
        "(year, month, day, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0)",
        NULL,
        NULL,
        0,
        NULL};
    KrValue s[9];
    if (n >= 1 && n <= 2 && (kr_is_bytes(args[0]) || kr_is_str(args[0]))) {
        KrValue bytes = kr_is_str(args[0]) ? kr_str_encode(args[0], "latin1", NULL) : args[0];
        if (kr_is_empty(bytes)) {
            kr_clear_exception();
            return kr_raise(kr_ValueError,
                            "Failed to encode latin1 string when unpickling a datetime object. "
                            "pickle.load(data, encoding='latin1') is assumed.");
        }
        int month = kr_bytes_size(bytes) == 10 ? kr_bytes_data(bytes)[2] & 0x7f : 0;
        if (month >= 1 && month <= 12)
            return from_state(type, kr_bytes_data(bytes), n == 2 ? args[1] : kr_None);
    }
    int f[8];
    if (kr_bind(&entry, args, n, kwnames, s) < 0 || dt_take_fields(s, 7, f) < 0 ||
        dt_take_fields(s + 8, 1, f + 7) < 0)
        return KR_EMPTY;
    return from_fields(type, f, s[7], false);
}

static void datetime_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((DateTime *)self)->clock.zone);
}

/* ---- The machine's clock and zone ----------------------------------------------------------- */

static int64_t seconds_of_fields(int year, int month, int day, int hour, int minute, int second)
{
    return (dt_ordinal(year, month, day) * 24LL + hour) * 3600 + minute * 60 + second;
}

/* What the wall clock reads at UTC `seconds`. -1 raised. */
static int64_t local_reading(int64_t seconds)
{
    struct tm t;
    time_t unix_time = (time_t)(seconds - EPOCH);
    if (seconds < 86400 || seconds > (int64_t)DT_MAX_ORDINAL * 86400 + 86399) {
        kr_raise(kr_ValueError, "year is out of range");
        return -1;
    }
    if (!localtime_r(&unix_time, &t)) {
        kr_raise_errno(errno, KR_EMPTY);
        return -1;
    }
    if (t.tm_year + 1900 < DT_MIN_YEAR || t.tm_year + 1900 > DT_MAX_YEAR) {
        kr_raise(kr_ValueError, "year is out of range");
        return -1;
    }
    return seconds_of_fields(t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min,
                             t.tm_sec);
}

/* The UTC seconds at which the wall clock reads t. With two answers the earlier, or with `fold` the
 * later one; in a gap what the clock would have read without it. -1 raised. */
static int64_t local_to_seconds(int64_t t, bool fold)
{
    int64_t reading = local_reading(t);
    if (reading < 0) return -1;
    int64_t shift = reading - t, first = t - shift;
    int64_t first_reading = local_reading(first), other_shift;
    if (first_reading < 0) return -1;
    if (first_reading == t) {
        /* A solution; is there another one on the side that fold asks for? */
        int64_t probe = first + (fold ? MAX_FOLD : -MAX_FOLD);
        reading = local_reading(probe);
        if (reading < 0) return -1;
        other_shift = reading - probe;
        if (shift == other_shift) return first;
    } else {
        other_shift = first_reading - first;
    }
    int64_t second = t - other_shift, second_reading = local_reading(second);
    if (second_reading < 0) return -1;
    if (second_reading == t) return second;
    if (first_reading == t) return first;
    if (fold) return first < second ? first : second;
    return first > second ? first : second;
}

/* Did the clock go back less than a day before, so that it reads this for the second time? */
static int is_second_reading(time_t seconds, int64_t reading)
{
    if (seconds + EPOCH < 2 * MAX_FOLD) return 0;
    int64_t before = local_reading(EPOCH + seconds - MAX_FOLD);
    if (before < 0) return -1;
    int64_t jump = reading - before - MAX_FOLD;
    if (jump >= 0) return 0;
    before = local_reading(EPOCH + seconds + jump);
    return before < 0 ? -1 : before == reading;
}

static KrValue from_time(KrType *type, time_t seconds, int micros, bool utc, KrValue zone)
{
    struct tm t;
    if (!(utc ? gmtime_r(&seconds, &t) : localtime_r(&seconds, &t)))
        return kr_raise_errno(errno, KR_EMPTY);
    int f[8] = {t.tm_year + 1900, t.tm_mon + 1,
                t.tm_mday,        t.tm_hour,
                t.tm_min,         t.tm_sec > 59 ? 59 : t.tm_sec,
                micros,           0};
    if (dt_check_date(f[0], f[1], f[2]) < 0) return KR_EMPTY;
    if (!utc && kr_is(zone, kr_None)) {
        f[7] = is_second_reading(seconds, seconds_of_fields(f[0], f[1], f[2], f[3], f[4], f[5]));
        if (f[7] < 0) return KR_EMPTY;
    }
    return from_fields(type, f, zone, true);
}

static KrValue from_now(KrType *type, bool utc, KrValue zone)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return from_time(type, now.tv_sec, (int)(now.tv_nsec / 1000), utc, zone);
}

/* A timestamp's whole seconds and microseconds, rounded half to even. -1 raised. */
static int split_timestamp(KrValue v, time_t *seconds, int *micros)
{
    *micros = 0;
    if (!kr_is_float(v)) {
        int64_t n;
        if (kr_to_int64(v, &n) < 0) {
            if (!kr_raised_is(kr_OverflowError)) return -1;
            kr_clear_exception();
            kr_raise(kr_OverflowError, "timestamp out of range for platform time_t");
            return -1;
        }
        *seconds = (time_t)n;
        return 0;
    }
    double x, whole;
    if (kr_to_double(v, &x) < 0) return -1;
    if (isnan(x)) {
        kr_raise(kr_ValueError, "Invalid value NaN (not a number)");
        return -1;
    }
    double fraction = nearbyint(modf(x, &whole) * 1e6);
    if (fraction >= 1e6)
        whole += 1, fraction -= 1e6;
    else if (fraction < 0)
        whole -= 1, fraction += 1e6;
    if (!(whole >= -9.2e18 && whole <= 9.2e18)) {
        kr_raise(kr_OverflowError, "timestamp out of range for platform time_t");
        return -1;
    }
    *seconds = (time_t)whole;
    *micros = (int)fraction;
    return 0;
}

static KrValue in_zone(KrValue t, KrValue zone)
{
    return kr_is_empty(t) || kr_is(zone, kr_None) ? t : kr_call_method1(zone, "fromutc", t);
}

KR_CLASSMETHOD(datetime, datetime_now, "now", "(cls, /, tz=None)",
               "Returns new datetime object representing current time local to tz.\n\n"
               "  tz\n    Timezone object.\n\nIf no tz is specified, uses local timezone.")
{
    if (dt_check_zone(a[1]) < 0) return KR_EMPTY;
    return in_zone(from_now(kr_to_object(a[0]), !kr_is(a[1], kr_None), a[1]), a[1]);
}
KR_CLASSMETHOD(datetime, datetime_utcnow, "utcnow", "(cls, /)",
               "Return a new datetime representing UTC day and time.")
{
    return from_now(kr_to_object(a[0]), true, kr_None);
}
KR_CLASSMETHOD(datetime, datetime_fromtimestamp, "fromtimestamp", "(cls, timestamp, tz=None)",
               "timestamp[, tz] -> tz's local time from POSIX timestamp.")
{
    time_t seconds;
    int micros;
    if (dt_check_zone(a[2]) < 0 || split_timestamp(a[1], &seconds, &micros) < 0) return KR_EMPTY;
    bool utc = !kr_is(a[2], kr_None);
    return in_zone(from_time(kr_to_object(a[0]), seconds, micros, utc, a[2]), a[2]);
}
KR_CLASSMETHOD(datetime, datetime_utcfromtimestamp, "utcfromtimestamp", "(cls, timestamp, /)",
               "Construct a naive UTC datetime from a POSIX timestamp.")
{
    time_t seconds;
    int micros;
    if (split_timestamp(a[1], &seconds, &micros) < 0) return KR_EMPTY;
    return from_time(kr_to_object(a[0]), seconds, micros, true, kr_None);
}
KR_CLASSMETHOD(datetime, datetime_strptime, "strptime", "(cls, date_string, format, /)",
               "string, format -> new datetime parsed from a string (like time.strptime()).")
{
    KrValue parse = kr_import_attr("_strptime", "_strptime_datetime");
    return kr_is_empty(parse) ? KR_EMPTY : kr_call3(parse, a[0], a[1], a[2]);
}
KR_CLASSMETHOD(datetime, datetime_combine, "combine", "(cls, date, time, tzinfo=<unset>)",
               "date, time -> datetime with same date and time fields")
{
    if (!kr_is_a(a[1], dt_date_type))
        return kr_raise(kr_TypeError, "combine() argument 1 must be datetime.date, not %T", a[1]);
    if (!kr_is_a(a[2], dt_time_type))
        return kr_raise(kr_TypeError, "combine() argument 2 must be datetime.time, not %T", a[2]);
    Clock c = dt_time_of(a[2])->clock;
    if (!kr_is_empty(a[3])) c.zone = a[3];
    if (dt_check_zone(c.zone) < 0) return KR_EMPTY;
    const Date *d = dt_date_of(a[1]);
    return dt_datetime_make(kr_to_object(a[0]), d->year, d->month, d->day, &c);
}

/* The text in ASCII for the parser; its separator may be any character, even a lone surrogate. */
static KrValue ascii_form(KrValue text, size_t *separator)
{
    size_t n = kr_str_length(text);
    char *plain = kr_alloc_bytes(n + 1);
    if (!plain) return KR_EMPTY;
    for (size_t i = 0; i < n; i++) {
        uint32_t c = kr_str_at(text, i);
        plain[i] = c < 128 ? (char)c : '\x7f'; /* nothing that the parser takes */
    }
    *separator = dt_find_separator(plain, n);
    return kr_str_latin1(plain, n);
}

KR_CLASSMETHOD(datetime, datetime_fromisoformat, "fromisoformat", "(cls, string, /)",
               "string -> datetime from a string in most ISO 8601 formats")
{
    int year, month, day;
    Clock c = {.zone = kr_None};
    size_t n, separator;
    if (!kr_is_str(a[1])) return kr_raise(kr_TypeError, "fromisoformat: argument must be str");
    if (kr_str_length(a[1]) < 7) return dt_invalid_iso(a[1]);
    KrValue plain = ascii_form(a[1], &separator);
    if (kr_is_empty(plain)) return KR_EMPTY;
    const char *text = kr_str_utf8(plain, &n);
    if (separator > n) separator = n;
    if (dt_parse_date(text, separator, &year, &month, &day) < 0 ||
        (n > separator && dt_parse_clock(text + separator + 1, n - separator - 1, &c) < 0))
        return dt_invalid_iso(a[1]);
    if (dt_check_date(year, month, day) < 0) return KR_EMPTY;
    return dt_datetime_make(kr_to_object(a[0]), year, month, day, &c);
}

/* ---- Zones ---------------------------------------------------------------------------------- */

/* Its own utcoffset(), as the zone gives it: 1, 0 for None, -1 raised. */
static int offset_of(KrValue v, Micros *span)
{
    *span = 0;
    return dt_zone_span(clock_of(v)->zone, "utcoffset", v, span);
}

KR_FN(datetime, datetime_utcoffset, "utcoffset", "(self, /)", "Return self.tzinfo.utcoffset(self).")
{
    return dt_zone_offset(clock_of(a[0])->zone, "utcoffset", a[0]);
}
KR_FN(datetime, datetime_dst, "dst", "(self, /)", "Return self.tzinfo.dst(self).")
{
    return dt_zone_offset(clock_of(a[0])->zone, "dst", a[0]);
}
KR_FN(datetime, datetime_tzname, "tzname", "(self, /)", "Return self.tzinfo.tzname(self).")
{
    return dt_zone_name(clock_of(a[0])->zone, a[0]);
}

static KrValue with_clock(KrType *type, KrValue v, const Clock *c)
{
    const Date *d = date_of(v);
    return alloc_datetime(type, d->year, d->month, d->day, c);
}
static KrValue with_zone(KrValue v, KrValue zone)
{
    Clock c = *clock_of(v);
    c.zone = zone;
    return with_clock(dt_datetime_type, v, &c);
}

/* The machine's zone at UTC `seconds`, as a timezone of that offset and name. */
static KrValue local_zone_at(int64_t seconds)
{
    struct tm t;
    time_t unix_time = (time_t)(seconds - EPOCH);
    if (!localtime_r(&unix_time, &t)) return kr_raise_errno(errno, KR_EMPTY);
    KrValue name = kr_str_fs(t.tm_zone, strlen(t.tm_zone));
    return kr_is_empty(name) ? name : dt_timezone(dt_delta(t.tm_gmtoff * DT_SECOND), name);
}
static int64_t reading_seconds(KrValue v) { return (int64_t)(micros_of(v) / DT_SECOND); }

static KrValue local_zone_of_naive(KrValue v)
{
    int64_t seconds = local_to_seconds(reading_seconds(v), clock_of(v)->fold);
    return seconds < 0 ? KR_EMPTY : local_zone_at(seconds);
}

KR_FN(datetime, datetime_astimezone, "astimezone", "(self, /, tz=None)",
      "tz -> convert to local time in new timezone tz\n")
{
    KrValue self = a[0], zone = a[1], own = clock_of(self)->zone;
    if (!kr_is(zone, kr_None) && !kr_is_a(zone, dt_tzinfo_type))
        return kr_raise(kr_TypeError,
                        "tzinfo argument must be None or of a tzinfo subclass, not "
                        "type '%T'",
                        zone);
    Micros offset = 0;
    int aware = 0;
    if (!kr_is(own, kr_None)) {
        if (kr_is(own, zone)) return self;
        aware = offset_of(self, &offset);
        if (aware < 0) return KR_EMPTY;
    }
    if (!aware) {
        own = local_zone_of_naive(self);
        if (kr_is_empty(own)) return KR_EMPTY;
        if (kr_is(own, zone)) return with_zone(self, zone);
        if (dt_zone_span(own, "utcoffset", self, &offset) < 0) return KR_EMPTY;
    }
    KrValue utc = from_micros(dt_datetime_type, micros_of(self) - offset, dt_utc);
    if (kr_is_empty(utc)) return KR_EMPTY;
    if (kr_is(zone, kr_None)) zone = local_zone_at(reading_seconds(utc));
    if (kr_is_empty(zone)) return KR_EMPTY;
    const Date *d = date_of(utc);
    Clock c = *clock_of(utc);
    c.zone = zone;
    utc = dt_datetime_make(kr_type_of(self), d->year, d->month, d->day, &c);
    return kr_is_empty(utc) ? KR_EMPTY : kr_call_method1(zone, "fromutc", utc);
}

KR_FN(datetime, datetime_timestamp, "timestamp", "(self, /)", "Return POSIX timestamp as float.")
{
    int micros = clock_of(a[0])->microsecond;
    if (!kr_is(clock_of(a[0])->zone, kr_None)) {
        Micros offset;
        int aware = offset_of(a[0], &offset);
        if (aware < 0) return KR_EMPTY;
        if (!aware)
            return kr_raise(kr_TypeError, "can't subtract offset-naive and offset-aware datetimes");
        Micros span = micros_of(a[0]) - offset - EPOCH * DT_SECOND;
        return kr_float((double)span / 1e6);
    }
    int64_t seconds = local_to_seconds(reading_seconds(a[0]), clock_of(a[0])->fold);
    return seconds < 0 ? KR_EMPTY : kr_float((double)(seconds - EPOCH) + micros / 1e6);
}

/* ---- Operators ------------------------------------------------------------------------------ */

static KrValue shift(KrValue v, KrValue delta, int sign)
{
    return from_micros(kr_type_of(v), micros_of(v) + sign * dt_delta_micros(delta),
                       clock_of(v)->zone);
}
static KrValue datetime_add(KrValue a, KrValue b)
{
    if (is_datetime(a) && kr_is_a(b, dt_delta_type)) return shift(a, b, 1);
    if (kr_is_a(a, dt_delta_type) && is_datetime(b)) return shift(b, a, 1);
    return kr_NotImplemented;
}
static KrValue datetime_subtract(KrValue a, KrValue b)
{
    if (!is_datetime(a)) return kr_NotImplemented;
    if (kr_is_a(b, dt_delta_type)) return shift(a, b, -1);
    if (!is_datetime(b)) return kr_NotImplemented;
    Micros span = micros_of(a) - micros_of(b), p, q;
    if (kr_is(clock_of(a)->zone, clock_of(b)->zone)) return dt_delta(span);
    int has_p = offset_of(a, &p), has_q = has_p < 0 ? -1 : offset_of(b, &q);
    if (has_q < 0) return KR_EMPTY;
    if (has_p != has_q)
        return kr_raise(kr_TypeError, "can't subtract offset-naive and offset-aware datetimes");
    return dt_delta(span - p + q);
}

/* Would the other fold have another offset? Such a time equals none of another zone (PEP 495). */
static int is_problematic(KrValue v, int has, Micros offset)
{
    Clock c = *clock_of(v);
    Micros other;
    if (kr_is(c.zone, kr_None)) return 0;
    c.fold = !c.fold;
    KrValue flipped = with_clock(dt_datetime_type, v, &c);
    int has_other = kr_is_empty(flipped) ? -1 : offset_of(flipped, &other);
    if (has_other < 0) return -1;
    return has != has_other || (has && offset != other);
}

static KrValue compare_zones(KrValue a, KrValue b, int op)
{
    Micros p, q, difference = micros_of(a) - micros_of(b);
    int has_p = offset_of(a, &p), has_q = has_p < 0 ? -1 : offset_of(b, &q);
    if (has_q < 0) return KR_EMPTY;
    if (has_p != has_q) {
        if (op == KR_EQ) return kr_False;
        if (op == KR_NE) return kr_True;
        return kr_raise(kr_TypeError, "can't compare offset-naive and offset-aware datetimes");
    }
    difference += q - p;
    if ((op == KR_EQ || op == KR_NE) && difference == 0) {
        int differs = is_problematic(a, has_p, p);
        if (differs == 0) differs = is_problematic(b, has_q, q);
        if (differs < 0) return KR_EMPTY;
        difference = differs;
    }
    return dt_compare_result(difference < 0 ? -1 : difference > 0, op);
}

static KrValue datetime_compare(KrValue a, KrValue b, int op)
{
    if (!is_datetime(b)) {
        /* A date is no datetime at midnight: it is never equal, and not ordered. */
        if (!kr_is_a(b, dt_date_type)) return kr_NotImplemented;
        if (op == KR_EQ) return kr_False;
        if (op == KR_NE) return kr_True;
        return kr_raise(kr_TypeError, "can't compare %T to %T", a, b);
    }
    if (!kr_is(clock_of(a)->zone, clock_of(b)->zone)) return compare_zones(a, b, op);
    Micros x = micros_of(a), y = micros_of(b);
    return dt_compare_result(x < y ? -1 : x > y, op);
}

static int64_t datetime_hash(KrValue self)
{
    Micros offset = 0;
    if (!kr_is(clock_of(self)->zone, kr_None)) {
        /* Both times of a fold are equal, so the first one's offset counts. */
        Clock c = *clock_of(self);
        KrValue first = self;
        if (c.fold) {
            c.fold = 0;
            first = with_clock(dt_datetime_type, self, &c);
        }
        if (kr_is_empty(first) || offset_of(first, &offset) < 0) return -1;
    }
    Micros span = micros_of(self) - offset;
    return dt_mix_hash((uint64_t)span, (uint64_t)(span >> 64) + 3);
}

/* ---- Text ----------------------------------------------------------------------------------- */

static KrValue datetime_repr(KrValue self)
{
    const Date *d = date_of(self);
    const Clock *c = clock_of(self);
    char rest[48] = "";
    if (c->microsecond)
        snprintf(rest, sizeof rest, ", %d, %d", c->second, c->microsecond);
    else if (c->second)
        snprintf(rest, sizeof rest, ", %d", c->second);
    if (c->fold) strcat(rest, ", fold=1");
    KrValue zone = kr_is(c->zone, kr_None) ? kr_str("") : kr_str_format(", tzinfo=%R", c->zone);
    if (kr_is_empty(zone)) return KR_EMPTY;
    return kr_str_format("%T(%d, %d, %d, %d, %d%s%U)", self, d->year, d->month, d->day, c->hour,
                         c->minute, rest, zone);
}

static KrValue isoformat(KrValue self, uint32_t separator, KrValue timespec)
{
    const Date *d = date_of(self);
    char text[96], *clock, zone[32];
    clock = dt_digits(text, d->year, 4);
    clock = dt_digits((*clock++ = '-', clock), d->month, 2);
    clock = dt_digits((*clock++ = '-', clock), d->day, 2);
    *clock++ = (char)(separator < 128 ? separator : '?');
    if (dt_clock_text(clock, clock_of(self), timespec) < 0 ||
        dt_zone_text(zone, sizeof zone, ":", clock_of(self)->zone, self) < 0)
        return KR_EMPTY;
    strcat(clock, zone);
    if (separator - 1 < 127) return kr_str(text);
    return kr_str_concat(
        kr_str_concat(kr_str_latin1(text, 10), kr_str_from_points(&separator, 1, 4)),
        kr_str(clock));
}
KR_FN(datetime, datetime_isoformat, "isoformat", "(self, /, sep='T', timespec='auto')",
      "[sep] -> string in ISO 8601 format, YYYY-MM-DDT[HH[:MM[:SS[.mmm[uuu]]]]][+HH:MM].\n"
      "sep is used to separate the year from the time, and defaults to 'T'.\n"
      "The optional argument timespec specifies the number of additional terms\n"
      "of the time to include. Valid options are 'auto', 'hours', 'minutes',\n"
      "'seconds', 'milliseconds' and 'microseconds'.\n")
{
    if (!kr_is_str(a[1]) || kr_str_length(a[1]) != 1)
        return kr_raise(kr_TypeError, "isoformat() argument 1 must be a unicode character, not %T",
                        a[1]);
    return isoformat(a[0], kr_str_at(a[1], 0), a[2]);
}
static KrValue datetime_str(KrValue self)
{
    return kr_call_method1(self, "isoformat", kr_str(" "));
}
KR_FN(datetime, datetime_ctime, "ctime", "(self, /)", "Return ctime() style string.")
{
    const Date *d = date_of(a[0]);
    const Clock *c = clock_of(a[0]);
    return dt_ctime(d->year, d->month, d->day, c->hour, c->minute, c->second);
}
KR_FN(datetime, datetime_strftime, "strftime", "(self, format)",
      "format -> strftime() style string.")
{
    return dt_strftime(a[0], a[1], kr_call_method0(a[0], "timetuple"), clock_of(a[0]), a[0]);
}

/* ---- Other methods -------------------------------------------------------------------------- */

KR_FN(datetime, datetime_date, "date", "(self, /)",
      "Return date object with same year, month and day.")
{
    const Date *d = date_of(a[0]);
    return dt_date_make(dt_date_type, d->year, d->month, d->day);
}
KR_FN(datetime, datetime_time, "time", "(self, /)",
      "Return time object with same time but with tzinfo=None.")
{
    Clock c = *clock_of(a[0]);
    c.zone = kr_None;
    return dt_time_make(dt_time_type, &c);
}
KR_FN(datetime, datetime_timetz, "timetz", "(self, /)",
      "Return time object with same time and tzinfo.")
{
    return dt_time_make(dt_time_type, clock_of(a[0]));
}
KR_FN(datetime, datetime_timetuple, "timetuple", "(self, /)",
      "Return time tuple, compatible with time.localtime().")
{
    const Date *d = date_of(a[0]);
    const Clock *c = clock_of(a[0]);
    Micros saving;
    int has = dt_zone_span(c->zone, "dst", a[0], &saving);
    if (has < 0) return KR_EMPTY;
    return dt_struct_time(d->year, d->month, d->day, c->hour, c->minute, c->second,
                          has ? saving != 0 : -1);
}
KR_FN(datetime, datetime_utctimetuple, "utctimetuple", "(self, /)",
      "Return UTC time tuple, compatible with time.localtime().")
{
    Micros offset;
    if (offset_of(a[0], &offset) < 0) return KR_EMPTY;
    KrValue utc = offset ? from_micros(dt_datetime_type, micros_of(a[0]) - offset, kr_None) : a[0];
    if (kr_is_empty(utc)) return KR_EMPTY;
    const Date *d = date_of(utc);
    const Clock *c = clock_of(utc);
    return dt_struct_time(d->year, d->month, d->day, c->hour, c->minute, c->second, 0);
}
KR_FN(datetime, datetime_replace, "replace",
      "(self, /, year=<unset>, month=<unset>, day=<unset>, hour=<unset>, minute=<unset>, "
      "second=<unset>, microsecond=<unset>, tzinfo=<unset>, *, fold=<unset>)",
      "Return datetime with new specified fields.")
{
    const Date *d = date_of(a[0]);
    const Clock *c = clock_of(a[0]);
    int f[8] = {d->year, d->month, d->day, c->hour, c->minute, c->second, c->microsecond, c->fold};
    if (dt_take_fields(a + 1, 7, f) < 0 || dt_take_fields(a + 9, 1, f + 7) < 0) return KR_EMPTY;
    return from_fields(kr_type_of(a[0]), f, kr_is_empty(a[8]) ? c->zone : a[8], true);
}

static KrValue reduce(KrValue self, int protocol)
{
    const Date *d = date_of(self);
    const Clock *c = clock_of(self);
    const uint8_t state[] = {(uint8_t)(d->year >> 8),
                             (uint8_t)d->year,
                             (uint8_t)(d->month | (protocol > 3 && c->fold ? 0x80 : 0)),
                             d->day,
                             c->hour,
                             c->minute,
                             c->second,
                             (uint8_t)(c->microsecond >> 16),
                             (uint8_t)(c->microsecond >> 8),
                             (uint8_t)c->microsecond};
    KrValue bytes = kr_bytes(state, sizeof state);
    KrValue args = kr_is(c->zone, kr_None) ? kr_tuple_of(1, bytes) : kr_tuple_of(2, bytes, c->zone);
    return kr_tuple_of(2, kr_type_value(kr_type_of(self)), args);
}
KR_FN(datetime, datetime_reduce_ex, "__reduce_ex__", "(self, protocol, /)",
      "__reduce_ex__(proto) -> (cls, state)")
{
    int protocol;
    return kr_to_int32(a[1], &protocol) < 0 ? KR_EMPTY : reduce(a[0], protocol);
}
KR_FN(datetime, datetime_reduce, "__reduce__", "(self, /)", "__reduce__() -> (cls, state)")
{
    return reduce(a[0], 2);
}

static KrValue get_hour(KrValue self) { return kr_int(clock_of(self)->hour); }
static KrValue get_minute(KrValue self) { return kr_int(clock_of(self)->minute); }
static KrValue get_second(KrValue self) { return kr_int(clock_of(self)->second); }
static KrValue get_microsecond(KrValue self) { return kr_int(clock_of(self)->microsecond); }
static KrValue get_fold(KrValue self) { return kr_int(clock_of(self)->fold); }
static KrValue get_tzinfo(KrValue self) { return clock_of(self)->zone; }
KR_GETSET(datetime, get_hour, NULL, "hour", NULL)
KR_GETSET(datetime, get_minute, NULL, "minute", NULL)
KR_GETSET(datetime, get_second, NULL, "second", NULL)
KR_GETSET(datetime, get_microsecond, NULL, "microsecond", NULL)
KR_GETSET(datetime, get_tzinfo, NULL, "tzinfo", NULL)
KR_GETSET(datetime, get_fold, NULL, "fold", NULL)

#include "modules/_datetime_datetime.entries.h"

int dt_datetime_init(KrValue module)
{
    static KrTypeSpec spec;
    spec = (KrTypeSpec){
        .name = "datetime.datetime",
        .doc = "datetime(year, month, day[, hour[, minute[, second[, microsecond[,tzinfo]]]]])\n\n"
               "The year, month and day arguments are required. tzinfo may be None, or an\n"
               "instance of a tzinfo subclass. The remaining arguments may be ints.\n",
        .size = sizeof(DateTime),
        .base = dt_date_type,
        .trace = datetime_trace,
        .functions = datetime_functions,
        .getset = datetime_getset,
        .slots = {.make = datetime_make,
                  .repr = datetime_repr,
                  .str = datetime_str,
                  .compare = datetime_compare,
                  .hash = datetime_hash,
                  .binary = {[KR_ADD] = datetime_add, [KR_SUB] = datetime_subtract}}};
    if (!kr_type_once(&dt_datetime_type, &spec)) return -1;
    const Clock first = {.zone = kr_None}, last = {23, 59, 59, 0, 999999, kr_None};
    KrValue class_dict = kr_type_dict(dt_datetime_type);
    KrType *type = dt_datetime_type;
    if (kr_dict_set_ascii(class_dict, "min", alloc_datetime(type, 1, 1, 1, &first)) < 0 ||
        kr_dict_set_ascii(class_dict, "max", alloc_datetime(type, 9999, 12, 31, &last)) < 0 ||
        kr_dict_set_ascii(class_dict, "resolution", dt_delta(1)) < 0)
        return -1;
    return kr_module_add_type(module, type);
}
