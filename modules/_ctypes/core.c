/* core.c: infos, instances and their memory; the module. */
#include <stdio.h>

#include "modules/_ctypes/core.h"

KrType *ct_info_type, *ct_data_type;

static Info *info_of(KrValue v) { return kr_to_object(v); }

/* ---- Infos ---------------------------------------------------------------------------------- */

static void info_trace(void *self, KrTracer *tracer)
{
    Info *i = self;
    const KrValue values[] = {i->item, i->format, i->shape, i->argtypes, i->restype};
    for (size_t k = 0; k < sizeof values / sizeof *values; k++) kr_trace(tracer, values[k]);
}
static void info_release(void *self) { free(((Info *)self)->elements); }

Info *ct_find_info(KrValue class)
{
    if (!kr_is_a(class, &kr_type_type)) return NULL;
    KrValue v = kr_type_find(kr_to_object(class), KR_NAME("_ctypes_info_"));
    return kr_is_empty(v) || !kr_is_instance_exact(v, ct_info_type) ? NULL : info_of(v);
}
Info *ct_info(KrValue class)
{
    Info *info = ct_find_info(class);
    if (!info && kr_is_a(class, &kr_type_type))
        kr_raise(kr_TypeError, "abstract class");
    else if (!info)
        kr_raise(kr_TypeError, "this type has no size");
    return info;
}

static Info *new_info(Kind kind, int64_t size, int64_t align, ffi_type *ffi)
{
    Info *info = kr_alloc_instance(ct_info_type);
    if (!info) return NULL;
    info->kind = kind;
    info->size = size;
    info->align = align;
    info->ffi = ffi;
    return info;
}

KR_FN(core, fn_simple_info, "simple_info", "(code, swapped, format, /)", NULL)
{
    int64_t size;
    ffi_type *ffi;
    const char *code = kr_str_cstring(a[0]);
    if (!code) return KR_EMPTY;
    if (!*code || code[1] || ct_simple_layout(*code, &size, &ffi) < 0)
        return kr_raise(kr_AttributeError, "class must define a '_type_' attribute which must be a "
                                           "single character string containing one of "
                                           "'cbBhHiIlLfuzZqQPXOv?g'.");
    Info *info = new_info(SIMPLE, size, ffi->alignment, ffi);
    if (!info) return KR_EMPTY;
    info->code = *code;
    info->swapped = kr_is(a[1], kr_True);
    info->format = a[2];
    info->has_pointer = ffi == &ffi_type_pointer;
    return kr_from_object(info);
}

KR_FN(core, fn_array_info, "array_info", "(item, length, shape, /)", NULL)
{
    Info *item = ct_info(a[0]);
    int64_t length, size;
    if (!item || kr_to_int64(a[1], &length) < 0) return KR_EMPTY;
    if (__builtin_mul_overflow(item->size, length, &size))
        return kr_raise(kr_OverflowError, "array too large");
    Info *info = new_info(ARRAY, size, item->align, &ffi_type_pointer);
    if (!info) return KR_EMPTY;
    info->length = length;
    info->item = a[0];
    info->format = item->format;
    info->shape = a[2];
    info->has_bits = item->has_bits;
    info->has_pointer = item->has_pointer;
    return kr_from_object(info);
}

KR_FN(core, fn_pointer_info, "pointer_info", "(item, format, /)", NULL)
{
    Info *info = new_info(POINTER, sizeof(void *), _Alignof(void *), &ffi_type_pointer);
    if (!info) return KR_EMPTY;
    info->item = kr_is(a[0], kr_None) ? KR_EMPTY : a[0];
    info->has_pointer = true;
    info->format = a[1];
    return kr_from_object(info);
}

KR_FN(core, fn_set_target, "set_target", "(info, item, format, /)", NULL)
{
    info_of(a[0])->item = a[1];
    info_of(a[0])->format = a[2];
    return kr_None;
}

KR_FN(core, fn_function_info, "function_info", "(flags, argtypes, restype, /)", NULL)
{
    Info *info = new_info(FUNCTION, sizeof(void *), _Alignof(void *), &ffi_type_pointer);
    if (!info || kr_to_int32(a[0], &info->flags) < 0) return KR_EMPTY;
    info->argtypes = kr_is(a[1], kr_None) ? KR_EMPTY : a[1];
    info->restype = a[2];
    info->format = kr_str("X{}");
    info->has_pointer = true;
    return kr_from_object(info);
}

/* How many scalars libffi must know about to pass this by value. */
static size_t count_elements(const Info *info)
{
    if (info->kind != ARRAY) return 1;
    const Info *item = ct_find_info(info->item);
    return item ? (size_t)info->length * count_elements(item) : 0;
}
static ffi_type **add_elements(const Info *info, ffi_type **to)
{
    if (info->kind != ARRAY) {
        *to++ = info->ffi;
        return to;
    }
    const Info *item = ct_find_info(info->item);
    for (int64_t i = 0; item && i < info->length; i++) to = add_elements(item, to);
    return to;
}

KR_FN(core, fn_aggregate_info, "aggregate_info",
      "(is_union, size, align, count, classes, has_bits, format, /)", NULL)
{
    int64_t size, align, count;
    if (kr_to_int64(a[1], &size) < 0 || kr_to_int64(a[2], &align) < 0 ||
        kr_to_int64(a[3], &count) < 0)
        return KR_EMPTY;
    bool is_union = kr_is(a[0], kr_True);
    Info *info = new_info(is_union ? UNION : STRUCT, size, align, NULL);
    if (!info) return KR_EMPTY;
    size_t n = 0;
    for (size_t i = 0; i < kr_list_size(a[4]); i++) {
        Info *field = ct_info(kr_list_get(a[4], i));
        if (!field) return KR_EMPTY;
        n += count_elements(field);
        info->has_pointer = info->has_pointer || field->has_pointer;
    }
    info->elements = malloc((n + 1) * sizeof *info->elements);
    if (!info->elements) return kr_raise_no_memory();
    ffi_type **end = info->elements;
    for (size_t i = 0; i < kr_list_size(a[4]); i++)
        end = add_elements(ct_find_info(kr_list_get(a[4], i)), end);
    *end = NULL;
    info->length = count;
    info->has_bits = kr_is(a[5], kr_True);
    info->format = a[6];
    info->own = (ffi_type){(size_t)size, (unsigned short)align, FFI_TYPE_STRUCT, info->elements};
    info->ffi = &info->own;
    return kr_from_object(info);
}

/* ---- Memory --------------------------------------------------------------------------------- */

static void data_trace(void *self, KrTracer *tracer)
{
    CData *d = self;
    kr_trace_pointer(tracer, d->info);
    kr_trace(tracer, d->base);
    kr_trace(tracer, d->objects);
    if (d->held) kr_trace(tracer, d->view.owner);
}
static void data_release(void *self)
{
    CData *d = self;
    if (d->owns) {
        free(d->data);
        kr_external_memory(-d->size);
    }
}

static CData *alloc_data(KrType *type)
{
    Info *info = ct_info(kr_type_value(type));
    CData *d = info ? kr_alloc_instance(type) : NULL;
    if (!d) return NULL;
    d->info = info;
    d->size = info->size;
    d->length = info->length;
    return d;
}

KrValue ct_new(KrType *type)
{
    CData *d = alloc_data(type);
    if (!d) return KR_EMPTY;
    d->data = d->small;
    if (d->size > (int64_t)sizeof d->small) {
        d->data = calloc(1, (size_t)d->size);
        if (!d->data) return kr_raise_no_memory();
        d->owns = true;
        kr_external_memory(d->size);
    }
    return kr_from_object(d);
}

KrValue ct_view(KrValue class, KrValue base, int64_t index, char *data)
{
    CData *d = alloc_data(kr_to_object(class));
    if (!d) return KR_EMPTY;
    d->data = data;
    d->base = base;
    d->index = index;
    return kr_from_object(d);
}

/* ---- Keeping targets alive ------------------------------------------------------------------ */

KrValue ct_kept_by(KrValue v)
{
    CData *d = ct_data_of(v);
    while (!kr_is_empty(d->base) && ct_is_data(d->base)) d = ct_data_of(d->base);
    if (kr_is_empty(d->objects) && d->length) d->objects = kr_dict();
    return kr_is_empty(d->objects) ? kr_None : d->objects;
}

/* "3:0:1": the index, and those of the containers it lies in. */
static KrValue path_key(const CData *d, int64_t index)
{
    char text[256];
    size_t n = (size_t)snprintf(text, sizeof text, "%llx", (unsigned long long)index);
    while (!kr_is_empty(d->base) && ct_is_data(d->base) && n + 20 < sizeof text) {
        n += (size_t)snprintf(text + n, sizeof text - n, ":%llx", (unsigned long long)d->index);
        d = ct_data_of(d->base);
    }
    return kr_str(text);
}

int ct_keep(CData *d, int64_t index, KrValue object)
{
    CData *root = d;
    if (kr_is_empty(object) || kr_is(object, kr_None)) return 0;
    while (!kr_is_empty(root->base) && ct_is_data(root->base)) root = ct_data_of(root->base);
    if (kr_is_empty(root->objects) || !kr_is_dict(root->objects)) {
        /* A simple object has one target only: it is kept itself. */
        if (root == d && root->info->kind == SIMPLE) {
            root->objects = object;
            return 0;
        }
        KrValue dict = kr_dict();
        if (kr_is_empty(dict)) return -1;
        if (!kr_is_empty(root->objects) && kr_dict_set(dict, kr_str("0"), root->objects) < 0)
            return -1;
        root->objects = dict;
    }
    return kr_dict_set(root->objects, path_key(d, index), object);
}

/* ---- Loading and storing -------------------------------------------------------------------- */

bool ct_is_plain_simple(KrValue class, const Info *info)
{
    static KrValue base; /* a type: never collected */
    if (info->kind != SIMPLE) return false;
    if (kr_is_empty(base)) {
        kr_root(&base);
        base = kr_import_attr("_ctypes", "_SimpleCData");
        if (kr_is_empty(base)) return false;
    }
    KrValue bases = kr_getattr(class, KR_NAME("__bases__"));
    if (kr_is_empty(bases)) {
        kr_clear_exception();
        return false;
    }
    return kr_tuple_size(bases) > 0 && kr_is(kr_tuple_get(bases, 0), base);
}

KrValue ct_load(KrValue class, KrValue base, int64_t index, char *data)
{
    Info *info = ct_info(class);
    if (!info) return KR_EMPTY;
    if (info->kind == SIMPLE && ct_is_plain_simple(class, info)) return ct_get(info, data);
    return ct_view(class, base, index, data);
}

/* An array may be stored where a pointer to its items is wanted. */
static bool points_to_array(const Info *pointer, const CData *value)
{
    if (pointer->kind != POINTER || kr_is_empty(pointer->item)) return false;
    if (value->info->kind != ARRAY && value->info->kind != POINTER) return false;
    return kr_is(pointer->item, value->info->item);
}

static int store_data(CData *into, KrValue class, Info *info, KrValue value, int64_t index,
                      char *to)
{
    CData *from = ct_data_of(value);
    int same = kr_isinstance(value, class);
    if (same < 0) return -1;
    if (same) {
        memmove(to, from->data, (size_t)info->size);
        if (info->kind == FUNCTION) return ct_keep(into, index, value);
        return ct_keep(into, index, info->kind == SIMPLE ? from->objects : ct_kept_by(value));
    }
    if (points_to_array(info, from)) {
        memcpy(to, &from->data, sizeof from->data);
        KrValue pair = kr_tuple_of(2, ct_kept_by(value), value);
        return kr_is_empty(pair) ? -1 : ct_keep(into, index, pair);
    }
    kr_raise(kr_TypeError, "incompatible types, %T instance instead of %N instance", value,
             (KrType *)kr_to_object(class));
    return -1;
}

/* "(Point) TypeError: too many initializers" */
static int fail_initializer(KrValue class)
{
    KrValue error = kr_take_exception();
    KrValue words = kr_is_empty(error) ? KR_EMPTY : kr_to_str(error);
    if (!kr_is_empty(words))
        kr_raise(kr_RuntimeError, "(%N) %T: %U", (KrType *)kr_to_object(class), error, words);
    return -1;
}

int ct_store(CData *into, KrValue class, KrValue value, int64_t index, char *to)
{
    Info *info = ct_info(class);
    KrValue keep = KR_EMPTY;
    if (!info) return -1;
    if (ct_is_data(value)) return store_data(into, class, info, value, index, to);
    if (info->kind == SIMPLE) {
        if (ct_set(info, to, value, &keep) < 0) return -1;
        return ct_keep(into, index, keep);
    }
    if (info->kind == ARRAY && (kr_is_bytes(value) || kr_is_str(value))) {
        KrValue view = ct_view(class, kr_from_object(into), index, to);
        return kr_is_empty(view) ? -1 : kr_setattr_ascii(view, "value", value);
    }
    if (kr_is_tuple(value)) { /* the class's arguments */
        value = kr_call_tuple(class, value, KR_EMPTY);
        if (kr_is_empty(value)) return fail_initializer(class);
        if (ct_is_data(value)) return store_data(into, class, info, value, index, to);
    }
    if (info->kind == POINTER && kr_is(value, kr_None)) {
        memset(to, 0, sizeof(void *));
        return 0;
    }
    const Info *item = info->kind == ARRAY ? ct_find_info(info->item) : NULL;
    if (item && item->code == 'c')
        kr_raise(kr_TypeError, "expected bytes, %T found", value);
    else
        kr_raise(kr_TypeError, "expected %N instance, got %T", (KrType *)kr_to_object(class), value);
    return -1;
}

/* ---- Classes' ways to make instances -------------------------------------------------------- */

KR_FN(core, fn_from_address, "from_address", "(cls, address, /)",
      "C.from_address(integer) -> C instance\naccess a C instance at the specified address")
{
    if (!kr_is_int(a[1])) return kr_raise(kr_TypeError, "integer expected");
    return ct_view(a[0], KR_EMPTY, 0, (char *)(uintptr_t)kr_int_low_bits(a[1]));
}

static int check_room(const Info *info, int64_t offset, int64_t size)
{
    if (offset < 0) {
        kr_raise(kr_ValueError, "offset cannot be negative");
        return -1;
    }
    if (info->size <= size - offset) return 0;
    kr_raise(kr_ValueError, "Buffer size too small (%lld instead of at least %lld bytes)",
             (long long)size, (long long)(info->size + offset));
    return -1;
}

/* The view is given back when the instance dies; a finalizer's order does not matter to it. */
KR_FN(core, fn_from_buffer, "from_buffer", "(cls, object, offset=0, /)",
      "C.from_buffer(object, offset=0) -> C instance\ncreate a C instance from a writeable buffer")
{
    int64_t offset;
    Info *info = ct_info(a[0]);
    KrBuffer view;
    if (!info || kr_to_index(a[2], &offset) < 0) return KR_EMPTY;
    KrValue memory = kr_call1(kr_type_value(&kr_memoryview_type), a[1]);
    if (kr_is_empty(memory)) return KR_EMPTY;
    KrValue plain = kr_getattr_ascii(memory, "c_contiguous");
    if (kr_buffer_get(memory, &view, KR_BUFFER_STRIDES) < 0) return KR_EMPTY;
    KrValue result = KR_EMPTY;
    if (view.read_only)
        kr_raise(kr_TypeError, "underlying buffer is not writable");
    else if (!kr_is(plain, kr_True))
        kr_raise(kr_TypeError, "underlying buffer is not C contiguous");
    else if (check_room(info, offset, view.size) == 0)
        result = ct_view(a[0], memory, 0, (char *)view.data + offset);
    kr_buffer_release(&view);
    if (kr_is_empty(result)) {
        KrValue error = kr_take_exception();
        kr_call_method0(memory, "release");
        kr_restore_exception(error);
        return KR_EMPTY;
    }
    return ct_keep(ct_data_of(result), -1, memory) < 0 ? KR_EMPTY : result;
}

KR_FN(core, fn_from_buffer_copy, "from_buffer_copy", "(cls, object, offset=0, /)",
      "C.from_buffer_copy(object, offset=0) -> C instance\ncreate a C instance from a readable "
      "buffer")
{
    int64_t offset;
    Info *info = ct_info(a[0]);
    KrBuffer view;
    if (!info || kr_to_index(a[2], &offset) < 0 || kr_buffer_get(a[1], &view, KR_BUFFER_READ) < 0)
        return KR_EMPTY;
    KrValue result = KR_EMPTY;
    if (check_room(info, offset, view.size) == 0) result = ct_new(kr_to_object(a[0]));
    if (!kr_is_empty(result))
        memcpy(ct_data_of(result)->data, (char *)view.data + offset, (size_t)info->size);
    kr_buffer_release(&view);
    return result;
}

/* ---- The base class ------------------------------------------------------------------------- */

static KrValue data_make(KrType *type, KR_UNUSED const KrValue *args, KR_UNUSED size_t n,
                         KR_UNUSED KrValue kwnames)
{
    return ct_new(type);
}

/* Shape and strides of the buffer: nested arrays make the dimensions. */
static int data_buffer(KrValue self, KrBuffer *buffer, KR_UNUSED int flags)
{
    CData *d = ct_data_of(self);
    const Info *inner = d->info;
    size_t rank = kr_is_empty(inner->shape) ? 0 : kr_tuple_size(inner->shape);
    while (inner->kind == ARRAY) inner = ct_find_info(inner->item);
    *buffer = (KrBuffer){.data = d->data, .owner = self, .size = d->size, .rank = (int)rank};
    buffer->item_size = rank ? inner->size : d->size;
    buffer->format = kr_is_empty(inner->format) ? "B" : kr_str_utf8(inner->format, NULL);
    if (rank == 0) return 0;
    int64_t *dims = kr_alloc_bytes(2 * rank * sizeof *dims);
    if (!dims) return -1;
    int64_t step = buffer->item_size;
    for (size_t i = rank; i-- > 0;) {
        if (kr_to_int64(kr_tuple_get(d->info->shape, i), &dims[i]) < 0) return -1;
        dims[rank + i] = step;
        step *= dims[i];
    }
    buffer->shape = dims;
    buffer->strides = dims + rank;
    buffer->internal = dims;
    return 0;
}

static int64_t data_hash(KrValue self)
{
    kr_raise(kr_TypeError, "unhashable type: '%T'", self);
    return -1;
}

KR_FN(data, data_reduce, "__reduce__", "(self, /)", NULL)
{
    CData *d = ct_data_of(a[0]);
    if (d->info->has_pointer)
        return kr_raise(kr_ValueError, "ctypes objects containing pointers cannot be pickled");
    KrValue dict = kr_find_attr(a[0], KR_NAME("__dict__"));
    if (kr_is_empty(dict)) {
        if (kr_raised()) return KR_EMPTY;
        dict = kr_dict();
    }
    KrValue state = kr_tuple_of(2, dict, kr_bytes(d->data, (size_t)d->size));
    KrValue args = kr_tuple_of(2, kr_type_value(kr_type_of(a[0])), state);
    return kr_tuple_of(2, kr_import_attr("_ctypes", "_unpickle"), args);
}
KR_FN(data, data_setstate, "__setstate__", "(self, state, /)", NULL)
{
    CData *d = ct_data_of(a[0]);
    if (!kr_is_tuple(a[1]) || kr_tuple_size(a[1]) != 2 || !kr_is_dict(kr_tuple_get(a[1], 0)) ||
        !kr_is_bytes(kr_tuple_get(a[1], 1)))
        return kr_raise(kr_TypeError, "bad state of a ctypes object");
    KrValue bytes = kr_tuple_get(a[1], 1);
    size_t n = kr_bytes_size(bytes) < (size_t)d->size ? kr_bytes_size(bytes) : (size_t)d->size;
    memcpy(d->data, kr_bytes_data(bytes), n);
    KrValue dict = kr_find_attr(a[0], KR_NAME("__dict__"));
    if (!kr_is_empty(dict) && kr_dict_update(dict, kr_tuple_get(a[1], 0)) < 0) return KR_EMPTY;
    return kr_raised() ? KR_EMPTY : kr_None;
}
KR_FN(data, data_from_outparam, "__ctypes_from_outparam__", "(self, /)", NULL)
{
    CData *d = ct_data_of(a[0]);
    if (d->info->kind == SIMPLE && ct_is_plain_simple(kr_type_value(kr_type_of(a[0])), d->info))
        return ct_get(d->info, d->data);
    return a[0];
}

static KrValue get_base(KrValue self)
{
    KrValue base = ct_data_of(self)->base;
    return kr_is_empty(base) || !ct_is_data(base) ? kr_None : base;
}
KR_GETSET(data, get_base, NULL, "_b_base_", "the base object")

static KrValue get_needs_free(KrValue self)
{
    return kr_bool(ct_data_of(self)->owns || ct_data_of(self)->data == ct_data_of(self)->small);
}
KR_GETSET(data, get_needs_free, NULL, "_b_needsfree_", "whether the object owns the memory or not")

static KrValue get_objects(KrValue self)
{
    KrValue objects = ct_data_of(self)->objects;
    return kr_is_empty(objects) ? kr_None : objects;
}
KR_GETSET(data, get_objects, NULL, "_objects", "internal objects tree (NEVER CHANGE THIS OBJECT!)")

/* ---- Functions of the module ---------------------------------------------------------------- */

KR_FN(core, fn_sizeof, "sizeof", "(obj, /)",
      "sizeof(C type) -> integer\nsizeof(C instance) -> integer\nReturn the size in bytes of a C "
      "instance")
{
    if (ct_is_data(a[0])) return kr_int(ct_data_of(a[0])->size);
    Info *info = ct_find_info(a[0]);
    return info ? kr_int(info->size) : kr_raise(kr_TypeError, "this type has no size");
}
KR_FN(core, fn_alignment, "alignment", "(obj, /)",
      "alignment(C type) -> integer\nalignment(C instance) -> integer\nReturn the alignment "
      "requirements of a C instance")
{
    Info *info = ct_is_data(a[0]) ? ct_data_of(a[0])->info : ct_find_info(a[0]);
    return info ? kr_int(info->align) : kr_raise(kr_TypeError, "no alignment info");
}
KR_FN(core, fn_addressof, "addressof", "(obj, /)",
      "addressof(C instance) -> integer\nReturn the address of the C instance internal buffer")
{
    if (!ct_is_data(a[0])) return kr_raise(kr_TypeError, "invalid type");
    return kr_int_unsigned((uintptr_t)ct_data_of(a[0])->data);
}
KR_FN(core, fn_resize, "resize", "(obj, size, /)", "Resize the memory buffer of a ctypes instance")
{
    int64_t size;
    if (!ct_is_data(a[0])) return kr_raise(kr_TypeError, "excepted ctypes instance");
    if (kr_to_int64(a[1], &size) < 0) return KR_EMPTY;
    CData *d = ct_data_of(a[0]);
    if (size < d->info->size)
        return kr_raise(kr_ValueError, "minimum size is %lld", (long long)d->info->size);
    if (!d->owns && d->data != d->small)
        return kr_raise(kr_ValueError,
                        "Memory cannot be resized because this object doesn't own it");
    if (size <= (int64_t)sizeof d->small && !d->owns) {
        d->size = size;
        return kr_None;
    }
    char *data = calloc(1, (size_t)size);
    if (!data) return kr_raise_no_memory();
    memcpy(data, d->data, (size_t)(d->size < size ? d->size : size));
    kr_external_memory(size - (d->owns ? d->size : 0));
    if (d->owns) free(d->data);
    d->data = data;
    d->owns = true;
    d->size = size;
    return kr_None;
}
KR_FN(core, fn_object_at, "PyObj_FromPtr", "(address, /)",
      "The object whose id() this is: it must be alive.")
{
    return (KrValue){kr_int_low_bits(a[0])};
}

/* (format, rank, shape) */
KR_FN(core, fn_buffer_info, "buffer_info", "(obj, /)", "Return buffer interface information")
{
    Info *info = ct_is_data(a[0]) ? ct_data_of(a[0])->info : ct_find_info(a[0]);
    if (!info) return kr_raise(kr_TypeError, "not a ctypes type or object");
    KrValue shape = kr_is_empty(info->shape) ? kr_tuple(NULL, 0) : info->shape;
    if (kr_is_empty(shape)) return KR_EMPTY;
    KrValue format = kr_is_empty(info->format) ? kr_None : info->format;
    return kr_tuple_of(3, format, kr_int((int64_t)kr_tuple_size(shape)), shape);
}

#include "modules/_ctypes/core.entries.h"

static int core_exec(KrValue module)
{
    static const KrTypeSpec info_spec = {.name = "_ctypes.Info",
                                         .size = sizeof(Info),
                                         .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT,
                                         .trace = info_trace,
                                         .release = info_release};
    static const KrTypeSpec data_spec = {
        .name = "_ctypes._CData",
        .size = sizeof(CData),
        .trace = data_trace,
        .release = data_release,
        .functions = data_functions,
        .getset = data_getset,
        .slots = {.make = data_make, .buffer = data_buffer, .hash = data_hash}};
    kr_type_once(&ct_info_type, &info_spec);
    kr_type_once(&ct_data_type, &data_spec);
    if (!ct_info_type || !ct_data_type || kr_module_add_type(module, ct_data_type) < 0) return -1;
    if (ct_simple_init(module) < 0 || ct_aggregate_init(module) < 0 || ct_sequence_init(module) < 0)
        return -1;
    return ct_callback_init(module) < 0 ? -1 : ct_call_init(module);
}

KR_MODULE(_ctypes_core) = {.api_version = KR_API_VERSION,
                           .name = "_ctypes_core",
                           .functions = core_functions,
                           .exec = core_exec,
                           .doc = "Memory, layouts and calls of _ctypes."};
