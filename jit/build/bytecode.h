/* bytecode.h: the interpreter's instructions under names of their own (BC_ADD, ...), since the IR's ops are named OP_... too. */
#ifndef JIT_BUILD_BYTECODE_H
#define JIT_BUILD_BYTECODE_H

#define OPCODES_WITHOUT_ENUM
#include "runtime/vm/opcodes.h"

enum {
#define OPCODE(name, operands, meaning, generic) BC_##name,
    OPCODES(OPCODE)
#undef OPCODE
};

#endif
