/* unwind.c: raising, matching and tracing back exceptions, exception groups of except*, and the
 * with statement's edges. The unwinding itself, from frame to frame, is the loop's
 * (interpreter.c: error, unwind). */
#include "runtime/objects/list.h"
#include "runtime/vm/frame_object.h"
#include "runtime/vm/interpreter.h"

/* ---- Tracebacks and guards ---- */

void kr_unwind_add_traceback(Thread *self, Frame *frame)
{
    Value exception = self->exception;
    if (UNLIKELY(!is_exception(exception))) return;
    self->exception = EMPTY;
    Value object = kr_frame_object(frame);
    Traceback *entry = is_empty(object) ? NULL : heap_alloc(&kr_traceback_type, sizeof(Traceback));
    self->exception = exception; /* without memory the traceback lacks an entry */
    if (UNLIKELY(!entry)) return;
    Value next = exception_of(exception)->traceback;
    entry->next = is_empty(next) ? NONE : next;
    entry->frame = object;
    entry->instruction = frame_instruction(frame);
    entry->lasti = (int32_t)(2 * entry->instruction);
    entry->line = kr_frame_object_line(object_of(object));
    exception_of(exception)->traceback = from_object(entry);
}

const Guard *kr_unwind_find_guard(const Code *code, uint32_t instruction)
{
    const Guard *guard = code->guards;
    for (uint32_t i = 0; i < code->guard_count; i++, guard++)
        if (instruction >= guard->begin && instruction < guard->end) return guard;
    return NULL;
}

__attribute__((noinline)) void kr_unwind_wipe(void)
{
    char dead[1536];
    memset(dead, 0, sizeof dead);
    __asm__ volatile("" : : "r"(dead) : "memory");
}

/* ---- Raising ---- */

static bool is_exception_class(Value v)
{
    return is_type(v) && ((Type *)object_of(v))->traits & TYPE_IS_EXCEPTION;
}

/* An instance of `v`, a class or an instance; EMPTY raised. */
static Value instance_of(Value v, const char *complaint)
{
    if (is_exception(v)) return v;
    if (!is_exception_class(v)) return kr_raise(kr_TypeError, "%s", complaint);
    Value made = kr_call0(v);
    if (is_empty(made) || is_exception(made)) return made;
    return kr_raise(kr_TypeError,
                    "calling %R should have returned an instance of BaseException, not %R", v,
                    from_object(type_of(made)));
}

void kr_unwind_raise(Value exception, Value cause, bool has_cause)
{
    Value instance = instance_of(exception, "exceptions must derive from BaseException");
    if (is_empty(instance)) return;
    if (has_cause) {
        if (!is_none(cause)) {
            cause = instance_of(cause, "exception causes must derive from BaseException");
            if (is_empty(cause)) return;
        }
        exception_of(instance)->cause = cause;
        exception_of(instance)->suppress_context = true;
    }
    kr_raise_value(instance);
}

bool kr_unwind_raise_again(Thread *self)
{
    if (is_empty(self->handled)) {
        kr_raise(kr_RuntimeError, "No active exception to reraise");
        return false;
    }
    self->exception = self->handled;
    return true;
}

/* ---- Matching ---- */

#define CANNOT_CATCH "catching classes that do not inherit from BaseException is not allowed"

static int check_catchable(Value classes)
{
    if (is_exception_class(classes)) return 0;
    if (is_tuple(classes)) {
        const Tuple *tuple = tuple_of(classes);
        for (size_t i = 0; i < tuple->size; i++)
            if (!is_exception_class(tuple->items[i])) {
                kr_raise(kr_TypeError, CANNOT_CATCH);
                return -1;
            }
        return 0;
    }
    kr_raise(kr_TypeError, CANNOT_CATCH);
    return -1;
}

static bool matches(Value exception, Value classes)
{
    const Type *type = type_of(exception);
    if (is_type(classes))
        return type == object_of(classes) || kr_is_subtype(type, object_of(classes));
    const Tuple *tuple = tuple_of(classes);
    for (size_t i = 0; i < tuple->size; i++)
        if (kr_is_subtype(type, object_of(tuple->items[i]))) return true;
    return false;
}

int kr_unwind_matches(Value exception, Value classes)
{
    return check_catchable(classes) < 0 ? -1 : matches(exception, classes);
}

/* ---- Exception groups ---- */

static bool is_group(Value v) { return is_object(v) && kr_is_a(v, kr_BaseExceptionGroup); }

static Value new_group(const char *message, Value exceptions)
{
    return kr_call2(from_object(kr_ExceptionGroup), kr_str(message), exceptions);
}

static Value new_base_group(Value exceptions)
{
    return kr_call2(from_object(kr_BaseExceptionGroup), kr_intern(""), exceptions);
}

static int check_catchable_group(Value classes)
{
    if (check_catchable(classes) < 0) return -1;
    bool group = false;
    if (is_type(classes)) {
        group = kr_is_subtype(object_of(classes), kr_BaseExceptionGroup);
    } else {
        for (size_t i = 0; i < tuple_of(classes)->size; i++)
            group |= kr_is_subtype(object_of(tuple_of(classes)->items[i]), kr_BaseExceptionGroup);
    }
    if (!group) return 0;
    kr_raise(kr_TypeError,
             "catching ExceptionGroup with except* is not allowed. Use except instead.");
    return -1;
}

int kr_unwind_match_group(Value exception, Value classes, Value *pair)
{
    if (check_catchable_group(classes) < 0) return -1;
    if (is_none(exception)) {
        pair[0] = pair[1] = NONE;
        return 0;
    }
    if (matches(exception, classes)) {
        Value match = exception;
        if (!is_group(exception)) {
            Value list = kr_tuple(&exception, 1);
            if (is_empty(list) || is_empty(match = new_group("", list))) return -1;
            exception_of(match)->traceback = exception_of(exception)->traceback;
        }
        pair[0] = match;
        pair[1] = NONE;
        return 0;
    }
    if (!is_group(exception)) {
        pair[0] = NONE;
        pair[1] = exception;
        return 0;
    }
    Value parts = kr_call_method1(exception, "split", classes);
    if (is_empty(parts)) return -1;
    if (!is_tuple(parts)) {
        kr_raise(kr_TypeError, "%N.split must return a tuple, not %T", type_of(exception), parts);
        return -1;
    }
    if (tuple_of(parts)->size < 2) {
        kr_raise(kr_TypeError, "%N.split must return a 2-tuple, got tuple of size %zu",
                 type_of(exception), tuple_of(parts)->size);
        return -1;
    }
    pair[0] = tuple_of(parts)->items[0];
    pair[1] = tuple_of(parts)->items[1];
    return 0;
}

static bool same_metadata(const Exception *a, const Exception *b)
{
    return same(a->notes, b->notes) && same(a->traceback, b->traceback) &&
           same(a->cause, b->cause) && same(a->context, b->context);
}

/* Adds the leaves of an exception tree to a list. */
static int collect_leaves(Value exception, Value leaves)
{
    if (!is_group(exception)) return kr_list_append(leaves, exception);
    if (kr_enter_recursion(" in collect_leaves") < 0) return -1;
    Value parts = exception_of(exception)->fields[1];
    int status = 0;
    for (size_t i = 0; i < tuple_of(parts)->size && status == 0; i++)
        status = collect_leaves(tuple_of(parts)->items[i], leaves);
    kr_leave_recursion();
    return status;
}

static bool holds(Value leaves, Value exception)
{
    for (size_t i = 0; i < list_of(leaves)->size; i++)
        if (same(list_of(leaves)->items[i], exception)) return true;
    return false;
}

/* The part of a group whose leaves are in the list, derived so that nesting stays; None if there
 * is none. */
static Value project(Value group, Value leaves)
{
    if (!is_group(group)) return holds(leaves, group) ? group : NONE;
    Value kept = kr_list(NULL, 0);
    if (is_empty(kept) || kr_enter_recursion(" in project") < 0) return EMPTY;
    Value parts = exception_of(group)->fields[1];
    bool failed = false;
    for (size_t i = 0; i < tuple_of(parts)->size && !failed; i++) {
        Value part = project(tuple_of(parts)->items[i], leaves);
        failed = is_empty(part) || (!is_none(part) && kr_list_append(kept, part) < 0);
    }
    kr_leave_recursion();
    if (failed) return EMPTY;
    if (list_of(kept)->size == 0) return NONE;
    Value derived = kr_call_method1(group, "derive", kept);
    if (is_empty(derived)) return EMPTY;
    if (!is_group(derived))
        return kr_raise(kr_TypeError, "derive must return an instance of BaseExceptionGroup");
    Exception *to = exception_of(derived), *from = exception_of(group);
    to->traceback = from->traceback;
    to->context = from->context;
    to->cause = from->cause;
    if (!is_empty(from->notes) && is_list(from->notes)) to->notes = kr_list_from(from->notes);
    return derived;
}

Value kr_unwind_combine_group(Value original, Value parts)
{
    const List *list = list_of(parts);
    if (list->size == 0) return NONE;
    if (!is_group(original)) return list->items[0];
    Value raised = kr_list(NULL, 0), leaves = kr_list(NULL, 0);
    if (is_empty(raised) || is_empty(leaves)) return EMPTY;
    bool reraised = false;
    for (size_t i = 0; i < list->size; i++) {
        Value e = list->items[i];
        if (is_none(e)) continue;
        if (same_metadata(exception_of(e), exception_of(original))) {
            reraised = true;
            if (collect_leaves(e, leaves) < 0) return EMPTY;
        } else if (kr_list_append(raised, e) < 0) {
            return EMPTY;
        }
    }
    Value rest = reraised ? project(original, leaves) : NONE;
    if (is_empty(rest)) return EMPTY;
    if (list_of(raised)->size == 0) return rest;
    if (!is_none(rest) && kr_list_append(raised, rest) < 0) return EMPTY;
    return new_base_group(raised);
}

/* ---- The with statement ---- */

int kr_unwind_enter_with(Value manager, Value *pair, bool asynchronous)
{
    Value enter =
        kr_find_special(manager, asynchronous ? KR_NAME("__aenter__") : KR_NAME("__enter__"));
    const char *kind = asynchronous ? "asynchronous context manager" : "context manager";
    if (is_empty(enter)) {
        if (!kr_raised())
            kr_raise(kr_TypeError, "'%T' object does not support the %s protocol", manager, kind);
        return -1;
    }
    Value exit =
        kr_find_special(manager, asynchronous ? KR_NAME("__aexit__") : KR_NAME("__exit__"));
    if (is_empty(exit)) {
        if (!kr_raised())
            kr_raise(kr_TypeError,
                     "'%T' object does not support the %s protocol (missed %s method)", manager,
                     kind, asynchronous ? "__aexit__" : "__exit__");
        return -1;
    }
    Value entered = kr_call0(enter);
    if (is_empty(entered)) return -1;
    pair[0] = exit;
    pair[1] = entered;
    return 0;
}

Value kr_unwind_exit_with(Value exit, Value exception)
{
    if (is_empty(exception)) return kr_call3(exit, NONE, NONE, NONE);
    Value traceback = exception_of(exception)->traceback;
    return kr_call3(exit, from_object(type_of(exception)), exception,
                    is_empty(traceback) ? NONE : traceback);
}
