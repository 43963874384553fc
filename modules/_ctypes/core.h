/* core.h: what the files of _ctypes share.
 *
 *     Info     what a ctypes class is in C: kind, size, alignment, libffi's type, the item's class.
 *              It is the class attribute "_ctypes_info_", inherited by subclasses.
 *     CData    an instance: memory of its own, of another CData (base), or of an object that lends it
 *     Field    a structure's or union's member, a descriptor
 *     Function a CData that holds a C function's address
 *     Argument an argument made by byref() or from_param(): a value ready to be passed
 *
 * Memory that Python objects own and C memory points to (a string behind a char pointer, a pointer's
 * target) is kept alive by `objects` of the outermost CData: a dict from the path of indices to the
 * object, as CPython's _objects shows it. */
#ifndef MODULES_CTYPES_CORE_H
#define MODULES_CTYPES_CORE_H

#include <ffi.h>

#include "modules/support.h"

typedef enum Kind { SIMPLE, STRUCT, UNION, ARRAY, POINTER, FUNCTION } Kind;

typedef struct Info {
    KrObject head;
    Kind kind;
    char code;                   /* of a simple type: struct's and ctypes' letters */
    bool swapped;                /* the other byte order */
    bool has_bits;               /* a bit field inside: not passed by value */
    bool has_pointer;            /* inside: not pickled */
    int64_t size, align, length; /* length: an array's items, a structure's fields */
    ffi_type *ffi;
    ffi_type own; /* a structure's, with `elements` malloc'ed */
    ffi_type **elements;
    KrValue item;              /* class of an array's items or a pointer's target; or KR_EMPTY */
    KrValue format;            /* PEP 3118, a str */
    KrValue shape;             /* of nested arrays: a tuple of ints */
    KrValue argtypes, restype; /* a function type's; or KR_EMPTY */
    int flags;
} Info;

typedef struct CData {
    KrObject head;
    Info *info;
    char *data;
    int64_t size;
    KrValue base;    /* whose memory it is; KR_EMPTY: its own */
    KrValue objects; /* what the memory points to: KR_EMPTY, a dict or an object */
    int64_t index;   /* its place in base */
    int64_t length;  /* of an array: the same as its info's */
    bool owns;       /* data is malloc'ed */
    bool held;       /* view holds a buffer */
    KrBuffer view;
    char small[16]; /* data of small objects */
} CData;

typedef struct Function {
    CData data;
    KrValue callable, thunk; /* a Python function and its closure; or KR_EMPTY */
    KrValue argtypes, restype, errcheck, paramflags; /* KR_EMPTY: the class's, or none */
    bool restype_set;
} Function;

typedef struct Argument {
    KrObject head;
    char tag; /* the code of the value; 'P' from byref() */
    union {
        char c;
        short h;
        int i;
        long l;
        long long q;
        float f;
        double d;
        long double g;
        void *p;
    } value;
    ffi_type *ffi;
    KrValue object; /* kept alive, and byref's _obj */
} Argument;

extern KrType *ct_info_type, *ct_data_type, *ct_simple_type, *ct_aggregate_type, *ct_array_type,
    *ct_pointer_type, *ct_function_type, *ct_argument_type, *ct_field_type;
extern KrValue ct_argument_error; /* the class ArgumentError */

static inline CData *ct_data_of(KrValue v) { return kr_to_object(v); }
static inline bool ct_is_data(KrValue v) { return kr_is_a(v, ct_data_type); }

/* ---- core.c ---- */

/* The class's info; NULL with TypeError, or without an exception for ct_find_info. */
Info *ct_info(KrValue class);
Info *ct_find_info(KrValue class);
/* An instance with zeroed memory of its own; on memory of `base`; at an address. */
KrValue ct_new(KrType *type);
KrValue ct_view(KrValue class, KrValue base, int64_t index, char *data);
/* Keeps `object` alive as what `data`'s index-th item points to. */
int ct_keep(CData *data, int64_t index, KrValue object);
/* What keeps the targets inside a value alive (its _objects), made if need be. */
KrValue ct_kept_by(KrValue data);
/* The value of this class at `data`: a Python value for ctypes' own simple types, else an instance. */
KrValue ct_load(KrValue class, KrValue base, int64_t index, char *data);
/* Stores a value; what it points to is kept by `into`. */
int ct_store(CData *into, KrValue class, KrValue value, int64_t index, char *data);
/* A class whose values come out as Python values. */
bool ct_is_plain_simple(KrValue class, const Info *info);

/* ---- simple.c ---- */

int ct_simple_init(KrValue module);
/* -1: no such code. */
int ct_simple_layout(char code, int64_t *size, ffi_type **ffi);
KrValue ct_get(const Info *info, const char *data);
/* *keep: what the memory now points to, or KR_EMPTY. */
int ct_set(const Info *info, char *data, KrValue value, KrValue *keep);
/* The C integer behind a pointer, as Python sees it. */
uint64_t ct_read_bits(const Info *info, const char *data);
void ct_write_bits(const Info *info, char *data, uint64_t bits);
bool ct_is_signed(char code);

/* ---- aggregate.c, sequence.c, call.c, callback.c ---- */

int ct_aggregate_init(KrValue module);
int ct_sequence_init(KrValue module);
int ct_call_init(KrValue module);
int ct_callback_init(KrValue module);
KrValue ct_argument(char tag, ffi_type *ffi, KrValue object);
/* A closure object for a Python function, and its C address. */
KrValue ct_thunk(KrValue callable, KrValue argtypes, KrValue restype, int flags, void **code);
/* errno for the functions that asked for it, one a thread. */
void ct_swap_errno(void);

#endif
