// The four Unicode normal forms (UAX #15): decompose recursively, order combining marks by their
// class, compose if asked. Hangul syllables are computed, everything else comes from the tables.

#include <stdlib.h>
#include <string.h>

#include "runtime/text/unicode.h"
#include "runtime/text/unicode_tables.h"

enum {
    HANGUL_S = 0xAC00,
    HANGUL_L = 0x1100,
    HANGUL_V = 0x1161,
    HANGUL_T = 0x11A7,
    HANGUL_L_COUNT = 19,
    HANGUL_V_COUNT = 21,
    HANGUL_T_COUNT = 28,
    HANGUL_S_COUNT = HANGUL_L_COUNT * HANGUL_V_COUNT * HANGUL_T_COUNT,
};

typedef struct {
    uint32_t *items;
    size_t length, room;
} Buffer;

static bool push(Buffer *b, uint32_t c)
{
    if (b->length == b->room) {
        size_t room = b->room * 2 + 16;
        uint32_t *items = realloc(b->items, room * sizeof *items);
        if (!items) return false;
        b->items = items;
        b->room = room;
    }
    b->items[b->length++] = c;
    return true;
}

static const uint32_t *decomp_entry(uint32_t c)
{
    if (c >= TEXT_DECOMP_LIMIT) return NULL;
    unsigned block = text_decomp_stage1[c >> TEXT_DECOMP_SHIFT];
    unsigned low = c & ((1u << TEXT_DECOMP_SHIFT) - 1);
    unsigned at = text_decomp_stage2[(block << TEXT_DECOMP_SHIFT) + low];
    return at ? &text_decomp[at] : NULL;
}

int kr_text_decomposition(uint32_t c, const char **tag, const uint32_t **mapping)
{
    const uint32_t *entry = decomp_entry(c);
    if (!entry) return 0;
    *tag = text_decomp_tags[entry[0] >> 8];
    *mapping = entry + 1;
    return (int)(entry[0] & 0xFF);
}

// The database's mappings are at most a few levels deep, so recursion is bounded.
static bool decompose(Buffer *b, uint32_t c, bool compatible)
{
    uint32_t s = c - HANGUL_S;
    if (s < HANGUL_S_COUNT) {
        uint32_t t = s % HANGUL_T_COUNT;
        return push(b, HANGUL_L + s / (HANGUL_V_COUNT * HANGUL_T_COUNT)) &&
               push(b, HANGUL_V + s / HANGUL_T_COUNT % HANGUL_V_COUNT) &&
               (!t || push(b, HANGUL_T + t));
    }
    const uint32_t *entry = decomp_entry(c);
    if (!entry || (entry[0] >> 8 && !compatible)) return push(b, c);
    int count = (int)(entry[0] & 0xFF);
    for (int i = 1; i <= count; i++)
        if (!decompose(b, entry[i], compatible)) return false;
    return true;
}

typedef struct {
    uint32_t c;
    int cls;
    uint32_t at;
} Mark;

static int compare_marks(const void *a, const void *b)
{
    const Mark *x = a, *y = b;
    if (x->cls != y->cls) return x->cls < y->cls ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

// Sorts items[from..to) by class, keeping equals in order. Runs are nearly always of two or three;
// a long run (hostile input) is sorted in n log n.
static bool order_run(uint32_t *items, size_t from, size_t to)
{
    if (to - from < 20) {
        for (size_t i = from + 1; i < to; i++) {
            uint32_t c = items[i];
            int cls = kr_text_combining(c);
            size_t j = i;
            for (; j > from && kr_text_combining(items[j - 1]) > cls; j--) items[j] = items[j - 1];
            items[j] = c;
        }
        return true;
    }
    Mark *marks = malloc((to - from) * sizeof *marks);
    if (!marks) return false;
    for (size_t i = from; i < to; i++)
        marks[i - from] = (Mark){items[i], kr_text_combining(items[i]), (uint32_t)(i - from)};
    qsort(marks, to - from, sizeof *marks, compare_marks);
    for (size_t i = from; i < to; i++) items[i] = marks[i - from].c;
    free(marks);
    return true;
}

static bool order_marks(Buffer *b)
{
    for (size_t i = 0; i < b->length;) {
        if (b->items[i] < 0x300 || !kr_text_combining(b->items[i])) {
            i++;
            continue;
        }
        size_t from = i;
        while (i < b->length && kr_text_combining(b->items[i])) i++;
        if (i - from > 1 && !order_run(b->items, from, i)) return false;
    }
    return true;
}

// The primary composite of the pair, or 0.
static uint32_t compose_pair(uint32_t first, uint32_t second)
{
    if (first - HANGUL_L < HANGUL_L_COUNT && second - HANGUL_V < HANGUL_V_COUNT)
        return HANGUL_S +
               ((first - HANGUL_L) * HANGUL_V_COUNT + (second - HANGUL_V)) * HANGUL_T_COUNT;
    if (first - HANGUL_S < HANGUL_S_COUNT && (first - HANGUL_S) % HANGUL_T_COUNT == 0 &&
        second > HANGUL_T && second - HANGUL_T < HANGUL_T_COUNT)
        return first + (second - HANGUL_T);
    int low = 0, high = text_composition_count;
    while (low < high) {
        int middle = (low + high) / 2;
        const Composition *m = &text_compositions[middle];
        if (m->first < first || (m->first == first && m->second < second))
            low = middle + 1;
        else
            high = middle;
    }
    if (low == text_composition_count) return 0;
    const Composition *m = &text_compositions[low];
    return m->first == first && m->second == second ? m->composite : 0;
}

static void compose(Buffer *b)
{
    size_t out = 0;
    size_t starter = SIZE_MAX; // where in the output the last starter stands
    int last_class = 0;        // class of the last mark kept after it; 0: none
    for (size_t i = 0; i < b->length; i++) {
        uint32_t c = b->items[i];
        int cls = kr_text_combining(c);
        if (starter != SIZE_MAX && (out == starter + 1 || (last_class < cls && last_class))) {
            uint32_t composite = compose_pair(b->items[starter], c);
            if (composite) {
                b->items[starter] = composite;
                continue;
            }
        }
        if (!cls) starter = out;
        last_class = cls;
        b->items[out++] = c;
    }
    b->length = out;
}

TextQuickCheck kr_text_quick_check(TextForm form, const uint32_t *text, size_t length)
{
    TextQuickCheck result = TEXT_QUICK_YES;
    int last_class = 0;
    for (size_t i = 0; i < length; i++) {
        uint32_t c = text[i];
        if (c < 0x80) {
            last_class = 0;
            continue;
        }
        if (c > KR_TEXT_MAX_CODE_POINT) continue;
        unsigned block = text_stage1[c >> TEXT_BLOCK_SHIFT];
        unsigned low = c & ((1u << TEXT_BLOCK_SHIFT) - 1);
        const CharRecord *r = &text_records[text_stage2[(block << TEXT_BLOCK_SHIFT) + low]];
        if (r->combining && last_class > r->combining) return TEXT_QUICK_NO;
        last_class = r->combining;
        unsigned check = r->quick_check >> (2 * (unsigned)form) & 3;
        if (check == TEXT_QUICK_NO) return TEXT_QUICK_NO;
        if (check == TEXT_QUICK_MAYBE) result = TEXT_QUICK_MAYBE;
    }
    return result;
}

uint32_t *kr_text_normalize(TextForm form, const uint32_t *text, size_t length, size_t *out_length)
{
    Buffer b = {malloc((length + 1) * sizeof(uint32_t)), 0, length + 1};
    if (!b.items) return NULL;
    *out_length = length;
    if (kr_text_quick_check(form, text, length) == TEXT_QUICK_YES) {
        if (length) memcpy(b.items, text, length * sizeof *text);
        return b.items;
    }
    bool compatible = form == TEXT_NFKC || form == TEXT_NFKD;
    bool ok = true;
    for (size_t i = 0; i < length && ok; i++)
        ok = text[i] < 0x80 ? push(&b, text[i]) : decompose(&b, text[i], compatible);
    if (!ok || !order_marks(&b)) {
        free(b.items);
        return NULL;
    }
    if (form == TEXT_NFC || form == TEXT_NFKC) compose(&b);
    *out_length = b.length;
    return b.items;
}

// The input is valid by contract, but a cut-off sequence must not be read beyond its end.
static size_t read_utf8(const unsigned char *p, size_t length, uint32_t *out)
{
    size_t n = 0;
    for (size_t i = 0; i < length;) {
        uint32_t c = p[i++];
        int more = c < 0xC0 ? 0 : c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
        if (more) c &= 0x3Fu >> more;
        for (; more > 0 && i < length; more--) c = c << 6 | (p[i++] & 0x3F);
        out[n++] = c;
    }
    return n;
}

char *kr_text_nfkc(const char *utf8, size_t length, size_t *out_length)
{
    uint32_t *wide = malloc((length + 1) * sizeof *wide);
    if (!wide) return NULL;
    size_t n = read_utf8((const unsigned char *)utf8, length, wide);
    size_t count;
    uint32_t *normal = kr_text_normalize(TEXT_NFKC, wide, n, &count);
    free(wide);
    if (!normal) return NULL;
    char *out = malloc(count * 4 + 1);
    if (out) {
        char *q = out;
        for (size_t i = 0; i < count; i++) {
            uint32_t c = normal[i];
            if (c < 0x80) {
                *q++ = (char)c;
                continue;
            }
            int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
            *q++ = (char)((0x1F80u >> more) | c >> (6 * more));
            for (; more > 0; more--) *q++ = (char)(0x80 | (c >> (6 * (more - 1)) & 0x3F));
        }
        *q = 0;
        *out_length = (size_t)(q - out);
    }
    free(normal);
    return out;
}
