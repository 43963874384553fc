/* peephole.c: improves a unit's instruction list before assembly.
 *
 *   threading   a jump to a jump goes to that one's target; a conditional jump to a test of the
 *               same register goes where that test will go
 *   exits       a jump to the implicit `return None` becomes a return of its own or gets a copy
 *   lines       an instruction without position takes that of the one place it is reached from
 *   NOPs        and jumps to the next instruction go, unless a source line would have no
 *               instruction left: every line that runs must show up in sys.settrace
 *
 * For the same reason a jump with a line of its own is never skipped by threading. */
#include "runtime/compile/compiler.h"

static bool ends_flow(uint16_t op)
{
    return op == OP_JUMP || op == OP_JUMP_BACK || op == OP_RETURN || op == OP_RAISE ||
           op == OP_RAISE_AGAIN || op == OP_RERAISE;
}

static void mark_targets(Unit *u)
{
    for (uint32_t i = 1; i < u->label_count; i++) {
        const Label *l = &u->labels[i];
        if (l->used && l->at >= 0 && (uint32_t)l->at < u->count) u->ins[l->at].flags |= INS_TARGET;
    }
}

/* The first instruction at or after i that is no removable NOP for a jump that has `line`. */
static uint32_t landing(const Unit *u, uint32_t i, uint32_t line)
{
    while (i + 1 < u->count && u->ins[i].op == OP_NOP &&
           (u->ins[i].at.line == line || u->ins[i].at.line == 0))
        i++;
    return i;
}

static bool tests_register(uint16_t op) { return op == OP_JUMP_IF_TRUE || op == OP_JUMP_IF_FALSE; }

/* A label that stands before instruction i. */
static uint32_t label_at(Unit *u, uint32_t i)
{
    uint32_t label = kr_unit_label(u);
    u->labels[label].at = (int32_t)i;
    u->labels[label].used = true;
    u->ins[i].flags |= INS_TARGET;
    return label;
}

static void thread_jump(Unit *u, uint32_t i)
{
    Ins *ins = &u->ins[i];
    for (int steps = 0; steps < 16; steps++) {
        uint32_t at = landing(u, (uint32_t)u->labels[ins->label].at, ins->at.line);
        const Ins *target = &u->ins[at];
        if (at == i || (target->at.line != ins->at.line && target->at.line != 0)) return;
        if (target->op == OP_JUMP && target->label != ins->label) {
            ins->label = target->label;
        } else if (target->op == OP_JUMP_BACK && ins->op == OP_JUMP) {
            ins->op = OP_JUMP_BACK;
            ins->label = target->label;
            return;
        } else if (tests_register(ins->op) && tests_register(target->op) && target->a == ins->a) {
            if (target->op == ins->op) {
                if (target->label == ins->label) return;
                ins->label = target->label;
            } else if (at + 1 < u->count) {
                ins->label = label_at(u, at + 1);
                ins = &u->ins[i];
            } else {
                return;
            }
        } else {
            return;
        }
    }
}

static void thread_jumps(Unit *u)
{
    for (uint32_t i = 0; i < u->count; i++)
        if (u->ins[i].label && u->ins[i].op != OP_JUMP_BACK) thread_jump(u, i);
}

/* Does the code at `at` return None without a line of its own? */
static bool is_bare_exit(const Unit *u, uint32_t at)
{
    const Ins *load = &u->ins[at], *leave = load + 1;
    return at + 1 < u->count && load->op == OP_LOAD_IMMEDIATE && load->b == NONE.bits &&
           load->at.line == 0 && leave->op == OP_RETURN && leave->a == load->a;
}

static uint32_t append_exit(Unit *u, const Ins *jump, uint32_t exit)
{
    Ins copies[2] = {u->ins[exit], u->ins[exit + 1]};
    uint32_t at = u->count;
    for (int i = 0; i < 2; i++) {
        u->at = jump->at;
        kr_unit_emit(u, copies[i].op, copies[i].a, copies[i].b, copies[i].c);
        u->dead = false;
        u->ins[u->count - 1].guard = copies[i].guard;
    }
    return label_at(u, at);
}

/* The implicit return at the end of a function has no line; whoever jumps to it gets a copy with
 * the jump's line, so that a frame that returned tells the last line it ran. Plain jumps become
 * the return itself. */
static void copy_exits(Unit *u)
{
    uint32_t n = u->count, made = 0;
    struct {
        uint32_t line, exit, label;
    } cache[4];
    u->dead = false;
    u->guard = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (!u->ins[i].label || u->ins[i].op == OP_JUMP_BACK) continue;
        uint32_t at = (uint32_t)u->labels[u->ins[i].label].at;
        while (at + 2 < n && u->ins[at].op == OP_NOP && u->ins[at].at.line == 0) at++;
        if (!is_bare_exit(u, at)) continue;
        if (u->ins[i].op == OP_JUMP) {
            u->ins[i].guard = u->ins[at].guard;
            u->ins[i].flags |= INS_RETURN_NONE;
            u->ins[i].a = u->ins[at].a;
            u->ins[i].label = 0;
            continue;
        }
        uint32_t line = u->ins[i].at.line, k = 0;
        while (k < made && (cache[k].line != line || cache[k].exit != at)) k++;
        if (k == made) {
            if (made == sizeof cache / sizeof *cache) continue;
            Ins jump = u->ins[i];
            cache[k].line = line, cache[k].exit = at, cache[k].label = append_exit(u, &jump, at);
            made++;
        }
        u->ins[i].label = cache[k].label;
    }
}

/* Labels that nothing jumps to any more lose their instruction's mark. */
static void remark_targets(Unit *u)
{
    for (uint32_t i = 0; i < u->count; i++) u->ins[i].flags &= (uint16_t)~INS_TARGET;
    for (uint32_t i = 1; i < u->label_count; i++) u->labels[i].used = false;
    for (uint32_t i = 1; i < u->guard_count; i++) u->labels[u->guards[i].handler].used = true;
    for (uint32_t i = 0; i < u->count; i++)
        if (u->ins[i].label) u->labels[u->ins[i].label].used = true;
    mark_targets(u);
}

/* An instruction without a line that is reached from one place only takes the line of that
 * place. */
static void propagate_lines(Unit *u)
{
    enum { MANY = UINT32_MAX };
    uint32_t *from =
        kr_arena_alloc(u->c->arena, (u->count + 1) * sizeof *from); /* the jump to it, plus one */
    for (uint32_t i = 1; i < u->guard_count; i++)
        if (u->labels[u->guards[i].handler].at >= 0)
            from[u->labels[u->guards[i].handler].at] = MANY;
    for (uint32_t i = 0; i < u->count; i++) {
        if (!u->ins[i].label || u->ins[i].flags & INS_DELETED) continue;
        uint32_t *slot = &from[u->labels[u->ins[i].label].at];
        *slot = *slot ? MANY : i + 1;
    }
    for (uint32_t i = 1; i < u->count; i++) {
        Ins *ins = &u->ins[i];
        if (ins->at.line != 0) continue;
        bool falls = !ends_flow(ins[-1].op) && !(ins[-1].flags & INS_DELETED);
        if (falls && !from[i])
            ins->at = ins[-1].at;
        else if (!falls && from[i] && from[i] != MANY)
            ins->at = u->ins[from[i] - 1].at;
    }
    for (uint32_t i = 0; i < u->count && u->ins[i].at.line == 0; i++)
        if (u->ins[i].op == OP_RETURN) /* an empty function: the line of its head */
            for (uint32_t j = 0; j <= i; j++)
                u->ins[j].at = (Position){u->first_line, u->first_line, 65535, 65535};
}

static void delete_unreachable(Unit *u)
{
    bool dead = false;
    for (uint32_t i = 0; i < u->count; i++) {
        Ins *ins = &u->ins[i];
        if (ins->flags & INS_TARGET) dead = false;
        if (dead)
            ins->flags |= INS_DELETED;
        else if (ends_flow(ins->op))
            dead = true;
    }
}

/* The instruction executed next after i if nothing jumps: the first one that is not deleted. */
static uint32_t following(const Unit *u, uint32_t i)
{
    for (i++; i < u->count && u->ins[i].flags & INS_DELETED;) i++;
    return i;
}

static void delete_nops(Unit *u)
{
    uint32_t previous_line = 0;
    for (uint32_t i = 0; i < u->count; i++) {
        Ins *ins = &u->ins[i];
        if (ins->flags & INS_DELETED) continue;
        if (ins->flags & INS_TARGET) previous_line = 0; /* reached from elsewhere too */
        if (ins->op == OP_JUMP && ins->label) {
            uint32_t next = following(u, i);
            uint32_t at = (uint32_t)u->labels[ins->label].at;
            while (at < u->count && u->ins[at].flags & INS_DELETED) at++;
            if (at == next) ins->op = OP_NOP, ins->label = 0;
        }
        if (ins->op == OP_NOP) {
            uint32_t next = following(u, i);
            bool same_before = previous_line && previous_line == ins->at.line;
            bool same_after = next < u->count && u->ins[next].at.line == ins->at.line;
            if (ins->at.line == 0 || same_before || same_after) {
                if (ins->flags & INS_TARGET && next < u->count) u->ins[next].flags |= INS_TARGET;
                ins->flags |= INS_DELETED;
                continue;
            }
        }
        previous_line = ins->at.line;
    }
}

void kr_peephole_run(Unit *u)
{
    mark_targets(u);
    thread_jumps(u);
    copy_exits(u);
    remark_targets(u);
    delete_unreachable(u);
    propagate_lines(u);
    delete_nops(u);
}
