/* codegen_class.c: class statements: __build_class__(body function, name, *bases, **keywords),
 * and the body.
 *
 * The body runs in the namespace that the metaclass prepares. If a method uses __class__ or
 * super(), the body makes a cell for it, stores the cell as __classcell__ and returns it:
 * type.__new__ fills it. */
#include "runtime/compile/compiler.h"

#include "runtime/objects/str.h"

bool kr_gen_has_annotations(const StmtSeq *body)
{
    for (size_t i = 0; i < body->count; i++) {
        const Stmt *s = body->items[i];
        switch (s->kind) {
        case STMT_AnnAssign: return true;
        case STMT_For:
        case STMT_AsyncFor:
            if (kr_gen_has_annotations(s->For.body) || kr_gen_has_annotations(s->For.orelse))
                return true;
            break;
        case STMT_While:
            if (kr_gen_has_annotations(s->While.body) || kr_gen_has_annotations(s->While.orelse))
                return true;
            break;
        case STMT_If:
            for (;; s = s->If.orelse->items[0]) {
                if (kr_gen_has_annotations(s->If.body)) return true;
                if (s->If.orelse->count != 1 || s->If.orelse->items[0]->kind != STMT_If) break;
            }
            if (kr_gen_has_annotations(s->If.orelse)) return true;
            break;
        case STMT_With:
        case STMT_AsyncWith:
            if (kr_gen_has_annotations(s->With.body)) return true;
            break;
        case STMT_Match:
            for (size_t j = 0; j < s->Match.cases->count; j++)
                if (kr_gen_has_annotations(s->Match.cases->items[j]->body)) return true;
            break;
        case STMT_Try:
        case STMT_TryStar:
            for (size_t j = 0; j < s->Try.handlers->count; j++)
                if (kr_gen_has_annotations(s->Try.handlers->items[j]->body)) return true;
            if (kr_gen_has_annotations(s->Try.body) || kr_gen_has_annotations(s->Try.orelse) ||
                kr_gen_has_annotations(s->Try.finalbody))
                return true;
            break;
        default: break;
        }
    }
    return false;
}

static void store_constant(Unit *u, Identifier *name, Value v)
{
    uint32_t mark = u->top;
    Reg r = kr_gen_constant(u, v, ANYWHERE);
    kr_unit_emit_name(u, OP_STORE_NAME, r, 0, name);
    u->top = mark;
}

static void class_body(Unit *b, Stmt *def)
{
    Compiler *c = b->c;
    StmtSeq *body = def->ClassDef.body;
    uint32_t mark = b->top;
    b->at = (Position){b->first_line, b->first_line, 0, 0};
    kr_gen_begin_unit(b);
    Reg r = kr_unit_push(b);
    kr_unit_emit_name(b, OP_LOAD_NAME, r, 0, c->name_dunder_name);
    kr_unit_emit_name(b, OP_STORE_NAME, r, 0, c->name_module);
    b->top = mark;
    store_constant(b, c->name_qualname, b->qualname);
    if (def->ClassDef.type_params->count) {
        r = kr_gen_load_name(b, c->scopes.name_type_params, ANYWHERE);
        kr_unit_emit_name(b, OP_STORE_NAME, r, 0, c->name_type_params_dunder);
        b->top = mark;
    }
    if (kr_gen_has_annotations(body)) kr_unit_emit(b, OP_SETUP_ANNOTATIONS, 0, 0, 0);
    Value docstring = c->optimize < 2 ? kr_gen_docstring(b, body) : EMPTY;
    if (!is_empty(docstring)) {
        gen_at(b, body->items[0]);
        b->docstring = docstring;
        store_constant(b, c->name_doc, docstring);
    }
    for (size_t i = !is_empty(docstring); i < body->count && !c->failed; i++)
        kr_gen_stmt(b, body->items[i]);
    b->at = NO_POSITION;
    if (b->scope->class_cell) {
        Reg cell = NO_REGISTER;
        for (uint32_t i = 0; i < b->cell_count; i++)
            if (b->cells[i]->name == c->scopes.name_class) cell = b->cells[i]->reg;
        kr_unit_emit_name(b, OP_STORE_NAME, cell, 0, c->name_classcell);
        kr_unit_emit(b, OP_RETURN, cell, 0, 0);
    } else {
        kr_gen_finish(b, true);
    }
}

/* The bases, with the Generic[...] base of a class with type parameters at their end. */
static ExprSeq *bases_of(Unit *u, Stmt *def)
{
    ExprSeq *bases = def->ClassDef.bases;
    if (def->ClassDef.type_params->count == 0) return bases;
    Expr *generic = kr_ast_new(u->c->arena, EXPR_Name);
    generic->lineno = def->lineno, generic->col_offset = def->col_offset;
    generic->end_lineno = def->end_lineno, generic->end_col_offset = def->end_col_offset;
    generic->Name.id = u->c->scopes.name_generic_base;
    ExprSeq *all = kr_ast_sequence(u->c->arena, bases->count + 1, NULL);
    for (size_t i = 0; i < bases->count; i++) all->items[i] = bases->items[i];
    all->items[bases->count] = generic;
    return all;
}

void kr_gen_class(Unit *u, Stmt *def)
{
    uint32_t mark = u->top;
    Identifier *name = def->ClassDef.name;
    ExprSeq *decorators = def->ClassDef.decorator_list;
    TypeParamSeq *params = def->ClassDef.type_params;
    if (kr_gen_forbidden(u, def, name, CTX_Store)) return;
    kr_gen_decorators(u, decorators);
    Reg class = kr_unit_push(u);
    Overlay overlay;
    Identifier *private = u->private;
    if (params->count) {
        u->private = name;
        kr_gen_enter_overlay(u, &overlay, kr_scopes_of(&u->c->scopes, params));
        Reg tuple = kr_gen_type_params(u, params, &overlay);
        uint32_t keep = u->top;
        Reg generic = kr_unit_push(u);
        kr_unit_emit(u, OP_INTRINSIC, generic, tuple, INTRINSIC_GENERIC_BASE);
        kr_gen_store_name(u, u->c->scopes.name_generic_base, generic);
        u->top = keep;
        u->private = private;
    }
    Reg base = kr_unit_push_n(u, 3);
    kr_unit_emit(u, OP_LOAD_BUILD_CLASS, base, 0, 0);
    int32_t first_line = decorators->count ? decorators->items[0]->lineno : def->lineno;
    Unit *body =
        kr_gen_function_unit(u, kr_scopes_of(&u->c->scopes, def), UNIT_CLASS, name, first_line);
    body->private = name;
    class_body(body, def);
    kr_gen_make_function(u, body, NO_REGISTER, (Reg)(base + 1));
    kr_gen_constant(u, kr_unit_str(u->c, name), (Reg)(base + 2));
    u->top = (uint32_t)base + 3;
    kr_gen_call_tail(u, base, 2, bases_of(u, def), def->ClassDef.keywords, class, false);
    if (params->count) kr_gen_leave_overlay(u, &overlay);
    kr_gen_apply_decorators(u, decorators, (Reg)mark);
    kr_gen_store_name(u, name, decorators->count ? (Reg)mark : class);
    u->top = mark;
}
