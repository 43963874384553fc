/* api.c: the functions of krait.h that belong to no type: values and objects, memory,
 * recursion, buffers, arrays, and reporting what cannot be raised. */
#include <stdio.h>

#include "runtime/compile/code_file.h"
#include "runtime/krait.h"
#include "runtime/objects/exception.h"
#include "runtime/objects/hooks.h"
#include "runtime/objects/list.h"
#include "runtime/objects/tuple.h"
#include "runtime/text/unicode.h"

/* ---- Values ------------------------------------------------------------------------ */

KrValue kr_from_object(const void *object) { return from_object(object); }
void *kr_to_object(KrValue v) { return object_of(v); }
bool kr_is_object(KrValue v) { return is_object(v); }

KrType *kr_type_of(KrValue v)
{
    if (is_object(v)) return ((Object *)object_of(v))->type;
    if (is_int(v)) return &kr_int_type;
    if (is_float(v)) return &kr_float_type;
    if (is_bool(v)) return &kr_bool_type;
    if (is_none(v)) return &kr_none_type;
    if (same(v, ELLIPSIS)) return &kr_ellipsis_type;
    if (is_not_implemented(v)) return &kr_notimplemented_type;
    return NULL;
}

bool kr_is_instance_exact(KrValue v, const KrType *type) { return kr_type_of(v) == type; }
bool kr_is_a(KrValue v, const KrType *type) { return kr_is_subtype(type_of(v), type); }

/* ---- Memory ------------------------------------------------------------------------ */

void *kr_alloc(KrType *type, size_t bytes) { return kr_type_alloc_sized(type, bytes); }
void *kr_alloc_instance(KrType *type) { return kr_type_alloc(type); }
KrValue *kr_alloc_values(size_t n) { return kr_heap_values(n); }
void *kr_alloc_bytes(size_t n) { return kr_heap_bytes(n); }
KrValue kr_type_dict(const KrType *type) { return type->dict; }

KrValue kr_code_to_bytes(KrValue code) { return kr_code_file_write(code); }
KrValue kr_code_from_bytes(const void *bytes, size_t n) { return kr_code_file_read(bytes, n); }

/* ---- Code points ------------------------------------------------------------------- */

bool kr_char_is_alnum(uint32_t c) { return kr_text_is_alnum(c); }
bool kr_char_is_decimal(uint32_t c) { return kr_text_is_decimal(c); }
bool kr_char_is_space(uint32_t c) { return kr_text_is_space(c); }
bool kr_char_is_linebreak(uint32_t c) { return kr_text_is_line_break(c); }
uint32_t kr_char_lower(uint32_t c) { return kr_text_lower(c); }
uint32_t kr_char_upper(uint32_t c) { return kr_text_upper(c); }

/* ---- The thread's context ---------------------------------------------------------- */

KrValue kr_thread_context(void) { return kr_self->context; }
void kr_set_thread_context(KrValue context) { kr_self->context = context; }

/* ---- Recursion --------------------------------------------------------------------- */

int kr_enter_recursion(const char *where)
{
    if (kr_self->c_depth >= kr_recursion_limit || thread_stack_low()) {
        kr_raise(kr_RecursionError, "maximum recursion depth exceeded%s", where);
        return -1;
    }
    kr_self->c_depth++;
    return 0;
}

void kr_leave_recursion(void) { kr_self->c_depth--; }

int kr_repr_enter(KrValue v)
{
    Thread *thread = kr_self;
    if (is_empty(thread->repr_stack)) {
        thread->repr_stack = kr_list(NULL, 0);
        if (is_empty(thread->repr_stack)) return -1;
    }
    List *list = list_of(thread->repr_stack);
    for (size_t i = 0; i < list->size; i++)
        if (same(list->items[i], v)) return 0;
    return kr_list_append(thread->repr_stack, v) < 0 ? -1 : 1;
}

void kr_repr_leave(KrValue v)
{
    Value stack = kr_self->repr_stack;
    if (is_empty(stack)) return;
    for (size_t i = list_of(stack)->size; i-- > 0;)
        if (same(list_of(stack)->items[i], v)) {
            kr_list_truncate(stack, i);
            return;
        }
}

int kr_check_signals(void)
{
    return atomic_load_explicit(&kr_self->interrupt, memory_order_relaxed) ? kr_thread_safepoint()
                                                                           : 0;
}

/* ---- Buffers and arrays ------------------------------------------------------------ */

bool kr_has_buffer(KrValue v) { return type_of(v)->slots.buffer != NULL; }

int kr_buffer_get(KrValue v, KrBuffer *buffer, int flags)
{
    memset(buffer, 0, sizeof *buffer);
    if (!type_of(v)->slots.buffer) {
        kr_raise(kr_TypeError, "a bytes-like object is required, not '%T'", v);
        return -1;
    }
    if (type_of(v)->slots.buffer(v, buffer, flags) < 0) return -1;
    if (is_empty(buffer->owner)) buffer->owner = v;
    if (!(flags & KR_BUFFER_WRITE) || !buffer->read_only) return 0;
    kr_buffer_release(buffer);
    kr_raise(kr_BufferError, "Object is not writable.");
    return -1;
}

void kr_buffer_release(KrBuffer *buffer)
{
    if (is_empty(buffer->owner)) return;
    Value owner = buffer->owner;
    buffer->owner = EMPTY;
    void (*release)(KrValue, KrBuffer *) = type_of(owner)->slots.buffer_release;
    if (release) release(owner, buffer);
}

KrArray *kr_array_of(KrValue v)
{
    struct KrArray *(*array)(KrValue) = type_of(v)->slots.array;
    return array ? array(v) : NULL;
}

/* The array module publishes its constructor as a capsule, numpy._array_wrap. */
KrValue kr_array_wrap(void *data, int dtype, int rank, const int64_t *shape, const int64_t *strides,
                      KrValue owner)
{
    typedef KrValue (*Wrap)(void *, int, int, const int64_t *, const int64_t *, KrValue);
    static Wrap wrap;
    if (!wrap) {
        Value capsule = kr_import_attr("numpy", "_array_wrap");
        if (is_empty(capsule)) return EMPTY;
        void *pointer = kr_capsule_get(capsule, "numpy._array_wrap");
        if (!pointer) return EMPTY;
        memcpy(&wrap, &pointer, sizeof wrap);
    }
    return wrap(data, dtype, rank, shape, strides, owner);
}

/* ---- Exceptions that nobody can catch ---------------------------------------------- */

static KrType *unraisable_type(void)
{
    static const char *const fields[] = {"exc_type", "exc_value", "exc_traceback",
                                         "err_msg",  "object",    NULL};
    static const KrStructSpec spec = {"UnraisableHookArgs",
                                      "What sys.unraisablehook is called with.", fields, 5};
    static KrType *type;
    if (!type) type = kr_struct_type(&spec);
    return type;
}

static void print_plainly(const char *what, Value exception, Value where)
{
    kr_clear_exception();
    Value text = kr_str_format("%s: %R\n%T: %S\n", what ? what : "Exception ignored in", where, exception, exception);
    const char *utf8 = is_empty(text) ? NULL : kr_str_utf8(text, NULL);
    fputs(utf8 ? utf8 : "Exception ignored\n", stderr);
    kr_clear_exception();
}

void kr_report_unraisable(KrValue where) { kr_report_unraisable_as(NULL, where); }

void kr_report_unraisable_as(const char *what, Value where)
{
    Value exception = kr_take_exception();
    if (is_empty(exception)) return;
    if (is_empty(where)) where = NONE;
    Value hook = kr_import_attr("sys", "unraisablehook");
    KrType *type = is_empty(hook) ? NULL : unraisable_type();
    Value fields[] = {from_object(type_of(exception)), exception,
                      exception_of(exception)->traceback, what ? kr_str(what) : NONE, where};
    Value args = type ? kr_struct_new(type, fields) : EMPTY;
    if (is_empty(args) || is_empty(kr_call1(hook, args))) print_plainly(what, exception, where);
}
