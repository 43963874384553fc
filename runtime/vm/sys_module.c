/* sys_module.c: the sys module: what Python code asks of the interpreter. Streams are put in by start.c. */
#include "runtime/vm/stdlib_names.h"
#include "runtime/vm/sys_module.h"

#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "runtime/memory/heap.h"
#include "runtime/objects/code.h"
#include "runtime/objects/exception.h"
#include "runtime/objects/int.h"
#include "runtime/objects/str.h"
#include "runtime/version.h"
#include "runtime/vm/builtins.h"
#include "runtime/vm/frame.h"
#include "runtime/vm/import.h"
#include "runtime/vm/traceback_text.h"
#include "runtime/vm/vm.h"

Options kr_options;
Value kr_sys_dict, kr_sys_modules;

Value kr_sys_get(const char *name)
{
    return is_empty(kr_sys_dict) ? EMPTY : kr_dict_find_ascii(kr_sys_dict, name);
}

int kr_sys_set(const char *name, Value value)
{
    return kr_dict_set_ascii(kr_sys_dict, name, value);
}

const char *kr_option_x(const char *name)
{
    size_t length = strlen(name);
    for (size_t i = 0; i < kr_options.x_count; i++) {
        const char *option = kr_options.x_options[i];
        if (strncmp(option, name, length) != 0) continue;
        if (option[length] == '=') return option + length + 1;
        if (option[length] == 0) return "";
    }
    return NULL;
}

/* ---- Exceptions ---- */

Value kr_sys_exc_info(void)
{
    Value handled = kr_self->handled;
    if (is_empty(handled) || is_none(handled)) return kr_tuple_of(3, NONE, NONE, NONE);
    return kr_tuple_of(3, from_object(type_of(handled)), handled, exception_of(handled)->traceback);
}

KR_FN(sys, sys_exc_info, "exc_info", "()",
      "Return current exception information: (type, value, traceback).\n\n"
      "Return information about the most recent exception caught by an except\n"
      "clause in the current stack frame or in an older stack frame.")
{
    return kr_sys_exc_info();
}

KR_FN(sys, sys_exception, "exception", "()",
      "Return the current exception.\n\n"
      "Return the most recent exception caught by an except clause\n"
      "in the current stack frame or in an older stack frame, or None\n"
      "if no such clause exists.")
{
    return is_empty(kr_self->handled) ? NONE : kr_self->handled;
}

KR_FN(sys, sys_excepthook, "excepthook", "(exctype, value, traceback, /)",
      "Handle an exception by displaying it with a traceback on sys.stderr.")
{
    if (is_exception(a[1])) kr_traceback_print(a[1], EMPTY);
    else kr_traceback_write(kr_str_format("TypeError: print_exception(): Exception expected for value, %T found\n", a[1]));
    return NONE;
}

KR_FN(sys, sys_unraisablehook, "unraisablehook", "(unraisable, /)",
      "Handle an unraisable exception.\n\n"
      "The unraisable argument has the following attributes:\n\n"
      "* exc_type: Exception type.\n* exc_value: Exception value, can be None.\n"
      "* exc_traceback: Exception traceback, can be None.\n"
      "* err_msg: Error message, can be None.\n* object: Object causing the exception, can be None.")
{
    Value message = kr_getattr(a[0], KR_NAME("err_msg"));
    Value object = is_empty(message) ? EMPTY : kr_getattr(a[0], KR_NAME("object"));
    Value exception = is_empty(object) ? EMPTY : kr_getattr(a[0], KR_NAME("exc_value"));
    if (is_empty(exception)) return EMPTY;
    if (!is_none(object)) {
        Value text = kr_repr(object);
        if (is_empty(text)) {
            kr_clear_exception();
            text = kr_intern("<object repr() failed>");
        }
        kr_traceback_write(kr_str_format("%S: %S\n", is_none(message) ? kr_intern("Exception ignored in") : message, text));
    } else if (!is_none(message)) {
        kr_traceback_write(kr_str_format("%S:\n", message));
    }
    if (is_exception(exception)) kr_traceback_print(exception, EMPTY);
    return NONE;
}

KR_FN(sys, sys_exit, "exit", "(status=None, /)",
      "Exit the interpreter by raising SystemExit(status).\n\n"
      "If the status is omitted or None, it defaults to zero (i.e., success).\n"
      "If the status is an integer, it will be used as the system exit status.\n"
      "If it is another kind of object, it will be printed and the system\n"
      "exit status will be one (i.e., failure).")
{
    if (is_tuple(a[0])) return kr_raise_value(kr_call_tuple(kr_type_value(kr_SystemExit), a[0], EMPTY));
    return is_none(a[0]) ? kr_raise_value(kr_type_value(kr_SystemExit)) : kr_raise_object(kr_SystemExit, a[0]);
}

KR_FN(sys, sys_displayhook, "displayhook", "(object, /)", "Print an object to sys.stdout and also save it in builtins._")
{
    if (is_none(a[0])) return NONE;
    if (kr_dict_set_ascii(kr_builtins_dict, "_", NONE) < 0) return EMPTY;
    Value out = kr_sys_get("stdout");
    if (is_empty(out) || is_none(out)) return kr_raise(kr_RuntimeError, "lost sys.stdout");
    Value text = kr_repr(a[0]);
    if (is_empty(text)) return EMPTY;
    if (is_empty(kr_call_method1(out, "write", text))) {
        if (!kr_raised_is(kr_UnicodeEncodeError)) return EMPTY;
        kr_clear_exception();
        Value safe = kr_ascii(a[0]);
        if (is_empty(safe) || is_empty(kr_call_method1(out, "write", safe))) return EMPTY;
    }
    if (is_empty(kr_call_method1(out, "write", KR_NAME("\n")))) return EMPTY;
    return kr_dict_set_ascii(kr_builtins_dict, "_", a[0]) < 0 ? EMPTY : NONE;
}

KR_FN(sys, sys_breakpointhook, "breakpointhook", "(*args, **kws)",
      "This hook function is called by built-in breakpoint().")
{
    const char *name = kr_options.ignore_environment ? NULL : getenv("PYTHONBREAKPOINT");
    if (!name || !*name) name = "pdb.set_trace";
    if (strcmp(name, "0") == 0) return NONE;
    const char *dot = strrchr(name, '.');
    Value hook;
    if (dot) {
        char module[512];
        snprintf(module, sizeof module, "%.*s", (int)(dot - name), name);
        hook = kr_import_attr(module, dot + 1);
    } else {
        hook = kr_import_attr("builtins", name);
    }
    if (is_empty(hook)) {
        if (!kr_raised_is(kr_Exception)) return EMPTY;
        kr_clear_exception();
        return kr_warn(kr_RuntimeWarning, 1, "Ignoring unimportable $PYTHONBREAKPOINT: \"%s\"", name) < 0 ? EMPTY : NONE;
    }
    return kr_call_tuple(hook, a[0], a[1]);
}

KR_FN(sys, sys_getrefcount, "getrefcount", "(object, /)",
      "Return the count that CPython reports for an immortal object.\n\n"
      "References are not counted here: objects live as long as the collector finds them\nreachable, so the number "
      "is the same for all of them and never changes.")
{
    return kr_int(UINT32_MAX);
}

/* ---- Frames, tracing, recursion ---- */

KR_FN(sys, sys_getframe, "_getframe", "(depth=0, /)",
      "Return a frame object from the call stack.\n\n"
      "If optional integer depth is given, return the frame object that many\n"
      "calls below the top of the stack.  If that is deeper than the call\n"
      "stack, ValueError is raised.  The default for depth is zero, returning\nthe frame at the top of the call stack.")
{
    int depth;
    if (kr_to_int32(a[0], &depth) < 0) return EMPTY;
    Frame *frame = kr_self->frame;
    for (; frame && depth > 0; depth--) frame = frame->previous;
    return frame ? kr_frame_object(frame) : kr_raise(kr_ValueError, "call stack is not deep enough");
}

static void add_frame(Thread *thread, void *dict)
{
    if (!thread->frame) return;
    Value object = kr_frame_object(thread->frame);
    if (is_empty(object) || kr_dict_set(*(Value *)dict, kr_int_unsigned(thread->ident), object) < 0) kr_clear_exception();
}

KR_FN(sys, sys_current_frames, "_current_frames", "()",
      "Return a dict mapping each thread's thread id to its current stack frame.")
{
    Value dict = kr_dict();
    if (!is_empty(dict)) kr_thread_each(add_frame, &dict);
    return dict;
}

static void add_exception(Thread *thread, void *context)
{
    Value handled = is_exception(thread->handled) ? thread->handled : NONE, dict = *(Value *)context;
#if KRAIT_STDLIB_MINOR < 12 /* as sys.exc_info() */
    handled = is_none(handled) ? kr_tuple_of(3, NONE, NONE, NONE)
                               : kr_tuple_of(3, from_object(type_of(handled)), handled, exception_of(handled)->traceback);
#endif
    if (is_empty(handled) || kr_dict_set(dict, kr_int_unsigned(thread->ident), handled) < 0) kr_clear_exception();
}

KR_FN(sys, sys_current_exceptions, "_current_exceptions", "()",
      "Return a dict mapping each thread's identifier to the exception that it handles, or None;\n"
      "before Python 3.12 to (type, value, traceback), as exc_info() gives them.")
{
    Value dict = kr_dict();
    if (!is_empty(dict)) kr_thread_each(add_exception, &dict);
    return dict;
}

KR_FN(sys, sys_settrace, "settrace", "(function, /)", "Set the global debug tracing function.")
{
    kr_vm_set_trace(is_none(a[0]) ? EMPTY : a[0]);
    return NONE;
}

KR_FN(sys, sys_gettrace, "gettrace", "()", "Return the global debug tracing function set with sys.settrace.")
{
    return is_empty(kr_self->trace_function) ? NONE : kr_self->trace_function;
}

KR_FN(sys, sys_setprofile, "setprofile", "(function, /)", "Set the profiling function.")
{
    kr_vm_set_profile(is_none(a[0]) ? EMPTY : a[0]);
    return NONE;
}

KR_FN(sys, sys_getprofile, "getprofile", "()", "Return the profiling function set with sys.setprofile.")
{
    return is_empty(kr_self->profile_function) ? NONE : kr_self->profile_function;
}

KR_FN(sys, sys_call_tracing, "call_tracing", "(func, args, /)", "Call func(*args), while tracing is enabled.")
{
    if (!is_tuple(a[1])) return kr_raise(kr_TypeError, "call_tracing() argument 2 must be tuple, not %T", a[1]);
    return kr_vm_call_tracing(a[0], a[1]);
}

KR_FN(sys, sys_getrecursionlimit, "getrecursionlimit", "()",
      "Return the current value of the recursion limit.")
{
    return kr_int(kr_vm_recursion_limit);
}

KR_FN(sys, sys_setrecursionlimit, "setrecursionlimit", "(limit, /)",
      "Set the maximum depth of the Python interpreter stack to n.")
{
    int limit;
    if (kr_to_int32(a[0], &limit) < 0) return EMPTY;
    if (limit < 1) return kr_raise(kr_ValueError, "recursion limit must be greater or equal than 1");
    if (kr_vm_depth() >= (uint32_t)limit)
        return kr_raise(kr_RecursionError,
                        "cannot set the recursion limit to %i at the recursion depth %i: the limit is too low", limit,
                        (int)kr_vm_depth());
    kr_vm_set_recursion_limit((uint32_t)limit);
    return NONE;
}

KR_FN(sys, sys_getswitchinterval, "getswitchinterval", "()", "Return the current thread switch interval; see sys.setswitchinterval().")
{
    return from_float(kr_thread_switch_interval());
}

KR_FN(sys, sys_setswitchinterval, "setswitchinterval", "(interval, /)",
      "Set the ideal thread switching delay inside the Python interpreter.")
{
    double seconds;
    if (kr_to_double(a[0], &seconds) < 0) return EMPTY;
    if (!(seconds > 0)) return kr_raise(kr_ValueError, "switch interval must be strictly positive");
    kr_thread_set_switch_interval(seconds);
    return NONE;
}

KR_FN(sys, sys_set_asyncgen_hooks, "set_asyncgen_hooks", "(firstiter=<unset>, finalizer=<unset>)",
      "set_asyncgen_hooks([firstiter] [, finalizer])\n\nSet a finalizer for async generators objects.")
{
    static const char *const names[] = {"firstiter", "finalizer"};
    for (int i = 0; i < 2; i++)
        if (!is_empty(a[i]) && !is_none(a[i]) && !kr_is_callable(a[i]))
            return kr_raise(kr_TypeError, "callable %s expected, got %T", names[i], a[i]);
    for (int i = 0; i < 2; i++)
        if (!is_empty(a[i])) kr_self->async_hooks[i] = is_none(a[i]) ? EMPTY : a[i];
    return NONE;
}

static KrType *asyncgen_hooks_type;

KR_FN(sys, sys_get_asyncgen_hooks, "get_asyncgen_hooks", "()",
      "Return the installed asynchronous generators hooks.\n\nThis returns a namedtuple of the form (firstiter, finalizer).")
{
    Value values[2];
    for (int i = 0; i < 2; i++) values[i] = is_empty(kr_self->async_hooks[i]) ? NONE : kr_self->async_hooks[i];
    return kr_struct_new(asyncgen_hooks_type, values);
}

KR_FN(sys, sys_get_origin_depth, "get_coroutine_origin_tracking_depth", "()",
      "Check status of origin tracking for coroutine objects in this thread.")
{
    return kr_int(kr_self->coroutine_origin_depth);
}

KR_FN(sys, sys_set_origin_depth, "set_coroutine_origin_tracking_depth", "(depth)",
      "Enable or disable origin tracking for coroutine objects in this thread.")
{
    int depth;
    if (kr_to_int32(a[0], &depth) < 0) return EMPTY;
    if (depth < 0) return kr_raise(kr_ValueError, "depth must be >= 0");
    kr_self->coroutine_origin_depth = depth;
    return NONE;
}

/* ---- Objects and memory ---- */

KR_FN(sys, sys_intern, "intern", "(string, /)",
      "``Intern'' the given string.\n\n"
      "This enters the string in the (global) table of interned strings whose\n"
      "purpose is to speed up dictionary lookups.")
{
    if (!is_exact(a[0], &kr_str_type)) {
        if (is_str(a[0])) return kr_raise(kr_TypeError, "can't intern %T", a[0]);
        return kr_raise(kr_TypeError, "intern() argument must be str, not %T", a[0]);
    }
    return kr_intern_str(a[0]);
}

KR_FN(sys, sys_getsizeof, "getsizeof", "(object, default=<unset>)",
      "getsizeof(object [, default]) -> int\n\nReturn the size of object in bytes.")
{
    Value method = kr_find_special(a[0], KR_NAME("__sizeof__"));
    Value size = is_empty(method) ? EMPTY : kr_call0(method);
    int64_t bytes = 0;
    if (is_empty(size)) {
        if (!kr_raised()) kr_raise(kr_TypeError, "Type %T doesn't define __sizeof__", a[0]);
    } else if (kr_to_int64(size, &bytes) == 0 && bytes < 0) {
        kr_raise(kr_ValueError, "__sizeof__() should return >= 0");
    }
    if (!kr_raised()) return kr_int(bytes);
    if (is_empty(a[1]) || !kr_raised_is(kr_TypeError)) return EMPTY;
    kr_clear_exception();
    return a[1];
}

KR_FN(sys, sys_getdefaultencoding, "getdefaultencoding", "()",
      "Return the current default encoding used by the Unicode implementation.")
{
    return KR_NAME("utf-8");
}

KR_FN(sys, sys_getfilesystemencoding, "getfilesystemencoding", "()",
      "Return the encoding used to convert Unicode filenames to OS filenames.")
{
    return KR_NAME("utf-8");
}

KR_FN(sys, sys_getfilesystemencodeerrors, "getfilesystemencodeerrors", "()",
      "Return the error mode used for Unicode to OS filename conversion.")
{
    return KR_NAME("surrogateescape");
}

KR_FN(sys, sys_is_finalizing, "is_finalizing", "()", "Return True if Python is exiting.")
{
    return from_bool(kr_vm_finalizing);
}

KR_FN(sys, sys_get_int_max_str_digits, "get_int_max_str_digits", "()",
      "Return the maximum string digits limit for non-binary int<->str conversions.")
{
    return kr_int(kr_int_max_str_digits);
}

KR_FN(sys, sys_set_int_max_str_digits, "set_int_max_str_digits", "(maxdigits)",
      "Set the maximum string digits limit for non-binary int<->str conversions.")
{
    int digits;
    if (kr_to_int32(a[0], &digits) < 0) return EMPTY;
    if (digits != 0 && digits < 640) return kr_raise(kr_ValueError, "maxdigits must be 0 or larger than 640");
    kr_int_max_str_digits = digits;
    return NONE;
}

KR_FN(sys, sys_audit, "audit", "(event, /, *args)", "audit(event, *args)\n\nPasses the event to any hooks that are attached.")
{
    if (!is_str(a[0])) return kr_raise(kr_TypeError, "expected str for argument 'event', not %T", a[0]);
    return kr_sys_audit(kr_str_utf8(a[0], NULL), a[1]) < 0 ? EMPTY : NONE;
}

static Value audit_hooks;

KR_FN(sys, sys_addaudithook, "addaudithook", "(hook)", "Adds a new audit hook callback.")
{
    if (is_empty(audit_hooks)) {
        kr_root(&audit_hooks);
        if (is_empty(audit_hooks = kr_list(NULL, 0))) return EMPTY;
    }
    return kr_list_append(audit_hooks, a[0]) < 0 ? EMPTY : NONE;
}

/* Hands an event to the audit hooks; -1 if one of them raised. */
int kr_sys_audit(const char *event, Value arguments)
{
    if (is_empty(audit_hooks)) return 0;
    for (size_t i = 0; i < kr_list_size(audit_hooks); i++)
        if (is_empty(kr_call2(kr_list_get(audit_hooks, i), kr_str(event), arguments))) return -1;
    return 0;
}

#include "runtime/vm/sys_module.entries.h"

/* ---- Tables of constants ---- */

static int add_struct(Value module, const char *name, const KrStructSpec *spec, const Value *values)
{
    KrType *type = kr_struct_type(spec);
    return type ? kr_module_add(module, name, kr_struct_new(type, values)) : -1;
}

/* Scripts make no instances of the type: there is one sys.flags and one sys.version_info. */
static Value refuse(Type *type, KR_UNUSED const Value *args, KR_UNUSED size_t n, KR_UNUSED Value kwnames)
{
    return kr_raise(kr_TypeError, "cannot create '%N' instances", type);
}

static void seal(KrType *type) { type->slots.make = refuse; }

static bool hash_is_random(void) { return !kr_options.hash_seed || strcmp(kr_options.hash_seed, "0") != 0; }

static int add_flags(Value module)
{
    static const char *const spec_fields[] = {"debug", "inspect", "interactive", "optimize", "dont_write_bytecode", "no_user_site",
                              "no_site", "ignore_environment", "verbose", "bytes_warning", "quiet",
                              "hash_randomization", "isolated", "dev_mode", "utf8_mode", "warn_default_encoding",
                              "safe_path", "int_max_str_digits", NULL};
    static const KrStructSpec spec = {
        "sys.flags", "sys.flags\n\nFlags provided through command line arguments or environment vars.",
        spec_fields, 18};
    const Options *o = &kr_options;
    Value values[] = {
        kr_int(o->debug), kr_int(o->inspect), kr_int(o->interactive), kr_int(o->optimize),
        kr_int(o->dont_write_bytecode), kr_int(o->no_user_site), kr_int(o->no_site), kr_int(o->ignore_environment),
        kr_int(o->verbose), kr_int(o->bytes_warning), kr_int(o->quiet), kr_int(hash_is_random()), kr_int(o->isolated),
        from_bool(o->dev_mode), kr_int(0), kr_int(0), from_bool(o->safe_path), kr_int(kr_int_max_str_digits)};
    KrType *type = kr_struct_type(&spec);
    if (!type || kr_module_add(module, "flags", kr_struct_new(type, values)) < 0) return -1;
    seal(type);
    return 0;
}

static int add_float_info(Value module)
{
    static const char *const spec_fields[] = {"max", "max_exp", "max_10_exp", "min", "min_exp", "min_10_exp", "dig", "mant_dig", "epsilon",
                              "radix", "rounds", NULL};
    static const KrStructSpec spec = {
        "sys.float_info", "sys.float_info\n\nA named tuple holding information about the float type.",
        spec_fields, 11};
    Value values[] = {from_float(DBL_MAX), kr_int(DBL_MAX_EXP), kr_int(DBL_MAX_10_EXP), from_float(DBL_MIN),
                      kr_int(DBL_MIN_EXP), kr_int(DBL_MIN_10_EXP), kr_int(DBL_DIG), kr_int(DBL_MANT_DIG),
                      from_float(DBL_EPSILON), kr_int(FLT_RADIX), kr_int(1)};
    return add_struct(module, "float_info", &spec, values);
}

static int add_number_infos(Value module)
{
    static const char *const int_spec_fields[] = {"bits_per_digit", "sizeof_digit", "default_max_str_digits", "str_digits_check_threshold", NULL};
    static const KrStructSpec int_spec = {"sys.int_info", "sys.int_info\n\nA named tuple that holds information about Python's "
        "internal representation of integers.  The attributes are read only.",
        int_spec_fields, 4};
    Value ints[] = {kr_int(64), kr_int(8), kr_int(4300), kr_int(640)};
    static const char *const hash_spec_fields[] = {"width", "modulus", "inf", "nan", "imag", "algorithm", "hash_bits", "seed_bits", "cutoff", NULL};
    static const KrStructSpec hash_spec = {"sys.hash_info", "hash_info\n\nA named tuple providing parameters used for computing hashes.",
        hash_spec_fields, 9};
    Value hashes[] = {kr_int(64), kr_int((INT64_C(1) << 61) - 1), kr_int(314159), kr_int(0), kr_int(1000003),
                      kr_intern("siphash13"), kr_int(64), kr_int(128), kr_int(0)};
    static const char *const thread_spec_fields[] = {"name", "lock", "version", NULL};
    static const KrStructSpec thread_spec = {"sys.thread_info", "sys.thread_info\n\nA named tuple holding information about the thread implementation.",
        thread_spec_fields, 3};
    Value threads[] = {kr_intern("pthread"), kr_intern("mutex+cond"), kr_str("NPTL")};
    return add_struct(module, "int_info", &int_spec, ints) < 0 || add_struct(module, "hash_info", &hash_spec, hashes) < 0 ||
                   add_struct(module, "thread_info", &thread_spec, threads) < 0
               ? -1
               : 0;
}

static const char *const version_spec_fields[] = {"major", "minor", "micro", "releaselevel", "serial", NULL};
static const KrStructSpec version_spec = {
    "sys.version_info", "sys.version_info\n\nVersion information as a named tuple.",
    version_spec_fields, 5};

/* version_info is the library's; implementation is krait's. */
static int add_versions(Value module)
{
    KrType *type = kr_struct_type(&version_spec);
    if (!type) return -1;
    Value library[] = {kr_int(KRAIT_STDLIB_MAJOR), kr_int(KRAIT_STDLIB_MINOR), kr_int(KRAIT_STDLIB_MICRO), kr_intern("final"), kr_int(0)};
    Value own[] = {kr_int(KRAIT_VERSION_MAJOR), kr_int(KRAIT_VERSION_MINOR), kr_int(KRAIT_VERSION_MICRO), kr_intern("final"), kr_int(0)};
    Value info = kr_struct_new(type, library), own_info = kr_struct_new(type, own);
    seal(type);
    int64_t hex = (int64_t)KRAIT_STDLIB_MAJOR << 24 | KRAIT_STDLIB_MINOR << 16 | KRAIT_STDLIB_MICRO << 8 | 0xf0;
    int64_t own_hex = (int64_t)KRAIT_VERSION_MAJOR << 24 | KRAIT_VERSION_MINOR << 16 | KRAIT_VERSION_MICRO << 8 | 0xf0;
    char version[256];
    snprintf(version, sizeof version, "%d.%d.%d (krait %d.%d.%d, %s, %s) \n[%s]", KRAIT_STDLIB_MAJOR, KRAIT_STDLIB_MINOR,
             KRAIT_STDLIB_MICRO, KRAIT_VERSION_MAJOR, KRAIT_VERSION_MINOR, KRAIT_VERSION_MICRO, __DATE__, __TIME__,
#ifdef __clang__
             "Clang " __clang_version__);
#else
             "GCC " __VERSION__);
#endif
    Value space = kr_call0(from_object(&kr_namespace_type));
    if (is_empty(space) || is_empty(info)) return -1;
    if (kr_setattr_ascii(space, "name", kr_intern("krait")) < 0 || kr_setattr_ascii(space, "version", own_info) < 0 ||
        kr_setattr_ascii(space, "hexversion", kr_int(own_hex)) < 0 || kr_setattr_ascii(space, "cache_tag", kr_intern(KRAIT_CACHE_TAG)) < 0 ||
        kr_setattr_ascii(space, "_multiarch", kr_intern("x86_64-linux-gnu")) < 0)
        return -1;
    return kr_module_add(module, "version_info", info) < 0 || kr_module_add_int(module, "hexversion", hex) < 0 ||
                   kr_module_add_int(module, "api_version", 1013) < 0 || kr_module_add(module, "version", kr_str(version)) < 0 ||
                   kr_module_add(module, "implementation", space) < 0 ||
                   kr_module_add(module, "_git", kr_tuple_of(3, kr_intern("krait"), kr_intern(""), kr_intern(""))) < 0
               ? -1
               : 0;
}

static int add_lists(Value module)
{
    Value argv = kr_list(NULL, 0), warn = kr_list(NULL, 0), x = kr_dict();
    if (is_empty(argv) || is_empty(warn) || is_empty(x)) return -1;
    for (size_t i = 0; i < kr_options.warn_count; i++)
        if (kr_list_append(warn, kr_str_fs(kr_options.warn_options[i], strlen(kr_options.warn_options[i]))) < 0) return -1;
    for (size_t i = 0; i < kr_options.x_count; i++) {
        const char *option = kr_options.x_options[i], *equals = strchr(option, '=');
        Value name = kr_str_fs(option, equals ? (size_t)(equals - option) : strlen(option));
        if (kr_dict_set(x, name, equals ? kr_str_fs(equals + 1, strlen(equals + 1)) : TRUE_VALUE) < 0) return -1;
    }
    Value original = kr_list(NULL, 0);
    if (is_empty(original)) return -1;
    for (size_t i = 0; i < kr_options.original_count; i++)
        if (kr_list_append(original, kr_str_fs(kr_options.original[i], strlen(kr_options.original[i]))) < 0) return -1;
    return kr_module_add(module, "argv", argv) < 0 || kr_module_add(module, "warnoptions", warn) < 0 ||
                   kr_module_add(module, "_xoptions", x) < 0 || kr_module_add(module, "orig_argv", original) < 0
               ? -1
               : 0;
}

Value kr_sys_missing(Value name)
{
    if (!kr_str_equal_ascii(name, "stdlib_module_names")) return EMPTY;
    Value names = kr_call_method0(kr_str(stdlib_names), "split");
    Value set = is_empty(names) ? EMPTY : kr_call1(from_object(&kr_frozenset_type), names);
    return is_empty(set) || kr_dict_set(kr_sys_dict, name, set) < 0 ? EMPTY : set;
}

static int sys_exec(Value module)
{
    kr_sys_dict = kr_module_dict(module);
    kr_root(&kr_sys_dict);
    static const char *const hooks_spec_fields[] = {"firstiter", "finalizer", NULL};
    static const KrStructSpec hooks_spec = {"sys.asyncgen_hooks", "asyncgen_hooks\n\nA named tuple providing information about asynchronous generators hooks.",
        hooks_spec_fields, 2};
    if (!(asyncgen_hooks_type = kr_struct_type(&hooks_spec))) return -1;
    if (add_flags(module) < 0 || add_float_info(module) < 0 || add_number_infos(module) < 0 || add_versions(module) < 0 ||
        add_lists(module) < 0)
        return -1;
    static const char *const hooks[] = {"displayhook", "excepthook", "breakpointhook", "unraisablehook"};
    for (size_t i = 0; i < 4; i++) {
        char name[32];
        snprintf(name, sizeof name, "__%s__", hooks[i]);
        if (kr_module_add(module, name, kr_dict_find_ascii(kr_sys_dict, hooks[i])) < 0) return -1;
    }
    uint16_t one = 1;
    return kr_module_add_int(module, "maxsize", INT64_MAX) < 0 || kr_module_add_int(module, "maxunicode", 0x10ffff) < 0 ||
                   kr_module_add(module, "byteorder", kr_intern(*(char *)&one ? "little" : "big")) < 0 ||
                   kr_module_add(module, "platform", kr_intern("linux")) < 0 ||
                   kr_module_add(module, "copyright", kr_str("Copyright (c) the krait authors.\nMIT License.")) < 0 ||
                   kr_module_add(module, "abiflags", kr_intern("")) < 0 || kr_module_add(module, "platlibdir", kr_intern("lib")) < 0 ||
                   kr_module_add(module, "float_repr_style", kr_intern("short")) < 0 ||
                   kr_module_add(module, "_framework", kr_intern("")) < 0 ||
                   kr_module_add(module, "dont_write_bytecode", from_bool(kr_options.dont_write_bytecode)) < 0 ||
                   kr_module_add(module, "pycache_prefix",
                                 kr_options.pycache_prefix ? kr_str_fs(kr_options.pycache_prefix, strlen(kr_options.pycache_prefix))
                                                           : NONE) < 0
               ? -1
               : 0;
}

KR_MODULE(sys) = {
    .api_version = KR_API_VERSION,
    .name = "sys",
    .doc = "This module provides access to some objects used or maintained by the\n"
           "interpreter and to functions that interact strongly with the interpreter.",
    .functions = sys_functions,
    .exec = sys_exec,
};
