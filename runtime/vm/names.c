/* names.c: globals, names of module and class code, cells, and the import instructions. */
#include "runtime/objects/module.h"
#include "runtime/vm/builtins.h"
#include "runtime/vm/import.h"
#include "runtime/vm/import_spec.h"
#include "runtime/vm/interpreter.h"
#include "runtime/vm/sys_module.h"

/* ---- Errors ---- */

/* NameError and relatives carry the name. */
static Value raise_name(KrType *type, const char *format, Value name)
{
    kr_raise(type, format, name);
    Value e = kr_self->exception;
    if (is_exception(e) && kr_is_a(e, kr_NameError)) exception_of(e)->fields[0] = name;
    return EMPTY;
}

static Value raise_undefined(Value name)
{
    return raise_name(kr_NameError, "name '%U' is not defined", name);
}

/* A name that neither globals nor builtins have: NameError, but for a module's own __spec__ and
 * __loader__, which are made when first asked for. */
static Value undefined(Value name)
{
    Value globals = kr_self->frame ? kr_self->frame->globals : EMPTY;
    Value own = is_dict(globals) ? kr_dict_find(globals, KR_NAME("__name__")) : EMPTY;
    Value module = is_str(own) ? kr_dict_find(kr_sys_modules, own) : EMPTY;
    if (!is_module(module) || !same(kr_module_dict(module), globals)) module = kr_dict_find_ascii(kr_sys_modules, "builtins");
    Value found = is_module(module) ? kr_import_spec_missing(module, name) : EMPTY;
    return is_empty(found) && !kr_raised() ? raise_undefined(name) : found;
}

Value kr_names_unbound_local(Frame *frame, uint32_t variable)
{
    Value name = tuple_of(frame->code->variables)->items[variable];
    return raise_name(kr_UnboundLocalError,
                      "cannot access local variable '%U' where it is not associated with a value",
                      name);
}

Value kr_names_unbound_cell(Frame *frame, uint32_t cell)
{
    const Tuple *own = tuple_of(frame->code->cell_names);
    if (cell < own->size)
        return raise_name(
            kr_UnboundLocalError,
            "cannot access local variable '%U' where it is not associated with a value",
            own->items[cell]);
    return raise_name(kr_NameError,
                      "cannot access free variable '%U' where it is not associated with a value in "
                      "enclosing scope",
                      tuple_of(frame->code->free_names)->items[cell - own->size]);
}

/* ---- Lookup ---- */

/* In a mapping: EMPTY without exception when absent. */
static Value find_in(Value mapping, Value name)
{
    if (is_exact(mapping, &kr_dict_type)) return kr_dict_find(mapping, name);
    Value found = kr_getitem(mapping, name);
    if (is_empty(found) && kr_raised_is(kr_KeyError)) kr_clear_exception();
    return found;
}

/* In globals, then builtins; fills the cache of the instruction and rewrites it to the form
 * given. */
static Value find_global(Frame *frame, Instruction *i, Value name, uint16_t module_form,
                         uint16_t builtin_form)
{
    Cache *cache = &frame->code->caches[instruction_imm(i[1])];
    Dict *globals = dict_of(frame->globals), *builtins = dict_of(frame->builtins);
    bool plain = is_exact(frame->globals, &kr_dict_type);
    bool cacheable = plain && !(cache->misses & 0xfff);
    if (cache->misses & 0xfff) cache->misses--;
    int64_t entry = plain ? kr_dict_entry_of_name(globals, name) : -1;
    if (entry >= 0) {
        if (cacheable && entry <= INT32_MAX) {
            cache->slot = (uint32_t)entry;
            cache->version = globals->keys_version;
            __atomic_store_n(&i->op, module_form, __ATOMIC_RELEASE);
        }
        return globals->entries[entry].value;
    }
    if (!plain || !globals->only_str_keys) {
        Value found = find_in(frame->globals, name); /* keys of odd types may equal it */
        if (!is_empty(found) || kr_raised()) return found;
    }
    entry = is_exact(frame->builtins, &kr_dict_type) ? kr_dict_entry_of_name(builtins, name) : -1;
    if (entry < 0) {
        Value found = find_in(frame->builtins, name);
        if (!is_empty(found) || kr_raised()) return found;
        return undefined(name);
    }
    if (cacheable && globals->only_str_keys && entry <= INT32_MAX) {
        cache->slot = (uint32_t)entry;
        cache->shape = (void *)(uintptr_t)builtins->keys_version;
        cache->version = globals->keys_version;
        __atomic_store_n(&i->op, builtin_form, __ATOMIC_RELEASE);
    }
    return builtins->entries[entry].value;
}

Value kr_names_load_global(Frame *frame, Instruction *i)
{
    Value name = name_at(frame->code, name_operand(i));
    return find_global(frame, i, name, OP_LOAD_GLOBAL_MODULE, OP_LOAD_GLOBAL_BUILTIN);
}

Value kr_names_load_name(Frame *frame, Instruction *i)
{
    Value name = name_at(frame->code, name_operand(i));
    Value locals = frame->locals;
    if (same(locals, frame->globals))
        return find_global(frame, i, name, OP_LOAD_NAME_MODULE, OP_LOAD_NAME_BUILTIN);
    if (!is_empty(locals)) {
        Value found = find_in(locals, name);
        if (!is_empty(found) || kr_raised()) return found;
    }
    Value found = find_in(frame->globals, name);
    if (is_empty(found) && !kr_raised()) found = find_in(frame->builtins, name);
    return is_empty(found) && !kr_raised() ? undefined(name) : found;
}

Value kr_names_class_cell(Frame *frame, Cell *cell, uint32_t number)
{
    const Code *code = frame->code;
    const Tuple *own = tuple_of(code->cell_names);
    Value name = number < own->size ? own->items[number]
                                    : tuple_of(code->free_names)->items[number - own->size];
    if (!is_empty(frame->locals)) {
        Value found = find_in(frame->locals, name);
        if (!is_empty(found) || kr_raised()) return found;
    }
    return is_empty(cell->value) ? kr_names_unbound_cell(frame, number) : cell->value;
}

static Value locals_of(const Frame *frame)
{
    return is_empty(frame->locals) ? frame->globals : frame->locals;
}

int kr_names_store_name(Frame *frame, Value name, Value value)
{
    Value locals = locals_of(frame);
    return is_exact(locals, &kr_dict_type) ? kr_dict_set(locals, name, value)
                                           : kr_setitem(locals, name, value);
}

int kr_names_delete_name(Frame *frame, Value name)
{
    Value locals = locals_of(frame);
    int status;
    if (is_exact(locals, &kr_dict_type)) {
        status = kr_dict_delete(locals, name);
    } else {
        status = kr_delitem(locals, name) == 0 ? 1 : -1;
        if (status < 0 && kr_raised_is(kr_KeyError)) {
            kr_clear_exception();
            status = 0;
        }
    }
    if (status == 0) raise_undefined(name);
    return status == 1 ? 0 : -1;
}

int kr_names_delete_global(Frame *frame, Value name)
{
    int status = kr_dict_delete(frame->globals, name);
    if (status == 0) raise_undefined(name);
    return status == 1 ? 0 : -1;
}

Value kr_names_build_class(Frame *frame)
{
    Value found = find_in(frame->builtins, KR_NAME("__build_class__"));
    return is_empty(found) && !kr_raised() ? kr_raise(kr_NameError, "__build_class__ not found")
                                           : found;
}

int kr_names_setup_annotations(Frame *frame)
{
    Value locals = locals_of(frame), name = KR_NAME("__annotations__");
    Value found = find_in(locals, name);
    if (!is_empty(found)) return 0;
    if (kr_raised()) return -1;
    Value fresh = kr_dict();
    return is_empty(fresh) ? -1 : kr_names_store_name(frame, name, fresh);
}

/* ---- Imports ---- */

Value kr_names_import(Frame *frame, Value name, Value level, Value fromlist)
{
    Value import = find_in(frame->builtins, KR_NAME("__import__"));
    if (is_empty(import))
        return kr_raised() ? EMPTY : kr_raise(kr_ImportError, "__import__ not found");
    Value args[] = {name, frame->globals, is_empty(frame->locals) ? NONE : frame->locals, fromlist,
                    level};
    return kr_call(import, args, 5, EMPTY);
}

static Value find_attribute(Value v, const char *name)
{
    Value found = kr_find_attr(v, kr_intern(name));
    if (is_empty(found)) kr_clear_exception();
    return found;
}

static Value raise_cannot_import(Value module, Value package, Value name)
{
    Value path = find_attribute(module, "__file__");
    bool known = !is_empty(path) && is_str(path);
    if (is_empty(package) || !is_str(package)) package = kr_str("<unknown module name>");
    bool partial = kr_import_is_loading(package);
    Value spec = find_attribute(module, "__spec__");
    if (!partial && !is_empty(spec)) {
        Value initializing = find_attribute(spec, "_initializing");
        partial = !is_empty(initializing) && kr_truth(initializing) > 0;
        kr_clear_exception();
    }
    if (!known) {
        kr_raise(kr_ImportError, "cannot import name %R from %R (unknown location)", name, package);
    } else if (partial) {
        kr_raise(kr_ImportError,
                 "cannot import name %R from partially initialized module %R (most likely due to a "
                 "circular import) "
                 "(%S)",
                 name, package, path);
    } else {
        kr_raise(kr_ImportError, "cannot import name %R from %R (%S)", name, package, path);
    }
    Value e = kr_self->exception;
    if (is_exception(e) && kr_is_a(e, kr_ImportError)) {
        exception_of(e)->fields[1] = package;
        exception_of(e)->fields[2] = known ? path : NONE;
    }
    return EMPTY;
}

Value kr_names_import_from(Frame *frame, Value module, Value name)
{
    (void)frame;
    Value found = kr_find_attr(module, name);
    if (!is_empty(found) || kr_raised()) return found;
    Value package = find_attribute(module, "__name__");
    if (!is_empty(package) && is_str(package)) {
        Value full = kr_str_format("%U.%U", package, name);
        if (is_empty(full)) return EMPTY;
        found = is_empty(kr_sys_modules) ? EMPTY : find_in(kr_sys_modules, full);
        if (!is_empty(found) || kr_raised()) return found;
    }
    return raise_cannot_import(module, package, name);
}

/* The names that `from module import *` takes: an iterable, and whether those with an underscore
 * are skipped. */
static Value star_names(Value module, bool *skip)
{
    *skip = false;
    Value all = kr_find_attr(module, KR_NAME("__all__"));
    if (!is_empty(all) || kr_raised()) return all;
    Value dict = kr_find_attr(module, KR_NAME("__dict__"));
    if (is_empty(dict))
        return kr_raised() ? EMPTY
                           : kr_raise(kr_ImportError,
                                      "from-import-* object has no __dict__ and no __all__");
    *skip = true;
    return kr_list_from(dict);
}

int kr_names_import_star(Frame *frame, Value module)
{
    bool skip;
    Value names = star_names(module, &skip);
    if (is_empty(names)) return -1;
    Value iterator = kr_iter(names), name;
    if (is_empty(iterator)) return -1;
    while (!is_empty(name = kr_next(iterator))) {
        if (!is_str(name)) {
            Value module_name = kr_getattr(module, KR_NAME("__name__"));
            if (is_empty(module_name)) return -1;
            kr_raise(kr_TypeError,
                     skip ? "Key in %S.__dict__ must be str, not %T"
                          : "Item in %S.__all__ must be str, not %T",
                     module_name, name);
            return -1;
        }
        if (skip && str_of(name)->length && str_at(str_of(name), 0) == '_') continue;
        Value value = kr_getattr(module, name);
        if (is_empty(value) || kr_names_store_name(frame, kr_intern_str(name), value) < 0)
            return -1;
    }
    return kr_raised() ? -1 : 0;
}

int kr_names_print(Value value)
{
    Value hook = kr_sys_get("displayhook");
    if (is_empty(hook)) {
        if (!kr_raised()) kr_raise(kr_RuntimeError, "lost sys.displayhook");
        return -1;
    }
    return is_empty(kr_call1(hook, value)) ? -1 : 0;
}
