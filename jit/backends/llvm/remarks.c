/* What LLVM's passes say about their decisions: "vectorized loop (vectorization width: 4, ...)" with a place.
 *
 * The C API has a handler a context, but which passes speak is the process's option, which cannot be taken back. So the option
 * is given when somebody listens for the first time, and from then on every context gets a handler: LLVM's own would print. */
#include "jit/backends/llvm/emit.h"

#include <llvm-c/Support.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static atomic_bool speaking;
static pthread_once_t once = PTHREAD_ONCE_INIT;

#define PASSES "^(inline|loop-vectorize|slp-vectorizer|loop-unroll|licm|loop-idiom|loop-delete)$"

static void speak(void)
{
    static const char *const argv[] = {"krait", "-pass-remarks=" PASSES,
                                       "-pass-remarks-missed=" PASSES,
                                       "-pass-remarks-analysis=" PASSES};
    LLVMParseCommandLineOptions(4, argv, NULL);
    speaking = true;
}

/* "3:18:4: vectorized loop (...)": the function's number, line, column, words. */
static bool take_place(const char **text, IrPos *pos)
{
    char *end;
    long number[3];
    for (int i = 0; i < 3; i++) {
        number[i] = strtol(*text, &end, 10);
        if (end == *text || *end != ':') return false;
        *text = end + 1;
    }
    if (number[0] < 0 || number[0] > JIT_FUNCTIONS_MAX || number[1] <= 0) return false;
    *pos = (IrPos){(int32_t)(number[1] + (number[0] << JIT_POS_SHIFT)),
                   number[2] > 0 ? (int32_t)number[2] - 1 : 0, 0, 0};
    while (**text == ' ') ++*text;
    return true;
}

static void handle(LLVMDiagnosticInfoRef info, void *context)
{
    const JitCompileOptions *options = context;
    char *words = LLVMGetDiagInfoDescription(info);
    const char *text = words;
    IrPos pos;
    bool heard = options->remark && LLVMGetDiagInfoSeverity(info) == LLVMDSRemark;
    if (heard && take_place(&text, &pos)) options->remark(options->remark_context, pos, text);
    LLVMDisposeMessage(words);
}

void jit_llvm_remarks_listen(LLVMContextRef cx, const JitCompileOptions *options)
{
    if (options->remark) pthread_once(&once, speak);
    if (speaking) LLVMContextSetDiagnosticHandler(cx, handle, (void *)(uintptr_t)options);
}
