/* atexit.c: functions to be called when the interpreter ends, last registered first. */
#include "runtime/krait.h"

static KrValue callbacks; /* list of (function, args, kwargs) */

KR_FN(atexit, atexit_register, "register", "(func, /, *args, **kwargs)",
      "Register a function to be executed upon normal program termination\n\n"
      "    func - function to be called at exit\n    args - optional arguments to pass to func\n"
      "    kwargs - optional keyword arguments to pass to func\n\n    func is returned to facilitate usage as a decorator.")
{
    if (!kr_is_callable(a[0])) return kr_raise(kr_TypeError, "the first argument must be callable");
    return kr_list_append(callbacks, kr_tuple_of(3, a[0], a[1], a[2])) < 0 ? KR_EMPTY : a[0];
}

KR_FN(atexit, atexit_run, "_run_exitfuncs", "()", "_run_exitfuncs() -> None\n\nRun all registered exit functions.")
{
    while (kr_list_size(callbacks)) {
        size_t last = kr_list_size(callbacks) - 1;
        KrValue entry = kr_list_get(callbacks, last);
        kr_list_truncate(callbacks, last);
        if (kr_is_empty(kr_call_tuple(kr_tuple_get(entry, 0), kr_tuple_get(entry, 1), kr_tuple_get(entry, 2))))
            kr_report_unraisable(kr_tuple_get(entry, 0));
    }
    return kr_None;
}

KR_FN(atexit, atexit_clear, "_clear", "()", "_clear() -> None\n\nClear the list of previously registered exit functions.")
{
    kr_list_truncate(callbacks, 0);
    return kr_None;
}

KR_FN(atexit, atexit_count, "_ncallbacks", "()", "_ncallbacks() -> int\n\nReturn the number of registered exit functions.")
{
    return kr_int((int64_t)kr_list_size(callbacks));
}

KR_FN(atexit, atexit_unregister, "unregister", "(func, /)",
      "unregister(func) -> None\n\nUnregister an exit function which was previously registered using\natexit.register")
{
    KrValue kept = kr_list(NULL, 0);
    for (size_t i = 0; i < kr_list_size(callbacks); i++) {
        int same = kr_equal(kr_tuple_get(kr_list_get(callbacks, i), 0), a[0]);
        if (same < 0 || (!same && kr_list_append(kept, kr_list_get(callbacks, i)) < 0)) return KR_EMPTY;
    }
    callbacks = kept;
    return kr_None;
}

#include "modules/atexit.entries.h"

static int atexit_exec(KrValue module)
{
    (void)module;
    kr_root(&callbacks);
    callbacks = kr_list(NULL, 0);
    return kr_is_empty(callbacks) ? -1 : 0;
}

KR_MODULE(atexit) = {
    .api_version = KR_API_VERSION,
    .name = "atexit",
    .doc = "allow programmer to define multiple exit functions to be executed\nupon normal program termination.",
    .functions = atexit_functions,
    .exec = atexit_exec,
};
