// Character properties and case mappings: one record look-up each. See unicode_tables.h for the
// layout; normalisation is in normalize.c, names are in names.c.

#include "runtime/text/unicode.h"

#include "runtime/text/unicode_tables.h"

static inline const CharRecord *record_of(uint32_t c)
{
    if (c > KR_TEXT_MAX_CODE_POINT) return &text_records[0];
    unsigned block = text_stage1[c >> TEXT_BLOCK_SHIFT];
    unsigned low = c & ((1u << TEXT_BLOCK_SHIFT) - 1);
    return &text_records[text_stage2[(block << TEXT_BLOCK_SHIFT) + low]];
}

static inline bool has(uint32_t c, unsigned flag) { return record_of(c)->flags & flag; }

bool kr_text_is_alpha(uint32_t c) { return has(c, CHAR_ALPHA); }
bool kr_text_is_decimal(uint32_t c) { return record_of(c)->decimal >= 0; }
bool kr_text_is_digit(uint32_t c) { return record_of(c)->digit >= 0; }
bool kr_text_is_numeric(uint32_t c) { return record_of(c)->numeric != 0; }
bool kr_text_is_space(uint32_t c) { return has(c, CHAR_SPACE); }
bool kr_text_is_line_break(uint32_t c) { return has(c, CHAR_LINE_BREAK); }
bool kr_text_is_lower(uint32_t c) { return has(c, CHAR_LOWER); }
bool kr_text_is_upper(uint32_t c) { return has(c, CHAR_UPPER); }
bool kr_text_is_title(uint32_t c) { return has(c, CHAR_TITLE); }
bool kr_text_is_cased(uint32_t c) { return has(c, CHAR_CASED); }
bool kr_text_is_case_ignorable(uint32_t c) { return has(c, CHAR_CASE_IGNORABLE); }
bool kr_text_is_printable(uint32_t c) { return has(c, CHAR_PRINTABLE); }
bool kr_text_is_xid_start(uint32_t c) { return has(c, CHAR_XID_START); }
bool kr_text_is_xid_continue(uint32_t c) { return has(c, CHAR_XID_CONTINUE); }
bool kr_text_is_mirrored(uint32_t c) { return has(c, CHAR_MIRRORED); }

bool kr_text_is_alnum(uint32_t c)
{
    const CharRecord *r = record_of(c);
    return (r->flags & CHAR_ALPHA) || r->decimal >= 0 || r->digit >= 0 || r->numeric;
}

const char *kr_text_category(uint32_t c) { return text_categories[record_of(c)->category]; }

const char *kr_text_bidirectional(uint32_t c)
{
    return text_bidirectionals[record_of(c)->bidirectional];
}

const char *kr_text_east_asian_width(uint32_t c) { return text_widths[record_of(c)->width]; }
int kr_text_combining(uint32_t c) { return record_of(c)->combining; }
int kr_text_decimal_value(uint32_t c) { return record_of(c)->decimal; }
int kr_text_digit_value(uint32_t c) { return record_of(c)->digit; }

bool kr_text_numeric_value(uint32_t c, double *value)
{
    const CharRecord *r = record_of(c);
    if (!r->numeric) return false;
    *value = text_numeric[r->numeric - 1];
    return true;
}

uint32_t kr_text_lower(uint32_t c) { return c + (uint32_t)record_of(c)->lower; }
uint32_t kr_text_upper(uint32_t c) { return c + (uint32_t)record_of(c)->upper; }
uint32_t kr_text_title(uint32_t c) { return c + (uint32_t)record_of(c)->title; }

// The four mappings in the order in which the special table holds them.
enum { MAP_LOWER, MAP_UPPER, MAP_TITLE, MAP_FOLD };

static int full_mapping(uint32_t c, int which, uint32_t *out)
{
    const CharRecord *r = record_of(c);
    if (r->special) {
        const uint32_t *run = &text_special_case[r->special];
        for (; which > 0; which--) run += 1 + run[0];
        int count = (int)run[0];
        for (int i = 0; i < count; i++) out[i] = run[i + 1];
        return count;
    }
    int32_t delta = which == MAP_LOWER   ? r->lower
                    : which == MAP_UPPER ? r->upper
                    : which == MAP_TITLE ? r->title
                                         : r->fold;
    out[0] = c + (uint32_t)delta;
    return 1;
}

int kr_text_lower_full(uint32_t c, uint32_t out[KR_TEXT_MAX_CASE])
{
    return full_mapping(c, MAP_LOWER, out);
}

int kr_text_upper_full(uint32_t c, uint32_t out[KR_TEXT_MAX_CASE])
{
    return full_mapping(c, MAP_UPPER, out);
}

int kr_text_title_full(uint32_t c, uint32_t out[KR_TEXT_MAX_CASE])
{
    return full_mapping(c, MAP_TITLE, out);
}

int kr_text_casefold_full(uint32_t c, uint32_t out[KR_TEXT_MAX_CASE])
{
    return full_mapping(c, MAP_FOLD, out);
}
