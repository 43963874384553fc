/* pwd.c: the modules pwd and grp: the users' and groups' databases. */
#include <grp.h>
#include <pwd.h>

#include "modules/support.h"

static KrType *passwd_type, *group_type;

static KrValue text(const char *s) { return s ? kr_str_fs(s, strlen(s)) : kr_None; }

/* A user's or group's number; *known false: no such number can exist. */
static int id_argument(KrValue v, unsigned *id, bool *known)
{
    KrValue index = kr_index(v);
    if (kr_is_empty(index)) return -1;
    int64_t n;
    *known = kr_to_int64(index, &n) == 0 && n >= 0 && n <= UINT32_MAX;
    if (kr_raised_is(kr_OverflowError)) kr_clear_exception();
    *id = *known ? (unsigned)n : 0;
    return kr_raised() ? -1 : 0;
}

static KrValue name_argument(KrValue v, const char *function)
{
    if (!kr_is_str(v))
        return kr_raise(kr_TypeError, "%s() argument must be str, not %T", function, v);
    return kr_str_cstring(v) ? kr_str_encode(v, "utf-8", "surrogateescape") : KR_EMPTY;
}

/* ---- pwd ---- */

static KrValue user_value(const struct passwd *p)
{
    KrValue values[] = {text(p->pw_name),  text(p->pw_passwd), kr_int(p->pw_uid), kr_int(p->pw_gid),
                        text(p->pw_gecos), text(p->pw_dir),    text(p->pw_shell)};
    return kr_struct_new(passwd_type, values);
}

KR_FN(pwd, pwd_getpwuid, "getpwuid", "(uidobj, /)",
      "Return the password database entry for the given numeric user ID.\n\nSee `help(pwd)` for "
      "more on password database entries.")
{
    unsigned id;
    bool known;
    if (id_argument(a[0], &id, &known) < 0) return KR_EMPTY;
    const struct passwd *p = known ? getpwuid(id) : NULL;
    return p ? user_value(p) : kr_raise(kr_KeyError, "getpwuid(): uid not found: %S", a[0]);
}
KR_FN(pwd, pwd_getpwnam, "getpwnam", "(name, /)",
      "Return the password database entry for the given user name.\n\nSee `help(pwd)` for more on "
      "password database entries.")
{
    KrValue name = name_argument(a[0], "getpwnam");
    if (kr_is_empty(name)) return KR_EMPTY;
    const struct passwd *p = getpwnam((char *)kr_bytes_data(name));
    return p ? user_value(p) : kr_raise(kr_KeyError, "getpwnam(): name not found: %R", a[0]);
}
KR_FN(pwd, pwd_getpwall, "getpwall", "()",
      "Return a list of all available password database entries, in arbitrary order.\n\nSee "
      "help(pwd) for more on password database entries.")
{
    KrValue list = kr_list(NULL, 0);
    setpwent();
    for (const struct passwd *p; !kr_is_empty(list) && (p = getpwent());) {
        KrValue entry = user_value(p);
        if (kr_is_empty(entry) || kr_list_append(list, entry) < 0) list = KR_EMPTY;
    }
    endpwent();
    return list;
}

/* ---- grp ---- */

static KrValue group_value(const struct group *g)
{
    KrValue members = kr_list(NULL, 0);
    for (char **m = g->gr_mem; m && *m; m++)
        if (kr_is_empty(members) || kr_list_append(members, text(*m)) < 0) return KR_EMPTY;
    KrValue values[] = {text(g->gr_name), text(g->gr_passwd), kr_int(g->gr_gid), members};
    return kr_struct_new(group_type, values);
}

KR_FN(grp, grp_getgrgid, "getgrgid", "(id)",
      "Return the group database entry for the given numeric group ID.\n\nIf id is not valid, "
      "raise KeyError.")
{
    unsigned id;
    bool known;
    if (id_argument(a[0], &id, &known) < 0) return KR_EMPTY;
    const struct group *g = known ? getgrgid(id) : NULL;
    return g ? group_value(g) : kr_raise(kr_KeyError, "getgrgid(): gid not found: %S", a[0]);
}
KR_FN(grp, grp_getgrnam, "getgrnam", "(name)",
      "Return the group database entry for the given group name.\n\nIf name is not valid, raise "
      "KeyError.")
{
    KrValue name = name_argument(a[0], "getgrnam");
    if (kr_is_empty(name)) return KR_EMPTY;
    const struct group *g = getgrnam((char *)kr_bytes_data(name));
    return g ? group_value(g) : kr_raise(kr_KeyError, "getgrnam(): name not found: %R", a[0]);
}
KR_FN(grp, grp_getgrall, "getgrall", "()",
      "Return a list of all available group entries, in arbitrary order.\n\nAn entry whose name "
      "starts with '+' or '-' represents an instruction\nto use YP/NIS and may not be accessible "
      "via getgrnam or getgrgid.")
{
    KrValue list = kr_list(NULL, 0);
    setgrent();
    for (const struct group *g; !kr_is_empty(list) && (g = getgrent());) {
        KrValue entry = group_value(g);
        if (kr_is_empty(entry) || kr_list_append(list, entry) < 0) list = KR_EMPTY;
    }
    endgrent();
    return list;
}

#include "modules/pwd.entries.h"

static int pwd_exec(KrValue module)
{
    static const char *const fields[] = {"pw_name",  "pw_passwd", "pw_uid",   "pw_gid",
                                         "pw_gecos", "pw_dir",    "pw_shell", NULL};
    static const KrStructSpec spec = {
        "pwd.struct_passwd",
        "pwd.struct_passwd: Results from getpw*() routines.\n\nThis object may be accessed either "
        "as a tuple of\n"
        "  (pw_name,pw_passwd,pw_uid,pw_gid,pw_gecos,pw_dir,pw_shell)\nor via the object "
        "attributes as named in the "
        "above tuple.",
        fields, 7};
    passwd_type = kr_struct_type(&spec);
    return passwd_type ? kr_module_add_type(module, passwd_type) : -1;
}
static int grp_exec(KrValue module)
{
    static const char *const fields[] = {"gr_name", "gr_passwd", "gr_gid", "gr_mem", NULL};
    static const KrStructSpec spec = {"grp.struct_group",
                                      "grp.struct_group: Results from getgr*() routines.\n\nThis "
                                      "object may be accessed either as a tuple of\n"
                                      "  (gr_name,gr_passwd,gr_gid,gr_mem)\nor via the object "
                                      "attributes as named in the above tuple.\n",
                                      fields, 4};
    group_type = kr_struct_type(&spec);
    return group_type ? kr_module_add_type(module, group_type) : -1;
}

KR_MODULE(pwd) = {.api_version = KR_API_VERSION,
                  .name = "pwd",
                  .functions = pwd_functions,
                  .exec = pwd_exec,
                  .doc = "This module provides access to the Unix password database."};
KR_MODULE(grp) = {.api_version = KR_API_VERSION,
                  .name = "grp",
                  .functions = grp_functions,
                  .exec = grp_exec,
                  .doc = "Access to the Unix group database."};
