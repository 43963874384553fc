/* Types from text: signatures as Numba's users write them, and the types of IR text. */
#ifndef JIT_TYPES_SIG_H
#define JIT_TYPES_SIG_H

#include "jit/types/type.h"

enum { SIG_MAX_ARGS = 64 };

typedef struct JitSignature {
    const JitType *ret; /* NULL: to be inferred */
    const JitType *args[SIG_MAX_ARGS];
    uint32_t nargs;
} JitSignature;

/* Reads one type of IR text at *at and moves *at behind it; NULL (and *at where it stopped) when
 * there is none. A NumPy name means NumPy's scalar: "float64" is not "float". */
const JitType *jit_sig_read_ir(const char **at);

/* Reads a decorator's signature, "float64(float64[:], int64)", "(f8, i8)" or "void(f8[:,::1])".
 * Names of 64-bit scalars and of bool mean Python's numbers, since that is what a caller passes
 * under them; element types of arrays are NumPy's. Returns 0, or -1 with a sentence in `error`
 * (of `size` bytes) that quotes the place. */
int jit_sig_read(const char *text, JitSignature *sig, char *error, size_t size);

/* The types of a jitclass's instances and of a structured dtype's records, by their numbers; set by jit/run. */
extern const JitType *(*jit_sig_record_hook)(int64_t number);
extern const JitType *(*jit_sig_class_hook)(int64_t number);

#endif
