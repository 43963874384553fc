/* frame_object.c: frame and traceback objects, and what other parts ask of the running frame:
 * locals(), the arguments of super() without arguments, positions.
 *
 * A FrameObject follows its frame: while that runs, everything is read from the Frame; while its
 * generator is suspended, from the generator; when it returned, from a copy of the named
 * registers taken by kr_frame_object_detach(). The copy costs one pass a frame that was ever
 * looked at, and makes the caller's frame object too, so that f_back stays true. */
#include "runtime/vm/frame_object.h"

#include "runtime/objects/hooks.h"
#include "runtime/objects/list.h"
#include "runtime/vm/interpreter.h"
#include "runtime/vm/temporaries.h"

/* ---- Making and leaving ---- */

static FrameObject *frame_object_new(Code *code, Value function, Value globals, Value builtins,
                                     Value locals)
{
    FrameObject *object = heap_alloc(&kr_frame_type, sizeof *object);
    if (!object) return NULL;
    object->code = code;
    object->function = function;
    object->globals = globals;
    object->builtins = builtins;
    object->locals = locals;
    object->trace_lines = true;
    return object;
}

Value kr_frame_object(Frame *frame)
{
    if (frame->flags & FRAME_HAS_OBJECT) return frame->frame_object;
    kr_temporaries_forget();
    FrameObject *object = frame_object_new(frame->code, frame->function, frame->globals,
                                           frame->builtins, frame->locals);
    if (!object) return EMPTY;
    object->frame = frame;
    if (frame->flags & FRAME_GENERATOR) {
        object->generator = frame->generator;
        generator_of(frame->generator)->frame_object = from_object(object);
    }
    frame->frame_object = from_object(object);
    frame->flags |= FRAME_HAS_OBJECT;
    return from_object(object);
}

Value kr_frame_object_for_generator(Value generator)
{
    Generator *g = object_of(generator);
    if (!is_empty(g->frame_object)) return g->frame_object;
    FrameObject *object =
        frame_object_new(g->code, g->function, g->globals, g->builtins, g->locals);
    if (!object) return EMPTY;
    object->generator = generator;
    return g->frame_object = from_object(object);
}

/* Registers that have names: parameters, locals, cells. */
static size_t named_registers(const Code *code)
{
    size_t n = tuple_of(code->variables)->size;
    for (size_t i = 0; i < tuple_of(code->cell_names)->size; i++)
        if (code->cell_registers[i] >= n) n = (size_t)code->cell_registers[i] + 1;
    size_t frees = tuple_of(code->free_names)->size;
    if (frees && code->free_register + frees > n) n = code->free_register + frees;
    return n;
}

void kr_frame_object_detach(Frame *frame)
{
    FrameObject *object = frame_object_of(frame->frame_object);
    Value saved = kr_self->exception;
    kr_temporaries_forget();
    object->instruction = frame_instruction(frame);
    size_t n = named_registers(frame->code);
    if (n && (object->registers = kr_heap_values(n)))
        memcpy(object->registers, frame->registers, n * sizeof(Value));
    if (frame->previous) object->back = kr_frame_object(frame->previous);
    object->frame = NULL;
    object->generator = EMPTY;
    kr_self->exception = saved; /* without memory, f_locals and f_back are missing */
}

void kr_frame_object_unwind(Thread *self, Frame *frame)
{
    Value object = frame->frame_object, exception = self->exception;
    kr_frame_object_detach(frame);
    if (frame->code->positions[frame_instruction(frame)].line)
        return; /* raised again by the source itself */
    Value entry = is_exception(exception) ? exception_of(exception)->traceback : EMPTY;
    if (is_exact(entry, &kr_traceback_type) && same(((Traceback *)object_of(entry))->frame, object))
        frame_object_of(object)->instruction = ((Traceback *)object_of(entry))->instruction;
}

static void frame_trace(void *self, KrTracer *tracer)
{
    FrameObject *object = self;
    kr_trace(tracer, object->generator);
    kr_trace_pointer(tracer, object->code);
    kr_trace(tracer, object->function);
    kr_trace(tracer, object->globals);
    kr_trace(tracer, object->builtins);
    kr_trace(tracer, object->locals);
    kr_trace(tracer, object->back);
    kr_trace_pointer(tracer, object->registers);
    kr_trace(tracer, object->snapshot);
    kr_trace(tracer, object->trace);
    kr_trace(tracer, object->called);
}

Code *kr_frame_object_code(Value frame_object) { return frame_object_of(frame_object)->code; }

/* ---- Where it is ---- */

static int64_t instruction_of(const FrameObject *object)
{
    if (object->frame) return object->frame->next - object->code->instructions - 1;
    if (!is_empty(object->generator)) {
        const Generator *g = generator_of(object->generator);
        return g->resume - object->code->instructions - (g->delegating ? 0 : 1);
    }
    return object->instruction;
}

int32_t kr_frame_object_line(const FrameObject *object)
{
    int64_t i = instruction_of(object);
    while (i >= 0 && object->code->positions[i].line == 0)
        i--; /* the compiler's own: as what stands before */
    return i < 0 ? (int32_t)object->code->first_line : (int32_t)object->code->positions[i].line;
}

Position kr_frame_position(const Frame *frame)
{
    return frame->code->positions[frame_instruction(frame)];
}

/* ---- Locals ---- */

static Value *registers_of(const FrameObject *object)
{
    if (object->frame) return object->frame->registers;
    if (!is_empty(object->generator)) return generator_of(object->generator)->registers;
    return object->registers;
}

static bool is_cell_register(const Code *code, size_t i)
{
    for (size_t k = 0; k < tuple_of(code->cell_names)->size; k++)
        if (code->cell_registers[k] == i) return true;
    return false;
}

/* A named register as its variable sees it: the content of a Cell. */
static Value *variable_at(Value *registers, size_t i, bool cell)
{
    if (cell && is_exact(registers[i], &kr_cell_type))
        return &((Cell *)object_of(registers[i]))->value;
    return &registers[i];
}

typedef int (*VisitVariable)(Value dict, Value name, Value *variable);

/* Visits every named variable of a function's frame. */
static int each_variable(const FrameObject *object, VisitVariable visit, Value dict)
{
    const Code *code = object->code;
    Value *registers = registers_of(object);
    const Tuple *names = tuple_of(code->variables), *cells = tuple_of(code->cell_names);
    if (!registers) return 0;
    for (size_t i = 0; i < names->size; i++) {
        if (str_of(names->items[i])->length && str_at(str_of(names->items[i]), 0) == '.') continue;
        if (visit(dict, names->items[i], variable_at(registers, i, is_cell_register(code, i))) < 0)
            return -1;
    }
    for (size_t k = 0; k < cells->size; k++) {
        size_t i = code->cell_registers[k];
        if (i >= names->size && visit(dict, cells->items[k], variable_at(registers, i, true)) < 0)
            return -1;
    }
    if (code->flags & CODE_OPTIMIZED)
        for (size_t k = 0; k < tuple_of(code->free_names)->size; k++)
            if (visit(dict, tuple_of(code->free_names)->items[k],
                      variable_at(registers, code->free_register + k, true)) < 0)
                return -1;
    return 0;
}

static int show_variable(Value dict, Value name, Value *variable)
{
    if (!is_empty(*variable)) return kr_dict_set(dict, name, *variable);
    return kr_dict_delete(dict, name) < 0 ? -1 : 0;
}

static int take_variable(Value dict, Value name, Value *variable)
{
    Value value = kr_dict_find(dict, name);
    if (is_empty(value) && kr_raised()) return -1;
    if (!same(value, *variable)) *variable = value;
    return 0;
}

Value kr_frame_object_locals(FrameObject *object)
{
    if (!is_empty(object->locals)) return object->locals;
    if (!(object->code->flags & CODE_OPTIMIZED) && is_empty(object->function))
        return object->globals;
    if (is_empty(object->snapshot) && is_empty(object->snapshot = kr_dict())) return EMPTY;
    if (object->frame) kr_strings_settle(object->frame);
    kr_temporaries_forget();
    if (object->cleared) return object->snapshot;
    return each_variable(object, show_variable, object->snapshot) < 0 ? EMPTY : object->snapshot;
}

void kr_frame_object_take_locals(FrameObject *object)
{
    if (is_empty(object->snapshot)) return;
    Value raised = kr_self->exception; /* that of the trace function */
    kr_self->exception = EMPTY;
    if (each_variable(object, take_variable, object->snapshot) < 0) kr_clear_exception();
    kr_self->exception = raised;
}

Value kr_frame_locals(Frame *frame)
{
    if (!is_empty(frame->locals)) return frame->locals;
    Value object = kr_frame_object(frame);
    return is_empty(object) ? EMPTY : kr_frame_object_locals(object_of(object));
}

Value kr_vm_locals(void)
{
    if (!kr_self->frame) return kr_raise(kr_SystemError, "frame does not exist");
    return kr_frame_locals(kr_self->frame);
}

/* ---- Hooks of objects/ ---- */

static Value hook_globals(void) { return kr_self->frame ? kr_self->frame->globals : EMPTY; }

static int hook_super(Value *class, Value *self)
{
    Frame *frame = kr_self->frame;
    if (!frame) {
        kr_raise(kr_RuntimeError, "super(): no current frame");
        return -1;
    }
    const Code *code = frame->code;
    if (code->argument_count == 0) {
        kr_raise(kr_RuntimeError, "super(): no arguments");
        return -1;
    }
    *self = *variable_at(frame->registers, 0, is_cell_register(code, 0));
    if (is_empty(*self)) {
        kr_raise(kr_RuntimeError, "super(): arg[0] deleted");
        return -1;
    }
    const Tuple *names = tuple_of(code->free_names);
    for (size_t k = 0; k < names->size; k++) {
        if (!kr_str_equal_ascii(names->items[k], "__class__")) continue;
        *class = ((Cell *)object_of(frame->registers[code->free_register + k]))->value;
        if (is_empty(*class)) {
            kr_raise(kr_RuntimeError, "super(): empty __class__ cell");
            return -1;
        }
        if (!is_type(*class)) {
            kr_raise(kr_RuntimeError, "super(): __class__ is not a type (%T)", *class);
            return -1;
        }
        return 0;
    }
    kr_raise(kr_RuntimeError, "super(): __class__ cell not found");
    return -1;
}

/* ---- Attributes of frames ---- */

static Value get_back(Value self)
{
    FrameObject *object = frame_object_of(self);
    if (object->frame)
        return object->frame->previous ? kr_frame_object(object->frame->previous) : NONE;
    return is_empty(object->back) ? NONE : object->back;
}
static Value get_code(Value self) { return from_object(frame_object_of(self)->code); }
static Value get_globals(Value self) { return frame_object_of(self)->globals; }
static Value get_builtins(Value self) { return frame_object_of(self)->builtins; }
static Value get_locals(Value self) { return kr_frame_object_locals(frame_object_of(self)); }
static Value get_lasti(Value self)
{
    int64_t i = instruction_of(frame_object_of(self));
    return kr_int(i < 0 ? -1 : 2 * i); /* co_positions() counts two bytes an instruction */
}
static Value get_line(Value self)
{
    int32_t line = kr_frame_object_line(frame_object_of(self));
    return line ? kr_int(line) : NONE;
}

/* Why the debugger must not jump from one instruction to another: the code there relies on
 * registers that only the way in sets. NULL: it may. */
static const char *refuse_jump(const Code *code, uint32_t from, uint32_t to)
{
    for (uint32_t j = 0; j < code->instruction_count; j++) {
        if (kr_opcode_generic[code->instructions[j].op] != OP_JUMP_BACK) continue;
        uint32_t head = j + 1 + (uint32_t)instruction_imm(code->instructions[j]);
        uint16_t op = kr_opcode_generic[code->instructions[head].op];
        if ((op == OP_FOR_ITER || op == OP_GET_ANEXT) && to >= head && to <= j &&
            !(from >= head && from <= j))
            return "can't jump into the body of a for loop";
    }
    for (uint32_t g = 0; g < code->guard_count; g++) {
        const Guard *guard = &code->guards[g];
        if (to < guard->begin || to >= guard->end || (from >= guard->begin && from < guard->end))
            continue;
        if (code->instructions[guard->handler].op == OP_EXIT_HANDLER)
            return "can't jump into an 'except' block as there's no exception";
        for (uint32_t i = guard->handler; i < guard->handler + 4 && i < code->instruction_count;
             i++)
            if (code->instructions[i].op == OP_EXIT_WITH) return "incompatible stacks";
    }
    return NULL;
}

/* The first instruction of the line asked for, or of the next one that has any; -1 when there is
 * none. */
static int64_t find_line(const Code *code, int64_t line)
{
    int64_t best = -1;
    for (uint32_t i = 0; i < code->instruction_count; i++) {
        int64_t at = code->positions[i].line;
        if (at >= line && code->instructions[i].op != OP_EXTRA &&
            (best < 0 || at < (int64_t)code->positions[best].line))
            best = i;
    }
    return best;
}

static int set_line(Value self, Value value)
{
    FrameObject *object = frame_object_of(self);
    const Code *code = object->code;
    const char *problem = NULL;
    int64_t line, to;
    if (is_empty(value)) {
        kr_raise(kr_AttributeError, "cannot delete attribute");
        return -1;
    }
    if (!kr_is_int(value))
        problem = "lineno must be an integer";
    else if (object->event == 'c')
        problem = "can't jump from the 'call' trace event of a new frame";
    else if (is_empty(object->trace) || !object->frame)
        problem = "f_lineno can only be set by a trace function";
    else if (object->event != 'l')
        problem = "can only jump from a 'line' trace event";
    if (problem) {
        kr_raise(kr_ValueError, "%s", problem);
        return -1;
    }
    if (kr_to_int64(value, &line) < 0) return -1;
    if (line < (int64_t)code->first_line) {
        kr_raise(kr_ValueError, "line %lld comes before the current code block", (long long)line);
        return -1;
    }
    if ((to = find_line(code, line)) < 0) {
        kr_raise(kr_ValueError, "line %lld comes after the current code block", (long long)line);
        return -1;
    }
    if ((problem = refuse_jump(code, frame_instruction(object->frame), (uint32_t)to))) {
        kr_raise(kr_ValueError, "%s", problem);
        return -1;
    }
    /* The compiler left out checks of variables that are bound on the way that was skipped. */
    Value *registers = object->frame->registers;
    for (size_t i = 0; i < tuple_of(code->variables)->size; i++)
        if (is_empty(registers[i])) registers[i] = NONE;
    object->frame->next = code->instructions + to + 1;
    return 0;
}

static Value get_trace(Value self)
{
    return is_empty(frame_object_of(self)->trace) ? NONE : frame_object_of(self)->trace;
}
static int set_trace(Value self, Value value)
{
    FrameObject *object = frame_object_of(self);
    object->trace = is_none(value) ? EMPTY : value;
    if (object->frame && !is_empty(object->trace)) object->frame->flags |= FRAME_PROFILED;
    object->traced_line = kr_frame_object_line(object);
    return 0;
}
static int set_flag(bool *flag, Value value, const char *name)
{
    if (is_empty(value) || !is_bool(value)) {
        kr_raise(kr_TypeError, is_empty(value) ? "can't delete numeric/char attribute"
                                               : "attribute value type must be bool");
        (void)name;
        return -1;
    }
    *flag = is_true(value);
    return 0;
}
static Value get_trace_lines(Value self) { return from_bool(frame_object_of(self)->trace_lines); }
static int set_trace_lines(Value self, Value value)
{
    return set_flag(&frame_object_of(self)->trace_lines, value, "f_trace_lines");
}
static Value get_trace_opcodes(Value self)
{
    return from_bool(frame_object_of(self)->trace_opcodes);
}
static int set_trace_opcodes(Value self, Value value)
{
    return set_flag(&frame_object_of(self)->trace_opcodes, value, "f_trace_opcodes");
}

KR_GETSET(frame, get_back, NULL, "f_back", NULL)
KR_GETSET(frame, get_code, NULL, "f_code", NULL)
KR_GETSET(frame, get_globals, NULL, "f_globals", NULL)
KR_GETSET(frame, get_builtins, NULL, "f_builtins", NULL)
KR_GETSET(frame, get_locals, NULL, "f_locals", NULL)
KR_GETSET(frame, get_lasti, NULL, "f_lasti", NULL)
KR_GETSET(frame, get_line, set_line, "f_lineno", NULL)
KR_GETSET(frame, get_trace, set_trace, "f_trace", NULL)
KR_GETSET(frame, get_trace_lines, set_trace_lines, "f_trace_lines", NULL)
KR_GETSET(frame, get_trace_opcodes, set_trace_opcodes, "f_trace_opcodes", NULL)

KR_FN(frame, frame_clear, "clear", "(self, /)",
      "F.clear(): clear most references held by the frame")
{
    FrameObject *object = frame_object_of(a[0]);
    if (object->frame) return kr_raise(kr_RuntimeError, "cannot clear an executing frame");
    if (!is_empty(object->generator)) {
        Value generator = object->generator;
        if (is_empty(kr_call_method0(generator, "close"))) return EMPTY;
        object->generator = EMPTY;
    }
    object->registers = NULL;
    object->snapshot = EMPTY;
    object->cleared = true;
    return NONE;
}

static Value frame_repr(Value self)
{
    const FrameObject *object = frame_object_of(self);
    return kr_str_format("<frame at %p, file %R, line %d, code %U>", (const void *)object,
                         object->code->filename, (int)kr_frame_object_line(object),
                         object->code->name);
}

/* ---- Tracebacks ---- */

static Traceback *traceback_of(Value v) { return object_of(v); }

static void traceback_trace(void *self, KrTracer *tracer)
{
    kr_trace(tracer, ((Traceback *)self)->next);
    kr_trace(tracer, ((Traceback *)self)->frame);
}

static Value get_tb_frame(Value self) { return traceback_of(self)->frame; }
static Value get_tb_lineno(Value self) { return kr_int(traceback_of(self)->line); }
static Value get_tb_lasti(Value self) { return kr_int(traceback_of(self)->lasti); }
static Value get_tb_next(Value self) { return traceback_of(self)->next; }
static int set_tb_next(Value self, Value value)
{
    if (is_empty(value)) {
        kr_raise(kr_TypeError, "can't delete tb_next attribute");
        return -1;
    }
    if (!is_none(value) && !is_exact(value, &kr_traceback_type)) {
        kr_raise(kr_TypeError, "expected traceback object, got '%T'", value);
        return -1;
    }
    for (Value t = value; !is_none(t); t = traceback_of(t)->next)
        if (same(t, self)) {
            kr_raise(kr_ValueError, "traceback loop detected");
            return -1;
        }
    traceback_of(self)->next = value;
    return 0;
}

KR_GETSET(traceback, get_tb_frame, NULL, "tb_frame", NULL)
KR_GETSET(traceback, get_tb_lineno, NULL, "tb_lineno", NULL)
KR_GETSET(traceback, get_tb_lasti, NULL, "tb_lasti", NULL)
KR_GETSET(traceback, get_tb_next, set_tb_next, "tb_next", NULL)

KR_FN(traceback, traceback_dir, "__dir__", "(self, /)", NULL)
{
    static const char *const names[] = {"tb_frame", "tb_next", "tb_lasti", "tb_lineno"};
    Value list = kr_list(NULL, 0);
    for (size_t i = 0; i < 4 && !is_empty(list); i++)
        if (kr_list_append(list, kr_intern(names[i])) < 0) return EMPTY;
    return list;
}

static const KrFunction traceback_signature = {
    "TracebackType", "(tb_next, tb_frame, tb_lasti, tb_lineno)", NULL, NULL, KR_KIND_RAW, NULL};

static Value traceback_make(Type *type, const Value *args, size_t n, Value kwnames)
{
    Value a[4];
    int64_t lasti, line;
    if (kr_bind(&traceback_signature, args, n, kwnames, a) < 0) return EMPTY;
    if (!is_none(a[0]) && !is_exact(a[0], &kr_traceback_type))
        return kr_raise(kr_TypeError, "expected traceback object or None, got '%T'", a[0]);
    if (!is_exact(a[1], &kr_frame_type))
        return kr_raise(kr_TypeError, "TracebackType() argument 'tb_frame' must be frame, not %T",
                        a[1]);
    if (kr_to_int64(a[2], &lasti) < 0 || kr_to_int64(a[3], &line) < 0) return EMPTY;
    Traceback *entry = heap_alloc(type, sizeof *entry);
    if (!entry) return EMPTY;
    uint32_t count = frame_object_of(a[1])->code->instruction_count;
    entry->next = a[0];
    entry->frame = a[1];
    entry->instruction = lasti < 0 || lasti / 2 >= count ? 0 : (uint32_t)(lasti / 2);
    entry->lasti = (int32_t)lasti;
    entry->line = (int32_t)line;
    return from_object(entry);
}

/* ---- Types ---- */

#include "runtime/vm/frame_object.entries.h"

Type kr_frame_type, kr_traceback_type;

int kr_frame_object_init(void)
{
    static const KrTypeSpec frame_spec = {
        .name = "frame",
        .size = sizeof(FrameObject),
        .trace = frame_trace,
        .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT | KR_TYPE_IMMUTABLE,
        .functions = frame_functions,
        .getset = frame_getset,
        .slots = {.repr = frame_repr},
    };
    static const KrTypeSpec traceback_spec = {
        .name = "traceback",
        .doc = "TracebackType(tb_next, tb_frame, tb_lasti, tb_lineno)\n--\n\nCreate a new "
               "traceback object.",
        .size = sizeof(Traceback),
        .trace = traceback_trace,
        .flags = KR_TYPE_FINAL | KR_TYPE_IMMUTABLE,
        .functions = traceback_functions,
        .getset = traceback_getset,
        .slots = {.make = traceback_make},
    };
    kr_type_init(&kr_frame_type, &frame_spec);
    kr_type_init(&kr_traceback_type, &traceback_spec);
    kr_hook_locals = kr_vm_locals;
    kr_hook_super = hook_super;
    kr_hook_globals = hook_globals;
    return 0;
}
