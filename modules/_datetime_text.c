/* _datetime_text.c: dates and times as text: ISO 8601 written and read, strftime, ctime. */
#include <stdio.h>

#include "modules/_datetime.h"

/* ---- Writing -------------------------------------------------------------------------------- */

char *dt_digits(char *to, int value, int n)
{
    for (int i = n; i-- > 0; value /= 10) to[i] = (char)('0' + value % 10);
    return to + n;
}

int dt_clock_text(char *text, const Clock *c, KrValue timespec)
{
    static const char *const names[] = {"auto",    "hours",        "minutes",
                                        "seconds", "milliseconds", "microseconds"};
    const char *wanted = kr_str_cstring(timespec);
    size_t precision = 0, count = sizeof names / sizeof *names;
    if (!wanted) return -1;
    while (precision < count && strcmp(wanted, names[precision]) != 0) precision++;
    if (precision == 0) precision = c->microsecond ? 5 : 3;
    if (precision == count) {
        kr_raise(kr_ValueError, "Unknown timespec value");
        return -1;
    }
    text = dt_digits(text, c->hour, 2);
    if (precision > 1) text = dt_digits((*text++ = ':', text), c->minute, 2);
    if (precision > 2) text = dt_digits((*text++ = ':', text), c->second, 2);
    if (precision == 4) text = dt_digits((*text++ = '.', text), c->microsecond / 1000, 3);
    if (precision == 5) text = dt_digits((*text++ = '.', text), c->microsecond, 6);
    *text = 0;
    return 0;
}

KrValue dt_ctime(int year, int month, int day, int hour, int minute, int second)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return kr_str_format("%s %s %2d %02d:%02d:%02d %04d", days[dt_weekday(year, month, day)],
                         months[month - 1], day, hour, minute, second, year);
}

/* What stands for %z, %Z or %f in the format; 0 when the directive is the C library's. */
static int add_directive(KrText *out, uint32_t directive, const Clock *clock, KrValue argument)
{
    char text[40];
    KrValue zone = clock ? clock->zone : kr_None;
    if (directive == 'f') {
        kr_text_add_format(out, "%06d", clock ? clock->microsecond : 0);
        return 1;
    }
    if (directive == 'z') {
        if (dt_zone_text(text, sizeof text, "", zone, argument) < 0) return -1;
        kr_text_add_ascii(out, text);
        return 1;
    }
    if (directive != 'Z') return 0;
    KrValue name = dt_zone_name(zone, argument);
    if (kr_is_empty(name)) return -1;
    if (kr_is(name, kr_None)) return 1;
    name = kr_call_method(name, KR_NAME("replace"), (KrValue[]){kr_str("%"), kr_str("%%")}, 2);
    if (kr_is_empty(name)) return -1;
    if (!kr_is_str(name)) {
        kr_raise(kr_TypeError, "tzname.replace() did not return a string");
        return -1;
    }
    kr_text_add_str(out, name);
    return 1;
}

KrValue dt_strftime(KR_UNUSED KrValue object, KrValue format, KrValue tuple, const Clock *clock,
                    KrValue zone_argument)
{
    if (!kr_is_str(format))
        return kr_raise(kr_TypeError, "strftime() argument 1 must be str, not %T", format);
    if (kr_is_empty(tuple) || !kr_str_utf8(format, NULL)) return KR_EMPTY;
    KrText out;
    kr_text_init(&out);
    size_t n = kr_str_length(format);
    for (size_t i = 0; i < n; i++) {
        uint32_t c = kr_str_at(format, i);
        if (c != '%' || i + 1 == n) {
            kr_text_add_char(&out, c);
            continue;
        }
        uint32_t directive = kr_str_at(format, ++i);
        int done = add_directive(&out, directive, clock, zone_argument);
        if (done < 0) {
            kr_text_drop(&out);
            return KR_EMPTY;
        }
        if (!done) {
            kr_text_add_char(&out, c);
            kr_text_add_char(&out, directive);
        }
    }
    KrValue filled = kr_text_finish(&out), strftime = kr_import_attr("time", "strftime");
    if (kr_is_empty(filled) || kr_is_empty(strftime)) return KR_EMPTY;
    return kr_call2(strftime, filled, tuple);
}

KrValue dt_format(KrValue self, KrValue spec)
{
    if (!kr_is_str(spec))
        return kr_raise(kr_TypeError, "__format__() argument 1 must be str, not %T", spec);
    return kr_str_length(spec) ? kr_call_method1(self, "strftime", spec) : kr_to_str(self);
}

/* ---- Reading -------------------------------------------------------------------------------- */

KrValue dt_invalid_iso(KrValue text)
{
    if (kr_raised() && !kr_raised_is(kr_ValueError)) return KR_EMPTY;
    kr_clear_exception();
    return kr_raise(kr_ValueError, "Invalid isoformat string: %R", text);
}

/* A cursor over the text; `ok` turns false at the first thing that does not fit. */
typedef struct Reader {
    const char *at, *end;
    bool ok;
} Reader;

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool next_is(const Reader *r, char c) { return r->at < r->end && *r->at == c; }

static int read_digits(Reader *r, int n)
{
    int value = 0;
    for (int i = 0; i < n && r->ok; i++) {
        r->ok = r->at < r->end && is_digit(*r->at);
        if (r->ok) value = value * 10 + (*r->at++ - '0');
    }
    return value;
}
/* A separator that must be there, or must not, as its first place told. */
static void read_separator(Reader *r, char c, bool expected)
{
    if (next_is(r, c) != expected)
        r->ok = false;
    else if (expected)
        r->at++;
}

static int no_iso(void)
{
    if (!kr_raised()) kr_raise(kr_ValueError, "Invalid ISO string");
    return -1;
}

int dt_parse_date(const char *text, size_t n, int *year, int *month, int *day)
{
    Reader r = {text, text + n, n == 7 || n == 8 || n == 10};
    *year = read_digits(&r, 4);
    bool dashes = r.ok && next_is(&r, '-');
    if (dashes) r.at++;
    if (r.ok && next_is(&r, 'W')) {
        r.at++;
        int week = read_digits(&r, 2), weekday = 1;
        if (r.ok && r.at < r.end) {
            read_separator(&r, '-', dashes);
            weekday = read_digits(&r, 1);
        }
        if (!r.ok || r.at != r.end) return no_iso();
        return dt_from_iso_week(*year, week, weekday, year, month, day);
    }
    *month = read_digits(&r, 2);
    if (r.ok) read_separator(&r, '-', dashes);
    *day = read_digits(&r, 2);
    return r.ok && r.at == r.end ? 0 : no_iso();
}

/* A fraction of a second: six digits count, more are read over. */
static int read_fraction(Reader *r)
{
    int value = 0, n = 0;
    r->at++;
    r->ok = r->at < r->end;
    for (; r->at < r->end && is_digit(*r->at); r->at++, n++)
        if (n < 6) value = value * 10 + (*r->at - '0');
    if (n == 0) r->ok = false;
    for (; n < 6; n++) value *= 10;
    return value;
}

/* HH[:MM[:SS[.f+]]], with all colons or none. */
static bool read_fields(const char *text, const char *end, int fields[4])
{
    Reader r = {text, end, true};
    bool colons = false;
    memset(fields, 0, 4 * sizeof *fields);
    for (int i = 0; i < 3 && r.ok; i++) {
        fields[i] = read_digits(&r, 2);
        if (!r.ok || r.at == r.end) break;
        if (i == 0) colons = *r.at == ':';
        if (i == 2 || *r.at == '.' || *r.at == ',') {
            if (i < 2 && colons) r.ok = false;
            break;
        }
        if (colons) read_separator(&r, ':', true);
    }
    if (r.ok && r.at < r.end) {
        if (*r.at != '.' && *r.at != ',') return false;
        fields[3] = read_fraction(&r);
    }
    return r.ok && r.at == r.end;
}

/* The zone behind a time: "Z" or an offset without its sign. */
static KrValue parse_zone(const char *text, const char *end, char sign)
{
    int f[4];
    size_t n = (size_t)(end - text);
    if (sign == 'Z' && n == 0) return dt_utc;
    if (sign == 'Z' || n == 0 || n == 1 || n == 3 || !read_fields(text, end, f)) {
        no_iso();
        return KR_EMPTY;
    }
    Micros span = ((f[0] * 60 + f[1]) * 60 + f[2]) * DT_SECOND + f[3];
    return dt_timezone(dt_delta(sign == '-' ? -span : span), KR_EMPTY);
}

int dt_parse_clock(const char *text, size_t n, Clock *clock)
{
    const char *end = text + n, *sign = text;
    int f[4];
    while (sign < end && *sign != '-' && *sign != '+' && *sign != 'Z') sign++;
    if (!read_fields(text, sign, f)) return no_iso();
    clock->zone = sign < end ? parse_zone(sign + 1, end, *sign) : kr_None;
    if (kr_is_empty(clock->zone) || dt_check_clock(f[0], f[1], f[2], f[3], 0) < 0) return -1;
    clock->hour = (uint8_t)f[0];
    clock->minute = (uint8_t)f[1];
    clock->second = (uint8_t)f[2];
    clock->microsecond = f[3];
    clock->fold = 0;
    return 0;
}

size_t dt_find_separator(const char *text, size_t n)
{
    if (n == 7) return 7;
    if (text[4] == '-') {
        if (text[5] != 'W') return 10; /* YYYY-MM-DD */
        if (n > 8 && text[8] == '-') {
            if (n == 9) return n;                         /* "YYYY-Www-" is neither */
            return n > 10 && is_digit(text[10]) ? 8 : 10; /* a digit more: '-' was the separator */
        }
        return 8;
    }
    if (text[4] != 'W') return 8; /* YYYYMMDD */
    size_t i = 7;
    while (i < n && is_digit(text[i])) i++;
    if (i < 9) return i;
    return i % 2 == 0 ? 7 : 8; /* an even number of digits in all: the weekday is not there */
}
