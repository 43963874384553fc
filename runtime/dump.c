/* dump.c: -X dump=tokens|ast|bytecode. */
#include "runtime/dump.h"

#include <stdio.h>

#include "runtime/compile/compile.h"
#include "runtime/memory/arena.h"
#include "runtime/syntax/dump.h"
#include "runtime/vm/disassemble.h"
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
        const char *function = strstr(kr_option_x("dump"), ",func=");
        kr_disassemble_tree(code_of(code), function ? function + 6 : NULL, stdout);
        return 0;
    }
    const char *name = kr_str_utf8(filename, NULL);
    if (wants("tokens")) return kr_dump_tokens(stdout, text, size, name) ? 0 : 1;
    Arena *arena = kr_arena_new();
    if (!arena) return kr_raise_no_memory(), -1;
    SyntaxError error = {0};
    Mod *mod = kr_parse(arena, text, size, name, PARSE_EXEC, 0, &error);
    if (mod) kr_dump_ast(stdout, mod);
    else kr_compile_raise(&error, filename);
    kr_arena_free(arena);
    return mod ? 0 : -1;
}
