/* infer_object.c: instances of classes (numba.experimental.jitclass, dataclasses, plain ones).
 *
 * An instance has the type object(number:fields..., types...). Fields are read and written in place; everything else that a
 * class has is Python code, compiled when it is met: methods, properties, static methods and operators are templates
 * "method.N.name", "property.N.name", "setter.N.name" and "static.N.name" (jit/run/compile.c finds them), and the
 * node is rewritten into a call. Making an instance is py.object, followed by the class's __init__ if there is a
 * declaration of its fields; a dataclass's arguments are its fields. */
#include "jit/types/infer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define T(kind) jit_type_simple(TK_##kind)

enum { WORDS = 200, FIELDS_MAX = 64 };

/* A member of the class as a template's name, "jit." in front; NULL: there is none of that kind. */
static const char *member(Infer *in, const JitType *object, const char *kind, const char *name)
{
    char full[200];
    snprintf(full, sizeof full, "jit.%s.%d.%.120s", kind, atoi(object->name), name);
    return jit_infer_find_kernel(in->f->module, full + 4) ? jit_ir_text(in->f->module, full, strlen(full)) : NULL;
}

const JitType *jit_infer_object_attribute(Infer *in, IrNode *x)
{
    const JitType *t = jit_infer_unwrap(x->args[0]->type);
    int field = jit_type_field(t, x->text);
    const char *found;
    if (field >= 0) return t->elem[field];
    if (!strcmp(x->text, "__class__")) {
        char name[40];
        int n = snprintf(name, sizeof name, "class.%d", atoi(t->name));
        return jit_type_named(TK_FUNC, name, (size_t)n);
    }
    if ((found = member(in, t, "method", x->text))) return jit_type_method(t, found);
    if ((found = member(in, t, "property", x->text))) return jit_infer_written(in, x, found + 4);
    if ((found = member(in, t, "static", x->text))) return jit_type_named(TK_FUNC, found, strlen(found));
    return NULL;
}

const JitType *jit_infer_object_store(Infer *in, IrNode *x)
{
    const JitType *t = jit_infer_unwrap(x->args[0]->type), *v = x->args[1]->type;
    int field = jit_type_field(t, x->text);
    char s[WORDS], u[WORDS];
    const char *setter = field < 0 ? member(in, t, "setter", x->text) : NULL;
    if (setter) return jit_infer_written(in, x, setter + 4);
    if (field < 0)
        return jit_infer_refuse(in, REFUSE_ATTRIBUTE, x, jit_type_describe(t, s, sizeof s), x->text);
    if (jit_type_converts(v, t->elem[field])) return T(NONE);
    return jit_infer_refuse(in, REFUSE_STORE, x, jit_type_describe(v, s, sizeof s),
                            jit_type_describe(t->elem[field], u, sizeof u));
}

static IrNode *before(Infer *in, IrNode *at, IrOp op, uint32_t n)
{
    IrNode *x = jit_ir_node_new(in->f, op, M_VOID, n);
    x->pos = at->pos;
    x->id = in->f->next_node++;
    jit_ir_insert_before(at, x);
    if (at->exit && (jit_ir_ops[op].effects & EFFECT_RAISE))
        x->exit = jit_ir_edge_new(in->f, at->exit->to, at->exit->n, at->exit->args);
    in->grew = true; /* the walk has passed this place: another round */
    return x;
}

/* The call node becomes the value of `made`. */
static void becomes(Infer *in, IrNode *x, IrNode *made)
{
    IrNode *callee = before(in, x, OP_CONST, 0);
    callee->type = jit_type_named(TK_FUNC, "numba.literally", strlen("numba.literally"));
    x->args[0] = callee;
    x->args[1] = made;
    x->n = 2;
    x->text = NULL;
}

static const JitType *make_declared(Infer *in, IrNode *x, const JitType *t)
{
    IrNode *made = before(in, x, OP_PY_OBJECT, 0);
    made->grown = made->type = t;
    if (member(in, t, "method", "__init__")) {
        IrNode *init = before(in, x, OP_PY_GETATTR, 1), *call = before(in, x, OP_PY_CALL, x->n);
        init->args[0] = made;
        init->text = "__init__";
        memcpy(call->args, x->args, x->n * sizeof *x->args);
        call->args[0] = init;
        call->text = x->text;
    } else if (x->n > 1) {
        return jit_infer_refuse(in, REFUSE_ARGUMENTS, x, "the class", "it takes none");
    }
    if (x->n < 2) x->args = jit_ir_alloc(in->f->module, 2 * sizeof *x->args);
    becomes(in, x, made);
    return t;
}

/* A dataclass: what its __init__ would bind to the parameters are its fields. */
static const JitType *make_dataclass(Infer *in, IrNode *x, const char *name)
{
    char full[100], word[100];
    const JitType *elem[FIELDS_MAX];
    IrNode *args[FIELDS_MAX], *callee = x->args[0];
    KernelCall call;
    const char *fields = strchr(name, ':') + 1;
    snprintf(full, sizeof full, "jit.method.%d.__init__", atoi(name));
    IrNode self = {.type = jit_type_method(T(NONE), full), .op = OP_PY_GETATTR};
    self.args = &callee; /* stands for the instance, which nothing looks at */
    x->args[0] = &self;
    const char *trouble = jit_infer_find_kernel(in->f->module, full + 4) ? jit_infer_bind_kernel(in, x, &call)
                                                                        : "its __init__ is not known";
    x->args[0] = callee;
    if (trouble) return jit_infer_refuse(in, REFUSE_ARGUMENTS, x, "the class", trouble);
    uint32_t n = 0;
    for (const char *at = fields; *at && n < FIELDS_MAX; n++) {
        uint32_t i = 1;
        size_t k = strcspn(at, ",");
        snprintf(word, sizeof word, "%.*s", (int)(k < 99 ? k : 99), at);
        while (i < call.n && (!call.callee->first->params[i]->name || strcmp(call.callee->first->params[i]->name, word))) i++;
        if (i == call.n) return jit_infer_refuse(in, REFUSE_ARGUMENTS, x, "the class", "a field is no parameter");
        args[n] = call.arg[i];
        if (!args[n]) {
            args[n] = before(in, x, OP_CONST, 0);
            args[n]->type = call.callee->defaults[i]->type;
            args[n]->imm = call.callee->defaults[i]->imm;
            args[n]->imag = call.callee->defaults[i]->imag;
        }
        elem[n] = jit_infer_kept(args[n]->type);
        at += k + (at[k] == ',');
    }
    IrNode *made = before(in, x, OP_PY_OBJECT, n);
    if (n) memcpy(made->args, args, n * sizeof *args);
    made->text = jit_ir_text(in->f->module, name, strlen(name));
    made->type = jit_type_object(elem, n, name);
    if (x->n < 2) x->args = jit_ir_alloc(in->f->module, 2 * sizeof *x->args);
    becomes(in, x, made);
    return made->type;
}

/* A call of the class "class.N" or "class.N:fields". */
const JitType *jit_infer_object_make(Infer *in, IrNode *x)
{
    const char *name = x->args[0]->type->name + strlen("class.");
    if (strchr(name, ':')) return make_dataclass(in, x, name);
    const JitType *t = in->f->module->class_type ? in->f->module->class_type(atoll(name)) : NULL;
    return t ? make_declared(in, x, t) : jit_infer_refuse(in, REFUSE_UNKNOWN_FUNCTION, x, "the class");
}

/* The type of py.object: declared, or of its arguments. */
const JitType *jit_infer_object_new(const IrNode *x)
{
    const JitType *elem[FIELDS_MAX];
    if (!x->text) return x->grown;
    for (uint32_t i = 0; i < x->n; i++) elem[i] = jit_infer_kept(x->args[i]->type);
    return jit_type_object(elem, x->n, x->text);
}

/* Without methods for it, equality of instances is identity, and != the opposite of ==. */
static bool plain_equality(Infer *in, IrNode *x, const JitType **result)
{
    if (x->op != OP_PY_COMPARE || (x->sub != OPER_EQ && x->sub != OPER_NE)) return false;
    const JitType *a = x->args[0]->type, *b = x->args[1]->type;
    if (a->kind != TK_OBJECT) return false;
    if (x->sub == OPER_NE && member(in, a, "method", "__eq__")) {
        IrNode *equal = before(in, x, OP_PY_COMPARE, 2);
        equal->sub = OPER_EQ;
        memcpy(equal->args, x->args, 2 * sizeof *equal->args);
        x->op = OP_PY_UNARY;
        x->sub = OPER_NOT;
        x->args[0] = equal;
        x->n = 1;
        *result = T(BOOL);
        return true;
    }
    if (b->kind != TK_OBJECT) return false;
    x->op = x->sub == OPER_EQ ? OP_PY_IS : OP_PY_ISNOT;
    x->sub = 0;
    *result = T(BOOL);
    return true;
}

/* Is x an operation that a class of its first operand (or, reflected, its second) defines? */
bool jit_infer_object_operator(Infer *in, IrNode *x, const JitType **result)
{
    static const char *const binary[] = {
        [OPER_ADD] = "add", [OPER_SUB] = "sub", [OPER_MUL] = "mul", [OPER_TRUEDIV] = "truediv",
        [OPER_FLOORDIV] = "floordiv", [OPER_MOD] = "mod", [OPER_POW] = "pow", [OPER_MATMUL] = "matmul",
        [OPER_AND] = "and", [OPER_OR] = "or", [OPER_XOR] = "xor", [OPER_LSHIFT] = "lshift", [OPER_RSHIFT] = "rshift",
        [OPER_NEG] = "neg", [OPER_POS] = "pos", [OPER_INVERT] = "invert", [OPER_NOT] = NULL, [OPER_EQ] = "eq",
        [OPER_NE] = "ne", [OPER_LT] = "lt", [OPER_LE] = "le", [OPER_GT] = "gt", [OPER_GE] = "ge"};
    const char *name = NULL, *found = NULL;
    char dunder[40];
    uint32_t on = x->op == OP_PY_IN;
    switch (x->op) {
    case OP_PY_BINARY:
    case OP_PY_INPLACE:
    case OP_PY_UNARY:
    case OP_PY_COMPARE: name = binary[x->sub]; break;
    case OP_PY_GETITEM: name = "getitem"; break;
    case OP_PY_SETITEM: name = "setitem"; break;
    case OP_PY_IN: name = "contains"; break;
    default: break;
    }
    if (!name || x->n <= on) return false;
    const JitType *t = x->args[on]->type;
    if (t->kind == TK_OBJECT && x->op == OP_PY_INPLACE) {
        snprintf(dunder, sizeof dunder, "__i%s__", name);
        found = member(in, t, "method", dunder);
    }
    snprintf(dunder, sizeof dunder, "__%s__", name);
    if (t->kind == TK_OBJECT && !found) found = member(in, t, "method", dunder);
    if (!found && x->op == OP_PY_BINARY && x->args[1]->type->kind == TK_OBJECT) {
        snprintf(dunder, sizeof dunder, "__r%s__", name);
        found = member(in, x->args[1]->type, "method", dunder);
        on = found != NULL;
    }
    if (!found) return plain_equality(in, x, result);
    if (on) {
        IrNode *first = x->args[0];
        x->args[0] = x->args[1];
        x->args[1] = first;
    }
    *result = jit_infer_written(in, x, found + 4);
    return true;
}

/* len(), bool(), abs(), int(), float(), hash() of an instance: a call of its method; NULL: none. */
const char *jit_infer_object_function(Infer *in, const IrNode *x)
{
    static const char *const names[][2] = {{"len", "__len__"}, {"bool", "__bool__"},   {"abs", "__abs__"},
                                           {"int", "__int__"}, {"float", "__float__"}, {"hash", "__hash__"},
                                           {"complex", "__complex__"}};
    if (x->n != 2 || x->text || x->args[0]->type->kind != TK_FUNC || x->args[1]->type->kind != TK_OBJECT) return NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(x->args[0]->type->name, names[i][0])) {
            const char *found = member(in, x->args[1]->type, "method", names[i][1]);
            return found ? found + 4 : NULL;
        }
    return NULL;
}

void jit_infer_object_finish(IrFunc *f, IrNode *x)
{
    if (x->op == OP_PY_OBJECT)
        for (uint32_t i = 0; i < x->n; i++) x->args[i] = jit_infer_converted(f, x, x->args[i], x->type->elem[i]);
    if (x->op != OP_PY_SETATTR) return;
    const JitType *t = jit_infer_unwrap(x->args[0]->type);
    int field = t->kind == TK_OBJECT ? jit_type_field(t, x->text) : -1;
    if (field >= 0) x->args[1] = jit_infer_converted(f, x, x->args[1], t->elem[field]);
}
