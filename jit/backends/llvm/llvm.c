/* The LLVM plug-in: target, pass pipeline, object emission. Uses the C API of LLVM 19 to 22 only.
 *
 * Levels 0 to 2 are LLVM's own defaults; level 3, that of kernels, is the list in `level3`. A context is made for each
 * compilation and thrown away, so compilations in several threads do not meet.
 */
#include "jit/backends/llvm/emit.h"

#include <llvm-c/Analysis.h>
#include <llvm-c/Support.h>
#include <llvm-c/Target.h>
#include <llvm-c/TargetMachine.h>
#include <llvm-c/Transforms/PassBuilder.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MANY_NODES = 140 };

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char *host_cpu, *host_features, *triple;
static LLVMTargetRef target;

static void set_option(const char *option)
{
    const char *argv[] = {"krait", option};
    unsigned major, minor, patch;
    LLVMGetVersion(&major, &minor, &patch);
    if (major >= 19 && major <= 22) LLVMParseCommandLineOptions(2, argv, NULL);
}

/* LLVM would vectorise sums of floats, adding the lanes in order, on some targets only. What is added is then computed
 * in vectors, and the bits are the same: 295 -> 194 us for a sum of quotients, 3.1 -> 1.2 ms for n bodies. An option that a
 * version does not know would end the process, so it is given to those that were looked at. */
static void sum_in_order(void) { set_option("-force-ordered-reductions"); }

/* LLVM's reduction of strength takes half of the code generator's time for a nest of stencils, versioned, vectorised and
 * unrolled (70 of 130 ms), and what it gains on x86-64 is little: of 34 kernels n-body became 1.13 times slower without,
 * knapsack 1.1, others no different. So modules with many nodes go without. The option is the process's; a
 * module that meets another's setting has the same results. */
static void reduce_strength(const IrModule *m)
{
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    static bool reduces = true;
    uint32_t nodes = 0;
    for (const IrFunc *f = m->funcs; f; f = f->next)
        FOR_BLOCKS(b, f)
        FOR_NODES(x, b)
        nodes += x->op != OP_CONST;
    pthread_mutex_lock(&mutex);
    bool wanted = nodes < MANY_NODES;
    if (wanted != reduces) set_option(wanted ? "-disable-lsr=false" : "-disable-lsr=true");
    reduces = wanted;
    pthread_mutex_unlock(&mutex);
}

static void init(void)
{
    sum_in_order();
    LLVMInitializeNativeTarget();
    LLVMInitializeNativeAsmPrinter();
    host_cpu = LLVMGetHostCPUName();
    host_features = LLVMGetHostCPUFeatures();
    triple = LLVMGetDefaultTargetTriple();
    char *error = NULL;
    if (LLVMGetTargetFromTriple(triple, &target, &error)) {
        target = NULL;
        LLVMDisposeMessage(error);
    }
}

static const char *describe(void)
{
    static char text[40];
    unsigned major, minor, patch;
    LLVMGetVersion(&major, &minor, &patch);
    snprintf(text, sizeof text, "LLVM %u.%u.%u", major, minor, patch);
    return text;
}

static LLVMTargetMachineRef machine_for(const char *cpu, const char *features, int level)
{
    static const LLVMCodeGenOptLevel levels[] = {LLVMCodeGenLevelNone, LLVMCodeGenLevelLess,
                                                 LLVMCodeGenLevelDefault,
                                                 LLVMCodeGenLevelAggressive};
    return LLVMCreateTargetMachine(target, triple, cpu, features, levels[level & 3], LLVMRelocPIC,
                                   LLVMCodeModelSmall);
}

static void take_text(JitBytes *out, char *text)
{
    if (out) {
        out->data = (uint8_t *)strdup(text);
        out->size = strlen(text);
    }
    LLVMDisposeMessage(text);
}

static int emit_file(LLVMTargetMachineRef tm, LLVMModuleRef mod, LLVMCodeGenFileType kind,
                     JitBytes *out, char *error, size_t size)
{
    char *message = NULL;
    LLVMMemoryBufferRef buffer = NULL;
    if (LLVMTargetMachineEmitToMemoryBuffer(tm, mod, kind, &message, &buffer)) {
        snprintf(error, size, "LLVM: %s", message);
        LLVMDisposeMessage(message);
        return -1;
    }
    out->size = LLVMGetBufferSize(buffer);
    out->data = malloc(out->size + 1);
    if (out->data) {
        memcpy(out->data, LLVMGetBufferStart(buffer), out->size);
        out->data[out->size] = 0;
    }
    LLVMDisposeMemoryBuffer(buffer);
    return out->data ? 0 : -1;
}

#define COMBINE "instcombine<max-iterations=1;no-verify-fixpoint>"
#define TIDY(ends, common)                                                                         \
    "simplifycfg<bonus-inst-threshold=1;switch-range-to-icmp;" ends ";" common "hoist-common-insts;" common \
    "sink-common-insts;speculate-blocks;simplify-cond-branch>"
#define TIDY_LOOPS TIDY("no-forward-switch-cond;no-switch-to-lookup;keep-loops", "no-")
#define TIDY_MORE TIDY("no-forward-switch-cond;no-switch-to-lookup;keep-loops", "")
#define TIDY_LAST TIDY("forward-switch-cond;switch-to-lookup;no-keep-loops", "")
#define ROTATE "loop-rotate<header-duplication;no-prepare-for-lto>"

/* default<O3> without what repeats. What it gets is in SSA form and has been simplified, numbered and freed of dead
 * branches by jit/passes. For bench/kernels it takes 0.73 of the time that default<O3> does, and what it makes is
 * as fast: the two in turn differed no more than default<O3> from itself, 0.03 mostly. What looks superfluous but is not: without induction
 * variables made canonical n-body takes 1.4 times as long, without jump threading fibonacci 1.1, without loads
 * forwarded around loops a Gauss-Seidel sweep 1.2. */
static const char level3[] =
    "cgscc(inline,function-attrs,function<eager-inv;no-rerun>("
    "sroa<modify-cfg>,early-cse<>," TIDY_LOOPS "," COMBINE ","
    "jump-threading,correlated-propagation,reassociate,"
    "loop-mssa(licm<no-allowspeculation>," ROTATE ",licm<allowspeculation>,simple-loop-unswitch<nontrivial;trivial>),"
    TIDY_LOOPS ","
    "loop(loop-idiom,indvars,loop-deletion,loop-unroll-full),"
    "gvn<>,bdce," COMBINE ",dse," TIDY_MORE ")),"
    "globaldce,function<eager-inv>("
    "loop(" ROTATE "),inject-tli-mappings,loop-vectorize<no-interleave-forced-only;no-vectorize-forced-only>,"
    "loop-load-elim," COMBINE "," TIDY_LAST ",slp-vectorizer,vector-combine,loop-unroll<O3>," COMBINE ","
    "loop-mssa(licm<allowspeculation>)," TIDY_MORE ")";

static int optimize(LLVMTargetMachineRef tm, LLVMModuleRef mod, int level, char *error, size_t size)
{
    static const char *const pipelines[] = {"default<O0>", "default<O1>", "default<O2>", level3};
    const char *custom = getenv("KRAIT_LLVM_PASSES");
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    LLVMPassBuilderOptionsSetLoopVectorization(options, level >= 2);
    LLVMPassBuilderOptionsSetSLPVectorization(options, level >= 2);
    LLVMPassBuilderOptionsSetLoopUnrolling(options, level >= 1);
    LLVMErrorRef failed = LLVMRunPasses(mod, custom ? custom : pipelines[level & 3], tm, options);
    LLVMDisposePassBuilderOptions(options);
    if (!failed) return 0;
    char *message = LLVMGetErrorMessage(failed);
    snprintf(error, size, "LLVM: %s", message);
    LLVMDisposeErrorMessage(message);
    return -1;
}

/* Adds the time since `start` to a span and gives the time now. */
static int64_t spent(const JitCompileOptions *options, int span, int64_t start)
{
    struct timespec t;
    if (!options->times) return 0;
    clock_gettime(CLOCK_MONOTONIC, &t);
    int64_t now = (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
    if (start) options->times[span] += now - start;
    return now;
}

static int build(LLVMModuleRef mod, LLVMTargetMachineRef tm, const JitCompileOptions *options,
                 JitBytes *object, char *error, size_t size)
{
    LLVMTargetDataRef layout = LLVMCreateTargetDataLayout(tm);
    LLVMSetModuleDataLayout(mod, layout);
    LLVMDisposeTargetData(layout);
    LLVMSetTarget(mod, triple);
    if (options->ir_text) take_text(options->ir_text, LLVMPrintModuleToString(mod));
#ifdef KRAIT_DEBUG
    char *message = NULL;
    if (LLVMVerifyModule(mod, LLVMReturnStatusAction, &message)) {
        snprintf(error, size, "LLVM: %s", message);
        LLVMDisposeMessage(message);
        return -1;
    }
    LLVMDisposeMessage(message);
#endif
    int64_t start = spent(options, 0, 0);
    if (optimize(tm, mod, options->level, error, size) < 0) return -1;
    start = spent(options, JIT_TIME_OPTIMIZE, start);
    if (options->opt_text) take_text(options->opt_text, LLVMPrintModuleToString(mod));
    if (options->asm_text) { /* emission changes the module; a copy gets the text */
        LLVMModuleRef copy = LLVMCloneModule(mod);
        int status = emit_file(tm, copy, LLVMAssemblyFile, options->asm_text, error, size);
        LLVMDisposeModule(copy);
        if (status < 0) return -1;
    }
    int status = options->want_code ? emit_file(tm, mod, LLVMObjectFile, object, error, size) : 0;
    spent(options, JIT_TIME_CODE, start);
    return status;
}

static int compile(IrModule *m, const JitCompileOptions *options, JitBytes *object, char *error,
                   size_t size)
{
    pthread_once(&once, init);
    if (!target) {
        snprintf(error, size, "LLVM has no code generator for this machine");
        return -1;
    }
    const char *cpu = options->cpu ? options->cpu : host_cpu;
    const char *features = options->cpu ? "" : host_features;
    LLVMTargetMachineRef tm = machine_for(cpu, features, options->level);
    reduce_strength(m);
    LLVMContextRef cx = LLVMContextCreate();
    EmitTarget facts = {cpu, features, options->symbol, options->sources, options->nsources,
                        options->nsources || options->remark, options};
    int64_t start = spent(options, 0, 0);
    jit_llvm_remarks_listen(cx, options);
    LLVMModuleRef mod = jit_llvm_emit(cx, m, &facts);
    spent(options, JIT_TIME_EMIT, start);
    int status = build(mod, tm, options, object, error, size);
    LLVMDisposeModule(mod);
    LLVMContextDispose(cx);
    LLVMDisposeTargetMachine(tm);
    return status;
}

__attribute__((visibility("default"))) const JitBackend *jit_backend_plugin(void);

const JitBackend *jit_backend_plugin(void)
{
    static const JitBackend backend = {JIT_BACKEND_VERSION, "llvm", describe, compile};
    return &backend;
}
