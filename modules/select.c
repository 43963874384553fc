/* select.c: the select module: select(), poll objects, epoll objects.
 *
 * Waiting runs detached and goes on after a signal whose handler did not raise, with the time
 * that is left. */
#include <math.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

#include "modules/support.h"

static KrType *poll_type, *epoll_type;

/* ---- Time limits ---- */

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* A number of units as seconds; `forever` for None. -1 raised. */
static int timeout_argument(KrValue v, double unit, const char *problem, double *seconds)
{
    if (kr_is(v, kr_None)) {
        *seconds = -1;
        return 0;
    }
    if (!kr_is_float(v) && !kr_has_index(v)) {
        kr_raise(kr_TypeError, "%s", problem);
        return -1;
    }
    if (kr_to_double(v, seconds) < 0) return -1;
    if (isnan(*seconds)) {
        kr_raise(kr_ValueError, "Invalid value NaN (not a number)");
        return -1;
    }
    *seconds *= unit;
    if (fabs(*seconds) < 9.2e9) return 0;
    kr_raise(kr_OverflowError, "timeout is too large");
    return -1;
}

/* Milliseconds that are left until `deadline`, rounded up; -1: for ever. */
static int milliseconds(double seconds, double deadline)
{
    if (seconds < 0) return -1;
    double left = ceil((deadline - now()) * 1000 - 1e-6);
    return left <= 0 ? 0 : left > 2147483647 ? 2147483647 : (int)left;
}

/* ---- select() ---- */

typedef struct Watched {
    KrValue objects; /* list of what was given */
    int *fds;        /* kr_alloc_bytes */
    size_t count;
    fd_set set;
} Watched;

static int watch(KrValue sequence, Watched *w, int *highest)
{
    FD_ZERO(&w->set);
    /* A list is watched as it is: fileno() methods may change it. */
    w->objects = kr_is_list(sequence) ? sequence : kr_list_from(sequence);
    if (kr_is_empty(w->objects)) {
        if (kr_raised_is(kr_TypeError)) {
            kr_clear_exception();
            kr_raise(kr_TypeError, "arguments 1-3 must be sequences");
        }
        return -1;
    }
    size_t most = kr_list_size(w->objects);
    KrValue watched = kr_list(NULL, 0);
    w->fds = kr_alloc_bytes((most + 1) * sizeof(int));
    if (!w->fds || kr_is_empty(watched)) return -1;
    w->count = 0;
    for (size_t i = 0; i < most && i < kr_list_size(w->objects); i++) {
        KrValue object = kr_list_get(w->objects, i);
        int fd = descriptor_of(object);
        if (fd < 0 || kr_list_append(watched, object) < 0) return -1;
        if (fd >= FD_SETSIZE) {
            kr_raise(kr_ValueError, "filedescriptor out of range in select()");
            return -1;
        }
        FD_SET(fd, &w->set);
        w->fds[w->count++] = fd;
        if (fd > *highest) *highest = fd;
    }
    w->objects = watched;
    return 0;
}

static KrValue ready(const Watched *w)
{
    KrValue list = kr_list(NULL, 0);
    for (size_t i = 0; !kr_is_empty(list) && i < w->count; i++)
        if (FD_ISSET(w->fds[i], &w->set) && kr_list_append(list, kr_list_get(w->objects, i)) < 0)
            return KR_EMPTY;
    return list;
}

KR_FN(select, select_select, "select", "(rlist, wlist, xlist, timeout=None, /)",
      "Wait until one or more file descriptors are ready for some kind of I/O.\n\nThe first three "
      "arguments are iterables of file "
      "descriptors to be waited for:\nrlist -- wait until ready for reading\nwlist -- wait until "
      "ready for writing\nxlist -- wait "
      "for an \"exceptional condition\"\nIf only one kind of condition is required, pass [] for "
      "the other lists.\n\nThe return "
      "value is a tuple of three lists corresponding to the first three\narguments; each contains "
      "the subset of the corresponding "
      "file descriptors\nthat are ready.")
{
    double seconds;
    if (timeout_argument(a[3], 1, "timeout must be a float or None", &seconds) < 0) return KR_EMPTY;
    if (!kr_is(a[3], kr_None) && seconds < 0)
        return kr_raise(kr_ValueError, "timeout must be non-negative");
    Watched w[3];
    int highest = -1;
    for (int i = 0; i < 3; i++)
        if (watch(a[i], &w[i], &highest) < 0) return KR_EMPTY;
    double deadline = seconds < 0 ? 0 : now() + seconds;
    for (;;) {
        fd_set sets[3] = {w[0].set, w[1].set, w[2].set};
        double left = seconds < 0 ? 0 : deadline - now();
        if (left < 0 || seconds == 0) left = 0;
        struct timeval limit = {.tv_sec = (time_t)left,
                                .tv_usec = (suseconds_t)((left - floor(left)) * 1e6)};
        kr_detach();
        int n = select(highest + 1, &sets[0], &sets[1], &sets[2], seconds < 0 ? NULL : &limit);
        int error = errno;
        kr_attach();
        if (n < 0 && error != EINTR) return kr_raise_errno(error, KR_EMPTY);
        if (n >= 0) {
            for (int i = 0; i < 3; i++) w[i].set = sets[i];
            break;
        }
        if (kr_check_signals() < 0) return KR_EMPTY;
    }
    return kr_tuple_of(3, ready(&w[0]), ready(&w[1]), ready(&w[2]));
}

/* ---- poll ---- */

typedef struct Poll {
    KrObject head;
    KrValue events; /* dict: descriptor -> mask */
    bool running;
} Poll;

static Poll *poll_of(KrValue v) { return kr_to_object(v); }
static void poll_trace(void *self, KrTracer *tracer) { kr_trace(tracer, ((Poll *)self)->events); }

KR_FN(select, select_poll, "poll", "()",
      "Returns a polling object.\n\nThis object supports registering and unregistering file "
      "descriptors, and then\npolling them for I/O events.")
{
    KrValue events = kr_dict();
    Poll *p = kr_is_empty(events) ? NULL : kr_alloc_instance(poll_type);
    if (!p) return KR_EMPTY;
    p->events = events;
    return kr_from_object(p);
}

static int mask_argument(KrValue v, int64_t *mask)
{
    KrValue index = kr_index(v);
    if (kr_is_empty(index)) return -1;
    if (kr_int_sign(index) < 0) {
        kr_raise(kr_ValueError, "value must be positive");
        return -1;
    }
    if (kr_to_int64(index, mask) == 0 && *mask <= 0xffff) return 0;
    if (!kr_raised()) kr_raise(kr_OverflowError, "Python int too large for C unsigned short");
    return -1;
}

KR_FN(poll, poll_register, "register", "(self, fd, eventmask=<unset>, /)",
      "Register a file descriptor with the polling object.\n\n  fd\n    either an integer, or an "
      "object with a fileno() method "
      "returning an int\n  eventmask\n    an optional bitmask describing the type of events to "
      "check for")
{
    int64_t mask = POLLIN | POLLPRI | POLLOUT;
    int fd = descriptor_of(a[1]);
    if (fd < 0 || (!kr_is_empty(a[2]) && mask_argument(a[2], &mask) < 0)) return KR_EMPTY;
    return kr_dict_set(poll_of(a[0])->events, kr_int(fd), kr_int(mask)) < 0 ? KR_EMPTY : kr_None;
}
KR_FN(poll, poll_modify, "modify", "(self, fd, eventmask, /)",
      "Modify an already registered file descriptor.\n\n  fd\n    either an integer, or an object "
      "with a fileno() method returning\n"
      "    an int\n  eventmask\n    a bitmask describing the type of events to check for")
{
    int64_t mask;
    int fd = descriptor_of(a[1]);
    if (fd < 0 || mask_argument(a[2], &mask) < 0) return KR_EMPTY;
    KrValue old = kr_dict_find(poll_of(a[0])->events, kr_int(fd));
    if (kr_is_empty(old)) return kr_raised() ? KR_EMPTY : kr_raise_errno(ENOENT, KR_EMPTY);
    return kr_dict_set(poll_of(a[0])->events, kr_int(fd), kr_int(mask)) < 0 ? KR_EMPTY : kr_None;
}
KR_FN(poll, poll_unregister, "unregister", "(self, fd, /)",
      "Remove a file descriptor being tracked by the polling object.")
{
    int fd = descriptor_of(a[1]);
    if (fd < 0) return KR_EMPTY;
    int status = kr_dict_delete(poll_of(a[0])->events, kr_int(fd));
    if (status == 0) return kr_raise_key(kr_int(fd));
    return status < 0 ? KR_EMPTY : kr_None;
}

KR_FN(poll, poll_poll, "poll", "(self, timeout=None, /)",
      "Polls the set of registered file descriptors.\n\n  timeout\n    The maximum time to wait in "
      "milliseconds, or else None (or a "
      "negative\n    value) to wait indefinitely.\n\nReturns a list containing any descriptors "
      "that have events or errors to\nreport, "
      "as a list of (fd, event) 2-tuples.")
{
    Poll *p = poll_of(a[0]);
    double seconds;
    if (timeout_argument(a[1], 1e-3, "timeout must be an integer or None", &seconds) < 0)
        return KR_EMPTY;
    if (!kr_is(a[1], kr_None) && seconds * 1000 > 2147483647)
        return kr_raise(kr_OverflowError, "timeout is too large");
    if (p->running) return kr_raise(kr_RuntimeError, "concurrent poll() invocation");
    size_t count = kr_dict_size(p->events), i = 0, at = 0;
    struct pollfd *fds = kr_alloc_bytes((count + 1) * sizeof *fds);
    if (!fds) return KR_EMPTY;
    KrValue key, value;
    while (i < count && kr_dict_next(p->events, &at, &key, &value)) {
        fds[i].fd = (int)kr_int_low_bits(key);
        fds[i++].events = (short)kr_int_low_bits(value);
    }
    double deadline = seconds < 0 ? 0 : now() + seconds;
    int n, error;
    p->running = true;
    for (;;) {
        int limit = milliseconds(seconds, deadline);
        kr_detach();
        n = poll(fds, i, limit);
        error = errno;
        kr_attach();
        if (n >= 0 || error != EINTR || kr_check_signals() < 0) break;
    }
    p->running = false;
    if (kr_raised()) return KR_EMPTY;
    if (n < 0) return kr_raise_errno(error, KR_EMPTY);
    KrValue result = kr_list(NULL, 0);
    for (size_t k = 0; !kr_is_empty(result) && k < i; k++) {
        if (!fds[k].revents) continue;
        KrValue pair = kr_tuple_of(2, kr_int(fds[k].fd), kr_int(fds[k].revents & 0xffff));
        if (kr_is_empty(pair) || kr_list_append(result, pair) < 0) return KR_EMPTY;
    }
    return result;
}

/* ---- epoll ---- */

typedef struct Epoll {
    KrObject head;
    int fd; /* -1: closed */
} Epoll;

static Epoll *epoll_of(KrValue v) { return kr_to_object(v); }
static void epoll_release(void *self)
{
    if (((Epoll *)self)->fd >= 0) close(((Epoll *)self)->fd);
}
static Epoll *open_epoll(KrValue v)
{
    if (epoll_of(v)->fd >= 0) return epoll_of(v);
    kr_raise(kr_ValueError, "I/O operation on closed epoll object");
    return NULL;
}

static const KrFunction epoll_constructor = {
    "epoll", "(sizehint=-1, flags=0)", NULL, NULL, KR_KIND_BOUND, NULL};

static KrValue epoll_from(KrType *type, int fd)
{
    if (fd < 0) return raise_errno();
    Epoll *e = kr_alloc_instance(type);
    if (!e) {
        close(fd);
        return KR_EMPTY;
    }
    e->fd = fd;
    return kr_from_object(e);
}

static KrValue epoll_make(KrType *type, const KrValue *args, size_t n, KrValue kwnames)
{
    KrValue slots[2];
    int size, flags;
    if (kr_bind(&epoll_constructor, args, n, kwnames, slots) < 0 ||
        kr_to_int32(slots[0], &size) < 0 || kr_to_int32(slots[1], &flags) < 0)
        return KR_EMPTY;
    if (size != -1 && size <= 0) return kr_raise(kr_ValueError, "negative sizehint");
    if (flags && flags != EPOLL_CLOEXEC) return kr_raise(kr_OSError, "invalid flags");
    return epoll_from(type, epoll_create1(EPOLL_CLOEXEC));
}

static KrValue control(KrValue self, int operation, KrValue target, uint32_t events)
{
    Epoll *e = open_epoll(self);
    if (!e) return KR_EMPTY;
    int fd = descriptor_of(target);
    if (fd < 0) return KR_EMPTY;
    struct epoll_event event = {.events = events, .data.fd = fd};
    return epoll_ctl(e->fd, operation, fd, &event) < 0 ? raise_errno() : kr_None;
}

static int events_argument(KrValue v, uint32_t *events)
{
    uint64_t mask;
    if (kr_to_uint64(v, &mask) < 0) return -1;
    *events = (uint32_t)mask;
    return 0;
}

KR_FN(epoll, epoll_register, "register", "(self, fd, eventmask=<unset>)",
      "Registers a new fd or raises an OSError if the fd is already registered.\n\n  fd\n    the "
      "target file descriptor of the "
      "operation\n  eventmask\n    a bit set composed of the various EPOLL constants\n\nThe epoll "
      "interface supports all file "
      "descriptors that support poll.")
{
    uint32_t events = EPOLLIN | EPOLLPRI | EPOLLOUT;
    if (!kr_is_empty(a[2]) && events_argument(a[2], &events) < 0) return KR_EMPTY;
    return control(a[0], EPOLL_CTL_ADD, a[1], events);
}
KR_FN(epoll, epoll_modify, "modify", "(self, fd, eventmask)",
      "Modify event mask for a registered file descriptor.\n\n  fd\n    the target file descriptor "
      "of the operation\n  eventmask\n"
      "    a bit set composed of the various EPOLL constants")
{
    uint32_t events;
    return events_argument(a[2], &events) < 0 ? KR_EMPTY
                                              : control(a[0], EPOLL_CTL_MOD, a[1], events);
}
KR_FN(epoll, epoll_unregister, "unregister", "(self, fd)",
      "Remove a registered file descriptor from the epoll object.\n\n  fd\n    the target file "
      "descriptor of the operation")
{
    return control(a[0], EPOLL_CTL_DEL, a[1], 0);
}

KR_FN(epoll, epoll_poll, "poll", "(self, timeout=None, maxevents=-1)",
      "Wait for events on the epoll file descriptor.\n\n  timeout\n    the maximum time to wait in "
      "seconds (as float);\n    a timeout "
      "of None or -1 makes poll wait indefinitely\n  maxevents\n    the maximum number of events "
      "returned; -1 means no limit\n\n"
      "Returns a list containing any descriptors that have events to report,\nas a list of (fd, "
      "events) 2-tuples.")
{
    Epoll *e = open_epoll(a[0]);
    double seconds;
    int most;
    if (!e || timeout_argument(a[1], 1, "timeout must be a number or None", &seconds) < 0 ||
        kr_to_int32(a[2], &most) < 0)
        return KR_EMPTY;
    if (seconds * 1000 > 2147483647) return kr_raise(kr_OverflowError, "timeout is too large");
    if (most == -1)
        most = FD_SETSIZE - 1;
    else if (most < 1)
        return kr_raise(kr_ValueError, "maxevents must be greater than 0, got %d", most);
    struct epoll_event *events = kr_alloc_bytes((size_t)most * sizeof *events);
    if (!events) return KR_EMPTY;
    double deadline = seconds < 0 ? 0 : now() + seconds;
    int n, error;
    for (;;) {
        int limit = milliseconds(seconds, deadline);
        kr_detach();
        n = epoll_wait(e->fd, events, most, limit);
        error = errno;
        kr_attach();
        if (n >= 0) break;
        if (error != EINTR) return kr_raise_errno(error, KR_EMPTY);
        if (kr_check_signals() < 0) return KR_EMPTY;
    }
    KrValue result = kr_list(NULL, 0);
    for (int i = 0; !kr_is_empty(result) && i < n; i++) {
        KrValue pair = kr_tuple_of(2, kr_int(events[i].data.fd), kr_int(events[i].events));
        if (kr_is_empty(pair) || kr_list_append(result, pair) < 0) return KR_EMPTY;
    }
    return result;
}

KR_FN(epoll, epoll_close, "close", "(self, /)",
      "Close the epoll control file descriptor.\n\nFurther operations on the epoll object will "
      "raise an exception.")
{
    Epoll *e = epoll_of(a[0]);
    if (e->fd < 0) return kr_None;
    int fd = e->fd;
    e->fd = -1;
    return close(fd) < 0 ? raise_errno() : kr_None;
}
KR_FN(epoll, epoll_fileno, "fileno", "(self, /)", "Return the epoll control file descriptor.")
{
    Epoll *e = open_epoll(a[0]);
    return e ? kr_int(e->fd) : KR_EMPTY;
}
KR_FN(epoll, epoll_enter, "__enter__", "(self, /)", NULL)
{
    return open_epoll(a[0]) ? a[0] : KR_EMPTY;
}
KR_FN(epoll, epoll_exit, "__exit__", "(self, exc_type=None, exc_value=None, exc_tb=None, /)", NULL)
{
    return epoll_close(a);
}
KR_CLASSMETHOD(epoll, epoll_fromfd, "fromfd", "(cls, fd, /)",
               "Create an epoll object from a given control fd.")
{
    int fd;
    return kr_to_int32(a[1], &fd) < 0 ? KR_EMPTY : epoll_from(kr_to_object(a[0]), fd);
}
static KrValue epoll_closed(KrValue self) { return kr_bool(epoll_of(self)->fd < 0); }
KR_GETSET(epoll, epoll_closed, NULL, "closed", "True if the epoll handler is closed")

#include "modules/select.entries.h"

static int select_exec(KrValue module)
{
    static const KrTypeSpec poll_spec = {.name = "select.poll",
                                         .size = sizeof(Poll),
                                         .functions = poll_functions,
                                         .flags = KR_TYPE_FINAL | KR_TYPE_ABSTRACT,
                                         .trace = poll_trace};
    static const KrTypeSpec epoll_spec = {
        .name = "select.epoll",
        .size = sizeof(Epoll),
        .functions = epoll_functions,
        .getset = epoll_getset,
        .release = epoll_release,
        .slots = {.make = epoll_make},
        .doc = "select.epoll(sizehint=-1, flags=0)\n\nReturns an epolling object\n\nsizehint must "
               "be a positive integer or -1 for the default size. The\nsizehint is used to "
               "optimize internal data structures. It doesn't limit\nthe maximum number of "
               "monitored events."};
#define C(name)     \
    {               \
#name, name \
    }
    static const IntConstant constants[] = {C(POLLIN),
                                            C(POLLPRI),
                                            C(POLLOUT),
                                            C(POLLERR),
                                            C(POLLHUP),
                                            C(POLLNVAL),
                                            C(POLLRDNORM),
                                            C(POLLRDBAND),
                                            C(POLLWRNORM),
                                            C(POLLWRBAND),
                                            C(POLLMSG),
                                            {"POLLRDHUP", 0x2000},
                                            C(EPOLLIN),
                                            C(EPOLLOUT),
                                            C(EPOLLPRI),
                                            C(EPOLLERR),
                                            C(EPOLLHUP),
                                            C(EPOLLRDHUP),
                                            {"EPOLLET", (int64_t)(uint32_t)EPOLLET},
                                            C(EPOLLONESHOT),
                                            {"EPOLLEXCLUSIVE", (int64_t)EPOLLEXCLUSIVE},
                                            C(EPOLLRDNORM),
                                            C(EPOLLRDBAND),
                                            C(EPOLLWRNORM),
                                            C(EPOLLWRBAND),
                                            C(EPOLLMSG),
                                            C(EPOLL_CLOEXEC),
                                            {"PIPE_BUF", 4096},
                                            {NULL, 0}};
#undef C
    poll_type = kr_type_new(&poll_spec);
    epoll_type = kr_type_new(&epoll_spec);
    if (!poll_type || !epoll_type || kr_module_add_type(module, epoll_type) < 0) return -1;
    if (kr_module_add(module, "error", kr_type_value(kr_OSError)) < 0) return -1;
    return add_constants(module, constants);
}

KR_MODULE(select) = {
    .api_version = KR_API_VERSION,
    .name = "select",
    .doc = "This module supports asynchronous I/O on multiple file descriptors.\n\n*** IMPORTANT "
           "NOTICE ***\nOn Windows, only sockets "
           "are supported; on Unix, all file descriptors.",
    .functions = select_functions,
    .exec = select_exec,
};
