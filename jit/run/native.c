/* native.c: what the kernel library calls outside compiled code: functions that native modules entered (kr_native_enter), and
 * functions of numba._library.interpreted, Python code that the interpreter runs.
 *
 * The call's words are [name, 4 words][number of arguments][tag, payload]...: tag 'i' or 'f' with one word, or
 * 'a' | rank << 8 | kind << 16 | item size << 24 with data, lengths and byte strides. A name that begins with "py:" is Python's: the thread
 * attaches for the call, arrays are passed without copying and live no longer than the call. An exception is kept here
 * until the kernel has been left. */
#include <string.h>

#include "jit/run/box.h"
#include "jit/run/exceptions.h"
#include "jit/run/rt.h"
#include "runtime/krait.h"
#include "runtime/objects/type.h"
#include "runtime/threads/thread.h"

enum { NAME_WORDS = 4, ARGUMENTS_MAX = 16 };

static Value pending;     /* the exception of the last call that raised; a root */
static int pending_class; /* its class, or the first of its bases that kernels know by number */

static int64_t keep_exception(void)
{
    static bool rooted;
    if (!rooted) kr_root(&pending);
    rooted = true;
    pending = kr_take_exception();
    pending_class = -1;
    for (const KrType *t = type_of(pending); t && pending_class < 0; t = t->base) {
        const char *name = kr_type_name(t), *dot = strrchr(name, '.');
        pending_class = jit_exception_find(dot ? dot + 1 : name);
    }
    return -1;
}

int jit_native_exception_class(void) { return pending_class; }

Value jit_native_exception(void)
{
    Value v = pending;
    pending = EMPTY;
    return v;
}

static int public_dtype(char kind, unsigned size)
{
    for (int d = 0; d < DT_COUNT; d++)
        if (jit_dtype_kind((JitDtype)d) == kind && jit_dtype_size((JitDtype)d) == size)
            return jit_box_public_dtype((JitDtype)d);
    return KR_F64;
}

static Value boxed(const int64_t **words)
{
    const int64_t *w = *words;
    int tag = (int)(w[0] & 255), rank = (int)(w[0] >> 8 & 255);
    double d;
    *words += tag == 'a' ? 2 + 2 * rank : 2;
    if (tag == 'i') return kr_int(w[1]);
    memcpy(&d, w + 1, sizeof d);
    if (tag == 'f') return kr_float(d);
    return kr_array_wrap((void *)w[1], public_dtype((char)(w[0] >> 16), (unsigned)(w[0] >> 24)),
                         rank, w + 2, w + 2 + rank, NONE);
}

static int64_t call_python(const char *name, const int64_t *words)
{
    Value args[ARGUMENTS_MAX], function = kr_import_attr("numba._library.interpreted", name);
    int64_t n = *words++, status = 0;
    if (is_empty(function) || n > ARGUMENTS_MAX) return keep_exception();
    for (int64_t i = 0; i < n; i++)
        if (is_empty(args[i] = boxed(&words))) return keep_exception();
    Value result = kr_call(function, args, (size_t)n, EMPTY);
    if (is_empty(result)) return keep_exception();
    if (!is_none(result) && kr_to_int64(result, &status) < 0) return keep_exception();
    return status;
}

/* The native function of this name; numpy, which enters them all, is imported where it is not yet. NULL: an exception is kept. */
static KrNative loaded(const char *name)
{
    KrNative function = kr_native_find(name);
    if (function) return function;
    bool detached = !kr_is_attached();
    if (detached) kr_attach();
    if (!is_empty(kr_import("numpy")) && !(function = kr_native_find(name)))
        kr_raise(kr_RuntimeError, "the native function '%s' is missing", name);
    if (!function) keep_exception();
    if (detached) kr_detach();
    return function;
}

int64_t jit_rt_native(void *p)
{
    int64_t *words = p;
    const char *name = p;
    if (strncmp(name, "py:", 3)) {
        KrNative function = loaded(name);
        return function ? function(words + NAME_WORDS) : -1;
    }
    bool detached = !kr_is_attached();
    if (detached) kr_attach();
    int64_t status = call_python(name + 3, words + NAME_WORDS);
    if (detached) kr_detach();
    return status;
}

/* ---- Random numbers one at a time ---- */

double jit_rt_random(int64_t row)
{
    static KrNative next; /* the same for all threads */
    KrNative function = __atomic_load_n(&next, __ATOMIC_RELAXED);
    double x = 0;
    if (!function) __atomic_store_n(&next, function = loaded("random.next"), __ATOMIC_RELAXED);
    int64_t words[] = {row}, bits = function ? function(words) : 0;
    memcpy(&x, &bits, sizeof x);
    return x;
}

int64_t jit_rt_random_int(int64_t lowest, int64_t span)
{
    static KrNative next;
    KrNative function = __atomic_load_n(&next, __ATOMIC_RELAXED);
    if (!function) __atomic_store_n(&next, function = loaded("random.next_int"), __ATOMIC_RELAXED);
    int64_t words[] = {lowest, span};
    return function ? function(words) : lowest;
}
