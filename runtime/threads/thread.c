/* thread.c: thread states: making, attaching, detaching, safepoints, fork.
 *
 *     started ----> detached <----> attached ----> released
 *                      ^                |
 *                      +-- safepoint ---+   (yields when another thread waited too long)
 *
 * Invariant for the collector, which runs attached: every other thread in the list either never ran
 * (c_stack_base NULL) or has published the low end of its C stack and its callee-saved registers.
 * Values that a detached thread still needs lie above the published address or in those registers,
 * because detached code touches no objects.
 *
 * A foreign thread (one that this file did not start) adopts a state before it calls in, and
 * releases it. */
#include "runtime/threads/thread.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/threads/lock.h"

__thread Thread *kr_self __attribute__((tls_model("initial-exec")));

int (*kr_thread_run_signals)(void);
bool (*kr_thread_run_finalizers)(void);
void (*kr_thread_on_release)(Thread *thread);

static Thread main_thread;
static bool exiting;

enum {
    C_STACK_RESERVE = 256 * 1024,         /* left for C code that does not check */
    C_STACK_UNLIMITED = 64 * 1024 * 1024, /* assumed when the system names no limit */
    C_STACK_DEFAULT = 8 * 1024 * 1024     /* of threads, when the system names no limit */
};
#define REGISTER_STACK_BYTES ((size_t)256 << 20) /* address space; pages come on use */
#define REGISTER_STACK_LEAST ((size_t)1 << 20)

/* ---- Registers and stacks ---- */

/* In assembly, since a C function may have saved and reused registers before its first statement,
 * and setjmp scrambles the frame pointer, which may hold a value. */
#if defined(__x86_64__)
enum { SPILL_BYTES = 56 };
__asm__(".text\n"
        ".globl kr_thread_call_spilled\n"
        ".hidden kr_thread_call_spilled\n"
        ".type kr_thread_call_spilled, @function\n"
        "kr_thread_call_spilled:\n"
        "    .cfi_startproc\n"
        "    subq $56, %rsp\n"
        "    .cfi_adjust_cfa_offset 56\n"
        "    movq %rbx, (%rsp)\n"
        "    movq %rbp, 8(%rsp)\n"
        "    movq %r12, 16(%rsp)\n"
        "    movq %r13, 24(%rsp)\n"
        "    movq %r14, 32(%rsp)\n"
        "    movq %r15, 40(%rsp)\n"
        "    movq %rdi, %rax\n"
        "    movq %rsp, %rdi\n"
        "    call *%rax\n"
        "    addq $56, %rsp\n"
        "    .cfi_adjust_cfa_offset -56\n"
        "    ret\n"
        "    .cfi_endproc\n"
        ".size kr_thread_call_spilled, .-kr_thread_call_spilled\n");
#elif defined(__aarch64__)
enum { SPILL_BYTES = 160 };
__asm__(".text\n"
        ".globl kr_thread_call_spilled\n"
        ".hidden kr_thread_call_spilled\n"
        ".type kr_thread_call_spilled, %function\n"
        "kr_thread_call_spilled:\n"
        "    .cfi_startproc\n"
        "    stp x29, x30, [sp, #-160]!\n"
        "    .cfi_def_cfa_offset 160\n"
        "    .cfi_offset 29, -160\n"
        "    .cfi_offset 30, -152\n"
        "    stp x19, x20, [sp, #16]\n"
        "    stp x21, x22, [sp, #32]\n"
        "    stp x23, x24, [sp, #48]\n"
        "    stp x25, x26, [sp, #64]\n"
        "    stp x27, x28, [sp, #80]\n"
        "    stp d8, d9, [sp, #96]\n"
        "    stp d10, d11, [sp, #112]\n"
        "    stp d12, d13, [sp, #128]\n"
        "    stp d14, d15, [sp, #144]\n"
        "    mov x9, x0\n"
        "    mov x0, sp\n"
        "    blr x9\n"
        "    ldp x29, x30, [sp], #160\n"
        "    ret\n"
        "    .cfi_endproc\n"
        ".size kr_thread_call_spilled, .-kr_thread_call_spilled\n");
#else
#error "kr_thread_call_spilled: save this machine's callee-saved registers"
#endif
_Static_assert(SPILL_BYTES <= sizeof(((Thread *)0)->registers), "room for the registers");

static bool map_register_stack(Thread *self)
{
    for (size_t bytes = REGISTER_STACK_BYTES; bytes >= REGISTER_STACK_LEAST; bytes /= 2) {
        void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (p == MAP_FAILED) continue;
        self->stack = self->stack_top = p;
        self->stack_limit = self->stack + bytes / sizeof(Value);
        return true;
    }
    return false;
}

static void find_c_stack(Thread *self, char *stack_base)
{
    pthread_attr_t attributes;
    void *low = NULL;
    size_t size = 0;
    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
        pthread_attr_getstack(&attributes, &low, &size);
        pthread_attr_destroy(&attributes);
    }
    char *high = low ? (char *)low + size : stack_base;
    if (self->is_main) {
        /* The main stack grows up to the limit in force now; a huge one is rather none. */
        struct rlimit limit;
        size = C_STACK_UNLIMITED;
        if (getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
            limit.rlim_cur < (rlim_t)1 << 30)
            size = limit.rlim_cur;
    }
    size_t reserve = size / 4 < C_STACK_RESERVE ? size / 4 : C_STACK_RESERVE;
    self->c_stack_limit = high - size + reserve;
    self->c_stack_base = high;
}

/* ---- States ---- */

_Atomic uint32_t kr_thread_attention;

static void init_current(Thread *self, char *stack_base)
{
    self->native = pthread_self();
    self->ident = (uint64_t)self->native;
    self->native_id = syscall(SYS_gettid);
    find_c_stack(self, stack_base);
    /* Nothing of this thread holds values yet. */
    atomic_store(&self->c_stack_published, self->c_stack_base);
    kr_self = self;
}

static Thread *new_state(void)
{
    Thread *self = calloc(1, sizeof *self);
    if (!self) return NULL;
    pthread_cond_init(&self->wake, NULL);
    if (map_register_stack(self)) return self;
    pthread_cond_destroy(&self->wake);
    free(self);
    return NULL;
}

static void free_state(Thread *self)
{
    munmap(self->stack, (size_t)((char *)self->stack_limit - (char *)self->stack));
    pthread_cond_destroy(&self->wake);
    if (self != &main_thread) free(self);
}

void kr_thread_init_main(char *stack_base)
{
    main_thread.is_main = true;
    pthread_cond_init(&main_thread.wake, NULL);
    if (!map_register_stack(&main_thread)) abort();
    init_current(&main_thread, stack_base);
    kr_lock_list_add(&main_thread);
    kr_thread_attach();
}

typedef struct Start {
    void (*run)(void *);
    Thread *self;
} Start;

static void *run_thread(void *argument)
{
    Start start = *(Start *)argument;
    free(argument);
    init_current(start.self, __builtin_frame_address(0));
    kr_thread_attach();
    void *start_argument = start.self->start_argument;
    start.self->start_argument = NULL;
    start.run(start_argument);
    kr_thread_release();
    return NULL;
}

int kr_thread_start(void (*run)(void *), void *argument, size_t stack_size, uint64_t *ident)
{
    pthread_attr_t attributes;
    struct rlimit limit;
    Start *start = malloc(sizeof *start);
    Thread *self = start ? new_state() : NULL;
    if (!self) {
        free(start);
        errno = ENOMEM;
        return -1;
    }
    *start = (Start){run, self};
    self->start_argument = argument;
    if (stack_size == 0 &&
        (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY))
        stack_size = C_STACK_DEFAULT;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (stack_size) pthread_attr_setstacksize(&attributes, (stack_size + 4095) & ~(size_t)4095);
    kr_lock_list_add(self);
    pthread_t native;
    int status = pthread_create(&native, &attributes, run_thread, start);
    pthread_attr_destroy(&attributes);
    if (status != 0) {
        kr_lock_list_remove(self);
        free_state(self);
        free(start);
        errno = status;
        return -1;
    }
    if (ident) *ident = (uint64_t)native;
    return 0;
}

Thread *kr_thread_adopt(void)
{
    if (kr_self) return kr_self;
    Thread *self = new_state();
    if (!self) return NULL;
    init_current(self, __builtin_frame_address(0));
    kr_lock_list_add(self);
    return self;
}

void kr_thread_release(void)
{
    Thread *self = kr_self;
    if (!kr_lock_held_by(self)) kr_thread_attach();
    if (kr_thread_on_release) kr_thread_on_release(self);
    kr_lock_list_remove(self);
    kr_lock_drop(self);
    kr_self = NULL;
    free_state(self);
}

/* ---- Attaching ---- */

static void detach(char *low)
{
    Thread *self = kr_self;
    /* The frames below the caller's end when this returns: what they saved is copied. */
    memcpy(self->registers, low, SPILL_BYTES);
    atomic_store_explicit(&self->c_stack_published, low + SPILL_BYTES, memory_order_release);
    kr_lock_drop(self);
}

void kr_thread_detach(void) { kr_thread_call_spilled(detach); }

void kr_thread_attach(void)
{
    Thread *self = kr_self;
    int error = errno; /* callers attach between a system call and the look at its errno */
    kr_lock_take(self);
    if (__builtin_expect(exiting, 0) && !self->is_main) {
        kr_lock_drop(self);
        for (;;) pause();
    }
    atomic_store_explicit(&self->c_stack_published, NULL, memory_order_release);
    errno = error;
}

void kr_detach(void) { kr_thread_detach(); }
void kr_after_fork_child(void) { kr_thread_after_fork(); }
void kr_attach(void) { kr_thread_attach(); }
bool kr_is_attached(void) { return kr_lock_held_by(kr_self); }

/* Around a call into Python from C code that may run attached, detached or on a thread that krait never saw
 * (modules/callback.h declares the two for modules). */
typedef struct Callback {
    enum { CALLBACK_ATTACHED, CALLBACK_DETACHED, CALLBACK_FOREIGN } how;
    void *stack;
    uintptr_t registers[sizeof ((Thread *)0)->registers / sizeof(uintptr_t)];
} Callback;

/* NULL without memory. */
KR_API void *kr_enter_callback(void);
KR_API void kr_leave_callback(void *callback);

void *kr_enter_callback(void)
{
    Callback *c = malloc(sizeof *c);
    if (!c) return NULL;
    c->how = CALLBACK_ATTACHED;
    if (kr_lock_held_by(kr_self)) return c;
    c->how = kr_self ? CALLBACK_DETACHED : CALLBACK_FOREIGN;
    Thread *self = kr_thread_adopt();
    if (!self) {
        free(c);
        return NULL;
    }
    /* What was published when the C code was called holds values of the frames above it. */
    memcpy(c->registers, self->registers, sizeof c->registers);
    c->stack = atomic_load(&self->c_stack_published);
    kr_thread_attach();
    return c;
}

void kr_leave_callback(void *callback)
{
    Callback *c = callback;
    Thread *self = kr_self;
    if (c->how == CALLBACK_FOREIGN) {
        kr_thread_release();
    } else if (c->how == CALLBACK_DETACHED) {
        memcpy(self->registers, c->registers, sizeof c->registers);
        atomic_store_explicit(&self->c_stack_published, c->stack, memory_order_release);
        kr_lock_drop(self);
    }
    free(c);
}

void kr_thread_begin_exit(void)
{
    kr_self->is_main = true;
    exiting = true;
}

static void yield(char *low)
{
    Thread *self = kr_self;
    atomic_store_explicit(&self->c_stack_published, low, memory_order_release);
    kr_lock_yield(self);
    if (__builtin_expect(exiting, 0) && !self->is_main) {
        kr_lock_drop(self);
        for (;;) pause();
    }
    atomic_store_explicit(&self->c_stack_published, NULL, memory_order_release);
}

int kr_thread_safepoint(void)
{
    Thread *self = kr_self;
    /* INTERRUPT_TRACE stays: it is a state, which the VM sets and clears. */
    uint32_t due = atomic_fetch_and(&self->interrupt, INTERRUPT_TRACE);
    if (due & (INTERRUPT_SIGNAL | INTERRUPT_ASYNC)) atomic_fetch_and(&kr_thread_attention, ~(uint32_t)ATTENTION_SIGNAL);
    if (due & INTERRUPT_SWITCH) kr_thread_call_spilled(yield);
    if ((due & INTERRUPT_FINALIZERS) && kr_thread_run_finalizers) kr_thread_run_finalizers();
    if (due & INTERRUPT_ASYNC) {
        Value exception = self->async_exception;
        self->async_exception = EMPTY;
        if (!is_empty(exception)) {
            if (due & INTERRUPT_SIGNAL) thread_interrupt(self, INTERRUPT_SIGNAL);
            kr_raise_value(exception);
            return -1;
        }
    }
    if ((due & INTERRUPT_SIGNAL) && kr_thread_run_signals && kr_thread_run_signals() < 0) return -1;
    return 0;
}

/* ---- Fork ---- */

void kr_thread_after_fork(void)
{
    Thread *self = kr_self;
    kr_lock_after_fork(self);
    /* The states of the threads that do not exist here are left alone: their stacks may be read by
     * nobody. */
    kr_lock_list_keep_only(self);
    self->native = pthread_self();
    self->ident = (uint64_t)self->native;
    self->native_id = syscall(SYS_gettid);
    self->is_main = true;
    atomic_fetch_and(&self->interrupt, ~(uint32_t)(INTERRUPT_SWITCH | INTERRUPT_SIGNAL));
}
