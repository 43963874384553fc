/* compile.c: a function and the types of its arguments to machine code.
 *
 *     Function -> jit/build (and its callees, each once) -> jit/passes (jit_pipeline_middle) -> back end -> loader
 *
 * A module holds the kernel and every function that it calls. Functions are named f0, f1, ... with their Python names behind,
 * so that two functions of one name do not meet. */
#include "jit/run/compile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jit/build/build.h"
#include "jit/passes/middle.h"
#include "jit/passes/passes.h"
#include "jit/run/box.h"
#include "jit/run/built.h"
#include "jit/run/cache.h"
#include "jit/run/debugger.h"
#include "jit/run/explain.h"
#include "jit/run/jitdump.h"
#include "jit/run/overloads.h"
#include "jit/run/perf_map.h"
#include "jit/run/exceptions.h"
#include "runtime/objects/function.h"
#include "runtime/objects/str.h"
#include "runtime/threads/thread.h"
#include "runtime/vm/builtins.h"
#include "runtime/vm/sys_module.h"
#include "runtime/vm/traceback_text.h"

/* -X jit=check: every parallel kernel is watched. */
static bool watch_all(void)
{
    const char *option = kr_option_x("jit");
    return option && strcmp(option, "check") == 0;
}

/* ---- Functions of one module ---- */

/* Stands on the stack, where the collector sees the functions. */
typedef struct Unit {
    IrModule *module;
    Value functions[JIT_FUNCTIONS_MAX];
    char *names[JIT_FUNCTIONS_MAX]; /* "jit.f0_name", "jit.numpy.diff"; the module's copy */
    const JitOptions *options; /* the kernel's */
    const JitOptions *own[JIT_FUNCTIONS_MAX]; /* of the functions' own decorators, or NULL */
    uint32_t count, built;
    Value classes[IR_CLASSES_MAX]; /* of exceptions that the functions name */
    Value globals[IR_GLOBALS_MAX]; /* arrays and containers that they find in globals */
    JitDiag diag; /* of a function that joined later and could not be built */
} Unit;

static const char *unit_kernel(void *context, Value v)
{
    Unit *unit = context;
    Value function = jit_dispatcher_function(v);
    if (is_empty(function)) return NULL;
    for (uint32_t i = 0; i < unit->count; i++)
        if (same(unit->functions[i], function)) return unit->names[i];
    if (unit->count == JIT_FUNCTIONS_MAX) return NULL;
    const char *name = kr_str_utf8(function_of(function)->name, NULL);
    if (!name) kr_clear_exception();
    char text[128];
    snprintf(text, sizeof text, "jit.f%u_%.80s", unit->count, name ? name : "");
    for (char *c = text + 4; *c; c++)
        if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9')))
            *c = '_';
    unit->functions[unit->count] = function;
    unit->own[unit->count] = unit->count ? jit_dispatcher_options(v) : unit->options;
    return unit->names[unit->count++] = jit_ir_text(unit->module, text, strlen(text));
}

/* The function of the kernel library under a name, EMPTY: there is none. The library is Python (modules/numba/_library); its
 * table is read on first need. */
static Value library_function(const char *name)
{
    static Value find;
    if (is_empty(find)) {
        find = kr_import_attr("numba._library", "find");
        if (is_empty(find)) return EMPTY;
        kr_root(&find);
    }
    Value found = kr_call1(find, kr_str(name));
    return is_empty(found) || !is_exact(found, &kr_function_type) ? EMPTY : found;
}

bool jit_function_is_library(Value function)
{
    Value module = kr_dict_find_ascii(function_of(function)->globals, "__package__");
    return !is_empty(module) && is_str(module) && kr_str_equal_ascii(module, "numba._library");
}

static bool unit_written(void *context, const char *name)
{
    (void)context;
    bool found = !is_empty(library_function(name));
    if (kr_raised()) kr_clear_exception();
    return found;
}

/* Registers a class of the script with its place among the other classes and below the builtin ones. */
static int unit_exception(void *context, Value cls)
{
    Unit *unit = context;
    IrModule *m = unit->module;
    uint32_t n = m->nclasses;
    for (uint32_t i = 0; i < n; i++)
        if (same(unit->classes[i], cls)) return (int)i;
    if (n == IR_CLASSES_MAX) return -1;
    unit->classes[n] = cls;
    m->nclasses++;
    for (uint32_t i = 0; i <= n; i++) {
        KrType *old = object_of(unit->classes[i]), *new = object_of(cls);
        if (kr_is_subtype(new, old)) m->classes[i].derived |= UINT64_C(1) << n;
        if (kr_is_subtype(old, new)) m->classes[n].derived |= UINT64_C(1) << i;
    }
    const char *name;
    for (int k = 0; (name = jit_exception_name(k)); k++) {
        Value builtin = kr_dict_find_ascii(kr_builtins_dict, name);
        if (!is_empty(builtin) && kr_is_subtype(object_of(cls), object_of(builtin)))
            m->classes[n].builtin[k / 64] |= UINT64_C(1) << (k % 64);
    }
    return (int)n;
}

/* Enters an array or container that a function finds in a global or closure. What an empty container holds is not known. */
static int unit_global(void *context, Value v, const JitType *type)
{
    Unit *unit = context;
    IrModule *m = unit->module;
    for (uint32_t i = 0; i < m->nglobals; i++)
        if (same(unit->globals[i], v)) return (int)i;
    if (m->nglobals == IR_GLOBALS_MAX || jit_infer_is_open(type)) return -1;
    unit->globals[m->nglobals] = v;
    m->globals[m->nglobals] = type;
    return (int)m->nglobals++;
}

/* A function that was refused while it was built leaves the module: nobody shall find half of it. */
static void drop_last(IrModule *m)
{
    IrFunc **at = &m->funcs, *before = NULL;
    for (; (*at)->next; at = &(*at)->next) before = *at;
    *at = NULL;
    m->last_func = before;
}

/* Builds what waits: the kernel, which is the module's first function, and as they are met the functions that it calls. */
static int build_all(Unit *unit, JitDiag *diag)
{
    JitBuildHost host = {unit_kernel, unit_written, unit_exception,      jit_box_type_of,
                         unit_global, jit_box_tuple_class, jit_overload_number, jit_box_class_name, unit};
    while (unit->built < unit->count) {
        uint32_t i = unit->built++;
        IrFunc *f = jit_build_function(unit->module, unit->names[i] + 4, unit->functions[i], i,
                                       &host, diag);
        if (!f) {
            drop_last(unit->module);
            return -1;
        }
        const JitOptions *own = unit->own[i] ? unit->own[i] : unit->options;
        f->parallel = unit->own[i] && own->parallel;
        f->watch = unit->options->parallel && (unit->options->watch || watch_all());
        f->fastmath = own->fastmath;
        f->boundscheck = own->boundscheck;
        f->library = jit_function_is_library(unit->functions[i]);
    }
    return 0;
}

/* The function of a class under a name like "method.3.area" (jit/types/infer_object.c), or EMPTY. */
static Value class_function(const char *name)
{
    char kind[16];
    size_t n = strcspn(name, ".");
    char *end;
    if (n >= sizeof kind || !name[n] || name[n + 1] < '0' || name[n + 1] > '9') return EMPTY;
    snprintf(kind, sizeof kind, "%.*s", (int)n, name);
    int64_t number = strtoll(name + n + 1, &end, 10);
    Value v = *end == '.' ? jit_box_class_member(kind, number, end + 1) : EMPTY;
    return is_empty(v) ? EMPTY : jit_dispatcher_function(v);
}

/* Inference met a name that the table of functions has not: a function of the library joins the unit. */
static IrFunc *unit_template(IrModule *m, const char *name)
{
    Unit *unit = m->context;
    Value function = unit->count < JIT_FUNCTIONS_MAX ? class_function(name) : EMPTY;
    if (is_empty(function) && unit->count < JIT_FUNCTIONS_MAX) function = library_function(name);
    if (kr_raised()) kr_clear_exception();
    if (is_empty(function)) return NULL;
    char text[128];
    snprintf(text, sizeof text, "jit.%.120s", name);
    unit->functions[unit->count] = function;
    unit->names[unit->count++] = jit_ir_text(m, text, strlen(text));
    return build_all(unit, &unit->diag) < 0 ? NULL : jit_ir_find_func(m, name);
}

/* The kernel for an overloaded call: numba.extending gives the function. */
static const char *unit_overload(IrModule *m, const char *key, const JitType *const *types, uint32_t n, const char *names)
{
    Unit *unit = m->context;
    Value function = unit ? jit_overload_find(key, types, n, names) : EMPTY;
    if (kr_raised()) kr_clear_exception();
    const char *name = is_empty(function) ? NULL : unit_kernel(unit, function);
    return name && build_all(unit, &unit->diag) == 0 ? name : NULL;
}

/* ---- Dumps ---- */

static bool dump_wanted(const char *stage, const char *function)
{
    const char *option = kr_option_x("dump");
    size_t n = strlen(stage);
    if (!option || strncmp(option, stage, n) != 0 || (option[n] && option[n] != ',')) return false;
    const char *wanted = strstr(option, ",func=");
    return !wanted || strcmp(wanted + 6, function) == 0;
}

static void dump_module(IrModule *m)
{
    IrText out = {0};
    for (IrFunc *f = m->funcs; f; f = f->next) jit_ir_number(f);
    jit_print_module(m, &out);
    fputs(out.data ? out.data : "", stdout);
    fflush(stdout);
    free(out.data);
}

/* ---- Compiling ---- */

static const JitBackend *open_backend(JitEngine engine, char *error, size_t size)
{
    return jit_backend_open(jit_engine_plugin(engine), kr_options.home, error, size);
}

static void raise_refusal(const JitDiag *diag, const Value *functions);

/* The type of an argument as the module names it: functions that are passed join the unit. */
static const JitType *inside(Unit *unit, const JitType *t)
{
    Value function = jit_box_function(t);
    const char *name = is_empty(function) ? NULL : unit_kernel(unit, function);
    if (name) return jit_type_named(TK_FUNC, name, strlen(name));
    if (t->kind != TK_TUPLE || t->n > 64) return t;
    const JitType *elem[64];
    for (uint32_t i = 0; i < t->n; i++) elem[i] = inside(unit, t->elem[i]);
    return t->name ? jit_type_named_tuple(elem, t->n, t->name) : jit_type_tuple(elem, t->n);
}

/* Can a value of the type leave a kernel? */
static bool can_leave(const JitType *t)
{
    switch ((TypeKind)t->kind) {
    case TK_RANGE:
    case TK_FUNC:
    case TK_METHOD:
    case TK_MODULE:
    case TK_EXC:
    case TK_ELLIPSIS:
    case TK_ITER:
    case TK_ENUMERATE:
    case TK_ZIP:
    case TK_VIEW:
    case TK_GEN:
    case TK_CAUGHT: return false;
    default: break;
    }
    for (uint32_t i = 0; i < t->n; i++)
        if (!can_leave(t->elem[i])) return false;
    return true;
}

/* Where a function returns; its head if no return statement has a place. */
static IrPos return_place(const IrFunc *f, int32_t head)
{
    FOR_BLOCKS(b, f)
    if (b->last && b->last->op == OP_RET && b->last->pos.line) return b->last->pos;
    return (IrPos){head, 0, 0, 0};
}

/* What Python gets to see of a result: a generator as its items. */
static const JitType *given(const JitType *t) { return t->kind == TK_GEN ? t->elem[0] : t; }

/* What a module was made of, as tuples. */
typedef struct Made {
    Value functions, classes, globals;
} Made;

static Value hidden_globals(const Unit *unit, const IrFunc *f)
{
    Value used[IR_GLOBALS_MAX];
    size_t n = 0;
    for (uint32_t i = 0; i < unit->module->nglobals; i++)
        if (f->globals >> i & 1) used[n++] = unit->globals[i];
    return kr_tuple(used, n);
}

/* The middle of the way: a module of lowered functions, the kernel first; NULL raised. */
static IrModule *make_module(Value function, const JitOptions *options, const JitType *const *args,
                             uint32_t nargs, IrFunc **kernel, Made *made, JitReport *report)
{
    Unit unit = {.module = jit_ir_module_new(), .options = options};
    JitDiag diag = {0};
    const char *name = kr_str_utf8(function_of(function)->code->name, NULL);
    unit.module->find_template = unit_template;
    unit.module->context = &unit;
    unit.module->explain = report->wanted ? report : NULL;
    unit.module->class_type = jit_box_class_type;
    unit.module->record_type = jit_box_record_type;
    unit.module->overload = unit_overload;
    unit.module->overloaded = jit_overload_member;
    unit_kernel(&unit, function);
    int status = build_all(&unit, &diag);
    if (status == 0) {
        IrFunc *f = unit.module->funcs;
        for (uint32_t i = 0; i < nargs; i++) f->first->params[i]->type = inside(&unit, args[i]);
        status = build_all(&unit, &diag);
    }
    jit_explain_lap(report, STAGE_BUILD);
    if (status == 0) {
        IrFunc *f = unit.module->funcs;
        if (dump_wanted("types", name)) dump_module(unit.module);
        status = jit_pipeline_middle(unit.module, dump_wanted("verify", name),
                                     report->wanted ? jit_explain_trace : NULL, &diag);
        *kernel = f;
    }
    if (status == 0) jit_explain_kept(unit.module);
    jit_explain_lap(report, STAGE_PASSES);
    if (status == 0 && !can_leave(given(unit.module->funcs->ret))) {
        char words[200];
        IrFunc *f = unit.module->funcs;
        status = jit_diag_set(&diag, REFUSE_LEAVE, return_place(f, (int32_t)function_of(function)->code->first_line),
                              jit_type_describe(f->ret, words, sizeof words));
    }
    if (status == 0 && dump_wanted("ir", name)) dump_module(unit.module);
    unit.module->find_template = NULL; /* the unit goes, the module may stay */
    if (status == 0 && !is_empty(made->functions = kr_tuple(unit.functions, unit.count)) &&
        !is_empty(made->classes = kr_tuple(unit.classes, unit.module->nclasses)) &&
        !is_empty(made->globals = hidden_globals(&unit, unit.module->funcs)))
        return unit.module;
    if (!kr_raised()) raise_refusal(unit.diag.code ? &unit.diag : &diag, unit.functions);
    jit_ir_module_free(unit.module);
    return NULL;
}

/* Bodies of parallel loops are functions of their own. */
static bool has_loops(const IrModule *m)
{
    for (const IrFunc *f = m->funcs; f; f = f->next) {
        if (f->next || f != m->funcs) return true; /* calls, which may recurse */
        for (const IrBlock *b = f->first; b; b = b->next)
            if (b->depth || b->loop) return true;
    }
    return false;
}

/* What debuggers call the functions of a unit; false: nobody wants to know. */
static bool name_sources(Value functions, JitSource *sources, JitCompileOptions *options)
{
    if (!jit_debugger_wanted()) return false;
    for (size_t i = 0; i < kr_tuple_size(functions) && i < JIT_FUNCTIONS_MAX; i++) {
        const Code *code = function_of(kr_tuple_get(functions, i))->code;
        const char *file = kr_str_utf8(code->filename, NULL), *name = kr_str_utf8(code->name, NULL);
        if (kr_raised()) kr_clear_exception();
        sources[options->nsources++] = (JitSource){file ? file : "?", name ? name : "?", code->first_line};
    }
    options->sources = sources;
    return true;
}

/* The object of a module: from the cache, or from the code generator and then kept. -1 raised. */
static int make_object(IrModule *m, JitEngine engine, const char *name, Value functions, JitReport *report,
                       JitBytes *object)
{
    JitSource sources[JIT_FUNCTIONS_MAX];
    JitBytes text = {0};
    char error[512];
    size_t size = 0;
    JitCompileOptions options = {.level = 3, .symbol = jit_rt_symbol, .want_code = true};
    if (dump_wanted("llvm", name)) options.opt_text = &text;
    if (dump_wanted("asm", name)) options.asm_text = &text;
    jit_explain_options(report, m, &options);
    bool lines = !report->wanted && name_sources(functions, sources, &options);
    char *key = options.opt_text || options.asm_text || report->wanted || lines
                    ? NULL
                    : jit_cache_key(m, jit_engine_plugin(engine), "level 3", &size);
    if (key) *object = jit_cache_load(key, size);
    if (object->data) {
        free(key);
        return 0;
    }
    const JitBackend *backend = open_backend(engine, error, sizeof error);
    if (!backend || backend->compile(m, &options, object, error, sizeof error) < 0) {
        free(key);
        kr_raise(kr_RuntimeError, "%s", error);
        return -1;
    }
    if (text.data) fwrite(text.data, 1, text.size, stdout);
    free(text.data);
    if (key) jit_cache_store(key, size, object);
    free(key);
    return 0;
}

static KernelEntry generate(JitKernel *kernel, IrModule *m, JitEngine engine, const char *name,
                            JitReport *report, JitCode **code)
{
    char error[512], symbol[300];
    JitBytes object = {0};
    if (make_object(m, engine, name, kernel->functions, report, &object) < 0) return NULL;
    jit_explain_lap(report, STAGE_CODE);
    *code = jit_loader_load(object.data, object.size, jit_rt_symbol, error, sizeof error);
    jit_backend_symbol(kernel->func->name, symbol, sizeof symbol);
    KernelEntry entry = *code ? (KernelEntry)jit_loader_find(*code, symbol) : NULL;
    if (!entry)
        kr_raise(kr_RuntimeError, "%s", *code ? "the code generator lost the kernel" : error);
    else
        jit_perf_map_add(*code, name);
    if (entry) jit_jitdump_add(*code, &object, name);
    if (entry && !kernel->debug) kernel->debug = jit_debugger_enter(*code, &object);
    free(object.data);
    jit_explain_lap(report, STAGE_LOAD);
    return entry;
}

static int generate_all(JitKernel *kernel, IrModule *m, JitEngine engine, const char *name, JitReport *report)
{
    bool both = engine == ENGINE_BOTH;
    kernel->entry = generate(kernel, m, both ? ENGINE_LLVM : engine, name, report, &kernel->code);
    if (!kernel->entry) return -1;
    if (!both) return 0;
    kernel->second = generate(kernel, m, ENGINE_GCC, name, report, &kernel->second_code);
    return kernel->second ? 0 : -1;
}

static void keep_notes(JitKernel *kernel, const IrModule *m)
{
    uint32_t n = 0;
    for (const IrNote *note = m->notes; note; note = note->next) n++;
    kernel->notes = calloc(n + 1, sizeof *kernel->notes);
    if (!kernel->notes) return;
    for (const IrNote *note = m->notes; note; note = note->next)
        kernel->notes[kernel->nnotes++] =
            (JitNote){note->loop, note->kind, note->pos, strdup(note->text)};
}

/* What the module's raise statements make outlives the module. */
static void keep_raises(JitKernel *kernel, const IrModule *m)
{
    kernel->nraises = m->nraises;
    kernel->raises = calloc(m->nraises + 1, sizeof *kernel->raises);
    for (uint32_t i = 0; kernel->raises && i < m->nraises; i++) {
        const IrRaise *from = &m->raises[i];
        IrRaise *to = &kernel->raises[i];
        *to = *from;
        const JitType **types = calloc(from->n + 1, sizeof *types);
        if (types && from->n) memcpy(types, from->types, from->n * sizeof *types);
        to->cls = strdup(from->cls);
        to->types = types;
    }
}

JitKernel *jit_compile(Value function, const JitOptions *options, const JitType *const *args,
                       uint32_t nargs)
{
    IrFunc *f;
    Made made;
    JitReport report;
    jit_explain_begin(&report);
    IrModule *m = make_module(function, options, args, nargs, &f, &made, &report);
    if (!m) return jit_explain_done(&report, function, NULL), NULL;
    uint32_t ngiven = nargs;
    nargs = f->nparam_types;
    JitKernel *kernel = calloc(1, sizeof *kernel);
    const JitType **kept = calloc(nargs + 1, sizeof *kept), **taken = calloc(nargs + 1, sizeof *taken);
    if (!kernel || !kept || !taken) return kr_raise_no_memory(), NULL;
    for (uint32_t i = 0; i < nargs; i++) {
        taken[i] = f->param_types[i];
        kept[i] = i < ngiven ? args[i] : taken[i];
        kernel->nslots += kept[i]->nparts;
    }
    kernel->functions = made.functions;
    kernel->classes = made.classes;
    kernel->globals = made.globals;
    kernel->ngiven = ngiven;
    keep_raises(kernel, m);
    kernel->args = kept;
    kernel->taken = taken;
    kernel->nargs = nargs;
    kernel->ret = f->ret;
    kernel->nresults = f->nret;
    kernel->has_loops = has_loops(m);
    kernel->func = f;
    if (options->engine == ENGINE_EVAL) {
        for (IrFunc *g = m->funcs; g; g = g->next) jit_ir_number(g);
        kernel->module = m;
        keep_notes(kernel, m);
        jit_explain_done(&report, function, kernel);
        return kernel;
    }
    int status = generate_all(kernel, m, options->engine,
                              kr_str_utf8(function_of(function)->code->name, NULL), &report);
    keep_notes(kernel, m);
    jit_ir_module_free(m);
    kernel->func = NULL;
    if (status == 0) return jit_explain_done(&report, function, kernel), kernel;
    jit_kernel_free(kernel);
    return NULL;
}

void jit_kernel_free(JitKernel *kernel)
{
    if (!kernel) return;
    jit_debugger_leave(kernel->debug);
    jit_loader_free(kernel->code);
    jit_loader_free(kernel->second_code);
    if (kernel->module) jit_ir_module_free(kernel->module);
    for (uint32_t i = 0; i < kernel->nnotes; i++) free(kernel->notes[i].text);
    free(kernel->notes);
    for (uint32_t i = 0; kernel->raises && i < kernel->nraises; i++) {
        free((char *)kernel->raises[i].cls);
        free((void *)kernel->raises[i].types);
    }
    free(kernel->raises);
    free(kernel->args);
    free(kernel->taken);
    free(kernel);
}

Value jit_compile_text(Value function, const JitOptions *options, const JitType *const *args,
                       uint32_t nargs, const char *stage)
{
    IrFunc *f;
    Made made;
    JitReport report = {.wanted = false};
    IrModule *m = make_module(function, options, args, nargs, &f, &made, &report);
    if (!m) return EMPTY;
    Value result = EMPTY;
    if (strcmp(stage, "ir") == 0) {
        IrText out = {0};
        for (IrFunc *g = m->funcs; g; g = g->next) jit_ir_number(g);
        jit_print_module(m, &out);
        result = kr_str(out.data ? out.data : "");
        free(out.data);
    } else {
        char error[512];
        JitBytes text = {0};
        JitCompileOptions o = {.level = 3, .symbol = jit_rt_symbol, .want_code = false};
        *(strcmp(stage, "llvm") == 0  ? &o.ir_text
          : strcmp(stage, "opt") == 0 ? &o.opt_text
                                      : &o.asm_text) = &text;
        const JitBackend *backend = open_backend(options->engine, error, sizeof error);
        JitBytes object = {0};
        if (!backend || backend->compile(m, &o, &object, error, sizeof error) < 0)
            kr_raise(kr_RuntimeError, "%s", error);
        else
            result = kr_str_sized((const char *)text.data, text.size);
        free(text.data);
        free(object.data);
    }
    jit_ir_module_free(m);
    return result;
}

/* The vector forms of elementary functions are this machine's. */
static void *scalar_symbol(const char *name) { return strstr(name, ".v") ? NULL : jit_rt_symbol(name); }

Value jit_compile_object(Value function, const JitOptions *options, const JitType *const *args,
                         uint32_t nargs, const char *cpu)
{
    IrFunc *f;
    Made made;
    JitReport report = {.wanted = false};
    IrModule *m = make_module(function, options, args, nargs, &f, &made, &report);
    if (!m) return EMPTY;
    char error[512], symbol[300];
    JitBytes object = {0};
    Value result = EMPTY;
    JitCompileOptions o = {.level = 3, .cpu = cpu, .symbol = cpu ? scalar_symbol : jit_rt_symbol, .want_code = true};
    const JitBackend *backend = open_backend(options->engine, error, sizeof error);
    if (f->nparam_types != nargs)
        kr_raise(kr_TypeError, "'%U' uses an array or container of the script's globals, which a library has not",
                 function_of(function)->name);
    else if (!backend || backend->compile(m, &o, &object, error, sizeof error) < 0)
        kr_raise(kr_RuntimeError, "%s", error);
    else
        result = kr_tuple_of(5, kr_bytes(object.data, object.size), kr_str(jit_backend_symbol(f->name, symbol, sizeof symbol)),
                             made.functions, jit_built_raises(m, made.classes), kr_str(jit_type_numba(f->ret, error, sizeof error)));
    free(object.data);
    jit_ir_module_free(m);
    return result;
}

/* ---- Refusals ---- */

/* The line of a position, as UTF-8 with its length; NULL when the source is not to be had. */
static const char *line_of(const Value *functions, IrPos pos, size_t *n)
{
    if (!pos.line) return NULL;
    Value line = kr_source_line(function_of(functions[jit_pos_function(pos.line)])->code->filename,
                                jit_pos_line(pos.line));
    const char *text = is_empty(line) ? NULL : kr_str_utf8(line, n);
    if (!text) kr_clear_exception();
    return text;
}

char *jit_source_text(const Value *functions, IrPos pos)
{
    size_t n;
    const char *text = pos.line == pos.end_line ? line_of(functions, pos, &n) : NULL;
    if (!text || pos.col < 0 || pos.end_col <= pos.col || (size_t)pos.end_col > n) return NULL;
    return strndup(text + pos.col, (size_t)(pos.end_col - pos.col));
}

/* A source line with carets under a range, indented by four. */
static void add_place(KrText *out, const Value *functions, IrPos pos)
{
    size_t n;
    const char *text = line_of(functions, pos, &n);
    if (!text) return;
    size_t indent = strspn(text, " \t");
    kr_text_add_ascii(out, "    ");
    kr_text_add_utf8(out, text + indent, n - indent);
    kr_text_add_char(out, '\n');
    int32_t end = pos.end_line == pos.line ? pos.end_col : (int32_t)n;
    if (end > (int32_t)n) end = (int32_t)n;
    if (pos.col < (int32_t)indent || end <= pos.col) return;
    kr_text_add_ascii(out, "    ");
    for (int32_t i = (int32_t)indent; i < end; i++)
        if ((text[i] & 0xc0) != 0x80) kr_text_add_char(out, i < pos.col ? ' ' : '^');
    kr_text_add_char(out, '\n');
}

Value jit_typing_error;

/* Raises a refusal as numba's TypingError: sentence, source line with carets, second place, suggestion. */
static void raise_refusal(const JitDiag *diag, const Value *functions)
{
    KrText out;
    kr_text_init(&out);
    Value filename = function_of(functions[jit_pos_function(diag->pos.line)])->code->filename;
    const char *text = diag->text[0] ? diag->text : "the kernel cannot be compiled";
    kr_text_add_utf8(&out, text, strlen(text));
    kr_text_add_format(&out, "\n\n  File \"%S\", line %d\n", filename,
                       jit_pos_line(diag->pos.line));
    add_place(&out, functions, diag->pos);
    if (diag->second.line) {
        kr_text_add_ascii(&out, "  ");
        kr_text_add_utf8(&out, diag->second_text, strlen(diag->second_text));
        kr_text_add_format(&out, ", line %d\n", jit_pos_line(diag->second.line));
        add_place(&out, functions, diag->second);
    }
    if (diag->hint[0]) {
        kr_text_add_ascii(&out, "  Try: ");
        kr_text_add_utf8(&out, diag->hint, strlen(diag->hint));
        kr_text_add_char(&out, '\n');
    }
    kr_text_add_format(&out, "  [K%03d]", diag->code);
    Value message = kr_text_finish(&out);
    Value exception = is_empty(message) ? EMPTY : kr_call1(jit_typing_error, message);
    if (!is_empty(exception)) kr_raise_value(exception);
}
