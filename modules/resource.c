/* resource.c: the resource module: limits and usage of processes. */
#include <sys/resource.h>
#include <unistd.h>

#include "modules/support.h"

static KrType *usage_type;

static double seconds(struct timeval t) { return (double)t.tv_sec + (double)t.tv_usec * 1e-6; }

KR_FN(resource, resource_getrusage, "getrusage", "(who, /)", NULL)
{
    int who;
    struct rusage u;
    if (kr_to_int32(a[0], &who) < 0) return KR_EMPTY;
    if (getrusage(who, &u) < 0)
        return errno == EINVAL ? kr_raise(kr_ValueError, "invalid who parameter") : raise_errno();
    KrValue values[] = {kr_float(seconds(u.ru_utime)),
                        kr_float(seconds(u.ru_stime)),
                        kr_int(u.ru_maxrss),
                        kr_int(u.ru_ixrss),
                        kr_int(u.ru_idrss),
                        kr_int(u.ru_isrss),
                        kr_int(u.ru_minflt),
                        kr_int(u.ru_majflt),
                        kr_int(u.ru_nswap),
                        kr_int(u.ru_inblock),
                        kr_int(u.ru_oublock),
                        kr_int(u.ru_msgsnd),
                        kr_int(u.ru_msgrcv),
                        kr_int(u.ru_nsignals),
                        kr_int(u.ru_nvcsw),
                        kr_int(u.ru_nivcsw)};
    return kr_struct_new(usage_type, values);
}

static KrValue limit_value(rlim_t limit) { return kr_int((int64_t)limit); }
static KrValue limits_value(const struct rlimit *limits)
{
    return kr_tuple_of(2, limit_value(limits->rlim_cur), limit_value(limits->rlim_max));
}

static int limits_argument(KrValue v, struct rlimit *limits)
{
    KrValue pair = kr_tuple_from(v);
    int64_t values[2];
    if (kr_is_empty(pair)) return -1;
    if (kr_tuple_size(pair) != 2)
        return kr_raise(kr_ValueError, "expected a tuple of 2 integers"), -1;
    for (size_t i = 0; i < 2; i++)
        if (kr_to_int64(kr_tuple_get(pair, i), &values[i]) < 0) return -1;
    *limits = (struct rlimit){(rlim_t)values[0], (rlim_t)values[1]};
    return 0;
}

static int resource_argument(KrValue v, int *resource)
{
    if (kr_to_int32(v, resource) < 0) return -1;
    if (*resource >= 0 && *resource < RLIM_NLIMITS) return 0;
    kr_raise(kr_ValueError, "invalid resource specified");
    return -1;
}

static KrValue set_error(void)
{
    if (errno == EINVAL) return kr_raise(kr_ValueError, "current limit exceeds maximum limit");
    if (errno == EPERM) return kr_raise(kr_ValueError, "not allowed to raise maximum limit");
    return raise_errno();
}

KR_FN(resource, resource_getrlimit, "getrlimit", "(resource, /)", NULL)
{
    int resource;
    struct rlimit limits;
    if (resource_argument(a[0], &resource) < 0) return KR_EMPTY;
    return getrlimit((__rlimit_resource_t)resource, &limits) < 0 ? raise_errno()
                                                                 : limits_value(&limits);
}
KR_FN(resource, resource_setrlimit, "setrlimit", "(resource, limits, /)", NULL)
{
    int resource;
    struct rlimit limits;
    if (resource_argument(a[0], &resource) < 0 || limits_argument(a[1], &limits) < 0)
        return KR_EMPTY;
    return setrlimit((__rlimit_resource_t)resource, &limits) < 0 ? set_error() : kr_None;
}
KR_FN(resource, resource_prlimit, "prlimit", "(pid, resource, limits=<unset>, /)", NULL)
{
    int pid, resource;
    struct rlimit old, limits;
    if (kr_to_int32(a[0], &pid) < 0 || resource_argument(a[1], &resource) < 0) return KR_EMPTY;
    bool sets = !kr_is_empty(a[2]) && !kr_is(a[2], kr_None);
    if (sets && limits_argument(a[2], &limits) < 0) return KR_EMPTY;
    int status = prlimit(pid, (__rlimit_resource_t)resource, sets ? &limits : NULL, &old);
    if (status == 0) return limits_value(&old);
    return errno == EINVAL ? kr_raise(kr_ValueError, "current limit exceeds maximum limit")
                           : raise_errno();
}
KR_FN(resource, resource_getpagesize, "getpagesize", "()", NULL)
{
    return kr_int(sysconf(_SC_PAGESIZE));
}

#include "modules/resource.entries.h"

static int resource_exec(KrValue module)
{
    static const char *const fields[] = {
        "ru_utime",  "ru_stime",    "ru_maxrss", "ru_ixrss",   "ru_idrss",   "ru_isrss",
        "ru_minflt", "ru_majflt",   "ru_nswap",  "ru_inblock", "ru_oublock", "ru_msgsnd",
        "ru_msgrcv", "ru_nsignals", "ru_nvcsw",  "ru_nivcsw",  NULL};
    static const KrStructSpec spec = {
        "resource.struct_rusage",
        "struct_rusage: Result from getrusage.\n\nThis object may be accessed either as a tuple "
        "of\n"
        "    (utime,stime,maxrss,ixrss,idrss,isrss,minflt,majflt,\n    "
        "nswap,inblock,oublock,msgsnd,msgrcv,nsignals,"
        "nvcsw,nivcsw)\nor via the attributes ru_utime, ru_stime, ru_maxrss, and so on.",
        fields, 16};
#define C(name)                \
    {                          \
#name, (int64_t)(name) \
    }
    static const IntConstant constants[] = {
        C(RLIMIT_CPU),  C(RLIMIT_FSIZE),    C(RLIMIT_DATA),    C(RLIMIT_STACK),
        C(RLIMIT_CORE), C(RLIMIT_NOFILE),   C(RLIMIT_OFILE),   C(RLIMIT_AS),
        C(RLIMIT_RSS),  C(RLIMIT_NPROC),    C(RLIMIT_MEMLOCK), C(RLIMIT_MSGQUEUE),
        C(RLIMIT_NICE), C(RLIMIT_RTPRIO),   C(RLIMIT_RTTIME),  C(RLIMIT_SIGPENDING),
        C(RUSAGE_SELF), C(RUSAGE_CHILDREN), C(RUSAGE_THREAD),  C(RLIM_INFINITY),
        {NULL, 0}};
#undef C
    usage_type = kr_struct_type(&spec);
    if (!usage_type || kr_module_add_type(module, usage_type) < 0 ||
        add_constants(module, constants) < 0)
        return -1;
    return kr_module_add(module, "error", kr_type_value(kr_OSError));
}

KR_MODULE(resource) = {.api_version = KR_API_VERSION,
                       .name = "resource",
                       .functions = resource_functions,
                       .exec = resource_exec};
