/* _contextvars.c: context variables. A Context is an immutable-by-convention dict that copy() shares and set() replaces:
 * copying is free, setting copies the (small) dict. The thread's current Context is kept by the runtime. */
#include "runtime/krait.h"

typedef struct Context {
    KrObject head;
    KrValue values;   /* dict ContextVar -> value, never changed in place */
    KrValue previous; /* while entered: the context to go back to, or None */
    bool entered;
} Context;

typedef struct Variable {
    KrObject head;
    KrValue name, fallback; /* fallback EMPTY: none */
} Variable;

typedef struct Token {
    KrObject head;
    KrValue context, variable, old; /* old EMPTY: was unset */
    bool used;
} Token;

static KrType *context_type, *variable_type, *token_type;
static KrValue missing; /* Token.MISSING */

static Context *context_of(KrValue v) { return (Context *)kr_to_object(v); }
static Variable *variable_of(KrValue v) { return (Variable *)kr_to_object(v); }
static Token *token_of(KrValue v) { return (Token *)kr_to_object(v); }

static void context_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((Context *)self)->values);
    kr_trace(tracer, ((Context *)self)->previous);
}
static void variable_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((Variable *)self)->name);
    kr_trace(tracer, ((Variable *)self)->fallback);
}
static void token_trace(void *self, KrTracer *tracer)
{
    Token *t = self;
    kr_trace(tracer, t->context), kr_trace(tracer, t->variable), kr_trace(tracer, t->old);
}

static KrValue context_new(KrValue values)
{
    Context *c = kr_alloc_instance(context_type);
    if (!c) return KR_EMPTY;
    c->values = values;
    c->previous = kr_None;
    return kr_from_object(c);
}

/* The calling thread's context, made when there is none. */
static KrValue current(void)
{
    KrValue context = kr_thread_context();
    if (!kr_is_empty(context)) return context;
    context = context_new(kr_dict());
    if (!kr_is_empty(context)) kr_set_thread_context(context);
    return context;
}

/* ---- Context ---- */

static KrValue context_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    (void)type, (void)args;
    if (n || !kr_is_empty(kwnames)) return kr_raise(kr_TypeError, "Context() does not accept any arguments");
    return context_new(kr_dict());
}

KR_FN_RAW(context, context_run, "run", "(self, callable, /, *args, **kwargs)", "Run callable in this context.")
{
    if (n < 2) return kr_raise(kr_TypeError, "run() missing 1 required positional argument");
    Context *c = context_of(args[0]);
    if (c->entered) return kr_raise(kr_RuntimeError, "cannot enter context: %R is already entered", args[0]);
    c->previous = current();
    if (kr_is_empty(c->previous)) return KR_EMPTY;
    c->entered = true;
    kr_set_thread_context(args[0]);
    KrValue result = kr_call(args[1], args + 2, n - 2, kwnames);
    kr_set_thread_context(c->previous);
    c->previous = kr_None;
    c->entered = false;
    return result;
}
KR_FN(context, context_copy, "copy", "(self, /)", "Return a shallow copy of the context object.") { return context_new(context_of(a[0])->values); }
static int check_key(KrValue key)
{
    if (kr_is_instance_exact(key, variable_type)) return 0;
    kr_raise(kr_TypeError, "a ContextVar key was expected, got %R", key);
    return -1;
}
KR_FN(context, context_get, "get", "(self, key, default=None, /)", "Return the value for `key` if `key` has the value in the context object.")
{
    if (check_key(a[1]) < 0) return KR_EMPTY;
    KrValue found = kr_dict_find(context_of(a[0])->values, a[1]);
    return kr_is_empty(found) && !kr_raised() ? a[2] : found;
}
KR_FN(context, context_items, "items", "(self, /)", "Return all variables and their values in the context object.") { return kr_call_method0(context_of(a[0])->values, "items"); }
KR_FN(context, context_keys, "keys", "(self, /)", "Return a list of all variables in the context object.") { return kr_call_method0(context_of(a[0])->values, "keys"); }
KR_FN(context, context_values, "values", "(self, /)", "Return a list of all variables' values in the context object.") { return kr_call_method0(context_of(a[0])->values, "values"); }
static int64_t context_length(KrValue self) { return (int64_t)kr_dict_size(context_of(self)->values); }
static KrValue context_getitem(KrValue self, KrValue key)
{
    if (check_key(key) < 0) return KR_EMPTY;
    KrValue found = kr_dict_find(context_of(self)->values, key);
    return kr_is_empty(found) && !kr_raised() ? kr_raise_key(key) : found;
}
static int context_contains(KrValue self, KrValue key)
{
    if (check_key(key) < 0) return -1;
    KrValue found = kr_dict_find(context_of(self)->values, key);
    return kr_is_empty(found) ? kr_raised() ? -1 : 0 : 1;
}
static KrValue context_iter(KrValue self) { return kr_iter(context_of(self)->values); }
static KrValue context_compare(KrValue a, KrValue b, int op)
{
    if ((op != KR_EQ && op != KR_NE) || !kr_is_instance_exact(a, context_type) || !kr_is_instance_exact(b, context_type)) return kr_NotImplemented;
    return kr_compare(context_of(a)->values, context_of(b)->values, op);
}

/* ---- ContextVar ---- */

KR_FN(variable_new, variable_bound_make, "ContextVar", "(name, /, *, default=<unset>)", "Make a variable.")
{
    if (!kr_is_str(a[0])) return kr_raise(kr_TypeError, "context variable name must be a str");
    Variable *v = kr_alloc_instance(variable_type);
    if (!v) return KR_EMPTY;
    v->name = a[0];
    v->fallback = a[1];
    return kr_from_object(v);
}
static KrValue variable_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    (void)type;
    KrValue slots[2];
    return kr_bind(&variable_bound_make_entry, args, n, kwnames, slots) < 0 ? KR_EMPTY : variable_bound_make(slots);
}
KR_FN(variable, variable_get, "get", "(self, default=<unset>, /)", "Return a value for the context variable for the current context.")
{
    KrValue context = current();
    KrValue found = kr_is_empty(context) ? KR_EMPTY : kr_dict_find(context_of(context)->values, a[0]);
    if (!kr_is_empty(found) || kr_raised()) return found;
    if (!kr_is_empty(a[1])) return a[1];
    if (!kr_is_empty(variable_of(a[0])->fallback)) return variable_of(a[0])->fallback;
    return kr_raise_object(kr_LookupError, a[0]);
}
/* Replaces the current context's dict by one with (or, value EMPTY, without) the variable. */
static int change(KrValue context, KrValue variable, KrValue value)
{
    KrValue values = kr_dict_copy(context_of(context)->values);
    if (kr_is_empty(values)) return -1;
    if (kr_is_empty(value) ? kr_dict_delete(values, variable) < 0 : kr_dict_set(values, variable, value) < 0) return -1;
    context_of(context)->values = values;
    return 0;
}
KR_FN(variable, variable_set, "set", "(self, value, /)", "Call to set a new value for the context variable in the current context.")
{
    KrValue context = current();
    if (kr_is_empty(context)) return KR_EMPTY;
    Token *t = kr_alloc_instance(token_type);
    if (!t) return KR_EMPTY;
    t->context = context;
    t->variable = a[0];
    t->old = kr_dict_find(context_of(context)->values, a[0]);
    if (kr_raised() || change(context, a[0], a[1]) < 0) return KR_EMPTY;
    return kr_from_object(t);
}
KR_FN(variable, variable_reset, "reset", "(self, token, /)", "Reset the context variable to what it was before the set() that made the token.")
{
    if (!kr_is_instance_exact(a[1], token_type)) return kr_raise(kr_TypeError, "expected an instance of Token, got %R", a[1]);
    Token *t = token_of(a[1]);
    if (t->used) return kr_raise(kr_RuntimeError, "%R has already been used once", a[1]);
    if (!kr_is(t->variable, a[0])) return kr_raise(kr_ValueError, "%R was created by a different ContextVar", a[1]);
    KrValue context = current();
    if (!kr_is(t->context, context)) return kr_raise(kr_ValueError, "%R was created in a different Context", a[1]);
    t->used = true;
    return change(context, a[0], t->old) < 0 ? KR_EMPTY : kr_None;
}
KR_CLASSMETHOD(variable, variable_class_getitem, "__class_getitem__", "(cls, item, /)", "See PEP 585") { return kr_call2(kr_type_value(&kr_generic_alias_type), a[0], a[1]); }
static KrValue variable_name(KrValue self) { return variable_of(self)->name; }
KR_GETSET(variable, variable_name, NULL, "name", "The variable's name.")
static KrValue variable_repr(KrValue self)
{
    Variable *v = variable_of(self);
    if (kr_is_empty(v->fallback)) return kr_str_format("<ContextVar name=%R at %p>", v->name, (void *)v);
    return kr_str_format("<ContextVar name=%R default=%R at %p>", v->name, v->fallback, (void *)v);
}

/* ---- Token ---- */

static KrValue token_variable(KrValue self) { return token_of(self)->variable; }
static KrValue token_old(KrValue self) { return kr_is_empty(token_of(self)->old) ? missing : token_of(self)->old; }
KR_GETSET(token, token_variable, NULL, "var", "The variable that was set.")
KR_GETSET(token, token_old, NULL, "old_value", "Its value before, or Token.MISSING.")
KR_CLASSMETHOD(token, token_class_getitem, "__class_getitem__", "(cls, item, /)", "See PEP 585") { return kr_call2(kr_type_value(&kr_generic_alias_type), a[0], a[1]); }
static KrValue token_repr(KrValue self)
{
    Token *t = token_of(self);
    return kr_str_format("<Token%s var=%R at %p>", t->used ? " used" : "", t->variable, (void *)t);
}

static KrValue missing_repr(KrValue self)
{
    (void)self;
    return kr_str("<Token.MISSING>");
}

KR_FN(contextvars, contextvars_copy_context, "copy_context", "()", "Return a copy of the current Context object.")
{
    KrValue context = current();
    return kr_is_empty(context) ? KR_EMPTY : context_new(context_of(context)->values);
}

#include "modules/_contextvars.entries.h"

static int contextvars_exec(KrValue module)
{
    static KrTypeSpec context, variable, token, nothing;
    context = (KrTypeSpec){.name = "_contextvars.Context", .size = sizeof(Context), .flags = KR_TYPE_FINAL | KR_TYPE_MAPPING, .trace = context_trace,
                           .functions = context_functions,
                           .slots = {.make = context_make, .length = context_length, .getitem = context_getitem, .contains = context_contains,
                                     .iter = context_iter, .compare = context_compare}};
    variable = (KrTypeSpec){.name = "_contextvars.ContextVar", .size = sizeof(Variable), .flags = KR_TYPE_FINAL, .trace = variable_trace,
                            .functions = variable_functions, .getset = variable_getset, .slots = {.make = variable_make, .repr = variable_repr}};
    token = (KrTypeSpec){.name = "_contextvars.Token", .size = sizeof(Token), .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT, .trace = token_trace,
                         .functions = token_functions, .getset = token_getset, .slots = {.repr = token_repr}};
    nothing = (KrTypeSpec){.name = "Token.MISSING", .size = sizeof(KrObject), .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT, .slots = {.repr = missing_repr}};
    context_type = kr_type_new(&context);
    variable_type = kr_type_new(&variable);
    token_type = kr_type_new(&token);
    KrType *missing_type = kr_type_new(&nothing);
    if (!context_type || !variable_type || !token_type || !missing_type) return -1;
    kr_root(&missing);
    missing = kr_from_object(kr_alloc_instance(missing_type));
    KrValue dict = kr_type_dict(token_type);
    if (kr_dict_set_ascii(dict, "MISSING", missing) < 0) return -1;
    return kr_module_add_type(module, context_type) < 0 || kr_module_add_type(module, variable_type) < 0 || kr_module_add_type(module, token_type) < 0 ? -1 : 0;
}

KR_MODULE(_contextvars) = {
    .api_version = KR_API_VERSION,
    .name = "_contextvars",
    .doc = "Context Variables",
    .functions = contextvars_functions,
    .exec = contextvars_exec,
};
