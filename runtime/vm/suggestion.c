/* suggestion.c: the name that was meant, for NameError and AttributeError: the candidate at the least edit distance,
 * where changing the case costs less than changing a letter. */
#include "runtime/objects/exception.h"
#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"
#include "runtime/vm/frame_object.h"
#include "runtime/vm/traceback_text.h"

#define MOVE_COST 2
#define CASE_COST 1
#define CANDIDATES_LIMIT 750
#define LENGTH_LIMIT 40

static uint32_t lower(uint32_t c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; }

static int substitution_cost(uint32_t a, uint32_t b)
{
    if (a == b) return 0;
    return lower(a) == lower(b) ? CASE_COST : MOVE_COST;
}

/* Levenshtein's distance, or more than `limit`. */
static int edit_distance(const Str *a, const Str *b, int limit)
{
    size_t n = a->length, m = b->length;
    if (n > LENGTH_LIMIT || m > LENGTH_LIMIT) return limit + 1;
    int row[LENGTH_LIMIT + 1];
    for (size_t j = 0; j <= m; j++) row[j] = (int)j * MOVE_COST;
    for (size_t i = 1; i <= n; i++) {
        int diagonal = row[0], least = row[0] = (int)i * MOVE_COST;
        for (size_t j = 1; j <= m; j++) {
            int replaced = diagonal + substitution_cost(str_at(a, i - 1), str_at(b, j - 1));
            int moved = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + MOVE_COST;
            diagonal = row[j];
            row[j] = replaced < moved ? replaced : moved;
            if (row[j] < least) least = row[j];
        }
        if (least > limit) return limit + 1;
    }
    return row[m];
}

static Value nearest(Value name, Value candidates)
{
    if (kr_list_size(candidates) >= CANDIDATES_LIMIT) return EMPTY;
    Value best = EMPTY;
    int best_distance = 0;
    for (size_t i = 0; i < kr_list_size(candidates); i++) {
        Value candidate = kr_list_get(candidates, i);
        if (!is_exact(candidate, &kr_str_type) || kr_str_equal(candidate, name)) continue;
        int limit = (int)((str_of(name)->length + str_of(candidate)->length + 3) * MOVE_COST / 6);
        if (!is_empty(best) && limit >= best_distance) limit = best_distance - 1;
        int distance = edit_distance(str_of(name), str_of(candidate), limit);
        if (distance > limit) continue;
        best = candidate;
        best_distance = distance;
    }
    return best;
}

/* The names that the innermost frame of a NameError could have used. */
static Value visible_names(Value traceback)
{
    while (is_exact(traceback, &kr_traceback_type) && is_exact(((Traceback *)object_of(traceback))->next, &kr_traceback_type))
        traceback = ((Traceback *)object_of(traceback))->next;
    if (!is_exact(traceback, &kr_traceback_type)) return EMPTY;
    Value frame = ((Traceback *)object_of(traceback))->frame;
    Value names = kr_list(NULL, 0);
    static const char *const scopes[] = {"f_locals", "f_globals", "f_builtins"};
    for (int i = 0; i < 3; i++) {
        Value scope = kr_getattr_ascii(frame, scopes[i]);
        if (is_empty(scope) || kr_list_extend(names, scope) < 0) return EMPTY;
    }
    return names;
}

Value kr_suggestion(Value exception)
{
    Value name, candidates;
    Exception *e = exception_of(exception);
    if (kr_is_a(exception, kr_AttributeError)) {
        name = e->fields[0];
        if (is_empty(name) || !is_str(name) || is_empty(e->fields[1])) return EMPTY;
        candidates = kr_dir(e->fields[1]);
    } else if (kr_is_a(exception, kr_NameError) && !kr_is_a(exception, kr_UnboundLocalError)) {
        name = e->fields[0];
        if (is_empty(name) || !is_str(name)) return EMPTY;
        candidates = visible_names(e->traceback);
    } else {
        return EMPTY;
    }
    if (is_empty(candidates) || !kr_is_list(candidates)) {
        kr_clear_exception();
        return EMPTY;
    }
    return nearest(name, candidates);
}
