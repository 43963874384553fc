/* exceptions.c: the classes of exceptions as numbers, and exceptions that kernels catch; see
 * exceptions.h. */
#include "jit/run/exceptions.h"

#include <stdlib.h>
#include <string.h>

#include "jit/ir/ir.h"
#include "jit/run/box.h"
#include "jit/run/trail.h"

/* Python's builtin exceptions and NumPy's own, each below its base. */
static const struct {
    const char *name, *base;
} classes[] = {
    {"BaseException", ""},
    {"Exception", "BaseException"},
    {"BaseExceptionGroup", "BaseException"},
    {"GeneratorExit", "BaseException"},
    {"KeyboardInterrupt", "BaseException"},
    {"SystemExit", "BaseException"},
    {"ArithmeticError", "Exception"},
    {"AssertionError", "Exception"},
    {"AttributeError", "Exception"},
    {"BufferError", "Exception"},
    {"EOFError", "Exception"},
    {"ImportError", "Exception"},
    {"LookupError", "Exception"},
    {"MemoryError", "Exception"},
    {"NameError", "Exception"},
    {"OSError", "Exception"},
    {"ReferenceError", "Exception"},
    {"RuntimeError", "Exception"},
    {"StopAsyncIteration", "Exception"},
    {"StopIteration", "Exception"},
    {"SyntaxError", "Exception"},
    {"SystemError", "Exception"},
    {"TypeError", "Exception"},
    {"ValueError", "Exception"},
    {"Warning", "Exception"},
    {"FloatingPointError", "ArithmeticError"},
    {"OverflowError", "ArithmeticError"},
    {"ZeroDivisionError", "ArithmeticError"},
    {"ModuleNotFoundError", "ImportError"},
    {"IndexError", "LookupError"},
    {"KeyError", "LookupError"},
    {"UnboundLocalError", "NameError"},
    {"BlockingIOError", "OSError"},
    {"ChildProcessError", "OSError"},
    {"ConnectionError", "OSError"},
    {"FileExistsError", "OSError"},
    {"FileNotFoundError", "OSError"},
    {"InterruptedError", "OSError"},
    {"IsADirectoryError", "OSError"},
    {"NotADirectoryError", "OSError"},
    {"PermissionError", "OSError"},
    {"ProcessLookupError", "OSError"},
    {"TimeoutError", "OSError"},
    {"BrokenPipeError", "ConnectionError"},
    {"ConnectionAbortedError", "ConnectionError"},
    {"ConnectionRefusedError", "ConnectionError"},
    {"ConnectionResetError", "ConnectionError"},
    {"NotImplementedError", "RuntimeError"},
    {"RecursionError", "RuntimeError"},
    {"IndentationError", "SyntaxError"},
    {"TabError", "IndentationError"},
    {"UnicodeError", "ValueError"},
    {"UnicodeDecodeError", "UnicodeError"},
    {"UnicodeEncodeError", "UnicodeError"},
    {"UnicodeTranslateError", "UnicodeError"},
    {"BytesWarning", "Warning"},
    {"DeprecationWarning", "Warning"},
    {"EncodingWarning", "Warning"},
    {"FutureWarning", "Warning"},
    {"ImportWarning", "Warning"},
    {"PendingDeprecationWarning", "Warning"},
    {"ResourceWarning", "Warning"},
    {"RuntimeWarning", "Warning"},
    {"SyntaxWarning", "Warning"},
    {"UnicodeWarning", "Warning"},
    {"UserWarning", "Warning"},
    {"LinAlgError", "ValueError"},
};

int jit_exception_find(const char *name)
{
    if (!strcmp(name, "IOError") || !strcmp(name, "EnvironmentError")) name = "OSError";
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (!strcmp(classes[i].name, name)) return (int)i;
    return -1;
}

const char *jit_exception_name(int number)
{
    return (size_t)number < sizeof classes / sizeof *classes ? classes[number].name : NULL;
}

bool jit_exception_is(int cls, int of)
{
    while (cls >= 0 && cls != of) cls = jit_exception_find(classes[cls].base);
    return cls >= 0;
}

typedef struct Caught {
    KernelError error;
    KernelTrail trail;
} Caught;

static Caught *caught_of(void *own) { return (void *)((KernelBuffer *)own)->data; }

void jit_error_drop(const KernelError *error)
{
    if (error->site && error->site->err == ERR_RAISED) jit_rt_release((uint64_t)error->args[1]);
}

static void caught_destroy(KernelBuffer *buffer) { jit_error_drop(&caught_of(buffer)->error); }

void *jit_rt_error_catch(void *error)
{
    KernelBuffer *buffer = jit_rt_alloc(sizeof(Caught), 1);
    if (!buffer) abort(); /* no memory for 100 bytes, and nowhere to say so */
    buffer->destroy = caught_destroy;
    kernel_error_copy(&caught_of(buffer)->error, error);
    caught_of(buffer)->trail = jit_trail_take();
    return buffer;
}

bool jit_rt_error_matches(void *own, int64_t builtin, int64_t mask)
{
    const KernelError *e = &caught_of(own)->error;
    bool raised = e->site->err == ERR_RAISED;
    int cls = raised                        ? (int)e->args[2]
              : e->site->err == ERR_KEPT ? jit_native_exception_class()
                                         : jit_exception_find(jit_rt_error_class(e));
    if (raised && e->args[3] >= 0) return mask >> e->args[3] & 1;
    return builtin >= 0 && jit_exception_is(cls, (int)builtin);
}

void jit_rt_error_throw(void *error, void *own)
{
    kernel_error_copy(error, &caught_of(own)->error);
    jit_trail_put(&caught_of(own)->trail);
    const KernelError *e = error;
    if (e->site->err == ERR_RAISED) jit_rt_retain((uint64_t)e->args[1]);
}

const KernelError *jit_error_caught(void *own) { return &caught_of(own)->error; }
