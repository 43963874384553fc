/* verify.c: refuses code that the VM could not run safely: bytes from a cache or from marshal
 * may be damaged.
 *
 * Checked, in one pass over the instructions driven by the operand letters of vm/instructions.c:
 * registers, constants, names, caches and jumps are in range, jumps land on instructions (never
 * on an EXTRA), numbers mean something, constants that an instruction reads as code or tuples
 * are such; guards and the Code's own counts are consistent. Not checked is what a register
 * holds: an instruction that needs an exact list checks that itself, or is trusted as the
 * checksum of the file is. */
#include <string.h>

#include "runtime/compile/compiler.h"
#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"

static const uint8_t intrinsic_arguments[] = {
#define INTRINSIC(name, arguments, doc) arguments,
#include "runtime/compile/intrinsics.def"
};

typedef struct Checker {
    const Code *code;
    uint32_t registers, constants, names;
    const char *problem;
} Checker;

static bool fail(Checker *k, const char *problem)
{
    k->problem = problem;
    return false;
}

static bool starts_instruction(const Code *code, int64_t at)
{
    return at >= 0 && at < code->instruction_count && code->instructions[at].op != OP_EXTRA;
}

static bool all_strs(Value tuple)
{
    for (size_t i = 0; i < tuple_of(tuple)->size; i++)
        if (!is_exact(tuple_of(tuple)->items[i], &kr_str_type)) return false;
    return true;
}

static bool is_name_tuple(Value v) { return is_exact(v, &kr_tuple_type) && all_strs(v); }

uint32_t kr_instruction_span(const Instruction *i)
{
    switch (i->op) {
    case OP_CALL:
    case OP_CALL_KW: return 1u + i->c;
    case OP_CALL_METHOD:
    case OP_CALL_METHOD_KW: return 2u + i->c;
    case OP_CALL_EX:
    case OP_BUILD_SLICE:
    case OP_BUILD_INTERPOLATION: return 3;
    case OP_MAKE_FUNCTION: return i->b == NO_REGISTER ? 0 : 4;
    case OP_IMPORT_NAME:
    case OP_LOAD_METHOD:
    case OP_MATCH_GROUP:
    case OP_ENTER_WITH:
    case OP_ENTER_ASYNC_WITH: return 2;
    case OP_BUILD_MAP: return 2u * i->c;
    case OP_UNPACK_STAR: return 1u + i->c + i[1].a;
    case OP_INTRINSIC: return i->c < INTRINSIC_COUNT ? intrinsic_arguments[i->c] : UINT32_MAX;
    default: return i->c; /* BUILD_*, UNPACK */
    }
}

static bool check_register(Checker *k, const Instruction *i, char letter, uint16_t r, int place)
{
    switch (letter) {
    case 'w':
    case 'x': return r < k->registers || fail(k, "register out of range");
    case 'r':
        if (r == NO_REGISTER &&
            ((i->op == OP_RAISE && place == 1) || (i->op == OP_EXIT_WITH && place == 2)))
            return true;
        return r < k->registers || fail(k, "register out of range");
    case 'R':
    case 'W': {
        uint32_t n = kr_instruction_span(i);
        if (n == 0) return true;
        return (n <= k->registers && r <= k->registers - n) || fail(k, "registers out of range");
    }
    default: return true;
    }
}

static bool check_constant(Checker *k, const Instruction *i, int64_t index)
{
    if (index < 0 || index >= k->constants) return fail(k, "constant out of range");
    Value v = tuple_of(k->code->constants)->items[index];
    switch (i->op) {
    case OP_MAKE_FUNCTION: {
        if (!is_exact(v, &kr_code_type)) return fail(k, "constant is no code");
        bool bare = i->b == NO_REGISTER;
        return !bare || tuple_of(code_of(v)->free_names)->size == 0 ||
               fail(k, "function without its closure");
    }
    case OP_CALL_KW:
    case OP_CALL_METHOD_KW:
        return (is_name_tuple(v) && tuple_of(v)->size <= i->c) || fail(k, "bad keyword names");
    case OP_MATCH_CLASS: return is_name_tuple(v) || fail(k, "bad attribute names");
    default: return true;
    }
}

static bool check_number(Checker *k, const Instruction *i)
{
    const Code *code = k->code;
    size_t variables = tuple_of(code->variables)->size;
    size_t cells = tuple_of(code->cell_names)->size + tuple_of(code->free_names)->size;
    switch (i->op) {
    case OP_LOAD_IMMEDIATE: {
        Value v = {i->b};
        return is_none(v) || is_bool(v) || same(v, ELLIPSIS) || fail(k, "bad immediate");
    }
    case OP_CHECK_BOUND:
        return (uint64_t)instruction_imm(*i) < variables || fail(k, "variable out of range");
    case OP_LOAD_CELL:
    case OP_DELETE_CELL:
    case OP_LOAD_CLASS_CELL: return i->c < cells || fail(k, "cell out of range");
    case OP_INTRINSIC: return i->c < INTRINSIC_COUNT || fail(k, "unknown intrinsic");
    case OP_GET_AWAITABLE: return i->c <= 2 || fail(k, "bad await");
    case OP_FORMAT_VALUE:
    case OP_BUILD_INTERPOLATION:
        return i->c == 0 || i->c == 's' || i->c == 'r' || i->c == 'a' || fail(k, "bad conversion");
    default: return true;
    }
}

static bool check_jump(Checker *k, uint32_t next, int32_t distance)
{
    return starts_instruction(k->code, (int64_t)next + distance) || fail(k, "jump out of range");
}

/* Instruction `at` with its EXTRA. */
static bool check_instruction(Checker *k, uint32_t at)
{
    const Code *code = k->code;
    const Instruction *i = &code->instructions[at];
    if (i->op >= OPCODE_COUNT) return fail(k, "unknown instruction");
    const char *operands = kr_opcode_operands[i->op];
    bool extra = kr_opcode_has_extra[i->op];
    if (extra && (at + 1 == code->instruction_count || i[1].op != OP_EXTRA))
        return fail(k, "EXTRA is missing");
    const uint16_t values[3] = {i->a, i->b, i->c};
    int place = 0;
    const char *p = operands;
    for (; *p && *p != '+'; p++, place++) {
        switch (*p) {
        case 'K':
            if (!check_constant(k, i, instruction_imm(*i))) return false;
            break;
        case 'J':
            if (!check_jump(k, at + 1 + extra, instruction_imm(*i))) return false;
            break;
        case 'n':
            if ((i->c | (uint32_t)i[1].a << 16) >= k->names) return fail(k, "name out of range");
            break;
        default:
            if (place < 3 && !check_register(k, i, *p, values[place], place)) return false;
        }
    }
    if (!check_number(k, i)) return false;
    if (!extra) return true;
    const Instruction *x = i + 1;
    if (i->op == OP_FORMAT_VALUE && x->a != NO_REGISTER && x->a >= k->registers)
        return fail(k, "register out of range");
    for (p++; *p; p++) {
        if (*p == 'C' && (uint32_t)instruction_imm(*x) >= code->cache_count)
            return fail(k, "cache out of range");
        if (*p == 'K' && !check_constant(k, i, instruction_imm(*x))) return false;
        if (*p == 'J' && !check_jump(k, at + 2, instruction_imm(*x))) return false;
    }
    return true;
}

static bool check_counts(Checker *k)
{
    const Code *code = k->code;
    if (!is_exact(code->constants, &kr_tuple_type) || !is_name_tuple(code->names) ||
        !is_name_tuple(code->variables) || !is_name_tuple(code->cell_names) ||
        !is_name_tuple(code->free_names) || !is_exact(code->name, &kr_str_type) ||
        !is_exact(code->qualname, &kr_str_type) || !is_exact(code->filename, &kr_str_type))
        return fail(k, "bad table");
    size_t variables = tuple_of(code->variables)->size, cells = tuple_of(code->cell_names)->size;
    uint64_t parameters = (uint64_t)code->argument_count + code->keyword_only_count +
                          ((code->flags & CODE_VARARGS) != 0) +
                          ((code->flags & CODE_VARKEYWORDS) != 0);
    if (code->register_count > NO_REGISTER || variables > code->register_count ||
        parameters > variables || code->positional_only_count > code->argument_count)
        return fail(k, "bad counts");
    if ((uint64_t)code->free_register + tuple_of(code->free_names)->size > code->register_count)
        return fail(k, "free variables out of range");
    for (size_t i = 0; i < cells; i++)
        if (code->cell_registers[i] >= code->register_count)
            return fail(k, "cell register out of range");
    if (code->instruction_count == 0 || code->instruction_count > INT32_MAX / 16)
        return fail(k, "bad length");
    return true;
}

static bool check_guards(Checker *k)
{
    const Code *code = k->code;
    for (uint32_t i = 0; i < code->guard_count; i++) {
        const Guard *g = &code->guards[i];
        if (g->begin > g->end || g->end > code->instruction_count ||
            !starts_instruction(code, g->handler) || g->target >= k->registers)
            return fail(k, "bad guard");
    }
    return true;
}

static bool check_all(Checker *k)
{
    const Code *code = k->code;
    if (!check_counts(k)) return false;
    k->registers = code->register_count;
    k->constants = (uint32_t)tuple_of(code->constants)->size;
    k->names = (uint32_t)tuple_of(code->names)->size;
    uint32_t last = 0;
    for (uint32_t at = 0; at < code->instruction_count; at++) {
        if (code->instructions[at].op == OP_EXTRA) return fail(k, "stray EXTRA");
        if (!check_instruction(k, at)) return false;
        last = at;
        at += kr_opcode_has_extra[code->instructions[at].op];
    }
    switch (code->instructions[last].op) {
    case OP_RETURN:
    case OP_RAISE:
    case OP_RAISE_AGAIN:
    case OP_RERAISE:
    case OP_JUMP:
    case OP_JUMP_BACK: break;
    default: return fail(k, "runs off the end");
    }
    return check_guards(k);
}

bool kr_verify_code(const Code *code, const char **problem)
{
    Checker k = {.code = code};
    bool ok = check_all(&k);
    *problem = k.problem;
    return ok;
}
