/* list.h: a growing vector of values. */
#ifndef RUNTIME_OBJECTS_LIST_H
#define RUNTIME_OBJECTS_LIST_H

#include "runtime/objects/type.h"

typedef struct List {
    Object head;
    size_t size, capacity;
    Value *items; /* kr_heap_values, or NULL when capacity is 0; EMPTY from size on */
} List;

static inline List *list_of(Value v) { return (List *)object_of(v); }
int kr_list_grow(List *list, size_t capacity); /* at least */
/* A list of `size` items, EMPTY, to be filled at once. */
List *kr_list_alloc(size_t size);

static inline int list_append(List *list, Value item)
{
    if (__builtin_expect(list->size == list->capacity, 0) && kr_list_grow(list, list->size + 1) < 0)
        return -1;
    list->items[list->size++] = item;
    return 0;
}

#endif
