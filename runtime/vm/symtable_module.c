/* symtable_module.c: the _symtable module: the compiler's scopes as objects.
 *
 * The scopes are built as for compiling, but with comprehensions as scopes of their own and
 * constants unfolded. The flags in Symbol are CPython's; the place of a name stands above them,
 * at SCOPE_OFF. */
#include "runtime/compile/compile.h"
#include "runtime/compile/scopes.h"
#include "runtime/objects/str.h"
#include "runtime/version.h"
#include "runtime/vm/builtins.h"

enum {
    SCOPE_OFF = KRAIT_STDLIB_MINOR >= 13 ? 12 : 11,
    SYMBOL_MASK = (1 << (KRAIT_STDLIB_MINOR >= 12 ? 11 : 10)) - 1,
    TYPE_FUNCTION_BLOCK = 0,
    TYPE_CLASS_BLOCK = 1,
    TYPE_MODULE_BLOCK = 2
};

typedef struct Entry {
    Object head;
    Value id, name, symbols, varnames, children;
    int type, nested, lineno;
} Entry;

static Type *table_type;
static int64_t next_id;

static Entry *entry_of(Value v) { return object_of(v); }

static void entry_trace(void *self, KrTracer *tracer)
{
    Entry *e = self;
    const Value values[] = {e->id, e->name, e->symbols, e->varnames, e->children};
    for (int i = 0; i < 5; i++) kr_trace(tracer, values[i]);
}

static Value entry_repr(Value self)
{
    Entry *e = entry_of(self);
    return kr_str_format("<symtable entry %S(%S), line %d>", e->name, e->id, e->lineno);
}

static Value entry_id(Value self) { return entry_of(self)->id; }
static Value entry_name(Value self) { return entry_of(self)->name; }
static Value entry_symbols(Value self) { return entry_of(self)->symbols; }
static Value entry_varnames(Value self) { return entry_of(self)->varnames; }
static Value entry_children(Value self) { return entry_of(self)->children; }
static Value entry_type(Value self) { return kr_int(entry_of(self)->type); }
static Value entry_nested(Value self) { return kr_int(entry_of(self)->nested); }
static Value entry_lineno(Value self) { return kr_int(entry_of(self)->lineno); }
KR_GETSET(entry, entry_id, NULL, "id", NULL)
KR_GETSET(entry, entry_name, NULL, "name", NULL)
KR_GETSET(entry, entry_symbols, NULL, "symbols", NULL)
KR_GETSET(entry, entry_varnames, NULL, "varnames", NULL)
KR_GETSET(entry, entry_children, NULL, "children", NULL)
KR_GETSET(entry, entry_type, NULL, "type", NULL)
KR_GETSET(entry, entry_nested, NULL, "nested", NULL)
KR_GETSET(entry, entry_lineno, NULL, "lineno", NULL)

static Value text_of(const Identifier *name) { return kr_str_sized(name->text, name->length); }

static int fill(Entry *e, const Scope *scope);

static Value new_entry(const Scope *scope)
{
    Entry *e = kr_alloc_instance(table_type);
    if (!e) return EMPTY;
    e->id = kr_int(++next_id);
    e->name = scope->kind == SCOPE_MODULE ? kr_str("top") : text_of(scope->name);
    e->symbols = kr_dict();
    e->varnames = kr_list(NULL, 0);
    e->children = kr_list(NULL, 0);
    e->type = scope->kind == SCOPE_MODULE  ? TYPE_MODULE_BLOCK
              : scope->kind == SCOPE_CLASS ? TYPE_CLASS_BLOCK
                                           : TYPE_FUNCTION_BLOCK;
    e->nested = scope->nested;
    e->lineno = scope->kind == SCOPE_MODULE ? 0 : scope->lineno;
    if (is_empty(e->name) || is_empty(e->symbols) || is_empty(e->varnames) || is_empty(e->children))
        return EMPTY;
    return fill(e, scope) < 0 ? EMPTY : from_object(e);
}

/* Annotations under `from __future__ import annotations` are checked and dropped; what they
 * contain is not shown. */
static int fill(Entry *e, const Scope *scope)
{
    for (uint32_t i = 0; i < scope->count; i++) {
        const Symbol *s = scope->symbols[i];
        Value name = text_of(s->name);
        Value flags = kr_int((int64_t)(s->flags & SYMBOL_MASK) | (int64_t)s->place << SCOPE_OFF);
        if (is_empty(name) || kr_dict_set(e->symbols, name, flags) < 0) return -1;
    }
    for (uint32_t i = 0; i < scope->parameter_count; i++) {
        Value name = text_of(scope->parameters[i]);
        if (is_empty(name) || kr_list_append(e->varnames, name) < 0) return -1;
    }
    for (const Scope *child = scope->first_child; child; child = child->next) {
        if (child->kind == SCOPE_ANNOTATION) continue;
        Value entry = new_entry(child);
        if (is_empty(entry) || kr_list_append(e->children, entry) < 0) return -1;
    }
    return 0;
}

KR_FN(symtable, symtable_symtable, "symtable", "(source, filename, startstr, /)",
      "Return symbol and scope dictionaries used internally by compiler.")
{
    int mode, flags = COMPILE_NO_WARNINGS;
    if (!is_str(a[2]))
        return kr_raise(kr_TypeError, "symtable() argument 3 must be str, not %T", a[2]);
    if (kr_str_equal_ascii(a[2], "exec"))
        mode = PARSE_EXEC;
    else if (kr_str_equal_ascii(a[2], "eval"))
        mode = PARSE_EVAL;
    else if (kr_str_equal_ascii(a[2], "single"))
        mode = PARSE_SINGLE;
    else
        return kr_raise(kr_ValueError, "symtable() arg 3 must be 'exec' or 'eval' or 'single'");
    Value filename = a[1], keep;
    if (!is_str(filename)) {
        const char *path = kr_path_bytes(filename, &keep);
        if (!path) return EMPTY;
        filename = kr_str_fs(path, strlen(path));
    }
    size_t size;
    const char *text =
        kr_builtins_source_text(a[0], "symtable", "string or bytes", &size, &keep, &flags);
    if (!text) return EMPTY;
    Arena *arena = kr_arena_new();
    Value result = EMPTY;
    Mod *mod = kr_compile_parse(arena, text, size, filename, mode, flags);
    SyntaxError error = {.kind = SYNTAX_OK};
    if (mod) {
        Scopes scopes = {.arena = arena, .names = mod->names, .error = &error};
        if (kr_scopes_build(&scopes, mod))
            result = new_entry(scopes.module);
        else
            kr_compile_raise(&error, filename);
    }
    kr_arena_free(arena);
    return result;
}

#include "runtime/vm/symtable_module.entries.h"

static int symtable_exec(Value module)
{
    static const KrTypeSpec spec = {.name = "symtable entry",
                                    .size = sizeof(Entry),
                                    .flags = KR_TYPE_ABSTRACT,
                                    .getset = entry_getset,
                                    .trace = entry_trace,
                                    .slots = {.repr = entry_repr}};
    static const struct {
        const char *name;
        int value;
    } constants[] = {{"USE", SYMBOL_USE},
                     {"DEF_GLOBAL", SYMBOL_GLOBAL},
                     {"DEF_NONLOCAL", SYMBOL_NONLOCAL},
                     {"DEF_LOCAL", SYMBOL_LOCAL},
                     {"DEF_PARAM", SYMBOL_PARAM},
                     {"DEF_FREE", SYMBOL_FREE},
                     {"DEF_FREE_CLASS", SYMBOL_FREE_CLASS},
                     {"DEF_IMPORT", SYMBOL_IMPORT},
                     {"DEF_BOUND", SYMBOL_LOCAL | SYMBOL_PARAM | SYMBOL_IMPORT},
                     {"DEF_ANNOT", SYMBOL_ANNOTATION},
                     {"DEF_COMP_ITER", SYMBOL_ITERATION},
                     {"TYPE_FUNCTION", TYPE_FUNCTION_BLOCK},
                     {"TYPE_CLASS", TYPE_CLASS_BLOCK},
                     {"TYPE_MODULE", TYPE_MODULE_BLOCK},
                     {"LOCAL", PLACE_LOCAL},
                     {"GLOBAL_EXPLICIT", PLACE_GLOBAL_EXPLICIT},
                     {"GLOBAL_IMPLICIT", PLACE_GLOBAL_IMPLICIT},
                     {"FREE", PLACE_FREE},
                     {"CELL", PLACE_CELL},
                     {"SCOPE_OFF", SCOPE_OFF},
                     {"SCOPE_MASK", 15}};
    table_type = kr_type_new(&spec);
    if (!table_type) return -1;
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
        if (kr_module_add_int(module, constants[i].name, constants[i].value) < 0) return -1;
    return 0;
}

KR_MODULE(_symtable) = {.api_version = KR_API_VERSION,
                        .name = "_symtable",
                        .functions = symtable_functions,
                        .exec = symtable_exec};
