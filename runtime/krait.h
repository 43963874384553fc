/* krait.h: the public header. Everything a native module may use, and nothing else.
 *
 * It compiles alone, as C11 and as C++. The modules that krait brings are written against it, which is its
 * proof. Three rules carry the whole interface:
 *
 *   Values.   A KrValue is one word, copied freely. There are no reference counts and no handles: the collector
 *             finds every KrValue on a C stack or in a register. A KrValue kept elsewhere (malloc'ed memory, a C
 *             global) is registered with kr_root(), or lives in an object whose type has a trace function.
 *   Errors.   A function that can raise returns KR_EMPTY (a value), NULL (a pointer) or -1 (a status, where 0 is
 *             success) and leaves the exception in the thread's state. "Absent" is no error: functions named
 *             find or next return KR_EMPTY for it with no exception set, and say so.
 *   Threads.  A thread touches objects only while attached. Long or blocking C code runs between kr_detach()
 *             and kr_attach().
 */
#ifndef KRAIT_H
#define KRAIT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KR_API_VERSION 1

#if defined(__GNUC__)
#define KR_API __attribute__((visibility("default")))
#define KR_CHECKED __attribute__((warn_unused_result))
#define KR_UNUSED __attribute__((unused))
#else
#define KR_API
#define KR_CHECKED
#define KR_UNUSED
#endif

/* ---- Values ------------------------------------------------------------------------------------------------ */

/* Any Python object. Small ints, floats, bools and None are in the word itself; the rest points to the heap. */
typedef struct KrValue {
    uint64_t bits;
} KrValue;

/* Absent, or "an exception is set". Never visible to Python code. */
#ifdef __cplusplus
#define KR_EMPTY (KrValue{0})
#else
#define KR_EMPTY ((KrValue){0})
#endif

KR_API extern const KrValue kr_None, kr_True, kr_False, kr_NotImplemented, kr_Ellipsis;

static inline bool kr_is_empty(KrValue v) { return v.bits == 0; }
/* Identity, Python's `is`. */
static inline bool kr_is(KrValue a, KrValue b) { return a.bits == b.bits; }

typedef struct Type KrType; /* a Python class; opaque here */

/* The first word of every heap object. A native type's struct begins with it. */
typedef struct KrObject {
    KrType *type;
} KrObject;

KR_API KrValue kr_from_object(const void *object); /* an object pointer as a value */
KR_API void *kr_to_object(KrValue v);              /* the pointer; v must be a heap object */
KR_API bool kr_is_object(KrValue v);               /* false for immediates (ints, floats, None, ...) */
KR_API KrType *kr_type_of(KrValue v);
KR_API bool kr_is_instance_exact(KrValue v, const KrType *type); /* type(v) is type */
KR_API bool kr_is_subtype(const KrType *type, const KrType *base);
KR_API bool kr_is_a(KrValue v, const KrType *type); /* type(v) derives from type (no __instancecheck__) */

/* ---- The built-in types ------------------------------------------------------------------------------------ */

#define KR_BUILTIN_TYPES(X)                                                                                       \
    X(object) X(type) X(int) X(bool) X(float) X(complex) X(str) X(bytes) X(bytearray) X(memoryview) X(tuple)      \
    X(list) X(dict) X(set) X(frozenset) X(range) X(slice) X(none) X(ellipsis) X(notimplemented) X(function)       \
    X(method) X(builtin) X(module) X(code) X(frame) X(traceback) X(generator) X(coroutine) X(async_generator)    \
    X(cell) X(property) X(classmethod) X(staticmethod) X(super) X(enumerate) X(zip) X(map) X(filter)              \
    X(reversed) X(weakref) X(mappingproxy) X(namespace) X(method_descriptor) X(classmethod_descriptor)            \
    X(wrapper_descriptor) X(method_wrapper) X(getset_descriptor) X(member_descriptor) X(dict_keys)                \
    X(dict_values) X(dict_items) X(generic_alias) X(union) X(capsule) X(ordered_dict) X(weakproxy) X(weakcallableproxy)
#define X(name) KR_API extern KrType kr_##name##_type;
KR_BUILTIN_TYPES(X)
#undef X

/* Exception classes: X(name, base). `kr_TypeError` and so on are pointers to their types. */
#define KR_EXCEPTIONS(X)                                                                                          \
    X(BaseExceptionGroup, BaseException) X(SystemExit, BaseException) X(KeyboardInterrupt, BaseException)         \
    X(GeneratorExit, BaseException) X(Exception, BaseException) X(StopIteration, Exception)                       \
    X(StopAsyncIteration, Exception) X(ArithmeticError, Exception) X(FloatingPointError, ArithmeticError)         \
    X(OverflowError, ArithmeticError) X(ZeroDivisionError, ArithmeticError) X(AssertionError, Exception)          \
    X(AttributeError, Exception) X(BufferError, Exception) X(EOFError, Exception) X(ImportError, Exception)       \
    X(ModuleNotFoundError, ImportError) X(LookupError, Exception) X(IndexError, LookupError)                      \
    X(KeyError, LookupError) X(MemoryError, Exception) X(NameError, Exception) X(UnboundLocalError, NameError)    \
    X(OSError, Exception) X(BlockingIOError, OSError) X(ChildProcessError, OSError) X(ConnectionError, OSError)   \
    X(BrokenPipeError, ConnectionError) X(ConnectionAbortedError, ConnectionError)                                \
    X(ConnectionRefusedError, ConnectionError) X(ConnectionResetError, ConnectionError)                           \
    X(FileExistsError, OSError) X(FileNotFoundError, OSError) X(InterruptedError, OSError)                        \
    X(IsADirectoryError, OSError) X(NotADirectoryError, OSError) X(PermissionError, OSError)                      \
    X(ProcessLookupError, OSError) X(TimeoutError, OSError) X(ReferenceError, Exception)                          \
    X(RuntimeError, Exception) X(NotImplementedError, RuntimeError) X(RecursionError, RuntimeError)               \
    X(SyntaxError, Exception) X(IndentationError, SyntaxError) X(TabError, IndentationError)                      \
    X(SystemError, Exception) X(TypeError, Exception) X(ValueError, Exception) X(UnicodeError, ValueError)        \
    X(UnicodeDecodeError, UnicodeError) X(UnicodeEncodeError, UnicodeError) X(UnicodeTranslateError, UnicodeError)\
    X(Warning, Exception) X(BytesWarning, Warning) X(DeprecationWarning, Warning) X(EncodingWarning, Warning)     \
    X(FutureWarning, Warning) X(ImportWarning, Warning) X(PendingDeprecationWarning, Warning)                     \
    X(ResourceWarning, Warning) X(RuntimeWarning, Warning) X(SyntaxWarning, Warning) X(UnicodeWarning, Warning)   \
    X(UserWarning, Warning) X(ExceptionGroup, Exception)
KR_API extern KrType *const kr_BaseException;
#define X(name, base) KR_API extern KrType *const kr_##name;
KR_EXCEPTIONS(X)
#undef X

/* ---- Exceptions -------------------------------------------------------------------------------------------- */

/* Raises `type` with a formatted message; returns KR_EMPTY so that `return kr_raise(...)` reads well.
 * Formats: printf's d i u x c s p with length modifiers and width/precision, and with a KrValue argument
 * %S str(v)   %R repr(v)   %A ascii(v)   %U v, a str, unquoted   %T the name of type(v);
 * with a KrType * argument %N the type's name. */
KR_API KrValue kr_raise(KrType *type, const char *format, ...);
KR_API KrValue kr_raise_v(KrType *type, const char *format, va_list args);
KR_API KrValue kr_raise_value(KrValue exception);              /* raise an instance or a class */
KR_API KrValue kr_raise_object(KrType *type, KrValue argument);/* raise type(argument) */
KR_API KrValue kr_raise_errno(int error, KrValue filename);    /* the OSError subclass of errno; filename may be empty */
KR_API KrValue kr_raise_key(KrValue key);                      /* KeyError(key) */
KR_API KrValue kr_raise_stop(KrValue value);                   /* StopIteration(value), value may be empty */
KR_API KrValue kr_raise_no_memory(void);
KR_API bool kr_raised(void);                                   /* is an exception set? */
KR_API bool kr_raised_is(const KrType *type);                  /* is it an instance of type? */
KR_API KrValue kr_take_exception(void);                        /* clears and returns it; KR_EMPTY if none */
KR_API void kr_clear_exception(void);
KR_API void kr_restore_exception(KrValue exception);           /* sets what kr_take_exception returned */
KR_API KrValue kr_exception_new(KrType *type, const char *format, ...);
/* Makes `cause` the __cause__ of the exception that is set. */
KR_API void kr_chain_cause(KrValue cause);
/* Issues a warning of the category; -1 if the filters turned it into an exception. */
KR_API int kr_warn(KrType *category, int stack_level, const char *format, ...);
/* Reports the exception that is set through sys.unraisablehook and clears it. */
KR_API void kr_report_unraisable(KrValue where);
/* -1 with an exception set when a signal handler raised. Called by loops that may run long. */
KR_API int kr_check_signals(void);

/* ---- Numbers ----------------------------------------------------------------------------------------------- */

KR_API KrValue kr_int(int64_t x);
KR_API KrValue kr_int_unsigned(uint64_t x);
KR_API KrValue kr_float(double x);
KR_API KrValue kr_bool(bool x);
KR_API KrValue kr_complex(double real, double imag);
KR_API bool kr_is_int(KrValue v);       /* int or a subclass, bool included */
KR_API bool kr_is_int_exact(KrValue v); /* int itself */
KR_API bool kr_is_float(KrValue v);     /* float or a subclass */
KR_API bool kr_is_bool(KrValue v);
/* The int's value through __index__; raises TypeError, or OverflowError when it does not fit. */
KR_API KR_CHECKED int kr_to_int64(KrValue v, int64_t *out);
KR_API KR_CHECKED int kr_to_uint64(KrValue v, uint64_t *out);
KR_API KR_CHECKED int kr_to_int32(KrValue v, int *out);
/* As an index or size: too large values raise IndexError ("cannot fit 'int' into an index-sized integer"). */
KR_API KR_CHECKED int kr_to_index(KrValue v, int64_t *out);
/* As a slice bound: too large values saturate; None is refused. */
KR_API KR_CHECKED int kr_to_index_clamped(KrValue v, int64_t *out);
KR_API KR_CHECKED int kr_to_double(KrValue v, double *out);        /* float, int, __float__, __index__ */
KR_API KR_CHECKED int kr_to_complex(KrValue v, double *re, double *im);
/* Low 64 bits of an int, two's complement, without overflow error. */
KR_API uint64_t kr_int_low_bits(KrValue v);
KR_API int kr_int_sign(KrValue v);
KR_API size_t kr_int_bit_length(KrValue v);
/* Little- or big-endian bytes; kr_int_to_bytes raises OverflowError when `size` is too small. */
KR_API KrValue kr_int_from_bytes(const uint8_t *bytes, size_t size, bool little, bool is_signed);
KR_API KR_CHECKED int kr_int_to_bytes(KrValue v, uint8_t *bytes, size_t size, bool little, bool is_signed);
KR_API KrValue kr_int_parse(const char *text, size_t size, int base); /* ASCII digits; ValueError */
KR_API KrValue kr_int_from_double(double x);                          /* truncates; OverflowError, ValueError */
KR_API KrValue kr_float_parse(KrValue text);                          /* float(str) */

/* ---- Text and bytes ---------------------------------------------------------------------------------------- */

KR_API KrValue kr_str(const char *utf8);                     /* NUL-terminated valid UTF-8 */
KR_API KrValue kr_str_sized(const char *utf8, size_t bytes); /* raises UnicodeDecodeError */
KR_API KrValue kr_str_fs(const char *bytes, size_t n);       /* file-system text: UTF-8 with surrogateescape */
KR_API KrValue kr_str_latin1(const char *bytes, size_t n);
/* From code points of the given width (1, 2 or 4 bytes each); stored in the narrowest form. */
KR_API KrValue kr_str_from_points(const void *points, size_t length, int width);
KR_API KrValue kr_str_format(const char *format, ...); /* formats as kr_raise */
KR_API KrValue kr_str_format_v(const char *format, va_list args);
KR_API KrValue kr_intern(const char *ascii);  /* the one str of this text, never collected */
KR_API KrValue kr_intern_str(KrValue str);    /* the interned equal of an exact str */
/* An interned name, looked up once: KR_NAME("__len__"). */
#define KR_NAME(text)                                                                                             \
    __extension__({                                                                                               \
        static KrValue cached_name_;                                                                              \
        if (!cached_name_.bits) cached_name_ = kr_intern(text);                                                   \
        cached_name_;                                                                                             \
    })
KR_API bool kr_is_str(KrValue v);                        /* str or a subclass */
KR_API size_t kr_str_length(KrValue str);                /* code points */
KR_API uint32_t kr_str_at(KrValue str, size_t index);    /* code point */
KR_API int kr_str_width(KrValue str);                    /* 1, 2 or 4 bytes a code point */
KR_API const void *kr_str_points(KrValue str);           /* NUL-terminated storage, valid while str is reachable */
KR_API bool kr_str_is_ascii(KrValue str);
/* UTF-8 text, NUL-terminated, valid while str is reachable; UnicodeEncodeError for lone surrogates. */
KR_API const char *kr_str_utf8(KrValue str, size_t *bytes /* may be NULL */);
/* As kr_str_utf8, but ValueError for an embedded NUL and TypeError when v is no str. */
KR_API const char *kr_str_cstring(KrValue v);
/* A path argument (str, bytes, os.PathLike) as NUL-terminated file-system bytes; valid while *keep is reachable. */
KR_API const char *kr_path_bytes(KrValue path, KrValue *keep);
KR_API KrValue kr_fspath(KrValue path);
KR_API bool kr_str_equal(KrValue a, KrValue b);          /* both str */
KR_API bool kr_str_equal_ascii(KrValue str, const char *ascii);
KR_API KrValue kr_str_concat(KrValue a, KrValue b);
KR_API KrValue kr_str_slice(KrValue str, size_t begin, size_t end);
KR_API KrValue kr_str_join(KrValue separator, KrValue iterable);
KR_API KrValue kr_str_encode(KrValue str, const char *encoding, const char *errors); /* NULL: utf-8, strict */
KR_API KrValue kr_str_decode(const char *bytes, size_t n, const char *encoding, const char *errors);
KR_API KrValue kr_bytes(const void *data, size_t n); /* data NULL: n zero bytes, to be filled by kr_bytes_data */
KR_API bool kr_is_bytes(KrValue v);
KR_API uint8_t *kr_bytes_data(KrValue bytes);
KR_API size_t kr_bytes_size(KrValue bytes);
KR_API KrValue kr_bytearray(const void *data, size_t n);
KR_API KrValue kr_bytes_join(KrValue separator, KrValue iterable);

/* Properties of code points, as the methods of str see them. */
KR_API bool kr_char_is_alnum(uint32_t c);
KR_API bool kr_char_is_decimal(uint32_t c);
KR_API bool kr_char_is_space(uint32_t c);
KR_API bool kr_char_is_linebreak(uint32_t c);
KR_API uint32_t kr_char_lower(uint32_t c); /* the simple mapping */
KR_API uint32_t kr_char_upper(uint32_t c);

/* Text built piece by piece. All members are private; kr_text_finish frees, kr_text_drop abandons. A
 * KrText stays where it was initialised: short texts are built inside it. */
typedef struct KrText {
    void *data; /* NULL, local, or malloc'ed */
    size_t length, capacity;
    int width;
    bool failed;
    uint32_t local[32]; /* characters of any width */
} KrText;
KR_API void kr_text_init(KrText *text);
KR_API int kr_text_add_char(KrText *text, uint32_t code_point);
KR_API int kr_text_add_ascii(KrText *text, const char *ascii);
KR_API int kr_text_add_utf8(KrText *text, const char *utf8, size_t n);
KR_API int kr_text_add_str(KrText *text, KrValue str);
KR_API int kr_text_add_slice(KrText *text, KrValue str, size_t begin, size_t end);
KR_API int kr_text_add_repr(KrText *text, KrValue v); /* repr(v) */
KR_API int kr_text_add_format(KrText *text, const char *format, ...);
KR_API KrValue kr_text_finish(KrText *text); /* the str, or KR_EMPTY if an addition failed */
KR_API void kr_text_drop(KrText *text);

/* ---- Containers -------------------------------------------------------------------------------------------- */

KR_API KrValue kr_tuple(const KrValue *items, size_t n);
KR_API KrValue kr_tuple_of(size_t n, ...);   /* n KrValue arguments; KR_EMPTY among them makes the result KR_EMPTY */
KR_API KrValue kr_tuple_from(KrValue iterable);
KR_API bool kr_is_tuple(KrValue v);
KR_API size_t kr_tuple_size(KrValue tuple);
KR_API KrValue kr_tuple_get(KrValue tuple, size_t i);
KR_API const KrValue *kr_tuple_items(KrValue tuple);

KR_API KrValue kr_list(const KrValue *items, size_t n);
KR_API KrValue kr_list_from(KrValue iterable);
KR_API bool kr_is_list(KrValue v);
KR_API size_t kr_list_size(KrValue list);
KR_API KrValue kr_list_get(KrValue list, size_t i);
KR_API void kr_list_set(KrValue list, size_t i, KrValue item);
KR_API KR_CHECKED int kr_list_append(KrValue list, KrValue item);
KR_API KR_CHECKED int kr_list_insert(KrValue list, int64_t i, KrValue item);
KR_API KR_CHECKED int kr_list_extend(KrValue list, KrValue iterable);
KR_API void kr_list_truncate(KrValue list, size_t size); /* drops the items from size on */
KR_API KR_CHECKED int kr_list_sort(KrValue list, KrValue key /* or empty */, bool reverse);
KR_API KrValue kr_list_to_tuple(KrValue list);

KR_API KrValue kr_dict(void);
KR_API bool kr_is_dict(KrValue v);
KR_API size_t kr_dict_size(KrValue dict);
/* Find: KR_EMPTY with no exception when absent; with one when hashing or comparing raised. */
KR_API KrValue kr_dict_find(KrValue dict, KrValue key);
KR_API KrValue kr_dict_find_ascii(KrValue dict, const char *key);
KR_API KR_CHECKED int kr_dict_set(KrValue dict, KrValue key, KrValue value);
KR_API KR_CHECKED int kr_dict_set_ascii(KrValue dict, const char *key, KrValue value);
KR_API KR_CHECKED int kr_dict_delete(KrValue dict, KrValue key);       /* 1 deleted, 0 absent, -1 raised */
KR_API KrValue kr_dict_pop(KrValue dict, KrValue key);                 /* as find, and removes */
KR_API KrValue kr_dict_set_default(KrValue dict, KrValue key, KrValue value);
KR_API KR_CHECKED int kr_dict_update(KrValue dict, KrValue mapping);   /* mapping or pairs */
/* The same for a key whose kr_hash() is at hand: it is not asked again. */
KR_API KrValue kr_dict_find_with_hash(KrValue dict, KrValue key, int64_t hash);
KR_API KR_CHECKED int kr_dict_set_with_hash(KrValue dict, KrValue key, int64_t hash, KrValue value);
KR_API KR_CHECKED int kr_dict_delete_with_hash(KrValue dict, KrValue key, int64_t hash);
KR_API KrValue kr_dict_copy(KrValue dict);
KR_API void kr_dict_clear(KrValue dict);
/* Walks the entries in order: start with *position = 0; false at the end. The dict must not change its keys. */
KR_API bool kr_dict_next(KrValue dict, size_t *position, KrValue *key, KrValue *value);

KR_API KrValue kr_set(KrValue iterable /* or empty */);
KR_API KrValue kr_frozenset(KrValue iterable /* or empty */);
KR_API bool kr_is_set(KrValue v); /* set or frozenset or a subclass */
KR_API size_t kr_set_size(KrValue set);
KR_API KR_CHECKED int kr_set_add(KrValue set, KrValue item);
KR_API KR_CHECKED int kr_set_contains(KrValue set, KrValue item); /* 1, 0, -1 */
KR_API KR_CHECKED int kr_set_discard(KrValue set, KrValue item);  /* 1 removed, 0 absent, -1 raised */
KR_API bool kr_set_next(KrValue set, size_t *position, KrValue *item);

KR_API KrValue kr_slice(KrValue start, KrValue stop, KrValue step);
KR_API bool kr_is_slice(KrValue v);
/* start, stop, step of a slice for a sequence of `length`; *count is how many items it takes. */
KR_API KR_CHECKED int kr_slice_resolve(KrValue slice, int64_t length, int64_t *start, int64_t *stop, int64_t *step,
                                       int64_t *count);
KR_API void kr_slice_parts(KrValue slice, KrValue *start, KrValue *stop, KrValue *step);

/* ---- Elementary functions ------------------------------------------------------------------------------------ */

/* One implementation of each function for Python's floats, arrays and kernels, so that all have the same bits:
 * F1(code, name, SLEEF's stem or NULL, its suffix of accuracy, the C library's name), F2 with two arguments.
 * SLEEF's deterministic functions have vector forms of the same bits as their scalar form; a function without a stem
 * (SLEEF 3.5 overflows too early, or is not exact where it should be) is the C library's and has none. */
#define KR_MATHS(F1, F2) \
    F1(SIN, "sin", "sin", "u10", sin) \
    F1(COS, "cos", "cos", "u10", cos) \
    F1(TAN, "tan", "tan", "u10", tan) \
    F1(ASIN, "asin", "asin", "u10", asin) \
    F1(ACOS, "acos", "acos", "u10", acos) \
    F1(ATAN, "atan", "atan", "u10", atan) \
    F1(SINH, "sinh", NULL, "", sinh) \
    F1(COSH, "cosh", NULL, "", cosh) \
    F1(TANH, "tanh", "tanh", "u10", tanh) \
    F1(ASINH, "asinh", NULL, "", asinh) \
    F1(ACOSH, "acosh", NULL, "", acosh) \
    F1(ATANH, "atanh", "atanh", "u10", atanh) \
    F1(EXP, "exp", "exp", "u10", exp) \
    F1(EXP2, "exp2", "exp2", "u10", exp2) \
    F1(EXPM1, "expm1", "expm1", "u10", expm1) \
    F1(LOG, "log", "log", "u10", log) \
    F1(LOG2, "log2", "log2", "u10", log2) \
    F1(LOG10, "log10", "log10", "u10", log10) \
    F1(LOG1P, "log1p", NULL, "", log1p) \
    F1(CBRT, "cbrt", "cbrt", "u10", cbrt) \
    F1(ERF, "erf", "erf", "u10", erf) \
    F1(ERFC, "erfc", "erfc", "u15", erfc) \
    F1(TGAMMA, "tgamma", "tgamma", "u10", tgamma) \
    F1(LGAMMA, "lgamma", "lgamma", "u10", lgamma) \
    F2(ATAN2, "atan2", "atan2", "u10", atan2) \
    F2(HYPOT, "hypot", NULL, "", hypot) \
    F2(POW, "pow", NULL, "", pow) \
    F2(CFMOD, "cfmod", NULL, "", fmod) \
    F2(NEXTAFTER, "nextafter", NULL, "", nextafter) \
    F2(REMAINDER, "remainder", NULL, "", remainder)

typedef enum KrMath {
#define KR_MATH_CODE(code, name, stem, ulp, libm) KR_MATH_##code,
    KR_MATHS(KR_MATH_CODE, KR_MATH_CODE)
#undef KR_MATH_CODE
    KR_MATH_COUNT
} KrMath;

typedef struct KrMathEntry {
    union {
        double (*d1)(double);
        double (*d2)(double, double);
        void *d;
    };
    union {
        float (*f1)(float);
        float (*f2)(float, float);
        void *f;
    };
    void *dv[3]; /* vectors of 2, 4, 8 lanes; NULL: none */
    void *fv[3]; /* of 4, 8, 16 lanes */
} KrMathEntry;

KR_API const KrMathEntry *kr_math(KrMath fn); /* opens SLEEF on the first call */
KR_API double kr_math1(KrMath fn, double x);
KR_API double kr_math2(KrMath fn, double x, double y);

/* ---- Functions for kernels ----------------------------------------------------------------------------------- */

/* What compiled kernels call in native modules (BLAS and LAPACK, random streams), entered by name when the module is
 * loaded. It runs without the lock, on any thread. Its words and its result are agreed between it and its caller in the
 * kernel library (modules/numba/_library); 0 is success. */
typedef int64_t (*KrNative)(int64_t *words);
KR_API void kr_native_enter(const char *name, KrNative function); /* the name must stay */
KR_API KrNative kr_native_find(const char *name);                 /* NULL: not loaded */

/* ---- The object protocol ----------------------------------------------------------------------------------- */

enum KrBinary {
    KR_ADD, KR_SUB, KR_MUL, KR_MATMUL, KR_TRUEDIV, KR_FLOORDIV, KR_MOD, KR_POW, KR_LSHIFT, KR_RSHIFT, KR_AND, KR_XOR,
    KR_OR, KR_DIVMOD, KR_BINARY_COUNT
};
enum KrCompare { KR_LT, KR_LE, KR_EQ, KR_NE, KR_GT, KR_GE };
/* Does `op` hold of two things whose order is negative, 0 or positive? */
static inline bool kr_order_holds(int64_t order, int op)
{
    switch (op) {
    case KR_LT: return order < 0;
    case KR_LE: return order <= 0;
    case KR_EQ: return order == 0;
    case KR_NE: return order != 0;
    case KR_GT: return order > 0;
    default: return order >= 0;
    }
}


KR_API KrValue kr_binary(int op, KrValue a, KrValue b);  /* a op b, every operator of Python */
KR_API KrValue kr_inplace(int op, KrValue a, KrValue b); /* a op= b */
KR_API KrValue kr_power(KrValue a, KrValue b, KrValue modulus); /* pow(a, b, modulus) */
KR_API KrValue kr_negative(KrValue v);
KR_API KrValue kr_positive(KrValue v);
KR_API KrValue kr_absolute(KrValue v);
KR_API KrValue kr_invert(KrValue v);
KR_API KrValue kr_compare(KrValue a, KrValue b, int op); /* any object, as the operator gives */
KR_API KR_CHECKED int kr_compare_truth(KrValue a, KrValue b, int op); /* 1, 0, -1; identity implies == */
KR_API KR_CHECKED int kr_equal(KrValue a, KrValue b);    /* kr_compare_truth(a, b, KR_EQ) */
KR_API KR_CHECKED int kr_truth(KrValue v);               /* 1, 0, -1 */
KR_API KR_CHECKED int64_t kr_hash(KrValue v);            /* -1 raised; a hash is never -1 */
KR_API KR_CHECKED int64_t kr_length(KrValue v);          /* -1 raised */
KR_API KR_CHECKED int64_t kr_length_hint(KrValue v, int64_t fallback);
KR_API KrValue kr_repr(KrValue v);
KR_API KrValue kr_to_str(KrValue v);                     /* str(v) */
KR_API KrValue kr_ascii(KrValue v);
KR_API KrValue kr_format(KrValue v, KrValue spec);       /* format(v, spec); spec may be empty */
KR_API KrValue kr_to_int(KrValue v);                     /* int(v) */
KR_API KrValue kr_to_float(KrValue v);                   /* float(v) */
KR_API KrValue kr_index(KrValue v);                      /* operator.index(v), an exact int */
KR_API bool kr_has_index(KrValue v);
KR_API KrValue kr_getitem(KrValue v, KrValue key);
KR_API KR_CHECKED int kr_setitem(KrValue v, KrValue key, KrValue item);
KR_API KR_CHECKED int kr_delitem(KrValue v, KrValue key);
KR_API KR_CHECKED int kr_contains(KrValue container, KrValue item); /* 1, 0, -1 */
KR_API KrValue kr_getattr(KrValue v, KrValue name);
KR_API KrValue kr_getattr_ascii(KrValue v, const char *name);
KR_API KrValue kr_find_attr(KrValue v, KrValue name);    /* KR_EMPTY without exception when absent */
KR_API KrValue kr_find_special(KrValue v, KrValue name); /* looked up on the type and bound, as operators do */
KR_API KR_CHECKED int kr_setattr(KrValue v, KrValue name, KrValue value);
KR_API KR_CHECKED int kr_setattr_ascii(KrValue v, const char *name, KrValue value);
KR_API KR_CHECKED int kr_delattr(KrValue v, KrValue name);
KR_API KrValue kr_iter(KrValue v);
KR_API bool kr_is_iterator(KrValue v);
KR_API KrValue kr_next(KrValue iterator);                /* KR_EMPTY without exception at the end */
KR_API bool kr_is_callable(KrValue v);
KR_API KR_CHECKED int kr_isinstance(KrValue v, KrValue class_or_tuple); /* with __instancecheck__ */
KR_API KR_CHECKED int kr_issubclass(KrValue v, KrValue class_or_tuple);
KR_API KrValue kr_dir(KrValue v /* or empty */);

/* Calls. The values of the keyword names stand after the n positional arguments. */
KR_API KrValue kr_call(KrValue callable, const KrValue *args, size_t n, KrValue kwnames);
KR_API KrValue kr_call0(KrValue callable);
KR_API KrValue kr_call1(KrValue callable, KrValue a);
KR_API KrValue kr_call2(KrValue callable, KrValue a, KrValue b);
KR_API KrValue kr_call3(KrValue callable, KrValue a, KrValue b, KrValue c);
KR_API KrValue kr_call_tuple(KrValue callable, KrValue args, KrValue kwargs /* dict or empty */);
KR_API KrValue kr_call_method(KrValue v, KrValue name, const KrValue *args, size_t n);
KR_API KrValue kr_call_method0(KrValue v, const char *name);
KR_API KrValue kr_call_method1(KrValue v, const char *name, KrValue a);
/* Code objects as bytes that the same build reads back, and back (ValueError). */
KR_API KrValue kr_code_to_bytes(KrValue code);
KR_API KrValue kr_code_from_bytes(const void *bytes, size_t n);
KR_API KrValue kr_import(const char *name);                      /* the module named, also "a.b" */
KR_API KrValue kr_import_attr(const char *module, const char *attribute);

/* ---- Functions --------------------------------------------------------------------------------------------- */

/* A native function is written once, with its signature and its docstring, and collected into its module's or
 * type's table at build time (entries.awk):
 *
 *     KR_FN(list, list_append, "append", "(self, object, /)", "Append object to the end of the list.")
 *     {
 *         return kr_list_append(a[0], a[1]) < 0 ? KR_EMPTY : kr_None;
 *     }
 *
 * The signature is Python's syntax. Arguments are checked and bound before the call: a[i] is the i-th parameter;
 * a missing one has its default (None, True, False, a number or a string), or KR_EMPTY where the default is
 * written `=<unset>`; *args is a tuple and **kwargs a dict. KR_FN_RAW gets the unbound arguments instead, for the few functions
 * that bind by themselves. KR_CLASSMETHOD's first argument is the class; KR_STATICMETHOD has no self.
 * At the end of the file: #include "<path of the file>.entries.h", which defines <table>_functions[] and
 * <table>_getset[]. */
typedef KrValue (*KrBoundCode)(const KrValue *a);
typedef KrValue (*KrRawCode)(const KrValue *args, size_t n, KrValue kwnames);
typedef void (*KrAnyCode)(void);

enum {
    KR_KIND_BOUND = 0, /* KrBoundCode */
    KR_KIND_RAW = 1,   /* KrRawCode */
    KR_KIND_TYPED = 2, /* C scalars by the typed signature, e.g. double (*)(double, double) for "f8(f8,f8)" */
    KR_KIND_MASK = 15,
    KR_IS_STATIC = 16,
    KR_IS_CLASS = 32
};

typedef struct KrFunction {
    const char *name;
    const char *signature; /* Python's, "(x, /)"; for raw functions only shown to the user, or NULL */
    KrAnyCode code;
    const char *doc;
    int kind;
    const char *typed; /* "f8(f8,f8)": b1 i1 i2 i4 i8 u1 u2 u4 u8 f4 f8 c8 c16; NULL for the others */
} KrFunction;

typedef struct KrGetSet {
    const char *name;
    KrValue (*get)(KrValue self);
    int (*set)(KrValue self, KrValue value /* KR_EMPTY: delete */); /* NULL: read-only */
    const char *doc;
} KrGetSet;

#define KR_ENTRY_(fn, pyname, sig, docstring, kindbits, typedsig)                                                 \
    static const KrFunction fn##_entry = {pyname, sig, (KrAnyCode)(fn), docstring, kindbits, typedsig};
#define KR_FN(table, fn, pyname, sig, docstring)                                                                  \
    static KrValue fn(const KrValue *a);                                                                          \
    KR_ENTRY_(fn, pyname, sig, docstring, KR_KIND_BOUND, NULL)                                                    \
    static KrValue fn(KR_UNUSED const KrValue *a)
#define KR_CLASSMETHOD(table, fn, pyname, sig, docstring)                                                         \
    static KrValue fn(const KrValue *a);                                                                          \
    KR_ENTRY_(fn, pyname, sig, docstring, KR_KIND_BOUND | KR_IS_CLASS, NULL)                                      \
    static KrValue fn(KR_UNUSED const KrValue *a)
#define KR_STATICMETHOD(table, fn, pyname, sig, docstring)                                                        \
    static KrValue fn(const KrValue *a);                                                                          \
    KR_ENTRY_(fn, pyname, sig, docstring, KR_KIND_BOUND | KR_IS_STATIC, NULL)                                     \
    static KrValue fn(KR_UNUSED const KrValue *a)
#define KR_FN_RAW(table, fn, pyname, sig, docstring)                                                              \
    static KrValue fn(const KrValue *args, size_t n, KrValue kwnames);                                            \
    KR_ENTRY_(fn, pyname, sig, docstring, KR_KIND_RAW, NULL)                                                      \
    static KrValue fn(KR_UNUSED const KrValue *args, KR_UNUSED size_t n, KR_UNUSED KrValue kwnames)
/* `fn` is an existing C function on scalars; kernels call it directly. */
#define KR_TYPED(table, fn, pyname, sig, typedsig, docstring)                                                     \
    static const KrFunction fn##_entry = {pyname, sig, (KrAnyCode)(fn), docstring, KR_KIND_TYPED, typedsig};
#define KR_GETSET(table, getter, setter, pyname, docstring)                                                       \
    static const KrGetSet getter##_getset = {pyname, getter, setter, docstring};

KR_API KrValue kr_function_new(const KrFunction *entry, KrValue self /* or empty */, KrValue module_name /* or empty */);
KR_API const KrFunction *kr_function_entry(KrValue builtin); /* NULL if v is no native function */
/* Binds arguments to a signature by hand, for raw functions: slots[] gets one value a parameter. */
KR_API KR_CHECKED int kr_bind(const KrFunction *entry, const KrValue *args, size_t n, KrValue kwnames, KrValue *slots);

/* ---- Types ------------------------------------------------------------------------------------------------- */

typedef struct KrTracer KrTracer;

/* A view of an object's memory, as Python's buffer protocol describes it. */
typedef struct KrBuffer {
    void *data;
    KrValue owner;
    int64_t size, item_size;
    const char *format; /* struct syntax; NULL means "B" */
    int rank;
    bool read_only;
    int64_t *shape, *strides; /* may be NULL for rank 1, contiguous */
    int64_t inline_dims[2];   /* room for shape[0] and strides[0] */
    void *internal;
} KrBuffer;
enum { KR_BUFFER_READ = 0, KR_BUFFER_WRITE = 1, KR_BUFFER_STRIDES = 2, KR_BUFFER_FORMAT = 4, KR_BUFFER_CONTIGUOUS = 8 };
KR_API KR_CHECKED int kr_buffer_get(KrValue v, KrBuffer *buffer, int flags); /* TypeError, BufferError */
KR_API void kr_buffer_release(KrBuffer *buffer);
KR_API bool kr_has_buffer(KrValue v);

struct KrArray;

/* What a type does, all optional. Operators return kr_NotImplemented to decline. A slot that is absent is
 * inherited from the base type. */
typedef struct KrSlots {
    KrValue (*make)(KrType *type, const KrValue *args, size_t n, KrValue kwnames); /* __new__ */
    int (*init)(KrValue self, const KrValue *args, size_t n, KrValue kwnames);
    KrValue (*call)(KrValue self, const KrValue *args, size_t n, KrValue kwnames);
    KrValue (*repr)(KrValue self);
    KrValue (*str)(KrValue self);
    int64_t (*hash)(KrValue self); /* -1 raised */
    KrValue (*compare)(KrValue a, KrValue b, int op);
    KrValue (*getattr)(KrValue self, KrValue name);
    int (*setattr)(KrValue self, KrValue name, KrValue value /* KR_EMPTY: delete */);
    KrValue (*descr_get)(KrValue self, KrValue instance /* KR_EMPTY: through the class */, KrValue owner);
    int (*descr_set)(KrValue self, KrValue instance, KrValue value /* KR_EMPTY: delete */);
    KrValue (*iter)(KrValue self);
    KrValue (*next)(KrValue self); /* KR_EMPTY without exception at the end */
    KrValue (*binary[KR_BINARY_COUNT])(KrValue a, KrValue b); /* either operand may be ours */
    KrValue (*inplace[KR_BINARY_COUNT])(KrValue self, KrValue b);
    KrValue (*power)(KrValue a, KrValue b, KrValue modulus); /* modulus never None here; binary[KR_POW] else */
    KrValue (*negative)(KrValue self);
    KrValue (*positive)(KrValue self);
    KrValue (*absolute)(KrValue self);
    KrValue (*invert)(KrValue self);
    int (*truth)(KrValue self);
    KrValue (*to_int)(KrValue self);
    KrValue (*to_float)(KrValue self);
    KrValue (*index)(KrValue self);
    int64_t (*length)(KrValue self);
    KrValue (*concat)(KrValue self, KrValue other); /* sequences' +, tried after the numeric operators */
    KrValue (*repeat)(KrValue self, int64_t count); /* sequences' * */
    KrValue (*inplace_concat)(KrValue self, KrValue other);
    KrValue (*inplace_repeat)(KrValue self, int64_t count);
    KrValue (*getitem)(KrValue self, KrValue key);
    int (*setitem)(KrValue self, KrValue key, KrValue value /* KR_EMPTY: delete */);
    int (*contains)(KrValue self, KrValue item);
    int (*buffer)(KrValue self, KrBuffer *buffer, int flags);
    void (*buffer_release)(KrValue self, KrBuffer *buffer);
    struct KrArray *(*array)(KrValue self); /* the array descriptor inside the object, without copying */
    KrValue (*await)(KrValue self);
    KrValue (*aiter)(KrValue self);
    KrValue (*anext)(KrValue self);
    void (*finalize)(KrValue self); /* __del__: may run Python code, may resurrect */
} KrSlots;

enum {
    KR_TYPE_FINAL = 1,      /* cannot be subclassed ("type 'X' is not an acceptable base type") */
    KR_TYPE_ABSTRACT = 2,   /* cannot be instantiated from Python ("cannot create 'X' instances") */
    KR_TYPE_DICT = 4,       /* instances take arbitrary attributes */
    KR_TYPE_IMMUTABLE = 8,  /* attributes of the class cannot be set; every static type */
    KR_TYPE_SEQUENCE = 16,  /* matches sequence patterns */
    KR_TYPE_MAPPING = 32,   /* matches mapping patterns */
    KR_TYPE_METHOD = 64,    /* instances are functions that bind self as their first argument */
    KR_TYPE_NO_WEAKREF = 128 /* weakref.ref() refuses its instances, as CPython does for int, tuple, ... */
};

typedef struct KrTypeSpec {
    const char *name; /* "deque", or with its module: "collections.deque" */
    const char *doc;
    size_t size;    /* sizeof the instance struct, KrObject included */
    unsigned flags;
    KrType *base;   /* NULL: object */
    void (*trace)(void *self, KrTracer *tracer); /* visits every KrValue inside; NULL if there are none */
    void (*release)(void *self); /* frees foreign memory when the object died; touches no other object */
    const KrFunction *const *functions; /* NULL-terminated, from entries.h */
    const KrGetSet *const *getset;
    const char *const *match_args; /* __match_args__, NULL-terminated, or NULL */
    KrSlots slots;
} KrTypeSpec;

KR_API KrType *kr_type_new(const KrTypeSpec *spec); /* a new type, kept alive by its module */
/* Makes *type on first use only: a module that is imported afresh keeps its types. */
static inline KrType *kr_type_once(KrType **type, const KrTypeSpec *spec)
{
    return *type ? *type : (*type = kr_type_new(spec));
}
/* As kr_type_new, with several base classes: a tuple in the order of __bases__, spec->base (whose layout and slots the
 * type extends) among them. */
KR_API KrType *kr_type_new_with_bases(const KrTypeSpec *spec, KrValue bases);
KR_API const char *kr_type_name(const KrType *type); /* without the module */
KR_API KrValue kr_type_value(const KrType *type);
KR_API KrValue kr_type_dict(const KrType *type); /* the class's own dict; for constants put in while it is made */
KR_API const KrTypeSpec *kr_type_spec(const KrType *type);
/* KR_TYPE_SEQUENCE, KR_TYPE_MAPPING or 0: which patterns of match its instances match; setting it includes subclasses. */
KR_API unsigned kr_type_pattern(const KrType *type);
KR_API void kr_type_set_pattern(KrType *type, unsigned flag);
KR_API KrValue kr_type_find(const KrType *type, KrValue name); /* along the MRO, unbound; KR_EMPTY when absent */

/* Memory. Fresh objects are zero-filled. For variable-size instances give the size wanted. */
KR_API void *kr_alloc(KrType *type, size_t bytes);   /* NULL with MemoryError */
KR_API void *kr_alloc_instance(KrType *type);        /* the type's size, attribute storage included */
/* Collected vectors for a type's own use: values are traced, bytes are not. NULL with MemoryError. */
KR_API KrValue *kr_alloc_values(size_t n);
KR_API void *kr_alloc_bytes(size_t n);
KR_API void kr_trace(KrTracer *tracer, KrValue v);
KR_API void kr_trace_pointer(KrTracer *tracer, const void *object_or_vector); /* NULL allowed */
KR_API void kr_root(KrValue *location);              /* a C global that holds a value, for ever */
/* Memory outside the heap that objects hold (array buffers): drives collections. */
KR_API void kr_external_memory(int64_t delta);
KR_API void kr_collect(void);

/* Temporaries: may native code write its result into an operand's memory? Where a value comes from, taken while the
 * native code that makes it runs: `callee` if it was called, KR_EMPTY for an operator, and its operands. Nothing is
 * promised by an origin of zeros. kr_dies_here: the value of that origin, operand k of what runs now, is held by nobody
 * else and is never read again (vm/temporaries.c). */
typedef struct KrOrigin {
    const void *place;
    uint64_t mark;
} KrOrigin;
KR_API KrOrigin kr_origin(KrValue callee, const KrValue *operands, size_t n);
KR_API bool kr_dies_here(KrOrigin origin, KrValue callee, const KrValue *operands, size_t n, size_t k);
/* kr_origin() of what a native function returns, asked in its body: &NAME_entry of its KR_FN. */
KR_API KrOrigin kr_origin_native(const KrFunction *entry);
/* `value` was made with this very origin, in an earlier pass, and nobody holds it any more: it may be made anew. The owner
 * promises that it told nobody of the value but as an operator's operand, an item's container or a result. */
KR_API bool kr_is_forgotten(KrOrigin origin, KrValue value);

/* repr() of a container that may hold itself: false means "already inside" (print "..."). */
KR_API int kr_repr_enter(KrValue v); /* 1 entered, 0 already inside, -1 raised */
KR_API void kr_repr_leave(KrValue v);
/* Deep C recursion: -1 with RecursionError. */
KR_API KR_CHECKED int kr_enter_recursion(const char *where);
KR_API void kr_leave_recursion(void);

/* Tuples with named fields (time.struct_time, os.stat_result). */
typedef struct KrStructSpec {
    const char *name, *doc;
    const char *const *fields; /* NULL-terminated; the first `visible` are the tuple's items */
    size_t visible;
} KrStructSpec;
KR_API KrType *kr_struct_type(const KrStructSpec *spec);
KR_API KrValue kr_struct_new(KrType *type, const KrValue *values); /* one value a field */

/* Weak references. Without callback all references to one object are the same; TypeError when its type refuses. */
KR_API KrValue kr_weakref(KrValue target, KrValue callback /* or empty */);
KR_API KrValue kr_weakref_get(KrValue reference); /* KR_EMPTY when the target died */
KR_API KrValue kr_weakref_proxy(KrValue target, KrValue callback /* or empty */);
KR_API KrValue kr_weakref_list(KrValue target); /* its references and proxies, a new list */

KR_API KrValue kr_capsule(void *pointer, const char *name);
KR_API void *kr_capsule_get(KrValue capsule, const char *name); /* NULL with ValueError */

/* ---- Modules ----------------------------------------------------------------------------------------------- */

/* A module is one KrModule named kr_module_<name>, announced by KR_MODULE(name) in its file. A loadable module
 * is a shared object <name>.so exporting the same symbol. */
typedef struct KrModule {
    int api_version; /* KR_API_VERSION */
    const char *name, *doc;
    const KrFunction *const *functions;
    int (*exec)(KrValue module); /* adds types and constants; may be NULL */
    const char *source;          /* Python code run in the module after exec, or NULL */
} KrModule;
#define KR_MODULE(ident) KR_API extern const KrModule kr_module_##ident; const KrModule kr_module_##ident
KR_API KR_CHECKED int kr_module_add(KrValue module, const char *name, KrValue value);
KR_API KR_CHECKED int kr_module_add_type(KrValue module, KrType *type);
KR_API KR_CHECKED int kr_module_add_int(KrValue module, const char *name, int64_t value);
KR_API KrValue kr_module_dict(KrValue module);

/* ---- Threads ----------------------------------------------------------------------------------------------- */

KR_API void kr_detach(void); /* other threads may run Python now; touch no object */
KR_API void kr_attach(void);
KR_API bool kr_is_attached(void);
/* Calls body(begin, end, context) for ranges that cover 0..n, on the threads of the pool and the calling one,
 * detached; the ranges depend on n alone. The body touches no object. -1 raised (KeyboardInterrupt): not all ran. */
KR_API KR_CHECKED int kr_parallel(void (*body)(int64_t begin, int64_t end, void *context), int64_t n, void *context);
/* The calling thread's contextvars.Context, or KR_EMPTY. */
KR_API KrValue kr_thread_context(void);
KR_API void kr_set_thread_context(KrValue context);
/* In the child of a fork(): only the calling thread is left. */
KR_API void kr_after_fork_child(void);

/* ---- Arrays ------------------------------------------------------------------------------------------------ */

typedef enum KrDtype {
    KR_BOOL, KR_I8, KR_I16, KR_I32, KR_I64, KR_U8, KR_U16, KR_U32, KR_U64, KR_F16, KR_F32, KR_F64, KR_LONGDOUBLE,
    KR_C64, KR_C128, KR_CLONGDOUBLE, KR_OBJECT, KR_BYTES, KR_STR, KR_VOID, KR_DATETIME, KR_TIMEDELTA, KR_DTYPE_COUNT
} KrDtype;

enum {
    KR_ARRAY_C = 1,        /* C-contiguous */
    KR_ARRAY_F = 2,        /* Fortran-contiguous */
    KR_ARRAY_WRITEABLE = 4,
    KR_ARRAY_ALIGNED = 8,
    KR_ARRAY_NATIVE = 16   /* native byte order */
};
#define KR_MAX_RANK 64

/* An array's memory, the same struct for the interpreter, for kernels and for other modules. It stands inside
 * the array object; whoever holds the object may read it while attached, and a kernel while the object is
 * reachable. Strides are in bytes and may be negative or zero. */
typedef struct KrArray {
    char *data;       /* the first element */
    KrValue owner;    /* what keeps data alive; KR_EMPTY if the array object itself does */
    int64_t *shape;   /* rank lengths */
    int64_t *strides; /* rank steps in bytes */
    int32_t rank;
    int32_t dtype;    /* KrDtype */
    int64_t item_size;/* bytes */
    uint32_t flags;   /* KR_ARRAY_... */
    uint32_t reserved;
} KrArray;
KR_API KrArray *kr_array_of(KrValue v); /* NULL without exception if v is no array */
/* Wraps memory as a new array object (of the numpy module, imported if need be). `owner` keeps it alive; with
 * an empty owner, `data` came from malloc and is freed with the array. */
KR_API KrValue kr_array_wrap(void *data, int dtype, int rank, const int64_t *shape, const int64_t *strides,
                             KrValue owner);

#ifdef __cplusplus
}
#endif
#endif
