/* Interned types: construction, promotion, unification, spelling.
 *
 * The table is an open hash of pointers guarded by one mutex; types are never freed. A type is
 * built in a local struct, looked up, and copied on first sight together with its elements, its
 * name and its spelling.
 */
#include "jit/types/type.h"

#include <assert.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct DtypeInfo {
    const char *name, *short_name;
    char kind;
    uint8_t size, machine;
} DtypeInfo;

static const DtypeInfo dtypes[DT_COUNT] = {
#define DTYPE(code, name, short_name, kind, size, mt, ctype) \
    [DT_##code] = {name, short_name, kind, size, mt},
#include "jit/types/dtype.def"
#undef DTYPE
};

static const char *const kind_names[TK_COUNT] = {
    "bottom", "none",  "bool",     "int",      "float", "complex",   "scalar",
    "tuple",  "range", "slice",    "array",    "str",   "func",      "method",
    "module", "exc",   "ellipsis", "optional", "iter",  "enumerate", "zip",
    "list",   "set",   "dict",     "text",     "view",  "big",       "object",
    "record", "records", "generator", "caught"};

static const char *const mtype_names[M_COUNT] = {"void", "i1",  "i8",  "i16", "i32", "i64", "u8",
                                                 "u16",  "u32", "u64", "f32", "f64", "ptr", "own"};

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static const JitType **table;
static uint32_t table_size, table_used;

const char *jit_dtype_name(JitDtype d) { return dtypes[d].name; }
char jit_dtype_kind(JitDtype d) { return dtypes[d].kind; }
unsigned jit_dtype_size(JitDtype d) { return dtypes[d].size; }
MType jit_dtype_machine(JitDtype d) { return (MType)dtypes[d].machine; }
const char *jit_mtype_name(MType m) { return mtype_names[m]; }

int jit_dtype_find(const char *name, size_t length)
{
    for (int d = 0; d < DT_COUNT; d++)
        if ((strlen(dtypes[d].name) == length && !memcmp(dtypes[d].name, name, length)) ||
            (strlen(dtypes[d].short_name) == length && !memcmp(dtypes[d].short_name, name, length)))
            return d;
    return -1;
}

int jit_mtype_find(const char *name, size_t length)
{
    for (int m = 0; m < M_COUNT; m++)
        if (strlen(mtype_names[m]) == length && !memcmp(mtype_names[m], name, length)) return m;
    return -1;
}

unsigned jit_mtype_size(MType m)
{
    static const uint8_t sizes[M_COUNT] = {0, 1, 1, 2, 4, 8, 1, 2, 4, 8, 4, 8, 8, 8};
    return sizes[m];
}

/* ---- components ---- */

static uint32_t count_parts(const JitType *t)
{
    uint32_t n = 0;
    switch ((TypeKind)t->kind) {
    case TK_BOOL:
    case TK_INT:
    case TK_FLOAT: return 1;
    case TK_COMPLEX: return 2;
    case TK_SCALAR: return dtypes[t->dtype].kind == 'c' ? 2 : 1;
    case TK_RANGE: return 3;
    case TK_LIST:
    case TK_SET:
    case TK_DICT:
    case TK_TEXT:
    case TK_VIEW:
    case TK_OBJECT:
    case TK_GEN:
    case TK_CAUGHT: return 1;
    case TK_RECORD: return 2;
    case TK_RECORDS:
    case TK_ARRAY: return 2 + t->rank * (t->layout == 'A' ? 2u : 1u);
    case TK_OPTIONAL: return 1 + t->elem[0]->nparts;
    case TK_ENUMERATE: return 1 + t->elem[0]->nparts;
    case TK_TUPLE:
    case TK_SLICE:
    case TK_ZIP:
    case TK_METHOD:
    case TK_ITER:
        for (uint32_t i = 0; i < t->n; i++) n += t->elem[i]->nparts;
        return n;
    default: return 0;
    }
}

void jit_type_parts(const JitType *t, uint8_t *parts)
{
    switch ((TypeKind)t->kind) {
    case TK_BOOL: parts[0] = M_I1; break;
    case TK_INT: parts[0] = M_I64; break;
    case TK_FLOAT: parts[0] = M_F64; break;
    case TK_COMPLEX: parts[0] = parts[1] = M_F64; break;
    case TK_SCALAR:
        parts[0] = dtypes[t->dtype].machine;
        if (dtypes[t->dtype].kind == 'c') parts[1] = parts[0];
        break;
    case TK_RANGE: memset(parts, M_I64, 3); break;
    case TK_LIST:
    case TK_SET:
    case TK_DICT:
    case TK_TEXT:
    case TK_VIEW:
    case TK_OBJECT:
    case TK_GEN:
    case TK_CAUGHT: parts[0] = M_OWN; break;
    case TK_RECORD:
    case TK_RECORDS:
    case TK_ARRAY:
        parts[0] = M_PTR;
        parts[1] = M_OWN;
        memset(parts + 2, M_I64, t->nparts - 2);
        break;
    case TK_OPTIONAL:
        parts[0] = M_I1;
        jit_type_parts(t->elem[0], parts + 1);
        break;
    case TK_ENUMERATE:
        parts[0] = M_I64;
        jit_type_parts(t->elem[0], parts + 1);
        break;
    case TK_TUPLE:
    case TK_SLICE:
    case TK_ZIP:
    case TK_METHOD:
    case TK_ITER:
        for (uint32_t i = 0; i < t->n; parts += t->elem[i]->nparts, i++)
            jit_type_parts(t->elem[i], parts);
        break;
    default: break;
    }
}

uint32_t jit_type_part_of(const JitType *t, uint32_t i)
{
    uint32_t at = 0;
    for (uint32_t k = 0; k < i; k++) at += t->elem[k]->nparts;
    return at;
}

/* ---- spelling ---- */

typedef struct Text {
    char *at;
    size_t left;
} Text;

__attribute__((format(printf, 2, 3))) static void put(Text *out, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(out->at, out->left, fmt, ap);
    va_end(ap);
    if (n < 0 || out->left == 0) return;
    size_t k = (size_t)n < out->left ? (size_t)n : out->left - 1;
    out->at += k;
    out->left -= k;
}

static void put_quoted(Text *out, const char *s)
{
    put(out, "\"");
    for (; *s; s++)
        if (*s == '"' || *s == '\\')
            put(out, "\\%c", *s);
        else if (*s == '\n')
            put(out, "\\n");
        else
            put(out, "%c", *s);
    put(out, "\"");
}

static void spell(const JitType *t, Text *out)
{
    switch ((TypeKind)t->kind) {
    case TK_SCALAR: put(out, "%s", dtypes[t->dtype].name); return;
    case TK_ARRAY:
        put(out, "array(%s, %ud, %c%s)", dtypes[t->dtype].name, t->rank, t->layout,
            t->readonly ? ", readonly" : "");
        return;
    case TK_STR:
        put(out, "str(");
        put_quoted(out, t->name);
        put(out, ")");
        return;
    case TK_BIG:
    case TK_FUNC:
    case TK_MODULE:
    case TK_EXC: put(out, "%s(%s)", kind_names[t->kind], t->name); return;
    case TK_TUPLE:
    case TK_SLICE:
    case TK_ZIP:
    case TK_OPTIONAL:
    case TK_ITER:
    case TK_ENUMERATE:
    case TK_METHOD:
    case TK_VIEW:
    case TK_GEN:
    case TK_LIST:
    case TK_SET:
    case TK_DICT:
    case TK_OBJECT:
    case TK_RECORD:
    case TK_RECORDS:
        put(out, "%s(", kind_names[t->kind]);
        if (t->kind == TK_OBJECT || t->kind == TK_RECORD)
            put(out, "%s%s%s", t->readonly ? "readonly, " : "", t->name, t->n ? ", " : "");
        if (t->kind == TK_RECORDS) put(out, "%ud%s, ", t->rank, t->readonly ? ", readonly" : "");
        for (uint32_t i = 0; i < t->n; i++) {
            if (i) put(out, ", ");
            spell(t->elem[i], out);
        }
        if (t->kind == TK_METHOD || t->kind == TK_VIEW || t->kind == TK_GEN) put(out, ", %s", t->name);
        put(out, ")");
        return;
    default: put(out, "%s", kind_names[t->kind]); return;
    }
}

static const char *plural_name(const JitType *t)
{
    switch ((TypeKind)t->kind) {
    case TK_NONE: return "None";
    case TK_BOTTOM: return "nothing";
    case TK_STR: return "str";
    case TK_EXC: return "an exception class";
    case TK_ELLIPSIS: return "...";
    case TK_TEXT: return "str";
    case TK_CAUGHT: return "an exception";
    case TK_BIG: return "an int of 64 bits";
    case TK_OBJECT: return "an instance of a class";
    case TK_RECORD: return "a record";
    case TK_GEN: return "a generator";
    case TK_RECORDS: return t->elem[0]->kind == TK_RECORD ? "an array of records" : "a field that is not aligned";
    default: return kind_names[t->kind];
    }
}

static void describe(const JitType *t, Text *out)
{
    switch ((TypeKind)t->kind) {
    case TK_SCALAR: put(out, "NumPy %s", dtypes[t->dtype].name); return;
    case TK_ARRAY:
        put(out, "%s%s array (%u-D)", t->readonly ? "read-only " : "", dtypes[t->dtype].name,
            t->rank);
        return;
    case TK_FUNC:
        if (!strncmp(t->name, "jit.f", 5) && strchr(t->name, '_'))
            put(out, "function %s", strchr(t->name, '_') + 1);
        else
            put(out, "function %s", t->name);
        return;
    case TK_MODULE: put(out, "module %s", t->name); return;
    case TK_METHOD:
        put(out, "method %s", strchr(t->name, '.') ? strchr(t->name, '.') + 1 : t->name);
        return;
    case TK_TUPLE:
        put(out, "tuple (");
        for (uint32_t i = 0; i < t->n; i++) {
            put(out, i ? ", " : "");
            describe(t->elem[i], out);
        }
        put(out, ")");
        return;
    case TK_OPTIONAL:
        describe(t->elem[0], out);
        put(out, " or None");
        return;
    case TK_ITER:
        put(out, "iterator over ");
        describe(t->elem[0], out);
        return;
    case TK_VIEW: put(out, "%s of a dict", t->name); return;
    case TK_LIST:
    case TK_SET:
    case TK_DICT:
        if (t->elem[0]->kind == TK_BOTTOM) {
            put(out, "empty %s", kind_names[t->kind]);
            return;
        }
        put(out, "%s of ", kind_names[t->kind]);
        describe(t->elem[0], out);
        if (t->kind == TK_DICT) {
            put(out, " to ");
            describe(t->elem[1], out);
        }
        return;
    default: put(out, "%s", plural_name(t)); return;
    }
}

char *jit_type_describe(const JitType *t, char *buf, size_t size)
{
    Text out = {buf, size};
    if (size) buf[0] = 0;
    describe(t, &out);
    return buf;
}

static void numba(const JitType *t, Text *out)
{
    bool same = true;
    switch ((TypeKind)t->kind) {
    case TK_BOOL: put(out, "bool"); return;
    case TK_INT: put(out, "int64"); return;
    case TK_FLOAT: put(out, "float64"); return;
    case TK_COMPLEX: put(out, "complex128"); return;
    case TK_SCALAR: put(out, "%s", t->dtype == DT_BOOL ? "bool" : dtypes[t->dtype].name); return;
    case TK_ARRAY:
        put(out, t->readonly ? "Array(%s, %u, '%c', False, aligned=True)" : "array(%s, %ud, %c)",
            t->dtype == DT_BOOL ? "bool" : dtypes[t->dtype].name, t->rank, t->layout);
        return;
    case TK_TUPLE:
        for (uint32_t i = 1; i < t->n; i++) same = same && t->elem[i] == t->elem[0];
        if (same && t->n) {
            put(out, "UniTuple(");
            numba(t->elem[0], out);
            put(out, " x %u)", t->n);
            return;
        }
        put(out, "Tuple(");
        for (uint32_t i = 0; i < t->n; i++) {
            put(out, i ? ", " : "");
            numba(t->elem[i], out);
        }
        put(out, ")");
        return;
    case TK_OPTIONAL:
        put(out, "OptionalType(");
        numba(t->elem[0], out);
        put(out, ")");
        return;
    case TK_TEXT:
    case TK_STR: put(out, "unicode_type"); return;
    case TK_LIST:
    case TK_SET:
        put(out, t->kind == TK_LIST ? "reflected list(" : "reflected set(");
        numba(t->elem[0], out);
        put(out, t->kind == TK_LIST ? ")<iv=None>" : ")");
        return;
    case TK_DICT:
        put(out, "DictType[");
        numba(t->elem[0], out);
        put(out, ",");
        numba(t->elem[1], out);
        put(out, "]<iv=None>");
        return;
    case TK_NONE: put(out, "none"); return;
    case TK_BIG: put(out, "uint64"); return;
    default: put(out, "%s", t->text); return;
    }
}

char *jit_type_numba(const JitType *t, char *buf, size_t size)
{
    Text out = {buf, size};
    if (size) buf[0] = 0;
    numba(t, &out);
    return buf;
}

/* ---- interning ---- */

static uint32_t hash_of(const JitType *t)
{
    uint64_t h = t->kind * 31u + t->dtype * 131u + t->rank * 1031u + (unsigned char)t->layout * 7u +
                 t->readonly;
    for (uint32_t i = 0; i < t->n; i++) h = h * 1000003u + t->elem[i]->number + 17;
    for (const char *s = t->name ? t->name : ""; *s; s++) h = h * 33u + (unsigned char)*s;
    return (uint32_t)(h ^ (h >> 29));
}

static bool equal(const JitType *a, const JitType *b)
{
    if (a->kind != b->kind || a->dtype != b->dtype || a->rank != b->rank ||
        a->layout != b->layout || a->readonly != b->readonly || a->n != b->n)
        return false;
    if ((a->name == NULL) != (b->name == NULL) || (a->name && strcmp(a->name, b->name)))
        return false;
    for (uint32_t i = 0; i < a->n; i++)
        if (a->elem[i] != b->elem[i]) return false;
    return true;
}

static void *must(void *p)
{
    if (!p) {
        fputs("krait: out of memory\n", stderr);
        abort();
    }
    return p;
}

static void grow_table(void)
{
    uint32_t size = table_size ? table_size * 2 : 256;
    const JitType **fresh = must(calloc(size, sizeof *fresh));
    for (uint32_t i = 0; i < table_size; i++)
        if (table[i]) {
            uint32_t at = hash_of(table[i]) & (size - 1);
            while (fresh[at]) at = (at + 1) & (size - 1);
            fresh[at] = table[i];
        }
    free(table);
    table = fresh;
    table_size = size;
}

static const JitType *copy_type(const JitType *t)
{
    JitType *made = must(malloc(sizeof *made));
    *made = *t;
    if (t->n) {
        const JitType **elem = must(malloc(t->n * sizeof *elem));
        memcpy(elem, t->elem, t->n * sizeof *elem);
        made->elem = elem;
    }
    if (t->name) made->name = must(strdup(t->name));
    made->nparts = count_parts(made);
    made->number = table_used;
    size_t room = 256 + (t->name ? 2 * strlen(t->name) : 0);
    for (uint32_t i = 0; i < t->n; i++) room += strlen(t->elem[i]->text) + 2;
    char *text = must(malloc(room));
    Text out = {text, room};
    spell(made, &out);
    made->text = text;
    return made;
}

static const JitType *intern(const JitType *t)
{
    pthread_mutex_lock(&table_lock);
    if (2 * (table_used + 1) > table_size) grow_table();
    uint32_t at = hash_of(t) & (table_size - 1);
    while (table[at] && !equal(table[at], t)) at = (at + 1) & (table_size - 1);
    if (!table[at]) {
        table[at] = copy_type(t);
        table_used++;
    }
    const JitType *found = table[at];
    pthread_mutex_unlock(&table_lock);
    return found;
}

const JitType *jit_type_simple(TypeKind kind)
{
    static const JitType *cache[TK_COUNT];
    const JitType *t = __atomic_load_n(&cache[kind], __ATOMIC_ACQUIRE);
    if (!t) {
        t = intern(&(JitType){.kind = (uint8_t)kind});
        __atomic_store_n(&cache[kind], t, __ATOMIC_RELEASE);
    }
    return t;
}

const JitType *jit_type_scalar(JitDtype dtype)
{
    return intern(&(JitType){.kind = TK_SCALAR, .dtype = (uint8_t)dtype});
}

const JitType *jit_type_array(JitDtype dtype, unsigned rank, char layout, bool readonly)
{
    assert(rank <= TYPE_MAX_RANK);
    if (rank == 0) layout = 'C';
    if (rank == 1 && layout == 'F') layout = 'C';
    return intern(&(JitType){.kind = TK_ARRAY,
                             .dtype = (uint8_t)dtype,
                             .rank = (uint8_t)rank,
                             .layout = layout,
                             .readonly = readonly});
}

const JitType *jit_type_tuple(const JitType *const *elem, uint32_t n)
{
    return intern(&(JitType){.kind = TK_TUPLE, .n = n, .elem = elem});
}

const JitType *jit_type_named_tuple(const JitType *const *elem, uint32_t n, const char *name)
{
    return intern(&(JitType){.kind = TK_TUPLE, .n = n, .elem = elem, .name = name});
}

const JitType *jit_type_generator(const JitType *item, const char *function)
{
    return intern(&(JitType){.kind = TK_GEN, .n = 1, .elem = &item, .name = function});
}

const JitType *jit_type_record(const JitType *const *elem, uint32_t n, const char *name)
{
    return intern(&(JitType){.kind = TK_RECORD, .n = n, .elem = elem, .name = name});
}

const JitType *jit_type_records(const JitType *item, unsigned rank, bool readonly)
{
    return intern(&(JitType){.kind = TK_RECORDS,
                             .n = 1,
                             .elem = &item,
                             .rank = (uint8_t)rank,
                             .layout = 'A',
                             .readonly = readonly});
}

const JitType *jit_type_frozen(const JitType *t)
{
    if (t->readonly || (t->kind != TK_RECORD && t->kind != TK_RECORDS && t->kind != TK_ARRAY)) return t;
    JitType frozen = *t;
    frozen.readonly = true;
    return intern(&frozen);
}

const JitType *jit_type_object(const JitType *const *elem, uint32_t n, const char *name)
{
    return intern(&(JitType){.kind = TK_OBJECT, .n = n, .elem = elem, .name = name});
}

int jit_type_field(const JitType *t, const char *name)
{
    bool has_fields = (t->kind == TK_TUPLE || t->kind == TK_OBJECT || t->kind == TK_RECORD) && t->name && t->n;
    const char *at = has_fields ? strchr(t->name, ':') : NULL;
    size_t n = strlen(name);
    for (int i = 0; at; i++, at = strchr(at, ',')) {
        at++;
        if (!strncmp(at, name, n) && (at[n] == ',' || !at[n])) return i;
    }
    return -1;
}

const JitType *jit_type_unituple(const JitType *elem, uint32_t n)
{
    const JitType *elems[256];
    assert(n <= 256);
    for (uint32_t i = 0; i < n; i++) elems[i] = elem;
    return jit_type_tuple(elems, n);
}

const JitType *jit_type_slice(const JitType *start, const JitType *stop, const JitType *step)
{
    const JitType *elem[3] = {start, stop, step};
    return intern(&(JitType){.kind = TK_SLICE, .n = 3, .elem = elem});
}

const JitType *jit_type_named(TypeKind kind, const char *name, size_t length)
{
    char *copy = must(strndup(name, length));
    const JitType *t = intern(&(JitType){.kind = (uint8_t)kind, .name = copy});
    free(copy);
    return t;
}

const JitType *jit_type_method(const JitType *self, const char *name)
{
    return intern(&(JitType){.kind = TK_METHOD, .n = 1, .elem = &self, .name = name});
}

const JitType *jit_type_wrap(TypeKind kind, const JitType *of)
{
    if (kind == TK_OPTIONAL && (of->kind == TK_OPTIONAL || of->kind == TK_NONE)) return of;
    return intern(&(JitType){.kind = (uint8_t)kind, .n = 1, .elem = &of});
}

const JitType *jit_type_zip(const JitType *const *elem, uint32_t n)
{
    return intern(&(JitType){.kind = TK_ZIP, .n = n, .elem = elem});
}

const JitType *jit_type_list(const JitType *elem)
{
    return intern(&(JitType){.kind = TK_LIST, .n = 1, .elem = &elem});
}

const JitType *jit_type_set(const JitType *elem)
{
    return intern(&(JitType){.kind = TK_SET, .n = 1, .elem = &elem});
}

const JitType *jit_type_view(const JitType *dict, const char *what)
{
    return intern(&(JitType){.kind = TK_VIEW, .n = 1, .elem = &dict, .name = what});
}

const JitType *jit_type_dict(const JitType *key, const JitType *value)
{
    const JitType *elem[2] = {key, value};
    return intern(&(JitType){.kind = TK_DICT, .n = 2, .elem = elem});
}

/* ---- questions ---- */

bool jit_type_is_python_number(const JitType *t)
{
    return t->kind >= TK_BOOL && t->kind <= TK_COMPLEX;
}
bool jit_type_is_numeric(const JitType *t) { return t->kind >= TK_BOOL && t->kind <= TK_SCALAR; }
bool jit_type_is_integer(const JitType *t)
{
    return t->kind == TK_BOOL || t->kind == TK_INT ||
           (t->kind == TK_SCALAR && strchr("biu", dtypes[t->dtype].kind));
}
bool jit_type_is_float(const JitType *t)
{
    return t->kind == TK_FLOAT || (t->kind == TK_SCALAR && dtypes[t->dtype].kind == 'f');
}
bool jit_type_is_complex(const JitType *t)
{
    return t->kind == TK_COMPLEX || (t->kind == TK_SCALAR && dtypes[t->dtype].kind == 'c');
}
bool jit_type_is_constant(const JitType *t) { return t->nparts == 0 && t->kind != TK_BOTTOM; }

bool jit_type_is_container(const JitType *t)
{
    return t->kind == TK_LIST || t->kind == TK_SET || t->kind == TK_DICT;
}

bool jit_type_has_container(const JitType *t)
{
    if (jit_type_is_container(t) || t->kind == TK_TEXT || t->kind == TK_OBJECT || t->kind == TK_RECORD ||
        t->kind == TK_RECORDS || t->kind == TK_GEN)
        return true;
    for (uint32_t i = 0; i < t->n; i++)
        if (jit_type_has_container(t->elem[i])) return true;
    return false;
}

bool jit_type_owns(const JitType *t)
{
    if (t->kind == TK_GEN) return true;
    if (t->kind == TK_ARRAY || t->kind == TK_TEXT || t->kind == TK_CAUGHT || t->kind == TK_OBJECT ||
        t->kind == TK_RECORD || t->kind == TK_RECORDS ||
        jit_type_is_container(t))
        return true;
    for (uint32_t i = 0; i < t->n; i++)
        if (jit_type_owns(t->elem[i])) return true;
    return false;
}

JitDtype jit_type_dtype(const JitType *t)
{
    switch ((TypeKind)t->kind) {
    case TK_BOOL: return DT_BOOL;
    case TK_INT: return DT_I64;
    case TK_FLOAT: return DT_F64;
    case TK_COMPLEX: return DT_C128;
    default: return (JitDtype)t->dtype;
    }
}

MType jit_type_machine(const JitType *t) { return jit_dtype_machine(jit_type_dtype(t)); }

/* ---- promotion ---- */

static JitDtype signed_of(unsigned size)
{
    return size <= 1 ? DT_I8 : size == 2 ? DT_I16 : size == 4 ? DT_I32 : DT_I64;
}

JitDtype jit_dtype_promote(JitDtype a, JitDtype b)
{
    static const char order[] = "biufc";
    char ka = dtypes[a].kind, kb = dtypes[b].kind;
    if (strchr(order, ka) > strchr(order, kb)) {
        JitDtype t = a;
        a = b;
        b = t;
        ka = dtypes[a].kind;
        kb = dtypes[b].kind;
    }
    if (ka == kb) return dtypes[a].size >= dtypes[b].size ? a : b;
    if (ka == 'b') return b;
    if (ka == 'i' && kb == 'u') {
        if (dtypes[a].size > dtypes[b].size) return a;
        return dtypes[b].size == 8 ? DT_F64 : signed_of(2u * dtypes[b].size);
    }
    if (ka == 'f') /* with a complex */
        return dtypes[a].size == 8 ? DT_C128 : b;
    bool wide = dtypes[a].size > 2; /* an integer of 32 bits or more needs a double's mantissa */
    if (kb == 'f') return wide ? DT_F64 : b;
    return wide ? DT_C128 : b;
}

/* NumPy's scalar `strong` with Python's number `weak`. */
static const JitType *promote_weak(const JitType *strong, const JitType *weak)
{
    JitDtype d = (JitDtype)strong->dtype;
    char kind = dtypes[d].kind;
    switch ((TypeKind)weak->kind) {
    case TK_BOOL: return strong;
    case TK_INT: return kind == 'b' ? jit_type_scalar(DT_I64) : strong;
    case TK_FLOAT: return kind == 'f' || kind == 'c' ? strong : jit_type_scalar(DT_F64);
    default:
        if (kind == 'c') return strong;
        return jit_type_scalar(d == DT_F32 ? DT_C64 : DT_C128);
    }
}

const JitType *jit_type_promote(const JitType *a, const JitType *b)
{
    bool pa = jit_type_is_python_number(a), pb = jit_type_is_python_number(b);
    if (pa && pb) {
        if (a->kind == TK_BOOL && b->kind == TK_BOOL) return jit_type_simple(TK_INT);
        return a->kind > b->kind ? a : b;
    }
    if (pa) return promote_weak(b, a);
    if (pb) return promote_weak(a, b);
    return jit_type_scalar(jit_dtype_promote((JitDtype)a->dtype, (JitDtype)b->dtype));
}

/* ---- unification ---- */

static const JitType *unify_arrays(const JitType *a, const JitType *b)
{
    if (a->dtype != b->dtype || a->rank != b->rank) return NULL;
    return jit_type_array((JitDtype)a->dtype, a->rank, a->layout == b->layout ? a->layout : 'A',
                          a->readonly || b->readonly);
}

static const JitType *unify_elements(const JitType *a, const JitType *b)
{
    if (a->n != b->n || a->n > 256) return NULL;
    const JitType *elem[256];
    for (uint32_t i = 0; i < a->n; i++)
        if (!(elem[i] = jit_type_unify(a->elem[i], b->elem[i]))) return NULL;
    JitType t = *a;
    t.elem = elem;
    if (a->name && (!b->name || strcmp(a->name, b->name))) t.name = NULL;
    return intern(&t);
}

/* Containers share their elements, so an element type is only ever filled in. */
static const JitType *unify_containers(const JitType *a, const JitType *b)
{
    const JitType *elem[2];
    for (uint32_t i = 0; i < a->n; i++) {
        const JitType *x = a->elem[i], *y = b->elem[i];
        bool nested = x->kind == y->kind && jit_type_is_container(x);
        elem[i] = x == y || y->kind == TK_BOTTOM ? x
                  : x->kind == TK_BOTTOM         ? y
                  : nested                       ? jit_type_unify(x, y)
                                                 : NULL;
        if (!elem[i]) return NULL;
    }
    JitType t = *a;
    t.elem = elem;
    return intern(&t);
}

const JitType *jit_type_grow(const JitType *a, const JitType *b)
{
    const JitType *elem[2];
    if (a->kind != b->kind || !jit_type_is_container(a)) return jit_type_unify(a, b);
    for (uint32_t i = 0; i < a->n; i++)
        if (!(elem[i] = jit_type_grow(a->elem[i], b->elem[i]))) return NULL;
    JitType t = *a;
    t.elem = elem;
    return intern(&t);
}

static bool is_text(const JitType *t) { return t->kind == TK_STR || t->kind == TK_TEXT; }

const JitType *jit_type_unify(const JitType *a, const JitType *b)
{
    if (a == b || b->kind == TK_BOTTOM) return a;
    if (a->kind == TK_BOTTOM) return b;
    if (is_text(a) && is_text(b)) return jit_type_simple(TK_TEXT);
    if (a->kind == TK_BIG && b->kind == TK_SCALAR && b->dtype == DT_U64) return b;
    if (b->kind == TK_BIG && a->kind == TK_SCALAR && a->dtype == DT_U64) return a;
    if (jit_type_is_numeric(a) && jit_type_is_numeric(b))
        return a->kind == TK_BOOL && b->kind == TK_BOOL ? a : jit_type_promote(a, b);
    if (a->kind == TK_OPTIONAL || b->kind == TK_OPTIONAL || a->kind == TK_NONE ||
        b->kind == TK_NONE) {
        const JitType *bottom = jit_type_simple(TK_BOTTOM);
        const JitType *x = a->kind == TK_OPTIONAL ? a->elem[0] : a->kind == TK_NONE ? bottom : a;
        const JitType *y = b->kind == TK_OPTIONAL ? b->elem[0] : b->kind == TK_NONE ? bottom : b;
        const JitType *both = jit_type_unify(x, y);
        return both ? jit_type_wrap(TK_OPTIONAL, both) : NULL;
    }
    if (a->kind != b->kind) return NULL;
    switch ((TypeKind)a->kind) {
    case TK_ARRAY: return unify_arrays(a, b);
    case TK_LIST:
    case TK_SET:
    case TK_DICT: return unify_containers(a, b);
    case TK_TUPLE:
    case TK_SLICE:
    case TK_ITER:
    case TK_ENUMERATE:
    case TK_ZIP: return unify_elements(a, b);
    default: return NULL;
    }
}

bool jit_type_converts(const JitType *from, const JitType *to)
{
    if (from == to || from->kind == TK_BOTTOM) return true;
    if (jit_type_is_numeric(from) && jit_type_is_numeric(to))
        return jit_type_is_complex(to) || !jit_type_is_complex(from);
    if (to->kind == TK_OPTIONAL)
        return from->kind == TK_NONE ||
               jit_type_converts(from->kind == TK_OPTIONAL ? from->elem[0] : from, to->elem[0]);
    if (from->kind == TK_STR && to->kind == TK_TEXT) return true;
    if (from->kind != to->kind || jit_type_is_container(from) || from->kind == TK_OBJECT || from->kind == TK_RECORD ||
        from->kind == TK_GEN)
        return false;
    if (from->kind == TK_RECORDS)
        return from->elem[0] == to->elem[0] && from->rank == to->rank && !from->readonly;
    if (from->kind == TK_ARRAY)
        return from->dtype == to->dtype && from->rank == to->rank &&
               (from->layout == to->layout || to->layout == 'A') &&
               (!from->readonly || to->readonly);
    if (from->n != to->n || from->n == 0) return false;
    for (uint32_t i = 0; i < from->n; i++)
        if (!jit_type_converts(from->elem[i], to->elem[i])) return false;
    return true;
}
