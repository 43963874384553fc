/* sequence.c: arrays and pointers: items by index and slice, characters as text. */
#include <wchar.h>

#include "modules/_ctypes/core.h"

KrType *ct_array_type, *ct_pointer_type;

/* Characters' items come out of slices as bytes or str. */
static char text_code(const Info *info)
{
    const Info *item = kr_is_empty(info->item) ? NULL : ct_find_info(info->item);
    return item && item->kind == SIMPLE && (item->code == 'c' || item->code == 'u') ? item->code
                                                                                    : 0;
}

/* count items from `data`, `step` items apart. */
static KrValue slice_of(KrValue self, char *data, int64_t start, int64_t step, int64_t count)
{
    CData *d = ct_data_of(self);
    Info *item = ct_info(d->info->item);
    if (!item) return KR_EMPTY;
    char code = text_code(d->info);
    if (code == 'c') {
        KrValue bytes = kr_bytes(NULL, (size_t)count);
        for (int64_t i = 0; !kr_is_empty(bytes) && i < count; i++)
            kr_bytes_data(bytes)[i] = (uint8_t)data[start + i * step];
        return bytes;
    }
    if (code == 'u') {
        KrText text;
        kr_text_init(&text);
        for (int64_t i = 0; i < count; i++) {
            uint32_t c;
            memcpy(&c, data + (start + i * step) * 4, sizeof c);
            kr_text_add_char(&text, c);
        }
        return kr_text_finish(&text);
    }
    KrValue list = kr_list(NULL, 0);
    for (int64_t i = 0; !kr_is_empty(list) && i < count; i++) {
        int64_t at = start + i * step;
        KrValue v = ct_load(d->info->item, self, at, data + at * item->size);
        if (kr_is_empty(v) || kr_list_append(list, v) < 0) return KR_EMPTY;
    }
    return list;
}

/* ---- Arrays --------------------------------------------------------------------------------- */

static int array_index(CData *d, KrValue key, int64_t *index)
{
    if (kr_to_index(key, index) < 0) return -1;
    if (*index < 0) *index += d->length;
    if (*index >= 0 && *index < d->length) return 0;
    kr_raise(kr_IndexError, "invalid index");
    return -1;
}

static KrValue array_getitem(KrValue self, KrValue key)
{
    CData *d = ct_data_of(self);
    int64_t index, stop, step, count;
    if (kr_is_slice(key)) {
        if (kr_slice_resolve(key, d->length, &index, &stop, &step, &count) < 0) return KR_EMPTY;
        return slice_of(self, d->data, index, step, count);
    }
    if (!kr_has_index(key)) return kr_raise(kr_TypeError, "indices must be integers");
    Info *item = ct_info(d->info->item);
    if (!item || array_index(d, key, &index) < 0) return KR_EMPTY;
    return ct_load(d->info->item, self, index, d->data + index * item->size);
}

static int store_slice(CData *d, KrValue key, KrValue value)
{
    int64_t index, stop, step, count;
    Info *item = ct_info(d->info->item);
    if (!item || kr_slice_resolve(key, d->length, &index, &stop, &step, &count) < 0) return -1;
    int64_t n = kr_length(value);
    if (n < 0) return -1;
    if (n != count) {
        kr_raise(kr_ValueError, "Can only assign sequence of same size");
        return -1;
    }
    for (int64_t i = 0; i < count; i++, index += step) {
        KrValue v = kr_getitem(value, kr_int(i));
        if (kr_is_empty(v) ||
            ct_store(d, d->info->item, v, index, d->data + index * item->size) < 0)
            return -1;
    }
    return 0;
}

static int array_setitem(KrValue self, KrValue key, KrValue value)
{
    CData *d = ct_data_of(self);
    int64_t index;
    if (kr_is_empty(value)) {
        kr_raise(kr_TypeError, "Array does not support item deletion");
        return -1;
    }
    if (kr_is_slice(key)) return store_slice(d, key, value);
    if (!kr_has_index(key)) {
        kr_raise(kr_TypeError, "indices must be integer");
        return -1;
    }
    Info *item = ct_info(d->info->item);
    if (!item || array_index(d, key, &index) < 0) return -1;
    return ct_store(d, d->info->item, value, index, d->data + index * item->size);
}

static int array_init(KrValue self, const KrValue *args, size_t n, KR_UNUSED KrValue kwnames)
{
    for (size_t i = 0; i < n; i++)
        if (array_setitem(self, kr_int((int64_t)i), args[i]) < 0) return -1;
    return 0;
}
static int64_t array_length(KrValue self) { return ct_data_of(self)->length; }

KR_CLASSMETHOD(array, array_class_getitem, "__class_getitem__", "(cls, item, /)", "See PEP 585")
{
    return kr_call2(kr_type_value(&kr_generic_alias_type), a[0], a[1]);
}

/* ---- Arrays of characters ------------------------------------------------------------------- */

KR_FN(sequence, fn_chars_value, "chars_value", "(self, /)", "string value")
{
    CData *d = ct_data_of(a[0]);
    return kr_bytes(d->data, strnlen(d->data, (size_t)d->size));
}
KR_FN(sequence, fn_chars_set_value, "chars_set_value", "(self, value, /)", NULL)
{
    CData *d = ct_data_of(a[0]);
    if (!kr_is_bytes(a[1]))
        return kr_raise(kr_TypeError, "bytes expected instead of %T instance", a[1]);
    size_t n = kr_bytes_size(a[1]);
    if (n > (size_t)d->size) return kr_raise(kr_ValueError, "byte string too long");
    memcpy(d->data, kr_bytes_data(a[1]), n);
    if (n < (size_t)d->size) d->data[n] = 0;
    return kr_None;
}
KR_FN(sequence, fn_chars_raw, "chars_raw", "(self, /)", "value")
{
    return kr_bytes(ct_data_of(a[0])->data, (size_t)ct_data_of(a[0])->size);
}
KR_FN(sequence, fn_chars_set_raw, "chars_set_raw", "(self, value, /)", NULL)
{
    CData *d = ct_data_of(a[0]);
    KrBuffer view;
    if (kr_buffer_get(a[1], &view, KR_BUFFER_READ) < 0) return KR_EMPTY;
    bool fits = view.size <= d->size;
    if (fits) memcpy(d->data, view.data, (size_t)view.size);
    kr_buffer_release(&view);
    return fits ? kr_None : kr_raise(kr_ValueError, "byte string too long");
}
KR_FN(sequence, fn_wide_value, "wide_value", "(self, /)", "string value")
{
    CData *d = ct_data_of(a[0]);
    return kr_str_from_points(d->data, wcsnlen((wchar_t *)d->data, (size_t)d->size / 4), 4);
}
KR_FN(sequence, fn_wide_set_value, "wide_set_value", "(self, value, /)", NULL)
{
    CData *d = ct_data_of(a[0]);
    if (!kr_is_str(a[1]))
        return kr_raise(kr_TypeError, "unicode string expected instead of %T instance", a[1]);
    size_t n = kr_str_length(a[1]), room = (size_t)d->size / 4;
    if (n > room) return kr_raise(kr_ValueError, "string too long");
    uint32_t *to = (uint32_t *)d->data;
    for (size_t i = 0; i < n; i++) to[i] = kr_str_at(a[1], i);
    if (n < room) to[n] = 0;
    return kr_None;
}

/* ---- Pointers ------------------------------------------------------------------------------- */

/* Where it points; NULL with ValueError. */
static char *target(CData *d)
{
    char *p;
    memcpy(&p, d->data, sizeof p);
    if (!p) kr_raise(kr_ValueError, "NULL pointer access");
    return p;
}
static Info *item_of(CData *d)
{
    if (!kr_is_empty(d->info->item)) return ct_info(d->info->item);
    kr_raise(kr_TypeError, "Cannot create instance: has no _type_");
    return NULL;
}

/* A pointer has no length: what a slice leaves open must be said. */
static int pointer_slice(KrValue key, int64_t *start, int64_t *step, int64_t *count)
{
    KrValue first, last, by;
    int64_t stop;
    kr_slice_parts(key, &first, &last, &by);
    *step = 1;
    if (!kr_is(by, kr_None) && kr_to_index(by, step) < 0) return -1;
    if (*step == 0) {
        kr_raise(kr_ValueError, "slice step cannot be zero");
        return -1;
    }
    *start = 0;
    if (kr_is(first, kr_None) && *step < 0) {
        kr_raise(kr_ValueError, "slice start is required for step < 0");
        return -1;
    }
    if (!kr_is(first, kr_None) && kr_to_index(first, start) < 0) return -1;
    if (kr_is(last, kr_None)) {
        kr_raise(kr_ValueError, "slice stop is required");
        return -1;
    }
    if (kr_to_index(last, &stop) < 0) return -1;
    *count = *step > 0 ? (stop - *start + *step - 1) / *step : (*start - stop - *step - 1) / -*step;
    if (*count < 0) *count = 0;
    return 0;
}

static KrValue pointer_getitem(KrValue self, KrValue key)
{
    CData *d = ct_data_of(self);
    char *p = target(d);
    Info *item = p ? item_of(d) : NULL;
    int64_t start, step, count;
    if (!item) return KR_EMPTY;
    if (kr_is_slice(key)) {
        if (pointer_slice(key, &start, &step, &count) < 0) return KR_EMPTY;
        return slice_of(self, p, start, step, count);
    }
    if (!kr_has_index(key)) return kr_raise(kr_TypeError, "Pointer indices must be integer");
    if (kr_to_index(key, &start) < 0) return KR_EMPTY;
    return ct_load(d->info->item, self, start, p + start * item->size);
}
static int pointer_setitem(KrValue self, KrValue key, KrValue value)
{
    CData *d = ct_data_of(self);
    int64_t index;
    if (kr_is_empty(value)) {
        kr_raise(kr_TypeError, "Pointer does not support item deletion");
        return -1;
    }
    char *p = target(d);
    Info *item = p ? item_of(d) : NULL;
    if (!item || kr_to_index(key, &index) < 0) return -1;
    return ct_store(d, d->info->item, value, index, p + index * item->size);
}

static KrValue get_contents(KrValue self)
{
    CData *d = ct_data_of(self);
    char *p = target(d);
    return p && item_of(d) ? ct_view(d->info->item, self, 0, p) : KR_EMPTY;
}
static int set_contents(KrValue self, KrValue value)
{
    CData *d = ct_data_of(self);
    if (kr_is_empty(value)) {
        kr_raise(kr_TypeError, "Pointer does not support item deletion");
        return -1;
    }
    if (!item_of(d)) return -1;
    int same = kr_isinstance(value, d->info->item);
    if (same == 0) /* an array of the items will do */
        same = ct_is_data(value) && ct_data_of(value)->info->kind == ARRAY &&
               kr_is(ct_data_of(value)->info->item, d->info->item);
    if (same <= 0) {
        if (!same)
            kr_raise(kr_TypeError, "expected %N instead of %T",
                     (KrType *)kr_to_object(d->info->item), value);
        return -1;
    }
    memcpy(d->data, &ct_data_of(value)->data, sizeof(char *));
    if (ct_keep(d, 1, value) < 0) return -1;
    return ct_keep(d, 0, ct_kept_by(value));
}
KR_GETSET(pointer, get_contents, set_contents, "contents",
          "the object this pointer points to (read-write)")

static int pointer_init(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    static const KrFunction entry = {"__init__", "(value=<unset>, /)", NULL, NULL, 0, NULL};
    KrValue slots[1];
    if (!item_of(ct_data_of(self)) || kr_bind(&entry, args, n, kwnames, slots) < 0) return -1;
    return kr_is_empty(slots[0]) ? 0 : set_contents(self, slots[0]);
}
static int pointer_truth(KrValue self)
{
    char *p;
    memcpy(&p, ct_data_of(self)->data, sizeof p);
    return p != NULL;
}

#include "modules/_ctypes/sequence.entries.h"

int ct_sequence_init(KrValue module)
{
    static KrTypeSpec array, pointer;
    array = (KrTypeSpec){.name = "_ctypes._Array",
                         .size = sizeof(CData),
                         .base = ct_data_type,
                         .functions = array_functions,
                         .slots = {.init = array_init,
                                   .length = array_length,
                                   .getitem = array_getitem,
                                   .setitem = array_setitem}};
    pointer = (KrTypeSpec){.name = "_ctypes._PointerBase",
                           .size = sizeof(CData),
                           .base = ct_data_type,
                           .getset = pointer_getset,
                           .slots = {.init = pointer_init,
                                     .truth = pointer_truth,
                                     .getitem = pointer_getitem,
                                     .setitem = pointer_setitem}};
    kr_type_once(&ct_array_type, &array);
    kr_type_once(&ct_pointer_type, &pointer);
    if (!ct_array_type || !ct_pointer_type) return -1;
    for (size_t i = 0; sequence_functions[i]; i++) {
        KrValue f = kr_function_new(sequence_functions[i], KR_EMPTY, kr_str("_ctypes"));
        if (kr_is_empty(f) || kr_module_add(module, sequence_functions[i]->name, f) < 0) return -1;
    }
    return kr_module_add_type(module, ct_array_type) < 0
               ? -1
               : kr_module_add_type(module, ct_pointer_type);
}
