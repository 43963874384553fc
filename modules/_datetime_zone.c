/* _datetime_zone.c: tzinfo, the base class of time zones, and timezone, a fixed offset; and how the
 * other types ask a zone. */
#include <stdio.h>

#include "modules/_datetime.h"

typedef struct Timezone {
    KrObject head;
    KrValue offset; /* a timedelta */
    KrValue name;   /* a str, or KR_EMPTY */
} Timezone;

KrType *dt_tzinfo_type, *dt_timezone_type;
KrValue dt_utc;

static Timezone *timezone_of(KrValue v) { return kr_to_object(v); }

/* ---- Asking a zone -------------------------------------------------------------------------- */

static bool is_less_than_day(Micros span) { return span > -DT_DAY && span < DT_DAY; }

KrValue dt_zone_offset(KrValue zone, const char *method, KrValue argument)
{
    if (kr_is(zone, kr_None)) return kr_None;
    if (kr_is_instance_exact(zone, dt_timezone_type))
        return method[0] == 'u' ? timezone_of(zone)->offset : kr_None;
    KrValue offset = kr_call_method1(zone, method, argument);
    if (kr_is_empty(offset) || kr_is(offset, kr_None)) return offset;
    if (!kr_is_a(offset, dt_delta_type))
        return kr_raise(kr_TypeError, "tzinfo.%s() must return None or a timedelta, not '%T'",
                        method, offset);
    if (!is_less_than_day(dt_delta_micros(offset)))
        return kr_raise(kr_ValueError,
                        "offset must be a timedelta strictly between -timedelta(hours=24) and "
                        "timedelta(hours=24).");
    return offset;
}

int dt_zone_span(KrValue zone, const char *method, KrValue argument, Micros *span)
{
    KrValue offset = dt_zone_offset(zone, method, argument);
    if (kr_is_empty(offset)) return -1;
    if (kr_is(offset, kr_None)) return 0;
    *span = dt_delta_micros(offset);
    return 1;
}

KrValue dt_zone_name(KrValue zone, KrValue argument)
{
    if (kr_is(zone, kr_None)) return kr_None;
    KrValue name = kr_call_method1(zone, "tzname", argument);
    if (kr_is_empty(name) || kr_is(name, kr_None) || kr_is_str(name)) return name;
    return kr_raise(kr_TypeError, "tzinfo.tzname() must return None or a string, not '%T'", name);
}

static void offset_text(char *text, size_t room, const char *separator, Micros span)
{
    char sign = span < 0 ? '-' : '+';
    if (span < 0) span = -span;
    int seconds = (int)(span / DT_SECOND), micros = (int)(span % DT_SECOND);
    size_t n = (size_t)snprintf(text, room, "%c%02d%s%02d", sign, seconds / 3600, separator,
                                seconds / 60 % 60);
    if (seconds % 60 || micros)
        n += (size_t)snprintf(text + n, room - n, "%s%02d", separator, seconds % 60);
    if (micros) snprintf(text + n, room - n, ".%06d", micros);
}

int dt_zone_text(char *text, size_t room, const char *separator, KrValue zone, KrValue argument)
{
    Micros span;
    text[0] = 0;
    int has = dt_zone_span(zone, "utcoffset", argument, &span);
    if (has > 0) offset_text(text, room, separator, span);
    return has < 0 ? -1 : 0;
}

/* ---- tzinfo --------------------------------------------------------------------------------- */

static KrValue must_implement(const char *name)
{
    return kr_raise(kr_NotImplementedError, "a tzinfo subclass must implement %s()", name);
}
KR_FN(tzinfo, tzinfo_tzname, "tzname", "(self, dt, /)", "datetime -> string name of time zone.")
{
    return must_implement("tzname");
}
KR_FN(tzinfo, tzinfo_utcoffset, "utcoffset", "(self, dt, /)",
      "datetime -> timedelta showing offset from UTC, negative values indicating West of UTC")
{
    return must_implement("utcoffset");
}
KR_FN(tzinfo, tzinfo_dst, "dst", "(self, dt, /)",
      "datetime -> DST offset as timedelta positive east of UTC.")
{
    return must_implement("dst");
}

static KrValue check_fromutc(KrValue self, KrValue when)
{
    if (!kr_is_a(when, dt_datetime_type))
        return kr_raise(kr_TypeError, "fromutc: argument must be a datetime");
    if (!kr_is(dt_datetime_of(when)->clock.zone, self))
        return kr_raise(kr_ValueError, "fromutc: dt.tzinfo is not self");
    return when;
}

static KrValue none_offset(const char *method)
{
    return kr_raise(kr_ValueError, "fromutc: non-None %s() result required", method);
}

/* The default: local time is UTC plus the standard offset, plus what daylight saving adds there. */
KR_FN(tzinfo, tzinfo_fromutc, "fromutc", "(self, dt, /)",
      "datetime in UTC -> datetime in local time.")
{
    KrValue when = check_fromutc(a[0], a[1]);
    if (kr_is_empty(when)) return KR_EMPTY;
    KrValue offset = kr_call_method0(when, "utcoffset");
    if (kr_is_empty(offset)) return KR_EMPTY;
    if (kr_is(offset, kr_None)) return none_offset("utcoffset");
    KrValue saving = kr_call_method0(when, "dst");
    if (kr_is_empty(saving)) return KR_EMPTY;
    if (kr_is(saving, kr_None)) return none_offset("dst");
    KrValue standard = kr_binary(KR_SUB, offset, saving);
    if (kr_is_empty(standard)) return KR_EMPTY;
    when = kr_binary(KR_ADD, when, standard);
    if (kr_is_empty(when)) return KR_EMPTY;
    saving = kr_call_method0(when, "dst");
    if (kr_is_empty(saving)) return KR_EMPTY;
    if (kr_is(saving, kr_None))
        return kr_raise(kr_ValueError,
                        "fromutc: tz.dst() gave inconsistent results; cannot convert");
    return kr_binary(KR_ADD, when, saving);
}

KR_FN(tzinfo, tzinfo_reduce, "__reduce__", "(self, /)", "-> (cls, state)")
{
    KrValue args = kr_tuple(NULL, 0), getter = kr_find_attr(a[0], KR_NAME("__getinitargs__"));
    if (!kr_is_empty(getter)) args = kr_call0(getter);
    if (kr_raised() || kr_is_empty(args)) return KR_EMPTY;
    KrValue state = kr_call_method0(a[0], "__getstate__");
    KrValue class = kr_type_value(kr_type_of(a[0]));
    if (kr_is_empty(state)) return KR_EMPTY;
    return kr_is(state, kr_None) ? kr_tuple_of(2, class, args) : kr_tuple_of(3, class, args, state);
}

static KrValue tzinfo_make(KrType *type, KR_UNUSED const KrValue *args, KR_UNUSED size_t n,
                           KR_UNUSED KrValue kwnames)
{
    void *object = kr_alloc_instance(type);
    return object ? kr_from_object(object) : KR_EMPTY;
}

/* ---- timezone ------------------------------------------------------------------------------- */

static KrValue timezone_of_type(KrType *type, KrValue offset, KrValue name)
{
    Timezone *zone = kr_alloc_instance(type);
    if (!zone) return KR_EMPTY;
    zone->offset = offset;
    zone->name = name;
    return kr_from_object(zone);
}

KrValue dt_timezone(KrValue offset, KrValue name)
{
    if (kr_is_empty(offset)) return KR_EMPTY;
    Micros span = dt_delta_micros(offset);
    if (span == 0 && kr_is_empty(name) && !kr_is_empty(dt_utc)) return dt_utc;
    if (!is_less_than_day(span))
        return kr_raise(kr_ValueError,
                        "offset must be a timedelta strictly between -timedelta(hours=24) and "
                        "timedelta(hours=24), not %R.",
                        offset);
    return timezone_of_type(dt_timezone_type, offset, name);
}

static KrValue timezone_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    static const KrFunction entry = {"timezone", "(offset, name=<unset>)", NULL, NULL, 0, NULL};
    KrValue slots[2];
    (void)type;
    if (kr_bind(&entry, args, n, kwnames, slots) < 0) return KR_EMPTY;
    if (!kr_is_a(slots[0], dt_delta_type))
        return kr_raise(kr_TypeError, "timezone() argument 1 must be datetime.timedelta, not %T",
                        slots[0]);
    if (!kr_is_empty(slots[1]) && !kr_is_str(slots[1]))
        return kr_raise(kr_TypeError, "timezone() argument 2 must be str, not %T", slots[1]);
    return dt_timezone(slots[0], slots[1]);
}

static void timezone_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((Timezone *)self)->offset);
    kr_trace(tracer, ((Timezone *)self)->name);
}

static KrValue timezone_str(KrValue self)
{
    const Timezone *zone = timezone_of(self);
    if (!kr_is_empty(zone->name)) return zone->name;
    Micros span = dt_delta_micros(zone->offset);
    if (span == 0) return kr_str("UTC");
    char text[32];
    offset_text(text, sizeof text, ":", span);
    return kr_str_format("UTC%s", text);
}

static KrValue timezone_repr(KrValue self)
{
    const Timezone *zone = timezone_of(self);
    if (kr_is(self, dt_utc)) return kr_str("datetime.timezone.utc");
    if (kr_is_empty(zone->name)) return kr_str_format("%T(%R)", self, zone->offset);
    return kr_str_format("%T(%R, %R)", self, zone->offset, zone->name);
}

static KrValue timezone_compare(KrValue self, KrValue other, int op)
{
    if ((op != KR_EQ && op != KR_NE) || !kr_is_a(other, dt_timezone_type)) return kr_NotImplemented;
    return kr_compare(timezone_of(self)->offset, timezone_of(other)->offset, op);
}
static int64_t timezone_hash(KrValue self) { return kr_hash(timezone_of(self)->offset); }

/* The argument of a zone's methods: a datetime or None. */
static int check_argument(KrValue when, const char *method)
{
    if (kr_is(when, kr_None) || kr_is_a(when, dt_datetime_type)) return 0;
    kr_raise(kr_TypeError, "%s(dt) argument must be a datetime instance or None, not %T", method,
             when);
    return -1;
}
KR_FN(timezone, timezone_tzname, "tzname", "(self, dt, /)",
      "If name is specified when timezone is created, returns the name.  Otherwise returns offset "
      "as 'UTC(+|-)HH:MM'.")
{
    return check_argument(a[1], "tzname") < 0 ? KR_EMPTY : timezone_str(a[0]);
}
KR_FN(timezone, timezone_utcoffset, "utcoffset", "(self, dt, /)", "Return fixed offset.")
{
    return check_argument(a[1], "utcoffset") < 0 ? KR_EMPTY : timezone_of(a[0])->offset;
}
KR_FN(timezone, timezone_dst, "dst", "(self, dt, /)", "Return None.")
{
    return check_argument(a[1], "dst") < 0 ? KR_EMPTY : kr_None;
}
KR_FN(timezone, timezone_fromutc, "fromutc", "(self, dt, /)",
      "datetime in UTC -> datetime in local time.")
{
    KrValue when = check_fromutc(a[0], a[1]);
    return kr_is_empty(when) ? KR_EMPTY : kr_binary(KR_ADD, when, timezone_of(a[0])->offset);
}
KR_FN(timezone, timezone_getinitargs, "__getinitargs__", "(self, /)", "pickle support")
{
    const Timezone *zone = timezone_of(a[0]);
    return kr_is_empty(zone->name) ? kr_tuple_of(1, zone->offset)
                                   : kr_tuple_of(2, zone->offset, zone->name);
}

#include "modules/_datetime_zone.entries.h"

static int add_zone(const char *name, Micros span)
{
    KrValue zone = dt_timezone(dt_delta(span), KR_EMPTY);
    if (kr_is_empty(zone)) return -1;
    return kr_dict_set_ascii(kr_type_dict(dt_timezone_type), name, zone);
}

int dt_zone_init(KrValue module)
{
    static const KrTypeSpec base = {.name = "datetime.tzinfo",
                                    .doc = "Abstract base class for time zone info objects.",
                                    .size = sizeof(KrObject),
                                    .functions = tzinfo_functions,
                                    .slots = {.make = tzinfo_make}};
    static KrTypeSpec spec;
    if (!kr_type_once(&dt_tzinfo_type, &base)) return -1;
    spec = (KrTypeSpec){.name = "datetime.timezone",
                        .doc = "Fixed offset from UTC implementation of tzinfo.",
                        .size = sizeof(Timezone),
                        .flags = KR_TYPE_FINAL,
                        .base = dt_tzinfo_type,
                        .trace = timezone_trace,
                        .functions = timezone_functions,
                        .slots = {.make = timezone_make,
                                  .repr = timezone_repr,
                                  .str = timezone_str,
                                  .compare = timezone_compare,
                                  .hash = timezone_hash}};
    if (!kr_type_once(&dt_timezone_type, &spec)) return -1;
    kr_root(&dt_utc);
    if (kr_is_empty(dt_utc)) dt_utc = dt_timezone(dt_delta(0), KR_EMPTY);
    Micros most = DT_DAY - 60 * DT_SECOND;
    if (kr_is_empty(dt_utc) || add_zone("utc", 0) < 0 || add_zone("min", -most) < 0 ||
        add_zone("max", most) < 0)
        return -1;
    return kr_module_add_type(module, dt_tzinfo_type) < 0
               ? -1
               : kr_module_add_type(module, dt_timezone_type);
}
