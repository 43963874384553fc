/* kernel.c: what the compiler's dispatcher needs of the VM for functions that run as machine code. */
#include "runtime/vm/kernel.h"

#include "runtime/vm/frame_object.h"
#include "runtime/vm/interpreter.h"

int kr_kernel_bind(Function *f, const Value *args, size_t n, Value kwnames, Value *out, uint32_t room, uint32_t *count)
{
    const Code *code = f->code;
    Thread *self = kr_self;
    Value *window = self->stack_top;
    uint32_t wanted = code->argument_count + code->keyword_only_count + ((code->flags & CODE_VARARGS) != 0);
    if (wanted > room) return kr_raise(kr_TypeError, "a kernel takes at most %u arguments", room), -1;
    if (window + code->register_count + 4 >= self->stack_limit) return kr_interpreter_raise_recursion(""), -1;
    self->stack_top += code->register_count + 4;
    int status = kr_call_bind(self, f, window, args, n, kwnames);
    self->stack_top = window;
    if (status < 0) return -1;
    memcpy(out, window, wanted * sizeof *out);
    *count = wanted;
    return 0;
}

/* The instruction that stands at a place, or else the first one of the line. */
static uint32_t instruction_at(const Code *code, int32_t line, int32_t column, int32_t end_column)
{
    uint32_t found = UINT32_MAX;
    for (uint32_t i = 0; i < code->instruction_count; i++) {
        Position p = code->positions[i];
        if ((int32_t)p.line != line) continue;
        if (p.column == column && p.end_column == end_column) return i;
        if (found == UINT32_MAX) found = i;
    }
    return found == UINT32_MAX ? 0 : found;
}

void kr_kernel_traceback(Function *f, int32_t line, int32_t column, int32_t end_column)
{
    Thread *self = kr_self;
    const Code *code = f->code;
    size_t count = code->register_count;
    if (self->stack_top + count >= self->stack_limit) return;
    Frame *frame = thread_next_frame(self);
    memset(frame, 0, sizeof *frame);
    frame->previous = self->frame;
    frame->code = f->code;
    frame->registers = self->stack_top;
    frame->next = &code->instructions[instruction_at(code, line, column, end_column) + 1];
    frame->globals = f->globals;
    frame->builtins = f->builtins;
    frame->function = from_object(f);
    /* f_locals is empty: a kernel's values are in machine registers. */
    for (size_t i = 0; i < count; i++) frame->registers[i] = EMPTY;
    self->stack_top += count;
    frame->top = self->stack_top;
    self->frame = frame;
    kr_unwind_add_traceback(self, frame);
    if (frame->flags & FRAME_HAS_OBJECT) kr_frame_object_unwind(self, frame);
    self->frame = frame->previous;
    self->stack_top = frame->registers;
}
