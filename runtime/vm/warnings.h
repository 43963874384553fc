/* warnings.h: issuing warnings from C, and the _warnings module. */
#ifndef RUNTIME_VM_WARNINGS_H
#define RUNTIME_VM_WARNINGS_H

#include "runtime/value.h"

/* Issues `message` (str or Warning) as the frame `stack_level` levels up would; -1 raised. */
int kr_warnings_issue(Value category, Value message, int64_t stack_level, Value source);
/* The same for a place given by name. registry and module may be EMPTY. */
int kr_warnings_issue_at(Value category, Value message, Value filename, int line, Value module, Value registry, Value source);
int kr_warnings_init(void);

#endif
