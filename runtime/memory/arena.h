/*
 * memory/arena.h: a bump allocator for data that dies together (one parse, one compilation).
 *
 * Invariants: a block never moves; it is 8-byte aligned and zeroed; nothing is freed before the
 * whole arena is. When malloc fails the process ends with a message: callers never test for NULL.
 * An arena belongs to one thread at a time. It holds no garbage-collected values: the collector
 * does not look inside.
 */
#ifndef KRAIT_MEMORY_ARENA_H
#define KRAIT_MEMORY_ARENA_H

#include <stddef.h>
#include <stdint.h>

typedef struct ArenaChunk ArenaChunk;

typedef struct Arena {
    char *next;         /* first free byte of the newest chunk */
    char *end;          /* one past its last byte */
    ArenaChunk *chunks; /* newest first */
    size_t total;       /* bytes taken from malloc */
} Arena;

Arena *kr_arena_new(void);
void kr_arena_free(Arena *arena);

/* The slow path of kr_arena_alloc: takes a new chunk. `size` is already rounded. */
void *kr_arena_grow(Arena *arena, size_t size);

/* A zeroed block of `size` bytes, aligned to 8. */
static inline void *kr_arena_alloc(Arena *arena, size_t size) {
    size = (size + 7) & ~(size_t)7;
    if (size > (size_t)(arena->end - arena->next))
        return kr_arena_grow(arena, size);
    void *block = arena->next;
    arena->next += size;
    return block;
}

/* A NUL-terminated copy of `length` bytes. */
char *kr_arena_strdup(Arena *arena, const char *text, size_t length);

/* A formatted NUL-terminated string. */
char *kr_arena_format(Arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
