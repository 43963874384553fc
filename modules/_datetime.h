/* _datetime.h: what the files of the _datetime module share: the objects' layouts, the calendar and
 * calls of time zones. */
#ifndef MODULES_DATETIME_H
#define MODULES_DATETIME_H

#include "modules/support.h"

/* Spans in microseconds: timedelta's range, 2**67, does not fit 64 bits. */
typedef __int128 Micros;

enum {
    DT_MIN_YEAR = 1,
    DT_MAX_YEAR = 9999,
    DT_MAX_ORDINAL = 3652059,
    DT_MAX_DELTA_DAYS = 999999999
};
#define DT_SECOND ((Micros)1000000)
#define DT_DAY (86400 * DT_SECOND)

typedef struct Delta {
    KrObject head;
    int32_t days, seconds, microseconds; /* 0 <= seconds < 86400, 0 <= microseconds < 10**6 */
} Delta;

typedef struct Date {
    KrObject head;
    int16_t year;
    uint8_t month, day;
} Date;

/* A time of day. */
typedef struct Clock {
    uint8_t hour, minute, second, fold;
    int32_t microsecond;
    KrValue zone; /* None or a tzinfo */
} Clock;

typedef struct Time {
    KrObject head;
    Clock clock;
} Time;

/* datetime derives from date. */
typedef struct DateTime {
    Date date;
    Clock clock;
} DateTime;

static inline Delta *dt_delta_of(KrValue v) { return kr_to_object(v); }
static inline Date *dt_date_of(KrValue v) { return kr_to_object(v); }
static inline Time *dt_time_of(KrValue v) { return kr_to_object(v); }
static inline DateTime *dt_datetime_of(KrValue v) { return kr_to_object(v); }

extern KrType *dt_delta_type, *dt_date_type, *dt_time_type, *dt_datetime_type, *dt_tzinfo_type,
    *dt_timezone_type;
extern KrValue dt_utc; /* timezone.utc */

/* ---- The proleptic Gregorian calendar (_datetime.c) ---- */

int dt_days_in_month(int year, int month);
/* 1 January of year 1 is day 1. */
int dt_ordinal(int year, int month, int day);
void dt_from_ordinal(int ordinal, int *year, int *month, int *day);
/* Monday is 0. */
int dt_weekday(int year, int month, int day);
/* The ordinal of the Monday of ISO week 1. */
int dt_iso_week1_monday(int year);
/* From ISO year, week and weekday; -1 raised: ValueError. */
int dt_from_iso_week(int year, int week, int weekday, int *y, int *m, int *d);
int dt_check_date(int year, int month, int day);
int dt_check_clock(int hour, int minute, int second, int microsecond, int fold);
int dt_check_zone(KrValue zone);

/* ---- timedelta (_datetime_delta.c) ---- */

int dt_delta_init(KrValue module);
KrValue dt_delta(Micros span); /* OverflowError */
Micros dt_delta_micros(KrValue delta);

/* ---- tzinfo and timezone (_datetime_zone.c) ---- */

int dt_zone_init(KrValue module);
KrValue dt_timezone(KrValue offset /* a timedelta */, KrValue name /* or empty */);
/* zone.method(argument), "utcoffset" or "dst": None or a timedelta of less than a day. */
KrValue dt_zone_offset(KrValue zone, const char *method, KrValue argument);
/* As a span: 1, 0 for None, -1 raised. */
int dt_zone_span(KrValue zone, const char *method, KrValue argument, Micros *span);
KrValue dt_zone_name(KrValue zone, KrValue argument);
/* "+HH:MM[:SS[.ffffff]]" with the separator, or nothing for a None offset. -1 raised. */
int dt_zone_text(char *text, size_t room, const char *separator, KrValue zone, KrValue argument);

/* ---- date, time, datetime ---- */

int dt_date_init(KrValue module);
int dt_time_init(KrValue module);
int dt_datetime_init(KrValue module);
/* type(year, month, day); a subclass is called. */
KrValue dt_date_make(KrType *type, int year, int month, int day);
KrValue dt_time_make(KrType *type, const Clock *clock);
KrValue dt_datetime_make(KrType *type, int year, int month, int day, const Clock *clock);
/* Fields and the difference of "a op b" are compared alike. */
KrValue dt_compare_result(int64_t difference, int op);
int64_t dt_mix_hash(uint64_t a, uint64_t b);
/* Clock arithmetic. */
Micros dt_clock_micros(const Clock *clock);
/* Two-argument replace(): an unset slot keeps the field. -1 raised. */
int dt_take_fields(const KrValue *slots, int n, int *fields);
/* {year, month, day, hour, minute, second, weekday, yearday, dst} as time.struct_time. */
KrValue dt_struct_time(int year, int month, int day, int hour, int minute, int second, int dst);

/* ---- Text (_datetime_text.c) ---- */

/* The clock as isoformat() writes it, without the zone. -1 raised: unknown timespec. */
int dt_clock_text(char *text /* 24 bytes */, const Clock *clock, KrValue timespec);
/* n digits; gives the end. */
char *dt_digits(char *to, int value, int n);
/* strftime() with %z, %Z and %f filled in for `object`, whose fields are in `tuple`. */
KrValue dt_strftime(KrValue object, KrValue format, KrValue tuple, const Clock *clock,
                    KrValue zone_argument);
KrValue dt_format(KrValue self, KrValue spec);
KrValue dt_ctime(int year, int month, int day, int hour, int minute, int second);
/* ISO 8601. -1 with ValueError for text that is none. */
int dt_parse_date(const char *text, size_t n, int *year, int *month, int *day);
int dt_parse_clock(const char *text, size_t n, Clock *clock);
/* Where the date ends in a date and time. */
size_t dt_find_separator(const char *text, size_t n);
KrValue dt_invalid_iso(KrValue text);

#endif
