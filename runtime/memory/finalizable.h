/* finalizable.h: finalizers that most objects are found not to need by the time they die. */
#ifndef RUNTIME_MEMORY_FINALIZABLE_H
#define RUNTIME_MEMORY_FINALIZABLE_H

#include "runtime/memory/heap.h"

/* As kr_heap_add_finalizable(), but an object that is dead when needed(object) is false is freed at
 * once. It is asked within a collection: only to look at the object itself. */
void kr_heap_add_finalizable_if(void *object, void (*run)(void *object),
                                bool (*needed)(const void *object));

/* For a thread that has waited a while: collects if that may run a finalizer, which is not if none was
 * registered since the last collection. Spends at most a fiftieth of the time on it: false when it is too
 * early and the caller shall ask again. */
bool kr_heap_collect_idle(void);

#endif
