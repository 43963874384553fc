/* engine.c: what runs kernels. -X jit=llvm|gcc|both|eval|off chooses; without it the first code
 * generator that stands beside the program, and without any the evaluator, which is slow but gives
 * the same answers. */
#include "jit/run/engine.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "runtime/vm/sys_module.h"

const char *jit_engine_plugin(JitEngine engine) { return engine == ENGINE_GCC ? "gccjit" : "llvm"; }

static bool is_there(JitEngine engine)
{
    char path[PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/krait-%s.so", kr_options.home ? kr_options.home : ".",
             jit_engine_plugin(engine));
    return access(path, R_OK) == 0;
}

static const char *const names[] = {"llvm", "gcc", "both", "eval", "off"};

static int named(const char *name)
{
    for (int i = 0; name && i < (int)(sizeof names / sizeof *names); i++)
        if (strcmp(names[i], name) == 0) return i;
    return -1;
}

JitEngine jit_engine(void)
{
    static int known = -1;
    if (known < 0) {
        known = named(kr_option_x("jit"));
        if (known < 0)
            known = is_there(ENGINE_LLVM)  ? ENGINE_LLVM
                    : is_there(ENGINE_GCC) ? ENGINE_GCC
                                           : ENGINE_EVAL;
    }
    return (JitEngine)known;
}

JitEngine jit_engine_for(const char *backend)
{
    int wanted = named(backend);
    bool chosen = named(kr_option_x("jit")) >= 0;
    if (chosen || wanted < 0 || wanted > ENGINE_GCC || !is_there((JitEngine)wanted))
        return jit_engine();
    return (JitEngine)wanted;
}
