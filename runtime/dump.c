/* dump.c: -X dump=tokens|ast|bytecode. */
#include "runtime/dump.h"

#include <stdio.h>

#include "runtime/compile/compile.h"
#include "runtime/memory/arena.h"
#include "runtime/syntax/dump.h"
#include "runtime/vm/sys_module.h"

static bool wants(const char *stage)
{
    const char *option = kr_option_x("dump");
    size_t n = strlen(stage);
    return option && strncmp(option, stage, n) == 0 && (option[n] == 0 || option[n] == ',');
}

bool kr_dump_requested(void) { return wants("tokens") || wants("ast") || wants("bytecode"); }

int kr_dump_source(const char *text, size_t size, Value filename)
{
    if (wants("bytecode")) {
        Value code = kr_compile_source(text, size, filename, PARSE_EXEC, 0, -1);
        if (is_empty(code)) return -1;
        kr_disassemble(code_of(code), true, stdout);
        return 0;
    }
    Arena *arena = kr_arena_new();
    if (!arena) return kr_raise_no_memory(), -1;
    SyntaxError error = {0};
    int status = 0;
    if (wants("tokens")) {
        if (!kr_dump_tokens(arena, text, size, stdout, &error)) status = -1;
    } else {
        Mod *mod = kr_parse(arena, text, size, kr_str_utf8(filename, NULL), PARSE_EXEC, 0, &error);
        if (mod) kr_dump_ast(mod, stdout);
        else status = -1;
    }
    if (status < 0) kr_compile_raise(&error, filename);
    kr_arena_free(arena);
    return status;
}
