/* vm.h: what the rest of runtime/ calls in vm/. */
#ifndef RUNTIME_VM_VM_H
#define RUNTIME_VM_VM_H

#include "runtime/vm/frame.h"

/* Brings up the VM's types and hooks; objects and threads stand before. 0, or -1 with an
 * exception. */
int kr_vm_init(void);

/* Runs module, class or exec code: globals is a Dict, locals a mapping (EMPTY: the globals).
 * `function` carries the closure of class bodies and of exec(closure=...), or is EMPTY. globals
 * gets __builtins__ if it has none. */
Value kr_vm_run_code(Code *code, Value globals, Value locals, Value function);
/* locals() of the running frame: a mapping; EMPTY raised ("no frame" is SystemError). */
Value kr_vm_locals(void);

/* sys.setrecursionlimit. The depth counts Python frames of the calling thread. */
extern uint32_t kr_vm_recursion_limit;
void kr_vm_set_recursion_limit(uint32_t limit);
uint32_t kr_vm_depth(void);

/* sys.settrace and sys.setprofile of the calling thread; EMPTY ends it. */
void kr_vm_set_trace(Value function);
void kr_vm_set_profile(Value function);
/* function(*arguments) with tracing on, for a debugger that debugs from within a trace function. */
Value kr_vm_call_tracing(Value function, Value arguments);

/* aiter(v); anext(v) and anext(v, fallback), fallback may be EMPTY. */
Value kr_aiter(Value v);
Value kr_anext(Value v, Value fallback);

/* builtins.__build_class__ as a native function object. */
Value kr_build_class_function(void);

/* The interpreter is shutting down (sys.is_finalizing). */
extern bool kr_vm_finalizing;

/* Debug builds: prints every instruction executed (-X dump=trace). */
extern bool kr_vm_dump;

#endif
