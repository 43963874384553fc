// Character names: code point to name and back.
//
// The names stand compressed in unicode_tables.c (the format is described in unicode_tables.h). On
// first use three small indexes are built in memory, in under a millisecond: where each word
// starts, where each block of 32 names starts, and a hash table from name to ordinal whose hash is
// taken over word numbers, so that building it never spells a name. Hangul syllables, ideographs
// and the like are computed.

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/text/unicode.h"
#include "runtime/text/unicode_tables.h"

enum { NAME_BLOCK = 32, MAX_WORDS = 32, HASH_SIZE = 1 << 16 };

static struct {
    uint32_t *word;  // start of each word in text_words, and one more
    uint32_t *block; // start of each block in text_names
    uint16_t *hash;  // ordinal + 1 of a name; 0: free
} names;

static pthread_once_t names_once = PTHREAD_ONCE_INIT;

static inline unsigned next_symbol(const char **p)
{
    unsigned c = (unsigned char)*(*p)++;
    return c - '#' - (c > '?') - (c > '\\');
}

static unsigned next_word(const char **p)
{
    unsigned lead1 = (unsigned)text_lead_tier[0], lead2 = (unsigned)text_lead_tier[1];
    unsigned v = next_symbol(p);
    if (v < lead1) return v;
    v -= lead1;
    if (v < lead2) return lead1 + v * TEXT_NAME_RADIX + next_symbol(p);
    v -= lead2;
    unsigned middle = next_symbol(p);
    return lead1 + lead2 * TEXT_NAME_RADIX + (v * TEXT_NAME_RADIX + middle) * TEXT_NAME_RADIX +
           next_symbol(p);
}

// Reads the name at *p over the words of the name before it; returns the number of words.
static int next_name(const char **p, uint16_t words[MAX_WORDS])
{
    unsigned head = next_symbol(p);
    unsigned shared = head / 9, fresh = head % 9;
    if (!fresh) {
        shared = next_symbol(p);
        fresh = next_symbol(p);
    }
    for (unsigned i = 0; i < fresh; i++) words[shared + i] = (uint16_t)next_word(p);
    return (int)(shared + fresh);
}

static uint32_t hash_words(const uint16_t *words, int count)
{
    uint32_t h = 2166136261u;
    for (int i = 0; i < count; i++) h = (h ^ words[i]) * 16777619u + (h >> 15);
    return h ^ h >> 16;
}

static void build_names(void)
{
    int words = text_word_tier[0] + text_word_tier[1] + text_word_tier[2];
    int blocks = (text_name_count + NAME_BLOCK - 1) / NAME_BLOCK;
    uint32_t *word = malloc(((size_t)words + 1) * sizeof *word);
    uint32_t *block = malloc((size_t)blocks * sizeof *block);
    uint16_t *hash = calloc(HASH_SIZE, sizeof *hash);
    if (!word || !block || !hash) {
        free(word);
        free(block);
        free(hash);
        return;
    }
    const char *q = text_words;
    for (int i = 0; i < words; i++) {
        word[i] = (uint32_t)(q - text_words);
        q = strchr(q, ' ') + 1;
    }
    word[words] = (uint32_t)(q - text_words);
    const char *p = text_names;
    uint16_t current[MAX_WORDS];
    for (int i = 0; i < text_name_count; i++) {
        if (i % NAME_BLOCK == 0) block[i / NAME_BLOCK] = (uint32_t)(p - text_names);
        int count = next_name(&p, current);
        uint32_t slot = hash_words(current, count) % HASH_SIZE;
        while (hash[slot]) slot = (slot + 1) % HASH_SIZE;
        hash[slot] = (uint16_t)(i + 1);
    }
    names.block = block;
    names.hash = hash;
    names.word = word;
}

static bool names_ready(void)
{
    pthread_once(&names_once, build_names);
    return names.word != NULL;
}

static int words_of_ordinal(uint32_t ordinal, uint16_t words[MAX_WORDS])
{
    const char *p = text_names + names.block[ordinal / NAME_BLOCK];
    int count = 0;
    for (uint32_t i = ordinal / NAME_BLOCK * NAME_BLOCK; i <= ordinal; i++)
        count = next_name(&p, words);
    return count;
}

static uint32_t code_of_ordinal(uint32_t ordinal)
{
    int low = 0, high = text_name_run_count - 1;
    while (low < high) {
        int middle = (low + high + 1) / 2;
        if (text_name_runs[middle].ordinal <= ordinal)
            low = middle;
        else
            high = middle - 1;
    }
    return text_name_runs[low].first + (ordinal - text_name_runs[low].ordinal);
}

// --- Hangul syllables ---

static const char hangul_l[19][3] = {"G",  "GG", "N", "D",  "DD", "R", "M", "B", "BB", "S",
                                     "SS", "",   "J", "JJ", "C",  "K", "T", "P", "H"};
static const char hangul_v[21][4] = {"A",   "AE", "YA", "YAE", "EO", "E",  "YEO",
                                     "YE",  "O",  "WA", "WAE", "OE", "YO", "U",
                                     "WEO", "WE", "WI", "YU",  "EU", "YI", "I"};
static const char hangul_t[28][3] = {"",   "G",  "GG", "GS", "N",  "NJ", "NH", "D", "L",  "LG",
                                     "LM", "LB", "LS", "LT", "LP", "LH", "M",  "B", "BS", "S",
                                     "SS", "NG", "J",  "C",  "K",  "T",  "P",  "H"};
static const char hangul_prefix[] = "HANGUL SYLLABLE ";

// The longest of `count` pieces, `width` bytes each, that the text starts with.
static int longest_piece(const char *pieces, int width, int count, const char **p, const char *end)
{
    int best = -1;
    size_t best_length = 0;
    for (int i = 0; i < count; i++) {
        const char *piece = pieces + i * width;
        size_t n = strlen(piece);
        if (n <= (size_t)(end - *p) && !memcmp(piece, *p, n) && (best < 0 || n > best_length)) {
            best = i;
            best_length = n;
        }
    }
    *p += best_length;
    return best;
}

static bool lookup_hangul(const char *name, size_t length, uint32_t *c)
{
    size_t n = sizeof hangul_prefix - 1;
    if (length < n || memcmp(name, hangul_prefix, n)) return false;
    const char *p = name + n, *end = name + length;
    int l = longest_piece(hangul_l[0], 3, 19, &p, end);
    int v = longest_piece(hangul_v[0], 4, 21, &p, end);
    int t = longest_piece(hangul_t[0], 3, 28, &p, end);
    if (l < 0 || v < 0 || t < 0 || p != end) return false;
    *c = 0xAC00 + (uint32_t)((l * 21 + v) * 28 + t);
    return true;
}

// --- names that end in the code point ---

static size_t pattern_name(uint32_t c, char *out)
{
    for (int i = 0; i < text_name_pattern_count; i++) {
        const NamePattern *p = &text_name_patterns[i];
        if (c < p->first || c > p->last) continue;
        size_t n = strlen(p->prefix);
        memcpy(out, p->prefix, n);
        for (int shift = c > 0xFFFF ? 16 : 12; shift >= 0; shift -= 4)
            out[n++] = "0123456789ABCDEF"[c >> shift & 15];
        out[n] = 0;
        return n;
    }
    return 0;
}

// The two kinds of ideographs are recognised in capitals only, as CPython does.
static bool lookup_pattern(const char *name, const char *folded, size_t length, uint32_t *c)
{
    static const char hex[] = "0123456789ABCDEF";
    for (int i = 0; i < text_name_pattern_count; i++) {
        const NamePattern *p = &text_name_patterns[i];
        size_t n = strlen(p->prefix);
        const char *text =
            strstr(p->prefix, " IDEOGRAPH-") && !strstr(p->prefix, "COMPAT") ? name : folded;
        if (length < n + 4 || length > n + 5 || memcmp(text, p->prefix, n)) continue;
        uint32_t v = 0;
        size_t at = n;
        for (; at < length; at++) {
            const char *digit = memchr(hex, text[at], 16);
            if (!digit) break;
            v = v << 4 | (uint32_t)(digit - hex);
        }
        if (at < length || (length == n + 5 && v < 0x10000)) continue;
        if (v >= p->first && v <= p->last) {
            *c = v;
            return true;
        }
    }
    return false;
}

// --- the tables ---

static int find_word(const char *text, size_t length)
{
    int from = 0;
    for (int tier = 0; tier < 3; tier++) {
        int low = from, high = from + text_word_tier[tier];
        from = high;
        while (low < high) {
            int middle = (low + high) / 2;
            const char *word = text_words + names.word[middle];
            size_t n = names.word[middle + 1] - names.word[middle] - 1;
            int order = memcmp(word, text, n < length ? n : length);
            if (!order) order = n < length ? -1 : n > length;
            if (!order) return middle;
            if (order < 0)
                low = middle + 1;
            else
                high = middle;
        }
    }
    return -1;
}

static bool lookup_table(const char *name, size_t length, uint32_t *c)
{
    if (!names_ready()) return false;
    uint16_t query[MAX_WORDS], words[MAX_WORDS];
    int count = 0;
    for (size_t i = 0; i <= length;) {
        const char *space = memchr(name + i, ' ', length - i);
        size_t end = space ? (size_t)(space - name) : length;
        int word = find_word(name + i, end - i);
        if (word < 0 || count == MAX_WORDS) return false;
        query[count++] = (uint16_t)word;
        i = end + 1;
    }
    for (uint32_t slot = hash_words(query, count) % HASH_SIZE; names.hash[slot];
         slot = (slot + 1) % HASH_SIZE) {
        uint32_t ordinal = names.hash[slot] - 1u;
        if (words_of_ordinal(ordinal, words) == count &&
            !memcmp(words, query, (size_t)count * sizeof *words)) {
            *c = code_of_ordinal(ordinal);
            return true;
        }
    }
    return false;
}

static const NamedCode *find_named(const NamedCode *table, int count, const char *name)
{
    int low = 0, high = count;
    while (low < high) {
        int middle = (low + high) / 2;
        int order = strcmp(table[middle].name, name);
        if (!order) return &table[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

size_t kr_text_name(uint32_t c, char out[KR_TEXT_MAX_NAME])
{
    uint32_t s = c - 0xAC00;
    if (s < 19 * 21 * 28) {
        char *q = stpcpy(out, hangul_prefix);
        q = stpcpy(q, hangul_l[s / (21 * 28)]);
        q = stpcpy(q, hangul_v[s / 28 % 21]);
        return (size_t)(stpcpy(q, hangul_t[s % 28]) - out);
    }
    size_t n = pattern_name(c, out);
    if (n) return n;
    int low = 0, high = text_name_run_count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (text_name_runs[middle].last < c)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == text_name_run_count || text_name_runs[low].first > c || !names_ready()) return 0;
    uint16_t words[MAX_WORDS];
    int count =
        words_of_ordinal(text_name_runs[low].ordinal + (c - text_name_runs[low].first), words);
    for (int i = 0; i < count; i++) {
        size_t length = names.word[words[i] + 1] - names.word[words[i]];
        memcpy(out + n, text_words + names.word[words[i]], length);
        n += length;
    }
    out[--n] = 0; // over the last word's space
    return n;
}

// Upper-cases ASCII into `out`; false when the text is too long to be any name.
static bool fold_name(const char *name, size_t length, char out[KR_TEXT_MAX_NAME])
{
    if (length == 0 || length >= KR_TEXT_MAX_NAME) return false;
    for (size_t i = 0; i < length; i++) {
        char c = name[i];
        out[i] = c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
    }
    out[length] = 0;
    return strlen(out) == length;
}

bool kr_text_lookup_name(const char *name, size_t length, uint32_t *c)
{
    char folded[KR_TEXT_MAX_NAME];
    if (!fold_name(name, length, folded)) return false;
    if (lookup_hangul(name, length, c) || lookup_pattern(name, folded, length, c) ||
        lookup_table(folded, length, c))
        return true;
    const NamedCode *alias = find_named(text_name_aliases, text_name_alias_count, folded);
    if (alias) *c = alias->code[0];
    return alias != NULL;
}

int kr_text_lookup_sequence(const char *name, size_t length, uint32_t out[KR_TEXT_MAX_SEQUENCE])
{
    if (kr_text_lookup_name(name, length, out)) return 1;
    char folded[KR_TEXT_MAX_NAME];
    if (!fold_name(name, length, folded)) return 0;
    const NamedCode *found = find_named(text_name_sequences, text_name_sequence_count, folded);
    if (!found) return 0;
    int count = 0;
    while (count < KR_TEXT_MAX_SEQUENCE && found->code[count]) {
        out[count] = found->code[count];
        count++;
    }
    return count;
}
