/* compiler.h: what the files of the code generator share.
 *
 * A Unit is one code object under construction: a list of Ins (instructions with symbolic jump
 * targets), labels, guards, constants and names. Code generation is one walk over the tree;
 * peephole.c then works on the list, and assemble.c makes the Code.
 *
 * Registers. Parameters, locals, cells and free variables come first; `first_temp` on are
 * temporaries, a stack: `top` is the next free one. kr_gen_expr(u, e, want) evaluates e into
 * register `want`, or with ANYWHERE into a register of its choice: a local variable's own, else
 * a fresh temporary. Whoever asks resets `top` when done with the result.
 *   - `want` is written by the last instruction only when it is a variable: an exception or a
 *     read of the variable on the way sees its old value.
 *   - A result in a variable's own register may be rebound by a later operand that holds a walrus:
 *     kr_gen_operand() copies it where that can happen.
 *
 * Dead code. After a jump that always goes, u->dead is set and emission does nothing until a
 * label that was jumped to is placed. The walk goes on, for the sake of errors.
 *
 * Bound variables. u->assigned has a bit for every variable that is certainly bound here; labels
 * hold the intersection over the jumps to them. At the head of a loop and of a handler,
 * variables that anything in the function unbinds lose their bit, the others keep it: that makes
 * one pass enough. A read of an uncertain variable emits CHECK_BOUND.
 *
 * Guards. Every instruction records the guard (handler) it runs under; assemble.c makes the
 * ranges.
 *
 * Errors. The first one is recorded and generation goes on; kr_compile returns NULL at its end. */
#ifndef RUNTIME_COMPILE_COMPILER_H
#define RUNTIME_COMPILE_COMPILER_H

#include "runtime/compile/compile.h"
#include "runtime/compile/fold.h"
#include "runtime/compile/scopes.h"
#include "runtime/vm/opcodes.h"

typedef uint16_t Reg;
enum { ANYWHERE = 65535, MAX_REGISTERS = 65000 };

typedef struct Ins {
    uint16_t op, a, b, c;
    uint32_t label; /* jump target, or 0 */
    uint16_t guard; /* index into u->guards; 0: none */
    uint16_t flags; /* INS_... */
    Position at;
} Ins;
enum {
    INS_TARGET = 1 /* something jumps here */,
    INS_DELETED = 2,
    INS_RETURN_NONE = 4 /* of a JUMP: see peephole.c */
};

typedef struct Label {
    int32_t at;         /* index of the instruction it stands before; -1 not placed */
    bool used;          /* jumped to, or the handler of a guard that covers something */
    uint64_t *assigned; /* NULL: nothing jumped here yet */
} Label;

typedef struct GuardContext {
    uint32_t handler; /* label */
    uint16_t target;
    uint64_t *assigned; /* what is bound where the guard begins */
} GuardContext;

typedef enum BlockKind {
    BLOCK_LOOP,
    BLOCK_TRY,         /* the body of a try with handlers: nothing to undo */
    BLOCK_FINALLY,     /* the body of a try with finally: its finalbody runs on the way out */
    BLOCK_HANDLER,     /* inside an except clause: `saved` is restored, `name` unbound */
    BLOCK_FINALLY_END, /* inside a finally reached by an exception */
    BLOCK_WITH,
    BLOCK_ASYNC_WITH,
    BLOCK_STAR_HANDLER, /* inside except*: cannot be left by return, break, continue */
    BLOCK_FINALLY_BODY  /* inside a finally reached normally */
} BlockKind;

/* What surrounds the statement being generated; on the C stack. */
typedef struct Block {
    struct Block *outer;
    BlockKind kind;
    uint16_t guard; /* the guard in force outside */
    Reg saved;      /* handlers: the register of the exception handled before */
    Reg exception;  /* handlers: that of the one being handled */
    Reg manager;    /* with: the bound __exit__ */
    uint32_t break_label, continue_label;
    StmtSeq *finalbody;
    Identifier *name;
    const void *node; /* whose position clean-up code gets */
} Block;

/* Names of an inlined scope that is entered, innermost first; on the C stack. */
typedef struct Overlay {
    struct Overlay *outer;
    Scope *scope;
} Overlay;

typedef enum UnitKind {
    UNIT_MODULE,
    UNIT_CLASS,
    UNIT_FUNCTION,
    UNIT_LAMBDA,
    UNIT_COMPREHENSION
} UnitKind;

typedef struct IndexTable { /* pointer or value bits -> index, open addressing */
    uint64_t *keys;
    uint32_t *values;
    uint32_t count, capacity;
} IndexTable;

typedef struct Compiler Compiler;
typedef struct Unit Unit;
struct Unit {
    Compiler *c;
    Unit *parent;
    Scope *scope;
    UnitKind kind;
    bool is_async, is_generator, nested_in_class;
    bool dead;
    Identifier *private;
    Value name, qualname, docstring;
    uint32_t flags, first_line;
    uint32_t argument_count, positional_only_count, keyword_only_count;

    Ins *ins;
    uint32_t count, capacity;
    Label *labels; /* 0 is unused */
    uint32_t label_count, label_capacity;
    GuardContext *guards; /* 0 is unused */
    uint32_t guard_count, guard_capacity;
    uint16_t guard;

    Value *constants, *names;
    uint32_t constant_count, constant_capacity, name_count, name_capacity;
    IndexTable constant_index, name_index;

    Symbol **variables, **cells,
        **frees; /* in register order; cells: parameters that are cells included */
    uint32_t variable_count, cell_count, free_count;
    Reg first_temp, free_register;
    uint32_t top, max;
    uint64_t *assigned, *unbindable;
    uint32_t words; /* of the two bit sets */

    Block *block;
    uint32_t block_depth;
    Overlay *overlay;
    Position at;
};

struct Compiler {
    Arena *arena;
    Mod *mod;
    Value filename;
    int optimize, flags;
    bool future_annotations;
    int32_t future_line; /* of the last import from __future__ at the top */
    bool interactive;    /* mode `single`: expressions are printed */
    SyntaxError *error;
    bool failed;
    uint32_t depth;
    Constants constants;
    Scopes scopes;
    Identifier *name_annotations, *name_module, *name_qualname, *name_doc, *name_dunder_name,
        *name_classcell, *name_return, *name_init, *name_type_params_dunder;
    Identifier **marked; /* identifiers whose mark holds their str, to be cleared */
    uint32_t marked_count, marked_capacity;
};

/* ---- unit.c: emission ---- */
Unit *kr_unit_new(Compiler *c, Unit *parent, Scope *scope, UnitKind kind, Identifier *name);
void kr_unit_error(Unit *u, const void *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void kr_unit_raised(
    Compiler *c); /* a runtime function failed: its exception ends the compilation */
int kr_unit_warn(Unit *u, const void *node, KrType *category, const char *format, ...);

static inline void gen_at(Unit *u, const void *node)
{
    const Node *n = node;
    u->at = (Position){
        (uint32_t)n->lineno, (uint32_t)n->end_lineno,
        n->col_offset < 0 || n->col_offset > 65534 ? 65535 : (uint16_t)n->col_offset,
        n->end_col_offset < 0 || n->end_col_offset > 65534 ? 65535 : (uint16_t)n->end_col_offset};
}
#define NO_POSITION ((Position){0, 0, 65535, 65535})

void kr_unit_emit(Unit *u, uint16_t op, uint16_t a, uint16_t b, uint16_t c);
void kr_unit_emit_imm(Unit *u, uint16_t op, uint16_t a, int32_t bc); /* b|c as one immediate */
void kr_unit_emit_extra(Unit *u, uint16_t a, int32_t bc);
void kr_unit_emit_name(Unit *u, uint16_t op, uint16_t a, uint16_t b,
                       Identifier *name); /* with its EXTRA */
void kr_unit_emit_jump(Unit *u, uint16_t op, uint16_t a, uint32_t label);
void kr_unit_skip(Unit *u, uint32_t label);      /* a jump that no line of the source stands for */
void kr_unit_note_jump(Unit *u, uint32_t label); /* an EXTRA jumps there */
uint32_t kr_unit_label(Unit *u);
void kr_unit_place(Unit *u, uint32_t label);      /* forward label */
void kr_unit_place_head(Unit *u, uint32_t label); /* of a loop */
/* A new guard in force from here: exceptions go to `handler` with the exception in `target`. */
uint16_t kr_unit_guard(Unit *u, uint32_t handler, Reg target);
void kr_unit_place_handler(Unit *u, uint16_t guard, uint32_t label);
Reg kr_unit_push(Unit *u);
Reg kr_unit_push_n(Unit *u, uint32_t n);
static inline bool is_temporary(const Unit *u, Reg r) { return r >= u->first_temp; }
void kr_unit_assign(Unit *u, Reg r); /* r is certainly bound from here on */
void kr_unit_unassign(Unit *u, Reg r);
bool kr_unit_is_assigned(const Unit *u, Reg r);
uint32_t kr_unit_constant(Unit *u, Value v);
uint32_t kr_unit_name(Unit *u, Identifier *name);
Value kr_unit_str(Compiler *c, Identifier *name); /* interned */
void kr_unit_push_block(Unit *u, Block *block, BlockKind kind, const void *node);
void kr_unit_pop_block(Unit *u, Block *block);
bool kr_unit_enter(Unit *u); /* recursion over the tree: false when too deep */
static inline void unit_leave(Unit *u) { u->c->depth--; }

/* ---- assemble.c, peephole.c ---- */
void kr_peephole_run(Unit *u);
Value kr_assemble(Unit *u); /* the Code as a value; EMPTY raised */

/* ---- codegen_names.c ---- */
Identifier *kr_gen_mangle(Unit *u, Identifier *name);
Reg kr_gen_load_name(Unit *u, Identifier *name, Reg want);
void kr_gen_store_name(Unit *u, Identifier *name, Reg value);
void kr_gen_delete_name(Unit *u, Identifier *name);
/* The register of a plain local variable, or NO_REGISTER. */
Reg kr_gen_local_register(Unit *u, Identifier *name);
bool kr_gen_is_walrus_variable(Unit *u, Reg r);
/* The register that holds the Cell of a name which `scope`, nested in this unit, has as a free
 * variable. */
Reg kr_gen_cell_register(Unit *u, const Scope *nested, const Symbol *free);
/* Checks names that cannot be bound: __debug__. True if refused. */
bool kr_gen_forbidden(Unit *u, const void *node, Identifier *name, ExprContext ctx);
/* Enters an inlined scope: registers for its names, cells where captured. */
void kr_gen_enter_overlay(Unit *u, Overlay *overlay, Scope *scope);
void kr_gen_leave_overlay(Unit *u, Overlay *overlay);

/* ---- codegen_expr.c ---- */
Reg kr_gen_expr(Unit *u, Expr *e, Reg want);
Reg kr_gen_operand(Unit *u, Expr *e,
                   const Expr *later); /* ANYWHERE; safe from walruses in `later` */
/* Evaluates into `scratch`, or returns a plain variable's own register. */
Reg kr_gen_near(Unit *u, Expr *e, Reg scratch);
Reg kr_gen_near_operand(Unit *u, Expr *e, const Expr *later, Reg scratch);
void kr_gen_move(Unit *u, Reg to, Reg from);
Reg kr_gen_constant(Unit *u, Value v, Reg want);
Value kr_gen_constant_value(Unit *u, const Expr *e); /* EMPTY if e is no constant */
int kr_gen_truth(Unit *u, const Expr *e);            /* 1, 0; -1 unknown before run time */
Reg kr_gen_dest(Unit *u, Reg want);                  /* want, or a fresh temporary */
void kr_gen_jump_if(Unit *u, Expr *e, uint32_t label, bool condition);
Reg kr_gen_await(Unit *u, Reg awaitable, int kind, Reg want);
void kr_gen_store(Unit *u, Expr *target, Reg value);
Reg kr_gen_target_register(Unit *u, Expr *target); /* of a plain local name, else NO_REGISTER */
void kr_gen_unpack(Unit *u, ExprSeq *targets, Reg value, const void *node);
uint16_t kr_gen_binary_op(Operator op, bool inplace);
bool kr_gen_small_int(Unit *u, const Expr *e, int32_t *out); /* an int constant that fits 16 bits */
uint16_t kr_gen_immediate_op(uint16_t op);                   /* its _IMM form, or 0 */
/* ---- codegen_display.c ---- */
Reg kr_gen_tuple(Unit *u, ExprSeq *items, Reg want);
Reg kr_gen_list(Unit *u, ExprSeq *items, Reg want);
Reg kr_gen_set(Unit *u, ExprSeq *items, Reg want);
Reg kr_gen_dict(Unit *u, Expr *e, Reg want);
Reg kr_gen_list_of(Unit *u, ExprSeq *items,
                   Reg list); /* a list of items, starred ones unpacked, in `list` */
Reg kr_gen_joined_str(Unit *u, Expr *e, Reg want);
Reg kr_gen_formatted(Unit *u, Expr *e, Reg want);
Reg kr_gen_template(Unit *u, Expr *e, Reg want);
Reg kr_gen_interpolation(Unit *u, Expr *e, Reg want);
Reg kr_gen_slice(Unit *u, Expr *e, Reg want);
/* ---- codegen_call.c ---- */
Reg kr_gen_call(Unit *u, Expr *e, Reg want);
/* The arguments of a call whose function (and `filled` arguments) stand in registers from `base`
 * on. */
Reg kr_gen_call_tail(Unit *u, Reg base, uint32_t filled, ExprSeq *args, KeywordSeq *keywords,
                     Reg want, bool method);
void kr_gen_at_attribute(Unit *u,
                         Expr *attribute); /* as CPython: multi-line chains point at the name */
/* ---- codegen_function.c ---- */
void kr_gen_function(Unit *u, Stmt *def, bool is_async);
Reg kr_gen_lambda(Unit *u, Expr *e, Reg want);
/* A unit for a function-like scope, its qualified name and flags set. */
Unit *kr_gen_function_unit(Unit *u, Scope *scope, UnitKind kind, Identifier *name,
                           int32_t first_line);
/* Assembles a finished body and makes the function. `base` is the first of four registers
 * (defaults tuple, keyword defaults, annotations, room for the closure), or NO_REGISTER: there
 * are none. */
Reg kr_gen_make_function(Unit *u, Unit *body, Reg base, Reg want);
Identifier *kr_gen_intern(Compiler *c, const char *text);
void kr_gen_decorators(Unit *u,
                       ExprSeq *decorators); /* each in a fresh temporary, the last on top */
void kr_gen_apply_decorators(Unit *u, ExprSeq *decorators, Reg first);
void kr_gen_finish(Unit *u, bool add_return);   /* the end of a body */
Value kr_gen_docstring(Unit *u, StmtSeq *body); /* EMPTY if there is none */
void kr_gen_begin_unit(Unit *u);                /* cells made at entry */
Reg kr_gen_annotation(Unit *u, Expr *annotation, Reg want);
bool kr_gen_has_annotations(const StmtSeq *body);
/* ---- codegen_type_params.c ---- */
/* Evaluates type parameters into the overlay's names; the tuple of them stays in the register
 * returned. */
Reg kr_gen_type_params(Unit *u, TypeParamSeq *params, Overlay *overlay);
void kr_gen_type_alias(Unit *u, Stmt *s);
/* ---- codegen_class.c ---- */
void kr_gen_class(Unit *u, Stmt *def);
/* ---- codegen_comprehension.c ---- */
Reg kr_gen_comprehension(Unit *u, Expr *e, Reg want);
/* ---- codegen_stmt.c ---- */
void kr_gen_stmt(Unit *u, Stmt *s);
void kr_gen_body(Unit *u, StmtSeq *body);
/* One round of an `async for`: value = the next item, awaited. At the end of the iteration
 * control goes to label `handler`, with the exception in register `exception`; kr_gen_async_end
 * places it there and goes on after it. */
uint16_t kr_gen_async_step(Unit *u, Reg iterator, Reg value, Reg exception, uint32_t handler);
void kr_gen_async_end(Unit *u, uint16_t guard, uint32_t handler, Reg exception);
/* ---- codegen_try.c ---- */
void kr_gen_try(Unit *u, Stmt *s);
void kr_gen_try_star(Unit *u, Stmt *s);
void kr_gen_with(Unit *u, Stmt *s, bool is_async);
/* Emits the clean-up of every block from u->block outwards to `until` (exclusive), for a jump
 * out of them. The caller keeps the guard that is then in force for the jump itself, and
 * restores u->guard and u->block. */
void kr_gen_unwind(Unit *u, Block *until);
void kr_gen_return(Unit *u, Stmt *s);
void kr_gen_break(Unit *u, Stmt *s);
void kr_gen_continue(Unit *u, Stmt *s);
/* ---- codegen_match.c ---- */
void kr_gen_match(Unit *u, Stmt *s);
/* ---- future.c ---- */
bool kr_future_scan(Compiler *c, Mod *mod); /* sets the flags; false with the error recorded */

enum { /* intrinsics.def */
#define INTRINSIC(name, arguments, doc) INTRINSIC_##name,
#include "runtime/compile/intrinsics.def"
       INTRINSIC_COUNT
};

#endif
