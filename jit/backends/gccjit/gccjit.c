/* The libgccjit plug-in: options, compilation to an object, its bytes. libgccjit 12 or later.
 *
 * The library writes assembly into a file in the folder for temporary files; the assembler is run
 * from here, because the library's own way to it is gcc's driver, which sets the process's signal
 * handlers to its own (SIGINT would end the program from then on). The library holds one lock for
 * all of its compilations.
 *
 * "native" is not a processor to the library (the gcc program resolves it), so the processor is
 * given as the psABI's level that it has, with the tuning of its maker.
 *
 * Not as in the LLVM plug-in: calls of elementary functions stay calls in loops (libgccjit cannot
 * say that a function has vector forms); fastmath holds for a module, when all of its functions
 * have it.
 */
#include "jit/backends/gccjit/emit.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *describe(void)
{
    static char text[48];
    snprintf(text, sizeof text, "libgccjit %d.%d.%d", gcc_jit_version_major(),
             gcc_jit_version_minor(), gcc_jit_version_patchlevel());
    return text;
}

/* ---- options ---- */

/* What a kernel's semantics demand of gcc: no contraction, no aliasing by type; square roots set no
 * errno that anybody reads. */
static const char *const semantics[] = {"-ffp-contract=off", "-fno-math-errno",
                                        "-fno-strict-aliasing", "-fno-delete-null-pointer-checks",
                                        "-fno-stack-protector"};

/* Nobody reads floating-point flags either, which lets branches become selections. But told so, gcc
 * 12 makes trunc(x) of (double)(long)x, and -0.5 then gives -0.0 instead of 0.0. */
static bool makes_ints_of_floats(const IrModule *m)
{
    for (const IrFunc *f = m->funcs; f; f = f->next) FOR_BLOCKS(b, f)
    FOR_NODES(x, b)
    if (x->op == OP_TOINT || (x->op == OP_CONV && jit_mtype_is_float((MType)x->args[0]->mt) &&
                              jit_mtype_is_int((MType)x->mt)))
        return true;
    return false;
}

static void set_processor(gcc_jit_context *cx, const char *cpu)
{
    char option[64];
    if (cpu) {
        snprintf(option, sizeof option, "-march=%s", cpu);
        gcc_jit_context_add_command_line_option(cx, option);
        return;
    }
#if defined(__x86_64__)
    __builtin_cpu_init();
    gcc_jit_context_add_command_line_option(
        cx, __builtin_cpu_supports("x86-64-v4")   ? "-march=x86-64-v4"
            : __builtin_cpu_supports("x86-64-v3") ? "-march=x86-64-v3"
            : __builtin_cpu_supports("x86-64-v2") ? "-march=x86-64-v2"
                                                  : "-march=x86-64");
    gcc_jit_context_add_command_line_option(cx, __builtin_cpu_is("amd") ? "-mtune=znver3"
                                                                        : "-mtune=intel");
#endif
}

static bool all_fast(const IrModule *m)
{
    for (const IrFunc *f = m->funcs; f; f = f->next)
        if (!f->fastmath) return false;
    return true;
}

static gcc_jit_context *new_context(const IrModule *m, const JitCompileOptions *options)
{
    gcc_jit_context *cx = gcc_jit_context_acquire();
    if (!cx) return NULL;
    gcc_jit_context_set_int_option(cx, GCC_JIT_INT_OPTION_OPTIMIZATION_LEVEL, options->level & 3);
    gcc_jit_context_set_bool_allow_unreachable_blocks(cx, 1);
    gcc_jit_context_set_bool_print_errors_to_stderr(cx, 0);
    for (size_t i = 0; i < sizeof semantics / sizeof *semantics; i++)
        gcc_jit_context_add_command_line_option(cx, semantics[i]);
    if (!makes_ints_of_floats(m)) gcc_jit_context_add_command_line_option(cx, "-fno-trapping-math");
    if (all_fast(m)) gcc_jit_context_add_command_line_option(cx, "-ffast-math");
    set_processor(cx, options->cpu);
    return cx;
}

/* ---- output ---- */

static int fail(gcc_jit_context *cx, char *error, size_t size)
{
    const char *why = gcc_jit_context_get_first_error(cx);
    snprintf(error, size, "libgccjit: %s", why ? why : "no output");
    return -1;
}

static int read_file(const char *path, JitBytes *out)
{
    struct stat s;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return -1;
    size_t done = 0;
    if (fstat(file, &s) == 0 && s.st_size > 0 && (out->data = malloc((size_t)s.st_size + 1))) {
        out->size = (size_t)s.st_size;
        for (ssize_t n; done < out->size; done += (size_t)n)
            if ((n = read(file, out->data + done, out->size - done)) <= 0) break;
        out->data[out->size] = 0;
    }
    close(file);
    return out->data && done == out->size ? 0 : -1;
}

/* An empty temporary file; its path in `path`. */
static int temporary(char *path, size_t room, char *error, size_t size)
{
    const char *folder = getenv("TMPDIR");
    snprintf(path, room, "%s/krait-XXXXXX", folder && *folder ? folder : "/tmp");
    int file = mkstemp(path);
    if (file < 0) {
        snprintf(error, size, "libgccjit: no temporary file %s", path);
        return -1;
    }
    close(file);
    return 0;
}

enum { STATEMENTS, ASSEMBLY };

/* The library's own statements as C-like text, or the assembly, into a temporary file. */
static int write_text(gcc_jit_context *cx, int kind, char *path, size_t room, char *error,
                      size_t size)
{
    if (temporary(path, room, error, size) < 0) return -1;
    if (kind == STATEMENTS)
        gcc_jit_context_dump_to_file(cx, path, 0);
    else
        gcc_jit_context_compile_to_file(cx, GCC_JIT_OUTPUT_KIND_ASSEMBLER, path);
    if (!gcc_jit_context_get_first_error(cx)) return 0;
    unlink(path);
    return fail(cx, error, size);
}

static int produce(gcc_jit_context *cx, int kind, JitBytes *out, char *error, size_t size)
{
    char path[512];
    if (write_text(cx, kind, path, sizeof path, error, size) < 0) return -1;
    int status = read_file(path, out);
    unlink(path);
    return status < 0 ? fail(cx, error, size) : 0;
}

/* Runs the assembler in a process group of its own, which the terminal's Ctrl-C does not reach. */
static int assemble(const char *from, const char *to)
{
    char *const command[] = {"as", "-o", (char *)to, (char *)from, NULL};
    posix_spawnattr_t attributes;
    pid_t child;
    int status = -1;
    if (posix_spawnattr_init(&attributes)) return -1;
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    if (posix_spawnp(&child, command[0], NULL, &attributes, command, environ) == 0)
        while (waitpid(child, &status, 0) < 0) {
            if (errno == EINTR) continue;
            status = 0; /* a program that ignores SIGCHLD: the object tells */
            break;
        }
    posix_spawnattr_destroy(&attributes);
    return status == 0 ? 0 : -1;
}

static int produce_object(gcc_jit_context *cx, JitBytes *out, char *error, size_t size)
{
    char text[512], object[512];
    if (write_text(cx, ASSEMBLY, text, sizeof text, error, size) < 0) return -1;
    int status = temporary(object, sizeof object, error, size);
    if (status == 0) {
        status = assemble(text, object) < 0 ? -1 : read_file(object, out);
        if (status < 0)
            snprintf(error, size, "libgccjit: the assembler 'as' (package binutils) failed");
        unlink(object);
    }
    unlink(text);
    return status;
}

static int compile(IrModule *m, const JitCompileOptions *options, JitBytes *object, char *error,
                   size_t size)
{
    gcc_jit_context *cx = new_context(m, options);
    if (!cx) {
        snprintf(error, size, "libgccjit: out of memory");
        return -1;
    }
    int status = 0;
    jit_gccjit_emit(cx, m);
    if (gcc_jit_context_get_first_error(cx)) status = fail(cx, error, size);
    if (status == 0 && options->ir_text)
        status = produce(cx, STATEMENTS, options->ir_text, error, size);
    if (status == 0 && options->opt_text)
        status = produce(cx, STATEMENTS, options->opt_text, error, size);
    if (status == 0 && options->asm_text)
        status = produce(cx, ASSEMBLY, options->asm_text, error, size);
    if (status == 0 && options->want_code) status = produce_object(cx, object, error, size);
    gcc_jit_context_release(cx);
    return status;
}

__attribute__((visibility("default"))) const JitBackend *jit_backend_plugin(void);

const JitBackend *jit_backend_plugin(void)
{
    static const JitBackend backend = {JIT_BACKEND_VERSION, "gccjit", describe, compile};
    return &backend;
}
