/*
 * Damaged sources: kr_parse() must neither crash nor hang, in any mode.
 *
 *     fuzz_parser [--seconds N] [--seed N] [FILE...]
 *
 * Damages the files named, else a few sources below. The damage depends on the seed alone, which is
 * printed; the source being parsed is kept in fuzz_parser.case, where a crash leaves it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "runtime/syntax/parser.h"

static const char *const seeds[] = {
    "class C[T: int = str, *U, **V](A, b=c, *d, **e):\n    x: int = 1\n    async def f(a, /, b=1, "
    "*c, d, e=2, **f) -> g:\n        async with (a as b, c as (d, e)): await x\n        return "
    "[y async for y in z if w]\n",
    "match x, y:\n  case [1, -2.5e3, 3+4j, *_] | {'a': b, **c} as d if e: pass\n  case "
    "A(b, c=D.e) | None | _: pass\n",
    "try:\n  raise a from b\nexcept* (A, B) as e:\n  del a, (b, c.d[0])\nelse: pass\nfinally:\n  "
    "global x; nonlocal y\n",
    "x = f'a{b!r:{c}>{d:x}}{{}}{e = }' u'f' rf\"\\{g['h']}\" f'''{\n1\n}'''\nt'{x}'\n",
    "lambda a, *b, c=1, **d: (yield) if not a else {**b, 1: 2} | {*c} @ [i for i in j]\n",
    "from .a import (b as c, d,)\nimport e.f as g\nassert h, i\ntype X[T] = list[T]\n",
    "if (n := 10) > 5: print(*a, b=1, **c)\nelif x[1:2, ::3, *y]: a.b += 1\nelse:\n\tpass\n",
    "with open(x) as y, z: pass\nfor a, *b in c: continue\nwhile 1: break\n0x_ff 0b1 0o7 1_0.5j\n",
    "'\\N{DIGIT ONE}\\x41\\u1234\\777' b'\\xff\\0' \\\n  '''a\nb'''\n# -*- coding: latin-1 -*-\n",
};
static const char *const pieces[] = {
    "(", ")", "[", "]", "{", "}", ":", ",", ";", ".", "=", "==", ":=", "->", "*", "**", "@", "!",
    "\\", "\n", "\n ", "\n\t", "#", "'", "\"", "'''", "f'", "f'{", "}'", "t\"", "b'", "0x",
    "1.5e", "1_", "if ", "else ", "for", " in ", "lambda ", "not ", "async ", "await ", "yield ",
    "import ", "from ", "match ", "case ", "type ", "def ", "class ", "with ", "try:", "except ",
    "print ", "\xff", "\xc3\xa9", "\x01", "\xf0\x9f\x98\x80",
};

static uint64_t state;

static size_t below(size_t n) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return n ? (size_t)(state % n) : 0;
}

typedef struct Text {
    char *bytes;
    size_t length, capacity;
} Text;

static void splice(Text *t, size_t at, size_t removed, const char *put, size_t length) {
    if (at + removed > t->length)
        removed = t->length - at;
    if (t->length + length > t->capacity)
        return;
    memmove(t->bytes + at + length, t->bytes + at + removed, t->length - at - removed);
    memcpy(t->bytes + at, put, length);
    t->length += length - removed;
}

static void damage(Text *t) {
    for (size_t n = 1 + below(8); n > 0; n--) {
        size_t at = below(t->length + 1);
        const char *piece = pieces[below(sizeof pieces / sizeof *pieces)];
        char copy[64];
        size_t from = below(t->length + 1), length = below(sizeof copy);
        switch (below(5)) {
        case 0: splice(t, at, 1 + below(6), "", 0); break;
        case 1: splice(t, at, 0, piece, strlen(piece)); break;
        case 2: splice(t, at, 1 + below(3), piece, strlen(piece)); break;
        case 3:
            if (from + length > t->length)
                length = t->length - from;
            memcpy(copy, t->bytes + from, length);
            splice(t, at, 0, copy, length);
            break;
        default: splice(t, at, below(200), "", 0); break;
        }
    }
}

static void keep(const Text *t) {
    FILE *f = fopen("fuzz_parser.case", "wb");
    if (f) {
        fwrite(t->bytes, 1, t->length, f);
        fclose(f);
    }
}

static bool parse(const Text *t, int mode, int flags) {
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    Arena *arena = kr_arena_new();
    SyntaxError error;
    Mod *mod = kr_parse(arena, t->bytes, t->length, "<fuzz>", mode, flags, &error);
    bool good = mod || (error.kind != SYNTAX_OK && error.message);
    kr_arena_free(arena);
    clock_gettime(CLOCK_MONOTONIC, &to);
    return good && to.tv_sec - from.tv_sec < 10;
}

static Text load(const char *path) {
    Text t = {0};
    FILE *f = fopen(path, "rb");
    if (!f)
        return t;
    t.bytes = malloc(1 << 18);
    t.length = fread(t.bytes, 1, 1 << 17, f);
    fclose(f);
    return t;
}

int main(int argc, char **argv) {
    double seconds = 10;
    int first = 1;
    state = (uint64_t)time(NULL) * 2654435761u + 1;
    for (; first + 1 < argc && argv[first][0] == '-'; first += 2) {
        if (!strcmp(argv[first], "--seconds"))
            seconds = atof(argv[first + 1]);
        else
            state = strtoull(argv[first + 1], NULL, 10) | 1;
    }
    printf("seed %llu\n", (unsigned long long)state);
    fflush(stdout);
    Text t = {.bytes = malloc(1 << 18), .capacity = 1 << 18};
    long count = 0;
    for (time_t end = time(NULL) + (time_t)seconds; time(NULL) < end; count++) {
        Text source = {0};
        if (first < argc)
            source = load(argv[first + (int)below((size_t)(argc - first))]);
        if (source.bytes) {
            memcpy(t.bytes, source.bytes, t.length = source.length);
            free(source.bytes);
        } else {
            const char *text = seeds[below(sizeof seeds / sizeof *seeds)];
            memcpy(t.bytes, text, t.length = strlen(text));
        }
        damage(&t);
        keep(&t);
        int modes[] = {PARSE_EXEC, PARSE_EXEC, PARSE_SINGLE, PARSE_EVAL, PARSE_FUNC_TYPE};
        if (!parse(&t, modes[below(5)], (int)below(16))) {
            printf("bad result: fuzz_parser.case\n");
            return 1;
        }
    }
    free(t.bytes);
    remove("fuzz_parser.case");
    printf("%ld damaged sources\n", count);
    return 0;
}
