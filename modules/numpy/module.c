/* module.c: the native module _numpy. The Python package numpy is built on it; its hooks, Python functions that C calls
 * by name, stand in the dict np_glue (_numpy._glue). */
#include "modules/numpy/numpy.h"
#include "modules/numpy/random/objects.h"

Value np_glue;

Value np_glue_call(const char *name, const Value *args, size_t n)
{
    Value f = kr_dict_find_ascii(np_glue, name);
    if (kr_is_empty(f)) return kr_raise(kr_RuntimeError, "numpy is not fully imported (%s)", name);
    return kr_call(f, args, n, EMPTY);
}

int np_add_functions(Value module, const KrFunction *const *functions)
{
    for (; *functions; functions++) {
        Value f = kr_function_new(*functions, EMPTY, kr_str("numpy"));
        if (kr_is_empty(f) || kr_module_add(module, (*functions)->name, f) < 0) return -1;
    }
    return 0;
}

static int numpy_exec(Value module)
{
    np_glue = kr_dict();
    kr_root(&np_glue);
    if (kr_is_empty(np_glue) || kr_module_add(module, "_glue", np_glue) < 0) return -1;
    if (np_dtype_init(module) < 0 || np_scalar_init(module) < 0 || np_array_init(module) < 0 || np_ufunc_init(module) < 0) return -1;
    return np_convert_init(module) < 0 || np_index_init(module) < 0 || np_shape_init(module) < 0 || np_sort_init(module) < 0 ||
                   np_linalg_init(module) < 0 || np_text_init(module) < 0 || np_rows_init(module) < 0 || np_random_init(module) < 0 || np_fft_init(module) < 0
               ? -1 : 0;
}

KR_MODULE(_numpy) = {
    .api_version = KR_API_VERSION,
    .name = "_numpy",
    .doc = "Arrays, dtypes, ufuncs: the native half of numpy.",
    .exec = numpy_exec,
};
