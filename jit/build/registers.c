/* registers.c: what an instruction reads and writes, from the operand formats of vm/instructions.c. */
#include "jit/build/build.h"
#include "jit/build/bytecode.h"
#include "runtime/objects/code.h"

/* How many registers an R or W operand stands for. */
static uint32_t read_count(uint16_t op, const Instruction *i)
{
    switch (op) {
    case BC_BUILD_SLICE:
    case BC_CALL_EX: return 3;
    case BC_BUILD_MAP: return 2u * i->c;
    case BC_CALL:
    case BC_CALL_KW: return i->c + 1u;
    case BC_MAKE_FUNCTION: return 4;
    case BC_IMPORT_NAME: return 2;
    case BC_BUILD_INTERPOLATION: return 3;
    default: return i->c;
    }
}

static uint32_t write_count(uint16_t op, const Instruction *i)
{
    switch (op) {
    case BC_UNPACK: return i->c;
    case BC_UNPACK_STAR: return i->c + 1u + i[1].a;
    default: return 2;
    }
}

void jit_build_registers(const struct Code *code, uint32_t at, JitVisitRegister read,
                         JitVisitRegister write, void *context)
{
    const Instruction *i = &code->instructions[at];
    uint16_t op = kr_opcode_generic[i->op];
    const char *format = kr_opcode_operands[op];
    uint16_t operand[3] = {i->a, i->b, i->c};
    /* A method call's second register is no value of ours: the callee is the bound attribute. */
    if (op == BC_CALL_METHOD || op == BC_CALL_METHOD_KW) {
        read(context, i->b);
        for (uint32_t k = 0; k < i->c; k++) read(context, i->b + 2u + k);
        write(context, i->a);
        return;
    }
    for (int pass = 0; pass < 2; pass++) { /* all reads, then all writes */
        for (int k = 0; k < 3 && format[k] && format[k] != '+'; k++) {
            switch (format[k]) {
            case 'r':
                if (pass == 0 && operand[k] != 65535) read(context, operand[k]);
                break;
            case 'x':
                if (pass == 0)
                    read(context, operand[k]);
                else
                    write(context, operand[k]);
                break;
            case 'w':
                if (pass == 1) write(context, operand[k]);
                break;
            case 'R':
                for (uint32_t r = 0; pass == 0 && r < read_count(op, i); r++)
                    read(context, operand[k] + r);
                break;
            case 'W':
                for (uint32_t r = 0; pass == 1 && r < write_count(op, i); r++)
                    write(context, operand[k] + r);
                break;
            default: break;
            }
        }
    }
}
