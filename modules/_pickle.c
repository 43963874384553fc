/* _pickle.c: the _pickle module: its functions, exceptions and PickleBuffer. The two machines stand
 * beside it: _pickle_save.c writes, _pickle_load.c reads. */
#include "modules/_pickle.h"

KrType *pickle_error, *pickle_pickling_error, *pickle_unpickling_error, *pickle_buffer_type;
KrValue pickle_dispatch_table, pickle_extensions, pickle_extension_names, pickle_extension_cache;

/* ---- Names with dots ------------------------------------------------------------------------ */

KrValue pickle_split_name(KrValue object, KrValue name)
{
    KrValue parts = kr_call_method1(name, "split", kr_str("."));
    if (kr_is_empty(parts)) return KR_EMPTY;
    for (size_t i = 0; i < kr_list_size(parts); i++) {
        if (!kr_str_equal_ascii(kr_list_get(parts, i), "<locals>")) continue;
        if (kr_is_empty(object))
            return kr_raise(kr_AttributeError, "Can't pickle local object %R", name);
        return kr_raise(kr_AttributeError, "Can't pickle local attribute %R on %R", name, object);
    }
    return parts;
}

KrValue pickle_deep_attribute(KrValue object, KrValue path, KrValue *parent)
{
    for (size_t i = 0; i < kr_list_size(path); i++) {
        *parent = object;
        object = kr_getattr(object, kr_list_get(path, i));
        if (kr_is_empty(object)) return KR_EMPTY;
    }
    return object;
}

/* ---- PickleBuffer --------------------------------------------------------------------------- */

/* A buffer that may travel beside the pickle. */
typedef struct PickleBuffer {
    KrObject head;
    KrBuffer view;
    bool held;
} PickleBuffer;

static PickleBuffer *buffer_of(KrValue v) { return kr_to_object(v); }

KrBuffer *pickle_buffer_view(KrValue v)
{
    if (buffer_of(v)->held) return &buffer_of(v)->view;
    kr_raise(kr_ValueError, "operation forbidden on released PickleBuffer object");
    return NULL;
}

static void buffer_trace(void *self, KrTracer *tracer)
{
    PickleBuffer *b = self;
    if (b->held) kr_trace(tracer, b->view.owner);
}

static KrValue buffer_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    static const KrFunction constructor = {"PickleBuffer", "(object, /)", NULL,
                                           NULL,           KR_KIND_BOUND, NULL};
    KrValue slots[1];
    if (kr_bind(&constructor, args, n, kwnames, slots) < 0) return KR_EMPTY;
    PickleBuffer *b = kr_alloc_instance(type);
    if (!b || kr_buffer_get(slots[0], &b->view, KR_BUFFER_STRIDES | KR_BUFFER_FORMAT) < 0)
        return KR_EMPTY;
    b->held = true;
    return kr_from_object(b);
}

/* The finalizer runs while what the view belongs to is still there. */
static void buffer_finalize(KrValue self)
{
    PickleBuffer *b = buffer_of(self);
    if (b->held) kr_buffer_release(&b->view);
    b->held = false;
}

static int buffer_get(KrValue self, KrBuffer *buffer, int flags)
{
    KrBuffer *view = pickle_buffer_view(self);
    return view ? kr_buffer_get(view->owner, buffer, flags) : -1;
}

/* Do the items lie without gaps in C order, or in Fortran's? */
static bool is_contiguous(const KrBuffer *b, bool fortran)
{
    if (!b->shape || !b->strides) return true;
    int64_t step = b->item_size;
    for (int i = 0; i < b->rank; i++)
        if (b->shape[i] == 0) return true;
    for (int i = 0; i < b->rank; i++) {
        int axis = fortran ? i : b->rank - 1 - i;
        if (b->shape[axis] != 1 && b->strides[axis] != step) return false;
        step *= b->shape[axis];
    }
    return true;
}

/* Memory in Fortran order as a row of bytes, for memoryview(), whose cast() takes C order only. */
typedef struct RawBytes {
    KrObject head;
    KrValue source; /* the PickleBuffer */
    KrBuffer view;  /* held as long as this object lives */
    bool held;
} RawBytes;

static KrType *raw_type;

static void raw_trace(void *self, KrTracer *tracer)
{
    RawBytes *raw = self;
    kr_trace(tracer, raw->source);
    if (raw->held) kr_trace(tracer, raw->view.owner);
}
static void raw_finalize(KrValue self)
{
    RawBytes *raw = kr_to_object(self);
    if (raw->held) kr_buffer_release(&raw->view);
    raw->held = false;
}
static int raw_buffer(KrValue self, KrBuffer *buffer, KR_UNUSED int flags)
{
    RawBytes *raw = kr_to_object(self);
    *buffer = (KrBuffer){.data = raw->view.data,
                         .owner = self,
                         .size = raw->view.size,
                         .item_size = 1,
                         .rank = 1,
                         .read_only = raw->view.read_only};
    return 0;
}
/* The last view went: the exporter may move again. */
static void raw_buffer_release(KrValue self, KR_UNUSED KrBuffer *buffer) { raw_finalize(self); }

KR_FN(pickle_buffer, buffer_raw, "raw", "(self, /)",
      "Return a memoryview of the raw memory underlying this buffer.\n\n"
      "Will raise BufferError is the buffer isn't contiguous.")
{
    KrBuffer *view = pickle_buffer_view(a[0]);
    if (!view) return KR_EMPTY;
    if (!is_contiguous(view, false) && !is_contiguous(view, true))
        return kr_raise(kr_BufferError, "cannot extract raw buffer from non-contiguous buffer");
    if (is_contiguous(view, false)) {
        KrValue memory = kr_call1(kr_type_value(&kr_memoryview_type), view->owner);
        return kr_is_empty(memory) ? KR_EMPTY : kr_call_method1(memory, "cast", kr_str("B"));
    }
    RawBytes *raw = kr_alloc_instance(raw_type);
    if (!raw) return KR_EMPTY;
    raw->source = a[0];
    if (kr_buffer_get(view->owner, &raw->view, KR_BUFFER_STRIDES | KR_BUFFER_FORMAT) < 0)
        return KR_EMPTY;
    raw->held = true;
    return kr_call1(kr_type_value(&kr_memoryview_type), kr_from_object(raw));
}
KR_FN(pickle_buffer, buffer_release, "release", "(self, /)",
      "Release the underlying buffer exposed by the PickleBuffer object.")
{
    buffer_finalize(a[0]);
    return kr_None;
}

/* ---- Functions ------------------------------------------------------------------------------ */

KR_FN(pickle, fn_dump, "dump",
      "(obj, file, protocol=None, *, fix_imports=True, buffer_callback=None)",
      "Write a pickled representation of obj to the open file object file.\n\n"
      "This is equivalent to ``Pickler(file, protocol).dump(obj)``, but may\n"
      "be more efficient.")
{
    return pickle_dump(a[0], a[1], a[2], a[3], a[4]);
}
KR_FN(pickle, fn_dumps, "dumps", "(obj, protocol=None, *, fix_imports=True, buffer_callback=None)",
      "Return the pickled representation of the object as a bytes object.")
{
    return pickle_dump(a[0], KR_EMPTY, a[1], a[2], a[3]);
}
KR_FN(pickle, fn_load, "load",
      "(file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=<unset>)",
      "Read and return an object from the pickle data stored in a file.\n\n"
      "This is equivalent to ``Unpickler(file).load()``, but may be more\n"
      "efficient.")
{
    return pickle_load(a[0], KR_EMPTY, a[1], a[2], a[3], a[4]);
}
KR_FN(pickle, fn_loads, "loads",
      "(data, /, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=<unset>)",
      "Read and return an object from the given pickle data.")
{
    return pickle_load(KR_EMPTY, a[0], a[1], a[2], a[3], a[4]);
}

#include "modules/_pickle.entries.h"

/* Takes copyreg's tables, which it fills in place. */
static int take_tables(void)
{
    static const struct {
        const char *name;
        KrValue *to;
    } tables[] = {{"dispatch_table", &pickle_dispatch_table},
                  {"_extension_registry", &pickle_extensions},
                  {"_inverted_registry", &pickle_extension_names},
                  {"_extension_cache", &pickle_extension_cache}};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        KrValue dict = kr_import_attr("copyreg", tables[i].name);
        if (kr_is_empty(dict)) return -1;
        if (!kr_is_dict(dict)) {
            kr_raise(kr_RuntimeError, "copyreg.%s should be a dict, not %T", tables[i].name, dict);
            return -1;
        }
        kr_root(tables[i].to);
        *tables[i].to = dict;
    }
    return 0;
}

static int pickle_exec(KrValue module)
{
    static const KrTypeSpec buffer_spec = {
        .name = "pickle.PickleBuffer",
        .doc = "Wrapper for potentially out-of-band buffers",
        .size = sizeof(PickleBuffer),
        .trace = buffer_trace,
        .functions = pickle_buffer_functions,
        .slots = {.make = buffer_make, .finalize = buffer_finalize, .buffer = buffer_get}};
    static const KrTypeSpec raw_spec = {.name = "_pickle.RawBytes",
                                        .size = sizeof(RawBytes),
                                        .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT,
                                        .trace = raw_trace,
                                        .slots = {.finalize = raw_finalize,
                                                  .buffer = raw_buffer,
                                                  .buffer_release = raw_buffer_release}};
    static KrValue error, pickling, unpickling;
    if (take_tables() < 0) return -1;
    pickle_error = add_exception(module, "_pickle", "PickleError", kr_Exception, &error);
    if (!pickle_error) return -1;
    pickle_pickling_error =
        add_exception(module, "_pickle", "PicklingError", pickle_error, &pickling);
    pickle_unpickling_error =
        add_exception(module, "_pickle", "UnpicklingError", pickle_error, &unpickling);
    if (!pickle_pickling_error || !pickle_unpickling_error) return -1;
    if (!kr_type_once(&raw_type, &raw_spec) || !kr_type_once(&pickle_buffer_type, &buffer_spec) ||
        kr_module_add_type(module, pickle_buffer_type) < 0)
        return -1;
    return pickle_save_init(module) < 0 ? -1 : pickle_load_init(module);
}

KR_MODULE(_pickle) = {.api_version = KR_API_VERSION,
                      .name = "_pickle",
                      .functions = pickle_functions,
                      .exec = pickle_exec,
                      .doc = "Optimized C implementation for the Python pickle module."};
