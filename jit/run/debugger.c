/* debugger.c: gdb's interface for code made at run time.
 *
 * gdb sets a breakpoint in __jit_debug_register_code and, when it is hit or when it attaches, reads the list behind
 * __jit_debug_descriptor: object files in memory, whose sections' headers say where the loader has put them. Line tables are in
 * the objects only if the code generator was asked for them: with -X gdb, or where a debugger traces the process when
 * its first kernel is compiled. Such kernels do not come from the cache. The names and layouts are gdb's ("JIT Compilation Interface" in
 * its manual). */
#include "jit/run/debugger.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jit/run/jitdump.h"
#include "runtime/vm/sys_module.h"

typedef struct JitDebugEntry {
    struct JitDebugEntry *next, *previous;
    const char *object;
    uint64_t size;
} JitDebugEntry;

enum { DEBUG_NOTHING, DEBUG_REGISTER, DEBUG_UNREGISTER };

typedef struct DebugDescriptor {
    uint32_t version, action;
    JitDebugEntry *relevant, *first;
} DebugDescriptor;

#define SEEN_BY_GDB __attribute__((visibility("default"), used))

SEEN_BY_GDB DebugDescriptor __jit_debug_descriptor = {1, DEBUG_NOTHING, NULL, NULL};
SEEN_BY_GDB __attribute__((noinline)) void __jit_debug_register_code(void);
void __jit_debug_register_code(void) { __asm__ volatile("" ::: "memory"); }

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static bool is_traced(void)
{
    char line[128];
    long tracer = 0;
    FILE *status = fopen("/proc/self/status", "re");
    if (!status) return false;
    while (fgets(line, sizeof line, status))
        if (sscanf(line, "TracerPid: %ld", &tracer) == 1) break;
    fclose(status);
    return tracer > 0;
}

/* Looked at once, for it takes longer (40 us) than loading a kernel from the cache. */
static bool for_gdb(void)
{
    static _Atomic int known; /* 1: no, 2: yes */
    if (!known) known = kr_option_x("gdb") || is_traced() ? 2 : 1;
    return known == 2;
}

bool jit_debugger_wanted(void) { return jit_jitdump_wanted() || for_gdb(); }

static void tell(JitDebugEntry *entry, uint32_t action)
{
    __jit_debug_descriptor.action = action;
    __jit_debug_descriptor.relevant = entry;
    __jit_debug_register_code();
    __jit_debug_descriptor.action = DEBUG_NOTHING;
}

JitDebugEntry *jit_debugger_enter(const JitCode *code, const JitBytes *object)
{
    if (!for_gdb()) return NULL;
    JitDebugEntry *entry = calloc(1, sizeof *entry);
    char *image = malloc(object->size);
    if (!entry || !image) return free(entry), free(image), NULL;
    memcpy(image, object->data, object->size);
    jit_loader_place(code, (uint8_t *)image);
    entry->object = image;
    entry->size = object->size;
    pthread_mutex_lock(&mutex);
    entry->next = __jit_debug_descriptor.first;
    if (entry->next) entry->next->previous = entry;
    __jit_debug_descriptor.first = entry;
    tell(entry, DEBUG_REGISTER);
    pthread_mutex_unlock(&mutex);
    return entry;
}

void jit_debugger_leave(JitDebugEntry *entry)
{
    if (!entry) return;
    pthread_mutex_lock(&mutex);
    if (entry->next) entry->next->previous = entry->previous;
    *(entry->previous ? &entry->previous->next : &__jit_debug_descriptor.first) = entry->next;
    tell(entry, DEBUG_UNREGISTER);
    pthread_mutex_unlock(&mutex);
    free((char *)entry->object);
    free(entry);
}
