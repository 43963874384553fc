/* codegen_match.c: the match statement, with CPython's order of evaluation.
 *
 * A failing pattern jumps to the next case from wherever it is: nothing is to be undone.
 * Captured values stay in their registers until the whole pattern has matched; then the names
 * are bound, then the guard runs. */
#include "runtime/compile/compiler.h"

#include <string.h>

#include "runtime/objects/tuple.h"

typedef struct Capture {
    struct Capture *next;
    Identifier *name;
    Reg value;
} Capture;

typedef struct Match {
    Capture *first, **last; /* in the order of binding */
    uint32_t fail;
    bool allow_irrefutable;
} Match;

static void pattern(Unit *u, Pattern *p, Reg subject, Match *m);

static bool is_wildcard(const Pattern *p)
{
    return p->kind == PATTERN_MatchAs && !p->MatchAs.name && !p->MatchAs.pattern;
}

static void capture(Unit *u, const void *node, Identifier *name, Reg value, Match *m)
{
    if (kr_gen_forbidden(u, node, name, CTX_Store)) return;
    for (Capture *c = m->first; c; c = c->next)
        if (c->name == name) {
            kr_unit_error(u, node, "multiple assignments to name '%s' in pattern", name->text);
            return;
        }
    Capture *c = kr_arena_alloc(u->c->arena, sizeof *c);
    *c = (Capture){NULL, name, value};
    *m->last = c;
    m->last = &c->next;
}

static void subpattern(Unit *u, Pattern *p, Reg subject, Match *m)
{
    bool allow = m->allow_irrefutable;
    m->allow_irrefutable = true;
    pattern(u, p, subject, m);
    m->allow_irrefutable = allow;
}

static void fail_unless(Unit *u, Reg test, Match *m)
{
    kr_unit_emit_jump(u, OP_JUMP_IF_FALSE, test, m->fail);
}

static void match_value(Unit *u, Pattern *p, Reg subject, Match *m)
{
    Expr *value = p->MatchValue.value;
    if (value->kind != EXPR_Constant && value->kind != EXPR_Attribute) {
        kr_unit_error(u, p, "patterns may only match literals and attribute lookups");
        return;
    }
    uint32_t mark = u->top;
    Reg test = kr_unit_push(u);
    int32_t small;
    if (kr_gen_small_int(u, value, &small)) {
        kr_unit_emit(u, OP_EQ_IMM, test, subject, (uint16_t)small);
    } else {
        Reg r = kr_gen_expr(u, value, ANYWHERE);
        kr_unit_emit(u, OP_EQ, test, subject, r);
    }
    fail_unless(u, test, m);
    u->top = mark;
}

static void match_singleton(Unit *u, const Constant *value, Reg subject, Match *m)
{
    if (value->kind == CONSTANT_NONE) {
        kr_unit_emit_jump(u, OP_JUMP_IF_NOT_NONE, subject, m->fail);
        return;
    }
    uint32_t mark = u->top;
    Reg r = kr_gen_constant(u, from_bool(value->kind == CONSTANT_TRUE), ANYWHERE);
    kr_unit_emit(u, OP_IS, r, subject, r);
    fail_unless(u, r, m);
    u->top = mark;
}

/* Fails unless len(subject) op count. */
static void check_length(Unit *u, uint16_t op, uint16_t wide_op, Reg subject, size_t count,
                         Match *m)
{
    uint32_t mark = u->top;
    Reg length = kr_unit_push(u);
    kr_unit_emit(u, OP_GET_LENGTH, length, subject, 0);
    if (count <= INT16_MAX) {
        kr_unit_emit(u, op, length, length, (uint16_t)count);
    } else {
        Reg r = kr_gen_constant(u, kr_int((int64_t)count), ANYWHERE);
        kr_unit_emit(u, wide_op, length, length, r);
    }
    fail_unless(u, length, m);
    u->top = mark;
}

/* A sequence whose star is a wildcard: the items that matter are fetched one by one. */
static void sequence_by_index(Unit *u, PatternSeq *patterns, size_t star, Reg subject, Match *m)
{
    for (size_t i = 0; i < patterns->count; i++) {
        Pattern *p = patterns->items[i];
        if (i == star || is_wildcard(p)) continue;
        Reg item = kr_unit_push(u);
        uint32_t keep = u->top;
        Reg index;
        if (i < star) {
            index = kr_gen_constant(u, kr_int((int64_t)i), ANYWHERE);
        } else {
            index = kr_unit_push(u);
            kr_unit_emit(u, OP_GET_LENGTH, index, subject, 0);
            Reg back = kr_gen_constant(u, kr_int((int64_t)(patterns->count - i)), ANYWHERE);
            kr_unit_emit(u, OP_SUB, index, index, back);
        }
        kr_unit_emit(u, OP_GET_ITEM, item, subject, index);
        u->top = keep;
        subpattern(u, p, item, m);
    }
}

static void match_sequence(Unit *u, Pattern *p, Reg subject, Match *m)
{
    PatternSeq *patterns = p->MatchSequence.patterns;
    size_t count = patterns->count, star = count;
    bool only_wildcards = true, star_wildcard = false;
    for (size_t i = 0; i < count; i++) {
        Pattern *item = patterns->items[i];
        if (item->kind == PATTERN_MatchStar) {
            if (star < count) {
                kr_unit_error(u, p, "multiple starred names in sequence pattern");
                return;
            }
            star = i;
            star_wildcard = !item->MatchStar.name;
            only_wildcards &= star_wildcard;
        } else {
            only_wildcards &= is_wildcard(item);
        }
    }
    uint32_t mark = u->top;
    Reg test = kr_unit_push(u);
    kr_unit_emit(u, OP_MATCH_SEQUENCE, test, subject, 0);
    fail_unless(u, test, m);
    u->top = mark;
    if (star == count)
        check_length(u, OP_EQ_IMM, OP_EQ, subject, count, m);
    else if (count > 1)
        check_length(u, OP_GE_IMM, OP_GE, subject, count - 1, m);
    if (only_wildcards) return;
    if (star_wildcard) {
        sequence_by_index(u, patterns, star, subject, m);
        return;
    }
    if (star < count && (star >= 256 || count - star - 1 >= 1 << 16)) {
        kr_unit_error(u, p, "too many expressions in star-unpacking sequence pattern");
        return;
    }
    Reg base = kr_unit_push_n(u, (uint32_t)count);
    if (star == count) {
        kr_unit_emit(u, OP_UNPACK, base, subject, (uint16_t)count);
    } else {
        kr_unit_emit(u, OP_UNPACK_STAR, base, subject, (uint16_t)star);
        kr_unit_emit_extra(u, (uint16_t)(count - star - 1), 0);
    }
    for (size_t i = 0; i < count && !u->c->failed; i++) {
        Pattern *item = patterns->items[i];
        if (item->kind != PATTERN_MatchStar)
            subpattern(u, item, (Reg)(base + i), m);
        else if (item->MatchStar.name)
            capture(u, item, item->MatchStar.name, (Reg)(base + i), m);
    }
}

/* The keys of a mapping pattern as a tuple in a register of its own. */
static Reg mapping_keys(Unit *u, Pattern *p)
{
    ExprSeq *keys = p->MatchMapping.keys;
    for (size_t i = 0; i < keys->count; i++) {
        Value key = kr_gen_constant_value(u, keys->items[i]);
        if (is_empty(key)) {
            if (keys->items[i]->kind == EXPR_Attribute) continue;
            kr_unit_error(u, p,
                          "mapping pattern keys may only match literals and attribute lookups");
            return 0;
        }
        for (size_t j = 0; j < i; j++) {
            Value other = kr_gen_constant_value(u, keys->items[j]);
            if (is_empty(other) || kr_equal(key, other) <= 0) continue;
            Value text = kr_repr(key);
            const char *shown = is_empty(text) ? NULL : kr_str_utf8(text, NULL);
            kr_unit_error(u, p, "mapping pattern checks duplicate key (%s)", shown ? shown : "");
            return 0;
        }
    }
    Expr tuple = {.kind = EXPR_Tuple};
    tuple.Tuple.elts = keys;
    tuple.Tuple.ctx = CTX_Load;
    Fold fold = {u->c->arena, &u->c->constants, false, NULL};
    if (!kr_fold_expr(&fold, &tuple)) kr_unit_raised(u->c);
    if (tuple.kind == EXPR_Constant)
        return kr_gen_constant(u, kr_gen_constant_value(u, &tuple), ANYWHERE);
    return kr_gen_tuple(u, keys, ANYWHERE);
}

static void match_mapping(Unit *u, Pattern *p, Reg subject, Match *m)
{
    size_t count = p->MatchMapping.patterns->count;
    Identifier *rest = p->MatchMapping.rest;
    uint32_t mark = u->top;
    Reg test = kr_unit_push(u);
    kr_unit_emit(u, OP_MATCH_MAPPING, test, subject, 0);
    fail_unless(u, test, m);
    u->top = mark;
    if (count)
        check_length(u, OP_GE_IMM, OP_GE, subject, count, m);
    else if (!rest)
        return;
    Reg keys = mapping_keys(u, p), values = kr_unit_push(u);
    kr_unit_emit(u, OP_MATCH_KEYS, values, subject, keys);
    kr_unit_emit_jump(u, OP_JUMP_IF_NONE, values, m->fail);
    Reg base = kr_unit_push_n(u, (uint32_t)count);
    kr_unit_emit(u, OP_UNPACK, base, values, (uint16_t)count);
    for (size_t i = 0; i < count && !u->c->failed; i++)
        subpattern(u, p->MatchMapping.patterns->items[i], (Reg)(base + i), m);
    if (rest) {
        Reg dict = kr_unit_push(u);
        kr_unit_emit(u, OP_REST_OF_MAPPING, dict, subject, keys);
        capture(u, p, rest, dict, m);
    }
}

static void match_class(Unit *u, Pattern *p, Reg subject, Match *m)
{
    IdentifierSeq *names = p->MatchClass.kwd_attrs;
    size_t positional = p->MatchClass.patterns->count, keyword = names->count;
    if (positional + keyword > 60000) {
        kr_unit_error(u, p, "too many sub-patterns in class pattern");
        return;
    }
    for (size_t i = 0; i < keyword; i++) {
        Pattern *at = p->MatchClass.kwd_patterns->items[i];
        if (kr_gen_forbidden(u, at, names->items[i], CTX_Store)) return;
        for (size_t j = i + 1; j < keyword; j++)
            if (names->items[j] == names->items[i]) {
                kr_unit_error(u, p->MatchClass.kwd_patterns->items[j],
                              "attribute name repeated in class pattern: %s",
                              names->items[i]->text);
                return;
            }
    }
    Tuple *tuple = kr_tuple_alloc(keyword);
    if (!tuple) {
        kr_unit_raised(u->c);
        return;
    }
    for (size_t i = 0; i < keyword; i++) tuple->items[i] = NONE;
    for (size_t i = 0; i < keyword; i++) tuple->items[i] = kr_unit_str(u->c, names->items[i]);
    uint32_t mark = u->top;
    Reg class = kr_gen_expr(u, p->MatchClass.cls, ANYWHERE);
    u->top = mark;
    Reg values = kr_unit_push(u);
    uint32_t constant = u->dead ? 0 : kr_unit_constant(u, from_object(tuple));
    kr_unit_emit(u, OP_MATCH_CLASS, values, subject, class);
    kr_unit_emit_extra(u, (uint16_t)positional, (int32_t)constant);
    kr_unit_emit_jump(u, OP_JUMP_IF_NONE, values, m->fail);
    Reg base = kr_unit_push_n(u, (uint32_t)(positional + keyword));
    kr_unit_emit(u, OP_UNPACK, base, values, (uint16_t)(positional + keyword));
    for (size_t i = 0; i < positional + keyword && !u->c->failed; i++) {
        Pattern *item = i < positional ? p->MatchClass.patterns->items[i]
                                       : p->MatchClass.kwd_patterns->items[i - positional];
        if (!is_wildcard(item)) subpattern(u, item, (Reg)(base + i), m);
    }
}

static void match_as(Unit *u, Pattern *p, Reg subject, Match *m)
{
    if (p->MatchAs.pattern) {
        pattern(u, p->MatchAs.pattern, subject, m);
    } else if (!m->allow_irrefutable) {
        if (p->MatchAs.name)
            kr_unit_error(u, p, "name capture '%s' makes remaining patterns unreachable",
                          p->MatchAs.name->text);
        else
            kr_unit_error(u, p, "wildcard makes remaining patterns unreachable");
        return;
    }
    if (p->MatchAs.name) capture(u, p, p->MatchAs.name, subject, m);
}

/* All alternatives bind the same names; what they capture ends in the registers of one set. */
static void match_or(Unit *u, Pattern *p, Reg subject, Match *m)
{
    PatternSeq *patterns = p->MatchOr.patterns;
    uint32_t matched = kr_unit_label(u), start = u->top, names = 0;
    Capture *chosen = NULL;
    for (size_t i = 0; i < patterns->count && !u->c->failed; i++) {
        bool last = i + 1 == patterns->count;
        Match alternative = {.fail = last ? m->fail : kr_unit_label(u),
                             .allow_irrefutable = last && m->allow_irrefutable};
        alternative.last = &alternative.first;
        gen_at(u, patterns->items[i]);
        if (i ==
            /* room for what every alternative captures: the names of the first one */
            0) {
            Match probe = alternative;
            probe.first = NULL;
            probe.last = &probe.first;
            bool dead = u->dead;
            u->dead = true;
            pattern(u, patterns->items[0], subject, &probe);
            u->dead = dead;
            u->top = start;
            for (Capture *c = probe.first; c; c = c->next) c->value = kr_unit_push(u), names++;
            chosen = probe.first;
        }
        uint32_t keep = u->top, count = 0;
        pattern(u, patterns->items[i], subject, &alternative);
        for (Capture *c = alternative.first; c; c = c->next, count++) {
            Capture *to = chosen;
            while (to && to->name != c->name) to = to->next;
            if (to) {
                kr_gen_move(u, to->value, c->value);
            } else {
                kr_unit_error(u, patterns->items[i], "alternative patterns bind different names");
                return;
            }
        }
        if (count != names) {
            kr_unit_error(u, patterns->items[i], "alternative patterns bind different names");
            return;
        }
        u->top = keep;
        if (last) break;
        kr_unit_emit_jump(u, OP_JUMP, 0, matched);
        kr_unit_place(u, alternative.fail);
    }
    kr_unit_place(u, matched);
    for (Capture *c = chosen; c; c = c->next) capture(u, p, c->name, c->value, m);
}

static void pattern(Unit *u, Pattern *p, Reg subject, Match *m)
{
    if (!kr_unit_enter(u)) {
        unit_leave(u);
        return;
    }
    Position outer = u->at;
    gen_at(u, p);
    switch (p->kind) {
    case PATTERN_MatchValue: match_value(u, p, subject, m); break;
    case PATTERN_MatchSingleton: match_singleton(u, &p->MatchSingleton.value, subject, m); break;
    case PATTERN_MatchSequence: match_sequence(u, p, subject, m); break;
    case PATTERN_MatchMapping: match_mapping(u, p, subject, m); break;
    case PATTERN_MatchClass: match_class(u, p, subject, m); break;
    case PATTERN_MatchAs: match_as(u, p, subject, m); break;
    case PATTERN_MatchOr: match_or(u, p, subject, m); break;
    default: break;
    }
    u->at = outer;
    unit_leave(u);
}

void kr_gen_match(Unit *u, Stmt *s)
{
    uint32_t mark = u->top, end = kr_unit_label(u);
    Reg subject =
        kr_unit_push(u); /* a copy: a case may bind the subject's own name and then fail */
    kr_gen_expr(u, s->Match.subject, subject);
    uint32_t keep = u->top;
    MatchCaseSeq *cases = s->Match.cases;
    for (size_t i = 0; i < cases->count && !u->c->failed; i++) {
        MatchCase *c = cases->items[i];
        Match m = {.fail = kr_unit_label(u),
                   .allow_irrefutable = c->guard || i + 1 == cases->count};
        m.last = &m.first;
        gen_at(u, c->pattern);
        if (is_wildcard(c->pattern)) kr_unit_emit(u, OP_NOP, 0, 0, 0); /* keeps the line */
        pattern(u, c->pattern, subject, &m);
        for (Capture *name = m.first; name; name = name->next)
            kr_gen_store_name(u, name->name, name->value);
        if (c->guard) kr_gen_jump_if(u, c->guard, m.fail, false);
        u->top = keep;
        kr_gen_body(u, c->body);
        if (i + 1 < cases->count) kr_unit_skip(u, end);
        kr_unit_place(u, m.fail);
    }
    kr_unit_place(u, end);
    u->top = mark;
}
