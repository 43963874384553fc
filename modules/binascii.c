/* binascii.c: the binascii module: base64, hexadecimal, quoted-printable and uuencoded text,
 * CRCs.
 *
 * The decoders are as lenient as CPython's: what does not belong to the alphabet is skipped where
 * old mail programs put it, and refused elsewhere. */
#include <zlib.h>

#include "modules/support.h"

static KrValue error_class, incomplete_class;
static KrType *error_type;

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Input of a decoder: a buffer, or a str of ASCII characters. */
typedef struct Input {
    KrBuffer view;
    bool has_view;
    const uint8_t *data;
    size_t size;
} Input;

static int get_text(KrValue v, Input *in)
{
    in->has_view = false;
    if (kr_is_str(v)) {
        if (!kr_str_is_ascii(v)) {
            kr_raise(kr_ValueError, "string argument should contain only ASCII characters");
            return -1;
        }
        in->data = kr_str_points(v);
        in->size = kr_str_length(v);
        return 0;
    }
    if (!kr_has_buffer(v)) {
        kr_raise(kr_TypeError, "argument should be bytes, buffer or ASCII string, not '%T'", v);
        return -1;
    }
    if (kr_buffer_get(v, &in->view, KR_BUFFER_READ) < 0) return -1;
    in->has_view = true;
    in->data = in->view.data;
    in->size = (size_t)in->view.size;
    return 0;
}

static int get_bytes(KrValue v, Input *in)
{
    if (kr_buffer_get(v, &in->view, KR_BUFFER_READ) < 0) return -1;
    in->has_view = true;
    in->data = in->view.data;
    in->size = (size_t)in->view.size;
    return 0;
}

static void release(Input *in)
{
    if (in->has_view) kr_buffer_release(&in->view);
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9') return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* ---- Base64 ---- */

static int base64_value(uint8_t c)
{
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Decodes into `out`, which has room; the size, or -1 raised. */
static int64_t decode_base64(const Input *in, bool strict, uint8_t *out)
{
    size_t size = 0;
    int place = 0, pads = 0, left = 0;
    bool padding_started = false;
    if (strict && in->size && in->data[0] == '=')
        return kr_raise(error_type, "Leading padding not allowed"), -1;
    for (size_t i = 0; i < in->size; i++) {
        if (in->data[i] == '=') {
            padding_started = true;
            if (place < 2 || place + ++pads < 4) continue;
            if (strict && i + 1 < in->size)
                return kr_raise(error_type, "Excess data after padding"), -1;
            return (int64_t)size;
        }
        int value = base64_value(in->data[i]);
        if (value < 0) {
            if (strict) return kr_raise(error_type, "Only base64 data is allowed"), -1;
            continue;
        }
        if (strict && padding_started)
            return kr_raise(error_type, "Discontinuous padding not allowed"), -1;
        pads = 0;
        if (place > 0) out[size++] = (uint8_t)(left << (2 * place) | value >> (6 - 2 * place));
        left = value;
        place = (place + 1) & 3;
    }
    if (place == 1)
        kr_raise(error_type,
                 "Invalid base64-encoded string: number of data characters (%zu) cannot be 1 more "
                 "than a multiple of 4",
                 size / 3 * 4 + 1);
    else if (place)
        kr_raise(error_type, "Incorrect padding");
    return place ? -1 : (int64_t)size;
}

KR_FN(binascii, a2b_base64, "a2b_base64", "(data, /, *, strict_mode=False)",
      "Decode a line of base64 data.\n\n  strict_mode\n    When set to True, bytes that are not "
      "part of the base64 standard "
      "are not allowed.\n    The same applies to excess data after padding (= / ==).")
{
    Input in;
    int strict = kr_truth(a[1]);
    if (strict < 0 || get_text(a[0], &in) < 0) return KR_EMPTY;
    Output out = {0};
    if (output_reserve(&out, in.size / 4 * 3 + 3) == 0) {
        int64_t size = decode_base64(&in, strict, out.data);
        if (size > 0) out.size = (size_t)size;
    }
    release(&in);
    return output_finish(&out);
}

KR_FN(binascii, b2a_base64, "b2a_base64", "(data, /, *, newline=True)", "Base64-code line of data.")
{
    Input in;
    int newline = kr_truth(a[1]);
    if (newline < 0 || get_bytes(a[0], &in) < 0) return KR_EMPTY;
    size_t n = in.size;
    KrValue result = kr_bytes(NULL, (n + 2) / 3 * 4 + (size_t)newline);
    if (!kr_is_empty(result)) {
        uint8_t *out = kr_bytes_data(result);
        for (size_t i = 0; i < n; i += 3) {
            uint32_t group = (uint32_t)in.data[i] << 16;
            if (i + 1 < n) group |= (uint32_t)in.data[i + 1] << 8;
            if (i + 2 < n) group |= in.data[i + 2];
            *out++ = (uint8_t)alphabet[group >> 18];
            *out++ = (uint8_t)alphabet[group >> 12 & 63];
            *out++ = i + 1 < n ? (uint8_t)alphabet[group >> 6 & 63] : '=';
            *out++ = i + 2 < n ? (uint8_t)alphabet[group & 63] : '=';
        }
        if (newline) *out = '\n';
    }
    release(&in);
    return result;
}

/* ---- Hexadecimal ---- */

/* The separator's byte, or -1 raised; 0: none. */
static int separator_of(KrValue v)
{
    if (kr_is_empty(v)) return 0;
    int64_t length = kr_length(v);
    if (length < 0) return -1;
    if (length != 1) return kr_raise(kr_ValueError, "sep must be length 1."), -1;
    if (kr_is_str(v)) {
        if (kr_str_at(v, 0) < 128) return (int)kr_str_at(v, 0);
        return kr_raise(kr_ValueError, "sep must be ASCII."), -1;
    }
    if (!kr_is_bytes(v)) return kr_raise(kr_TypeError, "sep must be str or bytes."), -1;
    if (kr_bytes_data(v)[0] < 128) return kr_bytes_data(v)[0];
    return kr_raise(kr_ValueError, "sep must be ASCII."), -1;
}

static KrValue to_hex(const KrValue *a)
{
    Input in;
    int group, separator = separator_of(a[1]);
    if (separator < 0 || kr_to_int32(a[2], &group) < 0 || get_bytes(a[0], &in) < 0) return KR_EMPTY;
    Output out = {0};
    size_t step = (size_t)(group < 0 ? -(int64_t)group : group);
    bool separated = !kr_is_empty(a[1]) && step;
    for (size_t i = 0; i < in.size && output_reserve(&out, 3) == 0; i++) {
        size_t position =
            group > 0 ? in.size - i : i; /* groups count from the right, or from the left */
        if (separated && i && position % step == 0) out.data[out.size++] = (uint8_t)separator;
        out.data[out.size++] = (uint8_t) "0123456789abcdef"[in.data[i] >> 4];
        out.data[out.size++] = (uint8_t) "0123456789abcdef"[in.data[i] & 15];
    }
    release(&in);
    return output_finish(&out);
}

static KrValue from_hex(KrValue v)
{
    Input in;
    if (get_text(v, &in) < 0) return KR_EMPTY;
    KrValue result =
        in.size % 2 ? kr_raise(error_type, "Odd-length string") : kr_bytes(NULL, in.size / 2);
    for (size_t i = 0; !kr_is_empty(result) && i < in.size; i += 2) {
        int high = hex_digit(in.data[i]), low = hex_digit(in.data[i + 1]);
        if (high < 0 || low < 0)
            result = kr_raise(error_type, "Non-hexadecimal digit found");
        else
            kr_bytes_data(result)[i / 2] = (uint8_t)(high << 4 | low);
    }
    release(&in);
    return result;
}

#define HEX_DOC                                                                                 \
    "Hexadecimal representation of binary data.\n\n  sep\n    An optional single character or " \
    "byte to separate hex bytes.\n"                                                             \
    "  bytes_per_sep\n    How many bytes between separators.  Positive values count from the\n" \
    "    right, negative values count from the left.\n\n"
KR_FN(binascii, hexlify, "hexlify", "(data, sep=<unset>, bytes_per_sep=1)",
      HEX_DOC
      "The return value is a bytes object.  This function is also\navailable as \"b2a_hex()\".")
{
    return to_hex(a);
}
KR_FN(binascii, b2a_hex, "b2a_hex", "(data, sep=<unset>, bytes_per_sep=1)",
      HEX_DOC
      "The return value is a bytes object.  This function is also\navailable as \"hexlify()\".")
{
    return to_hex(a);
}
KR_FN(binascii, unhexlify, "unhexlify", "(hexstr, /)",
      "Binary data of hexadecimal representation.\n\nhexstr must contain an even number of hex "
      "digits (upper or lower case).")
{
    return from_hex(a[0]);
}
KR_FN(binascii, a2b_hex, "a2b_hex", "(hexstr, /)",
      "Binary data of hexadecimal representation.\n\nhexstr must contain an even number of hex "
      "digits (upper or lower case).\nThis function is also available as \"unhexlify()\".")
{
    return from_hex(a[0]);
}

/* ---- Uuencoding ---- */

KR_FN(binascii, a2b_uu, "a2b_uu", "(data, /)", "Decode a line of uuencoded data.")
{
    Input in;
    if (get_text(a[0], &in) < 0) return KR_EMPTY;
    size_t length = in.size ? (size_t)(in.data[0] - ' ') & 63 : 32, at = 1;
    KrValue result = kr_bytes(NULL, length);
    uint32_t bits = 0;
    int count = 0;
    for (size_t i = 0; !kr_is_empty(result) && i < length;) {
        uint32_t c = at < in.size ? in.data[at] : '\n';
        at++;
        if (c == '\n' || c == '\r')
            c = 0; /* blanks at the end may have been lost on the way */
        else if (c < ' ' || c > ' ' + 64)
            result = kr_raise(error_type, "Illegal char");
        else
            c = (c - ' ') & 63;
        if (kr_is_empty(result)) break;
        bits = bits << 6 | c;
        count += 6;
        if (count < 8) continue;
        count -= 8;
        kr_bytes_data(result)[i++] = (uint8_t)(bits >> count);
    }
    for (; !kr_is_empty(result) && at < in.size; at++) {
        uint8_t c = in.data[at];
        if (c != ' ' && c != ' ' + 64 && c != '\n' && c != '\r')
            result = kr_raise(error_type, "Trailing garbage");
    }
    release(&in);
    return result;
}

KR_FN(binascii, b2a_uu, "b2a_uu", "(data, /, *, backtick=False)", "Uuencode line of data.")
{
    Input in;
    int backtick = kr_truth(a[1]);
    if (backtick < 0 || get_bytes(a[0], &in) < 0) return KR_EMPTY;
    Output out = {0};
    if (in.size > 45)
        kr_raise(error_type, "At most 45 bytes at once");
    else if (output_reserve(&out, 2 + (in.size + 2) / 3 * 4) == 0) {
        out.data[out.size++] = (uint8_t)(backtick && !in.size ? '`' : ' ' + in.size);
        for (size_t i = 0; i < in.size; i += 3) {
            uint32_t group = 0;
            for (size_t k = 0; k < 3; k++)
                group = group << 8 | (i + k < in.size ? in.data[i + k] : 0);
            for (int shift = 18; shift >= 0; shift -= 6) {
                uint32_t six = group >> shift & 63;
                out.data[out.size++] = (uint8_t)(backtick && !six ? '`' : ' ' + six);
            }
        }
        out.data[out.size++] = '\n';
    }
    release(&in);
    return output_finish(&out);
}

/* ---- Quoted-printable ---- */

static void decode_qp(const Input *in, bool header, Output *out)
{
    const uint8_t *p = in->data;
    size_t n = in->size;
    for (size_t i = 0; i < n;) {
        if (p[i] != '=') {
            output_byte(out, header && p[i] == '_' ? ' ' : p[i]);
            i++;
            continue;
        }
        if (++i >= n) break;
        if (p[i] == '\n' || p[i] == '\r') { /* a soft line break */
            while (i < n && p[i] != '\n') i++;
            if (i < n) i++;
        } else if (p[i] == '=') {
            output_byte(out, '=');
            i++;
        } else if (i + 1 < n && hex_digit(p[i]) >= 0 && hex_digit(p[i + 1]) >= 0) {
            output_byte(out, hex_digit(p[i]) << 4 | hex_digit(p[i + 1]));
            i += 2;
        } else {
            output_byte(out, '=');
        }
    }
}

KR_FN(binascii, a2b_qp, "a2b_qp", "(data, header=False)", "Decode a string of qp-encoded data.")
{
    Input in;
    int header = kr_truth(a[1]);
    if (header < 0 || get_text(a[0], &in) < 0) return KR_EMPTY;
    Output out = {0};
    if (output_reserve(&out, in.size) == 0) decode_qp(&in, header, &out);
    release(&in);
    return output_finish(&out);
}

typedef struct QpOptions {
    bool quotetabs, istext, header, crlf;
} QpOptions;

static bool must_quote(const QpOptions *o, const uint8_t *p, size_t n, size_t i, size_t column)
{
    uint8_t c = p[i];
    bool last = i + 1 == n;
    if (c > 126 || c == '=' || (o->header && c == '_')) return true;
    if (c == '.' && column == 0 && (last || p[i + 1] == '\n' || p[i + 1] == '\r' || p[i + 1] == 0))
        return true;
    if (!o->istext && (c == '\r' || c == '\n')) return true;
    if ((c == '\t' || c == ' ') && last) return true;
    return c < 33 && c != '\r' && c != '\n' && (o->quotetabs || (c != '\t' && c != ' '));
}

static void quote(Output *out, uint8_t c)
{
    output_byte(out, '=');
    output_byte(out, "0123456789ABCDEF"[c >> 4]);
    output_byte(out, "0123456789ABCDEF"[c & 15]);
}

static void line_end(const QpOptions *o, Output *out)
{
    if (o->crlf) output_byte(out, '\r');
    output_byte(out, '\n');
}

static void encode_qp(const QpOptions *o, const uint8_t *p, size_t n, Output *out)
{
    enum { MOST = 76 };
    size_t column = 0;
    for (size_t i = 0; i < n; i++) {
        uint8_t c = p[i];
        if (must_quote(o, p, n, i, column)) {
            if (column + 3 >= MOST) {
                output_byte(out, '=');
                line_end(o, out);
                column = 0;
            }
            quote(out, c);
            column += 3;
        } else if (o->istext && (c == '\n' || (c == '\r' && i + 1 < n && p[i + 1] == '\n'))) {
            column = 0;
            uint8_t before = out->size ? out->data[out->size - 1] : 0;
            if (before == ' ' || before == '\t') { /* blanks before a line's end would get lost */
                out->size--;
                quote(out, before);
            }
            line_end(o, out);
            if (c == '\r') i++;
        } else {
            if (i + 1 != n && p[i + 1] != '\n' && column + 1 >= MOST) {
                output_byte(out, '=');
                line_end(o, out);
                column = 0;
            }
            column++;
            output_byte(out, o->header && c == ' ' ? '_' : c);
        }
    }
}

KR_FN(binascii, b2a_qp, "b2a_qp", "(data, quotetabs=False, istext=True, header=False)",
      "Encode a string using quoted-printable encoding.\n\nOn encoding, when istext is set, "
      "newlines are not encoded, and white\n"
      "space at end of lines is.  When istext is not set, \\r and \\n (CR/LF)\nare both encoded.  "
      "When quotetabs is set, space "
      "and tabs are encoded.")
{
    int flags[3];
    for (int i = 0; i < 3; i++)
        if ((flags[i] = kr_truth(a[i + 1])) < 0) return KR_EMPTY;
    Input in;
    if (get_bytes(a[0], &in) < 0) return KR_EMPTY;
    QpOptions options = {.quotetabs = flags[0], .istext = flags[1], .header = flags[2]};
    const uint8_t *newline = in.size ? memchr(in.data, '\n', in.size) : NULL;
    options.crlf = newline && newline > in.data && newline[-1] == '\r';
    Output out = {0};
    if (output_reserve(&out, in.size) == 0) encode_qp(&options, in.data, in.size, &out);
    release(&in);
    return output_finish(&out);
}

/* ---- Checksums ---- */

KR_FN(binascii, crc_hqx, "crc_hqx", "(data, crc, /)", "Compute CRC-CCITT incrementally.")
{
    Input in;
    KrValue start = kr_index(a[1]);
    if (kr_is_empty(start) || get_bytes(a[0], &in) < 0) return KR_EMPTY;
    uint32_t crc = (uint32_t)kr_int_low_bits(start) & 0xffff;
    for (size_t i = 0; i < in.size; i++) {
        crc ^= (uint32_t)in.data[i] << 8;
        for (int bit = 0; bit < 8; bit++)
            crc = (crc & 0x8000 ? crc << 1 ^ 0x1021 : crc << 1) & 0xffff;
    }
    release(&in);
    return kr_int(crc);
}

KR_FN(binascii, crc_32, "crc32", "(data, crc=0, /)", "Compute CRC-32 incrementally.")
{
    Input in;
    KrValue start = kr_index(a[1]);
    if (kr_is_empty(start) || get_bytes(a[0], &in) < 0) return KR_EMPTY;
    uint32_t crc = (uint32_t)kr_int_low_bits(start);
    if (in.size) crc = (uint32_t)crc32_z(crc, in.data, in.size);
    release(&in);
    return kr_int(crc);
}

#include "modules/binascii.entries.h"

static int binascii_exec(KrValue module)
{
    error_type = add_exception(module, "binascii", "Error", kr_ValueError, &error_class);
    return error_type &&
                   add_exception(module, "binascii", "Incomplete", kr_Exception, &incomplete_class)
               ? 0
               : -1;
}

KR_MODULE(binascii) = {
    .api_version = KR_API_VERSION,
    .name = "binascii",
    .doc = "Conversion between binary data and ASCII",
    .functions = binascii_functions,
    .exec = binascii_exec,
};
