/* callback.h: for C code that calls back into Python at any time: attached, detached, or on a thread that
 * krait never saw. Defined in runtime/threads/thread.c. */
#ifndef MODULES_CALLBACK_H
#define MODULES_CALLBACK_H

#include "runtime/krait.h"

/* The calling thread is attached; NULL without memory. What it gives goes to kr_leave_callback(), after which
 * the thread is as it was. */
KR_API void *kr_enter_callback(void);
KR_API void kr_leave_callback(void *callback);

#endif
