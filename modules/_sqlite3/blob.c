/* blob.c: a cell's bytes, read and written in place; and loadable extensions. */
#include "modules/_sqlite3/core.h"

typedef struct BlobHandle {
    KrObject head;
    sqlite3_blob *blob; /* NULL: closed */
    Database *database;
} BlobHandle;

static KrType *blob_type;

static BlobHandle *blob_of(KrValue v) { return kr_to_object(v); }
static void blob_trace(void *self, KrTracer *tracer)
{
    kr_trace_pointer(tracer, ((BlobHandle *)self)->database);
}
static void blob_release(void *self) { sqlite3_blob_close(((BlobHandle *)self)->blob); }

KR_FN(database_blob, database_blob_open, "blob_open",
      "(self, table, column, row, readonly, name, /)", NULL)
{
    Database *d = kr_to_object(a[0]);
    const char *table = kr_str_cstring(a[1]), *column = table ? kr_str_cstring(a[2]) : NULL;
    const char *name = column ? kr_str_cstring(a[5]) : NULL;
    int64_t row;
    if (!name || kr_to_int64(a[3], &row) < 0) return KR_EMPTY;
    BlobHandle *b = kr_alloc_instance(blob_type);
    if (!b) return KR_EMPTY;
    b->database = d;
    kr_detach();
    int code = sqlite3_blob_open(d->db, name, table, column, row, !kr_is(a[4], kr_True), &b->blob);
    kr_attach();
    if (code == SQLITE_MISUSE) return sq_raise_class("InterfaceError", "%s", sqlite3_errstr(code));
    return code == SQLITE_OK ? kr_from_object(b) : sq_raise(d->db, code);
}

static KrValue blob_failed(BlobHandle *b, int code)
{
    if (code == SQLITE_ABORT)
        return sq_raise_class("OperationalError", "Cannot operate on an expired blob handle");
    return sq_raise(b->database->db, code);
}

KR_FN(blob, blob_size, "size", "(self, /)", NULL)
{
    return kr_int(sqlite3_blob_bytes(blob_of(a[0])->blob));
}
KR_FN(blob, blob_read, "read", "(self, offset, length, /)", NULL)
{
    BlobHandle *b = blob_of(a[0]);
    int offset, length;
    if (kr_to_int32(a[1], &offset) < 0 || kr_to_int32(a[2], &length) < 0) return KR_EMPTY;
    KrValue bytes = kr_bytes(NULL, (size_t)length);
    if (kr_is_empty(bytes)) return KR_EMPTY;
    kr_detach();
    int code = sqlite3_blob_read(b->blob, kr_bytes_data(bytes), length, offset);
    kr_attach();
    return code == SQLITE_OK ? bytes : blob_failed(b, code);
}
KR_FN(blob, blob_write, "write", "(self, data, offset, /)", NULL)
{
    BlobHandle *b = blob_of(a[0]);
    KrBuffer view;
    int offset;
    if (kr_to_int32(a[2], &offset) < 0 || kr_buffer_get(a[1], &view, KR_BUFFER_READ) < 0)
        return KR_EMPTY;
    kr_detach();
    int code = sqlite3_blob_write(b->blob, view.data, (int)view.size, offset);
    kr_attach();
    kr_buffer_release(&view);
    return code == SQLITE_OK ? kr_None : blob_failed(b, code);
}
KR_FN(blob, blob_close, "close", "(self, /)", NULL)
{
    BlobHandle *b = blob_of(a[0]);
    sqlite3_blob *blob = b->blob;
    b->blob = NULL;
    kr_detach();
    sqlite3_blob_close(blob);
    kr_attach();
    return kr_None;
}

KR_FN(database_blob, database_enable_extensions, "enable_load_extension", "(self, enable, /)", NULL)
{
    Database *d = kr_to_object(a[0]);
    int on = kr_truth(a[1]);
    if (on < 0) return KR_EMPTY;
    if (sqlite3_enable_load_extension(d->db, on) == SQLITE_OK) return kr_None;
    return sq_raise_class("OperationalError", "Error enabling load extension");
}
KR_FN(database_blob, database_load_extension, "load_extension", "(self, name, /)", NULL)
{
    Database *d = kr_to_object(a[0]);
    const char *name = kr_str_cstring(a[1]);
    char *words = NULL;
    if (!name) return KR_EMPTY;
    kr_detach();
    int code = sqlite3_load_extension(d->db, name, NULL, &words);
    kr_attach();
    if (code == SQLITE_OK) return kr_None;
    sq_raise_class("OperationalError", "%s", words ? words : "error loading extension");
    sqlite3_free(words);
    return KR_EMPTY;
}

#include "modules/_sqlite3/blob.entries.h"

const KrFunction *const *sq_blob_methods = database_blob_functions;

int sq_blob_init(void)
{
    static const KrTypeSpec spec = {.name = "_sqlite3.BlobHandle",
                                    .size = sizeof(BlobHandle),
                                    .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT,
                                    .trace = blob_trace,
                                    .release = blob_release,
                                    .functions = blob_functions};
    return kr_type_once(&blob_type, &spec) ? 0 : -1;
}
