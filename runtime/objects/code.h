/* code.h: a compiled function body, class body or module: what compile/ makes and vm/ runs. */
#ifndef RUNTIME_OBJECTS_CODE_H
#define RUNTIME_OBJECTS_CODE_H

#include "runtime/objects/type.h"

/* One instruction: 8 bytes. Operands are register numbers, small immediates, or (imm32 = b | c
 * << 16, signed) constants and jump distances; vm/instructions.c documents each. */
typedef struct Instruction {
    uint16_t op, a, b, c;
} Instruction;

enum { NO_REGISTER = 65535 }; /* an operand that is absent */

static inline int32_t instruction_imm(Instruction i) { return (int32_t)((uint32_t)i.b | (uint32_t)i.c << 16); }

/* Source extent of one instruction: lines from 1, UTF-8 columns from 0; end exclusive. line 0:
 * no source. */
typedef struct Position {
    uint32_t line, end_line;
    uint16_t column, end_column; /* 65535: unknown */
} Position;

/* Instructions [begin, end) are guarded: an exception there stores itself in register `target`
 * and continues at `handler`. Inner ranges stand before outer ones. */
typedef struct Guard {
    uint32_t begin, end, handler;
    uint16_t target;
    uint16_t flags;
} Guard;

/* An inline cache; the instruction that owns it says what the words mean. */
typedef struct Cache {
    uint64_t version;
    void *shape;
    Value value;
    uint32_t slot;
    uint16_t kind, misses;
} Cache;

enum { /* Code.flags, CPython's values */
    CODE_OPTIMIZED = 1, CODE_NEWLOCALS = 2, CODE_VARARGS = 4, CODE_VARKEYWORDS = 8, CODE_NESTED = 16,
    CODE_GENERATOR = 32, CODE_COROUTINE = 128, CODE_ITERABLE_COROUTINE = 256, CODE_ASYNC_GENERATOR = 512,
    CODE_FUTURE_ANNOTATIONS = 0x1000000
};

typedef struct Code {
    Object head;
    Value name, qualname, filename; /* str */
    Value constants;                /* tuple */
    Value names;                    /* tuple of interned str: attributes, globals */
    Value variables;                /* tuple of local names, parameters first (registers 0..n-1) */
    Value cell_names, free_names;   /* tuples; see below */
    Value docstring;                /* str or None */
    uint32_t argument_count;        /* positional, positional-only ones included, without *args */
    uint32_t positional_only_count, keyword_only_count;
    uint32_t flags;
    uint16_t *cell_registers;       /* one a cell variable (kr_heap_bytes) */
    uint32_t free_register;         /* register of the first free variable */
    uint32_t register_count;        /* parameters, locals, cells, temporaries */
    uint32_t first_line;
    uint32_t instruction_count, guard_count, cache_count;
    Instruction *instructions;      /* kr_heap_bytes; self-modifying: opcodes specialise themselves */
    Position *positions;            /* one an instruction */
    Guard *guards;
    Cache *caches;
    void *cache_values;             /* owned by the VM: traces cached values weakly or strongly */
    Value public_code;              /* co_code as bytes, made on request, or EMPTY */
    void *jit;                      /* owned by jit/ */
} Code;

/* Registers of a frame: parameters (positional, keyword-only, *args, **kwargs, in CPython's
 * co_varnames order), other locals, then one register per cell variable that is no parameter,
 * then one per free variable (both hold Cell objects), then temporaries. A parameter that inner
 * functions capture is moved into a Cell in its own register by MAKE_CELL at entry. cell_names
 * and free_names list them in register order; cell_registers says where. */
static inline Code *code_of(Value v) { return (Code *)object_of(v); }
Code *kr_code_alloc(void);
void kr_code_last(Code *code); /* it lasts (memory/lasting.h): its caches are looked through without being marked */
Position kr_code_position(const Code *code, uint32_t instruction);

#endif
