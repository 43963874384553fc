/* import_spec.h: the native finder's dealings with importlib: specs, loaders, finders, path hooks. */
#ifndef RUNTIME_VM_IMPORT_SPEC_H
#define RUNTIME_VM_IMPORT_SPEC_H

#include "runtime/value.h"

bool kr_import_spec_loaded(void); /* importlib's bootstrap runs in this process */
/* _frozen_importlib and _frozen_importlib_external: importlib's own sources under these names. */
Value kr_import_spec_bootstrap(const char *name, bool *found);
bool kr_import_spec_is_standard(Value finder); /* BuiltinImporter, FrozenImporter, PathFinder */
/* Gives a module loaded natively its __spec__ and __loader__ if importlib is loaded. */
int kr_import_spec_attach(Value module, Value name);
/* The spec of a file, by its suffix: importlib.util.spec_from_file_location. */
Value kr_import_spec_from_file(Value name, Value file);
/* The attributes of a module made from a spec: __spec__, __loader__, __file__, __path__, ... */
int kr_import_spec_set(Value module, Value spec);
/* Makes sys.path_hooks ready for a path entry that is no directory: -1 if nothing can be there. */
int kr_import_spec_hooks(Value entry, const char *path);
/* A module's missing __spec__ or __loader__, made now; EMPTY without exception for other names. */
Value kr_import_spec_missing(Value module, Value name);

#endif
