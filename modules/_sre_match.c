/* _sre_match.c: a backtracking matcher for the code of re/_compiler.py, without C recursion but for assertions and atomic
 * groups, whose nesting the pattern itself bounds.
 *
 * The machine's state is (pc, position, loop). What may be tried otherwise stands on a stack of choices; failing takes
 * the last one. Everything that a path changes is undone by its height: marks are logged in `undo`, and loop
 * records are never changed but added (one an iteration, linked to the enclosing loop), so that a choice
 * need only remember how many there were.
 *
 * What a one-character item matches is looked up in a table of the pattern's, made when the item is first met, for the
 * first 256 code points; others are tried by the item's code.
 *
 * A loop's body that matched the empty string is not repeated. Every 64K steps signals are checked, so that Ctrl-C ends
 * a catastrophic pattern. */
#include <stdlib.h>
#include <string.h>

#include "modules/_sre.h"

#define NO_LOOP UINT32_MAX

typedef enum ChoiceKind { CHOICE_GOTO, CHOICE_BRANCH, CHOICE_GREEDY_ONE, CHOICE_LAZY_ONE, CHOICE_LAZY_BODY } ChoiceKind;

typedef struct SreChoice {
    uint32_t pc, kind;
    uint32_t loop, loops;  /* the current loop; how many records there were */
    int64_t position;
    int64_t low;           /* GREEDY_ONE: the least position; LAZY_ONE: how many items were taken */
    size_t undo;
} SreChoice;

typedef struct SreLoop {
    uint32_t pc;      /* of the REPEAT */
    uint32_t parent;
    int64_t count;    /* iterations begun */
    int64_t last;     /* where the last iteration began; -1: none */
} SreLoop;

typedef struct SreUndo {
    int64_t index, value; /* of marks; index -1: last_index */
} SreUndo;

/* ---- Characters ---- */

static inline uint32_t point(const SreText *t, int64_t i)
{
    switch (t->width) {
    case 1: return ((const uint8_t *)t->points)[i];
    case 2: return ((const uint16_t *)t->points)[i];
    default: return ((const uint32_t *)t->points)[i];
    }
}

uint32_t sre_lower_ascii(uint32_t c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; }

static uint32_t upper_ascii(uint32_t c) { return c >= 'a' && c <= 'z' ? c - 32 : c; }

static bool is_word_ascii(uint32_t c)
{
    return c < 128 && (c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
}
static bool is_space_ascii(uint32_t c) { return c == ' ' || (c >= 9 && c <= 13); }
static bool is_word_unicode(uint32_t c) { return c < 128 ? is_word_ascii(c) : kr_char_is_alnum(c); }

static bool in_category(uint32_t category, uint32_t c)
{
    switch (category) {
    case 0: return c >= '0' && c <= '9';
    case 1: return !(c >= '0' && c <= '9');
    case 2: return is_space_ascii(c);
    case 3: return !is_space_ascii(c);
    case 4: case 8: return is_word_ascii(c);
    case 5: case 9: return !is_word_ascii(c);
    case 6: return c == '\n';
    case 7: return c != '\n';
    case 10: return kr_char_is_decimal(c);
    case 11: return !kr_char_is_decimal(c);
    case 12: return kr_char_is_space(c);
    case 13: return !kr_char_is_space(c);
    case 14: return is_word_unicode(c);
    case 15: return !is_word_unicode(c);
    case 16: return kr_char_is_linebreak(c);
    case 17: return !kr_char_is_linebreak(c);
    default: return false;
    }
}

/* Is c in the character set at `set`, which ends with FAILURE? */
static bool in_set(const uint32_t *set, uint32_t c)
{
    bool positive = true;
    for (;;) {
        switch (*set++) {
        case SRE_FAILURE: return !positive;
        case SRE_NEGATE: positive = !positive; break;
        case SRE_LITERAL:
            if (c == *set++) return positive;
            break;
        case SRE_CATEGORY:
            if (in_category(*set++, c)) return positive;
            break;
        case SRE_CHARSET:
            if (c < 256 && (set[c / 32] & (UINT32_C(1) << (c & 31)))) return positive;
            set += 8;
            break;
        case SRE_RANGE:
            if (set[0] <= c && c <= set[1]) return positive;
            set += 2;
            break;
        case SRE_RANGE_UNI_IGNORE: {
            if (set[0] <= c && c <= set[1]) return positive;
            uint32_t upper = sre_upper_unicode(c);
            if (set[0] <= upper && upper <= set[1]) return positive;
            set += 2;
            break;
        }
        case SRE_BIGCHARSET: {
            uint32_t blocks = *set++;
            if (c < 65536) {
                uint32_t block = ((const uint8_t *)set)[c >> 8];
                uint32_t bit = block * 256 + (c & 255);
                if (block < blocks && (set[64 + bit / 32] & (UINT32_C(1) << (bit & 31)))) return positive;
            }
            set += 64 + (size_t)blocks * 8;
            break;
        }
        default: return false;
        }
    }
}

static bool at_position(const SreMatcher *m, uint32_t where, int64_t i)
{
    bool before, after;
    switch (where) {
    case SRE_AT_BEGINNING: case SRE_AT_BEGINNING_STRING: return i == 0;
    case SRE_AT_BEGINNING_LINE: return i == 0 || point(&m->text, i - 1) == '\n';
    case SRE_AT_END: return i == m->end || (i + 1 == m->end && point(&m->text, i) == '\n');
    case SRE_AT_END_LINE: return i == m->end || point(&m->text, i) == '\n';
    case SRE_AT_END_STRING: return i == m->end;
    case SRE_AT_BOUNDARY: case SRE_AT_NON_BOUNDARY: case SRE_AT_LOC_BOUNDARY: case SRE_AT_LOC_NON_BOUNDARY:
        before = i > 0 && is_word_ascii(point(&m->text, i - 1));
        after = i < m->end && is_word_ascii(point(&m->text, i));
        break;
    default:
        before = i > 0 && is_word_unicode(point(&m->text, i - 1));
        after = i < m->end && is_word_unicode(point(&m->text, i));
        break;
    }
    bool boundary = before != after && m->end > 0;
    bool negated = where == SRE_AT_NON_BOUNDARY || where == SRE_AT_LOC_NON_BOUNDARY || where == SRE_AT_UNI_NON_BOUNDARY;
    if (m->end == 0) return false;
    return negated ? !boundary : boundary;
}

static bool same_ignoring_case_ascii(uint32_t c, uint32_t literal)
{
    return c == literal || sre_lower_ascii(c) == literal || upper_ascii(c) == literal;
}

/* Does the one-character item at `pc` match c? */
static bool item_matches(const uint32_t *item, uint32_t c)
{
    switch (item[0]) {
    case SRE_ANY: return c != '\n';
    case SRE_ANY_ALL: return true;
    case SRE_LITERAL: return c == item[1];
    case SRE_NOT_LITERAL: return c != item[1];
    case SRE_LITERAL_IGNORE: return sre_lower_ascii(c) == item[1];
    case SRE_NOT_LITERAL_IGNORE: return sre_lower_ascii(c) != item[1];
    case SRE_LITERAL_UNI_IGNORE: return sre_lower_unicode(c) == item[1];
    case SRE_NOT_LITERAL_UNI_IGNORE: return sre_lower_unicode(c) != item[1];
    case SRE_LITERAL_LOC_IGNORE: return same_ignoring_case_ascii(c, item[1]);
    case SRE_NOT_LITERAL_LOC_IGNORE: return !same_ignoring_case_ascii(c, item[1]);
    case SRE_IN: return in_set(item + 2, c);
    case SRE_IN_IGNORE: return in_set(item + 2, sre_lower_ascii(c));
    case SRE_IN_UNI_IGNORE: return in_set(item + 2, sre_lower_unicode(c));
    case SRE_IN_LOC_IGNORE: return in_set(item + 2, c) || in_set(item + 2, sre_lower_ascii(c)) || in_set(item + 2, upper_ascii(c));
    case SRE_CATEGORY: return in_category(item[1], c);
    default: return false;
    }
}

static bool is_single_item(uint32_t op)
{
    switch (op) {
    case SRE_ANY: case SRE_ANY_ALL: case SRE_LITERAL: case SRE_NOT_LITERAL: case SRE_LITERAL_IGNORE: case SRE_NOT_LITERAL_IGNORE:
    case SRE_LITERAL_UNI_IGNORE: case SRE_NOT_LITERAL_UNI_IGNORE: case SRE_LITERAL_LOC_IGNORE: case SRE_NOT_LITERAL_LOC_IGNORE: case SRE_IN:
    case SRE_IN_IGNORE: case SRE_IN_UNI_IGNORE: case SRE_IN_LOC_IGNORE: case SRE_CATEGORY: return true;
    default: return false;
    }
}

/* ---- Tables ---- */

void sre_tables_done(SreTables *tables)
{
    free(tables->numbers);
    free(tables->rows);
}

/* `is_set`: a bare set, not an item. NULL: no memory, or too many; the code does without. */
static const uint8_t *make_table(const SreMatcher *m, const uint32_t *item, bool is_set)
{
    SreTables *t = m->tables;
    if (!t->numbers && !(t->numbers = calloc(m->code_size, sizeof *t->numbers))) return NULL;
    if (t->count == UINT16_MAX) return NULL;
    if (t->count == t->room) {
        void *rows = realloc(t->rows, (t->room * 2 + 2) * sizeof *t->rows);
        if (!rows) return NULL;
        t->rows = rows;
        t->room = t->room * 2 + 2;
    }
    uint8_t *row = t->rows[t->count++];
    for (uint32_t c = 0; c < 256; c++) row[c] = is_set ? in_set(item, c) : item_matches(item, c);
    t->numbers[item - m->code] = (uint16_t)t->count;
    return row;
}

/* Good until the next call. */
static inline const uint8_t *table_of(const SreMatcher *m, const uint32_t *item, bool is_set)
{
    const SreTables *t = m->tables;
    uint16_t number = t->numbers ? t->numbers[item - m->code] : 0;
    return number ? t->rows[number - 1] : make_table(m, item, is_set);
}

static inline bool item_takes(const SreMatcher *m, const uint32_t *item, uint32_t c)
{
    const uint8_t *table = c < 256 ? table_of(m, item, false) : NULL;
    return table ? table[c] : item_matches(item, c);
}

/* ---- Storage ---- */

static bool grow(void **items, size_t *room, size_t size)
{
    size_t wanted = *room ? *room * 2 : 16;
    void *larger = realloc(*items, wanted * size);
    if (!larger) {
        kr_raise_no_memory();
        return false;
    }
    *items = larger;
    *room = wanted;
    return true;
}

static bool push_choice(SreMatcher *m, ChoiceKind kind, size_t pc, int64_t position, int64_t low, uint32_t loop)
{
    if (m->choice_count == m->choice_room && !grow((void **)&m->choices, &m->choice_room, sizeof *m->choices)) return false;
    m->choices[m->choice_count++] = (SreChoice){(uint32_t)pc, kind, loop, (uint32_t)m->loop_count, position, low, m->undo_count};
    return true;
}

static bool push_loop(SreMatcher *m, uint32_t pc, uint32_t parent, int64_t count, int64_t last)
{
    if (m->loop_count == m->loop_room && !grow((void **)&m->loops, &m->loop_room, sizeof *m->loops)) return false;
    m->loops[m->loop_count++] = (SreLoop){pc, parent, count, last};
    return true;
}

/* Where nothing can be tried otherwise, nothing need be undone. */
static inline bool must_log(const SreMatcher *m, bool top) { return m->choice_count > 0 || !top; }

static bool log_undo(SreMatcher *m, int64_t index, int64_t value)
{
    if (m->undo_count == m->undo_room && !grow((void **)&m->undo, &m->undo_room, sizeof *m->undo)) return false;
    m->undo[m->undo_count++] = (SreUndo){index, value};
    return true;
}

static void undo_to(SreMatcher *m, size_t height)
{
    while (m->undo_count > height) {
        SreUndo u = m->undo[--m->undo_count];
        if (u.index < 0) m->last_index = u.value;
        else m->marks[u.index] = u.value;
    }
}

/* ---- The machine ---- */

static int run(SreMatcher *m, size_t pc, int64_t i, bool top, int64_t *end_position);

/* How many times in a row the item at `pc` matches from i, at most `limit`. */
static int64_t count_items(const SreMatcher *m, const uint32_t *item, int64_t i, uint32_t limit)
{
    int64_t available = m->end - i, n = 0;
    int64_t most = limit == SRE_MAX_REPEAT || (int64_t)limit > available ? available : (int64_t)limit;
    if (item[0] == SRE_ANY_ALL) return most > 0 ? most : 0;
    if (m->text.width > 1) {
        while (n < most && item_takes(m, item, point(&m->text, i + n))) n++;
        return n;
    }
    const uint8_t *p = (const uint8_t *)m->text.points + i, *table;
    if (item[0] == SRE_ANY || (item[0] == SRE_NOT_LITERAL && item[1] < 256)) {
        const uint8_t *found = most > 0 ? memchr(p, item[0] == SRE_ANY ? '\n' : (int)item[1], (size_t)most) : NULL;
        return found ? found - p : most > 0 ? most : 0;
    }
    if ((table = table_of(m, item, false)))
        while (n < most && table[p[n]]) n++;
    else
        while (n < most && item_matches(item, p[n])) n++;
    return n;
}

/* Does the text at `i` repeat the text of group n? The length goes to *length; -1: the group is unset. */
static bool group_repeats(const SreMatcher *m, uint32_t n, int64_t i, uint32_t op, int64_t *length)
{
    int64_t begin = m->marks[2 * n], end = m->marks[2 * n + 1];
    *length = -1;
    if (begin < 0 || end < begin) return false;
    *length = end - begin;
    if (i + *length > m->end) return false;
    for (int64_t k = 0; k < *length; k++) {
        uint32_t a = point(&m->text, begin + k), b = point(&m->text, i + k);
        if (op == SRE_GROUPREF_IGNORE || op == SRE_GROUPREF_LOC_IGNORE) a = sre_lower_ascii(a), b = sre_lower_ascii(b);
        else if (op == SRE_GROUPREF_UNI_IGNORE) a = sre_lower_unicode(a), b = sre_lower_unicode(b);
        if (a != b) return false;
    }
    return true;
}

/* Runs the sub-pattern at pc from i on its own: nothing of it is tried again. 1 with *end, 0, -1. */
static int run_alone(SreMatcher *m, size_t pc, int64_t i, int64_t *end)
{
    if (kr_enter_recursion(" in a regular expression") < 0) return -1;
    int result = run(m, pc, i, false, end);
    kr_leave_recursion();
    return result;
}

/* A greedy loop over one item gives back: the next smaller position where the tail may match. */
static bool give_back(SreMatcher *m, SreChoice *choice)
{
    const uint32_t *tail = m->code + choice->pc + 1 + m->code[choice->pc + 1];
    if (tail[0] == SRE_LITERAL) {
        while (choice->position > choice->low) {
            choice->position--;
            if (choice->position < m->end && point(&m->text, choice->position) == tail[1]) return true;
        }
        return false;
    }
    if (choice->position <= choice->low) return false;
    choice->position--;
    return true;
}

static int run(SreMatcher *m, size_t pc, int64_t i, bool top, int64_t *end_position)
{
    const uint32_t *code = m->code;
    const SreText *text = &m->text;
    size_t base = m->choice_count;
    uint32_t loop = NO_LOOP;

    for (;;) {
        if (!(++m->steps & 0xffff) && kr_check_signals() < 0) return -1;
        switch (code[pc]) {
        case SRE_SUCCESS:
            if (top && ((m->match_all && i != m->end) || (i == m->not_at && m->match_start == m->not_at))) goto fail;
            *end_position = i;
            m->choice_count = base;
            return 1;

        case SRE_LITERAL:
            if (i >= m->end || point(text, i) != code[pc + 1]) goto fail;
            i++;
            pc += 2;
            continue;
        case SRE_CATEGORY:
            if (i >= m->end || !item_takes(m, code + pc, point(text, i))) goto fail;
            i++;
            pc += 2;
            continue;
        case SRE_ANY: case SRE_ANY_ALL: case SRE_NOT_LITERAL: case SRE_LITERAL_IGNORE:
        case SRE_NOT_LITERAL_IGNORE: case SRE_LITERAL_UNI_IGNORE: case SRE_NOT_LITERAL_UNI_IGNORE: case SRE_LITERAL_LOC_IGNORE:
        case SRE_NOT_LITERAL_LOC_IGNORE:
            if (i >= m->end || !item_matches(code + pc, point(text, i))) goto fail;
            i++;
            pc += code[pc] == SRE_ANY || code[pc] == SRE_ANY_ALL ? 1 : 2;
            continue;
        case SRE_IN: case SRE_IN_IGNORE: case SRE_IN_UNI_IGNORE: case SRE_IN_LOC_IGNORE:
            if (i >= m->end || !item_takes(m, code + pc, point(text, i))) goto fail;
            i++;
            pc += 1 + code[pc + 1];
            continue;
        case SRE_AT:
            if (!at_position(m, code[pc + 1], i)) goto fail;
            pc += 2;
            continue;
        case SRE_MARK: {
            uint32_t n = code[pc + 1];
            if (must_log(m, top) && !log_undo(m, n, m->marks[n])) return -1;
            m->marks[n] = i;
            if (n & 1) {
                if (must_log(m, top) && !log_undo(m, -1, m->last_index)) return -1;
                m->last_index = n / 2 + 1;
            }
            pc += 2;
            continue;
        }
        case SRE_INFO: case SRE_JUMP:
            pc += 1 + code[pc + 1];
            continue;

        case SRE_ASSERT: case SRE_ASSERT_NOT: {
            bool wanted = code[pc] == SRE_ASSERT;
            int64_t from = i - (int64_t)code[pc + 2], ignored;
            int result = 0;
            size_t undo = m->undo_count;
            if (from >= 0 && (result = run_alone(m, pc + 3, from, &ignored)) < 0) return -1;
            if (!wanted) undo_to(m, undo);
            if ((result > 0) != wanted) goto fail;
            pc += 1 + code[pc + 1];
            continue;
        }
        case SRE_ATOMIC_GROUP: {
            int result = run_alone(m, pc + 2, i, &i);
            if (result < 0) return -1;
            if (!result) goto fail;
            pc += 1 + code[pc + 1];
            continue;
        }

        case SRE_BRANCH:
            pc++;
        next_branch:
            if (code[pc] == 0) goto fail;
            if (code[pc + code[pc]] != 0 && !push_choice(m, CHOICE_BRANCH, pc + code[pc], i, 0, loop)) return -1;
            pc++;
            continue;

        case SRE_GROUPREF: case SRE_GROUPREF_IGNORE: case SRE_GROUPREF_LOC_IGNORE: case SRE_GROUPREF_UNI_IGNORE: {
            int64_t length;
            if (!group_repeats(m, code[pc + 1], i, code[pc], &length)) goto fail;
            i += length;
            pc += 2;
            continue;
        }
        case SRE_GROUPREF_EXISTS: {
            uint32_t n = code[pc + 1];
            bool set = m->marks[2 * n] >= 0 && m->marks[2 * n + 1] >= m->marks[2 * n];
            pc = set ? pc + 3 : pc + 1 + code[pc + 2];
            continue;
        }

        case SRE_REPEAT_ONE: {
            uint32_t least = code[pc + 2], most = code[pc + 3];
            if (m->end - i < (int64_t)least) goto fail;
            int64_t n = count_items(m, code + pc + 4, i, most);
            if (n < (int64_t)least) goto fail;
            size_t tail = pc + 1 + code[pc + 1];
            SreChoice choice = {.pc = (uint32_t)pc, .position = i + n + 1, .low = i + (int64_t)least};
            if (code[tail] != SRE_LITERAL) choice.position = i + n;
            else if (!give_back(m, &choice)) goto fail; /* the first place where the tail's letter stands */
            i = choice.position;
            if (i > choice.low && !push_choice(m, CHOICE_GREEDY_ONE, pc, i, choice.low, loop)) return -1;
            pc = tail;
            continue;
        }
        case SRE_MIN_REPEAT_ONE: {
            uint32_t least = code[pc + 2];
            if (m->end - i < (int64_t)least) goto fail;
            if (least) {
                if (count_items(m, code + pc + 4, i, least) < (int64_t)least) goto fail;
                i += least;
            }
            if (code[pc + 3] > least && !push_choice(m, CHOICE_LAZY_ONE, pc, i, least, loop)) return -1;
            pc += 1 + code[pc + 1];
            continue;
        }
        case SRE_POSSESSIVE_REPEAT_ONE: {
            uint32_t least = code[pc + 2];
            if (m->end - i < (int64_t)least) goto fail;
            int64_t n = count_items(m, code + pc + 4, i, code[pc + 3]);
            if (n < (int64_t)least) goto fail;
            i += n;
            pc += 1 + code[pc + 1];
            continue;
        }
        case SRE_POSSESSIVE_REPEAT: {
            uint32_t least = code[pc + 2], most = code[pc + 3];
            for (uint64_t n = 0; most == SRE_MAX_REPEAT || n < most; n++) {
                size_t undo = m->undo_count;
                int64_t after;
                int result = run_alone(m, pc + 4, i, &after);
                if (result < 0) return -1;
                if (!result) {
                    undo_to(m, undo);
                    if (n < least) goto fail;
                    break;
                }
                bool empty = after == i;
                i = after;
                if (empty) break;
            }
            pc += 2 + code[pc + 1]; /* behind the SUCCESS that ends the body */
            continue;
        }

        case SRE_REPEAT:
            if (!push_loop(m, (uint32_t)pc, loop, 0, -1)) return -1;
            loop = (uint32_t)(m->loop_count - 1);
            pc += 1 + code[pc + 1]; /* the UNTIL */
            continue;
        case SRE_MAX_UNTIL: case SRE_MIN_UNTIL: {
            if (loop == NO_LOOP) return kr_raise(kr_RuntimeError, "invalid SRE code"), -1;
            SreLoop l = m->loops[loop];
            uint32_t least = code[l.pc + 2], most = code[l.pc + 3];
            bool empty = l.count > 0 && i == l.last; /* the last iteration matched nothing: more of them match nothing too */
            bool may_go_on = (most == SRE_MAX_REPEAT || l.count < (int64_t)most) && !empty;
            if (l.count < (int64_t)least && !empty) {
                if (!push_loop(m, l.pc, l.parent, l.count + 1, i)) return -1;
                loop = (uint32_t)(m->loop_count - 1);
                pc = l.pc + 4;
                continue;
            }
            if (code[pc] == SRE_MIN_UNTIL) {
                if (may_go_on && !push_choice(m, CHOICE_LAZY_BODY, pc, i, 0, loop)) return -1;
                loop = l.parent;
                pc++;
                continue;
            }
            if (!may_go_on) {
                loop = l.parent;
                pc++;
                continue;
            }
            if (!push_choice(m, CHOICE_GOTO, pc + 1, i, 0, l.parent) || !push_loop(m, l.pc, l.parent, l.count + 1, i)) return -1;
            loop = (uint32_t)(m->loop_count - 1);
            pc = l.pc + 4;
            continue;
        }
        case SRE_FAILURE: goto fail;
        default: return kr_raise(kr_RuntimeError, "invalid SRE code"), -1;
        }

    fail:
        if (m->choice_count == base) return 0;
        SreChoice *choice = &m->choices[m->choice_count - 1];
        undo_to(m, choice->undo);
        m->loop_count = choice->loops;
        loop = choice->loop;
        i = choice->position;
        pc = choice->pc;
        switch (choice->kind) {
        case CHOICE_GOTO:
            m->choice_count--;
            break;
        case CHOICE_BRANCH:
            m->choice_count--;
            goto next_branch;
        case CHOICE_GREEDY_ONE:
            if (!give_back(m, choice)) {
                m->choice_count--;
                goto fail;
            }
            i = choice->position;
            if (i <= choice->low) m->choice_count--;
            pc += 1 + code[pc + 1];
            break;
        case CHOICE_LAZY_ONE:
            if (i >= m->end || !item_takes(m, code + pc + 4, point(text, i))) {
                m->choice_count--;
                goto fail;
            }
            i = ++choice->position;
            choice->low++;
            if (code[pc + 3] != SRE_MAX_REPEAT && choice->low >= (int64_t)code[pc + 3]) m->choice_count--;
            pc += 1 + code[pc + 1];
            break;
        case CHOICE_LAZY_BODY: {
            m->choice_count--;
            SreLoop l = m->loops[loop];
            if (!push_loop(m, l.pc, l.parent, l.count + 1, i)) return -1;
            loop = (uint32_t)(m->loop_count - 1);
            pc = l.pc + 4;
            break;
        }
        }
    }
}

/* ---- Entry ---- */

int sre_init(SreMatcher *m, const uint32_t *code, size_t code_size, SreTables *tables, SreText text, int64_t groups)
{
    *m = (SreMatcher){.code = code, .code_size = code_size, .tables = tables, .text = text, .end = text.length, .not_at = -1, .mark_count = 2 * groups};
    m->marks = malloc(sizeof *m->marks * (size_t)(m->mark_count + 1));
    if (m->marks) return 0;
    kr_raise_no_memory();
    return -1;
}

void sre_done(SreMatcher *m)
{
    free(m->marks);
    free(m->choices);
    free(m->loops);
    free(m->undo);
}

int sre_match(SreMatcher *m, int64_t at)
{
    for (int64_t k = 0; k < m->mark_count; k++) m->marks[k] = -1;
    m->last_index = 0;
    m->choice_count = m->loop_count = m->undo_count = 0;
    m->match_start = at;
    return run(m, 0, at, true, &m->match_end);
}

/* Where a match can begin at or after `from`, by the INFO block; -1: nowhere. */
static int64_t next_start(const SreMatcher *m, int64_t from)
{
    const uint32_t *code = m->code;
    if (code[0] != SRE_INFO) return from;
    int64_t last = m->end - (int64_t)code[3]; /* the least length of a match */
    if (from > last) return -1;
    if (code[2] & SRE_INFO_PREFIX) {
        uint32_t first = code[7];
        if (code[5] == 0) return from;
        if (m->text.width == 1) {
            if (first > 255) return -1;
            const uint8_t *p = m->text.points, *found = memchr(p + from, (int)first, (size_t)(last - from + 1));
            return found ? found - p : -1;
        }
        while (from <= last && point(&m->text, from) != first) from++;
    } else if (code[2] & SRE_INFO_CHARSET) {
        const uint8_t *table = m->text.width == 1 ? table_of(m, code + 5, true) : NULL, *p = m->text.points;
        int64_t stop = last < m->end ? last + 1 : m->end;
        if (table)
            while (from < stop && !table[p[from]]) from++;
        else
            while (from < stop && !in_set(code + 5, point(&m->text, from))) from++;
        if (from == stop) return -1;
    }
    return from <= last ? from : -1;
}

/* A pattern that begins with ^ or \A: nothing is found behind the text's beginning. */
static bool is_anchored(const uint32_t *code)
{
    if (code[0] == SRE_INFO) code += 1 + code[1];
    return code[0] == SRE_AT && (code[1] == SRE_AT_BEGINNING || code[1] == SRE_AT_BEGINNING_STRING);
}

int sre_search(SreMatcher *m)
{
    if (is_anchored(m->code)) return sre_match(m, m->start);
    for (int64_t at = m->start; at <= m->end; at++) {
        at = next_start(m, at);
        if (at < 0) return 0;
        int result = sre_match(m, at);
        if (result) return result;
    }
    return 0;
}

/* ---- Validation ---- */

typedef struct Check {
    const uint32_t *code;
    int64_t groups;
} Check;

static bool valid_set(const uint32_t *code, size_t begin, size_t end)
{
    size_t i = begin;
    while (i < end) {
        switch (code[i++]) {
        case SRE_FAILURE: return i <= end;
        case SRE_NEGATE: break;
        case SRE_LITERAL: i++; break;
        case SRE_CATEGORY: if (i >= end || code[i] > 17) return false; i++; break;
        case SRE_RANGE: case SRE_RANGE_UNI_IGNORE: i += 2; break;
        case SRE_CHARSET: i += 8; break;
        case SRE_BIGCHARSET: {
            if (i >= end || code[i] > 65536) return false;
            i += 1 + 64 + (size_t)code[i] * 8;
            break;
        }
        default: return false;
        }
    }
    return false;
}

/* Checks [i, end); depth bounds the nesting. In a loop's body `until` is where its UNTIL stands. */
static bool valid_code(const Check *c, size_t i, size_t end, int depth)
{
    const uint32_t *code = c->code;
    if (depth > 2000) return false;
#define NEED(n) if (end - i < (size_t)(n)) return false
    while (i < end) {
        uint32_t op = code[i];
        switch (op) {
        case SRE_FAILURE: case SRE_SUCCESS: case SRE_ANY: case SRE_ANY_ALL: i++; break;
        case SRE_LITERAL: case SRE_NOT_LITERAL: case SRE_LITERAL_IGNORE: case SRE_NOT_LITERAL_IGNORE: case SRE_LITERAL_UNI_IGNORE:
        case SRE_NOT_LITERAL_UNI_IGNORE: case SRE_LITERAL_LOC_IGNORE: case SRE_NOT_LITERAL_LOC_IGNORE: NEED(2); i += 2; break;
        case SRE_AT: NEED(2); if (code[i + 1] > SRE_AT_UNI_NON_BOUNDARY) return false; i += 2; break;
        case SRE_CATEGORY: NEED(2); if (code[i + 1] > 17) return false; i += 2; break;
        case SRE_MARK: NEED(2); if (code[i + 1] >= 2 * (uint64_t)c->groups) return false; i += 2; break;
        case SRE_GROUPREF: case SRE_GROUPREF_IGNORE: case SRE_GROUPREF_LOC_IGNORE: case SRE_GROUPREF_UNI_IGNORE:
            NEED(2); if (code[i + 1] >= (uint64_t)c->groups) return false; i += 2; break;
        case SRE_IN: case SRE_IN_IGNORE: case SRE_IN_UNI_IGNORE: case SRE_IN_LOC_IGNORE:
            NEED(2);
            if (code[i + 1] < 2 || code[i + 1] > end - i - 1 || !valid_set(code, i + 2, i + 1 + code[i + 1])) return false;
            i += 1 + code[i + 1];
            break;
        case SRE_INFO: {
            NEED(5);
            size_t skip = code[i + 1];
            if (skip < 4 || skip > end - i - 1) return false;
            if (code[i + 2] & SRE_INFO_PREFIX) {
                if (skip < 6 || code[i + 5] > skip || 6 + 2 * (uint64_t)code[i + 5] != skip) return false;
            } else if ((code[i + 2] & SRE_INFO_CHARSET) && !valid_set(code, i + 5, i + 1 + skip)) {
                return false;
            }
            i += 1 + skip;
            break;
        }
        case SRE_BRANCH: {
            i++;
            size_t target = 0;
            while (i < end && code[i]) {
                size_t skip = code[i];
                if (skip < 3 || skip > end - i - 1 || code[i + skip - 2] != SRE_JUMP) return false;
                if (!valid_code(c, i + 1, i + skip - 2, depth + 1)) return false;
                size_t jump = i + skip - 1, to = jump + code[jump];
                if (code[jump] > end - jump || (target && to != target)) return false;
                target = to;
                i += skip;
            }
            if (i >= end) return false;
            i++;
            if (target && target != i) return false;
            break;
        }
        case SRE_REPEAT_ONE: case SRE_MIN_REPEAT_ONE: case SRE_POSSESSIVE_REPEAT_ONE: {
            NEED(5);
            size_t skip = code[i + 1];
            if (skip < 4 || skip > end - i - 1 || code[i + 2] > code[i + 3] || !is_single_item(code[i + 4])) return false;
            if (!valid_code(c, i + 4, i + skip, depth + 1) || code[i + skip] != SRE_SUCCESS) return false;
            i += 1 + skip;
            break;
        }
        case SRE_REPEAT: case SRE_POSSESSIVE_REPEAT: {
            NEED(5);
            size_t skip = code[i + 1];
            if (skip < 3 || skip >= end - i - 1 || code[i + 2] > code[i + 3] || !valid_code(c, i + 4, i + 1 + skip, depth + 1)) return false;
            uint32_t until = code[i + 1 + skip];
            if (op == SRE_REPEAT ? until != SRE_MAX_UNTIL && until != SRE_MIN_UNTIL : until != SRE_SUCCESS) return false;
            i += 2 + skip;
            break;
        }
        case SRE_ATOMIC_GROUP: {
            NEED(3);
            size_t skip = code[i + 1];
            if (skip < 2 || skip > end - i - 1 || !valid_code(c, i + 2, i + skip, depth + 1) || code[i + skip] != SRE_SUCCESS) return false;
            i += 1 + skip;
            break;
        }
        case SRE_ASSERT: case SRE_ASSERT_NOT: {
            NEED(4);
            size_t skip = code[i + 1];
            if (skip < 3 || skip > end - i - 1 || code[i + 2] & 0x80000000 || !valid_code(c, i + 3, i + skip, depth + 1) || code[i + skip] != SRE_SUCCESS) return false;
            i += 1 + skip;
            break;
        }
        case SRE_GROUPREF_EXISTS: {
            NEED(3);
            size_t skip = code[i + 2];
            if (code[i + 1] >= (uint64_t)c->groups || skip < 2 || skip > end - i - 1) return false;
            size_t no = i + 1 + skip;
            if (skip >= 4 && code[no - 2] == SRE_JUMP && code[no - 1] >= 1 && code[no - 1] <= end - (no - 1) &&
                valid_code(c, i + 3, no - 2, depth + 1)) {
                size_t after = no - 1 + code[no - 1];
                if (!valid_code(c, no, after, depth + 1)) return false;
                i = after;
            } else {
                if (!valid_code(c, i + 3, no, depth + 1)) return false;
                i = no;
            }
            break;
        }
        default: return false;
        }
    }
#undef NEED
    return i == end;
}

bool sre_valid(const uint32_t *code, size_t size, int64_t groups)
{
    Check c = {code, groups};
    return groups >= 0 && size >= 1 && code[size - 1] == SRE_SUCCESS && valid_code(&c, 0, size - 1, 0);
}
