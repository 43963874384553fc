/* warnings.c: the _warnings module: filters, registries, and the text on stderr. The library's warnings.py shares its
 * filters; once that module is loaded, its showwarning and its attributes decide, as in CPython. */
#include "runtime/vm/warnings.h"

#include "runtime/compile/compile.h"
#include "runtime/objects/exception.h"
#include "runtime/objects/module.h"
#include "runtime/objects/str.h"
#include "runtime/vm/frame.h"
#include "runtime/vm/sys_module.h"
#include "runtime/vm/traceback_text.h"

static Value filters, once_registry, default_action;
static int64_t filters_version = 1;

/* An attribute of the library's warnings module if it is loaded, else EMPTY. */
static Value library_attribute(const char *name)
{
    Value module = kr_dict_find_ascii(kr_sys_modules, "warnings");
    if (is_empty(module) || !is_module(module)) return EMPTY;
    return kr_module_find(module, kr_intern(name));
}

/* Does a filter's pattern (None, an exact str, or a compiled expression) accept text? */
static int pattern_matches(Value pattern, Value text)
{
    if (is_none(pattern)) return 1;
    if (is_exact(pattern, &kr_str_type)) return kr_str_equal(pattern, text);
    Value match = kr_call_method1(pattern, "match", text);
    return is_empty(match) ? -1 : kr_truth(match);
}

/* The action of the first filter that matches; the filter goes to *item. */
static Value find_action(Value category, Value text, Value module, int line, Value *item)
{
    Value list = library_attribute("filters");
    if (is_empty(list)) list = filters;
    if (!kr_is_list(list)) return kr_raise(kr_ValueError, "_warnings.filters must be a list");
    for (size_t i = 0; i < kr_list_size(list); i++) {
        Value filter = kr_list_get(list, i);
        if (!kr_is_tuple(filter) || kr_tuple_size(filter) != 5)
            return kr_raise(kr_ValueError, "_warnings.filters item %zu isn't a 5-tuple", i);
        int64_t wanted_line;
        if (kr_to_int64(kr_tuple_get(filter, 4), &wanted_line) < 0) return EMPTY;
        if (wanted_line != 0 && wanted_line != line) continue;
        int matches = kr_issubclass(category, kr_tuple_get(filter, 2));
        if (matches > 0) matches = pattern_matches(kr_tuple_get(filter, 1), text);
        if (matches > 0) matches = pattern_matches(kr_tuple_get(filter, 3), module);
        if (matches < 0) return EMPTY;
        if (matches) {
            *item = filter;
            return kr_tuple_get(filter, 0);
        }
    }
    *item = NONE;
    Value action = library_attribute("defaultaction");
    return is_empty(action) ? default_action : action;
}

/* Was this key seen in the registry? Marks it if `mark`. A registry of older filters is emptied first. */
static int already_warned(Value registry, Value key, bool mark)
{
    if (is_empty(registry) || is_none(registry)) return 0;
    Value version = kr_dict_find_ascii(registry, "version");
    int64_t known = 0;
    if (kr_raised()) return -1;
    if (is_empty(version) || !kr_is_int_exact(version) || kr_to_int64(version, &known) < 0 || known != filters_version) {
        kr_dict_clear(registry);
        if (kr_dict_set_ascii(registry, "version", kr_int(filters_version)) < 0) return -1;
    } else {
        Value seen = kr_dict_find(registry, key);
        if (is_empty(seen) && kr_raised()) return -1;
        if (!is_empty(seen) && kr_truth(seen) > 0) return 1;
    }
    return mark && kr_dict_set(registry, key, TRUE_VALUE) < 0 ? -1 : 0;
}

static void show_plainly(Value filename, int line, Value text, Value category)
{
    Value name = kr_getattr(category, KR_NAME("__name__"));
    kr_traceback_write(kr_str_format("%S:%d: %S: %S\n", filename, line, name, text));
    Value source = kr_source_line(filename, line);
    if (is_empty(source)) return;
    Value stripped = kr_call_method0(source, "strip");
    kr_traceback_write(kr_str_format("  %S\n", stripped));
}

static int show(Value filename, int line, Value text, Value message, Value category, Value source)
{
    Value function = library_attribute("_showwarnmsg");
    if (is_empty(function)) {
        if (is_empty(source) || is_none(source)) {
            show_plainly(filename, line, text, category);
            return 0;
        }
        function = kr_import_attr("warnings", "_showwarnmsg");
        if (is_empty(function)) return -1;
    }
    if (!kr_is_callable(function)) {
        kr_raise(kr_TypeError, "warnings._showwarnmsg() must be set to a callable");
        return -1;
    }
    Value class = kr_import_attr("warnings", "WarningMessage");
    if (is_empty(class)) return -1;
    Value arguments[] = {message, category, filename, kr_int(line), NONE, NONE, is_empty(source) ? NONE : source};
    Value record = kr_call(class, arguments, 7, EMPTY);
    return is_empty(record) || is_empty(kr_call1(function, record)) ? -1 : 0;
}

/* "foo" for "/x/foo.py": the module's name when only its file is known. */
static Value module_of_file(Value filename)
{
    size_t length = is_str(filename) ? str_of(filename)->length : 0;
    if (length == 0) return kr_intern("<unknown>");
    if (length > 3 && kr_str_equal_ascii(kr_str_slice(filename, length - 3, length), ".py")) return kr_str_slice(filename, 0, length - 3);
    return filename;
}

int kr_warnings_issue_at(Value category, Value message, Value filename, int line, Value module, Value registry, Value source)
{
    if (is_empty(module) || is_none(module)) module = module_of_file(filename);
    Value text = message;
    if (kr_is_a(message, kr_Warning)) {
        text = kr_to_str(message);
        category = from_object(type_of(message));
    } else {
        message = kr_call1(category, message);
    }
    if (is_empty(text) || is_empty(message)) return -1;
    if (!is_str(text)) text = kr_to_str(text);
    Value key = is_empty(text) ? EMPTY : kr_tuple_of(3, text, category, kr_int(line));
    if (is_empty(key)) return -1;
    int seen = already_warned(registry, key, false);
    if (seen) return seen < 0 ? -1 : 0;
    Value item;
    Value action = find_action(category, text, module, line, &item);
    if (is_empty(action)) return -1;
    if (!is_str(action)) {
        kr_raise(kr_TypeError, "action must be a string, not '%T'", action);
        return -1;
    }
    if (kr_str_equal_ascii(action, "error")) {
        kr_raise_value(message);
        return -1;
    }
    if (kr_str_equal_ascii(action, "ignore")) return 0;
    if (!kr_str_equal_ascii(action, "always")) {
        if (!is_empty(registry) && !is_none(registry) && kr_dict_set(registry, key, TRUE_VALUE) < 0) return -1;
        if (kr_str_equal_ascii(action, "once")) {
            Value once = library_attribute("onceregistry");
            seen = already_warned(is_empty(once) ? once_registry : once, kr_tuple_of(2, text, category), true);
        } else if (kr_str_equal_ascii(action, "module")) {
            seen = already_warned(registry, kr_tuple_of(3, text, category, from_small_int(0)), true);
        } else if (!kr_str_equal_ascii(action, "default")) {
            kr_raise(kr_RuntimeError, "Unrecognized action (%R) in warnings.filters:\n %R", action, item);
            return -1;
        }
        if (seen) return seen < 0 ? -1 : 0;
    }
    return show(filename, line, text, message, category, source);
}

static bool is_import_frame(const Frame *frame)
{
    const char *file = kr_str_utf8(frame->code->filename, NULL);
    return file && strstr(file, "importlib") && strstr(file, "_bootstrap");
}

int kr_warnings_issue(Value category, Value message, int64_t stack_level, Value source)
{
    Frame *frame = kr_self->frame;
    if (stack_level > 0 && frame) {
        bool skipping = !is_import_frame(frame);
        while (--stack_level > 0 && frame) {
            frame = frame->previous;
            while (skipping && frame && is_import_frame(frame)) frame = frame->previous;
        }
    }
    Value globals = frame ? frame->globals : kr_sys_dict, filename = kr_intern("sys"), module, registry;
    int line = 1;
    if (frame) {
        filename = frame->code->filename;
        ptrdiff_t at = frame->next - frame->code->instructions - 1;
        line = (int)kr_code_position(frame->code, at < 0 ? 0 : (uint32_t)at).line;
    }
    registry = kr_dict_find_ascii(globals, "__warningregistry__");
    if (is_empty(registry)) {
        if (kr_raised()) return -1;
        registry = kr_dict();
        if (is_empty(registry) || kr_dict_set_ascii(globals, "__warningregistry__", registry) < 0) return -1;
    }
    module = kr_dict_find_ascii(globals, "__name__");
    if (is_empty(module)) {
        if (kr_raised()) return -1;
        module = kr_intern("<string>");
    }
    return kr_warnings_issue_at(category, message, filename, line, module, registry, source);
}

int kr_warn(KrType *category, int stack_level, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    Value message = kr_str_format_v(format, args);
    va_end(args);
    return is_empty(message) ? -1 : kr_warnings_issue(kr_type_value(category), message, stack_level, EMPTY);
}

static int warn_of_source(KrType *category, Value message, Value filename, int line)
{
    return kr_warnings_issue_at(kr_type_value(category), message, filename, line, EMPTY, EMPTY, EMPTY);
}

/* ---- The module ---- */

static Value category_of(Value message, Value category)
{
    if (kr_is_a(message, kr_Warning)) return from_object(type_of(message));
    if (is_empty(category) || is_none(category)) return kr_type_value(kr_UserWarning);
    if (is_type(category) && kr_is_subtype(object_of(category), kr_Warning)) return category;
    return kr_raise(kr_TypeError, "category must be a Warning subclass, not '%T'", category);
}

KR_FN(warnings, warnings_warn, "warn", "(message, category=None, stacklevel=1, source=None)",
      "Issue a warning, or maybe ignore it or raise an exception.")
{
    int64_t level;
    Value category = category_of(a[0], a[1]);
    if (is_empty(category) || kr_to_index_clamped(a[2], &level) < 0) return EMPTY;
    return kr_warnings_issue(category, a[0], level, a[3]) < 0 ? EMPTY : NONE;
}

KR_FN(warnings, warnings_warn_explicit, "warn_explicit",
      "(message, category, filename, lineno, module=None, registry=None, module_globals=None, source=None)",
      "Issue a warning, or maybe ignore it or raise an exception.")
{
    int line;
    if (kr_to_int32(a[3], &line) < 0) return EMPTY;
    if (is_none(a[1]) && !kr_is_a(a[0], kr_Warning))
        return kr_raise(kr_TypeError, "category must be a Warning subclass, not 'NoneType'");
    Value category = category_of(a[0], a[1]);
    if (is_empty(category)) return EMPTY;
    if (!is_none(a[6]) && !is_dict(a[6])) return kr_raise(kr_TypeError, "module_globals must be a dict, not '%T'", a[6]);
    if (!is_none(a[5]) && !is_dict(a[5])) return kr_raise(kr_TypeError, "'registry' must be a dict or None");
    return kr_warnings_issue_at(category, a[0], a[2], line, a[4], a[5], a[7]) < 0 ? EMPTY : NONE;
}

KR_FN(warnings, warnings_filters_mutated, "_filters_mutated", "()", "The filters changed: registries are out of date.")
{
    filters_version++;
    return NONE;
}

#include "runtime/vm/warnings.entries.h"

static int add_filter(const char *action, KrType *category, const char *module)
{
    return kr_list_append(filters, kr_tuple_of(5, kr_intern(action), NONE, kr_type_value(category),
                                               module ? kr_intern(module) : NONE, from_small_int(0)));
}

int kr_warnings_init(void)
{
    kr_root(&filters), kr_root(&once_registry), kr_root(&default_action);
    filters = kr_list(NULL, 0);
    once_registry = kr_dict();
    default_action = kr_intern("default");
    if (is_empty(filters) || is_empty(once_registry)) return -1;
    kr_compile_warn = warn_of_source;
    return add_filter("default", kr_DeprecationWarning, "__main__") < 0 || add_filter("ignore", kr_DeprecationWarning, NULL) < 0 ||
                   add_filter("ignore", kr_PendingDeprecationWarning, NULL) < 0 || add_filter("ignore", kr_ImportWarning, NULL) < 0 ||
                   add_filter("ignore", kr_ResourceWarning, NULL) < 0
               ? -1
               : 0;
}

static int warnings_exec(Value module)
{
    return kr_module_add(module, "filters", filters) < 0 || kr_module_add(module, "_onceregistry", once_registry) < 0 ||
                   kr_module_add(module, "_defaultaction", default_action) < 0
               ? -1
               : 0;
}

KR_MODULE(_warnings) = {
    .api_version = KR_API_VERSION,
    .name = "_warnings",
    .doc = "_warnings provides basic warning filtering support.\nIt is a helper module to speed up interpreter start-up.",
    .functions = warnings_functions,
    .exec = warnings_exec,
};
