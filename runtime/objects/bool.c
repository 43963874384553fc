/* bool.c: True and False: immediates of a subclass of int. */
#include "runtime/objects/int.h"
#include "runtime/objects/quick.h"

Value kr_bool(bool x) { return from_bool(x); }
bool kr_is_bool(Value v) { return is_bool(v); }

static Value bool_make(Type *type, const Value *args, size_t n, Value kwnames)
{
    (void)type;
    if (check_args("bool", n, kwnames, 0, 1) < 0) return EMPTY;
    if (n == 0) return FALSE_VALUE;
    int truth = kr_truth(args[0]);
    return truth < 0 ? EMPTY : from_bool(truth);
}

static Value bool_repr(Value self) { return is_true(self) ? KR_NAME("True") : KR_NAME("False"); }

/* Between two bools a bool, else an int's. */
static Value bitwise(int op, Value a, Value b)
{
    if (is_bool(a) && is_bool(b)) {
        bool x = is_true(a), y = is_true(b);
        return from_bool(op == KR_AND ? x && y : op == KR_OR ? x || y : x != y);
    }
    if (!is_any_int(a) || !is_any_int(b)) return NOT_IMPLEMENTED;
    return kr_int_bitwise(op, a, b);
}

static Value bool_and(Value a, Value b) { return bitwise(KR_AND, a, b); }
static Value bool_or(Value a, Value b) { return bitwise(KR_OR, a, b); }
static Value bool_xor(Value a, Value b) { return bitwise(KR_XOR, a, b); }
static int bool_truth(Value self) { return is_true(self); }

static const KrTypeSpec bool_spec = {
    .name = "bool",
    .doc = "bool(x) -> bool\n\nReturns True when the argument x is true, False otherwise.\nThe "
           "builtins True and False are the only two instances of the class bool.\nThe class bool "
           "is a subclass of the class int, and cannot be subclassed.",
    .size = sizeof(Int),
    .flags = KR_TYPE_IMMUTABLE | KR_TYPE_FINAL | KR_TYPE_NO_WEAKREF,
    .base = &kr_int_type,
    .slots = {.make = bool_make,
              .repr = bool_repr,
              .truth = bool_truth,
              .binary[KR_AND] = bool_and,
              .binary[KR_OR] = bool_or,
              .binary[KR_XOR] = bool_xor},
};

Type kr_bool_type;

void kr_bool_type_init(void) { kr_type_init(&kr_bool_type, &bool_spec); }
