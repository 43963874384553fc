/*
 * syntax/source.h: source bytes to the text that the scanner reads: UTF-8 without byte order mark,
 * lines ending in \n.
 */
#ifndef KRAIT_SYNTAX_SOURCE_H
#define KRAIT_SYNTAX_SOURCE_H

#include "runtime/memory/arena.h"
#include "runtime/syntax/syntax_error.h"

/* A NUL-terminated copy in the arena, its length in *result; NULL with *error filled. Takes the
   encoding from the byte order mark or the coding cookie unless `is_text`. Appends a newline to
   a last line without one if `complete`. */
char *kr_source_read(Arena *arena, const char *bytes, size_t length, bool is_text, bool complete,
                     const char *filename, uint32_t *result, SyntaxError *error);

/* The first byte of a file that is not UTF-8, in *at, and its line; false if there is none or the
   file names an encoding. */
bool kr_source_undeclared(const char *bytes, size_t length, size_t *at, unsigned *line);

/* One code point of UTF-8 (surrogates pass), its size as result. For bytes that are none, *problem
   is Python's word for it and the result their number. p < end. */
size_t kr_source_decode(const char *p, const char *end, uint32_t *c, const char **problem);

/* Writes a code point (surrogates too); returns its size, 1 to 4. */
size_t kr_source_encode(uint32_t c, char *out);

/* A copy of `length` bytes with what is not UTF-8 replaced by U+FFFD. */
const char *kr_source_valid(Arena *arena, const char *text, size_t length);

#endif
