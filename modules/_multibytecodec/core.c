/* core.c: characters to and from the East Asian encodings, by the C library's iconv.
 *
 * A character at a time is converted, so that the place of an error is exact. Of stateful
 * encodings a call continues where another ended: what brings a fresh descriptor there is converted
 * first, and its output dropped: for decoding the last escape sequences, for encoding the last
 * character.
 *
 * Where iconv's tables and CPython's differ the rows of `codings` say so; they were compared
 * character by character. What is left of differences: vendor and private characters of cp932,
 * big5, cp950, big5hkscs and gb18030; eight of JIS X 0213; and that plane 2 of euc_jisx0213, the
 * sets of iso2022_jp_2 beside the Japanese ones and the composed syllables of euc_kr are refused. */
#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "modules/support.h"

typedef struct Coding {
    const char *name, *iconv_name;
    bool stateful; /* escape sequences switch character sets */
    bool no_c1;    /* bytes 80-9F alone, and U+0080 to U+009F, are errors */
    bool combines; /* two characters may have one code: the last one waits for the next */
    uint32_t backslash, tilde; /* what iconv makes of the bytes 5C and 7E; 0: ASCII */
    uint32_t refused[4];       /* characters that iconv encodes, and CPython does not */
} Coding;

static const Coding codings[] = {
    {.name = "shift_jis",
     .iconv_name = "SJIS",
     .backslash = 0xA5,
     .tilde = 0x203E,
     .refused = {0xFFE0, 0xFFE1, 0xFFE2}},
    {.name = "cp932", .iconv_name = "CP932"},
    {.name = "euc_jp", .iconv_name = "EUC-JP", .no_c1 = true, .refused = {0xFF5E}},
    {.name = "shift_jisx0213", .iconv_name = "SHIFT_JISX0213", .combines = true},
    {.name = "shift_jis_2004", .iconv_name = "SHIFT_JISX0213", .combines = true},
    {.name = "euc_jisx0213", .iconv_name = "EUC-JISX0213", .combines = true},
    {.name = "euc_jis_2004", .iconv_name = "EUC-JISX0213", .combines = true},
    {.name = "gb2312", .iconv_name = "EUC-CN"},
    {.name = "gbk", .iconv_name = "GBK", .no_c1 = true, .refused = {0x20AC}},
    {.name = "gb18030", .iconv_name = "GB18030"},
    {.name = "euc_kr", .iconv_name = "EUC-KR", .no_c1 = true},
    {.name = "cp949", .iconv_name = "CP949"},
    {.name = "johab", .iconv_name = "JOHAB", .backslash = 0x20A9, .refused = {0x20A9, 0x327E}},
    {.name = "big5", .iconv_name = "BIG5", .no_c1 = true},
    {.name = "cp950", .iconv_name = "CP950", .no_c1 = true},
    {.name = "big5hkscs", .iconv_name = "BIG5-HKSCS", .no_c1 = true, .combines = true},
    {.name = "iso2022_jp", .iconv_name = "ISO-2022-JP", .stateful = true},
    {.name = "iso2022_jp_2", .iconv_name = "ISO-2022-JP-2", .stateful = true},
    {.name = "iso2022_jp_3", .iconv_name = "ISO-2022-JP-3", .stateful = true, .combines = true},
    {.name = "iso2022_jp_2004", .iconv_name = "ISO-2022-JP-3", .stateful = true, .combines = true},
    {.name = "iso2022_kr", .iconv_name = "ISO-2022-KR", .stateful = true},
};
enum { CODING_COUNT = sizeof codings / sizeof *codings, LONGEST = 8 };

static const Coding *coding_of(KrValue name)
{
    for (int i = 0; i < CODING_COUNT && kr_is_str(name); i++)
        if (kr_str_equal_ascii(name, codings[i].name)) return &codings[i];
    kr_raise(kr_LookupError, "no such codec is supported.");
    return NULL;
}

/* ---- Descriptors ---------------------------------------------------------------------------- */

/* One of each direction stays open, so that the C library keeps the tables; an error handler may
 * need another. */
static iconv_t kept[CODING_COUNT][2];

static iconv_t take(const Coding *c, bool encoding)
{
    iconv_t *slot = &kept[c - codings][encoding], cd = *slot;
    *slot = NULL;
    if (!cd)
        cd = encoding ? iconv_open(c->iconv_name, "UTF-32LE")
                      : iconv_open("UTF-32LE", c->iconv_name);
    if (cd == (iconv_t)-1) {
        kr_raise(kr_LookupError, "encoding %s: the C library has no tables for it", c->name);
        return NULL;
    }
    iconv(cd, NULL, NULL, NULL, NULL);
    return cd;
}
static void give_back(const Coding *c, bool encoding, iconv_t cd)
{
    iconv_t *slot = &kept[c - codings][encoding];
    if (*slot)
        iconv_close(cd);
    else
        *slot = cd;
}

/* Converts n bytes, all or nothing. The bytes that came out, or -1 with errno. */
static int convert(iconv_t cd, const char *from, size_t n, char *to, size_t room)
{
    char *in = (char *)(uintptr_t)from, *out = to;
    size_t left = n, free_room = room;
    if (iconv(cd, &in, &left, &out, &free_room) == (size_t)-1) return -1;
    return (int)(room - free_room);
}
/* What waits in the descriptor, and back to the initial state. */
static int flush(iconv_t cd, char *to, size_t room)
{
    char *out = to;
    size_t left = room;
    iconv(cd, NULL, NULL, &out, &left);
    return (int)(room - left);
}

/* ---- Errors --------------------------------------------------------------------------------- */

/* Calls the handler: its replacement, and where to go on. KR_EMPTY raised. */
static KrValue handle(const char *errors, KrType *type, const Coding *c, KrValue input,
                      size_t begin, size_t end, const char *reason, size_t *next)
{
    KrValue error = kr_call(kr_type_value(type),
                            (KrValue[]){kr_str(c->name), input, kr_int((int64_t)begin),
                                        kr_int((int64_t)end), kr_str(reason)},
                            5, KR_EMPTY);
    if (kr_is_empty(error)) return KR_EMPTY;
    if (strcmp(errors, "strict") == 0) return kr_raise_value(error);
    KrValue find = kr_import_attr("_codecs", "lookup_error");
    KrValue handler = kr_is_empty(find) ? find : kr_call1(find, kr_str(errors));
    KrValue answer = kr_is_empty(handler) ? handler : kr_call1(handler, error);
    if (kr_is_empty(answer)) return KR_EMPTY;
    int64_t position, size = type == kr_UnicodeEncodeError ? (int64_t)kr_str_length(input)
                                                           : (int64_t)kr_bytes_size(input);
    if (!kr_is_tuple(answer) || kr_tuple_size(answer) != 2 || !kr_is_int(kr_tuple_get(answer, 1)))
        return kr_raise(kr_TypeError, "%s error handler must return (str, int) tuple",
                        type == kr_UnicodeEncodeError ? "encoding" : "decoding");
    if (kr_to_index(kr_tuple_get(answer, 1), &position) < 0) return KR_EMPTY;
    if (position < 0) position += size;
    if (position < 0 || position > size)
        return kr_raise(kr_IndexError, "position %lld from error handler out of bounds",
                        (long long)position);
    *next = (size_t)position;
    return kr_tuple_get(answer, 0);
}

/* ---- Encoding ------------------------------------------------------------------------------- */

static bool refused(const Coding *c, uint32_t point)
{
    if (c->no_c1 && point >= 0x80 && point < 0xA0) return true;
    for (int i = 0; i < 4 && c->refused[i]; i++)
        if (c->refused[i] == point) return true;
    return false;
}
/* -1: it cannot be encoded; -2: no memory. */
static int encode_one(const Coding *c, iconv_t cd, uint32_t point, Output *out)
{
    char bytes[4 * LONGEST];
    if (point < 0x80 && !c->stateful && !c->combines)
        return output_byte(out, (int)point) < 0 ? -2 : 0;
    int n = refused(c, point) ? -1 : convert(cd, (char *)&point, sizeof point, bytes, sizeof bytes);
    if (n < 0) return -1;
    return output_add(out, bytes, (size_t)n) < 0 ? -2 : 0;
}

/* The handler's bytes, or its characters encoded. 0, or -1 raised. */
static int add_replacement(const Coding *c, iconv_t cd, KrValue replacement, KrValue input,
                           size_t at, const char *reason, Output *out)
{
    if (kr_is_bytes(replacement))
        return output_add(out, kr_bytes_data(replacement), kr_bytes_size(replacement));
    size_t ignored;
    for (size_t i = 0; kr_is_str(replacement) && i < kr_str_length(replacement); i++) {
        int result = encode_one(c, cd, kr_str_at(replacement, i), out);
        if (result == -1)
            handle("strict", kr_UnicodeEncodeError, c, input, at, at + 1, reason, &ignored);
        if (result < 0) return -1;
    }
    if (kr_is_str(replacement)) return 0;
    kr_raise(kr_TypeError, "encoding error handler must return (str, int) tuple");
    return -1;
}

KR_FN(core, core_encode, "encode", "(name, text, errors, last, final, /)",
      "(bytes, last): text encoded, after `last`, a character of the text before or ''. Not final: "
      "the "
      "state is kept, in the last character.")
{
    static const char reason[] = "illegal multibyte sequence";
    const Coding *c = coding_of(a[0]);
    const char *errors = kr_is(a[2], kr_None) ? "strict" : kr_str_cstring(a[2]);
    if (!c || !errors) return KR_EMPTY;
    if (!kr_is_str(a[1])) return kr_raise(kr_TypeError, "couldn't convert the object to str.");
    iconv_t cd = take(c, true);
    if (!cd) return KR_EMPTY;
    Output out = {0};
    KrValue last = a[3];
    if (kr_str_length(last)) encode_one(c, cd, kr_str_at(last, 0), &out);
    out.size = 0;
    for (size_t i = 0; i < kr_str_length(a[1]) && !kr_raised();) {
        int result = encode_one(c, cd, kr_str_at(a[1], i), &out);
        if (result == 0) {
            last = kr_str_slice(a[1], i, i + 1);
            i++;
        } else if (result == -1) {
            KrValue replacement =
                handle(errors, kr_UnicodeEncodeError, c, a[1], i, i + 1, reason, &i);
            if (!kr_is_empty(replacement))
                add_replacement(c, cd, replacement, a[1], i, reason, &out);
        }
    }
    char rest[4 * LONGEST];
    if (kr_truth(a[4]) && !kr_raised()) {
        output_add(&out, rest, (size_t)flush(cd, rest, sizeof rest));
        last = kr_str("");
    }
    give_back(c, true, cd);
    return kr_tuple_of(2, output_finish(&out), c->stateful ? last : kr_str(""));
}

/* ---- Decoding ------------------------------------------------------------------------------- */

/* The bytes of the next character or escape sequence: 0 illegal, -1 incomplete. Points to *out. */
static int decode_one(const Coding *c, iconv_t cd, const char *bytes, size_t n, uint32_t *out,
                      int *count)
{
    bool cut = false;
    *count = 0;
    if ((unsigned char)*bytes < 0x80 && !c->stateful && !c->combines) {
        out[(*count)++] = (unsigned char)*bytes;
        return 1;
    }
    if (c->no_c1 && (unsigned char)*bytes == 0x80) return 0;
    for (size_t length = 1; length <= n && length <= LONGEST; length++) {
        int made = convert(cd, bytes, length, (char *)out, 4 * sizeof *out);
        if (made >= 0) {
            *count = made / (int)sizeof *out;
            if (c->no_c1 && *count == 1 && *out >= 0x80 && *out < 0xA0) return 0;
            return (int)length;
        }
        cut = errno == EINVAL;
        if (!cut) return 0;
    }
    return cut ? -1 : 0;
}

static int add_points(const Coding *c, KrText *text, const uint32_t *points, int count)
{
    for (int i = 0; i < count; i++) {
        uint32_t point = points[i];
        if (c->backslash && point == c->backslash) point = '\\';
        if (c->tilde && point == c->tilde) point = '~';
        if (kr_text_add_char(text, point) < 0) return -1;
    }
    return 0;
}

/* The escape sequences that set the present state: one of each kind, by its bytes but the last. */
static void note_escape(Output *state, const char *bytes, int n)
{
    if (*bytes != 0x1B && *bytes != 0x0E && *bytes != 0x0F) return;
    if (state->size + (size_t)n > 4 * LONGEST) state->size = 0;
    output_add(state, bytes, (size_t)n);
}

KR_FN(core, core_decode, "decode", "(name, data, errors, state, final, /)",
      "(str, consumed, state): data decoded after the escape sequences of `state`. Not final: an "
      "incomplete character at the end is left.")
{
    const Coding *c = coding_of(a[0]);
    const char *errors = kr_is(a[2], kr_None) ? "strict" : kr_str_cstring(a[2]);
    iconv_t cd = c && errors ? take(c, false) : NULL;
    if (!cd) return KR_EMPTY;
    const char *bytes = (const char *)kr_bytes_data(a[1]);
    size_t size = kr_bytes_size(a[1]), i = 0;
    uint32_t points[8];
    Output state = {0};
    KrText text;
    char *primer = (char *)kr_bytes_data(a[3]);
    convert(cd, primer, kr_bytes_size(a[3]), (char *)points, sizeof points);
    output_add(&state, primer, kr_bytes_size(a[3]));
    kr_text_init(&text);
    bool final = kr_truth(a[4]) > 0;
    while (i < size && !kr_raised()) {
        int count, used = decode_one(c, cd, bytes + i, size - i, points, &count);
        if (used > 0) {
            add_points(c, &text, points, count);
            if (c->stateful) note_escape(&state, bytes + i, used);
            i += (size_t)used;
            continue;
        }
        if (used < 0 && !final) break;
        size_t end = used < 0 ? size : i + 1;
        KrValue replacement =
            handle(errors, kr_UnicodeDecodeError, c, a[1], i, end,
                   used < 0 ? "incomplete multibyte sequence" : "illegal multibyte sequence", &i);
        if (!kr_is_empty(replacement) && !kr_is_str(replacement))
            kr_raise(kr_TypeError, "decoding error handler must return (str, int) tuple");
        if (!kr_raised()) kr_text_add_str(&text, replacement);
    }
    add_points(c, &text, points, flush(cd, (char *)points, sizeof points) / (int)sizeof *points);
    give_back(c, false, cd);
    KrValue end_state = output_finish(&state);
    if (kr_raised()) {
        kr_text_drop(&text);
        return KR_EMPTY;
    }
    return kr_tuple_of(3, kr_text_finish(&text), kr_int((int64_t)i), end_state);
}

KR_FN(core, core_check, "check", "(name, /)",
      "Raises LookupError unless there is such an encoding.")
{
    const Coding *c = coding_of(a[0]);
    return c ? kr_bool(c->combines) : KR_EMPTY;
}

#include "modules/_multibytecodec/core.entries.h"

KR_MODULE(_multibytecodec_core) = {.api_version = KR_API_VERSION,
                                   .name = "_multibytecodec_core",
                                   .doc = "Conversions for _multibytecodec.",
                                   .functions = core_functions};
