"""Ports in use, and names that do not resolve."""
import os
import socket


def busy_port(place):
    """The coordinator's port is taken."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        database = os.path.join(place.folder, "port.db")
        place.spawn("coordinator", "coordinator", "--bind", f"tcp://127.0.0.1:{port}", "--db",
                    database)
        seconds = place.ends("coordinator", 1, 10)
        place.says("coordinator", "name another port with --bind")
    place.nothing_left()
    return f"told after {seconds:.1f} s"


def unknown_name(place):
    """The coordinator's name does not resolve."""
    for role in ("worker", "server"):
        place.spawn(role, role, "--coordinator", "tcp://no-such-host.invalid:5555",
                    "--insecure", "--connect-timeout", "2")
    place.spawn("client", "status", "--coordinator", "tcp://no-such-host.invalid:5555")
    seconds = max(place.ends(name, 1, 15) for name in ("worker", "server", "client"))
    for name in ("worker", "server", "client"):
        place.says(name, "does not resolve")
    place.nothing_left()
    return f"told by worker, server and client; ended after {seconds:.1f} s at most"
