/* builtins.c: the functions of the builtins module. The types in it are objects/'s, the exceptions too;
 * open() is _io's, __build_class__ is build_class.c's, __import__ is import.c's. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "runtime/compile/compile.h"
#include "runtime/objects/dict.h"
#include "runtime/objects/function.h"
#include "runtime/objects/iterators.h"
#include "runtime/objects/list.h"
#include "runtime/objects/str.h"
#include "runtime/objects/tuple.h"
#include "runtime/vm/builtins.h"
#include "runtime/vm/generator.h"
#include "runtime/vm/import.h"
#include "runtime/vm/sys_module.h"
#include "runtime/vm/vm.h"

Value kr_builtins_dict;

/* ---- Numbers ---- */

KR_FN(builtins, builtin_abs, "abs", "(x, /)", "Return the absolute value of the argument.")
{
    return kr_absolute(a[0]);
}

KR_FN(builtins, builtin_divmod, "divmod", "(x, y, /)", "Return the tuple (x//y, x%y).  Invariant: div*y + mod == x.")
{
    return kr_binary(KR_DIVMOD, a[0], a[1]);
}

KR_FN(builtins, builtin_pow, "pow", "(base, exp, mod=None)",
      "Equivalent to base**exp with 2 arguments or base**exp % mod with 3 arguments.\n\n"
      "Some types, such as ints, are able to use a more efficient algorithm when\n"
      "invoked using the three argument form.")
{
    if (is_none(a[2])) return kr_binary(KR_POW, a[0], a[1]);
    return kr_power(a[0], a[1], a[2]);
}

KR_FN(builtins, builtin_round, "round", "(number, ndigits=None)",
      "Round a number to a given precision in decimal digits.\n\n"
      "The return value is an integer if ndigits is omitted or None.  Otherwise\n"
      "the return value has the same type as the number.  ndigits may be negative.")
{
    Value method = kr_find_special(a[0], KR_NAME("__round__"));
    if (is_empty(method)) {
        if (kr_raised()) return EMPTY;
        return kr_raise(kr_TypeError, "type %T doesn't define __round__ method", a[0]);
    }
    return is_none(a[1]) ? kr_call0(method) : kr_call1(method, a[1]);
}

/* The text of an int in a base of two's power, through format(). */
static Value based_text(Value v, const char *spec)
{
    Value index = kr_index(v);
    return is_empty(index) ? EMPTY : kr_format(index, kr_intern(spec));
}

KR_FN(builtins, builtin_bin, "bin", "(number, /)",
      "Return the binary representation of an integer.\n\n   >>> bin(2796202)\n   '0b1010101010101010101010'")
{
    return based_text(a[0], "#b");
}

KR_FN(builtins, builtin_oct, "oct", "(number, /)",
      "Return the octal representation of an integer.\n\n   >>> oct(342391)\n   '0o1234567'")
{
    return based_text(a[0], "#o");
}

KR_FN(builtins, builtin_hex, "hex", "(number, /)",
      "Return the hexadecimal representation of an integer.\n\n   >>> hex(12648430)\n   '0xc0ffee'")
{
    return based_text(a[0], "#x");
}

/* Adds floats with Neumaier's compensation only where CPython 3.12 does; 3.11 adds plainly, and so do we. */
static Value sum_floats(Value iterator, double total, bool *done)
{
    for (;;) {
        Value item = kr_next(iterator);
        if (is_empty(item)) {
            *done = true;
            return kr_raised() ? EMPTY : from_float(total);
        }
        if (is_float(item)) total += float_of(item);
        else if (is_int(item)) total += (double)int_of(item);
        else return kr_binary(KR_ADD, from_float(total), item);
    }
}

KR_FN(builtins, builtin_sum, "sum", "(iterable, /, start=0)",
      "Return the sum of a 'start' value (default: 0) plus an iterable of numbers\n\n"
      "When the iterable is empty, return the start value.\n"
      "This function is intended specifically for use with numeric values and may\n"
      "reject non-numeric types.")
{
    Value total = a[1];
    Value iterator = kr_iter(a[0]);
    if (is_empty(iterator)) return EMPTY;
    if (is_str(total)) return kr_raise(kr_TypeError, "sum() can't sum strings [use ''.join(seq) instead]");
    if (is_bytes(total)) return kr_raise(kr_TypeError, "sum() can't sum bytes [use b''.join(seq) instead]");
    if (is_object(total) && kr_is_subtype(type_of(total), &kr_bytearray_type))
        return kr_raise(kr_TypeError, "sum() can't sum bytearray [use b''.join(seq) instead]");
    for (;;) {
        if (is_float(total)) {
            bool done = false;
            total = sum_floats(iterator, float_of(total), &done);
            if (done || is_empty(total)) return total;
        }
        Value item = kr_next(iterator);
        if (is_empty(item)) return kr_raised() ? EMPTY : total;
        Value sum;
        if (both_int(total, item) && int_add(total, item, &sum)) total = sum;
        else total = kr_binary(KR_ADD, total, item);
        if (is_empty(total)) return EMPTY;
    }
}

/* min and max: `op` is the comparison by which a later item wins. */
static Value extreme(const Value *args, size_t n, Value kwnames, int op, const char *name)
{
    Value key = NONE, fallback = EMPTY;
    size_t named = is_empty(kwnames) ? 0 : kr_tuple_size(kwnames);
    for (size_t i = 0; i < named; i++) {
        Value word = kr_tuple_get(kwnames, i);
        if (kr_str_equal_ascii(word, "key")) key = args[n + i];
        else if (kr_str_equal_ascii(word, "default")) fallback = args[n + i];
        else return kr_raise(kr_TypeError, "%s() got an unexpected keyword argument '%U'", name, word);
    }
    if (n == 0) return kr_raise(kr_TypeError, "%s expected at least 1 argument, got 0", name);
    if (n > 1 && !is_empty(fallback))
        return kr_raise(kr_TypeError, "Cannot specify a default for %s() with multiple positional arguments", name);
    Value iterator = EMPTY;
    if (n == 1 && is_empty(iterator = kr_iter(args[0]))) return EMPTY;
    Value best = EMPTY, best_key = EMPTY;
    for (size_t i = 0;; i++) {
        Value item = n == 1 ? kr_next(iterator) : i < n ? args[i] : EMPTY;
        if (is_empty(item)) {
            if (kr_raised()) return EMPTY;
            break;
        }
        Value item_key = is_none(key) ? item : kr_call1(key, item);
        if (is_empty(item_key)) return EMPTY;
        bool wins;
        if (is_empty(best)) wins = true;
        else if (both_int(item_key, best_key))
            wins = op == KR_LT ? int_of(item_key) < int_of(best_key) : int_of(item_key) > int_of(best_key);
        else {
            Value result = kr_compare(item_key, best_key, op);
            int truth = is_empty(result) ? -1 : kr_truth(result);
            if (truth < 0) return EMPTY;
            wins = truth;
        }
        if (wins) best = item, best_key = item_key;
    }
    if (!is_empty(best)) return best;
    if (!is_empty(fallback)) return fallback;
    return kr_raise(kr_ValueError, "%s() arg is an empty sequence", name);
}

KR_FN_RAW(builtins, builtin_min, "min", NULL,
      "min(iterable, *[, default=obj, key=func]) -> value\n"
      "min(arg1, arg2, *args, *[, key=func]) -> value\n\n"
      "With a single iterable argument, return its smallest item. The\n"
      "default keyword-only argument specifies an object to return if\n"
      "the provided iterable is empty.\n"
      "With two or more arguments, return the smallest argument.")
{
    return extreme(args, n, kwnames, KR_LT, "min");
}

KR_FN_RAW(builtins, builtin_max, "max", NULL,
      "max(iterable, *[, default=obj, key=func]) -> value\n"
      "max(arg1, arg2, *args, *[, key=func]) -> value\n\n"
      "With a single iterable argument, return its biggest item. The\n"
      "default keyword-only argument specifies an object to return if\n"
      "the provided iterable is empty.\n"
      "With two or more arguments, return the largest argument.")
{
    return extreme(args, n, kwnames, KR_GT, "max");
}

/* ---- Iteration ---- */

static Value any_or_all(Value iterable, int wanted)
{
    Value iterator = kr_iter(iterable);
    if (is_empty(iterator)) return EMPTY;
    for (;;) {
        Value item = kr_next(iterator);
        if (is_empty(item)) return kr_raised() ? EMPTY : from_bool(!wanted);
        int truth = kr_truth(item);
        if (truth < 0) return EMPTY;
        if (truth == wanted) return from_bool(wanted);
    }
}

KR_FN(builtins, builtin_all, "all", "(iterable, /)",
      "Return True if bool(x) is True for all values x in the iterable.\n\n"
      "If the iterable is empty, return True.")
{
    return any_or_all(a[0], 0);
}

KR_FN(builtins, builtin_any, "any", "(iterable, /)",
      "Return True if bool(x) is True for any x in the iterable.\n\n"
      "If the iterable is empty, return False.")
{
    return any_or_all(a[0], 1);
}

KR_FN(builtins, builtin_iter, "iter", "(object, sentinel=<unset>, /)",
      "iter(iterable) -> iterator\niter(callable, sentinel) -> iterator\n\n"
      "Get an iterator from an object.  In the first form, the argument must\n"
      "supply its own iterator, or be a sequence.\n"
      "In the second form, the callable is called until it returns the sentinel.")
{
    if (is_empty(a[1])) return kr_iter(a[0]);
    if (!kr_is_callable(a[0])) return kr_raise(kr_TypeError, "iter(v, w): v must be callable");
    return kr_iterators_new_callable(a[0], a[1]);
}

KR_FN(builtins, builtin_next, "next", "(iterator, default=<unset>, /)",
      "next(iterator[, default])\n\nReturn the next item from the iterator. If default is given and the iterator\n"
      "is exhausted, it is returned instead of raising StopIteration.")
{
    if (!kr_is_iterator(a[0])) return kr_raise(kr_TypeError, "'%T' object is not an iterator", a[0]);
    /* A generator's result travels in its StopIteration. */
    bool generator = is_exact(a[0], &kr_generator_type);
    Value item = generator ? kr_generator_send(object_of(a[0]), NONE) : type_of(a[0])->slots.next(a[0]);
    if (!is_empty(item)) return item;
    if (kr_raised()) {
        if (is_empty(a[1]) || !kr_raised_is(kr_StopIteration)) return EMPTY;
        kr_clear_exception();
    }
    return is_empty(a[1]) ? kr_raise_stop(EMPTY) : a[1];
}

KR_FN(builtins, builtin_aiter, "aiter", "(async_iterable, /)", "Return an AsyncIterator for an AsyncIterable object.")
{
    return kr_async_iterator(a[0]);
}

KR_FN(builtins, builtin_anext, "anext", "(aiterator, default=<unset>, /)",
      "async anext(aiterator[, default])\n\nReturn the next item from the async iterator.  If default is given and the async\n"
      "iterator is exhausted, it is returned instead of raising StopAsyncIteration.")
{
    KrValue (*next)(KrValue) = type_of(a[0])->slots.anext;
    if (!next) return kr_raise(kr_TypeError, "'%T' object is not an async iterator", a[0]);
    Value awaitable = next(a[0]);
    if (is_empty(awaitable) || is_empty(a[1])) return awaitable;
    /* With a default the awaitable needs a frame of its own. */
    static Value wrapper;
    if (is_empty(wrapper)) {
        static const char source[] = "async def anext(awaitable, default):\n"
                                     "    try: return await awaitable\n"
                                     "    except StopAsyncIteration: return default\n";
        Value scope = kr_dict(), code = kr_compile_source(source, sizeof source - 1, kr_intern("<anext>"), PARSE_EXEC, 0, -1);
        if (is_empty(code) || kr_dict_set_ascii(scope, "__builtins__", kr_builtins_dict) < 0 ||
            is_empty(kr_vm_run_code(code_of(code), scope, scope, EMPTY)))
            return EMPTY;
        kr_root(&wrapper);
        wrapper = kr_dict_find_ascii(scope, "anext");
    }
    return kr_call2(wrapper, awaitable, a[1]);
}

KR_FN(builtins, builtin_sorted, "sorted", "(iterable, /, *, key=None, reverse=False)",
      "Return a new list containing all items from the iterable in ascending order.\n\n"
      "A custom key function can be supplied to customize the sort order, and the\n"
      "reverse flag can be set to request the result in descending order.")
{
    Value list = kr_list_from(a[0]);
    if (is_empty(list)) return EMPTY;
    int64_t reverse;
    if (kr_to_int64(a[2], &reverse) < 0) return EMPTY;
    return kr_list_sort(list, is_none(a[1]) ? EMPTY : a[1], reverse != 0) < 0 ? EMPTY : list;
}

KR_FN(builtins, builtin_len, "len", "(obj, /)", "Return the number of items in a container.")
{
    int64_t length = kr_length(a[0]);
    return length < 0 ? EMPTY : kr_int(length);
}

/* ---- Attributes and classes ---- */

KR_FN(builtins, builtin_getattr, "getattr", "(object, name, default=<unset>, /)",
      "getattr(object, name[, default]) -> value\n\n"
      "Get a named attribute from an object; getattr(x, 'y') is equivalent to x.y.\n"
      "When a default argument is given, it is returned when the attribute doesn't\n"
      "exist; without it, an exception is raised in that case.")
{
    if (!is_str(a[1])) return kr_raise(kr_TypeError, "attribute name must be string, not '%T'", a[1]);
    if (is_empty(a[2])) return kr_getattr(a[0], a[1]);
    Value found = kr_find_attr(a[0], a[1]);
    if (!is_empty(found) || kr_raised()) return found;
    return a[2];
}

KR_FN(builtins, builtin_hasattr, "hasattr", "(obj, name, /)",
      "Return whether the object has an attribute with the given name.\n\n"
      "This is done by calling getattr(obj, name) and catching AttributeError.")
{
    if (!is_str(a[1])) return kr_raise(kr_TypeError, "attribute name must be string, not '%T'", a[1]);
    Value found = kr_find_attr(a[0], a[1]);
    if (is_empty(found) && kr_raised()) return EMPTY;
    return from_bool(!is_empty(found));
}

KR_FN(builtins, builtin_setattr, "setattr", "(obj, name, value, /)",
      "Sets the named attribute on the given object to the specified value.\n\n"
      "setattr(x, 'y', v) is equivalent to ``x.y = v``")
{
    if (!is_str(a[1])) return kr_raise(kr_TypeError, "attribute name must be string, not '%T'", a[1]);
    return kr_setattr(a[0], a[1], a[2]) < 0 ? EMPTY : NONE;
}

KR_FN(builtins, builtin_delattr, "delattr", "(obj, name, /)",
      "Deletes the named attribute from the given object.\n\ndelattr(x, 'y') is equivalent to ``del x.y``")
{
    if (!is_str(a[1])) return kr_raise(kr_TypeError, "attribute name must be string, not '%T'", a[1]);
    return kr_delattr(a[0], a[1]) < 0 ? EMPTY : NONE;
}

KR_FN(builtins, builtin_isinstance, "isinstance", "(obj, class_or_tuple, /)",
      "Return whether an object is an instance of a class or of a subclass thereof.\n\n"
      "A tuple, as in ``isinstance(x, (A, B, ...))``, may be given as the target to\n"
      "check against. This is equivalent to ``isinstance(x, A) or isinstance(x, B)\n"
      "or ...`` etc.")
{
    int result = kr_isinstance(a[0], a[1]);
    return result < 0 ? EMPTY : from_bool(result);
}

KR_FN(builtins, builtin_issubclass, "issubclass", "(cls, class_or_tuple, /)",
      "Return whether 'cls' is derived from another class or is the same class.\n\n"
      "A tuple, as in ``issubclass(x, (A, B, ...))``, may be given as the target to\n"
      "check against. This is equivalent to ``issubclass(x, A) or issubclass(x, B)\n"
      "or ...``.")
{
    int result = kr_issubclass(a[0], a[1]);
    return result < 0 ? EMPTY : from_bool(result);
}

KR_FN(builtins, builtin_callable, "callable", "(obj, /)",
      "Return whether the object is callable (i.e., some kind of function).\n\n"
      "Note that classes are callable, as are instances of classes with a\n__call__() method.")
{
    return from_bool(kr_is_callable(a[0]));
}

KR_FN(builtins, builtin_id, "id", "(obj, /)",
      "Return the identity of an object.\n\n"
      "This is guaranteed to be unique among simultaneously existing objects.\n"
      "(krait uses the value's word: the memory address, or the immediate's bits.)")
{
    return kr_int_unsigned(a[0].bits);
}

KR_FN(builtins, builtin_hash, "hash", "(obj, /)",
      "Return the hash value for the given object.\n\n"
      "Two objects that compare equal must also have the same hash value, but the\n"
      "reverse is not necessarily true.")
{
    int64_t hash = kr_hash(a[0]);
    return hash == -1 ? EMPTY : kr_int(hash);
}

KR_FN(builtins, builtin_dir, "dir", "(object=<unset>, /)",
      "dir([object]) -> list of strings\n\n"
      "If called without an argument, return the names in the current scope.\n"
      "Else, return an alphabetized list of names comprising (some of) the attributes\n"
      "of the given object, and of attributes reachable from it.")
{
    if (!is_empty(a[0])) return kr_dir(a[0]);
    Value locals = kr_vm_locals();
    if (is_empty(locals)) return EMPTY;
    Value names = kr_call_method0(locals, "keys");
    Value list = is_empty(names) ? EMPTY : kr_list_from(names);
    return is_empty(list) || kr_list_sort(list, EMPTY, false) < 0 ? EMPTY : list;
}

KR_FN(builtins, builtin_vars, "vars", "(object=<unset>, /)",
      "vars([object]) -> dictionary\n\nWithout arguments, equivalent to locals().\nWith an argument, equivalent to object.__dict__.")
{
    if (is_empty(a[0])) return kr_vm_locals();
    Value dict = kr_find_attr(a[0], KR_NAME("__dict__"));
    if (is_empty(dict) && !kr_raised()) return kr_raise(kr_TypeError, "vars() argument must have __dict__ attribute");
    return dict;
}

KR_FN(builtins, builtin_globals, "globals", "()",
      "Return the dictionary containing the current scope's global variables.\n\n"
      "NOTE: Updates to this dictionary *will* affect name lookups in the current\nglobal scope and vice-versa.")
{
    return kr_self->frame ? kr_self->frame->globals : NONE;
}

KR_FN(builtins, builtin_locals, "locals", "()",
      "Return a dictionary containing the current scope's local variables.\n\n"
      "NOTE: Whether or not updates to this dictionary will affect name lookups in\n"
      "the local scope and vice-versa is *implementation dependent* and not\ncovered by any backwards compatibility guarantees.")
{
    return kr_vm_locals();
}

/* ---- Text ---- */

KR_FN(builtins, builtin_repr, "repr", "(obj, /)",
      "Return the canonical string representation of the object.\n\n"
      "For many object types, including most builtins, eval(repr(obj)) == obj.")
{
    return kr_repr(a[0]);
}

KR_FN(builtins, builtin_ascii, "ascii", "(obj, /)",
      "Return an ASCII-only representation of an object.\n\n"
      "As repr(), return a string containing a printable representation of an\n"
      "object, but escape the non-ASCII characters in the string returned by\n"
      "repr() using \\\\x, \\\\u or \\\\U escapes. This generates a string similar\n"
      "to that returned by repr() in Python 2.")
{
    return kr_ascii(a[0]);
}

KR_FN(builtins, builtin_format, "format", "(value, format_spec='', /)",
      "Return type(value).__format__(value, format_spec)\n\n"
      "Many built-in types implement format_spec according to the\n"
      "Format Specification Mini-language. See help('FORMATTING') for details.")
{
    if (!is_str(a[1])) return kr_raise(kr_TypeError, "format() argument 2 must be str, not %T", a[1]);
    return kr_format(a[0], a[1]);
}

KR_FN(builtins, builtin_chr, "chr", "(i, /)", "Return a Unicode string of one character with ordinal i; 0 <= i <= 0x10ffff.")
{
    int code;
    if (kr_to_int32(a[0], &code) < 0) {
        if (kr_raised_is(kr_OverflowError)) {
            kr_clear_exception();
            return kr_raise(kr_OverflowError, "Python int too large to convert to C int");
        }
        return EMPTY;
    }
    if (code < 0 || code > 0x10ffff) return kr_raise(kr_ValueError, "chr() arg not in range(0x110000)");
    uint32_t point = (uint32_t)code;
    return kr_str_from_points(&point, 1, 4);
}

KR_FN(builtins, builtin_ord, "ord", "(c, /)", "Return the Unicode code point for a one-character string.")
{
    size_t length;
    if (is_str(a[0])) {
        length = str_of(a[0])->length;
        if (length == 1) return from_small_int(str_at(str_of(a[0]), 0));
    } else if (is_bytes(a[0])) {
        length = kr_bytes_size(a[0]);
        if (length == 1) return from_small_int(kr_bytes_data(a[0])[0]);
    } else if (is_object(a[0]) && kr_is_subtype(type_of(a[0]), &kr_bytearray_type)) {
        Value first;
        length = (size_t)kr_length(a[0]);
        if (length == 1) return is_empty(first = kr_getitem(a[0], from_small_int(0))) ? EMPTY : first;
    } else {
        return kr_raise(kr_TypeError, "ord() expected string of length 1, but %T found", a[0]);
    }
    return kr_raise(kr_TypeError, "ord() expected a character, but string of length %zu found", length);
}

/* ---- Input and output ---- */

static int write_text(Value write, Value text)
{
    return is_empty(kr_call1(write, text)) ? -1 : 0;
}

KR_FN(builtins, builtin_print, "print", "(*args, sep=' ', end='\\n', file=None, flush=False)",
      "Prints the values to a stream, or to sys.stdout by default.\n\n"
      "  sep\n    string inserted between values, default a space.\n"
      "  end\n    string appended after the last value, default a newline.\n"
      "  file\n    a file-like object (stream); defaults to the current sys.stdout.\n"
      "  flush\n    whether to forcibly flush the stream.")
{
    Value args = a[0], sep = a[1], end = a[2], file = a[3];
    if (is_none(file)) {
        file = kr_sys_get("stdout");
        if (is_empty(file)) return kr_raised() ? EMPTY : kr_raise(kr_RuntimeError, "lost sys.stdout");
        if (is_none(file)) return NONE;
    }
    if (!is_none(sep) && !is_str(sep)) return kr_raise(kr_TypeError, "sep must be None or a string, not %T", sep);
    if (!is_none(end) && !is_str(end)) return kr_raise(kr_TypeError, "end must be None or a string, not %T", end);
    if (is_none(sep)) sep = KR_NAME(" ");
    if (is_none(end)) end = KR_NAME("\n");
    Value write = kr_getattr(file, KR_NAME("write"));
    if (is_empty(write)) return EMPTY;
    size_t n = kr_tuple_size(args);
    for (size_t i = 0; i < n; i++) {
        if (i && write_text(write, sep) < 0) return EMPTY;
        Value text = kr_to_str(kr_tuple_get(args, i));
        if (is_empty(text) || write_text(write, text) < 0) return EMPTY;
    }
    if (write_text(write, end) < 0) return EMPTY;
    int flush = kr_truth(a[4]);
    if (flush < 0) return EMPTY;
    if (flush && is_empty(kr_call_method0(file, "flush"))) return EMPTY;
    return NONE;
}

/* The descriptor number of a stream, or -1 (no error) when it has none. */
static int stream_number(Value stream)
{
    Value number = kr_call_method0(stream, "fileno");
    int fd = -1;
    if (is_empty(number) || kr_to_int32(number, &fd) < 0) kr_clear_exception();
    return fd;
}

/* The module readline, if a script or the prompt imported it and the streams are the terminal's; or empty. */
static Value terminal_editor(Value in, Value out)
{
    if (!isatty(0) || !isatty(1) || stream_number(in) != 0 || stream_number(out) != 1) return EMPTY;
    return kr_dict_find(kr_sys_modules, kr_intern("readline"));
}

KR_FN(builtins, builtin_input, "input", "(prompt='', /)",
      "Read a string from standard input.  The trailing newline is stripped.\n\n"
      "The prompt string, if given, is printed to standard output without a\n"
      "trailing newline before reading input.\n\n"
      "If the user hits EOF (*nix: Ctrl-D, Windows: Ctrl-Z+Return), raise EOFError.\n"
      "On *nix systems, readline is used if available.")
{
    Value in = kr_sys_get("stdin"), out = kr_sys_get("stdout"), err = kr_sys_get("stderr");
    if (kr_raised()) return EMPTY;
    if (is_empty(in) || is_none(in)) return kr_raise(kr_RuntimeError, "input(): lost sys.stdin");
    if (is_empty(out) || is_none(out)) return kr_raise(kr_RuntimeError, "input(): lost sys.stdout");
    if (is_empty(err) || is_none(err)) return kr_raise(kr_RuntimeError, "input(): lost sys.stderr");
    if (is_empty(kr_call_method0(err, "flush"))) kr_clear_exception();
    Value prompt = kr_to_str(a[0]);
    if (is_empty(prompt)) return EMPTY;
    Value line;
    Value editor = terminal_editor(in, out);
    if (!is_empty(editor)) {
        if (is_empty(kr_call_method0(out, "flush"))) kr_clear_exception();
        line = kr_call_method1(editor, "_read_line", prompt);
    } else {
        if (str_of(prompt)->length && is_empty(kr_call_method1(out, "write", prompt))) return EMPTY;
        if (is_empty(kr_call_method0(out, "flush"))) kr_clear_exception();
        line = kr_call_method0(in, "readline");
    }
    if (is_empty(line)) return EMPTY;
    if (!is_str(line)) return kr_raise(kr_TypeError, "object.readline() returned non-string");
    size_t length = str_of(line)->length;
    if (length == 0) return kr_raise(kr_EOFError, "EOF when reading a line");
    if (str_at(str_of(line), length - 1) == '\n') return kr_str_slice(line, 0, length - 1);
    return line;
}

KR_FN(builtins, builtin_breakpoint, "breakpoint", "(*args, **kws)",
      "breakpoint(*args, **kws)\n\nCall sys.breakpointhook(*args, **kws).  sys.breakpointhook() must accept\n"
      "whatever arguments are passed.\n\nBy default, this drops you into the pdb debugger.")
{
    Value hook = kr_sys_get("breakpointhook");
    if (is_empty(hook)) return kr_raised() ? EMPTY : kr_raise(kr_RuntimeError, "lost sys.breakpointhook");
    return kr_call_tuple(hook, a[0], a[1]);
}

/* ---- Compiling and running ---- */

static int mode_of(Value mode)
{
    if (kr_str_equal_ascii(mode, "exec")) return PARSE_EXEC;
    if (kr_str_equal_ascii(mode, "eval")) return PARSE_EVAL;
    if (kr_str_equal_ascii(mode, "single")) return PARSE_SINGLE;
    kr_raise(kr_ValueError, "compile() mode must be 'exec', 'eval' or 'single'");
    return -1;
}

const char *kr_builtins_source_text(Value source, const char *function, const char *kinds, size_t *size, Value *keep, int *flags)
{
    *keep = source;
    const char *text;
    if (is_str(source)) {
        text = kr_str_utf8(source, size);
        *flags |= COMPILE_IGNORE_COOKIE;
    } else if (kr_has_buffer(source)) {
        Value copy = kr_call1(from_object(&kr_bytes_type), source);
        if (is_empty(copy)) return NULL;
        *keep = copy;
        text = (const char *)kr_bytes_data(copy);
        *size = kr_bytes_size(copy);
    } else {
        kr_raise(kr_TypeError, "%s() arg 1 must be a %s object", function, kinds);
        return NULL;
    }
    if (text && memchr(text, 0, *size)) {
        kr_raise(kr_ValueError, "source code string cannot contain null bytes");
        return NULL;
    }
    return text;
}

KR_FN(builtins, builtin_compile, "compile",
      "(source, filename, mode, flags=0, dont_inherit=False, optimize=-1, *, _feature_version=-1)",
      "Compile source into a code object that can be executed by exec() or eval().\n\n"
      "The source code may represent a Python module, statement or expression.\n"
      "The filename will be used for run-time error messages.\n"
      "The mode must be 'exec' to compile a module, 'single' to compile a\n"
      "single (interactive) statement, or 'eval' to compile an expression.\n"
      "The flags argument, if present, controls which future statements influence\n"
      "the compilation of the code.\n"
      "The dont_inherit argument, if true, stops the compilation inheriting\n"
      "the effects of any future statements in effect in the code calling\n"
      "compile; if absent or false these statements do influence the compilation,\n"
      "in addition to any features explicitly specified.")
{
    Value filename = a[1];
    if (!is_str(filename)) {
        Value keep;
        if (!is_bytes(filename) && kr_has_buffer(filename)) {
            if (kr_warn(kr_DeprecationWarning, 1, "path should be string, bytes, or os.PathLike, not %T", filename) < 0) return EMPTY;
            filename = kr_call1(kr_type_value(&kr_bytes_type), filename);
            if (is_empty(filename)) return EMPTY;
        }
        const char *path = kr_path_bytes(filename, &keep);
        if (!path) return EMPTY;
        filename = kr_str_fs(path, strlen(path));
    }
    int flags, optimize;
    if (!is_str(a[2])) return kr_raise(kr_TypeError, "compile() argument 3 must be str, not %T", a[2]);
    if (kr_to_int32(a[3], &flags) < 0 || kr_to_int32(a[5], &optimize) < 0) return EMPTY;
    if (flags & ~COMPILE_FLAGS_MASK) return kr_raise(kr_ValueError, "compile(): unrecognised flags");
    if (optimize < -1 || optimize > 2) return kr_raise(kr_ValueError, "compile(): invalid optimize value");
    int dont_inherit = kr_truth(a[4]);
    if (dont_inherit < 0) return EMPTY;
    if (!dont_inherit && kr_self->frame) flags |= kr_self->frame->code->flags & COMPILE_FUTURE_MASK;
    if (flags & COMPILE_ONLY_AST && !kr_compile_hook && is_empty(kr_import("_ast"))) return EMPTY;
    if (kr_compile_hook) {
        bool handled = false;
        Value result = kr_compile_hook(a[0], filename, a[2], flags, optimize, &handled);
        if (handled) return result;
    }
    int mode = mode_of(a[2]);
    if (mode < 0) return EMPTY;
    size_t size;
    Value keep;
    const char *text = kr_builtins_source_text(a[0], "compile", "string, bytes or AST", &size, &keep, &flags);
    if (!text) return EMPTY;
    return kr_compile_source(text, size, filename, mode, flags, optimize);
}

Value (*kr_compile_hook)(Value source, Value filename, Value mode, int flags, int optimize, bool *handled);

/* The globals and locals of eval and exec, defaults filled in. */
static int scope_arguments(const char *function, Value *globals, Value *locals)
{
    if (!is_none(*globals) && !is_dict(*globals)) {
        if (strcmp(function, "eval") == 0) {
            kr_raise(kr_TypeError, kr_find_attr(*globals, KR_NAME("keys")).bits
                                       ? "globals must be a real dict; try eval(code, {}, mapping)"
                                       : "globals must be a dict");
        } else {
            kr_raise(kr_TypeError, "exec() globals must be a dict, not %T", *globals);
        }
        return -1;
    }
    if (!is_none(*locals) && !type_of(*locals)->slots.getitem) {
        if (strcmp(function, "eval") == 0) kr_raise(kr_TypeError, "locals must be a mapping");
        else kr_raise(kr_TypeError, "locals must be a mapping or None, not %T", *locals);
        return -1;
    }
    if (is_none(*globals)) {
        if (!kr_self->frame) {
            kr_raise(kr_SystemError, "globals and locals cannot be NULL");
            return -1;
        }
        *globals = kr_self->frame->globals;
        if (is_none(*locals) && is_empty(*locals = kr_vm_locals())) return -1;
    } else if (is_none(*locals)) {
        *locals = *globals;
    }
    return is_empty(kr_dict_set_default(*globals, KR_NAME("__builtins__"), kr_builtins_for_globals())) ? -1 : 0;
}

/* __builtins__ of a fresh globals dict: that of the running frame. */
Value kr_builtins_for_globals(void)
{
    return kr_self->frame && !is_empty(kr_self->frame->builtins) ? kr_self->frame->builtins : kr_builtins_dict;
}

static Value run_source(Value source, Value globals, Value locals, const char *function, int mode)
{
    if (is_exact(source, &kr_code_type)) {
        if (kr_tuple_size(code_of(source)->free_names))
            return kr_raise(kr_TypeError, "code object passed to %s() may not contain free variables", function);
        return kr_vm_run_code(code_of(source), globals, locals, EMPTY);
    }
    int flags = kr_self->frame ? (int)kr_self->frame->code->flags & COMPILE_FUTURE_MASK : 0;
    size_t size;
    Value keep;
    const char *text = kr_builtins_source_text(source, function, "string, bytes or code", &size, &keep, &flags);
    if (!text) return EMPTY;
    if (mode == PARSE_EVAL)
        while (size && (*text == ' ' || *text == '\t')) text++, size--;
    Value code = kr_compile_source(text, size, kr_intern("<string>"), mode, flags, -1);
    return is_empty(code) ? EMPTY : kr_vm_run_code(code_of(code), globals, locals, EMPTY);
}

KR_FN(builtins, builtin_eval, "eval", "(source, globals=None, locals=None, /)",
      "Evaluate the given source in the context of globals and locals.\n\n"
      "The source may be a string representing a Python expression\n"
      "or a code object as returned by compile().\n"
      "The globals must be a dictionary and locals can be any mapping,\n"
      "defaulting to the current globals and locals.\n"
      "If only globals is given, locals defaults to it.")
{
    Value globals = a[1], locals = a[2];
    if (scope_arguments("eval", &globals, &locals) < 0) return EMPTY;
    return run_source(a[0], globals, locals, "eval", PARSE_EVAL);
}

KR_FN(builtins, builtin_exec, "exec", "(source, globals=None, locals=None, /, *, closure=None)",
      "Execute the given source in the context of globals and locals.\n\n"
      "The source may be a string representing one or more Python statements\n"
      "or a code object as returned by compile().\n"
      "The globals must be a dictionary and locals can be any mapping,\n"
      "defaulting to the current globals and locals.\n"
      "If only globals is given, locals defaults to it.\n"
      "The closure must be a tuple of cellvars, and can only be used\n"
      "when source is a code object requiring exactly that many cellvars.")
{
    Value globals = a[1], locals = a[2], closure = a[3];
    if (scope_arguments("exec", &globals, &locals) < 0) return EMPTY;
    if (!is_exact(a[0], &kr_code_type)) {
        if (!is_none(closure)) return kr_raise(kr_TypeError, "closure can only be used when source is a code object");
        return is_empty(run_source(a[0], globals, locals, "exec", PARSE_EXEC)) ? EMPTY : NONE;
    }
    Code *code = code_of(a[0]);
    size_t wanted = kr_tuple_size(code->free_names);
    if (wanted == 0) {
        if (!is_none(closure))
            return kr_raise(kr_TypeError, "cannot use a closure with this code object");
        return is_empty(kr_vm_run_code(code, globals, locals, EMPTY)) ? EMPTY : NONE;
    }
    bool fits = is_exact(closure, &kr_tuple_type) && kr_tuple_size(closure) == wanted;
    for (size_t i = 0; fits && i < wanted; i++) fits = is_exact(kr_tuple_get(closure, i), &kr_cell_type);
    if (!fits) return kr_raise(kr_TypeError, "code object requires a closure of exactly length %zu", wanted);
    Value function = kr_function_make(code, globals, kr_builtins_for_globals());
    if (is_empty(function)) return EMPTY;
    function_of(function)->closure = closure;
    return is_empty(kr_vm_run_code(code, globals, locals, function)) ? EMPTY : NONE;
}

KR_FN(builtins, builtin_import, "__import__", "(name, globals=None, locals=None, fromlist=(), level=0)",
      "Import a module.\n\n"
      "Because this function is meant for use by the Python\n"
      "interpreter and not for general use, it is better to use\n"
      "importlib.import_module() to programmatically import a module.")
{
    int level;
    if (kr_to_int32(a[4], &level) < 0) return EMPTY;
    return kr_import_level(a[0], a[1], a[3], level);
}

#include "runtime/vm/builtins.entries.h"

/* The types that scripts see as names in builtins. */
static const struct {
    const char *name;
    Type *type;
} visible_types[] = {
    {"object", &kr_object_type}, {"type", &kr_type_type}, {"int", &kr_int_type}, {"bool", &kr_bool_type},
    {"float", &kr_float_type}, {"complex", &kr_complex_type}, {"str", &kr_str_type}, {"bytes", &kr_bytes_type},
    {"bytearray", &kr_bytearray_type}, {"memoryview", &kr_memoryview_type}, {"tuple", &kr_tuple_type},
    {"list", &kr_list_type}, {"dict", &kr_dict_type}, {"set", &kr_set_type}, {"frozenset", &kr_frozenset_type},
    {"range", &kr_range_type}, {"slice", &kr_slice_type}, {"property", &kr_property_type},
    {"classmethod", &kr_classmethod_type}, {"staticmethod", &kr_staticmethod_type}, {"super", &kr_super_type},
    {"enumerate", &kr_enumerate_type}, {"zip", &kr_zip_type}, {"map", &kr_map_type}, {"filter", &kr_filter_type},
    {"reversed", &kr_reversed_type},
};

static int add_exception(Value module, const char *name, KrType *type)
{
    return kr_module_add(module, name, kr_type_value(type));
}

static int builtins_exec(Value module)
{
    kr_builtins_dict = kr_module_dict(module);
    kr_root(&kr_builtins_dict);
    for (size_t i = 0; i < sizeof visible_types / sizeof *visible_types; i++)
        if (kr_module_add(module, visible_types[i].name, from_object(visible_types[i].type)) < 0) return -1;
    if (add_exception(module, "BaseException", kr_BaseException) < 0) return -1;
#define X(name, base)                                                                                             \
    if (add_exception(module, #name, kr_##name) < 0) return -1;
    KR_EXCEPTIONS(X)
#undef X
    if (add_exception(module, "EnvironmentError", kr_OSError) < 0 || add_exception(module, "IOError", kr_OSError) < 0)
        return -1;
    if (kr_module_add(module, "None", NONE) < 0 || kr_module_add(module, "True", TRUE_VALUE) < 0 ||
        kr_module_add(module, "False", FALSE_VALUE) < 0 || kr_module_add(module, "Ellipsis", ELLIPSIS) < 0 ||
        kr_module_add(module, "NotImplemented", NOT_IMPLEMENTED) < 0 || kr_module_add(module, "__debug__", TRUE_VALUE) < 0)
        return -1;
    return kr_module_add(module, "__build_class__", kr_build_class_function());
}

KR_MODULE(builtins) = {
    .api_version = KR_API_VERSION,
    .name = "builtins",
    .doc = "Built-in functions, types, exceptions, and other objects.\n\n"
           "This module provides direct access to all 'built-in'\n"
           "identifiers of Python; for example, builtins.len is\n"
           "the full name for the built-in function len().\n\n"
           "This module is not normally accessed explicitly by most\n"
           "applications, but can be useful in modules that provide\n"
           "objects with the same name as a builtin and another value.",
    .functions = builtins_functions,
    .exec = builtins_exec,
};
