/* The driver of the JIT's middle: reads IR text, runs passes, prints, and calls functions in the
 * evaluator and in the code of every back end, comparing them bit for bit.
 *
 *     irtest FILE.ir            does what the file's ";;" lines say, in order
 *     irtest --time FILE.ir     the same, with times of compilation and of compiled calls
 *     irtest --emit=ir|opt|asm FILE.ir   prints the back ends' texts
 *     --eval: evaluator only; --backend=NAME: that one only; --plugins=DIR: where krait-*.so are,
 *     if not beside irtest
 *
 *     ;; print                  the module as text
 *     ;; verify                 the verifier's verdict
 *     ;; pass NAME...           runs passes of jit/passes
 *     ;; pipeline               all of them in order, verified after each
 *     ;; call NAME ARGUMENT...  result of a call: 1 2.5 True [1.0 2.0] [[1 2] [3 4]] tuples (1 2)
 *     ;; fill NAME N ...        like call, with an array argument of N made elements "*N"
 * Results that differ between evaluator and compiled code, and leaked buffers, make it fail.
 */
#include "jit/backends/backend.h"
#include "jit/ir/eval.h"
#include "jit/ir/ir.h"
#include "jit/passes/passes.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "jit/passes/middle.h"
#include "jit/run/exceptions.h"

enum { MAX_SLOTS = 512, MAX_ARRAYS = 16 };

static bool timing, failed, eval_only;
static const char *emit;
static const char *plugin_folder;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void fail(const char *what)
{
    printf("FAILED: %s\n", what);
    failed = true;
}

/* ---- arguments ---- */

typedef struct Array {
    char *data, *copy; /* the second run gets fresh contents */
    size_t bytes;
} Array;

typedef struct Args {
    uint64_t slots[MAX_SLOTS];
    uint32_t n;
    Array arrays[MAX_ARRAYS];
    uint32_t narrays;
    const char *at;
    char *text;
} Args;

static void skip(Args *a)
{
    while (isspace((unsigned char)*a->at) || *a->at == ',') a->at++;
}

static uint64_t float_slot(double d)
{
    union {
        double d;
        uint64_t u;
    } s = {.d = d};
    return s.u;
}

static uint64_t float32_slot(float f)
{
    union {
        float f;
        uint64_t u;
    } s = {.u = 0};
    s.f = f;
    return s.u;
}

static uint64_t read_number(Args *a, MType m)
{
    skip(a);
    char *end;
    if (!strncmp(a->at, "True", 4) || !strncmp(a->at, "False", 5)) {
        bool yes = *a->at == 'T';
        a->at += yes ? 4 : 5;
        return yes;
    }
    if (m == M_F64 || m == M_F32) {
        double d = strtod(a->at, &end);
        if (end == a->at) fail("bad argument");
        a->at = end;
        return m == M_F64 ? float_slot(d) : float32_slot((float)d);
    }
    bool negative = *a->at == '-';
    uint64_t v = negative ? (uint64_t)strtoll(a->at, &end, 0) : strtoull(a->at, &end, 0);
    if (end == a->at) fail("bad argument");
    a->at = end;
    return v;
}

static void store_element(char *p, JitDtype d, uint64_t v)
{
    memcpy(p, &v, jit_mtype_size(jit_dtype_machine(d)));
}

/* Counts the shape of a nested literal. */
static void measure(const char *s, int64_t *shape, unsigned rank)
{
    for (unsigned i = 0; i < rank; i++) {
        int depth = 0;
        int64_t count = 0;
        bool token = false;
        for (const char *p = s; *p; p++) {
            if (*p == '[') {
                depth++;
                if (depth == 2 && i + 1 < rank) count++;
            } else if (*p == ']') {
                if (--depth == 0) break;
            } else if (!isspace((unsigned char)*p) && *p != ',') {
                if (depth == 1 && !token) count++;
                token = true;
                continue;
            }
            token = false;
        }
        shape[i] = count;
        s = strchr(s + 1, '[');
        if (!s) break;
    }
}

static void read_array(Args *a, JitDtype dtype, unsigned rank, char layout, bool machine)
{
    int64_t shape[32] = {0}, strides[32];
    size_t item = jit_dtype_size(dtype), count = 1;
    skip(a);
    const char *fill = *a->at == '*' ? a->at + 1 : NULL;
    if (fill) {
        for (unsigned i = 0; i < rank; i++) {
            char *end;
            shape[i] = strtoll(fill, &end, 10);
            fill = *end == 'x' ? end + 1 : end;
            a->at = end;
        }
    } else {
        measure(a->at, shape, rank);
        if (jit_dtype_kind(dtype) == 'c' && rank) shape[rank - 1] /= 2; /* two numbers an element */
    }
    for (unsigned i = 0; i < rank; i++) count *= (size_t)shape[i];
    int64_t step = (int64_t)item;
    if (layout == 'F')
        for (unsigned i = 0; i < rank; i++) {
            strides[i] = step;
            step *= shape[i];
        }
    else
        for (unsigned i = rank; i-- > 0;) {
            strides[i] = step;
            step *= shape[i];
        }
    Array *array = &a->arrays[a->narrays++];
    array->bytes = count * item;
    array->data = aligned_alloc(64, (array->bytes + 127) & ~(size_t)63);
    array->copy = malloc(array->bytes + 1);
    MType m = jit_dtype_machine(dtype);
    bool complex = jit_dtype_kind(dtype) == 'c';
    for (size_t k = 0; k < count; k++) {
        size_t rest = k;
        int64_t offset = 0;
        for (unsigned i = rank; i-- > 0;) {
            offset += (int64_t)(rest % (size_t)shape[i]) * strides[i];
            rest /= (size_t)shape[i];
        }
        char *p = array->data + offset;
        if (fill) {
            double v = (double)((k * 7919 + 13) % 1009) / 16.0;
            store_element(p, dtype,
                          m == M_F64   ? float_slot(v)
                          : m == M_F32 ? float32_slot((float)v)
                                       : (uint64_t)(k * 31 % 97));
            if (complex) store_element(p + item / 2, dtype, 0);
            continue;
        }
        while (isspace((unsigned char)*a->at) || *a->at == '[' || *a->at == ']' || *a->at == ',')
            a->at++;
        store_element(p, dtype, read_number(a, m));
        if (complex) store_element(p + item / 2, dtype, read_number(a, m));
    }
    if (!fill && count == 0) /* the brackets of nothing */
        while (*a->at && *a->at != ']') a->at++;
    while (*a->at == ']' || (isspace((unsigned char)*a->at) && a->at[1] == ']')) a->at++;
    memcpy(array->copy, array->data, array->bytes);
    a->slots[a->n++] = (uint64_t)(uintptr_t)array->data;
    a->slots[a->n] = ((uint64_t)a->narrays << 1) | 1;
    a->n++;
    for (unsigned i = 0; i < rank; i++) a->slots[a->n++] = (uint64_t)shape[i];
    if (layout == 'A' || (machine && rank > 1))
        for (unsigned i = 0; i < rank; i++) a->slots[a->n++] = (uint64_t)strides[i];
}

static void read_arg(Args *a, const JitType *t)
{
    switch ((TypeKind)t->kind) {
    case TK_ARRAY: read_array(a, (JitDtype)t->dtype, t->rank, t->layout, false); return;
    case TK_TUPLE:
        skip(a);
        a->at += *a->at == '(';
        for (uint32_t i = 0; i < t->n; i++) read_arg(a, t->elem[i]);
        skip(a);
        a->at += *a->at == ')';
        return;
    case TK_OPTIONAL:
        skip(a);
        if (!strncmp(a->at, "None", 4)) {
            a->at += 4;
            a->n += t->nparts;
            return;
        }
        a->slots[a->n++] = 1;
        read_arg(a, t->elem[0]);
        return;
    default:
        if (t->nparts == 0) {
            skip(a);
            while (*a->at && !isspace((unsigned char)*a->at) && *a->at != ')') a->at++;
            return;
        }
        for (uint32_t i = 0; i < t->nparts; i++)
            a->slots[a->n++] = read_number(a, jit_type_machine(t));
    }
}

/* Without Python-level types an array literal fills ptr, own, i64 parameters. */
static void read_machine_args(Args *a, const IrFunc *f)
{
    for (uint32_t i = 0; i < f->first->nparam; i++) {
        MType m = (MType)f->first->params[i]->mt;
        if (m == M_PTR && i + 1 < f->first->nparam && f->first->params[i + 1]->mt == M_OWN) {
            uint32_t before = a->n;
            unsigned rank = 1;
            skip(a);
            const char *name = f->first->params[i]->name;
            JitDtype d =
                name && strchr(name, ':')
                    ? (JitDtype)jit_dtype_find(strchr(name, ':') + 1, strlen(strchr(name, ':') + 1))
                    : DT_F64;
            read_array(a, d, rank, 'C', true);
            i += a->n - before - 1;
        } else {
            a->slots[a->n++] = read_number(a, m);
        }
    }
}

static void restore(Args *a)
{
    for (uint32_t i = 0; i < a->narrays; i++)
        memcpy(a->arrays[i].data, a->arrays[i].copy, a->arrays[i].bytes);
}

static uint64_t hash_arrays(const Args *a)
{
    uint64_t h = 14695981039346656037u;
    for (uint32_t i = 0; i < a->narrays; i++)
        for (size_t k = 0; k < a->arrays[i].bytes; k++)
            h = (h ^ (unsigned char)a->arrays[i].data[k]) * 1099511628211u;
    return h;
}

/* ---- results ---- */

static void show_number(MType m, uint64_t v, IrText *out);
static void put(IrText *out, const char *text)
{
    size_t n = strlen(text);
    if (out->length + n + 1 > out->room) {
        out->room = 2 * (out->length + n + 64);
        out->data = realloc(out->data, out->room);
    }
    memcpy(out->data + out->length, text, n + 1);
    out->length += n;
}

static void show_number(MType m, uint64_t v, IrText *out)
{
    char text[64];
    union {
        uint64_t u;
        double d;
        float f;
    } s = {.u = v};
    if (m == M_I1)
        snprintf(text, sizeof text, "%s", v & 1 ? "True" : "False");
    else if (m == M_F64 || m == M_F32) {
        double d = m == M_F64 ? s.d : (double)s.f;
        if (isnan(d))
            strcpy(text, "nan"); /* the sign of a nan is not defined */
        else
            for (int digits = m == M_F64 ? 15 : 6; digits <= 17; digits++) {
                snprintf(text, sizeof text, "%.*g", digits, d);
                if (m == M_F64 ? strtod(text, NULL) == d : strtof(text, NULL) == s.f) break;
            }
        if (!strpbrk(text, ".einf")) strcat(text, ".0");
    } else if (m == M_U8 || m == M_U16 || m == M_U32 || m == M_U64)
        snprintf(text, sizeof text, "%llu", (unsigned long long)v);
    else
        snprintf(text, sizeof text, "%lld", (long long)v);
    put(out, text);
}

static uint64_t element_at(const char *p, JitDtype d)
{
    uint64_t v = 0;
    unsigned size = jit_mtype_size(jit_dtype_machine(d));
    memcpy(&v, p, size);
    if (jit_mtype_is_signed(jit_dtype_machine(d)))
        v = (uint64_t)((int64_t)(v << (64 - 8 * size)) >> (64 - 8 * size));
    return v;
}

static void show_array(const char *data, JitDtype d, unsigned rank, const int64_t *shape,
                       const int64_t *strides, IrText *out)
{
    if (rank == 0) {
        show_number(jit_dtype_machine(d), element_at(data, d), out);
        if (jit_dtype_kind(d) == 'c') {
            put(out, "+");
            show_number(jit_dtype_machine(d), element_at(data + jit_dtype_size(d) / 2, d), out);
            put(out, "j");
        }
        return;
    }
    put(out, "[");
    for (int64_t i = 0; i < shape[0]; i++) {
        if (i) put(out, " ");
        if (i >= 12 && i < shape[0] - 2) {
            put(out, "...");
            i = shape[0] - 3;
            continue;
        }
        show_array(data + i * strides[0], d, rank - 1, shape + 1, strides + 1, out);
    }
    put(out, "]");
}

/* Shows a value of type t from its slots; returns how many it took. */
static uint32_t show_value(const JitType *t, const uint64_t *s, IrText *out)
{
    switch ((TypeKind)t->kind) {
    case TK_NONE: put(out, "None"); return 0;
    case TK_TUPLE: {
        uint32_t n = 0;
        put(out, "(");
        for (uint32_t i = 0; i < t->n; i++) {
            put(out, i ? ", " : "");
            n += show_value(t->elem[i], s + n, out);
        }
        put(out, ")");
        return n;
    }
    case TK_OPTIONAL:
        if (s[0])
            show_value(t->elem[0], s + 1, out);
        else
            put(out, "None");
        return t->nparts;
    case TK_ARRAY: {
        int64_t shape[32], strides[32], step = jit_dtype_size((JitDtype)t->dtype);
        for (unsigned i = 0; i < t->rank; i++) shape[i] = (int64_t)s[2 + i];
        for (unsigned k = 0; k < t->rank; k++) {
            unsigned i = t->layout == 'F' ? k : t->rank - 1 - k;
            strides[i] = t->layout == 'A' ? (int64_t)s[2 + t->rank + i] : step;
            step *= shape[i];
        }
        show_array((const char *)(uintptr_t)s[0], (JitDtype)t->dtype, t->rank, shape, strides, out);
        return t->nparts;
    }
    default: break;
    }
    if (t->nparts == 0) {
        put(out, t->text);
        return 0;
    }
    if (jit_type_is_complex(t)) {
        put(out, "(");
        show_number(jit_type_machine(t), s[0], out);
        put(out, " ");
        show_number(jit_type_machine(t), s[1], out);
        put(out, "j)");
        return 2;
    }
    uint8_t parts[64];
    jit_type_parts(t, parts);
    for (uint32_t i = 0; i < t->nparts; i++) {
        put(out, i ? " " : "");
        show_number((MType)parts[i], s[i], out);
    }
    return t->nparts;
}

static void release_results(const IrFunc *f, const uint64_t *results)
{
    for (uint32_t i = 0; i < f->nret; i++)
        if (f->rets[i] == M_OWN) jit_rt_release(results[i]);
}

static void show_outcome(const IrFunc *f, int32_t status, const uint64_t *results,
                         const KernelError *error, IrText *out)
{
    if (status) {
        char text[300], where[64];
        bool raised = error->site->err == ERR_RAISED;
        put(out, raised ? f->module->raises[error->args[0]].cls : jit_rt_error_class(error));
        if (raised) jit_error_drop(error);
        put(out, ": ");
        put(out, jit_rt_error_text(error, NULL, text, sizeof text));
        if (error->site->line) {
            snprintf(where, sizeof where, " (%d:%d)", error->site->line, error->site->col);
            put(out, where);
        }
        return;
    }
    if (f->ret) {
        show_value(f->ret, results, out);
    } else {
        for (uint32_t i = 0; i < f->nret; i++) {
            put(out, i ? " " : "");
            if (f->rets[i] != M_OWN && f->rets[i] != M_PTR)
                show_number((MType)f->rets[i], results[i], out);
        }
        if (f->nret == 0) put(out, "nothing");
    }
    release_results(f, results);
}

/* ---- compiling ---- */

/* Every back end that is there, or the one of --backend. */
enum { BACKENDS = 2 };
static const char *const backend_names[BACKENDS] = {"llvm", "gccjit"};
static JitCode *codes[BACKENDS];
static const char *only_backend;

static bool wanted_backend(int b)
{
    char path[4200];
    snprintf(path, sizeof path, "%s/krait-%s.so", plugin_folder, backend_names[b]);
    return !eval_only && (!only_backend || !strcmp(only_backend, backend_names[b])) &&
           access(path, R_OK) == 0;
}

static bool compile_with(IrModule *m, int b)
{
    char error[512];
    double t0 = now();
    const JitBackend *backend =
        jit_backend_open(backend_names[b], plugin_folder, error, sizeof error);
    if (!backend) {
        fail(error);
        return false;
    }
    double t1 = now();
    JitBytes object = {0}, text = {0};
    JitCompileOptions options = {.level = 3, .symbol = jit_rt_symbol, .want_code = true};
    if (emit)
        *(!strcmp(emit, "ir")    ? &options.ir_text
          : !strcmp(emit, "opt") ? &options.opt_text
                                 : &options.asm_text) = &text;
    if (backend->compile(m, &options, &object, error, sizeof error) < 0) {
        fail(error);
        return false;
    }
    double t2 = now();
    jit_loader_free(codes[b]);
    codes[b] = jit_loader_load(object.data, object.size, jit_rt_symbol, error, sizeof error);
    double t3 = now();
    if (timing)
        printf("%s: open %.1f ms, compile %.1f ms, load %.2f ms, %zu bytes\n", backend_names[b],
               1e3 * (t1 - t0), 1e3 * (t2 - t1), 1e3 * (t3 - t2), object.size);
    if (emit) fwrite(text.data, 1, text.size, stdout);
    free(text.data);
    free(object.data);
    if (!codes[b]) fail(error);
    return codes[b] != NULL;
}

static bool compile(IrModule *m)
{
    for (int b = 0; b < BACKENDS; b++)
        if (wanted_backend(b) && !compile_with(m, b)) return false;
    return true;
}

static void restore(Args *a);

/* Calls what back end b made and compares with what the evaluator gave, unless that is NULL. */
static void call_compiled(const IrFunc *f, const char *line, int b, Args *args,
                          const char *expected, uint64_t arrays)
{
    char symbol[160];
    IrText shown = {0};
    uint64_t results[MAX_SLOTS] = {0};
    KernelError error = {0};
    jit_backend_symbol(f->name, symbol, sizeof symbol);
    KernelEntry entry = (KernelEntry)jit_loader_find(codes[b], symbol);
    restore(args);
    int64_t alive = jit_rt_buffers_alive();
    double best = 1e9;
    for (int round = 0; round < (timing ? 15 : 1); round++) { /* later rounds find warm caches */
        double t0 = now();
        int32_t status = entry(args->slots, results, &error);
        double t = now() - t0;
        best = t < best ? t : best;
        if (round == 0)
            show_outcome(f, status, results, &error, &shown);
        else if (!status)
            release_results(f, results);
    }
    if (jit_rt_buffers_alive() != alive) fail("compiled code leaked a buffer");
    if (timing) printf("%s: %s %.4f ms\n", f->name, backend_names[b], 1e3 * best);
    if (expected && strcmp(expected, shown.data ? shown.data : "")) {
        printf("%s =\n  evaluator %s\n  %-9s %s\n", line, expected, backend_names[b], shown.data);
        fail("results differ");
    }
    if (expected && arrays != hash_arrays(args)) fail("array contents differ");
    if (!expected) printf("%s = %s\n", line, shown.data);
    free(shown.data);
}

static void call(IrModule *m, const char *line)
{
    char name[128];
    int n = 0;
    if (sscanf(line, "%127s%n", name, &n) != 1) return;
    IrFunc *f = jit_ir_find_func(m, name);
    if (!f || !f->lowered) {
        fail("no such lowered function");
        return;
    }
    Args args = {.at = line + n};
    if (f->param_types)
        for (uint32_t i = 0; i < f->nparam_types; i++) read_arg(&args, f->param_types[i]);
    else
        read_machine_args(&args, f);
    IrText shown = {0};
    uint64_t results[MAX_SLOTS] = {0};
    KernelError error = {0};
    jit_ir_number(f);
    int64_t alive = jit_rt_buffers_alive();
    double t0 = now();
    bool skip_eval = timing && args.narrays && args.arrays[0].bytes > 1 << 22;
    if (!skip_eval) {
        int32_t status = jit_eval_func(f, args.slots, results, &error);
        show_outcome(f, status, results, &error, &shown);
        if (timing) printf("%s: evaluator %.3f ms\n", name, 1e3 * (now() - t0));
    }
    if (jit_rt_buffers_alive() != alive) fail("the evaluator leaked a buffer");
    uint64_t after = hash_arrays(&args);
    for (int b = 0; b < BACKENDS; b++)
        if (codes[b]) call_compiled(f, line, b, &args, skip_eval ? NULL : shown.data, after);
    if (!skip_eval) printf("%s = %s\n", line, shown.data);
    free(shown.data);
    for (uint32_t i = 0; i < args.narrays; i++) {
        free(args.arrays[i].data);
        free(args.arrays[i].copy);
    }
}

/* ---- the file's commands ---- */

static void print_module(IrModule *m)
{
    IrText out = {0};
    for (IrFunc *f = m->funcs; f; f = f->next) jit_ir_number(f);
    jit_print_module(m, &out);
    fputs(out.data, stdout);
    char error[256];
    IrModule *again = jit_read_module(out.data, error, sizeof error);
    if (!again) {
        fail(error);
    } else {
        IrText second = {0};
        jit_print_module(again, &second);
        if (strcmp(out.data, second.data)) {
            fputs(second.data, stdout);
            fail("printed text does not read back the same");
        }
        free(second.data);
        jit_ir_module_free(again);
    }
    free(out.data);
}

static void trace(const char *pass, const IrFunc *f)
{
    IrText out = {0};
    jit_print_func(f, &out);
    printf("-- after %s --\n%s", pass, out.data);
    free(out.data);
}

static void run_passes(IrModule *m, char *names)
{
    for (char *save, *name = strtok_r(names, " ", &save); name; name = strtok_r(NULL, " ", &save)) {
        const JitPass *pass = jit_pipeline_find(name);
        if (!pass) {
            fail("unknown pass");
            return;
        }
        for (IrFunc *f = m->funcs; f; f = f->next) {
            if (f->lowered) pass->run(f);
            const char *wrong = jit_verify_func(f);
            if (wrong) fail(wrong);
        }
    }
}

static bool command(IrModule *m, char *line, bool *compiled)
{
    while (*line == ' ') line++;
    char *rest = line + strcspn(line, " ");
    if (*rest) *rest++ = 0;
    if (!strcmp(line, "print")) {
        print_module(m);
    } else if (!strcmp(line, "verify")) {
        const char *wrong = jit_verify_module(m);
        printf("%s\n", wrong ? wrong : "valid");
    } else if (!strcmp(line, "pass")) {
        run_passes(m, rest);
    } else if (!strcmp(line, "pipeline")) {
        const char *wrong = jit_pipeline_run(m, true, getenv("IRTEST_TRACE") ? trace : NULL);
        if (wrong) fail(wrong);
    } else if (!strcmp(line, "infer")) {
        for (IrFunc *f = m->funcs; f; f = f->next) {
            JitDiag diag = {0};
            bool template = f->base != NULL;
            for (uint32_t i = 0; i < f->first->nparam; i++) template |= !f->first->params[i]->type;
            if (f->lowered || template) continue;
            if (jit_infer_run(f, &diag) < 0) {
                printf("@%s: %d:%d: K%03d %s\n", f->name, diag.pos.line, diag.pos.col, diag.code,
                       diag.text);
                if (diag.second.line)
                    printf("  %d:%d: %s\n", diag.second.line, diag.second.col, diag.second_text);
                return false;
            }
        }
    } else if (!strcmp(line, "middle")) {
        JitDiag diag = {0};
        double t0 = now();
        if (jit_pipeline_middle(m, true, getenv("IRTEST_TRACE") ? trace : NULL, &diag) < 0) {
            printf("%d:%d: K%03d %s\n", diag.pos.line, diag.pos.col, diag.code, diag.text);
            if (diag.second.line)
                printf("  %d:%d: %s\n", diag.second.line, diag.second.col, diag.second_text);
            return false;
        }
        if (timing) printf("middle %.2f ms\n", 1e3 * (now() - t0));
    } else if (!strcmp(line, "call")) {
        if (!*compiled && !(*compiled = compile(m))) return false;
        call(m, rest);
    } else {
        fail("unknown command");
    }
    return true;
}

static char *read_file(const char *path)
{
    FILE *in = fopen(path, "rb");
    if (!in) return NULL;
    fseek(in, 0, SEEK_END);
    long size = ftell(in);
    rewind(in);
    char *text = calloc(1, (size_t)size + 1);
    if (fread(text, 1, (size_t)size, in) != (size_t)size) text[0] = 0;
    fclose(in);
    return text;
}

int main(int argc, char **argv)
{
    const char *path = NULL, *given_folder = NULL;
    char folder[4096];
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--time"))
            timing = true;
        else if (!strcmp(argv[i], "--eval"))
            eval_only = true;
        else if (!strncmp(argv[i], "--plugins=", 10))
            given_folder = argv[i] + 10;
        else if (!strncmp(argv[i], "--backend=", 10))
            only_backend = argv[i] + 10;
        else if (!strncmp(argv[i], "--emit=", 7))
            emit = argv[i] + 7;
        else
            path = argv[i];
    }
    snprintf(folder, sizeof folder, "%s", argv[0]);
    char *slash = strrchr(folder, '/');
    if (slash) *slash = 0;
    plugin_folder = given_folder ? given_folder : slash ? folder : ".";
    char *text = path ? read_file(path) : NULL, error[256];
    if (!text) {
        fprintf(stderr, "usage: irtest [--time] [--eval] [--backend=NAME] [--plugins=DIR] "
                        "[--emit=ir|opt|asm] FILE.ir\n");
        return 2;
    }
    IrModule *m = jit_read_module(text, error, sizeof error);
    if (!m) {
        printf("error: %s\n", error);
        free(text);
        return 0;
    }
    bool compiled = false;
    for (char *save, *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
        if (!strncmp(line, ";;", 2) && !command(m, line + 2, &compiled)) break;
    for (int b = 0; b < BACKENDS; b++) jit_loader_free(codes[b]);
    jit_ir_module_free(m);
    free(text);
    return failed;
}
