/* temporaries.h: when what vm/temporaries.c knows of dead values is out of date. */
#ifndef RUNTIME_VM_TEMPORARIES_H
#define RUNTIME_VM_TEMPORARIES_H

/* Somebody was shown the variables of a frame: what they held is seen by others from now on. */
void kr_temporaries_forget(void);

#endif
