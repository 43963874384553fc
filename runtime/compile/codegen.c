/* codegen.c: kr_compile: the order of the compiler's passes, and module bodies. */
#include "runtime/compile/compiler.h"

#include <string.h>

#include "runtime/objects/str.h"

int kr_compile_optimize;
int (*kr_compile_warn)(KrType *category, Value message, Value filename, int line);

static void intern_names(Compiler *c)
{
    c->name_annotations = kr_gen_intern(c, "__annotations__");
    c->name_module = kr_gen_intern(c, "__module__");
    c->name_qualname = kr_gen_intern(c, "__qualname__");
    c->name_doc = kr_gen_intern(c, "__doc__");
    c->name_dunder_name = kr_gen_intern(c, "__name__");
    c->name_classcell = kr_gen_intern(c, "__classcell__");
    c->name_return = kr_gen_intern(c, "return");
    c->name_type_params_dunder = kr_gen_intern(c, "__type_params__");
}

static void module_body(Unit *u, StmtSeq *body)
{
    size_t first = 0;
    if (body->count)
        gen_at(u, body->items[0]);
    else
        u->at = (Position){1, 1, 0, 0};
    if (kr_gen_has_annotations(body)) kr_unit_emit(u, OP_SETUP_ANNOTATIONS, 0, 0, 0);
    if (!u->c->interactive && u->c->optimize < 2) {
        Value docstring = kr_gen_docstring(u, body);
        if (!is_empty(docstring)) {
            uint32_t mark = u->top;
            u->docstring = docstring;
            Reg r = kr_gen_constant(u, docstring, ANYWHERE);
            kr_unit_emit_name(u, OP_STORE_NAME, r, 0, u->c->name_doc);
            u->top = mark;
            first = 1;
        }
    }
    for (size_t i = first; i < body->count && !u->c->failed; i++) kr_gen_stmt(u, body->items[i]);
    kr_gen_finish(u, true);
}

static Value generate(Compiler *c)
{
    Mod *mod = c->mod;
    Unit *u = kr_unit_new(c, NULL, c->scopes.module, UNIT_MODULE, NULL);
    u->first_line = 1;
    u->flags = c->flags & (COMPILE_FUTURE_ANNOTATIONS | COMPILE_FUTURE_BARRY);
    if (c->flags & COMPILE_TOP_LEVEL_AWAIT && c->scopes.module->coroutine)
        u->flags |= CODE_COROUTINE;
    switch (mod->kind) {
    case MOD_Module: module_body(u, mod->Module.body); break;
    case MOD_Interactive:
        c->interactive = true;
        module_body(u, mod->Interactive.body);
        break;
    case MOD_Expression: {
        gen_at(u, mod->Expression.body);
        Reg r = kr_gen_expr(u, mod->Expression.body, ANYWHERE);
        kr_unit_emit(u, OP_RETURN, r, 0, 0);
        break;
    }
    default: kr_raise(kr_TypeError, "this kind of tree cannot be compiled"); kr_unit_raised(c);
    }
    return c->failed ? EMPTY : kr_assemble(u);
}

Code *kr_compile(Mod *mod, Arena *arena, Value filename, int optimize, int flags,
                 SyntaxError *error)
{
    Compiler c = {.arena = arena, .mod = mod, .filename = filename, .flags = flags, .error = error};
    c.optimize = optimize < 0 ? kr_compile_optimize : optimize;
    error->kind = SYNTAX_OK;
    c.constants = (Constants){.arena = arena, .keep = kr_list(NULL, 0)};
    if (is_empty(c.constants.keep)) return NULL;
    c.scopes.names = mod->names;
    if (!kr_future_scan(&c, mod)) return NULL;
    c.future_annotations = c.flags & COMPILE_FUTURE_ANNOTATIONS;
    Fold fold = {arena, &c.constants, c.optimize == 0, kr_gen_intern(&c, "__debug__")};
    c.scopes = (Scopes){.arena = arena,
                        .names = mod->names,
                        .error = error,
                        .fold = &fold,
                        .future_annotations = c.future_annotations,
                        .inline_comprehensions = true};
    intern_names(&c);
    Value code = EMPTY;
    if (kr_scopes_build(&c.scopes, mod)) code = generate(&c);
    for (uint32_t i = 0; i < c.marked_count; i++) c.marked[i]->mark = 0;
    if (is_empty(code)) {
        if (error->kind != SYNTAX_OK && kr_raised()) kr_clear_exception();
        return NULL;
    }
    return code_of(code);
}
