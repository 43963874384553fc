/* zlib.c: the zlib module on the system's zlib.
 *
 * One-shot functions on large data run detached. Streams stay attached: a stream is no place for
 * two threads at once, and the lock is what keeps them apart. Output grows as zlib fills it; a
 * stream is moved in steps of at most UINT_MAX bytes, the range of zlib's counters. */
#include <limits.h>
#include <zlib.h>

#include "modules/support.h"

enum { DETACH_FROM = 65536, FIRST_OUTPUT = 16384 };

static KrValue error_class;
static KrType *error_type, *compress_type, *decompress_type;

typedef struct Stream {
    KrObject head;
    z_stream z;
    bool open, eof;
    KrValue unused_data, unconsumed_tail, dictionary; /* bytes; dictionary KR_EMPTY: none */
} Stream;

static Stream *stream_of(KrValue v) { return kr_to_object(v); }

static KrValue raise_zlib(const z_stream *z, int code, const char *what)
{
    const char *message = z->msg;
    if (code == Z_VERSION_ERROR) message = "library version mismatch";
    if (!message && code == Z_BUF_ERROR) message = "incomplete or truncated stream";
    if (!message && code == Z_STREAM_ERROR) message = "inconsistent stream state";
    if (!message && code == Z_DATA_ERROR) message = "invalid input data";
    if (message) return kr_raise(error_type, "Error %d %s: %s", code, what, message);
    return kr_raise(error_type, "Error %d %s", code, what);
}

/* ---- Moving data through a stream ---- */

typedef int (*Step)(z_stream *z, int flush);

/* Runs `step` over n bytes of input until they are used up (or the end of the stream, or `limit`
 * bytes of output, 0 being none), the last part with `flush`. What is left stays in z->next_in;
 * *left counts it. The last code of zlib, or Z_MEM_ERROR when the output cannot grow. No objects
 * are touched. */
static int run(z_stream *z, Step step, const uint8_t *data, size_t n, int flush, size_t limit,
               Output *out, size_t *left)
{
    int code = Z_OK;
    z->next_in = (uint8_t *)data;
    *left = n;
    do {
        z->avail_in = *left > UINT_MAX ? UINT_MAX : (uInt)*left;
        *left -= z->avail_in;
        do {
            size_t room = out->capacity - out->size;
            if (room == 0) {
                size_t more = out->capacity ? out->capacity : FIRST_OUTPUT;
                if (limit && out->capacity + more > limit) more = limit - out->capacity;
                if (more == 0) {
                    *left += z->avail_in;
                    return code;
                }
                uint8_t *grown = realloc(out->data, out->capacity + more);
                if (!grown) return Z_MEM_ERROR;
                out->data = grown;
                out->capacity += more;
                room = more;
            }
            if (room > UINT_MAX) room = UINT_MAX;
            z->next_out = out->data + out->size;
            z->avail_out = (uInt)room;
            code = step(z, *left ? Z_NO_FLUSH : flush);
            out->size += room - z->avail_out;
            if (code != Z_OK && code != Z_BUF_ERROR) {
                *left += z->avail_in;
                return code;
            }
        } while (z->avail_out == 0);
    } while (*left && z->avail_in == 0);
    *left += z->avail_in;
    return code;
}

/* ---- One-shot functions ---- */

KR_FN(zlib, zlib_compress, "compress", "(data, /, level=-1, wbits=15)",
      "Returns a bytes object containing compressed data.\n\n  data\n    Binary data to be "
      "compressed.\n  level\n"
      "    Compression level, in 0-9 or -1.\n  wbits\n    The window buffer size and container "
      "format.")
{
    int level, wbits;
    KrBuffer view;
    if (kr_to_int32(a[1], &level) < 0 || kr_to_int32(a[2], &wbits) < 0 ||
        kr_buffer_get(a[0], &view, KR_BUFFER_READ) < 0)
        return KR_EMPTY;
    z_stream z = {0};
    Output out = {0};
    size_t left;
    bool detached = view.size >= DETACH_FROM;
    int code = deflateInit2(&z, level, Z_DEFLATED, wbits, 8, Z_DEFAULT_STRATEGY);
    const char *what = "while compressing data";
    if (code == Z_OK) {
        if (detached) kr_detach();
        code = run(&z, deflate, view.data, (size_t)view.size, Z_FINISH, 0, &out, &left);
        int end = deflateEnd(&z);
        if (code == Z_STREAM_END) {
            code = end;
            what = "while finishing compression";
        }
        if (detached) kr_attach();
        if (code == Z_MEM_ERROR)
            kr_raise(kr_MemoryError, "Out of memory while compressing data");
        else if (code != Z_OK)
            raise_zlib(&z, code, what);
    } else if (code == Z_MEM_ERROR)
        kr_raise(kr_MemoryError, "Out of memory while compressing data");
    else if (code == Z_STREAM_ERROR)
        kr_raise(error_type, "Bad compression level");
    else
        raise_zlib(&z, code, what);
    kr_buffer_release(&view);
    return output_finish(&out);
}

KR_FN(zlib, zlib_decompress, "decompress", "(data, /, wbits=15, bufsize=16384)",
      "Returns a bytes object containing the uncompressed data.\n\n  data\n    Compressed data.\n  "
      "wbits\n"
      "    The window buffer size and container format.\n  bufsize\n    The initial output buffer "
      "size.")
{
    int wbits;
    int64_t bufsize;
    KrBuffer view;
    if (kr_to_int32(a[1], &wbits) < 0 || kr_to_int64(a[2], &bufsize) < 0) return KR_EMPTY;
    if (bufsize < 0) return kr_raise(kr_ValueError, "bufsize must be non-negative");
    if (kr_buffer_get(a[0], &view, KR_BUFFER_READ) < 0) return KR_EMPTY;
    z_stream z = {0};
    Output out = {0};
    size_t left = 0;
    bool detached = view.size >= DETACH_FROM;
    int code = inflateInit2(&z, wbits);
    if (code == Z_OK) {
        if (bufsize > 0 && output_reserve(&out, (size_t)bufsize) < 0) {
            inflateEnd(&z);
            kr_buffer_release(&view);
            return output_finish(&out);
        }
        if (detached) kr_detach();
        code = run(&z, inflate, view.data, (size_t)view.size, Z_SYNC_FLUSH, 0, &out, &left);
        if (detached) kr_attach();
        if (code == Z_MEM_ERROR)
            kr_raise(kr_MemoryError, "Out of memory while decompressing data");
        else if (code == Z_OK || code == Z_BUF_ERROR)
            raise_zlib(&z, Z_BUF_ERROR, "while decompressing data");
        else if (code != Z_STREAM_END)
            raise_zlib(&z, code, "while decompressing data");
        int end = inflateEnd(&z);
        if (code == Z_STREAM_END && end != Z_OK)
            raise_zlib(&z, end, "while finishing decompression");
    } else if (code == Z_MEM_ERROR)
        kr_raise(kr_MemoryError, "Out of memory while decompressing data");
    else
        raise_zlib(&z, code, "while preparing to decompress data");
    kr_buffer_release(&view);
    return output_finish(&out);
}

typedef unsigned long (*Checksum)(unsigned long start, const unsigned char *data, size_t n);

static KrValue checksum(const KrValue *a, Checksum sum)
{
    KrBuffer view;
    KrValue index = kr_index(a[1]);
    if (kr_is_empty(index) || kr_buffer_get(a[0], &view, KR_BUFFER_READ) < 0) return KR_EMPTY;
    unsigned long value = (uint32_t)kr_int_low_bits(index);
    bool detached = view.size >= DETACH_FROM;
    if (detached) kr_detach();
    if (view.size) value = sum(value, view.data, (size_t)view.size);
    if (detached) kr_attach();
    kr_buffer_release(&view);
    return kr_int((int64_t)(value & 0xffffffff));
}
KR_FN(zlib, zlib_adler32, "adler32", "(data, value=1, /)",
      "Compute an Adler-32 checksum of data.\n\n  value\n    Starting value of the checksum.\n\n"
      "The returned checksum is an integer.")
{
    return checksum(a, adler32_z);
}
KR_FN(zlib, zlib_crc32, "crc32", "(data, value=0, /)",
      "Compute a CRC-32 checksum of data.\n\n  value\n    Starting value of the checksum.\n\n"
      "The returned checksum is an integer.")
{
    return checksum(a, crc32_z);
}

/* ---- Streams ---- */

static void stream_trace(void *self, KrTracer *tracer)
{
    Stream *s = self;
    kr_trace(tracer, s->unused_data);
    kr_trace(tracer, s->unconsumed_tail);
    kr_trace(tracer, s->dictionary);
}

static void compress_release(void *self)
{
    if (((Stream *)self)->open) deflateEnd(&((Stream *)self)->z);
}
static void decompress_release(void *self)
{
    if (((Stream *)self)->open) inflateEnd(&((Stream *)self)->z);
}

static Stream *new_stream(KrType *type)
{
    KrValue none = kr_bytes("", 0);
    Stream *s = kr_is_empty(none) ? NULL : kr_alloc_instance(type);
    if (s) s->unused_data = s->unconsumed_tail = none;
    return s;
}

static int set_dictionary(Stream *s, bool inflating)
{
    KrBuffer view;
    if (kr_buffer_get(s->dictionary, &view, KR_BUFFER_READ) < 0) return -1;
    int code = view.size > UINT_MAX ? Z_BUF_ERROR
               : inflating          ? inflateSetDictionary(&s->z, view.data, (uInt)view.size)
                                    : deflateSetDictionary(&s->z, view.data, (uInt)view.size);
    bool too_long = view.size > UINT_MAX;
    kr_buffer_release(&view);
    if (code == Z_OK) return 0;
    if (too_long)
        kr_raise(kr_OverflowError, "zdict length does not fit in an unsigned int");
    else if (inflating)
        raise_zlib(&s->z, code, "while setting zdict");
    else
        kr_raise(kr_ValueError, "Invalid dictionary");
    return -1;
}

KR_FN(zlib, zlib_compressobj, "compressobj",
      "(level=-1, method=8, wbits=15, memLevel=8, strategy=0, zdict=<unset>)",
      "Return a compressor object.\n\n  level\n    The compression level (an integer in the range "
      "0-9 or -1; default is\n"
      "    currently equivalent to 6).  Higher compression levels are slower,\n    but produce "
      "smaller results.\n  method\n"
      "    The compression algorithm.  If given, this must be DEFLATED.\n  wbits\n    +9 to +15: "
      "The base-two logarithm of the "
      "window size.  Include a zlib\n        container.\n    -9 to -15: Generate a raw stream.\n   "
      " +25 to +31: Include a gzip "
      "container.\n  memLevel\n    Controls the amount of memory used for internal compression "
      "state.\n    Valid values range "
      "from 1 to 9.  Higher values result in higher memory\n    usage, faster compression, and "
      "smaller output.\n  strategy\n"
      "    Used to tune the compression algorithm.  Possible values are\n    Z_DEFAULT_STRATEGY, "
      "Z_FILTERED, and "
      "Z_HUFFMAN_ONLY.\n  zdict\n    The predefined compression dictionary - a sequence of bytes\n "
      "   containing subsequences "
      "that are likely to occur in the input data.")
{
    int options[5];
    for (int i = 0; i < 5; i++)
        if (kr_to_int32(a[i], &options[i]) < 0) return KR_EMPTY;
    Stream *s = new_stream(compress_type);
    if (!s) return KR_EMPTY;
    int code = deflateInit2(&s->z, options[0], options[1], options[2], options[3], options[4]);
    if (code == Z_MEM_ERROR)
        return kr_raise(kr_MemoryError, "Can't allocate memory for compression object");
    if (code == Z_STREAM_ERROR) return kr_raise(kr_ValueError, "Invalid initialization option");
    if (code != Z_OK) return raise_zlib(&s->z, code, "while creating compression object");
    s->open = true;
    s->dictionary = a[5];
    if (!kr_is_empty(a[5]) && set_dictionary(s, false) < 0) return KR_EMPTY;
    return kr_from_object(s);
}

KR_FN(zlib, zlib_decompressobj, "decompressobj", "(wbits=15, zdict=<unset>)",
      "Return a decompressor object.\n\n  wbits\n    The window buffer size and container "
      "format.\n  zdict\n"
      "    The predefined compression dictionary.  This must be the same\n    dictionary as used "
      "by the compressor that produced "
      "the input data.")
{
    int wbits;
    if (kr_to_int32(a[0], &wbits) < 0) return KR_EMPTY;
    if (!kr_is_empty(a[1]) && !kr_has_buffer(a[1]))
        return kr_raise(kr_TypeError, "zdict argument must support the buffer protocol");
    Stream *s = new_stream(decompress_type);
    if (!s) return KR_EMPTY;
    int code = inflateInit2(&s->z, wbits);
    if (code == Z_STREAM_ERROR) return kr_raise(kr_ValueError, "Invalid initialization option");
    if (code == Z_MEM_ERROR)
        return kr_raise(kr_MemoryError, "Can't allocate memory for decompression object");
    if (code != Z_OK) return raise_zlib(&s->z, code, "while creating decompression object");
    s->open = true;
    s->dictionary = a[1];
    if (!kr_is_empty(a[1]) && wbits < 0 && set_dictionary(s, true) < 0) return KR_EMPTY;
    return kr_from_object(s);
}

KR_FN(compress, compress_compress, "compress", "(self, data, /)",
      "Returns a bytes object containing compressed data.\n\n  data\n    Binary data to be "
      "compressed.\n\nAfter calling this "
      "function, some of the input data may still\nbe stored in internal buffers for later "
      "processing.\nCall the flush() method "
      "to clear these buffers.")
{
    Stream *s = stream_of(a[0]);
    KrBuffer view;
    if (kr_buffer_get(a[1], &view, KR_BUFFER_READ) < 0) return KR_EMPTY;
    Output out = {0};
    size_t left;
    int code = run(&s->z, deflate, view.data, (size_t)view.size, Z_NO_FLUSH, 0, &out, &left);
    if (code == Z_MEM_ERROR)
        kr_raise_no_memory();
    else if (code == Z_STREAM_ERROR)
        raise_zlib(&s->z, code, "while compressing data");
    kr_buffer_release(&view);
    return output_finish(&out);
}

KR_FN(compress, compress_flush, "flush", "(self, mode=4, /)",
      "Return a bytes object containing any remaining compressed data.\n\n  mode\n    One of the "
      "constants Z_SYNC_FLUSH, "
      "Z_FULL_FLUSH, Z_FINISH.\n    If mode == Z_FINISH, the compressor object can no longer be\n  "
      "  used after calling the "
      "flush() method.  Otherwise, more data\n    can still be compressed.")
{
    Stream *s = stream_of(a[0]);
    int mode;
    if (kr_to_int32(a[1], &mode) < 0) return KR_EMPTY;
    if (mode == Z_NO_FLUSH) return kr_bytes("", 0);
    Output out = {0};
    size_t left;
    int code = run(&s->z, deflate, (const uint8_t *)"", 0, mode, 0, &out, &left);
    if (code == Z_MEM_ERROR)
        kr_raise_no_memory();
    else if (code == Z_STREAM_END && mode == Z_FINISH) {
        int end = deflateEnd(&s->z);
        s->open = false;
        if (end != Z_OK) raise_zlib(&s->z, end, "while finishing compression");
    } else if (code != Z_OK && code != Z_BUF_ERROR)
        raise_zlib(&s->z, code, "while flushing");
    return output_finish(&out);
}

static KrValue copy_stream(KrValue self, bool inflating)
{
    Stream *s = stream_of(self), *copy = new_stream(kr_type_of(self));
    if (!copy) return KR_EMPTY;
    int code = inflating ? inflateCopy(&copy->z, &s->z) : deflateCopy(&copy->z, &s->z);
    if (code == Z_STREAM_ERROR) return kr_raise(kr_ValueError, "Inconsistent stream state");
    if (code == Z_MEM_ERROR)
        return kr_raise(kr_MemoryError, "Can't allocate memory for %scompression object",
                        inflating ? "de" : "");
    if (code != Z_OK) return raise_zlib(&s->z, code, "while copying compression object");
    copy->open = true;
    copy->eof = s->eof;
    copy->unused_data = s->unused_data;
    copy->unconsumed_tail = s->unconsumed_tail;
    copy->dictionary = s->dictionary;
    return kr_from_object(copy);
}
KR_FN(compress, compress_copy, "copy", "(self, /)", "Return a copy of the compression object.")
{
    return copy_stream(a[0], false);
}
KR_FN(compress, compress_copy2, "__copy__", "(self, /)", NULL) { return copy_stream(a[0], false); }
KR_FN(compress, compress_deepcopy, "__deepcopy__", "(self, memo, /)", NULL)
{
    return copy_stream(a[0], false);
}
KR_FN(decompress, decompress_copy, "copy", "(self, /)",
      "Return a copy of the decompression object.")
{
    return copy_stream(a[0], true);
}
KR_FN(decompress, decompress_copy2, "__copy__", "(self, /)", NULL)
{
    return copy_stream(a[0], true);
}
KR_FN(decompress, decompress_deepcopy, "__deepcopy__", "(self, memo, /)", NULL)
{
    return copy_stream(a[0], true);
}

/* Keeps what a stream did not consume as its tail; behind the end it is unused data, too. */
static int save_rest(Stream *s, int code, const uint8_t *rest, size_t n)
{
    if (code == Z_STREAM_END) {
        size_t old = kr_bytes_size(s->unused_data);
        KrValue all = kr_bytes(NULL, old + n);
        if (kr_is_empty(all)) return -1;
        memcpy(kr_bytes_data(all), kr_bytes_data(s->unused_data), old);
        if (n) memcpy(kr_bytes_data(all) + old, rest, n);
        s->unused_data = all;
        n = 0;
    }
    if (n || kr_bytes_size(s->unconsumed_tail)) {
        KrValue tail = kr_bytes(n ? (const void *)rest : "", n);
        if (kr_is_empty(tail)) return -1;
        s->unconsumed_tail = tail;
    }
    return 0;
}

/* inflate() that supplies the dictionary when the stream asks for it. */
static int inflate_with_dictionary(Stream *s, const KrBuffer *view, size_t limit, int flush,
                                   Output *out, size_t *left)
{
    const uint8_t *data = view->data;
    size_t n = (size_t)view->size;
    int code = run(&s->z, inflate, data, n, flush, limit, out, left);
    if (code != Z_NEED_DICT || kr_is_empty(s->dictionary)) return code;
    if (set_dictionary(s, true) < 0) return Z_DATA_ERROR;
    return run(&s->z, inflate, s->z.next_in, *left, flush, limit, out, left);
}

KR_FN(decompress, decompress_decompress, "decompress", "(self, data, /, max_length=0)",
      "Return a bytes object containing the decompressed version of the data.\n\n  data\n    The "
      "binary data to decompress.\n"
      "  max_length\n    The maximum allowable length of the decompressed data.\n    Unconsumed "
      "input data will be stored in\n"
      "    the unconsumed_tail attribute.\n\nAfter calling this function, some of the input data "
      "may still be stored in\n"
      "internal buffers for later processing.\nCall the flush() method to clear these buffers.")
{
    Stream *s = stream_of(a[0]);
    int64_t limit;
    if (kr_to_int64(a[2], &limit) < 0) return KR_EMPTY;
    if (limit < 0) return kr_raise(kr_ValueError, "max_length must be non-negative");
    KrBuffer view;
    if (kr_buffer_get(a[1], &view, KR_BUFFER_READ) < 0) return KR_EMPTY;
    Output out = {0};
    size_t left;
    int code = inflate_with_dictionary(s, &view, (size_t)limit, Z_SYNC_FLUSH, &out, &left);
    if (!kr_raised()) {
        if (code == Z_MEM_ERROR)
            kr_raise_no_memory();
        else if (save_rest(s, code, s->z.next_in, left) < 0)
            code = Z_MEM_ERROR;
        else if (code == Z_STREAM_END)
            s->eof = true;
        else if (code != Z_OK && code != Z_BUF_ERROR)
            raise_zlib(&s->z, code, "while decompressing data");
    }
    kr_buffer_release(&view);
    return output_finish(&out);
}

KR_FN(decompress, decompress_flush, "flush", "(self, length=16384, /)",
      "Return a bytes object containing any remaining decompressed data.\n\n  length\n    the "
      "initial size of the output buffer.")
{
    Stream *s = stream_of(a[0]);
    int64_t length;
    if (kr_to_int64(a[1], &length) < 0) return KR_EMPTY;
    if (length <= 0) return kr_raise(kr_ValueError, "length must be greater than zero");
    KrBuffer view;
    if (kr_buffer_get(s->unconsumed_tail, &view, KR_BUFFER_READ) < 0) return KR_EMPTY;
    Output out = {0};
    size_t left;
    int code = inflate_with_dictionary(s, &view, 0, Z_FINISH, &out, &left);
    if (!kr_raised()) {
        if (code == Z_MEM_ERROR)
            kr_raise_no_memory();
        else if (save_rest(s, code, s->z.next_in, left) == 0 && code == Z_STREAM_END) {
            s->eof = true;
            int end = inflateEnd(&s->z);
            s->open = false;
            if (end != Z_OK) raise_zlib(&s->z, end, "while finishing decompression");
        }
    }
    kr_buffer_release(&view);
    return output_finish(&out);
}

static KrValue stream_unused(KrValue self) { return stream_of(self)->unused_data; }
static KrValue stream_tail(KrValue self) { return stream_of(self)->unconsumed_tail; }
static KrValue stream_eof(KrValue self) { return kr_bool(stream_of(self)->eof); }
KR_GETSET(decompress, stream_unused, NULL, "unused_data", NULL)
KR_GETSET(decompress, stream_tail, NULL, "unconsumed_tail", NULL)
KR_GETSET(decompress, stream_eof, NULL, "eof", NULL)

#include "modules/zlib.entries.h"

static int zlib_exec(KrValue module)
{
    static const KrTypeSpec compress_spec = {.name = "zlib.Compress",
                                             .size = sizeof(Stream),
                                             .functions = compress_functions,
                                             .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT,
                                             .trace = stream_trace,
                                             .release = compress_release};
    static const KrTypeSpec decompress_spec = {.name = "zlib.Decompress",
                                               .size = sizeof(Stream),
                                               .getset = decompress_getset,
                                               .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT,
                                               .functions = decompress_functions,
                                               .trace = stream_trace,
                                               .release = decompress_release};
    static const IntConstant constants[] = {{"MAX_WBITS", MAX_WBITS},
                                            {"DEFLATED", Z_DEFLATED},
                                            {"DEF_MEM_LEVEL", 8},
                                            {"DEF_BUF_SIZE", FIRST_OUTPUT},
                                            {"Z_NO_COMPRESSION", 0},
                                            {"Z_BEST_SPEED", 1},
                                            {"Z_BEST_COMPRESSION", 9},
                                            {"Z_DEFAULT_COMPRESSION", -1},
                                            {"Z_FILTERED", Z_FILTERED},
                                            {"Z_HUFFMAN_ONLY", Z_HUFFMAN_ONLY},
                                            {"Z_RLE", Z_RLE},
                                            {"Z_FIXED", Z_FIXED},
                                            {"Z_DEFAULT_STRATEGY", Z_DEFAULT_STRATEGY},
                                            {"Z_NO_FLUSH", Z_NO_FLUSH},
                                            {"Z_PARTIAL_FLUSH", Z_PARTIAL_FLUSH},
                                            {"Z_SYNC_FLUSH", Z_SYNC_FLUSH},
                                            {"Z_FULL_FLUSH", Z_FULL_FLUSH},
                                            {"Z_FINISH", Z_FINISH},
                                            {"Z_BLOCK", Z_BLOCK},
                                            {"Z_TREES", Z_TREES},
                                            {NULL, 0}};
    compress_type = kr_type_new(&compress_spec);
    decompress_type = kr_type_new(&decompress_spec);
    if (!compress_type || !decompress_type || add_constants(module, constants) < 0) return -1;
    error_type = add_exception(module, "zlib", "error", kr_Exception, &error_class);
    if (!error_type || kr_module_add(module, "ZLIB_VERSION", kr_str(ZLIB_VERSION)) < 0 ||
        kr_module_add(module, "ZLIB_RUNTIME_VERSION", kr_str(zlibVersion())) < 0)
        return -1;
    return kr_module_add(module, "__version__", kr_str("1.0"));
}

KR_MODULE(zlib) = {
    .api_version = KR_API_VERSION,
    .name = "zlib",
    .doc = "The functions in this module allow compression and decompression using the\nzlib "
           "library, which is based on GNU "
           "zip.\n\nadler32(string[, start]) -- Compute an Adler-32 checksum.\ncompress(data[, "
           "level]) -- Compress data, with "
           "compression level 0-9 or -1.\ncompressobj([level[, ...]]) -- Return a compressor "
           "object.\ncrc32(string[, start]) -- "
           "Compute a CRC-32 checksum.\ndecompress(string,[wbits],[bufsize]) -- Decompresses a "
           "compressed string.\n"
           "decompressobj([wbits[, zdict]]) -- Return a decompressor object.\n\n'wbits' is window "
           "buffer size and container "
           "format.\nCompressor objects support compress() and flush() methods; "
           "decompressor\nobjects support decompress() and "
           "flush().",
    .functions = zlib_functions,
    .exec = zlib_exec,
};
