/* exception.c: BaseException, and raising from C. The other classes are in exception_types.c,
 * exception_os.c and exception_group.c; tracebacks are linked by the VM while frames unwind.
 * The exception being raised is kr_self->exception, an instance always: it is made at once,
 * since most native errors are caught by Python code that looks at them. Making one is three
 * cells: the exception, its args, its message. What is being handled (sys.exc_info) is
 * kr_self->handled and becomes the new one's __context__. */
#include "runtime/objects/exception.h"
#include "runtime/objects/dict.h"
#include "runtime/objects/exception_types.h"
#include "runtime/objects/function.h"
#include "runtime/objects/list.h"
#include "runtime/objects/object.h"
#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"

static Value memory_error; /* made in advance: there may be no room for another */

/* ---- BaseException ----------------------------------------------------------------- */

Value kr_exception_make(Type *type, const Value *args, size_t n, KR_UNUSED Value kwnames)
{
    Exception *e = kr_type_alloc(type);
    if (!e) return EMPTY;
    e->traceback = e->cause = e->context = NONE;
    /* read from C without a look at the type of the one who made it */
    if (type->slots.init == kr_StopIteration->slots.init) e->fields[0] = NONE;
    e->args = n ? kr_tuple(args, n) : kr_empty_tuple;
    return is_empty(e->args) ? EMPTY : from_object(e);
}

int kr_exception_init(Value self, const Value *args, size_t n, Value kwnames)
{
    if (!is_empty(kwnames) && tuple_of(kwnames)->size) {
        kr_raise(kr_TypeError, "%T() takes no keyword arguments", self);
        return -1;
    }
    Exception *e = exception_of(self);
    Tuple *old = tuple_of(e->args);
    if (old->size == n && (n == 0 || memcmp(old->items, args, n * sizeof(Value)) == 0)) return 0;
    e->args = n ? kr_tuple(args, n) : kr_empty_tuple;
    return is_empty(e->args) ? -1 : 0;
}

static void exception_trace(void *self, KrTracer *tracer)
{
    Exception *e = self;
    kr_trace(tracer, e->args);
    kr_trace(tracer, e->traceback);
    kr_trace(tracer, e->cause);
    kr_trace(tracer, e->context);
    kr_trace(tracer, e->notes);
    for (size_t i = 0; i < sizeof e->fields / sizeof *e->fields; i++)
        kr_trace(tracer, e->fields[i]);
}

Value kr_exception_str(Value self)
{
    Tuple *args = tuple_of(exception_of(self)->args);
    if (args->size == 0) return KR_NAME("");
    return kr_to_str(args->size == 1 ? args->items[0] : from_object(args));
}

static Value exception_repr(Value self)
{
    Value args = exception_of(self)->args;
    const char *name = kr_type_name(type_of(self));
    if (tuple_of(args)->size == 1) return kr_str_format("%s(%R)", name, tuple_of(args)->items[0]);
    return kr_str_format("%s%R", name, args);
}

static Value get_args(Value self) { return exception_of(self)->args; }
static int set_args(Value self, Value value)
{
    if (is_empty(value)) {
        kr_raise(kr_TypeError, "args may not be deleted");
        return -1;
    }
    Value args = kr_tuple_from(value);
    if (is_empty(args)) return -1;
    exception_of(self)->args = args;
    return 0;
}
KR_GETSET(exception, get_args, set_args, "args", NULL)

static Value get_traceback(Value self) { return exception_of(self)->traceback; }
static int set_traceback(Value self, Value value)
{
    if (is_empty(value)) {
        kr_raise(kr_TypeError, "__traceback__ may not be deleted");
        return -1;
    }
    if (!is_none(value) && !is_exact(value, &kr_traceback_type)) {
        kr_raise(kr_TypeError, "__traceback__ must be a traceback or None");
        return -1;
    }
    exception_of(self)->traceback = value;
    return 0;
}
KR_GETSET(exception, get_traceback, set_traceback, "__traceback__", NULL)

static int check_exception_or_none(Value value, const char *what, const char *attribute)
{
    if (is_empty(value))
        kr_raise(kr_TypeError, "%s may not be deleted", attribute);
    else if (is_none(value) || is_exception(value))
        return 0;
    else
        kr_raise(kr_TypeError, "exception %s must be None or derive from BaseException", what);
    return -1;
}

static Value get_context(Value self) { return exception_of(self)->context; }
static int set_context(Value self, Value value)
{
    if (check_exception_or_none(value, "context", "__context__") < 0) return -1;
    exception_of(self)->context = value;
    return 0;
}
KR_GETSET(exception, get_context, set_context, "__context__", "exception context")

static Value get_cause(Value self) { return exception_of(self)->cause; }
static int set_cause(Value self, Value value)
{
    if (check_exception_or_none(value, "cause", "__cause__") < 0) return -1;
    exception_of(self)->cause = value;
    exception_of(self)->suppress_context = true;
    return 0;
}
KR_GETSET(exception, get_cause, set_cause, "__cause__", "exception cause")

static Value get_suppress(Value self) { return from_bool(exception_of(self)->suppress_context); }
static int set_suppress(Value self, Value value)
{
    if (is_empty(value)) {
        kr_raise(kr_TypeError, "can't delete numeric/char attribute");
        return -1;
    }
    if (!is_bool(value)) {
        kr_raise(kr_TypeError, "attribute value type must be bool");
        return -1;
    }
    exception_of(self)->suppress_context = is_true(value);
    return 0;
}
KR_GETSET(exception, get_suppress, set_suppress, "__suppress_context__", NULL)

static Value get_notes(Value self)
{
    Value notes = exception_of(self)->notes;
    if (!is_empty(notes)) return notes;
    return kr_raise_attribute(self, KR_NAME("__notes__"),
                              "'%T' object has no attribute '__notes__'", self);
}
static int set_notes(Value self, Value value)
{
    if (is_empty(value) && is_empty(exception_of(self)->notes)) {
        get_notes(self);
        return -1;
    }
    exception_of(self)->notes = value;
    return 0;
}
KR_GETSET(exception, get_notes, set_notes, "__notes__", NULL)

KR_FN(exception, exception_with_traceback, "with_traceback", "(self, tb, /)",
      "Set self.__traceback__ to tb and return self.")
{
    return set_traceback(a[0], a[1]) < 0 ? EMPTY : a[0];
}

KR_FN(exception, exception_add_note, "add_note", "(self, note, /)",
      "Add a text that is printed below the exception.")
{
    if (!is_str(a[1])) return kr_raise(kr_TypeError, "note must be a str, not '%T'", a[1]);
    Exception *e = exception_of(a[0]);
    if (is_empty(e->notes)) {
        e->notes = kr_list(NULL, 0);
        if (is_empty(e->notes)) return EMPTY;
    }
    if (!is_list(e->notes))
        return kr_raise(kr_TypeError, "Cannot add note: __notes__ is not a list");
    return kr_list_append(e->notes, a[1]) < 0 ? EMPTY : NONE;
}

/* The instance's attributes for pickling, notes among them; None if there are none. */
Value kr_exception_state(Value self)
{
    Value dict = kr_attrs_dict(object_of(self)), notes = exception_of(self)->notes;
    if (is_empty(dict)) return EMPTY;
    if (!is_empty(notes)) {
        dict = kr_dict_copy(dict);
        if (is_empty(dict) || kr_dict_set(dict, KR_NAME("__notes__"), notes) < 0) return EMPTY;
    }
    return kr_dict_size(dict) ? dict : NONE;
}

KR_FN(exception, exception_reduce, "__reduce__", "(self, /)",
      "Return state information for pickling.")
{
    Value state = kr_exception_state(a[0]), type = from_object(type_of(a[0])),
          args = exception_of(a[0])->args;
    if (is_empty(state)) return EMPTY;
    return is_none(state) ? kr_tuple_of(2, type, args) : kr_tuple_of(3, type, args, state);
}

KR_FN(exception, exception_setstate, "__setstate__", "(self, state, /)",
      "Set the attributes of a dict.")
{
    if (is_none(a[1])) return NONE;
    if (!is_dict(a[1])) return kr_raise(kr_TypeError, "state is not a dictionary");
    size_t position = 0;
    Value key, value, copy = kr_dict_copy(a[1]);
    while (!is_empty(copy) && kr_dict_next(copy, &position, &key, &value))
        if (kr_setattr(a[0], key, value) < 0) return EMPTY;
    return is_empty(copy) ? EMPTY : NONE;
}

#include "runtime/objects/exception.entries.h"

const KrTypeSpec kr_exception_spec = {
    .name = "BaseException",
    .size = sizeof(Exception),
    .trace = exception_trace,
    .flags = KR_TYPE_DICT | KR_TYPE_NO_WEAKREF,
    .functions = exception_functions,
    .getset = exception_getset,
    .slots =
        {
            .make = kr_exception_make,
            .init = kr_exception_init,
            .repr = exception_repr,
            .str = kr_exception_str,
        },
    .doc = "Common base class for all exceptions",
};

/* ---- The exception being raised ---------------------------------------------------- */

void kr_exception_set_context(Value exception)
{
    Value handled = kr_self->handled;
    if (is_empty(handled) || is_none(handled) || same(handled, exception)) return;
    /* cut the chain where it would come back to `exception`; a cycle that is there already ends
     * the walk */
    Value slow = handled, o = handled;
    for (bool step = false;; step = !step) {
        Value next = exception_of(o)->context;
        if (is_none(next) || is_empty(next)) break;
        if (same(next, exception)) {
            exception_of(o)->context = NONE;
            break;
        }
        o = next;
        if (same(o, slow)) break;
        if (step) slow = exception_of(slow)->context;
    }
    exception_of(exception)->context = handled;
}

static Value set_raised(Value exception)
{
    if (is_empty(exception)) return EMPTY;
    kr_exception_set_context(exception);
    kr_self->exception = exception;
    return EMPTY;
}

bool kr_raised(void) { return !is_empty(kr_self->exception); }

bool kr_raised_is(const Type *type)
{
    return !is_empty(kr_self->exception) && kr_is_subtype(type_of(kr_self->exception), type);
}

Value kr_take_exception(void)
{
    Value exception = kr_self->exception;
    kr_self->exception = EMPTY;
    return exception;
}

void kr_clear_exception(void) { kr_self->exception = EMPTY; }
void kr_restore_exception(Value exception) { kr_self->exception = exception; }

void kr_chain_cause(Value cause)
{
    if (is_empty(cause) || is_empty(kr_self->exception)) return;
    Exception *e = exception_of(kr_self->exception);
    e->cause = e->context = cause;
    e->suppress_context = true;
}

/* An instance of type(argument), or of type() when the argument is EMPTY. */
static Value make(Type *type, Value argument)
{
    size_t n = !is_empty(argument);
    if (type->slots.init == kr_exception_init && type->slots.make == kr_exception_make)
        return kr_exception_make(type, &argument, n, EMPTY);
    Value made = kr_type_call(from_object(type), &argument, n, EMPTY);
    if (is_empty(made) || is_exception(made)) return made;
    return kr_raise(kr_TypeError,
                    "calling %R should have returned an instance of BaseException, not %R",
                    from_object(type), from_object(type_of(made)));
}

Value kr_raise_v(Type *type, const char *format, va_list args)
{
    kr_self->exception = EMPTY; /* formatting may call code that must not see one */
    Value message = kr_str_format_v(format, args);
    if (is_empty(message)) return EMPTY;
    return set_raised(make(type, message));
}

Value kr_raise(Type *type, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    kr_raise_v(type, format, args);
    va_end(args);
    return EMPTY;
}

Value kr_exception_new(Type *type, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    Value message = kr_str_format_v(format, args);
    va_end(args);
    return is_empty(message) ? EMPTY : make(type, message);
}

Value kr_raise_value(Value exception)
{
    if (is_exception(exception)) return set_raised(exception);
    if (is_type(exception) && kr_is_subtype(object_of(exception), kr_BaseException))
        return set_raised(make(object_of(exception), EMPTY));
    return kr_raise(kr_TypeError, "exceptions must derive from BaseException");
}

Value kr_raise_object(Type *type, Value argument) { return set_raised(make(type, argument)); }
Value kr_raise_key(Value key) { return set_raised(make(kr_KeyError, key)); }
Value kr_raise_stop(Value value) { return set_raised(make(kr_StopIteration, value)); }

Value kr_raise_no_memory(void)
{
    Exception *e = exception_of(memory_error);
    e->traceback = e->cause = e->context = NONE;
    kr_self->exception = memory_error;
    return EMPTY;
}

Value kr_raise_attribute(Value object, Value name, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    Value message = kr_str_format_v(format, args);
    va_end(args);
    Value exception =
        is_empty(message) ? EMPTY : kr_exception_make(kr_AttributeError, &message, 1, EMPTY);
    if (is_empty(exception)) return EMPTY;
    exception_of(exception)->fields[0] = name;
    exception_of(exception)->fields[1] = object;
    return set_raised(exception);
}

/* ---- Matching ---------------------------------------------------------------------- */

static bool catchable(Value class)
{
    if (is_type(class) && kr_is_subtype(object_of(class), kr_BaseException)) return true;
    kr_raise(kr_TypeError,
             "catching classes that do not inherit from BaseException is not allowed");
    return false;
}

bool kr_exception_matches(Value exception, Value class_or_tuple, bool *failed)
{
    Type *type = type_of(exception);
    *failed = true;
    if (!is_tuple(class_or_tuple)) {
        if (!catchable(class_or_tuple)) return false;
        *failed = false;
        return kr_is_subtype(type, object_of(class_or_tuple));
    }
    Tuple *classes = tuple_of(class_or_tuple);
    for (size_t i = 0; i < classes->size; i++)
        if (!catchable(classes->items[i])) return false;
    *failed = false;
    for (size_t i = 0; i < classes->size; i++)
        if (kr_is_subtype(type, object_of(classes->items[i]))) return true;
    return false;
}

int kr_exception_ready(void)
{
    kr_root(&memory_error);
    memory_error = kr_exception_make(kr_MemoryError, NULL, 0, EMPTY);
    return is_empty(memory_error) ? -1 : 0;
}
