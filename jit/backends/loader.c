/* Maps relocatable ELF objects into memory: the linker that kernels need and no more.
 *
 * One mapping holds, each from a page boundary: code, a table of jumps to outside functions
 * (reachable by 32-bit offsets), the addresses behind it (the GOT), constants, and data. It is
 * written read-write, relocated, then the code part becomes read-execute and the rest read-only
 * except data. Outside symbols come only from the caller's table.
 *
 *     [ .text* | stubs ][ GOT | .rodata* .eh_frame ][ .data .bss ]
 *       r-x               r--                            rw-
 *
 * Nothing in the bytes is trusted: every offset is checked against the size before it is used, so
 * a damaged cache file is refused, not executed. (It must still be authentic: the cache checks its
 * digest.) Relocations: x86-64 and aarch64, the kinds that the two back ends emit for
 * position-independent code of the small model.
 */
#include "jit/backends/backend.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PART_CODE, PART_CONST, PART_DATA, PART_COUNT };

typedef struct Symbol {
    const char *name;
    uint64_t address; /* 0: not resolved */
    uint32_t slot;    /* 1-based index into GOT and stubs; 0: none */
    bool outside, global;
    bool missing; /* an error if something refers to it: assemblers list names that nothing uses */
} Symbol;

struct JitCode {
    char *base;
    size_t size, code_size;
    char *names; /* the string table's copy */
    uint64_t *at; /* each section's address, 0: not loaded */
    uint32_t nsections;
    struct {
        const char *name;
        void *address;
    } * globals;
    uint32_t nglobals;
};

typedef struct Load {
    const uint8_t *bytes;
    size_t size;
    const Elf64_Ehdr *header;
    const Elf64_Shdr *sections;
    uint32_t nsections;
    const Elf64_Sym *symtab;
    uint32_t nsyms;
    const char *strings;
    size_t strings_size;
    uint64_t *at; /* each section's address, 0: not loaded */
    Symbol *symbols;
    uint32_t nslots;
    uint64_t *got;
    char *stubs;
    char *base;
    size_t part_begin[PART_COUNT], part_size[PART_COUNT];
    void *(*symbol)(const char *);
    char *error;
    size_t error_size;
} Load;

static int bad(Load *l, const char *what, const char *name)
{
    snprintf(l->error, l->error_size, "the compiled object is not usable: %s%s%s", what,
             name ? " " : "", name ? name : "");
    return -1;
}

static bool fits(const Load *l, uint64_t offset, uint64_t size)
{
    return offset <= l->size && size <= l->size - offset;
}

/* ---- reading the tables ---- */

static int read_header(Load *l)
{
    if (l->size < sizeof(Elf64_Ehdr)) return bad(l, "too short", NULL);
    l->header = (const Elf64_Ehdr *)l->bytes;
    const Elf64_Ehdr *h = l->header;
#if defined(__x86_64__)
    const int machine = EM_X86_64;
#else
    const int machine = EM_AARCH64;
#endif
    if (memcmp(h->e_ident, ELFMAG, SELFMAG) || h->e_ident[EI_CLASS] != ELFCLASS64 ||
        h->e_ident[EI_DATA] != ELFDATA2LSB || h->e_type != ET_REL || h->e_machine != machine ||
        h->e_shentsize != sizeof(Elf64_Shdr) || h->e_shoff % 8)
        return bad(l, "not an object of this machine", NULL);
    if (!fits(l, h->e_shoff, (uint64_t)h->e_shnum * sizeof(Elf64_Shdr)))
        return bad(l, "truncated section table", NULL);
    l->sections = (const Elf64_Shdr *)(l->bytes + h->e_shoff);
    l->nsections = h->e_shnum;
    for (uint32_t i = 0; i < l->nsections; i++) {
        const Elf64_Shdr *s = &l->sections[i];
        if (s->sh_type != SHT_NOBITS && s->sh_type != SHT_NULL &&
            !fits(l, s->sh_offset, s->sh_size))
            return bad(l, "truncated section", NULL);
        if (s->sh_addralign > 4096 || (s->sh_addralign & (s->sh_addralign - 1)))
            return bad(l, "odd alignment", NULL);
        if (s->sh_size > (uint64_t)1 << 30) return bad(l, "section too large", NULL);
    }
    return 0;
}

static int read_symbols(Load *l)
{
    for (uint32_t i = 0; i < l->nsections; i++) {
        const Elf64_Shdr *s = &l->sections[i];
        if (s->sh_type != SHT_SYMTAB) continue;
        if (s->sh_link >= l->nsections || s->sh_entsize != sizeof(Elf64_Sym) || s->sh_offset % 8)
            return bad(l, "odd symbol table", NULL);
        const Elf64_Shdr *names = &l->sections[s->sh_link];
        l->symtab = (const Elf64_Sym *)(l->bytes + s->sh_offset);
        l->nsyms = (uint32_t)(s->sh_size / sizeof(Elf64_Sym));
        l->strings = (const char *)l->bytes + names->sh_offset;
        l->strings_size = names->sh_size;
        if (l->strings_size == 0 || names->sh_type != SHT_STRTAB || l->strings[l->strings_size - 1])
            return bad(l, "odd string table", NULL);
    }
    return l->symtab ? 0 : bad(l, "no symbols", NULL);
}

/* ---- layout ---- */

static int part_of(const Elf64_Shdr *s)
{
    return s->sh_flags & SHF_EXECINSTR ? PART_CODE
           : s->sh_flags & SHF_WRITE   ? PART_DATA
                                       : PART_CONST;
}

static bool wanted(const Elf64_Shdr *s)
{
    return (s->sh_flags & SHF_ALLOC) && s->sh_size &&
           (s->sh_type == SHT_PROGBITS || s->sh_type == SHT_NOBITS);
}

static size_t align_up(size_t x, size_t a) { return a > 1 ? (x + a - 1) & ~(a - 1) : x; }

enum { STUB_BYTES = 16 };

/* Places sections at offsets (kept in l->at until the mapping exists) and maps. */
static int place(Load *l)
{
    size_t total = 0, page = (size_t)sysconf(_SC_PAGESIZE), stubs_at = 0, got_at = 0;
    for (int part = 0; part < PART_COUNT; part++) {
        l->part_begin[part] = total;
        if (part == PART_CONST) {
            got_at = total;
            total += (size_t)l->nsyms * 8;
        }
        for (uint32_t i = 0; i < l->nsections; i++) {
            const Elf64_Shdr *s = &l->sections[i];
            if (!wanted(s) || part_of(s) != part) continue;
            total = align_up(total, s->sh_addralign ? s->sh_addralign : 1);
            l->at[i] = total + 1; /* +1: 0 means absent */
            total += s->sh_size;
        }
        if (part == PART_CODE) {
            total = stubs_at = align_up(total, STUB_BYTES);
            total += (size_t)l->nsyms * STUB_BYTES;
        }
        total = align_up(total, page);
        l->part_size[part] = total - l->part_begin[part];
        if (total > (size_t)1 << 30) return bad(l, "too large", NULL);
    }
    l->base = mmap(NULL, total ? total : page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                   -1, 0);
    if (l->base == MAP_FAILED) {
        l->base = NULL;
        return bad(l, "out of memory", NULL);
    }
    l->got = (uint64_t *)(l->base + got_at);
    l->stubs = l->base + stubs_at;
    for (uint32_t i = 0; i < l->nsections; i++) {
        const Elf64_Shdr *s = &l->sections[i];
        if (!l->at[i]) continue;
        l->at[i] = (uint64_t)(uintptr_t)l->base + l->at[i] - 1;
        if (s->sh_type != SHT_NOBITS)
            memcpy((void *)(uintptr_t)l->at[i], l->bytes + s->sh_offset, s->sh_size);
    }
    return 0;
}

static int resolve_symbols(Load *l)
{
    for (uint32_t i = 1; i < l->nsyms; i++) {
        const Elf64_Sym *s = &l->symtab[i];
        Symbol *out = &l->symbols[i];
        if (s->st_name >= l->strings_size) return bad(l, "odd symbol", NULL);
        out->name = l->strings + s->st_name;
        out->global = ELF64_ST_BIND(s->st_info) != STB_LOCAL;
        if (s->st_shndx == SHN_UNDEF) {
            if (!*out->name) continue;
            out->address = (uint64_t)(uintptr_t)l->symbol(out->name);
            out->outside = true;
            out->missing = !out->address && ELF64_ST_BIND(s->st_info) != STB_WEAK;
        } else if (s->st_shndx == SHN_ABS) {
            out->address = s->st_value;
        } else if (s->st_shndx < l->nsections && l->at[s->st_shndx]) {
            if (s->st_value > l->sections[s->st_shndx].sh_size)
                return bad(l, "a symbol outside its section", NULL);
            out->address = l->at[s->st_shndx] + s->st_value;
        }
    }
    return 0;
}

/* ---- relocation ---- */

static uint32_t slot_of(Load *l, Symbol *s)
{
    if (!s->slot) {
        s->slot = ++l->nslots;
        l->got[s->slot - 1] = s->address;
        char *stub = l->stubs + (size_t)(s->slot - 1) * STUB_BYTES;
        int64_t distance = (char *)&l->got[s->slot - 1] - stub;
#if defined(__x86_64__)
        static const uint8_t jump[] = {0xff, 0x25}; /* jmp *offset(%rip) */
        int32_t offset = (int32_t)(distance - 6);
        memcpy(stub, jump, 2);
        memcpy(stub + 2, &offset, 4);
#else
        /* ldr x16, got; br x16 */
        uint32_t code[2] = {0x58000010u | (((uint32_t)(distance >> 2) & 0x7ffff) << 5),
                            0xd61f0200u};
        if (distance >= (1 << 20)) return 0;
        memcpy(stub, code, sizeof code);
#endif
    }
    return s->slot;
}

static uint64_t stub_of(Load *l, Symbol *s)
{
    uint32_t slot = slot_of(l, s);
    return slot ? (uint64_t)(uintptr_t)(l->stubs + (size_t)(slot - 1) * STUB_BYTES) : 0;
}

static uint64_t got_of(Load *l, Symbol *s)
{
    uint32_t slot = slot_of(l, s);
    return slot ? (uint64_t)(uintptr_t)&l->got[slot - 1] : 0;
}

static bool put32(char *where, int64_t value)
{
    int32_t v = (int32_t)value;
    if (v != value) return false;
    memcpy(where, &v, 4);
    return true;
}

#if defined(__x86_64__)
static int relocate(Load *l, uint32_t type, char *where, size_t room, Symbol *s, int64_t addend)
{
    uint64_t p = (uint64_t)(uintptr_t)where, target = s->address;
    size_t width = type == R_X86_64_64 || type == R_X86_64_PC64 ? 8 : 4;
    if (room < width) return bad(l, "a relocation outside its section", NULL);
    switch (type) {
    case R_X86_64_64:
        target += (uint64_t)addend;
        memcpy(where, &target, 8);
        return 0;
    case R_X86_64_PC64:
        target += (uint64_t)addend - p;
        memcpy(where, &target, 8);
        return 0;
    case R_X86_64_PC32:
    case R_X86_64_PLT32:
        if (s->outside) target = stub_of(l, s);
        if (put32(where, (int64_t)(target + (uint64_t)addend - p))) return 0;
        break;
    case R_X86_64_GOTPCREL:
    case R_X86_64_GOTPCRELX:
    case R_X86_64_REX_GOTPCRELX:
        if (put32(where, (int64_t)(got_of(l, s) + (uint64_t)addend - p))) return 0;
        break;
    default: break;
    }
    return bad(l, "an unknown relocation for", s->name);
}
#else
static int relocate(Load *l, uint32_t type, char *where, size_t room, Symbol *s, int64_t addend)
{
    uint64_t p = (uint64_t)(uintptr_t)where, target = s->address + (uint64_t)addend;
    uint32_t code;
    if (room < 4 || (room < 8 && (type == R_AARCH64_ABS64 || type == R_AARCH64_PREL64)))
        return bad(l, "a relocation outside its section", NULL);
    memcpy(&code, where, 4);
    switch (type) {
    case R_AARCH64_ABS64: memcpy(where, &target, 8); return 0;
    case R_AARCH64_PREL64:
        target -= p;
        memcpy(where, &target, 8);
        return 0;
    case R_AARCH64_PREL32:
        if (put32(where, (int64_t)(target - p))) return 0;
        break;
    case R_AARCH64_CALL26:
    case R_AARCH64_JUMP26:
        if (s->outside) target = stub_of(l, s);
        code = (code & 0xfc000000u) | (((uint32_t)((int64_t)(target - p) >> 2)) & 0x03ffffffu);
        memcpy(where, &code, 4);
        return 0;
    case R_AARCH64_ADR_GOT_PAGE: target = got_of(l, s); /* fall through */
    case R_AARCH64_ADR_PREL_PG_HI21: {
        int64_t pages = ((int64_t)(target & ~0xfffull) - (int64_t)(p & ~0xfffull)) >> 12;
        code = (code & 0x9f00001fu) | ((uint32_t)(pages & 3) << 29) |
               ((uint32_t)((pages >> 2) & 0x7ffff) << 5);
        memcpy(where, &code, 4);
        return 0;
    }
    case R_AARCH64_LD64_GOT_LO12_NC: target = got_of(l, s); /* fall through */
    case R_AARCH64_LDST64_ABS_LO12_NC:
        code = (code & ~(0xfffu << 10)) | (((uint32_t)(target & 0xfff) >> 3) << 10);
        memcpy(where, &code, 4);
        return 0;
    case R_AARCH64_ADD_ABS_LO12_NC:
    case R_AARCH64_LDST8_ABS_LO12_NC:
        code = (code & ~(0xfffu << 10)) | ((uint32_t)(target & 0xfff) << 10);
        memcpy(where, &code, 4);
        return 0;
    case R_AARCH64_LDST16_ABS_LO12_NC:
        code = (code & ~(0xfffu << 10)) | (((uint32_t)(target & 0xfff) >> 1) << 10);
        memcpy(where, &code, 4);
        return 0;
    case R_AARCH64_LDST32_ABS_LO12_NC:
        code = (code & ~(0xfffu << 10)) | (((uint32_t)(target & 0xfff) >> 2) << 10);
        memcpy(where, &code, 4);
        return 0;
    case R_AARCH64_LDST128_ABS_LO12_NC:
        code = (code & ~(0xfffu << 10)) | (((uint32_t)(target & 0xfff) >> 4) << 10);
        memcpy(where, &code, 4);
        return 0;
    default: break;
    }
    return bad(l, "an unknown relocation for", s->name);
}
#endif

static int relocate_section(Load *l, const Elf64_Shdr *rela)
{
    if (rela->sh_info >= l->nsections || rela->sh_entsize != sizeof(Elf64_Rela) ||
        rela->sh_offset % 8)
        return bad(l, "odd relocation table", NULL);
    uint64_t at = l->at[rela->sh_info], size = l->sections[rela->sh_info].sh_size;
    if (!at) return 0;
    const Elf64_Rela *r = (const Elf64_Rela *)(l->bytes + rela->sh_offset);
    for (uint64_t i = 0; i < rela->sh_size / sizeof *r; i++) {
        uint64_t sym = ELF64_R_SYM(r[i].r_info);
        if (sym >= l->nsyms || r[i].r_offset >= size) return bad(l, "an odd relocation", NULL);
        if (l->symbols[sym].missing)
            return bad(l, "it needs the unknown symbol", l->symbols[sym].name);
        if (relocate(l, (uint32_t)ELF64_R_TYPE(r[i].r_info),
                     (char *)(uintptr_t)(at + r[i].r_offset), size - r[i].r_offset,
                     &l->symbols[sym], r[i].r_addend) < 0)
            return -1;
    }
    return 0;
}

static int protect(Load *l)
{
    if (l->part_size[PART_CODE] && mprotect(l->base + l->part_begin[PART_CODE],
                                            l->part_size[PART_CODE], PROT_READ | PROT_EXEC))
        return bad(l, "the system allows no executable memory", NULL);
    if (l->part_size[PART_CONST] &&
        mprotect(l->base + l->part_begin[PART_CONST], l->part_size[PART_CONST], PROT_READ))
        return bad(l, "memory cannot be protected", NULL);
    __builtin___clear_cache(l->base, l->base + l->part_size[PART_CODE]);
    return 0;
}

static JitCode *finish(Load *l)
{
    JitCode *code = calloc(1, sizeof *code);
    if (!code) return NULL;
    code->names = malloc(l->strings_size);
    code->globals = calloc(l->nsyms + 1, sizeof *code->globals);
    if (!code->names || !code->globals) {
        free(code->names);
        free(code->globals);
        free(code);
        return NULL;
    }
    memcpy(code->names, l->strings, l->strings_size);
    for (uint32_t i = 1; i < l->nsyms; i++)
        if (l->symbols[i].global && !l->symbols[i].outside && l->symbols[i].address) {
            code->globals[code->nglobals].name = code->names + l->symtab[i].st_name;
            code->globals[code->nglobals++].address = (void *)(uintptr_t)l->symbols[i].address;
        }
    code->at = l->at;
    code->nsections = l->nsections;
    l->at = NULL;
    code->base = l->base;
    code->code_size = l->part_size[PART_CODE];
    for (int part = 0; part < PART_COUNT; part++) code->size += l->part_size[part];
    return code;
}

static int load_all(Load *l)
{
    if (read_header(l) < 0 || read_symbols(l) < 0) return -1;
    l->at = calloc(l->nsections + 1, sizeof *l->at);
    l->symbols = calloc(l->nsyms + 1, sizeof *l->symbols);
    if (!l->at || !l->symbols) return bad(l, "out of memory", NULL);
    if (place(l) < 0 || resolve_symbols(l) < 0) return -1;
    for (uint32_t i = 0; i < l->nsections; i++)
        if (l->sections[i].sh_type == SHT_RELA && relocate_section(l, &l->sections[i]) < 0)
            return -1;
    return protect(l);
}

JitCode *jit_loader_load(const uint8_t *object, size_t size, void *(*symbol)(const char *),
                         char *error, size_t error_size)
{
    Load l = {
        .bytes = object, .size = size, .symbol = symbol, .error = error, .error_size = error_size};
    JitCode *code = NULL;
    if (((uintptr_t)object & 7) != 0)
        bad(&l, "misaligned", NULL);
    else if (load_all(&l) == 0)
        code = finish(&l);
    if (!code && l.base) {
        size_t mapped = 0;
        for (int part = 0; part < PART_COUNT; part++) mapped += l.part_size[part];
        munmap(l.base, mapped);
    }
    free(l.at);
    free(l.symbols);
    return code;
}

void *jit_loader_find(const JitCode *code, const char *name)
{
    for (uint32_t i = 0; i < code->nglobals; i++)
        if (!strcmp(code->globals[i].name, name)) return code->globals[i].address;
    return NULL;
}

void jit_loader_range(const JitCode *code, const void **begin, size_t *size)
{
    *begin = code->base;
    *size = code->code_size;
}

uint64_t jit_loader_section(const JitCode *code, uint32_t section)
{
    return section < code->nsections ? code->at[section] : 0;
}

void jit_loader_place(const JitCode *code, uint8_t *object)
{
    Elf64_Shdr *sections = (Elf64_Shdr *)(object + ((const Elf64_Ehdr *)object)->e_shoff);
    for (uint32_t i = 0; i < code->nsections; i++) sections[i].sh_addr = code->at[i];
}

void jit_loader_free(JitCode *code)
{
    if (!code) return;
    free(code->at);
    munmap(code->base, code->size);
    free(code->names);
    free(code->globals);
    free(code);
}
