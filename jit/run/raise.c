/* raise.c: from an error of compiled code to a Python exception: class, arguments, cause, traceback. */
#include "jit/run/raise.h"

#include <stdlib.h>
#include <string.h>

#include "jit/build/build.h"
#include "jit/run/box.h"
#include "jit/run/containers.h"
#include "jit/run/exceptions.h"
#include "jit/run/rt.h"
#include "jit/run/trail.h"
#include "runtime/objects/function.h"
#include "runtime/objects/tuple.h"
#include "runtime/vm/builtins.h"
#include "runtime/vm/kernel.h"

/* Where an error is shown. One inside the kernel library happened at the call of the library function, or, if another thread
 * noted that, at the head of the kernel. */
static IrPos place_of(const JitKernel *kernel, const KernelSite *site)
{
    IrPos pos = {site->line, site->col, site->end_line, site->end_col};
    int32_t place[4];
    bool noted = jit_rt_take_place(place);
    Value function = kr_tuple_get(kernel->functions, jit_pos_function(site->line));
    if (!jit_function_is_library(function)) return pos;
    if (noted) return (IrPos){place[0], place[1], place[2], place[3]};
    int32_t line = (int32_t)function_of(kr_tuple_get(kernel->functions, 0))->code->first_line;
    return (IrPos){line, 0, line, 0};
}

static Value exception_of(const JitKernel *kernel, const KernelError *error, IrPos pos);

static Value class_of(const JitKernel *kernel, const char *name)
{
    Value cls = name[0] == '@'                  ? kr_tuple_get(kernel->classes, (size_t)atoi(name + 1))
                : !strcmp(name, "LinAlgError") ? kr_import_attr("numpy.linalg", name)
                                               : kr_dict_find_ascii(kr_builtins_dict, name);
    return is_empty(cls) || !is_type(cls) ? kr_type_value(kr_RuntimeError) : cls;
}

static IrPos site_position(const KernelSite *site)
{
    return (IrPos){site->line, site->col, site->end_line, site->end_col};
}

/* The exception of a `raise` whose arguments came along. */
static Value raised_exception(const JitKernel *kernel, const KernelError *error)
{
    const IrRaise *raise = &kernel->raises[error->args[0]];
    void *payload = (void *)(uintptr_t)error->args[1];
    const uint64_t *words = payload ? kernel_list(payload)->items : NULL;
    Value args[64], cause = EMPTY;
    uint32_t n = 0;
    if (words) jit_rt_words_retain(&kernel_list(payload)->shape, words);
    for (uint32_t i = 0; i < raise->n && i < 64; i++) {
        const JitType *t = raise->types[i];
        bool last = raise->cause && i + 1 == raise->n;
        Value v = NONE;
        if (t->kind == TK_CAUGHT) {
            const KernelError *inner = jit_error_caught((void *)(uintptr_t)words[0]);
            v = exception_of(kernel, inner, site_position(inner->site));
            jit_rt_release(words[0]);
        } else {
            v = jit_box_result(t, words, NULL, NULL);
        }
        if (is_empty(v)) return EMPTY;
        words += t->nparts;
        if (last)
            cause = v;
        else
            args[n++] = v;
    }
    Value exception = kr_call(class_of(kernel, raise->cls), args, n, EMPTY);
    if (!is_empty(exception) && !is_empty(cause) &&
        kr_setattr_ascii(exception, "__cause__", cause) < 0)
        return EMPTY;
    return exception;
}

static Value exception_of(const JitKernel *kernel, const KernelError *error, IrPos pos)
{
    if (error->site->err == ERR_RAISED) return raised_exception(kernel, error);
    Value kept = error->site->err == ERR_KEPT ? jit_native_exception() : EMPTY;
    if (!is_empty(kept)) return kept;
    Value functions[JIT_FUNCTIONS_MAX];
    size_t count = kr_tuple_size(kernel->functions);
    for (size_t i = 0; i < count && i < JIT_FUNCTIONS_MAX; i++)
        functions[i] = kr_tuple_get(kernel->functions, i);
    char text[1200];
    char *expression = jit_source_text(functions, pos);
    jit_rt_error_text(error, expression, text, sizeof text);
    free(expression);
    Value cls = class_of(kernel, jit_rt_error_class(error));
    return text[0] ? kr_call1(cls, kr_str(text)) : kr_call0(cls);
}

static bool in_library(const JitKernel *kernel, const KernelSite *site)
{
    return jit_function_is_library(kr_tuple_get(kernel->functions, jit_pos_function(site->line)));
}

static void add_frame(const JitKernel *kernel, IrPos pos)
{
    Value function = kr_tuple_get(kernel->functions, jit_pos_function(pos.line));
    kr_kernel_traceback(function_of(function), jit_pos_line(pos.line), pos.col, pos.end_col);
}

/* A frame for the place and one for each call of the user's that the error passed. Where the kernel library raised, the first
 * of these calls is the place. */
static void add_frames(const JitKernel *kernel, IrPos pos, bool library, const KernelTrail *trail)
{
    IrPos first = library && trail->n ? site_position(trail->calls[0]) : pos;
    add_frame(kernel, first);
    for (uint32_t i = library && trail->n; i < trail->n; i++) add_frame(kernel, site_position(trail->calls[i]));
}

Value jit_raise(const JitKernel *kernel, const KernelError *error)
{
    KernelTrail trail = jit_trail_take();
    IrPos pos = place_of(kernel, error->site);
    bool library = pos.line && in_library(kernel, error->site);
    if (kr_raised() && !pos.line) return EMPTY; /* between two blocks of a parallel loop */
    if (!kr_raised()) {                         /* else by a signal's handler, in a poll */
        Value exception = exception_of(kernel, error, pos);
        jit_error_drop(error);
        if (is_empty(exception)) return EMPTY;
        kr_raise_value(exception);
    }
    add_frames(kernel, pos, library, &trail);
    return EMPTY;
}
