/* signals.c: the exception classes, and SignalDict: the flags or the traps of a context as a
 * mapping from signal classes to truth. */
#include "modules/_decimal/decimal.h"

const char *const dec_rounding_names[ROUND_COUNT] = {
    [ROUND_UP] = "ROUND_UP",
    [ROUND_DOWN] = "ROUND_DOWN",
    [ROUND_CEILING] = "ROUND_CEILING",
    [ROUND_FLOOR] = "ROUND_FLOOR",
    [ROUND_HALF_UP] = "ROUND_HALF_UP",
    [ROUND_HALF_DOWN] = "ROUND_HALF_DOWN",
    [ROUND_HALF_EVEN] = "ROUND_HALF_EVEN",
    [ROUND_05UP] = "ROUND_05UP",
};

int dec_rounding_of(KrValue name)
{
    if (kr_is_str(name))
        for (int i = 0; i < ROUND_COUNT; i++)
            if (kr_str_equal_ascii(name, dec_rounding_names[i])) return i;
    kr_raise(kr_TypeError, "valid values for rounding are:\n"
                           "  [ROUND_CEILING, ROUND_FLOOR, ROUND_UP, ROUND_DOWN,\n"
                           "   ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN,\n"
                           "   ROUND_05UP]");
    return -1;
}

/* ---- Exception classes ---------------------------------------------------------------------- */

typedef struct Signal {
    const char *name;
    uint32_t bits;
    KrValue type;
} Signal;

enum { SIGNAL_COUNT = 9, CONDITION_COUNT = 5 };

/* In the order in which the first of several is raised. */
static Signal signals[SIGNAL_COUNT] = {
    {.name = "InvalidOperation", .bits = DEC_INVALID},
    {.name = "FloatOperation", .bits = DEC_FLOAT_OPERATION},
    {.name = "DivisionByZero", .bits = DEC_DIVISION_BY_ZERO},
    {.name = "Overflow", .bits = DEC_OVERFLOW},
    {.name = "Underflow", .bits = DEC_UNDERFLOW},
    {.name = "Subnormal", .bits = DEC_SUBNORMAL},
    {.name = "Inexact", .bits = DEC_INEXACT},
    {.name = "Rounded", .bits = DEC_ROUNDED},
    {.name = "Clamped", .bits = DEC_CLAMPED},
};
enum {
    INVALID_OPERATION,
    FLOAT_OPERATION,
    DIVISION_BY_ZERO,
    OVERFLOW_,
    UNDERFLOW_,
    SUBNORMAL,
    INEXACT,
    ROUNDED
};

/* What InvalidOperation may stand for, itself first. */
static Signal conditions[CONDITION_COUNT] = {
    {.name = "InvalidOperation", .bits = DEC_INVALID_OPERATION},
    {.name = "DivisionImpossible", .bits = DEC_DIVISION_IMPOSSIBLE},
    {.name = "DivisionUndefined", .bits = DEC_DIVISION_UNDEFINED},
    {.name = "ConversionSyntax", .bits = DEC_CONVERSION_SYNTAX},
    {.name = "InvalidContext", .bits = DEC_INVALID_CONTEXT},
};
static KrValue decimal_exception, dict_type;

static int make_class(const char *name, KrValue bases, KrValue *keep)
{
    KrValue dict = kr_dict();
    if (kr_is_empty(bases) || kr_is_empty(dict) ||
        kr_dict_set_ascii(dict, "__module__", kr_str("decimal")) < 0)
        return -1;
    kr_root(keep);
    *keep = kr_call3(kr_type_value(&kr_type_type), kr_str(name), bases, dict);
    return kr_is_empty(*keep) ? -1 : 0;
}

static KrValue bases_of_signal(int i)
{
    switch (i) {
    case FLOAT_OPERATION: return kr_tuple_of(2, decimal_exception, kr_type_value(kr_TypeError));
    case DIVISION_BY_ZERO:
        return kr_tuple_of(2, decimal_exception, kr_type_value(kr_ZeroDivisionError));
    case OVERFLOW_: return kr_tuple_of(2, signals[INEXACT].type, signals[ROUNDED].type);
    case UNDERFLOW_:
        return kr_tuple_of(3, signals[INEXACT].type, signals[ROUNDED].type,
                           signals[SUBNORMAL].type);
    default: return kr_tuple_of(1, decimal_exception);
    }
}

static int make_exceptions(void)
{
    if (make_class("DecimalException", kr_tuple_of(1, kr_type_value(kr_ArithmeticError)),
                   &decimal_exception) < 0)
        return -1;
    for (int i = SIGNAL_COUNT - 1; i >= 0; i--) /* the bases of others stand at the end */
        if (make_class(signals[i].name, bases_of_signal(i), &signals[i].type) < 0) return -1;
    conditions[0].type = signals[INVALID_OPERATION].type;
    for (int i = 1; i < CONDITION_COUNT; i++) {
        KrValue invalid = signals[INVALID_OPERATION].type;
        KrValue bases = conditions[i].bits == DEC_DIVISION_UNDEFINED
                            ? kr_tuple_of(2, invalid, kr_type_value(kr_ZeroDivisionError))
                            : kr_tuple_of(1, invalid);
        if (make_class(conditions[i].name, bases, &conditions[i].type) < 0) return -1;
    }
    return 0;
}

uint32_t dec_signal_bits(KrValue v)
{
    for (int i = 0; i < SIGNAL_COUNT; i++)
        if (kr_is(v, signals[i].type)) return signals[i].bits;
    return 0;
}

/* The signals whose bits are set, a new list. */
KrValue dec_signals_list(uint32_t bits)
{
    KrValue list = kr_list(NULL, 0);
    for (int i = 0; i < SIGNAL_COUNT && !kr_is_empty(list); i++)
        if (bits & signals[i].bits && kr_list_append(list, signals[i].type) < 0) return KR_EMPTY;
    return list;
}

/* The first signal that is trapped is raised, with the list of all conditions that are. */
static int raise_trapped(uint32_t trapped)
{
    KrValue list = kr_list(NULL, 0), first = KR_EMPTY;
    if (kr_is_empty(list)) return -1;
    for (int i = 0; i < CONDITION_COUNT; i++)
        if (trapped & conditions[i].bits && kr_list_append(list, conditions[i].type) < 0) return -1;
    for (int i = SIGNAL_COUNT - 1; i >= 0; i--)
        if (trapped & signals[i].bits) first = signals[i].type;
    for (int i = 1; i < SIGNAL_COUNT; i++)
        if (trapped & signals[i].bits && kr_list_append(list, signals[i].type) < 0) return -1;
    kr_raise_object(kr_to_object(first), list);
    return -1;
}
int dec_settle(Settings *s, uint32_t status)
{
    s->flags |= status;
    if (status & DEC_MALLOC_ERROR) {
        kr_raise_no_memory();
        return -1;
    }
    return status & s->traps ? raise_trapped(status & s->traps) : 0;
}

/* "[Clamped, Inexact]", in the order of the bits. */
KrValue dec_signals_text(uint32_t bits)
{
    KrText text;
    const char *comma = "";
    kr_text_init(&text);
    kr_text_add_char(&text, '[');
    uint32_t seen = 0;
    for (uint32_t bit = 1; bit <= DEC_UNDERFLOW; bit <<= 1) {
        for (int i = 0; i < SIGNAL_COUNT; i++) {
            if (!(signals[i].bits & bit & bits) || seen & bit) continue;
            kr_text_add_format(&text, "%s%s", comma, signals[i].name);
            seen |= signals[i].bits;
            comma = ", ";
        }
    }
    kr_text_add_char(&text, ']');
    return kr_text_finish(&text);
}

/* ---- SignalDict ----------------------------------------------------------------------------- */

typedef struct SignalDict {
    KrObject head;
    KrValue context;
    bool traps;
} SignalDict;

static KrType *mixin_type;

static void dict_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((SignalDict *)self)->context);
}
static bool is_signal_dict(KrValue v) { return kr_is_a(v, mixin_type); }

/* The bits behind the dict; one that was made without a context has none of its own. */
static uint32_t *bits_of(KrValue self)
{
    static uint32_t nothing;
    SignalDict *d = kr_to_object(self);
    if (kr_is_empty(d->context)) {
        nothing = 0;
        return &nothing;
    }
    Settings *s = dec_settings(d->context);
    return d->traps ? &s->traps : &s->flags;
}

KrValue dec_signal_dict(KrValue context, bool traps)
{
    KrValue v = kr_call0(dict_type);
    if (kr_is_empty(v)) return KR_EMPTY;
    SignalDict *d = kr_to_object(v);
    d->context = context;
    d->traps = traps;
    return v;
}

static KrValue dict_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    (void)args, (void)n, (void)kwnames;
    SignalDict *d = kr_alloc_instance(type);
    return d ? kr_from_object(d) : KR_EMPTY;
}

static uint32_t key_bits(KrValue key)
{
    uint32_t bits = dec_signal_bits(key);
    if (!bits)
        kr_raise_key(kr_str("valid values for signals are:\n"
                            "  [InvalidOperation, FloatOperation, DivisionByZero,\n"
                            "   Overflow, Underflow, Subnormal, Inexact, Rounded,\n"
                            "   Clamped]"));
    return bits;
}
static KrValue dict_getitem(KrValue self, KrValue key)
{
    uint32_t bits = key_bits(key);
    return bits ? kr_bool(*bits_of(self) & bits) : KR_EMPTY;
}
static int dict_setitem(KrValue self, KrValue key, KrValue value)
{
    if (kr_is_empty(value)) {
        kr_raise(kr_ValueError, "signal keys cannot be deleted");
        return -1;
    }
    uint32_t bits = key_bits(key);
    int truth = bits ? kr_truth(value) : -1;
    if (truth < 0) return -1;
    if (truth)
        *bits_of(self) |= bits;
    else
        *bits_of(self) &= ~bits;
    return 0;
}
static int64_t dict_length(KrValue self)
{
    (void)self;
    return SIGNAL_COUNT;
}
static KrValue dict_iter(KrValue self)
{
    (void)self;
    return kr_iter(dec_signals_list(UINT32_MAX));
}

static KrValue as_dict(KrValue self)
{
    KrValue dict = kr_dict();
    if (kr_is_empty(dict)) return KR_EMPTY;
    for (int i = 0; i < SIGNAL_COUNT; i++)
        if (kr_dict_set(dict, signals[i].type, kr_bool(*bits_of(self) & signals[i].bits)) < 0)
            return KR_EMPTY;
    return dict;
}
static KrValue dict_repr(KrValue self)
{
    KrText text;
    kr_text_init(&text);
    for (int i = 0; i < SIGNAL_COUNT; i++)
        kr_text_add_format(&text, "%s<class 'decimal.%s'>:%s", i ? ", " : "{", signals[i].name,
                           *bits_of(self) & signals[i].bits ? "True" : "False");
    kr_text_add_char(&text, '}');
    return kr_text_finish(&text);
}

/* A dict with exactly the signals as keys. */
static int bits_from_dict(KrValue dict, uint32_t *bits)
{
    *bits = 0;
    if (!kr_is_dict(dict)) {
        kr_raise(kr_TypeError, "argument must be a signal dict");
        return -1;
    }
    KrValue key, value;
    if (kr_dict_size(dict) != SIGNAL_COUNT) {
        kr_raise_key(kr_str("invalid signal dict"));
        return -1;
    }
    for (size_t position = 0; kr_dict_next(dict, &position, &key, &value);) {
        uint32_t signal = key_bits(key);
        int truth = signal ? kr_truth(value) : -1;
        if (truth < 0) return -1;
        if (truth) *bits |= signal;
    }
    return 0;
}
int dec_signals_from(KrValue v, uint32_t *bits)
{
    *bits = 0;
    if (is_signal_dict(v)) {
        *bits = *bits_of(v);
        return 0;
    }
    if (!kr_is_list(v)) return bits_from_dict(v, bits);
    for (size_t i = 0; i < kr_list_size(v); i++) {
        uint32_t signal = key_bits(kr_list_get(v, i));
        if (!signal) return -1;
        *bits |= signal;
    }
    return 0;
}

static KrValue dict_compare(KrValue a, KrValue b, int op)
{
    uint32_t bits;
    if (op != KR_EQ && op != KR_NE) return kr_NotImplemented;
    if (is_signal_dict(b))
        bits = *bits_of(b);
    else if (!kr_is_dict(b))
        return kr_NotImplemented;
    else if (bits_from_dict(b, &bits) < 0) {
        if (!kr_raised_is(kr_KeyError)) return KR_EMPTY;
        kr_clear_exception();
        return kr_NotImplemented;
    }
    return kr_bool((*bits_of(a) == bits) == (op == KR_EQ));
}
KR_FN(dict, dict_copy, "copy", "(self, /)", "The signals and their truth as a dict.")
{
    return as_dict(a[0]);
}

#include "modules/_decimal/signals.entries.h"

/* ---- The module's part ---------------------------------------------------------------------- */

static int make_types(void)
{
    static const KrTypeSpec spec = {.name = "decimal.SignalDictMixin",
                                    .size = sizeof(SignalDict),
                                    .trace = dict_trace,
                                    .functions = dict_functions,
                                    .slots = {.make = dict_make,
                                              .repr = dict_repr,
                                              .compare = dict_compare,
                                              .iter = dict_iter,
                                              .length = dict_length,
                                              .getitem = dict_getitem,
                                              .setitem = dict_setitem}};
    if (make_exceptions() < 0 || !kr_type_once(&mixin_type, &spec)) return -1;
    KrValue mapping = kr_import_attr("collections.abc", "MutableMapping");
    if (kr_is_empty(mapping)) return -1;
    KrValue bases = kr_tuple_of(2, kr_type_value(mixin_type), mapping), dict = kr_dict();
    if (kr_is_empty(bases) || kr_is_empty(dict) ||
        kr_dict_set_ascii(dict, "__module__", kr_str("decimal")) < 0)
        return -1;
    kr_root(&dict_type);
    dict_type = kr_call3(kr_type_value(kr_type_of(mapping)), kr_str("SignalDict"), bases, dict);
    return kr_is_empty(dict_type) ? -1 : 0;
}

int dec_signals_init(KrValue module)
{
    if (kr_is_empty(dict_type) && make_types() < 0) return -1;
    if (kr_module_add(module, "DecimalException", decimal_exception) < 0) return -1;
    for (int i = 0; i < SIGNAL_COUNT; i++)
        if (kr_module_add(module, signals[i].name, signals[i].type) < 0) return -1;
    for (int i = 1; i < CONDITION_COUNT; i++)
        if (kr_module_add(module, conditions[i].name, conditions[i].type) < 0) return -1;
    for (int i = 0; i < ROUND_COUNT; i++)
        if (kr_module_add(module, dec_rounding_names[i], kr_intern(dec_rounding_names[i])) < 0)
            return -1;
    return 0;
}
