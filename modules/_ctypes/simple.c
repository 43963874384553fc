/* simple.c: the C scalars: how each of ctypes' letters is read, written and passed.
 *
 * Integers are masked to their width without an overflow error, as in C. The other byte order is read
 * and written by swapping around the native form. */
#include <wchar.h>

#include "modules/_ctypes/core.h"

KrType *ct_simple_type;

typedef struct Letter {
    char code;
    uint8_t size;
    bool is_signed, is_integer;
    ffi_type *ffi;
} Letter;

static const Letter letters[] = {
    {'b', 1, true, true, &ffi_type_sint8},         {'B', 1, false, true, &ffi_type_uint8},
    {'h', 2, true, true, &ffi_type_sint16},        {'H', 2, false, true, &ffi_type_uint16},
    {'i', 4, true, true, &ffi_type_sint32},        {'I', 4, false, true, &ffi_type_uint32},
    {'l', 8, true, true, &ffi_type_sint64},        {'L', 8, false, true, &ffi_type_uint64},
    {'q', 8, true, true, &ffi_type_sint64},        {'Q', 8, false, true, &ffi_type_uint64},
    {'f', 4, false, false, &ffi_type_float},       {'d', 8, false, false, &ffi_type_double},
    {'g', 16, false, false, &ffi_type_longdouble}, {'c', 1, false, false, &ffi_type_sint8},
    {'u', 4, false, false, &ffi_type_sint32},      {'?', 1, false, false, &ffi_type_uint8},
    {'v', 2, true, false, &ffi_type_sint16},       {'z', 8, false, false, &ffi_type_pointer},
    {'Z', 8, false, false, &ffi_type_pointer},     {'P', 8, false, false, &ffi_type_pointer},
    {'O', 8, false, false, &ffi_type_pointer},
};
_Static_assert(sizeof(long) == 8 && sizeof(wchar_t) == 4 && sizeof(void *) == 8, "an LP64 machine");

static const Letter *find_letter(char code)
{
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (letters[i].code == code) return &letters[i];
    return NULL;
}
int ct_simple_layout(char code, int64_t *size, ffi_type **ffi)
{
    const Letter *letter = find_letter(code);
    if (!letter) return -1;
    *size = letter->size;
    *ffi = letter->ffi;
    return 0;
}
bool ct_is_signed(char code) { return find_letter(code)->is_signed; }

/* ---- Integers ------------------------------------------------------------------------------- */

static void copy_swapped(char *to, const char *from, size_t n)
{
    for (size_t i = 0; i < n; i++) to[i] = from[n - 1 - i];
}

uint64_t ct_read_bits(const Info *info, const char *data)
{
    char bytes[8] = {0};
    size_t n = (size_t)info->size;
    if (info->swapped)
        copy_swapped(bytes, data, n);
    else
        memcpy(bytes, data, n);
    uint64_t bits;
    memcpy(&bits, bytes, 8);
    if (ct_is_signed(info->code) && n < 8)
        bits = (uint64_t)((int64_t)(bits << (64 - 8 * n)) >> (64 - 8 * n));
    return bits;
}
void ct_write_bits(const Info *info, char *data, uint64_t bits)
{
    size_t n = (size_t)info->size;
    if (info->swapped)
        copy_swapped(data, (char *)&bits, n);
    else
        memcpy(data, &bits, n);
}

/* ---- Reading -------------------------------------------------------------------------------- */

static KrValue get_float(const Info *info, const char *data)
{
    char bytes[8];
    float f;
    double d;
    if (info->swapped) copy_swapped(bytes, data, (size_t)info->size), data = bytes;
    if (info->code == 'f') return memcpy(&f, data, sizeof f), kr_float(f);
    return memcpy(&d, data, sizeof d), kr_float(d);
}

KrValue ct_get(const Info *info, const char *data)
{
    void *pointer = NULL;
    long double g;
    uint32_t c;
    if (info->ffi == &ffi_type_pointer) memcpy(&pointer, data, sizeof pointer);
    switch (info->code) {
    case 'f':
    case 'd': return get_float(info, data);
    case 'g': memcpy(&g, data, sizeof g); return kr_float((double)g);
    case 'c': return kr_bytes(data, 1);
    case 'u': memcpy(&c, data, sizeof c); return kr_str_from_points(&c, 1, 4);
    case '?': return kr_bool(*data != 0);
    case 'v': return kr_bool(ct_read_bits(info, data) != 0);
    case 'z': return pointer ? kr_bytes(pointer, strlen(pointer)) : kr_None;
    case 'Z': return pointer ? kr_str_from_points(pointer, wcslen(pointer), 4) : kr_None;
    case 'P': return pointer ? kr_int_unsigned((uintptr_t)pointer) : kr_None;
    case 'O':
        if (!pointer) return kr_raise(kr_ValueError, "PyObject is NULL");
        return (KrValue){(uintptr_t)pointer};
    default:
        if (ct_is_signed(info->code)) return kr_int((int64_t)ct_read_bits(info, data));
        return kr_int_unsigned(ct_read_bits(info, data));
    }
}

/* ---- Writing -------------------------------------------------------------------------------- */

static int wrong_type(const char *expected, KrValue value)
{
    kr_raise(kr_TypeError, "%s expected instead of %T instance", expected, value);
    return -1;
}

static int set_float(const Info *info, char *data, KrValue value)
{
    double x;
    char bytes[16];
    if (kr_to_double(value, &x) < 0) return -1;
    float f = (float)x;
    long double g = x;
    const void *from = info->code == 'f' ? (void *)&f : info->code == 'd' ? (void *)&x : (void *)&g;
    if (info->swapped) copy_swapped(bytes, from, (size_t)info->size), from = bytes;
    memcpy(data, from, (size_t)info->size);
    return 0;
}

static int set_char(char *data, KrValue value)
{
    KrBuffer view;
    if (kr_is_int(value)) {
        int64_t c;
        if (kr_to_int64(value, &c) == 0 && c >= 0 && c < 256) return *data = (char)c, 0;
        kr_clear_exception();
    } else if ((kr_is_bytes(value) || kr_is_a(value, &kr_bytearray_type)) &&
               kr_buffer_get(value, &view, KR_BUFFER_READ) == 0) {
        bool one = view.size == 1;
        if (one) *data = *(char *)view.data;
        kr_buffer_release(&view);
        if (one) return 0;
    }
    kr_raise(kr_TypeError, "one character bytes, bytearray or integer expected");
    return -1;
}

/* The text with a NUL as wchar_t, in a bytes object. */
static KrValue wide_text(KrValue text)
{
    size_t n = kr_str_length(text);
    KrValue bytes = kr_bytes(NULL, (n + 1) * sizeof(wchar_t));
    if (kr_is_empty(bytes)) return KR_EMPTY;
    wchar_t *to = (wchar_t *)kr_bytes_data(bytes);
    for (size_t i = 0; i < n; i++) to[i] = (wchar_t)kr_str_at(text, i);
    to[n] = 0;
    return bytes;
}

/* Letters z, Z and P: None, an address, or text whose memory is pointed to. */
static int set_pointer(char code, char *data, KrValue value, KrValue *keep)
{
    void *pointer = NULL;
    if (kr_is_int(value)) {
        pointer = (void *)(uintptr_t)kr_int_low_bits(value);
    } else if (code == 'z' && kr_is_bytes(value)) {
        pointer = kr_bytes_data(value);
        *keep = value;
    } else if (code == 'Z' && kr_is_str(value)) {
        *keep = wide_text(value);
        if (kr_is_empty(*keep)) return -1;
        pointer = kr_bytes_data(*keep);
    } else if (!kr_is(value, kr_None)) {
        if (code == 'z') return wrong_type("bytes or integer address", value);
        if (code == 'Z') return wrong_type("unicode string or integer address", value);
        kr_raise(kr_TypeError, "cannot be converted to pointer");
        return -1;
    }
    memcpy(data, &pointer, sizeof pointer);
    return 0;
}

int ct_set(const Info *info, char *data, KrValue value, KrValue *keep)
{
    uint32_t c;
    int truth;
    *keep = KR_EMPTY;
    switch (info->code) {
    case 'f':
    case 'd':
    case 'g': return set_float(info, data, value);
    case 'c': return set_char(data, value);
    case 'u':
        if (!kr_is_str(value)) return wrong_type("unicode string", value);
        if (kr_str_length(value) != 1) {
            kr_raise(kr_TypeError, "one character unicode string expected");
            return -1;
        }
        c = kr_str_at(value, 0);
        memcpy(data, &c, sizeof c);
        return 0;
    case '?':
        truth = kr_truth(value);
        if (truth >= 0) *data = (char)truth;
        return truth < 0 ? -1 : 0;
    case 'z':
    case 'Z':
    case 'P': return set_pointer(info->code, data, value, keep);
    case 'O':
        memcpy(data, &value.bits, sizeof value.bits);
        *keep = value;
        return 0;
    case 'v': /* Windows' VARIANT_BOOL: true is -1 */
        truth = kr_truth(value);
        if (truth >= 0) ct_write_bits(info, data, truth ? UINT64_MAX : 0);
        return truth < 0 ? -1 : 0;
    default:
        if (!kr_is_int(value)) {
            if (kr_is_float(value) || !kr_has_index(value)) return wrong_type("int", value);
            value = kr_index(value);
            if (kr_is_empty(value)) return -1;
        }
        ct_write_bits(info, data, kr_int_low_bits(value));
        return 0;
    }
}

/* ---- _SimpleCData --------------------------------------------------------------------------- */

static int simple_init(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    static const KrFunction entry = {"__init__", "(value=<unset>, /)", NULL, NULL, 0, NULL};
    KrValue slots[1], keep;
    CData *d = ct_data_of(self);
    if (kr_bind(&entry, args, n, kwnames, slots) < 0) return -1;
    if (kr_is_empty(slots[0])) return 0;
    if (ct_set(d->info, d->data, slots[0], &keep) < 0) return -1;
    return ct_keep(d, 0, keep);
}

static KrValue get_value(KrValue self)
{
    return ct_get(ct_data_of(self)->info, ct_data_of(self)->data);
}
static int set_value(KrValue self, KrValue value)
{
    CData *d = ct_data_of(self);
    KrValue keep;
    if (kr_is_empty(value)) {
        kr_raise(kr_TypeError, "can't delete attribute");
        return -1;
    }
    if (ct_set(d->info, d->data, value, &keep) < 0) return -1;
    return ct_keep(d, 0, keep);
}
KR_GETSET(simple, get_value, set_value, "value", "current value")

static int simple_truth(KrValue self)
{
    const CData *d = ct_data_of(self);
    for (int64_t i = 0; i < d->info->size; i++)
        if (d->data[i]) return 1;
    return 0;
}
static KrValue simple_repr(KrValue self)
{
    KrValue class = kr_type_value(kr_type_of(self));
    if (!ct_is_plain_simple(class, ct_data_of(self)->info))
        return kr_str_format("<%T object at %p>", self, kr_to_object(self));
    KrValue value = get_value(self);
    return kr_is_empty(value) ? value : kr_str_format("%T(%R)", self, value);
}

/* ---- Arguments of a simple type ------------------------------------------------------------- */

static bool is_char_pointer(const CData *d, char code)
{
    if ((d->info->kind != ARRAY && d->info->kind != POINTER) || kr_is_empty(d->info->item))
        return false;
    const Info *item = ct_find_info(d->info->item);
    return item && item->kind == SIMPLE && item->code == code;
}

/* May this object be passed as it is where a pointer of the letter is wanted? */
static bool passes_as_pointer(char code, KrValue value)
{
    if (kr_is_instance_exact(value, ct_argument_type)) {
        const Argument *argument = kr_to_object(value);
        if (code == 'P')
            return argument->tag == 'P' || argument->tag == 'z' || argument->tag == 'Z';
        return argument->tag == 'P' && ct_is_data(argument->object) &&
               ct_data_of(argument->object)->info->kind == SIMPLE &&
               ct_data_of(argument->object)->info->code == (code == 'z' ? 'c' : 'u');
    }
    if (!ct_is_data(value)) return false;
    const CData *d = ct_data_of(value);
    if (code == 'z') return is_char_pointer(d, 'c');
    if (code == 'Z') return is_char_pointer(d, 'u');
    return d->info->kind == ARRAY || d->info->kind == POINTER || d->info->kind == FUNCTION ||
           (d->info->kind == SIMPLE && (d->info->code == 'z' || d->info->code == 'Z'));
}

/* A value by the letter's rules as an argument; void pointers take text too. KR_EMPTY raised. */
static KrValue convert(const Info *info, KrValue value)
{
    Info as = *info;
    KrValue keep;
    if (info->code == 'P' && kr_is_bytes(value)) as.code = 'z';
    if (info->code == 'P' && kr_is_str(value)) as.code = 'Z';
    KrValue result = ct_argument(as.code, info->ffi, KR_EMPTY);
    if (kr_is_empty(result)) return KR_EMPTY;
    Argument *argument = kr_to_object(result);
    if (ct_set(&as, (char *)&argument->value, value, &keep) < 0) return KR_EMPTY;
    argument->object = keep;
    return result;
}

KR_FN(core, fn_simple_from_param, "simple_from_param", "(cls, value, /)",
      "Convert a Python object into a function call parameter.")
{
    Info *info = ct_info(a[0]);
    if (!info) return KR_EMPTY;
    int same = kr_isinstance(a[1], a[0]);
    if (same) return same < 0 ? KR_EMPTY : a[1];
    bool pointer = info->code == 'z' || info->code == 'Z' || info->code == 'P';
    if (pointer && kr_is(a[1], kr_None)) return kr_None;
    if (pointer && passes_as_pointer(info->code, a[1])) return a[1];
    if (!(kr_is_int(a[1]) && (info->code == 'z' || info->code == 'Z'))) {
        KrValue result = convert(info, a[1]);
        if (!kr_is_empty(result) || !kr_raised_is(kr_TypeError)) return result;
    }
    KrValue error = kr_take_exception();
    KrValue stand_in = kr_find_attr(a[1], KR_NAME("_as_parameter_"));
    if (!kr_is_empty(stand_in)) {
        if (kr_enter_recursion(" while processing _as_parameter_") < 0) return KR_EMPTY;
        KrValue result = kr_call_method1(a[0], "from_param", stand_in);
        kr_leave_recursion();
        return result;
    }
    if (kr_raised()) return KR_EMPTY;
    if (pointer || kr_is_empty(error)) return kr_raise(kr_TypeError, "wrong type");
    kr_restore_exception(error);
    return KR_EMPTY;
}

#include "modules/_ctypes/simple.entries.h"

int ct_simple_init(KrValue module)
{
    static KrTypeSpec spec;
    spec = (KrTypeSpec){.name = "_ctypes._Simple",
                        .size = sizeof(CData),
                        .base = ct_data_type,
                        .getset = simple_getset,
                        .slots = {.init = simple_init, .truth = simple_truth, .repr = simple_repr}};
    if (!kr_type_once(&ct_simple_type, &spec)) return -1;
    for (size_t i = 0; core_functions[i]; i++) {
        KrValue f = kr_function_new(core_functions[i], KR_EMPTY, kr_str("_ctypes"));
        if (kr_is_empty(f) || kr_module_add(module, core_functions[i]->name, f) < 0) return -1;
    }
    return kr_module_add_type(module, ct_simple_type);
}
