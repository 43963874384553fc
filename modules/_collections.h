/* _collections.h: the parts of _collections. */
#ifndef MODULES_COLLECTIONS_H
#define MODULES_COLLECTIONS_H

#include "runtime/krait.h"

int kr_collections_add_deque(KrValue module); /* deque and its iterators */

#endif
