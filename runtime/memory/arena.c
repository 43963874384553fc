/*
 * memory/arena.c: chunks from calloc, doubled up to a megabyte.
 *
 * A request larger than a quarter of the next chunk gets a chunk of its own, linked behind the
 * newest one, so that the room left in the newest is not lost.
 */
#include "runtime/memory/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CHUNK = 16 * 1024, LARGEST_CHUNK = 1024 * 1024 };

struct ArenaChunk {
    ArenaChunk *older;
    size_t size;
    char bytes[];
};

static void out_of_memory(size_t size) {
    fprintf(stderr, "krait: out of memory (arena, %zu bytes)\n", size);
    abort();
}

static ArenaChunk *new_chunk(Arena *arena, size_t size) {
    if (size > SIZE_MAX / 2)
        out_of_memory(size);
    ArenaChunk *chunk = calloc(1, sizeof(ArenaChunk) + size);
    if (!chunk)
        out_of_memory(size);
    chunk->size = size;
    arena->total += size;
    return chunk;
}

Arena *kr_arena_new(void) {
    Arena *arena = calloc(1, sizeof(Arena));
    if (!arena)
        out_of_memory(sizeof(Arena));
    return arena;
}

void kr_arena_free(Arena *arena) {
    if (!arena)
        return;
    for (ArenaChunk *chunk = arena->chunks; chunk;) {
        ArenaChunk *older = chunk->older;
        free(chunk);
        chunk = older;
    }
    free(arena);
}

void *kr_arena_grow(Arena *arena, size_t size) {
    size_t next = arena->total < FIRST_CHUNK ? FIRST_CHUNK : arena->total;
    if (next > LARGEST_CHUNK)
        next = LARGEST_CHUNK;
    if (size > next / 4 && arena->chunks) {
        ArenaChunk *chunk = new_chunk(arena, size);
        chunk->older = arena->chunks->older;
        arena->chunks->older = chunk;
        return chunk->bytes;
    }
    ArenaChunk *chunk = new_chunk(arena, size > next ? size : next);
    chunk->older = arena->chunks;
    arena->chunks = chunk;
    arena->next = chunk->bytes + size;
    arena->end = chunk->bytes + chunk->size;
    return chunk->bytes;
}

char *kr_arena_strdup(Arena *arena, const char *text, size_t length) {
    char *copy = kr_arena_alloc(arena, length + 1);
    if (length)
        memcpy(copy, text, length);
    return copy;
}

char *kr_arena_format(Arena *arena, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = kr_arena_alloc(arena, (size_t)(length < 0 ? 0 : length) + 1);
    if (length > 0)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}
