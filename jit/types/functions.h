/* The functions that kernels know (functions.def), their lookup and the binding of arguments. */
#ifndef JIT_TYPES_FUNCTIONS_H
#define JIT_TYPES_FUNCTIONS_H

#include "jit/ir/ir.h"

typedef enum ElemOp {
#define ELEM(code, nargs, cls, aux) ELEM_##code,
#include "jit/types/elem.def"
#undef ELEM
    ELEM_COUNT
} ElemOp;

typedef enum ElemClass {
    CLASS_ARITH,
    CLASS_TRUEDIV,
    CLASS_INTDIV,
    CLASS_POWER,
    CLASS_BITS,
    CLASS_SHIFT,
    CLASS_COMPARE,
    CLASS_LOGICAL,
    CLASS_PREDICATE,
    CLASS_FLOAT,
    CLASS_SAME,
    CLASS_MAGNITUDE,
    CLASS_PART,
    CLASS_SELECT,
    CLASS_CAST
} ElemClass;

typedef struct ElemInfo {
    const char *name;
    uint8_t nargs, cls;
    int16_t aux;
} ElemInfo;
extern const ElemInfo jit_elem_infos[ELEM_COUNT];

typedef enum Reduction {
    RED_SUM,
    RED_PROD,
    RED_MIN,
    RED_MAX,
    RED_MEAN,
    RED_ANY,
    RED_ALL,
    RED_VAR,
    RED_STD
} Reduction;

/* What the kernel library alone calls; aux of RULE_library. */
typedef enum LibraryFn {
    LIBRARY_STRIDED,
    LIBRARY_RECAST,
    LIBRARY_RESULT,
    LIBRARY_KIND,
    LIBRARY_NATIVE,
    LIBRARY_RETURNS,
    LIBRARY_RANDOM,
    LIBRARY_RANDOM_INT
} LibraryFn;

typedef enum FnRule {
    RULE_abs,
    RULE_minmax,
    RULE_round,
    RULE_len,
    RULE_int,
    RULE_float,
    RULE_complex,
    RULE_bool,
    RULE_divmod,
    RULE_binary,
    RULE_sum,
    RULE_range,
    RULE_enumerate,
    RULE_zip,
    RULE_progress,
    RULE_threads,
    RULE_print,
    RULE_tuple,
    RULE_slice,
    RULE_math,
    RULE_log,
    RULE_math2,
    RULE_mathop,
    RULE_mathsqrt,
    RULE_mathint,
    RULE_mathtest,
    RULE_mathscale,
    RULE_gcd,
    RULE_ldexp,
    RULE_frexp,
    RULE_modf,
    RULE_scalar,
    RULE_elem,
    RULE_conjugate,
    RULE_create,
    RULE_full,
    RULE_like,
    RULE_arange,
    RULE_array,
    RULE_copy,
    RULE_astype,
    RULE_fill,
    RULE_reshape,
    RULE_transpose,
    RULE_reduce,
    RULE_dot,
    RULE_library,
    RULE_container,
    RULE_COUNT
} FnRule;

/* What a row with the rule `container` does; typed in infer_container.c, lowered in
 * lower_container.c. Names that begin with an underscore are for the library's Python code. */
typedef enum ContainerOp {
    CONT_LIST_NEW,
    CONT_LIST_APPEND,
    CONT_LIST_INSERT,
    CONT_LIST_POP,
    CONT_LIST_CLEAR,
    CONT_LIST_CUT,
    CONT_LIST_SWAP,
    CONT_LIST_RESERVE,
    CONT_LIST_LIKE, /* an empty list of the same items, or of a given iterable's */
    CONT_DICT_NEW,
    CONT_DICT_LIKE,
    CONT_DICT_FIND,
    CONT_DICT_KEY,
    CONT_DICT_VALUE,
    CONT_DICT_DELETE,
    CONT_DICT_NEXT,
    CONT_DICT_LAST,
    CONT_DICT_CLEAR,
    CONT_DICT_KEYS,
    CONT_DICT_VALUES,
    CONT_DICT_ITEMS,
    CONT_SET_NEW,
    CONT_SET_LIKE,
    CONT_SET_ADD,
    CONT_SET_FIND,
    CONT_SET_KEY,
    CONT_SET_DELETE,
    CONT_SET_NEXT,
    CONT_SET_FINGER,
    CONT_SET_MERGE,
    CONT_SET_CLEAR,
    CONT_LIST_EMPTY,
    CONT_DICT_EMPTY,
    CONT_STAR,
    CONT_ISINSTANCE,
    CONT_SAME, /* its argument */
    CONT_NEXT,
    CONT_TYPE,
    CONT_STR,
    CONT_REPR,
    CONT_FORMAT,
    CONT_TEXT_FIND,
    CONT_TEXT_RFIND,
    CONT_TEXT_CASE,
    CONT_TEXT_IS,
    CONT_TEXT_SLICE,
    CONT_TEXT_JOIN,
    CONT_TEXT_AT,
    CONT_CHAR_IS,
    CONT_CHR,
    CONT_ORD,
    CONT_HASH
} ContainerOp;

typedef struct FnInfo {
    const char *name;
    int8_t min, max;
    const char *params;
    uint8_t rule;
    int16_t aux;
} FnInfo;

const FnInfo *jit_functions_find(const char *name); /* NULL: unknown */
extern const FnInfo jit_functions[];
extern const unsigned jit_functions_count;

/* A call's arguments in the order of the parameters; NULL where one is missing. */
enum { BOUND_MAX = 64 };
typedef struct BoundCall {
    const FnInfo *fn;
    IrNode *arg[BOUND_MAX];
    uint32_t n;          /* positional arguments given, or all for max == -1 */
    const char *trouble; /* what is wrong with the arguments, or NULL */
} BoundCall;
/* `call` is a py.call whose callee has a FUNC or METHOD type; a method's self becomes arg[0]. False
 * if the function is unknown or the arguments do not fit (trouble is set then). */
bool jit_functions_bind(const IrNode *call, BoundCall *out);

/* The optional arguments of a reduction, which are found by name; NULL: missing or None. */
IrNode *jit_functions_option(const BoundCall *call, const char *name);
/* Numeric constants of modules: math.pi. */
bool jit_functions_constant(const char *name, double *out);
/* Is this a module that kernels know ("numpy.random")? */
bool jit_functions_is_module(const char *name);

/* -- elem.c -- */
/* The type of `op` applied to numbers; NULL if it has none for them. */
const JitType *jit_elem_type(ElemOp op, const JitType *const *args, uint32_t n);
/* The type that operands are converted to before the operation. */
const JitType *jit_elem_operand(ElemOp op, const JitType *const *args, uint32_t n);
/* The array type that elementwise application gives, or the scalar type if no operand is an array;
 * `result` is jit_elem_type of the element types. */
const JitType *jit_elem_shape(const JitType *result, const JitType *const *args, uint32_t n);
ElemOp jit_elem_of_operator(IrOperator oper);
/* Is x an elementwise operation with an array for its result? Gives op and operands. */
bool jit_elem_match(const IrNode *x, ElemOp *op, IrNode **args, uint32_t *n);
/* The number type of an array's elements, or the type itself for a number. */
const JitType *jit_elem_scalar(const JitType *t);

#endif
