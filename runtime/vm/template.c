/* template.c: template strings (t"..."): string.templatelib's Template and Interpolation. */
#include "runtime/objects/list.h"
#include "runtime/vm/interpreter.h"

typedef struct Interpolation {
    Object head;
    Value value, expression, conversion, format_spec; /* conversion: a str or None */
} Interpolation;

typedef struct Template {
    Object head;
    Value strings;        /* tuple, one more than interpolations */
    Value interpolations; /* tuple */
} Template;

Type kr_interpolation_type, kr_template_type;

static Interpolation *interpolation_of(Value v) { return object_of(v); }
static Template *template_of(Value v) { return object_of(v); }

static void interpolation_trace(void *self, KrTracer *tracer)
{
    Interpolation *i = self;
    kr_trace(tracer, i->value);
    kr_trace(tracer, i->expression);
    kr_trace(tracer, i->conversion);
    kr_trace(tracer, i->format_spec);
}

static void template_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((Template *)self)->strings);
    kr_trace(tracer, ((Template *)self)->interpolations);
}

static Value interpolation_new(Value value, Value expression, Value conversion, Value spec)
{
    Interpolation *i = heap_alloc(&kr_interpolation_type, sizeof *i);
    if (!i) return EMPTY;
    i->value = value;
    i->expression = expression;
    i->conversion = conversion;
    i->format_spec = spec;
    return from_object(i);
}

Value kr_template_interpolation(Value value, Value text, int conversion, Value spec)
{
    char letter[2] = {(char)conversion, 0};
    return interpolation_new(value, text, conversion ? kr_intern(letter) : NONE,
                             is_empty(spec) ? kr_intern("") : spec);
}

/* From strs and Interpolations in any order: neighbouring strs are joined, missing ones are "". */
Value kr_template_new(const Value *parts, size_t n)
{
    Value strings = kr_list(NULL, 0), interpolations = kr_list(NULL, 0), text = kr_intern("");
    if (is_empty(strings) || is_empty(interpolations)) return EMPTY;
    for (size_t i = 0; i < n; i++) {
        if (is_exact(parts[i], &kr_interpolation_type)) {
            if (kr_list_append(strings, text) < 0 || kr_list_append(interpolations, parts[i]) < 0)
                return EMPTY;
            text = kr_intern("");
        } else if (is_str(parts[i])) {
            if (is_empty(text = kr_str_concat(text, parts[i]))) return EMPTY;
        } else {
            return kr_raise(
                kr_TypeError,
                "Template.__new__ *args need to be of type 'str' or 'Interpolation', got %T",
                parts[i]);
        }
    }
    if (kr_list_append(strings, text) < 0) return EMPTY;
    Template *t = heap_alloc(&kr_template_type, sizeof *t);
    if (!t) return EMPTY;
    t->strings = kr_list_to_tuple(strings);
    t->interpolations = kr_list_to_tuple(interpolations);
    return is_empty(t->strings) || is_empty(t->interpolations) ? EMPTY : from_object(t);
}

/* ---- Attributes ---- */

static Value get_value(Value self) { return interpolation_of(self)->value; }
static Value get_expression(Value self) { return interpolation_of(self)->expression; }
static Value get_conversion(Value self) { return interpolation_of(self)->conversion; }
static Value get_format_spec(Value self) { return interpolation_of(self)->format_spec; }
KR_GETSET(interpolation, get_value, NULL, "value", "Value")
KR_GETSET(interpolation, get_expression, NULL, "expression", "Expression")
KR_GETSET(interpolation, get_conversion, NULL, "conversion", "Conversion")
KR_GETSET(interpolation, get_format_spec, NULL, "format_spec", "Format specifier")

static Value get_strings(Value self) { return template_of(self)->strings; }
static Value get_interpolations(Value self) { return template_of(self)->interpolations; }
static Value get_values(Value self)
{
    const Tuple *all = tuple_of(template_of(self)->interpolations);
    Tuple *values = kr_tuple_alloc(all->size);
    if (!values) return EMPTY;
    for (size_t i = 0; i < all->size; i++)
        values->items[i] = interpolation_of(all->items[i])->value;
    return from_object(values);
}
KR_GETSET(template, get_strings, NULL, "strings", "Strings")
KR_GETSET(template, get_interpolations, NULL, "interpolations", "Interpolations")
KR_GETSET(template, get_values, NULL, "values", "Values of interpolations")

static Value interpolation_repr(Value self)
{
    const Interpolation *i = interpolation_of(self);
    return kr_str_format("Interpolation(%R, %R, %R, %R)", i->value, i->expression, i->conversion,
                         i->format_spec);
}

static Value template_repr(Value self)
{
    return kr_str_format("Template(strings=%R, interpolations=%R)", template_of(self)->strings,
                         template_of(self)->interpolations);
}

/* Its strs that are not empty, and its interpolations, in order. */
static Value template_parts(Value self)
{
    const Tuple *strings = tuple_of(template_of(self)->strings),
                *all = tuple_of(template_of(self)->interpolations);
    Value list = kr_list(NULL, 0);
    if (is_empty(list)) return EMPTY;
    for (size_t i = 0; i < strings->size; i++) {
        if (str_of(strings->items[i])->length && kr_list_append(list, strings->items[i]) < 0)
            return EMPTY;
        if (i < all->size && kr_list_append(list, all->items[i]) < 0) return EMPTY;
    }
    return list;
}

static Value template_iter(Value self)
{
    Value parts = template_parts(self);
    return is_empty(parts) ? EMPTY : kr_iter(parts);
}

static Value template_add(Value a, Value b)
{
    if (!is_exact(a, &kr_template_type) || !is_exact(b, &kr_template_type))
        return kr_raise(kr_TypeError,
                        "can only concatenate string.templatelib.Template (not \"%T\") to "
                        "string.templatelib.Template",
                        is_exact(a, &kr_template_type) ? b : a);
    Value parts = template_parts(a), others = template_parts(b);
    if (is_empty(parts) || is_empty(others) || kr_list_extend(parts, others) < 0) return EMPTY;
    return kr_template_new(list_of(parts)->items, list_of(parts)->size);
}

static Value template_make(Type *type, const Value *args, size_t n, Value kwnames)
{
    (void)type;
    if (has_keywords(kwnames))
        return kr_raise(kr_TypeError, "Template.__new__ only accepts *args arguments");
    return kr_template_new(args, n);
}

static const KrFunction interpolation_signature = {
    "Interpolation",
    "(value, expression='', conversion=None, format_spec='')",
    NULL,
    NULL,
    KR_KIND_RAW,
    NULL};

static Value interpolation_make(Type *type, const Value *args, size_t n, Value kwnames)
{
    Value a[4];
    (void)type;
    if (kr_bind(&interpolation_signature, args, n, kwnames, a) < 0) return EMPTY;
    if (!is_none(a[2]) &&
        !(is_str(a[2]) && str_of(a[2])->length == 1 && strchr("sra", (int)str_at(str_of(a[2]), 0))))
        return kr_raise(kr_ValueError,
                        "Interpolation() argument 'conversion' must be one of 's', 'a' or 'r'");
    return interpolation_new(a[0], a[1], a[2], a[3]);
}

#include "runtime/vm/template.entries.h"

int kr_template_init(void)
{
    static const char *const interpolation_match[] = {"value", "expression", "conversion",
                                                      "format_spec", NULL};
    static const KrTypeSpec interpolation_spec = {
        .name = "string.templatelib.Interpolation",
        .size = sizeof(Interpolation),
        .trace = interpolation_trace,
        .flags = KR_TYPE_FINAL | KR_TYPE_IMMUTABLE,
        .getset = interpolation_getset,
        .match_args = interpolation_match,
        .slots = {.repr = interpolation_repr, .make = interpolation_make},
    };
    static const KrTypeSpec template_spec = {
        .name = "string.templatelib.Template",
        .size = sizeof(Template),
        .trace = template_trace,
        .flags = KR_TYPE_FINAL | KR_TYPE_IMMUTABLE,
        .getset = template_getset,
        .slots = {.repr = template_repr,
                  .make = template_make,
                  .iter = template_iter,
                  .concat = template_add},
    };
    kr_type_init(&kr_interpolation_type, &interpolation_spec);
    kr_type_init(&kr_template_type, &template_spec);
    return 0;
}
