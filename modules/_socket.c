/* _socket.c: the _socket module: the socket object.
 *
 * Every system call that may wait goes through perform(): detached, repeated after signals, and
 * bounded by the socket's timeout (a socket with a timeout is non-blocking for the system;
 * perform() waits with poll()). An attempt touches no objects: what it needs was read before. */
#include <fcntl.h>
#include <math.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "modules/socket.h"

static KrType *socket_type;
static double default_timeout = -1;

static Socket *socket_of(KrValue v) { return kr_to_object(v); }

/* ---- Waiting ---- */

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Waits until the descriptor is ready or the deadline has passed: 1 ready, 0 too late, -1 with
 * errno. Detached. */
static int wait_ready(int fd, short events, double deadline)
{
    double left = deadline < 0 ? -1 : deadline - now();
    if (deadline >= 0 && left < 0) return 0;
    struct pollfd p = {.fd = fd, .events = events};
    double ms = ceil(left * 1000);
    return poll(&p, 1, deadline < 0 ? -1 : ms > 2147483647 ? 2147483647 : (int)ms);
}

typedef ssize_t (*Attempt)(int fd, void *arguments);

/* Runs an attempt until it succeeds; a result >= 0, or -1 raised. The deadline of several in a
 * row is given. */
static ssize_t perform_until(Socket *s, short events, Attempt attempt, void *arguments,
                             double deadline)
{
    for (;;) {
        int fd = s->fd, ready = 1, error = 0;
        bool limited = s->timeout > 0;
        ssize_t result = -1;
        kr_detach();
        if (limited) ready = wait_ready(fd, events, deadline);
        if (ready > 0) result = attempt(fd, arguments);
        error = errno;
        kr_attach();
        if (ready == 0) {
            kr_raise(kr_TimeoutError, "timed out");
            return -1;
        }
        if (result >= 0) return result;
        if (error == EINTR) {
            if (kr_check_signals() < 0) return -1;
            continue;
        }
        if (limited && (error == EAGAIN || error == EWOULDBLOCK)) continue;
        kr_raise_errno(error, KR_EMPTY);
        return -1;
    }
}

static double deadline_of(const Socket *s) { return s->timeout > 0 ? now() + s->timeout : -1; }

static ssize_t perform(Socket *s, short events, Attempt attempt, void *arguments)
{
    return perform_until(s, events, attempt, arguments, deadline_of(s));
}

static int set_blocking(int fd, bool blocking)
{
    int off = blocking ? 0 : 1;
    if (ioctl(fd, FIONBIO, &off) == 0) return 0;
    raise_errno();
    return -1;
}

/* A timeout argument in seconds; None is -1. */
static int timeout_argument(KrValue v, double *seconds)
{
    *seconds = -1;
    if (kr_is(v, kr_None)) return 0;
    if (kr_to_double(v, seconds) < 0) return -1;
    if (*seconds < 0 || isnan(*seconds)) {
        kr_raise(kr_ValueError, isnan(*seconds) ? "Invalid value NaN (not a number)"
                                                : "Timeout value out of range");
        return -1;
    }
    if (*seconds < 9.2e9) return 0;
    kr_raise(kr_OverflowError, "timestamp too large to convert to C _PyTime_t");
    return -1;
}

/* ---- Making and closing ---- */

static KrValue socket_make(KrType *type, KR_UNUSED const KrValue *args, KR_UNUSED size_t n,
                           KR_UNUSED KrValue kwnames)
{
    Socket *s = kr_alloc_instance(type);
    if (!s) return KR_EMPTY;
    s->fd = -1;
    s->timeout = -1;
    return kr_from_object(s);
}

static int set_up(Socket *s, int fd, int family, int type, int proto)
{
    s->fd = fd;
    s->family = family;
    s->type = type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC);
    s->proto = proto;
    s->timeout = type & SOCK_NONBLOCK ? 0 : default_timeout;
    return !(type & SOCK_NONBLOCK) && default_timeout >= 0 ? set_blocking(fd, false) : 0;
}

/* What the system knows of an open descriptor fills in what was not given. */
static int adopt(Socket *s, KrValue fileno, int family, int type, int proto)
{
    int64_t fd;
    if (kr_is_float(fileno))
        return kr_raise(kr_TypeError, "integer argument expected, got float"), -1;
    if (kr_to_int64(fileno, &fd) < 0) return -1;
    if (fd < 0 || fd > INT32_MAX) return kr_raise(kr_ValueError, "negative file descriptor"), -1;
    SocketAddress address;
    socklen_t size = sizeof address;
    memset(&address, 0, sizeof address);
    if (getsockname((int)fd, &address.any, &size) < 0) {
        if (family == -1 || errno == EBADF || errno == ENOTSOCK) return raise_errno(), -1;
    } else if (family == -1)
        family = address.any.sa_family;
    size = sizeof(int);
    if (type == -1 && getsockopt((int)fd, SOL_SOCKET, SO_TYPE, &type, &size) < 0)
        return raise_errno(), -1;
    size = sizeof(int);
    if (proto == -1 && getsockopt((int)fd, SOL_SOCKET, SO_PROTOCOL, &proto, &size) < 0)
        return raise_errno(), -1;
    return set_up(s, (int)fd, family, type, proto);
}

static const KrFunction constructor = {
    "socket", "(family=-1, type=-1, proto=-1, fileno=None)", NULL, NULL, KR_KIND_BOUND, NULL};

static int socket_init(KrValue self, const KrValue *args, size_t n, KrValue kwnames)
{
    Socket *s = socket_of(self);
    KrValue slots[4];
    int numbers[3];
    if (kr_bind(&constructor, args, n, kwnames, slots) < 0) return -1;
    for (int i = 0; i < 3; i++)
        if (kr_to_int32(slots[i], &numbers[i]) < 0) return -1;
    int family = numbers[0], type = numbers[1], proto = numbers[2];
    if (!kr_is(slots[3], kr_None)) return adopt(s, slots[3], family, type, proto);
    if (family == -1) family = AF_INET;
    if (type == -1) type = SOCK_STREAM;
    if (proto == -1) proto = 0;
    int fd = socket(family, type | SOCK_CLOEXEC, proto);
    if (fd < 0) return raise_errno(), -1;
    return set_up(s, fd, family, type, proto);
}

static void socket_finalize(KrValue self)
{
    Socket *s = socket_of(self);
    if (s->fd < 0) return;
    KrValue pending = kr_take_exception();
    if (kr_warn(kr_ResourceWarning, 1, "unclosed %R", self) < 0) {
        if (kr_raised_is(kr_Warning)) kr_report_unraisable(self);
        kr_clear_exception();
    }
    if (s->fd >= 0) close(s->fd);
    s->fd = -1;
    if (!kr_is_empty(pending)) kr_restore_exception(pending);
}

static void socket_release(void *self)
{
    if (((Socket *)self)->fd >= 0) close(((Socket *)self)->fd);
}

static KrValue socket_repr(KrValue self)
{
    Socket *s = socket_of(self);
    return kr_str_format("<socket object, fd=%d, family=%d, type=%d, proto=%d>", s->fd, s->family,
                         s->type, s->proto);
}

KR_FN(socket, socket_close, "close", "(self, /)",
      "close()\n\nClose the socket.  It cannot be used after this call.")
{
    Socket *s = socket_of(a[0]);
    int fd = s->fd;
    s->fd = -1;
    if (fd < 0) return kr_None;
    kr_detach();
    int status = close(fd), error = errno;
    kr_attach();
    return status < 0 && error != ECONNRESET ? kr_raise_errno(error, KR_EMPTY) : kr_None;
}
KR_FN(
    socket, socket_detach, "detach", "(self, /)",
    "detach()\n\nClose the socket object without closing the underlying file descriptor.\nThe "
    "object cannot be used after this call, "
    "but the file descriptor\ncan be reused for other purposes.  The file descriptor is returned.")
{
    int fd = socket_of(a[0])->fd;
    socket_of(a[0])->fd = -1;
    return kr_int(fd);
}
KR_FN(socket, socket_fileno, "fileno", "(self, /)",
      "fileno() -> integer\n\nReturn the integer file descriptor of the socket.")
{
    return kr_int(socket_of(a[0])->fd);
}

KR_FN(socket, socket_setblocking, "setblocking", "(self, flag, /)",
      "setblocking(flag)\n\nSet the socket to blocking (flag is true) or non-blocking "
      "(false).\nsetblocking(True) is equivalent to "
      "settimeout(None);\nsetblocking(False) is equivalent to settimeout(0.0).")
{
    int flag = kr_truth(a[1]);
    if (flag < 0) return KR_EMPTY;
    socket_of(a[0])->timeout = flag ? -1 : 0;
    return set_blocking(socket_of(a[0])->fd, flag) < 0 ? KR_EMPTY : kr_None;
}
KR_FN(socket, socket_getblocking, "getblocking", "(self, /)",
      "getblocking()\n\nReturns True if socket is in blocking mode, or False if it\nis in "
      "non-blocking mode.")
{
    return kr_bool(socket_of(a[0])->timeout != 0);
}
KR_FN(socket, socket_settimeout, "settimeout", "(self, timeout, /)",
      "settimeout(timeout)\n\nSet a timeout on socket operations.  'timeout' can be a "
      "float,\ngiving in seconds, or None.  Setting a "
      "timeout of None disables\nthe timeout feature and is equivalent to setblocking(1).\nSetting "
      "a timeout of zero is the same as "
      "setblocking(0).")
{
    double seconds;
    if (timeout_argument(a[1], &seconds) < 0) return KR_EMPTY;
    socket_of(a[0])->timeout = seconds;
    return set_blocking(socket_of(a[0])->fd, seconds < 0) < 0 ? KR_EMPTY : kr_None;
}
static KrValue timeout_value(double seconds) { return seconds < 0 ? kr_None : kr_float(seconds); }
KR_FN(socket, socket_gettimeout, "gettimeout", "(self, /)",
      "gettimeout() -> timeout\n\nReturns the timeout in seconds (float) associated with "
      "socket\noperations. A timeout of None "
      "indicates that timeouts on socket\noperations are disabled.")
{
    return timeout_value(socket_of(a[0])->timeout);
}

/* ---- Connecting ---- */

KR_FN(socket, socket_bind, "bind", "(self, address, /)",
      "bind(address)\n\nBind the socket to a local address.  For IP sockets, the address is "
      "a\npair (host, port); the host must refer "
      "to the local host. For raw packet\nsockets the address is a tuple (ifname, proto [,pkttype "
      "[,hatype [,addr]]])")
{
    SocketAddress address;
    socklen_t size;
    if (socket_address(socket_of(a[0]), a[1], "bind", &address, &size) < 0) return KR_EMPTY;
    return bind(socket_of(a[0])->fd, &address.any, size) < 0 ? raise_errno() : kr_None;
}

KR_FN(socket, socket_listen, "listen", "(self, backlog=<unset>, /)",
      "listen([backlog])\n\nEnable a server to accept connections.  If backlog is specified, it "
      "must be\nat least 0 (if it is lower, "
      "it is set to 0); it specifies the number of\nunaccepted connections that the system will "
      "allow before refusing new\n"
      "connections. If not specified, a default reasonable value is chosen.")
{
    int backlog = SOMAXCONN < 128 ? SOMAXCONN : 128;
    if (!kr_is_empty(a[1]) && kr_to_int32(a[1], &backlog) < 0) return KR_EMPTY;
    return listen(socket_of(a[0])->fd, backlog < 0 ? 0 : backlog) < 0 ? raise_errno() : kr_None;
}

typedef struct Peer {
    SocketAddress address;
    socklen_t size;
} Peer;

static ssize_t attempt_accept(int fd, void *arguments)
{
    Peer *p = arguments;
    p->size = sizeof p->address;
    memset(&p->address, 0, sizeof p->address);
    return accept4(fd, &p->address.any, &p->size, SOCK_CLOEXEC);
}

KR_FN(socket, socket_accept, "_accept", "(self, /)",
      "_accept() -> (integer, address info)\n\nWait for an incoming connection.  Return a new "
      "socket file descriptor\nrepresenting the "
      "connection, and the address of the client.\nFor IP sockets, the address info is a pair "
      "(hostaddr, port).")
{
    Peer peer;
    ssize_t fd = perform(socket_of(a[0]), POLLIN, attempt_accept, &peer);
    if (fd < 0) return KR_EMPTY;
    KrValue address = socket_address_value(&peer.address, peer.size);
    if (!kr_is_empty(address)) return kr_tuple_of(2, kr_int(fd), address);
    close((int)fd);
    return KR_EMPTY;
}

static ssize_t attempt_connected(int fd, KR_UNUSED void *arguments)
{
    int error = 0;
    socklen_t size = sizeof error;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0) return -1;
    if (error == 0 || error == EISCONN) return 0;
    errno = error;
    return -1;
}

/* Connects; 0, an errno to be returned by connect_ex(), or -1 raised. */
static int connect_socket(Socket *s, const Peer *peer)
{
    double deadline = deadline_of(s);
    kr_detach();
    int status = connect(s->fd, &peer->address.any, peer->size), error = errno;
    kr_attach();
    if (status == 0) return 0;
    if (error == EINTR && kr_check_signals() < 0) return -1;
    bool waits = error == EINTR ? s->timeout != 0 : error == EINPROGRESS && s->timeout > 0;
    if (!waits) return error;
    for (;;) {
        int fd = s->fd;
        kr_detach();
        int ready = wait_ready(fd, POLLOUT, deadline);
        error = errno;
        if (ready > 0) error = attempt_connected(fd, NULL) < 0 ? errno : 0;
        kr_attach();
        if (ready > 0) return error;
        if (ready == 0) return EWOULDBLOCK;
        if (error != EINTR) return error;
        if (kr_check_signals() < 0) return -1;
    }
}

KR_FN(socket, socket_connect, "connect", "(self, address, /)",
      "connect(address)\n\nConnect the socket to a remote address.  For IP sockets, the "
      "address\nis a pair (host, port).")
{
    Socket *s = socket_of(a[0]);
    Peer peer;
    if (socket_address(s, a[1], "connect", &peer.address, &peer.size) < 0) return KR_EMPTY;
    int error = connect_socket(s, &peer);
    if (error == 0) return kr_None;
    if (error == EWOULDBLOCK && s->timeout > 0) return kr_raise(kr_TimeoutError, "timed out");
    return error < 0 ? KR_EMPTY : kr_raise_errno(error, KR_EMPTY);
}
KR_FN(socket, socket_connect_ex, "connect_ex", "(self, address, /)",
      "connect_ex(address) -> errno\n\nThis is like connect(address), but returns an error code "
      "(the errno value)\ninstead of raising "
      "an exception when an error occurs.")
{
    Peer peer;
    if (socket_address(socket_of(a[0]), a[1], "connect_ex", &peer.address, &peer.size) < 0)
        return KR_EMPTY;
    int error = connect_socket(socket_of(a[0]), &peer);
    return error < 0 ? KR_EMPTY : kr_int(error);
}

static KrValue own_address(KrValue self, int (*get)(int, struct sockaddr *, socklen_t *))
{
    SocketAddress address;
    socklen_t size = sizeof address;
    memset(&address, 0, sizeof address);
    return get(socket_of(self)->fd, &address.any, &size) < 0 ? raise_errno()
                                                             : socket_address_value(&address, size);
}
static int get_name(int fd, struct sockaddr *address, socklen_t *size)
{
    return getsockname(fd, address, size);
}
static int get_peer(int fd, struct sockaddr *address, socklen_t *size)
{
    return getpeername(fd, address, size);
}
KR_FN(socket, socket_getsockname, "getsockname", "(self, /)",
      "getsockname() -> address info\n\nReturn the address of the local endpoint. The format "
      "depends on the\naddress family. For IPv4 "
      "sockets, the address info is a pair\n(hostaddr, port). For IPv6 sockets, the address info "
      "is a 4-tuple\n(hostaddr, port, "
      "flowinfo, scope_id).")
{
    return own_address(a[0], get_name);
}
KR_FN(socket, socket_getpeername, "getpeername", "(self, /)",
      "getpeername() -> address info\n\nReturn the address of the remote endpoint.  For IP "
      "sockets, the address\ninfo is a pair "
      "(hostaddr, port).")
{
    return own_address(a[0], get_peer);
}

KR_FN(socket, socket_shutdown, "shutdown", "(self, how, /)",
      "shutdown(flag)\n\nShut down the reading side of the socket (flag == SHUT_RD), the writing "
      "side\nof the socket (flag == SHUT_WR), "
      "or both ends (flag == SHUT_RDWR).")
{
    int how;
    if (kr_to_int32(a[1], &how) < 0) return KR_EMPTY;
    return shutdown(socket_of(a[0])->fd, how) < 0 ? raise_errno() : kr_None;
}

/* ---- Options ---- */

KR_FN(socket, socket_getsockopt, "getsockopt", "(self, level, option, buffersize=0, /)",
      "getsockopt(level, option[, buffersize]) -> value\n\nGet a socket option.  See the Unix "
      "manual for level and option.\nIf a nonzero "
      "buffersize argument is given, the return value is a\nstring of that length; otherwise it is "
      "an integer.")
{
    int level, option, size;
    if (kr_to_int32(a[1], &level) < 0 || kr_to_int32(a[2], &option) < 0 ||
        kr_to_int32(a[3], &size) < 0)
        return KR_EMPTY;
    if (size == 0) {
        int flag = 0;
        socklen_t length = sizeof flag;
        return getsockopt(socket_of(a[0])->fd, level, option, &flag, &length) < 0 ? raise_errno()
                                                                                  : kr_int(flag);
    }
    if (size < 0 || size > 1024) return kr_raise(kr_OSError, "getsockopt buflen out of range");
    uint8_t buffer[1024] = {0};
    socklen_t length = (socklen_t)size;
    if (getsockopt(socket_of(a[0])->fd, level, option, buffer, &length) < 0) return raise_errno();
    return kr_bytes(length ? (void *)buffer : "", length);
}

KR_FN(socket, socket_setsockopt, "setsockopt", "(self, level, option, value, optlen=<unset>, /)",
      "setsockopt(level, option, value: int)\nsetsockopt(level, option, value: "
      "buffer)\nsetsockopt(level, option, None, optlen: int)\n\n"
      "Set a socket option.  See the Unix manual for level and option.\nThe value argument can "
      "either be an integer, a string buffer, "
      "or\nNone, optlen.")
{
    int level, option, fd = socket_of(a[0])->fd, status;
    if (kr_to_int32(a[1], &level) < 0 || kr_to_int32(a[2], &option) < 0) return KR_EMPTY;
    if (!kr_is_empty(a[4])) {
        int64_t length;
        if (kr_to_int64(a[4], &length) < 0) return KR_EMPTY;
        if (!kr_is(a[3], kr_None))
            return kr_raise(kr_TypeError, "setsockopt() argument 3 must be None, not %T", a[3]);
        status = setsockopt(fd, level, option, NULL, (socklen_t)length);
    } else if (kr_is_int(a[3])) {
        int value;
        if (kr_to_int32(a[3], &value) < 0) return KR_EMPTY;
        status = setsockopt(fd, level, option, &value, sizeof value);
    } else {
        KrBuffer view;
        if (kr_buffer_get(a[3], &view, KR_BUFFER_READ) < 0) return KR_EMPTY;
        status = setsockopt(fd, level, option, view.data, (socklen_t)view.size);
        int error = errno;
        kr_buffer_release(&view);
        errno = error;
    }
    return status < 0 ? raise_errno() : kr_None;
}

/* ---- Receiving ---- */

typedef struct Transfer {
    void *data;
    size_t size;
    int flags;
    Peer *peer; /* NULL: not wanted */
    struct msghdr *message;
} Transfer;

static ssize_t attempt_recv(int fd, void *arguments)
{
    Transfer *t = arguments;
    if (!t->peer) return recv(fd, t->data, t->size, t->flags);
    t->peer->size = sizeof t->peer->address;
    memset(&t->peer->address, 0, sizeof t->peer->address);
    return recvfrom(fd, t->data, t->size, t->flags, &t->peer->address.any, &t->peer->size);
}

static KrValue receive_bytes(const KrValue *a, const char *function, Peer *peer)
{
    int64_t size;
    int flags;
    if (kr_to_index(a[1], &size) < 0 || kr_to_int32(a[2], &flags) < 0) return KR_EMPTY;
    if (size < 0) return kr_raise(kr_ValueError, "negative buffersize in %s", function);
    KrValue bytes = kr_bytes(NULL, (size_t)size);
    if (kr_is_empty(bytes)) return KR_EMPTY;
    Transfer t = {.data = kr_bytes_data(bytes), .size = (size_t)size, .flags = flags, .peer = peer};
    ssize_t n = perform(socket_of(a[0]), POLLIN, attempt_recv, &t);
    if (n < 0) return KR_EMPTY;
    return n == size ? bytes : kr_bytes(n ? t.data : "", (size_t)n);
}

KR_FN(socket, socket_recv, "recv", "(self, buffersize, flags=0, /)",
      "recv(buffersize[, flags]) -> data\n\nReceive up to buffersize bytes from the socket.  For "
      "the optional flags\nargument, see the "
      "Unix manual.  When no data is available, block until\nat least one byte is available or "
      "until the remote end is closed.  When\n"
      "the remote end is closed and all data is read, return the empty string.")
{
    return receive_bytes(a, "recv", NULL);
}
KR_FN(socket, socket_recvfrom, "recvfrom", "(self, buffersize, flags=0, /)",
      "recvfrom(buffersize[, flags]) -> (data, address info)\n\nLike recv(buffersize, flags) but "
      "also return the sender's address info.")
{
    Peer peer;
    KrValue bytes = receive_bytes(a, "recvfrom", &peer);
    return kr_is_empty(bytes)
               ? KR_EMPTY
               : kr_tuple_of(2, bytes, socket_address_value(&peer.address, peer.size));
}

static ssize_t receive_into(const KrValue *a, const char *function, Peer *peer)
{
    int64_t size;
    int flags;
    KrBuffer view;
    if (kr_to_index(a[2], &size) < 0 || kr_to_int32(a[3], &flags) < 0 ||
        kr_buffer_get(a[1], &view, KR_BUFFER_WRITE) < 0)
        return -1;
    ssize_t n = -1;
    if (size < 0)
        kr_raise(kr_ValueError, "negative buffersize in %s", function);
    else if (size > view.size)
        kr_raise(kr_ValueError, peer ? "nbytes is greater than the length of the buffer"
                                     : "buffer too small for requested bytes");
    else {
        Transfer t = {.data = view.data,
                      .size = (size_t)(size ? size : view.size),
                      .flags = flags,
                      .peer = peer};
        n = perform(socket_of(a[0]), POLLIN, attempt_recv, &t);
    }
    kr_buffer_release(&view);
    return n;
}
KR_FN(socket, socket_recv_into, "recv_into", "(self, buffer, nbytes=0, flags=0)",
      "recv_into(buffer, [nbytes[, flags]]) -> nbytes_read\n\nA version of recv() that stores its "
      "data into a buffer rather than "
      "creating\na new string.  Receive up to buffersize bytes from the socket.  If buffersize\nis "
      "not specified (or 0), receive up to "
      "the size available in the given buffer.\n\nSee recv() for documentation about the flags.")
{
    ssize_t n = receive_into(a, "recv_into", NULL);
    return n < 0 ? KR_EMPTY : kr_int(n);
}
KR_FN(socket, socket_recvfrom_into, "recvfrom_into", "(self, buffer, nbytes=0, flags=0)",
      "recvfrom_into(buffer[, nbytes[, flags]]) -> (nbytes, address info)\n\nLike "
      "recv_into(buffer[, nbytes[, flags]]) but also return "
      "the sender's address info.")
{
    Peer peer;
    ssize_t n = receive_into(a, "recvfrom_into", &peer);
    return n < 0 ? KR_EMPTY
                 : kr_tuple_of(2, kr_int(n), socket_address_value(&peer.address, peer.size));
}

/* ---- Sending ---- */

static ssize_t attempt_send(int fd, void *arguments)
{
    Transfer *t = arguments;
    if (!t->peer) return send(fd, t->data, t->size, t->flags);
    return sendto(fd, t->data, t->size, t->flags, &t->peer->address.any, t->peer->size);
}

KR_FN(socket, socket_send, "send", "(self, data, flags=0, /)",
      "send(data[, flags]) -> count\n\nSend a data string to the socket.  For the optional "
      "flags\nargument, see the Unix manual.  Return "
      "the number of bytes\nsent; this may be less than len(data) if the network is busy.")
{
    int flags;
    KrBuffer view;
    if (kr_to_int32(a[2], &flags) < 0 || kr_buffer_get(a[1], &view, KR_BUFFER_READ) < 0)
        return KR_EMPTY;
    Transfer t = {.data = view.data, .size = (size_t)view.size, .flags = flags};
    ssize_t n = perform(socket_of(a[0]), POLLOUT, attempt_send, &t);
    kr_buffer_release(&view);
    return n < 0 ? KR_EMPTY : kr_int(n);
}
KR_FN(socket, socket_sendall, "sendall", "(self, data, flags=0, /)",
      "sendall(data[, flags])\n\nSend a data string to the socket.  For the optional "
      "flags\nargument, see the Unix manual.  This calls "
      "send() repeatedly\nuntil all data is sent.  If an error occurs, it's impossible\nto tell "
      "how much data has been sent.")
{
    int flags;
    KrBuffer view;
    if (kr_to_int32(a[2], &flags) < 0 || kr_buffer_get(a[1], &view, KR_BUFFER_READ) < 0)
        return KR_EMPTY;
    Socket *s = socket_of(a[0]);
    Transfer t = {.data = view.data, .size = (size_t)view.size, .flags = flags};
    double deadline = deadline_of(s);
    ssize_t n = 0;
    do {
        n = perform_until(s, POLLOUT, attempt_send, &t, deadline);
        if (n < 0 || kr_check_signals() < 0) break;
        t.data = (char *)t.data + n;
        t.size -= (size_t)n;
    } while (t.size > 0);
    kr_buffer_release(&view);
    return kr_raised() ? KR_EMPTY : kr_None;
}
KR_FN(socket, socket_sendto, "sendto", "(self, *args)",
      "sendto(data[, flags], address) -> count\n\nLike send(data, flags) but allows specifying the "
      "destination address.\nFor IP sockets, "
      "the address is a pair (hostaddr, port).")
{
    size_t n = kr_tuple_size(a[1]);
    int flags = 0;
    if (n < 2 || n > 3)
        return kr_raise(kr_TypeError, "sendto() takes 2 or 3 arguments (%zu given)", n);
    if (n == 3 && kr_to_int32(kr_tuple_get(a[1], 1), &flags) < 0) return KR_EMPTY;
    KrBuffer view;
    Peer peer;
    if (kr_buffer_get(kr_tuple_get(a[1], 0), &view, KR_BUFFER_READ) < 0) return KR_EMPTY;
    ssize_t sent = -1;
    if (socket_address(socket_of(a[0]), kr_tuple_get(a[1], n - 1), "sendto", &peer.address,
                       &peer.size) == 0) {
        Transfer t = {.data = view.data, .size = (size_t)view.size, .flags = flags, .peer = &peer};
        sent = perform(socket_of(a[0]), POLLOUT, attempt_send, &t);
    }
    kr_buffer_release(&view);
    return sent < 0 ? KR_EMPTY : kr_int(sent);
}

/* ---- Messages ---- */

typedef struct Buffers {
    KrBuffer *views;
    struct iovec *parts;
    size_t count; /* views taken */
} Buffers;

static void release_buffers(Buffers *b)
{
    for (size_t i = 0; i < b->count; i++) kr_buffer_release(&b->views[i]);
    b->count = 0;
}

static int take_buffers(KrValue iterable, int flags, Buffers *b)
{
    *b = (Buffers){0};
    KrValue list = kr_list_from(iterable);
    if (kr_is_empty(list)) return -1;
    size_t n = kr_list_size(list);
    if (n > 1024) return kr_raise_errno(EMSGSIZE, KR_EMPTY), -1;
    b->views = kr_alloc_bytes((n + 1) * sizeof *b->views);
    b->parts = kr_alloc_bytes((n + 1) * sizeof *b->parts);
    if (!b->views || !b->parts) return -1;
    for (size_t i = 0; i < n; i++) {
        if (kr_buffer_get(kr_list_get(list, i), &b->views[i], flags) < 0) {
            release_buffers(b);
            if (flags & KR_BUFFER_WRITE && kr_raised_is(kr_BufferError)) {
                kr_clear_exception();
                kr_raise(kr_TypeError, "recvmsg_into() argument 1 must be an iterable of "
                                       "single-segment read-write buffers");
            }
            return -1;
        }
        b->count++;
        b->parts[i] = (struct iovec){b->views[i].data, (size_t)b->views[i].size};
    }
    return 0;
}

static ssize_t attempt_recvmsg(int fd, void *arguments)
{
    Transfer *t = arguments;
    return recvmsg(fd, t->message, t->flags);
}
static ssize_t attempt_sendmsg(int fd, void *arguments)
{
    Transfer *t = arguments;
    return sendmsg(fd, t->message, t->flags);
}

/* The control messages that came, a list of (level, type, data). */
static KrValue control_messages(struct msghdr *m)
{
    KrValue list = kr_list(NULL, 0);
    for (struct cmsghdr *c = m->msg_controllen ? CMSG_FIRSTHDR(m) : NULL; c && !kr_is_empty(list);
         c = CMSG_NXTHDR(m, c)) {
        size_t head = (size_t)(CMSG_DATA(c) - (unsigned char *)c),
               room = (size_t)((char *)m->msg_control + m->msg_controllen - (char *)c);
        size_t length = c->cmsg_len < room ? c->cmsg_len : room;
        if (length < head) break;
        KrValue entry =
            kr_tuple_of(3, kr_int(c->cmsg_level), kr_int(c->cmsg_type),
                        kr_bytes(length > head ? (void *)CMSG_DATA(c) : "", length - head));
        if (kr_is_empty(entry) || kr_list_append(list, entry) < 0) return KR_EMPTY;
    }
    return list;
}

/* recvmsg into the parts; the tuple whose first item is made by the caller stays open: items 1 to
 * 3, or false. */
static ssize_t receive_message(Socket *s, struct iovec *parts, size_t count, KrValue ancillary,
                               KrValue flags, KrValue out[3])
{
    int64_t room;
    int bits;
    if (kr_to_index(ancillary, &room) < 0 || kr_to_int32(flags, &bits) < 0) return -1;
    if (room < 0 || room > INT32_MAX)
        return kr_raise(kr_ValueError, "invalid ancillary data buffer length"), -1;
    void *control = kr_alloc_bytes((size_t)room + 16);
    if (!control) return -1;
    SocketAddress address;
    memset(&address, 0, sizeof address);
    struct msghdr m = {.msg_name = &address,
                       .msg_namelen = sizeof address,
                       .msg_iov = parts,
                       .msg_iovlen = count,
                       .msg_control = room ? control : NULL,
                       .msg_controllen = (size_t)room};
    Transfer t = {.flags = bits, .message = &m};
    ssize_t n = perform(s, POLLIN, attempt_recvmsg, &t);
    if (n < 0) return -1;
    out[0] = control_messages(&m);
    out[1] = kr_int(m.msg_flags);
    out[2] = socket_address_value(&address,
                                  m.msg_namelen > sizeof address ? sizeof address : m.msg_namelen);
    return kr_is_empty(out[0]) || kr_is_empty(out[2]) ? -1 : n;
}

KR_FN(socket, socket_recvmsg, "recvmsg", "(self, bufsize, ancbufsize=0, flags=0, /)",
      "recvmsg(bufsize[, ancbufsize[, flags]]) -> (data, ancdata, msg_flags, address)\n\nReceive "
      "normal data (up to bufsize bytes) and "
      "ancillary data from the\nsocket.")
{
    int64_t size;
    if (kr_to_index(a[1], &size) < 0) return KR_EMPTY;
    if (size < 0) return kr_raise(kr_ValueError, "negative buffer size in recvmsg()");
    KrValue bytes = kr_bytes(NULL, (size_t)size), rest[3];
    if (kr_is_empty(bytes)) return KR_EMPTY;
    struct iovec part = {kr_bytes_data(bytes), (size_t)size};
    ssize_t n = receive_message(socket_of(a[0]), &part, 1, a[2], a[3], rest);
    if (n < 0) return KR_EMPTY;
    if (n < size) bytes = kr_bytes(n ? part.iov_base : "", (size_t)n);
    return kr_tuple_of(4, bytes, rest[0], rest[1], rest[2]);
}
KR_FN(socket, socket_recvmsg_into, "recvmsg_into", "(self, buffers, ancbufsize=0, flags=0, /)",
      "recvmsg_into(buffers[, ancbufsize[, flags]]) -> (nbytes, ancdata, msg_flags, "
      "address)\n\nReceive normal data and ancillary data "
      "from the socket, scattering the\nnon-ancillary data into a series of buffers.")
{
    Buffers b;
    KrValue rest[3];
    if (take_buffers(a[1], KR_BUFFER_WRITE, &b) < 0) return KR_EMPTY;
    ssize_t n = receive_message(socket_of(a[0]), b.parts, b.count, a[2], a[3], rest);
    release_buffers(&b);
    return n < 0 ? KR_EMPTY : kr_tuple_of(4, kr_int(n), rest[0], rest[1], rest[2]);
}

/* Control messages (level, type, data) as the system wants them. -1 raised; *size 0: none. */
static int build_control(KrValue iterable, void **control, size_t *size)
{
    KrValue list = kr_list_from(iterable);
    if (kr_is_empty(list)) return -1;
    *size = 0;
    *control = NULL;
    size_t n = kr_list_size(list);
    for (int pass = 0; pass < 2; pass++) {
        size_t at = 0;
        for (size_t i = 0; i < n; i++) {
            KrValue item = kr_tuple_from(kr_list_get(list, i));
            int level, type;
            KrBuffer view;
            if (kr_is_empty(item)) return -1;
            if (kr_tuple_size(item) != 3)
                return kr_raise(kr_TypeError, "[sendmsg() ancillary data items must be 3-tuples]"),
                       -1;
            if (kr_to_int32(kr_tuple_get(item, 0), &level) < 0 ||
                kr_to_int32(kr_tuple_get(item, 1), &type) < 0 ||
                kr_buffer_get(kr_tuple_get(item, 2), &view, KR_BUFFER_READ) < 0)
                return -1;
            if (pass && at + CMSG_SPACE((size_t)view.size) <= *size) {
                struct cmsghdr *c = (struct cmsghdr *)((char *)*control + at);
                c->cmsg_level = level;
                c->cmsg_type = type;
                c->cmsg_len = CMSG_LEN((size_t)view.size);
                if (view.size) memcpy(CMSG_DATA(c), view.data, (size_t)view.size);
            }
            at += CMSG_SPACE((size_t)view.size);
            kr_buffer_release(&view);
        }
        if (at == 0) return 0;
        if (pass) return 0;
        *size = at;
        *control = kr_alloc_bytes(at);
        if (!*control) return -1;
        memset(*control, 0, at);
    }
    return 0;
}

KR_FN(socket, socket_sendmsg, "sendmsg", "(self, buffers, ancdata=(), flags=0, address=None, /)",
      "sendmsg(buffers[, ancdata[, flags[, address]]]) -> count\n\nSend normal and ancillary data "
      "to the socket, gathering the\n"
      "non-ancillary data from a series of buffers and concatenating it into\na single message.")
{
    int flags;
    Peer peer = {.size = 0};
    if (kr_to_int32(a[3], &flags) < 0) return KR_EMPTY;
    if (!kr_is(a[4], kr_None) &&
        socket_address(socket_of(a[0]), a[4], "sendmsg", &peer.address, &peer.size) < 0)
        return KR_EMPTY;
    Buffers b;
    void *control;
    size_t size;
    if (build_control(a[2], &control, &size) < 0 || take_buffers(a[1], KR_BUFFER_READ, &b) < 0)
        return KR_EMPTY;
    struct msghdr m = {.msg_name = peer.size ? &peer.address : NULL,
                       .msg_namelen = peer.size,
                       .msg_iov = b.parts,
                       .msg_iovlen = b.count,
                       .msg_control = control,
                       .msg_controllen = size};
    Transfer t = {.flags = flags, .message = &m};
    ssize_t n = perform(socket_of(a[0]), POLLOUT, attempt_sendmsg, &t);
    release_buffers(&b);
    return n < 0 ? KR_EMPTY : kr_int(n);
}

static KrValue socket_get_family(KrValue self) { return kr_int(socket_of(self)->family); }
static KrValue socket_get_type(KrValue self) { return kr_int(socket_of(self)->type); }
static KrValue socket_get_proto(KrValue self) { return kr_int(socket_of(self)->proto); }
static KrValue socket_get_timeout(KrValue self) { return timeout_value(socket_of(self)->timeout); }
KR_GETSET(socket, socket_get_family, NULL, "family", "the socket family")
KR_GETSET(socket, socket_get_type, NULL, "type", "the socket type")
KR_GETSET(socket, socket_get_proto, NULL, "proto", "the socket protocol")
KR_GETSET(socket, socket_get_timeout, NULL, "timeout", "the socket timeout")

/* ---- Functions of the module ---- */

KR_FN(
    module, module_close, "close", "(fd, /)",
    "close(integer) -> None\n\nClose an integer socket file descriptor.  This is like os.close(), "
    "but for\nsockets; on some platforms os.close() won't work for socket file descriptors.")
{
    int fd;
    if (kr_to_int32(a[0], &fd) < 0) return KR_EMPTY;
    kr_detach();
    int status = close(fd), error = errno;
    kr_attach();
    return status < 0 && error != ECONNRESET ? kr_raise_errno(error, KR_EMPTY) : kr_None;
}
KR_FN(module, module_dup, "dup", "(fd, /)",
      "dup(integer) -> integer\n\nDuplicate an integer socket file descriptor.  This is like "
      "os.dup(), but for\nsockets; on some platforms os.dup() won't work for socket file "
      "descriptors.")
{
    int fd;
    if (kr_to_int32(a[0], &fd) < 0) return KR_EMPTY;
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    return copy < 0 ? raise_errno() : kr_int(copy);
}
KR_FN(module, module_socketpair, "socketpair", "(family=1, type=1, proto=0, /)",
      "socketpair([family[, type [, proto]]]) -> (socket object, socket object)\n\nCreate a pair "
      "of socket objects from the sockets "
      "returned by the platform\nsocketpair() function.\nThe arguments are the same as for "
      "socket() except the default family is\nAF_UNIX if "
      "defined on the platform; otherwise, the default is AF_INET.")
{
    int numbers[3], fds[2];
    for (int i = 0; i < 3; i++)
        if (kr_to_int32(a[i], &numbers[i]) < 0) return KR_EMPTY;
    if (socketpair(numbers[0], numbers[1] | SOCK_CLOEXEC, numbers[2], fds) < 0)
        return raise_errno();
    KrValue pair[2];
    for (int i = 0; i < 2; i++) {
        pair[i] = socket_make(socket_type, NULL, 0, KR_EMPTY);
        if (kr_is_empty(pair[i]) ||
            set_up(socket_of(pair[i]), fds[i], numbers[0], numbers[1], numbers[2]) < 0) {
            close(fds[1]);
            return KR_EMPTY;
        }
    }
    return kr_tuple(pair, 2);
}
KR_FN(module, module_getdefaulttimeout, "getdefaulttimeout", "()",
      "getdefaulttimeout() -> timeout\n\nReturns the default timeout in seconds (float) for new "
      "socket objects.\nA value of None indicates "
      "that new socket objects have no timeout.\nWhen the socket module is first imported, the "
      "default is None.")
{
    return timeout_value(default_timeout);
}
KR_FN(module, module_setdefaulttimeout, "setdefaulttimeout", "(timeout, /)",
      "setdefaulttimeout(timeout)\n\nSet the default timeout in seconds (float) for new socket "
      "objects.\nA value of None indicates that new "
      "socket objects have no timeout.\nWhen the socket module is first imported, the default is "
      "None.")
{
    double seconds;
    if (timeout_argument(a[0], &seconds) < 0) return KR_EMPTY;
    default_timeout = seconds;
    return kr_None;
}

/* The result, for which the system has 31 bits, bounds the argument. */
static int length_argument(KrValue v, const char *name, int64_t *n)
{
    int64_t most = INT32_MAX - (int64_t)(name[5] == 'L' ? CMSG_LEN(0) : CMSG_SPACE(1));
    if (kr_to_index(v, n) == 0 && *n >= 0 && *n <= most) return 0;
    if (kr_raised() && !kr_raised_is(kr_OverflowError) && !kr_raised_is(kr_IndexError)) return -1;
    kr_clear_exception();
    kr_raise(kr_OverflowError, "%s() argument out of range", name);
    return -1;
}
KR_FN(module, module_cmsg_len, "CMSG_LEN", "(length, /)",
      "CMSG_LEN(length) -> control message length\n\nReturn the total length, without trailing "
      "padding, of an ancillary\ndata item with associated data of the given length.")
{
    int64_t n;
    return length_argument(a[0], "CMSG_LEN", &n) < 0 ? KR_EMPTY
                                                     : kr_int((int64_t)CMSG_LEN((size_t)n));
}
KR_FN(module, module_cmsg_space, "CMSG_SPACE", "(length, /)",
      "CMSG_SPACE(length) -> buffer size\n\nReturn the buffer size needed for recvmsg() to receive "
      "an ancillary\ndata item with associated data of the given length, along with any\ntrailing "
      "padding.")
{
    int64_t n;
    return length_argument(a[0], "CMSG_SPACE", &n) < 0 ? KR_EMPTY
                                                       : kr_int((int64_t)CMSG_SPACE((size_t)n));
}

#include "modules/_socket.entries.h"

static int add_functions(KrValue module, const KrFunction *const *functions)
{
    KrValue name = kr_str("_socket");
    for (; *functions; functions++)
        if (kr_module_add(module, (*functions)->name, kr_function_new(*functions, KR_EMPTY, name)) <
            0)
            return -1;
    return 0;
}

static int socket_exec(KrValue module)
{
    static const KrTypeSpec spec = {
        .name = "_socket.socket",
        .size = sizeof(Socket),
        .functions = socket_functions,
        .getset = socket_getset,
        .release = socket_release,
        .flags = KR_TYPE_NO_WEAKREF,
        .doc = "socket(family=AF_INET, type=SOCK_STREAM, proto=0) -> socket "
               "object\nsocket(family=-1, type=-1, proto=-1, fileno=None) -> "
               "socket object\n\nOpen a socket of the given type.  The family argument specifies "
               "the\naddress family; it defaults to "
               "AF_INET.  The type argument specifies\nwhether this is a stream (SOCK_STREAM, this "
               "is the default)\nor datagram "
               "(SOCK_DGRAM) socket.",
        .slots = {.make = socket_make,
                  .init = socket_init,
                  .repr = socket_repr,
                  .finalize = socket_finalize}};
#define C(name) {#name, (int64_t)(name)},
    static const IntConstant constants[] = {
#include "modules/socket_constants.def"
        {NULL, 0}};
#undef C
    socket_type = kr_type_new(&spec);
    if (!socket_type || kr_module_add_type(module, socket_type) < 0 ||
        kr_module_add(module, "SocketType", kr_type_value(socket_type)) < 0 ||
        kr_module_add(module, "error", kr_type_value(kr_OSError)) < 0 ||
        kr_module_add(module, "timeout", kr_type_value(kr_TimeoutError)) < 0 ||
        kr_module_add(module, "has_ipv6", kr_True) < 0 || add_constants(module, constants) < 0)
        return -1;
    return socket_names_init(module) < 0 ? -1 : add_functions(module, socket_name_functions);
}

KR_MODULE(_socket) = {
    .api_version = KR_API_VERSION,
    .name = "_socket",
    .doc =
        "Implementation module for socket operations.\n\nSee the socket module for documentation.",
    .functions = module_functions,
    .exec = socket_exec,
};
