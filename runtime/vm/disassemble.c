/* disassemble.c: prints bytecode, driven by the operand letters of instructions.c.
 *
 *     line   index  instruction      operands
 *       12       4  ADD              t7 = x, t6
 *
 * Registers are shown by name: variables as themselves, cells as &name, temporaries as
 * t<number>. A '>' before an index marks a jump target. Guards stand at the end. */
#include "runtime/vm/disassemble.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"
#include "runtime/vm/opcodes.h"

static void print_str(Value v, FILE *out)
{
    const char *text = kr_str_utf8(v, NULL);
    if (text)
        fputs(text, out);
    else
        kr_clear_exception();
}

static void print_item(Value tuple, uint32_t i, FILE *out)
{
    if (i < tuple_of(tuple)->size)
        print_str(tuple_of(tuple)->items[i], out);
    else
        fprintf(out, "?%u", i);
}

static void print_register(const Code *code, uint32_t r, FILE *out)
{
    if (r == UINT16_MAX) {
        fputs("none", out);
        return;
    }
    size_t cells = tuple_of(code->cell_names)->size;
    for (size_t i = 0; i < cells; i++)
        if (code->cell_registers[i] == r) {
            fputc('&', out);
            print_item(code->cell_names, (uint32_t)i, out);
            return;
        }
    if (r < tuple_of(code->variables)->size) {
        print_item(code->variables, r, out);
    } else if (r >= code->free_register &&
               r - code->free_register < tuple_of(code->free_names)->size) {
        fputc('&', out);
        print_item(code->free_names, r - code->free_register, out);
    } else {
        fprintf(out, "t%u", r);
    }
}

static void print_constant(const Code *code, int32_t index, FILE *out)
{
    if (index < 0 || (size_t)index >= tuple_of(code->constants)->size) {
        fprintf(out, "constant?%d", index);
        return;
    }
    Value v = tuple_of(code->constants)->items[index];
    if (is_exact(v, &kr_code_type)) {
        fputs("<code ", out);
        print_str(code_of(v)->qualname, out);
        fputc('>', out);
        return;
    }
    Value text = kr_repr(v);
    if (is_empty(text)) {
        kr_clear_exception();
        return;
    }
    const char *utf8 = kr_str_utf8(text, NULL);
    if (!utf8)
        kr_clear_exception();
    else if (strlen(utf8) <= 60)
        fputs(utf8, out);
    else
        fprintf(out, "%.57s...", utf8);
}

static void print_immediate(uint16_t bits, FILE *out)
{
    Value v = {bits};
    fputs(is_none(v)          ? "None"
          : is_true(v)        ? "True"
          : is_bool(v)        ? "False"
          : same(v, ELLIPSIS) ? "Ellipsis"
                              : "?",
          out);
}

static void separate(bool *first, bool written, FILE *out)
{
    if (!*first) fputs(written ? " = " : ", ", out);
    *first = false;
}

static void print_operands(const Code *code, uint32_t at, FILE *out)
{
    const Instruction *i = &code->instructions[at];
    const char *operands = kr_opcode_operands[i->op], *plus = strchr(operands, '+');
    const uint16_t values[3] = {i->a, i->b, i->c};
    bool extra = kr_opcode_has_extra[i->op], first = true, written = false;
    int place = 0;
    for (const char *p = operands; *p && *p != '+'; p++, place++) {
        if (*p == '-') continue;
        separate(&first, written, out);
        written = false;
        switch (*p) {
        case 'w':
        case 'W':
            print_register(code, values[place], out);
            written = place == 0;
            break;
        case 'r':
        case 'x':
        case 'R': print_register(code, values[place], out); break;
        case 'K': print_constant(code, instruction_imm(*i), out); break;
        case 'I': fprintf(out, "%d", instruction_imm(*i)); break;
        case 'J': fprintf(out, "-> %d", (int)at + 1 + extra + instruction_imm(*i)); break;
        case 'i': fprintf(out, "#%d", (int16_t)values[place]); break;
        case 'n': print_item(code->names, i->c | (extra ? (uint32_t)i[1].a << 16 : 0), out); break;
        default:
            if (i->op == OP_LOAD_IMMEDIATE)
                print_immediate(values[place], out);
            else
                fprintf(out, "%u", values[place]);
        }
    }
    if (!plus || at + 1 >= code->instruction_count) return;
    const Instruction *x = i + 1;
    place = 0;
    for (const char *p = plus + 1; *p; p++, place++) {
        if (*p == '-' || *p == 'C' || (*p == 'u' && place == 0 && strchr(operands, 'n'))) continue;
        separate(&first, false, out);
        if (*p == 'K')
            print_constant(code, instruction_imm(*x), out);
        else if (*p == 'J')
            fprintf(out, "-> %d", (int)at + 2 + instruction_imm(*x));
        else if (i->op == OP_FORMAT_VALUE)
            print_register(code, x->a, out);
        else
            fprintf(out, "%u", x->a);
    }
}

/* A byte for every instruction that something jumps to; malloc'ed. */
static char *jump_targets(const Code *code)
{
    char *targets = calloc(code->instruction_count + 1, 1);
    if (!targets) return NULL;
    for (uint32_t at = 0; at < code->instruction_count; at++) {
        const Instruction *i = &code->instructions[at];
        const char *operands = kr_opcode_operands[i->op];
        bool extra = kr_opcode_has_extra[i->op];
        int64_t target = -1;
        if (strcmp(operands, "rJ") == 0 || strcmp(operands, "-J") == 0)
            target = (int64_t)at + 1 + instruction_imm(*i);
        else if (extra && strchr(operands, 'J') && at + 1 < code->instruction_count)
            target = (int64_t)at + 2 + instruction_imm(i[1]);
        if (target >= 0 && target < code->instruction_count) targets[target] = 1;
        at += extra;
    }
    for (uint32_t i = 0; i < code->guard_count; i++)
        if (code->guards[i].handler < code->instruction_count) targets[code->guards[i].handler] = 1;
    return targets;
}

void kr_disassemble_code(const Code *code, FILE *out)
{
    fputs("code ", out);
    print_str(code->qualname, out);
    fputs("  (", out);
    print_str(code->filename, out);
    fprintf(out, ":%u)  %u parameters, %zu variables, %u registers, flags 0x%x\n", code->first_line,
            code->argument_count + code->keyword_only_count, tuple_of(code->variables)->size,
            code->register_count, code->flags);
    char *targets = jump_targets(code);
    uint32_t line = 0;
    for (uint32_t at = 0; at < code->instruction_count; at++) {
        const Instruction *i = &code->instructions[at];
        uint32_t here = code->positions[at].line;
        if (here && here != line)
            fprintf(out, "%6u", here);
        else
            fputs("      ", out);
        if (here) line = here;
        fprintf(out, " %c%5u  %-20s ", targets && targets[at] ? '>' : ' ', at,
                kr_opcode_names[i->op]);
        print_operands(code, at, out);
        fputc('\n', out);
        at += kr_opcode_has_extra[i->op];
    }
    for (uint32_t i = 0; i < code->guard_count; i++) {
        const Guard *g = &code->guards[i];
        fprintf(out, "       guard %u to %u: handler %u, exception in ", g->begin, g->end,
                g->handler);
        print_register(code, g->target, out);
        fputc('\n', out);
    }
    free(targets);
}

void kr_disassemble_tree(const Code *code, const char *function, FILE *out)
{
    if (!function || kr_str_equal_ascii(code->name, function) ||
        kr_str_equal_ascii(code->qualname, function)) {
        kr_disassemble_code(code, out);
        fputc('\n', out);
    }
    for (size_t i = 0; i < tuple_of(code->constants)->size; i++) {
        Value v = tuple_of(code->constants)->items[i];
        if (is_exact(v, &kr_code_type)) kr_disassemble_tree(code_of(v), function, out);
    }
}
