/* search.c: substring search over text of any width, shared by str, bytes and bytearray.
 *
 * The piece is widened to the text's width; a piece wider than the text cannot occur in it.
 * One-byte text is left to the C library's memchr and memmem (two-way: linear in the worst case);
 * wider text searches its bytes the same way and skips matches that do not start on a code point.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* memmem, memrchr */
#endif
#include <stdlib.h>

#include "runtime/objects/str.h"

/* Widens the piece to the text's width, into `local` if it fits. NULL: cannot occur, or no memory.
 */
static const void *widen(TextSpan piece, int width, void *local, size_t room, void **owned)
{
    *owned = NULL;
    if (piece.width == width) return piece.data;
    if (piece.width > width) return NULL;
    void *wide = local;
    if (piece.length * (size_t)width > room) {
        wide = *owned = malloc(piece.length * (size_t)width);
        if (!wide) return NULL;
    }
    kr_text_copy(wide, width, piece.data, piece.width, piece.length);
    return wide;
}

/* One-byte text: looks for the first byte and compares, which is fastest for short pieces and rare
 * first bytes; after many false hits the two-way search takes over. m >= 2. */
static const char *find_short(const char *p, const char *end, const char *piece, size_t m)
{
    const char *last = end - m;
    int misses = 0;
    while (p <= last) {
        p = memchr(p, piece[0], (size_t)(last - p) + 1);
        if (!p) return NULL;
        if (p[m - 1] == piece[m - 1] && p[1] == piece[1] && (m <= 3 || !memcmp(p, piece, m)))
            return p;
        p++;
        if (++misses > 24) return memmem(p, (size_t)(end - p), piece, m);
    }
    return NULL;
}

static int64_t find_bytes(const char *text, size_t n, const char *piece, size_t m, size_t width)
{
    const char *p = text, *end = text + n;
    while (p < end) {
        const char *hit = find_short(p, end, piece, m);
        if (!hit) return -1;
        size_t at = (size_t)(hit - text);
        if (at % width == 0) return (int64_t)(at / width);
        p = text + at + (width - at % width);
    }
    return -1;
}

static int64_t find_one(TextSpan text, uint32_t c)
{
    if (text.width == 1) {
        const char *hit = memchr(text.data, (int)c, text.length);
        return hit ? hit - (const char *)text.data : -1;
    }
    if (text.width == 2) {
        const uint16_t *p = text.data;
        for (size_t i = 0; i < text.length; i++)
            if (p[i] == c) return (int64_t)i;
    } else {
        const uint32_t *p = text.data;
        for (size_t i = 0; i < text.length; i++)
            if (p[i] == c) return (int64_t)i;
    }
    return -1;
}

int64_t kr_search_bytes(const char *text, size_t n, const char *piece, size_t m)
{
    if (m > n) return -1;
    const char *hit = m == 1 ? memchr(text, piece[0], n) : find_short(text, text + n, piece, m);
    return hit ? hit - text : -1;
}

int64_t kr_search_find(TextSpan text, TextSpan piece)
{
    if (piece.length > text.length) return -1;
    if (piece.length == 0) return 0;
    if (piece.width > text.width) return -1;
    if (piece.length == 1) return find_one(text, kr_text_at(piece.data, piece.width, 0));
    if (text.width == 1) return find_bytes(text.data, text.length, piece.data, piece.length, 1);
    char local[256];
    void *owned;
    const char *wide = widen(piece, text.width, local, sizeof local, &owned);
    if (!wide) return -1;
    size_t width = (size_t)text.width;
    int64_t at = find_bytes(text.data, text.length * width, wide, piece.length * width, width);
    free(owned);
    return at;
}

int64_t kr_search_rfind(TextSpan text, TextSpan piece)
{
    if (piece.length > text.length) return -1;
    if (piece.length == 0) return (int64_t)text.length;
    if (piece.width > text.width) return -1;
    char local[256];
    void *owned;
    const char *wide = widen(piece, text.width, local, sizeof local, &owned);
    if (!wide) return -1;
    size_t width = (size_t)text.width, bytes = piece.length * width;
    const char *start = text.data;
    int64_t at = (int64_t)(text.length - piece.length);
    if (width == 1) {
        while (at >= 0) {
            const char *hit = memrchr(start, wide[0], (size_t)at + 1);
            at = hit ? hit - start : -1;
            if (at < 0 || !memcmp(hit, wide, bytes)) break;
            at--;
        }
    } else {
        uint32_t first = kr_text_at(wide, text.width, 0);
        for (; at >= 0; at--)
            if (kr_text_at(start, text.width, (size_t)at) == first &&
                !memcmp(start + (size_t)at * width, wide, bytes))
                break;
    }
    free(owned);
    return at;
}

size_t kr_search_count(TextSpan text, TextSpan piece, size_t most)
{
    if (piece.length == 0) return text.length < most ? text.length + 1 : most;
    if (piece.width > text.width || piece.length > text.length) return 0;
    char local[256];
    void *owned;
    const void *wide = widen(piece, text.width, local, sizeof local, &owned);
    if (!wide) return 0;
    TextSpan same = {wide, piece.length, text.width};
    size_t count = 0, from = 0;
    while (count < most) {
        int64_t at = kr_search_find(span_part(text, from, text.length), same);
        if (at < 0) break;
        count++;
        from += (size_t)at + piece.length;
    }
    free(owned);
    return count;
}
