"""The C of jit.build: the header for users, and the functions that turn C arguments into a kernel's slots.

What is declared here of libkernel.a stands in jit/run/standalone/standalone.h, the layout of slots in jit/run/kernel_abi.h.
"""
import json

from numba.core import types

PUBLIC = ["krait_release;", "krait_library_abi;", "krait_library_host;", "krait_library_description;"]

_ERROR = """\
/* Every function returns 0, or one of these codes when the Python function raised. *error, which may be NULL, is then filled. */
#ifndef KRAIT_ERROR_DEFINED
#define KRAIT_ERROR_DEFINED
enum {
    KRAIT_OK = 0,
    KRAIT_ERROR = 1, /* an exception of another class: see kind */
    KRAIT_MEMORY_ERROR = 2,
    KRAIT_ZERO_DIVISION_ERROR = 3,
    KRAIT_OVERFLOW_ERROR = 4,
    KRAIT_INDEX_ERROR = 5,
    KRAIT_KEY_ERROR = 6,
    KRAIT_VALUE_ERROR = 7,
    KRAIT_TYPE_ERROR = 8,
    KRAIT_ASSERTION_ERROR = 9,
    KRAIT_RECURSION_ERROR = 10,
    KRAIT_RUNTIME_ERROR = 11
};
typedef struct krait_error {
    int code;
    int line; /* of the Python source; 0: not known */
    const char *file, *function;
    char kind[32]; /* "ZeroDivisionError" */
    char message[400];
} krait_error;

/* Gives up the memory of a result array: its owner. NULL is fine. */
void krait_release(void *owner);
#endif
"""


def entry(kernel):
    """The name of a kernel's entry in the library."""
    return f"krait_library_kernel_{kernel.number}"


def _simple(kind):
    """The C type of a number, or None."""
    if isinstance(kind, types.Complex):
        return "krait_" + kind.name
    if isinstance(kind, types.Float):
        return {32: "float", 64: "double"}.get(kind.bitwidth)
    if isinstance(kind, types.Boolean):
        return "bool"
    return f"{kind.name}_t" if isinstance(kind, types.Integer) else None


def _array(kind):
    return f"krait_{kind.dtype.name}_{kind.ndim}d"


def _is_array(kind):
    return isinstance(kind, types.Array) and _simple(kind.dtype) is not None


def check(kernel, error):
    """Raise `error` if a type of the kernel has no form in C."""
    for parameter, kind in zip(kernel.parameters, kernel.arguments):
        if not _simple(kind) and not _is_array(kind):
            raise error(f"argument '{parameter}' of '{kernel.name}' is {kind}, for which C has no form")
    for kind in kernel.results:
        if not _simple(kind) and not _is_array(kind):
            raise error(f"'{kernel.name}' returns {kind}, for which C has no form")


# ---- The header ----

def _type_definitions(found):
    names = {}
    for kernel in found:
        for kind in (*kernel.arguments, *kernel.results):
            number = kind.dtype if isinstance(kind, types.Array) else kind
            if isinstance(number, types.Complex):
                part = "float" if number.bitwidth == 64 else "double"
                names[_simple(number)] = f"typedef struct {_simple(number)} {{ {part} real, imag; }} {_simple(number)};"
            if isinstance(kind, types.Array):
                names[_array(kind)] = (f"typedef struct {_array(kind)} {{ {_simple(number)} *data; int64_t shape[{max(kind.ndim, 1)}], "
                                       f"strides[{max(kind.ndim, 1)}]; void *owner; }} {_array(kind)};")
    for name, text in names.items():
        yield f"#ifndef {name.upper()}_DEFINED\n#define {name.upper()}_DEFINED\n{text}\n#endif"


def _result_names(kernel):
    return ["result"] if len(kernel.results) == 1 else [f"result_{i}" for i in range(len(kernel.results))]


_WORDS = set("""result error auto break case char const continue default do double else enum extern float for goto if inline int long
    register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while bool true false
    class new delete template this throw catch private public protected operator namespace using virtual explicit friend
    mutable typename try""".split())


def _c_name(parameter):
    if not parameter.isascii():
        return f"argument_{parameter.encode().hex()}"
    return parameter + "_" if parameter in _WORDS or parameter.startswith("result_") else parameter


def _prototype(kernel):
    parts = []
    for parameter, kind in zip(kernel.parameters, kernel.arguments):
        parts.append(f"const {_array(kind)} *{_c_name(parameter)}" if isinstance(kind, types.Array) else f"{_simple(kind)} {_c_name(parameter)}")
    for name, kind in zip(_result_names(kernel), kernel.results):
        parts.append(f"{_array(kind) if isinstance(kind, types.Array) else _simple(kind)} *{name}")
    return f"int {kernel.name}({', '.join(parts + ['krait_error *error'])})"


def _comment(kernel):
    layouts = [f"{p}: {a}" for p, a in zip(kernel.parameters, kernel.arguments)]
    doc = (kernel.dispatcher.py_func.__doc__ or "").strip().splitlines()
    lines = doc[:1] + [f"{kernel.dispatcher.__name__}({', '.join(layouts)}) -> {kernel.result}"]
    return "/* " + "\n * ".join(line.replace("*/", "* /") for line in lines) + " */"


def header(found, stem):
    """The text of the header."""
    guard = "".join(c if c.isascii() and c.isalnum() else "_" for c in stem).upper() + "_H"
    return "\n".join([
        f"/* {stem}: kernels compiled by krait (jit.build).", " *",
        " * Arrays: data, shape, strides in bytes. Arguments are not copied; strides are read of arrays that the signature below gives",
        " * the layout A, those of layout C and F lie densely in that order. A result's strides are always filled; its owner goes",
        " * to krait_release when the array is done with, and is NULL for a view of an argument. */",
        f"#ifndef {guard}", f"#define {guard}", "", "#include <stdbool.h>", "#include <stdint.h>", "",
        "#ifdef __cplusplus", 'extern "C" {', "#endif", "", _ERROR, *_type_definitions(found), "",
        *[f"{_comment(kernel)}\n{_prototype(kernel)};\n" for kernel in found],
        "#ifdef __cplusplus", "}", "#endif", "", "#endif", ""])


# ---- The functions ----

_HELPERS = """\
#include <stddef.h>
#include <string.h>

typedef struct Source { const char *file, *name, *text; int line; } Source;
int krait_library_report(const uint64_t *, const Source *, const char *const *, krait_error *);
void *krait_library_owner(uint64_t);
void *krait_library_math(const char *);

static inline uint64_t put_double(double x) { uint64_t w; memcpy(&w, &x, 8); return w; }
static inline uint64_t put_float(float x) { uint64_t w = 0; memcpy(&w, &x, 4); return w; }
static inline double get_double(uint64_t w) { double x; memcpy(&x, &w, 8); return x; }
static inline float get_float(uint64_t w) { float x; memcpy(&x, &w, 4); return x; }
"""


def _put(kind, value):
    """C statements that append a number to the slots."""
    if isinstance(kind, types.Complex):
        part = types.from_text("float32" if kind.bitwidth == 64 else "float64")
        return _put(part, f"{value}.real") + _put(part, f"{value}.imag")
    if isinstance(kind, types.Float):
        return [f"krait_slots[krait_k++] = put_{'float' if kind.bitwidth == 32 else 'double'}({value});"]
    if isinstance(kind, types.Boolean):
        return [f"krait_slots[krait_k++] = {value} ? 1 : 0;"]
    return [f"krait_slots[krait_k++] = (uint64_t){'(int64_t)' if kind.signed else ''}{value};"]


def _put_array(kind, name, index):
    lines = [f"krait_slots[krait_k++] = (uint64_t)(uintptr_t){name}->data;", f"krait_slots[krait_k++] = {index << 1 | 1};"]
    lines += [f"krait_slots[krait_k++] = (uint64_t){name}->shape[{i}];" for i in range(kind.ndim)]
    if kind.layout == "A":
        lines += [f"krait_slots[krait_k++] = (uint64_t){name}->strides[{i}];" for i in range(kind.ndim)]
    return lines


def _get(kind, target):
    """C statements that read a number from the results."""
    if isinstance(kind, types.Complex):
        part = types.from_text("float32" if kind.bitwidth == 64 else "float64")
        return _get(part, f"{target}.real") + _get(part, f"{target}.imag")
    if isinstance(kind, types.Float):
        return [f"{target} = get_{'float' if kind.bitwidth == 32 else 'double'}(krait_results[krait_k++]);"]
    return [f"{target} = ({_simple(kind)})krait_results[krait_k++];"]


def _get_array(kind, name):
    lines = [f"{name}->data = (void *)(uintptr_t)krait_results[krait_k++];", f"{name}->owner = krait_library_owner(krait_results[krait_k++]);"]
    lines += [f"{name}->shape[{i}] = (int64_t)krait_results[krait_k++];" for i in range(kind.ndim)]
    if kind.layout == "A":
        return lines + [f"{name}->strides[{i}] = (int64_t)krait_results[krait_k++];" for i in range(kind.ndim)]
    order = range(kind.ndim) if kind.layout == "F" else range(kind.ndim - 1, -1, -1)
    step = f"(int64_t)sizeof *{name}->data"
    for i in order:
        lines.append(f"{name}->strides[{i}] = {step};")
        step = f"{name}->strides[{i}] * {name}->shape[{i}]"
    return lines


def _slots(kind):
    if isinstance(kind, types.Array):
        return 2 + kind.ndim * (2 if kind.layout == "A" else 1)
    return 2 if isinstance(kind, types.Complex) else 1


def lines_of(function):
    """The source of a function, decorators included, or None."""
    import inspect
    try:
        return "".join(inspect.getsourcelines(function)[0])
    except (OSError, TypeError):
        return None


def _quoted(text):
    return "NULL" if text is None else json.dumps(text).replace("??", "?\\?")


def _tables(kernel):
    rows = []
    for function in kernel.functions:
        code = function.__code__
        rows.append(f"    {{{_quoted(code.co_filename)}, {_quoted(function.__name__)}, {_quoted(lines_of(function))}, {code.co_firstlineno}}},")
    letters = []
    for cls, arguments in kernel.raises:
        first = types.from_text(arguments[0]) if arguments else None
        letter = ("i" if isinstance(first, types.Integer) else "f" if isinstance(first, types.Float) and first.bitwidth == 64
                  else "s" if first is types.unicode_type else "-")
        letters.append(letter + cls)
    raises = ", ".join(f'"{letter}"' for letter in letters) or "NULL"
    return [f"static const Source sources_{kernel.number}[] = {{", *rows, "};", f"static const char *const raises_{kernel.number}[] = {{{raises}}};"]


def _function(kernel):
    inputs, outputs = ["size_t krait_k = 0;"], ["krait_k = 0;"]
    for index, (parameter, kind) in enumerate(zip(kernel.parameters, kernel.arguments)):
        name = _c_name(parameter)
        inputs += _put_array(kind, name, index) if isinstance(kind, types.Array) else _put(kind, name)
    for name, kind in zip(_result_names(kernel), kernel.results):
        outputs += _get_array(kind, name) if isinstance(kind, types.Array) else _get(kind, f"(*{name})")
    room = [f"uint64_t krait_slots[{sum(map(_slots, kernel.arguments)) + 1}], krait_results[{sum(map(_slots, kernel.results)) + 1}], krait_failure[8] = {{0}};"]
    call = [f"if ({entry(kernel)}(krait_slots, krait_results, krait_failure))",
            f"    return krait_library_report(krait_failure, sources_{kernel.number}, raises_{kernel.number}, error);"]
    body = room + inputs + call + outputs + ["(void)krait_k;", "return 0;"]
    return [f"int32_t {entry(kernel)}(const uint64_t *, uint64_t *, uint64_t *);", *_tables(kernel), _prototype(kernel), "{",
            *["    " + line for line in body], "}", ""]


_JUMP = """\
#if defined(__x86_64__)
#define MATH(name, slot) __asm__(".text\\n.globl \\"" name "\\"\\n\\"" name "\\": jmp *" slot "(%rip)\\n");
#else
#define MATH(name, slot) __asm__(".text\\n.globl \\"" name "\\"\\n\\"" name "\\": adrp x16, " slot "\\nldr x16, [x16, :lo12:" slot "]\\nbr x16\\n");
#endif
"""


def _math(names):
    """Jumps to elementary functions, whose addresses are looked up when the library is loaded."""
    if not names:
        return []
    lines = [_JUMP]
    lines += [f'__attribute__((used)) void *krait_math_{i};\nMATH("{name}", "krait_math_{i}")' for i, name in enumerate(names)]
    return lines + ["__attribute__((constructor)) static void find_math(void)", "{",
                    *[f'    krait_math_{i} = krait_library_math("{name}");' for i, name in enumerate(names)], "}", ""]


def source(found, math, description):
    """The text of the C file."""
    lines = ['#include "library.h"', _HELPERS, f"const char krait_library_description[] = {_quoted(description)};", ""]
    for kernel in found:
        lines += _function(kernel)
    return "\n".join(lines + _math(math)) + "\n"
