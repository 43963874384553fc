/* box_record.c: structured arrays and NumPy's void scalars between Python and kernels.
 *
 * A structured dtype is numbered for as long as the process runs. What it consists of says numba.core.records.describe, in
 * Python; here it becomes a type whose name is "number;bytes;offset,offset,...:name,name,...". An offset with a `u` behind is one
 * at which the field is not aligned, `x3x2` the shape of a sub-array. Fields that kernels know no type for (text) are left out.
 * The memory itself crosses without copying. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jit/run/box.h"
#include "jit/types/infer.h"
#include "runtime/objects/tuple.h"
#include "runtime/objects/type.h"

enum { FIELDS_MAX = 64, NAME_MAX_BYTES = 2000, DEPTH_MAX = 8 };

static Value dtypes; /* a list */
static const JitType **known[2]; /* by number: aligned, and where the memory is not */

/* Is the object's type, or one that it derives from, called this, with or without "numpy." in front? */
static bool is_called(Value v, const char *name)
{
    for (const KrType *t = type_of(v); t; t = t->base) {
        const char *full = kr_type_name(t), *dot = strrchr(full, '.');
        if (strcmp(dot ? dot + 1 : full, name) == 0) return true;
    }
    return false;
}

static int64_t dtype_number(Value dtype)
{
    if (is_empty(dtypes)) {
        if (is_empty(dtypes = kr_list(NULL, 0))) return -1;
        kr_root(&dtypes);
    }
    size_t n = kr_list_size(dtypes);
    for (size_t i = 0; i < n; i++)
        if (same(kr_list_get(dtypes, i), dtype)) return (int64_t)i;
    for (size_t i = 0; i < n; i++)
        if (kr_equal(kr_list_get(dtypes, i), dtype) > 0) return (int64_t)i;
    if (kr_raised()) kr_clear_exception();
    for (int k = 0; k < 2; k++) {
        const JitType **more = realloc(known[k], (n + 1) * sizeof *more);
        if (!more) return -1;
        known[k] = more;
        known[k][n] = NULL;
    }
    return kr_list_append(dtypes, dtype) < 0 ? -1 : (int64_t)n;
}

static const JitType *record_type(Value dtype, bool packed, int depth);

typedef struct Field {
    const JitType *type;
    char place[100];
} Field;

/* (name, dtype or dtype's name, offset, shape) as the describer gives it; false: kernels have no type for it. */
static bool read_field(Value row, int64_t record_size, bool packed, int depth, Field *out)
{
    int64_t offset, shape[4], rank;
    Value kind = kr_tuple_get(row, 1), dims = kr_tuple_get(row, 3);
    if (kr_to_int64(kr_tuple_get(row, 2), &offset) < 0) return false;
    rank = (int64_t)kr_tuple_size(dims);
    if (rank > 4) return false;
    for (int64_t i = 0; i < rank; i++)
        if (kr_to_int64(kr_tuple_get(dims, (size_t)i), &shape[i]) < 0) return false;
    bool aligned = !packed;
    if (is_str(kind)) {
        const char *name = kr_str_cstring(kind);
        int d = name ? jit_dtype_find(name, strlen(name)) : -1;
        if (d < 0) return false;
        int64_t unit = jit_dtype_size((JitDtype)d) / (jit_dtype_kind((JitDtype)d) == 'c' ? 2 : 1);
        aligned = aligned && offset % unit == 0 && record_size % unit == 0;
        out->type = jit_type_scalar((JitDtype)d);
        if (rank)
            out->type = aligned ? jit_type_array((JitDtype)d, (unsigned)rank, 'A', false)
                                : jit_type_records(out->type, (unsigned)rank, false);
    } else {
        if (rank) return false;
        out->type = record_type(kind, packed || offset % 8 || record_size % 8, depth + 1);
        if (!out->type) return false;
    }
    size_t at = (size_t)snprintf(out->place, sizeof out->place, "%lld%s", (long long)offset, aligned ? "" : "u");
    for (int64_t i = 0; i < rank; i++)
        at += (size_t)snprintf(out->place + at, sizeof out->place - at, "x%lld", (long long)shape[i]);
    return true;
}

static const JitType *make_record(Value rows, int64_t number, bool packed, int depth)
{
    const JitType *elem[FIELDS_MAX];
    char places[NAME_MAX_BYTES / 2] = "", names[NAME_MAX_BYTES / 2] = "", name[NAME_MAX_BYTES + 60];
    size_t at = 0, end = 0;
    int64_t size;
    uint32_t n = 0;
    if (kr_to_int64(kr_tuple_get(rows, 0), &size) < 0) return NULL;
    for (size_t i = 1; i < kr_tuple_size(rows) && n < FIELDS_MAX; i++) {
        Value row = kr_tuple_get(rows, i);
        const char *field = kr_str_cstring(kr_tuple_get(row, 0));
        Field f;
        if (!field || strpbrk(field, ":,;") || !read_field(row, size, packed, depth, &f)) {
            if (kr_raised()) kr_clear_exception();
            continue;
        }
        if (at + strlen(f.place) + 2 > sizeof places || end + strlen(field) + 2 > sizeof names) return NULL;
        at += (size_t)snprintf(places + at, sizeof places - at, "%s%s", n ? "," : "", f.place);
        end += (size_t)snprintf(names + end, sizeof names - end, "%s%s", n ? "," : "", field);
        elem[n++] = f.type;
    }
    snprintf(name, sizeof name, "%lld;%lld;%s:%s", (long long)number, (long long)size, places, names);
    return jit_type_record(elem, n, name);
}

static const JitType *record_type(Value dtype, bool packed, int depth)
{
    int64_t number = depth > DEPTH_MAX ? -1 : dtype_number(dtype);
    if (number < 0) return NULL;
    if (known[packed][number]) return known[packed][number];
    Value describe = kr_import_attr("numba.core.records", "describe");
    Value rows = is_empty(describe) ? EMPTY : kr_call1(describe, dtype);
    if (is_empty(rows) || !is_tuple(rows)) return kr_clear_exception(), NULL;
    const JitType *made = make_record(rows, number, packed, depth); /* records within it move `known` */
    return known[packed][number] = made;
}

/* The largest power of two up to 8 that divides the address and all steps. */
static bool is_aligned(const KrArray *a)
{
    uint64_t all = (uint64_t)(uintptr_t)a->data;
    for (int32_t i = 0; i < a->rank; i++) all |= (uint64_t)a->strides[i];
    return a->item_size % 8 ? (uint64_t)(uintptr_t)a->data % 8 == 0 : all % 8 == 0;
}

const JitType *jit_box_records_type(Value v, const KrArray *a)
{
    Value dtype = kr_find_attr(v, kr_intern("dtype"));
    if (is_empty(dtype)) return kr_clear_exception(), NULL;
    const JitType *record = record_type(dtype, !is_aligned(a), 0);
    if (!record) return NULL;
    if (is_called(v, "void") || is_called(v, "record")) return a->flags & KR_ARRAY_WRITEABLE ? record : jit_type_frozen(record);
    return a->rank > TYPE_MAX_RANK ? NULL
                                   : jit_type_records(record, (unsigned)a->rank, !(a->flags & KR_ARRAY_WRITEABLE));
}

const JitType *jit_box_record_type(int64_t number)
{
    bool there = !is_empty(dtypes) && number >= 0 && (size_t)number < kr_list_size(dtypes);
    return there ? record_type(kr_list_get(dtypes, (size_t)number), false, 0) : NULL;
}

/* The name under which kernels know a dtype object: "numpy.float32", "record.3"; NULL: it is none. */
const char *jit_box_dtype_name(Value v)
{
    static char name[64];
    if (!is_object(v) || !is_called(v, "dtype")) return NULL;
    Value names = kr_find_attr(v, kr_intern("names")), plain = kr_find_attr(v, kr_intern("name"));
    if (is_empty(names) || is_empty(plain)) return kr_clear_exception(), NULL;
    if (!is_none(names)) {
        if (!record_type(v, false, 0)) return NULL;
        snprintf(name, sizeof name, "record.%lld", (long long)dtype_number(v));
        return name;
    }
    const char *text = is_str(plain) ? kr_str_cstring(plain) : NULL;
    Value native = kr_find_attr(v, kr_intern("isnative"));
    if (!text || is_empty(native) || kr_truth(native) <= 0 || jit_dtype_find(text, strlen(text)) < 0)
        return kr_clear_exception(), NULL;
    snprintf(name, sizeof name, "numpy.%.40s", strcmp(text, "bool") ? text : "bool_");
    return name;
}

/* Bytes with one axis more become records: numba.core.records.wrap. */
Value jit_box_records_result(const JitType *type, const uint64_t *s, Value keep)
{
    const JitType *record = type->kind == TK_RECORD ? type : type->elem[0];
    int64_t shape[TYPE_MAX_RANK + 1], strides[TYPE_MAX_RANK + 1];
    unsigned rank = type->kind == TK_RECORD ? 0 : type->rank;
    for (unsigned i = 0; i < rank; i++) {
        shape[i] = (int64_t)s[2 + i];
        strides[i] = (int64_t)s[2 + rank + i];
    }
    shape[rank] = record->kind == TK_RECORD ? jit_infer_record_size(record) : jit_infer_item_size(type);
    strides[rank] = 1;
    Value dtype = record->kind == TK_RECORD ? kr_list_get(dtypes, (size_t)atoll(record->name))
                                            : kr_str(jit_dtype_name((JitDtype)record->dtype));
    Value bytes = kr_array_wrap((void *)(uintptr_t)s[0], KR_U8, (int)rank + 1, shape, strides, keep);
    Value wrap = is_empty(bytes) ? EMPTY : kr_import_attr("numba.core.records", "wrap");
    Value args[] = {bytes, dtype, from_bool(type->kind == TK_RECORD)};
    return is_empty(wrap) ? EMPTY : kr_call(wrap, args, 3, EMPTY);
}
