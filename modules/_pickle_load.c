/* _pickle_load.c: the Unpickler: instructions to objects, on a stack.
 *
 *     stack    values made so far; `marks` holds the heights at which MARK was seen, `fence` is the
 *              topmost: what lies below belongs to an outer object and is never popped
 *     memo     number -> value; a number far beyond the others (a hostile pickle) goes to a dict
 *     data     what was read and not yet used: all of loads()'s argument, or a piece of a file
 *
 * From a file exactly the pickle's bytes are taken: a line, an argument or a frame at a time, or, where
 * the file can peek(), what it has at hand, of which the used part is then read.
 *
 * Over 1,000 lines: one short function for each of the format's instructions. */
#include "modules/_pickle.h"

enum { PREFETCH = 128 * 1024, WHOLE_LINE = -1 };

typedef struct Unpickler {
    KrObject head;
    KrValue *stack; /* kr_alloc_values */
    size_t height, room, fence;
    size_t *marks; /* malloc'ed */
    size_t mark_count, mark_room;
    KrValue *memo; /* kr_alloc_values */
    size_t memo_size, memo_room;
    KrValue far_memo; /* a dict, or KR_EMPTY */
    const uint8_t *data;
    size_t at, size;
    bool peeking;  /* data came from peek(): bytes 0..size stand before the file */
    KrValue chunk; /* owns data, when it came from a file */
    KrBuffer view; /* loads()'s argument */
    bool held, fix_imports, ready;
    int protocol;
    KrValue read, readline, readinto, peek, buffers, persistent_load, find_class;
    KrValue encoding, errors;
} Unpickler;

static KrType *unpickler_type, *memo_proxy_type;

static Unpickler *unpickler_of(KrValue v) { return kr_to_object(v); }

static int fail(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    kr_raise_v(pickle_unpickling_error, format, args);
    va_end(args);
    return -1;
}

/* ---- Input ---------------------------------------------------------------------------------- */

static int truncated(void) { return fail("pickle data was truncated"); }

/* Takes from the file what was used of a peek. */
static int skip_used(Unpickler *u)
{
    if (!u->peeking || u->at == 0) return 0;
    KrValue gone = kr_call1(u->read, kr_int((int64_t)u->at));
    u->peeking = false;
    u->size = u->at = 0;
    return kr_is_empty(gone) ? -1 : 0;
}

static int take_chunk(Unpickler *u, KrValue bytes, const char *method)
{
    if (kr_is_empty(bytes)) return -1;
    if (!kr_is_bytes(bytes)) {
        kr_raise(kr_TypeError, "%s() returned non-bytes object (%T)", method, bytes);
        return -1;
    }
    u->chunk = bytes;
    u->data = kr_bytes_data(bytes);
    u->size = kr_bytes_size(bytes);
    u->at = 0;
    return 0;
}

/* 1 when peek() gave the n bytes, 0 when the file must be read. */
static int try_peek(Unpickler *u, int64_t n)
{
    if (kr_is_empty(u->peek) || n >= PREFETCH) return 0;
    KrValue bytes = kr_call1(u->peek, kr_int(PREFETCH));
    if (kr_is_empty(bytes)) {
        if (!kr_raised_is(kr_NotImplementedError)) return -1;
        kr_clear_exception();
        u->peek = KR_EMPTY;
        return 0;
    }
    if (take_chunk(u, bytes, "peek") < 0) return -1;
    u->peeking = (size_t)n <= u->size;
    if (u->peeking) return 1;
    u->size = 0;
    return 0;
}

/* Makes n bytes (or a line) available at data[0]; fewer at the file's end. */
static int fill(Unpickler *u, int64_t n)
{
    if (skip_used(u) < 0) return -1;
    if (n == WHOLE_LINE) {
        u->peeking = false;
        return take_chunk(u, kr_call0(u->readline), "readline");
    }
    int peeked = try_peek(u, n);
    if (peeked) return peeked < 0 ? -1 : 0;
    return take_chunk(u, kr_call1(u->read, kr_int(n)), "read");
}

static const uint8_t *get_slow(Unpickler *u, size_t n)
{
    if (n > (size_t)PTRDIFF_MAX - u->at) {
        fail("read would overflow (invalid bytecode)");
        return NULL;
    }
    if (kr_is_empty(u->read) || fill(u, (int64_t)n) < 0 || u->size < n) {
        if (!kr_raised()) truncated();
        return NULL;
    }
    u->at = n;
    return u->data;
}

/* The next n bytes; NULL raised. Valid until the next call. */
static inline const uint8_t *get(Unpickler *u, size_t n)
{
    if (n > u->size - u->at) return get_slow(u, n);
    u->at += n;
    return u->data + u->at - n;
}

/* A line, *n its length with the newline. */
static const char *get_line(Unpickler *u, size_t *n)
{
    const uint8_t *begin = u->data + u->at;
    const uint8_t *end = u->at < u->size ? memchr(begin, '\n', u->size - u->at) : NULL;
    if (!end && !kr_is_empty(u->read)) {
        if (fill(u, WHOLE_LINE) < 0) return NULL;
        begin = u->data;
        end = u->size ? memchr(begin, '\n', u->size) : NULL;
    }
    if (!end) {
        truncated();
        return NULL;
    }
    *n = (size_t)(end - begin) + 1;
    u->at = (size_t)(end + 1 - u->data);
    return (const char *)begin;
}

/* Fills memory of ours with n bytes, from the file directly where it can. */
static int get_into(Unpickler *u, uint8_t *to, size_t n)
{
    size_t have = u->size - u->at;
    if (have > n) have = n;
    memcpy(to, u->data + u->at, have);
    u->at += have;
    if (have == n) return 0;
    if (kr_is_empty(u->read)) return truncated();
    if (skip_used(u) < 0) return -1;
    size_t rest = n - have;
    KrValue bytes = kr_call1(u->read, kr_int((int64_t)rest));
    if (kr_is_empty(bytes)) return -1;
    if (!kr_is_bytes(bytes)) {
        kr_raise(kr_ValueError, "read() returned non-bytes object (%T)", bytes);
        return -1;
    }
    if (kr_bytes_size(bytes) < rest) return truncated();
    memcpy(to + have, kr_bytes_data(bytes), rest);
    u->size = u->at = 0;
    return 0;
}

static uint64_t little(const uint8_t *p, int n)
{
    uint64_t x = 0;
    for (int i = 0; i < n; i++) x |= (uint64_t)p[i] << (8 * i);
    return x;
}

/* An n-byte count. -1 raised. */
static int get_count(Unpickler *u, int n, const char *what, size_t *out)
{
    const uint8_t *p = get(u, (size_t)n);
    if (!p) return -1;
    uint64_t x = little(p, n);
    if (x > (uint64_t)PTRDIFF_MAX) {
        kr_raise(kr_OverflowError, "%s exceeds system's maximum size of %zd bytes", what,
                 PTRDIFF_MAX);
        return -1;
    }
    *out = (size_t)x;
    return 0;
}

/* ---- The stack ------------------------------------------------------------------------------ */

static int underflow(Unpickler *u)
{
    return fail(u->mark_count ? "unexpected MARK found" : "unpickling stack underflow");
}

static int grow_stack(Unpickler *u)
{
    size_t room = u->room ? u->room * 2 : 64;
    KrValue *stack = kr_alloc_values(room);
    if (!stack) return -1;
    if (u->height) memcpy(stack, u->stack, u->height * sizeof *stack);
    u->stack = stack;
    u->room = room;
    return 0;
}

/* -1 also for KR_EMPTY, so that results of calls are pushed without another check. */
static inline int push(Unpickler *u, KrValue v)
{
    if (kr_is_empty(v) || (u->height == u->room && grow_stack(u) < 0)) return -1;
    u->stack[u->height++] = v;
    return 0;
}

static KrValue pop(Unpickler *u)
{
    if (u->height > u->fence) return u->stack[--u->height];
    underflow(u);
    return KR_EMPTY;
}

/* The value below `below` others, in place. NULL raised. */
static KrValue *top(Unpickler *u, size_t below)
{
    if (u->height > u->fence + below) return &u->stack[u->height - 1 - below];
    underflow(u);
    return NULL;
}

static int load_mark(Unpickler *u)
{
    if (u->mark_count == u->mark_room) {
        size_t room = u->mark_room ? u->mark_room * 2 : 32;
        size_t *marks = realloc(u->marks, room * sizeof *marks);
        if (!marks) {
            kr_raise_no_memory();
            return -1;
        }
        u->marks = marks;
        u->mark_room = room;
    }
    u->marks[u->mark_count++] = u->fence = u->height;
    return 0;
}

/* Removes the topmost mark; *begin is where its values start. */
static int pop_mark(Unpickler *u, size_t *begin)
{
    if (u->mark_count == 0) {
        fail("could not find MARK");
        return -1;
    }
    *begin = u->marks[--u->mark_count];
    u->fence = u->mark_count ? u->marks[u->mark_count - 1] : 0;
    return 0;
}

/* ---- Numbers -------------------------------------------------------------------------------- */

static int load_none(Unpickler *u) { return push(u, kr_None); }
static int load_true(Unpickler *u) { return push(u, kr_True); }
static int load_false(Unpickler *u) { return push(u, kr_False); }

static int load_binint(Unpickler *u)
{
    const uint8_t *p = get(u, 4);
    return p ? push(u, kr_int((int32_t)little(p, 4))) : -1;
}
static int load_binint1(Unpickler *u)
{
    const uint8_t *p = get(u, 1);
    return p ? push(u, kr_int(*p)) : -1;
}
static int load_binint2(Unpickler *u)
{
    const uint8_t *p = get(u, 2);
    return p ? push(u, kr_int((int64_t)little(p, 2))) : -1;
}

static int load_int(Unpickler *u)
{
    size_t n;
    const char *line = get_line(u, &n);
    if (!line) return -1;
    if (n == 3 && line[0] == '0' && (line[1] == '0' || line[1] == '1'))
        return push(u, kr_bool(line[1] == '1'));
    return push(u, kr_int_parse(line, n - 1, 0));
}
static int load_long(Unpickler *u)
{
    size_t n;
    const char *line = get_line(u, &n);
    if (!line) return -1;
    if (n < 2) return truncated();
    return push(u, kr_int_parse(line, n - 1 - (line[n - 2] == 'L'), 0));
}
static int load_long_binary(Unpickler *u, int width)
{
    const uint8_t *p = get(u, (size_t)width);
    if (!p) return -1;
    int64_t n = width == 1 ? *p : (int32_t)little(p, 4);
    if (n < 0) return fail("LONG pickle has negative byte count");
    p = get(u, (size_t)n);
    if (!p) return -1;
    return push(u, n ? kr_int_from_bytes(p, (size_t)n, true, true) : kr_int(0));
}
static int load_long1(Unpickler *u) { return load_long_binary(u, 1); }
static int load_long4(Unpickler *u) { return load_long_binary(u, 4); }

static int load_float(Unpickler *u)
{
    size_t n;
    const char *line = get_line(u, &n);
    if (!line) return -1;
    KrValue text = kr_str_latin1(line, n - 1);
    return kr_is_empty(text) ? -1 : push(u, kr_float_parse(text));
}
static int load_binfloat(Unpickler *u)
{
    const uint8_t *p = get(u, 8);
    if (!p) return -1;
    uint64_t bits = __builtin_bswap64(little(p, 8));
    double x;
    memcpy(&x, &bits, 8);
    return push(u, kr_float(x));
}

/* ---- Text and bytes ------------------------------------------------------------------------- */

/* Python 2's str: decoded by the `encoding` asked for, which may be "bytes". */
static KrValue old_string(Unpickler *u, const char *bytes, size_t n)
{
    if (kr_str_equal_ascii(u->encoding, "bytes")) return kr_bytes(bytes, n);
    const char *encoding = kr_str_cstring(u->encoding);
    const char *errors = encoding ? kr_str_cstring(u->errors) : NULL;
    return errors ? kr_str_decode(bytes, n, encoding, errors) : KR_EMPTY;
}

static int load_string(Unpickler *u)
{
    size_t n;
    const char *line = get_line(u, &n);
    if (!line) return -1;
    n--;
    if (n < 2 || line[0] != line[n - 1] || (line[0] != '"' && line[0] != '\''))
        return fail("the STRING opcode argument must be quoted");
    KrValue decode = kr_import_attr("_codecs", "escape_decode");
    KrValue quoted = kr_bytes(line + 1, n - 2);
    KrValue pair = kr_is_empty(decode) || kr_is_empty(quoted) ? KR_EMPTY : kr_call1(decode, quoted);
    if (kr_is_empty(pair)) return -1;
    KrValue bytes = kr_tuple_get(pair, 0);
    return push(u, old_string(u, (const char *)kr_bytes_data(bytes), kr_bytes_size(bytes)));
}
static int load_counted_string(Unpickler *u, int width)
{
    const uint8_t *p = get(u, (size_t)width);
    if (!p) return -1;
    int64_t n = width == 1 ? *p : (int32_t)little(p, 4);
    if (n < 0) return fail("BINSTRING pickle has negative byte count");
    p = get(u, (size_t)n);
    return p ? push(u, old_string(u, (const char *)p, (size_t)n)) : -1;
}
static int load_binstring(Unpickler *u) { return load_counted_string(u, 4); }
static int load_short_binstring(Unpickler *u) { return load_counted_string(u, 1); }

static KrValue utf8_text(const char *bytes, size_t n)
{
    KrValue text = kr_str_sized(bytes, n);
    if (!kr_is_empty(text) || !kr_raised_is(kr_UnicodeDecodeError)) return text;
    kr_clear_exception();
    return kr_str_decode(bytes, n, "utf-8", "surrogatepass");
}

static int load_unicode(Unpickler *u)
{
    size_t n;
    const char *line = get_line(u, &n);
    return line ? push(u, kr_str_decode(line, n - 1, "raw-unicode-escape", NULL)) : -1;
}
static int load_counted_unicode(Unpickler *u, int width)
{
    size_t n;
    if (get_count(u, width, "BINUNICODE", &n) < 0) return -1;
    const uint8_t *p = get(u, n);
    return p ? push(u, utf8_text((const char *)p, n)) : -1;
}
static int load_short_binunicode(Unpickler *u) { return load_counted_unicode(u, 1); }
static int load_binunicode(Unpickler *u) { return load_counted_unicode(u, 4); }
static int load_binunicode8(Unpickler *u) { return load_counted_unicode(u, 8); }

/* Is it worth to make room for n bytes? A hostile count must not cost memory that the data cannot
 * fill; a file's length is not known. */
static int check_room(Unpickler *u, size_t n)
{
    return kr_is_empty(u->read) && n > u->size - u->at ? truncated() : 0;
}

static int load_counted_bytes(Unpickler *u, int width)
{
    size_t n;
    if (get_count(u, width, width == 8 ? "BINBYTES8" : "BINBYTES", &n) < 0) return -1;
    if (n <= u->size - u->at) return push(u, kr_bytes(get(u, n), n));
    if (check_room(u, n) < 0) return -1;
    KrValue bytes = kr_bytes(NULL, n);
    if (kr_is_empty(bytes) || get_into(u, kr_bytes_data(bytes), n) < 0) return -1;
    return push(u, bytes);
}
static int load_short_binbytes(Unpickler *u) { return load_counted_bytes(u, 1); }
static int load_binbytes(Unpickler *u) { return load_counted_bytes(u, 4); }
static int load_binbytes8(Unpickler *u) { return load_counted_bytes(u, 8); }

static int load_bytearray8(Unpickler *u)
{
    size_t n;
    KrBuffer view;
    if (get_count(u, 8, "BYTEARRAY8", &n) < 0 || check_room(u, n) < 0) return -1;
    KrValue array = kr_bytearray(NULL, n);
    if (kr_is_empty(array) || kr_buffer_get(array, &view, KR_BUFFER_WRITE) < 0) return -1;
    int status = get_into(u, view.data, n);
    kr_buffer_release(&view);
    return status < 0 ? -1 : push(u, array);
}

static int load_next_buffer(Unpickler *u)
{
    if (kr_is_empty(u->buffers))
        return fail("pickle stream refers to out-of-band data but no *buffers* argument was given");
    KrValue buffer = kr_next(u->buffers);
    if (kr_is_empty(buffer)) return kr_raised() ? -1 : fail("not enough out-of-band buffers");
    return push(u, buffer);
}
static int load_readonly_buffer(Unpickler *u)
{
    KrValue *last = top(u, 0);
    KrBuffer view;
    if (!last || kr_buffer_get(*last, &view, KR_BUFFER_STRIDES | KR_BUFFER_FORMAT) < 0) return -1;
    bool read_only = view.read_only;
    kr_buffer_release(&view);
    if (read_only) return 0;
    KrValue memory = kr_call1(kr_type_value(&kr_memoryview_type), *last);
    KrValue locked = kr_is_empty(memory) ? memory : kr_call_method0(memory, "toreadonly");
    if (kr_is_empty(locked)) return -1;
    u->stack[u->height - 1] = locked;
    return 0;
}

/* ---- Containers ----------------------------------------------------------------------------- */

static int push_tuple(Unpickler *u, size_t n)
{
    if (u->height < u->fence + n) return underflow(u);
    KrValue tuple = kr_tuple(u->stack + u->height - n, n);
    u->height -= n;
    return push(u, tuple);
}
static int load_empty_tuple(Unpickler *u) { return push_tuple(u, 0); }
static int load_tuple1(Unpickler *u) { return push_tuple(u, 1); }
static int load_tuple2(Unpickler *u) { return push_tuple(u, 2); }
static int load_tuple3(Unpickler *u) { return push_tuple(u, 3); }
static int load_tuple(Unpickler *u)
{
    size_t begin;
    return pop_mark(u, &begin) < 0 ? -1 : push_tuple(u, u->height - begin);
}

static int load_empty_list(Unpickler *u) { return push(u, kr_list(NULL, 0)); }
static int load_empty_dict(Unpickler *u) { return push(u, kr_dict()); }
static int load_empty_set(Unpickler *u) { return push(u, kr_set(KR_EMPTY)); }

static int load_list(Unpickler *u)
{
    size_t begin;
    if (pop_mark(u, &begin) < 0) return -1;
    KrValue list = kr_list(u->stack + begin, u->height - begin);
    u->height = begin;
    return push(u, list);
}
static int load_frozenset(Unpickler *u)
{
    if (load_list(u) < 0) return -1;
    KrValue items = pop(u);
    return push(u, kr_frozenset(items));
}

static int put_items(KrValue dict, const KrValue *items, size_t n)
{
    bool exact = kr_is_instance_exact(dict, &kr_dict_type);
    for (size_t i = 0; i + 1 < n; i += 2) {
        int status = exact ? kr_dict_set(dict, items[i], items[i + 1])
                           : kr_setitem(dict, items[i], items[i + 1]);
        if (status < 0) return -1;
    }
    return 0;
}
static int load_dict(Unpickler *u)
{
    size_t begin;
    if (pop_mark(u, &begin) < 0) return -1;
    KrValue dict = kr_dict();
    if ((u->height - begin) % 2) return fail("odd number of items for DICT");
    if (kr_is_empty(dict) || put_items(dict, u->stack + begin, u->height - begin) < 0) return -1;
    u->height = begin;
    return push(u, dict);
}
static int set_items(Unpickler *u, size_t begin)
{
    size_t n = u->height - begin;
    if (begin <= u->fence) return underflow(u);
    if (n % 2) return fail("odd number of items for SETITEMS");
    int status = put_items(u->stack[begin - 1], u->stack + begin, n);
    u->height = begin;
    return status;
}
static int load_setitem(Unpickler *u) { return top(u, 2) ? set_items(u, u->height - 2) : -1; }
static int load_setitems(Unpickler *u)
{
    size_t begin;
    return pop_mark(u, &begin) < 0 ? -1 : set_items(u, begin);
}

static int call_each(KrValue method, const KrValue *items, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (kr_is_empty(kr_call1(method, items[i]))) return -1;
    return 0;
}

/* Appends to what is no exact list: extend() in one go where it has it (PEP 307). */
static int append_by_method(KrValue target, const KrValue *items, size_t n)
{
    KrValue extend = kr_find_attr(target, KR_NAME("extend"));
    if (!kr_is_empty(extend)) {
        KrValue list = kr_list(items, n);
        return kr_is_empty(list) || kr_is_empty(kr_call1(extend, list)) ? -1 : 0;
    }
    if (kr_raised()) return -1;
    KrValue append = kr_getattr(target, KR_NAME("append"));
    return kr_is_empty(append) ? -1 : call_each(append, items, n);
}

static int append_items(Unpickler *u, size_t begin)
{
    size_t n = u->height - begin;
    if (begin <= u->fence) return underflow(u);
    KrValue target = u->stack[begin - 1];
    int status = 0;
    if (!kr_is_instance_exact(target, &kr_list_type))
        status = n ? append_by_method(target, u->stack + begin, n) : 0;
    else
        for (size_t i = begin; status == 0 && i < u->height; i++)
            status = kr_list_append(target, u->stack[i]);
    u->height = begin;
    return status;
}
static int load_append(Unpickler *u) { return top(u, 1) ? append_items(u, u->height - 1) : -1; }
static int load_appends(Unpickler *u)
{
    size_t begin;
    return pop_mark(u, &begin) < 0 ? -1 : append_items(u, begin);
}

static int load_additems(Unpickler *u)
{
    size_t begin;
    if (pop_mark(u, &begin) < 0) return -1;
    if (begin <= u->fence) return underflow(u);
    KrValue target = u->stack[begin - 1];
    int status = 0;
    if (kr_is_set(target)) {
        for (size_t i = begin; status == 0 && i < u->height; i++)
            status = kr_set_add(target, u->stack[i]);
    } else {
        KrValue add = kr_getattr(target, KR_NAME("add"));
        status = kr_is_empty(add) ? -1 : call_each(add, u->stack + begin, u->height - begin);
    }
    u->height = begin;
    return status;
}

static int load_pop(Unpickler *u)
{
    if (u->mark_count && u->fence == u->height) {
        size_t begin;
        return pop_mark(u, &begin);
    }
    return kr_is_empty(pop(u)) ? -1 : 0;
}
static int load_pop_mark(Unpickler *u)
{
    size_t begin;
    if (pop_mark(u, &begin) < 0) return -1;
    u->height = begin;
    return 0;
}
static int load_dup(Unpickler *u)
{
    KrValue *last = top(u, 0);
    return last ? push(u, *last) : -1;
}

/* ---- The memo ------------------------------------------------------------------------------- */

static int memo_set(Unpickler *u, uint64_t number, KrValue v)
{
    if (number >= u->memo_room) {
        if (number > u->memo_size * 4 + 1000000) {
            if (kr_is_empty(u->far_memo) && kr_is_empty(u->far_memo = kr_dict())) return -1;
            return kr_dict_set(u->far_memo, kr_int_unsigned(number), v);
        }
        size_t room = number < 32 ? 64 : number * 2;
        KrValue *memo = kr_alloc_values(room);
        if (!memo) return -1;
        if (u->memo_room) memcpy(memo, u->memo, u->memo_room * sizeof *memo);
        u->memo = memo;
        u->memo_room = room;
    }
    if (kr_is_empty(u->memo[number])) u->memo_size++;
    u->memo[number] = v;
    return 0;
}

static int push_memo(Unpickler *u, uint64_t number)
{
    KrValue v = KR_EMPTY;
    if (number < u->memo_room)
        v = u->memo[number];
    else if (!kr_is_empty(u->far_memo))
        v = kr_dict_find(u->far_memo, kr_int_unsigned(number));
    if (!kr_is_empty(v)) return push(u, v);
    return fail("Memo value not found at index %lld", (long long)number);
}

static int put_memo(Unpickler *u, uint64_t number)
{
    KrValue *last = top(u, 0);
    return last ? memo_set(u, number, *last) : -1;
}

static int line_number(Unpickler *u, int64_t *out)
{
    size_t n;
    const char *line = get_line(u, &n);
    if (!line) return -1;
    if (n < 2) return truncated();
    KrValue number = kr_int_parse(line, n - 1, 10);
    return kr_is_empty(number) ? -1 : kr_to_int64(number, out);
}
static int load_get(Unpickler *u)
{
    int64_t number;
    if (line_number(u, &number) < 0) return -1;
    return push_memo(u, (uint64_t)number);
}
static int load_binget(Unpickler *u)
{
    const uint8_t *p = get(u, 1);
    return p ? push_memo(u, *p) : -1;
}
static int load_long_binget(Unpickler *u)
{
    const uint8_t *p = get(u, 4);
    return p ? push_memo(u, little(p, 4)) : -1;
}
static int load_put(Unpickler *u)
{
    int64_t number;
    if (line_number(u, &number) < 0) {
        if (!kr_raised_is(kr_OverflowError)) return -1;
        kr_clear_exception();
        kr_raise(kr_ValueError, "PUT argument is too large");
        return -1;
    }
    if (number < 0) {
        kr_raise(kr_ValueError, "negative PUT argument");
        return -1;
    }
    return put_memo(u, (uint64_t)number);
}
static int load_binput(Unpickler *u)
{
    const uint8_t *p = get(u, 1);
    return p ? put_memo(u, *p) : -1;
}
static int load_long_binput(Unpickler *u)
{
    const uint8_t *p = get(u, 4);
    return p ? put_memo(u, little(p, 4)) : -1;
}
static int load_memoize(Unpickler *u)
{
    size_t far = kr_is_empty(u->far_memo) ? 0 : kr_dict_size(u->far_memo);
    return put_memo(u, u->memo_size + far);
}

/* ---- Globals -------------------------------------------------------------------------------- */

/* The names of Python 3 for those of Python 2. */
static int map_from_python2(KrValue *module, KrValue *name)
{
    KrValue names = kr_import_attr("_compat_pickle", "NAME_MAPPING");
    KrValue imports = kr_import_attr("_compat_pickle", "IMPORT_MAPPING");
    if (kr_is_empty(names) || kr_is_empty(imports)) return -1;
    KrValue found = kr_dict_find(names, kr_tuple_of(2, *module, *name));
    if (!kr_is_empty(found) && kr_is_tuple(found) && kr_tuple_size(found) == 2) {
        *module = kr_tuple_get(found, 0);
        *name = kr_tuple_get(found, 1);
        return 0;
    }
    if (kr_raised()) return -1;
    found = kr_dict_find(imports, *module);
    if (!kr_is_empty(found)) *module = found;
    return kr_raised() ? -1 : 0;
}

static KrValue find_global(Unpickler *u, KrValue module_name, KrValue name)
{
    if (u->protocol < 3 && u->fix_imports && map_from_python2(&module_name, &name) < 0)
        return KR_EMPTY;
    const char *text = kr_str_cstring(module_name);
    KrValue module = text ? kr_import(text) : KR_EMPTY;
    if (kr_is_empty(module)) return KR_EMPTY;
    if (u->protocol < 4) return kr_getattr(module, name);
    KrValue path = pickle_split_name(module, name), parent = module;
    KrValue found = kr_is_empty(path) ? path : pickle_deep_attribute(module, path, &parent);
    if (kr_is_empty(found) && kr_raised_is(kr_AttributeError) && !kr_is_empty(path)) {
        kr_clear_exception();
        return kr_raise(kr_AttributeError, "Can't get attribute %R on %R", name, parent);
    }
    return found;
}

static int push_global(Unpickler *u, KrValue module, KrValue name)
{
    if (kr_is_empty(module) || kr_is_empty(name)) return -1;
    if (kr_is_empty(u->find_class)) return push(u, find_global(u, module, name));
    return push(u, kr_call2(u->find_class, module, name));
}

static KrValue line_text(Unpickler *u, const char *encoding)
{
    size_t n;
    const char *line = get_line(u, &n);
    if (!line) return KR_EMPTY;
    if (n < 2) return truncated(), KR_EMPTY;
    return kr_str_decode(line, n - 1, encoding, NULL);
}

static int load_global(Unpickler *u)
{
    KrValue module = line_text(u, "utf-8");
    KrValue name = kr_is_empty(module) ? module : line_text(u, "utf-8");
    return push_global(u, module, name);
}
static int load_stack_global(Unpickler *u)
{
    KrValue name = pop(u), module = kr_is_empty(name) ? name : pop(u);
    if (kr_is_empty(module)) return -1;
    if (!kr_is_instance_exact(name, &kr_str_type) || !kr_is_instance_exact(module, &kr_str_type))
        return fail("STACK_GLOBAL requires str");
    return push_global(u, module, name);
}

static int push_extension(Unpickler *u, int64_t code)
{
    if (code <= 0) return fail("EXT specifies code <= 0");
    KrValue key = kr_int(code), found = kr_dict_find(pickle_extension_cache, key);
    if (!kr_is_empty(found)) return push(u, found);
    if (kr_raised()) return -1;
    KrValue pair = kr_dict_find(pickle_extension_names, key);
    if (kr_is_empty(pair)) {
        if (!kr_raised())
            kr_raise(kr_ValueError, "unregistered extension code %lld", (long long)code);
        return -1;
    }
    if (!kr_is_tuple(pair) || kr_tuple_size(pair) != 2 || !kr_is_str(kr_tuple_get(pair, 0)) ||
        !kr_is_str(kr_tuple_get(pair, 1))) {
        kr_raise(kr_ValueError, "_inverted_registry[%lld] isn't a 2-tuple of strings",
                 (long long)code);
        return -1;
    }
    if (push_global(u, kr_tuple_get(pair, 0), kr_tuple_get(pair, 1)) < 0) return -1;
    return kr_dict_set(pickle_extension_cache, key, *top(u, 0));
}
static int load_ext(Unpickler *u, int width)
{
    const uint8_t *p = get(u, (size_t)width);
    return p ? push_extension(u, width == 4 ? (int32_t)little(p, 4) : (int64_t)little(p, width))
             : -1;
}
static int load_ext1(Unpickler *u) { return load_ext(u, 1); }
static int load_ext2(Unpickler *u) { return load_ext(u, 2); }
static int load_ext4(Unpickler *u) { return load_ext(u, 4); }

static int push_persistent(Unpickler *u, KrValue id)
{
    if (kr_is_empty(id)) return -1;
    if (!kr_is_empty(u->persistent_load)) return push(u, kr_call1(u->persistent_load, id));
    return fail("A load persistent id instruction was encountered,\n"
                "but no persistent_load function was specified.");
}
static int load_persid(Unpickler *u)
{
    size_t n;
    const char *line = get_line(u, &n);
    if (!line) return -1;
    for (size_t i = 0; i < n; i++)
        if (line[i] & 0x80) return fail("persistent IDs in protocol 0 must be ASCII strings");
    return push_persistent(u, kr_str_latin1(line, n - 1));
}
static int load_binpersid(Unpickler *u) { return push_persistent(u, pop(u)); }

/* ---- Making objects ------------------------------------------------------------------------- */

static int load_reduce(Unpickler *u)
{
    if (!top(u, 1)) return -1;
    KrValue args = pop(u), callable = pop(u);
    if (!kr_is_tuple(args)) {
        kr_raise(kr_TypeError, "argument list must be a tuple");
        return -1;
    }
    return push(u, kr_call(callable, kr_tuple_items(args), kr_tuple_size(args), KR_EMPTY));
}

static int new_object(Unpickler *u, bool extended)
{
    const char *name = extended ? "NEWOBJ_EX" : "NEWOBJ";
    KrValue kwargs = extended ? pop(u) : kr_None;
    KrValue args = kr_is_empty(kwargs) ? kwargs : pop(u);
    KrValue class = kr_is_empty(args) ? args : pop(u);
    if (kr_is_empty(class)) return -1;
    if (!kr_is_a(class, &kr_type_type))
        return fail("%s class argument must be a type, not %T", name, class);
    if (!kr_is_tuple(args)) return fail("%s args argument must be a tuple, not %T", name, args);
    if (extended && !kr_is_dict(kwargs))
        return fail("%s kwargs argument must be a dict, not %T", name, kwargs);
    KrValue maker = kr_getattr(class, KR_NAME("__new__"));
    if (kr_is_empty(maker)) return -1;
    size_t n = kr_tuple_size(args);
    if (n == 0 && !extended) return push(u, kr_call1(maker, class));
    KrValue *all = kr_alloc_values(n + 1);
    if (!all) return -1;
    all[0] = class;
    memcpy(all + 1, kr_tuple_items(args), n * sizeof *all);
    if (!extended) return push(u, kr_call(maker, all, n + 1, KR_EMPTY));
    KrValue tuple = kr_tuple(all, n + 1);
    return kr_is_empty(tuple) ? -1 : push(u, kr_call_tuple(maker, tuple, kwargs));
}
static int load_newobj(Unpickler *u) { return new_object(u, false); }
static int load_newobj_ex(Unpickler *u) { return new_object(u, true); }

/* class(*args), but a plain class without arguments is only made, not initialised. */
static int instantiate(Unpickler *u, KrValue class, const KrValue *args, size_t n)
{
    if (n == 0 && kr_is_a(class, &kr_type_type)) {
        KrValue has = kr_find_attr(class, KR_NAME("__getinitargs__"));
        if (kr_is_empty(has)) {
            KrValue maker = kr_raised() ? KR_EMPTY : kr_getattr(class, KR_NAME("__new__"));
            return kr_is_empty(maker) ? -1 : push(u, kr_call1(maker, class));
        }
    }
    return push(u, kr_call(class, args, n, KR_EMPTY));
}
static int load_obj(Unpickler *u)
{
    size_t begin;
    if (pop_mark(u, &begin) < 0) return -1;
    if (u->height == begin) return underflow(u);
    KrValue args = kr_tuple(u->stack + begin + 1, u->height - begin - 1);
    KrValue class = u->stack[begin];
    u->height = begin;
    if (kr_is_empty(args)) return -1;
    return instantiate(u, class, kr_tuple_items(args), kr_tuple_size(args));
}
static int load_inst(Unpickler *u)
{
    size_t begin;
    if (pop_mark(u, &begin) < 0) return -1;
    KrValue args = kr_tuple(u->stack + begin, u->height - begin);
    u->height = begin;
    KrValue module = line_text(u, "ascii");
    KrValue name = kr_is_empty(module) ? module : line_text(u, "ascii");
    if (push_global(u, module, name) < 0) return -1;
    return instantiate(u, pop(u), kr_tuple_items(args), kr_tuple_size(args));
}

/* Does setting this attribute do what a store into __dict__ does? */
static bool is_plain_attribute(KrValue object, KrValue name)
{
    static KrValue plain_setattr;
    const KrType *type = kr_type_of(object);
    if (kr_is_empty(plain_setattr))
        plain_setattr = kr_type_find(&kr_object_type, KR_NAME("__setattr__"));
    return kr_is(kr_type_find(type, KR_NAME("__setattr__")), plain_setattr) &&
           kr_is_empty(kr_type_find(type, name));
}

/* The state's entries into object.__dict__; attributes that nothing intercepts are set as attributes,
 * which spares the object a dict of its own. */
static int update_dict(KrValue object, KrValue state)
{
    size_t position = 0;
    KrValue key, value, dict = KR_EMPTY;
    while (kr_dict_next(state, &position, &key, &value)) {
        if (kr_is_instance_exact(key, &kr_str_type)) key = kr_intern_str(key);
        if (kr_is_empty(dict) && kr_is_str(key) && is_plain_attribute(object, key)) {
            if (kr_setattr(object, key, value) < 0) return -1;
            continue;
        }
        if (kr_is_empty(dict)) dict = kr_getattr(object, KR_NAME("__dict__"));
        if (kr_is_empty(dict) || kr_setitem(dict, key, value) < 0) return -1;
    }
    return 0;
}

static int set_slots(KrValue object, KrValue state)
{
    size_t position = 0;
    KrValue key, value;
    if (!kr_is_dict(state)) return fail("slot state is not a dictionary");
    while (kr_dict_next(state, &position, &key, &value))
        if (kr_setattr(object, key, value) < 0) return -1;
    return 0;
}

static int load_build(Unpickler *u)
{
    if (!top(u, 1)) return -1;
    KrValue state = pop(u), object = *top(u, 0);
    KrValue setter = kr_find_attr(object, KR_NAME("__setstate__"));
    if (!kr_is_empty(setter)) return kr_is_empty(kr_call1(setter, state)) ? -1 : 0;
    if (kr_raised()) return -1;
    KrValue slots = kr_None;
    if (kr_is_tuple(state) && kr_tuple_size(state) == 2) {
        slots = kr_tuple_get(state, 1);
        state = kr_tuple_get(state, 0);
    }
    if (!kr_is(state, kr_None)) {
        if (!kr_is_dict(state)) return fail("state is not a dictionary");
        if (update_dict(object, state) < 0) return -1;
    }
    return kr_is(slots, kr_None) ? 0 : set_slots(object, slots);
}

/* ---- Framing and the loop ------------------------------------------------------------------- */

static int load_proto(Unpickler *u)
{
    const uint8_t *p = get(u, 1);
    if (!p) return -1;
    if (*p > PICKLE_HIGHEST) {
        kr_raise(kr_ValueError, "unsupported pickle protocol: %d", *p);
        return -1;
    }
    u->protocol = *p;
    return 0;
}

/* The whole frame is brought in, then read as usual. */
static int load_frame(Unpickler *u)
{
    size_t n;
    if (get_count(u, 8, "FRAME length", &n) < 0 || !get(u, n)) return -1;
    u->at -= n;
    return 0;
}

typedef int Loader(Unpickler *u);

static Loader *const loaders[256] = {
    [OP_MARK] = load_mark,
    [OP_POP] = load_pop,
    [OP_POP_MARK] = load_pop_mark,
    [OP_DUP] = load_dup,
    [OP_FLOAT] = load_float,
    [OP_INT] = load_int,
    [OP_BININT] = load_binint,
    [OP_BININT1] = load_binint1,
    [OP_BININT2] = load_binint2,
    [OP_LONG] = load_long,
    [OP_NONE] = load_none,
    [OP_PERSID] = load_persid,
    [OP_BINPERSID] = load_binpersid,
    [OP_REDUCE] = load_reduce,
    [OP_STRING] = load_string,
    [OP_BINSTRING] = load_binstring,
    [OP_SHORT_BINSTRING] = load_short_binstring,
    [OP_UNICODE] = load_unicode,
    [OP_BINUNICODE] = load_binunicode,
    [OP_APPEND] = load_append,
    [OP_BUILD] = load_build,
    [OP_GLOBAL] = load_global,
    [OP_DICT] = load_dict,
    [OP_EMPTY_DICT] = load_empty_dict,
    [OP_APPENDS] = load_appends,
    [OP_GET] = load_get,
    [OP_BINGET] = load_binget,
    [OP_INST] = load_inst,
    [OP_LONG_BINGET] = load_long_binget,
    [OP_LIST] = load_list,
    [OP_EMPTY_LIST] = load_empty_list,
    [OP_OBJ] = load_obj,
    [OP_PUT] = load_put,
    [OP_BINPUT] = load_binput,
    [OP_LONG_BINPUT] = load_long_binput,
    [OP_SETITEM] = load_setitem,
    [OP_TUPLE] = load_tuple,
    [OP_EMPTY_TUPLE] = load_empty_tuple,
    [OP_SETITEMS] = load_setitems,
    [OP_BINFLOAT] = load_binfloat,
    [OP_PROTO] = load_proto,
    [OP_NEWOBJ] = load_newobj,
    [OP_EXT1] = load_ext1,
    [OP_EXT2] = load_ext2,
    [OP_EXT4] = load_ext4,
    [OP_TUPLE1] = load_tuple1,
    [OP_TUPLE2] = load_tuple2,
    [OP_TUPLE3] = load_tuple3,
    [OP_NEWTRUE] = load_true,
    [OP_NEWFALSE] = load_false,
    [OP_LONG1] = load_long1,
    [OP_LONG4] = load_long4,
    [OP_BINBYTES] = load_binbytes,
    [OP_SHORT_BINBYTES] = load_short_binbytes,
    [OP_SHORT_BINUNICODE] = load_short_binunicode,
    [OP_BINUNICODE8] = load_binunicode8,
    [OP_BINBYTES8] = load_binbytes8,
    [OP_EMPTY_SET] = load_empty_set,
    [OP_ADDITEMS] = load_additems,
    [OP_FROZENSET] = load_frozenset,
    [OP_NEWOBJ_EX] = load_newobj_ex,
    [OP_STACK_GLOBAL] = load_stack_global,
    [OP_MEMOIZE] = load_memoize,
    [OP_FRAME] = load_frame,
    [OP_BYTEARRAY8] = load_bytearray8,
    [OP_NEXT_BUFFER] = load_next_buffer,
    [OP_READONLY_BUFFER] = load_readonly_buffer,
};

static KrValue load(Unpickler *u)
{
    u->height = u->mark_count = u->fence = 0;
    u->protocol = 0;
    for (;;) {
        const uint8_t *p = get(u, 1);
        if (!p) {
            if (!kr_raised_is(pickle_unpickling_error)) return KR_EMPTY;
            kr_clear_exception();
            return kr_raise(kr_EOFError, "Ran out of input");
        }
        int op = *p;
        if (op == OP_STOP) break;
        if (!loaders[op]) {
            bool shown = op >= 0x20 && op < 0x7f && op != '\'' && op != '\\';
            fail(shown ? "invalid load key, '%c'." : "invalid load key, '\\x%02x'.", op);
            return KR_EMPTY;
        }
        if (loaders[op](u) < 0) return KR_EMPTY;
    }
    return skip_used(u) < 0 ? KR_EMPTY : pop(u);
}

/* ---- The type ------------------------------------------------------------------------------- */

static void unpickler_trace(void *self, KrTracer *tracer)
{
    Unpickler *u = self;
    kr_trace_pointer(tracer, u->stack);
    kr_trace_pointer(tracer, u->memo);
    const KrValue values[] = {u->far_memo,   u->chunk,    u->read,    u->readline,
                              u->readinto,   u->peek,     u->buffers, u->persistent_load,
                              u->find_class, u->encoding, u->errors};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) kr_trace(tracer, values[i]);
    if (u->held) kr_trace(tracer, u->view.owner);
}
static void unpickler_release(void *self) { free(((Unpickler *)self)->marks); }

static KrValue unpickler_make(KrType *type, KR_UNUSED const KrValue *args, KR_UNUSED size_t n,
                              KR_UNUSED KrValue kwnames)
{
    Unpickler *u = kr_alloc_instance(type);
    return u ? kr_from_object(u) : KR_EMPTY;
}

static int set_options(Unpickler *u, KrValue fix_imports, KrValue encoding, KrValue errors,
                       KrValue buffers)
{
    int fix = kr_truth(fix_imports);
    if (fix < 0) return -1;
    if (!kr_is_str(encoding) || !kr_is_str(errors)) {
        kr_raise(kr_TypeError, "encoding and errors must be str");
        return -1;
    }
    u->fix_imports = fix;
    u->encoding = encoding;
    u->errors = errors;
    u->buffers = KR_EMPTY;
    if (kr_is_empty(buffers) || kr_is(buffers, kr_None)) return 0;
    u->buffers = kr_iter(buffers);
    return kr_is_empty(u->buffers) ? -1 : 0;
}

static int set_file(Unpickler *u, KrValue file)
{
    u->peek = kr_find_attr(file, KR_NAME("peek"));
    if (kr_is_empty(u->peek) && kr_raised()) return -1;
    u->read = kr_find_attr(file, KR_NAME("read"));
    if (kr_is_empty(u->read) && kr_raised()) return -1;
    u->readline = kr_find_attr(file, KR_NAME("readline"));
    if (kr_is_empty(u->readline) && kr_raised()) return -1;
    if (!kr_is_empty(u->read) && !kr_is_empty(u->readline)) return 0;
    kr_raise(kr_TypeError, "file must have 'read' and 'readline' attributes");
    return -1;
}

static int unpickler_init(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    static const KrFunction entry = {
        "Unpickler",
        "(file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=<unset>)",
        NULL,
        NULL,
        0,
        NULL};
    KrValue slots[5];
    Unpickler *u = unpickler_of(self);
    if (kr_bind(&entry, args, n, kwnames, slots) < 0) return -1;
    u->ready = false;
    u->memo = NULL;
    u->memo_size = u->memo_room = u->at = u->size = 0;
    u->far_memo = KR_EMPTY;
    u->peeking = false;
    if (set_file(u, slots[0]) < 0 || set_options(u, slots[1], slots[2], slots[3], slots[4]) < 0)
        return -1;
    u->persistent_load = kr_find_attr(self, KR_NAME("persistent_load"));
    if (kr_is_empty(u->persistent_load) && kr_raised()) return -1;
    u->ready = true;
    return 0;
}

KR_FN(unpickler, unpickler_load, "load", "(self, /)",
      "Load a pickle.\n\n"
      "Read a pickled object representation from the open file object given\n"
      "in the constructor, and return the reconstituted object hierarchy\n"
      "specified therein.")
{
    Unpickler *u = unpickler_of(a[0]);
    if (!u->ready)
        return kr_raise(pickle_unpickling_error,
                        "Unpickler.__init__() was not called by %T.__init__()", a[0]);
    u->find_class = KR_EMPTY;
    if (!kr_is_instance_exact(a[0], unpickler_type)) {
        u->find_class = kr_getattr(a[0], KR_NAME("find_class"));
        if (kr_is_empty(u->find_class)) return KR_EMPTY;
    }
    KrValue result = load(u);
    u->find_class = KR_EMPTY;
    return result;
}
KR_FN(unpickler, unpickler_find_class, "find_class", "(self, module_name, global_name, /)",
      "Return an object from a specified module.\n\n"
      "If necessary, the module will be imported. Subclasses may override\n"
      "this method (e.g. to restrict unpickling of arbitrary classes and\n"
      "functions).\n\n"
      "This method is called whenever a class or a function object is\n"
      "needed.  Both arguments passed are str objects.")
{
    return find_global(unpickler_of(a[0]), a[1], a[2]);
}

static KrValue get_persistent_load(KrValue self)
{
    KrValue v = unpickler_of(self)->persistent_load;
    return kr_is_empty(v) ? kr_raise(kr_AttributeError, "persistent_load") : v;
}
static int set_persistent_load(KrValue self, KrValue value)
{
    if (kr_is_empty(value) || !kr_is_callable(value)) {
        kr_raise(kr_TypeError, kr_is_empty(value)
                                   ? "attribute deletion is not supported"
                                   : "persistent_load must be a callable taking one argument");
        return -1;
    }
    unpickler_of(self)->persistent_load = value;
    return 0;
}
KR_GETSET(unpickler, get_persistent_load, set_persistent_load, "persistent_load", NULL)

/* ---- The memo as Python sees it ------------------------------------------------------------- */

typedef struct MemoProxy {
    KrObject head;
    Unpickler *unpickler;
} MemoProxy;

static Unpickler *proxied(KrValue self) { return ((MemoProxy *)kr_to_object(self))->unpickler; }
static void proxy_trace(void *self, KrTracer *tracer)
{
    kr_trace_pointer(tracer, ((MemoProxy *)self)->unpickler);
}

static KrValue memo_as_dict(const Unpickler *u)
{
    KrValue dict = kr_is_empty(u->far_memo) ? kr_dict() : kr_dict_copy(u->far_memo);
    for (size_t i = 0; !kr_is_empty(dict) && i < u->memo_room; i++)
        if (!kr_is_empty(u->memo[i]) && kr_dict_set(dict, kr_int((int64_t)i), u->memo[i]) < 0)
            return KR_EMPTY;
    return dict;
}

static void clear_memo(Unpickler *u)
{
    u->memo = NULL;
    u->memo_size = u->memo_room = 0;
    u->far_memo = KR_EMPTY;
}

KR_FN(unpickler_memo, proxy_clear, "clear", "(self, /)", "Remove all items from memo.")
{
    clear_memo(proxied(a[0]));
    return kr_None;
}
KR_FN(unpickler_memo, proxy_copy, "copy", "(self, /)", "Copy the memo to a new object.")
{
    return memo_as_dict(proxied(a[0]));
}
KR_FN(unpickler_memo, proxy_reduce, "__reduce__", "(self, /)", "Implement pickling support.")
{
    KrValue args = kr_tuple_of(1, memo_as_dict(proxied(a[0])));
    return kr_tuple_of(2, kr_type_value(&kr_dict_type), args);
}

static KrValue get_memo(KrValue self)
{
    MemoProxy *proxy = kr_alloc_instance(memo_proxy_type);
    if (!proxy) return KR_EMPTY;
    proxy->unpickler = unpickler_of(self);
    return kr_from_object(proxy);
}

static int set_memo(KrValue self, KrValue value)
{
    Unpickler *u = unpickler_of(self);
    KrValue dict = value;
    if (kr_is_empty(value)) {
        kr_raise(kr_TypeError, "attribute deletion is not supported");
        return -1;
    }
    if (kr_is_instance_exact(value, memo_proxy_type)) dict = memo_as_dict(proxied(value));
    if (kr_is_empty(dict)) return -1;
    if (!kr_is_dict(dict)) {
        kr_raise(kr_TypeError,
                 "'memo' attribute must be an UnpicklerMemoProxy object or dict, not %T", value);
        return -1;
    }
    size_t position = 0;
    KrValue key, item;
    clear_memo(u);
    while (kr_dict_next(dict, &position, &key, &item)) {
        int64_t number;
        if (!kr_is_int(key)) {
            kr_raise(kr_TypeError, "memo key must be integers");
            return -1;
        }
        if (kr_to_int64(key, &number) < 0) return -1;
        if (number < 0) {
            kr_raise(kr_ValueError, "memo key must be positive integers.");
            return -1;
        }
        if (memo_set(u, (uint64_t)number, item) < 0) return -1;
    }
    return 0;
}
KR_GETSET(unpickler, get_memo, set_memo, "memo", NULL)

KrValue pickle_load(KrValue file, KrValue data, KrValue fix_imports, KrValue encoding,
                    KrValue errors, KrValue buffers)
{
    Unpickler *u = kr_alloc_instance(unpickler_type);
    if (!u || set_options(u, fix_imports, encoding, errors, buffers) < 0) return KR_EMPTY;
    if (!kr_is_empty(file)) return set_file(u, file) < 0 ? KR_EMPTY : load(u);
    if (kr_buffer_get(data, &u->view, KR_BUFFER_READ) < 0) return KR_EMPTY;
    u->held = true;
    u->data = u->view.data;
    u->size = (size_t)u->view.size;
    KrValue result = load(u);
    kr_buffer_release(&u->view);
    u->held = false;
    return result;
}

#include "modules/_pickle_load.entries.h"

int pickle_load_init(KrValue module)
{
    static const KrTypeSpec spec = {
        .name = "_pickle.Unpickler",
        .doc = "Unpickler(file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())\n--\n\n"
               "This takes a binary file for reading a pickle data stream.\n\n"
               "The protocol version of the pickle is detected automatically, so no\n"
               "protocol argument is needed.  Bytes past the pickled object's\n"
               "representation are ignored.\n\n"
               "The argument *file* must have two methods, a read() method that takes\n"
               "an integer argument, and a readline() method that requires no\n"
               "arguments.  Both methods should return bytes.",
        .size = sizeof(Unpickler),
        .trace = unpickler_trace,
        .release = unpickler_release,
        .functions = unpickler_functions,
        .getset = unpickler_getset,
        .slots = {.make = unpickler_make, .init = unpickler_init}};
    static const KrTypeSpec proxy_spec = {.name = "_pickle.UnpicklerMemoProxy",
                                          .size = sizeof(MemoProxy),
                                          .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT,
                                          .trace = proxy_trace,
                                          .functions = unpickler_memo_functions};
    kr_type_once(&unpickler_type, &spec);
    kr_type_once(&memo_proxy_type, &proxy_spec);
    if (!unpickler_type || !memo_proxy_type) return -1;
    return kr_module_add_type(module, unpickler_type);
}
