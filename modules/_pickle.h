/* _pickle.h: what the files of the _pickle module share: the format's opcodes, the exceptions and
 * copyreg's tables. */
#ifndef MODULES_PICKLE_H
#define MODULES_PICKLE_H

#include "modules/support.h"

/* The format's instructions (pickletools documents each). */
enum PickleOpcode {
    OP_MARK = '(',
    OP_STOP = '.',
    OP_POP = '0',
    OP_POP_MARK = '1',
    OP_DUP = '2',
    OP_FLOAT = 'F',
    OP_INT = 'I',
    OP_BININT = 'J',
    OP_BININT1 = 'K',
    OP_BININT2 = 'M',
    OP_LONG = 'L',
    OP_NONE = 'N',
    OP_PERSID = 'P',
    OP_BINPERSID = 'Q',
    OP_REDUCE = 'R',
    OP_STRING = 'S',
    OP_BINSTRING = 'T',
    OP_SHORT_BINSTRING = 'U',
    OP_UNICODE = 'V',
    OP_BINUNICODE = 'X',
    OP_APPEND = 'a',
    OP_BUILD = 'b',
    OP_GLOBAL = 'c',
    OP_DICT = 'd',
    OP_EMPTY_DICT = '}',
    OP_APPENDS = 'e',
    OP_GET = 'g',
    OP_BINGET = 'h',
    OP_INST = 'i',
    OP_LONG_BINGET = 'j',
    OP_LIST = 'l',
    OP_EMPTY_LIST = ']',
    OP_OBJ = 'o',
    OP_PUT = 'p',
    OP_BINPUT = 'q',
    OP_LONG_BINPUT = 'r',
    OP_SETITEM = 's',
    OP_TUPLE = 't',
    OP_EMPTY_TUPLE = ')',
    OP_SETITEMS = 'u',
    OP_BINFLOAT = 'G',
    /* protocol 2 */
    OP_PROTO = 0x80,
    OP_NEWOBJ,
    OP_EXT1,
    OP_EXT2,
    OP_EXT4,
    OP_TUPLE1,
    OP_TUPLE2,
    OP_TUPLE3,
    OP_NEWTRUE,
    OP_NEWFALSE,
    OP_LONG1,
    OP_LONG4,
    /* protocol 3 */
    OP_BINBYTES = 'B',
    OP_SHORT_BINBYTES = 'C',
    /* protocol 4 */
    OP_SHORT_BINUNICODE = 0x8c,
    OP_BINUNICODE8,
    OP_BINBYTES8,
    OP_EMPTY_SET,
    OP_ADDITEMS,
    OP_FROZENSET,
    OP_NEWOBJ_EX,
    OP_STACK_GLOBAL,
    OP_MEMOIZE,
    OP_FRAME,
    /* protocol 5 */
    OP_BYTEARRAY8,
    OP_NEXT_BUFFER,
    OP_READONLY_BUFFER
};

enum { PICKLE_HIGHEST = 5, PICKLE_DEFAULT = 4, PICKLE_FRAME_TARGET = 64 * 1024 };

extern KrType *pickle_error, *pickle_pickling_error, *pickle_unpickling_error;
extern KrType *pickle_buffer_type;
/* copyreg's: the reducers by type, (module, name) -> extension code, code -> (module, name), code -> object. */
extern KrValue pickle_dispatch_table, pickle_extensions, pickle_extension_names,
    pickle_extension_cache;

/* The PickleBuffer's view; NULL with ValueError when it was released. */
KrBuffer *pickle_buffer_view(KrValue v);

/* getattr(parent, "a.b.c") step by step; *parent becomes what holds the last one. KR_EMPTY raised:
 * AttributeError. `path` is a list of names. */
KrValue pickle_deep_attribute(KrValue object, KrValue path, KrValue *parent);
/* name.split("."), refusing names inside functions; `object` is named in the error, or KR_EMPTY. */
KrValue pickle_split_name(KrValue object, KrValue name);

int pickle_save_init(KrValue module);
int pickle_load_init(KrValue module);
/* What the module's functions do. */
KrValue pickle_dump(KrValue object, KrValue file /* KR_EMPTY: to bytes */, KrValue protocol,
                    KrValue fix_imports, KrValue buffer_callback);
KrValue pickle_load(KrValue file /* KR_EMPTY: from data */, KrValue data, KrValue fix_imports,
                    KrValue encoding, KrValue errors, KrValue buffers);

#endif
