"""Measures a link: link_member.py serve ADDRESS | link_member.py measure ADDRESS BYTES.

The measuring side prints "MEGABITS MICROSECONDS": payload a second of one TCP stream, and half the
median round trip of one byte.
"""

import socket
import statistics
import sys
import time

PORT = 7700


def serve(address):
    """Answers one byte at a time, then swallows a stream and says when it was whole."""
    with socket.create_server((address, PORT)) as listener:
        listener.settimeout(30)
        with listener.accept()[0] as peer:
            peer.settimeout(60)
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for _ in range(100):
                peer.sendall(peer.recv(1))
            left = int.from_bytes(receive(peer, 8), "big")
            while left:
                left -= len(peer.recv(min(left, 1 << 20)) or sys.exit(1))
            peer.sendall(b"!")


def receive(peer, count):
    """So many bytes."""
    data = b""
    while len(data) < count:
        data += peer.recv(count - len(data)) or sys.exit(1)
    return data


def connect(address):
    """Tries until the other side listens."""
    for _ in range(100):
        try:
            return socket.create_connection((address, PORT), timeout=60)
        except OSError:
            time.sleep(0.05)
    sys.exit(f"{address}: nobody listens")


def measure(address, size):
    """Round trips, then a stream."""
    with connect(address) as peer:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        trips = []
        for _ in range(100):
            start = time.perf_counter()
            peer.sendall(b"?")
            receive(peer, 1)
            trips.append(time.perf_counter() - start)
        start = time.perf_counter()
        peer.sendall(size.to_bytes(8, "big"))
        peer.sendall(bytes(size))
        receive(peer, 1)
        seconds = time.perf_counter() - start
    print(size * 8 / seconds / 1e6, statistics.median(trips) / 2 * 1e6, flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2])
    else:
        measure(sys.argv[2], int(sys.argv[3]))
