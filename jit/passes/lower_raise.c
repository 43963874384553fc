/* lower_raise.c: raising, catching and passing on exceptions.
 *
 * `raise ValueError("text")` needs no memory: class and text are constants of the site. Any other
 * raise has a number, under which the dispatcher finds class and types (IrModule.raises), and its
 * arguments travel in a buffer. A handler begins by taking the error out of the place where it
 * stands; an exception is then a value like others (TK_CAUGHT), owned and released. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jit/passes/lower.h"
#include "jit/run/containers.h"
#include "jit/run/exceptions.h"

enum { TEXT_MAX = 900 };

static void emit_raise(Lower *l, IrErr err, const char *text, uint32_t n, IrNode *const *args)
{
    IrNode *r = jit_ir_node_new(l->f, OP_RAISE, M_VOID, n);
    jit_lower_copy(r->args, args, n);
    r->sub = (uint8_t)err;
    r->text = text;
    jit_ir_append(l->cur, jit_lower_placed(l, r));
    jit_lower_raising(l, r);
}

/* A builtin class with nothing or one constant text. */
static bool is_constant(const IrNode *x)
{
    const char *cls = x->args[0]->type->name;
    if (cls[0] == '@' || x->imm.i || x->n > 2) return false;
    if (x->n == 1) return true;
    const JitType *t = x->args[1]->type;
    return t->kind == TK_STR && strlen(t->name) < TEXT_MAX && !strchr(t->name, 1);
}

/* A tuple type over the arguments, for their parts in a row; the cause is the last one. */
static uint32_t remember_raise(Lower *l, const IrNode *x, const JitType **all)
{
    IrModule *m = l->m;
    const JitType **types = jit_ir_alloc(m, (x->n + 1) * sizeof *types);
    for (uint32_t i = 1; i < x->n; i++) types[i - 1] = x->args[i]->type;
    *all = jit_type_tuple(types, x->n - 1);
    IrRaise *raises = jit_ir_alloc(m, (m->nraises + 1) * sizeof *raises);
    if (m->nraises) memcpy(raises, m->raises, m->nraises * sizeof *raises);
    raises[m->nraises] = (IrRaise){x->args[0]->type->name, types, x->n - 1, x->imm.i != 0};
    m->raises = raises;
    return m->nraises++;
}

void jit_raise_lower(Lower *l, const IrNode *x)
{
    char text[TEXT_MAX + 100];
    const char *cls = x->args[0]->type->name;
    if (is_constant(x)) {
        snprintf(text, sizeof text, "%s: %s", cls, x->n > 1 ? x->args[1]->type->name : "");
        emit_raise(l, ERR_USER, jit_ir_text(l->m, text, strlen(text)), 0, NULL);
        return;
    }
    const JitType *all;
    bool custom = cls[0] == '@';
    IrNode *args[] = {jit_lower_int(l, remember_raise(l, x, &all)), jit_lower_int(l, 0),
                      jit_lower_int(l, custom ? -1 : jit_exception_find(cls)),
                      jit_lower_int(l, custom ? atoi(cls + 1) : -1)};
    if (all->nparts) {
        IrNode *own = jit_container_new_list(l, all, 1);
        IrNode *items = jit_lower_load(l, M_PTR, jit_lower_op1(l, OP_DATA, M_PTR, own),
                                       jit_lower_int(l, offsetof(KernelList, items)));
        for (uint32_t i = 1, at = 0; i < x->n; i++) {
            IrNode *place = jit_lower_op2(l, OP_PTRADD, items, jit_lower_int(l, 8 * (int64_t)at));
            jit_container_put_words(l, place, x->args[i]->type->nparts,
                                    jit_lower_parts(l, x->args[i]));
            at += x->args[i]->type->nparts;
        }
        jit_lower_store(l, jit_lower_op1(l, OP_DATA, M_PTR, own), jit_lower_int(l, 0),
                        jit_lower_int(l, 1));
        args[1] = jit_lower_rt(l, RT_WORD_PUT, 1, &own);
        jit_lower_release(l, own);
    }
    emit_raise(l, ERR_RAISED, NULL, 4, args);
}

static IrNode *error_place(Lower *l)
{
    return jit_lower_placed(l, jit_ir_op0(l->f, l->cur, OP_ERROR, M_PTR));
}

void jit_raise_catch(Lower *l, const IrNode *x)
{
    IrNode *place = error_place(l), *own = jit_lower_rt(l, RT_ERROR_CATCH, 1, &place);
    jit_lower_set(l, x, 1, &own);
}

/* Of one class: is the exception a builtin one below it, or one of the script's below it? */
static IrNode *matches(Lower *l, IrNode *caught, const JitType *cls)
{
    const IrModule *m = l->m;
    bool custom = cls->name[0] == '@';
    int builtin = custom ? -1 : jit_exception_find(cls->name);
    uint64_t mask = custom ? m->classes[atoi(cls->name + 1)].derived : 0;
    for (uint32_t i = 0; builtin >= 0 && i < m->nclasses; i++)
        mask |= (m->classes[i].builtin[builtin / 64] >> (builtin % 64) & 1) << i;
    IrNode *args[] = {caught, jit_lower_int(l, builtin), jit_lower_int(l, (int64_t)mask)};
    return jit_lower_rt(l, RT_ERROR_MATCHES, 3, args);
}

void jit_raise_match(Lower *l, const IrNode *x)
{
    IrNode *caught = jit_lower_parts(l, x->args[0])[0], *r = jit_ir_int(l->f, l->cur, M_I1, 0);
    const JitType *t = x->args[1]->type;
    uint32_t n = t->kind == TK_TUPLE ? t->n : 1;
    for (uint32_t i = 0; i < n; i++) {
        IrNode *one = matches(l, caught, t->kind == TK_TUPLE ? t->elem[i] : t);
        r = i ? jit_lower_op2(l, OP_OR, r, one) : one;
    }
    jit_lower_set(l, x, 1, &r);
}

/* The exception is the error again, and the way goes on to the handler around, or out. */
void jit_raise_again(Lower *l, const IrNode *x)
{
    IrNode *args[] = {error_place(l), jit_lower_parts(l, x->args[0])[0]};
    jit_lower_rt(l, RT_ERROR_THROW, 2, args);
    if (!x->exit) {
        jit_ir_op0(l->f, l->cur, OP_RETHROW, M_VOID);
        return;
    }
    IrEdge *e = jit_lower_edge(l, x->block, x->exit);
    jit_ir_jump(l->f, l->cur, e->to, e->n, e->args);
}
