/* syslog.c: the syslog module. The ident that openlog() is given must live as long as the log is open:
 * it is kept here. */
#include <syslog.h>

#include "modules/support.h"

static char *ident; /* malloc'ed, or NULL */
static bool is_open;

/* sys.argv[0] without its folder, or NULL. -1 raised. */
static int default_ident(char **out)
{
    *out = NULL;
    KrValue argv = kr_import_attr("sys", "argv");
    if (kr_is_empty(argv)) return -1;
    if (!kr_is_list(argv) || kr_list_size(argv) == 0 || !kr_is_str(kr_list_get(argv, 0))) return 0;
    KrValue keep;
    const char *path = kr_path_bytes(kr_list_get(argv, 0), &keep);
    if (!path) return -1;
    const char *slash = strrchr(path, '/');
    path = slash ? slash + 1 : path;
    if (*path && !(*out = strdup(path))) return kr_raise_no_memory(), -1;
    return 0;
}

static int open_log(KrValue name, int options, int facility)
{
    char *fresh = NULL;
    if (!kr_is_empty(name)) {
        const char *text = kr_str_cstring(name);
        if (!text) return -1;
        fresh = strdup(text);
        if (!fresh) return kr_raise_no_memory(), -1;
    } else if (default_ident(&fresh) < 0) {
        return -1;
    }
    openlog(fresh, options, facility);
    free(ident);
    ident = fresh;
    is_open = true;
    return 0;
}

KR_FN(syslog, fn_openlog, "openlog", "(ident=<unset>, logoption=0, facility=<unset>)",
      "Set logging options of subsequent syslog() calls.")
{
    int options, facility = LOG_USER;
    if (kr_to_int32(a[1], &options) < 0) return KR_EMPTY;
    if (!kr_is_empty(a[2]) && kr_to_int32(a[2], &facility) < 0) return KR_EMPTY;
    return open_log(a[0], options, facility) < 0 ? KR_EMPTY : kr_None;
}

/* syslog(message) or syslog(priority, message). */
KR_FN(syslog, fn_syslog, "syslog", "(priority, message=<unset>, /)",
      "Send the string message to the system logger.")
{
    int priority = LOG_INFO;
    KrValue message = kr_is_empty(a[1]) ? a[0] : a[1];
    if (!kr_is_empty(a[1]) && kr_to_int32(a[0], &priority) < 0) return KR_EMPTY;
    const char *text = kr_str_cstring(message);
    if (!text || (!is_open && open_log(KR_EMPTY, 0, LOG_USER) < 0)) return KR_EMPTY;
    kr_detach();
    syslog(priority, "%s", text);
    kr_attach();
    return kr_None;
}
KR_FN(syslog, fn_closelog, "closelog", "()", "Reset the syslog module values and call closelog().")
{
    if (is_open) closelog();
    is_open = false;
    free(ident);
    ident = NULL;
    return kr_None;
}
KR_FN(syslog, fn_setlogmask, "setlogmask", "(maskpri, /)",
      "Set the priority mask and return the previous mask.")
{
    int mask;
    return kr_to_int32(a[0], &mask) < 0 ? KR_EMPTY : kr_int(setlogmask(mask));
}
KR_FN(syslog, fn_log_mask, "LOG_MASK", "(pri, /)", "The mask of one priority.")
{
    int priority;
    return kr_to_int32(a[0], &priority) < 0 ? KR_EMPTY : kr_int(LOG_MASK(priority));
}
KR_FN(syslog, fn_log_upto, "LOG_UPTO", "(pri, /)", "The mask of the priorities up to this one.")
{
    int priority;
    return kr_to_int32(a[0], &priority) < 0 ? KR_EMPTY : kr_int(LOG_UPTO(priority));
}

#include "modules/syslog.entries.h"

#define C(name)     \
    {               \
#name, name \
    }
static const IntConstant constants[] = {
    C(LOG_EMERG),  C(LOG_ALERT),  C(LOG_CRIT),   C(LOG_ERR),    C(LOG_WARNING),  C(LOG_NOTICE),
    C(LOG_INFO),   C(LOG_DEBUG),  C(LOG_PID),    C(LOG_CONS),   C(LOG_NDELAY),   C(LOG_ODELAY),
    C(LOG_NOWAIT), C(LOG_PERROR), C(LOG_KERN),   C(LOG_USER),   C(LOG_MAIL),     C(LOG_DAEMON),
    C(LOG_AUTH),   C(LOG_LPR),    C(LOG_LOCAL0), C(LOG_LOCAL1), C(LOG_LOCAL2),   C(LOG_LOCAL3),
    C(LOG_LOCAL4), C(LOG_LOCAL5), C(LOG_LOCAL6), C(LOG_LOCAL7), C(LOG_AUTHPRIV), C(LOG_SYSLOG),
    C(LOG_CRON),   C(LOG_UUCP),   C(LOG_NEWS),   {NULL, 0},
};
#undef C

static int syslog_exec(KrValue module) { return add_constants(module, constants); }

KR_MODULE(syslog) = {.api_version = KR_API_VERSION,
                     .name = "syslog",
                     .functions = syslog_functions,
                     .exec = syslog_exec};
