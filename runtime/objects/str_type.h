/* str_type.h: the method tables of str, one a file, joined by kr_str_type_init. */
#ifndef RUNTIME_OBJECTS_STR_TYPE_H
#define RUNTIME_OBJECTS_STR_TYPE_H

#include "runtime/krait.h"

const KrFunction *const *kr_str_methods(void);           /* str_methods.c: search, split, pad */
const KrFunction *const *kr_str_case_methods(void);      /* str_case.c: case and classes */
const KrFunction *const *kr_str_translate_methods(void); /* str_translate.c */
const KrFunction *const *kr_str_format_methods(void);    /* str_format.c */
const KrFunction *const *kr_str_codec_methods(void);     /* str_codec.c */

#endif
