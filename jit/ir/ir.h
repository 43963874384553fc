/* The intermediate representation: modules of functions of basic blocks of nodes, in SSA form.
 *
 *     func @mean(v0: ptr, v1: own, v2: i64) -> (f64) {
 *     b0:
 *       v3: f64 = const 0.0
 *       v4: i64 = const 0
 *       jump b1(v4, v3)
 *     b1(v5: i64, v6: f64):
 *       v7: i1 = lt v5, v2
 *       br v7, b2, b3
 *       ...
 *
 * A node is an op of ops.def applied to earlier nodes. Values meet in block parameters: every edge
 * passes one argument a parameter. A node whose op may raise can name an exit edge, written
 * `^ b7(v1)`; without one it leaves the function with the error. So several nodes of one block may
 * leave for one handler with different arguments, and no block is split for it.
 *
 * Two levels live in one representation. The Python level (py.* and typed user ops) has values with
 * a type of jit/types, NULL until inferred; jit/passes/lower turns it into the machine level, whose
 * values have an MType and where an array, a tuple or a complex is several values (its parts). A
 * function is at one level: `lowered` tells.
 *
 * Everything is allocated in the module's arena and freed with it. Passes replace a node by setting
 * `repl` (jit_ir_replace) and rewrite all arguments in one sweep (jit_ir_resolve).
 */
#ifndef JIT_IR_IR_H
#define JIT_IR_IR_H

#include "jit/types/type.h"
#include "runtime/krait.h"

typedef enum IrOp {
#define OP(code, text, nargs, result, effects, imm) OP_##code,
#define UN(code, text, cls, body) OP_##code,
#define BIN(code, text, cls, body) OP_##code,
#define CMP(code, text, body) OP_##code,
#define CHK(code, text, nargs, message, body) OP_##code,
#include "jit/ir/ops.def"
#undef OP
#undef UN
#undef BIN
#undef CMP
#undef CHK
    OP_COUNT
} IrOp;

enum { /* effects */
       EFFECT_PURE = 0,
       EFFECT_READ = 1,
       EFFECT_WRITE = 2,
       EFFECT_RAISE = 4,
       EFFECT_TERM = 8,
       EFFECT_OF_RT = 16
};
typedef enum IrResult {
    RESULT_NONE,
    RESULT_I1,
    RESULT_I64,
    RESULT_F64,
    RESULT_PTR,
    RESULT_OWN,
    RESULT_SAME,
    RESULT_ANY,
    RESULT_USER
} IrResult;
typedef enum IrImm {
    IMM_NO,
    IMM_INT,
    IMM_CONST,
    IMM_TEXT,
    IMM_OPER,
    IMM_MSG,
    IMM_FN1,
    IMM_FN2,
    IMM_RT,
    IMM_DT
} IrImm;

typedef struct IrOpInfo {
    const char *text;
    int8_t nargs;
    uint8_t result, effects, imm;
    uint8_t scalar;  /* 'u' UN, 'b' BIN, 'c' CMP, 'k' CHK, 0 others */
    uint8_t message; /* of a CHK */
} IrOpInfo;
extern JIT_PLUGIN const IrOpInfo jit_ir_ops[OP_COUNT];

/* Python's operators, the sub-code of py.binary, py.unary and py.compare. */
typedef enum IrOperator {
    OPER_ADD,
    OPER_SUB,
    OPER_MUL,
    OPER_TRUEDIV,
    OPER_FLOORDIV,
    OPER_MOD,
    OPER_POW,
    OPER_MATMUL,
    OPER_AND,
    OPER_OR,
    OPER_XOR,
    OPER_LSHIFT,
    OPER_RSHIFT,
    OPER_NEG,
    OPER_POS,
    OPER_INVERT,
    OPER_NOT,
    OPER_EQ,
    OPER_NE,
    OPER_LT,
    OPER_LE,
    OPER_GT,
    OPER_GE,
    OPER_COUNT
} IrOperator;
extern const char *const jit_ir_operators[OPER_COUNT];      /* "add", ... */
extern const char *const jit_ir_operator_signs[OPER_COUNT]; /* "+", ... */

typedef enum IrErr {
#define ERR(code, cls, text) ERR_##code,
#include "jit/run/errors.def"
#undef ERR
    ERR_COUNT
} IrErr;

/* The elementary functions of krait.h, in its order. */
typedef enum IrMath {
#define CODE(code, name, stem, ulp, libm) MATH_##code,
    KR_MATHS(CODE, CODE)
#undef CODE
    MATH_COUNT
} IrMath;
extern JIT_PLUGIN const char *const jit_ir_math_names[MATH_COUNT];
extern JIT_PLUGIN const uint8_t jit_ir_math_nargs[MATH_COUNT];

typedef enum IrRt {
#define RT(code, name, result, params, effects, symbol) RT_##code,
#include "jit/run/rt.def"
#undef RT
    RT_COUNT
} IrRt;
typedef struct IrRtInfo {
    const char *name;
    char result;
    const char *params;
    uint8_t effects;
    const char *symbol;
} IrRtInfo;
extern JIT_PLUGIN const IrRtInfo jit_ir_rts[RT_COUNT];
JIT_PLUGIN MType jit_ir_rt_machine(char letter);

/* Source range: lines from 1, columns from 0 in bytes, as code objects hold them. line 0:
 * unknown. */
typedef struct IrPos {
    int32_t line, col, end_line, end_col;
} IrPos;

/* Which function a position lies in: the lines of function k of a unit are k << JIT_POS_SHIFT higher than in its file, through
 * all stages and in the errors of compiled code. */
enum { JIT_POS_SHIFT = 24, JIT_FUNCTIONS_MAX = 127 };
static inline uint32_t jit_pos_function(int32_t line) { return (uint32_t)line >> JIT_POS_SHIFT; }
static inline int32_t jit_pos_line(int32_t line) { return line & ((1 << JIT_POS_SHIFT) - 1); }

typedef struct IrNode IrNode;
typedef struct IrBlock IrBlock;
typedef struct IrFunc IrFunc;
typedef struct IrModule IrModule;

typedef struct IrEdge {
    IrBlock *to;
    uint32_t n;
    IrNode **args;
} IrEdge;

enum { /* node flags: facts that passes have proved, printed behind the op as .nsw and so on */
       NODE_NSW = 1,        /* add sub mul neg: no signed wrap */
       NODE_NZ = 2,         /* floordiv mod: divisor is not zero, nor is it min / -1 */
       NODE_POS = 4,        /* floordiv mod conv: operands are not negative */
       NODE_NONNEG = 8,     /* a parameter (a shape) that is known not to be negative */
       NODE_FUSED = 16,     /* an array expression evaluated inside its only user */
       NODE_INRANGE = 32,   /* index wrap: the index is proved to be in range but may be negative */
       NODE_SCOPED = 64,    /* load store: base is a private or read-only area */
       NODE_BORROWED = 128, /* a value whose references another value holds */
       NODE_GATHERED = 512, /* a block's copy of an array that iterations gather into */
       NODE_FAST = 256      /* float ops: may be reassociated and contracted (fastmath) */
};

struct IrNode {
    uint16_t op;
    uint8_t mt;  /* MType at the machine level; M_VOID: no value, or a user value */
    uint8_t sub; /* operator, IrErr, IrMath, IrRt or dtype, as the op's imm says */
    uint16_t flags;
    uint16_t mark; /* scratch of the pass that runs */
    uint32_t id, n;
    IrNode **args;
    const JitType *type; /* at the Python level */
    const JitType *grown; /* what inference found that a fresh container must hold, or NULL */
    IrBlock *block;
    IrNode *prev, *next;
    IrNode *repl;
    union {
        int64_t i; /* imm INT, integer CONST, bits of other consts via f */
        double f;
        void *ptr; /* scratch: the lowered parts */
    } imm;
    double imag;      /* const complex */
    const char *text; /* imm TEXT; the message of check and raise */
    const char *name; /* the user's identifier, if this value has one */
    IrEdge *exit;
    IrPos pos;
};

enum { /* block flags */
       BLOCK_COLD = 1,
       BLOCK_OPEN = 64, /* inference: the condition's type waits for code behind it; both sides are typed */
       BLOCK_SLOW = 2,   /* checked copy of a versioned loop, path for rare cases */
       BLOCK_PRANGE = 4, /* header of a parallel loop that was looked at */
       BLOCK_SEEN = 8    /* scratch of the pass that runs */
};

struct IrBlock {
    uint32_t id;    /* unique in the function; jit_ir_number renumbers in layout order */
    uint32_t order; /* reverse postorder, by jit_cfg_analyze */
    uint32_t nparam, param_room, nsucc, npred;
    uint16_t flags;
    uint16_t depth; /* loop depth, by jit_cfg_analyze */
    IrNode **params;
    IrNode *first, *last;
    IrEdge succ[2];
    IrBlock *prev, *next;
    IrBlock **preds; /* one entry an edge, exit edges included; by jit_cfg_analyze */
    IrEdge **pred_edges;
    IrNode **pred_nodes; /* the node that the edge leaves from: terminator or raising node */
    IrBlock *idom;
    uint32_t pre, post; /* of the dominator tree */
    IrBlock *loop;      /* header of the innermost loop that contains this block, or NULL */
    IrBlock *loop_up;   /* of a header: the header of the loop around it */
    void *mark;
};

/* The value of a constant argument that a specialisation was made for; see jit/types/infer.c. */
typedef struct IrLiteral {
    bool known;
    int64_t value;
} IrLiteral;

struct IrFunc {
    IrModule *module;
    const char *name;
    bool lowered, fastmath, parallel, boundscheck, wrap_ints;
    bool watch; /* elements that parallel loops touch are watched for collisions (run/check.c) */
    bool generator; /* has yields; after passes/generator.c: makes the state */
    bool resumes;   /* what goes on behind a yield, "name.next" */
    bool library; /* from find_template: refusals are worded at the call */
    uint64_t globals; /* those whose values are its last parameters, in order; see passes/globals.c */
    const JitType *ret; /* Python level */
    uint8_t *rets;      /* machine level: nret machine types */
    uint32_t nret;
    const JitType **param_types; /* what the entry's parameters were before lowering; may be NULL */
    uint32_t nparam_types;
    /* The signature that calls bind to. Parameters stand as positional, keyword-only, then *rest.
     * */
    IrNode **defaults; /* by parameter: a constant node that is in no block, or NULL; may be NULL */
    uint32_t keyword_only;
    bool rest;             /* the last parameter takes the extra positional arguments as a tuple */
    const struct IrLiteral *literals; /* a specialisation of a library function: by parameter */
    IrBlock *first, *last; /* layout; first is the entry */
    uint32_t next_node, next_block, nblocks;
    IrFunc *next;
    IrFunc *body_of;     /* outlined from */
    const char *reduce;  /* a parallel body: one of + * < > & | ^ = (the last) a result */
    const char *reduce_arrays; /* the same for the arrays that it gathers into; "" elsewhere */
    const char *base;    /* a specialisation: the name of the function it was made from */
    uint8_t infer_state; /* of jit/types/infer.c */
    uint32_t mark;       /* scratch of the pass that runs */
    bool recursive;
};

/* What the compiler decided, in the user's words: about parallel loops always, about the rest when somebody asks (`explain`).
 * Kinds of parallel loops: l parallel, s serial, r reduction, p proved apart, u unknown, a array expression. Kinds of the rest:
 * t a name's type, f fused, m an array is made, h asked before the loop, c proved, k checked in every iteration,
 * v in vectors, n not in vectors, i inlined, I not inlined, o unrolled. */
typedef struct IrNote {
    struct IrNote *next;
    const char *function; /* where the loop stands; NULL: pos tells */
    int loop;             /* a parallel loop's number in the function; 0: another place */
    char kind;
    IrPos pos;
    const char *text;
} IrNote;

/* What a `raise` makes: the class ("ValueError", or "@3:Name" for the host's class number 3) and the types of its
 * arguments, whose parts the error carries. */
typedef struct IrRaise {
    const char *cls;
    const JitType *const *types;
    uint32_t n;
    bool cause; /* the last argument is the cause: None or an exception caught */
} IrRaise;

/* A class of the script among a module's exceptions; its name is "@number:Name". */
typedef struct IrClass {
    uint64_t derived;    /* the module's classes that derive from it, itself included */
    uint64_t builtin[2]; /* the builtin classes above it (jit/run/exceptions.h) */
} IrClass;
enum { IR_CLASSES_MAX = 63, IR_GLOBALS_MAX = 48 };

struct IrModule {
    IrRaise *raises;
    uint32_t nraises;
    IrClass classes[IR_CLASSES_MAX];
    uint32_t nclasses;
    const JitType *globals[IR_GLOBALS_MAX]; /* types of the arrays and containers that kernels find in globals */
    uint32_t nglobals;
    IrNote *notes, *last_note;
    void *explain; /* who asked for decisions about single expressions too (run/explain.h), or NULL */
    struct ArenaChunk *arena;
    IrFunc *funcs, *last_func;
    const char *file; /* for messages; may be NULL */
    /* Functions of other modules that are written in Python ("numpy.diff", "ndarray.cumprod"):
     * adds the function
     * to the module under that name and returns it, a template; NULL: there is none. May be NULL.
     * */
    IrFunc *(*find_template)(IrModule *m, const char *name);
    const JitType *(*class_type)(int64_t number); /* of a jitclass's instances, NULL: it is none; may be NULL */
    const JitType *(*record_type)(int64_t number); /* of a structured dtype; may be NULL */
    /* The kernel ("jit.f3_impl") that stands for an overloaded function, method or attribute, "function.2", for arguments of these
     * types, the last of which have the names; NULL: there is none. May be NULL. */
    const char *(*overload)(IrModule *m, const char *key, const JitType *const *types, uint32_t n, const char *names);
    /* Has a method or attribute of that name ("method.area") overloads for some type? */
    bool (*overloaded)(const char *key);
    void *context; /* of find_template */
};

/* -- modules and memory -- */
IrModule *jit_ir_module_new(void);
void jit_ir_module_free(IrModule *m);
JIT_PLUGIN void *jit_ir_alloc(IrModule *m, size_t bytes); /* zeroed; aborts when memory is out */
char *jit_ir_text(IrModule *m, const char *s, size_t length);
IrFunc *jit_ir_find_func(IrModule *m, const char *name);
void jit_ir_note(IrModule *m, const char *function, int loop, char kind, IrPos pos,
                 const char *text);
/* Notes a decision about an expression of the user's, once, if somebody wants to know. */
void jit_ir_remark(const IrFunc *f, char kind, IrPos pos, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* -- building -- */
IrFunc *jit_ir_func_new(IrModule *m, const char *name);
void jit_ir_func_remove(IrModule *m, IrFunc *f); /* the newest one */
JIT_PLUGIN IrPos jit_ir_first_pos(const IrFunc *f);  /* of its first node that has a place in the source */
IrBlock *jit_ir_block_new(IrFunc *f); /* appended to the layout */
IrBlock *jit_ir_block_after(IrFunc *f, IrBlock *where);
void jit_ir_block_to_front(IrFunc *f, IrBlock *b); /* it becomes the entry */
void jit_ir_block_remove(IrFunc *f, IrBlock *b);
IrNode *jit_ir_param_new(IrFunc *f, IrBlock *b, MType mt, const JitType *type);
/* A node not yet in a block. */
IrNode *jit_ir_node_new(IrFunc *f, IrOp op, MType mt, uint32_t n);
void jit_ir_append(IrBlock *b, IrNode *x);
void jit_ir_insert_before(IrNode *where, IrNode *x);
void jit_ir_unlink(IrNode *x);
/* Creates and appends; mt M_VOID is filled from the op's row where that determines it. */
IrNode *jit_ir_op0(IrFunc *f, IrBlock *b, IrOp op, MType mt);
IrNode *jit_ir_op1(IrFunc *f, IrBlock *b, IrOp op, MType mt, IrNode *x);
IrNode *jit_ir_op2(IrFunc *f, IrBlock *b, IrOp op, MType mt, IrNode *x, IrNode *y);
IrNode *jit_ir_op3(IrFunc *f, IrBlock *b, IrOp op, MType mt, IrNode *x, IrNode *y, IrNode *z);
IrNode *jit_ir_int(IrFunc *f, IrBlock *b, MType mt, int64_t value);
IrNode *jit_ir_float(IrFunc *f, IrBlock *b, MType mt, double value);
IrNode *jit_ir_jump(IrFunc *f, IrBlock *b, IrBlock *to, uint32_t n, IrNode *const *args);
IrNode *jit_ir_br(IrFunc *f, IrBlock *b, IrNode *cond, IrBlock *yes, IrBlock *no);
void jit_ir_set_edge(IrFunc *f, IrEdge *e, IrBlock *to, uint32_t n, IrNode *const *args);
IrEdge *jit_ir_edge_new(IrFunc *f, IrBlock *to, uint32_t n, IrNode *const *args);
void jit_ir_edge_push(IrFunc *f, IrEdge *e, IrNode *arg);
/* Removes parameter i and the argument of every edge; needs preds. */
void jit_ir_param_remove(IrBlock *b, uint32_t i);

/* -- changing -- */
void jit_ir_replace(IrNode *x, IrNode *by); /* all uses, at the next resolve; x stays in place */
/* All uses now, those of exits and edges too: in a block, in the function. */
void jit_ir_block_use_instead(IrBlock *b, const IrNode *from, IrNode *to);
void jit_ir_use_instead(IrFunc *f, const IrNode *from, IrNode *to);
IrNode *jit_ir_root(IrNode *x);             /* follows repl */
void jit_ir_resolve(IrFunc *f);             /* rewrites arguments, unlinks replaced nodes */
JIT_PLUGIN void jit_ir_number(IrFunc *f);   /* ids of blocks and nodes in layout order */

/* -- questions -- */
static inline bool jit_ir_is_term(const IrNode *x)
{
    return jit_ir_ops[x->op].effects & EFFECT_TERM;
}
JIT_PLUGIN unsigned jit_ir_effects(const IrNode *x); /* rt calls looked up */
static inline bool jit_ir_can_raise(const IrNode *x) { return jit_ir_effects(x) & EFFECT_RAISE; }
static inline bool jit_ir_is_pure(const IrNode *x) { return jit_ir_effects(x) == EFFECT_PURE; }
JIT_PLUGIN bool jit_ir_is_int(const IrNode *x,
                              int64_t value); /* an integer constant of that value */
JIT_PLUGIN bool jit_mtype_is_int(MType m);    /* i8..u64 */
JIT_PLUGIN bool jit_mtype_is_signed(MType m);
JIT_PLUGIN bool jit_mtype_is_float(MType m);

#define FOR_BLOCKS(b, f) for (IrBlock *b = (f)->first; b; b = b->next)
#define FOR_NODES(x, b) for (IrNode *x = (b)->first; x; x = x->next)

/* -- control flow graph (cfg.c) -- */
/* Removes unreachable blocks, then computes order, preds, dominators and loops. */
JIT_PLUGIN void jit_cfg_analyze(IrFunc *f);
JIT_PLUGIN bool jit_cfg_dominates(const IrBlock *a, const IrBlock *b);
/* Has b a node that may leave for a handler, not just out of the function? The last such node stands at the end of b. */
bool jit_cfg_leaves_for_handler(const IrBlock *b);
/* May b be entered by an exit edge? Needs preds. */
bool jit_cfg_is_exit(const IrBlock *b);
JIT_PLUGIN bool jit_cfg_in_loop(const IrBlock *b, const IrBlock *header);
JIT_PLUGIN IrBlock **jit_cfg_rpo(IrFunc *f,
                                 uint32_t *n); /* blocks in reverse postorder, arena-allocated */

/* Removes block parameters that are always one value. Needs preds; true if something changed. */
bool jit_cfg_simplify_params(IrFunc *f);

/* -- copying (clone.c) -- */
/* A copy of f, appended to the module. */
IrFunc *jit_clone_func(const IrFunc *f, const char *name);
/* The same, with the copies of blocks and nodes by the id of the original. */
IrFunc *jit_clone_func_map(const IrFunc *f, const char *name, IrBlock ***blocks, IrNode ***nodes);
/* Copies n blocks of f into f, behind the last of them. Edges among them lead to the copies, others
 * to where they led. copies[i] is the copy of blocks[i]; *map gives each node's copy by id (NULL
 * for
 * nodes outside), valid until the next numbering. */
void jit_clone_blocks(IrFunc *f, IrBlock *const *blocks, uint32_t n, IrBlock **copies,
                      IrNode ***map);

/* -- text -- */
typedef struct IrText {
    char *data;
    size_t length, room;
} IrText;
void jit_print_func(const IrFunc *f, IrText *out);
void jit_print_module(const IrModule *m, IrText *out);
void jit_print_node(const IrNode *x, IrText *out);
/* NULL with a sentence in `error` that names the line. */
IrModule *jit_read_module(const char *text, char *error, size_t size);

/* -- checking: NULL, or what is wrong (static buffer of the thread) -- */
const char *jit_verify_func(IrFunc *f);
/* Visits the yields of a lowered function with the counts of the references held there, of all values that own one. False:
 * there are too many. */
typedef void (*JitVisitHeld)(void *context, const IrNode *yield, IrNode *const *own, const int16_t *counts, uint32_t n);
bool jit_verify_held(IrFunc *f, JitVisitHeld visit, void *context);
const char *jit_verify_module(IrModule *m);

#endif
