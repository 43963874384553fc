/* _datetime_time.c: time, a time of day with or without a zone. */
#include <stdio.h>

#include "modules/_datetime.h"

KrType *dt_time_type;

static Clock *clock_of(KrValue v) { return &dt_time_of(v)->clock; }
static bool is_time(KrValue v) { return kr_is_a(v, dt_time_type); }

/* ---- Making --------------------------------------------------------------------------------- */

static KrValue alloc_time(KrType *type, const Clock *clock)
{
    Time *t = kr_alloc_instance(type);
    if (!t) return KR_EMPTY;
    t->clock = *clock;
    return kr_from_object(t);
}

KrValue dt_time_make(KrType *type, const Clock *c)
{
    if (type == dt_time_type) return alloc_time(type, c);
    const KrValue args[] = {kr_int(c->hour), kr_int(c->minute), kr_int(c->second),
                            kr_int(c->microsecond), c->zone};
    KrValue t = kr_call(kr_type_value(type), args, 5, KR_EMPTY);
    if (!kr_is_empty(t) && is_time(t)) clock_of(t)->fold = c->fold;
    return t;
}

static KrValue from_fields(KrType *type, const int *f, KrValue zone, bool call)
{
    if (dt_check_clock(f[0], f[1], f[2], f[3], f[4]) < 0 || dt_check_zone(zone) < 0)
        return KR_EMPTY;
    Clock c = {(uint8_t)f[0], (uint8_t)f[1], (uint8_t)f[2], (uint8_t)f[4], f[3], zone};
    return call ? dt_time_make(type, &c) : alloc_time(type, &c);
}

/* A pickled time: six bytes, of which the first is an hour with the fold in its high bit. */
static KrValue from_state(KrType *type, const uint8_t *s, KrValue zone)
{
    if (!kr_is(zone, kr_None) && !kr_is_a(zone, dt_tzinfo_type))
        return kr_raise(kr_TypeError, "bad tzinfo state arg");
    const int f[] = {s[0] & 0x7f, s[1], s[2], s[3] << 16 | s[4] << 8 | s[5], s[0] >> 7};
    return from_fields(type, f, zone, false);
}

static KrValue time_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    static const KrFunction entry = {
        "time", "(hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0)",
        NULL,   NULL,
        0,      NULL};
    KrValue s[6];
    if (n >= 1 && n <= 2 && (kr_is_bytes(args[0]) || kr_is_str(args[0]))) {
        KrValue bytes = kr_is_str(args[0]) ? kr_str_encode(args[0], "latin1", NULL) : args[0];
        if (kr_is_empty(bytes)) {
            kr_clear_exception();
            return kr_raise(kr_ValueError,
                            "Failed to encode latin1 string when unpickling a time object. "
                            "pickle.load(data, encoding='latin1') is assumed.");
        }
        if (kr_bytes_size(bytes) == 6 && (kr_bytes_data(bytes)[0] & 0x7f) < 24)
            return from_state(type, kr_bytes_data(bytes), n == 2 ? args[1] : kr_None);
    }
    int f[5];
    if (kr_bind(&entry, args, n, kwnames, s) < 0 || dt_take_fields(s, 4, f) < 0 ||
        dt_take_fields(s + 5, 1, f + 4) < 0)
        return KR_EMPTY;
    return from_fields(type, f, s[4], false);
}

static void time_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((Time *)self)->clock.zone);
}

KR_CLASSMETHOD(time, time_fromisoformat, "fromisoformat", "(cls, string, /)",
               "string -> time from a string in ISO 8601 format")
{
    Clock c;
    size_t n;
    if (!kr_is_str(a[1])) return kr_raise(kr_TypeError, "fromisoformat: argument must be str");
    const char *text = kr_str_utf8(a[1], &n);
    if (!text) return dt_invalid_iso(a[1]);
    if (n && text[0] == 'T') text++, n--;
    if (dt_parse_clock(text, n, &c) < 0) return dt_invalid_iso(a[1]);
    return dt_time_make(kr_to_object(a[0]), &c);
}

/* ---- Comparing ------------------------------------------------------------------------------ */

static int64_t clock_difference(const Clock *a, const Clock *b)
{
    return (int64_t)(dt_clock_micros(a) - dt_clock_micros(b));
}

static KrValue time_compare(KrValue a, KrValue b, int op)
{
    if (!is_time(b)) return kr_NotImplemented;
    Clock *x = clock_of(a), *y = clock_of(b);
    if (kr_is(x->zone, y->zone)) return dt_compare_result(clock_difference(x, y), op);
    Micros p = 0, q = 0;
    int has_p = dt_zone_span(x->zone, "utcoffset", kr_None, &p);
    int has_q = has_p < 0 ? -1 : dt_zone_span(y->zone, "utcoffset", kr_None, &q);
    if (has_q < 0) return KR_EMPTY;
    if (has_p == has_q) return dt_compare_result(clock_difference(x, y) - (int64_t)(p - q), op);
    if (op == KR_EQ) return kr_False;
    if (op == KR_NE) return kr_True;
    return kr_raise(kr_TypeError, "can't compare offset-naive and offset-aware times");
}

static int64_t time_hash(KrValue self)
{
    Clock c = *clock_of(self);
    Micros offset = 0;
    if (!kr_is(c.zone, kr_None)) {
        /* Both times of a fold are equal, so the first one's offset counts. */
        c.fold = 0;
        KrValue first = clock_of(self)->fold ? dt_time_make(kr_type_of(self), &c) : self;
        KrValue answer = kr_is_empty(first) ? first : kr_call_method0(first, "utcoffset");
        if (kr_is_empty(answer)) return -1;
        if (!kr_is(answer, kr_None)) offset = dt_delta_micros(answer);
    }
    return dt_mix_hash((uint64_t)(dt_clock_micros(&c) - offset), 2);
}

/* ---- Text ----------------------------------------------------------------------------------- */

static KrValue time_repr(KrValue self)
{
    const Clock *c = clock_of(self);
    char fields[64], fold[16] = "";
    if (c->microsecond)
        snprintf(fields, sizeof fields, "%d, %d, %d, %d", c->hour, c->minute, c->second,
                 c->microsecond);
    else if (c->second)
        snprintf(fields, sizeof fields, "%d, %d, %d", c->hour, c->minute, c->second);
    else
        snprintf(fields, sizeof fields, "%d, %d", c->hour, c->minute);
    if (c->fold) strcpy(fold, ", fold=1");
    if (kr_is(c->zone, kr_None)) return kr_str_format("%T(%s%s)", self, fields, fold);
    return kr_str_format("%T(%s, tzinfo=%R%s)", self, fields, c->zone, fold);
}

KR_FN(time, time_isoformat, "isoformat", "(self, /, timespec='auto')",
      "Return string in ISO 8601 format, [HH[:MM[:SS[.mmm[uuu]]]]][+HH:MM].\n\n"
      "The optional argument timespec specifies the number of additional terms\n"
      "of the time to include. Valid options are 'auto', 'hours', 'minutes',\n"
      "'seconds', 'milliseconds' and 'microseconds'.\n")
{
    char clock[64], zone[32];
    if (dt_clock_text(clock, clock_of(a[0]), a[1]) < 0 ||
        dt_zone_text(zone, sizeof zone, ":", clock_of(a[0])->zone, kr_None) < 0)
        return KR_EMPTY;
    strcat(clock, zone);
    return kr_str(clock);
}
static KrValue time_str(KrValue self) { return kr_call_method0(self, "isoformat"); }

KR_FN(time, time_strftime, "strftime", "(self, format)", "format -> strftime() style string.")
{
    const Clock *c = clock_of(a[0]);
    KrValue fields[9];
    const int values[] = {1900, 1, 1, c->hour, c->minute, c->second, 0, 1, -1};
    for (int i = 0; i < 9; i++) fields[i] = kr_int(values[i]);
    return dt_strftime(a[0], a[1], kr_tuple(fields, 9), c, kr_None);
}
KR_FN(time, time_format, "__format__", "(self, format_spec, /)", "Formats self with strftime.")
{
    return dt_format(a[0], a[1]);
}

/* ---- Other methods -------------------------------------------------------------------------- */

KR_FN(time, time_utcoffset, "utcoffset", "(self, /)", "Return self.tzinfo.utcoffset(self).")
{
    return dt_zone_offset(clock_of(a[0])->zone, "utcoffset", kr_None);
}
KR_FN(time, time_dst, "dst", "(self, /)", "Return self.tzinfo.dst(self).")
{
    return dt_zone_offset(clock_of(a[0])->zone, "dst", kr_None);
}
KR_FN(time, time_tzname, "tzname", "(self, /)", "Return self.tzinfo.tzname(self).")
{
    return dt_zone_name(clock_of(a[0])->zone, kr_None);
}
KR_FN(time, time_replace, "replace",
      "(self, /, hour=<unset>, minute=<unset>, second=<unset>, microsecond=<unset>, "
      "tzinfo=<unset>, *, fold=<unset>)",
      "Return time with new specified fields.")
{
    const Clock *c = clock_of(a[0]);
    int f[5] = {c->hour, c->minute, c->second, c->microsecond, c->fold};
    if (dt_take_fields(a + 1, 4, f) < 0 || dt_take_fields(a + 6, 1, f + 4) < 0) return KR_EMPTY;
    return from_fields(kr_type_of(a[0]), f, kr_is_empty(a[5]) ? c->zone : a[5], true);
}

static KrValue reduce(KrValue self, int protocol)
{
    const Clock *c = clock_of(self);
    const uint8_t state[] = {(uint8_t)(c->hour | (protocol > 3 && c->fold ? 0x80 : 0)),
                             c->minute,
                             c->second,
                             (uint8_t)(c->microsecond >> 16),
                             (uint8_t)(c->microsecond >> 8),
                             (uint8_t)c->microsecond};
    KrValue bytes = kr_bytes(state, sizeof state);
    KrValue args = kr_is(c->zone, kr_None) ? kr_tuple_of(1, bytes) : kr_tuple_of(2, bytes, c->zone);
    return kr_tuple_of(2, kr_type_value(kr_type_of(self)), args);
}
KR_FN(time, time_reduce_ex, "__reduce_ex__", "(self, protocol, /)",
      "__reduce_ex__(proto) -> (cls, state)")
{
    int protocol;
    return kr_to_int32(a[1], &protocol) < 0 ? KR_EMPTY : reduce(a[0], protocol);
}
KR_FN(time, time_reduce, "__reduce__", "(self, /)", "__reduce__() -> (cls, state)")
{
    return reduce(a[0], 2);
}

static KrValue get_hour(KrValue self) { return kr_int(clock_of(self)->hour); }
static KrValue get_minute(KrValue self) { return kr_int(clock_of(self)->minute); }
static KrValue get_second(KrValue self) { return kr_int(clock_of(self)->second); }
static KrValue get_microsecond(KrValue self) { return kr_int(clock_of(self)->microsecond); }
static KrValue get_fold(KrValue self) { return kr_int(clock_of(self)->fold); }
static KrValue get_tzinfo(KrValue self) { return clock_of(self)->zone; }
KR_GETSET(time, get_hour, NULL, "hour", NULL)
KR_GETSET(time, get_minute, NULL, "minute", NULL)
KR_GETSET(time, get_second, NULL, "second", NULL)
KR_GETSET(time, get_microsecond, NULL, "microsecond", NULL)
KR_GETSET(time, get_tzinfo, NULL, "tzinfo", NULL)
KR_GETSET(time, get_fold, NULL, "fold", NULL)

#include "modules/_datetime_time.entries.h"

int dt_time_init(KrValue module)
{
    static const KrTypeSpec spec = {
        .name = "datetime.time",
        .doc = "time([hour[, minute[, second[, microsecond[, tzinfo]]]]]) --> a time object\n\n"
               "All arguments are optional. tzinfo may be None, or an instance of\n"
               "a tzinfo subclass. The remaining arguments may be ints.\n",
        .size = sizeof(Time),
        .trace = time_trace,
        .functions = time_functions,
        .getset = time_getset,
        .slots = {.make = time_make,
                  .repr = time_repr,
                  .str = time_str,
                  .compare = time_compare,
                  .hash = time_hash}};
    if (!kr_type_once(&dt_time_type, &spec)) return -1;
    const Clock first = {.zone = kr_None}, last = {23, 59, 59, 0, 999999, kr_None};
    KrValue class_dict = kr_type_dict(dt_time_type);
    if (kr_dict_set_ascii(class_dict, "min", alloc_time(dt_time_type, &first)) < 0 ||
        kr_dict_set_ascii(class_dict, "max", alloc_time(dt_time_type, &last)) < 0 ||
        kr_dict_set_ascii(class_dict, "resolution", dt_delta(1)) < 0)
        return -1;
    return kr_module_add_type(module, dt_time_type);
}
