/* What a code generator offers. A back end is a shared object opened on first use (backend.c); it
 * gets lowered, verified IR and returns a relocatable ELF object, the same bytes that the disk
 * cache keeps. loader.c maps such an object into memory, with no back end needed.
 *
 * Each function f of the module becomes the symbol jit_backend_symbol(f), a KernelEntry of
 * kernel_abi.h.
 */
#ifndef JIT_BACKENDS_BACKEND_H
#define JIT_BACKENDS_BACKEND_H

#include "jit/ir/ir.h"
#include "jit/run/kernel_abi.h"

#define JIT_BACKEND_VERSION 2

typedef struct JitBytes {
    uint8_t *data; /* malloc'ed */
    size_t size;
} JitBytes;

/* A function of the unit, by the number in positions (jit_pos_function). */
typedef struct JitSource {
    const char *file, *name; /* as the user knows them */
    int32_t line;            /* its first */
} JitSource;

enum { JIT_TIME_EMIT, JIT_TIME_OPTIMIZE, JIT_TIME_CODE, JIT_TIMES };

typedef struct JitCompileOptions {
    int level;                         /* 0 to 3, as a C compiler's -O */
    const char *cpu;                   /* NULL: this machine */
    void *(*symbol)(const char *name); /* which symbols the loader will resolve */
    bool want_code;                    /* false: only the texts below */
    JitBytes *ir_text;                 /* NULL, or receives the back end's own IR, unoptimised */
    JitBytes *opt_text;                /* the same after optimisation */
    JitBytes *asm_text;
    /* Lines of code for debuggers: nsources functions; 0: none. */
    const JitSource *sources;
    uint32_t nsources;
    /* NULL, or told what the generator's own passes decided: `what` in their words, pos.end_line 0. */
    void (*remark)(void *context, IrPos pos, const char *what);
    void *remark_context;
    int64_t *times; /* NULL, or receives JIT_TIMES spans in nanoseconds */
} JitCompileOptions;

typedef struct JitBackend {
    int version; /* JIT_BACKEND_VERSION */
    const char *name;
    /* "LLVM 19.1.7", for messages and cache keys. */
    const char *(*describe)(void);
    /* Returns 0, or -1 with a sentence in `error`. `object` is filled when options->want_code. */
    int (*compile)(IrModule *m, const JitCompileOptions *options, JitBytes *object, char *error,
                   size_t size);
} JitBackend;

/* "kernel_<function>" with what is neither letter nor digit nor _ written as _2e: an assembler's
 * name in any dialect. */
JIT_PLUGIN char *jit_backend_symbol(const char *function, char *out, size_t size);

/* The symbol that a plug-in exports. */
#define JIT_BACKEND_SYMBOL "jit_backend_plugin"

/* Opens krait-<name>.so in `folder` (may be NULL) or in lib/krait beside the program, built or
 * installed; NULL with a sentence in `error`. */
const JitBackend *jit_backend_open(const char *name, const char *folder, char *error, size_t size);

/* -- loader.c -- */
typedef struct JitCode JitCode;
/* Maps an object. Symbols that it needs are looked up with `symbol`. NULL with a sentence in
 * `error`; any bytes are safe to pass. */
JitCode *jit_loader_load(const uint8_t *object, size_t size, void *(*symbol)(const char *),
                         char *error, size_t error_size);
void *jit_loader_find(const JitCode *code, const char *name); /* NULL: not defined there */
/* The range of executable bytes, for tracebacks and profilers. */
void jit_loader_range(const JitCode *code, const void **begin, size_t *size);
/* Where a section of the object was put, by its number; 0: nowhere. */
uint64_t jit_loader_section(const JitCode *code, uint32_t section);
/* Writes these addresses into the section headers of a copy of the object. */
void jit_loader_place(const JitCode *code, uint8_t *object);
void jit_loader_free(JitCode *code);

#endif
