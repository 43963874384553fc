// The shape of the generated tables (unicode_tables.c, made by make_tables.sh).
//
//   code point --stage1--> block of 128 --stage2--> record number --> CharRecord
//
// Case mappings are stored as differences, so that whole scripts share one record; characters with
// a full mapping of several code points have `special` != 0, an offset into text_special_case.

#ifndef KR_TEXT_UNICODE_TABLES_H
#define KR_TEXT_UNICODE_TABLES_H

#include <stdint.h>

enum {
    CHAR_ALPHA = 1,
    CHAR_LOWER = 2,
    CHAR_UPPER = 4,
    CHAR_TITLE = 8,
    CHAR_SPACE = 16,
    CHAR_LINE_BREAK = 32,
    CHAR_PRINTABLE = 64,
    CHAR_XID_START = 128,
    CHAR_XID_CONTINUE = 256,
    CHAR_MIRRORED = 512,
    CHAR_CASED = 1024,
    CHAR_CASE_IGNORABLE = 2048,
};

// quick_check holds two bits a form (0 yes, 1 maybe, 2 no), TextForm f at bit 2*f.
typedef struct {
    uint16_t flags;
    uint8_t category;
    uint8_t bidirectional;
    uint8_t combining;
    uint8_t width;
    int8_t decimal;
    int8_t digit;
    uint8_t numeric;  // 1 + index into text_numeric; 0: no value
    uint8_t quick_check;
    uint16_t special;
    int32_t lower, upper, title, fold;  // differences to the code point
} CharRecord;

typedef struct {
    uint32_t first, second, composite;
} Composition;

// Code points first..last have names number `ordinal`, `ordinal` + 1, ...
typedef struct {
    uint32_t first, last, ordinal;
} NameRun;

// Code points first..last are called prefix + hexadecimal code point.
typedef struct {
    uint32_t first, last;
    const char *prefix;
} NamePattern;

typedef struct {
    const char *name;
    uint32_t code[8];  // zero-terminated unless all eight are used
} NamedCode;

#define TEXT_BLOCK_SHIFT 7
#define TEXT_DECOMP_SHIFT 5
#define TEXT_DECOMP_LIMIT 0x30000u  // no code point from here on has a decomposition

extern const char *const text_categories[];
extern const char *const text_bidirectionals[];
extern const char *const text_widths[];
extern const char *const text_decomp_tags[];
extern const double text_numeric[];
extern const CharRecord text_records[];
extern const uint16_t text_stage1[];
extern const uint16_t text_stage2[];
// Four runs (lower, upper, title, fold), each a count followed by code points.
extern const uint32_t text_special_case[];

// Offset into text_decomp (0: none); there stands tag << 8 | count, then the code points.
extern const uint16_t text_decomp_stage1[];
extern const uint16_t text_decomp_stage2[];
extern const uint32_t text_decomp[];
extern const Composition text_compositions[];
extern const int text_composition_count;

// Names are sequences of words. The words stand in text_words, each followed by a space, in three
// tiers by frequency, alphabetical within a tier. text_names is written in TEXT_NAME_RADIX
// printable symbols (value = character - '#', not counting '?' and '\\'). A name is
//   head   s * 9 + n: s words shared with the name before it, then n words (1..8) follow;
//          s * 9 + 0: escape, the next two symbols are s and n
//   words  one symbol v below TIER1 is word v; up to TIER1 + TIER2 two symbols; else three.
#define TEXT_NAME_RADIX 90
extern const char text_words[];
extern const char text_names[];
extern const int text_word_tier[3];  // number of words in each tier
extern const int text_lead_tier[3];  // number of leading symbols for each tier
extern const int text_name_count;
extern const NameRun text_name_runs[];
extern const int text_name_run_count;
extern const NamePattern text_name_patterns[];
extern const int text_name_pattern_count;
extern const NamedCode text_name_aliases[];  // sorted by name
extern const int text_name_alias_count;
extern const NamedCode text_name_sequences[];  // sorted by name
extern const int text_name_sequence_count;

#endif
