/* dtype.c: dtype objects: parsing, names, promotion and casting rules.
 *
 * The plain types are singletons (np_dtypes); string types carry their size, datetimes their unit,
 * structured types their fields. Byte-swapped types exist for reading foreign data: every operation
 * converts them first. Structured specifications (lists, dicts, comma strings) are parsed by the
 * Python half, which calls _make_struct here. */
#include <stdio.h>

#include "modules/numpy/numpy.h"

KrType *np_dtype_type;
Dtype *np_dtypes[KR_DTYPE_COUNT];

typedef struct TypeInfo {
    const char *name;
    char code, kind;
    int number;
    int64_t size, align;
} TypeInfo;

static const TypeInfo infos[KR_DTYPE_COUNT] = {
#define D(num, T, name, code, kind, number, base)                                                  \
    [KR_##num] = {name, code, kind, number, sizeof(T), _Alignof(T)},
#include "modules/numpy/dtype.def"
#undef D
    [KR_LONGDOUBLE] = {"float64", 'd', 'f', 13, 8, 8},
    [KR_CLONGDOUBLE] = {"complex128", 'D', 'c', 16, 16, 8},
    [KR_OBJECT] = {"object", 'O', 'O', 17, 8, 8},
    [KR_BYTES] = {"bytes", 'S', 'S', 18, 0, 1},
    [KR_STR] = {"str", 'U', 'U', 19, 0, 4},
    [KR_VOID] = {"void", 'V', 'V', 20, 0, 1},
    [KR_DATETIME] = {"datetime64", 'M', 'M', 21, 8, 8},
    [KR_TIMEDELTA] = {"timedelta64", 'm', 'm', 22, 8, 8},
};

static const char *const units[] = {"Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as"};
#define UNITS ((int)(sizeof units / sizeof *units))

/* ---- Making ---- */

static KrType *classes[KR_DTYPE_COUNT];

static Dtype *dtype_alloc(int num)
{
    Dtype *d = kr_alloc_instance(classes[num]);
    if (!d) return NULL;
    const TypeInfo *info = &infos[num];
    d->num = num;
    d->kind = info->kind;
    d->code = info->code;
    d->item_size = info->size;
    d->align = info->align;
    d->unit = -1;
    d->unit_count = 1;
    return d;
}

Dtype *np_dtype_sized(int num, int64_t item_size)
{
    Dtype *d = dtype_alloc(num);
    if (d) d->item_size = item_size;
    return d;
}

Dtype *np_dtype_datetime(int num, int unit, int count)
{
    Dtype *d = dtype_alloc(num);
    if (!d) return NULL;
    d->unit = (int8_t)unit;
    d->unit_count = count;
    return d;
}

static Dtype *dtype_clone(const Dtype *from)
{
    Dtype *d = dtype_alloc(from->num);
    if (!d) return NULL;
    KrObject head = d->head;
    *d = *from;
    d->head = head;
    return d;
}

static bool has_order(const Dtype *d)
{
    return d->item_size > 1 && d->num != KR_OBJECT && d->num != KR_BYTES && d->num != KR_VOID;
}

Dtype *np_dtype_swapped(Dtype *d)
{
    if (!kr_is_empty(d->names) || !kr_is_empty(d->base)) { /* their fields and elements */
        Value args[] = {np_dtype_value(d), kr_str("S")};
        Value r = np_glue_call("dtype_ordered", args, 2);
        return kr_is_empty(r) ? NULL : np_dtype_cast(r);
    }
    if (!has_order(d)) return d;
    Dtype *r = dtype_clone(d);
    if (r) r->swapped = !d->swapped;
    return r;
}

Dtype *np_dtype_native(Dtype *d)
{
    if (!d->swapped) return d;
    if (np_is_numeric(d->num)) return np_dtypes[d->num];
    return np_dtype_swapped(d);
}

static void dtype_trace(void *self, KrTracer *tracer)
{
    Dtype *d = self;
    kr_trace(tracer, d->names);
    kr_trace(tracer, d->fields);
    kr_trace(tracer, d->base);
    kr_trace(tracer, d->shape);
    kr_trace(tracer, d->metadata);
    kr_trace(tracer, d->scalar);
    kr_trace_pointer(tracer, d->objects);
}

/* ---- Text ---- */

static void unit_text(const Dtype *d, char *out, size_t size)
{
    if (d->unit < 0) *out = 0;
    else if (d->unit_count == 1) snprintf(out, size, "[%s]", units[(int)d->unit]);
    else snprintf(out, size, "[%d%s]", d->unit_count, units[(int)d->unit]);
}

static void order_text(const Dtype *d, char *out, size_t size)
{
    char unit[24] = "";
    char order = !has_order(d) ? '|' : d->swapped ? '>' : '<';
    if (d->num == KR_STR) order = d->swapped ? '>' : '<';
    if (d->kind == 'M' || d->kind == 'm') unit_text(d, unit, sizeof unit);
    long long n = d->num == KR_STR ? d->item_size / 4 : d->item_size;
    char kind = d->num == KR_BOOL ? 'b' : d->kind;
    if (d->num == KR_OBJECT) snprintf(out, size, "|O");
    else snprintf(out, size, "%c%c%lld%s", order, kind, n, unit);
}

Value np_dtype_str(const Dtype *d)
{
    char text[48];
    order_text(d, text, sizeof text);
    return kr_str(text);
}

static Value dtype_name(const Dtype *d)
{
    char text[64], unit[24] = "";
    if (d->kind == 'M' || d->kind == 'm') unit_text(d, unit, sizeof unit);
    if (np_is_flexible(d->num) && d->item_size)
        snprintf(text, sizeof text, "%s%lld", infos[d->num].name, (long long)d->item_size * 8);
    else
        snprintf(text, sizeof text, "%s%s", infos[d->num].name, unit);
    return kr_str(text);
}

static Value dtype_str_of(Value self)
{
    Dtype *d = np_dtype_cast(self);
    if (!kr_is_empty(d->names) || !kr_is_empty(d->base)) return np_glue_call("dtype_str", &self, 1);
    if (d->swapped || np_is_flexible(d->num)) return np_dtype_str(d);
    return dtype_name(d);
}

Value np_dtype_repr(Value self)
{
    Dtype *d = np_dtype_cast(self);
    if (!kr_is_empty(d->names) || !kr_is_empty(d->base)) return np_glue_call("dtype_repr", &self, 1);
    if (np_is_numeric(d->num) && !d->swapped) return kr_str_format("dtype('%U')", dtype_name(d));
    char text[48];
    order_text(d, text, sizeof text);
    return kr_str_format("dtype('%s')", *text == '|' ? text + 1 : text);
}

/* ---- Parsing ---- */

static int order_of(char c) { return c == '<' || c == '=' || c == '|' ? 0 : c == '>' ? 1 : -1; }

static Dtype *raise_unknown(Value spec)
{
    kr_raise(kr_TypeError, "data type %R not understood", spec);
    return NULL;
}

static Dtype *plain(int num, bool swapped)
{
    return swapped ? np_dtype_swapped(np_dtypes[num]) : np_dtypes[num];
}

static int num_of_code(char c)
{
    for (int i = 0; i < KR_DTYPE_COUNT; i++)
        if (infos[i].code == c && i != KR_LONGDOUBLE && i != KR_CLONGDOUBLE) return i;
    switch (c) {
    case 'q': case 'p': case 'n': return KR_I64;
    case 'Q': case 'P': case 'N': return KR_U64;
    case 'g': return KR_F64;
    case 'G': return KR_C128;
    case 'a': return KR_BYTES;
    default: return -1;
    }
}

static const struct {
    const char *name;
    int num;
} long_names[] = {
    {"bool_", KR_BOOL}, {"byte", KR_I8}, {"short", KR_I16}, {"intc", KR_I32}, {"int", KR_I64},
    {"int_", KR_I64}, {"intp", KR_I64}, {"long", KR_I64}, {"longlong", KR_I64}, {"ubyte", KR_U8},
    {"ushort", KR_U16}, {"uintc", KR_U32}, {"uint", KR_U64}, {"uintp", KR_U64}, {"ulong", KR_U64},
    {"ulonglong", KR_U64}, {"half", KR_F16}, {"single", KR_F32}, {"float", KR_F64},
    {"double", KR_F64}, {"float_", KR_F64}, {"longdouble", KR_F64}, {"csingle", KR_C64},
    {"complex", KR_C128}, {"complex_", KR_C128}, {"cdouble", KR_C128}, {"clongdouble", KR_C128},
    {"object_", KR_OBJECT}, {"str_", KR_STR}, {"bytes_", KR_BYTES}, {"unicode", KR_STR},
    {"string", KR_BYTES}, {"float128", KR_F64},
};

/* "D/12": a twelfth of a day, in the finest unit that tells it. */
static bool divide_unit(Dtype *d, long divisor)
{
    if (divisor <= 0) return false;
    static const struct {
        int finer;
        int64_t count;
    } ways[UNITS][3] = {{{1, 12}, {2, 52}, {3, 365}}, {{2, 4}, {3, 30}, {4, 720}}, {{3, 7}, {4, 168}, {5, 10080}},
                        {{4, 24}, {5, 1440}, {6, 86400}}, {{5, 60}, {6, 3600}, {7, 3600000}}, {{6, 60}, {7, 60000}, {8, 60000000}},
                        {{7, 1000}, {8, 1000000}, {9, 1000000000}}, {{8, 1000}, {9, 1000000}, {10, 1000000000}},
                        {{9, 1000}, {10, 1000000}, {11, 1000000000}}, {{10, 1000}, {11, 1000000}, {12, 1000000000}},
                        {{11, 1000}, {12, 1000000}, {0, 0}}, {{12, 1000}, {0, 0}, {0, 0}}, {{0, 0}, {0, 0}, {0, 0}}};
    for (int k = 0; k < 3; k++) {
        int64_t count = ways[(int)d->unit][k].count;
        if (!count || count % divisor) continue;
        d->unit_count = (int)(d->unit_count * (count / divisor));
        d->unit = (int8_t)ways[(int)d->unit][k].finer;
        return true;
    }
    return false;
}

/* `rest`: "]" or "/12]" */
static Dtype *with_unit(Dtype *d, int unit, long count, const char *rest)
{
    d->unit = (int8_t)unit;
    d->unit_count = (int)count;
    if (*rest != '/') return d;
    char *end;
    long divisor = strtol(rest + 1, &end, 10);
    if (*end == ']' && divide_unit(d, divisor)) return d;
    if (*end == ']')
        kr_raise(kr_ValueError, "divisor (%lld) is not a multiple of a lower-unit in datetime metadata", (long long)divisor);
    return NULL;
}

static Dtype *parse_datetime(int num, const char *p, bool swapped)
{
    Dtype *d = dtype_alloc(num);
    if (!d) return NULL;
    d->swapped = swapped;
    if (!*p) return d;
    if (*p++ != '[') return NULL;
    char *end;
    long count = strtol(p, &end, 10);
    if (end == p) count = 1;
    size_t n = strcspn(end, "]"), name = strcspn(end, "/]");
    if (end[n] != ']' || end[n + 1] || count <= 0 || count > INT32_MAX) return NULL;
    if (name == 3 && !memcmp(end, "\xce\xbcs", 3)) return with_unit(d, 8, count, end + name); /* the Greek letter */
    for (int i = 0; i < UNITS; i++)
        if (strlen(units[i]) == name && !memcmp(units[i], end, name)) return with_unit(d, i, count, end + name);
    return n == 7 && !memcmp(end, "generic", 7) ? d : NULL;
}

static Dtype *parse_sized(char kind, const char *digits, bool swapped)
{
    char *end;
    long n = *digits ? strtol(digits, &end, 10) : -1;
    if (*digits && (*end || n < 0)) return NULL;
    switch (kind) {
    case 'S': case 'a': return np_dtype_sized(KR_BYTES, n < 0 ? 0 : n);
    case 'V': return np_dtype_sized(KR_VOID, n < 0 ? 0 : n);
    case 'U': {
        Dtype *d = np_dtype_sized(KR_STR, n < 0 ? 0 : 4 * n);
        if (d) d->swapped = swapped;
        return d;
    }
    case 'c': { /* one byte, by another name */
        if (n >= 0) break;
        Dtype *d = np_dtype_sized(KR_BYTES, 1);
        if (d) d->code = 'c';
        return d;
    }
    case 'O': return n < 0 || n == 8 ? np_dtypes[KR_OBJECT] : NULL;
    case 'b':
        if (n == 1) return np_dtypes[KR_BOOL];
        break;
    case '?':
        if (n == 1) return np_dtypes[KR_BOOL];
        break;
    default: break;
    }
    if (n < 0) {
        int num = num_of_code(kind);
        return num < 0 ? NULL : plain(num, swapped);
    }
    if (n == 16 && kind == 'f') return plain(KR_F64, swapped);
    if (n == 32 && kind == 'c') return plain(KR_C128, swapped);
    for (int i = 0; i < KR_DTYPE_COUNT; i++)
        if (np_is_numeric(i) && i != KR_BOOL && infos[i].kind == kind && infos[i].size == n) return plain(i, swapped);
    return NULL;
}

static Dtype *parse_text(Value spec)
{
    const char *text = kr_str_utf8(spec, NULL);
    if (!text) return NULL;
    if (strchr(text, ',')) {
        Value r = np_glue_call("dtype_parse", &spec, 1);
        return kr_is_empty(r) ? NULL : np_dtype_cast(r);
    }
    const char *p = text;
    bool swapped = false;
    if (*p && order_of(*p) >= 0) swapped = order_of(*p++) == 1;
    Dtype *d = NULL;
    for (int i = 0; !d && i < KR_DTYPE_COUNT; i++)
        if (!strcmp(p, infos[i].name) && i != KR_LONGDOUBLE && i != KR_CLONGDOUBLE) return plain(i, swapped);
    for (size_t i = 0; i < sizeof long_names / sizeof *long_names; i++)
        if (!strcmp(p, long_names[i].name)) return plain(long_names[i].num, swapped);
    size_t n = strlen(p);
    if (!strncmp(p, "datetime64", 10)) d = parse_datetime(KR_DATETIME, p + 10, swapped);
    else if (!strncmp(p, "timedelta64", 11)) d = parse_datetime(KR_TIMEDELTA, p + 11, swapped);
    else if ((*p == 'M' || *p == 'm') && (n == 1 || p[1] == '8' || p[1] == '['))
        d = parse_datetime(*p == 'M' ? KR_DATETIME : KR_TIMEDELTA, p + 1 + (p[1] == '8'), swapped);
    else if (n) d = parse_sized(*p, p + 1, swapped);
    if (d || kr_raised()) return d;
    if ((*p >= '0' && *p <= '9') || *p == '(') {
        Value r = np_glue_call("dtype_parse", &spec, 1);
        if (!kr_is_empty(r)) return np_dtype_cast(r);
        return NULL;
    }
    return raise_unknown(spec);
}

static Dtype *parse_type(Value spec)
{
    KrType *t = kr_to_object(spec);
    if (t == &kr_float_type) return np_dtypes[KR_F64];
    if (t == &kr_int_type) return np_dtypes[KR_I64];
    if (t == &kr_bool_type) return np_dtypes[KR_BOOL];
    if (t == &kr_complex_type) return np_dtypes[KR_C128];
    if (t == &kr_str_type) return np_dtypes[KR_STR];
    if (t == &kr_bytes_type) return np_dtypes[KR_BYTES];
    if (t == &kr_object_type) return np_dtypes[KR_OBJECT];
    if (t == &kr_memoryview_type) return np_dtypes[KR_VOID];
    for (int i = 0; i < KR_DTYPE_COUNT; i++)
        if (np_scalar_types[i] == t || (classes[i] == t && i != KR_LONGDOUBLE && i != KR_CLONGDOUBLE)) return np_dtypes[i];
    if (np_generic_type && kr_is_subtype(t, np_generic_type)) {
        for (int i = 0; i < KR_DTYPE_COUNT; i++)
            if (np_scalar_types[i] && kr_is_subtype(t, np_scalar_types[i])) return np_dtypes[i];
        Value r = np_glue_call("abstract_dtype", &spec, 1);
        return kr_is_empty(r) ? NULL : np_dtype_cast(r);
    }
    Value own = kr_find_attr(spec, KR_NAME("dtype"));
    if (!kr_is_empty(own) && kr_is_a(own, np_dtype_type)) return np_dtype_cast(own);
    if (kr_raised()) return NULL;
    return np_dtypes[KR_OBJECT];
}

Dtype *np_dtype_parse(Value spec)
{
    if (kr_is_object(spec) && kr_is_a(spec, np_dtype_type)) return np_dtype_cast(spec);
    if (kr_is_empty(spec) || kr_is(spec, kr_None)) return np_dtypes[KR_F64];
    if (kr_is_a(spec, &kr_type_type)) return parse_type(spec);
    if (kr_is_str(spec)) return parse_text(spec);
    if (kr_is_bytes(spec)) {
        Value text = kr_str_latin1((const char *)kr_bytes_data(spec), kr_bytes_size(spec));
        return kr_is_empty(text) ? NULL : parse_text(text);
    }
    if (kr_is_list(spec) || kr_is_tuple(spec) || kr_is_dict(spec)) {
        Value r = np_glue_call("dtype_parse", &spec, 1);
        return kr_is_empty(r) ? NULL : np_dtype_cast(r);
    }
    Value own = kr_find_attr(spec, KR_NAME("dtype"));
    if (kr_is_empty(own)) {
        if (kr_raised()) return NULL;
        kr_raise(kr_TypeError, "Cannot interpret '%S' as a data type", spec);
        return NULL;
    }
    return np_dtype_parse(own);
}

/* ---- Rules ---- */

bool np_dtype_same(const Dtype *a, const Dtype *b)
{
    if (a == b) return true;
    if (a->num != b->num || a->item_size != b->item_size || a->swapped != b->swapped) return false;
    if (a->unit != b->unit || a->unit_count != b->unit_count) return false;
    if (kr_is_empty(a->names) != kr_is_empty(b->names) || kr_is_empty(a->base) != kr_is_empty(b->base)) return false;
    if (!kr_is_empty(a->names) &&
        (kr_equal(a->names, b->names) != 1 || kr_equal(a->fields, b->fields) != 1)) {
        kr_clear_exception();
        return false;
    }
    if (!kr_is_empty(a->base) && (!np_dtype_same(np_dtype_cast(a->base), np_dtype_cast(b->base)) ||
                                  kr_equal(a->shape, b->shape) != 1)) {
        kr_clear_exception();
        return false;
    }
    return true;
}

static int float_for_int(int num)
{
    int64_t size = infos[num].size;
    return num == KR_BOOL || size == 1 ? KR_F16 : size == 2 ? KR_F32 : KR_F64;
}

int np_promote_num(int a, int b)
{
    if (a == b || b == KR_BOOL) return a;
    if (a == KR_BOOL) return b;
    if (np_is_complex(a) || np_is_complex(b)) {
        int fa = a == KR_C64 ? KR_F32 : a == KR_C128 ? KR_F64 : a;
        int fb = b == KR_C64 ? KR_F32 : b == KR_C128 ? KR_F64 : b;
        int f = np_promote_num(fa, fb);
        if (np_is_integer(f)) f = float_for_int(f);
        return f == KR_F64 ? KR_C128 : KR_C64;
    }
    bool ia = np_is_integer(a), ib = np_is_integer(b);
    if (ia != ib) {
        int f = ia ? b : a, i = float_for_int(ia ? a : b);
        return f > i ? f : i;
    }
    if (!ia) return a > b ? a : b;
    bool ua = infos[a].kind == 'u', ub = infos[b].kind == 'u';
    if (ua == ub) return a > b ? a : b;
    int u = ua ? a : b, s = ua ? b : a;
    if (infos[s].size > infos[u].size) return s;
    return u == KR_U64 ? KR_F64 : u - KR_U8 + KR_I8 + 1;
}

bool np_can_cast_num(int from, int to) { return from == to || np_promote_num(from, to) == to; }

static int64_t text_length(const Dtype *d) /* characters that a value needs as text */
{
    static const int lengths[] = {[KR_BOOL] = 5, [KR_I8] = 4, [KR_I16] = 6, [KR_I32] = 11, [KR_I64] = 21,
                                  [KR_U8] = 3, [KR_U16] = 5, [KR_U32] = 10, [KR_U64] = 20, [KR_F16] = 32,
                                  [KR_F32] = 32, [KR_F64] = 32, [KR_C64] = 64, [KR_C128] = 64};
    if (d->num == KR_STR) return d->item_size / 4;
    if (np_is_numeric(d->num)) return lengths[d->num];
    if (d->num == KR_DATETIME || d->num == KR_TIMEDELTA) return 28;
    return d->item_size;
}

/* How many of the finer unit make one of the coarser, 0 if that varies (days in a month) or is too large. */
static int64_t unit_factor(int coarse, int fine)
{
    static const int64_t next[] = {12, 0, 7, 24, 60, 60, 1000, 1000, 1000, 1000, 1000, 1000};
    int64_t factor = 1;
    for (int u = coarse; u < fine; u++)
        if (__builtin_mul_overflow(factor, next[u], &factor)) return 0;
    return factor;
}

static int64_t common_divisor(int64_t m, int64_t n)
{
    while (n) {
        int64_t t = m % n;
        m = n;
        n = t;
    }
    return m;
}

/* Can every count of `from` be told in `to`? */
static bool unit_divides(const Dtype *from, const Dtype *to)
{
    if (from->unit < 0) return true;
    if (to->unit < 0) return false;
    if (from->unit > to->unit) return false;
    bool varies = from->unit <= 1 && to->unit > 1;
    if (varies) return from->kind == 'M';
    int64_t factor = unit_factor(from->unit, to->unit), count;
    if (factor == 0 || __builtin_mul_overflow(factor, from->unit_count, &count)) return false;
    return count % to->unit_count == 0;
}

static Dtype *promote_times(Dtype *a, Dtype *b)
{
    int num = a->num == KR_DATETIME || b->num == KR_DATETIME ? KR_DATETIME : KR_TIMEDELTA;
    Dtype *x = a->kind == 'M' || a->kind == 'm' ? a : b, *y = x == a ? b : a;
    if (y->kind != 'M' && y->kind != 'm') return np_dtype_datetime(num, x->unit, x->unit_count);
    if (x->unit < 0) return np_dtype_datetime(num, y->unit, y->unit_count);
    if (y->unit < 0) return np_dtype_datetime(num, x->unit, x->unit_count);
    if (x->unit > y->unit) {
        Dtype *t = x;
        x = y;
        y = t;
    }
    if (x->unit <= 1 && y->unit > 1) { /* months in days */
        if (x->kind == 'm' || y->kind == 'm') {
            kr_raise(kr_TypeError, "Cannot get a common metadata divisor for Numpy datetime metadata [%s] and [%s] because "
                                   "they have incompatible nonlinear base time units.", units[(int)x->unit], units[(int)y->unit]);
            return NULL;
        }
        return np_dtype_datetime(num, y->unit, 1);
    }
    int64_t factor = unit_factor(x->unit, y->unit), count;
    if (factor == 0 || __builtin_mul_overflow(factor, x->unit_count, &count)) {
        kr_raise(kr_OverflowError, "Integer overflow getting a common metadata divisor for NumPy datetime metadata [%s] and "
                                   "[%s].", units[(int)x->unit], units[(int)y->unit]);
        return NULL;
    }
    return np_dtype_datetime(num, y->unit, (int)common_divisor(count, y->unit_count));
}

static Dtype *raise_no_common(Dtype *a, Dtype *b)
{
    Value error = kr_import_attr("numpy.exceptions", "DTypePromotionError");
    KrType *type = kr_is_empty(error) ? kr_TypeError : kr_to_object(error);
    kr_clear_exception();
    kr_raise(type, "The DType %R and %R do not have a common DType.", np_dtype_value(a), np_dtype_value(b));
    return NULL;
}

Dtype *np_promote(Dtype *a, Dtype *b)
{
    if (a == b && !a->swapped) return a;
    if (np_is_numeric(a->num) && np_is_numeric(b->num)) return np_dtypes[np_promote_num(a->num, b->num)];
    if (a->num == KR_OBJECT || b->num == KR_OBJECT) return np_dtypes[KR_OBJECT];
    if (a->num == KR_VOID || b->num == KR_VOID) {
        if (np_dtype_same(a, b)) return a;
        return raise_no_common(a, b);
    }
    if (a->num == KR_STR || b->num == KR_STR) {
        int64_t m = text_length(a), n = text_length(b);
        return np_dtype_sized(KR_STR, 4 * (m > n ? m : n));
    }
    if (a->num == KR_BYTES || b->num == KR_BYTES) {
        int64_t m = text_length(a), n = text_length(b);
        return np_dtype_sized(KR_BYTES, m > n ? m : n);
    }
    bool ta = a->kind == 'M' || a->kind == 'm', tb = b->kind == 'M' || b->kind == 'm';
    if (ta && tb) return promote_times(a, b);
    Dtype *other = ta ? b : a;
    if ((ta ? a : b)->kind == 'm' && (np_is_integer(other->num) || other->num == KR_BOOL)) return promote_times(a, b);
    return raise_no_common(a, b);
}

static int kind_order(char kind)
{
    const char *order = "buifcSUVO";
    const char *p = strchr(order, kind);
    return p ? (int)(p - order) : -1;
}

bool np_can_cast(const Dtype *from, const Dtype *to, int casting)
{
    if (casting == NP_UNSAFE) return true;
    if (np_dtype_same(from, to)) return true;
    if (casting == NP_NO) return false;
    bool same = from->num == to->num && from->item_size == to->item_size && from->unit == to->unit;
    if (from->num == KR_VOID && to->num == KR_VOID) same = false;
    if (casting == NP_EQUIV || same) return same;
    if (np_is_numeric(from->num) && np_is_numeric(to->num)) {
        if (np_can_cast_num(from->num, to->num)) return true;
        return casting == NP_SAME_KIND && kind_order(from->kind) <= kind_order(to->kind);
    }
    if (to->num == KR_OBJECT) return true;
    if (from->num == KR_OBJECT) return false;
    if (from->num == to->num && (from->num == KR_STR || from->num == KR_BYTES))
        return casting == NP_SAME_KIND || from->item_size <= to->item_size || !to->item_size;
    if (to->num == KR_STR || to->num == KR_BYTES) {
        if (from->num == KR_VOID) return false;
        if (from->num == KR_STR) return false;
        int64_t room = to->num == KR_STR ? to->item_size / 4 : to->item_size;
        return casting == NP_SAME_KIND || !room || text_length(from) <= room;
    }
    if (from->kind == 'm' || from->kind == 'M') {
        if (from->kind != to->kind) return false;
        if (from->unit < 0) return true;
        if (casting != NP_SAME_KIND) return unit_divides(from, to);
        return to->unit >= 0 && (from->kind == 'M' || (from->unit <= 1) == (to->unit <= 1));
    }
    if (to->kind == 'm')
        return (np_is_integer(from->num) && (from->num != KR_U64 || casting == NP_SAME_KIND)) || from->num == KR_BOOL;
    if (to->num == KR_VOID) return casting == NP_SAME_KIND && kr_is_empty(to->names);
    return false;
}

const char *const np_casting_names[] = {"no", "equiv", "safe", "same_kind", "unsafe"};

int np_casting_of(Value v, int fallback)
{
    if (kr_is_empty(v) || kr_is(v, kr_None)) return fallback;
    if (kr_is_str(v))
        for (int i = 0; i < 5; i++)
            if (kr_str_equal_ascii(v, np_casting_names[i])) return i;
    kr_raise(kr_ValueError, "casting must be one of 'no', 'equiv', 'safe', 'same_kind', or 'unsafe' (got %R)", v);
    return -1;
}

/* ---- The object ---- */

static Value dtype_make(KrType *type, const Value *args, size_t n, Value kwnames)
{
    static const KrFunction entry = {"dtype", "(dtype, align=False, copy=False, metadata=None)", NULL, NULL,
                                     KR_KIND_BOUND, NULL};
    Value slots[4];
    (void)type;
    if (kr_bind(&entry, args, n, kwnames, slots) < 0) return EMPTY;
    int align = kr_truth(slots[1]);
    if (align < 0) return EMPTY;
    if (align) return np_glue_call("dtype_aligned", slots, 1);
    Dtype *d = np_dtype_parse(slots[0]);
    if (!d) return EMPTY;
    int copy = kr_truth(slots[2]);
    if (copy < 0) return EMPTY;
    if (!kr_is(slots[3], kr_None) && !kr_is_dict(slots[3]))
        return kr_raise(kr_TypeError, "argument 4 must be dict, not %T", slots[3]);
    if (copy && kr_is(slots[3], kr_None)) return np_dtype_value(dtype_clone(d));
    if (!kr_is(slots[3], kr_None)) {
        d = dtype_clone(d);
        if (!d) return EMPTY;
        d->metadata = slots[3];
    }
    return np_dtype_value(d);
}

static Value dtype_compare(Value a, Value b, int op)
{
    if (!kr_is_a(a, np_dtype_type)) return kr_NotImplemented;
    Dtype *x = np_dtype_cast(a), *y;
    if (kr_is(b, kr_None)) return op == KR_EQ || op == KR_NE ? kr_bool(op == KR_NE) : kr_NotImplemented;
    y = np_dtype_parse(b);
    if (!y) {
        if (op != KR_EQ && op != KR_NE) return EMPTY;
        kr_clear_exception();
        return kr_bool(op == KR_NE);
    }
    switch (op) {
    case KR_EQ: return kr_bool(np_dtype_same(x, y));
    case KR_NE: return kr_bool(!np_dtype_same(x, y));
    case KR_LE: return kr_bool(np_can_cast(x, y, NP_SAFE));
    case KR_GE: return kr_bool(np_can_cast(y, x, NP_SAFE));
    case KR_LT: return kr_bool(!np_dtype_same(x, y) && np_can_cast(x, y, NP_SAFE));
    default: return kr_bool(!np_dtype_same(x, y) && np_can_cast(y, x, NP_SAFE));
    }
}

static int64_t dtype_hash(Value self)
{
    Dtype *d = np_dtype_cast(self);
    int64_t h = d->num * 1000003 + d->item_size * 31 + d->swapped * 7 + d->unit * 131 + d->unit_count;
    if (!kr_is_empty(d->names) || !kr_is_empty(d->base)) {
        Value hash = np_glue_call("dtype_hash", &self, 1);
        int64_t n;
        if (kr_is_empty(hash) || kr_to_int64(hash, &n) < 0) return -1;
        h ^= n;
    }
    return h == -1 ? -2 : h;
}

static int64_t dtype_length(Value self)
{
    Dtype *d = np_dtype_cast(self);
    return kr_is_empty(d->names) ? 0 : (int64_t)kr_tuple_size(d->names);
}

static int dtype_truth(Value self) { (void)self; return 1; }

static Value dtype_getitem(Value self, Value key)
{
    Dtype *d = np_dtype_cast(self);
    if (kr_is_empty(d->names)) return kr_raise(kr_KeyError, "There are no fields in dtype %S.", self);
    if (kr_is_list(key)) {
        Value args[] = {self, key};
        return np_glue_call("dtype_fields", args, 2);
    }
    if (kr_is_int(key)) {
        int64_t i;
        if (kr_to_int64(key, &i) < 0) return EMPTY;
        int64_t n = dtype_length(self);
        if (i < -n || i >= n) return kr_raise(kr_IndexError, "Field index %ld out of range.", (long)i);
        key = kr_tuple_get(d->names, (size_t)(i < 0 ? i + n : i));
    }
    Value field = kr_dict_find(d->fields, key);
    if (kr_is_empty(field))
        return kr_raised() ? EMPTY : kr_raise(kr_KeyError, "\"Field named %R not found.\"", key);
    return kr_tuple_get(field, 0);
}

static Value or_none(Value v) { return kr_is_empty(v) ? kr_None : v; }
#define GET(name) static Value name(Value self)
#define SELF Dtype *d = np_dtype_cast(self)
GET(get_name) { SELF; return dtype_name(d); }
GET(get_kind) { SELF; return kr_str_sized(&d->kind, 1); }
GET(get_char) { SELF; return kr_str_sized(&d->code, 1); }
GET(get_num) { SELF; return kr_int(infos[d->num].number); }
GET(get_krait_num) { SELF; return kr_int(d->num); }
GET(get_str) { SELF; return np_dtype_str(d); }
GET(get_itemsize) { SELF; return kr_int(d->item_size); }
GET(get_alignment) { SELF; return kr_int(d->align); }
GET(get_names) { SELF; return or_none(d->names); }
GET(get_fields) { SELF; return or_none(d->fields); }
GET(get_metadata) { SELF; return or_none(d->metadata); }
GET(get_isnative) { SELF; return kr_bool(!d->swapped); }
GET(get_type) { SELF; return kr_is_empty(d->scalar) ? kr_type_value(np_scalar_types[d->num]) : d->scalar; }
GET(get_unit)
{
    SELF;
    if (d->unit < 0) return kr_tuple_of(2, kr_str("generic"), kr_int(1));
    return kr_tuple_of(2, kr_str(units[(int)d->unit]), kr_int(d->unit_count));
}
GET(get_byteorder)
{
    SELF;
    return kr_str(!has_order(d) ? "|" : d->swapped ? ">" : "=");
}
GET(get_subdtype)
{
    SELF;
    return kr_is_empty(d->base) ? kr_None : kr_tuple_of(2, d->base, d->shape);
}
GET(get_base) { SELF; return kr_is_empty(d->base) ? self : d->base; }
GET(get_shape) { SELF; return kr_is_empty(d->shape) ? kr_tuple(NULL, 0) : d->shape; }
GET(get_ndim) { SELF; return kr_int(kr_is_empty(d->shape) ? 0 : (int64_t)kr_tuple_size(d->shape)); }
GET(get_hasobject)
{
    SELF;
    return kr_bool(np_holds_objects(d));
}
GET(get_isbuiltin) { SELF; return kr_int(d == np_dtypes[d->num]); }
GET(get_isalignedstruct) { SELF; return kr_bool(d->aligned); }
GET(get_flags) { SELF; return kr_int(np_holds_objects(d) ? (d->num == KR_OBJECT ? 63 : 27) : 0); }
GET(get_descr)
{
    SELF;
    if (!kr_is_empty(d->names)) return np_glue_call("dtype_descr", &self, 1);
    Value pair = kr_tuple_of(2, kr_str(""), np_dtype_str(d));
    return kr_is_empty(pair) ? EMPTY : kr_list(&pair, 1);
}
KR_GETSET(dtype, get_name, NULL, "name", "A bit-width name for this data-type.")
KR_GETSET(dtype, get_kind, NULL, "kind", "A character code identifying the general kind of data.")
KR_GETSET(dtype, get_char, NULL, "char", "A unique character code for each built-in type.")
KR_GETSET(dtype, get_num, NULL, "num", "A unique number for each built-in type.")
KR_GETSET(dtype, get_krait_num, NULL, "_number", "The number of this type in krait.h.")
KR_GETSET(dtype, get_str, NULL, "str", "The array-protocol typestring.")
KR_GETSET(dtype, get_itemsize, NULL, "itemsize", "The element size in bytes.")
KR_GETSET(dtype, get_alignment, NULL, "alignment", "The required alignment in bytes.")
/* New names for the fields, in place. */
static int set_names(Value self, Value v)
{
    SELF;
    if (kr_is_empty(v)) {
        kr_raise(kr_AttributeError, "Cannot delete dtype names attribute");
        return -1;
    }
    Value args[] = {self, v};
    Value made = np_glue_call("dtype_renamed", args, 2);
    if (kr_is_empty(made)) return -1;
    d->names = np_dtype_cast(made)->names;
    d->fields = np_dtype_cast(made)->fields;
    return 0;
}
KR_GETSET(dtype, get_names, set_names, "names", "Ordered tuple of field names, or None.")
KR_GETSET(dtype, get_fields, NULL, "fields", "Dictionary of the named fields, or None.")
KR_GETSET(dtype, get_metadata, NULL, "metadata", "A dictionary of metadata, or None.")
KR_GETSET(dtype, get_isnative, NULL, "isnative", "Whether the byte order is the machine's.")
KR_GETSET(dtype, get_type, NULL, "type", "The type object of a scalar of this data-type.")
KR_GETSET(dtype, get_unit, NULL, "_unit", "Unit and count of a datetime type.")
KR_GETSET(dtype, get_byteorder, NULL, "byteorder", "A character indicating the byte-order.")
KR_GETSET(dtype, get_subdtype, NULL, "subdtype", "Tuple (item_dtype, shape) of a sub-array, or None.")
KR_GETSET(dtype, get_base, NULL, "base", "The dtype of the base element of a sub-array.")
KR_GETSET(dtype, get_shape, NULL, "shape", "Shape tuple of a sub-array.")
KR_GETSET(dtype, get_ndim, NULL, "ndim", "Number of dimensions of a sub-array.")
KR_GETSET(dtype, get_hasobject, NULL, "hasobject", "Whether elements hold Python objects.")
KR_GETSET(dtype, get_isbuiltin, NULL, "isbuiltin", "1 for the plain types.")
KR_GETSET(dtype, get_isalignedstruct, NULL, "isalignedstruct", "Whether fields are aligned.")
KR_GETSET(dtype, get_flags, NULL, "flags", "Bit-flags on how elements are interpreted.")
KR_GETSET(dtype, get_descr, NULL, "descr", "The array-interface description.")

KR_FN(dtype, dtype_newbyteorder, "newbyteorder", "(self, new_order='S', /)",
      "Return a new dtype with a different byte order.")
{
    Dtype *d = np_dtype_cast(a[0]);
    const char *text = kr_is_str(a[1]) ? kr_str_utf8(a[1], NULL) : NULL;
    if (!text || !*text) return kr_raise(kr_ValueError, "%R is an unrecognized byteorder", a[1]);
    if (!kr_is_empty(d->names) || !kr_is_empty(d->base)) return np_glue_call("dtype_ordered", a, 2);
    char c = *text;
    bool big;
    if (c == 's' || c == 'S') big = !d->swapped;
    else if (c == '>' || c == 'B' || c == 'b') big = true;
    else if (c == '|' || c == 'I' || c == 'i') big = d->swapped;
    else big = false;
    return np_dtype_value(big == d->swapped ? d : np_dtype_swapped(d));
}

KR_FN(dtype, dtype_reduce, "__reduce__", "(self, /)", "Helper for pickle.")
{
    return np_glue_call("dtype_reduce", a, 1);
}

/* Makes a dtype of np.dtype(..., copy=True) what a pickle says. */
KR_FN(dtype, dtype_setstate, "__setstate__", "(self, state, /)", "Helper for pickle.")
{
    Dtype *d = np_dtype_cast(a[0]);
    if (d == np_dtypes[d->num]) return kr_None;
    Value made = np_glue_call("dtype_of_state", a, 2);
    if (kr_is_empty(made)) return EMPTY;
    KrObject head = d->head;
    *d = *np_dtype_cast(made);
    d->head = head;
    return kr_None;
}

KR_CLASSMETHOD(dtype, dtype_class_getitem, "__class_getitem__", "(cls, item, /)", "dtype[item]")
{
    return np_glue_call("generic_alias", a, 2);
}

/* Notes where the objects of a structured type or sub-array stand: those of `part`, `count` times from `offset` on. */
static int add_objects(Dtype *d, const Dtype *part, int64_t offset, int64_t count)
{
    int64_t each = part->num == KR_OBJECT ? 1 : part->object_count, n = d->object_count;
    if (each == 0 || count == 0) return 0;
    int64_t *places = kr_alloc_bytes((size_t)(n + each * count) * sizeof *places);
    if (!places) return -1;
    if (n) memcpy(places, d->objects, (size_t)n * sizeof *places);
    for (int64_t i = 0; i < count; i++)
        for (int64_t k = 0; k < each; k++)
            places[n++] = offset + i * part->item_size + (part->num == KR_OBJECT ? 0 : part->objects[k]);
    d->objects = places;
    d->object_count = n;
    return 0;
}

/* (names, dtypes, offsets, titles, itemsize, align) -> structured dtype; the Python half checked them. */
KR_FN(dtype_module, make_struct, "_make_struct", "(names, dtypes, offsets, titles, itemsize, align, aligned=False, /)", NULL)
{
    Dtype *d = dtype_alloc(KR_VOID);
    if (!d) return EMPTY;
    Value fields = kr_dict();
    if (kr_is_empty(fields)) return EMPTY;
    for (size_t i = 0; i < kr_tuple_size(a[0]); i++) {
        Value title = kr_list_get(a[3], i);
        Value entry = kr_is(title, kr_None) ? kr_tuple_of(2, kr_list_get(a[1], i), kr_list_get(a[2], i))
                                            : kr_tuple_of(3, kr_list_get(a[1], i), kr_list_get(a[2], i), title);
        int64_t offset;
        if (kr_is_empty(entry) || kr_dict_set(fields, kr_tuple_get(a[0], i), entry) < 0 ||
            kr_to_int64(kr_list_get(a[2], i), &offset) < 0 ||
            add_objects(d, np_dtype_cast(kr_list_get(a[1], i)), offset, 1) < 0)
            return EMPTY;
        if (!kr_is(title, kr_None) && kr_is_str(title) && kr_dict_set(fields, title, entry) < 0) return EMPTY;
    }
    d->aligned = kr_truth(a[6]) == 1;
    d->names = a[0];
    d->fields = fields;
    int64_t align;
    if (kr_to_int64(a[4], &d->item_size) < 0 || kr_to_int64(a[5], &align) < 0) return EMPTY;
    d->align = align;
    return np_dtype_value(d);
}

KR_FN(dtype_module, with_type, "_with_type", "(dtype, type, /)", NULL)
{
    Dtype *d = np_dtype_parse(a[0]);
    d = d ? dtype_clone(d) : NULL;
    if (!d) return EMPTY;
    d->scalar = kr_to_object(a[1]) == np_scalar_types[KR_VOID] ? EMPTY : a[1];
    return np_dtype_value(d);
}

KR_FN(dtype_module, make_subarray, "_make_subarray", "(base, shape, /)", NULL)
{
    Dtype *base = np_dtype_parse(a[0]);
    if (!base) return EMPTY;
    int64_t shape[MAXRANK];
    int rank = np_shape_arg(a[1], shape);
    if (rank < 0) return EMPTY;
    if (rank == 0) return np_dtype_value(base);
    Dtype *d = dtype_alloc(KR_VOID);
    if (!d) return EMPTY;
    d->base = np_dtype_value(base);
    d->shape = np_shape_tuple(rank, shape);
    int64_t count = np_product(rank, shape);
    for (int i = 0; i < rank; i++)
        if (shape[i] < 0) return kr_raise(kr_ValueError, "invalid shape in fixed-type tuple: dimension smaller than zero.");
    if (count < 0 || count > INT32_MAX || count * base->item_size > INT32_MAX)
        return kr_raise(kr_ValueError, "invalid shape in fixed-type tuple: dtype size in bytes must fit into a C int.");
    d->item_size = base->item_size * count;
    d->align = base->align;
    if (add_objects(d, base, 0, count) < 0) return EMPTY;
    return np_dtype_value(d);
}

KR_FN(dtype_module, promote_types, "promote_types", "(type1, type2, /)",
      "Returns the data type with the smallest size and smallest scalar kind to which both\n"
      "type1 and type2 may be safely cast.")
{
    Dtype *x = np_dtype_parse(a[0]), *y = x ? np_dtype_parse(a[1]) : NULL;
    Dtype *r = y ? np_promote(x, y) : NULL;
    return r ? np_dtype_value(np_dtype_native(r)) : EMPTY;
}

KR_FN(dtype_module, can_cast, "can_cast", "(from_, to, casting='safe')",
      "Returns True if cast between data types can occur according to the casting rule.")
{
    int casting = np_casting_of(a[2], NP_SAFE);
    if (casting < 0) return EMPTY;
    if (np_weak_kind(a[0]) && !np_is_array(a[0]))
        return kr_raise(kr_TypeError, "can_cast() does not support Python ints, floats, and complex because the "
                                      "result used to depend on the value.\nThis change was part of adopting NEP 50, "
                                      "we may explicitly allow them again in the future.");
    Dtype *from = np_is_array(a[0]) ? np_array(a[0])->descr : NULL;
    const char *bytes;
    if (!from && np_generic_type && kr_is_a(a[0], np_generic_type)) from = np_scalar_dtype(a[0], &bytes);
    if (!from) from = np_dtype_parse(a[0]);
    Dtype *to = from ? np_dtype_parse(a[1]) : NULL;
    return to ? kr_bool(np_can_cast(from, to, casting)) : EMPTY;
}

#include "modules/numpy/dtype.entries.h"

static const KrTypeSpec dtype_spec = {
    .name = "numpy.dtype",
    .doc = "dtype(dtype, align=False, copy=False)\n\nCreate a data type object.",
    .size = sizeof(Dtype),
    .trace = dtype_trace,
    .functions = dtype_functions,
    .getset = dtype_getset,
    .slots = {.make = dtype_make, .repr = np_dtype_repr, .str = dtype_str_of, .hash = dtype_hash,
              .compare = dtype_compare, .length = dtype_length, .getitem = dtype_getitem, .truth = dtype_truth},
};

/* ---- The classes of dtypes ---- */

/* Float64DType() is the plain dtype, BytesDType(5) one of a size. */
static Value class_make(KrType *type, const Value *args, size_t n, Value kwnames)
{
    int num = 0;
    while (num < KR_DTYPE_COUNT - 1 && classes[num] != type) num++;
    int64_t size;
    if (n == 0 && kr_is_empty(kwnames)) return np_dtype_value(np_dtypes[num]);
    if (n > 1 || !kr_is_empty(kwnames) || !np_is_flexible(num))
        return kr_raise(kr_TypeError, "Preliminary-API: Flexible/Parametric legacy DType '%s' can only be instantiated using "
                                      "`np.dtype(...)`", kr_type_name(type));
    if (kr_to_int64(args[0], &size) < 0) return EMPTY;
    if (size < 0) return kr_raise(kr_ValueError, "the size must not be negative");
    Dtype *d = np_dtype_sized(num, num == KR_STR ? 4 * size : size);
    return d ? np_dtype_value(d) : EMPTY;
}

/* One class a kind of dtype, in numpy.dtypes; long doubles share those of the types that they are. */
static int make_classes(Value module)
{
    static const char *const names[KR_DTYPE_COUNT] = {
        [KR_BOOL] = "Bool", [KR_I8] = "Int8", [KR_I16] = "Int16", [KR_I32] = "Int32", [KR_I64] = "Int64", [KR_U8] = "UInt8",
        [KR_U16] = "UInt16", [KR_U32] = "UInt32", [KR_U64] = "UInt64", [KR_F16] = "Float16", [KR_F32] = "Float32",
        [KR_F64] = "Float64", [KR_C64] = "Complex64", [KR_C128] = "Complex128", [KR_OBJECT] = "Object", [KR_BYTES] = "Bytes",
        [KR_STR] = "Str", [KR_VOID] = "Void", [KR_DATETIME] = "DateTime64", [KR_TIMEDELTA] = "TimeDelta64"};
    static KrTypeSpec specs[KR_DTYPE_COUNT];
    static char full[KR_DTYPE_COUNT][40];
    Value all = kr_dict();
    for (int i = 0; i < KR_DTYPE_COUNT; i++) {
        if (!names[i]) continue;
        snprintf(full[i], sizeof full[i], "numpy.dtypes.%sDType", names[i]);
        specs[i] = dtype_spec;
        specs[i].name = full[i];
        specs[i].base = np_dtype_type;
        specs[i].functions = NULL;
        specs[i].getset = NULL;
        specs[i].slots.make = class_make;
        classes[i] = kr_type_new(&specs[i]);
        if (!classes[i] || kr_dict_set_ascii(all, strrchr(full[i], '.') + 1, kr_type_value(classes[i])) < 0) return -1;
    }
    classes[KR_LONGDOUBLE] = classes[KR_F64];
    classes[KR_CLONGDOUBLE] = classes[KR_C128];
    return kr_module_add(module, "_dtype_classes", all);
}

int np_dtype_init(Value module)
{
    static Value keep;
    np_dtype_type = kr_type_new(&dtype_spec);
    if (!np_dtype_type || kr_module_add_type(module, np_dtype_type) < 0) return -1;
    if (make_classes(module) < 0) return -1;
    Value all[KR_DTYPE_COUNT];
    for (int i = 0; i < KR_DTYPE_COUNT; i++) {
        np_dtypes[i] = dtype_alloc(i);
        if (!np_dtypes[i]) return -1;
        if (i == KR_LONGDOUBLE || i == KR_CLONGDOUBLE) np_dtypes[i] = np_dtypes[i == KR_LONGDOUBLE ? KR_F64 : KR_C64];
        all[i] = np_dtype_value(np_dtypes[i]);
    }
    np_dtypes[KR_CLONGDOUBLE] = np_dtypes[KR_C128];
    keep = kr_tuple(all, KR_DTYPE_COUNT);
    kr_root(&keep);
    return kr_is_empty(keep) ? -1 : np_add_functions(module, dtype_module_functions);
}
