/* infer_overload.c: numba.extending's overloads.
 *
 * A function, method or attribute that has some is called "overload.function.3", "overload.method.area". Which kernel stands
 * for it depends on the types of the arguments and is asked anew whenever a call is typed (IrModule.overload), because
 * types move while they settle; so the callee's type is exchanged for the time of one typing only. */
#include "jit/types/infer.h"

#include <stdio.h>
#include <string.h>

static const char *key_of(const JitType *callee)
{
    bool function = callee->kind == TK_FUNC || callee->kind == TK_METHOD;
    return function && callee->name && !strncmp(callee->name, "overload.", 9) ? callee->name + 9 : NULL;
}

/* The callee's type as a kernel for the types of the call's arguments; the type itself if it is not overloaded; NULL: no
 * overload takes them, or a type is not known yet (*open). */
const JitType *jit_infer_overloaded(Infer *in, const IrNode *x, bool *open)
{
    const JitType *callee = x->args[0]->type, *types[BOUND_MAX];
    const char *key = key_of(callee);
    uint32_t n = 0;
    *open = false;
    if (!key) return callee;
    if (callee->kind == TK_METHOD) types[n++] = callee->elem[0];
    for (uint32_t i = 1; i < x->n && n < BOUND_MAX; i++) {
        types[n++] = x->args[i]->type;
        *open |= jit_infer_is_open(x->args[i]->type);
    }
    IrModule *m = in->f->module;
    const char *kernel = *open ? NULL : m->overload(m, key, types, n, x->text ? x->text : "");
    if (!kernel) return NULL;
    return callee->kind == TK_METHOD ? jit_type_method(callee->elem[0], kernel)
                                     : jit_type_named(TK_FUNC, kernel, strlen(kernel));
}

/* An attribute that the type itself has not: a method with overloads, or an attribute, whose node becomes a call. */
const JitType *jit_infer_overloaded_attribute(Infer *in, IrNode *x)
{
    IrModule *m = in->f->module;
    const JitType *t = jit_infer_unwrap(x->args[0]->type);
    char key[120];
    snprintf(key, sizeof key, "method.%.80s", x->text);
    if (m->overloaded && m->overloaded(key)) {
        char name[140];
        snprintf(name, sizeof name, "overload.%s", key);
        return jit_type_method(t, name);
    }
    snprintf(key, sizeof key, "attribute.%.80s", x->text);
    if (!m->overloaded || !m->overloaded(key)) return NULL;
    const char *kernel = m->overload(m, key, &t, 1, "");
    return kernel ? jit_infer_written(in, x, kernel + 4) : NULL;
}
