/* Random programs: what compiles must pass the verifier; damaged bytecode must be refused or
 * pass it, never crash.
 *
 *     fuzz_compile [--seconds N] [--seed N]
 *
 * Programs are generated from the seed alone, which is printed; the one being compiled is kept
 * in fuzz_compile.case, where a crash leaves it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "runtime/compile/code_file.h"
#include "runtime/compile/compile.h"
#include "runtime/objects/tuple.h"
#include "runtime/vm/start.h"
#include "runtime/vm/sys_module.h"

static uint64_t state;
static char text[200000];
static size_t length;

static size_t below(size_t n)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (size_t)(state % n);
}

static void put(const char *s)
{
    size_t n = strlen(s);
    if (length + n + 1 > sizeof text) return;
    memcpy(text + length, s, n + 1);
    length += n;
}

static void name(void)
{
    static const char *const names[] = {"a",   "b",      "c",     "x",         "y",
                                        "__p", "locals", "super", "__class__", "T"};
    put(names[below(below(4) ? 5 : 10)]);
}

static void expr(int depth);

static void exprs(int depth, const char *separator, bool starred)
{
    for (size_t n = below(4); n > 0; n--) {
        if (starred && below(5) == 0) put("*");
        expr(depth);
        put(n > 1 ? separator : "");
    }
}

static void target(int depth)
{
    switch (below(depth > 0 ? 7 : 3)) {
    case 0:
    case 1:
    case 2: name(); break;
    case 3:
        expr(depth - 1);
        put(".attr");
        break;
    case 4:
        name();
        put("[");
        expr(depth - 1);
        put("]");
        break;
    case 5:
        put("(");
        target(depth - 1);
        put(", *");
        name();
        put(", ");
        target(depth - 1);
        put(")");
        break;
    default:
        put("[");
        target(depth - 1);
        put(", ");
        target(depth - 1);
        put("]");
        break;
    }
}

static void comprehension(int depth)
{
    for (size_t n = 1 + below(2); n > 0; n--) {
        put(below(12) ? " for " : " async for ");
        target(1);
        put(" in ");
        expr(depth);
        if (below(2)) put(" if "), expr(depth);
    }
}

static void expr(int depth)
{
    static const char *const leaves[] = {"1",
                                         "0",
                                         "-7",
                                         "70000",
                                         "1.5",
                                         "'s'",
                                         "b'b'",
                                         "None",
                                         "True",
                                         "()",
                                         "1j",
                                         "12345678901234567890",
                                         "...",
                                         "(1, 'k', 2.0)",
                                         "'%s-%r' % (a, b)"};
    static const char *const binary[] = {"+", "-",  "*",  "/", "//", "%", "**",
                                         "@", "<<", ">>", "&", "|",  "^"};
    static const char *const compare[] = {"<",  "<=",   "==",       "!=",   ">",
                                          ">=", " is ", " is not ", " in ", " not in "};
    if (depth <= 0) {
        if (below(3))
            name();
        else
            put(leaves[below(sizeof leaves / sizeof *leaves)]);
        return;
    }
    depth--;
    put("(");
    switch (below(26)) {
    case 0:
    case 1:
        expr(depth);
        put(binary[below(13)]);
        expr(depth);
        break;
    case 2:
        expr(depth);
        put(compare[below(10)]);
        expr(depth);
        break;
    case 3:
        expr(depth);
        put(compare[below(10)]);
        expr(depth);
        put(compare[below(10)]);
        expr(depth);
        break;
    case 4:
        expr(depth);
        put(" and ");
        expr(depth);
        put(" and ");
        expr(depth);
        break;
    case 5:
        expr(depth);
        put(" or ");
        expr(depth);
        break;
    case 6:
        put("not ");
        expr(depth);
        break;
    case 7:
        put("-");
        expr(depth);
        break;
    case 8:
        expr(depth);
        put(" if ");
        expr(depth);
        put(" else ");
        expr(depth);
        break;
    case 9:
        name();
        put(" := ");
        expr(depth);
        break;
    case 10:
        put("lambda a, *b, x=");
        expr(depth);
        put(": ");
        expr(depth);
        break;
    case 11:
        expr(depth);
        put("(");
        exprs(depth, ", ", true);
        put(")");
        break;
    case 12:
        expr(depth);
        put(".m(");
        expr(depth);
        put(", k=");
        expr(depth);
        put(")");
        break;
    case 13:
        expr(depth);
        put("(*");
        expr(depth);
        put(", k=");
        expr(depth);
        put(", **");
        expr(depth);
        put(")");
        break;
    case 14:
        put("[");
        exprs(depth, ", ", true);
        put("]");
        break;
    case 15:
        put("{");
        expr(depth);
        put(": ");
        expr(depth);
        put(", **");
        expr(depth);
        put("}");
        break;
    case 16:
        put("{");
        expr(depth);
        put(", *");
        expr(depth);
        put("}");
        break;
    case 17:
        put("[");
        expr(depth);
        comprehension(depth);
        put("]");
        break;
    case 18:
        put("{");
        expr(depth);
        put(": ");
        expr(depth);
        comprehension(depth);
        put("}");
        break;
    case 19:
        put("(");
        expr(depth);
        comprehension(depth);
        put(")");
        break;
    case 20: put("f'{a}-{b!r:>{c}}'"); break;
    case 21:
        put(below(2) ? "yield " : "yield from ");
        expr(depth);
        break;
    case 22:
        put("await ");
        expr(depth);
        break;
    case 23:
        name();
        put("[");
        expr(depth);
        put(":");
        expr(depth);
        put("]");
        break;
    case 24:
        expr(depth);
        put("[");
        exprs(depth, ", ", false);
        put("1]");
        break;
    default:
        expr(depth);
        put(".attr");
        break;
    }
    put(")");
}

static void indent(int n)
{
    for (; n > 0; n--) put(" ");
}

static void pattern(int depth)
{
    static const char *const leaves[] = {"_", "a", "b", "1", "'s'", "None", "-1.5", "x.y"};
    if (depth <= 0) {
        put(leaves[below(8)]);
        return;
    }
    depth--;
    switch (below(6)) {
    case 0:
        put("[");
        pattern(depth);
        put(", *_, ");
        pattern(depth);
        put("]");
        break;
    case 1:
        put("{'k': ");
        pattern(depth);
        put(", **rest}");
        break;
    case 2:
        put("C(");
        pattern(depth);
        put(", k=");
        pattern(depth);
        put(")");
        break;
    case 3:
        put("(");
        pattern(depth);
        put(" | ");
        pattern(depth);
        put(")");
        break;
    case 4:
        put("(");
        pattern(depth);
        put(" as c)");
        break;
    default: pattern(0); break;
    }
}

static void block(int level, int depth);

static void clause(int level, const char *head, int depth)
{
    indent(level);
    put(head);
    put(":\n");
    block(level + 1, depth - 1);
}

static void statement(int level, int depth)
{
    indent(level);
    switch (below(depth > 0 ? 30 : 12)) {
    case 0: expr(3); break;
    case 1:
        target(2);
        put(" = ");
        expr(3);
        break;
    case 2:
        target(1);
        put(" = ");
        target(1);
        put(" = ");
        expr(2);
        break;
    case 3:
        name();
        put(" += ");
        expr(2);
        break;
    case 4:
        name();
        put("[a] -= ");
        expr(2);
        break;
    case 5:
        put("del ");
        name();
        break;
    case 6:
        put(below(2) ? "return " : "raise ");
        expr(2);
        break;
    case 7: put(below(2) ? "break" : "continue"); break;
    case 8:
        put("a, b = b, ");
        expr(1);
        break;
    case 9: put(below(2) ? "global x" : "nonlocal y"); break;
    case 10:
        name();
        put(": ");
        expr(1);
        if (below(2)) put(" = "), expr(1);
        break;
    case 11: put(below(2) ? "from m import a, b as c" : "import a.b as c, d"); break;
    case 12:
    case 13:
        put("if ");
        expr(2);
        put(":\n");
        block(level + 1, depth - 1);
        clause(level, "else", depth);
        return;
    case 14:
        put("while ");
        expr(2);
        put(":\n");
        block(level + 1, depth - 1);
        return;
    case 15:
    case 16:
        put(below(6) ? "for " : "async for ");
        target(1);
        put(" in ");
        expr(2);
        put(":\n");
        block(level + 1, depth - 1);
        if (below(2)) clause(level, "else", depth);
        return;
    case 17:
    case 18:
        put("try:\n");
        block(level + 1, depth - 1);
        clause(level, "except A as a", depth);
        if (below(2)) clause(level, "except", depth);
        if (below(2)) clause(level, "else", depth);
        if (below(2)) clause(level, "finally", depth);
        return;
    case 19:
        put("try:\n");
        block(level + 1, depth - 1);
        clause(level, "finally", depth);
        return;
    case 20:
        put("try:\n");
        block(level + 1, depth - 1);
        clause(level, "except* A as b", depth);
        return;
    case 21:
    case 22:
        put(below(6) ? "with " : "async with ");
        expr(1);
        put(" as ");
        target(1);
        put(", ");
        expr(1);
        put(":\n");
        block(level + 1, depth - 1);
        return;
    case 23:
        put("match ");
        expr(1);
        put(":\n");
        for (size_t n = 1 + below(3); n > 0; n--) {
            indent(level + 1);
            put("case ");
            pattern(2);
            if (below(2)) put(" if "), expr(1);
            put(":\n");
            block(level + 2, depth - 1);
        }
        return;
    case 24:
        put("class C");
        put(below(2) ? "[T]" : "");
        put("(a, k=b):\n");
        block(level + 1, depth - 1);
        return;
    case 25: put("@a\n"); indent(level); /* falls through */
    default:
        put(below(3) ? "def f" : "async def f");
        put(below(4) ? "" : "[T: int, *U]");
        put("(a, /, b=1, *c, x: int = 2, **y):\n");
        block(level + 1, depth - 1);
        return;
    }
    put("\n");
}

static void block(int level, int depth)
{
    for (size_t n = 1 + below(3); n > 0; n--) statement(level, depth);
}

static void save(void)
{
    FILE *f = fopen("fuzz_compile.case", "w");
    if (!f) return;
    fwrite(text, 1, length, f);
    fclose(f);
}

static const char *check_tree(const Code *code)
{
    const char *problem;
    if (!kr_verify_code(code, &problem)) return problem;
    for (size_t i = 0; i < tuple_of(code->constants)->size; i++) {
        Value v = tuple_of(code->constants)->items[i];
        if (is_exact(v, &kr_code_type) && (problem = check_tree(code_of(v)))) return problem;
    }
    return NULL;
}

static void damage_bytes(Value code)
{
    Value bytes = kr_code_file_write(code);
    if (is_empty(bytes)) {
        kr_clear_exception();
        return;
    }
    size_t n = kr_bytes_size(bytes);
    uint8_t *copy = malloc(n);
    for (int round = 0; round < 20; round++) {
        memcpy(copy, kr_bytes_data(bytes), n);
        for (size_t hits = 1 + below(3); hits > 0; hits--)
            copy[32 + below(n - 32)] = (uint8_t)below(256);
        uint64_t checksum = kr_code_file_checksum(copy + 32, n - 32);
        memcpy(copy + 24, &checksum, 8);
        if (is_empty(kr_code_file_read(copy, n))) kr_clear_exception();
    }
    free(copy);
}

int main(int argc, char **argv)
{
    int seconds = 5;
    state = (uint64_t)time(NULL) * 2654435761u + 1;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--seconds") == 0) seconds = atoi(argv[i + 1]);
        if (strcmp(argv[i], "--seed") == 0) state = strtoull(argv[i + 1], NULL, 0);
    }
    printf("seed %llu\n", (unsigned long long)state);
    fflush(stdout);
    kr_options.program = argv[0];
    kr_options.home = ".";
    kr_options.no_site = true;
    if (kr_start() < 0) return 1;
    time_t end = time(NULL) + seconds;
    size_t programs = 0, compiled = 0;
    while (time(NULL) < end) {
        length = 0;
        if (below(4) == 0) put("from __future__ import annotations\n");
        block(0, 4);
        save();
        programs++;
        Value code = kr_compile_source(
            text, length, kr_str("<fuzz>"), PARSE_EXEC,
            COMPILE_NO_WARNINGS | (below(2) ? COMPILE_TOP_LEVEL_AWAIT : 0), (int)below(3));
        if (is_empty(code)) {
            if (!kr_raised_is(kr_SyntaxError)) {
                printf("unexpected: %s\n", kr_str_utf8(kr_repr(kr_take_exception()), NULL));
                return 1;
            }
            kr_clear_exception();
            continue;
        }
        compiled++;
        const char *problem = check_tree(code_of(code));
        if (problem) {
            printf("refused by the verifier: %s (see fuzz_compile.case)\n", problem);
            return 1;
        }
        damage_bytes(code);
    }
    printf("%zu programs, %zu of them valid\n", programs, compiled);
    remove("fuzz_compile.case");
    return kr_finish(0);
}
