/* constants.c: what a kernel's globals, closure variables and literals become: numbers, strings, tuples of them, and names of
 * the functions, modules and exceptions that jit/types/functions.def knows. Everything is frozen when the kernel is compiled. */
#include <stdio.h>
#include <string.h>

#include "jit/build/build.h"
#include "jit/types/functions.h"
#include "runtime/objects/function.h"
#include "runtime/objects/module.h"
#include "runtime/objects/slice.h"
#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"
#include "runtime/vm/builtins.h"

static IrNode *constant_node(IrFunc *f, IrBlock *b, const JitType *type, IrPos pos)
{
    IrNode *x = jit_ir_node_new(f, OP_CONST, M_VOID, 0);
    x->type = type;
    x->pos = pos;
    jit_ir_append(b, x);
    return x;
}

static IrNode *named(IrFunc *f, IrBlock *b, TypeKind kind, const char *name, IrPos pos)
{
    return constant_node(f, b, jit_type_named(kind, name, strlen(name)), pos);
}

/* A class of the script: the builder finds its attributes in the constant's immediate (build.c, load_attribute). */
static IrNode *class_node(IrFunc *f, IrBlock *b, const char *name, Value v, IrPos pos)
{
    IrNode *x = named(f, b, TK_FUNC, name, pos);
    if (is_object(v) && kr_is_a(v, &kr_type_type) && (((KrType *)object_of(v))->traits & TYPE_HEAP))
        x->imm.ptr = object_of(v);
    return x;
}

/* A str attribute of an object as UTF-8, or NULL. */
static const char *text_attribute(Value v, const char *name)
{
    Value text = kr_find_attr(v, kr_intern(name));
    if (is_empty(text) || !is_str(text)) {
        kr_clear_exception();
        return NULL;
    }
    const char *utf8 = kr_str_utf8(text, NULL);
    if (!utf8) kr_clear_exception();
    return utf8;
}

/* random.random is a method of the module's hidden instance. */
static bool is_of_random(Value v)
{
    Value self = kr_find_attr(v, kr_intern("__self__"));
    const char *module = is_empty(self) || !is_object(self) ? NULL : text_attribute(self, "__module__");
    kr_clear_exception();
    return module && !strcmp(module, "random");
}

/* The module of NumPy's from which a script imports it (`from numpy.linalg import inv`), or NULL. */
static const char *submodule(Value v, const char *module, const char *name)
{
    static const char *const all[] = {"numpy.linalg", "numpy.random", "numpy.fft", "numpy.lib.stride_tricks"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (strncmp(module, all[i], strlen(all[i])) != 0) continue;
        Value there = kr_import_attr(all[i], name);
        kr_clear_exception();
        if (!is_empty(there) && same(there, v)) return all[i];
    }
    return NULL;
}

/* The name by which kernels know a function or class: "len", "math.sin", "numpy.float32"; false if it has none. */
static bool function_name(Value v, const char *as, char *out, size_t size)
{
    Value builtin = as ? kr_dict_find_ascii(kr_builtins_dict, as) : EMPTY;
    if (same(builtin, v)) return snprintf(out, size, "%s", as) > 0; /* open() is _io.open */
    const char *module = text_attribute(v, "__module__"), *name = text_attribute(v, "__name__");
    if (!name) return false;
    if (!module && is_of_random(v)) module = "random";
    if (!module)
        module = kr_is_a(v, &kr_type_type) || kr_function_entry(v)
                     ? "builtins"
                     : "numpy"; /* ufuncs have no module */
    if (strncmp(module, "numba.", 6) == 0) module = "numba";
    const char *sub = submodule(v, module, name);
    if (sub) module = sub;
    else if (strcmp(module, "_numpy") == 0 || strncmp(module, "numpy.", 6) == 0) module = "numpy";
    if (strcmp(module, "builtins") == 0)
        snprintf(out, size, "%s", name);
    else
        snprintf(out, size, "%s.%s", module, name);
    return true;
}

/* The text of an instance of numba's Type ("float64[:]"), or NULL. */
static const char *numba_type(Value v)
{
    if (!is_object(v) || is_type(v) || !(type_of(v)->traits & TYPE_HEAP)) return NULL;
    const char *module = text_attribute(v, "__module__");
    return module && strcmp(module, "numba.core.types") == 0 ? text_attribute(v, "name") : NULL;
}

/* A NumPy scalar as a constant of its type. */
static IrNode *scalar_constant(IrFunc *f, IrBlock *b, Value v, const JitType *t, IrPos pos)
{
    IrNode *x = constant_node(f, b, t, pos);
    uint64_t word;
    int status = 0;
    if (jit_type_is_complex(t))
        status = kr_to_complex(v, &x->imm.f, &x->imag);
    else if (jit_type_is_float(t))
        status = kr_to_double(v, &x->imm.f);
    else if (jit_type_machine(t) == M_I1)
        x->imm.i = kr_truth(v) > 0;
    else if (jit_type_machine(t) == M_U64 && (status = kr_to_uint64(v, &word)) == 0)
        x->imm.i = (int64_t)word;
    else
        status = kr_to_int64(v, &x->imm.i);
    if (status < 0) kr_clear_exception();
    return x;
}

bool jit_build_known_function(Value v, char *out, size_t size)
{
    return !is_exact(v, &kr_function_type) && function_name(v, NULL, out, size) && jit_functions_find(out);
}

/* A tuple's items or the three parts of a slice, and the node over them. */
static IrNode *compound(IrFunc *f, IrBlock *b, IrOp op, const Value *parts, uint32_t n,
                        const char *name, IrPos pos, const JitBuildHost *host, JitDiag *diag)
{
    IrNode **items = jit_ir_alloc(f->module, (n + 1) * sizeof *items);
    for (uint32_t i = 0; i < n; i++)
        if (!(items[i] = jit_build_constant(f, b, parts[i], name, pos, host, diag))) return NULL;
    IrNode *x = jit_ir_node_new(f, op, M_VOID, n);
    for (uint32_t i = 0; i < n; i++) x->args[i] = items[i];
    x->pos = pos;
    jit_ir_append(b, x);
    return x;
}

IrNode *jit_build_constant(IrFunc *f, IrBlock *b, Value v, const char *name, IrPos pos,
                           const JitBuildHost *host, JitDiag *diag)
{
    IrNode *x;
    char text[256];
    int overloaded = host->overloaded(v);
    if (overloaded >= 0) {
        snprintf(text, sizeof text, "overload.function.%d", overloaded);
        return named(f, b, TK_FUNC, text, pos);
    }
    if (is_none(v)) return constant_node(f, b, jit_type_simple(TK_NONE), pos);
    if (is_bool(v)) {
        x = constant_node(f, b, jit_type_simple(TK_BOOL), pos);
        x->imm.i = is_true(v);
        return x;
    }
    if (kr_is_int(v)) {
        int64_t number;
        uint64_t word;
        if (kr_to_int64(v, &number) < 0) {
            kr_clear_exception();
            if (kr_to_uint64(v, &word) == 0) {
                snprintf(text, sizeof text, "%llu", (unsigned long long)word);
                return named(f, b, TK_BIG, text, pos);
            }
            kr_clear_exception();
            jit_diag_set(diag, REFUSE_BIG_INT, pos, name);
            return NULL;
        }
        x = constant_node(f, b, jit_type_simple(TK_INT), pos);
        x->imm.i = number;
        return x;
    }
    if (is_float(v)) {
        x = constant_node(f, b, jit_type_simple(TK_FLOAT), pos);
        x->imm.f = float_of(v);
        return x;
    }
    if (is_exact(v, &kr_complex_type)) {
        x = constant_node(f, b, jit_type_simple(TK_COMPLEX), pos);
        if (kr_to_complex(v, &x->imm.f, &x->imag) < 0) kr_clear_exception();
        return x;
    }
    if (same(v, ELLIPSIS)) return constant_node(f, b, jit_type_simple(TK_ELLIPSIS), pos);
    if (is_str(v)) {
        size_t n;
        const char *utf8 = kr_str_utf8(v, &n);
        if (utf8) return constant_node(f, b, jit_type_named(TK_STR, utf8, n), pos);
        kr_clear_exception();
    }
    if (is_tuple(v))
    {
        x = compound(f, b, OP_PY_TUPLE, tuple_of(v)->items, (uint32_t)kr_tuple_size(v), name, pos, host, diag);
        const char *kind = x && !is_exact(v, &kr_tuple_type) ? host->tuple_class(kr_type_value(type_of(v))) : NULL;
        if (kind) x->text = jit_ir_text(f->module, kind, strlen(kind));
        return x;
    }
    if (is_exact(v, &kr_slice_type)) {
        const Slice *slice = slice_of(v);
        Value parts[] = {slice->start, slice->stop, slice->step};
        return compound(f, b, OP_PY_SLICE, parts, 3, name, pos, host, diag);
    }
    const char *tuple = host->tuple_class(v);
    if (tuple) {
        char full[600];
        snprintf(full, sizeof full, "tuple:%s", tuple);
        return named(f, b, TK_FUNC, full, pos);
    }
    const char *class_name = host->object_class(v);
    if (class_name) return class_node(f, b, class_name, v, pos);
    const char *type_text = numba_type(v);
    if (type_text) {
        static const char *const plain[][2] = {{"int64", "int"},      {"float64", "float"},      {"bool", "bool"},
                                               {"complex128", "complex"}, {"unicode_type", "str"}, {"intp", "int"}};
        for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
            if (!strcmp(type_text, plain[i][0])) return named(f, b, TK_FUNC, plain[i][1], pos);
        snprintf(text, sizeof text, "numpy.%.100s", type_text);
        if (jit_functions_find(text)) return named(f, b, TK_FUNC, text, pos);
        snprintf(text, sizeof text, "type:%.240s", type_text);
        return named(f, b, TK_FUNC, text, pos);
    }
    if (is_exact(v, &kr_frozenset_type)) { /* a set display of constants */
        Value items[256], item;
        uint32_t n = 0;
        for (size_t at = 0; n < 256 && kr_set_next(v, &at, &item);) items[n++] = item;
        return compound(f, b, OP_PY_SET, items, n, name, pos, host, diag);
    }
    if (is_module(v)) {
        const char *module = text_attribute(v, "__name__");
        if (module)
            return named(f, b, TK_MODULE, strcmp(module, "_numpy") == 0 ? "numpy" : module, pos);
    }
    const JitType *type = host->type_of(v);
    if (type && jit_type_is_numeric(type)) return scalar_constant(f, b, v, type, pos);
    bool callable = is_object(v) && (is_type(v) || type_of(v)->slots.call);
    if (type && type->kind == TK_FUNC && !callable) /* a dtype */
        return constant_node(f, b, type, pos);
    int global = type && type->kind != TK_FUNC ? host->global(host->context, v, type) : -1;
    if (global >= 0) {
        x = jit_ir_node_new(f, OP_PY_GLOBAL, M_VOID, 0);
        x->imm.i = global;
        x->pos = pos;
        x->name = name;
        jit_ir_append(b, x);
        return x;
    }
    KrArray *array = kr_array_of(v);
    bool has_name = !array && function_name(v, name, text, sizeof text);
    if (has_name && jit_functions_find(text))
        return named(f, b, TK_FUNC, text, pos); /* before its Python code, if it has some */
    if (has_name && host->written(host->context, text)) {
        char full[sizeof text + 4];
        snprintf(full, sizeof full, "jit.%s", text);
        return named(f, b, TK_FUNC, full, pos);
    }
    const char *kernel = host->kernel(host->context, v);
    if (kernel) return named(f, b, TK_FUNC, kernel, pos);
    if (is_type(v) && kr_is_subtype(object_of(v), kr_BaseException))
    {
        const char *plain = kr_type_name(object_of(v));
        const char *dot = strrchr(plain, '.');
        if (!strcmp(dot ? dot + 1 : plain, "LinAlgError")) return named(f, b, TK_EXC, "LinAlgError", pos);
        if (same(kr_dict_find_ascii(kr_builtins_dict, plain), v)) return named(f, b, TK_EXC, plain, pos);
        int number = host->exception(host->context, v);
        snprintf(text, sizeof text, "@%d:%.200s", number, plain);
        if (number >= 0) return named(f, b, TK_EXC, text, pos);
    }
    if (has_name) return class_node(f, b, text, v, pos);
    const char *kind = kr_type_name(type_of(v));
    jit_diag_set(diag, array ? REFUSE_GLOBAL_ARRAY : REFUSE_GLOBAL, pos, name, kind);
    return NULL;
}
