/* The loader: maps what a C compiler makes, calls it, and refuses damaged bytes without touching memory that is
 * not its own. Runs under the sanitizers like every test; damaged objects are loaded, never called. */
#include "jit/backends/backend.h"
#include "tests/tap.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const char source[] =
    "extern double outside(double);\n"
    "static const double table[4] = {1, 2, 3, 4};\n"
    "double twice(double x) { return outside(x) * 2; }\n"
    "double pick(int i) { return table[i & 3] + outside(0); }\n";

static double outside(double x) { return x + 1; }

static void *resolve(const char *name) { return strcmp(name, "outside") ? NULL : (void *)outside; }

static uint8_t *compile(size_t *size)
{
    const char *cc = getenv("CC");
    char command[300];
    FILE *c = fopen("loader-input.c", "w");
    if (!c)
        return NULL;
    fputs(source, c);
    fclose(c);
    snprintf(command, sizeof command, "%s -O2 -fPIC -c loader-input.c -o loader-input.o", cc ? cc : "cc");
    if (system(command))
        return NULL;
    FILE *o = fopen("loader-input.o", "rb");
    uint8_t *bytes = malloc(1 << 20);
    *size = o && bytes ? fread(bytes, 1, 1 << 20, o) : 0;
    if (o)
        fclose(o);
    remove("loader-input.c");
    remove("loader-input.o");
    return bytes;
}

static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

int main(void)
{
    size_t size = 0;
    char error[300] = "";
    uint8_t *bytes = compile(&size);
    if (!bytes || !size) {
        puts("1..0 # SKIP no C compiler");
        return 0;
    }
    JitCode *code = jit_loader_load(bytes, size, resolve, error, sizeof error);
    ok(code != NULL, "an object of the C compiler loads %s", error);
    if (code) {
        double (*twice)(double) = (double (*)(double))jit_loader_find(code, "twice");
        double (*pick)(int) = (double (*)(int))jit_loader_find(code, "pick");
        ok(twice && twice(20) == 42, "a call to the outside");
        ok(pick && pick(2) == 4, "constants");
        ok(jit_loader_find(code, "absent") == NULL, "what is not defined is not found");
        jit_loader_free(code);
    }
    uint32_t state = 2463534242u;
    int loaded = 0, refused = 0;
    uint8_t *copy = malloc(size);
    for (int round = 0; round < 4000; round++) {
        memcpy(copy, bytes, size);
        size_t length = round % 5 ? size : next_random(&state) % size;
        uint32_t changes = 1 + next_random(&state) % 4;
        for (uint32_t i = 0; i < changes; i++) /* favour the headers, which stand at both ends */
            copy[round % 2 ? next_random(&state) % size
                           : size - 1 - next_random(&state) % (size / 2)] = (uint8_t)next_random(&state);
        code = jit_loader_load(copy, length, resolve, error, sizeof error);
        loaded += code != NULL;
        refused += code == NULL;
        jit_loader_free(code);
    }
    ok(refused > 0, "damaged objects: %d refused, %d mapped", refused, loaded);
    free(copy);
    free(bytes);
    return tap_done();
}
