/* core.c: databases and statements of SQLite, on which _sqlite3/__init__.py builds connections and
 * cursors.
 *
 * What may take long (opening, preparing, stepping) runs detached; SQLite's own mutex keeps threads
 * apart that share a database. Functions that SQLite calls back are in callbacks.c. */
#include "modules/_sqlite3/core.h"

KrType *sq_database_type, *sq_statement_type;

/* name -> exception class, set by the package. */
static KrValue exceptions;

static Database *database_of(KrValue v) { return kr_to_object(v); }
static Statement *statement_of(KrValue v) { return kr_to_object(v); }

/* ---- Errors --------------------------------------------------------------------------------- */

static KrType *class_named(const char *name)
{
    KrValue class = kr_is_empty(exceptions) ? KR_EMPTY : kr_dict_find_ascii(exceptions, name);
    return kr_is_empty(class) ? kr_RuntimeError : kr_to_object(class);
}

KrValue sq_raise_class(const char *name, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    kr_raise_v(class_named(name), format, args);
    va_end(args);
    return KR_EMPTY;
}

static const char *class_of_code(int code)
{
    switch (code & 0xff) {
    case SQLITE_INTERNAL:
    case SQLITE_NOTFOUND: return "InternalError";
    case SQLITE_ERROR:
    case SQLITE_PERM:
    case SQLITE_ABORT:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_READONLY:
    case SQLITE_INTERRUPT:
    case SQLITE_IOERR:
    case SQLITE_FULL:
    case SQLITE_CANTOPEN:
    case SQLITE_PROTOCOL:
    case SQLITE_EMPTY:
    case SQLITE_SCHEMA: return "OperationalError";
    case SQLITE_CORRUPT: return "DatabaseError";
    case SQLITE_TOOBIG: return "DataError";
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH: return "IntegrityError";
    case SQLITE_MISUSE:
    case SQLITE_RANGE: return "InterfaceError";
    default: return "DatabaseError";
    }
}

KrValue sq_raise(sqlite3 *db, int code)
{
    if (kr_raised()) return KR_EMPTY;
    if ((code & 0xff) == SQLITE_NOMEM) return kr_raise_no_memory();
    int extended = db ? sqlite3_extended_errcode(db) : code;
    const char *words = db ? sqlite3_errmsg(db) : sqlite3_errstr(code);
    KrType *class = class_named(class_of_code(code));
    KrValue error = kr_call1(kr_type_value(class), kr_str_fs(words, strlen(words)));
    KrValue names = kr_dict_find_ascii(exceptions, "names");
    KrValue name = kr_is_empty(names) ? KR_EMPTY : kr_dict_find(names, kr_int(extended));
    if (kr_is_empty(error) || kr_setattr_ascii(error, "sqlite_errorcode", kr_int(extended)) < 0 ||
        kr_setattr_ascii(error, "sqlite_errorname", kr_is_empty(name) ? kr_str("unknown") : name) <
            0)
        return KR_EMPTY;
    return kr_raise_value(error);
}

KR_FN(core, fn_set_exceptions, "set_exceptions", "(classes, /)", NULL)
{
    kr_root(&exceptions);
    exceptions = a[0];
    return kr_None;
}

static sqlite3 *open_db(KrValue self)
{
    sqlite3 *db = database_of(self)->db;
    if (!db) sq_raise_class("ProgrammingError", "Cannot operate on a closed database.");
    return db;
}

/* ---- Databases ------------------------------------------------------------------------------ */

static void database_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((Database *)self)->callbacks);
    kr_trace(tracer, ((Database *)self)->text_factory);
}
static void database_release(void *self)
{
    /* Statements die in any order: the library frees the database with the last of them. */
    sqlite3_close_v2(((Database *)self)->db);
}

KR_FN(core, fn_open, "open", "(path, flags, timeout, /)", NULL)
{
    KrValue keep;
    int flags;
    double timeout;
    const char *path = kr_path_bytes(a[0], &keep);
    if (!path || kr_to_int32(a[1], &flags) < 0 || kr_to_double(a[2], &timeout) < 0) return KR_EMPTY;
    Database *d = kr_alloc_instance(sq_database_type);
    if (!d) return KR_EMPTY;
    d->callbacks = kr_list(NULL, 0);
    d->text_factory = kr_type_value(&kr_str_type);
    sqlite3 *db = NULL;
    kr_detach();
    int code = sqlite3_open_v2(path, &db, flags, NULL);
    if (code == SQLITE_OK) sqlite3_busy_timeout(db, (int)(timeout * 1000));
    kr_attach();
    d->db = db;
    if (code == SQLITE_OK) return kr_from_object(d);
    sq_raise(db, code);
    d->db = NULL;
    sqlite3_close_v2(db);
    return KR_EMPTY;
}

KR_FN(database, database_close, "close", "(self, /)", NULL)
{
    sqlite3 *db = database_of(a[0])->db;
    database_of(a[0])->db = NULL;
    kr_detach();
    sqlite3_close_v2(db);
    kr_attach();
    return kr_None;
}
KR_FN(database, database_changes, "changes", "(self, /)", NULL)
{
    sqlite3 *db = open_db(a[0]);
    return db ? kr_int(sqlite3_changes(db)) : KR_EMPTY;
}
KR_FN(database, database_total_changes, "total_changes", "(self, /)", NULL)
{
    sqlite3 *db = open_db(a[0]);
    return db ? kr_int(sqlite3_total_changes(db)) : KR_EMPTY;
}
KR_FN(database, database_last_rowid, "last_rowid", "(self, /)", NULL)
{
    sqlite3 *db = open_db(a[0]);
    return db ? kr_int(sqlite3_last_insert_rowid(db)) : KR_EMPTY;
}
KR_FN(database, database_autocommit, "autocommit", "(self, /)", NULL)
{
    sqlite3 *db = open_db(a[0]);
    return db ? kr_bool(sqlite3_get_autocommit(db)) : KR_EMPTY;
}
KR_FN(database, database_interrupt, "interrupt", "(self, /)", NULL)
{
    sqlite3 *db = open_db(a[0]);
    if (!db) return KR_EMPTY;
    sqlite3_interrupt(db);
    return kr_None;
}
KR_FN(database, database_limit, "limit", "(self, category, value, /)", NULL)
{
    int category, value;
    sqlite3 *db = open_db(a[0]);
    if (!db || kr_to_int32(a[1], &category) < 0 || kr_to_int32(a[2], &value) < 0) return KR_EMPTY;
    int old = sqlite3_limit(db, category, value);
    return old < 0 ? sq_raise_class("ProgrammingError", "'category' is out of bounds")
                   : kr_int(old);
}
KR_FN(database, database_set_text_factory, "set_text_factory", "(self, factory, /)", NULL)
{
    database_of(a[0])->text_factory = a[1];
    return kr_None;
}
KR_FN(database, database_serialize, "serialize", "(self, name, /)", NULL)
{
    const char *name = kr_str_cstring(a[1]);
    sqlite3 *db = open_db(a[0]);
    sqlite3_int64 size;
    if (!name || !db) return KR_EMPTY;
    kr_detach();
    unsigned char *data = sqlite3_serialize(db, name, &size, 0);
    kr_attach();
    if (!data) return sq_raise_class("OperationalError", "unable to serialize '%s'", name);
    KrValue bytes = kr_bytes(data, (size_t)size);
    sqlite3_free(data);
    return bytes;
}
KR_FN(database, database_deserialize, "deserialize", "(self, data, name, /)", NULL)
{
    KrBuffer view;
    const char *name = kr_str_cstring(a[2]);
    sqlite3 *db = open_db(a[0]);
    if (!name || !db || kr_buffer_get(a[1], &view, KR_BUFFER_READ) < 0) return KR_EMPTY;
    unsigned char *data = sqlite3_malloc64((sqlite3_uint64)view.size);
    int code = SQLITE_NOMEM;
    if (data) {
        memcpy(data, view.data, (size_t)view.size);
        code = sqlite3_deserialize(db, name, data, view.size, view.size,
                                   SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE);
    }
    kr_buffer_release(&view);
    return code == SQLITE_OK ? kr_None : sq_raise(db, code);
}
/* Copies pages to another database: True when more are left. */
KR_FN(database, database_backup, "backup", "(self, target, pages, name, progress, sleep, /)", NULL)
{
    sqlite3 *from = open_db(a[0]), *to = from ? open_db(a[1]) : NULL;
    int pages;
    double sleep;
    const char *name = kr_str_cstring(a[3]);
    if (!to || !name || kr_to_int32(a[2], &pages) < 0 || kr_to_double(a[5], &sleep) < 0)
        return KR_EMPTY;
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, name);
    if (!backup) return sq_raise(to, sqlite3_errcode(to));
    int code;
    do {
        kr_detach();
        code = sqlite3_backup_step(backup, pages);
        if (code == SQLITE_BUSY || code == SQLITE_LOCKED) sqlite3_sleep((int)(sleep * 1000));
        kr_attach();
        if (!kr_is(a[4], kr_None)) {
            const KrValue args[] = {kr_int(code), kr_int(sqlite3_backup_remaining(backup)),
                                    kr_int(sqlite3_backup_pagecount(backup))};
            if (kr_is_empty(kr_call(a[4], args, 3, KR_EMPTY))) break;
        }
    } while (code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED);
    int end = sqlite3_backup_finish(backup);
    if (kr_raised()) return KR_EMPTY;
    return end == SQLITE_OK ? kr_None : sq_raise(to, end);
}

/* ---- Statements ----------------------------------------------------------------------------- */

static void statement_trace(void *self, KrTracer *tracer)
{
    kr_trace_pointer(tracer, ((Statement *)self)->database);
}
static void statement_release(void *self) { sqlite3_finalize(((Statement *)self)->statement); }

/* Blank, or comments only? */
static bool is_blank(const char *sql)
{
    for (; *sql; sql++) {
        if (sql[0] == '-' && sql[1] == '-') {
            while (*sql && *sql != '\n') sql++;
            if (!*sql) return true;
        } else if (sql[0] == '/' && sql[1] == '*') {
            const char *end = strstr(sql + 2, "*/");
            if (!end) return true;
            sql = end + 1;
        } else if (!strchr(" \t\r\n;", *sql)) {
            return false;
        }
    }
    return true;
}

/* (statement, what stands behind its first instruction) */
KR_FN(database, database_prepare, "prepare", "(self, sql, /)", NULL)
{
    sqlite3 *db = open_db(a[0]);
    size_t n;
    const char *sql = db ? kr_str_utf8(a[1], &n) : NULL, *tail;
    if (!sql) return KR_EMPTY;
    if (strlen(sql) != n)
        return sq_raise_class("ProgrammingError", "the query contains a null character");
    if (n > (size_t)sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, -1))
        return sq_raise_class("DataError", "query string is too large");
    Statement *s = kr_alloc_instance(sq_statement_type);
    if (!s) return KR_EMPTY;
    s->database = database_of(a[0]);
    kr_detach();
    int code = sqlite3_prepare_v2(db, sql, (int)n + 1, &s->statement, &tail);
    kr_attach();
    if (code != SQLITE_OK) return sq_raise(db, code);
    return kr_tuple_of(2, kr_from_object(s), kr_str(is_blank(tail) ? "" : tail));
}

static sqlite3_stmt *live(KrValue self)
{
    Statement *s = statement_of(self);
    if (!s->database->db) {
        sq_raise_class("ProgrammingError", "Cannot operate on a closed database.");
        return NULL;
    }
    if (!s->statement) sq_raise_class("ProgrammingError", "the statement was finalized");
    return s->statement;
}

static KrValue bind_failed(int index, KrValue value)
{
    if (kr_raised()) return KR_EMPTY;
    return sq_raise_class("ProgrammingError",
                          "Error binding parameter %d: type '%T' is not supported", index, value);
}

/* Parameter index gets the value, which was adapted. */
KR_FN(statement, statement_bind, "bind", "(self, index, value, /)", NULL)
{
    sqlite3_stmt *s = live(a[0]);
    int index, code;
    if (!s || kr_to_int32(a[1], &index) < 0) return KR_EMPTY;
    if (kr_is(a[2], kr_None)) {
        code = sqlite3_bind_null(s, index);
    } else if (kr_is_int(a[2])) {
        int64_t x;
        if (kr_to_int64(a[2], &x) < 0) {
            kr_clear_exception();
            return kr_raise(kr_OverflowError, "Python int too large to convert to SQLite INTEGER");
        }
        code = sqlite3_bind_int64(s, index, x);
    } else if (kr_is_float(a[2])) {
        double x;
        if (kr_to_double(a[2], &x) < 0) return KR_EMPTY;
        code = sqlite3_bind_double(s, index, x);
    } else if (kr_is_str(a[2])) {
        size_t n;
        const char *text = kr_str_utf8(a[2], &n);
        if (!text) return KR_EMPTY;
        code = sqlite3_bind_text64(s, index, text, n, SQLITE_TRANSIENT, SQLITE_UTF8);
    } else if (kr_has_buffer(a[2])) {
        KrBuffer view;
        if (kr_buffer_get(a[2], &view, KR_BUFFER_READ) < 0) return KR_EMPTY;
        code = sqlite3_bind_blob64(s, index, view.size ? view.data : "", (sqlite3_uint64)view.size,
                                   SQLITE_TRANSIENT);
        kr_buffer_release(&view);
    } else {
        return bind_failed(index, a[2]);
    }
    return code == SQLITE_OK ? kr_None : sq_raise(statement_of(a[0])->database->db, code);
}

KR_FN(statement, statement_parameters, "parameters", "(self, /)",
      "The names of the parameters with their sign; None for those without one.")
{
    sqlite3_stmt *s = live(a[0]);
    if (!s) return KR_EMPTY;
    KrValue list = kr_list(NULL, 0);
    int n = sqlite3_bind_parameter_count(s);
    for (int i = 1; !kr_is_empty(list) && i <= n; i++) {
        const char *name = sqlite3_bind_parameter_name(s, i);
        KrValue text = name ? kr_str(name) : kr_None;
        if (kr_is_empty(text) || kr_list_append(list, text) < 0) return KR_EMPTY;
    }
    return list;
}

/* True: a row is there; False: done. */
KR_FN(statement, statement_step, "step", "(self, /)", NULL)
{
    sqlite3_stmt *s = live(a[0]);
    if (!s) return KR_EMPTY;
    kr_detach();
    int code = sqlite3_step(s);
    kr_attach();
    if (kr_raised()) return KR_EMPTY;
    if (code == SQLITE_ROW) return kr_True;
    return code == SQLITE_DONE ? kr_False : sq_raise(statement_of(a[0])->database->db, code);
}

static KrValue text_column(Statement *s, int i)
{
    const char *text = (const char *)sqlite3_column_text(s->statement, i);
    size_t n = (size_t)sqlite3_column_bytes(s->statement, i);
    KrValue factory = s->database->text_factory;
    if (!text) return kr_raise_no_memory();
    if (kr_is(factory, kr_type_value(&kr_bytes_type))) return kr_bytes(text, n);
    if (kr_is(factory, kr_type_value(&kr_bytearray_type))) return kr_bytearray(text, n);
    if (!kr_is(factory, kr_type_value(&kr_str_type))) {
        KrValue bytes = kr_bytes(text, n);
        return kr_is_empty(bytes) ? bytes : kr_call1(factory, bytes);
    }
    KrValue value = kr_str_sized(text, n);
    if (!kr_is_empty(value) || !kr_raised_is(kr_UnicodeDecodeError)) return value;
    kr_clear_exception();
    KrValue shown = kr_str_decode(text, n, "ascii", "replace");
    return sq_raise_class("OperationalError",
                          "Could not decode to UTF-8 column '%s' with text '%S'",
                          sqlite3_column_name(s->statement, i), shown);
}

static KrValue column(Statement *s, int i, KrValue converter)
{
    int type = sqlite3_column_type(s->statement, i);
    if (type == SQLITE_NULL) return kr_None;
    if (!kr_is(converter, kr_None)) {
        const void *data = sqlite3_column_blob(s->statement, i);
        size_t n = (size_t)sqlite3_column_bytes(s->statement, i);
        KrValue bytes = kr_bytes(n ? data : "", n);
        return kr_is_empty(bytes) ? bytes : kr_call1(converter, bytes);
    }
    if (type == SQLITE_INTEGER) return kr_int(sqlite3_column_int64(s->statement, i));
    if (type == SQLITE_FLOAT) return kr_float(sqlite3_column_double(s->statement, i));
    if (type == SQLITE_TEXT) return text_column(s, i);
    const void *data = sqlite3_column_blob(s->statement, i);
    size_t n = (size_t)sqlite3_column_bytes(s->statement, i);
    return kr_bytes(n ? data : "", n);
}

/* The row as a tuple; converters: None, or a list of one a column. */
KR_FN(statement, statement_row, "row", "(self, converters, /)", NULL)
{
    if (!live(a[0])) return KR_EMPTY;
    Statement *s = statement_of(a[0]);
    int n = sqlite3_data_count(s->statement);
    KrValue *values = kr_alloc_values((size_t)n + 1);
    if (!values) return KR_EMPTY;
    for (int i = 0; i < n; i++) {
        KrValue converter = kr_None;
        if (kr_is_list(a[1]) && (size_t)i < kr_list_size(a[1]))
            converter = kr_list_get(a[1], (size_t)i);
        values[i] = column(s, i, converter);
        if (kr_is_empty(values[i])) return KR_EMPTY;
    }
    return kr_tuple(values, (size_t)n);
}

static KrValue column_texts(KrValue self, const char *(*get)(sqlite3_stmt *, int))
{
    sqlite3_stmt *s = live(self);
    if (!s) return KR_EMPTY;
    KrValue list = kr_list(NULL, 0);
    int n = sqlite3_column_count(s);
    for (int i = 0; !kr_is_empty(list) && i < n; i++) {
        const char *text = get(s, i);
        KrValue item = text ? kr_str_fs(text, strlen(text)) : kr_None;
        if (kr_is_empty(item) || kr_list_append(list, item) < 0) return KR_EMPTY;
    }
    return list;
}
KR_FN(statement, statement_columns, "columns", "(self, /)", NULL)
{
    return column_texts(a[0], sqlite3_column_name);
}
KR_FN(statement, statement_decltypes, "decltypes", "(self, /)", NULL)
{
    return column_texts(a[0], sqlite3_column_decltype);
}
KR_FN(statement, statement_reset, "reset", "(self, /)", NULL)
{
    Statement *s = statement_of(a[0]);
    if (!s->statement) return kr_None;
    kr_detach();
    sqlite3_reset(s->statement);
    kr_attach();
    sqlite3_clear_bindings(s->statement);
    return kr_None;
}
KR_FN(statement, statement_finalize, "finalize", "(self, /)", NULL)
{
    Statement *s = statement_of(a[0]);
    sqlite3_stmt *statement = s->statement;
    s->statement = NULL;
    kr_detach();
    sqlite3_finalize(statement);
    kr_attach();
    return kr_None;
}
KR_FN(statement, statement_exists, "exists", "(self, /)", "Is there an instruction in it?")
{
    return kr_bool(statement_of(a[0])->statement != NULL);
}
KR_FN(statement, statement_read_only, "read_only", "(self, /)", NULL)
{
    sqlite3_stmt *s = live(a[0]);
    return s ? kr_bool(sqlite3_stmt_readonly(s)) : KR_EMPTY;
}

/* ---- Values for callbacks ------------------------------------------------------------------- */

KrValue sq_value(sqlite3_value *value)
{
    size_t n;
    switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER: return kr_int(sqlite3_value_int64(value));
    case SQLITE_FLOAT: return kr_float(sqlite3_value_double(value));
    case SQLITE_TEXT: {
        const char *text = (const char *)sqlite3_value_text(value);
        return text ? kr_str_sized(text, (size_t)sqlite3_value_bytes(value)) : kr_raise_no_memory();
    }
    case SQLITE_BLOB:
        n = (size_t)sqlite3_value_bytes(value);
        return kr_bytes(n ? sqlite3_value_blob(value) : "", n);
    default: return kr_None;
    }
}

int sq_result(sqlite3_context *context, KrValue v)
{
    if (kr_is(v, kr_None)) {
        sqlite3_result_null(context);
    } else if (kr_is_int(v)) {
        int64_t x;
        if (kr_to_int64(v, &x) < 0) return -1;
        sqlite3_result_int64(context, x);
    } else if (kr_is_float(v)) {
        double x;
        if (kr_to_double(v, &x) < 0) return -1;
        sqlite3_result_double(context, x);
    } else if (kr_is_str(v)) {
        size_t n;
        const char *text = kr_str_utf8(v, &n);
        if (!text) return -1;
        sqlite3_result_text64(context, text, n, SQLITE_TRANSIENT, SQLITE_UTF8);
    } else if (kr_has_buffer(v)) {
        KrBuffer view;
        if (kr_buffer_get(v, &view, KR_BUFFER_READ) < 0) return -1;
        sqlite3_result_blob64(context, view.size ? view.data : "", (sqlite3_uint64)view.size,
                              SQLITE_TRANSIENT);
        kr_buffer_release(&view);
    } else {
        sq_raise_class("ProgrammingError", "unsupported result type '%T'", v);
        return -1;
    }
    return 0;
}

KR_FN(core, fn_complete, "complete_statement", "(statement)",
      "Checks if a string contains a complete SQL statement.")
{
    const char *sql = kr_str_cstring(a[0]);
    return sql ? kr_bool(sqlite3_complete(sql)) : KR_EMPTY;
}
KR_FN(core, fn_shared_cache, "enable_shared_cache", "(do_enable)",
      "Enable or disable shared cache mode for the calling thread.")
{
    int on = kr_truth(a[0]);
    if (on < 0) return KR_EMPTY;
    return sqlite3_enable_shared_cache(on) == SQLITE_OK
               ? kr_None
               : sq_raise_class("OperationalError", "Changing the shared_cache flag failed");
}

#include "modules/_sqlite3/core.entries.h"

static int core_exec(KrValue module)
{
    static const KrTypeSpec statement_spec = {.name = "_sqlite3.Statement",
                                              .size = sizeof(Statement),
                                              .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT,
                                              .trace = statement_trace,
                                              .release = statement_release,
                                              .functions = statement_functions};
    static const KrFunction *methods[64];
    static KrTypeSpec database_spec;
    if (sq_callbacks_init(module) < 0 || sq_blob_init() < 0) return -1;
    size_t n = 0;
    for (size_t i = 0; database_functions[i]; i++) methods[n++] = database_functions[i];
    for (size_t i = 0; sq_callback_methods[i]; i++) methods[n++] = sq_callback_methods[i];
    for (size_t i = 0; sq_blob_methods[i]; i++) methods[n++] = sq_blob_methods[i];
    database_spec = (KrTypeSpec){.name = "_sqlite3.Database",
                                 .size = sizeof(Database),
                                 .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT,
                                 .trace = database_trace,
                                 .release = database_release,
                                 .functions = methods};
    kr_type_once(&sq_database_type, &database_spec);
    kr_type_once(&sq_statement_type, &statement_spec);
    if (!sq_database_type || !sq_statement_type) return -1;
    return kr_module_add(module, "sqlite_version", kr_str(sqlite3_libversion()));
}

KR_MODULE(_sqlite3_core) = {.api_version = KR_API_VERSION,
                            .name = "_sqlite3_core",
                            .functions = core_functions,
                            .exec = core_exec,
                            .doc = "SQLite's databases and statements."};
