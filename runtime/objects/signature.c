/* signature.c: what the signature text of a native function says, and calls that keep to it.
 *
 * The words of an error follow the function's shape, as they do in CPython, where each shape has
 * its own calling convention:
 *
 *     no parameters                   list.copy() takes no arguments (1 given)
 *     one, positional-only, required  list.append() takes exactly one argument (2 given)
 *     positional-only                 insert expected 2 arguments, got 1
 *     some with names                 split() takes at most 2 arguments (3 given), and so on
 *
 * The first two name the function in full. */
#include <stdlib.h>

#include "runtime/objects/dict.h"
#include "runtime/objects/module.h"
#include "runtime/objects/signature.h"
#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"

/* ---- Parsing ----------------------------------------------------------------------- */

#define PARAMETERS_MAX 40

static const char *skip_spaces(const char *p)
{
    while (*p == ' ' || *p == '\n') p++;
    return p;
}

static bool is_name_char(char c)
{
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static Value parse_string(const char **text)
{
    char buffer[64], quote = *(*text)++;
    size_t size = 0;
    while (**text && **text != quote && size < sizeof buffer - 1) {
        char c = *(*text)++;
        if (c == '\\') {
            c = *(*text)++;
            c = c == 'n' ? '\n' : c == 't' ? '\t' : c == '0' ? '\0' : c;
        }
        buffer[size++] = c;
    }
    if (**text == quote) (*text)++;
    buffer[size] = 0;
    return kr_intern(buffer);
}

static bool take_word(const char **text, const char *word)
{
    size_t n = strlen(word);
    if (strncmp(*text, word, n) != 0 || is_name_char((*text)[n])) return false;
    *text += n;
    return true;
}

/* A default. EMPTY is <unset>; *bad for what is none of the literals in use. */
static Value parse_default(const char **text, bool *bad)
{
    if (take_word(text, "None")) return NONE;
    if (take_word(text, "True")) return TRUE_VALUE;
    if (take_word(text, "False")) return FALSE_VALUE;
    if (take_word(text, "...")) return ELLIPSIS;
    if (take_word(text, "sys.maxsize")) return kr_int(INT64_MAX);
    if (**text == '<') {
        while (**text && *(*text)++ != '>') {}
        return EMPTY;
    }
    if (strncmp(*text, "()", 2) == 0) {
        *text += 2;
        return kr_empty_tuple;
    }
    if (strncmp(*text, "b''", 3) == 0) {
        *text += 3;
        return kr_bytes("", 0);
    }
    if (**text == '\'' || **text == '"') return parse_string(text);
    char *int_end, *float_end;
    long long whole = strtoll(*text, &int_end, 0);
    double number = strtod(*text, &float_end);
    if (float_end == *text && int_end == *text) {
        *bad = true;
        return EMPTY;
    }
    bool is_whole = int_end >= float_end;
    *text = is_whole ? int_end : float_end;
    return is_whole ? kr_int(whole) : from_float(number);
}

static int typed_code(const char **text)
{
    static const struct {
        char name[4];
        char code;
    } codes[] = {
        {"b1", 'b'}, {"i1", 'c'}, {"i2", 'h'}, {"i4", 'i'}, {"i8", 'l'},  {"u1", 'C'}, {"u2", 'H'},
        {"u4", 'I'}, {"u8", 'L'}, {"f4", 'f'}, {"f8", 'd'}, {"c16", 'D'}, {"c8", 'F'},
    };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        size_t n = strlen(codes[i].name);
        if (strncmp(*text, codes[i].name, n) != 0) continue;
        *text += n;
        return codes[i].code;
    }
    return 0;
}

/* "f8(f8,i8)" as result code and argument codes. */
static bool parse_typed(Signature *s, const char *text)
{
    s->typed[0] = (char)typed_code(&text);
    if (!s->typed[0] || *text++ != '(') return false;
    while (*text && *text != ')') {
        if (s->typed_count + 1u >= sizeof s->typed) return false;
        char code = (char)typed_code(&text);
        if (!code) return false;
        s->typed[++s->typed_count] = code;
        if (*text == ',') text++;
    }
    return *text == ')' && s->typed_count == s->count;
}

static bool is_self_name(const char *name, size_t n)
{
    return (n == 4 && memcmp(name, "self", 4) == 0) || (n == 3 && memcmp(name, "cls", 3) == 0);
}

static bool parse(Signature *s, const char *text)
{
    bool after_star = false, optional_seen = false;
    if (*text++ != '(') return false;
    for (text = skip_spaces(text); *text && *text != ')'; text = skip_spaces(text)) {
        if (*text == ',') {
            text++;
            continue;
        }
        if (*text == '/') {
            s->positional_only = s->positional;
            text++;
            continue;
        }
        int stars = 0;
        for (; *text == '*'; text++) stars++;
        bool dollar = *text == '$';
        text += dollar;
        const char *name = text;
        while (is_name_char(*text)) text++;
        size_t n = (size_t)(text - name);
        if (stars == 1) after_star = true;
        if (stars == 1 && n == 0) continue;
        if (n == 0 || n > 60 || s->count == PARAMETERS_MAX) return false;
        char buffer[64];
        memcpy(buffer, name, n);
        buffer[n] = 0;
        Parameter *p = &s->parameters[s->count];
        *p = (Parameter){kr_intern(buffer), EMPTY, stars == 0};
        if (s->count == 0 && stars == 0 && (dollar || is_self_name(name, n))) s->has_self = true;
        if (*text == '=') {
            text++;
            bool bad = false;
            p->initial = parse_default(&text, &bad);
            if (bad || kr_raised()) return false;
            p->required = false;
            optional_seen = true;
        }
        if (stars == 1) {
            s->args_slot = (int32_t)s->count;
        } else if (stars == 2) {
            s->kwargs_slot = (int32_t)s->count;
        } else {
            s->named++;
            if (!after_star) {
                s->positional++;
                if (!optional_seen) s->required++;
            }
        }
        s->count++;
    }
    if (s->entry->kind & KR_IS_CLASS) s->has_self = true;
    if (s->has_self && !s->positional_only) s->positional_only = 1;
    s->simple = s->count == s->positional;
    s->takes_keywords = s->kwargs_slot >= 0 || s->named > s->positional_only;
    return *text == ')';
}

/* ---- The table of signatures ------------------------------------------------------- */

static Signature **table; /* open addressing by entry address */
static size_t table_size, table_used;

static size_t place_of(const KrFunction *entry)
{
    size_t i = ((uintptr_t)entry >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 20;
    for (i &= table_size - 1; table[i] && table[i]->entry != entry;
         i = (i + 1) & (table_size - 1)) {}
    return i;
}

static bool grow_table(void)
{
    size_t old_size = table_size;
    Signature **old = table, **new = calloc(old_size ? 2 * old_size : 512, sizeof *new);
    if (!new) return false;
    table = new;
    table_size = old_size ? 2 * old_size : 512;
    for (size_t i = 0; i < old_size; i++)
        if (old[i]) table[place_of(old[i]->entry)] = old[i];
    free(old);
    return true;
}

Signature *kr_signature_of(const KrFunction *entry)
{
    if (2 * table_used >= table_size && !grow_table()) {
        kr_raise_no_memory();
        return NULL;
    }
    size_t place = place_of(entry);
    if (table[place]) return table[place];
    Signature *s = calloc(1, sizeof(Signature) + PARAMETERS_MAX * sizeof(Parameter));
    if (!s) {
        kr_raise_no_memory();
        return NULL;
    }
    s->entry = entry;
    s->args_slot = s->kwargs_slot = -1;
    bool good = entry->signature && parse(s, entry->signature);
    if (good && (entry->kind & KR_KIND_MASK) == KR_KIND_TYPED)
        good = entry->typed && parse_typed(s, entry->typed);
    if (!good) {
        free(s);
        if (!kr_raised())
            kr_raise(kr_SystemError, "malformed signature of native function %s: %s", entry->name,
                     entry->signature ? entry->signature : "(none)");
        return NULL;
    }
    Signature *shrunk = realloc(s, sizeof(Signature) + s->count * sizeof(Parameter));
    s = shrunk ? shrunk : s;
    for (uint32_t i = 0; i < s->count; i++)
        if (is_object(s->parameters[i].initial)) kr_root(&s->parameters[i].initial);
    table[place] = s;
    table_used++;
    return s;
}

/* ---- Binding ----------------------------------------------------------------------- */

Value kr_builtin_full_name(Value function)
{
    Builtin *f = object_of(function);
    if (!is_empty(f->self)) { /* bound: the class it is bound to, or that of the instance */
        Type *type = is_type(f->self) ? object_of(f->self) : type_of(f->self);
        return kr_str_format("%U.%s", type->qualname, f->entry->name);
    }
    if (!is_empty(f->owner) && is_type(f->owner))
        return kr_str_format("%U.%s", ((Type *)object_of(f->owner))->qualname, f->entry->name);
    Value module = kr_builtin_module_name(f);
    if (is_str(module) && !kr_str_equal_ascii(module, "builtins"))
        return kr_str_format("%U.%s", module, f->entry->name);
    return kr_str(f->entry->name);
}

static Value full_name(const Signature *s, Value function)
{
    return is_empty(function) ? kr_str(s->entry->name) : kr_builtin_full_name(function);
}

/* Wrong number of positional arguments, counted without self; -1. */
static int raise_count(const Signature *s, Value function, size_t given, size_t least, size_t most,
                       size_t keywords)
{
    const char *name = s->entry->name;
    if (!s->takes_keywords) {
        if (most == 0) {
            kr_raise(kr_TypeError, "%U() takes no arguments (%zu given)", full_name(s, function),
                     given);
        } else if (least == 1 && most == 1) {
            kr_raise(kr_TypeError, "%U() takes exactly one argument (%zu given)",
                     full_name(s, function), given);
        } else {
            size_t limit = given < least ? least : most;
            kr_raise(kr_TypeError, "%s expected %s%zu argument%s, got %zu", name,
                     least == most && s->args_slot < 0 ? ""
                     : given < least                   ? "at least "
                                                       : "at most ",
                     limit, limit == 1 ? "" : "s", given);
        }
        return -1;
    }
    size_t all = s->named - s->has_self;
    if (given + keywords > all && s->args_slot < 0 && s->kwargs_slot < 0) {
        kr_raise(kr_TypeError, "%s() takes at most %zu %sargument%s (%zu given)", name, all,
                 given == 0 ? "keyword " : "", all == 1 ? "" : "s", given + keywords);
    } else if (given > most && s->args_slot < 0) {
        if (most == 0)
            kr_raise(kr_TypeError, "%s() takes no positional arguments", name);
        else
            kr_raise(kr_TypeError, "%s() takes %s %zu positional argument%s (%zu given)", name,
                     least < most ? "at most" : "exactly", most, most == 1 ? "" : "s", given);
    } else {
        kr_raise(kr_TypeError, "%s() takes %s %zu positional argument%s (%zu given)", name,
                 least < most || s->args_slot >= 0 ? "at least" : "exactly", least,
                 least == 1 ? "" : "s", given);
    }
    return -1;
}

static int find_parameter(const Signature *s, Value name)
{
    for (uint32_t i = 0; i < s->count; i++)
        if (same(s->parameters[i].name, name) && (int32_t)i != s->args_slot &&
            (int32_t)i != s->kwargs_slot)
            return (int)i;
    for (uint32_t i = 0; i < s->count; i++)
        if (kr_str_equal(s->parameters[i].name, name) && (int32_t)i != s->args_slot &&
            (int32_t)i != s->kwargs_slot)
            return (int)i;
    return -1;
}

static int bind_keywords(const Signature *s, const Value *values, Tuple *names, size_t positional,
                         Value *slots)
{
    const char *name = s->entry->name;
    int unexpected = -1;
    for (size_t i = 0; i < names->size; i++) {
        int place = find_parameter(s, names->items[i]);
        if (place >= 0 && (uint32_t)place >= s->positional_only) {
            if ((size_t)place < positional) {
                kr_raise(kr_TypeError, "argument for %s() given by name ('%U') and position (%d)",
                         name, names->items[i], place + 1 - s->has_self);
                return -1;
            }
            slots[place] = values[i];
        } else if (s->kwargs_slot >= 0) {
            if (kr_dict_set(slots[s->kwargs_slot], names->items[i], values[i]) < 0) return -1;
        } else if (unexpected < 0) {
            unexpected = (int)i;
        }
    }
    /* a missing argument is reported before a superfluous one */
    for (uint32_t i = s->has_self; i < s->count; i++) {
        if (!s->parameters[i].required || !is_empty(slots[i])) continue;
        kr_raise(kr_TypeError, "%s() missing required argument '%U' (pos %u)", name,
                 s->parameters[i].name, i + 1 - s->has_self);
        return -1;
    }
    if (unexpected < 0) return 0;
    kr_raise(kr_TypeError, "'%U' is an invalid keyword argument for %s()", names->items[unexpected],
             name);
    return -1;
}

int kr_signature_bind(const Signature *s, Value function, const Value *args, size_t n,
                      Value kwnames, Value *slots)
{
    size_t keywords = is_empty(kwnames) ? 0 : tuple_of(kwnames)->size, self = s->has_self;
    if (n < self) {
        kr_raise(kr_TypeError, "unbound method %U() needs an argument", full_name(s, function));
        return -1;
    }
    if (keywords && !s->takes_keywords) {
        kr_raise(kr_TypeError, "%U() takes no keyword arguments", full_name(s, function));
        return -1;
    }
    size_t least =
        s->takes_keywords && s->required > s->positional_only ? s->positional_only : s->required;
    if (n < least || (n > s->positional && s->args_slot < 0) ||
        (n + keywords > s->named && s->args_slot < 0 && s->kwargs_slot < 0))
        return raise_count(s, function, n - self, least - self, s->positional - self, keywords);
    size_t direct = n < s->positional ? n : s->positional;
    if (direct) memcpy(slots, args, direct * sizeof(Value));
    for (size_t i = direct; i < s->count; i++) slots[i] = EMPTY;
    if (s->args_slot >= 0) {
        slots[s->args_slot] = n > direct ? kr_tuple(args + direct, n - direct) : kr_empty_tuple;
        if (is_empty(slots[s->args_slot])) return -1;
    }
    if (s->kwargs_slot >= 0 && is_empty(slots[s->kwargs_slot] = kr_dict())) return -1;
    Tuple *names = keywords ? tuple_of(kwnames) : tuple_of(kr_empty_tuple);
    if ((keywords || direct < s->count) && bind_keywords(s, args + n, names, direct, slots) < 0)
        return -1;
    for (size_t i = direct; i < s->count; i++)
        if (is_empty(slots[i])) slots[i] = s->parameters[i].initial;
    return 0;
}

int kr_bind(const KrFunction *entry, const Value *args, size_t n, Value kwnames, Value *slots)
{
    Signature *s = kr_signature_of(entry);
    return s ? kr_signature_bind(s, EMPTY, args, n, kwnames, slots) : -1;
}

/* ---- Calls of typed natives -------------------------------------------------------- */

/* Integers and floating-point numbers travel in separate registers, each class in order (System
 * V x86-64 and AArch64), so that one call with four of each serves every signature; a float
 * stands in the low half of its register and a complex number takes two. */
#define EACH                                                                                       \
    ints[0], ints[1], ints[2], ints[3], floats[0], floats[1], floats[2], floats[3], floats[4], \
        floats[5], floats[6], floats[7]
#define KINDS                                                                                      \
    int64_t, int64_t, int64_t, int64_t, double, double, double, double, double, double, double, \
        double

static double float_bits(float f)
{
    double d = 0;
    memcpy(&d, &f, sizeof f);
    return d;
}

static int convert(char code, Value v, int64_t *ints, int *int_count, double *floats,
                   int *float_count)
{
    double re, im;
    switch (code) {
    case 'd':
    case 'f':
        if (is_float(v))
            re = float_of(v);
        else if (kr_to_double(v, &re) < 0)
            return -1;
        floats[(*float_count)++] = code == 'd' ? re : float_bits((float)re);
        return 0;
    case 'D':
        if (kr_to_complex(v, &re, &im) < 0) return -1;
        floats[(*float_count)++] = re;
        floats[(*float_count)++] = im;
        return 0;
    case 'F': {
        if (kr_to_complex(v, &re, &im) < 0) return -1;
        float pair[2] = {(float)re, (float)im};
        memcpy(&floats[(*float_count)++], pair, sizeof pair);
        return 0;
    }
    case 'b': {
        int truth = kr_truth(v);
        ints[(*int_count)++] = truth;
        return truth < 0 ? -1 : 0;
    }
    case 'L': return kr_to_uint64(v, (uint64_t *)&ints[(*int_count)++]);
    default: {
        int64_t x;
        if (kr_to_int64(v, &x) < 0) return -1;
        bool fits = code == 'c'   ? x == (int8_t)x
                    : code == 'h' ? x == (int16_t)x
                    : code == 'i' ? x == (int32_t)x
                    : code == 'C' ? x == (uint8_t)x
                    : code == 'H' ? x == (uint16_t)x
                    : code == 'I' ? x == (uint32_t)x
                                  : true;
        if (!fits) {
            kr_raise(kr_OverflowError, "Python int too large to convert to C %s",
                     code == 'c' || code == 'C'   ? "char"
                     : code == 'h' || code == 'H' ? "short"
                                                  : "int");
            return -1;
        }
        ints[(*int_count)++] = x;
        return 0;
    }
    }
}

Value kr_signature_call_typed(const Signature *s, const Value *slots)
{
    int64_t ints[8] = {0};
    double floats[16] = {0};
    int int_count = 0, float_count = 0;
    for (int i = 0; i < s->typed_count; i++) {
        if (convert(s->typed[i + 1], slots[i], ints, &int_count, floats, &float_count) < 0)
            return EMPTY;
        if (int_count > 4 || float_count > 8)
            return kr_raise(kr_SystemError, "%s() has too many arguments for a typed function",
                            s->entry->name);
    }
    KrAnyCode code = s->entry->code;
    Value result;
    switch (s->typed[0]) {
    case 'd': result = from_float(((double (*)(KINDS))code)(EACH)); break;
    case 'f': result = from_float((double)((float (*)(KINDS))code)(EACH)); break;
    case 'D': {
        _Complex double z = ((_Complex double (*)(KINDS))code)(EACH);
        result = kr_complex(__real__ z, __imag__ z);
        break;
    }
    case 'F': {
        _Complex float z = ((_Complex float (*)(KINDS))code)(EACH);
        result = kr_complex((double)__real__ z, (double)__imag__ z);
        break;
    }
    default: {
        int64_t whole = ((int64_t(*)(KINDS))code)(EACH);
        switch (s->typed[0]) {
        case 'b': result = from_bool(whole & 255); break;
        case 'c': result = kr_int((int8_t)whole); break;
        case 'h': result = kr_int((int16_t)whole); break;
        case 'i': result = kr_int((int32_t)whole); break;
        case 'C': result = kr_int((uint8_t)whole); break;
        case 'H': result = kr_int((uint16_t)whole); break;
        case 'I': result = kr_int((uint32_t)whole); break;
        case 'L': result = kr_int_unsigned((uint64_t)whole); break;
        default: result = kr_int(whole); break;
        }
    }
    }
    return kr_raised() ? EMPTY : result;
}
