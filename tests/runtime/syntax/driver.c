/*
 * tests/runtime/syntax/driver.c: the front end alone, for compare.py and fuzz.py.
 *
 *     driver ast|tokens FILE         prints the tree or the tokens
 *     driver error FILE [MODE]       prints the error record as a line of JSON-like fields
 *     driver time FILE...            parses each file and prints lines a second
 *     driver serve                   reads "MODE LENGTH\n" and LENGTH bytes from stdin, again and
 *                                    again; answers "ok LENGTH\n" and the tree's dump or
 *                                    "error LENGTH\n" and the record
 *
 * MODE is exec, eval or single; with a `t` behind it the source counts as text (no cookie), with an
 * `i` incomplete input is told apart.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "runtime/syntax/dump.h"
#include "runtime/syntax/parser.h"

static char *read_file(const char *path, size_t *length) {
    FILE *f = fopen(path, "rb");
    if (!f) {
        perror(path);
        exit(2);
    }
    size_t capacity = 1 << 16, used = 0, got;
    char *bytes = malloc(capacity);
    while ((got = fread(bytes + used, 1, capacity - used, f)) > 0) {
        used += got;
        if (used == capacity)
            bytes = realloc(bytes, capacity *= 2);
    }
    fclose(f);
    *length = used;
    return bytes;
}

static const char *kind_name(SyntaxErrorKind kind) {
    switch (kind) {
    case SYNTAX_INDENTATION: return "IndentationError";
    case SYNTAX_TAB: return "TabError";
    case SYNTAX_RECURSION: return "RecursionError";
    case SYNTAX_VALUE: return "ValueError";
    case SYNTAX_INCOMPLETE: return "IncompleteInputError";
    default: return "SyntaxError";
    }
}

static void print_error(FILE *out, const SyntaxError *e) {
    fprintf(out, "%s\t%s\t%d\t%d\t%d\t%d\t", kind_name(e->kind), e->message, e->lineno,
            e->col_offset, e->end_lineno, e->end_col_offset);
    if (e->text)
        kr_dump_text(out, e->text, strlen(e->text));
    else
        fputs("None", out);
    fputc('\n', out);
}

static Mod *parse(Arena *arena, const char *source, size_t length, const char *mode_text,
                  SyntaxError *error) {
    int mode = !strncmp(mode_text, "eval", 4)     ? PARSE_EVAL
               : !strncmp(mode_text, "single", 6) ? PARSE_SINGLE
               : !strncmp(mode_text, "func", 4)   ? PARSE_FUNC_TYPE
                                                  : PARSE_EXEC;
    const char *suffix = mode_text + (mode == PARSE_SINGLE ? 6 : 4);
    int flags = (strchr(suffix, 't') ? PARSE_IGNORE_COOKIE : 0) |
                (strchr(suffix, 'i') ? PARSE_INCOMPLETE : 0) |
                (strchr(suffix, 'k') ? PARSE_KEEP_OPEN : 0);
    return kr_parse(arena, source, length, "f", mode, flags, error);
}

static int serve(void) {
    char line[128], mode[64];
    size_t length;
    while (fgets(line, sizeof line, stdin)) {
        if (sscanf(line, "%63s %zu", mode, &length) != 2)
            return 1;
        char *source = malloc(length + 1), *answer = NULL;
        if (fread(source, 1, length, stdin) != length)
            return 1;
        Arena *arena = kr_arena_new();
        SyntaxError error;
        Mod *mod = parse(arena, source, length, mode, &error);
        size_t size;
        FILE *out = open_memstream(&answer, &size);
        if (mod)
            kr_dump_ast(out, mod);
        else
            print_error(out, &error);
        for (SyntaxWarning *w = error.warnings; w; w = w->next)
            fprintf(out, "warning\t%d\t%s\n", w->lineno, w->message);
        fclose(out);
        printf("%s %zu\n", mod ? "ok" : "error", size);
        fwrite(answer, 1, size, stdout);
        fflush(stdout);
        free(answer);
        free(source);
        kr_arena_free(arena);
    }
    return 0;
}

static int measure(int count, char **paths) {
    size_t lines = 0;
    double seconds = 0;
    for (int i = 0; i < count; i++) {
        size_t length;
        char *source = read_file(paths[i], &length);
        for (size_t k = 0; k < length; k++)
            lines += source[k] == '\n';
        struct timespec from, to;
        clock_gettime(CLOCK_MONOTONIC, &from);
        Arena *arena = kr_arena_new();
        SyntaxError error;
        kr_parse(arena, source, length, paths[i], PARSE_EXEC, 0, &error);
        kr_arena_free(arena);
        clock_gettime(CLOCK_MONOTONIC, &to);
        seconds += (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) * 1e-9;
        free(source);
    }
    printf("%zu lines in %.1f ms: %.2f million lines a second\n", lines, seconds * 1e3,
           (double)lines / seconds * 1e-6);
    return 0;
}

int main(int argc, char **argv) {
    if (argc == 2 && !strcmp(argv[1], "serve"))
        return serve();
    if (argc < 3) {
        fprintf(stderr, "usage: driver ast|tokens|error|time FILE...\n");
        return 2;
    }
    if (!strcmp(argv[1], "time"))
        return measure(argc - 2, argv + 2);
    size_t length;
    char *source = read_file(argv[2], &length);
    int status = 0;
    if (!strcmp(argv[1], "tokens")) {
        status = !kr_dump_tokens(stdout, source, length, argv[2]);
    } else {
        Arena *arena = kr_arena_new();
        SyntaxError error;
        Mod *mod = parse(arena, source, length, argc > 3 ? argv[3] : "exec", &error);
        if (mod && !strcmp(argv[1], "ast"))
            kr_dump_ast(stdout, mod);
        if (!mod)
            print_error(stdout, &error);
        status = !mod;
        kr_arena_free(arena);
    }
    free(source);
    return status;
}
