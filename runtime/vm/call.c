/* call.c: calls of Python functions: binding of arguments to parameters with CPython's error texts,
 * pushing of frames, and the entry from C (kr_function_type.slots.call).
 *
 * A window of registers starts where the first parameter goes. When a call's arguments lie in
 * the caller's window already, the callee's window starts there, and the binding works in place;
 * where that does not suffice (keywords, *args) the arguments are first copied above the new
 * window. */
#include <stdio.h>

#include "runtime/objects/list.h"
#include "runtime/vm/interpreter.h"

/* ---- Error texts ---- */

static Value qualname_of(const Function *f) { return f->qualname; }

static Value parameter_name(const Code *code, size_t i)
{
    return tuple_of(code->variables)->items[i];
}

static size_t default_count(const Function *f)
{
    return is_none(f->defaults) || is_empty(f->defaults) ? 0 : tuple_of(f->defaults)->size;
}

static void raise_too_many(const Function *f, const Value *window, size_t given)
{
    const Code *code = f->code;
    size_t most = code->argument_count, defaults = default_count(f), keyword_only = 0;
    for (size_t i = 0; i < code->keyword_only_count; i++)
        keyword_only += !is_empty(window[most + i]);
    bool plural = defaults || most != 1;
    char takes[64], extra[96] = "";
    if (defaults)
        snprintf(takes, sizeof takes, "from %zu to %zu", most - defaults, most);
    else
        snprintf(takes, sizeof takes, "%zu", most);
    if (keyword_only)
        snprintf(extra, sizeof extra, " positional argument%s (and %zu keyword-only argument%s)",
                 given != 1 ? "s" : "", keyword_only, keyword_only != 1 ? "s" : "");
    kr_raise(kr_TypeError, "%U() takes %s positional argument%s but %zu%s %s given", qualname_of(f),
             takes, plural ? "s" : "", given, extra, given == 1 && !keyword_only ? "was" : "were");
}

/* "'a', 'b', and 'c'" of the parameters [from, to) that are still unbound. */
static void raise_missing(const Function *f, const Value *window, size_t from, size_t to,
                          const char *kind)
{
    size_t missing = 0, seen = 0;
    for (size_t i = from; i < to; i++) missing += is_empty(window[i]);
    KrText text;
    kr_text_init(&text);
    for (size_t i = from; i < to; i++) {
        if (!is_empty(window[i])) continue;
        seen++;
        if (seen > 1)
            kr_text_add_ascii(&text, missing == 2 ? " and " : seen == missing ? ", and " : ", ");
        kr_text_add_format(&text, "'%U'", parameter_name(f->code, i));
    }
    Value names = kr_text_finish(&text);
    if (is_empty(names)) return;
    kr_raise(kr_TypeError, "%U() missing %zu required %s argument%s: %U", qualname_of(f), missing,
             kind, missing == 1 ? "" : "s", names);
}

/* A keyword names no parameter: a positional-only one, or none at all. */
static void raise_unexpected(const Function *f, Value kwnames, Value keyword)
{
    const Code *code = f->code;
    const Tuple *names = tuple_of(kwnames);
    KrText text;
    size_t found = 0;
    kr_text_init(&text);
    for (size_t i = 0; i < code->positional_only_count; i++)
        for (size_t k = 0; k < names->size; k++) {
            int equal = quick_equal(parameter_name(code, i), names->items[k]);
            if (equal < 0) {
                kr_text_drop(&text);
                return;
            }
            if (equal)
                kr_text_add_format(&text, "%s%U", found++ ? ", " : "", parameter_name(code, i));
        }
    if (found) {
        Value list = kr_text_finish(&text);
        if (is_empty(list)) return;
        kr_raise(kr_TypeError,
                 "%U() got some positional-only arguments passed as keyword arguments: '%U'",
                 qualname_of(f), list);
        return;
    }
    kr_text_drop(&text);
    kr_raise(kr_TypeError, "%U() got an unexpected keyword argument '%S'", qualname_of(f), keyword);
}

/* ---- Binding ---- */

/* The parameter that a keyword names; -1 none, -2 raised. */
static int64_t find_parameter(const Code *code, Value keyword)
{
    const Value *names = tuple_of(code->variables)->items;
    size_t end = code->argument_count + code->keyword_only_count;
    for (size_t i = code->positional_only_count; i < end; i++)
        if (same(names[i], keyword)) return (int64_t)i;
    for (size_t i = code->positional_only_count; i < end; i++) {
        int equal = quick_equal(names[i], keyword);
        if (equal) return equal < 0 ? -2 : (int64_t)i;
    }
    return -1;
}

static int bind_keywords(const Function *f, Value *window, Value kwnames, const Value *values,
                         Value extra)
{
    const Tuple *names = tuple_of(kwnames);
    for (size_t k = 0; k < names->size; k++) {
        Value keyword = names->items[k];
        if (UNLIKELY(!is_str(keyword))) {
            kr_raise(kr_TypeError, "%U() keywords must be strings", qualname_of(f));
            return -1;
        }
        int64_t i = find_parameter(f->code, keyword);
        if (i >= 0) {
            if (!is_empty(window[i])) {
                kr_raise(kr_TypeError, "%U() got multiple values for argument '%S'", qualname_of(f),
                         keyword);
                return -1;
            }
            window[i] = values[k];
        } else if (i == -1 && !is_empty(extra)) {
            if (kr_dict_set(extra, keyword, values[k]) < 0) return -1;
        } else {
            if (i == -1) raise_unexpected(f, kwnames, keyword);
            return -1;
        }
    }
    return 0;
}

static int fill_defaults(const Function *f, Value *window, size_t given)
{
    const Code *code = f->code;
    size_t count = code->argument_count, defaults = default_count(f);
    if (given < count) {
        size_t required = count - (defaults < count ? defaults : count);
        for (size_t i = given; i < required; i++)
            if (is_empty(window[i])) {
                raise_missing(f, window, 0, required, "positional");
                return -1;
            }
        for (size_t i = given > required ? given : required; i < count; i++)
            if (is_empty(window[i])) window[i] = tuple_of(f->defaults)->items[i + defaults - count];
    }
    bool missing = false;
    for (size_t i = count; i < count + code->keyword_only_count; i++) {
        if (!is_empty(window[i])) continue;
        if (!is_none(f->kwdefaults) && !is_empty(f->kwdefaults)) {
            window[i] = kr_dict_find(f->kwdefaults, parameter_name(code, i));
            if (is_empty(window[i]) && kr_raised()) return -1;
        }
        missing |= is_empty(window[i]);
    }
    if (missing) raise_missing(f, window, count, count + code->keyword_only_count, "keyword-only");
    return missing ? -1 : 0;
}

int kr_call_bind(Thread *self, Function *f, Value *window, const Value *args, size_t n,
                 Value kwnames)
{
    const Code *code = f->code;
    size_t positional = code->argument_count, bound = positional + code->keyword_only_count;
    Value *end = window + code->register_count;
    bool plain = !(code->flags & (CODE_VARARGS | CODE_VARKEYWORDS)) && !code->keyword_only_count;
    if (LIKELY(plain && n <= positional && (is_empty(kwnames) || tuple_of(kwnames)->size == 0))) {
        if (args != window) memmove(window, args, n * sizeof(Value));
        clear_registers(window + n, end);
        if (n < positional && fill_defaults(f, window, n) < 0) return -1;
        if (!is_none(f->closure)) load_closure(f, code, window);
        return 0;
    }
    size_t named = is_empty(kwnames) ? 0 : tuple_of(kwnames)->size, all = n + named;
    Value *saved_top = self->stack_top;
    if (args + all > window && args < end) { /* they overlap: work from a copy above the window */
        Value *copy = args + all > end ? (Value *)args + all : end;
        copy += 4; /* what clear_registers may write */
        if (copy + all > self->register_limit) {
            kr_interpreter_raise_recursion("");
            return -1;
        }
        memcpy(copy, args, all * sizeof(Value));
        args = copy;
        if (copy + all > self->stack_top) self->stack_top = copy + all;
    }
    clear_registers(window, end);
    if (end > self->stack_top) self->stack_top = end;
    size_t taken = n < positional ? n : positional;
    if (taken) memcpy(window, args, taken * sizeof(Value));
    int status = -1;
    Value extra = EMPTY;
    if (code->flags & CODE_VARARGS) {
        Value rest = kr_tuple(args + taken, n - taken);
        if (is_empty(rest)) goto out;
        window[bound] = rest;
    }
    if (code->flags & CODE_VARKEYWORDS) {
        extra = kr_dict();
        if (is_empty(extra)) goto out;
        window[bound + !!(code->flags & CODE_VARARGS)] = extra;
    }
    if (named && bind_keywords(f, window, kwnames, args + n, extra) < 0) goto out;
    if (n > positional && !(code->flags & CODE_VARARGS)) {
        raise_too_many(f, window, n);
        goto out;
    }
    if (fill_defaults(f, window, taken) < 0) goto out;
    if (!is_none(f->closure)) load_closure(f, code, window);
    status = 0;
out:
    self->stack_top = saved_top;
    return status;
}

/* ---- Frames ---- */

Frame *kr_call_push(Thread *self, Code *code, Value function, Value globals, Value builtins,
                    Value locals, Value *window, uint32_t flags)
{
    Frame *frame = thread_next_frame(self);
    Value *top = window + code->register_count;
    if (UNLIKELY(frame < self->frame_limit || top > self->register_limit)) {
        kr_interpreter_raise_recursion(flags & FRAME_ENTRY ? " while calling a Python object" : "");
        return NULL;
    }
    frame->previous = self->frame;
    frame->code = code;
    frame->registers = window;
    frame->next = code->instructions;
    frame->globals = globals;
    frame->builtins = builtins;
    frame->function = function;
    frame->locals = locals;
    frame->frame_object = EMPTY;
    frame->generator = EMPTY;
    frame->top = top;
    frame->flags = flags;
    frame->result = 0;
    self->frame = frame;
    self->stack_top = top;
    return frame;
}

/* Pushes the frame of a call, or makes the generator that the call gives (in *value, NULL
 * returned). */
static Frame *begin_function(Thread *self, Function *f, const Value *args, size_t n, Value kwnames,
                             Value *window, uint32_t flags, Value *value)
{
    Code *code = f->code;
    *value = EMPTY;
    if (UNLIKELY(window + code->register_count > self->register_limit)) {
        kr_interpreter_raise_recursion("");
        return NULL;
    }
    if (kr_call_bind(self, f, window, args, n, kwnames) < 0) return NULL;
    if (UNLIKELY(code->flags & CODE_ANY_GENERATOR)) {
        Value *top = self->stack_top;
        if (window + code->register_count > top) self->stack_top = window + code->register_count;
        *value = kr_generator_new(code, from_object(f), f->globals, f->builtins, window,
                                  code->register_count);
        self->stack_top = top;
        return NULL;
    }
    return kr_call_push(self, code, from_object(f), f->globals, f->builtins, EMPTY, window, flags);
}

Frame *kr_call_begin(Thread *self, Frame *caller, Value callee, Value *args, size_t n,
                     Value kwnames, Value *window, Value *value)
{
    Value function = callee;
    if (is_exact(callee, &kr_method_type)) {
        Method *method = object_of(callee);
        function = method->function;
        if (is_exact(function, &kr_function_type) || is_exact(function, &kr_builtin_type)) {
            *--args = method->self;
            n++;
            if (window == args + 1) window = args;
        }
    }
    if (is_exact(function, &kr_function_type))
        return begin_function(self, object_of(function), args, n, kwnames, window, 0, value);
    /* C code: the registers above the arguments are dead, and not to be scanned. */
    if (!(caller->flags & FRAME_GENERATOR)) {
        Value *end = args + n + (is_empty(kwnames) ? 0 : tuple_of(kwnames)->size);
        self->stack_top = end > caller->registers && end < caller->top ? end : caller->top;
        if (args >= caller->top) self->stack_top = end;
    }
    if (is_exact(function, &kr_builtin_type)) {
        Builtin *builtin = object_of(function);
        if (!is_empty(builtin->self)) {
            *--args = builtin->self;
            n++;
        }
        *value = kr_builtin_invoke(builtin, args, n, kwnames);
    } else {
        *value = kr_call(callee, args, n, kwnames);
    }
    self->stack_top = caller->top;
    return NULL;
}

Frame *kr_call_begin_ex(Thread *self, Frame *caller, Value callee, Value positional, Value named,
                        Value *value)
{
    if (!is_exact(positional, &kr_tuple_type)) {
        *value = EMPTY;
        positional = kr_building_star_arguments(positional, callee);
        if (is_empty(positional)) return NULL;
    }
    size_t n = tuple_of(positional)->size, keywords = is_empty(named) ? 0 : dict_of(named)->used;
    if (!is_exact(callee, &kr_function_type) && !is_exact(callee, &kr_method_type)) {
        *value = kr_call_tuple(callee, positional, named);
        return NULL;
    }
    Value *top = caller->top, *args = top + 1;
    *value = EMPTY;
    if (UNLIKELY(args + n + keywords > self->register_limit)) {
        kr_interpreter_raise_recursion("");
        return NULL;
    }
    memcpy(args, tuple_of(positional)->items, n * sizeof(Value));
    Value kwnames = EMPTY;
    if (keywords) {
        Tuple *names = kr_tuple_alloc(keywords);
        if (!names) return NULL;
        size_t position = 0, i = 0;
        while (i < keywords && kr_dict_next(named, &position, &names->items[i], &args[n + i]))
            if (UNLIKELY(!is_str(names->items[i++]))) {
                kr_raise(kr_TypeError, "keywords must be strings");
                return NULL;
            }
        kwnames = from_object(names);
    }
    /* The values stay reachable through the tuple and the dict in the caller's registers. */
    return kr_call_begin(self, caller, callee, args, n, kwnames, args, value);
}

/* ---- Entry from C ---- */

Value kr_call_function(Value function, const Value *args, size_t n, Value kwnames)
{
    Thread *self = kr_self;
    Function *f = object_of(function);
    Frame *frame;
    thread_prepare(self);
    Value *window = self->stack_top;
    if (LIKELY(f->simple_count == n && is_empty(kwnames))) {
        frame = kr_call_push(self, f->code, function, f->globals, f->builtins, EMPTY, window,
                             FRAME_ENTRY);
        if (UNLIKELY(!frame)) return EMPTY;
        for (size_t i = 0; i < n; i++) window[i] = args[i];
        clear_registers(window + n, frame->top);
        if (!is_none(f->closure)) load_closure(f, f->code, window);
    } else {
        Value value;
        frame = begin_function(self, f, args, n, kwnames, window, FRAME_ENTRY, &value);
        if (!frame) return value;
    }
    return kr_interpreter_run(self, frame, false);
}

/* globals()["__builtins__"]: a module or a dict. EMPTY if it is missing, or raised. */
static Value builtins_of(Value globals)
{
    Value builtins = kr_dict_find_ascii(globals, "__builtins__");
    if (is_empty(builtins) || is_dict(builtins)) return builtins;
    if (is_object(builtins) && kr_is_a(builtins, &kr_module_type)) return kr_module_dict(builtins);
    return kr_raise(kr_TypeError, "__builtins__ must be a dict or a module, not %T", builtins);
}

extern Value kr_builtins_for_globals(void);

Value kr_vm_run_code(Code *code, Value globals, Value locals, Value function)
{
    Thread *self = kr_self;
    thread_prepare(self);
    Value builtins = builtins_of(globals);
    if (is_empty(builtins)) {
        if (kr_raised()) return EMPTY;
        Value fresh = kr_builtins_for_globals();
        if (kr_dict_set_ascii(globals, "__builtins__", fresh) < 0) return EMPTY;
        builtins = fresh;
    }
    if (is_empty(locals)) locals = globals;
    Value *window = self->stack_top;
    Value *top = window + code->register_count;
    if (UNLIKELY(top > self->register_limit)) return kr_interpreter_raise_recursion("");
    clear_registers(window, top);
    if (!is_empty(function) && !is_none(function_of(function)->closure))
        load_closure(function_of(function), code, window);
    bool new_locals =
        (code->flags & (CODE_OPTIMIZED | CODE_NEWLOCALS)) == (CODE_OPTIMIZED | CODE_NEWLOCALS);
    if (new_locals) locals = EMPTY;
    if (code->flags & CODE_ANY_GENERATOR) {
        self->stack_top = top;
        Value generator =
            kr_generator_new(code, function, globals, builtins, window, code->register_count);
        self->stack_top = window;
        if (!is_empty(generator)) generator_of(generator)->locals = locals;
        return generator;
    }
    Frame *frame =
        kr_call_push(self, code, function, globals, builtins, locals, window, FRAME_ENTRY);
    return frame ? kr_interpreter_run(self, frame, false) : EMPTY;
}

/* ---- Constructors ---- */

/* What `C(...)` does, found once for each state of a class. */
typedef struct Constructor {
    uint64_t version; /* of the type; 0: free */
    Function
        *init; /* a live attribute of the type while its version holds; NULL: the generic way */
} Constructor;

#define CONSTRUCTORS 512
static Constructor constructors[CONSTRUCTORS];

static Function *find_init(Type *type)
{
    if (type->slots.make != kr_object_type.slots.make ||
        type->traits & (TYPE_IS_ABSTRACT | TYPE_VARIABLE))
        return NULL;
    if (!(type->traits & TYPE_HEAP)) return NULL;
    Value init = kr_type_lookup(type, KR_NAME("__init__"));
    return is_exact(init, &kr_function_type) ? object_of(init) : NULL;
}

Function *kr_call_constructor(Type *type, size_t n)
{
    Constructor *c = &constructors[((uintptr_t)type >> 5) % CONSTRUCTORS];
    if (UNLIKELY(c->version != type->version)) {
        c->init = find_init(type);
        c->version = type->version;
    }
    return c->init && c->init->simple_count == n + 1 ? c->init : NULL;
}

void kr_call_init(void) { kr_function_type.slots.call = kr_call_function; }
