/* io.h: what the files of the _io module share. */
#ifndef MODULES_IO_H
#define MODULES_IO_H

#include "runtime/krait.h"

#define IO_BUFFER_SIZE 8192

/* The head of every stream object: native subclasses extend it. */
typedef struct IoBase {
    KrObject head;
    bool closed;
    bool wrapped; /* a stream around this one will close it: it has no finalizer of its own */
} IoBase;

extern KrType *io_base_type, *io_raw_base_type, *io_buffered_base_type, *io_text_base_type;
extern KrType *io_file_type, *io_reader_type, *io_writer_type, *io_random_type, *io_pair_type, *io_text_type;
extern KrType *io_bytes_type, *io_string_type, *io_newline_decoder_type;
extern KrType *io_unsupported; /* UnsupportedOperation */

KrValue io_unsupported_error(const char *what);
/* -1 with ValueError when self.closed is true. */
int io_check_closed(KrValue self);
/* The bytes that readinto() fills; TypeError when the object has none that can be written. */
int io_writable(KrValue target, KrBuffer *view);
/* A size argument: None is -1. */
int io_size_argument(KrValue v, int64_t *size);
/* repr of a stream with a name: <kind name='x'>. */
KrValue io_repr_named(KrValue self, const char *kind);

/* `inner` becomes, or is no longer, a part of the stream around it, whose finalizer then closes both in the right
 * order: in a collection both die together. Without effect on objects that are no streams of this module. */
void io_set_wrapped(KrValue inner, bool wrapped);

/* An init slot through a bound function's signature: __init__(self, ...) with at most 8 parameters. */
int io_bound_init(const KrFunction *entry, KrValue self, const KrValue *args, size_t n, KrValue kwnames);

/* FileIO without objects in between: bytes moved, -1 raised, -2 would block. */
int64_t io_file_read(KrValue file, void *data, size_t size);
int64_t io_file_write(KrValue file, const void *data, size_t size);
bool io_file_is_exact(KrValue v);
/* Warns that `stream` was left open if `v`, the innermost of its layers, is an open file that it owns. */
void io_file_warn_unclosed(KrValue v, KrValue stream);

/* BufferedReader and BufferedWriter for the text layer: a chunk as bytes (EMPTY raised, None would block), and a write of everything. */
KrValue io_reader_chunk(KrValue reader, size_t size);
int io_writer_write(KrValue writer, const void *data, size_t size);

int io_file_init(KrValue module);
int io_buffered_init(KrValue module);
int io_text_init(KrValue module);
int io_memory_init(KrValue module);

#endif
