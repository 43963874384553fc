/* _lsprof.c: the profiler behind cProfile.
 *
 * A Profiler is itself the function that sys.setprofile() gets. It keeps the calls under way in a stack of
 * contexts, and an Entry for each function seen; an Entry has sub-entries, one for each function that it
 * called. Time inside a call counts for its function once however deeply it recurs: `level` says how
 * often it is under way.
 *
 *     contexts   start, time in calls below, the entry          (kr_alloc_bytes; entries live in the dict)
 *     entries    code object, or text for a built-in function -> Entry */
#include <time.h>

#include "modules/support.h"

typedef struct Entry {
    KrObject head;
    KrValue code;  /* a code object, or "<built-in method ...>" */
    KrValue calls; /* code -> Entry; KR_EMPTY: none */
    int64_t count, recursive, level;
    double total, inside; /* in the timer's unit */
} Entry;

typedef struct Context {
    double start, below;
    Entry *entry, *sub; /* sub: the caller's entry for this call, or NULL */
} Context;

typedef struct Profiler {
    KrObject head;
    KrValue entries, names; /* dicts; names: built-in function -> its text */
    KrValue timer;          /* KR_EMPTY: the machine's clock */
    double unit;            /* seconds */
    Context *contexts;      /* kr_alloc_bytes */
    size_t depth, room;
    bool subcalls, builtins, enabled;
} Profiler;

static KrType *profiler_type, *entry_type, *entry_tuple, *subentry_tuple;

static Profiler *profiler_of(KrValue v) { return kr_to_object(v); }

static void entry_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((Entry *)self)->code);
    kr_trace(tracer, ((Entry *)self)->calls);
}
static void profiler_trace(void *self, KrTracer *tracer)
{
    Profiler *p = self;
    kr_trace(tracer, p->entries);
    kr_trace(tracer, p->names);
    kr_trace(tracer, p->timer);
    kr_trace_pointer(tracer, p->contexts);
}

/* ---- Time ----------------------------------------------------------------------------------- */

static int now(Profiler *p, double *out)
{
    if (kr_is_empty(p->timer)) {
        struct timespec t;
        clock_gettime(CLOCK_MONOTONIC, &t);
        *out = (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
        return 0;
    }
    KrValue v = kr_call0(p->timer);
    return kr_is_empty(v) ? -1 : kr_to_double(v, out);
}

/* ---- Entries -------------------------------------------------------------------------------- */

static Entry *find_entry(KrValue *table, KrValue code)
{
    if (kr_is_empty(*table) && kr_is_empty(*table = kr_dict())) return NULL;
    KrValue found = kr_dict_find(*table, code);
    if (!kr_is_empty(found)) return kr_to_object(found);
    Entry *e = kr_raised() ? NULL : kr_alloc_instance(entry_type);
    if (!e) return NULL;
    e->code = code;
    return kr_dict_set(*table, code, kr_from_object(e)) < 0 ? NULL : e;
}

/* "<built-in method builtins.len>", "<method 'append' of 'list' objects>". */
static KrValue name_of_builtin(KrValue function)
{
    KrValue name = kr_getattr(function, KR_NAME("__name__"));
    KrValue self = kr_is_empty(name) ? name : kr_find_attr(function, KR_NAME("__self__"));
    if (kr_is_empty(name) || kr_raised()) return KR_EMPTY;
    bool method = !kr_is_empty(self) && !kr_is(self, kr_None) && !kr_is_a(self, &kr_module_type);
    if (method) {
        KrType *type = kr_is_a(self, &kr_type_type) ? kr_to_object(self) : kr_type_of(self);
        KrValue owner = kr_type_find(type, name);
        if (!kr_is_empty(owner) && !kr_is_a(self, &kr_type_type)) return kr_repr(owner);
    }
    KrValue module = kr_find_attr(function, KR_NAME("__module__"));
    if (kr_raised()) return KR_EMPTY;
    if (kr_is_empty(module) || !kr_is_str(module))
        return kr_str_format("<built-in method %U>", name);
    return kr_str_format("<built-in method %U.%U>", module, name);
}

static KrValue builtin_key(Profiler *p, KrValue function)
{
    if (!kr_is_a(function, &kr_builtin_type)) return name_of_builtin(function);
    KrValue found = kr_dict_find(p->names, function);
    if (!kr_is_empty(found)) return found;
    if (kr_raised()) return KR_EMPTY;
    KrValue name = name_of_builtin(function);
    /* Bound methods are made anew for each call: only functions of modules are worth a place. */
    KrValue self = kr_is_empty(name) ? name : kr_find_attr(function, KR_NAME("__self__"));
    if (!kr_is_empty(self) && kr_is_a(self, &kr_module_type) &&
        kr_dict_set(p->names, function, name) < 0)
        return KR_EMPTY;
    return kr_raised() ? KR_EMPTY : name;
}

/* ---- Calls ---------------------------------------------------------------------------------- */

static int begin_call(Profiler *p, KrValue code)
{
    Entry *e = kr_is_empty(code) ? NULL : find_entry(&p->entries, code);
    if (!e) return -1;
    if (p->depth == p->room) {
        size_t room = p->room ? p->room * 2 : 64;
        Context *contexts = kr_alloc_bytes(room * sizeof *contexts);
        if (!contexts) return -1;
        if (p->depth) memcpy(contexts, p->contexts, p->depth * sizeof *contexts);
        p->contexts = contexts;
        p->room = room;
    }
    Context *c = &p->contexts[p->depth];
    *c = (Context){.entry = e};
    if (p->subcalls && p->depth) {
        c->sub = find_entry(&p->contexts[p->depth - 1].entry->calls, code);
        if (!c->sub) return -1;
        c->sub->level++;
    }
    e->level++;
    p->depth++;
    return now(p, &c->start);
}

static void count_call(Entry *e, double total, double inside)
{
    if (--e->level == 0)
        e->total += total;
    else
        e->recursive++;
    e->inside += inside;
    e->count++;
}

static int end_call(Profiler *p)
{
    double time;
    if (p->depth == 0) return 0; /* its beginning was before enable() */
    if (now(p, &time) < 0) return -1;
    Context c = p->contexts[--p->depth];
    double total = time - c.start, inside = total - c.below;
    if (p->depth) p->contexts[p->depth - 1].below += total;
    count_call(c.entry, total, inside);
    if (c.sub) count_call(c.sub, total, inside);
    return 0;
}

/* profiler(frame, event, argument) */
static KrValue profiler_call(KrValue self, const KrValue *args, size_t n, KR_UNUSED KrValue kwnames)
{
    Profiler *p = profiler_of(self);
    if (n != 3 || !kr_is_str(args[1]))
        return kr_raise(kr_TypeError, "a Profiler takes a profile event");
    int status = 0;
    if (kr_str_equal_ascii(args[1], "call"))
        status = begin_call(p, kr_getattr(args[0], KR_NAME("f_code")));
    else if (kr_str_equal_ascii(args[1], "return"))
        status = end_call(p);
    else if (p->builtins && kr_str_equal_ascii(args[1], "c_call"))
        status = begin_call(p, builtin_key(p, args[2]));
    else if (p->builtins)
        status = end_call(p);
    return status < 0 ? KR_EMPTY : kr_None;
}

static int set_profile(KrValue function)
{
    KrValue set = kr_import_attr("sys", "setprofile");
    return kr_is_empty(set) || kr_is_empty(kr_call1(set, function)) ? -1 : 0;
}

KR_FN(profiler, profiler_enable, "enable", "(self, subcalls=<unset>, builtins=<unset>)",
      "enable(subcalls=True, builtins=True)\n\n"
      "Start collecting profiling information.\n"
      "If 'subcalls' is True, also records for each function\n"
      "statistics separated according to its current caller.\n"
      "If 'builtins' is True, records the time spent in\n"
      "built-in functions separately from their caller.\n")
{
    Profiler *p = profiler_of(a[0]);
    int subcalls = kr_is_empty(a[1]) ? p->subcalls : kr_truth(a[1]);
    int builtins = kr_is_empty(a[2]) ? p->builtins : kr_truth(a[2]);
    if (subcalls < 0 || builtins < 0) return KR_EMPTY;
    p->subcalls = subcalls;
    p->builtins = builtins;
    if (set_profile(a[0]) < 0) return KR_EMPTY;
    p->enabled = true;
    return kr_None;
}
KR_FN(profiler, profiler_disable, "disable", "(self, /)",
      "disable()\n\nStop collecting profiling information.\n")
{
    Profiler *p = profiler_of(a[0]);
    if (!p->enabled) return kr_None;
    p->enabled = false;
    if (set_profile(kr_None) < 0) return KR_EMPTY;
    while (p->depth)
        if (end_call(p) < 0) return KR_EMPTY;
    return kr_None;
}
KR_FN(profiler, profiler_clear, "clear", "(self, /)",
      "clear()\n\nClear all profiling information collected so far.\n")
{
    Profiler *p = profiler_of(a[0]);
    p->entries = kr_dict();
    p->depth = 0;
    return kr_is_empty(p->entries) ? KR_EMPTY : kr_None;
}

/* ---- Statistics ----------------------------------------------------------------------------- */

static KrValue statistics_of(const Entry *e, double unit, KrValue calls)
{
    const KrValue values[] = {e->code,
                              kr_int(e->count),
                              kr_int(e->recursive),
                              kr_float(e->total * unit),
                              kr_float(e->inside * unit),
                              calls};
    return kr_struct_new(kr_is_empty(calls) ? subentry_tuple : entry_tuple, values);
}

static KrValue statistics_list(KrValue table, double unit, bool outer)
{
    size_t position = 0;
    KrValue key, value, list = kr_list(NULL, 0);
    while (!kr_is_empty(list) && kr_dict_next(table, &position, &key, &value)) {
        const Entry *e = kr_to_object(value);
        if (e->count == 0) continue; /* still under way */
        KrValue calls = KR_EMPTY;
        if (outer) calls = kr_is_empty(e->calls) ? kr_None : statistics_list(e->calls, unit, false);
        if (outer && kr_is_empty(calls)) return KR_EMPTY;
        KrValue item = statistics_of(e, unit, calls);
        if (kr_is_empty(item) || kr_list_append(list, item) < 0) return KR_EMPTY;
    }
    return list;
}

KR_FN(profiler, profiler_getstats, "getstats", "(self, /)",
      "getstats() -> list of profiler_entry objects\n\n"
      "Return all information collected by the profiler.\n"
      "Each profiler_entry is a tuple-like object with the attributes code, callcount,\n"
      "reccallcount, totaltime, inlinetime and calls, a list of profiler_subentry objects.")
{
    Profiler *p = profiler_of(a[0]);
    return statistics_list(p->entries, kr_is_empty(p->timer) ? 1.0 : p->unit, true);
}

static int profiler_init(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    static const KrFunction entry = {
        "Profiler", "(timer=None, timeunit=0.0, subcalls=True, builtins=True)", NULL, NULL, 0,
        NULL};
    KrValue s[4];
    Profiler *p = profiler_of(self);
    if (kr_bind(&entry, args, n, kwnames, s) < 0 || kr_to_double(s[1], &p->unit) < 0) return -1;
    int subcalls = kr_truth(s[2]), builtins = kr_truth(s[3]);
    if (subcalls < 0 || builtins < 0) return -1;
    p->timer = kr_is(s[0], kr_None) ? KR_EMPTY : s[0];
    /* An integer timer without a unit counts in seconds, as a float one does. */
    if (p->unit <= 0) p->unit = 1.0;
    p->subcalls = subcalls;
    p->builtins = builtins;
    p->entries = kr_dict();
    p->names = kr_dict();
    return kr_is_empty(p->entries) || kr_is_empty(p->names) ? -1 : 0;
}
static KrValue profiler_make(KrType *type, KR_UNUSED const KrValue *args, KR_UNUSED size_t n,
                             KR_UNUSED KrValue kwnames)
{
    Profiler *p = kr_alloc_instance(type);
    if (!p) return KR_EMPTY;
    p->entries = kr_dict();
    return kr_from_object(p);
}

#include "modules/_lsprof.entries.h"

static int lsprof_exec(KrValue module)
{
    static const char *const fields[] = {
        "code", "callcount", "reccallcount", "totaltime", "inlinetime", "calls", NULL};
    static const char *const subfields[] = {"code",      "callcount",  "reccallcount",
                                            "totaltime", "inlinetime", NULL};
    static const KrStructSpec entry_spec = {"_lsprof.profiler_entry", NULL, fields, 6};
    static const KrStructSpec subentry_spec = {"_lsprof.profiler_subentry", NULL, subfields, 5};
    static const KrTypeSpec entry = {.name = "_lsprof.Entry",
                                     .size = sizeof(Entry),
                                     .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT,
                                     .trace = entry_trace};
    static const KrTypeSpec profiler = {
        .name = "_lsprof.Profiler",
        .doc = "Profiler(timer=None, timeunit=None, subcalls=True, builtins=True)\n\n"
               "Builds a profiler object using the specified timer function.\n"
               "The default timer is a fast built-in one based on real time.\n"
               "For custom timer functions returning integers, 'timeunit' can\n"
               "be a float specifying a scale (that is, how long each integer unit\n"
               "is, in seconds).\n",
        .size = sizeof(Profiler),
        .trace = profiler_trace,
        .functions = profiler_functions,
        .slots = {.make = profiler_make, .init = profiler_init, .call = profiler_call}};
    kr_type_once(&entry_type, &entry);
    kr_type_once(&profiler_type, &profiler);
    if (!entry_tuple) entry_tuple = kr_struct_type(&entry_spec);
    if (!subentry_tuple) subentry_tuple = kr_struct_type(&subentry_spec);
    if (!entry_type || !profiler_type || !entry_tuple || !subentry_tuple ||
        kr_module_add_type(module, profiler_type) < 0 ||
        kr_module_add_type(module, entry_tuple) < 0)
        return -1;
    return kr_module_add_type(module, subentry_tuple);
}

KR_MODULE(_lsprof) = {
    .api_version = KR_API_VERSION, .name = "_lsprof", .exec = lsprof_exec, .doc = "Fast profiler"};
