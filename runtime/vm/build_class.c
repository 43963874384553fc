/* build_class.c: builtins.__build_class__, what a class statement calls. */
#include "runtime/vm/interpreter.h"

#include "runtime/objects/list.h"

/* Bases that are no classes are replaced by what their __mro_entries__ gives (PEP 560). */
static Value resolve_bases(const Value *bases, size_t n)
{
    Value original = kr_tuple(bases, n), resolved = EMPTY;
    if (is_empty(original)) return EMPTY;
    for (size_t i = 0; i < n; i++) {
        Value base = bases[i], entries = EMPTY;
        if (!is_type(base)) {
            Value method = kr_find_attr(base, KR_NAME("__mro_entries__"));
            if (is_empty(method) && kr_raised()) return EMPTY;
            if (!is_empty(method)) {
                entries = kr_call1(method, original);
                if (is_empty(entries)) return EMPTY;
                if (!is_tuple(entries))
                    return kr_raise(kr_TypeError, "__mro_entries__ must return a tuple");
            }
        }
        if (!is_empty(entries) && is_empty(resolved)) {
            resolved = kr_list(bases, i);
            if (is_empty(resolved)) return EMPTY;
        }
        if (is_empty(resolved)) continue;
        int status =
            is_empty(entries) ? kr_list_append(resolved, base) : kr_list_extend(resolved, entries);
        if (status < 0) return EMPTY;
    }
    return is_empty(resolved) ? original : kr_list_to_tuple(resolved);
}

/* The most derived metaclass among meta and those of the bases. */
static Value derive_metaclass(Value meta, Value bases)
{
    Type *winner = object_of(meta);
    for (size_t i = 0; i < tuple_of(bases)->size; i++) {
        Type *candidate = type_of(tuple_of(bases)->items[i]);
        if (kr_is_subtype(winner, candidate)) continue;
        if (!kr_is_subtype(candidate, winner))
            return kr_raise(
                kr_TypeError,
                "metaclass conflict: the metaclass of a derived class must be a (non-strict) "
                "subclass of the metaclasses of all its bases");
        winner = candidate;
    }
    return from_object(winner);
}

static Value prepare_namespace(Value meta, Value name, Value bases, Value keywords)
{
    Value prepare = kr_find_attr(meta, KR_NAME("__prepare__"));
    if (is_empty(prepare)) return kr_raised() ? EMPTY : kr_dict();
    Value args = kr_tuple_of(2, name, bases);
    if (is_empty(args)) return EMPTY;
    Value namespace = kr_call_tuple(prepare, args, keywords);
    if (is_empty(namespace)) return EMPTY;
    if (!type_of(namespace)->slots.getitem)
        return kr_raise(kr_TypeError, "%s.__prepare__() must return a mapping, not %T",
                        is_type(meta) ? kr_type_name(object_of(meta)) : "<metaclass>", namespace);
    return namespace;
}

/* The class must have come to the __class__ cell of its methods. */
static int check_class_cell(Value cell, Value class, Value name)
{
    if (!is_exact(cell, &kr_cell_type) || !is_type(class)) return 0;
    Value content = ((Cell *)object_of(cell))->value;
    if (same(content, class)) return 0;
    if (is_empty(content))
        kr_raise(
            kr_RuntimeError,
            "__class__ not set defining %R as %R. Was __classcell__ propagated to type.__new__?",
            name, class);
    else
        kr_raise(kr_TypeError, "__class__ set to %R defining %R as %R", content, name, class);
    return -1;
}

KR_FN_RAW(build_class, build_class, "__build_class__",
          "(func, name, /, *bases, [metaclass], **kwds)",
          "__build_class__(func, name, /, *bases, [metaclass], **kwds) -> class\n\n"
          "Internal helper function used by the class statement.")
{
    if (n < 2) return kr_raise(kr_TypeError, "__build_class__: not enough arguments");
    Value body = args[0], name = args[1], meta = EMPTY;
    if (!is_exact(body, &kr_function_type))
        return kr_raise(kr_TypeError, "__build_class__: func must be a function");
    if (!is_str(name)) return kr_raise(kr_TypeError, "__build_class__: name is not a string");
    Value keywords = EMPTY;
    if (!is_empty(kwnames)) {
        keywords = kr_dict();
        if (is_empty(keywords)) return EMPTY;
        for (size_t i = 0; i < tuple_of(kwnames)->size; i++) {
            Value keyword = tuple_of(kwnames)->items[i];
            if (kr_str_equal_ascii(keyword, "metaclass"))
                meta = args[n + i];
            else if (kr_dict_set(keywords, keyword, args[n + i]) < 0)
                return EMPTY;
        }
        if (kr_dict_size(keywords) == 0) keywords = EMPTY;
    }
    Value bases = resolve_bases(args + 2, n - 2);
    if (is_empty(bases)) return EMPTY;
    if (is_empty(meta)) {
        meta = tuple_of(bases)->size ? from_object(type_of(tuple_of(bases)->items[0]))
                                     : from_object(&kr_type_type);
    }
    if (is_type(meta) && is_empty(meta = derive_metaclass(meta, bases))) return EMPTY;
    Value namespace = prepare_namespace(meta, name, bases, keywords);
    if (is_empty(namespace)) return EMPTY;
    Function *f = object_of(body);
    Value cell = kr_vm_run_code(f->code, f->globals, namespace, body);
    if (is_empty(cell)) return EMPTY;
    if (tuple_of(bases)->size != n - 2 ||
        (n > 2 && memcmp(tuple_of(bases)->items, args + 2, (n - 2) * sizeof(Value)))) {
        Value original = kr_tuple(args + 2, n - 2);
        if (is_empty(original) || kr_setitem(namespace, KR_NAME("__orig_bases__"), original) < 0)
            return EMPTY;
    }
    Value class_args = kr_tuple_of(3, name, bases, namespace);
    if (is_empty(class_args)) return EMPTY;
    Value class = kr_call_tuple(meta, class_args, keywords);
    if (is_empty(class) || check_class_cell(cell, class, name) < 0) return EMPTY;
    return class;
}

#include "runtime/vm/build_class.entries.h"

Value kr_build_class_function(void)
{
    return kr_function_new(build_class_functions[0], EMPTY, kr_intern("builtins"));
}
