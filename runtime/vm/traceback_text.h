/* traceback_text.h: exceptions as text, character for character as CPython 3.11 prints them. */
#ifndef RUNTIME_VM_TRACEBACK_TEXT_H
#define RUNTIME_VM_TRACEBACK_TEXT_H

#include "runtime/value.h"

/* The traceback, causes and message of an exception; EMPTY raised. */
Value kr_traceback_text(Value exception);
/* Prints it to `file` (EMPTY: sys.stderr); clears any exception that printing raises. */
void kr_traceback_print(Value exception, Value file);
/* Prints text to sys.stderr, or to descriptor 2 where there is no such stream. */
void kr_traceback_write(Value text);
/* "; did you mean ..." for NameError, AttributeError and ImportError: the suggestion, or EMPTY without exception. */
Value kr_suggestion(Value exception);
/* Line `number` of a source file, without its newline; EMPTY without exception when it cannot be had. */
Value kr_source_line(Value filename, int number);

#endif
