/* socket.h: what the files of the _socket module share: the socket object (_socket.c) and
 * addresses (_socket_names.c). */
#ifndef MODULES_SOCKET_H
#define MODULES_SOCKET_H

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>

#include "modules/support.h"

typedef struct Socket {
    KrObject head;
    int fd; /* -1: closed or detached */
    int family, type, proto;
    double timeout; /* seconds; negative: wait for ever, 0: do not wait */
} Socket;

typedef union SocketAddress {
    struct sockaddr any;
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
    struct sockaddr_un un;
    struct sockaddr_nl netlink;
    struct sockaddr_ll packet;
    struct sockaddr_storage storage;
} SocketAddress;

/* An address argument of `function` for a socket's family. -1 raised. */
int socket_address(const Socket *s, KrValue v, const char *function, SocketAddress *address,
                   socklen_t *size);
/* An address as Python sees it: (host, port), a path, ... */
KrValue socket_address_value(const SocketAddress *address, socklen_t size);
/* Makes `family`'s address of a host name (may ask a name server, detached). -1 raised. */
int socket_resolve(KrValue host, int family, SocketAddress *address);

extern const KrFunction *const *const socket_name_functions;
int socket_names_init(KrValue module);

#endif
