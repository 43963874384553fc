/* aggregate.c: structures and unions: their members, as descriptors, and how they are filled. Where
 * members lie is computed by _ctypes/layout.py. */
#include "modules/_ctypes/core.h"

KrType *ct_aggregate_type, *ct_field_type;

typedef struct Field {
    KrObject head;
    KrValue class;
    int64_t offset, size, index;
    int bits, shift; /* bits 0: a whole member */
} Field;

static Field *field_of(KrValue v) { return kr_to_object(v); }
static void field_trace(void *self, KrTracer *tracer) { kr_trace(tracer, ((Field *)self)->class); }

KR_FN(aggregate, fn_field, "Field", "(cls, offset, size, index, bits, shift, /)", NULL)
{
    int64_t numbers[5];
    for (int i = 0; i < 5; i++)
        if (kr_to_int64(a[i + 1], &numbers[i]) < 0) return KR_EMPTY;
    Field *f = kr_alloc_instance(ct_field_type);
    if (!f) return KR_EMPTY;
    *f = (Field){f->head,         a[0],           numbers[0], numbers[1], numbers[2],
                 (int)numbers[3], (int)numbers[4]};
    return kr_from_object(f);
}

/* ---- Bits ----------------------------------------------------------------------------------- */

static KrValue get_bits(const Field *f, const char *data)
{
    const Info *info = ct_find_info(f->class);
    uint64_t word = ct_read_bits(info, data) >> f->shift;
    int unused = 64 - f->bits;
    if (info->code == '?') return kr_bool((word & 1) != 0);
    if (ct_is_signed(info->code)) return kr_int((int64_t)(word << unused) >> unused);
    return kr_int_unsigned(word << unused >> unused);
}
static int set_bits(const Field *f, char *data, KrValue value)
{
    const Info *info = ct_find_info(f->class);
    uint64_t mask = (f->bits == 64 ? ~0ull : (1ull << f->bits) - 1) << f->shift;
    if (!kr_is_int(value)) {
        kr_raise(kr_TypeError, "int expected instead of %T instance", value);
        return -1;
    }
    uint64_t word = ct_read_bits(info, data) & ~mask;
    ct_write_bits(info, data, word | (kr_int_low_bits(value) << f->shift & mask));
    return 0;
}

/* ---- The descriptor ------------------------------------------------------------------------- */

static CData *owner_of(KrValue instance)
{
    if (ct_is_data(instance)) return ct_data_of(instance);
    kr_raise(kr_TypeError, "not a ctype instance");
    return NULL;
}

static KrValue field_get(KrValue self, KrValue instance, KR_UNUSED KrValue owner)
{
    const Field *f = field_of(self);
    if (kr_is_empty(instance)) return self;
    CData *d = owner_of(instance);
    if (!d) return KR_EMPTY;
    if (f->bits) return get_bits(f, d->data + f->offset);
    Info *info = ct_info(f->class);
    if (!info) return KR_EMPTY;
    if (info->kind == ARRAY) {
        /* An array of characters reads as text. */
        const Info *item = ct_find_info(info->item);
        if (item->kind == SIMPLE && (item->code == 'c' || item->code == 'u')) {
            KrValue view = ct_view(f->class, instance, f->index, d->data + f->offset);
            return kr_is_empty(view) ? view : kr_getattr_ascii(view, "value");
        }
    }
    return ct_load(f->class, instance, f->index, d->data + f->offset);
}
static int field_set(KrValue self, KrValue instance, KrValue value)
{
    const Field *f = field_of(self);
    CData *d = owner_of(instance);
    if (!d) return -1;
    if (kr_is_empty(value)) {
        kr_raise(kr_TypeError, "can't delete attribute");
        return -1;
    }
    if (f->bits) return set_bits(f, d->data + f->offset, value);
    return ct_store(d, f->class, value, f->index, d->data + f->offset);
}
static KrValue field_repr(KrValue self)
{
    const Field *f = field_of(self);
    KrType *class = kr_to_object(f->class);
    if (f->bits)
        return kr_str_format("<Field type=%N, ofs=%lld:%d, bits=%d>", class, (long long)f->offset,
                             f->shift, f->bits);
    return kr_str_format("<Field type=%N, ofs=%lld, size=%lld>", class, (long long)f->offset,
                         (long long)f->size);
}
static KrValue get_offset(KrValue self) { return kr_int(field_of(self)->offset); }
static KrValue get_size(KrValue self)
{
    const Field *f = field_of(self);
    return kr_int(f->bits ? (int64_t)f->bits << 16 | f->shift : f->size);
}
KR_GETSET(field, get_offset, NULL, "offset", "offset in bytes of this field")
KR_GETSET(field, get_size, NULL, "size", "size in bytes of this field")

/* ---- Filling -------------------------------------------------------------------------------- */

/* The names of the class's members, bases first: a list kept by layout.py in _ctypes_names_. */
static KrValue member_names(KrValue self)
{
    KrValue names = kr_type_find(kr_type_of(self), KR_NAME("_ctypes_names_"));
    return kr_is_empty(names) ? kr_list(NULL, 0) : names;
}

static int aggregate_init(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    KrValue names = n ? member_names(self) : KR_EMPTY;
    if (n && kr_is_empty(names)) return -1;
    if (n && n > kr_list_size(names)) {
        kr_raise(kr_TypeError, "too many initializers");
        return -1;
    }
    for (size_t i = 0; i < n; i++)
        if (kr_setattr(self, kr_list_get(names, i), args[i]) < 0) return -1;
    size_t k = kr_is_empty(kwnames) ? 0 : kr_tuple_size(kwnames);
    for (size_t i = 0; i < k; i++) {
        KrValue name = kr_tuple_get(kwnames, i);
        for (size_t j = 0; j < n; j++)
            if (kr_str_equal(name, kr_list_get(names, j))) {
                kr_raise(kr_TypeError, "duplicate values for field %R", name);
                return -1;
            }
        if (kr_setattr(self, name, args[n + i]) < 0) return -1;
    }
    return 0;
}

#include "modules/_ctypes/aggregate.entries.h"

int ct_aggregate_init(KrValue module)
{
    static const KrTypeSpec field_spec = {
        .name = "_ctypes.CField",
        .doc = "Structure/Union member",
        .size = sizeof(Field),
        .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT,
        .trace = field_trace,
        .getset = field_getset,
        .slots = {.descr_get = field_get, .descr_set = field_set, .repr = field_repr}};
    static KrTypeSpec spec;
    spec = (KrTypeSpec){.name = "_ctypes._Aggregate",
                        .size = sizeof(CData),
                        .base = ct_data_type,
                        .slots = {.init = aggregate_init}};
    kr_type_once(&ct_field_type, &field_spec);
    kr_type_once(&ct_aggregate_type, &spec);
    if (!ct_field_type || !ct_aggregate_type) return -1;
    KrValue make = kr_function_new(&fn_field_entry, KR_EMPTY, kr_str("_ctypes"));
    if (kr_is_empty(make) || kr_module_add(module, "Field", make) < 0) return -1;
    return kr_module_add_type(module, ct_aggregate_type);
}
