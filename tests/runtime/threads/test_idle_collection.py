"""A wait for a thread that reads from a socket, or a pipe, whose other end nobody holds any more: it is closed, as it is at once
where references are counted, and the thread ends."""
import os
import socket
import threading


def reader(stream, seen):
    while data := stream.read(100):
        seen.append(data)


def writer_to(stream):
    stream.write(b"some")
    stream.flush()


def through_a_pipe(seen):
    inside, outside = os.pipe()
    thread = threading.Thread(target=reader, args=(open(inside, "rb", buffering=0), seen))
    thread.start()
    writer_to(open(outside, "wb"))
    return thread


def through_a_socket(seen):
    here, there = socket.socketpair()
    thread = threading.Thread(target=reader, args=(here.makefile("rb", buffering=0), seen))
    thread.start()
    writer_to(there.makefile("wb"))
    return thread


for make in through_a_pipe, through_a_socket:
    seen = []
    thread = make(seen)
    thread.join(30)
    assert not thread.is_alive(), make
    assert b"".join(seen) == b"some"
