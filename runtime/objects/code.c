/* code.c: code objects as Python sees them. compile/ makes them, vm/ runs them.
 * Offsets that Python code sees (co_lines, tb_lasti) count two for an instruction, as those of
 * CPython do: its library halves tb_lasti to index co_positions(). */
#include <stdio.h>
#include <stdlib.h>

#include "runtime/memory/lasting.h"
#include "runtime/memory/trace.h"
#include "runtime/objects/descriptor.h"
#include "runtime/objects/code.h"
#include "runtime/objects/dict.h"
#include "runtime/objects/list.h"
#include "runtime/objects/object.h"
#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"

Code *kr_code_alloc(void)
{
    Code *code = heap_alloc(&kr_code_type, sizeof(Code));
    if (!code) return NULL;
    code->constants = code->names = code->variables = code->cell_names = code->free_names =
        kr_empty_tuple;
    code->docstring = NONE;
    return code;
}

Position kr_code_position(const Code *code, uint32_t instruction)
{
    if (instruction < code->instruction_count) return code->positions[instruction];
    return (Position){code->first_line, code->first_line, UINT16_MAX, UINT16_MAX};
}

/* Inline caches hold their shapes and values weakly: a function that met an object once does not
 * keep its class. The codes that a collection has marked are listed, and their caches looked through
 * when it is known what lives. A dead shape must leave its cache at once, since its address could
 * come to mean another one. */
static struct {
    Code **items;
    size_t lasting; /* the first ones, which no collection marks again (memory/lasting.h) */
    size_t count, capacity;
} marked;

static void list_marked(Code *code)
{
    if (marked.count == marked.capacity) {
        size_t capacity = marked.capacity ? marked.capacity * 2 : 1024;
        Code **items = realloc(marked.items, capacity * sizeof *items);
        if (!items) {
            fputs("krait: out of memory\n", stderr);
            abort();
        }
        marked.items = items, marked.capacity = capacity;
    }
    marked.items[marked.count++] = code;
}

void kr_code_last(Code *code)
{
    if (!code->caches || !code->cache_count) return;
    list_marked(code);
    marked.lasting = marked.count;
}

static void prune_caches(void)
{
    for (size_t i = 0; i < marked.count; i++) {
        Code *code = marked.items[i];
        for (uint32_t n = 0; n < code->cache_count; n++) {
            Cache *cache = &code->caches[n];
            bool alive = !cache->shape || kr_heap_is_marked(cache->shape);
            if (alive && (!is_object(cache->value) || kr_heap_is_marked(object_of(cache->value))))
                continue;
            cache->version = UINT64_MAX; /* no type's, no shape's */
            cache->shape = &marked;
            cache->value = EMPTY;
        }
    }
    marked.count = marked.lasting;
}

static void code_trace(void *self, KrTracer *tracer)
{
    Code *c = self;
    Value values[] = {c->name,      c->qualname,   c->filename,   c->constants, c->names,
                      c->variables, c->cell_names, c->free_names, c->docstring, c->public_code};
    kr_heap_trace_values(tracer, values, sizeof values / sizeof *values);
    const void *vectors[] = {c->cell_registers, c->instructions, c->positions, c->guards,
                             c->caches};
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        kr_heap_trace_bytes(tracer, vectors[i]);
    kr_trace_pointer(tracer, c->cache_values);
    if (c->caches && c->cache_count && kr_tracer_marks(tracer)) list_marked(c);
}

/* ---- Attributes -------------------------------------------------------------------- */

#define VALUE(field) \
    static Value get_##field(Value self) { return code_of(self)->field; }
#define NUMBER(field) \
    static Value get_##field(Value self) { return kr_int(code_of(self)->field); }

VALUE(name)
KR_GETSET(code, get_name, kr_descriptor_read_only, "co_name", NULL)
VALUE(qualname)
KR_GETSET(code, get_qualname, kr_descriptor_read_only, "co_qualname", NULL)
VALUE(filename)
KR_GETSET(code, get_filename, kr_descriptor_read_only, "co_filename", NULL)
VALUE(constants)
KR_GETSET(code, get_constants, kr_descriptor_read_only, "co_consts", NULL)
VALUE(names)
KR_GETSET(code, get_names, kr_descriptor_read_only, "co_names", NULL)
VALUE(variables)
KR_GETSET(code, get_variables, NULL, "co_varnames", NULL)
VALUE(cell_names)
KR_GETSET(code, get_cell_names, NULL, "co_cellvars", NULL)
VALUE(free_names)
KR_GETSET(code, get_free_names, NULL, "co_freevars", NULL)
NUMBER(argument_count)
KR_GETSET(code, get_argument_count, kr_descriptor_read_only, "co_argcount", NULL)
NUMBER(positional_only_count)
KR_GETSET(code, get_positional_only_count, kr_descriptor_read_only, "co_posonlyargcount", NULL)
NUMBER(keyword_only_count)
KR_GETSET(code, get_keyword_only_count, kr_descriptor_read_only, "co_kwonlyargcount", NULL)
NUMBER(flags)
KR_GETSET(code, get_flags, kr_descriptor_read_only, "co_flags", NULL)
NUMBER(first_line)
KR_GETSET(code, get_first_line, kr_descriptor_read_only, "co_firstlineno", NULL)
NUMBER(register_count)
KR_GETSET(code, get_register_count, kr_descriptor_read_only, "co_stacksize", NULL)

static Value get_local_count(Value self)
{
    return kr_int((int64_t)tuple_of(code_of(self)->variables)->size);
}
KR_GETSET(code, get_local_count, NULL, "co_nlocals", NULL)

static Value get_bytecode(Value self)
{
    Code *c = code_of(self);
    if (is_empty(c->public_code)) {
        c->public_code = kr_bytes(c->instructions, c->instruction_count * sizeof(Instruction));
        kr_heap_lasting_changed(c);
    }
    return c->public_code;
}
KR_GETSET(code, get_bytecode, NULL, "co_code", NULL)

static Value get_no_bytes(KR_UNUSED Value self) { return kr_bytes("", 0); }
KR_GETSET(code, get_no_bytes, NULL, "co_linetable", NULL)
static Value get_exception_table(Value self) { return get_no_bytes(self); }
KR_GETSET(code, get_exception_table, NULL, "co_exceptiontable", NULL)

/* ---- Lines ------------------------------------------------------------------------- */

static Value number_or_none(bool known, uint32_t x) { return known ? kr_int(x) : NONE; }

KR_FN(code, code_lines, "co_lines", "(self, /)",
      "An iterator over (start, end, line) of the instructions.")
{
    Code *c = code_of(a[0]);
    Value list = kr_list(NULL, 0);
    for (uint32_t begin = 0, end; begin < c->instruction_count; begin = end) {
        uint32_t line = c->positions[begin].line;
        for (end = begin + 1; end < c->instruction_count && c->positions[end].line == line;) end++;
        Value row = kr_tuple_of(3, kr_int(2 * (int64_t)begin), kr_int(2 * (int64_t)end),
                                number_or_none(line != 0, line));
        if (is_empty(list) || is_empty(row) || kr_list_append(list, row) < 0) return EMPTY;
    }
    return is_empty(list) ? EMPTY : kr_iter(list);
}

KR_FN(code, code_positions, "co_positions", "(self, /)",
      "An iterator over (line, end line, column, end column) of the instructions.")
{
    Code *c = code_of(a[0]);
    Value list = kr_list(NULL, 0);
    for (uint32_t i = 0; i < c->instruction_count; i++) {
        Position p = c->positions[i];
        Value row = kr_tuple_of(4, number_or_none(p.line != 0, p.line),
                                number_or_none(p.end_line != 0, p.end_line),
                                number_or_none(p.column != UINT16_MAX, p.column),
                                number_or_none(p.end_column != UINT16_MAX, p.end_column));
        if (is_empty(list) || is_empty(row) || kr_list_append(list, row) < 0) return EMPTY;
    }
    return is_empty(list) ? EMPTY : kr_iter(list);
}

/* ---- replace() --------------------------------------------------------------------- */

static int set_count(uint32_t *field, Value value)
{
    int64_t x;
    if (kr_to_index(value, &x) < 0) return -1;
    if (x < 0 || x > UINT32_MAX) {
        kr_raise(kr_ValueError, "code: argument out of range");
        return -1;
    }
    *field = (uint32_t)x;
    return 0;
}

static int set_names(Value *field, Value value, const char *name)
{
    if (!is_tuple(value)) {
        kr_raise(kr_TypeError, "replace() argument '%s' must be tuple, not %T", name, value);
        return -1;
    }
    if (tuple_of(value)->size != tuple_of(*field)->size) {
        kr_raise(kr_ValueError, "code: %s must keep its length", name);
        return -1;
    }
    *field = value;
    return 0;
}

static int set_text(Value *field, Value value, const char *name)
{
    if (!is_str(value)) {
        kr_raise(kr_TypeError, "replace() argument '%s' must be str, not %T", name, value);
        return -1;
    }
    *field = value;
    return 0;
}

KR_FN(code, code_replace, "replace",
      "(self, /, *, co_argcount=<unset>, co_posonlyargcount=<unset>, co_kwonlyargcount=<unset>, "
      "co_nlocals=<unset>, "
      "co_stacksize=<unset>, co_flags=<unset>, co_firstlineno=<unset>, co_code=<unset>, "
      "co_consts=<unset>, "
      "co_names=<unset>, co_varnames=<unset>, co_freevars=<unset>, co_cellvars=<unset>, "
      "co_filename=<unset>, "
      "co_name=<unset>, co_qualname=<unset>, co_linetable=<unset>, co_exceptiontable=<unset>)",
      "A copy of the code object with some attributes replaced. The instructions stay, so that the "
      "tuples of names "
      "and constants must keep their lengths.")
{
    Code *old = code_of(a[0]), *c = kr_code_alloc();
    if (!c) return EMPTY;
    *c = *old;
    c->caches = NULL;
    c->cache_values = NULL;
    c->public_code = EMPTY;
    c->jit = NULL;
    uint32_t unused;
    uint32_t *counts[] = {&c->argument_count,
                          &c->positional_only_count,
                          &c->keyword_only_count,
                          &unused,
                          &unused,
                          &c->flags,
                          &c->first_line};
    for (int i = 0; i < 7; i++)
        if (!is_empty(a[1 + i]) && set_count(counts[i], a[1 + i]) < 0) return EMPTY;
    Value *tuples[] = {&c->constants, &c->names, &c->variables, &c->free_names, &c->cell_names};
    static const char *const tuple_names[] = {"co_consts", "co_names", "co_varnames", "co_freevars",
                                              "co_cellvars"};
    for (int i = 0; i < 5; i++)
        if (!is_empty(a[9 + i]) && set_names(tuples[i], a[9 + i], tuple_names[i]) < 0) return EMPTY;
    Value *texts[] = {&c->filename, &c->name, &c->qualname};
    static const char *const text_names[] = {"co_filename", "co_name", "co_qualname"};
    for (int i = 0; i < 3; i++)
        if (!is_empty(a[14 + i]) && set_text(texts[i], a[14 + i], text_names[i]) < 0) return EMPTY;
    size_t instruction_bytes = c->instruction_count * sizeof(Instruction);
    size_t position_bytes = c->instruction_count * sizeof(Position);
    c->instructions = kr_heap_bytes(instruction_bytes + 1);
    c->positions = kr_heap_bytes(position_bytes + 1);
    c->caches = kr_heap_bytes(c->cache_count * sizeof(Cache) + 1);
    if (!c->instructions || !c->positions || !c->caches) return EMPTY;
    memcpy(c->instructions, old->instructions, instruction_bytes);
    memcpy(c->positions, old->positions, position_bytes);
    for (uint32_t i = 0; c->first_line != old->first_line && i < c->instruction_count; i++) {
        Position *p = &c->positions[i];
        if (p->line) p->line += c->first_line - old->first_line;
        if (p->end_line) p->end_line += c->first_line - old->first_line;
    }
    return from_object(c);
}

/* ---- Slots ------------------------------------------------------------------------- */

static Value code_repr(Value self)
{
    Code *c = code_of(self);
    return kr_str_format("<code object %U at %p, file \"%U\", line %u>", c->name, (void *)c,
                         c->filename, c->first_line);
}

/* Instructions rewrite themselves, so that two codes are compared by all that made them:
 * counts, names, constants and source positions. */
static int equal_codes(const Code *a, const Code *b)
{
    if (a->argument_count != b->argument_count ||
        a->positional_only_count != b->positional_only_count ||
        a->keyword_only_count != b->keyword_only_count || a->flags != b->flags ||
        a->first_line != b->first_line || a->instruction_count != b->instruction_count ||
        a->register_count != b->register_count)
        return 0;
    if (memcmp(a->positions, b->positions, a->instruction_count * sizeof(Position)) != 0) return 0;
    const Value pairs[][2] = {
        {a->name, b->name},
        {a->names, b->names},
        {a->variables, b->variables},
        {a->free_names, b->free_names},
        {a->cell_names, b->cell_names},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        int equal = kr_equal(pairs[i][0], pairs[i][1]);
        if (equal <= 0) return equal;
    }
    /* 1 and 1.0 and True are equal, but not as constants */
    Tuple *x = tuple_of(a->constants), *y = tuple_of(b->constants);
    if (x->size != y->size) return 0;
    for (size_t i = 0; i < x->size; i++) {
        if (type_of(x->items[i]) != type_of(y->items[i])) return 0;
        int equal = kr_equal(x->items[i], y->items[i]);
        if (equal <= 0) return equal;
    }
    return 1;
}

static Value code_compare(Value a, Value b, int op)
{
    if ((op != KR_EQ && op != KR_NE) || !is_exact(a, &kr_code_type) || !is_exact(b, &kr_code_type))
        return NOT_IMPLEMENTED;
    int equal = same(a, b) ? 1 : equal_codes(code_of(a), code_of(b));
    return equal < 0 ? EMPTY : from_bool(equal == (op == KR_EQ));
}

static int64_t code_hash(Value self)
{
    Code *c = code_of(self);
    int64_t name = kr_hash(c->name), names = kr_hash(c->names), variables = kr_hash(c->variables);
    if (name == -1 || names == -1 || variables == -1) return -1;
    uint64_t hash = (uint64_t)name ^ (uint64_t)names * 3 ^ (uint64_t)variables * 7 ^ c->argument_count ^
                    (uint64_t)c->instruction_count * 1009 ^ (uint64_t)c->first_line << 20;
    return (int64_t)hash == -1 ? -2 : (int64_t)hash;
}

#include "runtime/objects/code.entries.h"

static const KrTypeSpec code_spec = {
    .name = "code",
    .size = sizeof(Code),
    .trace = code_trace,
    .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT,
    .functions = code_functions,
    .getset = code_getset,
    .slots = {.repr = code_repr, .compare = code_compare, .hash = code_hash},
    .doc = "A compiled function body, class body or module.",
};

Type kr_code_type;
void kr_code_type_init(void)
{
    kr_type_init(&kr_code_type, &code_spec);
    kr_heap_add_weak_table(prune_caches);
}
