/* liveness.h: dead temporaries of the running frames. */
#ifndef RUNTIME_VM_LIVENESS_H
#define RUNTIME_VM_LIVENESS_H

/* Empties, in all frames of the calling thread, the temporaries that no instruction will read. */
void kr_liveness_clear_frames(void);

#endif
