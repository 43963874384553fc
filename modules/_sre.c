/* _sre.c: the engine behind the library's re package: patterns, matches, scanners. Patterns arrive compiled, as the code of
 * re/_compiler.py, and are checked before they run (_sre_match.c does both). */
#include "modules/_sre.h"

#include <stdlib.h>
#include <string.h>

typedef struct Pattern {
    KrObject head;
    KrValue pattern;    /* str, bytes or None */
    KrValue groupindex; /* dict name -> number */
    KrValue indexgroup; /* tuple number -> name or None */
    int64_t flags, groups;
    bool is_bytes;
    uint32_t *code;     /* malloc'ed */
    size_t code_size;
    SreTables tables;
} Pattern;

typedef struct Match {
    KrObject head;
    KrValue string, pattern, regs; /* regs: made on demand */
    int64_t position, end_position, last_index, groups;
    int64_t *marks; /* kr_alloc_bytes: 2 * (groups + 1); -1 unset */
} Match;

typedef struct Scanner {
    KrObject head;
    KrValue pattern, string;
    KrBuffer view;
    bool has_view, executing;
    SreMatcher matcher;
    bool ready;
    int64_t at;
} Scanner;

static KrType *pattern_type, *match_type, *scanner_type;

static Pattern *pattern_of(KrValue v) { return (Pattern *)kr_to_object(v); }
static Match *match_of(KrValue v) { return (Match *)kr_to_object(v); }
static Scanner *scanner_of(KrValue v) { return (Scanner *)kr_to_object(v); }

uint32_t sre_lower_unicode(uint32_t c) { return c < 128 ? sre_lower_ascii(c) : kr_char_lower(c); }
uint32_t sre_upper_unicode(uint32_t c) { return kr_char_upper(c); }

/* ---- The text of a search ---- */

typedef struct Subject {
    KrValue string;
    KrBuffer view;
    bool has_view;
    SreMatcher matcher;
} Subject;

static int open_text(KrValue string, const Pattern *p, SreText *text, KrBuffer *view, bool *has_view)
{
    *has_view = false;
    if (kr_is_str(string)) {
        if (p && p->is_bytes) return kr_raise(kr_TypeError, "cannot use a bytes pattern on a string-like object"), -1;
        *text = (SreText){kr_str_points(string), kr_str_width(string), (int64_t)kr_str_length(string)};
        return 0;
    }
    if (!kr_has_buffer(string)) return kr_raise(kr_TypeError, "expected string or bytes-like object, got '%T'", string), -1;
    if (kr_buffer_get(string, view, KR_BUFFER_CONTIGUOUS) < 0) return -1;
    if (p && !p->is_bytes && !kr_is(p->pattern, kr_None)) {
        kr_buffer_release(view);
        return kr_raise(kr_TypeError, "cannot use a string pattern on a bytes-like object"), -1;
    }
    *has_view = true;
    *text = (SreText){view->data, 1, view->size};
    return 0;
}

static int begin(Subject *s, Pattern *p, KrValue string, KrValue start_value, KrValue end_value)
{
    SreText text;
    int64_t start = 0, end = INT64_MAX;
    if (!kr_is_empty(start_value) && kr_to_index_clamped(start_value, &start) < 0) return -1;
    if (!kr_is_empty(end_value) && kr_to_index_clamped(end_value, &end) < 0) return -1;
    if (open_text(string, p, &text, &s->view, &s->has_view) < 0) return -1;
    s->string = string;
    if (sre_init(&s->matcher, p->code, p->code_size, &p->tables, text, p->groups) < 0) {
        if (s->has_view) kr_buffer_release(&s->view);
        return -1;
    }
    if (start < 0) start = 0;
    if (start > text.length) start = text.length;
    if (end < 0) end = 0;
    if (end > text.length) end = text.length;
    s->matcher.start = start;
    s->matcher.end = end;
    return 0;
}

static void finish(Subject *s)
{
    sre_done(&s->matcher);
    if (s->has_view) kr_buffer_release(&s->view);
}

static KrValue slice_of(KrValue string, int64_t begin, int64_t end)
{
    if (kr_is_str(string)) return kr_str_slice(string, (size_t)begin, (size_t)end);
    KrBuffer view;
    if (kr_buffer_get(string, &view, KR_BUFFER_CONTIGUOUS) < 0) return KR_EMPTY;
    int64_t size = view.size;
    if (end > size) end = size;
    if (begin > end) begin = end;
    KrValue bytes = kr_bytes((uint8_t *)view.data + begin, (size_t)(end - begin));
    kr_buffer_release(&view);
    return bytes;
}

/* ---- Match objects ---- */

static void match_trace(void *self, KrTracer *tracer)
{
    Match *m = self;
    kr_trace(tracer, m->string), kr_trace(tracer, m->pattern), kr_trace(tracer, m->regs);
    kr_trace_pointer(tracer, m->marks);
}

static KrValue make_match(KrValue pattern, KrValue string, const SreMatcher *s)
{
    Match *m = kr_alloc_instance(match_type);
    if (!m) return KR_EMPTY;
    int64_t groups = pattern_of(pattern)->groups;
    m->marks = kr_alloc_bytes(sizeof *m->marks * 2 * (size_t)(groups + 1));
    if (!m->marks) return KR_EMPTY;
    m->string = string;
    m->pattern = pattern;
    m->groups = groups;
    m->position = s->start;
    m->end_position = s->end;
    m->last_index = s->last_index;
    m->marks[0] = s->match_start;
    m->marks[1] = s->match_end;
    for (int64_t g = 0; g < groups; g++) {
        bool set = s->marks[2 * g] >= 0 && s->marks[2 * g + 1] >= s->marks[2 * g];
        m->marks[2 * g + 2] = set ? s->marks[2 * g] : -1;
        m->marks[2 * g + 3] = set ? s->marks[2 * g + 1] : -1;
    }
    return kr_from_object(m);
}

static KrValue group_text(Match *m, int64_t g, KrValue fallback)
{
    return m->marks[2 * g] < 0 ? fallback : slice_of(m->string, m->marks[2 * g], m->marks[2 * g + 1]);
}

/* The number of a group given by number or name; -1 with IndexError. */
static int64_t group_number(Match *m, KrValue index)
{
    int64_t g = -1;
    if (kr_has_index(index)) {
        if (kr_to_index_clamped(index, &g) < 0) return -1;
    } else {
        KrValue found = kr_dict_find(pattern_of(m->pattern)->groupindex, index);
        if (!kr_is_empty(found)) {
            if (kr_to_int64(found, &g) < 0) return -1;
        } else if (kr_raised()) {
            kr_clear_exception();
        }
    }
    if (g < 0 || g > m->groups) return kr_raise(kr_IndexError, "no such group"), -1;
    return g;
}

static KrValue one_group(KrValue self, KrValue index)
{
    int64_t g = group_number(match_of(self), index);
    return g < 0 ? KR_EMPTY : group_text(match_of(self), g, kr_None);
}

KR_FN_RAW(match, match_group, "group", NULL,
          "group([group1, ...]) -> str or tuple.\n\nReturn subgroup(s) of the match by indices or names.\nFor 0 returns the entire match.")
{
    if (!kr_is_empty(kwnames)) return kr_raise(kr_TypeError, "group() takes no keyword arguments");
    if (n <= 1) return group_text(match_of(args[0]), 0, kr_None);
    if (n == 2) return one_group(args[0], args[1]);
    KrValue list = kr_list(NULL, 0);
    for (size_t i = 1; i < n; i++) {
        KrValue text = one_group(args[0], args[i]);
        if (kr_is_empty(text) || kr_list_append(list, text) < 0) return KR_EMPTY;
    }
    return kr_list_to_tuple(list);
}

KR_FN(match, match_groups, "groups", "(self, default=None)", "Return a tuple containing all the subgroups of the match, from 1.")
{
    Match *m = match_of(a[0]);
    KrValue list = kr_list(NULL, 0);
    for (int64_t g = 1; g <= m->groups; g++) {
        KrValue text = group_text(m, g, a[1]);
        if (kr_is_empty(text) || kr_list_append(list, text) < 0) return KR_EMPTY;
    }
    return kr_list_to_tuple(list);
}

KR_FN(match, match_groupdict, "groupdict", "(self, default=None)", "Return a dictionary containing all the named subgroups of the match, keyed by the subgroup name.")
{
    Match *m = match_of(a[0]);
    KrValue dict = kr_dict(), name, number;
    for (size_t position = 0; kr_dict_next(pattern_of(m->pattern)->groupindex, &position, &name, &number);) {
        int64_t g;
        if (kr_to_int64(number, &g) < 0) return KR_EMPTY;
        KrValue text = group_text(m, g, a[1]);
        if (kr_is_empty(text) || kr_dict_set(dict, name, text) < 0) return KR_EMPTY;
    }
    return dict;
}

KR_FN(match, match_start, "start", "(self, group=0, /)", "Return index of the start of the substring matched by group.")
{
    int64_t g = group_number(match_of(a[0]), a[1]);
    return g < 0 ? KR_EMPTY : kr_int(match_of(a[0])->marks[2 * g]);
}
KR_FN(match, match_end, "end", "(self, group=0, /)", "Return index of the end of the substring matched by group.")
{
    int64_t g = group_number(match_of(a[0]), a[1]);
    return g < 0 ? KR_EMPTY : kr_int(match_of(a[0])->marks[2 * g + 1]);
}
static KrValue span_of(Match *m, int64_t g) { return kr_tuple_of(2, kr_int(m->marks[2 * g]), kr_int(m->marks[2 * g + 1])); }
KR_FN(match, match_span, "span", "(self, group=0, /)", "For match object m, return the 2-tuple (m.start(group), m.end(group)).")
{
    int64_t g = group_number(match_of(a[0]), a[1]);
    return g < 0 ? KR_EMPTY : span_of(match_of(a[0]), g);
}
KR_FN(match, match_expand, "expand", "(self, template)", "Return the string obtained by doing backslash substitution on the string template, as done by the sub() method.")
{
    KrValue expand = kr_import_attr("re", "_expand");
    return kr_is_empty(expand) ? KR_EMPTY : kr_call3(expand, match_of(a[0])->pattern, a[0], a[1]);
}
KR_FN(match, match_copy, "__copy__", "(self, /)", "A match is immutable: itself.") { return a[0]; }
KR_FN(match, match_deepcopy, "__deepcopy__", "(self, memo, /)", "A match is immutable: itself.") { return a[0]; }
KR_CLASSMETHOD(match, match_class_getitem, "__class_getitem__", "(cls, item, /)", "See PEP 585") { return kr_call2(kr_type_value(&kr_generic_alias_type), a[0], a[1]); }
static KrValue match_getitem(KrValue self, KrValue key) { return one_group(self, key); }

static KrValue match_get_string(KrValue self) { return match_of(self)->string; }
static KrValue match_get_re(KrValue self) { return match_of(self)->pattern; }
static KrValue match_get_pos(KrValue self) { return kr_int(match_of(self)->position); }
static KrValue match_get_endpos(KrValue self) { return kr_int(match_of(self)->end_position); }
static KrValue match_get_lastindex(KrValue self)
{
    int64_t last = match_of(self)->last_index;
    return last > 0 ? kr_int(last) : kr_None;
}
static KrValue match_get_lastgroup(KrValue self)
{
    Match *m = match_of(self);
    KrValue names = pattern_of(m->pattern)->indexgroup;
    return m->last_index > 0 && (size_t)m->last_index < kr_tuple_size(names) ? kr_tuple_get(names, (size_t)m->last_index) : kr_None;
}
static KrValue match_get_regs(KrValue self)
{
    Match *m = match_of(self);
    if (!kr_is_empty(m->regs)) return m->regs;
    KrValue list = kr_list(NULL, 0);
    for (int64_t g = 0; g <= m->groups; g++)
        if (kr_list_append(list, span_of(m, g)) < 0) return KR_EMPTY;
    return m->regs = kr_list_to_tuple(list);
}
KR_GETSET(match, match_get_string, NULL, "string", "The string passed to match() or search().")
KR_GETSET(match, match_get_re, NULL, "re", "The regular expression object.")
KR_GETSET(match, match_get_pos, NULL, "pos", "The index into the string at which the RE engine started looking for a match.")
KR_GETSET(match, match_get_endpos, NULL, "endpos", "The index into the string beyond which the RE engine will not go.")
KR_GETSET(match, match_get_lastindex, NULL, "lastindex", "The integer index of the last matched capturing group.")
KR_GETSET(match, match_get_lastgroup, NULL, "lastgroup", "The name of the last matched capturing group.")
KR_GETSET(match, match_get_regs, NULL, "regs", "The spans of all groups.")

static KrValue match_repr(KrValue self)
{
    Match *m = match_of(self);
    KrValue text = group_text(m, 0, kr_None);
    return kr_is_empty(text) ? KR_EMPTY : kr_str_format("<re.Match object; span=(%lld, %lld), match=%R>", (long long)m->marks[0], (long long)m->marks[1], text);
}

/* ---- Patterns ---- */

static void pattern_trace(void *self, KrTracer *tracer)
{
    Pattern *p = self;
    kr_trace(tracer, p->pattern), kr_trace(tracer, p->groupindex), kr_trace(tracer, p->indexgroup);
}
static void pattern_release(void *self)
{
    free(((Pattern *)self)->code);
    sre_tables_done(&((Pattern *)self)->tables);
}

static KrValue find(const KrValue *a, bool search, bool whole)
{
    Subject s;
    if (begin(&s, pattern_of(a[0]), a[1], a[2], a[3]) < 0) return KR_EMPTY;
    s.matcher.match_all = whole;
    int result = s.matcher.start > s.matcher.end ? 0 : search ? sre_search(&s.matcher) : sre_match(&s.matcher, s.matcher.start);
    KrValue match = result < 0 ? KR_EMPTY : result ? make_match(a[0], a[1], &s.matcher) : kr_None;
    finish(&s);
    return match;
}
KR_FN(pattern, pattern_match, "match", "(self, string, pos=0, endpos=9223372036854775807)", "Matches zero or more characters at the beginning of the string.") { return find(a, false, false); }
KR_FN(pattern, pattern_fullmatch, "fullmatch", "(self, string, pos=0, endpos=9223372036854775807)", "Matches against all of the string.") { return find(a, false, true); }
KR_FN(pattern, pattern_search, "search", "(self, string, pos=0, endpos=9223372036854775807)", "Scan through string looking for a match, and return a corresponding match object instance.\n\nReturn None if no position in the string matches.") { return find(a, true, false); }

/* Goes on after a match: behind an empty one, the next at that place is not empty. */
static void advance(SreMatcher *m)
{
    m->not_at = m->match_end == m->match_start ? m->match_end : -1;
    m->start = m->match_end;
}

/* The next match from m->start on, where `not_at` allows it. */
static int next_match(SreMatcher *m)
{
    return m->start > m->end ? 0 : sre_search(m);
}

KR_FN(pattern, pattern_findall, "findall", "(self, string, pos=0, endpos=9223372036854775807)", "Return a list of all non-overlapping matches of pattern in string.")
{
    Subject s;
    Pattern *p = pattern_of(a[0]);
    if (begin(&s, p, a[1], a[2], a[3]) < 0) return KR_EMPTY;
    KrValue list = kr_list(NULL, 0);
    int result = 0;
    while (!kr_is_empty(list) && (result = next_match(&s.matcher)) > 0) {
        SreMatcher *m = &s.matcher;
        KrValue item;
        if (p->groups == 0) {
            item = slice_of(a[1], m->match_start, m->match_end);
        } else {
            KrValue parts = kr_list(NULL, 0);
            item = KR_EMPTY;
            for (int64_t g = 0; g < p->groups; g++) {
                bool set = m->marks[2 * g] >= 0 && m->marks[2 * g + 1] >= m->marks[2 * g];
                item = slice_of(a[1], set ? m->marks[2 * g] : 0, set ? m->marks[2 * g + 1] : 0);
                if (kr_is_empty(item) || (p->groups > 1 && kr_list_append(parts, item) < 0)) break;
            }
            if (!kr_is_empty(item) && p->groups > 1) item = kr_list_to_tuple(parts);
        }
        if (kr_is_empty(item) || kr_list_append(list, item) < 0) list = KR_EMPTY;
        advance(m);
    }
    finish(&s);
    return result < 0 ? KR_EMPTY : list;
}

KR_FN(pattern, pattern_split, "split", "(self, string, maxsplit=0)", "Split string by the occurrences of pattern.")
{
    Subject s;
    Pattern *p = pattern_of(a[0]);
    int64_t limit, last = 0, count = 0;
    if (kr_to_index_clamped(a[2], &limit) < 0 || begin(&s, p, a[1], KR_EMPTY, KR_EMPTY) < 0) return KR_EMPTY;
    KrValue list = kr_list(NULL, 0);
    int result = 0;
    SreMatcher *m = &s.matcher;
    while (!kr_is_empty(list) && (limit <= 0 || count < limit) && (result = next_match(m)) > 0) {
        KrValue item = slice_of(a[1], last, m->match_start);
        if (kr_is_empty(item) || kr_list_append(list, item) < 0) list = KR_EMPTY;
        for (int64_t g = 0; g < p->groups && !kr_is_empty(list); g++) {
            bool set = m->marks[2 * g] >= 0 && m->marks[2 * g + 1] >= m->marks[2 * g];
            item = set ? slice_of(a[1], m->marks[2 * g], m->marks[2 * g + 1]) : kr_None;
            if (kr_is_empty(item) || kr_list_append(list, item) < 0) list = KR_EMPTY;
        }
        last = m->match_end;
        count++;
        advance(m);
    }
    if (!kr_is_empty(list) && result >= 0) {
        KrValue item = slice_of(a[1], last, m->text.length);
        if (kr_is_empty(item) || kr_list_append(list, item) < 0) list = KR_EMPTY;
    }
    finish(&s);
    return result < 0 ? KR_EMPTY : list;
}

/* What sub() puts in: a literal text, or a function of the match. */
static int prepare_template(KrValue self, KrValue template, KrValue *filter, bool *callable)
{
    *callable = kr_is_callable(template);
    *filter = template;
    if (*callable) return 0;
    SreText text;
    KrBuffer view;
    bool has_view, literal;
    if (open_text(template, NULL, &text, &view, &has_view) < 0) return -1;
    if (text.width == 1) {
        literal = !memchr(text.points, '\\', (size_t)text.length);
    } else {
        literal = true;
        for (size_t i = 0; i < (size_t)text.length && literal; i++) literal = kr_str_at(template, i) != '\\';
    }
    if (has_view) kr_buffer_release(&view);
    if (literal) return 0;
    KrValue make = kr_import_attr("re", "_subx");
    *filter = kr_is_empty(make) ? KR_EMPTY : kr_call2(make, self, template);
    if (kr_is_empty(*filter)) return -1;
    *callable = kr_is_callable(*filter);
    return 0;
}

static KrValue join(KrValue list, KrValue string)
{
    if (kr_is_str(string)) return kr_str_join(kr_intern(""), list);
    return kr_bytes_join(kr_bytes("", 0), list);
}

static KrValue substitute(const KrValue *a, bool with_count)
{
    Subject s;
    KrValue self = a[0], string = a[2], filter;
    Pattern *p = pattern_of(self);
    int64_t limit, last = 0, count = 0;
    bool callable;
    if (kr_to_index_clamped(a[3], &limit) < 0 || prepare_template(self, a[1], &filter, &callable) < 0) return KR_EMPTY;
    if (begin(&s, p, string, KR_EMPTY, KR_EMPTY) < 0) return KR_EMPTY;
    KrValue list = kr_list(NULL, 0);
    int result = 0;
    SreMatcher *m = &s.matcher;
    while (!kr_is_empty(list) && (limit <= 0 || count < limit) && (result = next_match(m)) > 0) {
        if (m->match_start > last) {
            KrValue between = slice_of(string, last, m->match_start);
            if (kr_is_empty(between) || kr_list_append(list, between) < 0) {
                list = KR_EMPTY;
                break;
            }
        }
        KrValue item = filter;
        int64_t end = m->match_end;
        if (callable) {
            KrValue match = make_match(self, string, m);
            item = kr_is_empty(match) ? KR_EMPTY : kr_call1(filter, match);
        }
        if (kr_is_empty(item) || (!kr_is(item, kr_None) && kr_list_append(list, item) < 0)) list = KR_EMPTY;
        last = end;
        count++;
        advance(m);
    }
    if (!kr_is_empty(list) && result >= 0 && last < m->text.length) {
        KrValue rest = slice_of(string, last, m->text.length);
        if (kr_is_empty(rest) || kr_list_append(list, rest) < 0) list = KR_EMPTY;
    }
    finish(&s);
    if (result < 0 || kr_is_empty(list)) return KR_EMPTY;
    KrValue text = count == 0 && kr_is_str(string) && kr_is_instance_exact(string, &kr_str_type) ? string : join(list, string);
    if (kr_is_empty(text) || !with_count) return text;
    return kr_tuple_of(2, text, kr_int(count));
}
KR_FN(pattern, pattern_sub, "sub", "(self, repl, string, count=0)", "Return the string obtained by replacing the leftmost non-overlapping occurrences of pattern in string by the replacement repl.") { return substitute(a, false); }
KR_FN(pattern, pattern_subn, "subn", "(self, repl, string, count=0)", "Return the tuple (new_string, number_of_subs_made) found by replacing the leftmost non-overlapping occurrences of pattern with the replacement repl.") { return substitute(a, true); }

/* ---- Scanners ---- */

static void scanner_trace(void *self, KrTracer *tracer)
{
    Scanner *s = self;
    kr_trace(tracer, s->pattern), kr_trace(tracer, s->string);
    if (s->has_view) kr_trace(tracer, s->view.owner);
}
static void scanner_release(void *self)
{
    if (((Scanner *)self)->ready) sre_done(&((Scanner *)self)->matcher);
}

static KrValue make_scanner(const KrValue *a)
{
    Subject subject;
    Scanner *s = kr_alloc_instance(scanner_type);
    if (!s || begin(&subject, pattern_of(a[0]), a[1], a[2], a[3]) < 0) return KR_EMPTY;
    s->pattern = a[0];
    s->string = a[1];
    s->view = subject.view;
    s->has_view = subject.has_view;
    s->matcher = subject.matcher;
    s->ready = true;
    return kr_from_object(s);
}

/* No further match: the subject may change its size again. */
static KrValue end_scan(Scanner *s)
{
    s->matcher.start = -1;
    if (s->has_view) kr_buffer_release(&s->view);
    s->has_view = false;
    return kr_None;
}

static KrValue scan(KrValue self, bool search)
{
    Scanner *s = scanner_of(self);
    SreMatcher *m = &s->matcher;
    if (s->executing) return kr_raise(kr_ValueError, "regular expression scanner already executing");
    if (m->start < 0 || m->start > m->end) return end_scan(s);
    s->executing = true;
    int result = search ? sre_search(m) : sre_match(m, m->start);
    s->executing = false;
    if (result < 0) return KR_EMPTY;
    if (!result) return end_scan(s);
    KrValue match = make_match(s->pattern, s->string, m);
    advance(m);
    return match;
}
KR_FN(scanner, scanner_match, "match", "(self, /)", "The next match, at the place where the last one ended.") { return scan(a[0], false); }
KR_FN(scanner, scanner_search, "search", "(self, /)", "The next match from the place where the last one ended.") { return scan(a[0], true); }
static KrValue scanner_pattern(KrValue self) { return scanner_of(self)->pattern; }
KR_GETSET(scanner, scanner_pattern, NULL, "pattern", "The pattern.")

KR_FN(pattern, pattern_scanner, "scanner", "(self, string, pos=0, endpos=9223372036854775807)", "A scanner over the string.") { return make_scanner(a); }
KR_FN(pattern, pattern_finditer, "finditer", "(self, string, pos=0, endpos=9223372036854775807)", "Return an iterator over all non-overlapping matches for the RE pattern in string.")
{
    KrValue scanner = make_scanner(a);
    KrValue search = kr_is_empty(scanner) ? KR_EMPTY : kr_getattr(scanner, KR_NAME("search"));
    KrValue iterate = kr_is_empty(search) ? KR_EMPTY : kr_import_attr("builtins", "iter");
    return kr_is_empty(iterate) ? KR_EMPTY : kr_call2(iterate, search, kr_None);
}
KR_FN(pattern, pattern_copy, "__copy__", "(self, /)", "A pattern is immutable: itself.") { return a[0]; }
KR_FN(pattern, pattern_deepcopy, "__deepcopy__", "(self, memo, /)", "A pattern is immutable: itself.") { return a[0]; }
KR_CLASSMETHOD(pattern, pattern_class_getitem, "__class_getitem__", "(cls, item, /)", "See PEP 585") { return kr_call2(kr_type_value(&kr_generic_alias_type), a[0], a[1]); }

static KrValue pattern_get_pattern(KrValue self) { return pattern_of(self)->pattern; }
static KrValue pattern_get_flags(KrValue self) { return kr_int(pattern_of(self)->flags); }
static KrValue pattern_get_groups(KrValue self) { return kr_int(pattern_of(self)->groups); }
static KrValue pattern_get_groupindex(KrValue self) { return kr_call1(kr_type_value(&kr_mappingproxy_type), pattern_of(self)->groupindex); }
KR_GETSET(pattern, pattern_get_pattern, NULL, "pattern", "The pattern string from which the RE object was compiled.")
KR_GETSET(pattern, pattern_get_flags, NULL, "flags", "The regex matching flags.")
KR_GETSET(pattern, pattern_get_groups, NULL, "groups", "The number of capturing groups in the pattern.")
KR_GETSET(pattern, pattern_get_groupindex, NULL, "groupindex", "A dictionary mapping group names to group numbers.")

static KrValue pattern_repr(KrValue self)
{
    static const struct {
        const char *name;
        int value;
    } names[] = {{"re.IGNORECASE", 2}, {"re.MULTILINE", 8}, {"re.DOTALL", 16}, {"re.VERBOSE", 64}, {"re.DEBUG", 128}, {"re.ASCII", 256}, {"re.LOCALE", 4}, {"re.UNICODE", 32}};
    static const int order[] = {0, 6, 1, 2, 7, 3, 4, 5};
    Pattern *p = pattern_of(self);
    int64_t flags = p->flags;
    if (!p->is_bytes && (flags & (4 | 32 | 256)) == 32) flags &= ~32;
    KrValue text = kr_repr(p->pattern);
    if (kr_is_empty(text)) return KR_EMPTY;
    KrText out;
    kr_text_init(&out);
    kr_text_add_ascii(&out, "re.compile(");
    size_t length = kr_str_length(text);
    kr_text_add_slice(&out, text, 0, length > 200 ? 200 : length);
    bool first = true;
    for (size_t i = 0; i < 8; i++) {
        if (!(flags & names[order[i]].value)) continue;
        kr_text_add_ascii(&out, first ? ", " : "|");
        kr_text_add_ascii(&out, names[order[i]].name);
        flags &= ~(int64_t)names[order[i]].value;
        first = false;
    }
    if (flags) kr_text_add_format(&out, "%s0x%llx", first ? ", " : "|", (unsigned long long)flags);
    kr_text_add_ascii(&out, ")");
    return kr_text_finish(&out);
}

static int64_t pattern_hash(KrValue self)
{
    Pattern *p = pattern_of(self);
    int64_t hash = kr_hash(p->pattern);
    if (hash == -1) return -1;
    uint64_t x = (uint64_t)hash ^ (uint64_t)p->flags ^ (uint64_t)p->is_bytes;
    for (size_t i = 0; i < p->code_size; i++) x = (x ^ p->code[i]) * UINT64_C(0x100000001b3);
    return x == UINT64_MAX ? -2 : (int64_t)x;
}

static KrValue pattern_compare(KrValue a, KrValue b, int op)
{
    if ((op != KR_EQ && op != KR_NE) || !kr_is_instance_exact(a, pattern_type) || !kr_is_instance_exact(b, pattern_type)) return kr_NotImplemented;
    Pattern *p = pattern_of(a), *q = pattern_of(b);
    int equal = p == q || (p->flags == q->flags && p->is_bytes == q->is_bytes && p->code_size == q->code_size &&
                           memcmp(p->code, q->code, p->code_size * sizeof *p->code) == 0);
    if (equal && p != q && (equal = kr_equal(p->pattern, q->pattern)) < 0) return KR_EMPTY;
    return kr_bool(op == KR_EQ ? equal : !equal);
}

/* ---- The module ---- */

KR_FN(sre, sre_compile, "compile", "(pattern, flags, code, groups, groupindex, indexgroup)", "A pattern object of compiled code.")
{
    int64_t flags, groups;
    if (!kr_is_list(a[2])) return kr_raise(kr_TypeError, "compile() argument 'code' must be list, not %T", a[2]);
    if (kr_to_int64(a[1], &flags) < 0 || kr_to_index(a[3], &groups) < 0) return KR_EMPTY;
    if (!kr_is_dict(a[4]) || !kr_is_tuple(a[5])) return kr_raise(kr_TypeError, "compile() needs a dict and a tuple");
    Pattern *p = kr_alloc_instance(pattern_type);
    if (!p) return KR_EMPTY;
    p->code_size = kr_list_size(a[2]);
    p->code = malloc(sizeof *p->code * (p->code_size + 1));
    if (!p->code) return kr_raise_no_memory();
    for (size_t i = 0; i < p->code_size; i++) {
        uint64_t word;
        if (kr_to_uint64(kr_list_get(a[2], i), &word) < 0) return KR_EMPTY;
        if (word > UINT32_MAX) return kr_raise(kr_OverflowError, "regular expression code size limit exceeded");
        p->code[i] = (uint32_t)word;
    }
    p->pattern = a[0];
    p->flags = flags;
    p->groups = groups;
    p->groupindex = a[4];
    p->indexgroup = a[5];
    p->is_bytes = !kr_is(a[0], kr_None) && !kr_is_str(a[0]);
    if (groups > SRE_MAX_GROUPS || !sre_valid(p->code, p->code_size, groups)) return kr_raise(kr_RuntimeError, "invalid SRE code");
    return kr_from_object(p);
}

static int character(KrValue v, uint32_t *c)
{
    int64_t n;
    if (kr_to_int64(v, &n) < 0) return -1;
    *c = (uint32_t)n;
    return 0;
}
KR_FN(sre, sre_getcodesize, "getcodesize", "()", "Bytes of a word of code.") { return kr_int(4); }
KR_FN(sre, sre_ascii_iscased, "ascii_iscased", "(character, /)", "Is it a letter of ASCII?")
{
    uint32_t c;
    return character(a[0], &c) < 0 ? KR_EMPTY : kr_bool((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
}
KR_FN(sre, sre_unicode_iscased, "unicode_iscased", "(character, /)", "Does it change with case?")
{
    uint32_t c;
    if (character(a[0], &c) < 0) return KR_EMPTY;
    if (sre_lower_unicode(c) != c || sre_upper_unicode(c) != c) return kr_True;
    KrValue text = kr_str_from_points(&c, 1, 4); /* one like \ufb05 has an upper case of several characters only */
    KrValue upper = kr_is_empty(text) ? KR_EMPTY : kr_call_method0(text, "upper");
    return kr_is_empty(upper) ? KR_EMPTY : kr_bool(!kr_str_equal(text, upper));
}
KR_FN(sre, sre_ascii_tolower, "ascii_tolower", "(character, /)", "Its lower case in ASCII.")
{
    uint32_t c;
    return character(a[0], &c) < 0 ? KR_EMPTY : kr_int(sre_lower_ascii(c));
}
KR_FN(sre, sre_unicode_tolower, "unicode_tolower", "(character, /)", "Its lower case.")
{
    uint32_t c;
    return character(a[0], &c) < 0 ? KR_EMPTY : kr_int(sre_lower_unicode(c));
}

#include "modules/_sre.entries.h"

static int sre_exec(KrValue module)
{
    static KrTypeSpec pattern, match, scanner;
    pattern = (KrTypeSpec){.name = "re.Pattern", .doc = "Compiled regular expression object.", .size = sizeof(Pattern), .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT,
                           .trace = pattern_trace, .release = pattern_release, .functions = pattern_functions, .getset = pattern_getset,
                           .slots = {.repr = pattern_repr, .hash = pattern_hash, .compare = pattern_compare}};
    match = (KrTypeSpec){.name = "re.Match", .doc = "The result of re.match() and re.search().\nMatch objects always have a boolean value of True.",
                         .size = sizeof(Match), .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT, .trace = match_trace, .functions = match_functions,
                         .getset = match_getset, .slots = {.repr = match_repr, .getitem = match_getitem}};
    scanner = (KrTypeSpec){.name = "_sre.SRE_Scanner", .size = sizeof(Scanner), .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT, .trace = scanner_trace,
                           .release = scanner_release, .functions = scanner_functions, .getset = scanner_getset};
    pattern_type = kr_type_new(&pattern);
    match_type = kr_type_new(&match);
    scanner_type = kr_type_new(&scanner);
    if (!pattern_type || !match_type || !scanner_type) return -1;
    return kr_module_add_int(module, "MAGIC", SRE_MAGIC) < 0 || kr_module_add_int(module, "CODESIZE", 4) < 0 ||
                   kr_module_add_int(module, "MAXREPEAT", SRE_MAX_REPEAT) < 0 || kr_module_add_int(module, "MAXGROUPS", SRE_MAX_GROUPS) < 0 ||
                   kr_module_add(module, "copyright", kr_str("krait")) < 0
               ? -1
               : 0;
}

KR_MODULE(_sre) = {
    .api_version = KR_API_VERSION,
    .name = "_sre",
    .doc = "The matching engine of the re package.",
    .functions = sre_functions,
    .exec = sre_exec,
};
