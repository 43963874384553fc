/* start.h: bringing the interpreter up and down. */
#ifndef RUNTIME_VM_START_H
#define RUNTIME_VM_START_H

#include "runtime/value.h"

/* Everything up to an empty __main__: objects, VM, sys, builtins, streams, sys.path, site. kr_options stands.
 * -1 with an exception. */
int kr_start(void);
/* sys.path[0] and sys.argv. first may be NULL (no entry). */
int kr_start_arguments(const char *first, char **argv, int argc);
Value kr_start_main_module(void); /* the module __main__ */
/* Threads joined, atexit run, streams flushed. The exit status may change when a flush fails. */
int kr_finish(int status);
extern bool kr_interrupted; /* the program ended by a KeyboardInterrupt that nobody caught */
/* The exit status of the exception that is set, printing it unless it is a SystemExit with a number. */
int kr_exit_status_of_exception(void);

#endif
