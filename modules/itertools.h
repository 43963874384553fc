/* itertools.h: what the three files of itertools share. */
#ifndef MODULES_ITERTOOLS_H
#define MODULES_ITERTOOLS_H

#include "runtime/krait.h"

KrValue kr_itertools_self(KrValue self);            /* the iter slot of all */
int kr_itertools_add_combinatorics(KrValue module); /* product, permutations, combinations, ... */
int kr_itertools_add_groups(KrValue module);        /* groupby, _grouper, _tee, _tee_dataobject */
KrValue kr_itertools_tee(KrValue iterable, int64_t n);

#endif
