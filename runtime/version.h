/* version.h: krait's own version (sys.implementation.version). sys.version_info is the standard library's. */
#ifndef RUNTIME_VERSION_H
#define RUNTIME_VERSION_H

#include "config.h"

#define KRAIT_VERSION_MAJOR 0
#define KRAIT_VERSION_MINOR 1
#define KRAIT_VERSION_MICRO 0
#define KRAIT_VERSION "0.1.0"

/* The middle of the names of compiled files that importlib and py_compile write: spam.krait-01.pyc. */
#define KRAIT_CACHE_TAG "krait-01"

#define KRAIT_STDLIB_MAJOR 3
#ifndef KRAIT_STDLIB_MICRO
#define KRAIT_STDLIB_MICRO 2
#endif

#endif
