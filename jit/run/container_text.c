/* container_text.c: strings of kernels: made, compared, searched, cased; see containers.h. Numbers
 * as text and format specs are in text_format.c. Code points are 32 bits each: indexing is one
 * load, and kernels that build text are bound by other things. */
#include "jit/run/containers.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/objects/hash.h"
#include "runtime/text/unicode.h"

void *jit_rt_text_new(int64_t length)
{
    if (length > INT64_MAX / 8) return NULL;
    KernelBuffer *buffer = jit_rt_alloc((int64_t)sizeof(KernelText) + 4 * length, 0);
    if (buffer) kernel_text(buffer)->length = length;
    return buffer;
}

static void *text_of_units(const uint32_t *units, int64_t n)
{
    void *own = jit_rt_text_new(n);
    if (own && n) memcpy(kernel_text(own)->units, units, (size_t)n * 4);
    return own;
}

/* Valid UTF-8, surrogates included; what a kernel's constants are. */
void *jit_rt_text_utf8(void *bytes, int64_t n)
{
    const uint8_t *p = bytes, *end = p + n;
    int64_t count = 0;
    for (const uint8_t *q = p; q < end; q++) count += (*q & 0xc0) != 0x80;
    void *own = jit_rt_text_new(count);
    if (!own) return NULL;
    uint32_t *out = kernel_text(own)->units;
    while (p < end) {
        uint32_t c = *p++;
        int more = c < 0x80 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
        if (more) c &= 0x3fu >> more;
        for (; more && p < end; more--) c = c << 6 | (*p++ & 0x3fu);
        *out++ = c;
    }
    return own;
}

int64_t jit_rt_text_length(void *own) { return kernel_text(own)->length; }
int64_t jit_rt_text_at(void *own, int64_t i) { return kernel_text(own)->units[i]; }

int64_t jit_rt_text_compare(void *a, void *b)
{
    const KernelText *s = kernel_text(a), *t = kernel_text(b);
    int64_t n = s->length < t->length ? s->length : t->length;
    for (int64_t i = 0; i < n; i++)
        if (s->units[i] != t->units[i]) return s->units[i] < t->units[i] ? -1 : 1;
    return (s->length > t->length) - (s->length < t->length);
}

/* The interpreter's: SipHash over the narrowest form. */
int64_t jit_rt_text_hash(void *own)
{
    const KernelText *t = kernel_text(own);
    uint32_t widest = 0;
    for (int64_t i = 0; i < t->length; i++) widest |= t->units[i];
    int width = widest < 0x100 ? 1 : widest < 0x10000 ? 2 : 4;
    if (width == 4) return kr_hash_bytes(t->units, (size_t)t->length * 4);
    size_t size = (size_t)(t->length * width);
    uint8_t small[256] = {0}, *bytes = size > sizeof small ? calloc(size, 1) : small;
    if (!bytes) abort();
    for (int64_t i = 0; i < t->length; i++)
        for (int k = 0; k < width; k++) bytes[i * width + k] = (uint8_t)(t->units[i] >> (8 * k));
    int64_t hash = kr_hash_bytes(bytes, size);
    if (bytes != small) free(bytes);
    return hash;
}

void *jit_rt_text_char(int64_t unit)
{
    uint32_t c = (uint32_t)unit;
    return text_of_units(&c, 1);
}

void *jit_rt_text_slice(void *own, int64_t start, int64_t step, int64_t count)
{
    const KernelText *t = kernel_text(own);
    if (step == 1) return text_of_units(t->units + start, count);
    void *made = jit_rt_text_new(count);
    for (int64_t i = 0; made && i < count; i++)
        kernel_text(made)->units[i] = t->units[start + i * step];
    return made;
}

void *jit_rt_text_concat(void *a, void *b)
{
    const KernelText *s = kernel_text(a), *t = kernel_text(b);
    void *made = jit_rt_text_new(s->length + t->length);
    if (!made) return NULL;
    memcpy(kernel_text(made)->units, s->units, (size_t)s->length * 4);
    memcpy(kernel_text(made)->units + s->length, t->units, (size_t)t->length * 4);
    return made;
}

void *jit_rt_text_repeat(void *own, int64_t n)
{
    const KernelText *t = kernel_text(own);
    if (n < 0) n = 0;
    int64_t length;
    if (__builtin_mul_overflow(t->length, n, &length)) return NULL;
    void *made = jit_rt_text_new(length);
    for (int64_t i = 0; made && i < n; i++)
        memcpy(kernel_text(made)->units + i * t->length, t->units, (size_t)t->length * 4);
    return made;
}

void *jit_rt_text_join(void *separator, void *list)
{
    const KernelText *gap = kernel_text(separator);
    const KernelList *parts = kernel_list(list);
    int64_t length = parts->length > 1 ? gap->length * (parts->length - 1) : 0;
    for (int64_t i = 0; i < parts->length; i++)
        length += kernel_text((void *)(uintptr_t)parts->items[i])->length;
    void *made = jit_rt_text_new(length);
    if (!made) return NULL;
    uint32_t *out = kernel_text(made)->units;
    for (int64_t i = 0; i < parts->length; i++) {
        const KernelText *part = kernel_text((void *)(uintptr_t)parts->items[i]);
        if (i) memcpy(out, gap->units, (size_t)gap->length * 4);
        out += i ? gap->length : 0;
        memcpy(out, part->units, (size_t)part->length * 4);
        out += part->length;
    }
    return made;
}

static bool stands_at(const KernelText *t, int64_t i, const KernelText *part)
{
    return memcmp(t->units + i, part->units, (size_t)part->length * 4) == 0;
}

/* The first place in [start, end) where the part stands, or -1. */
int64_t jit_rt_text_find(void *own, void *part, int64_t start, int64_t end)
{
    const KernelText *t = kernel_text(own), *p = kernel_text(part);
    for (int64_t i = start; i + p->length <= end; i++)
        if (stands_at(t, i, p)) return i;
    return -1;
}

int64_t jit_rt_text_rfind(void *own, void *part, int64_t start, int64_t end)
{
    const KernelText *t = kernel_text(own), *p = kernel_text(part);
    for (int64_t i = end - p->length; i >= start; i--)
        if (stands_at(t, i, p)) return i;
    return -1;
}

/* ---- Case ---- */

/* A capital sigma at the end of a word has a small form of its own. */
static bool sigma_is_final(const KernelText *t, int64_t i)
{
    int64_t before = i - 1, after = i + 1;
    while (before >= 0 && kr_text_is_case_ignorable(t->units[before])) before--;
    if (before < 0 || !kr_text_is_cased(t->units[before])) return false;
    while (after < t->length && kr_text_is_case_ignorable(t->units[after])) after++;
    return after == t->length || !kr_text_is_cased(t->units[after]);
}

static int lower_at(const KernelText *t, int64_t i, uint32_t *out)
{
    if (t->units[i] != 0x3a3) return kr_text_lower_full(t->units[i], out);
    out[0] = sigma_is_final(t, i) ? 0x3c2 : 0x3c3;
    return 1;
}

static int cased_unit(const KernelText *t, int64_t i, int64_t how, bool *in_word, uint32_t *out)
{
    uint32_t c = t->units[i];
    bool first = how == 'c' ? i == 0 : how == 't' && !*in_word;
    if (how == 't') *in_word = kr_text_is_cased(c);
    switch (how) {
    case 'u': return kr_text_upper_full(c, out);
    case 's':
        if (kr_text_is_upper(c)) return lower_at(t, i, out);
        if (kr_text_is_lower(c)) return kr_text_upper_full(c, out);
        out[0] = c;
        return 1;
    case 'f': return kr_text_casefold_full(c, out);
    default: return first ? kr_text_title_full(c, out) : lower_at(t, i, out);
    }
}

/* lower, upper, title, swapcase, capitalize, casefold */
void *jit_rt_text_case(void *own, int64_t how)
{
    const KernelText *t = kernel_text(own);
    uint32_t *units = malloc((size_t)(t->length * KR_TEXT_MAX_CASE + 1) * 4);
    if (!units) return NULL;
    int64_t n = 0;
    bool in_word = false;
    for (int64_t i = 0; i < t->length; i++) n += cased_unit(t, i, how, &in_word, units + n);
    void *made = text_of_units(units, n);
    free(units);
    return made;
}

/* ---- Questions ---- */

int64_t jit_rt_char_is(int64_t unit, int64_t what)
{
    uint32_t c = (uint32_t)unit;
    switch (what) {
    case 'a': return kr_text_is_alpha(c);
    case 'd': return kr_text_is_decimal(c);
    case 'g': return kr_text_is_digit(c);
    case 'n': return kr_text_is_numeric(c);
    case 'w': return kr_text_is_alnum(c);
    case 's': return kr_text_is_space(c);
    case 'b': return kr_text_is_line_break(c);
    case 'p': return kr_text_is_printable(c);
    default: return c < 0x80;
    }
}

static bool is_title(const KernelText *t)
{
    bool in_word = false, any = false;
    for (int64_t i = 0; i < t->length; i++) {
        uint32_t c = t->units[i];
        if (kr_text_is_upper(c) || kr_text_is_title(c)) {
            if (in_word) return false;
            in_word = any = true;
        } else if (kr_text_is_lower(c)) {
            if (!in_word) return false;
            any = true;
        } else {
            in_word = false;
        }
    }
    return any;
}

/* islower and isupper: no letter of the other case, and one of this. */
static bool is_cased(const KernelText *t, bool upper)
{
    bool any = false;
    for (int64_t i = 0; i < t->length; i++) {
        uint32_t c = t->units[i];
        if (kr_text_is_title(c) || (upper ? kr_text_is_lower(c) : kr_text_is_upper(c)))
            return false;
        any = any || (upper ? kr_text_is_upper(c) : kr_text_is_lower(c));
    }
    return any;
}

static bool is_identifier(const KernelText *t)
{
    for (int64_t i = 0; i < t->length; i++) {
        uint32_t c = t->units[i];
        if (c != '_' && !(i ? kr_text_is_xid_continue(c) : kr_text_is_xid_start(c))) return false;
    }
    return t->length > 0;
}

int64_t jit_rt_text_is(void *own, int64_t what)
{
    const KernelText *t = kernel_text(own);
    switch (what) {
    case 't': return is_title(t);
    case 'l': return is_cased(t, false);
    case 'u': return is_cased(t, true);
    case 'i': return is_identifier(t);
    default:
        for (int64_t i = 0; i < t->length; i++)
            if (!jit_rt_char_is(t->units[i], what)) return 0;
        return t->length > 0 || what == 'p' || what == '7';
    }
}
