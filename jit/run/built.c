/* built.c: kernels out of libraries that jit.build made.
 *
 * A library holds the same entries as an object of the cache, of the same ABI, so a kernel of it is called as any other; only
 * what else a JitKernel knows (types, functions, raise statements) comes from the library's description, which
 * modules/jit/built.py reads. Buffers that it returns are freed here: both sides take them from malloc in one layout. */
#include "jit/run/built.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "jit/jit.h"
#include "jit/run/kernel_abi.h"
#include "jit/run/rt.h"
#include "jit/types/sig.h"
#include "runtime/objects/tuple.h"
#include "runtime/vm/builtins.h"

/* The builtin class that an exception class of the script derives from. */
static Value builtin_base(Value cls)
{
    Value mro = kr_getattr_ascii(cls, "__mro__");
    for (size_t i = 0; !is_empty(mro) && i < kr_tuple_size(mro); i++) {
        Value base = kr_tuple_get(mro, i), name = kr_getattr_ascii(base, "__name__");
        const char *text = is_empty(name) ? NULL : kr_str_utf8(name, NULL);
        Value known = text ? kr_dict_find_ascii(kr_builtins_dict, text) : EMPTY;
        if (!is_empty(known) && same(known, base)) return name;
    }
    return KR_NAME("RuntimeError");
}

Value jit_built_raises(const IrModule *m, Value classes)
{
    Value list = kr_list(NULL, 0);
    for (uint32_t i = 0; !is_empty(list) && i < m->nraises; i++) {
        const IrRaise *raise = &m->raises[i];
        Value types = kr_list(NULL, 0);
        char text[200];
        for (uint32_t k = 0; !is_empty(types) && k < raise->n; k++)
            if (kr_list_append(types, kr_str(jit_type_numba(raise->types[k], text, sizeof text))) <
                0)
                return EMPTY;
        Value cls = raise->cls[0] == '@'
                        ? builtin_base(kr_tuple_get(classes, (size_t)atoi(raise->cls + 1)))
                        : kr_str(raise->cls);
        Value pair =
            is_empty(types) || is_empty(cls) ? EMPTY : kr_tuple_of(2, cls, kr_list_to_tuple(types));
        if (is_empty(pair) || kr_list_append(list, pair) < 0) return EMPTY;
    }
    return is_empty(list) ? EMPTY : kr_list_to_tuple(list);
}

/* ---- Reading ---- */

/* A parenthesised list of types, "(float64, int64)". */
static int read_types(Value text, JitSignature *signature)
{
    char error[256];
    const char *bytes = kr_str_cstring(text);
    if (!bytes) return -1;
    if (jit_sig_read(bytes, signature, error, sizeof error) == 0) return 0;
    kr_raise(kr_ImportError, "%s", error);
    return -1;
}

/* Arguments of a raise statement: text and numbers, as jit_built_raises wrote them. */
static int read_raise(IrRaise *out, Value pair)
{
    Value types = kr_tuple_get(pair, 1);
    const char *cls = kr_str_cstring(kr_tuple_get(pair, 0));
    uint32_t n = (uint32_t)kr_tuple_size(types);
    const JitType **list = calloc(n + 1, sizeof *list);
    if (!cls || !list) return free((void *)list), -1;
    *out = (IrRaise){.cls = strdup(cls), .types = list};
    for (uint32_t k = 0; k < n; k++) {
        JitSignature one;
        Value text = kr_str_format("(%S,)", kr_tuple_get(types, k));
        if (is_empty(text) || read_types(text, &one) < 0 || one.nargs != 1) return -1;
        list[out->n++] = one.args[0];
    }
    return 0;
}

JitKernel *jit_built_kernel(KernelEntry entry, const JitType *const *args, uint32_t nargs,
                            const JitType *ret, Value functions, Value raises)
{
    JitKernel *kernel = calloc(1, sizeof *kernel);
    const JitType **kept = calloc(nargs + 1, sizeof *kept);
    size_t n = kr_tuple_size(raises);
    IrRaise *list = calloc(n + 1, sizeof *list);
    if (!kernel || !kept || !list) return kr_raise_no_memory(), NULL;
    for (uint32_t i = 0; i < nargs; i++) {
        kept[i] = args[i];
        kernel->nslots += args[i]->nparts;
    }
    *kernel = (JitKernel){.args = kept,
                          .taken = calloc(nargs + 1, sizeof *kept),
                          .nargs = nargs,
                          .ngiven = nargs,
                          .nslots = kernel->nslots,
                          .nresults = ret->nparts,
                          .ret = ret,
                          .entry = entry,
                          .has_loops = true,
                          .functions = functions,
                          .classes = kr_tuple(NULL, 0),
                          .globals = kr_tuple(NULL, 0),
                          .raises = list,
                          .nraises = (uint32_t)n};
    if (nargs) memcpy(kernel->taken, args, nargs * sizeof *kept);
    for (size_t i = 0; i < n; i++)
        if (read_raise(&list[i], kr_tuple_get(raises, i)) < 0) return jit_kernel_free(kernel), NULL;
    return kernel;
}

KernelEntry jit_built_entry(const char *path, const char *symbol)
{
    typedef void (*Host)(KernelParfor, int64_t(*)(void));
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!handle) return kr_raise(kr_ImportError, "%s", dlerror()), NULL;
    const int *abi = dlsym(handle, "krait_library_abi");
    if (!abi || *abi != KERNEL_ABI_VERSION)
        return kr_raise(kr_ImportError, "%s was built by another version of krait: build it again",
                        path),
               NULL;
    Host host = (Host)dlsym(handle, "krait_library_host");
    KernelEntry entry = (KernelEntry)dlsym(handle, symbol);
    if (!host || !entry)
        return kr_raise(kr_ImportError, "%s lacks %s", path, host ? symbol : "krait_library_host"),
               NULL;
    host(jit_rt_parfor_hook, jit_rt_poll_hook);
    return entry;
}
