/* A refusal with its places, filled by whoever refuses and shown by jit/diagnose. */
#ifndef JIT_DIAGNOSE_DIAG_H
#define JIT_DIAGNOSE_DIAG_H

#include "jit/ir/ir.h"

#include <stdarg.h>

typedef enum JitRefusal {
    REFUSE_NOTHING,
#define REFUSAL(number, code, text, hint) REFUSE_##code,
#include "jit/diagnose/refusals.def"
#undef REFUSAL
    REFUSE_COUNT
} JitRefusal;

typedef struct JitDiag {
    int code;          /* the refusal's number; 0: none */
    char text[512];    /* one sentence */
    char hint[200];    /* one suggested edit, or empty */
    IrPos pos, second; /* second.line 0: none */
    char second_text[200];
} JitDiag;

/* Fills `d` unless it holds a refusal already (the first is the cause). Always returns -1. */
int jit_diag_set(JitDiag *d, JitRefusal what, IrPos pos, ...);
int jit_diag_set_v(JitDiag *d, JitRefusal what, IrPos pos, va_list ap);
/* What a user calls a function of a module: "f3_area" is area. */
const char *jit_diag_function(const IrFunc *f);
void jit_diag_second(JitDiag *d, IrPos pos, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
