/* box.c: Python values to a kernel's slots and back. NumPy's scalars are known by their type's name; arrays by the
 * descriptor inside them (kr_array_of). An array that a kernel allocated is owned by a Memory object, whose death
 * releases the buffer; one that views an argument is owned by the argument. */
#include "jit/run/box.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jit/build/build.h"
#include "jit/run/compile.h"

#include "runtime/memory/heap.h"
#include "runtime/objects/slice.h"
#include "runtime/objects/tuple.h"
#include "runtime/objects/type.h"

static const int8_t jit_dtype_of[KR_DTYPE_COUNT] = {
    [KR_BOOL] = DT_BOOL, [KR_I8] = DT_I8,    [KR_I16] = DT_I16,    [KR_I32] = DT_I32,
    [KR_I64] = DT_I64,   [KR_U8] = DT_U8,    [KR_U16] = DT_U16,    [KR_U32] = DT_U32,
    [KR_U64] = DT_U64,   [KR_F32] = DT_F32,  [KR_F64] = DT_F64,    [KR_C64] = DT_C64,
    [KR_C128] = DT_C128, [KR_F16] = -1,      [KR_LONGDOUBLE] = -1, [KR_CLONGDOUBLE] = -1,
    [KR_OBJECT] = -1,    [KR_BYTES] = -1,    [KR_STR] = -1,        [KR_VOID] = -1,
    [KR_DATETIME] = -1,  [KR_TIMEDELTA] = -1};
static const uint8_t public_dtype_of[DT_COUNT] = {
    [DT_BOOL] = KR_BOOL, [DT_I8] = KR_I8,   [DT_I16] = KR_I16, [DT_I32] = KR_I32,
    [DT_I64] = KR_I64,   [DT_U8] = KR_U8,   [DT_U16] = KR_U16, [DT_U32] = KR_U32,
    [DT_U64] = KR_U64,   [DT_F32] = KR_F32, [DT_F64] = KR_F64, [DT_C64] = KR_C64,
    [DT_C128] = KR_C128};

int jit_box_public_dtype(JitDtype d) { return public_dtype_of[d]; }

/* ---- Types ---- */

static const JitType *array_type(const KrArray *a)
{
    enum { CACHED_RANK = 8 };
    static const JitType *cache[DT_COUNT][CACHED_RANK][3][2];
    int dtype = a->dtype >= 0 && a->dtype < KR_DTYPE_COUNT ? jit_dtype_of[a->dtype] : -1;
    if (dtype < 0 || a->rank > TYPE_MAX_RANK ||
        (a->flags & (KR_ARRAY_NATIVE | KR_ARRAY_ALIGNED)) != (KR_ARRAY_NATIVE | KR_ARRAY_ALIGNED))
        return NULL;
    int layout = a->flags & KR_ARRAY_C ? 0 : a->flags & KR_ARRAY_F ? 1 : 2;
    bool readonly = !(a->flags & KR_ARRAY_WRITEABLE);
    if (a->rank >= CACHED_RANK)
        return jit_type_array((JitDtype)dtype, (unsigned)a->rank, "CFA"[layout], readonly);
    const JitType **slot = &cache[dtype][a->rank][layout][readonly];
    if (!*slot) *slot = jit_type_array((JitDtype)dtype, (unsigned)a->rank, "CFA"[layout], readonly);
    return *slot;
}

/* NumPy's scalar types by their names: "numpy.float64" or "float64". */
static const JitType *scalar_type(Value v)
{
    const char *name = kr_type_name(type_of(v)), *dot = strrchr(name, '.');
    if (dot) name = dot + 1;
    if (strcmp(name, "bool") == 0) name = "bool_";
    int dtype = jit_dtype_find(name, strlen(name));
    return dtype < 0 ? NULL : jit_type_scalar((JitDtype)dtype);
}

/* ---- Functions as arguments ----
 * Each has a type of its own, numbered for as long as the process runs; the compiler turns it into a kernel's name. */

static Value passed; /* a list */

static const JitType *function_type(Value v)
{
    char name[256];
    Value function = jit_dispatcher_function(v);
    if (is_empty(function)) {
        bool callable = kr_function_entry(v) || kr_is_a(v, &kr_type_type);
        if (!callable || !jit_build_known_function(v, name, sizeof name)) return NULL;
        return jit_type_named(TK_FUNC, name, strlen(name));
    }
    if (is_empty(passed)) {
        if (is_empty(passed = kr_list(NULL, 0))) return NULL;
        kr_root(&passed);
    }
    size_t n = kr_list_size(passed), i = 0;
    while (i < n && !same(kr_list_get(passed, i), v)) i++;
    if (i == n && kr_list_append(passed, v) < 0) return NULL;
    snprintf(name, sizeof name, "py.%zu", i);
    return jit_type_named(TK_FUNC, name, strlen(name));
}

Value jit_box_function(const JitType *t)
{
    bool ours = t->kind == TK_FUNC && strncmp(t->name, "py.", 3) == 0;
    return ours ? kr_list_get(passed, (size_t)atol(t->name + 3)) : EMPTY;
}

/* ---- Named tuples ---- */

static Value tuple_classes; /* a list */

const char *jit_box_tuple_class(Value cls)
{
    static char name[512];
    bool named = is_type(cls) && kr_is_subtype(object_of(cls), &kr_tuple_type) &&
                 !same(cls, kr_type_value(&kr_tuple_type));
    Value fields = named ? kr_find_attr(cls, kr_intern("_fields")) : EMPTY;
    if (is_empty(fields) || !is_tuple(fields)) {
        if (named) kr_clear_exception();
        return NULL;
    }
    if (is_empty(tuple_classes)) {
        if (is_empty(tuple_classes = kr_list(NULL, 0))) return NULL;
        kr_root(&tuple_classes);
    }
    size_t n = kr_list_size(tuple_classes), i = 0;
    while (i < n && !same(kr_list_get(tuple_classes, i), cls)) i++;
    if (i == n && kr_list_append(tuple_classes, cls) < 0) return NULL;
    size_t at = (size_t)snprintf(name, sizeof name, "%zu:", i);
    for (size_t k = 0; k < kr_tuple_size(fields); k++) {
        const char *field = kr_str_cstring(kr_tuple_get(fields, k));
        if (!field || at + strlen(field) + 2 > sizeof name) {
            kr_clear_exception();
            return NULL;
        }
        at += (size_t)snprintf(name + at, sizeof name - at, "%s%s", k ? "," : "", field);
    }
    return name;
}

/* A slice of ints and None; NULL: it holds something else. */
static const JitType *slice_type(Value v)
{
    const JitType *elem[3];
    Value part[3];
    kr_slice_parts(v, &part[0], &part[1], &part[2]);
    for (int i = 0; i < 3; i++) {
        elem[i] = is_none(part[i]) ? jit_type_simple(TK_NONE) : jit_box_type_of(part[i]);
        if (elem[i] && jit_type_is_integer(elem[i])) elem[i] = jit_type_simple(TK_INT);
        if (!elem[i] || (elem[i]->kind != TK_NONE && elem[i]->kind != TK_INT)) return NULL;
    }
    return jit_type_slice(elem[0], elem[1], elem[2]);
}

const JitType *jit_box_type_of(Value v) { return jit_box_type_within(v, 0); }

const JitType *jit_box_type_within(Value v, int depth)
{
    static const JitType *of_int, *of_float, *of_bool, *of_none, *of_complex;
    if (is_int(v)) return of_int ? of_int : (of_int = jit_type_simple(TK_INT));
    if (is_float(v)) return of_float ? of_float : (of_float = jit_type_simple(TK_FLOAT));
    if (is_bool(v)) return of_bool ? of_bool : (of_bool = jit_type_simple(TK_BOOL));
    if (is_none(v)) return of_none ? of_none : (of_none = jit_type_simple(TK_NONE));
    if (same(v, ELLIPSIS)) return jit_type_simple(TK_ELLIPSIS);
    if (!is_object(v)) return NULL;
    KrArray *array = kr_array_of(v);
    if (array) return array->dtype == KR_VOID ? jit_box_records_type(v, array) : array_type(array);
    if (is_tuple(v)) {
        const JitType *elem[64];
        size_t n = kr_tuple_size(v);
        if (n > 64) return NULL;
        for (size_t i = 0; i < n; i++)
            if (depth > 20 || !(elem[i] = jit_box_type_within(kr_tuple_get(v, i), depth + 1))) return NULL;
        const char *name = is_exact(v, &kr_tuple_type) ? NULL : jit_box_tuple_class(kr_type_value(type_of(v)));
        return name ? jit_type_named_tuple(elem, (uint32_t)n, name) : jit_type_tuple(elem, (uint32_t)n);
    }
    if (is_exact(v, &kr_slice_type)) return slice_type(v);
    const JitType *container = jit_box_container_type(v, depth);
    if (container) return container;
    const JitType *function = function_type(v);
    if (function) return function;
    const char *dtype = jit_box_dtype_name(v);
    if (dtype) return jit_type_named(TK_FUNC, dtype, strlen(dtype));
    const JitType *scalar = type_of(v)->traits & TYPE_HEAP ? NULL : scalar_type(v);
    if (scalar) return scalar;
    if (type_of(v)->traits & TYPE_IS_INT) return jit_type_simple(TK_INT);
    if (type_of(v)->traits & TYPE_IS_FLOAT) return jit_type_simple(TK_FLOAT);
    if (kr_is_a(v, &kr_complex_type))
        return of_complex ? of_complex : (of_complex = jit_type_simple(TK_COMPLEX));
    return jit_box_object_type(v, depth);
}

/* ---- Arguments ---- */

static uint64_t bits_of_double(double d)
{
    uint64_t bits;
    memcpy(&bits, &d, 8);
    return bits;
}
static uint64_t bits_of_float(float f)
{
    uint32_t bits;
    memcpy(&bits, &f, 4);
    return bits;
}

static int number_argument(Value v, const JitType *type, uint64_t **slots)
{
    double re, im;
    int64_t whole;
    if (is_float(v) && type->kind == TK_FLOAT) {
        *(*slots)++ = bits_of_double(float_of(v));
        return 0;
    }
    if (is_int(v) && type->kind == TK_INT) {
        *(*slots)++ = (uint64_t)int_of(v);
        return 0;
    }
    if (jit_type_is_complex(type)) {
        if (kr_to_complex(v, &re, &im) < 0) return -1;
        bool single = jit_type_machine(type) == M_F32;
        *(*slots)++ = single ? bits_of_float((float)re) : bits_of_double(re);
        *(*slots)++ = single ? bits_of_float((float)im) : bits_of_double(im);
        return 0;
    }
    if (jit_type_is_float(type)) {
        if (kr_to_double(v, &re) < 0) return -1;
        *(*slots)++ =
            jit_type_machine(type) == M_F32 ? bits_of_float((float)re) : bits_of_double(re);
        return 0;
    }
    if (jit_type_machine(type) == M_I1) {
        int truth = kr_truth(v);
        if (truth < 0) return -1;
        *(*slots)++ = (uint64_t)truth;
        return 0;
    }
    if (jit_type_machine(type) == M_U64) {
        uint64_t word;
        if (kr_to_uint64(v, &word) < 0) return -1;
        *(*slots)++ = word;
        return 0;
    }
    if (kr_to_int64(v, &whole) < 0) {
        if (kr_raised_is(kr_OverflowError)) {
            kr_clear_exception();
            kr_raise(kr_OverflowError,
                     "the int %S does not fit in the 64 bits of a kernel's int; pass a float", v);
        }
        return -1;
    }
    *(*slots)++ = (uint64_t)whole;
    return 0;
}

int jit_box_argument(Value v, const JitType *type, uint32_t index, uint64_t **slots,
                     JitCrossing *crossing)
{
    switch ((TypeKind)type->kind) {
    case TK_NONE:
    case TK_ELLIPSIS:
    case TK_FUNC:
    case TK_BOTTOM: return 0;
    case TK_LIST:
    case TK_SET:
    case TK_DICT:
    case TK_OBJECT:
    case TK_TEXT: return jit_box_container_argument(crossing, v, type, slots);
    case TK_RECORD:
    case TK_RECORDS:
    case TK_ARRAY: {
        const KrArray *a = kr_array_of(v);
        if (index >= JIT_ARGUMENTS_MAX && (index = jit_box_keep(crossing, v)) == UINT32_MAX) return -1;
        *(*slots)++ = (uint64_t)(uintptr_t)a->data;
        *(*slots)++ = (uint64_t)index << 1 | 1;
        if (type->kind == TK_RECORD) return 0;
        for (int32_t i = 0; i < a->rank; i++) *(*slots)++ = (uint64_t)a->shape[i];
        for (int32_t i = 0; type->layout == 'A' && i < a->rank; i++)
            *(*slots)++ = (uint64_t)a->strides[i];
        return 0;
    }
    case TK_TUPLE:
        for (uint32_t i = 0; i < type->n; i++)
            if (jit_box_argument(kr_tuple_get(v, i), type->elem[i], index, slots, crossing) < 0)
                return -1;
        return 0;
    case TK_SLICE: {
        Value part[3];
        kr_slice_parts(v, &part[0], &part[1], &part[2]);
        for (uint32_t i = 0; i < 3; i++)
            if (jit_box_argument(part[i], type->elem[i], index, slots, crossing) < 0) return -1;
        return 0;
    }
    case TK_OPTIONAL:
        if (is_none(v)) {
            for (uint32_t i = 0; i < type->nparts; i++) *(*slots)++ = 0;
            return 0;
        }
        *(*slots)++ = 1;
        return jit_box_argument(v, type->elem[0], index, slots, crossing);
    default: return number_argument(v, type, slots);
    }
}

/* ---- Results ---- */

typedef struct Memory { /* keeps a kernel's buffer alive */
    Object head;
    KernelBuffer *buffer;
} Memory;

static KrType *memory_type;

static void memory_release(void *self)
{
    KernelBuffer *buffer = ((Memory *)self)->buffer;
    if (!buffer) return;
    kr_external_memory(-buffer->size);
    jit_rt_release((uint64_t)(uintptr_t)buffer);
}

static Value memory_new(uint64_t owner)
{
    static const KrTypeSpec spec = {.name = "_jit.Memory",
                                    .size = sizeof(Memory),
                                    .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT,
                                    .release = memory_release};
    if (!memory_type && !(memory_type = kr_type_new(&spec))) return EMPTY;
    Memory *memory = kr_alloc_instance(memory_type);
    if (!memory) return EMPTY;
    memory->buffer = (KernelBuffer *)(uintptr_t)owner;
    kr_external_memory(memory->buffer->size);
    return from_object(memory);
}

/* The owner of an argument's memory, by the number in its tag. */
static Value owner_by_number(uint64_t number, const Value *args, const JitCrossing *x)
{
    return number < JIT_ARGUMENTS_MAX ? args[number]
                                      : kr_list_get(x->objects, number - JIT_ARGUMENTS_MAX);
}

/* Is it the argument itself that comes back? */
static bool is_whole(const KrArray *a, const JitType *type, const void *data, const int64_t *shape, const int64_t *strides)
{
    if (!a || a->data != data || a->rank != type->rank || a->dtype != public_dtype_of[type->dtype]) return false;
    for (int32_t i = 0; i < a->rank; i++)
        if (a->shape[i] != shape[i] || a->strides[i] != strides[i]) return false;
    return true;
}

static Value array_result(const JitType *type, const uint64_t *s, const Value *args,
                          const JitCrossing *x)
{
    int64_t shape[TYPE_MAX_RANK], strides[TYPE_MAX_RANK],
        step = jit_dtype_size((JitDtype)type->dtype);
    for (unsigned i = 0; i < type->rank; i++) shape[i] = (int64_t)s[2 + i];
    for (unsigned k = 0; k < type->rank; k++) {
        unsigned i = type->layout == 'F' ? k : type->rank - 1u - k;
        strides[i] = type->layout == 'A' ? (int64_t)s[2 + type->rank + i] : step;
        step *= shape[i];
    }
    uint64_t owner = s[1];
    Value keep = owner & 1 ? owner_by_number(owner >> 1, args, x) : owner ? memory_new(owner) : NONE;
    if (is_empty(keep)) {
        jit_rt_release(owner);
        return EMPTY;
    }
    if (type->kind != TK_ARRAY) return jit_box_records_result(type, s, keep);
    if (owner & 1 && is_whole(kr_array_of(keep), type, (void *)(uintptr_t)s[0], shape, strides)) return keep;
    return kr_array_wrap((void *)(uintptr_t)s[0], public_dtype_of[type->dtype], type->rank, shape,
                         strides, keep);
}

static double double_of(uint64_t bits, MType machine)
{
    double d;
    float f;
    if (machine == M_F32) {
        uint32_t low = (uint32_t)bits;
        memcpy(&f, &low, 4);
        return f;
    }
    memcpy(&d, &bits, 8);
    return d;
}

Value jit_box_result(const JitType *type, const uint64_t *s, const Value *args,
                     JitCrossing *crossing)
{
    switch ((TypeKind)type->kind) {
    case TK_BOTTOM:
    case TK_NONE: return NONE;
    case TK_INT: return kr_int((int64_t)s[0]);
    case TK_FLOAT: return from_float(double_of(s[0], M_F64));
    case TK_LIST:
    case TK_SET:
    case TK_DICT:
    case TK_OBJECT:
    case TK_TEXT: return jit_box_container_result(crossing, type, s[0], args);
    case TK_RECORD:
    case TK_RECORDS:
    case TK_ARRAY: return array_result(type, s, args, crossing);
    case TK_TUPLE: {
        Value items[64];
        for (uint32_t i = 0; i < type->n && i < 64; i++) {
            items[i] = jit_box_result(type->elem[i], s, args, crossing);
            s += type->elem[i]->nparts;
        }
        for (uint32_t i = 0; i < type->n && i < 64; i++)
            if (is_empty(items[i])) return EMPTY;
        if (type->name) return kr_call(kr_list_get(tuple_classes, (size_t)atol(type->name)), items, type->n, EMPTY);
        return kr_tuple(items, type->n < 64 ? type->n : 64);
    }
    case TK_SLICE: {
        Value part[3];
        for (uint32_t i = 0; i < 3; s += type->elem[i++]->nparts)
            part[i] = jit_box_result(type->elem[i], s, args, crossing);
        return kr_slice(part[0], part[1], part[2]);
    }
    case TK_OPTIONAL: return s[0] ? jit_box_result(type->elem[0], s + 1, args, crossing) : NONE;
    case TK_STR: return kr_str(type->name);
    case TK_BIG: return kr_int_unsigned(strtoull(type->name, NULL, 10));
    default: break;
    }
    MType machine = jit_type_machine(type);
    if (jit_type_is_complex(type))
        return kr_complex(double_of(s[0], machine), double_of(s[1], machine));
    switch (machine) {
    case M_I1: return from_bool(s[0] & 1);
    case M_F32:
    case M_F64: return from_float(double_of(s[0], machine));
    case M_U64:
    case M_U32:
    case M_U16:
    case M_U8: return kr_int_unsigned(s[0]);
    default: return kr_int((int64_t)s[0]);
    }
}
