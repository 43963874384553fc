/* exception_types.c: the exception classes. Most add only a name; those with attributes keep
 * them in Exception.fields, in the order that exception.h gives. A class whose fields mean
 * something of its own is SOLID: no class can derive from two such. */
#include <stdio.h>

#include "runtime/objects/exception_types.h"
#include "runtime/objects/dict.h"
#include "runtime/objects/object.h"
#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"

Type kr_exception_types[EXCEPTION_COUNT];
KrType *const kr_BaseException = &kr_exception_types[EXCEPTION_BaseException];
#define X(name, base) KrType *const kr_##name = &kr_exception_types[EXCEPTION_##name];
KR_EXCEPTIONS(X)
#undef X

static inline bool has_keywords(Value kwnames)
{
    return !is_empty(kwnames) && tuple_of(kwnames)->size;
}

int kr_exception_take_keywords(Value self, const char *type_name, const char *const *names,
                               const int *fields, const Value *values, Value kwnames)
{
    for (size_t i = 0; has_keywords(kwnames) && i < tuple_of(kwnames)->size; i++) {
        Value name = tuple_of(kwnames)->items[i];
        int k = 0;
        while (names[k] && !kr_str_equal_ascii(name, names[k])) k++;
        if (!names[k]) {
            kr_raise(kr_TypeError, "'%U' is an invalid keyword argument for %s()", name, type_name);
            return -1;
        }
        exception_of(self)->fields[fields[k]] = values[i];
    }
    return 0;
}

/* ---- StopIteration, SystemExit ----------------------------------------------------- */

static int stop_init(Value self, const Value *args, size_t n, Value kwnames)
{
    if (kr_exception_init(self, args, n, kwnames) < 0) return -1;
    exception_of(self)->fields[0] = n ? args[0] : NONE;
    return 0;
}

static int exit_init(Value self, const Value *args, size_t n, Value kwnames)
{
    if (kr_exception_init(self, args, n, kwnames) < 0) return -1;
    exception_of(self)->fields[0] = n == 0 ? NONE : n == 1 ? args[0] : exception_of(self)->args;
    return 0;
}

EXCEPTION_FIELD(value, 0)
KR_GETSET(stop, get_value, set_value, "value", "generator return value")
EXCEPTION_FIELD(code, 0)
KR_GETSET(exit, get_code, set_code, "code", "exception code")

/* ---- ImportError, NameError, AttributeError ---------------------------------------- */

static int import_init(Value self, const Value *args, size_t n, Value kwnames)
{
    static const char *const names[] = {"name", "path", NULL};
    static const int fields[] = {1, 2};
    if (kr_exception_init(self, args, n, EMPTY) < 0) return -1;
    Exception *e = exception_of(self);
    e->fields[0] = n == 1 ? args[0] : EMPTY;
    e->fields[1] = e->fields[2] = EMPTY;
    return kr_exception_take_keywords(self, "ImportError", names, fields, args + n, kwnames);
}

static Value import_str(Value self)
{
    Value message = exception_of(self)->fields[0];
    return !is_empty(message) && is_exact(message, &kr_str_type) ? message : kr_exception_str(self);
}

EXCEPTION_FIELD(import_msg, 0)
KR_GETSET(import_error, get_import_msg, set_import_msg, "msg", "exception message")
EXCEPTION_FIELD(import_name, 1)
KR_GETSET(import_error, get_import_name, set_import_name, "name", "module name")
EXCEPTION_FIELD(import_path, 2)
KR_GETSET(import_error, get_import_path, set_import_path, "path", "module path")

KR_FN(import_error, import_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling.")
{
    Exception *e = exception_of(a[0]);
    Value state = kr_exception_state(a[0]), type = from_object(type_of(a[0]));
    if (is_empty(state)) return EMPTY;
    if (is_empty(e->fields[1]) && is_empty(e->fields[2]))
        return is_none(state) ? kr_tuple_of(2, type, e->args)
                              : kr_tuple_of(3, type, e->args, state);
    state = is_none(state) ? kr_dict() : kr_dict_copy(state);
    if (is_empty(state)) return EMPTY;
    if (!is_empty(e->fields[1]) && kr_dict_set(state, KR_NAME("name"), e->fields[1]) < 0)
        return EMPTY;
    if (!is_empty(e->fields[2]) && kr_dict_set(state, KR_NAME("path"), e->fields[2]) < 0)
        return EMPTY;
    return kr_tuple_of(3, type, e->args, state);
}

static int name_init(Value self, const Value *args, size_t n, Value kwnames)
{
    static const char *const names[] = {"name", NULL};
    static const int fields[] = {0};
    if (kr_exception_init(self, args, n, EMPTY) < 0) return -1;
    exception_of(self)->fields[0] = EMPTY;
    return kr_exception_take_keywords(self, "NameError", names, fields, args + n, kwnames);
}

EXCEPTION_FIELD(name_name, 0)
KR_GETSET(name_error, get_name_name, set_name_name, "name", "name")

static int attribute_init(Value self, const Value *args, size_t n, Value kwnames)
{
    static const char *const names[] = {"name", "obj", NULL};
    static const int fields[] = {0, 1};
    if (kr_exception_init(self, args, n, EMPTY) < 0) return -1;
    exception_of(self)->fields[0] = exception_of(self)->fields[1] = EMPTY;
    return kr_exception_take_keywords(self, "AttributeError", names, fields, args + n, kwnames);
}

EXCEPTION_FIELD(attribute_name, 0)
KR_GETSET(attribute_error, get_attribute_name, set_attribute_name, "name", "attribute name")
EXCEPTION_FIELD(attribute_object, 1)
KR_GETSET(attribute_error, get_attribute_object, set_attribute_object, "obj", "object")

/* ---- KeyError ---------------------------------------------------------------------- */

/* The repr of a single key, so that the empty string can be told from no key. */
static Value key_str(Value self)
{
    Tuple *args = tuple_of(exception_of(self)->args);
    return args->size == 1 ? kr_repr(args->items[0]) : kr_exception_str(self);
}

/* ---- SyntaxError ------------------------------------------------------------------- */

static int syntax_init(Value self, const Value *args, size_t n, Value kwnames)
{
    if (kr_exception_init(self, args, n, kwnames) < 0) return -1;
    Exception *e = exception_of(self);
    if (n) e->fields[0] = args[0];
    if (n != 2) return 0;
    Value details = kr_tuple_from(args[1]);
    if (is_empty(details)) return -1;
    size_t count = tuple_of(details)->size;
    if (count < 4 || count > 6) {
        kr_raise(kr_TypeError, "function takes at %s arguments (%zu given)",
                 count < 4 ? "least 4" : "most 6", count);
        return -1;
    }
    for (size_t i = 0; i < 6; i++)
        e->fields[1 + i] = i < count ? tuple_of(details)->items[i] : EMPTY;
    if (count == 5) {
        kr_raise(kr_TypeError, "end_offset must be provided when end_lineno is provided");
        return -1;
    }
    return 0;
}

static Value base_name(Value path)
{
    Str *s = str_of(path);
    size_t begin = s->length;
    while (begin > 0 && str_at(s, begin - 1) != '/') begin--;
    return kr_str_slice(path, begin, s->length);
}

static Value syntax_str(Value self)
{
    Value message = exception_field(self, 0), filename = exception_field(self, 1),
          line = exception_field(self, 2);
    Value file = is_str(filename) ? base_name(filename) : EMPTY;
    if (is_str(filename) && is_empty(file)) return EMPTY;
    bool has_line = kr_is_int_exact(line);
    if (is_empty(file) && !has_line) return kr_to_str(message);
    if (!is_empty(file) && has_line) return kr_str_format("%S (%U, line %S)", message, file, line);
    if (!is_empty(file)) return kr_str_format("%S (%U)", message, file);
    return kr_str_format("%S (line %S)", message, line);
}

EXCEPTION_FIELD(syntax_msg, 0)
KR_GETSET(syntax_error, get_syntax_msg, set_syntax_msg, "msg", "exception msg")
EXCEPTION_FIELD(syntax_filename, 1)
KR_GETSET(syntax_error, get_syntax_filename, set_syntax_filename, "filename", "exception filename")
EXCEPTION_FIELD(syntax_line, 2)
KR_GETSET(syntax_error, get_syntax_line, set_syntax_line, "lineno", "exception lineno")
EXCEPTION_FIELD(syntax_offset, 3)
KR_GETSET(syntax_error, get_syntax_offset, set_syntax_offset, "offset", "exception offset")
EXCEPTION_FIELD(syntax_text, 4)
KR_GETSET(syntax_error, get_syntax_text, set_syntax_text, "text", "exception text")
EXCEPTION_FIELD(syntax_end_line, 5)
KR_GETSET(syntax_error, get_syntax_end_line, set_syntax_end_line, "end_lineno",
          "exception end lineno")
EXCEPTION_FIELD(syntax_end_offset, 6)
KR_GETSET(syntax_error, get_syntax_end_offset, set_syntax_end_offset, "end_offset",
          "exception end offset")

/* Rarely used: kept among the instance's attributes. */
static Value get_syntax_print(Value self)
{
    Value value = kr_attrs_find(object_of(self), KR_NAME("print_file_and_line"));
    return is_empty(value) ? NONE : value;
}
static int set_syntax_print(Value self, Value value)
{
    return kr_attrs_set(object_of(self), KR_NAME("print_file_and_line"),
                        is_empty(value) ? NONE : value);
}
KR_GETSET(syntax_error, get_syntax_print, set_syntax_print, "print_file_and_line",
          "exception print_file_and_line")

/* ---- Unicode errors ---------------------------------------------------------------- */

enum { ENCODING, OBJECT, START, END, REASON };

/* `first` is the parameter that field `first` takes: UnicodeTranslateError has no encoding. */
static int unicode_init(Value self, const Value *args, size_t n, Value kwnames, int first,
                        const Type *object_type)
{
    if (kr_exception_init(self, args, n, kwnames) < 0) return -1;
    size_t wanted = (size_t)(5 - first);
    if (n != wanted) {
        kr_raise(kr_TypeError, "function takes exactly %zu arguments (%zu given)", wanted, n);
        return -1;
    }
    Value fields[5] = {EMPTY};
    for (size_t i = 0; i < n; i++) fields[(size_t)first + i] = args[i];
    for (int i = first; i < 5; i++) {
        int number = i - first + 1;
        if (i == START || i == END) {
            Value index = kr_index(fields[i]);
            int64_t x;
            if (is_empty(index) || kr_to_index(index, &x) < 0) return -1;
            fields[i] = kr_int(x);
        } else if (i == OBJECT && object_type == &kr_bytes_type) {
            if (is_bytes(fields[i])) continue;
            if (!kr_has_buffer(fields[i])) {
                kr_raise(kr_TypeError, "a bytes-like object is required, not '%T'", fields[i]);
                return -1;
            }
            fields[i] = kr_call1(from_object(&kr_bytes_type), fields[i]);
            if (is_empty(fields[i])) return -1;
        } else if (!is_str(fields[i])) {
            kr_raise(kr_TypeError, "argument %d must be str, not %T", number, fields[i]);
            return -1;
        }
    }
    memcpy(exception_of(self)->fields, fields, sizeof fields);
    return 0;
}

static int decode_init(Value self, const Value *args, size_t n, Value kwnames)
{
    return unicode_init(self, args, n, kwnames, ENCODING, &kr_bytes_type);
}
static int encode_init(Value self, const Value *args, size_t n, Value kwnames)
{
    return unicode_init(self, args, n, kwnames, ENCODING, &kr_str_type);
}
static int translate_init(Value self, const Value *args, size_t n, Value kwnames)
{
    return unicode_init(self, args, n, kwnames, OBJECT, &kr_str_type);
}

static void show_point(char *out, size_t size, uint32_t c)
{
    snprintf(out, size, c <= 0xff ? "\\x%02x" : c <= 0xffff ? "\\u%04x" : "\\U%08x", c);
}

static int64_t position(const Exception *e, int field)
{
    int64_t x = 0;
    if (!is_empty(e->fields[field]) && kr_to_int64(e->fields[field], &x) < 0) kr_clear_exception();
    return x;
}

/* The object was set by the user to something that cannot be shown. */
static bool bad_object(const Exception *e, bool bytes)
{
    if (bytes ? is_bytes(e->fields[OBJECT]) : is_str(e->fields[OBJECT])) return false;
    kr_raise(kr_TypeError, "object attribute must be %s", bytes ? "bytes" : "unicode");
    return true;
}

/* The single code point or byte at start, when the error is about exactly one that exists; else
 * -1. */
static int64_t one_unit(const Exception *e)
{
    int64_t start = position(e, START), end = position(e, END);
    Value object = e->fields[OBJECT];
    bool bytes = is_bytes(object);
    int64_t length = bytes ? (int64_t)kr_bytes_size(object) : (int64_t)str_of(object)->length;
    if (start < 0 || start >= length || end != start + 1) return -1;
    return bytes ? kr_bytes_data(object)[start] : str_at(str_of(object), (size_t)start);
}

static Value first_position(const Exception *e) { return kr_int(position(e, START)); }
static Value last_position(const Exception *e) { return kr_int(position(e, END) - 1); }

static Value decode_str(Value self)
{
    Exception *e = exception_of(self);
    if (is_empty(e->fields[OBJECT])) return KR_NAME("");
    if (bad_object(e, true)) return EMPTY;
    int64_t byte = one_unit(e);
    if (byte >= 0)
        return kr_str_format("'%S' codec can't decode byte 0x%02x in position %S: %S",
                             exception_field(self, ENCODING), (int)byte, first_position(e),
                             exception_field(self, REASON));
    return kr_str_format("'%S' codec can't decode bytes in position %S-%S: %S",
                         exception_field(self, ENCODING), first_position(e), last_position(e),
                         exception_field(self, REASON));
}

static Value encode_str(Value self)
{
    Exception *e = exception_of(self);
    if (is_empty(e->fields[OBJECT])) return KR_NAME("");
    if (bad_object(e, false)) return EMPTY;
    int64_t point = one_unit(e);
    char shown[16];
    if (point >= 0) {
        show_point(shown, sizeof shown, (uint32_t)point);
        return kr_str_format("'%S' codec can't encode character '%s' in position %S: %S",
                             exception_field(self, ENCODING), shown, first_position(e),
                             exception_field(self, REASON));
    }
    return kr_str_format("'%S' codec can't encode characters in position %S-%S: %S",
                         exception_field(self, ENCODING), first_position(e), last_position(e),
                         exception_field(self, REASON));
}

static Value translate_str(Value self)
{
    Exception *e = exception_of(self);
    if (is_empty(e->fields[OBJECT])) return KR_NAME("");
    if (bad_object(e, false)) return EMPTY;
    int64_t point = one_unit(e);
    char shown[16];
    if (point >= 0) {
        show_point(shown, sizeof shown, (uint32_t)point);
        return kr_str_format("can't translate character '%s' in position %S: %S", shown,
                             first_position(e), exception_field(self, REASON));
    }
    return kr_str_format("can't translate characters in position %S-%S: %S", first_position(e),
                         last_position(e), exception_field(self, REASON));
}

static int set_position(Value self, Value value, int field)
{
    int64_t x;
    if (is_empty(value)) {
        kr_raise(kr_TypeError, "can't delete numeric/char attribute");
        return -1;
    }
    if (kr_to_index(value, &x) < 0) return -1;
    exception_of(self)->fields[field] = kr_int(x);
    return 0;
}

EXCEPTION_FIELD(unicode_encoding, ENCODING)
KR_GETSET(unicode_error, get_unicode_encoding, set_unicode_encoding, "encoding",
          "exception encoding")
EXCEPTION_FIELD(unicode_object, OBJECT)
KR_GETSET(unicode_error, get_unicode_object, set_unicode_object, "object", "exception object")
static Value get_unicode_start(Value self) { return exception_field(self, START); }
static int set_unicode_start(Value self, Value value) { return set_position(self, value, START); }
KR_GETSET(unicode_error, get_unicode_start, set_unicode_start, "start", "exception start")
static Value get_unicode_end(Value self) { return exception_field(self, END); }
static int set_unicode_end(Value self, Value value) { return set_position(self, value, END); }
KR_GETSET(unicode_error, get_unicode_end, set_unicode_end, "end", "exception end")
EXCEPTION_FIELD(unicode_reason, REASON)
KR_GETSET(unicode_error, get_unicode_reason, set_unicode_reason, "reason", "exception reason")

#include "runtime/objects/exception_types.entries.h"

/* ---- The classes ------------------------------------------------------------------- */

static const char *const docs[EXCEPTION_COUNT] = {
    [EXCEPTION_SystemExit] = "Request to exit from the interpreter.",
    [EXCEPTION_KeyboardInterrupt] = "Program interrupted by user.",
    [EXCEPTION_GeneratorExit] = "Request that a generator exit.",
    [EXCEPTION_Exception] = "Common base class for all non-exit exceptions.",
    [EXCEPTION_StopIteration] = "Signal the end from iterator.__next__().",
    [EXCEPTION_StopAsyncIteration] = "Signal the end from iterator.__anext__().",
    [EXCEPTION_ArithmeticError] = "Base class for arithmetic errors.",
    [EXCEPTION_FloatingPointError] = "Floating point operation failed.",
    [EXCEPTION_OverflowError] = "Result too large to be represented.",
    [EXCEPTION_ZeroDivisionError] = "Second argument to a division or modulo operation was zero.",
    [EXCEPTION_AssertionError] = "Assertion failed.",
    [EXCEPTION_AttributeError] = "Attribute not found.",
    [EXCEPTION_BufferError] = "Buffer error.",
    [EXCEPTION_EOFError] = "Read beyond end of file.",
    [EXCEPTION_ImportError] = "Import can't find module, or can't find name in module.",
    [EXCEPTION_ModuleNotFoundError] = "Module not found.",
    [EXCEPTION_LookupError] = "Base class for lookup errors.",
    [EXCEPTION_IndexError] = "Sequence index out of range.",
    [EXCEPTION_KeyError] = "Mapping key not found.",
    [EXCEPTION_MemoryError] = "Out of memory.",
    [EXCEPTION_NameError] = "Name not found globally.",
    [EXCEPTION_UnboundLocalError] = "Local name referenced but not bound to a value.",
    [EXCEPTION_BlockingIOError] = "I/O operation would block.",
    [EXCEPTION_ChildProcessError] = "Child process error.",
    [EXCEPTION_ConnectionError] = "Connection error.",
    [EXCEPTION_BrokenPipeError] = "Broken pipe.",
    [EXCEPTION_ConnectionAbortedError] = "Connection aborted.",
    [EXCEPTION_ConnectionRefusedError] = "Connection refused.",
    [EXCEPTION_ConnectionResetError] = "Connection reset.",
    [EXCEPTION_FileExistsError] = "File already exists.",
    [EXCEPTION_FileNotFoundError] = "File not found.",
    [EXCEPTION_InterruptedError] = "Interrupted by signal.",
    [EXCEPTION_IsADirectoryError] = "Operation doesn't work on directories.",
    [EXCEPTION_NotADirectoryError] = "Operation only works on directories.",
    [EXCEPTION_PermissionError] = "Not enough permissions.",
    [EXCEPTION_ProcessLookupError] = "Process not found.",
    [EXCEPTION_TimeoutError] = "Timeout expired.",
    [EXCEPTION_ReferenceError] = "Weak ref proxy used after referent went away.",
    [EXCEPTION_RuntimeError] = "Unspecified run-time error.",
    [EXCEPTION_NotImplementedError] = "Method or function hasn't been implemented yet.",
    [EXCEPTION_RecursionError] = "Recursion limit exceeded.",
    [EXCEPTION_SyntaxError] = "Invalid syntax.",
    [EXCEPTION_IndentationError] = "Improper indentation.",
    [EXCEPTION_TabError] = "Improper mixture of spaces and tabs.",
    [EXCEPTION_SystemError] = "Internal error in the interpreter.",
    [EXCEPTION_TypeError] = "Inappropriate argument type.",
    [EXCEPTION_ValueError] = "Inappropriate argument value (of correct type).",
    [EXCEPTION_UnicodeError] = "Unicode related error.",
    [EXCEPTION_UnicodeDecodeError] = "Unicode decoding error.",
    [EXCEPTION_UnicodeEncodeError] = "Unicode encoding error.",
    [EXCEPTION_UnicodeTranslateError] = "Unicode translation error.",
    [EXCEPTION_Warning] = "Base class for warning categories.",
};

static KrTypeSpec specs[EXCEPTION_COUNT] = {
    [EXCEPTION_StopIteration] = {.getset = stop_getset, .slots = {.init = stop_init}},
    [EXCEPTION_SystemExit] = {.getset = exit_getset, .slots = {.init = exit_init}},
    [EXCEPTION_ImportError] = {.functions = import_error_functions,
                               .getset = import_error_getset,
                               .slots = {.init = import_init, .str = import_str}},
    [EXCEPTION_NameError] = {.getset = name_error_getset, .slots = {.init = name_init}},
    [EXCEPTION_AttributeError] = {.getset = attribute_error_getset,
                                  .slots = {.init = attribute_init}},
    [EXCEPTION_KeyError] = {.slots = {.str = key_str}},
    [EXCEPTION_SyntaxError] = {.getset = syntax_error_getset,
                               .slots = {.init = syntax_init, .str = syntax_str}},
    [EXCEPTION_UnicodeDecodeError] = {.getset = unicode_error_getset,
                                      .slots = {.init = decode_init, .str = decode_str}},
    [EXCEPTION_UnicodeEncodeError] = {.getset = unicode_error_getset,
                                      .slots = {.init = encode_init, .str = encode_str}},
    [EXCEPTION_UnicodeTranslateError] = {.getset = &unicode_error_getset[1],
                                         .slots = {.init = translate_init, .str = translate_str}},
};

static void init_class(int number, int base, const char *name)
{
    KrTypeSpec *spec = &specs[number];
    Type *type = &kr_exception_types[number];
    if (number == EXCEPTION_OSError) *spec = kr_exception_os_spec;
    if (number == EXCEPTION_BaseExceptionGroup) *spec = kr_exception_group_spec;
    bool solid = spec->getset != NULL;
    spec->name = name;
    spec->base = &kr_exception_types[base];
    if (docs[number]) spec->doc = docs[number];
    /* its second base, Exception, is added when the types are ready (exception_group.c) */
    if (number == EXCEPTION_ExceptionGroup) spec->base = kr_BaseExceptionGroup;
    if (solid) type->traits |= TYPE_SOLID;
    kr_type_init(type, spec);
}

void kr_exception_type_init(void)
{
    kr_type_init(kr_BaseException, &kr_exception_spec);
    /* the list of krait.h has every base before its subclasses, save for Exception */
    init_class(EXCEPTION_Exception, EXCEPTION_BaseException, "Exception");
#define X(name, base)                                                                              \
    if (EXCEPTION_##name != EXCEPTION_Exception) \
        init_class(EXCEPTION_##name, EXCEPTION_##base, #name);
    KR_EXCEPTIONS(X)
#undef X
}
