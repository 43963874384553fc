/* Types from text. One recursive-descent reader serves both spellings; `python` says whether
 * 64-bit scalar names mean Python's numbers (decorator signatures) or NumPy's (IR text). */
#include "jit/types/sig.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Reader {
    const char *at;
    bool python;
    int depth;
} Reader;

static const JitType *read_type(Reader *r);

static void skip(Reader *r)
{
    while (*r->at == ' ' || *r->at == '\t' || (r->python && *r->at == '\n')) r->at++;
}

static bool eat(Reader *r, char c)
{
    skip(r);
    if (*r->at != c) return false;
    r->at++;
    return true;
}

static bool is(const char *s, size_t n, const char *word)
{
    return strlen(word) == n && !memcmp(s, word, n);
}

static const char *read_word(Reader *r, size_t *length)
{
    skip(r);
    const char *start = r->at;
    while (isalnum((unsigned char)*r->at) || *r->at == '_' || *r->at == '.') r->at++;
    *length = (size_t)(r->at - start);
    return start;
}

/* "(a, b, c)" into elem; returns the count, -1 on error. */
static int read_list(Reader *r, const JitType **elem, int max)
{
    if (!eat(r, '(')) return -1;
    if (eat(r, ')')) return 0;
    for (int n = 0; n < max;) {
        if (!(elem[n++] = read_type(r))) return -1;
        if (eat(r, ')')) return n;
        if (!eat(r, ',')) return -1;
        if (eat(r, ')')) return n;
    }
    return -1;
}

static const JitType *read_one_of(Reader *r, TypeKind kind)
{
    const JitType *elem[1];
    return read_list(r, elem, 1) == 1 ? jit_type_wrap(kind, elem[0]) : NULL;
}

static const JitType *read_tuple(Reader *r, TypeKind kind)
{
    const JitType *elem[256];
    int n;
    skip(r);
    if (r->python && r->at[0] == '(' && r->at[1] == '(') { /* Tuple((a, b)) */
        r->at++;
        n = read_list(r, elem, 256);
        if (n < 0 || !eat(r, ')')) return NULL;
    } else {
        n = read_list(r, elem, 256);
    }
    if (n < 0) return NULL;
    return kind == TK_ZIP ? jit_type_zip(elem, (uint32_t)n) : jit_type_tuple(elem, (uint32_t)n);
}

/* list(int), or as Numba's types print: ListType[int64], DictType[unicode_type,int64]. */
static const JitType *read_container(Reader *r, TypeKind kind)
{
    const JitType *key, *value = NULL;
    skip(r);
    char close = *r->at == '[' ? ']' : ')';
    if (!eat(r, '(') && !eat(r, '[')) return NULL;
    if (!(key = read_type(r))) return NULL;
    if (kind == TK_DICT && (!eat(r, ',') || !(value = read_type(r)))) return NULL;
    if (!eat(r, close)) return NULL;
    if (r->python && !strncmp(r->at, "<iv=None>", 9)) r->at += 9;
    return kind == TK_DICT   ? jit_type_dict(key, value)
           : kind == TK_LIST ? jit_type_list(key)
                             : jit_type_set(key);
}

static const JitType *read_unituple(Reader *r)
{
    if (!eat(r, '(')) return NULL;
    const JitType *elem = read_type(r);
    skip(r);
    if (!elem || (!eat(r, ',') && !eat(r, 'x'))) return NULL;
    char *end;
    skip(r);
    long n = strtol(r->at, &end, 10);
    if (end == r->at || n < 0 || n > 256) return NULL;
    r->at = end;
    return eat(r, ')') ? jit_type_unituple(elem, (uint32_t)n) : NULL;
}

const JitType *(*jit_sig_class_hook)(int64_t number);

/* instance(3): of the jitclass with that number. */
static const JitType *read_instance(Reader *r)
{
    char *end;
    if (!eat(r, '(')) return NULL;
    long n = strtol(r->at, &end, 10);
    if (end == r->at) return NULL;
    r->at = end;
    return eat(r, ')') && jit_sig_class_hook ? jit_sig_class_hook(n) : NULL;
}

const JitType *(*jit_sig_record_hook)(int64_t number);

/* record(3;...): of the structured dtype with that number; what follows the number is for readers. */
static const JitType *read_record(Reader *r)
{
    char *end;
    int depth = 1;
    if (!eat(r, '(')) return NULL;
    long n = strtol(r->at, &end, 10);
    if (end == r->at) return NULL;
    for (r->at = end; *r->at && depth; r->at++) depth += (*r->at == '(') - (*r->at == ')');
    return !depth && jit_sig_record_hook ? jit_sig_record_hook(n) : NULL;
}

/* A rank and the comma behind it: "2d,". */
static bool read_rank(Reader *r, unsigned long *rank)
{
    char *end;
    skip(r);
    *rank = strtoul(r->at, &end, 10);
    if (end == r->at || *end != 'd' || *rank > TYPE_MAX_RANK) return false;
    r->at = end + 1;
    return eat(r, ',');
}

/* Behind "array(" or "records(": array(record(..), 2d, A), records(2d, record(..)). */
static const JitType *read_records(Reader *r, const JitType *item)
{
    unsigned long rank;
    if (!read_rank(r, &rank)) return NULL;
    if (!item)
        item = read_type(r);
    else
        while (*r->at && *r->at != ')') r->at++; /* the layout: always with strides */
    bool record = item && item->kind == TK_RECORD;
    return record && eat(r, ')') ? jit_type_records(item, (unsigned)rank, false) : NULL;
}

/* array(float64, 2d, C[, readonly]) */
static const JitType *read_array(Reader *r)
{
    if (!eat(r, '(')) return NULL;
    size_t n;
    const char *word = read_word(r, &n);
    if (r->python && is(word, n, "record")) {
        const JitType *item = read_record(r);
        return item && eat(r, ',') ? read_records(r, item) : NULL;
    }
    int d = is(word, n, "bool") ? DT_BOOL : jit_dtype_find(word, n);
    if (d < 0 || !eat(r, ',')) return NULL;
    unsigned long rank;
    if (!read_rank(r, &rank)) return NULL;
    word = read_word(r, &n);
    if (n != 1 || !strchr("CFA", word[0])) return NULL;
    char layout = word[0];
    bool readonly = false;
    if (eat(r, ',')) {
        word = read_word(r, &n);
        if (!is(word, n, "readonly")) return NULL;
        readonly = true;
    }
    return eat(r, ')') ? jit_type_array((JitDtype)d, (unsigned)rank, layout, readonly) : NULL;
}

static const JitType *read_string(Reader *r)
{
    if (!eat(r, '(') || !eat(r, '"')) return NULL;
    char *text = malloc(strlen(r->at) + 1);
    size_t n = 0;
    if (!text) return NULL;
    while (*r->at && *r->at != '"') {
        if (*r->at == '\\' && r->at[1]) {
            r->at++;
            text[n++] = *r->at == 'n' ? '\n' : *r->at;
            r->at++;
        } else {
            text[n++] = *r->at++;
        }
    }
    const JitType *t = jit_type_named(TK_STR, text, n);
    free(text);
    return eat(r, '"') && eat(r, ')') ? t : NULL;
}

static const JitType *read_named(Reader *r, TypeKind kind)
{
    size_t n;
    if (!eat(r, '(')) return NULL;
    const char *word = read_word(r, &n);
    return n && eat(r, ')') ? jit_type_named(kind, word, n) : NULL;
}

static const JitType *read_method(Reader *r)
{
    if (!eat(r, '(')) return NULL;
    const JitType *self = read_type(r);
    if (!self || !eat(r, ',')) return NULL;
    size_t n;
    const char *word = read_word(r, &n);
    char name[128];
    if (!n || n >= sizeof name || !eat(r, ')')) return NULL;
    memcpy(name, word, n);
    name[n] = 0;
    return jit_type_method(self, name);
}

/* Dimensions behind an element type, "[:, ::1]"; *at stands behind '['. */
static const JitType *read_dimensions(Reader *r, JitDtype dtype)
{
    unsigned rank = 0;
    int one_first = 0, one_last = 0;
    for (;;) {
        if (!eat(r, ':')) return NULL;
        one_last = 0;
        if (eat(r, ':')) {
            if (!eat(r, '1')) return NULL;
            one_last = 1;
            if (rank == 0) one_first = 1;
        }
        rank++;
        if (eat(r, ']')) break;
        if (!eat(r, ',') || rank == TYPE_MAX_RANK) return NULL;
    }
    char layout = one_last ? 'C' : one_first ? 'F' : 'A';
    return jit_type_array(dtype, rank, layout, false);
}

static const JitType *python_number(JitDtype d)
{
    switch (d) {
    case DT_BOOL: return jit_type_simple(TK_BOOL);
    case DT_I64: return jit_type_simple(TK_INT);
    case DT_F64: return jit_type_simple(TK_FLOAT);
    case DT_C128: return jit_type_simple(TK_COMPLEX);
    default: return jit_type_scalar(d);
    }
}

/* Names that signatures use beside the dtypes' own. */
static int alias_dtype(const char *w, size_t n)
{
    static const struct {
        const char *name;
        JitDtype dtype;
    } aliases[] = {
        {"boolean", DT_BOOL},  {"bool", DT_BOOL},    {"intp", DT_I64},      {"int_", DT_I64},
        {"uintp", DT_U64},     {"uint", DT_U64},     {"float_", DT_F64},    {"double", DT_F64},
        {"complex_", DT_C128}, {"byte", DT_U8},      {"char", DT_I8},       {"short", DT_I16},
        {"ushort", DT_U16},    {"intc", DT_I32},     {"uintc", DT_U32},     {"long_", DT_I64},
        {"ulong", DT_U64},     {"longlong", DT_I64}, {"ulonglong", DT_U64}, {"int", DT_I64},
        {"float", DT_F64},     {"complex", DT_C128}};
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (is(w, n, aliases[i].name)) return (int)aliases[i].dtype;
    return -1;
}

static const JitType *read_base(Reader *r)
{
    size_t n;
    const char *w = read_word(r, &n);
    if (n == 0) return NULL;
    if (r->python) {
        static const char *const prefixes[] = {"numba.types.", "numba.", "types.",
                                               "nb.",          "np.",    "numpy."};
        for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
            size_t k = strlen(prefixes[i]);
            if (n > k && !memcmp(w, prefixes[i], k)) {
                w += k;
                n -= k;
                break;
            }
        }
        int d = jit_dtype_find(w, n);
        if (d < 0) d = alias_dtype(w, n);
        if (d >= 0) {
            skip(r);
            if (*r->at == '[') {
                r->at++;
                return read_dimensions(r, (JitDtype)d);
            }
            return python_number((JitDtype)d);
        }
        if (is(w, n, "void")) return jit_type_simple(TK_NONE);
        if (is(w, n, "Tuple")) return read_tuple(r, TK_TUPLE);
        if (is(w, n, "UniTuple")) return read_unituple(r);
        if (is(w, n, "Optional") || is(w, n, "OptionalType")) return read_one_of(r, TK_OPTIONAL);
        if (is(w, n, "reflected")) w = read_word(r, &n);
        if (is(w, n, "List") || is(w, n, "list")) return read_container(r, TK_LIST);
        if (is(w, n, "Set") || is(w, n, "set")) return read_container(r, TK_SET);
        if (is(w, n, "DictType")) return read_container(r, TK_DICT);
        if (is(w, n, "ListType")) return read_container(r, TK_LIST);
        if (is(w, n, "instance")) return read_instance(r);
        if (is(w, n, "record")) return read_record(r);
        if (is(w, n, "records")) return eat(r, '(') ? read_records(r, NULL) : NULL;
        if (is(w, n, "unicode_type") || is(w, n, "string")) return jit_type_simple(TK_TEXT);
    } else {
        static const struct {
            const char *name;
            TypeKind kind;
        } simple[] = {{"bool", TK_BOOL},       {"int", TK_INT},     {"float", TK_FLOAT},
                      {"complex", TK_COMPLEX}, {"range", TK_RANGE}, {"ellipsis", TK_ELLIPSIS},
                      {"bottom", TK_BOTTOM},   {"text", TK_TEXT},   {"caught", TK_CAUGHT}};
        for (size_t i = 0; i < sizeof simple / sizeof *simple; i++)
            if (is(w, n, simple[i].name)) return jit_type_simple(simple[i].kind);
        int d = jit_dtype_find(w, n);
        if (d >= 0) return jit_type_scalar((JitDtype)d);
        if (is(w, n, "str")) return read_string(r);
        if (is(w, n, "func")) return read_named(r, TK_FUNC);
        if (is(w, n, "module")) return read_named(r, TK_MODULE);
        if (is(w, n, "big")) return read_named(r, TK_BIG);
        if (is(w, n, "exc")) return read_named(r, TK_EXC);
        if (is(w, n, "iter")) return read_one_of(r, TK_ITER);
        if (is(w, n, "enumerate")) return read_one_of(r, TK_ENUMERATE);
        if (is(w, n, "zip")) return read_tuple(r, TK_ZIP);
        if (is(w, n, "method")) return read_method(r);
        if (is(w, n, "list")) return read_container(r, TK_LIST);
        if (is(w, n, "set")) return read_container(r, TK_SET);
        if (is(w, n, "dict")) return read_container(r, TK_DICT);
        if (is(w, n, "slice")) {
            const JitType *e[3];
            return read_list(r, e, 3) == 3 ? jit_type_slice(e[0], e[1], e[2]) : NULL;
        }
    }
    if (is(w, n, "none") || is(w, n, "None")) return jit_type_simple(TK_NONE);
    if (is(w, n, "tuple")) return read_tuple(r, TK_TUPLE);
    if (is(w, n, "array")) return read_array(r);
    if (is(w, n, "optional")) return read_one_of(r, TK_OPTIONAL);
    return NULL;
}

static const JitType *read_type(Reader *r)
{
    if (r->depth > 50) return NULL;
    r->depth++;
    const JitType *t = read_base(r);
    r->depth--;
    return t;
}

const JitType *jit_sig_read_ir(const char **at)
{
    Reader r = {.at = *at};
    const JitType *t = read_type(&r);
    *at = r.at;
    return t;
}

int jit_sig_read(const char *text, JitSignature *sig, char *error, size_t size)
{
    Reader r = {.at = text, .python = true};
    memset(sig, 0, sizeof *sig);
    skip(&r);
    if (*r.at != '(' && !(sig->ret = read_type(&r))) goto bad;
    int n = read_list(&r, sig->args, SIG_MAX_ARGS);
    skip(&r);
    if (n < 0 || *r.at) goto bad;
    sig->nargs = (uint32_t)n;
    return 0;
bad:
    snprintf(error, size, "the signature \"%s\" is not understood at \"%.20s\"", text, r.at);
    return -1;
}
