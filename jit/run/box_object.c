/* box_object.c: instances of Python classes between Python and kernels.
 *
 * A kernel takes an instance as its fields. Which fields there are and of what types says the class, if numba.experimental's
 * jitclass made it (`_numba_spec_`), else what is in the instance's __dict__ now. Fields go in when a kernel is entered; those that
 * the kernel has changed are set again on the Python object when it is left, so that both sides see one object. What a
 * kernel makes becomes an instance when it comes out.
 *
 * Classes are numbered for as long as the process runs; the number is part of a type's name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jit/run/box.h"
#include "jit/run/containers.h"
#include "jit/types/sig.h"
#include "runtime/memory/heap.h"
#include "runtime/objects/type.h"

enum { FIELDS_MAX = 64, NAME_MAX_BYTES = 2000, DEPTH_MAX = 20 };

/* ---- Classes ---- */

static Value classes;           /* a list */
static const JitType **of_spec; /* by number: the type of a jitclass's instances, NULL: not looked at, or none */

static int64_t class_number(Value cls)
{
    if (is_empty(classes)) {
        if (is_empty(classes = kr_list(NULL, 0))) return -1;
        kr_root(&classes);
    }
    size_t n = kr_list_size(classes), i = 0;
    while (i < n && !same(kr_list_get(classes, i), cls)) i++;
    if (i < n) return (int64_t)i;
    const JitType **more = realloc(of_spec, (n + 1) * sizeof *more);
    if (!more || kr_list_append(classes, cls) < 0) return -1;
    of_spec = more;
    of_spec[n] = NULL;
    return (int64_t)n;
}

Value jit_box_class(int64_t number)
{
    return is_empty(classes) || number < 0 || (size_t)number >= kr_list_size(classes)
               ? EMPTY
               : kr_list_get(classes, (size_t)number);
}

static Value class_attribute(Value cls, const char *name)
{
    Value v = kr_type_find(object_of(cls), kr_intern(name));
    if (kr_raised()) kr_clear_exception();
    return v;
}

/* The fields of a jitclass: a tuple of (name, type's text) pairs. */
static const JitType *spec_type(Value cls)
{
    Value spec = class_attribute(cls, "_numba_spec_");
    int64_t number = is_empty(spec) || !kr_is_tuple(spec) ? -1 : class_number(cls);
    if (number < 0) return NULL;
    if (of_spec[number]) return of_spec[number];
    const JitType *elem[FIELDS_MAX];
    char name[NAME_MAX_BYTES], text[400], error[100];
    size_t n = kr_tuple_size(spec), at = (size_t)snprintf(name, sizeof name, "%lld:", (long long)number);
    for (size_t i = 0; i < n; i++) {
        JitSignature sig;
        Value pair = kr_tuple_get(spec, i);
        const char *field = kr_str_cstring(kr_tuple_get(pair, 0)), *type = kr_str_cstring(kr_tuple_get(pair, 1));
        if (n > FIELDS_MAX || !field || !type || at + strlen(field) + 2 > sizeof name) return NULL;
        snprintf(text, sizeof text, "(%s)", type);
        if (jit_sig_read(text, &sig, error, sizeof error) < 0 || sig.nargs != 1) return NULL;
        elem[i] = sig.args[0];
        at += (size_t)snprintf(name + at, sizeof name - at, "%s%s", i ? "," : "", field);
    }
    return of_spec[number] = jit_type_object(elem, (uint32_t)n, name);
}

/* Is it a class of the script whose instances are no more than their fields? */
static bool is_plain_class(const KrType *type)
{
    static const char *const special[] = {"__getattr__", "__getattribute__", "__setattr__", "__slots__", "_fields_"};
    if (!(type->traits & TYPE_HEAP) || type->base != &kr_object_type) {
        bool derived = (type->traits & TYPE_HEAP) && type->base && (type->base->traits & TYPE_HEAP);
        if (!derived || !is_plain_class(type->base)) return false;
    }
    for (size_t i = 0; i < sizeof special / sizeof *special; i++) {
        Value found = kr_type_find((KrType *)type, kr_intern(special[i]));
        Value usual = kr_type_find(&kr_object_type, kr_intern(special[i]));
        if (!is_empty(found) && (is_empty(usual) || !same(found, usual))) return false;
    }
    return type_of(kr_type_value((KrType *)type)) == &kr_type_type;
}

const JitType *jit_box_object_type(Value v, int depth)
{
    if (depth > DEPTH_MAX || !is_object(v) || !(type_of(v)->traits & TYPE_HEAP)) return NULL;
    Value cls = kr_type_value(type_of(v));
    const JitType *t = spec_type(cls);
    if (t || !is_plain_class(type_of(v))) return t;
    Value dict = kr_find_attr(v, kr_intern("__dict__")), key, value;
    if (is_empty(dict) || !kr_is_dict(dict)) return kr_clear_exception(), NULL;
    const JitType *elem[FIELDS_MAX];
    char name[NAME_MAX_BYTES];
    int64_t number = class_number(cls);
    size_t at = (size_t)snprintf(name, sizeof name, "%lld:", (long long)number);
    uint32_t n = 0;
    for (size_t k = 0; kr_dict_next(dict, &k, &key, &value); n++) {
        const char *field = kr_is_str(key) ? kr_str_cstring(key) : NULL;
        if (number < 0 || n == FIELDS_MAX || !field || at + strlen(field) + 2 > sizeof name) return NULL;
        if (same(value, v) || !(elem[n] = jit_box_type_within(value, depth + 1))) return NULL;
        at += (size_t)snprintf(name + at, sizeof name - at, "%s%s", n ? "," : "", field);
    }
    return jit_type_object(elem, n, name);
}

/* Names of a dataclass's fields, if making an instance only sets them. */
static bool dataclass_fields(Value cls, char *out, size_t size)
{
    Value fields = class_attribute(cls, "__dataclass_fields__"), key, value;
    if (is_empty(fields) || !kr_is_dict(fields) || !is_plain_class(object_of(cls)) ||
        !is_empty(class_attribute(cls, "__post_init__")))
        return false;
    Value init = class_attribute(cls, "__init__");
    Value code = is_empty(init) ? EMPTY : kr_find_attr(init, kr_intern("__code__"));
    Value file = is_empty(code) ? EMPTY : kr_find_attr(code, kr_intern("co_filename"));
    if (kr_raised()) kr_clear_exception();
    if (is_empty(file) || !kr_is_str(file) || !kr_str_equal_ascii(file, "<string>")) return false; /* written by hand */
    size_t at = 0, n = 0;
    for (size_t k = 0; kr_dict_next(fields, &k, &key, &value); n++) {
        const char *field = kr_str_cstring(key);
        if (!field || at + strlen(field) + 2 > size) return false;
        at += (size_t)snprintf(out + at, size - at, "%s%s", n ? "," : "", field);
    }
    return true;
}

/* How kernels call the class: "class.N" a jitclass, "class.N:x,y" a dataclass; NULL: they cannot. */
const char *jit_box_class_name(Value cls)
{
    static char name[NAME_MAX_BYTES];
    char fields[NAME_MAX_BYTES - 30];
    if (!is_object(cls) || !kr_is_a(cls, &kr_type_type) || !(((KrType *)object_of(cls))->traits & TYPE_HEAP)) return NULL;
    bool spec = spec_type(cls) != NULL;
    if (!spec && !dataclass_fields(cls, fields, sizeof fields)) return NULL;
    snprintf(name, sizeof name, "class.%lld%s%s", (long long)class_number(cls), spec ? "" : ":", spec ? "" : fields);
    return name;
}

const JitType *jit_box_class_type(int64_t number)
{
    Value cls = jit_box_class(number);
    return is_empty(cls) ? NULL : spec_type(cls);
}

/* The Python function behind an attribute of a class, of that kind: "method", "static", "property" or "setter". */
Value jit_box_class_member(const char *kind, int64_t number, const char *name)
{
    Value cls = jit_box_class(number), v = is_empty(cls) ? EMPTY : class_attribute(cls, name);
    if (is_empty(v)) return EMPTY;
    Value get = kr_find_attr(v, kr_intern("fget"));
    bool property = !is_empty(get) && strcmp(kr_type_name(type_of(v)), "property") == 0;
    bool fixed = strcmp(kr_type_name(type_of(v)), "staticmethod") == 0;
    if (kr_raised()) kr_clear_exception();
    if (property && !strcmp(kind, "property")) v = get;
    else if (property && !strcmp(kind, "setter")) v = kr_find_attr(v, kr_intern("fset"));
    else if (fixed && !strcmp(kind, "static")) v = kr_find_attr(v, kr_intern("__func__"));
    else if (property || fixed || strcmp(kind, "method")) return EMPTY;
    if (kr_raised()) kr_clear_exception();
    return v;
}

/* ---- Crossing ---- */

static void field_name(const JitType *t, uint32_t i, char *out, size_t size)
{
    const char *at = strchr(t->name, ':') + 1;
    for (; i; i--) at = strchr(at, ',') + 1;
    snprintf(out, size, "%.*s", (int)strcspn(at, ","), at);
}

static void *empty_object(const JitType *t)
{
    uint64_t masks[FIELDS_MAX * 4] = {0};
    uint8_t parts[256];
    uint32_t width = 0;
    for (uint32_t i = 0; i < t->n; i++) width += t->elem[i]->nparts;
    if (width > FIELDS_MAX * 4 * 64) return NULL;
    for (uint32_t i = 0, at = 0; i < t->n; at += t->elem[i++]->nparts) {
        if (t->elem[i]->nparts > sizeof parts) return NULL;
        jit_type_parts(t->elem[i], parts);
        for (uint32_t k = 0; k < t->elem[i]->nparts; k++)
            if (parts[k] == M_OWN) masks[(at + k) / 64] |= UINT64_C(1) << ((at + k) % 64);
    }
    return jit_rt_object_new(width, masks);
}

static void retain_parts(const JitType *t, const uint64_t *words)
{
    uint8_t parts[256];
    if (t->nparts > sizeof parts) return;
    jit_type_parts(t, parts);
    for (uint32_t k = 0; k < t->nparts; k++)
        if (parts[k] == M_OWN) jit_rt_retain(words[k]);
}

void *jit_box_object_new(const JitType *t) { return empty_object(t); }

/* May a value of this type be in a field of that type? An empty container may be in any of its kind. */
static bool holds(const JitType *have, const JitType *declared)
{
    return jit_type_converts(have, declared) || (jit_type_is_container(have) && jit_type_grow(have, declared) == declared);
}

int jit_box_object_in(JitCrossing *x, Value v, const JitType *t, void *own)
{
    char name[200];
    uint64_t *words = kernel_object_words(kernel_object(own));
    for (uint32_t i = 0; i < t->n; i++) {
        uint64_t *at = words;
        field_name(t, i, name, sizeof name);
        Value field = kr_find_attr(v, kr_intern(name));
        if (is_empty(field) && kr_raised()) return -1;
        words += t->elem[i]->nparts;
        if (is_empty(field)) { /* a jitclass's field without a value: zeros */
            if (!jit_type_is_numeric(t->elem[i])) continue;
            field = jit_box_result(t->elem[i], at, NULL, x);
            if (is_empty(field) || kr_setattr(v, kr_intern(name), field) < 0) return -1;
        }
        const JitType *have = jit_box_type_of(field);
        if (!have || !holds(have, t->elem[i]))
            return kr_raise(kr_TypeError, "the field '%s' of '%T' does not hold what its class declares", name, v), -1;
        uint64_t *start = at;
        if (jit_box_argument(field, t->elem[i], JIT_ARGUMENTS_MAX, &at, x) < 0) return -1;
        retain_parts(t->elem[i], start);
    }
    return 0;
}

/* Sets the fields whose words differ from `before`; all of them if that is NULL. */
int jit_box_object_back(JitCrossing *x, Value v, const JitType *t, void *own, const uint64_t *before, const Value *args)
{
    char name[200];
    const uint64_t *words = kernel_object_words(kernel_object(own));
    for (uint32_t i = 0, at = 0; i < t->n; at += t->elem[i++]->nparts) {
        size_t bytes = t->elem[i]->nparts * 8u;
        if (before && !memcmp(words + at, before + at, bytes)) continue;
        retain_parts(t->elem[i], words + at);
        Value field = jit_box_result(t->elem[i], words + at, args, x);
        field_name(t, i, name, sizeof name);
        if (is_empty(field) || kr_setattr(v, kr_intern(name), field) < 0) return -1;
    }
    return 0;
}

Value jit_box_object_out(JitCrossing *x, const JitType *t, void *own, const Value *args)
{
    Value cls = jit_box_class(atoll(t->name));
    Value made = is_empty(cls) ? EMPTY : kr_call_method1(cls, "__new__", cls);
    return is_empty(made) || jit_box_object_back(x, made, t, own, NULL, args) < 0 ? EMPTY : made;
}
