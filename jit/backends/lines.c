/* lines.c: reads .debug_line of DWARF 4, as jit/backends/llvm/debug.c has it written.
 *
 * A table is a header with the names of files, then a program that moves a row of registers (address, file, line) and emits
 * it. Addresses in it are relocations against sections, resolved here with where the loader has put these. */
#include "jit/backends/lines.h"

#include <elf.h>
#include <string.h>

enum { FILES_MAX = 256, STANDARD_OPCODES = 13 };
enum {
    OP_EXTENDED,
    OP_COPY,
    OP_ADVANCE_PC,
    OP_ADVANCE_LINE,
    OP_SET_FILE,
    OP_SET_COLUMN,
    OP_NEGATE,
    OP_BASIC,
    OP_CONST_ADD_PC,
    OP_FIXED_ADVANCE_PC
};
enum { EXT_END = 1, EXT_SET_ADDRESS = 2 };

typedef struct Reader {
    const uint8_t *at, *end, *begin; /* begin: of the section */
    bool bad;
} Reader;

typedef struct Table {
    const JitCode *code;
    const uint8_t *object;
    const Elf64_Ehdr *header;
    const Elf64_Shdr *sections, *rela;
    JitVisitLine visit;
    void *context;
    const char *files[FILES_MAX];
    uint32_t nfiles;
    uint8_t least, line_range, opcode_base, lengths[256];
    int8_t line_base;
} Table;

static uint64_t fixed(Reader *r, unsigned bytes)
{
    uint64_t v = 0;
    if ((size_t)(r->end - r->at) < bytes) {
        r->bad = true;
        r->at = r->end;
        return 0;
    }
    memcpy(&v, r->at, bytes);
    r->at += bytes;
    return v;
}

static uint64_t unsigned_leb(Reader *r)
{
    uint64_t v = 0;
    for (unsigned shift = 0; !r->bad && shift < 64; shift += 7) {
        uint64_t byte = fixed(r, 1);
        v |= (byte & 0x7f) << shift;
        if (!(byte & 0x80)) return v;
    }
    r->bad = true;
    return 0;
}

static int64_t signed_leb(Reader *r)
{
    uint64_t v = 0;
    for (unsigned shift = 0; !r->bad && shift < 64; shift += 7) {
        uint64_t byte = fixed(r, 1);
        v |= (byte & 0x7f) << shift;
        if (byte & 0x80) continue;
        if (shift + 7 < 64 && byte & 0x40) v |= ~UINT64_C(0) << (shift + 7);
        return (int64_t)v;
    }
    r->bad = true;
    return 0;
}

static const char *text(Reader *r)
{
    const char *s = (const char *)r->at;
    const uint8_t *zero = memchr(r->at, 0, (size_t)(r->end - r->at));
    if (!zero) {
        r->bad = true;
        return "";
    }
    r->at = zero + 1;
    return s;
}

/* The address that the relocation at this offset of .debug_line stands for. */
static uint64_t relocated(const Table *t, uint64_t offset)
{
    const Elf64_Rela *list = (const void *)(t->object + t->rela->sh_offset);
    const Elf64_Shdr *symbols = &t->sections[t->rela->sh_link];
    for (uint64_t i = 0; i < t->rela->sh_size / sizeof *list; i++) {
        if (list[i].r_offset != offset) continue;
        uint64_t symbol = ELF64_R_SYM(list[i].r_info);
        if (symbol >= symbols->sh_size / sizeof(Elf64_Sym)) return 0;
        const Elf64_Sym *s = (const Elf64_Sym *)(t->object + symbols->sh_offset) + symbol;
        uint64_t base = jit_loader_section(t->code, s->st_shndx);
        return base ? base + s->st_value + (uint64_t)list[i].r_addend : 0;
    }
    return 0;
}

static bool read_header(Table *t, Reader *r)
{
    uint64_t length = fixed(r, 4);
    if (length >= 0xfffffff0 || length > (uint64_t)(r->end - r->at)) return false;
    r->end = r->at + length;
    if (fixed(r, 2) != 4) return false;
    uint64_t header = fixed(r, 4);
    const uint8_t *program = r->at + (header < (uint64_t)(r->end - r->at) ? header : 0);
    t->least = (uint8_t)fixed(r, 1);
    fixed(r, 2); /* operations of one instruction, is_statement */
    t->line_base = (int8_t)fixed(r, 1);
    t->line_range = (uint8_t)fixed(r, 1);
    t->opcode_base = (uint8_t)fixed(r, 1);
    for (unsigned i = 1; i < t->opcode_base; i++) t->lengths[i] = (uint8_t)fixed(r, 1);
    while (!r->bad && *text(r)) {} /* folders */
    for (t->nfiles = 1; !r->bad;) {
        const char *name = text(r);
        if (!*name) break;
        for (int i = 0; i < 3; i++) unsigned_leb(r);
        if (t->nfiles < FILES_MAX) t->files[t->nfiles++] = name;
    }
    r->at = program;
    return !r->bad && t->line_range;
}

typedef struct Row {
    uint64_t address, file;
    int64_t line;
} Row;

static void emit(const Table *t, const Row *row)
{
    if (row->address && row->file && row->file < t->nfiles && row->line > 0)
        t->visit(t->context, row->address, t->files[row->file], (uint32_t)row->line);
}

static void extended(const Table *t, Reader *r, Row *row)
{
    uint64_t length = unsigned_leb(r);
    const uint8_t *next = r->at + (length <= (uint64_t)(r->end - r->at) ? length : 0);
    if (!length || next == r->at) {
        r->bad = true;
        return;
    }
    uint64_t kind = fixed(r, 1);
    if (kind == EXT_SET_ADDRESS) row->address = relocated(t, (uint64_t)(r->at - r->begin));
    if (kind == EXT_END) *row = (Row){0, 1, 1};
    r->at = next;
}

static void run(const Table *t, Reader *r)
{
    Row row = {0, 1, 1};
    while (!r->bad && r->at < r->end) {
        uint8_t op = (uint8_t)fixed(r, 1);
        if (op >= t->opcode_base) {
            op = (uint8_t)(op - t->opcode_base);
            row.address += (uint64_t)(op / t->line_range) * t->least;
            row.line += t->line_base + op % t->line_range;
            emit(t, &row);
            continue;
        }
        switch (op) {
        case OP_EXTENDED: extended(t, r, &row); break;
        case OP_COPY: emit(t, &row); break;
        case OP_ADVANCE_PC: row.address += unsigned_leb(r) * t->least; break;
        case OP_ADVANCE_LINE: row.line += signed_leb(r); break;
        case OP_SET_FILE: row.file = unsigned_leb(r); break;
        case OP_CONST_ADD_PC:
            row.address += (uint64_t)((255 - t->opcode_base) / t->line_range) * t->least;
            break;
        case OP_FIXED_ADVANCE_PC: row.address += fixed(r, 2); break;
        default:
            for (unsigned i = 0; i < t->lengths[op]; i++) unsigned_leb(r);
        }
    }
}

void jit_lines_read(const JitCode *code, const JitBytes *object, JitVisitLine visit, void *context)
{
    Table t = {.code = code, .object = object->data, .visit = visit, .context = context};
    t.header =
        (const void *)object->data; /* the loader has checked the tables of sections and symbols */
    t.sections = (const void *)(object->data + t.header->e_shoff);
    const char *names = (const char *)object->data + t.sections[t.header->e_shstrndx].sh_offset;
    const Elf64_Shdr *lines = NULL;
    for (uint32_t i = 0; i < t.header->e_shnum; i++) {
        if (!strcmp(names + t.sections[i].sh_name, ".debug_line")) lines = &t.sections[i];
        if (!strcmp(names + t.sections[i].sh_name, ".rela.debug_line")) t.rela = &t.sections[i];
    }
    if (!lines || !t.rela) return;
    const uint8_t *begin = object->data + lines->sh_offset, *end = begin + lines->sh_size;
    for (const uint8_t *at = begin; end - at > 4;) {
        Reader r = {at, end, begin, false};
        if (!read_header(&t, &r)) return;
        run(&t, &r);
        at = r.end;
    }
}
