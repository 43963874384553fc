/* The types of a kernel's values, as its user sees them.
 *
 * Types are interned: two equal types are one pointer, so `==` compares them. They live as long
 * as the process. A type of a compile-time constant (a string, a function, a module) carries
 * the constant's name; such a value has no representation at run time.
 *
 * Python's numbers and NumPy's scalars are different kinds. Python's bool, int, float and complex
 * are weak in NumPy's promotion (NEP 50): they take the other side's width. TK_BOTTOM is the type
 * of what no path defines; it unifies with everything.
 *
 * Each type is flattened into components (jit_type_parts): machine values that the IR carries
 * separately. An array is data pointer, owner, shape and, unless contiguous, byte strides; a
 * complex is two floats; a tuple is its elements' components in a row. A container (list, set, dict,
 * run-time str) is one counted reference to an object of jit/run/containers.h. An element type
 * TK_BOTTOM means that nothing was put in yet.
 */
#ifndef JIT_TYPES_TYPE_H
#define JIT_TYPES_TYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* On what the code generators' plug-ins call in the program: the rest is hidden. */
#define JIT_PLUGIN __attribute__((visibility("default")))

typedef enum MType {
    M_VOID,
    M_I1,
    M_I8,
    M_I16,
    M_I32,
    M_I64,
    M_U8,
    M_U16,
    M_U32,
    M_U64,
    M_F32,
    M_F64,
    M_PTR, /* an address inside an array's data or a stack area */
    M_OWN, /* a counted reference to a buffer; null and tagged words own nothing */
    M_COUNT
} MType;

typedef enum JitDtype {
#define DTYPE(code, name, short_name, kind, size, mt, ctype) DT_##code,
#include "jit/types/dtype.def"
#undef DTYPE
    DT_COUNT
} JitDtype;

typedef enum TypeKind {
    TK_BOTTOM,
    TK_NONE,
    TK_BOOL,
    TK_INT,
    TK_FLOAT,
    TK_COMPLEX,
    TK_SCALAR,
    TK_TUPLE,
    TK_RANGE,
    TK_SLICE,
    TK_ARRAY,
    TK_STR,
    TK_FUNC,
    TK_METHOD,
    TK_MODULE,
    TK_EXC,
    TK_ELLIPSIS,
    TK_OPTIONAL,
    TK_ITER,
    TK_ENUMERATE,
    TK_ZIP,
    TK_LIST,   /* elem[0] */
    TK_SET,    /* elem[0] */
    TK_DICT,   /* keys elem[0], values elem[1] */
    TK_TEXT,   /* a str that is not known when compiling */
    TK_VIEW,   /* keys, values or items (the name) of the dict elem[0] */
    TK_BIG,    /* an int constant of 64 bits that int64 cannot hold; the name is its decimals */
    TK_OBJECT, /* an instance of a class: its fields elem[]; the name is "number:field,field" */
    TK_RECORD,  /* a record in memory: its fields elem[]; the name says where they are (infer_record.c) */
    TK_RECORDS, /* an array of records, or of numbers that may not be aligned: elem[0] */
    TK_GEN,     /* a generator that yields elem[0]; the name is its function's */
    TK_CAUGHT, /* the exception that an except clause holds */
    TK_COUNT
} TypeKind;

enum { TYPE_MAX_RANK = 32 };

typedef struct JitType JitType;
struct JitType {
    uint8_t kind;
    uint8_t dtype;   /* SCALAR, ARRAY */
    uint8_t rank;    /* ARRAY */
    char layout;     /* ARRAY: 'C', 'F' or 'A' */
    bool readonly;   /* ARRAY */
    uint32_t n;      /* elements of TUPLE, SLICE (3), ZIP, DICT (2); 1 for OPTIONAL, ITER, METHOD, LIST, SET */
    uint32_t nparts; /* machine components */
    uint32_t number; /* order of creation */
    const JitType *const *elem;
    const char *name; /* STR: its text; FUNC, METHOD, MODULE, EXC: the qualified name */
    const char *text; /* spelling in IR text */
};

/* Constructors; each returns the one interned object. */
const JitType *jit_type_simple(TypeKind kind);
const JitType *jit_type_scalar(JitDtype dtype);
const JitType *jit_type_array(JitDtype dtype, unsigned rank, char layout, bool readonly);
const JitType *jit_type_tuple(const JitType *const *elem, uint32_t n);
/* A named tuple: `name` is "number:field,field", the number under which jit/run knows its class. */
const JitType *jit_type_named_tuple(const JitType *const *elem, uint32_t n, const char *name);
/* An instance of class number `number`, known to jit/run/box_object.c: "number:field,field". */
const JitType *jit_type_generator(const JitType *item, const char *function);
const JitType *jit_type_record(const JitType *const *elem, uint32_t n, const char *name);
const JitType *jit_type_records(const JitType *item, unsigned rank, bool readonly);
/* A record, array of records or array that may not be written to. */
const JitType *jit_type_frozen(const JitType *t);
const JitType *jit_type_object(const JitType *const *elem, uint32_t n, const char *name);
/* The place of a field of a named tuple or instance; -1: it has none of that name. */
int jit_type_field(const JitType *t, const char *name);
const JitType *jit_type_unituple(const JitType *elem, uint32_t n);
const JitType *jit_type_slice(const JitType *start, const JitType *stop, const JitType *step);
const JitType *jit_type_named(TypeKind kind, const char *name, size_t length);
const JitType *jit_type_method(const JitType *self, const char *name);
const JitType *jit_type_wrap(TypeKind kind, const JitType *of); /* OPTIONAL, ITER, ENUMERATE */
const JitType *jit_type_zip(const JitType *const *elem, uint32_t n);
const JitType *jit_type_list(const JitType *elem);
const JitType *jit_type_set(const JitType *elem);
const JitType *jit_type_view(const JitType *dict, const char *what);
const JitType *jit_type_dict(const JitType *key, const JitType *value);

/* Facts about element types. */
const char *jit_dtype_name(JitDtype d);
char jit_dtype_kind(JitDtype d);
unsigned jit_dtype_size(JitDtype d);
MType jit_dtype_machine(JitDtype d);
int jit_dtype_find(const char *name, size_t length); /* -1: none; long and short names */
JitDtype jit_dtype_promote(JitDtype a, JitDtype b);

/* Questions. Numeric means a single number: bool, int, float, complex or a NumPy scalar. */
bool jit_type_is_numeric(const JitType *t);
bool jit_type_is_python_number(const JitType *t);
bool jit_type_is_integer(const JitType *t); /* bools included */
bool jit_type_is_float(const JitType *t);
bool jit_type_is_complex(const JitType *t);
bool jit_type_is_constant(const JitType *t); /* no components and one value */
bool jit_type_owns(const JitType *t);        /* has an M_OWN component */
bool jit_type_is_container(const JitType *t); /* list, set, dict */
bool jit_type_has_container(const JitType *t); /* somewhere in it, or text */
JitDtype jit_type_dtype(const JitType *t);   /* the dtype that NumPy gives a number's value */
MType jit_type_machine(const JitType *t);    /* machine type of a number's (first) component */
const char *jit_mtype_name(MType m);
int jit_mtype_find(const char *name, size_t length);
JIT_PLUGIN unsigned jit_mtype_size(MType m);

/* Writes the machine types of a value's components; `parts` has room for t->nparts. */
void jit_type_parts(const JitType *t, uint8_t *parts);
/* Index of the first component of element i of a tuple. */
uint32_t jit_type_part_of(const JitType *t, uint32_t i);

/* The type of `a op b` for arithmetic between two numbers, by Python's rules among Python's
 * numbers and NEP 50 as soon as one is NumPy's. */
const JitType *jit_type_promote(const JitType *a, const JitType *b);
/* The one type that a variable takes which may hold either; NULL if there is none. */
const JitType *jit_type_unify(const JitType *a, const JitType *b);
/* The type of a container that so far is `a` and must hold what `b` holds; element types widen, which
 * jit_type_unify does not do to containers. NULL if there is none. */
const JitType *jit_type_grow(const JitType *a, const JitType *b);
/* May a value of type `from` stand where `to` is expected (numbers widen, None to optional)? */
bool jit_type_converts(const JitType *from, const JitType *to);

/* In user's words ("int", "float64 array (2-D)"), and as Numba's users read signatures
 * ("array(float64, 2d, C)", "int64"). Both write at most `size` bytes and return `buf`. */
char *jit_type_describe(const JitType *t, char *buf, size_t size);
char *jit_type_numba(const JitType *t, char *buf, size_t size);

#endif
