/* constants.c: literals to values, and the table in which equal constants meet. */
#include "runtime/compile/constants.h"

#include <string.h>

#include "runtime/objects/int.h"
#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"

void kr_constants_keep(Constants *c, Value v)
{
    if (is_object(v) && kr_list_append(c->keep, v) < 0) kr_clear_exception();
}

static bool has_surrogate(const char *bytes, size_t n)
{
    for (const char *p = bytes; (p = memchr(p, 0xed, n - (size_t)(p - bytes))); p++)
        if ((uint8_t)p[1] >= 0xa0) return true;
    return false;
}

Value kr_constants_literal(Constants *c, const Constant *literal)
{
    Value v;
    switch (literal->kind) {
    case CONSTANT_NONE: return NONE;
    case CONSTANT_TRUE: return TRUE_VALUE;
    case CONSTANT_FALSE: return FALSE_VALUE;
    case CONSTANT_ELLIPSIS: return ELLIPSIS;
    case CONSTANT_FLOAT: return from_float(literal->real);
    case CONSTANT_OBJECT: return (Value){literal->object};
    case CONSTANT_INT:
        v = literal->fits ? kr_int(literal->integer)
                          : kr_int_parse(literal->bytes, literal->length, literal->base);
        break;
    case CONSTANT_IMAG: v = kr_complex(0, literal->real); break;
    case CONSTANT_BYTES: v = kr_bytes(literal->bytes, literal->length); break;
    default:
        if (literal->ascii)
            v = kr_str_latin1(literal->bytes, literal->length);
        else if (!has_surrogate(literal->bytes, literal->length))
            v = kr_str_sized(literal->bytes, literal->length);
        else
            v = kr_str_decode(literal->bytes, literal->length, "utf-8", "surrogatepass");
    }
    kr_constants_keep(c, v);
    return v;
}

static uint64_t mix(uint64_t hash, uint64_t x)
{
    hash = (hash ^ x) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

static uint64_t hash_of(Value v)
{
    uint64_t hash = mix(1, (uint64_t)(uintptr_t)type_of(v));
    if (is_tuple(v)) {
        for (size_t i = 0; i < tuple_of(v)->size; i++) hash = mix(hash, tuple_of(v)->items[i].bits);
        return hash;
    }
    if (kr_is_slice(v)) {
        Value parts[3];
        kr_slice_parts(v, &parts[0], &parts[1], &parts[2]);
        for (int i = 0; i < 3; i++) hash = mix(hash, parts[i].bits);
        return hash;
    }
    return mix(hash, (uint64_t)kr_hash(v));
}

/* Types and bits agree; the parts of tuples and slices are unique already. */
static bool same_constant(Value a, Value b)
{
    if (same(a, b)) return true;
    if (type_of(a) != type_of(b)) return false;
    if (is_str(a)) return kr_str_same_text(str_of(a), str_of(b));
    if (is_bytes(a))
        return kr_bytes_size(a) == kr_bytes_size(b) &&
               memcmp(kr_bytes_data(a), kr_bytes_data(b), kr_bytes_size(a)) == 0;
    if (kr_is_int(a)) return kr_int_compare(a, b) == 0;
    if (is_tuple(a))
        return tuple_of(a)->size == tuple_of(b)->size &&
               memcmp(tuple_of(a)->items, tuple_of(b)->items, tuple_of(a)->size * sizeof(Value)) ==
                   0;
    if (kr_is_slice(a)) {
        Value x[3], y[3];
        kr_slice_parts(a, &x[0], &x[1], &x[2]);
        kr_slice_parts(b, &y[0], &y[1], &y[2]);
        return memcmp(x, y, sizeof x) == 0;
    }
    if (is_exact(a, &kr_complex_type)) {
        double x[2], y[2];
        return kr_to_complex(a, &x[0], &x[1]) == 0 && kr_to_complex(b, &y[0], &y[1]) == 0 &&
               memcmp(x, y, sizeof x) == 0;
    }
    return false;
}

static bool looks_like_name(const Str *s)
{
    if (!s->ascii) return false;
    for (size_t i = 0; i < s->length; i++) {
        char ch = s->data[i];
        if (!((ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
              ch == '_'))
            return false;
    }
    return true;
}

static void grow(Constants *c)
{
    Value *old = c->table;
    uint32_t n = c->capacity;
    c->capacity = n ? n * 2 : 128;
    c->table = kr_arena_alloc(c->arena, c->capacity * sizeof *c->table);
    for (uint32_t i = 0; i < n; i++) {
        if (is_empty(old[i])) continue;
        uint32_t slot = (uint32_t)hash_of(old[i]) & (c->capacity - 1);
        while (!is_empty(c->table[slot])) slot = (slot + 1) & (c->capacity - 1);
        c->table[slot] = old[i];
    }
}

Value kr_constants_unique(Constants *c, Value v)
{
    if (!is_object(v)) return v;
    Type *type = type_of(v);
    if (type == &kr_code_type || type == &kr_frozenset_type) {
        kr_constants_keep(c, v);
        return v;
    }
    if (type == &kr_str_type && looks_like_name(str_of(v))) {
        v = kr_intern_str(v);
        kr_constants_keep(c, v);
        return v;
    }
    if (type == &kr_tuple_type) {
        size_t n = tuple_of(v)->size;
        Tuple *copy = NULL;
        for (size_t i = 0; i < n; i++) {
            Value item = kr_constants_unique(c, tuple_of(v)->items[i]);
            if (is_empty(item)) return EMPTY;
            if (!copy && same(item, tuple_of(v)->items[i])) continue;
            if (!copy) {
                copy = kr_tuple_alloc(n);
                if (!copy) return EMPTY;
                memcpy(copy->items, tuple_of(v)->items, n * sizeof(Value));
            }
            copy->items[i] = item;
        }
        if (copy) v = from_object(copy);
    } else if (type != &kr_str_type && type != &kr_bytes_type && type != &kr_int_type &&
               type != &kr_complex_type && type != &kr_slice_type) {
        kr_constants_keep(c, v); /* any object that `_ast` put into a tree */
        return v;
    }
    if ((c->count + 1) * 2 > c->capacity) grow(c);
    uint32_t slot = (uint32_t)hash_of(v) & (c->capacity - 1);
    for (; !is_empty(c->table[slot]); slot = (slot + 1) & (c->capacity - 1))
        if (same_constant(c->table[slot], v)) return c->table[slot];
    c->table[slot] = v;
    c->count++;
    kr_constants_keep(c, v);
    return v;
}
