/* _datetime.c: the _datetime module: the calendar that its types share, and the module itself.
 *
 *     _datetime_delta.c     timedelta
 *     _datetime_zone.c      tzinfo, timezone
 *     _datetime_date.c      date
 *     _datetime_time.c      time
 *     _datetime_datetime.c  datetime
 *     _datetime_text.c      ISO 8601 in both directions, strftime
 *
 * Dates are counted in days of the proleptic Gregorian calendar; spans in microseconds. */
#include "modules/_datetime.h"

/* ---- The calendar --------------------------------------------------------------------------- */

static bool is_leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int dt_days_in_month(int year, int month)
{
    static const uint8_t days[] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month];
}

/* Days of the year before the month. */
static int days_before_month(int year, int month)
{
    static const int16_t days[] = {0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    return days[month] + (month > 2 && is_leap(year));
}

static int days_before_year(int year)
{
    int y = year - 1;
    return y * 365 + y / 4 - y / 100 + y / 400;
}

int dt_ordinal(int year, int month, int day)
{
    return days_before_year(year) + days_before_month(year, month) + day;
}

void dt_from_ordinal(int ordinal, int *year, int *month, int *day)
{
    /* Years repeat every 400; the estimate from the mean length is at most one too high. */
    int n = ordinal - 1;
    int y = n / 146097 * 400 + (int)((int64_t)(n % 146097) * 400 / 146097) + 1;
    if (days_before_year(y) > n) y--;
    if (days_before_year(y + 1) <= n) y++;
    n -= days_before_year(y);
    int m = n / 29 + 1;
    if (m > 12) m = 12;
    while (days_before_month(y, m) > n) m--;
    *year = y;
    *month = m;
    *day = n - days_before_month(y, m) + 1;
}

int dt_weekday(int year, int month, int day) { return (dt_ordinal(year, month, day) + 6) % 7; }

int dt_iso_week1_monday(int year)
{
    int first = dt_ordinal(year, 1, 1), weekday = (first + 6) % 7;
    int monday = first - weekday;
    return weekday > 3 ? monday + 7 : monday; /* week 1 has the year's first Thursday */
}

int dt_from_iso_week(int year, int week, int weekday, int *y, int *m, int *d)
{
    if (year < DT_MIN_YEAR || year > DT_MAX_YEAR) {
        kr_raise(kr_ValueError, "Year is out of range: %d", year);
        return -1;
    }
    bool out = week <= 0 || week > 53;
    if (week == 53) {
        /* Years of 53 weeks begin on a Thursday, or on a Wednesday when they leap. */
        int first = dt_weekday(year, 1, 1);
        out = !(first == 3 || (first == 2 && is_leap(year)));
    }
    if (out) {
        kr_raise(kr_ValueError, "Invalid week: %d", week);
        return -1;
    }
    if (weekday < 1 || weekday > 7) {
        kr_raise(kr_ValueError, "Invalid weekday: %d (range is [1, 7])", weekday);
        return -1;
    }
    int ordinal = dt_iso_week1_monday(year) + (week - 1) * 7 + weekday - 1;
    if (ordinal < 1 || ordinal > DT_MAX_ORDINAL) {
        kr_raise(kr_ValueError, "year %d is out of range", ordinal < 1 ? 0 : 10000);
        return -1;
    }
    dt_from_ordinal(ordinal, y, m, d);
    return 0;
}

/* ---- Checks --------------------------------------------------------------------------------- */

static int out_of_range(const char *message)
{
    kr_raise(kr_ValueError, "%s", message);
    return -1;
}

int dt_check_date(int year, int month, int day)
{
    if (year < DT_MIN_YEAR || year > DT_MAX_YEAR) {
        kr_raise(kr_ValueError, "year %d is out of range", year);
        return -1;
    }
    if (month < 1 || month > 12) return out_of_range("month must be in 1..12");
    if (day < 1 || day > dt_days_in_month(year, month))
        return out_of_range("day is out of range for month");
    return 0;
}

int dt_check_clock(int hour, int minute, int second, int microsecond, int fold)
{
    if (hour < 0 || hour > 23) return out_of_range("hour must be in 0..23");
    if (minute < 0 || minute > 59) return out_of_range("minute must be in 0..59");
    if (second < 0 || second > 59) return out_of_range("second must be in 0..59");
    if (microsecond < 0 || microsecond > 999999)
        return out_of_range("microsecond must be in 0..999999");
    if (fold != 0 && fold != 1) return out_of_range("fold must be either 0 or 1");
    return 0;
}

int dt_check_zone(KrValue zone)
{
    if (kr_is(zone, kr_None) || kr_is_a(zone, dt_tzinfo_type)) return 0;
    kr_raise(kr_TypeError, "tzinfo argument must be None or of a tzinfo subclass, not type '%T'",
             zone);
    return -1;
}

/* ---- Small helpers -------------------------------------------------------------------------- */

KrValue dt_compare_result(int64_t difference, int op)
{
    return kr_bool(kr_order_holds(difference, op));
}

int64_t dt_mix_hash(uint64_t a, uint64_t b)
{
    uint64_t h = (a ^ b * 0x9e3779b97f4a7c15u) * 0xff51afd7ed558ccdu;
    h ^= h >> 32;
    return (int64_t)h == -1 ? -2 : (int64_t)h;
}

Micros dt_clock_micros(const Clock *c)
{
    return ((c->hour * 60 + c->minute) * 60 + c->second) * DT_SECOND + c->microsecond;
}

int dt_take_fields(const KrValue *slots, int n, int *fields)
{
    for (int i = 0; i < n; i++)
        if (!kr_is_empty(slots[i]) && kr_to_int32(slots[i], &fields[i]) < 0) return -1;
    return 0;
}

KrValue dt_struct_time(int year, int month, int day, int hour, int minute, int second, int dst)
{
    const int fields[] = {year,
                          month,
                          day,
                          hour,
                          minute,
                          second,
                          dt_weekday(year, month, day),
                          days_before_month(year, month) + day,
                          dst};
    KrValue values[9];
    for (int i = 0; i < 9; i++) values[i] = kr_int(fields[i]);
    KrValue class = kr_import_attr("time", "struct_time"), tuple = kr_tuple(values, 9);
    return kr_is_empty(class) || kr_is_empty(tuple) ? KR_EMPTY : kr_call1(class, tuple);
}

/* ---- The module ----------------------------------------------------------------------------- */

static int datetime_exec(KrValue module)
{
    if (dt_delta_init(module) < 0 || dt_zone_init(module) < 0 || dt_date_init(module) < 0 ||
        dt_time_init(module) < 0 || dt_datetime_init(module) < 0)
        return -1;
    if (kr_module_add_int(module, "MINYEAR", DT_MIN_YEAR) < 0 ||
        kr_module_add_int(module, "MAXYEAR", DT_MAX_YEAR) < 0)
        return -1;
    return kr_module_add(module, "UTC", dt_utc);
}

KR_MODULE(_datetime) = {.api_version = KR_API_VERSION,
                        .name = "_datetime",
                        .exec = datetime_exec,
                        .doc = "Fast implementation of the datetime type."};
