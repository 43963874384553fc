/* str_codec.c: str.encode(), bytes.decode() and their kin: the codecs of runtime/text joined to
 * runtime values.
 *
 * The common encodings are recognised by name here and never reach the registry; others go through
 * _codecs.lookup. The exception object for a handler is made once a conversion and updated in
 * place, as handlers may keep it. */
#include "runtime/objects/hooks.h"
#include "runtime/objects/str_codec.h"

#include <stdlib.h>

#include "runtime/objects/bytes.h"
#include "runtime/objects/exception.h"
#include "runtime/objects/quick.h"
#include "runtime/objects/str_type.h"

/* ---- Errors ---- */

static bool handle(TextErrors *errors, const TextError *error, TextReplacement *out);

void kr_codec_begin_decode(CodecErrors *e, const char *errors, Value object, const uint8_t *data,
                           size_t length)
{
    *e = (CodecErrors){
        .name = errors, .object = object, .data = data, .length = length, .decoding = true};
    e->errors.mode = kr_text_error_mode(errors);
    e->errors.handle = handle;
    e->errors.context = e;
    if (e->errors.mode == ERRORS_XMLCHARREF || e->errors.mode == ERRORS_NAME)
        e->errors.mode = ERRORS_CALLBACK; /* cannot decode: the handler itself says so */
}

void kr_codec_begin_encode(CodecErrors *e, const char *errors, Value str)
{
    *e = (CodecErrors){.name = errors, .object = str};
    e->errors.mode = kr_text_error_mode(errors);
    e->errors.handle = handle;
    e->errors.context = e;
}

static Value make_exception(CodecErrors *e, const TextError *error)
{
    if (e->decoding && (is_empty(e->object) || !is_exact(e->object, &kr_bytes_type)))
        e->object = kr_bytes(e->data, e->length);
    if (is_empty(e->object)) return EMPTY;
    Value args[5] = {kr_str(error->encoding), e->object, kr_int((int64_t)error->start),
                     kr_int((int64_t)error->end), kr_str(error->reason)};
    KrType *type = e->decoding ? kr_UnicodeDecodeError : kr_UnicodeEncodeError;
    return kr_call(kr_type_value(type), args, 5, EMPTY);
}

static int update_exception(CodecErrors *e, const TextError *error)
{
    if (is_empty(e->exception)) {
        e->exception = make_exception(e, error);
        return is_empty(e->exception) ? -1 : 0;
    }
    Value x = e->exception;
    if (kr_setattr_ascii(x, "start", kr_int((int64_t)error->start)) < 0 ||
        kr_setattr_ascii(x, "end", kr_int((int64_t)error->end)) < 0 ||
        kr_setattr_ascii(x, "reason", kr_str(error->reason)) < 0)
        return -1;
    return 0;
}

static bool handle(TextErrors *errors, const TextError *error, TextReplacement *out)
{
    CodecErrors *e = errors->context;
    if (is_empty(e->handler)) {
        Value lookup = kr_import_attr("_codecs", "lookup_error");
        if (is_empty(lookup)) return false;
        e->handler = kr_call1(lookup, kr_str(e->name));
        if (is_empty(e->handler)) return false;
    }
    if (update_exception(e, error) < 0) return false;
    Value result = kr_call1(e->handler, e->exception);
    if (is_empty(result)) return false;
    int64_t position;
    Value text = is_tuple(result) && kr_tuple_size(result) == 2 ? kr_tuple_get(result, 0) : EMPTY;
    bool fits = !is_empty(text) && (is_str(text) || (!e->decoding && is_bytes(text))) &&
                kr_is_int(kr_tuple_get(result, 1));
    if (!fits) {
        kr_raise(kr_TypeError, e->decoding
                                   ? "decoding error handler must return (str, int) tuple"
                                   : "encoding error handler must return (str/bytes, int) tuple");
        return false;
    }
    if (kr_to_index(kr_tuple_get(result, 1), &position) < 0) return false;
    e->keep = result;
    size_t length = e->decoding ? e->length : str_of(e->object)->length;
    if (e->decoding) {
        Value object = kr_getattr_ascii(e->exception, "object");
        if (is_empty(object)) return false;
        if (!is_bytes(object)) {
            kr_raise(kr_TypeError, "exception attribute 'object' must be bytes");
            return false;
        }
        if (!same(object, e->object)) {
            e->object = object;
            e->data = out->new_input = bytes_of(object)->data;
            e->length = out->new_length = length = bytes_of(object)->size;
        }
    }
    int64_t given = position;
    if (position < 0) position += (int64_t)length;
    if (position < 0 || position > (int64_t)length) {
        kr_raise(kr_IndexError, "position %lld from error handler out of bounds", (long long)given);
        return false;
    }
    out->resume = (size_t)position;
    if (is_str(text)) {
        out->text = str_span(str_of(text));
    } else {
        out->bytes = bytes_of(text)->data;
        out->length = bytes_of(text)->size;
    }
    return true;
}

static void raise_status(CodecErrors *e, TextStatus status)
{
    if (status == TEXT_NO_MEMORY) kr_raise_no_memory();
    if (status != TEXT_ERROR) return;
    Value x = update_exception(e, &e->errors.at) < 0 ? EMPTY : e->exception;
    if (!is_empty(x)) kr_raise_value(x);
}

Value kr_codec_end_decode(CodecErrors *e, TextStatus status, CodeBuffer *out)
{
    Value result = EMPTY;
    if (status == TEXT_DONE)
        result = kr_str_from_points(out->data, out->length, out->width ? out->width : 1);
    else
        raise_status(e, status);
    free(out->data);
    return result;
}

Value kr_codec_end_encode(CodecErrors *e, TextStatus status, ByteBuffer *out)
{
    Value result = EMPTY;
    if (status == TEXT_DONE)
        result = kr_bytes(out->data ? (const void *)out->data : "", out->length);
    else
        raise_status(e, status);
    free(out->data);
    return result;
}

/* ---- Native codecs ---- */

Value kr_codec_decode(TextCodec codec, Value object, const uint8_t *data, size_t n,
                      const char *errors, bool final, size_t *consumed)
{
    *consumed = n;
    if (codec == CODEC_LATIN1) return kr_str_latin1((const char *)data, n);
    if ((codec == CODEC_UTF8 || codec == CODEC_ASCII) && kr_text_ascii_prefix(data, n) == n)
        return kr_str_latin1((const char *)data, n);
    if (codec == CODEC_UTF8) {
        Utf8Info info;
        size_t valid;
        if (kr_utf8_scan(data, n, &info, &valid)) {
            Str *s = info.code_points > 1 ? kr_str_alloc_for(info.code_points, info.max) : NULL;
            if (s) {
                kr_utf8_expand(data, n, s->width, s->data);
                return from_object(s);
            }
            if (info.code_points > 1) return EMPTY;
        }
    }
    CodecErrors e;
    CodeBuffer out = {0};
    kr_codec_begin_decode(&e, errors, object, data, n);
    TextStatus status = kr_text_decode(codec, data, n, &e.errors, final, consumed, &out);
    return kr_codec_end_decode(&e, status, &out);
}

static bool has_surrogates(const Str *s)
{
    if (s->width == 1) return false;
    for (size_t i = 0; i < s->length; i++)
        if (str_at(s, i) - 0xD800 < 0x800) return true;
    return false;
}

Value kr_codec_encode(TextCodec codec, Value str, const char *errors)
{
    Str *s = str_of(str);
    if (codec == CODEC_UTF8 && !s->ascii && !has_surrogates(s)) {
        Bytes *b = kr_bytes_alloc(kr_utf8_length(s->data, s->width, s->length));
        if (!b) return EMPTY;
        kr_utf8_write(s->data, s->width, s->length, b->data);
        return from_object(b);
    }
    if ((s->ascii && (codec == CODEC_UTF8 || codec == CODEC_ASCII || codec == CODEC_LATIN1)) ||
        (s->width == 1 && codec == CODEC_LATIN1))
        return kr_bytes(s->data, s->length);
    CodecErrors e;
    ByteBuffer out = {0};
    kr_codec_begin_encode(&e, errors, str);
    TextStatus status = kr_text_encode(codec, str_span(s), &e.errors, &out);
    return kr_codec_end_encode(&e, status, &out);
}

int kr_codec_input(Value v, KrBuffer *buffer)
{
    if (!is_str(v)) return kr_buffer_get(v, buffer, KR_BUFFER_READ | KR_BUFFER_CONTIGUOUS);
    size_t n;
    const char *text = kr_str_utf8(v, &n);
    if (!text) return -1;
    *buffer = (KrBuffer){
        .data = (void *)(uintptr_t)text, .size = (int64_t)n, .item_size = 1, .read_only = true};
    return 0;
}

/* ---- The registry ---- */

/* Is an exception of this class nothing but its message? Not one whose classes written in Python make
 * or fill it by themselves, nor one of the native classes that hold more. */
static bool only_message(const Type *type)
{
    const KrType *rich[] = {kr_UnicodeError, kr_OSError,        kr_SyntaxError, kr_ImportError,
                            kr_NameError,    kr_AttributeError, kr_SystemExit,  kr_StopIteration};
    for (size_t i = 0; i < sizeof rich / sizeof *rich; i++)
        if (kr_is_subtype(type, rich[i])) return false;
    for (size_t i = 0; i < kr_tuple_size(type->mro); i++) {
        const Type *base = object_of(kr_tuple_get(type->mro, i));
        if (!(base->traits & TYPE_HEAP)) break;
        Value slots = kr_dict_find_ascii(base->dict, "__slots__");
        bool filled = !is_empty(slots) && kr_truth(slots) != 0 && !is_str(slots) &&
                      !(kr_length(slots) == 1 && kr_contains(slots, kr_intern("__weakref__")) > 0);
        if (filled || !is_empty(kr_dict_find_ascii(base->dict, "__init__")) ||
            !is_empty(kr_dict_find_ascii(base->dict, "__new__")))
            return false;
    }
    return true;
}

/* Says which codec failed: the exception that is set becomes the cause of a like one. Left alone
 * where it holds more than a message. */
void kr_codec_wrap_error(const char *encoding, bool encode)
{
    Value exception = kr_take_exception();
    Type *type = type_of(exception);
    bool plain = only_message(type);
    Value args = exception_of(exception)->args;
    size_t n = kr_tuple_size(args);
    plain = plain && n <= 1 && (n == 0 || is_str(kr_tuple_get(args, 0)));
    if (plain) {
        Value attributes = kr_find_attr(exception, KR_NAME("__dict__"));
        plain = is_empty(attributes) || !kr_is_dict(attributes) || kr_dict_size(attributes) == 0;
    }
    kr_clear_exception();
    if (!plain) {
        kr_restore_exception(exception);
        return;
    }
    kr_raise(type, "%s with '%s' codec failed (%T: %S)", encode ? "encoding" : "decoding", encoding,
             exception, exception);
    kr_chain_cause(exception);
}

/* The codec's encoder or decoder applied: what it returned first. */
static Value through_registry(const char *encoding, const char *errors, Value input, bool encode)
{
    Value lookup = kr_import_attr("_codecs", "lookup");
    if (is_empty(lookup)) return EMPTY;
    Value info = kr_call1(lookup, kr_str(encoding));
    if (is_empty(info)) return EMPTY;
    Value is_text = kr_find_attr(info, KR_NAME("_is_text_encoding"));
    if (is_empty(is_text) && kr_raised()) return EMPTY;
    if (!is_empty(is_text)) {
        int text = kr_truth(is_text);
        if (text < 0) return EMPTY;
        if (!text)
            return kr_raise(kr_LookupError,
                            "'%s' is not a text encoding; use codecs.%s() to handle arbitrary "
                            "codecs",
                            encoding, encode ? "encode" : "decode");
    }
    Value coder = kr_getitem(info, from_small_int(encode ? 0 : 1));
    if (is_empty(coder)) return EMPTY;
    Value args[2] = {input, EMPTY};
    if (errors) args[1] = kr_str(errors);
    Value result = kr_call(coder, args, errors ? 2 : 1, EMPTY);
    if (is_empty(result)) {
        kr_codec_wrap_error(encoding, encode);
        return EMPTY;
    }
    if (!is_tuple(result) || kr_tuple_size(result) != 2)
        return kr_raise(kr_TypeError, "%s must return a tuple (object, integer)",
                        encode ? "encoder" : "decoder");
    return kr_tuple_get(result, 0);
}

bool kr_codecs_checked;

/* In development mode unknown names are refused even where nothing needs them: empty text, pure
 * ASCII. */
static bool is_known(const char *lookup_name, const char *name)
{
    Value lookup = name ? kr_import_attr("_codecs", lookup_name) : NONE;
    return !is_empty(lookup) && (!name || !is_empty(kr_call1(lookup, kr_str(name))));
}

static bool known_names(const char *encoding, const char *errors)
{
    static bool checking; /* a lookup imports the encodings, and decodes names for that */
    if (!kr_codecs_checked || checking || (!encoding && !errors)) return true;
    checking = true;
    bool known = is_known("lookup", encoding) && is_known("lookup_error", errors);
    checking = false;
    return known;
}

/* Codecs that CPython reaches through its registry, which words some errors differently. */
static bool registered_only(TextCodec codec)
{
    return codec == CODEC_UTF16_LE || codec == CODEC_UTF16_BE || codec == CODEC_UTF32_LE ||
           codec == CODEC_UTF32_BE || codec == CODEC_UTF7;
}

Value kr_str_encode(Value str, const char *encoding, const char *errors)
{
    if (!known_names(encoding, errors)) return EMPTY;
    TextCodec codec = encoding ? kr_text_find_codec(encoding) : CODEC_UTF8;
    if (codec != CODEC_NONE && codec != CODEC_UTF8_SIG) {
        Value bytes = kr_codec_encode(codec, str, errors);
        if (is_empty(bytes) && registered_only(codec)) kr_codec_wrap_error(encoding, true);
        return bytes;
    }
    Value result = through_registry(encoding, errors, str, true);
    if (is_empty(result) || is_bytes(result)) return result;
    if (is_bytearray(result)) {
        if (kr_warn(kr_RuntimeWarning, 1,
                    "encoder %s returned bytearray instead of bytes; "
                    "use codecs.encode() to encode to arbitrary types",
                    encoding) < 0)
            return EMPTY;
        TextSpan span = bytes_span(result);
        return kr_bytes(span.data, span.length);
    }
    return kr_raise(kr_TypeError,
                    "'%s' encoder returned '%T' instead of 'bytes'; use codecs.encode() to encode "
                    "to arbitrary types",
                    encoding, result);
}

static Value decode(Value object, const uint8_t *data, size_t n, const char *encoding,
                    const char *errors)
{
    if (!known_names(encoding, errors)) return EMPTY;
    size_t consumed;
    TextCodec codec = encoding ? kr_text_find_codec(encoding) : CODEC_UTF8;
    if (codec != CODEC_NONE && codec != CODEC_UTF8_SIG) {
        Value text = kr_codec_decode(codec, object, data, n, errors, true, &consumed);
        if (is_empty(text) && registered_only(codec)) kr_codec_wrap_error(encoding, false);
        return text;
    }
    if (is_empty(object)) object = kr_bytes(data, n);
    if (is_empty(object)) return EMPTY;
    Value result = through_registry(encoding, errors, object, false);
    if (is_empty(result) || is_str(result)) return result;
    return kr_raise(kr_TypeError,
                    "'%s' decoder returned '%T' instead of 'str'; use codecs.decode() to decode to "
                    "arbitrary types",
                    encoding, result);
}

Value kr_str_decode(const char *bytes, size_t n, const char *encoding, const char *errors)
{
    return decode(EMPTY, (const uint8_t *)bytes, n, encoding, errors);
}

/* The text of an optional str argument; false when it raised. */
static bool name_of(Value v, const char **name)
{
    *name = NULL;
    if (is_empty(v) || is_none(v)) return true;
    *name = kr_str_cstring(v);
    return *name != NULL;
}

Value kr_str_encode_value(Value str, Value encoding, Value errors)
{
    const char *e, *h;
    if (!name_of(encoding, &e) || !name_of(errors, &h)) return EMPTY;
    return kr_str_encode(str, e, h);
}

Value kr_str_from_object_encoded(Value object, Value encoding, Value errors)
{
    const char *e, *h;
    if (!name_of(encoding, &e) || !name_of(errors, &h)) return EMPTY;
    if (is_bytes(object))
        return decode(object, bytes_of(object)->data, bytes_of(object)->size, e, h);
    if (is_str(object)) return kr_raise(kr_TypeError, "decoding str is not supported");
    if (!kr_has_buffer(object))
        return kr_raise(kr_TypeError, "decoding to str: need a bytes-like object, %T found",
                        object);
    KrBuffer buffer;
    if (kr_buffer_get(object, &buffer, KR_BUFFER_READ | KR_BUFFER_CONTIGUOUS) < 0) return EMPTY;
    Value result = decode(EMPTY, buffer.data, (size_t)buffer.size, e, h);
    kr_buffer_release(&buffer);
    return result;
}

static Value encode_args(const Value *a)
{
    for (int i = 1; i < 3; i++)
        if (!is_str(a[i]))
            return kr_raise(kr_TypeError, "encode() argument '%s' must be str, not %s",
                            i == 1 ? "encoding" : "errors", kr_arg_type_name(a[i]));
    const char *encoding = kr_str_cstring(a[1]);
    const char *errors = encoding ? kr_str_cstring(a[2]) : NULL;
    if (!errors) return EMPTY;
    return kr_str_encode(a[0], encoding, strcmp(errors, "strict") ? errors : NULL);
}

KR_FN(str, str_encode, "encode", "(self, /, encoding='utf-8', errors='strict')",
      "Encode the string using the codec registered for encoding.\n\n  encoding\n    The encoding "
      "in which to encode the string.\n  errors\n    The error handling scheme to use for encoding "
      "errors.\n    The default is 'strict' meaning that encoding errors raise a\n    "
      "UnicodeEncodeError.  Other possible values are 'ignore', 'replace' and\n    "
      "'xmlcharrefreplace' as well as any other name registered with\n    codecs.register_error "
      "that can handle UnicodeEncodeErrors.")
{
    return encode_args(a);
}

#include "runtime/objects/str_codec.entries.h"

const KrFunction *const *kr_str_codec_methods(void) { return str_functions; }
