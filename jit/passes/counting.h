/* Loops that count, and cutting them into chunks. */
#ifndef JIT_PASSES_COUNTING_H
#define JIT_PASSES_COUNTING_H

#include "jit/ir/ir.h"

enum { COUNTING_MAX_CHUNK = 1 << 15 }; /* no step is as long */

typedef struct Counting {
    IrFunc *f;
    IrBlock *head;
    IrNode *poll;     /* in the head, or NULL */
    IrEdge *back;     /* the only one from inside */
    IrNode *i, *stop; /* the condition compares them */
    IrNode *first;    /* i's first value where there is one entry, or NULL */
    bool up;
    int stay; /* the head's successor that is in the loop */
    int64_t step;
    int64_t chunk; /* set by who cuts: iterations at a time */
} Counting;

IrNode *jit_counting_poll(const IrBlock *head); /* or NULL */
/* Does the loop count i up while i < stop, or down while i > stop, by a constant? Needs an analyzed function. */
bool jit_counting_find(IrFunc *f, IrBlock *head, Counting *l);
/* Makes a block with the head's parameters, which all entries from outside now lead to; it has no end yet. */
IrBlock *jit_counting_outer(Counting *l);
/* In block b: stop, or a chunk on from i if that is nearer; for an i that is past stop already, stop. */
IrNode *jit_counting_limit(const Counting *l, IrBlock *b, IrNode *i);

#endif
