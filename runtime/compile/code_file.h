/* code_file.h: code objects as bytes, for the bytecode cache and for marshal.
 *
 *     magic 8 | version 8 | payload size 8 | checksum of the payload 8 | payload
 *
 * The version is derived from the instruction table, so that bytes of another build are refused.
 * Bytes may come from anywhere: every length is checked against what is left, every code object
 * passes kr_verify_code(). */
#ifndef RUNTIME_COMPILE_CODE_FILE_H
#define RUNTIME_COMPILE_CODE_FILE_H

#include "runtime/objects/code.h"

uint64_t kr_code_file_version(void);
/* The checksum of a payload: fuzzers renew it after damaging one. */
uint64_t kr_code_file_checksum(const uint8_t *payload, size_t n);
/* The bytes of a code object; EMPTY raised (ValueError: a constant that cannot be written). */
Value kr_code_file_write(Value code);
/* The code object; EMPTY raised (ValueError). */
Value kr_code_file_read(const uint8_t *bytes, size_t n);

#endif
