/* testinternal_module.c: _testinternalcapi, by which CPython's tests ask how the interpreter was started and where it
 * stands. What they ask of CPython's own insides is absent. */
#include "runtime/vm/builtins.h"
#include "runtime/vm/frame.h"
#include "runtime/vm/sys_module.h"

KR_FN(testinternal, get_config, "get_config", "()", "The settings of this process, by CPython's names.")
{
    const struct {
        const char *name;
        int64_t value;
    } settings[] = {{"optimization_level", kr_options.optimize}, {"inspect", kr_options.inspect},
                    {"quiet", kr_options.quiet}, {"verbose", kr_options.verbose},
                    {"use_environment", !kr_options.ignore_environment}, {"site_import", !kr_options.no_site},
                    {"buffered_stdio", !kr_options.unbuffered}, {"code_debug_ranges", 1}};
    Value config = kr_dict();
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        if (is_empty(config) || kr_dict_set_ascii(config, settings[i].name, kr_int(settings[i].value)) < 0) return EMPTY;
    return config;
}

KR_FN(testinternal, get_recursion_depth, "get_recursion_depth", "()", "How many Python frames the calling thread has.")
{
    int64_t depth = 0;
    for (const Frame *frame = kr_self->frame; frame; frame = frame->previous) depth++;
    return kr_int(depth);
}

#include "runtime/vm/testinternal_module.entries.h"

KR_MODULE(_testinternalcapi) = {
    .api_version = KR_API_VERSION,
    .name = "_testinternalcapi",
    .doc = "Questions of CPython's tests about the interpreter.",
    .functions = testinternal_functions,
};
