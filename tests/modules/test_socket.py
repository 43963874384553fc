"""_socket and select: on loopback, with timeouts, messages and descriptors; asyncio and http on top."""
import asyncio
import http.server
import os
import select
import socket
import threading
import urllib.request

server = socket.create_server(("127.0.0.1", 0))


def serve():
    connection, address = server.accept()
    with connection:
        while data := connection.recv(65536):
            connection.sendall(data)


thread = threading.Thread(target=serve)
thread.start()
with socket.create_connection(server.getsockname(), timeout=10) as client:
    assert client.gettimeout() == 10 and client.family == socket.AF_INET
    big = os.urandom(300000)
    writer = threading.Thread(target=client.sendall, args=(big,))
    writer.start()
    back = b""
    while len(back) < len(big):
        back += client.recv(100000)
    writer.join()
    assert back == big
    buffer = bytearray(3)
    client.sendall(b"xyz")
    assert client.recv_into(buffer) == 3 and buffer == b"xyz"
thread.join()
server.close()
assert server.fileno() == -1 and "closed" in repr(server)

a, b = socket.socketpair()
a.settimeout(0.02)
try:
    a.recv(1)
except TimeoutError as e:
    assert isinstance(e, socket.timeout) and str(e) == "timed out"
else:
    raise AssertionError("no timeout")
a.setblocking(False)
try:
    a.recv(1)
except BlockingIOError:
    pass
else:
    raise AssertionError("blocked")
r, w = os.pipe()
socket.send_fds(b, [b"with ", b"fd"], [w])
data, fds, flags, address = socket.recv_fds(a, 100, 4)
assert data == b"with fd" and len(fds) == 1
os.write(fds[0], b"through")
assert os.read(r, 10) == b"through"
assert select.select([a], [b], [], 0) == ([], [b], [])
b.send(b"!")
assert select.select([a], [], [], 1)[0] == [a]
poll = select.poll()
poll.register(a, select.POLLIN)
assert poll.poll(1000) == [(a.fileno(), select.POLLIN)]
with select.epoll() as epoll:
    epoll.register(a, select.EPOLLIN)
    assert epoll.poll(1) == [(a.fileno(), select.EPOLLIN)]
    epoll.unregister(a)
    assert epoll.poll(0) == []
b.shutdown(socket.SHUT_WR)
assert a.recv(5) == b"!" and a.recv(5) == b""
a.close()
b.close()

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as two:
    one.bind(("127.0.0.1", 0))
    two.sendto(b"datagram", one.getsockname())
    assert one.recvfrom(100) == (b"datagram", ("127.0.0.1", two.getsockname()[1]))
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    assert one.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR) == 1
assert socket.inet_ntop(socket.AF_INET6, socket.inet_pton(socket.AF_INET6, "1::2")) == "1::2"
assert socket.inet_aton("1.2.3.4") == b"\1\2\3\4" and socket.ntohs(socket.htons(0x1234)) == 0x1234
info = socket.getaddrinfo("127.0.0.1", 80, type=socket.SOCK_STREAM)
assert info == [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))]
for bad, kind in ((lambda: socket.socket().bind(("127.0.0.1", 99999)), OverflowError),
                  (lambda: socket.socket().connect("x"), TypeError), (lambda: socket.socket().recv(-1), ValueError),
                  (lambda: socket.getaddrinfo("256.1.1.1.", 80, flags=socket.AI_NUMERICHOST), socket.gaierror)):
    try:
        bad()
    except kind:
        pass
    else:
        raise AssertionError(kind)


async def main():
    async def shout(reader, writer):
        writer.write((await reader.readline()).upper())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(shout, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b"hello\n")
    assert await reader.readline() == b"HELLO\n"
    writer.close()
    server.close()
    process = await asyncio.create_subprocess_exec("echo", "sub", stdout=asyncio.subprocess.PIPE)
    assert await process.communicate() == (b"sub\n", None)
    assert await asyncio.gather(*(asyncio.sleep(0.01, i) for i in range(4))) == [0, 1, 2, 3]


asyncio.run(main())


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.path.encode())

    def log_message(self, *arguments):
        pass


with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as web:
    threading.Thread(target=web.serve_forever, daemon=True).start()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"http://127.0.0.1:{web.server_port}/some/path") as answer:
        assert answer.status == 200 and answer.read() == b"/some/path"
    web.shutdown()
