/* callbacks.c: what SQLite calls back into Python: functions, aggregates, collations, authorizer,
 * progress, trace.
 *
 * SQLite is given the address of a Callback, an object that the database's list keeps alive. It may
 * call while the thread is detached. An exception cannot pass through it: the function gives SQLite an
 * error, and the exception is shown if enable_callback_tracebacks() asked for it. */
#include <stdio.h>

#include "modules/_sqlite3/core.h"
#include "modules/callback.h"

typedef struct Callback {
    KrObject head;
    KrValue callable;
    Database *database;
} Callback;

static KrType *callback_type;
static bool show_tracebacks;

static void callback_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((Callback *)self)->callable);
    kr_trace_pointer(tracer, ((Callback *)self)->database);
}

/* NULL raised. */
static Callback *new_callback(KrValue database, KrValue callable)
{
    Callback *c = kr_alloc_instance(callback_type);
    if (!c) return NULL;
    c->callable = callable;
    c->database = kr_to_object(database);
    return kr_list_append(c->database->callbacks, kr_from_object(c)) < 0 ? NULL : c;
}

void sq_report(KrValue where)
{
    if (show_tracebacks)
        kr_report_unraisable(where);
    else
        kr_clear_exception();
}
KR_FN(core, fn_enable_tracebacks, "enable_callback_tracebacks", "(enable, /)",
      "Enable or disable callback functions throwing errors to stderr.")
{
    int on = kr_truth(a[0]);
    if (on >= 0) show_tracebacks = on;
    return on < 0 ? KR_EMPTY : kr_None;
}

/* ---- Functions ------------------------------------------------------------------------------ */

static KrValue call_with(KrValue callable, int n, sqlite3_value **values)
{
    KrValue *args = kr_alloc_values((size_t)n + 1);
    if (!args) return KR_EMPTY;
    for (int i = 0; i < n; i++) {
        args[i] = sq_value(values[i]);
        if (kr_is_empty(args[i])) return KR_EMPTY;
    }
    return kr_call(callable, args, (size_t)n, KR_EMPTY);
}

static void fail(sqlite3_context *context, KrValue where, const char *words)
{
    if (kr_raised_is(kr_MemoryError))
        sqlite3_result_error_nomem(context);
    else if (kr_raised_is(kr_OverflowError))
        sqlite3_result_error_toobig(context);
    else
        sqlite3_result_error(context, words, -1);
    sq_report(where);
}

static void on_function(sqlite3_context *context, int n, sqlite3_value **values)
{
    void *entry = kr_enter_callback();
    if (!entry) return;
    Callback *c = sqlite3_user_data(context);
    KrValue result = call_with(c->callable, n, values);
    if (kr_is_empty(result) || sq_result(context, result) < 0)
        fail(context, c->callable, "user-defined function raised exception");
    kr_leave_callback(entry);
}

KR_FN(callback, database_create_function, "create_function",
      "(self, name, narg, func, deterministic, /)", NULL)
{
    Database *d = kr_to_object(a[0]);
    const char *name = kr_str_cstring(a[1]);
    int n, flags = SQLITE_UTF8 | (kr_is(a[4], kr_True) ? SQLITE_DETERMINISTIC : 0);
    if (!name || kr_to_int32(a[2], &n) < 0) return KR_EMPTY;
    Callback *c = kr_is(a[3], kr_None) ? NULL : new_callback(a[0], a[3]);
    if (kr_raised()) return KR_EMPTY;
    int code = sqlite3_create_function_v2(d->db, name, n, flags, c, c ? on_function : NULL, NULL,
                                          NULL, NULL);
    return code == SQLITE_OK ? kr_None
                             : sq_raise_class("OperationalError", "Error creating function");
}

/* ---- Aggregates: an instance a group, kept in the database's list while it is used ---- */

static KrValue *instance_slot(sqlite3_context *context)
{
    return sqlite3_aggregate_context(context, sizeof(KrValue));
}

static KrValue instance_of(sqlite3_context *context, Callback *c)
{
    KrValue *slot = instance_slot(context);
    if (!slot) return kr_raise_no_memory();
    if (!kr_is_empty(*slot)) return *slot;
    KrValue instance = kr_call0(c->callable);
    if (kr_is_empty(instance)) return KR_EMPTY;
    if (kr_list_append(c->database->callbacks, instance) < 0) return KR_EMPTY;
    return *slot = instance;
}

static void forget(Callback *c, KrValue instance)
{
    KrValue list = c->database->callbacks;
    for (size_t i = kr_list_size(list); i-- > 0;) {
        if (!kr_is(kr_list_get(list, i), instance)) continue;
        kr_list_set(list, i, kr_list_get(list, kr_list_size(list) - 1));
        kr_list_truncate(list, kr_list_size(list) - 1);
        return;
    }
}

static void on_rows(sqlite3_context *context, int n, sqlite3_value **values, const char *method)
{
    void *entry = kr_enter_callback();
    if (!entry) return;
    Callback *c = sqlite3_user_data(context);
    KrValue instance = instance_of(context, c);
    if (kr_is_empty(instance)) {
        fail(context, c->callable, "user-defined aggregate's '__init__' method raised error");
    } else {
        KrValue callable = kr_getattr_ascii(instance, method);
        char words[96];
        snprintf(words, sizeof words,
                 kr_is_empty(callable) ? "user-defined aggregate's '%s' method not defined"
                                       : "user-defined aggregate's '%s' method raised error",
                 method);
        if (kr_is_empty(callable) || kr_is_empty(call_with(callable, n, values)))
            fail(context, c->callable, words);
    }
    kr_leave_callback(entry);
}
static void on_step(sqlite3_context *context, int n, sqlite3_value **values)
{
    on_rows(context, n, values, "step");
}
static void on_inverse(sqlite3_context *context, int n, sqlite3_value **values)
{
    on_rows(context, n, values, "inverse");
}

static void on_answer(sqlite3_context *context, const char *method, bool last)
{
    void *entry = kr_enter_callback();
    if (!entry) return;
    Callback *c = sqlite3_user_data(context);
    KrValue *slot = instance_slot(context);
    /* After a failed __init__ there is no instance; without rows one is made now. */
    KrValue instance = slot ? instance_of(context, c) : kr_raise_no_memory();
    if (kr_is_empty(instance)) {
        fail(context, c->callable, "user-defined aggregate's '__init__' method raised error");
    } else {
        KrValue callable = kr_getattr_ascii(instance, method);
        char words[96];
        snprintf(words, sizeof words,
                 kr_is_empty(callable) ? "user-defined aggregate's '%s' method not defined"
                                       : "user-defined aggregate's '%s' method raised error",
                 method);
        KrValue result = kr_is_empty(callable) ? callable : kr_call0(callable);
        if (kr_is_empty(result) || sq_result(context, result) < 0)
            fail(context, c->callable, words);
        if (last) forget(c, instance);
    }
    kr_leave_callback(entry);
}
static void on_finalize(sqlite3_context *context) { on_answer(context, "finalize", true); }
static void on_value(sqlite3_context *context) { on_answer(context, "value", false); }

KR_FN(callback, database_create_aggregate, "create_aggregate", "(self, name, narg, cls, window, /)",
      NULL)
{
    Database *d = kr_to_object(a[0]);
    const char *name = kr_str_cstring(a[1]);
    int n, code;
    if (!name || kr_to_int32(a[2], &n) < 0) return KR_EMPTY;
    Callback *c = kr_is(a[3], kr_None) ? NULL : new_callback(a[0], a[3]);
    if (kr_raised()) return KR_EMPTY;
    if (kr_is(a[4], kr_True))
        code = c ? sqlite3_create_window_function(d->db, name, n, SQLITE_UTF8, c, on_step,
                                                  on_finalize, on_value, on_inverse, NULL)
                 : sqlite3_create_window_function(d->db, name, n, SQLITE_UTF8, NULL, NULL, NULL,
                                                  NULL, NULL, NULL);
    else
        code = sqlite3_create_function_v2(d->db, name, n, SQLITE_UTF8, c, NULL, c ? on_step : NULL,
                                          c ? on_finalize : NULL, NULL);
    if (code == SQLITE_OK) return kr_None;
    if (kr_is(a[4], kr_True)) return sq_raise(d->db, code);
    return sq_raise_class("OperationalError", "Error creating aggregate");
}

/* ---- Collations and the rest ---------------------------------------------------------------- */

static int on_collate(void *self, int n, const void *a, int m, const void *b)
{
    void *entry = kr_enter_callback();
    int64_t order = 0;
    if (!entry) return 0;
    Callback *c = self;
    KrValue x = kr_str_sized(a, (size_t)n), y = kr_is_empty(x) ? x : kr_str_sized(b, (size_t)m);
    KrValue result = kr_is_empty(y) ? y : kr_call2(c->callable, x, y);
    if (kr_is_empty(result))
        sq_report(c->callable);
    else if (!kr_is_int(result))
        order = 0;
    else
        order = kr_int_sign(result);
    kr_leave_callback(entry);
    return (int)order;
}
KR_FN(callback, database_create_collation, "create_collation", "(self, name, callback, /)", NULL)
{
    Database *d = kr_to_object(a[0]);
    const char *name = kr_str_cstring(a[1]);
    if (!name) return KR_EMPTY;
    Callback *c = kr_is(a[2], kr_None) ? NULL : new_callback(a[0], a[2]);
    if (kr_raised()) return KR_EMPTY;
    int code =
        sqlite3_create_collation_v2(d->db, name, SQLITE_UTF8, c, c ? on_collate : NULL, NULL);
    return code == SQLITE_OK ? kr_None : sq_raise(d->db, code);
}

static KrValue optional_text(const char *text)
{
    return text ? kr_str_fs(text, strlen(text)) : kr_None;
}

static int on_authorize(void *self, int action, const char *a, const char *b, const char *database,
                        const char *source)
{
    void *entry = kr_enter_callback();
    int answer = SQLITE_DENY;
    if (!entry) return SQLITE_DENY;
    Callback *c = self;
    const KrValue args[] = {kr_int(action), optional_text(a), optional_text(b),
                            optional_text(database), optional_text(source)};
    KrValue result = kr_call(c->callable, args, 5, KR_EMPTY);
    if (kr_is_empty(result) || !kr_is_int(result) || kr_to_int32(result, &answer) < 0) {
        answer = SQLITE_DENY;
        if (kr_raised()) sq_report(c->callable);
    }
    kr_leave_callback(entry);
    return answer;
}
KR_FN(callback, database_set_authorizer, "set_authorizer", "(self, callback, /)", NULL)
{
    Database *d = kr_to_object(a[0]);
    Callback *c = kr_is(a[1], kr_None) ? NULL : new_callback(a[0], a[1]);
    if (kr_raised()) return KR_EMPTY;
    int code = sqlite3_set_authorizer(d->db, c ? on_authorize : NULL, c);
    return code == SQLITE_OK
               ? kr_None
               : sq_raise_class("OperationalError", "Error setting authorizer callback");
}

static int on_progress(void *self)
{
    void *entry = kr_enter_callback();
    if (!entry) return 1;
    Callback *c = self;
    KrValue result = kr_call0(c->callable);
    int stop = kr_is_empty(result) ? -1 : kr_truth(result);
    if (stop < 0) sq_report(c->callable);
    kr_leave_callback(entry);
    return stop != 0;
}
KR_FN(callback, database_set_progress, "set_progress_handler", "(self, callback, n, /)", NULL)
{
    Database *d = kr_to_object(a[0]);
    int n;
    if (kr_to_int32(a[2], &n) < 0) return KR_EMPTY;
    Callback *c = kr_is(a[1], kr_None) ? NULL : new_callback(a[0], a[1]);
    if (kr_raised()) return KR_EMPTY;
    sqlite3_progress_handler(d->db, c ? n : 0, c ? on_progress : NULL, c);
    return kr_None;
}

static int on_trace(KR_UNUSED unsigned kind, void *self, void *statement, void *sql)
{
    void *entry = kr_enter_callback();
    if (!entry) return 0;
    Callback *c = self;
    /* Triggers come as comments; statements with their parameters filled in. */
    const char *text = sql;
    char *expanded = strncmp(text, "--", 2) == 0 ? NULL : sqlite3_expanded_sql(statement);
    KrValue shown = optional_text(expanded ? expanded : text);
    sqlite3_free(expanded);
    if (kr_is_empty(shown) || kr_is_empty(kr_call1(c->callable, shown))) sq_report(c->callable);
    kr_leave_callback(entry);
    return 0;
}
KR_FN(callback, database_set_trace, "set_trace_callback", "(self, callback, /)", NULL)
{
    Database *d = kr_to_object(a[0]);
    Callback *c = kr_is(a[1], kr_None) ? NULL : new_callback(a[0], a[1]);
    if (kr_raised()) return KR_EMPTY;
    sqlite3_trace_v2(d->db, SQLITE_TRACE_STMT, c ? on_trace : NULL, c);
    return kr_None;
}

#include "modules/_sqlite3/callbacks.entries.h"

const KrFunction *const *sq_callback_methods = callback_functions;

int sq_callbacks_init(KrValue module)
{
    static const KrTypeSpec spec = {.name = "_sqlite3.Callback",
                                    .size = sizeof(Callback),
                                    .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT,
                                    .trace = callback_trace};
    KrValue f = kr_function_new(&fn_enable_tracebacks_entry, KR_EMPTY, kr_str("_sqlite3"));
    if (!kr_type_once(&callback_type, &spec) || kr_is_empty(f)) return -1;
    return kr_module_add(module, "enable_callback_tracebacks", f);
}
