/* Lines of the user's source in LLVM's terms: a file a function of the unit, a subprogram a compiled function, a location an
 * instruction. Debuggers read them from the object; LLVM's remarks name their places by them.
 *
 * Every instruction of a function that has a subprogram gets a location, for LLVM insists on one for calls: what has no
 * place of its own takes that of the node before it. An inlined function keeps its lines, so the object tells both. */
#include "jit/backends/llvm/emit.h"

#include <stdio.h>
#include <string.h>

enum { DWARF_VERSION = 4 };

static LLVMMetadataRef file_of(Emit *e, uint32_t number)
{
    if (number > JIT_FUNCTIONS_MAX) number = 0;
    if (e->files[number]) return e->files[number];
    char name[16];
    snprintf(name, sizeof name, "%u", number);
    const char *file = number < e->target->nsources ? e->target->sources[number].file : name;
    return e->files[number] = LLVMDIBuilderCreateFile(e->lines, file, strlen(file), "", 0);
}

static void module_flag(Emit *e, const char *name, uint32_t value)
{
    LLVMAddModuleFlag(e->mod, LLVMModuleFlagBehaviorWarning, name, strlen(name),
                      LLVMValueAsMetadata(LLVMConstInt(e->i32, value, 0)));
}

void jit_llvm_lines_begin(Emit *e)
{
    if (!e->target->lines) return;
    e->lines = LLVMCreateDIBuilder(e->mod);
    module_flag(e, "Debug Info Version", LLVMDebugMetadataVersion());
    module_flag(e, "Dwarf Version", DWARF_VERSION);
    LLVMDIBuilderCreateCompileUnit(e->lines, LLVMDWARFSourceLanguagePython, file_of(e, 0), "krait",
                                   5, 1, "", 0, 0, "", 0, LLVMDWARFEmissionFull, 0, 0, 0, "", 0, "",
                                   0);
}

void jit_llvm_lines_func(Emit *e, const IrFunc *f, LLVMValueRef fn)
{
    if (!e->lines) return;
    IrPos pos = jit_ir_first_pos(f);
    uint32_t number = jit_pos_function(pos.line), line = (uint32_t)jit_pos_line(pos.line);
    const JitSource *source = number < e->target->nsources ? &e->target->sources[number] : NULL;
    const char *name = source ? source->name : f->name;
    if (source) line = (uint32_t)source->line;
    LLVMMetadataRef file = file_of(e, number);
    LLVMMetadataRef type =
        LLVMDIBuilderCreateSubroutineType(e->lines, file, NULL, 0, LLVMDIFlagZero);
    e->scope = LLVMDIBuilderCreateFunction(e->lines, file, name, strlen(name), "", 0, file, line,
                                           type, 1, 1, line, LLVMDIFlagZero, 1);
    LLVMSetSubprogram(fn, e->scope);
    LLVMSetCurrentDebugLocation2(e->b,
                                 LLVMDIBuilderCreateDebugLocation(e->cx, line, 0, e->scope, NULL));
}

void jit_llvm_lines_at(Emit *e, IrPos pos)
{
    if (!e->lines || !pos.line) return;
    LLVMMetadataRef scope = e->scope, file = file_of(e, jit_pos_function(pos.line));
    if (LLVMDIScopeGetFile(scope) != file)
        scope = LLVMDIBuilderCreateLexicalBlockFile(e->lines, scope, file, 0);
    LLVMSetCurrentDebugLocation2(
        e->b, LLVMDIBuilderCreateDebugLocation(e->cx, (unsigned)jit_pos_line(pos.line),
                                               (unsigned)pos.col + 1, scope, NULL));
}

void jit_llvm_lines_end(Emit *e)
{
    if (!e->lines) return;
    LLVMDIBuilderFinalize(e->lines);
    LLVMDisposeDIBuilder(e->lines);
}
