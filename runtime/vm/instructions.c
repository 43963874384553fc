/* instructions.c: every instruction of the register machine: operands, meaning, body.
 *
 * This file is included inside the dispatch loop (interpreter.c); it is no translation unit of its
 * own. From its INSTRUCTION lines opcodes.awk derives the enum, the dispatch table, the
 * disassembler's and the verifier's tables:
 *
 *     INSTRUCTION(NAME, "operands", "meaning")
 *     { body }
 *
 * Operands, one letter for each of a, b, c: w register written, r register read, x read and
 * written, R first of several registers read, W first of several registers written, i signed 16-bit
 * immediate, u unsigned 16-bit immediate, n name index (code->names), - unused. Two letters for b
 * and c together: K constant index, J jump distance from the next instruction (an EXTRA belongs to
 * the instruction before it), I signed 32-bit immediate. After a '+', the operands of the EXTRA
 * word that follows the instruction: its a, then b|c: C is a cache index, and in an instruction
 * with a name operand EXTRA.a holds the name index's bits 16 and up.
 *
 * Registers that hold EMPTY are unbound; the compiler emits CHECK_BOUND where a local may be. An
 * instruction that raises leaves its destination as it was. Destinations may equal sources.
 *
 * Of the loop's locals, bodies use self, frame, r (the registers), pc (the next word), constants
 * and the macros of interpreter.c. Only what is hot stands here; the rest is in functions of other
 * files. The file has over 1000 lines since one function holds all bodies.
 *
 * SPECIALISED(NAME, GENERIC, "meaning") bodies are forms into which an instruction rewrites its
 * own opcode; they have the operands of GENERIC, and fall back to it when their guard fails. */
/* ---- Moves and constants ---- */
INSTRUCTION(NOP, "---", "nothing")
{ NEXT(); }
INSTRUCTION(EXTRA, "uuu", "further operands of the instruction before; does nothing")
{ NEXT(); }
INSTRUCTION(MOVE, "wr-", "a = b")
{
    r[A] = r[B];
    NEXT();
}

INSTRUCTION(LOAD_CONST, "wK", "a = constants[bc]")
{
    r[A] = constants[BC];
    NEXT();
}

INSTRUCTION(LOAD_INT, "wI", "a = the int bc")
{
    r[A] = from_small_int(BC);
    NEXT();
}

INSTRUCTION(LOAD_IMMEDIATE, "wu-", "a = the value whose bits are b: None, True, False, Ellipsis")
{
    r[A] = (Value){B};
    NEXT();
}

INSTRUCTION(UNBIND, "w--", "a = EMPTY (end of a `del x` or of an except clause's name)")
{
    r[A] = EMPTY;
    NEXT();
}

INSTRUCTION(CHECK_BOUND, "rI", "raises UnboundLocalError for variables[bc] if a is EMPTY")
{
    if (LIKELY(!is_empty(r[A]))) NEXT();
    SAVE();
    kr_names_unbound_local(frame, (uint32_t)BC);
    goto error;
}

/* ---- Cells ---- */
INSTRUCTION(MAKE_CELL, "x--", "a = Cell(a); a may be EMPTY")
{
    Value cell = kr_cell_new(r[A]);
    if (UNLIKELY(is_empty(cell))) goto error;
    r[A] = cell;
    NEXT();
}

INSTRUCTION(LOAD_CELL, "wru",
            "a = b.value; unbound: NameError/UnboundLocalError naming (cell_names + "
            "free_names)[c]")
{
    Value value = ((Cell *)object_of(r[B]))->value;
    if (UNLIKELY(is_empty(value))) {
        kr_names_unbound_cell(frame, C);
        goto error;
    }
    r[A] = value;
    NEXT();
}

INSTRUCTION(STORE_CELL, "rr-", "a.value = b")
{
    ((Cell *)object_of(r[A]))->value = r[B];
    NEXT();
}

INSTRUCTION(DELETE_CELL, "r-u", "unbinds a.value; unbound already: as LOAD_CELL")
{
    Cell *cell = object_of(r[A]);
    if (UNLIKELY(is_empty(cell->value))) {
        kr_names_unbound_cell(frame, C);
        goto error;
    }
    cell->value = EMPTY;
    NEXT();
}

INSTRUCTION(LOAD_CLASS_CELL, "wru", "class body: a = locals[name c], else b.value, as LOAD_CELL")
{ CALL_OUT(kr_names_class_cell(frame, object_of(r[B]), C)); }
/* ---- Names ---- */
INSTRUCTION(LOAD_GLOBAL, "w-n+uC", "a = globals or builtins[name c]")
{
    SAVE();
    Value value = kr_names_load_global(frame, HERE);
    if (UNLIKELY(is_empty(value))) goto error;
    r[A] = value;
    pc++;
    NEXT();
}

INSTRUCTION(STORE_GLOBAL, "r-n+u", "globals[name c] = a")
{
    SAVE(); /* a key that is no str compares itself in Python */
    if (UNLIKELY(kr_dict_set(frame->globals, NAME, r[A]) < 0)) goto error;
    pc++;
    NEXT();
}

INSTRUCTION(DELETE_GLOBAL, "--n+u", "del globals[name c]")
{
    SAVE();
    if (kr_names_delete_global(frame, NAME) < 0) goto error;
    pc++;
    NEXT();
}

INSTRUCTION(LOAD_NAME, "w-n+uC", "a = frame locals, globals or builtins[name c]")
{
    SAVE();
    Value value = kr_names_load_name(frame, HERE);
    if (UNLIKELY(is_empty(value))) goto error;
    r[A] = value;
    pc++;
    NEXT();
}

INSTRUCTION(STORE_NAME, "r-n+u", "frame locals[name c] = a")
{
    SAVE();
    if (UNLIKELY(kr_names_store_name(frame, NAME, r[A]) < 0)) goto error;
    pc++;
    NEXT();
}

INSTRUCTION(DELETE_NAME, "--n+u", "del frame locals[name c]")
{
    SAVE();
    if (kr_names_delete_name(frame, NAME) < 0) goto error;
    pc++;
    NEXT();
}

INSTRUCTION(LOAD_LOCALS, "w--", "a = the frame's locals mapping (class bodies)")
{
    r[A] = is_empty(frame->locals) ? frame->globals : frame->locals;
    NEXT();
}

INSTRUCTION(LOAD_BUILD_CLASS, "w--", "a = builtins.__build_class__")
{ CALL_OUT(kr_names_build_class(frame)); }
INSTRUCTION(LOAD_ASSERTION_ERROR, "w--", "a = AssertionError")
{
    r[A] = from_object(kr_AssertionError);
    NEXT();
}

INSTRUCTION(SETUP_ANNOTATIONS, "---",
            "makes __annotations__ in the frame's locals if it is missing")
{
    SAVE();
    if (kr_names_setup_annotations(frame) < 0) goto error;
    NEXT();
}

/* ---- Attributes and items ---- */
INSTRUCTION(LOAD_ATTR, "wrn+uC", "a = b.name")
{
    SAVE();
    Value value = kr_attributes_load(frame->code, HERE, r[B]);
    if (UNLIKELY(is_empty(value))) goto error;
    r[A] = value;
    pc++;
    NEXT();
}

INSTRUCTION(STORE_ATTR, "rrn+uC", "a.name = b")
{
    SAVE();
    if (UNLIKELY(kr_attributes_store(frame->code, HERE, r[A], r[B]) < 0)) goto error;
    pc++;
    NEXT();
}

INSTRUCTION(DELETE_ATTR, "r-n+u", "del a.name")
{
    SAVE();
    if (kr_delattr(r[A], NAME_BY(C)) < 0) goto error;
    pc++;
    NEXT();
}

INSTRUCTION(LOAD_METHOD, "Wrn+uC",
            "a, a+1 = function, self for calling b.name(...); a+1 = EMPTY if a is bound already")
{
    SAVE();
    if (UNLIKELY(kr_attributes_method(frame->code, HERE, r[B], &r[A]) < 0)) goto error;
    pc++;
    NEXT();
}

INSTRUCTION(GET_ITEM, "wrr", "a = b[c]")
{
    Value container = r[B], key = r[C];
    if (LIKELY(is_object(container))) {
        Type *type = ((Object *)object_of(container))->type;
        if (type == &kr_list_type) {
            if (LIKELY(is_int(key))) {
                const List *list = object_of(container);
                int64_t i = int_of(key);
                if (i < 0) i += (int64_t)list->size;
                if (LIKELY((uint64_t)i < list->size)) {
                    r[A] = list->items[i];
                    NEXT();
                }
            }
        } else if (type == &kr_dict_type) {
            SAVE();
            Value value = kr_dict_find(container, key);
            if (UNLIKELY(is_empty(value))) {
                if (is_empty(self->exception)) kr_raise_key(key);
                goto error;
            }
            r[A] = value;
            NEXT();
        } else if (type == &kr_tuple_type) {
            if (LIKELY(is_int(key))) {
                const Tuple *tuple = object_of(container);
                int64_t i = int_of(key);
                if (i < 0) i += (int64_t)tuple->size;
                if (LIKELY((uint64_t)i < tuple->size)) {
                    r[A] = tuple->items[i];
                    NEXT();
                }
            }
        }
    }
    SAVE();
    SET_RESULT(kr_getitem(container, key));
}

INSTRUCTION(SET_ITEM, "rrr", "a[b] = c")
{
    Value container = r[A], key = r[B];
    if (LIKELY(is_object(container))) {
        Type *type = ((Object *)object_of(container))->type;
        if (type == &kr_list_type) {
            if (LIKELY(is_int(key))) {
                const List *list = object_of(container);
                int64_t i = int_of(key);
                if (i < 0) i += (int64_t)list->size;
                if (LIKELY((uint64_t)i < list->size)) {
                    list->items[i] = r[C];
                    NEXT();
                }
            }
        } else if (type == &kr_dict_type) {
            SAVE();
            if (UNLIKELY(kr_dict_set(container, key, r[C]) < 0)) goto error;
            NEXT();
        }
    }
    SAVE();
    if (UNLIKELY(kr_setitem(container, key, r[C]) < 0)) goto error;
    NEXT();
}

INSTRUCTION(DELETE_ITEM, "rr-", "del a[b]")
{
    SAVE();
    if (UNLIKELY(kr_delitem(r[A], r[B]) < 0)) goto error;
    NEXT();
}

INSTRUCTION(BUILD_SLICE, "wR-", "a = slice(b, b+1, b+2)")
{
    /* Only an augmented assignment reads the slice again: its item is a later temporary. */
    if (pc->op == OP_GET_ITEM && pc->c == A && pc->a <= A) REWRITE(BUILD_SLICE_GET);
    if (pc->op == OP_SET_ITEM && pc->b == A) REWRITE(BUILD_SLICE_SET);
    SET_RESULT(kr_slice(r[B], r[B + 1], r[B + 2]));
}

/* ---- Operators ---- */
INSTRUCTION(ADD, "wrr", "a = b + c")
{ SUM(int_add, +); }
INSTRUCTION(SUB, "wrr", "a = b - c")
{ SUM(int_sub, -); }
INSTRUCTION(MUL, "wrr", "a = b * c")
{ SUM(int_mul, *); }
INSTRUCTION(MATMUL, "wrr", "a = b @ c")
{ goto binary; }
INSTRUCTION(TRUEDIV, "wrr", "a = b / c")
{ DIVIDE(); }
INSTRUCTION(FLOORDIV, "wrr", "a = b // c")
{ DIVIDE_INTS(floor_divide); }
INSTRUCTION(MOD, "wrr", "a = b % c")
{ DIVIDE_INTS(floor_modulo); }
INSTRUCTION(POW, "wrr", "a = b ** c")
{ goto binary; }
INSTRUCTION(LSHIFT, "wrr", "a = b << c")
{ SHIFT_LEFT(); }
INSTRUCTION(RSHIFT, "wrr", "a = b >> c")
{ SHIFT_RIGHT(); }
INSTRUCTION(AND, "wrr", "a = b & c")
{ BITWISE(x.bits & y.bits); }
INSTRUCTION(XOR, "wrr", "a = b ^ c")
{ BITWISE((x.bits ^ y.bits) | VALUE_INT_TAG); }
INSTRUCTION(OR, "wrr", "a = b | c")
{ BITWISE(x.bits | y.bits); }
INSTRUCTION(INPLACE_ADD, "wrr", "a = (b += c)")
{
    Value x = r[B], y = r[C];
    if (both_int(x, y)) {
        if (LIKELY(int_add(x, y, &r[A]))) NEXT();
    } else if (is_float(x) && is_float(y)) {
        r[A] = from_double(float_of(x) + float_of(y));
        NEXT();
    } else if (A == B && is_exact_str(x) && is_exact_str(y)) {
        SAVE();
        SET_RESULT(kr_strings_grow(frame, HERE, x, y));
    }
    goto binary;
}

INSTRUCTION(INPLACE_SUB, "wrr", "a = (b -= c)")
{ SUM(int_sub, -); }
INSTRUCTION(INPLACE_MUL, "wrr", "a = (b *= c)")
{ SUM(int_mul, *); }
INSTRUCTION(INPLACE_MATMUL, "wrr", "a = (b @= c)")
{ goto binary; }
INSTRUCTION(INPLACE_TRUEDIV, "wrr", "a = (b /= c)")
{ DIVIDE(); }
INSTRUCTION(INPLACE_FLOORDIV, "wrr", "a = (b //= c)")
{ DIVIDE_INTS(floor_divide); }
INSTRUCTION(INPLACE_MOD, "wrr", "a = (b %= c)")
{ DIVIDE_INTS(floor_modulo); }
INSTRUCTION(INPLACE_POW, "wrr", "a = (b **= c)")
{ goto binary; }
INSTRUCTION(INPLACE_LSHIFT, "wrr", "a = (b <<= c)")
{ SHIFT_LEFT(); }
INSTRUCTION(INPLACE_RSHIFT, "wrr", "a = (b >>= c)")
{ SHIFT_RIGHT(); }
INSTRUCTION(INPLACE_AND, "wrr", "a = (b &= c)")
{ BITWISE(x.bits & y.bits); }
INSTRUCTION(INPLACE_XOR, "wrr", "a = (b ^= c)")
{ BITWISE((x.bits ^ y.bits) | VALUE_INT_TAG); }
INSTRUCTION(INPLACE_OR, "wrr", "a = (b |= c)")
{ BITWISE(x.bits | y.bits); }
INSTRUCTION(ADD_IMM, "wri", "a = b + the int c")
{ SUM_IMM(int_add, +); }
INSTRUCTION(SUB_IMM, "wri", "a = b - the int c")
{ SUM_IMM(int_sub, -); }
INSTRUCTION(MUL_IMM, "wri", "a = b * the int c")
{ SUM_IMM(int_mul, *); }
INSTRUCTION(FLOORDIV_IMM, "wri", "a = b // the int c")
{ DIVIDE_INTS_IMM(floor_divide); }
INSTRUCTION(MOD_IMM, "wri", "a = b % the int c")
{ DIVIDE_INTS_IMM(floor_modulo); }
INSTRUCTION(AND_IMM, "wri", "a = b & the int c")
{
    Value x = r[B];
    if (LIKELY(is_int(x))) {
        r[A] = (Value){x.bits & from_small_int(IMM).bits};
        NEXT();
    }
    goto binary_immediate;
}

INSTRUCTION(LSHIFT_IMM, "wri", "a = b << the int c")
{
    Value x = r[B];
    if (LIKELY(is_int(x) && (uint16_t)IMM < 48)) {
        int64_t v = int_of(x);
        if (LIKELY(v >> (49 - IMM) == v >> 63)) {
            r[A] = from_small_int((int64_t)((uint64_t)v << IMM));
            NEXT();
        }
    }
    goto binary_immediate;
}

INSTRUCTION(RSHIFT_IMM, "wri", "a = b >> the int c")
{
    Value x = r[B];
    if (LIKELY(is_int(x) && IMM >= 0)) {
        r[A] = from_small_int(int_of(x) >> (IMM < 63 ? IMM : 63));
        NEXT();
    }
    goto binary_immediate;
}

INSTRUCTION(POW_IMM, "wri", "a = b ** the int c")
{
    Value x = r[B];
    if (is_int(x) && IMM == 2) {
        if (LIKELY(int_mul(x, x, &r[A]))) NEXT();
    }
    goto binary_immediate;
}

INSTRUCTION(INPLACE_ADD_IMM, "wri", "a = (b += the int c)")
{ SUM_IMM(int_add, +); }
INSTRUCTION(INPLACE_SUB_IMM, "wri", "a = (b -= the int c)")
{ SUM_IMM(int_sub, -); }
INSTRUCTION(NEGATIVE, "wr-", "a = -b")
{
    Value x = r[B];
    if (is_int(x)) {
        if (LIKELY(int_sub(from_small_int(0), x, &r[A]))) NEXT();
    } else if (is_float(x)) {
        r[A] = from_double(-float_of(x));
        NEXT();
    }
    SAVE();
    SET_RESULT(kr_negative(x));
}

INSTRUCTION(POSITIVE, "wr-", "a = +b")
{
    Value x = r[B];
    if (is_int(x) || is_float(x)) {
        r[A] = x;
        NEXT();
    }
    SAVE();
    SET_RESULT(kr_positive(x));
}

INSTRUCTION(INVERT, "wr-", "a = ~b")
{
    Value x = r[B];
    if (LIKELY(is_int(x))) {
        r[A] = from_small_int(~int_of(x));
        NEXT();
    }
    SAVE();
    SET_RESULT(kr_invert(x));
}

INSTRUCTION(NOT, "wr-", "a = not b")
{
    Value x = r[B];
    if (LIKELY(is_bool(x))) {
        r[A] = (Value){x.bits ^ 1};
        NEXT();
    }
    SAVE();
    int truth = kr_truth(x);
    if (UNLIKELY(truth < 0)) goto error;
    r[A] = from_bool(!truth);
    NEXT();
}

INSTRUCTION(LT, "wrr", "a = b < c")
{ COMPARISON(<, LT_JUMP); }
INSTRUCTION(LE, "wrr", "a = b <= c")
{ COMPARISON(<=, LE_JUMP); }
INSTRUCTION(EQ, "wrr", "a = b == c")
{ COMPARISON(==, EQ_JUMP); }
INSTRUCTION(NE, "wrr", "a = b != c")
{ COMPARISON(!=, NE_JUMP); }
INSTRUCTION(GT, "wrr", "a = b > c")
{ COMPARISON(>, GT_JUMP); }
INSTRUCTION(GE, "wrr", "a = b >= c")
{ COMPARISON(>=, GE_JUMP); }
INSTRUCTION(LT_IMM, "wri", "a = b < the int c")
{ COMPARISON_IMM(<, LT_IMM_JUMP); }
INSTRUCTION(LE_IMM, "wri", "a = b <= the int c")
{ COMPARISON_IMM(<=, LE_IMM_JUMP); }
INSTRUCTION(EQ_IMM, "wri", "a = b == the int c")
{ COMPARISON_IMM(==, EQ_IMM_JUMP); }
INSTRUCTION(NE_IMM, "wri", "a = b != the int c")
{ COMPARISON_IMM(!=, NE_IMM_JUMP); }
INSTRUCTION(GT_IMM, "wri", "a = b > the int c")
{ COMPARISON_IMM(>, GT_IMM_JUMP); }
INSTRUCTION(GE_IMM, "wri", "a = b >= the int c")
{ COMPARISON_IMM(>=, GE_IMM_JUMP); }
INSTRUCTION(IS, "wrr", "a = b is c")
{
    r[A] = from_bool(same(r[B], r[C]));
    NEXT();
}

INSTRUCTION(IS_NOT, "wrr", "a = b is not c")
{
    r[A] = from_bool(!same(r[B], r[C]));
    NEXT();
}

INSTRUCTION(IN, "wrr", "a = b in c")
{
    SAVE();
    int truth = kr_contains(r[C], r[B]);
    if (UNLIKELY(truth < 0)) goto error;
    r[A] = from_bool(truth);
    NEXT();
}

INSTRUCTION(NOT_IN, "wrr", "a = b not in c")
{
    SAVE();
    int truth = kr_contains(r[C], r[B]);
    if (UNLIKELY(truth < 0)) goto error;
    r[A] = from_bool(!truth);
    NEXT();
}

/* ---- Jumps ---- */
INSTRUCTION(JUMP, "-J", "jumps forward")
{
    pc += BC;
    NEXT();
}

INSTRUCTION(JUMP_BACK, "-J", "jumps back to a loop's head; polls interrupts")
{
    if (UNLIKELY(INTERRUPTED())) goto interrupted_back;
    pc += BC;
    NEXT();
}

INSTRUCTION(JUMP_IF_TRUE, "rJ", "jumps if a is true")
{
    Value x = r[A];
    if (is_true(x)) {
        pc += BC;
        NEXT();
    }
    if (x.bits == FALSE_VALUE.bits || is_none(x)) NEXT();
    SAVE();
    int truth = truth_of(x);
    if (UNLIKELY(truth < 0)) goto error;
    if (truth) pc += BC;
    NEXT();
}

INSTRUCTION(JUMP_IF_FALSE, "rJ", "jumps if a is false")
{
    Value x = r[A];
    if (is_true(x)) NEXT();
    if (x.bits == FALSE_VALUE.bits || is_none(x)) {
        pc += BC;
        NEXT();
    }
    SAVE();
    int truth = truth_of(x);
    if (UNLIKELY(truth < 0)) goto error;
    if (!truth) pc += BC;
    NEXT();
}

INSTRUCTION(JUMP_IF_NONE, "rJ", "jumps if a is None")
{
    if (is_none(r[A])) pc += BC;
    NEXT();
}

INSTRUCTION(JUMP_IF_NOT_NONE, "rJ", "jumps if a is not None")
{
    if (!is_none(r[A])) pc += BC;
    NEXT();
}

/* ---- Iteration and unpacking ---- */
INSTRUCTION(GET_ITER, "wr-", "a = iter(b)")
{
    SAVE();
    Value v = r[B];
    if (is_exact(v, &kr_generator_type)) {
        r[A] = v;
        NEXT();
    }
    SET_RESULT(kr_iter(v));
}

INSTRUCTION(FOR_ITER, "wr-+uJ",
            "a = next(b), or jumps by the EXTRA's distance at the end; EXTRA.a 1: nothing but an "
            "UNPACK that may follow reads a")
{
    Value iterator = r[B];
    Type *type = is_object(iterator) ? ((Object *)object_of(iterator))->type : NULL;
    if (type == &kr_range_iterator_type) REWRITE_AND_REPEAT(FOR_ITER_RANGE);
    if (type == &kr_list_iterator_type) REWRITE_AND_REPEAT(FOR_ITER_LIST);
    if (type == &kr_tuple_iterator_type) REWRITE_AND_REPEAT(FOR_ITER_TUPLE);
    if (type == &kr_generator_type) REWRITE_AND_REPEAT(FOR_ITER_GENERATOR);
    if (pc->a && pc[1].op == OP_UNPACK && pc[1].b == A && pc[1].c == 2 && kr_gives_pairs(iterator))
        REWRITE_AND_REPEAT(FOR_ITER_PAIR);
    SAVE();
    Value value = LIKELY(type && type->slots.next) ? type->slots.next(iterator) : kr_next(iterator);
    if (UNLIKELY(is_empty(value))) {
        if (is_empty(self->exception)) JUMP_AT_END();
        if (!kr_raised_is(kr_StopIteration)) goto error;
        kr_clear_exception();
        JUMP_AT_END();
    }
    r[A] = value;
    pc++;
    NEXT();
}

INSTRUCTION(UNPACK, "Wru",
            "a, a+1, ... a+c-1 = b; nothing is written when it raises (they may be locals)")
{
    Value v = r[B];
    Value *to = &r[A];
    const Value *from;
    size_t n = C;
    if (is_exact(v, &kr_tuple_type) && tuple_of(v)->size == n) from = tuple_of(v)->items;
    else if (is_exact(v, &kr_list_type) && list_of(v)->size == n) from = list_of(v)->items;
    else {
        SAVE();
        if (kr_building_unpack(v, to, n) < 0) goto error;
        NEXT();
    }
    for (size_t i = 0; i < n; i++) to[i] = from[i];
    NEXT();
}

INSTRUCTION(UNPACK_STAR, "Wru+u",
            "a ... = b with c items before a starred list and EXTRA.a after it (c + 1 + EXTRA.a "
            "registers)")
{
    SAVE();
    if (kr_building_unpack_star(r[B], &r[A], C, pc->a) < 0) goto error;
    pc++;
    NEXT();
}

/* ---- Building ---- */
INSTRUCTION(BUILD_TUPLE, "wRu", "a = tuple of the c registers from b")
{
    SET_RESULT(kr_tuple(&r[B], C));
}

INSTRUCTION(BUILD_LIST, "wRu", "a = list of the c registers from b")
{ SET_RESULT(kr_list(&r[B], C)); }
INSTRUCTION(BUILD_SET, "wRu", "a = set of the c registers from b")
{
    SAVE();
    Value set = kr_set(EMPTY);
    if (UNLIKELY(is_empty(set))) goto error;
    const Value *from = &r[B];
    for (size_t i = 0, n = C; i < n; i++)
        if (UNLIKELY(kr_set_add(set, from[i]) < 0)) goto error;
    r[A] = set;
    NEXT();
}

INSTRUCTION(BUILD_MAP, "wRu", "a = dict of c pairs: key b, value b+1, key b+2, ...")
{
    SAVE();
    size_t n = C;
    Value dict = n > 5 ? kr_dict_sized(n) : kr_dict();
    if (UNLIKELY(is_empty(dict))) goto error;
    const Value *from = &r[B];
    for (size_t i = 0; i < n; i++)
        if (UNLIKELY(kr_dict_set(dict, from[2 * i], from[2 * i + 1]) < 0)) goto error;
    r[A] = dict;
    NEXT();
}

INSTRUCTION(BUILD_STRING, "wRu", "a = the c strs from b joined")
{ SET_RESULT(kr_building_string(&r[B], C)); }
INSTRUCTION(LIST_APPEND, "rr-", "a.append(b), a exact list")
{
    if (UNLIKELY(list_append(list_of(r[A]), r[B]) < 0)) goto error;
    NEXT();
}

INSTRUCTION(LIST_EXTEND, "rr-",
            "a.extend(b) for [*b]; not iterable: 'Value after * must be an iterable, not T'")
{
    SAVE();
    if (kr_building_list_extend(r[A], r[B]) < 0) goto error;
    NEXT();
}

INSTRUCTION(LIST_TO_TUPLE, "wr-", "a = tuple(b), b exact list")
{ SET_RESULT(kr_list_to_tuple(r[B])); }
INSTRUCTION(SET_ADD, "rr-", "a.add(b), a exact set")
{
    SAVE();
    if (UNLIKELY(kr_set_add(r[A], r[B]) < 0)) goto error;
    NEXT();
}

INSTRUCTION(SET_UPDATE, "rr-", "a.update(b) for {*b}")
{
    SAVE();
    if (kr_set_update(r[A], r[B]) < 0) goto error;
    NEXT();
}

INSTRUCTION(MAP_SET, "rrr", "a[b] = c, a exact dict")
{
    SAVE();
    if (UNLIKELY(kr_dict_set(r[A], r[B], r[C]) < 0)) goto error;
    NEXT();
}

INSTRUCTION(DICT_UPDATE, "rr-", "a.update(b) for {**b}; TypeError when b is no mapping")
{
    SAVE();
    if (kr_building_dict_update(r[A], r[B]) < 0) goto error;
    NEXT();
}

INSTRUCTION(DICT_MERGE, "rrr",
            "a.update(b) for the call c(**b): TypeError naming c for a repeated or non-str key")
{
    SAVE();
    if (kr_building_dict_merge(r[A], r[B], r[C]) < 0) goto error;
    NEXT();
}

INSTRUCTION(FORMAT_VALUE, "wru+u",
            "a = format(conv(b), spec); c is 0 or 's' 'r' 'a'; EXTRA.a is the spec's register or "
            "65535")
{
    Value v = r[B], text;
    if (C == 0 && pc->a == NO_REGISTER && is_exact_str(v)) {
        text = v;
    } else {
        SAVE();
        text = kr_building_format(v, C, pc->a == NO_REGISTER ? EMPTY : r[pc->a]);
        if (UNLIKELY(is_empty(text))) goto error;
    }
    r[A] = text;
    pc++;
    NEXT();
}

INSTRUCTION(BUILD_INTERPOLATION, "wRu",
            "a = Interpolation(value b, text b+1, spec b+2), conversion c")
{ CALL_OUT(kr_template_interpolation(r[B], r[B + 1], C, r[B + 2])); }
INSTRUCTION(BUILD_TEMPLATE, "wRu", "a = Template of c parts from b")
{ CALL_OUT(kr_template_new(&r[B], C)); }
/* ---- Calls ---- */
INSTRUCTION(CALL, "wRu",
            "a = b(b+1, ..., b+c). Registers from b on are dead afterwards: callees may use them "
            "as their own")
{
    args = &r[B + 1];
    argc = C;
    callee = args[-1];
    if (LIKELY(is_object(callee))) {
        Type *type = ((Object *)object_of(callee))->type;
        if (type == &kr_function_type) {
            if (LIKELY(function_of(callee)->simple_count == argc)) goto push_function;
        } else if (type == &kr_builtin_type) {
            Builtin *builtin = object_of(callee);
            if (!is_empty(builtin->self)) *--args = builtin->self, argc++;
            CALL_NATIVE(kr_builtin_invoke(builtin, args, argc, EMPTY));
        } else if (type == &kr_type_type) {
            goto construct;
        }
    }
    kwnames = EMPTY;
    goto call;
}

INSTRUCTION(CALL_METHOD, "wRu",
            "a = b(b+1, b+2, ..., b+1+c) after LOAD_METHOD; b+1 EMPTY: b(b+2, ...). c does not "
            "count self")
{
    callee = r[B];
    argc = C;
    args = &r[B + 1];
    if (LIKELY(!is_empty(*args))) argc++;
    else *args++ = callee;
    if (LIKELY(is_object(callee))) {
        Type *type = ((Object *)object_of(callee))->type;
        if (type == &kr_function_type) {
            if (LIKELY(function_of(callee)->simple_count == argc)) goto push_function;
        } else if (type == &kr_method_descriptor_type) {
            Builtin *builtin = object_of(callee);
            if (LIKELY(argc && descriptor_applies(builtin, args[0])))
                CALL_NATIVE(kr_builtin_invoke(builtin, args, argc, EMPTY));
        } else if (type == &kr_builtin_type) {
            Builtin *builtin = object_of(callee);
            if (!is_empty(builtin->self)) *--args = builtin->self, argc++;
            CALL_NATIVE(kr_builtin_invoke(builtin, args, argc, EMPTY));
        } else if (type == &kr_type_type) {
            goto construct;
        }
    }
    kwnames = EMPTY;
    goto call;
}

INSTRUCTION(CALL_KW, "wRu+-K",
            "as CALL; the last arguments are named by the tuple constants[EXTRA.bc]; c counts "
            "them too")
{
    args = &r[B + 1];
    callee = args[-1];
    kwnames = constants[instruction_imm_b(pc)];
    argc = C - tuple_of(kwnames)->size;
    goto call;
}

INSTRUCTION(CALL_METHOD_KW, "wRu+-K", "as CALL_METHOD with names")
{
    callee = r[B];
    args = &r[B + 1];
    kwnames = constants[instruction_imm_b(pc)];
    argc = C - tuple_of(kwnames)->size;
    if (LIKELY(!is_empty(*args))) argc++;
    else *args++ = callee;
    goto call;
}

INSTRUCTION(CALL_EX, "wR-", "a = b(*b+1, **b+2): b+1 any iterable, b+2 exact dict or EMPTY")
{
    SAVE();
    Frame *pushed = kr_call_begin_ex(self, frame, r[B], r[B + 1], r[B + 2], &frame->out);
    if (pushed) ENTER(pushed, A);
    value = frame->out;
    goto called;
}

INSTRUCTION(RETURN, "r--", "returns a")
{
    value = r[A];
    if (UNLIKELY(frame->flags)) goto returning;
    uint32_t result = frame->result;
    frame = frame->previous;
    self->frame = frame;
    self->stack_top = frame->top;
    LOAD_FRAME();
    r[result] = value;
    NEXT();
}

INSTRUCTION(MAKE_FUNCTION, "wR-+-K",
            "a = function of code constants[EXTRA.bc]; b.. b+3: defaults tuple, kwdefaults dict, "
            "annotations (dict or flat tuple name, value, ...), closure tuple of cells; each may "
            "be EMPTY; b 65535: all are")
{
    SAVE();
    Value function = kr_building_function(frame, code_of(constants[instruction_imm_b(pc)]),
                                           B == NO_REGISTER ? NULL : &r[B]);
    if (UNLIKELY(is_empty(function))) goto error;
    r[A] = function;
    pc++;
    NEXT();
}

INSTRUCTION(IMPORT_NAME, "wRn+u", "a = __import__(name, globals, locals, fromlist b+1, level b)")
{
    SAVE();
    Value module = kr_names_import(frame, NAME, r[B], r[B + 1]);
    if (is_empty(module)) goto error;
    r[A] = module;
    pc++;
    NEXT();
}

INSTRUCTION(IMPORT_FROM, "wrn+u", "a = from module b import name")
{
    SAVE();
    Value v = kr_names_import_from(frame, r[B], NAME);
    if (is_empty(v)) goto error;
    r[A] = v;
    pc++;
    NEXT();
}

INSTRUCTION(IMPORT_STAR, "r--", "from a import * into the frame's locals")
{
    SAVE();
    if (kr_names_import_star(frame, r[A]) < 0) goto error;
    NEXT();
}

INSTRUCTION(INTRINSIC, "wRu",
            "a = a helper of vm/intrinsics.c, number c, of the registers from b (type parameters,"
            " type aliases)")
{ CALL_OUT(kr_intrinsics_call(C, frame, &r[B])); }
INSTRUCTION(PRINT_EXPR, "r--", "sys.displayhook(a)")
{
    SAVE();
    if (kr_names_print(r[A]) < 0) goto error;
    NEXT();
}

/* ---- Generators and coroutines ---- */
INSTRUCTION(YIELD, "wr-", "yields b; resumes with a = the value sent")
{
    value = r[B];
    Generator *g = generator_of(frame->generator);
    g->sent_register = A;
    g->delegating = false;
    g->resume = pc;
    goto yielding;
}

INSTRUCTION(GET_YIELD_FROM_ITER, "wr-", "a = iterator for `yield from b`")
{ CALL_OUT(kr_generator_yield_from_iterator(r[B], frame->code)); }
INSTRUCTION(YIELD_FROM, "wrx",
            "sends c (None first) to iterator b; what it yields is yielded, and this instruction "
            "runs again with the value sent in c; when b ends a = its value")
{
    SAVE();
    Frame *pushed;
    int status = kr_generator_push_or_step(self, r[B], r[C], &pushed, &frame->out);
    if (pushed) ENTER(pushed, A);
    if (status < 0) goto error;
    value = frame->out;
    if (status == 0) {
        r[A] = value;
        NEXT();
    }
    goto yielding_from;
}

INSTRUCTION(GET_AWAITABLE, "wru",
            "a = iterator for `await b`; c: 0 plain, 1 from __aenter__, 2 from __aexit__")
{ CALL_OUT(kr_generator_awaitable(r[B], C)); }
INSTRUCTION(GET_AITER, "wr-", "a = aiter(b)")
{ CALL_OUT(kr_async_iterator(r[B])); }
INSTRUCTION(GET_ANEXT, "wr-", "a = iterator for awaiting b.__anext__()")
{ CALL_OUT(kr_async_next(r[B])); }
INSTRUCTION(ASYNC_GEN_WRAP, "wr-", "a = b marked as a value that an async generator yields")
{ SET_RESULT(kr_async_wrap(r[B])); }
/* ---- Exceptions ---- */
INSTRUCTION(RAISE, "rr-", "raise a from b; b is 65535 without `from`")
{
    SAVE();
    kr_unwind_raise(r[A], B == NO_REGISTER ? EMPTY : r[B], B != NO_REGISTER);
    goto error;
}

INSTRUCTION(RAISE_AGAIN, "---", "bare raise: raises the exception being handled")
{
    SAVE();
    if (kr_unwind_raise_again(self)) goto unwind;
    goto error;
}

INSTRUCTION(RERAISE, "r--",
            "goes on unwinding with exception a, its traceback and context as they are")
{
    self->exception = r[A];
    goto unwind;
}

INSTRUCTION(ENTER_HANDLER, "rw-",
            "b = the exception handled so far (or EMPTY); a becomes the one being handled")
{
    Value outer = self->handled;
    if (UNLIKELY(frame->flags & FRAME_GENERATOR) && !generator_of(frame->generator)->handling) {
        generator_of(frame->generator)->handling = true;
        outer = TRUE_VALUE;
    }
    self->handled = r[A];
    r[B] = outer;
    NEXT();
}

INSTRUCTION(EXIT_HANDLER, "-r-", "the exception handled is b again")
{
    Value outer = r[B];
    if (UNLIKELY(is_true(outer))) {
        generator_of(frame->generator)->handling = false;
        outer = generator_of(frame->generator)->outer_handled;
    }
    self->handled = outer;
    NEXT();
}

INSTRUCTION(MATCH_EXCEPTION, "wrr",
            "a = does exception b match class or tuple c; TypeError for a non-exception class")
{
    SAVE();
    int matches = kr_unwind_matches(r[B], r[C]);
    if (UNLIKELY(matches < 0)) goto error;
    r[A] = from_bool(matches);
    NEXT();
}

INSTRUCTION(MATCH_GROUP, "Wrr",
            "a, a+1 = part of exception b that matches c (or None), rest (or None), for except*")
{
    SAVE();
    if (kr_unwind_match_group(r[B], r[C], &r[A]) < 0) goto error;
    NEXT();
}

INSTRUCTION(COMBINE_GROUP, "wrr",
            "a = what except* raises at its end: list c of raised and unhandled parts of b, or "
            "None")
{ CALL_OUT(kr_unwind_combine_group(r[B], r[C])); }
INSTRUCTION(ENTER_WITH, "Wr-", "a = bound b.__exit__, a+1 = b.__enter__()")
{
    SAVE();
    if (kr_unwind_enter_with(r[B], &r[A], false) < 0) goto error;
    NEXT();
}

INSTRUCTION(ENTER_ASYNC_WITH, "Wr-",
            "a = bound b.__aexit__, a+1 = b.__aenter__() still to be awaited")
{
    SAVE();
    if (kr_unwind_enter_with(r[B], &r[A], true) < 0) goto error;
    NEXT();
}

INSTRUCTION(EXIT_WITH, "wrr",
            "a = b(type, c, traceback) with exception c; c 65535: b(None, None, None)")
{ CALL_OUT(kr_unwind_exit_with(r[B], C == NO_REGISTER ? EMPTY : r[C])); }
/* ---- Pattern matching ---- */
INSTRUCTION(MATCH_SEQUENCE, "wr-", "a = is b a sequence for patterns")
{
    r[A] = from_bool(type_of(r[B])->kind.flags & KR_TYPE_SEQUENCE);
    NEXT();
}

INSTRUCTION(MATCH_MAPPING, "wr-", "a = is b a mapping for patterns")
{
    r[A] = from_bool(type_of(r[B])->kind.flags & KR_TYPE_MAPPING);
    NEXT();
}

INSTRUCTION(MATCH_KEYS, "wrr",
            "a = tuple of b's values for the keys in tuple c, or None if one is missing")
{ CALL_OUT(kr_patterns_keys(r[B], r[C])); }
INSTRUCTION(MATCH_CLASS, "wrr+uK",
            "a = tuple of attributes of b for class pattern c with EXTRA.a positional ones and "
            "keyword names constants[EXTRA.bc], or None")
{
    SAVE();
    Value parts = kr_patterns_class(r[B], r[C], pc->a, constants[instruction_imm_b(pc)]);
    if (UNLIKELY(is_empty(parts))) goto error;
    r[A] = parts;
    pc++;
    NEXT();
}

INSTRUCTION(GET_LENGTH, "wr-", "a = len(b)")
{
    SAVE();
    int64_t n = kr_length(r[B]);
    if (UNLIKELY(n < 0)) goto error;
    r[A] = kr_int(n);
    NEXT();
}

INSTRUCTION(REST_OF_MAPPING, "wrr", "a = dict(b) without the keys in tuple c")
{ CALL_OUT(kr_patterns_rest(r[B], r[C])); }
/* ---- Specialised forms ---- */
SPECIALISED(LOAD_GLOBAL_MODULE, LOAD_GLOBAL,
            "from the globals: cache.version is their keys_version, slot the entry")
{
    const Cache *cache = CACHE();
    const Dict *globals = dict_of(frame->globals);
    if (UNLIKELY(globals->keys_version != cache->version)) goto miss;
    r[A] = globals->entries[cache->slot].value;
    pc++;
    NEXT();
}

SPECIALISED(LOAD_GLOBAL_BUILTIN, LOAD_GLOBAL,
            "from the builtins: cache.version and cache.shape are the keys_versions of globals "
            "and builtins")
{
    const Cache *cache = CACHE();
    const Dict *builtins = dict_of(frame->builtins);
    if (UNLIKELY(dict_of(frame->globals)->keys_version != cache->version ||
                 builtins->keys_version != (uint64_t)(uintptr_t)cache->shape)) goto miss;
    r[A] = builtins->entries[cache->slot].value;
    pc++;
    NEXT();
}

SPECIALISED(LOAD_NAME_MODULE, LOAD_NAME,
            "in code whose locals are its globals: as LOAD_GLOBAL_MODULE")
{
    const Cache *cache = CACHE();
    const Dict *globals = dict_of(frame->globals);
    if (UNLIKELY(globals->keys_version != cache->version ||
                 !same(frame->locals, frame->globals))) goto miss;
    r[A] = globals->entries[cache->slot].value;
    pc++;
    NEXT();
}

SPECIALISED(LOAD_NAME_BUILTIN, LOAD_NAME,
            "in code whose locals are its globals: as LOAD_GLOBAL_BUILTIN")
{
    const Cache *cache = CACHE();
    const Dict *builtins = dict_of(frame->builtins);
    if (UNLIKELY(dict_of(frame->globals)->keys_version != cache->version ||
                 !same(frame->locals, frame->globals) ||
                 builtins->keys_version != (uint64_t)(uintptr_t)cache->shape)) goto miss;
    r[A] = builtins->entries[cache->slot].value;
    pc++;
    NEXT();
}

SPECIALISED(LOAD_ATTR_SLOT, LOAD_ATTR,
            "inline slot of an instance of (type version, shape); kind is the offset of the Attrs")
{
    CACHED_SHAPE(r[B]);
    r[A] = attrs->inline_values[cache->slot];
    pc++;
    NEXT();
}

SPECIALISED(LOAD_ATTR_OVERFLOW, LOAD_ATTR, "overflow slot of an instance of (type version, shape)")
{
    CACHED_SHAPE(r[B]);
    r[A] = attrs->overflow[cache->slot];
    pc++;
    NEXT();
}

SPECIALISED(LOAD_ATTR_DICT, LOAD_ATTR,
            "entry of an instance in dict mode: slot is where the name stood last")
{
    CACHED_SHAPE(r[B]);
    const Dict *dict = (const Dict *)attrs->overflow;
    if (UNLIKELY(cache->slot >= dict->filled)) goto miss;
    const DictEntry *entry = &dict->entries[cache->slot];
    if (UNLIKELY(!same(entry->key, NAME_BY(C)))) goto miss;
    r[A] = entry->value;
    pc++;
    NEXT();
}

SPECIALISED(LOAD_ATTR_MEMBER, LOAD_ATTR, "__slots__ member at byte offset slot")
{
    CACHED_TYPE(r[B]);
    Value value = *(const Value *)((const char *)object + cache->slot);
    if (UNLIKELY(is_empty(value))) goto miss;
    r[A] = value;
    pc++;
    NEXT();
}

SPECIALISED(LOAD_ATTR_METHOD, LOAD_ATTR,
            "bound method of a function of the class; the instance has (type version, shape)")
{
    CACHED_SHAPE(r[B]);
    Value method = kr_method_new(cache->value, v);
    if (UNLIKELY(is_empty(method))) goto error;
    r[A] = method;
    pc++;
    NEXT();
}

SPECIALISED(LOAD_ATTR_CLASS, LOAD_ATTR,
            "plain value of the class; the instance has (type version, shape)")
{
    CACHED_SHAPE(r[B]);
    r[A] = cache->value;
    pc++;
    NEXT();
}

SPECIALISED(LOAD_ATTR_PROPERTY, LOAD_ATTR,
            "property with a Python getter, called in a frame of its own")
{
    CACHED_TYPE(r[B]);
    callee = cache->value;
    if (UNLIKELY(function_of(callee)->simple_count != 1)) goto miss;
    args = frame->top;
    if (UNLIKELY(args + 2 > self->register_limit)) goto recursion_error;
    args[0] = v;
    argc = 1;
    goto push_function_at_args;
}

SPECIALISED(LOAD_ATTR_GETSET, LOAD_ATTR, "native property: shape is its KrGetSet")
{
    CACHED_TYPE(r[B]);
    SAVE();
    Value value = ((const KrGetSet *)cache->shape)->get(v);
    if (UNLIKELY(is_empty(value))) goto error;
    r[A] = value;
    pc++;
    NEXT();
}

SPECIALISED(LOAD_ATTR_MODULE, LOAD_ATTR, "entry of a module of keys_version")
{
    CACHED_MODULE(r[B]);
    r[A] = dict->entries[cache->slot].value;
    pc++;
    NEXT();
}

SPECIALISED(LOAD_ATTR_TYPE, LOAD_ATTR, "attribute of the class in cache.shape")
{
    CACHED_CLASS(r[B]);
    r[A] = cache->value;
    pc++;
    NEXT();
}

SPECIALISED(LOAD_ATTR_TYPE_ENTRY, LOAD_ATTR,
            "variable attribute of the class in cache.shape: entry `kind` of the dict cache.value")
{
    CACHED_CLASS(r[B]);
    r[A] = dict_of(cache->value)->entries[cache->kind].value;
    pc++;
    NEXT();
}

SPECIALISED(LOAD_ATTR_POLY, LOAD_ATTR, "one of several shapes: kr_load_ways tells")
{
    Value v = r[B];
    if (LIKELY(is_object(v) && ((Object *)object_of(v))->type->attrs_offset > 0)) {
        const Attrs *attrs = fixed_attrs(object_of(v));
        const Way *way = find_way(kr_load_ways, object_of(v), attrs, NAME_BY(C));
        if (LIKELY(way != NULL)) {
            Value value = way->kind == WAY_INLINE     ? attrs->inline_values[way->slot]
                          : way->kind == WAY_OVERFLOW ? attrs->overflow[way->slot]
                          : way->kind == WAY_VALUE    ? way->value
                                                      : kr_method_new(way->value, v);
            if (UNLIKELY(is_empty(value))) goto error;
            r[A] = value;
            pc++;
            NEXT();
        }
    }
    SAVE();
    Value value = kr_attributes_load_any(v, NAME_BY(C));
    if (UNLIKELY(is_empty(value))) goto error;
    r[A] = value;
    pc++;
    NEXT();
}

SPECIALISED(LOAD_METHOD_CLASS, LOAD_METHOD,
            "function of the class; the instance has (type version, shape)")
{
    CACHED_SHAPE(r[B]);
    r[A] = cache->value;
    r[A + 1] = v;
    pc++;
    NEXT();
}

SPECIALISED(LOAD_METHOD_NATIVE, LOAD_METHOD,
            "function of a class whose instances have no attributes of their own")
{
    CACHED_TYPE(r[B]);
    r[A] = cache->value;
    r[A + 1] = v;
    pc++;
    NEXT();
}

SPECIALISED(LOAD_METHOD_SLOT, LOAD_METHOD, "callable in an inline slot of the instance")
{
    CACHED_SHAPE(r[B]);
    r[A] = attrs->inline_values[cache->slot];
    r[A + 1] = EMPTY;
    pc++;
    NEXT();
}

SPECIALISED(LOAD_METHOD_MODULE, LOAD_METHOD, "entry of a module")
{
    CACHED_MODULE(r[B]);
    r[A] = dict->entries[cache->slot].value;
    r[A + 1] = EMPTY;
    pc++;
    NEXT();
}

SPECIALISED(LOAD_METHOD_TYPE, LOAD_METHOD, "function or static method of the class in cache.shape")
{
    CACHED_CLASS(r[B]);
    r[A] = cache->value;
    r[A + 1] = EMPTY;
    pc++;
    NEXT();
}

SPECIALISED(LOAD_METHOD_CLASSMETHOD, LOAD_METHOD, "class method of the class in cache.shape")
{
    CACHED_CLASS(r[B]);
    r[A] = cache->value;
    r[A + 1] = v;
    pc++;
    NEXT();
}

SPECIALISED(LOAD_METHOD_POLY, LOAD_METHOD, "on one of several shapes")
{
    Value v = r[B];
    if (LIKELY(is_object(v) && ((Object *)object_of(v))->type->attrs_offset > 0)) {
        const Attrs *attrs = fixed_attrs(object_of(v));
        const Way *way = find_way(kr_load_ways, object_of(v), attrs, NAME_BY(C));
        if (LIKELY(way && way->kind != WAY_OVERFLOW)) {
            r[A] = way->kind == WAY_INLINE ? attrs->inline_values[way->slot] : way->value;
            r[A + 1] = way->kind == WAY_METHOD ? v : EMPTY;
            pc++;
            NEXT();
        }
    }
    SAVE();
    if (UNLIKELY(kr_attributes_method_any(v, NAME_BY(C), &r[A]) < 0)) goto error;
    pc++;
    NEXT();
}

SPECIALISED(STORE_ATTR_SLOT, STORE_ATTR, "inline slot that exists")
{
    CACHED_SHAPE(r[A]);
    attrs->inline_values[cache->slot] = r[B];
    pc++;
    NEXT();
}

SPECIALISED(STORE_ATTR_OVERFLOW, STORE_ATTR, "overflow slot that exists")
{
    CACHED_SHAPE(r[A]);
    attrs->overflow[cache->slot] = r[B];
    pc++;
    NEXT();
}

SPECIALISED(STORE_ATTR_NEW, STORE_ATTR,
            "new inline slot: the shape becomes the one in cache.value")
{
    CACHED_SHAPE(r[A]);
    attrs->inline_values[cache->slot] = r[B];
    attrs->shape = object_of(cache->value);
    pc++;
    NEXT();
}

SPECIALISED(STORE_ATTR_MEMBER, STORE_ATTR, "__slots__ member at byte offset slot")
{
    CACHED_TYPE(r[A]);
    *(Value *)((char *)object + cache->slot) = r[B];
    pc++;
    NEXT();
}

SPECIALISED(STORE_ATTR_POLY, STORE_ATTR, "on one of several shapes")
{
    Value v = r[A];
    if (LIKELY(is_object(v) && ((Object *)object_of(v))->type->attrs_offset > 0)) {
        Attrs *attrs = fixed_attrs(object_of(v));
        const Way *way = find_way(kr_store_ways, object_of(v), attrs, NAME_BY(C));
        if (LIKELY(way != NULL)) {
            if (way->kind == WAY_OVERFLOW) attrs->overflow[way->slot] = r[B];
            else attrs->inline_values[way->slot] = r[B];
            if (way->kind == WAY_NEW) attrs->shape = object_of(way->value);
            pc++;
            NEXT();
        }
    }
    SAVE();
    if (UNLIKELY(kr_attributes_store_any(v, NAME_BY(C), r[B]) < 0)) goto error;
    pc++;
    NEXT();
}

SPECIALISED(BUILD_SLICE_GET, BUILD_SLICE, "and the GET_ITEM that follows: no slice is made")
{
    const Value *parts = &r[B];
    word = *(const InstructionWord *)pc++;
    CALL_OUT(kr_building_get_slice(r[B], parts));
}

SPECIALISED(BUILD_SLICE_SET, BUILD_SLICE, "and the SET_ITEM that follows: no slice is made")
{
    const Value *parts = &r[B];
    word = *(const InstructionWord *)pc++;
    SAVE();
    if (UNLIKELY(kr_building_set_slice(r[A], parts, r[C]) < 0)) goto error;
    NEXT();
}

SPECIALISED(FOR_ITER_RANGE, FOR_ITER, "over a range iterator")
{
    Value iterator = r[B];
    if (UNLIKELY(!is_exact(iterator, &kr_range_iterator_type))) REWRITE_AND_REPEAT(FOR_ITER);
    RangeIterator *range = object_of(iterator);
    if (UNLIKELY(range->remaining == 0)) JUMP_AT_END();
    int64_t i = range->next;
    range->remaining--;
    range->next = (int64_t)((uint64_t)i + (uint64_t)range->step);
    r[A] = LIKELY(fits_int(i)) ? from_small_int(i) : kr_int(i);
    pc++;
    NEXT();
}

SPECIALISED(FOR_ITER_LIST, FOR_ITER, "over a list iterator")
{
    Value iterator = r[B];
    if (UNLIKELY(!is_exact(iterator, &kr_list_iterator_type))) REWRITE_AND_REPEAT(FOR_ITER);
    SequenceIterator *at = object_of(iterator);
    if (UNLIKELY(is_empty(at->sequence))) JUMP_AT_END();
    const List *list = object_of(at->sequence);
    if (UNLIKELY((uint64_t)at->index >= list->size)) {
        at->sequence = EMPTY;
        JUMP_AT_END();
    }
    r[A] = list->items[at->index++];
    pc++;
    NEXT();
}

SPECIALISED(FOR_ITER_TUPLE, FOR_ITER, "over a tuple iterator")
{
    Value iterator = r[B];
    if (UNLIKELY(!is_exact(iterator, &kr_tuple_iterator_type))) REWRITE_AND_REPEAT(FOR_ITER);
    SequenceIterator *at = object_of(iterator);
    if (UNLIKELY(is_empty(at->sequence))) JUMP_AT_END();
    const Tuple *tuple = object_of(at->sequence);
    if (UNLIKELY((uint64_t)at->index >= tuple->size)) {
        at->sequence = EMPTY;
        JUMP_AT_END();
    }
    r[A] = tuple->items[at->index++];
    pc++;
    NEXT();
}

SPECIALISED(FOR_ITER_GENERATOR, FOR_ITER, "over a generator, in a frame of its own")
{
    Value iterator = r[B];
    if (UNLIKELY(!is_exact(iterator, &kr_generator_type))) REWRITE_AND_REPEAT(FOR_ITER);
    Generator *g = object_of(iterator);
    if (UNLIKELY(g->state >= GENERATOR_RUNNING)) {
        if (g->state == GENERATOR_FINISHED) JUMP_AT_END();
        kr_generator_refuse(g, NONE);
        goto error;
    }
    SAVE();
    Frame *pushed = kr_generator_push(self, g, NONE, 0);
    if (UNLIKELY(!pushed)) goto error;
    ENTER(pushed, A);
}

SPECIALISED(FOR_ITER_PAIR, FOR_ITER,
            "over pairs that the UNPACK which follows would take apart: no tuple is made")
{
    Value iterator = r[B];
    if (UNLIKELY(!kr_gives_pairs(iterator))) REWRITE_AND_REPEAT(FOR_ITER);
    SAVE();
    int status = kr_next_pair(iterator, &r[pc[1].a]);
    if (UNLIKELY(status <= 0)) {
        if (status < 0) goto error;
        JUMP_AT_END();
    }
    pc += 2;
    NEXT();
}

SPECIALISED(LT_JUMP, LT, "and the conditional jump that follows and tests a")
{ COMPARISON_JUMP(<); }
SPECIALISED(LT_IMM_JUMP, LT_IMM, "and the conditional jump that follows and tests a")
{ COMPARISON_IMM_JUMP(<); }
SPECIALISED(LE_JUMP, LE, "and the conditional jump that follows and tests a")
{ COMPARISON_JUMP(<=); }
SPECIALISED(LE_IMM_JUMP, LE_IMM, "and the conditional jump that follows and tests a")
{ COMPARISON_IMM_JUMP(<=); }
SPECIALISED(EQ_JUMP, EQ, "and the conditional jump that follows and tests a")
{ COMPARISON_JUMP(==); }
SPECIALISED(EQ_IMM_JUMP, EQ_IMM, "and the conditional jump that follows and tests a")
{ COMPARISON_IMM_JUMP(==); }
SPECIALISED(NE_JUMP, NE, "and the conditional jump that follows and tests a")
{ COMPARISON_JUMP(!=); }
SPECIALISED(NE_IMM_JUMP, NE_IMM, "and the conditional jump that follows and tests a")
{ COMPARISON_IMM_JUMP(!=); }
SPECIALISED(GT_JUMP, GT, "and the conditional jump that follows and tests a")
{ COMPARISON_JUMP(>); }
SPECIALISED(GT_IMM_JUMP, GT_IMM, "and the conditional jump that follows and tests a")
{ COMPARISON_IMM_JUMP(>); }
SPECIALISED(GE_JUMP, GE, "and the conditional jump that follows and tests a")
{ COMPARISON_JUMP(>=); }
SPECIALISED(GE_IMM_JUMP, GE_IMM, "and the conditional jump that follows and tests a")
{ COMPARISON_IMM_JUMP(>=); }
