/* float_convert.c: text and objects to floats and complex numbers. */
#include <math.h>
#include <stdlib.h>

#include "runtime/objects/bytes.h"
#include "runtime/objects/complex.h"
#include "runtime/objects/float.h"
#include "runtime/objects/int.h"
#include "runtime/objects/quick.h"
#include "runtime/text/float_text.h"

/* Removes underscores between digits into out[n + 1]; false if one stands elsewhere. */
static bool drop_underscores(const char *text, size_t n, char *out, size_t *length)
{
    char before = 0;
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        char c = text[i];
        if (c == '_') {
            if (before < '0' || before > '9') return false;
        } else {
            out[k++] = c;
            if (before == '_' && (c < '0' || c > '9')) return false;
        }
        before = c;
    }
    *length = k;
    return before != '_';
}

static bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static void trim(const char **p, const char **end)
{
    while (*p < *end && is_blank(**p)) ++*p;
    while (*end > *p && is_blank((*end)[-1])) --*end;
}

Value kr_float_from_text(const char *text, size_t size, Value shown)
{
    const char *p = text, *end = text + size, *stop;
    char *owned = NULL;
    double x = 0;
    trim(&p, &end);
    bool ok = true;
    if (memchr(p, '_', (size_t)(end - p))) {
        size_t n = (size_t)(end - p);
        owned = calloc(n + 1, 1);
        if (!owned) return kr_raise_no_memory();
        ok = drop_underscores(p, n, owned, &n);
        p = owned;
        end = owned + n;
    }
    if (ok) {
        x = kr_float_read(p, end, &stop);
        ok = stop == end && p < end;
    }
    free(owned);
    if (ok) return from_float(x);
    if (is_empty(shown)) shown = kr_str_latin1(text, size);
    return is_empty(shown)
               ? EMPTY
               : kr_raise(kr_ValueError, "could not convert string to float: %R", shown);
}

Value kr_float_parse(Value text)
{
    const Str *s = str_of(text);
    if (s->ascii) return kr_float_from_text(s->data, s->length, text);
    char *ascii = kr_text_to_ascii_number(text);
    if (!ascii) return EMPTY;
    Value v = kr_float_from_text(ascii, s->length, text);
    free(ascii);
    return v;
}

/* v through __float__ or __index__: 1, 0 when it has neither, -1 raised. */
static int through_method(Value v, double *out)
{
    Type *type = type_of(v);
    if (type->slots.to_float) {
        Value x = type->slots.to_float(v);
        if (is_empty(x)) return -1;
        if (!is_any_float(x)) {
            kr_raise(kr_TypeError, "%T.__float__ returned non-float (type %T)", v, x);
            return -1;
        }
        if (!is_float(x) &&
            kr_warn(kr_DeprecationWarning, 1,
                    "%T.__float__ returned non-float (type %T).  The ability to return an instance "
                    "of a strict subclass of float is deprecated, and may not be supported in a "
                    "future version of Python.",
                    v, x) < 0)
            return -1;
        *out = any_float_of(x);
        return 1;
    }
    if (!kr_has_index(v)) return 0;
    Value i = kr_index(v);
    return is_empty(i) || kr_int_to_double(i, out) < 0 ? -1 : 1;
}

int kr_to_double(Value v, double *out)
{
    if (LIKELY(is_float(v))) {
        *out = float_of(v);
        return 0;
    }
    if (is_int(v)) {
        *out = (double)int_of(v);
        return 0;
    }
    int status = through_method(v, out);
    if (status == 0) kr_raise(kr_TypeError, "must be real number, not %T", v);
    return status > 0 ? 0 : -1;
}

Value kr_float_from_object(Value v)
{
    if (is_float(v)) return v;
    if (is_int(v)) return from_double((double)int_of(v));
    if (is_exact(v, &kr_str_type)) return kr_float_parse(v);
    double x;
    int status = through_method(v, &x);
    if (status) return status < 0 ? EMPTY : from_float(x);
    if (is_str(v)) return kr_float_parse(v);
    if (is_bytes(v) || is_bytearray(v)) {
        TextSpan text = bytes_span(v);
        return kr_float_from_text(text.data, text.length, kr_bytes(text.data, text.length));
    }
    if (kr_has_buffer(v)) {
        KrBuffer buffer;
        if (kr_buffer_get(v, &buffer, KR_BUFFER_READ | KR_BUFFER_CONTIGUOUS) < 0) return EMPTY;
        Value bytes = kr_bytes(buffer.data, (size_t)buffer.size);
        kr_buffer_release(&buffer);
        if (is_empty(bytes)) return EMPTY;
        return kr_float_from_text((const char *)bytes_of(bytes)->data, bytes_of(bytes)->size, v);
    }
    return kr_raise(kr_TypeError, "float() argument must be a string or a real number, not '%T'",
                    v);
}

/* ---- Complex ---- */

static bool is_sign(const char *p, const char *end) { return p < end && (*p == '+' || *p == '-'); }
static bool is_j(const char *p, const char *end) { return p < end && (*p == 'j' || *p == 'J'); }

/* A real number, an imaginary one, or both; the imaginary one may lack its digits. */
static bool read_complex(const char *p, const char *end, double *re, double *im)
{
    const char *stop;
    *re = *im = 0;
    double x = kr_float_read(p, end, &stop);
    if (stop != p) {
        p = stop;
        if (is_sign(p, end)) {
            *re = x;
            *im = kr_float_read(p, end, &stop);
            if (stop != p)
                p = stop;
            else
                *im = *p++ == '+' ? 1 : -1;
            if (!is_j(p, end)) return false;
            p++;
        } else if (is_j(p, end)) {
            *im = x;
            p++;
        } else {
            *re = x;
        }
    } else {
        *im = 1;
        if (is_sign(p, end)) *im = *p++ == '+' ? 1 : -1;
        if (!is_j(p, end)) return false;
        p++;
    }
    return p == end;
}

static Value complex_from_ascii(const char *text, size_t size, Value shown)
{
    const char *p = text, *end = text + size;
    char *owned = calloc(size + 1, 1);
    if (!owned) return kr_raise_no_memory();
    trim(&p, &end);
    size_t n;
    double re = 0, im = 0;
    bool ok = drop_underscores(p, (size_t)(end - p), owned, &n);
    if (!ok) {
        free(owned);
        return kr_raise(kr_ValueError, "could not convert string to complex: %R", shown);
    } else {
        p = owned;
        end = owned + n;
        if (p < end && *p == '(') {
            ok = end - p >= 2 && end[-1] == ')';
            p++;
            end--;
            if (ok) trim(&p, &end);
        }
        ok = ok && read_complex(p, end, &re, &im);
    }
    free(owned);
    return ok ? kr_complex(re, im) : kr_raise(kr_ValueError, "complex() arg is a malformed string");
}

Value kr_complex_parse(Value text)
{
    const Str *s = str_of(text);
    char *ascii = kr_text_to_ascii_number(text);
    if (!ascii) return EMPTY;
    Value v = complex_from_ascii(ascii, s->length, text);
    free(ascii);
    return v;
}

/* 1 when v has __complex__, 0 when not, -1 raised. */
int kr_complex_through_method(Value v, double *re, double *im)
{
    if (is_any_complex(v) && is_exact(v, &kr_complex_type)) {
        *re = complex_of(v)->re;
        *im = complex_of(v)->im;
        return 1;
    }
    Value method = kr_find_special(v, KR_NAME("__complex__"));
    if (is_empty(method)) return kr_raised() ? -1 : 0;
    Value z = kr_call0(method);
    if (is_empty(z)) return -1;
    if (!is_any_complex(z)) {
        kr_raise(kr_TypeError, "%T.__complex__ returned non-complex (type %T)", v, z);
        return -1;
    }
    if (!is_exact(z, &kr_complex_type) &&
        kr_warn(kr_DeprecationWarning, 1,
                "%T.__complex__ returned non-complex (type %T).  The ability to return an instance "
                "of a strict subclass of complex is deprecated, and may not be supported in a "
                "future version of Python.",
                v, z) < 0)
        return -1;
    *re = complex_of(z)->re;
    *im = complex_of(z)->im;
    return 1;
}

int kr_to_complex(Value v, double *re, double *im)
{
    *im = 0;
    if (is_float(v)) {
        *re = float_of(v);
        return 0;
    }
    if (is_any_complex(v)) {
        *re = complex_of(v)->re;
        *im = complex_of(v)->im;
        return 0;
    }
    int status = is_object(v) ? kr_complex_through_method(v, re, im) : 0;
    if (status) return status < 0 ? -1 : 0;
    return kr_to_double(v, re);
}
