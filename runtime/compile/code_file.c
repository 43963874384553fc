/* code_file.c: writing and reading code objects.
 *
 * The payload: the number of strs and each of them, then the code tree with strs as indices.
 * Numbers are LEB128. Instructions and guards are raw; specialised opcodes are written as the
 * generic form. Positions are differences. */
#include "runtime/compile/code_file.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/compile/compile.h"
#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"
#include "runtime/vm/opcodes.h"

enum { FORMAT = 1, MAX_NESTING = 100, HEADER = 32 };
static const char magic[8] = {'k', 'r', 'c', 'o', 'd', 'e', 0, FORMAT};

typedef enum Tag {
    TAG_NONE,
    TAG_FALSE,
    TAG_TRUE,
    TAG_ELLIPSIS,
    TAG_INT,
    TAG_LONG,
    TAG_FLOAT,
    TAG_COMPLEX,
    TAG_STR,
    TAG_BYTES,
    TAG_TUPLE,
    TAG_FROZENSET,
    TAG_SLICE,
    TAG_CODE
} Tag;
enum { STR_ASCII = 0, STR_UTF8 = 1, STR_SURROGATES = 2, STR_INTERNED = 4 };

static uint64_t hash_bytes(const void *data, size_t n, uint64_t hash)
{
    const uint8_t *p = data;
    for (; n >= 8; n -= 8, p += 8) {
        uint64_t word;
        memcpy(&word, p, 8);
        hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 32;
    }
    for (; n; n--, p++) hash = (hash ^ *p) * UINT64_C(0x100000001b3);
    return hash ^ hash >> 29;
}

uint64_t kr_code_file_version(void)
{
    static uint64_t version;
    if (version) return version;
    uint64_t hash = hash_bytes(magic, sizeof magic, 1);
    for (int i = 0; i < OP_GENERIC_COUNT; i++) {
        hash = hash_bytes(kr_opcode_names[i], strlen(kr_opcode_names[i]), hash);
        hash = hash_bytes(kr_opcode_operands[i], strlen(kr_opcode_operands[i]), hash);
    }
#define INTRINSIC(name, arguments, doc) hash = hash_bytes(#name, sizeof #name, hash + (arguments));
#include "runtime/compile/intrinsics.def"
    return version = hash | 1;
}

uint64_t kr_code_file_checksum(const uint8_t *payload, size_t n)
{
    return hash_bytes(payload, n, 7);
}

/* ---- Writing ---- */

typedef struct Buffer {
    uint8_t *data;
    size_t size, capacity;
} Buffer;

typedef struct Writer {
    Buffer strs, body;
    Value *
        /* str -> number, open addressing (malloc: the code being written keeps the strs alive) */
        table;
    uint32_t *numbers;
    uint32_t count, capacity;
    int depth;
    bool failed;
} Writer;

static void put(Buffer *b, const void *data, size_t n)
{
    if (b->size + n > b->capacity) {
        b->capacity = (b->size + n) * 2 + 256;
        uint8_t *grown = realloc(b->data, b->capacity);
        if (!grown) abort();
        b->data = grown;
    }
    if (n) memcpy(b->data + b->size, data, n);
    b->size += n;
}

static void put_byte(Buffer *b, uint8_t byte) { put(b, &byte, 1); }

static void put_number(Buffer *b, uint64_t n)
{
    uint8_t bytes[10];
    size_t size = 0;
    for (; n >= 128; n >>= 7) bytes[size++] = (uint8_t)(n | 128);
    bytes[size++] = (uint8_t)n;
    put(b, bytes, size);
}

static uint64_t zigzag(int64_t n) { return (uint64_t)n << 1 ^ (uint64_t)(n >> 63); }

static void write_str_data(Writer *w, Value v)
{
    const Str *s = str_of(v);
    int kind = s->interned ? STR_INTERNED : 0;
    size_t n;
    const char *utf8;
    if (s->ascii) {
        n = s->length;
        utf8 = s->data;
    } else if ((utf8 = kr_str_utf8(v, &n))) {
        kind |= STR_UTF8;
    } else {
        kr_clear_exception();
        Value bytes = kr_str_encode(v, "utf-8", "surrogatepass");
        if (is_empty(bytes)) {
            w->failed = true;
            return;
        }
        kind |= STR_SURROGATES;
        n = kr_bytes_size(bytes);
        utf8 = (const char *)kr_bytes_data(bytes);
    }
    put_byte(&w->strs, (uint8_t)kind);
    put_number(&w->strs, n);
    put(&w->strs, utf8, n);
}

static uint32_t slot_of(const Writer *w, Value v)
{
    uint32_t slot = (uint32_t)(v.bits * UINT64_C(0x9e3779b97f4a7c15) >> 40) & (w->capacity - 1);
    while (!is_empty(w->table[slot]) && !same(w->table[slot], v))
        slot = (slot + 1) & (w->capacity - 1);
    return slot;
}

static void write_str(Writer *w, Value v)
{
    if ((w->count + 1) * 2 > w->capacity) {
        Writer old = *w;
        w->capacity = old.capacity ? old.capacity * 2 : 256;
        w->table = calloc(w->capacity, sizeof *w->table);
        w->numbers = calloc(w->capacity, sizeof *w->numbers);
        if (!w->table || !w->numbers) abort();
        for (uint32_t i = 0; i < old.capacity; i++) {
            if (is_empty(old.table[i])) continue;
            uint32_t slot = slot_of(w, old.table[i]);
            w->table[slot] = old.table[i];
            w->numbers[slot] = old.numbers[i];
        }
        free(old.table);
        free(old.numbers);
    }
    uint32_t slot = slot_of(w, v);
    if (is_empty(w->table[slot])) {
        w->table[slot] = v;
        w->numbers[slot] = w->count++;
        write_str_data(w, v);
    }
    put_number(&w->body, w->numbers[slot]);
}

static void write_value(Writer *w, Value v);

static void write_tuple_items(Writer *w, Value tuple)
{
    put_number(&w->body, tuple_of(tuple)->size);
    for (size_t i = 0; i < tuple_of(tuple)->size; i++) write_value(w, tuple_of(tuple)->items[i]);
}

static void write_names(Writer *w, Value tuple)
{
    put_number(&w->body, tuple_of(tuple)->size);
    for (size_t i = 0; i < tuple_of(tuple)->size; i++) write_str(w, tuple_of(tuple)->items[i]);
}

static void write_positions(Writer *w, const Code *code)
{
    Buffer *b = &w->body;
    Position last = {code->first_line, code->first_line, 65535, 65535};
    for (uint32_t i = 0; i < code->instruction_count; i++) {
        Position p = code->positions[i];
        if (p.line == 0) {
            put_byte(b, 2);
            continue;
        }
        if (p.line == last.line && p.end_line == last.end_line && p.column == last.column &&
            p.end_column == last.end_column) {
            put_byte(b, 0);
            continue;
        }
        put_byte(b, 1);
        put_number(b, zigzag((int64_t)p.line - last.line));
        put_number(b, zigzag((int64_t)p.end_line - p.line));
        put_number(b, (uint16_t)(p.column + 1));
        put_number(b, (uint16_t)(p.end_column + 1));
        last = p;
    }
}

static void write_code(Writer *w, const Code *code)
{
    Buffer *b = &w->body;
    write_str(w, code->name);
    write_str(w, code->qualname);
    write_str(w, code->filename);
    write_value(w, code->docstring);
    const uint32_t numbers[] = {code->argument_count,     code->positional_only_count,
                                code->keyword_only_count, code->flags,
                                code->free_register,      code->register_count,
                                code->first_line,         code->cache_count,
                                code->guard_count,        code->instruction_count};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) put_number(b, numbers[i]);
    write_names(w, code->names);
    write_names(w, code->variables);
    write_names(w, code->cell_names);
    write_names(w, code->free_names);
    for (size_t i = 0; i < tuple_of(code->cell_names)->size; i++)
        put_number(b, code->cell_registers[i]);
    write_tuple_items(w, code->constants);
    for (uint32_t i = 0; i < code->instruction_count; i++) {
        Instruction ins = code->instructions[i];
        ins.op = kr_opcode_generic[ins.op];
        put(b, &ins, sizeof ins);
    }
    put(b, code->guards, code->guard_count * sizeof *code->guards);
    write_positions(w, code);
}

static void write_long(Writer *w, Value v)
{
    size_t n = kr_int_bit_length(v) / 8 + 1;
    uint8_t *bytes = malloc(n);
    if (!bytes) abort();
    if (kr_int_to_bytes(v, bytes, n, true, true) < 0) w->failed = true;
    put_byte(&w->body, TAG_LONG);
    put_number(&w->body, n);
    put(&w->body, bytes, n);
    free(bytes);
}

static void write_value(Writer *w, Value v)
{
    Buffer *b = &w->body;
    if (w->failed) return;
    if (++w->depth > MAX_NESTING) {
        w->failed = true;
        kr_raise(kr_ValueError, "object too deeply nested to marshal");
        return;
    }
    if (is_none(v))
        put_byte(b, TAG_NONE);
    else if (is_bool(v))
        put_byte(b, is_true(v) ? TAG_TRUE : TAG_FALSE);
    else if (same(v, ELLIPSIS))
        put_byte(b, TAG_ELLIPSIS);
    else if (is_int(v)) {
        put_byte(b, TAG_INT);
        put_number(b, zigzag(int_of(v)));
    } else if (is_float(v)) {
        double d = float_of(v);
        put_byte(b, TAG_FLOAT);
        put(b, &d, sizeof d);
    } else if (is_exact(v, &kr_str_type)) {
        put_byte(b, TAG_STR);
        write_str(w, v);
    } else if (is_exact(v, &kr_int_type)) {
        write_long(w, v);
    } else if (is_exact(v, &kr_complex_type)) {
        double parts[2] = {0, 0};
        if (kr_to_complex(v, &parts[0], &parts[1]) < 0) w->failed = true;
        put_byte(b, TAG_COMPLEX);
        put(b, parts, sizeof parts);
    } else if (is_exact(v, &kr_bytes_type)) {
        put_byte(b, TAG_BYTES);
        put_number(b, kr_bytes_size(v));
        put(b, kr_bytes_data(v), kr_bytes_size(v));
    } else if (is_exact(v, &kr_tuple_type)) {
        put_byte(b, TAG_TUPLE);
        write_tuple_items(w, v);
    } else if (is_exact(v, &kr_frozenset_type)) {
        put_byte(b, TAG_FROZENSET);
        put_number(b, kr_set_size(v));
        size_t position = 0;
        Value item;
        while (kr_set_next(v, &position, &item)) write_value(w, item);
    } else if (kr_is_slice(v)) {
        Value parts[3];
        kr_slice_parts(v, &parts[0], &parts[1], &parts[2]);
        put_byte(b, TAG_SLICE);
        for (int i = 0; i < 3; i++) write_value(w, parts[i]);
    } else if (is_exact(v, &kr_code_type)) {
        put_byte(b, TAG_CODE);
        write_code(w, code_of(v));
    } else {
        w->failed = true;
        kr_raise(kr_ValueError, "unmarshallable object");
    }
    w->depth--;
}

Value kr_code_file_write(Value code)
{
    Writer w = {.failed = false};
    write_value(&w, code);
    Value result = EMPTY;
    if (!w.failed) {
        Buffer head = {0};
        put_number(&head, w.count);
        uint64_t size = head.size + w.strs.size + w.body.size;
        result = kr_bytes(NULL, HEADER + size);
        if (!is_empty(result)) {
            uint8_t *out = kr_bytes_data(result), *payload = out + HEADER;
            memcpy(payload, head.data, head.size);
            if (w.strs.size) memcpy(payload + head.size, w.strs.data, w.strs.size);
            memcpy(payload + head.size + w.strs.size, w.body.data, w.body.size);
            uint64_t fields[3] = {kr_code_file_version(), size,
                                  kr_code_file_checksum(payload, size)};
            memcpy(out, magic, 8);
            memcpy(out + 8, fields, sizeof fields);
        }
        free(head.data);
    }
    free(w.strs.data);
    free(w.body.data);
    free(w.table);
    free(w.numbers);
    return result;
}

/* ---- Reading ---- */

typedef struct Reader {
    const uint8_t *p, *end;
    Value *strs; /* a heap vector */
    uint32_t str_count;
    int depth;
    bool failed;
} Reader;

static void bad(Reader *r, const char *problem)
{
    if (!r->failed && !kr_raised()) kr_raise(kr_ValueError, "bad code data: %s", problem);
    r->failed = true;
    r->p = r->end;
}

static uint8_t get_byte(Reader *r)
{
    if (r->p < r->end) return *r->p++;
    bad(r, "too short");
    return 0;
}

static uint64_t get_number(Reader *r)
{
    uint64_t n = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        uint8_t byte = get_byte(r);
        n |= (uint64_t)(byte & 127) << shift;
        if (byte < 128) return n;
    }
    bad(r, "number too long");
    return 0;
}

static int64_t get_signed(Reader *r)
{
    uint64_t n = get_number(r);
    return (int64_t)(n >> 1) ^ -(int64_t)(n & 1);
}

/* A count of things that take at least `size` bytes each. */
static size_t get_count(Reader *r, size_t size)
{
    uint64_t n = get_number(r);
    if (n <= (uint64_t)(r->end - r->p) / size) return (size_t)n;
    bad(r, "too short");
    return 0;
}

static const uint8_t *get_bytes(Reader *r, size_t n)
{
    if (n > (size_t)(r->end - r->p)) {
        bad(r, "too short");
        return NULL;
    }
    const uint8_t *p = r->p;
    r->p += n;
    return p;
}

static Value get_value(Reader *r);

static Value get_str(Reader *r)
{
    uint64_t index = get_number(r);
    if (index < r->str_count) return r->strs[index];
    bad(r, "str out of range");
    return EMPTY;
}

static Value read_str_data(Reader *r)
{
    uint8_t kind = get_byte(r);
    size_t n = get_count(r, 1);
    const char *text = (const char *)get_bytes(r, n);
    if (r->failed) return EMPTY;
    Value v;
    switch (kind & 3) {
    case STR_ASCII: v = kr_str_latin1(text, n); break;
    case STR_UTF8: v = kr_str_sized(text, n); break;
    default: v = kr_str_decode(text, n, "utf-8", "surrogatepass");
    }
    if (!is_empty(v) && kind & STR_INTERNED) v = kr_intern_str(v);
    return v;
}

static Value get_names(Reader *r)
{
    size_t n = get_count(r, 1);
    Tuple *tuple = kr_tuple_alloc(n);
    if (!tuple) {
        bad(r, "no memory");
        return EMPTY;
    }
    for (size_t i = 0; i < n; i++) tuple->items[i] = NONE;
    for (size_t i = 0; i < n; i++) {
        Value name = get_str(r);
        if (!is_empty(name)) name = kr_intern_str(name);
        if (is_empty(name)) {
            bad(r, "bad name");
            return EMPTY;
        }
        tuple->items[i] = name;
    }
    return from_object(tuple);
}

static Value get_tuple(Reader *r)
{
    size_t n = get_count(r, 1);
    Tuple *tuple = kr_tuple_alloc(n);
    if (!tuple) {
        bad(r, "no memory");
        return EMPTY;
    }
    for (size_t i = 0; i < n; i++) tuple->items[i] = NONE;
    for (size_t i = 0; i < n && !r->failed; i++) {
        Value item = get_value(r);
        if (is_empty(item)) return EMPTY;
        tuple->items[i] = item;
    }
    return from_object(tuple);
}

static void get_positions(Reader *r, Code *code)
{
    Position last = {code->first_line, code->first_line, 65535, 65535};
    for (uint32_t i = 0; i < code->instruction_count && !r->failed; i++) {
        switch (get_byte(r)) {
        case 0: code->positions[i] = last; break;
        case 1:
            last.line += (uint32_t)get_signed(r);
            last.end_line = last.line + (uint32_t)get_signed(r);
            last.column = (uint16_t)(get_number(r) - 1);
            last.end_column = (uint16_t)(get_number(r) - 1);
            code->positions[i] = last;
            break;
        case 2: code->positions[i] = (Position){0, 0, 65535, 65535}; break;
        default: bad(r, "bad position");
        }
    }
}

/* A collected vector of `count` things of `size` bytes, filled from the bytes if `fill`. */
static void *get_vector(Reader *r, size_t count, size_t size, bool fill)
{
    void *vector = r->failed ? NULL : kr_heap_bytes((count + 1) * size);
    const uint8_t *data = vector && fill ? get_bytes(r, count * size) : NULL;
    if (!vector)
        bad(r, "no memory");
    else if (data)
        memcpy(vector, data, count * size);
    return vector;
}

static Value get_code(Reader *r)
{
    Code *code = kr_code_alloc();
    if (!code) {
        bad(r, "no memory");
        return EMPTY;
    }
    Value result = from_object(code);
    code->name = get_str(r);
    code->qualname = get_str(r);
    code->filename = get_str(r);
    code->docstring = get_value(r);
    uint32_t *const numbers[] = {&code->argument_count,     &code->positional_only_count,
                                 &code->keyword_only_count, &code->flags,
                                 &code->free_register,      &code->register_count,
                                 &code->first_line};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        *numbers[i] = (uint32_t)get_number(r);
    uint64_t caches = get_number(r), guards = get_number(r), instructions = get_number(r);
    size_t left = (size_t)(r->end - r->p);
    if (instructions > left / sizeof(Instruction) || guards > left / sizeof(Guard) ||
        caches > instructions) {
        bad(r, "too short");
        return EMPTY;
    }
    code->names = get_names(r);
    code->variables = get_names(r);
    code->cell_names = get_names(r);
    code->free_names = get_names(r);
    if (r->failed) return EMPTY;
    size_t cells = tuple_of(code->cell_names)->size;
    code->cell_registers = get_vector(r, cells, sizeof *code->cell_registers, false);
    for (size_t i = 0; i < cells && !r->failed; i++)
        code->cell_registers[i] = (uint16_t)get_number(r);
    code->constants = get_tuple(r);
    if (r->failed) return EMPTY;
    code->instructions = get_vector(r, instructions, sizeof *code->instructions, true);
    code->guards = get_vector(r, guards, sizeof *code->guards, true);
    code->positions = get_vector(r, instructions, sizeof *code->positions, false);
    code->caches = get_vector(r, caches, sizeof *code->caches, false);
    if (r->failed) return EMPTY;
    code->instruction_count = (uint32_t)instructions;
    code->guard_count = (uint32_t)guards;
    code->cache_count = (uint32_t)caches;
    for (uint32_t i = 0; i < code->instruction_count; i++)
        if (code->instructions[i].op >= OP_GENERIC_COUNT) bad(r, "unknown instruction");
    get_positions(r, code);
    const char *problem;
    if (!r->failed && !kr_verify_code(code, &problem)) bad(r, problem);
    return r->failed ? EMPTY : result;
}

static Value get_frozenset(Reader *r)
{
    Value items = get_tuple(r);
    return is_empty(items) ? EMPTY : kr_frozenset(items);
}

static Value get_value(Reader *r)
{
    if (++r->depth > MAX_NESTING) bad(r, "nested too deeply");
    uint8_t tag = get_byte(r);
    if (r->failed) return EMPTY;
    Value v = EMPTY;
    const uint8_t *data;
    double parts[2];
    size_t n;
    switch (tag) {
    case TAG_NONE: v = NONE; break;
    case TAG_FALSE: v = FALSE_VALUE; break;
    case TAG_TRUE: v = TRUE_VALUE; break;
    case TAG_ELLIPSIS: v = ELLIPSIS; break;
    case TAG_INT: v = kr_int(get_signed(r)); break;
    case TAG_LONG:
        n = get_count(r, 1);
        if ((data = get_bytes(r, n))) v = kr_int_from_bytes(data, n, true, true);
        break;
    case TAG_FLOAT:
        if ((data = get_bytes(r, 8))) memcpy(parts, data, 8), v = from_float(parts[0]);
        break;
    case TAG_COMPLEX:
        if ((data = get_bytes(r, 16))) memcpy(parts, data, 16), v = kr_complex(parts[0], parts[1]);
        break;
    case TAG_STR: v = get_str(r); break;
    case TAG_BYTES:
        n = get_count(r, 1);
        if ((data = get_bytes(r, n))) v = kr_bytes(data, n);
        break;
    case TAG_TUPLE: v = get_tuple(r); break;
    case TAG_FROZENSET: v = get_frozenset(r); break;
    case TAG_SLICE: {
        Value a = get_value(r), b = is_empty(a) ? EMPTY : get_value(r),
              c = is_empty(b) ? EMPTY : get_value(r);
        if (!is_empty(c)) v = kr_slice(a, b, c);
        break;
    }
    case TAG_CODE: v = get_code(r); break;
    default: bad(r, "unknown tag");
    }
    if (is_empty(v)) bad(r, "bad value");
    r->depth--;
    return v;
}

Value kr_code_file_read(const uint8_t *bytes, size_t n)
{
    uint64_t fields[3];
    Reader r = {.p = bytes, .end = bytes + n};
    if (n < HEADER || memcmp(bytes, magic, sizeof magic) != 0) {
        bad(&r, "not a code file");
        return EMPTY;
    }
    memcpy(fields, bytes + 8, sizeof fields);
    r.p = bytes + HEADER;
    if (fields[0] != kr_code_file_version())
        bad(&r, "written by another version");
    else if (fields[1] != n - HEADER || fields[2] != kr_code_file_checksum(r.p, n - HEADER))
        bad(&r, "damaged");
    uint64_t count = get_count(&r, 2);
    if (r.failed) return EMPTY;
    r.strs = kr_heap_values(count + 1);
    if (!r.strs) return EMPTY;
    for (r.str_count = 0; r.str_count < count; r.str_count++) {
        Value v = read_str_data(&r);
        if (is_empty(v)) {
            bad(&r, "bad str");
            return EMPTY;
        }
        r.strs[r.str_count] = v;
    }
    Value v = get_value(&r);
    if (r.failed) return EMPTY;
    if (is_exact(v, &kr_code_type) && r.p == r.end) return v;
    bad(&r, "no code object");
    return EMPTY;
}
