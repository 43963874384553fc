/* struct_type.c: tuples with named fields (os.stat_result, time.struct_time).
 *
 * An instance is a Tuple whose size is the number of visible fields, with the hidden ones stored
 * behind them:
 *
 *     Object | size = visible | visible items ... | hidden items ...
 *
 * The spec of each such type is embedded in its StructInfo, so that a type leads to its field
 * names. */
#include <stdlib.h>

#include "runtime/objects/descriptor.h"
#include "runtime/objects/dict.h"
#include "runtime/objects/object.h"
#include "runtime/objects/tuple.h"

typedef struct StructInfo {
    KrTypeSpec spec; /* first: kr_type_spec() gives the info */
    KrStructSpec source;
    size_t fields; /* visible and hidden */
} StructInfo;

static const StructInfo *info_of(const Type *type)
{
    return (const StructInfo *)kr_type_spec(type);
}

static void struct_trace(void *self, KrTracer *tracer)
{
    Tuple *tuple = self;
    size_t n = info_of(tuple->head.type)->fields;
    for (size_t i = 0; i < n; i++) kr_trace(tracer, tuple->items[i]);
}

static Tuple *alloc_instance(Type *type)
{
    const StructInfo *info = info_of(type);
    Tuple *tuple = kr_type_alloc_sized(type, sizeof(Tuple) + info->fields * sizeof(Value));
    if (!tuple) return NULL;
    tuple->size = info->source.visible;
    for (size_t i = 0; i < info->fields; i++) tuple->items[i] = NONE;
    return tuple;
}

Value kr_struct_new(Type *type, const Value *values)
{
    Tuple *tuple = alloc_instance(type);
    if (!tuple) return EMPTY;
    size_t n = info_of(type)->fields;
    for (size_t i = 0; i < n; i++) {
        if (is_empty(values[i])) return EMPTY;
        tuple->items[i] = values[i];
    }
    return from_object(tuple);
}

static const KrFunction struct_new_entry = {
    "structseq", "(sequence, dict=<unset>)", NULL, "", KR_KIND_BOUND, NULL,
};

static Value struct_make(Type *type, const Value *args, size_t n, Value kwnames)
{
    Value a[2];
    if (kr_bind(&struct_new_entry, args, n, kwnames, a) < 0) return EMPTY;
    const StructInfo *info = info_of(type);
    Value dict = a[1], sequence = kr_tuple_from(a[0]);
    if (is_empty(sequence)) {
        if (!kr_raised_is(kr_TypeError)) return EMPTY;
        kr_clear_exception();
        return kr_raise(kr_TypeError, "constructor requires a sequence");
    }
    if (!is_empty(dict) && !is_dict(dict))
        return kr_raise(kr_TypeError, "%N() takes a dict as second arg, if any", type);
    size_t given = tuple_of(sequence)->size, least = info->source.visible, most = info->fields;
    if (least != most && given < least)
        return kr_raise(kr_TypeError, "%N() takes an at least %zu-sequence (%zu-sequence given)",
                        type, least, given);
    if (least != most && given > most)
        return kr_raise(kr_TypeError, "%N() takes an at most %zu-sequence (%zu-sequence given)",
                        type, most, given);
    if (least == most && given != least)
        return kr_raise(kr_TypeError, "%N() takes a %zu-sequence (%zu-sequence given)", type, least,
                        given);
    Tuple *tuple = alloc_instance(type);
    if (!tuple) return EMPTY;
    memcpy(tuple->items, tuple_of(sequence)->items, given * sizeof(Value));
    for (size_t i = given; i < most && !is_empty(dict); i++) {
        Value value = kr_dict_find_ascii(dict, info->source.fields[i]);
        if (!is_empty(value))
            tuple->items[i] = value;
        else if (kr_raised())
            return EMPTY;
    }
    return from_object(tuple);
}

static Value struct_repr(Value self)
{
    const StructInfo *info = info_of(type_of(self));
    KrText text;
    kr_text_init(&text);
    kr_text_add_format(&text, "%s(", info->source.name);
    for (size_t i = 0; i < info->source.visible; i++) {
        kr_text_add_format(&text, i ? ", %s=" : "%s=", info->source.fields[i]);
        if (kr_text_add_repr(&text, tuple_of(self)->items[i]) < 0) {
            kr_text_drop(&text);
            return EMPTY;
        }
    }
    kr_text_add_char(&text, ')');
    return kr_text_finish(&text);
}

KR_FN(structseq, struct_reduce, "__reduce__", "(self, /)", "Return state information for pickling.")
{
    const StructInfo *info = info_of(type_of(a[0]));
    Value visible = kr_tuple(tuple_of(a[0])->items, info->source.visible), hidden = kr_dict();
    if (is_empty(visible) || is_empty(hidden)) return EMPTY;
    for (size_t i = info->source.visible; i < info->fields; i++)
        if (kr_dict_set_ascii(hidden, info->source.fields[i], tuple_of(a[0])->items[i]) < 0)
            return EMPTY;
    return kr_tuple_of(2, from_object(type_of(a[0])), kr_tuple_of(2, visible, hidden));
}

#include "runtime/objects/struct_type.entries.h"

Type *kr_struct_type(const KrStructSpec *source)
{
    StructInfo *info = calloc(1, sizeof *info);
    if (!info) {
        kr_raise_no_memory();
        return NULL;
    }
    info->source = *source;
    while (source->fields[info->fields]) info->fields++;
    info->spec = (KrTypeSpec){
        .name = source->name,
        .doc = source->doc,
        .size = sizeof(Tuple),
        .base = &kr_tuple_type,
        .trace = struct_trace,
        .flags = KR_TYPE_FINAL,
        .functions = structseq_functions,
        .slots = {.make = struct_make, .repr = struct_repr},
    };
    Type *type = kr_type_new(&info->spec);
    if (!type) return NULL;
    for (size_t i = 0; i < info->fields; i++) {
        Value name = kr_intern(source->fields[i]);
        uint32_t offset = (uint32_t)(offsetof(Tuple, items) + i * sizeof(Value));
        Value member = kr_descriptor_field(type, name, offset);
        if (is_empty(member) || kr_dict_set(type->dict, name, member) < 0) return NULL;
    }
    const struct {
        const char *name;
        size_t value;
    } counts[] = {{"n_fields", info->fields},
                  {"n_sequence_fields", source->visible},
                  {"n_unnamed_fields", 0}};
    for (size_t i = 0; i < 3; i++)
        if (kr_dict_set_ascii(type->dict, counts[i].name, kr_int((int64_t)counts[i].value)) < 0)
            return NULL;
    Value match[64];
    for (size_t i = 0; i < source->visible && i < 64; i++) match[i] = kr_intern(source->fields[i]);
    if (kr_dict_set_ascii(type->dict, "__match_args__", kr_tuple(match, source->visible)) < 0)
        return NULL;
    kr_type_modified(type);
    return type;
}
