/* lock.h: the one lock, between lock.c and thread.c only. */
#ifndef RUNTIME_THREADS_LOCK_H
#define RUNTIME_THREADS_LOCK_H

#include "runtime/threads/thread.h"

void kr_lock_take(Thread *self); /* returns with self as the holder */
void kr_lock_drop(Thread *self);
void kr_lock_yield(
    Thread *self); /* hands over to the longest waiter, if any, and waits for its turn */
bool kr_lock_held_by(const Thread *self);
void kr_lock_after_fork(Thread *self); /* self holds it; nobody waits */

void kr_lock_list_add(Thread *thread);
void kr_lock_list_remove(Thread *thread); /* afterwards no other thread refers to it */
void kr_lock_list_keep_only(Thread *thread);

#endif
