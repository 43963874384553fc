/* codecs_module.c: the _codecs module: the registry of codecs and error handlers, and the native codecs as functions. */
#include <stdlib.h>

#include "runtime/objects/bytes.h"
#include "runtime/objects/exception.h"
#include "runtime/objects/str_codec.h"
#include "runtime/objects/tuple.h"

static Value search_functions, search_cache, error_handlers;

/* ---- The registry ---- */

/* The library's own search function comes first, whoever registers before it was asked for. */
static int load_encodings(void)
{
    static bool begun;
    if (begun) return 0;
    begun = true;
    return is_empty(kr_import("encodings")) ? -1 : 0;
}

KR_FN(codecs, codecs_register, "register", "(search_function, /)", "Register a codec search function.")
{
    if (load_encodings() < 0) return EMPTY;
    if (!kr_is_callable(a[0])) return kr_raise(kr_TypeError, "argument must be callable");
    return kr_list_append(search_functions, a[0]) < 0 ? EMPTY : NONE;
}

KR_FN(codecs, codecs_unregister, "unregister", "(search_function, /)", "Unregister a codec search function and clear the registry's cache.")
{
    for (size_t i = 0; i < kr_list_size(search_functions); i++) {
        if (!same(kr_list_get(search_functions, i), a[0])) continue;
        if (kr_delitem(search_functions, kr_int((int64_t)i)) < 0) return EMPTY;
        kr_dict_clear(search_cache);
        break;
    }
    return NONE;
}

/* Lower case, with blanks as hyphens: the key of a codec. */
static Value normalised(Value name)
{
    KrText text;
    kr_text_init(&text);
    for (size_t i = 0; i < str_of(name)->length; i++) {
        uint32_t c = str_at(str_of(name), i);
        kr_text_add_char(&text, c >= 'A' && c <= 'Z' ? c + 32 : c == ' ' ? '-' : c);
    }
    return kr_text_finish(&text);
}

static Value lookup(Value name)
{
    if (!is_str(name)) return kr_raise(kr_TypeError, "lookup() argument must be str, not %T", name);
    if (!kr_str_cstring(name)) return EMPTY;
    Value key = normalised(name), found = is_empty(key) ? EMPTY : kr_dict_find(search_cache, key);
    if (!is_empty(found) || kr_raised()) return found;
    if (load_encodings() < 0) return EMPTY;
    for (size_t i = 0; i < kr_list_size(search_functions); i++) {
        Value info = kr_call1(kr_list_get(search_functions, i), key);
        if (is_empty(info)) return EMPTY;
        if (is_none(info)) continue;
        if (!is_tuple(info) || kr_tuple_size(info) != 4) return kr_raise(kr_TypeError, "codec search functions must return 4-tuples");
        return kr_dict_set(search_cache, key, info) < 0 ? EMPTY : info;
    }
    return kr_raise(kr_LookupError, "unknown encoding: %U", name);
}

KR_FN(codecs, codecs_lookup, "lookup", "(encoding, /)", "Looks up a codec tuple in the Python codec registry and returns a CodecInfo object.") { return lookup(a[0]); }

/* Calls a codec's encoder (0) or decoder (1) on an object. */
static Value run_codec(const Value *a, int which)
{
    Value info = lookup(a[1]);
    Value function = is_empty(info) ? EMPTY : kr_getitem(info, from_small_int(which));
    if (is_empty(function)) return EMPTY;
    Value arguments[] = {a[0], a[2]};
    Value result = kr_call(function, arguments, is_empty(a[2]) ? 1 : 2, EMPTY);
    if (is_empty(result)) {
        const char *name = kr_str_utf8(a[1], NULL);
        if (name) kr_codec_wrap_error(name, which == 0);
        return EMPTY;
    }
    if (!is_tuple(result) || kr_tuple_size(result) != 2) return kr_raise(kr_TypeError, "%s must return a tuple (object, integer)", which ? "decoder" : "encoder");
    return kr_tuple_get(result, 0);
}

KR_FN(codecs, codecs_encode, "encode", "(obj, encoding='utf-8', errors=<unset>)", "Encodes obj using the codec registered for encoding.") { return run_codec(a, 0); }
KR_FN(codecs, codecs_decode, "decode", "(obj, encoding='utf-8', errors=<unset>)", "Decodes obj using the codec registered for encoding.") { return run_codec(a, 1); }
KR_FN(codecs, codecs_forget, "_forget_codec", "(encoding, /)", "Purge the named codec from the internal codec lookup cache")
{
    Value key = is_str(a[0]) ? normalised(a[0]) : kr_raise(kr_TypeError, "_forget_codec() argument must be str, not %T", a[0]);
    return is_empty(key) || kr_dict_delete(search_cache, key) < 0 ? EMPTY : NONE;
}

/* ---- Error handlers ---- */

KR_FN(codecs, codecs_register_error, "register_error", "(errors, handler, /)", "Register the specified error handler under the name errors.")
{
    if (!is_str(a[0])) return kr_raise(kr_TypeError, "register_error() argument 1 must be str, not %T", a[0]);
    if (!kr_is_callable(a[1])) return kr_raise(kr_TypeError, "handler must be callable");
    return kr_dict_set(error_handlers, a[0], a[1]) < 0 ? EMPTY : NONE;
}

KR_FN(codecs, codecs_lookup_error, "lookup_error", "(name, /)", "lookup_error(errors) -> handler\n\nReturn the error handler for the specified error handling name.")
{
    if (!is_str(a[0])) return kr_raise(kr_TypeError, "lookup_error() argument must be str, not %T", a[0]);
    Value handler = kr_dict_find(error_handlers, a[0]);
    return is_empty(handler) && !kr_raised() ? kr_raise(kr_LookupError, "unknown error handler name '%U'", a[0]) : handler;
}

/* The part of the text or bytes that a UnicodeError complains of. */
typedef struct Problem {
    bool encoding, decoding, translating;
    Value object;
    int64_t start, end;
} Problem;

static int examine(Value exception, Problem *p)
{
    p->encoding = kr_is_a(exception, kr_UnicodeEncodeError);
    p->decoding = kr_is_a(exception, kr_UnicodeDecodeError);
    p->translating = kr_is_a(exception, kr_UnicodeTranslateError);
    if (!p->encoding && !p->decoding && !p->translating) {
        kr_raise(kr_TypeError, "don't know how to handle %T in error callback", exception);
        return -1;
    }
    Value start = kr_getattr_ascii(exception, "start"), end = kr_getattr_ascii(exception, "end");
    p->object = kr_getattr_ascii(exception, "object");
    if (is_empty(start) || is_empty(end) || is_empty(p->object) || kr_to_int64(start, &p->start) < 0 || kr_to_int64(end, &p->end) < 0) return -1;
    int64_t length = kr_length(p->object);
    if (length < 0) return -1;
    if (p->start < 0) p->start = 0;
    if (p->end > length) p->end = length;
    if (p->start > p->end) p->start = p->end;
    return 0;
}

static Value replaced(Value text, int64_t position) { return kr_tuple_of(2, text, kr_int(position)); }
static Value refuse(Value exception) { return kr_raise(kr_TypeError, "don't know how to handle %T in error callback", exception); }

KR_FN(codecs, codecs_strict_errors, "strict_errors", "(exception, /)", "Implements the 'strict' error handling, which raises a UnicodeError on coding errors.")
{
    if (!is_exception(a[0])) return kr_raise(kr_TypeError, "codec must pass exception instance");
    return kr_raise_value(a[0]);
}
KR_FN(codecs, codecs_ignore_errors, "ignore_errors", "(exception, /)", "Implements the 'ignore' error handling, which ignores malformed data and continues.")
{
    Problem p;
    return examine(a[0], &p) < 0 ? EMPTY : replaced(kr_intern(""), p.end);
}
static Value repeated(const char *character, int64_t count, int64_t position)
{
    KrText text;
    kr_text_init(&text);
    for (int64_t i = 0; i < count; i++) kr_text_add_utf8(&text, character, strlen(character));
    return replaced(kr_text_finish(&text), position);
}
KR_FN(codecs, codecs_replace_errors, "replace_errors", "(exception, /)", "Implements the 'replace' error handling, which replaces malformed data with a replacement marker.")
{
    Problem p;
    if (examine(a[0], &p) < 0) return EMPTY;
    if (p.encoding) return repeated("?", p.end - p.start, p.end);
    return repeated("\xef\xbf\xbd", p.decoding ? 1 : p.end - p.start, p.end);
}
static Value escaped(Value exception, TextErrorMode mode)
{
    Problem p;
    if (examine(exception, &p) < 0) return EMPTY;
    if (!p.encoding && (mode != ERRORS_BACKSLASH)) return refuse(exception);
    KrText text;
    kr_text_init(&text);
    for (int64_t i = p.start; i < p.end; i++) {
        char escape[KR_TEXT_MAX_ESCAPE];
        if (p.decoding) {
            Value byte = kr_getitem(p.object, kr_int(i));
            kr_text_add_format(&text, "\\x%02x", (unsigned)kr_int_low_bits(byte));
            continue;
        }
        int n = kr_text_escape(mode, str_at(str_of(p.object), (size_t)i), escape);
        kr_text_add_utf8(&text, escape, (size_t)n);
    }
    return replaced(kr_text_finish(&text), p.end);
}
KR_FN(codecs, codecs_backslashreplace, "backslashreplace_errors", "(exception, /)", "Implements the 'backslashreplace' error handling.") { return escaped(a[0], ERRORS_BACKSLASH); }
KR_FN(codecs, codecs_xmlcharrefreplace, "xmlcharrefreplace_errors", "(exception, /)", "Implements the 'xmlcharrefreplace' error handling.") { return escaped(a[0], ERRORS_XMLCHARREF); }
KR_FN(codecs, codecs_namereplace, "namereplace_errors", "(exception, /)", "Implements the 'namereplace' error handling.") { return escaped(a[0], ERRORS_NAME); }

static Value give_up(Value exception)
{
    kr_raise_value(exception);
    return EMPTY;
}
KR_FN(codecs, codecs_surrogateescape, "surrogateescape", "(exception, /)", "Implements the 'surrogateescape' error handling.")
{
    Problem p;
    if (examine(a[0], &p) < 0) return EMPTY;
    if (p.translating) return refuse(a[0]);
    if (p.encoding) {
        Value bytes = kr_bytes(NULL, (size_t)(p.end - p.start));
        if (is_empty(bytes)) return EMPTY;
        for (int64_t i = p.start; i < p.end; i++) {
            uint32_t c = str_at(str_of(p.object), (size_t)i);
            if (c < 0xdc80 || c > 0xdcff) return give_up(a[0]);
            kr_bytes_data(bytes)[i - p.start] = (uint8_t)(c - 0xdc00);
        }
        return replaced(bytes, p.end);
    }
    uint32_t points[4];
    size_t n = 0;
    for (int64_t i = p.start; i < p.end && n < 4; i++) {
        Value byte = kr_getitem(p.object, kr_int(i));
        if (is_empty(byte)) return EMPTY;
        if (kr_int_low_bits(byte) < 128) break;
        points[n++] = 0xdc00 + (uint32_t)kr_int_low_bits(byte);
    }
    return n ? replaced(kr_str_from_points(points, n, 4), p.start + (int64_t)n) : give_up(a[0]);
}
KR_FN(codecs, codecs_surrogatepass, "surrogatepass", "(exception, /)", "Implements the 'surrogatepass' error handling.")
{
    Problem p;
    if (examine(a[0], &p) < 0) return EMPTY;
    if (p.translating) return refuse(a[0]);
    Value name = kr_getattr_ascii(a[0], "encoding");
    const char *encoding = is_empty(name) ? NULL : kr_str_cstring(name);
    if (!encoding) return EMPTY;
    if (p.encoding) {
        Value list = kr_list(NULL, 0);
        for (int64_t i = p.start; i < p.end; i++) {
            uint8_t out[4];
            uint32_t c = str_at(str_of(p.object), (size_t)i);
            int n = c >= 0xd800 && c <= 0xdfff ? kr_text_write_surrogate(encoding, c, out) : 0;
            if (!n) return give_up(a[0]);
            if (kr_list_append(list, kr_bytes(out, (size_t)n)) < 0) return EMPTY;
        }
        return replaced(kr_bytes_join(kr_bytes("", 0), list), p.end);
    }
    KrBuffer view;
    if (kr_buffer_get(p.object, &view, KR_BUFFER_CONTIGUOUS) < 0) return EMPTY;
    size_t used = 0;
    uint32_t c = kr_text_read_surrogate(encoding, (const uint8_t *)view.data + p.start, (size_t)(view.size - p.start), &used);
    kr_buffer_release(&view);
    return c ? replaced(kr_str_from_points(&c, 1, 4), p.start + (int64_t)used) : give_up(a[0]);
}

/* ---- The native codecs ---- */

static const char *errors_argument(Value v) { return is_none(v) || is_empty(v) ? NULL : kr_str_cstring(v); }

static Value encode_with(TextCodec codec, const Value *a)
{
    if (!is_str(a[0])) return kr_raise(kr_TypeError, "%s_encode() argument 1 must be str, not %T", kr_text_codec_name(codec), a[0]);
    const char *errors = errors_argument(a[1]);
    if (kr_raised()) return EMPTY;
    Value bytes = kr_codec_encode(codec, a[0], errors);
    return is_empty(bytes) ? EMPTY : kr_tuple_of(2, bytes, kr_int((int64_t)str_of(a[0])->length));
}
/* What is decoded: bytes. Only the codecs of escapes take text, as its UTF-8. */
static int bytes_input(Value v, KrBuffer *view)
{
    if (!is_str(v)) return kr_codec_input(v, view);
    kr_raise(kr_TypeError, "a bytes-like object is required, not 'str'");
    return -1;
}

static Value decode_with(TextCodec codec, const Value *a, bool final)
{
    KrBuffer view;
    size_t consumed;
    const char *errors = errors_argument(a[1]);
    if (kr_raised() || bytes_input(a[0], &view) < 0) return EMPTY;
    Value text = kr_codec_decode(codec, a[0], view.data, (size_t)view.size, errors, final, &consumed);
    kr_buffer_release(&view);
    return is_empty(text) ? EMPTY : kr_tuple_of(2, text, kr_int((int64_t)consumed));
}
#define FINAL(v) (kr_truth(v) > 0)

KR_FN(codecs, utf8_encode, "utf_8_encode", "(str, errors=None, /)", "UTF-8.") { return encode_with(CODEC_UTF8, a); }
KR_FN(codecs, utf8_decode, "utf_8_decode", "(data, errors=None, final=False, /)", "UTF-8.") { return decode_with(CODEC_UTF8, a, FINAL(a[2])); }
KR_FN(codecs, utf7_encode, "utf_7_encode", "(str, errors=None, /)", "UTF-7.") { return encode_with(CODEC_UTF7, a); }
KR_FN(codecs, utf7_decode, "utf_7_decode", "(data, errors=None, final=False, /)", "UTF-7.") { return decode_with(CODEC_UTF7, a, FINAL(a[2])); }
KR_FN(codecs, latin1_encode, "latin_1_encode", "(str, errors=None, /)", "Latin-1.") { return encode_with(CODEC_LATIN1, a); }
KR_FN(codecs, latin1_decode, "latin_1_decode", "(data, errors=None, /)", "Latin-1.") { return decode_with(CODEC_LATIN1, a, true); }
KR_FN(codecs, ascii_encode, "ascii_encode", "(str, errors=None, /)", "ASCII.") { return encode_with(CODEC_ASCII, a); }
KR_FN(codecs, ascii_decode, "ascii_decode", "(data, errors=None, /)", "ASCII.") { return decode_with(CODEC_ASCII, a, true); }
static Value encode_ordered(const Value *a, TextCodec native, TextCodec little, TextCodec big)
{
    int64_t order;
    if (kr_to_int64(a[2], &order) < 0) return EMPTY;
    return encode_with(order == 0 ? native : order < 0 ? little : big, a);
}
KR_FN(codecs, utf16_encode, "utf_16_encode", "(str, errors=None, byteorder=0, /)", "UTF-16.") { return encode_ordered(a, CODEC_UTF16, CODEC_UTF16_LE, CODEC_UTF16_BE); }
KR_FN(codecs, utf16le_encode, "utf_16_le_encode", "(str, errors=None, /)", "UTF-16, little-endian.") { return encode_with(CODEC_UTF16_LE, a); }
KR_FN(codecs, utf16be_encode, "utf_16_be_encode", "(str, errors=None, /)", "UTF-16, big-endian.") { return encode_with(CODEC_UTF16_BE, a); }
KR_FN(codecs, utf16_decode, "utf_16_decode", "(data, errors=None, final=False, /)", "UTF-16.") { return decode_with(CODEC_UTF16, a, FINAL(a[2])); }
KR_FN(codecs, utf16le_decode, "utf_16_le_decode", "(data, errors=None, final=False, /)", "UTF-16, little-endian.") { return decode_with(CODEC_UTF16_LE, a, FINAL(a[2])); }
KR_FN(codecs, utf16be_decode, "utf_16_be_decode", "(data, errors=None, final=False, /)", "UTF-16, big-endian.") { return decode_with(CODEC_UTF16_BE, a, FINAL(a[2])); }
KR_FN(codecs, utf32_encode, "utf_32_encode", "(str, errors=None, byteorder=0, /)", "UTF-32.") { return encode_ordered(a, CODEC_UTF32, CODEC_UTF32_LE, CODEC_UTF32_BE); }
KR_FN(codecs, utf32le_encode, "utf_32_le_encode", "(str, errors=None, /)", "UTF-32, little-endian.") { return encode_with(CODEC_UTF32_LE, a); }
KR_FN(codecs, utf32be_encode, "utf_32_be_encode", "(str, errors=None, /)", "UTF-32, big-endian.") { return encode_with(CODEC_UTF32_BE, a); }
KR_FN(codecs, utf32_decode, "utf_32_decode", "(data, errors=None, final=False, /)", "UTF-32.") { return decode_with(CODEC_UTF32, a, FINAL(a[2])); }
KR_FN(codecs, utf32le_decode, "utf_32_le_decode", "(data, errors=None, final=False, /)", "UTF-32, little-endian.") { return decode_with(CODEC_UTF32_LE, a, FINAL(a[2])); }
KR_FN(codecs, utf32be_decode, "utf_32_be_decode", "(data, errors=None, final=False, /)", "UTF-32, big-endian.") { return decode_with(CODEC_UTF32_BE, a, FINAL(a[2])); }

static Value decode_ex(const Value *a, TextStatus (*decode)(const uint8_t *, size_t, TextErrors *, bool, int *, size_t *, CodeBuffer *))
{
    KrBuffer view;
    int64_t wanted;
    const char *errors = errors_argument(a[1]);
    if (kr_raised() || kr_to_int64(a[2], &wanted) < 0 || bytes_input(a[0], &view) < 0) return EMPTY;
    int order = wanted < 0 ? -1 : wanted > 0;
    size_t consumed = 0;
    CodecErrors e;
    CodeBuffer out = {0};
    kr_codec_begin_decode(&e, errors, a[0], view.data, (size_t)view.size);
    TextStatus status = decode(view.data, (size_t)view.size, &e.errors, FINAL(a[3]), &order, &consumed, &out);
    Value text = kr_codec_end_decode(&e, status, &out);
    kr_buffer_release(&view);
    return is_empty(text) ? EMPTY : kr_tuple_of(3, text, kr_int((int64_t)consumed), kr_int(order));
}
KR_FN(codecs, utf16ex_decode, "utf_16_ex_decode", "(data, errors=None, byteorder=0, final=False, /)", "UTF-16, telling the byte order.") { return decode_ex(a, kr_text_decode_utf16); }
KR_FN(codecs, utf32ex_decode, "utf_32_ex_decode", "(data, errors=None, byteorder=0, final=False, /)", "UTF-32, telling the byte order.") { return decode_ex(a, kr_text_decode_utf32); }

static Value encode_escape(const Value *a, TextStatus (*encode)(TextSpan, ByteBuffer *), const char *name)
{
    if (!is_str(a[0])) return kr_raise(kr_TypeError, "%s_encode() argument 1 must be str, not %T", name, a[0]);
    CodecErrors e;
    ByteBuffer out = {0};
    kr_codec_begin_encode(&e, NULL, a[0]);
    Value bytes = kr_codec_end_encode(&e, encode(str_span(str_of(a[0])), &out), &out);
    return is_empty(bytes) ? EMPTY : kr_tuple_of(2, bytes, kr_int((int64_t)str_of(a[0])->length));
}
KR_FN(codecs, unicode_escape_encode, "unicode_escape_encode", "(str, errors=None, /)", "Backslash escapes.") { return encode_escape(a, kr_text_encode_unicode_escape, "unicode_escape"); }
KR_FN(codecs, raw_unicode_escape_encode, "raw_unicode_escape_encode", "(str, errors=None, /)", "Backslash-u escapes.") { return encode_escape(a, kr_text_encode_raw_unicode_escape, "raw_unicode_escape"); }
/* invalid: the character, above 255 the value of the octal digits, after a backslash; -1 for none. */
static int warn_of_escape(int invalid, int level)
{
    if (invalid < 0) return 0;
    return invalid > 255 ? kr_warn(kr_DeprecationWarning, level, "invalid octal escape sequence '\\%o'", invalid)
                         : kr_warn(kr_DeprecationWarning, level, "invalid escape sequence '\\%c'", invalid);
}

static Value decode_escape(const Value *a, bool raw)
{
    KrBuffer view;
    const char *errors = errors_argument(a[1]);
    if (kr_raised() || kr_codec_input(a[0], &view) < 0) return EMPTY;
    size_t consumed = 0;
    int invalid = -1;
    CodecErrors e;
    CodeBuffer out = {0};
    kr_codec_begin_decode(&e, errors, a[0], view.data, (size_t)view.size);
    TextStatus status = raw ? kr_text_decode_raw_unicode_escape(view.data, (size_t)view.size, &e.errors, FINAL(a[2]), &consumed, &out)
                            : kr_text_decode_unicode_escape(view.data, (size_t)view.size, &e.errors, FINAL(a[2]), &consumed, &out, &invalid);
    Value text = kr_codec_end_decode(&e, status, &out);
    kr_buffer_release(&view);
    if (is_empty(text)) return EMPTY;
    if (warn_of_escape(invalid, 2) < 0) return EMPTY;
    return kr_tuple_of(2, text, kr_int((int64_t)consumed));
}
KR_FN(codecs, unicode_escape_decode, "unicode_escape_decode", "(data, errors=None, final=True, /)", "Backslash escapes.") { return decode_escape(a, false); }
KR_FN(codecs, raw_unicode_escape_decode, "raw_unicode_escape_decode", "(data, errors=None, final=True, /)", "Backslash-u escapes.") { return decode_escape(a, true); }

/* bytes literals' escapes */
KR_FN(codecs, escape_encode, "escape_encode", "(data, errors=None, /)", "bytes as the text of a bytes literal.")
{
    if (!is_bytes(a[0])) return kr_raise(kr_TypeError, "escape_encode() argument 1 must be bytes, not %T", a[0]);
    KrText text;
    kr_text_init(&text);
    size_t n = kr_bytes_size(a[0]);
    for (size_t i = 0; i < n; i++) {
        uint8_t c = kr_bytes_data(a[0])[i];
        if (c == '\\' || c == '\'') kr_text_add_format(&text, "\\%c", c);
        else if (c == '\n') kr_text_add_ascii(&text, "\\n");
        else if (c == '\r') kr_text_add_ascii(&text, "\\r");
        else if (c == '\t') kr_text_add_ascii(&text, "\\t");
        else if (c < ' ' || c >= 0x7f) kr_text_add_format(&text, "\\x%02x", c);
        else kr_text_add_char(&text, c);
    }
    Value result = kr_text_finish(&text);
    Value bytes = is_empty(result) ? EMPTY : kr_str_encode(result, "ascii", NULL);
    return is_empty(bytes) ? EMPTY : kr_tuple_of(2, bytes, kr_int((int64_t)n));
}

static int hex_digit(uint8_t c) { return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1; }

KR_FN(codecs, escape_decode, "escape_decode", "(data, errors=None, /)", "The text of a bytes literal as bytes.")
{
    KrBuffer view;
    const char *errors = errors_argument(a[1]);
    if (kr_raised() || kr_codec_input(a[0], &view) < 0) return EMPTY;
    const uint8_t *p = view.data;
    size_t n = (size_t)view.size, length = 0;
    int invalid = -1;
    Value room = kr_bytes(NULL, n), result = EMPTY;
    if (is_empty(room)) goto done;
    uint8_t *out = kr_bytes_data(room);
    for (size_t i = 0; i < n;) {
        if (p[i] != '\\') {
            out[length++] = p[i++];
            continue;
        }
        if (++i == n) {
            kr_raise(kr_ValueError, "Trailing \\ in string");
            goto done;
        }
        static const char from[] = "\\'\"bftnrav", to[] = "\\'\"\b\f\t\n\r\a\v";
        const char *simple = p[i] ? strchr(from, p[i]) : NULL;
        if (p[i] == '\n') {
            i++;
        } else if (simple) {
            out[length++] = (uint8_t)to[simple - from];
            i++;
        } else if (p[i] >= '0' && p[i] <= '7') {
            int value = 0;
            for (int k = 0; k < 3 && i < n && p[i] >= '0' && p[i] <= '7'; k++) value = value * 8 + (p[i++] - '0');
            if (value > 255 && invalid < 0) invalid = value;
            out[length++] = (uint8_t)value;
        } else if (p[i] == 'x') {
            int high = i + 1 < n ? hex_digit(p[i + 1]) : -1, low = i + 2 < n ? hex_digit(p[i + 2]) : -1;
            if (high >= 0 && low >= 0) {
                out[length++] = (uint8_t)(high * 16 + low);
                i += 3;
                continue;
            }
            if (!errors || strcmp(errors, "strict") == 0) {
                kr_raise(kr_ValueError, "invalid \\x escape at position %zu", i - 1);
                goto done;
            }
            if (strcmp(errors, "replace") == 0) out[length++] = '?';
            else if (strcmp(errors, "ignore") != 0) {
                kr_raise(kr_ValueError, "decoding error; unknown error handling code: %s", errors);
                goto done;
            }
            i++;
            if (high >= 0) i++;
        } else {
            if (invalid < 0) invalid = p[i];
            out[length++] = '\\';
            out[length++] = p[i++];
        }
    }
    if (warn_of_escape(invalid, 1) < 0) goto done;
    result = kr_tuple_of(2, kr_bytes(out, length), kr_int((int64_t)n));
done:
    kr_buffer_release(&view);
    return result;
}

/* ---- Character maps ---- */

typedef struct MapContext {
    Value mapping;
    uint8_t byte;
    Value keep;
} MapContext;

/* The bytes of a code point by a mapping of ordinals to ints, bytes or None. */
static int map_point(void *context, uint32_t c, const uint8_t **bytes)
{
    MapContext *m = context;
    Value found = kr_getitem(m->mapping, from_small_int(c));
    if (is_empty(found)) {
        if (!kr_raised_is(kr_LookupError)) return -2;
        kr_clear_exception();
        return -1;
    }
    if (is_none(found)) return -1;
    if (is_bytes(found)) {
        m->keep = found;
        *bytes = kr_bytes_data(found);
        return (int)kr_bytes_size(found);
    }
    int64_t byte;
    if (!kr_is_int(found)) return kr_raise(kr_TypeError, "character mapping must return integer, bytes or None, not %T", found), -2;
    if (kr_to_int64(found, &byte) < 0) return -2;
    if (byte < 0 || byte > 255) return kr_raise(kr_TypeError, "character mapping must be in range(256)"), -2;
    m->byte = (uint8_t)byte;
    *bytes = &m->byte;
    return 1;
}

KR_FN(codecs, charmap_encode, "charmap_encode", "(str, errors=None, mapping=None, /)", "Encodes by a mapping of code points to bytes.")
{
    if (!is_str(a[0])) return kr_raise(kr_TypeError, "charmap_encode() argument 1 must be str, not %T", a[0]);
    if (is_none(a[2])) return encode_with(CODEC_LATIN1, a);
    const char *errors = errors_argument(a[1]);
    if (kr_raised()) return EMPTY;
    MapContext context = {.mapping = a[2]};
    CodecErrors e;
    ByteBuffer out = {0};
    kr_codec_begin_encode(&e, errors, a[0]);
    Value bytes = kr_codec_end_encode(&e, kr_text_encode_charmap(str_span(str_of(a[0])), &e.errors, map_point, &context, &out), &out);
    return is_empty(bytes) ? EMPTY : kr_tuple_of(2, bytes, kr_int((int64_t)str_of(a[0])->length));
}

/* A mapping other than a str as a table of 256 code points; multi-character results go through the slow way. */
static Value decode_by_mapping(const uint8_t *data, size_t n, Value mapping, const char *errors)
{
    KrText text;
    kr_text_init(&text);
    for (size_t i = 0; i < n; i++) {
        Value found = kr_getitem(mapping, from_small_int(data[i]));
        bool missing = is_empty(found);
        if (missing) {
            if (!kr_raised_is(kr_LookupError)) goto failed;
            kr_clear_exception();
        } else if (is_none(found) || (is_int(found) && int_of(found) == 0xfffe) || (is_str(found) && str_of(found)->length == 1 && str_at(str_of(found), 0) == 0xfffe)) {
            missing = true;
        }
        if (!missing && is_str(found)) {
            kr_text_add_str(&text, found);
        } else if (!missing) {
            int64_t c;
            if (!kr_is_int(found)) {
                kr_raise(kr_TypeError, "character mapping must return integer, None or str");
                goto failed;
            }
            if (kr_to_int64(found, &c) < 0) goto failed;
            if (c < 0 || c > 0x10ffff) {
                kr_raise(kr_TypeError, "character mapping must be in range(0x110000)");
                goto failed;
            }
            kr_text_add_char(&text, (uint32_t)c);
        } else if (!errors || strcmp(errors, "strict") == 0) {
            Value arguments[] = {kr_intern("charmap"), kr_bytes(data, n), kr_int((int64_t)i), kr_int((int64_t)i + 1), kr_intern("character maps to <undefined>")};
            Value exception = kr_call(kr_type_value(kr_UnicodeDecodeError), arguments, 5, EMPTY);
            if (!is_empty(exception)) kr_raise_value(exception);
            goto failed;
        } else if (strcmp(errors, "replace") == 0) {
            kr_text_add_char(&text, 0xfffd);
        } else if (strcmp(errors, "backslashreplace") == 0) {
            kr_text_add_format(&text, "\\x%02x", data[i]);
        } else if (strcmp(errors, "surrogateescape") == 0 && data[i] >= 128) {
            kr_text_add_char(&text, 0xdc00u + data[i]);
        }
    }
    return kr_text_finish(&text);
failed:
    kr_text_drop(&text);
    return EMPTY;
}

KR_FN(codecs, charmap_decode, "charmap_decode", "(data, errors=None, mapping=None, /)", "Decodes by a mapping of bytes to code points.")
{
    if (is_none(a[2])) return decode_with(CODEC_LATIN1, a, true);
    KrBuffer view;
    const char *errors = errors_argument(a[1]);
    if (kr_raised() || bytes_input(a[0], &view) < 0) return EMPTY;
    Value text;
    if (is_str(a[2])) {
        CodecErrors e;
        CodeBuffer out = {0};
        kr_codec_begin_decode(&e, errors, a[0], view.data, (size_t)view.size);
        text = kr_codec_end_decode(&e, kr_text_decode_charmap(view.data, (size_t)view.size, &e.errors, str_span(str_of(a[2])), &out), &out);
    } else {
        text = decode_by_mapping(view.data, (size_t)view.size, a[2], errors);
    }
    int64_t size = view.size;
    kr_buffer_release(&view);
    return is_empty(text) ? EMPTY : kr_tuple_of(2, text, kr_int(size));
}

KR_FN(codecs, charmap_build, "charmap_build", "(map, /)", "The encoding map of a decoding table: a dict of code points to bytes.")
{
    if (!is_str(a[0])) return kr_raise(kr_TypeError, "charmap_build() argument must be str, not %T", a[0]);
    Value dict = kr_dict();
    for (size_t i = 0; i < str_of(a[0])->length; i++) {
        uint32_t c = str_at(str_of(a[0]), i);
        if (c != 0xfffe && kr_dict_set(dict, from_small_int(c), from_small_int((int64_t)i)) < 0) return EMPTY;
    }
    return dict;
}

KR_FN(codecs, readbuffer_encode, "readbuffer_encode", "(data, errors=None, /)", "The bytes of a buffer.")
{
    KrBuffer view;
    if (kr_codec_input(a[0], &view) < 0) return EMPTY;
    Value bytes = kr_bytes(view.data, (size_t)view.size);
    int64_t size = view.size;
    kr_buffer_release(&view);
    return kr_tuple_of(2, bytes, kr_int(size));
}

#include "runtime/vm/codecs_module.entries.h"

static int codecs_exec(Value module)
{
    static const char *const handlers[][2] = {{"strict", "strict_errors"}, {"ignore", "ignore_errors"}, {"replace", "replace_errors"},
                                              {"backslashreplace", "backslashreplace_errors"}, {"xmlcharrefreplace", "xmlcharrefreplace_errors"},
                                              {"namereplace", "namereplace_errors"}, {"surrogateescape", "surrogateescape"}, {"surrogatepass", "surrogatepass"}};
    kr_root(&search_functions), kr_root(&search_cache), kr_root(&error_handlers);
    search_functions = kr_list(NULL, 0);
    search_cache = kr_dict();
    error_handlers = kr_dict();
    if (is_empty(search_functions) || is_empty(search_cache) || is_empty(error_handlers)) return -1;
    for (size_t i = 0; i < 8; i++)
        if (kr_dict_set_ascii(error_handlers, handlers[i][0], kr_dict_find_ascii(kr_module_dict(module), handlers[i][1])) < 0) return -1;
    return 0;
}

KR_MODULE(_codecs) = {
    .api_version = KR_API_VERSION,
    .name = "_codecs",
    .functions = codecs_functions,
    .exec = codecs_exec,
};
