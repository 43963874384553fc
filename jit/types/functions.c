/* Lookup in the function table and binding of arguments to parameters. */
#include "jit/types/functions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const FnInfo jit_functions[] = {
#define FN(name, min, max, params, rule, aux) {name, min, max, params, RULE_##rule, aux},
#include "jit/types/functions.def"
#undef FN
};
const unsigned jit_functions_count = sizeof jit_functions / sizeof *jit_functions;

const FnInfo *jit_functions_find(const char *name)
{
    for (unsigned i = 0; i < jit_functions_count; i++)
        if (!strcmp(jit_functions[i].name, name)) return &jit_functions[i];
    return NULL;
}

/* Index of the keyword in a list of names separated by blanks or commas; -1: none. */
static int find_word(const char *list, const char *word, size_t n)
{
    for (int i = 0; *list; i++) {
        size_t k = strcspn(list, " ,");
        if (k == n && !memcmp(list, word, n)) return i;
        list += k;
        list += strspn(list, " ,");
    }
    return -1;
}

static uint32_t count_words(const char *list)
{
    uint32_t n = 0;
    while (*list) {
        size_t k = strcspn(list, " ,");
        n += k > 0;
        list += k;
        list += strspn(list, " ,");
    }
    return n;
}

/* print's end, sep and file are no parameters of kernels; everything else binds by name. */
static bool bind_keywords(const IrNode *call, BoundCall *out, uint32_t positional, uint32_t nkw)
{
    const char *names = call->text;
    for (uint32_t k = 0; k < nkw; k++) {
        size_t n = strcspn(names, " ,");
        int at = find_word(out->fn->params, names, n);
        if (at < 0 || out->arg[at]) {
            out->trouble =
                at < 0 ? "it has no parameter of that name" : "an argument is given twice";
            return false;
        }
        out->arg[at] = call->args[1 + positional + k];
        names += n;
        names += strspn(names, " ,");
    }
    return true;
}

bool jit_functions_bind(const IrNode *call, BoundCall *out)
{
    memset(out, 0, sizeof *out);
    const JitType *callee = call->args[0]->type;
    if (!callee || !callee->name) return false;
    out->fn = jit_functions_find(callee->name);
    if (!out->fn) return false;
    uint32_t nkw = call->text ? count_words(call->text) : 0, given = call->n - 1, at = 0;
    if (callee->kind == TK_METHOD) {
        if (call->args[0]->op != OP_PY_GETATTR) {
            out->trouble = "a method must be called where it is looked up";
            return false;
        }
        out->arg[at++] = call->args[0]->args[0];
    }
    if (at + given > BOUND_MAX) {
        out->trouble = "there are too many arguments";
        return false;
    }
    for (uint32_t i = 0; i < given - nkw; i++) out->arg[at++] = call->args[1 + i];
    out->n = at;
    if (out->fn->max >= 0 && at > (uint32_t)out->fn->max) {
        out->trouble = "there are too many arguments";
        return false;
    }
    if (nkw && !bind_keywords(call, out, given - nkw, nkw)) return false;
    for (int i = 0; i < out->fn->min; i++)
        if (!out->arg[i]) {
            out->trouble = "an argument is missing";
            return false;
        }
    return true;
}

IrNode *jit_functions_option(const BoundCall *call, const char *name)
{
    int at = find_word(call->fn->params, name, strlen(name));
    IrNode *x = at < 0 ? NULL : call->arg[at];
    return x && x->type && x->type->kind == TK_NONE ? NULL : x;
}

bool jit_functions_constant(const char *name, double *out)
{
    static const struct {
        const char *name;
        double value;
    } constants[] = {
        {"pi", M_PI},        {"e", M_E},
        {"tau", 2 * M_PI},   {"inf", HUGE_VAL},
        {"nan", NAN},        {"Inf", HUGE_VAL},
        {"NaN", NAN},        {"infty", HUGE_VAL},
        {"NINF", -HUGE_VAL}, {"euler_gamma", 0.57721566490153286060651209008240243},
    };
    const char *last = strrchr(name, '.');
    if (!last ||
        (strncmp(name, "math.", 5) && strncmp(name, "numpy.", 6) && strncmp(name, "cmath.", 6)))
        return false;
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
        if (!strcmp(constants[i].name, last + 1)) {
            *out = constants[i].value;
            return true;
        }
    return false;
}

bool jit_functions_is_module(const char *name)
{
    static const char *const packages[] = {"numpy.linalg", "numpy.random", "numpy.lib", "numpy.fft",
                                           "numpy.lib.stride_tricks", "numpy.polynomial",
                                           "numpy.polynomial.polynomial", "cmath", "numba.np",
                                           "numba.np.extensions"};
    for (size_t i = 0; i < sizeof packages / sizeof *packages; i++)
        if (!strcmp(packages[i], name)) return true;
    size_t n = strlen(name);
    for (unsigned i = 0; i < jit_functions_count; i++)
        if (!strncmp(jit_functions[i].name, name, n) && jit_functions[i].name[n] == '.')
            return true;
    return false;
}
