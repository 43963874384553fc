/* _sre.h: the matcher as the module sees it. */
#ifndef MODULES_SRE_H
#define MODULES_SRE_H

#include "runtime/krait.h"

#define SRE_MAGIC 20220615
#define SRE_MAX_REPEAT UINT32_MAX
#define SRE_MAX_GROUPS (INT32_MAX / 2)

/* The opcodes that the library's re/_compiler.py emits, in its order. */
enum {
    SRE_FAILURE, SRE_SUCCESS, SRE_ANY, SRE_ANY_ALL, SRE_ASSERT, SRE_ASSERT_NOT, SRE_AT, SRE_BRANCH, SRE_CATEGORY, SRE_CHARSET,
    SRE_BIGCHARSET, SRE_GROUPREF, SRE_GROUPREF_EXISTS, SRE_IN, SRE_INFO, SRE_JUMP, SRE_LITERAL, SRE_MARK, SRE_MAX_UNTIL,
    SRE_MIN_UNTIL, SRE_NOT_LITERAL, SRE_NEGATE, SRE_RANGE, SRE_REPEAT, SRE_REPEAT_ONE, SRE_SUBPATTERN, SRE_MIN_REPEAT_ONE,
    SRE_ATOMIC_GROUP, SRE_POSSESSIVE_REPEAT, SRE_POSSESSIVE_REPEAT_ONE, SRE_GROUPREF_IGNORE, SRE_IN_IGNORE, SRE_LITERAL_IGNORE,
    SRE_NOT_LITERAL_IGNORE, SRE_GROUPREF_LOC_IGNORE, SRE_IN_LOC_IGNORE, SRE_LITERAL_LOC_IGNORE, SRE_NOT_LITERAL_LOC_IGNORE,
    SRE_GROUPREF_UNI_IGNORE, SRE_IN_UNI_IGNORE, SRE_LITERAL_UNI_IGNORE, SRE_NOT_LITERAL_UNI_IGNORE, SRE_RANGE_UNI_IGNORE
};
enum { SRE_AT_BEGINNING, SRE_AT_BEGINNING_LINE, SRE_AT_BEGINNING_STRING, SRE_AT_BOUNDARY, SRE_AT_NON_BOUNDARY, SRE_AT_END, SRE_AT_END_LINE,
       SRE_AT_END_STRING, SRE_AT_LOC_BOUNDARY, SRE_AT_LOC_NON_BOUNDARY, SRE_AT_UNI_BOUNDARY, SRE_AT_UNI_NON_BOUNDARY };
enum { SRE_INFO_PREFIX = 1, SRE_INFO_LITERAL = 2, SRE_INFO_CHARSET = 4 };
enum { SRE_FLAG_IGNORECASE = 2, SRE_FLAG_LOCALE = 4, SRE_FLAG_UNICODE = 32 };

/* The text of one search: code points of 1, 2 or 4 bytes. */
typedef struct SreText {
    const void *points;
    int width;
    int64_t length;
} SreText;

/* For the one-character items that were met: which of the first 256 code points they match. */
typedef struct SreTables {
    uint16_t *numbers; /* by place in the code: 1 + the row, 0 none yet */
    uint8_t (*rows)[256];
    size_t count, room;
} SreTables;

typedef struct SreMatcher {
    const uint32_t *code;
    size_t code_size;
    SreTables *tables; /* the pattern's */
    SreText text;
    int64_t start, end;     /* where matching may look: [0, end), starting at start */
    bool match_all;         /* fullmatch: the end must be reached */
    int64_t not_at;         /* an empty match ending here, from a start here, is refused; -1: none */
    /* the result */
    int64_t match_start, match_end;
    int64_t *marks;         /* two a group; -1 unset */
    int64_t mark_count;
    int64_t last_index;     /* number of the group that was closed last; 0: none */
    /* working storage, malloc'ed, kept between calls */
    struct SreChoice *choices;
    size_t choice_count, choice_room;
    struct SreLoop *loops;
    size_t loop_count, loop_room;
    struct SreUndo *undo;
    size_t undo_count, undo_room;
    uint32_t steps;
} SreMatcher;

/* Is every operand and jump of the code in bounds? */
bool sre_valid(const uint32_t *code, size_t size, int64_t groups);
/* -1 with MemoryError. `tables` begin as zeros, belong to the code and are freed with it. */
int sre_init(SreMatcher *m, const uint32_t *code, size_t code_size, SreTables *tables, SreText text, int64_t groups);
void sre_tables_done(SreTables *tables);
void sre_done(SreMatcher *m);
/* 1 matched, 0 not, -1 raised (memory, a signal). */
int sre_match(SreMatcher *m, int64_t at);
int sre_search(SreMatcher *m);

uint32_t sre_lower_ascii(uint32_t c);
uint32_t sre_lower_unicode(uint32_t c);
uint32_t sre_upper_unicode(uint32_t c);

#endif
