/* _datetime_date.c: date, a day of the proleptic Gregorian calendar, and what isocalendar() gives. */
#include <stdio.h>
#include <time.h>

#include "modules/_datetime.h"

KrType *dt_date_type;
static KrType *iso_type;

static bool is_delta(KrValue v) { return kr_is_a(v, dt_delta_type); }
static bool is_date(KrValue v) { return kr_is_a(v, dt_date_type); }
static int ordinal_of(KrValue v)
{
    const Date *d = dt_date_of(v);
    return dt_ordinal(d->year, d->month, d->day);
}

/* ---- Making --------------------------------------------------------------------------------- */

/* Fields of a pickle come unchecked but for the month, as in CPython. */
static KrValue alloc_date(KrType *type, int year, int month, int day)
{
    Date *d = kr_alloc_instance(type);
    if (!d) return KR_EMPTY;
    d->year = (int16_t)year;
    d->month = (uint8_t)month;
    d->day = (uint8_t)day;
    return kr_from_object(d);
}

KrValue dt_date_make(KrType *type, int year, int month, int day)
{
    if (type == dt_date_type)
        return dt_check_date(year, month, day) < 0 ? KR_EMPTY : alloc_date(type, year, month, day);
    return kr_call3(kr_type_value(type), kr_int(year), kr_int(month), kr_int(day));
}

static KrValue from_ordinal(KrType *type, int64_t ordinal)
{
    int year, month, day;
    if (ordinal < 1) return kr_raise(kr_ValueError, "ordinal must be >= 1");
    if (ordinal > DT_MAX_ORDINAL) return kr_raise(kr_ValueError, "year is out of range");
    dt_from_ordinal((int)ordinal, &year, &month, &day);
    return dt_date_make(type, year, month, day);
}

/* A pickled date: four bytes, of which the third is a month. Python 2's come as text. */
static const uint8_t *pickled_state(const KrValue *args, size_t n)
{
    if (n != 1) return NULL;
    if (kr_is_bytes(args[0]) && kr_bytes_size(args[0]) == 4) {
        const uint8_t *state = kr_bytes_data(args[0]);
        return state[2] >= 1 && state[2] <= 12 ? state : NULL;
    }
    return NULL;
}

static KrValue date_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    static const KrFunction entry = {"date", "(year, month, day)", NULL, NULL, 0, NULL};
    KrValue slots[3], bytes;
    int f[3];
    if (n == 1 && kr_is_str(args[0]) && kr_str_length(args[0]) == 4 && kr_str_at(args[0], 2) >= 1 &&
        kr_str_at(args[0], 2) <= 12) {
        bytes = kr_str_encode(args[0], "latin1", NULL);
        if (kr_is_empty(bytes)) {
            kr_clear_exception();
            return kr_raise(kr_ValueError,
                            "Failed to encode latin1 string when unpickling a date object. "
                            "pickle.load(data, encoding='latin1') is assumed.");
        }
        args = &bytes;
    }
    const uint8_t *state = pickled_state(args, n);
    if (state) return alloc_date(type, state[0] << 8 | state[1], state[2], state[3]);
    if (kr_bind(&entry, args, n, kwnames, slots) < 0 || dt_take_fields(slots, 3, f) < 0)
        return KR_EMPTY;
    return dt_check_date(f[0], f[1], f[2]) < 0 ? KR_EMPTY : alloc_date(type, f[0], f[1], f[2]);
}

KR_CLASSMETHOD(date, date_fromtimestamp, "fromtimestamp", "(cls, timestamp, /)",
               "Create a date from a POSIX timestamp.\n\n"
               "The timestamp is a number, e.g. created via time.time(), that is interpreted\n"
               "as local time.")
{
    KrValue localtime = kr_import_attr("time", "localtime");
    KrValue t =
        kr_is_empty(localtime) || kr_is(a[1], kr_None) ? KR_EMPTY : kr_call1(localtime, a[1]);
    int f[3];
    if (kr_is_empty(t)) {
        if (kr_raised()) return KR_EMPTY;
        return kr_raise(kr_TypeError, "an integer is required (got type %T)", a[1]);
    }
    for (int i = 0; i < 3; i++)
        if (kr_to_int32(kr_tuple_get(t, (size_t)i), &f[i]) < 0) return KR_EMPTY;
    return dt_date_make(kr_to_object(a[0]), f[0], f[1], f[2]);
}
KR_CLASSMETHOD(date, date_today, "today", "(cls, /)",
               "Current date or datetime:  same as self.__class__.fromtimestamp(time.time()).")
{
    KrValue now = kr_import_attr("time", "time");
    now = kr_is_empty(now) ? now : kr_call0(now);
    return kr_is_empty(now) ? KR_EMPTY : kr_call_method1(a[0], "fromtimestamp", now);
}
KR_CLASSMETHOD(date, date_fromordinal, "fromordinal", "(cls, ordinal, /)",
               "int -> date corresponding to a proleptic Gregorian ordinal.")
{
    int ordinal;
    if (kr_to_int32(a[1], &ordinal) < 0) return KR_EMPTY;
    return from_ordinal(kr_to_object(a[0]), ordinal);
}
KR_CLASSMETHOD(date, date_fromisoformat, "fromisoformat", "(cls, date_string, /)",
               "str -> Construct a date from a string in ISO 8601 format.")
{
    int year, month, day;
    size_t n;
    if (!kr_is_str(a[1])) return kr_raise(kr_TypeError, "fromisoformat: argument must be str");
    const char *text = kr_str_utf8(a[1], &n);
    if (!text || dt_parse_date(text, n, &year, &month, &day) < 0) return dt_invalid_iso(a[1]);
    return dt_date_make(kr_to_object(a[0]), year, month, day);
}
KR_CLASSMETHOD(date, date_fromisocalendar, "fromisocalendar", "(cls, year, week, day)",
               "int, int, int -> Construct a date from the ISO year, week number and weekday.\n\n"
               "This is the inverse of the date.isocalendar() function")
{
    int f[3], year, month, day;
    if (dt_take_fields(a + 1, 3, f) < 0) {
        if (kr_raised_is(kr_OverflowError)) {
            kr_clear_exception();
            return kr_raise(kr_ValueError, "ISO calendar component out of range");
        }
        return KR_EMPTY;
    }
    if (dt_from_iso_week(f[0], f[1], f[2], &year, &month, &day) < 0) return KR_EMPTY;
    return dt_date_make(kr_to_object(a[0]), year, month, day);
}

/* ---- Operators ------------------------------------------------------------------------------ */

static KrValue shift(KrValue date, KrValue delta, int sign)
{
    int64_t ordinal = ordinal_of(date) + (int64_t)sign * dt_delta_of(delta)->days;
    if (ordinal < 1 || ordinal > DT_MAX_ORDINAL)
        return kr_raise(kr_OverflowError, "date value out of range");
    return from_ordinal(kr_type_of(date), ordinal);
}
static KrValue date_add(KrValue a, KrValue b)
{
    if (kr_is_a(a, dt_datetime_type) || kr_is_a(b, dt_datetime_type)) return kr_NotImplemented;
    if (is_date(a) && is_delta(b)) return shift(a, b, 1);
    if (is_delta(a) && is_date(b)) return shift(b, a, 1);
    return kr_NotImplemented;
}
static KrValue date_subtract(KrValue a, KrValue b)
{
    if (kr_is_a(a, dt_datetime_type) || kr_is_a(b, dt_datetime_type) || !is_date(a))
        return kr_NotImplemented;
    if (is_date(b)) return dt_delta((ordinal_of(a) - ordinal_of(b)) * DT_DAY);
    return is_delta(b) ? shift(a, b, -1) : kr_NotImplemented;
}

static KrValue date_compare(KrValue a, KrValue b, int op)
{
    if (!is_date(b)) return kr_NotImplemented; /* a datetime, a subclass, is asked first */
    return dt_compare_result(ordinal_of(a) - ordinal_of(b), op);
}
static int64_t date_hash(KrValue self) { return dt_mix_hash((uint64_t)ordinal_of(self), 1); }

/* ---- Text ----------------------------------------------------------------------------------- */

static KrValue date_repr(KrValue self)
{
    const Date *d = dt_date_of(self);
    return kr_str_format("%T(%d, %d, %d)", self, d->year, d->month, d->day);
}
KR_FN(date, date_isoformat, "isoformat", "(self, /)",
      "Return string in ISO 8601 format, YYYY-MM-DD.")
{
    const Date *d = dt_date_of(a[0]);
    char text[32];
    char *end = dt_digits(text, d->year, 4);
    end = dt_digits((*end++ = '-', end), d->month, 2);
    end = dt_digits((*end++ = '-', end), d->day, 2);
    return kr_str_latin1(text, (size_t)(end - text));
}
static KrValue date_str(KrValue self) { return kr_call_method0(self, "isoformat"); }
KR_FN(date, date_ctime, "ctime", "(self, /)", "Return ctime() style string.")
{
    const Date *d = dt_date_of(a[0]);
    return dt_ctime(d->year, d->month, d->day, 0, 0, 0);
}
KR_FN(date, date_strftime, "strftime", "(self, format)", "format -> strftime() style string.")
{
    /* A subclass may say what its fields are. datetime has a method of its own. */
    return dt_strftime(a[0], a[1], kr_call_method0(a[0], "timetuple"), NULL, a[0]);
}
KR_FN(date, date_format, "__format__", "(self, format_spec, /)", "Formats self with strftime.")
{
    return dt_format(a[0], a[1]);
}

/* ---- Other methods -------------------------------------------------------------------------- */

KR_FN(date, date_timetuple, "timetuple", "(self, /)",
      "Return time tuple, compatible with time.localtime().")
{
    const Date *d = dt_date_of(a[0]);
    return dt_struct_time(d->year, d->month, d->day, 0, 0, 0, -1);
}
KR_FN(date, date_toordinal, "toordinal", "(self, /)",
      "Return proleptic Gregorian ordinal.  January 1 of year 1 is day 1.")
{
    return kr_int(ordinal_of(a[0]));
}
KR_FN(date, date_weekday, "weekday", "(self, /)",
      "Return the day of the week represented by the date.\nMonday == 0 ... Sunday == 6")
{
    return kr_int((ordinal_of(a[0]) + 6) % 7);
}
KR_FN(date, date_isoweekday, "isoweekday", "(self, /)",
      "Return the day of the week represented by the date.\nMonday == 1 ... Sunday == 7")
{
    return kr_int((ordinal_of(a[0]) + 6) % 7 + 1);
}
KR_FN(date, date_isocalendar, "isocalendar", "(self, /)",
      "Return a named tuple containing ISO year, week number, and weekday.")
{
    int year = dt_date_of(a[0])->year, ordinal = ordinal_of(a[0]);
    int week = ordinal - dt_iso_week1_monday(year);
    if (week < 0)
        week = ordinal - dt_iso_week1_monday(--year);
    else if (ordinal >= dt_iso_week1_monday(year + 1))
        week = ordinal - dt_iso_week1_monday(++year);
    return kr_call3(kr_type_value(iso_type), kr_int(year), kr_int(week / 7 + 1),
                    kr_int(week % 7 + 1));
}
KR_FN(date, date_replace, "replace", "(self, /, year=<unset>, month=<unset>, day=<unset>)",
      "Return date with new specified fields.")
{
    const Date *d = dt_date_of(a[0]);
    int f[3] = {d->year, d->month, d->day};
    if (dt_take_fields(a + 1, 3, f) < 0) return KR_EMPTY;
    return dt_date_make(kr_type_of(a[0]), f[0], f[1], f[2]);
}
KR_FN(date, date_reduce, "__reduce__", "(self, /)", "__reduce__() -> (cls, state)")
{
    const Date *d = dt_date_of(a[0]);
    const uint8_t state[] = {(uint8_t)(d->year >> 8), (uint8_t)d->year, d->month, d->day};
    return kr_tuple_of(2, kr_type_value(kr_type_of(a[0])), kr_tuple_of(1, kr_bytes(state, 4)));
}

static KrValue get_year(KrValue self) { return kr_int(dt_date_of(self)->year); }
static KrValue get_month(KrValue self) { return kr_int(dt_date_of(self)->month); }
static KrValue get_day(KrValue self) { return kr_int(dt_date_of(self)->day); }
KR_GETSET(date, get_year, NULL, "year", NULL)
KR_GETSET(date, get_month, NULL, "month", NULL)
KR_GETSET(date, get_day, NULL, "day", NULL)

#include "modules/_datetime_date.entries.h"

/* The named tuple of isocalendar(). Its pickle is a plain tuple's. */
static const char iso_source[] =
    "from _operator import itemgetter\n"
    "class IsoCalendarDate(tuple):\n"
    "    'The result of date.isocalendar() or datetime.isocalendar()\\n\\n"
    "This object may be accessed either as a tuple of\\n  ((year, week, weekday))\\n"
    "or via the object attributes as named in the above tuple.'\n"
    "    __slots__ = ()\n"
    "    def __new__(cls, year, week, weekday, /):\n"
    "        return tuple.__new__(cls, (year, week, weekday))\n"
    "    year = property(itemgetter(0))\n"
    "    week = property(itemgetter(1))\n"
    "    weekday = property(itemgetter(2))\n"
    "    def __reduce__(self): return (tuple, (tuple(self),))\n"
    "    def __repr__(self):\n"
    "        return 'datetime.%s(year=%s, week=%s, weekday=%s)' % (type(self).__name__, *self)\n"
    "IsoCalendarDate.__module__ = 'datetime'\n";

static int make_iso_type(void)
{
    static KrValue keep;
    if (iso_type) return 0;
    KrValue dict = kr_dict(), run = kr_import_attr("builtins", "exec");
    if (kr_is_empty(dict) || kr_is_empty(run) ||
        kr_is_empty(kr_call2(run, kr_str(iso_source), dict)))
        return -1;
    kr_root(&keep);
    keep = kr_dict_find_ascii(dict, "IsoCalendarDate");
    iso_type = kr_to_object(keep);
    return 0;
}

int dt_date_init(KrValue module)
{
    static const KrTypeSpec spec = {
        .name = "datetime.date",
        .doc = "date(year, month, day) --> date object",
        .size = sizeof(Date),
        .functions = date_functions,
        .getset = date_getset,
        .slots = {.make = date_make,
                  .repr = date_repr,
                  .str = date_str,
                  .compare = date_compare,
                  .hash = date_hash,
                  .binary = {[KR_ADD] = date_add, [KR_SUB] = date_subtract}}};
    if (!kr_type_once(&dt_date_type, &spec) || make_iso_type() < 0) return -1;
    KrValue class_dict = kr_type_dict(dt_date_type);
    if (kr_dict_set_ascii(class_dict, "min", alloc_date(dt_date_type, 1, 1, 1)) < 0 ||
        kr_dict_set_ascii(class_dict, "max", alloc_date(dt_date_type, 9999, 12, 31)) < 0 ||
        kr_dict_set_ascii(class_dict, "resolution", dt_delta(DT_DAY)) < 0)
        return -1;
    return kr_module_add_type(module, dt_date_type);
}
