/* dispatch.c: the Dispatcher, what @njit makes of a function: one compiled specialisation for each list of argument types.
 *
 * A call finds the types of its arguments, looks at the specialisation used last and then at the others, flattens the
 * arguments into slots and enters the code. Kernels with loops run detached: other threads run Python meanwhile. An
 * error comes back as a site in the code and becomes the Python exception, with the kernel's line in the traceback. */
#include <stdlib.h>
#include <string.h>

#include "jit/build/build.h"
#include "jit/ir/eval.h"
#include "jit/jit.h"
#include "jit/run/both.h"
#include "jit/run/box.h"
#include "jit/run/compile.h"
#include "jit/run/explain.h"
#include "jit/run/generators.h"
#include "jit/run/overloads.h"
#include "jit/run/raise.h"
#include "jit/run/rt.h"
#include "jit/types/sig.h"
#include "runtime/objects/function.h"
#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"
#include "runtime/vm/builtins.h"
#include "runtime/vm/kernel.h"

enum { ARGUMENTS_MAX = JIT_ARGUMENTS_MAX, SLOTS_MAX = 512 };

typedef struct Dispatcher {
    Object head;
    Value function; /* py_func */
    Value options;  /* dict, as given to the decorator */
    JitOptions flags;
    JitKernel *kernels;
    JitKernel *last;    /* the one used last, or NULL */
    JitKernel *retired; /* of before recompile(): another thread may run in them still */
    bool sealed;        /* explicit signatures: no others are compiled */
} Dispatcher;

static KrType *dispatcher_type;
static Dispatcher *dispatcher_of(Value v) { return (Dispatcher *)object_of(v); }

static void trace_kernel(KrTracer *tracer, const JitKernel *kernel)
{
    kr_trace(tracer, kernel->functions);
    kr_trace(tracer, kernel->classes);
    kr_trace(tracer, kernel->globals);
}

static void dispatcher_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((Dispatcher *)self)->function);
    kr_trace(tracer, ((Dispatcher *)self)->options);
    for (const JitKernel *kernel = ((Dispatcher *)self)->kernels; kernel; kernel = kernel->next)
        trace_kernel(tracer, kernel);
    for (const JitKernel *kernel = ((Dispatcher *)self)->retired; kernel; kernel = kernel->next)
        trace_kernel(tracer, kernel);
}

static void free_kernels(JitKernel *kernel)
{
    for (JitKernel *next; kernel; kernel = next) {
        next = kernel->next;
        jit_kernel_free(kernel);
    }
}

static void dispatcher_release(void *self)
{
    free_kernels(((Dispatcher *)self)->kernels);
    free_kernels(((Dispatcher *)self)->retired);
}

Value jit_dispatcher_function(Value v)
{
    if (dispatcher_type && is_exact(v, dispatcher_type)) return dispatcher_of(v)->function;
    if (is_exact(v, &kr_function_type)) return v;
    if (!is_object(v) || is_type(v)) return EMPTY;
    Value inside = kr_find_attr(v, KR_NAME("_kernel_function_")); /* what vectorize and others make */
    if (is_empty(inside)) kr_clear_exception();
    return !is_empty(inside) && is_exact(inside, &kr_function_type) ? inside : EMPTY;
}

const JitOptions *jit_dispatcher_options(Value v)
{
    return dispatcher_type && is_exact(v, dispatcher_type) ? &dispatcher_of(v)->flags : NULL;
}

/* ---- Calls ---- */

static bool fits(const JitKernel *kernel, const JitType *const *types, uint32_t n, bool convert)
{
    if (kernel->ngiven != n) return false;
    for (uint32_t i = 0; i < n; i++)
        if (kernel->args[i] != types[i] && !(convert && jit_type_converts(types[i], kernel->args[i])))
            return false;
    return true;
}

/* The specialisation for exactly these types, or else, with explicit signatures, the first declared one that
 * they convert to. */
static JitKernel *find_kernel(Dispatcher *d, const JitType *const *types, uint32_t n)
{
    if (d->last && fits(d->last, types, n, false)) return d->last;
    JitKernel *found = NULL;
    for (JitKernel *kernel = d->kernels; kernel; kernel = kernel->next)
        if (fits(kernel, types, n, false)) return d->last = kernel;
    for (JitKernel *kernel = d->sealed ? d->kernels : NULL; kernel; kernel = kernel->next)
        if (fits(kernel, types, n, true)) found = kernel; /* the newest stands first */
    return found;
}

static Value raise_no_match(const Dispatcher *d)
{
    return kr_raise(kr_TypeError, "No matching definition for argument type(s) of '%U'",
                    function_of(d->function)->name);
}

static JitKernel *compile_for(Dispatcher *d, const JitType *const *types, uint32_t n)
{
    if (d->sealed) {
        raise_no_match(d);
        return NULL;
    }
    JitKernel *kernel = jit_compile(d->function, &d->flags, types, n);
    if (!kernel) return NULL;
    kernel->next = d->kernels;
    d->kernels = kernel;
    return kernel;
}

/* -X jit=both: a difference is an internal error. */
static Value run_both(JitKernel *kernel, const uint64_t *slots, uint64_t *results,
                      const Value *args)
{
    KernelError error = {0};
    char difference[64];
    kr_thread_detach();
    int32_t status = jit_both_run(kernel, slots, results, &error, difference, sizeof difference);
    kr_thread_attach();
    if (difference[0])
        return kr_raise(kr_SystemError,
                        "internal error: LLVM and libgccjit differ in %s of '%U'", difference,
                        function_of(kr_tuple_get(kernel->functions, 0))->name);
    return status ? jit_raise(kernel, &error)
                  : jit_box_result(kernel->ret, results, args, &(JitCrossing){.objects = EMPTY});
}

/* Two runs can be compared only if the first leaves the arguments as they were and the results hold no containers. */
static bool runs_twice(const JitKernel *kernel)
{
    if (jit_type_has_container(kernel->ret)) return false;
    for (uint32_t i = 0; i < kernel->nargs; i++)
        if (jit_type_has_container(kernel->args[i])) return false;
    return true;
}

/* After the run: the result or the exception, and what has changed in containers. */
static Value leave(Value self, const JitKernel *kernel, int32_t status, const KernelError *error,
                   const uint64_t *results, const Value *args, JitCrossing *crossing)
{
    if (kernel->ret->kind == TK_GEN && !status) return jit_generator_new(self, kernel, results[0], args, crossing);
    if (!crossing->n)
        return status ? jit_raise(kernel, error)
                      : jit_box_result(kernel->ret, results, args, crossing);
    Value result = status ? EMPTY : jit_box_result(kernel->ret, results, args, crossing);
    bool kept = kr_raised() || jit_box_write_back(crossing, args) >= 0;
    if (status && kept) jit_raise(kernel, error);
    jit_box_leave(crossing);
    return status || !kept ? EMPTY : result;
}

/* The caller's arguments and behind them the globals, which must still be of the types that were compiled for. NULL raised. */
static const Value *with_globals(const JitKernel *kernel, const Value *args, Value *all)
{
    if (kernel->nargs == kernel->ngiven) return args;
    memcpy(all, args, kernel->ngiven * sizeof *all);
    for (uint32_t i = kernel->ngiven; i < kernel->nargs; i++) {
        all[i] = kr_tuple_get(kernel->globals, i - kernel->ngiven);
        const JitType *now = jit_box_type_of(all[i]);
        if (now == kernel->args[i] || (now && jit_type_converts(now, kernel->args[i]))) continue;
        kr_raise(kr_TypeError, "a global of '%U' has changed its type since it was compiled; call its recompile()",
                 function_of(kr_tuple_get(kernel->functions, 0))->name);
        return NULL;
    }
    return all;
}

static Value run_kernel(Value self, JitKernel *kernel, const Value *args)
{
    Value all[ARGUMENTS_MAX];
    uint64_t slots[SLOTS_MAX], results[SLOTS_MAX], *at = slots;
    if (kernel->nslots > SLOTS_MAX || kernel->nresults > SLOTS_MAX)
        return kr_raise(kr_TypeError, "too many arguments for a kernel");
    if (!(args = with_globals(kernel, args, all))) return EMPTY;
    JitCrossing crossing = {.objects = EMPTY};
    for (uint32_t i = 0; i < kernel->nargs; i++)
        if (jit_box_argument(args[i], kernel->taken[i], i, &at, &crossing) < 0) {
            jit_box_leave(&crossing);
            return EMPTY;
        }
    kernel->calls++;
    if (kernel->second && runs_twice(kernel)) return run_both(kernel, slots, results, args);
    KernelError error = {0};
    if (kernel->has_loops) kr_thread_detach();
    int32_t status = kernel->entry ? kernel->entry(slots, results, &error)
                                   : jit_eval_func(kernel->func, slots, results, &error);
    if (kernel->has_loops) kr_thread_attach();
    return leave(self, kernel, status, &error, results, args, &crossing);
}

static Value dispatcher_call(Value self, const Value *args, size_t n, Value kwnames)
{
    Dispatcher *d = dispatcher_of(self);
    if (jit_engine() == ENGINE_OFF) return kr_call(d->function, args, n, kwnames);
    Value bound[ARGUMENTS_MAX];
    const JitType *types[ARGUMENTS_MAX];
    uint32_t count = (uint32_t)n;
    if (!is_empty(kwnames) || function_of(d->function)->simple_count != n) {
        if (kr_kernel_bind(function_of(d->function), args, n, kwnames, bound, ARGUMENTS_MAX,
                           &count) < 0)
            return EMPTY;
        args = bound;
    }
    if (count > ARGUMENTS_MAX) return kr_raise(kr_TypeError, "too many arguments for a kernel");
    for (uint32_t i = 0; i < count; i++) {
        types[i] = jit_box_type_of(args[i]);
        if (types[i]) continue;
        if (d->sealed) return raise_no_match(d);
        Value names = function_of(d->function)->code->variables;
        Value message =
            kr_str_format("argument '%U' of '%U' is of type '%T', which a kernel cannot take",
                          kr_tuple_get(names, i), function_of(d->function)->name, args[i]);
        Value exception = is_empty(message) ? EMPTY : kr_call1(jit_typing_error, message);
        return is_empty(exception) ? EMPTY : kr_raise_value(exception);
    }
    JitKernel *kernel = find_kernel(d, types, count);
    if (!kernel && !(kernel = compile_for(d, types, count))) return EMPTY;
    return run_kernel(self, kernel, args);
}

static Value dispatcher_get(Value self, Value instance, Value owner)
{
    (void)owner;
    return is_empty(instance) || is_none(instance) ? self : kr_method_new(self, instance);
}

/* ---- The object ---- */

static bool option_is_set(Value options, const char *name, bool fallback)
{
    Value v = kr_dict_find_ascii(options, name);
    return is_empty(v) || is_none(v) ? fallback : kr_truth(v) > 0;
}

static bool is_check(Value parallel)
{
    return !is_empty(parallel) && kr_is_str(parallel) && kr_str_equal_ascii(parallel, "check");
}

KR_FN(dispatcher_new, dispatcher_bound_make, "Dispatcher", "(function, options, /)",
      "Make a dispatcher.")
{
    if (!is_exact(a[0], &kr_function_type))
        return kr_raise(kr_TypeError,
                        "A jit decorator was called on something that is not a Python function: %R",
                        a[0]);
    Dispatcher *d = kr_alloc_instance(dispatcher_type);
    if (!d) return EMPTY;
    d->function = a[0];
    d->options = a[1];
    Value backend = kr_dict_find_ascii(a[1], "backend");
    const char *name = is_empty(backend) || is_none(backend) ? NULL : kr_str_cstring(backend);
    if (kr_raised()) return EMPTY;
    d->flags = (JitOptions){.engine = jit_engine_for(name),
                            .parallel = option_is_set(a[1], "parallel", false),
                            .watch = is_check(kr_dict_find_ascii(a[1], "parallel")),
                            .fastmath = option_is_set(a[1], "fastmath", false),
                            .boundscheck = option_is_set(a[1], "boundscheck", true),
                            .cache = true};
    return from_object(d);
}

static Value dispatcher_make(KrType *type, const Value *args, size_t n, Value kwnames)
{
    (void)type;
    Value slots[2];
    return kr_bind(&dispatcher_bound_make_entry, args, n, kwnames, slots) < 0
               ? EMPTY
               : dispatcher_bound_make(slots);
}

static Value dispatcher_repr(Value self)
{
    return kr_str_format("CPUDispatcher(%R)", dispatcher_of(self)->function);
}

/* Attributes that the dispatcher has not come from the function: __name__, __doc__, __code__, ... */
static Value dispatcher_getattr(Value self, Value name)
{
    Value own = kr_object_find_attr(self, name);
    if (!is_empty(own) || kr_raised()) {
        if (!kr_str_equal_ascii(name, "__doc__") && !kr_str_equal_ascii(name, "__module__"))
            return own;
    }
    return kr_getattr(dispatcher_of(self)->function, name);
}

static Value dispatcher_get_wrapped(Value self) { return dispatcher_of(self)->function; }
static Value dispatcher_get_py_func(Value self) { return dispatcher_of(self)->function; }
static Value dispatcher_get_options(Value self) { return dispatcher_of(self)->options; }

Value jit_kernel_signature(const JitKernel *kernel)
{
    KrText out;
    char text[256];
    kr_text_init(&out);
    kr_text_add_char(&out, '(');
    for (uint32_t i = 0; i < kernel->ngiven; i++) {
        if (i) kr_text_add_ascii(&out, ", ");
        jit_type_numba(kernel->args[i], text, sizeof text);
        kr_text_add_utf8(&out, text, strlen(text));
    }
    kr_text_add_format(&out, ") -> %s", jit_type_numba(kernel->ret, text, sizeof text));
    return kr_text_finish(&out);
}

static Value dispatcher_get_nopython_signatures(Value self);

/* The argument types of a specialisation as numba's types. */
static Value signature_types(const JitKernel *kernel)
{
    Value parts = kr_list(NULL, 0), read = kr_import_attr("numba.core.types", "from_text");
    char text[400];
    for (uint32_t i = 0; !is_empty(read) && i < kernel->ngiven; i++) {
        Value type = kr_call1(read, kr_str(jit_type_numba(kernel->args[i], text, sizeof text)));
        if (is_empty(type) || kr_list_append(parts, type) < 0) return EMPTY;
    }
    return is_empty(read) || is_empty(parts) ? EMPTY : kr_list_to_tuple(parts);
}

static Value dispatcher_get_signatures(Value self)
{
    Value list = kr_list(NULL, 0);
    for (JitKernel *kernel = dispatcher_of(self)->kernels; kernel; kernel = kernel->next) {
        Value types = signature_types(kernel);
        if (is_empty(types) || kr_list_insert(list, 0, types) < 0) return EMPTY;
    }
    return list;
}

static Value dispatcher_get_overloads(Value self)
{
    Value dict = kr_dict(), make = kr_import_attr("numba.core.types", "overload_entry");
    if (is_empty(dict) || is_empty(make)) return EMPTY;
    Value keys = dispatcher_get_signatures(self), texts = dispatcher_get_nopython_signatures(self);
    for (size_t i = 0; !is_empty(keys) && !is_empty(texts) && i < kr_list_size(keys); i++) {
        Value args[] = {kr_list_get(keys, i), kr_list_get(texts, i), self}, entry = kr_call(make, args, 3, EMPTY);
        if (is_empty(entry) || kr_dict_set(dict, args[0], entry) < 0) return EMPTY;
    }
    return is_empty(keys) || is_empty(texts) ? EMPTY : dict;
}

static Value dispatcher_get_nopython_signatures(Value self)
{
    Value list = kr_list(NULL, 0);
    for (JitKernel *kernel = dispatcher_of(self)->kernels; kernel; kernel = kernel->next)
        if (kr_list_insert(list, 0, jit_kernel_signature(kernel)) < 0) return EMPTY;
    return list;
}
KR_GETSET(dispatcher, dispatcher_get_py_func, NULL, "py_func", "The Python function.")
KR_GETSET(dispatcher, dispatcher_get_wrapped, NULL, "__wrapped__", "The Python function.")
KR_GETSET(dispatcher, dispatcher_get_options, NULL, "targetoptions", "The decorator's options.")
KR_GETSET(dispatcher, dispatcher_get_signatures, NULL, "signatures",
          "The argument types that were compiled for, as a list of tuples.")
KR_GETSET(dispatcher, dispatcher_get_overloads, NULL, "overloads",
          "What was compiled, by argument types: entries with a signature and an entry_point.")
KR_GETSET(dispatcher, dispatcher_get_nopython_signatures, NULL, "nopython_signatures",
          "The signatures that were compiled.")

KR_FN(dispatcher, dispatcher_compile, "compile", "(self, signature, /)",
      "Compile for a signature, 'float64(float64[:], int64)'; calls with other types still compile "
      "on their own until disable_compile().")
{
    Dispatcher *d = dispatcher_of(a[0]);
    JitSignature signature;
    char error[256];
    const char *text = kr_str_cstring(a[1]);
    if (!text) return EMPTY;
    if (jit_sig_read(text, &signature, error, sizeof error) < 0)
        return kr_raise(kr_TypeError, "%s", error);
    if (jit_engine() == ENGINE_OFF || find_kernel(d, signature.args, signature.nargs)) return NONE;
    uint32_t wanted = function_of(d->function)->code->argument_count;
    if (signature.nargs != wanted)
        return kr_raise(kr_TypeError, "the signature '%s' has %u arguments, '%U' takes %u", text,
                        signature.nargs, function_of(d->function)->name, wanted);
    JitKernel *kernel = jit_compile(d->function, &d->flags, signature.args, signature.nargs);
    if (!kernel) return EMPTY;
    kernel->next = d->kernels;
    d->kernels = kernel;
    return NONE;
}

KR_FN(dispatcher, dispatcher_object, "_object", "(self, signature, cpu, /)",
      "For jit.build: a specialisation as an object file, see jit_compile_object (jit/run/compile.h).")
{
    Dispatcher *d = dispatcher_of(a[0]);
    JitSignature signature;
    char error[256];
    const char *text = kr_str_cstring(a[1]), *cpu = is_none(a[2]) ? NULL : kr_str_cstring(a[2]);
    if (!text || (!cpu && !is_none(a[2]))) return EMPTY;
    if (jit_sig_read(text, &signature, error, sizeof error) < 0) return kr_raise(kr_TypeError, "%s", error);
    return jit_compile_object(d->function, &d->flags, signature.args, signature.nargs, cpu);
}

KR_FN(dispatcher, dispatcher_adopt, "_adopt", "(self, path, symbol, arguments, result, functions, raises, /)",
      "For jit.built: a specialisation that stands in a library; types as Numba writes them, '(int64,)'.")
{
    Dispatcher *d = dispatcher_of(a[0]);
    JitSignature args, ret;
    char error[256];
    Value keep;
    const char *path = kr_path_bytes(a[1], &keep), *symbol = path ? kr_str_cstring(a[2]) : NULL;
    const char *texts[2] = {symbol ? kr_str_cstring(a[3]) : NULL, symbol ? kr_str_cstring(a[4]) : NULL};
    if (!texts[0] || !texts[1]) return EMPTY;
    if (jit_sig_read(texts[0], &args, error, sizeof error) < 0 || jit_sig_read(texts[1], &ret, error, sizeof error) < 0)
        return kr_raise(kr_ImportError, "%s", error);
    KernelEntry entry = jit_built_entry(path, symbol);
    JitKernel *kernel = entry ? jit_built_kernel(entry, args.args, args.nargs, ret.args[0], a[5], a[6]) : NULL;
    if (!kernel) return EMPTY;
    kernel->next = d->kernels;
    d->kernels = kernel;
    d->sealed = true;
    return NONE;
}

KR_FN(dispatcher, dispatcher_disable_compile, "disable_compile", "(self, value=True, /)",
      "No further specialisations: arguments convert to those there are.")
{
    int value = kr_truth(a[1]);
    if (value < 0) return EMPTY;
    dispatcher_of(a[0])->sealed = value;
    return NONE;
}

KR_FN(dispatcher, dispatcher_sealed, "_sealed", "(self, /)", "Has it explicit signatures?")
{
    return from_bool(dispatcher_of(a[0])->sealed);
}

KR_FN(dispatcher, dispatcher_recompile, "recompile", "(self, /)",
      "Forget what was compiled: globals are read again.")
{
    Dispatcher *d = dispatcher_of(a[0]);
    JitKernel **end = &d->retired;
    while (*end) end = &(*end)->next;
    *end = d->kernels;
    d->kernels = d->last = NULL;
    return NONE;
}

/* dict: signature -> text of a stage */
static Value texts(Dispatcher *d, const char *stage)
{
    Value dict = kr_dict();
    for (JitKernel *kernel = d->kernels; kernel; kernel = kernel->next) {
        Value text = jit_compile_text(d->function, &d->flags, kernel->args, kernel->ngiven, stage);
        if (is_empty(text) || kr_dict_set(dict, jit_kernel_signature(kernel), text) < 0) return EMPTY;
    }
    return dict;
}
KR_FN(dispatcher, dispatcher_inspect_ir, "inspect_ir", "(self, /)",
      "krait's typed IR of each specialisation, as a dict by signature.")
{
    return texts(dispatcher_of(a[0]), "ir");
}
KR_FN(dispatcher, dispatcher_inspect_llvm, "inspect_llvm", "(self, signature=None)",
      "The optimised LLVM IR of each specialisation, as a dict by signature.")
{
    return texts(dispatcher_of(a[0]), "opt");
}
KR_FN(dispatcher, dispatcher_inspect_asm, "inspect_asm", "(self, signature=None)",
      "The assembly of each specialisation, as a dict by signature.")
{
    return texts(dispatcher_of(a[0]), "asm");
}
KR_FN(dispatcher, dispatcher_inspect_types, "inspect_types", "(self, file=None, **options)",
      "Prints the typed IR of each specialisation.")
{
    Value dict = texts(dispatcher_of(a[0]), "ir"), signature, text;
    if (is_empty(dict)) return EMPTY;
    Value print = kr_dict_find_ascii(kr_builtins_dict, "print");
    for (size_t position = 0; kr_dict_next(dict, &position, &signature, &text);) {
        Value arguments[] = {signature, KR_NAME("\n"), text, a[1]},
              names = kr_tuple_of(1, KR_NAME("file"));
        if (is_empty(kr_call(print, arguments, 3, names))) return EMPTY;
    }
    return NONE;
}
/* For numba._diagnostics: (signature, [(function, loop, kind, line, column, text), ...]) of each specialisation. */
KR_FN(dispatcher, dispatcher_parallel_notes, "_parallel_notes", "(self, /)",
      "What the compiler did to the parallel loops of each specialisation.")
{
    Value list = kr_list(NULL, 0);
    for (JitKernel *kernel = dispatcher_of(a[0])->kernels; kernel; kernel = kernel->next) {
        Value notes = jit_explain_notes(kernel);
        if (is_empty(notes)) return EMPTY;
        Value pair = kr_tuple_of(2, jit_kernel_signature(kernel), notes);
        if (is_empty(pair) || kr_list_insert(list, 0, pair) < 0) return EMPTY;
    }
    return list;
}
KR_FN(dispatcher, dispatcher_parallel_diagnostics, "parallel_diagnostics",
      "(self, signature=None, level=1)",
      "Prints which loops of the specialisations run in parallel, which do not, and why. Levels above 1 add what "
      "was proved.")
{
    Value show = kr_import_attr("numba._diagnostics", "show");
    Value arguments[] = {a[0], a[1], a[2]};
    return is_empty(show) ? EMPTY : kr_call(show, arguments, 3, EMPTY);
}
KR_FN(dispatcher, dispatcher_reduce, "__reduce__", "(self, /)", "Pickles by name.")
{
    return kr_getattr_ascii(dispatcher_of(a[0])->function, "__qualname__");
}

/* ---- The module ---- */

/* Text that a kernel prints: through sys.stdout, attached. */
static void print_text(const char *text, size_t length)
{
    bool attached = kr_is_attached();
    if (!attached) kr_attach();
    Value out = kr_import_attr("sys", "stdout");
    Value str = is_empty(out) ? EMPTY : kr_str_sized(text, length);
    if (is_empty(str) || is_empty(kr_call_method1(out, "write", str))) kr_clear_exception();
    if (!attached) kr_detach();
}

KR_FN(jit_module, jit_set_typing_error, "_set_typing_error", "(class, /)",
      "The exception class of refusals.")
{
    jit_typing_error = a[0];
    return NONE;
}
KR_FN(jit_module, jit_explain, "_explain", "(list, /)",
      "From now on every compilation appends its decisions to the list (jit/run/explain.c); None: no more.")
{
    jit_explain_into(a[0]);
    return NONE;
}
KR_FN(jit_module, jit_typeof, "typeof", "(value, /)",
      "The type that a kernel sees in a value, as Numba writes it.")
{
    char text[256];
    const JitType *type = jit_box_type_of(a[0]);
    if (!type)
        return kr_raise(kr_ValueError, "Cannot determine Numba type of %R",
                        from_object(type_of(a[0])));
    return kr_str(jit_type_numba(type, text, sizeof text));
}
KR_FN(jit_module, jit_class_text, "_class_text", "(class, /)",
      "How signatures write the type of a jitclass's instances.")
{
    const char *name = jit_box_class_name(a[0]);
    if (!name) return kr_raise(kr_TypeError, "%R is no jitclass", a[0]);
    return kr_str_format("instance(%d)", atoi(name + strlen("class.")));
}
KR_FN(jit_module, jit_overload, "_overload", "(function, /)", "The number of an overloaded function.")
{
    int number = jit_overload_enter(a[0]);
    return number < 0 ? EMPTY : kr_int(number);
}
KR_FN(jit_module, jit_overload_name, "_overload_member", "(key, /)", "There are overloads for 'method.name'.")
{
    return jit_overload_enter_member(a[0]) < 0 ? EMPTY : NONE;
}
KR_FN(jit_module, jit_set_num_threads, "_set_num_threads", "(count, /)",
      "How many threads parallel loops use.")
{
    int64_t count;
    if (kr_to_int64(a[0], &count) < 0) return EMPTY;
    jit_pool_set_threads(count < 1 ? 1 : count > 1024 ? 1024 : (int)count);
    return NONE;
}
KR_FN(jit_module, jit_get_num_threads, "_get_num_threads", "()",
      "How many threads parallel loops use.")
{
    (void)a;
    return kr_int(jit_pool_threads());
}

#include "jit/run/dispatch.entries.h"

static int jit_exec(Value module)
{
    static const KrTypeSpec spec = {
        .name = "numba.core.registry.CPUDispatcher",
        .doc = "A function compiled for each list of argument types it is called with.",
        .size = sizeof(Dispatcher),
        .flags = KR_TYPE_DICT,
        .trace = dispatcher_trace,
        .release = dispatcher_release,
        .functions = dispatcher_functions,
        .getset = dispatcher_getset,
        .slots = {.make = dispatcher_make,
                  .call = dispatcher_call,
                  .repr = dispatcher_repr,
                  .getattr = dispatcher_getattr,
                  .descr_get = dispatcher_get}};
    jit_sig_class_hook = jit_box_class_type;
    jit_sig_record_hook = jit_box_record_type;
    kr_root(&jit_typing_error);
    jit_typing_error = kr_type_value(kr_TypeError);
    jit_rt_print_hook = print_text;
    if (jit_engine() == ENGINE_BOTH) jit_both_install();
    if (jit_engine() != ENGINE_EVAL)
        jit_pool_install();
    else
        jit_rt_poll_hook = jit_poll_signals; /* the evaluator runs on one thread */
    dispatcher_type = kr_type_new(&spec);
    return dispatcher_type ? kr_module_add(module, "Dispatcher", kr_type_value(dispatcher_type))
                           : -1;
}

KR_MODULE(_jit) = {
    .api_version = KR_API_VERSION,
    .name = "_jit",
    .doc = "The compiler behind the package numba.",
    .functions = jit_module_functions,
    .exec = jit_exec,
};
