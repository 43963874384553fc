/* coder.h: what the compression modules _bz2 and _lzma share: a lock around a coder, output that grows
 * while no objects may be touched, a compressor's calls, and a decompressor's handling of input that is
 * left over.
 *
 * A coder runs detached; its lock keeps two threads that share it apart. It is taken at a method's
 * start and given back at its end, so that the coder's state is seen by one thread at a time. */
#ifndef MODULES_CODER_H
#define MODULES_CODER_H

#include <pthread.h>

#include "modules/support.h"

static inline void coder_lock(pthread_mutex_t *lock)
{
    if (pthread_mutex_trylock(lock) == 0) return;
    kr_detach(); /* who has it may wait for the interpreter */
    pthread_mutex_lock(lock);
    kr_attach();
}

/* Room for output behind out->size, at most `limit` bytes in all (negative: no limit): how much, 0 when
 * the limit is reached, -1 without memory. No exception is set: callers are detached. */
static inline int64_t coder_room(Output *out, int64_t limit)
{
    enum { FIRST = 32768, MOST = 1 << 26 };
    if (out->capacity > out->size) return (int64_t)(out->capacity - out->size);
    size_t more = out->capacity < FIRST ? FIRST : out->capacity > MOST ? MOST : out->capacity;
    if (limit >= 0 && (int64_t)(out->capacity + more) > limit) more = (size_t)limit - out->capacity;
    if (more == 0) return 0;
    uint8_t *data = realloc(out->data, out->capacity + more);
    if (!data) return -1;
    out->data = data;
    out->capacity += more;
    return (int64_t)more;
}

/* A compressor, whatever its library. */
typedef struct Encoder {
    KrObject head;
    pthread_mutex_t lock;
    bool flushed;
} Encoder;

/* Compresses data[0..n), and with `finish` what the coder holds: 0, or the library's error. Detached. */
typedef int EncoderRun(Encoder *e, const uint8_t *data, size_t n, bool finish, Output *out);

static inline Encoder *encoder_of(KrValue v) { return (Encoder *)kr_to_object(v); }

static inline KrValue encoder_call(Encoder *e, const uint8_t *data, size_t n, bool finish,
                                   EncoderRun *run, void (*fail)(int error))
{
    Output out = {0};
    coder_lock(&e->lock);
    if (e->flushed) {
        kr_raise(kr_ValueError, finish ? "Repeated call to flush()" : "Compressor has been flushed");
    } else {
        e->flushed = finish;
        kr_detach();
        int error = run(e, data, n, finish, &out);
        kr_attach();
        if (error) fail(error);
    }
    pthread_mutex_unlock(&e->lock);
    return output_finish(&out);
}

/* compress(data) */
static inline KrValue encoder_compress(Encoder *e, KrValue data, EncoderRun *run,
                                       void (*fail)(int error))
{
    KrBuffer input;
    if (kr_buffer_get(data, &input, KR_BUFFER_READ) < 0) return KR_EMPTY;
    KrValue result = encoder_call(e, input.data, (size_t)input.size, false, run, fail);
    kr_buffer_release(&input);
    return result;
}

/* A decompressor, whatever its library: `step` reads at next/available and writes at the output's
 * end. */
typedef struct Decoder {
    KrObject head;
    pthread_mutex_t lock;
    bool open, eof, needs_input;
    Output left; /* input that a limited call did not reach */
    const uint8_t *next;
    size_t available;
    KrValue unused_data;
    KrType *error; /* for what the library refuses */
} Decoder;

/* Runs until the input or the limit is used up, or the stream ends (*eof): 0, or the library's error.
 * Detached. */
typedef int DecoderRun(Decoder *d, Output *out, int64_t limit);

static inline Decoder *decoder_of(KrValue v) { return (Decoder *)kr_to_object(v); }

static inline void decoder_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((Decoder *)self)->unused_data);
}

static inline void decoder_init(Decoder *d)
{
    pthread_mutex_init(&d->lock, NULL);
    d->needs_input = true;
    d->unused_data = kr_bytes("", 0);
    d->open = true;
}

/* What is left of the input goes to unused_data at the stream's end, else waits for the next call. */
static inline int decoder_keep_rest(Decoder *d, bool full)
{
    size_t n = d->available;
    if (d->eof) {
        d->needs_input = false;
        if (n) d->unused_data = kr_bytes(d->next, n);
        d->left.size = 0;
        return kr_is_empty(d->unused_data) ? -1 : 0;
    }
    d->needs_input = n == 0 && !full;
    bool inside =
        d->left.data && d->next >= d->left.data && d->next < d->left.data + d->left.capacity;
    if (inside) {
        memmove(d->left.data, d->next, n);
        d->left.size = n;
        return 0;
    }
    d->left.size = 0;
    return output_add(&d->left, d->next, n);
}

/* decompress(data, max_length): `fail` raises for an error that `run` gave. */
static inline KrValue decoder_decompress(Decoder *d, KrValue data, KrValue max_length,
                                         DecoderRun *run, void (*fail)(int error))
{
    KrBuffer input;
    int64_t limit;
    Output out = {0};
    if (kr_to_index(max_length, &limit) < 0 || kr_buffer_get(data, &input, KR_BUFFER_READ) < 0)
        return KR_EMPTY;
    coder_lock(&d->lock);
    if (d->eof) {
        kr_raise(kr_EOFError, "End of stream already reached");
    } else if (d->left.size == 0 || output_add(&d->left, input.data, (size_t)input.size) == 0) {
        bool whole = d->left.size == 0;
        d->next = whole ? input.data : d->left.data;
        d->available = whole ? (size_t)input.size : d->left.size;
        kr_detach();
        int error = run(d, &out, limit);
        kr_attach();
        if (error)
            fail(error);
        else
            decoder_keep_rest(d, limit >= 0 && out.size == (size_t)limit);
        d->next = NULL;
    }
    pthread_mutex_unlock(&d->lock);
    kr_buffer_release(&input);
    return output_finish(&out);
}

#endif
