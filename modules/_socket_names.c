/* _socket_names.c: names and addresses: conversions between Python's tuples and the system's,
 * name servers, interfaces, services. Part of the module _socket. */
#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <stdio.h>
#include <unistd.h>

#include "modules/socket.h"

static KrValue gaierror_class, herror_class;
static KrType *herror_type;

static KrValue raise_gai(int code)
{
    if (code == EAI_SYSTEM) return raise_errno();
    KrValue exception = kr_call2(gaierror_class, kr_int(code), kr_str(gai_strerror(code)));
    return kr_is_empty(exception) ? KR_EMPTY : kr_raise_value(exception);
}

static KrValue raise_host(int code)
{
    KrValue exception = kr_call2(herror_class, kr_int(code), kr_str(hstrerror(code)));
    return kr_is_empty(exception) ? KR_EMPTY : kr_raise_value(exception);
}

/* A host name as bytes: ASCII, else IDNA. NULL raised; *keep holds the text. */
static const char *host_text(KrValue v, KrValue *keep)
{
    *keep = v;
    if (kr_is_str(v)) {
        if (kr_str_is_ascii(v)) return kr_str_cstring(v);
        *keep = kr_str_encode(v, "idna", NULL);
        if (kr_is_empty(*keep)) return NULL;
        return (const char *)kr_bytes_data(*keep);
    }
    if (kr_is_bytes(v) || kr_is_a(v, &kr_bytearray_type)) {
        *keep = kr_is_bytes(v) ? v : kr_call1(kr_type_value(&kr_bytes_type), v);
        if (kr_is_empty(*keep)) return NULL;
        if (strlen((char *)kr_bytes_data(*keep)) == kr_bytes_size(*keep))
            return (char *)kr_bytes_data(*keep);
        kr_raise(kr_TypeError, "host name must not contain null character");
        return NULL;
    }
    kr_raise(kr_TypeError, "str, bytes or bytearray expected, not %T", v);
    return NULL;
}

/* ---- Addresses ---- */

int socket_resolve(KrValue host, int family, SocketAddress *address)
{
    KrValue keep;
    const char *name = host_text(host, &keep);
    if (!name) return -1;
    memset(address, 0, sizeof *address);
    if (family != AF_INET6 && strcmp(name, "<broadcast>") == 0) {
        address->in.sin_family = AF_INET;
        address->in.sin_addr.s_addr = INADDR_BROADCAST;
        return 0;
    }
    if (family == AF_INET && name[0] && inet_pton(AF_INET, name, &address->in.sin_addr) == 1) {
        address->in.sin_family = AF_INET;
        return 0;
    }
    if (family == AF_INET6 && !strchr(name, '%') &&
        inet_pton(AF_INET6, name, &address->in6.sin6_addr) == 1) {
        address->in6.sin6_family = AF_INET6;
        return 0;
    }
    struct addrinfo hints = {.ai_family = family, .ai_socktype = SOCK_DGRAM}, *found = NULL;
    if (!name[0]) hints.ai_flags = AI_PASSIVE;
    char *copy = strdup(name);
    kr_detach();
    int code = getaddrinfo(name[0] ? copy : NULL, name[0] ? NULL : "0", &hints, &found);
    kr_attach();
    free(copy);
    if (code) {
        raise_gai(code);
        return -1;
    }
    memcpy(address, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return 0;
}

static int port_argument(KrValue v, const char *function, uint16_t *port)
{
    int64_t n;
    if (kr_to_int64(v, &n) < 0) {
        if (!kr_raised_is(kr_OverflowError)) return -1;
        kr_clear_exception();
        n = -1;
    }
    *port = htons((uint16_t)n);
    if (n >= 0 && n <= 0xffff) return 0;
    kr_raise(kr_OverflowError, "%s(): port must be 0-65535.", function);
    return -1;
}

static int unix_address(KrValue v, SocketAddress *address, socklen_t *size)
{
    KrValue bytes = kr_is_str(v) ? kr_str_encode(v, "utf-8", "surrogateescape") : v;
    KrBuffer view;
    if (kr_is_empty(bytes) || kr_buffer_get(bytes, &view, KR_BUFFER_READ) < 0) return -1;
    size_t n = (size_t)view.size;
    /* Abstract names are counted, others end with a zero; without a name the system chooses an
     * abstract one. */
    bool abstract = n == 0 || ((char *)view.data)[0] == 0;
    bool fits = n < sizeof address->un.sun_path || (abstract && n == sizeof address->un.sun_path);
    address->un.sun_family = AF_UNIX;
    if (fits && n) memcpy(address->un.sun_path, view.data, n);
    kr_buffer_release(&view);
    if (!fits) {
        kr_raise(kr_OSError, "AF_UNIX path too long");
        return -1;
    }
    *size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n + (abstract ? 0 : 1));
    return 0;
}

static int inet_address(KrValue v, const char *function, bool six, SocketAddress *address,
                        socklen_t *size)
{
    if (!kr_is_tuple(v)) {
        kr_raise(kr_TypeError, "%s(): AF_INET%s address must be tuple, not %T", function,
                 six ? "6" : "", v);
        return -1;
    }
    size_t n = kr_tuple_size(v);
    if (six ? n < 2 || n > 4 : n != 2) {
        kr_raise(kr_TypeError,
                 six ? "AF_INET6 address must be a tuple (host, port[, flowinfo[, scopeid]])"
                     : "AF_INET address must be a pair (host, port)");
        return -1;
    }
    uint16_t port;
    KrValue host = kr_tuple_get(v, 0);
    if (!kr_is_str(host) && !kr_is_bytes(host) && !kr_is_a(host, &kr_bytearray_type)) {
        kr_raise(kr_TypeError, "str, bytes or bytearray expected, not %T", host);
        return -1;
    }
    if (!kr_is_int(kr_tuple_get(v, 1)) && !kr_has_index(kr_tuple_get(v, 1))) {
        kr_raise(kr_TypeError, "'%T' object cannot be interpreted as an integer",
                 kr_tuple_get(v, 1));
        return -1;
    }
    if (socket_resolve(host, six ? AF_INET6 : AF_INET, address) < 0 ||
        port_argument(kr_tuple_get(v, 1), function, &port) < 0)
        return -1;
    if (!six) {
        address->in.sin_family = AF_INET;
        address->in.sin_port = port;
        *size = sizeof address->in;
        return 0;
    }
    uint64_t flow = 0, scope = 0;
    if ((n > 2 && kr_to_uint64(kr_tuple_get(v, 2), &flow) < 0) ||
        (n > 3 && kr_to_uint64(kr_tuple_get(v, 3), &scope) < 0))
        return -1;
    if (flow > 0xfffff) {
        kr_raise(kr_OverflowError, "%s(): flowinfo must be 0-1048575.", function);
        return -1;
    }
    address->in6.sin6_family = AF_INET6;
    address->in6.sin6_port = port;
    address->in6.sin6_flowinfo = htonl((uint32_t)flow);
    if (n > 3) address->in6.sin6_scope_id = (uint32_t)scope;
    *size = sizeof address->in6;
    return 0;
}

static int netlink_address(KrValue v, SocketAddress *address, socklen_t *size)
{
    uint64_t pid, groups;
    if (!kr_is_tuple(v) || kr_tuple_size(v) != 2) {
        kr_raise(kr_TypeError, "AF_NETLINK address must be a pair (pid, groups)");
        return -1;
    }
    if (kr_to_uint64(kr_tuple_get(v, 0), &pid) < 0 || kr_to_uint64(kr_tuple_get(v, 1), &groups) < 0)
        return -1;
    address->netlink.nl_family = AF_NETLINK;
    address->netlink.nl_pid = (uint32_t)pid;
    address->netlink.nl_groups = (uint32_t)groups;
    *size = sizeof address->netlink;
    return 0;
}

int socket_address(const Socket *s, KrValue v, const char *function, SocketAddress *address,
                   socklen_t *size)
{
    memset(address, 0, sizeof *address);
    switch (s->family) {
    case AF_UNIX: return unix_address(v, address, size);
    case AF_INET: return inet_address(v, function, false, address, size);
    case AF_INET6: return inet_address(v, function, true, address, size);
    case AF_NETLINK: return netlink_address(v, address, size);
    default: kr_raise(kr_OSError, "%s(): unknown address family", function); return -1;
    }
}

static KrValue unix_value(const SocketAddress *address, socklen_t size)
{
    size_t start = offsetof(struct sockaddr_un, sun_path);
    if (size <= start) return kr_str("");
    if (address->un.sun_path[0] == 0) return kr_bytes(address->un.sun_path, size - start);
    return kr_str_fs(address->un.sun_path, strnlen(address->un.sun_path, size - start));
}

KrValue socket_address_value(const SocketAddress *address, socklen_t size)
{
    if (size == 0) return kr_None;
    char text[INET6_ADDRSTRLEN];
    switch (address->any.sa_family) {
    case AF_INET:
        inet_ntop(AF_INET, &address->in.sin_addr, text, sizeof text);
        return kr_tuple_of(2, kr_str(text), kr_int(ntohs(address->in.sin_port)));
    case AF_INET6:
        inet_ntop(AF_INET6, &address->in6.sin6_addr, text, sizeof text);
        return kr_tuple_of(4, kr_str(text), kr_int(ntohs(address->in6.sin6_port)),
                           kr_int(ntohl(address->in6.sin6_flowinfo)),
                           kr_int(address->in6.sin6_scope_id));
    case AF_UNIX: return unix_value(address, size);
    case AF_NETLINK:
        return kr_tuple_of(2, kr_int(address->netlink.nl_pid), kr_int(address->netlink.nl_groups));
    default:
        return kr_tuple_of(2, kr_int(address->any.sa_family),
                           kr_bytes(address->any.sa_data, sizeof address->any.sa_data));
    }
}

/* ---- Name servers ---- */

/* A service: a str, bytes, an int or None. NULL in *text for None; -1 raised. */
static int service_text(KrValue v, char buffer[32], KrValue *keep, const char **text)
{
    *text = NULL;
    *keep = v;
    if (kr_is(v, kr_None)) return 0;
    if (kr_is_int(v)) {
        int64_t n;
        if (kr_to_int64(v, &n) < 0) return -1;
        snprintf(buffer, 32, "%lld", (long long)n);
        *text = buffer;
        return 0;
    }
    if (kr_is_str(v))
        *text = kr_str_cstring(v);
    else if (kr_is_bytes(v))
        *text = (const char *)kr_bytes_data(v);
    else
        kr_raise(kr_OSError, "Int or String expected");
    return *text ? 0 : -1;
}

KR_FN(names, getaddrinfo_, "getaddrinfo", "(host, port, family=0, type=0, proto=0, flags=0)",
      "getaddrinfo(host, port [, family, type, proto, flags])\n    -> list of (family, type, "
      "proto, canonname, sockaddr)\n\n"
      "Resolve host and port into addrinfo struct.")
{
    struct addrinfo hints = {0}, *found = NULL;
    int *numbers[] = {&hints.ai_family, &hints.ai_socktype, &hints.ai_protocol, &hints.ai_flags};
    for (int i = 0; i < 4; i++)
        if (kr_to_int32(a[2 + i], numbers[i]) < 0) return KR_EMPTY;
    KrValue keep_host = kr_None, keep_service;
    const char *host = NULL, *service;
    char buffer[32];
    if (!kr_is(a[0], kr_None)) {
        if (!kr_is_str(a[0]) && !kr_is_bytes(a[0]))
            return kr_raise(kr_TypeError, "getaddrinfo() argument 1 must be string or None");
        host = host_text(a[0], &keep_host);
        if (!host) return KR_EMPTY;
    }
    if (service_text(a[1], buffer, &keep_service, &service) < 0) return KR_EMPTY;
    kr_detach();
    int code = getaddrinfo(host, service, &hints, &found);
    kr_attach();
    if (code) return raise_gai(code);
    KrValue result = kr_list(NULL, 0);
    for (struct addrinfo *each = found; each && !kr_is_empty(result); each = each->ai_next) {
        SocketAddress address;
        memcpy(&address, each->ai_addr, each->ai_addrlen);
        KrValue entry = kr_tuple_of(5, kr_int(each->ai_family), kr_int(each->ai_socktype),
                                    kr_int(each->ai_protocol),
                                    kr_str(each->ai_canonname ? each->ai_canonname : ""),
                                    socket_address_value(&address, each->ai_addrlen));
        if (kr_is_empty(entry) || kr_list_append(result, entry) < 0) result = KR_EMPTY;
    }
    freeaddrinfo(found);
    return result;
}

KR_FN(names, getnameinfo_, "getnameinfo", "(sockaddr, flags, /)",
      "getnameinfo(sockaddr, flags) --> (host, port)\n\nGet host and port for a sockaddr.")
{
    int flags;
    if (kr_to_int32(a[1], &flags) < 0) return KR_EMPTY;
    if (!kr_is_tuple(a[0]))
        return kr_raise(kr_TypeError, "getnameinfo() argument 1 must be a tuple");
    size_t n = kr_tuple_size(a[0]);
    int64_t port;
    uint64_t flow = 0, scope = 0;
    if (n < 2 || n > 4) return kr_raise(kr_TypeError, "getnameinfo(): illegal sockaddr argument");
    const char *host = kr_str_cstring(kr_tuple_get(a[0], 0));
    if (!host || kr_to_int64(kr_tuple_get(a[0], 1), &port) < 0 ||
        (n > 2 && kr_to_uint64(kr_tuple_get(a[0], 2), &flow) < 0) ||
        (n > 3 && kr_to_uint64(kr_tuple_get(a[0], 3), &scope) < 0))
        return KR_EMPTY;
    if (flow > 0xfffff)
        return kr_raise(kr_OverflowError, "getnameinfo(): flowinfo must be 0-1048575.");
    char service[32], name[NI_MAXHOST], port_name[NI_MAXSERV];
    snprintf(service, sizeof service, "%lld", (long long)port);
    struct addrinfo hints = {.ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICHOST}, *found = NULL;
    kr_detach();
    int code = getaddrinfo(host, service, &hints, &found);
    kr_attach();
    if (code) return raise_gai(code);
    bool one = !found->ai_next, four = found->ai_family == AF_INET;
    SocketAddress address;
    socklen_t size = found->ai_addrlen;
    memcpy(&address, found->ai_addr, size);
    freeaddrinfo(found);
    if (!one) return kr_raise(kr_OSError, "sockaddr resolved to multiple addresses");
    if (four && n != 2) return kr_raise(kr_OSError, "IPv4 sockaddr must be 2 tuple");
    if (!four) {
        address.in6.sin6_flowinfo = htonl((uint32_t)flow);
        address.in6.sin6_scope_id = (uint32_t)scope;
    }
    kr_detach();
    code = getnameinfo(&address.any, size, name, sizeof name, port_name, sizeof port_name, flags);
    kr_attach();
    return code ? raise_gai(code) : kr_tuple_of(2, kr_str(name), kr_str(port_name));
}

KR_FN(names, gethostbyname_, "gethostbyname", "(host, /)",
      "gethostbyname(host) -> address\n\nReturn the IP address (a string of the form "
      "'255.255.255.255') for a host.")
{
    SocketAddress address;
    char text[INET_ADDRSTRLEN];
    if (socket_resolve(a[0], AF_INET, &address) < 0) return KR_EMPTY;
    return kr_str(inet_ntop(AF_INET, &address.in.sin_addr, text, sizeof text));
}

static KrValue host_entry(const struct hostent *h)
{
    KrValue aliases = kr_list(NULL, 0), addresses = kr_list(NULL, 0);
    char text[INET6_ADDRSTRLEN];
    for (char **p = h->h_aliases; p && *p; p++)
        if (kr_is_empty(aliases) || kr_list_append(aliases, kr_str(*p)) < 0) return KR_EMPTY;
    for (char **p = h->h_addr_list; p && *p; p++) {
        inet_ntop(h->h_addrtype, *p, text, sizeof text);
        if (kr_is_empty(addresses) || kr_list_append(addresses, kr_str(text)) < 0) return KR_EMPTY;
    }
    return kr_tuple_of(3, kr_str(h->h_name), aliases, addresses);
}

static KrValue host_lookup(KrValue host, bool by_address)
{
    SocketAddress address;
    KrValue keep;
    const char *name = host_text(host, &keep);
    if (!name || socket_resolve(host, by_address ? AF_UNSPEC : AF_INET, &address) < 0)
        return KR_EMPTY;
    char *copy = strdup(name), buffer[16384];
    struct hostent entry, *found = NULL;
    int problem = 0, family = address.any.sa_family;
    const void *where =
        family == AF_INET6 ? (void *)&address.in6.sin6_addr : (void *)&address.in.sin_addr;
    kr_detach();
    if (by_address)
        gethostbyaddr_r(where, family == AF_INET6 ? 16 : 4, family, &entry, buffer, sizeof buffer,
                        &found, &problem);
    else
        gethostbyname_r(copy, &entry, buffer, sizeof buffer, &found, &problem);
    kr_attach();
    free(copy);
    return found ? host_entry(found) : raise_host(problem);
}
KR_FN(names, gethostbyname_ex_, "gethostbyname_ex", "(host, /)",
      "gethostbyname_ex(host) -> (name, aliaslist, addresslist)\n\nReturn the true host name, a "
      "list of aliases, and a list of IP "
      "addresses,\nfor a host.  The host argument is a string giving a host name or IP number.")
{
    return host_lookup(a[0], false);
}
KR_FN(names, gethostbyaddr_, "gethostbyaddr", "(host, /)",
      "gethostbyaddr(host) -> (name, aliaslist, addresslist)\n\nReturn the true host name, a list "
      "of aliases, and a list of IP "
      "addresses,\nfor a host.  The host argument is a string giving a host name or IP number.")
{
    return host_lookup(a[0], true);
}

KR_FN(names, gethostname_, "gethostname", "()",
      "gethostname() -> string\n\nReturn the current host name.")
{
    char name[1024];
    if (gethostname(name, sizeof name - 1) < 0) return raise_errno();
    name[sizeof name - 1] = 0;
    return kr_str_fs(name, strlen(name));
}
KR_FN(names, sethostname_, "sethostname", "(name, /)",
      "sethostname(name)\n\nSets the hostname to name.")
{
    KrValue keep;
    const char *name = kr_path_bytes(a[0], &keep);
    if (!name) return KR_EMPTY;
    return sethostname(name, strlen(name)) < 0 ? raise_errno() : kr_None;
}

/* ---- Services and protocols ---- */

KR_FN(names, getservbyname_, "getservbyname", "(servicename, protocolname=<unset>, /)",
      "getservbyname(servicename[, protocolname]) -> integer\n\nReturn a port number from a "
      "service name and protocol name.\nThe "
      "optional protocol name, if given, should be 'tcp' or 'udp',\notherwise any protocol will "
      "match.")
{
    const char *name = kr_str_cstring(a[0]),
               *protocol = kr_is_empty(a[1]) ? NULL : kr_str_cstring(a[1]);
    if (!name || (!protocol && !kr_is_empty(a[1]))) return KR_EMPTY;
    const struct servent *s = getservbyname(name, protocol);
    return s ? kr_int(ntohs((uint16_t)s->s_port)) : kr_raise(kr_OSError, "service/proto not found");
}
KR_FN(names, getservbyport_, "getservbyport", "(port, protocolname=<unset>, /)",
      "getservbyport(port[, protocolname]) -> string\n\nReturn the service name from a port number "
      "and protocol name.\nThe optional "
      "protocol name, if given, should be 'tcp' or 'udp',\notherwise any protocol will match.")
{
    int port;
    const char *protocol = kr_is_empty(a[1]) ? NULL : kr_str_cstring(a[1]);
    if (kr_to_int32(a[0], &port) < 0 || (!protocol && !kr_is_empty(a[1]))) return KR_EMPTY;
    if (port < 0 || port > 0xffff)
        return kr_raise(kr_OverflowError, "getservbyport: port must be 0-65535.");
    const struct servent *s = getservbyport(htons((uint16_t)port), protocol);
    return s ? kr_str(s->s_name) : kr_raise(kr_OSError, "port/proto not found");
}
KR_FN(names, getprotobyname_, "getprotobyname", "(name, /)",
      "getprotobyname(name) -> integer\n\nReturn the protocol number for the named protocol.  "
      "(Rarely used.)")
{
    const char *name = kr_str_cstring(a[0]);
    if (!name) return KR_EMPTY;
    const struct protoent *p = getprotobyname(name);
    return p ? kr_int(p->p_proto) : kr_raise(kr_OSError, "protocol not found");
}

/* ---- Byte order and text forms ---- */

static KrValue swapped(KrValue v, const char *name, bool wide)
{
    int64_t n;
    if (!kr_is_int(v))
        return kr_raise(
            kr_TypeError,
            wide ? "expected int, %T found" : "'%T' object cannot be interpreted as an integer", v);
    if (kr_to_int64(v, &n) < 0) return KR_EMPTY;
    if (n < 0)
        return kr_raise(kr_OverflowError,
                        wide ? "can't convert negative value to unsigned int"
                             : "%s: can't convert negative Python int to C 16-bit unsigned integer",
                        name);
    if (wide)
        return n > UINT32_MAX ? kr_raise(kr_OverflowError, "int larger than 32 bits")
                              : kr_int(htonl((uint32_t)n));
    if (n > 0xffff)
        return kr_raise(kr_OverflowError,
                        "%s: Python int too large to convert to C 16-bit unsigned integer", name);
    return kr_int(htons((uint16_t)n));
}
KR_FN(names, ntohs_, "ntohs", "(x, /)",
      "Convert a 16-bit unsigned integer from network to host byte order.")
{
    return swapped(a[0], "ntohs", false);
}
KR_FN(names, htons_, "htons", "(x, /)",
      "Convert a 16-bit unsigned integer from host to network byte order.")
{
    return swapped(a[0], "htons", false);
}
KR_FN(names, ntohl_, "ntohl", "(x, /)",
      "ntohl(integer) -> integer\n\nConvert a 32-bit integer from network to host byte order.")
{
    return swapped(a[0], "ntohl", true);
}
KR_FN(names, htonl_, "htonl", "(x, /)",
      "htonl(integer) -> integer\n\nConvert a 32-bit integer from host to network byte order.")
{
    return swapped(a[0], "htonl", true);
}

KR_FN(names, inet_aton_, "inet_aton", "(string, /)",
      "inet_aton(string) -> bytes giving packed 32-bit IP representation\n\nConvert an IP address "
      "in string format (123.45.67.89) to "
      "the 32-bit packed\nbinary format used in low-level network functions.")
{
    struct in_addr address;
    const char *text = kr_str_cstring(a[0]);
    if (!text) return KR_EMPTY;
    if (!inet_aton(text, &address))
        return kr_raise(kr_OSError, "illegal IP address string passed to inet_aton");
    return kr_bytes(&address, sizeof address);
}
static KrValue address_text(int family, KrValue packed, const char *wrong_length)
{
    KrBuffer view;
    char text[INET6_ADDRSTRLEN];
    if (kr_buffer_get(packed, &view, KR_BUFFER_READ) < 0) return KR_EMPTY;
    bool fits = view.size == (family == AF_INET ? 4 : 16);
    const char *result = fits ? inet_ntop(family, view.data, text, sizeof text) : NULL;
    kr_buffer_release(&view);
    if (!fits)
        return family == AF_INET && wrong_length[0] == 'p'
                   ? kr_raise(kr_OSError, "%s", wrong_length)
                   : kr_raise(kr_ValueError, "%s", wrong_length);
    return result ? kr_str(result) : raise_errno();
}
KR_FN(names, inet_ntoa_, "inet_ntoa", "(packed_ip, /)",
      "inet_ntoa(packed_ip) -> ip_address_string\n\nConvert an IP address from 32-bit packed "
      "binary format to string format")
{
    return address_text(AF_INET, a[0], "packed IP wrong length");
}
KR_FN(names, inet_ntop_, "inet_ntop", "(af, packed_ip, /)",
      "inet_ntop(af, packed_ip) -> string formatted IP address\n\nConvert a packed IP address of "
      "the given family to string format.")
{
    int family;
    if (kr_to_int32(a[0], &family) < 0) return KR_EMPTY;
    if (family != AF_INET && family != AF_INET6)
        return kr_raise(kr_ValueError, "unknown address family %d", family);
    return address_text(family, a[1], "invalid length of packed IP address string");
}
KR_FN(names, inet_pton_, "inet_pton", "(af, ip, /)",
      "inet_pton(af, ip) -> packed IP address string\n\nConvert an IP address from string format "
      "to a packed string suitable\nfor use "
      "with low-level network functions.")
{
    int family;
    uint8_t packed[16];
    const char *text = kr_str_cstring(a[1]);
    if (!text || kr_to_int32(a[0], &family) < 0) return KR_EMPTY;
    int status = inet_pton(family, text, packed);
    if (status < 0) return raise_errno();
    if (status == 0) return kr_raise(kr_OSError, "illegal IP address string passed to inet_pton");
    return kr_bytes(packed, family == AF_INET ? 4 : 16);
}

/* ---- Interfaces ---- */

KR_FN(names, if_nameindex_, "if_nameindex", "()",
      "if_nameindex()\n\nReturns a list of network interface information (index, name) tuples.")
{
    struct if_nameindex *all = if_nameindex();
    if (!all) return raise_errno();
    KrValue list = kr_list(NULL, 0);
    for (struct if_nameindex *i = all; i->if_index && i->if_name && !kr_is_empty(list); i++) {
        KrValue pair =
            kr_tuple_of(2, kr_int(i->if_index), kr_str_fs(i->if_name, strlen(i->if_name)));
        if (kr_is_empty(pair) || kr_list_append(list, pair) < 0) list = KR_EMPTY;
    }
    if_freenameindex(all);
    return list;
}
KR_FN(names, if_nametoindex_, "if_nametoindex", "(oname, /)",
      "if_nametoindex(if_name)\n\nReturns the interface index corresponding to the interface name "
      "if_name.")
{
    KrValue keep;
    const char *name = kr_path_bytes(a[0], &keep);
    if (!name) return KR_EMPTY;
    unsigned index = if_nametoindex(name);
    return index ? kr_int(index) : kr_raise(kr_OSError, "no interface with this name");
}
KR_FN(names, if_indextoname_, "if_indextoname", "(if_index, /)",
      "if_indextoname(if_index)\n\nReturns the interface name corresponding to the interface index "
      "if_index.")
{
    uint64_t index;
    char name[IF_NAMESIZE];
    if (kr_to_uint64(a[0], &index) < 0) return KR_EMPTY;
    return if_indextoname((unsigned)index, name) ? kr_str_fs(name, strlen(name)) : raise_errno();
}

#include "modules/_socket_names.entries.h"

const KrFunction *const *const socket_name_functions = names_functions;

int socket_names_init(KrValue module)
{
    herror_type = add_exception(module, "socket", "herror", kr_OSError, &herror_class);
    return herror_type && add_exception(module, "socket", "gaierror", kr_OSError, &gaierror_class)
               ? 0
               : -1;
}
