/* core.h: what the files of _sqlite3's core share: a database and a statement. */
#ifndef MODULES_SQLITE3_CORE_H
#define MODULES_SQLITE3_CORE_H

#include <sqlite3.h>

#include "modules/support.h"

typedef struct Database {
    KrObject head;
    sqlite3 *db;       /* NULL: closed */
    KrValue callbacks; /* a list: what SQLite was given, as long as the database lives */
    KrValue text_factory;
} Database;

typedef struct Statement {
    KrObject head;
    sqlite3_stmt *statement; /* NULL: finalized, or it has no instruction */
    Database *database;
} Statement;

extern KrType *sq_database_type, *sq_statement_type;

/* Raises the exception class that belongs to SQLite's code; KR_EMPTY. */
KrValue sq_raise(sqlite3 *db, int code);
KrValue sq_raise_class(const char *name, const char *format, ...);
/* A value of SQLite as Python's, without a converter. */
KrValue sq_value(sqlite3_value *value);
/* A Python value as a function's result; -1 raised. */
int sq_result(sqlite3_context *context, KrValue value);
int sq_callbacks_init(KrValue module);
int sq_blob_init(void);
/* More methods of a database. */
extern const KrFunction *const *sq_callback_methods, *const *sq_blob_methods;
/* Reports what a callback raised, when tracebacks are asked for; clears it. */
void sq_report(KrValue where);

#endif
