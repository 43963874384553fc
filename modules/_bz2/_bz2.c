/* _bz2.c: the _bz2 module on libbzip2: a compressor and a decompressor, which bz2.py makes files of. */
#include <bzlib.h>
#include <limits.h>

#include "modules/coder.h"

typedef struct Compressor {
    Encoder encoder;
    bz_stream z;
    bool open;
} Compressor;

typedef struct Decompressor {
    Decoder decoder;
    bz_stream z;
} Decompressor;

static KrType *compressor_type, *decompressor_type;


static void fail(int error)
{
    switch (error) {
    case BZ_PARAM_ERROR:
        kr_raise(kr_ValueError, "Internal error - invalid parameters passed to libbzip2");
        return;
    case BZ_MEM_ERROR: kr_raise_no_memory(); return;
    case BZ_DATA_ERROR:
    case BZ_DATA_ERROR_MAGIC: kr_raise(kr_OSError, "Invalid data stream"); return;
    case BZ_IO_ERROR: kr_raise(kr_OSError, "Unknown I/O error"); return;
    case BZ_UNEXPECTED_EOF:
        kr_raise(kr_EOFError,
                 "Compressed file ended before the logical end-of-stream was detected");
        return;
    case BZ_SEQUENCE_ERROR:
        kr_raise(kr_RuntimeError, "Internal error - Invalid sequence of commands sent to libbzip2");
        return;
    default: kr_raise(kr_OSError, "Unrecognized error from libbzip2: %d", error);
    }
}

static unsigned clamp(size_t n) { return n > UINT_MAX ? UINT_MAX : (unsigned)n; }

/* ---- Compressing ---------------------------------------------------------------------------- */

static KrValue compressor_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    static const KrFunction entry = {"BZ2Compressor", "(compresslevel=9, /)", NULL, NULL, 0, NULL};
    KrValue slots[1];
    int level;
    if (kr_bind(&entry, args, n, kwnames, slots) < 0 || kr_to_int32(slots[0], &level) < 0)
        return KR_EMPTY;
    if (level < 1 || level > 9)
        return kr_raise(kr_ValueError, "compresslevel must be between 1 and 9");
    Compressor *c = kr_alloc_instance(type);
    if (!c) return KR_EMPTY;
    pthread_mutex_init(&c->encoder.lock, NULL);
    int error = BZ2_bzCompressInit(&c->z, level, 0, 0);
    if (error != BZ_OK) return fail(error), KR_EMPTY;
    c->open = true;
    kr_external_memory(level * 1000000LL);
    return kr_from_object(c);
}

static void compressor_release(void *self)
{
    Compressor *c = self;
    if (c->open) BZ2_bzCompressEnd(&c->z);
}

/* Detached: 0 or the library's error. */
static int compress(Encoder *e, const uint8_t *data, size_t n, bool finish, Output *out)
{
    Compressor *c = (Compressor *)e;
    int action = finish ? BZ_FINISH : BZ_RUN;
    if (n == 0 && !finish) return 0;
    c->z.next_in = (char *)data;
    for (;;) {
        c->z.avail_in = clamp(n);
        size_t given = c->z.avail_in;
        int64_t room = coder_room(out, -1);
        if (room < 0) return BZ_MEM_ERROR;
        c->z.next_out = (char *)out->data + out->size;
        c->z.avail_out = clamp((size_t)room);
        size_t free_before = c->z.avail_out;
        /* BZ_FINISH wants all input at once; more than 4 GB are run in first. */
        int code = BZ2_bzCompress(&c->z, n > UINT_MAX ? BZ_RUN : action);
        out->size += free_before - c->z.avail_out;
        n -= given - c->z.avail_in;
        if (code < 0) return code;
        if (action == BZ_RUN && n == 0) return 0;
        if (action == BZ_FINISH && code == BZ_STREAM_END) return 0;
    }
}

KR_FN(compressor, compressor_compress, "compress", "(self, data, /)",
      "Provide data to the compressor object.\n\n"
      "Returns a chunk of compressed data if possible, or b'' otherwise.\n\n"
      "When you have finished providing data to the compressor, call the\n"
      "flush() method to finish the compression process.")
{
    return encoder_compress(encoder_of(a[0]), a[1], compress, fail);
}
KR_FN(compressor, compressor_flush, "flush", "(self, /)",
      "Finish the compression process.\n\n"
      "Returns the compressed data left in internal buffers.\n\n"
      "The compressor object may not be used after this method is called.")
{
    return encoder_call(encoder_of(a[0]), NULL, 0, true, compress, fail);
}
KR_FN(compressor, compressor_reduce, "__reduce__", "(self, /)", NULL)
{
    return kr_raise(kr_TypeError, "cannot pickle '%T' object", a[0]);
}

/* ---- Decompressing -------------------------------------------------------------------------- */

static KrValue decompressor_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    static const KrFunction entry = {"BZ2Decompressor", "()", NULL, NULL, 0, NULL};
    KrValue none[1];
    if (kr_bind(&entry, args, n, kwnames, none) < 0) return KR_EMPTY;
    Decompressor *d = kr_alloc_instance(type);
    if (!d) return KR_EMPTY;
    int error = BZ2_bzDecompressInit(&d->z, 0, 0);
    if (error != BZ_OK) return fail(error), KR_EMPTY;
    decoder_init(&d->decoder);
    kr_external_memory(4000000);
    return kr_from_object(d);
}

static void decompressor_release(void *self)
{
    Decompressor *d = self;
    if (d->decoder.open) BZ2_bzDecompressEnd(&d->z);
    free(d->decoder.left.data);
}

static int decompress(Decoder *decoder, Output *out, int64_t limit)
{
    bz_stream *z = &((Decompressor *)decoder)->z;
    for (;;) {
        int64_t room = coder_room(out, limit);
        if (room < 0) return BZ_MEM_ERROR;
        if (room == 0) return 0;
        unsigned given = clamp(decoder->available), free_before = clamp((size_t)room);
        z->next_in = (char *)decoder->next;
        z->avail_in = given;
        z->next_out = (char *)out->data + out->size;
        z->avail_out = free_before;
        int code = BZ2_bzDecompress(z);
        decoder->next += given - z->avail_in;
        decoder->available -= given - z->avail_in;
        out->size += free_before - z->avail_out;
        decoder->eof = code == BZ_STREAM_END;
        if (decoder->eof) return 0;
        if (code != BZ_OK) return code;
        if (decoder->available == 0 && z->avail_out > 0) return 0;
    }
}

KR_FN(decompressor, decompressor_decompress, "decompress", "(self, /, data, max_length=-1)",
      "Decompress *data*, returning uncompressed data as bytes.\n\n"
      "If *max_length* is nonnegative, returns at most *max_length* bytes of\n"
      "decompressed data. If this limit is reached and further output can be\n"
      "produced, *self.needs_input* will be set to ``False``. In this case, the next\n"
      "call to *decompress()* may provide *data* as b'' to obtain more of the output.\n\n"
      "Attempting to decompress data after the end of stream is reached raises an\n"
      "EOFError.  Any data found after the end of the stream is ignored and saved in\n"
      "the unused_data attribute.")
{
    return decoder_decompress(decoder_of(a[0]), a[1], a[2], decompress, fail);
}
KR_FN(decompressor, decompressor_reduce, "__reduce__", "(self, /)", NULL)
{
    return kr_raise(kr_TypeError, "cannot pickle '%T' object", a[0]);
}

static KrValue get_eof(KrValue self) { return kr_bool(decoder_of(self)->eof); }
static KrValue get_needs_input(KrValue self) { return kr_bool(decoder_of(self)->needs_input); }
static KrValue get_unused_data(KrValue self) { return decoder_of(self)->unused_data; }
KR_GETSET(decompressor, get_eof, NULL, "eof", "True if the end-of-stream marker has been reached.")
KR_GETSET(decompressor, get_needs_input, NULL, "needs_input",
          "True if more input is needed before more decompressed data can be produced.")
KR_GETSET(decompressor, get_unused_data, NULL, "unused_data",
          "Data found after the end of the compressed stream.")

#include "modules/_bz2/_bz2.entries.h"

static int bz2_exec(KrValue module)
{
    static const KrTypeSpec compressor = {
        .name = "_bz2.BZ2Compressor",
        .doc = "Create a compressor object for compressing data incrementally.\n\n"
               "  compresslevel\n    Compression level, as a number between 1 and 9.\n\n"
               "For one-shot compression, use the compress() function instead.",
        .size = sizeof(Compressor),
        .release = compressor_release,
        .functions = compressor_functions,
        .slots = {.make = compressor_make}};
    static const KrTypeSpec decompressor = {
        .name = "_bz2.BZ2Decompressor",
        .doc = "Create a decompressor object for decompressing data incrementally.\n\n"
               "For one-shot decompression, use the decompress() function instead.",
        .size = sizeof(Decompressor),
        .trace = decoder_trace,
        .release = decompressor_release,
        .functions = decompressor_functions,
        .getset = decompressor_getset,
        .slots = {.make = decompressor_make}};
    kr_type_once(&compressor_type, &compressor);
    kr_type_once(&decompressor_type, &decompressor);
    if (!compressor_type || !decompressor_type || kr_module_add_type(module, compressor_type) < 0)
        return -1;
    return kr_module_add_type(module, decompressor_type);
}

KR_MODULE(_bz2) = {.api_version = KR_API_VERSION, .name = "_bz2", .exec = bz2_exec};
