/* call.c: function objects: their making, the conversion of arguments, the call through libffi, and
 * what comes back.
 *
 *     arguments -> from_param() of each argtype -> pass() -> libffi, detached -> restype -> errcheck
 *
 * An argument becomes an Argument on the C stack: a value in memory and libffi's type of it. What it
 * was made from stays in an array in the caller's frame until the call is over. */
#include <dlfcn.h>
#include <errno.h>

#include "modules/_ctypes/core.h"

KrType *ct_function_type, *ct_argument_type;
KrValue ct_argument_error;

enum { MAX_ARGUMENTS = 1024, CALL_PYTHONAPI = 4, CALL_USE_ERRNO = 8 };

static Function *function_of(KrValue v) { return kr_to_object(v); }
static Argument *argument_of(KrValue v) { return kr_to_object(v); }

/* ---- errno ---------------------------------------------------------------------------------- */

static __thread int saved_errno;

void ct_swap_errno(void)
{
    int now = errno;
    errno = saved_errno;
    saved_errno = now;
}

KR_FN(call, fn_get_errno, "get_errno", "()", "The calling thread's private copy of errno.")
{
    return kr_int(saved_errno);
}
KR_FN(call, fn_set_errno, "set_errno", "(value, /)", "Set the private copy; the old value.")
{
    int value, old = saved_errno;
    if (kr_to_int32(a[0], &value) < 0) return KR_EMPTY;
    saved_errno = value;
    return kr_int(old);
}

/* ---- Arguments ------------------------------------------------------------------------------ */

static void argument_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((Argument *)self)->object);
}

KrValue ct_argument(char tag, ffi_type *ffi, KrValue object)
{
    Argument *argument = kr_alloc_instance(ct_argument_type);
    if (!argument) return KR_EMPTY;
    argument->tag = tag;
    argument->ffi = ffi;
    argument->object = object;
    return kr_from_object(argument);
}

static KrValue argument_repr(KrValue self)
{
    const Argument *a = argument_of(self);
    switch (a->tag) {
    case 'b':
    case 'B': return kr_str_format("<cparam '%c' (%d)>", a->tag, a->value.c);
    case 'h':
    case 'H': return kr_str_format("<cparam '%c' (%d)>", a->tag, a->value.h);
    case 'i':
    case 'I': return kr_str_format("<cparam '%c' (%d)>", a->tag, a->value.i);
    case 'l':
    case 'L':
    case 'q':
    case 'Q': return kr_str_format("<cparam '%c' (%ld)>", a->tag, a->value.l);
    case 'd': return kr_str_format("<cparam '%c' (%R)>", a->tag, kr_float(a->value.d));
    case 'f': return kr_str_format("<cparam '%c' (%R)>", a->tag, kr_float(a->value.f));
    case 'c':
        if (a->value.c >= 32 && a->value.c < 127)
            return kr_str_format("<cparam '%c' ('%c')>", a->tag, a->value.c);
        return kr_str_format("<cparam '%c' ('\\x%02x')>", a->tag, (unsigned char)a->value.c);
    case 'z':
    case 'Z':
    case 'P': return kr_str_format("<cparam '%c' (%p)>", a->tag, a->value.p);
    default: return kr_str_format("<cparam '%c' at %p>", a->tag, (void *)a);
    }
}
static KrValue get_obj(KrValue self)
{
    KrValue object = argument_of(self)->object;
    return kr_is_empty(object) ? kr_None : object;
}
KR_GETSET(argument, get_obj, NULL, "_obj", "the wrapped object")

KR_FN(call, fn_byref, "byref", "(obj, offset=0, /)",
      "byref(C instance[, offset=0]) -> byref-object\nReturn a pointer lookalike to a C instance, "
      "only usable\nas function argument")
{
    int64_t offset;
    if (kr_to_index(a[1], &offset) < 0) return KR_EMPTY;
    if (!ct_is_data(a[0]))
        return kr_raise(kr_TypeError, "byref() argument must be a ctypes instance, not '%T'", a[0]);
    KrValue result = ct_argument('P', &ffi_type_pointer, a[0]);
    if (!kr_is_empty(result)) argument_of(result)->value.p = ct_data_of(a[0])->data + offset;
    return result;
}

/* What libffi is given for one argument. */
typedef struct Passed {
    union {
        int64_t q;
        int i;
        void *p;
        long double g;
    } value;
    void *at; /* the value, or an aggregate's memory */
    ffi_type *ffi;
    KrValue keep;
} Passed;

static int pass_data(CData *d, Passed *out)
{
    out->ffi = d->info->ffi;
    if (d->info->kind == ARRAY) { /* arrays go by reference */
        out->value.p = d->data;
        out->ffi = &ffi_type_pointer;
        return 0;
    }
    out->at = d->data;
    return 0;
}

/* Any object without argtypes, or what from_param() gave. */
static int pass(KrValue v, Passed *out)
{
    out->at = &out->value;
    out->keep = v;
    if (ct_is_data(v)) return pass_data(ct_data_of(v), out);
    if (kr_is_instance_exact(v, ct_argument_type)) {
        out->at = &argument_of(v)->value;
        out->ffi = argument_of(v)->ffi;
        return 0;
    }
    out->ffi = &ffi_type_pointer;
    if (kr_is(v, kr_None)) {
        out->value.p = NULL;
        return 0;
    }
    if (kr_is_int(v)) {
        if (kr_int_bit_length(v) > 63) {
            kr_raise(kr_OverflowError, "int too long to convert");
            return -1;
        }
        out->ffi = &ffi_type_sint;
        out->value.i = (int)kr_int_low_bits(v);
        return 0;
    }
    if (kr_is_bytes(v)) {
        out->value.p = kr_bytes_data(v);
        return 0;
    }
    if (kr_is_str(v)) {
        size_t n = kr_str_length(v);
        uint32_t *wide = kr_alloc_bytes((n + 1) * sizeof *wide);
        if (!wide) return -1;
        for (size_t i = 0; i < n; i++) wide[i] = kr_str_at(v, i);
        wide[n] = 0;
        out->value.p = wide;
        return 0;
    }
    KrValue stand_in = kr_find_attr(v, KR_NAME("_as_parameter_"));
    if (!kr_is_empty(stand_in)) {
        if (kr_enter_recursion(" while converting an argument") < 0) return -1;
        int status = pass(stand_in, out);
        kr_leave_recursion();
        return status;
    }
    if (!kr_raised()) kr_raise(kr_TypeError, "Don't know how to convert parameter");
    return -1;
}

/* The common case without a call: a Python number for a plain simple type. */
static int pass_number(KrValue class, KrValue v, Passed *out)
{
    const Info *info = ct_find_info(class);
    if (!info || info->kind != SIMPLE || info->swapped) return 0;
    bool integer = kr_is_int_exact(v) && strchr("bBhHiIlLqQ", info->code);
    bool real = info->code == 'd' && (kr_is_float(v) || kr_is_int_exact(v));
    if (!integer && !real) return 0;
    /* A class may convert by itself. */
    if (!kr_is_empty(kr_type_find(kr_to_object(class), KR_NAME("from_param")))) return 0;
    KrValue keep;
    out->at = &out->value;
    out->ffi = info->ffi;
    out->value.q = 0;
    out->keep = class;
    return ct_set(info, (char *)&out->value, v, &keep) < 0 ? -1 : 1;
}

/* "argument 2: TypeError: wrong type" */
static int fail_argument(size_t index)
{
    KrValue error = kr_take_exception();
    if (kr_is_empty(error)) return -1;
    KrValue text = kr_str_format("argument %zu: %T: %S", index + 1, error, error);
    if (!kr_is_empty(text)) kr_raise_object(kr_to_object(ct_argument_error), text);
    return -1;
}

static int convert(KrValue class, KrValue v, size_t index, Passed *out)
{
    int done = pass_number(class, v, out);
    if (done) return done < 0 ? fail_argument(index) : 0;
    KrValue converted = kr_call_method1(class, "from_param", v);
    if (kr_is_empty(converted) || pass(converted, out) < 0) return fail_argument(index);
    return 0;
}

/* ---- The call ------------------------------------------------------------------------------- */

typedef union Result {
    ffi_arg integer;
    float f;
    double d;
    long double g;
    void *p;
    char bytes[16];
} Result;

static void invoke(ffi_cif *cif, void (*code)(void), void *result, void **values, int flags)
{
    bool attached = flags & CALL_PYTHONAPI;
    if (!attached) kr_detach();
    if (flags & CALL_USE_ERRNO) ct_swap_errno();
    ffi_call(cif, code, result, values);
    if (flags & CALL_USE_ERRNO) ct_swap_errno();
    if (!attached) kr_attach();
}

/* The result as the restype wants it. */
static KrValue take_result(KrValue restype, Result *result)
{
    Info *info = ct_find_info(restype);
    if (kr_is(restype, kr_None)) return kr_None;
    if (!info) { /* a Python function of an int */
        return kr_call1(restype, kr_int((int)result->integer));
    }
    if (info->kind == SIMPLE && ct_is_plain_simple(restype, info))
        return ct_get(info, result->bytes);
    KrValue v = ct_new(kr_to_object(restype));
    if (!kr_is_empty(v)) memcpy(ct_data_of(v)->data, result->bytes, (size_t)info->size);
    return v;
}

static KrValue call_code(void (*code)(void), int flags, KrValue restype, Passed *passed, size_t n)
{
    ffi_type **types = kr_alloc_bytes((n + 1) * sizeof *types);
    void **values = kr_alloc_bytes((n + 1) * sizeof *values);
    if (!types || !values) return KR_EMPTY;
    for (size_t i = 0; i < n; i++) {
        types[i] = passed[i].ffi;
        values[i] = passed[i].at;
    }
    Info *info = ct_find_info(restype);
    ffi_type *result_type = kr_is(restype, kr_None) ? &ffi_type_void
                            : info                  ? info->ffi
                                                    : &ffi_type_sint;
    ffi_cif cif;
    if (ffi_prep_cif(&cif, FFI_DEFAULT_ABI, (unsigned)n, result_type, types) != FFI_OK)
        return kr_raise(kr_RuntimeError, "ffi_prep_cif failed");
    Result small = {0}, *result = &small;
    if (info && info->size > (int64_t)sizeof small) result = kr_alloc_bytes((size_t)info->size);
    if (!result) return KR_EMPTY;
    invoke(&cif, code, result, values, flags);
    if (kr_raised()) return KR_EMPTY;
    return take_result(restype, result);
}

static KrValue argtypes_of(const Function *f)
{
    return kr_is_empty(f->argtypes) ? f->data.info->argtypes : f->argtypes;
}
static KrValue restype_of(const Function *f)
{
    return f->restype_set ? f->restype : f->data.info->restype;
}

static KrValue call_plain(Function *f, const KrValue *args, size_t n)
{
    KrValue argtypes = argtypes_of(f);
    size_t wanted = kr_is_empty(argtypes) ? 0 : kr_tuple_size(argtypes);
    if (n > MAX_ARGUMENTS)
        return kr_raise(kr_to_object(ct_argument_error), "too many arguments (%zu), maximum is %d",
                        n, MAX_ARGUMENTS);
    if (n < wanted)
        return kr_raise(kr_TypeError, "this function takes at least %zu argument%s (%zu given)",
                        wanted, wanted == 1 ? "" : "s", n);
    void (*code)(void);
    memcpy(&code, f->data.data, sizeof code);
    if (!code) return kr_raise(kr_ValueError, "attempt to call a NULL function pointer");
    Passed few[8], *passed = n > 8 ? (Passed *)kr_alloc_values(n * sizeof *passed / 8) : few;
    if (!passed) return KR_EMPTY;
    for (size_t i = 0; i < n; i++) {
        int status;
        if (i < wanted)
            status = convert(kr_tuple_get(argtypes, i), args[i], i, &passed[i]);
        else if ((status = pass(args[i], &passed[i])) < 0)
            fail_argument(i);
        if (status < 0) return KR_EMPTY;
    }
    KrValue restype = restype_of(f);
    KrValue result = call_code(code, f->data.info->flags, restype, passed, n);
    if (kr_is_empty(result)) return KR_EMPTY;
    KrValue check = kr_find_attr(restype, KR_NAME("_check_retval_"));
    if (!kr_is_empty(check)) result = kr_call1(check, result);
    return kr_raised() ? KR_EMPTY : result;
}

static KrValue function_call(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    Function *f = function_of(self);
    if (!kr_is_empty(f->paramflags)) {
        /* Outputs and defaults: the package's Python side binds them, and calls back without. */
        KrValue bind = kr_import_attr("_ctypes", "_call_with_flags");
        KrValue all = kr_tuple(args, n), named = kr_dict();
        size_t k = kr_is_empty(kwnames) ? 0 : kr_tuple_size(kwnames);
        for (size_t i = 0; i < k; i++)
            if (kr_dict_set(named, kr_tuple_get(kwnames, i), args[n + i]) < 0) return KR_EMPTY;
        const KrValue parts[] = {self, f->paramflags, all, named};
        return kr_is_empty(bind) || kr_is_empty(all) ? KR_EMPTY : kr_call(bind, parts, 4, KR_EMPTY);
    }
    KrValue result = call_plain(f, args, n);
    if (kr_is_empty(result) || kr_is_empty(f->errcheck)) return result;
    KrValue tuple = kr_tuple(args, n);
    return kr_is_empty(tuple) ? tuple : kr_call3(f->errcheck, result, self, tuple);
}

KR_FN(call, fn_call_raw, "call_raw", "(function, args, /)",
      "The call without paramflags and errcheck.")
{
    return call_plain(function_of(a[0]), kr_tuple_items(a[1]), kr_tuple_size(a[1]));
}

/* call_function(address, args): for the few that call by address. */
KR_FN(call, fn_call_function, "call_function", "(address, args, /)", NULL)
{
    size_t n = kr_is_tuple(a[1]) ? kr_tuple_size(a[1]) : 0;
    Passed *passed = (Passed *)kr_alloc_values((n + 1) * sizeof *passed / 8);
    if (!passed) return KR_EMPTY;
    for (size_t i = 0; i < n; i++)
        if (pass(kr_tuple_get(a[1], i), &passed[i]) < 0) return KR_EMPTY;
    void (*code)(void) = (void (*)(void))(uintptr_t)kr_int_low_bits(a[0]);
    if (!code) return kr_raise(kr_ValueError, "attempt to call a NULL function pointer");
    return call_code(code, 0, kr_type_value(&kr_int_type), passed, n);
}

/* ---- Function objects ----------------------------------------------------------------------- */

static void function_trace(void *self, KrTracer *tracer)
{
    Function *f = self;
    kr_type_spec(ct_data_type)->trace(self, tracer);
    const KrValue values[] = {f->callable, f->thunk,    f->argtypes,
                              f->restype,  f->errcheck, f->paramflags};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) kr_trace(tracer, values[i]);
}
static void function_release(void *self) { kr_type_spec(ct_data_type)->release(self); }

/* (name, library): the library's handle is its _handle. */
static int find_symbol(Function *f, KrValue pair)
{
    if (!kr_is_tuple(pair) || kr_tuple_size(pair) != 2) {
        kr_raise(kr_TypeError, "argument 1 must be a (name, library) tuple");
        return -1;
    }
    KrValue library = kr_tuple_get(pair, 1), handle = kr_getattr_ascii(library, "_handle");
    if (kr_is_empty(handle)) return -1;
    if (!kr_is_int(handle)) {
        kr_raise(kr_TypeError, "the _handle attribute of the second argument must be an integer");
        return -1;
    }
    KrValue name = kr_tuple_get(pair, 0);
    const char *text = NULL;
    if (kr_is_str(name))
        text = kr_str_cstring(name);
    else if (kr_is_bytes(name))
        text = (const char *)kr_bytes_data(name);
    else
        kr_raise(kr_TypeError, "function name must be string, bytes object or integer");
    if (!text) return -1;
    dlerror();
    void *address = dlsym((void *)(uintptr_t)kr_int_low_bits(handle), text);
    const char *error = address ? NULL : dlerror();
    if (!address) {
        kr_raise(kr_AttributeError, "%s", error ? error : "symbol not found");
        return -1;
    }
    memcpy(f->data.data, &address, sizeof address);
    return ct_keep(&f->data, 0, library);
}

static KrValue function_make(KrType *type, const KrValue *args, size_t n, KR_UNUSED KrValue kwnames)
{
    KrValue self = ct_new(type);
    if (kr_is_empty(self)) return KR_EMPTY;
    Function *f = function_of(self);
    if (n == 0) return self;
    if (n > 1 && !kr_is(args[1], kr_None)) {
        KrValue check = kr_import_attr("_ctypes", "_check_paramflags");
        if (kr_is_empty(check)) return KR_EMPTY;
        f->paramflags = kr_call2(
            check, args[1], kr_is_empty(f->data.info->argtypes) ? kr_None : f->data.info->argtypes);
        if (kr_is_empty(f->paramflags)) return KR_EMPTY;
    }
    if (kr_is_tuple(args[0])) return find_symbol(f, args[0]) < 0 ? KR_EMPTY : self;
    if (kr_is_int(args[0])) {
        uint64_t address = kr_int_low_bits(args[0]);
        memcpy(f->data.data, &address, sizeof address);
        return self;
    }
    if (!kr_is_callable(args[0]))
        return kr_raise(kr_TypeError, "argument must be callable or integer function address");
    if (kr_is_empty(f->data.info->argtypes))
        return kr_raise(kr_TypeError, "cannot construct instance of this class: no argtypes");
    void *code;
    f->callable = args[0];
    f->thunk = ct_thunk(args[0], f->data.info->argtypes, f->data.info->restype, f->data.info->flags,
                        &code);
    if (kr_is_empty(f->thunk)) return KR_EMPTY;
    memcpy(f->data.data, &code, sizeof code);
    return ct_keep(&f->data, 0, f->thunk) < 0 ? KR_EMPTY : self;
}
/* __new__ did everything. */
static int function_init(KR_UNUSED KrValue self, KR_UNUSED const KrValue *args, KR_UNUSED size_t n,
                         KR_UNUSED KrValue kwnames)
{
    return 0;
}

static int function_truth(KrValue self)
{
    void *code;
    memcpy(&code, ct_data_of(self)->data, sizeof code);
    return code != NULL;
}
static KrValue function_repr(KrValue self)
{
    return kr_str_format("<%T object at %p>", self, kr_to_object(self));
}

static KrValue get_argtypes(KrValue self)
{
    KrValue argtypes = argtypes_of(function_of(self));
    return kr_is_empty(argtypes) ? kr_None : argtypes;
}
static int set_argtypes(KrValue self, KrValue value)
{
    if (kr_is_empty(value) || kr_is(value, kr_None)) {
        function_of(self)->argtypes = KR_EMPTY;
        return 0;
    }
    KrValue check = kr_import_attr("_ctypes", "_check_argtypes");
    KrValue tuple = kr_is_empty(check) ? check : kr_call1(check, value);
    if (kr_is_empty(tuple)) return -1;
    function_of(self)->argtypes = tuple;
    return 0;
}
KR_GETSET(function, get_argtypes, set_argtypes, "argtypes", "specify the argument types")

static KrValue get_restype(KrValue self) { return restype_of(function_of(self)); }
static int set_restype(KrValue self, KrValue value)
{
    Function *f = function_of(self);
    if (!kr_is_empty(value) && !kr_is(value, kr_None) && !ct_find_info(value) &&
        !kr_is_callable(value)) {
        kr_raise(kr_TypeError, "restype must be a type, a callable, or None");
        return -1;
    }
    f->restype = value;
    f->restype_set = !kr_is_empty(value);
    return 0;
}
KR_GETSET(function, get_restype, set_restype, "restype", "specify the result type")

static KrValue get_errcheck(KrValue self)
{
    KrValue check = function_of(self)->errcheck;
    return kr_is_empty(check) ? kr_None : check;
}
static int set_errcheck(KrValue self, KrValue value)
{
    if (!kr_is_empty(value) && !kr_is(value, kr_None) && !kr_is_callable(value)) {
        kr_raise(kr_TypeError, "the errcheck attribute must be callable");
        return -1;
    }
    function_of(self)->errcheck = kr_is(value, kr_None) ? KR_EMPTY : value;
    return 0;
}
KR_GETSET(function, get_errcheck, set_errcheck, "errcheck", "a function to check for errors")

/* ---- Libraries ------------------------------------------------------------------------------ */

KR_FN(call, fn_dlopen, "dlopen", "(name, flag=2, /)",
      "dlopen(name, flag={RTLD_GLOBAL|RTLD_LOCAL}) open a shared library")
{
    int flags;
    KrValue keep;
    const char *path = NULL;
    if (kr_to_int32(a[1], &flags) < 0) return KR_EMPTY;
    if (!kr_is(a[0], kr_None) && !(path = kr_path_bytes(a[0], &keep))) return KR_EMPTY;
    void *handle = dlopen(path, flags | RTLD_NOW);
    if (handle) return kr_int_unsigned((uintptr_t)handle);
    const char *error = dlerror();
    return kr_raise(kr_OSError, "%s", error ? error : "dlopen() error");
}
KR_FN(call, fn_dlclose, "dlclose", "(handle, /)", "dlclose a library")
{
    if (dlclose((void *)(uintptr_t)kr_int_low_bits(a[0])) == 0) return kr_None;
    return kr_raise(kr_OSError, "%s", dlerror());
}
KR_FN(call, fn_dlsym, "dlsym", "(handle, name, /)", "find symbol in shared library")
{
    const char *name = kr_str_cstring(a[1]);
    if (!name) return KR_EMPTY;
    void *address = dlsym((void *)(uintptr_t)kr_int_low_bits(a[0]), name);
    if (address) return kr_int_unsigned((uintptr_t)address);
    const char *error = dlerror();
    return kr_raise(kr_OSError, "%s", error ? error : "symbol not found");
}

/* ---- Memory functions, called by address ---------------------------------------------------- */

static uint64_t string_at(const char *p, int n)
{
    return kr_bytes(p, n < 0 ? strlen(p) : (size_t)n).bits;
}
static uint64_t wstring_at(const uint32_t *p, int n)
{
    size_t length = (size_t)n;
    if (n < 0)
        for (length = 0; p[length];) length++;
    return kr_str_from_points(p, length, 4).bits;
}

/* May an address be cast to this class? */
static bool is_pointer_class(const Info *info)
{
    return info && (info->kind == POINTER || info->kind == FUNCTION ||
                    (info->kind == SIMPLE && strchr("PzZ", info->code)));
}

/* cast(): a new object of the class with this address, which keeps what the source kept, and the
 * source. The arguments come as words, since it is called by address. */
static uint64_t cast_to(void *address, uint64_t source_bits, uint64_t class_bits)
{
    KrValue source = {source_bits}, class = {class_bits};
    if (!is_pointer_class(ct_find_info(class))) {
        if (kr_is_a(class, &kr_type_type))
            kr_raise(kr_TypeError, "cast() argument 2 must be a pointer, not %N",
                     (KrType *)kr_to_object(class));
        else
            kr_raise(kr_TypeError, "cast() argument 2 must be a pointer, not %T", class);
        return 0;
    }
    KrValue result = kr_call0(class);
    if (kr_is_empty(result)) return 0;
    if (ct_is_data(source)) {
        KrValue kept = ct_kept_by(source);
        ct_data_of(result)->objects = kept;
        if (kr_is_dict(kept) && kr_dict_set(kept, kr_int_unsigned(source.bits), source) < 0)
            return 0;
    } else {
        ct_data_of(result)->objects = source;
    }
    memcpy(ct_data_of(result)->data, &address, sizeof address);
    return result.bits;
}

#include "modules/_ctypes/call.entries.h"

static int add_addresses(KrValue module)
{
    const struct {
        const char *name;
        uintptr_t address;
    } table[] = {{"_memmove_addr", (uintptr_t)memmove},
                 {"_memset_addr", (uintptr_t)memset},
                 {"_string_at_addr", (uintptr_t)string_at},
                 {"_cast_addr", (uintptr_t)cast_to},
                 {"_wstring_at_addr", (uintptr_t)wstring_at}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (kr_module_add(module, table[i].name, kr_int_unsigned(table[i].address)) < 0) return -1;
    return 0;
}

int ct_call_init(KrValue module)
{
    static const KrTypeSpec argument_spec = {.name = "_ctypes.CArgObject",
                                             .size = sizeof(Argument),
                                             .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT,
                                             .trace = argument_trace,
                                             .getset = argument_getset,
                                             .slots = {.repr = argument_repr}};
    static KrTypeSpec spec;
    static const IntConstant constants[] = {{"RTLD_LOCAL", RTLD_LOCAL},
                                            {"RTLD_GLOBAL", RTLD_GLOBAL},
                                            {"CTYPES_MAX_ARGCOUNT", MAX_ARGUMENTS},
                                            {NULL, 0}};
    spec = (KrTypeSpec){.name = "_ctypes._Function",
                        .size = sizeof(Function),
                        .base = ct_data_type,
                        .trace = function_trace,
                        .release = function_release,
                        .getset = function_getset,
                        .slots = {.make = function_make,
                                  .init = function_init,
                                  .call = function_call,
                                  .repr = function_repr,
                                  .truth = function_truth}};
    kr_type_once(&ct_argument_type, &argument_spec);
    kr_type_once(&ct_function_type, &spec);
    if (!ct_argument_type || !ct_function_type ||
        !add_exception(module, "ctypes", "ArgumentError", kr_Exception, &ct_argument_error) ||
        add_constants(module, constants) < 0 || add_addresses(module) < 0)
        return -1;
    for (size_t i = 0; call_functions[i]; i++) {
        KrValue f = kr_function_new(call_functions[i], KR_EMPTY, kr_str("_ctypes"));
        if (kr_is_empty(f) || kr_module_add(module, call_functions[i]->name, f) < 0) return -1;
    }
    return kr_module_add_type(module, ct_function_type);
}
