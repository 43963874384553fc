/* context.c: Context, the settings under which operations run; the current one of the thread (a
 * context variable); and localcontext(). The operations themselves are in operations.c. */
#include "modules/_decimal/decimal.h"

KrType *context_type;
static KrValue current_variable, default_context, basic_context, extended_context;

/* ---- Making --------------------------------------------------------------------------------- */

static const Settings initial = {.prec = 28,
                                 .emin = -999999,
                                 .emax = 999999,
                                 .traps = DEC_INVALID | DEC_DIVISION_BY_ZERO | DEC_OVERFLOW,
                                 .rounding = ROUND_HALF_EVEN,
                                 .capitals = 1};

static void context_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((Context *)self)->flags);
    kr_trace(tracer, ((Context *)self)->traps);
}

static KrValue context_new(KrType *type, const Settings *settings)
{
    Context *c = kr_alloc_instance(type);
    if (!c) return KR_EMPTY;
    c->settings = *settings;
    return kr_from_object(c);
}

static KrValue context_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    (void)args, (void)n, (void)kwnames;
    Settings settings = kr_is_empty(default_context) ? initial : *dec_settings(default_context);
    settings.flags = 0;
    return context_new(type, &settings);
}

KR_FN(context, context_copy, "copy", "(self, /)",
      "Return a duplicate of the context, its flags included.")
{
    return context_new(context_type, dec_settings(a[0]));
}
KR_FN(context, context_copy2, "__copy__", "(self, /)", "A copy.") { return context_copy(a); }

/* ---- Attributes ----------------------------------------------------------------------------- */

static int integer_of(KrValue v, int64_t *n)
{
    if (kr_is_empty(v)) {
        kr_raise(kr_AttributeError, "context attributes cannot be deleted");
        return -1;
    }
    if (kr_is_int(v)) return kr_to_int64(v, n);
    kr_raise(kr_TypeError, "an integer is required");
    return -1;
}
/* An int between the limits, or ValueError with the message. */
static int limited(KrValue v, int64_t least, int64_t most, const char *message, int64_t *n)
{
    if (integer_of(v, n) < 0) return -1;
    if (*n >= least && *n <= most) return 0;
    kr_raise(kr_ValueError, "%s", message);
    return -1;
}

static KrValue get_prec(KrValue self) { return kr_int(dec_settings(self)->prec); }
static int set_prec(KrValue self, KrValue v)
{
    return limited(v, 1, DEC_MAX_PREC, "valid range for prec is [1, MAX_PREC]",
                   &dec_settings(self)->prec);
}
static KrValue get_emin(KrValue self) { return kr_int(dec_settings(self)->emin); }
static KrValue get_emax(KrValue self) { return kr_int(dec_settings(self)->emax); }
static KrValue get_rounding(KrValue self)
{
    return kr_intern(dec_rounding_names[dec_settings(self)->rounding]);
}
static KrValue get_capitals(KrValue self) { return kr_int(dec_settings(self)->capitals); }
static KrValue get_clamp(KrValue self) { return kr_int(dec_settings(self)->clamp); }
static int set_emin(KrValue self, KrValue v)
{
    int64_t n;
    if (limited(v, DEC_MIN_EMIN, 0, "valid range for Emin is [MIN_EMIN, 0]", &n) < 0) return -1;
    dec_settings(self)->emin = n;
    return 0;
}
static int set_emax(KrValue self, KrValue v)
{
    int64_t n;
    if (limited(v, 0, DEC_MAX_EMAX, "valid range for Emax is [0, MAX_EMAX]", &n) < 0) return -1;
    dec_settings(self)->emax = n;
    return 0;
}
static int set_rounding(KrValue self, KrValue v)
{
    if (kr_is_empty(v)) {
        kr_raise(kr_AttributeError, "context attributes cannot be deleted");
        return -1;
    }
    int rounding = dec_rounding_of(v);
    if (rounding < 0) return -1;
    dec_settings(self)->rounding = (uint8_t)rounding;
    return 0;
}
static int set_capitals(KrValue self, KrValue v)
{
    int64_t n;
    if (limited(v, 0, 1, "valid values for capitals are 0 or 1", &n) < 0) return -1;
    dec_settings(self)->capitals = (uint8_t)n;
    return 0;
}
static int set_clamp(KrValue self, KrValue v)
{
    int64_t n;
    if (limited(v, 0, 1, "valid values for clamp are 0 or 1", &n) < 0) return -1;
    dec_settings(self)->clamp = (uint8_t)n;
    return 0;
}
static KrValue signals_of(KrValue self, KrValue *slot, bool traps)
{
    if (kr_is_empty(*slot)) *slot = dec_signal_dict(self, traps);
    return *slot;
}
static KrValue get_flags(KrValue self)
{
    return signals_of(self, &((Context *)kr_to_object(self))->flags, false);
}
static KrValue get_traps(KrValue self)
{
    return signals_of(self, &((Context *)kr_to_object(self))->traps, true);
}
/* Attributes take a dict, the constructor a list too. */
static int set_signals(KrValue v, uint32_t *bits)
{
    uint32_t found;
    if (kr_is_empty(v)) {
        kr_raise(kr_AttributeError, "context attributes cannot be deleted");
        return -1;
    }
    if (kr_is_list(v)) {
        kr_raise(kr_TypeError, "argument must be a signal dict");
        return -1;
    }
    if (dec_signals_from(v, &found) < 0) return -1;
    *bits = found;
    return 0;
}
static int set_flags(KrValue self, KrValue v) { return set_signals(v, &dec_settings(self)->flags); }
static int set_traps(KrValue self, KrValue v) { return set_signals(v, &dec_settings(self)->traps); }

KR_GETSET(context, get_prec, set_prec, "prec", "Digits of precision.")
KR_GETSET(context, get_rounding, set_rounding, "rounding",
          "How results are rounded: one of the constants ROUND_...")
KR_GETSET(context, get_emin, set_emin, "Emin", "The least exponent of a normal number.")
KR_GETSET(context, get_emax, set_emax, "Emax", "The largest exponent.")
KR_GETSET(context, get_capitals, set_capitals, "capitals",
          "1: exponents are written with E; 0: with e.")
KR_GETSET(context, get_clamp, set_clamp, "clamp", "1: the exponent is at most Emax - prec + 1.")
KR_GETSET(context, get_flags, set_flags, "flags", "Which signals were raised.")
KR_GETSET(context, get_traps, set_traps, "traps", "Which signals raise exceptions.")

/* ---- Construction, text --------------------------------------------------------------------- */

/* Sets what is given; None and absent leave the attribute. */
static int set_all(KrValue self, const KrValue *slots)
{
    int (*const setters[])(KrValue, KrValue) = {set_prec, set_rounding, set_emin,
                                                set_emax, set_capitals, set_clamp};
    Settings *s = dec_settings(self);
    for (int i = 0; i < 6; i++)
        if (!kr_is(slots[i], kr_None) && setters[i](self, slots[i]) < 0) return -1;
    if (!kr_is(slots[6], kr_None) && dec_signals_from(slots[6], &s->flags) < 0) return -1;
    if (!kr_is(slots[7], kr_None) && dec_signals_from(slots[7], &s->traps) < 0) return -1;
    return 0;
}
static int context_init(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    static const KrFunction entry = {"Context",
                                     "(prec=None, rounding=None, Emin=None, Emax=None, "
                                     "capitals=None, clamp=None, flags=None, traps=None)",
                                     NULL,
                                     NULL,
                                     0,
                                     NULL};
    KrValue slots[8];
    return kr_bind(&entry, args, n, kwnames, slots) < 0 ? -1 : set_all(self, slots);
}

static KrValue context_repr(KrValue self)
{
    const Settings *s = dec_settings(self);
    return kr_str_format("Context(prec=%lld, rounding=%s, Emin=%lld, Emax=%lld, capitals=%d, "
                         "clamp=%d, flags=%U, traps=%U)",
                         (long long)s->prec, dec_rounding_names[s->rounding], (long long)s->emin,
                         (long long)s->emax, s->capitals, s->clamp, dec_signals_text(s->flags),
                         dec_signals_text(s->traps));
}
KR_FN(context, context_reduce, "__reduce__", "(self, /)", "For pickle.")
{
    const Settings *s = dec_settings(a[0]);
    KrValue arguments = kr_tuple_of(8, kr_int(s->prec), get_rounding(a[0]), kr_int(s->emin),
                                    kr_int(s->emax), kr_int(s->capitals), kr_int(s->clamp),
                                    dec_signals_list(s->flags), dec_signals_list(s->traps));
    return kr_tuple_of(2, kr_type_value(kr_type_of(a[0])), arguments);
}
KR_FN(context, context_clear_flags, "clear_flags", "(self, /)", "Reset all flags to False.")
{
    dec_settings(a[0])->flags = 0;
    return kr_None;
}
KR_FN(context, context_clear_traps, "clear_traps", "(self, /)", "Set all traps to False.")
{
    dec_settings(a[0])->traps = 0;
    return kr_None;
}
KR_FN(context, context_etiny, "Etiny", "(self, /)",
      "Return a value equal to Emin - prec + 1, which is the minimum exponent value for subnormal "
      "results.")
{
    return kr_int(dec_settings(a[0])->emin - dec_settings(a[0])->prec + 1);
}
KR_FN(context, context_etop, "Etop", "(self, /)",
      "Return a value equal to Emax - prec + 1, the largest exponent of a result with all its "
      "digits.")
{
    return kr_int(dec_settings(a[0])->emax - dec_settings(a[0])->prec + 1);
}
KR_FN(context, context_radix, "radix", "(self, /)", "Return 10.")
{
    KrValue v;
    Num *n;
    v = dec_make(&n);
    if (n) num_set_int(n, 10);
    return v;
}
KR_FN(context, context_create_decimal, "create_decimal", "(self, num='0', /)",
      "Create a new Decimal instance from num, using self as the context. Unlike the Decimal "
      "constructor, this function observes the context limits.")
{
    return dec_from_any(decimal_type, a[1], dec_settings(a[0]), false);
}
KR_FN(context, context_from_float, "create_decimal_from_float", "(self, f, /)",
      "Create a new Decimal instance from float f, rounded with self as the context.")
{
    if (!kr_is_float(a[1]) && !kr_is_int(a[1]))
        return kr_raise(kr_TypeError, "argument must be int or float");
    KrValue v =
        kr_is_float(a[1]) ? dec_from_float(decimal_type, a[1]) : dec_from_int(decimal_type, a[1]);
    return kr_is_empty(v) ? v : dec_from_any(decimal_type, v, dec_settings(a[0]), false);
}

/* ---- The current context -------------------------------------------------------------------- */

/* The last look-up: of a thread's contextvars.Context, which decimal context it had. */
static KrValue cached_key, cached_context;

static bool is_template(KrValue v)
{
    return kr_is(v, default_context) || kr_is(v, basic_context) || kr_is(v, extended_context);
}
static int set_current(KrValue context)
{
    if (is_template(context)) {
        Settings settings = *dec_settings(context);
        settings.flags = 0;
        context = context_new(context_type, &settings);
    }
    cached_key = KR_EMPTY;
    if (kr_is_empty(context)) return -1;
    return kr_is_empty(kr_call_method1(current_variable, "set", context)) ? -1 : 0;
}
static KrValue find_current(void)
{
    KrValue none = kr_None, found = kr_call_method(current_variable, kr_intern("get"), &none, 1);
    if (kr_is(found, kr_None)) {
        if (set_current(default_context) < 0) return KR_EMPTY;
        found = kr_call_method(current_variable, kr_intern("get"), &none, 1);
    }
    return found;
}
KrValue dec_current_context(void)
{
    KrValue key = kr_thread_context();
    if (!kr_is_empty(key) && kr_is(key, cached_key)) return cached_context;
    KrValue found = find_current();
    if (kr_is_empty(found)) return KR_EMPTY;
    cached_key = kr_thread_context();
    cached_context = found;
    return found;
}

Settings *dec_context_of(KrValue v, KrValue *keep)
{
    *keep = kr_is_empty(v) || kr_is(v, kr_None) ? dec_current_context() : v;
    if (kr_is_empty(*keep)) return NULL;
    if (dec_is_context(*keep)) return dec_settings(*keep);
    kr_raise(kr_TypeError, "optional argument must be a context");
    return NULL;
}

KR_FN(module, module_getcontext, "getcontext", "()", "Get the current default context.")
{
    return dec_current_context();
}
KR_FN(module, module_setcontext, "setcontext", "(context, /)", "Set a new default context.")
{
    if (!dec_is_context(a[0])) return kr_raise(kr_TypeError, "argument must be a context");
    return set_current(a[0]) < 0 ? KR_EMPTY : kr_None;
}

/* ---- localcontext() ------------------------------------------------------------------------- */

typedef struct Manager {
    KrObject head;
    KrValue local, global;
} Manager;
static KrType *manager_type;

static void manager_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((Manager *)self)->local);
    kr_trace(tracer, ((Manager *)self)->global);
}
KR_FN(manager, manager_enter, "__enter__", "(self, /)", "Make the copy the current context.")
{
    Manager *m = kr_to_object(a[0]);
    return set_current(m->local) < 0 ? KR_EMPTY : m->local;
}
KR_FN(manager, manager_exit, "__exit__", "(self, /, *args)",
      "Restore the context that was current before.")
{
    return set_current(((Manager *)kr_to_object(a[0]))->global) < 0 ? KR_EMPTY : kr_False;
}

/* The keywords of localcontext() set attributes of the copy. */
static int set_keywords(KrValue local, KrValue keywords)
{
    static const char *const names[] = {"prec",     "rounding", "Emin",  "Emax",
                                        "capitals", "clamp",    "flags", "traps"};
    KrValue slots[8], key, value;
    for (int i = 0; i < 8; i++) slots[i] = kr_None;
    for (size_t position = 0; kr_dict_next(keywords, &position, &key, &value);) {
        int i = 0;
        while (i < 8 && !kr_str_equal_ascii(key, names[i])) i++;
        if (i == 8) {
            kr_raise(kr_TypeError, "'%U' is an invalid keyword argument for this function", key);
            return -1;
        }
        slots[i] = value;
    }
    return set_all(local, slots);
}
KR_FN(
    module, module_localcontext, "localcontext", "(ctx=None, **kwargs)",
    "Return a context manager that will set the default context to a copy of ctx on entry to "
    "the with-statement and restore the previous default context when exiting the with-statement. "
    "If no context is supplied, a copy of the current default context is used.")
{
    KrValue global = dec_current_context(), keep;
    if (kr_is_empty(global)) return KR_EMPTY;
    const Settings *settings = dec_context_of(a[0], &keep);
    if (!settings) return KR_EMPTY;
    KrValue local = context_new(context_type, settings);
    if (kr_is_empty(local) || set_keywords(local, a[1]) < 0) return KR_EMPTY;
    Manager *m = kr_alloc_instance(manager_type);
    if (!m) return KR_EMPTY;
    m->local = local;
    m->global = global;
    return kr_from_object(m);
}

#include "modules/_decimal/context.entries.h"

/* ---- The module's part ---------------------------------------------------------------------- */

static int make_types(void)
{
    static KrTypeSpec spec = {
        .name = "decimal.Context",
        .doc = "Context(prec=None, rounding=None, Emin=None, Emax=None, capitals=None, "
               "clamp=None, flags=None, traps=None)\n--\n\nThe context affects almost all "
               "operations and controls rounding, "
               "Over/Underflow, raising of exceptions and much more.",
        .size = sizeof(Context),
        .trace = context_trace,
        .getset = context_getset,
        .slots = {.make = context_make, .init = context_init, .repr = context_repr}};
    static const KrTypeSpec manager = {.name = "decimal.ContextManager",
                                       .size = sizeof(Manager),
                                       .flags = KR_TYPE_ABSTRACT,
                                       .trace = manager_trace,
                                       .functions = manager_functions};
    spec.functions = dec_operations(context_functions, true);
    return kr_type_once(&context_type, &spec) && kr_type_once(&manager_type, &manager) ? 0 : -1;
}

static int make_contexts(void)
{
    Settings extended = initial, basic = initial;
    extended.prec = basic.prec = 9;
    extended.traps = 0;
    basic.traps = DEC_INVALID | DEC_DIVISION_BY_ZERO | DEC_OVERFLOW | DEC_UNDERFLOW | DEC_CLAMPED;
    basic.rounding = ROUND_HALF_UP;
    kr_root(&default_context), kr_root(&basic_context), kr_root(&extended_context);
    kr_root(&current_variable), kr_root(&cached_key), kr_root(&cached_context);
    default_context = context_new(context_type, &initial);
    basic_context = context_new(context_type, &basic);
    extended_context = context_new(context_type, &extended);
    KrValue make_variable = kr_import_attr("_contextvars", "ContextVar");
    if (kr_is_empty(make_variable)) return -1;
    current_variable = kr_call1(make_variable, kr_str("decimal_context"));
    return kr_is_empty(current_variable) ? -1 : 0;
}

int dec_context_init(KrValue module)
{
    if (make_types() < 0) return -1;
    if (kr_is_empty(current_variable) && make_contexts() < 0) return -1;
    for (const KrFunction *const *f = module_functions; *f; f++)
        if (kr_module_add(module, (*f)->name, kr_function_new(*f, KR_EMPTY, kr_str("decimal"))) < 0)
            return -1;
    if (kr_module_add(module, "DefaultContext", default_context) < 0 ||
        kr_module_add(module, "BasicContext", basic_context) < 0 ||
        kr_module_add(module, "ExtendedContext", extended_context) < 0)
        return -1;
    return kr_module_add_type(module, context_type);
}
