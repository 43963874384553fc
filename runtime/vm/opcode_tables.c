/* opcode_tables.c: what compile/, jit/ and the disassembler ask about an opcode, derived from
 * instructions.c. */
#include "runtime/vm/opcodes.h"

#define OPCODE(name, operands, doc, generic) [OP_##name] = #name,
const char *const kr_opcode_names[OPCODE_COUNT] = {OPCODES(OPCODE)};
#undef OPCODE

#define OPCODE(name, operands, doc, generic) [OP_##name] = operands,
const char *const kr_opcode_operands[OPCODE_COUNT] = {OPCODES(OPCODE)};
#undef OPCODE

#define OPCODE(name, operands, doc, generic) [OP_##name] = doc,
const char *const kr_opcode_docs[OPCODE_COUNT] = {OPCODES(OPCODE)};
#undef OPCODE

/* At most three letters stand before a '+'. */
#define OPCODE(name, operands, doc, generic) [OP_##name] = sizeof(operands) > 4,
const uint8_t kr_opcode_has_extra[OPCODE_COUNT] = {OPCODES(OPCODE)};
#undef OPCODE

#define OPCODE(name, operands, doc, generic) [OP_##name] = OP_##generic,
const uint16_t kr_opcode_generic[OPCODE_COUNT] = {OPCODES(OPCODE)};
#undef OPCODE
