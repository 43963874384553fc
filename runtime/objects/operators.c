/* operators.c: arithmetic on any objects: which operand's slot is asked first, what declining
 * means, and the conversions to numbers. */
#include "runtime/objects/int.h"
#include "runtime/objects/str.h"
#include "runtime/objects/type.h"
#include "runtime/text/unicode.h"

static const char *const signs[KR_BINARY_COUNT] = {
    "+", "-", "*", "@", "/", "//", "%", "** or pow()", "<<", ">>", "&", "^", "|", "divmod()",
};

/* ---- Binary operators -------------------------------------------------------------- */

typedef Value (*BinarySlot)(Value, Value);

/* NotImplemented when both operands decline. */
static Value try_binary(int op, Value a, Value b)
{
    Type *ta = type_of(a), *tb = type_of(b);
    BinarySlot left = ta->slots.binary[op], right = ta == tb ? NULL : tb->slots.binary[op];
    if (right == left) right = NULL;
    if (left) {
        if (right && kr_is_subtype(tb, ta)) {
            Value result = right(a, b);
            if (!is_not_implemented(result)) return result;
            right = NULL;
        }
        Value result = left(a, b);
        if (!is_not_implemented(result)) return result;
    }
    return right ? right(a, b) : NOT_IMPLEMENTED;
}

static Value raise_unsupported(const char *sign, Value a, Value b)
{
    if (strcmp(sign, ">>") == 0 && is_exact(a, &kr_builtin_type) &&
        kr_str_equal_ascii(kr_getattr_ascii(a, "__name__"), "print"))
        return kr_raise(kr_TypeError,
                        "unsupported operand type(s) for >>: '%T' and '%T'. "
                        "Did you mean \"print(<message>, file=<output_stream>)\"?",
                        a, b);
    return kr_raise(kr_TypeError, "unsupported operand type(s) for %s: '%T' and '%T'", sign, a, b);
}

static Value repeat(Value (*slot)(Value, int64_t), Value sequence, Value count)
{
    if (!kr_has_index(count))
        return kr_raise(kr_TypeError, "can't multiply sequence by non-int of type '%T'", count);
    int64_t n;
    if (is_int(count)) {
        n = int_of(count);
    } else {
        Value index = kr_index(count);
        if (is_empty(index)) return EMPTY;
        if (kr_to_int64(index, &n) < 0) {
            kr_clear_exception();
            return kr_raise(kr_OverflowError, "cannot fit '%T' into an index-sized integer", count);
        }
    }
    return slot(sequence, n);
}

static Value binary_or_raise(int op, Value a, Value b, const char *sign)
{
    Value result = try_binary(op, a, b);
    if (!is_not_implemented(result)) return result;
    Type *ta = type_of(a), *tb = type_of(b);
    if (op == KR_ADD && ta->slots.concat) return ta->slots.concat(a, b);
    if (op == KR_MUL) {
        if (ta->slots.repeat) return repeat(ta->slots.repeat, a, b);
        if (tb->slots.repeat) return repeat(tb->slots.repeat, b, a);
    }
    return raise_unsupported(sign, a, b);
}

Value kr_binary(int op, Value a, Value b) { return binary_or_raise(op, a, b, signs[op]); }

Value kr_inplace(int op, Value a, Value b)
{
    static const char *const inplace_signs[KR_BINARY_COUNT] = {
        "+=",  "-=",  "*=",  "@=", "/=", "//=", "%=",
        "**=", "<<=", ">>=", "&=", "^=", "|=",  "divmod()",
    };
    Type *ta = type_of(a), *tb = type_of(b);
    if (ta->slots.inplace[op]) {
        Value result = ta->slots.inplace[op](a, b);
        if (!is_not_implemented(result)) return result;
    }
    if (op != KR_ADD && op != KR_MUL) return binary_or_raise(op, a, b, inplace_signs[op]);
    Value result = try_binary(op, a, b);
    if (!is_not_implemented(result)) return result;
    if (op == KR_ADD) {
        if (ta->slots.inplace_concat) return ta->slots.inplace_concat(a, b);
        if (ta->slots.concat) return ta->slots.concat(a, b);
    } else {
        if (ta->slots.inplace_repeat) return repeat(ta->slots.inplace_repeat, a, b);
        if (ta->slots.repeat) return repeat(ta->slots.repeat, a, b);
        if (tb->slots.repeat) return repeat(tb->slots.repeat, b, a);
    }
    return raise_unsupported(inplace_signs[op], a, b);
}

typedef Value (*PowerSlot)(Value, Value, Value);

Value kr_power(Value a, Value b, Value modulus)
{
    if (is_none(modulus)) return kr_binary(KR_POW, a, b);
    Type *ta = type_of(a), *tb = type_of(b), *tm = type_of(modulus);
    PowerSlot first = ta->slots.power, second = tb == ta ? NULL : tb->slots.power,
              third = tm->slots.power;
    if (second == first) second = NULL;
    if (third == first || third == second) third = NULL;
    if (first) {
        if (second && kr_is_subtype(tb, ta)) {
            Value result = second(a, b, modulus);
            if (!is_not_implemented(result)) return result;
            second = NULL;
        }
        Value result = first(a, b, modulus);
        if (!is_not_implemented(result)) return result;
    }
    PowerSlot others[] = {second, third};
    for (int i = 0; i < 2; i++) {
        if (!others[i]) continue;
        Value result = others[i](a, b, modulus);
        if (!is_not_implemented(result)) return result;
    }
    return kr_raise(kr_TypeError, "unsupported operand type(s) for ** or pow(): '%T', '%T', '%T'",
                    a, b, modulus);
}

/* ---- Unary operators --------------------------------------------------------------- */

static Value unary(Value (*slot)(Value), Value v, const char *what)
{
    return slot ? slot(v) : kr_raise(kr_TypeError, "bad operand type for %s: '%T'", what, v);
}

Value kr_negative(Value v) { return unary(type_of(v)->slots.negative, v, "unary -"); }
Value kr_positive(Value v) { return unary(type_of(v)->slots.positive, v, "unary +"); }
Value kr_absolute(Value v) { return unary(type_of(v)->slots.absolute, v, "abs()"); }
Value kr_invert(Value v) { return unary(type_of(v)->slots.invert, v, "unary ~"); }

/* ---- Conversions ------------------------------------------------------------------- */

bool kr_has_index(Value v) { return is_int(v) || type_of(v)->slots.index; }

/* An int of a subclass as an exact int. */
static Value exact_int(Value v) { return kr_is_int_exact(v) ? v : kr_int_type.slots.positive(v); }

/* What __int__ or __index__ gave: an int, exact after a warning. */
static Value checked_int(Value result, const char *method)
{
    if (is_empty(result) || kr_is_int_exact(result)) return result;
    if (!kr_is_int(result))
        return kr_raise(kr_TypeError, "%s returned non-int (type %T)", method, result);
    if (kr_warn(kr_DeprecationWarning, 1,
                "%s returned non-int (type %T).  The ability to return an instance of a strict "
                "subclass of int "
                "is deprecated, and may not be supported in a future version of Python.",
                method, result) < 0)
        return EMPTY;
    return exact_int(result);
}

Value kr_index(Value v)
{
    if (is_int(v)) return v;
    if (kr_is_int(v)) return exact_int(v);
    Value (*slot)(Value) = type_of(v)->slots.index;
    if (!slot) return kr_raise(kr_TypeError, "'%T' object cannot be interpreted as an integer", v);
    return checked_int(slot(v), "__index__");
}

/* Digits of any script as ASCII digits, spaces as ' ', the rest as '?': what int() and float()
 * read. */
static char *ascii_number(Value text, size_t *size)
{
    Str *s = str_of(text);
    char *out = kr_heap_bytes(s->length + 1);
    if (!out) return NULL;
    for (size_t i = 0; i < s->length; i++) {
        uint32_t c = str_at(s, i);
        int digit = c < 128 ? -1 : kr_text_decimal_value(c);
        out[i] = c < 128               ? (char)c
                 : digit >= 0          ? (char)('0' + digit)
                 : kr_text_is_space(c) ? ' '
                                       : '?';
    }
    *size = s->length;
    return out;
}

static Value int_from_text(const char *text, size_t size, Value original)
{
    Value result = memchr(text, 0, size) ? EMPTY : kr_int_parse(text, size, 10);
    if (!is_empty(result)) return result;
    if (kr_raised()) {
        if (!kr_raised_is(kr_ValueError)) return EMPTY;
        Value exception = kr_take_exception();
        Value message = kr_to_str(exception);
        bool too_long = !is_empty(message) && str_of(message)->length > 7 &&
                        memcmp(kr_str_points(message), "Exceeds", 7) == 0;
        if (too_long) return kr_raise_value(exception);
    }
    return kr_raise(kr_ValueError, "invalid literal for int() with base 10: %R", original);
}

Value kr_to_int(Value v)
{
    if (kr_is_int_exact(v)) return v;
    Type *type = type_of(v);
    if (type->slots.to_int) return checked_int(type->slots.to_int(v), "__int__");
    if (type->slots.index) return kr_index(v);
    Value truncate = kr_find_special(v, KR_NAME("__trunc__"));
    if (is_empty(truncate) && kr_raised()) return EMPTY;
    if (!is_empty(truncate)) {
        if (kr_warn(kr_DeprecationWarning, 1,
                    "The delegation of int() to __trunc__ is deprecated.") < 0)
            return EMPTY;
        Value result = kr_call0(truncate);
        if (is_empty(result) || kr_is_int(result))
            return is_empty(result) ? EMPTY : exact_int(result);
        if (!kr_has_index(result))
            return kr_raise(kr_TypeError, "__trunc__ returned non-Integral (type %T)", result);
        return kr_index(result);
    }
    if (is_str(v)) {
        size_t size;
        char *text = ascii_number(v, &size);
        return text ? int_from_text(text, size, v) : EMPTY;
    }
    if (is_bytes(v)) return int_from_text((const char *)kr_bytes_data(v), kr_bytes_size(v), v);
    if (kr_has_buffer(v)) {
        KrBuffer buffer;
        if (kr_buffer_get(v, &buffer, KR_BUFFER_READ) < 0) return EMPTY;
        Value result = int_from_text(buffer.data, (size_t)buffer.size,
                                     kr_bytes(buffer.data, (size_t)buffer.size));
        kr_buffer_release(&buffer);
        return result;
    }
    return kr_raise(
        kr_TypeError,
        "int() argument must be a string, a bytes-like object or a real number, not '%T'", v);
}

Value kr_to_float(Value v)
{
    if (is_float(v)) return v;
    Type *type = type_of(v);
    if (type->traits & TYPE_IS_FLOAT && type->slots.to_float == kr_float_type.slots.to_float)
        return type->slots.to_float(v);
    if (type->slots.to_float) {
        Value result = type->slots.to_float(v);
        if (is_empty(result) || is_float(result)) return result;
        if (!kr_is_float(result))
            return kr_raise(kr_TypeError, "%T.__float__ returned non-float (type %T)", v, result);
        if (kr_warn(kr_DeprecationWarning, 1,
                    "%T.__float__ returned non-float (type %T).  The ability to return an instance "
                    "of a strict "
                    "subclass of float is deprecated, and may not be supported in a future version "
                    "of Python.",
                    v, result) < 0)
            return EMPTY;
        return kr_float_type.slots.to_float(result);
    }
    if (type->slots.index) {
        Value index = kr_index(v);
        return is_empty(index) ? EMPTY : kr_int_type.slots.to_float(index);
    }
    if (is_str(v)) return kr_float_parse(v);
    if (is_bytes(v) || kr_has_buffer(v)) {
        KrBuffer buffer;
        if (kr_buffer_get(v, &buffer, KR_BUFFER_READ) < 0) return EMPTY;
        Value text = kr_str_latin1(buffer.data, (size_t)buffer.size);
        kr_buffer_release(&buffer);
        Value result = is_empty(text) ? EMPTY : kr_float_parse(text);
        if (is_empty(result) && kr_raised_is(kr_ValueError)) {
            kr_clear_exception();
            return kr_raise(kr_ValueError, "could not convert string to float: %R", v);
        }
        return result;
    }
    return kr_raise(kr_TypeError, "float() argument must be a string or a real number, not '%T'",
                    v);
}
