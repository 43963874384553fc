/* sys_module.h: the sys module and what main.c decides about it. */
#ifndef RUNTIME_VM_SYS_MODULE_H
#define RUNTIME_VM_SYS_MODULE_H

#include "runtime/value.h"

/* The command line, as sys.flags and the start-up of main.c see it. */
typedef struct Options {
    bool inspect, interactive, isolated, ignore_environment, no_site, no_user_site, quiet, dont_write_bytecode;
    bool unbuffered, safe_path, import_time, dev_mode;
    int debug, optimize, verbose, bytes_warning;
    const char *program;     /* argv[0] of the binary */
    const char *home;        /* the directory of krait's own library */
    const char *check_pycs;  /* --check-hash-based-pycs, or NULL */
    const char *pycache_prefix;
    const char *hash_seed;   /* -R and PYTHONHASHSEED: a number, "random" or NULL */
    char **warn_options;     /* -W */
    size_t warn_count;
    char **x_options;        /* -X */
    size_t x_count;
    char **original;         /* the whole command line */
    size_t original_count;
} Options;

extern Options kr_options;
extern Value kr_sys_dict, kr_sys_modules;

Value kr_sys_get(const char *name);              /* EMPTY without exception when absent */
int kr_sys_set(const char *name, Value value);
/* What sys makes when it is first asked for; EMPTY without exception for other names. */
Value kr_sys_missing(Value name);
Value kr_sys_version_info(int *major, int *minor); /* of the standard library found by configure */
/* sys.exc_info() as (type, value, traceback). */
Value kr_sys_exc_info(void);
/* Hands an event to the audit hooks; -1 if one of them raised. */
int kr_sys_audit(const char *event, Value arguments);
/* The value of -X name[=value]: NULL if absent, "" if given without a value. */
const char *kr_option_x(const char *name);

#endif
