/* time.c: the time module. Clocks as CPython's on Linux; sleeping runs detached and goes on after signals. */
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

#include "runtime/krait.h"

/* ---- Clocks ---- */

static KrValue seconds_of(struct timespec t) { return kr_float((double)t.tv_sec + (double)t.tv_nsec * 1e-9); }
static KrValue nanoseconds_of(struct timespec t) { return kr_int((int64_t)t.tv_sec * 1000000000 + t.tv_nsec); }

static KrValue read_clock(clockid_t clock, KrValue (*convert)(struct timespec))
{
    struct timespec now;
    return clock_gettime(clock, &now) != 0 ? kr_raise_errno(errno, KR_EMPTY) : convert(now);
}

KR_FN(time, time_time, "time", "()",
      "time() -> floating point number\n\nReturn the current time in seconds since the Epoch.")
{
    return read_clock(CLOCK_REALTIME, seconds_of);
}
KR_FN(time, time_time_ns, "time_ns", "()", "time_ns() -> int\n\nReturn the current time in nanoseconds since the Epoch.")
{
    return read_clock(CLOCK_REALTIME, nanoseconds_of);
}
KR_FN(time, time_monotonic, "monotonic", "()", "monotonic() -> float\n\nMonotonic clock, cannot go backward.")
{
    return read_clock(CLOCK_MONOTONIC, seconds_of);
}
KR_FN(time, time_monotonic_ns, "monotonic_ns", "()", "monotonic_ns() -> int\n\nMonotonic clock, cannot go backward, as nanoseconds.")
{
    return read_clock(CLOCK_MONOTONIC, nanoseconds_of);
}
KR_FN(time, time_perf_counter, "perf_counter", "()", "perf_counter() -> float\n\nPerformance counter for benchmarking.")
{
    return read_clock(CLOCK_MONOTONIC, seconds_of);
}
KR_FN(time, time_perf_counter_ns, "perf_counter_ns", "()", "perf_counter_ns() -> int\n\nPerformance counter for benchmarking as nanoseconds.")
{
    return read_clock(CLOCK_MONOTONIC, nanoseconds_of);
}
KR_FN(time, time_process_time, "process_time", "()", "process_time() -> float\n\nProcess time for profiling: sum of the kernel and user-space CPU time.")
{
    return read_clock(CLOCK_PROCESS_CPUTIME_ID, seconds_of);
}
KR_FN(time, time_process_time_ns, "process_time_ns", "()", "process_time_ns() -> int\n\nProcess time for profiling as nanoseconds.")
{
    return read_clock(CLOCK_PROCESS_CPUTIME_ID, nanoseconds_of);
}
KR_FN(time, time_thread_time, "thread_time", "()", "thread_time() -> float\n\nThread time for profiling: sum of the kernel and user-space CPU time.")
{
    return read_clock(CLOCK_THREAD_CPUTIME_ID, seconds_of);
}
KR_FN(time, time_thread_time_ns, "thread_time_ns", "()", "thread_time_ns() -> int\n\nThread time for profiling as nanoseconds.")
{
    return read_clock(CLOCK_THREAD_CPUTIME_ID, nanoseconds_of);
}

static KrValue clock_function(KrValue id, int (*function)(clockid_t, struct timespec *), KrValue (*convert)(struct timespec))
{
    int clock;
    struct timespec t;
    if (kr_to_int32(id, &clock) < 0) return KR_EMPTY;
    return function(clock, &t) != 0 ? kr_raise_errno(errno, KR_EMPTY) : convert(t);
}
KR_FN(time, time_clock_gettime, "clock_gettime", "(clk_id, /)", "Return the time of the specified clock clk_id as a float.")
{
    return clock_function(a[0], clock_gettime, seconds_of);
}
KR_FN(time, time_clock_gettime_ns, "clock_gettime_ns", "(clk_id, /)", "Return the time of the specified clock clk_id as nanoseconds (int).")
{
    return clock_function(a[0], clock_gettime, nanoseconds_of);
}
KR_FN(time, time_clock_getres, "clock_getres", "(clk_id, /)", "clock_getres(clk_id) -> floating point number\n\nReturn the resolution (precision) of the specified clock clk_id.")
{
    return clock_function(a[0], clock_getres, seconds_of);
}
KR_FN(time, time_clock_settime, "clock_settime", "(clk_id, time, /)", "Set the time of the specified clock clk_id.")
{
    int clock;
    double seconds;
    if (kr_to_int32(a[0], &clock) < 0 || kr_to_double(a[1], &seconds) < 0) return KR_EMPTY;
    struct timespec t = {(time_t)floor(seconds), (long)((seconds - floor(seconds)) * 1e9)};
    return clock_settime(clock, &t) != 0 ? kr_raise_errno(errno, KR_EMPTY) : kr_None;
}
KR_FN(time, time_clock_settime_ns, "clock_settime_ns", "(clk_id, time, /)", "Set the time of the specified clock clk_id with nanoseconds.")
{
    int clock;
    int64_t ns;
    if (kr_to_int32(a[0], &clock) < 0 || kr_to_int64(a[1], &ns) < 0) return KR_EMPTY;
    struct timespec t = {ns / 1000000000, ns % 1000000000};
    return clock_settime(clock, &t) != 0 ? kr_raise_errno(errno, KR_EMPTY) : kr_None;
}
KR_FN(time, time_pthread_getcpuclockid, "pthread_getcpuclockid", "(thread_id, /)", "Return the clk_id of a thread's CPU time clock.")
{
    uint64_t thread;
    clockid_t clock;
    if (kr_to_uint64(a[0], &thread) < 0) return KR_EMPTY;
    int error = pthread_getcpuclockid((pthread_t)thread, &clock);
    return error ? kr_raise_errno(error, KR_EMPTY) : kr_int(clock);
}

KR_FN(time, time_get_clock_info, "get_clock_info", "(name, /)", "get_clock_info(name: str) -> dict\n\nGet information of the specified clock.")
{
    static const struct {
        const char *name, *implementation;
        clockid_t clock;
        bool monotonic, adjustable;
    } clocks[] = {
        {"time", "clock_gettime(CLOCK_REALTIME)", CLOCK_REALTIME, false, true},
        {"monotonic", "clock_gettime(CLOCK_MONOTONIC)", CLOCK_MONOTONIC, true, false},
        {"perf_counter", "clock_gettime(CLOCK_MONOTONIC)", CLOCK_MONOTONIC, true, false},
        {"process_time", "clock_gettime(CLOCK_PROCESS_CPUTIME_ID)", CLOCK_PROCESS_CPUTIME_ID, true, false},
        {"thread_time", "clock_gettime(CLOCK_THREAD_CPUTIME_ID)", CLOCK_THREAD_CPUTIME_ID, true, false},
    };
    const char *name = kr_str_cstring(a[0]);
    if (!name) return KR_EMPTY;
    for (size_t i = 0; i < sizeof clocks / sizeof *clocks; i++) {
        if (strcmp(clocks[i].name, name) != 0) continue;
        struct timespec resolution;
        clock_getres(clocks[i].clock, &resolution);
        KrValue info = kr_call0(kr_type_value(&kr_namespace_type));
        if (kr_is_empty(info) || kr_setattr_ascii(info, "implementation", kr_str(clocks[i].implementation)) < 0 ||
            kr_setattr_ascii(info, "monotonic", kr_bool(clocks[i].monotonic)) < 0 ||
            kr_setattr_ascii(info, "adjustable", kr_bool(clocks[i].adjustable)) < 0 ||
            kr_setattr_ascii(info, "resolution", seconds_of(resolution)) < 0)
            return KR_EMPTY;
        return info;
    }
    return kr_raise(kr_ValueError, "unknown clock");
}

KR_FN(time, time_sleep, "sleep", "(seconds, /)",
      "sleep(seconds)\n\nDelay execution for a given number of seconds.  The argument may be\n"
      "a floating point number for subsecond precision.")
{
    double seconds;
    if (kr_to_double(a[0], &seconds) < 0) return KR_EMPTY;
    if (isnan(seconds)) return kr_raise(kr_ValueError, "Invalid value NaN (not a number)");
    if (seconds < 0) return kr_raise(kr_ValueError, "sleep length must be non-negative");
    if (seconds > 9.2e9) return kr_raise(kr_OverflowError, "timestamp too large to convert to C _PyTime_t");
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += (time_t)seconds;
    until.tv_nsec += (long)((seconds - floor(seconds)) * 1e9);
    if (until.tv_nsec >= 1000000000) until.tv_nsec -= 1000000000, until.tv_sec++;
    for (;;) {
        kr_detach();
        int error = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
        kr_attach();
        if (error == 0) return kr_None;
        if (error != EINTR) return kr_raise_errno(error, KR_EMPTY);
        if (kr_check_signals() < 0) return KR_EMPTY;
    }
}

/* ---- Calendar time ---- */

static KrType *struct_time_type;

static KrValue struct_time(const struct tm *t)
{
    KrValue values[] = {kr_int((int64_t)t->tm_year + 1900), kr_int(t->tm_mon + 1), kr_int(t->tm_mday), kr_int(t->tm_hour),
                        kr_int(t->tm_min), kr_int(t->tm_sec), kr_int((t->tm_wday + 6) % 7), kr_int(t->tm_yday + 1),
                        kr_int(t->tm_isdst), t->tm_zone ? kr_str(t->tm_zone) : kr_None, kr_int(t->tm_gmtoff)};
    return kr_struct_new(struct_time_type, values);
}

/* Seconds since the epoch of an argument: None is now; fractions are cut towards minus infinity. */
static int time_argument(KrValue v, time_t *seconds)
{
    if (kr_is(v, kr_None)) {
        *seconds = time(NULL);
        return 0;
    }
    if (kr_is_float(v)) {
        double d;
        if (kr_to_double(v, &d) < 0) return -1;
        if (isnan(d)) return kr_raise(kr_ValueError, "Invalid value NaN (not a number)"), -1;
        d = floor(d);
        if (!(d >= -9.3e18 && d < 9.2e18)) return kr_raise(kr_OverflowError, "timestamp out of range for platform time_t"), -1;
        *seconds = (time_t)d;
        return 0;
    }
    int64_t whole;
    if (kr_to_int64(v, &whole) < 0) {
        if (kr_raised_is(kr_OverflowError)) {
            kr_clear_exception();
            kr_raise(kr_OverflowError, "timestamp out of range for platform time_t");
        }
        return -1;
    }
    *seconds = whole;
    return 0;
}

KR_FN(time, time_gmtime, "gmtime", "(seconds=None, /)",
      "gmtime([seconds]) -> (tm_year, tm_mon, tm_mday, tm_hour, tm_min,\n                       tm_sec, tm_wday, tm_yday, tm_isdst)\n\n"
      "Convert seconds since the Epoch to a time tuple expressing UTC (a.k.a.\nGMT).  When 'seconds' is not passed in, convert the current time instead.")
{
    time_t seconds;
    struct tm t;
    if (time_argument(a[0], &seconds) < 0) return KR_EMPTY;
    return gmtime_r(&seconds, &t) ? struct_time(&t) : kr_raise_errno(errno, KR_EMPTY);
}

KR_FN(time, time_localtime, "localtime", "(seconds=None, /)",
      "localtime([seconds]) -> (tm_year,tm_mon,tm_mday,tm_hour,tm_min,\n                          tm_sec,tm_wday,tm_yday,tm_isdst)\n\n"
      "Convert seconds since the Epoch to a time tuple expressing local time.\nWhen 'seconds' is not passed in, convert the current time instead.")
{
    time_t seconds;
    struct tm t;
    if (time_argument(a[0], &seconds) < 0) return KR_EMPTY;
    return localtime_r(&seconds, &t) ? struct_time(&t) : kr_raise_errno(errno, KR_EMPTY);
}

/* A struct_time or 9-tuple as a struct tm. */
static int tm_argument(KrValue v, struct tm *t)
{
    memset(t, 0, sizeof *t);
    if (!kr_is_tuple(v)) return kr_raise(kr_TypeError, "Tuple or struct_time argument required"), -1;
    if (kr_tuple_size(v) != 9) return kr_raise(kr_TypeError, "illegal time tuple argument"), -1;
    int fields[9];
    for (int i = 0; i < 9; i++)
        if (kr_to_int32(kr_tuple_get(v, (size_t)i), &fields[i]) < 0) return -1;
    if (fields[0] < INT32_MIN + 1900) return kr_raise(kr_OverflowError, "year out of range"), -1;
    t->tm_year = fields[0] - 1900;
    t->tm_mon = fields[1] - 1;
    t->tm_mday = fields[2];
    t->tm_hour = fields[3];
    t->tm_min = fields[4];
    t->tm_sec = fields[5];
    t->tm_wday = (fields[6] + 1) % 7;
    t->tm_yday = fields[7] - 1;
    t->tm_isdst = fields[8];
    if (kr_is_instance_exact(v, struct_time_type)) {
        KrValue zone = kr_getattr_ascii(v, "tm_zone"), offset = kr_getattr_ascii(v, "tm_gmtoff");
        int64_t seconds = 0;
        if (kr_is_str(zone)) t->tm_zone = kr_str_utf8(zone, NULL);
        if (kr_is_int(offset) && kr_to_int64(offset, &seconds) == 0) t->tm_gmtoff = seconds;
    }
    return 0;
}

/* strftime and asctime refuse what C's functions would read out of bounds for; zeros count as ones. */
static int check_tm(struct tm *t)
{
    const char *wrong = NULL;
    if (t->tm_mon == -1) t->tm_mon = 0;
    else if (t->tm_mon < 0 || t->tm_mon > 11) wrong = "month out of range";
    if (t->tm_mday == 0) t->tm_mday = 1;
    else if (t->tm_mday < 0 || t->tm_mday > 31) wrong = "day of month out of range";
    if (t->tm_hour < 0 || t->tm_hour > 23) wrong = "hour out of range";
    if (t->tm_min < 0 || t->tm_min > 59) wrong = "minute out of range";
    if (t->tm_sec < 0 || t->tm_sec > 61) wrong = "seconds out of range";
    if (t->tm_wday < 0) wrong = "day of week out of range";
    if (t->tm_yday == -1) t->tm_yday = 0;
    else if (t->tm_yday < 0 || t->tm_yday > 365) wrong = "day of year out of range";
    if (!wrong) return 0;
    kr_raise(kr_ValueError, "%s", wrong);
    return -1;
}

static int tm_or_now(KrValue v, struct tm *t)
{
    if (kr_is_empty(v)) {
        time_t now = time(NULL);
        return localtime_r(&now, t) ? 0 : (kr_raise_errno(errno, KR_EMPTY), -1);
    }
    return tm_argument(v, t) < 0 || check_tm(t) < 0 ? -1 : 0;
}

static KrValue ascii_time(const struct tm *t)
{
    static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    return kr_str_format("%.3s %.3s%3d %02d:%02d:%02d %lld", days + 3 * t->tm_wday, months + 3 * t->tm_mon, t->tm_mday, t->tm_hour,
                         t->tm_min, t->tm_sec, 1900 + (long long)t->tm_year);
}

KR_FN(time, time_asctime, "asctime", "(tuple=<unset>, /)", "asctime([tuple]) -> string\n\nConvert a time tuple to a string, e.g. 'Sat Jun 06 16:26:11 1998'.")
{
    struct tm t;
    return tm_or_now(a[0], &t) < 0 ? KR_EMPTY : ascii_time(&t);
}

KR_FN(time, time_ctime, "ctime", "(seconds=None, /)", "ctime(seconds) -> string\n\nConvert a time in seconds since the Epoch to a string in local time.")
{
    time_t seconds;
    struct tm t;
    if (time_argument(a[0], &seconds) < 0) return KR_EMPTY;
    return localtime_r(&seconds, &t) ? ascii_time(&t) : kr_raise_errno(errno, KR_EMPTY);
}

KR_FN(time, time_mktime, "mktime", "(tuple, /)", "mktime(tuple) -> floating point number\n\nConvert a time tuple in local time to seconds since the Epoch.")
{
    struct tm t;
    if (tm_argument(a[0], &t) < 0) return KR_EMPTY;
    t.tm_wday = -1;
    time_t seconds = mktime(&t);
    if (seconds == (time_t)-1 && t.tm_wday == -1) return kr_raise(kr_OverflowError, "mktime argument out of range");
    return kr_float((double)seconds);
}

KR_FN(time, time_strftime, "strftime", "(format, tuple=<unset>, /)",
      "strftime(format[, tuple]) -> string\n\nConvert a time tuple to a string according to a format specification.")
{
    struct tm t;
    if (!kr_is_str(a[0])) return kr_raise(kr_TypeError, "strftime() argument 1 must be str, not %T", a[0]);
    if (tm_or_now(a[1], &t) < 0) return KR_EMPTY;
    if (t.tm_isdst < -1) t.tm_isdst = -1;
    if (t.tm_isdst > 1) t.tm_isdst = 1;
    KrValue bytes = kr_str_encode(a[0], "utf-8", "surrogateescape");
    if (kr_is_empty(bytes)) return KR_EMPTY;
    /* strftime() stops at a NUL: each part between NULs is formatted by itself. */
    const char *format = (const char *)kr_bytes_data(bytes), *end = format + kr_bytes_size(bytes);
    KrText out;
    kr_text_init(&out);
    while (format <= end) {
        size_t length = strlen(format), room = length * 4 + 256;
        for (char *buffer = NULL; length;) {
            char *larger = realloc(buffer, room);
            if (!larger) {
                free(buffer);
                kr_text_drop(&out);
                return kr_raise_no_memory();
            }
            buffer = larger;
            size_t n = strftime(buffer, room, format, &t);
            if (n || room > 256 * length + 65536) {
                KrValue part = kr_str_decode(buffer, n, "utf-8", "surrogateescape");
                free(buffer);
                if (kr_is_empty(part) || kr_text_add_str(&out, part) < 0) {
                    kr_text_drop(&out);
                    return KR_EMPTY;
                }
                break;
            }
            room *= 2;
        }
        format += strlen(format) + 1;
        if (format <= end) kr_text_add_char(&out, 0);
    }
    return kr_text_finish(&out);
}

KR_FN(time, time_strptime, "strptime", "(string, format='%a %b %d %H:%M:%S %Y', /)",
      "strptime(string, format) -> struct_time\n\nParse a string to a time tuple according to a format specification.")
{
    KrValue parse = kr_import_attr("_strptime", "_strptime_time");
    return kr_is_empty(parse) ? KR_EMPTY : kr_call2(parse, a[0], a[1]);
}

static int set_zone(KrValue module)
{
    tzset();
    time_t january = 1577836800, july = 1593561600; /* 2020 */
    struct tm winter, summer;
    localtime_r(&january, &winter);
    localtime_r(&july, &summer);
    bool south = winter.tm_isdst > 0;
    const struct tm *standard = south ? &summer : &winter, *daylight = south ? &winter : &summer;
    return kr_module_add_int(module, "timezone", -standard->tm_gmtoff) < 0 || kr_module_add_int(module, "altzone", -daylight->tm_gmtoff) < 0 ||
                   kr_module_add_int(module, "daylight", winter.tm_gmtoff != summer.tm_gmtoff) < 0 ||
                   kr_module_add(module, "tzname", kr_tuple_of(2, kr_str(standard->tm_zone), kr_str(daylight->tm_zone))) < 0
               ? -1
               : 0;
}

static KrValue this_module;

KR_FN(time, time_tzset, "tzset", "()", "tzset()\n\nInitialize, or reinitialize, the local timezone to the value stored in\nos.environ['TZ'].")
{
    return set_zone(this_module) < 0 ? KR_EMPTY : kr_None;
}

#include "modules/time.entries.h"

static int time_exec(KrValue module)
{
    static const char *const fields[] = {"tm_year", "tm_mon", "tm_mday", "tm_hour", "tm_min", "tm_sec", "tm_wday", "tm_yday",
                                         "tm_isdst", "tm_zone", "tm_gmtoff", NULL};
    static const KrStructSpec spec = {"time.struct_time",
                                      "The time value as returned by gmtime(), localtime(), and strptime(), and\n"
                                      "accepted by asctime(), mktime() and strftime().",
                                      fields, 9};
    if (!(struct_time_type = kr_struct_type(&spec)) || kr_module_add_type(module, struct_time_type) < 0) return -1;
    kr_root(&this_module);
    this_module = module;
    static const struct {
        const char *name;
        int number;
    } clocks[] = {{"CLOCK_REALTIME", CLOCK_REALTIME}, {"CLOCK_MONOTONIC", CLOCK_MONOTONIC}, {"CLOCK_MONOTONIC_RAW", CLOCK_MONOTONIC_RAW},
                  {"CLOCK_PROCESS_CPUTIME_ID", CLOCK_PROCESS_CPUTIME_ID}, {"CLOCK_THREAD_CPUTIME_ID", CLOCK_THREAD_CPUTIME_ID},
                  {"CLOCK_BOOTTIME", CLOCK_BOOTTIME}, {"CLOCK_TAI", CLOCK_TAI}, {"_STRUCT_TM_ITEMS", 11}};
    for (size_t i = 0; i < sizeof clocks / sizeof *clocks; i++)
        if (kr_module_add_int(module, clocks[i].name, clocks[i].number) < 0) return -1;
    return set_zone(module);
}

KR_MODULE(time) = {
    .api_version = KR_API_VERSION,
    .name = "time",
    .doc = "This module provides various functions to manipulate time values.",
    .functions = time_functions,
    .exec = time_exec,
};
