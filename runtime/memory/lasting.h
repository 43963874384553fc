/* lasting.h: objects that stay until the end, and cost a collection little.
 *
 * What starting up leaves alive (types, their methods, names, the code of the modules that every
 * program has) lives as long as the process. It is declared lasting once: its marks are never
 * cleared. Fixed objects, whose references do not change after they are made, are not looked at
 * again; the others are traced in every collection, each by itself. */
#ifndef RUNTIME_MEMORY_LASTING_H
#define RUNTIME_MEMORY_LASTING_H

#include "runtime/memory/heap.h"

/* Collects, and makes what is alive last. fix, asked once for every object, is true of those that will never
 * refer to anything new unless kr_heap_lasting_changed() says so. */
void kr_heap_make_lasting(bool (*fix)(Object *object));
bool kr_heap_is_lasting(const void *object);
/* To be called when a fixed object does refer to something new, before the next allocation. */
void kr_heap_lasting_changed(void *object);

#endif
