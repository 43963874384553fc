/* vm.c: brings up the VM: its types, the roots that running frames are, and the call slot of
 * functions. */
#include "runtime/vm/interpreter.h"

static void trace_frames(Thread *thread, void *context)
{
    KrTracer *tracer = context;
    for (Frame *f = thread->frame; f; f = f->previous) {
        kr_trace_pointer(tracer, f->code);
        kr_trace(tracer, f->globals);
        kr_trace(tracer, f->builtins);
        kr_trace(tracer, f->function);
        kr_trace(tracer, f->locals);
        kr_trace(tracer, f->frame_object);
        kr_trace(tracer, f->generator);
    }
}

static void trace_all_frames(KrTracer *tracer) { kr_thread_each(trace_frames, tracer); }

int kr_vm_init(void)
{
    kr_heap_add_tracer(trace_all_frames);
    kr_call_init();
    if (kr_frame_object_init() < 0 || kr_generator_init() < 0 || kr_async_generator_init() < 0)
        return -1;
    return kr_template_init() < 0 || kr_intrinsics_init() < 0 ? -1 : 0;
}
