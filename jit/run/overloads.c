/* overloads.c: numba.extending's overloads as the compiler asks for them. Overloaded functions are numbered for as long as the
 * process runs; what is registered for them is Python's (numba.extending.resolve). */
#include "jit/run/overloads.h"

#include <string.h>

#include "runtime/objects/str.h"

static Value functions, members; /* lists */

static Value *list_of_all(Value *list)
{
    if (is_empty(*list)) {
        if (is_empty(*list = kr_list(NULL, 0))) return NULL;
        kr_root(list);
    }
    return list;
}

int jit_overload_number(Value function)
{
    if (is_empty(functions)) return -1;
    for (size_t i = 0; i < kr_list_size(functions); i++)
        if (same(kr_list_get(functions, i), function)) return (int)i;
    return -1;
}

int jit_overload_enter(Value function)
{
    int known = jit_overload_number(function);
    if (known >= 0) return known;
    if (!list_of_all(&functions) || kr_list_append(functions, function) < 0) return -1;
    return (int)kr_list_size(functions) - 1;
}

bool jit_overload_member(const char *key)
{
    for (size_t i = 0; !is_empty(members) && i < kr_list_size(members); i++) {
        const char *one = kr_str_cstring(kr_list_get(members, i));
        if (one && strcmp(one, key) == 0) return true;
    }
    return false;
}

int jit_overload_enter_member(Value key) { return list_of_all(&members) ? kr_list_append(members, key) : -1; }

Value jit_overload_find(const char *key, const JitType *const *types, uint32_t n, const char *names)
{
    char text[400];
    Value texts = kr_list(NULL, 0), words = kr_list(NULL, 0), resolve = kr_import_attr("numba.extending", "resolve");
    if (is_empty(texts) || is_empty(words) || is_empty(resolve)) return EMPTY;
    for (uint32_t i = 0; i < n; i++)
        if (kr_list_append(texts, kr_str(jit_type_numba(types[i], text, sizeof text))) < 0) return EMPTY;
    for (const char *at = names; *at;) {
        size_t k = strcspn(at, ",");
        if (kr_list_append(words, kr_str_sized(at, k)) < 0) return EMPTY;
        at += k + (at[k] == ',');
    }
    Value args[] = {kr_str(key), kr_list_to_tuple(texts), kr_list_to_tuple(words)};
    Value found = kr_call(resolve, args, 3, EMPTY);
    return is_empty(found) || is_none(found) ? EMPTY : found;
}
