/*
 * Hostile sources: each ends with the expected kind of error, or parses, and never crashes.
 */
#include <stdlib.h>
#include <string.h>

#include "runtime/syntax/parser.h"
#include "tests/tap.h"

/* `head`, then `part` n times, then `tail`. */
static char *repeat(const char *head, const char *part, int n, const char *tail) {
    size_t size = strlen(part), used = strlen(head);
    char *text = malloc(used + size * (size_t)n + strlen(tail) + 1);
    memcpy(text, head, used);
    for (int i = 0; i < n; i++, used += size)
        memcpy(text + used, part, size);
    strcpy(text + used, tail);
    return text;
}

static char *nested(const char *open, int n, const char *inner, const char *close) {
    char *head = repeat("", open, n, inner), *text = repeat(head, close, n, "");
    free(head);
    return text;
}

static void check(const char *what, char *source, SyntaxErrorKind kind, const char *message) {
    Arena *arena = kr_arena_new();
    SyntaxError error;
    Mod *mod = kr_parse(arena, source, strlen(source), "<test>", PARSE_EXEC, 0, &error);
    bool good = mod ? kind == SYNTAX_OK : error.kind == kind;
    if (!mod && message)
        good = good && !strcmp(error.message, message);
    if (!ok(good, "%s", what) && !mod)
        printf("# %d: %s\n", error.kind, error.message);
    kr_arena_free(arena);
    free(source);
}

static char *nested_blocks(int n, const char *head, const char *last) {
    size_t size = strlen(head);
    char *text = calloc(1, (size_t)n * ((size_t)n + size + 2) + (size_t)n + strlen(last) + 2);
    char *to = text;
    for (int i = 0; i <= n; i++) {
        memset(to, ' ', (size_t)i);
        to += i;
        to = stpcpy(to, i < n ? head : last);
        *to++ = '\n';
    }
    return text;
}

int main(void) {
    const char *deep = "maximum recursion depth exceeded during compilation";
    const char *comma = "invalid syntax. Perhaps you forgot a comma?";
    check("100,000 open parentheses", repeat("", "(", 100000, ""), SYNTAX_ERROR,
          "too many nested parentheses");
    check("200 parentheses", nested("(", 200, "1", ")"), SYNTAX_OK, NULL);
    check("100,000 minus signs", repeat("", "-", 100000, "1"), SYNTAX_RECURSION, deep);
    check("2,900 minus signs", repeat("", "-", 2900, "1"), SYNTAX_OK, NULL);
    check("100,000 not", repeat("", "not ", 100000, "1"), SYNTAX_RECURSION, deep);
    check("100,000 terms", repeat("1", "+1", 100000, ""), SYNTAX_RECURSION, deep);
    check("100,000 attributes", repeat("a", ".b", 100000, ""), SYNTAX_RECURSION, deep);
    check("100,000 calls", repeat("a", "()", 100000, ""), SYNTAX_RECURSION, deep);
    check("100,000 powers", repeat("", "1**", 100000, "1"), SYNTAX_RECURSION, deep);
    check("100,000 lambdas", repeat("", "lambda:", 100000, "1"), SYNTAX_RECURSION, deep);
    check("100,000 conditionals", repeat("", "1 if 2 else ", 100000, "3"), SYNTAX_RECURSION, deep);
    check("100,000 comparisons", repeat("1", "<1", 100000, ""), SYNTAX_OK, NULL);
    check("100,000 elif", repeat("if x: pass\n", "elif x: pass\n", 100000, ""), SYNTAX_RECURSION,
          deep);
    check("1,000 elif", repeat("if x: pass\n", "elif x: pass\n", 1000, ""), SYNTAX_OK, NULL);
    check("a pattern's 100,000 attributes", repeat("match x:\n case a", ".b", 100000, ": pass"),
          SYNTAX_RECURSION, deep);
    check("100,000 assignments", repeat("", "a=", 100000, "1"), SYNTAX_OK, NULL);
    check("100,000 nested f-strings", repeat("", "f'{", 100000, ""), SYNTAX_ERROR,
          "too many nested f-strings");
    check("100,000 print", repeat("", "print ", 100000, "1"), SYNTAX_ERROR, "invalid syntax");
    check("an error in 150 brackets", nested("[", 150, "2 3", "]"),
          SYNTAX_ERROR, comma);
    check("an error in 150 calls", nested("f(a=", 150, "2 3", ")"),
          SYNTAX_ERROR, comma);
    check("an error in 150 dicts", nested("{1:", 150, "2 3", "}"),
          SYNTAX_ERROR, comma);
    check("an error in 98 with statements", nested_blocks(98, "with (a):", "a b"), SYNTAX_ERROR,
          "invalid syntax");
    check("an error in 98 try statements", nested_blocks(98, "try:", "a b"), SYNTAX_ERROR,
          "invalid syntax");
    check("an error in 98 functions", nested_blocks(98, "def f():", "f(a b)"), SYNTAX_ERROR, comma);
    check("100 blocks", nested_blocks(100, "if x:", "a"), SYNTAX_INDENTATION,
          "too many levels of indentation");
    check("20,000 parameters and a mistake", repeat("def f(", "a,", 20000, "b=1, c): pass"),
          SYNTAX_ERROR, "non-default argument follows default argument");
    return tap_done();
}
