/* _lzma.c: the _lzma module on liblzma: a compressor and a decompressor, which lzma.py makes files of.
 *
 * A chain of filters is a sequence of dicts. Each filter's options become a struct of the library's,
 * malloc'ed for as long as the coder is being set up. */
#include <lzma.h>

#include "modules/coder.h"

enum { FORMAT_AUTO, FORMAT_XZ, FORMAT_ALONE, FORMAT_RAW };

typedef struct Compressor {
    Encoder encoder;
    lzma_stream z;
} Compressor;

typedef struct Decompressor {
    Decoder decoder;
    lzma_stream z;
    int check;
} Decompressor;

static KrType *compressor_type, *decompressor_type, *error_type;
static KrValue error_class;

static Decompressor *decompressor_of(KrValue v) { return kr_to_object(v); }

static void fail(int code)
{
    const char *words = NULL;
    switch ((lzma_ret)code) {
    case LZMA_MEM_ERROR: kr_raise_no_memory(); return;
    case LZMA_UNSUPPORTED_CHECK: words = "Unsupported integrity check"; break;
    case LZMA_MEMLIMIT_ERROR: words = "Memory usage limit exceeded"; break;
    case LZMA_FORMAT_ERROR: words = "Input format not supported by decoder"; break;
    case LZMA_OPTIONS_ERROR: words = "Invalid or unsupported options"; break;
    case LZMA_DATA_ERROR: words = "Corrupt input data"; break;
    case LZMA_BUF_ERROR: words = "Insufficient buffer space"; break;
    case LZMA_PROG_ERROR: words = "Internal error"; break;
    default: kr_raise(error_type, "Unrecognized error from liblzma: %d", code); return;
    }
    kr_raise(error_type, "%s", words);
}
static int check(lzma_ret code)
{
    if (code == LZMA_OK || code == LZMA_GET_CHECK || code == LZMA_NO_CHECK ||
        code == LZMA_STREAM_END)
        return 0;
    fail((int)code);
    return -1;
}

/* ---- Filters -------------------------------------------------------------------------------- */

/* An int of the dict; absent: 0. 1 when it was there. */
static int dict_number(KrValue dict, const char *name, uint64_t *out)
{
    KrValue v = kr_dict_find_ascii(dict, name);
    if (kr_is_empty(v)) return kr_raised() ? -1 : 0;
    return kr_to_uint64(v, out) < 0 ? -1 : 1;
}
static int dict_uint32(KrValue dict, const char *name, uint32_t *out)
{
    uint64_t x;
    int found = dict_number(dict, name, &x);
    if (found <= 0) return found;
    if (x > UINT32_MAX) {
        kr_raise(kr_OverflowError, "Value too large for uint32_t type");
        return -1;
    }
    *out = (uint32_t)x;
    return 1;
}

/* Every key of the dict is one of the names. */
static int check_keys(KrValue dict, const char *const *names, const char *kind)
{
    size_t position = 0;
    KrValue key, value;
    while (kr_dict_next(dict, &position, &key, &value)) {
        bool known = false;
        for (const char *const *name = names; *name; name++)
            known = known || (kr_is_str(key) && kr_str_equal_ascii(key, *name));
        if (known) continue;
        kr_raise(kr_ValueError, "Invalid filter specifier for %s filter", kind);
        return -1;
    }
    return 0;
}

static void *lzma_options(KrValue dict)
{
    static const char *const names[] = {"id",   "preset",   "dict_size", "lc",    "lp", "pb",
                                        "mode", "nice_len", "mf",        "depth", NULL};
    uint32_t preset = LZMA_PRESET_DEFAULT;
    if (dict_uint32(dict, "preset", &preset) < 0 || check_keys(dict, names, "LZMA") < 0)
        return NULL;
    lzma_options_lzma *o = calloc(1, sizeof *o);
    if (!o) return kr_raise_no_memory(), NULL;
    if (lzma_lzma_preset(o, preset)) {
        free(o);
        kr_raise(error_type, "Invalid compression preset: %u", preset);
        return NULL;
    }
    uint32_t mode = o->mode, finder = o->mf;
    if (dict_uint32(dict, "dict_size", &o->dict_size) < 0 || dict_uint32(dict, "lc", &o->lc) < 0 ||
        dict_uint32(dict, "lp", &o->lp) < 0 || dict_uint32(dict, "pb", &o->pb) < 0 ||
        dict_uint32(dict, "mode", &mode) < 0 || dict_uint32(dict, "nice_len", &o->nice_len) < 0 ||
        dict_uint32(dict, "mf", &finder) < 0 || dict_uint32(dict, "depth", &o->depth) < 0) {
        free(o);
        return NULL;
    }
    o->mode = mode;
    o->mf = finder;
    return o;
}

static void *delta_options(KrValue dict)
{
    static const char *const names[] = {"id", "dist", NULL};
    uint32_t distance = 1;
    if (dict_uint32(dict, "dist", &distance) < 0 || check_keys(dict, names, "delta") < 0)
        return NULL;
    lzma_options_delta *o = calloc(1, sizeof *o);
    if (!o) return kr_raise_no_memory(), NULL;
    o->type = LZMA_DELTA_TYPE_BYTE;
    o->dist = distance;
    return o;
}

static void *bcj_options(KrValue dict)
{
    static const char *const names[] = {"id", "start_offset", NULL};
    uint32_t start = 0;
    if (dict_uint32(dict, "start_offset", &start) < 0 || check_keys(dict, names, "BCJ") < 0)
        return NULL;
    lzma_options_bcj *o = calloc(1, sizeof *o);
    if (!o) return kr_raise_no_memory(), NULL;
    o->start_offset = start;
    return o;
}

static int convert_filter(lzma_filter *filter, KrValue v)
{
    uint64_t id;
    if (!kr_is_dict(v)) {
        kr_raise(kr_TypeError, "Filter specifier must be a dict or dict-like object");
        return -1;
    }
    int found = dict_number(v, "id", &id);
    if (found <= 0) {
        if (!found) kr_raise(kr_ValueError, "Filter specifier must have an \"id\" entry");
        return -1;
    }
    filter->id = id;
    switch (id) {
    case LZMA_FILTER_LZMA1:
    case LZMA_FILTER_LZMA2: filter->options = lzma_options(v); break;
    case LZMA_FILTER_DELTA: filter->options = delta_options(v); break;
    case LZMA_FILTER_X86:
    case LZMA_FILTER_POWERPC:
    case LZMA_FILTER_IA64:
    case LZMA_FILTER_ARM:
    case LZMA_FILTER_ARMTHUMB:
    case LZMA_FILTER_SPARC: filter->options = bcj_options(v); break;
    default: kr_raise(kr_ValueError, "Invalid filter ID: %llu", (unsigned long long)id); return -1;
    }
    return filter->options ? 0 : -1;
}

static void free_filters(lzma_filter *filters)
{
    for (int i = 0; i < LZMA_FILTERS_MAX && filters[i].id != LZMA_VLI_UNKNOWN; i++)
        free(filters[i].options);
}

/* A whole chain, ended by LZMA_VLI_UNKNOWN. */
static int convert_filters(lzma_filter filters[LZMA_FILTERS_MAX + 1], KrValue v)
{
    if (kr_is_dict(v)) {
        kr_raise(kr_TypeError, "dict is not a sequence");
        return -1;
    }
    KrValue list = kr_length(v) < 0 ? KR_EMPTY : kr_list_from(v);
    if (kr_is_empty(list)) return -1;
    size_t n = kr_list_size(list);
    if (n > LZMA_FILTERS_MAX) {
        kr_raise(kr_ValueError, "Too many filters - liblzma supports a maximum of %d",
                 LZMA_FILTERS_MAX);
        return -1;
    }
    for (size_t i = 0; i <= n; i++) filters[i] = (lzma_filter){.id = LZMA_VLI_UNKNOWN};
    for (size_t i = 0; i < n; i++) {
        if (convert_filter(&filters[i], kr_list_get(list, i)) == 0) continue;
        filters[i] = (lzma_filter){.id = LZMA_VLI_UNKNOWN};
        free_filters(filters);
        return -1;
    }
    return 0;
}

/* ---- Compressing ---------------------------------------------------------------------------- */

static lzma_ret init_raw(lzma_stream *z, KrValue filters, bool encode)
{
    lzma_filter chain[LZMA_FILTERS_MAX + 1];
    if (convert_filters(chain, filters) < 0) return LZMA_PROG_ERROR;
    lzma_ret code = encode ? lzma_raw_encoder(z, chain) : lzma_raw_decoder(z, chain);
    free_filters(chain);
    return code;
}
static lzma_ret init_xz(lzma_stream *z, int checksum, uint32_t preset, KrValue filters)
{
    lzma_filter chain[LZMA_FILTERS_MAX + 1];
    if (kr_is(filters, kr_None)) return lzma_easy_encoder(z, preset, (lzma_check)checksum);
    if (convert_filters(chain, filters) < 0) return LZMA_PROG_ERROR;
    lzma_ret code = lzma_stream_encoder(z, chain, (lzma_check)checksum);
    free_filters(chain);
    return code;
}
static lzma_ret init_alone(lzma_stream *z, uint32_t preset, KrValue filters)
{
    lzma_filter chain[LZMA_FILTERS_MAX + 1];
    lzma_options_lzma options;
    if (kr_is(filters, kr_None)) {
        if (!lzma_lzma_preset(&options, preset)) return lzma_alone_encoder(z, &options);
        kr_raise(error_type, "Invalid compression preset: %u", preset);
        return LZMA_PROG_ERROR;
    }
    if (convert_filters(chain, filters) < 0) return LZMA_PROG_ERROR;
    lzma_ret code = LZMA_PROG_ERROR;
    if (chain[0].id == LZMA_FILTER_LZMA1 && chain[1].id == LZMA_VLI_UNKNOWN)
        code = lzma_alone_encoder(z, chain[0].options);
    else
        kr_raise(kr_ValueError,
                 "Invalid filter chain for FORMAT_ALONE - must be a single LZMA1 filter");
    free_filters(chain);
    return code;
}

static KrValue compressor_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    static const KrFunction entry = {
        "LZMACompressor", "(format=1, check=-1, preset=None, filters=None)", NULL, NULL, 0, NULL};
    KrValue s[4];
    int format, checksum;
    uint64_t preset = LZMA_PRESET_DEFAULT;
    if (kr_bind(&entry, args, n, kwnames, s) < 0 || kr_to_int32(s[0], &format) < 0 ||
        kr_to_int32(s[1], &checksum) < 0)
        return KR_EMPTY;
    if (!kr_is(s[2], kr_None) && !kr_is(s[3], kr_None))
        return kr_raise(kr_ValueError, "Cannot specify both preset and filter chain");
    if (!kr_is(s[2], kr_None) && kr_to_uint64(s[2], &preset) < 0) return KR_EMPTY;
    if (preset > UINT32_MAX) return kr_raise(kr_OverflowError, "Value too large for uint32_t type");
    if (format != FORMAT_XZ && checksum != -1 && checksum != LZMA_CHECK_NONE)
        return kr_raise(kr_ValueError, "Integrity checks are only supported by FORMAT_XZ");
    Compressor *c = kr_alloc_instance(type);
    if (!c) return KR_EMPTY;
    pthread_mutex_init(&c->encoder.lock, NULL);
    lzma_ret code;
    if (format == FORMAT_XZ) {
        code = init_xz(&c->z, checksum == -1 ? LZMA_CHECK_CRC64 : checksum, (uint32_t)preset, s[3]);
    } else if (format == FORMAT_ALONE) {
        code = init_alone(&c->z, (uint32_t)preset, s[3]);
    } else if (format == FORMAT_RAW) {
        if (kr_is(s[3], kr_None))
            return kr_raise(kr_ValueError, "Must specify filters for FORMAT_RAW");
        code = init_raw(&c->z, s[3], true);
    } else {
        return kr_raise(kr_ValueError, "Invalid container format: %d", format);
    }
    if (kr_raised() || check(code) < 0) return KR_EMPTY;
    kr_external_memory(16000000);
    return kr_from_object(c);
}

static void compressor_release(void *self) { lzma_end(&((Compressor *)self)->z); }

/* Detached: 0 or the library's error. */
static int compress(Encoder *e, const uint8_t *data, size_t n, bool finish, Output *out)
{
    Compressor *c = (Compressor *)e;
    lzma_action action = finish ? LZMA_FINISH : LZMA_RUN;
    c->z.next_in = data;
    c->z.avail_in = n;
    for (;;) {
        int64_t room = coder_room(out, -1);
        if (room < 0) return LZMA_MEM_ERROR;
        c->z.next_out = out->data + out->size;
        c->z.avail_out = (size_t)room;
        lzma_ret code = lzma_code(&c->z, action);
        out->size += (size_t)room - c->z.avail_out;
        if (code == LZMA_BUF_ERROR && n == 0 && c->z.avail_out > 0) return 0;
        if (code == LZMA_STREAM_END) return 0;
        if (code != LZMA_OK) return (int)code;
        if (action == LZMA_RUN && c->z.avail_in == 0) return 0;
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

static lzma_ret init_decoder(lzma_stream *z, int format, uint64_t limit, KrValue filters)
{
    const uint32_t flags = LZMA_TELL_ANY_CHECK | LZMA_TELL_NO_CHECK;
    switch (format) {
    case FORMAT_AUTO: return lzma_auto_decoder(z, limit, flags);
    case FORMAT_XZ: return lzma_stream_decoder(z, limit, flags);
    case FORMAT_ALONE: return lzma_alone_decoder(z, limit);
    case FORMAT_RAW: return init_raw(z, filters, false);
    default: kr_raise(kr_ValueError, "Invalid container format: %d", format); return LZMA_OK;
    }
}

static KrValue decompressor_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    static const KrFunction entry = {
        "LZMADecompressor", "(format=0, memlimit=None, filters=None)", NULL, NULL, 0, NULL};
    KrValue s[3];
    int format;
    uint64_t limit = UINT64_MAX;
    if (kr_bind(&entry, args, n, kwnames, s) < 0 || kr_to_int32(s[0], &format) < 0) return KR_EMPTY;
    if (!kr_is(s[1], kr_None)) {
        if (format == FORMAT_RAW)
            return kr_raise(kr_ValueError, "Cannot specify memory limit with FORMAT_RAW");
        if (kr_to_uint64(s[1], &limit) < 0) return KR_EMPTY;
    }
    if (format == FORMAT_RAW && kr_is(s[2], kr_None))
        return kr_raise(kr_ValueError, "Must specify filters for FORMAT_RAW");
    if (format != FORMAT_RAW && !kr_is(s[2], kr_None))
        return kr_raise(kr_ValueError, "Cannot specify filters except with FORMAT_RAW");
    Decompressor *d = kr_alloc_instance(type);
    if (!d) return KR_EMPTY;
    decoder_init(&d->decoder);
    d->check =
        format == FORMAT_ALONE || format == FORMAT_RAW ? LZMA_CHECK_NONE : LZMA_CHECK_ID_MAX + 1;
    lzma_ret code = init_decoder(&d->z, format, limit, s[2]);
    if (kr_raised() || check(code) < 0) return KR_EMPTY;
    kr_external_memory(4000000);
    return kr_from_object(d);
}

static void decompressor_release(void *self)
{
    Decompressor *d = self;
    lzma_end(&d->z);
    free(d->decoder.left.data);
}

static int decompress(Decoder *decoder, Output *out, int64_t limit)
{
    Decompressor *d = (Decompressor *)decoder;
    lzma_stream *z = &d->z;
    for (;;) {
        int64_t room = coder_room(out, limit);
        if (room < 0) return LZMA_MEM_ERROR;
        if (room == 0) return 0;
        size_t given = decoder->available;
        z->next_in = decoder->next;
        z->avail_in = given;
        z->next_out = out->data + out->size;
        z->avail_out = (size_t)room;
        lzma_ret code = lzma_code(z, LZMA_RUN);
        decoder->next += given - z->avail_in;
        decoder->available = z->avail_in;
        out->size += (size_t)room - z->avail_out;
        if (code == LZMA_GET_CHECK || code == LZMA_NO_CHECK) d->check = (int)lzma_get_check(z);
        decoder->eof = code == LZMA_STREAM_END;
        if (decoder->eof) return 0;
        /* Without input the library makes no progress: no error as long as there is room. */
        if (code == LZMA_BUF_ERROR && z->avail_in == 0 && z->avail_out > 0) return 0;
        if (code != LZMA_OK && code != LZMA_GET_CHECK && code != LZMA_NO_CHECK) return (int)code;
        if (z->avail_in == 0 && z->avail_out > 0) return 0;
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

static KrValue get_check(KrValue self) { return kr_int(decompressor_of(self)->check); }
static KrValue get_eof(KrValue self) { return kr_bool(decoder_of(self)->eof); }
static KrValue get_needs_input(KrValue self) { return kr_bool(decoder_of(self)->needs_input); }
static KrValue get_unused_data(KrValue self) { return decoder_of(self)->unused_data; }
KR_GETSET(decompressor, get_check, NULL, "check",
          "ID of the integrity check used by the input stream.")
KR_GETSET(decompressor, get_eof, NULL, "eof", "True if the end-of-stream marker has been reached.")
KR_GETSET(decompressor, get_needs_input, NULL, "needs_input",
          "True if more input is needed before more decompressed data can be produced.")
KR_GETSET(decompressor, get_unused_data, NULL, "unused_data",
          "Data found after the end of the compressed stream.")

/* ---- Functions ------------------------------------------------------------------------------ */

KR_FN(lzma, fn_is_check_supported, "is_check_supported", "(check_id, /)",
      "Test whether the given integrity check is supported.\n\n"
      "Always returns True for CHECK_NONE and CHECK_CRC32.")
{
    int id;
    if (kr_to_int32(a[0], &id) < 0) return KR_EMPTY;
    return kr_bool(lzma_check_is_supported((lzma_check)id));
}

KR_FN(lzma, fn_encode_properties, "_encode_filter_properties", "(filter, /)",
      "Return a bytes object encoding the options (properties) of the filter specified by *filter* "
      "(a dict).\n\nThe result does not include the filter ID itself, only the options.")
{
    lzma_filter filter[2] = {{.id = LZMA_VLI_UNKNOWN}, {.id = LZMA_VLI_UNKNOWN}};
    uint32_t size;
    KrValue bytes = KR_EMPTY;
    if (convert_filter(filter, a[0]) < 0) return KR_EMPTY;
    if (check(lzma_properties_size(&size, filter)) == 0) {
        bytes = kr_bytes(NULL, size);
        if (!kr_is_empty(bytes) && check(lzma_properties_encode(filter, kr_bytes_data(bytes))) < 0)
            bytes = KR_EMPTY;
    }
    free(filter->options);
    return bytes;
}

/* The options of a filter as the dict that makes it. */
static KrValue filter_dict(const lzma_filter *filter)
{
    KrValue dict = kr_dict();
    if (kr_is_empty(dict) || kr_dict_set_ascii(dict, "id", kr_int_unsigned(filter->id)) < 0)
        return KR_EMPTY;
    const lzma_options_lzma *l = filter->options;
    const lzma_options_delta *d = filter->options;
    const lzma_options_bcj *b = filter->options;
#define PUT(from, name, field) \
    if (kr_dict_set_ascii(dict, name, kr_int_unsigned((from)->field)) < 0) return KR_EMPTY
    if (filter->id == LZMA_FILTER_LZMA1) {
        PUT(l, "dict_size", dict_size);
        PUT(l, "lc", lc);
        PUT(l, "lp", lp);
        PUT(l, "pb", pb);
    } else if (filter->id == LZMA_FILTER_LZMA2) {
        PUT(l, "dict_size", dict_size);
    } else if (filter->id == LZMA_FILTER_DELTA) {
        PUT(d, "dist", dist);
    } else if (b) {
        PUT(b, "start_offset", start_offset);
    }
#undef PUT
    return dict;
}

KR_FN(lzma, fn_decode_properties, "_decode_filter_properties", "(filter_id, encoded_props, /)",
      "Return a dict describing a filter with ID *filter_id*, and options decoded from the bytes "
      "object *encoded_props*.")
{
    KrBuffer props;
    lzma_filter filter = {0};
    uint64_t id;
    if (kr_to_uint64(a[0], &id) < 0 || kr_buffer_get(a[1], &props, KR_BUFFER_READ) < 0)
        return KR_EMPTY;
    filter.id = id;
    int status = check(lzma_properties_decode(&filter, NULL, props.data, (size_t)props.size));
    kr_buffer_release(&props);
    if (status < 0) return KR_EMPTY;
    KrValue dict = filter_dict(&filter);
    free(filter.options);
    return dict;
}

#include "modules/_lzma/_lzma.entries.h"

static const IntConstant constants[] = {
    {"FORMAT_AUTO", FORMAT_AUTO},
    {"FORMAT_XZ", FORMAT_XZ},
    {"FORMAT_ALONE", FORMAT_ALONE},
    {"FORMAT_RAW", FORMAT_RAW},
    {"CHECK_NONE", LZMA_CHECK_NONE},
    {"CHECK_CRC32", LZMA_CHECK_CRC32},
    {"CHECK_CRC64", LZMA_CHECK_CRC64},
    {"CHECK_SHA256", LZMA_CHECK_SHA256},
    {"CHECK_ID_MAX", LZMA_CHECK_ID_MAX},
    {"CHECK_UNKNOWN", LZMA_CHECK_ID_MAX + 1},
    {"FILTER_LZMA1", (int64_t)LZMA_FILTER_LZMA1},
    {"FILTER_LZMA2", LZMA_FILTER_LZMA2},
    {"FILTER_DELTA", LZMA_FILTER_DELTA},
    {"FILTER_X86", LZMA_FILTER_X86},
    {"FILTER_IA64", LZMA_FILTER_IA64},
    {"FILTER_ARM", LZMA_FILTER_ARM},
    {"FILTER_ARMTHUMB", LZMA_FILTER_ARMTHUMB},
    {"FILTER_SPARC", LZMA_FILTER_SPARC},
    {"FILTER_POWERPC", LZMA_FILTER_POWERPC},
    {"MF_HC3", LZMA_MF_HC3},
    {"MF_HC4", LZMA_MF_HC4},
    {"MF_BT2", LZMA_MF_BT2},
    {"MF_BT3", LZMA_MF_BT3},
    {"MF_BT4", LZMA_MF_BT4},
    {"MODE_FAST", LZMA_MODE_FAST},
    {"MODE_NORMAL", LZMA_MODE_NORMAL},
    {"PRESET_DEFAULT", LZMA_PRESET_DEFAULT},
    {"PRESET_EXTREME", LZMA_PRESET_EXTREME},
    {NULL, 0},
};

static int lzma_exec(KrValue module)
{
    static const KrTypeSpec compressor = {
        .name = "_lzma.LZMACompressor",
        .doc = "LZMACompressor(format=FORMAT_XZ, check=-1, preset=None, filters=None)\n\n"
               "Create a compressor object for compressing data incrementally.\n\n"
               "format specifies the container format, check the integrity check; the settings\n"
               "are a preset compression level or a custom filter chain.\n\n"
               "For one-shot compression, use the compress() function instead.\n",
        .size = sizeof(Compressor),
        .release = compressor_release,
        .functions = compressor_functions,
        .slots = {.make = compressor_make}};
    static const KrTypeSpec decompressor = {
        .name = "_lzma.LZMADecompressor",
        .doc = "Create a decompressor object for decompressing data incrementally.\n\n"
               "  format\n    Specifies the container format of the input stream.\n"
               "  memlimit\n    Limit the amount of memory used by the decompressor.\n"
               "  filters\n    A custom filter chain, for FORMAT_RAW.\n\n"
               "For one-shot decompression, use the decompress() function instead.",
        .size = sizeof(Decompressor),
        .trace = decoder_trace,
        .release = decompressor_release,
        .functions = decompressor_functions,
        .getset = decompressor_getset,
        .slots = {.make = decompressor_make}};
    kr_type_once(&compressor_type, &compressor);
    kr_type_once(&decompressor_type, &decompressor);
    error_type = add_exception(module, "_lzma", "LZMAError", kr_Exception, &error_class);
    if (!compressor_type || !decompressor_type || !error_type ||
        add_constants(module, constants) < 0 || kr_module_add_type(module, compressor_type) < 0)
        return -1;
    return kr_module_add_type(module, decompressor_type);
}

KR_MODULE(_lzma) = {
    .api_version = KR_API_VERSION, .name = "_lzma", .functions = lzma_functions, .exec = lzma_exec};
