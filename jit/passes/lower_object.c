/* lower_object.c: instances of classes as machine-level nodes; their layout is jit/run/objects.c's. A field's references
 * are retained when it is read and when it is written, unless the reader only looks (NODE_BORROWED, own.c). */
#include <string.h>

#include "jit/passes/lower.h"
#include "jit/run/containers.h"

static uint32_t width_of(const JitType *t)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < t->n; i++) n += t->elem[i]->nparts;
    return n;
}

/* The first word of field i. */
static IrNode *place_of(Lower *l, const JitType *t, IrNode *own, uint32_t i)
{
    int64_t at = 1 + kernel_object_masks(width_of(t)) + jit_type_part_of(t, i);
    return jit_lower_op2(l, OP_PTRADD, jit_lower_op1(l, OP_DATA, M_PTR, own), jit_lower_int(l, 8 * at));
}

void jit_object_new(Lower *l, const IrNode *x)
{
    const JitType *t = x->type;
    uint32_t width = width_of(t), at = 0;
    int64_t masks = kernel_object_masks(width);
    uint8_t *parts = jit_ir_alloc(l->m, width + 1);
    uint64_t *owned = jit_ir_alloc(l->m, (size_t)(masks + 1) * 8);
    for (uint32_t i = 0; i < t->n; at += t->elem[i++]->nparts) jit_type_parts(t->elem[i], parts + at);
    for (uint32_t i = 0; i < width; i++)
        if (parts[i] == M_OWN) owned[i / 64] |= UINT64_C(1) << (i % 64);
    IrNode *area = jit_lower_placed(l, jit_ir_op0(l->f, l->cur, OP_STACK, M_PTR));
    area->imm.i = masks ? masks : 1;
    for (int64_t i = 0; i < masks; i++)
        jit_lower_store(l, area, jit_lower_int(l, 8 * i), jit_lower_int(l, (int64_t)owned[i]));
    IrNode *args[] = {jit_lower_int(l, width), area};
    IrNode *own = jit_container_checked(l, jit_lower_rt(l, RT_OBJECT_NEW, 2, args));
    for (uint32_t i = 0; i < x->n; i++)
        jit_container_put_words(l, place_of(l, t, own, i), t->elem[i]->nparts, jit_lower_parts(l, x->args[i]));
    jit_lower_set(l, x, 1, &own);
}

/* A list, str or instance must be there before anybody looks into it; arrays without a value are empty. */
static void check_there(Lower *l, const IrNode *x, IrNode *place)
{
    TypeKind kind = (TypeKind)x->type->kind;
    if (kind != TK_OBJECT && kind != TK_TEXT && !jit_type_is_container(x->type)) return;
    IrNode *word = jit_lower_load(l, M_I64, place, jit_lower_int(l, 0));
    jit_lower_check(l, jit_lower_op2(l, OP_NE, word, jit_lower_int(l, 0)), ERR_FIELD_UNSET, x->text, NULL, NULL, NULL);
}

void jit_object_getattr(Lower *l, const IrNode *x)
{
    const JitType *t;
    IrNode **p = jit_lower_unwrapped(l, x->args[0], &t);
    if (x->type->kind == TK_METHOD) {
        jit_lower_set(l, x, x->type->nparts, p);
        return;
    }
    if (x->type->kind == TK_FUNC) {
        jit_lower_set(l, x, 0, NULL);
        return;
    }
    IrNode *place = place_of(l, t, p[0], (uint32_t)jit_type_field(t, x->text));
    IrNode **out = jit_ir_alloc(l->m, (x->type->nparts + 1) * sizeof *out);
    check_there(l, x, place);
    jit_container_take_words(l, place, x->type, x->flags & NODE_BORROWED, out);
    jit_lower_set(l, x, x->type->nparts, out);
}

void jit_object_setattr(Lower *l, const IrNode *x)
{
    const JitType *t;
    IrNode **p = jit_lower_unwrapped(l, x->args[0], &t);
    uint32_t field = (uint32_t)jit_type_field(t, x->text);
    jit_container_replace_words(l, place_of(l, t, p[0], field), t->elem[field], jit_lower_parts(l, x->args[1]));
    jit_lower_set(l, x, 0, NULL);
}
