/* Lowered IR to LLVM IR, node by node.
 *
 * Each function becomes an internal LLVM function of natural signature that returns
 * { i32 status, results... }, and an external wrapper "kernel_<name>" of the kernel ABI. Block
 * parameters become phis. A raising node becomes a branch to a cold block that stores the error's
 * site and values and goes on to the node's exit edge, or returns status 1.
 *
 * Facts reach LLVM as: nsw flags, branch weights, noalias on the allocator's result, memory(none)
 * on mathematical functions and their vector variants, fast-math flags only on nodes marked fast.
 * Floating point is otherwise left strict: no contraction, no reassociation.
 */
#include "jit/backends/llvm/emit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- declarations ---- */

static void add_attr(Emit *e, LLVMValueRef fn, unsigned index, const char *name, uint64_t value)
{
    unsigned kind = LLVMGetEnumAttributeKindForName(name, strlen(name));
    if (kind) LLVMAddAttributeAtIndex(fn, index, LLVMCreateEnumAttribute(e->cx, kind, value));
}

static void string_attr(Emit *e, LLVMValueRef fn, const char *key, const char *value)
{
    LLVMAddAttributeAtIndex(fn, (LLVMAttributeIndex)LLVMAttributeFunctionIndex,
                            LLVMCreateStringAttribute(e->cx, key, (unsigned)strlen(key), value,
                                                      (unsigned)strlen(value)));
}

static void cpu_attrs(Emit *e, LLVMValueRef fn)
{
    string_attr(e, fn, "target-cpu", e->target->cpu);
    string_attr(e, fn, "target-features", e->target->features);
    add_attr(e, fn, (unsigned)LLVMAttributeFunctionIndex, "nounwind", 0);
}

LLVMValueRef jit_llvm_declare(Emit *e, const char *name, LLVMTypeRef type)
{
    LLVMValueRef fn = LLVMGetNamedFunction(e->mod, name);
    if (!fn) {
        fn = LLVMAddFunction(e->mod, name, type);
        add_attr(e, fn, (unsigned)LLVMAttributeFunctionIndex, "nounwind", 0);
        add_attr(e, fn, (unsigned)LLVMAttributeFunctionIndex, "willreturn", 0);
    }
    return fn;
}

/* llvm.<name>.<type> applied to values of one type. */
LLVMValueRef jit_llvm_intrinsic(Emit *e, const char *name, LLVMTypeRef over, LLVMValueRef *args,
                                unsigned n)
{
    unsigned id = LLVMLookupIntrinsicID(name, strlen(name));
    LLVMValueRef fn = LLVMGetIntrinsicDeclaration(e->mod, id, &over, 1);
    return LLVMBuildCall2(e->b, LLVMIntrinsicGetType(e->cx, id, &over, 1), fn, args, n, "");
}

LLVMValueRef jit_llvm_intrinsic1(Emit *e, const char *name, LLVMValueRef x)
{
    return jit_llvm_intrinsic(e, name, LLVMTypeOf(x), &x, 1);
}

static void mark_pure(Emit *e, LLVMValueRef fn)
{
    add_attr(e, fn, (unsigned)LLVMAttributeFunctionIndex, "memory", 0);
    add_attr(e, fn, (unsigned)LLVMAttributeFunctionIndex, "nosync", 0);
    add_attr(e, fn, (unsigned)LLVMAttributeFunctionIndex, "nofree", 0);
}

static void mark_readonly(Emit *e, LLVMValueRef fn)
{
    /* memory(argmem: read): two bits a location, argmem first */
    add_attr(e, fn, (unsigned)LLVMAttributeFunctionIndex, "memory", 1);
    add_attr(e, fn, (unsigned)LLVMAttributeFunctionIndex, "nofree", 0);
}

LLVMValueRef jit_llvm_rt_function(Emit *e, IrRt rt, LLVMTypeRef *type)
{
    const IrRtInfo *info = &jit_ir_rts[rt];
    LLVMTypeRef params[16];
    unsigned n = 0;
    for (const char *p = info->params; *p; p++) params[n++] = mtype(e, jit_ir_rt_machine(*p));
    *type = LLVMFunctionType(
        info->result == 'v' ? e->nothing : mtype(e, jit_ir_rt_machine(info->result)), params, n, 0);
    bool fresh = !LLVMGetNamedFunction(e->mod, info->symbol);
    LLVMValueRef fn = jit_llvm_declare(e, info->symbol, *type);
    if (fresh) {
        if (info->effects == EFFECT_PURE)
            mark_pure(e, fn);
        else if (info->effects == EFFECT_READ)
            mark_readonly(e, fn);
        for (unsigned i = 0; i < n; i++)
            if (params[i] == e->i1) add_attr(e, fn, i + 1, "zeroext", 0);
        if (info->result == 'b') add_attr(e, fn, 0, "zeroext", 0);
    }
    return fn;
}

/* Declares the scalar function of krait.h and, once, its vector forms; the attribute that maps
 * lanes to forms stands on each call. */
static LLVMValueRef math_function(Emit *e, IrMath id, bool single, LLVMTypeRef *type, char *map,
                                  size_t map_size)
{
    char name[64];
    LLVMTypeRef over = single ? e->f32 : e->f64, params[2] = {over, over};
    unsigned n = jit_ir_math_nargs[id];
    *type = LLVMFunctionType(over, params, n, 0);
    snprintf(name, sizeof name, "jit.%s%s", jit_ir_math_names[id], single ? "f" : "");
    bool fresh = !LLVMGetNamedFunction(e->mod, name);
    LLVMValueRef fn = jit_llvm_declare(e, name, *type);
    if (fresh) mark_pure(e, fn);
    size_t at = 0;
    map[0] = 0;
    for (unsigned lanes = single ? 4 : 2; lanes <= (single ? 16u : 8u); lanes *= 2) {
        char vector[80];
        snprintf(vector, sizeof vector, "%s.v%u", name, lanes);
        if (!e->target->symbol || !e->target->symbol(vector)) continue;
        at += (size_t)snprintf(map + at, map_size - at, "%s_ZGV_LLVM_N%u%s_%s(%s)", at ? "," : "",
                               lanes, n == 2 ? "vv" : "v", name, vector);
        if (fresh) {
            LLVMTypeRef v = LLVMVectorType(over, lanes), vs[2] = {v, v};
            LLVMValueRef form = jit_llvm_declare(e, vector, LLVMFunctionType(v, vs, n, 0));
            mark_pure(e, form);
            e->used[e->nused++] = form;
        }
    }
    return fn;
}

/* ---- error sites ---- */

uint32_t jit_llvm_add_site(Emit *e, const IrNode *x, IrErr err, const char *text)
{
    if (e->nsites == e->site_room) {
        e->site_room = e->site_room ? 2 * e->site_room : 32;
        e->site_list = realloc(e->site_list, e->site_room * sizeof *e->site_list);
    }
    KernelSite *s = &e->site_list[e->nsites];
    *s = (KernelSite){(uint32_t)err, x->pos.line, x->pos.col, x->pos.end_line, x->pos.end_col, -1};
    if (text && *text) {
        size_t n = strlen(text) + 1;
        if (e->texts_size + n > e->texts_room) {
            e->texts_room = 2 * (e->texts_size + n) + 256;
            e->texts = realloc(e->texts, e->texts_room);
        }
        memcpy(e->texts + e->texts_size, text, n);
        s->text = (int32_t)e->texts_size;
        e->texts_size += n;
    }
    return e->nsites++;
}

/* The table was declared as an opaque external; now its size and contents are known. Texts stand
 * behind the sites, so that a site's text is at a constant distance. */
static void finish_sites(Emit *e)
{
    if (!e->nsites) return;
    size_t table = e->nsites * sizeof(KernelSite);
    for (uint32_t i = 0; i < e->nsites; i++) {
        KernelSite *s = &e->site_list[i];
        s->text = s->text < 0 ? 0 : (int32_t)(table - i * sizeof *s) + s->text;
    }
    size_t size = table + e->texts_size;
    char *bytes = malloc(size);
    memcpy(bytes, e->site_list, table);
    if (e->texts_size) memcpy(bytes + table, e->texts, e->texts_size);
    LLVMValueRef init = LLVMConstStringInContext(e->cx, bytes, (unsigned)size, 1);
    LLVMValueRef real = LLVMAddGlobal(e->mod, LLVMTypeOf(init), "sites");
    LLVMSetInitializer(real, init);
    LLVMSetGlobalConstant(real, 1);
    LLVMSetLinkage(real, LLVMInternalLinkage);
    LLVMSetAlignment(real, 8);
    LLVMReplaceAllUsesWith(e->sites, real);
    LLVMDeleteGlobal(e->sites);
    free(bytes);
}

static LLVMValueRef gep(Emit *e, LLVMValueRef base, LLVMValueRef offset)
{
    return LLVMBuildGEP2(e->b, e->i8, base, &offset, 1, "");
}

/* ---- edges and errors ---- */

static LLVMBasicBlockRef new_block(Emit *e, const char *name)
{
    return LLVMAppendBasicBlockInContext(e->cx, e->fn, name);
}

static void add_incoming(Emit *e, const IrEdge *edge, LLVMBasicBlockRef from)
{
    for (uint32_t i = 0; i < edge->n; i++) {
        LLVMValueRef v = V(e, edge->args[i]);
        LLVMAddIncoming(V(e, edge->to->params[i]), &v, &from, 1);
    }
}

/* Branches from here to the exit of x. */
static void go_exit(Emit *e, const IrNode *x)
{
    if (!x->exit) {
        LLVMBuildBr(e->b, e->fail);
        return;
    }
    LLVMBasicBlockRef here = LLVMGetInsertBlock(e->b);
    LLVMBuildBr(e->b, e->starts[x->exit->to->id]);
    add_incoming(e, x->exit, here);
}

LLVMBasicBlockRef jit_llvm_branch_unless(Emit *e, LLVMValueRef ok)
{
    LLVMBasicBlockRef good = new_block(e, "ok"), cold = new_block(e, "raise");
    LLVMValueRef br = LLVMBuildCondBr(e->b, ok, good, cold);
    LLVMSetMetadata(br, e->weights_kind, e->likely);
    LLVMPositionBuilderAtEnd(e->b, cold);
    return good;
}

LLVMValueRef jit_llvm_site_address(Emit *e, uint32_t site)
{
    return gep(e, e->sites, i64c(e, (int64_t)(site * sizeof(KernelSite))));
}

/* In a cold block: fills the error and leaves. */
void jit_llvm_store_error(Emit *e, const IrNode *x, LLVMValueRef site, LLVMValueRef *args,
                          unsigned n)
{
    LLVMBuildStore(e->b, site, e->error);
    for (unsigned i = 0; i < n && i < KERNEL_ERROR_ARGS; i++) {
        LLVMValueRef at = gep(e, e->error, i64c(e, (int64_t)(offsetof(KernelError, args) + 8 * i)));
        LLVMValueRef v = args[i];
        if (LLVMTypeOf(v) == e->i1) v = LLVMBuildZExt(e->b, v, e->i64, "");
        LLVMBuildStore(e->b, v, at);
    }
    go_exit(e, x);
}

/* Goes on when `ok`, else raises err with values. */
void jit_llvm_raise_unless(Emit *e, const IrNode *x, LLVMValueRef ok, IrErr err, LLVMValueRef *args,
                           unsigned n)
{
    LLVMBasicBlockRef good = jit_llvm_branch_unless(e, ok);
    jit_llvm_store_error(e, x, jit_llvm_site_address(e, jit_llvm_add_site(e, x, err, x->text)),
                         args, n);
    LLVMPositionBuilderAtEnd(e->b, good);
}

/* ---- the other ops ---- */

static LLVMValueRef wrapped(Emit *e, const IrNode *x, LLVMValueRef i, LLVMValueRef n)
{
    if (x->flags & NODE_POS) return i;
    return LLVMBuildSelect(e->b, jit_llvm_is_negative(e, i), LLVMBuildAdd(e->b, i, n, ""), i, "");
}

/* One comparison for an index from 0 on; one that counts from the end, or is out of bounds, is seen to
 * apart. Against a select before the comparison: 0.83 of the time for sparse products, 0.80 for a
 * breadth-first search, 0.85 for a histogram. */
static LLVMValueRef index_op(Emit *e, const IrNode *x)
{
    LLVMValueRef i = V(e, x->args[0]), n = V(e, x->args[1]), args[] = {i, n, i64c(e, x->imm.i)};
    if (x->op == OP_WRAP || x->flags & NODE_INRANGE) return wrapped(e, x, i, n);
    LLVMValueRef fits = LLVMBuildICmp(e->b, LLVMIntULT, i, n, "");
    if (x->flags & NODE_POS) {
        jit_llvm_raise_unless(e, x, fits, ERR_INDEX, args, 3);
        return i;
    }
    LLVMBasicBlockRef from[2] = {LLVMGetInsertBlock(e->b)}, good = jit_llvm_branch_unless(e, fits);
    LLVMValueRef values[2] = {i, LLVMBuildAdd(e->b, i, n, "")};
    jit_llvm_raise_unless(e, x, LLVMBuildICmp(e->b, LLVMIntULT, values[1], n, ""), ERR_INDEX, args, 3);
    from[1] = LLVMGetInsertBlock(e->b);
    LLVMBuildBr(e->b, good);
    LLVMPositionBuilderAtEnd(e->b, good);
    LLVMValueRef r = LLVMBuildPhi(e->b, e->i64, "");
    LLVMAddIncoming(r, values, from, 2);
    return r;
}

static LLVMValueRef alloc(Emit *e, const IrNode *x)
{
    LLVMTypeRef params[] = {e->i64, e->i32};
    LLVMTypeRef type = LLVMFunctionType(e->ptr, params, 2, 0);
    LLVMValueRef fn = jit_llvm_declare(e, "jit_rt_alloc", type);
    add_attr(e, fn, 0, "noalias", 0);
    LLVMValueRef args[] = {V(e, x->args[0]), LLVMConstInt(e->i32, (uint64_t)x->imm.i, 0)};
    LLVMValueRef r = LLVMBuildCall2(e->b, type, fn, args, 2, "");
    jit_llvm_raise_unless(e, x, LLVMBuildIsNotNull(e->b, r, ""), ERR_MEMORY, args, 1);
    return r;
}

static void count_op(Emit *e, const IrNode *x)
{
    LLVMTypeRef type = LLVMFunctionType(e->nothing, &e->ptr, 1, 0);
    LLVMValueRef owner = V(e, x->args[0]);
    LLVMValueRef fn =
        jit_llvm_declare(e, x->op == OP_RETAIN ? "jit_rt_retain" : "jit_rt_release", type);
    add_attr(e, fn, 1, "nocapture", 0);
    LLVMBuildCall2(e->b, type, fn, &owner, 1, "");
}

static LLVMValueRef memory_op(Emit *e, const IrNode *x)
{
    LLVMValueRef at = gep(e, V(e, x->args[0]), V(e, x->args[1]));
    if (x->op == OP_LOAD) {
        MType m = (MType)x->mt;
        LLVMValueRef v = LLVMBuildLoad2(e->b, m == M_I1 ? e->i8 : mtype(e, m), at, "");
        LLVMSetAlignment(v, jit_mtype_size(m));
        return m == M_I1 ? LLVMBuildNot(e->b, jit_llvm_is_zero(e, v), "") : v;
    }
    LLVMValueRef v = V(e, x->args[2]);
    MType m = (MType)x->args[2]->mt;
    if (m == M_I1) v = LLVMBuildZExt(e->b, v, e->i8, "");
    LLVMSetAlignment(LLVMBuildStore(e->b, v, at), jit_mtype_size(m));
    return NULL;
}

static LLVMValueRef math_op(Emit *e, const IrNode *x)
{
    char map[512];
    LLVMTypeRef type;
    LLVMValueRef fn = math_function(e, (IrMath)x->sub, x->mt == M_F32, &type, map, sizeof map);
    LLVMValueRef args[2];
    for (uint32_t i = 0; i < x->n; i++) args[i] = V(e, x->args[i]);
    LLVMValueRef call = LLVMBuildCall2(e->b, type, fn, args, x->n, "");
    if (map[0])
        LLVMAddCallSiteAttribute(call, (LLVMAttributeIndex)LLVMAttributeFunctionIndex,
                                 LLVMCreateStringAttribute(e->cx, "vector-function-abi-variant", 27,
                                                           map, (unsigned)strlen(map)));
    return call;
}

static LLVMValueRef stack(Emit *e, const IrNode *x)
{
    LLVMBasicBlockRef here = LLVMGetInsertBlock(e->b);
    LLVMValueRef first = LLVMGetFirstInstruction(e->entry);
    if (first)
        LLVMPositionBuilderBefore(e->b, first);
    else
        LLVMPositionBuilderAtEnd(e->b, e->entry);
    LLVMTypeRef type = LLVMArrayType2(e->i64, (uint64_t)(x->imm.i ? x->imm.i : 1));
    LLVMValueRef r = LLVMBuildAlloca(e->b, type, "");
    LLVMSetAlignment(r, 16);
    LLVMPositionBuilderAtEnd(e->b, here);
    return r;
}

/* Tells the trail of the error (run/trail.h) that it passes a call of the user's. */
static void note_passed(Emit *e, const IrNode *x)
{
    if (x->op != OP_CALL || !x->pos.line || e->f->library) return;
    LLVMTypeRef type = LLVMFunctionType(e->nothing, &e->ptr, 1, 0);
    LLVMValueRef fn = jit_llvm_declare(e, "jit_rt_passed", type);
    LLVMValueRef site = jit_llvm_site_address(e, jit_llvm_add_site(e, x, ERR_NONE, NULL));
    add_attr(e, fn, (unsigned)LLVMAttributeFunctionIndex, "memory", 3 << 2); /* inaccessible */
    LLVMBuildCall2(e->b, type, fn, &site, 1, "");
}

/* The status of a callee that has filled the error already. */
static void leave_if_failed(Emit *e, const IrNode *x, LLVMValueRef status)
{
    LLVMBasicBlockRef good = jit_llvm_branch_unless(e, jit_llvm_is_zero(e, status));
    note_passed(e, x);
    go_exit(e, x);
    LLVMPositionBuilderAtEnd(e->b, good);
}

static void inner_name(const IrFunc *f, char *buf, size_t size)
{
    snprintf(buf, size, "fn.%s", f->name);
}

static LLVMValueRef call(Emit *e, const IrNode *x)
{
    char name[256];
    snprintf(name, sizeof name, "fn.%s", x->text);
    LLVMValueRef fn = LLVMGetNamedFunction(e->mod, name), args[256];
    unsigned n = 0;
    args[n++] = e->error;
    for (uint32_t i = 0; i < x->n && n < 256; i++) args[n++] = V(e, x->args[i]);
    LLVMValueRef r = LLVMBuildCall2(e->b, LLVMGlobalGetValueType(fn), fn, args, n, "");
    LLVMSetInstructionCallConv(r, LLVMFastCallConv);
    leave_if_failed(e, x, LLVMBuildExtractValue(e->b, r, 0, ""));
    return r;
}

static void parfor(Emit *e, const IrNode *x)
{
    char name[280];
    jit_backend_symbol(x->text, name, sizeof name);
    LLVMTypeRef params[] = {e->ptr, e->i64, e->ptr, e->i64, e->ptr, e->i64, e->ptr};
    LLVMTypeRef type = LLVMFunctionType(e->i32, params, 7, 0);
    LLVMValueRef args[7] = {LLVMGetNamedFunction(e->mod, name)};
    for (uint32_t i = 0; i < 5; i++) args[i + 1] = V(e, x->args[i]);
    args[6] = e->error;
    LLVMValueRef status =
        LLVMBuildCall2(e->b, type, jit_llvm_declare(e, "jit_rt_parfor", type), args, 7, "");
    leave_if_failed(e, x, status);
}

static LLVMValueRef constant(Emit *e, const IrNode *x)
{
    LLVMTypeRef t = mtype(e, (MType)x->mt);
    if (x->mt == M_F32) return LLVMConstReal(t, (double)(float)x->imm.f);
    if (x->mt == M_F64) return LLVMConstReal(t, x->imm.f);
    if (x->mt == M_PTR || x->mt == M_OWN) return LLVMConstIntToPtr(i64c(e, x->imm.i), t);
    return LLVMConstInt(t, (uint64_t)x->imm.i, 1);
}

static void check(Emit *e, const IrNode *x)
{
    LLVMValueRef args[KERNEL_ERROR_ARGS];
    unsigned n = 0, skip = x->op == OP_CHECK;
    for (uint32_t i = skip; i < x->n && n < KERNEL_ERROR_ARGS; i++, n++) {
        MType m = (MType)x->args[i]->mt;
        args[n] = V(e, x->args[i]);
        if (jit_mtype_is_int(m)) args[n] = jit_llvm_int_to_int(e, m, e->i64, args[n]);
    }
    if (skip)
        jit_llvm_raise_unless(e, x, V(e, x->args[0]), (IrErr)x->sub, args, n);
    else
        jit_llvm_store_error(
            e, x, jit_llvm_site_address(e, jit_llvm_add_site(e, x, (IrErr)x->sub, x->text)), args,
            n);
}

static void ret(Emit *e, const IrNode *x)
{
    LLVMValueRef r = LLVMConstNull(e->ret_type);
    for (uint32_t i = 0; i < x->n; i++)
        r = LLVMBuildInsertValue(e->b, r, V(e, x->args[i]), i + 1, "");
    LLVMBuildRet(e->b, r);
}

/* Reads the word that others write; that the call behind it touches nothing of the kernel's memory
 * keeps values in registers around it. */
static void poll(Emit *e, const IrNode *x)
{
    LLVMValueRef word = LLVMGetNamedGlobal(e->mod, "jit_rt_attention");
    if (!word) word = LLVMAddGlobal(e->mod, e->i32, "jit_rt_attention");
    LLVMValueRef now = LLVMBuildLoad2(e->b, e->i32, word, "");
    LLVMSetVolatile(now, 1);
    LLVMBasicBlockRef good = jit_llvm_branch_unless(e, jit_llvm_is_zero(e, now));
    LLVMTypeRef type = LLVMFunctionType(e->i64, NULL, 0, 0);
    LLVMValueRef fn = jit_llvm_declare(e, "jit_rt_poll", type);
    add_attr(e, fn, (unsigned)LLVMAttributeFunctionIndex, "memory", 3 << 2); /* inaccessible */
    LLVMBasicBlockRef raise = new_block(e, "raise");
    LLVMValueRef stop = LLVMBuildCall2(e->b, type, fn, NULL, 0, "");
    LLVMBuildCondBr(e->b, jit_llvm_is_zero(e, stop), good, raise);
    LLVMPositionBuilderAtEnd(e->b, raise);
    jit_llvm_store_error(
        e, x, jit_llvm_site_address(e, jit_llvm_add_site(e, x, ERR_INTERRUPT, NULL)), NULL, 0);
    LLVMPositionBuilderAtEnd(e->b, good);
}

/* Is this frame above the limit in the KernelError? Where it seems not to be the thread is asked for its limit, which is
 * kept: the first time there is none. */
static LLVMValueRef stack_room(Emit *e)
{
    LLVMValueRef zero = LLVMConstInt(e->i32, 0, 0);
    LLVMValueRef frame = jit_llvm_intrinsic(e, "llvm.frameaddress", e->ptr, &zero, 1);
    frame = LLVMBuildPtrToInt(e->b, frame, e->i64, "");
    LLVMValueRef at = gep(e, e->error, i64c(e, offsetof(KernelError, no_room)));
    LLVMValueRef limit = LLVMBuildNot(e->b, LLVMBuildLoad2(e->b, e->i64, at, ""), "");
    LLVMValueRef values[2] = {LLVMConstInt(e->i1, 1, 0)};
    LLVMBasicBlockRef from[2] = {LLVMGetInsertBlock(e->b)};
    LLVMBasicBlockRef good = jit_llvm_branch_unless(e, LLVMBuildICmp(e->b, LLVMIntUGT, frame, limit, ""));
    limit = LLVMBuildPtrToInt(e->b, jit_llvm_call_rt(e, RT_STACK_LIMIT, NULL, 0), e->i64, "");
    LLVMBuildStore(e->b, LLVMBuildNot(e->b, limit, ""), at);
    values[1] = LLVMBuildICmp(e->b, LLVMIntUGT, frame, limit, "");
    from[1] = LLVMGetInsertBlock(e->b);
    LLVMBuildBr(e->b, good);
    LLVMPositionBuilderAtEnd(e->b, good);
    LLVMValueRef r = LLVMBuildPhi(e->b, e->i1, "");
    LLVMAddIncoming(r, values, from, 2);
    return r;
}

static LLVMValueRef rt_call(Emit *e, const IrNode *x)
{
    LLVMValueRef args[16];
    if (x->sub == RT_STACK_ROOM) return stack_room(e);
    for (uint32_t i = 0; i < x->n; i++) args[i] = V(e, x->args[i]);
    return jit_llvm_call_rt(e, (IrRt)x->sub, args, x->n);
}

static LLVMValueRef plain(Emit *e, const IrNode *x)
{
    const IrOpInfo *info = &jit_ir_ops[x->op];
    if (info->scalar == 'k') return jit_llvm_checked(e, x);
    if (info->scalar) return jit_llvm_scalar(e, x);
    switch (x->op) {
    case OP_CONST: return constant(e, x);
    case OP_UNDEF:
    case OP_OWNNONE: return LLVMConstNull(mtype(e, (MType)x->mt));
    case OP_SELECT:
        return jit_llvm_fast(
            e, x, LLVMBuildSelect(e->b, V(e, x->args[0]), V(e, x->args[1]), V(e, x->args[2]), ""));
    case OP_CONV: return jit_llvm_convert(e, x);
    case OP_BITS: {
        LLVMTypeRef t = mtype(e, (MType)x->mt);
        bool to_ptr = x->mt == M_PTR || x->mt == M_OWN;
        bool from_ptr = x->args[0]->mt == M_PTR || x->args[0]->mt == M_OWN;
        LLVMValueRef v = V(e, x->args[0]);
        if (to_ptr == from_ptr) return to_ptr ? v : LLVMBuildBitCast(e->b, v, t, "");
        return to_ptr ? LLVMBuildIntToPtr(e->b, v, t, "") : LLVMBuildPtrToInt(e->b, v, t, "");
    }
    case OP_MATH1:
    case OP_MATH2: return jit_llvm_fast(e, x, math_op(e, x));
    case OP_TOINT: return jit_llvm_to_int(e, x);
    case OP_NARROW: return jit_llvm_narrow(e, x);
    case OP_CHECK:
    case OP_RAISE: check(e, x); return NULL;
    case OP_POLL: poll(e, x); return NULL;
    case OP_INDEX:
    case OP_WRAP: return index_op(e, x);
    case OP_LOAD:
    case OP_STORE: return memory_op(e, x);
    case OP_PTRADD: return gep(e, V(e, x->args[0]), V(e, x->args[1]));
    case OP_ALLOC: return alloc(e, x);
    case OP_ERROR: return e->error;
    case OP_DATA: return gep(e, V(e, x->args[0]), i64c(e, offsetof(KernelBuffer, data)));
    case OP_RETAIN:
    case OP_RELEASE: count_op(e, x); return NULL;
    case OP_STACK: return stack(e, x);
    case OP_CALL: return call(e, x);
    case OP_PROJ: return LLVMBuildExtractValue(e->b, V(e, x->args[0]), (unsigned)x->imm.i + 1, "");
    case OP_RTCALL: return rt_call(e, x);
    case OP_PARFOR: parfor(e, x); return NULL;
    default: abort();
    }
}

/* ---- terminators, blocks, functions ---- */

static void jump(Emit *e, const IrEdge *edge)
{
    LLVMBasicBlockRef here = LLVMGetInsertBlock(e->b);
    LLVMBuildBr(e->b, e->starts[edge->to->id]);
    add_incoming(e, edge, here);
}

static void branch(Emit *e, IrBlock *b, const IrNode *x)
{
    IrEdge *yes = &b->succ[0], *no = &b->succ[1];
    LLVMBasicBlockRef here = LLVMGetInsertBlock(e->b);
    LLVMBasicBlockRef to_yes = e->starts[yes->to->id], to_no = e->starts[no->to->id];
    bool split = yes->to == no->to; /* phis cannot tell the two edges apart */
    if (split) to_no = new_block(e, "edge");
    LLVMValueRef br = LLVMBuildCondBr(e->b, V(e, x->args[0]), to_yes, to_no);
    if ((no->to->flags & (BLOCK_COLD | BLOCK_SLOW)) &&
        !(yes->to->flags & (BLOCK_COLD | BLOCK_SLOW)))
        LLVMSetMetadata(br, e->weights_kind, e->likely);
    add_incoming(e, yes, here);
    if (split) {
        LLVMPositionBuilderAtEnd(e->b, to_no);
        jump(e, no);
    } else {
        add_incoming(e, no, here);
    }
}

static void emit_node(Emit *e, IrBlock *b, const IrNode *x)
{
    jit_llvm_lines_at(e, x->pos);
    switch (x->op) {
    case OP_JUMP: jump(e, &b->succ[0]); break;
    case OP_BR: branch(e, b, x); break;
    case OP_RET: ret(e, x); break;
    case OP_RETHROW: LLVMBuildBr(e->b, e->fail); break;
    case OP_UNREACHABLE: LLVMBuildUnreachable(e->b); break;
    default: e->values[x->id] = plain(e, x);
    }
    if (jit_ir_is_term(x)) jit_llvm_mark_loop(e, b);
}

static void make_phis(Emit *e, IrBlock *b)
{
    LLVMPositionBuilderAtEnd(e->b, e->starts[b->id]);
    for (uint32_t i = 0; i < b->nparam; i++)
        e->values[b->params[i]->id] = LLVMBuildPhi(e->b, mtype(e, (MType)b->params[i]->mt), "");
}

static void function_type(Emit *e, const IrFunc *f, LLVMTypeRef *ret_type, LLVMTypeRef *type)
{
    LLVMTypeRef list[258];
    unsigned n = 0;
    list[n++] = e->i32;
    for (uint32_t i = 0; i < f->nret && n < 257; i++) list[n++] = mtype(e, (MType)f->rets[i]);
    *ret_type = LLVMStructTypeInContext(e->cx, list, n, 0);
    n = 0;
    list[n++] = e->ptr;
    for (uint32_t i = 0; i < f->first->nparam && n < 257; i++)
        list[n++] = mtype(e, (MType)f->first->params[i]->mt);
    *type = LLVMFunctionType(*ret_type, list, n, 0);
}

static LLVMTypeRef entry_type(Emit *e)
{
    LLVMTypeRef params[] = {e->ptr, e->ptr, e->ptr};
    return LLVMFunctionType(e->i32, params, 3, 0);
}

/* Specialisations are called by compiled code alone. */
static bool has_entry(const IrFunc *f) { return !f->base || f->body_of; }

static void declare_func(Emit *e, IrFunc *f)
{
    char name[280];
    LLVMTypeRef ret_type, type;
    function_type(e, f, &ret_type, &type);
    inner_name(f, name, sizeof name);
    LLVMValueRef fn = LLVMAddFunction(e->mod, name, type);
    LLVMSetLinkage(fn, LLVMInternalLinkage);
    LLVMSetFunctionCallConv(fn, LLVMFastCallConv);
    cpu_attrs(e, fn);
    add_attr(e, fn, 1, "noalias", 0);
    add_attr(e, fn, 1, "nocapture", 0);
    if (!has_entry(f)) return;
    jit_backend_symbol(f->name, name, sizeof name);
    fn = LLVMAddFunction(e->mod, name, entry_type(e));
    cpu_attrs(e, fn);
    for (unsigned i = 1; i <= 3; i++) {
        add_attr(e, fn, i, "noalias", 0);
        add_attr(e, fn, i, "nocapture", 0);
    }
}

static LLVMValueRef load_slot(Emit *e, MType m, LLVMValueRef at)
{
    if (m == M_PTR || m == M_OWN || m == M_F64 || m == M_F32)
        return LLVMBuildLoad2(e->b, mtype(e, m), at, "");
    LLVMValueRef v = LLVMBuildLoad2(e->b, e->i64, at, "");
    return LLVMGetIntTypeWidth(mtype(e, m)) == 64 ? v : LLVMBuildTrunc(e->b, v, mtype(e, m), "");
}

static void store_slot(Emit *e, MType m, LLVMValueRef v, LLVMValueRef at)
{
    if (m == M_F32) v = LLVMBuildBitCast(e->b, v, e->i32, "");
    if (m == M_F32 || (LLVMGetTypeKind(LLVMTypeOf(v)) == LLVMIntegerTypeKind &&
                       LLVMGetIntTypeWidth(LLVMTypeOf(v)) < 64))
        v = jit_mtype_is_signed(m) ? LLVMBuildSExt(e->b, v, e->i64, "")
                                   : LLVMBuildZExt(e->b, v, e->i64, "");
    LLVMBuildStore(e->b, v, at);
}

static void emit_entry(Emit *e, IrFunc *f)
{
    char name[280];
    jit_backend_symbol(f->name, name, sizeof name);
    LLVMValueRef fn = LLVMGetNamedFunction(e->mod, name), args[257];
    inner_name(f, name, sizeof name);
    LLVMValueRef inner = LLVMGetNamedFunction(e->mod, name);
    jit_llvm_lines_func(e, f, fn);
    LLVMPositionBuilderAtEnd(e->b, LLVMAppendBasicBlockInContext(e->cx, fn, ""));
    unsigned n = 0;
    args[n++] = LLVMGetParam(fn, 2);
    for (uint32_t i = 0; i < f->first->nparam && n < 257; i++)
        args[n++] = load_slot(e, (MType)f->first->params[i]->mt,
                              gep(e, LLVMGetParam(fn, 0), i64c(e, 8 * (int64_t)i)));
    LLVMValueRef r = LLVMBuildCall2(e->b, LLVMGlobalGetValueType(inner), inner, args, n, "");
    LLVMSetInstructionCallConv(r, LLVMFastCallConv);
    LLVMValueRef status = LLVMBuildExtractValue(e->b, r, 0, "");
    for (uint32_t i = 0; i < f->nret; i++)
        store_slot(e, (MType)f->rets[i], LLVMBuildExtractValue(e->b, r, i + 1, ""),
                   gep(e, LLVMGetParam(fn, 1), i64c(e, 8 * (int64_t)i)));
    LLVMBuildRet(e->b, status);
}

static void emit_func(Emit *e, IrFunc *f)
{
    char name[280];
    uint32_t n;
    LLVMTypeRef type;
    jit_cfg_analyze(f);
    jit_ir_number(f);
    IrBlock **rpo = jit_cfg_rpo(f, &n);
    e->f = f;
    inner_name(f, name, sizeof name);
    e->fn = LLVMGetNamedFunction(e->mod, name);
    function_type(e, f, &e->ret_type, &type);
    jit_llvm_lines_func(e, f, e->fn);
    e->error = LLVMGetParam(e->fn, 0);
    e->values = calloc(f->next_node + 1, sizeof *e->values);
    e->starts = calloc(f->next_block + 1, sizeof *e->starts);
    e->entry = new_block(e, "entry");
    for (uint32_t i = 0; i < n; i++) e->starts[rpo[i]->id] = new_block(e, "b");
    e->fail = new_block(e, "fail");
    for (uint32_t i = 0; i < f->first->nparam; i++)
        e->values[f->first->params[i]->id] = LLVMGetParam(e->fn, i + 1);
    LLVMPositionBuilderAtEnd(e->b, e->entry);
    LLVMBuildBr(e->b, e->starts[f->first->id]);
    for (uint32_t i = 1; i < n; i++) make_phis(e, rpo[i]);
    /* Definitions come before uses along dominators, which reverse postorder respects; only phis
     * see later values, and those are added when the edge is. An edge's argument is defined by
     * then, because it dominates the edge. */
    for (uint32_t i = 0; i < n; i++) {
        LLVMPositionBuilderAtEnd(e->b, e->starts[rpo[i]->id]);
        FOR_NODES(x, rpo[i])
        emit_node(e, rpo[i], x);
    }
    LLVMPositionBuilderAtEnd(e->b, e->fail);
    LLVMValueRef bad = LLVMConstInt(e->i32, 1, 0);
    LLVMBuildRet(e->b, LLVMBuildInsertValue(e->b, LLVMConstNull(e->ret_type), bad, 0, ""));
    free(e->values);
    free(e->starts);
}

/* Vector forms are referred to only by attributes; this keeps their declarations. */
static void keep_used(Emit *e)
{
    if (!e->nused) return;
    LLVMValueRef list = LLVMConstArray2(e->ptr, e->used, e->nused);
    LLVMValueRef g = LLVMAddGlobal(e->mod, LLVMTypeOf(list), "llvm.compiler.used");
    LLVMSetInitializer(g, list);
    LLVMSetLinkage(g, LLVMAppendingLinkage);
    LLVMSetSection(g, "llvm.metadata");
}

static void init_types(Emit *e)
{
    e->i1 = LLVMInt1TypeInContext(e->cx);
    e->i8 = LLVMInt8TypeInContext(e->cx);
    e->i32 = LLVMInt32TypeInContext(e->cx);
    e->i64 = LLVMInt64TypeInContext(e->cx);
    e->f32 = LLVMFloatTypeInContext(e->cx);
    e->f64 = LLVMDoubleTypeInContext(e->cx);
    e->ptr = LLVMPointerTypeInContext(e->cx, 0);
    e->nothing = LLVMVoidTypeInContext(e->cx);
    LLVMTypeRef i16 = LLVMInt16TypeInContext(e->cx);
    LLVMTypeRef all[M_COUNT] = {
        [M_VOID] = e->nothing, [M_I1] = e->i1,   [M_I8] = e->i8,   [M_U8] = e->i8,
        [M_I16] = i16,         [M_U16] = i16,    [M_I32] = e->i32, [M_U32] = e->i32,
        [M_I64] = e->i64,      [M_U64] = e->i64, [M_F32] = e->f32, [M_F64] = e->f64,
        [M_PTR] = e->ptr,      [M_OWN] = e->ptr};
    memcpy(e->types, all, sizeof all);
    e->loop_kind = LLVMGetMDKindIDInContext(e->cx, "llvm.loop", 9);
    e->weights_kind = LLVMGetMDKindIDInContext(e->cx, "prof", 4);
    LLVMMetadataRef parts[] = {LLVMMDStringInContext2(e->cx, "branch_weights", 14),
                               LLVMValueAsMetadata(LLVMConstInt(e->i32, 1u << 20, 0)),
                               LLVMValueAsMetadata(LLVMConstInt(e->i32, 1, 0))};
    e->likely = LLVMMetadataAsValue(e->cx, LLVMMDNodeInContext2(e->cx, parts, 3));
}

LLVMModuleRef jit_llvm_emit(LLVMContextRef cx, IrModule *m, const EmitTarget *target)
{
    Emit e = {.cx = cx, .m = m, .target = target};
    e.mod = LLVMModuleCreateWithNameInContext(m->file ? m->file : "kernel", cx);
    e.b = LLVMCreateBuilderInContext(cx);
    init_types(&e);
    jit_llvm_lines_begin(&e);
    e.sites = LLVMAddGlobal(e.mod, e.i8, "sites.declared");
    for (IrFunc *f = m->funcs; f; f = f->next) declare_func(&e, f);
    for (IrFunc *f = m->funcs; f; f = f->next) {
        emit_func(&e, f);
        if (has_entry(f)) emit_entry(&e, f);
    }
    finish_sites(&e);
    if (!e.nsites) LLVMDeleteGlobal(e.sites);
    keep_used(&e);
    jit_llvm_lines_end(&e);
    LLVMDisposeBuilder(e.b);
    free(e.site_list);
    free(e.texts);
    return e.mod;
}
