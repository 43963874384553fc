/* The pipeline: the passes in one list, run over every function, verified in between. */
#include "jit/passes/passes.h"

#include <string.h>

static const JitPass machine_passes[] = {
    {"dce", jit_dce_run},
};

const JitPass *jit_pipeline_find(const char *name) {
    for (size_t i = 0; i < sizeof machine_passes / sizeof *machine_passes; i++)
        if (!strcmp(machine_passes[i].name, name))
            return &machine_passes[i];
    return NULL;
}

const char *jit_pipeline_run(IrModule *m, bool verify,
                             void (*trace)(const char *pass, const IrFunc *f)) {
    for (IrFunc *f = m->funcs; f; f = f->next) {
        if (!f->lowered)
            continue;
        for (size_t i = 0; i < sizeof machine_passes / sizeof *machine_passes; i++) {
            bool changed = machine_passes[i].run(f);
            if (changed && trace)
                trace(machine_passes[i].name, f);
            const char *wrong = verify ? jit_verify_func(f) : NULL;
            if (wrong)
                return wrong;
        }
    }
    return NULL;
}
