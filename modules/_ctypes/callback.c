/* callback.c: Python functions as C functions: a libffi closure each.
 *
 * C code may call one at any time, attached or detached, on any thread. What the function raises
 * cannot go through C frames: it is reported through sys.unraisablehook. The closure lives as long as
 * its Thunk, which the function object keeps. */
#include <errno.h>

#include "modules/_ctypes/core.h"
#include "modules/callback.h"

enum { CALL_USE_ERRNO = 8 };

typedef struct Thunk {
    KrObject head;
    KrValue callable, argtypes, restype;
    int flags;
    ffi_closure *closure;
    void *code;
    ffi_cif cif;
    ffi_type **types; /* malloc'ed */
} Thunk;

static KrType *thunk_type;

static void thunk_trace(void *self, KrTracer *tracer)
{
    Thunk *t = self;
    kr_trace(tracer, t->callable);
    kr_trace(tracer, t->argtypes);
    kr_trace(tracer, t->restype);
}
static void thunk_release(void *self)
{
    Thunk *t = self;
    if (t->closure) ffi_closure_free(t->closure);
    free(t->types);
}

/* An argument as Python sees it. */
static KrValue load_argument(KrValue class, char *data)
{
    Info *info = ct_info(class);
    if (!info) return KR_EMPTY;
    if (info->kind == SIMPLE && ct_is_plain_simple(class, info)) return ct_get(info, data);
    KrValue v = ct_new(kr_to_object(class));
    if (!kr_is_empty(v)) memcpy(ct_data_of(v)->data, data, (size_t)info->size);
    return v;
}

/* The result into libffi's place for it: small integers fill a whole word. */
static int store_result(Thunk *t, KrValue v, void *to)
{
    Info *info = ct_find_info(t->restype);
    KrValue keep = KR_EMPTY;
    char small[16] = {0};
    if (!info) return 0;
    if (ct_is_data(v) && kr_isinstance(v, t->restype) == 1) {
        memcpy(info->size <= 8 ? small : to, ct_data_of(v)->data, (size_t)info->size);
    } else if (info->kind != SIMPLE) {
        kr_raise(kr_TypeError, "expected %N instance, got %T", (KrType *)kr_to_object(t->restype),
                 v);
        return -1;
    } else if (ct_set(info, small, v, &keep) < 0) {
        return -1;
    }
    if (info->size > 8) {
        if (info->kind == SIMPLE && !ct_is_data(v)) memcpy(to, small, (size_t)info->size);
    } else if (info->kind == SIMPLE && strchr("bBhHiIlLqQ", info->code)) {
        uint64_t bits = ct_read_bits(info, small);
        memcpy(to, &bits, sizeof bits);
    } else {
        memcpy(to, small, 8);
    }
    /* Memory that Python owns, given to C: nobody knows for how long it is used. */
    if (!kr_is_empty(keep) && info->code != 'O')
        return kr_warn(kr_RuntimeWarning, 1, "memory leak in callback function.");
    return 0;
}

static void run(Thunk *t, void *result, void **values)
{
    size_t n = kr_tuple_size(t->argtypes);
    KrValue *args = kr_alloc_values(n + 1), answer = KR_EMPTY;
    bool loaded = args != NULL;
    for (size_t i = 0; loaded && i < n; i++) {
        args[i] = load_argument(kr_tuple_get(t->argtypes, i), values[i]);
        loaded = !kr_is_empty(args[i]);
    }
    if (t->flags & CALL_USE_ERRNO) ct_swap_errno();
    if (loaded) answer = kr_call(t->callable, args, n, KR_EMPTY);
    if (t->flags & CALL_USE_ERRNO) ct_swap_errno();
    if (kr_is_empty(answer) || store_result(t, answer, result) < 0)
        kr_report_unraisable(t->callable);
}

static void enter(ffi_cif *cif, void *result, void **values, void *thunk)
{
    int error = errno;
    if (cif->rtype != &ffi_type_void) {
        size_t size = cif->rtype->size < sizeof(ffi_arg) ? sizeof(ffi_arg) : cif->rtype->size;
        memset(result, 0, size);
    }
    void *callback = kr_enter_callback();
    if (!callback) return;
    errno = error;
    run(thunk, result, values);
    error = errno;
    kr_leave_callback(callback);
    errno = error;
}

KrValue ct_thunk(KrValue callable, KrValue argtypes, KrValue restype, int flags, void **code)
{
    size_t n = kr_tuple_size(argtypes);
    Thunk *t = kr_alloc_instance(thunk_type);
    if (!t) return KR_EMPTY;
    t->callable = callable;
    t->argtypes = argtypes;
    t->restype = restype;
    t->flags = flags;
    t->types = malloc((n + 1) * sizeof *t->types);
    t->closure = ffi_closure_alloc(sizeof *t->closure, &t->code);
    if (!t->types || !t->closure) return kr_raise_no_memory();
    for (size_t i = 0; i < n; i++) {
        Info *info = ct_info(kr_tuple_get(argtypes, i));
        if (!info) return KR_EMPTY;
        t->types[i] = info->ffi;
    }
    Info *result = ct_find_info(restype);
    if (!kr_is(restype, kr_None) && (!result || result->kind != SIMPLE))
        return kr_raise(kr_TypeError, "invalid result type for callback function");
    ffi_type *result_type = result ? result->ffi : &ffi_type_void;
    if (ffi_prep_cif(&t->cif, FFI_DEFAULT_ABI, (unsigned)n, result_type, t->types) != FFI_OK ||
        ffi_prep_closure_loc(t->closure, &t->cif, enter, t, t->code) != FFI_OK)
        return kr_raise(kr_RuntimeError, "ffi_prep_closure failed");
    *code = t->code;
    return kr_from_object(t);
}

int ct_callback_init(KR_UNUSED KrValue module)
{
    static const KrTypeSpec spec = {.name = "_ctypes.CThunkObject",
                                    .size = sizeof(Thunk),
                                    .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT,
                                    .trace = thunk_trace,
                                    .release = thunk_release};
    return kr_type_once(&thunk_type, &spec) ? 0 : -1;
}
