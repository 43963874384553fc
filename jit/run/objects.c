/* objects.c: instances of classes inside kernels: a counted buffer with a word for each part of each field.
 *
 *     KernelBuffer | destroy = object_destroy | data: KernelObject { width, owned masks.., words.. }
 *
 * Compiled code reads and writes the words inline (passes/lower_object.c); a word whose bit is set in the masks is a
 * counted reference, a tag, or null. */
#include "jit/run/containers.h"

#include <string.h>

static void object_destroy(KernelBuffer *buffer)
{
    KernelObject *o = kernel_object(buffer);
    const uint64_t *words = kernel_object_words(o);
    for (int64_t i = 0; i < o->width; i++)
        if (o->owned[i / 64] >> (i % 64) & 1) jit_rt_release(words[i]);
}

/* A zeroed object of that many words; `owned` holds its masks. NULL: no memory. */
void *jit_rt_object_new(int64_t width, void *owned)
{
    int64_t masks = kernel_object_masks(width);
    KernelBuffer *buffer = jit_rt_alloc(8 * (1 + masks + width), 1);
    if (!buffer) return NULL;
    buffer->destroy = object_destroy;
    kernel_object(buffer)->width = width;
    memcpy(kernel_object(buffer)->owned, owned, (size_t)masks * 8);
    return buffer;
}
