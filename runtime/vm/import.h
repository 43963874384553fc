/* import.h: finding, loading and running modules. */
#ifndef RUNTIME_VM_IMPORT_H
#define RUNTIME_VM_IMPORT_H

#include "runtime/value.h"

int kr_import_init(void); /* sys.modules, sys, builtins */
/* __import__: the top-level package, or the module named when fromlist is not empty. */
Value kr_import_level(Value name, Value globals, Value fromlist, int level);
/* The module of an absolute dotted name. */
Value kr_import_absolute(Value name);
/* A module that is built in or found in krait's own library: no Python code is asked. EMPTY raised. */
Value kr_import_native(const char *name);
/* Runs the source or cached code of a file in a module's dict. */
int kr_import_run_file(Value module, const char *path);
/* The code object of a source file, from the bytecode cache when it is fresh. */
Value kr_import_file_code(const char *path, bool use_cache);
/* A native module from a shared object. */
Value kr_import_shared_object(Value name, const char *path);
bool kr_import_is_builtin(Value name);
bool kr_import_is_loading(Value name); /* its body is still running */

#endif
