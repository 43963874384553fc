/* capsule.c: a C pointer with a name, handed from one native module to another. */
#include "runtime/objects/type.h"

typedef struct Capsule {
    Object head;
    void *pointer;
    const char *name; /* a string that lives for ever, or NULL */
} Capsule;

static inline Capsule *capsule_of(Value v) { return (Capsule *)object_of(v); }

Value kr_capsule(void *pointer, const char *name)
{
    Capsule *capsule = heap_alloc(&kr_capsule_type, sizeof(Capsule));
    if (!capsule) return EMPTY;
    capsule->pointer = pointer;
    capsule->name = name;
    return from_object(capsule);
}

void *kr_capsule_get(Value v, const char *name)
{
    if (is_exact(v, &kr_capsule_type)) {
        Capsule *capsule = capsule_of(v);
        bool equal =
            capsule->name && name ? strcmp(capsule->name, name) == 0 : capsule->name == name;
        if (equal) return capsule->pointer;
    }
    kr_raise(kr_ValueError, "no capsule named \"%s\"", name ? name : "NULL");
    return NULL;
}

static Value capsule_repr(Value self)
{
    Capsule *capsule = capsule_of(self);
    if (!capsule->name) return kr_str_format("<capsule object NULL at %p>", (void *)capsule);
    return kr_str_format("<capsule object \"%s\" at %p>", capsule->name, (void *)capsule);
}

static const KrTypeSpec capsule_spec = {
    .name = "PyCapsule",
    .size = sizeof(Capsule),
    .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_NO_WEAKREF,
    .slots = {.repr = capsule_repr},
    .doc = "A pointer that native modules pass to each other.",
};

Type kr_capsule_type;
void kr_capsule_type_init(void) { kr_type_init(&kr_capsule_type, &capsule_spec); }
