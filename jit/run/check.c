/* check.c: runs a parallel loop in order, and watches who writes and reads each element.
 *
 *     address -> last writer (iteration, line)   first reader   last reader
 *
 * Compiled for this mode (njit(parallel="check"), -X jit=check), the body of a parallel loop calls jit_rt_watch before every
 * element that it loads or stores. An element that one iteration writes and another one writes or reads is a collision: the
 * loop ends with the first one, in the order of the iterations. Elements are told apart by their addresses, so that
 * views and arrays that overlap are seen; each thread has a table of its own. Memory that an iteration allocates is
 * forgotten first, since the next one may get the same addresses. What iterations gather together is not watched. */
#include "jit/run/check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jit/build/build.h"
#include "jit/ir/ir.h"
#include "jit/run/rt.h"

typedef struct Touch {
    int64_t iteration; /* counted from 1; 0: none */
    int64_t line;
} Touch;

typedef struct Cell {
    uintptr_t address; /* 0: empty */
    Touch writer, first_reader, last_reader;
} Cell;

typedef struct Table {
    Cell *cells;
    size_t room, used; /* room is a power of two */
} Table;

typedef struct Collision {
    Touch before, now;
    bool wrote_before, writes_now;
    int64_t start, step, offset, rank, strides[3];
} Collision;

static _Thread_local Table *table; /* of the loop that this thread watches */
static _Thread_local int64_t iteration, loop_start, loop_step;
static _Thread_local Collision found;

/* ---- the table ---- */

static size_t place(const Table *t, uintptr_t address)
{
    size_t i = (size_t)((address * 0x9e3779b97f4a7c15u) >> 20) & (t->room - 1);
    while (t->cells[i].address && t->cells[i].address != address) i = (i + 1) & (t->room - 1);
    return i;
}

static void grow(Table *t)
{
    Table bigger = {.room = t->room ? 2 * t->room : 1024, .used = t->used};
    bigger.cells = calloc(bigger.room, sizeof *bigger.cells);
    if (!bigger.cells) abort();
    for (size_t i = 0; i < t->room; i++)
        if (t->cells[i].address) bigger.cells[place(&bigger, t->cells[i].address)] = t->cells[i];
    free(t->cells);
    *t = bigger;
}

static Cell *cell_of(Table *t, uintptr_t address)
{
    if (4 * (t->used + 1) > 3 * t->room) grow(t);
    Cell *cell = &t->cells[place(t, address)];
    if (!cell->address) {
        cell->address = address;
        t->used++;
    }
    return cell;
}

void jit_check_forget(const void *data, int64_t bytes)
{
    Table *t = table;
    if (!t || !t->room) return;
    uintptr_t low = (uintptr_t)data, high = low + (uintptr_t)bytes;
    if ((uint64_t)bytes / 4 > t->room) { /* the table is the shorter of the two */
        for (size_t i = 0; i < t->room; i++) {
            Cell *cell = &t->cells[i];
            if (cell->address >= low && cell->address < high)
                *cell = (Cell){.address = cell->address};
        }
        return;
    }
    for (uintptr_t address = low; address < high; address++) {
        Cell *cell = &t->cells[place(t, address)];
        if (cell->address) *cell = (Cell){.address = address};
    }
}

/* ---- touches ---- */

static bool other(const Touch *touch) { return touch->iteration && touch->iteration != iteration; }

int64_t jit_rt_watch(void *data, int64_t offset, int64_t write, int64_t line, int64_t rank,
                     int64_t stride0, int64_t stride1, int64_t stride2)
{
    if (!table) return 0;
    Cell *cell = cell_of(table, (uintptr_t)data + (uintptr_t)offset);
    Touch now = {iteration, line}, *before = NULL;
    if (other(&cell->writer))
        before = &cell->writer;
    else if (write && other(&cell->first_reader))
        before = &cell->first_reader;
    else if (write && other(&cell->last_reader))
        before = &cell->last_reader;
    if (before) {
        found = (Collision){*before, now,  before == &cell->writer,    write, loop_start, loop_step,
                            offset,  rank, {stride0, stride1, stride2}};
        return 1;
    }
    if (write) {
        cell->writer = now;
    } else {
        if (!cell->first_reader.iteration) cell->first_reader = now;
        cell->last_reader = now;
    }
    return 0;
}

/* The indices that lead to an offset: the axis of the widest stride first. Views with negative strides give none. */
static void say_index(const Collision *c, char *buf, size_t size)
{
    int64_t index[3] = {0}, left = c->offset;
    bool done[3] = {false};
    size_t at = 0;
    buf[0] = '\0';
    if (c->rank < 1 || c->rank > 3) return;
    for (int64_t k = 0; k < c->rank; k++) {
        int widest = -1;
        for (int d = 0; d < c->rank; d++)
            if (!done[d] && (widest < 0 || c->strides[d] > c->strides[widest])) widest = d;
        if (c->strides[widest] <= 0) return;
        done[widest] = true;
        index[widest] = left / c->strides[widest];
        left %= c->strides[widest];
    }
    for (int d = 0; d < c->rank && at < size; d++)
        at += (size_t)snprintf(buf + at, size - at, "%s%" PRId64, d ? ", " : "[", index[d]);
    if (at < size) snprintf(buf + at, size - at, "]");
}

void jit_check_text(const char *array, char *buf, size_t size)
{
    char index[80];
    const Collision *c = &found;
    say_index(c, index, sizeof index);
    int64_t before = c->start + (c->before.iteration - 1) * c->step;
    int64_t now = c->start + (c->now.iteration - 1) * c->step;
    snprintf(buf, size,
             "iterations %" PRId64 " and %" PRId64 " of prange meet at %s%s: %" PRId64
             " %s it in line %d, %" PRId64 " %s it in line %d",
             before, now, array, index, before, c->wrote_before ? "writes" : "reads",
             jit_pos_line((int32_t)c->before.line), now, c->writes_now ? "writes" : "reads",
             jit_pos_line((int32_t)c->now.line));
}

/* ---- the loop ---- */

int32_t jit_check_parfor(KernelEntry body, int64_t n, const uint64_t *slots, int64_t nslots,
                         uint64_t *results, int64_t nresults, KernelError *error)
{
    static const KernelSite interrupted = {.err = ERR_INTERRUPT};
    Table own = {0}, *outer = table; /* a loop inside belongs to the iteration around it */
    uint64_t *copy = malloc((size_t)nslots * sizeof *copy);
    int32_t status = 0;
    if (!copy) abort();
    memcpy(copy, slots, (size_t)nslots * sizeof *copy);
    if (!outer) {
        table = &own;
        loop_start = (int64_t)slots[2];
        loop_step = (int64_t)slots[3];
    }
    for (int64_t k = 0; k < n && !status; k++) {
        if (!outer) iteration = k + 1;
        copy[0] = (uint64_t)k;
        copy[1] = (uint64_t)(k + 1);
        status = body(copy, results + k * nresults, error);
        if (k % 64 != 0 || status || !jit_rt_poll()) continue;
        error->site = &interrupted;
        status = 1;
    }
    table = outer;
    free(own.cells);
    free(copy);
    return status;
}
