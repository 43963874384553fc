/* Compiles files of the standard library: every code object passes the verifier and survives the
 * trip through bytes. Damaged bytes are refused, whatever byte is hit. Arguments: files to
 * compile instead ("-t": print times). timeout: 300 */
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "runtime/compile/code_file.h"
#include "runtime/compile/compile.h"
#include "runtime/objects/code.h"
#include "runtime/objects/tuple.h"
#include "runtime/vm/start.h"
#include "runtime/vm/sys_module.h"
#include "tests/tap.h"

static size_t lines, codes, instructions;
static double parse_seconds, total_seconds;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static char *read_file(const char *path, size_t *size)
{
    FILE *f = fopen(path, "rb");
    if (!f) return NULL;
    fseek(f, 0, SEEK_END);
    *size = (size_t)ftell(f);
    rewind(f);
    char *text = malloc(*size + 1);
    if (text && fread(text, 1, *size, f) != *size) *size = 0;
    fclose(f);
    if (text) text[*size] = 0;
    return text;
}

/* Everything under a code object is sound. */
static const char *check_tree(const Code *code)
{
    const char *problem;
    if (!kr_verify_code(code, &problem)) return problem;
    codes++;
    instructions += code->instruction_count;
    for (size_t i = 0; i < tuple_of(code->constants)->size; i++) {
        Value v = tuple_of(code->constants)->items[i];
        if (is_exact(v, &kr_code_type) && (problem = check_tree(code_of(v)))) return problem;
    }
    return NULL;
}

static bool same_code(const Code *a, const Code *b)
{
    if (a->instruction_count != b->instruction_count || a->guard_count != b->guard_count ||
        a->register_count != b->register_count || a->flags != b->flags ||
        a->first_line != b->first_line ||
        memcmp(a->instructions, b->instructions, a->instruction_count * sizeof *a->instructions) ||
        memcmp(a->positions, b->positions, a->instruction_count * sizeof *a->positions) ||
        memcmp(a->guards, b->guards, a->guard_count * sizeof *a->guards) ||
        kr_equal(a->names, b->names) != 1 || kr_equal(a->variables, b->variables) != 1 ||
        tuple_of(a->constants)->size != tuple_of(b->constants)->size)
        return false;
    for (size_t i = 0; i < tuple_of(a->constants)->size; i++) {
        Value x = tuple_of(a->constants)->items[i], y = tuple_of(b->constants)->items[i];
        if (kr_type_of(x) != kr_type_of(y)) return false;
        if (is_exact(x, &kr_code_type)) {
            if (!same_code(code_of(x), code_of(y))) return false;
        } else if (!kr_str_equal(kr_repr(x), kr_repr(y)) && !kr_is_set(x)) {
            return false;
        }
    }
    return true;
}

static bool compile_file(const char *path)
{
    size_t size;
    char *text = read_file(path, &size);
    if (!text) return false;
    for (size_t i = 0; i < size; i++) lines += text[i] == '\n';
    double start = now();
    Arena *arena = kr_arena_new();
    SyntaxError error = {0};
    Mod *mod = kr_parse(arena, text, size, path, PARSE_EXEC, 0, &error);
    kr_arena_free(arena);
    double parsed = now();
    parse_seconds += parsed - start;
    Value code = kr_compile_source(text, size, kr_str_fs(path, strlen(path)), PARSE_EXEC,
                                   COMPILE_NO_WARNINGS, 0);
    total_seconds += now() - parsed;
    free(text);
    if (is_empty(code)) {
        Value exception = kr_take_exception();
        bool expected = !mod && kr_is_a(exception, kr_SyntaxError);
        if (!expected) printf("# %s: %s\n", path, kr_str_utf8(kr_repr(exception), NULL));
        return expected;
    }
    const char *problem = check_tree(code_of(code));
    if (problem) {
        printf("# %s: %s\n", path, problem);
        return false;
    }
    Value bytes = kr_code_file_write(code);
    Value again =
        is_empty(bytes) ? EMPTY : kr_code_file_read(kr_bytes_data(bytes), kr_bytes_size(bytes));
    if (is_empty(again)) {
        printf("# %s: %s\n", path, kr_str_utf8(kr_repr(kr_take_exception()), NULL));
        return false;
    }
    if (!same_code(code_of(code), code_of(again))) {
        printf("# %s: changed on the way through bytes\n", path);
        return false;
    }
    return true;
}

static uint32_t seed = 12345;
static uint32_t random_number(void) { return seed = seed * 1664525 + 1013904223; }

/* The checksum of a file whose payload was changed on purpose is renewed, so that the verifier
 * is what refuses. */
static void test_damage(void)
{
    static const char source[] = "def f(a, *b, c=1, **d):\n    x = [i for i in b if i]\n    try:\n "
                                 "       return a.x(c, k=2) + x[0]\n"
                                 "    except (A, B) as e:\n        raise e from None\n    "
                                 "finally:\n        print(f'{a!r:>{c}}')\n"
                                 "class C(f):\n    def g(self): return super().g(lambda: self)\n";
    Value code = kr_compile_source(source, sizeof source - 1, kr_str("<test>"), PARSE_EXEC, 0, 0);
    Value bytes = kr_code_file_write(code);
    size_t n = kr_bytes_size(bytes), refused = 0, rounds = 20000;
    uint8_t *copy = malloc(n);
    for (size_t i = 0; i < rounds; i++) {
        memcpy(copy, kr_bytes_data(bytes), n);
        copy[random_number() % n] ^= (uint8_t)(1u << random_number() / 65536 % 8);
        Value result = kr_code_file_read(copy, n);
        refused += is_empty(result);
        kr_clear_exception();
    }
    ok(refused == rounds, "damaged bytes are refused (%zu of %zu)", refused, rounds);
    for (size_t cut = 0; cut < n; cut += 3) {
        Value result = kr_code_file_read(kr_bytes_data(bytes), cut);
        if (!is_empty(result)) break;
        kr_clear_exception();
        refused++;
    }
    ok(refused >= rounds + n / 3, "truncated bytes are refused");
    free(copy);
}

int main(int argc, char **argv)
{
    const char *build = getenv("BUILD");
    char home[4096];
    snprintf(home, sizeof home, "%s/lib/krait", build ? build : "build");
    kr_options.program = argv[0];
    kr_options.home = home;
    kr_options.no_site = true;
    if (kr_start() < 0) return 1;
    bool times = argc > 1 && strcmp(argv[1], "-t") == 0;
    if (argc > 1 + times) {
        for (int i = 1 + times; i < argc; i++) ok(compile_file(argv[i]), "%s", argv[i]);
    } else {
        const char *stdlib = getenv("STDLIB");
        char pattern[4096];
        snprintf(pattern, sizeof pattern, "%s/*.py", stdlib ? stdlib : "/usr/lib/python3.11");
        glob_t files;
        glob(pattern, 0, NULL, &files);
        size_t bad = 0;
        for (size_t i = 0; i < files.gl_pathc; i++) bad += !compile_file(files.gl_pathv[i]);
        ok(files.gl_pathc > 100 && bad == 0, "%zu files compiled", files.gl_pathc);
        globfree(&files);
        test_damage();
    }
    if (times)
        printf("# %zu lines, %zu code objects, %zu instructions; per 10,000 lines: parse %.1f ms, "
               "parse and compile %.1f ms\n",
               lines, codes, instructions, parse_seconds * 1e7 / (double)lines,
               total_seconds * 1e7 / (double)lines);
    return kr_finish(tap_done());
}
