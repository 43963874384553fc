/* build.c: bytecode to SSA.
 *
 *     instructions -> blocks -> live registers -> one block parameter a live register -> nodes
 *
 * Every register that is live at the start of a block becomes a parameter of the block, and every edge passes its
 * value; jit_cfg_simplify_params then removes the parameters that are always one value. That is more parameters than
 * the textbook's dominance frontiers would place for a moment, and needs no dominance at all.
 *
 * Registers that nothing has written hold the node `undef`, which inference refuses where it is used. A variable that only
 * some paths write (the compiler says CHECK_BOUND before its use) has a flag, a register of ours behind the
 * interpreter's that holds True or False; its check is a branch to a raise, which goes where the flag is known. The two
 * registers of LOAD_METHOD become one value, the bound attribute. A list display that is only read where
 * it stands (given to NumPy, iterated over, searched) is a tuple (displays.c). `raise E(...)` is one op, made from the call that the bytecode has.
 *
 * Over 1000 lines: blocks, live registers and translation share the Builder and the sense of each instruction; blocks and
 * live registers are the part to move out when it grows again. */
#include "jit/build/build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jit/build/bytecode.h"
#include "jit/types/functions.h"
#include "runtime/objects/dict.h"
#include "runtime/objects/function.h"
#include "runtime/objects/module.h"
#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"

typedef struct Block {
    uint32_t begin, end; /* instructions */
    const Guard *guard; /* that all its instructions are in, or NULL */
    const Guard *handles; /* if it is a handler: a guard that leads here */
    uint32_t succ[3],
        nsucc; /* indices of blocks; the first is where an item or a true condition leads */
    bool reached;
    IrBlock *ir;
    uint64_t *live; /* registers live at the start */
    uint64_t *use, *define;
} Block;

typedef struct Builder {
    IrFunc *f;
    const Code *code;
    Function *function;
    const JitBuildHost *host;
    JitDiag *diag;
    uint32_t nblocks, words; /* words of a set of registers */
    uint32_t registers;      /* the interpreter's and the flags of variables */
    uint32_t index;          /* the function's number, in the lines of all positions */
    uint64_t *checked;       /* variables with a flag */
    IrNode *yes, *no;        /* what flags hold */
    Block *blocks;
    uint32_t *block_at; /* the block that begins at an instruction, or UINT32_MAX */
    IrNode **value;     /* of each register, in the block being filled */
    IrBlock *to;        /* where nodes go */
    uint32_t local_count;
    const Guard *guard; /* of the instruction being translated: raising nodes leave to its handler */
    IrNode **landing;   /* what the handler's registers hold if that instruction raises */
    uint32_t nlanding;
} Builder;

/* ---- Helpers ---- */

static IrPos position(const Builder *b, uint32_t i)
{
    Position p = b->code->positions[i];
    int32_t function = (int32_t)(b->index << JIT_POS_SHIFT);
    return (IrPos){(int32_t)p.line + function, p.column, (int32_t)p.end_line + function,
                   p.end_column};
}

static const char *text_of(const Builder *b, Value str)
{
    size_t n;
    const char *utf8 = kr_str_utf8(str, &n);
    if (!utf8) kr_clear_exception();
    return utf8 ? jit_ir_text(b->f->module, utf8, n) : "?";
}

static const char *variable_name(const Builder *b, uint32_t reg)
{
    Value names = b->code->variables;
    return reg < kr_tuple_size(names) ? text_of(b, kr_tuple_get(names, reg)) : NULL;
}

static Value name_of(const Builder *b, uint32_t i)
{
    const Instruction *at = &b->code->instructions[i];
    uint32_t index = at->c;
    if (kr_opcode_has_extra[at->op]) index |= (uint32_t)at[1].a << 16;
    return kr_tuple_get(b->code->names, index);
}

static IrNode *emit(Builder *b, IrOp op, uint32_t n, IrNode *const *args, uint32_t i)
{
    IrNode *x = jit_ir_node_new(b->f, op, M_VOID, n);
    for (uint32_t k = 0; k < n; k++) x->args[k] = args[k];
    x->pos = position(b, i);
    jit_ir_append(b->to, x);
    if (b->guard && (jit_ir_ops[op].effects & EFFECT_RAISE))
        x->exit = jit_ir_edge_new(b->f, b->blocks[b->block_at[b->guard->handler]].ir, b->nlanding,
                                  b->landing);
    return x;
}

static IrNode *emit1(Builder *b, IrOp op, IrNode *x, uint32_t i) { return emit(b, op, 1, &x, i); }
static IrNode *emit2(Builder *b, IrOp op, IrNode *x, IrNode *y, uint32_t i)
{
    IrNode *args[] = {x, y};
    return emit(b, op, 2, args, i);
}

static IrNode *undefined(Builder *b, IrBlock *at, uint32_t reg)
{
    IrNode *x = jit_ir_node_new(b->f, OP_UNDEF, M_VOID, 0);
    x->name = variable_name(b, reg);
    jit_ir_append(at, x);
    return x;
}

static IrNode *get(Builder *b, uint32_t reg)
{
    if (!b->value[reg]) b->value[reg] = undefined(b, b->to, reg);
    return b->value[reg];
}

static bool in_set(const uint64_t *set, uint32_t reg) { return set[reg / 64] >> (reg % 64) & 1; }
static void add_to_set(uint64_t *set, uint32_t reg) { set[reg / 64] |= UINT64_C(1) << (reg % 64); }

static bool has_flag(const Builder *b, uint32_t reg)
{
    return reg < b->local_count && in_set(b->checked, reg);
}
static uint32_t flag_of(const Builder *b, uint32_t reg) { return b->code->register_count + reg; }

static void set(Builder *b, uint32_t reg, IrNode *x)
{
    b->value[reg] = x;
    if (has_flag(b, reg)) b->value[flag_of(b, reg)] = b->yes;
    if (reg < b->local_count && !x->name && x->op != OP_CONST) x->name = variable_name(b, reg);
}

static IrNode *constant(Builder *b, Value v, const char *name, uint32_t i)
{
    return jit_build_constant(b->f, b->to, v, name, position(b, i), b->host, b->diag);
}

static IrNode *int_node(Builder *b, int64_t n, uint32_t i)
{
    IrNode *x = emit(b, OP_CONST, 0, NULL, i);
    x->type = jit_type_simple(TK_INT);
    x->imm.i = n;
    return x;
}

/* ---- Blocks ---- */

/* Where an instruction may jump to; -1: it does not. */
static int64_t jump_target(const Code *code, uint32_t i)
{
    const Instruction *at = &code->instructions[i];
    switch (kr_opcode_generic[at->op]) {
    case BC_JUMP:
    case BC_JUMP_BACK:
    case BC_JUMP_IF_TRUE:
    case BC_JUMP_IF_FALSE:
    case BC_JUMP_IF_NONE:
    case BC_JUMP_IF_NOT_NONE: return (int64_t)i + 1 + instruction_imm(*at);
    case BC_FOR_ITER: return (int64_t)i + 2 + instruction_imm(at[1]);
    default: return -1;
    }
}

static bool ends_block(uint16_t op)
{
    switch (op) {
    case BC_JUMP:
    case BC_JUMP_BACK:
    case BC_JUMP_IF_TRUE:
    case BC_JUMP_IF_FALSE:
    case BC_JUMP_IF_NONE:
    case BC_JUMP_IF_NOT_NONE:
    case BC_FOR_ITER:
    case BC_RETURN:
    case BC_RAISE:
    case BC_RAISE_AGAIN:
    case BC_RERAISE: return true;
    default: return false;
    }
}

static uint32_t next_instruction(const Code *code, uint32_t i)
{
    return i + 1 + kr_opcode_has_extra[code->instructions[i].op];
}

/* The innermost guard of an instruction, or NULL. */
static const Guard *guard_at(const Code *code, uint32_t i)
{
    for (uint32_t k = 0; k < code->guard_count; k++)
        if (i >= code->guards[k].begin && i < code->guards[k].end) return &code->guards[k];
    return NULL;
}

static void find_blocks(Builder *b)
{
    const Code *code = b->code;
    uint32_t n = code->instruction_count;
    IrModule *m = b->f->module;
    uint8_t *starts = jit_ir_alloc(m, n + 1);
    starts[0] = 1;
    for (uint32_t i = 0; i < n; i = next_instruction(code, i)) {
        int64_t target = jump_target(code, i);
        if (target >= 0 && target < n) starts[target] = 1;
        uint32_t op = kr_opcode_generic[code->instructions[i].op];
        if (ends_block(op)) starts[next_instruction(code, i)] = 1;
        if (op == BC_FOR_ITER) starts[i] = 1; /* a header, also where nothing jumps back to it */
    }
    for (uint32_t k = 0; k < code->guard_count; k++) {
        const Guard *g = &code->guards[k];
        starts[g->begin] = starts[g->handler] = 1;
        if (g->end < n) starts[g->end] = 1;
    }
    b->block_at = jit_ir_alloc(m, (n + 1) * sizeof *b->block_at);
    for (uint32_t i = 0; i < n; i++) {
        b->block_at[i] = UINT32_MAX;
        if (starts[i]) b->block_at[i] = b->nblocks++;
    }
    b->blocks = jit_ir_alloc(m, (b->nblocks + 1) * sizeof *b->blocks);
    uint32_t k = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (!starts[i]) continue;
        b->blocks[k].begin = i;
        b->blocks[k].guard = guard_at(code, i);
        for (uint32_t g = 0; g < code->guard_count; g++)
            if (code->guards[g].handler == i) b->blocks[k].handles = &code->guards[g];
        if (k) b->blocks[k - 1].end = i;
        k++;
    }
    b->blocks[k - 1].end = n;
}

/* The last instruction of a block. */
static uint32_t last_of(const Builder *b, const Block *block)
{
    uint32_t last = block->begin;
    for (uint32_t i = block->begin; i < block->end; i = next_instruction(b->code, i)) last = i;
    return last;
}

static void find_successors(Builder *b)
{
    for (uint32_t k = 0; k < b->nblocks; k++) {
        Block *block = &b->blocks[k];
        uint32_t last = last_of(b, block);
        uint16_t op = kr_opcode_generic[b->code->instructions[last].op];
        int64_t target = jump_target(b->code, last);
        if (op == BC_JUMP || op == BC_JUMP_BACK) {
            block->succ[block->nsucc++] = b->block_at[target];
        } else if (target >= 0) {
            block->succ[block->nsucc++] = k + 1;
            block->succ[block->nsucc++] = b->block_at[target];
        } else if (op != BC_RETURN && op != BC_RAISE && op != BC_RAISE_AGAIN && op != BC_RERAISE) {
            block->succ[block->nsucc++] = k + 1;
        }
        if (block->guard) block->succ[block->nsucc++] = b->block_at[block->guard->handler];
    }
    uint32_t *stack = jit_ir_alloc(b->f->module, (b->nblocks * 3 + 3) * sizeof *stack), top = 0;
    stack[top++] = 0;
    b->blocks[0].reached = true;
    while (top) {
        Block *block = &b->blocks[stack[--top]];
        for (uint32_t s = 0; s < block->nsucc; s++)
            if (block->succ[s] < b->nblocks && !b->blocks[block->succ[s]].reached) {
                b->blocks[block->succ[s]].reached = true;
                stack[top++] = block->succ[s];
            }
    }
}

/* ---- Live registers ---- */

typedef struct Noting {
    const Builder *b;
    Block *block;
} Noting;

static void note_use(void *context, uint32_t reg)
{
    Block *block = ((Noting *)context)->block;
    if (!in_set(block->define, reg)) add_to_set(block->use, reg);
}

static void note_define(void *context, uint32_t reg)
{
    Noting *noting = context;
    add_to_set(noting->block->define, reg);
    if (has_flag(noting->b, reg)) add_to_set(noting->block->define, flag_of(noting->b, reg));
}

/* The register of ours that holds the exception being handled. */
static uint32_t handled(const Builder *b) { return b->registers - 1; }

static void note_instruction(Noting *noting, uint32_t i)
{
    const Builder *b = noting->b;
    const Instruction *at = &b->code->instructions[i];
    switch (kr_opcode_generic[at->op]) {
    case BC_CHECK_BOUND:
        if (has_flag(b, at->a)) note_use(noting, flag_of(b, at->a));
        return;
    case BC_UNBIND:
        if (has_flag(b, at->a)) add_to_set(noting->block->define, flag_of(b, at->a));
        return;
    case BC_FOR_ITER: note_use(noting, at->b); return; /* what it writes depends on the edge */
    case BC_ENTER_HANDLER:
        note_use(noting, at->a);
        note_use(noting, handled(b));
        note_define(noting, at->b);
        note_define(noting, handled(b));
        return;
    case BC_EXIT_HANDLER:
        note_use(noting, at->b);
        note_define(noting, handled(b));
        return;
    case BC_RAISE_AGAIN: note_use(noting, handled(b)); return;
    case BC_MAKE_FUNCTION: {
        const Code *made = code_of(kr_tuple_get(b->code->constants, (size_t)instruction_imm(at[1])));
        if (kr_tuple_size(made->free_names)) note_use(noting, at->b + 3u);
        note_define(noting, at->a);
        return;
    }
    case BC_MAKE_CELL: return; /* a cell is a register that holds its value */
    case BC_STORE_CELL:
        note_use(noting, at->b);
        note_define(noting, at->a);
        return;
    default: jit_build_registers(b->code, i, note_use, note_define, noting);
    }
}

/* Is the register written on the way from the block to its successor s? The item of a for loop is, on the way into the body. */
static bool edge_defines(const Builder *b, const Block *block, uint32_t s, uint32_t reg)
{
    const Instruction *last = &b->code->instructions[last_of(b, block)];
    if (s != 0 || kr_opcode_generic[last->op] != BC_FOR_ITER) return false;
    return reg == last->a || (has_flag(b, last->a) && reg == flag_of(b, last->a));
}

static void find_live(Builder *b)
{
    IrModule *m = b->f->module;
    for (uint32_t k = 0; k < b->nblocks; k++) {
        Block *block = &b->blocks[k];
        block->live = jit_ir_alloc(m, b->words * 8);
        block->use = jit_ir_alloc(m, b->words * 8);
        block->define = jit_ir_alloc(m, b->words * 8);
        Noting noting = {b, block};
        if (block->handles) note_define(&noting, block->handles->target);
        for (uint32_t i = block->begin; i < block->end; i = next_instruction(b->code, i))
            note_instruction(&noting, i);
        memcpy(block->live, block->use, b->words * 8);
    }
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t k = b->nblocks; k-- > 0;) {
            Block *block = &b->blocks[k];
            for (uint32_t s = 0; s < block->nsucc; s++) {
                if (block->succ[s] >= b->nblocks) continue;
                const uint64_t *in = b->blocks[block->succ[s]].live;
                /* an instruction before the definition may leave for the handler */
                bool to_handler = block->guard && s + 1 == block->nsucc;
                for (uint32_t reg = 0; reg < b->registers; reg++) {
                    if (!in_set(in, reg) || in_set(block->live, reg) ||
                        (!to_handler && in_set(block->define, reg)) ||
                        edge_defines(b, block, s, reg))
                        continue;
                    add_to_set(block->live, reg);
                    changed = true;
                }
            }
        }
    }
}

static bool is_live(const Block *block, uint32_t reg) { return in_set(block->live, reg); }

/* ---- Edges ---- */

/* One argument for each register that is live in the target; `item` becomes the value of register `item_reg`. */
static void set_edge(Builder *b, uint32_t s, uint32_t target, uint32_t item_reg, IrNode *item)
{
    Block *to = &b->blocks[target];
    IrNode **args = jit_ir_alloc(b->f->module, (b->registers + 1) * sizeof *args);
    uint32_t n = 0, item_flag = item && has_flag(b, item_reg) ? flag_of(b, item_reg) : UINT32_MAX;
    for (uint32_t reg = 0; reg < b->registers; reg++)
        if (is_live(to, reg))
            args[n++] = reg == item_reg ? item : reg == item_flag ? b->yes : get(b, reg);
    IrBlock *from = b->to;
    if (from->nsucc <= s) from->nsucc = s + 1;
    jit_ir_set_edge(b->f, &from->succ[s], to->ir, n, args);
}

/* Values of the target's live registers must stand before the terminator: `get` may add an undef. Not the item's. */
static void touch(Builder *b, uint32_t target, uint32_t item_reg)
{
    for (uint32_t reg = 0; reg < b->registers; reg++)
        if (reg != item_reg && is_live(&b->blocks[target], reg)) get(b, reg);
}

static void end_jump(Builder *b, uint32_t target, uint32_t i)
{
    touch(b, target, UINT32_MAX);
    emit(b, OP_JUMP, 0, NULL, i);
    set_edge(b, 0, target, UINT32_MAX, NULL);
}

static void end_branch(Builder *b, IrNode *condition, uint32_t yes, uint32_t no, uint32_t i)
{
    touch(b, yes, UINT32_MAX);
    touch(b, no, UINT32_MAX);
    emit1(b, OP_BR, condition, i);
    set_edge(b, 0, yes, UINT32_MAX, NULL);
    set_edge(b, 1, no, UINT32_MAX, NULL);
}

/* ---- Instructions ---- */

static int refuse(Builder *b, uint32_t i, const char *what)
{
    return jit_diag_set(b->diag, REFUSE_SYNTAX, position(b, i), what);
}

static int load_constant(Builder *b, uint32_t reg, Value v, const char *name, uint32_t i)
{
    IrNode *x = constant(b, v, name, i);
    if (!x) return -1;
    set(b, reg, x);
    return 0;
}

static int load_global(Builder *b, const Instruction *at, uint32_t i)
{
    Value name = name_of(b, i);
    Value v = kr_dict_find(b->function->globals, name);
    if (is_empty(v)) v = kr_dict_find(b->function->builtins, name);
    if (is_empty(v)) {
        kr_clear_exception();
        return jit_diag_set(b->diag, REFUSE_NO_SUCH_NAME, position(b, i), text_of(b, name));
    }
    return load_constant(b, at->a, v, text_of(b, name), i);
}

/* Does the function get its free variables as the tuple that is its first parameter? An inner function of a kernel does; one
 * that Python has made has them frozen. */
static bool is_inner(const Builder *b)
{
    return kr_tuple_size(b->code->free_names) && !is_tuple(b->function->closure);
}

/* A variable that an inner function shares is a register like others: the inner function captures its value. */
static int load_cell(Builder *b, const Instruction *at, uint32_t i)
{
    size_t own = kr_tuple_size(b->code->cell_names);
    if (at->c < own || is_inner(b)) {
        set(b, at->a, get(b, at->b));
        return 0;
    }
    Value name = kr_tuple_get(b->code->free_names, at->c - own);
    Value cell =
        is_tuple(b->function->closure) ? kr_tuple_get(b->function->closure, at->c - own) : EMPTY;
    Value v = is_empty(cell) ? EMPTY : ((Cell *)object_of(cell))->value;
    if (is_empty(v))
        return jit_diag_set(b->diag, REFUSE_NO_SUCH_NAME, position(b, i), text_of(b, name));
    return load_constant(b, at->a, v, text_of(b, name), i);
}

/* Numba's own modules are Python's, but for what the table of functions has. */
static bool is_frozen_module(const char *module, const char *attribute)
{
    char full[200];
    snprintf(full, sizeof full, "%.90s.%.90s", module, attribute);
    if (strcmp(module, "numba") == 0 || strncmp(module, "numba.", 6) == 0)
        return !jit_functions_find(full);
    return !jit_functions_is_module(module);
}

/* Attributes of modules that kernels do not know are frozen like globals. */
static int load_attribute(Builder *b, uint32_t reg, IrNode *object, uint32_t i)
{
    Value name = name_of(b, i);
    if (object->op == OP_CONST && object->type && object->type->kind == TK_MODULE &&
        is_frozen_module(object->type->name, text_of(b, name))) {
        Value module = kr_import(object->type->name);
        Value v = is_empty(module) ? EMPTY : kr_getattr(module, name);
        if (is_empty(v)) {
            kr_clear_exception();
            return jit_diag_set(b->diag, REFUSE_NO_SUCH_NAME, position(b, i), text_of(b, name));
        }
        return load_constant(b, reg, v, text_of(b, name), i);
    }
    if (object->op == OP_CONST && object->type && object->type->kind == TK_FUNC && object->imm.ptr) {
        Value v = kr_find_attr(kr_type_value(object->imm.ptr), name);
        if (!is_empty(v)) return load_constant(b, reg, v, text_of(b, name), i);
        kr_clear_exception();
    }
    IrNode *x = emit1(b, OP_PY_GETATTR, object, i);
    x->text = text_of(b, name);
    set(b, reg, x);
    return 0;
}

/* May the variable in this register get another value after instruction `make` captured it? */
static bool changes_after(const Builder *b, uint32_t reg, uint32_t make)
{
    const Code *code = b->code;
    uint32_t low = make; /* the start of the outermost loop around */
    for (uint32_t i = make; i < code->instruction_count; i = next_instruction(code, i)) {
        int64_t target = jump_target(code, i);
        if (kr_opcode_generic[code->instructions[i].op] == BC_JUMP_BACK && target >= 0 && target < low)
            low = (uint32_t)target;
    }
    for (uint32_t i = low; i < code->instruction_count; i = next_instruction(code, i)) {
        const Instruction *at = &code->instructions[i];
        uint16_t op = kr_opcode_generic[at->op];
        if ((op == BC_STORE_CELL || op == BC_DELETE_CELL) && at->a == reg) return true;
    }
    return false;
}

static IrNode *named_constant(Builder *b, TypeKind kind, const char *name, uint32_t i);

static const Instruction *maker_of(const Builder *b, uint32_t reg, uint32_t before, uint16_t op)
{
    for (uint32_t i = before; i-- > 0;) {
        const Instruction *at = &b->code->instructions[i];
        if (kr_opcode_generic[at->op] == op && at->a == reg) return at;
    }
    return NULL;
}

/* The inner function as a Python function whose closure is missing, with constant defaults. */
static Value inner_function(Builder *b, const Instruction *at, uint32_t i)
{
    Code *code = code_of(kr_tuple_get(b->code->constants, (size_t)instruction_imm(at[1])));
    Value made = kr_function_make(code, b->function->globals, b->function->builtins);
    if (is_empty(made) || at->b == 65535) return made;
    const Instruction *defaults = maker_of(b, at->b, i, BC_LOAD_CONST);
    if (defaults) function_of(made)->defaults = kr_tuple_get(b->code->constants, (size_t)instruction_imm(*defaults));
    return made;
}

static int make_function(Builder *b, const Instruction *at, uint32_t i)
{
    Code *code = code_of(kr_tuple_get(b->code->constants, (size_t)instruction_imm(at[1])));
    size_t nfree = kr_tuple_size(code->free_names);
    const Instruction *cells = nfree ? maker_of(b, at->b + 3u, i, BC_BUILD_TUPLE) : NULL;
    for (size_t k = 0; k < nfree; k++)
        if (!cells || changes_after(b, cells->b + (uint32_t)k, i))
            return jit_diag_set(b->diag, REFUSE_CAPTURE, position(b, i),
                                text_of(b, kr_tuple_get(code->free_names, k)));
    if (at->b != 65535 && code->argument_count + code->keyword_only_count &&
        !maker_of(b, at->b, i, BC_LOAD_CONST) && maker_of(b, at->b, i, BC_BUILD_TUPLE) && b->value[at->b] &&
        b->value[at->b]->op == OP_PY_TUPLE)
        return refuse(b, i, "a default that is no constant");
    Value made = inner_function(b, at, i);
    const char *name = is_empty(made) ? NULL : b->host->kernel(b->host->context, made);
    if (!name) {
        kr_clear_exception();
        return refuse(b, i, "an inner function");
    }
    IrNode *x;
    if (nfree) {
        x = emit1(b, OP_PY_CLOSURE, get(b, at->b + 3u), i);
        x->text = name;
    } else {
        x = named_constant(b, TK_FUNC, name, i);
    }
    set(b, at->a, x);
    return 0;
}

static IrNode *call_of(Builder *b, const char *function, uint32_t n, IrNode *const *given, uint32_t i);

static int call(Builder *b, uint32_t reg, uint32_t callee, uint32_t first, uint32_t n, Value names,
                uint32_t i)
{
    IrNode **args = jit_ir_alloc(b->f->module, (n + 1) * sizeof *args);
    args[0] = get(b, callee);
    for (uint32_t k = 0; k < n; k++) args[k + 1] = get(b, first + k);
    IrNode *x = emit(b, OP_PY_CALL, n + 1, args, i);
    if (!is_empty(names)) {
        KrText joined;
        kr_text_init(&joined);
        for (size_t k = 0; k < kr_tuple_size(names); k++) {
            if (k) kr_text_add_char(&joined, ',');
            kr_text_add_str(&joined, kr_tuple_get(names, k));
        }
        x->text = text_of(b, kr_text_finish(&joined));
    }
    set(b, reg, x);
    return 0;
}

/* f(*t): the argument is a tuple whose items become arguments when its type is known. */
static int call_star(Builder *b, const Instruction *at, uint32_t i)
{
    IrNode *named = b->value[at->b + 2u];
    if (named && named->op != OP_UNDEF && !(named->op == OP_PY_DICT && named->n == 0))
        return refuse(b, i, "** in a call");
    IrNode *x = emit2(b, OP_PY_CALL, get(b, at->b), get(b, at->b + 1u), i);
    x->text = "*";
    set(b, at->a, x);
    return 0;
}

/* a, *b, c = t: items and a list of the rest */
static void unpack_star(Builder *b, const Instruction *at, uint32_t i)
{
    uint32_t before = at->c, after = at[1].a;
    IrNode *whole = get(b, at->b), *none = constant(b, NONE, "None", i);
    IrNode *items = call_of(b, "numba._star", 3, (IrNode *[]){whole, int_node(b, before, i), int_node(b, after, i)}, i);
    for (uint32_t k = 0; k < before + after + 1; k++) {
        IrNode *item;
        if (k == before) {
            IrNode *parts[] = {int_node(b, before, i), after ? int_node(b, -(int64_t)after, i) : none, none};
            item = emit2(b, OP_PY_GETITEM, items, emit(b, OP_PY_SLICE, 3, parts, i), i);
            item = call_of(b, "list", 1, &item, i);
        } else {
            int64_t index = k < before ? (int64_t)k : (int64_t)k - (int64_t)(before + after + 1);
            item = emit2(b, OP_PY_GETITEM, items, int_node(b, index, i), i);
        }
        set(b, at->a + k, item);
    }
}

/* `raise E`, `raise E(...)`: the exception's class and arguments in one op. */
static int end_raise(Builder *b, IrNode *x, IrNode *cause, uint32_t i)
{
    bool class = x->op == OP_PY_GETATTR || (x->op == OP_CONST && x->type && x->type->kind == TK_EXC);
    const IrNode *callee = x->op == OP_PY_CALL ? x->args[0] : NULL;
    bool instance = callee && (callee->op == OP_PY_GETATTR || /* of a module: inference refuses what is no exception */
                               (callee->op == OP_CONST && callee->type && callee->type->kind == TK_EXC));
    if (instance) {
        if (x->text) return refuse(b, i, "raise with keyword arguments");
        IrNode **args = jit_ir_alloc(b->f->module, (x->n + 1) * sizeof *args);
        memcpy(args, x->args, x->n * sizeof *args);
        args[x->n] = cause;
        IrNode *r = emit(b, OP_PY_RAISE, x->n + (cause != NULL), args, i);
        r->imm.i = cause != NULL;
        jit_ir_unlink(x);
    } else if (class) {
        IrNode *args[] = {x, cause};
        emit(b, OP_PY_RAISE, cause ? 2 : 1, args, i)->imm.i = cause != NULL;
    } else if (!cause) {
        emit1(b, OP_PY_RERAISE, x, i); /* a caught one; inference refuses anything else */
    } else {
        return jit_diag_set(b->diag, REFUSE_RAISE, position(b, i), "this");
    }
    return 0;
}

/* A display over n registers. */
static void display(Builder *b, IrOp op, const Instruction *at, uint32_t n, uint32_t i)
{
    IrNode **items = jit_ir_alloc(b->f->module, (n + 1) * sizeof *items);
    for (uint32_t k = 0; k < n; k++) items[k] = get(b, at->b + k);
    set(b, at->a, emit(b, op, n, items, i));
}

/* object.name(argument) as a statement */
static void method(Builder *b, uint32_t object, const char *name, uint32_t argument, uint32_t i)
{
    IrNode *callee = emit1(b, OP_PY_GETATTR, get(b, object), i);
    callee->text = name;
    emit2(b, OP_PY_CALL, callee, get(b, argument), i);
}

/* [1, 2, 3] is an empty list that a constant tuple extends at once: one display for us, which may be none (displays.c). */
static bool is_display(Builder *b, IrOp op, const Instruction *at, uint32_t i)
{
    IrNode *made = get(b, at->a), *items = get(b, at->b);
    if (made->op != op || made->n || items->op != OP_PY_TUPLE) return false;
    for (const IrNode *x = made->next; x; x = x->next)
        if (x->op != OP_CONST && x->op != OP_PY_TUPLE) return false;
    if (!made->exit) jit_ir_unlink(made);
    set(b, at->a, emit(b, op, items->n, items->args, i));
    return true;
}

static IrNode *named_constant(Builder *b, TypeKind kind, const char *name, uint32_t i);

static IrNode *call_of(Builder *b, const char *function, uint32_t n, IrNode *const *given, uint32_t i)
{
    IrNode *args[4] = {named_constant(b, TK_FUNC, function, i)};
    for (uint32_t k = 0; k < n && k < 3; k++) args[k + 1] = given[k];
    return emit(b, OP_PY_CALL, n + 1, args, i);
}

/* {value!r:spec} of an f-string */
static void format_value(Builder *b, const Instruction *at, uint32_t i)
{
    IrNode *v = get(b, at->b);
    if (at->c) v = call_of(b, at->c == 's' ? "str" : "repr", 1, &v, i);
    IrNode *args[] = {v, at[1].a == 65535 ? NULL : get(b, at[1].a)};
    set(b, at->a, call_of(b, "format", at[1].a == 65535 ? 1 : 2, args, i));
}

static IrNode *named_constant(Builder *b, TypeKind kind, const char *name, uint32_t i)
{
    IrNode *x = emit(b, OP_CONST, 0, NULL, i);
    x->type = jit_type_named(kind, name, strlen(name));
    return x;
}

/* Goes on in a new block where the variable has a value; raises where it has none. */
static void check_bound(Builder *b, uint32_t reg, uint32_t i)
{
    if (!has_flag(b, reg) || b->value[flag_of(b, reg)] == b->yes) return;
    IrBlock *from = b->to, *with = jit_ir_block_new(b->f), *without = jit_ir_block_new(b->f);
    emit1(b, OP_BR, emit1(b, OP_PY_TRUTH, get(b, flag_of(b, reg)), i), i);
    from->nsucc = 2;
    jit_ir_set_edge(b->f, &from->succ[0], with, 0, NULL);
    jit_ir_set_edge(b->f, &from->succ[1], without, 0, NULL);
    b->to = without;
    char text[200];
    snprintf(text, sizeof text,
             "cannot access local variable '%.100s' where it is not associated with a value",
             variable_name(b, reg));
    IrNode *class = named_constant(b, TK_EXC, "UnboundLocalError", i);
    emit2(b, OP_PY_RAISE, class, named_constant(b, TK_STR, text, i), i);
    b->to = with;
    b->value[flag_of(b, reg)] = b->yes;
}

static IrOperator operator_of(uint16_t op)
{
    switch (op) {
    case BC_ADD:
    case BC_INPLACE_ADD:
    case BC_ADD_IMM:
    case BC_INPLACE_ADD_IMM: return OPER_ADD;
    case BC_SUB:
    case BC_INPLACE_SUB:
    case BC_SUB_IMM:
    case BC_INPLACE_SUB_IMM: return OPER_SUB;
    case BC_MUL:
    case BC_INPLACE_MUL:
    case BC_MUL_IMM: return OPER_MUL;
    case BC_MATMUL:
    case BC_INPLACE_MATMUL: return OPER_MATMUL;
    case BC_TRUEDIV:
    case BC_INPLACE_TRUEDIV: return OPER_TRUEDIV;
    case BC_FLOORDIV:
    case BC_INPLACE_FLOORDIV:
    case BC_FLOORDIV_IMM: return OPER_FLOORDIV;
    case BC_MOD:
    case BC_INPLACE_MOD:
    case BC_MOD_IMM: return OPER_MOD;
    case BC_POW:
    case BC_INPLACE_POW:
    case BC_POW_IMM: return OPER_POW;
    case BC_LSHIFT:
    case BC_INPLACE_LSHIFT:
    case BC_LSHIFT_IMM: return OPER_LSHIFT;
    case BC_RSHIFT:
    case BC_INPLACE_RSHIFT:
    case BC_RSHIFT_IMM: return OPER_RSHIFT;
    case BC_AND:
    case BC_INPLACE_AND:
    case BC_AND_IMM: return OPER_AND;
    case BC_XOR:
    case BC_INPLACE_XOR: return OPER_XOR;
    case BC_OR:
    case BC_INPLACE_OR: return OPER_OR;
    case BC_LT:
    case BC_LT_IMM: return OPER_LT;
    case BC_LE:
    case BC_LE_IMM: return OPER_LE;
    case BC_EQ:
    case BC_EQ_IMM: return OPER_EQ;
    case BC_NE:
    case BC_NE_IMM: return OPER_NE;
    case BC_GT:
    case BC_GT_IMM: return OPER_GT;
    case BC_GE:
    case BC_GE_IMM: return OPER_GE;
    case BC_NEGATIVE: return OPER_NEG;
    case BC_POSITIVE: return OPER_POS;
    case BC_INVERT: return OPER_INVERT;
    case BC_NOT: return OPER_NOT;
    default: return OPER_COUNT;
    }
}

/* Operators, all of them: 1 done, 0 it is none. */
static int translate_operator(Builder *b, const Instruction *at, uint16_t op, uint32_t i)
{
    IrOperator oper = operator_of(op);
    if (oper == OPER_COUNT) return 0;
    const char *format = kr_opcode_operands[op];
    IrNode *x;
    if (oper >= OPER_NEG && oper <= OPER_NOT) {
        x = emit1(b, OP_PY_UNARY, get(b, at->b), i);
    } else {
        IrNode *left = get(b, at->b),
               *right = format[2] == 'i' ? int_node(b, (int16_t)at->c, i) : get(b, at->c);
        bool inplace = (op >= BC_INPLACE_ADD && op <= BC_INPLACE_OR) || op == BC_INPLACE_ADD_IMM ||
                       op == BC_INPLACE_SUB_IMM;
        x = emit2(b,
                  oper >= OPER_EQ ? OP_PY_COMPARE
                  : inplace       ? OP_PY_INPLACE
                                  : OP_PY_BINARY,
                  left, right, i);
    }
    x->sub = (uint8_t)oper;
    set(b, at->a, x);
    return 1;
}

static const char *unsupported(uint16_t op)
{
    switch (op) {
    case BC_YIELD_FROM:
    case BC_GET_YIELD_FROM_ITER: return "yield from";
    case BC_DELETE_CELL: return "deleting a variable that an inner function shares";
    case BC_IMPORT_NAME:
    case BC_IMPORT_FROM:
    case BC_IMPORT_STAR: return "an import";
    case BC_ENTER_WITH:
    case BC_EXIT_WITH: return "a with statement";
    case BC_ENTER_HANDLER:
    case BC_EXIT_HANDLER:
    case BC_MATCH_EXCEPTION:
    case BC_RERAISE:
    case BC_RAISE_AGAIN: return "a try statement";
    case BC_CALL_EX:
    case BC_DICT_MERGE: return "a call with * or **";
    case BC_STORE_GLOBAL:
    case BC_DELETE_GLOBAL: return "assignment to a global";
    case BC_LOAD_BUILD_CLASS: return "a class";
    case BC_UNPACK_STAR: return "a starred target";
    case BC_DELETE_ITEM:
    case BC_DELETE_ATTR: return "del";
    default: return "this statement";
    }
}

/* Is the list in this register only there to become a tuple, as in (*a, 1, *b)? `at` is one of the instructions that fill it. */
static bool becomes_tuple(const Builder *b, uint32_t reg, uint32_t at)
{
    for (uint32_t i = at; i < b->code->instruction_count; i = next_instruction(b->code, i)) {
        const Instruction *x = &b->code->instructions[i];
        uint16_t op = kr_opcode_generic[x->op];
        if (op == BC_LIST_TO_TUPLE && x->b == reg) return true;
        if ((op == BC_BUILD_LIST && x->a == reg && i != at) || op == BC_RETURN) return false;
    }
    return false;
}

/* Such a list is a tuple from the start, to which tuples are added. */
static void add_to_tuple(Builder *b, const Instruction *at, bool one, uint32_t i)
{
    IrNode *more = get(b, at->b);
    if (one) more = emit1(b, OP_PY_TUPLE, more, i);
    IrNode *sum = emit2(b, OP_PY_BINARY, get(b, at->a), more, i);
    sum->sub = OPER_ADD;
    b->value[at->a] = sum;
}

/* One instruction that ends no block: 0, -1 refused. */
static bool is_free_register(const Builder *b, uint32_t reg);

static int translate(Builder *b, uint32_t i)
{
    const Instruction *at = &b->code->instructions[i];
    uint16_t op = kr_opcode_generic[at->op];
    IrNode *args[3];
    switch (op) {
    case BC_NOP: return 0;
    case BC_CHECK_BOUND: check_bound(b, at->a, i); return 0;
    case BC_UNBIND:
        b->value[at->a] = NULL;
        if (has_flag(b, at->a)) b->value[flag_of(b, at->a)] = b->no;
        return 0;
    case BC_MOVE:
        b->value[at->a] = get(b, at->b);
        set(b, at->a, b->value[at->a]);
        return 0;
    case BC_LOAD_CONST:
        return load_constant(b, at->a,
                             kr_tuple_get(b->code->constants, (size_t)instruction_imm(*at)),
                             "this constant", i);
    case BC_LOAD_INT: set(b, at->a, int_node(b, instruction_imm(*at), i)); return 0;
    case BC_LOAD_IMMEDIATE: return load_constant(b, at->a, (Value){at->b}, "this constant", i);
    case BC_LOAD_GLOBAL: return load_global(b, at, i);
    case BC_LOAD_CELL: return load_cell(b, at, i);
    case BC_LOAD_ASSERTION_ERROR:
        return load_constant(b, at->a, kr_type_value(kr_AssertionError), "AssertionError", i);
    case BC_LOAD_ATTR:
    case BC_LOAD_METHOD: return load_attribute(b, at->a, get(b, at->b), i);
    case BC_STORE_ATTR:
        emit2(b, OP_PY_SETATTR, get(b, at->a), get(b, at->b), i)->text = text_of(b, name_of(b, i));
        return 0;
    case BC_GET_ITEM:
        set(b, at->a, emit2(b, OP_PY_GETITEM, get(b, at->b), get(b, at->c), i));
        return 0;
    case BC_SET_ITEM:
        args[0] = get(b, at->a), args[1] = get(b, at->b), args[2] = get(b, at->c);
        emit(b, OP_PY_SETITEM, 3, args, i);
        return 0;
    case BC_BUILD_SLICE:
        for (uint32_t k = 0; k < 3; k++) args[k] = get(b, at->b + k);
        set(b, at->a, emit(b, OP_PY_SLICE, 3, args, i));
        return 0;
    case BC_BUILD_TUPLE: display(b, OP_PY_TUPLE, at, at->c, i); return 0;
    case BC_BUILD_LIST: display(b, becomes_tuple(b, at->a, i) ? OP_PY_TUPLE : OP_PY_LIST, at, at->c, i); return 0;
    case BC_LIST_TO_TUPLE: set(b, at->a, get(b, at->b)); return 0;
    case BC_BUILD_SET: display(b, OP_PY_SET, at, at->c, i); return 0;
    case BC_BUILD_MAP: display(b, OP_PY_DICT, at, 2u * at->c, i); return 0;
    case BC_LIST_APPEND:
    case BC_LIST_EXTEND: {
        bool one = op == BC_LIST_APPEND;
        if (becomes_tuple(b, at->a, i))
            add_to_tuple(b, at, one, i);
        else if (one || !is_display(b, OP_PY_LIST, at, i))
            method(b, at->a, one ? "append" : "extend", at->b, i);
        return 0;
    }
    case BC_SET_ADD: method(b, at->a, "add", at->b, i); return 0;
    case BC_SET_UPDATE:
        if (!is_display(b, OP_PY_SET, at, i)) method(b, at->a, "update", at->b, i);
        return 0;
    case BC_DICT_UPDATE: method(b, at->a, "update", at->b, i); return 0;
    case BC_DELETE_ITEM: method(b, at->a, "__delitem__", at->b, i); return 0;
    case BC_MATCH_SEQUENCE: {
        IrNode *kinds[] = {named_constant(b, TK_FUNC, "tuple", i), named_constant(b, TK_FUNC, "list", i)};
        IrNode *given[] = {get(b, at->b), emit(b, OP_PY_TUPLE, 2, kinds, i)};
        set(b, at->a, call_of(b, "isinstance", 2, given, i));
        return 0;
    }
    case BC_GET_LENGTH: {
        IrNode *whole = get(b, at->b);
        set(b, at->a, call_of(b, "len", 1, &whole, i));
        return 0;
    }
    case BC_MAKE_CELL: return 0;
    case BC_STORE_CELL:
        if (is_inner(b) && is_free_register(b, at->a)) return refuse(b, i, "nonlocal");
        set(b, at->a, get(b, at->b));
        return 0;
    case BC_MAKE_FUNCTION: return make_function(b, at, i);
    case BC_FORMAT_VALUE: format_value(b, at, i); return 0;
    case BC_BUILD_STRING: {
        IrNode *whole = get(b, at->b);
        for (uint32_t k = 1; k < at->c; k++) {
            whole = emit2(b, OP_PY_BINARY, whole, get(b, at->b + k), i);
            whole->sub = OPER_ADD;
        }
        set(b, at->a, whole);
        return 0;
    }
    case BC_MAP_SET:
        args[0] = get(b, at->a), args[1] = get(b, at->b), args[2] = get(b, at->c);
        emit(b, OP_PY_SETITEM, 3, args, i);
        return 0;
    case BC_IS: set(b, at->a, emit2(b, OP_PY_IS, get(b, at->b), get(b, at->c), i)); return 0;
    case BC_IS_NOT: set(b, at->a, emit2(b, OP_PY_ISNOT, get(b, at->b), get(b, at->c), i)); return 0;
    case BC_IN: set(b, at->a, emit2(b, OP_PY_IN, get(b, at->b), get(b, at->c), i)); return 0;
    case BC_NOT_IN: {
        IrNode *x = emit1(b, OP_PY_UNARY, emit2(b, OP_PY_IN, get(b, at->b), get(b, at->c), i), i);
        x->sub = OPER_NOT;
        set(b, at->a, x);
        return 0;
    }
    case BC_ENTER_HANDLER: {
        IrNode *outer = get(b, handled(b));
        b->value[handled(b)] = get(b, at->a);
        set(b, at->b, outer);
        return 0;
    }
    case BC_EXIT_HANDLER: b->value[handled(b)] = get(b, at->b); return 0;
    case BC_MATCH_EXCEPTION:
        set(b, at->a, emit2(b, OP_PY_MATCH, get(b, at->b), get(b, at->c), i));
        return 0;
    case BC_GET_ITER: set(b, at->a, emit1(b, OP_PY_ITER, get(b, at->b), i)); return 0;
    case BC_UNPACK: {
        IrNode *whole = emit1(b, OP_PY_UNPACK, get(b, at->b), i);
        whole->imm.i = at->c;
        for (uint32_t k = 0; k < at->c; k++) {
            IrNode *item = emit1(b, OP_PY_ITEM, whole, i);
            item->imm.i = k;
            set(b, at->a + k, item);
        }
        return 0;
    }
    case BC_YIELD:
        if (b->guard) return refuse(b, i, "yield inside try");
        set(b, at->a, emit1(b, OP_PY_YIELD, get(b, at->b), i));
        return 0;
    case BC_CALL_EX: return call_star(b, at, i);
    case BC_UNPACK_STAR: unpack_star(b, at, i); return 0;
    case BC_CALL: return call(b, at->a, at->b, at->b + 1u, at->c, EMPTY, i);
    case BC_CALL_METHOD: return call(b, at->a, at->b, at->b + 2u, at->c, EMPTY, i);
    case BC_CALL_KW:
        return call(b, at->a, at->b, at->b + 1u, at->c,
                    kr_tuple_get(b->code->constants, (size_t)instruction_imm(at[1])), i);
    case BC_CALL_METHOD_KW:
        return call(b, at->a, at->b, at->b + 2u, at->c,
                    kr_tuple_get(b->code->constants, (size_t)instruction_imm(at[1])), i);
    default: return translate_operator(b, at, op, i) ? 0 : refuse(b, i, unsupported(op));
    }
}

/* The instruction that ends a block, or the fall into the next one. */
static int end_block(Builder *b, const Block *block, uint32_t i)
{
    const Instruction *at = &b->code->instructions[i];
    switch (kr_opcode_generic[at->op]) {
    case BC_JUMP:
    case BC_JUMP_BACK: end_jump(b, block->succ[0], i); return 0;
    case BC_JUMP_IF_TRUE:
        end_branch(b, emit1(b, OP_PY_TRUTH, get(b, at->a), i), block->succ[1], block->succ[0], i);
        return 0;
    case BC_JUMP_IF_FALSE:
        end_branch(b, emit1(b, OP_PY_TRUTH, get(b, at->a), i), block->succ[0], block->succ[1], i);
        return 0;
    case BC_JUMP_IF_NONE:
    case BC_JUMP_IF_NOT_NONE: {
        bool jumps_if_none = kr_opcode_generic[at->op] == BC_JUMP_IF_NONE;
        IrNode *is = emit2(b, OP_PY_IS, get(b, at->a), constant(b, NONE, "None", i), i);
        IrNode *condition = emit1(b, OP_PY_TRUTH, is, i);
        end_branch(b, condition, block->succ[jumps_if_none], block->succ[!jumps_if_none], i);
        return 0;
    }
    case BC_FOR_ITER: {
        touch(b, block->succ[0], at->a);
        touch(b, block->succ[1], UINT32_MAX);
        IrNode *next = emit1(b, OP_PY_NEXT, get(b, at->b), i);
        next->name = variable_name(b, at->a);
        set_edge(b, 0, block->succ[0], at->a, next);
        set_edge(b, 1, block->succ[1], UINT32_MAX, NULL);
        return 0;
    }
    case BC_RETURN: emit1(b, OP_RET, get(b, at->a), i); return 0;
    case BC_RAISE:
        return end_raise(b, get(b, at->a), at->b == 65535 ? NULL : get(b, at->b), i);
    case BC_RAISE_AGAIN: emit1(b, OP_PY_RERAISE, get(b, handled(b)), i); return 0;
    case BC_RERAISE: emit1(b, OP_PY_RERAISE, get(b, at->a), i); return 0;
    default: return refuse(b, i, unsupported(kr_opcode_generic[at->op]));
    }
}

/* Notes what the registers of the handler hold should the next instruction raise. */
static void guard_instruction(Builder *b, const Block *block)
{
    b->guard = NULL;
    if (!block->guard) return;
    const Block *handler = &b->blocks[b->block_at[block->guard->handler]];
    uint32_t n = 0;
    b->landing = jit_ir_alloc(b->f->module, (b->registers + 1) * sizeof *b->landing);
    for (uint32_t reg = 0; reg < b->registers; reg++)
        if (is_live(handler, reg)) b->landing[n++] = get(b, reg);
    b->nlanding = n;
    b->guard = block->guard;
}

static int fill_block(Builder *b, Block *block)
{
    b->guard = NULL;
    memset(b->value, 0, b->registers * sizeof *b->value);
    b->to = block->ir;
    uint32_t n = 0;
    for (uint32_t reg = 0; reg < b->registers; reg++)
        if (is_live(block, reg)) b->value[reg] = block->ir->params[n++];
    if (block->handles) set(b, block->handles->target, emit(b, OP_PY_CATCH, 0, NULL, block->begin));
    uint32_t last = last_of(b, block);
    for (uint32_t i = block->begin; i < last; i = next_instruction(b->code, i)) {
        guard_instruction(b, block);
        if (translate(b, i) < 0) return -1;
    }
    guard_instruction(b, block);
    if (ends_block(kr_opcode_generic[b->code->instructions[last].op]))
        return end_block(b, block, last);
    if (translate(b, last) < 0) return -1;
    end_jump(b, block->succ[0], last);
    return 0;
}

/* ---- The function ---- */

static int check_function(Builder *b)
{
    const Code *code = b->code;
    int32_t line = (int32_t)(code->first_line + (b->index << JIT_POS_SHIFT));
    IrPos pos = {line, 0, line, 0};
    if (code->flags & (CODE_COROUTINE | CODE_ASYNC_GENERATOR))
        return jit_diag_set(b->diag, REFUSE_SYNTAX, pos, "a coroutine");
    b->f->generator = (code->flags & CODE_GENERATOR) != 0;
    if (code->flags & CODE_VARKEYWORDS)
        return jit_diag_set(b->diag, REFUSE_SYNTAX, pos, "a ** parameter");
    return 0;
}

/* The default of parameter k as the function holds it, or EMPTY. */
static Value default_of(const Builder *b, uint32_t k, uint32_t positional)
{
    Value values = b->function->defaults;
    if (k >= positional)
        return kr_is_dict(b->function->kwdefaults)
                   ? kr_dict_find(b->function->kwdefaults, kr_tuple_get(b->code->variables, k))
                   : EMPTY;
    size_t n = is_tuple(values) ? kr_tuple_size(values) : 0;
    return k + n >= positional && n ? kr_tuple_get(values, k + n - positional) : EMPTY;
}

/* What calls of this kernel bind to. A default that is no plain constant counts as missing. */
static void make_signature(Builder *b, uint32_t n)
{
    const Code *code = b->code;
    uint32_t first = is_inner(b); /* the captured variables come before */
    b->f->keyword_only = code->keyword_only_count;
    b->f->rest = (code->flags & CODE_VARARGS) != 0;
    b->f->defaults = jit_ir_alloc(b->f->module, (n + 2) * sizeof *b->f->defaults);
    for (uint32_t k = 0; k < n - b->f->rest; k++) {
        JitDiag ignored = {0};
        IrPos pos = position(b, 0);
        Value v = default_of(b, k, code->argument_count);
        if (is_empty(v) || is_tuple(v)) continue;
        IrNode *x = jit_build_constant(b->f, b->to, v, "the default", pos, b->host, &ignored);
        if (!x || x->op != OP_CONST) continue;
        jit_ir_unlink(x);
        x->block = NULL;
        b->f->defaults[first + k] = x;
    }
}

static uint32_t free_register(const Builder *b, size_t k);

static bool is_free_register(const Builder *b, uint32_t reg)
{
    for (size_t k = 0; k < kr_tuple_size(b->code->free_names); k++)
        if (free_register(b, k) == reg) return true;
    return false;
}

/* Where the interpreter puts the cell of a free variable. */
static uint32_t free_register(const Builder *b, size_t k)
{
    return b->code->free_register + (uint32_t)k;
}

/* The entry: the function's parameters, and nothing in all other registers. */
static void make_entry(Builder *b)
{
    const Code *code = b->code;
    IrBlock *entry = jit_ir_block_new(b->f);
    uint32_t n =
        code->argument_count + code->keyword_only_count + ((code->flags & CODE_VARARGS) != 0);
    b->to = entry;
    for (uint32_t k = 0; k < 2; k++) {
        IrNode *x = emit(b, OP_CONST, 0, NULL, 0);
        x->type = jit_type_simple(TK_BOOL);
        x->imm.i = k;
        *(k ? &b->yes : &b->no) = x;
    }
    for (uint32_t reg = 0; reg < b->local_count; reg++)
        if (has_flag(b, reg)) b->value[flag_of(b, reg)] = reg < n ? b->yes : b->no;
    if (is_inner(b)) {
        IrNode *captured = jit_ir_param_new(b->f, entry, M_VOID, NULL);
        for (uint32_t k = 0; k < kr_tuple_size(code->free_names); k++) {
            IrNode *item = emit1(b, OP_PY_ITEM, captured, 0);
            item->imm.i = k;
            item->name = text_of(b, kr_tuple_get(code->free_names, k));
            b->value[free_register(b, k)] = item;
        }
    }
    for (uint32_t reg = 0; reg < n; reg++) {
        IrNode *x = jit_ir_param_new(b->f, entry, M_VOID, NULL);
        x->name = variable_name(b, reg);
        bool iterator = x->name && x->name[0] == '.'; /* of a generator expression */
        b->value[reg] = iterator ? emit1(b, OP_PY_ITER, x, 0) : x;
    }
    for (uint32_t k = 0; k < b->nblocks; k++) {
        Block *block = &b->blocks[k];
        if (!block->reached) continue;
        block->ir = jit_ir_block_new(b->f);
        for (uint32_t reg = 0; reg < b->registers; reg++)
            if (is_live(block, reg))
                jit_ir_param_new(b->f, block->ir, M_VOID, NULL)->name = variable_name(b, reg);
    }
    make_signature(b, n);
    end_jump(b, 0, 0);
}

static void find_checked(Builder *b)
{
    b->local_count = (uint32_t)kr_tuple_size(b->code->variables);
    b->registers = b->code->register_count + b->local_count + 1;
    b->words = b->registers / 64 + 1;
    b->checked = jit_ir_alloc(b->f->module, b->words * 8);
    for (uint32_t i = 0; i < b->code->instruction_count; i = next_instruction(b->code, i)) {
        const Instruction *at = &b->code->instructions[i];
        if (kr_opcode_generic[at->op] == BC_CHECK_BOUND) add_to_set(b->checked, at->a);
    }
}

IrFunc *jit_build_function(IrModule *m, const char *name, Value function, uint32_t index,
                           const JitBuildHost *host, JitDiag *diag)
{
    Function *source = function_of(function);
    Builder b = {
        .code = source->code, .function = source, .index = index, .host = host, .diag = diag};
    b.f = jit_ir_func_new(m, name);
    if (check_function(&b) < 0) return NULL;
    find_checked(&b);
    b.value = jit_ir_alloc(m, (b.registers + 4) * sizeof *b.value);
    find_blocks(&b);
    find_successors(&b);
    find_live(&b);
    make_entry(&b);
    for (uint32_t k = 0; k < b.nblocks; k++)
        if (b.blocks[k].reached && fill_block(&b, &b.blocks[k]) < 0) return NULL;
    jit_cfg_analyze(b.f);
    while (jit_cfg_simplify_params(b.f)) jit_ir_resolve(b.f);
    jit_ir_resolve(b.f);
    jit_ir_number(b.f);
    jit_build_displays(b.f);
    return b.f;
}
